# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Job `afstemming`: what each key holder says it evaluated on a day, beside the receipts of that day that came here.

A holder is its key: receipts and accounts of one key are compared with each other, whatever index that key had on the day. In this order:

1. Every day that is over, at most a week back and not before this job was first known, and that was not compared yet with each holder: the accounts of all
   holders are fetched over mutual TLS and judged (`register.reconciliation`). Where receipts and account are not the same set, the holder is asked which it gave.
2. Holder by holder, what it differs in goes to the log of that organisation, with what the other holders counted beside it, and the counts to the register's own,
   with how many numbers of receipts it gave more than once: that harms nobody, and is told of the holder that does it.
   Where an FG should look there is a flag. Log, flags and the mark that the day is done become durable together, sixty organisations a leaf.
3. An account that cannot be believed is told once to the register's own organisation, as that of its holder, and so are organisations in an account that nobody knows.
   The day stays open, the job fails, and the others have had their turn.
4. A key that is pinned no more and whose days were not compared: told once, and the day stays open. A holder that leaves can be kept among those that are asked.
5. The account of today: limits that were reached stand in the log of the organisation, with a flag, within an hour. Of those that one holder alone tells of, as many
   as an honest account names in a day: a holder that names others each hour fills no log.

A receipt that its holder did not list means a stolen key or a holder that lost its counts; many evaluations without receipt, that somebody hoards pseudonyms.
A holder cannot write this log, and need not be believed for it: what only one says is told as such.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from threading import Thread
from typing import Final, TypeAlias

import httpx

from audit.canonical import JSON
from audit.note import LARGEST_NOTE, Verifier
from process.jobs import JobState
from process.language import gettext as _
from pseudonymisation.receipts import MOST_REACHED, Account, Reached
from pseudonymisation.wire import AccountResponse, MarksResponse
from register.central.centre import Centre, epoch_in_force, officer_mark
from register.central.destroying import ORGANISATIONS, REGISTER
from register.central.store import evaluations as store
from register.central.store import flags
from register.central.store.work import LoggedWork
from register.evaluations import LONGEST
from register.events import CATALOGUE, KEEPER, SUBJECT
from register.reconciliation import (
    ALONE,
    QUOTA,
    QUOTA_ALONE,
    Asked,
    Difference,
    FalseAccountError,
    Verdict,
    Whose,
    differences,
    judge,
    others_told,
    supported,
    to_list,
    told,
)

JOB: Final = "afstemming"

BACK: Final = timedelta(days=7)
"""How far back an account is still asked for."""

PATIENCE: Final = 300.0
"""Seconds that one holder may take in one run for all that it is asked; one that sends byte by byte would keep the others from their turn."""

LONGEST_LIST: Final = 16 * 1024 * 1024
"""Bytes of a list of marks: some six hundred thousand receipts of one organisation on one day."""

_log = logging.getLogger(__name__)
_DAY: Final = timedelta(days=1)
_UNTOLD: Final = ""
"""In the place of the officer: a difference is of nobody in particular."""


class AccountError(Exception):
    """Holders gave no account that can be believed."""


class HolderAwayError(Exception):
    """A holder gave no answer; it may give one later."""


@dataclass(frozen=True)
class KeyHolder:
    """A holder that is asked for its accounts.

    Attributes:
        index: under which it signs.
        verifier: its key.
        client: shows the register's certificate.
        left: it is no holder any more, and has days that were not compared.
    """

    index: int
    verifier: Verifier
    client: httpx.Client
    left: bool = False

    @property
    def key(self) -> bytes:
        """Its public key: by that the register knows it."""
        return self.verifier.public_key


class HolderAccounts:
    """Fetches accounts of key holders.

    Args:
        holders: whom there is an address of.
        patience: seconds for each of them in one run.
    """

    def __init__(self, holders: Sequence[KeyHolder], patience: float = PATIENCE) -> None:
        self.holders = tuple(holders)
        self._patience = patience
        self._spent: dict[bytes, float] = {}
        self._hanging: dict[bytes, Thread] = {}

    def begin(self) -> None:
        """A run begins: each holder has all of its time again."""
        self._spent.clear()

    def note(self, holder: KeyHolder, day: date) -> str:
        """The note with the account of a day; nobody has verified it.

        Raises:
            HolderAwayError: no answer.
            FalseAccountError: an answer of another form.
        """
        body = self._in_time(holder, f"/v1/verantwoordingen/{day.isoformat()}", {}, 2 * LARGEST_NOTE)
        try:
            return AccountResponse.model_validate_json(body).verklaring
        except ValueError:
            raise FalseAccountError(_("Het antwoord heeft niet de afgesproken vorm.")) from None

    def marks(self, holder: KeyHolder, day: date, whose: Whose) -> tuple[bytes, ...]:
        """The marks of the receipts of one organisation and action on a day; nobody has verified them.

        Raises:
            HolderAwayError: no answer.
            FalseAccountError: an answer of another form.
        """
        path = f"/v1/verantwoordingen/{day.isoformat()}/kwitanties"
        body = self._in_time(holder, path, {"organisatie": whose[0], "handeling": whose[1]}, LONGEST_LIST)
        try:
            return MarksResponse.model_validate_json(body).kenmerken
        except ValueError:
            raise FalseAccountError(_("De lijst van kwitanties heeft niet de afgesproken vorm.")) from None

    def _in_time(self, holder: KeyHolder, path: str, query: Mapping[str, str], longest: int) -> bytes:
        """As `_got`, for no longer than is left; a call that hangs keeps a thread, and the holder gets no second one."""
        hanging, left = self._hanging.get(holder.key), self._patience - self._spent.get(holder.key, 0.0)
        if left <= 0 or (hanging is not None and hanging.is_alive()):
            raise HolderAwayError("slow")
        result: Future[bytes] = Future()
        # A daemon: a process that stops does not wait for a holder.
        work = partial(_fulfil, result, holder, path, query, longest)
        thread = Thread(target=work, name=f"account-{holder.index}", daemon=True)
        self._hanging[holder.key] = thread
        began = time.monotonic()
        thread.start()
        try:
            return result.result(left)
        except TimeoutError:
            raise HolderAwayError("slow") from None
        finally:
            self._spent[holder.key] = self._spent.get(holder.key, 0.0) + time.monotonic() - began
            if result.done():
                thread.join()


def _fulfil(
    result: Future[bytes], holder: KeyHolder, path: str, query: Mapping[str, str], longest: int
) -> None:
    try:
        result.set_result(_got(holder, path, query, longest))
    except Exception as error:  # noqa: BLE001 - whoever waits for the result gets it
        result.set_exception(error)


def _got(holder: KeyHolder, path: str, query: Mapping[str, str], longest: int) -> bytes:
    body = bytearray()
    try:
        with holder.client.stream("GET", path, params=query) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > longest:
                    raise FalseAccountError(_("Het antwoord is te lang."))
    except httpx.HTTPError as error:
        raise HolderAwayError(type(error).__name__) from None
    return bytes(body)


@dataclass(frozen=True)
class _Stated:
    """An account that is believed, in what it differs from the receipts, and how many numbers of these its holder gave more than once."""

    account: Account
    strangers: tuple[str, ...]
    found: tuple[Difference, ...]
    numbers_again: int = 0

    def points(self, whose: Whose) -> int:
        """What it counted for an organisation and action."""
        return sum(one.points for one in self.account.counted if (one.organisation, one.action) == whose)

    def has_reached(self, reached: Reached) -> bool:
        """Whether it tells of the same officer and action."""
        same = (reached.organisation, reached.officer, reached.action)
        return any((one.organisation, one.officer, one.action) == same for one in self.account.reached)


_Others: TypeAlias = Sequence[tuple[int, _Stated | None]]
"""The other holders: index, and what is believed of it."""


def reconcile(
    centre: Centre, accounts: HolderAccounts, states: Mapping[str, JobState], moment: datetime
) -> Mapping[str, int]:
    """Compare what can be compared now.

    Raises:
        AccountError: a holder gave no account that can be believed; the others had their turn.
    """
    accounts.begin()
    known = states.get(JOB)
    since = moment.date() if known is None else min(known.since, moment).date()
    run = _Round(centre, accounts, moment)
    run.days(since)
    run.left_open(since)
    run.today()
    if run.failed:
        indexes = sorted({holder.index for holder in run.failed})
        raise AccountError(", ".join(map(str, indexes)))
    return run.counts


class _Round:
    """One run of the job."""

    def __init__(self, centre: Centre, accounts: HolderAccounts, moment: datetime) -> None:
        self._centre = centre
        self._accounts = accounts
        self._moment = moment
        self._epoch = epoch_in_force(centre)
        self._organisations = frozenset(centre.policy.register.organisations)
        self.counts = {"dagen": 0, "verschillen": 0, "quota": 0}
        self.failed: list[KeyHolder] = []

    def days(self, since: date) -> None:
        """Compare every day that is over."""
        waiting = {holder.key: self._open_days(holder, since) for holder in self._accounts.holders}
        for day in sorted({day for days in waiting.values() for day in days}):
            mine = [one for one in self._accounts.holders if day in waiting[one.key]]
            asked = [one for one in self._accounts.holders if one in mine or not one.left]
            stated = self._stated(asked, day, tell=mine)
            for holder in mine:
                if holder.key in stated:
                    self._apart(holder, partial(self._tell, holder, stated))

    def today(self) -> None:
        """Tell of limits that were reached today."""
        asked = [one for one in self._accounts.holders if not one.left]
        stated = {}
        for holder in asked:
            verdict = self._verdict(holder, self._moment.date(), final=False)
            if verdict is not None and verdict.account is not None:
                stated[holder.key] = _Stated(verdict.account, verdict.strangers, ())
            elif verdict is not None:
                self._refuse(holder, self._moment.date(), verdict.reason)
        for holder in asked:
            if holder.key in stated:
                self._apart(holder, partial(self._limits, holder, stated))

    def left_open(self, since: date) -> None:
        """Tell of keys that are pinned no more, and of which a day was not compared."""
        pinned = {one.public_key for one in self._centre.holder_keys.values()}
        asked = pinned | {one.key for one in self._accounts.holders}
        first, last = self._span(since)
        with self._centre.database.public() as connection:
            gone = [one for one in store.keys_seen(connection, first, last) if one[2] not in asked]
            gone = [one for one in gone if one[0] not in store.days_of(connection, one[2], first)]
        for day, index, key in gone:
            why = _("De sleutel van deze sleutelhouder is niet meer vastgelegd; zijn dag is niet vergeleken.")
            self._not_compared(index, key, day, store.LEFT_OPEN, why)

    def _span(self, since: date) -> tuple[date, date]:
        """Days that are over, receipts that still travel included."""
        last = (self._moment - LONGEST - _DAY).date()
        return max(since, last - BACK), last

    def _open_days(self, holder: KeyHolder, since: date) -> set[date]:
        first, last = self._span(since)
        with self._centre.database.public() as connection:
            states = store.days_of(connection, holder.key, first)
            done = store.reconciled_since(connection, holder.index, first)
        done |= {day for day, state in states.items() if state == store.COMPARED}
        return {first + _DAY * number for number in range((last - first).days + 1)} - done

    def _apart(self, holder: KeyHolder, work: Callable[[], None]) -> None:
        """Do something with what one holder said, so that whatever comes of it the others have their turn."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the job fails after the others, and says at which holder
            _log.error("account of holder %d: %s", holder.index, type(error).__name__)
            self.failed.append(holder)

    def _stated(
        self, asked: Iterable[KeyHolder], day: date, tell: Sequence[KeyHolder]
    ) -> dict[bytes, _Stated]:
        """The accounts of a day that are believed, by key; of whom a day is open it is told if its account is not."""
        found: dict[bytes, _Stated] = {}
        for holder in asked:
            verdict = self._verdict(holder, day, final=True)
            if verdict is None:
                continue
            reason = verdict.reason
            if verdict.account is not None:
                try:
                    found[holder.key] = self._compared(holder, verdict.account, verdict.strangers)
                    continue
                except FalseAccountError as error:
                    reason = str(error)
                except HolderAwayError:
                    self.failed.append(holder)
                    continue
            if holder in tell:
                self._refuse(holder, day, reason)
        return found

    def _verdict(self, holder: KeyHolder, day: date, *, final: bool) -> Verdict | None:
        """What is believed of a holder's account; None if it is away."""
        epoch = None if holder.left else self._epoch
        asked = Asked(
            holder.index,
            holder.verifier,
            self._centre.keyset[0],
            epoch,
            day,
            self._organisations,
            self._moment,
            final,
        )
        try:
            return judge(self._accounts.note(holder, day), asked)
        except FalseAccountError as error:
            return Verdict(None, str(error))
        except HolderAwayError:
            self.failed.append(holder)
            return None

    def _compared(self, holder: KeyHolder, account: Account, strangers: tuple[str, ...]) -> _Stated:
        with self._centre.database.public() as connection:
            seen = store.seen_on(connection, holder.key, account.day)
            again = store.numbers_given_again(connection, holder.key, account.day)
        wanted = [(one.organisation, one.action) for one in to_list(account.counted, seen)]
        listed = {whose: self._accounts.marks(holder, account.day, whose) for whose in wanted}
        return _Stated(account, strangers, differences(account.counted, seen, listed), again)

    def _refuse(self, holder: KeyHolder, day: date, reason: str) -> None:
        self.failed.append(holder)
        with self._centre.database.public() as connection:
            told_before = day in store.days_of(connection, holder.key, day)
        if not told_before:
            self._apart(
                holder,
                partial(self._not_compared, holder.index, holder.key, day, store.REFUSED, reason),
            )

    def _not_compared(self, index: int, key: bytes, day: date, state: str, reason: str) -> None:
        said = {**_about(index, day, self._moment), "waarom": reason}
        with self._centre.database.logged(self._moment) as work:
            store.mark_day(work.connection, index, key, day, state, self._moment)
            work.enter({REGISTER: CATALOGUE.payload("niet_afgestemd", KEEPER, said)})

    def _tell(self, holder: KeyHolder, stated: Mapping[bytes, _Stated]) -> None:
        mine = stated[holder.key]
        others = self._others(holder, stated)
        self._limits(holder, stated)
        said = [_Said.of(one, holder.index, others) for one in mine.found]
        concerned = sorted({one.difference.organisation for one in said})
        chunks = [
            concerned[at : at + ORGANISATIONS - 1] for at in range(0, len(concerned), ORGANISATIONS - 1)
        ]
        for chunk in chunks[:-1]:
            with self._centre.database.logged(self._moment) as work:
                self._flag(work, mine.account, said, chunk)
                work.enter(self._payloads(mine.account, said, chunk))
        last = chunks[-1] if chunks else []
        day, number = mine.account.day, len(mine.found)
        with self._centre.database.logged(self._moment) as work:
            self._flag(work, mine.account, said, last)
            store.mark_day(
                work.connection, holder.index, holder.key, day, store.COMPARED, self._moment, number
            )
            work.enter({**self._payloads(mine.account, said, last), REGISTER: self._own(mine)})
        self.counts["verschillen"] += number
        self.counts["dagen"] += 1

    def _others(self, holder: KeyHolder, stated: Mapping[bytes, _Stated]) -> _Others:
        # By index and not as a mapping: one that left and one that took its place may have the same.
        return [
            (one.index, stated.get(one.key))
            for one in self._accounts.holders
            if one.key != holder.key and (one.key in stated or not one.left)
        ]

    def _flag(
        self, work: LoggedWork, account: Account, said: Iterable["_Said"], organisations: Sequence[str]
    ) -> None:
        for one in said:
            if one.difference.organisation in organisations and one.flag is not None:
                flags.put(
                    work.connection,
                    one.difference.organisation,
                    one.flag,
                    _UNTOLD,
                    self._moment,
                    one.difference.amount,
                    day=account.day,
                )

    def _payloads(
        self, account: Account, said: Sequence["_Said"], organisations: Sequence[str]
    ) -> dict[str, dict[str, JSON]]:
        payloads = {}
        for organisation in organisations:
            mine = [one for one in said if one.difference.organisation == organisation]
            entry: dict[str, JSON] = {
                **_about(account.holder, account.day, self._moment),
                "verschillen": [one.text for one in mine],
                "vlaggen": sorted({one.flag for one in mine if one.flag is not None}),
            }
            payloads[organisation] = CATALOGUE.payload("afgestemd", SUBJECT, entry)
        return payloads

    def _own(self, stated: _Stated) -> dict[str, JSON]:
        account = stated.account
        said: dict[str, JSON] = {
            **_about(account.holder, account.day, self._moment),
            "verschillen_geteld": len(stated.found),
            "organisaties_geteld": len({one.organisation for one in (*account.counted, *stated.found)}),
            "onbekende_organisaties": list(stated.strangers),
            "nummers_dubbel": stated.numbers_again,
        }
        return CATALOGUE.payload("afgestemd", KEEPER, said)

    def _limits(self, holder: KeyHolder, stated: Mapping[bytes, _Stated]) -> None:
        """Put limits that were reached in the log and flag them, once a day for an officer."""
        account, others = stated[holder.key].account, self._others(holder, stated)
        for one in account.reached:
            mark = officer_mark(self._centre, one.organisation, one.officer)
            borne_out = any(other is not None and other.has_reached(one) for _index, other in others)
            kind = QUOTA if borne_out else QUOTA_ALONE
            with self._centre.database.public() as connection:
                told_before = any(
                    flags.known(connection, one.organisation, known, mark, one.first)
                    for known in {QUOTA, kind}
                )
                enough = kind == QUOTA_ALONE and (
                    flags.number(connection, one.organisation, kind, one.first) >= MOST_REACHED
                )
            if told_before or enough:
                continue
            with self._centre.database.logged(self._moment) as work:
                flags.put(work.connection, one.organisation, kind, mark, one.first, one.times)
                work.enter({one.organisation: self._reached(account, one, others, kind)})
            self.counts["quota"] += 1

    def _reached(self, account: Account, one: Reached, others: _Others, kind: str) -> dict[str, JSON]:
        said: dict[str, JSON] = {
            **_about(account.holder, account.day, self._moment),
            "medewerker": one.officer,
            "handeling": one.action,
            "venster": one.window,
            "keren": one.times,
            "andere_houders": others_told(
                _counted(others, (one.organisation, one.action)), alone=kind == QUOTA_ALONE
            ),
        }
        return CATALOGUE.payload("quotum_sleutelhouder_bereikt", SUBJECT, said)


@dataclass(frozen=True)
class _Said:
    """A difference as it is told: in words, and with which flag."""

    difference: Difference
    text: str
    flag: str | None

    @classmethod
    def of(cls, one: Difference, holder: int, others: _Others) -> "_Said":
        elsewhere = [other for _index, stated in others if stated is not None for other in stated.found]
        alone = not supported(one, elsewhere)
        text = told(one, holder, _counted(others, (one.organisation, one.action)), alone=alone)
        return cls(one, text, ALONE if one.kind is not None and alone else one.kind)


def _counted(others: _Others, whose: Whose) -> list[tuple[int, int | None]]:
    return [(index, None if one is None else one.points(whose)) for index, one in others]


def _about(holder: int, day: date, moment: datetime) -> dict[str, JSON]:
    return {
        "moment": moment.isoformat(timespec="seconds"),
        "dag": day.isoformat(),
        "sleutelhouder": holder,
    }
