# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What would happen to appends under another isolation level than READ COMMITTED: how many fail of 16 writers with 50 each.

Run by hand: `python -m tests.bench.isolation postgresql+psycopg://...` on an empty database. Every writer tries each entry once.
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, MetaData

from audit.store.engine import make_engine
from audit.store.log import LogStore, tables
from audit.trail import prepare
from process.problem import Outage

WRITERS, ENTRIES = 16, 50


def failed(engine: Engine, log: LogStore) -> int:
    """How many of all appends were refused by the database."""

    def write(_writer: int) -> int:
        count = 0
        for _entry in range(ENTRIES):
            entry = prepare({"GM9001": {"doel": "signalering"}}, randomness=os.urandom)
            try:
                with engine.begin() as connection:
                    log.append(connection, entry)
            except Outage:
                count += 1
        return count

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(write, range(WRITERS)))


def main(url: str) -> None:
    """Measure each level on a fresh log."""
    for level in ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"):
        engine = make_engine(url)
        metadata = MetaData()
        log = LogStore(tables(metadata))
        metadata.drop_all(engine)
        metadata.create_all(engine)
        begun = time.perf_counter()
        lost = failed(engine.execution_options(isolation_level=level), log)
        seconds = time.perf_counter() - begun
        print(f"{level}: {lost} of {WRITERS * ENTRIES} appends failed, {seconds:.1f} s")  # noqa: T201 - its result
        metadata.drop_all(engine)
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
