# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What treffers came to: computed of those that are there, kept of those that are gone. Without the number of a treffer or signal, and without an officer."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, and_, delete, insert, select

from register.casework import Event, fold
from register.central.store import casework
from register.central.store import tables as t
from register.central.store.treffers import happened
from register.effects import Effect, effect_of

KEPT = timedelta(days=5 * 366)
"""Five years and a few days: as long as the longest term of a signal."""


def of_treffers(connection: Connection, treffers: Collection[UUID] | None = None) -> list[Effect]:
    """What these treffers came to so far, or all that are there; owners whose signals are gone are named by their steps only."""
    link, signal = t.treffer_signal.c, t.signal.c
    chosen = () if treffers is None else (t.treffer.c.treffer_id.in_(sorted(treffers)),)
    found = connection.execute(
        select(t.treffer.c.treffer_id, t.treffer.c.organisation, t.treffer.c.found_at).where(*chosen)
    ).all()
    ids = [row.treffer_id for row in found]
    owners: dict[UUID, set[str]] = {}
    for row in connection.execute(
        select(link.treffer_id, signal.organisation)
        .join(t.signal, and_(signal.signal_id == link.signal_id, signal.version == link.version))
        .where(link.treffer_id.in_(ids))
    ):
        owners.setdefault(row.treffer_id, set()).add(row.organisation)
    events = casework.of_rows(connection, ids)
    return [
        _effect(
            row.organisation,
            row.found_at,
            owners.get(row.treffer_id, set()),
            [happened(one) for one in events.get(row.treffer_id, ())],
        )
        for row in found
    ]


def _effect(asked_by: str, found_at: datetime, owners: set[str], said: Sequence[Event]) -> Effect:
    recipients = {str(one.said["aan"]) for one in said if "aan" in one.said}
    steps = {one.organisation for one in said} - recipients
    return effect_of(found_at, owners | steps | {asked_by}, fold(said))


def keep(connection: Connection, effects: Iterable[tuple[UUID, Effect]]) -> None:
    """Leave behind what treffers came to that are about to be destroyed, each under a fresh number."""
    rows = [
        {
            "effect_id": fresh,
            "found_on": one.found_on,
            "parties": sorted(one.parties),
            "taken_up_days": one.taken_up_days,
            "followed_up": one.followed_up,
            "outcome": one.outcome,
            "handed_over": one.handed_over,
            "feedback_days": one.feedback_days,
        }
        for fresh, one in effects
    ]
    if rows:
        connection.execute(insert(t.effect), rows)


def kept(connection: Connection) -> list[Effect]:
    """What those came to that are gone."""
    return [
        Effect(
            row.found_on,
            frozenset(row.parties),
            row.taken_up_days,
            row.followed_up,
            row.outcome,
            row.handed_over,
            row.feedback_days,
        )
        for row in connection.execute(select(t.effect))
    ]


def destroy_old(connection: Connection, today: date) -> int:
    """Destroy those past their term; gives how many."""
    return connection.execute(delete(t.effect).where(t.effect.c.found_on < today - KEPT)).rowcount
