# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What everyone may read about the register is what it does: figures, terms, strengths and grounds come from where they are decided."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from policies.decision import PURPOSES
from pseudonymisation.identity import GATED
from pseudonymisation.pseudonym import FAMILIES, kind_for_people
from register import explaining, retention
from register.central import quarter_keys
from register.municipal import drafts
from register.theme import Frame, environment

ROOT = Path(__file__).parents[2]
FRAME = Frame("Gemeente Voorbeeldstad", "oefening")


def page(place: int, **values: str) -> str:
    """A public page as text, spaces and markup taken together."""
    found = explaining.help_pages()[place]
    html = environment().get_template(found.template).render(frame=FRAME, **values)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_figures_are_those_of_the_measurement() -> None:
    measured = (ROOT / "docs/matching.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"\*\*As shown\*\*, behind.*", measured)
    levels = (("low", "low precision"), ("middle", "middle"), ("high", "high"))
    for (name, precision, recall), (same, words) in zip(explaining.AS_SHOWN, levels, strict=True):
        assert name == same
        figures = f"{precision:.3f}, {'recall ' if name == 'low' else ''}{recall:.3f}".replace("0.", ".")
        assert f"{words} {figures}" in said
    assert explaining.figures()[1][1] == ["Gewoon opgeschreven", "99", "68"]


def test_terms_are_those_that_are_kept() -> None:
    assert retention.QUESTION_MONTHS == quarter_keys.MONTHS
    assert timedelta(hours=retention.DRAFT_HOURS) == drafts.LIFE
    told = dict(explaining.terms())
    assert told["Een signaal"] == f"{retention.MONTHS[retention.Category.SOFT]} maanden"
    assert told["Een signaal waar iemand mee verder gaat"] == "5 jaar"
    assert told["Een treffer die niemand oppakt"] == f"{retention.TREFFER_DAYS} dagen"


def test_every_kind_of_attribute_is_told_with_what_it_weighs() -> None:
    person, organisation = dict(explaining.of_a_person()), dict(explaining.of_an_organisation())
    kinds = {kind_for_people(family.attribute) for family in FAMILIES.values()}
    assert {kind for row in person.values() for kind in row.split(", ")} == kinds
    assert {kind for row in organisation.values() for kind in row.split(", ")} == kinds
    assert "telefoon" in person["Sterk"]
    assert person["Gemiddeld"] == "kenteken, naam en geboortedatum"
    assert "adres" in person["Zwak"]
    assert "adres" in organisation["Sterk"]
    assert set(explaining.GATED) == GATED


def test_every_purpose_has_a_name_on_the_privacy_page() -> None:
    told = page(2)
    assert len(explaining.purposes()) == len(PURPOSES)
    assert all(purpose and purpose in told for purpose in explaining.purposes())


@pytest.mark.parametrize(
    ("place", "sentences"),
    [
        (0, ["Op de einddatum is een signaal meteen onzichtbaar.", "Binnen een dag is het vernietigd."]),
        (
            1,
            [
                "Een treffer is geen bewijs.",
                "Een treffer is geen besluit.",
                "Een treffer is geen risicoscore.",
                "Een naam alleen is nooit genoeg.",
                "WGS artikel 1.9",
            ],
        ),
        (
            2,
            [
                "Geen nationaliteit",
                "Geen lijst van sekswerkers.",
                "Geen risicoscore",
                "functionaris gegevensbescherming",
                "Autoriteit Persoonsgegevens",
                "pagina's van het landelijke register",
            ],
        ),
    ],
)
def test_a_public_page_says_what_it_must(place: int, sentences: list[str]) -> None:
    told = page(place).replace("&#39;", "'")
    assert not [sentence for sentence in sentences if sentence not in told]


def test_every_public_page_is_linked_from_every_page() -> None:
    html = environment().get_template("aanmelden.html").render(frame=FRAME)
    assert not [one.path for one in explaining.help_pages() if f'href="{one.path}"' not in html]


def test_the_privacy_page_leads_to_the_register_of_activities_only_where_it_is() -> None:
    found = explaining.help_pages()[2].template
    assert 'href="/verwerkingen"' not in environment().get_template(found).render(frame=FRAME)
    shown = environment().get_template(found).render(frame=FRAME, activities_path="/verwerkingen")
    assert 'href="/verwerkingen"' in shown
