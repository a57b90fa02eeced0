# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Accounts and controls that an administrator puts ready, read from YAML. Passwords stand in files of their own.

    accounts:
      - naam: inspecteur
        rol: toezichthouder
        medewerker: toezichthouder-GM9004           # 8 to 64 letters, digits or dashes; made when left out
        wachtwoordBestand: inspecteur.wachtwoord    # relative to this file; at least 12 characters; only its owner may read it
        onderwerp: 8f14e45f-ceea-467f-a83d-e3e0c4f2a111   # `sub` at the organisation's own provider; with it, no password is needed
    controles:
      - nummer: C-7K3M-Q2X9
        waarnemingGrondslag: apv_seksinrichting_151a
        controlesoort: prostitutiecontrole_vergund
        plaats: GM9004
        gepland: true                               # true when left out
        dag: 2026-11-22                             # today when left out

A key that is not known is an error, not ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from process.language import gettext as _
from process.secret import Secret
from process.serving.errors import SettingsError
from process.serving.secrets import read_secret
from register.municipal.accounts import ROLES
from register.municipal.controls import Control, control_problems
from register.municipalities import Municipality

SHORTEST_PASSWORD = 12
_OFFICER = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{3,31}", re.ASCII)
_ACCOUNT = frozenset({"naam", "rol", "medewerker", "wachtwoordBestand", "onderwerp"})
_CONTROL = frozenset({"nummer", "waarnemingGrondslag", "controlesoort", "plaats", "gepland", "dag"})


@dataclass(frozen=True)
class NewAccount:
    """An account to make; `officer` is empty when a number must still be made, `subject` when it is nobody of the provider."""

    name: str
    role: str
    officer: str
    secret: Secret | None
    subject: str = field(default="", repr=False)

    def password(self) -> str | None:
        """The password, without the line ending of its file; None for an account that only the provider opens."""
        if self.secret is None:
            return None
        return self.secret.reveal().decode("utf-8", "replace").rstrip("\r\n")


@dataclass(frozen=True)
class Records:
    """What a file puts ready."""

    accounts: tuple[NewAccount, ...]
    controls: tuple[Control, ...]


def read_records(
    file: Path, *, today: date, profile: str, municipalities: Mapping[str, Municipality]
) -> Records:
    """Read a file of accounts and controls.

    Raises:
        SettingsError: with the record that is wrong; no password is ever repeated.
    """
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise SettingsError(_("Het bestand {pad} is niet te lezen als YAML.").format(pad=file)) from None
    if not isinstance(document, dict) or not set(document) <= {"accounts", "controles"}:
        raise _wrong(file, _("alleen de lijsten accounts en controles mogen erin staan"))
    accounts = tuple(_account(one, file) for one in _list(document, "accounts", file))
    controls = tuple(_control(one, file, today) for one in _list(document, "controles", file))
    for control in controls:
        found = control_problems(
            control.basis,
            control.control_type,
            control.place,
            municipalities,
            profile=profile,
            on=control.day,
        )
        if found:
            raise _wrong(file, f"{control.number}: {found[0].field}: {found[0].reason}")
    return Records(accounts, controls)


def _wrong(file: Path, what: str) -> SettingsError:
    return SettingsError(_("Het bestand {pad} klopt niet: {wat}.").format(pad=file, wat=what))


def _list(document: Mapping[str, Any], name: str, file: Path) -> list[dict[str, Any]]:
    records = document.get(name) or []
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise _wrong(file, _("{naam} is geen lijst").format(naam=name))
    return records


def _account(record: Mapping[str, Any], file: Path) -> NewAccount:
    name, role = str(record.get("naam", "")), str(record.get("rol", ""))
    officer, password = str(record.get("medewerker", "")), str(record.get("wachtwoordBestand", ""))
    subject = str(record.get("onderwerp", ""))
    if not set(record) <= _ACCOUNT or not name or not (password or subject):
        raise _wrong(
            file, _("een account heeft naam, rol, wachtwoordBestand of onderwerp, en misschien medewerker")
        )
    if role not in ROLES:
        raise _wrong(
            file, _("account {naam}: kies een rol uit {rollen}").format(naam=name, rollen=", ".join(ROLES))
        )
    if officer and _OFFICER.fullmatch(officer) is None:
        raise _wrong(
            file, _("account {naam}: medewerker is 8 tot 64 letters, cijfers of streepjes").format(naam=name)
        )
    secret = read_secret(file.parent / password, minimum=SHORTEST_PASSWORD) if password else None
    return NewAccount(name, role, officer, secret, subject)


def _control(record: Mapping[str, Any], file: Path, today: date) -> Control:
    number, day = str(record.get("nummer", "")), record.get("dag", today)
    planned = record.get("gepland", True)
    if not set(record) <= _CONTROL or _NUMBER.fullmatch(number) is None:
        raise _wrong(
            file, _("een controle heeft nummer, waarnemingGrondslag, controlesoort, plaats, gepland en dag")
        )
    if type(day) is not date or not isinstance(planned, bool):
        raise _wrong(
            file, _("controle {nummer}: dag is een datum en gepland is true of false").format(nummer=number)
        )
    return Control(
        number=number,
        basis=str(record.get("waarnemingGrondslag", "")),
        control_type=str(record.get("controlesoort", "")),
        place=str(record.get("plaats", "")),
        planned=planned,
        day=day,
        officer=None,
    )
