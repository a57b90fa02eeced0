# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The key store: one key for each sealed payload, in a database of its own outside that of the log and its backups.

Keys are put before the log's transaction commits, in a transaction of their own that is durable when ``put_many`` returns. If
the log's transaction then fails, a key is left that opens nothing; the other way round an entry would exist that nobody can
ever open. So they may be put long before: ``KeysAhead`` puts many at once and gives them out one by one, each once, and most
requests wait for one durable commit instead of two (docs/adr/0036). ``destroy`` is how an entry is erased for a party: on SQLite the bytes are overwritten (secure_delete) and the
write-ahead log is emptied. Copies of this database are kept for seven days at most; that is for its operator to arrange.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock

from sqlalchemy import Column, Engine, LargeBinary, MetaData, String, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError

from audit.entry import KEY_SIZE
from audit.store.engine import read_only
from audit.store.roles import REPLACE
from audit.store.schema import Schema, bring_up, migrate
from audit.trail import KEY_ID_SIZE, FreshKey
from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret

_MIGRATIONS = Path(__file__).parent / "key_migrations"

metadata = MetaData()
_key = Table(
    "payload_key",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
)
_PUT = insert(_key)
SCHEMA = Schema("sleutels van de logregels", metadata, _MIGRATIONS, {"payload_key": REPLACE})
"""A key is put, read and destroyed; nobody changes one."""


class KeyStoreError(RuntimeError):
    """The key store could not do what was promised; the message says in Dutch what is the matter."""


class KeysAhead:
    """Fresh keys that are durable before anybody asks for them; each is given once. Those of a process that ends open nothing.

    A key store that is put back, or fails over and loses its last commits, under a process that goes on would take keys away that
    are given out after: stop the process first.

    Args:
        store: where they are kept.
        randomness: of ids and keys.
        ahead: how many are put at once; fewer than are asked for means as many as are asked for, and none in advance.
    """

    def __init__(self, store: "KeyStore", randomness: Randomness, ahead: int) -> None:
        self._store = store
        self._randomness = randomness
        self._ahead = ahead
        self._kept: list[FreshKey] = []
        self._lock = Lock()

    def take(self, count: int) -> list[FreshKey]:
        """So many keys with their ids (32 hexadecimal digits), durable.

        Raises:
            Outage: they could not be put; none is given.
        """
        with self._lock:
            if len(self._kept) < count:
                fresh = [
                    (self._randomness(KEY_ID_SIZE).hex(), Secret(self._randomness(KEY_SIZE)))
                    for _key in range(max(count, self._ahead))
                ]
                self._store.put_many(dict(fresh))
                self._kept += fresh
            taken, self._kept = self._kept[:count], self._kept[count:]
            return taken


class KeyStore:
    """Keys by id, in the database of ``engine``, which serves nothing else.

    ``create`` makes the table in a new database and leaves an existing one as it is.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = read_only(engine)

    def create(self) -> None:
        """Makes the table if it is not there; brings it to the newest revision if it is."""
        migrate(self._engine, _MIGRATIONS)

    def bring_up(self, *, migrating: bool, command: str) -> None:
        """What a process does with it when it starts: bring it to the newest revision, or look whether it is there.

        Raises:
            SettingsError: it cannot be used, in words.
        """
        bring_up(
            self._engine,
            _MIGRATIONS,
            migrating=migrating,
            command=command,
            place=_("De sleutels van de logregels"),
        )

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def put_many(self, keys: Mapping[str, Secret]) -> None:
        """Keeps keys; durable when it returns, all or none. The same keys again change nothing.

        Raises:
            KeyStoreError: an id is taken by another key.
        """
        if not keys:
            return
        rows = [{"key_id": key_id, "key": key.reveal()} for key_id, key in keys.items()]
        try:
            with self._engine.begin() as connection:
                connection.execute(_PUT, rows)
        except IntegrityError as error:
            if any(self.get(key_id) != key for key_id, key in keys.items()):
                raise KeyStoreError(_("een sleutel met dit kenmerk bestaat al")) from error

    def get(self, key_id: str) -> Secret | None:
        """The key, or None if it was destroyed or never put."""
        return self.get_many([key_id]).get(key_id)

    def get_many(self, key_ids: Iterable[str]) -> dict[str, Secret]:
        """The keys that exist among ``key_ids``."""
        with self._reading.connect() as connection:
            rows = connection.execute(select(_key).where(_key.c.key_id.in_(list(key_ids))))
            return {key_id: Secret(bytes(key)) for key_id, key in rows}

    def destroy(self, key_ids: Iterable[str]) -> int:
        """Destroys keys for good and returns how many there were. Doing it again is harmless.

        Raises:
            KeyStoreError: the keys are gone, but on SQLite another reader kept their remains from being overwritten.
        """
        with self._engine.begin() as connection:
            destroyed = connection.execute(delete(_key).where(_key.c.key_id.in_(list(key_ids)))).rowcount
        if self._engine.dialect.name == "sqlite":
            self._empty_write_ahead_log()
        return destroyed

    def _empty_write_ahead_log(self) -> None:
        """Older pages in SQLite's write-ahead log still hold what was deleted."""
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            busy = driver is None or driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise KeyStoreError(
                _(
                    "de sleutels zijn weg, maar het bestand is in gebruik; vernietig ze nog eens om ook de resten te wissen"
                )
            )
