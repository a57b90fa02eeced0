# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Signing in with an account of the organisation's own provider (OpenID Connect). What must be true is `register.openid`; here is in which order it is done.

1. `begin`: nothing is kept, since anybody can begin. The state says when it began and is proven by a digest of it and of the seed in this browser under the
   session key; nonce and verifier (PKCE) are made from both.
2. `finish`: the state is of this browser, of ten minutes ago at most, and was not used. Then the code is changed for an ID token, and the token is judged. Only a state with which somebody
   signed in is kept, as a digest, until it is ten minutes old: whoever fills that table has an account at the provider.
3. An account that is not here is made, with the role of the claim, a number of its own and a password that nobody knows; a role that changed is changed here,
   and both are recorded. Who has no role any more loses the sessions that were open.

A provider is given little: five seconds for each answer, 256 KiB, no redirects, a few at a time. Its document and keys are kept for an hour, and fetched again when a token
names a key that is not there, once a minute at most. Tokens are judged by the clock of this machine: a provider knows no exercise.
"""

import json
import logging
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

import httpx
from joserfc.jwk import KeySet

from process.moments import Clock, Randomness
from process.secret import Secret
from register.accounts import Account, Places
from register.municipal.elsewhere import Admitted, Begun
from register.municipal.people import People
from register.municipal.store.identities import IdentityStore
from register.openid import (
    Attempt,
    Claimed,
    Client,
    OpenIdRefusal,
    Provider,
    away,
    believed,
    configuration_url,
    exchange,
    farewell,
    id_token,
    name_of,
    name_taken,
    needs_other_keys,
    not_right,
    question,
    read_answer,
    read_keys,
    read_provider,
    role_of,
    stale,
    subject_key,
)

SECONDS: Final = 5.0
TIMEOUT: Final = timedelta(seconds=SECONDS)
LARGEST_ANSWER: Final = 256 * 1024
FRESH: Final = timedelta(hours=1)
AGAIN: Final = timedelta(minutes=1)
ATTEMPT: Final = timedelta(minutes=10)
PATIENCE: Final = 5.0
AT_A_TIME: Final = 4
"""Conversations with one provider: a slow one must not keep the threads of everybody else."""
_SEED_SIZE: Final = 32

_log = logging.getLogger(__name__)


@dataclass
class _Seen:
    """What the provider last said of itself, and when it was asked."""

    provider: Provider | None = None
    keys: KeySet | None = None
    at: datetime | None = None
    keys_at: datetime | None = None


@dataclass(frozen=True)
class Provided:
    """The provider of one organisation; a `register.municipal.elsewhere.Elsewhere`.

    Attributes:
        back: where the browser comes after signing out at the provider.
        identity: secret under which people of the provider are known here.
        attempts: secret from which state, nonce and verifier are made.
        machine_clock: of this machine, for tokens; `clock` is of the node, for sessions and attempts.
        places: how many may speak with the provider at a time.
    """

    organisation: str
    client: Client
    alone: bool
    back: str
    http: httpx.Client
    store: IdentityStore
    people: People
    identity: Secret
    attempts: Secret
    clock: Clock
    machine_clock: Clock
    randomness: Randomness
    places: Places
    _seen: _Seen = field(default_factory=_Seen)

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def begin(self) -> Begun:
        """A new attempt.

        Raises:
            OpenIdRefusal: the provider is away.
        """
        with self._told():
            provider = self._provider()
        seed = self.randomness(_SEED_SIZE).hex()
        attempt = Attempt.begin(self.attempts, seed, self.clock(), self.randomness(_SEED_SIZE))
        return Begun(question(provider, self.client, attempt), seed)

    def finish(self, seed: str, sent: Sequence[tuple[str, str]]) -> Admitted:
        """The session of whom the provider sent back.

        Raises:
            OpenIdRefusal: whatever is wrong.
        """
        with self._told():
            state = next((value for name, value in sent if name == "state"), "")
            attempt = self._attempt(seed, state)
            provider = self._provider()
            token, access = self._token(provider, read_answer(sent, provider), attempt)
            keys = self._keys(provider, token)
            claimed = believed(token, access, keys, self.client, attempt.nonce, self.machine_clock())
            # Not before: what a stranger sends leaves no row.
            used = (_digest(state), _digest(seed))
            if not self.store.use_attempt(*used, attempt.begun_at, self.clock() - ATTEMPT):
                raise stale()
            return self._admit(claimed)

    def _attempt(self, seed: str, state: str) -> Attempt:
        attempt, now = Attempt.of(self.attempts, seed, state), self.clock()
        if attempt is None or not now - ATTEMPT < attempt.begun_at <= now:
            raise stale()
        if self.store.was_used(_digest(state)):
            raise stale()
        return attempt

    def farewell(self) -> str | None:
        """Where a person signs out at the provider too; None if it has no such place, or is away."""
        try:
            return farewell(self._provider(), self.client, self.back)
        except OpenIdRefusal:
            return None

    def knows(self, officer: str) -> bool:
        """Whether this account is one of the provider."""
        return self.store.of_provider(officer)

    # ---- accounts -----------------------------------------------------------------------------------------

    def _admit(self, claimed: Claimed) -> Admitted:
        subject, now = subject_key(self.identity, self.client.issuer, claimed.subject), self.clock()
        known = self.store.account(subject)
        try:
            role = role_of(claimed, self.client)
        except OpenIdRefusal:
            if known is not None:
                self.people.store.end_sessions(known.officer)
            raise
        if known is None:
            account = self._new(claimed, role)
            if not self.store.put(subject, account, self._password(), now):
                raise name_taken()
            return Admitted(self.people.admit(account), new=True)
        account = replace(known, role=role)
        if role != known.role:
            self.store.change_role(known, role, now)
            _log.warning("role changed at sign-in for %s: %s to %s", self.organisation, known.role, role)
        return Admitted(
            self.people.admit(account), new=False, before=known.role if role != known.role else None
        )

    def _new(self, claimed: Claimed, role: str) -> Account:
        return Account(str(UUID(bytes=self.randomness(16), version=4)), name_of(claimed), role)

    def _password(self) -> str:
        """A hash like any other, of what nobody knows: whoever tries a password learns nothing from the time it takes."""
        return self.people.passwords.hash(self.randomness(_SEED_SIZE).hex())

    # ---- the provider -------------------------------------------------------------------------------------

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What is refused is told to the administrator too, in a word of ours."""
        try:
            yield
        except OpenIdRefusal as refusal:
            _log.warning("sign-in with the provider of %s refused: %s", self.organisation, refusal.why)
            raise

    def _provider(self) -> Provider:
        now, seen = self.machine_clock(), self._seen
        if seen.provider is None or seen.at is None or now - seen.at >= FRESH:
            seen.provider = read_provider(self._fetched(configuration_url(self.client.issuer)), self.client)
            seen.at = now
        return seen.provider

    def _keys(self, provider: Provider, token: str) -> KeySet:
        now, seen = self.machine_clock(), self._seen
        age = FRESH if seen.keys_at is None else now - seen.keys_at
        if seen.keys is None or age >= FRESH or (age >= AGAIN and needs_other_keys(token, seen.keys)):
            seen.keys, seen.keys_at = read_keys(self._fetched(provider.keys)), now
        return seen.keys

    def _token(self, provider: Provider, code: str, attempt: Attempt) -> tuple[str, str | None]:
        uri, headers, body = exchange(provider, self.client, code, attempt.verifier)
        status, document = self._answer(self.http.build_request("POST", uri, headers=headers, content=body))
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise away("fout_daar")
        if status != httpx.codes.OK:
            # A code that was used, a wrong verifier, a secret that ran out: the words are the provider's own affair.
            raise not_right("code_geweigerd")
        return id_token(document)

    def _fetched(self, url: str) -> object:
        status, document = self._answer(
            self.http.build_request("GET", url, headers={"Accept": "application/json"})
        )
        if status != httpx.codes.OK:
            raise away("status")
        return document

    def _answer(self, request: httpx.Request) -> tuple[int, object]:
        """Status and document of an answer that is neither too long nor too slow."""
        if not self.places.acquire(timeout=PATIENCE):
            raise away("te_druk")
        began = self.machine_clock()
        try:
            response = self.http.send(request, stream=True)
            with closing(response):
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > LARGEST_ANSWER or self.machine_clock() - began > 2 * TIMEOUT:
                        raise away("te_groot_of_traag")
                return response.status_code, json.loads(body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise away(f"onbereikbaar_{type(error).__name__.lower()}"[:40]) from None
        except ValueError:
            raise away("geen_json") from None
        finally:
            self.places.release()


def connected(authorities: ssl.SSLContext, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client that follows nobody elsewhere and knows no proxy of the environment."""
    return httpx.Client(
        verify=authorities, timeout=SECONDS, trust_env=False, follow_redirects=False, transport=transport
    )


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "replace")).digest()
