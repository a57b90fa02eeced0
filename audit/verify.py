# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The verdict on a log: one sentence that says whether all is well, then numbered steps, each passed, failed, or not done and why.

``verify_bundle`` judges an export (``audit.bundle``), offline:

1. The checkpoint is signed by the log. If not, nothing else is checked: all else rests on its root.
2. Enough witnesses cosigned it, where the checker brings a policy.
3. All leaves, where the export has them, lead to that root, and on the way to every earlier checkpoint that the checker has.
4. The log extends an earlier checkpoint, where the export has one.
5. For every entry: its leaf is in the log; its receipt is signed and speaks of this leaf of this log; every opening belongs
   to its leaf and speaks to its organisation.

``verify_log`` judges a log that can be read, by the same steps 1 to 3, and asks it for proofs, where it gives them, as a
witness or the holder of a receipt would. Then come the receipts and ``.tlog-proof`` files that the checker holds: their leaves
must be there, and their checkpoints must be of this same log. ``verify_proof`` judges such a file by itself. Publishing may go
on with too few witnesses; verifying is strict.

A check that had nothing to check passes nothing: an export without leaves and entries fails. The first line names the gravest
step that failed, with the place (leaf, size, tile, receipt), and what to do now.

Left to others: where the bytes come from, and which key to trust. A key that came with the export is named as such.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import Final, Protocol, runtime_checkable

from audit.bundle import Bundle, ExportedEntry
from audit.canonical import EncodingError
from audit.checkpoint import Checkpoint, open_checkpoint, verify_extension
from audit.cosignature import NOBODY, QuorumError, WitnessPolicy, open_cosigned
from audit.entry import EntryError, Opening, payload_content, verify_opening
from audit.merkle import ProofError, leaf_hash, verify_inclusion
from audit.note import NoteError, Verifier, parse
from audit.replay import Replayed, replay
from audit.tlog_proof import TlogProof
from audit.trail import Receipt, verify_receipt
from process.language import gettext as _

INCLUSION_TERM = timedelta(minutes=10)
"""Within this time after a receipt the leaf must be under a checkpoint."""


class SourceError(ValueError):
    """A log that could not be read; the message says in Dutch what was the matter."""


class Outcome(Enum):
    """What a step came to."""

    PASSED = "goed"
    FAILED = "fout"
    SKIPPED = "niet nagegaan"


NO_WITNESSES: Final = _(
    "Er zijn geen getuigen genoemd, dus is niet nagegaan of anderen hetzelfde logboek hebben gezien."
)
"""Step of a calculation that was given no witnesses; who knows of some and has too few of them says that instead."""


class Advice(Enum):
    """What to do when a step failed."""

    CALL = "call"
    KEY = "key"
    WITNESSES = "witnesses"
    AGAIN = "again"
    EXPORT = "export"

    @property
    def sentence(self) -> str:
        """The advice in Dutch, to stand after a semicolon."""
        return {
            Advice.CALL: _(
                "bewaar wat u nakeek en deze uitvoer; bel de beheerder van het register en de FG van een andere organisatie"
            ),
            Advice.KEY: _(
                "vraag langs een andere weg of uw sleutel de goede is, en bewaar wat u nakeek: is hij goed, bel dan de beheerder "
                "van het register en de FG van een andere organisatie"
            ),
            Advice.WITNESSES: _(
                "bewaar wat u nakeek; vraag de beheerder van het register waarom er getuigen ontbreken, en vertrouw zolang niet "
                "op dit controlepunt"
            ),
            Advice.AGAIN: _(
                "probeer het opnieuw, en blijft het zo, bewaar dan deze uitvoer en bel de beheerder van het register"
            ),
            Advice.EXPORT: _("vraag een uitvoer waar wel iets in staat"),
        }[self]


_GRAVITY = (Advice.CALL, Advice.KEY, Advice.WITNESSES, Advice.AGAIN, Advice.EXPORT)


@dataclass(frozen=True)
class Step:
    """One numbered step with its sentence in Dutch; ``advice`` where it failed."""

    number: int
    outcome: Outcome
    sentence: str
    advice: Advice | None = None

    def __str__(self) -> str:
        return f"{self.number}. [{self.outcome.value}] {self.sentence}"


@dataclass(frozen=True)
class Verdict:
    """All steps, in order.

    Attributes:
        steps: what was checked.
        checkpoint: the one that was verified, None if its signature failed.
        whole: whether all leaves up to that checkpoint were replayed.
    """

    steps: tuple[Step, ...]
    checkpoint: Checkpoint | None
    whole: bool = False

    @property
    def verified(self) -> bool:
        """True if something was checked and nothing failed."""
        outcomes = {step.outcome for step in self.steps}
        return Outcome.FAILED not in outcomes and Outcome.PASSED in outcomes and self.checkpoint is not None

    @property
    def sentence(self) -> str:
        """One sentence in Dutch: all is well; or what is wrong, where, and what to do."""
        failures = [step for step in self.steps if step.outcome is Outcome.FAILED]
        if failures:
            # What was changed weighs more than who did not sign, and that more than what could not be read.
            failed = min(failures, key=lambda step: _GRAVITY.index(step.advice or Advice.CALL))
            what = failed.sentence[:1].lower() + failed.sentence[1:].removesuffix(".")
            advice = (failed.advice or Advice.CALL).sentence
            return _("Afgekeurd: {wat}; {raad}.").format(wat=what, raad=advice)
        if not self.verified or self.checkpoint is None:
            return _("Niet goedgekeurd: er is niets nagegaan.")
        names = {"naam": self.checkpoint.origin, "aantal": self.checkpoint.size}
        if self.whole:
            return _("Goedgekeurd: logboek {naam} is helemaal nagerekend, {aantal} bladen, en klopt.").format(
                **names
            )
        return _(
            "Goedgekeurd: wat u van logboek {naam} liet nagaan klopt, maar niet alle {aantal} bladen zijn nagerekend."
        ).format(**names)


class LogSource(Protocol):
    """A log as anyone may read it. May raise ``SourceError``."""

    def leaves(self, size: int) -> Iterable[bytes]:
        """The bytes of the first ``size`` leaves, in order."""


@runtime_checkable
class Prover(Protocol):
    """A log that gives proofs when asked. Every method may raise ``SourceError``."""

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        """The inclusion proof of leaf ``index`` in the tree of ``size`` leaves."""

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The consistency proof from the tree of ``old`` leaves to that of ``new`` leaves."""


@runtime_checkable
class Locator(Protocol):
    """A log that keeps its tree beside its leaves, so that what does not fit can be pointed out."""

    def locate(self, checkpoint: Checkpoint) -> str | None:
        """Where leaves and tree part, in Dutch and without a full stop; None if that cannot be said. May raise ``SourceError``."""


@dataclass(frozen=True)
class Own:
    """What a checker holds himself.

    Attributes:
        earlier: the checkpoint that he verified last.
        receipts: signed notes, by the name under which he keeps them.
        proofs: likewise; the receipt in each says which leaf was promised.
        receipt_keys: whose receipts count.
        moment: now, which says whether a receipt should be in the log already.
    """

    earlier: Checkpoint | None = None
    receipts: Mapping[str, str] = field(default_factory=dict)
    proofs: Mapping[str, TlogProof] = field(default_factory=dict)
    receipt_keys: Sequence[Verifier] = ()
    moment: datetime | None = None


_NOTHING = Own()


def verify_bundle(
    bundle: Bundle,
    *,
    log: Verifier | None = None,
    receipts: Sequence[Verifier] = (),
    witnesses: WitnessPolicy = NOBODY,
    earlier: Checkpoint | None = None,
) -> Verdict:
    """Judges an export, with the checker's own keys where given, else with those in the export.

    Args:
        bundle: the export.
        log: the log's key, as the checker knows it.
        receipts: the keys that sign receipts, likewise.
        witnesses: who must have cosigned.
        earlier: a checkpoint that the checker verified before.
    """
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
    steps.quorum(bundle.checkpoint, log or Verifier.from_vkey(bundle.log_vkey), witnesses)
    _verify_leaves(steps, checkpoint, bundle, earlier)
    _verify_earlier(steps, checkpoint, bundle, log, earlier)
    signers = _receipt_signers(steps, bundle, receipts)
    for entry in bundle.entries:
        _verify_entry(steps, checkpoint, entry, signers)
    if not bundle.entries and not bundle.leaves:
        steps.fail(
            _("De uitvoer bevat geen bladen en geen inschrijvingen: er is niets om na te gaan."),
            Advice.EXPORT,
        )
    return steps.verdict(checkpoint)


def verify_log(
    note: str | bytes,
    log: Verifier,
    source: LogSource,
    *,
    witnesses: WitnessPolicy = NOBODY,
    own: Own = _NOTHING,
) -> Verdict:
    """Judges a log that can be read: replays all leaves up to the checkpoint, tries its proofs, looks up what the checker holds.

    Args:
        note: the signed checkpoint that the log publishes.
        log: the log's key, as the checker knows it.
        source: where leaves are read; proofs too, if it is a ``Prover``.
        witnesses: who must have cosigned.
        own: what the checker holds himself.
    """
    steps = _Steps()
    checkpoint = steps.checkpoint(note, lambda: log)
    if checkpoint is None:
        return steps.verdict(None)
    steps.quorum(note, log, witnesses)
    held = {name: _held(text, own.receipt_keys) for name, text in own.receipts.items()}
    indexes = {one.leaf_index for one in held.values() if isinstance(one, Receipt)}
    sizes = {size for one in own.proofs.values() if (size := _claimed_size(one)) is not None}
    last: list[bytes] = []
    found = steps.replay(
        checkpoint,
        lambda: _remembering(source.leaves(checkpoint.size), last),
        sizes | (set() if own.earlier is None else {own.earlier.size}),
        indexes,
        source,
    )
    earlier = own.earlier
    if earlier is not None and witnesses.witnesses and _ahead_of_witnesses(earlier, checkpoint, source):
        steps.skip(
            _(
                "Het controlepunt dat u bewaarde ({oud} bladen) bevat deze {nieuw} bladen onveranderd; zo ver zijn de getuigen nog "
                "niet. Kijk over tien minuten opnieuw."
            ).format(oud=earlier.size, nieuw=checkpoint.size)
        )
        earlier = None
    _verify_proofs(steps, checkpoint, source, last if found is not None else [], earlier, found)
    for name, receipt in held.items():
        _verify_held(steps, checkpoint, name, receipt, found, own.moment)
    for name, proof in own.proofs.items():
        _verify_own_proof(steps, checkpoint, name, partial(_proven, proof, log, witnesses, own), found)
    return steps.verdict(checkpoint)


def verify_proof(
    proof: TlogProof,
    log: Verifier,
    *,
    receipts: Sequence[Verifier],
    witnesses: WitnessPolicy = NOBODY,
    earlier: Checkpoint | None = None,
) -> Verdict:
    """Judges one ``.tlog-proof`` file, offline; the receipt in it says which leaf was promised.

    ``earlier`` is a checkpoint that the checker verified before; a file can contradict it, and says nothing of another size.
    """
    steps = _Steps()
    checkpoint = steps.checkpoint(proof.checkpoint, lambda: log)
    if checkpoint is None:
        return steps.verdict(None)
    steps.quorum(proof.checkpoint, log, witnesses)
    steps.check(
        _("Blad {nummer}, dat het ontvangstbewijs belooft, staat in het logboek.").format(nummer=proof.index),
        _("Blad {nummer} is niet bewezen: {{reden}}.").format(nummer=proof.index),
        lambda: _require_proven(proof, checkpoint, receipts),
    )
    if earlier is not None and earlier.size == checkpoint.size:
        steps.extension(earlier, checkpoint, proof=tuple)
    elif earlier is not None:
        steps.skip(
            _(
                "Met het controlepunt dat u bewaarde ({aantal} bladen) is niet vergeleken: dit bewijs is van {omvang} bladen. Ga het "
                "logboek zelf na, en noem dit bewijs daarbij."
            ).format(aantal=earlier.size, omvang=checkpoint.size)
        )
    return steps.verdict(checkpoint)


class _Steps:
    """Collects steps. A failure of a known kind becomes a step; a defect of ours stays an exception."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._whole = False

    def verdict(self, checkpoint: Checkpoint | None) -> Verdict:
        return Verdict(tuple(self._steps), checkpoint, self._whole)

    def pass_(self, sentence: str) -> None:
        self._add(Outcome.PASSED, sentence)

    def fail(self, sentence: str, advice: Advice = Advice.CALL) -> None:
        self._add(Outcome.FAILED, sentence, advice)

    def skip(self, sentence: str) -> None:
        self._add(Outcome.SKIPPED, sentence)

    def check(self, passed: str, failed: str, run: Callable[[], None], advice: Advice = Advice.CALL) -> bool:
        """Runs one check; ``failed`` holds ``{reden}``."""
        try:
            run()
        except SourceError as error:
            self.fail(failed.replace("{reden}", str(error)), Advice.AGAIN)
            return False
        except (NoteError, ProofError, EntryError, EncodingError, QuorumError) as error:
            self.fail(failed.replace("{reden}", str(error)), advice)
            return False
        self.pass_(passed)
        return True

    def checkpoint(self, note: str | bytes, key: Callable[[], Verifier]) -> Checkpoint | None:
        try:
            checkpoint = open_checkpoint(note, key())
        except NoteError as error:
            self.fail(_("Het controlepunt is niet te vertrouwen: {reden}.").format(reden=error), Advice.KEY)
            return None
        self.pass_(
            _(
                "Het controlepunt van logboek {naam} over {aantal} bladen is door het logboek ondertekend."
            ).format(naam=checkpoint.origin, aantal=checkpoint.size)
        )
        return checkpoint

    def quorum(self, note: str | bytes, log: Verifier, witnesses: WitnessPolicy) -> None:
        if not witnesses.witnesses:
            self.skip(NO_WITNESSES)
            return
        self.check(
            _(
                "Genoeg getuigen hebben dit controlepunt mee ondertekend: ten minste {aantal} van de {totaal}."
            ).format(aantal=witnesses.needed, totaal=len(witnesses.witnesses)),
            _("Dit controlepunt heeft niet genoeg getuigen: {reden}."),
            lambda: open_cosigned(note, log, witnesses).require(),
            Advice.WITNESSES,
        )

    def replay(
        self,
        checkpoint: Checkpoint,
        leaves: Callable[[], Iterable[bytes]],
        sizes: Collection[int] = (),
        indexes: Collection[int] = (),
        source: object = None,
    ) -> Replayed | None:
        """What the log came to, or None if it did not lead to the checkpoint's root."""
        found: list[Replayed] = []

        def run() -> None:
            found.append(replay(leaves(), limit=checkpoint.size, sizes=sizes, indexes=indexes))
            _require_root(found[0], checkpoint, source)

        self._whole = self.check(
            _("Alle {aantal} bladen zijn nagerekend en leiden naar de wortel van het controlepunt.").format(
                aantal=checkpoint.size
            ),
            _("De bladen leiden niet naar de wortel van het controlepunt: {reden}."),
            run,
        )
        return found[0] if self._whole else None

    def extension(
        self,
        earlier: Checkpoint,
        later: Checkpoint,
        *,
        proof: Callable[[], Sequence[bytes]] | None = None,
        found: Replayed | None = None,
    ) -> None:
        """That ``later`` extends ``earlier``: by the replay that passed through it, by the log's own proof, or by both."""

        def extends() -> None:
            comparable = earlier.origin == later.origin and 0 < earlier.size <= later.size
            if comparable and found is not None and found.roots[earlier.size] != earlier.root:
                raise ProofError(
                    _(
                        "het verleden is herschreven, een van de bladen 0 tot en met {nummer} is anders dan toen"
                    ).format(nummer=earlier.size - 1)
                )
            if comparable and found is None and proof is None:
                raise ProofError(_("de bladen zelf kloppen niet"))
            if not comparable or proof is not None:
                verify_extension(earlier, later, proof() if comparable and proof is not None else ())

        self.check(
            _(
                "Alles wat bij het eerdere controlepunt ({aantal} bladen) in het logboek stond, staat er nog."
            ).format(aantal=earlier.size),
            _(
                "Het logboek van {nieuw} bladen sluit niet aan op het eerdere controlepunt van {oud} bladen: {{reden}}."
            ).format(nieuw=later.size, oud=earlier.size),
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

    def _add(self, outcome: Outcome, sentence: str, advice: Advice | None = None) -> None:
        self._steps.append(Step(len(self._steps) + 1, outcome, sentence, advice))


def _verify_proofs(  # noqa: PLR0913, PLR0917 - what a proof is of
    steps: _Steps,
    checkpoint: Checkpoint,
    source: LogSource,
    last: Sequence[bytes],
    earlier: Checkpoint | None,
    found: Replayed | None,
) -> None:
    """The proofs that the log itself gives; without them the replay alone says whether the log extends what was seen before."""
    if not isinstance(source, Prover):
        if earlier is not None:
            steps.extension(earlier, checkpoint, found=found)
        return
    index = checkpoint.size - 1
    for leaf in last:
        steps.inclusion(checkpoint, index, leaf, lambda: source.inclusion(index, checkpoint.size))
    if earlier is not None:
        steps.extension(
            earlier,
            checkpoint,
            proof=lambda: source.consistency(earlier.size, checkpoint.size),
            found=found,
        )


def _ahead_of_witnesses(earlier: Checkpoint, checkpoint: Checkpoint, source: LogSource) -> bool:
    """True if what the checker remembers extends what enough witnesses vouch for by now: then nothing became shorter."""
    if not isinstance(source, Prover) or not 0 < checkpoint.size < earlier.size:
        return False
    try:
        verify_extension(checkpoint, earlier, source.consistency(checkpoint.size, earlier.size))
    except (ProofError, SourceError):
        return False
    return True


def _verify_leaves(steps: _Steps, checkpoint: Checkpoint, bundle: Bundle, earlier: Checkpoint | None) -> None:
    leaves = bundle.leaves
    if leaves is None:
        steps.skip(_("In dit bewijs staan niet alle bladen, dus is niet het hele logboek nagerekend."))
        found = None
    else:
        found = steps.replay(checkpoint, lambda: leaves, () if earlier is None else (earlier.size,))
    if earlier is None:
        return
    if leaves is not None and earlier.size <= checkpoint.size:
        steps.extension(earlier, checkpoint, found=found)
    elif earlier.size == checkpoint.size:
        # Without any leaf: two roots of one size are two logs.
        steps.extension(earlier, checkpoint, proof=tuple)
    else:
        steps.skip(
            _(
                "Met het controlepunt dat u bewaarde ({aantal} bladen) is niet vergeleken: daarvoor moeten alle bladen in de "
                "uitvoer staan, en ten minste zoveel."
            ).format(aantal=earlier.size)
        )


def _verify_earlier(
    steps: _Steps,
    checkpoint: Checkpoint,
    bundle: Bundle,
    log: Verifier | None,
    remembered: Checkpoint | None,
) -> None:
    if bundle.earlier is None:
        steps.skip(_("In dit bewijs staat geen eerder controlepunt, dus is er niet mee vergeleken."))
        return
    try:
        earlier = open_checkpoint(bundle.earlier, log or Verifier.from_vkey(bundle.log_vkey))
    except NoteError as error:
        steps.fail(
            _("Het eerdere controlepunt is niet te vertrouwen: {reden}.").format(reden=error), Advice.KEY
        )
        return
    steps.extension(earlier, checkpoint, proof=lambda: bundle.consistency)
    if remembered is not None and remembered.size == earlier.size:
        steps.extension(remembered, earlier, proof=tuple)


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


def _require_root(found: Replayed, checkpoint: Checkpoint, source: object) -> None:
    """Returns only if the leaves lead to the checkpoint."""
    if found.size != checkpoint.size:
        raise ProofError(
            _located(source, checkpoint)
            or _("er ontbreken bladen, {gelezen} in plaats van {aantal}").format(
                gelezen=found.size, aantal=checkpoint.size
            )
        )
    if found.root != checkpoint.root:
        raise ProofError(_located(source, checkpoint) or _("er is een blad veranderd"))


def _located(source: object, checkpoint: Checkpoint) -> str | None:
    """What is wrong and where, if the source knows it."""
    if not isinstance(source, Locator):
        return None
    try:
        return source.locate(checkpoint)
    except SourceError:
        return None


def _held(note: str, signers: Sequence[Verifier]) -> Receipt | NoteError:
    """A receipt that the checker holds, or why it is none."""
    try:
        return verify_receipt(note, signers)
    except NoteError as error:
        return error


def _verify_held(  # noqa: PLR0913, PLR0917 - what a promise is compared with
    steps: _Steps,
    checkpoint: Checkpoint,
    name: str,
    receipt: Receipt | NoteError,
    found: Replayed | None,
    moment: datetime | None,
) -> None:
    """Whether the log keeps what a receipt promised: its leaf stands where it says, within ten minutes."""
    if isinstance(receipt, NoteError):
        steps.fail(
            _("Ontvangstbewijs {naam} is niet te vertrouwen: {reden}.").format(naam=name, reden=receipt),
            Advice.KEY,
        )
        return
    names = {"naam": name, "nummer": receipt.leaf_index, "aantal": checkpoint.size}
    if receipt.origin != checkpoint.origin:
        steps.fail(_("Ontvangstbewijs {naam} is van een ander logboek.").format(**names))
    elif receipt.leaf_index >= checkpoint.size:
        _verify_late(steps, names, receipt, moment)
    elif found is None:
        steps.skip(
            _(
                "Ontvangstbewijs {naam} (blad {nummer}) is niet vergeleken: de bladen zelf kloppen niet."
            ).format(**names)
        )
    elif found.hashes[receipt.leaf_index] != receipt.leaf_hash:
        steps.fail(
            _("Ontvangstbewijs {naam} belooft een ander blad {nummer} dan er in het logboek staat.").format(
                **names
            )
        )
    else:
        steps.pass_(_("Ontvangstbewijs {naam}: blad {nummer} staat in het logboek.").format(**names))


def _claimed_size(proof: TlogProof) -> int | None:
    """Of how many leaves a proof speaks, before anything is verified."""
    try:
        return Checkpoint.from_text(parse(proof.checkpoint).text).size
    except NoteError:
        return None


def _require_proven(proof: TlogProof, checkpoint: Checkpoint, signers: Sequence[Verifier]) -> None:
    """Returns only if the leaf that the receipt in ``proof`` promises is under ``checkpoint``, which was verified."""
    if proof.extra is None:
        raise NoteError(_("er zit geen ontvangstbewijs in het bestand"))
    receipt = verify_receipt(proof.extra, signers)
    if receipt.origin != checkpoint.origin:
        raise NoteError(_("het ontvangstbewijs erin is van een ander logboek"))
    if receipt.leaf_index != proof.index:
        raise NoteError(_("het ontvangstbewijs erin is van blad {nummer}").format(nummer=receipt.leaf_index))
    verify_inclusion(receipt.leaf_hash, proof.index, checkpoint.size, proof.hashes, checkpoint.root)


def _proven(proof: TlogProof, log: Verifier, witnesses: WitnessPolicy, own: Own) -> Checkpoint:
    """The checkpoint of a proof that holds by itself."""
    witnessed = open_cosigned(proof.checkpoint, log, witnesses)
    witnessed.require()
    _require_proven(proof, witnessed.checkpoint, own.receipt_keys)
    return witnessed.checkpoint


def _verify_own_proof(
    steps: _Steps, checkpoint: Checkpoint, name: str, proven: Callable[[], Checkpoint], found: Replayed | None
) -> None:
    """That a proof holds, and that its checkpoint is of the log that was replayed."""

    def run() -> None:
        past = proven()
        if past.size > checkpoint.size:
            raise ProofError(
                _("het logboek telde toen al {aantal} bladen en is korter geworden").format(aantal=past.size)
            )
        if found is None:
            raise ProofError(_("de bladen zelf kloppen niet"))
        if found.roots[past.size] != past.root:
            raise ProofError(
                _(
                    "het verleden is herschreven, een van de bladen 0 tot en met {nummer} is anders dan toen"
                ).format(nummer=past.size - 1)
            )

    steps.check(
        _("Bewijs {naam} klopt, en is van ditzelfde logboek.").format(naam=name),
        _("Bewijs {naam} past niet bij dit logboek: {{reden}}.").format(naam=name),
        run,
    )


def _verify_late(
    steps: _Steps, names: Mapping[str, object], receipt: Receipt, moment: datetime | None
) -> None:
    if moment is not None and moment - receipt.moment > INCLUSION_TERM:
        steps.fail(
            _(
                "Ontvangstbewijs {naam} belooft blad {nummer}, en dat staat na tien minuten nog niet in het logboek van "
                "{aantal} bladen."
            ).format(**names)
        )
    else:
        steps.skip(
            _(
                "Ontvangstbewijs {naam} (blad {nummer}) is van na dit controlepunt van {aantal} bladen. Kijk over tien "
                "minuten opnieuw."
            ).format(**names)
        )


def _remembering(leaves: Iterable[bytes], last: list[bytes]) -> Iterator[bytes]:
    """The same leaves; the latest stays in ``last``."""
    for leaf in leaves:
        last[:] = [leaf]
        yield leaf
