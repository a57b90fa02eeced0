# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How long TMM waits for the network of a case in a register of a million signals, beside the bare posting queries that it needs.

A SQLite register is filled by statements, without keys or a log: signals of strangers with four tokens each, and one case of some hundred persons with two signals each that hang together by
telephones, released in phase 2. Then `register.central.connecting.look` derives the view as the interface does, policy included, and the very statements that it made on `posting` are run once
more by themselves. The ratio is of these two, in processor time; what policy and building cost is told beside it.
"""

import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine, event, insert

from register.central import app, connecting, examining
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit
from register.central.store import tables as t
from register.central.treffers import ENOUGH
from register.wire import ActingFor
from tests.register.central.conftest import settings_in
from tests.register.central.world import CRITERIA, NONCE

MOMENT: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OWNERS: Final = ("GM9001", "GM9002", "GM9003")
BRANCHES: Final = 3
_BATCH: Final = 20_000
_TREFFER: Final = UUID(int=1, version=4)
_DECISION: Final = UUID(int=2, version=4)
Rows = dict[str, list[dict[str, Any]]]


def measured(signals: int, seed: int, persons: int = 100, rounds: int = 7) -> dict[str, Any]:
    """Fill a register, and look at the case."""
    with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as name:
        folder = Path(name)
        settings = settings_in(folder, f"sqlite:///{folder / 'register.sqlite'}")
        centre = app._centre(settings, lambda: MOMENT, os.urandom)
        chance = random.Random(seed)
        with centre.database.engine.begin() as connection:
            fill(connection, _strangers(chance, len(OWNERS)))
            _many(connection, signals)
            fill(connection, _case(chance, persons))
        return _times(centre, rounds)


def _times(centre: Centre, rounds: int) -> dict[str, Any]:
    whole, bare, policy = list[float](), list[float](), list[float]()
    found: connecting.CaseView | None = None
    for _round in range(rounds + 1):
        with _heard(centre.database.engine) as said, _policy_time(centre) as decided:
            begun = time.process_time()
            found = _looked(centre)
            whole.append(time.process_time() - begun)
            policy.append(sum(decided))
        with centre.database.engine.connect() as connection:
            begun = time.process_time()
            for statement, values in said:
                connection.exec_driver_sql(statement, values).fetchall()
            bare.append(time.process_time() - begun)
    if found is None:
        raise RuntimeError("nothing was looked at")
    pairs = sorted(zip(whole, bare, policy, strict=True))[: rounds // 2 + 1]
    total, queries, decisions = pairs[-1]
    return {
        "signals": _count(centre),
        "nodes": len(found.shown.members),
        "persons_and_signals": [len(found.shown.groups[0].persons), len(found.visible)],
        "statements_on_postings": len(said),
        "view_ms": 1000 * total,
        "bare_posting_queries_ms": 1000 * queries,
        "policy_ms": 1000 * decisions,
        "ratio": total / queries,
        "ratio_without_policy": (total - decisions) / queries,
    }


def _count(centre: Centre) -> int:
    with centre.database.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM signal").scalar_one())


def _looked(centre: Centre) -> connecting.CaseView:
    person = ActingFor(
        medewerker="oefening-analist",
        rol="tmm_analist",
        doel="opsporing_handoff",
        zaaknummer="TMM-2026-0001",
        reden="tmm_onderzoek",
        grondslag="OEF-WPG-TMM",
    )
    acting = Acting("TMM", person, MOMENT, "0" * 32)
    here = centre.frozen()
    asks, why = asker(here.policy.register, acting), occasion(acting, ENOUGH)
    allowed = permit(here, asks, why, "bevragen")
    found = list[connecting.CaseView]()
    try:
        with here.database.logged(MOMENT) as work:
            found.append(
                connecting.look(here, work, allowed, acting, asks, why, _TREFFER, connecting.MOST_STEPS)
            )
            _end()
    except _Enough:
        pass
    return found[0]


def _end() -> None:
    raise _Enough


class _Enough(Exception):
    """The view is there; what writing its entry costs is measured elsewhere (`tests.bench.log`)."""


@contextmanager
def _heard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    said = list[tuple[str, Any]]()

    def hear(_connection: Connection, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "FROM posting" in statement or "JOIN posting" in statement:
            said.append((statement, values))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


@contextmanager
def _policy_time(centre: Centre) -> Iterator[list[float]]:
    """Seconds of each page of decisions."""
    del centre
    taken, page = list[float](), examining.examine

    def timed(*those: Any, **named: Any) -> Any:
        begun = time.process_time()
        try:
            return page(*those, **named)
        finally:
            taken.append(time.process_time() - begun)

    setattr(connecting, "examine", timed)  # noqa: B010 - a stopwatch around what another module names
    try:
        yield taken
    finally:
        setattr(connecting, "examine", page)  # noqa: B010 - as above


# ---- filling --------------------------------------------------------------------------------------------------------------


def fill(connection: Connection, rows: Iterator[tuple[str, dict[str, Any]]]) -> None:
    """Insert rows, table by table, a batch at a time."""
    while batch := list(islice(rows, _BATCH * 6)):
        for name in (
            "signal",
            "subject",
            "posting",
            "treffer",
            "treffer_signal",
            "phase_2",
            "phase_2_release",
        ):
            those = [row for table, row in batch if table == name]
            if those:
                connection.execute(insert(t.metadata.tables[name]), those)


def _many(connection: Connection, signals: int) -> None:
    """As many strangers as that, in the likeness of the first ones: made by the database itself, which is forty times as fast."""
    names = {
        name: [column.name for column in t.metadata.tables[name].columns]
        for name in ("signal", "subject", "posting")
    }
    fresh = {"signal_id": "lower(hex(randomblob(16)))", "week": "'2026-W0' || (1 + abs(random()) % 9)"}
    said = ", ".join(fresh.get(name, f"first.{name}") for name in names["signal"])
    turns = signals // len(OWNERS)
    connection.exec_driver_sql(
        f"INSERT INTO signal ({', '.join(names['signal'])}) "  # noqa: S608 - names and numbers of our own
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {turns}) "
        f"SELECT {said} FROM n, (SELECT * FROM signal) AS first"
    )
    for name, like in (("subject", 1), ("posting", 4)):
        of = {"signal_id": "signal.signal_id", "tag": "randomblob(32)"}
        said = ", ".join(of.get(column, f"first.{column}") for column in names[name])
        connection.exec_driver_sql(
            f"INSERT INTO {name} ({', '.join(names[name])}) "  # noqa: S608 - as above
            f"SELECT {said} FROM signal, (SELECT * FROM {name} LIMIT {like}) AS first "
            f"WHERE signal.signal_id NOT IN (SELECT signal_id FROM {name})"
        )


def _signal(
    chance: random.Random, owner: str, tags: dict[bytes, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    number = UUID(int=chance.getrandbits(128), version=4)
    week = f"2026-W{chance.randint(1, 9):02d}"
    yield "signal", {
        "signal_id": number, "version": 1, "organisation": owner, "local_reference": "-", "status": "actief", "digest": NONCE, "week": week,
        "basis": "woningcontrole", "control_type": "woningcontrole", "form": "arbeid", "indicators": ["slapen_in_bedrijfspand"], "commitment": None, "opened": None,
        "source": "B", "information": 2, "handling": "H1", "no_police_contact": False, "care_track": False, "acute_danger": False, "border_context": False,
        "ground": f"OEF-GEM-{owner}", "special_category_ground": None, "criminal_ground": None, "covenant": None, "category": "R1",
        "first_processed_at": MOMENT, "expires_on": date(2027, 1, 1),
    }  # fmt: skip
    yield (
        "subject",
        {
            "signal_id": number,
            "version": 1,
            "ref": "s1",
            "kind": "persoon",
            "role": "onbekend",
            "minor": "nee",
        },
    )
    for tag, family in tags.items():
        yield "posting", {
            "tag": tag, "signal_id": number, "version": 1, "ref": "s1", "family": family, "keyset": "oefening", "epoch": 1, "sealed_point": bytes(61),
        }  # fmt: skip


def _own(chance: random.Random) -> dict[bytes, str]:
    return {chance.randbytes(32): family for family in ("document", "name_dob", "name_pair")}


def _strangers(chance: random.Random, signals: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for _one in range(signals):
        tags = _own(chance) | {chance.randbytes(32): "phone"}
        yield from _signal(chance, chance.choice(OWNERS), tags)


def _case(chance: random.Random, persons: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """A tree of persons, each with a telephone that it shares with the next ones; two signals each."""
    phones: dict[int, list[bytes]] = {}
    for one in range(persons):
        mine = chance.randbytes(32)
        above = [] if one == 0 else [phones[(one - 1) // BRANCHES][0]]
        phones[one] = [mine, *above]
    released = list[UUID]()
    first = list[UUID]()
    for one in range(persons):
        own = _own(chance)
        for turn in range(2):
            tags = own | dict.fromkeys(phones[one], "phone")
            for table, row in _signal(chance, OWNERS[(one + turn) % 3], tags):
                if table == "signal":
                    released.append(row["signal_id"])
                    first += [row["signal_id"]] if one < 1 + BRANCHES else []
                yield table, row
    yield "treffer", {
        "treffer_id": _TREFFER, "organisation": "GM9004", "officer": "oefening-toezichthouder", "purpose": "signalering", "control": "C-OEFE-0001",
        "found_at": MOMENT, "lapses_on": (MOMENT + timedelta(days=30)).date(), "request": NONCE,
    }  # fmt: skip
    for signal in first:
        yield (
            "treffer_signal",
            {"treffer_id": _TREFFER, "signal_id": signal, "version": 1, "ref": "s1", "families": ["phone"]},
        )
    yield "phase_2", {
        "decision_id": _DECISION, "treffer_id": _TREFFER, "asked_by_organisation": "TMM", "asked_by_officer": "oefening-coordinator", "asked_by_role": "tmm_coordinator",
        "purpose": "opsporing_handoff", "control": "TMM-2026-0001", "asked_at": MOMENT, "criteria": CRITERIA, "assessment": "mens_beoordeeld", "opened_at": MOMENT,
    }  # fmt: skip
    for signal in released:
        yield "phase_2_release", {
            "decision_id": _DECISION, "signal_id": signal, "version": 1, "organisation": OWNERS[0], "officer": "oefening-aandachtsfunctionaris", "released_at": MOMENT,
        }  # fmt: skip
