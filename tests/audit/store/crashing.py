# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""An action with its log entry, that is broken off at any boundary between two steps.

The steps are those of the register (``register.central.store.work``): begin, do the action, put the keys (a transaction of their own),
lock the head, insert leaf, nodes and payloads, move the head, commit, answer. ``Steps`` names every boundary, before and after each
statement and each commit of both databases, and does something at one of them. After a commit that is "the write succeeded but we
were told it failed".

``python -m tests.audit.store.crashing URL KEYS_URL`` does the same with SIGKILL: for every boundary it forks a process that dies
there, reopens, looks, tries again, looks again, and writes one line of JSON. It has one thread, so that forking it is safe.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Engine, MetaData, String, Table, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import NullPool

from audit.store.engine import make_engine
from audit.store.keys import KeyStore
from audit.store.log import LogStore, tables
from audit.store.wholeness import faults
from audit.trail import PreparedEntry, prepare

metadata = MetaData()
log_tables = tables(metadata)
action = Table("action", metadata, Column("id", String(32), primary_key=True))
log = LogStore(log_tables)

ANSWER = "before answer"


class CutError(Exception):
    """What the process under test sees of the cut."""


@dataclass
class Steps:
    """The boundaries that were passed, in order; at the ``cut``-th of them ``strike`` is called."""

    strike: Callable[[], None] = lambda: None
    cut: int | None = None
    passed: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> None:
        """A boundary."""
        self.passed.append(name)
        if self.cut == len(self.passed) - 1:
            self.strike()

    @contextmanager
    def of(self, engine: Engine, name: str) -> Iterator[None]:
        """While this lasts, every statement and commit of the engine is a step."""

        def before(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            self(f"before {name}: {_short(statement)}")

        def after(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            self(f"after {name}: {_short(statement)}")

        commit = engine.dialect.do_commit

        def committing(connection: Any) -> None:
            self(f"before {name}: COMMIT")
            commit(connection)
            self(f"after {name}: COMMIT")

        event.listen(engine, "before_cursor_execute", before)
        event.listen(engine, "after_cursor_execute", after)
        engine.dialect.do_commit = committing  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            engine.dialect.do_commit = commit  # type: ignore[method-assign]
            event.remove(engine, "before_cursor_execute", before)
            event.remove(engine, "after_cursor_execute", after)


def _short(statement: str) -> str:
    words = statement.split()
    return " ".join(
        word for word in words if word.isupper() or word.startswith(("log_", "payload_", "action"))
    )[:60]


def perform(engine: Engine, keys: KeyStore, prepared: PreparedEntry, steps: Callable[[str], None]) -> int:
    """The action and its entry, in the register's order; whoever calls it again repeats it. Gives the leaf's index."""
    with engine.begin() as connection:
        dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
        connection.execute(
            dialect.insert(action).values(id=prepared.payloads[0].key_id).on_conflict_do_nothing()
        )
        keys.put_many(prepared.keys)
        index = log.append(connection, prepared)
    steps(ANSWER)
    return index


@dataclass
class Bystander:
    """Who was answered before, and looks whether all that is still so.

    Attributes:
        answered: leaf by index, of every action that was acknowledged.
    """

    url: str
    keys_url: str
    answered: dict[int, bytes] = field(default_factory=dict)

    def look(self) -> list[str]:
        """Everything that is wrong: with the log, with what was acknowledged, or between log and actions."""
        engine, keys = make_engine(self.url, pool=NullPool), open_keys(self.keys_url)
        with engine.connect() as connection:
            wrong = list(faults(connection, log_tables, keys=keys.get_many))
            head = log.head(connection)
            leaves = log.leaves(connection, 0, head.size)
            actions = connection.scalar(select(func.count()).select_from(action))
            opened = connection.execute(
                select(log_tables.payload.c.key_id, log_tables.payload.c.leaf_index)
            ).all()
        held = keys.get_many(row.key_id for row in opened)
        wrong += [
            f"acknowledged leaf {at} is gone"
            for at, leaf in self.answered.items()
            if leaves[at : at + 1] != [leaf]
        ]
        wrong += [f"leaf {row.leaf_index} has no key" for row in opened if row.key_id not in held]
        if len(set(leaves)) != len(leaves):
            wrong.append("a leaf stands twice")
        if actions != len(leaves):
            wrong.append(f"{actions} actions and {len(leaves)} leaves")
        engine.dispose()
        keys.close()
        return wrong


def open_keys(url: str) -> KeyStore:
    """The key store at an address."""
    return KeyStore(make_engine(url, pool=NullPool))


def entry() -> PreparedEntry:
    """An entry about two organisations."""
    return prepare({"GM9001": {"doel": "x"}, "GM9002": {"doel": "x"}}, randomness=os.urandom)


@contextmanager
def stepping(engine: Engine, keys: KeyStore, steps: Steps) -> Iterator[None]:
    """Every statement and commit of both databases is a step."""
    with ExitStack() as stack:
        stack.enter_context(steps.of(engine, "log"))
        stack.enter_context(steps.of(keys._engine, "keys"))
        yield


def _dying(url: str, keys_url: str, prepared: PreparedEntry, cut: int, told: int) -> None:
    """One process: it acts, and dies at a boundary. What it answers, it writes to ``told``."""
    steps = Steps(lambda: os.kill(os.getpid(), signal.SIGKILL), cut)
    engine, keys = make_engine(url, pool=NullPool), open_keys(keys_url)
    with stepping(engine, keys, steps):
        os.write(told, perform(engine, keys, prepared, steps).to_bytes(8, "big"))


def main(url: str, keys_url: str) -> None:
    """Die at every boundary in turn."""
    bystander, cut, ended = Bystander(url, keys_url), 0, False
    while not ended:
        prepared = entry()
        reading, told = os.pipe()
        child = os.fork()
        if child == 0:
            _dying(url, keys_url, prepared, cut, told)
            os._exit(0)
        os.close(told)
        _pid, status = os.waitpid(child, 0)
        answer = os.read(reading, 8)
        os.close(reading)
        ended = os.WIFEXITED(status)
        if answer:
            bystander.answered[int.from_bytes(answer, "big")] = prepared.leaf
        wrong = bystander.look()
        engine, keys = make_engine(url, pool=NullPool), open_keys(keys_url)
        index = perform(engine, keys, prepared, lambda _name: None)
        engine.dispose()
        keys.close()
        bystander.answered[index] = prepared.leaf
        line = {"cut": cut, "killed": os.WIFSIGNALED(status), "wrong": wrong, "after_again": bystander.look()}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        cut += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
