# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Written, but told that it failed; and its twin, told twice what was done once. A proxy before register, holders and node cuts off answers."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from register.demo.plan import ASKER
from tests.faults.clients import CaseSystem, Inspector
from tests.faults.meddler import Act, Meddler, Request, Rule
from tests.faults.told import Row
from tests.faults.world_check import proven
from tests.faults.worlds import PROCESSES, SUBMITTER, FaultyWorld, Template, meddled

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

_HOLDERS = ("houder-1", "houder-2", "houder-3")
_PROXIES = ("register", *_HOLDERS, "client")


@dataclass
class Line:
    """A world with a proxy before everything, and one client of each kind."""

    faulty: FaultyWorld
    proxies: dict[str, Meddler]
    system: CaseSystem
    inspector: Inspector


@pytest.fixture(scope="module")
def line(template: Template, seed: int) -> Iterator[Line]:
    with template.copy("lost-acknowledgements") as world, meddled(world, *_PROXIES) as proxies:
        world.start(PROCESSES)
        faulty = FaultyWorld(world)
        with (
            faulty.client(SUBMITTER, url=proxies["client"].url) as submitting,
            faulty.client(ASKER) as asking,
        ):
            yield Line(
                faulty,
                proxies,
                CaseSystem("case system", faulty.ledger, submitting, SUBMITTER),
                Inspector("inspector", faulty.ledger, asking, random.Random(seed)),
            )


@dataclass
class Once:
    """Does something to the first few requests of one kind, and lets the rest pass."""

    call: str
    act: Act
    times: int = 1
    met: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Act:
        with self.lock:
            if request.call != self.call or self.met >= self.times:
                return Act.PASS
            self.met += 1
            return self.act


_ACTS = [Act.CUT, Act.LOSE, Act.TWICE]


@pytest.mark.parametrize("act", _ACTS, ids=lambda act: act.name.lower())
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(
    ("before", "call"),
    [
        (("register",), "POST /v1/signalen"),
        (("client",), "POST /v1/signalen"),
        (_HOLDERS, "POST /v1/evaluaties"),
    ],
)
def test_a_signal_is_stored_once_whatever_becomes_of_its_answer(
    line: Line, before: tuple[str, ...], call: str, times: int, act: Act
) -> None:
    rule = Once(call, act, times)
    with ExitStack() as ruled:
        for name in before:
            ruled.enter_context(line.proxies[name].ruled(rule))
        line.system.work()
    assert rule.met
    line.faulty.check(f"{act.value}: {call} at {before[0]}")


@pytest.mark.parametrize("act", _ACTS, ids=lambda act: act.name.lower())
def test_a_question_whose_answer_is_lost_is_in_the_log_and_leaves_one_treffer(line: Line, act: Act) -> None:
    line.system.work()
    stored = max(line.faulty.ledger.told().acknowledged)
    rule = Once("POST /v1/bevragingen", act)
    with line.proxies["register"].ruled(rule):
        line.inspector.ask(stored.phone, "bekend_elders")
    assert rule.met
    line.faulty.check(f"{act.value}: a question")


def test_at_random_nothing_is_lost_and_nothing_doubled(
    line: Line, seed: int, kills: int, figures: Callable[[str], None]
) -> None:
    acts: Counter[Act] = Counter()
    for proxy in line.proxies.values():
        proxy.rule = counted(random_acts(random.Random(f"{seed} {proxy.target}")), acts)
    for number in range(max(10, kills // 2)):
        line.system.work()
        if number % 3 == 0:
            line.inspector.work()
        if number % 10 == 0:
            line.faulty.check(f"round {number}")
    for proxy in line.proxies.values():
        proxy.rule = lambda _request: Act.PASS
    line.faulty.check_all("all rounds")
    told = line.faulty.ledger.told()
    shown = {act.value: times for act, times in acts.items()}
    figures(f"lost acknowledgements: {shown}; {proven(told)}; {dict(told.counts)}")


def random_acts(dice: random.Random) -> Rule:
    """One request in three does not pass as it should."""
    lock = threading.Lock()

    def rule(_request: Request) -> Act:
        with lock:
            return dice.choices([Act.PASS, Act.CUT, Act.LOSE, Act.TWICE], [66, 14, 8, 12])[0]

    return rule


def counted(rule: Rule, acts: Counter[Act]) -> Rule:
    """The same rule, with what it did on record."""

    def counting(request: Request) -> Act:
        act = rule(request)
        acts[act] += 1
        return act

    return counting


def test_the_same_key_with_other_content_is_refused_and_changes_nothing(line: Line) -> None:
    line.system.work()
    stored = max(line.faulty.ledger.told().acknowledged)
    proxy = line.proxies["client"]
    sent = next(
        one for one in reversed(proxy.sent("POST /v1/signalen")) if stored.phone in str(one.request.body)
    )
    other = sent.request.body.replace(stored.phone.encode(), Row(999_999, SUBMITTER).phone.encode())
    answer = proxy.repeat(sent.request, other)
    assert answer.status_code == 409, answer.text
    assert answer.json()["wegVooruit"]
    line.faulty.check("another body under the same key")
