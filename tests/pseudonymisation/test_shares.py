# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about reading a share by itself; what a holder refuses to start with is in keyholder/test_keyholder_settings.py."""

import json
import random
from dataclasses import replace

import pytest

from process.secret import Secret
from pseudonymisation.ceremony import CeremonyError, share_file
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.shares import locked_share_file, read_share
from pseudonymisation.vault import KeyVault, locked
from tests.pseudonymisation.test_ceremony import KEYSET, SHARE

SOURCE = random.Random(137).randbytes
VAULT = KeyVault(Secret(SOURCE(32)), SOURCE)


def test_what_was_locked_is_read_back_in_every_profile() -> None:
    for profile in ("oefening", "pilot"):
        keyset = replace(KEYSET, profile=profile)
        share = replace(SHARE, profile=profile, fingerprint=keyset.fingerprint)
        assert read_share(Secret(locked_share_file(share, VAULT)), keyset, profile, VAULT) == share


def test_a_locked_number_of_another_key_than_the_file_shows_is_refused() -> None:
    members = json.loads(locked_share_file(SHARE, VAULT))
    public = {name: value for name, value in members.items() if name not in {"slot", "verzegeld"}}
    other = SecretScalar.random(SOURCE)
    data = locked(public, Secret(other.to_bytes() + SHARE.nonce_key.reveal()), VAULT)
    with pytest.raises(CeremonyError, match="hoort niet bij"):
        read_share(Secret(data), KEYSET, "oefening", VAULT)


def test_a_plain_number_that_was_not_committed_to_is_refused() -> None:
    data = share_file(replace(SHARE, secret=SecretScalar.random(SOURCE)))
    with pytest.raises(CeremonyError, match="hoort niet bij"):
        read_share(Secret(data), KEYSET, "oefening", None)


@pytest.mark.parametrize("data", [b"", b"[]", b"aandeel" * 9, b'{"formaat":"signaalregister/aandeel/v3"}\n'])
def test_what_is_no_share_is_refused_without_repeating_it(data: bytes) -> None:
    with pytest.raises(CeremonyError, match="niet te lezen") as refused:
        read_share(Secret(data), KEYSET, "oefening", VAULT)
    assert refused.value.way_forward


def test_a_share_does_not_print_after_it_was_read() -> None:
    told = repr(read_share(Secret(locked_share_file(SHARE, VAULT)), KEYSET, "oefening", VAULT))
    assert str(SHARE.secret.reveal()) not in told
    assert SHARE.nonce_key.reveal().hex() not in told
