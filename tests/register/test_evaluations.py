# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about when receipts cover a request, and about what a difference with a holder's account means."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.problem import Refusal
from pseudonymisation.receipts import Counted, EvaluationReceipt, request_digest, require_vkeys
from register.central.store.repeats import REMEMBERED
from register.evaluations import (
    AHEAD,
    LONGEST,
    QUESTION,
    SUBMISSION,
    Difference,
    Needed,
    covered,
    differences,
)
from tests.receipts import VKEYS, receipt, signed

MOMENT = datetime(2026, 3, 2, 9, 30, 20, tzinfo=UTC)
KEYS = require_vkeys(VKEYS)
THIS = request_digest("GM9001", "sleutel-0001")
NEEDED = Needed("GM9001", ("oefening", 1), QUESTION, {THIS: 8}, MOMENT)


def code(*receipts: EvaluationReceipt, needed: Needed = NEEDED, threshold: int = 2) -> str:
    """The code of the refusal, or "" if the receipts cover the request."""
    try:
        covered([signed(one) for one in receipts], needed, KEYS, threshold)
    except Refusal as refusal:
        return refusal.code if refusal.detail and refusal.way_forward and refusal.rule else "without words"
    return ""


def both(**members: Any) -> tuple[EvaluationReceipt, EvaluationReceipt]:
    return receipt(1, MOMENT, **members), receipt(2, MOMENT, **members)


def test_two_holders_cover_what_they_evaluated() -> None:
    assert code(*both()) == ""
    assert code(*both(points=40)) == ""
    assert code(*both(), receipt(3, MOMENT)) == ""


REFUSED: dict[str, tuple[tuple[EvaluationReceipt, ...], str]] = {
    "none at all": ((), "kwitantie-ontbreekt"),
    "of one holder": ((receipt(1, MOMENT),), "kwitantie-ontbreekt"),
    "twice of one holder": ((receipt(1, MOMENT), receipt(1, MOMENT)), "kwitantie-ontbreekt"),
    "of another organisation": (both(organisation="GM9002"), "kwitantie-andere-organisatie"),
    "of another keyset": (both(keyset="comensha"), "kwitantie-andere-sleutelset"),
    "of another epoch": (both(epoch=2), "kwitantie-andere-sleutelset"),
    "of a submission": (both(action="indienen"), "kwitantie-andere-handeling"),
    "of an import": (both(action="invoeren"), "kwitantie-andere-handeling"),
    "of a request of a data subject": (both(action="inzage"), "kwitantie-andere-handeling"),
    "of a canary": (both(action="kanarie"), "kwitantie-andere-handeling"),
    "of another request": (both(request=request_digest("GM9001", "sleutel-0002")), "kwitantie-ander-verzoek"),
    "of another part": (
        both(request=request_digest("GM9001", "sleutel-0001", "s1")),
        "kwitantie-ander-verzoek",
    ),
    "too small": (both(points=7), "kwitantie-te-klein"),
    "too small of one": ((receipt(1, MOMENT, points=7), receipt(2, MOMENT)), "kwitantie-te-klein"),
    "expired": (both(expires=MOMENT), "kwitantie-verlopen"),
    "of the future": (both(moment=MOMENT + AHEAD + timedelta(seconds=1)), "kwitantie-verlopen"),
    "for too long": (both(expires=MOMENT + LONGEST + timedelta(seconds=1)), "kwitantie-verlopen"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_receipts_are_refused_by_name_that_are(name: str) -> None:
    receipts, expected = REFUSED[name]
    assert code(*receipts) == expected


def test_one_bad_receipt_beside_good_ones_is_refused_all_the_same() -> None:
    assert code(*both(), replace(receipt(3, MOMENT), action="indienen")) == "kwitantie-andere-handeling"


def test_a_signature_of_nobody_is_refused_with_its_place() -> None:
    notes = [signed(receipt(1, MOMENT)), signed(receipt(2, MOMENT), by=3)]
    with pytest.raises(Refusal) as refused:
        covered(notes, NEEDED, KEYS, 2)
    assert (refused.value.status, refused.value.code) == (400, "ongeldige-kwitantie")
    assert [one.field for one in refused.value.fields] == ["kwitanties.1"]


def test_each_subject_of_a_signal_needs_receipts_of_its_own() -> None:
    parts = {request_digest("GM9001", "k", ref): 8 for ref in ("s1", "s2")}
    needed = replace(NEEDED, actions=SUBMISSION, parts=parts)
    one, two = ([*both(action="indienen", request=part, points=8)] for part in parts)
    assert code(*one, *two, needed=needed) == ""
    assert code(*one, needed=needed) == "kwitantie-ontbreekt"
    assert code(*one, two[0], needed=needed) == "kwitantie-ontbreekt"
    larger = [replace(each, points=40) for each in one]
    assert code(*larger, *(replace(each, points=7) for each in two), needed=needed) == "kwitantie-te-klein"


@given(st.integers(1, 80), st.lists(st.tuples(st.integers(1, 3), st.integers(0, 80)), max_size=6))
def test_as_many_holders_as_the_threshold_evaluated_at_least_what_is_used(
    pseudonyms: int, given_: list[tuple[int, int]]
) -> None:
    needed = replace(NEEDED, parts={THIS: pseudonyms})
    enough = {holder for holder, points in given_ if points >= pseudonyms}
    accepted = (
        code(*(receipt(holder, MOMENT, points=points) for holder, points in given_), needed=needed) == ""
    )
    assert accepted == (len(enough) >= 2)


def test_every_receipt_is_dead_before_the_key_of_its_request_is_forgotten() -> None:
    """Or the same receipt could answer another body under the same key on the next day."""
    assert LONGEST + AHEAD < REMEMBERED


# ---- the account of a day -------------------------------------------------------------------------------------------


def test_a_day_that_agrees_has_no_differences_and_canaries_and_inzage_are_no_matter() -> None:
    counted = [
        Counted("GM9001", "vragen", 80),
        Counted("GM9001", "kanarie", 8),
        Counted("GM9002", "inzage", 16),
    ]
    assert differences(counted, [Counted("GM9001", "vragen", 80)]) == ()


def test_what_was_evaluated_and_never_used_is_a_difference_and_many_are_worth_a_look() -> None:
    few, many = differences(
        [Counted("GM9001", "vragen", 480), Counted("GM9002", "vragen", 481)],
        [Counted("GM9001", "vragen", 80), Counted("GM9002", "vragen", 80)],
    )
    assert (few.unused, few.noteworthy) == (400, False)
    assert (many.unused, many.noteworthy) == (401, True)
    assert not Difference("GM9001", "vragen", 10_000, 9_000).noteworthy
    assert Difference("GM9001", "vragen", 10_000, 8_999).noteworthy


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_more_receipts_than_evaluations_are_always_worth_a_look(counted: int, more: int) -> None:
    assert Difference("GM9001", "vragen", counted, counted + more).noteworthy


def test_receipts_that_a_holder_says_it_never_gave_are_a_difference() -> None:
    assert differences([], [Counted("GM9001", "vragen", 8)]) == (Difference("GM9001", "vragen", 0, 8),)
