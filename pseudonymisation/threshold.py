# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""t of n holders evaluate as if they were one: Shamir's sharing over the scalars of P-256, with Feldman's commitments.

The key is f(0) of a polynomial f of degree t-1; holder i has f(i), i = 1..n. Public are the commitments C_j = a_j·G to its coefficients,
so K = C_0, and every K_i = Σ i^j·C_j can be recomputed by anyone. Any t holders give kP = Σ λ_i·(k_i·P), with Lagrange coefficients λ_i
at 0 that depend on who takes part and are public.

`combine` checks, in this order: holders distinct and known, enough of them, one epoch and it is the pinned one, equally many points, and
Σ λ_i·K_i = K. Only then does it add. It does not check proofs: the caller holds the blinded points (`blinding`).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from types import MappingProxyType
from typing import Final

from process.language import gettext as _
from process.moments import Randomness
from pseudonymisation import base64url
from pseudonymisation.p256 import ORDER, Point, PublicScalar, SecretScalar, total

KEYSET_FORMAT: Final = "signaalregister/sleutelset/v1"
MAXIMUM_HOLDERS: Final = 16
"""More would only slow questions down; a larger number in a file is a mistake."""


class ThresholdError(ValueError):
    """These shares, answers or public values do not belong together. The message is for people, in Dutch."""


class Origin(StrEnum):
    """How a key came to be: made in one place by a dealer, or by a ceremony in which it never exists in one place."""

    DEALT = "dealt"
    CEREMONY = "ceremony"


@dataclass(frozen=True)
class PublicKeyset:
    """Everything public about one epoch of one keyset; a node pins it.

    Attributes:
        name: keyset, such as "oefening" or "signaal"; pseudonyms of two keysets can never be joined.
        profile: the profile in which processes may use it.
        epoch: from 1, one higher with every re-sharing or rotation; shares of two epochs are never combined.
        threshold: how many holders are needed, at least 2.
        size: how many holders there are.
        origin: dealer or ceremony.
        commitments: C_0..C_(t-1); C_0 is the public key K.
        holders: the public key K_i of each holder, by index from 1; always recomputed from the commitments, so that no file can say
            otherwise.

    Raises:
        ThresholdError: numbers that make no sense together.
    """

    name: str
    profile: str
    epoch: int
    threshold: int
    size: int
    origin: Origin
    commitments: tuple[Point, ...] = field(repr=False)
    holders: Mapping[int, Point] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_sizes(self.threshold, self.size)
        if len(self.commitments) != self.threshold or self.epoch < 1:
            raise ThresholdError(
                _("Het aantal toezeggingen of de epoch past niet bij de drempel van deze sleutelset.")
            )
        keys = {index: committed_key(self.commitments, index) for index in range(1, self.size + 1)}
        object.__setattr__(self, "holders", MappingProxyType(keys))

    @property
    def key(self) -> Point:
        """The public key K of all holders together."""
        return self.commitments[0]

    def members(self) -> dict[str, object]:
        """The public values under their names in files and messages."""
        return {
            "formaat": KEYSET_FORMAT,
            "sleutelset": self.name,
            "profiel": self.profile,
            "epoch": self.epoch,
            "drempel": self.threshold,
            "herkomst": str(self.origin),
            "sleutel": base64url.encode(self.key.encode()),
            "toezeggingen": [base64url.encode(point.encode()) for point in self.commitments],
            "houders": [
                {"houder": index, "sleutel": base64url.encode(point.encode())}
                for index, point in self.holders.items()
            ],
        }

    def canonical(self) -> bytes:
        """The bytes of the public file: these and no others."""
        return canonical_json(self.members())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical bytes, 64 hexadecimal digits: what sha256sum prints over the file."""
        return hashlib.sha256(self.canonical()).hexdigest()


def canonical_json(members: Mapping[str, object]) -> bytes:
    """One byte string per document: ASCII, members sorted, no white space, one newline at the end."""
    return json.dumps(members, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


def _check_sizes(threshold: int, holders: int) -> None:
    # A threshold of 1 would let one holder test guesses by itself.
    if not 2 <= threshold <= holders <= MAXIMUM_HOLDERS:
        raise ThresholdError(
            _(
                "De drempel moet minstens 2 zijn, en niet hoger dan het aantal houders (hoogstens {hoogste})."
            ).format(hoogste=MAXIMUM_HOLDERS)
        )


@dataclass(frozen=True, repr=False)
class Sharing:
    """A secret split: one share per holder index, and the commitments to check them by."""

    shares: Mapping[int, SecretScalar]
    commitments: tuple[Point, ...]


def split(secret: SecretScalar, threshold: int, holders: int, randomness: Randomness) -> Sharing:
    """Split a secret into shares, of which any `threshold` give it back and fewer say nothing.

    Raises:
        ThresholdError: a threshold under 2 (one holder could then test guesses), over the number of holders, or too many holders.
        ValueError: a share outside [1, n-2], of probability 2^-250; start again.
    """
    return split_among(secret, threshold, range(1, holders + 1), randomness)


def split_among(
    secret: SecretScalar, threshold: int, indices: Iterable[int], randomness: Randomness
) -> Sharing:
    """Split a secret among holders whose numbers need not be consecutive, such as those that stay when one is replaced.

    Raises:
        ThresholdError: as `split`, or a number below 1: f(0) is the secret itself.
        ValueError: as `split`.
    """
    receivers = sorted(set(indices))
    _check_sizes(threshold, len(receivers))
    if receivers[0] < 1:
        raise ThresholdError(_("Een houder heeft een nummer vanaf 1."))
    coefficients = [secret, *(SecretScalar.random(randomness) for _unused in range(threshold - 1))]
    return Sharing(
        {index: _polynomial(coefficients, index) for index in receivers},
        tuple(coefficient.public_point() for coefficient in coefficients),
    )


def _polynomial(coefficients: Sequence[SecretScalar], at: int) -> SecretScalar:
    """f(at), by Horner's rule."""
    return SecretScalar(reduce(lambda sum_, c: (sum_ * at + c.reveal()) % ORDER, reversed(coefficients), 0))


def committed_key(commitments: Sequence[Point], index: int) -> Point:
    """K_i = Σ i^j·C_j, what holder i's public key must be (Feldman).

    Raises:
        ThresholdError: the commitments cancel out, which honest ones do not.
    """
    key = total(
        PublicScalar(pow(index, power, ORDER)).times(point) for power, point in enumerate(commitments)
    )
    if key is None:
        raise ThresholdError(
            _("Met deze toezeggingen heeft houder {houder} geen sleutel.").format(houder=index)
        )
    return key


def check_share(share: SecretScalar, index: int, keyset: PublicKeyset) -> None:
    """Check a holder's share against the public values.

    Raises:
        ThresholdError: no such holder, or another share than was committed to.
    """
    if keyset.holders.get(index) != share.public_point():
        raise ThresholdError(
            _(
                "Het aandeel van houder {houder} hoort niet bij sleutelset {sleutelset}, epoch {epoch}."
            ).format(houder=index, sleutelset=keyset.name, epoch=keyset.epoch)
        )


def lagrange_at_zero(indices: Iterable[int]) -> dict[int, int]:
    """The coefficients λ_i modulo n with f(0) = Σ λ_i·f(i), for these holders taking part.

    Raises:
        ThresholdError: an index twice, or below 1 (f(0) is the key itself).
    """
    quorum = list(indices)
    if len(set(quorum)) != len(quorum) or any(index < 1 for index in quorum):
        raise ThresholdError(_("Elke houder mag maar één keer meedoen."))
    return {i: _coefficient(i, [j for j in quorum if j != i]) for i in quorum}


def _coefficient(index: int, others: Sequence[int]) -> int:
    numerator = reduce(lambda product, j: product * j % ORDER, others, 1)
    denominator = reduce(lambda product, j: product * (j - index) % ORDER, others, 1)
    return numerator * pow(denominator, -1, ORDER) % ORDER


@dataclass(frozen=True, repr=False)
class Evaluation:
    """What one holder answered: its share times each point that was asked, in that order."""

    holder: int
    epoch: int
    points: tuple[Point, ...]


def combine(keyset: PublicKeyset, evaluations: Sequence[Evaluation]) -> tuple[Point, ...]:
    """k·P for each point P that was asked, from the answers of a quorum; a larger quorum gives the same.

    Raises:
        ThresholdError: see the module's order of checks.
    """
    coefficients = lagrange_at_zero(evaluation.holder for evaluation in evaluations)
    _check_quorum(keyset, evaluations)
    weights = {holder: PublicScalar(value) for holder, value in coefficients.items()}
    if total(weights[holder].times(keyset.holders[holder]) for holder in weights) != keyset.key:
        raise ThresholdError(
            _(
                "De sleutels van deze houders vormen samen niet de afgesproken sleutel van {sleutelset}."
            ).format(sleutelset=keyset.name)
        )
    columns = (weights[evaluation.holder].times_each(evaluation.points) for evaluation in evaluations)
    return tuple(_added(row) for row in zip(*columns, strict=True))


def _check_quorum(keyset: PublicKeyset, evaluations: Sequence[Evaluation]) -> None:
    unknown = [e.holder for e in evaluations if e.holder not in keyset.holders]
    if unknown:
        raise ThresholdError(_("Houder {houder} hoort niet bij deze sleutelset.").format(houder=unknown[0]))
    if len(evaluations) < keyset.threshold:
        raise ThresholdError(
            _("Er zijn {nodig} sleutelhouders nodig en er antwoordden er {aantal}.").format(
                nodig=keyset.threshold, aantal=len(evaluations)
            )
        )
    if any(e.epoch != keyset.epoch for e in evaluations):
        raise ThresholdError(
            _("De antwoorden zijn niet allemaal van epoch {epoch}.").format(epoch=keyset.epoch)
        )
    if len({len(e.points) for e in evaluations}) != 1:
        raise ThresholdError(_("De sleutelhouders gaven niet evenveel punten terug."))


def _added(row: Sequence[Point | None]) -> Point:
    combined = total(row)
    if combined is None:
        raise ThresholdError(_("De antwoorden van de sleutelhouders heffen elkaar op; een ervan klopt niet."))
    return combined
