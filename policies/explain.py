# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Turns decisions into plain Dutch: what you may see, on which ground, what not and how to earn it, what to leave out.

The law of this file: **nothing here may show that a signal exists**. What a stored signal denies is explained only as
the rules explain it to anybody with this role and purpose, and if nothing is visible the explanation is the same,
sentence for sentence, as when nothing is stored. Grounds stored with a signal (G-SEKS, G-STRAF) are never named.

Left to others: layout (the pages), the answer itself (register).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from policies.decision import Asker, Decision, Occasion
from policies.grounds import GroundRegister
from policies.matrix import derive_cell
from policies.ruleset import PolicySet, Rule
from process.language import capital, together
from process.language import gettext as _

ARTICLES: Final[Mapping[str, str]] = {
    "G-GEM": "AVG 6 lid 1 onder e; Gemeentewet 151a en 172; Awb 5:11-5:20",
    "G-SEKS": "WGS 2.21 met BGS 2.15; AVG 9 lid 2 onder c",
    "G-STRAF": "UAVG 33 lid 1 onder b en 23 onder c; WGS 2.21",
    "G-RIEC": "WGS 2.16-2.23; BGS 2.16 lid 1 onder b 1",
    "G-ZVH": "WGS 2.24-2.32",
    "G-CONV": "een ondertekend convenant",
    "G-WPG": "Wpg 8, 9 en 13",
    "G-WPG (19/20)": "Wpg 19 of 20",
    "G-BPG": "Besluit politiegegevens 4:2 lid 1 onder b 3; Bpg-BOD 2 lid 2",
    "G-TOEST": "AVG 6 lid 1 onder a en 9 lid 2 onder a (schriftelijke toestemming)",
    "G-VIT": "AVG 6 lid 1 onder d en 9 lid 2 onder c; UAVG 22 lid 2 onder b en 32 onder b",
    "G-RECHT": "AVG 12-22; UAVG 34 en 41",
    "G-FG": "AVG 38 en 39; UAVG 39; WGS 1.4 lid 2",
    "G-AP": "AVG 58; UAVG 15; WGS 1.10 met BGS 1.18",
    "G-STAT": "AVG 89; UAVG 24 en 44; Wpg 22",
}
"""Articles per ground code, from policy-codes.md, "Ground codes"; a record may be more precise."""


_STORED: Final = frozenset({"G-SEKS", "G-STRAF"})


@dataclass(frozen=True)
class Explanation:
    """Sentences in Dutch, in reading order. `not_searched` says what no answer of today can contain."""

    may_see: tuple[str, ...]
    grounds: tuple[str, ...]
    not_offered: tuple[str, ...]
    leave_out: tuple[str, ...]
    not_searched: tuple[str, ...]

    def as_text(self) -> str:
        """All of it as plain text, for a terminal or a case file."""
        parts = (
            (_("Dit mag u zien"), self.may_see),
            (_("Op deze grondslag"), self.grounds),
            (_("Dit krijgt u nu niet te zien"), self.not_offered),
            (_("Laat dit weg"), self.leave_out),
            (_("Hier is niet naar gekeken"), self.not_searched),
        )
        blocks = (
            "\n".join([f"{title}:", *(f"- {line}" for line in lines)]) for title, lines in parts if lines
        )
        return "\n\n".join(blocks) + "\n"


_FIELDS: Final[Mapping[str, str]] = {
    "hit": _("of er een treffer is"),
    "count_other_muni": _("bij hoeveel andere gemeenten"),
    "muni_name": _("welke gemeente"),
    "period_bucket": _("de periode"),
    "exploitation_form": _("de vorm van uitbuiting"),
    "indicators": _("de aanwijzingen"),
    "role_in_signal": _("de mogelijke rol in het signaal"),
    "contact_officer": _("de contactpersoon"),
    "narrative_enc": _("het verzegelde verhaal"),
    "minor_flag": _("of het om een minderjarige gaat"),
    "link_graph": _("het netwerk van verbanden"),
    "raw_pseudonyms": _("de pseudoniemen zelf"),
    "attr_types_matched": _("welke soorten gegevens overeenkomen"),
    "evaluation_code": _("de beoordelingscode"),
    "feedback_status": _("de terugkoppeling"),
}

_PURPOSES: Final[Mapping[str, str]] = {
    "signalering": _("signalering"),
    "hulpverlening": _("hulpverlening"),
    "opsporing_handoff": _("overdracht aan de opsporing"),
    "registratie_comensha": _("registratie bij CoMensha"),
    "inzage": _("inzage voor de betrokkene"),
    "toezicht_avg": _("toezicht op de AVG"),
    "statistiek": _("statistiek"),
}

_ROLES: Final[Mapping[str, str]] = {
    "toezichthouder": _("toezichthouder"),
    "aandachtsfunctionaris": _("aandachtsfunctionaris"),
    "ketenregisseur": _("ketenregisseur"),
    "zorgcoordinator": _("zorgcoördinator"),
    "tmm_analist": _("TMM-analist"),
    "tmm_coordinator": _("TMM-coördinator"),
    "nla": _("medewerker van de Arbeidsinspectie"),
    "kmar": _("medewerker van de Koninklijke Marechaussee"),
    "comensha_registrar": _("registrator van CoMensha"),
    "fg": _("functionaris gegevensbescherming"),
    "register_beheerder": _("beheerder van het register"),
    "auditor_ap": _("auditor of toezichthouder van de AP"),
    "nrm_onderzoeker": _("onderzoeker van de Nationaal Rapporteur"),
    "ambassadeur": _("ambassadeur"),
    "contactpunt": _("medewerker van het contactpunt"),
    "functioneel_beheerder": _("functioneel beheerder"),
}


def field_label(name: str) -> str:
    """The Dutch name of a field or "" if there is no such field."""
    return _FIELDS.get(name, "")


def purpose_label(name: str) -> str:
    """The Dutch name of a purpose or "" if there is no such purpose."""
    return _PURPOSES.get(name, "")


def role_label(name: str) -> str:
    """The Dutch name of a role, with its kind of organisation where that is not plain; "" if there is no such role."""
    return _ROLES.get(name, "")


def nothing_known() -> str:
    """The one sentence for "not found" and for every denial that depends on a stored signal."""
    return _("Niet bekend of niet zichtbaar voor u.")


def explain(
    policy_set: PolicySet,
    register: GroundRegister,
    asker: Asker,
    occasion: Occasion,
    decisions: Mapping[str, Decision],
) -> Explanation:
    """Explain the decisions on the fields of one signal to the asker.

    Args:
        policy_set: the rules that decided.
        register: the grounds they rest on.
        asker: who asks.
        occasion: for which purpose, on which day.
        decisions: field -> decision. When nothing was found, give the decisions on `SignalFacts()`: they read the same.
    """
    allowed = [name for name, decision in decisions.items() if decision.allowed]
    rules = {name: _cell_rule(policy_set, asker, occasion, name) for name in decisions}
    return Explanation(
        may_see=tuple(_may_see(name, decisions[name]) for name in allowed) or (nothing_known(),),
        grounds=notices(policy_set) + _grounds(register, decisions),
        not_offered=tuple(
            _not_offered(policy_set, name, rule, decisions[name])
            for name, rule in rules.items()
            if rule is not None and name not in allowed
        ),
        leave_out=tuple(
            _("{veld}: uw rol mag dit voor dit doel niet zien.").format(veld=field_label(name))
            for name, rule in rules.items()
            if rule is None and name not in allowed
        ),
        not_searched=not_searched(register, asker.organisation, occasion.today),
    )


@dataclass(frozen=True)
class Why:
    """Why one field is there: grounds with their article, conditions that hold for it, the rule in words, and its names."""

    field: str
    grounds: tuple[str, ...]
    conditions: tuple[str, ...]
    explanation: tuple[str, ...]
    rules: tuple[str, ...]


def why(
    policy_set: PolicySet, register: GroundRegister, purpose: str, shown: Mapping[str, Decision]
) -> tuple[Why, ...]:
    """Of each field that is shown, why it is; fields that are not open are passed over.

    Conditions are those that the rule asks of everybody. G-SEKS and G-STRAF, which hang on the signal, are not among them.
    """
    return tuple(
        _why(policy_set, register, purpose, field, decision)
        for field, decision in shown.items()
        if decision.allowed
    )


def _why(
    policy_set: PolicySet, register: GroundRegister, purpose: str, field: str, decision: Decision
) -> Why:
    rules = [rule for rule in policy_set.rules if rule.id in decision.rule_ids]
    asked = [name for rule in (*rules, *policy_set.always(purpose, field)) for name in rule.clauses]
    conditions = (policy_set.conditions[name] for name in asked)
    told = {
        one.code or one.name: _(one.requirement)
        for one in conditions
        if one.ground is None and one.code not in _STORED
    }
    return Why(
        field=field,
        grounds=_grounds(register, {field: decision}),
        conditions=tuple(f"{capital(one)}." for one in told.values()),
        explanation=tuple(_(rule.explanation) for rule in rules),
        rules=decision.rule_ids,
    )


def requirement(condition: str) -> str:
    """A condition of `Why` as it is shown: also one that another process said in Dutch."""
    plain = f"{condition[:1].lower()}{condition[1:]}".removesuffix(".")
    said = str(_(plain))
    return condition if said == plain else f"{capital(said)}."


def not_searched(register: GroundRegister, organisation: str, on: date) -> tuple[str, ...]:
    """What today's answers to this organisation cannot contain, in general terms, whatever is stored.

    It belongs under every answer, so that "niet bekend" promises nothing more.
    """
    closed = (
        (
            register.gate_open("G-SEKS") and register.any_in_force("G-SEKS", organisation, on),
            _("Dit antwoord omvat geen signalen over seksuele uitbuiting."),
        ),
        (
            register.gate_open("G-STRAF") and register.any_in_force("G-STRAF", organisation, on),
            _("Dit antwoord omvat geen signalen waarin iemand mogelijk facilitator is."),
        ),
        (register.gate_open("BSN"), _("Er is niet gezocht op burgerservicenummer.")),
        (register.gate_open("V-NUMMER"), _("Er is niet gezocht op V-nummer.")),
    )
    return tuple(sentence for is_open, sentence in closed if not is_open)


def notices(policy_set: PolicySet) -> tuple[str, ...]:
    """What this profile says on every page, in every answer and in every explanation."""
    return (_(policy_set.profile.notice),) if policy_set.profile.notice else ()


def _cell_rule(policy_set: PolicySet, asker: Asker, occasion: Occasion, field: str) -> Rule | None:
    cell = derive_cell(policy_set, asker.role, occasion.purpose, field)
    return next((rule for rule in policy_set.rules if rule.id == cell.rule_id), None)


def _may_see(name: str, decision: Decision) -> str:
    label = field_label(name)
    if "C11" in decision.conditions:
        return _("{veld}, alleen opgeteld").format(veld=label)
    if "C17" in decision.conditions:
        return _("{veld}, alleen ongeveer").format(veld=label)
    if "C12" in decision.conditions:
        return _("{veld}, gemaskeerd").format(veld=label)
    return label


def _grounds(register: GroundRegister, decisions: Mapping[str, Decision]) -> tuple[str, ...]:
    ids = dict.fromkeys(ground_id for decision in decisions.values() for ground_id in decision.ground_ids)
    found = (register.grounds[ground_id] for ground_id in ids if ground_id in register.grounds)
    return tuple(
        _("{code} ({artikel}): {taak}. Vastgesteld door {wie}, document {document}.").format(
            code=ground.code,
            artikel=ground.article,
            taak=ground.task,
            wie=ground.decided_by,
            document=ground.document,
        )
        for ground in found
    )


def _not_offered(policy_set: PolicySet, name: str, rule: Rule, decision: Decision) -> str:
    """Reasons about the asker as they are; for the rest every condition of the rule, met or not: they tell nothing."""
    own = [f"{_(reason.sentence)} {_(reason.way)}" for reason in decision.shown_reasons]
    conditions = (policy_set.conditions[clause] for clause in rule.clauses)
    general = [_(condition.way) for condition in conditions if condition.about == "signal"]
    label = field_label(name)
    return _("{veld}: {hoe}").format(veld=label, hoe=together(dict.fromkeys([*own, *general]), " ")).strip()
