# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages as people use them: a phone in a stairwell, an FG and an analyst at a desk. JavaScript is off, except for axe."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from register.demo.plan import ASKER, CASE, CONTROL, PHONE, person
from register.demo.world import World
from tests.browser.conftest import DESK, Visit, sign_in
from tests.browser.conftest import PHONE as PHONE_WIDTH

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

WIDTHS = pytest.mark.parametrize("width", [PHONE_WIDTH, DESK])
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FG_PAGES = ("/maand", "/maand/2026-11/verslag", "/verstrekkingen", "/grenzen", "/logboek")
NODE_PAGES = ("/", "/vragen", "/invoeren", "/treffers", "/dossier", "/delen")


def ask(page: Page, base: str) -> None:
    page.goto(f"{base}/vragen")
    page.check(f"input[name=controle][value={CONTROL}]")
    page.fill("input[name=telefoon]", PHONE)
    page.click("main button[type=submit]")


@WIDTHS
def test_an_inspector_asks_at_the_door_and_reads_the_answer(visit: Visit, world: World, width: int) -> None:
    page = visit(ASKER, "toezichthouder", width)
    ask(page, world.node(ASKER))
    main = page.locator("main")
    for said in (
        "Bekend elders",
        "2-3",
        "tweede helft van 2026",
        "telefoon",
        "Bel uw aandachtsfunctionaris",
        "logboek",
    ):
        expect(main).to_contain_text(said)
    for hidden in ("Oefenstad", "Oefenhaven", "Oefenwoud", "slachtoffer"):
        expect(main).not_to_contain_text(hidden)


def test_each_field_of_the_answer_says_why_it_is_there_without_a_script(visit: Visit, world: World) -> None:
    page = visit(ASKER, "toezichthouder", PHONE_WIDTH)
    ask(page, world.node(ASKER))
    why = page.locator("details.sr-why")
    expect(why).to_have_count(1)
    why.locator("summary").click()
    expect(why.locator("p", has_text="OEFENING-OEF-GEM-GM9004")).to_have_count(1)
    for said in ("Aantal andere gemeenten", "toezichthouder.signalering.aantal", "Voor dit alles geldt"):
        expect(why).to_contain_text(said)


def may_i_share(page: Page, base: str, recipient: str, field: str) -> None:
    page.goto(f"{base}/delen")
    page.select_option("select[name=ontvanger]", recipient)
    page.check(f"input[name=velden][value={field}]")
    page.locator("summary", has_text="Controle, zaak").click()
    page.fill("input[name=zaaknummer]", CONTROL)
    page.click("main form button[type=submit]")


def test_an_inspector_reads_yes_or_no_and_prints_why_for_the_case_file(visit: Visit, world: World) -> None:
    page = visit(ASKER, "toezichthouder", PHONE_WIDTH)
    may_i_share(page, world.node(ASKER), "buiten", "hit")
    expect(page.locator("#oordeel")).to_have_text("Nee, dit mag niet.")
    may_i_share(page, world.node(ASKER), "aandachtsfunctionaris", "hit")
    expect(page.locator("#oordeel")).to_have_text("Ja, als dit klopt.")
    for box in page.locator("input[name=verklaard]").all():
        box.check()
    page.get_by_role("button", name="Kijk opnieuw").click()
    expect(page.locator("#oordeel")).to_have_text("Ja, dit mag.")
    page.get_by_role("button", name="Motivatie voor mijn dossier").click()
    expect(page.locator("article")).to_contain_text("document OEFENING-OEF-GEM-GM9004")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Bewaar als PDF").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF-")


def test_what_was_asked_can_be_saved_as_a_signal_without_typing_it_again(visit: Visit, world: World) -> None:
    page = visit(ASKER, "toezichthouder", PHONE_WIDTH)
    ask(page, world.node(ASKER))
    page.get_by_role("button", name=re.compile("signaal", re.IGNORECASE)).first.click()
    expect(page.locator("input[name=telefoon]")).to_have_value(PHONE)


def test_a_refused_entry_keeps_everything_that_was_typed_and_says_what_to_mend(
    visit: Visit, world: World
) -> None:
    page = visit(ASKER, "toezichthouder", PHONE_WIDTH)
    page.goto(f"{world.node(ASKER)}/invoeren")
    page.fill("input[name=telefoon]", "geen nummer")
    page.fill("input[name=achternaam]", "Verzonnen")
    page.click("main button[type=submit]")
    expect(page.locator("input[name=telefoon]")).to_have_value("geen nummer")
    expect(page.locator("input[name=achternaam]")).to_have_value("Verzonnen")
    expect(page.locator("main")).to_contain_text("aanwijzing")


def test_a_name_alone_is_too_little_and_the_page_says_what_to_ask_for(visit: Visit, world: World) -> None:
    page = visit(ASKER, "toezichthouder", PHONE_WIDTH)
    page.goto(f"{world.node(ASKER)}/vragen")
    page.check(f"input[name=controle][value={CONTROL}]")
    page.fill("input[name=achternaam]", "Verzonnen")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text(re.compile("telefoon|document|geboortedatum"))
    expect(page.locator("input[name=achternaam]")).to_have_value("Verzonnen")


ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
"""The passport of ICAO Doc 9303 part 4."""


def test_an_inspector_pastes_the_lines_of_a_passport_and_reads_what_was_taken_from_them(
    visit: Visit, world: World
) -> None:
    page = visit(ASKER, "toezichthouder", PHONE_WIDTH)
    wrong = ZONE.replace("L898902C3", "L898902C4")
    page.goto(f"{world.node(ASKER)}/vragen")
    page.check(f"input[name=controle][value={CONTROL}]")
    page.locator("summary", has_text="onder aan het document").click()
    lines = page.locator("textarea[name=mrz]")
    lines.fill(wrong)
    page.click("main button[type=submit]")
    # Refused, in one box, with the lines as they were pasted and open to be mended.
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("controlecijfer")
    expect(lines).to_be_visible()
    expect(lines).to_have_value(wrong)
    lines.fill(ZONE)
    page.click("main button[type=submit]")
    main = page.locator("main")
    expect(main).to_contain_text("documentnummer, land van afgifte, naam, geboortedatum")
    expect(main).not_to_contain_text(re.compile("eriksson|898902|1974", re.IGNORECASE))
    page.get_by_role("button", name=re.compile("signaal", re.IGNORECASE)).first.click()
    expect(page.locator("textarea[name=mrz]")).to_have_value(ZONE)


def test_a_page_that_does_not_exist_leads_back_by_the_menu(visit: Visit, world: World) -> None:
    page = visit(ASKER, "toezichthouder", PHONE_WIDTH)
    page.goto(f"{world.node(ASKER)}/bestaat-niet")
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Vragen").click()
    expect(page).to_have_url(re.compile("/vragen$"))


@WIDTHS
def test_an_fg_finds_the_question_and_sees_it_proved(visit: Visit, world: World, width: int) -> None:
    page = visit(ASKER, "fg", width)
    page.goto(f"{world.register_pages}/logboek")
    row = page.locator("tr", has_text="Vraag gesteld").last
    row.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("Ja, dit is nagerekend")
    with page.expect_download() as saved:
        page.get_by_role("link", name=re.compile("Bewijs opslaan")).click()
    done = world.command("audit", "verify", str(saved.value.path()), "--vkey", world.log_vkey)
    assert done.returncode == 0, done.stdout


@WIDTHS
def test_an_analyst_sees_a_to_b_to_c(visit: Visit, width: int) -> None:
    page = visit("TMM", "tmm_analist", width)
    open_cases(page)
    page.get_by_role("button", name="Open dossier").first.click()
    expect(page.locator(".sr-route li")).to_have_text(["Oefenstad", "Oefenhaven", "Oefenwoud"])


def open_cases(page: Page) -> None:
    page.fill("input[name=zaaknummer]", CASE)
    page.select_option("select[name=grondslag]", "OEF-WPG-TMM")
    page.get_by_role("button", name="Toon dossiers").click()


def test_an_analyst_without_a_case_number_sees_nothing(visit: Visit) -> None:
    page = visit("TMM", "tmm_analist", DESK)
    expect(page.locator("main")).not_to_contain_text("Treffer van")


def test_a_wrong_password_says_so_without_saying_which_was_wrong(browser: Browser, world: World) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{world.register_pages}/aanmelden")
        page.fill("input[name=gebruikersnaam]", person(ASKER, "fg").name)
        page.fill("input[name=wachtwoord]", "verkeerd")
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text("De naam of het wachtwoord klopt niet.")


@pytest.fixture
def scripted(browser: Browser, world: World, request: pytest.FixtureRequest) -> Iterator[tuple[Page, str]]:
    """The aandachtsfunctionaris, who has every page of a node, with scripts on for axe alone."""
    with browser.new_context(viewport={"width": request.param, "height": 844}, bypass_csp=True) as context:
        page = context.new_page()
        sign_in(page, world, person(ASKER, "aandachtsfunctionaris"))
        yield page, world.node(ASKER)


@pytest.mark.parametrize("scripted", [PHONE_WIDTH, DESK], indirect=True)
@pytest.mark.parametrize("path", NODE_PAGES)
def test_a_page_of_the_node_meets_wcag_and_never_scrolls_sideways(
    scripted: tuple[Page, str], path: str
) -> None:
    page, base = scripted
    page.goto(base + path)
    require_accessible(page)


@pytest.mark.parametrize("scripted", [PHONE_WIDTH, DESK], indirect=True)
def test_the_answer_meets_wcag_and_never_scrolls_sideways(scripted: tuple[Page, str]) -> None:
    page, base = scripted
    ask(page, base)
    expect(page.locator("main")).to_contain_text("Bekend elders")
    require_accessible(page)


@pytest.mark.parametrize("scripted", [PHONE_WIDTH, DESK], indirect=True)
def test_an_answer_about_sharing_and_its_motivation_meet_wcag_and_never_scroll_sideways(
    scripted: tuple[Page, str],
) -> None:
    page, base = scripted
    with page.expect_navigation():
        may_i_share(page, base, "toezichthouder", "hit")
    expect(page.locator("#oordeel")).to_be_visible()
    require_accessible(page)
    follow(page, page.get_by_role("button", name="Motivatie voor mijn dossier"))
    require_accessible(page)


@WIDTHS
@pytest.mark.parametrize("role", ["fg", "tmm_analist"])
def test_a_page_of_the_register_meets_wcag_and_never_scrolls_sideways(
    browser: Browser, world: World, role: str, width: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 844}, bypass_csp=True) as context:
        page = context.new_page()
        sign_in(page, world, person(ASKER if role == "fg" else "TMM", role))
        require_accessible(page)
        if role == "fg":
            for path in FG_PAGES:
                page.goto(f"{world.register_pages}{path}")
                require_accessible(page)
            follow(page, page.locator("tr", has_text="Vraag gesteld").last.get_by_role("link"))
        else:
            with page.expect_navigation():
                open_cases(page)
            require_accessible(page)
            follow(page, page.get_by_role("button", name="Open dossier").first)
        require_accessible(page)
        page.goto(f"{world.register_pages}/uitleg")
        require_accessible(page)


def follow(page: Page, link: Locator) -> None:
    """Click, and wait until the next page is there: axe must not run on the one that leaves."""
    with page.expect_navigation():
        link.click()


def require_accessible(page: Page) -> None:
    """No violation that axe finds, and nothing wider than the screen."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
