# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Idempotency keys: a key belongs to one organisation and one body, and is remembered for a day.

What is kept is a keyed digest, made outside the database, so that the table tests no guess about a question's pseudonyms.
"""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from register.central.store import tables as t
from register.central.store.work import LoggedWork

REMEMBERED = timedelta(days=1)


class KeyReusedError(ValueError):
    """The same key came with another body."""


def seen(work: LoggedWork, organisation: str, request_key: str, digest: bytes, moment: datetime) -> bool:
    """Whether this very request came before; remembers it if not.

    Raises:
        KeyReusedError: the key came before with another body.
    """
    columns = t.idempotency.c
    work.connection.execute(delete(t.idempotency).where(columns.at < moment - REMEMBERED))
    try:
        # Insert first: of two that come at once the second waits here for the first, and then finds its key taken.
        with work.connection.begin_nested():
            work.connection.execute(
                insert(t.idempotency).values(
                    organisation=organisation, request_key=request_key, digest=digest, at=moment
                )
            )
    except IntegrityError:
        known = work.connection.scalar(
            select(columns.digest).where(
                columns.organisation == organisation, columns.request_key == request_key
            )
        )
        if known is None or not hmac.compare_digest(known, digest):
            raise KeyReusedError from None
        return True
    return False
