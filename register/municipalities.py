# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which municipalities exist on a day, and who took over from those that no longer do.

Codes and names are facts of CBS (Gemeentelijke indeling); the caller parses the table from text. A code lives from `van` until the day before `tot`, and an
empty date is an open end. Municipalities from GM9000 up exist in exercises only, and the real ones do not exist there. A question about existence
always names the day: a municipality that ended in January is right for a control of December and wrong for one of today.

Left to others: which organisations take part in the register (policies.grounds), and what a merger does to their signals (register.central).
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from process.language import gettext as _


@dataclass(frozen=True)
class Municipality:
    """One municipality of the list.

    Attributes:
        code: GM and four digits, as CBS gives them.
        name: what people call it.
        exercise: whether it exists only in exercises.
        since: its first day; None when the list does not say.
        until: the first day on which it no longer exists; None while it does.
        successors: codes of those who took over; several when it was divided.
    """

    code: str
    name: str
    exercise: bool
    since: date | None = None
    until: date | None = None
    successors: tuple[str, ...] = ()

    def exists(self, on: date) -> bool:
        """True if the municipality exists on this day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


PARTNERS: Mapping[str, str] = {
    "TMM": _("Team Migratiecriminaliteit en Mensenhandel"),
    "NLA": _("Nederlandse Arbeidsinspectie"),
    "KMAR": _("Koninklijke Marechaussee"),
    "COMENSHA": _("CoMensha"),
    "AP": _("Autoriteit Persoonsgegevens"),
    "NRM": _("Nationaal Rapporteur Mensenhandel en Seksueel Geweld tegen Kinderen"),
}
"""Organisations that are no municipality and of which there is one, by code."""

HOSTS: Mapping[str, str] = {"RIEC": _("RIEC"), "ZVH": _("Zorg- en Veiligheidshuis")}
"""Where a ketenregisseur works; of each there are several, with a code such as RIEC-OOST."""
_OF_A_HOST = re.compile(r"(RIEC|ZVH)-[A-Z0-9]{2,11}", re.ASCII)


def chain_host(code: str) -> str:
    """RIEC or ZVH when this organisation is one of those; else nothing."""
    found = _OF_A_HOST.fullmatch(code)
    return "" if found is None else found.group(1)


def municipalities_from(text: str) -> Mapping[str, Municipality]:
    """Parse register/data/gemeenten.csv: columns code, naam, van, tot, opvolger; lines that start with # are comments.

    Raises:
        ValueError: a date that is none, an end without a successor, or a successor that is not in the list.
    """
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    table = {row["code"]: _municipality(row) for row in csv.DictReader(lines)}
    for one in table.values():
        if (one.until is None) != (not one.successors) or not set(one.successors) <= set(table):
            raise ValueError(f"{one.code}: an end and successors that exist come together")
    return table


def _municipality(row: Mapping[str, str]) -> Municipality:
    return Municipality(
        row["code"],
        row["naam"],
        exercise=row["code"] >= "GM9000",
        since=_day(row["van"]),
        until=_day(row["tot"]),
        successors=tuple(row["opvolger"].split()),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def known_municipality(code: str, table: Mapping[str, Municipality], *, profile: str, on: date) -> bool:
    """True if the code is a municipality in this profile on this day; in `oefening` the real ones are not."""
    found = _listed(code, table, profile)
    return found is not None and found.exists(on)


def municipality_problem(
    code: str, table: Mapping[str, Municipality], *, profile: str, on: date
) -> str | None:
    """Why this code is no municipality on this day, in Dutch, with the successor if there is one; None if it is one."""
    found = _listed(code, table, profile)
    if found is None:
        return (
            _(
                "Deze gemeente kennen we niet. Vul de gemeentecode in: GM en vier cijfers, zoals GM9001 in een oefening."
            )
            if profile == "oefening"
            else _(
                "Deze gemeente kennen we niet. Vul de gemeentecode van het CBS in: GM en vier cijfers, zoals GM0014."
            )
        )
    if found.exists(on):
        return None
    if found.since is not None and on < found.since:
        return _("{naam} bestaat pas vanaf {dag}. Kies de gemeente die er toen was.").format(
            naam=found.name, dag=found.since.isoformat()
        )
    successors = _(" of ").join(f"{one} ({table[one].name})" for one in found.successors)
    return _("{naam} bestaat sinds {dag} niet meer. Kies de opvolger: {opvolger}.").format(
        naam=found.name, dag="" if found.until is None else found.until.isoformat(), opvolger=successors
    )


def known_organisation(code: str, table: Mapping[str, Municipality], *, profile: str) -> bool:
    """True if the code is that of a partner, or is or was a municipality in this profile.

    Without a day: what a municipality left behind is still in the files of its successor.
    """
    return code in PARTNERS or bool(chain_host(code)) or _listed(code, table, profile) is not None


def organisation_name(code: str, table: Mapping[str, Municipality]) -> str:
    """What people call an organisation; its code when it is not in a list."""
    if host := chain_host(code):
        return f"{HOSTS[host]} {code.removeprefix(host + '-').capitalize()}"
    return table[code].name if code in table else PARTNERS.get(code, code)


def _listed(code: str, table: Mapping[str, Municipality], profile: str) -> Municipality | None:
    found = table.get(code)
    return found if found is not None and found.exercise == (profile == "oefening") else None
