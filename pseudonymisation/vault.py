# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A secret at rest is locked: a file alone opens nothing.

A locked file is canonical JSON: public members that say what it is, `slot` (how it is locked) and `verzegeld`. Everything but `verzegeld` is bound to
the seal, so a file whose public members were changed does not open.

`ShareVault` is the port: something that wraps and unwraps. Two are here, and both pass the same tests (tests/pseudonymisation/test_vault.py):

- `PassphraseVault`: Argon2id (RFC 9106) over a passphrase, then AES-256-GCM (NIST SP 800-38D). For a holder without a device; the passphrase comes
  from a file that is not kept beside the share.
- `KeyVault`: AES-256-GCM under a key that is elsewhere. It is the software twin of a hardware security module: such a module keeps the key and
  offers wrap and unwrap, which is all that this port asks.

Pure: passphrase, key and randomness come in as arguments.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.ceremony import CeremonyError
from pseudonymisation.threshold import canonical_json

MINIMUM_PASSPHRASE: Final = 20
"""Characters; with 24 random bytes as base64, as the way forward advises, it is 32."""

KEY_BYTES: Final = 32

_NONCE_BYTES: Final = 12
_SALT_BYTES: Final = 16
_LOCK: Final = "slot"
_SEALED: Final = "verzegeld"
_BY_PHRASE: Final = "wachtzin"
_BY_KEY: Final = "kluis"
_KEY_NAME: Final = b"signaalregister/kluisnaam/v1\n"


class LockError(CeremonyError):
    """What is locked does not open with what was given. No message repeats a passphrase or a key."""


@dataclass(frozen=True)
class PassphraseCost:
    """The complete parameters of Argon2id for a passphrase, under a name; other parameters are another name.

    Attributes:
        name: as it stands in files.
        memory_kib: m, in KiB.
        passes: t.
        lanes: p.
    """

    name: str
    memory_kib: int
    passes: int
    lanes: int


RFC9106_LOW_MEMORY: Final = PassphraseCost("rfc9106-64mib-3-4", memory_kib=64 * 1024, passes=3, lanes=4)
"""RFC 9106 section 4, the second recommended option: t=3, p=4, m=64 MiB. A holder pays it once, when it starts."""

UNSAFE_CHEAP_FOR_TESTS: Final = PassphraseCost("onveilig-voor-tests", memory_kib=8, passes=1, lanes=1)
"""No protection at all: no command and no setting can choose it."""


@dataclass(frozen=True, repr=False)
class Wrapped:
    """What a vault gives back.

    Attributes:
        lock: how it is locked, in words and numbers that everyone may see.
        sealed: the ciphertext.
    """

    lock: Mapping[str, object]
    sealed: bytes


class ShareVault(Protocol):
    """What wraps a secret so that it can lie on a disk, and unwraps it: a passphrase, or a device that keeps a key."""

    def wrap(self, content: Secret, bound: bytes) -> Wrapped:
        """Wrap a secret, bound to what its file says it is."""
        ...

    def unwrap(self, wrapped: Wrapped, bound: bytes) -> Secret:
        """The secret again.

        Raises:
            LockError: locked in another way, with another passphrase or key, or not bound to this.
        """
        ...


class PassphraseVault:
    """Locks with a passphrase.

    Args:
        passphrase: its UTF-8 bytes.
        randomness: for salts and nonces.
        cost: parameters of Argon2id.

    Raises:
        LockError: a passphrase that could be guessed.
    """

    __slots__ = ("_cost", "_passphrase", "_randomness")

    def __init__(
        self, passphrase: Secret, randomness: Randomness, cost: PassphraseCost = RFC9106_LOW_MEMORY
    ) -> None:
        _check_passphrase(passphrase)
        self._passphrase = passphrase
        self._randomness = randomness
        self._cost = cost

    def wrap(self, content: Secret, bound: bytes) -> Wrapped:
        """Wrap under a key derived with a fresh salt."""
        salt = self._randomness(_SALT_BYTES)
        lock = {"wijze": _BY_PHRASE, "kosten": self._cost.name, "zout": base64url.encode(salt)}
        return Wrapped(lock, _encrypt(self._derived(salt), content, bound, lock, self._randomness))

    def unwrap(self, wrapped: Wrapped, bound: bytes) -> Secret:
        """Unwrap; the cost must be the one by its name, so that no file can choose a cheaper one."""
        _check_way(wrapped, _BY_PHRASE)
        if wrapped.lock.get("kosten") != self._cost.name:
            raise LockError(
                _("Dit bestand is met andere kosten van Argon2id verzegeld dan deze software kent."),
                _("Gebruik de versie van de software die het bestand schreef."),
            )
        salt = base64url.decode(str(wrapped.lock.get("zout")))
        if len(salt) != _SALT_BYTES:
            raise _altered()
        opened = _decrypt(self._derived(salt), wrapped, bound)
        if opened is None:
            raise LockError(
                _("De wachtzin opent dit bestand niet, of het bestand is veranderd."),
                _("Geef de wachtzin waarmee het is verzegeld, of zet de kopie van het bestand terug."),
            )
        return opened

    def _derived(self, salt: bytes) -> bytes:
        return hash_secret_raw(
            secret=self._passphrase.reveal(),
            salt=salt,
            time_cost=self._cost.passes,
            memory_cost=self._cost.memory_kib,
            parallelism=self._cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )

    def __repr__(self) -> str:
        return f"PassphraseVault(***, {self._cost.name})"


class KeyVault:
    """Locks with a key that is kept elsewhere.

    Args:
        key: 32 random bytes.
        randomness: for nonces.

    Raises:
        LockError: a key of another length.
    """

    __slots__ = ("_key", "_randomness")

    def __init__(self, key: Secret, randomness: Randomness) -> None:
        if len(key) != KEY_BYTES:
            raise LockError(
                _("De sleutel van de kluis is niet precies 32 bytes."),
                _("Maak een nieuwe: head -c 32 /dev/urandom > kluis.key, en chmod 600."),
            )
        self._key = key
        self._randomness = randomness

    @property
    def name(self) -> str:
        """Which key: eight bytes of a hash, so that a wrong key can be told from an altered file."""
        return hashlib.sha256(_KEY_NAME + self._key.reveal()).hexdigest()[:16]

    def wrap(self, content: Secret, bound: bytes) -> Wrapped:
        """Wrap under the key of the vault."""
        lock = {"wijze": _BY_KEY, "kluis": self.name}
        return Wrapped(lock, _encrypt(self._key.reveal(), content, bound, lock, self._randomness))

    def unwrap(self, wrapped: Wrapped, bound: bytes) -> Secret:
        """Unwrap what this vault wrapped."""
        _check_way(wrapped, _BY_KEY)
        if wrapped.lock.get("kluis") != self.name:
            raise LockError(
                _("Dit bestand is met een andere kluis verzegeld dan de kluis die is ingesteld."),
                _("Stel de kluis in waarmee het is verzegeld."),
            )
        opened = _decrypt(self._key.reveal(), wrapped, bound)
        if opened is None:
            raise _altered()
        return opened

    def __repr__(self) -> str:
        return "KeyVault(***)"


def locked(members: Mapping[str, object], content: Secret, vault: ShareVault) -> bytes:
    """The bytes of a locked file.

    Args:
        members: what everyone may see, with `formaat`.
        content: what nobody may see.
        vault: locks it.
    """
    wrapped = vault.wrap(content, canonical_json(members))
    return canonical_json({**members, _LOCK: wrapped.lock, _SEALED: base64url.encode(wrapped.sealed)})


def unlocked(members: Mapping[str, Any], vault: ShareVault) -> Secret:
    """What is locked in a file, given all of its members.

    Raises:
        LockError: see `ShareVault.unwrap`; or no form of a locked file.
    """
    public = {name: value for name, value in members.items() if name not in {_LOCK, _SEALED}}
    try:
        wrapped = Wrapped(dict(members[_LOCK]), base64url.decode(members[_SEALED]))
        return vault.unwrap(wrapped, canonical_json(public))
    except LockError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError):
        raise _altered() from None


def _check_passphrase(passphrase: Secret) -> None:
    try:
        text = passphrase.reveal().decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if len(text) < MINIMUM_PASSPHRASE or len(set(text)) < 8:
        raise LockError(
            _("De wachtzin is te kort of te eenvoudig: het moeten minstens {aantal} tekens zijn.").format(
                aantal=MINIMUM_PASSPHRASE
            ),
            _("Laat een wachtzin maken: head -c 24 /dev/urandom | base64 > wachtzin, en chmod 600."),
        )


def _check_way(wrapped: Wrapped, way: str) -> None:
    found = wrapped.lock.get("wijze")
    if found != way:
        raise LockError(
            _("Dit bestand is met een {een} verzegeld en er is een {ander} gegeven.").format(
                een=_BY_KEY if found == _BY_KEY else _BY_PHRASE, ander=way
            ),
            _("Geef de {een} waarmee het is verzegeld.").format(
                een=_BY_KEY if found == _BY_KEY else _BY_PHRASE
            ),
        )


def _encrypt(
    key: bytes, content: Secret, bound: bytes, lock: Mapping[str, object], randomness: Randomness
) -> bytes:
    nonce = randomness(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content.reveal(), bound + canonical_json(lock))


def _decrypt(key: bytes, wrapped: Wrapped, bound: bytes) -> Secret | None:
    nonce, ciphertext = wrapped.sealed[:_NONCE_BYTES], wrapped.sealed[_NONCE_BYTES:]
    try:
        return Secret(AESGCM(key).decrypt(nonce, ciphertext, bound + canonical_json(wrapped.lock)))
    except (ValueError, InvalidTag):
        return None


def _altered() -> LockError:
    return LockError(
        _("Dit verzegelde bestand is veranderd of beschadigd."),
        _("Zet de kopie van het bestand terug; zonder kopie: vraag de andere houders om een nieuw aandeel."),
    )
