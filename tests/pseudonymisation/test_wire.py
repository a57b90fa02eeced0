# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the messages: what a holder accepts, and that a node blames the holder for what it cannot read."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from pseudonymisation import base64url
from pseudonymisation.blinding import BATCH_SIZES, HolderFault
from pseudonymisation.p256 import GENERATOR, SecretScalar
from pseudonymisation.wire import EvaluationRequest, EvaluationResponse, holder_answer

POINTS = [base64url.encode(SecretScalar(n).public_point().encode()) for n in range(1, 42)]
REQUEST: dict[str, Any] = {
    "organisatie": "GM9001",
    "medewerker": "m-0123456789",
    "handeling": "vragen",
    "sleutelset": "oefening",
    "epoch": 1,
    "verzoek": base64url.encode(bytes(range(32))),
    "punten": POINTS[:8],
}
RESPONSE: dict[str, Any] = {
    "houder": 1,
    "sleutelset": "oefening",
    "epoch": 1,
    "punten": POINTS[:8],
    "bewijs": base64url.encode(bytes(64)),
    "kwitantie": "een kwitantie",
}


@pytest.mark.parametrize("size", BATCH_SIZES)
def test_a_request_of_each_size_is_read_and_written_back(size: int) -> None:
    request = EvaluationRequest.model_validate_json(json.dumps(REQUEST | {"punten": POINTS[:size]}))
    assert json.loads(request.model_dump_json()) == REQUEST | {"punten": POINTS[:size]}


def test_a_request_can_be_made_from_points() -> None:
    request = EvaluationRequest.model_validate(REQUEST | {"punten": (GENERATOR,) * 8})
    assert json.loads(request.model_dump_json())["punten"] == [POINTS[0]] * 8


BAD_REQUESTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown_field": ({"nieuw": 1}, "nieuw"),
    "request_too_short": ({"verzoek": base64url.encode(bytes(31))}, "verzoek"),
    "request_not_base64url": ({"verzoek": "=" * 43}, "verzoek"),
    "no_points": ({"punten": []}, "punten"),
    "seven_points": ({"punten": POINTS[:7]}, "punten"),
    "nine_points": ({"punten": POINTS[:9]}, "punten"),
    "forty_one_points": ({"punten": POINTS[:41]}, "punten"),
    "points_as_text": ({"punten": "A" * 8}, "punten"),
    "other_action": ({"handeling": "opslaan"}, "handeling"),
    "officer_too_short": ({"medewerker": "m-12345"}, "medewerker"),
    "officer_with_a_name": ({"medewerker": "j.jansen@gemeente.example"}, "medewerker"),
    "officer_with_a_newline": ({"medewerker": "m-0123456789\n"}, "medewerker"),
    "epoch_zero": ({"epoch": 0}, "epoch"),
    "epoch_as_text": ({"epoch": "1"}, "epoch"),
    "keyset_with_a_path": ({"sleutelset": "../oefening"}, "sleutelset"),
    "organisation_empty": ({"organisatie": ""}, "organisatie"),
}


@pytest.mark.parametrize("name", BAD_REQUESTS)
def test_a_request_of_another_form_is_refused_at_the_field(name: str) -> None:
    members, field = BAD_REQUESTS[name]
    with pytest.raises(ValidationError) as refused:
        EvaluationRequest.model_validate_json(json.dumps(REQUEST | members))
    assert refused.value.errors()[0]["loc"][0] == field


@pytest.mark.parametrize("field", REQUEST)
def test_a_request_lacks_no_field(field: str) -> None:
    with pytest.raises(ValidationError):
        EvaluationRequest.model_validate({name: value for name, value in REQUEST.items() if name != field})


BAD_POINTS = {
    "identity": "AA",
    "identity_in_33_bytes": base64url.encode(bytes(33)),
    "uncompressed": base64url.encode(b"\x04" + bytes(64)),
    "off_curve": base64url.encode(b"\x02" + (7).to_bytes(32, "big")),
    "hexadecimal": GENERATOR.encode().hex(),
    "padded": POINTS[0] + "=",
    "standard_base64": "+" * 44,
    "a_number": 3,
    "nothing": None,
}


@pytest.mark.parametrize("name", BAD_POINTS)
@pytest.mark.parametrize("place", [0, 3, 7])
def test_a_bad_point_is_named_by_its_place(name: str, place: int) -> None:
    points: list[Any] = [*POINTS[:8]]
    points[place] = BAD_POINTS[name]
    with pytest.raises(ValidationError) as refused:
        EvaluationRequest.model_validate_json(json.dumps(REQUEST | {"punten": points}))
    assert [error["loc"] for error in refused.value.errors()] == [("punten", place)]


def test_every_bad_point_is_named_not_just_the_first() -> None:
    with pytest.raises(ValidationError) as refused:
        EvaluationRequest.model_validate(REQUEST | {"punten": ["AA", *POINTS[:6], "AA"]})
    assert [error["loc"] for error in refused.value.errors()] == [("punten", 0), ("punten", 7)]


def test_a_node_reads_the_answer_of_a_holder() -> None:
    answer = holder_answer(1, json.dumps(RESPONSE).encode())
    assert answer.points[0] == GENERATOR.encode()
    assert (answer.keyset, answer.epoch, answer.proof) == ("oefening", 1, bytes(64))


BAD_RESPONSES = {
    "empty": b"",
    "not_json": b"<html>",
    "not_utf8": b"\xff",
    "unknown_field": json.dumps(RESPONSE | {"nieuw": 1}).encode(),
    "identity": json.dumps(RESPONSE | {"punten": ["AA"]}).encode(),
    "off_curve": json.dumps(RESPONSE | {"punten": [BAD_POINTS["off_curve"]]}).encode(),
    "another_holder": json.dumps(RESPONSE | {"houder": 2}).encode(),
    "proof_not_base64url": json.dumps(RESPONSE | {"bewijs": "=" * 86}).encode(),
    "proof_too_short": json.dumps(RESPONSE | {"bewijs": base64url.encode(bytes(63))}).encode(),
    "receipt_too_long": json.dumps(RESPONSE | {"kwitantie": "x" * 1025}).encode(),
    "no_receipt": json.dumps(RESPONSE | {"kwitantie": None}).encode(),
}


@pytest.mark.parametrize("name", BAD_RESPONSES)
def test_a_holder_whose_answer_cannot_be_read_is_named(name: str) -> None:
    with pytest.raises(HolderFault) as fault:
        holder_answer(1, BAD_RESPONSES[name])
    assert fault.value.index == 1


def test_a_message_does_not_print_its_points() -> None:
    assert POINTS[0] not in repr(EvaluationResponse.model_validate(RESPONSE))
