# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Logging in and out, and who is behind a token. Rules: `register.municipal.accounts`."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _

from process.moments import Clock, Randomness
from process.problem import Refusal
from process.secret import Secret
from register.accounts import (
    LIFETIME,
    TOKEN_SIZE,
    Account,
    Passwords,
    form_token,
    name_key,
    not_logged_in,
    refuse_login,
    token_digest,
    wait_after,
)
from register.municipal.store import NodeStore


@dataclass(frozen=True)
class LoggedIn:
    """A living session: who, the token as it travels, and the token of its forms."""

    account: Account
    token: str
    form: str
    until: datetime

    def __repr__(self) -> str:
        return f"LoggedIn(officer={self.account.officer!r})"


@dataclass(frozen=True)
class People:
    """The door of one organisation."""

    store: NodeStore
    passwords: Passwords
    session_key: Secret
    clock: Clock
    randomness: Randomness

    def log_in(self, name: str, password: str) -> LoggedIn:
        """A new session.

        Raises:
            Refusal: 401 for a wrong name or password, 429 after too many.
        """
        now = self.clock()
        key = name_key(self.session_key, name)
        failures, waits_until = self.store.tries(key)
        if waits_until is not None and now < waits_until:
            raise refuse_login(waits_until - now)
        found = self.store.account(name)
        if not self.passwords.correct(password, found[1] if found else None) or found is None:
            wait = wait_after(failures + 1)
            self.store.put_tries(key, failures + 1, now + wait if wait else None)
            raise refuse_login(wait or None)
        self.store.put_tries(key, 0, None)
        self.store.purge(now, now.date())
        return self._session(found[0], now)

    def admit(self, account: Account) -> LoggedIn:
        """A new session of a person who has proven elsewhere who they are."""
        now = self.clock()
        self.store.purge(now, now.date())
        return self._session(account, now)

    def _session(self, account: Account, now: datetime) -> LoggedIn:
        token = self.randomness(TOKEN_SIZE)
        self.store.put_session(token_digest(token), account.officer, now)
        return self._logged_in(account, token, now)

    def _logged_in(self, account: Account, token: bytes, created_at: datetime) -> LoggedIn:
        text = base64.urlsafe_b64encode(token).rstrip(b"=").decode()
        return LoggedIn(account, text, form_token(self.session_key, token), created_at + LIFETIME)

    def behind(self, token: str | None) -> LoggedIn:
        """Who is behind this token.

        Raises:
            Refusal: 401, there is no living session.
        """
        raw = raw_token(token)
        session = None if raw is None else self.store.session(token_digest(raw), self.clock())
        if raw is None or session is None:
            raise not_logged_in()
        return self._logged_in(session.account, raw, session.created_at)

    def log_out(self, token: str | None) -> None:
        """End the session, if there is one."""
        raw = raw_token(token)
        if raw is not None:
            self.store.end_session(token_digest(raw))

    def guest_form(self, seed: str) -> str:
        """The form token of a visitor who is not logged in yet, bound to a random cookie."""
        return form_token(self.session_key, b"gast\x00" + seed.encode("utf-8", "replace"))


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
