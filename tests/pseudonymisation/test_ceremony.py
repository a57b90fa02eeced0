# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about making a keyset: who may, and that its two files are read strictly."""

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.ceremony import (
    CeremonyError,
    check_holder_share,
    check_usable,
    deal,
    keyset_file,
    parse_keyset,
    parse_share,
    share_file,
)
from pseudonymisation.p256 import GENERATOR, SecretScalar
from pseudonymisation.threshold import Origin, ThresholdError, canonical_json

SOURCE = random.Random(3).randbytes
DEALT = deal(profile="oefening", name="oefening", threshold=2, holders=3, randomness=SOURCE)
KEYSET, SHARE = DEALT.keyset, DEALT.shares[0]


def test_a_dealer_makes_a_keyset_for_practice() -> None:
    assert [share.holder for share in DEALT.shares] == [1, 2, 3]
    assert KEYSET.origin is Origin.DEALT
    for share in DEALT.shares:
        check_holder_share(share, KEYSET)


@pytest.mark.parametrize("profile", ["pilot", "productie", "signaal", "Oefening", "oefening ", ""])
def test_a_dealer_refuses_every_other_profile_and_says_why(profile: str) -> None:
    with pytest.raises(CeremonyError, match="alleen sleutels voor profiel oefening") as refused:
        deal(profile=profile, name="oefening", threshold=2, holders=3, randomness=SOURCE)
    assert refused.value.way_forward


@pytest.mark.parametrize("name", ["", "a", "Oefening", "oefening/1", "é" * 4, "x" * 33, "-a"])
def test_a_keyset_needs_a_plain_name(name: str) -> None:
    with pytest.raises(CeremonyError):
        deal(profile="oefening", name=name, threshold=2, holders=3, randomness=SOURCE)


def test_a_threshold_of_one_is_refused() -> None:
    with pytest.raises(ThresholdError):
        deal(profile="oefening", name="oefening", threshold=1, holders=3, randomness=SOURCE)


def test_two_ceremonies_never_make_the_same_key_or_nonce_key() -> None:
    other = deal(profile="oefening", name="oefening", threshold=2, holders=3, randomness=SOURCE)
    assert other.keyset.key != KEYSET.key
    shares = [*DEALT.shares, *other.shares]
    assert len({share.nonce_key.reveal() for share in shares}) == 6
    assert len({share.secret.to_bytes() for share in shares}) == 6


def test_what_is_written_is_read_back() -> None:
    assert parse_keyset(keyset_file(KEYSET)) == KEYSET
    for share in DEALT.shares:
        assert parse_share(share_file(share)) == share


def test_the_fingerprint_is_what_sha256sum_prints() -> None:
    assert hashlib.sha256(keyset_file(KEYSET)).hexdigest() == KEYSET.fingerprint == SHARE.fingerprint


def test_the_public_file_holds_no_secret() -> None:
    public = keyset_file(KEYSET)
    for share in DEALT.shares:
        assert base64url.encode(share.secret.to_bytes()).encode() not in public
        assert share.secret.to_bytes().hex().encode() not in public
        assert base64url.encode(share.nonce_key.reveal()).encode() not in public


def test_a_share_does_not_print() -> None:
    told = repr(SHARE) + repr(DEALT)
    assert str(SHARE.secret.reveal()) not in told
    assert repr(SHARE.nonce_key.reveal()) not in told
    assert "***" in told


def edited(data: bytes, **members: Any) -> bytes:
    """The file with members changed, removed (None) or added, still canonical."""
    document = json.loads(data) | members
    return canonical_json({name: value for name, value in document.items() if value is not None})


PUBLIC, SECRET = keyset_file(KEYSET), share_file(SHARE)
OTHER_POINT = base64url.encode(GENERATOR.encode())

SPOILED_PUBLIC: dict[str, bytes] = {
    "empty": b"",
    "not_json": b"sleutelset",
    "not_utf8": b"\xff\xfe",
    "a_list": b"[]\n",
    "no_final_newline": PUBLIC[:-1],
    "two_final_newlines": PUBLIC + b"\n",
    "white_space": json.dumps(json.loads(PUBLIC), sort_keys=True).encode() + b"\n",
    "other_member_order": json.dumps(
        dict(reversed(json.loads(PUBLIC).items())), separators=(",", ":")
    ).encode()
    + b"\n",
    "member_twice": PUBLIC.replace(b'{"drempel":2,', b'{"drempel":2,"drempel":2,'),
    "unknown_member": edited(PUBLIC, nieuw=1),
    "missing_member": edited(PUBLIC, profiel=None),
    "other_format": edited(PUBLIC, formaat="signaalregister/sleutelset/v2"),
    "other_origin": edited(PUBLIC, herkomst="gevonden"),
    "epoch_as_text": edited(PUBLIC, epoch="1"),
    "epoch_true": edited(PUBLIC, epoch=True),
    "epoch_zero": edited(PUBLIC, epoch=0),
    "threshold_one": edited(PUBLIC, drempel=1),
    "other_key_than_committed": edited(PUBLIC, sleutel=OTHER_POINT),
    "commitment_changed": edited(PUBLIC, toezeggingen=[json.loads(PUBLIC)["sleutel"], OTHER_POINT]),
    "commitment_no_point": edited(PUBLIC, toezeggingen=["AA", OTHER_POINT]),
    "commitment_a_number": edited(PUBLIC, toezeggingen=[1, 2]),
    "holder_key_changed": edited(
        PUBLIC, houders=[{"houder": 1, "sleutel": OTHER_POINT}, *json.loads(PUBLIC)["houders"][1:]]
    ),
    "holder_missing": edited(PUBLIC, houders=json.loads(PUBLIC)["houders"][1:]),
    "name_with_capitals": edited(PUBLIC, sleutelset="Oefening"),
}


@pytest.mark.parametrize("name", SPOILED_PUBLIC)
def test_a_public_file_that_is_not_as_written_is_refused(name: str) -> None:
    with pytest.raises(CeremonyError):
        parse_keyset(SPOILED_PUBLIC[name])


SPOILED_SECRET: dict[str, bytes] = {
    "empty": b"",
    "cut_off": SECRET[:-20],
    "no_final_newline": SECRET[:-1],
    "a_list": b"[1]\n",
    "unknown_member": edited(SECRET, nieuw=1),
    "missing_member": edited(SECRET, noncesleutel=None),
    "public_file_instead": PUBLIC,
    "share_zero": edited(SECRET, aandeel=base64url.encode(bytes(32))),
    "share_all_ones": edited(SECRET, aandeel=base64url.encode(b"\xff" * 32)),
    "share_weak": edited(SECRET, aandeel=base64url.encode((12345).to_bytes(32, "big"))),
    "share_too_short": edited(SECRET, aandeel=base64url.encode(bytes([7]) * 31)),
    "share_a_number": edited(SECRET, aandeel=12345),
    "nonce_key_too_short": edited(SECRET, noncesleutel=base64url.encode(bytes(31))),
    "holder_as_text": edited(SECRET, houder="1"),
}


@pytest.mark.parametrize("name", SPOILED_SECRET)
def test_a_share_file_that_is_not_as_written_is_refused_without_quoting_it(name: str) -> None:
    with pytest.raises(CeremonyError) as refused:
        parse_share(SPOILED_SECRET[name])
    assert refused.value.__cause__ is None
    assert base64url.encode(SHARE.secret.to_bytes()) not in str(refused.value)


MISMATCHES: dict[str, Callable[[], Any]] = {
    "share_of_another_holder": lambda: replace(SHARE, holder=2),
    "share_of_nobody": lambda: replace(SHARE, holder=4),
    "another_secret": lambda: replace(SHARE, secret=SecretScalar(SHARE.secret.reveal() - 1)),
    "another_epoch": lambda: replace(SHARE, epoch=2),
    "another_keyset": lambda: replace(SHARE, keyset="signaal"),
    "another_profile": lambda: replace(SHARE, profile="productie"),
    "another_fingerprint": lambda: replace(SHARE, fingerprint="0" * 64),
}


@pytest.mark.parametrize("name", MISMATCHES)
def test_a_share_of_another_ceremony_is_refused(name: str) -> None:
    with pytest.raises(CeremonyError):
        check_holder_share(MISMATCHES[name](), KEYSET)


def test_a_dealt_keyset_is_not_usable_outside_practice() -> None:
    check_usable(KEYSET, "oefening")
    with pytest.raises(CeremonyError, match="door een deler gemaakt"):
        check_usable(replace(KEYSET, profile="productie"), "productie")


def test_a_keyset_is_usable_in_its_own_profile_only() -> None:
    ceremony = replace(KEYSET, profile="productie", origin=Origin.CEREMONY)
    check_usable(ceremony, "productie")
    for keyset, profile in ((ceremony, "oefening"), (KEYSET, "productie")):
        with pytest.raises(CeremonyError, match="voor profiel"):
            check_usable(keyset, profile)


def test_a_nonce_key_counts_in_whether_two_shares_are_equal() -> None:
    assert replace(SHARE, nonce_key=Secret(bytes(32))) != SHARE
