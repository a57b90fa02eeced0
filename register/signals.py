# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What may be said in a signal, what of it leaves the node, and what is refused.

The value lists are those of the signal data model (docs/data-model.md), as data with plain Dutch labels and neutral help texts; codes never
change their meaning, a code that is no longer offered is marked inactive. In the order in which a submission meets them:

1. `problems` (at the node) finds what stops an observation: an unknown code, a form that is not offered yet, an aanwijzing that is refused
   because it says something about health, origin, looks or sexuality, or no aanwijzing that carries a signal on its own.
2. `needs` says which special grounds the observation asks for: G-SEKS and G-STRAF.
3. `withhold` splits a sexual observation: the register gets neutral codes, the rest stays at the node until phase 2; `commitment` binds the
   node to what it kept.
4. `register_problems` (at the register) finds what a node should never have sent, sealed or open.

Left to others: who may submit, on which ground, and where anything is kept; which municipalities there are (municipalities).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from audit.canonical import JSON, canonical_json
from process.language import gettext as _
from process.problem import FieldError

NONCE_SIZE = 32
_COMMITMENT_LABEL = b"signaalregister/verzegeld/v1\x00"


@dataclass(frozen=True)
class Item:
    """One entry of a value list.

    Attributes:
        code: what is stored and sent.
        label: what people read.
        help: one or two sentences under the label; may be empty.
        active: False when the code may not be used (yet).
    """

    code: str
    label: str
    help: str = ""
    active: bool = True


@dataclass(frozen=True)
class Indicator:
    """One aanwijzing: something a person can see or hear, without a judgement.

    Attributes:
        code: what is stored and sent.
        group: key of `INDICATOR_GROUPS`.
        draagt: True if it carries a signal on its own, False if it only supports one.
        label: what people read.
        help: what to look at, in neutral words.
        source: who names it, in the abbreviations of docs/data-model.md.
    """

    code: str
    group: str
    draagt: bool
    label: str
    help: str
    source: str


@dataclass(frozen=True)
class Observation:
    """The part of a signal that people judge: codes only, never an attribute of a person.

    Attributes:
        form: code of `EXPLOITATION_FORMS`.
        basis: code of `OBSERVATION_BASES`.
        control_type: code of `CONTROL_TYPES`.
        indicators: codes of `INDICATORS`; order has no meaning.
        roles: reference of each subject within the signal, with a code of `ROLES`.
    """

    form: str
    basis: str
    control_type: str
    indicators: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]


def _items(*items: Item) -> Mapping[str, Item]:
    return {item.code: item for item in items}


OBSERVATION_BASES = _items(
    Item(
        "apv_seksinrichting_151a",
        _("Toezicht op seksbedrijven"),
        _("Toezicht op grond van de APV en artikel 151a van de Gemeentewet."),
    ),
    Item("openbare_orde_172", _("Openbare orde"), _("Artikel 172 van de Gemeentewet.")),
    Item(
        "huisvesting_woningwet_omgevingswet",
        _("Bouw- en woningtoezicht"),
        _("Huisvestingswet, Woningwet of Omgevingswet."),
    ),
    Item(
        "brp_adresonderzoek", _("Adresonderzoek"), _("Onderzoek of iemand woont waar hij staat ingeschreven.")
    ),
    Item("alcoholwet_horeca", _("Horecatoezicht"), _("Alcoholwet en de horecaregels van de gemeente.")),
    Item("huisvesting_arbeidsmigranten", _("Huisvesting van arbeidsmigranten")),
    Item("parkeren", _("Parkeertoezicht"), _("Een kenteken alleen is nooit een signaal.")),
    Item("integrale_ondermijning", _("Integrale controle"), _("Een controle samen met andere diensten.")),
    Item("burgerzaken", _("Burgerzaken"), _("Aan de balie, bijvoorbeeld bij een inschrijving.")),
    Item(
        "wmo_jeugd_toegang",
        _("Toegang Wmo en jeugdhulp"),
        _("Niets uit een gesprek over zorg of gezondheid."),
    ),
    Item(
        "mma_melding_verrijkt",
        _("Melding via Meld Misdaad Anoniem, zelf nagegaan"),
        _("Alleen als u er zelf iets bij hebt gezien of gevonden."),
    ),
    Item("anders", _("Iets anders"), _("Een ander toezicht dat de wet aan de gemeente geeft.")),
)
"""Under which supervisory task the observation was made (BGS 2.16(1)(a), Awb 5:13)."""

CONTROL_TYPES = _items(
    Item("overig", _("Een andere controle")),
    Item("online", _("Online")),
    Item("prostitutiecontrole_vergund", _("Controle bij een seksbedrijf met vergunning")),
    Item("prostitutiecontrole_onvergund", _("Controle op sekswerk zonder vergunning")),
    Item("thuiswerk_hotel", _("Controle thuis of in een hotel")),
    Item(
        "advertentiecontrole_webcrawler",
        _("Controle van advertenties"),
        _("Alleen advertenties die een mens heeft bekeken."),
    ),
    Item("intakegesprek", _("Intakegesprek"), _("Alleen het signaal, niets van het gesprek zelf.")),
    Item("woningcontrole", _("Controle in een woning")),
    Item("adrescontrole", _("Controle op een adres")),
    Item("bedrijfscontrole", _("Controle bij een bedrijf")),
    Item("bedrijventerrein", _("Controle op een bedrijventerrein")),
    Item("parkeercontrole", _("Parkeercontrole")),
    Item("integrale_controle", _("Controle met meer diensten")),
    Item("horeca", _("Controle in de horeca")),
    Item("balie", _("Aan de balie")),
    Item("wijkteam_jongerenwerk", _("Wijkteam of jongerenwerk")),
    Item("derde_partij_melding", _("Melding van een ander")),
)

EXPLOITATION_FORMS = _items(
    Item("overig", _("Overig")),
    Item("seksueel_grensoverschrijdend", _("Seksuele uitbuiting, over de grens")),
    Item("seksueel_binnenlands", _("Seksuele uitbuiting, binnen Nederland")),
    Item("seksueel_onbekend", _("Seksuele uitbuiting, niet bekend waar")),
    Item("arbeid", _("Arbeidsuitbuiting")),
    Item("gedwongen_dienstverlening", _("Gedwongen diensten")),
    Item("crimineel", _("Criminele uitbuiting"), _("Iemand moet voor een ander strafbare dingen doen.")),
    Item("gedwongen_bedelarij", _("Gedwongen bedelen")),
    Item("orgaanverwijdering", _("Orgaanverwijdering")),
    Item("onbekend", _("Nog niet bekend")),
    Item("ernstige_benadeling", _("Ernstige benadeling"), active=False),
    Item("gedwongen_huwelijk", _("Gedwongen huwelijk"), active=False),
    Item("illegale_adoptie", _("Illegale adoptie"), active=False),
    Item("draagmoederschap", _("Draagmoederschap"), active=False),
)

ROLES = _items(
    Item("mogelijk_slachtoffer", _("Mogelijk slachtoffer")),
    Item(
        "mogelijk_facilitator",
        _("Mogelijk betrokken bij de uitbuiting"),
        _("Bijvoorbeeld wie vervoert, verhuurt of adverteert."),
    ),
    Item("betrokkene_derde", _("Iemand die erbij was")),
    Item(
        "beide_mogelijk",
        _("Mogelijk beide"),
        _("Wie is gedwongen, wordt soms ook ingezet. Dat maakt hem geen dader."),
    ),
    Item("onbekend", _("Niet bekend"), _("Weet u het niet zeker? Kies dan dit.")),
)
"""Role of one subject in one signal; never of a person."""

SOURCES = _items(
    Item("A", _("A: zelf gezien, of een bron die altijd klopt")),
    Item("B", _("B: een bron die meestal klopt")),
    Item("C", _("C: een bron die meestal niet klopt")),
    Item("X", _("X: de bron is niet te beoordelen")),
)
INFORMATION_GRADES = _items(
    Item("1", _("1: zeker, zonder twijfel")),
    Item("2", _("2: de bron weet het zelf")),
    Item("3", _("3: van horen zeggen, maar iets anders wijst ook die kant op")),
    Item("4", _("4: niet te beoordelen")),
)
DEFAULT_EVALUATION = ("X", 4)
"""Evaluation of an observation nobody graded: nothing is claimed about source or information."""

HANDLING = _items(
    Item("H1", _("H1: mag gebruikt worden binnen het convenant")),
    Item("H2", _("H2: eerst vragen aan wie het signaal gaf")),
    Item("H3", _("H3: alleen voor zorg")),
)
QUALITY_POINTS = _items(
    Item("feiten_geen_oordeel", _("Ik schrijf op wat ik zag of hoorde, niet wat ik ervan vind.")),
    Item("gegevens_nagekeken", _("Ik heb de gegevens nog eens nagekeken.")),
    Item("taak_en_doel", _("Ik zag dit tijdens mijn taak als toezichthouder.")),
)
"""The check that a submitter goes through (BGS 1.6)."""

FEEDBACK = _items(
    Item("ontvangen", _("Ontvangen")),
    Item("in_beoordeling", _("Wordt beoordeeld")),
    Item("opgepakt_TMM", _("Opgepakt door het Team Migratiecriminaliteit en Mensenhandel")),
    Item("opgepakt_NLA", _("Opgepakt door de Nederlandse Arbeidsinspectie")),
    Item("zorg_gestart", _("Zorg is gestart")),
    Item("geen_vervolg_onvoldoende", _("Geen vervolg: te weinig om op te pakken")),
    Item("geen_vervolg_capaciteit", _("Geen vervolg: geen mensen beschikbaar")),
    Item("geen_mensenhandel", _("Geen mensenhandel")),
    Item("gemeld_CoMensha", _("Gemeld bij CoMensha"), _("Met de naam van wie meldde achter de code.")),
    Item("afgesloten", _("Afgesloten")),
)
NEXT_STEPS = _items(
    Item("geen", _("Geen volgende stap")),
    Item("nieuwe_controle_zinvol", _("Een nieuwe controle is zinvol")),
)
STATUSES = _items(
    Item("actief", _("Actief")),
    Item("ingetrokken", _("Ingetrokken")),
    Item("gecorrigeerd", _("Gecorrigeerd")),
    Item("verlopen", _("Verlopen")),
    Item("overgedragen", _("Overgedragen")),
)

CORRECTIONS: Mapping[str, str] = {
    "verbeterd": _("Er stond iets in dat niet klopte"),
    "aangevuld": _("Er is iets bij gekomen dat we eerst niet wisten"),
    "op_verzoek_indiener": _("Wie het signaal invoerde, vroeg erom"),
    "op_verzoek_betrokkene": _("Iemand over wie het gaat, vroeg erom"),
}
"""Why a signal has a later version; codes only, because a reason stands in the log and must not hold a name."""

INDICATOR_GROUPS: Mapping[str, str] = {
    "algemeen": _("Algemeen"),
    "seksueel": _("Seksuele uitbuiting"),
    "arbeid": _("Arbeidsuitbuiting"),
    "crimineel": _("Criminele uitbuiting en bedelen"),
    "orgaan": _("Orgaanverwijdering"),
}

_CARRIES, _SUPPORTS = True, False
INDICATORS: Mapping[str, Indicator] = {
    one.code: one
    for one in (
        Indicator(
            "geen_beschikking_over_id",
            "algemeen",
            _CARRIES,
            _("Heeft het eigen identiteitsbewijs niet zelf"),
            _("Een ander bewaart het paspoort of de identiteitskaart."),
            "NLA+ACM",
        ),
        Indicator(
            "angst_of_toezicht_door_derde",
            "algemeen",
            _CARRIES,
            _("Is bang voor een ander of wordt in de gaten gehouden"),
            _("U ziet dat iemand steeds naar een ander kijkt, of pas antwoordt als die ander weg is."),
            "HCKM",
        ),
        Indicator(
            "derde_voert_het_woord",
            "algemeen",
            _SUPPORTS,
            _("Een ander doet het woord"),
            _("Een ander antwoordt, ook op vragen die niet voor hem zijn."),
            "HCKM",
        ),
        Indicator(
            "weet_eigen_adres_niet",
            "algemeen",
            _SUPPORTS,
            _("Weet het eigen adres niet"),
            _("Kan niet zeggen in welke straat of plaats hij slaapt."),
            "NLA",
        ),
        Indicator(
            "huisvesting_via_werkgever_of_exploitant",
            "algemeen",
            _SUPPORTS,
            _("Woont via de werkgever of exploitant"),
            _("Wie het werk geeft, regelt ook de slaapplek."),
            "NLA",
        ),
        Indicator(
            "hoge_schuld_aan_werkgever_of_derde",
            "algemeen",
            _CARRIES,
            _("Heeft een hoge schuld bij de werkgever of een ander"),
            _("Iemand vertelt of toont dat hij veel moet terugbetalen, zoals reis, kamer of bemiddeling."),
            "NLA+ACM",
        ),
        Indicator(
            "geen_beschikking_eigen_geld",
            "algemeen",
            _CARRIES,
            _("Kan niet bij het eigen geld"),
            _("Een ander krijgt het loon of heeft de bankpas."),
            "NLA+ACM",
        ),
        Indicator(
            "bewegingsvrijheid_beperkt",
            "algemeen",
            _CARRIES,
            _("Kan niet gaan en staan waar hij wil"),
            _("Deuren op slot, altijd begeleiding, of niet naar buiten mogen."),
            "ACM",
        ),
        Indicator(
            "valse_beloften_werving",
            "algemeen",
            _CARRIES,
            _("Is geworven met valse beloften"),
            _("Het werk, het loon of de plek is anders dan vooraf is beloofd."),
            "NLA",
        ),
        Indicator(
            "bedreiging_of_chantage_verklaard",
            "algemeen",
            _CARRIES,
            _("Vertelt over bedreiging of chantage"),
            _("Iemand zegt zelf dat hij wordt bedreigd of gechanteerd."),
            "NLA",
        ),
        Indicator(
            "dreiging_familie_herkomstland",
            "algemeen",
            _CARRIES,
            _("Vertelt over dreiging tegen familie"),
            _("Iemand zegt dat zijn familie iets kan overkomen."),
            "ACM",
        ),
        Indicator(
            "contact_buitenwereld_onthouden",
            "algemeen",
            _CARRIES,
            _("Mag geen contact met anderen hebben"),
            _("Geen eigen telefoon, of een ander beslist met wie iemand praat."),
            "ACM",
        ),
        Indicator(
            "derde_beheert_advertentie",
            "seksueel",
            _CARRIES,
            _("Een ander beheert de advertentie"),
            _("Een ander plaatst of wijzigt de advertentie, of beantwoordt de berichten."),
            "",
        ),
        Indicator(
            "zelfde_telefoon_meerdere_advertenties",
            "seksueel",
            _SUPPORTS,
            _("Hetzelfde telefoonnummer in meer advertenties"),
            _("Eén nummer staat bij verschillende namen."),
            "",
        ),
        Indicator(
            "onredelijke_afdracht",
            "seksueel",
            _CARRIES,
            _("Moet een onredelijk deel van het geld afstaan"),
            _("Iemand vertelt of toont hoeveel hij moet afdragen."),
            "ACM",
        ),
        Indicator(
            "overnachten_op_werkplek",
            "seksueel",
            _SUPPORTS,
            _("Slaapt op de werkplek"),
            _("Bed, tas en spullen staan waar ook gewerkt wordt."),
            "ACM",
        ),
        Indicator(
            "voortdurende_begeleiding",
            "seksueel",
            _CARRIES,
            _("Is nooit alleen"),
            _("Een ander is er altijd bij of in de buurt."),
            "",
        ),
        Indicator(
            "verplicht_minimumbedrag",
            "seksueel",
            _CARRIES,
            _("Moet elke dag een bepaald bedrag verdienen"),
            _("Iemand vertelt of toont dat er een minimum is."),
            "",
        ),
        Indicator(
            "wisselt_steeds_van_plaats",
            "seksueel",
            _SUPPORTS,
            _("Werkt steeds ergens anders"),
            _("Kort op één plek, daarna weer een andere plaats."),
            "Beke2647",
        ),
        Indicator(
            "gehaald_en_gebracht",
            "seksueel",
            _SUPPORTS,
            _("Wordt gehaald en gebracht"),
            _("Een ander rijdt en wacht."),
            "HCKM",
        ),
        Indicator(
            "onderbetaling_of_uitgesteld_loon",
            "arbeid",
            _CARRIES,
            _("Krijgt te weinig of geen loon"),
            _("Veel minder dan het minimumloon, of het loon komt later of niet."),
            "NLA",
        ),
        Indicator(
            "structureel_lange_dagen",
            "arbeid",
            _SUPPORTS,
            _("Werkt steeds heel lange dagen"),
            _("Week na week meer uren dan mag."),
            "NLA",
        ),
        Indicator(
            "slapen_in_bedrijfspand",
            "arbeid",
            _CARRIES,
            _("Slaapt in het bedrijfspand"),
            _("Matrassen, was of kookspullen in een pand dat niet om te wonen is."),
            "NLA+Beke2574",
        ),
        Indicator(
            "gevaarlijk_werk",
            "arbeid",
            _SUPPORTS,
            _("Doet gevaarlijk werk zonder bescherming"),
            _("Bijvoorbeeld zonder helm, handschoenen of uitleg."),
            "NLA",
        ),
        Indicator(
            "contract_ontbreekt_of_onleesbaar",
            "arbeid",
            _SUPPORTS,
            _("Heeft geen contract of kan het niet lezen"),
            _("Er is geen contract, of het is in een taal die hij niet leest."),
            "Beke1805",
        ),
        Indicator(
            "instructie_om_te_liegen",
            "arbeid",
            _CARRIES,
            _("Moet tegen controleurs iets onwaars zeggen"),
            _("Verschillende mensen geven woord voor woord hetzelfde antwoord, of zeggen dat dit moest."),
            "Beke1815",
        ),
        Indicator(
            "overbewoning",
            "arbeid",
            _SUPPORTS,
            _("Er wonen te veel mensen"),
            _("Meer slaapplekken dan mag."),
            "Beke413",
        ),
        Indicator(
            "a1_constructie_misbruik",
            "arbeid",
            _SUPPORTS,
            _("De papieren over uitzenden kloppen niet"),
            _("Een A1-verklaring of contract past niet bij het echte werk."),
            "Beke1186",
        ),
        Indicator(
            "meerdere_telefoons_altijd_bereikbaar",
            "crimineel",
            _SUPPORTS,
            _("Heeft meer telefoons en moet altijd bereikbaar zijn"),
            _("Twee of meer telefoons die steeds opgenomen moeten worden."),
            "Keerpunt+Beke411",
        ),
        Indicator(
            "rekening_of_abonnement_op_naam",
            "crimineel",
            _CARRIES,
            _("Een rekening of abonnement staat op naam voor een ander"),
            _("Een ander gebruikt de bankrekening, lening of telefoon."),
            "Beke205+1322",
        ),
        Indicator(
            "straatschuld",
            "crimineel",
            _CARRIES,
            _("Heeft een schuld op straat"),
            _("Iemand vertelt dat hij moet werken om een schuld af te lossen."),
            "Beke1979",
        ),
        Indicator(
            "inzet_door_ouder_of_familie",
            "crimineel",
            _CARRIES,
            _("Wordt ingezet door een ouder of familie"),
            _("Familie stuurt iemand eropuit of krijgt het geld."),
            "Beke1957",
        ),
        Indicator(
            "oudere_aansturende_contacten",
            "crimineel",
            _CARRIES,
            _("Oudere contacten zeggen wat iemand moet doen"),
            _("U ziet of hoort dat een ouder iemand opdrachten geeft."),
            "HCKM",
        ),
        Indicator(
            "ver_van_huis_aangetroffen",
            "crimineel",
            _SUPPORTS,
            _("Is ver van huis"),
            _("Op een plek waar hij niets te zoeken lijkt te hebben."),
            "Keerpunt",
        ),
        Indicator(
            "gedwongen_bedelen",
            "crimineel",
            _CARRIES,
            _("Moet bedelen voor een ander"),
            _("Een ander haalt het geld op of houdt toezicht."),
            "",
        ),
        Indicator(
            "reis_en_medische_kosten_door_derde",
            "orgaan",
            _SUPPORTS,
            _("Een ander betaalt reis en behandeling"),
            _("Alleen wie betaalt. Niets over de gezondheid."),
            "",
        ),
        Indicator(
            "vastgehouden_rond_medisch_onderzoek",
            "orgaan",
            _CARRIES,
            _("Mag niet weg rond een medisch onderzoek"),
            _("Iemand wordt vastgehouden of bewaakt. Niets over de gezondheid."),
            "Beke2031",
        ),
        Indicator(
            "werving_van_donoren",
            "orgaan",
            _CARRIES,
            _("Iemand zoekt mensen die een orgaan afstaan"),
            _("Bijvoorbeeld in een bericht of advertentie."),
            "Beke2095",
        ),
    )
}

_HEALTH = _("Dit zegt iets over gezondheid. Dat mag niet in het register (AVG 9).")
_ORIGIN = _("Afkomst of nationaliteit is geen aanwijzing voor mensenhandel (AVG 9, BGS 1.9).")
_LOOKS = _("Dit gaat over hoe iemand eruitziet. Dat zegt niets over dwang en leidt tot vooroordelen.")
REFUSED_INDICATORS: Mapping[str, str] = {
    "depressief": _HEALTH,
    "zelfverwonding": _HEALTH,
    "zwanger": _HEALTH,
    "zwangerschap": _HEALTH,
    "abortus": _HEALTH,
    "middelengebruik": _HEALTH,
    "lvb": _HEALTH,
    "tatoeages": _LOOKS,
    "kleding": _LOOKS,
    "uiterlijk": _LOOKS,
    "voodoo": _("Dit gaat over geloof of gebruik. Dat mag niet in het register (AVG 9)."),
    "nationaliteit": _ORIGIN,
    "etniciteit": _ORIGIN,
    "afkomst": _ORIGIN,
    "geaardheid": _("Dit gaat over iemands seksualiteit. Dat mag niet in het register (AVG 9)."),
}
"""Codes that will never be an aanwijzing, with the reason; they stay local or in a care file."""

WITHHELD_FORM = "overig"
WITHHELD_BASIS = "anders"
WITHHELD_ROLE = "onbekend"
_ONLINE_TYPES = frozenset({"advertentiecontrole_webcrawler", "online"})
_SEXUAL_TYPES = frozenset(
    {
        "prostitutiecontrole_vergund",
        "prostitutiecontrole_onvergund",
        "thuiswerk_hotel",
        "advertentiecontrole_webcrawler",
        "intakegesprek",
    }
)
_CRIMINAL_ROLES = frozenset({"mogelijk_facilitator", "beide_mogelijk"})


def is_sexual(form: str, basis: str, control_type: str) -> bool:
    """True if form, basis or control type makes the signal one of special category (G-SEKS, docs/data-model.md)."""
    return form.startswith("seksueel_") or basis == "apv_seksinrichting_151a" or control_type in _SEXUAL_TYPES


def needs(form: str, basis: str, control_type: str, roles: Iterable[str]) -> tuple[bool, bool]:
    """Which extra grounds a signal needs: (G-SEKS, G-STRAF)."""
    return is_sexual(form, basis, control_type), not _CRIMINAL_ROLES.isdisjoint(roles)


def carries(indicators: Iterable[str]) -> bool:
    """True if at least one known aanwijzing carries a signal on its own."""
    return any(code in INDICATORS and INDICATORS[code].draagt for code in indicators)


def withhold(full: Observation) -> tuple[Observation, Observation | None]:
    """What the register gets, and what stays sealed at the node until phase 2.

    Returns:
        (open, sealed): for a signal that is not sexual the whole and None; for a sexual one neutral codes and the whole.
    """
    if not is_sexual(full.form, full.basis, full.control_type):
        return full, None
    neutral = Observation(
        form=WITHHELD_FORM,
        basis=WITHHELD_BASIS,
        control_type="online" if full.control_type in _ONLINE_TYPES else "overig",
        indicators=(),
        roles=tuple((ref, WITHHELD_ROLE) for ref, _role in full.roles),
    )
    return neutral, full


def commitment(nonce: bytes, sealed: Observation) -> bytes:
    """The 32 bytes that bind a node to what it sealed: SHA-256 over label, nonce and canonical JSON (RFC 8785).

    Lists are sorted first, so that one observation has one commitment.

    Args:
        nonce: 32 random bytes; without them nobody can test a guess.
        sealed: the second result of `withhold`.

    Raises:
        ValueError: the nonce has another length.
    """
    if len(nonce) != NONCE_SIZE:
        raise ValueError("a nonce of 32 bytes hides what is sealed; another length does not")
    fields: dict[str, JSON] = {
        "uitbuitingsvorm": sealed.form,
        "waarnemingGrondslag": sealed.basis,
        "controlesoort": sealed.control_type,
        "aanwijzingen": sorted(set(sealed.indicators)),
        "subjecten": [{"ref": ref, "rol": role} for ref, role in sorted(sealed.roles)],
    }
    return sha256(_COMMITMENT_LABEL + nonce + canonical_json(fields)).digest()


def problems(observation: Observation) -> tuple[FieldError, ...]:
    """What stops a whole observation at the node, in the order of the form; empty when nothing does.

    A code that a user sent is never repeated: it may be anything.
    """
    return (
        *_unknown("controlesoort", observation.control_type, CONTROL_TYPES),
        *_unknown("waarnemingGrondslag", observation.basis, OBSERVATION_BASES),
        *_form_problems(observation.form),
        *_role_problems(observation.roles),
        *_indicator_problems(observation),
    )


def register_problems(open_part: Observation, *, sealed_carries: bool | None) -> tuple[FieldError, ...]:
    """What a node should never have sent to the register.

    Args:
        open_part: the fields as they arrived.
        sealed_carries: the node's word that a sealed aanwijzing carries the signal, or None when nothing is sealed.
    """
    if sealed_carries is None:
        return (*problems(open_part), *_unsealed_problems(open_part))
    neutral = Observation(
        WITHHELD_FORM,
        WITHHELD_BASIS,
        open_part.control_type if open_part.control_type == "online" else "overig",
        (),
        tuple((ref, WITHHELD_ROLE) for ref, _role in open_part.roles),
    )
    found = []
    if open_part != neutral:
        found.append(
            FieldError(
                "verzegeld",
                _("Bij een verzegeld signaal blijven soort, vorm, aanwijzingen en rollen bij de gemeente."),
            )
        )
    if not sealed_carries:
        found.append(_nothing_carries())
    return tuple(found)


def sealed_problems(opened: Observation) -> tuple[FieldError, ...]:
    """What is wrong with sealed fields that their owner releases: they must be what could have been submitted, and sexual."""
    if not is_sexual(opened.form, opened.basis, opened.control_type):
        return (FieldError("ontzegeld", _("Dit had niet verzegeld hoeven zijn: dien het signaal open in.")),)
    return problems(opened)


def _unknown(field: str, code: str, items: Mapping[str, Item]) -> tuple[FieldError, ...]:
    if code in items and items[code].active:
        return ()
    known = ", ".join(item.code for item in items.values() if item.active)
    return (FieldError(field, _("Deze code kennen we niet. Kies uit: {codes}.").format(codes=known)),)


def _form_problems(form: str) -> tuple[FieldError, ...]:
    if form in EXPLOITATION_FORMS and not EXPLOITATION_FORMS[form].active:
        return (
            FieldError(
                "uitbuitingsvorm",
                _(
                    "Deze vorm staat nog niet in de wet en is nog niet te kiezen. Kies een andere vorm of 'onbekend'."
                ),
            ),
        )
    return _unknown("uitbuitingsvorm", form, EXPLOITATION_FORMS)


def _role_problems(roles: tuple[tuple[str, str], ...]) -> tuple[FieldError, ...]:
    found = [
        error
        for position, (_ref, role) in enumerate(roles)
        for error in _unknown(f"subjecten.{position}.rol", role, ROLES)
    ]
    if not roles:
        found.append(FieldError("subjecten", _("Een signaal gaat over minstens één persoon of organisatie.")))
    return tuple(found)


def _indicator_problems(observation: Observation) -> tuple[FieldError, ...]:
    codes = observation.indicators
    found = [
        FieldError(
            "aanwijzingen",
            _("Een aanwijzing is geweigerd. {reden} Haal haar weg.").format(reden=REFUSED_INDICATORS[code]),
        )
        for code in codes
        if code in REFUSED_INDICATORS
    ]
    if any(code not in INDICATORS and code not in REFUSED_INDICATORS for code in codes):
        found.append(
            FieldError(
                "aanwijzingen",
                _("Een van de aanwijzingen kennen we niet. Kies uit de lijst op het formulier."),
            )
        )
    if not carries(codes):
        found.append(_nothing_carries())
    if _betrays_sexual(observation):
        found.append(
            FieldError(
                "uitbuitingsvorm",
                _(
                    "U koos een aanwijzing voor seksuele uitbuiting. Kies dan ook een vorm van seksuele uitbuiting, "
                    "zodat die aanwijzing verzegeld blijft. Weet u de vorm niet? Kies 'Seksuele uitbuiting, niet bekend waar'."
                ),
            )
        )
    return tuple(found)


def _betrays_sexual(observation: Observation) -> bool:
    """True if an aanwijzing would tell the register what form, basis and control type do not say."""
    return not is_sexual(observation.form, observation.basis, observation.control_type) and any(
        code in INDICATORS and INDICATORS[code].group == "seksueel" for code in observation.indicators
    )


def _unsealed_problems(open_part: Observation) -> tuple[FieldError, ...]:
    if not is_sexual(open_part.form, open_part.basis, open_part.control_type):
        return ()
    return (
        FieldError(
            "verzegeld",
            _("Een signaal over seksuele uitbuiting blijft verzegeld bij de gemeente tot fase 2."),
        ),
    )


def _nothing_carries() -> FieldError:
    return FieldError(
        "aanwijzingen",
        _(
            "Er is geen aanwijzing die een signaal draagt. Kies wat u zag of hoorde en wat op dwang of misbruik wijst. "
            "Zag u niets van dien aard, dan is dit geen signaal. Nationaliteit, een kenteken of sekswerk zelf is geen aanwijzing."
        ),
    )
