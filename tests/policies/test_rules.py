# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What makes a policy set fit to decide, and that no rule of it is idle."""

from dataclasses import replace

import cedarpy
import pytest

from policies.decision import FIELDS, OWN_SUBMISSIONS
from policies.desk.load import profile_texts
from policies.engine import Engine
from policies.ruleset import PolicySet, PolicySetError, Rule
from tests.policies.test_actions import ACTS
from tests.policies.world import Question, asker, best, matrix, policy_set, register

TEXTS = profile_texts("oefening")
SCHEMA, CONDITIONS = TEXTS["schema.cedarschema"], TEXTS["voorwaarden.yaml"]
RULE = """
@id("fg.toezicht_avg.proef")
@grondslag("G-FG")
@doel("toezicht_avg")
@toelichting("De FG ziet de terugkoppeling van de eigen organisatie.")
permit (principal in Rol::"fg", action == Action::"feedback_status", resource)
// doel
when { context.doel == "toezicht_avg" }
// G-FG
when { resource.gronden.contains("G-FG") }
// C20
when { resource.eigenaar == principal.organisatie };
"""
FORBID = """
@id("altijd.proef")
@grondslag("geen")
@doel("signalering")
@toelichting("Alleen na een beoordeling.")
forbid (principal, action == Action::"hit", resource)
// doel
when { context.doel == "signalering" }
// C8
unless { resource.beoordeeld };
"""


def parse(*texts: str) -> PolicySet:
    return PolicySet.parse({f"{n}.cedar": text for n, text in enumerate(texts)}, SCHEMA, CONDITIONS)


def without(rule: Rule) -> PolicySet:
    whole = policy_set()
    return replace(whole, rules=tuple(other for other in whole.rules if other.id != rule.id))


def questions(rule: Rule) -> list[tuple[Question, str]]:
    """Questions that this one rule decides: a best case for a permit, a case that only the forbid stops otherwise."""
    if not rule.permits:
        return [
            (
                spoilt_for(rule),
                next(name for name in ("hit", "minor_flag", "muni_name") if name in rule.actions),
            )
        ]
    if "noodcontact" in rule.id:
        (purpose,) = rule.purposes
        question = best(rule.role, purpose, "G-VIT").with_occasion(break_glass=True)
        return [(question.with_facts(released_to=frozenset(), assessed=False), "contact_officer")]
    cells = [
        (row.best(), row.field)
        for row in matrix()
        if row.allowed and row.role == rule.role and rule.concerns(row.purpose, row.field)
    ]
    acts = [
        (act.best(), act.action)
        for act in ACTS
        if act.role == rule.role and rule.concerns(act.purpose, act.action)
    ]
    return cells + acts


def spoilt_for(rule: Rule) -> Question:
    role = "aandachtsfunctionaris"
    question = best(role, "signalering", "G-GEM")
    return {
        "altijd.minderjarig": question.with_facts(minor="ja", parties=frozenset()),
        "altijd.minderjarig.route": question.with_facts(minor="ja", parties=frozenset()),
        "altijd.afhandelcode": question.with_facts(handling="H3"),
        "altijd.afhandelcode.treffer": question.with_facts(handling="H3"),
        "altijd.seksueel": question.with_facts(needs_special=True),
        "altijd.strafrechtelijk": question.with_facts(needs_criminal=True),
    }[rule.id]


@pytest.mark.parametrize("rule", policy_set().rules, ids=lambda rule: rule.id)
def test_deleting_any_one_rule_changes_an_answer(rule: Rule) -> None:
    whole, cut = Engine(policy_set(), register()), Engine(without(rule), register())
    asked = questions(rule)
    assert asked
    changed = []
    for question, action in asked:
        act = (question.asker, question.occasion, action, question.facts)
        changed.append(
            whole.action(*act).allowed is rule.permits and cut.action(*act).allowed is not rule.permits
        )
    assert any(changed)


def test_a_forbid_on_submissions_holds_for_every_submission() -> None:
    for rule in policy_set().rules:
        if rule.id in {"altijd.seksueel", "altijd.strafrechtelijk"}:
            assert rule.actions == {*FIELDS, *OWN_SUBMISSIONS}


def test_the_packaged_rules_stand_in_canonical_form_so_that_diffs_are_about_meaning() -> None:
    for name, text in TEXTS.items():
        if name.endswith(".cedar"):
            assert cedarpy.format_policies(text, 120, 2).strip() == text.strip(), name


def test_layout_leaves_the_hash_alone_and_meaning_does_not() -> None:
    assert parse(RULE).hash == parse(RULE.replace("\npermit (", "\npermit   (")).hash
    assert parse(RULE).hash != parse(RULE.replace("eigen organisatie", "organisatie")).hash
    told_otherwise = CONDITIONS.replace("Schrijf de reden op.", "Schrijf een reden op.")
    assert parse(RULE).hash != PolicySet.parse({"0.cedar": RULE}, SCHEMA, told_otherwise).hash


def test_a_schema_in_which_one_action_stands_for_another_is_refused() -> None:
    """Whoever may see the treffer would see the town by it, and no rule, table or comparison would say so."""
    fields = SCHEMA[
        SCHEMA.index('action\n  "hit"') : SCHEMA.index("// Een actie per regel van policy-actions.csv")
    ]
    grouped = (
        fields.replace('"muni_name", ', "")
        + 'action "muni_name" in ["hit"] appliesTo { principal: [Functionaris], resource: [Signaal], context: Aanleiding };\n'
    )
    with pytest.raises(PolicySetError, match="handeling muni_name staat onder hit"):
        PolicySet.parse({"0.cedar": RULE}, SCHEMA.replace(fields, grouped), CONDITIONS)


REFUSED = {
    "duplicate-id-which-cedar-accepts": (RULE + RULE, "twee regels met dezelfde @id"),
    "no-explanation": (RULE.replace("@toelichting", "@uitleg"), "zonder @toelichting"),
    "empty-annotation": (RULE.replace('@grondslag("G-FG")', "@grondslag"), "zonder @grondslag"),
    "no-id": (RULE.replace('@id("fg.toezicht_avg.proef")', ""), "zonder @id"),
    "ground-annotation-that-lies": (RULE.replace('@grondslag("G-FG")', '@grondslag("G-AP")'), "@grondslag"),
    "purpose-annotation-that-lies": (RULE.replace('@doel("toezicht_avg")', '@doel("statistiek")'), "@doel"),
    "comment-that-lies": (RULE.replace("// C20", "// C4"), "de opmerking 'C4'"),
    "comment-missing": (RULE.replace("// C20\n", ""), "staat de naam in een opmerking"),
    "test-without-a-name": (
        RULE.replace("resource.eigenaar ==", "resource.eigenaar !="),
        "niet in de voorwaarden",
    ),
    "test-that-may-error": (
        RULE.replace("resource.eigenaar == principal.organisatie", "resource.sterk + 1 > 0"),
        "niet in de voorwaarden",
    ),
    "permit-for-everybody": (RULE.replace('principal in Rol::"fg"', "principal"), "één bekende rol"),
    "unknown-role": (RULE.replace('Rol::"fg"', 'Rol::"chef"'), "één bekende rol"),
    "unknown-action": (RULE.replace("feedback_status", "alles"), "onbekende handeling"),
    "every-action": (RULE.replace('action == Action::"feedback_status"', "action"), "noemt zijn handelingen"),
    "probe-action": (RULE.replace("feedback_status", "voorwaarden"), "onbekende handeling"),
    "unknown-purpose": (RULE.replace("toezicht_avg", "ondermijning"), "onbekend doel"),
    "purpose-without-ground": (
        RULE.replace('// G-FG\nwhen { resource.gronden.contains("G-FG") }\n', "").replace('"G-FG"', '"geen"'),
        "zonder grondslag",
    ),
    "forbid-with-when": (FORBID.replace("unless", "when"), "vervalt met unless"),
    "forbid-for-one-role": (
        FORBID.replace("(principal,", '(principal in Rol::"fg",'),
        "verbod voor iedereen",
    ),
    "permit-with-unless": (RULE.replace("when { resource.eig", "unless { resource.eig"), "vraagt met when"),
    "template": (RULE.replace('principal in Rol::"fg"', "principal in ?principal"), "sjabloon"),
    "not-cedar": ("toestaan alles;", "0.cedar"),
    "nothing": ("// leeg\n", "geen enkele regel"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_policy_set_that_may_not_decide_is_refused_by_name(name: str) -> None:
    text, because = REFUSED[name]
    with pytest.raises(PolicySetError) as refusal:
        parse(text)
    assert because in str(refusal.value)


def test_a_rule_that_the_schema_does_not_know_is_refused() -> None:
    schema = SCHEMA.replace("  beoordeeld: Bool,\n", "")
    with pytest.raises(PolicySetError, match="schema"):
        PolicySet.parse({"0.cedar": FORBID}, schema, CONDITIONS)
    with pytest.raises(PolicySetError, match="schema"):
        PolicySet.parse({"0.cedar": RULE}, "entity", CONDITIONS)


@pytest.mark.parametrize(
    "text", ["", "- lijst", "gronden: {}", CONDITIONS.replace("over: vrager", "over: wie")]
)
def test_conditions_that_are_not_what_they_should_be_are_refused(text: str) -> None:
    with pytest.raises(PolicySetError, match="voorwaarden"):
        PolicySet.parse({"0.cedar": RULE}, SCHEMA, text)


def test_a_rule_reads_as_it_is_written() -> None:
    (rule,) = parse(RULE).rules
    assert rule.role == asker("fg").role
    assert rule.purposes == {"toezicht_avg"}
    assert rule.clauses == ("G-FG", "C20")
