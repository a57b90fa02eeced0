# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What this node does with data of people, in the Logboek Dataverwerkingen of the organisation that does it (docs/spec/verwerkingen.md).

Each organisation is a controller of its own, so each has a folder of its own. A line is written when the action has ended, well or not: refused is `Unset`, a defect or
an outage `Error`. The register is told the trace, so that its lines, its entry and its decision record join these. People are named by codes under a secret of the
organisation: of this one request for who was asked about, of the signal for who stands in one.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from process.moments import Clock, Randomness
from process.problem import Refusal
from process.processing import Action, DataSubject, Status, Trace
from process.secret import Secret
from register.activities import activity_of, asked_code, subject_code
from register.municipal.wire import Traced
from register.wire import ActingFor


class Writes(Protocol):
    """Writes lines: the action, and when it began."""

    def __call__(self, action: Action, begun: datetime) -> None:
        """Write them."""
        ...


@dataclass(frozen=True)
class Processing:
    """Writes what one organisation does.

    Attributes:
        write: of its Logboek.
        key: under which people have codes.
        clock: when an action begins.
        randomness: for traces.
    """

    write: Writes
    key: Secret = field(repr=False)
    clock: Clock
    randomness: Randomness

    def trace(self) -> Trace:
        """A trace that begins here."""
        return Trace(self.randomness(16).hex(), span=self.randomness(8).hex())

    def asked(self, trace: Trace) -> DataSubject:
        """Who this one request is about."""
        return asked_code(self.key.reveal(), trace.trace)

    def subject(self, signal: str, ref: str) -> DataSubject:
        """A subject of a signal of this organisation."""
        return subject_code(self.key.reveal(), signal, ref)

    def done(self, name: str, purpose: str, role: str, people: Sequence[DataSubject]) -> None:
        """An action that is durable already."""
        with self.action(name, purpose, role, self.trace(), people):
            pass

    @contextmanager
    def action(
        self, name: str, purpose: str, role: str, trace: Trace, people: Sequence[DataSubject]
    ) -> Iterator[None]:
        """An action; its lines are written however it ends."""
        begun, status = self.clock(), Status.ERROR
        try:
            yield
            status = Status.OK
        except Refusal as refusal:
            status = Status.ERROR if refusal.status >= 500 else Status.UNSET
            raise
        finally:
            self.write(Action(name, activity_of(purpose, role), people, trace, status), begun)


def traced(acting: ActingFor, trace: Trace) -> Traced:
    """The same person, with the trace that the register is told."""
    return Traced(**acting.model_dump(), traceparent=trace.header)
