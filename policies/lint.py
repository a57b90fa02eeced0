# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with a policy set that parses: an `@id` twice, a ground that no law stands behind, a rule that never decides.

`PolicySet.parse` refuses what may not decide at all. This file finds what would decide, and should not have been written so. Every finding is a sentence in
Dutch that names the rule. The law:

1. A rule that never decides is worse than none: who reads it believes that it protects, or opens, something. A permit is alive if some generated question
   is allowed by it **alone**, so that deleting it closes something. A forbid is alive if deleting it opens something.
2. A permit that asks all that another one asks, and opens nothing more, is shadowed, whatever the questions say.
3. A permit on a field names its purpose. The parser lets a rule without a purpose be, because administration has none.

Left to others: whether the rules agree with the norm (matrix), what a change does (difference).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from policies.decision import ACTIONS, FIELDS, PURPOSES, ROLES
from policies.explain import ARTICLES
from policies.grounds import GroundRegister
from policies.ruleset import PolicySet, Rule
from policies.trials import EVERY_GROUND, answered, engines, sheets
from process.language import gettext as _

_ID: Final = re.compile(r'^@id\("([^"]+)"\)', re.MULTILINE)
_ANY: Final = "beheer"


@dataclass(frozen=True)
class Finding:
    """What is wrong, with the `@id` of the rule ("" if it is about no rule)."""

    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.sentence}" if self.rule else self.sentence


def repeated_ids(files: Mapping[str, str]) -> tuple[Finding, ...]:
    """Ids that stand above two rules, found in the texts, because a set with them does not parse."""
    counted = Counter(name for text in files.values() for name in _ID.findall(text))
    return tuple(
        Finding(
            name, _("Deze naam staat boven {aantal} regels; elke regel heeft een eigen @id.").format(aantal=n)
        )
        for name, n in sorted(counted.items())
        if n > 1
    )


def findings(policy_set: PolicySet, register: GroundRegister) -> tuple[Finding, ...]:
    """Everything that is wrong with a set, in the order of its rules; nothing if it is fit to be proposed."""
    found = [*_grounds(policy_set, register), *_purposes(policy_set), *_shadowed(policy_set)]
    # The rules are of every profile: one that rests on a ground which this profile does not open is not idle for that.
    rest = replace(policy_set, profile=EVERY_GROUND)
    for one in found:
        # Beside a rule that it shadows a good one would never decide alone.
        rest = rest.without(one.rule)
    found += _idle(rest, register)
    order = {rule.id: place for place, rule in enumerate(policy_set.rules)}
    return tuple(sorted(found, key=lambda one: order.get(one.rule, -1)))


def _grounds(policy_set: PolicySet, register: GroundRegister) -> Iterator[Finding]:
    for rule in policy_set.rules:
        for ground in policy_set.grounds_of(rule):
            for code in sorted(ground.codes - ARTICLES.keys()):
                yield Finding(rule.id, _("Grondslag {code} bestaat niet.").format(code=code))
    used = {
        code for rule in policy_set.rules for ground in policy_set.grounds_of(rule) for code in ground.codes
    }
    used |= {name for rule in policy_set.rules for name in rule.clauses}
    for record in register.grounds.values():
        # A covenant ground stands where a profile says so, in no rule (policy-codes.md).
        if record.code not in used and record.code != "G-CONV":
            yield Finding(
                "",
                _("Geen regel gebruikt grondslag {naam} ({code}).").format(naam=record.id, code=record.code),
            )


def _purposes(policy_set: PolicySet) -> Iterator[Finding]:
    for rule in policy_set.rules:
        if rule.permits and not rule.purposes and rule.actions & set(FIELDS):
            yield Finding(rule.id, _("Een regel die een veld laat zien, noemt het doel en een grondslag."))


def _shadowed(policy_set: PolicySet) -> Iterator[Finding]:
    permits = [rule for rule in policy_set.rules if rule.permits]
    for place, rule in enumerate(permits):
        for other_place, other in enumerate(permits):
            same = rule.role == other.role and rule.actions <= other.actions
            asked = set(other.clauses) <= set(rule.clauses)
            within = not other.purposes or (bool(rule.purposes) and rule.purposes <= other.purposes)
            # Of two equal ones the later is too many.
            if place == other_place or not (same and asked and within):
                continue
            if place > other_place or not _equal(rule, other):
                yield Finding(
                    rule.id,
                    _("Deze regel opent niets: {andere} laat hetzelfde al toe en vraagt niet meer.").format(
                        andere=other.id
                    ),
                )
                break


def _equal(rule: Rule, other: Rule) -> bool:
    """Whether these two say the same under two names."""
    return (set(rule.clauses), rule.actions, rule.purposes) == (
        set(other.clauses),
        other.actions,
        other.purposes,
    )


def _idle(policy_set: PolicySet, register: GroundRegister) -> Iterator[Finding]:
    alive = _deciding_permits(policy_set, register)
    for rule in policy_set.rules:
        if rule.permits and rule.id not in alive:
            yield Finding(
                rule.id,
                _(
                    "Deze regel beslist nooit: wat hij vraagt kan niet tegelijk waar zijn, of een andere regel laat het al toe."
                ),
            )
        elif not rule.permits and not _forbids_something(policy_set, register, rule):
            yield Finding(
                rule.id, _("Dit verbod houdt niets tegen: zonder deze regel is elk antwoord hetzelfde.")
            )


def _deciding_permits(policy_set: PolicySet, register: GroundRegister) -> set[str]:
    """Ids of permits that alone allow some question."""
    there, alive = engines(policy_set, register), set[str]()
    for role in ROLES:
        for purpose in (*PURPOSES, _ANY):
            rules = [
                rule
                for rule in policy_set.rules
                if rule.permits
                and rule.role == role
                and (purpose in rule.purposes if rule.purposes else purpose == _ANY)
            ]
            # Nearly every rule decides where everything is met; only the rest is asked about at length.
            for spoilt in (False, True):
                waiting = {rule.id: rule for rule in rules if rule.id not in alive}
                if not waiting:
                    break
                names = sorted({name for rule in waiting.values() for name in rule.actions})
                expressions = [ground for rule in waiting.values() for ground in policy_set.grounds_of(rule)]
                codes = {code for ground in expressions for code in ground.codes}
                hosts = ("RIEC", "ZVH") if any(ground.host_dependent for ground in expressions) else ("RIEC",)
                acting = any(name in ACTIONS for name in names)
                for sheet in sheets(role, purpose, codes, acting=acting, spoilt=spoilt, hosts=hosts):
                    for page in answered(there, sheet, names):
                        alive |= {one.rule_ids[0] for one in page.values() if len(one.rule_ids) == 1}
                    if waiting.keys() <= alive:
                        break
    return alive


def _forbids_something(policy_set: PolicySet, register: GroundRegister, rule: Rule) -> bool:
    whole = engines(policy_set, register)
    cut = engines(policy_set.without(rule.id), register)
    for purpose in sorted(rule.purposes or {_ANY}):
        for role in ROLES:
            names = sorted(name for name in rule.actions if policy_set.permits(role, purpose, name))
            if not names:
                continue
            codes = policy_set.codes_for(role, purpose)
            # The signals of the first sheets hold every way in which a forbid can bite.
            for sheet in sheets(role, purpose, codes, acting=False):
                if not sheet.complete:
                    continue
                with_it, without_it = (answered(one, sheet, names[:1]) for one in (whole, cut))
                if any(
                    a[names[0]].allowed != b[names[0]].allowed
                    for a, b in zip(with_it, without_it, strict=True)
                ):
                    return True
    return False
