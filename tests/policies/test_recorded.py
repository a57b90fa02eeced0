# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What is kept of a question decides the same as the question did, comes back from JSON as it was, and names nobody."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.decision import ACTIONS, FIELDS
from policies.desk.cli import policy
from policies.engine import Engine
from policies.grounds import GroundRegister
from policies.recorded import (
    Asked,
    Export,
    RecordError,
    RecordingEngine,
    Replayed,
    Request,
    again,
    compared,
    from_json,
    to_json,
    told,
    without_identity,
)
from tests.policies.changed import C4, changed, without_release
from tests.policies.test_engine import questions
from tests.policies.world import CONTROL, Question, asker, best, engine, policy_set, register

VERSION = "0/0"


def mark(organisation: str, officer: str) -> str:
    return hashlib.sha256(f"{organisation}/{officer}".encode()).hexdigest()[:32]


def asked(question: Question, *names: str) -> Asked:
    """The question as it is kept."""
    here = RecordingEngine(policy_set(), register())
    if names[0] in ACTIONS:
        here.action(question.asker, question.occasion, names[0], question.facts)
    else:
        here.page(
            question.asker,
            question.occasion,
            (question.facts, replace(question.facts, owner="GM9003")),
            names,
        )
    (kept,) = here.asked
    return without_identity(kept, register(), mark)


def request(*kept: Asked) -> Request:
    return Request("2026-11-22T12:00:00+00:00", "0" * 32, policy_set().hash, VERSION, kept)


@settings(max_examples=25, deadline=None)
@given(question=questions, action=st.sampled_from(ACTIONS))
def test_what_is_kept_decides_the_same(question: Question, action: str) -> None:
    for kept in (asked(question, *FIELDS), asked(question, action)):
        read = from_json(Asked, json.loads(json.dumps(to_json(kept))))
        assert read == kept
        assert again(read, engine()) == kept.outcomes


def test_what_is_kept_names_nobody_and_no_case_and_nothing_that_was_typed() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-GEM")
    question = replace(question, asker=asker("aandachtsfunctionaris", officer="Jan Jansen"))
    question = question.with_occasion(
        control="ZAAK van Jansen",
        reason="mevrouw Pietersen",
        ground_id="Klaassen",
        second=asker("aandachtsfunctionaris", officer="De Vries"),
    ).with_papers(feedback_code="bel De Boer 0612345678", decision="besluit Bakker", document="brief Visser")
    question = question.with_facts(
        rewrapped_to="GM9001/Smit",
        special_category_ground_id="Mulder",
        owner="BAKKER",
        parties=frozenset({"VISSER"}),
        released_to=frozenset({"BOS"}),
    )
    text = json.dumps(to_json(asked(question, "contact_officer", "hit")))
    names = (
        "Jan",
        "ZAAK",
        "Pietersen",
        "Klaassen",
        "Vries",
        "Boer",
        "Bakker",
        "Visser",
        "Smit",
        "Mulder",
        "BAKKER",
        "VISSER",
        "BOS",
    )
    assert [name for name in names if name in text] == []


def test_a_consent_for_one_case_still_counts_for_that_case_only() -> None:
    """G-TOEST names its case: the record keeps that it was this one, and not which."""
    question = best("zorgcoordinator", "hulpverlening", "G-TOEST")
    for control, wanted in ((CONTROL, True), ("een andere zaak", False)):
        kept = asked(question.with_occasion(control=control), "hit")
        only = engine(frozenset({"G-ZVH", "G-VIT"}))
        assert again(kept, only)[0][0].allowed is wanted
        assert CONTROL not in json.dumps(to_json(kept))


def test_a_record_of_later_software_is_refused_and_not_read_as_less() -> None:
    whole = to_json(asked(best("toezichthouder", "signalering", "G-GEM"), "hit"))
    for path in (("asker",), ("occasion",), ("occasion", "formalities")):
        spoilt = json.loads(json.dumps(whole))
        place = spoilt
        for name in path:
            place = place[name]
        place["later"] = True
        with pytest.raises(RecordError):
            from_json(Asked, spoilt)
    with pytest.raises(RecordError):
        from_json(Asked, {**whole, "names": [1]})


def test_records_of_a_profile_come_back_from_json_as_they_were() -> None:
    assert from_json(GroundRegister, json.loads(json.dumps(to_json(register())))) == register()


def test_a_widened_rule_is_counted_by_request_and_told_by_cell() -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-GEM")
    closed = request(asked(question.with_facts(released_to=frozenset()), "contact_officer", "hit"))
    opened = request(asked(question, "contact_officer", "hit"))
    new = changed(("aandachtsfunctionaris.cedar", C4, ""))
    found = compared([closed, opened, closed], policy_set(), new, {VERSION: register()})
    assert (found.total, found.different) == (3, 2)
    assert list(told(found)) == [
        "2 van 3 besluiten zouden anders zijn.",
        "- aandachtsfunctionaris bij signalering: de contactpersoon zou dan wel mogen, 2 keer.",
    ]


def test_a_great_number_reads_as_dutch_numbers_do() -> None:
    assert next(told(Replayed(total=12300, different=41))) == "41 van 12.300 besluiten zouden anders zijn."


def test_another_rule_for_the_same_yes_is_a_difference_of_a_replay() -> None:
    kept = request(asked(best("toezichthouder", "signalering", "G-GEM"), "hit"))
    renamed = changed(
        ("toezichthouder.cedar", '"toezichthouder.signalering.treffer"', '"toezichthouder.anders"')
    )
    found = Replayed()
    found.count(kept, (again(one, Engine(renamed, register())) for one in kept.questions))
    assert dict(found.cells) == {("toezichthouder", "signalering", "hit", "anders"): 1}
    same = Replayed()
    same.count(kept, (again(one, Engine(renamed, register())) for one in kept.questions), only_allowed=True)
    assert same.different == 0


def test_diff_decides_the_recorded_questions_of_a_file_with_both_sets(tmp_path: Path) -> None:
    question = best("aandachtsfunctionaris", "signalering", "G-GEM").with_facts(released_to=frozenset())
    records: Mapping[str, GroundRegister] = {VERSION: register()}
    export = Export((request(asked(question, "contact_officer", "hit")),), records)
    file = tmp_path / "vragen.json"
    file.write_text(json.dumps(to_json(export)), encoding="utf-8")
    new = without_release(tmp_path / "nieuw")
    found = CliRunner().invoke(policy, ["diff", "oefening", str(new), "--records", str(file)])
    assert found.exit_code == 3
    assert "1 van 1 besluiten zouden anders zijn." in found.output
