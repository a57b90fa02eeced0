# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The verdict on a log: numbered steps in plain Dutch, each passed, failed, or not done and why.

``verify_bundle`` judges an export (``audit.bundle``), offline:

1. The checkpoint is signed by the log. If not, nothing else is checked: all else rests on its root.
2. All leaves, where the export has them, lead to that root.
3. The log extends an earlier checkpoint, where the export has one.
4. For every entry: its leaf is in the log; its receipt is signed and speaks of this leaf of this log; every opening belongs
   to its leaf and speaks to its organisation.

``verify_log`` judges a log that can be read, by the same steps 1 and 2, and asks it for proofs as a witness or the holder of
a receipt would. A check that had nothing to check passes nothing: an export without leaves and entries fails.

Left to others: where the bytes come from, and which key to trust. A key that came with the export is named as such.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from gettext import gettext as _
from typing import Protocol

from audit.bundle import Bundle, ExportedEntry
from audit.canonical import EncodingError
from audit.checkpoint import Checkpoint, open_checkpoint, verify_extension
from audit.entry import LEAF_SIZE, VERSION, EntryError, Opening, payload_content, verify_opening
from audit.merkle import Frontier, ProofError, leaf_hash, verify_inclusion
from audit.note import NoteError, Verifier
from audit.trail import verify_receipt


class SourceError(ValueError):
    """A log that could not be read; the message says in Dutch what was the matter."""


class Outcome(Enum):
    """What a step came to."""

    PASSED = "goed"
    FAILED = "fout"
    SKIPPED = "niet nagegaan"


@dataclass(frozen=True)
class Step:
    """One numbered step with its sentence in Dutch."""

    number: int
    outcome: Outcome
    sentence: str

    def __str__(self) -> str:
        return f"{self.number}. [{self.outcome.value}] {self.sentence}"


@dataclass(frozen=True)
class Verdict:
    """All steps, in order. ``checkpoint`` is the one that was verified, None if its signature failed."""

    steps: tuple[Step, ...]
    checkpoint: Checkpoint | None

    @property
    def verified(self) -> bool:
        """True if something was checked and nothing failed."""
        outcomes = {step.outcome for step in self.steps}
        return Outcome.FAILED not in outcomes and Outcome.PASSED in outcomes and self.checkpoint is not None


class LogSource(Protocol):
    """A log as anyone may read it. Every method may raise ``SourceError``."""

    def leaves(self, size: int) -> Iterable[bytes]:
        """The bytes of the first ``size`` leaves, in order."""

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        """The inclusion proof of leaf ``index`` in the tree of ``size`` leaves."""

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The consistency proof from the tree of ``old`` leaves to that of ``new`` leaves."""


def verify_bundle(
    bundle: Bundle, *, log: Verifier | None = None, receipts: Sequence[Verifier] = ()
) -> Verdict:
    """Judges an export, with the checker's own keys where given, else with those in the export."""
    steps = _Steps()
    checkpoint = steps.checkpoint(bundle.checkpoint, lambda: log or Verifier.from_vkey(bundle.log_vkey))
    if checkpoint is None:
        return steps.verdict(None)
    if log is None:
        steps.skip(
            _(
                "De sleutel van het logboek komt uit de uitvoer zelf. Vergelijk hem met de gepubliceerde sleutel."
            )
        )
    _verify_leaves(steps, checkpoint, bundle)
    _verify_earlier(steps, checkpoint, bundle, log)
    signers = _receipt_signers(steps, bundle, receipts)
    for entry in bundle.entries:
        _verify_entry(steps, checkpoint, entry, signers)
    if not bundle.entries and not bundle.leaves:
        steps.fail(_("De uitvoer bevat geen bladen en geen inschrijvingen: er is niets om na te gaan."))
    return steps.verdict(checkpoint)


def verify_log(note: str, log: Verifier, source: LogSource, *, earlier: Checkpoint | None = None) -> Verdict:
    """Judges a log that can be read: replays all leaves up to the checkpoint and tries its proofs.

    Args:
        note: the signed checkpoint that the log publishes.
        log: the log's key, as the checker knows it.
        source: where leaves and proofs are read.
        earlier: a checkpoint that the checker verified before.
    """
    steps = _Steps()
    checkpoint = steps.checkpoint(note, lambda: log)
    if checkpoint is None:
        return steps.verdict(None)
    last: list[bytes] = []
    whole = steps.replay(checkpoint, lambda: _remembering(source.leaves(checkpoint.size), last), earlier)
    if whole and last:
        steps.inclusion(
            checkpoint,
            checkpoint.size - 1,
            last[0],
            lambda: source.inclusion(checkpoint.size - 1, checkpoint.size),
        )
    if earlier is not None:
        steps.consistency(earlier, checkpoint, lambda: source.consistency(earlier.size, checkpoint.size))
    return steps.verdict(checkpoint)


class _Steps:
    """Collects steps. A failure of a known kind becomes a step; a defect of ours stays an exception."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def verdict(self, checkpoint: Checkpoint | None) -> Verdict:
        return Verdict(tuple(self._steps), checkpoint)

    def pass_(self, sentence: str) -> None:
        self._add(Outcome.PASSED, sentence)

    def fail(self, sentence: str) -> None:
        self._add(Outcome.FAILED, sentence)

    def skip(self, sentence: str) -> None:
        self._add(Outcome.SKIPPED, sentence)

    def check(self, passed: str, failed: str, run: Callable[[], None]) -> bool:
        """Runs one check; ``failed`` holds ``{reden}``."""
        try:
            run()
        except (NoteError, ProofError, EntryError, EncodingError, SourceError) as error:
            self.fail(failed.replace("{reden}", str(error)))
            return False
        self.pass_(passed)
        return True

    def checkpoint(self, note: str, key: Callable[[], Verifier]) -> Checkpoint | None:
        try:
            checkpoint = open_checkpoint(note, key())
        except NoteError as error:
            self.fail(_("Het controlepunt is niet te vertrouwen: {reden}.").format(reden=error))
            return None
        self.pass_(
            _(
                "Het controlepunt van logboek {naam} over {aantal} bladen is door het logboek ondertekend."
            ).format(naam=checkpoint.origin, aantal=checkpoint.size)
        )
        return checkpoint

    def replay(
        self, checkpoint: Checkpoint, leaves: Callable[[], Iterable[bytes]], earlier: Checkpoint | None = None
    ) -> bool:
        return self.check(
            _("Alle {aantal} bladen zijn nagerekend en leiden naar de wortel van het controlepunt.").format(
                aantal=checkpoint.size
            ),
            _("De bladen leiden niet naar de wortel van het controlepunt: {reden}."),
            lambda: _replay(checkpoint, leaves(), earlier),
        )

    def consistency(
        self, earlier: Checkpoint, later: Checkpoint, proof: Callable[[], Sequence[bytes]]
    ) -> None:
        def extends() -> None:
            verify_extension(earlier, later, proof() if 0 < earlier.size <= later.size else ())

        self.check(
            _(
                "Alles wat bij het eerdere controlepunt ({aantal} bladen) in het logboek stond, staat er nog."
            ).format(aantal=earlier.size),
            _("Het logboek sluit niet aan op het eerdere controlepunt: {reden}."),
            extends,
        )

    def inclusion(
        self, checkpoint: Checkpoint, index: int, leaf: bytes, proof: Callable[[], Sequence[bytes]]
    ) -> None:
        self.check(
            _("Blad {nummer} staat in het logboek.").format(nummer=index),
            _("Blad {nummer} staat niet zo in het logboek: {{reden}}.").format(nummer=index),
            lambda: verify_inclusion(leaf_hash(leaf), index, checkpoint.size, proof(), checkpoint.root),
        )

    def _add(self, outcome: Outcome, sentence: str) -> None:
        self._steps.append(Step(len(self._steps) + 1, outcome, sentence))


def _verify_leaves(steps: _Steps, checkpoint: Checkpoint, bundle: Bundle) -> None:
    leaves = bundle.leaves
    if leaves is None:
        steps.skip(_("In dit bewijs staan niet alle bladen, dus is niet het hele logboek nagerekend."))
    else:
        steps.replay(checkpoint, lambda: leaves)


def _verify_earlier(steps: _Steps, checkpoint: Checkpoint, bundle: Bundle, log: Verifier | None) -> None:
    if bundle.earlier is None:
        steps.skip(_("In dit bewijs staat geen eerder controlepunt, dus is er niet mee vergeleken."))
        return
    try:
        earlier = open_checkpoint(bundle.earlier, log or Verifier.from_vkey(bundle.log_vkey))
    except NoteError as error:
        steps.fail(_("Het eerdere controlepunt is niet te vertrouwen: {reden}.").format(reden=error))
        return
    steps.consistency(earlier, checkpoint, lambda: bundle.consistency)


def _receipt_signers(steps: _Steps, bundle: Bundle, receipts: Sequence[Verifier]) -> Sequence[Verifier]:
    """The keys for receipts: the checker's own, else those in the export, which is then said."""
    if receipts or all(entry.receipt is None for entry in bundle.entries):
        return receipts
    steps.skip(
        _(
            "De sleutel van de ontvangstbewijzen komt uit de uitvoer zelf. Vergelijk hem met de gepubliceerde sleutel."
        )
    )
    try:
        return [Verifier.from_vkey(one) for one in bundle.receipt_vkeys]
    except NoteError as error:
        steps.fail(_("De sleutel van de ontvangstbewijzen is niet goed: {reden}.").format(reden=error))
        return []


def _verify_entry(
    steps: _Steps, checkpoint: Checkpoint, entry: ExportedEntry, signers: Sequence[Verifier]
) -> None:
    number = entry.leaf_index
    steps.inclusion(checkpoint, number, entry.leaf, lambda: entry.inclusion)
    if entry.receipt is not None:
        steps.check(
            _("Het ontvangstbewijs van blad {nummer} klopt.").format(nummer=number),
            _("Het ontvangstbewijs van blad {nummer} klopt niet: {{reden}}.").format(nummer=number),
            lambda: _require_receipt(checkpoint, entry, signers),
        )
    for organisation, opening in entry.openings:
        _verify_opening(steps, entry, organisation, opening)


def _verify_opening(steps: _Steps, entry: ExportedEntry, organisation: str, opening: Opening) -> None:
    def check() -> None:
        verify_opening(entry.leaf, opening)
        payload_content(organisation, opening.payload)

    names = {"nummer": entry.leaf_index, "organisatie": organisation}
    steps.check(
        _("De inhoud van blad {nummer} voor {organisatie} hoort bij dat blad.").format(**names),
        _("De inhoud van blad {nummer} voor {organisatie} klopt niet: {{reden}}.").format(**names),
        check,
    )


def _require_receipt(checkpoint: Checkpoint, entry: ExportedEntry, signers: Sequence[Verifier]) -> None:
    receipt = verify_receipt(entry.receipt or "", signers)
    if receipt.origin != checkpoint.origin:
        raise NoteError(_("het is van een ander logboek"))
    if (receipt.leaf_index, receipt.leaf_hash) != (entry.leaf_index, leaf_hash(entry.leaf)):
        raise NoteError(_("het is van een ander blad"))


def _replay(checkpoint: Checkpoint, leaves: Iterable[bytes], earlier: Checkpoint | None) -> None:
    """Appends every leaf to an empty tree; on the way it must pass through the earlier checkpoint."""
    frontier = Frontier()
    for leaf in leaves:
        if len(leaf) != LEAF_SIZE or leaf[:1] != VERSION:
            raise ProofError(_("blad {nummer} heeft een onbekende vorm").format(nummer=frontier.size))
        if frontier.size == checkpoint.size:
            raise ProofError(_("er zijn meer bladen dan het controlepunt zegt"))
        frontier, _nodes = frontier.append(leaf_hash(leaf))
        if earlier is not None and frontier.size == earlier.size and frontier.root() != earlier.root:
            raise ProofError(_("een blad van voor het eerdere controlepunt is veranderd"))
    if frontier.size != checkpoint.size:
        raise ProofError(_("er ontbreken bladen"))
    if frontier.root() != checkpoint.root:
        raise ProofError(_("er is een blad veranderd"))


def _remembering(leaves: Iterable[bytes], last: list[bytes]) -> Iterator[bytes]:
    """The same leaves; the latest stays in ``last``."""
    for leaf in leaves:
        last[:] = [leaf]
        yield leaf
