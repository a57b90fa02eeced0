# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Demanding that what the register gave a receipt for stands in its log. Rules: `register.municipal.receipts`.

Each round: read the last checkpoint that was believed; fetch the newest, verify it with the log's key, demand that enough witnesses of this node's own policy
vouch for it, and that it extends the last; then
demand an inclusion proof for every unproven receipt that it covers. The order matters: a last one read after fetching could be
that of another process of this node, and make an honest log look shorter.

It is a job (`ontvangstbewijzen`) and stands in nobody's way. A register that is away leaves receipts unproven; after ten minutes people are told,
here in the log of this process and on the start page.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from audit.checkpoint import Checkpoint
from audit.cosignature import NOBODY, QuorumError, WitnessPolicy, open_cosigned
from audit.note import NoteError, Verifier
from audit.tlog_proof import TlogProof
from process.jobs import Unfinished
from process.language import gettext as _
from process.moments import Clock
from process.problem import Refusal
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
        witnesses: who must vouch for a checkpoint before it is believed, and how many of them.
    """

    def __init__(
        self,
        store: NodeStore,
        log: LogClient,
        verifier: Verifier,
        clock: Clock,
        witnesses: WitnessPolicy = NOBODY,
    ) -> None:
        self._witnesses = witnesses
        self._unwitnessed = ""
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
        found = standing(self._store.count_proven(), unproven, breaks, self._clock())
        return replace(found, unwitnessed=self._unwitnessed)

    def once(self) -> Mapping[str, int]:
        """One batch of a round; whatever the register does, the last one ends with saying how things stand. Gives how many were proven."""
        before = self._store.count_proven()
        more = False
        # A register that is away stands in the log by its client's hand, and is told to people when the term has run.
        with suppress(RegisterAwayError):
            newest = self._newest()
            more = newest is not None and self._prove(newest[0])
        counts = {"bewezen": self._store.count_proven() - before}
        if more:
            return Unfinished(counts)
        self._asked = 0
        self._alarm()
        return counts

    def _newest(self) -> tuple[Checkpoint, bytes] | None:
        """The newest checkpoint with its note, None if there is none that can be believed."""
        kept = self._store.last_checkpoint(self._verifier.name)
        note = self._log.checkpoint(witnessed=bool(self._witnesses.witnesses))
        offered = self._trusted(note)
        if note is None or offered is None:
            return None
        if kept is not None:
            last, last_note = kept
            if offered == last:
                if note != last_note:
                    # The same tree with more cosignatures below it: what is exported shows them.
                    self._store.put_checkpoint(offered, note)
                return last, note
            if self._behind(last, offered):
                return offered, note
            proof = self._log.consistency(last.size, offered.size) if 0 < last.size < offered.size else ()
            if proof is None:
                _log.warning("no proof that the log of %d leaves extends that of %d", offered.size, last.size)
                return None
            broken = break_between(last, offered, proof)
            if broken is not None:
                self._store.put_break(offered.origin, LogBreak(broken, last_note, note, self._clock()))
                return None
        self._store.put_checkpoint(offered, note)
        return offered, note

    def _behind(self, last: Checkpoint, offered: Checkpoint) -> bool:
        """True if the log is no shorter, and only the witnesses are not as far as what was believed without them, or with fewer."""
        if not self._witnesses.witnesses or not 0 < offered.size < last.size:
            return False
        proof = self._log.consistency(offered.size, last.size)
        return proof is not None and break_between(offered, last, proof) is None

    def _trusted(self, note: bytes | None) -> Checkpoint | None:
        """The checkpoint in a note that the log's key and enough witnesses signed; None if there is none."""
        if note is None:
            self._unwitnessed = self._without_witnesses()
            return None
        try:
            witnessed = open_cosigned(note, self._verifier, self._witnesses)
            witnessed.require()
        except NoteError as error:
            _log.error("the register's checkpoint is not one of %s: %s", self._verifier.name, error)
            return None
        except QuorumError as error:
            self._unwitnessed = str(error)
            _log.warning("the register's checkpoint has too few witnesses")
            return None
        self._unwitnessed = ""
        return witnessed.checkpoint

    def _without_witnesses(self) -> str:
        """Why there is no checkpoint, where witnesses are asked for."""
        if not self._witnesses.witnesses:
            return ""
        return _(
            "het register heeft nog geen controlepunt dat {nodig} van de {totaal} getuigen bevestigden"
        ).format(nodig=self._witnesses.needed, totaal=len(self._witnesses.witnesses))

    def proof(self, leaf: int) -> TlogProof:
        """A proof of a leaf that this node has a receipt of, for a file that anyone can check.

        Raises:
            Refusal: 404 no receipt of this leaf; 409 no checkpoint that can be believed covers it yet, or the log contradicts the receipt.
            RegisterAwayError: no usable answer.
        """
        kept = self._store.receipt_of(self._verifier.name, leaf)
        if kept is None:
            raise _no_receipt()
        receipt, promised = kept
        newest = self._newest()
        if newest is None or not covers(newest[0], receipt):
            raise _not_proven(self._unwitnessed)
        checkpoint, note = newest
        hashes = self._log.inclusion(leaf, checkpoint.size)
        if hashes is None or judge(receipt, checkpoint, hashes) is not Verdict.PROVEN:
            raise _not_proven(self._unwitnessed)
        self._store.put_verdict(receipt.number, self._clock(), proven=True)
        return TlogProof(leaf, hashes, note.decode(), extra=promised)

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
        found = (now.overdue, now.contradicted, tuple(one.kind.value for one in now.breaks), now.unwitnessed)
        if now.alarming and found != self._told:
            _log.critical("NOT IN THE LOG: overdue leaves %s; contradicted leaves %s; log %s; %s", *found)
        self._told = found


def _no_receipt() -> Refusal:
    return Refusal(
        404,
        "geen-ontvangstbewijs",
        _("Van dit blad heeft uw organisatie geen ontvangstbewijs."),
        _("Een ontvangstbewijs komt bij elke vraag en bij elk signaal, en noemt het nummer van het blad."),
        way_forward=_("Controleer het nummer van het blad."),
    )


def _not_proven(unwitnessed: str) -> Refusal:
    return Refusal(
        409,
        "nog-niet-bewezen",
        _("Voor dit blad is er nog geen bewijs."),
        _("Het controlepunt is niet te gebruiken: {reden}.").format(reden=unwitnessed)
        if unwitnessed
        else _("Het nieuwste controlepunt telt dit blad niet mee, of bewijst iets anders."),
        way_forward=_(
            "Probeer het over een minuut opnieuw. Kijk met 'signaalregister node receipts' of er iets mis is."
        ),
        retry_after=60,
    )
