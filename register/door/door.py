# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""From "this person has proven who they are, with these means" to a session, and what people do with their own means.

`Door.enter` is the one place where a session begins: whoever proves a person in another way (an organisation's own sign-in service) hands it a `Proven` and
nothing else. In this order:

1. A password was right (the process itself counts wrong ones): `passed` gives a session, or half of one where a second factor was set up.
2. The second step takes a try and the challenge before it looks at the answer, so that two answers at once are two tries.
3. A new session has a new token; who changes a password, or gets a first second factor, goes on with a new token and every other session ends.
4. Who changes how they sign in gives the password again.
5. Each of these is a happening, which the person reads on the own page and which the process enters in its own log.

Rules: `register.second_factor`, `register.passkeys`.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import FieldError, Refusal
from process.secret import Secret
from register.accounts import TOKEN_SIZE, Account, Passwords, Terms, not_logged_in, token_digest
from register.door.store import Happening, KeptApp, KeptPasskey, KeptSession, Rows
from register.passkeys import (
    CHALLENGE_SIZE,
    Site,
    counted,
    identifier,
    not_made,
    registered,
    to_register,
    to_sign,
    user_handle,
)
from register.second_factor import (
    APP_WAITS,
    SECRET_SIZE,
    Half,
    Method,
    accepted_step,
    complete,
    half_over,
    new_recovery_codes,
    opened,
    otpauth,
    recovery_digest,
    sealed,
    secret_text,
    wrong_second_step,
)

_APP = "app"
_SHOWN = 12
"""Happenings on the own page."""
MOST_PASSKEYS = 10


@dataclass(frozen=True)
class Person:
    """Somebody with an account: `who` is how this process knows them."""

    who: str
    account: Account


@dataclass(frozen=True)
class Proven:
    """This person has proven who they are, with these means."""

    person: Person
    methods: frozenset[str]


@dataclass(frozen=True)
class Entered:
    """A session that began: its token, and what the process's log gave for it."""

    person: Person
    token: bytes
    created_at: datetime
    methods: frozenset[str]
    logged: Any = None

    def __repr__(self) -> str:
        return f"Entered(officer={self.person.account.officer!r})"


@dataclass(frozen=True)
class HalfWay:
    """The password was right; one of these means must follow, with this token."""

    token: bytes
    methods: tuple[Method, ...]
    until: datetime

    def __repr__(self) -> str:
        return f"HalfWay(methods={self.methods!r})"


@dataclass(frozen=True)
class Answer:
    """A second step as it was given: one of the three."""

    code: str | None = None
    recovery: str | None = None
    passkey: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return "Answer(***)"


@dataclass(frozen=True)
class Own:
    """How somebody signs in."""

    app: KeptApp | None
    passkeys: Sequence[KeptPasskey]
    recovery_left: int
    sessions: Sequence[KeptSession]
    happenings: Sequence[Happening]


@dataclass(frozen=True)
class Begun:
    """What somebody needs to set a means up; the one that was asked for."""

    secret: str | None = None
    address: str | None = None
    passkey: Mapping[str, Any] | None = None
    recovery: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Begun(***)"


@dataclass(frozen=True)
class Made:
    """A means counts from now: the codes that are shown once, and a new session in the place of this one where that has to be."""

    recovery: tuple[str, ...]
    entered: Entered

    def __repr__(self) -> str:
        return "Made(***)"


class Work(Protocol):
    """One transaction on what an organisation keeps, with what its process logs of it.

    Attributes:
        rows: in the transaction.
    """

    rows: Rows

    def entry(self, person: Person, happening: Happening, methods: frozenset[str]) -> None:
        """Enter a happening in the log of the process, in this transaction."""
        ...

    @property
    def logged(self) -> Any:
        """What the log gave, once the transaction is durable."""
        ...


class Book(Protocol):
    """What a process keeps for one organisation."""

    def changing(self, moment: datetime) -> AbstractContextManager[Work]:
        """A transaction with exactly one happening in it."""
        ...

    def touching(self) -> AbstractContextManager[Rows]:
        """A transaction that nobody has to hear of."""
        ...

    def tried(self, person: Person, moment: datetime, *, right: bool) -> None:
        """Count a try as a wrong password is counted; a right one wipes the count.

        Raises:
            Refusal: 429, after too many.
        """
        ...

    def require_rest(self, person: Person, moment: datetime) -> None:
        """Returns only if this name does not have to wait.

        Raises:
            Refusal: 429.
        """
        ...


@dataclass(frozen=True)
class Door:
    """The door of one organisation.

    Attributes:
        book: what is kept.
        tenant: code of the organisation.
        passwords: checks and hashes.
        key: of this process, for what is sealed and digested here.
        required: whether a second factor is asked of everyone.
    """

    book: Book
    tenant: str
    passwords: Passwords
    key: Secret
    clock: Clock
    randomness: Randomness
    terms: Terms
    required: bool

    # ---- coming in ----------------------------------------------------------------------------------------

    def passed(self, person: Person) -> Entered | HalfWay:
        """The password was right."""
        now = self.clock()
        with self.book.touching() as rows:
            means = self._means(rows, person.who)
            if means:
                token = self.randomness(TOKEN_SIZE)
                half = Half(person.who, now)
                rows.put_half(token_digest(token), half)
        if means:
            return HalfWay(token, means, half.until)
        return self.enter(Proven(person, frozenset({Method.PASSWORD})))

    def enter(self, proven: Proven) -> Entered:
        """A session for somebody who has proven who they are."""
        now = self.clock()
        self.book.tried(proven.person, now, right=True)
        with self.book.changing(now) as work:
            token = self._session(work.rows, proven, now)
            self._happened(work, proven.person, "aangemeld", now, methods=proven.methods)
        return Entered(proven.person, token, now, proven.methods, work.logged)

    def _session(self, rows: Rows, proven: Proven, now: datetime) -> bytes:
        token = self.randomness(TOKEN_SIZE)
        rows.put_session(token_digest(token), proven.person.who, proven.methods, now)
        return token

    def _means(self, rows: Rows, who: str) -> tuple[Method, ...]:
        app = rows.app(who)
        found = [Method.CODE] if app is not None and app.confirmed_at is not None else []
        if rows.passkeys(who):
            found.append(Method.PASSKEY)
        if found and rows.recovery_left(who):
            found.append(Method.RECOVERY)
        return tuple(found)

    def half_way(self, token: bytes) -> tuple[str, tuple[Method, ...], datetime]:
        """Who is half signed in, with which means they can go on, and until when.

        Raises:
            Refusal: 401, nobody is.
        """
        with self.book.touching() as rows:
            half = self._half(rows, token)
            return half.who, self._means(rows, half.who), half.until

    def asked(self, token: bytes, site: Site | None) -> Mapping[str, Any] | None:
        """What a browser must sign with a passkey in the second step, with a new challenge; None where there is nothing to sign with.

        Raises:
            Refusal: 401, the half session is over.
        """
        with self.book.touching() as rows:
            half = self._half(rows, token)
            known = [one.passkey.id for one in rows.passkeys(half.who)]
            if site is None or not known:
                return None
            challenge = self.randomness(CHALLENGE_SIZE)
            rows.challenge_half(token_digest(token), challenge)
        return to_sign(site, challenge, known)

    def _half(self, rows: Rows, token: bytes) -> Half:
        half = rows.half(token_digest(token))
        if half is None or not half.alive(self.clock()):
            raise half_over()
        return half

    def second_step(self, person: Person, token: bytes, answer: Answer, site: Site | None) -> Entered:
        """The second step; a new session if the answer is right.

        Raises:
            Refusal: 401 for a wrong answer or a half session that is over, 429 after too many.
        """
        now, digest = self.clock(), token_digest(token)
        self.book.require_rest(person, now)
        with self.book.touching() as rows:
            half = self._half(rows, token)
            if half.who != person.who or not rows.spend(digest):
                raise half_over()
        try:
            with self.book.changing(now) as work:
                method = self._shown(work.rows, half, answer, site, now)
                if not work.rows.end_half(digest):
                    raise half_over()
                proven = Proven(person, frozenset({Method.PASSWORD, method}))
                opened_token = self._session(work.rows, proven, now)
                self._happened(work, person, "aangemeld", now, methods=proven.methods)
        except Refusal:
            self.book.tried(person, now, right=False)
            raise
        self.book.tried(person, now, right=True)
        return Entered(person, opened_token, now, proven.methods, work.logged)

    def _shown(self, rows: Rows, half: Half, answer: Answer, site: Site | None, now: datetime) -> Method:
        """By which means the answer is right; a code, a recovery code and a counter are used up in the same transaction."""
        if answer.code is not None and self._code_is_right(rows, half.who, answer.code, now):
            return Method.CODE
        if answer.recovery is not None and rows.use_recovery(
            half.who, self._recovery(half.who, answer.recovery)
        ):
            return Method.RECOVERY
        if answer.passkey is not None and self._signed(rows, half, answer.passkey, site, now):
            return Method.PASSKEY
        raise wrong_second_step()

    def _code_is_right(self, rows: Rows, who: str, code: str, now: datetime) -> bool:
        app = rows.app(who)
        if app is None or app.confirmed_at is None:
            return False
        step = accepted_step(self._secret(who, app), code, now, app.last_step)
        return step is not None and rows.take_step(who, step)

    def _signed(
        self, rows: Rows, half: Half, sent: Mapping[str, Any], site: Site | None, now: datetime
    ) -> bool:
        known = {one.passkey.id: one.passkey for one in rows.passkeys(half.who)}
        passkey = known.get(identifier(sent))
        if passkey is None or site is None or half.challenge is None:
            return False
        return rows.count_passkey(half.who, passkey, counted(sent, half.challenge, site, passkey), now)

    def _secret(self, who: str, app: KeptApp) -> bytes:
        # What another key sealed accepts no code, as an app that is not there.
        return opened(self.key, _APP, self._bound(who), app.secret) or self.randomness(SECRET_SIZE)

    def _recovery(self, who: str, code: str) -> bytes:
        return recovery_digest(self.key, self._bound(who), code)

    def _bound(self, who: str) -> str:
        return f"{self.tenant}\x00{who}"

    # ---- the own page -------------------------------------------------------------------------------------

    def own(self, person: Person) -> Own:
        """How this person signs in, where they are signed in, and what happened last."""
        now = self.clock()
        with self.book.touching() as rows:
            app = rows.app(person.who)
            return Own(
                app if app is not None and app.confirmed_at is not None else None,
                rows.passkeys(person.who),
                rows.recovery_left(person.who),
                [
                    one
                    for one in rows.sessions(person.who)
                    if self.terms.alive(one.created_at, one.seen_at, now)
                ],
                rows.happenings(person.who, _SHOWN),
            )

    def begin_app(self, person: Person, password: str) -> Begun:
        """A new secret for an app; it counts once a code of it was given, within `APP_WAITS`.

        Raises:
            Refusal: 400 for a wrong password, 429 after too many.
        """
        self._require_password(person, password)
        secret, now = self.randomness(SECRET_SIZE), self.clock()
        with self.book.touching() as rows:
            kept = rows.app(person.who)
            if kept is not None and kept.confirmed_at is not None:
                raise _has_app()
            rows.put_app(
                person.who,
                sealed(self.key, _APP, self._bound(person.who), secret, self.randomness),
                now,
            )
        name = f"{person.account.name} ({self.tenant})"
        return Begun(secret_text(secret), otpauth(secret, _("Signaalregister"), name))

    def begin_passkey(self, person: Person, session: bytes, password: str, site: Site | None) -> Begun:
        """What a browser is asked to make a passkey.

        Raises:
            Refusal: 400 for a wrong password or where passkeys cannot be, 429 after too many.
        """
        if site is None:
            raise _no_site()
        self._require_password(person, password)
        challenge = self.randomness(CHALLENGE_SIZE)
        with self.book.touching() as rows:
            known = [one.passkey.id for one in rows.passkeys(person.who)]
            if len(known) >= MOST_PASSKEYS:
                raise _too_many_passkeys()
            rows.put_challenge(person.who, token_digest(session), challenge)
        handle = user_handle(self.key, self._bound(person.who))
        return Begun(passkey=to_register(site, challenge, handle, person.account.name, known))

    def confirm_app(self, proven: Proven, session: bytes, code: str) -> Made:
        """A code of the new app: from now on it counts.

        Raises:
            Refusal: 400, the code is not right, there is no app to confirm, or its secret was shown too long ago.
        """
        person, now = proven.person, self.clock()
        self.book.require_rest(person, now)
        with self.book.touching() as rows:
            app = rows.app(person.who)
            over = app is not None and app.confirmed_at is None and now - app.added_at >= APP_WAITS
            if over:
                rows.drop_app(person.who)
        if over:
            raise _app_over()
        step = (
            None
            if app is None or app.confirmed_at is not None
            else accepted_step(self._secret(person.who, app), code, now, app.last_step)
        )
        if step is None:
            self.book.tried(person, now, right=False)
            raise _wrong_first_code()
        with self.book.changing(now) as work:
            if not work.rows.take_step(person.who, step, now):
                raise _wrong_first_code()
            return self._made(work, proven, session, Method.CODE, "code_app_toegevoegd", now)

    def confirm_passkey(
        self, proven: Proven, session: bytes, sent: Mapping[str, Any], label: str, site: Site | None
    ) -> Made:
        """The passkey that the browser made: from now on it counts.

        Raises:
            Refusal: 400.
        """
        person, now = proven.person, self.clock()
        with self.book.touching() as rows:
            challenge = rows.challenge(person.who, token_digest(session))
            rows.put_challenge(person.who, token_digest(session), None)
        if challenge is None or site is None:
            raise not_made()
        made = registered(sent, challenge, site)
        with self.book.changing(now) as work:
            known = {one.passkey.id for one in work.rows.passkeys(person.who)}
            if made.id in known:
                raise not_made()
            if len(known) >= MOST_PASSKEYS:
                raise _too_many_passkeys()
            work.rows.put_passkey(person.who, made, label.strip() or _("Passkey"), now)
            return self._made(work, proven, session, Method.PASSKEY, "passkey_toegevoegd", now)

    def _made(  # noqa: PLR0913, PLR0917 - what both means have in common
        self, work: Work, proven: Proven, session: bytes, method: Method, what: str, now: datetime
    ) -> Made:
        """The first means comes with recovery codes; and with any, the session goes on under a new token and all others end."""
        rows, who = work.rows, proven.person.who
        codes = () if rows.recovery_left(who) else new_recovery_codes(self.randomness)
        if codes:
            rows.put_recovery(who, [self._recovery(who, one) for one in codes])
        stronger = Proven(proven.person, proven.methods | {method})
        entered = self._again(work, stronger, session, now, all_others=bool(codes))
        self._happened(work, proven.person, what, now)
        return Made(codes, entered)

    def _again(
        self, work: Work, proven: Proven, session: bytes, now: datetime, *, all_others: bool
    ) -> Entered:
        # Ended meanwhile by somebody else: what was under way with it counts no more.
        if not work.rows.end_sessions(proven.person.who, token_digest(session)):
            raise not_logged_in()
        if all_others:
            work.rows.end_sessions(proven.person.who)
        return Entered(proven.person, self._session(work.rows, proven, now), now, proven.methods)

    def recovery_codes(self, person: Person, password: str) -> Begun:
        """Ten new recovery codes; those of before open nothing any more.

        Raises:
            Refusal: 400 for a wrong password or without a means to recover from, 429 after too many.
        """
        self._require_password(person, password)
        now, codes = self.clock(), new_recovery_codes(self.randomness)
        with self.book.changing(now) as work:
            if not self._means(work.rows, person.who):
                raise _nothing_to_recover()
            work.rows.put_recovery(person.who, [self._recovery(person.who, one) for one in codes])
            self._happened(work, person, "herstelcodes_gemaakt", now)
        return Begun(recovery=codes)

    def remove(self, person: Person, means: str, password: str) -> None:
        """Remove the app (`code`) or a passkey; recovery codes go with the last of them.

        Raises:
            Refusal: 400 for a wrong password, 403 for the last one where one is required, 404 if it is not there.
        """
        self._require_password(person, password)
        now = self.clock()
        with self.book.changing(now) as work:
            rows = work.rows
            app = means == Method.CODE
            gone = rows.drop_app(person.who) if app else rows.drop_passkey(person.who, means)
            if not gone:
                raise _no_such_means()
            if not self._means(rows, person.who):
                if self.required:
                    raise _last_means()
                rows.put_recovery(person.who, [])
            what = "code_app_verwijderd" if app else "passkey_verwijderd"
            self._happened(work, person, what, now)

    def change_password(self, proven: Proven, session: bytes, old: str, new: str) -> Entered:
        """Another password; the session goes on under a new token, every other one ends.

        Raises:
            Refusal: 400 for a wrong or a weak password, 429 after too many.
        """
        person, now = proven.person, self.clock()
        self._require_password(person, old)
        if len(new) < SHORTEST_PASSWORD or new == old or person.account.name.casefold() in new.casefold():
            raise _weak_password()
        hashed = self.passwords.hash(new)
        with self.book.changing(now) as work:
            work.rows.put_password(person.who, hashed)
            entered = self._again(work, proven, session, now, all_others=True)
            self._happened(work, person, "wachtwoord_gewijzigd", now)
        return entered

    def end_session(self, person: Person, number: str) -> None:
        """End a session of this person.

        Raises:
            Refusal: 404, it is not there.
        """
        now = self.clock()
        with self.book.changing(now) as work:
            found = [
                one.digest for one in work.rows.sessions(person.who) if session_number(one.digest) == number
            ]
            if not found:
                raise _no_such_session()
            work.rows.end_sessions(person.who, *found)
            self._happened(work, person, "sessie_beeindigd", now)

    def reset(self, person: Person, by: Account) -> None:
        """Forget all means of somebody who lost them, and end every session; the password stays."""
        now = self.clock()
        with self.book.changing(now) as work:
            work.rows.drop_all(person.who)
            work.rows.end_sessions(person.who)
            self._happened(work, person, "hersteld", now, by=by.officer)

    def _require_password(self, person: Person, password: str) -> None:
        now = self.clock()
        self.book.require_rest(person, now)
        with self.book.touching() as rows:
            hashed = rows.password(person.who)
        if not self.passwords.correct(password, hashed):
            self.book.tried(person, now, right=False)
            raise _wrong_password()

    def _happened(  # noqa: PLR0913 - what happened, to whom, by whom, with what
        self,
        work: Work,
        person: Person,
        what: str,
        now: datetime,
        *,
        by: str | None = None,
        methods: frozenset[str] = frozenset(),
    ) -> None:
        happening = Happening(what, now, by)
        work.rows.happened(self.randomness(16), person.who, happening)
        work.entry(person, happening, methods)

    def complete(self, methods: frozenset[str]) -> bool:
        """True if a session of these means opens what the role may do."""
        return complete(methods, required=self.required)


SHORTEST_PASSWORD = 12


def session_number(digest: bytes) -> str:
    """By what a person names one of the own sessions; it opens nothing."""
    return token_digest(digest).hex()[:16]


def _wrong_password() -> Refusal:
    return Refusal(
        400,
        "wachtwoord-verkeerd",
        _("Dit is niet uw wachtwoord."),
        _("Wie iets verandert aan de eigen aanmelding, geeft eerst het wachtwoord. Er is niets veranderd."),
        way_forward=_("Vul uw wachtwoord opnieuw in. Let op hoofdletters."),
        fields=(FieldError("wachtwoord", _("Dit wachtwoord klopt niet.")),),
    )


def _weak_password() -> Refusal:
    return Refusal(
        400,
        "wachtwoord-zwak",
        _("Dit wachtwoord kan niet."),
        _("Een wachtwoord heeft twaalf tekens of meer, is anders dan het vorige en bevat uw naam niet."),
        way_forward=_("Kies een langer wachtwoord, bijvoorbeeld vier woorden achter elkaar."),
        fields=(FieldError("nieuw", _("Kies een ander wachtwoord.")),),
    )


def _has_app() -> Refusal:
    return Refusal(
        409,
        "app-bestaat",
        _("U hebt al een app met codes."),
        _("Een tweede app zou de eerste vervangen."),
        way_forward=_("Verwijder eerst de app die u hebt."),
    )


def _wrong_first_code() -> Refusal:
    return Refusal(
        400,
        "code-verkeerd",
        _("Deze code klopt niet."),
        _("De app telt nog niet mee. De code hoort niet bij de sleutel, of de klok van uw telefoon loopt niet gelijk."),
        way_forward=_("Wacht tot de app een nieuwe code toont en vul die in."),
        fields=(FieldError("code", _("Vul de zes cijfers in die de app nu toont.")),),
    )  # fmt: skip


def _app_over() -> Refusal:
    return Refusal(
        400,
        "app-verlopen",
        _("Deze sleutel voor uw app is verlopen."),
        _("U wachtte langer dan een kwartier. De app telt niet mee."),
        way_forward=_("Haal het account weg uit uw app en kies opnieuw voor een app met codes. Vul daarna binnen een kwartier een code in."),
    )  # fmt: skip


def _no_site() -> Refusal:
    return Refusal(
        400,
        "passkeys-niet-hier",
        _("Passkeys werken hier niet."),
        _("Een passkey hoort bij een adres met een naam, en deze computer kent zijn eigen adres niet."),
        way_forward=_("Gebruik een app met codes, of vraag wie deze computer beheert om het adres in te stellen."),
    )  # fmt: skip


def _too_many_passkeys() -> Refusal:
    return Refusal(
        409,
        "te-veel-passkeys",
        _("U hebt al tien passkeys."),
        _("Meer is niet nodig, en elke passkey is een manier om binnen te komen."),
        way_forward=_("Verwijder eerst een passkey die u niet meer gebruikt."),
    )


def _nothing_to_recover() -> Refusal:
    return Refusal(
        409,
        "geen-tweede-stap",
        _("U hebt nog geen tweede stap."),
        _("Een herstelcode vervangt een app of passkey die kwijt is."),
        way_forward=_("Stel eerst een app of een passkey in; de herstelcodes krijgt u er dan bij."),
    )


def _last_means() -> Refusal:
    return Refusal(
        403,
        "laatste-middel",
        _("Dit is uw laatste tweede stap."),
        _("Op deze computer meldt iedereen zich in twee stappen aan. Er is niets verwijderd."),
        way_forward=_("Stel eerst een andere app of passkey in en verwijder daarna deze."),
    )


def _no_such_means() -> Refusal:
    return Refusal(
        404,
        "middel-onbekend",
        _("Deze app of passkey is er niet."),
        _("Misschien is hij al verwijderd."),
        way_forward=_("Open 'Mijn aanmelding' opnieuw en kijk wat er nog staat."),
    )


def _no_such_session() -> Refusal:
    return Refusal(
        404,
        "sessie-onbekend",
        _("Deze aanmelding is er niet meer."),
        _("Zij is al geëindigd."),
        way_forward=_("Open 'Mijn aanmelding' opnieuw en kijk welke er nog staan."),
    )
