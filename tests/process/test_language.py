# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A sentence is Dutch wherever it is kept, and shown in the language of whoever asks."""

import copy
import json
import threading
from contextvars import copy_context

import pytest
from markupsafe import escape

from process.language import (
    Language,
    Sentence,
    capital,
    gettext,
    later,
    ngettext,
    speaking,
    spoken,
    together,
)

LOUD = Language("en", str.upper)
DUTCH = "Kies een <veld>."


def test_a_sentence_is_dutch_where_nobody_chose() -> None:
    assert str(gettext(DUTCH)) == f"{gettext(DUTCH)}" == DUTCH
    assert spoken() == "nl"


def test_a_sentence_made_before_is_shown_in_the_language_of_now() -> None:
    made = gettext(DUTCH)
    with speaking(LOUD):
        assert str(made) == f"{made}" == DUTCH.upper()
        assert escape(made) == "KIES EEN &lt;VELD&gt;."
        assert "Let op: " + made == "Let op: KIES EEN <VELD>."
        assert made + " Nu." == "KIES EEN <VELD>. Nu."
        assert made[:4] == "KIES"
    assert str(made) == DUTCH


def test_what_is_filled_in_is_shown_in_the_same_language() -> None:
    with speaking(LOUD):
        assert gettext("Kies: {0}").format(gettext("rol")) == "KIES: ROL"


@pytest.mark.parametrize("keep", [json.dumps, repr, hash, len, copy.deepcopy, "; ".join])
def test_what_is_kept_of_a_sentence_depends_on_no_reader(keep: object) -> None:
    assert callable(keep)
    before = keep(gettext(DUTCH))
    with speaking(LOUD):
        assert keep(gettext(DUTCH)) == before


def test_a_sentence_equals_its_dutch_in_every_language() -> None:
    with speaking(LOUD):
        assert gettext(DUTCH) == DUTCH
        assert {gettext(DUTCH): 1}[DUTCH] == 1


def test_a_copy_of_a_sentence_is_a_sentence() -> None:
    for one in (copy.copy(gettext(DUTCH)), copy.deepcopy(gettext(DUTCH))):
        assert isinstance(one, Sentence)


def test_one_and_many_are_chosen_by_number() -> None:
    assert [str(ngettext("een", "meer", number)) for number in (0, 1, 2)] == ["meer", "een", "meer"]


def test_nothing_to_say_is_nothing_in_every_language() -> None:
    with speaking(Language("en", lambda text: text or "header of a catalogue")):
        assert str(gettext("")) == ""


def test_a_language_holds_for_its_own_request_only() -> None:
    heard: list[str] = []
    with speaking(LOUD):
        of_this_request = copy_context()
        other = threading.Thread(target=lambda: heard.append(spoken()))
        other.start()
        other.join()
        assert of_this_request.run(spoken) == "en"
    assert heard == ["nl"]
    assert spoken() == "nl"


def test_texts_in_a_row_are_shown_each_in_the_language_that_is_spoken() -> None:
    row = [gettext("rol"), "vorm"]
    with speaking(LOUD):
        assert together(row) == "ROL, VORM"
        assert together(row, " / ") == "ROL / VORM"
        assert ", ".join(row) == "rol, vorm"
    assert together(row) == "rol, vorm"


def test_a_capital_is_put_before_the_text_that_is_shown() -> None:
    with speaking(Language("en", {"rol": "form"}.__getitem__)):
        assert capital(gettext("rol")) == capital("rol") == "Form"
    assert capital(gettext("rol")) == "Rol"


def test_a_sentence_that_is_filled_in_for_later_is_dutch_as_a_string_and_shown_in_the_language_of_its_reader() -> (
    None
):
    with speaking(LOUD):
        made = later(gettext("Kies: {WAT}"), WAT=gettext("rol"))
        assert json.dumps(made) == '"Kies: rol"'
        assert str(made) == f"{made}" == "KIES: ROL"
        assert str(copy.deepcopy(made)) == "KIES: ROL"
    assert str(made) == "Kies: rol"


def test_a_text_that_came_from_elsewhere_is_a_sentence_and_a_sentence_stays_one() -> None:
    made = gettext("rol")
    assert gettext(made) is made
    with speaking(LOUD):
        assert hash(gettext(made)) == hash("rol")
