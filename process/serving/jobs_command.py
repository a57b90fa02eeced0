# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister PROCESS jobs`, the same for every process: run the jobs until stopped, do one now, or tell how they stand.

Exit codes: 0 all well; 1 a job fails or stands still (`--list`), or did not succeed (`--once`); 2 used wrongly.
"""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import click

from process.jobs import JobState, Outcome, as_json, failing, told
from process.language import gettext as _
from process.operational import PROCESS
from process.serving.jobs import Runner
from process.serving.logs import configure
from process.serving.options import CLOCK_FILE, SETTINGS_FILE

OpenRunner = Callable[[Path | None, Path | None], AbstractContextManager[Runner]]
"""Opens the runner of a process with its settings file and clock file; closes what it opened."""

_FAILED = 1


def jobs_command(open_runner: OpenRunner, stream: str = PROCESS) -> click.Command:
    """The sub-command `jobs` of one process."""

    @click.command(
        "jobs", help=_("Doe de taken van dit proces (tot u het stopt), of laat zien hoe ze ervoor staan.")
    )
    @SETTINGS_FILE
    @CLOCK_FILE
    @click.option(
        "--list", "listing", is_flag=True, help=_("Laat alle taken zien; stopt met 1 als er een mislukt.")
    )
    @click.option("--once", metavar=_("TAAK"), help=_("Doe deze taak nu, één keer."))
    @click.option("--json", "machine", is_flag=True, help=_("Voor programma's: JSON in plaats van tekst."))
    def jobs(
        settings_file: Path | None, clock_file: Path | None, once: str | None, *, listing: bool, machine: bool
    ) -> None:
        if listing and once:
            raise click.UsageError(_("Kies --list of --once, niet allebei."))
        with open_runner(settings_file, clock_file) as runner:
            if once:
                _once(runner, once, machine=machine)
            elif listing:
                _list(runner, machine=machine)
            else:
                _run(runner, stream)

    return jobs


def _once(runner: Runner, name: str, *, machine: bool) -> None:
    if name not in runner.jobs:
        raise click.BadParameter(
            _("Deze taak is er niet. Kies uit: {taken}.").format(taken=", ".join(runner.jobs)),
            param_hint="--once",
        )
    with _stopped_by_signal(runner.stop):
        state = runner.once(name)
    _show(runner, {name: state}, [name], machine=machine)
    if state.outcome is not Outcome.DONE:
        raise click.exceptions.Exit(_FAILED)


def _list(runner: Runner, *, machine: bool) -> None:
    states = runner.states()
    _show(runner, states, list(runner.jobs), machine=machine)
    if any(failing(job, states.get(name), runner.now()) for name, job in runner.jobs.items()):
        raise click.exceptions.Exit(_FAILED)


def _show(runner: Runner, states: dict[str, JobState], names: list[str], *, machine: bool) -> None:
    jobs = [runner.jobs[name] for name in names]
    if machine:
        click.echo(json.dumps(as_json(jobs, states, runner.now()), ensure_ascii=False, indent=2))
        return
    for job in jobs:
        click.echo(told(job, states.get(job.name), runner.now()))


def _run(runner: Runner, stream: str) -> None:
    configure(stream)
    told_to_stop = threading.Event()
    with _stopped_by_signal(told_to_stop.set), runner.running():
        click.echo(_("klaar: {taken}").format(taken=", ".join(runner.jobs)))
        told_to_stop.wait()


@contextmanager
def _stopped_by_signal(stop: Callable[[], None]) -> Iterator[None]:
    """While this lasts, SIGTERM and SIGINT mean: finish the batch and stop."""

    def handle(_number: int, _frame: Any) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
