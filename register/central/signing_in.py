# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/sessies`: FG's and TMM's people sign in at the register itself; everyone else comes through a node. What comes after the password: `register.door`.

Each thing that happens to how somebody signs in is an entry of their organisation. A lock-out is one too, but a later one (`enter_lock_outs`, a job): an entry
made at once would cost a known name more time than an unknown one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.accounts import (
    FREE_SOURCE_TRIES,
    FREE_TRIES,
    SOURCE_MEMORY,
    Account,
    Passwords,
    Session,
    name_key,
    not_logged_in,
    refuse_login,
    source_key,
    token_digest,
    wait_after,
)
from register.central.centre import Centre, receipt
from register.central.store import people as store
from register.central.store.work import LoggedWork
from register.door.door import Answer, Door, Entered, HalfWay, Person
from register.door.store import Happening, Rows
from register.door.wire import TweedeStapNodig
from register.events import ASKER, CATALOGUE, SUBJECT
from register.passkeys import Site
from register.second_factor import (
    TURNED_AWAY,
    complete,
    first_password_over,
    half_over,
    own_password_first,
    second_required,
)
from register.wire import Sessie, SessieGeopend

_NOBODY = "-"


@dataclass
class _Work:
    """One transaction of the register, with its entry."""

    rows: Rows
    organisation: str
    trace: str
    work: LoggedWork

    def entry(self, person: Person, happening: Happening, methods: frozenset[str]) -> None:
        """Enter a happening in the log, in this transaction."""
        account, by = person.account, happening.by
        fields: dict[str, Any] = _who(by or account.officer, account.role, happening.at, self.trace)
        if happening.what == "aangemeld":
            fields["middelen"] = sorted(methods)
            event = "aangemeld"
        else:
            event = "aanmelding_gewijzigd"
            fields["aanmelding"] = happening.what
            if by is not None:
                fields["collega"] = account.officer
                fields["rol"] = "functioneel_beheerder"
        self.work.enter({self.organisation: CATALOGUE.payload(event, ASKER, fields)})

    @property
    def logged(self) -> Any:
        """The receipt, once the entry is durable."""
        return receipt(self.work)


@dataclass(frozen=True)
class Book:
    """What the register keeps of how the people of one organisation sign in."""

    centre: Centre
    organisation: str
    trace: str = ""

    @contextmanager
    def changing(self, moment: datetime) -> Iterator[_Work]:
        """A transaction with exactly one happening, and so one entry, in it."""
        with self.centre.database.logged(moment) as work:
            yield _Work(
                store.signing_in(work.connection, self.organisation), self.organisation, self.trace, work
            )

    @contextmanager
    def touching(self) -> Iterator[Rows]:
        """A transaction that nobody has to hear of."""
        with self.centre.database.engine.begin() as connection:
            yield store.signing_in(connection, self.organisation)

    def require_rest(self, person: Person, moment: datetime) -> None:
        """Returns only if this name does not have to wait.

        Raises:
            Refusal: 429.
        """
        _require_rest(self.centre, [(name_key(self.centre.tag_key, person.account.name), FREE_TRIES)], moment)

    def tried(self, person: Person, moment: datetime, *, right: bool) -> None:
        """Count a try; a right one wipes the count.

        Raises:
            Refusal: 429, after too many.
        """
        key = name_key(self.centre.tag_key, person.account.name)
        with self.centre.database.engine.begin() as connection:
            if right:
                store.forget_failures(connection, key)
                return
            failures = store.failed(connection, key, moment)
        if wait := wait_after(failures):
            raise refuse_login(wait, moment)


def door_of(centre: Centre, passwords: Passwords, organisation: str, trace: str = "") -> Door:
    """The door of one organisation."""
    return Door(
        Book(centre, organisation, trace),
        organisation,
        passwords,
        centre.tag_key,
        centre.clock,
        centre.randomness,
        centre.terms,
        centre.second_required,
    )


@dataclass(frozen=True)
class Came:
    """Who signs in, from where, and when."""

    moment: datetime
    trace: str
    source: str | None = None


def sign_in(
    centre: Centre, passwords: Passwords, sent: Sessie, came: Came
) -> SessieGeopend | TweedeStapNodig:
    """Open a session, or half of one.

    Raises:
        Refusal: 401, or 429 after too many wrong passwords.
    """
    keys = [(name_key(centre.tag_key, sent.naam), FREE_TRIES)]
    if came.source is not None:
        keys.append((source_key(centre.tag_key, came.source), FREE_SOURCE_TRIES))
    _require_rest(centre, keys, came.moment)
    with centre.database.engine.begin() as connection:
        known = store.credentials(connection, sent.naam)
        first = None if known is None else store.first_until(connection, sent.naam)
    # Outside any transaction: Argon2id takes its time, and SQLite has one writer.
    if not passwords.correct(sent.wachtwoord, known[2] if known else None) or known is None:
        _wrong(centre, keys, known[:2] if known else None, came.moment)
    organisation, account, _hash = known
    if first is not None and first <= came.moment:
        raise first_password_over()
    passed = door_of(centre, passwords, organisation, came.trace).passed(Person(account.name, account))
    if isinstance(passed, HalfWay):
        return TweedeStapNodig(
            aanmelding=f"{organisation}.{passed.token.hex()}",
            middelen=list(passed.methods),
            verloopt_op=passed.until,
        )
    return opened(centre, organisation, passed, first=first is not None)


def _require_rest(centre: Centre, keys: list[tuple[bytes, int]], moment: datetime) -> None:
    with centre.database.engine.begin() as connection:
        tried = [(store.failures(connection, key), free) for key, free in keys]
    for found, free in tried:
        if found is not None and moment < found[1] + wait_after(found[0], free):
            raise refuse_login(found[1] + wait_after(found[0], free) - moment, moment)


def _wrong(
    centre: Centre, keys: list[tuple[bytes, int]], known: tuple[str, Account] | None, moment: datetime
) -> NoReturn:
    """Count a wrong password, also of a name that is nobody's: the same rows for both.

    Raises:
        Refusal: 401.
    """
    organisation, account = known or (_NOBODY, Account(_NOBODY, _NOBODY, _NOBODY))
    with centre.database.engine.begin() as connection:
        for key, free in keys:
            forgotten = moment - SOURCE_MEMORY if free == FREE_SOURCE_TRIES else None
            if wait_after(store.failed(connection, key, moment, forgotten), free):
                rows = store.signing_in(connection, organisation)
                rows.happened(centre.randomness(16), account.name, Happening(TURNED_AWAY, moment, None))
                break
    raise refuse_login()


def opened(centre: Centre, organisation: str, entered: Entered, *, first: bool) -> SessieGeopend:
    """A session that began, as it is answered."""
    account = entered.person.account
    return SessieGeopend(
        token=entered.token.hex(),
        organisatie=organisation,
        rol=account.role,
        volledig=complete(entered.methods, required=centre.second_required) and not first,
        logbewijs=entered.logged,
    )


def half_of(centre: Centre, passwords: Passwords, half: str, trace: str) -> tuple[Door, bytes]:
    """The door and the token of a half session.

    Raises:
        Refusal: 401, this is none.
    """
    organisation, _stop, digits = half.partition(".")
    try:
        return door_of(centre, passwords, organisation, trace), bytes.fromhex(digits)
    except ValueError:
        raise half_over() from None


def second_step(centre: Centre, door: Door, token: bytes, answer: Answer, site: Site | None) -> SessieGeopend:
    """The second step.

    Raises:
        Refusal: 401 for a wrong answer or a half session that is over, 429 after too many.
    """
    name, _methods, _until = door.half_way(token)
    with centre.database.engine.begin() as connection:
        known = store.credentials(connection, name)
        first = store.first_until(connection, name)
    if known is None:
        raise half_over()
    entered = door.second_step(Person(name, known[1]), token, answer, site)
    return opened(centre, known[0], entered, first=first is not None)


def session_of(centre: Centre, token: str, moment: datetime, *, anyhow: bool = False) -> tuple[str, Session]:
    """Organisation and session of a bearer token.

    Args:
        centre: the register.
        token: as it travels.
        moment: now.
        anyhow: also where a second factor is asked of everyone and this session has none, or the password is another's choice; only for mending that, and for leaving.

    Raises:
        Refusal: 401; 403 without the second factor that is asked, or under a first password.
    """
    try:
        digest = token_digest(bytes.fromhex(token))
    except ValueError:
        raise not_logged_in() from None
    with centre.database.engine.begin() as connection:
        found = store.session(connection, digest)
        if found is None or not found[1].alive(moment, centre.terms):
            raise not_logged_in()
        store.seen(connection, digest, moment)
    if not anyhow and found[1].first:
        raise own_password_first()
    if not anyhow and not complete(found[1].methods, required=centre.second_required):
        raise second_required()
    return found


def sign_out(centre: Centre, token: str, moment: datetime, trace: str) -> None:
    """End a session.

    Raises:
        Refusal: 401, there is none.
    """
    organisation, session = session_of(centre, token, moment, anyhow=True)
    with centre.database.logged(moment) as work:
        store.close_session(work.connection, token_digest(bytes.fromhex(token)))
        who = _who(session.account.officer, session.account.role, moment, trace)
        work.enter({organisation: CATALOGUE.payload("afgemeld", ASKER, who)})


@dataclass(frozen=True)
class Colleague:
    """A functioneel beheerder who helps somebody of the own organisation."""

    organisation: str
    account: Account
    trace: str


def reset(centre: Centre, passwords: Passwords, by: Colleague, name: str) -> None:
    """Forget the second factor of somebody of the own organisation who lost it.

    Raises:
        Refusal: 403 for another role or the own account, 404 for an account that is not of this organisation.
    """
    if by.account.role != "functioneel_beheerder":
        raise _not_yours()
    with centre.database.engine.begin() as connection:
        known = store.credentials(connection, name)
    if known is None or known[0] != by.organisation:
        raise _no_such_account()
    if known[1].officer == by.account.officer:
        raise _own_account()
    door_of(centre, passwords, by.organisation, by.trace).reset(Person(name, known[1]), by.account)


def enter_lock_outs(centre: Centre, moment: datetime) -> dict[str, int]:
    """Enter in the log, for each organisation, whom the door turned away since this was last done; nobody acted, so it tells whose name it was."""
    with centre.database.engine.begin() as connection:
        found = store.turned_away(connection, TURNED_AWAY)
    entered = 0
    for organisation, name, at, number in found:
        with centre.database.logged(moment) as work:
            known = store.credentials(work.connection, name)
            if known is None or not store.tell(work.connection, number):
                continue
            fields = {
                "moment": at.isoformat(timespec="seconds"),
                "collega": known[1].officer,
                "rol": known[1].role,
                "aanmelding": TURNED_AWAY,
            }
            work.enter({organisation: CATALOGUE.payload("aanmelding_gewijzigd", SUBJECT, fields)})
            entered += 1
    return {"buitensluitingen": entered}


def _who(officer: str, role: str, moment: datetime, trace: str) -> dict[str, str]:
    return {
        "moment": moment.isoformat(timespec="seconds"),
        "medewerker": officer,
        "rol": role,
        "spoor": trace,
    }


def _not_yours() -> Refusal:
    return Refusal(
        403,
        "rol",
        _("Uw rol mag dit niet."),
        _("De tweede stap van een collega haalt alleen een functioneel beheerder weg."),
        way_forward=_("Vraag de functioneel beheerder van uw organisatie."),
        rule="C2",
    )


def _no_such_account() -> Refusal:
    return Refusal(
        404,
        "account-onbekend",
        _("Dit account is er niet, of is niet van uw organisatie."),
        _("Er is niets veranderd."),
        way_forward=_("Kijk hoe de naam precies geschreven wordt."),
    )


def _own_account() -> Refusal:
    return Refusal(
        403,
        "eigen-account",
        _("Dit is uw eigen account."),
        _(
            "Wie de eigen tweede stap weghaalt, kan na een diefstal van het wachtwoord niets meer tegenhouden."
        ),
        way_forward=_("Vraag een andere functioneel beheerder, of gebruik 'Mijn aanmelding'."),
        rule="C2",
    )


def foreign_body(field: str) -> Refusal:
    """The organisation in a body must be the verified one."""
    return Refusal(
        403,
        "andere-organisatie",
        _("U kunt alleen voor uw eigen organisatie werken."),
        _("De organisatie in het bericht is niet die van het certificaat. Er is niets opgeslagen."),
        way_forward=_("Zet de code van uw eigen organisatie in het bericht."),
        fields=(FieldError(field, _("Dit is een andere organisatie.")),),
        rule="C2",
    )
