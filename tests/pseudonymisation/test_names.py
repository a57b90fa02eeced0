# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about names: tests/vectors/names.json, the tables of spellings, folding, sound, and the parts of a name."""

import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pseudonymisation.identity import RawAttribute, Unreadable
from pseudonymisation.normalise import Normalised, normalise
from pseudonymisation.normalise.names import telling
from pseudonymisation.normalise.scripts import Context, latin_words
from pseudonymisation.normalise.variants import folded, listed, skeleton, sound
from pseudonymisation.pseudonym import SPEC_VERSION

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "names.json").read_text(encoding="utf-8"))
SCRIPTS = {"latin", "cyrillic", "greek", "arabic", "han", "thai", "hangul"}
TODAY = date(2026, 11, 22)
# Texts in the scripts and letters that the rules know reach further than any text does.
NEARLY = st.text("abcdeghijklnoqrstuvwxyz", max_size=12) | st.text(
    "жщъєіґΑυγκμπاليعوبدنمح张欧阳김이เแศรพหอ็์ัī ", max_size=12
)


def normal(name: str) -> Normalised | Unreadable:
    return normalise(RawAttribute.of("name_dob", name=name), today=TODAY)


def words_of(found: Normalised | Unreadable) -> list[str]:
    assert isinstance(found, Normalised), found
    return " ".join(found.get(part) for part in ("given", "surname", "name")).split()


def test_the_vectors_are_of_this_version_know_no_unknown_key_and_are_many_enough_per_script() -> None:
    assert set(VECTORS) == {"source", "specVersion", "cases", "sameForm", "sameSound", "apart"}
    assert VECTORS["specVersion"] == SPEC_VERSION
    assert all(set(case) == {"script", "text", "words", "folded", "sound"} for case in VECTORS["cases"])
    assert len(VECTORS["cases"]) >= 200
    counted = Counter(case["script"] for case in VECTORS["cases"])
    assert {script for script, count in counted.items() if count >= 10} >= SCRIPTS


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["text"])
def test_golden_name(case: dict[str, Any]) -> None:
    found = words_of(normal(case["text"]))
    assert " ".join(found) == case["words"]
    assert " ".join(map(folded, found)) == case["folded"]
    assert " ".join(map(sound, found)) == case["sound"]


@pytest.mark.parametrize("spellings", VECTORS["sameForm"], ids=lambda group: group[0])
def test_spellings_of_one_name_have_one_form_and_one_sound(spellings: list[str]) -> None:
    assert len(set(map(folded, spellings))) == 1
    assert len(set(map(sound, spellings))) == 1


@pytest.mark.parametrize("pair", VECTORS["sameSound"], ids=lambda pair: pair[0])
def test_a_name_as_heard_sounds_like_the_name_without_having_its_form(pair: list[str]) -> None:
    assert sound(pair[0]) == sound(pair[1])
    assert folded(pair[0]) != folded(pair[1])


@pytest.mark.parametrize("pair", VECTORS["apart"], ids=lambda pair: pair[0])
def test_different_names_keep_different_forms(pair: list[str]) -> None:
    assert folded(pair[0]) != folded(pair[1])


@given(st.text(max_size=40) | NEARLY)
@settings(max_examples=1500, deadline=None)
@example("")
@example("xx")
@example("x" * 300)
def test_folding_and_sound_take_any_text_and_folding_twice_is_folding_once(text: str) -> None:
    form, code = folded(text), sound(text)
    assert folded(form) == form
    assert sound(form) == code
    assert 3 <= len(code) <= 6
    assert form.isascii()
    assert form == "" or form.isalpha()


@given(st.text(max_size=40) | NEARLY, st.booleans(), st.booleans())
@settings(max_examples=1500, deadline=None)
def test_a_word_of_any_script_is_read_without_an_exception(text: str, alone: bool, ukrainian: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    for word in text.split():
        assert all(isinstance(found, str) for found in latin_words(word, Context(alone, ukrainian)))


@given(st.lists(st.text(max_size=15) | NEARLY, max_size=5).map(" ".join))
@settings(max_examples=800, deadline=None)
@example("Abd ul")
@example("geb. de Vries geb. x")
@example("mr mr mr")
def test_a_normal_name_is_its_own_normal_form_whatever_was_typed(text: str) -> None:
    first = normal(text)
    if isinstance(first, Normalised):
        assert normalise(first.raw(), today=TODAY) == first


def test_no_spelling_stands_for_two_names() -> None:
    chosen: dict[str, set[str]] = defaultdict(set)
    for form, latin, arabic in listed():
        for spelled in (*latin, *arabic):
            chosen[spelled].add(form)
    assert not {spelled for spelled, forms in chosen.items() if len(forms) > 1}


def test_every_spelling_of_a_table_has_the_form_of_its_line() -> None:
    wrong = [
        (chosen, spelled)
        for chosen, latin, _ in listed()
        for spelled in latin
        if folded(spelled) != folded(chosen)
    ]
    assert not wrong


def test_the_bare_consonants_of_an_arabic_name_meet_its_latin_spellings() -> None:
    for chosen, _latin, arabic in listed():
        for word in arabic:
            assert folded(latin_words(word, Context())[-1]) == folded(chosen), chosen
    assert skeleton("محمد") == "mhmd"
    assert folded("mhmd") == folded("Mohammed".lower())


def test_a_word_sounds_in_hundreds_of_ways_and_no_way_is_crowded() -> None:
    forms = {folded(chosen) for chosen, _latin, _arabic in listed()}
    forms |= {word for case in VECTORS["cases"] for word in case["folded"].split()}
    codes = Counter(map(sound, forms))
    assert len(codes) >= 400
    assert max(codes.values()) <= len(forms) / 50


@pytest.mark.parametrize(
    ("text", "least", "expected"),
    [
        ("van der berg", 1, "berg"),
        ("el idrissi", 1, "idrissi"),
        ("ahmed bin salman", 2, "ahmed salman"),
        ("youssef ben ali", 2, "youssef ali"),
        ("ben de vries", 2, "ben vries"),
        ("mariya petrovna kuznetsova", 2, "mariya kuznetsova"),
        ("roman abramovich", 2, "roman abramovich"),
        ("da", 1, "da"),
        ("siti binti rahmat", 2, "siti rahmat"),
    ],
)
def test_the_telling_words_are_those_without_particles_and_patronymics(
    text: str, least: int, expected: str
) -> None:
    assert telling(text.split(), least) == expected.split()


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Vries, Maria de", "de Vries, Maria"),
        ("Mevr. Maria Nuñez", "Maria Nuñez"),
        ("Maria (onbekend) Nuñez", "Maria Nuñez"),
        ("Hassan, Abd al Rahman", "Hassan, Abdul-Rahman"),
        ("NUNEZ<<MARIA", "Nuñez, Maria"),
        ("张 小明", "张小明"),
        ("김 민준", "김민준"),
    ],
)
def test_two_ways_of_writing_a_name_have_one_normal_form(typed: str, same: str) -> None:
    assert normal(typed) == normal(same)


def test_a_name_in_letters_that_nobody_can_read_is_refused_and_not_repeated() -> None:
    # Cuneiform: no table says how it sounds.
    found = normal("\U00012341\U00012341 Nuñez")
    assert isinstance(found, Unreadable)
    assert "Nuñez" not in repr(found)
