# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The benches of networks in small: what they generate is what they say, and the rules hold there."""

from tests.bench.network import convoys, overlinking


def test_a_small_country_falls_into_its_groups_and_other_rules_join_strangers() -> None:
    found = overlinking.measured(1_200, 1)
    ours, unasked, everything = found["rules"].values()
    assert ours["precision"] >= 0.99
    assert ours["recall"] >= 0.95
    assert ours["above_50_without_mark"] == 0
    assert unasked["precision"] < ours["precision"]
    assert everything["largest"] > 100


def test_who_travels_along_is_found_among_strangers_and_neighbours_are_not() -> None:
    found = convoys.measured(20_000, 60, 1)
    assert found["three_of_four"] >= 0.95
    assert found["false_of_convoys"] <= 0.02
    assert found["strangers_asked"] == 60
    assert found["false_of_strangers"] <= 0.02
