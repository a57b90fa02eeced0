# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about canaries: a node whose pseudonyms are not everyone's stops, says so in words, keeps what people enter, and goes on by itself."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from process.problem import Refusal
from pseudonymisation import canaries
from pseudonymisation.canaries import canary_keys, pin
from pseudonymisation.ceremony import Dealt, deal, keyset_file
from pseudonymisation.matchkeys import MatchKey, match_keys
from pseudonymisation.pseudonym import CANARIES, FAMILIES, SPEC_VERSION, Pseudonym, UnknownFamilyError
from pseudonymisation.stretch import UNSAFE_CHEAP_FOR_TESTS_AND_BENCH, stretch
from register.accounts import Account
from register.municipal import app as node_app
from register.municipal.app import Outside, create_app
from register.municipal.canary import Canary
from register.municipal.desk import Desk
from register.municipal.house import House
from register.municipal.jobs import jobs
from register.municipal.outbox import Waiting
from register.municipal.reach import worries
from register.municipal.settings import NodeSettings
from tests.register.municipal.conftest import holders_of
from tests.register.municipal.office import KEY, draft
from tests.register.municipal.world import (
    ORGANISATION,
    Browser,
    Hands,
    HolderStation,
    Officer,
    RegisterStation,
    people,
    question,
    running,
)
from tests.register.municipal.world import cheap as cheaply

INSPECTOR = Account(f"toezichthouder-{ORGANISATION}", "toezichthouder", "toezichthouder")
Open = Callable[..., House]


@pytest.fixture
def opened(settings: NodeSettings, clock: Hands, outside: Outside) -> Iterator[Open]:
    """A process of the node, with canaries; again is another process on the same database."""
    closes = []

    def start(changed: NodeSettings | None = None, world: Outside = outside) -> House:
        house, close = node_app._opened(
            changed or settings,
            clock,
            random.Random(7).randbytes,
            replace(world, unsafe_without_canaries=False),
        )
        closes.append(close)
        return house

    yield start
    for close in closes:
        close()


def desk(house: House) -> Desk:
    return house.desks[ORGANISATION]


def require(house: House) -> str:
    """The code with which nothing may be made now, or ""."""
    try:
        desk(house).canary.require()
    except Refusal as refusal:
        return refusal.code
    return ""


def looked(house: House, clock: Hands) -> dict[str, int]:
    """The job, done once."""
    (job,) = (one for one in jobs(house, 30.0) if one.name == "kanarie")
    return dict(job.run(clock()))


# ---- what a canary is -----------------------------------------------------------------------------------------------


def test_a_canary_is_of_no_family_and_no_register_takes_one() -> None:
    assert not set(CANARIES) & set(FAMILIES)
    for family in CANARIES:
        with pytest.raises(UnknownFamilyError):
            Pseudonym(family, b"\x02" + bytes(32))


def test_canaries_are_the_same_every_time_and_cover_both_classes_of_stretching() -> None:
    assert canary_keys() == canary_keys()
    assert {one.stretch_class for one in canary_keys()} == set(CANARIES.values())
    assert (
        len(
            {
                stretch("test-kanarie", one, unsafe_cost=UNSAFE_CHEAP_FOR_TESTS_AND_BENCH)
                for one in canary_keys()
            }
        )
        == 3
    )


def test_every_attribute_of_the_invented_people_is_read_so_that_a_rule_that_changes_shows() -> None:
    families = {
        key.family for person in canaries._NOBODY for key in match_keys(canaries._normal(person)).keys
    }
    assert all(len(canaries._normal(person)) == len(person) for person in canaries._NOBODY)
    attributes = {FAMILIES[name].attribute for name in families}
    assert attributes == {one.attribute for one in FAMILIES.values()} - {"bsn", "v_nummer"}


def test_a_changed_normalisation_changes_two_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    before = canary_keys()
    monkeypatch.setattr(canaries, "match_keys", lambda found: match_keys(found[:-1]))
    after = canary_keys()
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, False]


def test_a_pin_depends_on_every_point_and_their_order() -> None:
    one, two = b"\x02" + bytes(32), b"\x03" + bytes(32)
    assert len({pin([one, two]), pin([two, one]), pin([one, one]), pin([one])}) == 4


# ---- the node -------------------------------------------------------------------------------------------------------


def test_a_node_looks_once_before_its_first_work_and_then_once_a_day(
    opened: Open, clock: Hands, holders: list[HolderStation]
) -> None:
    house = opened()
    assert require(house) == require(house) == ""
    assert [one.handeling for one in holders[0].asked] == ["kanarie"]
    assert looked(house, clock) == {}
    clock.forward(days=1)
    assert require(house) == "", "the job has an hour"
    assert looked(house, clock) == {"goed": 1}
    assert len(holders[0].asked) == 2
    assert worries([desk(house)]) == []


def other_keyset(dealt: Dealt, **changed: object) -> Dealt:
    made = deal(
        profile="oefening",
        name=dealt.keyset.name,
        threshold=2,
        holders=3,
        randomness=random.Random(99).randbytes,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def test_another_keyset_under_the_same_name_stops_the_node_and_the_right_one_starts_it_again(  # noqa: PLR0917 - a world
    opened: Open,
    settings: NodeSettings,
    tmp_path: Path,
    dealt: Dealt,
    clock: Hands,
    outside: Outside,
    holders: list[HolderStation],
    register: RegisterStation,
) -> None:
    assert require(opened()) == ""
    other = other_keyset(dealt)
    (tmp_path / "andere.json").write_bytes(keyset_file(other.keyset))
    wrong = settings.model_copy(
        update={"keyset_file": tmp_path / "andere.json", "keyset_fingerprint": other.keyset.fingerprint}
    )
    right = [one.holder for one in holders]
    for station, honest in zip(holders, holders_of(other, clock), strict=True):
        station.holder = honest.holder
    house = opened(wrong)
    people(settings, outside, ORGANISATION)
    waiting = desk(house).submitting.submit(INSPECTOR, draft(), KEY)
    assert isinstance(waiting, Waiting)
    assert waiting.row.reason == "kanarie-fout"
    assert [one.url.path for one in register.requests if one.method == "POST"] == []
    (line,) = worries([desk(house)])
    assert line.startswith("De kanarie is fout")
    assert "Er wordt niets gevraagd en niets verstuurd" in line
    for station, kept in zip(holders, right, strict=True):
        station.holder = kept
    healed = opened()
    assert require(healed) == ""
    clock.forward(minutes=11)
    assert desk(healed).submitting.delivering.deliver_waiting(clock())["verstuurd"] == 1


def test_a_holder_with_another_share_is_named_and_a_third_keeps_the_canary_right(
    opened: Open, dealt: Dealt, clock: Hands, holders: list[HolderStation]
) -> None:
    holders[0].holder = holders_of(other_keyset(dealt), clock)[0].holder
    house = opened()
    assert require(house) == ""
    assert len(holders[2].asked) == 1


def test_with_every_holder_on_another_keyset_nothing_is_made_before_the_first_good_look(
    opened: Open, dealt: Dealt, clock: Hands, holders: list[HolderStation]
) -> None:
    right = [one.holder for one in holders]
    for station, other in zip(holders, holders_of(other_keyset(dealt), clock), strict=True):
        station.holder = other.holder
    house = opened()
    assert require(house) == "sleutelhouders-weg"
    for station, honest in zip(holders, right, strict=True):
        station.holder = honest
    assert require(house) == ""


def pinned(settings: NodeSettings, **pins: str) -> NodeSettings:
    return settings.model_copy(update={"canary_pins": pins})


def test_a_version_without_a_pin_stops_where_another_has_one(
    opened: Open, settings: NodeSettings, clock: Hands
) -> None:
    house = opened()
    outcome = desk(house).canary.outcome().hex()
    assert require(opened(pinned(settings, **{SPEC_VERSION: outcome}))) == ""
    for wrong in ({"2025-1": outcome}, {SPEC_VERSION: "0" * 64}):
        blocked = opened(pinned(settings, **wrong))
        assert require(blocked) == "kanarie-fout"
        assert looked(blocked, clock) == {}
        clock.forward(minutes=1)
        assert looked(blocked, clock) == {"fout": 1}


def test_software_of_another_version_stops_and_goes_on_when_it_is_put_back(
    opened: Open, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = opened()
    assert require(house) == ""
    monkeypatch.setattr("register.municipal.canary.SPEC_VERSION", "2027-1")
    monkeypatch.setattr("pseudonymisation.stretch.SPEC_VERSION", "2027-1")
    clock.forward(days=1)
    assert looked(house, clock) == {"fout": 1}
    assert require(house) == "kanarie-fout"
    monkeypatch.undo()
    clock.forward(minutes=1)
    assert require(house) == ""
    assert worries([desk(house)]) == []


def test_a_library_that_stretches_otherwise_is_noticed(opened: Open, outside: Outside) -> None:
    assert require(opened()) == ""

    def otherwise(keyset: str, key: MatchKey) -> bytes:
        return cheaply(keyset, key)[::-1]

    assert require(opened(world=replace(outside, stretch_key=otherwise))) == "kanarie-fout"


def test_a_first_outcome_that_somebody_changed_is_no_pin(opened: Open, settings: NodeSettings) -> None:
    assert require(opened()) == ""
    with sqlite3.connect(settings.database_file) as connection:
        connection.execute("UPDATE canary_pin SET pin = zeroblob(32)")
    connection.close()
    assert require(opened()) == "kanarie-fout"


def test_holders_that_are_away_do_not_undo_a_good_look(
    opened: Open, clock: Hands, holders: list[HolderStation]
) -> None:
    house = opened()
    assert require(house) == ""
    for one in holders:
        one.fails = "away"
    clock.forward(days=2)
    assert require(house) == ""
    assert looked(house, clock) == {"goed": 1}


def test_a_question_is_refused_in_words(
    settings: NodeSettings, clock: Hands, outside: Outside, register: RegisterStation
) -> None:
    people(settings, outside, ORGANISATION)
    wrong = pinned(settings, **{SPEC_VERSION: "0" * 64})
    world = replace(outside, unsafe_without_canaries=False)
    with running(create_app(wrong, clock=clock, randomness=random.Random(7).randbytes, outside=world)) as app:
        officer = Officer(Browser(app), "toezichthouder")
        answer = officer.post("/v1/bevragingen", question(officer.control()))
    assert (answer.status_code, answer.json()["code"]) == (503, "kanarie-fout")
    assert "Een vraag zou niemand vinden" in answer.json()["detail"]
    assert "Bel de beheerder" in answer.json()["wegVooruit"]
    assert [one.url.path for one in register.requests if one.url.path == "/v1/bevragingen"] == []


def test_a_pin_in_the_settings_is_64_signs(settings: NodeSettings) -> None:
    values = settings.model_dump() | {"canary_pins": {SPEC_VERSION: "kort"}}
    with pytest.raises(ValueError, match="64 tekens"):
        NodeSettings(**values)


def test_the_node_prints_what_the_register_pins(opened: Open) -> None:
    house = opened()
    assert isinstance(desk(house).canary, Canary)
    first = desk(house).canary.outcome()
    assert len(first) == 32
    assert first == desk(opened()).canary.outcome()
