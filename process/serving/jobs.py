# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The runner: does the jobs of a process beside its requests, by the rules of `process.jobs`.

Each job has a thread of its own, so that a slow one keeps no other waiting. A thread looks at the clock, takes its job when it is due, and works batch by
batch; while it works, its lease is renewed. An exception never ends a thread: it is logged by its type, counted, and tried again after a growing
pause. To stop is to finish the batches that run; what is left over, the next process takes up. A process that is killed leaves leases that run out.
"""

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from process.jobs import (
    LEASE,
    Ended,
    Job,
    JobState,
    Unfinished,
    added,
    done,
    failed,
    failing,
    in_words,
    interrupted,
    look_again_at,
    pause_after,
)
from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import Refusal

STOPPING = 10.0
"""Seconds that stopping waits for running batches at most; a batch takes about one."""

_LOOK = 1.0
_LOOKS_BETWEEN = 60
_BREATH = 0.05
"""Seconds between two batches, for who waits to write: SQLite has one writer."""
_log = logging.getLogger(__name__)


class Keeps(Protocol):
    """What keeps the states of jobs (`audit.store.jobs.JobStore`)."""

    def enlist(self, names: Iterable[str], moment: datetime) -> None:
        """Make a state for jobs that have none."""

    def claim(self, name: str, holder: str, moment: datetime, *, anyway: bool = False) -> JobState:
        """Take a job if it is free and due; it was taken if the state bears `holder`."""
        ...

    def extend(self, name: str, holder: str, moment: datetime) -> bool:
        """Renew the lease; False if it is another's by now."""
        ...

    def end(self, name: str, holder: str, ended: Ended) -> bool:
        """Keep how a run ended; False if the job is another's by now."""
        ...

    def states(self) -> dict[str, JobState]:
        """All states by name."""
        ...


class Runner:
    """Runs jobs.

    Args:
        jobs: what there is to do, each under a name of its own.
        store: keeps their states.
        clock: the process's clock; only waiting is by real time, so that a clock that is set ahead is noticed at once.
        randomness: names the leases.
        look: seconds between two looks at the clock.
    """

    def __init__(
        self, jobs: Iterable[Job], store: Keeps, clock: Clock, randomness: Randomness, *, look: float = _LOOK
    ) -> None:
        self.jobs: Mapping[str, Job] = {job.name: job for job in jobs}
        self._store = store
        self._clock = clock
        self._randomness = randomness
        self._look = look
        self._stop = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Do the jobs beside the requests until the block ends."""
        self._stop.clear()
        threads = [
            threading.Thread(target=self._watch, args=(job,), name=f"job-{job.name}", daemon=True)
            for job in self.jobs.values()
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop()
            for thread in threads:
                thread.join(timeout=STOPPING)

    def stop(self) -> None:
        """Let the batches that run be the last; from any thread."""
        self._stop.set()

    def once(self, name: str) -> JobState:
        """Do one job now, whether its time has come or not, all its batches; gives the state in which it ended.

        Raises:
            Refusal: 409, another runner is doing it.
            KeyError: there is no such job.
        """
        job = self.jobs[name]
        self._store.enlist([name], self._clock())
        state = self._attempt(job, anyway=True)
        if state is None:
            raise _held(job, self._store.states()[name])
        return state

    def states(self) -> dict[str, JobState]:
        """The states of these jobs by name; one that never ran may have none."""
        known = self._store.states()
        return {name: known[name] for name in self.jobs if name in known}

    def worries(self) -> list[str]:
        """Which jobs somebody must look at, in Dutch."""
        states, moment = self.states(), self._clock()
        return [
            _("Taak {taak} mislukt of staat stil; kijk met 'jobs --list'.").format(taak=name)
            for name, job in self.jobs.items()
            if failing(job, states.get(name), moment)
        ]

    def now(self) -> datetime:
        """The moment, by the clock that decides when a job is due."""
        return self._clock()

    def _watch(self, job: Job) -> None:
        """The life of one job's thread."""
        enlisted, troubles = False, 0
        # Not at once: a process that starts serves first.
        pause = self._look
        while not self._stop.wait(pause):
            try:
                if not enlisted:
                    self._store.enlist([job.name], self._clock())
                    enlisted = True
                self._doze(self._next(job))
                pause, troubles = 0.0, 0
            except Exception as error:  # noqa: BLE001 - a runner that dies in silence is worse than any job that fails
                troubles += 1
                pause = pause_after(troubles, timedelta(seconds=self._look)).total_seconds()
                _log.error("job %s cannot be looked at: %s", job.name, type(error).__name__)

    def _doze(self, due: datetime) -> None:
        """Wait until a job is due. Now and then it ends early, because the clock may have been set back and another runner may have died."""
        for _number in range(_LOOKS_BETWEEN):
            left = (due - self._clock()).total_seconds()
            if left <= 0 or self._stop.wait(min(self._look, left)):
                return

    def _next(self, job: Job) -> datetime:
        """Do the job if it is due; gives when it is worth looking again."""
        state = self._attempt(job) or self._store.states()[job.name]
        return look_again_at(state, self._clock())

    def _attempt(self, job: Job, *, anyway: bool = False) -> JobState | None:
        """Do the job if it is to be had; gives its state afterwards, None if it was not."""
        holder = self._randomness(16).hex()
        state = self._store.claim(job.name, holder, self._clock(), anyway=anyway)
        if state.holder != holder:
            return None
        with self._renewing(job.name, holder):
            ended = self._run(job, state, holder)
        if not self._store.end(job.name, holder, ended):
            _log.warning("job %s was taken over by another runner", job.name)
        return self._store.states()[job.name]

    def _run(self, job: Job, state: JobState, holder: str) -> Ended:
        """All batches, until there is no more, or this process must stop, or the job is another's."""
        counts: dict[str, int] = {}
        try:
            while True:
                batch = job.run(self._clock())
                counts = added(counts, batch)
                moment = self._clock()
                if not isinstance(batch, Unfinished):
                    if any(counts.values()):
                        _log.info("job %s done: %s", job.name, counts)
                    return done(moment, job, counts)
                if self._stop.wait(_BREATH) or not self._store.extend(job.name, holder, moment):
                    return interrupted(moment, counts)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is counted and tried again
            # The type only: a message may hold what was processed.
            _log.error("job %s failed: %s", job.name, type(error).__name__)
            return failed(self._clock(), job, counts, error, state.failures)

    @contextmanager
    def _renewing(self, name: str, holder: str) -> Iterator[None]:
        """Keep the lease while a batch takes its time."""
        ended = threading.Event()

        def renew() -> None:
            while not ended.wait(LEASE.total_seconds() / 3):
                try:
                    self._store.extend(name, holder, self._clock())
                except Exception as error:  # noqa: BLE001 - the next round tries again, and `end` tells whose the job is
                    _log.warning("lease of job %s not renewed: %s", name, type(error).__name__)

        thread = threading.Thread(target=renew, name=f"lease-{name}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=STOPPING)


def _held(job: Job, state: JobState) -> Refusal:
    return Refusal(
        409,
        "taak-bezig",
        _("De taak {taak} loopt al.").format(taak=job.name),
        _("Een ander proces doet deze taak nu, of viel weg terwijl het bezig was. Er is niets gedaan."),
        way_forward=_("Wacht tot {moment} en probeer het dan opnieuw.").format(
            moment=in_words(state.lease_until or state.next_at)
        ),
    )
