# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The decision point: agrees with a second reading of the norm, never widens, explains without betraying."""

import json
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date
from typing import Any

import cedarpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.decision import (
    ACTIONS,
    ALARM,
    FIELDS,
    PURPOSES,
    ROLES,
    Asker,
    Formalities,
    Mandate,
    Occasion,
    SignalFacts,
)
from policies.desk.load import PROFILES, load_profile
from policies.engine import Engine, _Question
from policies.grounds import CODES, GroundRegister
from policies.ruleset import PolicySet
from tests.policies.test_rules import CONDITIONS, SCHEMA
from tests.policies.world import (
    CONTROL,
    MAIN_PURPOSES,
    ORGANISATIONS,
    OWNER,
    PAPERS,
    TODAY,
    Question,
    asker,
    best,
    engine,
    matrix,
    policy_set,
    register,
)

CELLS = {(row.role, row.purpose, row.field): row for row in matrix()}
orgs = st.sampled_from(["GM9001", OWNER, "TMM", "ZORG", "RIEC", "NLA"])
org_sets = st.frozensets(orgs, max_size=3)
mostly = st.sampled_from([True, True, True, False])
seldom = st.sampled_from([False, False, False, True])
mandates = st.builds(
    Mandate,
    role=st.sampled_from(ROLES),
    organisation=orgs,
    officer=st.just("o-1"),
    valid_from=st.just(date(2026, 1, 1)),
    valid_to=st.sampled_from([date(2026, 12, 31), date(2026, 12, 31), date(2026, 11, 21)]),
    trained_on=st.sampled_from([*[date(2025, 11, 3)] * 7, None, date(2026, 11, 23)]),
    screened_on=st.sampled_from([*[date(2025, 10, 6)] * 7, None, date(2015, 11, 22)]),
)


@st.composite
def askers(draw: st.DrawFn) -> Asker:
    mandate = draw(mandates)
    return Asker(
        organisation=mandate.organisation,
        officer=mandate.officer,
        role=draw(st.sampled_from([mandate.role, mandate.role, mandate.role, "toezichthouder"])),
        mandate=draw(st.sampled_from([mandate, mandate, mandate, None])),
        participant=draw(mostly),
        host=draw(st.sampled_from(["RIEC", "ZVH", ""])),
    )


papers = st.builds(
    Formalities,
    explicit=mostly,
    term_days=st.sampled_from([0, 1, 90, 91]),
    recipients=st.sampled_from([0, 1, 2]),
    ground_per_attribute=mostly,
    feedback_code=st.sampled_from(["", "ontvangen", "opgepakt_TMM", "vrije tekst"]),
    signed_off=mostly,
    advice_recorded=mostly,
    objection_open=seldom,
    decision=st.sampled_from(["", "B-1"]),
    document=st.sampled_from(["", "D-1"]),
    hash_logged=mostly,
)
occasions = st.builds(
    Occasion,
    purpose=st.sampled_from(PURPOSES),
    today=st.just(TODAY),
    control=st.sampled_from([CONTROL, CONTROL, "ZAAK-2", ""]),
    reason=st.sampled_from(["reden", "reden", ""]),
    ground_id=st.sampled_from([*(f"W-{code}" for code in CODES), None]),
    asked_strong=st.integers(0, 1),
    asked_medium=st.integers(0, 2),
    coarse=mostly,
    aggregate=mostly,
    masked=mostly,
    file_open_until=st.sampled_from([None, TODAY, date(2026, 11, 21)]),
    identity_checked=mostly,
    acute_danger=st.booleans(),
    break_glass=st.booleans(),
    second=st.none() | askers(),
    formalities=papers,
)
facts = st.builds(
    SignalFacts,
    owner=orgs,
    parties=org_sets,
    case_parties=org_sets,
    care_coordinator=orgs,
    minor=st.sampled_from(["nee", "nee", "onbekend", "ja", ""]),
    no_police_contact=seldom,
    care_track=st.booleans(),
    acute_danger=st.booleans(),
    needs_special=seldom,
    needs_criminal=seldom,
    special_category_ground_id=st.sampled_from([None, "W-G-SEKS", "W-G-STRAF"]),
    criminal_ground_id=st.sampled_from([None, "W-G-SEKS", "W-G-STRAF"]),
    handling=st.sampled_from(["H1", "H1", "H2", "H3", ""]),
    border_context=mostly,
    labour=mostly,
    victim_subject=mostly,
    carrying_indicator=mostly,
    matched_strong=st.integers(0, 1),
    matched_medium=st.integers(0, 2),
    organisations_matched=st.integers(0, 2),
    assessed=mostly,
    released_to=st.sampled_from([ORGANISATIONS, ORGANISATIONS, frozenset[str]()]),
    four_eyes=mostly,
    phase2_open=mostly,
    criteria_stored=mostly,
    rewrapped_to=st.sampled_from(["TMM/o-1", "ZORG/o-1", "GM9001/o-1", ""]),
    committee_advice=mostly,
    supplier_consent=mostly,
)
questions = st.builds(Question, askers(), occasions, facts)


def norm(q: Question, field: str) -> bool:
    """policy-codes.md and policy-matrix.csv, read a second time and without Cedar. Leaves break-glass out."""
    row = CELLS.get((q.asker.role, q.occasion.purpose, field))
    a, o, f = q.asker, q.occasion, q.facts
    if row is None or not row.allowed or not a.mandated(o.today):
        return False
    codes = set(CODES) - {"G-CONV", "G-TOEST", "G-VIT"}
    codes |= {"G-TOEST"} if o.ground_id == "W-G-TOEST" and o.control == CONTROL else set()
    codes |= {"G-VIT"} if o.ground_id == "W-G-VIT" and o.acute_danger else set()
    expression = replace(row.expression, special=False)
    own = f.owner == a.organisation
    tmm = a.role == "tmm_coordinator"
    care = o.purpose == "hulpverlening" and not tmm
    in_charge = {
        "aandachtsfunctionaris": a.organisation in f.parties,
        "zorgcoordinator": a.organisation == f.care_coordinator,
        "tmm_coordinator": True,
        "toezichthouder": field == "minor_flag" and f.minor == "ja",
    }.get(a.role, False)
    usable = policy_set().codes_for(a.role, o.purpose)
    chosen = (o.ground_id or "").removeprefix("W-")
    handling = {
        "H1": True,
        "H2": own or a.organisation in f.released_to or field in {"hit", "minor_flag", "attr_types_matched"},
        "H3": own or care,
    }.get(f.handling, False)
    met = {
        "C1": bool(o.control and o.reason) and chosen in codes & usable,
        "C2": a.participant
        and a.mandate is not None
        and (a.mandate.trained_on, a.mandate.screened_on) == (date(2025, 11, 3), date(2025, 10, 6)),
        "C3": f.matched_strong >= 1 or f.matched_medium >= 2,
        "C4": a.organisation in f.released_to,
        "C5": f.four_eyes,
        "C6": f.minor in {"nee", "onbekend"} or in_charge,
        "C7": not f.no_police_contact or "G-VIT" in codes,
        "C8": f.assessed,
        "C10": f.phase2_open and f.criteria_stored,
        "C11": o.aggregate,
        "C12": o.masked,
        "C14": f.rewrapped_to == a.address and (not tmm or f.organisations_matched >= 2 or f.acute_danger),
        "C15": f.committee_advice and f.supplier_consent,
        "C16": bool(o.reason) and o.file_open_until is not None and o.today <= o.file_open_until,
        "C17": o.coarse,
        "C18": f.labour,
        "C19": f.border_context,
        "C20": own,
        "C21": f.victim_subject,
        "C22": handling,
        "C23": o.identity_checked and bool(o.control),
    }
    special = (not f.needs_special or f.special_category_ground_id == "W-G-SEKS") and (
        not f.needs_criminal or f.criminal_ground_id == "W-G-STRAF"
    )
    always = o.purpose not in MAIN_PURPOSES or (met["C6"] and met["C22"] and special)
    return (
        always
        and expression.met_by(codes, host=a.host)
        and all(met[code] for code in row.conditions if code != "C6")
    )


@settings(max_examples=200, deadline=None)
@given(question=questions)
def test_cedar_and_a_second_reading_of_the_norm_decide_the_same(question: Question) -> None:
    asked = question.with_occasion(break_glass=False)
    seen = asked.seen(FIELDS)
    assert {field: seen[field].allowed for field in FIELDS} == {field: norm(asked, field) for field in FIELDS}


def removals(value: Any) -> list[Any]:
    """The value with each attribute in turn back at its default, as if nobody had stated it."""
    kept = {"organisation", "officer", "role", "purpose", "today", "valid_from", "valid_to"}
    absent = {"mandate": None, "participant": False}
    defaults = {f.name: absent.get(f.name, f.default) for f in dataclass_fields(value) if f.name not in kept}
    return [replace(value, **{name: default}) for name, default in defaults.items()]


@settings(max_examples=25, deadline=None)
@given(question=questions, action=st.sampled_from(ACTIONS), data=st.data())
def test_removing_any_attribute_never_turns_a_no_into_a_yes(
    question: Question, action: str, data: st.DataObject
) -> None:
    asked = (*FIELDS, action)
    less = [replace(question, asker=value) for value in removals(question.asker)]
    if question.asker.mandate is not None:
        less += [question.with_asker(mandate=value) for value in removals(question.asker.mandate)]
    less += [replace(question, occasion=value) for value in removals(question.occasion)]
    less += [question.with_occasion(formalities=value) for value in removals(question.occasion.formalities)]
    less = data.draw(st.lists(st.sampled_from(less), min_size=3, max_size=3))
    before = question.seen(asked)
    page = question.page(removals(question.facts), asked)
    after = [*page, *(other.seen(asked) for other in less)]
    widened = [
        (name, seen[name])
        for seen in after
        for name in asked
        if seen[name].allowed and not before[name].allowed
    ]
    assert widened == []


def without_one_record(records: GroundRegister) -> list[GroundRegister]:
    """The register with one record less, or one thing less on record, in turn."""

    def less(kind: Mapping[str, Any], name: str, **changes: Any) -> dict[str, Any]:
        rest = {key: value for key, value in kind.items() if key != name}
        return rest | {name: replace(kind[name], **changes)} if changes else rest

    found = [replace(records, grounds=less(records.grounds, name)) for name in records.grounds]
    found += [
        replace(records, grounds=less(records.grounds, name, fg_advice=None)) for name in records.grounds
    ]
    found += [replace(records, gates=less(records.gates, name)) for name in records.gates]
    for name, one in records.alliances.items():
        found.append(replace(records, alliances=less(records.alliances, name)))
        for party in one.parties:
            parties = tuple(other for other in one.parties if other != party)
            found.append(replace(records, alliances=less(records.alliances, name, parties=parties)))
    return found


@settings(max_examples=40, deadline=None)
@given(question=questions, action=st.sampled_from(ACTIONS), profile=st.sampled_from(PROFILES), data=st.data())
def test_removing_any_ground_gate_or_party_never_turns_a_no_into_a_yes(
    question: Question, action: str, profile: str, data: st.DataObject
) -> None:
    asked = (*FIELDS, action)
    whole = register(profile=profile)

    def seen(records: GroundRegister) -> dict[str, bool]:
        decided = Engine(policy_set(profile), records)
        (page,) = decided.page(question.asker, question.occasion, (question.facts,), asked)
        return {name: decision.allowed for name, decision in page.items()}

    before = seen(whole)
    for records in data.draw(st.lists(st.sampled_from(without_one_record(whole)), min_size=3, max_size=3)):
        after = seen(records)
        assert [name for name in asked if after[name] and not before[name]] == []


def test_a_question_without_any_fact_shows_nothing_to_anybody() -> None:
    for role in ROLES:
        for purpose in PURPOSES:
            bare = Question(asker(role), Occasion(purpose, TODAY), SignalFacts())
            assert not any(decision.allowed for decision in bare.seen(FIELDS).values())


class _Dropping(_Question):
    """Builds its entities without one attribute, as a forgetful caller of Cedar would."""

    drop = ""

    def _signal(self, position: int, facts: SignalFacts | None) -> dict[str, object]:
        entity = super()._signal(position, facts)
        attributes = entity["attrs"]
        assert isinstance(attributes, dict)
        return {**entity, "attrs": {k: v for k, v in attributes.items() if k != self.drop}}

    def _occasion(self) -> dict[str, object]:
        return {k: v for k, v in super()._occasion().items() if k != self.drop}


def test_an_attribute_missing_from_the_request_itself_is_a_denial_with_an_alarm() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-GEM")
    whole = _Question(engine(), question.asker, question.occasion)
    names = [*json.loads(json.dumps(whole._signal(0, question.facts)["attrs"])), *whole._occasion()]
    assert len(names) >= 40
    for name in names:
        asked = _Dropping(engine(), question.asker, question.occasion)
        asked.drop = name
        (seen,) = asked.decide((question.facts,), FIELDS)
        assert all(decision.alarm and not decision.allowed for decision in seen.values()), name


@pytest.mark.parametrize(
    "changes", [{"matched_strong": 2**63}, {"owner": "\ud800"}, {"matched_strong": "veel"}, {"minor": None}]
)
def test_an_odd_value_is_a_denial_with_an_alarm(changes: Mapping[str, Any]) -> None:
    seen = best("toezichthouder", "signalering", "G-GEM").with_facts(**changes).seen(FIELDS)
    assert all(decision.alarm and not decision.allowed for decision in seen.values())


def test_of_a_stored_signal_nothing_is_kept_that_would_make_a_second_look_quicker() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-GEM")
    decides = Engine(policy_set(), register())
    decides.action(question.asker, question.occasion, "bevragen")
    kept = dict(decides.kept)
    assert kept, "what tells of no signal is kept"
    decides.action(question.asker, question.occasion, "bevragen", question.facts)
    decides.fields(question.asker, question.occasion, question.facts, FIELDS)
    assert decides.kept == kept


def test_a_field_that_does_not_exist_is_a_denial_with_an_alarm() -> None:
    decision = best("toezichthouder", "signalering", "G-GEM").seen(("naam",))["naam"]
    assert (decision.allowed, decision.alarm) == (False, True)


def test_a_rule_that_errors_is_a_denial_with_an_alarm_though_cedar_would_skip_it() -> None:
    conditions = CONDITIONS.replace(
        "cedar: resource.beoordeeld\n", "cedar: resource.sterk + 9223372036854775807 > 0\n"
    )
    forbid = """
@id("altijd.stuk")
@grondslag("geen")
@doel("signalering")
@toelichting("Een verbod dat stukloopt.")
forbid (principal, action == Action::"hit", resource)
// doel
when { context.doel == "signalering" }
// C8
unless { resource.sterk + 9223372036854775807 > 0 };
"""
    permit = """
@id("toezichthouder.proef")
@grondslag("G-GEM")
@doel("signalering")
@toelichting("Proef.")
permit (principal in Rol::"toezichthouder", action == Action::"hit", resource)
// doel
when { context.doel == "signalering" }
// G-GEM
when { resource.gronden.contains("G-GEM") };
"""
    profile = policy_set().profile
    broken = Engine(PolicySet.parse({"0": permit, "1": forbid}, SCHEMA, conditions, profile), register())
    question = best("toezichthouder", "signalering", "G-GEM")
    decision = broken.fields(question.asker, question.occasion, question.facts, ("hit",))["hit"]
    assert (decision.allowed, [reason.code for reason in decision.reasons]) == (False, [ALARM])


def test_a_page_is_one_batch_call(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = cedarpy.is_authorized_batch

    def counted(requests: list[dict[str, Any]], *args: Any) -> list[cedarpy.AuthzResult]:
        calls.append(len(requests))
        return real(requests, *args)

    monkeypatch.setattr(cedarpy, "is_authorized_batch", counted)
    question = best("tmm_analist", "opsporing_handoff", "G-RIEC")
    page = engine().page(question.asker, question.occasion, [question.facts] * 50, FIELDS)
    assert len(page) == 50
    assert calls == [50 * (len(FIELDS) + 1)]


def test_an_empty_page_is_empty() -> None:
    question = best("tmm_analist", "opsporing_handoff", "G-RIEC")
    assert question.page((), FIELDS) == ()


def test_signals_on_one_page_are_decided_apart() -> None:
    question = best("toezichthouder", "signalering", "G-GEM")
    other = question.with_facts(matched_strong=0).facts
    first, second = question.page((question.facts, other), ("hit",))
    assert (first["hit"].allowed, second["hit"].allowed) == (True, False)


def test_a_decision_names_rule_ground_and_policy_set() -> None:
    decision = best("tmm_analist", "opsporing_handoff", "G-WPG").seen(("hit",))["hit"]
    assert decision.rule_ids == ("tmm_analist.opsporing_handoff.treffer",)
    assert decision.ground_ids == ("W-G-WPG", "W-G-RIEC")
    assert decision.policy_set_hash == policy_set().hash
    assert len(bytes.fromhex(decision.policy_set_hash)) == 32


def test_the_ground_of_a_sexual_signal_is_recorded_and_not_among_the_grounds_to_show() -> None:
    question = best("toezichthouder", "signalering", "G-GEM")
    sexual = question.with_facts(needs_special=True, special_category_ground_id="W-G-SEKS")
    plain, special = question.seen(("hit",))["hit"], sexual.seen(("hit",))["hit"]
    assert special.stored_ground_ids == ("W-G-SEKS",)
    assert replace(special, stored_ground_ids=()) == plain


def test_a_covenant_ground_does_not_open_a_signal_of_somebody_who_did_not_sign() -> None:
    question = best("tmm_analist", "opsporing_handoff", "G-RIEC").with_facts(owner="GM9009")
    decision = question.seen(("hit",))["hit"]
    assert not decision.allowed
    assert decision.shown_reasons == ()


# Minors (C6), handling codes (C22), police contact (C7), break-glass (C9): the special care of policy-codes.md.


def test_about_a_minor_an_inspector_sees_the_route_and_nothing_else() -> None:
    question = best("toezichthouder", "signalering", "G-GEM").with_facts(minor="ja")
    assert [name for name, decision in question.seen(FIELDS).items() if decision.allowed] == ["minor_flag"]


@pytest.mark.parametrize("role", ["ketenregisseur", "tmm_analist", "nla", "kmar"])
def test_for_all_others_a_signal_about_a_minor_does_not_exist(role: str) -> None:
    purpose = "signalering" if role == "ketenregisseur" else "opsporing_handoff"
    question = best(role, purpose, "G-RIEC")
    assert question.seen(("hit",))["hit"].allowed
    seen = question.with_facts(minor="ja").seen(FIELDS)
    assert not any(decision.allowed for decision in seen.values())
    assert seen["hit"].shown_reasons == ()


def test_only_the_aandachtsfunctionaris_of_a_party_sees_a_minor() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-GEM").with_facts(minor="ja")
    assert question.seen(("hit",))["hit"].allowed
    assert not question.with_facts(parties=frozenset({OWNER})).seen(("hit",))["hit"].allowed


def test_a_signal_to_be_asked_for_shows_that_it_is_there_and_waits_for_its_owner() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-GEM").with_facts(handling="H2")
    asked = question.with_facts(released_to=frozenset()).seen(FIELDS)
    assert {name for name, decision in asked.items() if decision.allowed} == {
        "hit",
        "attr_types_matched",
        "minor_flag",
    }
    assert question.seen(("muni_name",))["muni_name"].allowed


def test_a_care_signal_stays_in_care() -> None:
    police = best("tmm_coordinator", "hulpverlening", "G-WPG").with_facts(handling="H3")
    care = best("zorgcoordinator", "hulpverlening", "G-ZVH").with_facts(handling="H3")
    assert not any(decision.allowed for decision in police.seen(FIELDS).values())
    assert care.seen(("hit",))["hit"].allowed


def test_no_police_contact_keeps_a_signal_from_the_police_and_out_of_the_hand_off() -> None:
    police = best("tmm_analist", "opsporing_handoff", "G-RIEC").with_facts(no_police_contact=True)
    assert not any(decision.allowed for decision in police.seen(FIELDS).values())
    hand_off = best("aandachtsfunctionaris", "signalering", "G-GEM")
    assert hand_off.done("overdracht_starten")
    assert not hand_off.with_facts(no_police_contact=True).done("overdracht_starten")


def test_break_glass_opens_the_contact_officer_only() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-VIT").with_facts(
        released_to=frozenset(), assessed=False, matched_strong=0, rewrapped_to=""
    )
    assert question.done("noodopening")
    opened = question.with_occasion(break_glass=True).seen(FIELDS)
    assert [name for name, decision in opened.items() if decision.allowed] == ["contact_officer"]
    assert "C9" in opened["contact_officer"].conditions
    assert opened["contact_officer"].ground_id == "W-G-VIT"
    closed = question.seen(FIELDS)
    assert not any(decision.allowed for decision in closed.values())


# Refusals about the asker are explicit; denials that depend on a stored signal are not.


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda q: q.with_asker(mandate=None), "MANDAAT"),
        (lambda q: q.with_asker(participant=False), "C2"),
        (lambda q: q.with_occasion(control=""), "C1"),
        (lambda q: q.with_occasion(reason=""), "C1"),
        (lambda q: q.with_occasion(ground_id="W-ONBEKEND"), "C1"),
        (lambda q: q.with_occasion(ground_id="W-G-FG"), "C1"),
        (lambda q: q.with_occasion(asked_strong=0, asked_medium=1), "C3"),
        (lambda q: q.with_occasion(purpose="statistiek"), "DOEL"),
        (lambda q: q.with_asker(role="fg", mandate=replace(q.asker.mandate, role="fg")), "ROL"),
    ],
    ids=[
        "no-mandate",
        "no-participant",
        "no-control",
        "no-reason",
        "no-ground",
        "odd-ground",
        "too-little",
        "purpose",
        "role",
    ],
)
def test_a_refusal_about_the_asker_is_explicit(change: Any, code: str) -> None:
    question = best("toezichthouder", "signalering", "G-GEM")
    assert engine().asker_refusal(question.asker, question.occasion, "bevragen") is None
    spoilt = change(question)
    refusal = engine().asker_refusal(spoilt.asker, spoilt.occasion, "bevragen")
    assert refusal is not None
    assert (refusal.code, refusal.about) == (code, "asker")
    assert refusal.sentence
    assert refusal.way


def test_a_missing_ground_is_named() -> None:
    question = best("toezichthouder", "signalering", "G-GEM")
    refusal = engine(frozenset({"G-GEM"})).asker_refusal(question.asker, question.occasion, "bevragen")
    assert refusal is not None
    assert refusal.code == "G-GEM"


def inspector(records: GroundRegister) -> Asker:
    """The toezichthouder of GM9001 as the exercise records her."""
    (mandate,) = (m for m in records.mandates if (m.organisation, m.role) == ("GM9001", "toezichthouder"))
    assert records.mandate_of("GM9001", mandate.officer, mandate.role, TODAY) == mandate
    return Asker("GM9001", mandate.officer, mandate.role, mandate, records.participant("GM9001", TODAY))


def test_a_ground_with_an_unanswered_objection_blocks_and_says_so() -> None:
    rules, records = load_profile("oefening")
    ground = records.grounds["OEF-GEM-GM9001"]
    assert ground.fg_advice is not None
    blocked = records.with_grounds(replace(ground, fg_advice=replace(ground.fg_advice, objection=True)))
    who = inspector(records)
    occasion = Occasion("signalering", TODAY, "C-1", "reden", "OEF-GEM-GM9001", asked_strong=1)
    assert Engine(rules, records).asker_refusal(who, occasion, "bevragen") is None
    reasons = Engine(rules, blocked).action(who, occasion, "bevragen").shown_reasons
    assert any("bezwaar" in reason.sentence for reason in reasons)


def test_a_closed_gate_blocks_the_submission_of_a_sexual_signal_with_the_text_of_its_ground() -> None:
    rules, records = load_profile("oefening")
    who = inspector(records)
    occasion = Occasion("signalering", TODAY)
    signal = SignalFacts(
        owner="GM9001",
        carrying_indicator=True,
        special_category_ground_id="OEF-SEKS-SV",
        needs_criminal=False,
    )
    assert Engine(rules, records).action(who, occasion, "signaal_indienen", signal).allowed
    closed = Engine(rules, records.with_gate("G-SEKS", opened=False, decision="proef"))
    assert not closed.action(who, occasion, "signaal_indienen", signal).allowed
    refusal = closed.asker_refusal(who, occasion, "signaal_indienen", signal)
    assert refusal is not None
    assert refusal.code == "G-SEKS"
    assert "WGS" in refusal.sentence


@settings(max_examples=80, deadline=None)
@given(question=questions, other=facts)
def test_what_the_asker_may_read_of_a_denial_is_the_same_for_every_stored_signal(
    question: Question, other: SignalFacts
) -> None:
    seen = question.seen(FIELDS)
    elsewhere = replace(question, facts=other).seen(FIELDS)
    nothing = replace(question, facts=SignalFacts()).seen(FIELDS)
    for field in FIELDS:
        denied = [d for d in (seen[field], elsewhere[field], nothing[field]) if not d.allowed]
        assert len({decision.shown_reasons for decision in denied}) <= 1


def test_papers_of_the_test_world_are_complete() -> None:
    assert (
        replace(Formalities(), **{f.name: getattr(PAPERS, f.name) for f in dataclass_fields(Formalities)})
        == PAPERS
    )
