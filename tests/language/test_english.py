# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""English is complete where it is said to be: every text of the files below has its English, with the same places to fill in.

The list grows until it is the project; a file is never taken off it. New words in these files fail here until they are translated in
process/locale/en/LC_MESSAGES/paginas.po; `python -m tests.language.english` says which, and compiles.
"""

import ast
import gettext
import re
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po

from process.serving import language
from tests.language.english import DONE, FOLDER
from tests.language.texts import ROOT, Texts

PLACE = re.compile(r"\{\w+\}")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SHOWN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}
SAME_IN_EVERY_LANGUAGE = {
    "English",
    "Nederlands",
    "signaalregister audit verify bewijs-.json --vkey",
    'aria-describedby="" aria-invalid="true"',
    'data-klad="" data-klad-nummer="" data-klad-helften=""',
    'data-passkey="gebruiken" data-opties=""',
}
"""A language calls itself by its own name; a command is typed as it is; a macro gives attributes to a control or a form."""


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    """The English texts by Dutch one; one and many are two texts, so each is a string."""
    with (FOLDER / "paginas.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale="en") if one.id}


def test_every_text_of_what_is_done_has_its_english(texts: Texts, catalogue: dict[str, str]) -> None:
    missing = sorted(
        {
            f"{text.place}: {text.text!r}"
            for text in texts.msgids
            if text.path in DONE and not catalogue.get(text.text)
        }
    )
    assert not missing, "\n".join(["", *missing])


def test_every_place_to_fill_in_is_in_the_english_too(catalogue: dict[str, str]) -> None:
    wrong = [
        dutch
        for dutch, english in catalogue.items()
        if sorted(PLACE.findall(dutch)) != sorted(PLACE.findall(english))
    ]
    assert not wrong


def test_a_space_at_the_edge_of_a_text_is_kept(catalogue: dict[str, str]) -> None:
    edges = re.compile(r"^\s*|\s*$")
    assert not [
        dutch for dutch, english in catalogue.items() if edges.findall(dutch) != edges.findall(english)
    ]


def test_the_english_has_no_text_that_nobody_says_any_more(texts: Texts, catalogue: dict[str, str]) -> None:
    said = {text.text for text in texts.msgids}
    assert not set(catalogue) - said


def test_what_is_compiled_is_what_was_written(catalogue: dict[str, str]) -> None:
    compiled = gettext.translation(language.DOMAIN, str(ROOT / "process/locale"), ["en"])
    assert not [dutch for dutch, english in catalogue.items() if compiled.gettext(dutch) != english]


def test_every_file_that_is_done_exists_and_speaks_more_than_dutch(texts: Texts) -> None:
    assert {text.path for text in texts.msgids} >= DONE
    for path in (one for one in DONE if one.endswith(".py")):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        sources = {
            node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and any(name.asname == "_" for name in node.names)
        }
        assert sources == {"process.language"}, path


class Shown(HTMLParser):
    """Words that a page shows, outside what Jinja fills in."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(JINJA.sub("", source))

    def handle_data(self, data: str) -> None:
        self.words += [data.strip()] if re.search(r"[^\W\d_]{2}", data) else []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        for name, value in attrs:
            if name in SHOWN_ATTRIBUTES and value:
                self.handle_data(value)


def test_no_template_shows_a_word_that_cannot_be_translated() -> None:
    shown = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in sorted((ROOT / "register").rglob("templates/*.html"))
        for word in Shown(path.read_text(encoding="utf-8")).words
        if word not in SAME_IN_EVERY_LANGUAGE
    }
    assert not shown
