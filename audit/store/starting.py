# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Why a process cannot start on its database: one sentence for its administrator, that says what to do and repeats no password.

A driver's own message is not passed on: it is in English, it may hold what was sent, and an administrator needs the next step.
"""

import sqlite3
import stat
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from process.language import gettext as _
from process.serving.errors import SettingsError


def require_passfile(url: URL) -> None:
    """Looks at the passfile that a URL names, because libpq silently passes over one that others can read.

    Raises:
        SettingsError: it is not there, or others can read it.
    """
    named = url.query.get("passfile")
    if not isinstance(named, str):
        return
    try:
        mode = Path(named).stat().st_mode
    except OSError:
        raise SettingsError(_("Het wachtwoordbestand {pad} is er niet.").format(pad=named)) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(
            _(
                "Anderen op deze machine kunnen het wachtwoordbestand {pad} lezen, en dan gebruikt PostgreSQL het niet. Maak het alleen leesbaar voor de "
                "eigenaar (chmod 600)."
            ).format(pad=named)
        )


def told_at_start(error: Exception, url: URL) -> str:
    """The sentence for what a database did instead of working.

    Args:
        error: an Outage or SQLAlchemy's error, with the driver's behind it.
        url: of the database; its host, name and user are told, its password never.
    """
    driver = _driver_error(error)
    if url.get_backend_name() == "sqlite":
        return _told_sqlite(driver, Path(url.database or ""))
    return _told_postgresql(driver, url)


def _driver_error(error: BaseException) -> BaseException:
    """What the driver, or the operating system, raised first."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _told_sqlite(driver: BaseException, path: Path) -> str:
    code = getattr(driver, "sqlite_errorcode", None)
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return _(
            "Het bestand {pad} is geen database, of het is beschadigd. Zet een reservekopie terug of kies een ander bestand."
        ).format(pad=path)
    if code == sqlite3.SQLITE_FULL:
        return _("De schijf met {pad} is vol. Maak ruimte en start opnieuw.").format(pad=path)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return _("Een ander programma houdt de database {pad} bezet. Sluit het en start opnieuw.").format(
            pad=path
        )
    if not path.parent.is_dir():
        return _("De map {map} is er niet; daar moet de database {pad} staan. Maak de map.").format(
            map=path.parent, pad=path.name
        )
    return _(
        "In de map {map} kan dit proces niet schrijven; daar moet de database {pad} staan. Geef de gebruiker van dit proces schrijfrecht op de map en "
        "het bestand."
    ).format(map=path.parent, pad=path.name)


def _told_postgresql(driver: BaseException, url: URL) -> str:
    where = {"naam": url.database or "?", "gebruiker": url.username or "?", "adres": _address(url)}
    connection: Any = getattr(driver, "pgconn", None)
    if getattr(driver, "sqlstate", None) == "42501":
        sentence = _(
            "Gebruiker {gebruiker} mag in database {naam} niet doen wat hier nodig is. Geef de rechten uit 'database roles', of migreer als eigenaar van de "
            "tabellen."
        )
    elif getattr(connection, "needs_password", False):
        sentence = _(
            "De database op {adres} vraagt een wachtwoord voor {gebruiker} en er is er geen. Zet het in een bestand en noem dat in het adres "
            "(?passfile=PAD)."
        )
    elif getattr(connection, "used_password", False):
        sentence = _(
            "De database op {adres} accepteert het wachtwoord van {gebruiker} niet. Controleer gebruiker en wachtwoordbestand."
        )
    elif getattr(driver, "sqlstate", None) in {"55P03", "57014"}:
        sentence = _(
            "In database {naam} houdt iemand anders iets bezet, misschien een migratie. Wacht tot die klaar is en start opnieuw."
        )
    else:
        sentence = _(
            "De database {naam} op {adres} is niet bereikbaar. Controleer of PostgreSQL draait, of de database bestaat, en of het adres klopt."
        )
    return sentence.format(**where)


def _address(url: URL) -> str:
    host = url.host or url.query.get("host") or "localhost"
    return f"{host if isinstance(host, str) else host[0]}:{url.port or 5432}"
