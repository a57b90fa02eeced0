# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Noodopening (condition C9): in acute danger a party to a treffer learns at once whom to call at the other organisations, and nothing else.

In this order: the danger is one of `register.dangers`; policy permits the action (ground G-VIT chosen, a number, a reason); the treffer is one of the asker's, or TMM's coordinator
asks; policy opens `contact_officer` of each signal as an opened noodopening, so that minors, handling codes and no-police stay what they are. Then the noodopening, a flag for the
FG of the asker and of every owner whose contact was told, a review for each of them by the next working day, and the log entry become durable together, before anything is told.

Nothing of the narrative is opened, no field of the signal is, and the release that a contributor did not give stays ungiven. Whether it was right is for the FG's to say:
a verdict per organisation, written once; what nobody reviewed in time is among what waits for its FG.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from audit.canonical import JSON
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import (
    Centre,
    body_digest,
    disclosure,
    officer_mark,
    permit,
    receipt,
    repeated,
    require_rule,
    who,
)
from register.central.concerning import concern
from register.central.examining import signals_of
from register.central.phase2 import not_found
from register.central.reading import may_review
from register.central.store import break_glass as store
from register.central.store import flags
from register.central.store import treffers as treffer_store
from register.central.store.treffers import StoredTreffer
from register.central.store.work import LoggedWork
from register.central.treffers import examine_treffer, opened
from register.dangers import DANGERS, VERDICTS
from register.enquiry import Examined
from register.events import ASKER, CATALOGUE, OWNER
from register.ports import Permit
from register.wire import (
    Contact,
    Noodopening,
    NoodopeningBeoordeling,
    NoodopeningGedaan,
    NoodopeningLijst,
    NoodopeningNagekeken,
    NoodopeningRegel,
)
from register.workdays import next_workday

FLAG: Final = "noodopening"
_FIELD: Final = "contact_officer"
_COORDINATOR: Final = "tmm_coordinator"


def open_contact(centre: Centre, acting: Acting, sent: Noodopening, request_key: str) -> NoodopeningGedaan:
    """Tell whom to call, now.

    Raises:
        Refusal: 400 no such danger, 403 not this person or no ground G-VIT, 404 no such treffer for this person or nobody to tell, 409 the key was used otherwise.
    """
    if sent.gevaar not in DANGERS:
        raise _unknown("gevaar", DANGERS)
    person = asker(centre.policy.register, acting)
    why = replace(occasion(acting), acute_danger=True)
    require_rule(centre, person, why, "noodopening")
    allowed = permit(centre, person, why, "noodopening")
    body = sent.model_dump_json(by_alias=True).encode()
    due_on = next_workday(acting.moment.date())
    with centre.database.logged(acting.moment) as work:
        repeated(centre, work, acting, request_key, body)
        treffer = treffer_store.one(work, allowed, sent.treffer_id, why.today)
        # The same steps where there is none: what is not there costs what is not for this person.
        examined = examine_treffer(
            centre, work, allowed, person, replace(why, break_glass=True), treffer, (_FIELD,)
        )
        told = [one for one in examined if one.opens(_FIELD) and one.organisation != acting.organisation]
        if treffer is None or not told or not _party(centre, acting, treffer, examined):
            raise not_found()
        opening_id = UUID(bytes=body_digest(centre, acting, request_key, body)[:16], version=4)
        owners = sorted({one.organisation for one in told})
        _keep(centre, work, allowed, acting, sent, opening_id, owners)
        about = [(one.candidate.subject.signal_id, one.candidate.subject.ref) for one in told]
        concern(centre, work, acting, "noodopening", about)
        work.enter(_payloads(acting, allowed, sent, opening_id, told))
    return NoodopeningGedaan(
        noodopening_id=opening_id,
        contacten=[contact_of(centre, one) for one in owners],
        nakijken_voor=due_on,
        toelichting=_(
            "Alleen wie u kunt bellen is geopend. Bel bij direct gevaar eerst 112. De FG van uw organisatie en die van de andere kant krijgen bericht."
        ),
        logbewijs=receipt(work),
    )


def review(
    centre: Centre, acting: Acting, opening_id: UUID, sent: NoodopeningBeoordeling
) -> NoodopeningNagekeken:
    """An FG says whether a noodopening was right, for the own organisation.

    Raises:
        Refusal: 400 no such verdict, 403 not an FG, 404 not one of this organisation, 409 reviewed before.
    """
    if sent.oordeel not in VERDICTS:
        raise _unknown("oordeel", VERDICTS)
    allowed = may_review(centre, acting)
    codes = centre.policy.register.lineage(acting.organisation, acting.moment.date())
    with centre.database.logged(acting.moment) as work:
        concerned = [
            one
            for one in store.of_organisations(work, allowed, codes)
            if one.opening.opening_id == opening_id
        ]
        if not concerned:
            raise not_found()
        officer = acting.person.medewerker
        if not store.review(work, allowed, opening_id, codes, sent.oordeel, officer, acting.moment):
            raise _reviewed_before()
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "noodopening": str(opening_id),
            "oordeel": sent.oordeel,
        }
        work.enter({acting.organisation: CATALOGUE.payload("noodopening_nagekeken", ASKER, entry)})
    return NoodopeningNagekeken(noodopening_id=opening_id, oordeel=sent.oordeel, logbewijs=receipt(work))


def openings(centre: Centre, acting: Acting) -> NoodopeningLijst:
    """The noodopeningen that concern an FG's organisation, newest first.

    Raises:
        Refusal: 403.
    """
    allowed = may_review(centre, acting)
    codes = centre.policy.register.lineage(acting.organisation, acting.moment.date())
    with centre.database.logged(acting.moment) as work:
        found = store.of_organisations(work, allowed, codes)
        entry: dict[str, JSON] = {**who(acting, allowed.decision), "noodopeningen_geteld": len(found)}
        work.enter({acting.organisation: CATALOGUE.payload("noodopeningen_geraadpleegd", ASKER, entry)})
    today = acting.moment.date()
    return NoodopeningLijst(
        noodopeningen=[
            NoodopeningRegel(
                noodopening_id=one.opening.opening_id,
                moment=one.opening.opened_at,
                organisatie=one.opening.organisation,
                rol=one.opening.role,
                doel=one.opening.purpose,
                gevaar=one.opening.danger,
                # Who did it is for the own FG; the other reads the organisation and the role (C20).
                medewerker=one.opening.officer if one.opening.organisation in codes else None,
                nakijken_voor=one.opening.due_on,
                te_laat=one.verdict is None and one.opening.due_on < today,
                oordeel=one.verdict,
            )
            for one in found
        ],
        logbewijs=receipt(work),
    )


def _party(centre: Centre, acting: Acting, treffer: StoredTreffer, examined: Sequence[Examined]) -> bool:
    """Whether this treffer is the asker's to open: its organisation asked, or owns a signal in it; or it is TMM's coordinator."""
    today = acting.moment.date()
    asked_by = centre.policy.register.current(treffer.row.organisation, today)
    parties = {asked_by, *(one.organisation for one in examined)}
    return acting.organisation in parties or acting.person.rol == _COORDINATOR


def _keep(  # noqa: PLR0913, PLR0917 - what a noodopening is made of
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    acting: Acting,
    sent: Noodopening,
    opening_id: UUID,
    owners: Sequence[str],
) -> None:
    person = acting.person
    opening = {
        "opening_id": opening_id,
        "treffer_id": sent.treffer_id,
        "organisation": acting.organisation,
        "officer": person.medewerker,
        "role": person.rol,
        "purpose": person.doel,
        "danger": sent.gevaar,
        "opened_at": acting.moment,
        "due_on": next_workday(acting.moment.date()),
    }
    store.add(work, allowed, opening, {acting.organisation, *owners})
    mark = officer_mark(centre, acting.organisation, person.medewerker)
    flags.put(work.connection, acting.organisation, FLAG, mark, acting.moment, 1)
    for owner in owners:
        flags.put(work.connection, owner, FLAG, "", acting.moment, 1)


def _payloads(
    acting: Acting, allowed: Permit, sent: Noodopening, opening_id: UUID, told: Sequence[Examined]
) -> dict[str, dict[str, JSON]]:
    common: dict[str, JSON] = {"noodopening": str(opening_id), "gevaar": sent.gevaar}
    entry = {
        **who(acting, allowed.decision),
        **common,
        "treffer": str(sent.treffer_id),
        "velden": [_FIELD],
        "organisaties_geteld": len({one.organisation for one in told}),
    }
    payloads = {acting.organisation: CATALOGUE.payload("noodopening", ASKER, entry)}
    for owner, theirs in signals_of(told).items():
        signals = [one.candidate.subject.signal_id for one in theirs]
        said = disclosure(acting, opened(theirs), signals, [_FIELD])
        payloads[owner] = CATALOGUE.payload("noodopening", OWNER, {**said, **common})
    return payloads


def contact_of(centre: Centre, organisation: str) -> Contact:
    """How the aandachtsfunctionaris of an organisation is reached, as it said at its enrolment."""
    record = centre.policy.register.organisations.get(organisation)
    return Contact(
        organisatie=organisation,
        naam=organisation if record is None else record.name,
        bereikbaar=(record.contact if record is not None else "")
        or _(
            "Hiervan staat geen nummer in het register. Bel het algemene nummer en vraag naar de piketdienst."
        ),
    )


def _unknown(field: str, known: Collection[str]) -> Refusal:
    return Refusal(
        400,
        "onbekende-code",
        _("Deze code kennen we niet."),
        _("Er is niets geopend en niets vastgelegd."),
        way_forward=_("Kies een code uit de lijst en probeer het opnieuw. Bel bij direct gevaar 112."),
        fields=(FieldError(field, _("Kies uit: {codes}.").format(codes=", ".join(known))),),
        rule="C9",
    )


def _reviewed_before() -> Refusal:
    return Refusal(
        409,
        "al-nagekeken",
        _("Deze noodopening is al nagekeken."),
        _("Een oordeel wordt één keer vastgelegd en niet veranderd."),
        way_forward=_("Denkt u er nu anders over, leg dat dan vast in uw eigen dossier."),
    )
