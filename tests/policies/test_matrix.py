# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Contract tests generated from policy-matrix.csv: every one of the 1,680 cells, and every condition of every cell."""

import csv
from dataclasses import replace
from itertools import groupby

import pytest

from policies.decision import FIELDS, PURPOSES, ROLES
from policies.matrix import differences
from tests.policies.world import (
    MAIN_PURPOSES,
    SPOIL,
    VECTORS,
    Question,
    Row,
    best,
    engine,
    matrix,
    policy_set,
    spoil_mandate,
    spoil_special,
)

BLOCKS = {key: tuple(rows) for key, rows in groupby(matrix(), key=lambda row: (row.role, row.purpose))}
ALLOWED = tuple(row for row in matrix() if row.allowed)
PARTS = [(row, part) for row in ALLOWED for part in row.expression.parts]


def name(value: object) -> str:
    if isinstance(value, Row):
        return f"{value.role}-{value.purpose}-{value.field}"
    if isinstance(value, frozenset):
        # In one order, or two workers collect different tests.
        return "|".join(sorted(map(str, value)))
    return "-".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def may_see(question: Question, row: Row, missing: frozenset[str] = frozenset()) -> bool:
    return question.seen((row.field,), missing)[row.field].allowed


def test_the_matrix_is_whole_so_that_no_cell_goes_untested() -> None:
    assert {(row.role, row.purpose, row.field) for row in matrix()} == {
        (role, purpose, field) for role in ROLES for purpose in PURPOSES for field in FIELDS
    }
    assert len(matrix()) == 1680
    assert len(ALLOWED) == 188


def test_the_parsed_rules_read_as_the_matrix_reads() -> None:
    with (VECTORS / "policy-matrix.csv").open(encoding="utf-8", newline="") as file:
        assert differences(policy_set(), list(csv.DictReader(file))) == ()


@pytest.mark.parametrize("block", BLOCKS.values(), ids=lambda rows: f"{rows[0].role}-{rows[0].purpose}")
def test_with_every_condition_met_exactly_the_allowed_cells_are_shown(block: tuple[Row, ...]) -> None:
    for row in block:
        chosen = row if row.allowed else next((other for other in block if other.allowed), None)
        question = chosen.best() if chosen else best(row.role, row.purpose, "G-GEM")
        decision = question.seen((row.field,))[row.field]
        assert decision.allowed == row.allowed, (row, decision)
        assert not decision.alarm
        if row.allowed:
            wgs = engine(profile="riec-wgs")
            there = wgs.fields(question.asker, question.occasion, question.facts, (row.field,))[row.field]
            assert replace(there, policy_set_hash=decision.policy_set_hash) == decision
            assert question.occasion.ground_id == decision.ground_id
            assert {code for code in row.conditions if code != "C6"} <= decision.conditions


def test_a_denied_cell_is_denied_with_every_ground_and_every_context() -> None:
    for (role, purpose), block in BLOCKS.items():
        denied = tuple(row.field for row in block if not row.allowed)
        # All grounds are in force here; these two count only when chosen.
        for code in ("G-TOEST", "G-VIT"):
            question = best(role, purpose, code).with_occasion(break_glass=True)
            own = best(role, purpose, code, own=True).facts
            page = question.page((question.facts, own), denied)
            for seen in page:
                assert not [field for field in denied if seen[field].allowed], (role, purpose, code)


@pytest.mark.parametrize("row", ALLOWED, ids=name)
def test_taking_away_just_one_condition_of_a_cell_denies_it(row: Row) -> None:
    assert may_see(row.best(), row)
    always = ("C6", "C22") if row.purpose in MAIN_PURPOSES else ()
    for code in dict.fromkeys([*row.conditions, *always]):
        for spoilt in SPOIL[code](row.best()):
            assert not may_see(spoilt, row), (code, spoilt)


@pytest.mark.parametrize(("row", "part"), PARTS, ids=name)
def test_a_cell_needs_every_part_of_its_ground_in_force(row: Row, part: frozenset[str]) -> None:
    assert not may_see(row.best(), row, part)


def test_one_of_several_grounds_is_enough_where_the_matrix_says_or() -> None:
    rows = [row for row in ALLOWED if "|" in row.ground and not row.expression.host_dependent]
    assert rows
    for row in rows:
        for code in row.expression.codes:
            question = row.best().with_occasion(ground_id=f"W-{code}")
            others = row.expression.codes - {code}
            assert may_see(question, row, frozenset(others)), (row, code)


def test_a_host_dependent_ground_counts_only_at_its_own_host() -> None:
    rows = [row for row in ALLOWED if row.expression.host_dependent]
    assert rows
    for row in rows:
        riec, zvh = row.best(), row.best().with_asker(host="ZVH").with_occasion(ground_id="W-G-ZVH")
        assert may_see(zvh, row)
        assert not may_see(riec, row, frozenset({"G-RIEC"}))
        assert not may_see(zvh, row, frozenset({"G-ZVH"}))
        assert not may_see(riec.with_asker(host=""), row)


def test_without_a_valid_mandate_nothing_is_shown_whatever_the_cell_asks() -> None:
    for block in BLOCKS.values():
        row = next((row for row in block if row.allowed), None)
        for spoilt in spoil_mandate(row.best()) if row else ():
            assert not any(decision.allowed for decision in spoilt.seen(FIELDS).values()), row


def test_a_signal_that_needs_a_special_ground_is_shown_only_with_that_ground() -> None:
    for row in ALLOWED:
        if row.purpose not in MAIN_PURPOSES:
            continue
        question = row.best()
        covered = question.with_facts(
            needs_special=True,
            special_category_ground_id="W-G-SEKS",
            needs_criminal=True,
            criminal_ground_id="W-G-STRAF",
        )
        signals = [covered.facts, *(spoilt.facts for spoilt in spoil_special(question))]
        page = question.page(signals, (row.field,))
        assert [seen[row.field].allowed for seen in page] == [True, False, False, False, False], row
