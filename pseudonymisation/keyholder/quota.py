# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How many points an officer and an organisation may have evaluated: per minute and per day, for each kind of action.

The unit is the point, not the question. Every point is one guess at somebody's match key, so this number, times the days, bounds what a
node that went bad can learn; padding counts too, because a holder cannot tell it from the rest. One question about one person is 8 to 40
points.

For an import of years of work an organisation may be given more room for a while, on the advice of its FG: an opening, for action `invoeren` only,
with a document that says why and a last day. After that day it is as if it were not there.

Minutes and days are fixed windows in UTC. A refused request counts for nothing. Pure: `store/` counts, this module says what and how far.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from process.language import gettext as _
from process.problem import Refusal
from process.windows import Window

KEPT: Final = timedelta(days=31)
"""How long a count stays: long enough for a monthly review, then it is destroyed, because it says when somebody worked."""


IMPORT: Final = "invoeren"
"""The action for which an organisation may be given more room."""


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
class Opening:
    """More room for one organisation to import, for a time.

    Attributes:
        organisation: whose.
        until: last day on which it counts (UTC).
        document: where the FG's advice and the decision can be found.
        limits: what may be imported meanwhile.
    """

    organisation: str
    until: date
    document: str
    limits: Limits


def opening_for(
    openings: Iterable[Opening], organisation: str, action: str, moment: datetime
) -> Opening | None:
    """The opening that counts for this request now; of several the one that lasts longest."""
    today = moment.astimezone(UTC).date()
    mine = [one for one in openings if one.organisation == organisation and today <= one.until]
    return max(mine, key=lambda one: one.until, default=None) if action == IMPORT else None


@dataclass(frozen=True)
class Counter:
    """One running total and how far it may go.

    Attributes:
        organisation: whose.
        officer: pseudonymous id, or "" for the organisation as a whole.
        action: "vragen", "indienen", "invoeren", "inzage" or "kanarie".
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


def too_much(counter: Counter, moment: datetime, opening: Opening | None = None) -> Refusal:
    """The refusal for the first total that a request would push over its limit.

    Args:
        counter: that total.
        moment: now.
        opening: the one under which was imported, if any; it is named.
    """
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
    told = why.format(venster=venster, aantal=counter.limit)
    return Refusal(
        429,
        "quotum-bereikt",
        _("Deze sleutelhouder bewerkt nu geen zoeksleutels meer voor u."),
        told if counter.action != IMPORT else f"{told} {_about_import(opening)}",
        way_forward=way_forward,
        rule=_("quotum van de sleutelhouder"),
        retry_after=counter.window.seconds_left(counter.start, moment),
    )


def _about_import(opening: Opening | None) -> str:
    if opening is None:
        return _("Dit is de gewone ruimte voor invoer; voor uw organisatie is geen ruimere invoer open.")
    return _(
        "Dit is de ruimere invoer die voor uw organisatie open is tot en met {dag} ({document})."
    ).format(dag=f"{opening.until:%d-%m-%Y}", document=opening.document)
