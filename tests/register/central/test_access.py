# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The decision point in the words of AuthZEN: it explains everything, and tells of a stored signal nothing that another number would not."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from register.central.store import tables as t
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import CONTROL, OFFICERS, Caller, World, fields_of, refused, signal, subject

EXAMPLE = {
    "eigenaar": "GM9001",
    "partijen": ["GM9001", "GM9004"],
    "minderjarig": "nee",
    "geenPolitiecontact": False,
    "bijzonder": False,
    "strafrechtelijk": False,
    "behandeling": "H1",
    "overeenkomstSterk": 1,
}


def asked(action: str = "hit", role: str = "toezichthouder", **others: Any) -> dict[str, Any]:
    """A question of an officer of GM9004, which policy answers with yes."""
    officer = {"organisatie": "GM9004", "rol": role}
    return {
        "subject": {"type": "medewerker", "id": OFFICERS[role], "properties": officer},
        "action": {"name": action},
        "resource": {"type": "voorbeeld", "id": "1", "properties": dict(EXAMPLE)},
        "context": {
            "doel": "signalering",
            "zaaknummer": CONTROL,
            "reden": "controle",
            "grondslag": "OEF-GEM-GM9004",
            "grof": True,
        },
    } | others


def node(world: World) -> Caller:
    """A node that says nothing in headers: its certificate is enough."""
    caller = world.inspector("GM9004")
    return Caller(world, caller.app, caller.organisation, {}, caller.certificate)


def evaluate(world: World, sent: dict[str, Any], path: str = "evaluation") -> dict[str, Any]:
    answer = node(world).post(f"/access/v1/{path}", sent)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def without_proof(decided: dict[str, Any]) -> dict[str, Any]:
    return {**decided, "context": {key: one for key, one in decided["context"].items() if key != "logbewijs"}}


@ONE_DATABASE
def test_a_yes_names_the_rule_the_policy_and_the_ground_as_it_was_recorded(world: World) -> None:
    decided = evaluate(world, asked())
    context = decided["context"]
    assert decided["decision"] is True
    assert context["regels"] == ["toezichthouder.signalering.treffer"]
    assert context["beleid"] == world.log.last("GM9004")["beleid"]
    (ground,) = context["grondslagen"]
    assert (ground["id"], ground["besluitstuk"]) == ("OEF-GEM-GM9004", "OEFENING-OEF-GEM-GM9004")
    assert "reason_user" not in context


@ONE_DATABASE
def test_a_no_says_why_to_people_and_to_administrators_and_how_to_get_there(world: World) -> None:
    without = asked()
    del without["context"]["zaaknummer"]
    context = evaluate(world, without)["context"]
    assert "Open een controle of noem het zaaknummer." in context["reason_user"]["nl"]
    assert context["beleid"][:16] in context["reason_admin"]["nl"]
    assert [one["code"] for one in context["redenen"]] == ["C1"]


@ONE_DATABASE
def test_of_a_described_signal_every_reason_is_told_because_the_caller_said_it_all(world: World) -> None:
    resource = {"type": "voorbeeld", "id": "1", "properties": EXAMPLE | {"minderjarig": "ja"}}
    context = evaluate(world, asked(resource=resource))["context"]
    assert [(one["code"], one["over"]) for one in context["redenen"]] == [("C6", "signaal")]


@pytest.mark.parametrize("role", ["toezichthouder", "aandachtsfunctionaris"])
@pytest.mark.parametrize("action", ["hit", "feedback_status", "treffer_oppakken"])
def test_another_s_signal_a_hidden_one_and_none_give_the_same_bytes_entry_and_tables(
    world: World, role: str, action: str
) -> None:
    theirs = world.submit("GM9001", signal(subject()))["signaalId"]
    before = world.contents()
    told, entries = [], []
    for number in (theirs, str(uuid4())):
        decided = evaluate(world, asked(action, role, resource={"type": "signaal", "id": number}))
        told.append(without_proof(decided))
        entry = world.log.entries("GM9004")[-1]
        entries.append((entry["omvang"], {**entry["velden"], "spoor": ""}))
        assert decided["decision"] is False
    assert told[0] == told[1]
    assert entries[0] == entries[1]
    assert world.contents() == before
    assert number not in str(entries)


@ONE_DATABASE
@pytest.mark.parametrize("action", ["signaal_indienen", "bewaren_na_bevraging"])
def test_what_is_told_of_one_s_own_input_is_not_told_of_a_stored_signal(world: World, action: str) -> None:
    """Of a submission every reason is told, so a stored signal that is named as one would tell what it is."""
    own = world.submit("GM9004", signal(subject(minderjarig="ja")))["signaalId"]
    told = [
        without_proof(evaluate(world, asked(action, resource={"type": "signaal", "id": number})))
        for number in (own, str(uuid4()))
    ]
    assert told[0] == told[1]


def test_an_own_signal_is_decided_by_what_it_is_and_withdrawn_it_is_nobody_s(world: World) -> None:
    own = world.submit("GM9004", signal(subject()))["signaalId"]
    about = asked("signaal_verrijken_corrigeren_intrekken", "aandachtsfunctionaris")
    about["resource"] = {"type": "signaal", "id": own}
    assert evaluate(world, about)["decision"] is True
    body = {"organisatie": "GM9004", "reden": "onjuist"}
    assert world.contact("GM9004").post(f"/v1/signalen/{own}/intrekkingen", body).status_code == 201
    gone = without_proof(evaluate(world, about))
    about["resource"] = {"type": "signaal", "id": str(uuid4())}
    assert gone == without_proof(evaluate(world, about))


@ONE_DATABASE
def test_several_questions_take_what_they_leave_out_from_above_and_leave_one_entry(world: World) -> None:
    parts = [{"action": {"name": name}} for name in ("hit", "muni_name", "period_bucket")]
    found = evaluate(world, asked() | {"evaluations": parts}, "evaluations")["evaluations"]
    assert [one["decision"] for one in found] == [True, False, True]
    assert found[1]["context"]["redenen"][0]["code"] == "ROL"
    entry = world.log.last("GM9004")
    assert (entry["gebeurtenis"], entry["medewerker"]) == ("beslispunt_bevraagd", "oefening-toezichthouder")
    assert entry["vragen"][:2] == [
        "toezichthouder/signalering/hit/voorbeeld: ja",
        "toezichthouder/signalering/muni_name/voorbeeld: nee",
    ]
    assert found[0]["context"]["logbewijs"]["blad"] == world.log.size - 1


@ONE_DATABASE
@pytest.mark.parametrize(
    ("semantic", "decisions"),
    [
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
def test_a_semantic_ends_with_the_decision_that_settles_it(
    world: World, semantic: str, decisions: list[bool]
) -> None:
    parts = [{"action": {"name": name}} for name in ("hit", "muni_name", "period_bucket")]
    sent = asked() | {"evaluations": parts, "options": {"evaluations_semantic": semantic}}
    found = evaluate(world, sent, "evaluations")["evaluations"]
    assert [one["decision"] for one in found] == decisions
    assert len(world.log.last("GM9004")["vragen"]) == len(decisions)


@ONE_DATABASE
def test_without_a_list_evaluations_is_a_single_question(world: World) -> None:
    assert evaluate(world, asked(), "evaluations")["decision"] is True


@ONE_DATABASE
def test_an_officer_of_another_organisation_is_refused(world: World) -> None:
    sent = asked()
    sent["subject"]["properties"]["organisatie"] = "GM9001"
    refused(node(world).post("/access/v1/evaluation", sent), 403, "andere-organisatie")
    assert world.log.last("GM9004")["gebeurtenis"] == "geweigerd"


@ONE_DATABASE
def test_who_is_no_node_of_a_participant_is_refused(world: World) -> None:
    caller = node(world)
    for shown, status in ((world.certificates["HOUDER1"], 403), (None, 401)):
        answer = caller.showing(shown).request("POST", "/access/v1/evaluation", json=asked(), leaves=0)
        assert answer.status_code == status


@ONE_DATABASE
def test_an_officer_without_a_mandate_reads_that_it_is_the_mandate(world: World) -> None:
    sent = asked()
    sent["subject"]["id"] = "onbekende-medewerker"
    context = evaluate(world, sent)["context"]
    assert "MANDAAT" in [one["code"] for one in context["redenen"]]


def changed(sent: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    *outer, last = path.split(".")
    inner: Any = sent
    for name in outer:
        inner = inner[name]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return sent


@ONE_DATABASE
@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("action.name", "alles", "action.name"),
        ("context", None, "context"),
        ("context.doel", None, "context.doel"),
        ("subject.type", "user", "subject.type"),
        ("resource.properties.minderjarigg", "nee", "resource.properties.minderjarigg"),
        ("resource", {"type": "signaal", "id": "geen-nummer"}, "resource"),
        ("resource", {"type": "signaal", "id": str(uuid4()), "properties": EXAMPLE}, "resource"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_field(
    world: World, path: str, value: Any, field: str
) -> None:
    answer = node(world).post("/access/v1/evaluation", changed(asked(), path, value))
    assert fields_of(refused(answer, 400, "ongeldige-invoer")) == {field}


@ONE_DATABASE
def test_a_list_with_a_question_that_is_not_whole_or_of_another_officer_is_refused(world: World) -> None:
    bare = {"evaluations": [{"action": {"name": "hit"}}]}
    other = asked()["subject"] | {"id": "iemand-anders"}
    for sent in (bare, asked() | {"evaluations": [{}, {"subject": other}]}):
        refused(node(world).post("/access/v1/evaluations", sent), 400, "ongeldige-invoer")


def sent_with(world: World, identifier: str, body: dict[str, Any]) -> httpx.Response:
    return node(world).request(
        "POST", "/access/v1/evaluation", json=body, headers={"X-Request-ID": identifier}
    )


@ONE_DATABASE
def test_a_request_identifier_comes_back_with_a_decision_and_with_a_refusal(world: World) -> None:
    for body in (asked(), {}):
        assert sent_with(world, "bfe9eb29-ab87", body).headers["X-Request-ID"] == "bfe9eb29-ab87"
    assert "X-Request-ID" not in sent_with(world, "x" * 200, asked()).headers


@ONE_DATABASE
def test_the_decision_point_says_where_it_listens(world: World) -> None:
    answer = node(world).get("/.well-known/authzen-configuration", leaves=0)
    assert answer.json() == {
        "policy_decision_point": "http://register",
        "access_evaluation_endpoint": "http://register/access/v1/evaluation",
        "access_evaluations_endpoint": "http://register/access/v1/evaluations",
    }


@ONE_DATABASE
def test_asking_changes_nothing_that_is_stored(world: World) -> None:
    before = world.contents()
    evaluate(world, asked())
    assert world.contents() == before
    assert world.rows(t.treffer) == []
