# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node's database keeps what it must and forgets what it may, on SQLite and on PostgreSQL alike."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from audit.checkpoint import sign_checkpoint
from audit.store.engine import make_engine
from audit.trail import Receipt
from process.secret import Secret
from register.accounts import Account
from register.municipal import casebook
from register.municipal.controls import Control
from register.municipal.receipts import Break, LogBreak, Unproven
from register.municipal.sealing import BrokenSealError, Seal, expanding, named_seed
from register.municipal.store import NodeStore
from register.municipal.store.tables import metadata
from register.signals import Observation
from tests.register.municipal.world import LogStation

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ACCOUNT = Account("toezichthouder-1", "inspecteur", "toezichthouder")
CONTROL = Control(
    "C-2345-6789", "horeca", "horeca", "GM9004", planned=False, day=NOW.date(), officer="toezichthouder-1"
)
ENTRY = casebook.Entry(
    UUID(int=5), 1, "toezichthouder-1", "h" * 32, "concept", NOW, date(2027, 3, 2), b"d" * 32, b"s"
)
KEPT = casebook.Kept(
    date(2026, 2, 27),
    Observation("arbeid", "anders", "overig", ("overbewoning",), (("s1", "onbekend"),)),
    Secret(b"n" * 32),
    Secret(b"z" * 32),
)


@pytest.fixture
def store(database_url: str) -> Iterator[NodeStore]:
    made = NodeStore(database_url)
    made.migrate()
    yield made
    made.close()


def test_the_migrations_make_the_tables_of_the_code(store: NodeStore, database_url: str) -> None:
    del store
    engine = make_engine(database_url)
    with engine.connect() as connection:
        assert not compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()


def test_migrating_twice_changes_nothing(store: NodeStore) -> None:
    store.put_account(ACCOUNT, "hash")
    store.migrate()
    assert store.account("inspecteur") == (ACCOUNT, "hash")


def test_an_account_keeps_its_number_when_role_and_password_change(store: NodeStore) -> None:
    store.put_account(ACCOUNT, "hash")
    store.put_account(Account("een-ander-nummer", "inspecteur", "ambassadeur"), "nieuw")
    assert store.account("inspecteur") == (replace(ACCOUNT, role="ambassadeur"), "nieuw")
    assert store.account("niemand") is None


def test_wrong_tries_are_counted_and_forgotten(store: NodeStore) -> None:
    assert store.tries(b"k" * 32) == (0, None)
    store.put_tries(b"k" * 32, 5, NOW)
    assert store.tries(b"k" * 32) == (5, NOW)
    store.put_tries(b"k" * 32, 0, None)
    assert store.tries(b"k" * 32) == (0, None)


def test_a_session_ends_after_half_an_hour_without_use(store: NodeStore) -> None:
    store.put_account(ACCOUNT, "hash")
    store.put_session(b"t" * 32, ACCOUNT.officer, NOW)
    at = NOW
    for _time in range(3):
        at += timedelta(minutes=29)
        assert store.session(b"t" * 32, at) is not None
    assert store.session(b"t" * 32, at + timedelta(minutes=30)) is None
    assert store.session(b"t" * 32, at) is None


def test_a_session_ends_after_eight_hours_of_use(store: NodeStore) -> None:
    store.put_account(ACCOUNT, "hash")
    store.put_session(b"t" * 32, ACCOUNT.officer, NOW)
    at = NOW
    while at + timedelta(minutes=20) < NOW + timedelta(hours=8):
        at += timedelta(minutes=20)
        assert store.session(b"t" * 32, at) is not None
    assert store.session(b"t" * 32, NOW + timedelta(hours=8)) is None


def test_a_control_number_is_used_once(store: NodeStore) -> None:
    assert store.put_control(CONTROL)
    assert not store.put_control(replace(CONTROL, basis="anders"))
    assert store.control(CONTROL.number) == CONTROL


def test_the_controls_of_today_are_ones_own_and_those_for_everyone(store: NodeStore) -> None:
    shared = replace(CONTROL, number="C-0001", officer=None)
    for one in (
        CONTROL,
        shared,
        replace(CONTROL, number="C-0002", officer="een-ander"),
        replace(CONTROL, number="C-0003", day=date(2026, 3, 1)),
    ):
        store.put_control(one)
    assert store.controls("toezichthouder-1", NOW.date()) == [shared, CONTROL]


def test_a_record_is_written_once(store: NodeStore) -> None:
    assert store.put_entry(ENTRY)
    assert not store.put_entry(replace(ENTRY, handle="ander"))
    assert store.entry(ENTRY.signal_id) == ENTRY


def test_an_acknowledged_record_is_not_dropped(store: NodeStore) -> None:
    store.put_entry(ENTRY)
    store.acknowledge(ENTRY.signal_id, 1, date(2027, 3, 3))
    store.drop_entry(ENTRY.signal_id, 1)
    assert store.entry(ENTRY.signal_id) == replace(ENTRY, status="bevestigd", expires_on=date(2027, 3, 3))


def test_a_draft_record_is_dropped(store: NodeStore) -> None:
    store.put_entry(ENTRY)
    store.drop_entry(ENTRY.signal_id, 1)
    assert store.entry(ENTRY.signal_id) is None


def test_refusals_are_counted_per_minute(store: NodeStore) -> None:
    store.put_refusal(NOW, None, "niet-aangemeld", ())
    store.put_refusal(NOW + timedelta(seconds=59), None, "niet-aangemeld", ())
    store.put_refusal(NOW + timedelta(seconds=60), None, "niet-aangemeld", ())
    store.put_refusal(NOW, "toezichthouder-1", "te-weinig", ("b", "a"))
    assert [(code, fields, times) for _at, _who, code, fields, times in store.refusals()] == [
        ("niet-aangemeld", "", 2),
        ("te-weinig", "a,b", 1),
        ("niet-aangemeld", "", 1),
    ]


LOG = LogStation()
LOG.append(*(b"%d" % leaf for leaf in range(9)))


def note(size: int) -> bytes:
    return sign_checkpoint(LOG.checkpoint(size), LOG.signer).encode()


def test_a_receipt_waits_from_when_it_came_whatever_moment_it_names(store: NodeStore) -> None:
    named = Receipt("log", 2**40, b"h" * 32, NOW + timedelta(days=900))
    store.put_receipt("bevraging", "toezichthouder-1", named, b"note", NOW)
    assert store.unproven() == [Unproven(1, "log", 2**40, b"h" * 32, NOW, contradicted=False)]
    assert store.count_proven() == 0


def test_a_proven_receipt_waits_no_more_and_stays_proven(store: NodeStore) -> None:
    for leaf in range(3):
        store.put_receipt("bevraging", "toezichthouder-1", LOG.receipt(leaf), b"note", NOW)
    store.put_verdict(2, NOW, proven=True)
    store.put_verdict(2, NOW, proven=False)
    assert [one.leaf_index for one in store.unproven()] == [0, 2]
    assert store.count_proven() == 1


def test_a_contradicted_receipt_waits_on_and_can_still_be_proven(store: NodeStore) -> None:
    store.put_receipt("bevraging", "toezichthouder-1", LOG.receipt(0), b"note", NOW)
    store.put_verdict(1, NOW, proven=False)
    assert [one.contradicted for one in store.unproven()] == [True]
    store.put_verdict(1, NOW, proven=True)
    assert (store.unproven(), store.count_proven()) == ([], 1)


def test_the_largest_checkpoint_of_each_log_is_remembered(store: NodeStore) -> None:
    assert store.last_checkpoint(LOG.signer.name) is None
    for size in (3, 7, 5):
        store.put_checkpoint(LOG.checkpoint(size), note(size))
    assert store.last_checkpoint(LOG.signer.name) == (LOG.checkpoint(7), note(7))
    assert store.last_checkpoint("log.example/ander") is None


def test_the_first_break_of_each_kind_is_kept_as_evidence(store: NodeStore) -> None:
    first = LogBreak(Break.SHORTER, note(7), note(5), NOW)
    forked = LogBreak(Break.FORKED, note(7), note(8), NOW + timedelta(hours=1))
    for one in (first, replace(first, offered=note(4), seen_at=forked.seen_at), forked):
        store.put_break("log", one)
    store.purge(NOW + timedelta(days=4000), date(2037, 1, 1))
    assert store.breaks("log") == [first, forked]
    assert store.breaks("log.example/ander") == []


def test_what_has_expired_is_destroyed(store: NodeStore) -> None:
    store.put_account(ACCOUNT, "hash")
    store.put_session(b"t" * 32, ACCOUNT.officer, NOW)
    store.put_entry(ENTRY)
    store.put_refusal(NOW, None, "x", ())
    store.purge(NOW, date(2027, 3, 1))
    assert store.entry(ENTRY.signal_id) is not None
    later = NOW + timedelta(days=400)
    store.purge(later, later.date())
    assert store.entry(ENTRY.signal_id) is None
    assert not store.refusals()


def test_a_sealed_record_opens_with_its_own_key_and_place_only() -> None:
    seal = Seal(Secret(bytes(range(32))), random.Random(1).randbytes)
    entry = replace(ENTRY, sealed=casebook.sealed(KEPT, seal, ENTRY.signal_id, 1))
    assert casebook.opened(entry, seal) == KEPT
    other_key = Seal(Secret(bytes(range(1, 33))), random.Random(1).randbytes)
    for bad, key in (
        (entry, other_key),
        (replace(entry, version=2), seal),
        (replace(entry, signal_id=UUID(int=6)), seal),
        (replace(entry, sealed=entry.sealed[:-1] + b"\x00"), seal),
        (replace(entry, sealed=b""), seal),
    ):
        with pytest.raises(BrokenSealError):
            casebook.opened(bad, key)


def test_a_sealed_record_shows_nothing() -> None:
    seal = Seal(Secret(bytes(range(32))), random.Random(1).randbytes)
    sealed = casebook.sealed(KEPT, seal, ENTRY.signal_id, 1)
    assert b"arbeid" not in sealed
    assert "n" * 32 not in repr(KEPT)


def test_the_same_seed_gives_the_same_bytes_and_another_others() -> None:
    one, again, other = (expanding(Secret(seed * 32)) for seed in (b"a", b"a", b"b"))
    assert [one(5), one(48)] == [again(5), again(48)]
    assert other(5) != expanding(Secret(b"a" * 32))(5)
    assert expanding(Secret(b"a" * 32))(48) != expanding(Secret(b"a" * 32))(96)[48:]


def test_a_named_seed_depends_on_every_name_and_its_place() -> None:
    secret = Secret(bytes(range(32)))
    seeds = {
        named_seed(secret, *names).reveal() for names in (("a", "b"), ("b", "a"), ("ab",), ("a", "b", ""), ())
    }
    assert len(seeds) == 5
