# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A control: the inspection during which a question may be asked (condition C1).

A control has a number that this node made, never a local case number, and is open on the day on which it was opened. Days are those of Dutch
winter time the whole year, so that nothing depends on a table of time zones: in summer a control ends at one in the morning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from gettext import gettext as _

from process.moments import Randomness
from process.problem import FieldError, Refusal
from register.municipalities import Municipality, municipality_problem
from register.signals import CONTROL_TYPES, OBSERVATION_BASES

_DUTCH_WINTER = timezone(timedelta(hours=1))
_DUTCH_SUMMER = timezone(timedelta(hours=2))
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without characters that look or sound alike, so that a number survives a telephone call."""

PURPOSES: Mapping[str, str] = {
    "signalering": _("Signalering: is deze persoon elders gezien?"),
    "hulpverlening": _("Hulpverlening: zorg voor een mogelijk slachtoffer"),
    "opsporing_handoff": _("Overdracht aan de opsporing"),
    "inzage": _("Inzage: een verzoek van de persoon zelf"),
}
"""Purposes that a question can have; which are open is for policy to say."""

REASONS: Mapping[str, str] = {
    "controle": _("Ik ben nu bij een controle"),
    "nabewerking": _("Ik werk een controle van vandaag uit"),
    "melding": _("Er kwam vandaag een melding binnen"),
}
"""Why a question is asked during a control."""


@dataclass(frozen=True)
class Control:
    """One control of this organisation.

    Attributes:
        number: such as C-7K3M-Q2X9.
        basis: code of OBSERVATION_BASES.
        control_type: code of CONTROL_TYPES.
        place: code of the municipality where it is.
        planned: False for one that was opened at the door; those are looked at more often.
        day: the day on which it is open.
        officer: who opened it; None when it was put ready for the whole team.
    """

    number: str
    basis: str
    control_type: str
    place: str
    planned: bool
    day: date
    officer: str | None


def day_of(moment: datetime) -> date:
    """The day to which a moment belongs here."""
    return moment.astimezone(_DUTCH_WINTER).date()


def latest_date(moment: datetime) -> date:
    """The latest date that a calendar on a Dutch wall can show at this moment; a later one lies in the future."""
    return moment.astimezone(_DUTCH_SUMMER).date()


def new_number(randomness: Randomness) -> str:
    """A control number: C and eight characters, 39 bits; the store refuses one that exists."""
    # 240 = 8 * 30: bytes above it would favour the first characters.
    drawn: list[str] = []
    while len(drawn) < 8:
        drawn += [_ALPHABET[byte % 30] for byte in randomness(16) if byte < 240]
    return f"C-{''.join(drawn[:4])}-{''.join(drawn[4:8])}"


def control_problems(  # noqa: PLR0913 - the form, and the list and day that judge its place
    basis: str,
    control_type: str,
    place: str,
    municipalities: Mapping[str, Municipality],
    *,
    profile: str,
    on: date,
) -> tuple[FieldError, ...]:
    """What stops a control of that day from being opened, in the order of the form."""
    found = []
    if basis not in OBSERVATION_BASES:
        found.append(_not_in_list("waarnemingGrondslag", OBSERVATION_BASES))
    if control_type not in CONTROL_TYPES:
        found.append(_not_in_list("controlesoort", CONTROL_TYPES))
    wrong_place = municipality_problem(place, municipalities, profile=profile, on=on)
    if wrong_place:
        found.append(FieldError("plaats", wrong_place))
    return tuple(found)


def _not_in_list(field: str, items: Mapping[str, object]) -> FieldError:
    return FieldError(field, _("Deze code kennen we niet. Kies uit: {codes}.").format(codes=", ".join(items)))


def require_open(number: str | None, control: Control | None, now: datetime) -> Control:
    """The control, if a question may be asked with it now (C1).

    Args:
        number: what the user gave.
        control: what the store has under that number.
        now: the moment of the question.

    Raises:
        Refusal: 400 without a number; 403 when it is unknown here or not of today.
    """
    way = _(
        "Open met één tik een controle (soort, taak en plaats) of kies er een die vandaag open is, en vraag opnieuw."
    )
    if not number:
        raise Refusal(
            400,
            "geen-controlenummer",
            _("Er is geen controlenummer."),
            _("Vragen mag alleen tijdens een controle, en die heeft een nummer."),
            way_forward=way,
            fields=(FieldError("controle", _("Vul het nummer van de controle in.")),),
            rule="C1",
        )
    if control is None or control.day != day_of(now):
        raise Refusal(
            403,
            "controle-niet-open",
            _("Deze controle is hier vandaag niet open."),
            _(
                "Het controlenummer is bij deze organisatie niet bekend, of de controle was op een andere dag."
            ),
            way_forward=way,
            fields=(FieldError("controle", _("Kies een controle die vandaag open is.")),),
            rule="C1",
        )
    return control
