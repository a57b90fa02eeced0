# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Rotation: k becomes k' = ρ·k, and every stored pseudonym N becomes N' = ρ·N, so that what was stored still matches what is evaluated anew.

1. ρ = Σ ρ_i, a part from every participant, none chosen after seeing another's (`joint`). R = ρ·G is public: it is the sum of the commitments.
2. That a keyset is the one of before times ρ, anyone checks without ρ: a proof (RFC 9497 section 2.2) that log_G(R) is also the logarithm of every
   new commitment to the old one.
3. Who has ρ turns a pseudonym of before into one of after. So it goes to holders and register only, and only the register keeps it, locked, until its points
   are multiplied; it is in no backup, and is destroyed.
4. A share of before times ρ is a share of the scaled keyset. So the scaled keyset is dealt anew (`opening`, re-sharing) before anybody works with it.

Pure. Storing is the register's.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from process.language import gettext as _
from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.ceremony import CeremonyError
from pseudonymisation.oprf import Proof, prove, verify
from pseudonymisation.p256 import ORDER, Point, SecretScalar, hash_to_scalar
from pseudonymisation.statement import Fault, unchecked
from pseudonymisation.threshold import PublicKeyset
from pseudonymisation.vault import ShareVault, locked, unlocked

FACTOR_FORMAT: Final = "signaalregister/rotatiefactor/v1"
_NONCE_DST: Final = b"HashToScalar-signaalregister/rotatie-nonce/v1"


@dataclass(frozen=True)
class Scaling:
    """The commitments of the scaled keyset, with the proof that they are ρ times those of before.

    Attributes:
        commitments: ρ·C_0..ρ·C_(t-1).
        proof: one for all of them.
    """

    commitments: tuple[Point, ...] = field(repr=False)
    proof: Proof = field(repr=False)

    def members(self) -> dict[str, object]:
        """Its values under their names in files."""
        return {
            "toezeggingen": [base64url.encode(point.encode()) for point in self.commitments],
            "bewijs": base64url.encode(self.proof.to_bytes()),
        }

    @classmethod
    def of(cls, members: Any) -> "Scaling":
        """Read the two members.

        Raises:
            KeyError, TypeError, ValueError: one is missing or has another form.
        """
        points = tuple(Point.decode(base64url.decode(text)) for text in members["toezeggingen"])
        return cls(points, Proof.from_bytes(base64url.decode(members["bewijs"])))


def scale(before: PublicKeyset, factor: SecretScalar) -> Scaling:
    """Multiply the commitments, and prove it; the same each time for one keyset and factor."""
    scaled = tuple(factor.times(point) for point in before.commitments)

    def nonce(transcript: bytes) -> SecretScalar:
        # As RFC 6979: one statement, one nonce. A file that is made twice is then the same file.
        return SecretScalar(hash_to_scalar(factor.to_bytes() + transcript, _NONCE_DST))

    return Scaling(scaled, prove(factor, before.commitments, scaled, nonce=nonce))


def scaled_keyset(before: PublicKeyset, scaling: Scaling, committed: Point) -> PublicKeyset:
    """The keyset of the next epoch, checked against R = ρ·G.

    Raises:
        InvalidProof: these are not the commitments of before times the logarithm of R.
    """
    verify(committed, before.commitments, scaling.commitments, scaling.proof)
    return PublicKeyset(
        before.name,
        before.profile,
        before.epoch + 1,
        before.threshold,
        before.size,
        before.origin,
        scaling.commitments,
    )


def scaled_share(share: SecretScalar, factor: SecretScalar) -> SecretScalar:
    """ρ·k_i.

    Raises:
        ValueError: outside [1, n-2], of probability 2^-255.
    """
    return SecretScalar(share.reveal() * factor.reveal() % ORDER)


@dataclass(frozen=True, repr=False)
class Factor:
    """ρ, with what it belongs to.

    Attributes:
        keyset: name of the keyset.
        before: fingerprint of the keyset of before.
        after: fingerprint of the scaled keyset.
        value: ρ.
    """

    keyset: str
    before: str
    after: str
    value: SecretScalar


def factor_file(factor: Factor, vault: ShareVault) -> bytes:
    """The bytes of the register's locked file."""
    return locked(_members(factor), Secret(factor.value.to_bytes()), vault)


def read_factor(data: bytes, before: PublicKeyset, after: PublicKeyset, vault: ShareVault) -> Factor:
    """ρ, checked: K' = ρK, and all other commitments with it.

    Raises:
        LockError: it does not open with this.
        CeremonyError: not such a file, of other keysets, or K' is not ρK.
    """
    try:
        members = unchecked(data, FACTOR_FORMAT)
    except Fault:
        raise _other(_("Het bestand met de rotatiefactor is niet te lezen of klopt niet.")) from None
    told = (members.get("sleutelset"), members.get("van"), members.get("naar"))
    if told != (before.name, before.fingerprint, after.fingerprint):
        raise _other(_("De rotatiefactor hoort niet bij deze twee sleutelsets."))
    opened = unlocked(members, vault).reveal()
    try:
        value = SecretScalar.from_bytes(opened)
    except ValueError:
        raise _other(_("In de rotatiefactor zit geen bruikbaar getal.")) from None
    check_factor(value, before, after)
    return Factor(before.name, before.fingerprint, after.fingerprint, value)


def check_factor(factor: SecretScalar, before: PublicKeyset, after: PublicKeyset) -> None:
    """Check that K' = ρK and that the keysets follow on each other.

    Raises:
        CeremonyError: they do not.
    """
    scaled = tuple(factor.times(point) for point in before.commitments)
    follows = (before.name, before.profile, before.epoch + 1) == (after.name, after.profile, after.epoch)
    if scaled != after.commitments or not follows:
        raise _other(_("Deze sleutelset is niet de vorige maal de rotatiefactor."))


def check_same_key(one: PublicKeyset, later: PublicKeyset) -> None:
    """Check that the later keyset has the key of this one: that it was dealt anew, however often, and not rotated.

    Raises:
        CeremonyError: another key, keyset or profile, or no later epoch.
    """
    same = (one.name, one.profile, one.key) == (later.name, later.profile, later.key)
    if not same or later.epoch <= one.epoch or later.origin is not one.origin:
        raise CeremonyError(
            _("Deze sleutelset is niet een nieuwe verdeling van dezelfde sleutel."),
            _("Gebruik sleutelset.json van de herverdeling, en vergelijk de vingerafdruk per telefoon."),
        )


def _members(factor: Factor) -> dict[str, object]:
    return {
        "formaat": FACTOR_FORMAT,
        "sleutelset": factor.keyset,
        "van": factor.before,
        "naar": factor.after,
    }


def _other(reason: str) -> CeremonyError:
    return CeremonyError(
        reason, _("Gebruik de bestanden van één rotatie, precies zoals de ceremonie ze schreef.")
    )
