# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Advice, approval and agreement to going back, each by the person whose it is: signed in at the register, or known to the node of the own organisation.

Nobody does this for another. What is recorded is what the request says of who acts (`register.central.asking_for`), and the policy set in force decides on the mandate:
an FG advises (`advies_op_grondslag_of_beleid`), a second mandate of another organisation than the proposer's approves (`beleid_activeren`, the proposer being the
other of the two). Reading is for who may do one of both; it shows rules and no person, so it leaves no entry.

Each step leaves one entry: for the organisation of whoever took it, whose FG reads it, and for the register's own. It says by which door: `sessie` or `node`. An
account at the register was made by its administrator, a node's certificate was not; whoever reads the entry can tell which of the two stood behind it.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from audit.canonical import JSON
from policies.decision import ROLES, Asker, Formalities, Occasion
from policies.difference import ADMINISTRATION
from policies.grounds import in_force as ground_in_force
from policies.matrix import derive_matrix
from process.language import gettext as _
from process.problem import FieldError
from register.central.administration import ROLE
from register.central.asking_for import Acting, asker
from register.central.centre import Centre, permit, receipt, require_rule
from register.central.proposals import (
    ACTION,
    ADVISER,
    Person,
    PolicyRefusal,
    Proposal,
    asker_of,
    change_of,
    of_step,
    papers,
    proposal,
    reading,
    require_readable,
    require_seen,
    require_way_back,
    steps_of,
    way_back,
)
from register.central.store import policy as store
from register.central.store.policy import Step
from register.events import ASKER, CATALOGUE, KEEPER, REGISTER
from register.ports import Permit
from register.wire import (
    Beleid,
    BeleidTerug,
    Leescel,
    Leestabel,
    Voorstel,
    VoorstelGezet,
    VoorstelKort,
    VoorstelStap,
    VoorstelVerschil,
)

ADVISING: Final = "advies_op_grondslag_of_beleid"
_OVERSIGHT: Final = "toezicht_avg"


@dataclass(frozen=True)
class Consenting:
    """Somebody who acts in person, and by which door."""

    acting: Acting
    door: str


def policy_now(centre: Centre, who: Consenting) -> Beleid:
    """What is in force, what is proposed, and what going back would do.

    Raises:
        Refusal: 403, neither an FG nor somebody who may approve.
    """
    _require_reader(centre, who)
    steps, records = steps_of(centre), centre.records.mending()
    broken = records.instead_of
    there = store.in_force(steps, who.acting.moment) if broken is None else broken
    return Beleid(
        hash=records.policy.policy_set.hash if there is None else there.hash,
        sinds=None if there is None else there.takes_effect_at,
        beslist=broken is None,
        voorstellen=[
            VoorstelKort(
                nummer=one.number,
                hash=one.hash,
                besluitstuk=one.document,
                op=one.at,
                stand=_state(centre, proposal(centre, one.number)),
            )
            for one in reversed(steps)
            if one.step == store.PROPOSED
        ],
        terug=_return(centre, who),
    )


def proposal_of(centre: Centre, who: Consenting, number: int) -> Voorstel:
    """A proposal to read: what it changes, what recorded questions say of it, and which steps were taken.

    Raises:
        Refusal: 403, neither an FG nor somebody who may approve.
        PolicyRefusal: there is no such proposal.
    """
    _require_reader(centre, who)
    found = proposal(centre, number)
    first, in_force = found.first, centre.policy.policy_set.hash
    told, mark = first.told, first.difference
    if first.hash == in_force:
        told, mark = reading(change_of(centre, found), ()), ""
    elif told is None or first.previous != in_force:
        change = change_of(centre, found)
        told, mark = reading(change, ()), change.fingerprint
    return Voorstel(
        nummer=number,
        hash=first.hash,
        besluitstuk=first.document,
        besloten_door=first.decided_by,
        op=first.at,
        stand=_state(centre, found),
        kenmerk=mark,
        verschil=VoorstelVerschil.model_validate(told),
        stappen=[_told(one) for one in found.steps],
        bezwaar_open=found.objection_open,
    )


def reading_table(centre: Centre, who: Consenting, number: int, role: str) -> Leestabel:
    """What one role would see under the proposed set: purpose by purpose, field by field.

    Raises:
        Refusal: 403, neither an FG nor somebody who may approve; 400 for a role that does not exist.
    """
    _require_reader(centre, who)
    if role not in ROLES:
        raise PolicyRefusal(
            _("Deze rol kennen we niet."), _("Kies een rol uit de lijst."), [FieldError("rol", role)]
        )
    found = proposal(centre, number)
    with centre.database.public() as connection:
        rules = store.policy_set(connection, found.first.hash)
    return Leestabel(
        rol=role,
        cellen=[
            Leescel(
                doel=one.purpose,
                veld=one.field,
                mag=one.allowed,
                grondslag=one.ground or None,
                voorwaarden=sorted(one.conditions, key=lambda code: int(code[1:])),
                uitleg=rules.rule(one.rule_id).explanation if one.allowed else None,
            )
            for one in derive_matrix(rules)
            if one.role == role
        ],
    )


def advise(centre: Centre, who: Consenting, number: int, *, objection: bool, text: str) -> VoorstelGezet:
    """Advise on a proposal, as FG.

    Raises:
        PolicyRefusal: there is no such proposal, or it is in force.
        Refusal: 403, no mandate as FG, or no ground to advise on.
    """
    acting = who.acting
    person = asker(centre.policy.register, acting)
    allowed = permit(centre, person, advising(centre, acting), ADVISING)
    found = _open_proposal(centre, number)
    said: dict[str, JSON] = {"bezwaar": objection, "toelichting": text}
    row = {"objection": objection, "text": text}
    return _taken(
        centre, who, (number, found.first.hash), store.ADVISED, "beleid_geadviseerd", allowed, said, row
    )


def approve(centre: Centre, who: Consenting, number: int, seen: str) -> VoorstelGezet:
    """Approve a proposal, as the second mandate: with whoever proposed it.

    Raises:
        PolicyRefusal: no such proposal; the difference was not looked at, or is another by now; only the own FG advised.
        Refusal: 403, what is missing of mandates, advice and log.
    """
    acting = who.acting
    today = acting.moment.date()
    person, found = asker(centre.policy.register, acting), _open_proposal(centre, number)
    require_seen(centre, found, found.first, seen)
    first = asker_of(centre, of_step(found.first), today)
    formalities = papers(centre, found, acting.organisation, today)
    occasion = Occasion(ADMINISTRATION, today, second=first, formalities=formalities)
    allowed = permit(centre, person, occasion, ACTION)
    require_way_back(centre, found, first, person, today)
    said: dict[str, JSON] = {"kenmerk_verschil": seen}
    row = {"difference": seen}
    about = number, found.first.hash
    return _taken(
        centre, who, about, store.APPROVED, "beleid_goedgekeurd", allowed, said, row, newest=found.newest
    )


def agree_to_return(centre: Centre, who: Consenting, number: int) -> VoorstelGezet:
    """Agree that the register's administrator undoes the activation that stands, so that what was in force before is again.

    Args:
        centre: the register; where the policy in force decides nothing, as `Centre.frozen` gives it for mending.
        who: acts.
        number: of the step to undo, as it was shown.

    Raises:
        PolicyRefusal: there is nothing to undo, or another step.
        Refusal: 403, no mandate, or none of another organisation.
    """
    acting = who.acting
    today = acting.moment.date()
    there = way_back(centre, today)
    if there is None or there.undone.number != number:
        raise PolicyRefusal(
            _("Er is geen beleid aangezet onder dit nummer dat u kunt laten terugdraaien."),
            _("Lees bij Beleid opnieuw wat er nu geldt."),
        )
    require_readable(centre, there.to)
    person = asker(centre.policy.register, acting)
    formalities = Formalities(
        advice_recorded=True, objection_open=False, decision="-", document="-", hash_logged=True
    )
    first = _administrator(centre, acting)
    allowed = permit(
        centre, person, Occasion(ADMINISTRATION, today, second=first, formalities=formalities), ACTION
    )
    said: dict[str, JSON] = {"beleid_hiervoor": there.undone.hash}
    row = {"previous": there.undone.hash}
    about = number, there.to
    return _taken(centre, who, about, store.AGREED, "terugdraaien_goedgekeurd", allowed, said, row)


def _administrator(centre: Centre, acting: Acting) -> Asker | None:
    """Somebody who can record a roll-back today: the other of the two."""
    today = acting.moment.date()
    found = (
        one.officer
        for one in centre.policy.register.mandates
        if one.covers(REGISTER, one.officer, ROLE, today)
    )
    return next((asker_of(centre, Person(REGISTER, one, ROLE), today) for one in found), None)


def _require_reader(centre: Centre, who: Consenting) -> None:
    acting = who.acting
    today = acting.moment.date()
    person = asker(centre.policy.register, acting)
    if person.role == ADVISER:
        permit(centre, person, advising(centre, acting), ADVISING)
        return
    occasion = Occasion(ADMINISTRATION, today)
    require_rule(centre, person, occasion, ACTION)
    if not (person.mandated(today) and person.participant):
        # Without a second person this is a no, which says what is missing.
        permit(centre, person, occasion, ACTION)


def advising(centre: Centre, acting: Acting) -> Occasion:
    """The occasion of an FG's advice, on the first of the grounds of the own organisation for it."""
    today = acting.moment.date()
    grounds = sorted(
        one.id
        for one in centre.policy.register.grounds.values()
        if ground_in_force(one, today, acting.organisation, _OVERSIGHT, ADVISER)
    )
    return Occasion(
        _OVERSIGHT,
        today,
        ground_id=next(iter(grounds), None),
        formalities=Formalities(advice_recorded=True),
    )


def _open_proposal(centre: Centre, number: int) -> Proposal:
    found = proposal(centre, number)
    if found.first.hash == centre.policy.policy_set.hash:
        raise PolicyRefusal(
            _("Deze regels gelden al; er is geen verschil."),
            _("Wilt u iets anders, laat de beheerder van het register dan andere regels voorstellen."),
        )
    return found


def _state(centre: Centre, found: Proposal) -> str:
    """How far a proposal is, as a code."""
    states = (
        (found.first.hash == centre.policy.policy_set.hash, "geldt"),
        (found.objection_open, "bezwaar"),
        (found.approval is not None, "goedgekeurd"),
        (bool(found.advice), "geadviseerd"),
    )
    return next((name for holds, name in states if holds), "voorgesteld")


def _return(centre: Centre, who: Consenting) -> BeleidTerug | None:
    there = way_back(centre, who.acting.moment.date())
    if there is None:
        return None
    with suppress(PolicyRefusal):
        require_readable(centre, there.to)
        organisations = sorted({one.organisation for one in there.agreed})
        return BeleidTerug(stap=there.undone.number, hash=there.to, akkoord=organisations)
    return None


def _told(step: Step) -> VoorstelStap:
    return VoorstelStap(
        nummer=step.number,
        stap=step.step,
        op=step.at,
        organisatie=step.organisation,
        rol=step.role,
        bezwaar=step.objection if step.step == store.ADVISED else None,
        toelichting=step.text,
        deur=step.door,
    )


def _taken(  # noqa: PLR0913, PLR0917 - everything that is on record of it
    centre: Centre,
    who: Consenting,
    about: tuple[int, str],
    step: str,
    event: str,
    allowed: Permit,
    said: Mapping[str, JSON],
    row: Mapping[str, Any],
    *,
    newest: int | None = None,
) -> VoorstelGezet:
    """A step with its entry, durable together or not at all; with `newest` only if no step came after that one."""
    acting, (number, name) = who.acting, about
    person = acting.person
    entry: dict[str, JSON] = {
        "moment": acting.moment.isoformat(timespec="seconds"),
        "medewerker": person.medewerker,
        "rol": person.rol,
        "doel": person.doel,
        "deur": who.door,
        "beleid": name,
        "voorstel": number,
        "spoor": acting.trace,
        **said,
    }
    with centre.database.logged(acting.moment) as work:
        taken = store.begin(work, allowed)
        if newest is not None and taken != newest + 1:
            raise PolicyRefusal(_("Er is intussen een andere stap gezet."), _("Lees het voorstel opnieuw."))
        values = {
            "number": taken,
            "step": step,
            "proposal": number,
            "hash": name,
            "previous": centre.policy.policy_set.hash,
            "organisation": acting.organisation,
            "officer": person.medewerker,
            "role": person.rol,
            "document": "",
            "decided_by": "",
            "objection": False,
            "difference": "",
            "takes_effect_at": None,
            "at": acting.moment,
            "door": who.door,
            "text": None,
            "told": None,
        }
        store.add(work, allowed, {**values, **row})
        kept = CATALOGUE.payload(event, KEEPER, {**entry, "organisatie": acting.organisation})
        work.enter({acting.organisation: CATALOGUE.payload(event, ASKER, entry), REGISTER: kept})
    return VoorstelGezet(nummer=taken, logbewijs=receipt(work))
