# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Accounts of people who sign in at the register itself, made and ended on its machine: each is an entry of the organisation of the account, which its FG reads.

Whoever runs the register can do this without asking anybody, and cannot do it unseen. Nobody of that organisation acted, so no officer is named as the one who did.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from gettext import gettext as _

from audit.canonical import JSON
from process.serving.errors import SettingsError
from register.accounts import Account
from register.central.centre import Centre
from register.central.store import people as store
from register.central.store.work import Transaction
from register.door.store import Happening
from register.events import CATALOGUE, SUBJECT


@dataclass(frozen=True)
class New:
    """An account to be made, with the hash of its password."""

    organisation: str
    account: Account
    hashed: str = field(repr=False)


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
            store.add_account(work.connection, one.organisation, one.account, one.hashed)
            _happened(centre, work.connection, one.organisation, one.account.name, "account_gemaakt", moment)
            made.setdefault(one.organisation, []).append(one.account.officer)
        work.enter(
            {code: _payload(moment, "account_gemaakt", {"collegas": list(who)}) for code, who in made.items()}
        )
    return len(fresh)


def end(centre: Centre, name: str, moment: datetime) -> None:
    """End an account, with its sessions and all that it signs in with.

    Raises:
        SettingsError: there is none of that name.
    """
    with centre.database.logged(moment) as work:
        organisation, account = _known(work.connection, name)
        store.remove_account(work.connection, name)
        work.enter({organisation: _payload(moment, "account_beeindigd", _about(account))})


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
        _happened(centre, work.connection, organisation, name, "hersteld", moment)
        work.enter({organisation: _payload(moment, "hersteld", _about(account))})


def _known(connection: Transaction, name: str) -> tuple[str, Account]:
    known = store.credentials(connection, name)
    if known is None:
        raise SettingsError(_("Er is geen account met de naam {naam}.").format(naam=name))
    return known[0], known[1]


def _happened(  # noqa: PLR0913, PLR0917 - what happened, where, to whom
    centre: Centre, connection: Transaction, organisation: str, name: str, what: str, moment: datetime
) -> None:
    rows = store.signing_in(connection, organisation)
    rows.happened(centre.randomness(16), name, Happening(what, moment, _("beheer van het register")))


def _about(account: Account) -> Mapping[str, JSON]:
    return {"collega": account.officer, "rol": account.role}


def _payload(moment: datetime, what: str, about: Mapping[str, JSON]) -> dict[str, JSON]:
    fields: dict[str, JSON] = {"moment": moment.isoformat(timespec="seconds"), "aanmelding": what, **about}
    return CATALOGUE.payload("aanmelding_gewijzigd", SUBJECT, fields)
