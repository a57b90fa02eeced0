# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Jobs `herinneringen` and `aflopend`: what waits for people who sign in at the register, counted and told with what to do now.

A flag for an FG (`store.flags`) stands here for a week, from the moment it was raised; the log says what it is about.

Counts only: which treffer it is they see where policy opens it. What needs a look at signals (`aflopend`: treffers that lapse within a week) is
counted as the coordinator who would list them sees it, by policy, under that person's mandate and ground, and stands in that organisation's log; once a
day, so that counting does not fill the log. A reminder is gone when its cause is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from policies.grounds import GroundRegister
from process.jobs import JobState
from process.language import gettext as _
from process.language import ngettext
from process.problem import Refusal
from register import casework, reconciliation
from register.central import break_glass, escalating, freezing, standing
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit
from register.central.freezing import ADMINISTRATOR, records_of
from register.central.store import (
    breaches,
    destruction,
    flags,
    freezes,
    notices,
    proposals,
    questions,
    reviews,
)
from register.central.store import break_glass as break_glass_store
from register.central.store import reminders as store
from register.central.store import treffers as treffer_store
from register.central.store.reminders import EVERY_ORGANISATION, Counted, Reminder
from register.central.store.work import Transaction
from register.central.tracks import examine_track
from register.central.treffers import ENOUGH
from register.central.witnesses import Published
from register.events import CATALOGUE, SUBJECT
from register.notices import KINDS as KINDS_OF_NOTICE
from register.notices import Notice
from register.notices import sentences as notice_sentences
from register.proposing import Proposal, State
from register.rationing import REACHED
from register.safeguards import REPORT_WITHIN
from register.wire import ActingFor, Herinnering
from register.words import purpose_of

COORDINATOR = "tmm_coordinator"
FG = "fg"

UNRELEASED = "fase_2_zonder_vrijgave"
LAPSING = "treffers_vervallen"
UNREVIEWED = "noodopening_niet_nagekeken"
UNLOOKED = "postvak_te_laat"
UNSUPERVISED = "toezicht_te_laat"
"""The same for those who answer for the organisation: that its FG did not look in time."""
ANSWERABLE = ("aandachtsfunctionaris", "functioneel_beheerder")
UNDESTROYED = "verlopen_niet_vernietigd"
OLD_CHECKPOINT = "controlepunt_oud"
FEW_WITNESSES = "getuigen_te_weinig"
ACCUSED = "getuige_spreekt_tegen"

UNCONFIRMED = "bevriezing_niet_bevestigd"
ADVICE_WANTED = "grondslag_wacht_op_advies"
SECOND_WANTED = "voorstel_wacht_op_tweede"
BREACH_OPEN = "datalek_open"
BREACH_LATE = "datalek_te_laat"

KINDS = (
    UNRELEASED,
    UNDESTROYED,
    UNREVIEWED,
    UNCONFIRMED,
    ADVICE_WANTED,
    SECOND_WANTED,
    BREACH_OPEN,
    BREACH_LATE,
    UNLOOKED,
    UNSUPERVISED,
    OLD_CHECKPOINT,
    FEW_WITNESSES,
    ACCUSED,
    *casework.KINDS,
)
"""What `remind` counts."""

PATIENCE = timedelta(days=7)
"""How long owners have to release before the coordinator is reminded, and how long before it lapses a treffer is told."""

CHECKPOINT_AGE = timedelta(minutes=10)
"""Nodes demand proof within ten minutes (register.municipal.receipts)."""

_MINUTE = timedelta(minutes=1)


def remind(
    centre: Centre, states: Mapping[str, JobState], moment: datetime, published: Published
) -> Mapping[str, int]:
    """Count what waits, but for what `count_lapsing` counts.

    Args:
        centre: the register.
        states: how its jobs stand.
        moment: now.
        published: the log with its witnesses.
    """
    witnessing = published.standing()
    short = witnessing.policy.needed - len(witnessing.signed)
    today = moment.date()
    with centre.database.engine.begin() as connection:
        unreleased = store.unreleased(connection, moment - PATIENCE, today)
        # Until a day after its term the job has time; what is there longer must not be.
        held = freezes.held_treffers(freezes.holds(connection, records_of(centre), today))
        overdue = destruction.expired_and_there(connection, today - timedelta(days=1), held)
        known = moment - REPORT_WITHIN
        unreviewed = break_glass_store.unreviewed(connection, today)
        unlooked = reviews.late(connection, today)
        counted = [
            *(Counted(FG, organisation, UNLOOKED, n) for organisation, n in unlooked.items()),
            *(
                Counted(role, organisation, UNSUPERVISED, n)
                for organisation, n in unlooked.items()
                for role in ANSWERABLE
            ),
            *(Counted(COORDINATOR, organisation, UNRELEASED, n) for organisation, n in unreleased.items()),
            *(Counted(FG, organisation, UNDESTROYED, n) for organisation, n in overdue.items()),
            *(Counted(FG, organisation, UNREVIEWED, n) for organisation, n in unreviewed.items()),
            *(
                Counted(role, organisation, UNCONFIRMED, n)
                for organisation, n in freezes.unconfirmed(connection).items()
                for role in (FG, ADMINISTRATOR)
            ),
            *_proposed(proposals.everything(connection)),
            *(Counted(FG, one, BREACH_OPEN, n) for one, n in breaches.open_after(connection, known).items()),
            *(Counted(FG, one, BREACH_LATE, n) for one, n in breaches.open_before(connection, known).items()),
            Counted(FG, EVERY_ORGANISATION, OLD_CHECKPOINT, _minutes_old(states, moment)),
            Counted(
                FG,
                EVERY_ORGANISATION,
                FEW_WITNESSES,
                short if witnessing.lacking(moment, published.patience) else 0,
            ),
            Counted(FG, EVERY_ORGANISATION, ACCUSED, len(witnessing.accusing)),
            *_owed(centre, connection, moment),
        ]
        count = store.replace(connection, KINDS, counted, moment)
    return {"herinneringen": count}


def _proposed(found: Sequence[Proposal]) -> list[Counted]:
    """Proposals that wait: for an FG of every party, or for a functioneel beheerder of each organisation that must still approve; counted for those roles."""
    advice = Counter(code for one in found if one.state is State.ADVICE for code in one.parties)
    second = Counter(code for one in found if one.state is State.SECOND for code in one.wanted)
    return [
        *(Counted(FG, code, ADVICE_WANTED, n) for code, n in advice.items()),
        *(Counted(ADMINISTRATOR, code, SECOND_WANTED, n) for code, n in second.items()),
    ]


def _owed(centre: Centre, connection: Transaction, moment: datetime) -> list[Counted]:
    """What people owe in treffers and hand-overs, each to the organisation that answers for it today."""
    records = records_of(centre)
    today = moment.date()

    def now(organisation: str) -> str:
        return organisation if records is None else records.current(organisation, today)

    waiting = [
        casework.Open(
            one.found_at.date(),
            frozenset(map(now, {one.organisation, *one.owners})),
            one.state,
            for_chain=one.for_chain,
            in_care=frozenset()
            if one.beyond_care
            else frozenset({now(one.organisation)} - set(map(now, one.owners))),
        )
        for one in treffer_store.standing(connection, today)
    ]
    chains = {} if records is None else escalating.chains(records, today)
    owed = Counter(casework.owed(waiting, chains, moment))
    return [Counted(one.role, one.organisation, one.kind, number) for one, number in owed.items()]


def _minutes_old(states: Mapping[str, JobState], moment: datetime) -> int:
    """How old the newest checkpoint is, in minutes, if that is too old; else 0."""
    state = states.get("controlepunten")
    if state is None:
        return 0
    age = moment - (state.succeeded_at or state.since)
    return age // _MINUTE if age > CHECKPOINT_AGE else 0


def count_lapsing(centre: Centre, moment: datetime) -> Mapping[str, int]:
    """Count, for each organisation with a coordinator, the treffers that lapse within a week and that this person would list."""
    counted = []
    for acting in _coordinators(centre.policy.register, moment):
        try:
            counted.append(Counted(COORDINATOR, acting.organisation, LAPSING, _count_lapsing(centre, acting)))
        except Refusal:
            # Without a mandate and a ground in force this person sees nothing, and is told of nothing.
            continue
    with centre.database.engine.begin() as connection:
        store.replace(connection, (LAPSING,), counted, moment)
    return {"treffers": sum(one.count for one in counted)}


def _coordinators(records: GroundRegister, moment: datetime) -> list[Acting]:
    """One coordinator of each organisation that has one, with a ground for tracks."""
    today, purpose = moment.date(), purpose_of(COORDINATOR)
    found = {}
    for mandate in records.mandates:
        grounds = sorted(
            ground.id
            for ground in records.grounds.values()
            if records.usable(ground, today, mandate.organisation, purpose, COORDINATOR)
        )
        if grounds and mandate.covers(mandate.organisation, mandate.officer, COORDINATOR, today):
            person = ActingFor(
                medewerker=mandate.officer,
                rol=COORDINATOR,
                doel=purpose,
                zaaknummer="HERINNERINGEN",
                reden="herinneringen",
                grondslag=grounds[0],
            )
            found[mandate.organisation] = Acting(mandate.organisation, person, moment, "")
    return list(found.values())


def _count_lapsing(centre: Centre, acting: Acting) -> int:
    # Decided as a request is, and kept like one.
    centre = centre.frozen()
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    allowed = permit(centre, person, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        count = 0
        for treffer in treffer_store.lapsing(work, allowed, why.today, why.today + PATIENCE):
            examined, _stored = examine_track(centre, work, allowed, person, why, treffer, ("hit",))
            count += len({one.organisation for one in examined if one.opens("hit")}) >= 2
        said = {
            "moment": acting.moment.isoformat(timespec="seconds"),
            "rol": acting.person.rol,
            "doel": acting.person.doel,
            "grondslag": acting.person.grondslag,
            "beleid": allowed.decision.policy_set_hash,
            "treffers_geteld": count,
        }
        work.enter({acting.organisation: CATALOGUE.payload("treffers_geteld", SUBJECT, said)})
    return count


def reminders(centre: Centre, acting: Acting) -> list[Herinnering]:
    """What this person is reminded of: by role, for the own organisation and those that it took over from. Of treffers and notices nobody hears a number without a mandate that stands today (C2)."""
    organisations = centre.policy.register.lineage(acting.organisation, acting.moment.date())
    with centre.database.public() as connection:
        found = store.of(connection, acting.person.rol, organisations)
        if acting.person.rol == FG:
            found += flags.shown(connection, organisations, acting.moment)
        noticed = notices.ready(connection, organisations, acting.person.rol, acting.moment)
    person = asker(centre.policy.register, acting)
    if not (person.participant and person.mandated(acting.moment.date())):
        return [_told(one) for one in found if one.kind not in casework.KINDS]
    return [*map(_told, found), *_noticed(noticed)]


def _noticed(found: Sequence[Notice]) -> list[Herinnering]:
    """Notices, counted by kind, among what waits; which they are is read at `/v1/berichten`."""
    told = []
    for kind in KINDS_OF_NOTICE:
        mine = [one for one in found if one.kind == kind]
        if mine:
            what, now = notice_sentences(kind, len(mine))
            since = min(one.ready_at for one in mine)
            told.append(Herinnering(soort=kind, aantal=len(mine), sinds=since, wat=what, wat_nu=now))
    return told


def _told(reminder: Reminder) -> Herinnering:
    what, now = sentences(reminder)
    return Herinnering(soort=reminder.kind, aantal=reminder.count, sinds=reminder.since, wat=what, wat_nu=now)


def sentences(reminder: Reminder) -> tuple[str, str]:
    """A reminder in words: what waits, and what to do now."""
    number = reminder.count
    said = {
        UNRELEASED: (
            ngettext(
                "{aantal} aanvraag voor fase 2 wacht langer dan een week op een vrijgave.",
                "{aantal} aanvragen voor fase 2 wachten langer dan een week op een vrijgave.",
                number,
            ),
            _("Bel de aandachtsfunctionarissen van deze gemeenten."),
        ),
        LAPSING: (
            ngettext(
                "{aantal} treffer van twee of meer gemeenten vervalt binnen een week.",
                "{aantal} treffers van twee of meer gemeenten vervallen binnen een week.",
                number,
            ),
            _("Kijk bij Dossiers of u fase 2 wilt vragen."),
        ),
        UNDESTROYED: (
            ngettext(
                "{aantal} signaal of treffer van uw organisatie is langer dan een dag voorbij zijn termijn en nog niet vernietigd.",
                "{aantal} signalen of treffers van uw organisatie zijn langer dan een dag voorbij hun termijn en nog niet vernietigd.",
                number,
            ),
            _("Niemand ziet ze nog. Meld dit bij de beheerder van het register."),
        ),
        UNREVIEWED: (
            ngettext(
                "{aantal} noodopening is niet op tijd nagekeken.",
                "{aantal} noodopeningen zijn niet op tijd nagekeken.",
                number,
            ),
            _("Kijk bij Noodopeningen wie opende en waarom, en leg uw oordeel vast."),
        ),
        UNLOOKED: (
            ngettext(
                "{aantal} vraag in uw postvak had al nagekeken moeten zijn.",
                "{aantal} vragen in uw postvak hadden al nagekeken moeten zijn.",
                number,
            ),
            _("Open ze bij Postvak en geef uw oordeel. Uw organisatie ziet dit ook."),
        ),
        UNSUPERVISED: (
            ngettext(
                "De FG heeft {aantal} vraag van uw organisatie niet op tijd nagekeken.",
                "De FG heeft {aantal} vragen van uw organisatie niet op tijd nagekeken.",
                number,
            ),
            _("Vraag de FG wat er nodig is om bij te komen. De FG beslist zelf over elk oordeel."),
        ),
        UNCONFIRMED: (
            ngettext(
                "{aantal} bevriezing werkt en is nog niet bevestigd.",
                "{aantal} bevriezingen werken en zijn nog niet bevestigd.",
                number,
            ),
            _(
                "Laat een functioneel beheerder van uw organisatie haar bevestigen, op de pagina's van uw node."
            ),
        ),
        ADVICE_WANTED: (
            ngettext(
                "{aantal} grondslag wacht op advies van de FG.",
                "{aantal} grondslagen wachten op advies van de FG.",
                number,
            ),
            _("Lees bij Voorstellen wat er is voorgesteld en geef uw advies."),
        ),
        SECOND_WANTED: (
            ngettext(
                "{aantal} voorstel wacht op een tweede functioneel beheerder.",
                "{aantal} voorstellen wachten op een tweede functioneel beheerder.",
                number,
            ),
            _("Kijk bij Voorstellen. Deed u het voorstel zelf, vraag dan een ander om te kijken."),
        ),
        BREACH_OPEN: (
            ngettext(
                "{aantal} datalek moet binnen 72 uur gemeld worden, of u legt vast waarom niet.",
                "{aantal} datalekken moeten binnen 72 uur gemeld worden, of u legt vast waarom niet.",
                number,
            ),
            _("Kijk bij Datalekken hoeveel tijd er nog is."),
        ),
        BREACH_LATE: (
            ngettext(
                "{aantal} datalek is langer dan 72 uur bekend en niet afgehandeld.",
                "{aantal} datalekken zijn langer dan 72 uur bekend en niet afgehandeld.",
                number,
            ),
            _("Meld het vandaag alsnog, met de reden waarom het later is (AVG 33 lid 1)."),
        ),
        OLD_CHECKPOINT: (
            _("Het nieuwste controlepunt van het logboek is {oud} oud.").format(oud=_age(number)),
            _("Nieuwe regels zijn nog niet na te rekenen. Meld dit bij de beheerder van het register."),
        ),
        FEW_WITNESSES: (
            ngettext(
                "Het nieuwste controlepunt van het logboek mist {aantal} bevestiging van een getuige.",
                "Het nieuwste controlepunt van het logboek mist {aantal} bevestigingen van getuigen.",
                number,
            ),
            _("Kijk bij Getuigen wie ontbreekt, en bel die."),
        ),
        ACCUSED: (
            ngettext(
                "{aantal} getuige zegt dat het logboek korter of anders is dan hij eerder zag.",
                "{aantal} getuigen zeggen dat het logboek korter of anders is dan zij eerder zagen.",
                number,
            ),
            _(
                "Kijk bij Getuigen wat er gezegd is, en bel de andere FG's en de beheerder van het register. Bewaar wat u van het logboek hebt."
            ),
        ),
    }
    if reminder.kind in casework.KINDS:
        what, now = _in_treffers(reminder)
    else:
        what, now = said[reminder.kind] if reminder.kind in said else _flagged(reminder)
    return what.format(aantal=number), now


def _in_treffers(reminder: Reminder) -> tuple[str, str]:
    """The same of what waits in treffers and hand-overs."""
    number = reminder.count
    return {
        casework.UNOWNED: (
            ngettext(
                "{aantal} treffer wacht langer dan een week op iemand die hem oppakt.",
                "{aantal} treffers wachten langer dan een week op iemand die ze oppakt.",
                number,
            ),
            _("Kijk bij Treffers. Wat niemand oppakt, vervalt na 30 dagen."),
        ),
        casework.UNOWNED_LONG: (
            ngettext(
                "{aantal} treffer in uw regio heeft na twee weken nog geen eigenaar.",
                "{aantal} treffers in uw regio hebben na twee weken nog geen eigenaar.",
                number,
            ),
            _("Bel de aandachtsfunctionarissen van de gemeenten in uw verband en vraag wie oppakt."),
        ),
        casework.ACTION_LATE: (
            ngettext(
                "Bij {aantal} treffer is de dag van de eerste actie voorbij.",
                "Bij {aantal} treffers is de dag van de eerste actie voorbij.",
                number,
            ),
            _("Kijk bij Treffers. Vraag het contact van de andere kant, of doe de treffer af."),
        ),
        casework.CONTACT_WAITS: (
            ngettext(
                "{aantal} verzoek om uw contact wacht langer dan twee werkdagen.",
                "{aantal} verzoeken om uw contact wachten langer dan twee werkdagen.",
                number,
            ),
            _("Kijk bij Treffers en geef uw contact vrij, of leg vast dat het niet om dezelfde gaat."),
        ),
        casework.UNACCEPTED: (
            ngettext(
                "{aantal} overdracht wacht langer dan een week op uw antwoord.",
                "{aantal} overdrachten wachten langer dan een week op uw antwoord.",
                number,
            ),
            _("Kijk bij Overdrachten en neem de overdracht aan. Doet u er niets mee, laat dat dan weten."),
        ),
        casework.FEEDBACK_LATE: (
            ngettext(
                "Bij {aantal} overdracht hoort de gemeente al dertig dagen niets.",
                "Bij {aantal} overdrachten hoort de gemeente al dertig dagen niets.",
                number,
            ),
            _("Kijk bij Overdrachten en koppel terug hoe het staat."),
        ),
    }[reminder.kind]


def _flagged(reminder: Reminder) -> tuple[str, str]:
    """The same of a flag."""
    number, look = reminder.count, _("Lees in het logboek wie dat was en waarvoor, en vraag ernaar.")
    return {
        questions.MUCH_ASKED: (
            ngettext(
                "{aantal} keer is op een dag op veel gegevens gevraagd namens uw organisatie.",
                "{aantal} keer is op een dag op veel gegevens gevraagd namens uw organisatie.",
                number,
            ),
            look,
        ),
        REACHED: (
            ngettext(
                "{aantal} medewerker van uw organisatie bereikte op een dag het quotum van het register.",
                "{aantal} keer bereikte een medewerker van uw organisatie op een dag het quotum van het register.",
                number,
            ),
            look,
        ),
        freezing.FLAG: (
            ngettext(
                "{aantal} bevriezing waar u om vroeg is opgeheven.",
                "{aantal} keer is op een dag een bevriezing opgeheven waar u om vroeg.",
                number,
            ),
            _("Kijk bij Bevriezingen wie dat deed en op welk besluit."),
        ),
        standing.FLAG: (
            ngettext(
                "{aantal} attendering is gezet namens uw organisatie.",
                "{aantal} keer zette een medewerker op een dag een attendering namens uw organisatie.",
                number,
            ),
            _("Lees in het logboek wie, waarop, waarom en voor hoe lang, en vraag ernaar."),
        ),
        break_glass.FLAG: (
            ngettext(
                "{aantal} noodopening bij acuut gevaar gaat over uw organisatie.",
                "{aantal} noodopeningen bij acuut gevaar gaan over uw organisatie.",
                number,
            ),
            _("Kijk bij Noodopeningen wie opende en waarom, en leg de volgende werkdag uw oordeel vast."),
        ),
        reconciliation.QUOTA: (
            ngettext(
                "{aantal} keer weigerde een sleutelhouder uw organisatie op een dag omdat een quotum bereikt was.",
                "{aantal} keer weigerde een sleutelhouder uw organisatie op een dag omdat een quotum bereikt was.",
                number,
            ),
            look,
        ),
        reconciliation.QUOTA_ALONE: (
            ngettext(
                "{aantal} keer zei één sleutelhouder dat hij uw organisatie op een dag weigerde omdat een quotum bereikt was.",
                "{aantal} keer zei één sleutelhouder dat hij uw organisatie op een dag weigerde omdat een quotum bereikt was.",
                number,
            ),
            _(
                "De andere sleutelhouders melden dit niet. In het logboek staat wat zij telden; vraag het na bij de beheerder van uw node."
            ),
        ),
        reconciliation.ALONE: (
            ngettext(
                "Van {aantal} dag zegt één sleutelhouder iets anders over uw organisatie dan de andere sleutelhouders.",
                "Van {aantal} dagen zegt één sleutelhouder iets anders over uw organisatie dan de andere sleutelhouders.",
                number,
            ),
            _(
                "Dit is het woord van die ene sleutelhouder. In het logboek staat wat de andere telden; vraag het na bij de beheerder van uw node en van het register."
            ),
        ),
        reconciliation.CONSULTED: (
            ngettext(
                "Op {aantal} dag zijn namens uw organisatie zoeksleutels gemaakt voor een verzoek om inzage.",
                "Op {aantal} dagen zijn namens uw organisatie zoeksleutels gemaakt voor een verzoek om inzage.",
                number,
            ),
            _("Dat gebeurt zelden. Ga na of er zo'n verzoek was, en wie dat deed."),
        ),
        reconciliation.CANARIES: (
            ngettext(
                "Op {aantal} dag controleerde de node van uw organisatie zichzelf veel vaker dan nodig.",
                "Op {aantal} dagen controleerde de node van uw organisatie zichzelf veel vaker dan nodig.",
                number,
            ),
            _(
                "Vraag de beheerder van uw node of zij die dag vaak opnieuw startte of stilstond. Zo niet, laat dan het certificaat intrekken."
            ),
        ),
        reconciliation.DIFFERENT: (
            ngettext(
                "Van {aantal} dag klopt niet wat de sleutelhouders voor uw organisatie bewerkten met wat het register kreeg.",
                "Van {aantal} dagen klopt niet wat de sleutelhouders voor uw organisatie bewerkten met wat het register kreeg.",
                number,
            ),
            _(
                "Vraag de beheerder van uw node wat er die dag mis was. Is er geen verklaring, laat dan het certificaat intrekken."
            ),
        ),
    }[reminder.kind]


def _age(minutes: int) -> str:
    hours, days = minutes // 60, minutes // (24 * 60)
    if days > 1:
        return _("{aantal} dagen").format(aantal=days)
    if hours > 1:
        return _("{aantal} uur").format(aantal=hours)
    return ngettext("{aantal} minuut", "{aantal} minuten", minutes).format(aantal=minutes)
