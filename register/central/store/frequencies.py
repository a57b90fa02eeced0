# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How common each token is: a snapshot, taken by a job, of the signals that nobody is kept from seeing.

A frequency that moved with a hidden signal would tell that there is one. So signals of minors, of the care track, of who wants no contact with police and of
handling code H3 are not counted at all, and between two snapshots nothing moves. A tag that one subject carries has no row: absent means rare.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select

from register.central.store import tables as t
from register.central.store.signals import visible
from register.central.store.work import LoggedWork
from register.ports import Permit
from register.scoring import Snapshot


def take(connection: Connection, today: date) -> dict[str, int]:
    """Count again, and replace the snapshot before; counts for the log."""
    connection.execute(delete(t.token_frequency))
    connection.execute(delete(t.snapshot))
    same = (t.signal.c.signal_id == t.posting.c.signal_id, t.signal.c.version == t.posting.c.version)
    counted = _countable(today)
    carriers = func.count()
    connection.execute(
        insert(t.token_frequency).from_select(
            ["tag", "carriers"],
            select(t.posting.c.tag, carriers)
            .join(t.signal, and_(*same))
            .where(*counted)
            .group_by(t.posting.c.tag)
            .having(carriers > 1),
        )
    )
    of_subject = (t.signal.c.signal_id == t.subject.c.signal_id, t.signal.c.version == t.subject.c.version)
    subjects = connection.execute(
        select(func.count()).select_from(t.subject).join(t.signal, and_(*of_subject)).where(*counted)
    ).scalar_one()
    connection.execute(insert(t.snapshot).values(number=1, taken_on=today, subjects=subjects))
    common = connection.execute(select(func.count()).select_from(t.token_frequency)).scalar_one()
    return {"subjecten": subjects, "gedeelde_kenmerken": common}


def _countable(today: date) -> tuple[Any, ...]:
    # Under a name of its own: the query around it may count subjects too.
    other = t.subject.alias("somebody")
    minors = (
        select(other.c.signal_id)
        .where(
            other.c.signal_id == t.signal.c.signal_id,
            other.c.version == t.signal.c.version,
            other.c.minor == "ja",
        )
        .correlate(t.signal)
        .exists()
    )
    return (
        *visible(today),
        t.signal.c.care_track.is_(False),
        t.signal.c.no_police_contact.is_(False),
        t.signal.c.handling != "H3",
        ~minors,
    )


def snapshot(work: LoggedWork, permit: Permit, tags: Iterable[bytes]) -> Snapshot:
    """The part of the last snapshot that these tags need."""
    del permit
    subjects = work.connection.execute(select(t.snapshot.c.subjects)).scalar()
    rows = work.connection.execute(
        select(t.token_frequency.c.tag, t.token_frequency.c.carriers).where(
            t.token_frequency.c.tag.in_(sorted(tags))
        )
    )
    return Snapshot(subjects or 0, {row.tag: row.carriers for row in rows})
