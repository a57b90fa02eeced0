# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import pytest

from tests.register.central.world import World


def offered(world: World, role: str = "toezichthouder") -> set[str]:
    answer = world.node("GM9001", role).get("/v1/grondslagen")
    assert answer.status_code == 200
    return {one["id"] for one in answer.json()["grondslagen"]}


def test_the_grounds_of_the_own_organisation_are_offered_and_no_other_s(world: World) -> None:
    found = offered(world)
    assert "OEF-GEM-GM9001" in found
    assert not {"OEF-GEM-GM9002", "OEF-WPG-TMM"} & found


def test_the_grounds_to_record_with_a_signal_are_offered_too(world: World) -> None:
    assert {"OEF-SEKS-SV", "OEF-STRAF-SV"} <= offered(world)


def test_a_ground_is_offered_on_its_last_day_and_not_after(world: World) -> None:
    world.clock.moment = world.clock.moment.replace(year=2030, month=12, day=31)
    assert "OEF-GEM-GM9001" in offered(world)
    world.clock.forward(days=1)
    assert offered(world) == set()


def test_looking_at_the_grounds_is_an_entry(world: World) -> None:
    offered(world)
    assert world.log.last("GM9001")["gebeurtenis"] == "grondslagen_geraadpleegd"


@pytest.mark.parametrize("organisation", ["GM0363"])
def test_an_organisation_without_grounds_is_offered_none(world: World, organisation: str) -> None:
    assert world.inspector(organisation).get("/v1/grondslagen").json()["grondslagen"] == []
