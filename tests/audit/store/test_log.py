# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError

from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.entry import payload_content, unseal
from audit.merkle import EMPTY_ROOT, leaf_hash, verify_consistency, verify_inclusion
from audit.note import Signer, add_signatures
from audit.store.engine import make_engine, read_only
from audit.store.keys import KeyStore
from audit.store.log import Head, LogIndexError, LogStore
from audit.trail import PreparedEntry, prepare
from process.secret import Secret
from tests.audit.watched import Watch

SIGNER = Signer("log.example/eerste", Secret(bytes(range(32))))


def entry(*organisations: str) -> PreparedEntry:
    return prepare(
        {name: {"doel": "signalering"} for name in organisations or ("GM0344",)}, randomness=os.urandom
    )


def append(engine: Engine, log: LogStore, prepared: PreparedEntry) -> int:
    with engine.begin() as connection:
        return log.append(connection, prepared)


def require_whole(engine: Engine, log: LogStore) -> Head:
    """Every proof that the log serves holds; that it is whole is looked at after every step (`watch`)."""
    with read_only(engine).connect() as connection:
        head = log.head(connection)
        leaves = log.leaves(connection, 0, head.size + 1)
        assert len(leaves) == head.size, "no gaps and nothing beyond the head"
        for index in (0, head.size // 2, head.size - 1) if head.size else ():
            proof = log.inclusion_proof(connection, index, head.size)
            verify_inclusion(leaf_hash(leaves[index]), index, head.size, proof, head.root)
        for old in range(1, head.size + 1, max(1, head.size // 7)):
            proof = log.consistency_proof(connection, old, head.size)
            verify_consistency(old, head.size, proof, log.root_at(connection, old), head.root)
    return head


def test_an_empty_log_has_the_root_of_nothing(engine: Engine, log: LogStore) -> None:
    assert require_whole(engine, log) == Head(0, EMPTY_ROOT)


def test_every_append_leaves_a_whole_log(engine: Engine, log: LogStore) -> None:
    for expected in range(9):
        assert append(engine, log, entry()) == expected
        assert require_whole(engine, log).size == expected + 1


def test_the_watch_looks_after_every_transaction_and_sees_what_is_not_whole(
    engine: Engine, log: LogStore, watch: Watch
) -> None:
    before = watch.looks
    for _ in range(3):
        append(engine, log, entry())
    assert watch.looks == before + 3
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE log_node SET level = 40 WHERE level = 1")
    assert len(watch.faults) == 2, "gone from its place, and there where none belongs"
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE log_node SET level = 1 WHERE level = 40")
    watch.faults.clear()


def test_sixteen_writers_at_once_make_one_log_without_gaps_and_none_fails(
    engine: Engine, log: LogStore
) -> None:
    def write(_writer: int) -> list[int]:
        return [append(engine, log, entry()) for _ in range(50)]

    with ThreadPoolExecutor(16) as pool:
        indexes = [index for written in pool.map(write, range(16)) for index in written]
    assert sorted(indexes) == list(range(800))
    assert require_whole(engine, log).size == 800


def test_one_entry_that_is_appended_by_several_at_once_stands_there_once(
    engine: Engine, log: LogStore
) -> None:
    append(engine, log, entry())

    def again(prepared: PreparedEntry) -> int | None:
        try:
            return append(engine, log, prepared)
        except IntegrityError:
            return None

    with ThreadPoolExecutor(4) as pool:
        for turn in range(1, 6):
            prepared = entry()
            assert set(pool.map(again, [prepared] * 4)) <= {turn, None}
            assert append(engine, log, prepared) == turn, "who was told that it is there finds where"
    assert require_whole(engine, log).size == 6


def test_an_action_that_fails_leaves_no_entry(engine: Engine, log: LogStore) -> None:
    append(engine, log, entry())
    with engine.connect() as connection:
        log.append(connection, entry())
        connection.rollback()
    assert require_whole(engine, log).size == 1


def test_several_entries_in_one_transaction_follow_each_other(engine: Engine, log: LogStore) -> None:
    with engine.begin() as connection:
        assert [log.append(connection, entry()) for _ in range(3)] == [0, 1, 2]
    assert require_whole(engine, log).size == 3


def test_a_commit_that_fails_after_the_keys_were_put_leaves_keys_that_open_nothing(
    engine: Engine, log: LogStore, tmp_path: Path
) -> None:
    keys = key_store(tmp_path)
    prepared = entry()
    keys.put_many(prepared.keys)

    def fail(_connection: object) -> None:
        raise ConnectionError

    event.listen(engine, "commit", fail)
    with pytest.raises(ConnectionError):
        append(engine, log, prepared)
    event.remove(engine, "commit", fail)

    assert require_whole(engine, log).size == 0
    assert append(engine, log, prepared) == 0
    require_openable(engine, log, keys, "GM0344", 1)


def test_a_commit_that_succeeded_while_we_were_told_it_failed_may_be_tried_again(
    engine: Engine, log: LogStore, tmp_path: Path
) -> None:
    keys = key_store(tmp_path)
    append(engine, log, entry("GM0363"))
    prepared = entry()
    keys.put_many(prepared.keys)

    def succeed_and_fail(connection: object) -> None:
        connection.connection.dbapi_connection.commit()  # type: ignore[attr-defined]
        raise ConnectionError

    event.listen(engine, "commit", succeed_and_fail)
    with pytest.raises(ConnectionError):
        append(engine, log, prepared)
    event.remove(engine, "commit", succeed_and_fail)

    assert require_whole(engine, log).size == 2
    append(engine, log, entry("GM0363"))
    keys.put_many(prepared.keys)
    assert append(engine, log, prepared) == 1, "the index it already had"
    assert require_whole(engine, log).size == 3
    require_openable(engine, log, keys, "GM0344", 1)


def test_each_organisation_finds_its_own_payloads_and_no_other(
    engine: Engine, log: LogStore, tmp_path: Path
) -> None:
    keys = key_store(tmp_path)
    for parties in (["GM0344"], ["GM0344", "GM0363"], ["GM0363"], ["GM0344"]):
        prepared = entry(*parties)
        keys.put_many(prepared.keys)
        append(engine, log, prepared)
    with engine.connect() as connection:
        assert [one.leaf_index for one in log.payloads_of(connection, "GM0344")] == [0, 1, 3]
        assert [one.leaf_index for one in log.payloads_of(connection, "GM0344", 1, 1)] == [1]
        assert log.payloads_of(connection, "GM0518") == []
    require_openable(engine, log, keys, "GM0344", 3)
    require_openable(engine, log, keys, "GM0363", 2)


def test_a_log_verifies_after_a_payload_was_erased(engine: Engine, log: LogStore, tmp_path: Path) -> None:
    keys = key_store(tmp_path)
    prepared = entry()
    keys.put_many(prepared.keys)
    append(engine, log, prepared)
    assert keys.destroy(prepared.keys) == 1
    assert keys.get(prepared.payloads[0].key_id) is None
    assert require_whole(engine, log).size == 1


def test_a_payload_cannot_be_stored_under_the_key_id_of_another(engine: Engine, log: LogStore) -> None:
    first, second = entry("GM0344"), entry("GM0363", "GM0344")
    append(engine, log, first)
    clashing = PreparedEntry(second.leaf, (second.payloads[0], first.payloads[0]))
    with pytest.raises(IntegrityError):
        append(engine, log, clashing)
    assert require_whole(engine, log).size == 1


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3), (0, 4), (2, 2)])
def test_there_is_no_proof_for_what_is_not_in_the_log(
    engine: Engine, log: LogStore, index: int, size: int
) -> None:
    for _ in range(3):
        append(engine, log, entry())
    with engine.connect() as connection, pytest.raises(LogIndexError):
        log.inclusion_proof(connection, index, size)


@pytest.mark.parametrize(("old", "new"), [(2, 1), (-1, 1), (0, 1), (0, 0), (1, 4)])
def test_there_is_no_consistency_between_sizes_that_the_log_never_had(
    engine: Engine, log: LogStore, old: int, new: int
) -> None:
    for _ in range(3):
        append(engine, log, entry())
    with engine.connect() as connection, pytest.raises(LogIndexError):
        log.consistency_proof(connection, old, new)


def test_the_latest_checkpoint_is_the_largest_and_may_gain_signatures(engine: Engine, log: LogStore) -> None:
    for _ in range(10):
        append(engine, log, entry())
    with engine.connect() as connection:
        notes = [
            sign_checkpoint(Checkpoint(SIGNER.name, size, log.root_at(connection, size)), SIGNER)
            for size in (9, 10)
        ]
    with engine.begin() as connection:
        assert log.latest_checkpoint(connection) is None
        for note in reversed(notes):
            log.save_checkpoint(connection, note)
        assert log.latest_checkpoint(connection) == notes[1]
        witnessed = add_signatures(notes[1], [SIGNER.sign("iets anders\n")])
        log.save_checkpoint(connection, witnessed)
        assert log.latest_checkpoint(connection) == witnessed


def key_store(folder: Path) -> KeyStore:
    store = KeyStore(make_engine(f"sqlite:///{folder}/keys.db"))
    store.create()
    return store


def require_openable(engine: Engine, log: LogStore, keys: KeyStore, organisation: str, count: int) -> None:
    with engine.connect() as connection:
        found = log.payloads_of(connection, organisation)
    assert len(found) == count
    for one in found:
        key = keys.get(one.key_id)
        assert key is not None
        opening = unseal(one.ciphertext, organisation, one.leaf, key)
        assert payload_content(organisation, opening.payload) == {"doel": "signalering"}
