# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Samenwerkingsverbanden, covenants and gates, as those who work with the register meet them through its interface."""

from datetime import date, timedelta
from typing import Any

import pytest

from policies.grounds import FgAdvice
from register.central import agreements, mandates
from register.central.centre import Centre
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.enrolling_world import BASIS, ground
from tests.register.central.test_organisations import TODAY, Town
from tests.register.central.world import World, point, pseudonym, refused, signal, subject

ADVICE = FgAdvice(date(2025, 11, 18), "OEFENING-ADVIES")
NEW = """
alliances:
  - id: SV-NIEUW
    name: Samenwerkingsverband Nieuw
    kind: samenwerkingsverband
    host: RIEC
    parties: [GM9001, {organisation: GM9002, valid_to: 2030-01-01}]
    document: "OEFENING-SV-NIEUW"
    valid_from: 2026-01-01
"""


@pytest.fixture
def town(world: World, centre: Centre) -> Town:
    return Town(world, centre)


def bsn() -> dict[str, str]:
    return pseudonym(point(), "bsn")


# ---- gates -----------------------------------------------------------------------------------------------------------


def test_a_gate_that_closes_stops_the_number_at_once_and_opens_only_with_advice(town: Town) -> None:
    number, phone = bsn(), pseudonym(point())
    town.world.submit("GM9002", signal(subject(number, phone)))
    asking = town.world.inspector("GM9001")
    assert asking.ask(number).json()["uitkomst"] == "bekend_elders"
    agreements.close_gate(town.admin, "BSN", BASIS)
    town.world.log.verify(1)
    entry = town.world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["poorten"]) == ("poort_gesloten", ["BSN"])
    told = refused(asking.try_ask(number), 400, "te-weinig-om-op-te-vragen")
    assert "BSN" in str(told)
    answer = asking.ask(number, phone).json()
    assert (answer["uitkomst"], answer["soorten"]) == ("bekend_elders", ["telefoon"])
    assert "Er is niet gezocht op burgerservicenummer." in answer["nietBekeken"]
    refused(town.world.inspector("GM9001").submit(signal(subject(number, phone))), 403, "poort-dicht")
    agreements.open_gate(town.admin, "BSN", ADVICE, BASIS)
    town.world.log.verify(1)
    assert asking.ask(number).json()["uitkomst"] == "bekend_elders"


@ONE_DATABASE
def test_a_signal_with_a_v_nummer_waits_for_its_own_gate(town: Town) -> None:
    agreements.close_gate(town.admin, "V-NUMMER", BASIS)
    town.world.log.verify(1)
    town.world.submit("GM9001", signal(subject(bsn())))
    sent = signal(subject(pseudonym(point(), "v_nummer")))
    told = refused(town.world.inspector("GM9001").submit(sent), 403, "poort-dicht")
    assert "V-NUMMER" in told["detail"]


@ONE_DATABASE
@pytest.mark.parametrize(
    ("advice", "why"),
    [
        (FgAdvice(date(2025, 11, 18), "A", objection=True), "bezwaar van de FG eerst schriftelijk"),
        (FgAdvice(date(2025, 11, 18), "A", objection=True, answered_on=TODAY + timedelta(days=1)), "bezwaar"),
        (FgAdvice(TODAY + timedelta(days=1), "A"), "een dag die nog moet komen"),
    ],
)
def test_a_gate_stays_closed_over_an_objection_and_without_advice(
    town: Town, advice: FgAdvice, why: str
) -> None:
    assert why in town.refuses(lambda: agreements.open_gate(town.admin, "FASE-2", advice, BASIS))
    assert not town.admin.centre.policy.register.gate_open("FASE-2")


@ONE_DATABASE
def test_a_gate_that_stands_so_already_is_not_decided_again(town: Town) -> None:
    assert "staat al zo" in town.refuses(lambda: agreements.open_gate(town.admin, "BSN", ADVICE, BASIS))
    assert "staat al zo" in town.refuses(lambda: agreements.close_gate(town.admin, "FASE-2", BASIS))
    standing = {one.code: one.open for one in agreements.gates(town.admin)}
    assert standing == {
        "G-SEKS": True,
        "G-STRAF": True,
        "BSN": True,
        "V-NUMMER": True,
        "FASE-2": False,
        "G-CONV": False,
    }


# ---- criteria --------------------------------------------------------------------------------------------------------

CHECKLIST = (
    'criteria:\n  - {id: nodig, question: "Is dit nodig?"}\n  - {id: mild, question: "Kan het minder?"}\n'
)


@ONE_DATABASE
def test_the_newest_criteria_hold_at_once_and_everybody_who_takes_part_reads_it(town: Town) -> None:
    assert agreements.set_criteria(town.admin, CHECKLIST, ADVICE, BASIS) == ("nodig", "mild")
    town.world.log.verify(1)
    assert [one.id for one in agreements.criteria(town.admin)] == ["nodig", "mild"]
    entry = town.world.log.last("GM9002")
    assert (entry["gebeurtenis"], entry["criteria"]) == ("criteria_vastgesteld", ["nodig", "mild"])
    agreements.set_criteria(town.admin, CHECKLIST.replace("mild", "minder"), ADVICE, BASIS)
    town.world.log.verify(1)
    assert [one.id for one in agreements.criteria(town.admin)] == ["nodig", "minder"]


@ONE_DATABASE
@pytest.mark.parametrize(
    ("text", "advice", "why"),
    [
        ("criteria: []", ADVICE, "1 tot en met 10"),
        ("criteria: [", ADVICE, "geen YAML"),
        (CHECKLIST.replace("mild", "nodig"), ADVICE, "staat er twee keer"),
        (CHECKLIST.replace("mild", "met spatie"), ADVICE, "letters en cijfers"),
        (CHECKLIST, FgAdvice(date(2025, 11, 18), "A", objection=True), "bezwaar van de FG eerst schriftelijk"),
        (CHECKLIST, FgAdvice(TODAY + timedelta(days=1), "A"), "een dag die nog moet komen"),
    ],
    ids=["nothing to go through", "no text of that form", "a name twice", "a name that no decision could give", "an objection", "advice of tomorrow"],
)  # fmt: skip
def test_criteria_that_cannot_hold_change_nothing(town: Town, text: str, advice: FgAdvice, why: str) -> None:
    before = agreements.criteria(town.admin)
    assert why in town.refuses(lambda: agreements.set_criteria(town.admin, text, advice, BASIS))
    assert agreements.criteria(town.admin) == before


# ---- samenwerkingsverbanden ------------------------------------------------------------------------------------------


def test_parties_join_and_leave_on_their_day_and_all_of_them_are_told(town: Town) -> None:
    assert agreements.add_alliances(town.admin, NEW, BASIS) == ("SV-NIEUW",)
    town.world.log.verify(1)
    agreements.join(town.admin, "SV-NIEUW", "TMM", TODAY + timedelta(days=7), BASIS)
    town.world.log.verify(1)
    assert town.world.log.last("GM9002")["gebeurtenis"] == "partij_toegetreden"
    agreements.leave(town.admin, "SV-NIEUW", "GM9001", TODAY + timedelta(days=3), BASIS)
    town.world.log.verify(1)
    found = town.admin.centre.policy.register.alliances["SV-NIEUW"]
    bound = {
        day: {one for one in found.members if found.binds(one, TODAY + timedelta(days=day))}
        for day in (0, 2, 3, 7)
    }
    assert bound == {0: {"GM9001", "GM9002"}, 2: {"GM9001", "GM9002"}, 3: {"GM9002"}, 7: {"GM9002", "TMM"}}
    agreements.end(town.admin, "SV-NIEUW", TODAY, BASIS)
    town.world.log.verify(1)
    ended = town.admin.centre.policy.register.alliances["SV-NIEUW"]
    assert not any(ended.binds(one, TODAY) for one in ended.members)


@ONE_DATABASE
def test_a_party_that_left_rests_on_the_ground_no_more(town: Town) -> None:
    phone = pseudonym(point())
    agreements.add_alliances(town.admin, NEW, BASIS)
    town.world.log.verify(1)
    text = ground("GM9001", id="NIEUW-SV", alliance="SV-NIEUW")
    mandates.add_grounds(town.admin, text, BASIS)
    town.world.log.verify(1)
    asking = town.world.inspector("GM9001").but(grondslag="NIEUW-SV")
    assert asking.ask(phone).status_code == 200
    agreements.leave(town.admin, "SV-NIEUW", "GM9001", TODAY, BASIS)
    town.world.log.verify(1)
    refused(asking.try_ask(phone), 400, "onvolledig")


@ONE_DATABASE
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("alliances: [", "klopt niet"),
        ("alliances: []\n", "Schrijf eerst alle partijen in"),
        (NEW.replace("SV-NIEUW", "SV-OEFENING"), "al in gebruik"),
        (NEW.replace("GM9001", "GM9009"), "Niet ingeschreven: GM9009"),
        (NEW.replace("    host: RIEC\n", ""), "host"),
    ],
)
def test_a_samenwerkingsverband_that_cannot_be_is_refused(town: Town, text: str, why: str) -> None:
    assert why in town.refuses(lambda: agreements.add_alliances(town.admin, text, BASIS))


@ONE_DATABASE
def test_a_party_that_cannot_join_or_leave_is_refused(town: Town) -> None:
    def trying(act: Any, organisation: str, on: date, name: str = "SV-OEFENING") -> str:
        return town.refuses(lambda: act(town.admin, name, organisation, on, BASIS))

    yesterday = TODAY - timedelta(days=1)
    assert "al partij" in trying(agreements.join, "GM9001", TODAY)
    assert "staat niet ingeschreven" in trying(agreements.join, "GM9009", TODAY)
    assert "verleden" in trying(agreements.join, "REGISTER", yesterday)
    assert "geen partij" in trying(agreements.leave, "REGISTER", TODAY)
    assert "verleden" in trying(agreements.leave, "GM9001", yesterday)
    assert "geen geregistreerd" in trying(agreements.leave, "GM9001", TODAY, "SV-ANDER")
    assert "verleden" in town.refuses(lambda: agreements.end(town.admin, "SV-OEFENING", yesterday, BASIS))


# ---- what the profile admits -----------------------------------------------------------------------------------------


@ONE_DATABASE
def test_a_ground_that_the_profile_does_not_admit_is_refused_with_what_can_be_recorded(town: Town) -> None:
    text = ground("GM9001", id="X", code="G-CONV")
    told = town.refuses(lambda: mandates.add_grounds(town.admin, text, BASIS))
    assert "Profiel oefening laat deze grondslagen niet toe." in told
    assert "Kies uit: G-AP, G-BPG, G-FG, G-GEM" in told


@ONE_DATABASE
def test_a_ground_under_an_agreement_that_nobody_registered_is_refused(town: Town) -> None:
    text = ground("GM9001", id="X", alliance="SV-ANDER")
    told = town.refuses(lambda: mandates.add_grounds(town.admin, text, BASIS))
    assert "rusten niet op een geregistreerde afspraak" in told
    assert "register alliance add" in told
