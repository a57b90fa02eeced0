# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""What a witness does with a checkpoint that it is offered (https://c2sp.org/tlog-witness, ``add-checkpoint``).

``Offer.from_body`` reads the request: a line ``old N``, at most 63 hashes in Base64, an empty line, and the checkpoint. The same
text is what an FG without a server gets as a file. ``examine`` then goes through the checks in the order of the specification,
each with its own exception:

1. the log is one that this witness knows (``UnknownLogError``, 404);
2. the log's key signed it, and no line that bears the name and id of that key is false (``UntrustedError``, 403);
3. N is no larger than the checkpoint (``MalformedError``, 400), and is the size that this witness vouched for last, 0 if it
   never did (``StaleError``, 409, which tells that size);
4. the tree extends that one: with an empty proof from size 0, by proof from there, or as the very same root
   (``ContradictionError``, 422).

A caller that may vouch for what comes out must remember it durably before the cosignature leaves (``audit.witness.store``).
Extension lines are taken along unread: a witness vouches for the first three lines.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from audit.canonical import EncodingError, base64_bytes, base64_text
from audit.checkpoint import LARGEST_SIZE, Checkpoint, verify_extension
from audit.merkle import EMPTY_ROOT, HASH_SIZE, ProofError
from audit.note import LARGEST_NOTE, NoteError, Verifier, open_note, parse
from process.language import gettext as _

LONGEST_PROOF = 63
"""Hashes in a consistency proof between trees of at most 2^63 leaves."""
LARGEST_OFFER = LARGEST_NOTE + 4096
"""Bytes: the largest note, and 65 lines above it."""
SIZE_TYPE = "text/x.tlog.size"

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_SIZE_BODY = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


class OfferError(ValueError):
    """A checkpoint for which a witness does not vouch; the message says in Dutch why."""


class MalformedError(OfferError):
    """The request has not the form of the specification."""


class UnknownLogError(OfferError):
    """The witness does not know this log."""


class UntrustedError(OfferError):
    """The log did not sign this."""


class ContradictionError(OfferError):
    """The log signed a tree that does not extend what the witness saw: proof that the log lies, or a proof that went wrong."""


class StaleError(OfferError):
    """The offer does not start from what the witness vouched for last, a tree of ``size`` leaves."""

    def __init__(self, message: str, size: int) -> None:
        super().__init__(message)
        self.size = size


@dataclass(frozen=True)
class Offer:
    """A signed checkpoint, and the proof (hashes of 32 bytes) that it extends the tree of ``old_size`` leaves. Nothing is verified."""

    old_size: int
    proof: tuple[bytes, ...]
    note: str

    @property
    def body(self) -> str:
        """As it is sent, and as it stands in a file."""
        hashes = "".join(f"{base64_text(one)}\n" for one in self.proof)
        return f"old {self.old_size}\n{hashes}\n{self.note}"

    @property
    def origin(self) -> str:
        """The log that the checkpoint says it is of: the first line of its text."""
        return parse(self.note).text.partition("\n")[0]

    @classmethod
    def from_body(cls, body: bytes) -> Self:
        """Reads a request.

        Raises:
            MalformedError: it has another form.
        """
        if len(body) > LARGEST_OFFER:
            raise MalformedError(_("het verzoek is te groot"))
        try:
            head, separator, note = body.decode("utf-8").partition("\n\n")
            first, *hashes = head.split("\n")
            old = _OLD.fullmatch(first)
            if not separator or old is None or int(old[1]) > LARGEST_SIZE:
                raise MalformedError(
                    _("het verzoek begint niet met 'old', een getal, een bewijs en een lege regel")
                )
            if len(hashes) > LONGEST_PROOF:
                raise MalformedError(
                    _("het bewijs telt meer dan {aantal} regels").format(aantal=LONGEST_PROOF)
                )
            proof = tuple(base64_bytes(one, size=HASH_SIZE) for one in hashes)
            parse(note)
        except (UnicodeDecodeError, EncodingError, NoteError) as error:
            raise MalformedError(
                _("het verzoek staat niet in de goede vorm: {reden}").format(reden=error)
            ) from error
        return cls(int(old[1]), proof, note)


@dataclass(frozen=True)
class Examined:
    """An offer that passed: the text to vouch for, the note as the log signed it, and the tree."""

    text: str
    note: str
    checkpoint: Checkpoint


def known_logs(keys: Sequence[Verifier]) -> Mapping[str, tuple[Verifier, ...]]:
    """The keys of each log, by its origin, which is the name of its keys."""
    return {one.name: tuple(key for key in keys if key.name == one.name) for one in keys}


def examine(offer: Offer, logs: Mapping[str, tuple[Verifier, ...]], last: Checkpoint | None) -> Examined:
    """What may be vouched for after ``last``, the checkpoint of this log that was vouched for last (None: never).

    Args:
        offer: as it was read.
        logs: from ``known_logs``.
        last: of the log ``offer.origin``.

    Raises:
        OfferError: one of its kinds, as in the module's order.
    """
    text = _trusted(offer, logs)
    checkpoint = head_of(text)
    if offer.old_size > checkpoint.size:
        raise MalformedError(_("het controlepunt is kleiner dan de oude omvang in het verzoek"))
    seen = 0 if last is None else last.size
    if offer.old_size != seen:
        raise StaleError(
            _(
                "het verzoek gaat uit van {oud} bladen, en deze getuige bevestigde het laatst {gezien} bladen"
            ).format(oud=offer.old_size, gezien=seen),
            seen,
        )
    try:
        verify_extension(last or Checkpoint(checkpoint.origin, 0, EMPTY_ROOT), checkpoint, offer.proof)
    except ProofError as error:
        raise ContradictionError(str(error)) from error
    return Examined(text, offer.note, checkpoint)


def head_of(text: str) -> Checkpoint:
    """The first three lines of a checkpoint's text, whatever extension lines follow them.

    Raises:
        MalformedError: there are no such lines, or one is empty.
        ContradictionError: it is of size zero and has another root than the empty tree.
    """
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise MalformedError(_("een controlepunt telt drie regels: naam, omvang en wortel"))
    try:
        return Checkpoint.from_text("\n".join((*lines[:3], "")))
    except NoteError as error:
        if lines[1] == "0":
            raise ContradictionError(str(error)) from error
        raise MalformedError(str(error)) from error


def size_body(size: int) -> bytes:
    """The body of an answer 409."""
    return f"{size}\n".encode()


def size_from(body: bytes) -> int | None:
    """The size in the body of an answer 409; None if it holds none."""
    found = _SIZE_BODY.fullmatch(body)
    size = None if found is None else int(found[1])
    return size if size is not None and size <= LARGEST_SIZE else None


def _trusted(offer: Offer, logs: Mapping[str, tuple[Verifier, ...]]) -> str:
    keys = logs.get(offer.origin)
    if keys is None:
        raise UnknownLogError(_("dit logboek kennen we niet"))
    try:
        return open_note(offer.note, keys)
    except NoteError as error:
        raise UntrustedError(str(error)) from error
