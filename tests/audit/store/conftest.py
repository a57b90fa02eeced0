# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, MetaData

from audit.store.engine import make_engine
from audit.store.log import LogStore, tables


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def log(engine: Engine) -> LogStore:
    metadata = MetaData()
    store = LogStore(tables(metadata))
    metadata.create_all(engine)
    return store
