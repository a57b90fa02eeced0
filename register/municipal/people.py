# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Logging in and out, and who is behind a token. Rules: `register.municipal.accounts`; what comes after the password: `register.door`.

A name that nobody has costs the same as one with a wrong password: the same hash, the same rows, the same words.
"""

import base64
import binascii
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NoReturn

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import Refusal
from process.secret import Secret
from register.accounts import (
    FREE_SOURCE_TRIES,
    FREE_TRIES,
    LONGEST,
    SOURCE_MEMORY,
    TOKEN_SIZE,
    Account,
    Passwords,
    Session,
    Terms,
    form_token,
    name_key,
    not_logged_in,
    refuse_login,
    source_key,
    token_digest,
    wait_after,
)
from register.door.door import Answer, Door, Entered, HalfWay, Person, Proven
from register.door.store import Happening, Rows
from register.municipal.store import STRANGERS, NodeStore
from register.passkeys import Site
from register.second_factor import TURNED_AWAY, Method, half_over

_log = logging.getLogger(__name__)

_NOBODY = "-"
"""In the place of a person, where a name is nobody's."""


@dataclass(frozen=True)
class LoggedIn:
    """A living session: who with which means, the token as it travels, and the token of its forms.

    Attributes:
        until: when it ends however much it is used.
        ends: when it ends if it is not used again.
        complete: False while it opens nothing but the page on which one gets a second factor.
    """

    account: Account
    token: str
    form: str
    until: datetime
    ends: datetime
    methods: frozenset[str]
    complete: bool

    def __repr__(self) -> str:
        return f"LoggedIn(officer={self.account.officer!r})"

    @property
    def proven(self) -> Proven:
        """The same, for the door."""
        return Proven(Person(self.account.officer, self.account), self.methods)


@dataclass(frozen=True)
class Halfway:
    """The password was right: the token as it travels, and what must follow."""

    token: str = field(repr=False)
    way: HalfWay


@dataclass
class _Work:
    """One transaction of a node, which has no log of its own that others verify: an event in the operational one, without the person."""

    rows: Rows
    tenant: str
    logged: None = None
    said: list[str] = field(default_factory=list)

    def entry(self, person: Person, happening: Happening, methods: frozenset[str]) -> None:
        """Said once the transaction is durable."""
        del person, methods
        self.said.append(happening.what)


@dataclass(frozen=True)
class Book:
    """What an organisation at a node keeps of how its people sign in."""

    store: NodeStore
    key: Secret

    @contextmanager
    def changing(self, moment: datetime) -> Iterator[_Work]:
        """A transaction with a happening in it."""
        del moment
        with self.store.signing_in() as rows:
            work = _Work(rows, self.store.tenant)
            yield work
        for what in () if self.store.tenant == STRANGERS else work.said:
            _log.info("sign-in at %s: %s", self.store.tenant, what)

    @contextmanager
    def touching(self) -> Iterator[Rows]:
        """A transaction that nobody has to hear of."""
        with self.store.signing_in() as rows:
            yield rows

    def require_rest(self, person: Person, moment: datetime) -> None:
        """Returns only if this name does not have to wait.

        Raises:
            Refusal: 429.
        """
        _failures, waits_until, _last = self.store.tries(name_key(self.key, person.account.name))
        if waits_until is not None and moment < waits_until:
            raise refuse_login(waits_until - moment, moment)

    def tried(self, person: Person, moment: datetime, *, right: bool) -> None:
        """Count a try; a right one wipes the count.

        Raises:
            Refusal: 429, after too many.
        """
        key = name_key(self.key, person.account.name)
        if right:
            self.store.put_tries(key, 0, None)
        elif wait := self.store.failed(key, moment, wait_after):
            raise refuse_login(wait, moment)


@dataclass(frozen=True)
class People:
    """The door of one organisation."""

    store: NodeStore
    passwords: Passwords
    session_key: Secret
    clock: Clock
    randomness: Randomness
    terms: Terms = LONGEST
    required: bool = False

    @property
    def book(self) -> Book:
        """What is kept here."""
        return Book(self.store, self.session_key)

    @property
    def door(self) -> Door:
        """What comes after the password, or after any other proof of who somebody is."""
        return Door(
            self.book,
            self.store.tenant,
            self.passwords,
            self.session_key,
            self.clock,
            self.randomness,
            self.terms,
            self.required,
        )

    def log_in(self, name: str, password: str, source: str | None = None) -> LoggedIn | Halfway:
        """A new session, or half of one.

        Args:
            name: of the account.
            password: of it.
            source: the address that the request came from; None if it is not known.

        Raises:
            Refusal: 401 for a wrong name or password, 429 after too many.
        """
        now = self.clock()
        keys = [(name_key(self.session_key, name), FREE_TRIES)]
        if source is not None:
            keys.append((source_key(self.session_key, source), FREE_SOURCE_TRIES))
        for key, _free in keys:
            waits_until = self.store.tries(key)[1]
            if waits_until is not None and now < waits_until:
                raise refuse_login(waits_until - now, now)
        found = self.store.account(name)
        if not self.passwords.correct(password, found[1] if found else None) or found is None:
            self._wrong(keys, found[0].officer if found else _NOBODY, now)
        self.store.purge(now, now.date())
        passed = self.door.passed(Person(found[0].officer, found[0]))
        if isinstance(passed, HalfWay):
            return Halfway(f"{self.store.tenant}.{written(passed.token)}", passed)
        return self.entered(passed)

    def admit(self, account: Account) -> LoggedIn:
        """A new session of a person who has proven elsewhere who they are."""
        now = self.clock()
        self.store.purge(now, now.date())
        person = Person(account.officer, account)
        return self.entered(self.door.enter(Proven(person, frozenset({Method.ELSEWHERE}))))

    def _wrong(self, keys: list[tuple[bytes, int]], who: str, now: datetime) -> NoReturn:
        """Count a wrong password, also of a name that is nobody's.

        Raises:
            Refusal: 401, or 429 from when a name or a source waits.
        """
        waits = []
        for key, free in keys:
            forgotten = now - SOURCE_MEMORY if free == FREE_SOURCE_TRIES else None
            waits.append(self.store.failed(key, now, partial(wait_after, free=free), forgotten))
        longest = max(waits)
        if longest:
            with self.book.changing(now) as work:
                work.rows.happened(self.randomness(16), who, Happening(TURNED_AWAY, now, None))
                work.said.append(TURNED_AWAY)
        raise refuse_login(longest or None, now)

    def entered(self, entered: Entered) -> LoggedIn:
        """A session that began a moment ago, as it travels."""
        session = Session(entered.person.account, entered.created_at, entered.created_at, entered.methods)
        return self._logged_in(session, entered.token)

    def _logged_in(self, session: Session, token: bytes) -> LoggedIn:
        return LoggedIn(
            session.account,
            written(token),
            form_token(self.session_key, token),
            session.created_at + self.terms.lifetime,
            self.terms.end(session.created_at, session.seen_at),
            session.methods,
            self.door.complete(session.methods),
        )

    def asked(self, half: str, site: Site | None) -> tuple[HalfWay, Mapping[str, Any] | None]:
        """With which means somebody who is half signed in can go on, and what a passkey must sign.

        Raises:
            Refusal: 401, nobody is half signed in so.
        """
        token = raw_half(half)
        asked = self.door.asked(token, site)
        _who, methods, until = self.door.half_way(token)
        return HalfWay(token, methods, until), asked

    def second_step(self, half: str, answer: Answer, site: Site | None) -> LoggedIn:
        """The second step.

        Raises:
            Refusal: 401 for a wrong answer or a half session that is over, 429 after too many.
        """
        token = raw_half(half)
        who, _methods, _until = self.door.half_way(token)
        account = self.store.account_of(who)
        if account is None:
            raise half_over()
        return self.entered(self.door.second_step(Person(who, account), token, answer, site))

    def behind(self, token: str | None) -> LoggedIn:
        """Who is behind this token.

        Raises:
            Refusal: 401, there is no living session.
        """
        raw = raw_token(token)
        session = None if raw is None else self.store.session(token_digest(raw), self.clock(), self.terms)
        if raw is None or session is None:
            raise not_logged_in()
        return self._logged_in(session, raw)

    def log_out(self, token: str | None) -> None:
        """End the session, if there is one."""
        raw = raw_token(token)
        if raw is not None:
            self.store.end_session(token_digest(raw))

    def form_was_of(self, token: bytes, sent: str) -> bool:
        """True if a form came from a page of the session that had this token, living or not."""
        return Secret(form_token(self.session_key, token).encode()) == Secret(sent.encode())

    def guest_form(self, seed: str) -> str:
        """The form token of a visitor who is not logged in yet, bound to a random cookie."""
        return form_token(self.session_key, b"gast\x00" + seed.encode("utf-8", "replace"))


def written(token: bytes) -> str:
    """A token as it travels."""
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def raw_half(half: str) -> bytes:
    """The bytes of the token of a half session, which names its organisation before a full stop.

    Raises:
        Refusal: 401, this is none.
    """
    raw = raw_token(half.partition(".")[2])
    if raw is None:
        raise half_over()
    return raw


def raw_token(token: str | None) -> bytes | None:
    """The bytes of a session token as it travels, or None for what nobody gave."""
    if not token or len(token) > 2 * TOKEN_SIZE:
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == TOKEN_SIZE else None


def require_form(logged_in: LoggedIn, sent: str) -> None:
    """Returns only if a form came from a page of this session.

    Raises:
        Refusal: 403.
    """
    if Secret(logged_in.form.encode()) != Secret(sent.encode()):
        raise form_refusal()


def form_refusal() -> Refusal:
    """The refusal of a form that did not come from one of our pages."""
    return Refusal(
        403,
        "formulier-verlopen",
        _("Dit formulier is niet meer geldig."),
        _("Het formulier hoort niet bij deze aanmelding, of het is te oud."),
        way_forward=_("Open de pagina opnieuw en vul het formulier nog een keer in."),
    )
