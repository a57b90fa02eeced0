# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Every checkpoint that was signed, in one SQLite file of the signer alone.

``advance`` reads what was signed last, lets the caller decide, and writes the new note, all in one transaction that excludes
others; when it returns, the note is durable. Only then may the note leave the process: a signature that was given and
forgotten is how a log gets two histories. The file must exist: a signer that lost its memory must not start afresh unseen.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import BigInteger, Column, Connection, Engine, MetaData, String, Table, Text, insert, select
from sqlalchemy.engine import URL

from audit.store.engine import make_engine, read_only
from audit.store.schema import migrate
from process.language import gettext as _
from process.serving.errors import SettingsError

_MIGRATIONS = Path(__file__).parent / "migrations"

metadata = MetaData()
_signed = Table(
    "signed_checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("signed_at", String(32), nullable=False),
)


class SignerState:
    """The signer's memory. Use ``create`` once, ``open`` ever after."""

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
                    "Het geheugen van de ondertekenaar, {pad}, ontbreekt. Zonder dat kan hij een tweede, andere geschiedenis "
                    "ondertekenen. Zet het bestand terug, of begin een nieuw logboek met 'signer keygen'."
                ).format(pad=path)
            )
        return cls(_migrated(path))

    def latest(self) -> str | None:
        """The note that was signed last, None before the first."""
        with self._reading.connect() as connection:
            return _latest(connection)

    def advance(self, decide: Callable[[str | None], tuple[int, str]], moment: datetime) -> str:
        """Lets ``decide`` make the next (size, note) from the last note; returns the note once it is durable.

        What ``decide`` raises passes through and changes nothing.
        """
        with self._engine.begin() as connection:
            last = _latest(connection)
            size, note = decide(last)
            if note != last:
                signed_at = moment.astimezone(UTC).isoformat(timespec="seconds")
                connection.execute(insert(_signed).values(size=size, note=note, signed_at=signed_at))
        return note

    def close(self) -> None:
        """Gives the file back."""
        self._engine.dispose()


def _latest(connection: Connection) -> str | None:
    note: str | None = connection.scalar(select(_signed.c.note).order_by(_signed.c.size.desc()).limit(1))
    return note


def _migrated(path: Path) -> Engine:
    engine = make_engine(URL.create("sqlite", database=str(path)))
    migrate(engine, _MIGRATIONS)
    return engine
