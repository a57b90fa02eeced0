# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Every decision of a request is kept with the request's entry in the log: one record for one leaf, whatever was found.

In this order: the request gets an engine that keeps what it is asked; when its log entry is appended, all of it becomes one sealed row in the same transaction.
A request that is refused leaves its row with the entry of the refusal. Whether a denied signal was among the candidates changes neither the number of rows nor
of statements, nor, within the padding, the length of the row: the first question (may this person ask this at all) is put before anything is looked up.

What is destroyed after `register.decisions.KEPT_DAYS` is destroyed with its key.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from policies.recorded import Mark, RecordingEngine, Request, without_identity
from process.jobs import Unfinished
from register.central.records import Records
from register.central.store import decisions as store
from register.central.store.work import RegisterDatabase
from register.decisions import KEPT_DAYS

_BATCH = 500


class Journal:
    """What one request was decided on, until it is durable."""

    def __init__(self, records: Records, mark: Mark) -> None:
        self._of = records
        self._mark = mark
        self._engine = RecordingEngine(records.policy.policy_set, records.policy.register)
        self.records = replace(records, policy=self._engine)

    def __call__(self, moment: datetime, trace: str) -> Request | None:
        """The record of all that was asked so far; None if nothing was."""
        if not self._engine.asked:
            return None
        register = self._engine.register
        return Request(
            moment.isoformat(timespec="seconds"),
            trace,
            self._engine.policy_set.hash,
            self._of.version,
            tuple(without_identity(one, register, self._mark) for one in self._engine.asked),
        )

    def kept(self) -> None:
        """What was asked so far is durable."""
        self._engine.asked.clear()


def forget_decisions(database: RegisterDatabase, moment: datetime) -> Mapping[str, int]:
    """Job `besluiten`: destroy a batch of records that are past their term, keys and all.

    Raises:
        KeyStoreError: the keys are gone, but remains in the file could not be wiped yet.
    """
    with database.engine.begin() as connection:
        gone = store.before(connection, moment.date() - timedelta(days=KEPT_DAYS), _BATCH)
        store.destroy(connection, gone)
    database.keys.destroy(gone)
    counted = {"besluiten": len(gone)}
    return Unfinished(counted) if len(gone) == _BATCH else counted
