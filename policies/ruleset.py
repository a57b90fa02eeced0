# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Takes Cedar text and returns rules that somebody can read, or refuses the whole set.

Cedar itself accepts much that we must not: a duplicate `@id`, a rule without an explanation, a `forbid` that errors and
is then skipped. So this file admits a policy set only if, in this order:

1. the schema parses, no action of it stands for another one, and every condition of `voorwaarden.yaml` is one Cedar expression;
2. every rule has a unique `@id` and a `@grondslag`, `@doel` and `@toelichting`;
3. a permit names one role and a forbid none; actions are those of the matrix and the action list; no templates;
4. every `when` and `unless` **is** a named condition, a ground or a purpose, literally, so that the Cedar text stays the
   only place where a condition is spelt, while tables and explanations are read off the parsed rules;
5. `@grondslag` and `@doel` say what the clauses do, and the comment above a clause names it (comments that lie are
   worse than none);
6. Cedar's own validator finds the whole against the schema without error. All attributes are required, there is no
   arithmetic and no extension function, so no rule can error on entities that were built through the schema.

The hash of the set is SHA-256 over its canonical text, conditions and profile included: what people are told, and which grounds open, is policy too.

Left to others: deciding (engine), grounds (grounds), reading files (desk.load).
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Final, Self, cast

import cedarpy
import yaml

from policies.decision import ACTIONS, FIELDS, PURPOSES, ROLES, About
from policies.grounds import GroundError, GroundExpression
from policies.profiles import NOTHING_OPENS, Profile
from process.language import gettext as _

PROBE: Final = "voorwaarden"
"""The action with which the engine asks Cedar which conditions are met."""

_ANNOTATIONS: Final = ("id", "grondslag", "doel", "toelichting")
_ABOUT: Final[Mapping[str, About]] = {"vrager": "asker", "signaal": "signal"}
_PURPOSE_LABELS: Final = frozenset({"doel", "drie doelen"})
_LABELLED: Final = re.compile(r"^// (?P<label>.+)\n(?:when|unless)\b", re.MULTILINE)
_CLAUSE: Final = re.compile(r"^(?:when|unless)\b", re.MULTILINE)
_ACTIONS: Final = frozenset({*FIELDS, *ACTIONS})
_PROBED: Final = {"type": "Rol", "id": "niemand"}
_HASH_DOMAIN: Final = b"signaalregister policy set 2"


class PolicySetError(ValueError):
    """A policy set that may not decide; names the rule or file and what is wrong with it."""


@dataclass(frozen=True)
class Condition:
    """One named test. `code` is its condition code ("" if it comes from the action list).

    `ground` is its expression if it asks for a ground. `requirement` says in Dutch
    what is needed, `sentence` what is missing, `way` what to do, and `statement`
    is the need as a sentence that somebody can agree with ("" in a set of before
    there were any).
    """

    name: str
    cedar: str
    code: str
    about: About
    requirement: str
    sentence: str
    way: str
    ground: GroundExpression | None
    statement: str = ""


@dataclass(frozen=True)
class Rule:
    """One rule as its reader sees it.

    `role` is "" for a forbid, which holds for every role. `purposes` is empty if the purpose does not matter
    (administration). `clauses` are names of conditions: all must be met to permit, and each lifts a forbid.
    """

    id: str
    permits: bool
    role: str
    actions: frozenset[str]
    purposes: frozenset[str]
    clauses: tuple[str, ...]
    basis: str
    explanation: str
    cedar: str

    def concerns(self, purpose: str, action: str) -> bool:
        """True if this rule speaks about this action for this purpose."""
        return action in self.actions and (not self.purposes or purpose in self.purposes)


@dataclass(frozen=True)
class PolicySet:
    """Rules that passed every check, ready to decide. `hash` is hex SHA-256 of the canonical text; `vocabulary` the text of the schema."""

    rules: tuple[Rule, ...]
    conditions: Mapping[str, Condition]
    hash: str
    schema: cedarpy.Schema
    profile: Profile = NOTHING_OPENS
    vocabulary: str = ""
    _slices: dict[tuple[str, str, str], cedarpy.PolicySet] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @classmethod
    def parse(
        cls, files: Mapping[str, str], schema: str, conditions: str, profile: Profile = NOTHING_OPENS
    ) -> Self:
        """Admit a policy set.

        Args:
            files: Cedar texts by file name.
            schema: Cedar schema text.
            conditions: YAML text of the named conditions and grounds.
            profile: what opens grounds for these rules; the default opens none.

        Raises:
            PolicySetError: the first thing that is wrong, with the rule or file it is in.
        """
        try:
            handle = cedarpy.Schema.from_str(schema)
        except ValueError as error:
            raise PolicySetError(_("schema: {fout}").format(fout=error)) from error
        _refuse_groups(handle)
        named = _conditions(conditions)
        names = {_key(condition.cedar): condition.name for condition in named.values()}
        rules = tuple(chain.from_iterable(_file(name, files[name], names, named) for name in sorted(files)))
        if not rules:
            raise PolicySetError(
                _("er is geen enkele regel; een lege set lijkt op een set die alles weigert")
            )
        _refuse_duplicates(rules)
        verdict = cedarpy.validate_policies("\n".join(files[name] for name in sorted(files)), handle)
        if not verdict.validation_passed:
            raise PolicySetError(
                _("schema: {fout}").format(fout="; ".join(error.error for error in verdict.errors))
            )
        return cls(
            rules=rules,
            conditions=named,
            hash=_hash(files, schema, conditions, profile),
            schema=handle,
            profile=profile,
            vocabulary=schema,
        )

    def permits(self, role: str, purpose: str, action: str) -> tuple[Rule, ...]:
        """The rules that may allow this action to this role for this purpose; none means a plain no."""
        return self._by_cell.get((role, _known(purpose), action), ())

    def always(self, purpose: str, action: str) -> tuple[Rule, ...]:
        """The forbids that hold for this action and purpose, whatever the role."""
        return self._by_cell.get(("", _known(purpose), action), ())

    def rule(self, name: str) -> Rule:
        """The rule with this `@id`."""
        return self._by_id[name]

    def slice(self, role: str, purpose: str, action: str = PROBE) -> cedarpy.PolicySet:
        """The rules that can matter for this role and purpose, plus one probe per condition that they use; see `_slice`.

        With an action only the rules about it, and their probes. Made at its first use and kept: two threads that are first together make it twice, and
        either is right.
        """
        key = (role if role in ROLES else "", _known(purpose), action if action in _ACTIONS else PROBE)
        found = self._slices.get(key)
        if found is None:
            found = self._slices[key] = _slice(self.rules, self.conditions, *key)
        return found

    @cached_property
    def _codes(self) -> dict[tuple[str, str], frozenset[str]]:
        return {}

    @cached_property
    def _by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def _by_cell(self) -> Mapping[tuple[str, str, str], tuple[Rule, ...]]:
        found: dict[tuple[str, str, str], tuple[Rule, ...]] = {}
        for rule in self.rules:
            for purpose in rule.purposes or ("", *PURPOSES):
                for action in rule.actions:
                    found[rule.role, purpose, action] = (
                        *found.get((rule.role, purpose, action), ()),
                        rule,
                    )
        return found

    def without(self, rule_id: str) -> Self:
        """The same set without one rule, to see what that rule does; its hash still names the whole and decides nothing that is recorded."""
        rules = tuple(rule for rule in self.rules if rule.id != rule_id)
        return replace(self, rules=rules)

    def grounds_of(self, rule: Rule) -> tuple[GroundExpression, ...]:
        """The ground expressions of a rule, all of which must be met; empty for administration."""
        found = (self.conditions[name].ground for name in rule.clauses)
        return tuple(ground for ground in found if ground is not None)

    def bound(
        self, purpose: str, action: str, names: tuple[str, ...], host: str
    ) -> tuple[frozenset[str], frozenset[str]]:
        """What a yes by these rules rests on: the condition codes that bind it, those of the forbids included, and the ground codes that can help, at this host."""
        key = (_known(purpose), action, names, host if host in {"RIEC", "ZVH"} else "")
        found = self._bound.get(key)
        if found is None:
            rules = [self.rule(name) for name in names]
            conditions = frozenset(
                self.conditions[name].code
                for rule in (*rules, *self.always(purpose, action))
                for name in rule.clauses
            )
            wanted: set[str] = set()
            for rule in rules:
                for ground in self.grounds_of(rule):
                    wanted |= ground.codes & {f"G-{host}"} if ground.host_dependent else ground.codes
            found = self._bound[key] = (
                conditions - {""},
                frozenset(wanted | self.profile.standing_in(wanted)),
            )
        return found

    @cached_property
    def _bound(self) -> dict[tuple[str, str, tuple[str, ...], str], tuple[frozenset[str], frozenset[str]]]:
        return {}

    def ground_label(self, name: str) -> str:
        """A ground expression for a reader, with what stands in for it here."""
        expression = GroundExpression.parse(name)
        # The notation of the matrix (`G-ZVH|G-VIT`) is for rules, not for readers.
        read = name if len(expression.parts) > 1 else str(_(" of ")).join(name.split("|"))
        instead = self.profile.standing_in(expression.codes)
        if not instead:
            return read
        return _("{grond}, waarvoor hier {vervanger} staat").format(
            grond=read, vervanger=", ".join(sorted(instead))
        )

    def codes_for(self, role: str, purpose: str) -> frozenset[str]:
        """Ground codes that any rule of this role uses for this purpose, or that stand in for one: what an asker may sensibly choose from."""
        key = (role if role in ROLES else "", _known(purpose))
        found = self._codes.get(key)
        if found is None:
            rules = (
                rule for rule in self.rules if rule.permits and rule.role == role and purpose in rule.purposes
            )
            codes = frozenset(
                code for rule in rules for ground in self.grounds_of(rule) for code in ground.codes
            )
            found = self._codes[key] = codes | self.profile.standing_in(codes)
        return found


def _conditions(text: str) -> dict[str, Condition]:
    try:
        document = yaml.safe_load(text)
        grounds, conditions = document["gronden"], document["voorwaarden"]
        found = [
            Condition(name, cedar, name, "asker", "", "", "", GroundExpression.parse(name))
            for name, cedar in grounds.items()
        ]
        found += [
            Condition(
                name,
                record["cedar"],
                record["code"],
                _ABOUT[record["over"]],
                record["eis"],
                record["zin"],
                record["weg"],
                None,
                # A set in force, or one to roll back to, may be of before there were statements.
                record.get("verklaring", ""),
            )
            for name, record in conditions.items()
        ]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, GroundError) as error:
        raise PolicySetError(_("voorwaarden: {fout}").format(fout=error)) from error
    named = {condition.name: condition for condition in found}
    if len({_key(condition.cedar) for condition in found}) != len(found) or len(named) != len(found):
        raise PolicySetError(_("voorwaarden: één toets heeft twee namen, of één naam hoort bij twee toetsen"))
    return named


def _key(cedar: str) -> str:
    """One canonical form for an expression, so that layout does not matter."""
    try:
        policy = json.loads(
            cedarpy.policies_to_json_str(f"permit (principal, action, resource) when {{ {cedar} }};")
        )
    except ValueError as error:
        raise PolicySetError(
            _("voorwaarden: dit is geen toets in Cedar: {cedar}").format(cedar=cedar)
        ) from error
    (only,) = policy["staticPolicies"].values()
    if len(only["conditions"]) != 1:
        raise PolicySetError(_("voorwaarden: dit zijn meer toetsen in één: {cedar}").format(cedar=cedar))
    return _canonical(only["conditions"][0]["body"])


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _file(
    file: str, text: str, names: Mapping[str, str], conditions: Mapping[str, Condition]
) -> Iterator[Rule]:
    try:
        document = json.loads(cedarpy.policies_to_json_str(text))
    except ValueError as error:
        raise PolicySetError(
            _("{bestand}: dit zijn geen regels in Cedar ({fout})").format(bestand=file, fout=error)
        ) from error
    if document["templates"]:
        raise PolicySetError(
            _("{bestand}: een sjabloon beslist niets en verbergt wat het kan worden").format(bestand=file)
        )
    labels = [match["label"] for match in _LABELLED.finditer(text)]
    if len(labels) != len(_CLAUSE.findall(text)):
        raise PolicySetError(
            _("{bestand}: boven elke when en unless staat de naam in een opmerking").format(bestand=file)
        )
    expected: list[str] = []
    for _position, policy in sorted(document["staticPolicies"].items(), key=lambda item: int(item[0][6:])):
        rule, clauses = _rule(file, policy, names, conditions)
        expected += clauses
        yield rule
    for wrong, right in zip(labels, expected, strict=True):
        if wrong != right and not (right == "" and wrong in _PURPOSE_LABELS):
            raise PolicySetError(
                _("{bestand}: de opmerking '{fout}' staat boven '{goed}'").format(
                    bestand=file, fout=wrong, goed=right or _("een doel")
                )
            )


def _rule(
    file: str, policy: dict[str, object], names: Mapping[str, str], conditions: Mapping[str, Condition]
) -> tuple[Rule, list[str]]:
    annotations = cast("dict[str, str | None]", policy["annotations"])
    missing = [name for name in _ANNOTATIONS if not annotations.get(name)]
    name = annotations.get("id") or _("een regel in {bestand}").format(bestand=file)
    if missing:
        raise PolicySetError(
            _("{regel}: zonder {wat}").format(regel=name, wat=", ".join(f"@{one}" for one in missing))
        )
    permits = policy["effect"] == "permit"
    purposes: frozenset[str] = frozenset()
    clauses: list[str] = []
    labels: list[str] = []
    for clause in cast("list[dict[str, object]]", policy["conditions"]):
        purpose = _purposes(clause)
        label = "" if purpose else names.get(_canonical(clause["body"]), "")
        if not purpose and not label:
            raise PolicySetError(
                _("{regel}: een toets die niet in de voorwaarden staat: {toets}").format(
                    regel=name, toets=_canonical(clause["body"])
                )
            )
        if (clause["kind"] == "when") != (permits or bool(purpose)):
            raise PolicySetError(
                _(
                    "{regel}: een toestemming (permit) vraagt met when, een verbod (forbid) vervalt met unless"
                ).format(regel=name)
            )
        if purpose and purposes:
            raise PolicySetError(_("{regel}: twee doelen tegelijk zijn geen doel").format(regel=name))
        purposes |= purpose
        labels.append(label)
        if label:
            clauses.append(label)
    rule = Rule(
        id=str(annotations["id"]),
        permits=permits,
        role=_role(name, policy, permits=permits),
        actions=_actions(name, policy),
        purposes=purposes,
        clauses=tuple(clauses),
        basis=str(annotations["grondslag"]),
        explanation=str(annotations["toelichting"]),
        cedar=cedarpy.policies_from_json_str(
            _canonical({"staticPolicies": {"policy0": policy}, "templates": {}, "templateLinks": []})
        ),
    )
    _check_annotations(rule, str(annotations["doel"]), conditions)
    return rule, labels


def _check_annotations(rule: Rule, purpose: str, conditions: Mapping[str, Condition]) -> None:
    if set(purpose.split()) != (rule.purposes or {"beheer"}):
        raise PolicySetError(
            _("{regel}: bij @doel staat '{tekst}' en in de regel niet").format(regel=rule.id, tekst=purpose)
        )
    grounds = [name for name in rule.clauses if conditions[name].ground is not None]
    if rule.permits and rule.basis != ("+".join(grounds) or "geen"):
        raise PolicySetError(
            _("{regel}: bij @grondslag staat '{tekst}' en in de regel niet").format(
                regel=rule.id, tekst=rule.basis
            )
        )
    if rule.permits and rule.purposes and not grounds:
        raise PolicySetError(_("{regel}: een doel zonder grondslag").format(regel=rule.id))
    if not rule.permits and len(rule.clauses) != 1:
        raise PolicySetError(
            _("{regel}: een verbod vervalt door precies één voorwaarde").format(regel=rule.id)
        )


def _purposes(clause: dict[str, object]) -> frozenset[str]:
    """The purposes of a clause that tests nothing but the purpose; empty for any other clause."""
    subject = {".": {"left": {"Var": "context"}, "attr": "doel"}}
    match clause["body"]:
        case {"==": {"left": left, "right": {"Value": str(purpose)}}} if left == subject:
            found = [purpose]
        case {"contains": {"left": {"Set": list(members)}, "right": right}} if right == subject:
            found = [member["Value"] for member in members]
        case _:
            return frozenset()
    if not set(found) <= set(PURPOSES):
        raise PolicySetError(_("onbekend doel in: {doelen}").format(doelen=", ".join(map(str, found))))
    return frozenset(found)


def _role(name: str, policy: dict[str, object], *, permits: bool) -> str:
    match policy["principal"]:
        case {"op": "in", "entity": {"type": "Rol", "id": str(role)}} if permits and role in ROLES:
            return role
        case {"op": "All"} if not permits:
            return ""
        case _:
            raise PolicySetError(
                _("{regel}: een toestemming is voor één bekende rol, een verbod voor iedereen").format(
                    regel=name
                )
            )


def _actions(name: str, policy: dict[str, object]) -> frozenset[str]:
    match policy["action"]:
        case {"op": "==", "entity": {"type": "Action", "id": str(action)}}:
            found = {action}
        case {"op": "in", "entities": list(entities)}:
            found = {entity["id"] for entity in entities}
        case _:
            raise PolicySetError(_("{regel}: een regel noemt zijn handelingen").format(regel=name))
    if policy["resource"] != {"op": "All"}:
        raise PolicySetError(
            _("{regel}: een regel gaat over elke bron; alleen voorwaarden beperken dat").format(regel=name)
        )
    if not found or not found <= {*FIELDS, *ACTIONS}:
        raise PolicySetError(
            _("{regel}: onbekende handeling in: {namen}").format(regel=name, namen=", ".join(sorted(found)))
        )
    return frozenset(found)


def _refuse_groups(schema: cedarpy.Schema) -> None:
    """An action that the schema puts under another would be opened by rules that do not name it, and by no table or comparison."""
    actions = sorted({*_ACTIONS, PROBE})
    each = "\n".join(
        f'@id("{one}") permit (principal, action in Action::"{one}", resource);' for one in actions
    )
    asked = [
        {"principal": _PROBED, "action": {"type": "Action", "id": one}, "resource": _PROBED, "context": {}}
        for one in actions
    ]
    try:
        entities = cedarpy.Entities.from_json_str("[]", schema)
        found = cedarpy.is_authorized_batch(asked, cedarpy.PolicySet.from_str(each), entities)
    except ValueError as error:
        raise PolicySetError(_("schema: {fout}").format(fout=error)) from error
    for one, result in zip(actions, found, strict=True):
        named = set(result.diagnostics.id_annotations_by_reason.values())
        if named != {one}:
            raise PolicySetError(
                _("schema: handeling {naam} staat onder {andere}").format(
                    naam=one, andere=", ".join(sorted(named - {one}))
                )
            )


def _refuse_duplicates(rules: tuple[Rule, ...]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise PolicySetError(_("{regel}: twee regels met dezelfde @id").format(regel=rule.id))
        seen.add(rule.id)


def _known(purpose: str) -> str:
    """The purpose, or "" for one that no rule can name: administration has rules for any."""
    return purpose if purpose in PURPOSES else ""


def _slice(
    rules: tuple[Rule, ...], conditions: Mapping[str, Condition], role: str, purpose: str, action: str
) -> cedarpy.PolicySet:
    """The rules that can matter for one role and purpose (and action), and a probe for each condition that they use.

    Leaving the others out changes no decision: an asker is in one role at most and every permit names its role, a rule with a purpose holds for none
    but its own, one that names actions for no other, and no rule can error (law 6). It spares Cedar most of the work. The probes are permits on an
    action that no rule may name.
    """
    kept = [
        rule
        for rule in rules
        if rule.role in {"", role}
        and (not rule.purposes or purpose in rule.purposes)
        and action in {PROBE, *rule.actions}
    ]
    used = dict.fromkeys(name for rule in kept for name in rule.clauses)
    probes = [
        f"@id({json.dumps(name, ensure_ascii=False)})\n"
        f'permit (principal, action == Action::"{PROBE}", resource) when {{ {conditions[name].cedar} }};'
        for name in used
    ]
    return cedarpy.PolicySet.from_str("\n".join([*(rule.cedar for rule in kept), *probes]))


def _hash(files: Mapping[str, str], schema: str, conditions: str, profile: Profile) -> str:
    digest = hashlib.sha256(_HASH_DOMAIN)
    canonical = {name: cedarpy.format_policies(text) for name, text in files.items()}
    for part in chain.from_iterable(
        [
            *sorted(canonical.items()),
            ("schema", schema),
            ("conditions", conditions),
            ("profile", profile.canonical()),
        ]
    ):
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()
