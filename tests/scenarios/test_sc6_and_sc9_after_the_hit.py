# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""SC6, a false hit on a common name, and SC9, TMM hands back feedback: two stories on one set of real processes, in the order in which they stand.

Source: acceptance scenarios SC6 and SC9. That evidence of a rejected link is destroyed after thirty days (R8) and that statistics tell no small number is claimed on the real store
(tests/register/central/test_casework.py, tests/register/central/test_handing_over.py).
"""

import json
import time
from datetime import timedelta
from typing import Any

import pytest

from process.problem import Refusal
from register.demo.plan import CASE, CONTROL, HOLDERS, MOMENT
from register.demo.story import Caller, caller
from register.demo.world import World

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(600)]

FIRST, SECOND, ASKER = "GM9001", "GM9002", "GM9004"
NAME, PLATE, PHONE = "Achterberg, Mohamed;1990-01-01", "NL:12XYZ3", "06-87650066"
TMM = {"Doel": "opsporing_handoff", "Zaaknummer": CASE, "Reden": "tmm_onderzoek", "Grondslag": "OEF-WPG-TMM"}
STATISTICS = {"Doel": "statistiek", "Zaaknummer": CASE, "Reden": "tmm_onderzoek", "Grondslag": "OEF-STAT-TMM"}
TAKE_UP = {
    "stap": "opgepakt",
    "eersteActie": "bellen_andere_gemeente",
    "beoordeling": "mogelijk_zelfde_persoon",
    "reden": "eigen_signaal_past",
}
BASIS = ("--document", "OEFENING-SC9", "--decided-by", "korpschef (fictief)")
GROUNDS = """
grounds:
  - {id: OEF-WPG-19-TMM, code: "G-WPG (19/20)", article: "Wpg 19", task: "Terugkoppelen (verzonnen)", organisation: TMM, valid_from: 2025-01-01, valid_to: 2030-12-31, document: OEFENING-WPG-19, decision: {by: "korpschef (fictief)", date: 2024-12-02}, fg_advice: {date: 2024-11-18, document: OEFENING-FG-19, objection: false}}
  - {id: OEF-STAT-TMM, code: G-STAT, article: "AVG 89", task: "Cijfers (verzonnen)", organisation: TMM, valid_from: 2025-01-01, valid_to: 2030-12-31, document: OEFENING-STAT, decision: {by: "korpschef (fictief)", date: 2024-12-02}, fg_advice: {date: 2024-11-18, document: OEFENING-FG-STAT, objection: false}}
"""


@pytest.fixture(scope="module")
def world(fresh_world: World) -> World:
    nodes = [f"node-{one}" for one in (FIRST, SECOND, ASKER)]
    fresh_world.start(["signer", *(f"houder-{index}" for index in HOLDERS[:2]), "register", *nodes])
    return fresh_world


def keeper(world: World, organisation: str) -> Caller:
    return caller(world, organisation, "aandachtsfunctionaris")


def tmm(world: World) -> Caller:
    return caller(world, "TMM", "tmm_coordinator")


def seen(*attributes: tuple[str, str], **others: Any) -> dict[str, Any]:
    kenmerken = [{"soort": kind, "waarde": value} for kind, value in attributes]
    return {
        "subjecten": [{"kenmerken": kenmerken, "rol": "mogelijk_slachtoffer"}],
        "waargenomen": MOMENT.date().isoformat(),
        "waarnemingGrondslag": "huisvesting_woningwet_omgevingswet",
        "controlesoort": "woningcontrole",
        "uitbuitingsvorm": "arbeid",
        "aanwijzingen": ["slapen_in_bedrijfspand"],
    } | others


def asked(person: Caller, *attributes: tuple[str, str]) -> dict[str, Any]:
    kenmerken = [{"soort": kind, "waarde": value} for kind, value in attributes]
    sent = {"kenmerken": kenmerken, "doel": "signalering", "controle": CONTROL}
    return dict(person.post("/v1/bevragingen", sent))


def waiting(world: World, organisation: str) -> list[dict[str, Any]]:
    return list(keeper(world, organisation).get("/v1/treffers")["treffers"])


def came_back(world: World, organisation: str) -> list[tuple[str, str]]:
    found = keeper(world, organisation).get("/v1/terugkoppelingen")["terugkoppelingen"]
    return [(one["code"], one["volgendeStap"]) for one in found]


# ---- SC6 ------------------------------------------------------------------------------------------------------------


def test_a_common_name_with_a_default_date_is_too_little_to_ask_on(world: World) -> None:
    caller(world, FIRST, "toezichthouder").post("/v1/signalen", seen(("name_dob", NAME), ("plate", PLATE)))
    with pytest.raises(Refusal) as refused:
        asked(caller(world, ASKER, "toezichthouder"), ("name_dob", NAME))
    assert (refused.value.status, refused.value.code) == (400, "te-weinig")


def test_with_another_attribute_a_candidate_is_shown_and_the_inspector_keeps_a_signal(world: World) -> None:
    inspector = caller(world, ASKER, "toezichthouder")
    answer = asked(inspector, ("name_dob", NAME), ("plate", PLATE))
    assert answer["uitkomst"] in {"mogelijk", "bekend_elders"}
    inspector.post("/v1/signalen", seen(("name_dob", NAME), ("plate", PLATE), ("document", "COL:AB123456")))
    assert [len(waiting(world, one)) for one in (FIRST, ASKER)] == [1, 1]


def test_the_aandachtsfunctionaris_calls_once_the_contact_is_released_and_not_before(world: World) -> None:
    (treffer,) = waiting(world, ASKER)
    path = f"/v1/treffers/{treffer['trefferId']}"
    ours = keeper(world, ASKER)
    assert "gemeenten" not in treffer
    taken = ours.post(f"{path}/stappen", TAKE_UP)
    assert taken["treffer"]["gemeenten"] == [FIRST]
    assert ours.post(f"{path}/stappen", {"stap": "contact_gevraagd"})["contacten"] == []
    keeper(world, FIRST).post(f"{path}/stappen", {"stap": "contact_vrijgegeven"})
    (contact,) = ours.get(path)["contacten"]
    assert "091 000 00 01" in contact["bereikbaar"]


def test_marked_not_the_same_the_link_is_gone_for_all_and_the_contributor_hears_of_it(world: World) -> None:
    (treffer,) = waiting(world, ASKER)
    path = f"/v1/treffers/{treffer['trefferId']}/stappen"
    said = keeper(world, ASKER).post(path, {"stap": "niet_dezelfde", "reden": "ander_document"})
    assert said["afdoening"] == "onjuist"
    assert [waiting(world, one) for one in (FIRST, ASKER)] == [[], []]
    assert ("niet_dezelfde", "geen") in came_back(world, FIRST)


def test_the_same_pair_is_never_proposed_again_on_the_same_evidence(world: World) -> None:
    answer = asked(caller(world, ASKER, "toezichthouder"), ("name_dob", NAME), ("plate", PLATE))
    assert answer["uitkomst"] == "niet_bekend"
    assert [waiting(world, one) for one in (FIRST, ASKER)] == [[], []]


# ---- SC9 ------------------------------------------------------------------------------------------------------------


def test_three_linked_signals_are_handed_over_and_who_wants_no_police_stays_out(world: World) -> None:
    for organisation, others in (
        (FIRST, {}),
        (FIRST, {}),
        (SECOND, {}),
        (SECOND, {"sporen": {"geenPolitiecontact": True}}),
    ):
        caller(world, organisation, "toezichthouder").post("/v1/signalen", seen(("phone", PHONE), **others))
    assert asked(caller(world, ASKER, "toezichthouder"), ("phone", PHONE))["uitkomst"] == "bekend_elders"
    (treffer,) = waiting(world, ASKER)
    ours = keeper(world, ASKER)
    ours.post(f"/v1/treffers/{treffer['trefferId']}/stappen", TAKE_UP)
    ours.post("/v1/overdrachten", {"trefferId": treffer["trefferId"], "aan": "TMM"})
    (row,) = tmm(world).get("/v1/overdrachten", TMM)["overdrachten"]
    assert (row["stand"], row["aantalSignalen"], row["gemeenten"]) == ("wacht", 3, [FIRST, SECOND])


def test_tmm_accepts_and_without_a_decision_of_the_wpg_only_received_comes_back(world: World) -> None:
    coordinator = tmm(world)
    (row,) = coordinator.get("/v1/overdrachten", TMM)["overdrachten"]
    path = f"/v1/overdrachten/{row['overdrachtId']}"
    coordinator.post(f"{path}/aannemingen", {}, TMM)
    with pytest.raises(Refusal) as refused:
        coordinator.post(f"{path}/terugkoppelingen", {"code": "opgepakt_TMM"}, TMM)
    assert refused.value.status == 403
    assert came_back(world, FIRST).count(("ontvangen", "geen")) == 2
    assert came_back(world, SECOND).count(("ontvangen", "geen")) == 1


def test_with_it_opgepakt_comes_back_and_thirty_days_of_silence_are_reminded(world: World) -> None:
    grounds = world.folder / "gronden.yaml"
    grounds.write_text(GROUNDS, encoding="utf-8")
    settings = str(world.folder / "register" / "instellingen.toml")
    done = world.command(
        "register", "ground", "add", str(grounds), *BASIS, "--settings", settings, "--clock-file", str(world.folder / "klok")
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    coordinator = tmm(world)
    (row,) = coordinator.get("/v1/overdrachten", TMM)["overdrachten"]
    path = f"/v1/overdrachten/{row['overdrachtId']}/terugkoppelingen"
    coordinator.post(path, {"code": "opgepakt_TMM"}, TMM)
    world.move_clock(MOMENT + timedelta(days=31))
    later, deadline = tmm(world), time.monotonic() + 30
    while "terugkoppeling_te_laat" not in _reminded(later) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert "terugkoppeling_te_laat" in _reminded(later)
    later.post(path, {"code": "geen_vervolg_onvoldoende", "volgendeStap": "nieuwe_controle_zinvol"}, TMM)


def _reminded(person: Caller) -> set[str]:
    return {one["soort"] for one in person.get("/v1/herinneringen", TMM)["herinneringen"]}


def test_every_submitter_gets_code_and_date_and_no_police_information(world: World) -> None:
    for organisation in (FIRST, SECOND):
        lines = keeper(world, organisation).get("/v1/terugkoppelingen")["terugkoppelingen"]
        last = lines[0]
        assert (last["code"], last["volgendeStap"]) == ("geen_vervolg_onvoldoende", "nieuwe_controle_zinvol")
        assert last["op"] == (MOMENT + timedelta(days=31)).date().isoformat()
        assert set(last) == {"signaalId", "op", "code", "volgendeStap", "rol"}
        assert CASE not in json.dumps(lines)


def test_feedback_is_never_free_text(world: World) -> None:
    coordinator = tmm(world)
    (row,) = coordinator.get("/v1/overdrachten", TMM)["overdrachten"]
    with pytest.raises(Refusal) as refused:
        coordinator.post(
            f"/v1/overdrachten/{row['overdrachtId']}/terugkoppelingen", {"code": "bekend in BVH"}, TMM
        )
    assert refused.value.status == 400


def test_feedback_time_and_share_stand_in_the_figures_and_few_are_no_number(world: World) -> None:
    period = {"van": "2026-10-01", "tot": "2026-12-31"}
    told = tmm(world).get("/v1/cijfers", STATISTICS, **period)
    names = ("teruggekoppeld_procent", "dagen_tot_terugkoppeling", "onjuist")
    for one in told["organisaties"]:
        assert {one["cijfers"][name] for name in names} == {"<10"}
    assert FIRST in {one["wie"] for one in told["organisaties"]}
