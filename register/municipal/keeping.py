# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Keeping the register's receipts, and noticing from them that its clock was set back. Rule: `register.municipal.receipts.set_back`.

A log has an order of its own, so an entry further on with an earlier moment was dated back: a ground or mandate of then would count, or a term run anew. Both receipts
are the register's own signature under that, and are kept as evidence. It is the receipts of this node that are compared, each with the one furthest on.
"""

from datetime import datetime

from audit.note import parse
from audit.trail import Receipt
from register.municipal.receipts import Break, LogBreak, set_back
from register.municipal.store import NodeStore


class Keeping:
    """The receipts of one organisation."""

    def __init__(self, store: NodeStore) -> None:
        self._store = store
        self._furthest: dict[str, tuple[Receipt, bytes]] = {}

    def keep(self, kind: str, officer: str, receipt: Receipt, note: bytes, at: datetime) -> None:
        """Keep a receipt that this node got at `at`."""
        known = self._furthest.get(receipt.origin) or self._kept(receipt.origin)
        self._store.put_receipt(kind, officer, receipt, note, at)
        new = (receipt, note)
        if known is None:
            self._furthest[receipt.origin] = new
            return
        before, after = sorted((known, new), key=lambda one: one[0].leaf_index)
        if set_back(before[0], after[0]):
            self._store.put_break(receipt.origin, LogBreak(Break.CLOCK, before[1], after[1], at))
        self._furthest[receipt.origin] = after

    def _kept(self, log: str) -> tuple[Receipt, bytes] | None:
        """What a process of before kept."""
        note = self._store.furthest_receipt(log)
        return None if note is None else (Receipt.from_text(parse(note).text), note)
