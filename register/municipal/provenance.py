# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Where rows come from, and which sources may never fill the register.

The law, in the order in which an import meets it:

1. Every mapping names its `herkomst`, a code of `ORIGINS`. A code that is not there is refused: nobody guesses where data came from.
2. A banned source is refused whole: passing cars (scanauto, camera), pass registrations of sex workers (needs B13), police data (Wpg, needs B02), what
   somebody told a nurse (B14), permit files (C24), an anonymous tip that nobody looked into (B16).
3. The shape gives a source away whatever it is called: more than `MOST_LONE_PLATES` rows in which a plate is the only attribute are passing cars (B15).
4. The same number bounds one officer in 24 hours, whichever way signals come in: the backstop for a file that was cut into pieces.

A plate counts beside an aanwijzing and something else of a person, a company or an address: then somebody looked at more than traffic. Rules 2, 3 and 4
are told to the FG as a flag: kind, officer, moment and counts, never a value. Pure; who refuses and who writes the flag is `register.municipal.intake`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from process.language import gettext as _
from process.problem import FieldError, Refusal

MOST_LONE_PLATES = 25
"""Signals with a plate as the only attribute: in one file, and of one officer in `BACKSTOP`."""
BACKSTOP = timedelta(hours=24)


class FlagKind(StrEnum):
    """What the FG is told of."""

    ORIGIN = "verboden_herkomst"
    PLATES_IN_FILE = "kentekens_in_bestand"
    PLATES_IN_A_DAY = "kentekens_in_een_dag"


FLAGS: Mapping[FlagKind, str] = {
    FlagKind.ORIGIN: _("Iemand wilde gegevens invoeren uit een bron die niet mag."),
    FlagKind.PLATES_IN_FILE: _(
        "Iemand wilde een bestand invoeren met veel rijen waarin alleen een kenteken staat."
    ),
    FlagKind.PLATES_IN_A_DAY: _(
        "Iemand bewaarde in 24 uur te veel signalen waarin alleen een kenteken staat."
    ),
}


@dataclass(frozen=True)
class Ban:
    """Why a source is refused, by which rule, and what to do instead."""

    label: str
    why: str
    rule: str
    way_forward: str


ORIGINS: Mapping[str, str] = {
    "toezicht": _("eigen controles van toezichthouders"),
    "zaaksysteem": _("het zaaksysteem van de gemeente, met eigen controles"),
    "oud_register": _("een eerdere eigen registratie van signalen, zoals een lijst of spreadsheet"),
    "advertenties_bekeken": _("advertenties die een mens heeft bekeken"),
    "adresonderzoek": _("adresonderzoek"),
    "balie": _("wat aan de balie werd gezien"),
    "wijkteam_jongerenwerk": _("signalen van wijkteam of jongerenwerk, niets over zorg of gezondheid"),
    "melding_nagegaan": _("meldingen van anderen die de gemeente zelf heeft nagegaan"),
    "oefening": _("verzonnen gegevens voor een oefening of meting"),
}
"""Sources that may be imported. Every row still needs an aanwijzing that carries it."""

BANNED: Mapping[str, Ban] = {
    "scanauto": Ban(
        _("een scanauto"),
        _(
            "Kentekens uit een scanauto mogen niet in het register: er is geen waarneming van misstanden. Een kenteken telt alleen naast een aanwijzing en iets anders van een persoon, bedrijf of adres."
        ),
        _("AVG 5(1)(b) en (c)"),
        _(
            "Zag iemand bij een controle iets dat op dwang of misbruik wijst? Bewaar dan dat signaal, met het kenteken erbij."
        ),
    ),
    "camera": Ban(
        _("camera's"),
        _(
            "Beelden en kentekens van camera's mogen niet in het register: ze laten zien wie langskwam, niet wat er mis was."
        ),
        _("AVG 5(1)(b) en (c)"),
        _("Bewaar een signaal als iemand bij een controle zelf iets zag dat op dwang of misbruik wijst."),
    ),
    "pasjesregister": Ban(
        _("een pasjesregister van sekswerkers"),
        _(
            "Een pasjesregister mag niet in het register: sekswerkers worden niet geregistreerd omdat zij sekswerk doen."
        ),
        _("AVG 9; ABRvS over het pasje in Utrecht (2020)"),
        _("Bewaar alleen een signaal over een persoon bij wie iemand een aanwijzing zag."),
    ),
    "politie": Ban(
        _("de politie"),
        _(
            "Politiegegevens mogen niet in het register. Zij vallen onder de Wet politiegegevens en blijven bij de politie."
        ),
        _("Wpg 3 en 9"),
        _(
            "Laat deze rijen weg. Het Team Migratiecriminaliteit en Mensenhandel werkt met zijn eigen gegevens."
        ),
    ),
    "ggd_intake": Ban(
        _("intakegesprekken van de GGD"),
        _(
            "Wat iemand aan een verpleegkundige vertelt, mag niet in het register. Daarop rust een beroepsgeheim."
        ),
        _("AVG 9; BW 7:457"),
        _("Bewaar alleen wat een toezichthouder zelf zag, zonder iets uit het gesprek."),
    ),
    "vergunningen": Ban(
        _("vergunningen of Bibob-onderzoek"),
        _(
            "Gegevens uit vergunningen en Bibob-onderzoek zijn voor iets anders verzameld en mogen niet in het register."
        ),
        _("Wet Bibob 28; AVG 5(1)(b)"),
        _("Bewaar alleen signalen van controles waarbij iemand een aanwijzing zag."),
    ),
    "mma_niet_nagegaan": Ban(
        _("anonieme meldingen die niemand naging"),
        _("Een anonieme melding alleen is geen signaal: niemand heeft gezien wat erin staat."),
        _("AVG 5(1)(d)"),
        _("Ga de melding na. Zag of vond u er zelf iets bij, gebruik dan de herkomst melding_nagegaan."),
    ),
}
"""Sources that are refused whole, however they are filled in."""


@dataclass(frozen=True)
class Shape:
    """What may be known of a file without its values.

    Attributes:
        rows: in the file; None when records come one by one.
        lone_plates: rows in which a plate is the only attribute.
    """

    rows: int | None
    lone_plates: int

    def counts(self) -> dict[str, int]:
        """As a flag holds it."""
        known = {} if self.rows is None else {"rijen": self.rows}
        return known | {"alleenKenteken": self.lone_plates}


@dataclass(frozen=True)
class Banned:
    """A verdict: what is told to the sender, and what to the FG."""

    refusal: Refusal
    flag: FlagKind


PLATE_TARGETS = frozenset({"plate", "plate_country"})


def lone_plate(filled: Collection[str]) -> bool:
    """True if a plate is the only attribute among the identity columns that a row fills; a country beside it adds nothing."""
    return "plate" in filled and PLATE_TARGETS.issuperset(filled)


def lone_plate_types(types: Collection[str]) -> bool:
    """True if a signal's attributes are plates and nothing else."""
    return bool(types) and set(types) == {"plate"}


def judged(origin: str, shape: Shape) -> Banned | None:
    """Whether a source may be imported at all; None if it may.

    Raises:
        Refusal: 400, a source that is not on either list.
    """
    if origin in BANNED:
        return Banned(_refused(BANNED[origin]), FlagKind.ORIGIN)
    if origin not in ORIGINS:
        raise _unknown()
    if shape.lone_plates > MOST_LONE_PLATES:
        return Banned(_passing_cars(shape), FlagKind.PLATES_IN_FILE)
    return None


def judged_in_a_day(before: int) -> Banned | None:
    """Whether an officer may store one more signal with only a plate, after so many in the last 24 hours; None if so."""
    return Banned(_too_many_plates(), FlagKind.PLATES_IN_A_DAY) if before >= MOST_LONE_PLATES else None


def _refused(ban: Ban) -> Refusal:
    return Refusal(
        403,
        "herkomst-verboden",
        _("Gegevens uit {bron} mogen niet worden ingevoerd.").format(bron=ban.label),
        _(
            "{waarom} Er is niets opgeslagen. De functionaris gegevensbescherming (FG) krijgt hiervan bericht."
        ).format(waarom=ban.why),
        way_forward=ban.way_forward,
        rule=ban.rule,
    )


def _unknown() -> Refusal:
    reason = _("Kies uit: {codes}.").format(codes=", ".join(ORIGINS))
    return Refusal(
        400,
        "onbekende-herkomst",
        _("De mapping zegt niet waar de gegevens vandaan komen."),
        _("Elke invoer heeft een herkomst uit de lijst. Er is niets opgeslagen."),
        way_forward=_("Vul herkomst in de mapping in met een code uit de lijst."),
        fields=(FieldError("herkomst", reason),),
        rule="AVG 5(1)(b)",
    )


def _passing_cars(shape: Shape) -> Refusal:
    return Refusal(
        403,
        "alleen-kentekens",
        _("Dit bestand mag niet worden ingevoerd: het is een lijst kentekens."),
        _(
            "In {aantal} rijen staat alleen een kenteken, en hoogstens {grens} mag. Zo'n lijst laat zien wie langsreed, niet wat er mis was. "
            "Een kenteken telt alleen naast een aanwijzing en iets anders van een persoon, bedrijf of adres. Er is niets opgeslagen. "
            "De functionaris gegevensbescherming (FG) krijgt hiervan bericht."
        ).format(aantal=shape.lone_plates, grens=MOST_LONE_PLATES),
        way_forward=_(
            "Laat de rijen weg waarin alleen een kenteken staat. Zag iemand meer dan een auto, vul dat dan in bij die rij."
        ),
        rule="AVG 5(1)(c)",
    )


def _too_many_plates() -> Refusal:
    return Refusal(
        403,
        "te-veel-kentekens",
        _("Dit signaal wordt niet bewaard: er staat alleen een kenteken in."),
        _(
            "U bewaarde in 24 uur al {grens} signalen met alleen een kenteken, en meer mag niet. Zo ontstaat een lijst van wie langsreed. "
            "Er is niets opgeslagen. De functionaris gegevensbescherming (FG) krijgt hiervan bericht."
        ).format(grens=MOST_LONE_PLATES),
        way_forward=_(
            "Vul bij het kenteken in wat u nog meer zag, zoals een bedrijf of een adres. Of bewaar dit signaal morgen."
        ),
        rule="AVG 5(1)(c)",
    )
