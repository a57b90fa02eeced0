# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about when receipts cover a request: with less than it needs they do not, nor with more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.problem import Refusal
from pseudonymisation.blinding import BATCH_SIZES, batch_size
from pseudonymisation.receipts import EvaluationReceipt, request_digest, require_vkeys
from register.central.store.repeats import REMEMBERED
from register.evaluations import (
    AHEAD,
    LONGEST,
    QUESTION,
    SUBMISSION,
    Needed,
    covered,
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
    assert code(receipt(1, MOMENT), receipt(3, MOMENT)) == ""
    assert code(*both(points=40), needed=replace(NEEDED, parts={THIS: 33})) == ""


REFUSED: dict[str, tuple[tuple[EvaluationReceipt, ...], str]] = {
    "none at all": ((), "kwitantie-ontbreekt"),
    "of one holder": ((receipt(1, MOMENT),), "kwitantie-ontbreekt"),
    "twice of one holder": ((receipt(1, MOMENT), receipt(1, MOMENT)), "kwitantie-dubbel"),
    "of a third holder as well": ((*both(), receipt(3, MOMENT)), "kwitantie-te-veel"),
    "of a second evaluation as well": ((*both(), *both()), "kwitantie-te-veel"),
    "over a larger batch": (both(points=16), "kwitantie-te-groot"),
    "over a larger batch of one": ((receipt(1, MOMENT, points=40), receipt(2, MOMENT)), "kwitantie-te-groot"),
    "over no batch at all": (both(points=9), "kwitantie-te-groot"),
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
    assert code(receipt(1, MOMENT), receipt(2, MOMENT, action="indienen")) == "kwitantie-andere-handeling"


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
    assert code(*one, *(replace(each, points=7) for each in two), needed=needed) == "kwitantie-te-klein"
    third = receipt(3, MOMENT, action="indienen", request=one[0].request)
    assert code(*one, third, two[0], needed=needed) == "kwitantie-te-veel", (
        "what one subject lacks another has too much"
    )


@given(
    st.integers(1, 80),
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from((0, 7, *BATCH_SIZES, 48))), max_size=4),
)
def test_receipts_cover_only_as_one_of_each_of_as_many_holders_as_the_threshold_over_the_very_batch(
    pseudonyms: int, given_: list[tuple[int, int]]
) -> None:
    needed = replace(NEEDED, parts={THIS: pseudonyms})
    holders = [holder for holder, _points in given_]
    exact = len(holders) == 2 == len(set(holders)) and {points for _holder, points in given_} == {
        batch_size(pseudonyms)
    }
    receipts = (receipt(holder, MOMENT, points=points) for holder, points in given_)
    assert (code(*receipts, needed=needed) == "") == exact


@given(st.integers(0, 60))
def test_a_batch_is_the_smallest_that_holds_its_points(points: int) -> None:
    size = batch_size(points)
    assert size == min((one for one in BATCH_SIZES if one >= points), default=None)


def test_too_many_receipts_are_not_even_read() -> None:
    """Each takes a signature to verify, and a signal may carry hundreds."""
    with pytest.raises(Refusal) as refused:
        covered(["geen kwitantie"] * 3, NEEDED, KEYS, 2)
    assert refused.value.code == "kwitantie-te-veel"


def test_every_receipt_is_dead_before_the_key_of_its_request_is_forgotten() -> None:
    """Or the same receipt could answer another body under the same key on the next day."""
    assert LONGEST + AHEAD < REMEMBERED
