# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.problem import FieldError, PassedOnRefusal, Refusal, problem_details, refusal_from

SENTENCES = st.text(max_size=40)
REFUSALS = st.builds(
    Refusal,
    st.integers(400, 599),
    SENTENCES,
    SENTENCES,
    SENTENCES,
    way_forward=SENTENCES,
    fields=st.lists(st.builds(FieldError, SENTENCES, SENTENCES), max_size=3).map(tuple),
    rule=st.none() | SENTENCES,
)


@given(REFUSALS)
def test_a_refusal_survives_the_wire_word_for_word(refusal: Refusal) -> None:
    returned = refusal_from(json.loads(json.dumps(problem_details(refusal))))
    for name in ("status", "code", "title", "detail", "way_forward", "fields", "rule"):
        assert getattr(returned, name) == getattr(refusal, name), name


def test_a_refusal_that_came_over_the_wire_is_known_to_be_logged_already() -> None:
    assert isinstance(refusal_from({}), PassedOnRefusal)
    assert not isinstance(Refusal(400, "a", "b", "c", way_forward="d"), PassedOnRefusal)


def test_problem_details_have_the_members_of_rfc_9457_and_our_own_in_dutch() -> None:
    refusal = Refusal(
        403,
        "geen-toegang",
        "Dit mag niet.",
        "Uw rol kan dit niet.",
        way_forward="Vraag uw FG.",
        fields=(FieldError("doel", "Dit doel past niet."),),
        rule="C2",
    )
    assert problem_details(refusal) == {
        "type": "/problemen/geen-toegang",
        "title": "Dit mag niet.",
        "status": 403,
        "detail": "Uw rol kan dit niet.",
        "code": "geen-toegang",
        "wegVooruit": "Vraag uw FG.",
        "velden": [{"veld": "doel", "reden": "Dit doel past niet."}],
        "regel": "C2",
    }


def test_a_refusal_without_a_rule_names_none() -> None:
    assert "regel" not in problem_details(Refusal(400, "a", "b", "c", way_forward="d"))


def test_a_refusal_is_an_exception_that_says_what_was_refused() -> None:
    assert str(Refusal(400, "a", "Dit mag niet.", "c", way_forward="d")) == "Dit mag niet."


@pytest.mark.parametrize(
    "members",
    [{}, {"status": "403"}, {"velden": "geen lijst"}, {"velden": ["geen veld", None]}, {"velden": None}],
)
def test_a_malformed_problem_of_another_process_is_still_a_refusal(members: dict[str, object]) -> None:
    refusal = refusal_from(members)
    assert refusal.status == 502
    assert refusal.fields == ()
