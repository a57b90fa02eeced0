# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How common a token is, what that does to finding, and who of those that share something are one person."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from policies.decision import Decision
from process.jobs import Outcome
from process.serving.jobs import Runner
from pseudonymisation.pseudonym import Pseudonym, tag
from register import matching
from register.central import finding
from register.central.centre import Centre
from register.central.store import frequencies
from register.central.store import tables as t
from register.central.store.work import LoggedWork
from register.matching import Candidate
from register.ports import Permit
from register.scoring import Snapshot
from tests.register.central.world import MOMENT, World, point, pseudonym, raw, refused, signal, subject

TODAY = MOMENT.date()
PERMIT = Permit(
    "lezen",
    Decision(
        allowed=True, rule_ids=("proef",), ground_ids=(), conditions=frozenset(), policy_set_hash="0" * 64
    ),
)
HIDDEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "minor": ({"minderjarig": "ja"}, {}),
    "care_track": ({}, {"sporen": {"zorgspoor": True}}),
    "no_contact_with_police": ({}, {"sporen": {"geenPolitiecontact": True}}),
    "care_only": ({}, {"beoordeling": {"bron": "B", "informatie": 2, "behandeling": "H3"}}),
}


def tag_of(centre: Centre, one: dict[str, str]) -> bytes:
    return tag(centre.tag_key.reveal(), "oefening", Pseudonym(one["familie"], raw(one["punt"])))


def counted(runner: Runner) -> dict[str, int]:
    """The job, done now; gives its counts."""
    state = runner.once("veelvoorkomend")
    assert state.outcome is Outcome.DONE, state.error
    return dict(state.counts)


def snapshot(centre: Centre, *tags: bytes) -> Snapshot:
    with centre.database.engine.begin() as connection:
        return frequencies.snapshot(LoggedWork(connection), PERMIT, tags)


def found(centre: Centre, tags: Mapping[bytes, str]) -> list[Candidate]:
    with centre.database.engine.begin() as connection:
        (agree,) = finding.agreeing(
            LoggedWork(connection),
            PERMIT,
            centre.weights,
            [finding.Sought(tags, organisation=False)],
            keyset="oefening",
            today=TODAY,
        )
    return agree


# ---- the snapshot -------------------------------------------------------------------------------------------


def test_a_token_is_as_common_as_the_subjects_that_carry_it_and_absent_means_rare(
    world: World, centre: Centre, runner: Runner
) -> None:
    shared, rare = pseudonym(point()), pseudonym(point())
    for one in (shared, shared, shared, rare):
        world.submit("GM9001", signal(subject(one)))
    assert counted(runner) == {"subjecten": 4, "gedeelde_kenmerken": 1}
    common = tag_of(centre, shared)
    assert snapshot(centre, common, tag_of(centre, rare)) == Snapshot(4, {common: 3})


def test_before_the_first_count_every_token_is_rare(world: World, centre: Centre) -> None:
    shared = pseudonym(point())
    for _signal in range(2):
        world.submit("GM9001", signal(subject(shared)))
    assert snapshot(centre, tag_of(centre, shared)) == Snapshot(0, {})


def test_between_two_counts_nothing_moves_and_what_expired_no_longer_counts(
    world: World, centre: Centre, runner: Runner
) -> None:
    shared = pseudonym(point())
    for _signal in range(2):
        world.submit("GM9001", signal(subject(shared)))
    counted(runner)
    before = snapshot(centre, tag_of(centre, shared))
    world.submit("GM9002", signal(subject(shared)))
    assert snapshot(centre, tag_of(centre, shared)) == before == Snapshot(2, {tag_of(centre, shared): 2})
    world.clock.forward(days=366)
    assert counted(runner) == {"subjecten": 0, "gedeelde_kenmerken": 0}


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_hidden_signal_moves_no_frequency(world: World, centre: Centre, runner: Runner, kind: str) -> None:
    shared = pseudonym(point())
    for _signal in range(2):
        world.submit("GM9001", signal(subject(shared)))
    alone = counted(runner)
    of_subject, of_signal = HIDDEN[kind]
    world.submit("GM9002", signal(subject(shared, **of_subject), **of_signal))
    world.clock.forward(days=1)
    assert counted(runner) == alone
    assert snapshot(centre, tag_of(centre, shared)).carriers == {tag_of(centre, shared): 2}


# ---- finding ------------------------------------------------------------------------------------------------


def test_a_token_that_too_many_carry_finds_nobody_by_itself(
    world: World, centre: Centre, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST_CARRIERS", 2)
    reception, hers = pseudonym(point()), pseudonym(point(), "document")
    for _guest in range(2):
        world.submit("GM9001", signal(subject(reception)))
    counted(runner)
    inspector = world.inspector("GM9004")
    assert inspector.ask(reception).json()["uitkomst"] != "niet_bekend"
    world.submit("GM9001", signal(subject(reception, hers)))
    world.clock.forward(days=1)
    counted(runner)
    assert inspector.ask(reception).json()["uitkomst"] == "niet_bekend"
    (candidate,) = found(centre, {tag_of(centre, one): one["familie"] for one in (reception, hers)})
    assert candidate.families == {"phone", "document"}, "evidence about who is found by something else"


def test_a_street_finds_nobody_and_is_evidence_about_who_is_found(world: World, centre: Centre) -> None:
    street, hers = pseudonym(point(), "street"), pseudonym(point())
    for _neighbour in range(2):
        world.submit("GM9001", signal(subject(street, pseudonym(point()))))
    world.submit("GM9001", signal(subject(street, hers)))
    (candidate,) = found(centre, {tag_of(centre, one): one["familie"] for one in (street, hers)})
    assert candidate.families == {"phone", "street"}


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def watch(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", watch)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", watch)


def test_finding_costs_as_many_queries_whatever_is_found(
    world: World, centre: Centre, runner: Runner
) -> None:
    known = pseudonym(point())
    for owner in ("GM9001", "GM9002", "GM9003"):
        world.submit(owner, signal(subject(known)))
    counted(runner)
    counts = []
    for one, hits in ((known, 3), (pseudonym(point()), 0)):
        with statements() as seen:
            assert len(found(centre, {tag_of(centre, one): "phone"})) == hits
        counts.append(len([each for each in seen if each.lstrip().startswith("SELECT")]))
    assert counts == [4, 4]


# ---- SC4: one telephone, five women -------------------------------------------------------------------------

OWN = ("document", "document_number", "name_dob", "name_dob_year", "name_pair", "person_phone", "work_alias")


def woman(phone: dict[str, str], **kept: dict[str, str]) -> list[dict[str, str]]:
    """Somebody who shares a telephone; everything else is her own, but for what is kept of another."""
    return [phone, *(kept.get(family) or pseudonym(point(), family) for family in OWN)]


def on_track(world: World, treffer: str) -> set[str]:
    answer = world.person("TMM", "tmm_analist").get(f"/v1/dossiers/{treffer}")
    if answer.status_code == 404:  # the track of one organisation is not for TMM
        return set()
    return {one["organisatie"] for one in answer.json()["signalen"]}


def test_five_women_on_one_telephone_are_no_two_one_person(world: World, centre: Centre) -> None:
    phone = pseudonym(point())
    five = [woman(phone) for _woman in range(5)]
    for one in five:
        world.submit("GM9001", signal(subject(*one)))
    by_telephone = found(centre, {tag_of(centre, phone): "phone"})
    assert len(by_telephone) == 5
    for one in five:
        those = found(centre, {tag_of(centre, each): each["familie"] for each in one})
        assert len(those) == 5
        assert len([each for each in those if each.one_person]) == 1
    assert world.inspector("GM9004").ask(phone).json()["uitkomst"] == "bekend_elders"


def test_a_track_from_one_of_five_women_holds_her_signals_and_not_those_of_the_other_four(
    world: World,
) -> None:
    phone = pseudonym(point())
    hers = woman(phone)
    again = woman(phone, **{each["familie"]: each for each in hers[3:]})
    sent = {"first": signal(subject(*hers)), "again": signal(subject(*again))}
    world.submit("GM9001", sent["first"])
    world.submit("GM9002", sent["again"])
    for _other in range(4):
        world.submit("GM9003", signal(subject(*woman(phone))))
    world.inspector("GM9004").ask(hers[1])
    (treffer,) = world.rows(t.treffer)
    named = {str(row.signal_id) for row in world.rows(t.treffer_signal)}
    assert named == {sent["first"]["signaalId"]}
    answer = world.person("TMM", "tmm_coordinator").post(
        "/v1/fase-2-besluiten",
        {
            "trefferId": str(treffer.treffer_id),
            "criteria": ["concreet", "noodzaak", "evenredig", "kwaliteit", "rol"],
            "beoordeling": "mens_beoordeeld",
        },
    )
    assert answer.status_code == 201, answer.text
    assert on_track(world, str(treffer.treffer_id)) == {"GM9001", "GM9002"}


def test_advertisements_with_one_telephone_and_other_work_names_are_no_track(
    world: World, centre: Centre
) -> None:
    phone = pseudonym(point())
    five = [[phone, pseudonym(point(), "work_alias")] for _ad in range(5)]
    for one in five:
        world.submit("GM9001", signal(subject(*one)))
    for one in five:
        those = found(centre, {tag_of(centre, each): each["familie"] for each in one})
        assert len(those) == 5
        assert len([each for each in those if each.one_person]) == 1


@pytest.mark.parametrize(
    ("kind", "track"),
    [
        ("", {"GM9001", "GM9002", "GM9003"}),
        ("no_contact_with_police", {"GM9001"}),
        ("care_only", {"GM9001"}),
    ],
)
def test_nobody_stands_on_a_track_behind_a_signal_that_its_reader_may_not_see(
    world: World, kind: str, track: set[str]
) -> None:
    phone, document = pseudonym(point()), [pseudonym(point(), one) for one in ("document", "document_number")]
    of_subject, of_signal = HIDDEN.get(kind, ({}, {}))
    world.submit("GM9001", signal(subject(phone)))
    world.submit("GM9002", signal(subject(phone, *document, **of_subject), **of_signal))
    world.submit("GM9003", signal(subject(*document)))
    world.inspector("GM9004").ask(phone)
    (treffer,) = world.rows(t.treffer)
    world.person("TMM", "tmm_coordinator").post("/v1/fase-2-besluiten", _phase_2(str(treffer.treffer_id)))
    assert on_track(world, str(treffer.treffer_id)) == track


def _phase_2(treffer: str) -> dict[str, Any]:
    return {
        "trefferId": treffer,
        "criteria": ["concreet", "noodzaak", "evenredig", "kwaliteit", "rol"],
        "beoordeling": "mens_beoordeeld",
    }


# ---- SC6: too little ----------------------------------------------------------------------------------------

LACKING = [
    ("name_pair",),
    ("name_dob_year", "name_pair"),  # "Mohamed A., 1-1-1990", also with a surname
    ("name_dob_part", "name_dob_year", "name_pair"),
    ("document_number",),
    ("person_phone",),
    ("person_place", "bag_address", "street", "name_pair"),
]


@pytest.mark.parametrize("families", LACKING, ids="+".join)
def test_what_is_too_little_is_no_hit_and_says_what_to_ask_for(
    world: World, families: tuple[str, ...]
) -> None:
    given = [pseudonym(point(), family) for family in families]
    world.submit("GM9001", signal(subject(*given)))
    members = refused(world.inspector("GM9004").try_ask(*given), 400, "te-weinig-om-op-te-vragen")
    assert "Vraag" in members["wegVooruit"]
    assert not world.rows(t.treffer)


def test_what_is_too_little_finds_nobody_beside_something_that_agrees_with_none(world: World) -> None:
    given = [pseudonym(point(), family) for family in ("name_dob_year", "name_pair")]
    world.submit("GM9001", signal(subject(*given)))
    answer = world.inspector("GM9004").ask(*given, pseudonym(point())).json()
    assert answer["uitkomst"] == "niet_bekend"
