# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The month of one organisation as a mirror: what it asked and submitted, what came of its controls, what was refused and why. Pure.

1. It counts what this node did: of what the register answers, the receipts tell. Nothing is asked of the register for it, so a look in the mirror is no look at a signal.
2. Counts are of the organisation, never of an officer: who asked what is for the FG, at the register (docs/spec/reviewing.md). No name, number or attribute is in it.
3. It judges nothing. It says what often helps where a number is high, in a sentence.

A month is one of Dutch winter time, as a control's day is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.municipal.controls import DUTCH_WINTER
from register.outcomes import OUTCOMES

DONE: Final[Mapping[str, str]] = {
    "bevraging": _("Vragen gesteld"),
    "signaal": _("Signalen aangekomen bij het register"),
    "intrekking": _("Signalen ingetrokken"),
    "treffer_stap": _("Stappen gezet in treffers"),
    "overdracht": _("Treffers overgedragen"),
    "vrijgave": _("Signalen vrijgegeven voor fase 2"),
    "delen": _("Keren nagegaan: mag ik dit delen?"),
    "noodopening": _("Noodopeningen"),
}
"""Kind of a receipt -> what was done; other receipts are of looking, and not counted here."""

REFUSED: Final[Mapping[str, str]] = {
    "te-weinig": _("Te weinig om op te vragen: alleen een naam, of te weinig gegevens samen"),
    "ongeldige-invoer": _("Iets was niet goed ingevuld"),
    "rol": _("De rol mag dit niet"),
    "controle-niet-open": _("De controle was niet van vandaag, of niet bekend"),
    "geen-controlenummer": _("Zonder controle gevraagd"),
    "afloop-ontbreekt": _("Een vorige controle had na twee weken nog geen afloop"),
}
"""Code of a refusal at this node -> what it was; others are counted together."""

OTHERWISE: Final = _("Om een andere reden")


_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2999
"""Before and after these no node counted anything, and at the ends of the calendar a month has none before or after it."""


@dataclass(frozen=True)
class Counts:
    """What was counted in one month.

    Attributes:
        done: kind of receipt -> how many.
        outcomes: code of OUTCOMES, or "" while there is none -> how many controls in which something was asked.
        refused: code of a refusal -> how often.
    """

    done: Mapping[str, int]
    outcomes: Mapping[str, int]
    refused: Mapping[str, int]


@dataclass(frozen=True)
class Mirror:
    """A month in words: (what, how many) in the order of the page; and what often helps."""

    done: Sequence[tuple[str, int]]
    outcomes: Sequence[tuple[str, int]]
    refused: Sequence[tuple[str, int]]
    remarks: Sequence[str]


def month(text: str) -> date:
    """The first day of a month written as YYYY-MM.

    Raises:
        Refusal: 400.
    """
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = date.min
    if not _FIRST_YEAR <= first.year <= _LAST_YEAR:
        raise Refusal(
            400,
            "ongeldige-maand",
            _("Deze maand kennen we niet."),
            _("Een maand schrijft u als jaar en maand, zoals 2026-11."),
            way_forward=_("Kies een maand uit de lijst."),
            fields=(FieldError("maand", _("Dit is geen maand.")),),
        )
    return first


def following(first: date) -> date:
    """The first day of the month after this one."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def preceding(first: date) -> date:
    """The first day of the month before this one."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def span(first: date) -> tuple[datetime, datetime]:
    """From when to before when a month lasts."""
    begin, end = (datetime.combine(day, time(), DUTCH_WINTER) for day in (first, following(first)))
    return begin, end


def mirrored(counts: Counts) -> Mirror:
    """A month in words."""
    others = sum(number for code, number in counts.refused.items() if code not in REFUSED)
    refused = [(REFUSED[code], counts.refused[code]) for code in REFUSED if counts.refused.get(code)]
    return Mirror(
        done=[(text, counts.done.get(kind, 0)) for kind, text in DONE.items()],
        outcomes=[
            *((text, counts.outcomes.get(code, 0)) for code, text in OUTCOMES.items()),
            (_("Nog geen afloop"), counts.outcomes.get("", 0)),
        ],
        refused=[*refused, (OTHERWISE, others)] if others else refused,
        remarks=_remarks(counts),
    )


def _remarks(counts: Counts) -> list[str]:
    asked, sent = counts.done.get("bevraging", 0), counts.done.get("signaal", 0)
    said = (
        (
            asked >= 10 and sent == 0,
            _(
                "Er is gevraagd, maar niets gemeld. Zagen collega's niets, of bewaren ze het niet? Het register werkt alleen als gemeenten ook melden."
            ),
        ),
        (
            counts.outcomes.get("", 0) > 0,
            _(
                "Van een controle zonder afloop weet de FG niet waar de vraag voor was. Vraag er de collega naar."
            ),
        ),
        (
            counts.refused.get("te-weinig", 0) >= 3,
            _(
                "Vragen werden geweigerd omdat er te weinig was. Vraag aan de deur om een telefoonnummer, een document of de hele geboortedatum."
            ),
        ),
    )
    return [sentence for holds, sentence in said if holds]
