# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What people said about two subjects: whichever way round, on which evidence, and until it is withdrawn."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.links import Assertion, Kind, Side, joined, kept_apart, pair, separated

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
A, B, C = (Side(UUID(int=number), "s1") for number in (1, 2, 3))
NAME = frozenset({"name_dob"})


def said(kind: Kind = Kind.NOT_SAME, families: frozenset[str] | None = NAME, number: int = 9) -> Assertion:
    return Assertion(UUID(int=number), kind, pair(A, B), families, NOW)


def test_a_pair_is_the_same_whichever_way_round_and_of_no_single_signal() -> None:
    assert pair(A, B) == pair(B, A)
    with pytest.raises(ValueError, match="two signals"):
        pair(A, Side(A.signal_id, "s2"))


def test_what_is_not_the_same_is_kept_apart_on_the_evidence_that_was_there_and_on_less() -> None:
    both = said(families=NAME | {"phone"})
    assert kept_apart(A, B, NAME, [both])
    assert kept_apart(B, A, NAME | {"phone"}, [both])
    assert not kept_apart(A, C, NAME, [both])


def test_what_agrees_besides_may_be_proposed_again() -> None:
    assert not kept_apart(A, B, NAME | {"document"}, [said()])


def test_a_bare_pair_stays_apart_whatever_agrees() -> None:
    assert kept_apart(A, B, NAME | {"document"}, [said(families=None)])


def test_what_was_withdrawn_says_nothing() -> None:
    gone = replace(said(), withdrawn_at=NOW)
    assert not kept_apart(A, B, NAME, [gone])
    assert separated([gone]) == frozenset()
    assert joined([replace(said(Kind.SAME), withdrawn_at=NOW)]) == frozenset()


def test_that_they_are_the_same_keeps_nobody_apart_and_does_not_undo_that_they_are_not() -> None:
    same, not_same = said(Kind.SAME), said(number=10)
    assert not kept_apart(A, B, NAME, [same])
    assert joined([same]) == {pair(A, B)}
    assert joined([same, not_same]) == frozenset()
    assert separated([same, not_same]) == {pair(A, B)}


FAMILIES = st.frozensets(st.sampled_from(["phone", "document", "name_dob", "plate"]))


@given(FAMILIES, FAMILIES, FAMILIES)
def test_less_evidence_never_proposes_what_more_did_not(
    asserted: frozenset[str], now: frozenset[str], dropped: frozenset[str]
) -> None:
    assertion = said(families=asserted)
    if kept_apart(A, B, now, [assertion]):
        assert kept_apart(A, B, now - dropped, [assertion])
