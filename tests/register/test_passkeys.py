# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from process.problem import Refusal
from process.secret import Secret
from register.passkeys import (
    Passkey,
    Site,
    counted,
    origin_problem,
    registered,
    site_of,
    to_register,
    to_sign,
    user_handle,
)
from tests.authenticator import VERIFIED, Authenticator

SITE = Site("https://node.example.nl", "Signaalregister")
ELSEWHERE = "https://node.example.nl.kwaad.example"
CHALLENGE, OTHER = bytes(range(32)), bytes(32)
ASKED = to_register(SITE, CHALLENGE, b"h" * 32, "fg", [])
KEY = Secret(bytes(range(32)))


def key_and_passkey() -> tuple[Authenticator, Passkey]:
    key = Authenticator(SITE.origin, SITE.host)
    return key, registered(key.made(ASKED), CHALLENGE, SITE)


def test_a_passkey_that_was_made_signs_and_counts() -> None:
    key, passkey = key_and_passkey()
    asked = to_sign(SITE, OTHER, [passkey.id])
    assert [one["id"] for one in asked["allowCredentials"]] == [passkey.id]
    assert counted(key.signed(asked), OTHER, SITE, passkey) == 1


def test_a_key_that_counts_nothing_is_believed_each_time() -> None:
    key, passkey = key_and_passkey()
    asked = to_sign(SITE, OTHER, [passkey.id])
    assert [counted(key.signed(asked, counter=0), OTHER, SITE, passkey) for _time in range(2)] == [0, 0]


LIES_IN_MAKING: dict[str, dict[str, Any]] = {
    "wrong_origin": {"origin": ELSEWHERE},
    "wrong_host": {"host": "kwaad.example"},
    "wrong_challenge": {"challenge": "AAAA"},
    "an_answer_to_another_question": {"kind": "webauthn.get"},
}


@pytest.mark.parametrize("lie", LIES_IN_MAKING)
def test_no_passkey_comes_from(lie: str) -> None:
    key = Authenticator(SITE.origin, SITE.host)
    with pytest.raises(Refusal) as refused:
        registered(key.made(ASKED, **LIES_IN_MAKING[lie]), CHALLENGE, SITE)
    assert (refused.value.status, refused.value.code) == (400, "passkey-mislukt")


LIES_IN_SIGNING: dict[str, dict[str, Any]] = LIES_IN_MAKING | {
    "an_answer_to_another_question": {"kind": "webauthn.create"},
    "a_counter_going_back": {"counter": 4},
    "a_counter_standing_still": {"counter": 5},
    "nobody_present": {"flags": VERIFIED},
}


@pytest.mark.parametrize("lie", LIES_IN_SIGNING)
def test_nobody_signs_in_with(lie: str) -> None:
    key, made = key_and_passkey()
    key.counter, passkey = 5, Passkey(made.id, made.public_key, 5)
    with pytest.raises(Refusal) as refused:
        counted(key.signed(to_sign(SITE, OTHER, [made.id]), **LIES_IN_SIGNING[lie]), OTHER, SITE, passkey)
    assert (refused.value.status, refused.value.code) == (401, "tweede-stap-mislukt")


def test_another_key_under_the_same_number_signs_nobody_in() -> None:
    _key, passkey = key_and_passkey()
    other = Authenticator(SITE.origin, SITE.host)
    with pytest.raises(Refusal):
        counted(other.signed(to_sign(SITE, OTHER, [passkey.id])), OTHER, SITE, passkey)


def without(name: str) -> Callable[[dict[str, Any]], Any]:
    def changed(sent: dict[str, Any]) -> Any:
        (sent["response"] if name in sent["response"] else sent).pop(name)
        return sent

    return changed


MALFORMED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "nothing": lambda _sent: {},
    "no_response": without("response"),
    "no_id": without("id"),
    "no_client_data": without("clientDataJSON"),
    "a_list_for_a_response": lambda sent: sent | {"response": []},
    "a_number_for_an_id": lambda sent: sent | {"id": 5},
    "no_base64": lambda sent: sent | {"response": dict.fromkeys(sent["response"], "~~~")},
    "no_cbor": lambda sent: sent | {"response": sent["response"] | dict.fromkeys(sent["response"], "AAAA")},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_answer_is_a_refusal_and_never_a_defect(name: str) -> None:
    key, passkey = key_and_passkey()
    made, signed = key.made(ASKED), key.signed(to_sign(SITE, CHALLENGE, [passkey.id]))
    with pytest.raises(Refusal):
        registered(MALFORMED[name](copy.deepcopy(made)), CHALLENGE, SITE)
    with pytest.raises(Refusal):
        counted(MALFORMED[name](copy.deepcopy(signed)), CHALLENGE, SITE, passkey)


def test_what_a_browser_is_asked_names_nobody_but_the_account() -> None:
    asked = to_register(SITE, CHALLENGE, user_handle(KEY, "GM9001\x00fg"), "fg", [])
    assert (asked["rp"]["id"], asked["attestation"]) == ("node.example.nl", "none")
    assert asked["user"]["name"] == "fg"
    assert "GM9001" not in json.dumps(asked)


@pytest.mark.parametrize(
    "origin",
    [
        "http://node.example.nl",
        "https://10.0.0.1",
        "https://node.example.nl/",
        "https://node.example.nl/pad",
        "https://u@node.example.nl",
        "https://node",
        "node.example.nl",
        "",
    ],
)
def test_passkeys_are_not_bound_to(origin: str) -> None:
    assert origin_problem(origin)


def test_passkeys_are_bound_to_the_address_of_the_settings_and_no_other() -> None:
    assert origin_problem(SITE.origin) is None
    here = site_of(SITE.origin, "https://kwaad.example", "S", practising=True)
    assert here is not None
    assert here.origin == SITE.origin


@pytest.mark.parametrize(
    ("asked", "profile", "origin"),
    [
        ("http://localhost:8080", "oefening", "http://localhost:8080"),
        ("http://localhost:8080", "riec-wgs", None),
        ("http://127.0.0.1:8080", "oefening", None),
        ("https://kwaad.example", "oefening", None),
    ],
)
def test_without_a_setting_there_are_passkeys_on_this_machine_in_an_exercise_only(
    asked: str, profile: str, origin: str | None
) -> None:
    site = site_of(None, asked, "S", practising=profile == "oefening")
    assert (site.origin if site else None) == origin
