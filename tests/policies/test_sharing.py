# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""'Mag ik dit delen?' says what the rules say: never more, and never that a signal exists."""

from dataclasses import replace

import pytest

from policies.authzen import Evaluation, decide
from policies.decision import FIELDS, ROLES, Decision, fitting
from policies.sharing import (
    OUTSIDE,
    RECIPIENTS,
    THEIRS,
    Advice,
    GroundTold,
    Inquiry,
    Outcome,
    ReasonTold,
    Ruling,
    advise,
    need_sentence,
    recipient_label,
)
from tests.policies.world import Question, Row, best, engine, matrix, policy_set, register


def asking(recipient: str = "", *fields: str, role: str = "toezichthouder") -> Inquiry:
    return Inquiry(role, "signalering", fields or ("hit",), recipient)


def ruled(question: Question, *fields: str) -> dict[str, Ruling]:
    """What the decision point says of a fitting signal of the asker's own."""
    facts = fitting(question.asker.organisation, question.asker.address, question.asker.organisation)
    return {
        field: ruling(
            decide(engine(), Evaluation(question.asker, question.occasion, field, facts, described=True))
        )
        for field in fields
    }


def ruling(decision: Decision) -> Ruling:
    grounds = (register().grounds[one] for one in decision.ground_ids)
    return Ruling(
        decision.allowed,
        tuple(ReasonTold(one.code, one.sentence, one.way, one.about == "asker") for one in decision.reasons),
        tuple(
            GroundTold(
                one.id, one.code, one.article, one.task, one.document, one.decided_by, str(one.decided_on),
                bool(one.parties),
            )
            for one in grounds
        ),
        decision.rule_ids,
        decision.policy_set_hash,
    )  # fmt: skip


def needed(advice: Advice) -> set[str]:
    return {need.code for need in advice.open_needs}


def test_every_cell_is_told_as_the_norm_has_it_with_each_condition() -> None:
    cells: dict[tuple[str, str, bool], list[Row]] = {}
    for row in matrix():
        cells.setdefault((row.role, row.purpose, row.allowed), []).append(row)
    for (role, purpose, allowed), rows in cells.items():
        advice = advise(policy_set(), Inquiry(role, purpose, tuple(row.field for row in rows)))
        assert (advice.outcome is not Outcome.NO) is allowed, rows
        assert len(advice.leave_out) == (0 if allowed else len(rows)) + 2, rows
        assert {need.code for need in advice.needs} >= {code for row in rows for code in row.conditions}


def test_no_pair_of_roles_shares_what_one_of_them_may_not_see() -> None:
    allowed = {(row.role, row.purpose, row.field) for row in matrix() if row.allowed}
    for role in ("toezichthouder", "aandachtsfunctionaris"):
        for recipient in ("toezichthouder", "zorgcoordinator", "tmm_coordinator"):
            for purpose in ("signalering", "opsporing_handoff"):
                advice = advise(policy_set(), Inquiry(role, purpose, FIELDS, recipient))
                both = {
                    field
                    for field in FIELDS
                    if {(role, purpose, field), (recipient, purpose, field)} <= allowed
                }
                assert (advice.outcome is Outcome.NO) == (not both)
                assert len(advice.leave_out) == len(FIELDS) - len(both) + 2


def test_nobody_outside_gets_anything_and_the_answer_says_what_can_be_done() -> None:
    for role in ROLES:
        advice = advise(policy_set(), Inquiry(role, "hulpverlening", FIELDS[:3], OUTSIDE))
        assert advice.outcome is Outcome.NO
        assert any("112" in line for line in advice.instead)


def test_yes_comes_only_when_every_condition_is_met_or_said_to_be() -> None:
    question = best("toezichthouder", "signalering", "G-GEM")
    first = advise(policy_set(), asking("aandachtsfunctionaris"), ruled(question, "hit"))
    assert first.outcome is Outcome.YES_IF
    names = [need.name for need in first.open_needs]
    assert THEIRS in names
    for left_out in names:
        said = [name for name in names if name != left_out]
        assert advise(policy_set(), first.inquiry, ruled(question, "hit"), said).outcome is Outcome.YES_IF
    assert advise(policy_set(), first.inquiry, ruled(question, "hit"), names).outcome is Outcome.YES
    by_others = {"hit": replace(ruled(question, "hit")["hit"], policy="0" * 64)}
    told = advise(policy_set(), first.inquiry, by_others, names)
    assert told.outcome is Outcome.YES_IF, (
        "what the recipient may have was read from other rules than those in force"
    )


def test_a_condition_about_the_asker_is_decided_and_cannot_be_declared_away() -> None:
    question = best("toezichthouder", "signalering", "G-GEM").with_occasion(control="")
    declared = list(policy_set().conditions)
    advice = advise(policy_set(), asking(), ruled(question, "hit"), declared)
    assert advice.outcome is Outcome.YES_IF
    (need,) = advice.open_needs
    assert need.code == "C1"
    assert "Open een controle of noem het zaaknummer." in need_sentence(need)


def test_without_a_mandate_or_a_ground_the_answer_is_not_yet_and_says_how() -> None:
    question = best("toezichthouder", "signalering", "G-GEM")
    for asker in (replace(question.asker, mandate=None), replace(question.asker, organisation="GM9009")):
        advice = advise(policy_set(), asking(), ruled(replace(question, asker=asker), "hit"))
        assert (advice.outcome, advice.headline) == (Outcome.NO, "Nee, nu nog niet.")
    assert any("mandaat" in line for line in advice.why)


def test_the_ground_in_force_is_told_as_recorded_and_in_general_when_nobody_decided() -> None:
    question = best("toezichthouder", "signalering", "G-GEM")
    recorded, *_parties = advise(policy_set(), asking(), ruled(question, "hit")).grounds
    assert "document PROEF" in recorded
    general = advise(policy_set(), asking())
    assert general.grounds == ("G-GEM (AVG 6 lid 1 onder e; Gemeentewet 151a en 172; Awb 5:11-5:20)",)
    assert any("niet nagekeken" in line for line in general.why)


def test_every_answer_says_that_it_tells_of_no_signal() -> None:
    for recipient in RECIPIENTS:
        advice = advise(policy_set(), asking(recipient))
        assert "Dit antwoord zegt niet of er een signaal is." in advice.log
        assert recipient_label(recipient) in advice.question


def test_sentences_are_short_enough_to_be_read_aloud() -> None:
    for role in ("toezichthouder", "aandachtsfunctionaris", "fg"):
        for recipient in RECIPIENTS:
            advice = advise(policy_set(), Inquiry(role, "signalering", ("hit", "muni_name"), recipient))
            for line in (*advice.leave_out, *advice.instead, *advice.log):
                for sentence in line.split(". "):
                    assert len(sentence.split()) <= 25, sentence


def test_a_condition_to_agree_with_is_a_whole_sentence_and_not_the_words_that_name_it() -> None:
    told = [one for one in policy_set().conditions.values() if one.ground is None]
    assert len({one.statement for one in told}) == len(told)
    for one in told:
        assert one.statement[0].isupper(), one.name
        assert one.statement.endswith("."), one.name
        assert one.statement.rstrip(".").lower() != one.requirement.lower()
        for sentence in one.statement.split(". "):
            assert len(sentence.split()) <= 25, sentence
    (need, *_others) = advise(policy_set(), asking("aandachtsfunctionaris")).open_needs
    assert need.statement.startswith("Ik heb een controle- of zaaknummer")


def test_a_set_of_before_there_were_statements_is_agreed_with_in_the_words_of_its_need() -> None:
    old = {name: replace(one, statement="") for name, one in policy_set().conditions.items()}
    advice = advise(replace(policy_set(), conditions=old), asking())
    assert "Een overeenkomst op genoeg gegevens." in {need.statement for need in advice.needs}


def test_another_purpose_is_told_with_the_fields_that_it_opens_and_only_those() -> None:
    allowed = {(row.role, row.purpose, row.field) for row in matrix() if row.allowed}
    asked = ("hit", "contact_officer", "raw_pseudonyms")
    advice = advise(policy_set(), Inquiry("aandachtsfunctionaris", "statistiek", asked))
    told = [line for line in advice.instead if line.startswith("Voor een ander doel")]
    assert (
        "Voor een ander doel (overdracht aan de opsporing) mag uw rol dit wel zien: de contactpersoon."
        in told
    )
    for line in told:
        assert ("of er een treffer is" in line) == (
            "signalering" in line and ("aandachtsfunctionaris", "signalering", "hit") in allowed
        )
    assert not any("pseudoniemen" in line for line in told)


@pytest.mark.parametrize(
    "wrong",
    [
        Inquiry("chef", "signalering", ("hit",)),
        Inquiry("fg", "nieuwsgierigheid", ("hit",)),
        Inquiry("fg", "signalering", ("naam",)),
        Inquiry("fg", "signalering", ()),
        Inquiry("fg", "signalering", ("hit",), "buurman"),
    ],
)
def test_what_the_rules_do_not_know_is_refused(wrong: Inquiry) -> None:
    with pytest.raises(ValueError, match="do not know"):
        advise(policy_set(), wrong)
