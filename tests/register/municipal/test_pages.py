# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the node, as a browser without JavaScript uses them."""

import json
import random
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from audit.merkle import leaf_hash
from register.municipal.app import Outside, create_app
from register.municipal.settings import NodeSettings
from tests.register.municipal.front import Front
from tests.register.municipal.world import (
    PASSWORD,
    Browser,
    Hands,
    HolderStation,
    Officer,
    RegisterStation,
    open_store,
    running,
)

CONTROL = {
    "controle": "nieuw",
    "waarnemingGrondslag": "apv_seksinrichting_151a",
    "controlesoort": "prostitutiecontrole_vergund",
    "plaats": "GM9004",
    "reden": "controle",
}
SIGNAL = {
    "waargenomen": "27-02-2026",
    "waarnemingGrondslag": "apv_seksinrichting_151a",
    "controlesoort": "advertentiecontrole_webcrawler",
    "uitbuitingsvorm": "seksueel_onbekend",
    "aanwijzingen_seksueel": "derde_beheert_advertentie",
    "telefoon": "06 12345678",
    "rol": "onbekend",
    "bron": "X",
    "informatie": "4",
    "behandeling": "H1",
}


def hidden(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"{name} is not on the page"
    return unescape(found.group(1))


def sign_in(browser: Browser, role: str) -> None:
    csrf = hidden(browser.get("/aanmelden"), "csrf")
    done = browser.post("/aanmelden", data={"gebruikersnaam": role, "wachtwoord": PASSWORD, "csrf": csrf})
    assert (done.status_code, done.headers["location"]) == (303, "/")


def send(browser: Browser, path: str, data: dict[str, Any], of: str = "") -> httpx.Response:
    page = browser.get(of or path)
    extra = {"sleutel": hidden(page, "sleutel")} if 'name="sleutel"' in page.text else {}
    return browser.post(path, data={"csrf": hidden(page, "csrf"), **extra, **data})


@pytest.fixture
def inspecting(guest: Browser) -> Browser:
    sign_in(guest, "toezichthouder")
    return guest


@pytest.fixture
def keeping(guest: Browser) -> Browser:
    sign_in(guest, "aandachtsfunctionaris")
    return guest


@pytest.mark.parametrize("path", ["/", "/vragen", "/invoeren", "/treffers"])
def test_without_signing_in_a_page_leads_to_the_door(guest: Browser, path: str) -> None:
    answer = guest.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden")


def test_the_session_cookie_is_for_this_site_and_no_script(guest: Browser) -> None:
    csrf = hidden(guest.get("/aanmelden"), "csrf")
    done = guest.post("/aanmelden", data={"gebruikersnaam": "fg", "wachtwoord": PASSWORD, "csrf": csrf})
    cookie = next(one for one in done.headers.get_list("set-cookie") if one.startswith("sr_sessie="))
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


def test_signing_in_needs_the_form_of_this_browser(guest: Browser) -> None:
    guest.get("/aanmelden")
    sent = {"gebruikersnaam": "toezichthouder", "wachtwoord": PASSWORD, "csrf": "0" * 64}
    assert guest.post("/aanmelden", data=sent).status_code == 403
    assert guest.get("/").status_code == 303


def test_a_wrong_password_says_nothing_about_which_was_wrong(guest: Browser) -> None:
    texts = []
    for name in ("toezichthouder", "niemand"):
        csrf = hidden(guest.get("/aanmelden"), "csrf")
        sent = {"gebruikersnaam": name, "wachtwoord": "verkeerd-wachtwoord", "csrf": csrf}
        answer = guest.post("/aanmelden", data=sent)
        assert answer.status_code == 401
        texts.append(re.sub(r'value="[^"]*"', "", answer.text))
    assert texts[0] == texts[1]


def test_a_form_of_another_session_is_refused(inspecting: Browser) -> None:
    answer = inspecting.post("/vragen", data={**CONTROL, "telefoon": "0612345678", "csrf": "0" * 64})
    assert answer.status_code == 403


def test_the_cookie_opens_nothing_under_the_interface(inspecting: Browser) -> None:
    assert inspecting.get("/v1/controles").status_code == 401


def test_signing_out_ends_the_session(inspecting: Browser) -> None:
    done = inspecting.post("/afmelden", data={"csrf": hidden(inspecting.get("/"), "csrf")})
    assert (done.status_code, done.headers["location"]) == (303, "/aanmelden")
    assert inspecting.get("/").status_code == 303


@pytest.mark.parametrize("path", ["/", "/vragen", "/invoeren"])
def test_every_page_says_exercise_and_what_may_be_shared_on_which_ground(
    inspecting: Browser, path: str
) -> None:
    page = inspecting.get(path)
    assert page.status_code == 200
    assert "OEFENING" in page.text
    assert "Grondslag: art.: taak" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "style=" not in page.text
    scripts = re.findall(r"<script.*?</script>", page.text, re.DOTALL)
    assert all(
        re.fullmatch(r'<script type="module" src="/statisch/[0-9a-f]+/[a-z]+\.m?js"></script>', one)
        for one in scripts
    )
    assert scripts


def test_a_question_opens_its_control_and_shows_the_answer(inspecting: Browser) -> None:
    assert send(inspecting, "/invoeren", SIGNAL).status_code == 200
    answer = send(inspecting, "/vragen", {**CONTROL, "telefoon": "0612345678"})
    assert answer.status_code == 200
    assert "Bekend elders" in answer.text
    assert "Bel uw aandachtsfunctionaris." in answer.text
    assert re.search(r"C-[0-9A-Z]{4}-[0-9A-Z]{4}", answer.text)


def test_a_control_opened_once_can_be_chosen_again(inspecting: Browser) -> None:
    send(inspecting, "/vragen", {**CONTROL, "telefoon": "0612345678"})
    page = inspecting.get("/vragen").text
    numbers = re.findall(r'value="(C-[0-9A-Z-]+)"', page)
    assert len(numbers) == 1
    again = send(
        inspecting, "/vragen", {"controle": numbers[0], "reden": "controle", "telefoon": "0612345678"}
    )
    assert "Niet bekend, of niet zichtbaar voor u" in again.text


def test_nothing_known_shows_the_ground_and_no_list_of_what_was_not_offered(inspecting: Browser) -> None:
    text = unescape(send(inspecting, "/vragen", {**CONTROL, "telefoon": "0612345678"}).text)
    assert "Op deze grondslag" in text
    for heading in (
        "Dit mag u zien",
        "Dit ziet u niet",
        "vraag met een sterk gegeven",
        "Laat dit weg",
    ):
        assert heading not in text


def test_an_empty_question_is_told_to_fill_in_one_attribute(inspecting: Browser) -> None:
    answer = send(inspecting, "/vragen", CONTROL)
    assert answer.status_code == 400
    assert "Vul minstens één gegeven in, zoals een telefoonnummer." in unescape(answer.text)


def test_an_empty_signal_names_each_choice_that_was_not_made(inspecting: Browser) -> None:
    text = unescape(send(inspecting, "/invoeren", {"telefoon": "0612345678"}).text)
    for sentence in (
        "Kies een taak.",
        "Kies een soort controle.",
        "Kies een vorm van uitbuiting.",
        "Vul de datum in.",
    ):
        assert sentence in text


def test_a_control_without_task_and_type_is_told_to_choose_them(inspecting: Browser) -> None:
    sent = {**CONTROL, "waarnemingGrondslag": "", "controlesoort": "", "telefoon": "0612345678"}
    text = unescape(send(inspecting, "/vragen", sent).text)
    assert "Kies een taak." in text
    assert "Kies een soort controle." in text


def test_a_refusal_of_a_page_or_behind_it_is_counted_once(
    inspecting: Browser, settings: NodeSettings, register: RegisterStation
) -> None:
    inspecting.post("/vragen", data={**CONTROL, "telefoon": "0612345678", "csrf": "0" * 64})
    send(inspecting, "/vragen", {**CONTROL, "telefoon": "12"})
    sent = {"gebruikersnaam": "fg", "wachtwoord": PASSWORD, "csrf": "0" * 64}
    inspecting.post("/aanmelden", data=sent)
    csrf = hidden(inspecting.get("/aanmelden"), "csrf")
    inspecting.post("/aanmelden", data=sent | {"wachtwoord": "verkeerd-wachtwoord", "csrf": csrf})
    register.fails = "refuses"
    assert send(inspecting, "/invoeren", SIGNAL).status_code == 403
    store = open_store(settings)
    counted = sorted((officer, code, times) for _minute, officer, code, _fields, times in store.refusals())
    store.close()
    assert counted == [
        ("-", "aanmelden-mislukt", 1),
        ("-", "formulier-verlopen", 1),
        ("toezichthouder-GM9004", "formulier-verlopen", 1),
        ("toezichthouder-GM9004", "kenmerk-onleesbaar", 1),
    ]


def test_a_form_that_is_too_large_is_a_page_in_a_browser(inspecting: Browser) -> None:
    answer = inspecting.post(
        "/invoeren", data={"telefoon": "6" * (1 << 20)}, headers={"Accept": "text/html,*/*"}
    )
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "Het verzoek is te groot." in answer.text


def test_a_page_that_does_not_exist_keeps_the_menu_of_whoever_is_signed_in(inspecting: Browser) -> None:
    for path in ("/bestaat-niet", "/vragen/bestaat-niet"):
        page = inspecting.get(path, headers={"Accept": "text/html"})
        assert (page.status_code, page.text.count("Deze pagina bestaat niet.")) == (404, 2)
        assert 'href="/vragen"' in page.text
        assert 'aria-current="page"' not in page.text
    inspecting.cookies.clear()
    page = inspecting.get("/bestaat-niet", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert 'href="/vragen"' not in page.text


def test_an_address_that_takes_only_forms_is_a_page_in_a_browser_that_keeps_its_status(
    inspecting: Browser,
) -> None:
    page = inspecting.get("/controles", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["allow"]) == (405, "POST")
    assert "Deze pagina bestaat niet." in page.text
    assert 'href="/vragen"' in page.text
    told = inspecting.get("/controles", headers={"Accept": "application/json"})
    assert (told.status_code, told.headers["allow"]) == (405, "POST")
    assert told.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/vragen", "/invoeren"])
def test_a_refusal_is_one_box_that_leads_to_the_field_and_says_nothing_twice(
    inspecting: Browser, path: str
) -> None:
    form = CONTROL if path == "/vragen" else SIGNAL
    for typed in ({"telefoon": "12"}, {"telefoon": "", "achternaam": "Nuñez"}):
        text = unescape(send(inspecting, path, {**form, **typed}).text)
        assert text.count('role="alert"') == 1
        box = text.partition('role="alert"')[2].partition("</section>")[0]
        sentences = re.findall(r"<(?:p|a|h2)[^>]*>([^<]+)<", box)
        assert len(sentences) == len(set(sentences)) >= 2
        assert 'href="#telefoon"' in box


def test_the_interface_keeps_its_problem_details_in_a_browser(guest: Browser) -> None:
    for path in ("/v1/bestaat-niet", "/v1"):
        answer = guest.get(path, headers={"Accept": "text/html"})
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_pages_promise_no_more_than_is_so(inspecting: Browser) -> None:
    start, entering = unescape(inspecting.get("/").text), unescape(inspecting.get("/invoeren").text)
    assert "alleen codes; daar staat geen naam of nummer in" in start
    assert "Een andere gemeente hoort niet vanzelf wie u bent" in start
    assert "Uw aandachtsfunctionaris kan het met het nummer intrekken" in entering
    assert "Een aanwijzing met een sterretje (*) is alleen niet genoeg." in entering
    done = unescape(send(inspecting, "/invoeren", SIGNAL).text)
    assert "dan ziet uw aandachtsfunctionaris een treffer" in done


def test_a_refused_question_keeps_everything_that_was_typed(inspecting: Browser) -> None:
    typed = {"telefoon": "12", "voornamen": 'Maria "M"', "achternaam": "Nuñez", "kenteken": "AB-12-CD"}
    answer = send(inspecting, "/vragen", {**CONTROL, **typed})
    assert answer.status_code == 400
    for name, text in typed.items():
        assert hidden_or_shown(answer, name) == text
    assert 'id="telefoon-fout"' in answer.text
    assert 'href="#telefoon"' in answer.text


PLATES = {
    "kenteken": "12-ABC-3",
    "kenteken2": "B 123 KRT",
    "kenteken2_land": "RO",
    "kenteken3": "CJ 45 LMN",
    "kenteken3_land": "RO",
}


def test_three_plates_on_the_form_stand_on_one_subject(
    inspecting: Browser, register: RegisterStation
) -> None:
    assert send(inspecting, "/invoeren", {**SIGNAL, **PLATES}).status_code < 400
    (body,) = register.signals.values()
    (subject,) = json.loads(body)["subjecten"]
    assert [one["familie"] for one in subject["pseudoniemen"]].count("plate") == 3


def test_a_refused_plate_is_named_at_its_own_input(inspecting: Browser) -> None:
    answer = send(inspecting, "/invoeren", {**SIGNAL, **PLATES, "kenteken3_land": "Roemelandië"})
    assert answer.status_code == 400
    assert 'id="kenteken3_land-fout"' in answer.text
    assert 'id="kenteken2_land-fout"' not in answer.text
    assert hidden_or_shown(answer, "kenteken2") == PLATES["kenteken2"]


def hidden_or_shown(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" type="[a-z]+" value="([^"]*)"', page.text)
    assert found, f"{name} is not on the page"
    return unescape(found.group(1))


def test_the_control_of_a_refused_question_stays_open_and_chosen(inspecting: Browser) -> None:
    first = send(inspecting, "/vragen", {**CONTROL, "telefoon": "12"})
    chosen = re.search(r'value="(C-[0-9A-Z-]+)" checked', first.text)
    assert chosen


ZONE = "I<UTOD231458907<<<<<<<<<<<<<<<\r\n7408122F1204159UTO<<<<<<<<<<<6\r\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
"""The identity card of ICAO Doc 9303 part 5, as a browser sends what was pasted."""


def pasted(page: httpx.Response) -> str:
    found = re.search(r'<textarea[^>]* name="mrz"[^>]*>([^<]*)</textarea>', page.text)
    assert found, "there is nowhere to paste"
    return unescape(found.group(1))


@pytest.mark.parametrize("block", ["mrz", "document_nummer"])
def test_a_pasted_zone_is_asked_with_and_the_answer_says_what_was_read(
    inspecting: Browser, register: RegisterStation, block: str
) -> None:
    answer = send(inspecting, "/vragen", {**CONTROL, block: ZONE, "achternaam": "Eriksdotter"})
    assert answer.status_code == 200
    text = unescape(answer.text)
    assert "Dit doet mee: documentnummer, land van afgifte, geboortedatum." in text
    assert "U vulde zelf een naam in." in text
    families = {one["familie"] for one in register.last("/v1/bevragingen")["pseudoniemen"]}
    assert families >= {"document", "name_dob"}


def test_a_zone_that_cannot_be_read_is_refused_at_its_own_input_with_everything_in_it(
    inspecting: Browser,
) -> None:
    wrong = ZONE.replace("D231458907", "D231458917")
    for path, form in (("/vragen", CONTROL), ("/invoeren", SIGNAL)):
        answer = send(inspecting, path, {**form, "mrz": wrong, "achternaam": "Nuñez"})
        assert answer.status_code == 400
        assert pasted(answer) == wrong
        assert hidden_or_shown(answer, "achternaam") == "Nuñez"
        assert 'id="mrz-fout"' in answer.text
        assert 'href="#mrz"' in answer.text


def test_a_zone_goes_along_into_a_signal_and_is_stored_in_its_parts_only(
    keeping: Browser, contact: Officer
) -> None:
    page = send(keeping, "/vragen", {**CONTROL, "mrz": ZONE})
    carried = {"csrf": hidden(page, "csrf"), "mrz": hidden(page, "mrz")}
    form = keeping.post("/invoeren/overnemen", data=carried)
    done = send(keeping, "/invoeren", {**SIGNAL, "mrz": pasted(form)})
    assert "Dit doet mee: documentnummer, land van afgifte, naam, geboortedatum." in done.text
    number = re.search(r"[0-9a-f-]{36}", done.text.partition("Nummer")[2])
    assert number
    look = contact.post(f"/v1/signalen/{number[0]}/inzagen", {"reden": "kwaliteit"}).json()
    (subject,) = look["signaal"]["subjecten"]
    assert subject["kenmerken"] == [
        {"soort": "phone", "velden": {"number": "06 12345678"}},
        {"soort": "document", "velden": {"issuer": "UTO", "number": "D23145890"}},
        {"soort": "name_dob", "velden": {"surname": "ERIKSSON", "given": "ANNA MARIA", "dob": "1974-08-12"}},
    ]


def test_a_name_only_is_refused_with_what_to_ask_at_the_door(inspecting: Browser) -> None:
    answer = send(inspecting, "/vragen", {**CONTROL, "voornamen": "Jan", "achternaam": "Jansen"})
    assert answer.status_code == 400
    assert "Regel: C3" in answer.text


def test_what_the_holders_refuse_whatever_the_signal_leaves_the_form_with_everything_in_it(
    inspecting: Browser, holders: list[HolderStation]
) -> None:
    for holder in holders:
        holder.fails = "keyset"
    answer = send(inspecting, "/invoeren", SIGNAL)
    assert answer.status_code == 409
    assert hidden_or_shown(answer, "telefoon") == "06 12345678"
    assert re.search(r'value="derde_beheert_advertentie" checked', answer.text)
    assert '<option value="seksueel_onbekend" selected>' in answer.text


def test_keep_as_signal_carries_what_was_typed_and_stores_nothing(
    inspecting: Browser, register: RegisterStation
) -> None:
    answer = send(inspecting, "/vragen", {**CONTROL, "telefoon": "0612345678", "achternaam": "Nuñez"})
    form = re.search(r'action="/invoeren/overnemen">(.*?)</form>', answer.text, re.DOTALL)
    assert form
    carried = {
        name: unescape(text) for name, text in re.findall(r'name="(\w+)" value="([^"]*)"', form.group(1))
    }
    page = inspecting.post("/invoeren/overnemen", data=carried)
    assert page.status_code == 200
    assert hidden_or_shown(page, "telefoon") == "0612345678"
    assert hidden_or_shown(page, "achternaam") == "Nuñez"
    assert not register.signals


def test_an_entered_signal_is_acknowledged_with_its_number(
    inspecting: Browser, register: RegisterStation
) -> None:
    answer = send(inspecting, "/invoeren", SIGNAL)
    assert answer.status_code == 200
    assert "Het signaal is bewaard" in answer.text
    (key,) = register.signals
    assert key[1] in answer.text


def test_a_form_sent_twice_is_one_signal(inspecting: Browser, register: RegisterStation) -> None:
    page = inspecting.get("/invoeren")
    data = {"csrf": hidden(page, "csrf"), "sleutel": hidden(page, "sleutel"), **SIGNAL}
    assert inspecting.post("/invoeren", data=data).status_code == 200
    again = inspecting.post("/invoeren", data=data)
    assert "was al bewaard" in again.text
    assert len(register.signals) == 1


def test_an_indicator_that_only_supports_is_marked(inspecting: Browser) -> None:
    page = inspecting.get("/invoeren").text
    assert "Er wonen te veel mensen *. " in page
    assert "Slaapt in het bedrijfspand. " in page


def test_an_inspector_who_chose_english_asks_and_stores_in_english(inspecting: Browser) -> None:
    start = inspecting.get("/?taal=en").text
    assert '<html lang="en"' in start
    assert "What do you want to do?" in start
    empty = send(inspecting, "/vragen", CONTROL).text
    assert "This is not right yet" in empty or "What you can do now:" in empty
    assert "Fill in at least one attribute, such as a telephone number." in empty
    answer = send(inspecting, "/vragen", {**CONTROL, "telefoon": "0612345678"}).text
    assert "Answer of the register" in answer
    assert "The signal is stored" in send(inspecting, "/invoeren", SIGNAL).text
    assert ", with password." in inspecting.get("/mijn-aanmelding").text
    assert '<html lang="nl"' in inspecting.get("/?taal=nl").text


def test_what_is_only_shown_is_asked_in_the_language_of_the_reader_and_what_is_done_in_dutch(
    inspecting: Browser, register: RegisterStation
) -> None:
    inspecting.get("/?taal=en")
    send(inspecting, "/vragen", {**CONTROL, "telefoon": "0612345678"})
    send(inspecting, "/invoeren", SIGNAL)
    asked = {(one.method, one.url.path): one.headers.get("accept-language", "") for one in register.requests}
    assert asked["GET", "/v1/grondslagen"] == asked["POST", "/v1/bevragingen"] == "en"
    assert not asked["POST", "/v1/signalen"]


def test_nothing_that_was_typed_stands_in_an_address(inspecting: Browser) -> None:
    answer = send(inspecting, "/vragen", {**CONTROL, "telefoon": "0612345678"})
    links = set(re.findall(r'(?:href|action)="([^"]*)"', answer.text))
    # The one question mark there is: the choice of a language, the same on every page.
    assert {link for link in links if "?" in link or "612" in link} == {"?taal=en"}


def test_an_inspector_has_no_page_of_treffers(inspecting: Browser) -> None:
    assert 'href="/treffers"' not in inspecting.get("/").text
    assert inspecting.get("/treffers").status_code == 403


@pytest.mark.parametrize("role", ["toezichthouder", "aandachtsfunctionaris", "ambassadeur", "fg"])
def test_every_role_reads_on_the_start_page_that_the_log_does_not_prove(
    guest: Browser, role: str, register: RegisterStation, clock: Hands, watch_round: Callable[[], None]
) -> None:
    sign_in(guest, role)
    assert "utrecht-alert--error" not in guest.get("/").text
    register.fails = "logs another leaf"
    first = len(register.log.hashes)
    Officer(guest, "aandachtsfunctionaris").get("/v1/treffers")
    wrong = ", ".join(str(leaf) for leaf in range(first, len(register.log.hashes)))
    watch_round()
    register.fails, register.log.fails = "", "away"
    clock.forward(minutes=10)
    page = unescape(guest.get("/").text)
    assert "Het logboek van het register klopt niet" in page
    assert f"Het gaat om blad {wrong}." in page
    assert "Bel vandaag nog de functionaris gegevensbescherming (FG) van uw organisatie" in page


def test_a_late_proof_is_an_alert_that_goes_away_when_it_comes(
    keeping: Browser, register: RegisterStation, clock: Hands, watch_round: Callable[[], None]
) -> None:
    send(keeping, "/vragen", {"telefoon": "06 12345678", **CONTROL})
    clock.forward(minutes=10)
    page = unescape(keeping.get("/").text)
    leaves = ", ".join(str(leaf) for leaf in range(len(register.log.hashes) - 1))
    assert f"Dat is nog niet bewezen voor blad {leaves}." in page
    assert "Vertel het aan de functionaris gegevensbescherming (FG)" in page
    watch_round()
    assert "utrecht-alert--error" not in keeping.get("/").text


@pytest.mark.parametrize(
    ("kind", "words"), [("korter", "is korter geworden"), ("vertakt", "lijkt achteraf veranderd")]
)
def test_a_broken_log_stands_on_the_start_page(
    inspecting: Browser, register: RegisterStation, watch_round: Callable[[], None], kind: str, words: str
) -> None:
    register.log.append(b"1", b"2")
    watch_round()
    if kind == "korter":
        register.log.published = 1
    else:
        register.log.hashes[0] = leaf_hash(b"herschreven")
    watch_round()
    assert f"Het logboek van het register {words}" in unescape(inspecting.get("/").text)


def test_a_page_that_does_not_exist_is_a_page(guest: Browser) -> None:
    answer = guest.get("/bestaat-niet", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "Deze pagina bestaat niet" in answer.text


def test_the_contact_has_a_page_of_treffers(keeping: Browser, register: RegisterStation) -> None:
    register.treffers = [{"onzeRol": "melder", "fase2": "gesloten"}]
    page = keeping.get("/treffers")
    assert page.status_code == 200
    assert "gaf een signaal" in page.text


def test_a_treffer_begins_with_what_a_person_knows_it_by_and_ends_with_its_number(
    keeping: Browser, register: RegisterStation
) -> None:
    register.treffers = [
        {
            "onzeRol": "vrager",
            "fase2": "gesloten",
            "zaaknummer": "C-7K3M-Q2X9",
            "gemeenten": ["GM9001"],
            "soorten": ["telefoon"],
        }
    ]
    page = unescape(keeping.get("/treffers").text)
    card = page[page.index("Treffer van ") :]
    places = [
        card.index(words)
        for words in (
            "Wat nu:",
            "Gemeenten",
            "telefoon",
            "C-7K3M-Q2X9",
            "Deze treffer vervalt op",
            "Acuut gevaar?",
        )
    ]
    assert places == sorted(places)
    assert card.rindex(str(UUID(int=7))) > places[-1]
    assert card.index("Nummers, om over te nemen") > places[-1]
    assert re.search(rf"Nummer van de treffer</dt>\s*<dd>{UUID(int=7)}</dd>", card)


def test_in_acute_danger_the_page_of_a_treffer_opens_whom_to_call_and_says_what_follows(
    keeping: Browser, register: RegisterStation
) -> None:
    register.treffers, register.grounds = (
        [{"onzeRol": "melder", "fase2": "gesloten", "onzeSignalen": [], "vrijgegeven": []}],
        ("G-GEM", "G-VIT"),
    )
    page = keeping.get("/treffers")
    assert "Bel bij direct gevaar eerst 112." in page.text
    sent = {name: hidden(page, name) for name in ("csrf", "treffer")}
    done = keeping.post("/noodopeningen", data={**sent, "gevaar": "levensgevaar"})
    assert done.status_code == 200, done.text
    for words in (
        "Oefenstad",
        "091 000 00 01",
        "Bel eerst 112.",
        "De FG van uw organisatie en die van de andere kant",
    ):
        assert words in done.text
    asked = register.requests[-1]
    assert (asked.headers["grondslag"], asked.headers["reden"]) == ("OEF-G-VIT", "acuut_gevaar")


def test_without_a_ground_for_acute_danger_the_page_says_so_before_anybody_chooses_and_nothing_is_sent(
    keeping: Browser, register: RegisterStation
) -> None:
    register.treffers = [{"onzeRol": "melder", "fase2": "gesloten", "onzeSignalen": [], "vrijgegeven": []}]
    register.grounds = ("G-GEM",)
    page = keeping.get("/treffers")
    assert "uw organisatie heeft daarvoor geen grondslag (G-VIT)" in page.text
    assert "Toon wie ik kan bellen" not in page.text
    sent = {"csrf": hidden(page, "csrf"), "treffer": str(UUID(int=7)), "gevaar": "levensgevaar"}
    done = keeping.post("/noodopeningen", data=sent)
    assert done.status_code == 403
    assert "geen grondslag voor acuut gevaar (G-VIT)" in done.text
    assert "112" in done.text
    assert not [one for one in register.requests if one.url.path == "/v1/noodopeningen"]


def test_a_treffer_with_a_decision_offers_to_release_the_own_signal(
    keeping: Browser, register: RegisterStation
) -> None:
    send(keeping, "/invoeren", SIGNAL)
    ((_org, signal_id, _version),) = register.signals
    register.treffers = [
        {
            "onzeRol": "melder",
            "fase2": "gevraagd",
            "besluitId": "7d0c2b44-7a50-4c52-8f0c-2f5f6f5f1a11",
            "onzeSignalen": [signal_id],
            "vrijgegeven": [],
        }
    ]
    page = keeping.get("/treffers")
    done = keeping.post(
        "/vrijgaven",
        data={name: hidden(page, name) for name in ("csrf", "besluit", "signaal")},
    )
    assert (done.status_code, done.headers["location"]) == (303, "/treffers")
    assert register.opened == [signal_id]


# ---- out of sight, and one tap ----------------------------------------------------------------------------------


def test_who_is_out_of_sight_sees_one_neutral_page_until_going_on(inspecting: Browser) -> None:
    start = inspecting.get("/")
    assert 'href="/even-weg"' in start.text
    away = inspecting.get("/even-weg")
    assert away.headers["clear-site-data"] == '"cache"'
    assert away.headers["cache-control"] == "no-store"
    for word in ("ignaal", "egister", "Oefen", "OEFENING", "toezichthouder"):
        assert word not in away.text.replace("signaalregister.css", "")
    for path in ("/", "/vragen", "/dossier"):
        assert inspecting.get(path).headers["location"] == "/even-weg"
    lost = inspecting.get("/bestaat-niet", headers={"Accept": "text/html"})
    assert "Deze pagina bestaat niet" in lost.text
    assert "toezichthouder" not in lost.text
    sent = inspecting.post(
        "/vragen", data={**CONTROL, "telefoon": "0612345678", "csrf": hidden(start, "csrf")}
    )
    for word in ("ignaal", "egister", "Oefen", "OEFENING", "toezichthouder", "0612345678"):
        assert word not in sent.text.replace("signaalregister.css", "")
    assert inspecting.get("/vragen").headers["location"] == "/even-weg"
    assert inspecting.get("/even-weg/terug").headers["location"] == "/"
    assert inspecting.get("/").status_code == 200


def test_over_tls_a_page_that_was_hidden_stays_hidden_and_going_on_ends_it(
    settings: NodeSettings, clock: Hands, outside: Outside, shared_front: Front
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("register.municipal.app.front", shared_front.before)
        secure = settings.model_copy(update={"serve_tls": True})
        made = create_app(secure, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
    with running(made) as app:
        set_it = Browser(app).get("/even-weg").headers["set-cookie"]
        hiding = {"Cookie": set_it.partition(";")[0]}
        for path in ("/", "/vragen", "/uitleg/privacy"):
            assert Browser(app).get(path, headers=hiding).headers["location"] == "/even-weg"
        ended = Browser(app).get("/even-weg/terug", headers=hiding).headers["set-cookie"]
    assert ended.partition("=")[0] == set_it.partition("=")[0]
    assert "Max-Age=0" in ended


def test_help_and_a_page_that_is_not_there_do_not_name_who_is_out_of_sight(inspecting: Browser) -> None:
    inspecting.get("/even-weg")
    assert inspecting.get("/uitleg").headers["location"] == "/even-weg"
    assert "Aangemeld:" not in inspecting.get("/bestaat-niet").text


def test_an_answer_says_once_what_to_do_now(inspecting: Browser) -> None:
    answer = send(inspecting, "/vragen", {**CONTROL, "telefoon": "0612345678"})
    assert answer.text.count("Wat nu:") == 1


def test_a_form_with_a_number_that_is_no_number_is_refused_and_no_defect(inspecting: Browser) -> None:
    assert send(inspecting, "/invoeren", {**SIGNAL, "sleutel": "é"}).status_code == 400


def test_before_signing_in_there_is_nothing_to_hide(guest: Browser) -> None:
    assert "even-weg" not in guest.get("/aanmelden").text


def test_a_control_of_a_usual_kind_is_opened_in_one_tap_and_chosen(inspecting: Browser) -> None:
    start = inspecting.get("/")
    kind = "nieuw:alcoholwet_horeca:horeca"
    assert f'name="controle" value="{kind}"' in start.text
    page = inspecting.post("/controles", data={"csrf": hidden(start, "csrf"), "controle": kind})
    chosen = re.findall(r'name="controle" type="radio" value="(C-[^"]+)" checked', page.text)
    assert len(chosen) == 1
    assert f"Controle in de horeca, horecatoezicht ({chosen[0]})" in page.text


def test_a_question_opens_a_control_of_the_kind_that_was_tapped_and_the_next_day_that_kind_is_first(
    inspecting: Browser, clock: Hands
) -> None:
    tapped = "nieuw:parkeren:parkeercontrole"
    send(inspecting, "/vragen", {"controle": tapped, "reden": "controle", "telefoon": "06 12345678"})
    assert tapped not in inspecting.get("/vragen").text
    clock.forward(days=1)
    sign_in(inspecting, "toezichthouder")
    assert re.findall(r'value="(nieuw:[^"]+)"', inspecting.get("/vragen").text)[0] == tapped


def test_a_signal_takes_task_and_type_from_its_control_and_without_one_is_told_to_choose_them(
    inspecting: Browser, register: RegisterStation
) -> None:
    send(inspecting, "/vragen", {**CONTROL, "telefoon": "06 12345678"})
    form = inspecting.get("/invoeren").text
    number = re.findall(r'name="controle" type="radio" value="(C-[^"]+)" checked', form)
    typed = {
        name: text for name, text in SIGNAL.items() if name not in {"waarnemingGrondslag", "controlesoort"}
    }
    refused = send(inspecting, "/invoeren", {**typed, "controle": ""})
    assert refused.status_code == 400
    for sentence in ("Kies een taak.", "Kies een soort controle."):
        assert sentence in refused.text
    assert not register.signals
    done = send(inspecting, "/invoeren", {**typed, "controle": number[0]})
    assert (done.status_code, "Het signaal is bewaard" in done.text) == (200, True)
    assert len(register.signals) == 1


def test_a_number_is_one_tap_from_ringing_and_danger_is_first(inspecting: Browser) -> None:
    calls = re.findall(r'href="tel:([0-9+]+)"', inspecting.get("/bellen").text)
    assert calls[0] == "112"
    assert "0900000001" in calls


# ---- what stays behind in the history of a telephone -----------------------------------------------------------


@pytest.mark.parametrize("folder", ["register/municipal/web/templates", "register/theme/templates"])
def test_no_title_of_a_page_holds_what_somebody_typed_or_whom_it_is_about(folder: str) -> None:
    """A title stays in the history of the browser: it is a text of ours, the same for everybody."""
    ours = {
        # Sentences of refusals, of the motivation and of an advice.
        *("{{ _(refusal.title) }}", "{{ document.title }}", "{{ _(answer.kop) }}"),
        "",
    }
    found = {
        path.name: title
        for path in Path(folder).glob("*.html")
        for title in re.findall(r"{% block titel %}(.*?){% endblock %}", path.read_text("utf-8"))
    }
    assert len(found) > 10
    for name, title in found.items():
        assert title in ours or re.fullmatch(r'{{ _\("[^"{}]+"\) }}', title), name
