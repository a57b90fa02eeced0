# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from audit.store.engine import make_engine
from audit.store.keys import KeysAhead, KeyStore, KeyStoreError
from process.secret import Secret


@pytest.fixture
def store(engine: Engine) -> KeyStore:
    store = KeyStore(engine)
    store.create()
    return store


def fresh(number: int = 1) -> dict[str, Secret]:
    return {os.urandom(16).hex(): Secret(os.urandom(32)) for _ in range(number)}


def test_a_key_that_was_put_is_found(store: KeyStore) -> None:
    keys = fresh(3)
    store.put_many(keys)
    assert store.get_many(keys) == keys
    assert all(store.get(key_id) == key for key_id, key in keys.items())


def test_a_key_that_was_never_put_is_none(store: KeyStore) -> None:
    assert store.get("ab" * 16) is None


def test_putting_the_same_keys_again_changes_nothing(store: KeyStore) -> None:
    keys = fresh(2)
    store.put_many(keys)
    store.put_many(keys)
    store.put_many({})
    assert store.get_many(keys) == keys


def test_an_id_never_changes_its_key_and_nothing_of_the_batch_is_kept(store: KeyStore) -> None:
    keys, more = fresh(), fresh()
    store.put_many(keys)
    with pytest.raises(KeyStoreError, match="bestaat al"):
        store.put_many(more | {key_id: Secret(bytes(32)) for key_id in keys})
    assert store.get_many(keys | more) == keys


def test_a_destroyed_key_is_gone_and_the_others_stay(store: KeyStore) -> None:
    keys, kept = fresh(2), fresh(2)
    store.put_many(keys | kept)
    assert store.destroy(keys) == 2
    assert store.destroy(keys) == 0
    assert store.get_many(keys | kept) == kept


def test_creating_again_leaves_what_is_there(store: KeyStore) -> None:
    keys = fresh()
    store.put_many(keys)
    store.create()
    assert store.get_many(keys) == keys


def test_a_destroyed_key_is_in_no_file(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/keys.db")
    store = KeyStore(engine)
    store.create()
    keys = fresh(20)
    store.put_many(keys)
    one = next(iter(keys))
    assert keys[one].reveal() in bytes_in(tmp_path)
    store.destroy([one])
    remains = bytes_in(tmp_path)
    engine.dispose()
    assert keys[one].reveal() not in remains
    assert all(key.reveal() in remains for key_id, key in keys.items() if key_id != one)


def test_destroying_says_so_when_remains_could_not_be_wiped(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/keys.db")
    store = KeyStore(engine)
    store.create()
    keys = fresh()
    store.put_many(keys)
    reader = engine.connect().execution_options(read_only=True)
    reader.exec_driver_sql("SELECT * FROM payload_key").all()
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA busy_timeout=10")  # type: ignore[union-attr]
    with pytest.raises(KeyStoreError, match="nog eens"):
        store.destroy(keys)
    reader.close()
    assert store.destroy(keys) == 0
    assert next(iter(keys.values())).reveal() not in bytes_in(tmp_path)
    engine.dispose()


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_keys_ahead_are_durable_before_they_are_given_and_each_is_given_once(store: KeyStore) -> None:
    ahead = KeysAhead(store, os.urandom, 5)
    given = [key for count in (1, 2, 3, 0, 4, 7) for key in ahead.take(count)]
    assert len(dict(given)) == 17
    assert store.get_many(dict(given)) == dict(given)


def test_keys_ahead_are_put_many_at_once(store: KeyStore, engine: Engine) -> None:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    ahead = KeysAhead(store, os.urandom, 64)
    for _request in range(32):
        ahead.take(2)
    assert len(commits) == 1


def test_without_keys_ahead_each_request_puts_its_own(store: KeyStore, engine: Engine) -> None:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    ahead = KeysAhead(store, os.urandom, 0)
    assert [len(ahead.take(count)) for count in (1, 3)] == [1, 3]
    assert len(commits) == 2


def test_keys_that_could_not_be_put_are_not_given(store: KeyStore, engine: Engine) -> None:
    ahead = KeysAhead(store, os.urandom, 4)
    (first,) = ahead.take(1)

    def fail(_connection: object) -> None:
        raise ConnectionError

    event.listen(engine, "commit", fail)
    kept = ahead.take(3)
    for _try in range(2):
        with pytest.raises(ConnectionError):
            ahead.take(1)
    event.remove(engine, "commit", fail)
    after = ahead.take(1)
    assert store.get_many(dict([first, *kept, *after])) == dict([first, *kept, *after])


def test_many_who_take_at_once_never_get_the_same_key(store: KeyStore) -> None:
    ahead = KeysAhead(store, os.urandom, 10)
    with ThreadPoolExecutor(8) as pool:
        given = [key for keys in pool.map(ahead.take, [3] * 60) for key in keys]
    assert len(dict(given)) == 180
    assert store.get_many(dict(given)) == dict(given)
