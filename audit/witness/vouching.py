# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""One witness at work: its key, the logs that it knows, and its memory, for the server and for the command alike.

In this order: the request is read and judged (``audit.witnessing``) against what is in memory, all in the transaction that
writes the new note; then, and not before, the cosignature is given. A contradiction is kept as evidence, without the lines that others put below it: anyone can
bring a true checkpoint with a false proof, as often as he likes. What was kept of a checkpoint that is vouched for later is dropped. The moment in a
cosignature never lies before the one given last, also when the clock was set back. Whoever repeats a request within a minute
gets the cosignature that is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from audit.checkpoint import Checkpoint
from audit.cosignature import Cosignature, Cosigner, cosignatures
from audit.note import Note, NoteError, Signature, Verifier, parse
from audit.witness.store.state import WitnessState
from audit.witnessing import ContradictionError, Examined, Offer, examine, head_of, known_logs
from process.moments import Clock

FRESH = timedelta(minutes=1)


@dataclass(frozen=True)
class Vouched:
    """What came of a request: the tree, the tree of before (None: the first), and the note with this witness's cosignature."""

    checkpoint: Checkpoint
    before: Checkpoint | None
    note: str
    cosignature: Cosignature


class Vouching:
    """A witness. Several requests at once queue at its memory."""

    def __init__(
        self, cosigner: Cosigner, logs: Sequence[Verifier], state: WitnessState, clock: Clock
    ) -> None:
        self._cosigner = cosigner
        self._logs = known_logs(logs)
        self._state = state
        self._clock = clock

    def require_own_memory(self) -> None:
        """Returns only if everything in memory was vouched for by this witness's key.

        Raises:
            NoteError: the memory is that of another.
        """
        for note in self._state.all_latest().values():
            self._own(note)

    def size(self, origin: str) -> int:
        """How many leaves of a log this witness vouched for last; 0 if it never did."""
        last = self._last(self._state.latest(origin))
        return 0 if last is None else last.size

    def vouch(self, body: bytes) -> Vouched:
        """Vouches for the checkpoint in a request, durably.

        Raises:
            OfferError: it does not.
        """
        offer, moment = Offer.from_body(body), self._clock()
        before: Checkpoint | None = None

        def decide(last: str | None) -> str:
            nonlocal before
            before = self._last(last)
            examined = examine(offer, self._logs, before)
            return (
                last
                if last is not None and self._fresh(last, examined, moment)
                else self._note(examined, last, moment)
            )

        try:
            note = self._state.advance(offer.origin, decide, moment)
        except ContradictionError:
            self._state.keep(offer.origin, self._signed(offer), moment)
            raise
        self._state.drop(offer.origin, self._signed(offer))
        return Vouched(head_of(parse(note).text), before, note, self._own(note))

    def repeat(self, body: bytes) -> Vouched | None:
        """What was vouched for before, if this very checkpoint was the last; None if not. Whoever lost an answer asks so.

        Raises:
            OfferError: the request has another form.
        """
        offer = Offer.from_body(body)
        last = self._state.latest(offer.origin)
        if last is None or parse(last).text != parse(offer.note).text:
            return None
        checkpoint = head_of(parse(last).text)
        return Vouched(checkpoint, checkpoint, last, self._own(last))

    def published(self, origin_hash: str) -> str | None:
        """The note vouched for last, of the log whose origin has this SHA-256 (hexadecimal); None if there is none."""
        for origin, note in self._state.all_latest().items():
            if sha256(origin.encode()).hexdigest() == origin_hash:
                return note
        return None

    def _fresh(self, last: str, examined: Examined, moment: datetime) -> bool:
        age = moment.timestamp() - self._own(last).seconds
        return parse(last).text == examined.text and 0 <= age < FRESH.total_seconds()

    def _note(self, examined: Examined, last: str | None, moment: datetime) -> str:
        earliest = None if last is None else datetime.fromtimestamp(self._own(last).seconds, moment.tzinfo)
        at = moment if earliest is None else max(moment, earliest)
        own = self._log_lines(examined.checkpoint.origin, examined.note)
        return str(Note(examined.text, (*own, self._cosigner.cosign_text(examined.text, at))))

    def _signed(self, offer: Offer) -> str:
        """The checkpoint in an offer with the lines of the log alone."""
        return str(Note(parse(offer.note).text, self._log_lines(offer.origin, offer.note)))

    def _log_lines(self, origin: str, note: str) -> tuple[Signature, ...]:
        known = {(key.name, key.key_id) for key in self._logs[origin]}
        lines = dict.fromkeys(parse(note).signatures)
        return tuple(one for one in lines if (one.name, one.key_id) in known)

    def _last(self, note: str | None) -> Checkpoint | None:
        return None if note is None else head_of(parse(note).text)

    def _own(self, note: str) -> Cosignature:
        found = cosignatures(note, [self._cosigner.witness])
        if not found:
            raise NoteError(self._cosigner.name)
        return found[0]
