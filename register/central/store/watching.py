# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What came in and was not yet looked at for those who wait for it, standing questions, and signals that were found still true.

An arrival is one row for every signal and treffer that comes, whatever it agrees with. A standing question names a signal or a treffer and holds no pseudonym.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, and_, delete, exists, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.notices import VALIDATE
from register.ports import Permit
from register.retention import VALIDATION_WARNING, valid_since

Record = Row[Any]

SIGNAL: Final = "signaal"
TREFFER: Final = "treffer"


def arrived(work: LoggedWork, kind: str, about_id: UUID, at: datetime) -> None:
    """Remember to look at what came; a newer version of a signal is looked at again."""
    dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(t.arrival).values(kind=kind, about_id=about_id, at=at)
    work.connection.execute(new.on_conflict_do_nothing(index_elements=list(t.arrival.primary_key.columns)))


def arrivals(connection: Connection, limit: int) -> list[tuple[str, UUID]]:
    """What came and was not looked at, the oldest first."""
    columns = t.arrival.c
    rows = connection.execute(
        select(columns.kind, columns.about_id).order_by(columns.at, columns.about_id).limit(limit)
    )
    return [(row.kind, row.about_id) for row in rows]


def awaited(work: LoggedWork, kind: str) -> set[UUID]:
    """All of a kind that came and was not looked at."""
    columns = t.arrival.c
    return set(work.connection.scalars(select(columns.about_id).where(columns.kind == kind)))


def looked_at(work: LoggedWork, kind: str, about_id: UUID) -> None:
    """This was looked at."""
    columns = t.arrival.c
    work.connection.execute(delete(t.arrival).where(columns.kind == kind, columns.about_id == about_id))


def add(work: LoggedWork, permit: Permit, row: dict[str, Any]) -> None:
    """Keep a standing question."""
    del permit
    work.connection.execute(insert(t.attendering).values(**row))


def of_organisations(work: LoggedWork, permit: Permit, organisations: Collection[str]) -> list[Record]:
    """The standing questions of these organisations, newest first."""
    del permit
    columns = t.attendering.c
    return list(
        work.connection.execute(
            select(t.attendering)
            .where(columns.organisation.in_(sorted(organisations)))
            .order_by(columns.set_at.desc(), columns.attendering_id)
        )
    )


def one(
    work: LoggedWork, permit: Permit, attendering_id: UUID, organisations: Collection[str]
) -> Record | None:
    """One standing question of these organisations, or None."""
    del permit
    columns = t.attendering.c
    return work.connection.execute(
        select(t.attendering).where(
            columns.attendering_id == attendering_id, columns.organisation.in_(sorted(organisations))
        )
    ).first()


def end(work: LoggedWork, permit: Permit, attendering_id: UUID, officer: str, at: datetime) -> None:
    """It asks no more."""
    del permit
    columns = t.attendering.c
    work.connection.execute(
        update(t.attendering)
        .where(columns.attendering_id == attendering_id, columns.ended_at.is_(None))
        .values(ended_at=at, ended_by=officer)
    )


def standing_on(
    connection: Connection, signals: Sequence[UUID], treffers: Sequence[UUID], today: date
) -> list[Record]:
    """The standing questions about one of these that still ask."""
    columns = t.attendering.c
    return list(
        connection.execute(
            select(t.attendering)
            .where(
                columns.ended_at.is_(None),
                columns.ends_on > today,
                or_(
                    and_(columns.about == SIGNAL, columns.about_id.in_(signals)),
                    and_(columns.about == TREFFER, columns.about_id.in_(treffers)),
                ),
            )
            .order_by(columns.attendering_id)
        )
    )


def destroy_old(connection: Connection, today: date) -> int:
    """Destroy standing questions whose term ended; gives how many."""
    columns = t.attendering.c
    return connection.execute(delete(t.attendering).where(columns.ends_on <= today)).rowcount


def validate(work: LoggedWork, permit: Permit, row: dict[str, Any]) -> None:
    """Its owner found a signal still true on this day; a second time on a day changes nothing."""
    del permit
    dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(t.validation).values(**row)
    work.connection.execute(new.on_conflict_do_nothing(index_elements=list(t.validation.primary_key.columns)))


def unconfirmed(connection: Connection, today: date, limit: int) -> list[Record]:
    """Signals that will count no more within the warning, or do no more, for want of their owner's word; and of whom no notice stands."""
    signal, noticed = t.signal.c, t.notice.c
    last = t.validation.c
    warned = valid_since(today + VALIDATION_WARNING)
    said = exists().where(last.signal_id == signal.signal_id, last.validated_on >= warned)
    told = exists().where(noticed.kind == VALIDATE, noticed.about_id == signal.signal_id)
    return list(
        connection.execute(
            select(signal.signal_id, signal.organisation, signal.care_track)
            .where(
                signal.status == "actief",
                signal.expires_on > today + VALIDATION_WARNING,
                signal.first_processed_at < datetime.combine(warned, time.min, UTC),
                ~said,
                ~told,
            )
            .order_by(signal.organisation, signal.signal_id)
            .limit(limit)
        )
    )


def validated_on(connection: Connection, signal_id: UUID) -> list[date]:
    """The days on which its owner found a signal still true, newest first."""
    columns = t.validation.c
    return list(
        connection.scalars(
            select(columns.validated_on)
            .where(columns.signal_id == signal_id)
            .order_by(columns.validated_on.desc())
        )
    )
