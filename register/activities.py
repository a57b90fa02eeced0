# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The processing activities (AVG 30): which one an action belongs to, and the register of them, read off the policies and grounds themselves.

The law of this file:

1. An activity is **a purpose of the policies**, with two exceptions: what TMM does for any purpose is one of its own, because its controller and its law (Wpg) are others,
   and so is what the register does by itself when a term ends.
2. Its id is a URI that never changes; what it means at a moment is what the policies and grounds of that moment say (Logboek dataverwerkingen,
   "Gedrag van Register"). The hash of the rules is in each version of the register, and in each decision record.
3. **Every role and purpose for which some rule permits anything appears, and nothing else** (tested against each profile). Nothing here is typed by hand but names,
   terms that the code keeps, and measures.
4. Every event of the log is about people or is not (tested); one that is, is not written without saying whom (register.central.store.work).
5. A person concerned is named by a code under a key of the register or node: per signal and subject for what is stored, per question for who was asked about.
   Two questions about one person have nothing in common here, so no new pseudonym arises.

Left to others: writing lines (process.serving.ldv), pages and files of this register (register.register30).
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from policies.decision import FIELDS, PURPOSES, ROLES
from policies.explain import ARTICLES, field_label, purpose_label
from policies.grounds import GroundRegister
from policies.ruleset import PolicySet, Rule
from process.language import capital, together
from process.language import gettext as _
from process.processing import DataSubject
from pseudonymisation.pseudonym import length_prefixed
from register.retention import LOG_YEARS, MONTHS, QUESTION_MONTHS, TREFFER_DAYS

BASE: Final = "urn:nl:signaalregister:verwerking:"
TERMS: Final = "bewaartermijnen"
ADMINISTRATION: Final = "beheer"
TMM: Final = "tmm-raadpleging"
TMM_ROLES: Final = frozenset({"tmm_analist", "tmm_coordinator"})

STORED: Final = "urn:nl:signaalregister:betrokkene:signaal"
"""Kind of code of a subject of a signal."""
ASKED: Final = "urn:nl:signaalregister:betrokkene:vraag"
"""Kind of code of who was asked about: of this one request."""

ABOUT_PEOPLE: Final = frozenset(
    {
        "signaal_ingediend",
        "signaal_ingetrokken",
        "bevraging",
        "treffers_geraadpleegd",
        "treffer_geopend",
        "treffer_stap",
        "contact_vrijgegeven",
        "overdracht_gestart",
        "overdracht_geopend",
        "overdracht_beantwoord",
        "terugkoppelingen_geraadpleegd",
        "dossier_geraadpleegd",
        "dossiers_geraadpleegd",
        "netwerk_geraadpleegd",
        "verklaring_vastgelegd",
        "verklaring_ingetrokken",
        "uitsluiting_vastgelegd",
        "fase_2_gevraagd",
        "fase_2_vrijgegeven",
        "noodopening",
        "inzage_bevragingen",
        "vernietigd",
        "verhaal_vrijgegeven",
        "verhaal_opgehaald",
        "verhaal_teruggehaald",
        "zegels_geraadpleegd",
        "attendering_nagegaan",
        "attendering_gezet",
        "signaal_bevestigd",
        "hervalidatie_gevraagd",
    }
)
"""Events whose action concerned people in signals or questions."""
NOT_ABOUT_PEOPLE: Final = frozenset(
    {
        # What an FG reads or reviews, a sign-in: of employees, who stand in the audit log and not here.
        "noodopening_nagekeken",
        "noodopeningen_geraadpleegd",
        "logboek_geraadpleegd",
        "aangemeld",
        "afgemeld",
        "aanmelding_gewijzigd",
        "quotum_sleutelhouder_bereikt",
        "controle_afgerond",
        "bevriezing_gevraagd",
        "bevriezing_bevestigd",
        "bevriezing_opgeheven",
        "bevriezingen_geraadpleegd",
        "datalek_opgesteld",
        "datalek_geraadpleegd",
        "datalek_afgehandeld",
        "datalekken_geraadpleegd",
        "postvak_gevuld",
        "postvak_bekeken",
        "post_geopend",
        "post_beoordeeld",
        "steekproef_getrokken",
        "maand_bekeken",
        "maand_afgetekend",
        "verslag_gemaakt",
        "verstrekkingen_bekeken",
        "grenzen_bekeken",
        "grens_gewijzigd",
        # Standing questions of the own role, and that something waits: numbers, and ids of what is opened elsewhere.
        "attendering_beeindigd",
        "attenderingen_geraadpleegd",
        "berichten_geraadpleegd",
        "bericht_gelezen",
        # Of a telephone or a building that so many have, and of nobody by itself.
        "uitsluitingen_geraadpleegd",
        "uitsluiting_beeindigd",
        # Refused before anything was looked up or kept; a defect on the way leaves its line with the action itself.
        "geweigerd",
        # Counts, rules, keys and organisations.
        "grondslagen_geraadpleegd",
        "beheer_geraadpleegd",
        "cijfers_geraadpleegd",
        "beslispunt_bevraagd",
        "sleutel_vernietigd",
        "treffers_geteld",
        "afgestemd",
        "niet_afgestemd",
        "organisatie_toegevoegd",
        "organisatie_beeindigd",
        "organisatie_samengevoegd",
        "certificaat_vernieuwd",
        "mandaat_vastgelegd",
        "mandaat_beeindigd",
        "grondslag_vastgelegd",
        "grondslag_beeindigd",
        "vastlegging_voorgesteld",
        "vastlegging_geadviseerd",
        "vastlegging_beantwoord",
        "vastlegging_goedgekeurd",
        "vastlegging_ingetrokken",
        "beleid_voorgesteld",
        "beleid_geadviseerd",
        "bezwaar_beantwoord",
        "beleid_goedgekeurd",
        "beleid_vastgesteld",
        "beleid_teruggedraaid",
        "terugdraaien_goedgekeurd",
        "besluiten_herhaald",
        "verband_vastgelegd",
        "verband_beeindigd",
        "partij_toegetreden",
        "partij_uitgetreden",
        "poort_geopend",
        "poort_gesloten",
        "criteria_vastgesteld",
        "rotatie_begonnen",
        "sleutels_gewisseld",
        "rotatie_afgerond",
        "rotatie_afgebroken",
        "ontvangstsleutel_ingeschreven",
        "ontvangstsleutels_geraadpleegd",
    }
)
"""Events whose action concerned nobody in a signal or question."""


def activity_of(purpose: str, role: str) -> str:
    """The id of the activity that this role's work for this purpose belongs to.

    Raises:
        ValueError: no such purpose.
    """
    if purpose not in PURPOSES:
        raise ValueError("no such purpose")
    return BASE + (TMM if role in TMM_ROLES else purpose.replace("_", "-"))


def subject_code(key: bytes, signal: str, ref: str) -> DataSubject:
    """A subject of a stored signal, under a key of who stores it."""
    return DataSubject(_digest(key, b"signaal", signal, ref), STORED)


def asked_code(key: bytes, trace: str) -> DataSubject:
    """Who one request was about, and no other request ever is."""
    return DataSubject(_digest(key, b"vraag", trace), ASKED)


def _digest(key: bytes, *parts: bytes | str) -> str:
    bound = (part.encode() if isinstance(part, str) else part for part in parts)
    return hmac.digest(key, length_prefixed(b"logboek dataverwerkingen", *bound), hashlib.sha256).hex()


@dataclass(frozen=True)
class Part:
    """What one role may do within an activity: fields it may see and actions, with the grounds and conditions of the rules."""

    role: str
    purpose: str
    fields: tuple[str, ...]
    actions: tuple[str, ...]
    grounds: tuple[str, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True)
class RecordedGround:
    """A ground on record: id, code, article, task, holders, and its decision."""

    id: str
    code: str
    article: str
    task: str
    holders: tuple[str, ...]
    document: str


@dataclass(frozen=True)
class Activity:
    """One entry of the art. 30 register; texts in Dutch.

    Attributes:
        id: URI, as lines of the Logboek Dataverwerkingen name it.
        parts: what each role may; empty for what the register does by itself.
        codes: ground code -> article in general.
        recorded: the grounds on record with one of these codes.
        recipients: roles that see something, in Dutch.
        terms: how long, a sentence each.
    """

    id: str
    name: str
    purpose: str
    parts: tuple[Part, ...]
    codes: Mapping[str, str]
    recorded: tuple[RecordedGround, ...]
    data_subjects: tuple[str, ...]
    data: tuple[str, ...]
    recipients: tuple[str, ...]
    terms: tuple[str, ...]


def activities(policy_set: PolicySet, records: GroundRegister) -> tuple[Activity, ...]:
    """The art. 30 register under these rules and records, in the order of the purposes."""
    parts = [
        part
        for purpose in PURPOSES
        for role in ROLES
        if (part := _part(policy_set, role, purpose)) is not None
    ]
    by_id: dict[str, list[Part]] = {}
    for part in parts:
        by_id.setdefault(activity_of(part.purpose, part.role), []).append(part)
    found = [_activity(policy_set, records, name, tuple(mine)) for name, mine in by_id.items()]
    administration = tuple(part for role in ROLES if (part := _part(policy_set, role, "")) is not None)
    if administration:
        found.append(_activity(policy_set, records, BASE + ADMINISTRATION, administration))
    return (*found, _activity(policy_set, records, BASE + TERMS, ()))


def _part(policy_set: PolicySet, role: str, purpose: str) -> Part | None:
    """What the rules permit to this role for this purpose; "" for rules that ask no purpose."""
    rules = [
        rule
        for rule in policy_set.rules
        if rule.permits and rule.role == role and (purpose in rule.purposes if purpose else not rule.purposes)
    ]
    if not rules:
        return None
    named = {action for rule in rules for action in rule.actions}
    return Part(
        role=role,
        purpose=purpose,
        fields=tuple(one for one in FIELDS if one in named),
        actions=tuple(sorted(named - set(FIELDS))),
        grounds=tuple(sorted(_codes(policy_set, rules))),
        conditions=_conditions(policy_set, rules),
    )


def _codes(policy_set: PolicySet, rules: list[Rule]) -> set[str]:
    meant = {code for rule in rules for ground in policy_set.grounds_of(rule) for code in ground.codes}
    return meant | policy_set.profile.standing_in(meant)


def _conditions(policy_set: PolicySet, rules: list[Rule]) -> tuple[str, ...]:
    asked = (policy_set.conditions[name] for rule in rules for name in rule.clauses)
    return tuple(dict.fromkeys(_(one.requirement) for one in asked if one.ground is None and one.requirement))


def _activity(policy_set: PolicySet, records: GroundRegister, name: str, parts: tuple[Part, ...]) -> Activity:
    codes = sorted({code for part in parts for code in part.grounds})
    seen = dict.fromkeys(field for part in parts for field in part.fields)
    return Activity(
        id=name,
        name=_name(name.removeprefix(BASE), parts),
        purpose=_purpose(name.removeprefix(BASE), parts),
        parts=parts,
        codes={code: ARTICLES[code] for code in codes},
        recorded=tuple(
            RecordedGround(one.id, one.code, one.article, one.task, tuple(sorted(one.holders)), one.document)
            for one in sorted(records.grounds.values(), key=lambda ground: ground.id)
            if one.code in codes and policy_set.profile.counting_as({one.code})
        ),
        data_subjects=_data_subjects(name.removeprefix(BASE)),
        data=(*(field_label(one) for one in seen), _("pseudoniemen (gecodeerde gegevens)")),
        recipients=tuple(dict.fromkeys(part.role for part in parts if part.fields)),
        terms=_terms(name.removeprefix(BASE)),
    )


def _name(slug: str, parts: tuple[Part, ...]) -> str:
    special = {
        TMM: _("Raadplegen door het TMM van de politie"),
        ADMINISTRATION: _("Beheer van organisaties, mandaten, regels en sleutels"),
        TERMS: _("Vernietigen als de bewaartermijn voorbij is"),
        "signalering": _("Signaleren van mensenhandel: indienen, vragen en treffers"),
        "inzage": _("Rechten van betrokkenen: inzage, verbetering en wissing"),
    }
    if slug in special:
        return special[slug]
    label = purpose_label(parts[0].purpose)
    return label[:1].upper() + label[1:]


def _purpose(slug: str, parts: tuple[Part, ...]) -> str:
    if slug == TERMS:
        return _("Gegevens niet langer bewaren dan nodig (AVG 5 lid 1 onder e).")
    if slug == ADMINISTRATION:
        return _("Zorgen dat alleen bevoegde mensen met vastgestelde regels werken.")
    purposes = dict.fromkeys(purpose_label(part.purpose) for part in parts)
    return capital(_("{doelen}.").format(doelen=together(purposes, "; ")))


def _data_subjects(slug: str) -> tuple[str, ...]:
    people = (
        _("mensen over wie een signaal gaat (mogelijk slachtoffer, mogelijk facilitator, ander of onbekend)"),
        _("mensen naar wie gevraagd wordt"),
    )
    workers = (_("medewerkers van de deelnemende organisaties (onder een nummer)"),)
    return (
        workers if slug in {ADMINISTRATION, "toezicht-avg"} else people[: 1 if slug == TERMS else 2] + workers
    )


def _terms(slug: str) -> tuple[str, ...]:
    log = _(
        "Regels in het logboek: {jaren} jaar (R7); kwartaalsleutels van vragen: {maanden} maanden (R6)."
    ).format(jaren=LOG_YEARS, maanden=QUESTION_MONTHS)
    if slug in {ADMINISTRATION, "toezicht-avg"}:
        return (log,)
    signals = _("Signalen, vanaf de eerste verwerking: {termijnen}.").format(
        termijnen=", ".join(
            _("{code}: {maanden} maanden").format(code=one.value, maanden=months)
            for one, months in MONTHS.items()
        )
    )
    treffers = _("Treffers die niemand oppakt: {dagen} dagen (R12).").format(dagen=TREFFER_DAYS)
    return (signals, treffers, log)


def measures() -> tuple[str, ...]:
    """The security measures (AVG 30(1)(g)), in Dutch."""
    return (
        _(
            "Gegevens van mensen worden bij de node gecodeerd met de sleutels van drie houders; het register krijgt alleen pseudoniemen."
        ),
        _("Pseudoniemen zijn opgeslagen onder een sleutel die buiten de database en haar reservekopie ligt."),
        _("Regels bepalen per rol, doel en veld wat te zien is; wat er niet staat, mag niet."),
        _("Elke handeling staat voor het antwoord in een logboek dat iedereen kan narekenen."),
        _("Verbindingen tussen processen zijn versleuteld, met een certificaat aan beide kanten."),
        _("Wat verlopen is, is meteen onzichtbaar en binnen een dag vernietigd."),
    )
