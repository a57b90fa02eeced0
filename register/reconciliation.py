# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a key holder says that it did on a day, beside the receipts of that day (docs/spec/register-api.md, "Accounts and reconciliation").

1. An account is judged whole, before anything is made of it (`judge`): signed by the very holder, for this day and keyset, every row in range, known actions,
   each row once. One row that fails condemns it: nothing of it is used, and nobody else's is touched.
2. What it says of organisations that the register does not know is set apart. It is for the register's operator and nobody else.
3. Receipts are compared one by one, by mark, and never as a sum: a receipt here that the holder did not list is *unknown*, one that it listed and that never came
   is *unused*. They do not cancel out.
4. Of `kanarie` no receipt ever comes here; more of them than a node needs are worth a look, and so is any `inzage` that did not come here.
5. What one holder says is one holder's word. Every evaluation takes as many holders as the threshold, so another has seen it too: what no other account bears out is
   told as the word of this holder alone (`supported`), with what the others counted beside it.

Pure. Left to others: fetching, storing, and telling (`register.central.reconciling`).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from audit.note import NoteError, Verifier
from process.language import gettext as _
from pseudonymisation.blinding import BATCH_SIZES
from pseudonymisation.receipts import MOST_REACHED, Account, Counted, Reached, open_account
from register.evaluations import AHEAD, INSPECTION, QUESTION, SUBMISSION

SEEN: Final = QUESTION | SUBMISSION | INSPECTION
"""Actions of which receipts come here."""

CONSULTATION: Final = "inzage"
CANARY: Final = "kanarie"
ACTIONS: Final = SEEN | {CANARY}

UNUSED_POINTS: Final = 400
UNUSED_SHARE: Final = 0.1
"""From how many points, and which share, evaluations that never came here are worth an FG's look; a holder that was overtaken explains a few."""

CANARY_POINTS: Final = 16 * BATCH_SIZES[0]
"""Sixteen looks of a node at itself on one day: one is needed, and one after each start."""

DIFFERENT: Final = "afstemming-verschilt"
CONSULTED: Final = "inzage-sleutelhouder"
CANARIES: Final = "veel-kanaries"
ALONE: Final = "afstemming-een-houder"
"""Kinds of flags; the last for whatever only one holder says."""

QUOTA: Final = "quotum-sleutelhouder"
QUOTA_ALONE: Final = "quotum-een-houder"
"""A limit that was reached at a holder: borne out by another holder's account, and not."""

MOST_STRANGERS: Final = 20
"""Unknown organisations of one account that are named."""

_DAY: Final = timedelta(days=1)
_MOST: Final = 10**9
_ORGANISATION: Final = re.compile(r"[A-Za-z0-9-]{2,64}", re.ASCII)
_OFFICER: Final = re.compile(r"|[A-Za-z0-9-]{8,64}", re.ASCII)
_WINDOWS: Final = frozenset({"minuut", "dag"})

Whose = tuple[str, str]
"""Organisation and action."""


@dataclass(frozen=True)
class Asked:
    """Which account was asked for.

    Attributes:
        holder: index under which the holder is pinned.
        verifier: its pinned key.
        keyset: name.
        epoch: the one in force; None for a holder that left, of which any will do.
        day: UTC.
        organisations: codes that the register knows.
        moment: now.
        final: the day is over, and the account must be of after it.
    """

    holder: int
    verifier: Verifier
    keyset: str
    epoch: int | None
    day: date
    organisations: Collection[str]
    moment: datetime
    final: bool


@dataclass(frozen=True)
class Verdict:
    """What is believed of an account.

    Attributes:
        account: about known organisations only; None if it is not believed.
        reason: why not, in Dutch.
        strangers: unknown organisations in it, in order, `MOST_STRANGERS` at most.
    """

    account: Account | None
    reason: str = ""
    strangers: tuple[str, ...] = ()


def judge(note: str, asked: Asked) -> Verdict:
    """Whether an account may be compared with anything; never raises, whatever the note is."""
    try:
        account = open_account(note, asked.holder, asked.verifier)
    except NoteError as error:
        return Verdict(None, str(error))
    reason = _wrong(account, asked)
    if reason is not None:
        return Verdict(None, reason)
    named = {one.organisation for one in account.counted} | {one.organisation for one in account.reached}
    strangers = sorted(named - set(asked.organisations))
    mine = replace(
        account,
        counted=tuple(one for one in account.counted if one.organisation not in strangers),
        reached=tuple(one for one in account.reached if one.organisation not in strangers),
    )
    return Verdict(mine, strangers=tuple(strangers[:MOST_STRANGERS]))


def _wrong(account: Account, asked: Asked) -> str | None:
    """The first thing that is wrong with an account, in Dutch."""
    limits = [(one.organisation, one.officer, one.action, one.window) for one in account.reached]
    checks = (
        (
            (account.keyset, account.day) != (asked.keyset, asked.day),
            _("Zij is van een andere sleutelset of een andere dag."),
        ),
        (
            asked.epoch is not None and account.epoch != asked.epoch,
            _("Zij is van een ander tijdvak dan dat waarmee het register werkt."),
        ),
        (account.made_at > asked.moment + AHEAD, _("Zij komt uit de toekomst.")),
        (
            asked.final and account.made_at < _end(asked.day),
            _("Zij is gemaakt voordat de dag voorbij was."),
        ),
        (
            not _rising([(one.organisation, one.action) for one in account.counted]),
            _("Een organisatie en handeling staan er twee keer in, of niet op volgorde."),
        ),
        (
            not all(map(_counted_in_range, account.counted)),
            _("Een telling heeft een onbekende handeling, of aantallen die niet kunnen."),
        ),
        (
            not _rising(limits),
            _("Een bereikt quotum staat er twee keer in, of niet op volgorde."),
        ),
        (
            not all(_reached_in_range(one, account) for one in account.reached),
            _("Een bereikt quotum heeft een onbekende handeling, of aantallen of tijden die niet kunnen."),
        ),
        (
            any(times > MOST_REACHED for times in Counter(whose for whose, *_rest in limits).values()),
            _("Van een organisatie staan er te veel bereikte quota in."),
        ),
    )
    return next((reason for wrong, reason in checks if wrong), None)


def _counted_in_range(one: Counted) -> bool:
    least, most = BATCH_SIZES[0] * one.receipts, BATCH_SIZES[-1] * one.receipts
    return (
        _ORGANISATION.fullmatch(one.organisation) is not None
        and one.action in ACTIONS
        and one.receipts >= 1
        and least <= one.points <= min(most, _MOST)
    )


def _reached_in_range(one: Reached, account: Account) -> bool:
    return (
        _ORGANISATION.fullmatch(one.organisation) is not None
        and _OFFICER.fullmatch(one.officer) is not None
        and one.action in ACTIONS
        and one.window in _WINDOWS
        and 1 <= one.times <= _MOST
        and one.first.date() == account.day
    )


def _rising(rows: Sequence[tuple[str, ...]]) -> bool:
    return all(one < other for one, other in pairwise(rows))


def _end(day: date) -> datetime:
    return datetime.combine(day + _DAY, time(), UTC)


@dataclass(frozen=True)
class Difference:
    """What does not agree, of one organisation and action, on one day at one holder.

    Attributes:
        organisation: whose.
        action: for which.
        counted: points, by the holder.
        seen: points in receipts of that holder that came here.
        unused: points in receipts that the holder lists and that never came here.
        unknown: receipts that came here and that the holder does not list.
    """

    organisation: str
    action: str
    counted: int
    seen: int
    unused: int
    unknown: int

    @property
    def kind(self) -> str | None:
        """Kind of the flag if the FG of the organisation is asked to look: unknown receipts always, unused ones when they are many."""
        if self.action == CONSULTATION:
            return CONSULTED
        if self.action == CANARY:
            return CANARIES
        much = self.unused > max(UNUSED_POINTS, UNUSED_SHARE * self.counted)
        return DIFFERENT if self.unknown or much else None

    @property
    def amount(self) -> int:
        """For the flag: receipts that are unknown, else points that are unused."""
        return self.unknown or self.unused


class FalseAccountError(ValueError):
    """An account that contradicts itself; the message says how, in Dutch."""


def to_list(counted: Iterable[Counted], seen: Mapping[Whose, Mapping[bytes, int]]) -> list[Counted]:
    """The rows of an account of which the marks are needed: receipts came, and they are not exactly those that were counted."""
    return [
        one
        for one in counted
        if seen.get((one.organisation, one.action))
        and not one.lists(seen[one.organisation, one.action].keys())
    ]


def differences(
    counted: Iterable[Counted],
    seen: Mapping[Whose, Mapping[bytes, int]],
    listed: Mapping[Whose, Collection[bytes]],
) -> tuple[Difference, ...]:
    """Where a holder's account of a day and the receipts of that day do not agree, by organisation and action.

    Args:
        counted: by the holder.
        seen: mark -> points of the receipts that came here, under the same key.
        listed: of the rows of `to_list`, the marks that the holder gave.

    Raises:
        FalseAccountError: the marks are not those of the account, or its points are not those of its receipts.
    """
    theirs = {(one.organisation, one.action): one for one in counted}
    found = [
        _compared(whose, theirs.get(whose), seen.get(whose, {}), listed.get(whose, ()))
        for whose in sorted({*theirs, *seen})
    ]
    return tuple(one for one in found if _differs(one))


def _compared(
    whose: Whose, theirs: Counted | None, ours: Mapping[bytes, int], marks: Collection[bytes]
) -> Difference:
    seen = sum(ours.values())
    if theirs is None:
        return Difference(*whose, 0, seen, 0, len(ours))
    if ours and theirs.lists(ours.keys()):
        marks = ours.keys()
    elif ours and not theirs.lists(marks):
        raise FalseAccountError(_("De lijst van kwitanties is niet die van de verantwoording."))
    both = sum(points for mark, points in ours.items() if mark in set(marks))
    rest = theirs.receipts - sum(mark in ours for mark in marks)
    unused = theirs.points - both
    if not BATCH_SIZES[0] * rest <= unused <= BATCH_SIZES[-1] * rest:
        raise FalseAccountError(_("De punten van de verantwoording zijn niet die van haar kwitanties."))
    return Difference(*whose, theirs.points, seen, unused, sum(mark not in set(marks) for mark in ours))


def _differs(one: Difference) -> bool:
    if one.action == CANARY:
        return one.unused > CANARY_POINTS
    return bool(one.unused or one.unknown)


def supported(one: Difference, others: Iterable[Difference]) -> bool:
    """Whether other holders bear out what one holder's account shows: together at least half as much of the same.

    Args:
        one: of this holder.
        others: differences of the same day at all other holders.
    """
    same = [
        other
        for other in others
        if (other.organisation, other.action) == (one.organisation, one.action)
        and bool(other.unknown) == bool(one.unknown)
    ]
    return bool(same) and 2 * sum(other.amount for other in same) >= one.amount


def told(one: Difference, holder: int, others: Iterable[tuple[int, int | None]], *, alone: bool) -> str:
    """A difference in words, with what the other holders counted beside it.

    Args:
        one: the difference.
        holder: whose account shows it.
        others: index of another holder, and points that it counted; None while there is no account of it.
        alone: no other account bears it out.
    """
    parts = [
        _(
            "{handeling}: sleutelhouder {houder} telde {geteld} punten, het register zag er {gezien}; {ongebruikt} punten niet gebruikt, {onbekend} kwitanties kent hij niet"
        ).format(
            handeling=one.action,
            houder=holder,
            geteld=one.counted,
            gezien=one.seen,
            ongebruikt=one.unused,
            onbekend=one.unknown,
        ),
        *others_told(others, alone=alone),
    ]
    return "; ".join(parts)


def others_told(others: Iterable[tuple[int, int | None]], *, alone: bool) -> list[str]:
    """What the other holders counted, in words.

    Args:
        others: index, and points; None while there is no account.
        alone: no other account bears it out.
    """
    said = [_other(index, points) for index, points in others]
    return [*said, _("dit zegt alleen deze sleutelhouder")] if alone else said


def _other(holder: int, points: int | None) -> str:
    if points is None:
        return _("van sleutelhouder {houder} is er nog geen verantwoording").format(houder=holder)
    return _("sleutelhouder {houder} telde {geteld}").format(houder=holder, geteld=points)
