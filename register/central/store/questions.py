# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How much was asked: running totals of the register's own quotas (`register.rationing`), in a short transaction before the question's own.

Totals of one organisation are rows that its questions would wait for, so they are counted and let go before anything is looked up. An officer stands in them as a mark (`centre.officer_mark`). What is counted and then not
answered (a crash, a refusal that comes later) stays counted: a quota errs on the strict side.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete

from audit.store.counting import adding
from process.windows import Window
from register.central.store import flags
from register.central.store import tables as t
from register.rationing import Total

KEPT = timedelta(days=31)
MINUTES_KEPT = timedelta(hours=1)
"""Totals of minutes would say when somebody asked."""

MUCH_ASKED = "veel-gevraagd"
"""Kind of the flag: from a number on that lies below the quota."""


class OverLimitError(Exception):
    """A total would go over its limit; nothing was counted."""

    def __init__(self, total: Total) -> None:
        super().__init__("over the limit")
        self.total = total


def count(engine: Engine, totals: Sequence[Total], attributes: int, moment: datetime) -> tuple[str, ...]:
    """Add to every total, durably, and flag what is much.

    Returns:
        Kinds of flags that this question has: none, or `MUCH_ASKED`.

    Raises:
        OverLimitError: names the total; nothing was counted.
    """
    statement = adding(t.question_count, t.question_count.c.attributes, engine.dialect.name)
    much = False
    with engine.begin() as connection:
        for total in totals:
            row = {
                "organisation": total.organisation,
                "officer": total.officer,
                "span": str(total.window),
                "start": total.start,
                "attributes": attributes,
            }
            now = connection.execute(statement, row).scalar_one()
            if now > total.limit:
                raise OverLimitError(total)
            if total.flag is not None and now >= total.flag:
                much = True
                flags.put(connection, total.organisation, MUCH_ASKED, total.officer, moment, now)
    return (MUCH_ASKED,) if much else ()


def destroy_old(connection: Connection, moment: datetime) -> int:
    """Destroy totals past their term; gives how many."""
    columns, gone = t.question_count.c, 0
    for window, kept in ((Window.MINUTE, MINUTES_KEPT), (Window.DAY, KEPT)):
        past = (columns.span == str(window), columns.start < int((moment - kept).timestamp()))
        gone += connection.execute(delete(t.question_count).where(*past)).rowcount
    return gone
