# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`kill -9` at random moments, and starting again after a random moment: the plan from a seed, and its execution.

A blow falls when everything is up and work has been done since the one before, so that it always falls into work: a random moment later one or two victims
die together. A world that is being started is no exception: the second victim of a blow may die while it starts. Whoever was killed is started after a random moment,
as a supervisor would, and again when it cannot stay up yet because another is still away.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from register.demo.world import World, WorldError
from tests.faults.postgres import PostgresServer
from tests.faults.told import Ledger
from tests.faults.world_check import EARLIER, OUTPUT

DATABASE = "database"
_UP_SECONDS = 240.0
_WORK_SECONDS = 60.0
"""Both are reached only by a world that hangs, on a machine that is shared and slow too."""


@dataclass(frozen=True)
class Blow:
    """One moment at which something dies.

    Attributes:
        victims: who dies, the first one first.
        after: seconds of work before it.
        between: seconds between the first victim and the second.
        down: seconds before the victims are started again.
    """

    victims: tuple[str, ...]
    after: float
    between: float
    down: float


def plan(seed: int, kills: int, weights: dict[str, int]) -> list[Blow]:
    """So many kills; the same seed gives the same plan."""
    dice = random.Random(seed)
    names = sorted(weights)
    blows, left = [], kills
    while left:
        count = 2 if left > 1 and dice.random() < 0.3 else 1
        victims: list[str] = []
        while len(victims) < count:
            (name,) = dice.choices(names, [weights[one] for one in names])
            if name not in victims:
                victims.append(name)
        blows.append(
            Blow(
                tuple(victims),
                dice.uniform(0, 0.8),
                dice.choice((0.0, dice.uniform(0, 1.5))),
                dice.uniform(0, 0.5),
            )
        )
        left -= count
    return blows


@dataclass
class Storm:
    """Carries out a plan on a world.

    Args:
        world: whose processes die.
        server: the database, when that dies too.
        ledger: to see that work is done.
        others: victims that are neither, such as a client; each says whether there was somebody to kill.
        when_up: called when everything is up again.
    """

    world: World
    ledger: Ledger
    server: PostgresServer | None = None
    others: dict[str, Callable[[], bool]] = field(default_factory=dict)
    when_up: Callable[[], None] = lambda: None
    killed: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def strike(self, blow: Blow) -> None:
        """One blow, until everything is up again and work was done."""
        begun = time.monotonic()
        time.sleep(blow.after)
        for place, victim in enumerate(blow.victims):
            if place:
                time.sleep(blow.between)
            self._kill(victim)
        time.sleep(blow.down)
        self._bring_up(blow.victims)
        self.when_up()
        self._until_work_was_done()
        self.seconds.append(time.monotonic() - begun)

    def _kill(self, victim: str) -> None:
        if victim == DATABASE:
            assert self.server is not None
            self.server.kill()
        elif victim in self.others:
            if not self.others[victim]():
                return
        else:
            self.world.kill(victim)
        self.killed[victim] += 1

    def _bring_up(self, victims: Sequence[str]) -> None:
        if DATABASE in victims and self.server is not None:
            self.server.start()
        deadline = time.monotonic() + _UP_SECONDS
        down = [one for one in victims if one != DATABASE and one not in self.others]
        while down:
            for name in down:
                keep_output(self.world, name)
            try:
                self.world.start(down)
            except WorldError:
                # What stood in its way may be gone the next time; that it ends is for the deadline.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            alive = self.world.alive()
            down = [one for one in down if not alive.get(one, False)]
        for name, alive_now in self.world.alive().items():
            if not alive_now:
                self.ledger.surprise(f"{name} ended by itself")
                keep_output(self.world, name)
                self.world.start([name])

    def _until_work_was_done(self) -> None:
        before = self._done()
        deadline = time.monotonic() + _WORK_SECONDS
        while self._done() == before:
            if time.monotonic() > deadline:
                self.ledger.surprise(
                    f"no work was done in {_WORK_SECONDS:.0f} s after everything was up again"
                )
                return
            time.sleep(0.05)

    def _done(self) -> int:
        counts = self.ledger.told().counts
        return counts.get("bewaard", 0) + counts.get("wacht", 0)


def keep_output(world: World, name: str) -> None:
    """What a process said before it was killed: the next start writes over it."""
    said = world.folder / name / OUTPUT
    with said.with_name(EARLIER).open("ab") as earlier:
        earlier.write(said.read_bytes())
    said.unlink()
