# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The one place where a process reads the clock.

Outside profile `oefening` there is only the system clock. In `oefening` a clock file moves a process through time: the file
holds one RFC 3339 moment, which is taken as "now" at the instant the file was written; from there time runs on. All
processes that watch the same file therefore agree, and a scenario over weeks runs as real processes.
"""

from datetime import UTC, datetime
from pathlib import Path

from process.language import gettext as _
from process.moments import Clock
from process.serving.errors import SettingsError


def system_clock() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def clock_from(path: Path | None, profile: str) -> Clock:
    """The system clock, or the clock that a file moves.

    Raises:
        SettingsError: a clock file outside `oefening`, or one that cannot be read.
    """
    if path is None:
        return system_clock
    if profile != "oefening":
        raise SettingsError(
            _("--clock-file mag alleen in profiel oefening; dit proces draait in profiel {profiel}.").format(
                profiel=profile
            )
        )
    _read(path)
    return lambda: _read(path)


def _read(path: Path) -> datetime:
    try:
        moment = datetime.fromisoformat(path.read_text(encoding="ascii").strip())
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError) as error:
        raise SettingsError(
            _(
                "Het klokbestand {pad} is niet te lezen; zet er één moment in, zoals 2026-03-01T09:00:00+00:00."
            ).format(pad=path)
        ) from error
    if moment.tzinfo is None:
        raise SettingsError(
            _("Het moment in klokbestand {pad} heeft geen tijdzone; zet er +00:00 achter.").format(pad=path)
        )
    return moment.astimezone(UTC) + (system_clock() - written)
