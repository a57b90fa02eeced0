# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Notices as they are kept: once for a moment, for the role they are for, until they are read or their term ends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection

from audit.store.engine import make_engine
from register.central.store import notices
from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.notices import FOUND, KEPT, LATER_SEEN, ready_at

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOWN = ready_at(AT)
OFFICER = "aandachtsfunctionaris"
ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = make_engine(f"sqlite:///{tmp_path}/notices.db")
    t.metadata.create_all(engine, tables=[t.notice])
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def tell(connection: Connection, kind: str = FOUND, about: UUID = ONE, at: datetime = AT) -> None:
    notices.tell(LoggedWork(connection), "GM9001", OFFICER, kind, about, at)


def waiting(connection: Connection, now: datetime = SHOWN, role: str = OFFICER) -> list[tuple[str, UUID]]:
    return [(one.kind, one.about_id) for one in notices.ready(connection, {"GM9001"}, role, now)]


def test_nothing_shows_before_its_moment(connection: Connection) -> None:
    tell(connection)
    assert waiting(connection, SHOWN - timedelta(seconds=1)) == []
    assert waiting(connection) == [(FOUND, ONE)]


def test_the_same_thing_told_twice_for_one_moment_is_one_notice(connection: Connection) -> None:
    tell(connection)
    tell(connection, at=AT + timedelta(minutes=5))
    assert waiting(connection) == [(FOUND, ONE)]
    assert notices.moments(connection, {"GM9001"}, AT, SHOWN) == {(OFFICER, SHOWN): 1}


def test_the_order_says_nothing_about_when_something_came(connection: Connection) -> None:
    tell(connection, about=TWO)
    tell(connection, about=ONE, at=AT + timedelta(minutes=9))
    tell(connection, LATER_SEEN, at=AT + timedelta(minutes=20))
    assert waiting(connection) == [(LATER_SEEN, ONE), (FOUND, ONE), (FOUND, TWO)]


def test_another_role_and_another_organisation_see_nothing_of_it(connection: Connection) -> None:
    tell(connection)
    assert waiting(connection, role="zorgcoordinator") == []
    assert notices.ready(connection, {"GM9002"}, OFFICER, SHOWN) == []


def test_what_one_reader_finished_is_finished_for_the_role(connection: Connection) -> None:
    tell(connection)
    tell(connection, about=TWO)
    finished = notices.finish(connection, {"GM9001"}, OFFICER, (FOUND, ONE), "af-1", SHOWN)
    assert (finished, waiting(connection)) == (1, [(FOUND, TWO)])
    assert notices.finish(connection, {"GM9001"}, OFFICER, (FOUND, ONE), "af-2", SHOWN) == 0


def test_what_happens_after_a_notice_was_read_is_told_again(connection: Connection) -> None:
    tell(connection)
    notices.finish(connection, {"GM9001"}, OFFICER, (FOUND, ONE), "af-1", SHOWN)
    tell(connection, at=SHOWN)
    assert waiting(connection, ready_at(SHOWN)) == [(FOUND, ONE)]


def test_a_notice_is_gone_after_its_term_read_or_not(connection: Connection) -> None:
    tell(connection)
    assert notices.destroy_old(connection, SHOWN + KEPT - timedelta(seconds=1)) == 0
    assert waiting(connection, SHOWN + KEPT) == [], "invisible at once"
    assert notices.destroy_old(connection, SHOWN + KEPT) == 1
