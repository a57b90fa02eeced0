# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An import as the person at the terminal sees it: how far it is, what it waits for, and a file of refused rows.

All of it goes to standard error, so that standard output holds the report and nothing else. On a terminal the progress takes the place of what stood there;
elsewhere it is a line now and then, so that a log of a night's work can be read.
"""

import csv
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from process.language import gettext as _
from register.municipal.files import Source, UnfitFileError, formula
from register.municipal.sending import Sending, Sent, World
from register.municipal.session import NodeSession
from register.municipal.told import number

_A_LINE_EVERY = 10.0
"""Seconds between two lines of progress where a line cannot be replaced."""

Keep = Callable[[dict[str, Any]], None]


@dataclass
class Screen:
    """What is told while work goes on.

    Attributes:
        stream: standard error.
        stopwatch: seconds that only go up.
    """

    stream: TextIO
    stopwatch: Callable[[], float]
    _waiting: str = ""
    _open: bool = False
    _at: float | None = None

    def progress(self, text: str) -> None:
        """How far it is, in place of what was told before."""
        if self.stream.isatty():
            self.stream.write(f"\r\x1b[K{text}")
            self._open = True
        elif self._at is None or self.stopwatch() - self._at >= _A_LINE_EVERY:
            self._at, self._waiting = self.stopwatch(), ""
            self.stream.write(f"{text}\n")
        else:
            self._waiting = text
        self.stream.flush()

    def say(self, text: str) -> None:
        """A line of its own."""
        self.end()
        self.stream.write(f"{text}\n")
        self.stream.flush()

    def end(self) -> None:
        """The last thing told stays on the screen."""
        if self._waiting:
            self.stream.write(f"{self._waiting}\n")
        elif self._open:
            self.stream.write("\n")
        self._waiting, self._open = "", False


def import_file(session: NodeSession, source: Source, keep: Keep, *, dry_run: bool) -> Sent:
    """Read a file to its end, and then send it, or look what would become of it.

    Raises:
        UnfitFileError: the file cannot be read; nothing was sent.
        Refusal: the import may not be opened.
    """
    screen = Screen(sys.stderr, time.monotonic)
    inspected = source.inspect(
        lambda rows: screen.progress(_("Het bestand wordt gelezen: rij {rij}").format(rij=number(rows)))
    )
    world = World(time.monotonic, time.sleep, screen.say, screen.progress)
    sending = Sending(session, source, inspected, world, keep)
    try:
        return sending.foresee() if dry_run else sending.run()
    except KeyboardInterrupt:
        screen.say(
            _(
                "Gestopt. Start dezelfde opdracht opnieuw; de import gaat dan verder waar hij was, rond rij {rij}."
            ).format(rij=number(sending.position))
        )
        raise
    finally:
        screen.end()


@contextmanager
def reported(path: Path | None) -> Iterator[Keep]:
    """Where refused rows go: into a CSV file for a Dutch spreadsheet, or nowhere. No cell of it is a formula.

    Raises:
        UnfitFileError: the file cannot be written; told before anything is sent.
    """
    if path is None:
        yield lambda _refused: None
        return
    try:
        stream = path.open("w", encoding="utf-8-sig", newline="")
    except OSError:
        raise UnfitFileError(_("Het bestand van --report is niet te schrijven.")) from None
    with stream:
        table = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        table.writerow(["rij", "kolom", "reden"])
        yield lambda one: table.writerow([one["rij"], harmless(one["kolom"]), harmless(one["reden"])])


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if formula(text) or text[:1] in {"\t", "\r"} else text
