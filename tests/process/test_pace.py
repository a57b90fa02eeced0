# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""When an answer may leave."""

from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.pace import release

moments = st.floats(0, 1e6)
spans = st.floats(0, 100)
steps = st.floats(0.05, 1)
ROUNDING = 1e-6


@given(moments, spans, steps)
def test_an_answer_leaves_at_a_whole_number_of_steps_after_its_request_and_not_before_it_is_ready(
    complete: float, took: float, step: float
) -> None:
    leaves = release(complete, complete + took, step)
    steps_taken = (leaves - complete) / step
    assert leaves >= complete + took - ROUNDING
    assert abs(steps_taken - round(steps_taken)) < ROUNDING * 1e3
    assert leaves - (complete + took) <= step + ROUNDING


@given(moments, st.floats(0, 0.999), st.floats(0, 0.999), steps)
def test_two_answers_that_are_ready_within_one_step_leave_at_the_same_moment(
    complete: float, one: float, other: float, step: float
) -> None:
    first, second = (release(complete, complete + share * step * 0.999, step) for share in (one, other))
    assert first == second


def test_an_answer_that_is_ready_at_once_waits_a_whole_step() -> None:
    assert release(10.0, 10.0, 0.25) == 10.25


@pytest.mark.parametrize(("took", "leaves"), [(0.1, 0.25), (0.25, 0.25), (0.26, 0.5), (0.9, 1.0)])
def test_an_answer_that_is_late_waits_for_the_next_step(took: float, leaves: float) -> None:
    assert release(0.0, took, 0.25) == leaves
    assert floor(leaves / 0.25) == leaves / 0.25
