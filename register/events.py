# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The catalogue of what the register writes in its log: each event, each audience, and the fields that audience may read.

An audience is an organisation in its part of one request: `vrager` (asked or acted), `melder` (owns a signal that was disclosed or acted on), or
`betrokkene`: the register's administrator changed its records, or a job of the register did something to what is its, such as destroying it. Of a
job `beheerder`, the register's own organisation, reads counts and never an id; nobody acted, so no officer is named.
An FG reads the payloads of the own organisation: its people's questions whole, and of others' questions only what was disclosed of its own
signals: when, for which purpose, on which ground, which fields (condition C20). No field can hold an identity attribute or a pseudonym;
`kenmerken` are keyed digests that only the organisation's own quarter key makes (destroyed after 13 months).
Every event is of one `Handling`: the six kinds of processing that a log of processing must tell apart (Directive (EU) 2016/680 article 25, in the words of
AVG article 4(2)), and five that make those accountable: who was refused, who came in, and what was done to policy, keys and the administration. `HANDLINGS`
says which.
The catalogue in docs/spec/events.md is tested against this file.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from audit.entry import Catalogue, EventType

ASKER = "vrager"
OWNER = "melder"
SUBJECT = "betrokkene"
KEEPER = "beheerder"

REGISTER = "REGISTER"
"""The organisation that runs the register, in the log and on record."""

_WHO = frozenset({"moment", "medewerker", "rol", "doel", "zaaknummer", "reden", "grondslag", "spoor"})
_DESTROYED = frozenset(
    {"moment", "signalen_geteld", "versies_geteld", "treffers_geteld", "categorieen", "redenen"}
)
_DECISION = frozenset({"beleid", "regels"})
_DISCLOSED = frozenset(
    {"moment", "organisatie", "rol", "doel", "grondslag", "signalen", "velden", "beleid", "spoor"}
)
_CHANGED = frozenset({"moment", "betreft", "wijziging", "besluitstuk", "besloten_door", "spoor"})
_CONSENT = frozenset({"moment", "medewerker", "rol", "doel", "deur", "beleid", "voorstel", "spoor"})
_RECORDED = _CHANGED | {"medewerker", "rol"}
_ZEGEL = frozenset(
    {"vrijgave", "signaal", "ontvanger", "tweede", "velden", "gronden", "sleutel", "vervalt_op"}
)


_STEP: Final = {
    ASKER: _WHO | _DECISION | {"treffer", "stap", "codes", "herhaald", "velden"},
    OWNER: _DISCLOSED | {"stap"},
}


_IN_PERSON: Final = ("doel", "deur", "regels", "beleid")
_WITH_TWO: Final = (*_IN_PERSON, "vastlegging")
"""What an entry says beside a change itself where people did it on a page: by which decision, by which door, and about which proposal."""


def _change(name: str, *fields: str) -> EventType:
    return EventType(name, {ASKER: _RECORDED | set(fields), SUBJECT: _CHANGED | set(fields)})


EVENTS = (
    EventType(
        "signaal_ingediend",
        {
            ASKER: _WHO
            | _DECISION
            | {
                "signaal",
                "versie",
                "categorie",
                "verloopt_op",
                "families",
                "verzegeld",
                "herhaald",
                "bijzondere_grondslag",
                "strafrechtelijke_grondslag",
                "correctie",
            }
        },
    ),
    EventType(
        "bevraging",
        {
            ASKER: _WHO
            | _DECISION
            | {
                "families",
                "kenmerken",
                "uitkomst",
                "velden",
                "soorten",
                "signalen_geteld",
                "herhaald",
                "vlaggen",
                "antwoord_van",
            },
            OWNER: _DISCLOSED,
        },
    ),
    EventType(
        "inzage_bevragingen",
        {
            ASKER: _WHO
            | _DECISION
            | {"families", "vanaf", "bevragingen_geteld", "bladen", "achtergehouden", "beperking"},
            OWNER: (_DISCLOSED - {"signalen"}) | {"bladen", "achtergehouden", "beperking"},
        },
    ),
    EventType("controle_afgerond", {ASKER: _WHO | {"afloop", "herhaald"}}),
    EventType("treffers_geraadpleegd", {ASKER: _WHO | _DECISION | {"treffers", "velden"}, OWNER: _DISCLOSED}),
    EventType(
        "dossier_geraadpleegd",
        {ASKER: _WHO | _DECISION | {"treffer", "velden", "signalen_geteld"}, OWNER: _DISCLOSED},
    ),
    EventType("dossiers_geraadpleegd", {ASKER: _WHO | _DECISION | {"treffers", "velden"}, OWNER: _DISCLOSED}),
    EventType(
        "fase_2_gevraagd",
        {
            ASKER: _WHO | _DECISION | {"besluit", "treffer", "criteria", "beoordeling", "velden"},
            OWNER: _DISCLOSED | {"besluit"},
        },
    ),
    EventType(
        "fase_2_vrijgegeven",
        {
            ASKER: _WHO | _DECISION | {"besluit", "signaal", "ontzegeld", "herhaald"},
            OWNER: _DISCLOSED | {"besluit"},
        },
    ),
    EventType("treffer_geopend", {ASKER: _WHO | _DECISION | {"treffer", "velden"}, OWNER: _DISCLOSED}),
    EventType("treffer_stap", _STEP),
    EventType("cijfers_geraadpleegd", {ASKER: _WHO | _DECISION | {"van_dag", "tot_dag"}}),
    EventType(
        "overdracht_gestart",
        {
            ASKER: _WHO
            | _DECISION
            | {"overdracht", "bestemd_voor", "treffer", "signalen_geteld", "herhaald"},
            OWNER: _DISCLOSED | {"overdracht", "bestemd_voor"},
        },
    ),
    EventType(
        "overdracht_geopend", {ASKER: _WHO | _DECISION | {"overdrachten", "velden"}, OWNER: _DISCLOSED}
    ),
    EventType(
        "overdracht_beantwoord",
        {
            ASKER: _WHO | _DECISION | {"overdracht", "codes", "herhaald"},
            OWNER: _DISCLOSED | {"overdracht", "codes"},
        },
    ),
    EventType("terugkoppelingen_geraadpleegd", {ASKER: _WHO | _DECISION | {"signalen_geteld", "velden"}}),
    EventType("contact_vrijgegeven", _STEP),
    EventType(
        "noodopening",
        {
            ASKER: _WHO | _DECISION | {"noodopening", "gevaar", "treffer", "velden", "organisaties_geteld"},
            OWNER: _DISCLOSED | {"noodopening", "gevaar"},
        },
    ),
    EventType(
        "attendering_nagegaan",
        {
            KEEPER: frozenset({"moment", "berichten_geteld", "spoor"}),
            SUBJECT: frozenset(
                {"moment", "rollen", "berichten", "signalen", "treffers", "attenderingen", "beleid", "spoor"}
            ),
            OWNER: _DISCLOSED,
        },
    ),
    EventType(
        "attendering_gezet",
        {
            ASKER: _WHO
            | _DECISION
            | {"attendering", "signaal", "treffer", "waarom_gevolgd", "dagen", "herhaald"}
        },
    ),
    EventType("attendering_beeindigd", {ASKER: _WHO | _DECISION | {"attendering"}}),
    EventType("attenderingen_geraadpleegd", {ASKER: _WHO | _DECISION | {"attenderingen_geteld"}}),
    EventType("berichten_geraadpleegd", {ASKER: _WHO | {"berichten_geteld"}}),
    EventType("bericht_gelezen", {ASKER: _WHO | {"berichten"}}),
    EventType("signaal_bevestigd", {ASKER: _WHO | _DECISION | {"signaal", "geldig_tot"}}),
    EventType("hervalidatie_gevraagd", {SUBJECT: frozenset({"moment", "signalen"})}),
    EventType("noodopening_nagekeken", {ASKER: _WHO | _DECISION | {"noodopening", "oordeel"}}),
    EventType("noodopeningen_geraadpleegd", {ASKER: _WHO | _DECISION | {"noodopeningen_geteld"}}),
    EventType(
        "bevriezing_gevraagd",
        {
            ASKER: _WHO
            | _DECISION
            | {"bevriezing", "bevroren_medewerker", "van_dag", "tot_dag", "bevroren_om"}
        },
    ),
    EventType("bevriezing_bevestigd", {ASKER: _WHO | _DECISION | {"bevriezing"}}),
    EventType(
        "bevriezing_opgeheven", {ASKER: _WHO | _DECISION | {"bevriezing", "besluitstuk", "besloten_door"}}
    ),
    EventType("bevriezingen_geraadpleegd", {ASKER: _WHO | _DECISION | {"bevriezingen_geteld"}}),
    EventType("datalek_opgesteld", {ASKER: _WHO | _DECISION | {"datalek", "melden_voor", "regels_geteld"}}),
    EventType("datalek_geraadpleegd", {ASKER: _WHO | _DECISION | {"datalek"}}),
    EventType("datalekken_geraadpleegd", {ASKER: _WHO | _DECISION | {"datalekken_geteld"}}),
    EventType("datalek_afgehandeld", {ASKER: _WHO | _DECISION | {"datalek", "afhandeling"}}),
    EventType("signaal_ingetrokken", {ASKER: _WHO | _DECISION | {"signaal"}}),
    EventType("logboek_geraadpleegd", {ASKER: _WHO | _DECISION | {"van", "tot", "regels_geteld"}}),
    EventType("grondslagen_geraadpleegd", {ASKER: _WHO}),
    EventType("beheer_geraadpleegd", {ASKER: _WHO | _DECISION | {"onderdeel"}}),
    EventType(
        "postvak_gevuld",
        {
            SUBJECT: frozenset(
                {
                    "moment",
                    "periode",
                    "omvang",
                    "wortel",
                    "vragen_geteld",
                    "posten_geteld",
                    "redenen",
                    "grenzen",
                }
            )
        },
    ),
    EventType("postvak_bekeken", {ASKER: _WHO | _DECISION | {"posten_geteld"}}),
    EventType("post_geopend", {ASKER: _WHO | _DECISION | {"post", "blad"}}),
    EventType("post_beoordeeld", {ASKER: _WHO | _DECISION | {"post", "blad", "oordeel", "waarom"}}),
    EventType(
        "steekproef_getrokken",
        {ASKER: _WHO | _DECISION | {"periode", "omvang", "wortel", "worp", "vragen_geteld", "bladen"}},
    ),
    EventType("maand_bekeken", {ASKER: _WHO | _DECISION | {"periode", "omvang", "regels_geteld"}}),
    EventType(
        "maand_afgetekend",
        {ASKER: _WHO | _DECISION | {"periode", "omvang", "wortel", "omvang_hiervoor", "telling"}},
    ),
    EventType("verslag_gemaakt", {ASKER: _WHO | _DECISION | {"periode", "omvang"}}),
    EventType("verstrekkingen_bekeken", {ASKER: _WHO | _DECISION | {"periode", "regels_geteld"}}),
    EventType("grenzen_bekeken", {ASKER: _WHO | _DECISION}),
    EventType("grens_gewijzigd", {ASKER: _WHO | _DECISION | {"grens", "hoogte", "hoogte_hiervoor"}}),
    EventType("beslispunt_bevraagd", {ASKER: _WHO | _DECISION | {"vragen"}}),
    EventType(
        "vernietigd",
        {SUBJECT: _DESTROYED | {"signalen", "versies", "treffers"}, KEEPER: _DESTROYED},
    ),
    EventType("sleutel_vernietigd", {SUBJECT: frozenset({"moment", "kwartalen"})}),
    EventType(
        "treffers_geteld",
        {SUBJECT: frozenset({"moment", "rol", "doel", "grondslag", "beleid", "treffers_geteld"})},
    ),
    EventType(
        "afgestemd",
        {
            SUBJECT: frozenset({"moment", "dag", "sleutelhouder", "verschillen", "vlaggen"}),
            KEEPER: frozenset(
                {
                    "moment",
                    "dag",
                    "sleutelhouder",
                    "verschillen_geteld",
                    "organisaties_geteld",
                    "onbekende_organisaties",
                    "nummers_dubbel",
                }
            ),
        },
    ),
    EventType("niet_afgestemd", {KEEPER: frozenset({"moment", "dag", "sleutelhouder", "waarom"})}),
    EventType(
        "quotum_sleutelhouder_bereikt",
        {
            SUBJECT: frozenset(
                {
                    "moment",
                    "dag",
                    "sleutelhouder",
                    "medewerker",
                    "handeling",
                    "venster",
                    "keren",
                    "andere_houders",
                }
            )
        },
    ),
    EventType("aangemeld", {ASKER: frozenset({"moment", "medewerker", "rol", "spoor", "middelen"})}),
    EventType("afgemeld", {ASKER: frozenset({"moment", "medewerker", "rol", "spoor"})}),
    EventType(
        "aanmelding_gewijzigd",
        {
            ASKER: frozenset({"moment", "medewerker", "rol", "spoor", "aanmelding", "collega"}),
            SUBJECT: frozenset({"moment", "collega", "collegas", "rol", "aanmelding"}),
        },
    ),
    _change("organisatie_toegevoegd", "geldig_van", "mandaten", "grondslagen", "certificaat"),
    _change("organisatie_beeindigd", "geldig_tot"),
    _change("organisatie_samengevoegd", "geldig_tot", "opvolger"),
    _change("certificaat_vernieuwd", "certificaat"),
    _change(
        "mandaat_vastgelegd",
        "mandaten",
        "geldig_van",
        "geldig_tot",
        "opgeleid",
        "gescreend",
        *_WITH_TWO,
    ),
    _change("mandaat_beeindigd", "mandaten", "geldig_tot", *_IN_PERSON),
    _change("grondslag_vastgelegd", "grondslagen", *_WITH_TWO),
    _change("grondslag_beeindigd", "grondslagen", "geldig_tot", *_WITH_TWO),
    _change("vastlegging_voorgesteld", "soort_vastlegging", "mandaten", "grondslagen", *_WITH_TWO),
    _change("vastlegging_geadviseerd", "bezwaar", "toelichting", *_WITH_TWO),
    _change("vastlegging_beantwoord", "toelichting", *_WITH_TWO),
    _change("vastlegging_goedgekeurd", *_WITH_TWO),
    _change("vastlegging_ingetrokken", "toelichting", *_WITH_TWO),
    EventType("beleid_voorgesteld", {ASKER: _RECORDED | {"beleid", "voorstel", "kenmerk_verschil"}}),
    EventType(
        "beleid_geadviseerd",
        {
            ASKER: _CONSENT | {"bezwaar", "toelichting"},
            KEEPER: _CONSENT | {"bezwaar", "organisatie", "toelichting"},
        },
    ),
    _change("bezwaar_beantwoord", "beleid", "voorstel"),
    EventType(
        "beleid_goedgekeurd",
        {ASKER: _CONSENT | {"kenmerk_verschil"}, KEEPER: _CONSENT | {"kenmerk_verschil", "organisatie"}},
    ),
    EventType(
        "terugdraaien_goedgekeurd",
        {ASKER: _CONSENT | {"beleid_hiervoor"}, KEEPER: _CONSENT | {"beleid_hiervoor", "organisatie"}},
    ),
    _change("beleid_vastgesteld", "beleid", "beleid_hiervoor", "voorstel", "in_werking", "mandaten"),
    _change("beleid_teruggedraaid", "beleid", "beleid_hiervoor", "voorstel", "in_werking", "mandaten"),
    EventType(
        "besluiten_herhaald",
        {
            ASKER: frozenset(
                {"moment", "medewerker", "rol", "beleid", "besluiten_geteld", "verschillen_geteld", "spoor"}
            )
        },
    ),
    _change("verband_vastgelegd", "verbanden", "partijen"),
    _change("verband_beeindigd", "verbanden", "partijen", "geldig_tot"),
    _change("partij_toegetreden", "verbanden", "partijen", "geldig_van"),
    _change("partij_uitgetreden", "verbanden", "partijen", "geldig_tot"),
    _change("poort_geopend", "poorten", "fg_advies"),
    _change("poort_gesloten", "poorten", "fg_advies"),
    _change("criteria_vastgesteld", "criteria", "fg_advies"),
    EventType("rotatie_begonnen", {ASKER: _RECORDED | {"van_epoch", "naar_epoch", "vingerafdruk"}}),
    EventType("sleutels_gewisseld", {ASKER: _RECORDED | {"naar_epoch", "vingerafdruk"}}),
    EventType("rotatie_afgerond", {ASKER: _RECORDED}),
    EventType("rotatie_afgebroken", {ASKER: _RECORDED}),
    EventType("geweigerd", {ASKER: _WHO | {"bron", "code", "regel", "velden"}}),
    EventType(
        "netwerk_geraadpleegd",
        {ASKER: _WHO | _DECISION | {"treffer", "onderdeel", "velden", "signalen_geteld"}, OWNER: _DISCLOSED},
    ),
    EventType(
        "verklaring_vastgelegd",
        {
            ASKER: _WHO | _DECISION | {"treffer", "soort", "verklaringen", "grond", "velden"},
            OWNER: _DISCLOSED | {"soort"},
        },
    ),
    EventType(
        "uitsluiting_vastgelegd",
        {
            ASKER: _WHO | _DECISION | {"treffer", "uitsluiting", "soort", "hercontrole", "velden"},
            OWNER: _DISCLOSED,
        },
    ),
    EventType("uitsluiting_beeindigd", {ASKER: _WHO | _DECISION | {"uitsluiting"}}),
    EventType("uitsluitingen_geraadpleegd", {ASKER: _WHO | _DECISION | {"uitsluitingen_geteld"}}),
    EventType(
        "verklaring_ingetrokken",
        {
            ASKER: _WHO | _DECISION | {"treffer", "soort", "verklaringen", "grond", "velden"},
            OWNER: _DISCLOSED | {"soort"},
        },
    ),
    _change("ontvangstsleutel_ingeschreven", "versie", "sleutel", "vingerafdruk", "geldig_tot"),
    EventType("ontvangstsleutels_geraadpleegd", {ASKER: _WHO | {"sleutels"}}),
    EventType(
        "verhaal_vrijgegeven",
        {ASKER: _WHO | _DECISION | _ZEGEL, OWNER: _DISCLOSED | {"vrijgave", "sleutel"}},
    ),
    EventType(
        "verhaal_opgehaald",
        {ASKER: _WHO | _DECISION | {"vrijgave", "signaal", "velden"}, OWNER: _DISCLOSED | {"vrijgave"}},
    ),
    EventType(
        "verhaal_teruggehaald",
        {ASKER: _WHO | _DECISION | {"vrijgave", "signaal"}, OWNER: _DISCLOSED | {"vrijgave"}},
    ),
    EventType("zegels_geraadpleegd", {ASKER: _WHO | _DECISION | {"vrijgaven"}}),
)

CATALOGUE = Catalogue(EVENTS)


class Handling(Enum):
    """The kind of processing that an event tells of."""

    COLLECT = "verzamelen"
    CHANGE = "wijzigen"
    CONSULT = "raadplegen"
    PROVIDE = "verstrekken"
    COMBINE = "combineren"
    DESTROY = "vernietigen"
    REFUSE = "weigeren"
    SIGN_IN = "aanmelden"
    POLICY = "beleid"
    KEY = "sleutel"
    ADMIN = "beheer"


HANDLINGS: Final[Mapping[Handling, tuple[str, ...]]] = {
    Handling.COLLECT: ("signaal_ingediend",),
    # A withdrawn signal is closed to everybody at once; what destroys it is a job, with an entry of its own.
    Handling.CHANGE: ("signaal_ingetrokken", "signaal_bevestigd", "treffer_stap"),
    Handling.CONSULT: (
        "bevraging",
        "treffers_geraadpleegd",
        "treffer_geopend",
        "treffers_geteld",
        "terugkoppelingen_geraadpleegd",
        "cijfers_geraadpleegd",
        "fase_2_gevraagd",
        "noodopeningen_geraadpleegd",
        "bevriezingen_geraadpleegd",
        "datalek_geraadpleegd",
        "datalekken_geraadpleegd",
        "logboek_geraadpleegd",
        "grondslagen_geraadpleegd",
        "beheer_geraadpleegd",
        "beslispunt_bevraagd",
        "postvak_gevuld",
        "postvak_bekeken",
        "post_geopend",
        "steekproef_getrokken",
        "maand_bekeken",
        "verslag_gemaakt",
        "verstrekkingen_bekeken",
        "grenzen_bekeken",
        "ontvangstsleutels_geraadpleegd",
        "zegels_geraadpleegd",
        "attenderingen_geraadpleegd",
        "berichten_geraadpleegd",
        "hervalidatie_gevraagd",
        "uitsluitingen_geraadpleegd",
    ),
    Handling.PROVIDE: (
        "fase_2_vrijgegeven",
        "contact_vrijgegeven",
        "overdracht_gestart",
        "overdracht_beantwoord",
        "noodopening",
        "inzage_bevragingen",
        "verhaal_vrijgegeven",
        "verhaal_opgehaald",
        "verhaal_teruggehaald",
        "attendering_nagegaan",
    ),
    # A track sets signals of several organisations side by side.
    Handling.COMBINE: (
        "dossier_geraadpleegd",
        "dossiers_geraadpleegd",
        "netwerk_geraadpleegd",
        "verklaring_vastgelegd",
        "verklaring_ingetrokken",
        "uitsluiting_vastgelegd",
        "overdracht_geopend",
    ),
    Handling.DESTROY: ("vernietigd",),
    Handling.REFUSE: ("geweigerd", "quotum_sleutelhouder_bereikt"),
    Handling.SIGN_IN: ("aangemeld", "afgemeld", "aanmelding_gewijzigd"),
    Handling.POLICY: (
        "poort_geopend",
        "poort_gesloten",
        "criteria_vastgesteld",
        "beleid_voorgesteld",
        "beleid_geadviseerd",
        "bezwaar_beantwoord",
        "beleid_goedgekeurd",
        "beleid_vastgesteld",
        "terugdraaien_goedgekeurd",
        "beleid_teruggedraaid",
        "besluiten_herhaald",
    ),
    Handling.KEY: (
        "sleutel_vernietigd",
        "rotatie_begonnen",
        "sleutels_gewisseld",
        "rotatie_afgerond",
        "rotatie_afgebroken",
        "ontvangstsleutel_ingeschreven",
    ),
    Handling.ADMIN: (
        "organisatie_toegevoegd",
        "organisatie_beeindigd",
        "organisatie_samengevoegd",
        "certificaat_vernieuwd",
        "mandaat_vastgelegd",
        "mandaat_beeindigd",
        "grondslag_vastgelegd",
        "grondslag_beeindigd",
        "vastlegging_voorgesteld",
        "vastlegging_geadviseerd",
        "vastlegging_beantwoord",
        "vastlegging_goedgekeurd",
        "vastlegging_ingetrokken",
        "verband_vastgelegd",
        "verband_beeindigd",
        "partij_toegetreden",
        "partij_uitgetreden",
        "noodopening_nagekeken",
        "controle_afgerond",
        "bevriezing_gevraagd",
        "bevriezing_bevestigd",
        "bevriezing_opgeheven",
        "datalek_opgesteld",
        "datalek_afgehandeld",
        "post_beoordeeld",
        "maand_afgetekend",
        "grens_gewijzigd",
        "attendering_gezet",
        "attendering_beeindigd",
        "bericht_gelezen",
        "uitsluiting_beeindigd",
        "afgestemd",
        "niet_afgestemd",
    ),
}


def handling_of(event: str) -> Handling:
    """The handling of an event of the catalogue.

    Raises:
        KeyError: no such event.
    """
    return _HANDLING[event]


_HANDLING: Final = {event: handling for handling, events in HANDLINGS.items() for event in events}
