# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What everyone may read about this register: how it compares, what happens with data, and the privacy statement (WGS 1.9(3); AVG 13 and 14).

The law of this file:

1. One source for every process: the templates `uitleg-*.html` of register.theme ask what they state of this module.
2. Nothing is typed here that the code decides: strengths come from the table of families, terms from register.retention, grounds from
   policies.explain. Figures are those of docs/matching.md (tested).
3. A reader is anybody. Plain Dutch (B1), no code of ours without the word for it.

Left to others: addresses in a process (its web folder), and how a page looks (register.theme).
"""

from dataclasses import dataclass
from typing import Final

from policies.decision import PURPOSES
from policies.explain import ARTICLES
from process.language import gettext as _
from process.language import together
from pseudonymisation.pseudonym import FAMILIES, Family, Strength, kind_for_people
from register.matching import MOST_CARRIERS
from register.retention import (
    DRAFT_HOURS,
    LOG_YEARS,
    MONTHS,
    NARRATIVE_MONTHS,
    QUESTION_MONTHS,
    TREFFER_DAYS,
    VALID_MONTHS,
    Category,
)

PATHS: Final = ("/uitleg", "/uitleg/vergelijken", "/uitleg/privacy")
"""Addresses of the public pages, the same in every process."""

AS_SHOWN: Final = (("low", 0.989, 0.872), ("middle", 0.988, 0.682), ("high", 0.987, 0.399))
"""Level of noise, precision and recall of what people are shown, behind condition C3 (docs/matching.md, "As shown")."""

GATED: Final = ("bsn", "v_nummer")
"""Attributes that are compared only where a law and a decision allow it (gates BSN and V-NUMMER)."""


@dataclass(frozen=True)
class HelpPage:
    """A public page."""

    path: str
    template: str
    title: str


def help_pages() -> tuple[HelpPage, ...]:
    """The public pages, in the order of the footer."""
    return (
        HelpPage(PATHS[0], "uitleg-gegevens.html", _("Wat gebeurt er met gegevens?")),
        HelpPage(PATHS[1], "uitleg-vergelijken.html", _("Hoe werkt het vergelijken?")),
        HelpPage(PATHS[2], "uitleg-privacy.html", _("Privacyverklaring")),
    )


def of_a_person() -> list[tuple[str, str]]:
    """How much an equal attribute says of a person: strength, and the attributes that have it."""
    return _by_strength({name: [one.person for one in found] for name, found in _attributes().items()})


def of_an_organisation() -> list[tuple[str, str]]:
    """The same of a business or building."""
    return _by_strength({name: [one.organisation for one in found] for name, found in _attributes().items()})


def _attributes() -> dict[str, list[Family]]:
    names = dict.fromkeys(family.attribute for family in FAMILIES.values())
    return {name: [family for family in FAMILIES.values() if family.attribute == name] for name in names}


def _by_strength(found: dict[str, list[Strength]]) -> list[tuple[str, str]]:
    order = list(Strength)
    best = {name: min(strengths, key=order.index) for name, strengths in found.items()}
    words = {
        Strength.STRONG: _("Sterk"),
        Strength.MEDIUM: _("Gemiddeld"),
        Strength.WEAK: _("Zwak"),
        Strength.NONE: _("Telt niet"),
    }
    named = {one: [kind_for_people(name) for name in best if best[name] is one] for one in order}
    return [(words[one], together(named[one])) for one in order if named[one]]


def gated() -> list[str]:
    """Attributes that are compared only where a law and a decision allow it, by name."""
    return [kind_for_people(name) for name in GATED]


def common() -> int:
    """From so many people with the same code on, that code finds nobody."""
    return MOST_CARRIERS


def figures() -> list[tuple[None, list[str]]]:
    """Rows of a table that lead nowhere: how neatly data were written down; of a hundred links shown how many are right, and of a hundred that exist how many are shown."""
    levels = {
        "low": _("Netjes opgeschreven"),
        "middle": _("Gewoon opgeschreven"),
        "high": _("Slordig opgeschreven"),
    }
    return [
        (None, [levels[level], str(round(100 * precision)), str(round(100 * recall))])
        for level, precision, recall in AS_SHOWN
    ]


def terms() -> list[tuple[str, str]]:
    """What is kept, and how long at most."""
    return [
        (_("Een signaal"), _months(MONTHS[Category.SOFT])),
        (_("Een signaal waar iemand mee verder gaat"), _months(MONTHS[Category.TAKEN_UP])),
        (_("Een signaal over een minderjarige"), _months(MONTHS[Category.MINOR])),
        (_("Een signaal over alleen mogelijke facilitators"), _months(MONTHS[Category.FACILITATOR_ONLY])),
        (_("Een verhaal in eigen woorden, bij wie het schreef"), _months(NARRATIVE_MONTHS)),
        (_("Een treffer die niemand oppakt"), _("{aantal} dagen").format(aantal=TREFFER_DAYS)),
        (_("De codes van een vraag"), _("Ze zijn weg na het antwoord")),
        (
            _("Het spoor waarmee u kunt vragen wie naar u zocht"),
            _months(QUESTION_MONTHS),
        ),
        (_("Wie wat deed, in het logboek"), _("{aantal} jaar").format(aantal=LOG_YEARS)),
        (_("Een concept dat niet is verstuurd"), _("{aantal} uur").format(aantal=DRAFT_HOURS)),
    ]


def valid_months() -> int:
    """After so many months without a word of its owner a signal counts no more."""
    return VALID_MONTHS


def purposes() -> list[str]:
    """What the register is used for, a sentence each."""
    said = {
        "signalering": _("Zien of een signaal van de ene plaats past bij een signaal van een andere plaats."),
        "hulpverlening": _("Zorg regelen voor een mogelijk slachtoffer."),
        "opsporing_handoff": _("Een signaal overdragen aan de politie of een andere opsporingsdienst."),
        "registratie_comensha": _("Een mogelijk slachtoffer melden bij CoMensha."),
        "inzage": _("U vertellen wat er over u in staat, als u dat vraagt."),
        "toezicht_avg": _("Nagaan of iedereen zich aan de privacywet (AVG) houdt."),
        "statistiek": _("Tellen, zonder dat iemand te herkennen is."),
    }
    return [said[one] for one in PURPOSES]


def article(code: str) -> str:
    """The articles of a ground."""
    return ARTICLES[code]


def _months(number: int) -> str:
    if number % 12 or number == 12:
        return _("{aantal} maanden").format(aantal=number)
    return _("{aantal} jaar").format(aantal=number // 12)
