# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about a ceremony that was held before: the software still verifies it, and so does whoever has the specification only.

The second half uses hashlib, `cryptography` and forty lines of school arithmetic, and nothing of ours.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from process.secret import Secret
from pseudonymisation.joint import verified
from pseudonymisation.opening import parse_opening
from pseudonymisation.statement import OwnKeys

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "ceremony.json").read_text())
OPENING: dict[str, Any] = json.loads(VECTORS["opening"])
FILES: dict[str, str] = VECTORS["files"]
STEPS = ("zegelsleutel", "toezegging", "onthulling", "goedkeuring", "ondertekening")
DEALINGS = {j: json.loads(FILES[f"onthulling-houder-{j}.json"])["verdeling"] for j in (1, 2, 3)}


def test_the_software_verifies_a_ceremony_of_before() -> None:
    files = {name: text.encode() for name, text in FILES.items()}
    record = verified(parse_opening(VECTORS["opening"].encode()), files)
    assert record.keyset.canonical().decode() == VECTORS["keyset"]
    assert record.transcript(None) == VECTORS["transcript"]


def test_the_software_reads_the_secrets_of_before() -> None:
    opening = parse_opening(VECTORS["opening"].encode())
    for index, secret in VECTORS["parties"].items():
        keys = OwnKeys.of(
            f"HOUDER{index}",
            Secret(bytes.fromhex(secret["ed25519Seed"])),
        )
        assert opening.index_of(keys.party) == int(index)


# ---- From here on by the words of the specification -----------------------------------------------------------------

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Affine = tuple[int, int] | None


def plus(one: Affine, two: Affine) -> Affine:
    if one is None or two is None:
        return one or two
    if one[0] == two[0] and (one[1] + two[1]) % P == 0:
        return None
    slope = (
        (3 * one[0] ** 2 - 3) * pow(2 * one[1], -1, P)
        if one == two
        else (two[1] - one[1]) * pow(two[0] - one[0], -1, P)
    )
    x = (slope**2 - one[0] - two[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(k: int, point: Affine) -> Affine:
    found: Affine = None
    for bit in f"{k % N:b}":
        found = plus(plus(found, found), point if bit == "1" else None)
    return found


def read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(text: str) -> Affine:
    data = read(text)
    x = int.from_bytes(data[1:], "big")
    y = pow(x**3 - 3 * x + B, (P + 1) // 4, P)
    return x, y if y % 2 == data[0] % 2 else P - y


def canonical(document: object) -> bytes:
    return (json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n").encode("ascii")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def to_scalar(message: bytes, tag: bytes) -> int:
    """hash_to_field of RFC 9380 modulo n, L = 48: two blocks of expand_message_xmd."""
    tag += bytes([len(tag)])
    first = hashlib.sha256(bytes(64) + message + b"\x00\x30\x00" + tag).digest()
    one = hashlib.sha256(first + b"\x01" + tag).digest()
    two = hashlib.sha256(bytes(a ^ b for a, b in zip(first, one, strict=True)) + b"\x02" + tag).digest()
    return int.from_bytes((one + two)[:48], "big") % N


def binding(dealing: dict[str, Any]) -> bytes:
    names = ("sessie", "transcript", "drempel", "ontvangers", "verdeler", "toezeggingen")
    members = {name: dealing[name] for name in names}
    return hashlib.sha256(canonical({"formaat": "signaalregister/verdeelronde/v2", **members})).digest()


def signers() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every signed document with the party that must have signed it."""
    parties = {one["houder"]: one for one in OPENING["deelnemers"]}
    opener = next(one for one in parties.values() if one["naam"] == OPENING["opener"])
    stages = [(name, json.loads(text), parties[int(name[-6])]) for name, text in FILES.items()]
    return [
        ("opening", OPENING, opener),
        *stages,
        *((f"verdeling {j}", one, parties[j]) for j, one in DEALINGS.items()),
    ]


@pytest.mark.parametrize("name", [name for name, _document, _party in signers()])
def test_every_signature_is_over_the_document_without_it(name: str) -> None:
    document, party = next((document, party) for one, document, party in signers() if one == name)
    unsigned = {member: value for member, value in document.items() if member != "handtekening"}
    key = Ed25519PublicKey.from_public_bytes(read(party["tekensleutel"]))
    key.verify(read(document["handtekening"]), b"signaalregister/verklaring/v1\n" + canonical(unsigned))


def test_every_transcript_is_over_all_files_of_the_steps_before() -> None:
    listed = [{"naam": "opening.json", "sha256": sha(VECTORS["opening"].encode())}]
    for step in STEPS:
        told = sha(canonical({"formaat": "signaalregister/transcript/v1", "bestanden": listed}))
        names = [f"{step}-houder-{j}.json" for j in (1, 2, 3)]
        assert {json.loads(FILES[name])["transcript"] for name in names} == {told}
        listed += [{"naam": name, "sha256": sha(FILES[name].encode())} for name in names]
    assert (
        sha(canonical({"formaat": "signaalregister/transcript/v1", "bestanden": listed}))
        == VECTORS["transcript"]
    )


@pytest.mark.parametrize("dealer", DEALINGS)
def test_every_dealing_is_the_one_of_its_commitment_and_proves_possession(dealer: int) -> None:
    dealing = DEALINGS[dealer]
    assert json.loads(FILES[f"toezegging-houder-{dealer}.json"])["verdeling"] == sha(canonical(dealing))
    assert read(dealing["transcript"]).hex() == json.loads(FILES["toezegging-houder-1.json"])["transcript"]
    for receiver in dealing["ontvangers"]:
        shown = json.loads(FILES[f"zegelsleutel-houder-{receiver['houder']}.json"])["zegelsleutels"]
        assert shown[dealer - 1] == {"verdeler": dealer, "zegelsleutel": receiver["zegelsleutel"]}
    proof, first = read(dealing["bezit"]), dealing["toezeggingen"][0]
    c, s = int.from_bytes(proof[:32], "big"), int.from_bytes(proof[32:], "big")
    nonce = plus(times(s, G), times(c, point(first)))
    assert nonce
    encoded = bytes([2 + nonce[1] % 2]) + nonce[0].to_bytes(32, "big")
    tag = b"HashToScalar-signaalregister/bezit/v1"
    assert to_scalar(binding(dealing) + read(first) + encoded, tag) == c


def test_the_shares_are_the_sums_of_what_was_sealed_and_any_two_have_the_key() -> None:
    suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    keyset, shares = json.loads(VECTORS["keyset"]), {}
    for text, secret in VECTORS["parties"].items():
        j, total = int(text), 0
        for dealer, dealing in DEALINGS.items():
            own = ec.derive_private_key(int(secret["sealingScalars"][dealer - 1], 16), ec.SECP256R1())
            info = b"signaalregister/deelaandeel/v1\n" + binding(dealing) + j.to_bytes(2, "big")
            share = int.from_bytes(
                suite.decrypt(read(dealing["deelaandelen"][j - 1]["verzegeld"]), own, info=info), "big"
            )
            c0, c1 = (point(one) for one in dealing["toezeggingen"])
            assert times(share, G) == plus(c0, times(j, c1))
            total += share
        shares[j] = total % N
        assert shares[j] == int(secret["share"], 16)
        assert times(shares[j], G) == point(keyset["houders"][j - 1]["sleutel"])
    # λ for {1, 2} is 2 and -1; for {2, 3} it is 3 and -2; for {1, 3} it is 3/2 and -1/2.
    half = pow(2, -1, N)
    keys = {
        2 * shares[1] - shares[2],
        3 * shares[2] - 2 * shares[3],
        (3 * shares[1] - shares[3]) * half,
    }
    assert {times(key % N, G) for key in keys} == {point(keyset["sleutel"])}
