# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A question at the node: who may ask, with what, and what happens when the others fail."""

import json
import threading
import time
from typing import Any

import httpx
import pytest

from register.municipal import clients
from register.municipal.clients import THREADS_PER_HOLDER, holder_threads
from register.municipal.settings import NodeSettings
from tests.register.municipal.world import (
    CLOCKS,
    SILENCE,
    Hands,
    HolderStation,
    Officer,
    RegisterStation,
    open_store,
    question,
    signal,
)


def test_a_telephone_number_that_another_signal_holds_is_known(inspector: Officer) -> None:
    assert inspector.post("/v1/signalen", signal()).status_code == 201
    answer = inspector.post("/v1/bevragingen", question(inspector.control()))
    assert answer.status_code == 200, answer.text
    assert answer.json()["uitkomst"] == "bekend_elders"
    assert answer.json()["logbewijs"]["blad"] > 0


@pytest.mark.parametrize("away", [0, 1, 2])
def test_any_one_holder_may_be_away(inspector: Officer, holders: list[HolderStation], away: int) -> None:
    assert inspector.post("/v1/signalen", signal()).status_code == 201
    holders[away].fails = "away"
    answer = inspector.post("/v1/bevragingen", question(inspector.control()))
    assert answer.json()["uitkomst"] == "bekend_elders"


@pytest.mark.parametrize("fault", ["error", "outage", "rubbish", "endless", "wrong proof", "quota", *CLOCKS])
def test_a_holder_that_fails_is_replaced_by_the_third(
    inspector: Officer, holders: list[HolderStation], fault: str
) -> None:
    holders[0].fails = fault
    answer = inspector.post("/v1/bevragingen", question(inspector.control()))
    assert answer.status_code == 200
    assert holders[2].asked


def test_a_holder_that_keeps_every_thread_that_asks_it_keeps_none_of_another() -> None:
    threads, released = holder_threads(3), threading.Event()
    try:
        for _time in range(3 * THREADS_PER_HOLDER):
            threads[0].submit(released.wait, SILENCE)
        assert threads[1].submit(lambda: "asked").result(timeout=SILENCE / 2) == "asked"
    finally:
        released.set()
        for one in threads:
            one.shutdown()


def test_a_last_holder_that_never_ends_its_answer_is_told_as_one_that_is_away(
    inspector: Officer, holders: list[HolderStation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "LAST_SECONDS", 0.5)
    holders[0].fails = "away"
    holders[1].fails = "silent"
    told = inspector.post("/v1/bevragingen", question(inspector.control()))
    holders[1].released.set()
    assert (told.status_code, told.json()["code"]) == (503, "sleutelhouders-weg")


def test_a_silent_holder_is_overtaken_and_at_once_asked_last(
    inspector: Officer, holders: list[HolderStation], clock: Hands
) -> None:
    control = inspector.control()
    inspector.post("/v1/bevragingen", question(control))
    holders[0].fails = "silent"
    began = time.monotonic()
    assert inspector.post("/v1/bevragingen", question(control)).status_code == 200
    assert time.monotonic() - began < SILENCE / 2
    # It is still silent on the first; the second does not even call it.
    calls = holders[0].calls
    assert inspector.post("/v1/bevragingen", question(control)).status_code == 200
    assert holders[0].calls == calls
    holders[0].released.set()
    clock.forward(seconds=31)
    holders[0].fails = ""
    assert inspector.post("/v1/bevragingen", question(control)).status_code == 200
    assert holders[0].calls == calls + 1


def test_a_holder_that_asks_to_wait_in_no_number_is_understood_all_the_same(
    inspector: Officer, holders: list[HolderStation]
) -> None:
    for holder in holders:
        holder.fails = "quota without a number"
    answer = inspector.post("/v1/bevragingen", question(inspector.control()))
    assert answer.status_code == 429
    assert "retry-after" not in answer.headers


def test_a_holder_that_recovered_is_asked_again_after_its_rest(
    inspector: Officer, holders: list[HolderStation], clock: Hands
) -> None:
    control = inspector.control()
    holders[0].fails = "away"
    inspector.post("/v1/bevragingen", question(control))
    holders[0].fails = ""
    inspector.post("/v1/bevragingen", question(control))
    assert not holders[0].asked
    clock.forward(seconds=31)
    inspector.post("/v1/bevragingen", question(control))
    assert holders[0].asked


def test_a_holder_with_a_wrong_proof_is_named_in_the_log(
    inspector: Officer, holders: list[HolderStation], caplog: pytest.LogCaptureFixture
) -> None:
    holders[1].fails = "wrong proof"
    assert inspector.post("/v1/bevragingen", question(inspector.control())).status_code == 200
    assert "holder 2" in caplog.text


@pytest.mark.parametrize("fault", ["away", "error", "outage"])
def test_with_two_holders_away_nothing_is_asked_and_the_refusal_says_so(
    inspector: Officer, holders: list[HolderStation], register: RegisterStation, fault: str
) -> None:
    holders[0].fails = holders[1].fails = fault
    answer = inspector.post("/v1/bevragingen", question(inspector.control()))
    assert (answer.status_code, answer.json()["code"]) == (503, "sleutelhouders-weg")
    assert answer.headers["retry-after"] == "60"
    assert not [one for one in register.requests if one.url.path == "/v1/bevragingen"]


def test_a_quota_at_two_holders_is_told_in_their_words(
    inspector: Officer, holders: list[HolderStation]
) -> None:
    for holder in holders:
        holder.fails = "quota"
    answer = inspector.post("/v1/bevragingen", question(inspector.control()))
    assert (answer.status_code, answer.json()["code"]) == (429, "te-veel")


def test_a_register_that_is_away_is_a_503_that_says_nothing_was_stored(
    inspector: Officer, register: RegisterStation
) -> None:
    control = inspector.control()
    register.fails = "away"
    answer = inspector.post("/v1/bevragingen", question(control))
    assert (answer.status_code, answer.json()["code"]) == (503, "register-weg")


def test_an_answer_with_a_forged_receipt_is_not_shown(inspector: Officer, register: RegisterStation) -> None:
    control = inspector.control()
    register.fails = "forged"
    answer = inspector.post("/v1/bevragingen", question(control))
    assert answer.status_code == 503
    assert "uitkomst" not in answer.json()


def test_no_value_that_was_typed_leaves_the_node(
    inspector: Officer, register: RegisterStation, holders: list[HolderStation]
) -> None:
    control = inspector.control()
    sent = question(control, ("phone", "0612345678"), ("name_dob", "Nunez, Maria;1998-03-24"))
    assert inspector.post("/v1/bevragingen", sent).status_code == 200
    outgoing = b"".join(one.content for one in register.requests)
    outgoing += "".join(one.model_dump_json() for holder in holders for one in holder.asked).encode()
    for value in (b"612345678", b"nunez", b"maria", b"1998"):
        assert value not in outgoing.lower()


def test_the_question_says_who_asks_for_what_and_why(inspector: Officer, register: RegisterStation) -> None:
    control = inspector.control()
    inspector.post("/v1/bevragingen", question(control))
    headers = next(one.headers for one in register.requests if one.url.path == "/v1/bevragingen")
    assert headers["namens-medewerker"] == "toezichthouder-GM9004"
    assert headers["namens-rol"] == "toezichthouder"
    assert (headers["doel"], headers["zaaknummer"]) == ("signalering", control)
    assert (headers["reden"], headers["grondslag"]) == ("controle", "OEF-G-GEM")


def test_the_number_of_points_per_family_is_constant(inspector: Officer, register: RegisterStation) -> None:
    control = inspector.control()

    def families(name: str) -> list[str]:
        inspector.post("/v1/bevragingen", question(control, ("name_dob", name), ("kvk", "12345678")))
        return [one["familie"] for one in register.last("/v1/bevragingen")["pseudoniemen"]]

    assert families("Li, A;1998-03-24") == families("Nunez Garcia, Maria Elena;1998-11-12")


def said(request: httpx.Request) -> dict[str, Any]:
    """A question without the receipts that came with it."""
    return {name: value for name, value in json.loads(request.content).items() if name != "kwitanties"}


def test_the_same_request_key_sends_the_same_message(inspector: Officer, register: RegisterStation) -> None:
    body = question(inspector.control(), ("kvk", "12345678"), ("bag_address", "1234AB 5"))
    for _time in range(2):
        assert inspector.post("/v1/bevragingen", body, **{"Idempotency-Key": "vraag-0001"}).status_code == 200
    first, second = (one for one in register.requests if one.url.path == "/v1/bevragingen")
    assert said(first) == said(second)
    assert json.loads(first.content)["kwitanties"] != json.loads(second.content)["kwitanties"]
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


def test_a_question_carries_receipts_of_two_holders_over_as_many_points_as_it_has_pseudonyms(
    inspector: Officer, register: RegisterStation
) -> None:
    body = question(inspector.control(), ("name_dob", "Nuñez, María;1998-05-03"), ("phone", "0612345678"))
    assert inspector.post("/v1/bevragingen", body).status_code == 200
    (sent,) = (json.loads(one.content) for one in register.requests if one.url.path == "/v1/bevragingen")
    assert {one.holder for one in register.receipts} == {1, 2}
    assert all(one.points >= len(sent["pseudoniemen"]) == 16 for one in register.receipts)
    assert {one.action for one in register.receipts} == {"vragen"}


def test_a_holder_whose_receipt_is_not_of_this_request_is_replaced_by_the_third(
    inspector: Officer, holders: list[HolderStation], register: RegisterStation
) -> None:
    holders[0].fails = "receipt of another"
    assert inspector.post("/v1/bevragingen", question(inspector.control())).status_code == 200
    assert {one.holder for one in register.receipts} == {2, 3}


def test_without_a_request_key_fillers_differ(inspector: Officer, register: RegisterStation) -> None:
    body = question(inspector.control(), ("kvk", "12345678"), ("bag_address", "1234AB 5"))
    for _time in range(2):
        inspector.post("/v1/bevragingen", body)
    first, second = (said(one) for one in register.requests if one.url.path == "/v1/bevragingen")
    assert first != second


def test_a_refusal_of_a_holder_is_counted_at_the_node(
    inspector: Officer, holders: list[HolderStation], settings: NodeSettings
) -> None:
    for holder in holders:
        holder.fails = "quota"
    assert inspector.post("/v1/bevragingen", question(inspector.control())).status_code == 429
    store = open_store(settings)
    assert [(code, times) for _minute, _officer, code, _fields, times in store.refusals()] == [("te-veel", 1)]
    store.close()


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "not a telephone number": (
        {"kenmerken": [{"soort": "phone", "waarde": "12"}]},
        "kenmerk-onleesbaar",
        "phone",
    ),
    "a BSN failing the eleven-test": (
        {"kenmerken": [{"soort": "bsn", "waarde": "123456789"}]},
        "kenmerk-onleesbaar",
        "bsn",
    ),
    "an unknown kind": ({"kenmerken": [{"soort": "horoscoop", "waarde": "leeuw"}]}, "kenmerk-onleesbaar", ""),
    "a name only": ({"kenmerken": [{"soort": "name_dob", "waarde": "Jansen, Jan"}]}, "te-weinig", ""),
    "a common default date": (
        {"kenmerken": [{"soort": "name_dob", "waarde": "A., Mohamed;1990-01-01"}]},
        "kenmerk-onleesbaar te-weinig",
        "",
    ),
    "an unknown municipality": ({"organisatie": "GM9999"}, "andere-organisatie", ""),
    "another municipality": ({"organisatie": "GM9001"}, "andere-organisatie", ""),
    "an unknown field": ({"geslacht": "v"}, "ongeldige-invoer", ""),
    "an unknown purpose": ({"doel": "bibob"}, "onbekend-doel", ""),
    "no purpose": ({"doel": None}, "ongeldige-invoer", ""),
    "an unknown reason": ({"reden": "nieuwsgierig"}, "onbekende-reden", ""),
    "text and parts at once": (
        {"kenmerken": [{"soort": "phone", "waarde": "0612345678", "velden": {"number": "0612345678"}}]},
        "kenmerk-onleesbaar",
        "",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_question_is_refused_with_a_way_forward_and_reaches_nobody(
    inspector: Officer, register: RegisterStation, holders: list[HolderStation], name: str
) -> None:
    change, codes, _field = REFUSED[name]
    answer = inspector.post("/v1/bevragingen", question(inspector.control(), **change))
    assert answer.status_code == 400, answer.text
    problem = answer.json()
    assert problem["code"] in codes.split()
    assert problem["wegVooruit"]
    assert problem["velden"]
    assert not [one for one in register.requests if one.url.path == "/v1/bevragingen"]
    assert not any(holder.asked for holder in holders)


def test_a_refusal_never_repeats_what_was_typed(inspector: Officer) -> None:
    answer = inspector.post(
        "/v1/bevragingen", question(inspector.control(), ("phone", "06-geheim-1"), ("bsn", "987654321"))
    )
    assert answer.status_code == 400
    assert "geheim" not in answer.text
    assert "987654321" not in answer.text


def test_a_refusal_is_logged_by_code_and_field_and_never_by_value(
    inspector: Officer, settings: NodeSettings
) -> None:
    inspector.post("/v1/bevragingen", question(inspector.control(), ("phone", "06-geheim-1")))
    inspector.post("/v1/bevragingen", question(inspector.control(), Achternaam_Jansen="x"))
    logged = open_store(settings).refusals()
    assert ("toezichthouder-GM9004", "kenmerk-onleesbaar", "kenmerken.0.waarde") in [
        one[1:4] for one in logged
    ]
    assert "onbekend-veld" in [one[3] for one in logged]
    assert "geheim" not in repr(logged)
    assert "Jansen" not in repr(logged)


def test_a_question_without_a_control_is_refused_under_c1(inspector: Officer) -> None:
    answer = inspector.post("/v1/bevragingen", question(None))
    assert (answer.status_code, answer.json()["code"]) == (400, "geen-controlenummer")
    assert answer.json()["regel"] == "C1"


def test_a_control_that_this_node_does_not_know_is_refused(inspector: Officer) -> None:
    answer = inspector.post("/v1/bevragingen", question("C-VERZ-0NN3N"))
    assert (answer.status_code, answer.json()["code"]) == (403, "controle-niet-open")


def test_a_control_of_yesterday_is_refused(inspector: Officer, clock: Hands, guest: Any) -> None:
    control = inspector.control()
    clock.forward(days=1)
    answer = Officer(guest, "toezichthouder").post("/v1/bevragingen", question(control))
    assert (answer.status_code, answer.json()["code"]) == (403, "controle-niet-open")


def test_an_ambassadeur_may_not_ask(inspector: Officer, guest: Any) -> None:
    control = inspector.control()
    answer = Officer(guest, "ambassadeur").post("/v1/bevragingen", question(control))
    assert (answer.status_code, answer.json()["regel"]) == (403, "C2")


def test_what_took_no_part_is_named(inspector: Officer) -> None:
    body = question(inspector.control(), ("document", "NLD:SPECI2014"), ("work_alias", "Lola"))
    answer = inspector.post("/v1/bevragingen", body).json()
    assert [one["soort"] for one in answer["nietGebruikt"]] == ["work_alias"]


def test_a_kvk_number_alone_is_about_an_organisation(inspector: Officer, register: RegisterStation) -> None:
    inspector.post("/v1/bevragingen", question(inspector.control(), ("kvk", "12345678")))
    assert register.last("/v1/bevragingen")["betreft"] == "organisatie"


def test_nothing_of_a_question_is_in_the_database_of_the_node(
    inspector: Officer, settings: NodeSettings, register: RegisterStation
) -> None:
    inspector.post("/v1/bevragingen", question(inspector.control(), ("phone", "0612345678")))
    sent = register.last("/v1/bevragingen")["pseudoniemen"][0]["punt"]
    for file in settings.database_file.parent.glob("node.sqlite*"):
        content = file.read_bytes()
        assert b"612345678" not in content
        assert sent.encode() not in content


def test_a_wrong_content_type_is_a_415(inspector: Officer) -> None:
    answer = inspector._http.post(
        "/v1/bevragingen",
        content=json.dumps(question("C-0000-0000")),
        headers=inspector.headers | {"Content-Type": "text/plain"},
    )
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_of_ten_megabytes_is_a_400(inspector: Officer) -> None:
    answer = inspector.post("/v1/bevragingen", question("C-0000-0000", doel="x" * 10_000_000))
    assert (answer.status_code, answer.json()["code"]) == (400, "te-groot")


ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
"""The passport of ICAO Doc 9303 part 4."""


def test_a_pasted_zone_asks_with_document_name_and_date_of_birth(
    inspector: Officer, register: RegisterStation
) -> None:
    answer = inspector.post("/v1/bevragingen", question(inspector.control(), ("document", ZONE)))
    assert answer.status_code == 200, answer.text
    (read,) = answer.json()["uitDocument"]
    assert read == {
        "gebruikt": ["documentnummer", "land van afgifte", "naam", "geboortedatum"],
        "nietGebruikt": [],
    }
    families = {one["familie"] for one in register.last("/v1/bevragingen")["pseudoniemen"]}
    assert families >= {"document", "document_number", "name_dob"}
    assert not [text for text in ("ERIKSSON", "898902", "1974") if text in answer.text]


def test_who_is_found_by_a_pasted_zone_is_found_by_name_and_date_of_birth_too(inspector: Officer) -> None:
    subject = {"kenmerken": [{"soort": "document", "waarde": ZONE}]}
    stored = inspector.post("/v1/signalen", signal(subjecten=[subject]))
    assert stored.status_code == 201, stored.text
    assert stored.json()["uitDocument"][0]["gebruikt"][-1] == "geboortedatum"
    named = question(inspector.control(), ("name_dob", "Eriksson, Anna Maria;12-08-1974"))
    assert inspector.post("/v1/bevragingen", named).json()["uitkomst"] == "bekend_elders"


def test_a_zone_with_a_wrong_check_digit_asks_nothing_and_names_its_field(
    inspector: Officer, register: RegisterStation
) -> None:
    wrong = question(inspector.control(), ("document", ZONE.replace("L898902C3", "L898902C4")))
    answer = inspector.post("/v1/bevragingen", wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "kenmerk-onleesbaar")
    assert answer.json()["velden"][0]["veld"].startswith("kenmerken.0")
    assert not [one for one in register.requests if one.url.path == "/v1/bevragingen"]


def test_without_a_zone_an_answer_says_nothing_about_one(inspector: Officer) -> None:
    assert "uitDocument" not in inspector.post("/v1/bevragingen", question(inspector.control())).json()
