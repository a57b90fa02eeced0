# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a node sends to the key holders, and what it makes of their answers.

Before sending (`blind_batch`): hash every input to the curve (RFC 9497, mode VOPRF), blind each with its own secret, add random points up
to 8, 16, 32 or 40, and shuffle. A holder sees uniform points and one of four sizes; neither which are real nor their order says anything.

After the answers (`unblind_batch`), in this order, holder by holder: same keyset and epoch, as many points as were asked, every point
well-formed, proof valid under the public key that is pinned for that holder. Whoever fails is named in a `HolderFault`, so that the node
can ask the third holder instead. Then the answers are combined (`threshold.combine` checks Σ λ_i·K_i = K) and unblinded.

The result is the group element N = k·H(x) in 33 bytes, without RFC 9497's outer hash: docs/spec/pseudonymisation.md, "Two layers".

Left to others: asking over the network, and choosing which holders to ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from process.language import gettext as _
from process.moments import Randomness
from pseudonymisation.oprf import InvalidProof, Mode, Proof, blind, verify
from pseudonymisation.p256 import InvalidPoint, Point, SecretScalar
from pseudonymisation.threshold import Evaluation, PublicKeyset, combine

BATCH_SIZES: Final = (8, 16, 32, 40)
"""The only numbers of points that a holder ever sees. 40 is the most match keys that one person may have."""


class BatchError(ValueError):
    """These inputs make no batch. The message is for people, in Dutch."""


class HolderFault(Exception):
    """One holder's answer is wrong, and cannot be used.

    Attributes:
        index: which holder.
        reason: what is wrong with its answer, in Dutch, without any of its bytes.
    """

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(_("Sleutelhouder {houder}: {reden}").format(houder=index, reden=reason))
        self.index = index
        self.reason = reason


@dataclass(frozen=True)
class HolderAnswer:
    """A holder's answer as it came off the wire; nothing in it has been checked.

    Attributes:
        keyset: name of the keyset with which it says it answered.
        epoch: of that keyset.
        points: 33 bytes each, in the order of the request.
        proof: 64 bytes.
        receipt: its signed receipt, for the register; empty where nobody asks for one.
    """

    keyset: str
    epoch: int
    points: tuple[bytes, ...] = field(repr=False)
    proof: bytes = field(repr=False)
    receipt: str = field(default="", repr=False)


@dataclass(frozen=True, repr=False)
class BlindedBatch:
    """One request to the holders, with the secrets to undo the blinding; it lives in memory, for one question.

    Attributes:
        points: what to send: 8, 16, 32 or 40 points of 33 bytes.
        asked: the same points, for checking the proofs.
        unblinding: for each input, in input order: its place in `points`, and the inverse of its blind.
    """

    points: tuple[bytes, ...]
    asked: tuple[Point, ...]
    unblinding: tuple[tuple[int, SecretScalar], ...]

    def __repr__(self) -> str:
        return f"BlindedBatch({len(self.points)} points)"


def batch_size(points: int) -> int | None:
    """The size of the batch that so many points are sent in: the smallest that holds them; None when there is none."""
    return next((size for size in BATCH_SIZES if size >= points), None)


def blind_batch(inputs: Sequence[bytes], *, randomness: Randomness, at_least: int = 0) -> BlindedBatch:
    """Blind, pad and shuffle the inputs of one person.

    Args:
        inputs: stretched match keys (docs/spec/match-keys.md), 1 to 40 of them; the same input twice is allowed.
        at_least: how many points the batch must have: as many as the message that it is for holds pseudonyms, fillers included, because
            the receipts are counted against that.
        randomness: 48 bytes for every point sent, and 16 more for its place.

    Raises:
        BatchError: no input, or more than 40.
    """
    wanted = max(len(inputs), at_least)
    size = batch_size(wanted)
    if size is None:
        raise BatchError(
            _("Er zijn {aantal} zoeksleutels en er mogen er hoogstens {hoogste} per persoon zijn.").format(
                aantal=wanted, hoogste=BATCH_SIZES[-1]
            )
        )
    if not inputs:
        raise BatchError(_("Er is geen enkele zoeksleutel om op te zoeken."))
    blinds = [SecretScalar.random(randomness) for _unused in inputs]
    real = [blind(Mode.VOPRF, value, secret) for value, secret in zip(inputs, blinds, strict=True)]
    padding = [SecretScalar.random(randomness).public_point() for _unused in range(size - len(inputs))]
    places = _permutation(size, randomness)
    asked = dict(zip(places, [*real, *padding], strict=True))
    ordered = tuple(asked[place] for place in range(size))
    return BlindedBatch(
        tuple(point.encode() for point in ordered),
        ordered,
        tuple((place, secret.inverse()) for place, secret in zip(places, blinds, strict=False)),
    )


def _permutation(size: int, randomness: Randomness) -> list[int]:
    """A random order of 0..size-1 (Fisher-Yates); 16 bytes per step leave a bias under 2^-120."""
    order = list(range(size))
    for last in range(size - 1, 0, -1):
        other = int.from_bytes(randomness(16), "big") % (last + 1)
        order[last], order[other] = order[other], order[last]
    return order


def unblind_batch(
    batch: BlindedBatch, answers: Mapping[int, HolderAnswer], keyset: PublicKeyset
) -> list[bytes]:
    """The pseudonym points N of the inputs, in input order, 33 bytes each.

    Args:
        batch: what was sent.
        answers: by holder index, at least the threshold; every one is verified, also those beyond the threshold.
        keyset: the pinned one.

    Raises:
        HolderFault: one holder's answer is wrong.
        ThresholdError: too few answers, or they do not belong together (`threshold.combine`).
    """
    evaluations = [_verified(batch, index, answer, keyset) for index, answer in sorted(answers.items())]
    # Only the real points are combined: padding has no use after its proof.
    wanted = [
        Evaluation(e.holder, e.epoch, tuple(e.points[place] for place, _unused in batch.unblinding))
        for e in evaluations[: keyset.threshold]
    ]
    combined = combine(keyset, wanted)
    return [
        inverse.times(point).encode()
        for (_unused, inverse), point in zip(batch.unblinding, combined, strict=True)
    ]


def _verified(batch: BlindedBatch, index: int, answer: HolderAnswer, keyset: PublicKeyset) -> Evaluation:
    key = keyset.holders.get(index)
    if key is None:
        raise HolderFault(index, _("deze houder hoort niet bij de sleutelset."))
    if (answer.keyset, answer.epoch) != (keyset.name, keyset.epoch):
        raise HolderFault(index, _("het antwoord is van een andere sleutelset of een andere epoch."))
    if len(answer.points) != len(batch.points):
        raise HolderFault(index, _("er kwamen niet evenveel punten terug als er gevraagd zijn."))
    try:
        points = tuple(Point.decode(point) for point in answer.points)
        verify(key, batch.asked, points, Proof.from_bytes(answer.proof))
    except (InvalidPoint, InvalidProof) as error:
        raise HolderFault(index, str(error)) from error
    return Evaluation(index, answer.epoch, points)
