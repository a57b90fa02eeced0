# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The one database of a node, in which several organisations keep what is theirs.

Every row says whose it is, and a store of `register.municipal.store` speaks for one organisation: each of its statements names that organisation.
Here are only the connections, the migrations, and the single question that must be asked before an organisation is known: whose session is this?
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from audit.store.engine import make_engine, read_only
from audit.store.erasure import wipe_remains
from audit.store.jobs import JobStore
from audit.store.schema import bring_up, migrate
from process.pooling import Pooling
from register.municipal.store import tables as t

_MIGRATIONS = Path(__file__).parent / "migrations"

STRANGERS = "-"
"""Under which a node of several organisations counts what happens before anyone has signed in."""


def told_to_revisions(tenants: Sequence[str]) -> dict[str, object]:
    """What the revisions must know of the organisations of this node."""
    # One organisation: what the previous software writes during an upgrade is that organisation's too.
    return {"tenant": tenants[0]} if len(tenants) == 1 else {}


class NodeDatabase:
    """Connections of one node; hand it to the stores.

    Args:
        url: as SQLAlchemy names it.
        pooling: limits on its connections.

    Raises:
        DatabaseUrlError: another database, or SQLite without a file.
    """

    def __init__(self, url: str, pooling: Pooling = Pooling()) -> None:  # noqa: B008 - frozen
        self._engine: Engine = make_engine(url, pooling, name="signaalregister-node")
        self._reading = read_only(self._engine)

    def migrate(self, tenants: Sequence[str]) -> None:
        """Bring the tables to the newest version; an empty database starts from the first.

        Args:
            tenants: codes of the organisations of this node. Rows from before organisations stood in them go to the only one.

        Raises:
            SettingsError: there are such rows, and more than one organisation.
        """
        migrate(self._engine, _MIGRATIONS, attributes=told_to_revisions(tenants))

    def bring_up(self, tenants: Sequence[str], *, migrating: bool) -> None:
        """What a node does when it starts: as `migrate`, or only look whether the tables are as it needs them.

        Raises:
            SettingsError: as `migrate`; or the database cannot be used, in words.
        """
        bring_up(
            self._engine,
            _MIGRATIONS,
            migrating=migrating,
            command="signaalregister node database migrate",
            attributes=told_to_revisions(tenants),
        )

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that may write; durable when the block ends, undone when it raises."""
        return self._engine.begin()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads, and waits for no writer."""
        with self._reading.connect() as connection:
            yield connection

    def tenant_of_session(self, digest: bytes) -> str | None:
        """Whose session this is; None if there is none. Whether it lives is for that organisation's store to say."""
        query = select(t.session.c.tenant).where(t.session.c.digest == digest)
        with self.reading() as connection:
            return connection.scalar(query)

    def job_states(self) -> JobStore:
        """The states of the jobs of this node."""
        return JobStore(self._engine, t.job)

    def wipe_remains(self) -> None:
        """Returns only if nothing of what was destroyed is left in the files of a SQLite database.

        Raises:
            RemainsError: another connection was reading.
        """
        wipe_remains(self._engine)

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()
