# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What treffers came to, in figures: how many, taken up, followed up, confirmed, false, handed over, and after how many days something came back. From events only; nothing here is about a person.

1. A treffer that nobody took up counts: that is the figure that matters most.
2. It counts for every organisation that was a party to it, who asked and who owned a signal, and once for each region.
3. An FG reads the figures of its own organisation as they are (C20). Everything else is an aggregate (C11): from 10 on, rounded to fives; "<10" below, zero included; a share or a median only over ten or more.
4. A period is one calendar quarter or year, and an aggregate counts up to the last month that ended: of two periods that differ by a day, or of two days on which it is asked, the difference would be a small number.

The job that destroys a treffer leaves its `Effect` behind, without its number.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from register.casework import FEEDBACK_DAYS, State
from register.overseeing import FEW, SMALLEST, coarse

_HUNDRED: Final = 100
_QUARTER, _YEAR = 3, 12
_RECEIVED: Final = "ontvangen"


@dataclass(frozen=True)
class Effect:
    """What one treffer came to.

    Attributes:
        found_on: the day of its question.
        parties: who asked, and who owned a signal in it.
        taken_up_days: after how many days it was taken up; None for never.
        followed_up: whether anything was done beyond taking it up.
        outcome: how it was closed; None for not.
        handed_over: whether it was handed over.
        feedback_days: after how many days more came back than that it was received; None for not yet.
    """

    found_on: date
    parties: frozenset[str]
    taken_up_days: int | None
    followed_up: bool
    outcome: str | None
    handed_over: bool
    feedback_days: int | None


def effect_of(found_at: datetime, parties: Collection[str], state: State) -> Effect:
    """What a treffer came to so far."""
    taken = state.taken_up
    days = [
        (said.at - one.at).days for one in state.handovers for said in one.feedback if said.code != _RECEIVED
    ]
    return Effect(
        found_at.date(),
        frozenset(parties),
        None if taken is None else (taken.at - found_at).days,
        state.followed_up(),
        state.outcome,
        bool(state.handovers),
        min(days) if days else None,
    )


@dataclass(frozen=True)
class Figures:
    """The figures of one organisation or region.

    Attributes:
        treffers: how many.
        taken_up: of these, by anybody.
        followed_up: of these, with anything done after that.
        outcomes: disposition -> how many.
        handed_over: how many were handed over.
        fed_back: of these, with feedback within its term.
        take_up_days: median of the days until take-up; None without any.
        feedback_days: median of the days until feedback; None without any.
        answered: how many had feedback at all.
    """

    treffers: int
    taken_up: int
    followed_up: int
    outcomes: Mapping[str, int]
    handed_over: int
    fed_back: int
    take_up_days: float | None
    feedback_days: float | None
    answered: int

    @property
    def fed_back_share(self) -> int | None:
        """Percentage of hand-overs with feedback within its term; None without any."""
        return round(_HUNDRED * self.fed_back / self.handed_over) if self.handed_over else None


def whole_period(first: date, last: date) -> bool:
    """Whether these are the first and last day of a calendar quarter or year."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    edges = first.day == 1 and last < date.max and (last + timedelta(days=1)).day == 1
    return edges and months in {_QUARTER, _YEAR} and (first.month - 1) % months == 0


def ended_month(today: date) -> date:
    """The last day of the last month that ended."""
    return today.replace(day=1) - timedelta(days=1)


def figures(effects: Collection[Effect], first: date, last: date) -> Figures:
    """The figures of these treffers, found from one day up to and including another."""
    counted = [one for one in effects if first <= one.found_on <= last]
    taken = [one.taken_up_days for one in counted if one.taken_up_days is not None]
    back = [one.feedback_days for one in counted if one.feedback_days is not None]
    return Figures(
        treffers=len(counted),
        taken_up=len(taken),
        followed_up=sum(one.followed_up for one in counted),
        outcomes=Counter(one.outcome for one in counted if one.outcome is not None),
        handed_over=sum(one.handed_over for one in counted),
        fed_back=sum(days <= FEEDBACK_DAYS for days in back),
        take_up_days=median(taken) if taken else None,
        feedback_days=median(back) if back else None,
        answered=len(back),
    )


def of_organisation(effects: Collection[Effect], organisations: Collection[str]) -> list[Effect]:
    """The treffers to which one of these was a party."""
    return [one for one in effects if one.parties & frozenset(organisations)]


def exact(counted: Figures) -> dict[str, str]:
    """For an FG over its own organisation: code of a figure -> its value."""
    return {
        "treffers": str(counted.treffers),
        "opgepakt": str(counted.taken_up),
        "opgevolgd": str(counted.followed_up),
        "bevestigd": str(counted.outcomes.get("bevestigd", 0)),
        "onjuist": str(counted.outcomes.get("onjuist", 0)),
        "al_bekend": str(counted.outcomes.get("al_bekend", 0)),
        "geen_actie": str(counted.outcomes.get("geen_actie", 0)),
        "overgedragen": str(counted.handed_over),
        "teruggekoppeld_procent": "-" if counted.fed_back_share is None else str(counted.fed_back_share),
        "dagen_tot_oppakken": _days(counted.take_up_days),
        "dagen_tot_terugkoppeling": _days(counted.feedback_days),
    }


def aggregate(counted: Figures) -> dict[str, str]:
    """The same for everybody else (C11)."""
    share = counted.fed_back_share if counted.handed_over >= SMALLEST else None
    return {
        "treffers": coarse(counted.treffers),
        "opgepakt": coarse(counted.taken_up),
        "opgevolgd": coarse(counted.followed_up),
        "bevestigd": coarse(counted.outcomes.get("bevestigd", 0)),
        "onjuist": coarse(counted.outcomes.get("onjuist", 0)),
        "al_bekend": coarse(counted.outcomes.get("al_bekend", 0)),
        "geen_actie": coarse(counted.outcomes.get("geen_actie", 0)),
        "overgedragen": coarse(counted.handed_over),
        "teruggekoppeld_procent": FEW if share is None else str(5 * round(share / 5)),
        "dagen_tot_oppakken": _days(counted.take_up_days) if counted.taken_up >= SMALLEST else FEW,
        "dagen_tot_terugkoppeling": _days(counted.feedback_days) if counted.answered >= SMALLEST else FEW,
    }


def _days(number: float | None) -> str:
    return "-" if number is None else f"{number:g}"
