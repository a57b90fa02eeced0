# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A month of the own organisation for its FG: in figures, signed off, proved, reported; and every disclosure of own signals to others.

A month is counted from the entries that the newest checkpoint covers, so that whoever has this checkpoint and these entries counts the same. What is past its term and not destroyed is no entry; the register's own tables
say it. The checkpoint at which the last month was signed off is verified to be where this one began: by the register when the month is shown, and by anyone with `signaalregister audit verify` on the
proof. Signing off puts counts and checkpoint in the log; it waits for the month's end, for a checkpoint that covers it, and for a verdict on all that was to be looked at.

Entries are opened before the transaction that writes the entry of the look, since questions at the door wait for that; nothing leaves before it is durable.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from audit.bundle import Bundle, bundle_json
from audit.canonical import JSON, base64_text
from audit.checkpoint import Checkpoint, ForkError, RollbackError, open_checkpoint, require_extension
from audit.note import NoteError, Verifier, parse
from process.language import gettext as _
from process.language import ngettext
from process.problem import Refusal
from register.central.asking_for import Acting
from register.central.centre import Centre, receipt, who
from register.central.freezing import records_of
from register.central.phase2 import not_found
from register.central.reading import exported, lines, may_review, newest_checkpoint, opened
from register.central.reviewing import codes_of, limits_of, month_named, weeks_of
from register.central.store import break_glass as break_glass_store
from register.central.store import destruction, freezes
from register.central.store import reviews as store
from register.central.store.reviews import SignedOff
from register.central.store.work import Transaction
from register.events import ASKER, CATALOGUE
from register.overseeing import Duties, Figures, discloses, figures, public_duties, public_figures
from register.ports import Permit
from register.reviewing import Line, Span, week_of
from register.reviewing import before as week_before
from register.wire import (
    Aftekening,
    Controlepunt,
    MaandAfgetekend,
    Maandcijfers,
    Maandoverzicht,
    Maandplichten,
    Samenhang,
    Verslag,
    Verstrekking,
    Verstrekkingen,
)

PAGE = 200


@dataclass(frozen=True)
class _Counted:
    """A month as it was counted at one checkpoint."""

    span: Span
    figures: Figures
    duties: Duties
    checkpoint: Checkpoint
    note: str
    covered: bool
    consistency: Samenhang | None
    signed: Aftekening | None
    drawn: bool
    unseen: tuple[str, ...]
    """Weeks of the month that job `postvak` has yet to go through: what is to be looked at of them is not known."""


def month(centre: Centre, acting: Acting, name: str, vkeys: tuple[str, str]) -> Maandoverzicht:
    """A month in figures.

    Raises:
        Refusal: 400 no such month, 403, 409 nothing was signed yet.
    """
    allowed, counted = _counted(centre, acting, name, vkeys)
    with centre.database.logged(acting.moment) as work:
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "periode": name,
            "omvang": counted.checkpoint.size,
            "regels_geteld": counted.figures.entries,
        }
        work.enter({acting.organisation: CATALOGUE.payload("maand_bekeken", ASKER, entry)})
    return Maandoverzicht(
        maand=name,
        organisatie=acting.organisation,
        afgelopen=acting.moment >= counted.span.end,
        controlepunt=_told(counted.checkpoint),
        cijfers=_figures(counted.figures, counted.duties),
        plichten=_duties(counted.duties),
        samenhang=counted.consistency,
        afgetekend=counted.signed,
        steekproef_getrokken=counted.drawn,
        logbewijs=receipt(work),
    )


def sign_month(centre: Centre, acting: Acting, name: str, vkeys: tuple[str, str]) -> MaandAfgetekend:
    """An FG signs a month off: counts and checkpoint go into the log.

    Raises:
        Refusal: 400 no such month, 403, 409 not over, not covered, not all looked at, the log does not fit on the last, or signed before.
    """
    allowed, counted = _counted(centre, acting, name, vkeys)
    _require_signable(counted, acting.moment)
    codes = codes_of(centre, acting)
    with centre.database.logged(acting.moment) as work:
        if store.signed(work.connection, codes, name) is not None:
            raise Refusal(
                409,
                "al-afgetekend",
                _("Deze maand is al afgetekend."),
                _("Een maand wordt één keer afgetekend. Er is niets veranderd."),
                way_forward=_("Bekijk het bewijs van deze maand."),
            )
        before = store.signed_before(work.connection, codes, name)
        store.sign(
            work, allowed, acting.organisation, name, counted.note, acting.person.medewerker, acting.moment
        )
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "periode": name,
            "omvang": counted.checkpoint.size,
            "wortel": base64_text(counted.checkpoint.root),
            "omvang_hiervoor": None if before is None else _of(before.note).size,
            "telling": _signed_counts(counted),
        }
        work.enter({acting.organisation: CATALOGUE.payload("maand_afgetekend", ASKER, entry)})
    proof = receipt(work)
    return MaandAfgetekend(
        maand=name, controlepunt=_told(counted.checkpoint), bewijs_blad=proof.blad, logbewijs=proof
    )


def proof(centre: Centre, acting: Acting, name: str, vkeys: tuple[str, str]) -> dict[str, JSON]:
    """What proves a month: the newest checkpoint, that of the last sign-off before it with the proof of consistency, and the sign-off opened.

    Before the month was signed off it holds the last own entry instead.

    Raises:
        Refusal: 400 no such month, 403, 409 nothing was signed yet, or there is no entry.
    """
    month_named(name)
    allowed = may_review(centre, acting)
    codes = codes_of(centre, acting)
    with centre.database.public() as connection:
        bundle = _bundle(centre, connection, codes, name, vkeys)
    with centre.database.logged(acting.moment) as work:
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "periode": name,
            "omvang": _of(bundle.checkpoint).size,
            "regels_geteld": len(bundle.entries),
        }
        work.enter({acting.organisation: CATALOGUE.payload("maand_bekeken", ASKER, entry)})
    return bundle_json(bundle)


def report(centre: Centre, acting: Acting, name: str, vkeys: tuple[str, str]) -> Verslag:
    """A month for the council and the AP: no personal data, small numbers treated (C11).

    Raises:
        Refusal: 400 no such month, 403, 409 nothing was signed yet.
    """
    allowed, counted = _counted(centre, acting, name, vkeys)
    with centre.database.logged(acting.moment) as work:
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "periode": name,
            "omvang": counted.checkpoint.size,
        }
        work.enter({acting.organisation: CATALOGUE.payload("verslag_gemaakt", ASKER, entry)})
    record = centre.policy.register.organisations.get(acting.organisation)
    return Verslag(
        organisatie=acting.organisation,
        naam=acting.organisation if record is None else record.name,
        maand=name,
        afgelopen=acting.moment >= counted.span.end,
        cijfers=public_figures(counted.figures, counted.duties.verdicts),
        plichten=public_duties(counted.duties),
        samenhang_klopt=None if counted.consistency is None else counted.consistency.klopt,
        controlepunt=_told(counted.checkpoint),
        uitleg=explanation(),
        logbewijs=receipt(work),
    )


def explanation() -> list[str]:
    """What a reader of a report must know to read it well."""
    return [
        _("Dit verslag bevat geen persoonsgegevens, ook geen nummers van medewerkers."),
        _("Aantallen onder de 10 staan er als '<10', ook als het er nul zijn. Andere aantallen zijn afgerond op vijf. Zo is niemand te herkennen."),
        _("Redenen en grondslagen die minder dan 10 keer voorkomen, staan samen onder 'overige'."),
        _("Wat te laat is (vernietigen, beoordelen) staat er precies, want dat gaat over de organisatie en niet over personen."),
        _("Alles is geteld uit het logboek tot en met het genoemde controlepunt. De FG kan dat bewijzen."),
    ]  # fmt: skip


def disclosures(centre: Centre, acting: Acting, name: str, since: int) -> Verstrekkingen:
    """Every time that another organisation was shown something of an own signal in a month, from a leaf on.

    Raises:
        Refusal: 400 no such month, 403.
    """
    span = month_named(name)
    allowed = may_review(centre, acting)
    with centre.database.public() as connection:
        found = lines(centre, connection, codes_of(centre, acting), span.start, span.end)
    told = [one for one in found if discloses(one) and one.leaf >= since]
    page = told[:PAGE]
    with centre.database.logged(acting.moment) as work:
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "periode": name,
            "regels_geteld": len(page),
        }
        work.enter({acting.organisation: CATALOGUE.payload("verstrekkingen_bekeken", ASKER, entry)})
    return Verstrekkingen(
        maand=name,
        verstrekkingen=[_disclosure(one) for one in page],
        volgende=page[-1].leaf + 1 if len(told) > PAGE else None,
        logbewijs=receipt(work),
    )


def _counted(centre: Centre, acting: Acting, name: str, vkeys: tuple[str, str]) -> tuple[Permit, _Counted]:
    span = month_named(name)
    allowed = may_review(centre, acting)
    limits, codes = limits_of(centre, acting.organisation), codes_of(centre, acting)
    # An outcome may come after the month.
    until = span.end + timedelta(days=limits["uitkomst_dagen"])
    with centre.database.public() as connection:
        checkpoint, note = newest_checkpoint(centre, connection)
        found = lines(centre, connection, codes, span.start, until, checkpoint.size)
        signed = store.signed(connection, codes, name)
        counted = _Counted(
            span=span,
            figures=figures(found, span, limits, acting.moment),
            duties=_of_duty(centre, connection, codes, span, acting.moment.date()),
            checkpoint=checkpoint,
            note=note,
            covered=_covered(centre, connection, codes, span, checkpoint),
            consistency=_consistency(centre, connection, codes, name, vkeys),
            signed=None if signed is None else _signed_off(signed),
            drawn=store.draw_of(connection, codes, name) is not None,
            unseen=_unseen(connection, codes, span, acting.moment),
        )
    return allowed, counted


def _unseen(connection: Transaction, codes: list[str], span: Span, moment: datetime) -> tuple[str, ...]:
    periods = periods_of(span)
    weeks = weeks_of(moment, store.newest_week(connection))
    due = [one.name for one in weeks if one.name in periods]
    done = {period for code, period in store.drawn(connection, due) if code in codes}
    return tuple(one for one in due if one not in done)


def _covered(
    centre: Centre, connection: Transaction, codes: list[str], span: Span, checkpoint: Checkpoint
) -> bool:
    """Whether no entry of the month lies beyond the checkpoint."""
    log = centre.database.log
    beyond = (
        next(opened(centre, log.payloads_of(connection, code, checkpoint.size, 8)), None) for code in codes
    )
    return all(one is None or one.moment >= span.end for one in beyond)


def _of_duty(centre: Centre, connection: Transaction, codes: list[str], span: Span, today: date) -> Duties:
    # Until a day after its term the job has time; what is there longer must not be.
    # What a freeze holds may stay.
    held = freezes.held_treffers(freezes.holds(connection, records_of(centre), today))
    expired = destruction.expired_and_there(connection, today - timedelta(days=1), held)
    late = break_glass_store.unreviewed(connection, today)
    items = store.standing(connection, codes, periods_of(span), today)
    return Duties(
        expired_there=sum(expired.get(code, 0) for code in codes),
        reviewed=items.reviewed,
        open=items.open,
        late=items.late,
        emergencies_late=sum(late.get(code, 0) for code in codes),
        verdicts=store.verdicts(connection, codes, periods_of(span)),
    )


def _consistency(
    centre: Centre, connection: Transaction, codes: list[str], name: str, vkeys: tuple[str, str]
) -> Samenhang | None:
    """Whether the log is still built on what it was when a month before was signed off; None when none was."""
    before = store.signed_before(connection, codes, name)
    if before is None:
        return None
    log, verifier = centre.database.log, Verifier.from_vkey(vkeys[0])
    _checkpoint, note = newest_checkpoint(centre, connection)
    try:
        then, now = (open_checkpoint(one, verifier) for one in (before.note, note))
        require_extension(then, now, then.size, log.consistency_proof(connection, then.size, now.size))
    except (NoteError, RollbackError, ForkError, LookupError) as error:
        steps = [_("Het logboek sluit niet aan op het eerdere controlepunt: {reden}.").format(reden=error)]
        return Samenhang(maand=before.month, omvang=_of(before.note).size, klopt=False, stappen=steps)
    steps = [
        _("Beide controlepunten zijn door het logboek ondertekend."),
        _(
            "Alles wat bij het eerdere controlepunt ({aantal} bladen) in het logboek stond, staat er nog."
        ).format(aantal=then.size),
    ]
    return Samenhang(maand=before.month, omvang=then.size, klopt=True, stappen=steps)


def _bundle(
    centre: Centre, connection: Transaction, codes: list[str], name: str, vkeys: tuple[str, str]
) -> Bundle:
    log = centre.database.log
    checkpoint, note = newest_checkpoint(centre, connection)
    signed = store.signed(connection, codes, name)
    before = store.signed_before(connection, codes, name)
    earlier = next((one.note for one in (before, signed) if one is not None), None)
    span = month_named(name)
    proved = [] if signed is None else [signed.entry]
    proved += store.verdict_leaves(connection, codes, periods_of(span))
    proved = [one for one in proved if one is not None and one < checkpoint.size]
    if not proved:
        proved = [
            one.leaf for one in lines(centre, connection, codes, span.start, span.end, checkpoint.size)[-1:]
        ]
    if not proved:
        raise not_found()
    return Bundle(
        note,
        vkeys[0],
        (vkeys[1],),
        tuple(exported(centre, connection, codes, leaf, checkpoint.size) for leaf in sorted(proved)),
        earlier=earlier,
        consistency=()
        if earlier is None
        else log.consistency_proof(connection, _of(earlier).size, checkpoint.size),
    )


def _require_signable(counted: _Counted, moment: datetime) -> None:
    if moment < counted.span.end:
        raise Refusal(
            409,
            "maand-loopt-nog",
            _("Deze maand is nog niet voorbij."),
            _("Er is niets afgetekend."),
            way_forward=_("Teken af als de maand voorbij is."),
        )
    if not counted.covered:
        raise Refusal(
            409,
            "nog-geen-controlepunt",
            _("Het controlepunt dekt deze maand nog niet."),
            _("Er is niets afgetekend: de laatste regels van de maand zijn nog niet ondertekend."),
            way_forward=_(
                "Probeer het over een minuut opnieuw. Duurt het langer dan tien minuten, meld dat dan."
            ),
            retry_after=10,
        )
    if counted.consistency is not None and not counted.consistency.klopt:
        raise Refusal(
            409,
            "logboek-sluit-niet-aan",
            _("Het logboek sluit niet aan op de maand die u eerder aftekende."),
            _("Er is niets afgetekend. Dit mag nooit gebeuren: er is een regel veranderd of weggehaald."),
            way_forward=_(
                "Bewaar het bewijs van deze maand en meld dit vandaag bij de FG's van de andere gemeenten."
            ),
        )
    if counted.unseen:
        raise Refusal(
            409,
            "week-nog-niet-doorlopen",
            _("Een week van deze maand is nog niet doorlopen."),
            _(
                "Er is niets afgetekend: welke vragen u van die week moet bekijken, staat nog niet in uw postvak."
            ),
            way_forward=_("Probeer het over een uur opnieuw. Duurt het langer dan een dag, meld dat dan."),
            retry_after=3600,
        )
    waiting = counted.duties.open + counted.duties.late
    if waiting:
        raise Refusal(
            409,
            "nog-niet-alles-bekeken",
            _("In uw postvak staan nog vragen van deze maand."),
            ngettext(
                "Er wacht nog {aantal} vraag op uw oordeel. Er is niets afgetekend.",
                "Er wachten nog {aantal} vragen op uw oordeel. Er is niets afgetekend.",
                waiting,
            ).format(aantal=waiting),
            way_forward=_("Geef eerst over elke vraag een oordeel. 'Ik heb nog een vraag' mag ook."),
        )


def _signed_counts(counted: _Counted) -> dict[str, JSON]:
    found, duties = counted.figures, counted.duties
    return {
        "vragen": found.questions,
        "treffers": found.hits,
        "ingediend": found.submissions,
        "vrijgaven": found.releases,
        "weigeringen": sum(found.refusals.values()),
        "buiten_werktijd": found.out_of_hours,
        "zonder_uitkomst": found.without_outcome,
        "noodopeningen": found.emergencies,
        "verstrekkingen": found.disclosures,
        "verlopen_niet_vernietigd": duties.expired_there,
        "beoordeeld": duties.reviewed,
    }


def periods_of(span: Span) -> list[str]:
    """The month itself and the weeks of which the last day lies in it: what is looked at of a month."""
    found, one = [span.name], week_of(span.end)
    while (one := week_before(one)).end > span.start:
        if one.end - timedelta(seconds=1) in span:
            found.append(one.name)
    return found


def _of(note: str) -> Checkpoint:
    return Checkpoint.from_text(parse(note).text)


def _told(checkpoint: Checkpoint) -> Controlepunt:
    return Controlepunt(omvang=checkpoint.size, wortel=base64_text(checkpoint.root))


def _signed_off(row: SignedOff) -> Aftekening:
    return Aftekening(op=row.signed_at, omvang=_of(row.note).size, bewijs_blad=row.entry)


def _duties(found: Duties) -> Maandplichten:
    return Maandplichten(
        verlopen_niet_vernietigd=found.expired_there,
        beoordeeld=found.reviewed,
        nog_te_beoordelen=found.open,
        te_laat=found.late,
        noodopeningen_te_laat=found.emergencies_late,
    )


def _figures(found: Figures, duties: Duties) -> Maandcijfers:
    return Maandcijfers(
        regels=found.entries,
        vragen=found.questions,
        herhaald=found.repeated,
        antwoord_van=dict(found.answered_by),
        ingediend=found.submissions,
        treffers=found.hits,
        fase2_gevraagd=found.phase_2_asked,
        vrijgaven=found.releases,
        contact_vrijgaven=found.contacts,
        weigeringen=dict(found.refusals),
        buiten_werktijd=found.out_of_hours,
        zonder_uitkomst=found.without_outcome,
        uitkomst_nog_te_komen=found.outcome_to_come,
        noodopeningen=found.emergencies,
        noodopeningen_nagekeken=found.emergencies_reviewed,
        grondslagen=dict(found.grounds),
        medewerkers=dict(found.officers),
        verstrekkingen=found.disclosures,
        logboek_gelezen=found.looks,
        oordelen=dict(duties.verdicts),
        klok_terug=found.backwards,
    )


def _disclosure(one: Line) -> Verstrekking:
    said = one.fields
    return Verstrekking(
        blad=one.leaf,
        gebeurtenis=one.event,
        moment=one.moment,
        organisatie=str(said.get("organisatie", "")),
        rol=str(said.get("rol", "")),
        doel=str(said.get("doel", "")),
        grondslag=[str(ground) for ground in said.get("grondslag") or ()],
        signalen=[str(signal) for signal in said.get("signalen") or ()],
        velden=[str(name) for name in said.get("velden") or ()],
    )
