# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A later version of a signal at the node: by whoever looks after it, with a reason, in the place of the one before; nothing lost, nothing doubled."""

from typing import Any
from uuid import UUID

from register.municipal import casebook
from register.municipal.app import open_database
from register.municipal.settings import NodeSettings
from register.municipal.store.casebook import CasebookStore
from register.wire import SignaalIndienen
from tests.register.municipal.world import (
    ORGANISATION,
    Browser,
    Hands,
    Officer,
    RegisterStation,
    signal,
)

LABOUR = {
    "waarnemingGrondslag": "huisvesting_arbeidsmigranten",
    "controlesoort": "woningcontrole",
    "uitbuitingsvorm": "arbeid",
    "aanwijzingen": ["slapen_in_bedrijfspand"],
}
MORE = {**LABOUR, "aanwijzingen": ["slapen_in_bedrijfspand", "onderbetaling_of_uitgesteld_loon"]}


def stored(officer: Officer) -> str:
    answer = officer.post("/v1/signalen", signal(**LABOUR))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["signaalId"])


def corrected(
    officer: Officer, signal_id: str, body: dict[str, Any], reason: str | None = "aangevuld"
) -> Any:
    extra = {"corrigeert": signal_id} | ({} if reason is None else {"correctie": reason})
    return officer.post("/v1/signalen", signal(**body) | extra)


def versions(settings: NodeSettings, signal_id: str) -> dict[int, str]:
    database = open_database(settings, [ORGANISATION])
    store = CasebookStore(database, ORGANISATION)
    found = {n: one.status for n in (1, 2, 3) if (one := store.entry(UUID(signal_id), n)) is not None}
    database.close()
    return found


def sent(register: RegisterStation) -> list[SignaalIndienen]:
    return [
        SignaalIndienen.model_validate_json(one.content)
        for one in register.requests
        if one.url.path == "/v1/signalen"
    ]


def test_a_later_version_keeps_number_and_term_and_says_why(
    guest: Browser, register: RegisterStation, settings: NodeSettings, clock: Hands
) -> None:
    number = stored(Officer(guest, "toezichthouder"))
    clock.forward(days=10)
    contact = Officer(guest, "aandachtsfunctionaris")
    answer = corrected(contact, number, MORE)
    assert answer.status_code == 201, answer.text
    first, second = sent(register)
    assert (str(second.signaal_id), second.versie, second.correctie) == (number, 2, "aangevuld")
    assert second.eerste_verwerking == first.eerste_verwerking
    assert second.lokale_verwijzing != first.lokale_verwijzing, "each record has a handle of its own"
    assert versions(settings, number) == {1: casebook.CORRECTED, 2: casebook.ACKNOWLEDGED}
    headers = next(one for one in reversed(register.requests) if one.url.path == "/v1/signalen").headers
    assert (headers["reden"], headers["namens-rol"]) == ("aangevuld", "aandachtsfunctionaris")


def test_the_dossier_shows_the_newest_version_once(guest: Browser) -> None:
    number = stored(Officer(guest, "toezichthouder"))
    contact = Officer(guest, "aandachtsfunctionaris")
    corrected(contact, number, MORE)
    listed = contact.get("/v1/signalen?staat=bewaard").json()["signalen"]
    assert [(one["signaalId"], one["versie"]) for one in listed] == [(number, 2)]
    seen = contact.post(f"/v1/signalen/{number}/inzagen", {"reden": "kwaliteit"}).json()
    assert sorted(seen["signaal"]["aanwijzingen"]) == sorted(MORE["aanwijzingen"])


def test_the_same_correction_twice_is_one_version(
    guest: Browser, register: RegisterStation, settings: NodeSettings
) -> None:
    number = stored(Officer(guest, "toezichthouder"))
    contact = Officer(guest, "aandachtsfunctionaris")
    corrected(contact, number, MORE)
    assert corrected(contact, number, MORE).json()["herhaald"] is True
    assert len(sent(register)) == 2
    assert set(versions(settings, number)) == {1, 2}


def test_a_correction_waits_while_the_register_is_away_and_then_the_signal_is_not_changed_again(
    guest: Browser, register: RegisterStation, settings: NodeSettings
) -> None:
    number = stored(Officer(guest, "toezichthouder"))
    contact = Officer(guest, "aandachtsfunctionaris")
    register.fails = "away"
    assert corrected(contact, number, MORE).status_code in {202, 201, 503}
    register.fails = ""
    assert corrected(contact, number, LABOUR, "verbeterd").status_code == 409
    assert contact.post(f"/v1/signalen/{number}/pogingen", {}).status_code == 201
    assert versions(settings, number) == {1: casebook.CORRECTED, 2: casebook.ACKNOWLEDGED}


def test_withdrawing_while_a_correction_waits_withdraws_what_the_register_has(
    guest: Browser, register: RegisterStation, settings: NodeSettings
) -> None:
    number = stored(Officer(guest, "toezichthouder"))
    contact = Officer(guest, "aandachtsfunctionaris")
    register.fails = "away"
    corrected(contact, number, MORE)
    register.fails = ""
    answer = contact.post("/v1/intrekkingen", {"signaalId": number, "reden": "onjuist"})
    assert answer.status_code == 201, answer.text
    assert [one for one, _reason in register.withdrawn] == [number]
    assert versions(settings, number) == {}


def test_a_toezichthouder_corrects_nothing_and_without_a_reason_nobody_does(
    guest: Browser, register: RegisterStation
) -> None:
    inspector = Officer(guest, "toezichthouder")
    number = stored(inspector)
    assert corrected(inspector, number, MORE).json()["code"] == "rol"
    contact = Officer(guest, "aandachtsfunctionaris")
    assert corrected(contact, number, MORE, None).json()["code"] == "onbekende-reden"
    assert corrected(contact, number, MORE, "zomaar").json()["code"] == "onbekende-reden"
    nowhere = "7c1f0f5e-6b0e-4c51-9a1f-0a4f5b1d8e01"
    assert corrected(contact, nowhere, MORE).json()["code"] == "signaal-niet-hier"
    assert len(sent(register)) == 1


def test_the_first_request_sent_again_after_a_correction_is_still_the_first_version(
    guest: Browser, register: RegisterStation
) -> None:
    inspector, key = Officer(guest, "toezichthouder"), {"Idempotency-Key": "signaal-0001"}
    body = signal(**LABOUR)
    number = inspector.post("/v1/signalen", body, **key).json()["signaalId"]
    corrected(Officer(guest, "aandachtsfunctionaris"), number, MORE)
    again = inspector.post("/v1/signalen", body, **key)
    assert (again.status_code, again.json()["herhaald"], again.json()["versie"]) == (201, True, 1)
    assert len(sent(register)) == 2
