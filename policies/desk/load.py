# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Reads the rules and records of a profile from the installed package; judges nothing.

A profile opens grounds, it never changes a cell (policy-codes.md): the rules stand once, in `rules/gedeeld`, and each profile has its own records.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Final

from policies.grounds import GroundRegister
from policies.records import parse_profile, parse_register
from policies.ruleset import PolicySet
from process.language import gettext as _

PROFILES: Final = ("oefening", "riec-wgs", "convenant-overig")
_SHARED: Final = "gedeeld"
_PROFILE: Final = "profile.yaml"
_CONDITIONS: Final = "voorwaarden.yaml"
_SCHEMA: Final = "schema.cedarschema"
_KINDS: Final = frozenset({".cedar", ".cedarschema", ".yaml"})


class ProfileError(ValueError):
    """A profile that does not exist; the sentence is for the user, in Dutch."""


def load_profile(profile: str) -> tuple[PolicySet, GroundRegister]:
    """The rules and the starting records of a profile.

    Raises:
        ProfileError: there is no such profile.
        PolicySetError: the packaged rules do not pass the checks.
        GroundError: the packaged records do not.
    """
    return load_texts(profile_texts(profile))


def load_texts(texts: Mapping[str, str]) -> tuple[PolicySet, GroundRegister]:
    """The same of the files of a profile, by name: rules, schema, conditions and records.

    Raises:
        ProfileError: the schema or the conditions are not there.
        PolicySetError: the rules do not pass the checks.
        GroundError: the records do not.
    """
    return load_rules(texts), load_records(texts)


def load_rules(texts: Mapping[str, str]) -> PolicySet:
    """The policy set alone, of the files of a profile or of `rule_texts`.

    Raises:
        ProfileError: the schema or the conditions are not there.
        PolicySetError: the rules do not pass the checks.
    """
    missing = sorted({_SCHEMA, _CONDITIONS, _PROFILE} - texts.keys())
    if missing:
        raise ProfileError(
            _("Dit is geen map met regels: {namen} ontbreekt.").format(namen=", ".join(missing))
        )
    rules = tuple(sorted((name, text) for name, text in texts.items() if name.endswith(".cedar")))
    return _parsed(rules, texts[_SCHEMA], texts[_CONDITIONS], texts[_PROFILE])


@lru_cache(maxsize=8)
def _parsed(rules: tuple[tuple[str, str], ...], schema: str, conditions: str, profile: str) -> PolicySet:
    """The same texts are the same set, and admitting them takes half a second: those in force, proposed and to go back to are read again and again."""
    return PolicySet.parse(dict(rules), schema, conditions, parse_profile(profile))


def load_records(texts: Mapping[str, str]) -> GroundRegister:
    """The starting records alone.

    Raises:
        GroundError: they do not hold together.
    """
    return parse_register(record_texts(texts), parse_profile(texts[_PROFILE]))


def rule_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """The files that the hash of a policy set is of."""
    return {
        name: text
        for name, text in texts.items()
        if name.endswith(".cedar") or name in {_SCHEMA, _CONDITIONS, _PROFILE}
    }


def record_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """The files with the starting records."""
    return {
        name: text for name, text in texts.items() if name.endswith(".yaml") and name not in rule_texts(texts)
    }


def texts_hash(texts: Mapping[str, str]) -> str:
    """SHA-256 (hex) over names and texts, each preceded by its length, in order of name: what stands for starting records in a decision record."""
    digest = hashlib.sha256(b"signaalregister records 1")
    for part in chain.from_iterable(sorted(texts.items())):
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def folder_texts(folder: Path) -> dict[str, str]:
    """Every file of a folder that holds a policy set, by name.

    Raises:
        ProfileError: it cannot be read as text.
    """
    try:
        return {
            entry.name: entry.read_text(encoding="utf-8")
            for entry in sorted(folder.iterdir())
            if entry.is_file() and entry.suffix in _KINDS
        }
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(_("De map {pad} is niet te lezen als tekst.").format(pad=folder)) from error


def texts_of(place: str) -> dict[str, str]:
    """The files of a profile by its name, or of a folder by its path.

    Raises:
        ProfileError: neither.
    """
    folder = bool(place) and place not in PROFILES and Path(place).is_dir()
    return folder_texts(Path(place)) if folder else profile_texts(place)


def profile_notices() -> dict[str, str]:
    """Per profile the sentence that every page of it shows; profiles without one are not in it."""
    found = {profile: parse_profile(profile_texts(profile)[_PROFILE]).notice for profile in PROFILES}
    return {profile: notice for profile, notice in found.items() if notice}


def profile_texts(profile: str) -> dict[str, str]:
    """Every file that a profile is made of as text, by name: those that all profiles share, and its own.

    Raises:
        ProfileError: there is no such profile.
    """
    if profile not in PROFILES:
        raise ProfileError(
            _("Profiel of map {profiel} bestaat niet. Kies uit: {keuze}.").format(
                profiel=profile, keuze=", ".join(PROFILES)
            )
        )
    found: dict[str, str] = {}
    for name in (_SHARED, profile):
        folder = files("policies").joinpath("rules", name)
        found |= {
            entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.is_file()
        }
    return found
