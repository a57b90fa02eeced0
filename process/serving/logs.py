# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The operational log of a process: JSON lines on standard error, through structlog, and nothing that `process.operational` does not list.

Every record of the process comes by here, of our own code and of every library, warnings and exceptions that nobody caught included: there is one handler, at the root, and
`structlog.stdlib.ProcessorFormatter` behind it. A line has `moment`, `niveau`, `stroom`, `gebeurtenis` and the fields of the event. Of an exception the type and
place are written, never its text, which may hold what was processed. What was left out is counted by `gebeurtenis` in `dropped`, which metrics show.
"""

import logging
import sys
import threading
import warnings
from collections import Counter
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Final, TextIO

import structlog

from process.operational import FOREIGN, STREAMS, allowed
from process.problem import place

_QUIET: Final = ("httpx", "httpcore", "alembic", "sqlalchemy", "uvicorn.access")
"""Loggers that say what they do; only what goes wrong is of use, and as little of it as of any other."""


class LogError(AssertionError):
    """Something undeclared was said where that is an error."""


class Declared:
    """Turns a record into what may be written of it.

    Args:
        stream: of this process.
        strict: raise for what is left out, instead of counting it.
    """

    def __init__(self, stream: str, *, strict: bool = False) -> None:
        if stream not in STREAMS:
            raise ValueError("no such stream")
        self._stream = stream
        self._strict = strict
        self.dropped: Counter[str] = Counter()

    def __call__(self, _logger: Any, _name: str, said: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """The processor."""
        record: logging.LogRecord = said["_record"]
        sent = said.get("positional_args") or ()
        arguments = sent if isinstance(sent, tuple) else (sent,)
        told = allowed(self._stream, str(record.msg), arguments)
        if told.dropped:
            self.dropped[told.event] += 1
            if self._strict:
                raise LogError(f"{record.name}: {record.msg!r} left out {told.dropped}")
        line: dict[str, Any] = {
            "moment": said["moment"],
            "niveau": record.levelname.lower(),
            "stroom": self._stream,
            "gebeurtenis": told.event,
            **told.fields,
        }
        if told.event == FOREIGN:
            line["herkomst"] = record.name
        caught = said.get("exc_info")
        if isinstance(caught, tuple) and caught[0] is not None:
            line["fout"] = caught[0].__name__
            line["op"] = place(caught[1])
        return line


def formatter(declared: Declared) -> logging.Formatter:
    """The formatter of the one handler."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            declared,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        foreign_pre_chain=[structlog.processors.TimeStamper(fmt="iso", utc=True, key="moment")],
        pass_foreign_args=True,
        # The message is never put together: its template and its arguments are what is judged.
        use_get_message=False,
    )


def configure(stream: str, *, to: TextIO | None = None) -> Declared:
    """From now on every record of this process is one line of this stream, or none; gives what counts the rest."""
    declared = Declared(stream)
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(formatter(declared))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # A handler that fails prints what it could not write, with all its values.
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
    if not sys.warnoptions:
        warnings.simplefilter("default")
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    return declared


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger(__name__).critical("uncaught", exc_info=(kind, error, trace))


def _uncaught_in_thread(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None:
        _uncaught(what.exc_type, what.exc_value, what.exc_traceback)
