# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The outcome of a control and the marks of a node: codes in the log of the own organisation, and nothing else anywhere."""

from typing import Any

import httpx
import pytest

from register.outcomes import MARKS, OUTCOMES
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import (
    Caller,
    World,
    point,
    pseudonym,
    refused,
    signal,
    subject,
    without_receipt,
)

ASKER = "GM9004"


def closed(caller: Caller, outcome: str = "niets_aangetroffen", **how: Any) -> httpx.Response:
    return caller.post("/v1/aflopen", {"organisatie": caller.organisation, "afloop": outcome}, **how)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_is_one_leaf_that_says_who_of_which_control_and_what(world: World, outcome: str) -> None:
    answer = closed(world.inspector(ASKER), outcome)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["afloop"], answer.json()["zaaknummer"]) == (outcome, "C-OEFE-0001")
    entry = world.log.last(ASKER)
    assert (entry["gebeurtenis"], entry["afloop"], entry["zaaknummer"]) == (
        "controle_afgerond",
        outcome,
        "C-OEFE-0001",
    )
    assert (entry["medewerker"], entry["herhaald"]) == ("oefening-toezichthouder", False)


def test_told_again_it_is_a_leaf_that_says_so(world: World) -> None:
    for again in (False, True):
        answer = closed(world.inspector(ASKER), key="afloop-een")
        assert answer.json()["herhaald"] is again
        assert world.log.last(ASKER)["herhaald"] is again
    refused(closed(world.inspector(ASKER), "doorverwezen", key="afloop-een"), 409, "sleutel-hergebruikt")


def test_an_outcome_changes_nothing_but_the_log(world: World) -> None:
    closed(world.inspector(ASKER))
    before = world.contents()
    closed(world.inspector(ASKER))
    after = world.contents()
    assert {name for name in after if after[name] != before[name]} == {"idempotency"}


@pytest.mark.parametrize(
    ("said", "body", "status", "code"),
    [
        ({}, {"afloop": "iets_anders"}, 400, "onbekende-afloop"),
        ({}, {"afloop": "niets aangetroffen, man was boos"}, 400, "ongeldige-invoer"),
        ({}, {"afloop": "doorverwezen", "toelichting": "vrije tekst"}, 400, "ongeldige-invoer"),
        ({}, {"afloop": "doorverwezen", "organisatie": "GM9001"}, 403, "andere-organisatie"),
        ({"zaaknummer": None}, {"afloop": "doorverwezen"}, 400, "onvolledig"),
        ({"namens_medewerker": "oefening-onbekend"}, {"afloop": "doorverwezen"}, 403, "geen-mandaat"),
        ({"namens_rol": "fg"}, {"afloop": "doorverwezen"}, 403, "geen-toegang"),
    ],
    ids=["unknown code", "text", "another member", "another organisation", "no control", "no mandate", "a role that never asks"],
)  # fmt: skip
@ONE_DATABASE
def test_an_outcome_is_refused_with_what_to_do(
    world: World, said: dict[str, str | None], body: dict[str, str], status: int, code: str
) -> None:
    caller = world.inspector(ASKER).but(**said)
    refused(caller.post("/v1/aflopen", {"organisatie": ASKER, **body}), status, code)


def test_a_question_carries_the_marks_of_its_node_into_the_entry(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    world.inspector(ASKER).ask(phone, vlaggen=["eigen_straat", "ongeplande_controle", "eigen_straat"])
    assert world.log.last(ASKER)["vlaggen"] == ["eigen_straat", "ongeplande_controle"]
    # Who owns the signal reads nothing of what an officer of another organisation lives near.
    assert "vlaggen" not in world.log.last("GM9001")


def test_marks_change_no_answer(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    inspector = world.inspector(ASKER)
    bare, marked = inspector.ask(phone), inspector.ask(phone, vlaggen=list(MARKS))
    assert without_receipt(bare) == without_receipt(marked)


@pytest.mark.parametrize("marks", [["Kerkstraat"], ["eigen_hond"], list(MARKS) * 2, "eigen_straat"])
@ONE_DATABASE
def test_a_mark_that_is_no_code_of_the_list_is_refused(world: World, marks: object) -> None:
    answer = world.inspector(ASKER).try_ask(pseudonym(point()), vlaggen=marks)
    refused(answer, 400, "ongeldige-invoer")
