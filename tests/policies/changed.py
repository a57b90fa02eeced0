# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Policy sets that somebody changed, for better or worse: the packaged files with a few words put otherwise."""

from pathlib import Path

from policies.decision import ROLES
from policies.desk.load import load_texts, profile_texts
from policies.ruleset import PolicySet

C4 = "\n// C4\nwhen { resource.vrijgegeven_aan.contains(principal.organisatie) }"
"""The clause of the aandachtsfunctionaris's contact rule that stands between everybody and a telephone call to anybody."""


def texts(*changes: tuple[str, str, str], roles: tuple[str, ...] = ROLES) -> dict[str, str]:
    """The files of the profile after changes (file, what stands there, what comes in its place), each in the first place where it stands.

    With `roles` the rules of those only: a small set that is asked about in less time.
    """
    kept = {f"{role}.cedar" for role in (*roles, "altijd")}
    found = {
        name: text
        for name, text in profile_texts("oefening").items()
        if name in kept or not name.endswith(".cedar")
    }
    for name, before, after in changes:
        assert before in found[name], (name, before)
        found[name] = found[name].replace(before, after, 1)
    return found


def changed(*changes: tuple[str, str, str], roles: tuple[str, ...] = ROLES) -> PolicySet:
    return load_texts(texts(*changes, roles=roles))[0]


def in_folder(folder: Path, *changes: tuple[str, str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in texts(*changes).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def without_release(folder: Path) -> Path:
    """Somebody forgot the release (C4) when editing the contact rule."""
    return in_folder(folder, ("aandachtsfunctionaris.cedar", C4, ""))
