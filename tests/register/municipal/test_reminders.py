# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The store of reminders, and what it counts, on both databases."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from register.municipal.outbox import REFUSED_KEPT
from register.municipal.reminding import CONTACT, REFUSED, WAITS
from register.municipal.store import NodeDatabase
from register.municipal.store import tables as t
from register.municipal.store.reminders import Counted, Reminder, ReminderStore
from tests.register.municipal.world import MOMENT, ORGANISATION

OTHER = "GM9002"
LATER = MOMENT + timedelta(days=1)
TERM = date(2027, 3, 2)
SEALED = {"sealed": b"-", "wrapped": b"-", "seal_key": bytes(8)}


@pytest.fixture
def database(database_url: str) -> Iterator[NodeDatabase]:
    made = NodeDatabase(database_url)
    made.migrate([ORGANISATION, OTHER])
    yield made
    made.close()


@pytest.fixture
def store(database: NodeDatabase) -> ReminderStore:
    return ReminderStore(database, ORGANISATION)


def put(database: NodeDatabase, table: Any, **row: Any) -> None:
    with database.writing() as connection:
        connection.execute(insert(table).values({"tenant": ORGANISATION, **row}))


def waiting(database: NodeDatabase, **changed: Any) -> None:
    row = {
        "signal_id": uuid4(), "version": 1, "officer": "a", "role": "toezichthouder", "handle": uuid4().hex,
        "first_processed_at": MOMENT, "expires_on": TERM, "state": "wacht", "attempts": 1, "next_at": MOMENT,
        "content": bytes(32), "maybe": False, **SEALED,
    }  # fmt: skip
    put(database, t.outbox, **row | changed)


def kept(database: NodeDatabase, **changed: Any) -> None:
    row = {
        "signal_id": uuid4(), "version": 1, "officer": "a", "handle": uuid4().hex, "status": "bevestigd",
        "first_processed_at": MOMENT, "expires_on": TERM, "digest": bytes(32), "sealed": b"-",
    }  # fmt: skip
    put(database, t.casebook, **row | changed)


def test_what_waits_for_a_person_and_for_the_role_is_told_once(store: ReminderStore) -> None:
    both = [Counted(WAITS, 2, officer="a"), Counted(WAITS, 5, role=CONTACT), Counted(REFUSED, 1, officer="a")]
    assert store.replace(both, MOMENT) == 3
    assert store.of("a", CONTACT) == [Reminder(REFUSED, 1, MOMENT), Reminder(WAITS, 5, MOMENT)]
    assert store.of("a", "toezichthouder") == [Reminder(REFUSED, 1, MOMENT), Reminder(WAITS, 2, MOMENT)]
    assert store.of("b", "toezichthouder") == []


def test_what_waited_already_keeps_its_beginning_and_what_is_gone_goes(
    database: NodeDatabase, store: ReminderStore
) -> None:
    store.replace([Counted(WAITS, 2, officer="a"), Counted(REFUSED, 2, officer="a")], MOMENT)
    ReminderStore(database, OTHER).replace([], LATER)
    assert store.replace([Counted(WAITS, 3, officer="a"), Counted(REFUSED, 0, officer="a")], LATER) == 1
    assert store.of("a", "toezichthouder") == [Reminder(WAITS, 3, MOMENT)]


def test_signals_that_wait_are_counted_per_officer_from_when_they_were_entered(
    database: NodeDatabase, store: ReminderStore
) -> None:
    waiting(database)
    waiting(database, state="onderweg")
    waiting(database, officer="b", first_processed_at=LATER)
    waiting(database, officer="b", state="geweigerd", refused_at=MOMENT)
    waiting(database, officer="b", expires_on=MOMENT.date())
    waiting(database, tenant=OTHER)
    assert store.waiting(MOMENT, MOMENT.date()) == {"a": 2}
    assert store.waiting(LATER, MOMENT.date()) == {"a": 2, "b": 1}


def test_refused_signals_are_counted_as_long_as_they_are_kept(
    database: NodeDatabase, store: ReminderStore
) -> None:
    waiting(database, state="geweigerd", refused_at=LATER)
    waiting(database, state="geweigerd", refused_at=MOMENT)
    waiting(database, state="geweigerd", refused_at=MOMENT - REFUSED_KEPT, maybe=True)
    waiting(database)
    assert store.refused(MOMENT, MOMENT.date()) == {"a": 2}
    assert store.refused(MOMENT, TERM) == {}


def test_drafts_are_counted_in_their_last_hours(database: NodeDatabase, store: ReminderStore) -> None:
    for hours in (-1, 0, 2, 3, 4):
        dies = MOMENT + timedelta(hours=hours)
        put(database, t.draft, draft_id=uuid4(), officer="a", created_at=MOMENT, expires_at=dies, **SEALED)
    assert store.dying_drafts(MOMENT, MOMENT + timedelta(hours=3)) == {"a": 2}


def test_signals_that_expire_are_counted_once_whatever_their_versions(
    database: NodeDatabase, store: ReminderStore
) -> None:
    number = uuid4()
    kept(database, signal_id=number, expires_on=TERM)
    kept(database, signal_id=number, version=2, expires_on=TERM)
    kept(database, expires_on=TERM + timedelta(days=1))
    kept(database, expires_on=TERM - timedelta(days=30))
    kept(database, status="concept", expires_on=TERM)
    kept(database, tenant=OTHER, expires_on=TERM)
    assert store.expiring(TERM - timedelta(days=30), TERM) == 1
    assert store.expiring(TERM - timedelta(days=31), TERM + timedelta(days=1)) == 3


def test_the_newest_signal_is_that_of_casebook_or_outbox(
    database: NodeDatabase, store: ReminderStore
) -> None:
    assert store.newest() is None
    kept(database)
    assert store.newest() == MOMENT
    waiting(database, first_processed_at=LATER)
    waiting(database, tenant=OTHER, first_processed_at=LATER + timedelta(days=9))
    assert store.newest() == LATER
