# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages for FG's and TMM as a browser meets them; each of them does what the interface does, and leaves its leaf."""

import re
from typing import Any

import httpx
import pytest

from register.central.store import tables as t
from register.central.web.log_pages import instructions
from register.explaining import PATHS
from tests.register.central.conftest import ONE_DATABASE, Publish
from tests.register.central.world import PASSWORD, Caller, World, point, pseudonym, sealed, signal, subject

pytestmark = ONE_DATABASE


class Visitor:
    """A browser with its cookie jar."""

    def __init__(self, world: World) -> None:
        self._caller = Caller(world, world.apps.people, "", {}, None)
        self.world = world
        self.cookie: str | None = None
        self.accept = "*/*"
        self.guest: str | None = None

    def get(self, path: str) -> httpx.Response:
        return self._send("GET", path)

    def post(self, path: str, **form: Any) -> httpx.Response:
        return self._send("POST", path, data=form)

    def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        kept = {"sessie": self.cookie, "gast": self.guest}
        cookies = "; ".join(f"{name}={value}" for name, value in kept.items() if value)
        headers = {"Accept": self.accept, **({"Cookie": cookies} if cookies else {})}
        answer = self._caller.send(method, path, headers=headers, **content)
        self.world.log.verify(None)
        if "sessie" in answer.cookies:
            self.cookie = answer.cookies["sessie"]
        if "gast" in answer.cookies:
            self.guest = answer.cookies["gast"]
        return answer

    def signs_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        csrf = self.token("/aanmelden")
        return self.post("/aanmelden", gebruikersnaam=name, wachtwoord=password, csrf=csrf)

    def signed_in(self, organisation: str, role: str) -> "Visitor":
        self.world.person(organisation, role)
        answer = self.signs_in(f"{role}-{organisation}")
        assert answer.status_code == 303, answer.text
        return self

    def token(self, path: str) -> str:
        """The token that a form on this page carries."""
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get(path).text)
        assert found
        return found.group(1)


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


@pytest.fixture
def treffer(world: World) -> str:
    """A treffer of GM9004 on signals of two municipalities."""
    phone = pseudonym(point())
    for organisation in ("GM9001", "GM9002"):
        world.submit(organisation, sealed(subject(phone)))
    world.inspector("GM9004").ask(phone)
    (row,) = world.rows(t.treffer)
    return str(row.treffer_id)


@pytest.mark.parametrize("path", ["/", "/logboek", "/logboek/0", "/dossiers"])
def test_without_a_session_every_page_leads_to_signing_in(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden")


def test_a_session_cookie_is_for_this_site_and_no_script(world: World, visitor: Visitor) -> None:
    world.person("GM9001", "fg")
    answer = visitor.signs_in("fg-GM9001")
    for cookie in answer.headers.get_list("set-cookie"):
        assert "httponly" in cookie.lower()
        assert "samesite=strict" in cookie.lower()
    assert answer.headers["location"] == "/"


def test_a_wrong_password_is_told_on_the_page_and_not_repeated(world: World, visitor: Visitor) -> None:
    world.person("GM9001", "fg")
    answer = visitor.signs_in("fg-GM9001", "mijn-geheime-poging")
    assert answer.status_code == 401
    assert "De naam of het wachtwoord klopt niet." in answer.text
    assert "mijn-geheime-poging" not in answer.text
    assert visitor.cookie is None


def test_a_form_to_sign_in_that_another_site_made_signs_nobody_in(world: World, visitor: Visitor) -> None:
    """Also in a browser that does not say where a form comes from."""
    world.person("GM9001", "fg")
    sent = {"gebruikersnaam": "fg-GM9001", "wachtwoord": PASSWORD}
    theirs = Visitor(world)
    csrf = theirs.token("/aanmelden")
    for made in (sent, sent | {"csrf": ""}, sent | {"csrf": csrf}):
        answer = visitor.post("/aanmelden", **made)
        assert (answer.status_code, visitor.cookie) == (403, None)
    own = visitor.token("/aanmelden")
    assert visitor.post("/aanmelden", **sent, csrf=csrf).status_code == 403
    assert visitor.post("/aanmelden", **sent, csrf=own).status_code == 303


def test_the_form_of_a_browser_without_the_cookie_counts_for_nothing(world: World, visitor: Visitor) -> None:
    world.person("GM9001", "fg")
    csrf = visitor.token("/aanmelden")
    visitor.guest = None
    sent = {"gebruikersnaam": "fg-GM9001", "wachtwoord": PASSWORD}
    assert visitor.post("/aanmelden", **sent, csrf=csrf).status_code == 403
    visitor.guest = "0" * 32
    assert visitor.post("/aanmelden", **sent, csrf=csrf).status_code == 403


def test_two_tabs_with_the_form_to_sign_in_both_work(world: World, visitor: Visitor) -> None:
    world.person("GM9001", "fg")
    first = visitor.token("/aanmelden")
    visitor.token("/aanmelden")
    sent = {"gebruikersnaam": "fg-GM9001", "wachtwoord": PASSWORD, "csrf": first}
    assert visitor.post("/aanmelden", **sent).status_code == 303


def test_who_signs_in_anew_ends_the_session_that_was_in_this_browser(world: World, visitor: Visitor) -> None:
    visitor.signed_in("GM9001", "fg")
    before = visitor.cookie
    visitor.signed_in("GM9002", "fg")
    assert world.log.last("GM9001")["gebeurtenis"] == "afgemeld"
    left = Visitor(world)
    left.cookie = before
    assert left.get("/logboek").headers["location"] == "/aanmelden"
    assert visitor.get("/logboek").status_code == 200
    # A session that had ended by itself is in nobody's way.
    world.clock.forward(minutes=31)
    assert visitor.signed_in("GM9001", "fg").get("/logboek").status_code == 200


@pytest.mark.parametrize("path", ["/aanmelden", *PATHS])
def test_every_page_forbids_scripts_and_frames(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in answer.text
    assert "style=" not in answer.text


def test_an_fg_finds_a_question_and_sees_it_proved(world: World, visitor: Visitor, publish: Publish) -> None:
    world.inspector("GM9004").ask(pseudonym(point()))
    publish()
    visitor.signed_in("GM9004", "fg")
    assert visitor.get("/").headers["location"] == "/postvak"
    page = visitor.get("/logboek")
    assert page.status_code == 200
    assert "Vraag gesteld" in page.text
    entry = visitor.get("/logboek/0")
    assert entry.status_code == 200
    assert "C-OEFE-0001" in entry.text
    proof = visitor.get("/logboek/0/bewijs")
    assert proof.json()["soort"].startswith("signaalregister/logboekuitvoer")
    assert "attachment" in proof.headers["content-disposition"]


def test_who_chose_english_reads_the_log_and_what_was_calculated_in_english(
    world: World, visitor: Visitor, publish: Publish
) -> None:
    world.inspector("GM9004").ask(pseudonym(point()))
    publish()
    page = visitor.signed_in("GM9004", "fg").get("/logboek/0?taal=en").text
    assert '<html lang="en"' in page
    for said in (
        "Question asked",
        "Does this line really stand in the log?",
        "Leaf 0 is in the log. (all right)",
    ):
        assert said in page
    assert "Blad 0" not in page


@pytest.mark.parametrize(
    "path", ["/logboek/0", "/logboek/99", "/logboek/x", "/logboek/-1", "/logboek/" + "9" * 30]
)
def test_an_entry_of_another_or_of_nobody_is_a_page_that_says_so(
    world: World, visitor: Visitor, publish: Publish, path: str
) -> None:
    world.submit("GM9001", signal())
    publish()
    answer = visitor.signed_in("GM9004", "fg").get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


IN_A_BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "status", "allow"),
    [("/bestaat-niet", 404, None), ("/statisch/bestaat-niet.css", 404, None), ("/afmelden", 405, "POST")],
)
def test_an_address_that_is_none_is_a_page_in_a_browser_and_problem_details_for_anyone_else(
    visitor: Visitor, path: str, status: int, allow: str | None
) -> None:
    visitor.accept = IN_A_BROWSER
    stranger = visitor.get(path)
    assert (stranger.status_code, stranger.headers.get("allow")) == (status, allow)
    assert stranger.headers["content-type"].startswith("text/html")
    assert "Deze pagina bestaat niet." in stranger.text
    assert "/mijn-aanmelding" not in stranger.text
    visitor.signed_in("GM9004", "fg")
    page = visitor.get(path)
    assert page.status_code == status
    assert 'href="/postvak"' in page.text
    assert 'aria-current="page"' not in page.text
    visitor.accept = "application/json"
    told = visitor.get(path)
    assert (told.status_code, told.headers.get("allow")) == (status, allow)
    assert told.headers["content-type"] == "application/problem+json"


def test_the_interface_has_problem_details_for_a_browser_too(visitor: Visitor) -> None:
    visitor.accept = IN_A_BROWSER
    for path in ("/v1/bestaat-niet", "/v1", "/v1/treffers"):
        answer = visitor.get(path)
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_form_that_is_too_large_is_a_page_in_a_browser(visitor: Visitor) -> None:
    visitor.accept = IN_A_BROWSER
    answer = visitor.post("/aanmelden", gebruikersnaam="x" * (1 << 20))
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "Het verzoek is te groot." in answer.text


def test_a_page_looked_at_is_an_entry_like_any_other_look(world: World, visitor: Visitor) -> None:
    visitor.signed_in("GM9004", "fg").get("/logboek")
    assert world.log.last("GM9004")["gebeurtenis"] == "logboek_geraadpleegd"


def test_tmm_s_coordinator_finds_a_case_and_asks_for_phase_2(
    world: World, visitor: Visitor, treffer: str
) -> None:
    visitor.signed_in("TMM", "tmm_coordinator")
    assert visitor.get("/").headers["location"] == "/begin"
    form = {"csrf": visitor.token("/dossiers"), "zaaknummer": "tmm-2026-0001", "grondslag": "OEF-WPG-TMM"}
    assert treffer in visitor.post("/dossiers", **form).text
    track = visitor.post("/dossiers/tonen", treffer=treffer, **form)
    assert "Oefenstad" in track.text
    assert "nog gesloten" in track.text
    criteria = ["concreet", "noodzaak", "evenredig", "kwaliteit", "rol"]
    asked = visitor.post("/dossiers/fase-2", treffer=treffer, criteria=criteria, **form)
    assert asked.status_code == 200
    assert len(world.rows(t.phase_2)) == 1


def test_an_unfinished_check_is_told_on_a_page_and_asks_nothing(
    world: World, visitor: Visitor, treffer: str
) -> None:
    visitor.signed_in("TMM", "tmm_coordinator")
    form = {"csrf": visitor.token("/dossiers"), "zaaknummer": "TMM-2026-0001", "grondslag": "OEF-WPG-TMM"}
    answer = visitor.post("/dossiers/fase-2", treffer=treffer, criteria=["concreet"], **form)
    assert answer.status_code == 400
    assert "criteriatoets" in answer.text
    assert world.rows(t.phase_2) == []


@pytest.mark.parametrize("number", ["../../beheer", "a\nb", "é", "x#y", "a" * 70_000])
def test_what_is_no_number_in_a_form_leads_to_no_other_address_and_is_no_defect(
    visitor: Visitor, number: str
) -> None:
    visitor.signed_in("TMM", "tmm_coordinator")
    form = {"csrf": visitor.token("/dossiers"), "zaaknummer": "TMM-2026-0001", "grondslag": "OEF-WPG-TMM"}
    for path in ("/dossiers/tonen", "/dossiers/netwerk"):
        assert visitor.post(path, treffer=number, **form).status_code == 404


def test_a_case_number_with_a_dash_from_a_letter_is_refused_in_words(visitor: Visitor) -> None:
    visitor.signed_in("TMM", "tmm_coordinator")
    form = {"csrf": visitor.token("/dossiers"), "grondslag": "OEF-WPG-TMM"}
    page = visitor.post("/dossiers", zaaknummer="TMM\u20132026\u20130001", **form)
    assert page.status_code == 400
    assert "aaknummer" in page.text


def test_an_fg_has_the_log_calculated_again_and_takes_all_of_it_home(
    world: World, visitor: Visitor, publish: Publish
) -> None:
    world.inspector("GM9004").ask(pseudonym(point()))
    publish()
    visitor.signed_in("GM9004", "fg")
    page = visitor.get("/logboek/narekenen")
    assert "Het logboek klopt tot en met regel 0, nog door geen enkele getuige bevestigd." in page.text
    assert "van uw organisatie is 1 regel nagerekend, op blad 0".lower() in page.text.lower()
    assert visitor.get("/logboek/controlepunt").text.startswith("log.example/oefening\n")
    assert visitor.get("/logboek/bewijzen").json()["soort"].startswith("signaalregister/logboekuitvoer")
    assert "logboek-nagaan.pyz" in visitor.get("/logboek/werkwijze").text


def test_a_log_that_no_witness_vouched_for_is_not_shown_as_well_and_says_what_to_do(
    world: World, visitor: Visitor, publish: Publish
) -> None:
    world.inspector("GM9004").ask(pseudonym(point()))
    publish()
    page = visitor.signed_in("GM9004", "fg").get("/logboek/narekenen").text
    assert "utrecht-alert--ok" not in page
    assert "utrecht-alert--warning" in page
    assert "vergelijk het door de telefoon met dat van een FG van elders" in page
    assert "om getuigen aan te wijzen" in page


def test_what_an_fg_takes_home_names_no_address_that_a_browser_made_up(
    world: World, visitor: Visitor
) -> None:
    visitor.signed_in("GM9004", "fg")
    headers = {"Cookie": f"sessie={visitor.cookie}", "Host": "kwaad.example"}
    told = visitor._caller.send("GET", "/logboek/werkwijze", headers=headers).text
    world.log.verify(None)
    assert "kwaad.example" not in told
    assert "--log ADRES --vkey" in told
    assert "dat u langs een andere weg kreeg" in told
    assert "--log https://register.example --vkey" in instructions("https://register.example", "sleutel")
    assert "ADRES" not in instructions("https://register.example", "sleutel").replace("HET ADRES", "")


def test_a_log_that_lost_a_leaf_is_not_called_well(
    world: World, visitor: Visitor, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.inspector("GM9004").ask(pseudonym(point()))
    publish()
    visitor.signed_in("GM9004", "fg")
    monkeypatch.setattr("register.central.web.log_pages.base64_bytes", lambda text: bytes(len(text)))
    page = visitor.get("/logboek/narekenen")
    assert "Het logboek klopt niet" in page.text
    assert "klopt tot en met" not in page.text


def test_a_log_of_which_only_the_own_entries_were_calculated_is_not_called_well_as_a_whole(
    world: World, visitor: Visitor, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.inspector("GM9004").ask(pseudonym(point()))
    publish()
    monkeypatch.setattr("register.central.web.log_pages.MOST_REPLAYED", 0)
    page = visitor.signed_in("GM9004", "fg").get("/logboek/narekenen")
    assert "Het hele logboek is nog niet nagerekend." in page.text
    assert "Het logboek klopt" not in page.text


@pytest.mark.parametrize("path", ["/begin", "/berichten", "/treffers", "/beheer", "/beheer/toestand"])
def test_a_workplace_is_for_who_signed_in(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).headers["location"] == "/aanmelden"


@pytest.mark.parametrize("path", ["/dossiers", "/dossiers/tonen", "/dossiers/fase-2", "/afmelden"])
@pytest.mark.parametrize("csrf", ["", "0" * 64, "é"])
def test_a_form_that_did_not_come_from_this_session_does_nothing(
    world: World, visitor: Visitor, path: str, csrf: str
) -> None:
    visitor.signed_in("TMM", "tmm_coordinator")
    before = world.contents()
    answer = visitor.post(path, csrf=csrf, treffer="x", zaaknummer="TMM-2026-0001")
    assert answer.status_code == 403
    after = world.contents()
    assert {name for name in after if after[name] != before[name]} <= {"session"}


def test_signing_out_ends_the_session(visitor: Visitor) -> None:
    visitor.signed_in("GM9004", "fg")
    assert visitor.post("/afmelden", csrf=visitor.token("/logboek")).status_code == 303
    assert visitor.get("/logboek").headers["location"] == "/aanmelden"


def test_an_fg_has_no_cases_and_tmm_no_log(world: World) -> None:
    assert Visitor(world).signed_in("TMM", "tmm_analist").get("/logboek").status_code == 403
    fg = Visitor(world).signed_in("GM9004", "fg")
    form = {"csrf": fg.token("/logboek"), "zaaknummer": "TMM-2026-0001", "grondslag": "OEF-WPG-TMM"}
    assert fg.post("/dossiers", **form).status_code == 403
