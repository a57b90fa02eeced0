# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The key under which an organisation's questions of one quarter are digested for its FG, and job `sleutels` that destroys it.

The key stands in the key store under an id that follows from organisation and quarter, so that it is found by its age without a list of who asked when. It
is destroyed 13 months after its quarter began: no digest can be made again later than 13 months after its question, and most sooner. Keys of log
payloads have random ids; no id is derived for them here, so none of them can be destroyed here. A quarter in which something is frozen keeps its key as long as the freeze stands.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from audit.canonical import JSON
from audit.store.keys import KeyStore, KeyStoreError
from process.jobs import Unfinished
from process.secret import Secret
from pseudonymisation.pseudonym import length_prefixed
from register.central.centre import Centre
from register.central.destroying import ORGANISATIONS
from register.central.freezing import records_of
from register.central.store.destruction import organisations_in_log
from register.central.store.freezes import Hold, holds
from register.events import CATALOGUE, SUBJECT

MONTHS = 13
"""How old a quarter's key grows, counted from the first day of its quarter."""

_LOOK_BACK = 40
"""Quarters beyond the youngest that is due: a job that stood still for ten years still finds every key."""

_AT_ONCE = 500
"""Ids asked of the key store in one query."""


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year, numbered 1 to 4, by UTC date."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter that this day is in."""
        return cls(day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def before(self) -> "Quarter":
        """The quarter before this one."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        year, month = (self.year, 3 * self.number + 1) if self.number < 4 else (self.year + 1, 1)
        return date(year, month, 1) - timedelta(days=1)

    @property
    def ends_on(self) -> date:
        """The first day on which its key is no longer there: `MONTHS` after its first day."""
        months = 3 * (self.number - 1) + MONTHS
        return date(self.year + months // 12, months % 12 + 1, 1)


def key_id(organisation: str, quarter: Quarter) -> str:
    """Where the key stands in the key store: 32 hexadecimal digits."""
    name = length_prefixed(b"kwartaal", organisation.encode(), str(quarter).encode())
    return hashlib.sha256(name).hexdigest()[:32]


def quarter_key(centre: Centre, organisation: str, moment: datetime) -> Secret:
    """The key of this organisation's present quarter; made when it is first needed."""
    keys, place = centre.database.keys, key_id(organisation, Quarter.of(moment.date()))
    known = keys.get(place)
    if known is not None:
        return known
    fresh = Secret(centre.randomness(32))
    try:
        keys.put_many({place: fresh})
    except KeyStoreError:
        # Another request of this organisation made the quarter's key first.
        return keys.get(place) or fresh
    return fresh


def destroy_quarter_keys(centre: Centre, moment: datetime) -> Mapping[str, int]:
    """Destroy the keys of a batch of organisations that are past their age, each told to its owner in the log.

    Raises:
        KeyStoreError: the keys are gone, but remains in the file could not be wiped yet.
    """
    keys = centre.database.keys
    with centre.database.engine.begin() as connection:
        organisations = organisations_in_log(connection)
        standing = holds(connection, records_of(centre), moment.date())
    due = _due(_found(keys, organisations, moment.date()), standing)
    batch = dict(sorted(due.items())[:ORGANISATIONS])
    if not batch:
        # Destroying nothing still wipes what an earlier time had to leave.
        keys.destroy([])
        return {"sleutels": 0}
    with centre.database.logged(moment) as work:
        work.enter({organisation: _entry(moment, quarters) for organisation, quarters in batch.items()})
    # After the commit: a key that went without its entry could never be proven destroyed; an entry without the deed is said once more.
    return Unfinished(
        sleutels=keys.destroy(key_id(name, one) for name, quarters in batch.items() for one in quarters)
    )


def _found(keys: KeyStore, organisations: list[str], today: date) -> dict[str, list[Quarter]]:
    """The quarters, per organisation, whose key is there past its age; oldest first."""
    ids = {key_id(name, quarter): (name, quarter) for quarter in _past(today) for name in organisations}
    asked = sorted(ids)
    found: dict[str, list[Quarter]] = {}
    for at in range(0, len(asked), _AT_ONCE):
        for place in keys.get_many(asked[at : at + _AT_ONCE]):
            organisation, quarter = ids[place]
            found.setdefault(organisation, []).append(quarter)
    return {organisation: sorted(quarters) for organisation, quarters in found.items()}


def _due(found: dict[str, list[Quarter]], standing: Sequence[Hold]) -> dict[str, list[Quarter]]:
    """Without the quarters in which something is frozen: their digests are what an investigation compares."""
    return {
        organisation: left
        for organisation, quarters in found.items()
        if (
            left := [
                one
                for one in quarters
                if not any(hold.touches(organisation, one.first_day, one.last_day) for hold in standing)
            ]
        )
    }


def _past(today: date) -> Iterator[Quarter]:
    """Quarters whose key must be gone today, youngest first."""
    quarter = Quarter.of(today)
    while quarter.ends_on > today:
        quarter = quarter.before
    for _number in range(_LOOK_BACK):
        yield quarter
        quarter = quarter.before


def _entry(moment: datetime, quarters: list[Quarter]) -> dict[str, JSON]:
    said: dict[str, JSON] = {
        "moment": moment.isoformat(timespec="seconds"),
        "kwartalen": [str(one) for one in quarters],
    }
    return CATALOGUE.payload("sleutel_vernietigd", SUBJECT, said)
