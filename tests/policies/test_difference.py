# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a change of the rules does is told with the person whom it would expose something to, before it is in force."""

from functools import cache

import pytest

from policies.decision import ACTIONS, FIELDS, ROLES
from policies.desk.load import load_profile, load_rules, load_texts
from policies.difference import Change, Difference, action_label, difference, lines, role_label, what_label
from policies.engine import Engine
from policies.ruleset import PolicySet
from policies.trials import answered, engines, grounds_for
from process.language import speaking
from process.serving.language import english
from tests.policies.changed import C4, changed, texts
from tests.policies.world import policy_set

BASE = load_profile("oefening")[1]
TREFFER = 'action in [Action::"hit", Action::"attr_types_matched"]'
MINOR = '["nee", "onbekend"].contains(resource.minderjarig) ||\n  principal in Rol::"tmm_coordinator"'


def against(new: PolicySet) -> Difference:
    return difference(policy_set(), new, BASE)


@cache
def forgotten() -> Difference:
    """The release was forgotten in the contact rule."""
    return against(changed(("aandachtsfunctionaris.cedar", C4, "")))


def only(changes: tuple[Change, ...]) -> Change:
    (one,) = changes
    return one


def test_a_condition_that_was_dropped_by_mistake_shows_whom_it_would_expose_what_to() -> None:
    found = forgotten()
    change = only(found.wider)
    assert (change.role, change.purpose, change.what) == (
        "aandachtsfunctionaris",
        "signalering",
        "contact_officer",
    )
    assert found.stricter == ()
    text = "\n".join(lines(found))
    assert (
        "Een aandachtsfunctionaris van gemeente A zou bij signalering de contactpersoon zien van een signaal van gemeente B. "
        "Niet meer nodig: vrijgave door de organisatie die het signaal inbracht." in text
    )
    assert "aandachtsfunctionaris.signalering.contact" in text


def test_the_example_is_a_question_that_the_old_set_denies_and_the_new_one_allows() -> None:
    change = only(forgotten().wider)
    assert change.example is not None
    sheet, facts = change.example.sheet, change.example.facts
    grounds = grounds_for(sheet.missing, BASE)
    new = changed(("aandachtsfunctionaris.cedar", C4, ""))
    decided = [
        Engine(one, grounds).fields(sheet.asker, sheet.occasion, facts, ("contact_officer",))[
            "contact_officer"
        ]
        for one in (policy_set(), new)
    ]
    assert [one.allowed for one in decided] == [False, True]
    assert facts.released_to == frozenset()


def test_a_condition_that_came_back_is_stricter() -> None:
    found = difference(changed(("aandachtsfunctionaris.cedar", C4, "")), policy_set(), BASE)
    assert found.wider == ()
    assert only(found.stricter).what == "contact_officer"
    assert "Wel nodig: vrijgave door" in "\n".join(lines(found))


def test_a_field_that_was_never_open_says_so() -> None:
    wider = TREFFER.replace("]", ', Action::"muni_name"]')
    found = against(changed(("toezichthouder.cedar", TREFFER, wider)))
    assert only(found.changes).new
    assert "Een toezichthouder van gemeente A" in "\n".join(lines(found))
    assert "Dat kon nog nooit." in "\n".join(lines(found))


@pytest.mark.parametrize(
    ("file", "clause", "action"),
    [
        (
            "functioneel_beheerder.cedar",
            "\n// besluit\nwhen { context.besluit && context.document }",
            "grondslag_vaststellen",
        ),
        (
            "functioneel_beheerder.cedar",
            "\n// twee-organisaties\nwhen { context.tweede_organisatie != principal.organisatie }",
            "beleid_activeren",
        ),
        (
            "functioneel_beheerder.cedar",
            "\n// hash-in-logboek\nwhen { context.hash_in_logboek }",
            "beleid_activeren",
        ),
    ],
)
def test_an_action_that_needs_less_is_wider_with_an_example(file: str, clause: str, action: str) -> None:
    change = only(against(changed((file, clause, ""))).wider)
    assert (change.role, change.what) == ("functioneel_beheerder", action)
    assert change.example is not None
    assert change.dropped


def test_a_forbid_that_lets_more_through_opens_for_everybody_whom_it_stopped() -> None:
    roles = ("toezichthouder", "nla", "tmm_coordinator")
    wide = MINOR.replace('"onbekend"]', '"onbekend", "ja"]')
    in_yaml = '["nee", "onbekend"].contains(resource.minderjarig) ||'
    new = changed(
        ("altijd.cedar", MINOR, wide),
        ("voorwaarden.yaml", in_yaml, in_yaml.replace('"onbekend"]', '"onbekend", "ja"]')),
        roles=roles,
    )
    found = difference(changed(roles=roles), new, BASE)
    shown = {one.role for one in found.changes if one.example}
    assert shown == {"toezichthouder", "nla"}, "the coordinator saw minors before"
    assert not any(one.example for one in found.stricter)
    assert "Voorwaarde C6 toetst nu" in "\n".join(found.texts)
    assert "Anders getoetst: geen minderjarige" in "\n".join(lines(found))


def test_words_alone_open_nothing_and_are_told() -> None:
    found = against(changed(("voorwaarden.yaml", "eis: een reden\n", "eis: een goede reden\n")))
    assert found.changes == ()
    assert any("een goede reden" in line for line in found.texts)


def test_a_rule_under_another_name_opens_nothing_and_is_told() -> None:
    found = against(
        changed(("toezichthouder.cedar", '"toezichthouder.bevragen"', '"toezichthouder.elders_vragen"'))
    )
    assert found.changes == ()
    assert "toezichthouder.elders_vragen" in "\n".join(found.texts)


def test_a_condition_that_is_explained_otherwise_may_betray_a_signal_and_is_told() -> None:
    text = "code: C8\n    over: signaal"
    found = against(changed(("voorwaarden.yaml", text, text.replace("signaal", "vrager"))))
    assert any("C8" in line and "uitgelegd" in line for line in found.texts)


def test_a_set_does_not_differ_from_itself() -> None:
    assert not against(policy_set())


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("training_years: 10", "training_years: 9", "Strenger: de opleiding mag nog 9 jaar"),
        (
            "  training",
            "  stand_ins: {G-GEM: [G-WPG]}\n  training",
            "Ruimer: grondslag G-GEM staat nu ook waar",
        ),
        (
            "within_alliance: []",
            "within_alliance: [G-WPG]",
            "Strenger: grondslag G-WPG is er alleen nog binnen",
        ),
        ("G-SEKS, ", "", "Strenger: het profiel laat grondslag G-SEKS niet meer toe"),
        ("name: oefening", "name: echt", "Het profiel heet nu echt"),
        ("  training", '  notice: "Let op."\n  training', "Let op."),
    ],
)
def test_a_profile_that_opens_or_closes_something_in_every_cell_is_told(
    before: str, after: str, told: str
) -> None:
    role = ("fg",)
    found = difference(
        changed(roles=role), load_rules(texts(("profile.yaml", before, after), roles=role)), BASE
    )
    assert told in "\n".join(found.texts)


@pytest.mark.parametrize("file", ["schema.cedarschema", "fg.cedar"])
def test_no_two_sets_differ_in_nothing_that_is_told(file: str) -> None:
    """Or the mark of nothing would do for whatever was slipped in."""
    role = ("fg",)
    assert difference(changed(roles=role), changed((file, "// SPDX", "// Dus. SPDX"), roles=role), BASE).texts


def until(days: int) -> PolicySet:
    """Rules under which a standing question may last so long."""
    found = texts(roles=("aandachtsfunctionaris",))
    return load_texts(
        {name: one.replace("termijn_dagen <= 90", f"termijn_dagen <= {days}") for name, one in found.items()}
    )[0]


def test_what_no_question_shows_is_told_all_the_same() -> None:
    """A number that no generated question comes near: the cell is told, with what to look at."""
    shown, hidden = difference(until(90), until(300), BASE), difference(until(4000), until(5000), BASE)
    for found in (shown, hidden):
        assert {one.what for one in found.changes} == {"attendering_zetten"}
    assert all(one.example for one in shown.wider)
    assert shown.stricter == ()
    assert not any(one.example for one in hidden.changes)
    assert "Geen van de proefvragen laat dit zien" in "\n".join(lines(hidden))


def test_the_mark_of_a_difference_is_of_what_is_read() -> None:
    assert forgotten().fingerprint == against(changed(("aandachtsfunctionaris.cedar", C4, ""))).fingerprint
    other = against(
        changed(("toezichthouder.cedar", TREFFER, TREFFER.replace("]", ', Action::"muni_name"]')))
    )
    assert forgotten().fingerprint != other.fingerprint


def test_everybody_and_everything_has_a_name_in_dutch() -> None:
    assert all(role_label(role) != role for role in ROLES)
    assert all(action_label(action) != action for action in ACTIONS)
    assert all(what_label(name) != name for name in (*FIELDS, *ACTIONS))


def test_two_engines_of_one_set_answer_a_sheet_alike() -> None:
    change = only(forgotten().wider)
    assert change.example is not None
    sheet = change.example.sheet
    first, second = (answered(engines(policy_set(), BASE), sheet, FIELDS) for _ in range(2))
    assert first == second


def test_who_reads_a_difference_in_english_reads_another_text_under_the_same_mark() -> None:
    def made() -> Difference:
        return against(changed(("aandachtsfunctionaris.cedar", C4, "")))

    dutch = made()
    with speaking(english()):
        fresh = made()
        assert dutch.fingerprint == fresh.fingerprint
        for found in (dutch, fresh):
            text = "\n".join(lines(found))
            assert (
                "A focal officer of municipality A would see, for signalling, the contact person of" in text
            )
            assert "No longer needed: release by the organisation that submitted the signal." in text
    assert fresh.fingerprint == dutch.fingerprint
    assert list(lines(fresh)) == list(lines(dutch))
