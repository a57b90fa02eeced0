# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Fixed windows in UTC over which is counted: a minute, a day. Everyone can compute when one ends, so a refusal can say when it opens."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Window(StrEnum):
    """The span over which is counted."""

    MINUTE = "minuut"
    DAY = "dag"

    @property
    def length(self) -> timedelta:
        """How long one window lasts."""
        return timedelta(minutes=1) if self is Window.MINUTE else timedelta(days=1)

    def start(self, moment: datetime) -> int:
        """The window that this moment falls in, as the POSIX second at which it began (UTC)."""
        utc = moment.astimezone(UTC)
        whole = {"second": 0, "microsecond": 0} | ({"hour": 0, "minute": 0} if self is Window.DAY else {})
        return int(utc.replace(**whole).timestamp())  # type: ignore[arg-type]  # replace() takes these names as int

    def seconds_left(self, start: int, moment: datetime) -> int:
        """Seconds until the window that began at `start` is over; at least one."""
        return max(1, start + int(self.length.total_seconds()) - int(moment.timestamp()))
