# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A small truthful log in memory: real entries, real signatures, real proofs."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from audit.bundle import Bundle, ExportedEntry
from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.entry import unseal
from audit.merkle import Address, Frontier, consistency_proof, inclusion_proof
from audit.note import Signer
from audit.trail import PreparedEntry, Receipt, make_receipt, prepare
from process.secret import Secret

MOMENT = datetime(2026, 3, 1, 9, 0, 0, tzinfo=UTC)


@dataclass
class SmallLog:
    """Implements ``audit.verify.LogSource`` and exports itself."""

    signer: Signer = field(default_factory=lambda: Signer("log.example/eerste", Secret(bytes(range(32)))))
    receipts: Signer = field(
        default_factory=lambda: Signer("log.example/eerste/ontvangst", Secret(bytes(range(1, 33))))
    )
    entries: list[PreparedEntry] = field(default_factory=list)
    nodes: dict[Address, bytes] = field(default_factory=dict)
    frontier: Frontier = field(default_factory=Frontier)

    def append(self, *organisations: str) -> None:
        entry = prepare({name: {"doel": "signalering"} for name in organisations}, randomness=os.urandom)
        self.entries.append(entry)
        self.frontier, nodes = self.frontier.append(entry.leaf_hash)
        self.nodes.update(dict(nodes))

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = len(self.entries) if size is None else size
        return Checkpoint(self.signer.name, size, Frontier.over(self.leaves(size)).root())

    def note(self, size: int | None = None) -> str:
        return sign_checkpoint(self.checkpoint(size), self.signer)

    def leaves(self, size: int) -> list[bytes]:
        return [one.leaf for one in self.entries[:size]]

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        return inclusion_proof(index, size, self.read)

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        return consistency_proof(old, new, self.read)

    def read(self, addresses: Sequence[Address]) -> list[bytes]:
        return [self.nodes[one] for one in addresses]

    def receipt(self, index: int) -> str:
        entry = self.entries[index]
        return make_receipt(Receipt(self.signer.name, index, entry.leaf_hash, MOMENT), self.receipts)

    def exported(self, index: int, organisation: str) -> ExportedEntry:
        entry = self.entries[index]
        openings = tuple(
            (organisation, unseal(one.ciphertext, organisation, entry.leaf, one.key))
            for one in entry.payloads
            if one.organisation == organisation
        )
        proof = tuple(self.inclusion(index, len(self.entries)))
        return ExportedEntry(index, entry.leaf, proof, self.receipt(index), openings)

    def bundle(self, indexes: Iterable[int], organisation: str, *, earlier: int = 2) -> Bundle:
        size = len(self.entries)
        return Bundle(
            checkpoint=self.note(),
            log_vkey=self.signer.verifier.vkey,
            receipt_vkeys=(self.receipts.verifier.vkey,),
            entries=tuple(self.exported(index, organisation) for index in indexes),
            leaves=tuple(self.leaves(size)),
            earlier=self.note(earlier),
            consistency=tuple(self.consistency(earlier, size)),
        )


@pytest.fixture
def small_log() -> SmallLog:
    log = SmallLog()
    for organisations in (["GM0344"], ["GM0363"], ["GM0344", "GM0363"], ["GM0344"], ["POLITIE"]):
        log.append(*organisations)
    return log
