# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Looking at what the organisation itself submitted: why somebody may, and what it says in words.

Looking is for a reason, given before anything is shown, and kept for thirteen months with who looked; the reason is a code, because a sentence could
hold a name. An aandachtsfunctionaris sees all of the own organisation, also what a colleague left behind; others see what they submitted
themselves, without the attributes of people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from process.language import gettext as _
from register.accounts import Account
from register.municipal.accounts import may
from register.signals import (
    CONTROL_TYPES,
    EXPLOITATION_FORMS,
    HANDLING,
    INDICATORS,
    INFORMATION_GRADES,
    OBSERVATION_BASES,
    QUALITY_POINTS,
    ROLES,
    SOURCES,
    Item,
)
from register.words import day

LOOKS_KEPT = timedelta(days=396)
"""Thirteen months, as long as the register can tell what a question was about."""

LOOKS: Mapping[str, str] = {
    "opvolging": _("Ik werk aan de opvolging van dit signaal"),
    "treffer": _("Er is een treffer met dit signaal"),
    "verbeteren": _("Ik verbeter een signaal dat is geweigerd"),
    "verzoek_betrokkene": _("Iemand vraagt om inzage, verbetering of verwijdering"),
    "kwaliteit": _("Ik controleer of dit signaal klopt"),
}
"""Why a record is opened."""

MEND = "verbeteren"


def sees_all(account: Account) -> bool:
    """True for whoever looks after all signals of the organisation."""
    return may(account.role, "signaal_verrijken_corrigeren_intrekken")


def within_reach(account: Account, officer: str) -> bool:
    """True for what this person submitted themselves, and for whoever looks after all signals of the organisation."""
    return officer == account.officer or sees_all(account)


@dataclass(frozen=True)
class Look:
    """That somebody looked.

    Attributes:
        look_id: of this look.
        signal_id: at which signal.
        officer: pseudonymous number of who looked.
        role: in which they did.
        reason: code of LOOKS.
        attributes: whether the attributes of people were shown.
        at: when.
    """

    look_id: UUID
    signal_id: UUID
    officer: str
    role: str
    reason: str
    attributes: bool
    at: datetime


def observation_rows(signal: Mapping[str, Any]) -> list[tuple[str, str | list[str]]]:
    """What was observed, as (term, words); `signal` is the JSON of the interface."""
    graded, tracks = signal.get("beoordeling"), signal.get("sporen")
    rows: list[tuple[str, str | list[str]]] = [
        (_("Gezien op"), day(signal["waargenomen"])),
        (_("Vorm van uitbuiting"), _label(EXPLOITATION_FORMS, signal["uitbuitingsvorm"])),
        (_("Taak"), _label(OBSERVATION_BASES, signal["waarnemingGrondslag"])),
        (_("Soort controle"), _label(CONTROL_TYPES, signal["controlesoort"])),
        (
            _("Aanwijzingen"),
            [INDICATORS[code].label if code in INDICATORS else code for code in signal["aanwijzingen"]],
        ),
    ]
    if graded:
        rows += [
            (_("De bron"), _label(SOURCES, graded["bron"])),
            (_("De informatie"), _label(INFORMATION_GRADES, str(graded["informatie"]))),
            (_("Wie mag het gebruiken?"), _label(HANDLING, graded["behandeling"])),
        ]
    special = _special(tracks or {}, border=bool(signal.get("grenscontext")))
    if special:
        rows.append((_("Bijzonderheden"), special))
    if signal.get("kwaliteitscontrole"):
        rows.append((_("Nagekeken"), [_label(QUALITY_POINTS, code) for code in signal["kwaliteitscontrole"]]))
    if signal.get("controle"):
        rows.append((_("Controle"), signal["controle"]))
    return rows


def subject_rows(subject: Mapping[str, Any]) -> list[tuple[str, str]]:
    """One subject, as (term, words): its role, and what was typed about it as far as it may be shown."""
    rows = [(_("Mogelijke rol"), _label(ROLES, subject["rol"]))]
    for attribute in subject.get("kenmerken", []):
        name = attribute_name(attribute["soort"])
        parts = attribute["velden"]
        ordered = [part for part in _PART_ORDER if part in parts] + [
            part for part in parts if part not in _PART_ORDER
        ]
        rows.append((name, " ".join(parts[part] for part in ordered)))
    return rows


_PART_ORDER: Sequence[str] = (
    *("issuer", "country", "platform", "given", "name", "surname", "postcode"),
    *("number", "plate", "handle", "addition", "dob"),
)


def attribute_name(kind: str) -> str:
    """A kind of attribute as people say it."""
    return {
        "bsn": _("Burgerservicenummer"),
        "v_nummer": _("V-nummer"),
        "document": _("Paspoort of identiteitskaart"),
        "name_dob": _("Naam en geboortedatum"),
        "phone": _("Telefoonnummer"),
        "email": _("E-mailadres"),
        "social_handle": _("Sociale media"),
        "ad_id_or_url": _("Advertentie"),
        "work_alias": _("Werknaam"),
        "plate": _("Kenteken"),
        "bag_address": _("Adres"),
        "iban": _("Rekeningnummer"),
        "kvk": _("KvK-nummer"),
    }.get(kind, kind)


def _special(tracks: Mapping[str, Any], *, border: bool) -> list[str]:
    named = [
        (tracks.get("geenPolitiecontact"), _("De persoon wil geen contact met de politie")),
        (tracks.get("zorgspoor"), _("De persoon heeft zorg nodig of krijgt die al")),
        (tracks.get("acuutGevaar"), _("Er was acuut gevaar")),
        (border, _("Het was bij of rond de grens")),
    ]
    return [text for holds, text in named if holds]


def _label(items: Mapping[str, Item], code: str) -> str:
    return items[code].label if code in items else code
