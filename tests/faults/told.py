# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the world told its clients: the other half of every check. What was never told cannot be lost.

A row is one observation of the file or of a case system, with attributes that no other row has. Threads write here; the checker reads a
copy that does not change under its hands.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID


@dataclass(frozen=True, order=True)
class Row:
    """One observation, told apart from all others by its telephone number and its document."""

    number: int
    organisation: str

    @property
    def phone(self) -> str:
        """A mobile number that no other row has."""
        return f"06{20_000_000 + self.number}"

    @property
    def document(self) -> str:
        """A passport number that no other row has."""
        return f"AN{200_000 + self.number}"


@dataclass(frozen=True)
class Acknowledged:
    """ "Stored", as a client was told it; the id is None where the interface names none."""

    signal_id: UUID | None
    version: int


@dataclass(frozen=True)
class Told:
    """Everything that clients were told up to a moment.

    Attributes:
        attempted: rows of which at least one request left.
        acknowledged: rows that a client was told are stored.
        waiting: rows that a client was told are kept at the node and will be delivered; under which id.
        gone: rows that were withdrawn or have expired: from then on they must match nothing, whatever still arrives.
        receipts: the signed receipt of every answer that had one.
        checkpoints: every signed checkpoint that was seen, in the order of seeing.
        counts: how often what was answered, for the figures at the end.
        surprises: what no client should ever be told, in a sentence each.
    """

    attempted: frozenset[Row] = frozenset()
    acknowledged: Mapping[Row, Acknowledged] = field(default_factory=dict)
    waiting: Mapping[Row, UUID | None] = field(default_factory=dict)
    gone: frozenset[Row] = frozenset()
    receipts: tuple[str, ...] = ()
    checkpoints: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    surprises: tuple[str, ...] = ()

    @property
    def living(self) -> frozenset[Row]:
        """The rows that were sent and have neither been withdrawn nor expired."""
        return self.attempted - self.gone


class Ledger:
    """Where threads write down what they were told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told = Told()
        self._counts: Counter[str] = Counter()
        self._next = 0

    def rows(self, organisation: str, count: int) -> list[Row]:
        """New rows of an organisation; nobody has sent anything of them yet."""
        with self._lock:
            first, self._next = self._next, self._next + count
        return [Row(number, organisation) for number in range(first, first + count)]

    def attempt(self, rows: Iterable[Row]) -> None:
        """A request about these rows is about to leave."""
        with self._lock:
            self._told = replace(self._told, attempted=self._told.attempted | set(rows))

    def acknowledge(self, row: Row, signal_id: UUID | None, version: int = 1) -> None:
        """A client was told that this row is stored; told again, it must be the same signal."""
        self._same(row, signal_id)
        with self._lock:
            said = {**self._told.acknowledged, row: Acknowledged(signal_id, version)}
            self._told = replace(self._told, acknowledged=said)
        self.count("bewaard")

    def wait(self, row: Row, signal_id: UUID | None) -> None:
        """A client was told that the node keeps this row and delivers it."""
        self._same(row, signal_id)
        with self._lock:
            self._told = replace(self._told, waiting={**self._told.waiting, row: signal_id})
        self.count("wacht")

    def _same(self, row: Row, signal_id: UUID | None) -> None:
        """A row is one signal, whatever a client is told of it and however often."""
        with self._lock:
            said = self._told.acknowledged.get(row)
            before = {self._told.waiting.get(row), None if said is None else said.signal_id} - {None}
        if signal_id is not None and before - {signal_id}:
            self.surprise(f"DOUBLED: row {row.number} is {signal_id}, and was {before.pop()} before")

    def bury(self, rows: Iterable[Row]) -> None:
        """These rows were withdrawn, or their term is over."""
        with self._lock:
            self._told = replace(self._told, gone=self._told.gone | set(rows))

    def receipt(self, note: str) -> None:
        """An answer came with this receipt."""
        with self._lock:
            self._told = replace(self._told, receipts=(*self._told.receipts, note))

    def checkpoint(self, note: str) -> None:
        """The register published this checkpoint."""
        with self._lock:
            if note not in self._told.checkpoints[-1:]:
                self._told = replace(self._told, checkpoints=(*self._told.checkpoints, note))

    def count(self, what: str) -> None:
        """For the figures."""
        with self._lock:
            self._counts[what] += 1

    def surprise(self, sentence: str) -> None:
        """Something that no client should ever be told."""
        with self._lock:
            self._told = replace(self._told, surprises=(*self._told.surprises, sentence))

    def told(self) -> Told:
        """All of it as of now."""
        with self._lock:
            return replace(self._told, counts=dict(self._counts))
