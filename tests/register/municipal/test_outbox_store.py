# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The stores of outbox, casebook, drafts, looks and sealed records keep the same promises on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest

from register.municipal.casebook import Entry
from register.municipal.dossier import Look
from register.municipal.drafts import Aside
from register.municipal.outbox import REFUSED_KEPT, Row, State
from register.municipal.proposals import Chosen, Proposal, ProposalState, Received
from register.municipal.sealing import Sealed
from register.municipal.store import NodeDatabase
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.drafts import DraftStore
from register.municipal.store.looks import LookStore
from register.municipal.store.outbox import Claim, OutboxStore
from register.municipal.store.releases import ReleaseStore
from register.municipal.store.sealed import KINDS, SealedStore
from register.recipients import Pin
from register.wire import Ontvanger
from tests.register.municipal.statements import listening
from tests.register.municipal.test_outbox import REFUSAL, ROW

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OURS, THEIRS = "GM9003", "GM9004"
SEALED = Sealed(b"content", b"wrapped", b"zegel-01", b"recovery", b"herstel1")
NEWER = replace(SEALED, wrapped=b"anders", seal_key=b"zegel-02")
ENTRY = Entry(
    signal_id=UUID(int=5),
    version=1,
    officer="toezichthouder-1",
    handle="h" * 32,
    status="bevestigd",
    first_processed_at=NOW,
    expires_on=date(2027, 3, 2),
    digest=b"d" * 32,
    sealed=SEALED,
    content=b"c" * 32,
    answer=b"{}",
)
ASIDE = Aside(UUID(int=9), "toezichthouder-1", NOW, NOW + timedelta(hours=24), SEALED)
LOOK = Look(
    look_id=UUID(int=11),
    signal_id=UUID(int=5),
    officer="aandachtsfunctionaris-1",
    role="aandachtsfunctionaris",
    reason="opvolging",
    attributes=True,
    at=NOW,
)

GOT = Received(
    release_id=UUID(int=5),
    sender="GM9001",
    signal_id=UUID(int=6),
    role="aandachtsfunctionaris",
    officer="",
    kinds=("verhaal",),
    received_at=NOW,
    expires_on=date(2027, 3, 2),
    sealed=SEALED,
)
PROPOSED = Proposal(
    release_id=UUID(int=5),
    signal_id=UUID(int=6),
    version=1,
    treffer_id=None,
    recipient=Ontvanger(organisatie="TMM", rol="tmm_coordinator"),
    chosen=(Chosen("verhaal", "OEF-G-GEM"),),
    state=ProposalState.PROPOSED,
    proposed_by="aandachtsfunctionaris-1",
    proposed_role="aandachtsfunctionaris",
    proposed_at=NOW,
)
PIN = Pin("TMM", "TMM/ontvangst+00000000+sleutel", 1, b"d" * 32)


def claim(token: bytes = b"a" * 16, now: datetime = NOW) -> Claim:
    return Claim(token, now, now + timedelta(minutes=2), now + timedelta(seconds=30))


def row(number: int = 5, **changed: object) -> Row:
    return replace(ROW, signal_id=UUID(int=number), sealed=SEALED, **changed)  # type: ignore[arg-type]


@dataclass
class Stores:
    """Everything of one organisation."""

    database: NodeDatabase
    tenant: str = THEIRS

    def __post_init__(self) -> None:
        self.outbox = OutboxStore(self.database, self.tenant)
        self.casebook = CasebookStore(self.database, self.tenant)
        self.drafts = DraftStore(self.database, self.tenant)
        self.looks = LookStore(self.database, self.tenant)
        self.sealed = SealedStore(self.database, self.tenant)
        self.releases = ReleaseStore(self.database, self.tenant)


@pytest.fixture
def stores(database_url: str) -> Iterator[Stores]:
    database = NodeDatabase(database_url)
    database.migrate([OURS, THEIRS])
    yield Stores(database)
    database.close()


# ---- outbox ----------------------------------------------------------------------------------------------------------------


def test_a_row_is_written_once_and_read_back(stores: Stores) -> None:
    assert stores.outbox.put(row(), claim())
    assert not stores.outbox.put(row(handle="ander"), claim())
    assert stores.outbox.row(UUID(int=5)) == row(
        state="onderweg", claimed_until=NOW + timedelta(minutes=2), next_at=NOW + timedelta(seconds=30)
    )
    assert stores.outbox.row(UUID(int=6)) is None


def test_a_row_is_held_by_one_at_a_time(stores: Stores) -> None:
    stores.outbox.put(row(), claim())
    assert stores.outbox.claim(UUID(int=5), 1, claim(b"b" * 16)) is None
    later = NOW + timedelta(minutes=2)
    found = stores.outbox.claim(UUID(int=5), 1, claim(b"b" * 16, later))
    assert found is not None
    assert (found.attempts, found.claimed_until) == (2, later + timedelta(minutes=2))


def test_of_many_that_reach_for_a_row_at_once_one_gets_it(stores: Stores) -> None:
    stores.outbox.put(row(), claim())
    stores.outbox.waits(row(), claim(), NOW, "register-weg", maybe=False)
    together, got = Barrier(8), []

    def reach(number: int) -> None:
        together.wait()
        if stores.outbox.claim(UUID(int=5), 1, claim(bytes([number]) * 16)) is not None:
            got.append(number)

    threads = [Thread(target=reach, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


WRITES: dict[str, Callable[[OutboxStore, Claim], bool]] = {
    "leaving": lambda store, held: store.leaving(row(), held, b"d" * 32, NEWER),
    "waiting": lambda store, held: store.waits(row(), held, NOW, "register-weg", maybe=True),
    "refusing": lambda store, held: store.refuse(row(), held, REFUSAL, NOW, maybe=False),
    "letting go": lambda store, held: store.release(row(), held, State.WAITS),
    "withdrawing": lambda store, held: store.withdraw(UUID(int=5), date(2027, 1, 1), (row(), held)),
}


@pytest.mark.parametrize("name", WRITES)
def test_only_who_holds_a_row_writes_about_an_attempt(stores: Stores, name: str) -> None:
    stores.outbox.put(row(), claim())
    before = stores.outbox.row(UUID(int=5))
    assert not WRITES[name](stores.outbox, claim(b"b" * 16))
    assert stores.outbox.row(UUID(int=5)) == before
    assert WRITES[name](stores.outbox, claim())
    assert stores.outbox.row(UUID(int=5)) != before


def test_what_leaves_is_recorded_with_the_mark_that_it_may_have_arrived(stores: Stores) -> None:
    stores.outbox.put(row(), claim())
    stores.outbox.leaving(row(), claim(), b"e" * 32, NEWER)
    found = stores.outbox.row(UUID(int=5))
    assert found is not None
    assert (found.digest, found.maybe, found.sealed) == (b"e" * 32, True, NEWER)


def test_the_first_refusal_counts_until_it_waits_again(stores: Stores) -> None:
    stores.outbox.put(row(), claim())
    stores.outbox.refuse(row(), claim(), REFUSAL, NOW, maybe=False)
    later = NOW + timedelta(days=2)
    assert stores.outbox.claim(UUID(int=5), 1, claim(b"b" * 16, later))
    stores.outbox.refuse(row(), claim(b"b" * 16), REFUSAL, later, maybe=False)
    found = stores.outbox.row(UUID(int=5))
    assert found is not None
    assert (found.refused_at, found.reason) == (NOW, "geen-toegang")
    assert stores.outbox.claim(UUID(int=5), 1, claim(b"c" * 16, later))
    stores.outbox.waits(row(), claim(b"c" * 16), later, "register-weg", maybe=False)
    again = stores.outbox.row(UUID(int=5))
    assert again is not None
    assert (again.refused_at, again.refusal) == (None, None)


@pytest.mark.parametrize("maybe", [True, False])
def test_only_what_was_refused_and_stands_nowhere_is_mended_or_thrown_away(
    stores: Stores, *, maybe: bool
) -> None:
    stores.outbox.put(row(), claim())
    mended = row(content=b"x" * 32)
    assert not stores.outbox.mend(mended, claim(b"b" * 16))
    assert not stores.outbox.discard(UUID(int=5), 1, NOW)
    stores.outbox.refuse(row(), claim(), REFUSAL, NOW, maybe=maybe)
    assert stores.outbox.mend(mended, claim(b"b" * 16)) is not maybe
    if not maybe:
        stores.outbox.refuse(mended, claim(b"b" * 16), REFUSAL, NOW, maybe=False)
    assert stores.outbox.discard(UUID(int=5), 1, NOW) is not maybe
    assert (stores.outbox.row(UUID(int=5)) is None) is not maybe


def test_delivered_means_from_outbox_to_casebook_in_one_act(stores: Stores) -> None:
    stores.outbox.put(row(), claim())
    stores.outbox.delivered(ENTRY)
    assert stores.outbox.row(UUID(int=5)) is None
    assert stores.casebook.entry(UUID(int=5)) == ENTRY
    stores.outbox.delivered(replace(ENTRY, handle="een ander"))
    assert stores.casebook.entry(UUID(int=5)) == ENTRY


def test_a_late_acknowledgement_of_a_withdrawn_signal_leaves_no_record(stores: Stores) -> None:
    stores.outbox.put(row(), claim())
    assert stores.outbox.withdraw(UUID(int=5), date(2027, 1, 1), (row(), claim()))
    stores.outbox.delivered(ENTRY)
    assert stores.casebook.entry(UUID(int=5)) is None
    assert stores.outbox.withdrawn(UUID(int=5))


def test_withdrawing_twice_changes_nothing(stores: Stores) -> None:
    stores.casebook.put(ENTRY)
    for _time in range(2):
        assert stores.outbox.withdraw(UUID(int=5), date(2027, 1, 1), None)
    assert stores.casebook.entry(UUID(int=5)) is None
    assert stores.outbox.withdrawn(UUID(int=5))


def test_what_is_due_comes_in_the_order_of_its_moment(stores: Stores) -> None:
    for number, minutes in ((1, 30), (2, 10), (3, 20), (4, 90)):
        stores.outbox.put(row(number, handle=f"h{number}"), claim())
        stores.outbox.waits(
            row(number), claim(), NOW + timedelta(minutes=minutes), "register-weg", maybe=False
        )
    due = stores.outbox.due(NOW + timedelta(hours=1), 10)
    assert [signal_id.int for signal_id, _version in due] == [2, 3, 1]
    assert stores.outbox.due(NOW + timedelta(hours=1), 1) == due[:1]


def test_postponing_is_for_everyone_or_for_one_officer_and_way_and_never_makes_it_sooner(
    stores: Stores,
) -> None:
    for number, officer, run in ((1, "een", None), (2, "twee", None), (3, "een", UUID(int=7))):
        stores.outbox.put(row(number, officer=officer, run=run), claim())
        stores.outbox.waits(row(number), claim(), NOW, "quotum-bereikt", maybe=False)
    stores.outbox.postpone(NOW + timedelta(hours=1), row(1, officer="een"))
    assert [one.int for one, _version in stores.outbox.due(NOW, 10)] == [2, 3]
    stores.outbox.postpone(NOW + timedelta(hours=1), row(3, officer="een", run=UUID(int=8)))
    assert [one.int for one, _version in stores.outbox.due(NOW, 10)] == [2]
    stores.outbox.postpone(NOW + timedelta(minutes=1))
    found = stores.outbox.row(UUID(int=1))
    assert found is not None
    assert found.next_at == NOW + timedelta(hours=1)
    assert stores.outbox.due(NOW, 10) == []


def test_rows_are_listed_and_counted_by_state_refused_ones_first(stores: Stores) -> None:
    for number in (1, 2, 3):
        stores.outbox.put(row(number), claim())
    stores.outbox.waits(row(1), claim(), NOW, "register-weg", maybe=False)
    stores.outbox.refuse(row(2), claim(), REFUSAL, NOW, maybe=False)
    assert [one.signal_id.int for one in stores.outbox.rows(None, NOW, None, 10)] == [2, 1, 3]
    assert dict(stores.outbox.count(None, NOW)) == dict.fromkeys(State, 1)
    later = NOW + timedelta(minutes=2)
    assert stores.outbox.count(ROW.officer, later)[State.WAITS] == 2
    for state in State:
        assert {one.state_at(NOW) for one in stores.outbox.rows(ROW.officer, NOW, state, 10)} == {state}
    assert stores.outbox.rows("een ander", NOW, None, 10) == []


def test_the_condition_of_the_database_is_the_rule_of_a_row(stores: Stores) -> None:
    moments = [
        NOW,
        NOW + REFUSED_KEPT,
        datetime(2027, 3, 1, 23, 59, tzinfo=UTC),
        datetime(2027, 3, 2, tzinfo=UTC),
    ]
    for number, (refused, maybe) in enumerate(((True, True), (True, False), (False, True), (False, False))):
        stores.outbox.put(row(number), claim())
        if refused:
            stores.outbox.refuse(row(number), claim(), REFUSAL, NOW, maybe=maybe)
        else:
            stores.outbox.waits(row(number), claim(), NOW, "register-weg", maybe=maybe)
    everything = [one for number in range(4) if (one := stores.outbox.row(UUID(int=number)))]
    assert len(everything) == 4
    for moment in moments:
        shown = {one.signal_id for one in stores.outbox.rows(None, moment, None, 10)}
        assert shown == {one.signal_id for one in everything if one.alive(moment)}
    assert stores.outbox.destroy(NOW + REFUSED_KEPT) == (0, 1)
    assert stores.outbox.destroy(moments[-1]) == (3, 0)
    assert stores.outbox.row(UUID(int=0)) is None


# ---- casebook, drafts, looks -----------------------------------------------------------------------------------------------


def test_the_casebook_is_read_page_by_page_newest_first(stores: Stores) -> None:
    for number in range(7):
        at = NOW + timedelta(minutes=number // 2)
        stores.casebook.put(
            replace(ENTRY, signal_id=UUID(int=number), handle=f"h{number}", first_processed_at=at)
        )
    seen: list[int] = []
    after = None
    while page := stores.casebook.page(None, NOW.date(), after, 3):
        seen += [one.signal_id.int for one in page]
        after = (page[-1].first_processed_at, page[-1].signal_id)
    assert seen == [6, 4, 5, 2, 3, 0, 1]
    assert stores.casebook.count(ENTRY.officer, NOW.date()) == 7
    assert stores.casebook.count("een ander", NOW.date()) == 0


def test_a_record_is_invisible_on_the_day_on_which_its_term_is_over(stores: Stores) -> None:
    stores.casebook.put(ENTRY)
    assert stores.casebook.page(None, date(2027, 3, 1)) == [ENTRY]
    assert stores.casebook.page(None, date(2027, 3, 2)) == []
    assert stores.casebook.count(None, date(2027, 3, 2)) == 0


def test_a_draft_keeps_its_first_moment_and_goes_after_a_day(stores: Stores) -> None:
    stores.drafts.put(ASIDE)
    later = NOW + timedelta(hours=20)
    stores.drafts.put(replace(ASIDE, created_at=later, expires_at=later + timedelta(hours=24), sealed=NEWER))
    assert stores.drafts.draft(UUID(int=9), later) == replace(ASIDE, sealed=NEWER)
    gone = NOW + timedelta(hours=24)
    assert stores.drafts.draft(UUID(int=9), gone) is None
    assert stores.drafts.drafts(None, gone) == []
    assert (stores.drafts.destroy(gone), stores.drafts.destroy(gone)) == (1, 0)


def test_a_draft_under_the_key_of_one_that_is_too_old_is_a_new_one(stores: Stores) -> None:
    stores.drafts.put(ASIDE)
    later = NOW + timedelta(hours=25)
    new = replace(ASIDE, created_at=later, expires_at=later + timedelta(hours=24))
    stores.drafts.put(new)
    assert stores.drafts.drafts(ASIDE.officer, later) == [new]
    stores.drafts.drop(UUID(int=9))
    stores.drafts.drop(UUID(int=9))
    assert stores.drafts.drafts(None, later) == []


def test_a_look_is_kept_once_and_for_thirteen_months(stores: Stores) -> None:
    assert stores.looks.put(LOOK)
    assert not stores.looks.put(replace(LOOK, reason="kwaliteit"))
    assert stores.looks.of(UUID(int=5)) == [LOOK]
    assert stores.looks.destroy(NOW + timedelta(days=395)) == 0
    assert stores.looks.destroy(NOW + timedelta(days=396)) == 1


def test_what_was_delivered_or_withdrawn_meanwhile_gets_no_new_row(stores: Stores) -> None:
    stores.casebook.put(replace(ENTRY, signal_id=UUID(int=1), handle="h1"))
    assert not stores.outbox.put(row(1), claim())
    assert stores.outbox.put(row(2), claim())


def test_a_record_that_was_withdrawn_meanwhile_is_not_put_back(stores: Stores) -> None:
    assert not stores.casebook.replace(ENTRY)
    stores.casebook.put(ENTRY)
    assert stores.casebook.replace(ENTRY)


# ---- sealed records --------------------------------------------------------------------------------------------------------


def fill(stores: Stores) -> None:
    for number in range(5):
        signal_id = UUID(int=number)
        # A signal that waits is in no casebook yet; here both are filled, so the outbox goes first.
        assert stores.outbox.put(row(number), claim(), (LATE.date(), SEALED))
        assert stores.releases.receive(replace(GOT, release_id=signal_id))
        stores.releases.propose(replace(PROPOSED, release_id=signal_id))
        stores.casebook.put(replace(ENTRY, signal_id=signal_id, handle=f"h{number}"))
        stores.drafts.put(replace(ASIDE, draft_id=signal_id))
    stores.sealed.put_secret("nummering", SEALED)
    stores.looks.put(LOOK)
    stores.releases.put_pin(PIN, "beheerder-1", NOW)
    stores.releases.put_own_key(1, "verklaring", NOW)


def test_every_sealed_record_is_walked_in_batches_and_replaced_if_it_still_is_what_was_read(
    stores: Stores,
) -> None:
    fill(stores)
    seen = 0
    for kind in KINDS:
        after = None
        while batch := stores.sealed.under_other_seals(kind, b"zegel-02", after, 2):
            after = batch[-1].key
            seen += len(batch)
            assert stores.sealed.replace([(one, NEWER) for one in batch]) == len(batch)
            assert stores.sealed.replace([(one, SEALED) for one in batch]) == 0
    assert seen == 26
    assert stores.sealed.count_under_other_seals(b"zegel-02") == 0
    assert stores.sealed.count_under_other_seals(b"zegel-01") == 26


def test_records_of_another_recovery_key_are_found_and_of_another_seal_left_alone(stores: Stores) -> None:
    fill(stores)
    assert stores.sealed.recovery_keys_under_other_seals(b"zegel-02") == {b"herstel1"}
    assert stores.sealed.recovery_keys_under_other_seals(b"zegel-01") == set()
    for kind in KINDS:
        assert stores.sealed.behind(kind, b"zegel-01", b"herstel1", None, 9) == []
        assert stores.sealed.behind(kind, b"zegel-01", b"herstel2", None, 9)
        assert stores.sealed.behind(kind, b"zegel-01", None, None, 9)
        assert stores.sealed.behind(kind, b"zegel-02", b"herstel2", None, 9) == []


def test_a_secret_is_put_once(stores: Stores) -> None:
    assert stores.sealed.secret("nummering") is None
    assert stores.sealed.put_secret("nummering", SEALED)
    assert not stores.sealed.put_secret("nummering", NEWER)
    assert stores.sealed.secret("nummering") == SEALED


# ---- organisations apart ---------------------------------------------------------------------------------------------------

READS: dict[str, Callable[[Stores], object]] = {
    "a row": lambda one: one.outbox.row(UUID(int=1)),
    "rows": lambda one: one.outbox.rows(None, NOW, None, 10),
    "what is due": lambda one: one.outbox.due(NOW + timedelta(hours=1), 10),
    "counts": lambda one: one.outbox.count(None, NOW),
    "a withdrawn number": lambda one: one.outbox.withdrawn(UUID(int=99)),
    "a record": lambda one: one.casebook.entry(UUID(int=1)),
    "a page of the casebook": lambda one: one.casebook.page(None, NOW.date()),
    "how many records": lambda one: one.casebook.count(None, NOW.date()),
    "a draft": lambda one: one.drafts.draft(UUID(int=1), NOW),
    "drafts": lambda one: one.drafts.drafts(None, NOW),
    "looks": lambda one: one.looks.of(UUID(int=5)),
    "a secret": lambda one: one.sealed.secret("nummering"),
    "a narrative": lambda one: one.releases.narrative(UUID(int=1), 1, NOW.date()),
    "a proposal": lambda one: one.releases.proposal(UUID(int=1)),
    "proposals": lambda one: one.releases.proposals(),
    "what was received": lambda one: one.releases.received(NOW.date()),
    "a pin": lambda one: one.releases.pin("TMM"),
    "own keys": lambda one: one.releases.own_keys(),
    "sealed records": lambda one: [one.sealed.under_other_seals(kind, b"x", None, 9) for kind in KINDS],
    "records behind": lambda one: [one.sealed.behind(kind, b"zegel-01", None, None, 9) for kind in KINDS],
    "how many of other seals": lambda one: one.sealed.count_under_other_seals(b"x"),
    "their recovery keys": lambda one: one.sealed.recovery_keys_under_other_seals(b"x"),
}
LATE = datetime(2037, 1, 1, tzinfo=UTC)
CHANGES: dict[str, Callable[[Stores], object]] = {
    "a row of the same signal": lambda one: one.outbox.put(row(1, content=b"y" * 32), claim()),
    "mending": lambda one: one.outbox.mend(row(1, content=b"y" * 32), claim(now=LATE)),
    "destroying a narrative": lambda one: one.releases.destroy_narrative(UUID(int=1)),
    "sealing a proposal": lambda one: one.releases.sealed_to(UUID(int=1), "k" * 32, b"zegel"),
    "deciding on a proposal": lambda one: one.releases.move(UUID(int=1), ProposalState.PROPOSED, ProposalState.SENT, NOW),
    "destroying what was received": lambda one: one.releases.destroy_received(UUID(int=1)),
    "believing a key": lambda one: one.releases.seen(replace(PIN, version=9)),
    "ending terms": lambda one: one.releases.destroy(LATE, LATE.date()),
    "claiming": lambda one: one.outbox.claim(UUID(int=1), 1, claim(b"z" * 16, LATE)),
    "letting wait": lambda one: one.outbox.waits(row(1), claim(), NOW, "register-weg", maybe=True),
    "refusing": lambda one: one.outbox.refuse(row(1), claim(), REFUSAL, NOW, maybe=False),
    "letting go": lambda one: one.outbox.release(row(1), claim(), State.WAITS),
    "leaving": lambda one: one.outbox.leaving(row(1), claim(), b"d" * 32, NEWER),
    "discarding": lambda one: one.outbox.discard(UUID(int=1), 1, LATE),
    "delivering": lambda one: one.outbox.delivered(replace(ENTRY, signal_id=UUID(int=1), handle="z")),
    "withdrawing": lambda one: one.outbox.withdraw(UUID(int=1), date(2030, 1, 1), None),
    "postponing": lambda one: one.outbox.postpone(LATE),
    "destroying rows": lambda one: one.outbox.destroy(LATE),
    "a record of the same signal": lambda one: one.casebook.put(replace(ENTRY, signal_id=UUID(int=1), handle="h1")),
    "a draft of the same number": lambda one: one.drafts.put(replace(ASIDE, draft_id=UUID(int=1), sealed=NEWER)),
    "throwing a draft away": lambda one: one.drafts.drop(UUID(int=1)),
    "destroying drafts": lambda one: one.drafts.destroy(LATE),
    "a look of the same number": lambda one: one.looks.put(LOOK),
    "destroying looks": lambda one: one.looks.destroy(LATE),
    "a secret of the same name": lambda one: one.sealed.put_secret("nummering", NEWER),
    "sealing anew": lambda one: one.sealed.replace(
        [(found, NEWER) for kind in KINDS for found in one.sealed.under_other_seals(kind, b"x", None, 9)]
    ),
}  # fmt: skip


def test_nothing_that_one_organisation_does_changes_what_is_another_s_and_every_statement_names_one(
    stores: Stores,
) -> None:
    fill(stores)
    stores.outbox.withdraw(UUID(int=99), date(2030, 1, 1), None)
    ours = Stores(stores.database, OURS)
    before = {name: read(stores) for name, read in READS.items()}
    empty = {name: read(ours) for name, read in READS.items()}
    assert [name for name in READS if before[name] == empty[name]] == []
    for name, change in CHANGES.items():
        with listening() as heard:
            change(ours)
        assert heard, name
        assert {one.organisations for one in heard} == {frozenset({OURS})}, name
        assert {one: read(stores) for one, read in READS.items()} == before, name
    with listening() as heard:
        for read in READS.values():
            read(ours)
    assert {one.organisations for one in heard} == {frozenset({OURS})}
