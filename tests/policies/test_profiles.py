# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Three profiles: what each opens, what none can change, and what stands in for what."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.decision import FIELDS, Mandate, SignalFacts
from policies.desk.load import PROFILES, load_profile, profile_texts
from policies.engine import Engine
from policies.explain import explain
from policies.grounds import CODES, GATES, GroundError, Party
from policies.matrix import as_text, derive_matrix
from policies.profiles import Profile, years_ago
from policies.records import parse_profile
from policies.ruleset import PolicySet
from policies.sharing import Inquiry, advise
from tests.policies.world import (
    OWNER,
    TODAY,
    Question,
    alliance,
    asker,
    best,
    ground,
    matrix,
    policy_set,
    register,
)

COVENANT = "convenant-overig"
EVERYWHERE = {"G-GEM", "G-TOEST", "G-VIT", "G-RECHT", "G-FG", "G-AP", "G-STAT"}


def allowed(question: Question, field: str, profile: str, **changes: object) -> bool:
    records = replace(register(profile=profile), **changes)  # type: ignore[arg-type]  # a test names what it changes
    decided = Engine(policy_set(profile), records)
    return decided.fields(question.asker, question.occasion, question.facts, (field,))[field].allowed


def test_no_profile_changes_a_rule_a_condition_or_a_cell() -> None:
    texts = [
        {name: text for name, text in profile_texts(profile).items() if name.endswith(("cedar", "schema"))}
        for profile in PROFILES
    ]
    assert texts[0] == texts[1] == texts[2]
    cells = [
        tuple((cell.rule_id, cell.ground, cell.conditions) for cell in derive_matrix(policy_set(profile)))
        for profile in PROFILES
    ]
    assert cells[0] == cells[1] == cells[2]


@pytest.mark.parametrize("profile", PROFILES)
def test_grounds_of_every_day_can_be_recorded_in_every_profile(profile: str) -> None:
    assert policy_set(profile).profile.grounds >= EVERYWHERE
    assert policy_set(profile).profile.name == profile


@pytest.mark.parametrize("profile", ["riec-wgs", COVENANT])
def test_a_real_register_starts_empty_and_with_every_gate_closed(profile: str) -> None:
    _, records = load_profile(profile)
    assert (records.grounds, records.alliances, records.mandates) == ({}, {}, ())
    assert [one for one in GATES if records.gate_open(one)] == []
    assert set(records.organisations) == {"REGISTER"}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_ground_that_the_profile_does_not_admit_cannot_be_in_its_records(profile: str) -> None:
    refused = set(CODES) - policy_set(profile).profile.grounds
    assert refused
    for code in refused:
        with pytest.raises(GroundError, match=f"profiel {profile} laat"):
            register(profile=profile).with_grounds(replace(ground(code), id="NIEUW"))


def test_a_ground_that_the_profile_does_not_admit_counts_for_nothing_even_so() -> None:
    question = best("tmm_analist", "opsporing_handoff", "G-WPG")
    assert allowed(question, "hit", "riec-wgs")
    grounds = {**register(profile=COVENANT).grounds, "W-G-WPG": ground("G-WPG"), "W-G-RIEC": ground("G-RIEC")}
    assert not allowed(question, "hit", COVENANT, grounds=grounds)


@pytest.mark.parametrize("code", ["G-RIEC", "G-ZVH", "G-WPG", "G-BPG"])
def test_riec_wgs_opens_to_parties_of_a_registered_samenwerkingsverband_only(code: str) -> None:
    with pytest.raises(GroundError, match="alleen voor partijen"):
        register(profile="riec-wgs").with_grounds(replace(ground(code), id="NIEUW"))
    with pytest.raises(GroundError, match="alleen voor partijen"):
        register(profile="riec-wgs").with_grounds(replace(ground(code), id="NIEUW", alliance="W-ANDER"))


BAD_GROUNDS = {
    "riec-ground-at-a-zvh": ("riec-wgs", {"code": "G-RIEC", "alliance": "W-ZVH"}, "andere gastheer"),
    "wgs-ground-under-a-covenant": (
        "riec-wgs",
        {"code": "G-WPG", "alliance": "W-CONVENANT"},
        "soort afspraak",
    ),
    "covenant-ground-at-a-riec": (COVENANT, {"code": "G-CONV", "alliance": "W-RIEC"}, "soort afspraak"),
    "covenant-that-names-no-purpose": (
        COVENANT,
        {"code": "G-CONV", "alliance": "W-CONVENANT"},
        "noemt de doelen",
    ),
}


@pytest.mark.parametrize("name", BAD_GROUNDS)
def test_a_ground_rests_on_the_agreement_that_its_code_asks(name: str) -> None:
    profile, changes, because = BAD_GROUNDS[name]
    with pytest.raises(GroundError, match=because):
        register(profile=profile).with_grounds(ground(id="NIEUW", **{"code": "", **changes}))


@pytest.mark.parametrize(
    "party",
    [
        Party("GM9001", valid_to=date(2026, 11, 21)),
        Party("GM9001", valid_from=date(2026, 11, 23)),
        None,
    ],
    ids=["left-yesterday", "joins-tomorrow", "never-a-party"],
)
def test_whoever_is_no_party_today_holds_nothing_and_is_bound_by_nothing(party: Party | None) -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-RIEC")
    others = tuple(one for one in alliance("RIEC").parties if one.organisation != "GM9001")
    today = Party("GM9001", TODAY, TODAY)
    for parties, sees in ((others + ((party,) if party else ()), False), ((*others, today), True)):
        known = {**register(profile="riec-wgs").alliances, "W-RIEC": alliance("RIEC", parties=parties)}
        assert allowed(question, "indicators", "riec-wgs", alliances=known) is sees
        theirs = best("ketenregisseur", "signalering", "G-RIEC").with_facts(owner="GM9001")
        assert allowed(theirs, "hit", "riec-wgs", alliances=known) is sees


def test_a_samenwerkingsverband_that_ended_opens_nothing() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-RIEC")
    ended = alliance("RIEC", valid_to=date(2026, 11, 21))
    known = {**register(profile="riec-wgs").alliances, "W-RIEC": ended}
    assert not allowed(question, "indicators", "riec-wgs", alliances=known)


def test_a_ground_whose_other_parties_all_left_does_not_open_the_signals_of_everybody() -> None:
    alone = ground(
        "G-RIEC", organisation="GM9001", parties=frozenset({"GM9001", "GM9003"}), alliance="W-RIEC"
    )
    known = register(profile="riec-wgs")
    left = replace(known, alliances={"W-RIEC": alliance("RIEC", parties=(Party("GM9001"),))})
    assert left.as_of(alone, TODAY).binds("GM9001")
    assert not left.as_of(alone, TODAY).binds(OWNER)
    nobody = replace(known, alliances={"W-RIEC": alliance("RIEC", parties=(Party("ZORG"),))})
    assert nobody.as_of(alone, TODAY).holders == frozenset()


# A covenant stands where a cell names G-RIEC or G-ZVH: a question the law leaves open, so it is said everywhere.

CONCERNED = tuple(
    row
    for row in matrix()
    if row.allowed and row.expression.codes & {"G-RIEC", "G-ZVH"} and "WPG" not in row.ground
)


def test_a_covenant_stands_for_riec_and_zvh_and_for_nothing_else() -> None:
    assert len(CONCERNED) > 20
    for row in CONCERNED:
        question = row.best().with_occasion(ground_id="W-G-CONV")
        assert allowed(question, row.field, COVENANT), row
        closed = register(profile=COVENANT).with_gate("G-CONV", opened=False, decision="proef")
        if not row.expression.codes & {"G-TOEST", "G-VIT"}:
            assert not allowed(question, row.field, COVENANT, gates=closed.gates), row
    needs_police = [row for row in matrix() if row.allowed and "G-WPG" in row.ground]
    assert needs_police
    for row in needs_police:
        assert not allowed(row.best().with_occasion(ground_id="W-G-CONV"), row.field, COVENANT), row


def test_a_cell_without_riec_or_zvh_reads_no_covenant() -> None:
    for row in matrix():
        if row.allowed and not row.expression.codes & {"G-RIEC", "G-ZVH", "G-WPG", "G-BPG"}:
            missing = frozenset(row.expression.codes)
            records = register(missing, COVENANT)
            assert not allowed(row.best(), row.field, COVENANT, grounds=records.grounds), row


def test_what_is_named_and_logged_is_the_covenant_and_not_what_it_stands_for() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-CONV")
    decided = Engine(policy_set(COVENANT), register(profile=COVENANT))
    decision = decided.fields(question.asker, question.occasion, question.facts, ("indicators",))[
        "indicators"
    ]
    assert decision.ground_ids == ("W-G-CONV",)
    assert decision.policy_set_hash == policy_set(COVENANT).hash


def test_without_its_covenant_the_asker_reads_which_ground_is_missing() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-GEM")
    decided = Engine(policy_set(COVENANT), register(frozenset({"G-CONV"}), COVENANT))
    reasons = decided.fields(question.asker, question.occasion, question.facts, ("indicators",))["indicators"]
    assert any("waarvoor hier G-CONV staat" in reason.sentence for reason in reasons.shown_reasons)


def test_table_and_explanation_of_the_covenant_profile_say_so() -> None:
    rules = policy_set(COVENANT)
    assert "staat in de wet niet vast" in rules.profile.notice
    assert "G-RIEC [G-CONV]" in as_text(derive_matrix(rules))
    for field in FIELDS:
        told = advise(rules, Inquiry("aandachtsfunctionaris", "signalering", (field,), "")).as_text()
        assert rules.profile.notice in told
    covered = advise(rules, Inquiry("aandachtsfunctionaris", "signalering", ("indicators",), ""))
    assert any(one.startswith("In dit profiel in plaats daarvan: G-CONV") for one in covered.grounds)
    question = best("aandachtsfunctionaris", "signalering", "G-CONV")
    records = register(profile=COVENANT)
    for facts in (question.facts, SignalFacts()):
        decisions = Engine(rules, records).fields(question.asker, question.occasion, facts, FIELDS)
        explained = explain(rules, records, question.asker, question.occasion, decisions)
        assert explained.grounds[0] == rules.profile.notice
    assert policy_set().profile.notice == ""


def test_what_a_profile_opens_is_in_the_hash() -> None:
    assert len({policy_set(profile).hash for profile in PROFILES}) == 3
    texts = profile_texts(COVENANT)
    rules = {name: text for name, text in texts.items() if name.endswith(".cedar")}
    opened = parse_profile(texts["profile.yaml"])

    def hashed(profile: Profile) -> str:
        return PolicySet.parse(rules, texts["schema.cedarschema"], texts["voorwaarden.yaml"], profile).hash

    assert hashed(opened) == policy_set(COVENANT).hash
    assert hashed(replace(opened, stand_ins={"G-CONV": frozenset({"G-RIEC"})})) != hashed(opened)
    assert hashed(replace(opened, screening_years=6)) != hashed(opened)


def test_rules_of_one_profile_do_not_decide_on_records_of_another() -> None:
    with pytest.raises(ValueError, match="records of another"):
        Engine(policy_set("riec-wgs"), register(profile=COVENANT))


TEXT = profile_texts(COVENANT)["profile.yaml"]
BAD_PROFILES = {
    "misspelt-key": ("notice:", "notie:", "onbekend: notie"),
    "unknown-ground": ("[G-GEM,", "[G-ALLES,", "een keuze uit"),
    "stands-in-without-being-admitted": ("G-CONV, G-TOEST", "G-TOEST", "alles wat within_alliance"),
    "no-term-for-screening": ("  screening_years: 5\n", "", "een aantal jaren"),
    "endless-training": ("training_years: 3", "training_years: 99", "een aantal jaren"),
    "truth-for-a-number": ("training_years: 3", "training_years: true", "een aantal jaren"),
    "not-one-record": ("profile:", "profielen:", "één onderdeel: profile"),
    "a-list": ("profile:", "profile: []\nx:", "één onderdeel: profile"),
    "not-yaml": ("profile:", "profile: [", "geen YAML"),
}


@pytest.mark.parametrize("name", BAD_PROFILES)
def test_a_profile_that_cannot_be_trusted_is_refused_by_name(name: str) -> None:
    old, new, because = BAD_PROFILES[name]
    assert old in TEXT
    with pytest.raises(GroundError, match=because):
        parse_profile(TEXT.replace(old, new))


# C2 asks for training and screening on record, not ahead, and recent enough.

UNFIT = {
    "never-trained": ({"trained_on": None}, "geen datum van de opleiding"),
    "never-screened": ({"screened_on": None}, "geen datum van de screening"),
    "trained-tomorrow": ({"trained_on": date(2026, 11, 23)}, "opleiding bij uw mandaat ligt in de toekomst"),
    "screened-tomorrow": (
        {"screened_on": date(2026, 11, 23)},
        "screening bij uw mandaat ligt in de toekomst",
    ),
    "trained-too-long-ago": (
        {"trained_on": date(2023, 11, 21)},
        "opleiding bij uw mandaat is langer dan 3 jaar",
    ),
    "screened-too-long-ago": (
        {"screened_on": date(2021, 11, 21)},
        "screening bij uw mandaat is langer dan 5 jaar",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
def test_c2_does_not_hold_without_training_and_screening_and_the_asker_reads_what_is_missing(
    name: str,
) -> None:
    changes, because = UNFIT[name]
    decided = Engine(policy_set("riec-wgs"), register(profile="riec-wgs"))
    question = best("toezichthouder", "signalering", "G-GEM")
    assert question.asker.mandate is not None
    unfit = question.with_asker(mandate=replace(question.asker.mandate, **changes))  # type: ignore[arg-type]
    assert decided.asker_refusal(question.asker, question.occasion, "bevragen") is None
    refusal = decided.asker_refusal(unfit.asker, unfit.occasion, "bevragen")
    assert refusal is not None
    assert (refusal.code, because in refusal.sentence) == ("C2", True), refusal
    assert "vraag de functioneel beheerder" in refusal.way
    assert not decided.action(unfit.asker, unfit.occasion, "bevragen").allowed


def test_somebody_who_is_not_screened_is_no_second_pair_of_eyes() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-GEM", own=True)
    second = asker("aandachtsfunctionaris", officer="o-2")
    assert second.mandate is not None
    assert question.with_occasion(second=second).done("verhaal_vrijgeven")
    unfit = replace(second, mandate=replace(second.mandate, screened_on=None))
    assert not question.with_occasion(second=unfit).done("verhaal_vrijgeven")


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 10), st.integers(-800, 4000))
def test_training_counts_from_its_day_to_the_last_day_of_its_years(day: date, years: int, ago: int) -> None:
    done = date.fromordinal(day.toordinal() - ago)
    mandate = Mandate("fg", "GM9001", "o-1", day, day, done, day)
    fits = not Profile(training_years=years, screening_years=1).shortcomings(mandate, day)
    assert fits == (years_ago(day, years) <= done <= day)


def test_a_leap_day_has_a_day_so_many_years_before() -> None:
    assert years_ago(date(2028, 2, 29), 4) == date(2024, 2, 29)
    assert years_ago(date(2028, 2, 29), 3) == date(2025, 2, 28)
