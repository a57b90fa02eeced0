# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An FG reads a proposed policy and advises, somebody of another organisation approves: each signed in, at the pages and through the own node."""

import re
from dataclasses import replace
from functools import cache

import pytest

from register.central import changing
from register.central.administration import Basis
from register.central.attesting import attested
from register.central.centre import Centre
from register.central.proposals import proposal
from register.central.store import tables as t
from register.central.store.policy import Step
from tests.policies.changed import texts
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.enrolling_world import administrator
from tests.register.central.web.test_pages import Visitor
from tests.register.central.world import Caller, World, refused

pytestmark = ONE_DATABASE

BASIS = Basis("OEFENING-BESLUIT-7", "stuurgroep (fictief)")
SHOWS_TOWN = (
    "toezichthouder.cedar",
    'Action::"hit", Action::"attr_types_matched"]',
    'Action::"hit", Action::"attr_types_matched", Action::"muni_name"]',
)


@cache
def wider() -> dict[str, str]:
    return texts(SHOWS_TOWN)


@pytest.fixture
def number(world: World, centre: Centre, once: None) -> int:
    """A proposal to read."""
    del once
    step = changing.propose(
        administrator(centre), wider(), BASIS, lambda _rules: ("Van 3 besluiten komt 1 anders uit.",)
    )
    world.log.verify(None)
    return step.number


def signed_in(world: World, organisation: str, role: str) -> Visitor:
    return Visitor(world).signed_in(organisation, role)


def beheerder(world: World, organisation: str = "GM9002") -> Visitor:
    return signed_in(world, organisation, "functioneel_beheerder")


def mark(page: str) -> str:
    found = re.search(r'name="kenmerk" value="([0-9a-f]{16})"', page)
    assert found
    return found.group(1)


def advise(visitor: Visitor, number: int, objection: str = "nee", text: str = "Gelezen.") -> int:
    path = f"/beleid/{number}"
    return visitor.post(
        f"{path}/advies", csrf=visitor.token(path), bezwaar=objection, toelichting=text
    ).status_code


def approve(visitor: Visitor, number: int) -> tuple[int, str]:
    path = f"/beleid/{number}"
    answer = visitor.post(
        f"{path}/goedkeuring", csrf=visitor.token(path), gelezen="ja", kenmerk=mark(visitor.get(path).text)
    )
    return answer.status_code, answer.text


def steps(world: World) -> list[str]:
    return [one.step for one in world.rows(t.policy_step)]


def test_an_fg_reads_in_words_what_opens_and_for_whom(world: World, number: int) -> None:
    page = signed_in(world, "GM9001", "fg").get(f"/beleid/{number}").text
    assert "Een toezichthouder van gemeente A zou bij signalering" in page
    assert "Van 3 besluiten komt 1 anders uit." in page
    table = signed_in(world, "GM9001", "fg").get(f"/beleid/{number}/leestabel?rol=toezichthouder").text
    assert "Doel: signalering" in table
    assert "G-GEM" in table


def test_advice_and_approval_are_of_who_signed_in(world: World, centre: Centre, number: int) -> None:
    assert (
        advise(signed_in(world, "GM9001", "fg"), number, text="Ik heb geen bezwaar.\nWel: <let op>.") == 303
    )
    assert approve(beheerder(world), number)[0] == 303
    found = proposal(centre.frozen(), number)
    _first, advice, approval = found.steps
    assert (advice.organisation, advice.officer, advice.role, advice.door) == (
        "GM9001",
        "oefening-fg",
        "fg",
        "sessie",
    )
    assert (approval.organisation, approval.role) == ("GM9002", "functioneel_beheerder")
    assert all(attested(centre.database, one) for one in found.steps)
    world.log.verify(None)
    said = [one for one in world.log.entries("GM9001") if one["gebeurtenis"] == "beleid_geadviseerd"][-1]
    assert said["velden"]["medewerker"] == "oefening-fg"
    page = beheerder(world).get(f"/beleid/{number}").text
    assert "&lt;let op&gt;" in page
    assert "zelf, aangemeld bij dit register" in page
    step = changing.activate(administrator(centre), number, centre.clock(), BASIS)
    assert isinstance(step, Step)


def test_an_objection_is_told_to_who_would_approve_and_stops_it(world: World, number: int) -> None:
    advise(signed_in(world, "GM9001", "fg"), number, "ja", "De inspecteur hoeft dit niet te weten.")
    status, page = approve(beheerder(world), number)
    assert status == 403
    assert "bezwaar" in page
    assert "goedkeuring" not in steps(world)


def test_a_form_that_is_not_whole_keeps_what_was_typed_and_does_nothing(world: World, number: int) -> None:
    fg, path = signed_in(world, "GM9001", "fg"), f"/beleid/{number}"
    answer = fg.post(f"{path}/advies", csrf=fg.token(path), toelichting="Ik twijfel nog.")
    assert answer.status_code == 400
    assert "Kies of u bezwaar maakt." in answer.text
    assert "Ik twijfel nog." in answer.text
    other = beheerder(world)
    answer = other.post(f"{path}/goedkeuring", csrf=other.token(path), kenmerk="0" * 16)
    assert (answer.status_code, "Zet een vinkje" in answer.text) == (400, True)
    assert steps(world) == ["voorstel"]


@pytest.mark.parametrize("path", ["/beleid/999", "/beleid/0", "/beleid/ietsanders"])
def test_a_proposal_that_is_not_there_is_a_page_that_says_so(world: World, path: str) -> None:
    answer = signed_in(world, "GM9001", "fg").get(path)
    assert answer.status_code == 404
    assert "is er niet" in answer.text


def test_nobody_else_reads_or_decides_on_policy(world: World, number: int) -> None:
    for person in (world.inspector("GM9001"), world.contact("GM9001"), world.person("TMM", "tmm_analist")):
        refused(person.get(f"/v1/beleid/voorstellen/{number}", leaves=1), 403, "geen-toegang")
    fg = through_node(world, "GM9001", "fg", "oefening-fg")
    refused(
        fg.post(f"/v1/beleid/voorstellen/{number}/goedkeuringen", {"kenmerk": "0" * 16}),
        400,
        "beleid-niet-gewijzigd",
    )


def through_node(world: World, organisation: str, role: str, officer: str) -> Caller:
    caller = world.node(organisation, "fg")
    purpose = "toezicht_avg" if role == "fg" else "beheer"
    return replace(caller, said={"Namens-Medewerker": officer, "Namens-Rol": role, "Doel": purpose})


def test_through_the_own_node_it_is_known_that_no_account_of_the_register_stood_behind_it(
    world: World, centre: Centre, number: int
) -> None:
    path = f"/v1/beleid/voorstellen/{number}"
    fg = through_node(world, "GM9001", "fg", "oefening-fg")
    assert fg.post(f"{path}/adviezen", {"bezwaar": False, "toelichting": "Gelezen."}).status_code == 201
    second = through_node(world, "GM9002", "functioneel_beheerder", "oefening-beheerder-1")
    seen = second.get(path, leaves=0).json()["kenmerk"]
    assert second.post(f"{path}/goedkeuringen", {"kenmerk": seen}).status_code == 201
    assert [one.door for one in proposal(centre.frozen(), number).steps] == [None, "node", "node"]


@pytest.mark.parametrize(
    "text",
    ["", "ab", "x" * 2001, "belletje\x07", "  \n "],
    ids=["empty", "short", "long", "control", "blank"],
)
def test_advice_is_text_of_bounded_length(world: World, number: int, text: str) -> None:
    fg = through_node(world, "GM9001", "fg", "oefening-fg")
    answer = fg.post(f"/v1/beleid/voorstellen/{number}/adviezen", {"bezwaar": False, "toelichting": text})
    assert answer.status_code == 400
    assert steps(world) == ["voorstel"]


def test_where_policy_decides_nothing_the_page_says_so_and_somebody_agrees_to_going_back(
    world: World, centre: Centre, number: int
) -> None:
    advise(signed_in(world, "GM9001", "fg"), number)
    approve(beheerder(world), number)
    step = changing.activate(administrator(centre), number, centre.clock(), BASIS)
    with world.log.engine.begin() as connection:
        mine = t.policy_step.c.number == step.number
        connection.execute(t.policy_step.update().where(mine).values(number=step.number + 1, leaf_index=0))
    world.log.verify(None)
    other = beheerder(world)
    page = other.get("/beleid")
    assert page.status_code == 200
    assert "Het register beslist nu niets" in page.text
    assert other.get("/dossiers").status_code == 503
    path = f"/beleid/stappen/{step.number + 1}/akkoord"
    assert other.post(path, csrf=other.token("/beleid")).status_code == 303
    assert "Oefenhaven" in other.get("/beleid").text
    changing.roll_back(administrator(centre, mending=True), BASIS)
    world.log.verify(None)
    assert "Het register beslist nu niets" not in other.get("/beleid").text
    assert other.get("/dossiers").status_code != 503
