# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Inzage of look-ups at the desk: who may ask, on what, and what becomes of it; and what this node writes of it and of other work in its Logboek Dataverwerkingen."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from register.activities import ASKED, BASE, STORED
from register.municipal.settings import NodeSettings
from tests.lines import ACTIVITY, KIND, SUBJECT, lines, subjects
from tests.register.municipal.world import (
    EVERY_GROUND,
    ORGANISATION,
    PASSWORD,
    Browser,
    HolderStation,
    Officer,
    RegisterStation,
    question,
    signal,
)

DOCUMENT = {"soort": "document", "waarde": "COL:AB123456"}
PHONE = {"soort": "phone", "waarde": "06 12345678"}


@pytest.fixture
def desk(guest: Browser, register: RegisterStation) -> Officer:
    """Somebody of the contactpunt, where there is a ground for the rights of people."""
    register.grounds = (*EVERY_GROUND, "G-RECHT")
    return Officer(guest, "contactpunt")


@pytest.fixture
def folder(settings: NodeSettings) -> Path:
    return settings.tenants_folder / ORGANISATION / "verwerkingen"


def requested(desk: Officer, *given: dict[str, Any], **others: Any) -> httpx.Response:
    body = {
        "zaaknummer": "INZAGE-2026-0001",
        "identiteitGecontroleerd": True,
        "kenmerken": list(given) or [DOCUMENT, PHONE],
    }
    return desk.post("/v1/inzagen", body | others)


def test_the_answer_is_the_register_s_and_the_register_gets_no_identity(
    desk: Officer, register: RegisterStation, holders: list[HolderStation]
) -> None:
    answer = requested(desk)
    assert answer.status_code == 200, answer.text
    assert [one["organisatie"] for one in answer.json()["bevragingen"]] == ["Oefenstad"]
    sent = register.requests[-1]
    assert sent.headers["doel"] == "inzage"
    assert sent.headers["zaaknummer"] == "INZAGE-2026-0001"
    assert json.loads(sent.content)["identiteitGecontroleerd"] is True
    for value in (b"AB123456", b"12345678", b"COL"):
        assert value not in sent.content
    assert {one.handeling for holder in holders for one in holder.asked} == {"inzage"}


def test_without_a_check_at_the_desk_nobody_is_asked_anything(
    desk: Officer, register: RegisterStation, holders: list[HolderStation]
) -> None:
    answer = requested(desk, identiteitGecontroleerd=False)
    assert (answer.status_code, answer.json()["code"]) == (403, "niet-gecontroleerd")
    assert not [one for holder in holders for one in holder.asked]
    assert not [one for one in register.requests if one.url.path == "/v1/inzagen"]


@pytest.mark.parametrize(
    "given", [{"soort": "plate", "waarde": "NL:AB123C"}, {"soort": "work_alias", "waarde": "Lola"}]
)
def test_what_nobody_can_show_at_a_desk_is_refused(desk: Officer, given: dict[str, str]) -> None:
    answer = requested(desk, DOCUMENT, given)
    assert (answer.status_code, answer.json()["code"]) == (400, "niet-te-tonen")
    assert answer.json()["velden"][0]["veld"] == "kenmerken.1.waarde"


@pytest.mark.parametrize("role", ["toezichthouder", "aandachtsfunctionaris", "fg"])
def test_nobody_but_the_contactpunt_may_ask(guest: Browser, role: str) -> None:
    assert requested(Officer(guest, role)).status_code == 403


def test_without_a_ground_the_register_refuses(guest: Browser) -> None:
    answer = requested(Officer(guest, "contactpunt"))
    assert (answer.status_code, answer.json()["code"]) == (403, "geen-toegang")


def test_a_contactpunt_asks_nothing_at_a_door_and_enters_no_signal(desk: Officer) -> None:
    assert desk.post("/v1/bevragingen", question("C-OEFE-0001")).status_code == 403
    assert desk.post("/v1/signalen", signal()).status_code == 403


def test_the_page_gives_a_letter_that_holds_nothing_of_what_was_typed(guest: Browser, desk: Officer) -> None:
    del desk
    seen = sign_in(guest, "contactpunt")
    assert "/inzage" in seen.text
    form = guest.get("/inzage")
    filled = {
        "csrf": token(form),
        "zaaknummer": "inzage-2026-0001",
        "identiteitGecontroleerd": "ja",
        "document_nummer": "AB123456",
        "document_land": "COL",
        "telefoon": "06 12345678",
        "kenteken": "NL AB-123-C",
    }
    letter = guest.post("/inzage", data=filled)
    assert letter.status_code == 200, letter.text
    for told in (
        "Oefenstad",
        "2 maart 2026",
        "INZAGE-2026-0001",
        "AVG artikel 15",
        "Autoriteit Persoonsgegevens",
    ):
        assert told in letter.text
    for typed in ("AB123456", "12345678", "AB-123-C"):
        assert typed not in letter.text


def test_a_form_that_is_refused_keeps_what_was_typed(guest: Browser, desk: Officer) -> None:
    del desk
    sign_in(guest, "contactpunt")
    form = guest.get("/inzage")
    filled = {
        "csrf": token(form),
        "zaaknummer": "INZAGE-1",
        "identiteitGecontroleerd": "nee",
        "document_nummer": "AB123456",
        "document_land": "COL",
    }
    again = guest.post("/inzage", data=filled)
    assert again.status_code == 403
    assert "AB123456" in again.text
    assert "niet gecontroleerd" in again.text


# ---- the Logboek Dataverwerkingen of this node ------------------------------------------------------------------------


def test_inzage_is_a_line_joined_with_the_register_s(
    desk: Officer, register: RegisterStation, folder: Path
) -> None:
    requested(desk)
    (line,) = lines(folder)
    assert line["attributes"][ACTIVITY] == BASE + "inzage"
    assert line["attributes"][KIND] == ASKED
    told = register.requests[-1].headers["traceparent"]
    assert told == f"00-{line['trace_id']}-{line['span_id']}-01"


def test_a_question_is_a_line_and_one_that_a_holder_refused_says_so(
    inspector: Officer, holders: list[HolderStation], folder: Path
) -> None:
    inspector.post("/v1/bevragingen", question(inspector.control()))
    for holder in holders:
        holder.fails = "quota"
    inspector.post("/v1/bevragingen", question(inspector.control()))
    for holder in holders:
        holder.fails = "away"
    inspector.post("/v1/bevragingen", question(inspector.control()))
    found = lines(folder)
    assert [one["status"] for one in found] == ["Ok", "Unset", "Error"]
    assert len(set(subjects(found))) == 3


def test_a_signal_and_a_look_at_it_name_the_same_person(
    inspector: Officer, contact: Officer, folder: Path
) -> None:
    number = inspector.post("/v1/signalen", signal()).json()["signaalId"]
    contact.post(f"/v1/signalen/{number}/inzagen", {"reden": "opvolging"})
    entered, looked = lines(folder)
    assert (entered["name"], looked["name"]) == ("Signaal ingevoerd", "Dossier geopend")
    assert entered["attributes"][SUBJECT] == looked["attributes"][SUBJECT]
    assert entered["attributes"][KIND] == STORED


def test_no_line_of_the_node_holds_an_identity_or_an_employee(
    inspector: Officer, desk: Officer, folder: Path
) -> None:
    number = inspector.post("/v1/signalen", signal()).json()["signaalId"]
    inspector.post("/v1/bevragingen", question(inspector.control()))
    requested(desk)
    text = "".join(file.read_text() for file in folder.iterdir())
    for canary in ("12345678", "AB123456", "toezichthouder", "contactpunt", number):
        assert canary not in text
    assert len(lines(folder)) == 3


def sign_in(guest: Browser, role: str) -> httpx.Response:
    form = guest.get("/aanmelden")
    sent = {"csrf": token(form), "gebruikersnaam": role, "wachtwoord": PASSWORD}
    guest.post("/aanmelden", data=sent)
    return guest.get("/")


def token(page: httpx.Response) -> str:
    return page.text.split('name="csrf" value="')[1].split('"')[0]
