# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a month costs to count, and a week to go through, per entry: `make bench-reviewing`.

Three months of one organisation's questions, 20 digests each, sealed as the register seals them, in SQLite. CPU time of one core, because a month is counted beside questions at the door; and as a ratio to checking the commitments
of the same leaves, which no way of counting can leave out.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from sqlalchemy import URL

from audit.entry import make_entry, verify_opening
from audit.note import Signer
from audit.store.engine import make_engine
from audit.store.keys import KeyStore
from audit.store.schema import migrate
from audit.trail import prepare
from process.secret import Secret
from register.central.reading import lines
from register.central.store.grants import SCHEMA
from register.central.store.work import RegisterDatabase
from register.events import ASKER, CATALOGUE
from register.overseeing import figures
from register.reviewing import inbox, limits_of, look_back, month, week

ORGANISATION = "GM9004"
BEGIN = datetime(2026, 8, 31, 22, tzinfo=UTC)
DAYS = 91
BATCH = 2_000


def question(number: int, total: int) -> dict[str, Any]:
    """An ordinary entry; one in two hundred asks on a subject of before."""
    moment = BEGIN + number * timedelta(days=DAYS) / total
    subject = number - 1 if number % 200 == 0 else number
    return {
        "moment": moment.isoformat(timespec="seconds"),
        "medewerker": f"nummer-{number % 40:04d}",
        "rol": "aandachtsfunctionaris",
        "doel": "signalering",
        "zaaknummer": f"C-{number // 4:06d}",
        "reden": "controle",
        "grondslag": "OEF-GEM-GM9004",
        "spoor": "0" * 32,
        "beleid": "a" * 64,
        "regels": ["toezichthouder.signalering.hit"],
        "families": ["phone", "name_dob"],
        "kenmerken": [f"{subject * 20 + one:032x}" for one in range(20)],
        "uitkomst": "niet_bekend",
        "velden": ["hit"],
        "soorten": [],
        "signalen_geteld": 0,
        "herhaald": False,
        "vlaggen": [],
        "antwoord_van": [],
    }


def filled(folder: Path, total: int) -> Any:
    """A register's databases with these questions, as use cases see them."""

    def url(name: str) -> str:
        return URL.create("sqlite", database=str(folder / name)).render_as_string(hide_password=False)

    engine = make_engine(url("register.sqlite"))
    migrate(engine, SCHEMA.migrations)
    keys = KeyStore(make_engine(url("keys.sqlite")))
    keys.create()
    signer = Signer("log.example/ontvangst", Secret(bytes(range(32))))
    database = RegisterDatabase(engine, keys, origin="log.example", signer=signer, randomness=os.urandom)
    for start in range(0, total, BATCH):
        made = [
            prepare(
                {ORGANISATION: CATALOGUE.payload("bevraging", ASKER, question(number, total))},
                randomness=os.urandom,
            )
            for number in range(start, min(start + BATCH, total))
        ]
        keys.put_many({name: key for one in made for name, key in one.keys.items()})
        with engine.begin() as connection:
            for one in made:
                database.log.append(connection, one)
    return SimpleNamespace(database=database)


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds, and what came of it."""
    before = time.process_time()
    made = what()
    return time.process_time() - before, made


def measure(per_month: int) -> None:
    """Print one line."""
    limits, span, seven = limits_of({}), month("2026-11"), week("2026-W47")
    with TemporaryDirectory() as folder:
        centre = filled(Path(folder), 3 * per_month)

        def read(since: datetime, until: datetime) -> Any:
            with centre.database.public() as connection:
                return lines(centre, connection, [ORGANISATION], since, until)

        reading, found = timed(lambda: read(span.start, span.end))
        counting, counted = timed(lambda: figures(found, span, limits, span.end))
        assert counted.questions == len(found)
        history, before = timed(lambda: read(seven.start - look_back(limits), seven.end))
        flagging, items = timed(lambda: inbox(before, seven, limits, bytes(32), seven.end))
    entry = make_entry({ORGANISATION: b"{}"}, randomness=os.urandom)

    def verify() -> None:
        for _one in range(1000):
            verify_opening(entry.leaf, entry.openings[ORGANISATION])

    least, _done = timed(verify)
    print(  # noqa: T201 - a bench speaks
        f"{len(found)} entries: read {reading:.2f} s, count {counting:.2f} s "
        f"({(reading + counting) / len(found) * 1e6:.0f} us each, {(reading + counting) / len(found) * 1000 / least:.1f} x verifying a commitment); "
        f"a week with {len(before)} before it: read {history:.2f} s, flag {flagging:.2f} s, {len(items)} items"
    )


if __name__ == "__main__":
    for size in [int(one) for one in sys.argv[1:]] or [1_200, 10_000]:
        measure(size)
