# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""C2SP checkpoints (https://c2sp.org/tlog-checkpoint): the root of a log at one size, as the text of a signed note.

The text is three lines: the origin (the log's name), the size in decimal without leading zeroes, and the 32-byte root in
Base64. Extension lines are refused: monitors cannot audit them, and this log writes none. The log's key bears the name of
its origin. Signatures of others may stand below that of the log: those of witnesses are read in ``audit.cosignature``.

``require_extension`` is the rule by which a signer keeps the log's promise never to sign two checkpoints that contradict
each other. Left to the signer process: remembering what it signed last.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from audit.canonical import EncodingError, base64_bytes, base64_text
from audit.merkle import EMPTY_ROOT, HASH_SIZE, ProofError, verify_consistency
from audit.note import NoteError, NoteKey, Signer, Verifier, open_note, parse, sign_note
from process.language import gettext as _

LARGEST_SIZE = 2**63 - 1
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_ORIGIN = re.compile(r"[^\s+]+")


class RollbackError(ValueError):
    """The tree offered is not built on the one signed last: the log lags behind, or was rolled back."""


class ForkError(ValueError):
    """The tree offered contradicts the one signed last; the message says in Dutch how."""


@dataclass(frozen=True)
class Checkpoint:
    """The 32-byte root of log ``origin`` over its first ``size`` leaves."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if _ORIGIN.fullmatch(self.origin) is None:
            raise NoteError(_("de naam van een logboek heeft geen spaties en geen plusteken"))
        if not 0 <= self.size <= LARGEST_SIZE or len(self.root) != HASH_SIZE:
            raise NoteError(_("de omvang of de wortel van het controlepunt kan niet"))
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise NoteError(_("de wortel van het lege logboek klopt niet"))

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Reads a note's text.

        Raises:
            NoteError: it is not that of a checkpoint in its one spelling.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or _DECIMAL.fullmatch(lines[1]) is None:
            raise NoteError(_("een controlepunt telt drie regels: naam, omvang en wortel"))
        try:
            root = base64_bytes(lines[2], size=HASH_SIZE)
        except EncodingError as error:
            raise NoteError(_("de wortel in het controlepunt is geen hash van 32 bytes")) from error
        return cls(lines[0], int(lines[1]), root)


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The checkpoint as a note, signed by the log's own key.

    Raises:
        NoteError: the key has another name than the log.
    """
    if signer.name != checkpoint.origin:
        raise NoteError(_("de sleutel heeft een andere naam dan het logboek"))
    return sign_note(checkpoint.text, [signer])


def open_checkpoint(note: str | bytes, log: Verifier, others: Sequence[NoteKey] = ()) -> Checkpoint:
    """The checkpoint in a note that the log itself signed.

    Signatures of ``others`` that are present must verify too, but do not stand in for that of the log.

    Raises:
        NoteError: the note is not a checkpoint of this log, or a signature fails.
    """
    text = open_note(note, [log])
    if others and any((one.name, one.key_id) in _signers(note) for one in others):
        open_note(note, others)
    checkpoint = Checkpoint.from_text(text)
    if checkpoint.origin != log.name:
        raise NoteError(_("het controlepunt is van een ander logboek dan de sleutel"))
    return checkpoint


def require_extension(last: Checkpoint, offered: Checkpoint, old_size: int, proof: Sequence[bytes]) -> None:
    """Returns only if ``offered`` may be signed after ``last``; ``proof`` leads from ``old_size``.

    The same tree again is allowed whatever ``old_size`` says: the caller may not have received the first answer.

    Raises:
        RollbackError: ``offered`` or ``old_size`` is not where the last signature left off.
        ForkError: the tree changed what was signed.
    """
    if offered == last:
        return
    if offered.size < last.size or (offered.size > last.size and old_size != last.size):
        raise RollbackError(_("het aanbod sluit niet aan op wat het laatst is ondertekend"))
    try:
        verify_extension(last, offered, proof)
    except ProofError as error:
        raise ForkError(str(error)) from error


def verify_extension(earlier: Checkpoint, later: Checkpoint, proof: Sequence[bytes]) -> None:
    """Returns only if ``later`` is of the same log and extends ``earlier``.

    Of an empty log there is nothing to prove (``audit.merkle``): everything extends it, and a proof from there is refused.

    Raises:
        ProofError: it does not.
    """
    if earlier.origin != later.origin:
        raise ProofError(_("het is van een ander logboek"))
    if earlier.size > later.size:
        raise ProofError(_("het logboek is korter geworden"))
    if earlier.size > 0:
        verify_consistency(earlier.size, later.size, proof, earlier.root, later.root)
    elif proof:
        raise ProofError(_("vanaf een leeg logboek bestaat geen bewijs van samenhang"))


def _signers(note: str | bytes) -> frozenset[tuple[str, bytes]]:
    return frozenset((one.name, one.key_id) for one in parse(note).signatures)
