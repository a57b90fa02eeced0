# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Somebody who never saw the signaalregister and follows the walk that `make demo` prints (`register.demo.app.walk`): every button that is pressed by name here is named there."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from register.demo.plan import ASKER, PHONE, SUBMITTERS, WALK_CASE
from tests.browser.conftest import DESK, Visit
from tests.browser.conftest import PHONE as PHONE_WIDTH

TMM_GROUND = "OEF-WPG-TMM"


@dataclass
class Newcomer:
    """At each desk in turn.

    Attributes:
        visit: signs somebody in.
        words: the walk.
    """

    visit: Visit
    words: str

    def press(self, page: Page, name: str) -> None:
        assert f"'{name}'" in self.words, name
        page.get_by_role("button", name=name, exact=True).first.click()

    def go(self, page: Page, name: str) -> None:
        assert f"'{name}'" in self.words, name
        page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()

    def case(self, page: Page, button: str) -> None:
        assert WALK_CASE in self.words
        page.fill("input[name=zaaknummer]", WALK_CASE)
        page.select_option("select[name=grondslag]", TMM_GROUND)
        page.get_by_role("button", name=button).click()

    def asks_and_saves(self) -> str:
        """A question at the door, answered; a signal saved in the same control, and found again. Gives the number of the control."""
        page = self.visit(ASKER, "toezichthouder", PHONE_WIDTH)
        self.press(page, "Controle in de horeca")
        assert PHONE in self.words
        page.fill("input[name=telefoon]", PHONE)
        self.press(page, "Vraag")
        expect(page.locator("main")).to_contain_text("Bekend elders")
        control = re.search(r"controle (C-[0-9A-Z]{4}-[0-9A-Z]{4})", page.locator("main").inner_text())
        assert control
        self.press(page, "Bewaar als signaal")
        page.get_by_label("Is bang voor een ander").check()
        page.select_option("select[name=uitbuitingsvorm]", "arbeid")
        self.press(page, "Bewaar signaal")
        page.get_by_role("link", name="Open dit signaal in het dossier").click()
        expect(page.locator("main")).to_contain_text("Waarom opent u dit signaal?")
        return control[1]

    def takes_up_and_hands_over(self, control: str) -> None:
        """The treffer of that question."""
        page = self.visit(ASKER, "aandachtsfunctionaris", DESK)
        self.go(page, "Treffers")
        card = page.locator("section", has_text=control)
        expect(card).to_contain_text("bewaarde zelf een signaal. Open de treffer")
        card.get_by_role("link", name="Treffer van").click()
        expect(page.get_by_role("link", name="in het dossier").first).to_be_visible()
        for name in ("beoordeling", "reden_oppakken", "eerste_actie"):
            page.select_option(f"select[name={name}]", index=1)
        self.press(page, "Pak op")
        assert "'Draag over aan politie of inspectie'" in self.words
        page.locator("summary", has_text="Draag over aan politie of inspectie").click()
        page.select_option("select[name=aan]", "TMM")
        self.press(page, "Draag over")
        expect(page.locator("table")).to_contain_text("Team Migratiecriminaliteit en Mensenhandel")

    def accepts_and_asks_for_phase_2(self) -> None:
        """The coordinator forgets a tick, and loses nothing by it."""
        page = self.visit("TMM", "tmm_coordinator", DESK)
        self.go(page, "Overdrachten")
        self.case(page, "Toon overdrachten")
        page.locator("section", has_text="wacht op u").get_by_role("button", name="Open overdracht").click()
        self.press(page, "Neem deze overdracht aan")
        self.press(page, "Open het dossier")
        page.locator("input[name=criteria]").first.check()
        self.press(page, "Vraag fase 2 aan")
        expect(page.get_by_role("alert")).to_contain_text("vink elk punt af")
        expect(page.locator("input[name=criteria]").first).to_be_checked()
        for box in page.locator("input[name=criteria]").all():
            box.check()
        self.press(page, "Vraag fase 2 aan")
        expect(page.locator("main")).to_contain_text("0 van de 4 signalen")

    def releases(self) -> None:
        """Each of four its own signal."""
        assert "'Geef signaal ... vrij'" in self.words
        for organisation in (*SUBMITTERS, ASKER):
            page = self.visit(organisation, "aandachtsfunctionaris", DESK)
            self.go(page, "Treffers")
            # A release in one treffer is none in another.
            asked = page.locator("section", has_text=re.compile(r"Fase 2\s*(gevraagd|open)"))
            asked.get_by_role("button", name=re.compile("^Geef signaal")).first.click()
            expect(page.locator("main")).to_contain_text("is vrijgegeven.")

    def sees_where_it_went(self) -> None:
        """A to B to C to D, and why."""
        page = self.visit("TMM", "tmm_analist", DESK)
        self.case(page, "Toon dossiers")
        page.get_by_role("button", name="Open dossier").first.click()
        route = page.locator(".sr-route").first.locator("li")
        expect(route).to_have_text(["Oefenstad", "Oefenhaven", "Oefenwoud", "Oefendorp"])
        self.press(page, "Toon netwerk en verplaatsing")
        expect(page.locator("main")).to_contain_text("zelfde telefoon, 4 gemeenten")

    def looks_after_the_log(self) -> None:
        """A verdict on what was asked, and the log replayed."""
        page = self.visit(ASKER, "fg", DESK)
        self.go(page, "Postvak")
        link = page.get_by_role("link", name="Open de vraag op blad")
        while not link.count():
            # The register fills the inbox by itself.
            page.wait_for_timeout(200)
            page.reload()
        link.first.click()
        page.get_by_label("Terecht: De vraag past bij een controle of zaak").check()
        self.press(page, "Leg oordeel vast")
        expect(page.locator("main")).to_contain_text("Uw oordeel: Terecht.")
        self.go(page, "Logboek")
        assert "'Reken het logboek na'" in self.words
        page.get_by_role("link", name="Reken het logboek na").click()
        expect(page.locator("main")).to_contain_text("Het logboek klopt tot en met regel")
