# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Writes the Logboek Dataverwerkingen: JSON lines in a folder of its own, a file for each day, through the OpenTelemetry SDK.

In this order: the action becomes a span and each of its data subjects a child, all of them sampled (`ALWAYS_ON`); the lines of all that ended are appended in one write
and forced to disk; only then does the call return. Nothing of the environment is listened to: `OTEL_SDK_DISABLED`, a sampler or a
limit in a variable would lose lines unseen.

**A line that cannot be written stops nobody** (ADR 39: the audit log is the guarantee, and its entry is durable by then). It waits in memory and is written before the next one; the process
says so in its health; what no longer fits in memory is counted as lost. Files past `KEPT_DAYS` are destroyed when a new day begins.

Left to others: what stands in a line (process.processing), when it is written (the use case, after its log entry).
"""

import fcntl
import json
import os
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.processing import ACTIVITY, CALLER, SUBJECT, SUBJECT_TYPE, Action, DataSubject
from process.processing import Status as Ended

KEPT_DAYS: Final = 5 * 366
"""As long as the audit log whose entries the lines stand beside (R7)."""
WAITING: Final = 10_000
"""Lines that memory holds while they cannot be written."""

_CODES: Final = {Ended.OK: StatusCode.OK, Ended.ERROR: StatusCode.ERROR}
_SAID: Final = {StatusCode.OK: "Ok", StatusCode.ERROR: "Error", StatusCode.UNSET: "Unset"}
_MODE: Final = 0o640


class _Ids(IdGenerator):
    """Ids from the randomness of this process; those of an action that has its own are handed in."""

    def __init__(self, randomness: Randomness) -> None:
        self._randomness = randomness
        self.trace = 0
        self.span = 0

    def generate_trace_id(self) -> int:
        return self.trace or int.from_bytes(self._randomness(16), "big")

    def generate_span_id(self) -> int:
        found, self.span = self.span, 0
        return found or int.from_bytes(self._randomness(8), "big") or 1


class _Ended(SpanProcessor):
    """Keeps the lines of spans that ended, until they are taken."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def on_end(self, span: ReadableSpan) -> None:
        self._lines.append(_line(span))

    def take(self) -> list[str]:
        taken, self._lines = self._lines, []
        return taken


class _Files:
    """Appends lines, durably; what cannot be written waits. Whoever writes takes along what others brought meanwhile: one forcing to disk serves them all."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._day: date | None = None
        self._waiting: deque[str] = deque()
        self._arrived = 0
        self._handled = 0
        self._queue = threading.Lock()
        self._disk = threading.Lock()
        self.lost = 0
        self.written = 0

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def write(self, lines: Sequence[str]) -> None:
        """Returns when these lines are on disk, or wait."""
        with self._queue:
            self._waiting.extend(lines)
            self._arrived += len(lines)
            mine = self._arrived
        with self._disk:
            if self._handled >= mine:
                return
            with self._queue:
                batch, self._handled = list(self._waiting), self._arrived
                self._waiting.clear()
            if self._wrote(batch):
                self.written += len(batch)
            else:
                self._put_back(batch)

    def _wrote(self, batch: Sequence[str]) -> bool:
        today = self._clock().date()
        try:
            if today != self._day:
                self._begin(today)
            _append(self._folder / f"{today.isoformat()}.jsonl", "".join(batch).encode())
        except OSError:
            return False
        return True

    def _put_back(self, batch: Sequence[str]) -> None:
        with self._queue:
            self._waiting.extendleft(reversed(batch))
            while len(self._waiting) > WAITING:
                self._waiting.popleft()
                self.lost += 1

    def _begin(self, today: date) -> None:
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
        for file in self._folder.glob("????-??-??.jsonl"):
            if file.stem < oldest:
                file.unlink()
        self._day = today


def _append(file: Path, content: bytes) -> None:
    """All or nothing as far as a file system can: a write that broke off is taken back, so that no line is half a line."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, _MODE)
    try:
        # Two processes of one node may write the same day's file.
        fcntl.flock(handle, fcntl.LOCK_EX)
        before = os.fstat(handle).st_size
        try:
            written = os.write(handle, content)
            os.fsync(handle)
            if before == 0:
                _force_name(file.parent)
        except OSError:
            os.ftruncate(handle, before)
            raise
        if written != len(content):
            os.ftruncate(handle, before)
            raise OSError("a line did not fit")
    finally:
        os.close(handle)


def _force_name(folder: Path) -> None:
    """A new file is there after a power cut only if its folder says so on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class ProcessingLog:
    """The Logboek Dataverwerkingen of one controller in one process.

    Args:
        folder: where the files lie; made when the first line is written.
        application: name of this process in `resource`.
        clock: when an action ended, and on which day's file a line stands.
        randomness: for ids.
    """

    def __init__(self, folder: Path, application: str, *, clock: Clock, randomness: Randomness) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._files = _Files(folder, clock)
        self._ids = _Ids(randomness)
        unlimited = SpanLimits(
            max_attributes=SpanLimits.UNSET,
            max_span_attributes=SpanLimits.UNSET,
            max_attribute_length=SpanLimits.UNSET,
            max_span_attribute_length=SpanLimits.UNSET,
        )
        provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=Resource({"service.name": application}),
            shutdown_on_exit=False,
            id_generator=self._ids,
            span_limits=unlimited,
        )
        self._spans = _Ended()
        provider.add_span_processor(self._spans)
        provider._disabled = False  # noqa: SLF001 - no variable of the environment may switch this log off
        self._tracer: Tracer = provider.get_tracer("signaalregister")

    def write(self, action: Action, begun: datetime) -> None:
        """Write the lines of one action that began at this moment and ends now. Raises nothing: see above."""
        with self._lock:
            lines = self._made(action, begun)
        self._files.write(lines)

    def _made(self, action: Action, begun: datetime) -> list[str]:
        self._ids.trace = int(action.trace.trace, 16)
        self._ids.span = int(action.trace.span or "0", 16)
        ended = _nanoseconds(self._clock())
        times = (min(_nanoseconds(begun), ended), ended)
        only = action.subjects[0] if len(action.subjects) == 1 else None
        span = self._begun(action, only, _parent(action), times[0])
        inside = set_span_in_context(span, Context())
        for subject in action.subjects if only is None else ():
            self._ended(self._begun(action, subject, inside, times[0]), action, times[1])
        self._ended(span, action, times[1])
        return self._spans.take()

    def _begun(self, action: Action, subject: DataSubject | None, parent: Context, at: int) -> Span:
        attributes = {ACTIVITY: action.activity}
        if subject is not None:
            attributes |= {SUBJECT: subject.code, SUBJECT_TYPE: subject.kind}
        if action.caller:
            attributes[CALLER] = action.caller
        return self._tracer.start_span(action.name, parent, attributes=attributes, start_time=at)

    @staticmethod
    def _ended(span: Span, action: Action, at: int) -> None:
        if action.status in _CODES:
            span.set_status(Status(_CODES[action.status]))
        span.end(at)

    def worries(self) -> Sequence[str]:
        """What somebody must look at, in Dutch."""
        waiting, lost = self._files.waiting, self._files.lost
        if not waiting and not lost:
            return ()
        return (
            _(
                "Het Logboek Dataverwerkingen kan niet worden geschreven: {wachten} regels wachten, {verloren} zijn verloren. Kijk of de schijf vol is; het logboek van het register is volledig."
            ).format(wachten=waiting, verloren=lost),
        )

    def counts(self) -> Mapping[str, int]:
        """How many lines were written, wait and were lost since this process began."""
        return {"written": self._files.written, "waiting": self._files.waiting, "lost": self._files.lost}


def _parent(action: Action) -> Context:
    if not action.trace.parent:
        return Context()
    context = SpanContext(
        int(action.trace.trace, 16), int(action.trace.parent, 16), is_remote=True, trace_flags=TraceFlags(1)
    )
    return set_span_in_context(NonRecordingSpan(context), Context())


def _nanoseconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000) * 1_000_000


def _line(span: ReadableSpan) -> str:
    """A span as the standard's interface has a line; moments in milliseconds."""
    context = span.get_span_context()
    if context is None or span.start_time is None or span.end_time is None:
        raise ValueError("a span that did not begin or end")
    said: dict[str, object] = {
        "trace_id": f"{context.trace_id:032x}",
        "span_id": f"{context.span_id:016x}",
        "status": _SAID[span.status.status_code],
        "name": span.name,
        "start_time": span.start_time // 1_000_000,
        "end_time": span.end_time // 1_000_000,
    }
    if span.parent is not None:
        said["parent_span_id"] = f"{span.parent.span_id:016x}"
    said["resource"] = {"attributes": dict(span.resource.attributes)}
    said["attributes"] = dict(span.attributes or {})
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"
