# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How many points an officer and an organisation may have evaluated: per minute and per day, for each kind of action.

The unit is the point, not the question. Every point is one guess at somebody's match key, so this number, times the days, bounds what a
node that went bad can learn; padding counts too, because a holder cannot tell it from the rest. One question about one person is 8 to 40
points.

Minutes and days are fixed windows in UTC. A refused request counts for nothing. Pure: `store/` counts, this module says what and how far.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from gettext import gettext as _
from typing import Final

from process.problem import Refusal

KEPT: Final = timedelta(days=31)
"""How long a count stays: long enough for a monthly review, then it is destroyed, because it says when somebody worked."""


class Window(StrEnum):
    """The span over which points are counted."""

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


@dataclass(frozen=True)
class Limits:
    """Points for one kind of action.

    Attributes:
        officer_minute: one officer in one minute.
        officer_day: one officer in one day.
        organisation_minute: all officers of an organisation together in one minute.
        organisation_day: and in one day.
    """

    officer_minute: int
    officer_day: int
    organisation_minute: int
    organisation_day: int


@dataclass(frozen=True)
class Counter:
    """One running total and how far it may go.

    Attributes:
        organisation: whose.
        officer: pseudonymous id, or "" for the organisation as a whole.
        action: "vragen", "indienen" or "inzage".
        window: minute or day.
        start: POSIX second at which the window began.
        limit: the highest total that is still answered.
    """

    organisation: str
    officer: str
    action: str
    window: Window
    start: int
    limit: int


def counters(
    organisation: str, officer: str, action: str, moment: datetime, limits: Limits
) -> tuple[Counter, ...]:
    """The four totals that a request adds to, always in the same order, so that two requests never wait for each other in a circle."""
    return tuple(
        Counter(organisation, who, action, window, window.start(moment), limit)
        for who, window, limit in (
            ("", Window.MINUTE, limits.organisation_minute),
            ("", Window.DAY, limits.organisation_day),
            (officer, Window.MINUTE, limits.officer_minute),
            (officer, Window.DAY, limits.officer_day),
        )
    )


def too_much(counter: Counter, moment: datetime) -> Refusal:
    """The refusal for the first total that a request would push over its limit."""
    wait = counter.start + int(counter.window.length.total_seconds()) - int(moment.timestamp())
    if counter.officer:
        why = _("U mag per {venster} {aantal} zoeksleutels laten bewerken, en dat aantal is bereikt.")
    else:
        why = _(
            "Uw organisatie mag per {venster} {aantal} zoeksleutels laten bewerken, en dat aantal is bereikt."
        )
    if counter.window is Window.MINUTE:
        venster, way_forward = _("minuut"), _("Wacht een minuut en probeer het opnieuw.")
    else:
        venster = _("dag")
        way_forward = _(
            "Probeer het morgen opnieuw, of overleg met uw functionaris gegevensbescherming over meer ruimte."
        )
    return Refusal(
        429,
        "quotum-bereikt",
        _("Deze sleutelhouder bewerkt nu geen zoeksleutels meer voor u."),
        why.format(venster=venster, aantal=counter.limit),
        way_forward=way_forward,
        rule=_("quotum van de sleutelhouder"),
        retry_after=max(1, wait),
    )
