# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Many appends, one wait for the disk (docs/adr/0036).

Who appends holds the head's lock until the commit is done. If that waits for the disk, all others wait for it too, and the log takes
one entry for each turn of the disk. On PostgreSQL:

1. ``LATER``, read by any query in the transaction: its commit makes it visible, lets go of the lock, and does not wait for the disk.
2. ``settle``, after the commit: returns when all that was committed before it is on disk (and at the standbys that
   synchronous_commit names). The server does this for all who wait at that moment in one write.

Nothing may leave this process between the two: no answer, no receipt, no head for the signer. What was committed in between by others is
older in the server's write-ahead log and settles with it, so that whoever settled may answer for all that he read. A crash in
between takes away what nobody was told of. On SQLite, that has one writer, the commit itself waits and both do nothing.
"""

from sqlalchemy import Connection, func

LATER = func.set_config("synchronous_commit", "off", True)  # noqa: FBT003 - for this transaction only
"""A column for a query that the transaction makes anyway; whoever reads it calls ``settle`` before anybody is told."""

_BARRIER = """
SELECT pg_logical_emit_message(true, 'signaalregister', ''),
set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)
"""
"""A transaction of its own that writes; one that wrote nothing would not wait. It waits too where the server was set up not to."""


def settle(connection: Connection) -> None:
    """Returns once everything that was committed is durable. Outside a transaction, in the session that committed or read it.

    Raises:
        Outage: it is not known to be.
    """
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(_BARRIER)
