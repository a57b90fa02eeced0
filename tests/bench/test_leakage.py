# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the attacks: each succeeds on something that leaks and fails on something that does not, so that a figure of nothing means something."""

import random

from pseudonymisation.pseudonym import FAMILIES, length_prefixed
from tests.bench.leakage import __main__ as bench
from tests.bench.leakage import attacks, bloom, guessing
from tests.bench.leakage.world import Row, halves, records, tokens, truth
from tests.bench.observations import MIDDLE

COUNTRIES = [b"ROU", b"BGR", b"NGA", b"POL", b"HUN"]
WEIGHTS = [16, 8, 4, 2, 1]
NAMES = ["maria", "mariana", "ana", "ioana", "elena", "mihai", "andrei", "stefan", "cristina", "daniela"]


def population(seed: int, size: int = 600) -> list[Row]:
    """Rows with a family that leaks (a nationality), and one that cannot (a number of their own)."""
    dice = random.Random(seed)
    return [
        {
            "nationality": frozenset({dice.choices(COUNTRIES, WEIGHTS)[0]}),
            "number": frozenset({dice.randbytes(8)}),
        }
        for _one in range(size)
    ]


def test_a_nationality_would_be_read_from_how_often_it_stands_and_a_number_of_ones_own_is_not() -> None:
    rows, sample = population(1), population(2)
    held = [tokens(row) for row in rows]
    for family, least, most in (("nationality", 0.99, 1.0), ("number", 0.0, 0.01)):
        read = attacks.right(attacks.by_rank(held, sample, family), truth(rows))
        assert least <= attacks.share_read(held, family, read) <= most, family


def test_a_token_is_read_from_the_company_of_known_ones_and_not_without_any() -> None:
    pairs = [(one, other) for one in (b"a", b"b", b"c") for other in (b"x" + one, b"y" + one)]
    rows: list[Row] = [
        {"known": frozenset({one}), "hidden": frozenset({other})}
        for one, other in pairs
        for _times in range(5 if other.startswith(b"x") else 9)
    ]
    own = [row for row in rows if next(iter(row["hidden"])).startswith(b"x")]
    held = [tokens(row) for row in own]
    known = {token: value for token, value in truth(own).items() if value in {b"a", b"b", b"c"}}
    read = attacks.by_company(held, own, known)
    assert attacks.right(read, truth(own)) == truth(own).keys() - known.keys()
    assert attacks.by_company(held, own, {}) == {}


def test_a_record_is_singled_out_by_how_common_its_tokens_are_only_where_no_other_has_the_same() -> None:
    rows: list[Row] = [
        {"door": frozenset({b"hotel"}), "phone": frozenset({b"shared"})},
        {"door": frozenset({b"hotel"}), "phone": frozenset({b"hers"})},
        {"door": frozenset({b"home"}), "phone": frozenset({b"shared"})},
        {"door": frozenset({b"flat"}), "phone": frozenset({b"one"})},
        {"door": frozenset({b"room"}), "phone": frozenset({b"two"})},
    ]
    assert attacks.by_signature([tokens(row) for row in rows], rows) == {0: 0, 1: 1, 2: 2}


def test_a_channel_with_a_form_of_its_own_is_told_and_one_without_is_not() -> None:
    own = [("document", "mrz"), ("phone", "ad"), ("phone", "ad")] * 10
    none = [("document", "mrz"), ("document", "ad"), ("document", "ad")] * 10
    assert attacks.by_form(own, own) == (1.0, 2 / 3)
    assert attacks.by_form(none, none) == (2 / 3, 2 / 3)


def key(rule: str, *parts: str) -> bytes:
    return length_prefixed(rule.encode(), *(part.encode() for part in parts))


def test_the_commonest_name_costs_a_few_guesses_a_rare_one_more_and_an_unknown_one_is_never_read() -> None:
    sample = [key("name.sounds", one, "PPSK") for one in ("MR", "MR", "MR", "MR", "LN")]
    guesser = guessing.Guesser.of(sample)
    common, rare = guesser.cost(sample[0]).points, guesser.cost(sample[-1]).points
    assert 1 <= common < rare <= 9
    assert guesser.cost(key("name.sounds", "JN", "PPSK")) == guessing.NEVER
    assert guessing.read_within(guesser, [sample[:1], [key("name.sounds", "JN", "PPSK")], []], 9) == 0.5


def test_a_whole_date_multiplies_guesses_by_the_days_of_the_years() -> None:
    names = ["MR"] * 4 + ["LN"] * 3 + ["JN"] * 2 + ["ST"]
    sample = [key("word", f"{1990 + at}-05-03", name) for at, name in enumerate(names)]
    cost = guessing.Guesser.of(sample).cost(sample[0]).points
    assert 365 <= cost <= 365 * 10 * 4


def test_a_telephone_is_read_by_chance_in_proportion_to_the_budget() -> None:
    cost = guessing.Guesser.of([]).cost(key("phone", "+31612345678"))
    assert abs(cost.chance(8e6) - 0.1) < 0.001
    assert cost.chance(1e9) == 1.0


def test_whoever_has_the_secret_reads_every_known_name_from_a_bloom_filter_and_without_it_none() -> None:
    filters = [bloom.encoded(b"secret", [name]) for name in NAMES]
    assert bloom.by_dictionary(b"secret", filters, NAMES) == dict(zip(filters, NAMES, strict=True))
    assert bloom.by_dictionary(b"guessed", filters, NAMES) == {}


def test_bits_that_names_share_are_read_beyond_the_names_that_were_known() -> None:
    known, hidden = ["maria", "marko", "tamar", "ilaria", "ana", "elena", "milan"], "mara"
    filters = [bloom.encoded(b"secret", [name]) for name in (*known, hidden)]
    aligned = list(zip(filters[:-1], known, strict=True))
    assert bloom.by_bits(filters, [*known, hidden], aligned).get(filters[-1]) == hidden
    assert bloom.by_bits(filters, [*known, hidden], []) == {}


def test_the_two_halves_are_of_the_same_people_and_share_no_record() -> None:
    all_ = records(40, 3, MIDDLE)
    odd, even = halves(all_)
    assert len(odd) + len(even) == len(all_)
    assert {one.person for one in even} <= {one.person for one in odd} == {one.person for one in all_}


def test_every_family_says_what_reading_it_tells() -> None:
    assert set(bench.TELLS) == set(FAMILIES)
    assert set(bench.DONE) <= set(FAMILIES)
