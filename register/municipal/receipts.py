# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Does the log hold what the register's receipts promise? The rules by which a node judges that; no clock, no network.

1. A receipt is *proven* by an inclusion proof (RFC 9162 section 2.1.3.2) from its leaf to the root of a checkpoint that the log's own key signed.
2. It is *contradicted* by a proof that leads elsewhere, and by a checkpoint of another log. Only rule 1 takes that back.
3. Unproven it is *overdue* after `TERM`, counted from when this node got it: the moment in the receipt is the register's own word. A register
   that is away, or gives no proof, contradicts nothing; it only lets the term run.
4. A checkpoint must extend the last one that was believed (`audit.checkpoint.require_extension`). What breaks that is no ground to believe
   anything, and stays on record under the log's name: a log that starts anew, in a new epoch, has a new name.
5. A node that knows who the witnesses are believes no checkpoint that too few of them vouch for (`audit.cosignature.WitnessPolicy`). Such a
   checkpoint proves nothing and contradicts nothing: the term runs on.
6. Of two receipts of one log the one further on is the later one. By more than `SLACK` earlier means that the register's clock was set back, and so
   that something was dated back; a request waits for its place in the log for seconds, never for minutes.

Left to others: fetching, verifying signatures, storing, and the words for people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from audit.checkpoint import Checkpoint, ForkError, RollbackError, require_extension
from audit.merkle import ProofError, verify_inclusion
from audit.note import parse
from audit.trail import Receipt

TERM = timedelta(minutes=10)
SLACK = timedelta(minutes=5)
"""How much earlier than one before it a receipt may be."""


class Verdict(Enum):
    """What a proof says about a receipt."""

    PROVEN = "proven"
    CONTRADICTED = "contradicted"


class Break(StrEnum):
    """How a log breaks its word: it lost leaves, its history is another, or its clock went back."""

    SHORTER = "korter"
    FORKED = "vertakt"
    CLOCK = "klok"


@dataclass(frozen=True)
class Unproven:
    """A receipt that waits for its proof.

    Attributes:
        number: of the receipt at this node.
        origin: the log that it names.
        leaf_index: place in that log.
        leaf_hash: 32 bytes.
        at: when this node got it, by this node's clock.
        contradicted: a proof was given that leads elsewhere.
    """

    number: int
    origin: str
    leaf_index: int
    leaf_hash: bytes
    at: datetime
    contradicted: bool


@dataclass(frozen=True)
class LogBreak:
    """A checkpoint that does not extend the last one, or a receipt further on that is earlier: both signed notes, and when it was first seen."""

    kind: Break
    last: bytes
    offered: bytes
    seen_at: datetime


@dataclass(frozen=True)
class Standing:
    """How a node's receipts stand; leaves in rising order, and in one of the lists only."""

    proven: int
    waiting: int
    overdue: tuple[int, ...]
    contradicted: tuple[int, ...]
    breaks: tuple[LogBreak, ...]
    unwitnessed: str = ""
    """Why the newest checkpoint is not believed for want of witnesses, in Dutch; empty while it is, or when none are asked for."""

    @property
    def alarming(self) -> bool:
        """True if people must be told."""
        return bool(self.overdue or self.contradicted or self.breaks)


def covers(checkpoint: Checkpoint, receipt: Unproven) -> bool:
    """True if a log of this size must be able to prove this receipt."""
    return receipt.leaf_index < checkpoint.size


def judge(receipt: Unproven, checkpoint: Checkpoint, proof: Sequence[bytes]) -> Verdict:
    """The verdict on a receipt that the checkpoint covers.

    Args:
        receipt: unproven so far.
        checkpoint: verified with the log's key, and an extension of the last one.
        proof: what the register gave as proof of inclusion, 32-byte hashes.
    """
    if receipt.origin != checkpoint.origin:
        return Verdict.CONTRADICTED
    try:
        verify_inclusion(receipt.leaf_hash, receipt.leaf_index, checkpoint.size, proof, checkpoint.root)
    except ProofError:
        return Verdict.CONTRADICTED
    return Verdict.PROVEN


def break_between(last: Checkpoint, offered: Checkpoint, proof: Sequence[bytes]) -> Break | None:
    """How `offered` fails to extend `last`; None if it does extend it. `proof` is of consistency, from the size of `last`."""
    try:
        require_extension(last, offered, last.size, proof)
    except RollbackError:
        return Break.SHORTER
    except ForkError:
        return Break.FORKED
    return None


def set_back(before: Receipt, after: Receipt) -> bool:
    """True if the register's clock went back between two receipts of one log, of which `after` is further on."""
    return before.leaf_index < after.leaf_index and after.moment < before.moment - SLACK


def places(found: LogBreak) -> tuple[int, int]:
    """What the two notes of a break speak of: sizes of the log, or of `CLOCK` two leaves."""
    last, offered = (parse(note).text for note in (found.last, found.offered))
    if found.kind is Break.CLOCK:
        return Receipt.from_text(last).leaf_index, Receipt.from_text(offered).leaf_index
    return Checkpoint.from_text(last).size, Checkpoint.from_text(offered).size


def overdue(receipt: Unproven, now: datetime) -> bool:
    """True from ten minutes after this node got it."""
    return now - receipt.at >= TERM


def standing(
    proven: int, unproven: Iterable[Unproven], breaks: Iterable[LogBreak], now: datetime
) -> Standing:
    """All receipts of a node, each under one heading; a contradiction weighs more than lateness."""
    late, wrong, waiting = [], [], 0
    for one in unproven:
        if one.contradicted:
            wrong.append(one.leaf_index)
        elif overdue(one, now):
            late.append(one.leaf_index)
        else:
            waiting += 1
    return Standing(proven, waiting, tuple(sorted(late)), tuple(sorted(wrong)), tuple(breaks))
