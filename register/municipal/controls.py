# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A control: the inspection during which a question may be asked (condition C1).

A control has a number that this node made, never a local case number, and is open on the day on which it was opened. Days are those of Dutch
winter time the whole year, so that nothing depends on a table of time zones: in summer a control ends at one in the morning.

Of a control in which something was asked an outcome is due within five days, one of five codes, by who asked first. Who is late is reminded and may go on asking; whose oldest control has been
without an outcome for two weeks is refused a new question until it has one: that takes a tap, and without it the FG could not tell a control from curiosity (docs/adr/0038-*).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

from process.language import gettext as _
from process.moments import Randomness
from process.problem import FieldError, Refusal
from register.municipalities import Municipality, municipality_problem
from register.outcomes import OUTCOMES
from register.signals import CONTROL_TYPES, OBSERVATION_BASES

DUTCH_WINTER = timezone(timedelta(hours=1))
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

OF_A_CASE: Final = "zaak"
"""Why a partner asks."""

REASONS: Mapping[str, str] = {
    "controle": _("Ik ben nu bij een controle"),
    "nabewerking": _("Ik werk een controle van vandaag uit"),
    "melding": _("Er kwam vandaag een melding binnen"),
    OF_A_CASE: _("Ik werk aan een zaak"),
}
"""Why a question is asked during a control."""


USUAL: Final[tuple[tuple[str, str], ...]] = (
    ("integrale_ondermijning", "integrale_controle"),
    ("brp_adresonderzoek", "adrescontrole"),
    ("alcoholwet_horeca", "horeca"),
)
"""Task and type of controls that can be opened in one tap by who never opened one."""

MOST_USUAL: Final = 3
"""More choices would no longer be one tap."""


def usual(opened: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What can be opened in one tap: as this officer did before, the newest first, and then the usual ones."""
    known = (one for one in opened if one[0] in OBSERVATION_BASES and one[1] in CONTROL_TYPES)
    return tuple(dict.fromkeys((*known, *USUAL)))[:MOST_USUAL]


OUTCOME_WITHIN = timedelta(days=5)
"""After the day of a control its outcome is due."""

REFUSED_AFTER = timedelta(days=14)
"""After the day of a control without an outcome its officer asks no more."""


@dataclass(frozen=True)
class Asked:
    """A control in which something was asked.

    Attributes:
        number: of the control.
        officer: who asked first, and owes the outcome.
        day: of the control.
        asked_at: when the first question left.
        outcome: code of OUTCOMES; None while there is none.
        recorded_by: officer who recorded it.
        recorded_role: in which role.
        recorded_at: when.
        told_at: since when the register has it.
    """

    number: str
    officer: str
    day: date
    asked_at: datetime
    outcome: str | None = None
    recorded_by: str | None = None
    recorded_role: str | None = None
    recorded_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def due_on(self) -> date:
        """The last day on which an outcome is in time."""
        return self.day + OUTCOME_WITHIN

    def late(self, today: date) -> bool:
        """True while there is no outcome and its last day is over."""
        return self.outcome is None and today > self.due_on


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


@dataclass(frozen=True)
class Case:
    """A case of a partner (TMM, the Arbeidsinspectie, KMar, care), by its own number: what a control is to a municipality (C1). No outcome is due of it."""

    number: str
    planned: bool = True
    day: None = None


def day_of(moment: datetime) -> date:
    """The day to which a moment belongs here."""
    return moment.astimezone(DUTCH_WINTER).date()


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
        "Open met één tik een controle (soort, taak en plaats), of kies er een die vandaag open is. Vraag daarna opnieuw."
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


def require_case(number: str | None) -> Case:
    """The case of a partner in which something is asked (C1).

    Raises:
        Refusal: 400 without a number.
    """
    if number:
        return Case(number)
    raise Refusal(
        400,
        "geen-zaaknummer",
        _("Er is geen zaaknummer."),
        _("Vragen mag alleen in een zaak, en die heeft een nummer."),
        way_forward=_("Vul het nummer van uw zaak in, zonder naam erin, en vraag opnieuw."),
        fields=(FieldError("controle", _("Vul het nummer van de zaak in.")),),
        rule="C1",
    )


def require_outcomes(without: Sequence[Asked], today: date) -> int:
    """How many outcomes this officer is late with; returns only if none of them is too late to go on asking.

    Args:
        without: own controls without an outcome.
        today: the day of the question.

    Raises:
        Refusal: 403, with the controls to answer for.
    """
    blocking = [one for one in without if today > one.day + REFUSED_AFTER]
    if blocking:
        numbers = ", ".join(one.number for one in blocking)
        raise Refusal(
            403,
            "afloop-ontbreekt",
            _("Leg eerst vast hoe uw vorige controle afliep."),
            _(
                "Van controle {nummers} is na {dagen} dagen nog geen afloop vastgelegd. Er is niets gevraagd."
            ).format(nummers=numbers, dagen=REFUSED_AFTER.days),
            way_forward=_(
                "Tik op de beginpagina de afloop aan, en vraag opnieuw. Dat kost één tik per controle."
            ),
            fields=(FieldError("controle", _("Er staat nog een afloop open.")),),
            rule="C1",
        )
    return sum(one.late(today) for one in without)


def require_outcome(outcome: str) -> None:
    """Returns only if this is a code of OUTCOMES.

    Raises:
        Refusal: 400.
    """
    if outcome in OUTCOMES:
        return
    raise Refusal(
        400,
        "onbekende-afloop",
        _("Deze afloop kennen we niet."),
        _("Er is niets vastgelegd."),
        way_forward=_("Kies een afloop uit de lijst."),
        fields=(_not_in_list("afloop", OUTCOMES),),
    )
