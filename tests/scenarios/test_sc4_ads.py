# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""SC4, one phone and ads of five women: while the gate for special categories is closed such a signal is not taken in, with the ground in words; opened by a decision it is.

Source: acceptance scenario SC4, what passes. That five women on one phone stay five persons is claimed on the real store (tests/register/central/test_finding.py); the hub
comes with the network. One story on one set of real processes, in the order in which it stands.
"""

from datetime import timedelta
from typing import Any

import pytest

from process.problem import Refusal
from register.demo.plan import CONTROL, HOLDERS, MOMENT
from register.demo.story import Caller, caller
from register.demo.world import World

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(600)]

TOWN, OTHER = "GM9001", "GM9004"
PHONE = "06-87650001"
BASIS = ("--document", "OEFENING-SC4", "--decided-by", "samenwerkingsverband Oefening (fictief)")


@pytest.fixture(scope="module")
def world(fresh_world: World) -> World:
    fresh_world.start(
        ["signer", *(f"houder-{index}" for index in HOLDERS[:2]), "register", f"node-{TOWN}", f"node-{OTHER}"]
    )
    return fresh_world


def administered(world: World, *arguments: str) -> str:
    settings = str(world.folder / "register" / "instellingen.toml")
    clock = ("--clock-file", str(world.folder / "klok"))
    done = world.command("register", *arguments, "--settings", settings, *clock)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def advertisement(number: int) -> dict[str, Any]:
    """What a person saw in one of the advertisements that a crawler brought."""
    return {
        "subjecten": [
            {
                "kenmerken": [
                    {"soort": "phone", "waarde": PHONE},
                    {"soort": "work_alias", "waarde": f"Roos {number}"},
                ],
                "rol": "mogelijk_slachtoffer",
            }
        ],
        "waargenomen": MOMENT.date().isoformat(),
        "waarnemingGrondslag": "apv_seksinrichting_151a",
        "controlesoort": "advertentiecontrole_webcrawler",
        "uitbuitingsvorm": "seksueel_onbekend",
        "aanwijzingen": ["derde_beheert_advertentie"],
    }


def asked(person: Caller) -> dict[str, Any]:
    kenmerken = [{"soort": "phone", "waarde": PHONE}]
    return dict(
        person.post("/v1/bevragingen", {"kenmerken": kenmerken, "doel": "signalering", "controle": CONTROL})
    )


def test_with_the_gate_closed_the_signal_is_refused_with_the_ground_in_words(world: World) -> None:
    administered(world, "gate", "close", "G-SEKS", *BASIS)
    with pytest.raises(Refusal) as refused:
        caller(world, TOWN, "toezichthouder").post("/v1/signalen", advertisement(1))
    said = f"{refused.value} {refused.value.detail} {refused.value.way_forward} {refused.value.fields}"
    assert refused.value.status == 403
    assert "geen grondslag voor signalen over seksuele uitbuiting" in said
    assert "G-SEKS" in said
    assert "besluit van het college" in str(refused.value.way_forward)


def test_a_question_says_that_it_did_not_look_at_such_signals(world: World) -> None:
    answer = asked(caller(world, OTHER, "toezichthouder"))
    assert answer["uitkomst"] == "niet_bekend"
    assert "Dit antwoord omvat geen signalen over seksuele uitbuiting." in answer["nietBekeken"]


def test_opened_by_a_decision_with_the_fg_s_advice_five_signals_come_in_at_once(world: World) -> None:
    advice = ("--advice", "FG-OEFENING-4", "--advice-date", "2026-11-02")
    administered(world, "gate", "open", "G-SEKS", *advice, *BASIS)
    # A node goes by the grounds that it read for a minute; the register by what is decided.
    world.move_clock(MOMENT + timedelta(hours=1))
    inspector = caller(world, TOWN, "toezichthouder")
    stored = [inspector.post("/v1/signalen", advertisement(number)) for number in range(1, 6)]
    assert len({one["signaalId"] for one in stored}) == 5


def test_another_town_s_question_on_the_phone_hears_that_it_is_known_and_of_no_form(world: World) -> None:
    answer = asked(caller(world, OTHER, "toezichthouder"))
    assert answer["uitkomst"] == "bekend_elders"
    assert answer["soorten"] == ["telefoon"]
    assert "Dit antwoord omvat geen signalen over seksuele uitbuiting." not in answer["nietBekeken"]
    assert not any(word in str(answer) for word in ("seksueel", "advertentie", "slachtoffer"))


def test_closed_again_the_stored_signals_are_as_if_they_were_not_there(world: World) -> None:
    administered(world, "gate", "close", "G-SEKS", *BASIS)
    answer = asked(caller(world, OTHER, "toezichthouder"))
    assert answer["uitkomst"] == "niet_bekend"
