# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the real process: it serves over mutual TLS, to those whom our authority knows, on SQLite and on PostgreSQL; and it stops without a loss."""

import json
import random
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, func, select, text

from audit.store.engine import make_engine, read_only
from process.command import USED_WRONGLY
from pseudonymisation import base64url
from pseudonymisation.blinding import HolderFault, blind_batch, unblind_batch
from pseudonymisation.ceremony import Dealt
from pseudonymisation.keyholder.settings import KeyholderSettings
from pseudonymisation.keyholder.store.schema import quota_count
from pseudonymisation.receipts import open_evaluation, require_vkeys
from pseudonymisation.wire import EvaluationRequest, holder_answer
from register.central.reconciling import HolderAccounts, KeyHolder
from register.reconciliation import Asked, differences, judge
from tests.conftest import OwnServer
from tests.pseudonymisation.keyholder.conftest import NotStartedError, Service, honest_answer, serve_holder
from tests.receipts import VKEYS

SOURCE = random.Random(37).randbytes


def request(points: Any) -> str:
    return EvaluationRequest(
        organisatie="GM9001",
        medewerker="m-0123456789",
        handeling="vragen",
        sleutelset="oefening",
        epoch=1,
        verzoek=bytes(32),
        punten=points,
    ).model_dump_json()


def post(client: httpx.Client, points: Any) -> httpx.Response:
    return client.post(
        "/v1/evaluaties", content=request(points), headers={"content-type": "application/json"}
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
                other: holder_answer(other, honest_answer(dealt.shares[other - 1], batch.asked)),
            }
            pseudonyms += unblind_batch(batch, answers, dealt.keyset)
            with pytest.raises(HolderFault):
                holder_answer(2, response.content)
    assert pseudonyms[0] == pseudonyms[1]
    said = [json.loads(line) for line in running.log().splitlines()]
    assert {"organisatie": "GM9001", "handeling": "vragen", "punten": 8}.items() <= next(
        one for one in said if one["gebeurtenis"] == "bewerkt"
    ).items()
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


def test_a_register_reads_over_mutual_tls_which_receipts_a_holder_gave_and_sees_those_that_it_did_not(
    running: Any, authority: Any
) -> None:
    keys = require_vkeys(VKEYS)
    with running.client(authority.issue("node", "GM9005"), "node-5") as client:
        said = json.loads(request(blind_batch([b"one"], randomness=SOURCE).asked)) | {"organisatie": "GM9005"}
        notes = [client.post("/v1/evaluaties", json=said).json()["kwitantie"] for _number in range(3)]
    given = [open_evaluation(note, keys) for note in notes]
    day = given[0].moment.date()
    whose = ("GM9005", "vragen")
    with running.client(authority.issue("register", "REGISTER"), "register") as client:
        holder = KeyHolder(1, keys[1], client)
        accounts = HolderAccounts([holder])
        now = given[-1].moment
        asked = Asked(1, keys[1], "oefening", 1, day, {"GM9005"}, now, final=False)
        account = judge(accounts.note(holder, day), asked).account
        assert account is not None
        mine = {one.mark: one.points for one in given}
        assert differences(account.counted, {whose: mine}, {}) == ()
        # Two were never used, and two were made with a key that somebody stole: as many points as were counted.
        stolen = [replace(given[0], number=bytes(15) + bytes([number])) for number in range(2)]
        seen = {whose: {one.mark: one.points for one in (given[0], *stolen)}}
        listed = {whose: accounts.marks(holder, day, whose)}
    assert [(one.unused, one.unknown) for one in differences(account.counted, seen, listed)] == [(16, 2)]


def test_a_caller_without_a_certificate_does_not_get_in(running: Any) -> None:
    with running.client(None, "") as client, pytest.raises((httpx.TransportError, ssl.SSLError)):
        client.get("/v1/sleutelset")


def test_a_caller_with_a_certificate_of_another_authority_does_not_get_in(
    running: Any, authority: Any
) -> None:
    stranger = type(authority)("another authority").issue("node", "GM9001")
    with running.client(stranger, "stranger") as client, pytest.raises((httpx.TransportError, ssl.SSLError)):
        client.get("/v1/sleutelset")


def test_how_the_holder_is_can_be_asked_without_a_certificate_and_tells_no_address(service: Service) -> None:
    answer = httpx.get(f"{service.health}/gezondheid/klaar", trust_env=False)
    assert (answer.status_code, answer.json()) == (200, {"status": "klaar", "redenen": [], "zorgen": []})
    assert httpx.get(f"{service.health}/v1/sleutelset", trust_env=False).status_code == 404


def counted(engine: Engine) -> int:
    """Points of the whole organisation in the days that this holder remembers."""
    columns = quota_count.c
    query = select(func.sum(columns.points)).where(columns.officer == "", columns.span == "dag")
    with read_only(engine).connect() as connection:
        return int(connection.scalar(query) or 0)


@pytest.fixture
def stoppable(
    tmp_path: Path, dealt: Dealt, authority: Any, holder_database: dict[str, Any]
) -> Iterator[tuple[Service, Engine]]:
    """A holder of one test, and its database seen from outside."""
    service = serve_holder(tmp_path, dealt, authority, **holder_database)
    known = {
        name: value for name, value in service.settings.items() if name in KeyholderSettings.model_fields
    }
    engine = make_engine(KeyholderSettings(**known).database)
    yield service, engine
    engine.dispose()
    service.process.kill()
    service.process.wait()


def test_stopping_under_load_cuts_nobody_off_and_loses_nothing_that_was_acknowledged(
    stoppable: tuple[Service, Engine], authority: Any
) -> None:
    service, engine = stoppable
    before = counted(engine)
    points = blind_batch([b"one"], randomness=SOURCE).asked
    certificate = authority.issue("node", "GM9001")
    answered: list[int] = []

    def ask(caller: int) -> None:
        with service.running.client(certificate, f"node-{caller}") as client:
            while True:
                try:
                    answered.append(post(client, points).status_code)
                except httpx.TransportError:
                    return

    callers = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for caller in callers:
        caller.start()
    while len(answered) < 30:
        assert any(caller.is_alive() for caller in callers)
    assert service.stop() == 0
    for caller in callers:
        caller.join()
    assert set(answered) == {200}
    # What was counted was answered: nobody who was let in was sent away, and nothing that was answered is missing.
    assert counted(engine) - before == len(points) * len(answered)
    assert "Traceback" not in service.running.log()


def test_what_was_counted_outlives_a_kill(stoppable: tuple[Service, Engine], authority: Any) -> None:
    service, engine = stoppable
    before, points = counted(engine), blind_batch([b"one"], randomness=SOURCE).asked
    with service.running.client(authority.issue("node", "GM9001"), "node") as client:
        assert post(client, points).status_code == 200
        service.process.kill()
    service.process.wait()
    assert counted(engine) - before == len(points)


@pytest.mark.postgresql
def test_a_holder_whose_database_goes_and_comes_back_says_so_and_works_again(
    tmp_path: Path, dealt: Dealt, authority: Any, own_postgresql: OwnServer
) -> None:
    url = own_postgresql.url.render_as_string(hide_password=False)
    service = serve_holder(tmp_path, dealt, authority, database_url=url, migrate_at_start=True)
    points = blind_batch([b"one"], randomness=SOURCE).asked
    try:
        with service.running.client(authority.issue("node", "GM9001"), "node") as client:
            assert post(client, points).status_code == 200
            own_postgresql.stop()
            refused = post(client, points)
            assert (refused.status_code, refused.json()["code"]) == (503, "database-weg")
            assert refused.headers["retry-after"]
            health = httpx.get(f"{service.health}/gezondheid/klaar", trust_env=False, timeout=10)
            assert health.status_code == 503
            assert health.json()["redenen"]
            assert str(tmp_path) not in health.text
            assert httpx.get(f"{service.health}/gezondheid/leeft", trust_env=False).status_code == 200
            own_postgresql.start()
            assert post(client, points).status_code == 200
            assert httpx.get(f"{service.health}/gezondheid/klaar", trust_env=False).json()["redenen"] == []
        engine = make_engine(url)
        assert counted(engine) == 2 * len(points)
        engine.dispose()
        assert service.stop() == 0
    finally:
        service.process.kill()
        service.process.wait()
    assert "Traceback" not in service.running.log()


@pytest.mark.postgresql
def test_a_holder_does_not_migrate_a_postgresql_and_says_who_should(
    tmp_path: Path, dealt: Dealt, authority: Any, postgresql_url: str
) -> None:
    with pytest.raises(NotStartedError) as ended:
        serve_holder(tmp_path, dealt, authority, database_url=postgresql_url)
    code, said = ended.value.args
    assert code == USED_WRONGLY
    assert said.count("\n") == 1
    assert "signaalregister keyholder database migrate" in said
    engine = make_engine(postgresql_url)
    with engine.connect() as connection:
        assert not connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
    engine.dispose()
