# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the canaries of one organisation gave the first time, per keyset, epoch and version, which is never changed; and when they were last looked at."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase


@dataclass(frozen=True)
class KeptPin:
    """A pin as it stands in the database, with what proves that this node wrote it.

    Attributes:
        epoch: of the keyset.
        version: of the specification.
        pin: 32 bytes.
        signature: keyed digest.
        key_mark: of which key (`pseudonymisation.canary_pins.key_mark`); None of before that was kept.
    """

    epoch: int
    version: str
    pin: bytes
    signature: bytes
    key_mark: str | None = None


@dataclass(frozen=True)
class KeptLook:
    """The last look that came to an end.

    Attributes:
        at: when, UTC.
        wrong: how many in a row were wrong, this one included; 0 for a good one.
        made: 32 bytes, over what was compared and with what.
        signature: keyed digest.
    """

    at: datetime
    wrong: int
    made: bytes
    signature: bytes


class CanaryStore:
    """The pins and the last look of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def of(self, keyset: str) -> list[KeptPin]:
        """What was kept for a keyset, of every epoch and version."""
        columns = t.canary_pin.c
        query = select(
            columns.epoch, columns.version, columns.pin, columns.signature, columns.key_mark
        ).where(columns.tenant == self._tenant, columns.keyset == keyset)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            KeptPin(row.epoch, row.version, bytes(row.pin), bytes(row.signature), row.key_mark)
            for row in rows
        ]

    def keep(self, keyset: str, kept: KeptPin, at: datetime) -> None:
        """Keep the first outcome; of two processes that are first at once, one is."""
        row = {"keyset": keyset, "at": at, **vars(kept)}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(t.canary_pin).values(tenant=self._tenant, **row))
        except IntegrityError:
            return

    def last(self) -> KeptLook | None:
        """The last look of any process; None before the first."""
        columns = t.canary_look.c
        query = select(columns.at, columns.wrong, columns.made, columns.signature).where(
            columns.tenant == self._tenant
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else KeptLook(row.at, row.wrong, bytes(row.made), bytes(row.signature))

    def looked(self, look: KeptLook) -> None:
        """Keep a look in the place of the last; of two at once, one stays."""
        try:
            with self._database.writing() as connection:
                done = connection.execute(
                    update(t.canary_look).where(t.canary_look.c.tenant == self._tenant).values(**vars(look))
                )
                if not done.rowcount:
                    connection.execute(insert(t.canary_look).values(tenant=self._tenant, **vars(look)))
        except IntegrityError:
            return
