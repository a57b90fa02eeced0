# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Data breaches (AVG 33): an FG draws up the notification from the own organisation's log, sees until when it is to be reported, and says how it was settled.

In this order: the FG may read the own log (the same permit as there); the entries are the own organisation's questions, of one leaf, of a freeze, or of an officer or everybody in a period; what is
counted over them (`register.breaches`) becomes durable with the moment since which it is known and with the log entry. The figures are kept as they were then, because keys of the log may be gone when the supervisor asks. The 72 hours run from that moment, which lies not in the
future. Settling is done once, with a code, and both stay: this is the register of breaches of AVG 33(5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from audit.canonical import JSON
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.breaches import QUESTION, Facts, Figures, draft, figures, moments
from register.central.asking_for import Acting
from register.central.centre import Centre, body_digest, receipt, repeated, who
from register.central.logbook import may_read, opened_entries
from register.central.phase2 import not_found
from register.central.store import breaches as store
from register.central.store import freezes, organisations
from register.central.store.work import LoggedWork
from register.events import ASKER, CATALOGUE
from register.ports import Permit
from register.safeguards import SETTLED, report_before
from register.wire import (
    Datalek,
    DatalekAfgehandeld,
    DatalekAfhandeling,
    DatalekConcept,
    DatalekLijst,
    DatalekRubriek,
    DatalekStand,
    DatalekVraag,
)
from register.words import moment_in_words

_EARLIEST = datetime(2018, 5, 25, tzinfo=UTC)
"""Since when the AVG applies: nothing that was known before is reported under it."""


@dataclass(frozen=True)
class _Span:
    """Which questions a breach is about."""

    leaf: int | None
    officer: str
    first_day: date | None
    last_day: date | None

    def holds(self, fields: dict[str, Any]) -> bool:
        if self.officer and fields.get("medewerker") != self.officer:
            return False
        day = datetime.fromisoformat(str(fields["moment"])).astimezone(UTC).date()
        return (self.first_day is None or day >= self.first_day) and (
            self.last_day is None or day <= self.last_day
        )


def draw_up(centre: Centre, acting: Acting, sent: Datalek, request_key: str) -> DatalekConcept:
    """A draft of a notification.

    Raises:
        Refusal: 400 nothing to draw it up from, or known in the future; 403 not an FG; 404 no such entry or freeze; 409 the key was used otherwise.
    """
    _require_source(acting, sent)
    allowed = may_read(centre, acting)
    body = sent.model_dump_json(by_alias=True).encode()
    breach_id = UUID(bytes=body_digest(centre, acting, request_key, body)[:16], version=4)
    codes = _codes(centre, acting)
    with centre.database.logged(acting.moment) as work:
        repeated(centre, work, acting, request_key, body)
        span = _span(work, allowed, sent, codes)
        counted = figures(_questions(centre, work, allowed, acting, span))
        if span.leaf is not None and counted.questions == 0:
            raise not_found()
        known_at = sent.bekend_op or acting.moment
        row = {
            "breach_id": breach_id,
            "organisation": acting.organisation,
            "officer": span.officer,
            "leaf": span.leaf,
            "freeze_id": sent.bevriezing_id,
            "known_at": known_at,
            "opened_by": acting.person.medewerker,
            "opened_at": acting.moment,
            "figures": counted.stored(),
        }
        store.add(work, allowed, row)
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "datalek": str(breach_id),
            "melden_voor": report_before(known_at).isoformat(timespec="seconds"),
            "regels_geteld": counted.questions,
        }
        work.enter({acting.organisation: CATALOGUE.payload("datalek_opgesteld", ASKER, entry)})
        found = _found(centre, work, allowed, acting, breach_id)
    return _concept(centre, acting, work, *found)


def read(centre: Centre, acting: Acting, breach_id: UUID) -> DatalekConcept:
    """The draft again, with what a freeze did meanwhile.

    Raises:
        Refusal: 403; 404 not one of this organisation.
    """
    allowed = may_read(centre, acting)
    with centre.database.logged(acting.moment) as work:
        found = _found(centre, work, allowed, acting, breach_id)
        entry: dict[str, JSON] = {**who(acting, allowed.decision), "datalek": str(breach_id)}
        work.enter({acting.organisation: CATALOGUE.payload("datalek_geraadpleegd", ASKER, entry)})
    return _concept(centre, acting, work, *found)


def listed(centre: Centre, acting: Acting) -> DatalekLijst:
    """The organisation's register of breaches, newest first.

    Raises:
        Refusal: 403.
    """
    allowed = may_read(centre, acting)
    with centre.database.logged(acting.moment) as work:
        found = store.of_organisations(work, allowed, _codes(centre, acting))
        entry: dict[str, JSON] = {**who(acting, allowed.decision), "datalekken_geteld": len(found)}
        work.enter({acting.organisation: CATALOGUE.payload("datalekken_geraadpleegd", ASKER, entry)})
    return DatalekLijst(
        datalekken=[DatalekStand(**_members(one, acting)) for one in found], logbewijs=receipt(work)
    )


def settle(centre: Centre, acting: Acting, breach_id: UUID, sent: DatalekAfhandeling) -> DatalekAfgehandeld:
    """Say that it was reported, or why not.

    Raises:
        Refusal: 400 no such code; 403; 404; 409 settled before.
    """
    if sent.afhandeling not in SETTLED:
        raise Refusal(
            400,
            "onbekende-afhandeling",
            _("Deze afhandeling kennen we niet."),
            _("Er is niets vastgelegd."),
            way_forward=_("Kies een code uit de lijst."),
            fields=(FieldError("afhandeling", _("Kies uit: {codes}.").format(codes=", ".join(SETTLED))),),
        )
    allowed = may_read(centre, acting)
    with centre.database.logged(acting.moment) as work:
        _found(centre, work, allowed, acting, breach_id)
        if not store.settle(
            work, allowed, breach_id, sent.afhandeling, acting.person.medewerker, acting.moment
        ):
            raise Refusal(
                409,
                "datalek-al-afgehandeld",
                _("Dit datalek is al afgehandeld."),
                _("Een afhandeling wordt één keer vastgelegd en niet veranderd."),
                way_forward=_("Is er iets nieuws, maak dan een nieuw concept."),
            )
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "datalek": str(breach_id),
            "afhandeling": sent.afhandeling,
        }
        work.enter({acting.organisation: CATALOGUE.payload("datalek_afgehandeld", ASKER, entry)})
    return DatalekAfgehandeld(datalek_id=breach_id, afhandeling=sent.afhandeling, logbewijs=receipt(work))


def _codes(centre: Centre, acting: Acting) -> frozenset[str]:
    return centre.policy.register.lineage(acting.organisation, acting.moment.date())


def _require_source(acting: Acting, sent: Datalek) -> None:
    wrong = []
    if sent.blad is None and sent.bevriezing_id is None and sent.medewerker is None and sent.van_dag is None:
        wrong.append(
            FieldError("blad", _("Noem een logregel, een bevriezing, een medewerker of een periode."))
        )
    if sent.bekend_op is not None and not _can_be_known(sent.bekend_op, acting.moment):
        wrong.append(
            FieldError(
                "bekendOp", _("Dit moment ligt in de toekomst of te ver terug, of heeft geen tijdzone.")
            )
        )
    if wrong:
        raise Refusal(
            400,
            "geen-datalek",
            _("Hiervan is geen concept te maken."),
            _("Er is niets vastgelegd."),
            way_forward=_("Verbeter de genoemde velden en verstuur opnieuw."),
            fields=tuple(wrong),
        )


def _can_be_known(moment: datetime, now: datetime) -> bool:
    return moment.tzinfo is not None and _EARLIEST <= moment <= now


def _span(work: LoggedWork, allowed: Permit, sent: Datalek, codes: frozenset[str]) -> _Span:
    if sent.bevriezing_id is None:
        return _Span(sent.blad, sent.medewerker or "", sent.van_dag, sent.tot_dag)
    freeze = freezes.one(work, allowed, sent.bevriezing_id, codes)
    if freeze is None:
        raise not_found()
    return _Span(sent.blad, freeze.officer, freeze.first_day, freeze.last_day)


def _questions(
    centre: Centre, work: LoggedWork, allowed: Permit, acting: Acting, span: _Span
) -> Iterator[dict[str, Any]]:
    """The fields of the own questions that a breach is about."""
    for leaf, event, audience, fields in opened_entries(centre, work, allowed, acting, span.leaf or 0):
        if span.leaf is not None and leaf > span.leaf:
            return
        if (event, audience) == (QUESTION, ASKER) and span.holds(fields):
            yield fields


def _found(
    centre: Centre, work: LoggedWork, allowed: Permit, acting: Acting, breach_id: UUID
) -> tuple[store.Record, freezes.Record | None]:
    codes = _codes(centre, acting)
    breach = store.one(work, allowed, breach_id, codes)
    if breach is None:
        raise not_found()
    standing = [
        one
        for one in freezes.of_organisations(work, allowed, codes)
        if one.freeze_id == breach.freeze_id or (breach.officer and one.officer == breach.officer)
    ]
    return breach, standing[0] if standing else None


def _members(row: store.Record, acting: Acting) -> dict[str, Any]:
    before = report_before(row.known_at)
    return {
        "datalek_id": row.breach_id,
        "bekend_op": row.known_at,
        "melden_voor": before,
        "opgesteld_op": row.opened_at,
        "te_laat": row.settled is None and acting.moment > before,
        "afhandeling": row.settled,
        "afgehandeld_op": row.settled_at,
        "bevriezing_id": row.freeze_id,
    }


def _concept(
    centre: Centre, acting: Acting, work: LoggedWork, breach: store.Record, freeze: freezes.Record | None
) -> DatalekConcept:
    record = centre.policy.register.organisations.get(acting.organisation)
    with centre.database.public() as connection:
        # Of an organisation of the profile's files there is no contact on record.
        enrolled = organisations.one(connection, acting.organisation)
    counted = Figures.read(breach.figures)
    facts = Facts(
        organisation=acting.organisation if record is None else record.name,
        fg_contact="" if enrolled is None else enrolled.fg_contact,
        known_at=breach.known_at,
        frozen_at=None if freeze is None else freeze.asked_at,
        frozen_now=freeze is not None and freeze.lifted_at is None,
        confirmed_at=None if freeze is None else freeze.confirmed_at,
    )
    words = {
        name: "" if moment is None else moment_in_words(moment)
        for name, moment in moments(facts, counted).items()
    }
    return DatalekConcept(
        **_members(breach, acting),
        rubrieken=[
            DatalekRubriek(
                titel=title,
                vragen=[DatalekVraag(vraag=question, antwoord=answer) for question, answer in rows],
            )
            for title, rows in draft(facts, counted, words)
        ],
        logbewijs=receipt(work),
    )
