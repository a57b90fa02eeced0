# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A transaction that cannot end without its log entry.

The entry is appended last, in the transaction of the action itself, so that the log's head is locked shortest (audit.store.log). Its payload keys
are durable before the commit: a key without an entry is harmless, an entry without its key is a hole. After the commit, and when it is on disk
(`audit.store.settling`), there is a receipt; only then may an answer leave. If anything fails the transaction is rolled back, and the caller logs the failure in a second one.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, Self

from sqlalchemy import Connection, Engine, insert

from audit.canonical import JSON
from audit.merkle import leaf_hash
from audit.note import Signer
from audit.store.engine import read_only
from audit.store.keys import KeysAhead, KeyStore
from audit.store.log import LogStore
from audit.store.settling import settle
from audit.trail import FreshKey, PreparedEntry, Receipt, make_receipt, prepare
from policies.recorded import Request
from process.moments import Randomness
from process.problem import Refusal
from process.processing import Action, Status
from register.activities import ABOUT_PEOPLE
from register.central.store import tables as t
from register.central.store.rotation import hold
from register.decisions import sealed

KEYS_AHEAD = 64
"""Keys that are put at once (`audit.store.keys.KeysAhead`): a commit of the key store for every thirty requests or so."""


class UnloggedError(RuntimeError):
    """A transaction that nobody gave an entry: a defect, never let through."""


Transaction = Connection
"""What modules outside the stores pass on to them."""

Process = Callable[[Action, datetime], None]
"""Writes lines in the Logboek Dataverwerkingen: the action, and when it began."""


@dataclass(frozen=True)
class Signed:
    """The receipt of one request: the leaf's index and the signed note."""

    leaf_index: int
    note: str


class Decided(Protocol):
    """What a request was decided on."""

    def __call__(self, moment: datetime, trace: str) -> Request | None:
        """The record of it; None if nothing was decided."""
        ...

    def kept(self) -> None:
        """The record is durable."""
        ...


class LoggedWork:
    """One transaction on the register's database, with room for exactly one log entry.

    Attributes:
        afterwards: what is written once the place of the entry in the log is known, in the same transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.afterwards: list[Callable[[int], None]] = []
        self.payloads: Mapping[str, Mapping[str, JSON]] | None = None
        self.concerned: Action | None = None
        self._receipt: Signed | None = None

    def enter(self, payloads: Mapping[str, Mapping[str, JSON]]) -> None:
        """Say what the log shall hold of this request: one payload per organisation concerned.

        Raises:
            UnloggedError: an entry was given before; one request has one leaf.
        """
        if self.payloads is not None:
            raise UnloggedError("one request appends exactly one leaf")
        self.payloads = payloads

    def concerns(self, action: Action) -> None:
        """Say whom this request concerns, for the Logboek Dataverwerkingen."""
        self.concerned = action

    def require_whole(self) -> None:
        """Returns only if there is an entry, and it is known whom it concerns.

        Raises:
            UnloggedError: what is missing.
        """
        if self.payloads is None:
            raise UnloggedError("a request without a log entry")
        events = {str(payload.get("gebeurtenis")) for payload in self.payloads.values()}
        if events & ABOUT_PEOPLE and self.concerned is None:
            raise UnloggedError("an entry about people that does not say whom it concerns")

    @property
    def receipt(self) -> Signed:
        """The receipt; there is none before the commit."""
        if self._receipt is None:
            raise UnloggedError("no receipt before the entry is durable")
        return self._receipt


class RegisterDatabase:
    """The register's database, its key store and its log, as one thing to work in."""

    def __init__(  # noqa: PLR0913 - what a register's database consists of
        self,
        engine: Engine,
        keys: KeyStore,
        *,
        origin: str,
        signer: Signer,
        randomness: Randomness,
        process: Process | None = None,
    ) -> None:
        self.engine = engine
        self.keys = keys
        self.log = LogStore(t.log)
        self.origin = origin
        self._reading = read_only(engine)
        self._signer = signer
        self._randomness = randomness
        self._ahead = KeysAhead(keys, randomness, KEYS_AHEAD)
        self._decided: Decided | None = None
        self._process = process

    def deciding(self, decided: Decided) -> Self:
        """The same database for one request, which keeps what that was decided on with its entry."""
        made = copy.copy(self)
        made._decided = decided  # noqa: SLF001 - its own kind
        return made

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()
        self.keys.close()

    @contextmanager
    def logged(self, moment: datetime, *, alone: bool = False) -> Iterator[LoggedWork]:
        """A transaction that ends with its entry durable, or not at all.

        Args:
            moment: now.
            alone: no other logged transaction runs meanwhile: for what changes the epoch of the keys.

        Raises:
            UnloggedError: the body gave no entry.
        """
        work: LoggedWork | None = None
        try:
            with self.engine.connect() as connection:
                with connection.begin():
                    hold(connection, alone=alone, settling=not alone)
                    work = LoggedWork(connection)
                    yield work
                    index, entry = self._appended(work, moment)
                if not alone:
                    settle(connection)
        except Refusal:
            raise
        except BaseException:
            self._processed(work, moment, Status.ERROR)
            raise
        if self._decided is not None:
            self._decided.kept()
        work._receipt = self._signed(entry, index, moment)  # noqa: SLF001 - the one that may
        self._processed(work, moment)

    def _appended(self, work: LoggedWork, moment: datetime) -> tuple[int, PreparedEntry]:
        work.require_whole()
        payloads = work.payloads or {}
        keys = self._ahead.take(len(payloads) + 1)
        entry = prepare(payloads, randomness=self._randomness, keys=keys[1:])
        # One row whatever was decided.
        self._record(work.connection, moment, payloads, keys[0])
        index = self.log.append(work.connection, entry)
        for write in work.afterwards:
            write(index)
        return index, entry

    def _processed(self, work: LoggedWork | None, moment: datetime, status: Status | None = None) -> None:
        """Lines in the Logboek Dataverwerkingen, after the entry is durable: it is the guarantee, they are not (ADR 39)."""
        if self._process is None or work is None or work.concerned is None:
            return
        action = work.concerned if status is None else replace(work.concerned, status=status)
        self._process(action, moment)

    def _record(
        self,
        connection: Connection,
        moment: datetime,
        payloads: Mapping[str, Mapping[str, JSON]],
        fresh: FreshKey,
    ) -> None:
        """Keep what was decided, sealed under a key of its own."""
        request = None if self._decided is None else self._decided(moment, _trace(payloads))
        if request is None:
            return
        (place, key), day = fresh, moment.date()
        content = sealed(request, place, day, key, randomness=self._randomness)
        connection.execute(insert(t.decision_record).values(key_id=place, day=day, ciphertext=content))

    @contextmanager
    def lasting(self) -> Iterator[Connection]:
        """A transaction as `public` gives it; once it is left, all that was read in it is durable.

        In one session: a server that fell in between and came back without what was read answers for nothing.

        Raises:
            Outage: it is not known to be.
        """
        with self._reading.connect() as connection:
            with connection.begin():
                yield connection
            settle(connection)

    @contextmanager
    def public(self) -> Iterator[Connection]:
        """A transaction that reads what anyone may read: leaves, proofs, checkpoints, the list of organisations."""
        with self._reading.connect() as connection:
            yield connection

    def _signed(self, entry: PreparedEntry, index: int, moment: datetime) -> Signed:
        receipt = Receipt(self.origin, index, leaf_hash(entry.leaf), moment.replace(microsecond=0))
        return Signed(index, make_receipt(receipt, self._signer))


def _trace(payloads: Mapping[str, Mapping[str, JSON]]) -> str:
    """The trace id by which the entry and the record are joined."""
    for payload in payloads.values():
        fields = payload.get("velden")
        if isinstance(fields, Mapping) and isinstance(fields.get("spoor"), str):
            return str(fields["spoor"])
    return ""
