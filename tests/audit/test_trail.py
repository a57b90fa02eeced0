# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import os
from datetime import UTC, datetime, timedelta, timezone

import pytest

from audit.checkpoint import Checkpoint
from audit.entry import EntryError, payload_content, unseal
from audit.merkle import leaf_hash
from audit.note import NoteError, Signer, sign_note
from audit.trail import RECEIPT, Receipt, make_receipt, prepare, verify_receipt
from process.secret import Secret

SIGNER = Signer("log.example/ontvangst", Secret(bytes(range(32))))
OTHER = Signer("log.example/ander", Secret(bytes(range(1, 33))))
MOMENT = datetime(2026, 3, 1, 9, 0, 0, tzinfo=UTC)
RECEIPT_7 = Receipt("log.example/eerste", 7, leaf_hash(b"blad"), MOMENT)


def test_each_organisation_gets_a_payload_under_a_key_of_its_own() -> None:
    prepared = prepare({"GM0344": {"doel": "a"}, "GM0363": {"doel": "b"}}, randomness=os.urandom)
    assert [one.organisation for one in prepared.payloads] == ["GM0344", "GM0363"]
    assert len({one.key.reveal() for one in prepared.payloads}) == len(prepared.keys) == 2
    for one, purpose in zip(prepared.payloads, "ab", strict=True):
        opening = unseal(one.ciphertext, one.organisation, prepared.leaf, prepared.keys[one.key_id])
        assert payload_content(one.organisation, opening.payload) == {"doel": purpose}


def test_nobody_opens_the_payload_of_another() -> None:
    prepared = prepare({"GM0344": {"doel": "a"}, "GM0363": {"doel": "b"}}, randomness=os.urandom)
    mine, theirs = prepared.payloads
    with pytest.raises(EntryError):
        unseal(theirs.ciphertext, theirs.organisation, prepared.leaf, mine.key)


def test_what_is_prepared_shows_neither_key_nor_content() -> None:
    prepared = prepare({"GM0344": {"doel": "geheim"}}, randomness=os.urandom)
    assert repr(prepared.payloads[0].key.reveal()) not in repr(prepared)
    assert "geheim" not in repr(prepared)
    assert b"geheim" not in prepared.payloads[0].ciphertext


def test_a_receipt_verifies_with_the_key_that_signed_it() -> None:
    assert verify_receipt(make_receipt(RECEIPT_7, SIGNER), [OTHER.verifier, SIGNER.verifier]) == RECEIPT_7


def test_a_receipt_of_an_unknown_key_is_refused() -> None:
    with pytest.raises(NoteError, match="bekende sleutels"):
        verify_receipt(make_receipt(RECEIPT_7, SIGNER), [OTHER.verifier])


def test_a_receipt_says_its_moment_in_utc_and_whole_seconds() -> None:
    amsterdam = timezone(timedelta(hours=1))
    moment = datetime(2026, 3, 1, 10, 0, 0, 900_000, tzinfo=amsterdam)
    receipt = Receipt("log.example/eerste", 7, leaf_hash(b"blad"), moment)
    assert receipt.text == RECEIPT_7.text


def test_a_checkpoint_never_passes_for_a_receipt_nor_the_other_way_round() -> None:
    checkpoint = Checkpoint("log.example/eerste", 7, leaf_hash(b"blad"))
    with pytest.raises(NoteError):
        verify_receipt(sign_note(checkpoint.text, [SIGNER]), [SIGNER.verifier])
    with pytest.raises(NoteError):
        Checkpoint.from_text(RECEIPT_7.text)


HASH = "gmjyhH1cqmfrEG+8ld7fgWcUIF0xLn1AaW0h5Ee0rv8="
BAD_TEXTS = {
    "another_kind": f"iets/anders/v1\nlog\n7\n{HASH}\n2026-03-01T09:00:00Z\n",
    "leading_zero": f"{RECEIPT}\nlog\n07\n{HASH}\n2026-03-01T09:00:00Z\n",
    "negative": f"{RECEIPT}\nlog\n-7\n{HASH}\n2026-03-01T09:00:00Z\n",
    "no_number": f"{RECEIPT}\nlog\nzeven\n{HASH}\n2026-03-01T09:00:00Z\n",
    "huge_number": f"{RECEIPT}\nlog\n{'7' * 5000}\n{HASH}\n2026-03-01T09:00:00Z\n",
    "short_hash": f"{RECEIPT}\nlog\n7\nAAAA\n2026-03-01T09:00:00Z\n",
    "local_time": f"{RECEIPT}\nlog\n7\n{HASH}\n2026-03-01T09:00:00+01:00\n",
    "no_such_day": f"{RECEIPT}\nlog\n7\n{HASH}\n2026-02-30T09:00:00Z\n",
    "extra_line": f"{RECEIPT}\nlog\n7\n{HASH}\n2026-03-01T09:00:00Z\nmeer\n",
    "line_short": f"{RECEIPT}\nlog\n7\n{HASH}\n",
}


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_a_well_signed_note_that_is_no_receipt_is_refused(name: str) -> None:
    with pytest.raises(NoteError):
        verify_receipt(sign_note(BAD_TEXTS[name], [SIGNER]), [SIGNER.verifier])
