# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Runs a `signaalregister` command with a stopwatch in it, for benches; the product itself knows nothing of it.

    python -m tests.bench.spans FOLDER node serve --settings HOME/instellingen.toml ...

Before anything of ours is imported, the functions of `SPANS` are wrapped. A span counts CPU seconds of its own thread and seconds on the wall, both without
what nested spans take; a span that absorbs takes what it calls for itself. So the spans of a process add up to no more than its CPU, and what they leave is
the event loop, the HTTP server, TLS and JSON. On SIGUSR1 the totals so far are written to FOLDER/NAME.json, NAME being the folder of the settings.

Why not a profiler: cProfile makes Python code two to three times slower and OpenSSL not at all, which is the very ratio that is asked for. A few hundred
spans per record cost some microseconds each; the bench measures that cost and prints it.
"""

import json
import resource
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

ARGON2 = "Argon2id"
CURVE = "curve"
DATABASE = "database"
LOG = "log append"
HTTP = "HTTP client"
RULES = "own Python"
RECORD = "record"
"""The whole of one record at a node; its own share is `RULES`."""
ECDH_EACH = 2
"""OpenSSL exchanges in one point multiplication (design, section 3)."""


@dataclass(frozen=True)
class Span:
    """One function to time.

    Attributes:
        module: where it is defined; imported in the order of `SPANS`, before whoever imports it by name.
        name: of the function, or Class.method.
        label: under which it counts.
        absorbs: whether what it calls counts as its own.
    """

    module: str
    name: str
    label: str
    absorbs: bool = False


SPANS = (
    Span("pseudonymisation.stretch", "stretch", ARGON2),
    Span("register.accounts", "Passwords.correct", "sign-in", absorbs=True),
    Span("pseudonymisation.p256", "Point.decode", CURVE),
    Span("pseudonymisation.p256", "SecretScalar.times_each", CURVE),
    Span("pseudonymisation.oprf", "prove", CURVE),
    Span("pseudonymisation.blinding", "blind_batch", CURVE),
    Span("pseudonymisation.blinding", "unblind_batch", CURVE),
    Span("register.municipal.pseudonyms", "_fillers", CURVE),
    Span("sqlalchemy.engine", "Connection.execute", DATABASE),
    Span("sqlalchemy.engine", "Connection.exec_driver_sql", DATABASE),
    Span("sqlalchemy.engine", "Connection._begin_impl", DATABASE),
    Span("sqlalchemy.engine", "Connection._commit_impl", DATABASE),
    Span("sqlalchemy.engine", "Connection._rollback_impl", DATABASE),
    Span("audit.trail", "prepare", LOG, absorbs=True),
    Span("audit.trail", "make_receipt", LOG, absorbs=True),
    Span("audit.store.keys", "KeyStore.put_many", LOG, absorbs=True),
    Span("audit.store.log", "LogStore.append", LOG, absorbs=True),
    Span("httpx", "Client.request", HTTP),
    Span("register.municipal.submitting", "Submitting.submit", RECORD),
)


@dataclass
class Total:
    """What one label took: how often, CPU seconds, seconds on the wall, both without nested spans."""

    times: int = 0
    cpu: float = 0.0
    wall: float = 0.0


@dataclass
class _Frame:
    absorbs: bool
    cpu: float = 0.0
    wall: float = 0.0


class _Thread(threading.local):
    """Stack and totals of one thread; totals are registered once, so that they outlive it."""

    def __init__(self, register: Callable[[dict[str, Total]], None]) -> None:
        self.stack: list[_Frame] = []
        self.totals: dict[str, Total] = defaultdict(Total)
        register(self.totals)


@dataclass
class Stopwatch:
    """The spans of one process.

    Attributes:
        wall: seconds that only go up.
        cpu: CPU seconds of the calling thread.
        durations: seconds on the wall of every `RECORD`.
        exchanges: in OpenSSL.
    """

    wall: Callable[[], float] = time.perf_counter
    cpu: Callable[[], float] = time.thread_time
    durations: list[float] = field(default_factory=list)
    exchanges: int = 0
    _all: list[dict[str, Total]] = field(default_factory=list)
    _own: _Thread = field(init=False)

    def __post_init__(self) -> None:
        self._own = _Thread(self._all.append)

    def wrap(self, function: Callable[..., Any], label: str, *, absorbs: bool = False) -> Callable[..., Any]:
        """The function with a stopwatch around it."""

        @wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            own = self._own
            if own.stack and own.stack[-1].absorbs:
                return function(*arguments, **named)
            frame = _Frame(absorbs)
            own.stack.append(frame)
            wall, cpu = self.wall(), self.cpu()
            try:
                return function(*arguments, **named)
            finally:
                cpu, wall = self.cpu() - cpu, self.wall() - wall
                own.stack.pop()
                if label == RECORD:
                    self.durations.append(wall)
                total = own.totals[RULES if label == RECORD else label]
                total.times += 1
                total.cpu += cpu - frame.cpu
                total.wall += wall - frame.wall
                if own.stack:
                    own.stack[-1].cpu += cpu
                    own.stack[-1].wall += wall

        return timed

    def totals(self) -> dict[str, Total]:
        """Everything so far, by label."""
        found: dict[str, Total] = defaultdict(Total)
        for one in list(self._all):
            for label, total in list(one.items()):
                found[label].times += total.times
                found[label].cpu += total.cpu
                found[label].wall += total.wall
        return dict(found)

    def members(self) -> dict[str, Any]:
        """Everything so far, as JSON; `cpu` is that of the whole process."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "cpu": used.ru_utime + used.ru_stime,
            "spans": {label: vars(total) for label, total in self.totals().items()},
            "exchanges": self.exchanges,
            "durations": self.durations,
        }


def install(stopwatch: Stopwatch, spans: tuple[Span, ...] = SPANS) -> None:
    """Wrap every function of `spans`.

    Raises:
        LookupError: a function is not there, or somebody has imported it by name already: the bench would measure nothing.
    """
    for span in spans:
        owner: Any = import_module(span.module)
        *path, name = span.name.split(".")
        for part in path:
            owner = getattr(owner, part)
        raw = vars(owner).get(name)
        if raw is None:
            raise LookupError(f"{span.module}.{span.name} is not there to be timed")
        if not path:
            _require_unbound(span, raw)
        setattr(owner, name, _wrapped(stopwatch, raw, span))
    _count_exchanges(stopwatch)
    _watch_endpoints(stopwatch)


def _wrapped(stopwatch: Stopwatch, raw: Any, span: Span) -> Any:
    if isinstance(raw, classmethod):
        return classmethod(stopwatch.wrap(raw.__func__, span.label, absorbs=span.absorbs))
    if span.name == "_fillers":
        # A generator does its work while it is read.
        return stopwatch.wrap(lambda *given: list(raw(*given)), span.label, absorbs=span.absorbs)
    return stopwatch.wrap(raw, span.label, absorbs=span.absorbs)


def _require_unbound(span: Span, function: object) -> None:
    bound = [
        module.__name__
        for module in list(sys.modules.values())
        if getattr(module, "__name__", span.module) != span.module and vars(module).get(span.name) is function
    ]
    if bound:
        raise LookupError(f"{span.name} was imported before it could be timed: {', '.join(bound)}")


def _count_exchanges(stopwatch: Stopwatch) -> None:
    """Point multiplications, each of which is two exchanges in OpenSSL."""
    multiplier: Any = import_module("pseudonymisation.p256")._Multiplier
    exchanged = multiplier._exchanged

    def counted(self: object, peer: object) -> object:
        stopwatch.exchanges += ECDH_EACH
        return exchanged(self, peer)

    multiplier._exchanged = counted


def _watch_endpoints(stopwatch: Stopwatch) -> None:
    """Our own functions behind a route, and what they depend on; all else that FastAPI runs is HTTP and JSON."""
    routing: Any = import_module("fastapi.routing")
    routing._run_sync_endpoint = stopwatch.wrap(routing._run_sync_endpoint, RULES)
    dependencies: Any = import_module("fastapi.dependencies.utils")
    run = dependencies.run_in_threadpool

    async def timed(function: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        return await run(stopwatch.wrap(function, RULES), *given, **named)

    dependencies.run_in_threadpool = timed


def cost_of_one_span() -> float:
    """CPU seconds that one span adds, on this machine."""
    timed, times = Stopwatch().wrap(lambda: None, RULES), 20_000
    begun = time.thread_time()
    for _time in range(times):
        timed()
    return (time.thread_time() - begun) / times


def main() -> None:
    """Run the command of the arguments with the stopwatch in it."""
    folder, arguments = Path(sys.argv[1]), sys.argv[2:]
    home = Path(arguments[arguments.index("--settings") + 1]).parent
    stopwatch = Stopwatch()
    install(stopwatch)

    def write(_signal: int, _frame: object) -> None:
        fresh = folder / f"{home.name}.nieuw"
        fresh.write_text(json.dumps(stopwatch.members()), encoding="utf-8")
        fresh.replace(folder / f"{home.name}.json")

    signal.signal(signal.SIGUSR1, write)
    sys.argv = ["signaalregister", *arguments]
    import_module("process.app").main()


if __name__ == "__main__":
    main()
