# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""What a witness vouched for last, of each log, in one SQLite file of that witness alone.

``advance`` reads the last note of a log, lets the caller decide, and writes the new one, all in one transaction that excludes
others; when it returns, the note is durable. Only then may the cosignature leave: one that was given and forgotten is how a
witness vouches for two histories. The file must exist: a witness that lost its memory must not start afresh unseen.

Signed checkpoints that do not extend it are kept as evidence, ``MOST_CONTRADICTIONS`` of them: when there is no room, those that prove
nothing by themselves make way for the new one, oldest first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL

from audit.canonical import base64_text
from audit.merkle import EMPTY_ROOT
from audit.note import parse
from audit.store.engine import make_engine, read_only
from audit.store.schema import migrate
from process.language import gettext as _
from process.serving.errors import SettingsError

MOST_CONTRADICTIONS = 1000

_MIGRATIONS = Path(__file__).parent / "migrations"

metadata = MetaData()
_vouched = Table(
    "vouched",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("note", Text, nullable=False),
    Column("vouched_at", String(32), nullable=False),
)
_contradiction = Table(
    "contradiction",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("origin", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("last_note", Text),
    Column("seen_at", String(32), nullable=False),
)


@dataclass(frozen=True)
class Contradiction:
    """A checkpoint that the log signed and that was not shown to extend what was vouched for; both notes, and when it was first seen."""

    origin: str
    note: str
    last_note: str | None
    seen_at: str

    @property
    def proven(self) -> bool:
        """Whether the two notes alone show that the log lies. If not, it may be that only the proof was false, and that can be anyone's."""
        size, root = _tree(self.note)
        seen = (0, base64_text(EMPTY_ROOT)) if self.last_note is None else _tree(self.last_note)
        return size == seen[0] and root != seen[1]


def _tree(note: str) -> tuple[int, str]:
    """Size and root of a checkpoint, as they stand there: it may be a size that cannot have this root."""
    _origin, size, root, *_more = parse(note).text.split("\n")
    return int(size), root


class WitnessState:
    """The witness's memory. Use ``create`` once, ``open`` ever after."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = read_only(engine)

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new, empty memory.

        Raises:
            SettingsError: the file exists.
        """
        if path.exists():
            raise SettingsError(
                _("Het bestand {pad} bestaat al en wordt niet overschreven.").format(pad=path)
            )
        return cls(_migrated(path))

    @classmethod
    def open(cls, path: Path) -> Self:
        """The memory in an existing file.

        Raises:
            SettingsError: the file is missing, or empty: tables would be made in it, and nothing remembered.
        """
        if not path.is_file() or path.stat().st_size == 0:
            raise SettingsError(
                _(
                    "Het geheugen van de getuige, {pad}, ontbreekt. Zonder dat kan hij een tweede, andere geschiedenis "
                    "bevestigen. Zet het bestand terug, of begin een nieuwe getuige met 'witness keygen' en meld zijn sleutel."
                ).format(pad=path)
            )
        return cls(_migrated(path))

    def latest(self, origin: str) -> str | None:
        """The note that was vouched for last, of one log; None before the first."""
        with self._reading.connect() as connection:
            return _latest(connection, origin)

    def all_latest(self) -> Mapping[str, str]:
        """The same of every log, by its origin."""
        with self._reading.connect() as connection:
            rows = connection.execute(select(_vouched.c.origin, _vouched.c.note).order_by(_vouched.c.origin))
            return {row.origin: row.note for row in rows}

    def advance(self, origin: str, decide: Callable[[str | None], str], moment: datetime) -> str:
        """Lets ``decide`` make the next note of a log from the last; returns it once it is durable.

        What ``decide`` raises passes through and changes nothing.
        """
        with self._engine.begin() as connection:
            last = _latest(connection, origin)
            note = decide(last)
            if note != last:
                connection.execute(delete(_vouched).where(_vouched.c.origin == origin))
                connection.execute(
                    insert(_vouched).values(origin=origin, note=note, vouched_at=_text(moment))
                )
        return note

    def keep(self, origin: str, note: str, moment: datetime) -> None:
        """Keeps a contradiction as evidence, beside the note that it contradicts; once, and no more than there is room for."""
        with self._engine.begin() as connection:
            digest = sha256(note.encode()).digest()
            row = {
                "digest": digest,
                "origin": origin,
                "note": note,
                "last_note": _latest(connection, origin),
                "seen_at": _text(moment),
            }
            found = connection.scalar(select(func.count()).select_from(_contradiction)) or 0
            if found >= MOST_CONTRADICTIONS and not _make_room(connection, digest):
                return
            connection.execute(sqlite.insert(_contradiction).values(row).on_conflict_do_nothing())

    def drop(self, origin: str, note: str) -> None:
        """Forgets a contradiction in a note that turned out to be none: its proof was false, and a true one came."""
        digest = sha256(note.encode()).digest()
        mine = (_contradiction.c.origin == origin) & (_contradiction.c.digest == digest)
        with self._reading.connect() as connection:
            known = connection.scalar(select(func.count()).select_from(_contradiction).where(mine))
        if known:
            with self._engine.begin() as connection:
                connection.execute(delete(_contradiction).where(mine))

    def contradictions(self) -> tuple[Contradiction, ...]:
        """The evidence, oldest first."""
        columns = _contradiction.c
        query = select(columns.origin, columns.note, columns.last_note, columns.seen_at)
        with self._reading.connect() as connection:
            return tuple(
                Contradiction(*row)
                for row in connection.execute(query.order_by(columns.seen_at, columns.digest))
            )

    def close(self) -> None:
        """Gives the file back."""
        self._engine.dispose()


def _make_room(connection: Connection, digest: bytes) -> bool:
    """Forgets the oldest that proves nothing by itself; False if there is none, or the new one is there already."""
    columns = _contradiction.c
    if connection.scalar(select(columns.seen_at).where(columns.digest == digest)) is not None:
        return False
    query = select(columns.digest, columns.origin, columns.note, columns.last_note, columns.seen_at)
    for row in connection.execute(query.order_by(columns.seen_at, columns.digest)):
        if not Contradiction(row.origin, row.note, row.last_note, row.seen_at).proven:
            connection.execute(delete(_contradiction).where(columns.digest == row.digest))
            return True
    return False


def _latest(connection: Connection, origin: str) -> str | None:
    note: str | None = connection.scalar(select(_vouched.c.note).where(_vouched.c.origin == origin))
    return note


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _migrated(path: Path) -> Engine:
    engine = make_engine(URL.create("sqlite", database=str(path)))
    migrate(engine, _MIGRATIONS)
    return engine
