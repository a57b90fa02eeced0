# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""C2SP signed notes (https://c2sp.org/signed-note), with Ed25519 signatures (type 0x01, RFC 8032).

A note is text ending in a newline, an empty line, and one or more lines ``— NAME BASE64(key id ‖ signature)``. Everything
that this project's log signs is a note, so that tools which we did not write can check it:

1. ``parse`` accepts the form and nothing beside it: UTF-8, no control characters, Base64 in its one spelling.
2. Signatures of unknown keys are ignored, as the specification demands: others (witnesses) add theirs.
3. Every signature of a known key must verify; one that fails condemns the whole note.
4. Without at least one verified signature of a known key, ``open_note`` raises: the text MUST be ignored.

Checking needs Python alone (``audit.ed25519``), since the verifier is one file that runs anywhere; signing needs OpenSSL, and
asks for it when it signs. Who checks much takes ``audit.openssl.OpensslVerifier``.

Signing keys are read and written in the form of golang.org/x/mod/sumdb/note (``PRIVATE+KEY+...``), verifier keys (vkeys)
in that of the specification. Left to others: what the text means, which keys to trust, and signatures of other types
(``audit.cosignature``), which share the form of keys and of lines.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol, Self

from audit import ed25519
from audit.canonical import EncodingError, base64_bytes, base64_text
from process.language import gettext as _
from process.secret import Secret

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
KEY_SIZE = 32
SIGNATURE_SIZE = 64
KEY_ID_SIZE = 4
LARGEST_NOTE = 256 * 1024
MOST_SIGNATURES = 64
"""The specification demands at least 16; post-quantum signatures of 16 witnesses fit in ``LARGEST_NOTE``."""

_SIGNED_BY = "— "
_PRIVATE = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteError(ValueError):
    """A note or key that must not be believed; the message says in Dutch why."""


@dataclass(frozen=True)
class Signature:
    """One signature line: the key's name, its 4-byte id, and what it signed with."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_SIGNED_BY}{self.name} {base64_text(self.key_id + self.signature)}\n"


@dataclass(frozen=True)
class Note:
    """A note in its parts. Nobody has verified it: its text is not to be believed yet."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(str(one) for one in self.signatures)


class NoteKey(Protocol):
    """The public half of a key of any type, by which a signature line is recognised and verified."""

    @property
    def name(self) -> str:
        """The name that stands in its signature lines."""

    @property
    def key_id(self) -> bytes:
        """The four bytes with which its signatures start."""

    def verifies(self, text: str, signature: bytes) -> bool:
        """True if ``signature`` (without the key id) is this key's over ``text``."""


@dataclass(frozen=True)
class Verifier:
    """The public half of a key: a name and 32 bytes of Ed25519 public key."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        require_key(self.name, self.public_key)

    def __eq__(self, other: object) -> bool:
        # Whichever way it checks: the key is the same key.
        return isinstance(other, Verifier) and (self.name, self.public_key) == (other.name, other.public_key)

    def __hash__(self) -> int:
        return hash((self.name, self.public_key))

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), the first four bytes."""
        return key_id_of(self.name, ED25519, self.public_key)

    @property
    def vkey(self) -> str:
        """The verifier key as text: ``NAME+KEYID+BASE64(0x01 ‖ public key)``."""
        return f"{self.name}+{self.key_id.hex()}+{base64_text(ED25519 + self.public_key)}"

    @classmethod
    def from_vkey(cls, vkey: str) -> Self:
        """Reads a verifier key.

        Raises:
            NoteError: it is not an Ed25519 vkey, its id is not that of its key, or anyone can sign with it.
        """
        name, key_id, key = key_parts(vkey.strip(), ED25519)
        verifier = cls(name, key)
        if key_id != verifier.key_id.hex():
            raise NoteError(_("het kenmerk in de sleutel hoort niet bij deze sleutel"))
        require_strong(key)
        return verifier

    def verifies(self, text: str, signature: bytes) -> bool:
        """True if ``signature`` is this key's over ``text``."""
        return ed25519.verifies(self.public_key, text.encode(), signature)


@dataclass(frozen=True)
class Signer:
    """A signing key with its name. Its seed never prints."""

    name: str
    seed: Secret

    def __post_init__(self) -> None:
        require_seed(self.seed)
        Verifier(self.name, bytes(KEY_SIZE))

    @cached_property
    def verifier(self) -> Verifier:
        """The public half, which checks by OpenSSL: who signs has it."""
        from audit.openssl import OpensslVerifier  # noqa: PLC0415 - who only checks need not have it

        return OpensslVerifier(self.name, bytes(self._key.public_key().public_bytes_raw()))

    @cached_property
    def _key(self) -> Any:
        """OpenSSL's, made once: making it takes as long as signing."""
        return _private_key(self.seed)

    @property
    def skey(self) -> Secret:
        """The signing key as text: ``PRIVATE+KEY+NAME+KEYID+BASE64(0x01 ‖ seed)``."""
        return secret_key_text(self.name, self.verifier.key_id, ED25519, self.seed)

    @classmethod
    def from_skey(cls, skey: Secret) -> Self:
        """Reads a signing key.

        Raises:
            NoteError: it is not an Ed25519 signing key, is weak, or its id is not that of its key. The key is not repeated.
        """
        name, key_id, seed = secret_key_parts(skey, ED25519)
        signer = cls(name, seed)
        if key_id != signer.verifier.key_id.hex():
            raise NoteError(_("het kenmerk in de sleutel hoort niet bij deze sleutel"))
        return signer

    def sign(self, text: str) -> Signature:
        """This key's signature over a note's text.

        Raises:
            NoteError: the text cannot stand in a note.
        """
        require_text(text)
        return Signature(self.name, self.verifier.key_id, bytes(self._key.sign(text.encode())))


def sign_note(text: str, signers: Iterable[Signer]) -> str:
    """The signed note over ``text``, which ends in a newline.

    Raises:
        NoteError: no signer, or a text that cannot stand in a note.
    """
    signatures = tuple(signer.sign(text) for signer in signers)
    if not signatures:
        raise NoteError(_("een verklaring zonder handtekening zegt niets"))
    return str(Note(text, signatures))


def add_signatures(note: str, signatures: Iterable[Signature]) -> str:
    """The note with signatures of others (cosignatures) added below its own; those already there are not repeated."""
    parsed = parse(note)
    fresh = tuple(one for one in signatures if one not in parsed.signatures)
    return str(Note(parsed.text, parsed.signatures + fresh))


def parse(note: str | bytes) -> Note:
    """The note in its parts, unverified.

    Raises:
        NoteError: it has not the form of the specification.
    """
    content = _decoded(note)
    text, separator, lines = content.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise NoteError(_("de verklaring heeft geen handtekeningen"))
    require_text(text + "\n")
    return Note(text + "\n", _signatures(lines))


def parse_signatures(lines: str | bytes) -> tuple[Signature, ...]:
    """Signature lines that stand by themselves, as a witness gives them; each ends in a newline.

    Raises:
        NoteError: they have not the form of the specification, or there is none.
    """
    content = _decoded(lines)
    if not content.endswith("\n"):
        raise NoteError(_("een handtekening staat niet in de goede vorm"))
    return _signatures(content)


def open_note(note: str | bytes, verifiers: Sequence[NoteKey]) -> str:
    """The text of a note that at least one of ``verifiers`` signed.

    Raises:
        NoteError: the form is wrong, a known key's signature fails, or no known key signed. Also without verifiers, since
            a check against nobody passes nothing.
    """
    parsed = parse(note)
    verified = False
    # Each line once: of one that is there sixty times, sixty checks would be for whoever sent it to ask.
    for signature in dict.fromkeys(parsed.signatures):
        for verifier in verifiers:
            if (verifier.name, verifier.key_id) == (signature.name, signature.key_id):
                if not verifier.verifies(parsed.text, signature.signature):
                    raise NoteError(_("de handtekening van {naam} klopt niet").format(naam=verifier.name))
                verified = True
    if not verified:
        raise NoteError(_("geen van de bekende sleutels heeft dit ondertekend"))
    return parsed.text


def _decoded(note: str | bytes) -> str:
    if len(note) > LARGEST_NOTE:
        raise NoteError(_("de verklaring is te groot"))
    try:
        content = note.decode("utf-8") if isinstance(note, bytes) else note
        content.encode("utf-8")
    except UnicodeError as error:
        raise NoteError(_("de verklaring is geen geldige UTF-8")) from error
    return content


def require_text(text: str) -> None:
    """Returns only if ``text`` may stand in a note.

    Raises:
        NoteError: it does not end in a newline, or holds control characters.
    """
    if not text.endswith("\n") or _CONTROL.search(text):
        raise NoteError(_("de tekst eindigt niet op een nieuwe regel, of bevat stuurtekens"))


def require_key(name: str, public_key: bytes) -> None:
    """Returns only if a key may bear this name and has 32 bytes.

    Raises:
        NoteError: it may not, or has not.
    """
    if _NAME.fullmatch(name) is None or _CONTROL.search(name):
        raise NoteError(_("de naam van een sleutel heeft geen spaties en geen plusteken"))
    if len(public_key) != KEY_SIZE:
        raise NoteError(_("een openbare sleutel telt 32 bytes"))


def require_seed(seed: Secret) -> None:
    """Returns only if ``seed`` can be that of an Ed25519 key.

    Raises:
        NoteError: another length, or one byte repeated.
    """
    if len(seed) != KEY_SIZE or len(set(seed.reveal())) == 1:
        raise NoteError(_("een geheime sleutel telt 32 onvoorspelbare bytes"))


def require_strong(public_key: bytes) -> None:
    """Returns only if a public key can be somebody's; asked where a key is read, since nobody can make one by accident.

    Raises:
        NoteError: it is no point of the curve, or one with which anyone can sign.
    """
    if ed25519.is_weak(public_key):
        raise NoteError(_("met deze sleutel kan iedereen ondertekenen"))


def public_half(seed: Secret) -> bytes:
    """The 32 bytes of public key that belong to a seed."""
    return bytes(_private_key(seed).public_key().public_bytes_raw())


def sign_bytes(seed: Secret, message: bytes) -> bytes:
    """The 64 bytes of Ed25519 signature over ``message``."""
    return bytes(_private_key(seed).sign(message))


def _private_key(seed: Secret) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - who only checks need not have it
        Ed25519PrivateKey,
    )

    return Ed25519PrivateKey.from_private_bytes(seed.reveal())


def key_id_of(name: str, kind: bytes, public_key: bytes) -> bytes:
    """SHA-256(name ‖ 0x0A ‖ type byte ‖ public key), the first four bytes."""
    return sha256(name.encode() + b"\n" + kind + public_key).digest()[:KEY_ID_SIZE]


def secret_key_text(name: str, key_id: bytes, kind: bytes, seed: Secret) -> Secret:
    """A signing key as text: ``PRIVATE+KEY+NAME+KEYID+BASE64(type byte ‖ seed)``."""
    return Secret(f"{_PRIVATE}{name}+{key_id.hex()}+{base64_text(kind + seed.reveal())}".encode())


def secret_key_parts(skey: Secret, kind: bytes) -> tuple[str, str, Secret]:
    """Name, hexadecimal key id and seed of a signing key of one type.

    Raises:
        NoteError: it has not that form; the key is not repeated.
    """
    text = skey.reveal().decode("utf-8", "replace").strip()
    if not text.startswith(_PRIVATE):
        raise NoteError(_("dit is geen geheime sleutel in de vorm PRIVATE+KEY+naam+kenmerk+sleutel"))
    name, key_id, seed = key_parts(text.removeprefix(_PRIVATE), kind)
    return name, key_id, Secret(seed)


def key_parts(text: str, kind: bytes) -> tuple[str, str, bytes]:
    """Name, hexadecimal id and 32 key bytes of ``NAME+KEYID+BASE64``; the Base64 itself may hold plus signs.

    Raises:
        NoteError: it has not that form, or the key is of another type than ``kind``. The text is not repeated.
    """
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise NoteError(_("een sleutel heeft de vorm naam+kenmerk+sleutel"))
    name, key_id, encoded = parts
    try:
        data = base64_bytes(encoded, size=1 + KEY_SIZE)
    except EncodingError:
        # Not chained: the text may be that of a secret key.
        raise NoteError(_("een sleutel heeft de vorm naam+kenmerk+sleutel")) from None
    if data[:1] != kind:
        raise NoteError(_("dit is een andere soort sleutel; {soort}").format(soort=_wanted(kind)))
    return name, key_id, data[1:]


def _wanted(kind: bytes) -> str:
    return {
        ED25519: _("nodig is Ed25519 (0x01)"),
        COSIGNATURE: _("nodig is die van een getuige (0x04)"),
    }[kind]


def _signatures(lines: str) -> tuple[Signature, ...]:
    signatures = tuple(_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise NoteError(_("de verklaring heeft te veel handtekeningen"))
    return signatures


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_SIGNED_BY).partition(" ")
    if not line.startswith(_SIGNED_BY) or not space or _NAME.fullmatch(name) is None or _CONTROL.search(line):
        raise NoteError(_("een handtekening staat niet in de goede vorm"))
    try:
        data = base64_bytes(encoded)
    except EncodingError as error:
        raise NoteError(_("een handtekening staat niet in de goede vorm")) from error
    if len(data) <= KEY_ID_SIZE:
        raise NoteError(_("een handtekening is te kort"))
    return Signature(name, data[:KEY_ID_SIZE], data[KEY_ID_SIZE:])
