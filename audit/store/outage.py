# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which failures of a database are nobody's mistake, and how they are told: 503, with when to come back.

Away (stopped, restarting, not to be reached, a standby that takes no writes), busy (no free connection, a wait for a lock or a statement that ended) and full.
Everything else (a constraint, a defect in a statement, a damaged file) stays the exception that it is. A commit whose answer never came may have
succeeded; so none of these sentences says that nothing was kept, and all say what makes sending again safe.
"""

import sqlite3
from enum import Enum
from typing import Final

import psycopg

from process.language import gettext as _
from process.problem import Outage, UnloggedRefusal

_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_CANTOPEN: "away",
    sqlite3.SQLITE_IOERR: "away",
    sqlite3.SQLITE_READONLY: "away",
    sqlite3.SQLITE_FULL: "full",
}
"""Primary result codes (https://sqlite.org/rescode.html)."""

_POSTGRESQL: Final = {
    "25006": "away",  # read_only_sql_transaction: a standby, or a disk that the administrator closed for writing
    "40001": "busy",  # serialization_failure
    "40P01": "busy",  # deadlock_detected
    "53100": "full",  # disk_full
    "53200": "busy",  # out_of_memory
    "53300": "busy",  # too_many_connections
    "55P03": "busy",  # lock_not_available
    "57014": "busy",  # query_canceled: statement_timeout
    "25P03": "busy",  # idle_in_transaction_session_timeout
    "57P01": "away",  # admin_shutdown
    "57P02": "away",  # crash_shutdown
    "57P03": "away",  # cannot_connect_now
}
"""SQLSTATEs (PostgreSQL manual, appendix A). Class 08 and a connection that broke without one are "away"."""

_PRIMARY: Final = 0xFF


class Failing(Enum):
    """What is the matter with a database that cannot do its work now."""

    AWAY = "away"
    BUSY = "busy"
    FULL = "full"


def failing(error: BaseException, *, disconnected: bool, reading: bool = False) -> Failing | None:
    """What is the matter, or None when this is no outage.

    Args:
        error: of the driver (sqlite3 or psycopg).
        disconnected: the connection is lost.
        reading: only reading was agreed, so a refused write is a defect of ours.
    """
    sqlite = getattr(error, "sqlite_errorcode", None)
    if reading and (sqlite == sqlite3.SQLITE_READONLY or getattr(error, "sqlstate", None) == "25006"):
        return None
    if isinstance(sqlite, int):
        found = _SQLITE.get(sqlite & _PRIMARY)
    else:
        state = str(getattr(error, "sqlstate", None) or "")
        lost = disconnected or state.startswith("08") or (not state and _never_connected(error))
        found = _POSTGRESQL.get(state, "away" if lost else None)
    return None if found is None else Failing(found)


def outage(kind: Failing) -> Outage:
    """The exception to raise, with the words for whoever asked."""
    return Outage(_refusal(kind))


def _refusal(kind: Failing) -> UnloggedRefusal:
    again = _(
        "Verstuur hetzelfde verzoek straks opnieuw, met dezelfde Idempotency-Key: dan wordt niets dubbel bewaard. "
        "Blijft het misgaan, bel dan de beheerder."
    )
    if kind is Failing.BUSY:
        return UnloggedRefusal(
            503,
            "database-bezet",
            _("Het is nu te druk."),
            _("De database had niet op tijd ruimte voor dit verzoek. Het is niet bevestigd."),
            way_forward=again,
            retry_after=2,
        )
    if kind is Failing.FULL:
        return UnloggedRefusal(
            503,
            "database-vol",
            _("Er kan nu niets worden bewaard."),
            _("De schijf van de database is vol. Uw verzoek is niet bevestigd."),
            way_forward=_("Bel de beheerder: er moet eerst ruimte komen. Verstuur daarna hetzelfde verzoek."),
            retry_after=60,
        )
    return UnloggedRefusal(
        503,
        "database-weg",
        _("De database is nu niet bereikbaar."),
        _("Het systeem kan nu niets lezen of bewaren. Uw verzoek is niet bevestigd."),
        way_forward=again,
        retry_after=5,
    )


def _never_connected(error: BaseException) -> bool:
    """A failed attempt to connect gets no SQLSTATE from psycopg."""
    return isinstance(error, psycopg.OperationalError)
