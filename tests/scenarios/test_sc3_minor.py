# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""SC3, a minor in drug dealing: the door hears of a route and of nothing else, and who has no part in it cannot learn that the signal exists.

Source: acceptance scenario SC3, its first two steps and what passes; the review after six months comes with the treffers. The tests of this module are one story on one
set of real processes and run in the order in which they stand.
"""

import json
from typing import Any

import pytest

from process.problem import Refusal
from register.demo.plan import CASE, CONTROL, HOLDERS, MOMENT
from register.demo.story import Caller, caller
from register.demo.world import World

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(600)]

FIRST, SECOND = "GM9001", "GM9002"
SHARED, OWN, NEVER = "06-87654321", "06-87654322", "06-87654329"
TMM = {
    "Doel": "opsporing_handoff",
    "Zaaknummer": CASE,
    "Reden": "tmm_onderzoek",
    "Grondslag": "OEF-WPG-TMM",
}
HIDDEN = ("aantalGemeenten", "gemeenten", "laatstGezien", "soorten", "minderjarig")


@pytest.fixture(scope="module")
def world(fresh_world: World) -> World:
    fresh_world.start(
        [
            "signer",
            *(f"houder-{index}" for index in HOLDERS[:2]),
            "register",
            f"node-{FIRST}",
            f"node-{SECOND}",
        ]
    )
    return fresh_world


def boy(*phones: str) -> dict[str, Any]:
    """What jongerenwerk passes on: a boy of sixteen whose age is said only by his date of birth."""
    return {
        "subjecten": [
            {
                "kenmerken": [
                    *({"soort": "phone", "waarde": phone} for phone in phones),
                    {"soort": "name_dob", "waarde": "Visser, Daan;2010-02-11"},
                ],
                "rol": "beide_mogelijk",
            }
        ],
        "waargenomen": MOMENT.date().isoformat(),
        "waarnemingGrondslag": "wmo_jeugd_toegang",
        "controlesoort": "wijkteam_jongerenwerk",
        "uitbuitingsvorm": "crimineel",
        "aanwijzingen": ["straatschuld", "ver_van_huis_aangetroffen"],
    }


def asked(person: Caller, phone: str) -> dict[str, Any]:
    return dict(
        person.post(
            "/v1/bevragingen",
            {"kenmerken": [{"soort": "phone", "waarde": phone}], "doel": "signalering", "controle": CONTROL},
        )
    )


def told(answer: dict[str, Any]) -> str:
    """What an answer says, but for the receipt and the explanations, which name a ground of the asker's own."""
    return json.dumps(
        {name: value for name, value in answer.items() if name not in {"logbewijs", "uitleg", "waarom"}},
        sort_keys=True,
    )


def test_both_municipalities_submit_and_the_node_works_out_that_he_is_a_minor(world: World) -> None:
    for organisation, phones in ((FIRST, (SHARED, OWN)), (SECOND, (SHARED,))):
        stored = caller(world, organisation, "toezichthouder").post("/v1/signalen", boy(*phones))
        assert stored["categorie"] == "R3"


@pytest.mark.parametrize("organisation", [FIRST, SECOND])
def test_a_toezichthouder_hears_the_route_and_no_count_period_or_town(
    world: World, organisation: str
) -> None:
    answer = asked(caller(world, organisation, "toezichthouder"), SHARED)
    assert answer["uitkomst"] == "minderjarigenroute"
    assert "Veilig Thuis" in answer["watNu"]
    assert "TMM" in answer["watNu"]
    assert not [name for name in HIDDEN if answer.get(name) is not None]


def test_the_aandachtsfunctionarissen_of_the_parties_see_the_treffer(world: World) -> None:
    for organisation in (FIRST, SECOND):
        waiting = caller(world, organisation, "aandachtsfunctionaris").get("/v1/treffers")["treffers"]
        assert waiting, organisation
        assert all(one["minderjarig"] for one in waiting)


def test_tmm_s_coordinator_sees_it_and_tmm_s_analyst_does_not(world: World) -> None:
    listed = caller(world, "TMM", "tmm_coordinator").get("/v1/dossiers", TMM)["dossiers"]
    assert listed
    analyst = caller(world, "TMM", "tmm_analist")
    assert analyst.get("/v1/dossiers", TMM)["dossiers"] == []
    absent = "9b0e7a36-2f51-4c3e-9d1a-5a0c7f6e4b21"
    refusals = []
    for treffer in (listed[0]["trefferId"], absent):
        with pytest.raises(Refusal) as refused:
            analyst.get(f"/v1/dossiers/{treffer}", TMM)
        refusals.append((refused.value.status, str(refused.value), refused.value.way_forward))
    assert refusals[0] == refusals[1]
    assert refusals[0][0] == 404


def test_the_route_is_the_same_whatever_is_stored_of_minors_and_nothing_known_says_nothing_of_it(
    world: World,
) -> None:
    inspector = caller(world, FIRST, "toezichthouder")
    routes = [asked(inspector, SHARED), asked(caller(world, SECOND, "toezichthouder"), OWN)]
    assert told(routes[0]) == told(routes[1])
    nothing = asked(inspector, NEVER)
    assert nothing["uitkomst"] == "niet_bekend"
    assert "minderjarig" not in json.dumps(nothing["watNu"] + nothing["toelichting"]).lower()


def test_nobody_is_called_a_dader_anywhere(world: World) -> None:
    track = caller(world, "TMM", "tmm_coordinator")
    (listed, *_others) = track.get("/v1/dossiers", TMM)["dossiers"]
    shown = json.dumps(track.get(f"/v1/dossiers/{listed['trefferId']}", TMM))
    assert "dader" not in shown.lower()
