# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Storage that fails: the write failed, and the write succeeded but we were told that it failed."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import httpx
import pytest

from register.central.store import tables as t
from tests.receipts import covering
from tests.register.central.conftest import Restart
from tests.register.central.turning import broken_off
from tests.register.central.world import World, failing_commit, point, pseudonym, refused, signal, subject

AT_ONCE = 8


def kind(world: World) -> str:
    return str(world.log.engine.dialect.name)


def test_a_commit_that_fails_after_the_keys_were_put_stores_nothing_and_answers_nothing(world: World) -> None:
    before, sent = world.contents(), signal()
    with failing_commit(after=False, database=kind(world)) as happened:
        # One leaf: that it failed is an entry of its own, in a second transaction.
        answer = world.inspector("GM9001").submit(sent)
    assert happened
    refused(answer, 500, "storing")
    assert "logbewijs" not in answer.json()
    assert world.contents() == before
    entry = world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["code"]) == ("geweigerd", "storing")
    assert sent["signaalId"] not in str(entry)


class PowerCut(Exception):
    """From here on nothing is written any more."""


def test_a_submission_broken_off_before_any_of_its_writes_is_whole_and_comes_once(world: World) -> None:
    """Nothing is written from the break on, not even that it failed; then the same request comes again."""

    def stop() -> None:
        raise PowerCut

    inspector = world.inspector("GM9001")
    for at in count():
        sent, key, stored, leaves = (
            signal(),
            f"sleutel-die-blijft-{at}",
            len(world.rows(t.signal)),
            world.log.size,
        )
        with broken_off(at, stop) as begun:
            answer = inspector.post("/v1/signalen", inspector.addressed(sent), key=key, leaves=None)
        if begun[0] <= at:
            assert answer.status_code == 201
            break
        refused(answer, 500, "storing")
        assert (len(world.rows(t.signal)), world.log.size) == (stored, leaves), at
        again = inspector.submit(sent, key=key)
        assert (again.status_code, again.json()["herhaald"]) == (201, False)
        assert len(world.rows(t.signal)) == stored + 1, at
    assert at > 8


def test_after_a_failed_commit_the_same_request_succeeds_as_if_it_were_the_first(world: World) -> None:
    inspector, sent = world.inspector("GM9001"), signal()
    with failing_commit(after=False, database=kind(world)):
        inspector.submit(sent, key="sleutel-die-blijft")
    answer = inspector.submit(sent, key="sleutel-die-blijft")
    assert (answer.status_code, answer.json()["herhaald"]) == (201, False)


def test_a_commit_that_succeeded_while_we_were_told_it_failed_doubles_nothing_on_a_retry(
    world: World, restart: Restart
) -> None:
    inspector, sent = world.inspector("GM9001"), signal()
    with failing_commit(after=True, database=kind(world)) as happened:
        # Two leaves: the signal's own, which is durable, and the failure that we believed in.
        answer = inspector.post("/v1/signalen", inspector.addressed(sent), key="sleutel-die-blijft", leaves=2)
    assert happened
    refused(answer, 500, "storing")
    again = restart().inspector("GM9001").submit(sent, key="sleutel-die-blijft")
    assert (again.status_code, again.json()["herhaald"]) == (201, True)
    assert len(world.rows(t.signal)) == len(world.rows(t.posting)) == 1
    events = [one["gebeurtenis"] for one in world.log.entries("GM9001")]
    assert events == ["signaal_ingediend", "geweigerd", "signaal_ingediend"]


def test_a_treffer_whose_commit_we_were_told_failed_is_not_doubled_by_asking_again(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    inspector = world.inspector("GM9004")
    body = {"organisatie": "GM9004", "pseudoniemen": [phone], "sleutelset": "oefening", "epoch": 1}
    with failing_commit(after=True, database=kind(world)):
        refused(inspector.post("/v1/bevragingen", body, key="sleutel-aan-de-deur", leaves=2), 500, "storing")
    answer = inspector.post("/v1/bevragingen", body, key="sleutel-aan-de-deur")
    assert answer.json()["uitkomst"] == "bekend_elders"
    assert len(world.rows(t.treffer)) == 1


def test_a_question_whose_entry_fails_gets_no_answer_and_leaves_no_treffer(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    with failing_commit(after=False, database=kind(world)):
        answer = world.inspector("GM9004").try_ask(phone)
    refused(answer, 500, "storing")
    assert "uitkomst" not in answer.text
    assert world.rows(t.treffer) == []
    assert "melder" not in {one["ontvanger"] for one in world.log.entries("GM9001")}


def test_a_release_whose_commit_fails_opens_nothing(world: World) -> None:
    phone, sent = pseudonym(point()), signal()
    sent["subjecten"] = [subject(phone)]
    world.submit("GM9001", sent)
    before = world.contents()
    body = {"organisatie": "GM9001", "reden": "onjuist"}
    with failing_commit(after=False, database=kind(world)):
        answer = world.contact("GM9001").post(f"/v1/signalen/{sent['signaalId']}/intrekkingen", body)
    refused(answer, 500, "storing")
    assert world.contents() == before


def test_without_its_payload_keys_the_register_answers_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key store that cannot be written: an entry without its key would be a hole, so there is no entry and no answer."""

    def full(*_arguments: object) -> None:
        raise OSError("disk full")

    before = world.contents()
    monkeypatch.setattr("audit.store.keys.KeyStore.put_many", full)
    answer = world.inspector("GM9001").post(
        "/v1/signalen", world.inspector("GM9001").addressed(signal()), leaves=0
    )
    refused(answer, 500, "storing")
    assert world.contents() == before


def at_once(world: World, requests: list[Any]) -> list[httpx.Response]:
    """Send all of them together, then verify the world."""
    with ThreadPoolExecutor(len(requests)) as pool:
        answers = [one.result() for one in [pool.submit(request) for request in requests]]
    world.log.verify(len(requests))
    return answers


def submitting(world: World, sent: dict[str, Any], key: str) -> Any:
    inspector = world.inspector("GM9001")
    body = covering("/v1/signalen", inspector.addressed(sent), "GM9001", key, world.clock())
    return lambda: inspector.send("POST", "/v1/signalen", json=body, headers={"Idempotency-Key": key})


@pytest.mark.parametrize("keys", ["one", "many"])
def test_one_submission_sent_by_eight_at_once_is_one_signal(world: World, keys: str) -> None:
    sent = signal(subject(pseudonym(point()), pseudonym(point(), "email")))
    names = ["sleutel-van-allen"] * AT_ONCE if keys == "one" else [f"sleutel-{n:05d}" for n in range(AT_ONCE)]
    answers = at_once(world, [submitting(world, sent, name) for name in names])
    assert [answer.status_code for answer in answers] == [201] * AT_ONCE, [one.text for one in answers]
    assert sorted(answer.json()["herhaald"] for answer in answers) == [False] + [True] * (AT_ONCE - 1)
    assert len(world.rows(t.signal)) == 1
    assert len(world.rows(t.posting)) == 2
    assert {answer.json()["logbewijs"]["blad"] for answer in answers} == set(range(AT_ONCE))


def test_eight_signals_at_once_are_eight_signals_and_eight_leaves(world: World) -> None:
    answers = at_once(world, [submitting(world, signal(), f"sleutel-{n:05d}") for n in range(AT_ONCE)])
    assert {answer.status_code for answer in answers} == {201}
    assert len(world.rows(t.signal)) == AT_ONCE


def test_one_question_asked_by_eight_at_once_leaves_one_treffer_and_eight_leaves(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    inspector = world.inspector("GM9004")
    asked = {"organisatie": "GM9004", "pseudoniemen": [phone], "sleutelset": "oefening", "epoch": 1}
    body = covering("/v1/bevragingen", asked, "GM9004", "sleutel-aan-de-deur", world.clock())

    def ask() -> httpx.Response:
        return inspector.send(
            "POST", "/v1/bevragingen", json=body, headers={"Idempotency-Key": "sleutel-aan-de-deur"}
        )

    answers = at_once(world, [ask] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {200}, [one.text for one in answers]
    assert {answer.json()["uitkomst"] for answer in answers} == {"bekend_elders"}
    assert len(world.rows(t.treffer)) == 1


def test_strangers_at_once_are_all_counted(world: World) -> None:
    stranger = world.inspector("GM9001").showing(None)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _n: stranger.send("GET", "/v1/treffers"), range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {401}
    assert sum(row.count for row in world.rows(t.unauthenticated)) == AT_ONCE
