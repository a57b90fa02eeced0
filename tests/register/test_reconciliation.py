# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the account of a day: what makes it unbelievable, and what a difference with the receipts of that day means."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.note import sign_note
from pseudonymisation.receipts import MOST_REACHED, Account, Counted, Reached, sign_account
from register.evaluations import AHEAD
from register.reconciliation import (
    CANARIES,
    CANARY_POINTS,
    CONSULTED,
    DIFFERENT,
    MOST_STRANGERS,
    Asked,
    Difference,
    FalseAccountError,
    Whose,
    differences,
    judge,
    supported,
    to_list,
    told,
)
from tests.receipts import receipt_signer

DAY = date(2026, 3, 1)
MOMENT = datetime(2026, 3, 2, 6, tzinfo=UTC)
SIGNER = receipt_signer(1)
ASKED = Asked(1, SIGNER.verifier, "oefening", 1, DAY, {"GM9001", "GM9002"}, MOMENT, final=True)
VRAGEN: Whose = ("GM9001", "vragen")


def mark(number: int) -> bytes:
    return number.to_bytes(16, "big")


def marks(count: int, first: int = 1, points: int = 8) -> dict[bytes, int]:
    return {mark(number): points for number in range(first, first + count)}


def counted(given: Mapping[bytes, int], organisation: str = "GM9001", action: str = "vragen") -> Counted:
    return Counted.of(organisation, action, given)


def reached(**members: Any) -> Reached:
    said: dict[str, Any] = {
        "organisation": "GM9001",
        "officer": "m-0123456789",
        "action": "vragen",
        "window": "dag",
        "times": 3,
        "first": datetime(2026, 3, 1, 12, tzinfo=UTC),
    }
    return Reached(**(said | members))


def account(**members: Any) -> Account:
    said: dict[str, Any] = {
        "holder": 1,
        "key": SIGNER.verifier.public_key,
        "keyset": "oefening",
        "epoch": 1,
        "day": DAY,
        "made_at": MOMENT,
        "counted": (counted(marks(2)),),
        "reached": (reached(),),
    }
    return Account(**(said | members))


def refused(one: Account, **asked: Any) -> bool:
    """Whether an account is not believed, with a reason."""
    verdict = judge(sign_account(one, SIGNER), replace(ASKED, **asked))
    assert (verdict.account is None) == bool(verdict.reason)
    return verdict.account is None


def test_an_account_in_order_is_believed() -> None:
    verdict = judge(sign_account(account(), SIGNER), ASKED)
    assert (verdict.account, verdict.reason, verdict.strangers) == (account(), "", ())


ROW = counted(marks(2))
WRONG: dict[str, dict[str, Any]] = {
    "of another keyset": {"keyset": "comensha"},
    "of another epoch": {"epoch": 2},
    "of another day": {"day": date(2026, 2, 28)},
    "of another key": {"key": receipt_signer(2).verifier.public_key},
    "of another holder": {"holder": 2},
    "made before the day was over": {"made_at": datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)},
    "of the future": {"made_at": MOMENT + AHEAD + timedelta(seconds=1)},
    "with a row twice": {"counted": (ROW, ROW)},
    "with two counts of one row": {"counted": (ROW, counted(marks(3)))},
    "out of order": {"counted": (counted(marks(2), "GM9002"), ROW)},
    "with an unknown action": {"counted": (counted(marks(2), action="opslaan"),)},
    "with an organisation that is no code": {"counted": (counted(marks(2), "GM 9001"),)},
    "with an organisation that is far too long": {"counted": (counted(marks(2), "G" * 65),)},
    "with an organisation without a name": {"counted": (counted(marks(2), ""),)},
    "with no receipts": {"counted": (replace(ROW, receipts=0, points=0),)},
    "with fewer receipts than none": {"counted": (replace(ROW, receipts=-1),)},
    "with fewer points than its receipts have": {"counted": (replace(ROW, points=15),)},
    "with more points than its receipts can have": {"counted": (replace(ROW, points=81),)},
    "with more points than there can be": {"counted": (replace(ROW, receipts=2**40, points=2**43),)},
    "with a limit twice": {"reached": (reached(), reached())},
    "with a limit out of order": {"reached": (reached(organisation="GM9002"), reached())},
    "with a limit of an unknown action": {"reached": (reached(action="opslaan"),)},
    "with a limit of an unknown window": {"reached": (reached(window="jaar"),)},
    "with a limit of an officer that is no number": {"reached": (reached(officer="j. jansen"),)},
    "with a limit of an officer that is far too long": {"reached": (reached(officer="m" * 65),)},
    "with a limit that was never reached": {"reached": (reached(times=0),)},
    "with a limit that was reached too often": {"reached": (reached(times=2**40),)},
    "with a limit of another day": {"reached": (reached(first=MOMENT),)},
    "with more limits of one organisation than are told": {
        "reached": tuple(reached(officer=f"m-{number:08d}") for number in range(MOST_REACHED + 1))
    },
}


@pytest.mark.parametrize("name", WRONG)
def test_an_account_is_not_believed_that_is(name: str) -> None:
    assert refused(account(**WRONG[name]))


def test_of_a_holder_that_left_any_epoch_will_do_and_before_a_day_is_over_any_moment_of_it() -> None:
    assert not refused(account(epoch=7), epoch=None)
    early = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert not refused(account(made_at=early), final=False, moment=early)


@given(st.text(max_size=200) | st.binary(max_size=80).map(lambda one: one.decode("latin-1")))
def test_whatever_a_holder_sends_gives_a_verdict(text: str) -> None:
    assert judge(text, ASKED).account is None


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=8)
        | st.integers(min_value=2**53).map(str),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
)
def test_whatever_a_holder_signs_gives_a_verdict(value: Any) -> None:
    """Any value in any member of an account that is otherwise in order."""
    members = json.loads(account().text.split("\n")[1])
    for name in members:
        text = json.dumps(members | {name: value}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        note = f"signaalregister/verantwoording/v2\n{text}\n"
        try:
            signed = sign_note(note, [SIGNER])
        except ValueError:
            continue
        believed = judge(signed, ASKED).account
        assert believed is None or believed.text == note


@pytest.mark.parametrize("name", ["houder", "epoch"])
def test_a_number_as_text_that_has_no_spelling_as_a_number_is_an_account_that_is_not_believed(
    name: str,
) -> None:
    members = json.loads(account().text.split("\n")[1]) | {name: "9" * 20}
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    assert judge(sign_note(f"signaalregister/verantwoording/v2\n{text}\n", [SIGNER]), ASKED).reason


def test_what_an_account_says_of_organisations_that_nobody_knows_is_set_apart() -> None:
    strange = account(
        counted=(ROW, counted(marks(1), "GM9999")),
        reached=(reached(), reached(organisation="ZZZZ-een-hele-lange-code-van-niemand")),
    )
    verdict = judge(sign_account(strange, SIGNER), ASKED)
    assert verdict.account == account()
    assert verdict.strangers == ("GM9999", "ZZZZ-een-hele-lange-code-van-niemand")
    many = account(
        counted=tuple(counted(marks(1), f"GM{number}") for number in range(1000, 1100)), reached=()
    )
    assert len(judge(sign_account(many, SIGNER), ASKED).strangers) == MOST_STRANGERS


# ---- differences ----------------------------------------------------------------------------------------------------


def found(theirs: Mapping[bytes, int], ours: Mapping[bytes, int]) -> Difference | None:
    """The difference in questions of one organisation, when the holder lists what it counted."""
    rows = [counted(theirs)] if theirs else []
    seen = {VRAGEN: ours} if ours else {}
    listed = {(one.organisation, one.action): list(theirs) for one in to_list(rows, seen)}
    return next(iter(differences(rows, seen, listed)), None)


def test_a_day_that_agrees_has_no_differences_and_needs_no_list() -> None:
    assert found(marks(10), marks(10)) is None
    assert to_list([counted(marks(10))], {VRAGEN: marks(10)}) == []


def test_what_was_evaluated_and_never_used_is_a_difference_and_many_are_worth_a_look() -> None:
    few, many = found(marks(60), marks(10)), found(marks(61), marks(10))
    assert few == Difference(*VRAGEN, 480, 80, 400, 0)
    assert many == Difference(*VRAGEN, 488, 80, 408, 0)
    assert (few.kind, many.kind) == (None, DIFFERENT)
    assert Difference(*VRAGEN, 10_000, 9_000, 1_000, 0).kind is None
    assert Difference(*VRAGEN, 10_000, 8_992, 1_008, 0).kind == DIFFERENT


def test_receipts_that_a_holder_says_it_never_gave_are_a_difference() -> None:
    assert found({}, marks(1)) == Difference(*VRAGEN, 0, 8, 0, 1)


def test_forged_receipts_do_not_cancel_out_against_evaluations_that_were_never_used() -> None:
    """As many points here as the holder counted: as a sum there is nothing to see."""
    one = found(marks(10), marks(5) | marks(5, first=100))
    assert one == Difference(*VRAGEN, 80, 80, 40, 5)
    assert one.kind == DIFFERENT


@given(
    st.dictionaries(st.integers(0, 30).map(mark), st.sampled_from((8, 16, 32, 40)), max_size=12),
    st.sets(st.integers(0, 30).map(mark), max_size=12),
    st.integers(0, 5),
)
def test_every_unused_and_every_unknown_receipt_is_counted_once(
    theirs: dict[bytes, int], used: set[bytes], forged: int
) -> None:
    ours = {one: points for one, points in theirs.items() if one in used} | marks(forged, first=100)
    one = found(theirs, ours) or Difference(*VRAGEN, sum(theirs.values()), sum(ours.values()), 0, 0)
    assert one.unknown == forged
    assert one.unused == sum(points for each, points in theirs.items() if each not in ours)
    assert forged == 0 or one.kind == DIFFERENT


def test_a_list_that_is_not_that_of_the_account_makes_the_account_false() -> None:
    rows, seen = [counted(marks(10))], {VRAGEN: marks(5)}
    for wrong in (marks(9), marks(10, first=2), {}):
        with pytest.raises(FalseAccountError, match="lijst"):
            differences(rows, seen, {VRAGEN: list(wrong)})


def test_points_that_are_not_those_of_the_receipts_make_the_account_false() -> None:
    """A holder that lists all the receipts and counts other points."""
    for points in (79, 81, 400):
        with pytest.raises(FalseAccountError, match="punten"):
            differences([replace(counted(marks(10)), points=points)], {VRAGEN: marks(10)}, {})


def test_any_consultation_is_worth_a_look_and_canaries_when_there_are_more_than_a_node_needs() -> None:
    (consulted,) = differences([counted(marks(1), action="inzage")], {}, {})
    assert (consulted.kind, consulted.amount) == (CONSULTED, 8)
    enough = CANARY_POINTS // 8
    assert differences([counted(marks(enough), action="kanarie")], {}, {}) == ()
    (many,) = differences([counted(marks(enough + 1), action="kanarie")], {}, {})
    assert many.kind == CANARIES


# ---- one holder's word ----------------------------------------------------------------------------------------------

HOARDED = Difference(*VRAGEN, 4_008, 8, 4_000, 0)


def test_what_another_holder_shows_as_well_is_borne_out() -> None:
    assert supported(HOARDED, [replace(HOARDED, counted=2_008, unused=2_000)])
    assert supported(HOARDED, [replace(HOARDED, unused=1_000), replace(HOARDED, unused=1_000)])


def test_what_nobody_else_shows_is_one_holder_s_word() -> None:
    assert not supported(HOARDED, [])
    for other in (
        replace(HOARDED, unused=8),
        replace(HOARDED, organisation="GM9002"),
        replace(HOARDED, action="indienen"),
        replace(HOARDED, unknown=5_000),
    ):
        assert not supported(HOARDED, [other])


def test_the_words_say_what_the_others_counted_and_that_it_is_one_holder_s_word() -> None:
    text = told(HOARDED, 2, [(1, 8), (3, None)], alone=True)
    assert "sleutelhouder 2 telde 4008 punten, het register zag er 8; 4000 punten niet gebruikt" in text
    assert "sleutelhouder 1 telde 8; van sleutelhouder 3 is er nog geen verantwoording" in text
    assert text.endswith("dit zegt alleen deze sleutelhouder")
    assert "alleen" not in told(HOARDED, 2, [(1, 4_008)], alone=False)
