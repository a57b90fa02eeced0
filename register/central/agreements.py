# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Samenwerkingsverbanden and covenants, who is party to them, the gates and the criteria before phase 2: recorded as others decided them.

A samenwerkingsverband or covenant is recorded as the text that was decided on; parties join it from a day on and leave it after one, and the whole can end.
A gate opens only with the FG's advice on record and no objection unanswered (AVG 38(6)); it closes on a decision alone, and at once. Everybody who takes
part is told of a gate in its own log, because a gate says what answers can contain. The
checklist behind C10 is data too: the newest holds, on the same advice, and everybody is told.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from audit.canonical import JSON
from policies.changes import GateDecided, PartyJoined, PartyLeft
from policies.grounds import GATES, Alliance, Criterion, FgAdvice, Gate, GroundError
from policies.records import alliance_texts, parse_alliances, parse_criteria
from process.language import gettext as _
from process.problem import FieldError
from register.central.administration import Administrator, Basis
from register.central.store import organisations as store
from register.enrolment import LONGEST_TEXT, EnrolmentRefusal
from register.events import REGISTER

MOST_CRITERIA: Final = 10
"""As many as one decision to open phase 2 can name."""
_CRITERION: Final = re.compile(r"[A-Za-z0-9_+.-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Standing:
    """A gate as it stands; `gate` is None where nobody decided yet, which is closed."""

    code: str
    gate: Gate | None

    @property
    def open(self) -> bool:
        """True if it is open."""
        return self.gate is not None and self.gate.open


def alliances(admin: Administrator) -> tuple[Alliance, ...]:
    """Every samenwerkingsverband and covenant, by id."""
    return tuple(sorted(admin.centre.policy.register.alliances.values(), key=lambda one: one.id))


def add_alliances(admin: Administrator, text: str, basis: Basis) -> tuple[str, ...]:
    """Record samenwerkingsverbanden or covenants in the form of alliances.yaml; gives their ids.

    Raises:
        EnrolmentRefusal: a text that is none, an id that exists, or a party that is not enrolled.
    """
    try:
        added = parse_alliances(text)
    except GroundError as error:
        raise EnrolmentRefusal(
            _("Het bestand met samenwerkingsverbanden klopt niet ({fout}).").format(fout=error),
            _("Gebruik de vorm van policies/rules/oefening/alliances.yaml."),
        ) from error
    known = admin.centre.policy.register
    wrong = [
        FieldError(one.id, _("Deze naam is al in gebruik.")) for one in added if one.id in known.alliances
    ]
    for one in added:
        strangers = one.members - set(known.organisations)
        if strangers:
            who = ", ".join(sorted(strangers))
            wrong.append(FieldError(one.id, _("Niet ingeschreven: {wie}.").format(wie=who)))
    if wrong or not added:
        raise EnrolmentRefusal(
            _("Dit samenwerkingsverband kan zo niet worden vastgelegd."),
            _("Schrijf eerst alle partijen in, en kies een naam (id) die nog niet bestaat."),
            tuple(wrong),
        )
    members = sorted({member for one in added for member in one.members})
    ids = [one.id for one in added]
    said = {"verbanden": ids, "partijen": members}
    with admin.recording("verband_vastgelegd", members[0], basis, said, also=members) as made:
        store.add_alliances(made.work, made.permit, made.number, alliance_texts(text))
    return tuple(ids)


def join(admin: Administrator, alliance: str, organisation: str, on: date, basis: Basis) -> None:
    """The organisation is a party from this day on.

    Raises:
        EnrolmentRefusal: unknown, a party already, or a day in the past.
    """
    known = _known(admin, alliance)
    if organisation not in admin.centre.policy.register.organisations:
        raise EnrolmentRefusal(
            _("Organisatie {organisatie} staat niet ingeschreven.").format(organisatie=organisation),
            _("Schrijf haar eerst in met 'register organisation add'."),
        )
    _require_ahead(admin, on)
    if any(
        one.organisation == organisation and (one.valid_to is None or on <= one.valid_to)
        for one in known.parties
    ):
        raise EnrolmentRefusal(
            _("{organisatie} is al partij bij {verband}.").format(organisatie=organisation, verband=alliance),
            _("Kijk met 'register alliance list' wie partij is en tot wanneer."),
        )
    said = {"verbanden": [alliance], "partijen": [organisation], "geldig_van": on.isoformat()}
    with admin.recording("partij_toegetreden", organisation, basis, said, also=known.members) as made:
        change = PartyJoined(alliance, organisation, on)
        store.add_party_change(made.work, made.permit, made.number, change)


def leave(admin: Administrator, alliance: str, organisation: str, on: date, basis: Basis) -> None:
    """The organisation is no party from this day on.

    Raises:
        EnrolmentRefusal: unknown, no party that lasts until then, or a day in the past.
    """
    known = _known(admin, alliance)
    last = on - timedelta(days=1)
    if not any(
        one.organisation == organisation and (one.valid_to is None or on <= one.valid_to)
        for one in known.parties
    ):
        raise EnrolmentRefusal(
            _("{organisatie} is op die dag geen partij bij {verband}.").format(
                organisatie=organisation, verband=alliance
            ),
            _("Kijk met 'register alliance list' wie partij is en tot wanneer."),
        )
    _require_ahead(admin, on)
    said = {"verbanden": [alliance], "partijen": [organisation], "geldig_tot": last.isoformat()}
    with admin.recording("partij_uitgetreden", organisation, basis, said, also=known.members) as made:
        change = PartyLeft(alliance, organisation, last)
        store.add_party_change(made.work, made.permit, made.number, change)


def end(admin: Administrator, alliance: str, on: date, basis: Basis) -> None:
    """The samenwerkingsverband or covenant counts for nothing from this day on.

    Raises:
        EnrolmentRefusal: unknown, ended already, or a day in the past.
    """
    known = _known(admin, alliance)
    last = on - timedelta(days=1)
    _require_ahead(admin, on)
    if known.valid_to is not None and known.valid_to <= last:
        raise EnrolmentRefusal(
            _("{verband} is dan al geëindigd.").format(verband=alliance),
            _("Kijk met 'register alliance list' tot wanneer het geldt."),
        )
    members = sorted(known.members)
    said = {"verbanden": [alliance], "partijen": members, "geldig_tot": last.isoformat()}
    with admin.recording("verband_beeindigd", members[0], basis, said, also=members) as made:
        store.add_party_change(made.work, made.permit, made.number, PartyLeft(alliance, "", last))


def gates(admin: Administrator) -> tuple[Standing, ...]:
    """Every gate as it stands."""
    known = admin.centre.policy.register.gates
    return tuple(Standing(code, known.get(code)) for code in GATES)


def open_gate(admin: Administrator, code: str, advice: FgAdvice, basis: Basis) -> None:
    """Open a gate.

    Raises:
        EnrolmentRefusal: it is open, or the FG's advice stands in the way.
    """
    _require_advice(admin, advice, _("De poort {poort} gaat niet open.").format(poort=code))
    _decide(admin, GateDecided(code, opened=True, decision=said_of(basis), fg_advice=advice), basis)


def _require_advice(admin: Administrator, advice: FgAdvice, refused: str) -> None:
    if advice.blocks(admin.today):
        raise EnrolmentRefusal(
            refused,
            _(
                "Laat het college het bezwaar van de FG eerst schriftelijk beantwoorden, en noem die dag met --answered-on."
            )
            if advice.objection
            else _(
                "Het advies van de FG heeft een dag die nog moet komen. Noem met --advice-date de dag van het advies."
            ),
        )


def criteria(admin: Administrator) -> tuple[Criterion, ...]:
    """The checklist behind C10 that holds now; empty where nobody set one, and then phase 2 does not open."""
    return admin.centre.policy.register.criteria


def set_criteria(admin: Administrator, text: str, advice: FgAdvice, basis: Basis) -> tuple[str, ...]:
    """The checklist is that of this text, in the form of criteria.yaml, from now on; gives its ids.

    Raises:
        EnrolmentRefusal: a text that is none, a checklist that nobody could go through, or the FG's advice stands in the way.
    """
    try:
        found = parse_criteria(text)
    except GroundError as error:
        raise EnrolmentRefusal(
            _("Het bestand met criteria klopt niet ({fout}).").format(fout=error),
            _("Gebruik de vorm van policies/rules/oefening/criteria.yaml."),
        ) from error
    wrong = [
        FieldError(one.id, _("Een naam (id) is hooguit 64 letters en cijfers; een vraag is één regel."))
        for one in found
        if _CRITERION.fullmatch(one.id) is None
        or len(one.question) > LONGEST_TEXT
        or not one.question.isprintable()
    ]
    if wrong or not 1 <= len(found) <= MOST_CRITERIA:
        raise EnrolmentRefusal(
            _("Deze criteria kunnen zo niet worden vastgesteld."),
            _("Geef een lijst van 1 tot en met {meest} vragen, elk met een korte naam.").format(
                meest=MOST_CRITERIA
            ),
            tuple(wrong),
        )
    _require_advice(admin, advice, _("Deze criteria gaan niet gelden."))
    ids = tuple(one.id for one in found)
    said: dict[str, JSON] = {"criteria": list(ids), "fg_advies": advice.document}
    register = admin.centre.policy.register
    everybody = [code for code in register.organisations if register.participant(code, admin.today)]
    with admin.recording("criteria_vastgesteld", REGISTER, basis, said, also=everybody) as made:
        store.add_criteria(made.work, made.permit, made.number, text, advice)
    return ids


def close_gate(admin: Administrator, code: str, basis: Basis) -> None:
    """Close a gate, at once.

    Raises:
        EnrolmentRefusal: it is closed.
    """
    _decide(admin, GateDecided(code, opened=False, decision=said_of(basis)), basis)


def said_of(basis: Basis) -> str:
    """Who decided in which document, as the gate shows it."""
    return f"{basis.decided_by}, {basis.document}"


def _decide(admin: Administrator, change: GateDecided, basis: Basis) -> None:
    register = admin.centre.policy.register
    if register.gate_open(change.code) == change.opened:
        raise EnrolmentRefusal(
            _("De poort {poort} staat al zo.").format(poort=change.code),
            _("Kijk met 'register gate list' wat er over elke poort is besloten."),
        )
    advice = change.fg_advice
    said = {"poorten": [change.code], "fg_advies": "" if advice is None else advice.document}
    everybody = [code for code in register.organisations if register.participant(code, admin.today)]
    event = "poort_geopend" if change.opened else "poort_gesloten"
    with admin.recording(event, REGISTER, basis, said, also=everybody) as made:
        store.add_gate(made.work, made.permit, made.number, change)


def _known(admin: Administrator, name: str) -> Alliance:
    found = admin.centre.policy.register.alliances.get(name)
    if found is None:
        raise EnrolmentRefusal(
            _("{verband} is geen geregistreerd samenwerkingsverband of convenant.").format(verband=name),
            _("Kijk met 'register alliance list' welke er zijn."),
        )
    return found


def _require_ahead(admin: Administrator, on: date) -> None:
    if on < admin.today:
        raise EnrolmentRefusal(
            _("Die dag ligt in het verleden: wat tot nu toe is beslist, blijft beslist."),
            _("Kies vandaag ({dag}) of een latere dag.").format(dag=admin.today.isoformat()),
        )
