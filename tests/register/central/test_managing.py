# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A functioneel beheerder sees the people and grounds of the own organisation, who takes part, and how the register is; nobody else does, and each look is in the log."""

from datetime import UTC, datetime, timedelta

import pytest

from process.jobs import Job, JobState, Outcome
from register.central.managing import _job
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import Caller, World, refused

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def manager(world: World, organisation: str = "GM9001") -> Caller:
    return world.person(organisation, "functioneel_beheerder").but(doel="beheer")


@ONE_DATABASE
def test_people_and_grounds_are_those_of_the_own_organisation_and_say_whether_they_count(
    world: World,
) -> None:
    found = manager(world).get("/v1/beheer").json()
    assert {one["organisatie"] for one in found["organisaties"]} >= {"GM9001", "GM9002", "TMM"}
    roles = {one["rol"] for one in found["mandaten"]}
    assert {"toezichthouder", "fg", "functioneel_beheerder"} <= roles
    assert "tmm_analist" not in roles
    assert all(one["geldt"] and one["opgeleidOp"] and not one["letOp"] for one in found["mandaten"])
    codes = {one["id"] for one in found["grondslagen"]}
    assert {"OEF-GEM-GM9001", "OEF-RIEC-SV"} <= codes
    assert not {"OEF-GEM-GM9002", "OEF-WPG-TMM"} & codes
    entry = world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["onderdeel"]) == ("beheer_geraadpleegd", "overzicht")
    world.log.verify(None)


@ONE_DATABASE
def test_a_mandate_that_ends_soon_or_ended_says_so(world: World) -> None:
    world.clock.moment = world.clock.moment.replace(year=2030, month=12, day=1)
    soon = manager(world).get("/v1/beheer").json()["mandaten"]
    assert all(one["geldt"] and "loopt binnen twee maanden af" in one["letOp"][0] for one in soon)


@ONE_DATABASE
def test_the_state_of_the_register_is_told_in_sentences_and_logged(world: World) -> None:
    found = manager(world).get("/v1/beheer/gezondheid").json()
    assert found["werkt"] is True
    assert {"controlepunten", "vernietiging"} <= {one["taak"] for one in found["taken"]}
    entry = world.log.last("GM9001")
    assert entry["onderdeel"] == "gezondheid"


@ONE_DATABASE
@pytest.mark.parametrize("path", ["/v1/beheer", "/v1/beheer/gezondheid"])
@pytest.mark.parametrize("role", ["fg", "toezichthouder"])
def test_who_manages_nothing_is_refused(world: World, path: str, role: str) -> None:
    refused(world.node("GM9001", role).but(doel="beheer").get(path), 403, "geen-toegang")


def test_a_job_that_fails_says_since_when_and_how_often() -> None:
    job = Job("vernietiging", "Vernietigt.", timedelta(hours=1), lambda _moment: {})
    well = JobState("vernietiging", NOW, NOW + timedelta(hours=1), succeeded_at=NOW, outcome=Outcome.DONE)
    assert (_job(job, well, NOW).goed, _job(job, well, NOW).sinds) == (True, None)
    bad = JobState(
        "vernietiging", NOW, NOW, succeeded_at=NOW - timedelta(days=1), outcome=Outcome.FAILED, failures=3
    )
    told = _job(job, bad, NOW)
    assert (told.goed, told.sinds, told.keren_mislukt) == (False, NOW - timedelta(days=1), 3)
