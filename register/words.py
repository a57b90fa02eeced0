# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Codes of the interface as people read them, on a page or a terminal. Words only; what may be shown was decided before."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from policies.explain import field_label, purpose_label, role_label
from process.language import capital, together
from process.language import gettext as _
from pseudonymisation.pseudonym import kinds_for_people
from register.casework import ASSESSMENTS, DISPOSITIONS, FIRST_ACTIONS, MUTING, NO_ACTION, NOT_SAME, STEPS
from register.casework import REASONS as TAKE_UP_REASONS
from register.dangers import DANGERS, VERDICTS
from register.enquiry import month as month_of
from register.events import Handling, handling_of
from register.exclusions import kinds as exclusion_kinds
from register.network import Bond, Edge, EdgeKind, Evidence, Group, Kind, Marks, Node
from register.notices import FOLLOWING, notice_name
from register.outcomes import MARKS, OUTCOMES
from register.reviewing import EVERYTHING, REASONS, SAMPLED, THRESHOLDS
from register.safeguards import FREEZE_REASONS, SETTLED
from register.second_factor import HAPPENINGS, METHODS
from register.signals import (
    CORRECTIONS,
    EXPLOITATION_FORMS,
    FEEDBACK,
    INDICATORS,
    INFORMATION_GRADES,
    NEXT_STEPS,
    ROLES,
    SOURCES,
)

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def purpose_of(role: str) -> str:
    """The purpose in which a role works at these pages."""
    return {
        "fg": "toezicht_avg",
        "functioneel_beheerder": "beheer",
        "ketenregisseur": "signalering",
        "zorgcoordinator": "hulpverlening",
    }.get(role, "opsporing_handoff")


def role_name(role: str) -> str:
    """A role as people say it."""
    return role_label(role) or role


def handling_name(event: str) -> str:
    """What kind of processing an event of the log tells of, in a few words; the code of one that this software does not know."""
    try:
        handling = handling_of(event)
    except KeyError:
        return event
    return {
        Handling.COLLECT: _("Gegevens verzameld"),
        Handling.CHANGE: _("Gegevens gewijzigd"),
        Handling.CONSULT: _("Gegevens geraadpleegd"),
        Handling.PROVIDE: _("Gegevens verstrekt"),
        Handling.COMBINE: _("Gegevens gecombineerd"),
        Handling.DESTROY: _("Gegevens vernietigd"),
        Handling.REFUSE: _("Geweigerd"),
        Handling.SIGN_IN: _("Aan- of afgemeld"),
        Handling.POLICY: _("Beleid"),
        Handling.KEY: _("Sleutelbeheer"),
        Handling.ADMIN: _("Beheer van het register"),
    }[handling]


def event_name(event: str, audience: str) -> str:
    """A log entry in a few words, from the side of the organisation that reads it."""
    if audience == "melder":
        return {
            "attendering_nagegaan": _("Aan anderen verteld dat iets overeenkomt met een signaal van u"),
            "bevraging": _("Treffer op een signaal van u"),
            "treffers_geraadpleegd": _("Treffer met uw signaal bekeken"),
            "treffer_geopend": _("Treffer met uw signaal geopend"),
            "treffer_stap": _("Stap gezet in een treffer van u"),
            "contact_vrijgegeven": _("Contact aan u vrijgegeven"),
            "overdracht_gestart": _("Treffer met uw signaal overgedragen, of aan u"),
            "overdracht_geopend": _("Overdracht met uw signaal geopend"),
            "overdracht_beantwoord": _("Teruggekoppeld over een treffer van u"),
            "dossier_geraadpleegd": _("Dossier met uw signaal bekeken"),
            "dossiers_geraadpleegd": _("Lijst met uw signaal bekeken"),
            "netwerk_geraadpleegd": _("Netwerk met uw signaal bekeken"),
            "verklaring_vastgelegd": _("Verklaring over uw signaal vastgelegd"),
            "verklaring_ingetrokken": _("Verklaring over uw signaal ingetrokken"),
            "uitsluiting_vastgelegd": _("Een kenmerk in uw signaal op de uitsluitlijst gezet"),
            "fase_2_gevraagd": _("Fase 2 gevraagd voor uw signaal"),
            "fase_2_vrijgegeven": _("Signaal vrijgegeven aan u"),
            "noodopening": _("Noodopening bij een signaal van u"),
            "inzage_bevragingen": _("Inzage gegeven in vragen van u"),
            "verhaal_vrijgegeven": _("Verhaal verzegeld vrijgegeven aan u"),
            "verhaal_opgehaald": _("Verhaal van uw signaal opgehaald door de ontvanger"),
            "verhaal_teruggehaald": _("Verhaal dat voor u klaarstond teruggehaald"),
        }.get(event, event)
    if audience == "betrokkene":
        return {
            "organisatie_toegevoegd": _("Uw organisatie ingeschreven"),
            "organisatie_beeindigd": _("Deelname van uw organisatie beëindigd"),
            "organisatie_samengevoegd": _("Uw organisatie samengevoegd"),
            "certificaat_vernieuwd": _("Certificaat van uw organisatie vernieuwd"),
            "aanmelding_gewijzigd": _(
                "Aan een account van uw organisatie bij het register is iets veranderd"
            ),
            "mandaat_vastgelegd": _("Mandaat van uw organisatie vastgelegd"),
            "mandaat_beeindigd": _("Mandaat van uw organisatie beëindigd"),
            "grondslag_vastgelegd": _("Grondslag van uw organisatie vastgelegd"),
            "grondslag_beeindigd": _("Grondslag van uw organisatie beëindigd"),
            "vastlegging_voorgesteld": _("Mandaat of grondslag van uw organisatie voorgesteld"),
            "vastlegging_geadviseerd": _("Advies over een grondslag van uw organisatie"),
            "vastlegging_beantwoord": _("Bezwaar tegen een grondslag van uw organisatie beantwoord"),
            "vastlegging_goedgekeurd": _("Grondslag van uw organisatie goedgekeurd door een partij"),
            "vastlegging_ingetrokken": _("Voorstel over een grondslag van uw organisatie ingetrokken"),
            "bezwaar_beantwoord": _("Bezwaar van uw FG tegen beleid beantwoord"),
            "beleid_vastgesteld": _("Ander beleid vastgesteld"),
            "terugdraaien_goedgekeurd": _("Akkoord met teruggaan naar het beleid van ervoor"),
            "beleid_teruggedraaid": _("Beleid teruggedraaid"),
            "verband_vastgelegd": _("Samenwerkingsverband of convenant van uw organisatie vastgelegd"),
            "verband_beeindigd": _("Samenwerkingsverband of convenant van uw organisatie beëindigd"),
            "partij_toegetreden": _("Partij toegetreden tot een samenwerkingsverband of convenant"),
            "partij_uitgetreden": _("Partij uitgetreden uit een samenwerkingsverband of convenant"),
            "poort_geopend": _("Poort van het register geopend"),
            "poort_gesloten": _("Poort van het register gesloten"),
            "criteria_vastgesteld": _("Criteria voor fase 2 vastgesteld in het register"),
            "vernietigd": _("Signalen of treffers van uw organisatie vernietigd"),
            "sleutel_vernietigd": _("Kwartaalsleutel van uw organisatie vernietigd"),
            "treffers_geteld": _("Aflopende treffers geteld"),
            "afgestemd": _("Vragen van uw organisatie vergeleken met een sleutelhouder"),
            "quotum_sleutelhouder_bereikt": _("Quotum van uw organisatie bereikt bij een sleutelhouder"),
            "postvak_gevuld": _("Postvak van de FG gevuld"),
            "ontvangstsleutel_ingeschreven": _("Ontvangstsleutel van uw organisatie ingeschreven"),
            "attendering_nagegaan": _("Verteld dat iets met een signaal van uw organisatie overeenkomt"),
            "hervalidatie_gevraagd": _("Gevraagd of een signaal van een jaar oud nog klopt"),
        }.get(event, event)
    return {
        "signaal_ingediend": _("Signaal ingediend"),
        "signaal_ingetrokken": _("Signaal ingetrokken"),
        "bevraging": _("Vraag gesteld"),
        "inzage_bevragingen": _("Inzage van vragen behandeld"),
        "controle_afgerond": _("Afloop van een controle vastgelegd"),
        "treffers_geraadpleegd": _("Treffers bekeken"),
        "treffer_geopend": _("Treffer geopend"),
        "treffer_stap": _("Stap gezet in een treffer"),
        "contact_vrijgegeven": _("Contact vrijgegeven"),
        "overdracht_gestart": _("Treffer overgedragen"),
        "overdracht_geopend": _("Overdrachten bekeken"),
        "overdracht_beantwoord": _("Overdracht beantwoord"),
        "terugkoppelingen_geraadpleegd": _("Terugkoppelingen bekeken"),
        "cijfers_geraadpleegd": _("Cijfers over treffers bekeken"),
        "dossiers_geraadpleegd": _("Lijst van dossiers bekeken"),
        "dossier_geraadpleegd": _("Dossier bekeken"),
        "netwerk_geraadpleegd": _("Netwerk van een dossier bekeken"),
        "verklaring_vastgelegd": _("Verklaring over twee signalen vastgelegd"),
        "verklaring_ingetrokken": _("Verklaring over twee signalen ingetrokken"),
        "uitsluiting_vastgelegd": _("Kenmerk op de uitsluitlijst gezet"),
        "uitsluiting_beeindigd": _("Uitsluiting beëindigd"),
        "uitsluitingen_geraadpleegd": _("Uitsluitlijst bekeken"),
        "fase_2_gevraagd": _("Fase 2 gevraagd"),
        "fase_2_vrijgegeven": _("Signaal vrijgegeven voor fase 2"),
        "noodopening": _("Noodopening bij acuut gevaar"),
        "noodopening_nagekeken": _("Noodopening nagekeken"),
        "noodopeningen_geraadpleegd": _("Noodopeningen bekeken"),
        "ontvangstsleutel_ingeschreven": _("Ontvangstsleutel ingeschreven"),
        "ontvangstsleutels_geraadpleegd": _("Sleutels van ontvangers bekeken"),
        "verhaal_vrijgegeven": _("Verhaal verzegeld vrijgegeven aan één ontvanger"),
        "verhaal_opgehaald": _("Vrijgegeven verhaal opgehaald"),
        "verhaal_teruggehaald": _("Vrijgegeven verhaal teruggehaald"),
        "zegels_geraadpleegd": _("Vrijgegeven verhalen bekeken"),
        "bevriezing_gevraagd": _("Bevriezing gevraagd"),
        "bevriezing_bevestigd": _("Bevriezing bevestigd"),
        "bevriezing_opgeheven": _("Bevriezing opgeheven"),
        "bevriezingen_geraadpleegd": _("Bevriezingen bekeken"),
        "datalek_opgesteld": _("Concept voor melding van een datalek gemaakt"),
        "datalek_geraadpleegd": _("Concept voor melding van een datalek bekeken"),
        "datalekken_geraadpleegd": _("Register van datalekken bekeken"),
        "datalek_afgehandeld": _("Datalek afgehandeld"),
        "logboek_geraadpleegd": _("Logboek gelezen"),
        "grondslagen_geraadpleegd": _("Grondslagen bekeken"),
        "beheer_geraadpleegd": _("Mensen en grondslagen, of de toestand van het register bekeken"),
        "postvak_bekeken": _("Postvak bekeken"),
        "post_geopend": _("Vraag uit het postvak geopend"),
        "post_beoordeeld": _("Vraag beoordeeld"),
        "steekproef_getrokken": _("Steekproef getrokken"),
        "maand_bekeken": _("Maand bekeken"),
        "maand_afgetekend": _("Maand afgetekend"),
        "verslag_gemaakt": _("Verslag gemaakt"),
        "verstrekkingen_bekeken": _("Verstrekkingen bekeken"),
        "grenzen_bekeken": _("Grenzen van de vlaggen bekeken"),
        "grens_gewijzigd": _("Grens van de vlaggen gewijzigd"),
        "attendering_nagegaan": _("Nagegaan wie van iets nieuws moet horen"),
        "attendering_gezet": _("Attendering gezet"),
        "attendering_beeindigd": _("Attendering beëindigd"),
        "attenderingen_geraadpleegd": _("Attenderingen bekeken"),
        "berichten_geraadpleegd": _("Berichten bekeken"),
        "bericht_gelezen": _("Bericht gelezen"),
        "signaal_bevestigd": _("Signaal bevestigd: het klopt nog"),
        "hervalidatie_gevraagd": _("Gevraagd of een signaal van een jaar oud nog klopt"),
        "beslispunt_bevraagd": _("Gevraagd of iets mag"),
        "aangemeld": _("Aangemeld"),
        "afgemeld": _("Afgemeld"),
        "aanmelding_gewijzigd": _("Aan de manier van aanmelden is iets veranderd"),
        "organisatie_toegevoegd": _("Organisatie ingeschreven"),
        "organisatie_beeindigd": _("Deelname beëindigd"),
        "organisatie_samengevoegd": _("Organisaties samengevoegd"),
        "certificaat_vernieuwd": _("Certificaat vernieuwd"),
        "mandaat_vastgelegd": _("Mandaat vastgelegd"),
        "mandaat_beeindigd": _("Mandaat beëindigd"),
        "grondslag_vastgelegd": _("Grondslag vastgelegd"),
        "grondslag_beeindigd": _("Grondslag beëindigd"),
        "vastlegging_voorgesteld": _("Mandaat of grondslag voorgesteld"),
        "vastlegging_geadviseerd": _("Advies over een grondslag"),
        "vastlegging_beantwoord": _("Bezwaar tegen een grondslag beantwoord"),
        "vastlegging_goedgekeurd": _("Grondslag goedgekeurd als partij"),
        "vastlegging_ingetrokken": _("Voorstel over een mandaat of grondslag ingetrokken"),
        "verband_vastgelegd": _("Samenwerkingsverband of convenant vastgelegd"),
        "verband_beeindigd": _("Samenwerkingsverband of convenant beëindigd"),
        "partij_toegetreden": _("Partij toegetreden"),
        "partij_uitgetreden": _("Partij uitgetreden"),
        "poort_geopend": _("Poort geopend"),
        "poort_gesloten": _("Poort gesloten"),
        "criteria_vastgesteld": _("Criteria voor fase 2 vastgesteld"),
        "vernietigd": _("Vernietigd in het register"),
        "afgestemd": _("Vergeleken met een sleutelhouder"),
        "niet_afgestemd": _("Niet vergeleken met een sleutelhouder"),
        "beleid_voorgesteld": _("Beleid voorgesteld"),
        "beleid_geadviseerd": _("Advies over beleid"),
        "bezwaar_beantwoord": _("Bezwaar tegen beleid beantwoord"),
        "beleid_goedgekeurd": _("Beleid goedgekeurd"),
        "beleid_vastgesteld": _("Ander beleid vastgesteld"),
        "terugdraaien_goedgekeurd": _("Akkoord met teruggaan naar het beleid van ervoor"),
        "beleid_teruggedraaid": _("Beleid teruggedraaid"),
        "besluiten_herhaald": _("Besluiten opnieuw beslist"),
        "rotatie_begonnen": _("Rotatie van de sleutels begonnen"),
        "sleutels_gewisseld": _("Sleutels gewisseld"),
        "rotatie_afgerond": _("Rotatie van de sleutels afgerond"),
        "rotatie_afgebroken": _("Rotatie van de sleutels afgebroken"),
        "geweigerd": _("Geweigerd"),
    }.get(event, event)


EVIDENCE: Final = frozenset({"regels", "beleid", "spoor"})
"""Fields of an entry by which it is found again in other records; nobody reads them to know what happened."""


def entry_labels() -> tuple[tuple[str, str], ...]:
    """The fields of an entry that a page shows, in reading order, with their Dutch names."""
    return (
        ("moment", _("Wanneer")),
        ("organisatie", _("Wie keek")),
        ("betreft", _("Over welke organisatie")),
        ("medewerker", _("Medewerker (schuilnaam)")),
        ("rol", _("Rol")),
        ("doel", _("Doel")),
        ("zaaknummer", _("Controle of zaak")),
        ("reden", _("Reden")),
        ("grondslag", _("Grondslag")),
        ("families", _("Waarop gezocht of bewaard")),
        ("uitkomst", _("Uitkomst")),
        ("vlaggen", _("Let op")),
        ("afloop", _("Afloop van de controle")),
        ("vragen", _("Waarover gevraagd, en het antwoord")),
        ("velden", _("Wat er te zien was")),
        ("soorten", _("Kwam overeen op")),
        ("signaal", _("Signaal")),
        ("signalen", _("Signalen")),
        ("verzegeld", _("Deels verzegeld bij de gemeente")),
        ("verloopt_op", _("Verdwijnt op")),
        ("treffer", _("Treffer")),
        ("onderdeel", _("Welk deel")),
        ("soort", _("Wat is vastgelegd")),
        ("hercontrole", _("Opnieuw kijken op")),
        ("stap", _("Stap")),
        ("codes", _("Wat is vastgelegd")),
        ("overdracht", _("Overdracht")),
        ("bestemd_voor", _("Aan wie")),
        ("overdrachten", _("Overdrachten")),
        ("besluit", _("Besluit")),
        ("gevaar", _("Welk gevaar")),
        ("noodopening", _("Noodopening")),
        ("periode", _("Week of maand")),
        ("post", _("Nummer in het postvak")),
        ("blad", _("Over welk blad")),
        ("oordeel", _("Oordeel van de FG")),
        ("bevriezing", _("Bevriezing")),
        ("bevroren_medewerker", _("Wie bevroren is (schuilnaam)")),
        ("bevroren_om", _("Waarom bevroren")),
        ("van_dag", _("Vanaf dag")),
        ("tot_dag", _("Tot en met dag")),
        ("bevriezingen_geteld", _("Aantal bevriezingen")),
        ("datalek", _("Datalek")),
        ("melden_voor", _("Melden voor")),
        ("datalekken_geteld", _("Aantal datalekken")),
        ("afhandeling", _("Hoe afgehandeld")),
        ("waarom", _("Waarom")),
        ("antwoord_van", _("Van wie was het signaal")),
        ("omvang", _("Bladen in het controlepunt")),
        ("wortel", _("Wortel van het controlepunt")),
        ("omvang_hiervoor", _("Bladen bij de vorige aftekening")),
        ("worp", _("Worp met de dobbelsteen")),
        ("bladen", _("Bladen van de vragen (geloot of genoemd)")),
        ("vragen_geteld", _("Aantal vragen")),
        ("posten_geteld", _("Aantal in het postvak")),
        ("regels_geteld", _("Aantal regels")),
        ("telling", _("Telling")),
        ("grens", _("Grens")),
        ("hoogte", _("Hoogte")),
        ("hoogte_hiervoor", _("Hoogte hiervoor")),
        ("grenzen", _("Grenzen")),
        ("organisaties_geteld", _("Aantal organisaties")),
        ("vanaf", _("Gezocht vanaf")),
        ("bevragingen_geteld", _("Aantal genoemde vragen")),
        ("achtergehouden", _("Bladen van eigen vragen die niet zijn genoemd")),
        ("beperking", _("Waarom niet genoemd")),
        ("dag", _("Dag")),
        ("sleutelhouder", _("Sleutelhouder")),
        ("verschillen", _("Verschillen")),
        ("verschillen_geteld", _("Aantal verschillen")),
        ("nummers_dubbel", _("Nummers van kwitanties die deze sleutelhouder vaker dan één keer gaf")),
        ("noodopeningen_geteld", _("Aantal noodopeningen")),
        ("mandaten", _("Mandaten")),
        ("grondslagen", _("Grondslagen")),
        ("opvolger", _("Opvolger")),
        ("geldig_van", _("Geldt vanaf")),
        ("geldig_tot", _("Geldt tot en met")),
        ("in_werking", _("Geldt vanaf (moment)")),
        ("voorstel", _("Nummer van het voorstel")),
        ("vastlegging", _("Voorstel (nummer)")),
        ("soort_vastlegging", _("Wat is voorgesteld")),
        ("bezwaar", _("Bezwaar van de FG")),
        ("toelichting", _("Toelichting")),
        ("deur", _("Hoe aangemeld")),
        ("middelen", _("Aangemeld met")),
        ("aanmelding", _("Wat er veranderde")),
        ("collega", _("Om wie het gaat")),
        ("collegas", _("Om wie het gaat (nummers)")),
        ("besluitstuk", _("Besluit (document)")),
        ("besloten_door", _("Besloten door")),
        ("signalen_geteld", _("Aantal signalen")),
        ("versies_geteld", _("Aantal versies")),
        ("treffers_geteld", _("Aantal treffers")),
        ("categorieen", _("Bewaarcategorie")),
        ("redenen", _("Waarom vernietigd")),
        ("versies", _("Versies")),
        ("treffers", _("Treffers")),
        ("rollen", _("Rollen")),
        ("berichten", _("Berichten")),
        ("berichten_geteld", _("Aantal berichten")),
        ("attendering", _("Attendering")),
        ("attenderingen", _("Attenderingen")),
        ("attenderingen_geteld", _("Aantal attenderingen")),
        ("waarom_gevolgd", _("Waarom gevolgd")),
        ("dagen", _("Dagen")),
        ("correctie", _("Waarom er een latere versie is")),
        ("kwartalen", _("Kwartalen")),
        ("bron", _("Wat er gevraagd werd")),
        ("code", _("Waarom geweigerd")),
        ("regel", _("Regel")),
        ("regels", _("Beleidsregels")),
        ("beleid", _("Vingerafdruk van het beleid")),
        ("spoor", _("Spoor (traceparent)")),
    )


def entry_value(key: str, value: Any, names: Mapping[str, str]) -> str:
    """One value of an entry as people read it."""
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if key == "families":
        return together(kinds_for_people(value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {number}" for name, number in value.items())
    if isinstance(value, list):
        return together(entry_value(key, one, names) for one in value)
    text = str(value)

    def named(codes: str) -> str:
        return ", ".join(names.get(code, code) for code in codes.split(", "))

    readers: dict[str, Callable[[str], str]] = {
        "moment": _moment,
        "organisatie": named,
        "betreft": lambda one: names.get(one, one),
        "opvolger": lambda one: names.get(one, one),
        "dag": day,
        "periode": period,
        "geldig_van": day,
        "geldig_tot": day,
        "vanaf": day,
        "beperking": _restriction,
        "medewerker": named,
        "rol": role_name,
        "doel": lambda one: purpose_label(one) or one,
        "uitkomst": _outcome,
        "vlaggen": lambda one: MARKS.get(one, one.replace("_", " ").replace("-", " ")),
        "afloop": lambda one: OUTCOMES.get(one, one),
        "velden": lambda one: field_label(one) or one,
        "verloopt_op": day,
        "deur": lambda one: {
            "sessie": _("bij het register"),
            "node": _("via de node van de organisatie"),
        }.get(one, one),
        "gevaar": lambda one: DANGERS.get(one, one),
        "bestemd_voor": named,
        "antwoord_van": lambda one: names.get(one, one),
        "waarom": lambda one: next((said[one] for said in REASONS.values() if one in said), one),
        "grens": lambda one: THRESHOLDS[one].words if one in THRESHOLDS else one,
        "oordeel": lambda one: VERDICTS.get(one, one),
        "rollen": role_name,
        "berichten": notice_name,
        "waarom_gevolgd": lambda one: FOLLOWING.get(one, one),
        "correctie": lambda one: CORRECTIONS.get(one, one),
        "bevroren_om": lambda one: FREEZE_REASONS.get(one, one),
        "afhandeling": lambda one: SETTLED.get(one, one),
        "stap": lambda one: STEPS.get(one, one),
        "codes": case_code,
        "melden_voor": _moment,
        "van_dag": day,
        "tot_dag": day,
        "onderdeel": lambda one: {
            "netwerk": _("netwerk"),
            "spoor": _("verplaatsing"),
            "waarom": _("waarom"),
            "overzicht": _("mensen en grondslagen"),
            "gezondheid": _("toestand van het register"),
            "voorstellen": _("lijst van voorstellen"),
            "voorstel": _("een voorstel"),
            "accounts": _("accounts bij het register"),
        }.get(one, one),
        "soort": lambda one: assertion_kinds().get(one, exclusion_kinds().get(one, one)),
        "hercontrole": day,
        "soort_vastlegging": lambda one: {
            "mandaat": _("een mandaat"),
            "grondslag": _("een grondslag"),
            "grondslag_einde": _("het einde van een grondslag"),
        }.get(one, one),
        "middelen": lambda one: METHODS.get(one, one),
        "aanmelding": lambda one: HAPPENINGS.get(one, one),
    }
    return readers[key](text) if key in readers else text


def flag_name(code: str) -> str:
    """A flag on a question, or the reason why it is looked at, in a few words."""
    return {
        "geen_controlenummer": _("zonder nummer"),
        "zelfde_onderwerp": _("zelfde onderwerp"),
        "zonder_uitkomst": _("zonder uitkomst"),
        "reeks": _("veel kort na elkaar"),
        "veel_meer_dan_collegas": _("veel meer dan collega's"),
        "buiten_werktijd": _("buiten werktijd"),
        "veel-gevraagd": _("veel gegevens op een dag"),
        SAMPLED: _("steekproef"),
        EVERYTHING: _("weinig vragen, alles bekijken"),
        **MARKS,
    }.get(code, code)


def figure_labels() -> dict[str, str]:
    """The figures of a month and of its report, in reading order: member -> what is counted, as people read it."""
    return {
        "vragen": _("Vragen gesteld"),
        "treffers": _("Vragen met een treffer"),
        "ingediend": _("Signalen ingediend"),
        "ingediendeSignalen": _("Signalen ingediend"),
        "fase2Gevraagd": _("Keren dat fase 2 is gevraagd"),
        "aanvragenFase2": _("Keren dat fase 2 is gevraagd"),
        "vrijgaven": _("Signalen vrijgegeven"),
        "contactVrijgaven": _("Contacten vrijgegeven"),
        "weigeringen": _("Weigeringen"),
        "weigeringenPerCode": _("Weigeringen, per reden"),
        "buitenWerktijd": _("Vragen buiten werktijd"),
        "zonderUitkomst": _("Vragen zonder uitkomst van de controle"),
        "uitkomstNogTeKomen": _("Vragen waarvan de uitkomst nog mag komen"),
        "noodopeningen": _("Noodopeningen"),
        "noodopeningenNagekeken": _("Noodopeningen nagekeken"),
        "medewerkersDieVroegen": _("Medewerkers die vroegen"),
        "vragenPerGrondslag": _("Vragen, per grondslag"),
        "verstrekkingen": _("Keren dat anderen iets van eigen signalen zagen"),
        "verstrekkingenAanAnderen": _("Keren dat anderen iets van eigen signalen zagen"),
        "oordelen": _("Oordelen van de FG"),
        "herhaald": _("Vragen die opnieuw zijn verstuurd"),
        "logboekGelezen": _("Keren dat het logboek is gelezen"),
        "regels": _("Alle regels in het logboek"),
    }


def effect_labels() -> dict[str, str]:
    """What treffers came to: code of a figure -> what is counted."""
    return {
        "treffers": _("Treffers"),
        "opgepakt": _("Daarvan opgepakt"),
        "opgevolgd": _("Daarvan opgevolgd"),
        "bevestigd": _("Bevestigd"),
        "onjuist": _("Onjuist"),
        "al_bekend": _("Al bekend bij beide kanten"),
        "geen_actie": _("Geen actie, met reden"),
        "overgedragen": _("Overgedragen"),
        "teruggekoppeld_procent": _("Binnen 30 dagen teruggekoppeld (procent van overgedragen)"),
        "dagen_tot_oppakken": _("Dagen tot oppakken (mediaan)"),
        "dagen_tot_terugkoppeling": _("Dagen tot terugkoppeling (mediaan)"),
    }


def duty_labels() -> dict[str, str]:
    """What an organisation and its FG must do themselves: member -> what is counted."""
    return {
        "verlopenNietVernietigd": _("Voorbij de termijn en niet vernietigd (moet 0 zijn)"),
        "beoordeeld": _("Vragen beoordeeld door de FG"),
        "nogTeBeoordelen": _("Vragen die nog op een oordeel wachten"),
        "teLaat": _("Vragen die te laat nog wachten"),
        "noodopeningenTeLaat": _("Noodopeningen die te laat nog wachten"),
    }


def view_of_track(track: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A track as the page shows it: the route by name, and a row per signal in order of time."""
    why = track.get("waarom", [])
    shared = _shared(why)
    return {
        "treffer": track["trefferId"],
        "phase": track["fase2"],
        "route": [" + ".join(names.get(one, one) for one in stop.split(" + ")) for stop in track["route"]],
        "not_searched": track["nietBekeken"],
        "rows": [sighting(one, names) for one in track["signalen"]],
        "why": _grouped(why, shared),
        "why_of_all": {"uitleg": [], "regels": [], **shared},
    }


def _grouped(
    why: Sequence[Mapping[str, Any]], shared: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Member -> the first member with the very same reason, and that reason without what holds for all: what is said once need not be said seven times."""
    firsts: dict[str, str] = {}
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for one in why:
        own = {part: [text for text in one[part] if text not in texts] for part, texts in shared.items()}
        found[one["veld"]] = (firsts.setdefault(_same(one), one["veld"]), {**one, **own})
    return found


def _shared(why: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Grounds and conditions that hold for all of these; none where they are all alike, because then it is said once as it is."""
    if len({_same(one) for one in why}) < 2:
        return {"grondslagen": (), "voorwaarden": ()}
    return {part: _in_all([one[part] for one in why]) for part in ("grondslagen", "voorwaarden")}


@dataclass(frozen=True)
class Reason:
    """Why some members of an answer are there, beside what holds for all of them."""

    names: tuple[str, ...]
    explanation: tuple[str, ...]
    grounds: tuple[str, ...]
    conditions: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Reasons:
    """Why the members of an answer are there, each sentence once. `grounds` and `conditions` hold for all of `each`."""

    each: tuple[Reason, ...]
    grounds: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


def reasons(why: Sequence[Mapping[str, Any]], terms: Mapping[str, str]) -> Reasons | None:
    """The `waarom` of an answer (JSON of the interface) for a page; None where there is nothing to say.

    Args:
        why: its members, in their order.
        terms: member -> what the page calls it; the others by the name that the register gives.
    """
    alike: dict[str, list[Mapping[str, Any]]] = {}
    for one in why:
        alike.setdefault(_same(one), []).append(one)
    groups = list(alike.values())
    if not groups:
        return None
    shared = {part: _in_all([same[0][part] for same in groups]) for part in ("grondslagen", "voorwaarden")}

    def own(one: Mapping[str, Any], part: str) -> tuple[str, ...]:
        return tuple(text for text in one[part] if text not in shared[part])

    return Reasons(
        tuple(
            Reason(
                tuple(_called(one, terms) for one in same),
                tuple(same[0]["uitleg"]),
                own(same[0], "grondslagen"),
                own(same[0], "voorwaarden"),
                tuple(same[0]["regels"]),
            )
            for same in groups
        ),
        shared["grondslagen"],
        shared["voorwaarden"],
    )


def _same(one: Mapping[str, Any]) -> str:
    return repr([one[part] for part in ("uitleg", "grondslagen", "voorwaarden", "regels")])


def _called(one: Mapping[str, Any], terms: Mapping[str, str]) -> str:
    return terms.get(one["veld"]) or capital(one["naam"])


def _in_all(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(text for text in dict.fromkeys(lists[0]) if all(text in other for other in lists))


def period(value: str) -> str:
    """`2026-H1`, `2026-03` or `2026-W07` in words."""
    year, _dash, part = value.partition("-")
    if part.startswith("H"):
        return (_("eerste helft van {jaar}") if part == "H1" else _("tweede helft van {jaar}")).format(
            jaar=year
        )
    if part.startswith("W"):
        return _("week {week} van {jaar}").format(week=int(part[1:]), jaar=year)
    return f"{_months()[int(part) - 1]} {year}"


def sighting(one: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    """One signal of a track or hand-over as a row of a table."""
    hidden = _("nog gesloten") if one["gesloten"] else ""
    form, role = one.get("uitbuitingsvorm", ""), one.get("rol", "")
    indicators = [INDICATORS[code].label for code in one.get("aanwijzingen") or [] if code in INDICATORS]
    return (
        period(one["periode"]) if one.get("periode") else hidden,
        names.get(one.get("organisatie", ""), one.get("organisatie", hidden)),
        together(one.get("soorten") or []),
        EXPLOITATION_FORMS[form].label if form in EXPLOITATION_FORMS else hidden,
        together(indicators, "; ") or hidden,
        ROLES[role].label if role in ROLES else hidden,
        _evaluation(one.get("beoordeling", "")),
    )


def _evaluation(code: str) -> str:
    """`X4` in words, the code with them: those who work with it know it by heart, and others do not."""
    source, grade = SOURCES.get(code[:1]), INFORMATION_GRADES.get(code[1:])
    if source is None or grade is None:
        return code
    return f"{source.label}; {grade.label}"


def _months() -> tuple[str, ...]:
    return (
        _("januari"), _("februari"), _("maart"), _("april"), _("mei"), _("juni"),
        _("juli"), _("augustus"), _("september"), _("oktober"), _("november"), _("december"),
    )  # fmt: skip


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text).astimezone(_AMSTERDAM)
    except ValueError:
        return text
    return f"{moment.day} {_months()[moment.month - 1]} {moment.year}, {moment:%H:%M}"


def moment_in_words(moment: datetime) -> str:
    """A moment in the Netherlands, such as 20 november 2026, 10:30."""
    return _moment(moment.isoformat())


def day(text: str) -> str:
    """An ISO date in words, such as 20 november 2026."""
    found = date.fromisoformat(text)
    return f"{found.day} {_months()[found.month - 1]} {found.year}"


_TYPED_DAY: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)


def typed_day(text: str) -> str:
    """A day as people type it (20-11-2026) as the interface takes it (2026-11-20); anything else as it is, for the interface to refuse."""
    found = _TYPED_DAY.fullmatch(text.strip())
    if found is None:
        return text.strip()
    number, month, year = found.groups()
    return f"{year}-{month:0>2}-{number:0>2}"


def _outcome(code: str) -> str:
    return {
        "bekend_elders": _("bekend elders"),
        "mogelijk": _("mogelijk bekend elders"),
        "niet_bekend": _("niet bekend"),
        "minderjarigenroute": _("route voor minderjarigen"),
    }.get(code, code.replace("-", " ").replace("_", " "))


def case_code(code: str) -> str:
    """A code of a step in a treffer as people read it."""
    lists = (FIRST_ACTIONS, ASSESSMENTS, TAKE_UP_REASONS, NO_ACTION, NOT_SAME, DISPOSITIONS, MUTING)
    said = next((words[code] for words in lists if code in words), None)
    fed_back = {**FEEDBACK, **NEXT_STEPS}
    return said or (fed_back[code].label if code in fed_back else code)


def _restriction(code: str) -> str:
    return {"UAVG-41-1-d": _("opsporing van strafbare feiten (UAVG 41 lid 1 onder d)")}.get(code, code)


def local_day(text: str) -> str:
    """The day of an ISO moment in the Netherlands, in words."""
    return day(datetime.fromisoformat(text).astimezone(_AMSTERDAM).date().isoformat())


def time_of_day(text: str) -> str:
    """The time of an ISO moment in the Netherlands, such as 14:05."""
    return f"{datetime.fromisoformat(text).astimezone(_AMSTERDAM):%H:%M}"


# ---- networks (register.network) ---------------------------------------------------------------------------------------


def node_name(node: Node) -> str:
    """A node as people say it: "persoon 1", "telefoon 2"."""
    word = {
        Kind.PERSON: _("persoon"),
        Kind.TELEPHONE: _("telefoon"),
        Kind.EMAIL: _("e-mailadres"),
        Kind.ACCOUNT: _("account"),
        Kind.ADVERTISEMENT: _("advertentie"),
        Kind.BANK: _("rekening"),
        Kind.PLATE: _("kenteken"),
        Kind.PREMISES: _("pand"),
        Kind.ORGANISATION: _("organisatie"),
        Kind.ALIAS: _("werknaam"),
    }[node.kind]
    return f"{word} {node.number}"


def evidence_said(edge: Edge, names: Mapping[str, str]) -> str:
    """Why a line is there: "zelfde telefoon, 3 gemeenten, jan-jun 2026"."""
    found = edge.evidence
    where = (
        _("{n} gemeenten").format(n=len(found.places))
        if len(found.places) > 1
        else ", ".join(names.get(one, one) for one in found.places)
    )
    how_many = _("1 signaal") if found.signals == 1 else _("{n} signalen").format(n=found.signals)
    return together(one for one in (_tie_said(edge), where, _between(found), how_many) if one)


def _tie_said(edge: Edge) -> str:
    if edge.kind is EdgeKind.TOGETHER:
        return _("samen in één signaal gezien")
    if edge.kind is EdgeKind.REPORTED:
        return _("in hetzelfde signaal gemeld")
    agreeing = together(kinds_for_people(edge.evidence.families), str(_(" en ")))
    if edge.kind is EdgeKind.POSSIBLE:
        return _("mogelijk dezelfde persoon: {kenmerken} lijkt op elkaar").format(kenmerken=agreeing)
    return _("zelfde {kenmerk}").format(kenmerk=agreeing)


def _between(found: Evidence) -> str:
    """The months of the first and the last signal; a year is said once where it is the same."""
    if found.first is None or found.last is None:
        return ""
    (year, month), (last_year, last_month) = _year_and_month(found.first), _year_and_month(found.last)
    months = (
        _("jan"),
        _("feb"),
        _("mrt"),
        _("apr"),
        _("mei"),
        _("jun"),
        _("jul"),
        _("aug"),
        _("sep"),
        _("okt"),
        _("nov"),
        _("dec"),
    )
    if (year, month) == (last_year, last_month):
        return f"{months[month - 1]} {year}"
    begun = months[month - 1] if year == last_year else f"{months[month - 1]} {year}"
    return f"{begun}-{months[last_month - 1]} {last_year}"


def _year_and_month(week: str) -> tuple[int, int]:
    year, month = month_of(week).split("-")
    return int(year), int(month)


def bond_said(bond: Bond) -> str:
    """Why two signals are of one person: "zelfde telefoon en naam en geboortedatum"."""
    if bond.families is None:
        return _("een mens bevestigde het")
    return _("zelfde {kenmerk}").format(kenmerk=together(kinds_for_people(bond.families)))


def mark_said(marks: Marks) -> str:
    """What must be said of a node, if anything."""
    said = []
    if marks.collapsed:
        said.append(_("gedeeld door {n}: verbindt niemand").format(n=marks.persons))
    elif marks.shared:
        said.append(_("gedeeld nummer: {n} personen").format(n=marks.persons))
    if marks.conflicting:
        said.append(_("tegenstrijdig: kijk dit na"))
    return together(said)


def group_said(group: Group) -> str:
    """Why a group must be looked at before it is handed over; empty where it need not."""
    said = []
    if group.large:
        said.append(_("De groep is groot ({n} personen).").format(n=len(group.persons)))
    if group.conflicting:
        said.append(_("Gegevens in de groep spreken elkaar tegen."))
    if group.shared and said:
        said.append(_("Een gedeeld nummer houdt de groep bij elkaar."))
    if said:
        said.append(_("Kijk de verbanden na voordat u overdraagt."))
    return together(said, " ")


def measure_warning(code: str) -> str:
    """What a measure of a network does not mean."""
    return {
        "gemeld": _("Dit netwerk laat zien wat gemeld is. Het zegt niet wie iets deed."),
        "bruggen": _(
            "Sommige verbanden houden de groep alleen bij elkaar. Is zo'n verband fout, dan zijn het twee groepen. Kijk die het eerst na."
        ),
        "knooppunten": _(
            "Langs sommige knooppunten lopen veel verbindingen. Dat komt ook voor bij iemand die vaak is verplaatst. Het is geen oordeel over een persoon."
        ),
        "vragen": _(
            "Er zijn personen die misschien dezelfde zijn. Zolang niemand dat bevestigt, horen zij niet bij elkaar."
        ),
        "tegenstrijdig": _("Bij een persoon spreken gegevens elkaar tegen. Kijk na of het één persoon is."),
        "gedeeld": _(
            "Een gedeeld nummer kan van een werkgever, een pand of een dienst zijn. Ga na van wie het is."
        ),
    }[code]


def assertion_kinds() -> Mapping[str, str]:
    """What somebody says of two persons."""
    return {"zelfde": _("dezelfde persoon"), "niet_dezelfde": _("niet dezelfde persoon")}


def assertion_reasons() -> Mapping[str, str]:
    """Why somebody says it, or takes it back."""
    return {
        "documenten_vergeleken": _("Documenten vergeleken"),
        "bevestigd_door_melder": _("De gemeente die meldde bevestigt het"),
        "herkend_bij_controle": _("Herkend bij een controle"),
        "documenten_verschillen": _("De documenten zijn van twee personen"),
        "melder_zegt_ander": _("De gemeente die meldde zegt: een ander"),
        "gedeeld_gebruik": _("Zij delen een telefoon of adres"),
        "andere_gegevens": _("Andere gegevens in de zaak"),
        "vergissing": _("Het was een vergissing"),
        "nieuwe_gegevens": _("Er zijn nieuwe gegevens"),
        "melder_trok_terug": _("De gemeente die meldde trok het terug"),
    }
