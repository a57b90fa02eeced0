# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Every entry of the log that can still be opened, organisation by organisation: for inzage, which has to compare them all.

It reads in a transaction of its own that writes nothing, so that nobody waits for it; that it was read stands in the log before its answer leaves. An entry whose key was destroyed is erased, and passed over.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection

from audit.canonical import JSON
from audit.entry import payload_content, unseal
from register.central.store.destruction import organisations_in_log
from register.central.store.work import RegisterDatabase
from register.ports import Permit

_PAGE = 500


class LookingBack:
    """The log, opened."""

    def __init__(self, database: RegisterDatabase, connection: Connection) -> None:
        self._database = database
        self._connection = connection

    def organisations(self) -> list[str]:
        """Every organisation with a part in the log."""
        return organisations_in_log(self._connection)

    def entries(self, organisation: str) -> Iterator[tuple[int, Mapping[str, JSON]]]:
        """Leaf and content of every entry of an organisation, oldest first."""
        since = 0
        while True:
            page = self._database.log.payloads_of(self._connection, organisation, since, _PAGE)
            keys = self._database.keys.get_many(one.key_id for one in page)
            for one in page:
                if one.key_id in keys:
                    opening = unseal(one.ciphertext, organisation, one.leaf, keys[one.key_id])
                    yield one.leaf_index, payload_content(organisation, opening.payload)
            if len(page) < _PAGE:
                return
            since = page[-1].leaf_index + 1


@contextmanager
def looking_back(database: RegisterDatabase, permit: Permit) -> Iterator[LookingBack]:
    """Open the log, for who was permitted to."""
    del permit
    with database.public() as connection:
        yield LookingBack(database, connection)
