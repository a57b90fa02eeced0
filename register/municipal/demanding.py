# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Demanding that what the register gave a receipt for stands in its log. Rules: `register.municipal.receipts`.

Each round: read the last checkpoint that was believed; fetch the newest, verify it with the log's key, and demand that it extends the last; then
demand an inclusion proof for every unproven receipt that it covers. The order matters: a last one read after fetching could be
that of another process of this node, and make an honest log look shorter.

It is a job (`ontvangstbewijzen`) and stands in nobody's way. A register that is away leaves receipts unproven; after ten minutes people are told,
here in the log of this process and on the start page.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress

from audit.checkpoint import Checkpoint, open_checkpoint
from audit.note import NoteError, Verifier
from process.jobs import Unfinished
from process.moments import Clock
from register.municipal.clients import LogClient, RegisterAwayError
from register.municipal.receipts import LogBreak, Standing, Verdict, break_between, covers, judge, standing
from register.municipal.store import NodeStore

BATCH = 200
"""Proofs that are asked for in one batch, after which a process can stop."""

_log = logging.getLogger(__name__)


class Demanding:
    """The watch of one node over one log.

    Args:
        log: where checkpoints and proofs come from.
        verifier: the log's key; it bears the log's name.
    """

    def __init__(self, store: NodeStore, log: LogClient, verifier: Verifier, clock: Clock) -> None:
        self._store = store
        self._log = log
        self._verifier = verifier
        self._clock = clock
        self._asked = 0
        self._told: tuple[object, ...] | None = None

    def close(self) -> None:
        """Close the connection to the log."""
        self._log.close()

    def standing(self) -> Standing:
        """How all receipts of this node stand now."""
        unproven = self._store.unproven()
        breaks = self._store.breaks(self._verifier.name)
        return standing(self._store.count_proven(), unproven, breaks, self._clock())

    def once(self) -> Mapping[str, int]:
        """One batch of a round; whatever the register does, the last one ends with saying how things stand. Gives how many were proven."""
        before = self._store.count_proven()
        more = False
        # A register that is away stands in the log by its client's hand, and is told to people when the term has run.
        with suppress(RegisterAwayError):
            checkpoint = self._newest()
            more = checkpoint is not None and self._prove(checkpoint)
        counts = {"bewezen": self._store.count_proven() - before}
        if more:
            return Unfinished(counts)
        self._asked = 0
        self._alarm()
        return counts

    def _newest(self) -> Checkpoint | None:
        """The newest checkpoint, None if there is none that can be believed."""
        kept = self._store.last_checkpoint(self._verifier.name)
        note = self._log.checkpoint()
        if note is None:
            return None
        try:
            offered = open_checkpoint(note, self._verifier)
        except NoteError as error:
            _log.error("the register's checkpoint is not one of %s: %s", self._verifier.name, error)
            return None
        if kept is not None:
            last, last_note = kept
            if offered == last:
                return last
            proof = self._log.consistency(last.size, offered.size) if 0 < last.size < offered.size else ()
            if proof is None:
                _log.warning("no proof that the log of %d leaves extends that of %d", offered.size, last.size)
                return None
            broken = break_between(last, offered, proof)
            if broken is not None:
                self._store.put_break(offered.origin, LogBreak(broken, last_note, note, self._clock()))
                return None
        self._store.put_checkpoint(offered, note)
        return offered

    def _prove(self, checkpoint: Checkpoint) -> bool:
        """Ask for the next proofs of this round; True if there are more to ask for."""
        covered = [
            one for one in self._store.unproven() if one.number > self._asked and covers(checkpoint, one)
        ]
        for receipt in covered[:BATCH]:
            self._asked = receipt.number
            proof = self._log.inclusion(receipt.leaf_index, checkpoint.size)
            if proof is not None:
                proven = judge(receipt, checkpoint, proof) is Verdict.PROVEN
                self._store.put_verdict(receipt.number, self._clock(), proven=proven)
        return len(covered) > BATCH

    def _alarm(self) -> None:
        """Say it loudly, once for each change."""
        now = self.standing()
        found = (now.overdue, now.contradicted, tuple(one.kind.value for one in now.breaks))
        if now.alarming and found != self._told:
            _log.critical("NOT IN THE LOG: overdue leaves %s; contradicted leaves %s; log %s", *found)
        self._told = found
