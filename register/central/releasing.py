# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A zegel on its way: an owner releases, one recipient fetches, the owner may recall it before that (docs/spec/sealed-release.md). Nothing here can open one.

Releasing, in this order: who acts may release this (`verhaal_vrijgeven`: own signal, two people, one recipient, a ground in force for each field), which is about the asker and explained;
the recipient's key is the newest that its organisation enrolled; then the signal is looked at, and **the narrative cell of the recipient decides over it, with every condition** (C4, C6, C7, C10,
C14, C18, C19, C21, C22). What that refuses is as if the signal were not there: whether another organisation matches (C14) is not told by being refused.

1. For C14 only organisations count whose signal is there for the recipient. The owner's release is the answer to a contact request (C4) and the second pair of eyes (C5).
2. Fetching is decided again, on the day and for the person who fetches: what was released and is no longer open is not there.
3. Both parties' logs say which kinds of fields left, on which ground, for whom; never a value. A zegel that nobody fetched goes after thirty days, and with its signal at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from audit.canonical import JSON
from policies.decision import Asker, Decision, Formalities, Occasion, SignalFacts
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import (
    Centre,
    disclosure,
    permit,
    receipt,
    repeated,
    require_rule,
    who,
)
from register.central.concerning import concern
from register.central.examining import Surroundings, examine, facts_of_subject, owner_of
from register.central.linking import along
from register.central.phase2 import not_found
from register.central.store import releases as store
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.releases import Record
from register.central.store.signals import StoredSubject
from register.central.store.work import LoggedWork
from register.central.treffers import ENOUGH, subjects_of, surroundings, with_bands
from register.events import ASKER, CATALOGUE, OWNER
from register.matching import linked
from register.ports import Permit
from register.recipients import KINDS, NARRATIVE, PURPOSES_OF, KeyFault, KeyStatement
from register.wire import (
    Ontvanger,
    TweedePersoon,
    ZegelGedaan,
    ZegelLijst,
    ZegelOpgehaald,
    ZegelStand,
    ZegelVeld,
    ZegelVrijgave,
)

FIELD: Final = "narrative_enc"
ACTION: Final = "verhaal_vrijgeven"
KEPT: Final = timedelta(days=30)
"""What nobody fetched by then is destroyed; so is what was fetched, whose recipient has it by then."""


def release(centre: Centre, acting: Acting, sent: ZegelVrijgave, request_key: str) -> ZegelGedaan:
    """Pass a zegel on to one recipient.

    Raises:
        Refusal: 400 fields or recipient, 403 the asker, 404 the signal or what the recipient may have of it, 409 another key or a number that was used.
    """
    person, why = _together(centre, acting, sent.tweede, sent)
    allowed = permit(centre, person, why, ACTION, SignalFacts(owner=acting.organisation))
    recipient = _recipient(centre, sent.ontvanger, why.today)
    body = sent.model_dump_json(by_alias=True).encode()
    with centre.database.logged(acting.moment) as work:
        repeated(centre, work, acting, request_key, body)
        _require_key(work, sent, why.today)
        before = store.known(work, allowed, sent.vrijgave_id)
        own = _own(centre, work, allowed, acting, sent.signaal_id, sent.versie)
        opens = _opens(centre, work, allowed, recipient, sent.treffer_id, own, why.today)
        if not own or not opens:
            raise not_found()
        if before is not None and not _same(before, acting, sent):
            raise _number_used()
        last = min(sent.bewaren_tot, *(one.signal.expires_on for one in own))
        store.put(work, allowed, _row(acting, sent, last))
        row = store.known(work, allowed, sent.vrijgave_id)
        concern(
            centre, work, acting, "verhaal_vrijgegeven", [(one.key.signal_id, one.key.ref) for one in own]
        )
        work.enter(_released(acting, allowed, sent, last))
    if row is None:
        raise not_found()
    return ZegelGedaan(**_members(row), logbewijs=receipt(work))


def inbox(centre: Centre, acting: Acting) -> ZegelLijst:
    """What waits for this officer.

    Raises:
        Refusal: 403, this role opens no narrative for this purpose.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, FIELD)
    allowed = permit(centre, person, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        found = store.for_recipient(
            work, allowed, acting.organisation, person.role, person.officer, why.today
        )
        shown = [one for one in found if _fetchable(centre, work, allowed, person, why, one)]
        _consulted(centre, work, acting, allowed, shown)
    return ZegelLijst(zegels=[ZegelStand(**_members(one)) for one in shown], logbewijs=receipt(work))


def outbox(centre: Centre, acting: Acting) -> ZegelLijst:
    """What the own organisation released, recalled and fetched ones too.

    Raises:
        Refusal: 403.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting)
    mine = SignalFacts(owner=acting.organisation, parties=frozenset({acting.organisation}))
    allowed = permit(centre, person, why, "signaal_verrijken_corrigeren_intrekken", mine)
    with centre.database.logged(acting.moment) as work:
        codes = centre.policy.register.lineage(acting.organisation, why.today)
        shown = store.of_owners(work, allowed, codes)
        _consulted(centre, work, acting, allowed, shown)
    return ZegelLijst(zegels=[ZegelStand(**_members(one)) for one in shown], logbewijs=receipt(work))


def fetch(centre: Centre, acting: Acting, release_id: UUID) -> ZegelOpgehaald:
    """The zegel, for its recipient; as often as it asks until the release ends.

    Raises:
        Refusal: 403, or 404 for what is not there or not for this person (any more).
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, FIELD)
    allowed = permit(centre, person, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        row = store.one(work, allowed, release_id, why.today)
        decision = _fetchable(centre, work, allowed, person, why, row)
        if row is None or decision is None:
            raise not_found()
        store.fetched(work, allowed, release_id, acting.moment)
        after = store.known(work, allowed, release_id) or row
        concern(centre, work, acting, "verhaal_opgehaald", _people(work, allowed, row))
        said: dict[str, JSON] = {**who(acting, decision), "vrijgave": str(release_id)}
        kinds = sorted({one["veld"] for one in row.fields})
        owner = centre.policy.register.current(row.organisation, why.today)
        theirs: dict[str, JSON] = {
            **disclosure(acting, {FIELD: decision}, [row.signal_id], kinds),
            "vrijgave": str(release_id),
        }
        mine: dict[str, JSON] = {**said, "signaal": str(row.signal_id), "velden": list(kinds)}
        payloads = {acting.organisation: CATALOGUE.payload("verhaal_opgehaald", ASKER, mine)}
        if owner != acting.organisation:
            payloads[owner] = CATALOGUE.payload("verhaal_opgehaald", OWNER, theirs)
        work.enter(payloads)
    return ZegelOpgehaald(**_members(after), zegel=bytes(row.envelope), logbewijs=receipt(work))


def recall(centre: Centre, acting: Acting, release_id: UUID) -> ZegelGedaan:
    """The owner takes a zegel back that was not fetched yet; recalling it again changes nothing.

    Raises:
        Refusal: 403, 404 not one's own, 409 it was fetched.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting)
    mine = SignalFacts(owner=acting.organisation, parties=frozenset({acting.organisation}))
    allowed = permit(centre, person, why, "signaal_verrijken_corrigeren_intrekken", mine)
    with centre.database.logged(acting.moment) as work:
        codes = centre.policy.register.lineage(acting.organisation, why.today)
        row = store.known(work, allowed, release_id)
        if row is None or row.organisation not in codes:
            raise not_found()
        if not store.recall(work, allowed, release_id, acting.moment) and row.recalled_at is None:
            raise _fetched_first()
        after = store.known(work, allowed, release_id) or row
        concern(centre, work, acting, "verhaal_teruggehaald", _people(work, allowed, row))
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "vrijgave": str(release_id),
            "signaal": str(row.signal_id),
        }
        payloads = {acting.organisation: CATALOGUE.payload("verhaal_teruggehaald", ASKER, entry)}
        if row.recipient != acting.organisation:
            told: dict[str, JSON] = {
                **disclosure(acting, {ACTION: allowed.decision}, [row.signal_id], ()),
                "vrijgave": str(release_id),
            }
            payloads[row.recipient] = CATALOGUE.payload("verhaal_teruggehaald", OWNER, told)
        work.enter(payloads)
    return ZegelGedaan(**_members(after), logbewijs=receipt(work))


# ---- who ----------------------------------------------------------------------------------------------------------------


def _together(
    centre: Centre, acting: Acting, second: TweedePersoon, sent: ZegelVrijgave
) -> tuple[Asker, Occasion]:
    """Who approves, together with who proposed; and whether each field has a ground in force."""
    person = asker(centre.policy.register, acting)
    proposer = asker(
        centre.policy.register,
        replace(
            acting,
            person=acting.person.model_copy(update={"medewerker": second.medewerker, "rol": second.rol}),
        ),
    )
    _require_fields(sent)
    grounded = all(_in_force(centre, acting, one.grondslag) for one in sent.velden)
    why = replace(
        occasion(acting),
        second=proposer,
        formalities=Formalities(recipients=1, ground_per_attribute=grounded),
    )
    return person, why


def _in_force(centre: Centre, acting: Acting, ground_id: str) -> bool:
    records, today, person = centre.policy.register, acting.moment.date(), acting.person
    ground = records.grounds.get(ground_id)
    return (
        ground is not None
        and ground.held_by(acting.organisation)
        and records.usable(ground, today, acting.organisation, person.doel, person.rol)
    )


def _require_fields(sent: ZegelVrijgave) -> None:
    wrong = [
        FieldError(f"velden.{place}.veld", _("Dit veld kennen we niet."))
        for place, one in enumerate(sent.velden)
        if one.veld not in KINDS
    ]
    if sum(one.veld == NARRATIVE for one in sent.velden) > 1:
        wrong.append(FieldError("velden", _("Er is één verhaal.")))
    if sent.ontvanger.rol not in PURPOSES_OF:
        wrong.append(FieldError("ontvanger.rol", _("Deze rol kan geen verhaal ontvangen.")))
    if wrong:
        raise Refusal(
            400,
            "ongeldige-vrijgave",
            _("Zo kan dit niet worden vrijgegeven."),
            _("Er is niets vrijgegeven."),
            way_forward=_("Verbeter de genoemde velden en stel het opnieuw voor."),
            fields=tuple(wrong),
        )


@dataclass(frozen=True)
class _Recipient:
    """Whoever may open it: somebody of that role there, on the occasions on which they could."""

    person: Asker
    occasions: Sequence[Occasion]


def _recipient(centre: Centre, named: Ontvanger, today: date) -> _Recipient:
    """The one recipient, as policy sees one.

    Raises:
        Refusal: 409, nobody there holds that role today.
    """
    records, purpose = centre.policy.register, PURPOSES_OF[named.rol]
    officers = [
        one.officer
        for one in records.mandates
        if one.organisation == named.organisatie
        and one.covers(named.organisatie, one.officer, named.rol, today)
        and named.medewerker in {None, one.officer}
    ]
    if not officers or not records.participant(named.organisatie, today):
        raise Refusal(
            409,
            "geen-ontvanger",
            _("Deze ontvanger is er niet."),
            _("Bij die organisatie heeft vandaag niemand een mandaat in de genoemde rol."),
            way_forward=_("Kies een andere rol of medewerker, of bel de organisatie."),
            fields=(FieldError("ontvanger", _("Niemand heeft daar dit mandaat.")),),
            rule="C2",
        )
    officer = min(officers)
    person = Asker(
        organisation=named.organisatie,
        officer=officer,
        role=named.rol,
        mandate=records.mandate_of(named.organisatie, officer, named.rol, today),
        participant=True,
    )
    grounds = records.available(
        organisation=named.organisatie,
        purpose=purpose,
        role=named.rol,
        on=today,
        chosen=None,
        control="",
        acute_danger=False,
    )
    # Under which case and ground they will open it, they say when they do; that they can is asked now.
    chosen: list[str | None] = [one.id for one in grounds] if grounds else [None]
    return _Recipient(
        person,
        [
            Occasion(purpose=purpose, today=today, control="ZEGEL", reason=ACTION, ground_id=one)
            for one in chosen
        ],
    )


def _require_key(work: LoggedWork, sent: ZegelVrijgave, today: date) -> None:
    """Returns only if it was sealed to the newest key of the recipient's organisation, which holds today."""
    found = store.newest_keys(work.connection, sent.ontvanger.organisatie)
    try:
        said = KeyStatement.read(found[0].statement) if found else None
    except KeyFault:
        said = None
    holds = said is not None and said.valid_from <= today < said.valid_until
    if said is None or not holds or said.key_id != sent.sleutel:
        raise Refusal(
            409,
            "ontvangstsleutel-anders",
            _("Deze sleutel van de ontvanger geldt niet (meer)."),
            _("Er is niets vrijgegeven."),
            way_forward=_("Haal de sleutels opnieuw op en laat de vrijgave opnieuw goedkeuren."),
            fields=(FieldError("sleutel", _("Dit is niet de nieuwste sleutel van deze ontvanger.")),),
            rule="C14",
        )


# ---- what of it is there for the recipient --------------------------------------------------------------------------------


def _own(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre, work: LoggedWork, allowed: Permit, acting: Acting, signal_id: UUID, version: int
) -> list[StoredSubject]:
    today = acting.moment.date()
    codes = centre.policy.register.lineage(acting.organisation, today)
    found = signal_store.own_subjects_of(work, allowed, signal_id, codes, today)
    return [one for one in found if one.key.version == version]


def _opens(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    recipient: _Recipient,
    treffer_id: UUID | None,
    own: Sequence[StoredSubject],
    today: date,
) -> Decision | None:
    """The decision by which this recipient may open the narrative of this signal; None if there is none. Without a signal it looks as often."""
    treffer = treffer_store.one(work, allowed, treffer_id or UUID(int=0), today)
    keyset, weights = centre.keyset[0], centre.weights
    start = {one.key: frozenset[str]() for one in own}
    track = along(work, allowed, weights, keyset, start, today)
    on_case = along(work, allowed, weights, keyset, subjects_of(treffer), today)
    belongs = treffer is not None and any(one.key in on_case for one in own)
    around = surroundings(work, allowed, treffer if belongs else None)
    stored = signal_store.load(work, allowed, track, today)
    first = recipient.occasions[0]
    seen = examine(centre, recipient.person, first, with_bands(track, stored), stored, ("hit",), around)
    matching = {one.organisation for one in seen if one.opens("hit")}
    facts = [_facts(centre, one, recipient.person, around, matching, today) for one in own]
    for why in recipient.occasions:
        decisions = [
            centre.policy.fields(recipient.person, why, one, (FIELD,))[FIELD]
            for one in facts or [SignalFacts()]
        ]
        if facts and all(one.allowed for one in decisions):
            return decisions[0]
    return None


def _facts(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    one: StoredSubject,
    recipient: Asker,
    around: Surroundings,
    matching: set[str],
    today: date,
) -> SignalFacts:
    """The signal as it is for the recipient of this release."""
    owner = owner_of(centre, one, today)
    parties = frozenset({*around.parties, owner})
    known = facts_of_subject(
        one,
        owner,
        linked(one.key, frozenset(), organisation=one.kind == "organisatie"),
        replace(around, parties=parties),
        matching | {owner},
    )
    return replace(
        known, four_eyes=True, rewrapped_to=recipient.address, released_to=frozenset({recipient.organisation})
    )


def _fetchable(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre, work: LoggedWork, allowed: Permit, person: Asker, why: Occasion, row: Record | None
) -> Decision | None:
    """The decision by which this person opens this release now; without one it looks as often."""
    named = row is not None and (
        (row.recipient, row.recipient_role) == (person.organisation, person.role)
        and row.recipient_officer in {"", person.officer}
    )
    signal, version = (row.signal_id, row.version) if row is not None else (UUID(int=0), 0)
    own = [
        one
        for one in signal_store.subjects_of(work, allowed, signal, why.today)
        if one.key.version == version
    ]
    recipient = _Recipient(person, [why])
    treffer_id = None if row is None else row.treffer_id
    decision = _opens(centre, work, allowed, recipient, treffer_id, own, why.today)
    return decision if named else None


# ---- rows, entries, answers --------------------------------------------------------------------------------------------------


def _row(acting: Acting, sent: ZegelVrijgave, last: date) -> dict[str, object]:
    today = acting.moment.date()
    return {
        "release_id": sent.vrijgave_id,
        "signal_id": sent.signaal_id,
        "version": sent.versie,
        "treffer_id": sent.treffer_id,
        "organisation": acting.organisation,
        "officer": acting.person.medewerker,
        "second": sent.tweede.medewerker,
        "recipient": sent.ontvanger.organisatie,
        "recipient_role": sent.ontvanger.rol,
        "recipient_officer": sent.ontvanger.medewerker or "",
        "key_id": sent.sleutel,
        "fields": [one.model_dump(by_alias=True) for one in sent.velden],
        "envelope": sent.zegel,
        "released_at": acting.moment,
        "expires_on": min(today + KEPT, last),
        "content_until": last,
    }


def _same(row: Record, acting: Acting, sent: ZegelVrijgave) -> bool:
    """Whether it is what is kept: the entry says what was sent, and must not say another recipient or other fields than the row."""
    asked = _row(acting, sent, row.content_until)
    return all(getattr(row, name) == asked[name] for name in _WHAT)


_WHAT: Final = (
    *("organisation", "signal_id", "version", "treffer_id", "key_id", "fields", "envelope"),
    *("recipient", "recipient_role", "recipient_officer"),
)


def _members(row: Record) -> Mapping[str, object]:
    return {
        "vrijgave_id": row.release_id,
        "organisatie": row.organisation,
        "signaal_id": row.signal_id,
        "versie": row.version,
        "ontvanger": Ontvanger(
            organisatie=row.recipient,
            rol=row.recipient_role,
            medewerker=row.recipient_officer or None,
        ),
        "velden": [ZegelVeld.model_validate(one) for one in row.fields],
        "sleutel": row.key_id,
        "vrijgegeven_op": row.released_at,
        "vervalt_op": row.expires_on,
        "bewaren_tot": row.content_until,
        "opgehaald_op": row.fetched_at,
        "teruggehaald_op": row.recalled_at,
    }


def _released(acting: Acting, allowed: Permit, sent: ZegelVrijgave, last: date) -> dict[str, dict[str, JSON]]:
    kinds = sorted({one.veld for one in sent.velden})
    grounds = sorted({f"{one.veld}/{one.grondslag}" for one in sent.velden})
    mine: dict[str, JSON] = {
        **who(acting, allowed.decision),
        "vrijgave": str(sent.vrijgave_id),
        "signaal": str(sent.signaal_id),
        "ontvanger": "/".join(
            (sent.ontvanger.organisatie, sent.ontvanger.rol, sent.ontvanger.medewerker or "")
        ).rstrip("/"),
        "tweede": sent.tweede.medewerker,
        "velden": list(kinds),
        "gronden": list(grounds),
        "sleutel": sent.sleutel,
        "vervalt_op": min(acting.moment.date() + KEPT, last).isoformat(),
    }
    payloads = {acting.organisation: CATALOGUE.payload("verhaal_vrijgegeven", ASKER, mine)}
    if sent.ontvanger.organisatie != acting.organisation:
        theirs: dict[str, JSON] = {
            **disclosure(acting, {ACTION: allowed.decision}, [sent.signaal_id], kinds),
            "grondslag": sorted({one.grondslag for one in sent.velden}),
            "vrijgave": str(sent.vrijgave_id),
            "sleutel": sent.sleutel,
        }
        payloads[sent.ontvanger.organisatie] = CATALOGUE.payload("verhaal_vrijgegeven", OWNER, theirs)
    return payloads


def _consulted(
    centre: Centre, work: LoggedWork, acting: Acting, allowed: Permit, shown: Sequence[Record]
) -> None:
    people = signal_store.all_subjects_of(work, allowed, {one.signal_id for one in shown})
    concern(centre, work, acting, "zegels_geraadpleegd", people)
    entry: dict[str, JSON] = {
        **who(acting, allowed.decision),
        "vrijgaven": [str(one.release_id) for one in shown],
    }
    work.enter({acting.organisation: CATALOGUE.payload("zegels_geraadpleegd", ASKER, entry)})


def _people(work: LoggedWork, allowed: Permit, row: Record) -> list[tuple[UUID, str]]:
    return signal_store.all_subjects_of(work, allowed, [row.signal_id])


def _number_used() -> Refusal:
    return Refusal(
        409,
        "vrijgavenummer-gebruikt",
        _("Dit nummer van een vrijgave is al gebruikt."),
        _("Er is niets vrijgegeven."),
        way_forward=_("Stel de vrijgave opnieuw voor; zij krijgt dan een nieuw nummer."),
        fields=(FieldError("vrijgaveId", _("Dit nummer is van een andere vrijgave.")),),
    )


def _fetched_first() -> Refusal:
    return Refusal(
        409,
        "al-opgehaald",
        _("Dit is niet meer terug te halen."),
        _("De ontvanger heeft het al opgehaald."),
        way_forward=_("Bel de ontvanger en vraag om vernietiging. Overleg met uw FG."),
        rule="C14",
    )
