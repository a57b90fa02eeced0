# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A zegel: a narrative and chosen attributes, sealed by the owner's node to one recipient's key (docs/spec/sealed-release.md).

1. HPKE (RFC 9180), base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, one message. A zegel is `0x01 ‖ enc (32) ‖ ciphertext ‖ tag (16)`.
2. `info` names all that it is for: register, owner, signal and version, recipient (organisation, role, officer), key, release. What is moved to another signal, version,
   recipient or release does not open.
3. The content is canonical JSON behind its length (4 bytes), filled with zeros to a size class, so that its size tells one of four.
4. Base mode says nothing of who sealed: whoever has the public key can. A recipient checks with the owner by telephone before acting on it; docs/threat-model.md says so.

The randomness of HPKE is that of the library: RFC 9180 leaves the ephemeral key to it, and its interface takes none.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from audit.canonical import JSON, EncodingError, canonical_json
from pseudonymisation.pseudonym import length_prefixed
from register.recipients import NARRATIVE

LABEL: Final = "signaalregister/zegel/v1"
VERSION: Final = b"\x01"
CLASSES: Final = (2_048, 8_192, 32_768, 131_072)
"""Bytes of content, filled up; what does not fit in the largest is not sealed."""
OVERHEAD: Final = len(VERSION) + 32 + 16
LARGEST: Final = CLASSES[-1] + OVERHEAD
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_LENGTH: Final = 4


class BrokenZegelError(ValueError):
    """A zegel that does not open here: altered, moved, or for another key."""


class TooLargeError(ValueError):
    """More than the largest size class holds."""


@dataclass(frozen=True)
class Bound:
    """All that a zegel is for.

    Attributes:
        register: name of the register's log.
        organisation: whose signal.
        signal_id: of the signal.
        version: of the signal.
        recipient: organisation, role and officer; an empty officer names the role.
        key: name of the key (`register.recipients.key_id`).
        release_id: of this release.
    """

    register: str
    organisation: str
    signal_id: UUID
    version: int
    recipient: tuple[str, str, str]
    key: str
    release_id: UUID

    @property
    def info(self) -> bytes:
        """HPKE's `info`: each part behind its length (2 bytes)."""
        parts = (
            LABEL,
            self.register,
            self.organisation,
            str(self.signal_id),
            str(self.version),
            *self.recipient,
            self.key,
            str(self.release_id),
        )
        return length_prefixed(*(one.encode() for one in parts))


@dataclass(frozen=True)
class SealedAttribute:
    """One attribute of one subject: `ref`, kind, and its parts as they were typed; with its ground."""

    ref: str
    kind: str
    fields: dict[str, str] = field(repr=False)
    ground: str = ""


@dataclass(frozen=True)
class Content:
    """What a zegel holds.

    Attributes:
        narrative: None if it was not chosen.
        narrative_ground: id of its ground; "" without a narrative.
        attributes: those that were chosen.
    """

    narrative: str | None = field(default=None, repr=False)
    narrative_ground: str = ""
    attributes: Sequence[SealedAttribute] = field(default=(), repr=False)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return self.narrative is None and not self.attributes

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which kinds of fields are in it."""
        told = () if self.narrative is None else (NARRATIVE,)
        return tuple(dict.fromkeys((*told, *(one.kind for one in self.attributes))))

    def written(self) -> bytes:
        """Canonical JSON."""
        members: dict[str, JSON] = {
            "verhaal": self.narrative,
            "verhaalGrondslag": self.narrative_ground,
            "kenmerken": [
                {"ref": one.ref, "soort": one.kind, "velden": dict(one.fields), "grondslag": one.ground}
                for one in self.attributes
            ],
        }
        return canonical_json(members)

    @classmethod
    def read(cls, content: bytes) -> "Content":
        """What `written` wrote.

        Raises:
            BrokenZegelError: it has another form.
        """
        try:
            members: dict[str, Any] = json.loads(content)
            attributes = tuple(
                SealedAttribute(
                    str(one["ref"]),
                    str(one["soort"]),
                    {str(name): str(text) for name, text in one["velden"].items()},
                    str(one["grondslag"]),
                )
                for one in members["kenmerken"]
            )
            narrative = members["verhaal"]
            found = cls(
                None if narrative is None else str(narrative), str(members["verhaalGrondslag"]), attributes
            )
            same = found.written() == content
        except (ValueError, KeyError, TypeError, AttributeError, EncodingError):
            same = False
        if not same:
            raise BrokenZegelError("the content of this zegel has another form")
        return found


def padded(content: bytes) -> bytes:
    """The content behind its length, filled up to the smallest class that holds it.

    Raises:
        TooLargeError: no class does.
    """
    size = next((one for one in CLASSES if one >= _LENGTH + len(content)), None)
    if size is None:
        raise TooLargeError("more than the largest class holds")
    return (len(content).to_bytes(_LENGTH, "big") + content).ljust(size, b"\x00")


def unpadded(filled: bytes) -> bytes:
    """What `padded` filled up.

    Raises:
        BrokenZegelError: the size is no class, or what fills it is not zeros.
    """
    length = int.from_bytes(filled[:_LENGTH], "big")
    content = filled[_LENGTH : _LENGTH + length]
    try:
        same = padded(content) == filled
    except TooLargeError:
        same = False
    if not same:
        raise BrokenZegelError("this zegel was filled up otherwise")
    return content


def seal(content: Content, key: bytes, bound: Bound) -> bytes:
    """A zegel for the holder of `key` (32 bytes).

    Raises:
        TooLargeError: it is too much for one zegel.
    """
    public = X25519PublicKey.from_public_bytes(key)
    return VERSION + _SUITE.encrypt(padded(content.written()), public, info=bound.info)


def unseal(zegel: bytes, private: X25519PrivateKey, bound: Bound) -> Content:
    """What was sealed for us, and for exactly this.

    Raises:
        BrokenZegelError: it was not.
    """
    if zegel[:1] != VERSION or len(zegel) - OVERHEAD not in CLASSES:
        raise BrokenZegelError("this is no zegel of this version")
    try:
        filled = _SUITE.decrypt(zegel[1:], private, info=bound.info)
    except (InvalidTag, ValueError):
        raise BrokenZegelError("this zegel does not open here") from None
    return Content.read(unpadded(filled))
