# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How long somebody with an old telephone in a stairwell waits for the first answer, against 3 seconds cold and 1.5 seconds warm.

    python -m tests.bench.phone [--rounds N] [--json OUT]

Real processes, Debian's chromium, a telephone number as question. The telephone is four times slower than this core and has 1.6 Mbit/s down, 0.75 Mbit/s up
and 150 ms for each request (the profile that Lighthouse calls slow 4G). *Cold*: a browser that has no file of ours and no connection, only its session. *Warm*: the
same browser again. Waited for is what a person waits for: the page of the question until it can be used, and the tap on its button until the answer stands
there in large words; typing in between is not counted. The first answer is their sum. Answers leave on the grid of the product (250 ms).
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from register.demo.plan import ASKER, CONTROL, MOMENT, PHONE, person
from register.demo.world import World
from tests.bench.played import played
from tests.browser.conftest import sign_in

LIMITS = {"cold": 3.0, "warm": 1.5}
"""Seconds until the first answer."""

_SLOWER = 4
_THUMB = 0.4
_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}


@dataclass(frozen=True)
class Wait:
    """Seconds, and bytes that came over the air."""

    page: float
    answer: float
    received: int

    @property
    def whole(self) -> float:
        """The first answer."""
        return self.page + self.answer


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--json", type=Path)
    options.add_argument("--port-base", type=int, default=9750)
    wish = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as folder:
        figures = measure(Path(folder), wish.rounds, wish.port_base)
    for name, one in figures.items():
        print(  # noqa: T201 - a bench prints
            f"{name}: page {one['page']:.2f} s + answer {one['answer']:.2f} s = {one['whole']:.2f} s, "
            f"{one['whole'] / LIMITS[name]:.2f} of the limit of {LIMITS[name]} s; worst {one['worst']:.2f} s; {one['kB']:.0f} kB"
        )
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measure(folder: Path, rounds: int, port_base: int) -> dict[str, dict[str, float]]:
    """Medians and the worst, cold and warm."""
    found: dict[str, list[Wait]] = {name: [] for name in LIMITS}
    with played(folder, port_base) as world, _chromium() as browser:
        minutes = count(1)
        for _round in range(rounds):
            with _telephone(browser, world) as page:
                for name in LIMITS:
                    # A minute later each time, or the holders' quota would be what is measured.
                    world.move_clock(MOMENT + timedelta(minutes=next(minutes)))
                    found[name].append(_wait(page, world.node(ASKER)))
    return {name: _figures(waits) for name, waits in found.items()}


def _figures(waits: list[Wait]) -> dict[str, float]:
    return {
        "page": statistics.median(one.page for one in waits),
        "answer": statistics.median(one.answer for one in waits),
        "whole": statistics.median(one.whole for one in waits),
        "worst": max(one.whole for one in waits),
        "kB": statistics.median(one.received for one in waits) / 1_000,
    }


def _wait(page: Page, node: str) -> Wait:
    """One question, from the page of it to the answer."""
    received = 0

    def more(event: dict[str, float]) -> None:
        nonlocal received
        received += int(event["encodedDataLength"])

    air = page.context.new_cdp_session(page)
    air.send("Network.enable")
    air.on("Network.loadingFinished", more)
    begun = time.perf_counter()
    page.goto(f"{node}/vragen")
    usable = time.perf_counter() - begun
    page.check(f"input[name=controle][value={CONTROL}]")
    page.fill("input[name=telefoon]", PHONE)
    button = page.locator("main button[type=submit]").first
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    assert place is not None
    # A thumb needs longer from the last key to the button.
    time.sleep(_THUMB)
    tapped = time.perf_counter()
    page.touchscreen.tap(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.get_by_text("Bekend elders").first.wait_for()
    answered = time.perf_counter() - tapped
    page.wait_for_load_state()
    air.detach()
    return Wait(usable, answered, received)


@contextmanager
def _telephone(browser: Browser, world: World) -> Iterator[Page]:
    """A slow one with nothing of ours but a session."""
    with _context(browser) as before:
        sign_in(page := before.new_page(), world, person(ASKER, "toezichthouder"))
        page.wait_for_load_state()
        session = before.storage_state()
    with _context(browser, session) as cold:
        page = cold.new_page()
        slow = cold.new_cdp_session(page)
        slow.send("Network.enable")
        slow.send("Network.emulateNetworkConditions", _NETWORK)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        yield page


def _context(browser: Browser, session: StorageState | None = None) -> BrowserContext:
    return browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="nl-NL",
        is_mobile=True,
        has_touch=True,
        storage_state=session,
    )


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


if __name__ == "__main__":
    main()
