# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The page with what waits, and what can be done from it: reading, asking with an own signal, saying that it is still true, following, and what a colleague asked."""

from uuid import UUID

import pytest

from register.wire import Bericht
from tests.register.municipal.test_correcting import LABOUR, stored
from tests.register.municipal.test_pages import send, sign_in
from tests.register.municipal.world import Browser, Hands, Officer, RegisterStation, signal


@pytest.fixture
def number(guest: Browser, register: RegisterStation, clock: Hands) -> str:
    """A signal that a toezichthouder stored, about which two notices wait."""
    made = stored(Officer(guest, "toezichthouder"))
    register.notices = [
        Bericht(soort=kind, over_id=UUID(made), klaar_op=clock())
        for kind in ("signaal_later_gezien", "signaal_valideren")
    ]
    return made


def test_the_page_says_what_waits_and_a_notice_that_was_read_is_gone(guest: Browser, number: str) -> None:
    sign_in(guest, "aandachtsfunctionaris")
    page = guest.get("/berichten")
    assert page.status_code == 200
    assert number[:8] in page.text
    assert "Dit signaal klopt nog" in page.text
    done = send(guest, "/berichten/gelezen", {"soort": "signaal_valideren", "over": number}, "/berichten")
    assert done.status_code == 303
    assert "Dit signaal klopt nog" not in guest.get("/berichten").text


def test_with_an_own_signal_is_asked_without_making_a_match_key(
    guest: Browser, number: str, register: RegisterStation
) -> None:
    sign_in(guest, "aandachtsfunctionaris")
    evaluated = len(register.receipts)
    page = send(guest, "/berichten/navragen", {"signaal": number}, "/berichten")
    assert page.status_code == 200
    assert "Elders gezien?" in page.text
    asked = register.requests[-1]
    assert asked.url.path == f"/v1/signalen/{number}/bevragingen"
    assert asked.content == b'{"organisatie":"GM9004"}', "no pseudonym leaves"
    assert asked.headers["zaaknummer"].startswith("SIGNAAL-")
    assert len(register.receipts) == evaluated


def test_a_signal_is_said_to_be_true_and_followed_from_the_pages(
    guest: Browser, number: str, register: RegisterStation
) -> None:
    sign_in(guest, "aandachtsfunctionaris")
    assert send(guest, "/berichten/bevestigen", {"signaal": number}, "/berichten").status_code == 303
    follow = {"nummer": number, "reden": "zorg_loopt", "dagen": "30", "uitdrukkelijk": "ja"}
    assert send(guest, "/berichten/volgen", follow, "/berichten").status_code == 303
    assert (register.following[0].reden, str(register.following[0].over_id)) == ("zorg_loopt", number)
    assert "Er loopt hulp" in guest.get("/berichten").text


def test_the_form_of_a_later_version_has_what_the_register_has_in_it(guest: Browser, number: str) -> None:
    sign_in(guest, "aandachtsfunctionaris")
    form = send(guest, f"/dossier/{number}/corrigeren", {}, "/berichten")
    assert form.status_code == 200, form.text
    assert f'name="corrigeert" value="{number}"' in form.text
    assert "Waarom is er een nieuwe versie?" in form.text
    assert 'value="slapen_in_bedrijfspand" checked' in form.text.replace("  ", " ")


def test_whoever_submitted_asks_and_the_one_who_looks_after_it_sees_that(guest: Browser, number: str) -> None:
    inspector = Officer(guest, "toezichthouder")
    wish = {"signaalId": number, "wens": "intrekken"}
    assert inspector.post("/v1/wijzigingsverzoeken", wish).status_code == 201
    assert inspector.post("/v1/wijzigingsverzoeken", wish | {"wens": "zomaar"}).status_code == 400
    contact = Officer(guest, "aandachtsfunctionaris")
    (one,) = contact.get("/v1/wijzigingsverzoeken").json()["verzoeken"]
    assert (one["signaalId"], one["wens"]) == (number, "intrekken")
    sign_in(guest, "aandachtsfunctionaris")
    assert "Een collega vraagt een wijziging" in guest.get("/berichten").text
    send(guest, "/berichten/wijziging-klaar", {"signaal": number}, "/berichten")
    assert contact.get("/v1/wijzigingsverzoeken").json()["verzoeken"] == []


def test_nobody_asks_for_a_change_of_what_a_colleague_submitted(guest: Browser) -> None:
    contact = Officer(guest, "aandachtsfunctionaris")
    theirs = contact.post("/v1/signalen", signal(**LABOUR)).json()["signaalId"]
    wish = {"signaalId": theirs, "wens": "intrekken"}
    assert Officer(guest, "toezichthouder").post("/v1/wijzigingsverzoeken", wish).status_code == 404


def test_an_address_elsewhere_is_refused_in_words(guest: Browser, number: str) -> None:
    assert number
    refused = Officer(guest, "aandachtsfunctionaris").post("/v1/postbus", {"postbus": "a@elders.example"})
    assert (refused.status_code, refused.json()["code"]) == (400, "geen-werkadres")
