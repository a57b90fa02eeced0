# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The first step of every rule: text as people paste it becomes text that the field's rule can read.

In this order: length limit; characters that no attribute contains (controls, lone surrogates) are refused;
invisible format characters (bidirectional marks, zero-width joiners, which come along when a number is
copied from a chat) go; compatibility forms become ordinary ones (NFKC, Unicode Annex 15); white space
becomes single spaces.
"""

import unicodedata
from typing import Final

from process.language import gettext as _
from pseudonymisation.normalise.outcome import UnfitError

MAX_CHARACTERS: Final = 256
MAX_LINK_CHARACTERS: Final = 2048


def clean(field: str, text: str, limit: int = MAX_CHARACTERS) -> str:
    """The text after the steps of the module docstring; idempotent.

    Raises:
        UnfitError: too long, or control characters inside.
    """
    if len(text) > limit:
        raise UnfitError(
            field,
            _("Dit gegeven is te lang."),
            _("Vul alleen het gegeven zelf in, zonder andere tekst."),
        )
    shown = " ".join(text.split())
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in shown):
        raise UnfitError(
            field,
            _("In dit gegeven staan tekens die er niet horen."),
            _("Typ het gegeven opnieuw, in plaats van het te plakken."),
        )
    visible = "".join(letter for letter in shown if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", visible).split())


def without(text: str, separators: str) -> str:
    """The text without any of these characters."""
    return text.translate(dict.fromkeys(map(ord, separators)))


def is_digits(text: str, *lengths: int) -> bool:
    """True if the text is ASCII digits only, in one of these lengths."""
    return text.isascii() and text.isdigit() and len(text) in lengths
