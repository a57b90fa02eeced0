# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exclusion register: what so many strangers share that it says nothing of who belongs together. Hotels, shelters, reception centres, call centres of care.

The law: an entry has an owner, a kind and a day on which its owner looks again, at most a year ahead; without any of these there is no entry. Until somebody ends it, it holds, also after that day: an entry
that was forgotten must not suddenly tie a shelter's inhabitants together. That it is overdue is told to its owner. What is excluded is no evidence and no node in any network
(`network.without`); it stays what it is in a signal.

Left to others: which value it is (a tag; no address stands here), storing and logging, words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from process.language import gettext as _

MOST_AHEAD: Final = timedelta(days=366)


def kinds() -> Mapping[str, str]:
    """Code -> words."""
    return {
        "hotel": _("hotel of pension"),
        "opvang": _("opvang of noodopvang"),
        "azc": _("asielzoekerscentrum"),
        "zorgnummer": _("telefoonnummer van zorg of hulpverlening"),
        "overheidsnummer": _("telefoonnummer van de overheid"),
        "postadres": _("postadres of briefadres"),
    }


@dataclass(frozen=True)
class Exclusion:
    """One entry.

    Attributes:
        exclusion_id: of this entry.
        kind: a code of `kinds`.
        family: of match keys.
        owner: organisation that looks again.
        recheck_on: when.
        ended_on: when somebody ended it.
    """

    exclusion_id: UUID
    kind: str
    family: str
    owner: str
    recheck_on: date
    ended_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it keeps something out of networks on this day."""
        return self.ended_on is None or on < self.ended_on

    def overdue(self, on: date) -> bool:
        """Whether its owner should have looked again."""
        return self.holds(on) and self.recheck_on <= on


def problem(kind: str, family: str, recheck_on: date, today: date) -> tuple[str, str] | None:
    """The field that is wrong and why, in Dutch; None where this may become an entry."""
    if kind not in kinds():
        return "soort", _("Deze soort kennen we niet. Kies uit: {soorten}.").format(
            soorten=", ".join(kinds())
        )
    if family not in EXCLUDABLE:
        return "familie", _(
            "Alleen een telefoonnummer, e-mailadres, account, kenteken of adres kan op de uitsluitlijst."
        )
    if not today < recheck_on <= today + MOST_AHEAD:
        return "hercontrole", _("Kies een datum om opnieuw te kijken: na vandaag, en binnen een jaar.")
    return None


EXCLUDABLE: Final = frozenset({"phone", "email", "social_handle", "plate", "bag_address", "kvk"})
"""Families that an entry may be about: what a place or a service has, never what is a person's own."""
