# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""After every step, look at the whole log: each leaf, each node, the frontier, each checkpoint (``audit.store.wholeness``).

A step is a transaction: whenever a connection goes back to the pool, committed, rolled back or broken, the log is read by another
connection and replayed. It must be whole then, whatever was under way, also while sixteen writers append. What is not whole is
kept and told at the end of the test, since a pool swallows what is raised in its events.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event
from sqlalchemy.pool import NullPool

from audit.store.engine import make_engine
from audit.store.log import LogTables
from audit.store.wholeness import faults, one_moment
from process.problem import Outage

_SMALL, _SOME = 30, 100
"""A log of more leaves than the first is looked at every so many transactions: a storm of writers would otherwise be a test of replaying."""


@dataclass
class Watch:
    """The watch over one log.

    Attributes:
        engine: of those who write.
        tables: the log's.
        looks: how often it was looked at.
        faults: everything that was not whole.
    """

    engine: Engine
    tables: LogTables
    looks: int = 0
    faults: list[str] = field(default_factory=list)
    _size: int = 0
    _returned: int = 0
    _own: Engine = field(init=False)
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._own = one_moment(make_engine(self.engine.url, pool=NullPool))

    @contextmanager
    def looking(self) -> Iterator[None]:
        """While this lasts, every transaction on the engine is followed by a look."""
        event.listen(self.engine, "checkin", self._came_back)
        try:
            yield
        finally:
            event.remove(self.engine, "checkin", self._came_back)

    def look(self) -> None:
        """Replay the whole log."""
        with self._own.connect() as connection:
            self.faults += faults(connection, self.tables)
            self._size = connection.exec_driver_sql("SELECT count(*) FROM log_leaf").scalar_one()
        self.looks += 1

    def _came_back(self, *_what: object) -> None:
        self._returned += 1
        if self._size > _SMALL and self._returned % _SOME:
            return
        if self._busy.acquire(blocking=False):
            try:
                self.look()
            except Outage:
                self.faults.append("the log could not be read")
            finally:
                self._busy.release()
