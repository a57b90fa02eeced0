# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about what a key holder signs: one spelling, one holder, and no statement that stands for another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.note import NoteError, sign_note
from audit.trail import Receipt, verify_receipt
from pseudonymisation.receipts import (
    Account,
    Counted,
    EvaluationReceipt,
    Reached,
    open_account,
    open_evaluation,
    request_digest,
    require_vkeys,
    sign_account,
    sign_evaluation,
)
from tests.receipts import VKEYS, receipt, receipt_signer, signed

MOMENT = datetime(2026, 3, 2, 9, 30, 20, tzinfo=UTC)
KEYS = require_vkeys(VKEYS)
ACCOUNT = Account(
    1,
    receipt_signer(1).verifier.public_key,
    "oefening",
    1,
    date(2026, 3, 1),
    MOMENT,
    (Counted.of("GM9001", "vragen", {bytes(16): 40, bytes(15) + b"1": 40}),),
    (Reached("GM9001", "m-0123456789", "vragen", "minuut", 3, MOMENT),),
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda one: one.replace(microsecond=0)
)
CODES = st.from_regex(r"[A-Za-z0-9-]{2,16}", fullmatch=True)
RECEIPTS = st.builds(
    EvaluationReceipt,
    holder=st.integers(1, 3),
    number=st.binary(min_size=16, max_size=16),
    organisation=CODES,
    keyset=CODES,
    epoch=st.integers(1, 99),
    action=CODES,
    points=st.integers(0, 40),
    request=st.binary(min_size=32, max_size=32),
    moment=MOMENTS,
    expires=MOMENTS,
)


@given(RECEIPTS)
def test_a_receipt_is_read_back_as_it_was_signed(one: EvaluationReceipt) -> None:
    assert open_evaluation(signed(one), KEYS) == one


def test_an_account_is_read_back_as_it_was_signed() -> None:
    assert open_account(sign_account(ACCOUNT, receipt_signer(1)), 1, KEYS[1]) == ACCOUNT


def test_the_text_of_a_receipt_is_the_one_of_the_specification() -> None:
    one = receipt(2, MOMENT, number=bytes(range(16)))
    assert one.text == (
        "signaalregister/kwitantie/v1\n2\nAAECAwQFBgcICQoLDA0ODw==\nGM9001\noefening\n1\nvragen\n8\n"
        "VJqqwAjNZBHVq7MqQS/fFxvvMptPJLeYHl6zRtgV+SI=\n2026-03-02T09:30:20Z\n2026-03-02T09:40:20Z\n"
    )
    assert one.request == request_digest("GM9001", "sleutel-0001")


TAMPERED: dict[str, Callable[[str], str]] = {
    "another organisation": lambda note: note.replace("GM9001", "GM9002"),
    "more points": lambda note: note.replace("\n8\n", "\n40\n"),
    "another action": lambda note: note.replace("vragen", "indienen"),
    "a number with a zero before it": lambda note: note.replace("\n8\n", "\n08\n"),
    "a number of another alphabet": lambda note: note.replace("\n8\n", "\n٨\n"),
    "another first line": lambda note: note.replace("kwitantie/v1", "kwitantie/v2"),
    "a line more": lambda note: note.replace("\n\n", "\nextra\n\n"),
    "no signature": lambda note: note.split("\n\n")[0] + "\n",
    "nothing": lambda _note: "",
    "far too much": lambda note: note + "x" * 2000,
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_receipt_that_was_changed_is_none(how: str) -> None:
    with pytest.raises(NoteError):
        open_evaluation(TAMPERED[how](signed(receipt(1, MOMENT))), KEYS)


def test_one_holder_cannot_sign_for_another() -> None:
    with pytest.raises(NoteError):
        open_evaluation(signed(receipt(1, MOMENT), by=2), KEYS)
    with pytest.raises(NoteError):
        open_account(sign_account(ACCOUNT, receipt_signer(2)), 2, KEYS[2])
    with pytest.raises(NoteError):
        open_account(sign_account(ACCOUNT, receipt_signer(2)), 1, KEYS[1])


def test_a_holder_that_is_not_pinned_is_nobody() -> None:
    with pytest.raises(NoteError, match="niet kennen"):
        open_evaluation(signed(receipt(3, MOMENT)), {1: KEYS[1], 2: KEYS[2]})


def test_no_statement_of_a_holder_stands_for_another() -> None:
    """Evaluation, account and receipt of the log under one key: each reader takes its own kind only."""
    key = receipt_signer(1)
    log = Receipt("log.example", 1, bytes(32), MOMENT)
    evaluation, account, logged = (
        sign_evaluation(receipt(1, MOMENT), key),
        sign_account(ACCOUNT, key),
        sign_note(log.text, [key]),
    )
    for wrong in (account, logged):
        with pytest.raises(NoteError):
            open_evaluation(wrong, KEYS)
    for wrong in (evaluation, logged):
        with pytest.raises(NoteError):
            open_account(wrong, 1, KEYS[1])
    for wrong in (evaluation, account):
        with pytest.raises(NoteError):
            verify_receipt(wrong, [KEYS[1]])


def test_an_account_in_another_spelling_is_none() -> None:
    key = receipt_signer(1)
    for text in (
        ACCOUNT.text.replace('"dag":', '"dag": '),
        ACCOUNT.text.replace('"epoch":1', '"epoch":true'),
        ACCOUNT.text.replace("80", '"80"'),
        ACCOUNT.text + "\n",
        "signaalregister/verantwoording/v2\n{}\n",
        "signaalregister/verantwoording/v2\n[]\n",
        "signaalregister/verantwoording/v2\n" + "[" * 5000 + "]" * 5000 + "\n",
        ACCOUNT.text.replace("verantwoording/v2", "verantwoording/v1"),
        ACCOUNT.text.replace('"punten":[', '"punten":[7,'),
        ACCOUNT.text.replace('"2026-03-01"', "20260301"),
    ):
        with pytest.raises(NoteError):
            open_account(sign_note(text, [key]), 1, KEYS[1])


@given(st.text(), st.text(), st.text(), st.text())
def test_a_digest_belongs_to_one_organisation_key_and_part(one: str, two: str, key: str, part: str) -> None:
    assert (request_digest(one, key, part) == request_digest(two, key, part)) == (one == two)
    assert request_digest(one, key + part) != request_digest(one, key, part) or not part


def test_two_holders_have_two_keys() -> None:
    with pytest.raises(ValueError, match="dezelfde sleutel"):
        require_vkeys((VKEYS[0], VKEYS[0]))
    with pytest.raises(ValueError, match="klopt niet"):
        require_vkeys((VKEYS[0], "geen sleutel"))


def test_a_receipt_shorter_than_a_second_apart_keeps_its_seconds() -> None:
    one = receipt(1, MOMENT + timedelta(microseconds=999_999))
    assert one.moment == MOMENT
    assert open_evaluation(signed(replace(one, points=16)), KEYS).points == 16


MARKS = st.dictionaries(st.binary(min_size=16, max_size=16), st.sampled_from((8, 16, 32, 40)), max_size=8)


@given(RECEIPTS, RECEIPTS)
def test_the_mark_of_a_receipt_is_that_of_its_whole_text(
    one: EvaluationReceipt, two: EvaluationReceipt
) -> None:
    assert (one.mark == two.mark) == (one.text == two.text)
    assert one.mark != replace(one, points=one.points + 8).mark


@given(MARKS, MARKS)
def test_a_count_lists_exactly_its_own_receipts(mine: dict[bytes, int], others: dict[bytes, int]) -> None:
    counted = Counted.of("GM9001", "vragen", mine)
    assert counted.lists(mine.keys())
    assert counted.lists(sorted(mine))
    assert counted.lists(others.keys()) == (set(mine) == set(others))


def test_a_list_that_names_a_receipt_twice_is_none() -> None:
    counted = Counted.of("GM9001", "vragen", {bytes(16): 8, bytes(15) + b"1": 8})
    assert not counted.lists([bytes(16), bytes(16)])
    assert not replace(counted, receipts=3).lists([bytes(16), bytes(15) + b"1", bytes(16)])


def test_an_account_of_another_key_of_the_same_holder_is_none() -> None:
    other = replace(ACCOUNT, key=receipt_signer(2).verifier.public_key)
    with pytest.raises(NoteError, match="andere sleutelhouder"):
        open_account(sign_account(other, receipt_signer(1)), 1, KEYS[1])
