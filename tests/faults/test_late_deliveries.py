# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The same requests once more, to the letter: at once, in another order, a day later, after a withdrawal, after the term and after destruction.

A proxy before the register keeps every request of the nodes; here they arrive again. Tests stand in the order of the exercise's clock, which only goes forward.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from register.demo.plan import ASKER
from tests.faults.clients import CaseSystem, Inspector
from tests.faults.meddler import Act, Exchange, Meddler
from tests.faults.told import Row
from tests.faults.worlds import PROCESSES, SUBMITTER, FaultyWorld, Template, meddled

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

_ROWS = 6
_DESTROYED_SECONDS = 60.0
_SUBMIT, _ASK = "POST /v1/signalen", "POST /v1/bevragingen"


@dataclass
class Late:
    """A world in which some signals were sent and asked about, and the requests that did it."""

    faulty: FaultyWorld
    register: Meddler
    system: CaseSystem
    inspector: Inspector

    def signals(self) -> list[Exchange]:
        """The requests that stored the signals."""
        return [one for one in self.register.sent(_SUBMIT) if one.status == 201]

    def storing(self, row: Row) -> Exchange:
        """The request that stored this row."""
        said = self.faulty.ledger.told().acknowledged[row]
        return next(one for one in self.signals() if str(said.signal_id).encode() in one.request.body)

    def again(self, exchanges: list[Exchange]) -> set[tuple[int, object]]:
        """Every request once more; the statuses, and whether it was told that nothing was new."""
        answers = [self.register.repeat(one.request) for one in exchanges]
        return {(one.status_code, one.json().get("herhaald")) for one in answers}


@pytest.fixture(scope="module")
def late(template: Template, seed: int) -> Iterator[Late]:
    with template.copy("late-deliveries") as world, meddled(world, "register") as proxies:
        world.start(PROCESSES)
        faulty = FaultyWorld(world)
        with faulty.client(SUBMITTER) as submitting, faulty.client(ASKER) as asking:
            system = CaseSystem("case system", faulty.ledger, submitting, SUBMITTER)
            inspector = Inspector("inspector", faulty.ledger, asking, random.Random(seed))
            for _row in range(_ROWS):
                system.work()
            for row in sorted(faulty.ledger.told().acknowledged):
                inspector.ask(row.phone, "bekend_elders")
            yield Late(faulty, proxies["register"], system, inspector)


def test_signals_that_arrive_again_in_another_order_are_acknowledged_and_change_nothing(
    late: Late, seed: int
) -> None:
    exchanges = late.signals()
    assert len(exchanges) == _ROWS
    random.Random(seed).shuffle(exchanges)
    assert late.again(exchanges) == {(201, True)}
    late.system.work()
    assert late.again(exchanges) == {(201, True)}
    late.faulty.check("signals again")


def test_questions_that_arrive_again_are_answered_and_logged_again_and_leave_no_second_treffer(
    late: Late,
) -> None:
    before = late.faulty.contents()
    exchanges = late.register.sent(_ASK)
    answers = [late.register.repeat(one.request).json() for one in exchanges]
    for one in answers:
        late.faulty.ledger.receipt(one["logbewijs"]["bewijs"])
    assert {one["uitkomst"] for one in answers} == {"bekend_elders"}
    after = late.faulty.contents()
    assert after.treffers == before.treffers == _ROWS
    assert len(after.leaves) >= len(before.leaves) + len(exchanges)
    late.faulty.check("questions again")


@pytest.mark.parametrize("call", [_SUBMIT, _ASK])
def test_another_body_under_the_same_key_is_refused(late: Late, call: str) -> None:
    first, second = late.register.sent(call)[:2]
    answer = late.register.repeat(first.request, second.request.body)
    assert (answer.status_code, answer.json()["code"]) == (409, "sleutel-hergebruikt")
    late.faulty.check("another body")


def test_a_withdrawn_signal_does_not_come_back_when_its_request_arrives_late(late: Late) -> None:
    row = min(late.faulty.ledger.told().acknowledged)
    withdraw(late, row, late.faulty.ledger.told().acknowledged[row].signal_id)
    exchange = late.storing(row)
    assert late.register.repeat(exchange.request).status_code == 409
    late.inspector.ask(row.phone, "niet_bekend")
    # The withdrawal itself may come late, too.
    (withdrawal,) = [one for one in late.register.exchanges if one.request.call.endswith("/intrekkingen")]
    assert late.register.repeat(withdrawal.request).status_code == withdrawal.status
    late.faulty.check("a withdrawn signal again")


def test_a_withdrawal_that_overtakes_its_signal_keeps_it_out(late: Late) -> None:
    """The request is under way somewhere when its signal is withdrawn; then it arrives."""
    (row,) = late.faulty.ledger.rows(SUBMITTER, 1)
    late.faulty.ledger.attempt([row])
    with late.register.ruled(lambda request: Act.LOSE if request.call == _SUBMIT else Act.PASS):
        late.system.settle(row)
    (under_way,) = late.register.lost
    signal_id = late.faulty.ledger.told().waiting[row]
    withdraw(late, row, signal_id)
    assert 400 <= late.register.repeat(under_way).status_code < 500
    assert signal_id not in {
        one.signal_id for one in late.faulty.contents().signals if one.status == "actief"
    }
    late.faulty.check("a withdrawal that came first")


def withdraw(late: Late, row: Row, signal_id: UUID | None) -> None:
    body = {"signaalId": str(signal_id), "reden": "onjuist"}
    with late.faulty.client(SUBMITTER, "aandachtsfunctionaris") as contact:
        answer = contact.send("POST", "/v1/intrekkingen", body)
    assert answer.status_code == 201, answer.text
    late.faulty.ledger.bury([row])


def test_a_day_later_nothing_that_arrives_again_is_doubled(late: Late) -> None:
    treffers = late.faulty.contents().treffers
    late.faulty.forward(timedelta(hours=25))
    living = [late.storing(row) for row in sorted(late.faulty.ledger.told().living)]
    assert late.again(living) == {(201, True)}
    for one in late.register.sent(_ASK):
        assert late.register.repeat(one.request).status_code == 200
    # The treffer of the withdrawn signal may have been destroyed meanwhile; none came.
    assert late.faulty.contents().treffers <= treffers
    late.faulty.check("a day later")


def test_a_day_later_other_content_under_the_same_id_is_still_refused(late: Late) -> None:
    exchange = late.storing(max(late.faulty.ledger.told().living))
    other = exchange.request.body.replace(b'"informatie":4', b'"informatie":3')
    assert other != exchange.request.body
    answer = late.register.repeat(exchange.request, other)
    assert answer.status_code == 409, answer.text
    late.faulty.check("a day later, other content")


def test_a_withdrawn_signal_does_not_come_back_after_its_destruction(late: Late) -> None:
    told = late.faulty.ledger.told()
    row = min(told.gone & set(told.acknowledged))
    said = told.acknowledged[row]
    late.faulty.forward(timedelta(days=3))
    until_destroyed(late, said.signal_id)
    answer = late.register.repeat(late.storing(row).request)
    assert 400 <= answer.status_code < 500, answer.text
    assert said.signal_id not in stored(late)
    late.inspector.new_day()
    late.inspector.ask(row.phone, "niet_bekend")
    late.faulty.check("a destroyed signal again")


def test_after_the_term_nothing_that_arrives_again_comes_back_and_destroyed_it_stays_away(late: Late) -> None:
    rows = sorted(late.faulty.ledger.told().living)
    exchanges = [late.storing(row) for row in rows]
    late.faulty.forward(timedelta(days=366))
    late.faulty.ledger.bury(rows)
    for exchange in exchanges:
        assert 400 <= late.register.repeat(exchange.request).status_code < 500
    late.faulty.check("expired signals again")
    until_destroyed(late, *stored(late))
    for exchange in exchanges:
        assert 400 <= late.register.repeat(exchange.request).status_code < 500
    assert stored(late) == set()
    late.faulty.check("destroyed signals again")


def until_destroyed(late: Late, *signals: UUID | None) -> None:
    """The register's own runner destroys within a day of the exercise, and here within a minute of ours."""
    deadline = time.monotonic() + _DESTROYED_SECONDS
    while stored(late) & set(signals):
        assert time.monotonic() < deadline, "never destroyed"
        time.sleep(0.3)


def stored(late: Late) -> set[UUID]:
    """The ids of all signals in the register, whatever their status."""
    return {one.signal_id for one in late.faulty.contents().signals}
