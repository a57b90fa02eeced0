# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a node keeps of observations is sealed at rest: casebook, outbox, drafts and the secret that numbers signals.

1. A record is encrypted with AES-256-GCM (NIST SP 800-38D) under a key of its own, with a random nonce.
2. The record key is wrapped twice: with AES-256-GCM under a key derived (HKDF-SHA256, RFC 5869) from the seal secret, which stands in a file beside
   the database and never in it; and with HPKE (RFC 9180: base mode, DHKEM X25519, HKDF-SHA256, AES-256-GCM) to the recovery key of the municipality,
   whose private half is kept offline. Either opens the record, so it survives a lost file and an officer who leaves.
3. Content and both wraps are bound to their place (organisation, table, record): what is moved to another row does not open.
4. Each wrap names its key by eight bytes, so that it can be told which records still have to go over to a new one.
5. Records of revision 0001 were sealed under the seal's derived key itself, bound to their signal only. They open here, and are never made any more.

The randomness of HPKE is that of the library: RFC 9180 leaves the ephemeral key to it, and its interface takes none.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret

_NONCE_SIZE = 12
_KEY_SIZE = 32
_ID_SIZE = 8
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PRIVATE = b"PRIVATE KEY-----"


class BrokenSealError(ValueError):
    """A sealed record that was altered, moved, or sealed under another key."""


class RecoveryKeyError(ValueError):
    """A recovery key that cannot be used; the message is Dutch, for the administrator."""


@dataclass(frozen=True)
class Place:
    """Where a record stands: it opens nowhere else.

    Attributes:
        tenant: code of the organisation.
        table: the table.
        record: its key in that table, as text.
        before_tenants: to what a record of revision 0001 was bound; None where that revision sealed nothing.
    """

    tenant: str
    table: str
    record: str
    before_tenants: str | None = None

    def bound(self, what: str) -> bytes:
        """Associated data for one of the three ciphertexts of a record."""
        return _joined("signaalregister/node/zegel/v2", what, self.tenant, self.table, self.record)


@dataclass(frozen=True)
class Sealed:
    """A record as it is stored.

    Attributes:
        content: nonce (12) ‖ ciphertext ‖ tag (16).
        wrapped: the record key under the seal, in the same form; None for a record of revision 0001.
        seal_key: which seal secret.
        recovery: the record key for the recovery key, as HPKE writes it; None when there was no recovery key.
        recovery_key: which recovery key.
    """

    content: bytes = field(repr=False)
    wrapped: bytes | None = field(default=None, repr=False)
    seal_key: bytes | None = None
    recovery: bytes | None = field(default=None, repr=False)
    recovery_key: bytes | None = None


@dataclass(frozen=True)
class RecoveryKey:
    """The public half of the municipality's recovery key: it wraps, and opens nothing."""

    public: X25519PublicKey

    @property
    def name(self) -> bytes:
        """Eight bytes of its SHA-256."""
        return hashlib.sha256(self.public.public_bytes_raw()).digest()[:_ID_SIZE]

    def wrap(self, record_key: bytes, place: Place) -> bytes:
        """A record key for whoever has the private half."""
        return _SUITE.encrypt(record_key, self.public, info=place.bound("herstel"))


@dataclass(frozen=True)
class RecoverySecret:
    """The private half, for as long as a recovery takes."""

    private: X25519PrivateKey = field(repr=False)

    @property
    def public(self) -> RecoveryKey:
        """Its public half."""
        return RecoveryKey(self.private.public_key())

    def record_key(self, sealed: Sealed, place: Place) -> bytes:
        """The key of a record that was wrapped for this recovery key.

        Raises:
            BrokenSealError: it was not, or it was altered or moved.
        """
        if sealed.recovery is None:
            raise BrokenSealError("this record was never wrapped for a recovery key")
        try:
            return _SUITE.decrypt(sealed.recovery, self.private, info=place.bound("herstel"))
        except (InvalidTag, ValueError):
            raise BrokenSealError("this record does not open with this recovery key") from None


@dataclass(frozen=True)
class Seal:
    """Seals and opens records of one organisation.

    Attributes:
        secret: at least 32 bytes from the seal file.
        randomness: 56 bytes for each record sealed.
        recovery: for whom every record key is wrapped as well; None in an exercise without one.
    """

    secret: Secret
    randomness: Randomness = field(repr=False)
    recovery: RecoveryKey | None = None

    @property
    def name(self) -> bytes:
        """Eight bytes that name this secret and say nothing about it."""
        return _derived(self.secret, b"signaalregister/node/zegelnaam/v1").reveal()[:_ID_SIZE]

    @property
    def recovery_name(self) -> bytes | None:
        """The name of the recovery key, if there is one."""
        return None if self.recovery is None else self.recovery.name

    def close(self, plain: bytes, place: Place) -> Sealed:
        """`plain` sealed for one place, under a fresh record key."""
        record_key = self.randomness(_KEY_SIZE)
        content = self._encrypted(record_key, plain, place.bound("inhoud"))
        return self.wrapped(content, record_key, place)

    def wrapped(self, content: bytes, record_key: bytes, place: Place) -> Sealed:
        """The same content, its record key wrapped for this seal and its recovery key."""
        return Sealed(
            content,
            self._encrypted(self._wrapping(), record_key, place.bound("sleutel")),
            self.name,
            None if self.recovery is None else self.recovery.wrap(record_key, place),
            self.recovery_name,
        )

    def open(self, sealed: Sealed, place: Place) -> bytes:
        """What was sealed for this place.

        Raises:
            BrokenSealError: it was not, or not under this seal.
        """
        if sealed.wrapped is None:
            return self._opened_before_tenants(sealed.content, place)
        return _decrypted(self.record_key(sealed, place), sealed.content, place.bound("inhoud"))

    def record_key(self, sealed: Sealed, place: Place) -> bytes:
        """The key of a record that was wrapped under this seal.

        Raises:
            BrokenSealError: it was not.
        """
        if sealed.wrapped is None:
            raise BrokenSealError("this record has no key of its own")
        return _decrypted(self._wrapping(), sealed.wrapped, place.bound("sleutel"))

    def renewed(self, sealed: Sealed, place: Place) -> Sealed:
        """The same record for today's recovery key; one of revision 0001 gets a record key first.

        Raises:
            BrokenSealError: it does not open under this seal.
        """
        if sealed.wrapped is None:
            return self.close(self.open(sealed, place), place)
        return self.wrapped(sealed.content, self.record_key(sealed, place), place)

    def _opened_before_tenants(self, content: bytes, place: Place) -> bytes:
        if place.before_tenants is None:
            raise BrokenSealError("revision 0001 sealed nothing of this kind")
        key = _derived(self.secret, b"signaalregister/node/dossier/v1").reveal()
        return _decrypted(key, content, place.before_tenants.encode())

    def _wrapping(self) -> bytes:
        return _derived(self.secret, b"signaalregister/node/zegel/v2").reveal()

    def _encrypted(self, key: bytes, plain: bytes, bound: bytes) -> bytes:
        nonce = self.randomness(_NONCE_SIZE)
        return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypted(key: bytes, content: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(content[:_NONCE_SIZE], content[_NONCE_SIZE:], bound)
    except (InvalidTag, ValueError):
        raise BrokenSealError("this record does not open here") from None


def is_private(pem: bytes) -> bool:
    """True if a PEM file holds a private key, of whatever kind and whether or not it has a password."""
    return _PRIVATE in pem


def recovery_key(pem: bytes) -> RecoveryKey:
    """The public recovery key of a municipality.

    Raises:
        RecoveryKeyError: not a public X25519 key.
    """
    try:
        found = load_pem_public_key(pem)
    except ValueError:
        found = None
    if not isinstance(found, X25519PublicKey):
        raise RecoveryKeyError(_("dit is geen openbare X25519-sleutel in PEM"))
    return RecoveryKey(found)


def recovery_secret(pem: bytes) -> RecoverySecret:
    """The private recovery key.

    Raises:
        RecoveryKeyError: not an X25519 key, or behind a password.
    """
    try:
        found = load_pem_private_key(pem, password=None)
    except TypeError:
        raise RecoveryKeyError(
            _(
                "op deze sleutel staat een wachtwoord; maak eerst een kopie zonder, op een schijf die u daarna wist"
            )
        ) from None
    except ValueError:
        found = None
    if not isinstance(found, X25519PrivateKey):
        raise RecoveryKeyError(_("dit is geen geheime X25519-sleutel in PEM"))
    return RecoverySecret(found)


def identity_of(secret: Secret) -> Secret:
    """The secret from which an organisation's signals get their numbers, as revision 0001 derived it from the seal.

    From revision 0003 it is a sealed record of its own (`register.municipal.recovery`), so that it outlives the seal.
    """
    return _derived(secret, b"signaalregister/node/herhaling/v1")


def seed_for(identity: Secret, *names: str) -> Secret:
    """32 bytes that only this organisation can make again, from the names of what they are for (HMAC-SHA256)."""
    return Secret(hmac.digest(identity.reveal(), _joined(*names), hashlib.sha256))


def named_seed(secret: Secret, *names: str) -> Secret:
    """As `seed_for`, straight from a seal secret: for what need not outlive it."""
    return seed_for(identity_of(secret), *names)


def keyed_digest(identity: Secret, content: bytes) -> bytes:
    """Tells whether two contents are the same, and nothing to whoever lacks the secret: a bare hash of a name or number can be guessed."""
    return hmac.digest(seed_for(identity, "inhoud").reveal(), content, hashlib.sha256)


def _joined(*names: str) -> bytes:
    return b"".join(len(name.encode()).to_bytes(2, "big") + name.encode() for name in names)


def _derived(secret: Secret, label: bytes) -> Secret:
    return Secret(HKDF(SHA256(), _KEY_SIZE, salt=None, info=label).derive(secret.reveal()))


def expanding(seed: Secret) -> Randomness:
    """A source of bytes that gives the same bytes for the same seed: HMAC-SHA256 in counter mode.

    A signal that is sent again must be the same message, its filler points included.
    """
    counter = 0

    def draw(size: int) -> bytes:
        nonlocal counter
        drawn = b""
        while len(drawn) < size:
            drawn += hmac.digest(seed.reveal(), counter.to_bytes(8, "big"), hashlib.sha256)
            counter += 1
        return drawn[:size]

    return draw
