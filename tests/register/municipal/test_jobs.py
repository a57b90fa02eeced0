# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The jobs of a node, by its real runner, over all its organisations; and what people are reminded of."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI

from process.jobs import Outcome
from process.serving.jobs import Runner
from register.accounts import Account
from register.municipal import app as node
from register.municipal.app import Outside
from register.municipal.desk import Desk
from register.municipal.house import House
from register.municipal.outbox import Delivered, Waiting
from register.municipal.reminding import (
    ADMINISTRATOR,
    CONTACT,
    DRAFT_DIES,
    EXPIRES,
    NO_PROOF,
    OUTCOME_LATE,
    OUTCOME_OPEN,
    OUTCOME_WAITS,
    REFUSED,
    SILENCE,
    WAITS,
    sentences,
)
from register.municipal.settings import NodeSettings
from register.municipal.store.reminders import Counted, Reminder, ReminderStore
from tests.register.municipal.office import draft
from tests.register.municipal.world import (
    MOMENT,
    ORGANISATION,
    Hands,
    HolderStation,
    Officer,
    tenant_folder,
)

OTHER = "GM9002"
INSPECTOR = Account("toezichthouder-1", "inspecteur", "toezichthouder")
KEY = "signaal-0001"


@dataclass
class Node:
    """A node of two organisations, without its pages, and the runner of its jobs."""

    house: House
    runner: Runner

    @property
    def desk(self) -> Desk:
        return self.house.desks[ORGANISATION]

    @property
    def other(self) -> Desk:
        return self.house.desks[OTHER]

    def done(self, name: str) -> dict[str, int]:
        """A job, done now; gives its counts."""
        state = self.runner.once(name)
        assert state.outcome is Outcome.DONE, state.error
        return dict(state.counts)

    def reminded(self, role: str, officer: str = "", *, desk: Desk | None = None) -> dict[str, int]:
        self.done("herinneringen")
        return {one.kind: one.count for one in (desk or self.desk).reminders.of(officer, role)}


@pytest.fixture
def nodes(settings: NodeSettings, outside: Outside, clock: Hands) -> Iterator[Node]:
    tenant_folder(settings.tenants_folder, OTHER)
    randomness = random.Random(7).randbytes
    house, close = node._opened(settings, clock, randomness, outside)
    yield Node(house, node._runner(settings, house, randomness))
    close()


def wait(desk: Desk, holders: list[HolderStation], key: str = KEY) -> Waiting:
    """A signal that waits in the outbox, because the holders were away."""
    holders[0].fails = holders[1].fails = "away"
    waiting = desk.submitting.submit(INSPECTOR, draft(), key)
    holders[0].fails = holders[1].fails = ""
    assert isinstance(waiting, Waiting)
    return waiting


def test_the_jobs_of_a_node_say_in_dutch_what_they_do(nodes: Node) -> None:
    assert list(nodes.runner.jobs) == [
        "uitbak", "ontvangstbewijzen", "concepten", "vernietiging", "herinneringen", "vrijgaven", "berichten", "kanarie",
    ]  # fmt: skip
    assert all(job.title.endswith(".") for job in nodes.runner.jobs.values())


def test_what_waits_is_delivered_for_every_organisation(
    nodes: Node, holders: list[HolderStation], clock: Hands
) -> None:
    wait(nodes.desk, holders)
    wait(nodes.other, holders)
    assert nodes.done("uitbak")["verstuurd"] == 0, "not due yet"
    clock.forward(minutes=5)
    assert nodes.done("uitbak")["verstuurd"] == 2
    assert isinstance(nodes.desk.submitting.submit(INSPECTOR, draft(), KEY), Delivered)
    assert nodes.done("uitbak")["verstuurd"] == 0


def test_what_goes_wrong_at_one_organisation_keeps_no_other_waiting(
    nodes: Node, holders: list[HolderStation], clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait(nodes.other, holders)
    clock.forward(minutes=5)

    def broken(_moment: object) -> dict[str, int]:
        raise OSError("0612345678")

    delivering = type(nodes.desk.submitting.delivering)
    whole = delivering.deliver_waiting
    monkeypatch.setattr(
        delivering,
        "deliver_waiting",
        lambda self, moment: broken(moment) if self.organisation == ORGANISATION else whole(self, moment),
    )
    state = nodes.runner.once("uitbak")
    assert (state.outcome, state.error) == (Outcome.FAILED, "OSError")
    assert isinstance(nodes.other.submitting.submit(INSPECTOR, draft(), KEY), Delivered)


def test_receipts_are_demanded_of_the_log(nodes: Node) -> None:
    nodes.desk.submitting.submit(INSPECTOR, draft(), KEY)
    waiting = nodes.desk.demanding.standing().waiting
    assert waiting > 0
    assert nodes.done("ontvangstbewijzen") == {"bewezen": waiting}
    assert nodes.desk.demanding.standing().proven == waiting


def test_a_record_dies_with_its_signal_and_leaves_nothing_in_the_files(
    nodes: Node, settings: NodeSettings, clock: Hands
) -> None:
    delivered = nodes.desk.submitting.submit(INSPECTOR, draft(), KEY)
    assert isinstance(delivered, Delivered)
    entry = nodes.desk.submitting.casebook.entry(delivered.answer.signaal_id)
    assert entry is not None
    traces = [entry.handle.encode(), entry.digest]
    files = list(Path(str(settings.database_file)).parent.glob("node.sqlite*"))
    assert all(any(trace in path.read_bytes() for path in files) for trace in traces)
    clock.forward(days=364)
    assert nodes.done("vernietiging")["dossiers"] == 0
    clock.forward(days=2)
    assert nodes.done("vernietiging")["dossiers"] == 1
    assert nodes.desk.submitting.casebook.entry(delivered.answer.signaal_id) is None
    assert not [one for one in traces if any(one in path.read_bytes() for path in files if path.exists())]


def test_drafts_are_destroyed_after_their_day(nodes: Node, clock: Hands) -> None:
    nodes.desk.drafting.keep(INSPECTOR, {"plaats": ("hier",)})
    nodes.other.drafting.keep(INSPECTOR, {"plaats": ("daar",)})
    clock.forward(hours=23, minutes=59)
    assert nodes.done("concepten") == {"vernietigd": 0}
    clock.forward(minutes=1)
    assert nodes.done("concepten") == {"vernietigd": 2}


# ---- reminders ------------------------------------------------------------------------------------------------------


def test_a_signal_that_waits_an_hour_is_told_to_its_officer_and_to_who_must_know(
    nodes: Node, holders: list[HolderStation], clock: Hands
) -> None:
    wait(nodes.desk, holders)
    clock.forward(minutes=59)
    assert nodes.reminded("toezichthouder", INSPECTOR.officer) == {}
    clock.forward(minutes=1)
    assert nodes.reminded("toezichthouder", INSPECTOR.officer) == {WAITS: 1}
    assert nodes.reminded("toezichthouder", "toezichthouder-2") == {}
    assert nodes.reminded(CONTACT)[WAITS] == nodes.reminded(ADMINISTRATOR)[WAITS] == 1
    assert nodes.reminded(CONTACT, desk=nodes.other) == {}
    nodes.done("uitbak")
    assert nodes.reminded("toezichthouder", INSPECTOR.officer) == nodes.reminded(CONTACT) == {}


def test_a_draft_that_dies_within_three_hours_is_told_to_its_officer_only(nodes: Node, clock: Hands) -> None:
    nodes.desk.drafting.keep(INSPECTOR, {"plaats": ("hier",)})
    clock.forward(hours=20, minutes=59)
    assert nodes.reminded("toezichthouder", INSPECTOR.officer) == {}
    clock.forward(minutes=1)
    assert nodes.reminded("toezichthouder", INSPECTOR.officer) == {DRAFT_DIES: 1}
    assert nodes.reminded(CONTACT) == {}
    clock.forward(hours=3)
    assert nodes.reminded("toezichthouder", INSPECTOR.officer) == {}


def test_a_signal_that_expires_within_30_days_is_told_to_the_aandachtsfunctionaris(
    nodes: Node, clock: Hands
) -> None:
    nodes.desk.submitting.submit(INSPECTOR, draft(), KEY)
    clock.forward(days=334)
    assert EXPIRES not in nodes.reminded(CONTACT)
    clock.forward(days=1)
    assert nodes.reminded(CONTACT)[EXPIRES] == 1
    assert EXPIRES not in nodes.reminded("toezichthouder", INSPECTOR.officer)
    clock.forward(days=30)
    assert EXPIRES not in nodes.reminded(CONTACT)


def test_half_a_year_without_a_signal_asks_for_an_exercise(nodes: Node, clock: Hands) -> None:
    nodes.done("herinneringen")
    clock.forward(days=182)
    assert nodes.reminded(CONTACT) == {}
    clock.forward(days=1)
    assert nodes.reminded(CONTACT) == {SILENCE: 6}
    nodes.desk.submitting.submit(INSPECTOR, draft(), KEY)
    assert nodes.reminded(CONTACT) == {}
    assert nodes.reminded(CONTACT, desk=nodes.other) == {SILENCE: 6}, (
        "that of another is no signal of one's own"
    )
    clock.forward(days=183)
    assert nodes.reminded(CONTACT)[SILENCE] == 6


def test_a_proof_that_is_late_is_told_to_the_administrator(nodes: Node, clock: Hands) -> None:
    nodes.desk.submitting.submit(INSPECTOR, draft(), KEY)
    promised = nodes.desk.demanding.standing().waiting
    clock.forward(minutes=9, seconds=59)
    assert nodes.reminded(ADMINISTRATOR) == {}
    clock.forward(seconds=1)
    assert nodes.reminded(ADMINISTRATOR) == {NO_PROOF: promised}
    nodes.done("ontvangstbewijzen")
    assert nodes.reminded(ADMINISTRATOR) == {}


@pytest.mark.parametrize(
    "kind",
    [WAITS, REFUSED, DRAFT_DIES, NO_PROOF, EXPIRES, SILENCE, OUTCOME_OPEN, OUTCOME_LATE, OUTCOME_WAITS],
)
@pytest.mark.parametrize("count", [1, 7])
def test_a_reminder_reads_as_one_sentence_with_what_to_do_now(kind: str, count: int) -> None:
    what, now = sentences(Reminder(kind, count, MOMENT))
    assert f"{count} " in what
    assert "{" not in what + now
    assert what.endswith(".")
    assert now[-1] in ".?"


def test_the_interface_gives_everyone_the_own_reminders(
    app: FastAPI, settings: NodeSettings, inspector: Officer, contact: Officer
) -> None:
    del app
    database = node.open_database(settings, [ORGANISATION])
    ReminderStore(database, ORGANISATION).replace([Counted(EXPIRES, 3, role=CONTACT)], MOMENT)
    ReminderStore(database, OTHER).replace([Counted(EXPIRES, 9, role=CONTACT)], MOMENT)
    database.close()
    (one,) = contact.get("/v1/herinneringen").json()["herinneringen"]
    assert (one["soort"], one["aantal"]) == (EXPIRES, 3)
    assert one["wat"].startswith("3 signalen van uw organisatie verdwijnen")
    assert inspector.get("/v1/herinneringen").json() == {"herinneringen": []}
