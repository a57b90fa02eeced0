# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.overseeing import Duties, Figures, coarse, figures, public_duties, public_figures
from register.reviewing import Line, month
from tests.register.test_reviewing import LIMITS, TUESDAY, asked, finished

NOVEMBER = month("2026-11")
LATER = NOVEMBER.end + timedelta(days=6)


def entry(leaf: int, event: str, audience: str = "vrager", **fields: Any) -> Line:
    return Line(leaf, event, audience, TUESDAY, {"medewerker": "nummer-0001", **fields})


def counted(*lines: Line, **others: Any) -> Figures:
    return figures(lines, NOVEMBER, LIMITS, others.get("now", LATER))


def test_each_kind_of_entry_is_counted_where_it_belongs() -> None:
    found = counted(
        asked(1, uitkomst="bekend_elders", grondslag="G-1", antwoord_van=["GM9001", "GM9002"]),
        asked(2, uitkomst="niet_bekend", grondslag="G-1", medewerker="nummer-0002"),
        asked(4, uitkomst="bekend_elders", herhaald=True),
        entry(5, "signaal_ingediend"),
        entry(6, "fase_2_gevraagd"),
        entry(7, "fase_2_vrijgegeven"),
        entry(8, "fase_2_vrijgegeven", "melder"),
        entry(9, "geweigerd", code="te-weinig-om-op-te-vragen"),
        entry(10, "geweigerd", code="geen-toegang"),
        entry(11, "geweigerd", code="geen-toegang"),
        entry(12, "noodopening"),
        entry(13, "noodopening", "melder"),
        entry(14, "noodopening_nagekeken", oordeel="ok"),
        entry(15, "logboek_geraadpleegd"),
        entry(16, "post_beoordeeld", oordeel="onrechtmatig"),
        entry(17, "bevraging", "melder"),
        entry(19, "contact_vrijgegeven"),
        entry(20, "contact_vrijgegeven", "melder", velden=["contact_officer"], signalen=[]),
        entry(21, "treffer_stap", "melder", velden=[], signalen=["s"]),
        entry(22, "contact_vrijgegeven", "melder", velden=["contact_officer"], signalen=["s"]),
        asked(18, TUESDAY.replace(hour=21), uitkomst="mogelijk", grondslag="G-2", antwoord_van=["GM9001"]),
    )
    assert found == Figures(
        entries=21,
        questions=3,
        repeated=1,
        answered_by={"GM9001": 2, "GM9002": 1},
        submissions=1,
        hits=2,
        phase_2_asked=1,
        releases=1,
        contacts=1,
        refusals={"geen-toegang": 2, "te-weinig-om-op-te-vragen": 1},
        out_of_hours=1,
        without_outcome=3,
        outcome_to_come=0,
        emergencies=2,
        emergencies_reviewed=1,
        grounds={"G-1": 2, "G-2": 1},
        officers={"nummer-0001": 2, "nummer-0002": 1},
        disclosures=3,
        looks=1,
        backwards=0,
    )


def test_what_lies_outside_the_month_is_an_outcome_at_most() -> None:
    last = asked(1, NOVEMBER.end - timedelta(hours=1), zaaknummer="C-A")
    outcome = finished(2, NOVEMBER.end + timedelta(days=2), "C-A")
    other = asked(3, NOVEMBER.end + timedelta(hours=1))
    found = counted(last, other, outcome)
    assert (found.entries, found.questions, found.without_outcome) == (1, 1, 0)


def test_an_outcome_that_is_not_due_is_to_come_and_not_missing() -> None:
    found = counted(asked(1), now=TUESDAY + timedelta(days=4))
    assert (found.without_outcome, found.outcome_to_come) == (0, 1)
    assert counted(asked(1), now=TUESDAY + timedelta(days=6)).without_outcome == 1


def test_entries_whose_clock_went_back_are_told_and_small_disorder_is_not() -> None:
    first = asked(1)
    assert counted(first, asked(2, TUESDAY - timedelta(minutes=9))).backwards == 0
    assert counted(first, asked(2, TUESDAY - timedelta(days=1))).backwards == 1


# ---- the report ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "<10"),
        (1, "<10"),
        (9, "<10"),
        (10, "10"),
        (12, "10"),
        (13, "15"),
        (1_198, "1200"),
        (1_202, "1200"),
    ],
)
def test_an_aggregate_is_shown_from_ten_and_rounded_to_fives(number: int, shown: str) -> None:
    assert coarse(number) == shown


@given(st.integers(10, 10**6))
def test_rounding_moves_a_number_by_two_at_most(number: int) -> None:
    assert abs(int(coarse(number)) - number) <= 2


def test_a_report_names_no_officer_no_leaf_and_no_exact_number() -> None:
    lines = [asked(leaf, medewerker=f"nummer-{leaf:04d}", grondslag="G-1") for leaf in range(1, 38)]
    told = public_figures(counted(*lines), {"onrechtmatig": 3})
    text = json.dumps(told)
    assert "nummer-" not in text
    assert "37" not in text
    assert told["vragen"] == told["medewerkersDieVroegen"] == "35"
    assert told["vragenPerGrondslag"] == {"G-1": "35", "overige": "<10"}
    assert told["treffers"] == "<10"
    assert told["oordelen"] == {"ok": "<10", "vraag": "<10", "onrechtmatig": "<10"}


def test_two_months_that_differ_by_one_person_below_ten_read_the_same() -> None:
    quiet = counted(asked(1))
    assert public_figures(quiet, {}) == public_figures(replace(quiet, questions=9, hits=4, emergencies=1), {})


def test_that_there_was_one_refusal_or_one_unlawful_question_is_no_line_of_its_own() -> None:
    none, one = counted(), replace(counted(), refusals={"medewerker-bevroren": 1}, grounds={"G-1": 1})
    assert public_figures(none, {}) == public_figures(one, {"onrechtmatig": 1})
    assert public_figures(one, {})["weigeringenPerCode"] == {"overige": "<10"}


def test_the_order_of_large_numbers_tells_nothing() -> None:
    found = replace(counted(), refusals={"b": 11, "a": 10, "c": 4, "d": 6})
    told = public_figures(found, {})["weigeringenPerCode"]
    assert isinstance(told, dict)
    assert list(told) == ["a", "b", "overige"]
    assert told["overige"] == "10"


def test_how_many_were_reviewed_does_not_undo_the_rounding_and_a_failure_stays_exact() -> None:
    few = Duties(expired_there=1, reviewed=3, open=2, late=1, emergencies_late=1, verdicts={"ok": 3})
    told = public_duties(few)
    assert told == public_duties(replace(few, reviewed=7, open=0))
    assert (told["verlopenNietVernietigd"], told["teLaat"], told["noodopeningenTeLaat"]) == (1, 1, 1)
