# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A log that is replayed whole after every transaction of every test here (``tests.audit.watched``)."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, MetaData

from audit.store.engine import make_engine
from audit.store.log import LogStore, LogTables, tables
from tests.audit.watched import Watch


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def log_tables(engine: Engine) -> LogTables:
    metadata = MetaData()
    made = tables(metadata)
    metadata.create_all(engine)
    return made


@pytest.fixture
def log(log_tables: LogTables) -> LogStore:
    return LogStore(log_tables)


@pytest.fixture(autouse=True)
def watch(request: pytest.FixtureRequest) -> Iterator[Watch | None]:
    """Looks at the whole log each time that a connection comes back, and once more at the end of the test."""
    if "log" not in request.fixturenames:
        yield None
        return
    watch = Watch(request.getfixturevalue("engine"), request.getfixturevalue("log_tables"))
    with watch.looking():
        yield watch
    watch.look()
    assert watch.faults == []
