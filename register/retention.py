# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How long a signal lives. Terms are proposals until a covenant sets them (docs/data-model.md, retention categories).

1. The term counts from the first processing at the node, never from a hit or a correction (AVG 5(1)(e)).
2. A person's reasoned take-up moves a signal from R1 to R2; a hit alone never does.
3. Where categories compete, the shortest term wins: a minor's signal stays R3 when it is taken up, a facilitator's R4.
4. On the day of expiry a signal is invisible to everyone at once; destroying it within a day is left to the store.
5. A signal of which its owner did not say within a year that it is still true matches no more, until the owner says so; the year counts from the first processing or from the last time
   that was said. It lengthens no term: where the two compete the shortest wins.
"""

from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum


class Category(StrEnum):
    """Retention category of a signal."""

    SOFT = "R1"
    TAKEN_UP = "R2"
    MINOR = "R3"
    FACILITATOR_ONLY = "R4"


MONTHS = {Category.SOFT: 12, Category.TAKEN_UP: 60, Category.MINOR: 12, Category.FACILITATOR_ONLY: 24}
"""Term in months: R2 is the ceiling of WGS 1.8(7), the others are proposed."""

NARRATIVE_MONTHS = 12
"""A narrative is destroyed after so many months at the latest, or when it is handed over (R5)."""

TREFFER_DAYS = 30
"""A treffer that nobody takes up lapses after so many days (R12, BGS 1.16(1)(b))."""


QUESTION_MONTHS = 13
"""After so many months no digest of what was asked can be made again (R6): the key of its quarter is destroyed."""

LOG_YEARS = 5
"""A line of the audit log can be opened for so many years (R7, WGS 1.8(4))."""

DRAFT_HOURS = 24
"""What was typed at a node and not sent (R11)."""


def category(*, minor: bool, roles: Collection[str], taken_up: bool = False) -> Category:
    """The category that decides.

    Args:
        minor: a subject is a minor.
        roles: role codes of the subjects, as far as the register may know them.
        taken_up: a person took the signal up, with a reason.
    """
    competing = [Category.TAKEN_UP if taken_up else Category.SOFT]
    if roles and set(roles) == {"mogelijk_facilitator"}:
        # R4 stands in the place of R1, whose term is for signals that may be about a victim; it does compete with R2.
        competing = [Category.FACILITATOR_ONLY, *competing[: int(taken_up)]]
    if minor:
        competing.insert(0, Category.MINOR)
    return min(competing, key=MONTHS.__getitem__)


def expires_on(of: Category, first_processed: datetime) -> date:
    """The first day on which the signal is no longer there, by UTC date."""
    return _months_on(first_processed.date(), MONTHS[of])


def narrative_expires_on(first_processed: datetime, signal_expires_on: date) -> date:
    """The first day on which the narrative of a signal is no longer there: its own term, and never later than its signal (R11)."""
    return min(_months_on(first_processed.date(), NARRATIVE_MONTHS), signal_expires_on)


def _months_on(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    last_day = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last_day))


VALID_MONTHS = 12
"""How long a signal counts without its owner saying that it is still true (AVG 5(1)(d))."""

VALIDATION_WARNING = timedelta(days=30)
"""How long before that its owner is told."""


def valid_until(said_on: date) -> date:
    """The first day on which it counts no more, after its first processing or its owner's last word."""
    return _months_on(said_on, VALID_MONTHS)


def valid_since(today: date) -> date:
    """The first day of which the word still counts today."""
    day = date(today.year - 1, today.month, min(today.day, monthrange(today.year - 1, today.month)[1]))
    while valid_until(day) <= today:
        day += timedelta(days=1)
    return day


def treffer_lapses_on(found_on: date) -> date:
    """The first day on which a treffer that nobody took up is no longer there."""
    return found_on + timedelta(days=TREFFER_DAYS)


def visible(expires: date, today: date) -> bool:
    """True as long as the signal or treffer may be seen, matched or counted."""
    return today < expires
