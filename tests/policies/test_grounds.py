# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Grounds as records: when one is in force, for whom, and which texts are refused."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from policies.desk.load import load_profile, profile_texts
from policies.grounds import CODES, FgAdvice, GroundError, GroundExpression, codes_of, in_force, obstacle
from policies.records import parse_profile, parse_register
from tests.policies.world import CONTROL, OWNER, TODAY, ground, matrix, register

RECORDS = {name: text for name, text in profile_texts("oefening").items() if name.endswith(".yaml")}
PROFILE = parse_profile(RECORDS["profile.yaml"])


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"parties": frozenset({"GM9003"})}, "niet van uw organisatie"),
        ({"valid_from": date(2026, 11, 23)}, "nog niet"),
        ({"valid_to": date(2026, 11, 21)}, "verlopen"),
        ({"decided_on": date(2026, 11, 23)}, "nog niet besloten"),
        ({"fg_advice": None}, "geen advies"),
        ({"fg_advice": FgAdvice(date(2026, 11, 23), "D")}, "geen advies"),
        ({"fg_advice": FgAdvice(date(2026, 1, 1), "D", objection=True)}, "bezwaar"),
        (
            {"fg_advice": FgAdvice(date(2026, 1, 1), "D", objection=True, answered_on=date(2026, 11, 23))},
            "bezwaar",
        ),
        ({"purposes": frozenset({"statistiek"})}, "doel"),
        ({"roles": frozenset({"fg"})}, "rol"),
    ],
)
def test_a_ground_is_out_of_force_for_one_named_reason(changes: dict[str, object], word: str) -> None:
    where = (TODAY, "GM9001", "signalering", "toezichthouder")
    assert in_force(ground("G-GEM"), *where)
    spoilt = ground("G-GEM", **changes)
    assert not in_force(spoilt, *where)
    assert word in (obstacle(spoilt, *where) or "")


def test_an_answered_objection_no_longer_blocks() -> None:
    answered = FgAdvice(date(2026, 1, 1), "D", objection=True, answered_on=TODAY)
    assert in_force(ground("G-GEM", fg_advice=answered), TODAY, "GM9001", "signalering", "toezichthouder")


def test_both_days_of_validity_count() -> None:
    one_day = ground("G-GEM", valid_from=TODAY, valid_to=TODAY)
    assert in_force(one_day, TODAY, "GM9001", "signalering", "toezichthouder")


@pytest.mark.parametrize(
    ("text", "met", "unmet"),
    [
        ("G-GEM", [{"G-GEM"}], [set(), {"G-RIEC"}]),
        ("G-RIEC+G-WPG", [{"G-RIEC", "G-WPG"}], [{"G-RIEC"}, {"G-WPG"}]),
        ("G-ZVH|G-TOEST|G-VIT", [{"G-ZVH"}, {"G-TOEST"}, {"G-VIT"}], [{"G-GEM"}]),
        (
            "G-RIEC+G-ZVH|G-TOEST",
            [{"G-RIEC", "G-ZVH"}, {"G-RIEC", "G-TOEST"}],
            [{"G-RIEC"}, {"G-ZVH", "G-TOEST"}],
        ),
        ("G-WPG (19/20)", [{"G-WPG (19/20)"}], [{"G-WPG"}]),
    ],
)
def test_or_binds_before_and(text: str, met: list[set[str]], unmet: list[set[str]]) -> None:
    expression = GroundExpression.parse(text)
    assert all(expression.met_by(codes) for codes in met)
    assert not any(expression.met_by(codes) for codes in unmet)


def test_a_host_dependent_expression_takes_the_ground_of_the_host() -> None:
    expression = GroundExpression.parse("G-RIEC|G-ZVH (host-dependent)+G-SC")
    for code, host in product(["G-RIEC", "G-ZVH"], ["RIEC", "ZVH", ""]):
        assert expression.met_by({code}, host=host, special_covered=True) is (code == f"G-{host}")
    assert not expression.met_by({"G-RIEC"}, host="RIEC")


def test_every_expression_of_the_matrix_is_understood() -> None:
    found = {row.ground for row in matrix() if row.allowed}
    assert {code for text in found for code in GroundExpression.parse(text).codes} <= set(CODES)


@pytest.mark.parametrize("text", ["", "-", "G-SC", "G-GEM|", "G-ALLES"])
def test_an_expression_that_nobody_defined_is_refused(text: str) -> None:
    with pytest.raises(GroundError):
        GroundExpression.parse(text)


@pytest.mark.parametrize(
    ("code", "chosen", "control", "danger", "counts"),
    [
        ("G-TOEST", "W-G-TOEST", CONTROL, False, True),
        ("G-TOEST", "W-G-TOEST", "ZAAK-2", False, False),
        ("G-TOEST", "W-G-GEM", CONTROL, False, False),
        ("G-VIT", "W-G-VIT", CONTROL, True, True),
        ("G-VIT", "W-G-VIT", CONTROL, False, False),
        ("G-VIT", "W-G-GEM", CONTROL, True, False),
    ],
)
def test_consent_and_vital_interest_count_for_their_own_case_only(
    code: str, chosen: str, control: str, *, danger: bool, counts: bool
) -> None:
    found = register().available(
        organisation="GM9001",
        purpose="hulpverlening",
        role="aandachtsfunctionaris",
        on=TODAY,
        chosen=chosen,
        control=control,
        acute_danger=danger,
    )
    assert (code in codes_of(found)) is counts


def test_a_ground_with_parties_binds_an_owner_only_if_the_owner_signed() -> None:
    assert codes_of([ground("G-RIEC")], OWNER) == {"G-RIEC"}
    assert codes_of([ground("G-RIEC")], "GM9009") == frozenset()
    assert codes_of([ground("G-GEM", parties=frozenset(), organisation="GM9001")], "GM9009") == {"G-GEM"}


def test_a_gate_without_a_record_is_closed() -> None:
    assert not register().gate_open("BSN")
    assert register().gate_open("G-GEM")
    with pytest.raises(GroundError):
        register().with_gate("G-GEM", opened=False, decision="proef")


def test_the_exercise_starts_with_what_policy_codes_asks() -> None:
    _, records = load_profile("oefening")
    towns = {"GM9001", "GM9002", "GM9003", "GM9004"}
    held = {
        (g.code, holder) for g in records.grounds.values() for holder in {g.organisation, *g.parties} - {""}
    }
    assert {("G-GEM", town) for town in towns} | {("G-FG", town) for town in towns} <= held
    assert {("G-RIEC", party) for party in {*towns, "TMM"}} | {("G-WPG", "TMM")} <= held
    assert all(g.document and g.decided_by and g.fg_advice for g in records.grounds.values())
    assert {code for code, gate in records.gates.items() if gate.open} == {
        "G-SEKS",
        "G-STRAF",
        "BSN",
        "V-NUMMER",
    }
    assert {code for code, gate in records.gates.items() if not gate.open} == {"FASE-2", "G-CONV"}
    for town in towns:
        roles = sorted(m.role for m in records.mandates if m.organisation == town)
        assert roles == [
            "aandachtsfunctionaris",
            "fg",
            "functioneel_beheerder",
            "functioneel_beheerder",
            "toezichthouder",
        ]
        assert records.organisations[town].latitude is not None
    assert sorted(m.role for m in records.mandates if m.organisation == "TMM") == [
        "tmm_analist",
        "tmm_coordinator",
    ]
    assert len([m for m in records.mandates if m.role == "register_beheerder"]) == 1
    assert records.criteria
    assert all(in_force(g, TODAY, "GM9001", "", "") for g in records.grounds.values() if g.held_by("GM9001"))


REFUSED = {
    "misspelt-key": ("grounds.yaml", "    task:", "    taks:", "'task' hoort een tekst"),
    "extra-key": ("grounds.yaml", "    task:", "    extra: x\n    task:", "onbekend: extra"),
    "unknown-code": ("grounds.yaml", "code: G-WPG", "code: G-ALLES", "'code' hoort een keuze uit"),
    "no-decision": (
        "grounds.yaml",
        "    decision: {",
        "    decision: null\n    besluit: {",
        "'decision' hoort een besluit",
    ),
    "date-with-a-time": (
        "grounds.yaml",
        "valid_to: 2030-12-31",
        "valid_to: 2030-12-31 10:00:00",
        "hoort een datum",
    ),
    "ends-before-it-begins": (
        "grounds.yaml",
        "valid_to: 2030-12-31",
        "valid_to: 2020-12-31",
        "eindigt voordat",
    ),
    "nobody-holds-it": ("grounds.yaml", "    organisation: TMM\n", "", "niemand heeft"),
    "stranger": ("grounds.yaml", "organisation: TMM", "organisation: VREEMD", "niet ingeschreven: VREEMD"),
    "party-outside-the-alliance": ("alliances.yaml", ", TMM]", "]", "partij bij SV-OEFENING"),
    "party-that-nobody-registered": (
        "alliances.yaml",
        ", TMM]",
        ", TMM, VREEMD]",
        "niet ingeschreven: VREEMD",
    ),
    "alliance-without-parties": (
        "alliances.yaml",
        "parties: [GM9001",
        "parties: []\n    x: [GM9001",
        "een lijst waar iets in staat",
    ),
    "alliance-without-a-host": ("alliances.yaml", "    host: RIEC\n", "", "'host' hoort een tekst"),
    "alliance-that-ends-before-it-begins": (
        "alliances.yaml",
        "valid_from: 2025-01-01",
        "valid_from: 2025-01-01\n    valid_to: 2024-12-31",
        "eindigt voordat",
    ),
    "party-with-a-misspelt-day": (
        "alliances.yaml",
        ", TMM]",
        ", {organisation: TMM, tot: 2026-01-01}]",
        "onbekend: tot",
    ),
    "open-gate-without-advice": ("gates.yaml", "    fg_advice: {", "    decision2: {", "onbekend: decision2"),
    "open-gate-over-an-objection": (
        "gates.yaml",
        "objection: false",
        "objection: true",
        "onbeantwoord bezwaar",
    ),
    "training-that-is-no-day": (
        "mandates.yaml",
        "trained_on: 2024-11-04",
        "trained_on: vorig jaar",
        "hoort een datum",
    ),
    "recorded-twice": ("grounds.yaml", "id: OEF-GEM-GM9002", "id: OEF-GEM-GM9001", "staat er twee keer"),
    "consent-without-a-case": (
        "grounds.yaml",
        "code: G-WPG",
        "code: G-TOEST",
        "toestemming geldt voor één zaak",
    ),
    "objection-that-is-no-truth": ("grounds.yaml", "objection: false", "objection: nee", "true of false"),
    "unknown-gate": ("gates.yaml", "code: BSN", "code: ALLES", "'code' hoort een keuze uit"),
    "unknown-role": ("mandates.yaml", "role: tmm_analist", "role: chef", "'role' hoort een keuze uit"),
    "other-list": ("gates.yaml", "gates:", "poorten:", "één lijst: gates"),
    "not-yaml": ("gates.yaml", "gates:", "gates: [", "geen YAML"),
    "code-in-yaml": ("gates.yaml", "gates:", "gates: !!python/object:os.system", "geen YAML"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_register_that_cannot_be_trusted_is_refused_by_name(name: str) -> None:
    file, old, new, because = REFUSED[name]
    assert old in RECORDS[file]
    with pytest.raises(GroundError) as refusal:
        parse_register({**RECORDS, file: RECORDS[file].replace(old, new)}, PROFILE)
    assert because in str(refusal.value)


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(GroundError, match=r"gates\.yaml ontbreekt"):
        parse_register({name: text for name, text in RECORDS.items() if name != "gates.yaml"}, PROFILE)


def test_records_change_by_making_a_new_register() -> None:
    old = register()
    new = old.with_grounds(replace(ground("G-GEM"), id="NIEUW"))
    assert "NIEUW" in new.grounds
    assert "NIEUW" not in old.grounds
