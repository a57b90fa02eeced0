# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Explaining cures fear, and may never show that a signal exists."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from policies.decision import FIELDS, PURPOSES, ROLES, SignalFacts
from policies.explain import (
    ARTICLES,
    Explanation,
    explain,
    field_label,
    not_searched,
    nothing_known,
    purpose_label,
    role_label,
    why,
)
from policies.grounds import CODES
from tests.policies.test_engine import questions
from tests.policies.world import TODAY, Question, best, engine, policy_set, register


def told(question: Question) -> Explanation:
    decisions = question.seen(FIELDS)
    return explain(policy_set(), register(), question.asker, question.occasion, decisions)


@settings(max_examples=30, deadline=None)
@given(question=questions)
def test_when_nothing_is_visible_the_explanation_is_that_of_nothing_stored(question: Question) -> None:
    if not any(decision.allowed for decision in question.seen(FIELDS).values()):
        assert told(question) == told(replace(question, facts=SignalFacts()))
        assert told(question).may_see == (nothing_known(),)


def test_a_minor_hidden_from_the_police_reads_as_not_found() -> None:
    question = best("tmm_analist", "opsporing_handoff", "G-RIEC")
    hidden = told(question.with_facts(minor="ja"))
    assert hidden == told(replace(question, facts=SignalFacts()))
    assert "Veilig Thuis" not in hidden.as_text()


def test_an_inspector_reads_what_on_which_ground_and_what_to_leave_out() -> None:
    text = told(best("toezichthouder", "signalering", "G-GEM")).as_text()
    assert "- of er een treffer is" in text
    assert "- de periode, alleen ongeveer" in text
    assert (
        "G-GEM (artikel van de proef): proef. Vastgesteld door college van de proef, document PROEF." in text
    )
    assert "de vorm van uitbuiting: uw rol mag dit voor dit doel niet zien" in text


def test_what_is_not_offered_says_how_to_earn_it() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-GEM").with_facts(released_to=frozenset())
    (line,) = [line for line in told(question).not_offered if line.startswith("de contactpersoon")]
    assert "Doe via uw aandachtsfunctionaris een contactverzoek" in line


def test_a_reason_about_the_asker_is_told_as_it_is() -> None:
    question = best("toezichthouder", "signalering", "G-GEM").with_occasion(control="")
    assert any("Er is geen controle- of zaaknummer." in line for line in told(question).not_offered)


def test_the_ground_of_a_sexual_signal_is_never_told() -> None:
    question = best("toezichthouder", "signalering", "G-GEM")
    sexual = question.with_facts(needs_special=True, special_category_ground_id="W-G-SEKS")
    assert sexual.seen(("hit",))["hit"].allowed
    assert told(sexual) == told(question)


@pytest.mark.parametrize(
    ("gate", "word"),
    [
        ("G-SEKS", "seksuele uitbuiting"),
        ("G-STRAF", "facilitator"),
        ("BSN", "burgerservicenummer"),
        ("V-NUMMER", "V-nummer"),
    ],
)
def test_a_closed_gate_says_in_general_terms_what_was_not_looked_at(gate: str, word: str) -> None:
    opened = register()
    for code in ("BSN", "V-NUMMER"):
        opened = opened.with_gate(code, opened=True, decision="proef")
    assert not_searched(opened, "GM9001", TODAY) == ()
    (sentence,) = not_searched(opened.with_gate(gate, opened=False, decision="proef"), "GM9001", TODAY)
    assert word in sentence


def test_without_a_ground_of_its_own_an_open_gate_still_leaves_signals_out() -> None:
    assert any("seksuele" in line for line in not_searched(register(), "GM9009", TODAY))


def test_every_name_has_a_label_and_every_code_an_article() -> None:
    assert all(field_label(name) for name in FIELDS)
    assert all(purpose_label(name) for name in PURPOSES)
    assert all(role_label(name) for name in ROLES)
    assert set(ARTICLES) == set(CODES)
    assert field_label("naam") == purpose_label("naam") == role_label("naam") == ""


def test_every_rule_explains_itself_in_whole_short_sentences() -> None:
    for rule in policy_set().rules:
        assert rule.explanation[0].isupper(), rule.id
        assert rule.explanation.endswith("."), rule.id
    for condition in policy_set().conditions.values():
        if condition.ground is None:
            assert condition.sentence.endswith("."), condition.name
            assert condition.way.endswith("."), condition.name
            assert len(condition.way.split()) < 40, condition.name


def test_no_role_is_ever_told_that_a_signal_is_hidden() -> None:
    for role in ROLES:
        for purpose in PURPOSES:
            hidden = best(role, purpose, "G-RIEC").with_facts(handling="", minor="ja")
            seen = engine().fields(hidden.asker, hidden.occasion, hidden.facts, FIELDS)
            if not any(decision.allowed for decision in seen.values()):
                assert "minderjarige" not in " ".join(told(hidden).not_offered).replace(
                    field_label("minor_flag"), ""
                )


def test_each_shown_field_says_its_ground_its_conditions_and_its_rule_and_a_closed_one_nothing() -> None:
    question = best("toezichthouder", "signalering", "G-GEM")
    found = why(policy_set(), register(), "signalering", question.seen(FIELDS))
    assert {one.field for one in found} == {
        field for field, decision in question.seen(FIELDS).items() if decision.allowed
    }
    for one in found:
        assert one.grounds, one.field
        assert one.rules, one.field
        assert one.explanation == tuple(
            rule.explanation for rule in policy_set().rules if rule.id in one.rules
        )
    (period,) = [one for one in found if one.field == "period_bucket"]
    assert "Een grove weergave van aantal en periode." in period.conditions


def test_why_a_field_is_there_never_names_what_hangs_on_the_signal() -> None:
    question = best("toezichthouder", "signalering", "G-GEM")
    sexual = question.with_facts(needs_special=True, special_category_ground_id="W-G-SEKS")
    plain, hidden = (
        why(policy_set(), register(), "signalering", one.seen(FIELDS)) for one in (question, sexual)
    )
    assert plain == hidden
    assert "G-SEKS" not in str(plain)
