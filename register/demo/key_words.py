# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a reader of the exercise with keys sees after each step: per party what it has, what it knows and what it cannot do. Pure."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Final

_WIDTHS: Final = (11, 36, 34, 36)


@dataclass(frozen=True)
class Party:
    """What one party knows and cannot do after a step; what it has is looked up on disk."""

    name: str
    knows: str
    cannot: str


INTRODUCTION: Final = _(
    "Drie organisaties maken samen een sleutel die niemand heeft. Twee van de drie zijn nodig om een vraag te verwerken. Eén organisatie raakt haar "
    "machine kwijt, een andere komt ervoor in de plaats, en daarna komt er een nieuwe sleutel. Een toezichthouder stelt steeds dezelfde vraag. "
    "Alles is echt: elke organisatie werkt met eigen opdrachten in een eigen map. Sleutelhouders, register en nodes zijn processen die elkaar met certificaten "
    "herkennen. Twee dingen spelen we niet: de houders wachten niet op een afgesproken moment, en er wordt geen reservekopie op proef teruggezet. "
    "Alle mensen zijn verzonnen."
)

_HOLDER_KNOWS: Final = _("Zijn eigen aandeel, en de publieke sleutelset.")
_HOLDER_CANNOT: Final = _("De sleutel uitrekenen, of alleen een vraag verwerken: één aandeel zegt niets.")
_REGISTER: Final = Party(
    "REGISTER",
    _("Pseudoniemen van signalen, en welke gemeente ze gaf."),
    _("Namen of nummers lezen, of een pseudoniem maken: het heeft geen aandeel."),
)

CEREMONY: Final = (
    *(Party(f"HOUDER{number}", _HOLDER_KNOWS, _HOLDER_CANNOT) for number in (1, 2, 3)),
    Party("REGISTER", _("Nog niets: het deed niet mee."), _("Een pseudoniem maken: het heeft geen aandeel.")),
)
QUESTION: Final = (
    Party(
        "HOUDER1",
        _("Dat GM9004 vroeg, hoeveel punten, en wanneer."),
        _("Zien waarover de vraag gaat: de punten zijn verhuld."),
    ),
    _REGISTER,
    Party(
        "GM9004",
        _("Haar vraag, het pseudoniem ervan, en het antwoord."),
        _("Een pseudoniem maken zonder twee houders: elke keer tellen zij mee."),
    ),
)
LOST: Final = (
    Party(
        "HOUDER2",
        _("Wie de machine heeft, heeft één aandeel en het slot ervan."),
        _("Er de sleutel mee uitrekenen. Met een tweede oud aandeel kan dat wel, dus die moeten weg."),
    ),
    Party(
        "HOUDER1",
        _HOLDER_KNOWS,
        _("Nog een houder verliezen: dan kan er geen vraag meer worden verwerkt."),
    ),
    Party("HOUDER3", _HOLDER_KNOWS, _("Hetzelfde als HOUDER1.")),
)
RESHARED: Final = (
    Party(
        "HOUDER1",
        _("Zijn nieuwe aandeel. Het oude is vernietigd."),
        _("Aan een vraag onder de oude verdeling meewerken."),
    ),
    Party(
        "HOUDER4",
        _("Zijn aandeel; hij is nu houder 2."),
        _("De sleutel uitrekenen uit wat HOUDER1 en HOUDER3 stuurden."),
    ),
    Party("HOUDER3", _("Zijn nieuwe aandeel. Het oude is vernietigd."), _("Hetzelfde als HOUDER1.")),
    Party(
        "HOUDER2",
        _("Wie de machine heeft, heeft alleen het oude aandeel."),
        _("Meedoen: een houder start er niet mee. En de andere oude aandelen zijn weg."),
    ),
    Party(
        "REGISTER",
        _("Dat er een andere verdeling geldt. De sleutel is dezelfde."),
        _("Een pseudoniem maken; er is niets omgezet."),
    ),
)
ROTATED: Final = (
    *(
        Party(
            f"HOUDER{number}",
            _("Een aandeel van de nieuwe sleutel."),
            _("Iets met de oude sleutel; dat aandeel is vernietigd."),
        )
        for number in (1, 4, 3)
    ),
    Party(
        "HOUDER2",
        _("Wie de machine heeft, heeft een aandeel van een sleutel die nergens meer geldt."),
        _("Er iets mee vinden: alles wat bewaard is, staat onder de nieuwe sleutel."),
    ),
    Party(
        "REGISTER",
        _("De omgezette pseudoniemen. De factor en wat er eerst stond, zijn vernietigd."),
        _("Terug naar de oude pseudoniemen, of een naam lezen."),
    ),
    Party(
        "GM9004",
        _("De nieuwe publieke sleutelset, en haar eigen dossier."),
        _("Oude pseudoniemen in nieuwe omrekenen: die factor kreeg zij nooit."),
    ),
)


def table(parties: Sequence[Party], has: Mapping[str, Sequence[str]]) -> str:
    """The table of one step.

    Args:
        parties: in order.
        has: name of a party -> what lies in its folder.
    """
    heads = ((_("Partij"),), (_("Heeft op schijf"),), (_("Weet"),), (_("Kan NIET"),))
    lines = [*_row(heads), "-+-".join("-" * width for width in _WIDTHS)]
    for party in parties:
        lines += _row(((party.name,), has[party.name] or (_("niets"),), (party.knows,), (party.cannot,)))
    return "\n".join(lines)


def _row(cells: Sequence[Sequence[str]]) -> list[str]:
    wrapped = [
        [line for text in cell for line in textwrap.wrap(text, width, subsequent_indent="  ")]
        for cell, width in zip(cells, _WIDTHS, strict=True)
    ]
    height = max(len(cell) for cell in wrapped)
    filled = [[*cell, *[""] * (height - len(cell))] for cell in wrapped]
    return [
        " | ".join(part.ljust(width) for part, width in zip(parts, _WIDTHS, strict=True)).rstrip()
        for parts in zip(*filled, strict=True)
    ]


def paragraph(text: str) -> str:
    """Running text in lines of a screen."""
    return textwrap.fill(text, 110)
