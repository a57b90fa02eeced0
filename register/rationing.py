# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register's own quotas on questions, and when it tells an FG; they hold also if every key holder were on the asker's side.

What is counted is *attributes*, not questions: one question can ask on forty telephone numbers at once, and each of them is somebody. The number is a
lower bound that nobody can make smaller by packing: per kind of attribute as many as its points need, fillers included.

1. Per officer and per organisation, in a minute and in a day (fixed windows in UTC). A question that would go over is refused and counts for nothing.
2. From `flag_officer` and `flag_organisation` attributes on a day on, the FG of the organisation is told at once, while questions are still answered: the flag comes
   long before the quota, because who is at the door must not stand without an answer on a busy day.

Pure. Left to others: counting durably (`central.store.questions`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from process.language import gettext as _
from process.problem import Refusal
from process.windows import Window
from pseudonymisation.pseudonym import FAMILIES

REACHED: Final = "quotum-vragen-bereikt"
"""Code of the refusal."""


@dataclass(frozen=True)
class Ration:
    """Attributes that may be asked on.

    Attributes:
        officer_minute: one officer in one minute.
        officer_day: one officer in one day.
        organisation_minute: all officers of an organisation together in one minute.
        organisation_day: and in one day.
        flag_officer: from how many in a day of one officer the FG is told.
        flag_organisation: and of all officers together.
    """

    officer_minute: int
    officer_day: int
    organisation_minute: int
    organisation_day: int
    flag_officer: int
    flag_organisation: int


@dataclass(frozen=True)
class Total:
    """One running total.

    Attributes:
        organisation: whose.
        officer: pseudonymous id; empty for the organisation as a whole.
        window: minute or day.
        start: POSIX second at which the window began.
        limit: the highest total that is still answered.
        flag: the total from which the FG is told; None in a minute.
    """

    organisation: str
    officer: str
    window: Window
    start: int
    limit: int
    flag: int | None


def attributes_asked(families: Iterable[str]) -> int:
    """On how many attributes a question with these families asks at least; at least one.

    Args:
        families: of its pseudonyms, each as often as it occurs.
    """
    asked: dict[str, int] = {}
    for name, points in Counter(families).items():
        family = FAMILIES[name]
        asked[family.attribute] = max(asked.get(family.attribute, 0), -(-points // family.tokens))
    return max(1, sum(asked.values()))


def totals(organisation: str, officer: str, moment: datetime, ration: Ration) -> tuple[Total, ...]:
    """The four totals that a question adds to, always in the same order, so that two never wait for each other in a circle."""
    rows = (
        ("", Window.MINUTE, ration.organisation_minute, None),
        ("", Window.DAY, ration.organisation_day, ration.flag_organisation),
        (officer, Window.MINUTE, ration.officer_minute, None),
        (officer, Window.DAY, ration.officer_day, ration.flag_officer),
    )
    return tuple(
        Total(organisation, who, window, window.start(moment), limit, flag)
        for who, window, limit, flag in rows
    )


def too_much(total: Total, moment: datetime) -> Refusal:
    """The refusal for the first total that a question would push over its limit."""
    if total.officer:
        why = _("U mag per {venster} op {aantal} gegevens vragen, en dat aantal is bereikt.")
    else:
        why = _("Uw organisatie mag per {venster} op {aantal} gegevens vragen, en dat aantal is bereikt.")
    if total.window is Window.MINUTE:
        venster, way_forward = _("minuut"), _("Wacht een minuut en vraag het opnieuw.")
    else:
        venster = _("dag")
        way_forward = _(
            "Vraag het morgen opnieuw, of overleg met uw functionaris gegevensbescherming; die krijgt hier bericht van. Bij gevaar: bel 112."
        )
    return Refusal(
        429,
        "quotum-vragen-bereikt",
        _("Het register beantwoordt nu geen vragen meer van u."),
        why.format(venster=venster, aantal=total.limit) + " " + _("Er is niets opgezocht."),
        way_forward=way_forward,
        rule=_("quotum van het register"),
        retry_after=total.window.seconds_left(total.start, moment),
    )
