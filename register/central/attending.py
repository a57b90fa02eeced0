# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Job `attendering`: who hears that what came in agrees with a signal of theirs, or with what they asked to follow.

1. Every signal and every treffer that comes leaves one row (`watching.arrived`), whatever it agrees with. So who submits or asks meets the same steps and the same time, and learns nothing here.
2. What came is looked for by the one way of matching, as its own organisation could ask. One arrival is one transaction with **one leaf, whoever is told or not**.
3. For each owner of a signal that agrees, and each standing question on it, policy decides as for a person of that role today: **both** the own signal and what came must exist for that reader.
   Who may not know of either hears nothing; nothing is kept of that, and the leaf is as long. Of whom a person said "niet dezelfde" nobody hears on the same evidence.
4. What is told is a notice (`register.notices`), at the next fixed moment of the day. It stands in the log of who hears it, and of whose signal it is about.
   Where the own signal stands in a case that goes on, it is told of the case and not of the signal: one notice for each case and moment, and none to a role that muted it.
5. Whoever submitted hears nothing of this: their officer asks, and so says so (`register.central.asking_again`).

Why so: docs/adr/0045-notices-without-content-and-standing-questions-without-pseudonyms.md.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from audit.canonical import JSON
from policies.decision import Asker, Occasion
from process.jobs import Unfinished
from process.problem import Refusal
from register.activities import BASE
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit
from register.central.concerning import concern_by_itself
from register.central.examining import Surroundings, examine, owner_of
from register.central.finding import Sought, agreeing
from register.central.linking import not_set_apart
from register.central.store import notices, watching
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.signals import StoredSubject
from register.central.store.treffers import StoredTreffer
from register.central.store.work import LoggedWork
from register.central.tracks import examine_track
from register.central.treffers import ENOUGH, examine_treffer
from register.enquiry import Examined
from register.events import CATALOGUE, KEEPER, OWNER, REGISTER, SUBJECT
from register.links import Side
from register.matching import Candidate, SubjectKey
from register.notices import (
    CARER,
    CONTACT,
    COORDINATOR,
    FOUND,
    GROWN,
    HANDING_OVER,
    LATER_SEEN,
    PURPOSES_OF,
    WATCHED,
)
from register.ports import Permit
from register.wire import ActingFor

EVENT: Final = "attendering_nagegaan"
BATCH: Final = 25
"""Arrivals of one batch, after which the job can stop."""

_SUBMITTING: Final = ((CONTACT, "signalering"), (CARER, "hulpverlening"), ("toezichthouder", "signalering"))
"""In whose name what came is looked for: of its own organisation, the first who has a mandate and a ground."""

_KNOWS: Final = ("hit", "minor_flag")


@dataclass(frozen=True)
class Reader:
    """A person of a role of an organisation, as policy would see them today."""

    acting: Acting
    person: Asker
    why: Occasion
    allowed: Permit


@dataclass(frozen=True, order=True)
class Told:
    """Who is told what: a notice to be."""

    organisation: str
    role: str
    kind: str
    about_id: UUID
    purpose: str = field(compare=False)
    ground: str = field(compare=False)

    @classmethod
    def by(cls, reader: Reader, kind: str, about_id: UUID) -> "Told":
        """What a reader may know of."""
        acting = reader.acting
        person = acting.person
        return cls(acting.organisation, person.rol, kind, about_id, person.doel, person.grondslag or "")


@dataclass(frozen=True)
class _Agreed:
    """A subject of what came, and a stored one of another signal that agrees with it."""

    came: StoredSubject
    candidate: Candidate
    other: StoredSubject
    owner: str

    def both(self) -> tuple[list[Candidate], Mapping[SubjectKey, StoredSubject]]:
        mirrored = replace(self.candidate, subject=self.came.key)
        return [self.candidate, mirrored], {self.other.key: self.other, self.came.key: self.came}


def attend(centre: Centre, moment: datetime) -> Mapping[str, int]:
    """Look at one batch of what came."""
    with centre.database.public() as connection:
        waiting = watching.arrivals(connection, BATCH)
    told = 0
    for kind, about_id in waiting:
        look = _signal if kind == watching.SIGNAL else _treffer
        told += _look_at(centre.frozen(), moment, kind, about_id, look)
    counts = {"nagegaan": len(waiting), "berichten": told}
    return Unfinished(counts) if len(waiting) == BATCH else counts


_Look = Callable[[Centre, LoggedWork, datetime, UUID, "Readers"], tuple[list[Told], "_Disclosed"]]


@dataclass(frozen=True)
class _Disclosed:
    """Of which signals, and whose, it was told that they are there; nothing when nobody was told."""

    owner: str = ""
    signals: tuple[UUID, ...] = ()
    subjects: tuple[tuple[UUID, str], ...] = ()


def _look_at(centre: Centre, moment: datetime, kind: str, about_id: UUID, look: _Look) -> int:
    readers = Readers(centre, moment)
    with centre.database.logged(moment) as work:
        found, disclosed = look(centre, work, moment, about_id, readers)
        told = sorted(set(found))
        for one in told:
            notices.tell(work, one.organisation, one.role, one.kind, one.about_id, moment)
        watching.looked_at(work, kind, about_id)
        subjects = disclosed.subjects if told else ()
        concern_by_itself(centre, work, EVENT, subjects, activity=BASE + "signalering")
        work.enter(_payloads(centre, moment, told, disclosed))
    return len(told)


class Readers:
    """The people in whose place is decided, each made once."""

    def __init__(self, centre: Centre, moment: datetime) -> None:
        self._centre = centre
        self._moment = moment
        self._made: dict[tuple[str, str, str], Reader | None] = {}

    def of(self, organisation: str, role: str, purpose: str) -> Reader | None:
        """Somebody of this role, or None where nobody has a mandate and a ground."""
        key = (organisation, role, purpose)
        if key not in self._made:
            self._made[key] = self._of_role(*key)
        return self._made[key]

    def holders(self, role: str) -> list[str]:
        """The organisations where somebody has this role today."""
        today = self._moment.date()
        return sorted(
            {
                one.organisation
                for one in self._centre.policy.register.mandates
                if one.covers(one.organisation, one.officer, role, today)
            }
        )

    def _of_role(self, organisation: str, role: str, purpose: str) -> Reader | None:
        records, today = self._centre.policy.register, self._moment.date()
        grounds = sorted(
            one.id
            for one in records.grounds.values()
            if records.usable(one, today, organisation, purpose, role)
        )
        officers = sorted(
            one.officer for one in records.mandates if one.covers(organisation, one.officer, role, today)
        )
        if not officers:
            return None
        # The first ground on which policy lets this role ask; others stand for other things.
        made = (self.acting_as(organisation, officers[0], role, purpose, one) for one in grounds)
        return next((one for one in made if one is not None), None)

    def acting_as(
        self, organisation: str, officer: str, role: str, purpose: str, ground: str
    ) -> Reader | None:
        """This officer, if they may ask today."""
        person = ActingFor(
            medewerker=officer,
            rol=role,
            doel=purpose,
            zaaknummer="ATTENDERING",
            reden="attendering",
            grondslag=ground,
        )
        acting = Acting(organisation, person, self._moment, "")
        who, why = asker(self._centre.policy.register, acting), occasion(acting, ENOUGH)
        try:
            return Reader(acting, who, why, permit(self._centre, who, why, "bevragen"))
        except Refusal:
            # Without a mandate and a ground in force this person sees nothing, and is told of nothing.
            return None


# ---- a signal came -------------------------------------------------------------------------------------------


def _signal(
    centre: Centre, work: LoggedWork, moment: datetime, signal_id: UUID, readers: Readers
) -> tuple[list[Told], _Disclosed]:
    today = moment.date()
    organisation = _owner_of(centre, work, signal_id, moment)
    allowed = _in_name_of(readers, organisation)
    if allowed is None:
        return [], _Disclosed()
    came = signal_store.subjects_of(work, allowed, signal_id, today)
    agreed = _agreed(centre, work, allowed, came, moment)
    others = {one.other.key.signal_id for one in agreed}
    named = treffer_store.named_in(work, allowed, others, today)
    watches = watching.standing_on(work.connection, sorted(others), sorted(named), today)
    cases = [one for one in treffer_store.naming(work, allowed, others, today) if one.state.at_work]
    told = [*_told_owners(centre, readers, agreed, organisation, cases)]
    for watch in watches:
        follower = centre.policy.register.current(watch.organisation, today)
        on = None if watch.about == watching.SIGNAL else named.get(watch.about_id, frozenset())
        reader = readers.acting_as(follower, watch.officer, watch.role, watch.purpose, watch.ground)
        if follower == organisation or reader is None:
            continue
        if any(_follows(watch.about_id, on, one) and _knows_both(centre, reader, one) for one in agreed):
            told.append(Told.by(reader, WATCHED, watch.attendering_id))
    subjects = tuple((one.key.signal_id, one.key.ref) for one in came)
    return told, _Disclosed(organisation, (signal_id,), subjects)


def _follows(about_id: UUID, named: Collection[Side] | None, one: _Agreed) -> bool:
    """Whether a standing question on a signal, or on a treffer that names these subjects, follows the one that agrees."""
    key = one.other.key
    return key.signal_id == about_id if named is None else Side(key.signal_id, key.ref) in named


def _owner_of(centre: Centre, work: LoggedWork, signal_id: UUID, moment: datetime) -> str:
    found = signal_store.organisation_of(work, signal_id)
    return "" if found is None else centre.policy.register.current(found, moment.date())


def _in_name_of(readers: Readers, organisation: str) -> Permit | None:
    for role, purpose in _SUBMITTING:
        reader = readers.of(organisation, role, purpose)
        if reader is not None:
            return reader.allowed
    return None


def _agreed(
    centre: Centre, work: LoggedWork, allowed: Permit, came: Iterable[StoredSubject], moment: datetime
) -> list[_Agreed]:
    """Every stored subject of another signal that agrees with one that came, but for those that somebody set apart from it on this evidence."""
    starts, keyset, today = list(came), centre.keyset[0], moment.date()
    tags = signal_store.tags_of(work, allowed, keyset, [one.key for one in starts])
    sought = [Sought(tags.get(one.key, {}), one.kind == "organisatie") for one in starts]
    agree = agreeing(work, allowed, centre.weights, sought, keyset=keyset, today=today)
    pairs = [
        (start, candidate)
        for start, candidates in zip(starts, agree, strict=True)
        for candidate in candidates
        if candidate.subject.signal_id != start.key.signal_id
    ]
    standing = {
        (key, one.subject)
        for key, one in not_set_apart(work, allowed, [(start.key, one) for start, one in pairs])
    }
    pairs = [(start, one) for start, one in pairs if (start.key, one.subject) in standing]
    stored = signal_store.load(work, allowed, {one.subject for _start, one in pairs}, today)
    # What came after this is looked at in its turn: so of two only the earlier hears of the later.
    after = watching.awaited(work, watching.SIGNAL)
    return [
        _Agreed(start, one, stored[one.subject], owner_of(centre, stored[one.subject], today))
        for start, one in pairs
        if one.subject in stored and one.subject.signal_id not in after
    ]


def _told_owners(
    centre: Centre,
    readers: Readers,
    agreed: Iterable[_Agreed],
    submitted_by: str,
    cases: Sequence[StoredTreffer],
) -> Iterable[Told]:
    for one in agreed:
        if one.owner == submitted_by:
            continue
        for role, purpose in PURPOSES_OF.items():
            reader = readers.of(one.owner, role, purpose)
            if reader is not None and _knows_both(centre, reader, one):
                yield from _told_owner(centre, reader, one, cases)


def _told_owner(
    centre: Centre, reader: Reader, one: _Agreed, cases: Sequence[StoredTreffer]
) -> Iterable[Told]:
    """Of its signal; or, where that stands in cases that go on, of those of them that this role did not mute."""
    # A correction has another version, and is of the same.
    subject = Side(one.other.key.signal_id, one.other.key.ref)
    named = [case for case in cases if subject in {Side(key.signal_id, key.ref) for key in case.subjects}]
    if not named:
        yield Told.by(reader, LATER_SEEN, one.other.key.signal_id)
    today = reader.why.today
    me = (reader.acting.organisation, reader.person.role)
    for case in named:
        muted = {(centre.policy.register.current(who, today), role) for who, role in case.state.muted}
        if me not in muted:
            yield Told.by(reader, GROWN, case.row.treffer_id)


def _knows_both(centre: Centre, reader: Reader, one: _Agreed) -> bool:
    candidates, stored = one.both()
    around = Surroundings(parties=frozenset({reader.acting.organisation}))
    examined = examine(centre, reader.person, reader.why, candidates, stored, _KNOWS, around)
    return len(examined) == len(candidates) and all(_exists(each) for each in examined)


def _exists(one: Examined) -> bool:
    return one.opens("hit") or one.opens("minor_flag")


# ---- a treffer came ------------------------------------------------------------------------------------------


def _treffer(
    centre: Centre, work: LoggedWork, moment: datetime, treffer_id: UUID, readers: Readers
) -> tuple[list[Told], _Disclosed]:
    """Its parties hear of it, each role for which it exists; and coordinators for whom it is on a track of two organisations."""
    today = moment.date()
    organisations = readers.holders(CONTACT) + readers.holders(CARER)
    allowed = next((one for name in organisations if (one := _in_name_of(readers, name)) is not None), None)
    treffer = None if allowed is None else treffer_store.one(work, allowed, treffer_id, today)
    if allowed is None or treffer is None:
        return [], _Disclosed()
    stored = signal_store.load(work, allowed, treffer.subjects, today)
    asked_by = centre.policy.register.current(treffer.row.organisation, today)
    parties = sorted({asked_by} | {owner_of(centre, one, today) for one in stored.values()})
    told = []
    for party in parties:
        for role, purpose in PURPOSES_OF.items():
            reader = readers.of(party, role, purpose)
            if reader is None:
                continue
            examined = examine_treffer(
                centre, work, reader.allowed, reader.person, reader.why, treffer, _KNOWS
            )
            if any(_exists(one) for one in examined):
                told.append(Told.by(reader, FOUND, treffer_id))
    for name in readers.holders(COORDINATOR):
        reader = readers.of(name, COORDINATOR, HANDING_OVER)
        if reader is None:
            continue
        examined, _stored = examine_track(
            centre, work, reader.allowed, reader.person, reader.why, treffer, ("hit",)
        )
        if len({one.organisation for one in examined if one.opens("hit")}) >= 2:
            told.append(Told.by(reader, FOUND, treffer_id))
    # That it was asked and what it found stands in the log already, with the question.
    return told, _Disclosed(subjects=tuple((key.signal_id, key.ref) for key in stored))


# ---- the entry -----------------------------------------------------------------------------------------------


def _payloads(
    centre: Centre, moment: datetime, told: list[Told], disclosed: _Disclosed
) -> dict[str, dict[str, JSON]]:
    """One leaf: what each organisation was told, whose signal that was about, and for the register a number."""
    at, trace = moment.isoformat(timespec="seconds"), centre.randomness(16).hex()
    said: dict[str, JSON] = {"moment": at, "berichten_geteld": len(told), "spoor": trace}
    payloads = {REGISTER: CATALOGUE.payload(EVENT, KEEPER, said)}
    policy = centre.policy.policy_set.hash
    for organisation in sorted({one.organisation for one in told}):
        mine = [one for one in told if one.organisation == organisation]
        theirs: dict[str, JSON] = {
            "moment": at,
            "rollen": sorted({one.role for one in mine}),
            "berichten": sorted({one.kind for one in mine}),
            "signalen": sorted(str(one.about_id) for one in mine if one.kind == LATER_SEEN),
            "treffers": sorted(str(one.about_id) for one in mine if one.kind in {FOUND, GROWN}),
            "attenderingen": sorted(str(one.about_id) for one in mine if one.kind == WATCHED),
            "beleid": policy,
            "spoor": trace,
        }
        payloads[organisation] = CATALOGUE.payload(EVENT, SUBJECT, theirs)
    if told and disclosed.signals:
        payloads[disclosed.owner] = CATALOGUE.payload(
            EVENT,
            OWNER,
            {
                "moment": at,
                "organisatie": ", ".join(sorted({one.organisation for one in told})),
                "rol": ", ".join(sorted({one.role for one in told})),
                "doel": ", ".join(sorted({one.purpose for one in told})),
                "grondslag": sorted({one.ground for one in told}),
                "signalen": [str(one) for one in disclosed.signals],
                "velden": ["hit"],
                "beleid": policy,
                "spoor": trace,
            },
        )
    return payloads
