# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The draft of a notification: what the log says, counted, and blanks where only a person knows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from register.breaches import Facts, Figures, draft, figures, moments
from register.safeguards import REPORT_WITHIN, report_before

KNOWN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
FACTS = Facts("Oefendorp", "fg@example.nl", KNOWN, KNOWN, frozen_now=True, confirmed_at=None)


def entry(minute: int, *marks: str, **others: Any) -> dict[str, Any]:
    fields = {
        "moment": (KNOWN + timedelta(minutes=minute)).isoformat(),
        "medewerker": "oefening-toezichthouder",
        "zaaknummer": "C-OEFE-0001",
        "kenmerken": list(marks),
        "families": ["phone"],
        "uitkomst": "niet_bekend",
        "signalen_geteld": 0,
    }
    return {**fields, **others}


def said(facts: Facts, counted: Figures) -> dict[str, str | None]:
    words = {name: "" if one is None else one.isoformat() for name, one in moments(facts, counted).items()}
    return {question: answer for _title, rows in draft(facts, counted, words) for question, answer in rows}


def test_questions_people_and_answers_that_told_something_are_counted() -> None:
    counted = figures(
        [
            entry(2, "b", "a", uitkomst="bekend_elders", signalen_geteld=2),
            entry(1, "a", "b"),
            entry(3, "c", families=["document", "phone"]),
        ]
    )
    assert (counted.questions, counted.subjects, counted.told, counted.others) == (3, 2, 1, 2)
    assert counted.families == ("document", "phone")
    assert (counted.first, counted.last) == (entry(1)["moment"], entry(3)["moment"])
    assert Figures.read(counted.stored()) == counted


def test_of_nothing_the_draft_says_nought_and_names_no_day() -> None:
    answers = said(FACTS, figures([]))
    assert answers["Wanneer begon de inbreuk?"] is None
    assert "0 keer" in str(answers["Samenvatting van het incident"])


def test_a_freeze_that_stands_ended_the_breach_and_one_that_was_lifted_is_a_measure_only() -> None:
    standing, lifted = said(FACTS, figures([])), said(replace(FACTS, frozen_now=False), figures([]))
    none = said(replace(FACTS, frozen_at=None, frozen_now=False), figures([]))
    ongoing, measures = "Duurt de inbreuk nog voort?", "Wat is er gedaan om de inbreuk te stoppen?"
    assert str(standing[ongoing]).startswith("Nee.")
    assert lifted[ongoing] is none[ongoing] is None
    assert "bevroren" in str(lifted[measures])
    assert none[measures] is None


def test_what_only_a_person_can_judge_is_left_blank() -> None:
    answers = said(FACTS, figures([entry(1, "a")]))
    blank = {question for question, answer in answers.items() if answer is None}
    assert {
        "Wat was de oorzaak?",
        "Wie meldt?",
        "Hoe ernstig schat u die gevolgen in?",
        "Zo nee, waarom niet?",
    } <= blank


def test_the_parts_follow_the_form_from_0_to_9() -> None:
    words = dict.fromkeys(moments(FACTS, figures([])), "")
    titles = [title for title, _rows in draft(FACTS, figures([]), words)]
    assert [title[:2] for title in titles] == [f"{number}." for number in range(10)]


@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=3), max_size=8))
def test_nothing_that_names_anybody_comes_from_an_entry_into_a_draft(asked: list[list[str]]) -> None:
    marks = [[f"{one}{'0' * 31}" for one in digests] for digests in asked]
    text = repr(said(FACTS, figures([entry(minute, *one) for minute, one in enumerate(marks)])))
    for hidden in ("oefening-toezichthouder", "C-OEFE-0001", *(one for digests in marks for one in digests)):
        assert hidden not in text


def test_it_is_to_be_reported_within_72_hours_by_the_clock_and_not_by_the_calendar() -> None:
    assert report_before(KNOWN) - KNOWN == REPORT_WITHIN == timedelta(hours=72)
