# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`/v1/sessies`: FG's and TMM's people sign in at the register itself; everyone else comes through a node."""

from datetime import datetime
from gettext import gettext as _

from process.problem import FieldError, Refusal
from register.accounts import (
    TOKEN_SIZE,
    Passwords,
    Session,
    name_key,
    not_logged_in,
    refuse_login,
    token_digest,
    wait_after,
)
from register.central.centre import Centre, receipt
from register.central.store import people as store
from register.events import ASKER, CATALOGUE
from register.wire import Sessie, SessieGeopend


def sign_in(
    centre: Centre, passwords: Passwords, sent: Sessie, moment: datetime, trace: str
) -> SessieGeopend:
    """Open a session.

    Raises:
        Refusal: 401, or 429 after too many wrong passwords.
    """
    key = name_key(centre.tag_key, sent.naam)
    with centre.database.engine.begin() as connection:
        tried = store.failures(connection, key)
        known = store.credentials(connection, sent.naam)
    if tried is not None and moment < tried[1] + wait_after(tried[0]):
        raise refuse_login(tried[1] + wait_after(tried[0]) - moment)
    # Outside any transaction: Argon2id takes its time, and SQLite has one writer.
    if not passwords.correct(sent.wachtwoord, known[2] if known else None) or known is None:
        with centre.database.engine.begin() as connection:
            store.failed(connection, key, moment)
        raise refuse_login()
    organisation, account, _hash = known
    token = centre.randomness(TOKEN_SIZE)
    with centre.database.logged(moment) as work:
        store.forget_failures(work.connection, key)
        store.open_session(work.connection, token_digest(token), account.name, moment)
        work.enter(
            {
                organisation: CATALOGUE.payload(
                    "aangemeld", ASKER, _who(account.officer, account.role, moment, trace)
                )
            }
        )
    return SessieGeopend(
        token=token.hex(), organisatie=organisation, rol=account.role, logbewijs=receipt(work)
    )


def session_of(centre: Centre, token: str, moment: datetime) -> tuple[str, Session]:
    """Organisation and session of a bearer token.

    Raises:
        Refusal: 401.
    """
    try:
        digest = token_digest(bytes.fromhex(token))
    except ValueError:
        raise not_logged_in() from None
    with centre.database.engine.begin() as connection:
        found = store.session(connection, digest)
        if found is None or not found[1].alive(moment):
            raise not_logged_in()
        store.seen(connection, digest, moment)
    return found


def sign_out(centre: Centre, token: str, moment: datetime, trace: str) -> None:
    """End a session.

    Raises:
        Refusal: 401, there is none.
    """
    organisation, session = session_of(centre, token, moment)
    with centre.database.logged(moment) as work:
        store.close_session(work.connection, token_digest(bytes.fromhex(token)))
        who = _who(session.account.officer, session.account.role, moment, trace)
        work.enter({organisation: CATALOGUE.payload("afgemeld", ASKER, who)})


def _who(officer: str, role: str, moment: datetime, trace: str) -> dict[str, str]:
    return {
        "moment": moment.isoformat(timespec="seconds"),
        "medewerker": officer,
        "rol": role,
        "spoor": trace,
    }


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
