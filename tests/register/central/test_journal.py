# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Each request leaves one sealed record of what it was decided on, which names nobody, tells nothing by its length, and decides the same again."""

import json
from datetime import date, timedelta

import pytest

from policies.desk.load import load_profile, profile_texts, record_texts, texts_hash
from policies.recorded import RecordError, Request, from_json, to_json
from process.secret import Secret
from register.central import replaying
from register.central.centre import Centre
from register.central.journal import forget_decisions
from register.central.store import tables as t
from register.decisions import KEPT_DAYS, PADDING, opened, sealed
from tests.policies.changed import changed
from tests.register.central.enrolling_world import administrator
from tests.register.central.test_changing import SHOWS_TOWN
from tests.register.central.world import CONTROL, World, point, pseudonym, refused, signal, subject

H3 = {"bron": "B", "informatie": 2, "behandeling": "H3"}
PACKAGED, BASE = load_profile("oefening")
BASE_HASH = texts_hash(record_texts(profile_texts("oefening")))


def records(world: World) -> list[Request]:
    """Every record, opened with its key."""
    keys = world.log.keys
    found = []
    for row in world.rows(t.decision_record):
        key = keys.get(row.key_id)
        assert key is not None
        found.append(opened(row.ciphertext, row.key_id, row.day, key))
    return found


def asked(world: World) -> dict[str, str]:
    """A phone that one municipality submitted and another asked about."""
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    world.inspector("GM9004").ask(phone)
    return phone


def test_every_request_that_is_decided_leaves_one_record_joined_to_its_entry_by_its_trace(
    world: World,
) -> None:
    asked(world)
    entries = [one["velden"]["spoor"] for one in world.log.entries() if one["ontvanger"] == "vrager"]
    assert sorted(one.trace for one in records(world)) == sorted(entries)
    assert len(world.rows(t.decision_record)) == world.log.size


def test_a_refusal_leaves_its_record_too(world: World) -> None:
    refused(world.inspector("GM9004").but(zaaknummer=None).try_ask(pseudonym(point())), 400, "onvolledig")
    (record,) = records(world)
    (question,) = record.questions
    assert (question.names, question.outcomes[0][0].allowed) == (("bevragen",), False)
    assert "C1" in question.outcomes[0][0].reasons


def test_a_record_names_nobody_and_no_case_and_no_signal(world: World) -> None:
    phone = asked(world)
    text = json.dumps([to_json(one) for one in records(world)])
    told = [CONTROL, "controle", "oefening-toezichthouder", phone["punt"]]
    told += [str(row.signal_id) for row in world.rows(t.signal)]
    assert [one for one in told if one in text] == []


def test_a_record_that_was_moved_or_changed_does_not_open(world: World) -> None:
    asked(world)
    row = world.rows(t.decision_record)[0]
    key = world.log.keys.get(row.key_id)
    assert key is not None
    spoilt = bytes([row.ciphertext[0] ^ 1]) + row.ciphertext[1:]
    for place, day, content, used in (
        ("0" * 32, row.day, row.ciphertext, key),
        (row.key_id, row.day + timedelta(days=1), row.ciphertext, key),
        (row.key_id, row.day, spoilt, key),
        (row.key_id, row.day, row.ciphertext, Secret(bytes(32))),
    ):
        with pytest.raises(RecordError):
            opened(content, place, day, used)


def test_the_length_of_a_record_is_that_of_a_question_on_nothing(world: World) -> None:
    phone = pseudonym(point())
    for organisation in ("GM9001", "GM9002", "GM9003"):
        world.submit(organisation, signal(subject(phone), beoordeling=H3))
    before = len(world.rows(t.decision_record))
    world.inspector("GM9004").ask(phone)
    world.inspector("GM9004").ask(pseudonym(point()))
    hidden, nothing = world.rows(t.decision_record)[-2:]
    assert len(world.rows(t.decision_record)) == before + 2
    assert len(hidden.ciphertext) == len(nothing.ciphertext)


def test_a_long_record_is_longer_by_whole_steps() -> None:
    def length(count: int) -> int:
        request = Request("", "".join(map(chr, range(300, 300 + count))), "", "", ())
        key, randomness = Secret(bytes(32)), bytes
        return len(sealed(request, "x", date(2026, 3, 2), key, randomness=randomness))

    overhead = 12 + 16
    assert length(1) == length(400) == PADDING + overhead
    assert (length(20000) - overhead) % PADDING == 0
    assert length(20000) > length(1)


def test_every_record_decides_the_same_again(world: World, centre: Centre) -> None:
    asked(world)
    world.contact("GM9001").get("/v1/treffers")
    world.person("TMM", "tmm_coordinator").get("/v1/dossiers")
    there = len(records(world))
    found = replaying.replay_all(administrator(centre), PACKAGED, BASE_HASH, None)
    assert (found.total, found.different, found.unknown) == (there, 0, 0)
    assert found.total >= 4
    assert world.log.last("REGISTER")["besluiten_geteld"] == found.total


def test_other_rules_say_how_many_would_be_otherwise_and_in_which_cell(world: World, centre: Centre) -> None:
    asked(world)
    world.inspector("GM9004").ask(pseudonym(point()))
    found = replaying.replay_all(administrator(centre), PACKAGED, BASE_HASH, changed(SHOWS_TOWN))
    assert found.different == 1
    assert dict(found.cells) == {("toezichthouder", "signalering", "muni_name", "ruimer"): 1}


def test_an_answer_that_was_tampered_with_is_found(world: World, centre: Centre) -> None:
    asked(world)
    row = world.rows(t.decision_record)[-1]
    key = world.log.keys.get(row.key_id)
    assert key is not None
    text = json.dumps(to_json(opened(row.ciphertext, row.key_id, row.day, key)))
    other = from_json(Request, json.loads(text.replace('"allowed": true', '"allowed": false', 1)))
    forged = sealed(other, row.key_id, row.day, key, randomness=lambda size: bytes(range(size)))
    with world.log.engine.begin() as connection:
        connection.execute(
            t.decision_record.update()
            .where(t.decision_record.c.key_id == row.key_id)
            .values(ciphertext=forged)
        )
    assert replaying.replay_all(administrator(centre), PACKAGED, BASE_HASH, None).different == 1


def test_records_of_which_the_rules_are_gone_are_counted(world: World, centre: Centre) -> None:
    asked(world)
    there = len(records(world))
    found = replaying.replay_all(administrator(centre), changed(SHOWS_TOWN), BASE_HASH, None)
    assert (found.total, found.unknown) == (0, there)


def test_after_a_quarter_a_record_and_its_key_are_gone(world: World, centre: Centre) -> None:
    asked(world)
    keys = [row.key_id for row in world.rows(t.decision_record)]
    world.clock.forward(days=KEPT_DAYS)
    assert forget_decisions(centre.database, world.clock())["besluiten"] == 0
    world.clock.forward(days=1)
    assert forget_decisions(centre.database, world.clock())["besluiten"] == len(keys)
    assert world.rows(t.decision_record) == []
    assert world.log.keys.get_many(keys) == {}


def test_an_export_holds_the_questions_and_no_mandate(world: World, centre: Centre) -> None:
    asked(world)
    exported = replaying.export(administrator(centre), BASE_HASH)
    assert len(exported.requests) == 2
    assert all(one.mandates == () for one in exported.records.values())
    assert {one.trace for one in exported.requests} == {""}
    assert {
        one.contact for records in exported.records.values() for one in records.organisations.values()
    } == {""}
    assert "oefening-toezichthouder" not in json.dumps(to_json(exported))
