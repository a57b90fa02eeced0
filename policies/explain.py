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
from gettext import gettext as _
from typing import Final

from policies.decision import Asker, Decision, Occasion
from policies.grounds import GroundExpression, GroundRegister
from policies.matrix import derive_cell
from policies.ruleset import PolicySet, Rule

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


def field_label(name: str) -> str:
    """The Dutch name of a field or "" if there is no such field."""
    labels = {
        "hit": _("of er een treffer is"),
        "count_other_muni": _("bij hoeveel andere gemeenten"),
        "muni_name": _("welke gemeente"),
        "period_bucket": _("de periode"),
        "exploitation_form": _("de vorm van uitbuiting"),
        "indicators": _("de indicatoren"),
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
    return labels.get(name, "")


def purpose_label(name: str) -> str:
    """The Dutch name of a purpose or "" if there is no such purpose."""
    labels = {
        "signalering": _("signalering"),
        "hulpverlening": _("hulpverlening"),
        "opsporing_handoff": _("overdracht aan de opsporing"),
        "registratie_comensha": _("registratie bij CoMensha"),
        "inzage": _("inzage voor de betrokkene"),
        "toezicht_avg": _("toezicht op de AVG"),
        "statistiek": _("statistiek"),
    }
    return labels.get(name, "")


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
        grounds=_grounds(register, decisions),
        not_offered=tuple(
            _not_offered(policy_set, name, rule, decisions[name])
            for name, rule in rules.items()
            if rule is not None and name not in allowed
        ),
        leave_out=tuple(
            _("{veld}: daar is voor uw rol en dit doel geen regel voor.").format(veld=field_label(name))
            for name, rule in rules.items()
            if rule is None and name not in allowed
        ),
        not_searched=not_searched(register, asker.organisation, occasion.today),
    )


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


def explain_cell(policy_set: PolicySet, role: str, purpose: str, field: str) -> str:
    """Whether this role may see this field for this purpose at all, on which ground and under which conditions."""
    question = _("Mag de rol {rol} voor {doel} zien: {veld}?").format(
        rol=role, doel=purpose_label(purpose), veld=field_label(field)
    )
    cell = derive_cell(policy_set, role, purpose, field)
    if not cell.allowed:
        answer = _("Nee. Geen regel staat dit toe. Laat dit gegeven weg.")
        return f"{question}\n{answer}\n"
    rule = next(rule for rule in policy_set.rules if rule.id == cell.rule_id)
    clauses = (policy_set.conditions[name] for name in _all_clauses(policy_set, rule, purpose, field))
    needs = [condition for condition in clauses if condition.ground is None]
    lines = [question, _("Ja, onder deze voorwaarden."), rule.explanation, "", _("Grondslag:")]
    lines += [f"- {_expression(expression)}" for expression in policy_set.grounds_of(rule)]
    lines += ["", _("Nodig:")]
    lines += [f"- {condition.code}: {_(condition.requirement)}. {_(condition.way)}" for condition in needs]
    lines += ["", _("Regel: {regel}").format(regel=rule.id)]
    return "\n".join(lines) + "\n"


def _expression(expression: GroundExpression) -> str:
    either = _(" of ").join(f"{code} ({ARTICLES[code]})" for code in sorted(expression.codes))
    return either + _(", naar waar de ketenregisseur werkt") if expression.host_dependent else either


def _all_clauses(policy_set: PolicySet, rule: Rule, purpose: str, field: str) -> tuple[str, ...]:
    always = (name for forbid in policy_set.always(purpose, field) for name in forbid.clauses)
    return tuple(dict.fromkeys([*rule.clauses, *always]))


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
    own = [f"{reason.sentence} {reason.way}" for reason in decision.shown_reasons]
    conditions = (policy_set.conditions[clause] for clause in rule.clauses)
    general = [_(condition.way) for condition in conditions if condition.about == "signal"]
    label = field_label(name)
    return _("{veld}: {hoe}").format(veld=label, hoe=" ".join(dict.fromkeys([*own, *general]))).strip()
