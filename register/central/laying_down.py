# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/beheer`: mandates and grounds of the own organisation, laid down by two people in person (`register.proposing` is the law of it).

1. Who proposes manages accounts of the own organisation (`accounts_beheren`, C20). A proposal changes nothing yet.
2. An FG of a party advises on a ground (`advies_op_grondslag_of_beleid`), under the own name.
3. Whoever approves is somebody else. Policy decides: on a mandate by `accounts_beheren`, on a ground and on its end by `grondslag_vaststellen`, with the proposer as
   the other of the two, and with the document, the decision and the advice that are on record. The proposer's mandate must stand that day too.
4. The last approval, the record and the entry are one transaction, and the records are replayed with it first: exactly as the administrator records
   (`register.central.mandates`), with the same changes and the same events.
5. A mandate **ends** by one person, at once: what only shortens needs no second (but for `proposing.APART`). The end of a ground needs two, since work stops with it.
6. A proposal to which the own organisation is no party is not found, whatever it is asked for. Each look and each step is an entry of the own organisation; a step on a
   record of more is an entry of every party, without the number of who took it; what is laid down also stands in that of the register.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from audit.canonical import JSON
from policies.changes import GroundEnded, replay
from policies.decision import Asker, Formalities, Mandate, Occasion, fitting
from policies.difference import ADMINISTRATION
from policies.grounds import GroundError
from policies.records import ground_texts
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.administration import contradicts
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, body_digest, permit, receipt, repeated, require_rule, who
from register.central.consenting import ADVISING, advising
from register.central.mandates import (
    details_of,
    end_of_ground,
    end_of_mandate,
    read_grounds,
    require_admitted,
    require_new,
    require_taking_part,
    said_of,
)
from register.central.phase2 import not_found
from register.central.store import freezes
from register.central.store import organisations as records_store
from register.central.store import proposals as store
from register.central.store.work import LoggedWork
from register.enrolment import EnrolmentRefusal, ground_problem
from register.events import ASKER, CATALOGUE, REGISTER, SUBJECT
from register.ports import Permit
from register.proposing import (
    ADVISER,
    APART,
    MANAGER,
    Did,
    GroundWanted,
    Kind,
    Proposal,
    State,
    Step,
    apart_sentence,
    basis_problems,
    ground_content,
    ground_name,
    ground_problems,
    mandate_content,
    mandate_problems,
)
from register.wire import (
    BeheerGrondslag,
    BeheerMandaat,
    GrondslagEinde,
    GrondslagVoorstel,
    MandaatBeeindigd,
    MandaatEinde,
    MandaatVoorstel,
    Message,
    Vastlegging,
    VastleggingGedaan,
    VastleggingKort,
    VastleggingLijst,
    VastleggingStap,
)

MANAGING: Final = "accounts_beheren"
LAYING_DOWN: Final = "grondslag_vaststellen"


@dataclass(frozen=True)
class Here:
    """Somebody at work in person: the register, who acts, and by which door (`sessie` or `node`)."""

    centre: Centre
    acting: Acting
    door: str

    @property
    def today(self) -> date:
        """The day on which this is done."""
        return self.acting.moment.date()

    @property
    def officer(self) -> str:
        """Who acts."""
        return self.acting.person.medewerker

    def manages(self) -> Permit:
        """The yes to managing the own organisation.

        Raises:
            Refusal: 403.
        """
        organisation = self.acting.organisation
        person = asker(self.centre.policy.register, self.acting)
        facts = fitting(organisation, "", organisation)
        return permit(self.centre, person, occasion(self.acting), MANAGING, facts)

    def reads(self) -> Permit:
        """The yes to reading proposals: for who manages, and for an FG.

        Raises:
            Refusal: 403.
        """
        if self.acting.person.rol != ADVISER:
            return self.manages()
        person = asker(self.centre.policy.register, self.acting)
        return permit(self.centre, person, advising(self.centre, self.acting), ADVISING)

    def step(self, did: Did, *, objection: bool = False, document: str = "", text: str = "") -> Step:
        """What this person does now."""
        return Step(
            did,
            self.acting.organisation,
            self.officer,
            objection,
            document,
            text,
            self.door,
            self.acting.moment,
        )


@contextmanager
def _told_here() -> Iterator[None]:
    """What the rules of records refuse, in the words of these pages: no command of the register's machine helps here."""
    try:
        yield
    except EnrolmentRefusal as refusal:
        raise _not_so(
            refusal.detail,
            _("Kijk bij Mensen of Grondslagen wat er staat, en probeer het opnieuw."),
            refusal.fields,
        ) from refusal


def _not_so(why: str, way: str, fields: tuple[FieldError, ...]) -> Refusal:
    return Refusal(400, "niet-vastgelegd", _("Er is niets vastgelegd."), why, way_forward=way, fields=fields)


# ---- proposing ----------------------------------------------------------------------------------------------


@_told_here()
def propose_mandate(here: Here, sent: MandaatVoorstel, request_key: str) -> VastleggingGedaan:
    """Propose a mandate of the own organisation.

    Raises:
        Refusal: 403; 400 with every member that is wrong.
    """
    allowed, organisation = here.manages(), here.acting.organisation
    mandate = Mandate(
        sent.rol,
        organisation,
        sent.medewerker,
        sent.geldig_van,
        sent.geldig_tot,
        sent.opgeleid_op,
        sent.gescreend_op,
    )
    wrong = [
        *mandate_problems(mandate, here.today),
        *basis_problems(sent.besluitstuk, sent.besloten_door),
    ]
    if sent.medewerker == here.officer:
        wrong.append(FieldError("medewerker", _("Dit bent u zelf. Een ander stelt uw mandaat voor.")))
    if mandate.valid_to < here.today:
        wrong.append(FieldError("geldigTot", _("Kies een laatste dag die nog komt.")))
    _require(wrong)
    require_taking_part(here.centre.policy.register, mandate, here.today)
    proposal = _proposal(here, Kind.MANDATE, sent, request_key, mandate_content(mandate))
    return _proposed(here, allowed, proposal, sent, request_key)


@_told_here()
def propose_ground(here: Here, sent: GrondslagVoorstel, request_key: str) -> VastleggingGedaan:
    """Propose a ground, of the own organisation or of all who are party to an agreement.

    Raises:
        Refusal: 403; 400 with every member that is wrong.
    """
    allowed, organisation = _may_propose(here), here.acting.organisation
    register = here.centre.policy.register
    wanted = GroundWanted(
        sent.code,
        sent.artikel.strip(),
        sent.taak.strip(),
        sent.geldig_van,
        sent.geldig_tot,
        sent.besloten_op,
        sent.verband or "",
        tuple(sent.doelen),
    )
    _require(
        [
            *ground_problems(wanted, register, organisation, here.today),
            *basis_problems(sent.besluitstuk, sent.besloten_door),
        ]
    )
    parties = register.alliances[wanted.alliance].bound(here.today) if wanted.alliance else frozenset()
    number = _number(here, sent, request_key)
    content = ground_content(
        wanted, ground_name(organisation, wanted.code, number), organisation, sorted(parties)
    )
    proposal = _proposal(here, Kind.GROUND, sent, request_key, content, parties or {organisation})
    added = read_grounds(proposal.ground_text())
    require_admitted(register, added)
    return _proposed(here, allowed, proposal, sent, request_key)


@_told_here()
def propose_end(here: Here, sent: GrondslagEinde, request_key: str) -> VastleggingGedaan:
    """Propose that a ground of the own organisation alone ends.

    Raises:
        Refusal: 403; 400 with every member that is wrong, also for a ground of others, as for one that is not there.
    """
    allowed, organisation = _may_propose(here), here.acting.organisation
    register = here.centre.policy.register
    _require(basis_problems(sent.besluitstuk, sent.besloten_door))
    known = register.grounds.get(sent.grondslag)
    if known is None or not known.held_by(organisation):
        _require([FieldError("grondslag", _("Uw organisatie heeft deze grondslag niet."))])
    elif known.parties:
        _require(
            [
                FieldError(
                    "grondslag",
                    _("Deze grondslag is van meer partijen. De beheerder van het register beëindigt haar."),
                )
            ]
        )
    end_of_ground(register, sent.grondslag, sent.op or here.today, here.today)
    content = {"id": sent.grondslag, "on": None if sent.op is None else sent.op.isoformat()}
    proposal = _proposal(here, Kind.GROUND_END, sent, request_key, content)
    return _proposed(here, allowed, proposal, sent, request_key)


def _may_propose(here: Here) -> Permit:
    """Who proposes about a ground manages the own organisation, and could decide on one with somebody else."""
    allowed = here.manages()
    person = asker(here.centre.policy.register, here.acting)
    require_rule(here.centre, person, Occasion(ADMINISTRATION, here.today), LAYING_DOWN)
    return allowed


def _number(here: Here, sent: Message, request_key: str) -> UUID:
    body = sent.model_dump_json(by_alias=True).encode()
    return UUID(bytes=body_digest(here.centre, here.acting, request_key, body)[:16], version=4)


def _proposal(  # noqa: PLR0913, PLR0917 - what a proposal is
    here: Here,
    kind: Kind,
    sent: MandaatVoorstel | GrondslagVoorstel | GrondslagEinde,
    request_key: str,
    content: Mapping[str, JSON],
    parties: frozenset[str] | set[str] = frozenset(),
) -> Proposal:
    return Proposal(
        _number(here, sent, request_key),
        kind,
        here.acting.organisation,
        frozenset(parties) or frozenset({here.acting.organisation}),
        content,
        sent.besluitstuk.strip(),
        sent.besloten_door.strip(),
        here.officer,
        here.door,
        here.acting.moment,
    )


def _proposed(
    here: Here, allowed: Permit, proposal: Proposal, sent: Message, request_key: str
) -> VastleggingGedaan:
    said: dict[str, JSON] = {"soort_vastlegging": proposal.kind.value, **_named(proposal)}
    with here.centre.database.logged(here.acting.moment) as work:
        repeated(here.centre, work, here.acting, request_key, sent.model_dump_json(by_alias=True).encode())
        store.add(work, allowed, proposal)
        _enter(here, work, allowed, "vastlegging_voorgesteld", proposal, said)
    return VastleggingGedaan(vastlegging_id=proposal.id, stand=proposal.state.value, logbewijs=receipt(work))


# ---- steps --------------------------------------------------------------------------------------------------


def advise(here: Here, number: UUID, *, objection: bool, text: str) -> VastleggingGedaan:
    """Advise on a ground, as FG of a party.

    Raises:
        Refusal: 403 no FG, or the one who proposed it; 404; 409 nothing to advise on any more.
    """
    person = asker(here.centre.policy.register, here.acting)
    allowed = permit(here.centre, person, advising(here.centre, here.acting), ADVISING)
    step = here.step(Did.ADVISED, objection=objection, text=text)
    said: dict[str, JSON] = {"bezwaar": objection, "toelichting": text}
    with _taking(here, allowed, number, step, "vastlegging_geadviseerd", said) as (_work, found):
        if found.kind is not Kind.GROUND:
            raise _over(_("Hierover is geen advies van de FG nodig."))
    return _done(found, step, _work)


def answer(here: Here, number: UUID, *, document: str, text: str) -> VastleggingGedaan:
    """Put the written answer to an objection on record.

    Raises:
        Refusal: 403; 404; 409 no objection that waits for one; 400 without a document.
    """
    allowed = here.manages()
    _require([one for one in basis_problems(document, "-" * 3) if one.field == "besluitstuk"])
    step = here.step(Did.ANSWERED, document=document.strip(), text=text)
    with _taking(here, allowed, number, step, "vastlegging_beantwoord", {"toelichting": text}) as (
        _work,
        found,
    ):
        if not found.objection_open:
            raise _over(_("Er is geen bezwaar dat nog een antwoord vraagt."))
    return _done(found, step, _work)


def withdraw(here: Here, number: UUID, text: str) -> VastleggingGedaan:
    """Take a proposal off; any party may, since it needs all of them.

    Raises:
        Refusal: 403; 404; 409 nothing to take off any more.
    """
    allowed = here.manages()
    step = here.step(Did.WITHDRAWN, text=text)
    with _taking(here, allowed, number, step, "vastlegging_ingetrokken", {"toelichting": text}) as (
        _work,
        found,
    ):
        pass
    return _done(found, step, _work)


@_told_here()
def approve(here: Here, number: UUID) -> VastleggingGedaan:
    """Approve a proposal; the last approval that is wanted lays it down.

    Raises:
        Refusal: 403 what is missing of mandates, advice or decision, or the same person twice; 404; 409 decided before; 400 the records would not hold together.
    """
    person, organisation = asker(here.centre.policy.register, here.acting), here.acting.organisation
    may_read = here.manages()
    step = here.step(Did.APPROVED)
    with here.centre.database.logged(here.acting.moment) as work:
        found = _found(here, work, may_read, number)
        _require_possible(found, step)
        _require_none_frozen(here, work, found)
        allowed = _decided(here, person, found)
        store.add_step(work, allowed, found, step)
        if found.last_to_approve(organisation):
            _lay_down(here, work, allowed, found)
        else:
            _enter(here, work, allowed, "vastlegging_goedgekeurd", found, {})
    return _done(found, step, work)


def _decided(here: Here, person: Asker, found: Proposal) -> Permit:
    """Policy's yes to two people.

    Raises:
        Refusal: 403.
    """
    second = _proposer(here, found)
    if found.kind is Kind.MANDATE:
        fit = here.centre.policy.register.profile
        stands = (
            second.participant
            and second.mandated(here.today)
            and second.mandate is not None
            and fit.fits(second.mandate, here.today)
        )
        if not stands:
            raise _proposer_gone()
        return here.manages()
    papers = Formalities(
        advice_recorded=bool(found.advice),
        objection_open=found.objection_open,
        decision=found.decided_by,
        document=found.document,
    )
    if found.kind is Kind.GROUND_END:
        # The advice is that on the ground itself; stopping asks for none of its own.
        advice = here.centre.policy.register.grounds[found.content["id"]].fg_advice
        papers = replace(
            papers,
            advice_recorded=advice is not None,
            objection_open=advice is not None and advice.blocks(here.today),
        )
    occasion = Occasion(ADMINISTRATION, here.today, second=second, formalities=papers)
    return permit(here.centre, person, occasion, LAYING_DOWN)


def _require_none_frozen(here: Here, work: LoggedWork, found: Proposal) -> None:
    """Returns only if nobody who counts is frozen: that is no pair of eyes, also for what they did before.

    Raises:
        Refusal: 403.
    """
    approved = {(one.organisation, one.officer) for one in found.steps if one.did is Did.APPROVED}
    records = here.centre.policy.register
    for organisation, officer in {(found.organisation, found.officer), *approved}:
        if freezes.over(work.connection, records, organisation, officer, here.today):
            raise _somebody_frozen()


def _proposer(here: Here, found: Proposal) -> Asker:
    records = here.centre.policy.register
    return Asker(
        organisation=found.organisation,
        officer=found.officer,
        role=MANAGER,
        mandate=records.mandate_of(found.organisation, found.officer, MANAGER, here.today),
        participant=records.participant(found.organisation, here.today),
    )


def _lay_down(here: Here, work: LoggedWork, allowed: Permit, found: Proposal) -> None:
    """The record, as an administrator would have written it, with its entry."""
    register, change_id = here.centre.policy.register, here.centre.uuid()
    event, said = _EVENTS[found.kind], _named(found)
    decided = records_store.Decided(
        change_id,
        event,
        found.organisation,
        found.document,
        found.decided_by,
        here.officer,
        here.acting.moment,
    )
    change = records_store.begin(work, allowed, decided)
    if found.kind is Kind.MANDATE:
        wrong = mandate_problems(found.mandate, here.today)
        _require(wrong)
        require_taking_part(register, found.mandate, here.today)
        records_store.add_mandates(work, allowed, change, [(here.centre.uuid(), found.mandate)])
        said = details_of(found.mandate)
    elif found.kind is Kind.GROUND:
        text = found.ground_text()
        added = read_grounds(text)
        _require([FieldError(one.id, why) for one in added if (why := ground_problem(one))])
        require_new(register, added)
        require_admitted(register, added)
        records_store.add_grounds(work, allowed, change, ground_texts(text))
    else:
        end = _end(here, found)
        records_store.add_ground_end(work, allowed, change, end)
        said |= {"geldig_tot": end.last_day.isoformat()}
    _require_whole(here, work)
    _enter(here, work, allowed, event, found, said, change_id, also=REGISTER)


_EVENTS: Final[Mapping[Kind, str]] = {
    Kind.MANDATE: "mandaat_vastgelegd",
    Kind.GROUND: "grondslag_vastgelegd",
    Kind.GROUND_END: "grondslag_beeindigd",
}


def _end(here: Here, found: Proposal) -> GroundEnded:
    wanted = found.content["on"]
    # A day that passed while the proposal lay there is today.
    on = here.today if wanted is None else max(here.today, date.fromisoformat(wanted))
    return end_of_ground(here.centre.policy.register, found.content["id"], on, here.today)


@_told_here()
def end_mandate(here: Here, sent: MandaatEinde) -> MandaatBeeindigd:
    """A mandate of the own organisation counts no longer from a day on: by one person, since it only shortens.

    Raises:
        Refusal: 403 for who supervises or is a second pair of eyes; 400 there is none that lasts until then.
    """
    allowed, organisation = here.manages(), here.acting.organisation
    if sent.rol in APART:
        raise _kept_apart()
    _require(basis_problems(sent.besluitstuk, sent.besloten_door))
    whose = (organisation, sent.medewerker, sent.rol)
    change = end_of_mandate(here.centre.policy.register, whose, sent.op or here.today, here.today)
    change_id = here.centre.uuid()
    document, decided_by = sent.besluitstuk.strip(), sent.besloten_door.strip()
    decided = records_store.Decided(
        change_id,
        "mandaat_beeindigd",
        organisation,
        document,
        decided_by,
        here.officer,
        here.acting.moment,
    )
    entry = {
        **_entry(here, allowed, organisation, change_id, document, decided_by),
        "mandaten": [f"{sent.rol} {sent.medewerker}"],
        "geldig_tot": change.last_day.isoformat(),
    }
    with here.centre.database.logged(here.acting.moment) as work:
        records_store.add_end(work, allowed, records_store.begin(work, allowed, decided), change)
        _require_whole(here, work)
        mine = {**entry, "medewerker": here.officer, "rol": here.acting.person.rol}
        work.enter(
            {
                organisation: CATALOGUE.payload("mandaat_beeindigd", ASKER, mine),
                REGISTER: CATALOGUE.payload("mandaat_beeindigd", SUBJECT, entry),
            }
        )
    return MandaatBeeindigd(laatste_dag=change.last_day, logbewijs=receipt(work))


# ---- reading ------------------------------------------------------------------------------------------------


def listed(here: Here) -> VastleggingLijst:
    """The proposals to which the own organisation is a party, newest first.

    Raises:
        Refusal: 403, neither an FG nor somebody who manages.
    """
    allowed = here.reads()
    with here.centre.database.logged(here.acting.moment) as work:
        found = store.of(work.connection, here.acting.organisation)
        _looked(here, work, allowed, "voorstellen")
    return VastleggingLijst(
        vastleggingen=[
            VastleggingKort(
                vastlegging_id=one.id,
                soort=one.kind.value,
                stand=one.state.value,
                wat=_what(one),
                organisatie=one.organisation,
                op=one.at,
                wacht_op_u=bool(set(_may(here, one)) & {"adviseren", "goedkeuren", "beantwoorden"}),
            )
            for one in found
        ],
        logbewijs=receipt(work),
    )


def read(here: Here, number: UUID) -> Vastlegging:
    """A proposal, whole, with what this person can do with it.

    Raises:
        Refusal: 403 as `listed`; 404.
    """
    allowed = here.reads()
    with here.centre.database.logged(here.acting.moment) as work:
        found = store.one(work.connection, number, here.acting.organisation)
        if found is None:
            raise not_found()
        _looked(here, work, allowed, "voorstel")
    mine = here.acting.organisation
    manages = here.acting.person.rol == MANAGER
    return Vastlegging(
        vastlegging_id=found.id,
        soort=found.kind.value,
        stand=found.state.value,
        wat=_what(found),
        organisatie=found.organisation,
        op=found.at,
        partijen=sorted(found.parties),
        besluitstuk=found.document,
        besloten_door=found.decided_by,
        mandaat=_mandate(found) if found.kind is Kind.MANDATE else None,
        grondslag=_ground(here, found),
        verband=found.content.get("alliance"),
        doelen=list(found.content.get("purposes", ())),
        besloten_op=found.content.get("decided_on"),
        laatste_dag=_last_day(found),
        wacht_op=sorted(found.wanted) if found.open else [],
        stappen=[_first(found, mine), *(_told(one, mine) for one in found.steps)],
        mag=_may(here, found),
        waarom_niet=found.hindrance(Did.APPROVED, mine, here.officer) if found.open and manages else None,
        logbewijs=receipt(work),
    )


def _may(here: Here, found: Proposal) -> list[str]:
    """What this person can do now, as far as the law of proposals goes."""
    mine, officer = here.acting.organisation, here.officer
    if not found.open:
        return []
    if here.acting.person.rol == ADVISER:
        advises = found.kind is Kind.GROUND and found.hindrance(Did.ADVISED, mine, officer) is None
        return ["adviseren"] if advises else []
    found_to_do = ["beantwoorden"] if found.state is State.OBJECTION else []
    if found.state is State.SECOND and found.hindrance(Did.APPROVED, mine, officer) is None:
        found_to_do.append("goedkeuren")
    return [*found_to_do, "intrekken"]


def _what(found: Proposal) -> str:
    return said_of(found.mandate) if found.kind is Kind.MANDATE else str(found.content["id"])


def _mandate(found: Proposal) -> BeheerMandaat:
    one = found.mandate
    return BeheerMandaat(
        medewerker=one.officer,
        rol=one.role,
        geldig_van=one.valid_from,
        geldig_tot=one.valid_to,
        opgeleid_op=one.trained_on,
        gescreend_op=one.screened_on,
        geldt=found.state is State.LAID_DOWN,
    )


def _ground(here: Here, found: Proposal) -> BeheerGrondslag | None:
    if found.kind is Kind.MANDATE:
        return None
    known = here.centre.policy.register.grounds.get(found.content["id"])
    one = known if found.kind is Kind.GROUND_END and known is not None else None
    if one is None and found.kind is Kind.GROUND:
        one = read_grounds(found.ground_text())[0]
    return (
        None
        if one is None
        else BeheerGrondslag(
            id=one.id,
            code=one.code,
            artikel=one.article,
            taak=one.task,
            geldig_van=one.valid_from,
            geldig_tot=one.valid_to,
            besluit=one.document,
            besloten_door=one.decided_by,
            geldt=found.kind is Kind.GROUND_END or found.state is State.LAID_DOWN,
        )
    )


def _last_day(found: Proposal) -> date | None:
    wanted = found.content.get("on")
    return None if wanted is None else date.fromisoformat(wanted) - timedelta(days=1)


def _first(found: Proposal, mine: str) -> VastleggingStap:
    return VastleggingStap(
        stap="voorstel",
        op=found.at,
        organisatie=found.organisation,
        medewerker=found.officer if found.organisation == mine else None,
        deur=found.door,
    )


def _told(step: Step, mine: str) -> VastleggingStap:
    return VastleggingStap(
        stap=step.did.value,
        op=step.at,
        organisatie=step.organisation,
        medewerker=step.officer if step.organisation == mine else None,
        deur=step.door,
        bezwaar=step.objection if step.did is Did.ADVISED else None,
        besluitstuk=step.document or None,
        toelichting=step.text or None,
    )


# ---- in the log ---------------------------------------------------------------------------------------------


@contextmanager
def _taking(  # noqa: PLR0913, PLR0917 - a step with its entry
    here: Here,
    allowed: Permit,
    number: UUID,
    step: Step,
    event: str,
    said: Mapping[str, JSON],
) -> Iterator[tuple[LoggedWork, Proposal]]:
    """A step on a proposal that is open, with its entry; what is in the block may still refuse it."""
    with here.centre.database.logged(here.acting.moment) as work:
        found = _found(here, work, allowed, number)
        _require_possible(found, step)
        yield work, found
        store.add_step(work, allowed, found, step)
        _enter(here, work, allowed, event, found, said)


def _found(here: Here, work: LoggedWork, allowed: Permit, number: UUID) -> Proposal:
    found = store.for_step(work, allowed, number, here.acting.organisation)
    if found is None:
        raise not_found()
    return found


def _require_possible(found: Proposal, step: Step) -> None:
    if not found.open:
        raise _over(_("Dit voorstel is al vastgelegd of ingetrokken."))
    why = found.hindrance(step.did, step.organisation, step.officer)
    if why is not None:
        raise Refusal(
            403,
            "zelfde-persoon",
            _("U kunt dit bij dit voorstel niet doen."),
            why,
            way_forward=_(
                "Vraag een andere functioneel beheerder, of de FG, om naar het voorstel te kijken."
            ),
            rule="C5",
        )


def _require_whole(here: Here, work: LoggedWork) -> None:
    try:
        replay(here.centre.records.now().base, records_store.changes(work.connection))
    except GroundError as error:
        raise contradicts(error) from error


def _done(found: Proposal, step: Step, work: LoggedWork) -> VastleggingGedaan:
    now = replace(found, steps=(*found.steps, step))
    return VastleggingGedaan(vastlegging_id=found.id, stand=now.state.value, logbewijs=receipt(work))


def _named(found: Proposal) -> dict[str, JSON]:
    if found.kind is Kind.MANDATE:
        return {"mandaten": [said_of(found.mandate)]}
    return {"grondslagen": [found.content["id"]]}


def _entry(  # noqa: PLR0913, PLR0917 - what every entry of a change says
    here: Here, allowed: Permit, organisation: str, change_id: UUID | None, document: str, decided_by: str
) -> dict[str, JSON]:
    return {
        **({} if change_id is None else {"wijziging": change_id.hex}),
        "moment": here.acting.moment.isoformat(timespec="seconds"),
        "betreft": organisation,
        "besluitstuk": document,
        "besloten_door": decided_by,
        "spoor": here.acting.trace,
        "doel": here.acting.person.doel,
        "deur": here.door,
        "beleid": allowed.decision.policy_set_hash,
        "regels": list(allowed.decision.rule_ids),
    }


def _enter(  # noqa: PLR0913, PLR0917 - what an entry says, to whom
    here: Here,
    work: LoggedWork,
    allowed: Permit,
    event: str,
    found: Proposal,
    said: Mapping[str, JSON],
    change_id: UUID | None = None,
    also: str = "",
) -> None:
    entry: dict[str, JSON] = {
        **_entry(here, allowed, found.organisation, change_id, found.document, found.decided_by),
        "vastlegging": str(found.id),
        **said,
    }
    mine = {**entry, "medewerker": here.officer, "rol": here.acting.person.rol}
    others = (found.parties | ({also} if also else frozenset())) - {here.acting.organisation}
    work.enter(
        {
            here.acting.organisation: CATALOGUE.payload(event, ASKER, mine),
            **{one: CATALOGUE.payload(event, SUBJECT, entry) for one in sorted(others)},
        }
    )


def _looked(here: Here, work: LoggedWork, allowed: Permit, part: str) -> None:
    said: dict[str, JSON] = {**who(here.acting, allowed.decision), "onderdeel": part}
    work.enter({here.acting.organisation: CATALOGUE.payload("beheer_geraadpleegd", ASKER, said)})


# ---- refusals -----------------------------------------------------------------------------------------------


def _require(wrong: list[FieldError]) -> None:
    if wrong:
        raise _not_so(
            _("In wat u invulde klopt iets niet."),
            _("Verbeter wat hierboven staat en verstuur opnieuw."),
            tuple(wrong),
        )


def _over(why: str) -> Refusal:
    return Refusal(
        409,
        "voorstel-voorbij",
        _("Dit kan niet meer bij dit voorstel."),
        why,
        way_forward=_("Open het voorstel opnieuw en kijk wat er is gedaan."),
    )


def _somebody_frozen() -> Refusal:
    return Refusal(
        403,
        "voorstel-bevroren",
        _("Dit voorstel is niet vastgelegd."),
        _("Wie het voorstelde of eerder goedkeurde, is bevroren. Daarom kijken er geen twee mensen meer."),
        way_forward=_("Wacht tot de bevriezing is opgeheven, of vraag uw FG."),
        rule="C5",
    )


def _proposer_gone() -> Refusal:
    return Refusal(
        403,
        "eerste-persoon-weg",
        _("Dit voorstel is niet vastgelegd."),
        _("Wie het voorstelde, heeft vandaag geen mandaat meer dat geldt. Daarom is er maar één persoon."),
        way_forward=_("Trek het voorstel in en laat een andere functioneel beheerder het opnieuw doen."),
        rule="C5",
    )


def _kept_apart() -> Refusal:
    return Refusal(
        403,
        "niet-hier",
        _("Dit mandaat eindigt u hier niet."),
        apart_sentence(),
        way_forward=_("Stuur het besluit naar de beheerder van het register."),
        rule="C5",
    )
