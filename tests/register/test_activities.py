# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json

import pytest
from click.testing import CliRunner

from policies.decision import ACTIONS, FIELDS, PURPOSES, ROLES
from policies.desk.cli import policy
from policies.desk.load import PROFILES, load_profile
from policies.matrix import derive_matrix
from register.activities import (
    ABOUT_PEOPLE,
    BASE,
    NOT_ABOUT_PEOPLE,
    TMM,
    Activity,
    activities,
    activity_of,
    asked_code,
    subject_code,
)
from register.central import cli_policy
from register.events import EVENTS
from register.register30 import as_html, as_json, as_text
from register.retention import MONTHS, TREFFER_DAYS

KEY = bytes(range(32))


@pytest.fixture(scope="module", params=PROFILES)
def found(request: pytest.FixtureRequest) -> tuple[str, tuple[Activity, ...]]:
    return request.param, activities(*load_profile(request.param))


Found = tuple[str, tuple[Activity, ...]]


def test_every_role_and_purpose_that_some_rule_permits_appears_and_no_other(found: Found) -> None:
    rules, _records = load_profile(found[0])
    permitted = {
        (role, purpose)
        for role in ROLES
        for purpose in PURPOSES
        for what in (*FIELDS, *ACTIONS)
        if any(rule.permits and rule.purposes for rule in rules.permits(role, purpose, what))
    }
    listed = [(part.role, part.purpose) for one in found[1] for part in one.parts if part.purpose]
    assert sorted(listed) == sorted(permitted)


def test_what_a_role_sees_is_what_the_matrix_opens(found: Found) -> None:
    rules, _records = load_profile(found[0])
    cells = {(cell.role, cell.purpose, cell.field) for cell in derive_matrix(rules) if cell.allowed}
    listed = {
        (part.role, part.purpose, field)
        for one in found[1]
        for part in one.parts
        for field in part.fields
        if part.purpose
    }
    # A noodopening opens the contact and is in no cell.
    assert {one for one in listed ^ cells if one[2] != "contact_officer"} == set()


def test_what_tmm_does_is_an_activity_of_its_own(found: Found) -> None:
    (tmm,) = [one for one in found[1] if one.id == BASE + TMM]
    assert {part.role for part in tmm.parts} == {"tmm_analist", "tmm_coordinator"}
    assert not [
        part for one in found[1] if one is not tmm for part in one.parts if part.role.startswith("tmm")
    ]


def test_ids_are_the_same_under_every_profile() -> None:
    ids = [[one.id for one in activities(*load_profile(profile))] for profile in PROFILES]
    assert ids[0] == ids[1] == ids[2]
    assert [one.removeprefix(BASE) for one in ids[0]] == [
        "signalering",
        "hulpverlening",
        "tmm-raadpleging",
        "opsporing-handoff",
        "registratie-comensha",
        "inzage",
        "toezicht-avg",
        "statistiek",
        "beheer",
        "bewaartermijnen",
    ]


def test_every_ground_is_told_with_its_article_and_every_recorded_one_with_its_holder(found: Found) -> None:
    _rules, records = load_profile(found[0])
    for one in found[1]:
        assert all(one.codes.values())
        assert {ground for part in one.parts for ground in part.grounds} == set(one.codes)
        assert all(ground.code in one.codes and ground.holders for ground in one.recorded)
    told = {ground.id for one in found[1] for ground in one.recorded}
    used = {code for one in found[1] for code in one.codes}
    assert told == {ground.id for ground in records.grounds.values() if ground.code in used}


def test_terms_are_those_that_the_code_keeps(found: Found) -> None:
    text = as_text(found[1], "")
    for category, months in MONTHS.items():
        assert f"{category.value}: {months} maanden" in text
    assert f"{TREFFER_DAYS} dagen" in text


def test_the_page_and_the_json_hold_every_activity(found: Found) -> None:
    page, members = as_html(found[1], "af31"), as_json(found[1], "af31")
    assert all(one.id in page and one.name in page for one in found[1])
    assert [one["id"] for one in members["verwerkingen"]] == [one.id for one in found[1]]
    assert "<script" not in page
    assert members["maatregelen"]


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_the_command_prints_the_register(form: str) -> None:
    assert cli_policy.list_activities.name in policy.commands
    printed = CliRunner().invoke(policy, ["activities", "--format", form])
    assert printed.exit_code == 0, printed.output
    assert BASE + TMM in printed.output
    if form == "json":
        assert json.loads(printed.output)["versie"]


def test_every_event_of_the_log_is_about_people_or_is_not() -> None:
    catalogue = {event.name for event in EVENTS}
    assert not ABOUT_PEOPLE & NOT_ABOUT_PEOPLE
    assert catalogue <= ABOUT_PEOPLE | NOT_ABOUT_PEOPLE, (
        "say in register.activities whether it is about people"
    )


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_is_an_activity(purpose: str) -> None:
    assert activity_of(purpose, "toezichthouder").startswith(BASE)
    assert activity_of(purpose, "tmm_analist") == BASE + TMM


def test_a_purpose_that_does_not_exist_is_no_activity() -> None:
    with pytest.raises(ValueError, match="purpose"):
        activity_of("ondermijning", "toezichthouder")


def test_two_questions_about_one_person_have_nothing_in_common() -> None:
    assert asked_code(KEY, "a" * 32) != asked_code(KEY, "b" * 32)


def test_a_subject_has_one_code_and_no_other_key_makes_it() -> None:
    one = subject_code(KEY, "c0ffee", "s1")
    assert one == subject_code(KEY, "c0ffee", "s1")
    assert one.code not in {
        other.code
        for other in (
            subject_code(KEY, "c0ffee", "s2"),
            subject_code(KEY, "c0ffe", "es1"),
            subject_code(KEY[::-1], "c0ffee", "s1"),
        )
    }
