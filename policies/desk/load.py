# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Reads the rules and records of a profile from the installed package; judges nothing.

A profile opens grounds, it never changes a cell (policy-codes.md). Only `oefening` exists so far.
"""

from gettext import gettext as _
from importlib.resources import files
from typing import Final

from policies.grounds import GroundRegister
from policies.records import parse_register
from policies.ruleset import PolicySet

PROFILES: Final = ("oefening",)
_CONDITIONS: Final = "voorwaarden.yaml"
_SCHEMA: Final = "schema.cedarschema"


class ProfileError(ValueError):
    """A profile that does not exist; the sentence is for the user, in Dutch."""


def load_profile(profile: str) -> tuple[PolicySet, GroundRegister]:
    """The rules and the starting records of a profile.

    Raises:
        ProfileError: there is no such profile.
        PolicySetError: the packaged rules do not pass the checks.
        GroundError: the packaged records do not.
    """
    texts = profile_texts(profile)
    rules = {name: text for name, text in texts.items() if name.endswith(".cedar")}
    records = {name: text for name, text in texts.items() if name.endswith(".yaml") and name != _CONDITIONS}
    return PolicySet.parse(rules, texts[_SCHEMA], texts[_CONDITIONS]), parse_register(records)


def profile_texts(profile: str) -> dict[str, str]:
    """Every file of a profile as text, by name.

    Raises:
        ProfileError: there is no such profile.
    """
    if profile not in PROFILES:
        raise ProfileError(
            _("Profiel {profiel} bestaat niet. Kies uit: {keuze}.").format(
                profiel=profile, keuze=", ".join(PROFILES)
            )
        )
    folder = files("policies").joinpath("rules", profile)
    return {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.is_file()}
