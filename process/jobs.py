# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a process does by itself, beside answering: what a job is, when it is due, and how its state reads.

1. A job is done by one runner at a time. A runner holds it by a lease of `LEASE`, renewed while it lives; the lease of a runner that died runs out, and
   another takes over.
2. After success a job is due again `every` after it ended, never at a multiple: a machine that slept a week does each job once.
3. After a failure the pause doubles: from a minute (`every`, where that is shorter) up to `every` (a minute, where that is shorter). Success begins anew.
4. A job works in batches, each complete in itself, so that it can stop after any of them and go on in another process. Interrupted, it is due at once.
5. A state from the future counts for nothing: a clock that was set back must not keep a job waiting for a year.

Pure. Left to others: keeping the state (`audit.store.jobs`), threads and stopping (`process.serving.jobs`), and what the jobs do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from process.language import gettext as _

LEASE = timedelta(minutes=1)
"""How long a job stays with a runner that is not heard of again."""

SHORTEST_PAUSE = timedelta(minutes=1)
"""The first pause after a failure, of a job that is not due more often anyway; and the longest of one that is."""

LATE = timedelta(hours=1)
"""A job that should have run so long ago stands still: nothing runs it."""

CLOCK_DOUBT = timedelta(days=1)
"""Clocks of two machines may differ a little; a state further ahead than this comes from a clock that was set back."""

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Unfinished(dict[str, int]):
    """The counts of a batch after which there is more to do: the runner calls again at once, unless it must stop."""


@dataclass(frozen=True)
class Job:
    """Something that a process does by itself.

    Attributes:
        name: one word, as people and databases know it.
        title: one Dutch sentence on what it does.
        every: pause between the end of one run and the start of the next.
        run: does one batch at this moment, and gives counts by Dutch name (`Unfinished` if there is more). It may be called again at any
            time: doing it twice does no more than doing it once.
    """

    name: str
    title: str
    every: timedelta
    run: Callable[[datetime], Mapping[str, int]]


class Outcome(StrEnum):
    """How the last run ended."""

    DONE = "gelukt"
    FAILED = "mislukt"
    INTERRUPTED = "onderbroken"


@dataclass(frozen=True)
class JobState:
    """What is durably known of one job; moments in UTC.

    Attributes:
        name: of the job.
        since: when this job was first known here.
        next_at: when it is due, if nobody holds it.
        holder: whoever holds the lease, or held it last without ending.
        lease_until: end of that lease.
        started_at: start of the last run.
        finished_at: end of the last run that ended.
        succeeded_at: end of the last run that succeeded.
        outcome: of the last run that ended.
        error: the type of the exception that made it fail, never its text.
        counts: of the last run that ended, by Dutch name.
        failures: how many runs failed in a row.
    """

    name: str
    since: datetime
    next_at: datetime
    holder: str | None = None
    lease_until: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    succeeded_at: datetime | None = None
    outcome: Outcome | None = None
    error: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    failures: int = 0

    def held(self, moment: datetime) -> bool:
        """True while a living runner has it."""
        return self.holder is not None and self.lease_until is not None and moment < self.lease_until

    def of_the_future(self, moment: datetime) -> bool:
        """True if the clock was set back since this was written."""
        return self.started_at is not None and self.started_at > moment + CLOCK_DOUBT


@dataclass(frozen=True)
class Ended:
    """The end of one run, as it is kept."""

    moment: datetime
    outcome: Outcome
    counts: Mapping[str, int]
    next_at: datetime
    error: str | None = None


def claimable(state: JobState, moment: datetime, *, anyway: bool = False) -> bool:
    """Whether a runner may take this job now; `anyway` does not wait for its time, and never takes what another holds."""
    if state.of_the_future(moment):
        return True
    return not state.held(moment) and (anyway or state.next_at <= moment)


def look_again_at(state: JobState, moment: datetime) -> datetime:
    """When it is worth the trouble to try and take this job."""
    if state.held(moment) and state.lease_until is not None:
        return max(state.next_at, state.lease_until)
    return state.next_at


def pause_after(failures: int, every: timedelta) -> timedelta:
    """How long a job waits after so many failures in a row (at least one)."""
    # The exponent is capped before the power: a counter of a million must not make a number of a million bits.
    doublings: int = 2 ** min(failures - 1, 20)
    return min(min(every, SHORTEST_PAUSE) * doublings, max(every, SHORTEST_PAUSE))


def added(total: Mapping[str, int], batch: Mapping[str, int]) -> dict[str, int]:
    """The counts of a run so far, with those of one more batch."""
    return {name: total.get(name, 0) + batch.get(name, 0) for name in {**total, **batch}}


def done(moment: datetime, job: Job, counts: Mapping[str, int]) -> Ended:
    """A run that ended well."""
    return Ended(moment, Outcome.DONE, counts, moment + job.every)


def interrupted(moment: datetime, counts: Mapping[str, int]) -> Ended:
    """A run that stopped between two batches, because its process must stop."""
    return Ended(moment, Outcome.INTERRUPTED, counts, moment)


def failed(
    moment: datetime, job: Job, counts: Mapping[str, int], error: Exception, failures_before: int
) -> Ended:
    """A run that ended with an exception, of which the type is kept and nothing else: a message may hold anything."""
    pause = pause_after(failures_before + 1, job.every)
    return Ended(moment, Outcome.FAILED, counts, moment + pause, type(error).__name__)


def after(state: JobState, ended: Ended) -> JobState:
    """The state when the run that it shows has ended."""
    failures = {Outcome.DONE: 0, Outcome.FAILED: state.failures + 1, Outcome.INTERRUPTED: state.failures}
    return JobState(
        name=state.name,
        since=state.since,
        next_at=ended.next_at,
        started_at=state.started_at,
        finished_at=ended.moment,
        succeeded_at=ended.moment if ended.outcome is Outcome.DONE else state.succeeded_at,
        outcome=ended.outcome,
        error=ended.error,
        counts=dict(ended.counts),
        failures=failures[ended.outcome],
    )


def stands_still(job: Job, state: JobState | None, moment: datetime) -> bool:
    """True if it should have run long ago, and nothing does it."""
    if state is None or state.held(moment) or state.of_the_future(moment):
        return False
    return moment - state.next_at > max(job.every, LATE)


def failing(job: Job, state: JobState | None, moment: datetime) -> bool:
    """True if somebody must look at this job."""
    return stands_still(job, state, moment) or (state is not None and state.failures > 0)


def told(job: Job, state: JobState | None, moment: datetime) -> str:
    """A job and its state, in three lines for people."""
    lines = (
        f"{job.name}: {job.title}",
        "  " + _told_last(state, moment),
        "  " + _told_next(job, state, moment),
    )
    return "\n".join(lines)


def _told_last(state: JobState | None, moment: datetime) -> str:
    if state is not None and state.held(moment) and state.started_at is not None:
        return _("Bezig sinds {moment}.").format(moment=in_words(state.started_at))
    if state is None or state.started_at is None:
        return _("Nog niet gedaan.")
    if state.holder is not None:
        return _("Afgebroken: begonnen op {moment}, en het proces viel weg.").format(
            moment=in_words(state.started_at)
        )
    return _("Laatste keer: {moment}, {uitkomst}.").format(
        moment=in_words(state.finished_at or state.started_at), uitkomst=_told_outcome(state)
    )


def _told_outcome(state: JobState) -> str:
    counts = ", ".join(f"{name}: {count}" for name, count in state.counts.items())
    if state.outcome is Outcome.FAILED:
        return _("mislukt met {fout} ({aantal} keer achter elkaar)").format(
            fout=state.error, aantal=state.failures
        )
    if state.outcome is Outcome.INTERRUPTED:
        return _("onderbroken, gaat verder ({tellingen})").format(tellingen=counts or _("nog niets gedaan"))
    return _("gelukt ({tellingen})").format(tellingen=counts or _("niets te tellen"))


def _told_next(job: Job, state: JobState | None, moment: datetime) -> str:
    if state is None or state.of_the_future(moment):
        return _("Volgende keer: zodra het proces draait.")
    due = in_words(look_again_at(state, moment))
    if stands_still(job, state, moment):
        return _("STAAT STIL: had op {moment} moeten lopen. Kijk of het proces draait.").format(moment=due)
    if state.held(moment):
        return _("Volgende keer: na deze keer.")
    return _("Volgende keer: {moment}.").format(moment=due)


def in_words(moment: datetime) -> str:
    """A moment as people in the Netherlands write it."""
    return f"{moment.astimezone(_AMSTERDAM):%d-%m-%Y %H:%M:%S}"


def as_json(jobs: Sequence[Job], states: Mapping[str, JobState], moment: datetime) -> list[dict[str, object]]:
    """All jobs with their states, for programs: names in Dutch, moments in RFC 3339."""
    return [_one(job, states.get(job.name), moment) for job in jobs]


def _one(job: Job, state: JobState | None, moment: datetime) -> dict[str, object]:
    return {
        "taak": job.name,
        "toelichting": job.title,
        "elkeSeconden": job.every.total_seconds(),
        "uitkomst": None if state is None or state.outcome is None else state.outcome.value,
        "fout": None if state is None else state.error,
        "foutenAchterElkaar": 0 if state is None else state.failures,
        "tellingen": {} if state is None else dict(state.counts),
        "bezig": state is not None and state.held(moment),
        "staatStil": stands_still(job, state, moment),
        "begonnenOp": _stamp(None if state is None else state.started_at),
        "geeindigdOp": _stamp(None if state is None else state.finished_at),
        "geluktOp": _stamp(None if state is None else state.succeeded_at),
        "volgendeKeer": _stamp(None if state is None else state.next_at),
    }


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
