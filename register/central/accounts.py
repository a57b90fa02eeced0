# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Accounts of people who sign in at the register itself: each change is an entry of the organisation of the account, which its FG reads.

On the machine of the register whoever runs it can make and end them without asking anybody, and cannot do it unseen; nobody of that organisation acted, so no
officer is named as the one who did. On its pages a functioneel beheerder does (`register.central.employing`), through the same functions, and is named (`By`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from audit.canonical import JSON
from process.language import gettext as _
from process.serving.errors import SettingsError
from register.accounts import Account
from register.central.centre import Centre
from register.central.store import people as store
from register.central.store.work import LoggedWork, Transaction
from register.door.store import Happening
from register.events import ASKER, CATALOGUE, SUBJECT


@dataclass(frozen=True)
class New:
    """An account to be made, with the hash of its password; `first_until` says until when that lets in, if somebody else made it."""

    organisation: str
    account: Account
    hashed: str = field(repr=False)
    first_until: datetime | None = None


@dataclass(frozen=True)
class By:
    """A functioneel beheerder of the organisation, on a page: number, and the trace of the request."""

    officer: str
    role: str
    trace: str


def make(centre: Centre, accounts: Iterable[New], moment: datetime) -> int:
    """Make accounts; one of a name that is there stays as it is. Gives how many were made, in one entry."""
    listed = list(accounts)
    with centre.database.engine.begin() as connection:
        fresh = [one for one in listed if store.credentials(connection, one.account.name) is None]
    if not fresh:
        return 0
    with centre.database.logged(moment) as work:
        made: dict[str, list[str]] = {}
        for one in fresh:
            add(centre, work.connection, one, moment)
            made.setdefault(one.organisation, []).append(one.account.officer)
        work.enter(
            {code: payload(moment, "account_gemaakt", {"collegas": list(who)}) for code, who in made.items()}
        )
    return len(fresh)


def add(centre: Centre, connection: Transaction, one: New, moment: datetime, by: By | None = None) -> bool:
    """Make one account, without its entry; False if there is one of that name."""
    if not store.add_account(connection, one.organisation, one.account, one.hashed, one.first_until):
        return False
    happened(centre, connection, one.organisation, one.account.name, "account_gemaakt", moment, by)
    return True


def end(centre: Centre, name: str, moment: datetime) -> None:
    """End an account, with its sessions and all that it signs in with.

    Raises:
        SettingsError: there is none of that name.
    """
    with centre.database.logged(moment) as work:
        organisation, account = _known(work.connection, name)
        ended(work, organisation, account, moment)


def ended(
    work: LoggedWork, organisation: str, account: Account, moment: datetime, by: By | None = None
) -> None:
    """End an account that is there, with its entry."""
    store.remove_account(work.connection, account.name)
    work.enter({organisation: payload(moment, "account_beeindigd", about(account), by)})


def reset(centre: Centre, name: str, moment: datetime) -> None:
    """Forget the second factor of somebody who lost it, where the organisation has no functioneel beheerder here.

    Raises:
        SettingsError: there is no account of that name.
    """
    with centre.database.logged(moment) as work:
        organisation, account = _known(work.connection, name)
        rows = store.signing_in(work.connection, organisation)
        rows.drop_all(name)
        rows.end_sessions(name)
        happened(centre, work.connection, organisation, name, "hersteld", moment)
        work.enter({organisation: payload(moment, "hersteld", about(account))})


def _known(connection: Transaction, name: str) -> tuple[str, Account]:
    known = store.credentials(connection, name)
    if known is None:
        raise SettingsError(_("Er is geen account met de naam {naam}.").format(naam=name))
    return known[0], known[1]


def happened(  # noqa: PLR0913, PLR0917 - what happened, where, to whom, by whom
    centre: Centre,
    connection: Transaction,
    organisation: str,
    name: str,
    what: str,
    moment: datetime,
    by: By | None = None,
) -> None:
    """Tell the person, on the own page."""
    rows = store.signing_in(connection, organisation)
    told = _("beheer van het register") if by is None else by.officer
    rows.happened(centre.randomness(16), name, Happening(what, moment, told))


def about(account: Account) -> Mapping[str, JSON]:
    """Of whom an entry is."""
    return {"collega": account.officer, "rol": account.role}


def payload(moment: datetime, what: str, about: Mapping[str, JSON], by: By | None = None) -> dict[str, JSON]:
    """What the log says: who did it, if somebody of the organisation did."""
    fields: dict[str, JSON] = {"moment": moment.isoformat(timespec="seconds"), "aanmelding": what, **about}
    if by is None:
        return CATALOGUE.payload("aanmelding_gewijzigd", SUBJECT, fields)
    acted: dict[str, JSON] = {"medewerker": by.officer, "rol": by.role, "spoor": by.trace}
    return CATALOGUE.payload("aanmelding_gewijzigd", ASKER, {**fields, **acted})
