# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about receipts of the key holders and the register's own quotas, at the door of the register: refused before anything stored is looked at, and logged."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event

from pseudonymisation.receipts import open_evaluation, request_digest, require_vkeys
from register.central.store import tables as t
from tests.receipts import VKEYS, receipt, receipts_for, signed
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import World, point, pseudonym, question, refused, signal, subject

KEY = "sleutel-aan-de-deur"
STORED = re.compile(r"\b(signal|subject|posting|treffer|treffer_signal|token_frequency|idempotency)\b")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that any engine sends while this lasts."""
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        heard.append(text)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def receipts(world: World, *, by: int | None = None, **members: Any) -> list[str]:
    """Receipts of two holders for a question of GM9004, with members changed."""
    said = {"organisation": "GM9004", "request": request_digest("GM9004", KEY)} | members
    return [signed(receipt(holder, world.clock(), **said), by=by) for holder in (1, 2)]


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "nobody's signature": ({"by": 3}, 400, "ongeldige-kwitantie"),
    "another organisation": ({"organisation": "GM9001"}, 403, "kwitantie-andere-organisatie"),
    "another epoch": ({"epoch": 2}, 409, "kwitantie-andere-sleutelset"),
    "a submission": ({"action": "indienen"}, 403, "kwitantie-andere-handeling"),
    "another request": ({"request": bytes(32)}, 409, "kwitantie-ander-verzoek"),
    "fewer points": ({"points": 0}, 403, "kwitantie-te-klein"),
    "more points than it needs": ({"points": 16}, 403, "kwitantie-te-groot"),
}


@pytest.mark.parametrize("name", [*REFUSED, "none", "expired", "a third holder", "one holder twice"])
def test_a_question_with_receipts_of_something_else_is_refused_and_logged_and_looks_nothing_up(
    world: World, name: str
) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    before = world.contents()
    if name == "none":
        sent, status, code = [], 400, "kwitantie-ontbreekt"
    elif name == "a third holder":
        sent = receipts_for("GM9004", KEY, "vragen", {"": 1}, world.clock(), holders=(1, 2, 3))
        status, code = 400, "kwitantie-te-veel"
    elif name == "one holder twice":
        sent = receipts_for("GM9004", KEY, "vragen", {"": 1}, world.clock(), holders=(1, 1))
        status, code = 400, "kwitantie-dubbel"
    elif name == "expired":
        sent, status, code = receipts(world), 409, "kwitantie-verlopen"
        world.clock.forward(minutes=10)
    else:
        members, status, code = REFUSED[name]
        sent = receipts(world, **members)
    with statements() as heard:
        answer = world.inspector("GM9004").try_ask(phone, key=KEY, kwitanties=sent)
    told = refused(answer, status, code)
    assert told["regel"] == "kwitantie"
    assert "niets opgezocht" in told["detail"]
    assert not [one for one in heard if STORED.search(one)]
    assert world.contents() == before
    entry = world.log.last("GM9004")
    assert (entry["gebeurtenis"], entry["code"], entry["bron"]) == ("geweigerd", code, "POST /v1/bevragingen")


def test_receipts_of_a_question_let_no_signal_in_and_those_of_a_signal_answer_no_question(
    world: World,
) -> None:
    inspector, sent = world.inspector("GM9001"), signal()
    asked = receipts_for("GM9001", KEY, "vragen", {"s1": 1}, world.clock())
    refused(inspector.submit(sent | {"kwitanties": asked}, key=KEY), 403, "kwitantie-andere-handeling")
    imported = receipts_for("GM9001", KEY, "invoeren", {"s1": 1}, world.clock())
    assert inspector.submit(sent | {"kwitanties": imported}, key=KEY).status_code == 201


def test_a_message_with_more_pseudonyms_than_were_evaluated_is_refused(world: World) -> None:
    nine = [pseudonym(point()) for _number in range(9)]
    sent = receipts_for("GM9004", KEY, "vragen", {"": 8}, world.clock())
    answer = world.inspector("GM9004").try_ask(*nine, key=KEY, kwitanties=sent)
    refused(answer, 403, "kwitantie-te-klein")


def test_the_same_question_with_the_same_receipts_is_decided_again_with_an_entry_of_its_own(
    world: World,
) -> None:
    phone = pseudonym(point())
    inspector, sent = world.inspector("GM9004"), receipts(world)
    first = inspector.ask(phone, key=KEY, kwitanties=sent).json()
    world.submit("GM9001", signal(subject(phone)))
    again = inspector.ask(phone, key=KEY, kwitanties=sent).json()
    assert (first["uitkomst"], again["uitkomst"]) == ("niet_bekend", "bekend_elders")
    assert again["logbewijs"]["blad"] > first["logbewijs"]["blad"]
    assert world.log.last("GM9004")["herhaald"] is True
    assert len(world.rows(t.evaluation_receipt)) == 2 + 2


def test_the_same_receipts_with_another_body_or_key_are_refused(world: World) -> None:
    inspector, sent = world.inspector("GM9004"), receipts(world)
    inspector.ask(pseudonym(point()), key=KEY, kwitanties=sent)
    answer = inspector.try_ask(pseudonym(point()), key=KEY, kwitanties=sent)
    refused(answer, 409, "sleutel-hergebruikt")
    answer = inspector.try_ask(pseudonym(point()), key="sleutel-van-later", kwitanties=sent)
    refused(answer, 409, "kwitantie-ander-verzoek")


def test_a_holder_that_gives_two_towns_one_number_keeps_neither_from_its_answer(world: World) -> None:
    """Its second town was refused each time, and nobody was named."""
    world.inspector("GM9004").ask(pseudonym(point()), key=KEY, kwitanties=receipts(world, number=bytes(16)))
    theirs: dict[str, Any] = {"organisation": "GM9001", "request": request_digest("GM9001", KEY)}
    sent = receipts(world, number=bytes(16), **theirs)
    answer = world.inspector("GM9001").try_ask(pseudonym(point()), key=KEY, kwitanties=sent)
    assert answer.status_code == 200
    used = [(row.organisation, row.holder, row.number) for row in world.rows(t.evaluation_receipt)]
    assert sorted(used) == [(code, holder, bytes(16)) for code in ("GM9001", "GM9004") for holder in (1, 2)]


def test_two_receipts_with_one_number_answer_two_questions_of_one_town_and_none_of_them_a_third(
    world: World,
) -> None:
    inspector = world.inspector("GM9004")
    for key in (KEY, "sleutel-van-later"):
        sent = receipts(world, number=bytes(16), request=request_digest("GM9004", key))
        inspector.ask(pseudonym(point()), key=key, kwitanties=sent)
    answer = inspector.try_ask(pseudonym(point()), key="sleutel-van-nog-later", kwitanties=sent)
    refused(answer, 409, "kwitantie-ander-verzoek")


def test_a_receipt_is_spent_also_after_a_restart_that_forgot_the_key_of_its_request(
    world: World, restart: Any
) -> None:
    sent = receipts(world)
    world.inspector("GM9004").ask(pseudonym(point()), key=KEY, kwitanties=sent)
    with world.log.engine.begin() as connection:
        connection.execute(delete(t.idempotency))
    later = restart().inspector("GM9004")
    with statements() as heard:
        answer = later.try_ask(pseudonym(point()), key=KEY, kwitanties=sent)
    refused(answer, 409, "kwitantie-gebruikt")
    assert not [one for one in heard if re.search(r"\b(signal|posting)\b", one)]


def test_a_question_sent_again_with_fresh_receipts_is_the_same_question(world: World) -> None:
    phone, inspector = pseudonym(point()), world.inspector("GM9004")
    inspector.ask(phone, key=KEY)
    used = world.rows(t.evaluation_receipt)
    assert inspector.ask(phone, key=KEY).status_code == 200
    assert world.log.last("GM9004")["herhaald"] is True
    assert world.rows(t.evaluation_receipt) == used, (
        "what is sent again uses nothing: its evaluations stay unused"
    )


def test_a_stored_version_that_is_sent_again_under_another_key_uses_up_no_receipt(world: World) -> None:
    """Or evaluations that somebody hoarded would look used, one acknowledged signal at a time."""
    inspector, sent = world.inspector("GM9001"), signal()
    assert inspector.submit(sent).json()["herhaald"] is False
    used = world.rows(t.evaluation_receipt)
    assert len(used) == 2
    for number in range(3):
        again = inspector.submit(sent, key=f"een-andere-sleutel-{number}")
        assert (again.status_code, again.json()["herhaald"]) == (201, True)
    assert world.rows(t.evaluation_receipt) == used


def test_a_stored_version_that_is_sent_again_with_receipts_of_another_request_is_refused(
    world: World,
) -> None:
    inspector, sent = world.inspector("GM9001"), signal()
    assert inspector.submit(sent).status_code == 201
    asked = receipts_for("GM9001", KEY, "indienen", {"s1": 1}, world.clock())
    answer = inspector.submit(sent | {"kwitanties": asked}, key="een-andere-sleutel")
    refused(answer, 409, "kwitantie-ander-verzoek")


@ONE_DATABASE
def test_a_used_receipt_is_kept_with_the_key_the_epoch_and_the_mark_that_its_holder_knows_it_by(
    world: World,
) -> None:
    sent, keys = receipts(world), require_vkeys(VKEYS)
    world.inspector("GM9004").ask(pseudonym(point()), key=KEY, kwitanties=sent)
    kept = {(row.holder, row.holder_key, row.epoch, row.mark) for row in world.rows(t.evaluation_receipt)}
    shown = [open_evaluation(note, keys) for note in sent]
    assert kept == {(one.holder, keys[one.holder].public_key, 1, one.mark) for one in shown}


@ONE_DATABASE
def test_a_receipt_in_another_form_is_a_field_that_is_wrong(world: World) -> None:
    for wrong in ("geen kwitantie", "x" * 1024):
        answer = world.inspector("GM9004").try_ask(pseudonym(point()), key=KEY, kwitanties=[wrong])
        refused(answer, 400, "ongeldige-kwitantie")
    anything: list[Any] = ["", "x" * 1025, None, 7, {}]
    for malformed in anything:
        answer = world.inspector("GM9004").try_ask(pseudonym(point()), key=KEY, kwitanties=[malformed])
        refused(answer, 400, "ongeldige-invoer")


# ---- the register's own quotas --------------------------------------------------------------------------------------


def phones(number: int) -> list[dict[str, str]]:
    return [pseudonym(point()) for _number in range(number)]


def kinds(world: World, organisation: str) -> dict[str, int]:
    """What the FG of an organisation is reminded of."""
    found = world.person(organisation, "fg").get("/v1/herinneringen", leaves=0).json()["herinneringen"]
    assert all(one["wat"].endswith(".") and one["watNu"] for one in found)
    return {one["soort"]: one["aantal"] for one in found}


def test_who_asks_on_more_than_a_minute_allows_waits_and_nothing_is_looked_up(world: World) -> None:
    inspector = world.inspector("GM9004")
    inspector.ask(*phones(40))
    with statements() as heard:
        answer = inspector.try_ask(*phones(21))
    told = refused(answer, 429, "quotum-vragen-bereikt")
    assert "per minuut op 60 gegevens" in told["detail"]
    assert answer.headers["retry-after"] == "40"
    assert not [one for one in heard if STORED.search(one)]
    assert world.log.last("GM9004")["code"] == "quotum-vragen-bereikt"
    inspector.ask(*phones(20))
    world.clock.forward(seconds=40)
    inspector.ask(*phones(40))
    assert kinds(world, "GM9004") == {"quotum-vragen-bereikt": 1, "veel-gevraagd": 1}
    assert kinds(world, "GM9001") == {}


def test_the_fg_is_told_in_the_log_and_among_what_waits_while_questions_are_still_answered(
    world: World,
) -> None:
    inspector = world.inspector("GM9004")
    inspector.ask(*phones(40))
    assert world.log.last("GM9004")["vlaggen"] == []
    world.clock.forward(minutes=1)
    inspector.ask(*phones(35))
    assert world.log.last("GM9004")["vlaggen"] == ["veel-gevraagd"]
    assert kinds(world, "GM9004") == {"veel-gevraagd": 1}
    values = "".join(map(repr, world.rows(t.fg_flag)))
    assert "toezichthouder" not in values


def test_a_flag_is_gone_after_a_week_and_a_day_begins_anew(world: World) -> None:
    inspector = world.inspector("GM9004")
    for _minute in range(2):
        inspector.ask(*phones(40))
        world.clock.forward(minutes=1)
    world.clock.forward(days=1)
    inspector.ask(*phones(40))
    assert world.log.last("GM9004")["vlaggen"] == []
    world.clock.moment += timedelta(days=6)
    assert kinds(world, "GM9004") == {}


def test_officers_together_do_not_exceed_their_organisation(world: World) -> None:
    inspector, contact = world.inspector("GM9004"), world.contact("GM9004")
    for minute in range(4):
        inspector.ask(*phones(40))
        contact.ask(*phones(40))
        assert len(world.rows(t.question_count)) >= 3 + minute
        world.clock.forward(minutes=1)
    days = {row.officer: row.attributes for row in world.rows(t.question_count) if row.span == "dag"}
    assert days[""] == 320
    assert sorted(days.values()) == [160, 160, 320]


@ONE_DATABASE
def test_what_is_refused_for_another_reason_is_not_counted(world: World) -> None:
    inspector = world.inspector("GM9004")
    refused(inspector.try_ask(*phones(1), kwitanties=[]), 400, "kwitantie-ontbreekt")
    body = {"organisatie": "GM9004", **question(*phones(1))}
    refused(inspector.but(doel="hulpverlening").post("/v1/bevragingen", body), 403, "geen-toegang")
    assert world.rows(t.question_count) == []


@ONE_DATABASE
def test_one_holder_that_lends_its_name_to_two_numbers_is_one_holder(world: World) -> None:
    one = receipt(1, world.clock(), organisation="GM9004", request=request_digest("GM9004", KEY))
    sent = [signed(one), signed(replace(one, number=bytes(16)))]
    refused(world.inspector("GM9004").try_ask(*phones(1), key=KEY, kwitanties=sent), 400, "kwitantie-dubbel")
