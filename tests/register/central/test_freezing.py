# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A freeze works at once, holds what would be destroyed, and is lifted by a second person on a decision; a breach is drawn up from the log without anybody's identity."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from policies.decision import Mandate
from process.jobs import Unfinished
from register.central.administration import Basis
from register.central.centre import Centre
from register.central.destroying import HELD, OVERDUE, destroy
from register.central.jobs import _forget_sign_ins as tidy
from register.central.mandates import add_mandate
from register.central.quarter_keys import Quarter, destroy_quarter_keys, key_id, quarter_key
from register.central.reminding import remind
from register.central.store import tables as t
from register.central.witnesses import Published
from register.retention import TREFFER_DAYS
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.enrolling_world import administrator
from tests.register.central.test_access import asked
from tests.register.central.web.test_pages import Visitor
from tests.register.central.world import (
    OFFICERS,
    Caller,
    World,
    fields_of,
    point,
    pseudonym,
    refused,
    signal,
    subject,
)

ASKER, OWNER, OTHER = "GM9004", "GM9001", "GM9002"
INSPECTOR = "oefening-toezichthouder"
DECISION = {"besluitstuk": "B&W 2026-114", "beslotenDoor": "college van B en W"}
ABSENT = "9b0e7a36-2f51-4c3e-9d1a-5a0c7f6e4b21"


def freeze(world: World, organisation: str = ASKER, **how: Any) -> httpx.Response:
    body = {"medewerker": INSPECTOR, "reden": "eigen_kring"} | how
    body = {name: value for name, value in body.items() if value is not None}
    return world.person(organisation, "fg").post("/v1/bevriezingen", body)


def frozen(world: World, organisation: str = ASKER, **how: Any) -> str:
    answer = freeze(world, organisation, **how)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["bevriezingId"])


def confirm(world: World, number: str, who: int = 1, organisation: str = ASKER) -> httpx.Response:
    return world.administrator(organisation, who).post(f"/v1/bevriezingen/{number}/bevestigingen", None)


def lift(world: World, number: str, who: int = 2, **how: Any) -> httpx.Response:
    path = f"/v1/bevriezingen/{number}/opheffingen"
    return world.administrator(ASKER, who).post(path, DECISION | how)


def hit(world: World) -> dict[str, str]:
    """A question with a hit by the inspector of ASKER; gives what was asked on."""
    phone = pseudonym(point())
    world.submit(OWNER, signal(subject(phone)))
    world.inspector(ASKER).ask(phone)
    return phone


def until_done(job: Any, centre: Centre, world: World) -> dict[str, int]:
    """A job, run until there is nothing left; gives its last counts."""
    while isinstance(done := job(centre, world.clock()), Unfinished):
        pass
    world.log.verify(None)
    return dict(done)


def test_who_is_frozen_takes_nobodys_second_step_away(world: World) -> None:
    keeper = world.person(ASKER, "functioneel_beheerder")
    frozen(world, medewerker=OFFICERS["functioneel_beheerder"])
    answer = keeper.post("/v1/accounts/herstellingen", {"naam": f"fg-{ASKER}"}, leaves=None)
    refused(answer, 403, "medewerker-bevroren")


# ---- at once --------------------------------------------------------------------------------------------------------


def test_from_the_request_on_every_request_of_the_officer_is_refused_with_the_reason(world: World) -> None:
    inspector = world.inspector(ASKER)
    inspector.ask(pseudonym(point()))
    answer = freeze(world)
    assert (answer.status_code, answer.json()["stand"]) == (201, "gevraagd")
    for sent in (
        inspector.try_ask(pseudonym(point())),
        inspector.submit(signal()),
        inspector.get("/v1/grondslagen"),
        inspector.post("/v1/aflopen", {"organisatie": ASKER, "afloop": "doorverwezen"}),
        world.inspector(ASKER).but(namens_rol="aandachtsfunctionaris").get("/v1/treffers"),
    ):
        said = refused(sent, 403, "medewerker-bevroren")
        assert said["regel"] == "C2"
        assert "FG" in said["detail"]
        assert "college" in said["wegVooruit"]
    entry = world.log.last(ASKER)
    assert (entry["gebeurtenis"], entry["code"], entry["medewerker"]) == (
        "geweigerd",
        "medewerker-bevroren",
        INSPECTOR,
    )


def test_the_same_number_elsewhere_and_everybody_else_here_go_on(world: World) -> None:
    freeze(world)
    world.inspector(OTHER).ask(pseudonym(point()))
    world.contact(ASKER).ask(pseudonym(point()))


def test_the_decision_point_says_no_of_a_frozen_officer(world: World) -> None:
    inspector = world.inspector(ASKER)
    assert inspector.post("/access/v1/evaluation", asked()).json()["decision"] is True
    freeze(world)
    told = inspector.post("/access/v1/evaluation", asked()).json()
    assert (told["decision"], [one["code"] for one in told["context"]["redenen"]]) == (
        False,
        ["MANDAAT", "C2"],
    )


def test_it_is_one_leaf_that_says_who_why_and_what(world: World) -> None:
    number = frozen(world, vanDag="2026-01-01", totDag="2026-03-31")
    entry = world.log.last(ASKER)
    assert (entry["gebeurtenis"], entry["bevriezing"]) == ("bevriezing_gevraagd", number)
    assert (entry["medewerker"], entry["bevroren_medewerker"]) == ("oefening-fg", INSPECTOR)
    assert (entry["bevroren_om"], entry["van_dag"], entry["tot_dag"]) == (
        "eigen_kring",
        "2026-01-01",
        "2026-03-31",
    )
    assert "fg.bevriezing_verzoeken" in entry["regels"]


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"medewerker": None}, "medewerker"),
        ({"medewerker": "oefening-onbekend"}, "medewerker"),
        ({"medewerker": "oefening-fg"}, "medewerker"),
        ({"reden": "omdat"}, "reden"),
        ({"vanDag": "2026-02-02", "totDag": "2026-02-01"}, "totDag"),
        ({"totDag": "2026-02-01"}, "totDag"),
    ],
    ids=["nothing", "somebody unknown", "oneself", "another reason", "a period that ends before it begins", "no first day"],
)  # fmt: skip
@ONE_DATABASE
def test_what_cannot_be_frozen_is_refused_by_name(world: World, how: dict[str, Any], field: str) -> None:
    assert field in fields_of(refused(freeze(world, **how), 400, "niets-te-bevriezen"))
    assert world.rows(t.freeze) == []


@ONE_DATABASE
def test_an_fg_is_not_silenced_by_a_second_fg(world: World, centre: Centre) -> None:
    today = world.clock().date()
    other = Mandate(
        role="fg",
        organisation=ASKER,
        officer="tweede-fg",
        valid_from=today,
        valid_to=today + timedelta(days=90),
        trained_on=today,
        screened_on=today,
    )
    add_mandate(administrator(centre), other, Basis("OEFENING-BESLUIT-7", "stuurgroep (fictief)"))
    world.log.verify(None)
    assert "medewerker" in fields_of(
        refused(freeze(world, medewerker="tweede-fg"), 400, "niets-te-bevriezen")
    )
    assert world.rows(t.freeze) == []


def test_a_freeze_until_the_end_of_time_holds_its_own_and_stops_no_job(world: World, centre: Centre) -> None:
    hit(world)
    frozen(world, vanDag="0001-01-01", totDag="9999-12-31")
    world.clock.forward(days=TREFFER_DAYS + 2)
    until_done(destroy, centre, world)
    until_done(destroy_quarter_keys, centre, world)
    assert len(world.rows(t.treffer)) == 1


@ONE_DATABASE
def test_only_an_fg_asks_and_only_for_the_own_organisation(world: World) -> None:
    body = {"medewerker": INSPECTOR, "reden": "eigen_kring"}
    body["medewerker"] = "oefening-aandachtsfunctionaris"
    refused(world.inspector(ASKER).post("/v1/bevriezingen", body), 403, "geen-toegang")
    refused(world.administrator(ASKER).post("/v1/bevriezingen", body), 403, "geen-toegang")
    number = frozen(world, OTHER)
    refused(confirm(world, number), 404, "niet-gevonden")
    assert world.person(ASKER, "fg").get("/v1/bevriezingen").json()["bevriezingen"] == []


# ---- confirmed and lifted -------------------------------------------------------------------------------------------


def test_a_first_confirms_a_second_lifts_on_a_decision_and_the_fg_is_told(
    world: World,
) -> None:
    number = frozen(world)
    refused(lift(world, number), 409, "bevriezing-niet-bevestigd")
    assert confirm(world, number).json()["stand"] == "bevestigd"
    refused(confirm(world, number, 2), 409, "bevriezing-al-gedaan")
    refused(lift(world, number, 1), 403, "zelfde-persoon")
    refused(world.inspector(ASKER).try_ask(pseudonym(point())), 403, "medewerker-bevroren")
    done = lift(world, number).json()
    assert (done["stand"], done["besluitstuk"], done["opgehevenDoor"]) == (
        "opgeheven",
        DECISION["besluitstuk"],
        "oefening-beheerder-2",
    )
    entry = world.log.last(ASKER)
    assert (entry["gebeurtenis"], entry["besluitstuk"]) == ("bevriezing_opgeheven", DECISION["besluitstuk"])
    world.inspector(ASKER).ask(pseudonym(point()))
    refused(lift(world, number), 409, "bevriezing-al-gedaan")
    waiting = world.person(ASKER, "fg").get("/v1/herinneringen", leaves=0).json()["herinneringen"]
    assert [one["soort"] for one in waiting] == ["bevriezing_opgeheven"]


@pytest.mark.parametrize("how", [{"besluitstuk": ""}, {"beslotenDoor": "x"}, {"besluitstuk": "twee\nregels"}])
@ONE_DATABASE
def test_lifting_names_a_decision(world: World, how: dict[str, Any]) -> None:
    number = frozen(world)
    confirm(world, number)
    refused(lift(world, number, **how), 400, "geen-besluit")


@ONE_DATABASE
def test_the_frozen_person_cannot_confirm_or_lift_the_own_freeze(world: World) -> None:
    number = frozen(world, medewerker="oefening-beheerder-1")
    refused(confirm(world, number), 403, "medewerker-bevroren")
    assert confirm(world, number, 2).status_code == 201
    refused(lift(world, number, 1), 403, "medewerker-bevroren")
    refused(lift(world, number), 403, "zelfde-persoon")


@ONE_DATABASE
def test_what_is_not_confirmed_waits_for_the_fg_and_the_functioneel_beheerder(
    world: World, centre: Centre, published: Published
) -> None:
    number = frozen(world)
    remind(centre, {}, world.clock(), published)
    waiting = {(row.role, row.kind) for row in world.rows(t.reminder) if row.organisation == ASKER}
    assert {
        ("fg", "bevriezing_niet_bevestigd"),
        ("functioneel_beheerder", "bevriezing_niet_bevestigd"),
    } <= waiting
    confirm(world, number)
    remind(centre, {}, world.clock(), published)
    assert not [row for row in world.rows(t.reminder) if row.kind == "bevriezing_niet_bevestigd"]


# ---- nothing frozen is destroyed ------------------------------------------------------------------------------------


def test_the_real_job_leaves_a_frozen_treffer_and_takes_it_when_the_freeze_is_lifted(
    world: World, centre: Centre
) -> None:
    hit(world)
    number = frozen(world)
    world.clock.forward(days=TREFFER_DAYS + 1)
    counts = until_done(destroy, centre, world)
    assert (counts[OVERDUE], counts[HELD]) == (0, 1)
    assert len(world.rows(t.treffer)) == 1
    # Held back from destruction, and seen by nobody.
    assert world.contact(ASKER).but(doel="signalering").get("/v1/treffers").json()["treffers"] == []
    confirm(world, number)
    lift(world, number)
    counts = until_done(destroy, centre, world)
    assert (counts[OVERDUE], counts.get(HELD)) == (0, None)
    assert world.rows(t.treffer) == []


@ONE_DATABASE
def test_a_freeze_of_another_officer_organisation_or_period_holds_nothing(
    world: World, centre: Centre
) -> None:
    hit(world)
    frozen(world, OTHER)
    frozen(world, medewerker="oefening-aandachtsfunctionaris")
    frozen(world, vanDag="2025-01-01", totDag="2025-12-31")
    world.clock.forward(days=TREFFER_DAYS + 1)
    assert HELD not in until_done(destroy, centre, world)
    assert world.rows(t.treffer) == []


def test_the_real_job_keeps_the_quarter_keys_of_what_is_frozen(world: World, centre: Centre) -> None:
    for organisation in (ASKER, OTHER):
        world.inspector(organisation).ask(pseudonym(point()))
        quarter_key(centre, organisation, world.clock())
    quarter = Quarter.of(world.clock().date())
    number = frozen(world, medewerker=None, vanDag="2026-02-01", totDag="2026-02-28")
    world.clock.forward(days=430)
    until_done(destroy_quarter_keys, centre, world)
    keys = centre.database.keys
    assert keys.get(key_id(ASKER, quarter)) is not None
    assert keys.get(key_id(OTHER, quarter)) is None
    confirm(world, number)
    lift(world, number)
    until_done(destroy_quarter_keys, centre, world)
    assert keys.get(key_id(ASKER, quarter)) is None


@ONE_DATABASE
def test_no_job_takes_a_payload_of_the_log_or_its_key(world: World, centre: Centre) -> None:
    hit(world)
    frozen(world)
    payloads = [(row.leaf_index, row.organisation, row.key_id) for row in world.rows(t.log.payload)]
    world.clock.forward(days=800)
    for job in (destroy, destroy_quarter_keys, tidy):
        until_done(job, centre, world)
    there = [(row.leaf_index, row.organisation, row.key_id) for row in world.rows(t.log.payload)]
    assert there[: len(payloads)] == payloads
    assert centre.database.keys.get_many([key for _leaf, _organisation, key in payloads]).keys() == {
        key for _leaf, _organisation, key in payloads
    }


@ONE_DATABASE
def test_a_freeze_goes_thirteen_months_after_it_was_lifted_and_not_before(
    world: World, centre: Centre
) -> None:
    number = frozen(world)
    world.clock.forward(days=500)
    assert tidy(centre, world.clock())["bevriezingen"] == 0
    confirm(world, number)
    lift(world, number)
    world.clock.forward(days=396)
    assert tidy(centre, world.clock())["bevriezingen"] == 0
    world.clock.forward(seconds=1)
    assert tidy(centre, world.clock())["bevriezingen"] == 1


def test_an_inspector_has_no_way_to_delete_anything_of_the_log(world: World) -> None:
    hit(world)
    inspector = world.inspector(ASKER)
    for method in ("DELETE", "PUT", "PATCH"):
        for path in (
            "/v1/logboek/regels",
            "/v1/logboek/regels/0",
            "/v1/bevragingen",
            "/v1/aflopen",
            "/v1/bevriezingen",
        ):
            assert inspector.send(method, path).status_code in {404, 405}, (method, path)
    world.log.verify(None)


# ---- data breaches --------------------------------------------------------------------------------------------------


def draw_up(world: World, organisation: str = ASKER, **how: Any) -> httpx.Response:
    return world.person(organisation, "fg").post("/v1/datalekken", how)


def answers(draft: dict[str, Any]) -> dict[str, str | None]:
    return {one["vraag"]: one.get("antwoord") for part in draft["rubrieken"] for one in part["vragen"]}


def test_a_draft_counts_without_naming_and_names_the_hour_by_which_to_report(world: World) -> None:
    phone = hit(world)
    world.inspector(ASKER).ask(phone)
    world.inspector(ASKER).ask(pseudonym(point(), "document"))
    world.contact(ASKER).ask(pseudonym(point()))
    number = frozen(world)
    draft = draw_up(world, bevriezingId=number).json()
    said = answers(draft)
    assert "3 keer" in str(said["Samenvatting van het incident"])
    assert "2 van die vragen" in str(said["Samenvatting van het incident"])
    assert said["Om hoeveel mensen gaat het ongeveer?"] == "Hooguit 2, geteld naar verschillende vragen."
    assert said["Soorten gegevens waarop gezocht is"] == "identiteitsdocument, telefoon"
    assert "bevroren" in str(said["Wat is er gedaan om de inbreuk te stoppen?"])
    assert said["Wat was de oorzaak?"] is None
    assert said["Wie meldt?"] is None
    known, before = draft["bekendOp"], draft["meldenVoor"]
    assert known == "2026-03-02T09:30:20Z"
    assert before == "2026-03-05T09:30:20Z"
    text = json.dumps(draft["rubrieken"])
    for hidden in (INSPECTOR, "C-OEFE-0001", OWNER, "GM9004", *phone.values()):
        assert hidden not in text, hidden


def test_a_draft_of_one_entry_is_about_that_question_only(world: World) -> None:
    hit(world)
    leaf = world.log.entries(ASKER)[-1]["blad"]
    world.inspector(ASKER).ask(pseudonym(point()))
    assert "1 keer" in str(answers(draw_up(world, blad=leaf).json())["Samenvatting van het incident"])
    refused(draw_up(world, blad=10**6), 404, "niet-gevonden")
    # Somebody else's entry is nobody's.
    refused(draw_up(world, OTHER, blad=leaf), 404, "niet-gevonden")


def test_the_hours_run_from_when_it_was_known_and_end_when_it_is_settled(
    world: World, centre: Centre, published: Published
) -> None:
    hit(world)
    known = world.clock() - timedelta(hours=70)
    made = draw_up(world, vanDag="2026-03-01", bekendOp=known.isoformat()).json()
    fg = world.person(ASKER, "fg")

    def told() -> tuple[set[str], bool]:
        remind(centre, {}, world.clock(), published)
        kinds = {row.kind for row in world.rows(t.reminder) if row.role == "fg" and row.organisation == ASKER}
        (one,) = fg.get("/v1/datalekken").json()["datalekken"]
        return {kind for kind in kinds if kind.startswith("datalek")}, one["teLaat"]

    assert told() == ({"datalek_open"}, False)
    world.clock.forward(hours=2, seconds=1)
    fg = world.person(ASKER, "fg")
    assert told() == ({"datalek_te_laat"}, True)
    path = f"/v1/datalekken/{made['datalekId']}/afhandelingen"
    refused(fg.post(path, {"afhandeling": "vergeten"}), 400, "onbekende-afhandeling")
    assert fg.post(path, {"afhandeling": "gemeld"}).status_code == 201
    assert world.log.last(ASKER)["afhandeling"] == "gemeld"
    refused(fg.post(path, {"afhandeling": "geen_risico"}), 409, "datalek-al-afgehandeld")
    assert told() == (set(), False)


def test_the_figures_stay_when_the_log_can_be_opened_no_more(world: World) -> None:
    hit(world)
    leaf = world.log.entries(ASKER)[-1]["blad"]
    made = draw_up(world, blad=leaf).json()
    world.log.erase(leaf, ASKER)
    fg = world.person(ASKER, "fg")
    again = fg.send("GET", f"/v1/datalekken/{made['datalekId']}").json()
    assert again["rubrieken"] == made["rubrieken"]


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({}, "blad"),
        ({"vanDag": "2026-03-01", "bekendOp": "2030-01-01T00:00:00Z"}, "bekendOp"),
        ({"vanDag": "2026-03-01", "bekendOp": "0001-01-01T00:00:00+14:00"}, "bekendOp"),
    ],
)
@ONE_DATABASE
def test_a_draft_of_nothing_or_of_tomorrow_is_refused(world: World, how: dict[str, str], field: str) -> None:
    assert field in fields_of(refused(draw_up(world, **how), 400, "geen-datalek"))


@ONE_DATABASE
def test_only_the_own_fg_reads_and_settles(world: World) -> None:
    hit(world)
    number = draw_up(world, vanDag="2026-03-01").json()["datalekId"]
    for caller in (world.person(OTHER, "fg"),):
        refused(caller.get(f"/v1/datalekken/{number}"), 404, "niet-gevonden")
        refused(
            caller.post(f"/v1/datalekken/{number}/afhandelingen", {"afhandeling": "gemeld"}),
            404,
            "niet-gevonden",
        )
    inspector: Caller = world.inspector(ASKER)
    refused(inspector.get("/v1/datalekken"), 403, "geen-toegang")
    refused(inspector.get(f"/v1/datalekken/{ABSENT}"), 403, "geen-toegang")


@ONE_DATABASE
def test_an_fg_freezes_and_draws_up_on_the_pages(world: World) -> None:
    hit(world)
    fg = Visitor(world).signed_in(ASKER, "fg")
    assert "Vraag om een bevriezing" in fg.get("/bevriezingen").text
    sent = {"medewerker": INSPECTOR, "reden": "eigen_kring", "van": "", "tot": ""}
    done = fg.post("/bevriezingen", csrf=fg.token("/bevriezingen"), **sent)
    assert done.status_code == 303, done.text
    page = fg.get("/bevriezingen").text
    assert "bevroren, nog niet bevestigd" in page
    assert INSPECTOR in page
    csrf = fg.token("/datalekken")
    made = fg.post("/datalekken", csrf=csrf, van="2026-03-01", medewerker=INSPECTOR)
    assert made.status_code == 303
    draft = fg.get(made.headers["location"]).text
    assert "Melden voor 5 maart 2026, 10:30" in draft
    assert "(vul zelf in)" in draft
    assert INSPECTOR not in draft
    assert fg.post(made.headers["location"], csrf=csrf, afhandeling="geen_risico").status_code == 303
    assert "geen risico" in fg.get("/datalekken").text
    assert fg.get("/datalekken/geen-nummer").status_code == 404
