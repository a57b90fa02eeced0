# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages of an FG as a browser meets them: inbox, month, report, disclosures and limits."""

import re
from datetime import UTC, datetime

import pytest

from register.central.centre import Centre
from register.central.store import tables as t
from register.reviewing import before, month_of
from tests.register.central.conftest import ONE_DATABASE, Publish
from tests.register.central.test_supervision import (
    MONDAY_AFTER,
    MONTH,
    TUESDAY,
    WEEK,
    Enter,
    at,
    enter,
    go_through,
)
from tests.register.central.web.test_pages import Visitor, visitor
from tests.register.central.world import World, point, pseudonym, signal, subject

__all__ = ["enter", "visitor"]
pytestmark = ONE_DATABASE


@pytest.fixture
def fg(world: World, visitor: Visitor, enter: Enter, publish: Publish, centre: Centre) -> Visitor:
    """The FG of an organisation that asked once last week, late in the evening and about the own street."""
    at(world, TUESDAY.replace(hour=22))
    enter(vlaggen=["eigen_straat"], uitkomst="niet_bekend")
    enter("controle_afgerond")
    publish()
    at(world, MONDAY_AFTER)
    go_through(centre, world.clock())
    publish()
    world.log.verify(None)
    return visitor.signed_in("GM9004", "fg")


def test_the_inbox_shows_each_question_with_its_flags_and_where_to_open_it(fg: Visitor) -> None:
    page = fg.get("/postvak").text
    assert "eigen straat" in page
    assert "buiten werktijd" in page
    assert f'href="/postvak/{WEEK}.0"' in page
    assert "Na te kijken (1)" in page


def test_an_fg_reads_why_opens_and_judges_a_question_and_finds_the_proof(fg: Visitor) -> None:
    path = f"/postvak/{WEEK}.0"
    page = fg.get(path).text
    assert "straat van de medewerker zelf" in page
    assert "nummer-0001" in page
    answer = fg.post(path, csrf=fg.token(path), oordeel="onrechtmatig.prive")
    assert (answer.status_code, answer.headers["location"]) == (303, "/postvak")
    (item,) = fg.world.rows(t.review_item)
    assert (item.verdict, item.reason) == ("onrechtmatig", "prive")
    after = fg.get("/postvak").text
    assert "privégebruik" in after
    assert f'href="/logboek/{item.entry}"' in after
    assert "Na te kijken (0)" in after


def test_a_verdict_without_a_choice_is_a_page_that_says_what_to_choose(fg: Visitor) -> None:
    path = f"/postvak/{WEEK}.0"
    answer = fg.post(path, csrf=fg.token(path))
    assert answer.status_code == 400
    assert "Kies een oordeel" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/postvak/2026-W10.99",
        "/postvak/x",
        "/postvak/%3F",
        "/maand/2026-13",
        "/maand/2026-03%3Fx=1",
        "/maand/2026-03%0A",
        "/maand/2026-03%23/verslag",
        "/maand/2026-03%3F/bewijs",
        "/verstrekkingen?maand=x",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(fg: Visitor, path: str) -> None:
    answer = fg.get(path)
    assert answer.status_code in {400, 404}
    assert answer.headers["content-type"].startswith("text/html")


def test_a_month_shows_a_large_zero_figures_and_what_can_be_done(fg: Visitor) -> None:
    assert fg.get("/maand").headers["location"] == f"/maand/{MONTH}"
    page = fg.get(f"/maand/{MONTH}").text
    assert re.search(r'class="sr-big">0<', page)
    assert "Vragen buiten werktijd" in page
    assert "nummer-0001" in page
    assert "De maand loopt nog." in page


@pytest.mark.parametrize("address", ["/maand/", "/verstrekkingen?maand="])
def test_no_page_of_a_month_leads_to_a_month_that_has_not_begun(
    world: World, visitor: Visitor, publish: Publish, address: str
) -> None:
    world.submit("GM9004", signal())
    publish()
    visitor.signed_in("GM9004", "fg")
    this = month_of(world.clock())
    earlier, later = before(this).name, month_of(this.end).name
    page = visitor.get(address + this.name).text
    assert f'href="{address}{earlier}"' in page
    assert later not in page
    assert f'href="{address}{this.name}"' in visitor.get(address + earlier).text


def test_what_is_past_its_term_and_there_is_an_alarm(
    world: World, visitor: Visitor, publish: Publish
) -> None:
    world.submit("GM9004", signal())
    publish()
    at(world, datetime(2027, 3, 4, 10, tzinfo=UTC))
    page = visitor.signed_in("GM9004", "fg").get("/maand/2027-03").text
    assert re.search(r'class="sr-big">1<', page)
    assert "Dit moet nul zijn" in page


def test_a_sample_is_drawn_and_a_month_signed_off_on_the_page(
    fg: Visitor, world: World, publish: Publish, centre: Centre
) -> None:
    path = f"/maand/{MONTH}"
    drawn = fg.post(f"{path}/steekproef", csrf=fg.token(path), aantal="20", worp="4163 5226")
    assert drawn.headers["location"] == "/postvak"
    assert "steekproef getrokken" in fg.get(path).text
    item = f"/postvak/{WEEK}.0"
    fg.post(item, csrf=fg.token(item), oordeel="ok.past_bij_taak")
    at(world, datetime(2026, 4, 7, 9, tzinfo=UTC))
    publish()
    go_through(centre, world.clock())
    world.log.verify(None)
    publish()
    later = Visitor(world).signed_in("GM9004", "fg")
    signed = later.post(f"{path}/aftekening", csrf=later.token(path))
    assert signed.headers["location"] == path
    publish()
    assert "Bewijs van de aftekening" in later.get(path).text
    proof = later.get(f"{path}/bewijs")
    assert "attachment" in proof.headers["content-disposition"]
    assert proof.json()["soort"].startswith("signaalregister/logboekuitvoer")


def test_the_report_is_a_page_to_print_without_a_number_of_an_officer(fg: Visitor) -> None:
    page = fg.get(f"/maand/{MONTH}/verslag").text
    assert "&lt;10" in page
    assert "nummer-0001" not in page
    assert "tussenstand" in page


def test_disclosures_are_listed_by_month(world: World, visitor: Visitor) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    world.inspector("GM9004").ask(phone)
    owner = visitor.signed_in("GM9001", "fg")
    page = owner.get("/verstrekkingen").text
    assert "of er een treffer is" in page
    assert "signalering" in page
    assert "oefening-toezichthouder" not in page
    assert "zag niemand anders iets" in owner.get("/verstrekkingen?maand=2026-01").text


def test_a_limit_is_chosen_on_the_page_and_refused_outside_its_bounds(fg: Visitor) -> None:
    token = fg.token("/grenzen")
    assert fg.post("/grenzen", csrf=token, grens="werkdag_tot", hoogte="22").status_code == 303
    assert 'value="22"' in fg.get("/grenzen").text
    refusal = fg.post("/grenzen", csrf=token, grens="werkdag_tot", hoogte="veel")
    assert refusal.status_code == 400
    assert "16 tot en met 23" in refusal.text


@pytest.mark.parametrize("path", ["/postvak", "/maand", f"/maand/{MONTH}", "/verstrekkingen", "/grenzen"])
def test_tmm_has_none_of_these_pages(world: World, publish: Publish, path: str) -> None:
    world.submit("GM9004", signal())
    publish()
    answer = Visitor(world).signed_in("TMM", "tmm_analist").get(path)
    assert answer.status_code in {303, 403}
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/maand/"), "to a page that is refused"
