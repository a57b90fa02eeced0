# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Job `afstemming`: what each key holder says it evaluated on a day, beside the receipts of that day that came here.

In this order, for each holder by itself, so that one that is away keeps no other waiting:

1. Every day that is over, at most a week back and not before this job was first known, and that was not compared yet: its account is fetched over mutual TLS,
   and believed only if the holder's pinned key signed it, for this keyset, epoch and day, after the day was over.
2. Differences per organisation and action go to that organisation's log, all of them, and the counts to the register's own. Where an FG should look (`Difference.noteworthy`)
   there is a flag. Log, flags and the mark that the day is done become durable together, sixty organisations a leaf.
3. The account of today: limits that were reached stand in the log of the organisation, with a flag, within an hour.

More receipts than evaluations means a stolen key or a holder that lost its counts; many evaluations without receipt, that somebody hoards pseudonyms.
What a difference means stands in `register.evaluations`. A holder cannot write this log, and need not be believed for it: an honest second holder tells too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from gettext import gettext as _
from typing import Final

import httpx

from audit.canonical import JSON
from audit.note import NoteError
from process.jobs import JobState, added
from pseudonymisation.receipts import Account, Reached, open_account
from pseudonymisation.wire import AccountResponse
from register.central.centre import Centre, epoch_in_force, officer_mark
from register.central.destroying import ORGANISATIONS, REGISTER
from register.central.store import evaluations as store
from register.central.store import flags
from register.central.store.work import LoggedWork
from register.evaluations import LONGEST, Difference, differences
from register.events import CATALOGUE, KEEPER, SUBJECT

JOB: Final = "afstemming"
DIFFERENT: Final = "afstemming-verschilt"
"""Kind of the flag for a difference."""

HOLDER_QUOTA: Final = "quotum-sleutelhouder"
"""Kind of the flag for a limit that was reached at a holder."""

BACK: Final = timedelta(days=7)
"""How far back an account is still asked for."""

_DAY: Final = timedelta(days=1)
_UNTOLD: Final = ""
"""In the place of the officer: a difference is of nobody in particular."""


class AccountError(Exception):
    """A holder gave no account that can be believed."""


class HolderAccounts:
    """Fetches accounts of key holders.

    Args:
        clients: index of a holder -> a client that shows the register's certificate.
    """

    def __init__(self, clients: Mapping[int, httpx.Client]) -> None:
        self._clients = clients

    @property
    def holders(self) -> tuple[int, ...]:
        """Whom there is an address of."""
        return tuple(self._clients)

    def note(self, holder: int, day: date) -> str:
        """The note with the account of a day; nobody has verified it.

        Raises:
            AccountError: no usable answer.
        """
        try:
            answer = self._clients[holder].get(f"/v1/verantwoordingen/{day.isoformat()}")
            answer.raise_for_status()
            return AccountResponse.model_validate_json(answer.content).verklaring
        except (httpx.HTTPError, ValueError) as error:
            raise AccountError(type(error).__name__) from None


def reconcile(
    centre: Centre, accounts: HolderAccounts, states: Mapping[str, JobState], moment: datetime
) -> Mapping[str, int]:
    """Compare what can be compared now.

    Raises:
        AccountError: a holder gave no account that can be believed; the others had their turn.
    """
    known = states.get(JOB)
    since = moment.date() if known is None else min(known.since, moment).date()
    counts: dict[str, int] = {"dagen": 0, "verschillen": 0, "quota": 0}
    wrong: AccountError | None = None
    for holder in accounts.holders:
        try:
            counts = added(counts, _holder(centre, accounts, holder, since, moment))
        except AccountError as error:
            wrong = wrong or error
    if wrong is not None:
        raise wrong
    return counts


def _holder(
    centre: Centre, accounts: HolderAccounts, holder: int, since: date, moment: datetime
) -> Mapping[str, int]:
    counts = {"dagen": 0, "verschillen": 0, "quota": 0}
    for day in _open_days(centre, holder, since, moment):
        account = _account(centre, accounts, holder, day)
        if account.made_at < _end(day):
            raise AccountError("the account was made before its day was over")
        counts["quota"] += _limits(centre, account, moment)
        counts["verschillen"] += _compare(centre, account, moment)
        counts["dagen"] += 1
    today = _account(centre, accounts, holder, moment.date())
    counts["quota"] += _limits(centre, today, moment)
    return counts


def _open_days(centre: Centre, holder: int, since: date, moment: datetime) -> list[date]:
    """Days that are over, receipts that still travel included, and were not compared."""
    last = (moment - LONGEST - _DAY).date()
    first = max(since, last - BACK)
    with centre.database.public() as connection:
        done = store.reconciled_since(connection, holder, first)
    days = (first + _DAY * number for number in range((last - first).days + 1))
    return [day for day in days if day not in done]


def _end(day: date) -> datetime:
    return datetime.combine(day + _DAY, time(), UTC)


def _account(centre: Centre, accounts: HolderAccounts, holder: int, day: date) -> Account:
    note = accounts.note(holder, day)
    key = centre.holder_keys.get(holder)
    if key is None:
        raise AccountError("a holder without a pinned key")
    try:
        account = open_account(note, holder, key)
    except NoteError:
        raise AccountError("an account that its holder did not sign") from None
    in_force = (centre.keyset[0], epoch_in_force(centre))
    if ((account.keyset, account.epoch), account.day) != (in_force, day):
        raise AccountError("an account of another keyset or day")
    return account


def _compare(centre: Centre, account: Account, moment: datetime) -> int:
    with centre.database.public() as connection:
        seen = store.seen_on(connection, account.holder, account.day)
    found = differences(account.counted, seen)
    concerned = sorted({one.organisation for one in found})
    chunks = [concerned[at : at + ORGANISATIONS - 1] for at in range(0, len(concerned), ORGANISATIONS - 1)]
    for chunk in chunks[:-1]:
        with centre.database.logged(moment) as work:
            _flag(work, account, found, chunk, moment)
            work.enter(_payloads(account, found, chunk, moment))
    last = chunks[-1] if chunks else []
    with centre.database.logged(moment) as work:
        _flag(work, account, found, last, moment)
        store.mark_reconciled(work.connection, account.holder, account.day, moment, len(found))
        work.enter({**_payloads(account, found, last, moment), REGISTER: _own(account, found, moment)})
    return len(found)


def _flag(
    work: LoggedWork,
    account: Account,
    found: Iterable[Difference],
    organisations: Sequence[str],
    moment: datetime,
) -> None:
    for one in found:
        if one.organisation in organisations and one.noteworthy:
            flags.put(
                work.connection,
                one.organisation,
                DIFFERENT,
                _UNTOLD,
                moment,
                abs(one.unused),
                day=account.day,
            )


def _payloads(
    account: Account, found: Sequence[Difference], organisations: Sequence[str], moment: datetime
) -> dict[str, dict[str, JSON]]:
    return {
        organisation: CATALOGUE.payload(
            "afgestemd",
            SUBJECT,
            {
                **_about(account, moment),
                "verschillen": [_said(one) for one in found if one.organisation == organisation],
                "vlaggen": [DIFFERENT]
                if any(one.noteworthy for one in found if one.organisation == organisation)
                else [],
            },
        )
        for organisation in organisations
    }


def _own(account: Account, found: Sequence[Difference], moment: datetime) -> dict[str, JSON]:
    said: dict[str, JSON] = {
        **_about(account, moment),
        "verschillen_geteld": len(found),
        "organisaties_geteld": len({one.organisation for one in (*account.counted, *found)}),
    }
    return CATALOGUE.payload("afgestemd", KEEPER, said)


def _about(account: Account, moment: datetime) -> dict[str, JSON]:
    return {
        "moment": moment.isoformat(timespec="seconds"),
        "dag": account.day.isoformat(),
        "sleutelhouder": account.holder,
    }


def _said(one: Difference) -> str:
    return _("{handeling}: houder telde {geteld} punten, register zag er {gezien}").format(
        handeling=one.action, geteld=one.counted, gezien=one.seen
    )


def _limits(centre: Centre, account: Account, moment: datetime) -> int:
    """Put limits that were reached in the log and flag them, once a day for an officer; gives how many were new."""
    new = 0
    for one in account.reached:
        mark = officer_mark(centre, one.organisation, one.officer)
        with centre.database.public() as connection:
            told = flags.known(connection, one.organisation, HOLDER_QUOTA, mark, one.first)
        if told:
            continue
        with centre.database.logged(moment) as work:
            flags.put(work.connection, one.organisation, HOLDER_QUOTA, mark, one.first, one.times)
            work.enter({one.organisation: _reached(account, one, moment)})
        new += 1
    return new


def _reached(account: Account, one: Reached, moment: datetime) -> dict[str, JSON]:
    said: dict[str, JSON] = {
        **_about(account, moment),
        "medewerker": one.officer,
        "handeling": one.action,
        "venster": one.window,
        "keren": one.times,
    }
    return CATALOGUE.payload("quotum_sleutelhouder_bereikt", SUBJECT, said)
