# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the month of an organisation in figures."""

from datetime import UTC, date, datetime

import pytest

from process.problem import Refusal
from register.municipal.mirror import OTHERWISE, Counts, following, mirrored, month, preceding, span
from tests.register.municipal.test_pages import CONTROL, send, sign_in
from tests.register.municipal.world import Browser, Officer


def test_a_month_follows_a_month_also_over_the_end_of_a_year() -> None:
    assert following(date(2026, 12, 1)) == date(2027, 1, 1)
    assert preceding(date(2027, 1, 1)) == date(2026, 12, 1)
    assert following(preceding(date(2026, 3, 1))) == date(2026, 3, 1)


def test_a_month_begins_at_midnight_of_dutch_winter_time() -> None:
    assert span(date(2026, 3, 1)) == (
        datetime(2026, 2, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-3", "2026-03-01", "maart", "9999-12", "0001-01"]
)
def test_what_is_no_month_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        month(text)
    assert (refused.value.status, "2026-11" in refused.value.detail) == (400, True)


def test_what_has_no_words_of_its_own_is_counted_together_and_zeroes_of_refusals_are_left_out() -> None:
    found = mirrored(Counts({}, {}, {"te-weinig": 2, "iets-anders": 3, "nog-iets": 1}))
    assert [number for _what, number in found.refused] == [2, 4]
    assert found.refused[-1][0] == OTHERWISE
    assert {number for _what, number in (*found.done, *found.outcomes)} == {0}


def test_a_remark_is_made_where_it_helps_and_nowhere_else() -> None:
    assert mirrored(Counts({"bevraging": 9}, {"doorverwezen": 1}, {"te-weinig": 2})).remarks == []
    assert len(mirrored(Counts({"bevraging": 10}, {"": 1}, {"te-weinig": 3})).remarks) == 3
    assert mirrored(Counts({"bevraging": 10, "signaal": 1}, {}, {})).remarks == []


def test_a_month_counts_questions_and_refusals_without_saying_whose(guest: Browser) -> None:
    sign_in(guest, "toezichthouder")
    send(guest, "/vragen", {**CONTROL, "telefoon": "06 12345678"})
    send(guest, "/vragen", {**CONTROL, "achternaam": "Verzonnen"})
    guest.cookies.clear()
    sign_in(guest, "aandachtsfunctionaris")
    page = guest.get("/maand/2026-03").text
    assert "maart 2026" in page
    officer = Officer(guest, "aandachtsfunctionaris")
    told = officer.get("/v1/maandspiegel?maand=2026-03").json()
    counted = {one["wat"]: one["aantal"] for part in ("gedaan", "aflopen", "geweigerd") for one in told[part]}
    assert counted["Vragen gesteld"] == 1
    assert counted["Nog geen afloop"] == 1
    assert counted["Te weinig om op te vragen: alleen een naam, of te weinig gegevens samen"] == 1
    assert "toezichthouder" not in page.partition("<main")[2].partition("<footer")[0]
    assert told["bezig"]
    assert officer.get("/v1/maandspiegel?maand=2026-02").json()["gedaan"][0]["aantal"] == 0


@pytest.mark.parametrize("role", ["toezichthouder", "functioneel_beheerder"])
def test_a_month_is_not_for_who_has_no_figures_in_the_matrix(guest: Browser, role: str) -> None:
    assert Officer(guest, role).get("/v1/maandspiegel?maand=2026-03").status_code == 403
