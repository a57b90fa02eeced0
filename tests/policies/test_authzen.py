# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""AuthZEN is another way of asking the same engine."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings

from policies.authzen import (
    PROPERTIES,
    Evaluation,
    Semantic,
    decide,
    evaluate,
    facts_of,
    properties_of,
)
from policies.decision import FIELDS, ROLES, SignalFacts, fitting
from tests.policies.test_engine import questions
from tests.policies.world import Question, best, engine, matrix


def asked(question: Question, action: str, *, described: bool) -> Evaluation:
    return Evaluation(question.asker, question.occasion, action, question.facts, described)


@settings(max_examples=30, deadline=None)
@given(question=questions)
def test_a_described_signal_is_decided_as_a_stored_one_with_the_same_facts(question: Question) -> None:
    for action in ("hit", "contact_officer"):
        plain = question.seen((action,))[action]
        assert decide(engine(), asked(question, action, described=True)) == plain
        assert decide(engine(), asked(question, action, described=False)).allowed == plain.allowed


@settings(max_examples=30, deadline=None)
@given(question=questions)
def test_a_named_signal_that_is_refused_reads_as_one_of_which_nothing_is_known(question: Question) -> None:
    for action in FIELDS:
        named = decide(engine(), asked(question, action, described=False))
        nothing = decide(engine(), asked(replace(question, facts=SignalFacts()), action, described=False))
        if not named.allowed:
            assert named == nothing


@settings(max_examples=30, deadline=None)
@given(question=questions)
def test_a_description_reads_back_as_the_same_facts(question: Question) -> None:
    facts, asker = question.facts, question.asker
    mine = replace(facts, rewrapped_to=asker.address if facts.rewrapped_to == asker.address else "")
    back = facts_of(properties_of(mine, asker), asker)
    # H1 in its long form is H1.
    assert replace(back, handling=back.handling_code) == replace(mine, handling=mine.handling_code)


def test_every_fact_can_be_described_and_a_misspelt_one_is_refused() -> None:
    assert len(PROPERTIES) == len(fields(SignalFacts))
    with pytest.raises(KeyError):
        facts_of({"minderjarigg": "nee"}, best("toezichthouder", "signalering", "G-GEM").asker)


def test_a_description_that_says_nothing_is_the_most_restrictive_signal() -> None:
    assert facts_of({}, best("toezichthouder", "signalering", "G-GEM").asker) == SignalFacts()


@pytest.mark.parametrize("role", ROLES)
def test_of_a_fitting_signal_nothing_is_refused_because_of_the_signal(role: str) -> None:
    for row in matrix():
        if row.role != role or not row.allowed:
            continue
        question = best(row.role, row.purpose, row.ground)
        facts = fitting(question.asker.organisation, question.asker.address, question.asker.organisation)
        decided = decide(
            engine(), Evaluation(question.asker, question.occasion, row.field, facts, described=True)
        )
        assert [one for one in decided.reasons if one.about == "signal"] == []


def test_what_comes_after_the_settling_decision_is_not_even_taken() -> None:
    question = best("toezichthouder", "signalering", "G-GEM")

    def lazily() -> object:
        yield asked(question, "hit", described=True)
        yield asked(question, "muni_name", described=True)
        raise AssertionError("taken")

    decided = evaluate(engine(), lazily(), Semantic.FIRST_DENY)  # type: ignore[arg-type]
    assert [one.allowed for one in decided] == [True, False]
