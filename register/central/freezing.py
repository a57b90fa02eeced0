# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A freeze (`bevriezing_verzoeken`): an FG asks and it works at once; a functioneel beheerder confirms it; another one lifts it on a decision of the college.

1. From the moment that the request's log entry is durable every request of the frozen officer is refused with the reason (`require_free`, before anything else is looked at), and the decision point answers no.
2. As long as it stands nothing of what it covers is destroyed: quarter keys, treffers and noodopeningen (`store.freezes.holds`, which every job that destroys asks). Payloads of the log and their keys are
   destroyed by no job; one that will must ask here first. What expired stays invisible, and signals, which are other people's, go on their day.
3. It is confirmed by a functioneel beheerder of the organisation, and lifted by another one than that, who names the document of the college. Neither has anything to do with what the officer asked.
4. Every step is one leaf of the organisation's own log. Nothing here can be undone by the person concerned, who has no part in it.

Why so: docs/adr/0038-a-freeze-that-works-at-once-and-an-outcome-that-is-asked-for.md.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from audit.canonical import JSON
from policies.decision import SignalFacts
from policies.grounds import GroundRegister
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, body_digest, officer_mark, permit, receipt, repeated, who
from register.central.phase2 import not_found
from register.central.store import flags
from register.central.store import freezes as store
from register.central.store.freezes import Record
from register.central.store.work import LoggedWork
from register.enrolment import LONGEST_TEXT
from register.events import ASKER, CATALOGUE
from register.ports import Permit
from register.safeguards import FREEZE_REASONS
from register.wire import (
    Bevriezing,
    BevriezingGedaan,
    BevriezingLijst,
    BevriezingStand,
    Opheffing,
)

FLAG: Final = "bevriezing_opgeheven"
ADMINISTRATOR: Final = "functioneel_beheerder"
OVERSEER: Final = "fg"


def require_free(centre: Centre, organisation: str, officer: str, today: date) -> None:
    """Returns only if no freeze stands over this officer.

    Raises:
        Refusal: 403, with who can lift it.
    """
    with centre.database.public() as connection:
        if store.over(connection, centre.policy.register, organisation, officer, today):
            raise _frozen()


def records_of(centre: Centre) -> GroundRegister | None:
    """The records with which to ask what is held; None while they do not hold together, which releases nothing."""
    try:
        return centre.policy.register
    except Refusal:
        return None


def ask(centre: Centre, acting: Acting, sent: Bevriezing, request_key: str) -> BevriezingGedaan:
    """Freeze, now.

    Raises:
        Refusal: 400 nothing to freeze, or no such reason or officer; 403 not an FG; 409 the key was used otherwise.
    """
    _require_something(centre, acting, sent)
    allowed = _may_ask(centre, acting)
    body = sent.model_dump_json(by_alias=True).encode()
    freeze_id = UUID(bytes=body_digest(centre, acting, request_key, body)[:16], version=4)
    with centre.database.logged(acting.moment) as work:
        repeated(centre, work, acting, request_key, body)
        row = {
            "freeze_id": freeze_id,
            "organisation": acting.organisation,
            "officer": sent.medewerker or "",
            "first_day": sent.van_dag,
            "last_day": sent.tot_dag,
            "reason": sent.reden,
            "asked_by": acting.person.medewerker,
            "asked_at": acting.moment,
        }
        store.add(work, allowed, row)
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "bevriezing": str(freeze_id),
            "bevroren_medewerker": sent.medewerker or "",
            "van_dag": "" if sent.van_dag is None else sent.van_dag.isoformat(),
            "tot_dag": "" if sent.tot_dag is None else sent.tot_dag.isoformat(),
            "bevroren_om": sent.reden,
        }
        work.enter({acting.organisation: CATALOGUE.payload("bevriezing_gevraagd", ASKER, entry)})
        made = store.one(work, allowed, freeze_id, {acting.organisation})
    return _done(made, work)


def confirm(centre: Centre, acting: Acting, freeze_id: UUID) -> BevriezingGedaan:
    """A functioneel beheerder takes it over in the line.

    Raises:
        Refusal: 403; 404 not one of this organisation; 409 confirmed or lifted before.
    """
    allowed = _may_administer(centre, acting)
    codes = _codes(centre, acting)
    with centre.database.logged(acting.moment) as work:
        found = store.one(work, allowed, freeze_id, codes)
        if found is None:
            raise not_found()
        if found.confirmed_at is not None or found.lifted_at is not None:
            raise _done_before()
        store.confirm(work, allowed, freeze_id, acting.person.medewerker, acting.moment)
        entry: dict[str, JSON] = {**who(acting, allowed.decision), "bevriezing": str(freeze_id)}
        work.enter({acting.organisation: CATALOGUE.payload("bevriezing_bevestigd", ASKER, entry)})
        made = store.one(work, allowed, freeze_id, codes)
    return _done(made, work)


def lift(centre: Centre, acting: Acting, freeze_id: UUID, sent: Opheffing) -> BevriezingGedaan:
    """Another functioneel beheerder lifts it, on a decision of the college; the FG is told.

    Raises:
        Refusal: 400 no decision; 403 no functioneel beheerder, or the one who confirmed it; 404; 409 not confirmed, or lifted before.
    """
    _require_decision(sent)
    allowed = _may_administer(centre, acting)
    codes = _codes(centre, acting)
    with centre.database.logged(acting.moment) as work:
        found = store.one(work, allowed, freeze_id, codes)
        if found is None:
            raise not_found()
        if found.lifted_at is not None:
            raise _done_before()
        if found.confirmed_at is None:
            raise _unconfirmed()
        if found.confirmed_by == acting.person.medewerker:
            raise _same_person()
        values = {
            "lifted_by": acting.person.medewerker,
            "lifted_at": acting.moment,
            "document": sent.besluitstuk,
            "decided_by": sent.besloten_door,
        }
        store.lift(work, allowed, freeze_id, values)
        mark = officer_mark(centre, found.organisation, found.officer)
        flags.put(work.connection, acting.organisation, FLAG, mark, acting.moment, 1)
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "bevriezing": str(freeze_id),
            "besluitstuk": sent.besluitstuk,
            "besloten_door": sent.besloten_door,
        }
        work.enter({acting.organisation: CATALOGUE.payload("bevriezing_opgeheven", ASKER, entry)})
        made = store.one(work, allowed, freeze_id, codes)
    return _done(made, work)


def listed(centre: Centre, acting: Acting) -> BevriezingLijst:
    """The freezes of the own organisation, newest first, for its FG and its functioneel beheerders.

    Raises:
        Refusal: 403.
    """
    administers = acting.person.rol == ADMINISTRATOR
    allowed = _may_administer(centre, acting) if administers else _may_ask(centre, acting)
    with centre.database.logged(acting.moment) as work:
        found = store.of_organisations(work, allowed, _codes(centre, acting))
        entry: dict[str, JSON] = {**who(acting, allowed.decision), "bevriezingen_geteld": len(found)}
        work.enter({acting.organisation: CATALOGUE.payload("bevriezingen_geraadpleegd", ASKER, entry)})
    return BevriezingLijst(
        bevriezingen=[BevriezingStand(**_members(one)) for one in found], logbewijs=receipt(work)
    )


def _codes(centre: Centre, acting: Acting) -> frozenset[str]:
    return centre.policy.register.lineage(acting.organisation, acting.moment.date())


def _may_ask(centre: Centre, acting: Acting) -> Permit:
    person = asker(centre.policy.register, acting)
    facts = SignalFacts(owner=acting.organisation, parties=frozenset({acting.organisation}))
    return permit(centre, person, occasion(acting, masked=True), "bevriezing_verzoeken", facts)


def _may_administer(centre: Centre, acting: Acting) -> Permit:
    person = asker(centre.policy.register, acting)
    facts = SignalFacts(owner=acting.organisation, parties=frozenset({acting.organisation}))
    return permit(centre, person, occasion(acting), "accounts_beheren", facts)


def _members(row: Record | None) -> Mapping[str, Any]:
    if row is None:
        raise not_found()
    lifted, confirmed = row.lifted_at is not None, row.confirmed_at is not None
    return {
        "bevriezing_id": row.freeze_id,
        "medewerker": row.officer or None,
        "van_dag": row.first_day,
        "tot_dag": row.last_day,
        "reden": row.reason,
        "stand": "opgeheven" if lifted else "bevestigd" if confirmed else "gevraagd",
        "gevraagd_op": row.asked_at,
        "bevestigd_op": row.confirmed_at,
        "bevestigd_door": row.confirmed_by,
        "opgeheven_op": row.lifted_at,
        "opgeheven_door": row.lifted_by,
        "besluitstuk": row.document,
        "besloten_door": row.decided_by,
    }


def _done(row: Record | None, work: LoggedWork) -> BevriezingGedaan:
    return BevriezingGedaan(**_members(row), logbewijs=receipt(work))


def _require_something(centre: Centre, acting: Acting, sent: Bevriezing) -> None:
    wrong = []
    if sent.reden not in FREEZE_REASONS:
        wrong.append(FieldError("reden", _("Kies uit: {codes}.").format(codes=", ".join(FREEZE_REASONS))))
    if sent.medewerker is None and sent.van_dag is None:
        wrong.append(FieldError("medewerker", _("Noem een medewerker, of een periode, of allebei.")))
    if sent.medewerker == acting.person.medewerker:
        wrong.append(FieldError("medewerker", _("Een FG bevriest niet zichzelf.")))
    elif sent.medewerker is not None and _supervises(centre, acting, sent.medewerker):
        # AVG 38(3): nobody keeps an FG from the task, not even with a second FG that somebody put on record for it.
        wrong.append(
            FieldError("medewerker", _("Een FG bevriest geen andere FG. Leg dit voor aan het college."))
        )
    elif sent.medewerker is not None and not _known(centre, acting, sent.medewerker):
        wrong.append(FieldError("medewerker", _("Dit nummer had hier nooit een mandaat.")))
    if sent.tot_dag is not None and (sent.van_dag is None or sent.tot_dag < sent.van_dag):
        wrong.append(FieldError("totDag", _("De laatste dag ligt niet voor de eerste.")))
    if wrong:
        raise Refusal(
            400,
            "niets-te-bevriezen",
            _("Zo kan er niets bevroren worden."),
            _("Er is niets bevroren."),
            way_forward=_("Verbeter de genoemde velden en verstuur opnieuw."),
            fields=tuple(wrong),
        )


def _known(centre: Centre, acting: Acting, officer: str) -> bool:
    codes = _codes(centre, acting)
    return any(
        one.officer == officer and one.organisation in codes for one in centre.policy.register.mandates
    )


def _supervises(centre: Centre, acting: Acting, officer: str) -> bool:
    """Whether this officer is an FG of this organisation today."""
    today = acting.moment.date()
    return any(
        one.covers(code, officer, OVERSEER, today)
        for one in centre.policy.register.mandates
        for code in _codes(centre, acting)
    )


def _require_decision(sent: Opheffing) -> None:
    texts = {"besluitstuk": sent.besluitstuk, "beslotenDoor": sent.besloten_door}
    wrong = [
        FieldError(name, _("Eén regel van 3 tot {meest} tekens.").format(meest=LONGEST_TEXT))
        for name, text in texts.items()
        if not 3 <= len(text) <= LONGEST_TEXT or not text.isprintable()
    ]
    if wrong:
        raise Refusal(
            400,
            "geen-besluit",
            _("Er staat niet op welk besluit dit berust."),
            _("Een bevriezing wordt opgeheven op een besluit van het college. Er is niets opgeheven."),
            way_forward=_("Noem het document en wie besloot: een orgaan, geen persoon."),
            fields=tuple(wrong),
        )


def _frozen() -> Refusal:
    return Refusal(
        403,
        "medewerker-bevroren",
        _("Uw mandaat is bevroren."),
        _(
            "De FG van uw organisatie heeft om een bevriezing gevraagd. Zolang die staat, wordt elk verzoek geweigerd. Er is niets opgezocht en niets opgeslagen. Een bevriezing is geen oordeel over u."
        ),
        way_forward=_(
            "Vraag uw leidinggevende of de FG wat er is. Een functioneel beheerder kan de bevriezing opheffen na een besluit van het college. Bel bij gevaar 112."
        ),
        rule="C2",
    )


def _done_before() -> Refusal:
    return Refusal(
        409,
        "bevriezing-al-gedaan",
        _("Deze bevriezing is al bevestigd of opgeheven."),
        _("Er is niets veranderd."),
        way_forward=_("Bekijk de lijst opnieuw: daar staat wie het deed en wanneer."),
    )


def _unconfirmed() -> Refusal:
    return Refusal(
        409,
        "bevriezing-niet-bevestigd",
        _("Deze bevriezing is nog niet bevestigd."),
        _("Wie opheft, is een ander dan wie bevestigde. Er is niets opgeheven."),
        way_forward=_(
            "Laat een functioneel beheerder de bevriezing eerst bevestigen; een tweede heft die dan op."
        ),
        rule="C5",
    )


def _same_person() -> Refusal:
    return Refusal(
        403,
        "zelfde-persoon",
        _("U kunt deze bevriezing niet opheffen."),
        _("U bevestigde de bevriezing zelf. Opheffen doet een tweede functioneel beheerder."),
        way_forward=_("Vraag een andere functioneel beheerder van uw organisatie."),
        rule="C5",
    )
