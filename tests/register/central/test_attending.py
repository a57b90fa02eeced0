# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who hears of what agrees with a signal of theirs: policy decides for both sides, and who may not know of it leaves no trace."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from process.jobs import Outcome
from process.serving.jobs import Runner
from register.central import mandates
from register.central.centre import Centre
from register.central.store import tables as t
from register.notices import ready_at
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.enrolling_world import BASIS, administrator
from tests.register.central.world import OFFICERS, Caller, World, point, pseudonym, refused, signal, subject

pytestmark = ONE_DATABASE


def attend(world: World, runner: Runner) -> dict[str, int]:
    return job(world, runner, "attendering")


def job(world: World, runner: Runner, name: str) -> dict[str, int]:
    state = runner.once(name)
    world.log.verify(None)
    assert state.outcome is Outcome.DONE, state.error
    return dict(state.counts)


def notices(world: World) -> list[tuple[str, str, str]]:
    return sorted((row.organisation, row.role, row.kind) for row in world.rows(t.notice))


def later(world: World) -> None:
    """Past the next fixed moment."""
    world.clock.moment = ready_at(world.clock.moment) + timedelta(minutes=1)


def seen_twice(world: World, **others: Any) -> tuple[str, str, str]:
    """The same telephone in a signal of GM9001 and, later, of GM9002; gives both ids and the telephone."""
    phone = point()
    first, second = signal(subject(pseudonym(phone))), signal(subject(pseudonym(phone)), **others)
    world.submit("GM9001", first)
    world.clock.forward(minutes=1)
    world.submit("GM9002", second)
    return first["signaalId"], second["signaalId"], phone


def test_whoever_submitted_hears_when_the_same_is_seen_later_elsewhere(world: World, runner: Runner) -> None:
    first, _second, _phone = seen_twice(world)
    assert attend(world, runner) == {"nagegaan": 2, "berichten": 1}
    contact = world.contact("GM9001")
    assert contact.get("/v1/berichten").json()["berichten"] == [], "not before the next fixed moment"
    later(world)
    told = contact.get("/v1/berichten").json()
    assert [(one["soort"], one["overId"]) for one in told["berichten"]] == [("signaal_later_gezien", first)]
    assert told["soorten"][0]["wat"] == "1 signaal van u lijkt later elders gezien."
    assert world.contact("GM9002").get("/v1/berichten").json()["berichten"] == [], "asking is for its officer"


def test_what_agrees_with_nothing_and_what_nobody_may_know_of_leave_the_same(
    world: World, runner: Runner
) -> None:
    phone = point()
    world.submit("GM9001", signal(subject(pseudonym(phone))))
    attend(world, runner)
    before = world.log.size
    world.submit("GM9002", signal())
    assert attend(world, runner) == {"nagegaan": 1, "berichten": 0}
    unrelated = world.log.size - before
    hidden = signal(
        subject(pseudonym(phone)), beoordeling={"bron": "B", "informatie": 2, "behandeling": "H3"}
    )
    before = world.log.size
    world.submit("GM9002", hidden)
    assert attend(world, runner) == {"nagegaan": 1, "berichten": 0}
    assert world.log.size - before == unrelated
    assert world.rows(t.notice) == []
    assert world.rows(t.arrival) == []
    told = [one["gebeurtenis"] for one in world.log.entries("GM9001")]
    assert "attendering_nagegaan" not in told


def test_a_question_that_finds_tells_both_sides_of_the_treffer(world: World, runner: Runner) -> None:
    phone = point()
    world.submit("GM9001", signal(subject(pseudonym(phone))))
    attend(world, runner)
    world.inspector("GM9002").ask(pseudonym(phone))
    attend(world, runner)
    assert notices(world) == [
        ("GM9001", "aandachtsfunctionaris", "treffer_nieuw"),
        ("GM9002", "aandachtsfunctionaris", "treffer_nieuw"),
    ]


def test_submitting_looks_at_nothing_so_its_time_and_its_rows_tell_nothing(
    world: World, runner: Runner
) -> None:
    phone = point()
    world.submit("GM9001", signal(subject(pseudonym(phone))))
    attend(world, runner)
    for sent in (signal(), signal(subject(pseudonym(phone)))):
        world.submit("GM9002", sent)
        assert [row.about_id for row in world.rows(t.arrival)] == [UUID(sent["signaalId"])]
        assert world.rows(t.notice) == []
        attend(world, runner)


def test_looking_is_one_leaf_a_signal_and_the_owners_read_what_was_told(world: World, runner: Runner) -> None:
    first, second, _phone = seen_twice(world)
    before = world.log.size
    attend(world, runner)
    assert world.log.size - before == 2
    heard = world.log.last("GM9001")
    assert (heard["gebeurtenis"], heard["berichten"]) == ("attendering_nagegaan", ["signaal_later_gezien"])
    assert heard["signalen"] == [first]
    about = world.log.last("GM9002")
    assert (about["gebeurtenis"], about["organisatie"]) == ("attendering_nagegaan", "GM9001")
    assert about["signalen"] == [second]


def test_it_goes_on_where_it_stopped_and_tells_nothing_twice(world: World, runner: Runner) -> None:
    seen_twice(world)
    attend(world, runner)
    assert attend(world, runner) == {"nagegaan": 0, "berichten": 0}
    assert len(world.rows(t.notice)) == 1


# ---- asking with an own signal ------------------------------------------------------------------------------


def again(caller: Caller, signal_id: str, **how: Any) -> Any:
    body = {"organisatie": caller.organisation}
    return caller.post(f"/v1/signalen/{signal_id}/bevragingen", body, **how)


def test_with_the_own_signal_is_asked_and_the_hit_leaves_a_treffer(world: World) -> None:
    first, _second, _phone = seen_twice(world)
    used = len(world.rows(t.evaluation_receipt))
    answer = again(world.contact("GM9001"), first)
    assert answer.status_code == 200, answer.text
    assert answer.json()["uitkomst"] == "bekend_elders"
    (treffer,) = world.rows(t.treffer)
    assert treffer.organisation == "GM9001"
    assert world.log.last("GM9002")["gebeurtenis"] == "bevraging", "its owner's FG reads that it was found"
    assert len(world.rows(t.evaluation_receipt)) == used, "no key holder evaluated"


def test_the_same_question_again_leaves_no_second_treffer(world: World) -> None:
    first, _second, _phone = seen_twice(world)
    for _time in range(2):
        again(world.contact("GM9001"), first, key="een-vaste-sleutel")
    assert len(world.rows(t.treffer)) == 1


def test_with_anothers_signal_nobody_asks_and_it_looks_like_one_that_is_not_there(world: World) -> None:
    first, _second, _phone = seen_twice(world)
    caller = world.contact("GM9003")
    theirs, nothing = again(caller, first), again(caller, signal()["signaalId"])
    bodies = [{k: v for k, v in one.json().items() if k != "instance"} for one in (theirs, nothing)]
    assert theirs.status_code == nothing.status_code == 404
    assert bodies[0] == bodies[1]
    assert world.rows(t.treffer) == []


# ---- standing questions -------------------------------------------------------------------------------------


def standing(about_id: str, over: str = "signaal", **others: Any) -> dict[str, Any]:
    body = {"over": over, "overId": about_id, "reden": "verplaatst_zich", "dagen": 90, "uitdrukkelijk": True}
    return body | others


def set_one(caller: Caller, body: dict[str, Any]) -> Any:
    return caller.post("/v1/attenderingen", {"organisatie": caller.organisation} | body)


def test_a_standing_question_holds_no_pseudonym_and_follows_what_it_stands_on(
    world: World, runner: Runner
) -> None:
    phone = point()
    world.submit("GM9001", signal(subject(pseudonym(phone))))
    world.inspector("GM9002").ask(pseudonym(phone))
    (treffer,) = world.rows(t.treffer)
    made = set_one(world.contact("GM9002"), standing(str(treffer.treffer_id), "treffer", dagen=30))
    assert made.status_code == 201, made.text
    (row,) = world.rows(t.attendering)
    assert not any(isinstance(value, bytes) for value in row), "no tag, no point"
    attend(world, runner)
    world.submit("GM9003", signal(subject(pseudonym(phone))))
    attend(world, runner)
    assert ("GM9002", "aandachtsfunctionaris", "attendering") in notices(world)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"dagen": 91}, "dagen"),
        ({"dagen": 0}, "dagen"),
        ({"reden": "zomaar"}, "reden"),
        ({"uitdrukkelijk": False}, "uitdrukkelijk"),
    ],
)
def test_a_standing_question_has_a_reason_a_term_and_is_set_on_purpose(
    world: World, wrong: dict[str, Any], field: str
) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    members = refused(
        set_one(world.contact("GM9001"), standing(sent["signaalId"], **wrong)), 400, "geen-attendering"
    )
    assert [one["veld"] for one in members["velden"]] == [field]
    assert world.rows(t.attendering) == []


def test_nobody_follows_a_signal_of_another_nor_a_treffer_of_others(world: World) -> None:
    first, _second, phone = seen_twice(world)
    world.inspector("GM9002").ask(pseudonym(phone))
    (treffer,) = world.rows(t.treffer)
    stranger = world.contact("GM9003")
    told = [
        set_one(stranger, standing(about, over))
        for about, over in (
            (first, "signaal"),
            (str(treffer.treffer_id), "treffer"),
            (signal()["signaalId"], "signaal"),
        )
    ]
    assert {one.status_code for one in told} == {404}
    assert len({repr({k: v for k, v in one.json().items() if k != "instance"}) for one in told}) == 1


def test_a_toezichthouder_sets_none(world: World) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    refused(set_one(world.inspector("GM9001"), standing(sent["signaalId"])), 403, "geen-toegang")


def test_what_was_ended_or_is_over_tells_nothing_and_goes_on_its_day(world: World, runner: Runner) -> None:
    phone = point()
    world.submit("GM9001", signal(subject(pseudonym(phone))))
    world.inspector("GM9002").ask(pseudonym(phone))
    (treffer,) = world.rows(t.treffer)
    contact = world.contact("GM9002")
    ended = set_one(contact, standing(str(treffer.treffer_id), "treffer", dagen=20)).json()["attenderingId"]
    set_one(contact, standing(str(treffer.treffer_id), "treffer", dagen=1))
    assert contact.post(f"/v1/attenderingen/{ended}/beeindigingen", {}).json()["stand"] == "beeindigd"
    attend(world, runner)
    world.clock.forward(days=1)
    stands = {one["stand"] for one in contact.get("/v1/attenderingen").json()["attenderingen"]}
    assert stands == {"beeindigd", "voorbij"}
    world.submit("GM9003", signal(subject(pseudonym(phone))))
    attend(world, runner)
    assert ("GM9002", "aandachtsfunctionaris", "attendering") not in notices(world)
    job(world, runner, "aanmeldingen")
    assert [str(row.attendering_id) for row in world.rows(t.attendering)] == [ended]


def test_that_one_was_set_is_told_to_the_fg(world: World) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    set_one(world.contact("GM9001"), standing(sent["signaalId"]))
    told = world.person("GM9001", "fg").get("/v1/herinneringen", leaves=0).json()["herinneringen"]
    assert [one["soort"] for one in told] == ["attendering_gezet"]


# ---- what is corrected or withdrawn -------------------------------------------------------------------------


def test_whoever_was_shown_a_signal_hears_that_it_was_withdrawn_and_the_police_asking_shows_nowhere(
    world: World, runner: Runner
) -> None:
    first, _second, phone = seen_twice(world)
    world.inspector("GM9003").ask(pseudonym(phone))
    attend(world, runner)
    before = set(notices(world))
    body = {"organisatie": "GM9001", "reden": "onjuist"}
    world.contact("GM9001").post(f"/v1/signalen/{first}/intrekkingen", body)
    assert set(notices(world)) - before == {("GM9003", "aandachtsfunctionaris", "signaal_ingetrokken")}
    world.contact("GM9001").post(f"/v1/signalen/{first}/intrekkingen", body)
    assert len([one for one in world.rows(t.notice) if one.kind == "signaal_ingetrokken"]) == 1


def test_a_corrected_signal_stops_matching_as_it_was_and_its_parties_hear(world: World) -> None:
    old, new = point(), point()
    sent = signal(subject(pseudonym(old)))
    world.submit("GM9001", sent)
    world.inspector("GM9002").ask(pseudonym(old))
    world.submit(
        "GM9001", sent | {"versie": 2, "correctie": "verbeterd", "subjecten": [subject(pseudonym(new))]}
    )
    assert world.inspector("GM9002").ask(pseudonym(old)).json()["uitkomst"] == "niet_bekend"
    assert world.inspector("GM9002").ask(pseudonym(new)).json()["uitkomst"] == "bekend_elders"
    assert ("GM9002", "aandachtsfunctionaris", "signaal_gewijzigd") in notices(world)


def test_a_later_version_is_for_whoever_looks_after_the_signals_and_says_why(world: World) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    second = sent | {"versie": 2, "correctie": "aangevuld"}
    refused(world.inspector("GM9001").submit(second), 403, "geen-toegang")
    refused(world.contact("GM9001").submit(sent | {"versie": 2}), 400, "ongeldig-signaal")
    refused(world.contact("GM9001").submit(second | {"correctie": "omdat"}), 400, "ongeldig-signaal")
    refused(world.contact("GM9002").submit(second | {"organisatie": "GM9002"}), 409, "signaal-bestaat")
    assert world.contact("GM9001").submit(second).status_code == 201
    assert world.log.last("GM9001")["correctie"] == "aangevuld"


# ---- reading notices ----------------------------------------------------------------------------------------


def test_what_somebody_read_is_read_for_the_role(world: World, runner: Runner) -> None:
    first, _second, _phone = seen_twice(world)
    attend(world, runner)
    later(world)
    contact = world.contact("GM9001")
    done = {"soort": "signaal_later_gezien", "overId": first}
    assert contact.post("/v1/berichten/afhandelingen", done).status_code == 201
    assert contact.get("/v1/berichten").json()["berichten"] == []
    refused(contact.post("/v1/berichten/afhandelingen", done | {"soort": "iets"}), 404, "niet-gevonden")


def test_tmm_s_coordinator_hears_of_a_track_of_two_towns_and_sees_the_count_at_the_pages(
    world: World, runner: Runner
) -> None:
    _first, _second, phone = seen_twice(world)
    world.inspector("GM9003").ask(pseudonym(phone))
    attend(world, runner)
    assert ("TMM", "tmm_coordinator", "treffer_nieuw") in notices(world)
    later(world)
    told = world.person("TMM", "tmm_coordinator").get("/v1/herinneringen", leaves=0).json()["herinneringen"]
    assert [(one["soort"], one["aantal"]) for one in told] == [("treffer_nieuw", 1)]


def test_who_follows_no_cases_gets_no_notices(world: World) -> None:
    refused(world.inspector("GM9001").get("/v1/berichten"), 403, "geen-toegang")


def test_a_node_hears_only_that_something_is_there_for_a_role(world: World, runner: Runner) -> None:
    seen_twice(world)
    attend(world, runner)
    node = Caller(world, world.apps.machines, "GM9001", {}, world.certificates["GM9001"])
    assert node.get("/v1/berichten/stand", leaves=0).json() == {"klaar": []}
    later(world)
    (one,) = node.get("/v1/berichten/stand", leaves=0).json()["klaar"]
    assert set(one) == {"rol", "klaarOp"}
    assert one["rol"] == "aandachtsfunctionaris"
    other = Caller(world, world.apps.machines, "GM9003", {}, world.certificates["GM9003"])
    assert other.get("/v1/berichten/stand", leaves=0).json() == {"klaar": []}


# ---- a year old ---------------------------------------------------------------------------------------------


def of_a_facilitator(**others: Any) -> dict[str, Any]:
    """A signal of two years (R4)."""
    return signal(
        subject(pseudonym(others.pop("phone", point())), rol="mogelijk_facilitator"),
        juridisch={"strafrechtelijke_grondslag": "OEF-STRAF-SV"},
        **others,
    )


def test_a_year_old_signal_counts_only_while_its_owner_says_it_is_true_and_lives_no_longer(
    world: World, runner: Runner
) -> None:
    phone = point()
    sent = of_a_facilitator(phone=phone)
    expires = world.submit("GM9001", sent)["verlooptOp"]
    world.clock.forward(days=334)
    job(world, runner, "hervalidatie")
    assert notices(world) == []
    world.clock.forward(days=2)
    job(world, runner, "hervalidatie")
    job(world, runner, "hervalidatie")
    assert notices(world) == [("GM9001", "aandachtsfunctionaris", "signaal_valideren")]
    world.clock.forward(days=29)
    assert world.inspector("GM9002").ask(pseudonym(phone)).json()["uitkomst"] == "niet_bekend"
    said = world.contact("GM9001").post(
        f"/v1/signalen/{sent['signaalId']}/bevestigingen", {"organisatie": "GM9001"}
    )
    assert said.status_code == 201, said.text
    assert said.json()["teltMeeTot"] <= expires
    assert world.inspector("GM9002").ask(pseudonym(phone)).json()["uitkomst"] != "niet_bekend"
    world.clock.forward(days=370)
    assert world.inspector("GM9002").ask(pseudonym(phone)).json()["uitkomst"] == "niet_bekend", (
        "past its term"
    )
    job(world, runner, "vernietiging")
    assert world.rows(t.validation) == []


def test_only_its_owner_says_that_a_signal_is_true(world: World) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    path = f"/v1/signalen/{sent['signaalId']}/bevestigingen"
    refused(world.contact("GM9002").post(path, {"organisatie": "GM9002"}), 404, "niet-gevonden")
    refused(world.inspector("GM9001").post(path, {"organisatie": "GM9001"}), 403, "geen-toegang")
    assert world.rows(t.validation) == []


def test_a_standing_question_does_not_follow_whom_somebody_took_out_of_the_treffer(
    world: World, runner: Runner
) -> None:
    one, other = pseudonym(point()), pseudonym(point(), "document")
    first, second = signal(subject(one)), signal(subject(other))
    world.submit("GM9001", first)
    world.submit("GM9003", second)
    world.inspector("GM9002").ask(one, other)
    (treffer,) = world.rows(t.treffer)
    made = set_one(world.contact("GM9002"), standing(str(treffer.treffer_id), "treffer", dagen=30))
    assert made.status_code == 201, made.text
    said = {"organisatie": "GM9001", "stap": "niet_dezelfde", "reden": "ander_document"}
    taken = world.contact("GM9001").post(f"/v1/treffers/{treffer.treffer_id}/stappen", said)
    assert taken.status_code == 201, taken.text
    attend(world, runner)
    world.submit("GM9004", signal(subject(one)))
    attend(world, runner)
    watched = ("GM9002", "aandachtsfunctionaris", "attendering")
    assert watched not in notices(world)
    world.submit("GM9004", signal(subject(other)))
    attend(world, runner)
    assert watched in notices(world), "who is left in it is followed"


def test_of_a_pair_that_was_set_apart_nobody_hears_again_when_one_is_corrected(
    world: World, runner: Runner
) -> None:
    _first, second, phone = seen_twice(world)
    world.inspector("GM9002").ask(pseudonym(phone))
    (treffer,) = world.rows(t.treffer)
    said = {"organisatie": "GM9002", "stap": "niet_dezelfde", "reden": "ander_document"}
    taken = world.contact("GM9002").post(f"/v1/treffers/{treffer.treffer_id}/stappen", said)
    assert taken.status_code == 201, taken.text
    assert len(world.rows(t.link_assertion)) == 1
    attend(world, runner)
    with world.log.engine.begin() as connection:
        connection.execute(delete(t.notice))
    again_sent = signal(subject(pseudonym(phone))) | {
        "signaalId": second,
        "versie": 2,
        "correctie": "aangevuld",
    }
    assert world.contact("GM9002").submit(again_sent).status_code == 201
    attend(world, runner)
    assert "signaal_later_gezien" not in {kind for _organisation, _role, kind in notices(world)}


def test_whose_mandate_ended_reads_no_notice_and_is_told_no_number(
    world: World, runner: Runner, centre: Centre
) -> None:
    seen_twice(world)
    attend(world, runner)
    later(world)
    contact = world.contact("GM9001")
    assert len(contact.get("/v1/berichten").json()["berichten"]) == 1
    today, officer = world.clock.moment.date(), OFFICERS["aandachtsfunctionaris"]
    mandates.end_mandate(administrator(centre), "GM9001", officer, "aandachtsfunctionaris", today, BASIS)
    world.log.verify(None)
    refused(contact.get("/v1/berichten"), 403, "geen-toegang")
    assert contact.get("/v1/herinneringen", leaves=0).json()["herinneringen"] == []
