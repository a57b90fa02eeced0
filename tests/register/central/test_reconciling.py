# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about job `afstemming`: what holders counted beside the receipts that came, with accounts that real key holders sign."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from audit.store.jobs import JobStore
from process.jobs import Outcome
from process.serving.jobs import Runner
from pseudonymisation.receipts import Account, Counted, Reached, sign_account
from register.central.centre import Centre
from register.central.checkpoints import Checkpointer
from register.central.jobs import jobs
from register.central.reconciling import HolderAccounts
from register.central.rotating import Converter, Places
from register.central.store import evaluations
from register.central.store import tables as t
from tests.receipts import receipt_signer
from tests.register.central.conftest import LOG_SIGNER, ONE_DATABASE, SignerProcess
from tests.register.central.world import MOMENT, OFFICERS, Hands, World, point, pseudonym, signal

YESTERDAY = MOMENT.date() - timedelta(days=1)


@dataclass
class Holder:
    """A key holder as far as its accounts go: signed by its own key, over what a test says that it counted."""

    index: int
    clock: Hands
    counted: dict[date, list[Counted]] = field(default_factory=dict)
    reached: dict[date, list[Reached]] = field(default_factory=dict)
    signs_as: int | None = None
    says: dict[str, Any] = field(default_factory=dict)
    away: bool = False
    asked: list[date] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("refused")
        day = date.fromisoformat(request.url.path.rsplit("/", 1)[1])
        self.asked.append(day)
        account = replace(
            Account(
                self.index,
                "oefening",
                1,
                day,
                self.clock().replace(microsecond=0),
                tuple(self.counted.get(day, ())),
                tuple(self.reached.get(day, ())),
            ),
            **self.says,
        )
        note = sign_account(account, receipt_signer(self.signs_as or self.index))
        return httpx.Response(200, json={"verklaring": note})


@pytest.fixture
def holders(world: World) -> dict[int, Holder]:
    return {index: Holder(index, world.clock) for index in (1, 2, 3)}


@pytest.fixture
def reconciled(
    world: World, centre: Centre, signer: SignerProcess, holders: dict[int, Holder], tmp_path: Path
) -> Callable[[], dict[str, int]]:
    """Runs the job once, by the real runner."""
    clients = {
        index: httpx.Client(transport=httpx.MockTransport(holder), base_url="https://houder")
        for index, holder in holders.items()
    }
    store = JobStore(centre.database.engine, t.job)
    checkpointer = Checkpointer(centre.database, signer.client(), LOG_SIGNER.verifier)
    converter = Converter(centre, Places(tmp_path / "factor", tmp_path / "tijdvak"), 0)
    work = jobs(centre, checkpointer, converter, store.states, 1.0, HolderAccounts(clients))
    runner = Runner(work, store, centre.clock, centre.randomness)

    def once() -> dict[str, int]:
        state = runner.once("afstemming")
        world.log.verify(None)
        if state.outcome is not Outcome.DONE:
            return {"mislukt": 1}
        return dict(state.counts)

    return once


def a_day(world: World, holders: dict[int, Holder], reconciled: Callable[[], dict[str, int]]) -> date:
    """A day on which GM9004 asked once and GM9001 submitted once, as holders 1 and 2 counted; the next morning."""
    reconciled()
    day = world.clock().date()
    world.inspector("GM9004").ask(pseudonym(point()))
    world.submit("GM9001", signal())
    for index in (1, 2):
        holders[index].counted[day] = [Counted("GM9001", "indienen", 8), Counted("GM9004", "vragen", 8)]
    world.clock.moment = datetime.combine(day + timedelta(days=1), time(6), UTC)
    return day


def flags(world: World, organisation: str) -> dict[str, int]:
    found = world.person(organisation, "fg").get("/v1/herinneringen", leaves=0).json()["herinneringen"]
    return {one["soort"]: one["aantal"] for one in found}


def test_a_day_that_agrees_is_an_entry_for_the_register_and_none_for_anybody_else(
    world: World, holders: dict[int, Holder], reconciled: Callable[[], dict[str, int]]
) -> None:
    day = a_day(world, holders, reconciled)
    before = {code: len(world.log.entries(code)) for code in ("GM9001", "GM9004")}
    assert reconciled() == {"dagen": 3, "verschillen": 0, "quota": 0}
    assert {code: len(world.log.entries(code)) for code in before} == before
    entry = world.log.last("REGISTER")
    assert (entry["gebeurtenis"], entry["ontvanger"], entry["dag"]) == (
        "afgestemd",
        "beheerder",
        day.isoformat(),
    )
    assert entry["verschillen_geteld"] == 0
    assert reconciled() == {"dagen": 0, "verschillen": 0, "quota": 0}, "a day is compared once"


def test_evaluations_that_were_never_used_are_told_to_the_fg_of_that_organisation_alone(
    world: World, holders: dict[int, Holder], reconciled: Callable[[], dict[str, int]]
) -> None:
    day = a_day(world, holders, reconciled)
    holders[2].counted[day] = [Counted("GM9001", "indienen", 8), Counted("GM9004", "vragen", 4_008)]
    assert reconciled() == {"dagen": 3, "verschillen": 1, "quota": 0}
    entry = world.log.last("GM9004")
    assert (entry["gebeurtenis"], entry["ontvanger"], entry["sleutelhouder"]) == (
        "afgestemd",
        "betrokkene",
        2,
    )
    assert entry["verschillen"] == ["vragen: houder telde 4008 punten, register zag er 8"]
    assert entry["vlaggen"] == ["afstemming-verschilt"]
    assert flags(world, "GM9004") == {"afstemming-verschilt": 1}
    assert flags(world, "GM9001") == {}


def test_a_few_unused_evaluations_stand_in_the_log_and_raise_no_flag(
    world: World, holders: dict[int, Holder], reconciled: Callable[[], dict[str, int]]
) -> None:
    """A holder that was overtaken, a register that was away: every day has some."""
    day = a_day(world, holders, reconciled)
    holders[3].counted[day] = [Counted("GM9004", "vragen", 40)]
    assert reconciled()["verschillen"] == 1
    assert world.log.last("GM9004")["verschillen"] == ["vragen: houder telde 40 punten, register zag er 0"]
    assert world.log.last("GM9004")["vlaggen"] == []
    assert flags(world, "GM9004") == {}


def test_receipts_that_a_holder_did_not_count_are_always_flagged(
    world: World, holders: dict[int, Holder], reconciled: Callable[[], dict[str, int]]
) -> None:
    day = a_day(world, holders, reconciled)
    holders[1].counted[day] = [Counted("GM9001", "indienen", 8)]
    assert reconciled()["verschillen"] == 1
    assert world.log.last("GM9004")["verschillen"] == ["vragen: houder telde 0 punten, register zag er 8"]
    assert flags(world, "GM9004") == {"afstemming-verschilt": 1}


def test_a_limit_that_was_reached_at_a_holder_is_told_the_same_day_and_once(
    world: World, holders: dict[int, Holder], reconciled: Callable[[], dict[str, int]]
) -> None:
    reached = Reached(
        "GM9004", OFFICERS["toezichthouder"], "vragen", "dag", 3, world.clock().replace(microsecond=0)
    )
    for holder in holders.values():
        holder.reached[world.clock().date()] = [reached]
    assert reconciled() == {"dagen": 0, "verschillen": 0, "quota": 1}, "three holders tell of one officer"
    entry = world.log.last("GM9004")
    assert (entry["gebeurtenis"], entry["medewerker"]) == (
        "quotum_sleutelhouder_bereikt",
        OFFICERS["toezichthouder"],
    )
    assert (entry["handeling"], entry["venster"], entry["keren"]) == ("vragen", "dag", 3)
    assert flags(world, "GM9004") == {"quotum-sleutelhouder": 1}
    assert reconciled() == {"dagen": 0, "verschillen": 0, "quota": 0}


UNBELIEVABLE: dict[str, dict[str, Any]] = {
    "signed by another holder": {"signs_as": 2},
    "of another holder": {"says": {"holder": 2}},
    "of another keyset": {"says": {"keyset": "comensha"}},
    "of another epoch": {"says": {"epoch": 2}},
    "of another day": {"says": {"day": date(2026, 1, 1)}},
    "made before the day was over": {"says": {"made_at": MOMENT}},
    "not there": {"away": True},
}


@ONE_DATABASE
@pytest.mark.parametrize("name", UNBELIEVABLE)
def test_an_account_that_cannot_be_believed_is_no_account_and_the_others_have_their_turn(
    world: World, holders: dict[int, Holder], reconciled: Callable[[], dict[str, int]], name: str
) -> None:
    day = a_day(world, holders, reconciled)
    for member, value in UNBELIEVABLE[name].items():
        setattr(holders[1], member, value)
    assert reconciled() == {"mislukt": 1}
    assert {(row.holder, row.day) for row in world.rows(t.reconciled)} == {(2, day), (3, day)}
    holders[1].signs_as, holders[1].says, holders[1].away = None, {}, False
    assert reconciled()["dagen"] == 1


@ONE_DATABASE
def test_a_holder_that_was_away_for_days_is_asked_for_each_of_them_and_for_nothing_older(
    world: World, holders: dict[int, Holder], reconciled: Callable[[], dict[str, int]]
) -> None:
    reconciled()
    assert YESTERDAY not in holders[1].asked, "before this job was known there were no receipts"
    world.clock.forward(days=3)
    assert reconciled()["dagen"] == 9
    world.clock.forward(days=30)
    assert reconciled()["dagen"] == 3 * 8
    assert world.log.size == 0 or world.log.entries("REGISTER")


@ONE_DATABASE
def test_receipts_and_marks_go_after_their_term(world: World, centre: Centre) -> None:

    world.inspector("GM9004").ask(pseudonym(point()))
    with centre.database.engine.begin() as connection:
        assert evaluations.destroy_old(connection, MOMENT + timedelta(days=31)) == 0
        assert evaluations.destroy_old(connection, MOMENT + timedelta(days=32)) == 2
