# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Every text that a person reads is plain Dutch (B1): short sentences, no words of offices, no word that labels people, one word for one thing.

The norm is docs/language.md and the table of docs/glossary.md. A failure names the place, the sentence and what to write instead.
"""

from pathlib import Path
from statistics import median

import pytest

from tests.language.dutch import (
    LONGEST,
    LONGEST_MEDIAN,
    Norm,
    findings,
    norm_of,
    sentences,
    words,
)
from tests.language.texts import ROOT, Text, Texts

NOT_HERE = "says that it does not belong here"
MAY_STAY = {
    "Nationaliteit is dat nooit.": NOT_HERE,
    "Nationaliteit, geloof en gezondheid.": NOT_HERE,
    "nationaliteit of afkomst": NOT_HERE,
    "Nationaliteit en geslacht nemen we niet over.": NOT_HERE,
    "Afkomst of nationaliteit is geen aanwijzing voor mensenhandel (AVG 9, BGS 1.9).": NOT_HERE,
    "Nationaliteit, een kenteken of sekswerk zelf is geen aanwijzing.": NOT_HERE,
    "Geen nationaliteit, afkomst, geloof of geaardheid.": NOT_HERE,
    "Nationaliteit, geslacht, geloof, gezondheid en uiterlijk worden niet vergeleken.": NOT_HERE,
    "Geen lijst van sekswerkers.": NOT_HERE,
    "een pasjesregister van sekswerkers": NOT_HERE,
    "sekswerkers worden niet geregistreerd omdat zij sekswerk doen.": NOT_HERE,
    "Dat maakt hem geen dader.": "says that nobody is called so",
    "Illegale adoptie": "the name of a form of exploitation (signal-model.yaml)",
}
"""Sentence -> why it may stay."""


@pytest.fixture(scope="module")
def norm() -> Norm:
    return norm_of(read("docs/language.md"), read("docs/glossary.md"))


def read(name: str) -> str:
    return (ROOT / Path(name)).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(texts: Texts, norm: Norm) -> list[tuple[Text, str, str]]:
    """Every finding: the text, the sentence in it, and what to write instead."""
    return [
        (text, sentence, instead) for text in texts.all for sentence, instead in findings(text.text, norm)
    ]


def test_every_text_is_plain_and_calls_people_and_things_by_their_names(
    found: list[tuple[Text, str, str]],
) -> None:
    wrong = [
        f"{text.place}: {sentence!r}: {instead}"
        for text, sentence, instead in found
        if sentence not in MAY_STAY
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_every_exception_is_still_needed(found: list[tuple[Text, str, str]]) -> None:
    assert not set(MAY_STAY) - {sentence for _text, sentence, _instead in found}


def test_half_of_the_sentences_are_short(texts: Texts) -> None:
    counted = [words(sentence) for text in texts.all for sentence in sentences(text.text)]
    assert len(counted) > 5000
    assert median(counted) <= LONGEST_MEDIAN


def test_the_page_names_the_limits_that_the_test_holds() -> None:
    page = read("docs/language.md")
    assert f"**{LONGEST} words**" in page
    assert f"**{LONGEST_MEDIAN} words**" in page


def test_texts_come_from_every_kind_of_place(texts: Texts) -> None:
    kinds = {Path(text.path).suffix for text in texts.all} | {Path(text.path).name for text in texts.all}
    assert {".py", ".html", ".cedar", "settings.py", "voorwaarden.yaml", "cli.py"} <= kinds


@pytest.mark.parametrize(
    ("bad", "instead"),
    [
        ("Dit geschiedt conform de wet.", "gebeurt"),
        ("U dient dit te doen.", "moet"),
        ("De prostituee belde.", "dienstverlener"),
        ("Een slachtoffer belde.", "mogelijk slachtoffer"),
        ("Dit zijn daders.", "mogelijk facilitator"),
        ("Een complexe zaak.", "say what is so"),
        ("Kies een nationaliteit.", "say what you saw"),
        ("U bent niet ingelogd.", "aanmelden"),
        ("Er is een hit.", "treffer"),
        ("Dat wordt gedaan als het gevraagd wordt.", "wie het doet"),
        ("een twee " * 10 + "en nog een.", "hoogstens 20"),
    ],
)
def test_a_bad_sentence_is_found_with_what_to_write(bad: str, instead: str, norm: Norm) -> None:
    assert any(instead in found for _sentence, found in findings(bad, norm))


@pytest.mark.parametrize(
    "good",
    [
        "Er zijn twee mogelijke slachtoffers.",
        "Ga het na met 'witness keygen' en --receipt.",
        "U ziet: de vorm van uitbuiting, de rol van de persoon, de periode en de plaats, de aanwijzingen, en wie u kunt bellen.",
        "De logica is onderdeel van de applicatie.",
    ],
)
def test_a_good_sentence_is_left_alone(good: str, norm: Norm) -> None:
    assert list(findings(good, norm)) == []
