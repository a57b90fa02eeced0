# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The rules by which a node judges the log, over trees of every small size."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.merkle import leaf_hash
from register.municipal.receipts import (
    TERM,
    Break,
    LogBreak,
    Unproven,
    Verdict,
    break_between,
    covers,
    judge,
    overdue,
    standing,
)
from tests.register.municipal.world import LogStation

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PLACES = st.integers(1, 70).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))


def log_of(size: int, history: bytes = b"") -> LogStation:
    log = LogStation()
    log.append(*(history + b"%d" % leaf for leaf in range(size)))
    return log


def promised(log: LogStation, leaf: int) -> Unproven:
    said = log.receipt(leaf)
    return Unproven(1, said.origin, leaf, said.leaf_hash, NOW, contradicted=False)


@given(PLACES)
def test_the_log_proves_every_receipt_that_it_kept(place: tuple[int, int]) -> None:
    leaf, size = place
    log = log_of(size)
    assert judge(promised(log, leaf), log.checkpoint(), log.inclusion(leaf, size)) is Verdict.PROVEN


@given(PLACES)
def test_a_leaf_that_is_not_in_the_tree_is_contradicted_by_whatever_is_given(place: tuple[int, int]) -> None:
    leaf, size = place
    log = log_of(size)
    lost = replace(promised(log, leaf), leaf_hash=leaf_hash(b"nooit opgenomen"))
    for given_leaf in {0, leaf, size - 1}:
        assert judge(lost, log.checkpoint(), log.inclusion(given_leaf, size)) is Verdict.CONTRADICTED
    assert judge(lost, log.checkpoint(), ()) is Verdict.CONTRADICTED


@given(PLACES.filter(lambda place: place[1] > 1))
def test_a_leaf_at_another_place_is_no_proof(place: tuple[int, int]) -> None:
    leaf, size = place
    log = log_of(size)
    moved = replace(promised(log, leaf), leaf_index=(leaf + 1) % size)
    assert judge(moved, log.checkpoint(), log.inclusion(leaf, size)) is Verdict.CONTRADICTED


def test_a_receipt_of_another_log_is_contradicted() -> None:
    log = log_of(3)
    foreign = replace(promised(log, 1), origin="log.example/ander")
    assert judge(foreign, log.checkpoint(), log.inclusion(1, 3)) is Verdict.CONTRADICTED


def test_a_checkpoint_covers_the_leaves_below_its_size() -> None:
    log = log_of(5)
    assert [covers(log.checkpoint(3), promised(log, leaf)) for leaf in range(5)] == [True] * 3 + [False] * 2


@given(PLACES)
def test_a_log_that_grew_is_no_break(place: tuple[int, int]) -> None:
    old, new = place
    log = log_of(new)
    assert (
        break_between(log.checkpoint(old), log.checkpoint(), log.consistency(old, new) if old else ()) is None
    )


@given(PLACES)
def test_a_shrunk_log_is_a_break_also_when_it_is_a_part_of_the_old_one(place: tuple[int, int]) -> None:
    small, size = place
    log = log_of(size)
    proof = log.consistency(small, size) if small else ()
    assert break_between(log.checkpoint(), log.checkpoint(small), proof) is Break.SHORTER


@given(PLACES)
def test_a_forked_log_is_a_break_at_any_size_and_with_any_proof(place: tuple[int, int]) -> None:
    leaf, size = place
    log, other = log_of(size), log_of(size + 3)
    other.hashes[leaf] = leaf_hash(b"herschreven")
    assert break_between(log.checkpoint(), other.checkpoint(size), ()) is Break.FORKED
    for proof in (other.consistency(size, size + 3), ()):
        assert break_between(log.checkpoint(), other.checkpoint(), proof) is Break.FORKED


@pytest.mark.parametrize(("after", "late"), [(TERM - timedelta(microseconds=1), False), (TERM, True)])
def test_ten_minutes_is_overdue(after: timedelta, *, late: bool) -> None:
    assert timedelta(minutes=10) == TERM
    assert overdue(promised(log_of(1), 0), NOW + after) is late


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=20), st.integers(0, 9))
def test_every_receipt_stands_under_one_heading(waiting: list[tuple[int, bool]], proven: int) -> None:
    receipts = [
        Unproven(leaf, "log", leaf, b"h" * 32, NOW - timedelta(minutes=age), contradicted=wrong)
        for leaf, (age, wrong) in enumerate(waiting)
    ]
    found = standing(proven, receipts, (), NOW)
    assert found.proven == proven
    assert found.waiting + len(found.overdue) + len(found.contradicted) == len(receipts)
    assert not set(found.overdue) & set(found.contradicted)
    assert found.alarming is any(wrong or age >= 10 for age, wrong in waiting)


def test_a_break_alone_is_alarming() -> None:
    assert standing(1, (), (LogBreak(Break.FORKED, b"", b"", NOW),), NOW).alarming
