# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A real browser (Debian's chromium) on a real exercise."""

from collections.abc import Callable, Iterator
from shutil import which

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from register.demo.plan import PHONE as PHONE_NUMBER
from register.demo.plan import SUBMITTERS, Person, person
from register.demo.story import ask_at_the_door, import_inspections, open_phase_2
from register.demo.world import World
from tests.browser.everyone import record_contactpunt
from tests.exercise import fresh_world

__all__ = ["fresh_world"]

PHONE, DESK = 390, 1280
Visit = Callable[[str, str, int], Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = which("chromium")
    assert path, "make check installs chromium"
    with sync_playwright() as playwright:
        quiet = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-sync",
            "--no-first-run",
        ]
        chromium = playwright.chromium.launch(executable_path=path, args=quiet)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def world(fresh_world: World) -> World:
    """Signals imported, a question asked, phase 2 open, and somebody at the desk for inzage."""
    record_contactpunt(fresh_world)
    fresh_world.start(fresh_world.names())
    for organisation in SUBMITTERS:
        import_inspections(fresh_world, organisation)
    ask_at_the_door(fresh_world)
    open_phase_2(fresh_world)
    return fresh_world


@pytest.fixture
def visit(browser: Browser, world: World) -> Iterator[Visit]:
    """Sign somebody in at their own pages, without JavaScript, on a screen of this width."""
    contexts = []

    def signed_in(organisation: str, role: str, width: int) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=False, locale="nl-NL"
        )
        # A slow machine is no reason to fail; what never comes, never comes in two minutes either.
        context.set_default_timeout(120_000)
        contexts.append(context)
        page = context.new_page()
        who = person(organisation, role)
        sign_in(page, world, who)
        return page

    yield signed_in
    for context in contexts:
        context.close()


def ask_at_the_desk(page: Page, base: str) -> None:
    """Ask at the desk of the contactpunt who asked about the telephone of the exercise."""
    page.goto(f"{base}/inzage")
    page.fill("input[name=zaaknummer]", "INZAGE-2026-0001")
    page.check("input[name=identiteitGecontroleerd][value=ja]")
    page.fill("input[name=document_nummer]", "AB123456")
    page.fill("input[name=document_land]", "COL")
    page.fill("input[name=telefoon]", PHONE_NUMBER)
    page.click("main button[type=submit]")


def sign_in(page: Page, world: World, who: Person, base: str | None = None) -> None:
    """Fill in the form that everyone gets, where they work or at this address."""
    where = base or (world.register_pages if who.at_register else world.node(who.organisation))
    page.goto(where + "/aanmelden")
    page.fill("input[name=gebruikersnaam]", who.name)
    page.fill("input[name=wachtwoord]", world.passwords[who.name])
    page.click("main button[type=submit]")
