# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Listens to every statement that the code sends to a database, and says which of them do not name an organisation.

A statement on a table with organisations in it must bind the code of one of them, and only one, to the column that says whose a row is. Two kinds are left out: the one
question by which a session is found, asked before the organisation is known, and migrations. A test that looks into a table with a connection
of its own says so with the execution option `inspecting`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

from register.municipal.store.tables import metadata

TABLES = frozenset(table.name for table in metadata.tables.values() if "tenant" in table.columns)
_TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(\w+)"?', re.IGNORECASE)
_BOUND = re.compile(r"tenant(_\d+)?")
_SESSION = re.compile(r"SELECT session\.tenant FROM session WHERE session\.digest = (\?|%\(digest_1\)s\S*)")


@dataclass(frozen=True)
class Statement:
    """One statement on a table with organisations in it, and the organisations that it names."""

    text: str
    tables: frozenset[str]
    organisations: frozenset[str]

    @property
    def finds_a_session(self) -> bool:
        return _SESSION.fullmatch(" ".join(self.text.split())) is not None

    @property
    def right(self) -> bool:
        return self.finds_a_session or len(self.organisations) == 1


@contextmanager
def listening() -> Iterator[list[Statement]]:
    """What is sent while the block runs, by any engine."""
    heard: list[Statement] = []

    def hear(
        connection: Connection, _cursor: object, text: str, _sent: object, context: Any, _many: object
    ) -> None:
        options = connection.get_execution_options()
        tables = TABLES & set(_TABLE.findall(text))
        if tables and not options.get("migrating") and not options.get("inspecting"):
            heard.append(Statement(text, tables, frozenset(_organisations(context))))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def _organisations(context: Any) -> Iterator[str]:
    """The values bound to a column `tenant`; a statement that was not built from the tables has none."""
    for parameters in context.compiled_parameters if context.compiled is not None else ():
        yield from (str(value) for name, value in parameters.items() if _BOUND.fullmatch(name))
