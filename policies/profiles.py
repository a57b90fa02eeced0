# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a profile opens: which grounds may be recorded, which stand for others, and how recent training and screening must be.

The law of this file (policy-codes.md, "Profiles and gates"):

1. A profile **opens grounds, it never changes a cell**. The rules are the same text in every profile; what differs is data, and all of it is in the hash
   of the policy set.
2. A ground code that a profile does not admit is no ground there: it is refused when recorded, and counts for nothing if it came in all the same.
3. A code of `within_alliance` opens for **parties of a registered samenwerkingsverband or covenant** only.
4. A ground may **stand in** for others where `stand_ins` says so. It is that ground which is chosen, named and logged, never the one it stands in for.
5. **Every default denies**: no profile admits no ground, and a mandate without a date of training or screening is not fit.

Pure. Left to others: reading profile.yaml (records), where the codes count (grounds, engine), the words on a page (explain, theme).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from policies.decision import Mandate
from process.language import gettext as _
from process.language import later

PRACTICE: Final = "oefening"


@dataclass(frozen=True)
class Shortcoming:
    """Why somebody's training or screening does not count today, in Dutch, and how to mend it."""

    sentence: str
    way: str


@dataclass(frozen=True)
class Profile:
    """One profile as data.

    Attributes:
        name: as in the settings of a process.
        grounds: ground codes that may be recorded.
        within_alliance: those that only parties of a registered samenwerkingsverband or covenant can hold.
        stand_ins: code -> the codes that it may stand for.
        training_years: how many years ago the training may have been, at most; 0 admits nobody.
        screening_years: likewise.
        notice: a sentence in Dutch for every page, answer and explanation; "" for none.
    """

    name: str = ""
    grounds: frozenset[str] = frozenset()
    within_alliance: frozenset[str] = frozenset()
    stand_ins: Mapping[str, frozenset[str]] = field(default_factory=dict)
    training_years: int = 0
    screening_years: int = 0
    notice: str = ""

    def meant_by(self, code: str) -> frozenset[str]:
        """The codes that a ground of this code counts as: its own, and those that it stands in for."""
        return frozenset({code}) | self.stand_ins.get(code, frozenset())

    def counting_as(self, codes: Iterable[str]) -> frozenset[str]:
        """The same for several."""
        if not self.stand_ins:
            return frozenset(codes)
        return frozenset[str]().union(*(self.meant_by(code) for code in codes))

    def standing_in(self, codes: Iterable[str]) -> frozenset[str]:
        """The codes that stand in for any of these here."""
        wanted = frozenset(codes)
        return frozenset(code for code, others in self.stand_ins.items() if others & wanted)

    def shortcomings(self, mandate: Mandate, on: date) -> tuple[Shortcoming, ...]:
        """What keeps this mandate from counting for C2 today; nothing if training and screening are on record and recent enough."""
        if self.fits(mandate, on):
            return ()
        days = (
            (_("de opleiding"), mandate.trained_on, self.training_years),
            (_("de screening"), mandate.screened_on, self.screening_years),
        )
        return tuple(
            Shortcoming(_problem(label, done, years, on), _way(label))
            for label, done, years in days
            if not _recent(done, years, on)
        )

    def fits(self, mandate: Mandate, on: date) -> bool:
        """True if nothing keeps this mandate from counting for C2 today, as far as training and screening go."""
        return _recent(mandate.trained_on, self.training_years, on) and _recent(
            mandate.screened_on, self.screening_years, on
        )

    def opens_as(self, other: "Profile") -> bool:
        """Whether the same grounds open here, and stand for the same: then records of one hold under the other."""
        return (self.name, self.grounds, self.within_alliance, dict(self.stand_ins)) == (
            other.name,
            other.grounds,
            other.within_alliance,
            dict(other.stand_ins),
        )

    def canonical(self) -> str:
        """The profile as one text, in which nothing that decides is left out; part of the hash of the policy set."""
        said = {
            "name": self.name,
            "grounds": sorted(self.grounds),
            "within_alliance": sorted(self.within_alliance),
            "stand_ins": {code: sorted(others) for code, others in self.stand_ins.items()},
            "training_years": self.training_years,
            "screening_years": self.screening_years,
            "notice": self.notice,
        }
        return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


NOTHING_OPENS: Final = Profile()
"""Where no profile was chosen."""


def _recent(done: date | None, years: int, on: date) -> bool:
    return done is not None and years_ago(on, years) <= done <= on


def _problem(label: str, done: date | None, years: int, on: date) -> str:
    if done is None:
        return later(_("Bij uw mandaat staat geen datum van {wat}."), wat=label)
    if done > on:
        return later(_("De datum van {wat} bij uw mandaat ligt in de toekomst."), wat=label)
    return later(
        _("De datum van {wat} bij uw mandaat is langer dan {jaren} jaar geleden."), wat=label, jaren=years
    )


def _way(label: str) -> str:
    return later(
        _(
            "Rond {wat} af en vraag de functioneel beheerder van uw organisatie om een nieuw mandaat met die datum."
        ),
        wat=label,
    )


def years_ago(on: date, years: int) -> date:
    """The same day so many years before; 28 February for a leap day."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)
