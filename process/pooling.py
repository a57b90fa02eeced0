# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How many connections a process keeps to its database, and how long it waits for one, for a statement and for a lock.

Every wait has an end, so that a question never hangs: what takes longer is refused (503) and undone. The waits are ordered: a lock gives up before
its statement does, and a request that finds no free connection is told before its caller gives up.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pooling:
    """Limits of one process on one database; the defaults are those of the settings.

    Attributes:
        size: connections that are kept open.
        max_overflow: connections that may be opened beside them when it is busy.
        wait_seconds: how long a request waits for a free connection.
        statement_seconds: longest statement (PostgreSQL).
        lock_seconds: longest wait for a lock (PostgreSQL).
        idle_seconds: longest pause inside a transaction (PostgreSQL).
    """

    size: int = 10
    max_overflow: int = 10
    wait_seconds: float = 5.0
    statement_seconds: float = 15.0
    lock_seconds: float = 10.0
    idle_seconds: float = 30.0
