# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Working days in the Netherlands: every day but Saturdays, Sundays and the days of article 3 of the Algemene termijnenwet.

These are New Year's Day, Good Friday (put on a par with them), Easter Monday, the King's birthday, Liberation Day (every year), Ascension Day, Whit Monday and both days of Christmas.
The King's birthday is kept on 27 April, or on the 26th when that is a Sunday. Days that a municipality gives off besides are for its own calendar.
"""

from datetime import date, timedelta
from typing import Final

from dateutil.easter import easter

_SATURDAY: Final = 5
_SUNDAY: Final = 6
_FROM_EASTER: Final = (-2, 1, 39, 50)
_FIXED: Final = ((1, 1), (5, 5), (12, 25), (12, 26))


def next_workday(day: date) -> date:
    """The first working day after this day."""
    following = day + timedelta(days=1)
    while not is_workday(following):
        following += timedelta(days=1)
    return following


def after_workdays(day: date, number: int) -> date:
    """The day that so many working days lie before, this day itself not counted."""
    for _one in range(number):
        day = next_workday(day)
    return day


def is_workday(day: date) -> bool:
    """True if the law counts this day as one on which offices work."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def _holidays(year: int) -> frozenset[date]:
    sunday = easter(year)
    king = date(year, 4, 27)
    return frozenset(
        {
            *(date(year, month, number) for month, number in _FIXED),
            *(sunday + timedelta(days=offset) for offset in _FROM_EASTER),
            king - timedelta(days=1) if king.weekday() == _SUNDAY else king,
        }
    )
