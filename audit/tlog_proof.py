# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A ``.tlog-proof`` file (https://c2sp.org/tlog-proof): that a leaf is in a log, to be checked offline by anyone with the keys.

The text is ``c2sp.org/tlog-proof@v1``, a line ``extra`` with Base64 if there is something extra, a line ``index``, the hashes of
the inclusion proof, an empty line, and the checkpoint as the log and its witnesses signed it. What is extra is not covered by any
signature of the log: we put a receipt there, which bears a signature of its own and says which leaf was promised.

``verify`` goes through the steps of the specification: the checkpoint is signed by the log, enough witnesses of the policy vouch
for it, and the proof leads from the leaf's hash to its root. Left to others: which leaf hash was promised.
"""

import re
from dataclasses import dataclass
from typing import Self

from audit.canonical import EncodingError, base64_bytes, base64_text
from audit.checkpoint import LARGEST_SIZE
from audit.cosignature import Witnessed, WitnessPolicy, open_cosigned
from audit.merkle import HASH_SIZE, verify_inclusion
from audit.note import LARGEST_NOTE, NoteError, Verifier, parse
from process.language import gettext as _

KIND = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
LONGEST_PROOF = 64
LARGEST = LARGEST_NOTE + 64 * 1024

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_EXTRA = "extra "


class TlogProofError(ValueError):
    """A text that is no proof; the message says in Dutch where."""


@dataclass(frozen=True)
class TlogProof:
    """Leaf ``index`` with its inclusion proof (hashes of 32 bytes) in the tree of a signed checkpoint. Nothing is verified."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    @property
    def text(self) -> str:
        """As it stands in a file."""
        extra = "" if self.extra is None else f"{_EXTRA}{base64_text(self.extra)}\n"
        hashes = "".join(f"{base64_text(one)}\n" for one in self.hashes)
        return f"{KIND}\n{extra}index {self.index}\n{hashes}\n{self.checkpoint}"

    @classmethod
    def from_text(cls, content: str | bytes) -> Self:
        """Reads a file.

        Raises:
            TlogProofError: it has another form.
        """
        if len(content) > LARGEST:
            raise TlogProofError(_("het bestand is te groot"))
        try:
            text = content.decode("utf-8") if isinstance(content, bytes) else content
            head, separator, checkpoint = text.partition("\n\n")
            kind, *lines = head.split("\n")
            extra = (
                base64_bytes(lines.pop(0).removeprefix(_EXTRA))
                if lines and lines[0].startswith(_EXTRA)
                else None
            )
            index = _INDEX.fullmatch(lines[0]) if lines else None
            if kind != KIND or not separator or index is None or int(index[1]) >= LARGEST_SIZE:
                raise TlogProofError(_("dit is geen bewijs in de vorm {soort}").format(soort=KIND))
            if len(lines) - 1 > LONGEST_PROOF:
                raise TlogProofError(_("het bewijs telt te veel regels"))
            hashes = tuple(base64_bytes(one, size=HASH_SIZE) for one in lines[1:])
            parse(checkpoint)
        except (UnicodeDecodeError, EncodingError, NoteError) as error:
            raise TlogProofError(
                _("het bewijs staat niet in de goede vorm: {reden}").format(reden=error)
            ) from error
        return cls(int(index[1]), hashes, checkpoint, extra)

    def verify(self, leaf_hash: bytes, log: Verifier, policy: WitnessPolicy) -> Witnessed:
        """Returns only if the leaf with this 32-byte hash is in the log, and enough witnesses vouch for that log.

        Raises:
            NoteError: the checkpoint is not the log's, or a witness's signature is false.
            QuorumError: too few witnesses vouch for it.
            ProofError: the proof does not lead from the leaf to the checkpoint.
        """
        witnessed = open_cosigned(self.checkpoint, log, policy)
        witnessed.require()
        checkpoint = witnessed.checkpoint
        verify_inclusion(leaf_hash, self.index, checkpoint.size, self.hashes, checkpoint.root)
        return witnessed
