# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/accounts`: a functioneel beheerder sees to the accounts that people of the own organisation have at this register.

1. It is `accounts_beheren` (C20): the accounts of another organisation are not there, whatever is asked of them. Nobody does this to the own account.
2. An account is made for somebody **with a mandate on record** in a role that works at these pages; nothing else could be done with it. What it opens, the mandate says, as before.
3. It comes with a **first password** that nobody chose, shown once, for three days. It opens nothing but the page on which the person chooses an own one
   (`register.central.signing_in`); after that a second step is asked as of everybody.
4. Accounts of an FG and of a functioneel beheerder are made on the machine of the register (`register.proposing.APART`), and nobody here gives them a password:
   whoever could would be the second pair of eyes, or the supervisor, too. An FG's is not blocked or ended here either (AVG 38(3)).
5. Each step is an entry of the own organisation that names who did it, through the functions with which an administrator does the same (`register.central.accounts`),
   and the person reads it on the own page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from policies.decision import fitting
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.accounts import Account, Passwords
from register.central import accounts
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, who
from register.central.store import people as store
from register.central.store.work import LoggedWork
from register.events import ASKER, CATALOGUE
from register.proposing import APART, apart_sentence
from register.second_factor import first_password
from register.wire import (
    AccountGedaan,
    AccountKeuze,
    AccountLijst,
    AccountMaken,
    EersteWachtwoord,
    RegisterAccount,
)

ACTION: Final = "accounts_beheren"
AT_THE_PAGES: Final = frozenset(
    {"tmm_analist", "tmm_coordinator", "nla", "kmar", "ketenregisseur", "zorgcoordinator"}
)
"""Roles with a workplace at the register; others come through the node of their organisation."""
FIRST_FOR: Final = timedelta(days=3)
"""How long a first password lets in: chosen here, over a weekend."""


@dataclass(frozen=True)
class Managing:
    """A functioneel beheerder at work."""

    centre: Centre
    acting: Acting

    def require(self) -> None:
        """Returns only for who manages the own organisation.

        Raises:
            Refusal: 403.
        """
        self._permit()

    def _permit(self) -> object:
        organisation = self.acting.organisation
        person = asker(self.centre.policy.register, self.acting)
        facts = fitting(organisation, "", organisation)
        return permit(self.centre, person, occasion(self.acting), ACTION, facts)

    @property
    def by(self) -> accounts.By:
        """Who acts, as the log names it."""
        person = self.acting.person
        return accounts.By(person.medewerker, person.rol, self.acting.trace)


def listed(managing: Managing) -> AccountLijst:
    """The accounts of the own organisation, and who with a mandate has none.

    Raises:
        Refusal: 403.
    """
    managing.require()
    centre, acting = managing.centre, managing.acting
    records, today = centre.policy.register, acting.moment.date()
    with centre.database.logged(acting.moment) as work:
        found = store.accounts_of(work.connection, acting.organisation)
        told = [_told(managing, work, one) for one in found]
        said = {**who(acting), "onderdeel": "accounts"}
        work.enter({acting.organisation: CATALOGUE.payload("beheer_geraadpleegd", ASKER, said)})
    there = {(one.account.officer, one.account.role) for one in found}
    lacking = {
        (one.officer, one.role)
        for one in records.mandates
        if one.organisation == acting.organisation and one.role in AT_THE_PAGES and today <= one.valid_to
    }
    return AccountLijst(
        accounts=told,
        keuzes=[
            AccountKeuze(medewerker=officer, rol=role)
            for officer, role in sorted(lacking - there)
            if officer != acting.person.medewerker
        ],
        logbewijs=receipt(work),
    )


def _told(managing: Managing, work: LoggedWork, one: store.Listed) -> RegisterAccount:
    centre, acting, account = managing.centre, managing.acting, one.account
    rows = store.signing_in(work.connection, acting.organisation)
    app = rows.app(account.name)
    alive = [
        each
        for each in rows.sessions(account.name)
        if centre.terms.alive(each.created_at, each.seen_at, acting.moment)
    ]
    mandate = centre.policy.register.mandate_of(
        acting.organisation, account.officer, account.role, acting.moment.date()
    )
    blocked = one.first_until is not None and one.first_until <= acting.moment
    return RegisterAccount(
        naam=account.name,
        medewerker=account.officer,
        rol=account.role,
        tweede_stap=(app is not None and app.confirmed_at is not None) or bool(rows.passkeys(account.name)),
        aangemeld=len(alive),
        eerste_wachtwoord_tot=None if blocked else one.first_until,
        geblokkeerd=blocked,
        mandaat_geldt=mandate is not None
        and mandate.covers(acting.organisation, account.officer, account.role, acting.moment.date()),
        eigen=account.officer == acting.person.medewerker,
    )


def make(managing: Managing, passwords: Passwords, sent: AccountMaken) -> EersteWachtwoord:
    """Make an account for somebody with a mandate.

    Raises:
        Refusal: 403 for oneself and for roles of elsewhere; 400 without a mandate; 409 a name or person that has one.
    """
    managing.require()
    centre, acting = managing.centre, managing.acting
    if sent.medewerker == acting.person.medewerker:
        raise _own_account()
    if sent.rol not in AT_THE_PAGES:
        raise _elsewhere(sent.rol)
    today = acting.moment.date()
    if not any(
        (one.organisation, one.officer, one.role) == (acting.organisation, sent.medewerker, sent.rol)
        and today <= one.valid_to
        for one in centre.policy.register.mandates
    ):
        raise _no_mandate()
    password = first_password(centre.randomness)
    account = Account(sent.medewerker, f"{sent.naam}@{acting.organisation.lower()}", sent.rol)
    until = acting.moment + FIRST_FOR
    # Outside any transaction: Argon2id takes its time, and SQLite has one writer.
    new = accounts.New(acting.organisation, account, passwords.hash(password), until)
    with centre.database.logged(acting.moment) as work:
        there = store.accounts_of(work.connection, acting.organisation)
        if any((one.account.officer, one.account.role) == (account.officer, account.role) for one in there):
            raise _has_account()
        if not accounts.add(centre, work.connection, new, acting.moment, managing.by):
            raise _name_taken()
        _entered(managing, work, account, "account_gemaakt")
    return EersteWachtwoord(naam=account.name, wachtwoord=password, geldig_tot=until, logbewijs=receipt(work))


def give_first_password(managing: Managing, passwords: Passwords, name: str) -> EersteWachtwoord:
    """Another first password for somebody who forgot the own one, or was blocked; the second step stays.

    Raises:
        Refusal: 403 the own account, or an FG's or functioneel beheerder's; 404 no account of this organisation.
    """
    # Before Argon2id, of which few run at a time: whoever may not do this makes nobody wait.
    managing.require()
    password = first_password(managing.centre.randomness)
    hashed, until = passwords.hash(password), managing.acting.moment + FIRST_FOR
    with _changing(managing, name, "eerste_wachtwoord", spared=APART) as (work, _account):
        _give(managing, work, name, hashed, until)
    return EersteWachtwoord(naam=name, wachtwoord=password, geldig_tot=until, logbewijs=receipt(work))


def block(managing: Managing, name: str) -> AccountGedaan:
    """Let nobody in under this name until there is a new first password; every session ends.

    Raises:
        Refusal: 403 the own account, or an FG's; 404 no account of this organisation.
    """
    with _changing(managing, name, "account_geblokkeerd", spared=_SUPERVISES) as (work, _account):
        _give(managing, work, name, None, managing.acting.moment)
    return AccountGedaan(naam=name, logbewijs=receipt(work))


def _give(managing: Managing, work: LoggedWork, name: str, hashed: str | None, until: datetime) -> None:
    """The password first, in the order in which a person changes their own (`register.door.door`): a change under way then finds its session gone, or its new session is ended here."""
    store.put_first(work.connection, name, hashed, until)
    store.signing_in(work.connection, managing.acting.organisation).end_sessions(name)


def sign_out(managing: Managing, name: str) -> AccountGedaan:
    """End every session of somebody.

    Raises:
        Refusal: 403 the own account; 404 no account of this organisation.
    """
    with _changing(managing, name, "sessies_beeindigd") as (work, _account):
        store.signing_in(work.connection, managing.acting.organisation).end_sessions(name)
    return AccountGedaan(naam=name, logbewijs=receipt(work))


def end(managing: Managing, name: str) -> AccountGedaan:
    """End an account, with its sessions and all that it signs in with; the mandate stays.

    Raises:
        Refusal: 403 the own account, or an FG's; 404 no account of this organisation.
    """
    managing.require()
    acting = managing.acting
    with managing.centre.database.logged(acting.moment) as work:
        account = _of_organisation(managing, work, name, _SUPERVISES)
        accounts.ended(work, acting.organisation, account, acting.moment, managing.by)
    return AccountGedaan(naam=name, logbewijs=receipt(work))


_SUPERVISES: Final = frozenset({"fg"})


@contextmanager
def _changing(
    managing: Managing, name: str, what: str, *, spared: frozenset[str] = frozenset()
) -> Iterator[tuple[LoggedWork, Account]]:
    """One change to an account of the own organisation, which its owner reads, with its entry."""
    managing.require()
    acting = managing.acting
    with managing.centre.database.logged(acting.moment) as work:
        account = _of_organisation(managing, work, name, spared)
        yield work, account
        accounts.happened(
            managing.centre, work.connection, acting.organisation, name, what, acting.moment, managing.by
        )
        _entered(managing, work, account, what)


def _of_organisation(managing: Managing, work: LoggedWork, name: str, spared: frozenset[str]) -> Account:
    known = store.credentials(work.connection, name)
    if known is None or known[0] != managing.acting.organisation:
        raise _no_such_account()
    account = known[1]
    if account.officer == managing.acting.person.medewerker:
        raise _own_account()
    if account.role in spared:
        raise _kept_apart()
    return account


def _entered(managing: Managing, work: LoggedWork, account: Account, what: str) -> None:
    about = {"collega": account.officer}
    entry = accounts.payload(managing.acting.moment, what, about, managing.by)
    work.enter({managing.acting.organisation: entry})


def _no_such_account() -> Refusal:
    return Refusal(
        404,
        "account-onbekend",
        _("Dit account is er niet, of is niet van uw organisatie."),
        _("Er is niets veranderd."),
        way_forward=_("Kies een account uit de lijst."),
    )


def _own_account() -> Refusal:
    return Refusal(
        403,
        "eigen-account",
        _("Dit is uw eigen account."),
        _("Uw eigen account maakt en wijzigt u hier niet. Er is niets veranderd."),
        way_forward=_("Gebruik 'Mijn aanmelding', of vraag een andere functioneel beheerder."),
        rule="C5",
    )


def _kept_apart() -> Refusal:
    return Refusal(
        403,
        "niet-hier",
        _("Dit kan hier niet voor dit account."),
        _(
            "Een FG of functioneel beheerder kijkt mee met wat u doet. Daarom geeft u die geen wachtwoord, en sluit u een FG niet buiten."
        ),
        way_forward=_("Vraag de beheerder van het register, met een besluit van uw college."),
        rule="C5",
    )


def _elsewhere(role: str) -> Refusal:
    way = (
        _("Vraag de beheerder van het register, met een besluit van uw college.")
        if role in APART
        else _("Vraag wie de node van uw organisatie beheert: daar krijgt deze rol een account.")
    )
    return Refusal(
        403,
        "niet-hier",
        _("Voor deze rol maakt u hier geen account."),
        apart_sentence() if role in APART else _("Deze rol werkt niet op deze bladzijden."),
        way_forward=way,
        rule="C5" if role in APART else None,
    )


def _no_mandate() -> Refusal:
    return Refusal(
        400,
        "account-zonder-mandaat",
        _("Er is geen account gemaakt."),
        _("Deze persoon heeft in deze rol geen mandaat van uw organisatie."),
        way_forward=_("Leg eerst het mandaat vast. Daarna kan het account."),
        fields=(FieldError("medewerker", _("Kies iemand uit de lijst.")),),
        rule="C2",
    )


def _has_account() -> Refusal:
    return Refusal(
        409,
        "account-bestaat",
        _("Er is geen account gemaakt."),
        _("Deze persoon heeft in deze rol al een account."),
        way_forward=_("Is het wachtwoord kwijt? Geef dan een nieuw eerste wachtwoord."),
        fields=(FieldError("medewerker", _("Heeft al een account.")),),
    )


def _name_taken() -> Refusal:
    return Refusal(
        409,
        "naam-bezet",
        _("Er is geen account gemaakt."),
        _("Deze naam heeft al iemand van uw organisatie."),
        way_forward=_("Kies een andere naam."),
        fields=(FieldError("naam", _("Deze naam is bezet.")),),
    )
