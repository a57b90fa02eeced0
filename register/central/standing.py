# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Attenderingen (`attendering_zetten`): a standing question, set on purpose, with a reason, for 90 days at most.

1. It stands on an **own signal** or on a **treffer that exists for this person**, and on nothing else: no pseudonym comes in and none is kept. Who has no signal cannot be followed:
   without an aanwijzing that carries there is nobody to wait for (docs/adr/0045-notices-without-content-and-standing-questions-without-pseudonyms.md).
2. Policy decides that it may be set, and again for each thing that comes whether its setter may know of that (`register.central.attending`).
3. It ends by itself on its day, or at once by anybody of the role; with the signal or treffer that it stands on there is nothing left to follow.
4. Setting, listing and ending are entries; that one was set is told to the FG of the organisation, like a question that stands out.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from audit.canonical import JSON
from policies.decision import Formalities, SignalFacts
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.asking_again import knows
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import (
    Centre,
    body_digest,
    officer_mark,
    permit,
    receipt,
    repeated,
    require_rule,
    who,
)
from register.central.concerning import concern
from register.central.phase2 import not_found
from register.central.store import flags, watching
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.watching import Record
from register.central.store.work import LoggedWork
from register.central.tracks import examine_track
from register.central.treffers import ENOUGH, examine_treffer, shown_subjects
from register.events import ASKER, CATALOGUE
from register.notices import COORDINATOR, FOLLOWING, LONGEST_TERM
from register.ports import Permit
from register.wire import Attendering, AttenderingGedaan, AttenderingLijst, AttenderingStand

FLAG: Final = "attendering_gezet"


def set_one(centre: Centre, acting: Acting, sent: Attendering, request_key: str) -> AttenderingGedaan:
    """Set one.

    Raises:
        Refusal: 400 no such reason or term; 403 not this person; 404 nothing of that for this person; 409 the key was used otherwise.
    """
    _require_sense(sent)
    person = asker(centre.policy.register, acting)
    why = replace(
        occasion(acting, ENOUGH),
        formalities=Formalities(explicit=sent.uitdrukkelijk, term_days=sent.dagen),
    )
    allowed = permit(centre, person, why, "attendering_zetten", _own(acting))
    body = sent.model_dump_json(by_alias=True).encode()
    attendering_id = UUID(bytes=body_digest(centre, acting, request_key, body)[:16], version=4)
    with centre.database.logged(acting.moment) as work:
        again = repeated(centre, work, acting, request_key, body)
        about = _followed(centre, work, allowed, acting, sent)
        if not again:
            row = {
                "attendering_id": attendering_id,
                "organisation": acting.organisation,
                "officer": acting.person.medewerker,
                "role": acting.person.rol,
                "purpose": acting.person.doel,
                "control": acting.person.zaaknummer,
                "ground": acting.person.grondslag,
                "reason": sent.reden,
                "about": sent.over,
                "about_id": sent.over_id,
                "set_at": acting.moment,
                "ends_on": acting.moment.date() + timedelta(days=sent.dagen),
            }
            watching.add(work, allowed, row)
            mark = officer_mark(centre, acting.organisation, acting.person.medewerker)
            flags.put(work.connection, acting.organisation, FLAG, mark, acting.moment, 1)
        concern(centre, work, acting, "attendering_gezet", about)
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "attendering": str(attendering_id),
            sent.over: str(sent.over_id),
            "waarom_gevolgd": sent.reden,
            "dagen": sent.dagen,
            "herhaald": again,
        }
        work.enter({acting.organisation: CATALOGUE.payload("attendering_gezet", ASKER, entry)})
        made = watching.one(work, allowed, attendering_id, {acting.organisation})
    return AttenderingGedaan(**_members(made, acting), logbewijs=receipt(work))


def end_one(centre: Centre, acting: Acting, attendering_id: UUID) -> AttenderingGedaan:
    """End one; ending it again changes nothing.

    Raises:
        Refusal: 403; 404 not one of this organisation and role.
    """
    allowed = _may_look(centre, acting)
    codes = _codes(centre, acting)
    with centre.database.logged(acting.moment) as work:
        found = watching.one(work, allowed, attendering_id, codes)
        if found is None or found.role != acting.person.rol:
            raise not_found()
        watching.end(work, allowed, attendering_id, acting.person.medewerker, acting.moment)
        entry: dict[str, JSON] = {**who(acting, allowed.decision), "attendering": str(attendering_id)}
        work.enter({acting.organisation: CATALOGUE.payload("attendering_beeindigd", ASKER, entry)})
        made = watching.one(work, allowed, attendering_id, codes)
    return AttenderingGedaan(**_members(made, acting), logbewijs=receipt(work))


def listed(centre: Centre, acting: Acting) -> AttenderingLijst:
    """Those of this role of the own organisation, newest first.

    Raises:
        Refusal: 403.
    """
    allowed = _may_look(centre, acting)
    with centre.database.logged(acting.moment) as work:
        rows = [
            one
            for one in watching.of_organisations(work, allowed, _codes(centre, acting))
            if one.role == acting.person.rol
        ]
        entry: dict[str, JSON] = {**who(acting, allowed.decision), "attenderingen_geteld": len(rows)}
        work.enter({acting.organisation: CATALOGUE.payload("attenderingen_geraadpleegd", ASKER, entry)})
    return AttenderingLijst(
        attenderingen=[AttenderingStand(**_members(one, acting)) for one in rows], logbewijs=receipt(work)
    )


def _followed(
    centre: Centre, work: LoggedWork, allowed: Permit, acting: Acting, sent: Attendering
) -> list[tuple[UUID, str]]:
    """The subjects that it follows. For a signal and a treffer alike it looks for both, so that what is not there costs what is not for this person.

    Raises:
        Refusal: 404.
    """
    today = acting.moment.date()
    own = signal_store.own_subjects_of(work, allowed, sent.over_id, _codes(centre, acting), today)
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    known = knows(centre, work, allowed, person, why, own)
    treffer = treffer_store.one(work, allowed, sent.over_id, today)
    if acting.person.rol == COORDINATOR:
        examined, _stored = examine_track(centre, work, allowed, person, why, treffer, ("hit",))
        there = len({one.organisation for one in examined if one.opens("hit")}) >= 2
    else:
        examined = examine_treffer(centre, work, allowed, person, why, treffer, ("hit", "minor_flag"))
        owners = {one.organisation for one in examined}
        asked_by = (
            None if treffer is None else centre.policy.register.current(treffer.row.organisation, today)
        )
        party = acting.organisation in owners | {asked_by}
        there = party and any(one.opens("hit") or one.opens("minor_flag") for one in examined)
    if sent.over == watching.SIGNAL and known:
        return [(one.key.signal_id, one.key.ref) for one in own]
    if sent.over == watching.TREFFER and there:
        return shown_subjects(examined)
    raise not_found()


def _may_look(centre: Centre, acting: Acting) -> Permit:
    """Whoever could set one here may see and end those of the own role."""
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, "attendering_zetten")
    return permit(centre, person, why, "bevragen")


def _own(acting: Acting) -> SignalFacts:
    return SignalFacts(owner=acting.organisation, parties=frozenset({acting.organisation}))


def _codes(centre: Centre, acting: Acting) -> frozenset[str]:
    return centre.policy.register.lineage(acting.organisation, acting.moment.date())


def _members(row: Record | None, acting: Acting) -> Mapping[str, Any]:
    if row is None:
        raise not_found()
    over = row.ends_on <= acting.moment.date()
    return {
        "attendering_id": row.attendering_id,
        "over": row.about,
        "over_id": row.about_id,
        "reden": row.reason,
        "medewerker": row.officer,
        "gezet_op": row.set_at,
        "eindigt_op": row.ends_on,
        "stand": "beeindigd" if row.ended_at is not None else "voorbij" if over else "loopt",
    }


def _require_sense(sent: Attendering) -> None:
    wrong = []
    if sent.reden not in FOLLOWING:
        wrong.append(FieldError("reden", _("Kies uit: {codes}.").format(codes=", ".join(FOLLOWING))))
    if not 1 <= sent.dagen <= LONGEST_TERM:
        wrong.append(FieldError("dagen", _("Kies 1 tot en met {meest} dagen.").format(meest=LONGEST_TERM)))
    if not sent.uitdrukkelijk:
        wrong.append(
            FieldError("uitdrukkelijk", _("Zeg uitdrukkelijk dat u deze persoon wilt blijven volgen."))
        )
    if wrong:
        raise Refusal(
            400,
            "geen-attendering",
            _("Deze attendering kan zo niet."),
            _("Er is niets gezet."),
            way_forward=_("Verbeter de genoemde velden en verstuur opnieuw."),
            fields=tuple(wrong),
        )
