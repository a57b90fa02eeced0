# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Policy sets as texts, and the numbered steps by which one comes into force: rows that are added and never changed.

The set in force at a moment is that of the step with the highest number among those that put one in force by then; without such a step it is the one that the
software brings. So a later step also takes back one that is still to come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from policies.desk.load import ProfileError, load_rules
from policies.grounds import GroundError
from policies.ruleset import PolicySet, PolicySetError
from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.ports import Permit

PROPOSED: Final = "voorstel"
ADVISED: Final = "advies"
ANSWERED: Final = "antwoord"
APPROVED: Final = "goedkeuring"
ACTIVATED: Final = "activering"
AGREED: Final = "akkoord-terug"
ROLLED_BACK: Final = "terugdraaiing"
IN_FORCE: Final = (ACTIVATED, ROLLED_BACK)

_LOCK = 0x506F_6C69_6379
"""Key of PostgreSQL's advisory lock on numbering steps."""


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        proposal: number of the proposal that it is about; of a roll-back that of the step that it undoes.
        hash: of the policy set that it is about.
        previous: of the set in force before, as it was when the step was taken.
        difference: mark of what was shown of the difference between both.
        leaf_index: where its entry stands in the log.
        door: how whoever advised, approved or agreed was known: "sessie" (signed in at the register) or "node" (by the node of the own organisation); None for what
            the register's administrator recorded.
        text: what an FG wrote with an advice.
        told: of a proposal, what readers are shown of its difference and of the replay, as made at its proposal.
    """

    number: int
    step: str
    proposal: int
    hash: str
    previous: str
    organisation: str
    officer: str
    role: str
    document: str
    decided_by: str
    objection: bool
    difference: str
    takes_effect_at: datetime | None
    leaf_index: int
    at: datetime
    door: str | None = None
    text: str | None = None
    told: Mapping[str, Any] | None = field(default=None, hash=False)


def newest(connection: Connection) -> int:
    """Number of the newest step; 0 before the first."""
    return connection.scalar(select(func.max(t.policy_step.c.number))) or 0


def steps(connection: Connection) -> list[Step]:
    """Every step in its order."""
    rows = connection.execute(select(t.policy_step).order_by(t.policy_step.c.number))
    return [Step(**row._mapping) for row in rows]  # noqa: SLF001 - public by its documentation


def in_force(found: Sequence[Step], moment: datetime) -> Step | None:
    """The step that put the set of this moment in force; None if the software's own is."""
    taken = (one for one in found if one.step in IN_FORCE)
    reached = [one for one in taken if one.takes_effect_at is not None and one.takes_effect_at <= moment]
    return max(reached, key=lambda one: one.number, default=None)


def standing(found: Sequence[Step]) -> list[Step]:
    """The activations that no roll-back took back, oldest first."""
    kept: list[Step] = []
    for one in found:
        if one.step == ACTIVATED:
            kept.append(one)
        elif one.step == ROLLED_BACK and kept:
            kept.pop()
    return kept


def texts(connection: Connection, name: str) -> dict[str, str] | None:
    """The texts under this hash; None if they were never kept here."""
    found = connection.scalar(select(t.policy_text.c.texts).where(t.policy_text.c.hash == name))
    return None if found is None else dict(found)


def policy_set(connection: Connection, name: str) -> PolicySet:
    """The policy set under this hash in the database.

    Raises:
        PolicySetError: it is not there, cannot be read by this software, or is another than its hash says.
    """
    kept = texts(connection, name)
    if kept is None:
        raise PolicySetError(f"policy set {name} is not in the database")
    try:
        found = load_rules(kept)
    except (ProfileError, GroundError) as error:
        raise PolicySetError(f"policy set {name} is not whole") from error
    if found.hash != name:
        raise PolicySetError(f"policy set {name} has other texts than its hash says")
    return found


def keep_texts(connection: Connection, name: str, kept: Mapping[str, str], moment: datetime) -> None:
    """Keep texts under their hash, once."""
    if texts(connection, name) is None:
        connection.execute(insert(t.policy_text).values(hash=name, texts=dict(kept), at=moment))


def begin(work: LoggedWork, permit: Permit) -> int:
    """Give the number of the next step; whoever else wants one waits from here on."""
    del permit
    if work.connection.dialect.name == "postgresql":
        # SQLite has one writer.
        work.connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    return newest(work.connection) + 1


def add(work: LoggedWork, permit: Permit, values: Mapping[str, Any]) -> None:
    """Add a step, all of it but the place of its entry, which is filled in when the log has given it."""
    del permit

    def write(leaf: int) -> None:
        work.connection.execute(insert(t.policy_step).values(leaf_index=leaf, **values))

    work.afterwards.append(write)
