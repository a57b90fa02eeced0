# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Where officers of one organisation get e-mail, and which messages that something waits were sent, or still are to be."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from register.announcing import KEPT, Announcement, Channel, pause
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase

WAITS, SENT, GIVEN_UP = "wacht", "verstuurd", "opgegeven"


class AnnouncementStore:
    """The mailboxes and messages of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    # ---- mailboxes ----------------------------------------------------------------------------------------

    def mailbox(self, officer: str) -> str | None:
        """Where an officer gets e-mail, if they asked for it."""
        columns = t.mailbox.c
        query = select(columns.address).where(columns.tenant == self._tenant, columns.officer == officer)
        with self._database.reading() as connection:
            return connection.scalar(query)

    def put_mailbox(self, officer: str, address: str | None, moment: datetime) -> None:
        """Keep where an officer gets e-mail; None for nowhere."""
        columns = t.mailbox.c
        with self._database.writing() as connection:
            connection.execute(
                delete(t.mailbox).where(columns.tenant == self._tenant, columns.officer == officer)
            )
            if address is not None:
                connection.execute(
                    insert(t.mailbox).values(
                        tenant=self._tenant, officer=officer, address=address, set_at=moment
                    )
                )

    def mailboxes(self, roles: Collection[str]) -> list[str]:
        """The officers of these roles who get e-mail."""
        columns, account = t.mailbox.c, t.account.c
        query = (
            select(columns.officer)
            .join(t.account, (account.tenant == columns.tenant) & (account.officer == columns.officer))
            .where(
                columns.tenant == self._tenant,
                account.tenant == self._tenant,
                account.role.in_(sorted(roles)),
            )
            .order_by(columns.officer)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    # ---- messages -----------------------------------------------------------------------------------------

    def fetched(self, moment: datetime) -> bool:
        """Whether it was asked what became visible at this moment."""
        columns = t.announcement.c
        query = select(columns.state).where(
            self._own(), columns.channel == _FETCHED, columns.moment == moment
        )
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def put(self, announced: Iterable[Announcement], moment: datetime, now: datetime) -> None:
        """Keep what is to be sent, those that are known left as they are; and that it was asked about this moment. In one transaction."""
        with self._database.writing() as connection:
            for one in announced:
                self._add(connection, one.channel.value, one.officer, one.moment, WAITS, now)
            self._add(connection, _FETCHED, "", moment, SENT, now)

    def due(self, now: datetime) -> list[Announcement]:
        """What is to be sent now, the longest waiting first."""
        columns = t.announcement.c
        query = (
            select(columns.channel, columns.officer, columns.moment, columns.attempts)
            .where(self._own(), columns.state == WAITS, columns.next_at <= now)
            .order_by(columns.next_at, columns.officer)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [Announcement(Channel(row.channel), row.officer, row.moment, row.attempts) for row in rows]

    def trying(self, one: Announcement, now: datetime) -> bool:
        """Write an attempt down before it is made, so that a fall in the middle of it costs a pause and no more; False if another made it."""
        columns = t.announcement.c
        values = {"attempts": one.attempts + 1, "next_at": now + pause(one.attempts + 1)}
        with self._database.writing() as connection:
            changed = connection.execute(
                update(t.announcement)
                .where(*self._of(one), columns.state == WAITS, columns.attempts == one.attempts)
                .values(**values)
            )
            return changed.rowcount == 1

    def settle(self, one: Announcement, state: str) -> None:
        """It was sent, or is tried no more."""
        with self._database.writing() as connection:
            connection.execute(update(t.announcement).where(*self._of(one)).values(state=state))

    def given_up(self) -> int:
        """How many messages were tried for a day and given up."""
        query = (
            select(func.count())
            .select_from(t.announcement)
            .where(self._own(), t.announcement.c.state == GIVEN_UP)
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def destroy(self, now: datetime) -> int:
        """Forget messages of a month ago; gives how many."""
        with self._database.writing() as connection:
            gone = connection.execute(
                delete(t.announcement).where(self._own(), t.announcement.c.moment <= now - KEPT)
            )
            return gone.rowcount

    def _own(self) -> ColumnElement[bool]:
        return t.announcement.c.tenant == self._tenant

    def _of(self, one: Announcement) -> tuple[ColumnElement[bool], ...]:
        columns = t.announcement.c
        return (
            self._own(),
            columns.channel == one.channel.value,
            columns.officer == one.officer,
            columns.moment == one.moment,
        )

    def _add(  # noqa: PLR0913, PLR0917 - one row
        self, connection: Connection, channel: str, officer: str, moment: datetime, state: str, now: datetime
    ) -> None:
        columns = t.announcement.c
        known = select(columns.state).where(
            self._own(), columns.channel == channel, columns.officer == officer, columns.moment == moment
        )
        if connection.execute(known).first() is None:
            connection.execute(
                insert(t.announcement).values(
                    tenant=self._tenant,
                    channel=channel,
                    officer=officer,
                    moment=moment,
                    state=state,
                    attempts=0,
                    next_at=now,
                )
            )


_FETCHED = "opgehaald"
"""In the place of a channel: that it was asked what became visible at that moment."""
