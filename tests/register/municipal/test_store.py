# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node's database keeps what it must and forgets what it may, on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from audit.checkpoint import sign_checkpoint
from audit.store.engine import make_engine
from audit.trail import Receipt
from register.accounts import FREE_TRIES, Account, wait_after
from register.municipal.casebook import Entry
from register.municipal.controls import Control
from register.municipal.receipts import Break, LogBreak, Unproven
from register.municipal.sealing import Sealed
from register.municipal.store import NodeDatabase, NodeStore
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.tables import metadata
from register.second_factor import HALF_TRIES, Half
from tests.register.municipal.world import LogStation

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ACCOUNT = Account("toezichthouder-1", "inspecteur", "toezichthouder")
CONTROL = Control(
    "C-2345-6789", "horeca", "horeca", "GM9004", planned=False, day=NOW.date(), officer="toezichthouder-1"
)
ENTRY = Entry(
    UUID(int=5),
    1,
    "toezichthouder-1",
    "h" * 32,
    "bevestigd",
    NOW,
    date(2027, 3, 2),
    b"d" * 32,
    Sealed(b"s", b"w", b"k" * 8),
)


@pytest.fixture
def database(database_url: str) -> Iterator[NodeDatabase]:
    made = NodeDatabase(database_url)
    made.migrate(["GM9003", "GM9004"])
    yield made
    made.close()


@pytest.fixture
def store(database: NodeDatabase) -> NodeStore:
    return NodeStore(database, "GM9004")


@pytest.fixture
def neighbour(database: NodeDatabase) -> NodeStore:
    """What another organisation keeps in the same database."""
    return NodeStore(database, "GM9003")


def test_the_migrations_make_the_tables_of_the_code(store: NodeStore, database_url: str) -> None:
    del store
    engine = make_engine(database_url)
    with engine.connect() as connection:
        assert not compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()


def test_migrating_twice_changes_nothing(store: NodeStore, database: NodeDatabase) -> None:
    store.put_account(ACCOUNT, "hash")
    database.migrate(["GM9004"])
    assert store.account("inspecteur") == (ACCOUNT, "hash")


def test_an_account_keeps_its_number_when_role_and_password_change(store: NodeStore) -> None:
    store.put_account(ACCOUNT, "hash")
    store.put_account(Account("een-ander-nummer", "inspecteur", "ambassadeur"), "nieuw")
    assert store.account("inspecteur") == (replace(ACCOUNT, role="ambassadeur"), "nieuw")
    assert store.account("niemand") is None


def test_wrong_tries_are_counted_and_forgotten(store: NodeStore) -> None:
    assert store.tries(b"k" * 32) == (0, None, None)
    store.put_tries(b"k" * 32, 5, NOW, NOW)
    assert store.tries(b"k" * 32) == (5, NOW, NOW)
    store.put_tries(b"k" * 32, 0, None)
    assert store.tries(b"k" * 32) == (0, None, None)


def test_wrong_tries_that_come_at_once_are_each_counted(store: NodeStore) -> None:
    def once(_one: int) -> timedelta:
        return store.failed(b"k" * 32, NOW, wait_after)

    with ThreadPoolExecutor(4) as several:
        waits = list(several.map(once, range(FREE_TRIES + 1)))
    assert sorted(waits)[-2:] == [wait_after(FREE_TRIES), wait_after(FREE_TRIES + 1)]
    assert store.tries(b"k" * 32) == (FREE_TRIES + 1, NOW + wait_after(FREE_TRIES + 1), NOW)
    later = NOW + timedelta(hours=2)
    assert store.failed(b"k" * 32, later, wait_after, forgotten=NOW) == timedelta(0)
    assert store.tries(b"k" * 32) == (1, None, later)


def test_half_a_session_gives_its_tries_and_none_more_to_who_ask_at_once(store: NodeStore) -> None:
    store.put_account(ACCOUNT, "hash")
    with store.signing_in() as rows:
        rows.put_half(b"d" * 32, Half(ACCOUNT.officer, NOW))

    def once(_one: int) -> bool:
        with store.signing_in() as rows:
            return rows.spend(b"d" * 32)

    with ThreadPoolExecutor(4) as several:
        assert sum(several.map(once, range(HALF_TRIES + 3))) == HALF_TRIES


def test_another_password_ends_every_session_of_that_account_and_no_other(store: NodeStore) -> None:
    for name in ("inspecteur", "collega"):
        store.put_account(Account(f"{name}-1", name, "toezichthouder"), "hash")
        store.put_session(name.encode().ljust(32, b"-"), f"{name}-1", NOW)
    store.put_account(Account("wie-dan-ook", "inspecteur", "toezichthouder"), "andere")
    assert store.session(b"inspecteur".ljust(32, b"-"), NOW) is None
    assert store.session(b"collega".ljust(32, b"-"), NOW) is not None


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


def test_what_has_expired_is_destroyed(store: NodeStore, database: NodeDatabase) -> None:
    store.put_account(ACCOUNT, "hash")
    store.put_session(b"t" * 32, ACCOUNT.officer, NOW)
    casebook = CasebookStore(database, "GM9004")
    casebook.put(ENTRY)
    store.put_refusal(NOW, None, "x", ())
    store.purge(NOW, date(2027, 3, 1))
    assert casebook.entry(ENTRY.signal_id) is not None
    later = NOW + timedelta(days=400)
    store.purge(later, later.date())
    assert casebook.entry(ENTRY.signal_id) is None
    assert not store.refusals()
