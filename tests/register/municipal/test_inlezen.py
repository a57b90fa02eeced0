# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the page on which rows are pasted: tried first, stored as they were tried, and refused with a reason."""

from html import unescape

import pytest

from tests.register.municipal.test_pages import hidden, sign_in
from tests.register.municipal.world import Browser, RegisterStation

MAPPING = """herkomst: toezicht
columns:
  datum: date
  mobiel: phone
constants:
  uitbuitingsvorm: arbeid
  aanwijzingen: [slapen_in_bedrijfspand]
  controlesoort: woningcontrole
  waarneming_grondslag: huisvesting_arbeidsmigranten
dateFormat: dd-mm-yyyy
"""
ROWS = "datum\tmobiel\r\n27-02-2026\t06 12345678\r\n27-02-2026\t12\r\n"
MENDED = ROWS.replace("\t12\r", "\t06 87654321\r")


@pytest.fixture
def keeping(guest: Browser) -> Browser:
    sign_in(guest, "aandachtsfunctionaris")
    return guest


def paste(browser: Browser, rows: str, step: str = "proef", seen: str = "", mapping: str = MAPPING) -> str:
    csrf = hidden(browser.get("/inlezen"), "csrf")
    sent = {"csrf": csrf, "rijen": rows, "mapping": mapping, "stap": step, "gezien": seen}
    answer = browser.post("/inlezen", data=sent)
    assert answer.status_code in {200, 400}
    return unescape(answer.text)


def seen_on(page: str) -> str:
    return page.partition('name="gezien" value="')[2].partition('"')[0]


def test_rows_are_tried_first_and_nothing_is_stored(keeping: Browser, register: RegisterStation) -> None:
    page = paste(keeping, ROWS)
    for said in (
        "Er is nog niets bewaard.",
        "Te bewaren: 1",
        "Geweigerd: 1",
        "Bewaar dit ene signaal",
        "mobiel",
    ):
        assert said in page
    assert "06 12345678" in page.partition("<textarea")[2]
    assert not register.signals


def test_what_was_tried_is_stored_once_and_what_was_refused_is_named_with_why(
    keeping: Browser, register: RegisterStation
) -> None:
    seen = seen_on(paste(keeping, ROWS))
    page = paste(keeping, ROWS, "bewaar", seen)
    assert "Bewaard: 1" in page
    assert "Geweigerd: 1" in page
    assert len(register.signals) == 1
    again = paste(keeping, ROWS, "bewaar", seen)
    assert "Al eerder bewaard, niet nog eens: 1" in again
    assert len(register.signals) == 1


def test_rows_that_were_changed_after_the_trial_are_tried_again_and_then_stored_without_doubling(
    keeping: Browser, register: RegisterStation
) -> None:
    seen = seen_on(paste(keeping, ROWS))
    paste(keeping, ROWS, "bewaar", seen)
    page = paste(keeping, MENDED, "bewaar", seen)
    assert "Er is nog niets bewaard." in page
    assert len(register.signals) == 1
    assert "Bewaard: 1" in paste(keeping, MENDED, "bewaar", seen_on(page))
    assert len(register.signals) == 2


WRONG = {
    "no rows": ("", MAPPING, "Er staan geen rijen."),
    "a heading alone": ("datum\tmobiel", MAPPING, "geen rijen"),
    "a column that is not there": ("datum\n27-02-2026\n", MAPPING, "mist kolommen uit de mapping: mobiel"),
    "a formula": ("datum\tmobiel\n27-02-2026\t=A1\n", MAPPING, "begint als een formule"),
    "no mapping": (ROWS, "", "mapping"),
    "a mapping that is no YAML": (ROWS, "columns: {[", "niet te lezen als YAML"),
    "too many rows": ("datum\tmobiel\n" + "27-02-2026\t0612345678\n" * 101, MAPPING, "101 rijen"),
}


def test_rows_that_cannot_be_read_are_refused_with_everything_still_there(
    keeping: Browser, register: RegisterStation
) -> None:
    # One node for all of them: none leaves anything behind.
    for name, (rows, mapping, sentence) in WRONG.items():
        page = paste(keeping, rows, mapping=mapping)
        assert "Deze rijen zijn nog niet in te lezen." in page, name
        assert sentence in page, name
        assert all(line in page for line in rows.splitlines()[:1]), name
    assert not register.signals


def test_who_does_not_look_after_all_signals_has_no_such_page_in_the_menu(guest: Browser) -> None:
    sign_in(guest, "toezichthouder")
    assert "/inlezen" not in guest.get("/").text
