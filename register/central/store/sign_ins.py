# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Destroying what is kept about signing in and repeating once it serves nothing any more: sessions, wrong passwords, request keys, counts of strangers."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, delete, or_

from register.accounts import IDLE, LIFETIME
from register.central.store import tables as t
from register.central.store.repeats import REMEMBERED
from register.second_factor import APP_WAITS, HALF_LIFETIME

WRONG_PASSWORDS_KEPT = timedelta(days=1)
"""Longer than any wait that wrong passwords cause (register.accounts)."""

STRANGERS_KEPT = timedelta(days=396)
"""As long as the register can still tell what a question was about (13 months)."""


def destroy_old(connection: Connection, moment: datetime) -> dict[str, int]:
    """Destroy all that is past its time; gives how many of each, by Dutch name."""
    sessions = or_(t.session.c.created_at <= moment - LIFETIME, t.session.c.seen_at <= moment - IDLE)
    half, happening, app = t.door.half.c, t.door.happening.c, t.door.app.c
    return {
        "apps die niemand bevestigde": _destroy(
            connection, t.door.app, app.confirmed_at.is_(None) & (app.added_at <= moment - APP_WAITS)
        ),
        "halve aanmeldingen": _destroy(connection, t.door.half, half.created_at <= moment - HALF_LIFETIME),
        "gebeurtenissen bij het aanmelden": _destroy(
            connection, t.door.happening, happening.at <= moment - STRANGERS_KEPT
        ),
        "sessies": _destroy(connection, t.session, sessions),
        "foute wachtwoorden": _destroy(
            connection, t.failed_login, t.failed_login.c.last_at <= moment - WRONG_PASSWORDS_KEPT
        ),
        "sleutels van verzoeken": _destroy(
            connection, t.idempotency, t.idempotency.c.at < moment - REMEMBERED
        ),
        "tellingen van onbekenden": _destroy(
            connection, t.unauthenticated, t.unauthenticated.c.minute <= moment - STRANGERS_KEPT
        ),
    }


def _destroy(connection: Connection, table: Table, past: ColumnElement[bool]) -> int:
    return connection.execute(delete(table).where(past)).rowcount
