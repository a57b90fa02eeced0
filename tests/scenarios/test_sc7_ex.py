# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""SC7, a curious inspector looks up an ex: refused without a control of today, answered and marked with one, seen by the FG, frozen at once, and nothing of it can be taken back.

Source: acceptance scenario SC7. The tests of this module are one story on one set of real processes and run in the order in which they stand. The ex is called what the inspector is
called (they were married) and lives in the inspector's street; everybody and every number is invented.
"""

import json
import re
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from process.problem import Refusal
from register.demo.plan import CONTROL, HOLDERS, MOMENT, Person, person
from register.demo.story import Caller, caller, fg_checks
from register.demo.world import World
from register.municipal.controls import OUTCOME_WITHIN
from tests.scenarios.browsing import Page, Visitor

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(600)]

TOWN = "GM9004"
FG = {"Doel": "toezicht_avg"}
PHONE, STREET, POSTCODE, NAME = "06-87650007", "Verzonnenlaan", "9999 ZX", "Oefennaam"
EVENING = MOMENT + timedelta(hours=13)
"""Half past eleven at night, by the clock on the wall."""
AFTERWARDS = EVENING + OUTCOME_WITHIN + timedelta(days=1)


@pytest.fixture(scope="module")
def world(fresh_world: World) -> World:
    fresh_world.start(["signer", *(f"houder-{index}" for index in HOLDERS[:2]), "register", f"node-{TOWN}"])
    return fresh_world


def at(world: World, who: Person) -> Visitor:
    """Somebody at their own pages."""
    address = world.register_pages if who.at_register else world.node(who.organisation)
    return Visitor(address, who.name, world.passwords[who.name])


def administrator(world: World, number: int) -> Visitor:
    return at(world, person(TOWN, "functioneel_beheerder", number))


def question(control: str, *more: dict[str, Any]) -> dict[str, Any]:
    kenmerken = [{"soort": "phone", "waarde": PHONE}, *more]
    return {"kenmerken": kenmerken, "doel": "signalering", "controle": control}


def unplanned(inspector: Caller) -> str:
    """A control that is opened in one tap, at whichever door."""
    sent = {"waarnemingGrondslag": "apv_seksinrichting_151a", "controlesoort": "prostitutiecontrole_vergund"}
    return str(inspector.post("/v1/controles", {**sent, "plaats": TOWN})["nummer"])


def refused(inspector: Caller, control: str) -> Refusal:
    with pytest.raises(Refusal) as error:
        inspector.post("/v1/bevragingen", question(control))
    return error.value


def entries(world: World) -> list[dict[str, Any]]:
    """What the FG reads of the own organisation."""
    return list(caller(world, TOWN, "fg").get("/v1/logboek/regels", FG)["regels"])


def questions(world: World) -> list[dict[str, Any]]:
    return [one for one in entries(world) if one["gebeurtenis"] == "bevraging"]


def text_of(page: Page) -> str:
    return " ".join(page.text.split())


# ---- the question ---------------------------------------------------------------------------------------------------


def test_the_administrator_sets_street_and_name_and_reads_neither_back(world: World) -> None:
    inspector = person(TOWN, "toezichthouder").name
    with administrator(world, 1) as visitor:
        sent = {"naam": inspector, "straat": STREET, "postcodes": POSTCODE, "familienaam": NAME}
        page = visitor.fill_in("/medewerkers", sent)
        assert page.status == 200
        assert "niet terug te lezen" in text_of(page)
        for word in (STREET, POSTCODE, NAME):
            assert word not in page.text
    files = b"".join(one.read_bytes() for one in (world.folder / f"node-{TOWN}").glob("node.sqlite*")).lower()
    for word in (STREET, POSTCODE.replace(" ", ""), NAME):
        assert word.lower().encode() not in files


def test_a_control_number_that_nobody_here_knows_is_refused_and_reaches_nobody(world: World) -> None:
    inspector = caller(world, TOWN, "toezichthouder")
    refusal = refused(inspector, "C-NEPP-0007")
    assert (refusal.status, refusal.code, refusal.rule) == (403, "controle-niet-open", "C1")
    assert "Open met één tik een controle" in refusal.way_forward
    assert questions(world) == []
    with closing(sqlite3.connect(world.folder / f"node-{TOWN}" / "node.sqlite")) as node:
        counted = node.execute(
            "SELECT officer, code, times FROM refusal WHERE code = 'controle-niet-open'"
        ).fetchall()
    assert counted == [("oefening-toezichthouder", "controle-niet-open", 1)]


def test_with_a_real_number_it_is_answered_and_the_inspector_was_told_that_it_is_looked_at(
    world: World,
) -> None:
    world.move_clock(EVENING)
    with at(world, person(TOWN, "toezichthouder")) as visitor:
        said = text_of(visitor.open("/vragen"))
    assert "of het adres in uw eigen straat ligt, en of de achternaam de uwe is" in said
    inspector = caller(world, TOWN, "toezichthouder")
    more = (
        {"soort": "bag_address", "waarde": f"{POSTCODE} 12"},
        {"soort": "name_dob", "waarde": f"{NAME}, Kim;1990-05-04"},
    )
    answer = inspector.post("/v1/bevragingen", question(unplanned(inspector), *more))
    assert answer["uitkomst"] == "niet_bekend"
    assert "vlag" not in json.dumps(answer).lower()


def test_what_only_the_node_sees_left_as_codes(world: World) -> None:
    (entry,) = questions(world)
    assert entry["velden"]["vlaggen"] == ["eigen_familienaam", "eigen_straat", "ongeplande_controle"]
    text = json.dumps(entry, ensure_ascii=False).lower()
    for word in (STREET, POSTCODE, POSTCODE.replace(" ", ""), NAME, "87650007"):
        assert word.lower() not in text


def test_asked_again_without_an_outcome_the_log_tells_that_it_is_the_same(world: World) -> None:
    inspector = caller(world, TOWN, "toezichthouder")
    inspector.post("/v1/bevragingen", question(unplanned(inspector)))
    first, second = questions(world)
    assert set(second["velden"]["kenmerken"]) & set(first["velden"]["kenmerken"])
    assert first["velden"]["zaaknummer"] != second["velden"]["zaaknummer"]
    assert not [one for one in entries(world) if one["gebeurtenis"] == "controle_afgerond"]
    # Outside hours: the log has the moment, by the clock of the register.
    assert second["velden"]["moment"].startswith("2026-11-20T22:3")


# ---- the outcome ----------------------------------------------------------------------------------------------------


def test_yesterday_s_control_is_no_control_of_today(world: World) -> None:
    world.move_clock(EVENING + timedelta(days=1))
    refusal = refused(caller(world, TOWN, "toezichthouder"), CONTROL)
    assert (refusal.status, refusal.code) == (403, "controle-niet-open")


def test_after_five_days_the_outcome_is_late_for_the_inspector_and_for_who_looks_after_it(
    world: World,
) -> None:
    world.move_clock(AFTERWARDS)
    done = world.command(
        "node", "jobs", "--settings", str(world.folder / f"node-{TOWN}" / "instellingen.toml"),
        "--clock-file", str(world.folder / "klok"), "--once", "herinneringen",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for role in ("toezichthouder", "aandachtsfunctionaris"):
        someone = caller(world, TOWN, role)
        found = someone.get("/v1/aflopen")["aflopen"]
        assert [one["teLaat"] for one in found] == [True, True], role
        assert "afloop_te_laat" in {one["soort"] for one in someone.get("/v1/herinneringen")["herinneringen"]}


def test_an_outcome_is_one_tap_and_stands_in_the_log(world: World) -> None:
    with at(world, person(TOWN, "toezichthouder")) as visitor:
        page = visitor.open("/")
        assert "Hoe liep uw controle af?" in page.text
        form = next(one for one in page.forms if one.action == "/aflopen")
        visitor.fill_in("/", {"controle": form.inputs["controle"], "afloop": "niets_aangetroffen"})
    told = [one["velden"] for one in entries(world) if one["gebeurtenis"] == "controle_afgerond"]
    assert [(one["zaaknummer"], one["afloop"], one["medewerker"]) for one in told] == [
        (form.inputs["controle"], "niets_aangetroffen", "oefening-toezichthouder")
    ]
    left = caller(world, TOWN, "toezichthouder").get("/v1/aflopen")["aflopen"]
    assert form.inputs["controle"] not in {one["controle"] for one in left}
    assert len(left) == 1, "the second question stays without an outcome"


# ---- the FG ---------------------------------------------------------------------------------------------------------


def week_gone_through(world: World) -> dict[int, set[str]]:
    """Why each question waits in the weekly inbox of the FG, by its leaf."""
    settings = ["--settings", str(world.folder / "register" / "instellingen.toml")]
    clock = ["--clock-file", str(world.folder / "klok")]
    for job in ("controlepunten", "postvak"):
        done = world.command("register", "jobs", *settings, *clock, "--once", job)
        until = time.monotonic() + 60
        while "loopt al" in done.stderr and time.monotonic() < until:
            # The register itself saw that the week had gone by, and is at it.
            time.sleep(1)
            done = world.command("register", "jobs", *settings, *clock, "--once", job)
        assert done.returncode == 0, done.stderr
    posts = caller(world, TOWN, "fg").get("/v1/toezicht/postvak", FG)["posten"]
    return {one["blad"]: {why["code"] for why in one["redenen"]} for one in posts}


def test_the_weekly_inbox_of_the_fg_has_both_questions_and_says_why(world: World) -> None:
    first, second = (one["blad"] for one in questions(world))
    why = week_gone_through(world)
    assert set(why) == {first, second}
    assert {"eigen_straat", "eigen_familienaam", "buiten_werktijd"} <= why[first]
    assert {"zelfde_onderwerp", "buiten_werktijd"} <= why[second]


def test_the_fg_reads_who_when_why_and_kinds_and_not_the_telephone(world: World) -> None:
    leaf = questions(world)[0]["blad"]
    with at(world, person(TOWN, "fg")) as visitor:
        page = text_of(visitor.open(f"/logboek/{leaf}"))
    for said in (
        "oefening-toezichthouder",
        "20 november 2026, 23:30",
        "signalering",
        "telefoon",
        "adres",
        "achternaam die de eigen is",
        "adres in de eigen straat",
        "controle die niet gepland was",
        "Ja, dit is nagerekend",
    ):
        assert said in page, said
    for hidden in ("87650007", STREET, POSTCODE, NAME, "Kim", "1990"):
        assert hidden not in page, hidden


def test_the_proof_of_the_question_verifies_away_from_the_register(world: World) -> None:
    leaf = questions(world)[0]["blad"]
    checked = fg_checks(world, leaf, world.folder)
    assert checked.data["geverifieerd"]
    whole = world.command("audit", "verify", "--log", world.register_pages, "--vkey", world.log_vkey)
    assert whole.returncode == 0, whole.stdout + whole.stderr


def test_a_freeze_works_at_once_whatever_the_inspector_asks(world: World) -> None:
    leaf = questions(world)[0]["blad"]
    inspector = caller(world, TOWN, "toezichthouder")
    control = unplanned(inspector)
    with at(world, person(TOWN, "fg")) as visitor:
        page = visitor.open(f"/logboek/{leaf}")
        form = next(one for one in page.forms if one.action == "/bevriezingen")
        assert form.inputs["medewerker"] == "oefening-toezichthouder"
        page = visitor.fill_in(
            f"/logboek/{leaf}", {"medewerker": "oefening-toezichthouder", "reden": "eigen_kring"}
        )
        assert "bevroren, nog niet bevestigd" in page.text
    refusal = refused(inspector, control)
    assert (refusal.status, refusal.code, refusal.rule) == (403, "medewerker-bevroren", "C2")
    assert "college" in refusal.way_forward
    # A colleague goes on.
    assert caller(world, TOWN, "aandachtsfunctionaris").get("/v1/treffers")["treffers"] == []


def test_a_functioneel_beheerder_confirms_it_and_the_inspector_is_signed_out(world: World) -> None:
    inspector = caller(world, TOWN, "toezichthouder")
    with administrator(world, 1) as visitor:
        page = visitor.open("/bevriezingen")
        form = next(one for one in page.forms if one.action.endswith("/bevestigen"))
        page = visitor.fill_in("/bevriezingen", {"bevriezing": form.inputs["bevriezing"]})
        assert "bevroren en bevestigd" in page.text
        assert not [one for one in page.forms if one.action.endswith("/opheffen")], "not by who confirmed it"
    with pytest.raises(Refusal) as ended:
        inspector.get("/v1/aflopen")
    assert ended.value.status == 401


def test_the_inspector_can_delete_nothing(world: World) -> None:
    before = [one for one in entries(world) if one["gebeurtenis"] != "logboek_geraadpleegd"]
    inspector = person(TOWN, "toezichthouder")
    signed = httpx.post(
        f"{world.node(TOWN)}/v1/sessies",
        json={"naam": inspector.name, "wachtwoord": world.passwords[inspector.name]},
        trust_env=False,
    ).json()
    token = {"Authorization": f"Bearer {signed['token']}"}
    for path in (
        "/v1/bevragingen",
        "/v1/controles",
        "/v1/aflopen",
        "/v1/ontvangstbewijzen",
        f"/v1/signalen/{UUID(int=7)}",
    ):
        answer = httpx.delete(f"{world.node(TOWN)}{path}", headers=token, trust_env=False)
        # Of a signal the own draft or what was refused may go; there is none, and none of it is a question.
        assert answer.status_code in {204, 404, 405}, path
    for path in ("/v1/logboek/regels", "/v1/logboek/bladen", "/v1/bevriezingen", "/v1/datalekken"):
        answer = httpx.delete(f"{world.register_pages}{path}", headers=token, trust_env=False)
        assert answer.status_code in {401, 404, 405}, path
    after = [one for one in entries(world) if one["gebeurtenis"] != "logboek_geraadpleegd"]
    assert after[: len(before)] == before
    assert len(questions(world)) == 2


def test_the_notification_is_filled_in_with_the_hour_by_which_to_report(world: World) -> None:
    with at(world, person(TOWN, "fg")) as visitor:
        page = visitor.open("/bevriezingen")
        form = next(one for one in page.forms if one.action == "/datalekken")
        draft = visitor.fill_in("/bevriezingen", {"bevriezing": form.inputs["bevriezing"]})
        said = text_of(draft)
        for line in (
            "Melden voor 29 november 2026, 23:3",
            "vroeg 2 keer gegevens op",
            "Vertrouwelijkheid: onbevoegde raadpleging",
            "telefoon",
            "is het mandaat van de medewerker bevroren",
            "bevestigde een functioneel beheerder dat",
            "(vul zelf in)",
        ):
            assert line in said, line
        for hidden in ("oefening-toezichthouder", "87650007", STREET, POSTCODE, NAME):
            assert hidden not in said, hidden
        assert not re.search(r"C-[A-Z0-9]{4}-[A-Z0-9]{4}", said), "no control number"
        assert "Melden voor" in visitor.open("/datalekken").text
        number = draft.address.rsplit("/", 1)[1]
        visitor.fill_in(f"/datalekken/{number}", {"afhandeling": "gemeld"})
        listed = text_of(visitor.open("/datalekken"))
    assert "Gemeld bij de Autoriteit Persoonsgegevens" in listed
    assert "Melden voor" not in listed


def test_a_second_functioneel_beheerder_lifts_it_on_a_decision_and_the_fg_reads_so(world: World) -> None:
    with administrator(world, 2) as visitor:
        sent = {"besluitstuk": "B&W 2026-114", "besloten_door": "college van B en W"}
        assert "opgeheven" in visitor.fill_in("/bevriezingen", sent).text
    with at(world, person(TOWN, "fg")) as visitor:
        said = text_of(visitor.open("/logboek"))
        assert "Bevriezing opgeheven" in said
        assert "opgeheven waar u om vroeg" in said or "waar u om vroeg is opgeheven" in said
        assert "B&W 2026-114" in text_of(visitor.open("/bevriezingen"))
    inspector = caller(world, TOWN, "toezichthouder")
    assert inspector.post("/v1/bevragingen", question(unplanned(inspector)))["uitkomst"] == "niet_bekend"


def test_the_question_without_an_outcome_comes_back_in_a_later_inbox(world: World) -> None:
    _first, second, _lifted = (one["blad"] for one in questions(world))
    world.move_clock(AFTERWARDS + timedelta(days=7))
    assert "zonder_uitkomst" in week_gone_through(world)[second]
