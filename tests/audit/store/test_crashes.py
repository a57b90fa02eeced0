# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Broken off between any two steps of an append: nothing acknowledged is lost, nothing is doubled, and the log is whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.pool import NullPool

from audit.store.engine import make_engine
from tests.audit.store.crashing import (
    ANSWER,
    Bystander,
    CutError,
    Steps,
    action,
    entry,
    log,
    metadata,
    open_keys,
    perform,
    stepping,
)

BEFORE = ["log: INSERT INTO action", "keys: INSERT INTO payload_key", "keys: COMMIT", "log: SELECT log_head"]
WRITES = {
    "sqlite": [
        f"log: {one}"
        for one in (
            "INSERT INTO log_leaf",
            "INSERT INTO log_node",
            "INSERT INTO log_payload",
            "UPDATE log_head",
        )
    ],
    "postgresql": ["log: WITH"],
}
"""PostgreSQL writes all four in one statement."""


class Place:
    """Two databases: of actions and log, and of keys."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.keys_url = url, f"sqlite:///{folder}/sleutels.db"
        self.engine, self.keys = make_engine(url, pool=NullPool), open_keys(self.keys_url)
        self.keys.create()
        metadata.create_all(self.engine)
        self.bystander = Bystander(url, self.keys_url)

    def size(self) -> int:
        """The number of leaves."""
        with self.engine.connect() as connection:
            return log.head(connection).size

    def act(self, steps: Steps) -> None:
        """One action that is answered; whoever is answered remembers it."""
        prepared = entry()
        index = perform(self.engine, self.keys, prepared, steps)
        self.bystander.answered[index] = prepared.leaf


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Place:
    made = Place(database_url, tmp_path)
    made.act(Steps())
    return made


def boundaries(place: Place) -> list[str]:
    """All boundaries of one action, in order."""
    steps = Steps()
    with stepping(place.engine, place.keys, steps):
        place.act(steps)
    return steps.passed


def test_the_boundaries_are_those_between_the_steps_of_an_append(place: Place) -> None:
    passed = [one for one in boundaries(place) if not one.endswith(": BEGIN") and "PRAGMA" not in one]
    found = [one.removeprefix("before ") for one in passed if one.startswith("before ")]
    steps = [*BEFORE, *WRITES[place.engine.dialect.name], "log: COMMIT"]
    places = [next(at for at, name in enumerate(found) if name.startswith(step)) for step in steps]
    assert places == sorted(places)
    assert passed[-1] == ANSWER


def cut() -> None:
    """Break off here."""
    raise CutError


def test_an_append_that_fails_between_any_two_steps_leaves_a_whole_log_and_may_be_tried_again(
    place: Place,
) -> None:
    names = boundaries(place)
    for at, name in enumerate(names):
        before, prepared, steps = place.size(), entry(), Steps(cut, at)
        with stepping(place.engine, place.keys, steps), pytest.raises(CutError):
            perform(place.engine, place.keys, prepared, steps)
        assert steps.passed[at] == name
        assert place.bystander.look() == [], name
        written = name in {"after log: COMMIT", ANSWER}
        assert place.size() == before + written, f"{name}: the commit is where an entry begins to exist"
        place.act(Steps())
        index = perform(place.engine, place.keys, prepared, Steps())
        assert index == (before if written else before + 1), name
        place.bystander.answered[index] = prepared.leaf
        assert place.bystander.look() == [], name
    assert len(place.bystander.answered) == 2 + 2 * len(names)


def test_keys_that_are_put_too_late_would_be_seen(place: Place) -> None:
    prepared = entry()
    with place.engine.begin() as connection:
        connection.execute(action.insert().values(id=prepared.payloads[0].key_id))
        log.append(connection, prepared)
    assert place.bystander.look() == ["leaf 1 has no key"] * 2


def test_an_entry_apart_from_its_action_would_be_seen(place: Place) -> None:
    with place.engine.begin() as connection:
        prepared = entry()
        place.keys.put_many(prepared.keys)
        log.append(connection, prepared)
    assert place.bystander.look() == ["1 actions and 2 leaves"]


def test_an_acknowledged_entry_that_is_gone_would_be_seen(place: Place) -> None:
    place.bystander.answered[0] = entry().leaf
    assert place.bystander.look() == ["acknowledged leaf 0 is gone"]


def test_a_process_that_is_killed_between_any_two_steps_loses_and_doubles_nothing(place: Place) -> None:
    place.engine.dispose()
    with place.engine.begin() as connection:
        # The child begins with an empty log of its own.
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    command = [sys.executable, "-m", "tests.audit.store.crashing", place.url, place.keys_url]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) > 2 * len(BEFORE)
    assert [one["killed"] for one in told] == [True] * (len(told) - 1) + [False]
    assert [one for one in told if one["wrong"] or one["after_again"]] == []
