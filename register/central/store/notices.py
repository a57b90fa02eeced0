# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Notices that wait for a role of an organisation (`register.notices`). No row holds when something happened, nor anything of what it was."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.notices import (
    CARE,
    CARER,
    CONTACT,
    COORDINATOR,
    HANDED_TO,
    HANDING_OVER,
    KEPT,
    Notice,
    notice,
    ready_at,
)


def tell(  # noqa: PLR0913, PLR0917 - what a notice is, and when
    work: LoggedWork, organisation: str, role: str, kind: str, about_id: UUID, at: datetime
) -> None:
    """Tell a role of an organisation that something waits, in the transaction in which it came about. Whoever calls has decided that this role may know.

    Raises:
        NoNoticeError: no such kind, or never for this role.
    """
    made = notice(organisation, role, kind, about_id, at)
    dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(t.notice).values(
        organisation=made.organisation,
        role=made.role,
        kind=made.kind,
        about_id=made.about_id,
        ready_at=made.ready_at,
    )
    work.connection.execute(new.on_conflict_do_nothing(index_elements=list(t.notice.primary_key.columns)))


def tell_parties(work: LoggedWork, signal_id: UUID, kind: str, at: datetime) -> None:
    """Tell who was shown a signal by a treffer that stands that it is not what it was: whoever asked, and to whom its owner released it.

    In as many statements whoever they are: that the police asked about a signal is told to nobody, its owner included.
    """
    link, treffer, signal = t.treffer_signal.c, t.treffer.c, t.signal.c
    day = at.date()
    owners = select(signal.organisation).where(signal.signal_id == signal_id)
    asked = (
        select(treffer.organisation, _role_of_asker(), treffer.treffer_id)
        .join(t.treffer_signal, link.treffer_id == treffer.treffer_id)
        .where(link.signal_id == signal_id, treffer.lapses_on > day, treffer.organisation.not_in(owners))
        .distinct()
    )
    decision, released = t.phase_2.c, t.phase_2_release.c
    opened = (
        select(decision.asked_by_organisation, decision.asked_by_role, decision.treffer_id)
        .join(t.phase_2_release, released.decision_id == decision.decision_id)
        .join(t.treffer, treffer.treffer_id == decision.treffer_id)
        .where(released.signal_id == signal_id, treffer.lapses_on > day)
        .distinct()
    )
    dialect = postgresql if work.connection.dialect.name == "postgresql" else sqlite
    columns = ("organisation", "role", "about_id", "kind", "ready_at")
    for found in (asked, opened):
        told = found.add_columns(
            literal(kind, t.notice.c.kind.type), literal(ready_at(at), t.notice.c.ready_at.type)
        )
        new = dialect.insert(t.notice).from_select(columns, told)
        work.connection.execute(new.on_conflict_do_nothing(index_elements=list(t.notice.primary_key.columns)))


def _role_of_asker() -> ColumnElement[str]:
    """Who looks after the treffers of whoever asked, by its purpose and organisation."""
    treffer, role = t.treffer.c, t.notice.c.role.type
    handed = case(
        *((treffer.organisation == name, literal(one, role)) for name, one in HANDED_TO.items()),
        else_=literal(COORDINATOR, role),
    )
    return case(
        (treffer.purpose == CARE, literal(CARER, role)),
        (treffer.purpose == HANDING_OVER, handed),
        else_=literal(CONTACT, role),
    )


def ready(connection: Connection, organisations: Collection[str], role: str, now: datetime) -> list[Notice]:
    """What waits for a role of these organisations and may be seen; in the order of kind and id, which is none."""
    columns = t.notice.c
    rows = connection.execute(
        select(t.notice)
        .where(
            columns.organisation.in_(sorted(organisations)),
            columns.role == role,
            columns.ready_at <= now,
            columns.ready_at > now - KEPT,
            columns.done_at.is_(None),
        )
        .order_by(columns.kind, columns.about_id, columns.ready_at)
    )
    return [Notice(row.organisation, row.role, row.kind, row.about_id, row.ready_at) for row in rows]


def moments(
    connection: Connection, organisations: Collection[str], since: datetime, now: datetime
) -> dict[tuple[str, datetime], int]:
    """How many wait for each role of these organisations, by the moment at which they became visible."""
    columns = t.notice.c
    rows = connection.execute(
        select(columns.role, columns.ready_at, func.count())
        .where(
            columns.organisation.in_(sorted(organisations)),
            columns.ready_at <= now,
            columns.ready_at > since,
            columns.done_at.is_(None),
        )
        .group_by(columns.role, columns.ready_at)
        .order_by(columns.role, columns.ready_at)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def finish(  # noqa: PLR0913, PLR0917 - who read what, and when
    connection: Connection,
    organisations: Collection[str],
    role: str,
    about: tuple[str, UUID],
    officer: str,
    now: datetime,
) -> int:
    """Somebody of the role has read what there is of this kind about this; gives how many were open."""
    columns, (kind, about_id) = t.notice.c, about
    return connection.execute(
        update(t.notice)
        .where(
            columns.organisation.in_(sorted(organisations)),
            columns.role == role,
            columns.kind == kind,
            columns.about_id == about_id,
            columns.ready_at <= now,
            columns.done_at.is_(None),
        )
        .values(done_at=now, done_by=officer)
    ).rowcount


def destroy_old(connection: Connection, now: datetime) -> int:
    """Destroy notices past their term; gives how many."""
    return connection.execute(delete(t.notice).where(t.notice.c.ready_at <= now - KEPT)).rowcount
