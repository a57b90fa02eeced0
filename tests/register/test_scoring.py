# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
import json
import math
import random
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pseudonymisation.pseudonym import FAMILIES
from register.scoring import (
    DIFFERENT,
    GROUPS,
    Agreeing,
    Pattern,
    Snapshot,
    estimate,
    pattern,
    score,
    weights_from,
)

TEXT = files("register").joinpath("data/weights.json").read_text("utf-8")
WEIGHTS = weights_from(TEXT)
SETS = st.sets(st.sampled_from(sorted(FAMILIES)))
NOW = Snapshot(5_000, {})


def tags(*families: str) -> Agreeing:
    return Agreeing({family: frozenset({family.encode()}) for family in families})


def level(group: str, agreeing: set[str], both: set[str]) -> str | None:
    shown = pattern(frozenset(agreeing), frozenset(both | agreeing))
    return dict(zip((one.name for one in GROUPS), shown, strict=True))[group]


@given(SETS, SETS)
def test_every_pattern_has_a_level_that_is_weighed_or_none(agreeing: set[str], both: set[str]) -> None:
    for group, found in zip(GROUPS, pattern(frozenset(agreeing), frozenset(both | agreeing)), strict=True):
        assert found is None or found in group.levels


def test_what_one_of_the_two_has_not_weighs_nothing() -> None:
    assert set(pattern(frozenset(), frozenset())) == {None}
    assert score(tags(), frozenset(), WEIGHTS, NOW) == 0


def test_the_most_telling_agreement_of_a_name_is_its_level() -> None:
    assert level("naam", {"name_dob", "name_dob_near", "name_dob_word", "name_pair"}, set()) == "gelijk"
    assert level("naam", {"name_dob_word"}, {"name_pair", "name_dob_year"}) == "woord_en_datum"
    assert level("naam", {"name_pair"}, {"name_dob_year"}) == "naam_andere_datum"
    assert level("naam", {"name_pair"}, set()) == "naam_zonder_datum"
    assert level("naam", set(), {"name_pair", "name_dob_year"}) == "andere_naam_en_datum"


def test_a_shared_telephone_says_who_of_those_that_share_it() -> None:
    assert level("telefoon", {"phone", "person_phone"}, set()) == "gelijk_persoon"
    assert level("telefoon", {"phone"}, {"person_phone"}) == "gelijk_ander"
    assert level("telefoon", {"phone"}, set()) == "gelijk_iemand"
    assert level("telefoon", set(), {"phone"}) == DIFFERENT


def test_agreement_weighs_for_and_difference_against() -> None:
    for group in GROUPS:
        if DIFFERENT in group.levels and WEIGHTS.bits[group.name][DIFFERENT]:
            assert WEIGHTS.bits[group.name][group.levels[0]] > 0 > WEIGHTS.bits[group.name][DIFFERENT]


def test_another_name_on_a_shared_telephone_weighs_less_than_the_same() -> None:
    phone = WEIGHTS.bits["telefoon"]
    assert phone["gelijk_persoon"] > phone["gelijk_iemand"] > phone["gelijk_ander"] > phone[DIFFERENT]


def test_a_common_token_weighs_less_than_a_rare_one() -> None:
    rare = score(tags("phone"), frozenset({"phone"}), WEIGHTS, NOW)
    common = score(tags("phone"), frozenset({"phone"}), WEIGHTS, Snapshot(5_000, {b"phone": 400}))
    assert common < rare


def test_in_a_small_register_frequencies_say_little() -> None:
    alone = score(tags("phone"), frozenset({"phone"}), WEIGHTS, Snapshot(0, {}))
    few = score(tags("phone"), frozenset({"phone"}), WEIGHTS, Snapshot(12, {b"phone": 2}))
    assert abs(alone - few) < 1


@given(SETS, SETS)
def test_a_score_is_the_same_from_either_side_and_finite(agreeing: set[str], both: set[str]) -> None:
    one = score(tags(*agreeing), frozenset(both), WEIGHTS, NOW)
    assert one == score(tags(*sorted(agreeing, reverse=True)), frozenset(both), WEIGHTS, NOW)
    assert math.isfinite(one)


# ---- estimating -------------------------------------------------------------------------------------------


def simulated(dice: random.Random, pairs: int, matching: float) -> dict[Pattern, int]:
    """Pairs of which a known part match: telephone and document agree often in those, hardly ever in others."""
    counts: dict[Pattern, int] = {}
    for _pair in range(pairs):
        match = dice.random() < matching
        agreeing = {
            family
            for family, m, u in (("phone", 0.7, 0.01), ("document", 0.9, 0.002), ("plate", 0.6, 0.05))
            if dice.random() < (m if match else u)
        }
        both = frozenset({"phone", "document", "document_number", "plate"} | agreeing)
        shown = pattern(frozenset(agreeing), both)
        counts[shown] = counts.get(shown, 0) + 1
    return counts


def test_without_labels_the_weights_of_a_planted_truth_are_found() -> None:
    prior = {
        group.name: {one: (0.8 if place == 0 else 0.2) for place, one in enumerate(group.levels)}
        for group in GROUPS
    }
    bits = estimate(simulated(random.Random(7), 60_000, 0.02), matches=600, prior=prior).bits
    assert bits["document"]["gelijk"] == pytest.approx(math.log2(0.9 / 0.002), abs=0.7)
    assert bits["telefoon"]["gelijk_iemand"] == pytest.approx(math.log2(0.7 / 0.01), abs=0.7)
    assert bits["plate"]["gelijk"] == pytest.approx(math.log2(0.6 / 0.05), abs=0.5)
    assert bits["document"][DIFFERENT] == pytest.approx(math.log2(0.1 / 0.998), abs=0.7)


# ---- weights as data --------------------------------------------------------------------------------------


def test_the_weights_say_which_run_made_them() -> None:
    assert "tests.bench" in WEIGHTS.made_by
    assert WEIGHTS.known > WEIGHTS.possible


def without_a_level(read: dict[str, dict[str, dict[str, float]]]) -> None:
    del read["bits"]["telefoon"][DIFFERENT]


def with_a_level_too_many(read: dict[str, dict[str, dict[str, float]]]) -> None:
    read["bits"]["telefoon"]["schoenmaat"] = 1.0


def with_a_group_too_many(read: dict[str, dict[str, dict[str, float]]]) -> None:
    read["bits"]["nationaliteit"] = {"gelijk": 3.0}


@pytest.mark.parametrize("spoil", [without_a_level, with_a_level_too_many, with_a_group_too_many])
def test_weights_that_do_not_fit_the_levels_are_refused(spoil: object) -> None:
    read = json.loads(TEXT)
    assert callable(spoil)
    spoil(read)
    with pytest.raises((KeyError, ValueError)):
        weights_from(json.dumps(read))


def test_weights_of_another_version_of_the_match_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="another version"):
        weights_from(json.dumps(json.loads(TEXT) | {"specVersion": "2000-1"}))


def test_weights_are_not_changed_by_weighing() -> None:
    before = weights_from(TEXT)
    score(tags("phone", "name_dob"), frozenset(FAMILIES), WEIGHTS, NOW)
    assert before == WEIGHTS
