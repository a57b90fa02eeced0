# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How a process is, is answered within a second, whatever hangs."""

import asyncio
import logging
import threading
from collections.abc import Iterator

import pytest

from process.health import Health
from process.serving import health
from process.serving.health import Readiness

SECRET = "postgresql://register:geheim@db"


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    """Something that gives no answer until the test is over."""
    event = threading.Event()
    yield event
    event.set()


def now(ready: Readiness) -> Health:
    return asyncio.run(ready.now())


def fail() -> str | None:
    raise OSError(SECRET)


def test_without_checks_a_process_is_ready() -> None:
    assert now(Readiness()) == Health()


def test_every_obstacle_is_told_and_a_worry_is_no_obstacle() -> None:
    ready = Readiness([lambda: "Een.", lambda: None, lambda: "Twee."], [lambda: ["Let op."]])
    assert now(ready) == Health(("Een.", "Twee."), ("Let op.",))
    worried = now(Readiness([lambda: None], [lambda: ["Let op."]]))
    assert worried.ready
    assert worried.document() == {"status": "klaar", "redenen": [], "zorgen": ["Let op."]}


def test_a_check_that_fails_is_an_obstacle_and_tells_nothing_of_why(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        found = now(Readiness([fail], [lambda: str(fail())]))
    assert len(found.obstacles) == len(found.worries) == 1
    assert "OSError" in caplog.text
    assert SECRET not in caplog.text + str(found)


def test_a_check_that_hangs_is_an_obstacle_within_a_second(
    hanging: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "SECONDS", 0.05)

    def hang() -> None:
        hanging.wait()

    found = now(Readiness([hang]))
    assert "binnen een seconde" in found.obstacles[0]


def test_many_who_ask_at_once_cause_one_look(hanging: threading.Event) -> None:
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        hanging.wait()

    ready = Readiness([look])

    async def ask() -> list[Health]:
        asking = [asyncio.create_task(ready.now()) for _ in range(20)]
        while not looks:  # noqa: ASYNC110 - it is set by another thread
            await asyncio.sleep(0)
        hanging.set()
        return await asyncio.gather(*asking)

    assert asyncio.run(ask()) == [Health()] * 20
    assert looks == [1]


def test_one_who_gives_up_takes_the_answer_from_nobody(hanging: threading.Event) -> None:
    def look() -> str:
        hanging.wait()
        return "Een."

    ready = Readiness([look])

    async def ask() -> Health:
        impatient, patient = asyncio.create_task(ready.now()), asyncio.create_task(ready.now())
        await asyncio.sleep(0)
        impatient.cancel()
        hanging.set()
        return await patient

    assert asyncio.run(ask()).obstacles == ("Een.",)


def test_a_process_that_was_told_to_stop_is_not_ready() -> None:
    ready = Readiness([lambda: None])
    assert now(ready).ready
    ready.stop()
    assert now(ready).obstacles == ("Dit proces stopt.",)
