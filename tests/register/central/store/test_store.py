# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What may and may not stand in the register's database, seen as somebody sees it who stole it."""

import base64
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from pseudonymisation.pseudonym import Pseudonym, open_point, tag
from register.central.settings import RegisterSettings
from register.central.store import tables as t
from register.central.store.repeats import KeyReusedError, seen
from register.central.store.work import RegisterDatabase, UnloggedError
from tests.register.central.world import MOMENT, World, point, pseudonym, raw, sealed, signal, subject


def everything(world: World) -> list[bytes]:
    """Every value of every column of every table, as bytes; tables that nobody declared included."""
    values: list[bytes] = []
    with world.log.engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{name}"')):  # noqa: S608 - names from the catalogue
                values += [as_bytes(value) for value in row]
    return values


def as_bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def forms(travelling: str) -> list[bytes]:
    """The ways in which a point might be written down."""
    bare = raw(travelling)
    return [
        bare,
        bare[1:],
        bare.hex().encode(),
        travelling.encode(),
        base64.b64encode(bare),
        repr(bare).encode(),
    ]


def busy(world: World) -> list[str]:
    """Submit, ask with and without a hit, be refused; gives all points that passed."""
    points = [point() for _point in range(6)]
    world.submit("GM9001", signal(subject(pseudonym(points[0]), pseudonym(points[1], "name_dob"))))
    world.submit("GM9002", sealed(subject(pseudonym(points[0]))))
    inspector = world.inspector("GM9004")
    inspector.ask(pseudonym(points[0]), pseudonym(points[2], "email"))
    inspector.ask(pseudonym(points[3]))
    inspector.try_ask(pseudonym(points[4], "plate"))
    inspector.but(zaaknummer=None).try_ask(pseudonym(points[5]))
    return points


def test_no_column_anywhere_holds_a_point_in_clear(world: World) -> None:
    points = busy(world)
    values = everything(world)
    assert len(values) > 100
    for one in points:
        assert not [value for value in values for form in forms(one) if form in value]


def test_the_search_would_find_a_point(world: World) -> None:
    one = point()
    world.submit("GM9001", signal(lokaleVerwijzing=one))
    assert [value for value in everything(world) for form in forms(one) if form in value]


def test_no_file_of_the_register_holds_a_point_in_clear(world: World, settings: RegisterSettings) -> None:
    points = busy(world)
    world.log.engine.dispose()
    assert settings.payload_keys_file
    folder = settings.payload_keys_file.parent
    files = [path for path in folder.rglob("*") if path.is_file()]
    if world.log.engine.dialect.name == "sqlite":
        files += list(Path(str(world.log.engine.url.database)).parent.iterdir())
    assert files
    for path in files:
        content = path.read_bytes()
        assert not [one for one in points for form in forms(one) if form in content], path


def test_a_question_leaves_no_tag_in_the_database(world: World, settings: RegisterSettings) -> None:
    asked = point()
    world.submit("GM9001", signal())
    world.inspector("GM9004").ask(pseudonym(asked))
    made = tag(settings.tag_key_file.read_bytes(), "oefening", Pseudonym("phone", raw(asked)))
    assert not [value for value in everything(world) if made in value]


def test_a_stored_point_opens_with_the_sealing_key_and_with_nothing_in_the_database(
    world: World, settings: RegisterSettings
) -> None:
    stored = point()
    world.submit("GM9001", signal(subject(pseudonym(stored))))
    (row,) = world.rows(t.posting)
    key = settings.sealing_key_file.read_bytes()
    assert open_point(key, "oefening", "phone", row.sealed_point).point == raw(stored)
    assert row.tag == tag(settings.tag_key_file.read_bytes(), "oefening", Pseudonym("phone", raw(stored)))
    values = everything(world)
    for secret in (key, settings.tag_key_file.read_bytes()):
        assert not [value for value in values if secret in value]


def test_one_point_sealed_twice_looks_different_and_carries_one_tag(world: World) -> None:
    shared = pseudonym(point())
    for organisation in ("GM9001", "GM9002"):
        world.submit(organisation, signal(subject(shared)))
    first, second = world.rows(t.posting)
    assert first.tag == second.tag
    assert first.sealed_point != second.sealed_point


def test_payload_keys_are_in_no_table_and_no_file_of_the_database(world: World) -> None:
    busy(world)
    with world.log.engine.connect() as connection:
        assert "payload_key" not in inspect(connection).get_table_names()
        ids = list(connection.scalars(t.log.payload.select().with_only_columns(t.log.payload.c.key_id)))
    keys = [one.reveal() for one in world.log.keys.get_many(ids).values()]
    assert len(keys) == len(ids) >= 6
    values = everything(world)
    assert not [value for value in values for key in keys if key in value]
    if world.log.engine.dialect.name == "sqlite":
        for path in Path(str(world.log.engine.url.database)).parent.iterdir():
            content = path.read_bytes()
            assert not [key for key in keys if key in content], path


def test_who_asked_what_does_not_show_in_the_database(world: World) -> None:
    world.inspector("GM9004").ask(pseudonym(point()))
    values = b"\n".join(everything(world))
    for hidden in (b"oefening-toezichthouder", b"C-OEFE-0001", b"niet_bekend", b"bevraging"):
        assert hidden not in values


def test_every_table_that_exists_is_one_that_is_declared(world: World) -> None:
    with world.log.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {*t.metadata.tables, "alembic_version"}


def test_the_migrations_make_what_the_tables_say(world: World) -> None:
    with world.log.engine.connect() as connection:
        found = inspect(connection)
        for name, table in t.metadata.tables.items():
            columns = {one["name"]: bool(one["nullable"]) for one in found.get_columns(name)}
            assert columns == {column.name: bool(column.nullable) for column in table.columns}, name
            indexes = {one["name"] for one in found.get_indexes(name)}
            assert {index.name for index in table.indexes} <= indexes, name


def test_a_transaction_without_an_entry_ends_in_nothing(world: World, database: RegisterDatabase) -> None:
    before = world.contents()
    with pytest.raises(UnloggedError), database.logged(MOMENT) as work:
        seen(work, "GM9001", "sleutel-1", bytes(32), MOMENT)
    assert world.contents() == before
    world.log.verify(0)


def test_one_request_has_one_entry(world: World, database: RegisterDatabase) -> None:
    with database.logged(MOMENT) as work:
        work.enter({"GM9001": {}})
        with pytest.raises(UnloggedError, match="exactly one"):
            work.enter({"GM9001": {}})
    world.log.verify(1)


def test_there_is_no_receipt_before_the_entry_is_durable(world: World, database: RegisterDatabase) -> None:
    with database.logged(MOMENT) as work:
        work.enter({"GM9001": {}})
        with pytest.raises(UnloggedError, match="no receipt"):
            _ = work.receipt
    assert work.receipt.leaf_index == 0
    world.log.verify(1)


def test_reading_what_is_public_cannot_write(world: World, database: RegisterDatabase) -> None:
    before = world.contents()
    with pytest.raises(Exception, match=r"(?i)read-?only|readonly"), database.public() as connection:
        connection.execute(
            t.account.insert().values(name="x", organisation="x", officer="x", role="x", password="x")
        )
    assert world.contents() == before


def test_a_key_that_came_with_another_body_is_told_apart(world: World, database: RegisterDatabase) -> None:
    with database.logged(MOMENT) as work:
        assert not seen(work, "GM9001", "sleutel-1", b"a" * 32, MOMENT)
        assert seen(work, "GM9001", "sleutel-1", b"a" * 32, MOMENT)
        with pytest.raises(KeyReusedError):
            seen(work, "GM9001", "sleutel-1", b"b" * 32, MOMENT)
        work.enter({"GM9001": {}})
    world.log.verify(1)
