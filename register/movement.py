# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A track: linked signals in the order in which they were observed, so that A to B to C shows.

A track is derived on read from signals that agree (matching); nothing is merged, nothing is stored, and a treffer is no node of it. Signals of one week
have no order between them and stand together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Sighting:
    """One signal on a track: where (the submitting organisation) and in which ISO week."""

    organisation: str
    week: str


def route(sightings: Iterable[Sighting]) -> tuple[str, ...]:
    """The places in order of time; a place that stays is named once, a return is named again.

    Places of one and the same week are joined with " + ", because their order is not known.
    """
    ordered = sorted(sightings, key=lambda one: one.week)
    places = [
        " + ".join(sorted({one.organisation for one in week}))
        for _week, week in groupby(ordered, key=lambda one: one.week)
    ]
    return tuple(place for place, _repeats in groupby(places))
