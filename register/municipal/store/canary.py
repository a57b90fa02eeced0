# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the canaries of one organisation gave the first time, per keyset, epoch and version. What was written is never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase


@dataclass(frozen=True)
class KeptPin:
    """A pin as it stands in the database, with what proves that this node wrote it."""

    version: str
    pin: bytes
    signature: bytes


class CanaryStore:
    """The pins of one organisation.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def of(self, keyset: str, epoch: int) -> list[KeptPin]:
        """What was kept for a keyset and epoch, of every version."""
        columns = t.canary_pin.c
        query = select(columns.version, columns.pin, columns.signature).where(
            columns.tenant == self._tenant, columns.keyset == keyset, columns.epoch == epoch
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [KeptPin(row.version, bytes(row.pin), bytes(row.signature)) for row in rows]

    def keep(self, keyset: str, epoch: int, kept: KeptPin, at: datetime) -> None:
        """Keep the first outcome; of two processes that are first at once, one is."""
        row = {"keyset": keyset, "epoch": epoch, "at": at, **vars(kept)}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(t.canary_pin).values(tenant=self._tenant, **row))
        except IntegrityError:
            return
