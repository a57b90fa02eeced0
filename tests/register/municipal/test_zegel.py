# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A zegel opens for whom and what it was made, and for nothing else; a second reader, written from RFC 9180 alone, opens it too."""

import hashlib
import hmac
import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from register.municipal.zegel import (
    CLASSES,
    OVERHEAD,
    Bound,
    BrokenZegelError,
    Content,
    SealedAttribute,
    TooLargeError,
    padded,
    seal,
    unpadded,
    unseal,
)
from register.wire import LARGEST_ZEGEL

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "sealed-release" / "v1.json").read_text("utf-8")
)
KEY = X25519PrivateKey.from_private_bytes(bytes(range(7, 39)))
PUBLIC = KEY.public_key().public_bytes_raw()
BOUND = Bound(
    "log.example/oefening",
    "GM9001",
    UUID(int=1, version=4),
    1,
    ("TMM", "tmm_coordinator", ""),
    "ab" * 16,
    UUID(int=2, version=4),
)
CONTENT = Content("Wat ik zag.", "OEF-GEM-GM9001", [SealedAttribute("s1", "phone", {"number": "+31612345678"}, "OEF-GEM-GM9001")])  # fmt: skip


# ---- a second reader: RFC 9180 sections 4.1, 5.1 and 5.2, on X25519, HMAC and AES-GCM alone -----------------------------------

_KEM = b"KEM" + (0x0020).to_bytes(2, "big")
_HPKE = b"HPKE" + b"".join(one.to_bytes(2, "big") for one in (0x0020, 0x0001, 0x0002))


def _extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, hashlib.sha256)


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, size: int) -> bytes:
    labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    made, block = b"", b""
    for number in range(1, size // 32 + 2):
        block = hmac.digest(key, block + labelled + bytes([number]), hashlib.sha256)
        made += block
    return made[:size]


def independently_opened(zegel: bytes, private: bytes, info: bytes) -> bytes:
    """The filled content of a zegel, by a reader that shares no code with the one under test."""
    assert zegel[0] == 1
    enc, ciphertext = zegel[1:33], zegel[33:]
    secret = X25519PrivateKey.from_private_bytes(private)
    shared = secret.exchange(X25519PublicKey.from_public_bytes(enc))
    context = enc + secret.public_key().public_bytes_raw()
    kem = _expand(_KEM, _extract(_KEM, b"", b"eae_prk", shared), b"shared_secret", context, 32)
    schedule = b"\x00" + _extract(_HPKE, b"", b"psk_id_hash", b"") + _extract(_HPKE, b"", b"info_hash", info)
    exporter = _extract(_HPKE, kem, b"secret", b"")
    key = _expand(_HPKE, exporter, b"key", schedule, 32)
    nonce = _expand(_HPKE, exporter, b"base_nonce", schedule, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, b"")


def independent_info(bound: dict[str, str]) -> bytes:
    """`info` as docs/spec/sealed-release.md writes it."""
    parts = [
        "signaalregister/zegel/v1",
        *(bound[name] for name in ("register", "organisatie", "signaal", "versie")),
        *(bound[name] for name in ("ontvanger", "rol", "medewerker", "sleutel", "vrijgave")),
    ]
    return b"".join(len(one.encode()).to_bytes(2, "big") + one.encode() for one in parts)


@pytest.mark.parametrize("vector", VECTORS["goed"], ids=[one["naam"] for one in VECTORS["goed"]])
def test_a_second_reader_opens_what_ours_sealed(vector: dict[str, object]) -> None:
    zegel, private = bytes.fromhex(str(vector["zegel"])), bytes.fromhex(str(vector["geheim"]))
    filled = independently_opened(zegel, private, independent_info(vector["gebonden"]))  # type: ignore[arg-type]
    length = int.from_bytes(filled[:4], "big")
    assert json.loads(filled[4 : 4 + length]) == vector["inhoud"]
    assert not any(filled[4 + length :])
    said = vector["gebonden"]
    assert isinstance(said, dict)
    bound = Bound(
        said["register"], said["organisatie"], UUID(said["signaal"]), int(said["versie"]),
        (said["ontvanger"], said["rol"], said["medewerker"]), said["sleutel"], UUID(said["vrijgave"]),
    )  # fmt: skip
    assert (
        json.loads(unseal(zegel, X25519PrivateKey.from_private_bytes(private), bound).written())
        == vector["inhoud"]
    )


@pytest.mark.parametrize("vector", VECTORS["fout"], ids=[one["naam"] for one in VECTORS["fout"]])
def test_no_reader_opens_what_is_wrong(vector: dict[str, str]) -> None:
    with pytest.raises(BrokenZegelError):
        unseal(bytes.fromhex(vector["zegel"]), KEY, BOUND)


def test_a_fresh_zegel_is_read_by_the_second_reader_and_no_two_are_alike() -> None:
    one, other = seal(CONTENT, PUBLIC, BOUND), seal(CONTENT, PUBLIC, BOUND)
    assert one[:33] != other[:33]
    assert independently_opened(one, KEY.private_bytes_raw(), BOUND.info) == padded(CONTENT.written())


MOVED = {
    "another register": replace(BOUND, register="log.example/ander"),
    "another owner": replace(BOUND, organisation="GM9002"),
    "another signal": replace(BOUND, signal_id=UUID(int=9, version=4)),
    "another version": replace(BOUND, version=2),
    "another organisation": replace(BOUND, recipient=("NLA", "tmm_coordinator", "")),
    "another role": replace(BOUND, recipient=("TMM", "tmm_analist", "")),
    "another officer": replace(BOUND, recipient=("TMM", "tmm_coordinator", "een-ander")),
    "another key": replace(BOUND, key="cd" * 16),
    "another release": replace(BOUND, release_id=UUID(int=8, version=4)),
}


@pytest.mark.parametrize("bound", list(MOVED.values()), ids=list(MOVED))
def test_what_is_moved_does_not_open(bound: Bound) -> None:
    with pytest.raises(BrokenZegelError):
        unseal(seal(CONTENT, PUBLIC, BOUND), KEY, bound)


def test_parts_do_not_run_into_each_other() -> None:
    one = replace(BOUND, recipient=("TMM", "tmm", "coordinator"))
    assert one.info != replace(BOUND, recipient=("TMM", "tmmc", "oordinator")).info


@given(st.text(max_size=2000), st.integers(0, 40))
@settings(max_examples=40)
def test_the_size_tells_a_class_and_nothing_else(narrative: str, attributes: int) -> None:
    some = [SealedAttribute("s1", "phone", {"number": "+31612345678"}, "G")] * attributes
    content = Content(narrative, "G", some)
    zegel = seal(content, PUBLIC, BOUND)
    assert len(zegel) - OVERHEAD in CLASSES
    assert len(zegel) <= LARGEST_ZEGEL
    assert unseal(zegel, KEY, BOUND).written() == content.written()


def test_too_much_is_not_sealed() -> None:
    with pytest.raises(TooLargeError):
        padded(b"x" * CLASSES[-1])


@pytest.mark.parametrize(
    "filled",
    [b"", b"\x00\x00\x00\x01", padded(b"{}")[:-1], padded(b"{}")[:-1] + b"x", (2**32 - 1).to_bytes(4, "big").ljust(CLASSES[0], b"\x00"), b"{}".rjust(8, b"\x00").ljust(CLASSES[1], b"\x00")],
    ids=["empty", "length only", "cut", "filled with something", "length beyond the end", "a class too large"],
)  # fmt: skip
def test_filled_up_otherwise_is_refused(filled: bytes) -> None:
    with pytest.raises(BrokenZegelError):
        unpadded(filled)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", CONTENT.written() + b" ", CONTENT.written().replace(b'"ref"', b'"x"')]
)
def test_content_of_another_form_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenZegelError):
        Content.read(content)
