# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What waits, what was refused, what was put aside and what was stored: over the interface and on the pages."""

import base64
import hashlib
from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest

from process.problem import Refusal
from register.municipal.dossier import LOOKS, observation_rows, subject_rows
from register.municipal.outbox import Delivered, Waiting
from register.municipal.settings import NodeSettings
from register.municipal.web.forms import (
    ATTRIBUTES,
    Filled,
    attributes,
    filled_from,
    filled_in,
    input_name,
    inputs,
)
from register.municipal.web.forms import signal as signal_of
from tests.register.municipal.office import COLLEAGUE, CONTACT, KEY, OFFICER, World, draft
from tests.register.municipal.test_pages import SIGNAL, hidden, send, sign_in
from tests.register.municipal.world import (
    Browser,
    Hands,
    Officer,
    RegisterStation,
    signal,
)

HEADERS = {"Idempotency-Key": "signaal-0001"}
NOBODY = "7d0c2b44-7a50-4c52-8f0c-2f5f6f5f1a11"


def waits(officer: Officer, register: RegisterStation, **others: Any) -> str:
    register.fails = "away"
    answer = officer.post("/v1/signalen", signal(**others), **HEADERS)
    register.fails = ""
    assert answer.status_code == 202, answer.text
    return str(answer.json()["signaalId"])


def refused(officer: Officer, register: RegisterStation) -> str:
    """A signal that was refused when it was tried again."""
    number = waits(officer, register)
    register.fails = "refuses"
    assert officer.post(f"/v1/signalen/{number}/pogingen", {}).status_code == 403
    register.fails = ""
    return number


# ---- how signals stand -----------------------------------------------------------------------------------------------------


def test_everyone_sees_how_their_own_signals_stand_and_the_contact_those_of_all(
    guest: Browser, register: RegisterStation
) -> None:
    inspector, contact = Officer(guest, "toezichthouder"), Officer(guest, "aandachtsfunctionaris")
    other = Officer(guest, "ambassadeur")
    number = waits(inspector, register)
    seen = inspector.get("/v1/signalen").json()
    assert seen["aantallen"] == {"wacht": 1, "onderweg": 0, "geweigerd": 0, "bewaard": 0}
    (one,) = seen["signalen"]
    assert (one["signaalId"], one["staat"], one["eigen"]) == (number, "wacht", True)
    assert "vanzelf verstuurd" in one["toelichting"]
    assert one["volgendePoging"] > one["sinds"]
    (of_others,) = contact.get("/v1/signalen").json()["signalen"]
    assert (of_others["signaalId"], of_others["eigen"]) == (number, False)
    assert other.get("/v1/signalen").json()["signalen"] == []
    assert Officer(guest, "fg").get("/v1/signalen").status_code == 403


def test_a_refused_signal_says_why_and_what_to_do(inspector: Officer, register: RegisterStation) -> None:
    number = refused(inspector, register)
    (one,) = inspector.get("/v1/signalen?staat=geweigerd").json()["signalen"]
    assert (one["signaalId"], one["teVerbeteren"], one["misschienBewaard"]) == (number, True, False)
    assert one["reden"]["code"] == "geen-toegang"
    assert one["reden"]["wegVooruit"] == "Doe iets anders."
    assert inspector.get("/v1/signalen?staat=wacht").json()["signalen"] == []


def test_stored_signals_are_given_page_by_page(inspector: Officer, clock: Hands) -> None:
    for number in range(53):
        clock.forward(seconds=1)
        answer = inspector.post("/v1/signalen", signal(), **{"Idempotency-Key": f"sleutel-{number:04}"})
        assert answer.status_code == 201
    first = inspector.get("/v1/signalen?staat=bewaard").json()
    assert (len(first["signalen"]), first["aantallen"]["bewaard"]) == (50, 53)
    rest = inspector.get(f"/v1/signalen?staat=bewaard&na={first['volgende']}").json()
    assert len(rest["signalen"]) == 3
    assert "volgende" not in rest
    assert len({one["signaalId"] for one in first["signalen"] + rest["signalen"]}) == 53


@pytest.mark.parametrize(
    "query",
    ["staat=alles", "na=morgen", "staat=bewaard&na=20261301T000000000000Z-" + "0" * 32, "na=" + "9" * 60],
)
def test_a_query_that_does_not_exist_is_bad_input(inspector: Officer, query: str) -> None:
    answer = inspector.get(f"/v1/signalen?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "ongeldige-invoer")


def test_a_refused_signal_is_discarded_once_and_again(inspector: Officer, register: RegisterStation) -> None:
    number = refused(inspector, register)
    assert inspector.delete(f"/v1/signalen/{number}").status_code == 204
    assert inspector.delete(f"/v1/signalen/{number}").status_code == 204
    assert inspector.get("/v1/signalen").json()["signalen"] == []


def test_what_waits_or_is_stored_is_not_discarded(inspector: Officer, register: RegisterStation) -> None:
    number = waits(inspector, register)
    assert inspector.delete(f"/v1/signalen/{number}").json()["code"] == "signaal-blijft"
    assert inspector.post(f"/v1/signalen/{number}/pogingen", {}).status_code == 201
    assert inspector.delete(f"/v1/signalen/{number}").json()["code"] == "signaal-blijft"
    assert inspector.post(f"/v1/signalen/{number}/pogingen", {}).json()["herhaald"] is True


def test_a_refused_signal_is_replaced_by_a_mended_one(inspector: Officer, register: RegisterStation) -> None:
    number = refused(inspector, register)
    mended = inspector.post("/v1/signalen", signal(grenscontext=True, vervangt=number))
    assert (mended.status_code, mended.json()["signaalId"]) == (201, number)
    assert inspector.get("/v1/signalen").json()["aantallen"]["geweigerd"] == 0


def test_in_the_place_of_what_is_not_there_comes_nothing_and_a_colleague_s_is_not_there(
    guest: Browser, register: RegisterStation
) -> None:
    inspector, contact = Officer(guest, "toezichthouder"), Officer(guest, "aandachtsfunctionaris")
    thrown_away, theirs = refused(inspector, register), refused(contact, register)
    assert inspector.delete(f"/v1/signalen/{thrown_away}").status_code == 204

    def instead(number: str, who: Officer = inspector) -> httpx.Response:
        return who.post("/v1/signalen", signal(vervangt=number))

    answers = [instead(number) for number in (NOBODY, thrown_away, theirs)]
    assert contact.post("/v1/intrekkingen", {"signaalId": theirs, "reden": "dubbel"}).status_code == 201
    answers.append(instead(theirs))
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(409, "niets-te-vervangen")}
    assert len({one.content for one in answers}) == 1
    # Whoever looks after all signals of the organisation is told which it is.
    told = instead(theirs, contact)
    assert (told.status_code, told.json()["code"]) == (409, "signaal-ingetrokken")
    assert inspector.get("/v1/signalen").json()["signalen"] == []


def test_a_signal_that_never_left_is_withdrawn_without_the_register(
    guest: Browser, register: RegisterStation
) -> None:
    inspector, contact = Officer(guest, "toezichthouder"), Officer(guest, "aandachtsfunctionaris")
    number = waits(inspector, register)
    answer = contact.post("/v1/intrekkingen", {"signaalId": number, "reden": "dubbel"})
    assert (answer.status_code, answer.json()["status"]) == (201, "ingetrokken")
    assert "logbewijs" not in answer.json()
    assert "nooit in het register gekomen" in answer.json()["toelichting"]


# ---- opening one -----------------------------------------------------------------------------------------------------------


def test_the_contact_sees_all_that_was_typed_for_a_reason_and_it_is_kept(
    guest: Browser, clock: Hands
) -> None:
    inspector, contact = Officer(guest, "toezichthouder"), Officer(guest, "aandachtsfunctionaris")
    number = inspector.post("/v1/signalen", signal()).json()["signaalId"]
    seen = contact.post(f"/v1/signalen/{number}/inzagen", {"reden": "opvolging"})
    assert seen.status_code == 201, seen.text
    body = seen.json()
    assert body["metKenmerken"] is True
    assert body["signaal"]["waargenomen"] == "2026-02-27"
    assert body["signaal"]["subjecten"][0]["kenmerken"] == [
        {"soort": "phone", "velden": {"number": "06 12345678"}},
        {"soort": "document", "velden": {"issuer": "COL", "number": "AB123456"}},
    ]
    assert body["inzagen"] == []
    clock.forward(minutes=20)
    again = contact.post(f"/v1/signalen/{number}/inzagen", {"reden": "kwaliteit"}).json()["inzagen"]
    assert [(one["reden"], one["metKenmerken"]) for one in again] == [("opvolging", True)]


def test_who_submitted_it_sees_their_own_without_attributes(guest: Browser) -> None:
    inspector, other = Officer(guest, "toezichthouder"), Officer(guest, "ambassadeur")
    number = inspector.post("/v1/signalen", signal()).json()["signaalId"]
    seen = inspector.post(f"/v1/signalen/{number}/inzagen", {"reden": "opvolging"}).json()
    assert seen["metKenmerken"] is False
    assert seen["signaal"]["subjecten"] == [{"rol": "mogelijk_slachtoffer", "kenmerken": []}]
    assert seen["signaal"]["aanwijzingen"] == ["derde_beheert_advertentie", "gehaald_en_gebracht"]
    for who in (other, Officer(guest, "fg")):
        answer = who.post(f"/v1/signalen/{number}/inzagen", {"reden": "opvolging"})
        assert answer.status_code in {403, 404}
        assert "phone" not in answer.text


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        (None, {"reden": "nieuwsgierig"}, (400, "onbekende-reden")),
        (None, {}, (400, "ongeldige-invoer")),
        (None, {"reden": "opvolging", "naam": "x"}, (400, "ongeldige-invoer")),
        (NOBODY, {"reden": "opvolging"}, (404, "signaal-niet-hier")),
        ("geen-nummer", {"reden": "opvolging"}, (400, "ongeldige-invoer")),
    ],
)
def test_nothing_is_opened_without_a_reason_that_is_known(
    contact: Officer, path: str | None, body: dict[str, str], refusal: tuple[int, str]
) -> None:
    number = contact.post("/v1/signalen", signal()).json()["signaalId"]
    answer = contact.post(f"/v1/signalen/{path or number}/inzagen", body)
    assert (answer.status_code, answer.json()["code"]) == refusal
    seen = contact.post(f"/v1/signalen/{number}/inzagen", {"reden": "opvolging"}).json()
    assert seen["inzagen"] == []


def test_the_same_look_sent_again_is_one_look_and_an_hour_later_another(guest: Browser, clock: Hands) -> None:
    number = Officer(guest, "aandachtsfunctionaris").post("/v1/signalen", signal()).json()["signaalId"]
    path = f"/v1/signalen/{number}/inzagen"
    for hours in (0, 0, 1):
        clock.forward(hours=hours)
        contact = Officer(guest, "aandachtsfunctionaris")
        assert contact.post(path, {"reden": "opvolging"}, **HEADERS).status_code == 201
    assert len(contact.post(path, {"reden": "opvolging"}).json()["inzagen"]) == 2


def test_what_an_officer_leaves_behind_stays_readable_for_the_contact(world: World) -> None:
    with world.office() as office:
        stored = office.submitting.submit(OFFICER, draft(), KEY)
        world.register.fails = "away"
        waiting = office.submitting.submit(OFFICER, draft(border=True), "sleutel-0002")
        aside = office.drafting.keep(OFFICER, {"telefoon": ("0612345678",)})
        assert isinstance(stored, Delivered)
        assert isinstance(waiting, Waiting)
    # The officer has no account here any more, and the node was restarted.
    with world.office() as office:
        for number in (stored.answer.signaal_id, waiting.row.signal_id):
            assert office.consulting.look(CONTACT, number, "opvolging").attributes
            with pytest.raises(Refusal):
                office.consulting.look(COLLEAGUE, number, "opvolging")
        assert office.drafting.open(CONTACT, aside.draft_id)[1] == {"telefoon": ("0612345678",)}
        with pytest.raises(Refusal):
            office.drafting.open(COLLEAGUE, aside.draft_id)


# ---- drafts ----------------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_read_and_thrown_away(inspector: Officer) -> None:
    kept = inspector.post("/v1/concepten", {"velden": {"telefoon": ["0612345678"], "sporen": ["zorgspoor"]}})
    assert kept.status_code == 201, kept.text
    number = kept.json()["conceptId"]
    assert [one["conceptId"] for one in inspector.get("/v1/concepten").json()["concepten"]] == [number]
    found = inspector.get(f"/v1/concepten/{number}").json()
    assert found["velden"] == {"telefoon": ["0612345678"], "sporen": ["zorgspoor"]}
    for _time in range(2):
        assert inspector.delete(f"/v1/concepten/{number}").status_code == 204
    assert inspector.get(f"/v1/concepten/{number}").json()["code"] == "concept-niet-hier"


def test_a_draft_kept_again_under_its_key_is_the_same_draft_and_lives_no_longer(
    guest: Browser, clock: Hands
) -> None:
    inspector = Officer(guest, "toezichthouder")
    first = inspector.post("/v1/concepten", {"velden": {"telefoon": ["06"]}}, **HEADERS).json()
    clock.forward(hours=23)
    inspector = Officer(guest, "toezichthouder")
    again = inspector.post("/v1/concepten", {"velden": {"telefoon": ["0612345678"]}}, **HEADERS).json()
    assert again == first
    path = f"/v1/concepten/{first['conceptId']}"
    assert inspector.get(path).json()["velden"] == {"telefoon": ["0612345678"]}
    clock.forward(hours=1)
    inspector = Officer(guest, "toezichthouder")
    assert inspector.get("/v1/concepten").json()["concepten"] == []
    assert inspector.get(path).status_code == 404


def test_drafts_are_destroyed_after_a_day(world: World) -> None:
    with world.office() as office:
        office.drafting.keep(OFFICER, {"telefoon": ("0612345678",)})
        world.clock.forward(hours=23)
        assert office.drafting.destroy_drafts(world.clock()) == {"vernietigd": 0}
        world.clock.forward(hours=1)
        assert office.drafting.destroy_drafts(world.clock()) == {"vernietigd": 1}


def test_a_draft_of_another_is_the_contacts_to_read_and_nobody_elses(guest: Browser) -> None:
    inspector, other = Officer(guest, "toezichthouder"), Officer(guest, "ambassadeur")
    contact = Officer(guest, "aandachtsfunctionaris")
    number = inspector.post("/v1/concepten", {"velden": {"telefoon": ["06"]}}).json()["conceptId"]
    assert contact.get(f"/v1/concepten/{number}").status_code == 200
    assert other.get(f"/v1/concepten/{number}").status_code == 404
    assert other.delete(f"/v1/concepten/{number}").status_code == 204
    assert other.get("/v1/concepten").json()["concepten"] == []
    assert inspector.get(f"/v1/concepten/{number}").status_code == 200


@pytest.mark.parametrize(
    "velden",
    [
        {"notitie": ["Jan woont hier"]},
        {"telefoon": ["x" * 501]},
        {"telefoon": "06"},
        {"csrf": ["0"]},
    ],
)
def test_a_draft_has_the_inputs_of_the_form_and_no_others(inspector: Officer, velden: dict[str, Any]) -> None:
    answer = inspector.post("/v1/concepten", {"velden": velden})
    assert (answer.status_code, answer.json()["code"]) == (400, "ongeldige-invoer")
    assert "Jan" not in answer.text


def test_the_draft_that_became_a_signal_is_gone(inspector: Officer, register: RegisterStation) -> None:
    for fails in ("", "away"):
        number = inspector.post("/v1/concepten", {"velden": {"telefoon": ["06"]}}).json()["conceptId"]
        register.fails = fails
        answer = inspector.post("/v1/signalen", signal(concept=number))
        assert answer.status_code == (202 if fails else 201)
        assert inspector.get(f"/v1/concepten/{number}").status_code == 404


def test_a_refused_signal_leaves_its_draft(inspector: Officer) -> None:
    number = inspector.post("/v1/concepten", {"velden": {"telefoon": ["06"]}}).json()["conceptId"]
    assert inspector.post("/v1/signalen", signal(concept=number, aanwijzingen=[])).status_code == 400
    assert inspector.get(f"/v1/concepten/{number}").status_code == 200


# ---- no identity in the database -------------------------------------------------------------------------------------------

IDENTITY = (
    "Willemijn",
    "Verzonnenstein",
    "1998-03-24",
    "0687654321",
    "687654321",
    "COL",
    "XK7654321",
    "AB12CD",
)


def forms_of(text: str) -> Iterator[bytes]:
    """A value as written and in the encodings and plain hashes that hide nothing (as tests/scenarios/identities.py)."""
    for spelled in (text, text.lower(), text.upper()):
        plain = spelled.encode()
        yield from (plain, spelled.encode("utf-16-le"), plain.hex().encode(), plain[::-1])
        if len(plain) >= 6:
            yield from (
                base64.b64encode(plain[shift:][: (len(plain) - shift) // 3 * 3]) for shift in range(3)
            )
        for algorithm in (hashlib.sha256, hashlib.sha1, hashlib.md5):
            digest = algorithm(plain).digest()
            yield from (digest, digest.hex().encode(), base64.b64encode(digest).rstrip(b"="))


def found_in(settings: NodeSettings, values: tuple[str, ...]) -> set[str]:
    files = list(settings.database_file.parent.glob("node.sqlite*"))
    assert any(file.name.endswith("-wal") for file in files)
    content = b"".join(file.read_bytes() for file in files)
    lowered = content.lower()
    return {
        value
        for value in values
        if len(value) > 4
        for form in forms_of(value)
        if form in content or (len(form) > 7 and form.lower() in lowered)
    }


def test_no_identity_in_any_encoding_is_in_the_database_or_its_log_while_it_waits_or_is_put_aside(
    inspector: Officer, register: RegisterStation, settings: NodeSettings
) -> None:
    body = signal()
    body["subjecten"][0]["kenmerken"] = [
        {
            "soort": "name_dob",
            "velden": {"given": "Willemijn", "surname": "Verzonnenstein", "dob": "1998-03-24"},
        },
        {"soort": "phone", "waarde": "0687654321"},
        {"soort": "document", "waarde": "COL:XK7654321"},
    ]
    register.fails = "silent after storing"
    assert inspector.post("/v1/signalen", body, **HEADERS).status_code == 202
    register.fails = ""
    assert inspector.post("/v1/concepten", {"velden": {"achternaam": ["Verzonnenstein"]}}).status_code == 201
    assert found_in(settings, IDENTITY) == set()
    assert inspector.post("/v1/signalen", body, **HEADERS).status_code == 201
    assert found_in(settings, IDENTITY) == set()
    # The search finds what is there: a number of the outbox that is meant to be readable.
    assert found_in(settings, ("toezichthouder-GM9004",)) == {"toezichthouder-GM9004"}


# ---- the form and the interface --------------------------------------------------------------------------------------------


def whole_form() -> Filled:
    pairs = [
        (input_name(block, part), f"waarde {number}")
        for number, (block, parts) in enumerate(ATTRIBUTES.items())
        for part in parts
    ]
    pairs += [(name, text) for name, text in SIGNAL.items() if name != "telefoon"]
    pairs += [
        ("sporen", "zorgspoor"),
        ("sporen", "grenscontext"),
        ("kwaliteitscontrole", "feiten_geen_oordeel"),
    ]
    return Filled.of([*pairs, ("controle", "C-2345-6789"), ("sleutel", "0" * 32)])


def test_a_form_becomes_a_signal_and_a_form_again() -> None:
    filled = whole_form()
    again = filled_from(signal_of(filled))
    assert again is not None
    assert signal_of(again) == signal_of(filled)
    assert attributes(again) == attributes(filled)


def test_a_form_is_put_aside_and_filled_in_again() -> None:
    pairs = [(name, text) for name, texts in whole_form().ticked.items() for text in texts]
    assert filled_in(inputs(Filled.of([*pairs, ("csrf", "geheim")]))) == whole_form()
    assert inputs(Filled.of([("email", " "), ("bsn", "")])) == {}


@pytest.mark.parametrize(
    "kenmerken",
    [
        [{"soort": "document", "velden": {"type": "P", "number": "AB123456"}}],
        [{"soort": "email", "velden": {"address": "a@b.nl"}}] * 2,
        [{"soort": "phone", "velden": {"number": "06"}}] * 3,
    ],
)
def test_what_the_form_cannot_show_is_not_forced_into_it(kenmerken: list[dict[str, Any]]) -> None:
    body = signal_of(whole_form())
    assert filled_from(body | {"subjecten": [{"rol": "onbekend", "kenmerken": kenmerken}]}) is None
    assert filled_from(body | {"subjecten": body["subjecten"] * 2}) is None


def test_a_record_is_told_in_words() -> None:
    body = signal_of(whole_form())
    told = " ".join(f"{term} {text}" for term, text in observation_rows(body))
    for code in (
        body["uitbuitingsvorm"],
        body["aanwijzingen"][0],
        body["controlesoort"],
        "feiten_geen_oordeel",
    ):
        assert code not in told
    assert "27 februari 2026" in told
    assert "De persoon heeft zorg nodig of krijgt die al" in told
    rows = dict(subject_rows({"rol": "onbekend", "kenmerken": [
        {"soort": "name_dob", "velden": {"dob": "24-03-1998", "surname": "Jansen", "given": "Jan"}}
    ]}))  # fmt: skip
    assert rows["Naam en geboortedatum"] == "Jan Jansen 24-03-1998"


# ---- pages -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def inspecting(guest: Browser) -> Browser:
    sign_in(guest, "toezichthouder")
    return guest


def press(browser: Browser, page: httpx.Response, action: str, **data: str) -> httpx.Response:
    assert f'action="{action}"' in page.text, page.text
    return browser.post(action, data={"csrf": hidden(page, "csrf"), **data})


def read(page: httpx.Response) -> str:
    return unescape(page.text)


def test_after_sending_while_the_register_is_away_the_page_says_that_it_is_safe(
    inspecting: Browser, register: RegisterStation
) -> None:
    register.fails = "away"
    page = send(inspecting, "/invoeren", SIGNAL)
    assert page.status_code == 200
    assert "Uw signaal staat veilig bij uw organisatie" in read(page)
    assert "Het wordt vanzelf verstuurd." in read(page)
    start = inspecting.get("/")
    assert "Wat nog wacht: 1" in read(start)
    assert "Volgende poging: 10:" in read(start)


def test_a_refused_signal_is_mended_from_the_start_page_with_everything_filled_in(
    inspecting: Browser, register: RegisterStation
) -> None:
    number = refused(Officer(inspecting, "toezichthouder"), register)
    start = inspecting.get("/")
    assert "Geweigerd: u moet iets doen" in read(start)
    assert "Doe iets anders." in read(start)
    form = press(inspecting, start, f"/dossier/{number}/verbeteren")
    assert form.status_code == 200
    assert (hidden_value(form, "telefoon"), hidden(form, "vervangt")) == ("06 12345678", number)
    assert 'value="derde_beheert_advertentie" checked' in form.text
    data = {"csrf": hidden(form, "csrf"), "sleutel": hidden(form, "sleutel"), "vervangt": number}
    done = inspecting.post("/invoeren", data={**SIGNAL, **data})
    assert "Het signaal is bewaard" in read(done)
    assert number in done.text
    assert "Geweigerd: u moet iets doen" not in read(inspecting.get("/"))


def test_what_was_thrown_away_meanwhile_is_sent_once_more_as_a_new_signal(
    inspecting: Browser, register: RegisterStation
) -> None:
    officer = Officer(inspecting, "toezichthouder")
    number = refused(officer, register)
    form = press(inspecting, inspecting.get("/"), f"/dossier/{number}/verbeteren")
    assert officer.delete(f"/v1/signalen/{number}").status_code == 204
    data = {"csrf": hidden(form, "csrf"), "sleutel": hidden(form, "sleutel")}
    again = inspecting.post("/invoeren", data={**SIGNAL, **data, "vervangt": number})
    assert (again.status_code, hidden_value(again, "telefoon")) == (409, SIGNAL["telefoon"])
    assert "Verstuur het dan nog een keer" in read(again)
    assert 'name="vervangt"' not in again.text
    data["sleutel"] = hidden(again, "sleutel")
    assert "Het signaal is bewaard" in read(inspecting.post("/invoeren", data={**SIGNAL, **data}))


def test_a_refused_signal_is_thrown_away_from_the_start_page(
    inspecting: Browser, register: RegisterStation
) -> None:
    number = refused(Officer(inspecting, "toezichthouder"), register)
    done = press(inspecting, inspecting.get("/"), f"/dossier/{number}/weggooien")
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert number not in inspecting.get("/").text


def test_a_signal_that_may_be_stored_says_so_and_offers_no_mending(
    inspecting: Browser, register: RegisterStation
) -> None:
    officer = Officer(inspecting, "toezichthouder")
    register.fails = "silent after storing"
    number = officer.post("/v1/signalen", signal(), **HEADERS).json()["signaalId"]
    register.fails = "refuses"
    assert officer.post(f"/v1/signalen/{number}/pogingen", {}).status_code == 403
    register.fails = ""
    start = inspecting.get("/")
    assert "misschien al bewaard" in read(start)
    assert f"/dossier/{number}/verbeteren" not in start.text
    done = press(inspecting, start, f"/dossier/{number}/opnieuw")
    assert "Het signaal is bewaard" in read(done)


def test_a_signal_of_another_system_that_does_not_fit_in_the_form_says_so(
    inspecting: Browser, register: RegisterStation
) -> None:
    officer = Officer(inspecting, "toezichthouder")
    body = signal()
    body["subjecten"] *= 2
    number = waits(officer, register, subjecten=body["subjecten"])
    register.fails = "refuses"
    officer.post(f"/v1/signalen/{number}/pogingen", {})
    page = press(inspecting, inspecting.get("/"), f"/dossier/{number}/verbeteren")
    assert (page.status_code, "past niet in het formulier" in read(page)) == (409, True)


def test_a_refusal_at_once_keeps_every_field_filled_in(
    inspecting: Browser, register: RegisterStation
) -> None:
    register.fails = "refuses"
    data = {**SIGNAL, "achternaam": "Verzonnen", "voornamen": "Iemand", "geboortedatum": "24-03-1998"}
    page = send(inspecting, "/invoeren", data)
    assert page.status_code == 403
    for name in ("telefoon", "achternaam", "voornamen", "geboortedatum", "waargenomen"):
        assert hidden_value(page, name) == data[name]
    assert 'value="derde_beheert_advertentie" checked' in page.text
    assert "Doe iets anders." in read(page)


def hidden_value(page: httpx.Response, name: str) -> str:
    start = page.text.index(f'name="{name}"')
    return unescape(page.text[start:].split('value="', 1)[1].split('"', 1)[0])


def test_a_form_is_put_aside_and_gone_on_with(inspecting: Browser, clock: Hands) -> None:
    kept = send(inspecting, "/concepten", {**SIGNAL, "achternaam": "Verzonnen"}, of="/invoeren")
    assert (kept.status_code, kept.headers["location"]) == (303, "/#concepten")
    clock.forward(minutes=25)
    start = inspecting.get("/")
    assert "Concept van 10:30, nog 23 uur" in read(start)
    path = start.text.split('href="/concepten/', 1)[1].split('"', 1)[0]
    form = inspecting.get(f"/concepten/{path}")
    assert hidden_value(form, "achternaam") == "Verzonnen"
    sent = {name: hidden(form, name) for name in ("csrf", "sleutel", "concept")}
    for _time in range(2):
        done = inspecting.post(
            "/invoeren", data={**SIGNAL, "achternaam": "Verzonnen", "voornamen": "Jan", **sent}
        )
        assert "Het signaal is bewaard" in read(done)
    assert "Concept van" not in read(inspecting.get("/"))


def test_a_draft_is_thrown_away_on_the_start_page(inspecting: Browser) -> None:
    send(inspecting, "/concepten", SIGNAL, of="/invoeren")
    start = inspecting.get("/")
    path = start.text.split('href="/concepten/', 1)[1].split('"', 1)[0]
    assert press(inspecting, start, f"/concepten/{path}/weggooien").status_code == 303
    assert "Concept van" not in read(inspecting.get("/"))
    assert inspecting.get(f"/concepten/{path}").status_code == 404


def test_the_dossier_asks_why_before_it_shows_and_keeps_who_looked(guest: Browser) -> None:
    number = Officer(guest, "toezichthouder").post("/v1/signalen", signal()).json()["signaalId"]
    sign_in(guest, "aandachtsfunctionaris")
    listed = guest.get("/dossier")
    assert f'href="/dossier/{number}"' in listed.text
    assert "Van een collega (toezichthouder-GM9004)." in read(listed)
    asked = guest.get(f"/dossier/{number}")
    assert "Waarom opent u dit signaal?" in read(asked)
    assert "12345678" not in asked.text
    without = press(guest, asked, f"/dossier/{number}")
    assert (without.status_code, "Kies een reden." in read(without)) == (400, True)
    for code in ("opvolging", "kwaliteit"):
        seen = press(guest, asked, f"/dossier/{number}", reden=code)
        assert seen.status_code == 200
        assert "06 12345678" in read(seen)
        assert "COL AB123456" in read(seen)
    assert LOOKS["opvolging"] in read(seen)
    gone = press(guest, seen, f"/dossier/{number}/intrekken", reden="onjuist")
    assert "Het signaal is ingetrokken" in read(gone)
    assert number not in guest.get("/dossier").text


def test_an_inspector_sees_their_own_dossier_without_attributes_or_withdrawing(inspecting: Browser) -> None:
    number = Officer(inspecting, "toezichthouder").post("/v1/signalen", signal()).json()["signaalId"]
    seen = press(inspecting, inspecting.get(f"/dossier/{number}"), f"/dossier/{number}", reden="opvolging")
    assert "12345678" not in seen.text
    assert "Namen en nummers ziet alleen uw aandachtsfunctionaris." in read(seen)
    assert "/intrekken" not in seen.text


def test_the_dossier_turns_its_pages_by_a_form(guest: Browser, clock: Hands) -> None:
    officer = Officer(guest, "toezichthouder")
    for number in range(51):
        clock.forward(seconds=1)
        officer.post("/v1/signalen", signal(), **{"Idempotency-Key": f"sleutel-{number:04}"})
    sign_in(guest, "toezichthouder")
    first = guest.get("/dossier")
    assert (first.text.count('href="/dossier/'), "Aantal: 51" in read(first)) == (50, True)
    second = press(guest, first, "/dossier", na=hidden(first, "na"))
    assert second.text.count('href="/dossier/') == 1
    assert press(guest, first, "/dossier", na="onzin&staat=wacht").status_code == 400


@pytest.mark.parametrize("path", ["/dossier", f"/dossier/{NOBODY}", f"/concepten/{NOBODY}"])
def test_without_signing_in_these_pages_lead_to_the_door(guest: Browser, path: str) -> None:
    assert guest.get(path).headers["location"] == "/aanmelden"


def test_who_submits_nothing_sees_no_dossier(guest: Browser) -> None:
    sign_in(guest, "fg")
    start = guest.get("/")
    assert start.status_code == 200
    assert "/dossier" not in start.text
    assert guest.get("/dossier").status_code == 403


def test_numbers_on_the_pages_are_those_of_the_interface(inspecting: Browser) -> None:
    number = Officer(inspecting, "toezichthouder").post("/v1/signalen", signal()).json()["signaalId"]
    assert UUID(number).version == 4
    assert number in inspecting.get("/dossier").text
