# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the real process: it serves over mutual TLS, to those whom our authority knows."""

import random
import ssl
from typing import Any

import httpx
import pytest

from pseudonymisation import base64url
from pseudonymisation.blinding import HolderFault, blind_batch, unblind_batch
from pseudonymisation.ceremony import Dealt
from pseudonymisation.oprf import HedgedNonce, evaluate, prove
from pseudonymisation.wire import EvaluationRequest, EvaluationResponse, holder_answer

SOURCE = random.Random(37).randbytes


def request(points: Any) -> str:
    return EvaluationRequest(
        organisatie="GM9001",
        medewerker="m-0123456789",
        handeling="vragen",
        sleutelset="oefening",
        epoch=1,
        punten=points,
    ).model_dump_json()


def post(client: httpx.Client, points: Any) -> httpx.Response:
    return client.post(
        "/v1/evaluaties", content=request(points), headers={"content-type": "application/json"}
    )


def answer_in_process(dealt: Dealt, holder: int, points: Any) -> bytes:
    """Holder 2 or 3, honest, without a network."""
    share = dealt.shares[holder - 1]
    evaluated = tuple(evaluate(share.secret, point) for point in points)
    proof = prove(share.secret, points, evaluated, nonce=HedgedNonce(share.nonce_key, SOURCE))
    return (
        EvaluationResponse(
            houder=holder,
            sleutelset="oefening",
            epoch=1,
            punten=evaluated,
            bewijs=base64url.encode(proof.to_bytes()),
            kwitantie=None,
        )
        .model_dump_json()
        .encode()
    )


def test_a_node_gets_its_pseudonyms_over_mutual_tls(running: Any, dealt: Dealt, authority: Any) -> None:
    batches = [blind_batch([b"one"], randomness=SOURCE) for _unused in range(2)]
    pseudonyms = []
    with running.client(authority.issue("node", "GM9001"), "node") as client:
        for batch, other in zip(batches, (2, 3), strict=True):
            response = post(client, batch.asked)
            assert response.status_code == 200, response.text
            answers = {
                1: holder_answer(1, response.content),
                other: holder_answer(other, answer_in_process(dealt, other, batch.asked)),
            }
            pseudonyms += unblind_batch(batch, answers, dealt.keyset)
            with pytest.raises(HolderFault):
                holder_answer(2, response.content)
    assert pseudonyms[0] == pseudonyms[1]
    assert "evaluated GM9001 vragen 8" in running.log()
    assert base64url.encode(batches[0].points[0]) not in running.log()


def test_another_organisation_than_in_the_certificate_is_refused(running: Any, authority: Any) -> None:
    with running.client(authority.issue("node", "GM9002"), "other") as client:
        response = post(client, blind_batch([b"one"], randomness=SOURCE).asked)
    assert response.status_code == 403
    assert response.json()["code"] == "andere-organisatie"


def test_a_register_gets_no_answer(running: Any, authority: Any) -> None:
    with running.client(authority.issue("register", "GM9001"), "register") as client:
        assert post(client, blind_batch([b"one"], randomness=SOURCE).asked).status_code == 403
        assert client.get("/v1/sleutelset").status_code == 403


def test_a_caller_without_a_certificate_does_not_get_in(running: Any) -> None:
    with running.client(None, "") as client, pytest.raises((httpx.TransportError, ssl.SSLError)):
        client.get("/v1/sleutelset")


def test_a_caller_with_a_certificate_of_another_authority_does_not_get_in(
    running: Any, authority: Any
) -> None:
    stranger = type(authority)("another authority").issue("node", "GM9001")
    with running.client(stranger, "stranger") as client, pytest.raises((httpx.TransportError, ssl.SSLError)):
        client.get("/v1/sleutelset")
