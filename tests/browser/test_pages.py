# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages as people use them: a phone in a stairwell, an FG and an analyst at a desk. JavaScript is off, except for axe."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from register.demo.app import walk
from register.demo.plan import ASKER, CASE, CONTROL, MOMENT, PHONE, SUBMITTERS, Person, person
from register.demo.world import World
from register.explaining import PATHS
from tests.browser.conftest import DESK, Visit, ask_at_the_desk, sign_in
from tests.browser.conftest import PHONE as PHONE_WIDTH
from tests.browser.everyone import CONTACTPUNT
from tests.browser.newcomer import Newcomer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

WIDTHS = pytest.mark.parametrize("width", [PHONE_WIDTH, DESK])
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FG_PAGES = ("/maand", "/maand/2026-11/verslag", "/verstrekkingen", "/grenzen", "/logboek")
NODE_PAGES: Mapping[tuple[str, str], tuple[str, ...]] = {
    (ASKER, "toezichthouder"): ("/", "/bellen", "/terugkoppelingen", "/dossier", "/mijn-aanmelding"),
    (ASKER, "aandachtsfunctionaris"): (
        *("/", "/vragen", "/invoeren", "/treffers", "/treffers/*", "/vrijgeven", "/ontvangen"),
        *("/berichten", "/delen", "/maand/2026-10", "/inlezen"),
    ),
    (SUBMITTERS[0], "aandachtsfunctionaris"): ("/dossier", "/dossier/*", "/terugkoppelingen"),
    (ASKER, "functioneel_beheerder"): ("/medewerkers", "/bevriezingen", "/ontvangers"),
}
"""Who -> the pages of a node; with a star the first that the page before it leads to. A contactpunt has one test of its own."""


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


@contextmanager
def scripted(
    browser: Browser, world: World, organisation: str, role: str
) -> Iterator[tuple[Page, list[str]]]:
    """Somebody on a telephone with scripts on; what a page does wrong by itself is in the list."""
    wrong: list[str] = []
    with browser.new_context(viewport={"width": PHONE_WIDTH, "height": 844}, locale="nl-NL") as context:
        context.set_default_timeout(120_000)
        page = context.new_page()
        who = person(organisation, role)
        base = world.register_pages if who.at_register else world.node(organisation)
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((base, "data:")) else wrong.append(asked.url),
        )
        sign_in(page, world, who)
        yield page, wrong


@pytest.mark.parametrize(("organisation", "role"), NODE_PAGES)
def test_every_page_of_the_node_meets_wcag_by_day_and_by_night_fits_every_screen_and_asks_nothing_elsewhere(
    browser: Browser, world: World, organisation: str, role: str
) -> None:
    base = world.node(organisation)
    with scripted(browser, world, organisation, role) as (page, wrong):
        for path in NODE_PAGES[organisation, role]:
            if path.endswith("/*"):
                follow(page, page.locator(f"main a[href^='{path[:-1]}']").first)
            else:
                answer = page.goto(base + path)
                assert answer is not None
                assert answer.status == 200, path
            require_accessible(page)
        assert not wrong


def test_answers_and_a_motivation_meet_wcag_fit_every_screen_and_ask_nothing_elsewhere(
    browser: Browser, world: World
) -> None:
    base = world.node(ASKER)
    with scripted(browser, world, ASKER, "aandachtsfunctionaris") as (page, wrong):
        with page.expect_navigation():
            ask(page, base)
        expect(page.locator("main")).to_contain_text("Bekend elders")
        require_accessible(page)
        with page.expect_navigation():
            may_i_share(page, base, "toezichthouder", "hit")
        expect(page.locator("#oordeel")).to_be_visible()
        require_accessible(page)
        follow(page, page.get_by_role("button", name="Motivatie voor mijn dossier"))
        require_accessible(page)
        page.emulate_media(media="print")
        expect(page.locator("article")).to_be_visible()
        for away in ("nav", ".sr-hide", "footer", "main button"):
            expect(page.locator(away).first).to_be_hidden()
        assert not wrong


def test_the_desk_of_the_contactpunt_and_its_letter_meet_wcag_and_the_letter_is_all_that_prints(
    browser: Browser, world: World
) -> None:
    base = world.node(ASKER)
    with browser.new_context(viewport={"width": PHONE_WIDTH, "height": 844}, locale="nl-NL") as context:
        context.set_default_timeout(120_000)
        page = context.new_page()
        sign_in(page, world, Person(CONTACTPUNT, ASKER, "contactpunt"), base)
        page.goto(f"{base}/inzage")
        require_accessible(page)
        with page.expect_navigation():
            ask_at_the_desk(page, base)
        expect(page.locator("h1")).to_have_text("Antwoord op uw verzoek om inzage")
        require_accessible(page)
        page.emulate_media(media="print")
        expect(page.locator("article")).to_contain_text("INZAGE-2026-0001")
        expect(page.get_by_text("Print deze pagina")).to_be_hidden()


# ---- out of sight, few taps, and no network -------------------------------------------------------------------


def test_one_tap_hides_the_page_and_the_way_back_shows_nothing_until_somebody_goes_on(
    visit: Visit, world: World
) -> None:
    page = visit(ASKER, "toezichthouder", PHONE_WIDTH)
    page.goto(f"{world.node(ASKER)}/dossier")
    page.get_by_role("link", name="Verberg").click()
    expect(page).to_have_title("Pagina")
    page.go_back()
    expect(page.locator("body")).to_have_text("Pagina Verder")
    page.goto(f"{world.node(ASKER)}/dossier")
    expect(page.locator("body")).to_have_text("Pagina Verder")
    page.get_by_role("link", name="Verder").click()
    expect(page.locator("h1")).to_have_text("Wat wilt u doen?")


class Thumb:
    """Somebody with a telephone in one hand: every tap counts; a choice from a list takes two."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, place: Locator) -> None:
        place.click()
        self.taps += 1

    def choose(self, place: Locator, value: str) -> None:
        place.select_option(value)
        self.taps += 2

    def type(self, place: Locator, text: str) -> None:
        self.tap(place)
        place.press_sequentially(text)


def test_a_signal_of_one_telephone_and_one_indicator_in_a_known_control_takes_ten_taps_at_most(
    visit: Visit,
) -> None:
    page, thumb = visit(SUBMITTERS[0], "toezichthouder", PHONE_WIDTH), Thumb()
    thumb.tap(page.locator("main").get_by_role("link", name="Signaal invoeren"))
    expect(page.locator(f"input[name=controle][value={CONTROL}]")).to_be_checked()
    thumb.tap(page.get_by_label("Kan niet bij het eigen geld"))
    thumb.choose(page.locator("select[name=uitbuitingsvorm]"), "onbekend")
    thumb.type(page.locator("input[name=telefoon]"), "0687654321")
    thumb.tap(page.get_by_role("button", name="Bewaar signaal"))
    expect(page.locator("h1")).to_have_text("Het signaal is bewaard")
    assert thumb.taps <= 10, thumb.taps


def test_a_control_is_opened_in_one_tap_and_chosen_for_the_question(visit: Visit) -> None:
    page = visit(SUBMITTERS[1], "toezichthouder", PHONE_WIDTH)
    page.get_by_role("button", name="Controle in de horeca").click()
    chosen = page.locator("input[name=controle]:checked")
    expect(chosen).to_have_count(1)
    assert re.fullmatch(r"C-[0-9A-Z]{4}-[0-9A-Z]{4}", chosen.get_attribute("value") or "")
    assert chosen.get_attribute("value") != CONTROL


STORED = """async () => {
  const open = indexedDB.open("sr-klad", 1);
  const base = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const all = (name) => new Promise((resolve) => {
    const asked = base.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => resolve(asked.result);
  });
  const drafts = await all("klad"), keys = await all("sleutel");
  base.close();
  const text = (bytes) => new TextDecoder("latin1").decode(bytes);
  return {
    drafts: drafts.map((one) => ({ ...one, iv: text(one.iv), inhoud: text(one.inhoud) })),
    keys: keys.map((one) => [one.type, one.algorithm.name, one.extractable]),
    elsewhere: [localStorage.length, document.title],
  };
}"""
"""Everything that the browser kept, to look for what was typed."""

_UNTIL = f"""async ([drafts, keys]) => {{
  for (const until = Date.now() + 60_000; Date.now() < until;) {{
    const kept = await ({STORED})();
    if (kept.drafts.length === drafts && (keys === null || kept.keys.length === keys)) return true;
    await new Promise((go) => setTimeout(go, 50));
  }}
  return false;
}}"""


def until_stored(page: Page, drafts: int, keys: int | None = None) -> None:
    """Wait in the page: `wait_for_function` takes a promise for a yes."""
    assert page.evaluate(_UNTIL, [drafts, keys]), f"never {drafts} drafts"


def test_without_network_a_draft_is_kept_as_ciphertext_comes_back_and_goes_when_it_arrived(
    browser: Browser, world: World
) -> None:
    form = f"{world.node(ASKER)}/invoeren"
    with scripted(browser, world, ASKER, "toezichthouder") as (page, _wrong):
        page.goto(form)
        page.fill("input[name=telefoon]", "0611223344")
        page.fill("input[name=achternaam]", "Verzonnenstein")
        page.get_by_label("Kan niet bij het eigen geld").check()
        page.select_option("select[name=uitbuitingsvorm]", "onbekend")
        page.context.set_offline(True)
        page.get_by_role("button", name="Bewaar signaal").click()
        expect(page.get_by_text("Er is geen verbinding")).to_be_visible()
        expect(page.locator("input[name=telefoon]")).to_have_value("0611223344")
        kept = page.evaluate(STORED)
        assert len(kept["drafts"]) == 1
        assert kept["keys"] == [["secret", "HKDF", False]]
        assert kept["elsewhere"][0] == 0
        for typed in ("0611223344", "Verzonnenstein", "telefoon", "onbekend"):
            assert typed not in str(kept)
        page.context.set_offline(False)

        # Somebody else who signs in on the same telephone is offered nothing.
        page.goto(world.node(ASKER))
        follow(page, page.get_by_role("button", name="Afmelden"))
        sign_in(page, world, person(ASKER, "aandachtsfunctionaris"))
        page.goto(form)
        expect(page.locator("[data-klad-uitleg]")).to_be_visible()
        expect(page.get_by_role("button", name="Ga daarmee verder")).to_be_hidden()
        follow(page, page.get_by_role("button", name="Afmelden"))
        sign_in(page, world, person(ASKER, "toezichthouder"))
        expect(page.get_by_role("link", name="Ga verder met het signaal")).to_be_visible()
        expect(page.get_by_text("Ga verder met de vraag")).to_be_hidden()
        page.goto(form)
        page.get_by_role("button", name="Ga daarmee verder").click()
        expect(page.locator("input[name=achternaam]")).to_have_value("Verzonnenstein")
        expect(page.get_by_label("Kan niet bij het eigen geld")).to_be_checked()
        follow(page, page.get_by_role("button", name="Bewaar signaal"))
        expect(page.locator("h1")).to_have_text("Het signaal is bewaard")
        until_stored(page, 0, keys=0)


def test_of_two_tabs_no_draft_is_written_over_or_left_under_a_key_that_is_gone(
    browser: Browser, world: World
) -> None:
    form = f"{world.node(ASKER)}/invoeren"
    with scripted(browser, world, ASKER, "toezichthouder") as (first, wrong):
        again = first.get_by_role("button", name="Ga daarmee verder")

        def drafts(number: int) -> None:
            until_stored(first, number)

        second = first.context.new_page()
        for page, name in ((first, "Eerstestein"), (second, "Tweedestein")):
            page.goto(form)
            expect(page.locator("[data-klad-uitleg]")).to_be_visible()
            expect(page.locator("[data-klad-gevonden]")).to_be_hidden()
            page.fill("input[name=achternaam]", name)
        drafts(2)
        # The one that goes takes the other's key along no more.
        first.locator("summary", has_text="Wat blijft er op dit toestel staan?").click()
        first.get_by_role("button", name="Gooi dit nu weg").click()
        drafts(1)
        second.close()
        first.goto(form)
        third = first.context.new_page()
        third.goto(form)
        offered = third.get_by_role("button", name="Ga daarmee verder")
        expect(offered).to_be_visible()
        again.click()
        expect(first.locator("input[name=achternaam]")).to_have_value("Tweedestein")
        first.fill("input[name=voornamen]", "Tabje")
        # Offered in both; taken in one, and not taken from it.
        offered.click()
        expect(offered).to_be_hidden()
        expect(third.locator("input[name=achternaam]")).to_have_value("")
        third.fill("input[name=achternaam]", "Derdestein")
        drafts(2)
        first.close()
        third.goto(form)
        names = set()
        for _draft in range(2):
            offered.click()
            expect(third.locator("input[name=achternaam]")).not_to_have_value("")
            names.add(third.locator("input[name=achternaam]").input_value())
            third.locator("summary", has_text="Wat blijft er op dit toestel staan?").click()
            third.get_by_role("button", name="Gooi dit nu weg").click()
            until_stored(third, 1 - _draft)
            third.goto(form)
        assert names == {"Tweedestein", "Derdestein"}
        assert not wrong


def test_a_draft_is_gone_after_a_day_and_when_somebody_throws_it_away(browser: Browser, world: World) -> None:
    form = f"{world.node(ASKER)}/vragen"
    with scripted(browser, world, ASKER, "toezichthouder") as (page, wrong):
        for way in ("Gooi dit nu weg", "a day"):
            page.goto(form)
            page.fill("input[name=telefoon]", "0611223344")
            until_stored(page, 1)
            if way == "a day":
                page.clock.set_system_time(page.evaluate("Date.now()") + 25 * 60 * 60 * 1000)
                page.goto(world.node(ASKER))
            else:
                page.locator("summary", has_text="Wat blijft er op dit toestel staan?").click()
                page.get_by_role("button", name=way).click()
            until_stored(page, 0, keys=0)
        assert not wrong


def test_a_passkey_of_a_real_browser_is_made_signs_in_and_is_removed(browser: Browser, world: World) -> None:
    """Under the policy of the pages, and with an authenticator that the browser itself plays."""
    who, base = person(ASKER, "toezichthouder"), world.node(ASKER).replace("127.0.0.1", "localhost")
    with browser.new_context(locale="nl-NL") as context:
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        kind = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
        ready = {"isUserVerified": True, "automaticPresenceSimulation": True}
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": kind | ready})
        sign_in(page, world, who, base)
        page.goto(f"{base}/mijn-aanmelding")
        page.fill("#passkey-wachtwoord", world.passwords[who.name])
        page.get_by_role("button", name="Maak een passkey").click()
        page.fill("input[name=naam]", "werktelefoon")
        page.get_by_role("button", name="Maak de passkey").click()
        expect(page.locator(".sr-codes li")).to_have_count(10)
        page.get_by_role("button", name="Afmelden").click()
        sign_in(page, world, who, base)
        expect(page.locator("h1")).to_have_text("Aanmelden: tweede stap")
        page.goto(f"{base}/vragen")
        expect(page.locator("h1")).to_have_text("Aanmelden")
        sign_in(page, world, who, base)
        page.get_by_role("button", name="Aanmelden met uw passkey").click()
        expect(page.get_by_text("Uw aanmelding eindigt om")).to_be_visible()
        page.goto(f"{base}/mijn-aanmelding")
        expect(page.locator("main")).to_contain_text("met passkey, wachtwoord")
        page.get_by_text("werktelefoon verwijderen").click()
        page.fill("#passkey-weg-1-wachtwoord", world.passwords[who.name])
        page.get_by_role("button", name="Verwijder deze passkey").click()
        expect(page.locator("main")).to_contain_text("Verwijderd.")


@pytest.mark.parametrize("role", ["fg", "tmm_analist"])
def test_a_page_of_the_register_meets_wcag_and_never_scrolls_sideways(
    browser: Browser, world: World, role: str
) -> None:
    with browser.new_context(viewport={"width": PHONE_WIDTH, "height": 844}) as context:
        page = context.new_page()
        sign_in(page, world, person(ASKER if role == "fg" else "TMM", role))
        require_accessible(page)
        if role == "fg":
            for path in (*PATHS[1:], *FG_PAGES):
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
    """No violation that axe finds, enough contrast in the dark too, and nothing wider than any screen: one load, three widths (640 is a desk of 1280 at twice the size)."""
    page.wait_for_load_state()
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="dark")
    dark = Axe().run(page, options={"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    assert dark.violations_count == 0, dark.generate_report()
    page.emulate_media(color_scheme="light")
    shown = page.viewport_size
    assert shown is not None
    for width in (PHONE_WIDTH, 640, DESK):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (page.url, width)
    page.set_viewport_size(shown)


def test_whoever_follows_the_walk_of_the_demo_goes_all_the_way_with_pages_alone(
    visit: Visit, world: World
) -> None:
    """Last of this file: it sets the clock ahead, to the Monday on which an FG looks at the week."""
    newcomer = Newcomer(visit, "\n".join(walk(world)))
    control = newcomer.asks_and_saves()
    newcomer.takes_up_and_hands_over(control)
    newcomer.accepts_and_asks_for_phase_2()
    newcomer.releases()
    newcomer.sees_where_it_went()
    world.move_clock(MOMENT + timedelta(days=3))
    newcomer.looks_after_the_log()
