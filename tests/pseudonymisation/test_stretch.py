# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from pseudonymisation.matchkeys import MatchKey
from pseudonymisation.pseudonym import FAMILIES, SPEC_VERSION, StretchClass
from pseudonymisation.stretch import (
    COSTS,
    EXACT,
    UNSAFE_CHEAP_FOR_TESTS_AND_BENCH,
    prf_input,
    salt,
    stretch,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "oprf-input.json").read_text(encoding="utf-8"))
CASE_KEYS = {"name", "keyset", "family", "value", "prfInput", "salt", "cost", "stretched"}
COST_KEYS = {"memoryKib", "passes", "lanes"}
CHEAP = UNSAFE_CHEAP_FOR_TESTS_AND_BENCH


def test_the_vectors_are_of_this_specification_version_and_know_no_unknown_key() -> None:
    assert set(VECTORS) == {"source", "specVersion", "cases"}
    assert VECTORS["specVersion"] == SPEC_VERSION
    for case in VECTORS["cases"]:
        assert set(case) == CASE_KEYS, case["name"]
        assert set(case["cost"]) == COST_KEYS, case["name"]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_golden_vector(case: dict[str, Any]) -> None:
    key = MatchKey(case["family"], bytes.fromhex(case["value"]))
    assert prf_input(case["keyset"], key.family, key.value).hex() == case["prfInput"]
    assert salt(case["keyset"], key.family).hex() == case["salt"]
    cost = COSTS[FAMILIES[key.family].stretch]
    assert case["cost"] == {"memoryKib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes}
    assert stretch(case["keyset"], key).hex() == case["stretched"]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_another_implementation_of_argon2id_agrees(case: dict[str, Any]) -> None:
    """OpenSSL's Argon2id, from the vector's own words: neither argon2-cffi nor our parameters are used."""
    cost = case["cost"]
    other = Argon2id(
        salt=bytes.fromhex(case["salt"]),
        length=32,
        iterations=cost["passes"],
        lanes=cost["lanes"],
        memory_cost=cost["memoryKib"],
    )
    assert other.derive(bytes.fromhex(case["prfInput"])).hex() == case["stretched"]


def test_the_vectors_show_the_input_and_salt_as_the_specification_writes_them() -> None:
    def lp(*parts: bytes) -> bytes:
        return b"".join(len(part).to_bytes(2, "big") + part for part in parts)

    for case in VECTORS["cases"]:
        keyset, family, version = (
            case["keyset"].encode(),
            case["family"].encode(),
            VECTORS["specVersion"].encode(),
        )
        value = bytes.fromhex(case["value"])
        assert case["prfInput"] == lp(b"signaalregister", keyset, family, version, value).hex()
        labelled = lp(b"signaalregister stretch salt", keyset, family, version)
        assert case["salt"] == hashlib.sha256(labelled).digest()[:16].hex()


def test_the_two_classes_are_those_of_the_design() -> None:
    assert set(COSTS) == set(StretchClass)
    exact, composite = COSTS[StretchClass.EXACT], COSTS[StretchClass.COMPOSITE]
    assert (exact.memory_kib, exact.passes, exact.lanes) == (19 * 1024, 2, 1)
    assert (composite.memory_kib, composite.passes, composite.lanes) == (8 * 1024, 1, 1)
    assert {cost.version for cost in COSTS.values()} == {0x13}


@pytest.mark.parametrize("keyset", ["signaal", "comensha", "statistiek", "oefening", "Test-x", "x-test-"])
def test_cheap_stretching_is_refused_for_every_keyset_that_is_not_a_tests(keyset: str) -> None:
    with pytest.raises(ValueError, match="test-"):
        stretch(keyset, MatchKey("phone", b"x"), unsafe_cost=CHEAP)


def test_a_test_keyset_without_the_explicit_argument_pays_the_full_price() -> None:
    key = MatchKey("phone", b"x")
    assert stretch("test-a", key) == stretch("test-a", key, unsafe_cost=EXACT)
    assert stretch("test-a", key) != stretch("test-a", key, unsafe_cost=CHEAP)


def test_keyset_family_and_value_each_change_the_outcome() -> None:
    outcomes = {
        stretch("test-a", MatchKey("phone", b"x"), unsafe_cost=CHEAP),
        stretch("test-b", MatchKey("phone", b"x"), unsafe_cost=CHEAP),
        stretch("test-a", MatchKey("email", b"x"), unsafe_cost=CHEAP),
        stretch("test-a", MatchKey("phone", b"y"), unsafe_cost=CHEAP),
    }
    assert len(outcomes) == 4
    assert {len(outcome) for outcome in outcomes} == {32}


@given(
    st.lists(
        st.tuples(st.text(min_size=1), st.text(min_size=1), st.binary(min_size=1)), min_size=2, max_size=4
    )
)
def test_different_keys_never_have_the_same_prf_input(keys: list[tuple[str, str, bytes]]) -> None:
    assert len({prf_input(*key) for key in keys}) == len(set(keys))


@pytest.mark.parametrize(("keyset", "value"), [("", b"x"), ("signaal", b"")])
def test_an_empty_keyset_or_value_is_refused(keyset: str, value: bytes) -> None:
    with pytest.raises(ValueError, match="keyset and a value"):
        prf_input(keyset, "phone", value)


def test_a_value_too_long_for_its_length_is_refused() -> None:
    with pytest.raises(ValueError, match="65535"):
        prf_input("signaal", "phone", bytes(65536))
