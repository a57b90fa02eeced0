# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Demanding that what the register gave a receipt for stands in its log. Rules: `register.municipal.receipts`.

Each round: read the last checkpoint that was believed; fetch the newest, verify it with the log's key, and demand that it extends the last; then
demand an inclusion proof for every unproven receipt that it covers. The order matters: a last one read after fetching could be
that of another process of this node, and make an honest log look shorter.

It runs beside the requests and stands in nobody's way. A register that is away leaves receipts unproven; after ten minutes people are told,
here in the log of this process and on the start page.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from audit.checkpoint import Checkpoint, open_checkpoint
from audit.note import NoteError, Verifier
from process.moments import Clock
from register.municipal.clients import LogClient, RegisterAwayError
from register.municipal.receipts import LogBreak, Standing, Verdict, break_between, covers, judge, standing
from register.municipal.store import NodeStore

_log = logging.getLogger(__name__)


class Demanding:
    """The watch of one node over one log.

    Args:
        log: where checkpoints and proofs come from.
        verifier: the log's key; it bears the log's name.
        seconds: pause between rounds.
    """

    def __init__(
        self, store: NodeStore, log: LogClient, verifier: Verifier, clock: Clock, seconds: float
    ) -> None:
        self._store = store
        self._log = log
        self._verifier = verifier
        self._clock = clock
        self._seconds = seconds
        self._stop = threading.Event()
        self._told: tuple[object, ...] | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run beside the requests until the block ends."""
        thread = threading.Thread(target=self._run, name="receipts", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join(timeout=5)
            self._log.close()

    def standing(self) -> Standing:
        """How all receipts of this node stand now."""
        unproven = self._store.unproven()
        breaks = self._store.breaks(self._verifier.name)
        return standing(self._store.count_proven(), unproven, breaks, self._clock())

    def once(self) -> None:
        """One round; whatever the register does, it ends with saying how things stand."""
        # A register that is away stands in the log by its client's hand, and is told to people when the term has run.
        with suppress(RegisterAwayError):
            checkpoint = self._newest()
            if checkpoint is not None:
                self._prove(checkpoint)
        self._alarm()

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
            proof = self._log.consistency(last.size, offered.size) if last.size < offered.size else ()
            if proof is None:
                _log.warning("no proof that the log of %d leaves extends that of %d", offered.size, last.size)
                return None
            broken = break_between(last, offered, proof)
            if broken is not None:
                self._store.put_break(offered.origin, LogBreak(broken, last_note, note, self._clock()))
                return None
        self._store.put_checkpoint(offered, note)
        return offered

    def _prove(self, checkpoint: Checkpoint) -> None:
        for receipt in self._store.unproven():
            if self._stop.is_set():
                return
            if not covers(checkpoint, receipt):
                continue
            proof = self._log.inclusion(receipt.leaf_index, checkpoint.size)
            if proof is not None:
                proven = judge(receipt, checkpoint, proof) is Verdict.PROVEN
                self._store.put_verdict(receipt.number, self._clock(), proven=proven)

    def _alarm(self) -> None:
        """Say it loudly, once for each change."""
        now = self.standing()
        found = (now.overdue, now.contradicted, tuple(one.kind.value for one in now.breaks))
        if now.alarming and found != self._told:
            _log.critical("NOT IN THE LOG: overdue leaves %s; contradicted leaves %s; log %s", *found)
        self._told = found

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                self.once()
            except Exception as error:  # noqa: BLE001 - a watch that dies in silence is worse than a round that failed
                _log.critical("the watch over receipts failed: %s", type(error).__name__)
