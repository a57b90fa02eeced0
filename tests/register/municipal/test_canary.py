# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about canaries: a node whose pseudonyms are not everyone's stops, says so in words, keeps what people enter, and goes on by itself."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from process.command import run
from process.problem import Refusal
from process.secret import Secret
from pseudonymisation import canaries
from pseudonymisation.blinding import BlindedBatch
from pseudonymisation.canaries import canary_keys
from pseudonymisation.canary_pins import (
    CanaryPoints,
    CanaryPointsError,
    key_mark,
    pin,
    pin_name,
    points_file,
    read_points,
)
from pseudonymisation.ceremony import Dealt, HolderShare, deal, keyset_file, parse_keyset
from pseudonymisation.keyholder.settings import Quotas
from pseudonymisation.matchkeys import MatchKey, match_keys
from pseudonymisation.p256 import ORDER, SecretScalar
from pseudonymisation.pseudonym import CANARIES, FAMILIES, SPEC_VERSION, Pseudonym, UnknownFamilyError
from pseudonymisation.stretch import UNSAFE_CHEAP_FOR_TESTS_AND_BENCH, stretch
from pseudonymisation.threshold import lagrange_at_zero, split
from register.accounts import Account
from register.municipal import app as node_app
from register.municipal.app import Outside, create_app
from register.municipal.canary import Canary, pause_after
from register.municipal.desk import Desk
from register.municipal.house import House
from register.municipal.jobs import jobs
from register.municipal.outbox import Waiting
from register.municipal.pseudonyms import Asked, Evaluated, Pseudonymiser
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


def pinned(settings: NodeSettings, *points: CanaryPoints, **pins: str) -> NodeSettings:
    named = {one.name: one.pin for one in points}
    return settings.model_copy(update={"canary_pins": named | pins})


def test_a_version_or_key_without_a_pin_stops_where_another_has_one(
    opened: Open, settings: NodeSettings, clock: Hands
) -> None:
    house = opened()
    found = desk(house).canary.outcome()
    assert require(opened(pinned(settings, found))) == ""
    other = key_mark("test-node", found.points[0])
    unpinned = ({f"2025-1/{found.name[-32:]}": found.pin}, {f"{SPEC_VERSION}/{other}": found.pin})
    for wrong in (*unpinned, {found.name: "0" * 64}):
        blocked = opened(pinned(settings, **wrong))
        assert require(blocked) == "kanarie-fout"
        (line,) = worries([desk(blocked)])
        assert (f"geen pin met naam {found.name}" in line) is (wrong in unpinned)
        assert looked(blocked, clock) == {}
        clock.forward(minutes=10)
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
    clock.forward(minutes=10)
    assert require(house) == ""
    assert worries([desk(house)]) == []


def test_a_library_that_stretches_otherwise_is_noticed(opened: Open, outside: Outside) -> None:
    assert require(opened()) == ""

    def otherwise(keyset: str, key: MatchKey) -> bytes:
        return cheaply(keyset, key)[::-1]

    assert require(opened(world=replace(outside, stretch_key=otherwise))) == "kanarie-fout"


def test_a_first_outcome_that_somebody_changed_is_no_pin(
    opened: Open, settings: NodeSettings, clock: Hands
) -> None:
    assert require(opened()) == ""
    with sqlite3.connect(settings.database_file) as connection:
        connection.execute("UPDATE canary_pin SET pin = zeroblob(32)")
    connection.close()
    clock.forward(minutes=5)
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
    asked = sum(one.calls for one in holders)
    assert (require(house), looked(house, clock)) == ("", {})
    assert sum(one.calls for one in holders) == asked, "one try in ten minutes"
    clock.forward(minutes=10)
    assert (require(house), looked(house, clock)) == ("", {})
    assert sum(one.calls for one in holders) > asked
    for one in holders:
        one.fails = ""
    clock.forward(minutes=10)
    assert looked(house, clock) == {"goed": 1}


def test_a_question_is_refused_in_words(
    settings: NodeSettings, clock: Hands, outside: Outside, register: RegisterStation
) -> None:
    people(settings, outside, ORGANISATION)
    keyset = parse_keyset(settings.keyset_file.read_bytes())
    wrong = pinned(settings, **{pin_name(SPEC_VERSION, keyset): "0" * 64})
    world = replace(outside, unsafe_without_canaries=False)
    with running(create_app(wrong, clock=clock, randomness=random.Random(7).randbytes, outside=world)) as app:
        officer = Officer(Browser(app), "toezichthouder")
        answer = officer.post("/v1/bevragingen", question(officer.control()))
    assert (answer.status_code, answer.json()["code"]) == (503, "kanarie-fout")
    assert "Een vraag zou niemand vinden" in answer.json()["detail"]
    assert "Bel de beheerder" in answer.json()["wegVooruit"]
    assert [one.url.path for one in register.requests if one.url.path == "/v1/bevragingen"] == []


def test_a_pin_in_the_settings_names_its_key_and_is_64_signs(settings: NodeSettings) -> None:
    for pins, sentence in (
        ({f"{SPEC_VERSION}/{'0' * 32}": "kort"}, "64 tekens"),
        ({SPEC_VERSION: "0" * 64}, "hoort bij een versie en een sleutel"),
    ):
        with pytest.raises(ValueError, match=sentence):
            NodeSettings(**settings.model_dump() | {"canary_pins": pins})


def test_the_node_prints_what_the_register_pins(opened: Open) -> None:
    house = opened()
    assert isinstance(desk(house).canary, Canary)
    first = desk(house).canary.outcome()
    assert first == desk(opened()).canary.outcome()
    assert first.line == f'"{first.name}" = "{first.pin}"'
    assert read_points(points_file(first)) == first
    other = points_file(first).replace(b"2026", b"2025", 1)
    assert read_points(other).name != first.name
    for wrong in (
        b"[]",
        b"{}",
        points_file(first)[:-1],
        points_file(replace(first, points=first.points[:2])),
    ):
        with pytest.raises(CanaryPointsError, match="node canary --out"):
            read_points(wrong)


def test_the_command_prints_a_line_and_a_file_of_points_and_checks_with_its_exit_code(  # noqa: PLR0917 - a world
    settings: NodeSettings,
    outside: Outside,
    clock: Hands,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(node_app, "Outside", lambda: outside)
    monkeypatch.setattr(node_app, "clock_from", lambda *_where: clock)
    shown: list[NodeSettings] = [settings]
    monkeypatch.setattr(NodeSettings, "load", lambda *_where, **_more: shown[-1])
    assert run(["node", "canary", "--out", str(tmp_path / "punten.json")]) == 0
    points = read_points((tmp_path / "punten.json").read_bytes())
    assert capsys.readouterr().out == points.line + "\n"
    assert run(["node", "canary", "--check"]) == 0
    assert "De kanarie is goed" in capsys.readouterr().out
    shown.append(wrongly(settings))
    assert run(["node", "canary", "--check"]) == 1
    assert "De kanarie is fout" in capsys.readouterr().out


# ---- how often it looks ---------------------------------------------------------------------------------------------


def started_again(canary: Canary) -> Canary:
    """What another process makes of the same settings and database."""
    return Canary(
        canary._pseudonymiser,
        canary._store,
        canary._identity,
        canary._organisation,
        canary._pins,
        canary._clock,
    )


def wrongly(settings: NodeSettings) -> NodeSettings:
    keyset = parse_keyset(settings.keyset_file.read_bytes())
    return pinned(settings, **{pin_name(SPEC_VERSION, keyset): "0" * 64})


def test_pauses_while_it_is_wrong_double_from_ten_minutes_to_four_hours() -> None:
    minutes = [pause_after(wrong) / timedelta(minutes=1) for wrong in range(1, 8)]
    assert minutes == [10, 20, 40, 80, 160, 240, 240]
    assert pause_after(10_000) == timedelta(hours=4)


def test_a_day_with_a_wrong_pin_costs_a_dozen_looks_however_often_it_is_asked_and_started_again(
    opened: Open, settings: NodeSettings, clock: Hands, holders: list[HolderStation]
) -> None:
    canary = desk(opened(wrongly(settings))).canary
    for number in range(24 * 6):
        canary = started_again(canary) if number % 2 else canary
        with pytest.raises(Refusal, match="verkeerde zoeksleutels"):
            canary.require()
        canary.look(clock())
        clock.forward(minutes=10)
    assert 8 <= len(holders[0].asked) <= 12


def test_no_day_of_starts_uses_up_the_quota(opened: Open, clock: Hands, holders: list[HolderStation]) -> None:
    canary = desk(opened()).canary
    hours = 1
    for _minute in range(hours * 60):
        canary = started_again(canary)
        canary.require()
        clock.forward(minutes=1)
    most = 24 / hours * sum(len(one.punten) for one in holders[0].asked)
    quota = Quotas().of("kanarie")
    assert 0 < most < 0.7 * min(quota.organisation_day, quota.officer_day)


def test_what_was_changed_is_looked_at_when_the_process_starts_and_not_after_the_pause(
    opened: Open, settings: NodeSettings
) -> None:
    right = desk(opened()).canary.outcome()
    assert require(opened(wrongly(settings))) == "kanarie-fout"
    assert require(opened(wrongly(settings))) == "kanarie-fout"
    assert require(opened(pinned(settings, right))) == ""
    assert require(opened(wrongly(settings))) == "kanarie-fout"


def test_one_look_by_command_sets_a_node_going_that_stands_still(opened: Open, clock: Hands) -> None:
    serving = opened()
    assert require(serving) == ""
    clock.forward(days=1)
    canary = desk(serving).canary
    right, canary._pseudonymiser = canary._pseudonymiser, _otherwise(canary._pseudonymiser)
    clock.forward(hours=1)
    assert require(serving) == "kanarie-fout"
    canary._pseudonymiser = right
    clock.forward(minutes=9)
    assert require(serving) == "kanarie-fout"
    assert desk(opened()).canary.force()
    assert require(serving) == ""


def test_a_last_look_that_somebody_wrote_is_not_believed(
    opened: Open, settings: NodeSettings, holders: list[HolderStation]
) -> None:
    assert require(opened(wrongly(settings))) == "kanarie-fout"
    with sqlite3.connect(settings.database_file) as connection:
        connection.execute("UPDATE canary_look SET wrong = 0")
    connection.close()
    assert require(opened(wrongly(settings))) == "kanarie-fout"
    assert len(holders[0].asked) == 2


def test_a_quota_that_is_used_up_is_told_as_that_and_is_not_tried_at_every_question(
    opened: Open, settings: NodeSettings, clock: Hands, holders: list[HolderStation]
) -> None:
    never, good, wrong = opened(), opened(), opened(wrongly(settings))
    assert (require(good), require(wrong)) == ("", "kanarie-fout")
    clock.forward(days=2)
    for one in holders:
        one.fails = "quota"
    for house, code in ((never, "kanarie-quotum"), (good, ""), (wrong, "kanarie-quotum")):
        before = sum(one.calls for one in holders)
        assert require(house) == code
        asked = sum(one.calls for one in holders)
        assert asked > before
        assert require(house) == code
        assert sum(one.calls for one in holders) == asked
    with pytest.raises(Refusal) as told:
        desk(never).canary.require()
    assert "Dat zegt niet dat er iets fout is" in told.value.detail
    for one in holders:
        one.fails = ""
    clock.forward(minutes=10)
    assert (require(never), require(good), require(wrong)) == ("", "", "kanarie-fout")


# ---- another key, or other shares of it -----------------------------------------------------------------------------


def dealt_anew(dealt: Dealt, factor: int, epoch: int) -> Dealt:
    """The same key times a factor, with other shares."""
    weights = lagrange_at_zero(share.holder for share in dealt.shares)
    key = sum(weights[one.holder] * one.secret.reveal() for one in dealt.shares) * factor % ORDER
    randomness = random.Random(epoch).randbytes
    sharing = split(SecretScalar(key), 2, 3, randomness)
    keyset = replace(dealt.keyset, epoch=epoch, commitments=sharing.commitments)
    shares = tuple(
        HolderShare(
            keyset.name, keyset.profile, epoch, index, secret, Secret(randomness(32)), keyset.fingerprint
        )
        for index, secret in sharing.shares.items()
    )
    return Dealt(keyset, shares)


def adopting(
    settings: NodeSettings, found: Dealt, holders: list[HolderStation], clock: Hands
) -> NodeSettings:
    """Holders work with another keyset, and the node pins it by its fingerprint."""
    path = settings.keyset_file.with_name(f"{found.keyset.fingerprint}.json")
    path.write_bytes(keyset_file(found.keyset))
    for station, other in zip(holders, holders_of(found, clock), strict=True):
        station.holder = other.holder
    return settings.model_copy(update={"keyset_file": path, "keyset_fingerprint": found.keyset.fingerprint})


def test_a_first_outcome_stays_through_a_resharing(
    opened: Open, settings: NodeSettings, dealt: Dealt, clock: Hands, holders: list[HolderStation]
) -> None:
    assert require(opened()) == ""
    shared = adopting(settings, dealt_anew(dealt, 1, 2), holders, clock)
    assert require(opened(shared)) == ""
    assert kept_epochs(settings) == [1]
    with sqlite3.connect(settings.database_file) as connection:
        connection.execute("UPDATE canary_pin SET pin = zeroblob(32)")
    connection.close()
    clock.forward(days=1)
    assert require(opened(shared)) == "kanarie-fout"


def kept_epochs(settings: NodeSettings) -> list[int]:
    with sqlite3.connect(settings.database_file) as connection:
        found = [row[0] for row in connection.execute("SELECT epoch FROM canary_pin ORDER BY epoch")]
    connection.close()
    return found


def test_a_node_with_pins_goes_on_through_a_rotation_by_the_pin_that_was_computed_and_no_other(
    opened: Open, settings: NodeSettings, dealt: Dealt, clock: Hands, holders: list[HolderStation]
) -> None:
    old = desk(opened()).canary.outcome()
    factor = 2**200 + 5
    new = old.times(SecretScalar(factor))
    turned = dealt_anew(dealt, factor, 3)
    assert new.name == pin_name(SPEC_VERSION, turned.keyset) != old.name
    # Both pins may stand there long before the switch.
    assert require(opened(pinned(settings, old, new))) == ""
    after = adopting(settings, turned, holders, clock)
    assert require(opened(pinned(after, old, new))) == ""
    assert desk(opened(after)).canary.outcome() == new
    for wrong in ({old.name: old.pin}, {old.name: new.pin}, {new.name: old.pin}):
        assert require(opened(pinned(after, **wrong))) == "kanarie-fout"


def _otherwise(pseudonymiser: Pseudonymiser) -> Pseudonymiser:
    """The same, of which the holders' answers come back in another order."""

    def evaluate(batch: BlindedBatch, asked: Asked) -> Evaluated:
        found = pseudonymiser.evaluate(batch, asked)
        return replace(found, points=found.points[::-1])

    return replace(pseudonymiser, evaluate=evaluate)
