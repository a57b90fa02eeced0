# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""What one request leaves in the log, and what its asker gets back.

In the order of a request:

1. ``prepare`` turns the payloads per organisation into one leaf and one sealed payload for each organisation.
2. The caller puts the keys durably in the key store (``audit.store.keys``), outside the database, or gave ``prepare`` keys that were.
3. The caller appends the prepared entry in the transaction of the action itself (``audit.store.log``), and commits.
4. Only then it answers, with a *receipt*: a C2SP signed note that says which leaf of which log this is, and when. Its
   holder can demand that the leaf be in the tree, and show it if it is not.

A receipt's text starts with ``RECEIPT``, which no checkpoint of ours can be: its second line is no number. Left to
others: when to answer, and which key signs (not the one that signs checkpoints: the register has none of that).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from audit import merkle
from audit.canonical import JSON, EncodingError, base64_bytes, base64_text
from audit.checkpoint import LARGEST_SIZE
from audit.entry import KEY_SIZE, make_entry, payload_bytes, seal
from audit.note import NoteError, Signer, Verifier, open_note, sign_note
from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret

RECEIPT = "signaalregister/ontvangstbewijs/v1"
KEY_ID_SIZE = 16
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class SealedPayload:
    """One organisation's part: ``key`` goes to the key store under ``key_id`` (32 hexadecimal digits), the rest to the log."""

    organisation: str
    key_id: str
    key: Secret
    ciphertext: bytes = field(repr=False)


@dataclass(frozen=True)
class PreparedEntry:
    """An entry ready to be appended: the leaf's bytes and the sealed payload of each party."""

    leaf: bytes
    payloads: tuple[SealedPayload, ...]

    @property
    def leaf_hash(self) -> bytes:
        """The 32-byte hash under which the leaf stands in the tree."""
        return merkle.leaf_hash(self.leaf)

    @property
    def keys(self) -> dict[str, Secret]:
        """Key id to key, for the key store."""
        return {one.key_id: one.key for one in self.payloads}


FreshKey = tuple[str, Secret]
"""An id of ``KEY_ID_SIZE`` bytes in hexadecimal digits, and a key of ``KEY_SIZE`` bytes that sealed nothing yet."""


def prepare(
    payloads: Mapping[str, Mapping[str, JSON]],
    *,
    randomness: Randomness,
    keys: Sequence[FreshKey] | None = None,
) -> PreparedEntry:
    """One entry about one request: for each organisation what it may later read of it, under keys of ``keys`` or else fresh ones.

    Raises:
        EntryError: there is no organisation at all.
        EncodingError: a payload has no canonical form.
    """
    entry = make_entry(
        {name: payload_bytes(name, one) for name, one in payloads.items()}, randomness=randomness
    )
    if keys is None:
        keys = [(randomness(KEY_ID_SIZE).hex(), Secret(randomness(KEY_SIZE))) for _key in entry.openings]
    sealed = []
    for (organisation, opening), (key_id, key) in zip(entry.openings.items(), keys, strict=True):
        ciphertext = seal(opening, organisation, entry.leaf, key, randomness=randomness)
        sealed.append(SealedPayload(organisation, key_id, key, ciphertext))
    return PreparedEntry(entry.leaf, tuple(sealed))


@dataclass(frozen=True)
class Receipt:
    """Leaf ``leaf_index`` of log ``origin`` has this 32-byte hash; said at ``moment`` (UTC, whole seconds)."""

    origin: str
    leaf_index: int
    leaf_hash: bytes
    moment: datetime

    @property
    def text(self) -> str:
        """The text that is signed: five lines."""
        moment = self.moment.astimezone(UTC).strftime(_MOMENT)
        return f"{RECEIPT}\n{self.origin}\n{self.leaf_index}\n{base64_text(self.leaf_hash)}\n{moment}\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Reads a note's text.

        Raises:
            NoteError: it is not that of a receipt in its one spelling.
        """
        try:
            kind, origin, index, hashed, moment, end = text.split("\n")
            receipt = cls(
                origin,
                int(index),
                base64_bytes(hashed, size=merkle.HASH_SIZE),
                datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC),
            )
        except (EncodingError, ValueError) as error:
            raise NoteError(_("het ontvangstbewijs heeft niet de goede vorm")) from error
        if kind != RECEIPT or end or receipt.text != text or not 0 <= receipt.leaf_index < LARGEST_SIZE:
            raise NoteError(_("het ontvangstbewijs heeft niet de goede vorm"))
        return receipt


def make_receipt(receipt: Receipt, signer: Signer) -> str:
    """The receipt as a signed note."""
    return sign_note(receipt.text, [signer])


def verify_receipt(note: str | bytes, verifiers: Sequence[Verifier]) -> Receipt:
    """The receipt in a note signed by one of ``verifiers``.

    Raises:
        NoteError: nobody known signed it, or it is not a receipt.
    """
    return Receipt.from_text(open_note(note, verifiers))
