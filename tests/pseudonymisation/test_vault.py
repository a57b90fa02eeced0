# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about every vault, a passphrase and a key alike: it gives back what it locked, to whoever has the key, for what it was locked for."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.threshold import canonical_json
from pseudonymisation.vault import (
    RFC9106_LOW_MEMORY,
    UNSAFE_CHEAP_FOR_TESTS,
    KeyVault,
    LockError,
    PassphraseVault,
    ShareVault,
    locked,
    unlocked,
)

SOURCE = random.Random(109).randbytes
PHRASE = "een wachtzin die niemand raadt 7"
KEY = Secret(SOURCE(32))
CONTENT = Secret(b"what nobody may see")
PUBLIC = {"formaat": "signaalregister/test/v1", "naam": "HOUDER1"}

Maker = Callable[[int], ShareVault]


def with_passphrase(which: int) -> ShareVault:
    return PassphraseVault(Secret(f"{PHRASE}{which}".encode()), SOURCE, UNSAFE_CHEAP_FOR_TESTS)


def with_key(which: int) -> ShareVault:
    return KeyVault(Secret(random.Random(which).randbytes(32)), SOURCE)


VAULTS: dict[str, Maker] = {"passphrase": with_passphrase, "key": with_key}


@pytest.fixture(params=VAULTS)
def make(request: pytest.FixtureRequest) -> Maker:
    return VAULTS[request.param]


def opened(data: bytes, vault: ShareVault) -> Secret:
    return unlocked(json.loads(data), vault)


def test_what_a_vault_locked_it_opens_also_another_day(make: Maker) -> None:
    assert opened(locked(PUBLIC, CONTENT, make(1)), make(1)) == CONTENT


def test_a_locked_file_shows_what_it_is_and_nothing_of_what_is_in_it(make: Maker) -> None:
    data = locked(PUBLIC, CONTENT, make(1))
    assert json.loads(data).items() >= PUBLIC.items()
    assert canonical_json(json.loads(data)) == data
    assert CONTENT.reveal() not in data
    assert base64url.encode(CONTENT.reveal()).encode() not in data


def test_the_same_content_is_never_locked_the_same_twice(make: Maker) -> None:
    assert locked(PUBLIC, CONTENT, make(1)) != locked(PUBLIC, CONTENT, make(1))


def test_another_passphrase_or_key_does_not_open_it(make: Maker) -> None:
    with pytest.raises(LockError) as refused:
        opened(locked(PUBLIC, CONTENT, make(1)), make(2))
    assert refused.value.way_forward


def test_one_vault_does_not_open_what_another_kind_locked() -> None:
    for one, other in ((with_key(1), with_passphrase(1)), (with_passphrase(1), with_key(1))):
        with pytest.raises(LockError, match="verzegeld en er is een"):
            opened(locked(PUBLIC, CONTENT, one), other)


def changed(**members: Any) -> Callable[[dict[str, Any]], object]:
    return lambda document: document | members


SPOILED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another_public_member": changed(naam="HOUDER2"),
    "one_public_member_more": changed(opmerking="x"),
    "one_public_member_less": lambda document: {k: v for k, v in document.items() if k != "naam"},
    "no_lock": lambda document: {k: v for k, v in document.items() if k != "slot"},
    "a_lock_that_is_a_number": changed(slot=7),
    "a_lock_with_more": lambda document: document | {"slot": document["slot"] | {"x": 1}},
    "a_lock_of_an_unknown_way": lambda document: document | {"slot": document["slot"] | {"wijze": "touw"}},
    "nothing_sealed": changed(verzegeld=""),
    "sealed_that_is_no_text": changed(verzegeld=None),
    "sealed_cut_short": lambda document: document | {"verzegeld": document["verzegeld"][:-4]},
    "sealed_with_a_bit_flipped": lambda document: (
        document
        | {"verzegeld": ("B" if document["verzegeld"][0] == "A" else "A") + document["verzegeld"][1:]}
    ),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_locked_file_that_was_changed_does_not_open(make: Maker, name: str) -> None:
    document = json.loads(locked(PUBLIC, CONTENT, make(1)))
    with pytest.raises(LockError) as refused:
        unlocked(SPOILED[name](document), make(1))
    assert refused.value.__cause__ is None


def test_a_file_cannot_choose_a_cheaper_way_to_guess_its_passphrase() -> None:
    vault = PassphraseVault(Secret(PHRASE.encode()), SOURCE)
    cheap = PassphraseVault(Secret(PHRASE.encode()), SOURCE, UNSAFE_CHEAP_FOR_TESTS)
    with pytest.raises(LockError, match="andere kosten"):
        opened(locked(PUBLIC, CONTENT, cheap), vault)


def test_the_cost_of_a_passphrase_is_what_rfc_9106_recommends_for_little_memory() -> None:
    cost = RFC9106_LOW_MEMORY
    assert (cost.memory_kib, cost.passes, cost.lanes) == (64 * 1024, 3, 4)


@pytest.mark.parametrize("weak", ["", "tulp", "negentien tekens is", "a" * 40, "abcdefg" * 5])
def test_a_passphrase_that_could_be_guessed_is_refused(weak: str) -> None:
    with pytest.raises(LockError, match="te kort of te eenvoudig") as refused:
        PassphraseVault(Secret(weak.encode()), SOURCE)
    assert not weak or weak not in str(refused.value)


def test_bytes_that_are_no_text_are_no_passphrase() -> None:
    with pytest.raises(LockError):
        PassphraseVault(Secret(b"\xff" * 40), SOURCE)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(LockError, match="32 bytes"):
        KeyVault(Secret(SOURCE(length)), SOURCE)


def test_a_vault_does_not_print_what_it_opens_with(make: Maker) -> None:
    told = repr(make(1)) + repr(make(1).wrap(CONTENT, b"x"))
    assert PHRASE not in told
    assert KEY.reveal().hex() not in told
    assert "***" in told
