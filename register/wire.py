# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The messages between node and register, version 1 (`/v1/openapi.json` is made from these).

JSON in Dutch camelCase; unknown fields are refused. Identity attributes have no place in any model here: a person is a list of pseudonyms,
33-byte points in base64url. Who asks, for what and on which ground stands in request headers (`ActingFor`), the organisation also in the
body, and both must equal the organisation of the certificate. `kwitanties` holds the signed receipts of the key holders
that evaluated; a message that is sent again comes with others and is the same message (`register.central.centre.content`).
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from policies.decision import ACTIONS, FIELDS
from process.language import gettext as _
from pseudonymisation.base64url import decode, encode
from pseudonymisation.blinding import BATCH_SIZES
from pseudonymisation.receipts import LONGEST_NOTE
from register.outcomes import Mark


def _from_base64url(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return decode(value)
    except ValueError:
        raise ValueError("Dit is geen geldige base64url.") from None


Base64Url = Annotated[
    bytes,
    BeforeValidator(_from_base64url, json_schema_input_type=str),
    PlainSerializer(encode, return_type=str),
]
Point = Annotated[
    Base64Url, Field(min_length=33, max_length=33, description="P-256-punt, gecomprimeerd, base64url.")
]
Organisation = Annotated[
    str,
    Field(pattern=r"^(GM\d{4}|[A-Z][A-Z0-9-]{1,15})$", description="Gemeentecode of code van een partner."),
]
Week = Annotated[
    str, Field(pattern=r"^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$", description="ISO-week, zoals 2026-W07.")
]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+.-]{1,64}$")]
Handle = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$", description="Willekeurige verwijzing zonder betekenis.")
]
CaseNumber = Annotated[
    str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{3,31}$", description="Controle- of zaaknummer.")
]
OfficerId = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$", description="Pseudoniem nummer van de medewerker.")
]


Receipt = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_NOTE,
        description="Ondertekende kwitantie van een sleutelhouder, zoals hij haar gaf.",
    ),
]


MOST_HOLDERS = 16
LARGEST_ZEGEL = 131_121
"""Bytes: the largest size class of docs/spec/sealed-release.md, with version, ephemeral key and tag."""
MOST_SUBJECTS = 20


class Message(BaseModel):
    """Strict: unknown fields are refused, values do not change."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, str_max_length=4000
    )


def _known_action(name: str) -> str:
    if name not in {*FIELDS, *ACTIONS}:
        raise ValueError(_("Deze handeling of dit veld kennen we niet."))
    return name


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class ActingFor(Message):
    """Headers of every request on behalf of a person: `Namens-Medewerker`, `Namens-Rol`, `Doel`, `Zaaknummer`, `Reden`, `Grondslag`."""

    medewerker: OfficerId
    rol: Code
    doel: Code
    zaaknummer: CaseNumber | None = None
    reden: Code | None = None
    grondslag: Code | None = None


def acting_for(said: Mapping[str, str | None]) -> ActingFor | frozenset[str]:
    """What the headers say, or the fields of `ActingFor` that are missing or malformed."""
    try:
        return ActingFor.model_validate(said)
    except ValidationError as error:
        return frozenset(str(one["loc"][0]) for one in error.errors(include_input=False))


HEADERS = {
    "medewerker": "Namens-Medewerker",
    "rol": "Namens-Rol",
    "doel": "Doel",
    "zaaknummer": "Zaaknummer",
    "reden": "Reden",
    "grondslag": "Grondslag",
}
"""Field of `ActingFor` -> request header."""

IDEMPOTENCY_HEADER = "Idempotency-Key"


class Pseudoniem(Message):
    """One pseudonym: its family, the version of the specification it was made under, and the point N."""

    familie: Code
    versie: Code
    punt: Point


class Minderjarig(StrEnum):
    """Derived from the date of birth at the node."""

    JA = "ja"
    NEE = "nee"
    ONBEKEND = "onbekend"


class Soort(StrEnum):
    """What a subject is: a shared KvK number or address says something about an organisation, not about a person."""

    PERSOON = "persoon"
    ORGANISATIE = "organisatie"


class Subject(Message):
    """One subject of a signal: a reference within the signal, a role in it, and pseudonyms."""

    ref: Annotated[str, Field(pattern=r"^[a-z0-9]{1,8}$")]
    soort: Soort = Soort.PERSOON
    rol: Code = "onbekend"
    minderjarig: Minderjarig = Minderjarig.ONBEKEND
    pseudoniemen: list[Pseudoniem] = Field(min_length=1, max_length=BATCH_SIZES[-1])


class Beoordeling(Message):
    """Evaluation of source and information, and the handling code."""

    bron: Literal["A", "B", "C", "X"]
    informatie: int = Field(ge=1, le=4)
    behandeling: Literal["H1", "H2", "H3"] = "H1"


class Sporen(Message):
    """What the person asked for or needs."""

    geen_politiecontact: bool = False
    zorgspoor: bool = False
    acuut_gevaar: bool = False


class Juridisch(Message):
    """The grounds on which this signal may be processed, by their id in the register of grounds."""

    grondslag: Code
    bijzondere_grondslag: Code | None = None
    strafrechtelijke_grondslag: Code | None = None
    convenant: Code | None = None


class Verzegeld(Message):
    """What stays at the node until phase 2: a commitment to it, and the node's word that an indicator in it carries the signal."""

    vastlegging: Annotated[Base64Url, Field(min_length=32, max_length=32)]
    draagt: bool


class Kwaliteitscontrole(Message):
    """The checklist that the submitter went through (BGS 1.6)."""

    punten: list[Code] = Field(default_factory=list, max_length=10)
    datum: date


class SignaalIndienen(Message):
    """`POST /v1/signalen`. A signal is versioned and owned by the organisation that submits it."""

    organisatie: Organisation
    signaal_id: UUID
    versie: int = Field(default=1, ge=1, le=1000)
    lokale_verwijzing: Handle
    waargenomen_week: Week
    waarneming_grondslag: Code
    controlesoort: Code
    uitbuitingsvorm: Code
    aanwijzingen: list[Code] = Field(max_length=40)
    verzegeld: Verzegeld | None = None
    beoordeling: Beoordeling
    sporen: Sporen = Sporen()
    grenscontext: bool = False
    juridisch: Juridisch
    kwaliteitscontrole: Kwaliteitscontrole | None = None
    eerste_verwerking: datetime
    subjecten: list[Subject] = Field(min_length=1, max_length=MOST_SUBJECTS)
    sleutelset: Code
    epoch: int = Field(ge=1)
    correctie: Code | None = Field(
        default=None, description="Waarom er een latere versie is; alleen en altijd bij een latere versie."
    )
    kwitanties: list[Receipt] = Field(
        default_factory=list,
        max_length=MOST_HOLDERS * MOST_SUBJECTS,
        description="Van elk subject kwitanties van zoveel sleutelhouders als nodig zijn, en niet meer.",
    )


class Logbewijs(Message):
    """The register's signed receipt (a C2SP signed note, `audit.trail.verify_receipt`): this request stands in the log."""

    blad: int = Field(ge=0, description="Plaats in het logboek, vanaf 0.")
    bewijs: str = Field(
        description="Ondertekende notitie; bewaar die, u kunt ermee eisen dat het blad in het logboek staat."
    )


class SignaalIngediend(Message):
    """Answer to a submission: acknowledged only after the log entry is durable."""

    signaal_id: UUID
    versie: int
    categorie: str
    verloopt_op: date
    herhaald: bool = Field(
        default=False, description="Waar als dit signaal er al was: er is niets dubbel opgeslagen."
    )
    logbewijs: Logbewijs


class Bevraging(Message):
    """`POST /v1/bevragingen`: "elders gezien?" for one person or organisation. Stores no signal and no pseudonym."""

    organisatie: Organisation
    betreft: Soort = Soort.PERSOON
    pseudoniemen: list[Pseudoniem] = Field(min_length=1, max_length=BATCH_SIZES[-1])
    sleutelset: Code
    epoch: int = Field(ge=1)
    kwitanties: list[Receipt] = Field(
        default_factory=list,
        max_length=MOST_HOLDERS,
        description="Kwitanties van zoveel sleutelhouders als nodig zijn, en niet meer.",
    )
    vlaggen: list[Mark] = Field(
        default_factory=list,
        max_length=len(Mark),
        description="Wat de node over deze vraag zag en de FG moet weten: alleen de code verlaat de node.",
    )


class Afloop(Message):
    """`POST /v1/aflopen`: what came of a control in which something was asked; its number is in the header `Zaaknummer`."""

    organisatie: Organisation
    afloop: Code = Field(description="Een code uit de lijst; er is geen vrije tekst.")


class AfloopVastgelegd(Message):
    """The outcome stands in the log."""

    zaaknummer: str
    afloop: str
    herhaald: bool = Field(default=False, description="Waar als dit verzoek eerder kwam.")
    logbewijs: Logbewijs


class Inzageverzoek(Message):
    """`POST /v1/inzagen`: which questions concerned the person at the desk. Stores nothing of that person."""

    organisatie: Organisation
    identiteit_gecontroleerd: bool = Field(
        description="De identiteit is aan de balie gecontroleerd, alleen met de betrokkene (C23)."
    )
    pseudoniemen: list[Pseudoniem] = Field(min_length=1, max_length=BATCH_SIZES[-1])
    sleutelset: Code
    epoch: int = Field(ge=1)
    kwitanties: list[Receipt] = Field(
        default_factory=list,
        max_length=MOST_HOLDERS,
        description="Kwitanties voor een verzoek om inzage, van zoveel sleutelhouders als nodig zijn.",
    )


class Uitkomst(StrEnum):
    """What a person is told. There is no score."""

    BEKEND_ELDERS = "bekend_elders"
    MOGELIJK = "mogelijk"
    NIET_BEKEND = "niet_bekend"
    MINDERJARIGENROUTE = "minderjarigenroute"


class Uitleg(Message):
    """Why fields are shown or not offered, in plain Dutch; never about a signal that is hidden."""

    mag_zien: list[str]
    grondslagen: list[str]
    niet_aangeboden: list[str]
    laat_weg: list[str]


class WaaromVeld(Message):
    """Why one member of an answer is there. Nothing in it depends on what the signal says."""

    veld: str = Field(description="Naam van het lid van dit antwoord, zoals laatstGezien.")
    naam: str
    grondslagen: list[str]
    voorwaarden: list[str]
    uitleg: list[str]
    regels: list[str]


class BevragingOver(Message):
    """A question that concerned the person at the desk. Who asked it is never named."""

    organisatie: str | None = Field(None, description="Naam van de organisatie die vroeg.")
    dag: date | None = None
    doel: str
    grondslag: str
    soorten: list[str] | None = Field(None, description="Soorten gegevens waarop werd gevraagd.")


class Inzageantwoord(Message):
    """The questions that may be told, newest first; the same sentences whatever is withheld."""

    bevragingen: list[BevragingOver]
    vanaf: date = Field(description="Verder terug kan niemand meer zoeken.")
    tot: date
    toelichting: list[str]
    logbewijs: Logbewijs


class Antwoord(Message):
    """Answer to a question. A field that policy does not open is absent from the JSON."""

    uitkomst: Uitkomst
    toelichting: str
    wat_nu: str
    aantal_gemeenten: str | None = None
    gemeenten: list[str] | None = None
    laatst_gezien: str | None = Field(
        default=None, description="Halfjaar, maand of week: naar wat uw rol mag zien."
    )
    soorten: list[str] | None = Field(
        default=None, description="Welke soorten kenmerken overeenkomen, zoals telefoon."
    )
    niet_bekeken: list[str] = Field(default_factory=list, description="Waar dit antwoord niet over gaat.")
    uitleg: Uitleg
    waarom: list[WaaromVeld] = Field(
        default_factory=list, description="Van elk veld dat u ziet: grondslag, voorwaarden en regel."
    )
    logbewijs: Logbewijs


class Contact(Message):
    """Whom to call at one organisation."""

    organisatie: str
    naam: str
    bereikbaar: str


class TrefferOverzicht(Message):
    """A treffer that waits for an aandachtsfunctionaris of a party. A field that policy does not open is absent."""

    treffer_id: UUID
    gevonden_op: date
    vervalt_op: date
    onze_rol: Literal["vrager", "melder", "keten"] = Field(
        description="keten: de ketenregisseur naar wie de treffer ging omdat niemand hem oppakte."
    )
    zaaknummer: str | None = Field(default=None, description="Alleen voor de organisatie die vroeg.")
    onze_signalen: list[UUID] = Field(default_factory=list)
    bewaard_tot: dict[str, date] = Field(
        default_factory=dict, description="Van elk van onze signalen hier: de dag waarop het verdwijnt."
    )
    vrijgegeven: list[UUID] = Field(
        default_factory=list, description="Onze signalen die al zijn vrijgegeven voor fase 2."
    )
    aantal_gemeenten: str | None = None
    gemeenten: list[str] | None = None
    perioden: list[str] | None = None
    soorten: list[str] | None = None
    minderjarig: bool | None = None
    fase_2: str = Field(
        description="gesloten, gevraagd (met het nummer van het besluit bij `besluitId`) of open."
    )
    besluit_id: UUID | None = None
    stand: Literal["wacht", "opgepakt", "afgedaan"] = "wacht"
    van_ons: bool | None = Field(default=None, description="Waar als uw organisatie de treffer oppakte.")
    uiterlijk: date | None = Field(default=None, description="Dag waarop de eerste actie gedaan moet zijn.")


class TrefferLijst(Message):
    """`GET /v1/treffers` (aandachtsfunctionaris, for the own organisation)."""

    treffers: list[TrefferOverzicht]
    waarom: list[WaaromVeld] = Field(
        default_factory=list, description="Van elk veld dat u ziet: grondslag, voorwaarden en regel."
    )
    logbewijs: Logbewijs


class TrefferStap(Message):
    """`POST /v1/treffers/{trefferId}/stappen`: a party takes a step in a treffer. Which fields belong to which step stands in docs/spec/casework.md."""

    organisatie: Organisation
    stap: Code = Field(description="Welke stap: een code uit de lijst.")
    eerste_actie: Code | None = None
    beoordeling: Code | None = Field(
        default=None, description="Code van de menselijke beoordeling vooraf (C8)."
    )
    reden: Code | None = None
    uiterlijk: date | None = None
    andere_partij: Organisation | None = Field(
        default=None, description="Bij niet_dezelfde: om welke organisatie het gaat; zonder: om alle andere."
    )
    melder: Organisation | None = Field(default=None, description="Wie aan CoMensha meldt.")
    afdoening: Code | None = None


class TrefferGebeurtenis(Message):
    """A step that was taken. The organisation is absent where policy does not name it, or where it is the police."""

    stap: str
    op: date
    organisatie: str | None = None
    rol: str
    van_ons: bool
    codes: list[str] = Field(default_factory=list)


class TrefferZaak(Message):
    """`GET /v1/treffers/{trefferId}`: a treffer as a case, and the answer to each step in it."""

    treffer: TrefferOverzicht
    eerste_actie: str | None = None
    beoordeling: str | None = None
    reden: str | None = None
    afdoening: str | None = None
    melder: str | None = None
    contact_gevraagd: bool = Field(description="Waar als de andere kant uw contact vroeg.")
    contacten: list[Contact] = Field(
        default_factory=list, description="Wie u kunt bellen, zodra de andere kant dat vrijgaf (C4)."
    )
    mogelijk: list[str] = Field(description="De stappen die u nu kunt zetten.")
    geschiedenis: list[TrefferGebeurtenis]
    bewaard_tot: dict[str, date] = Field(
        default_factory=dict,
        description="Van elk eigen signaal in deze treffer: de dag waarop het verdwijnt.",
    )
    waarom: list[WaaromVeld] = Field(default_factory=list)
    logbewijs: Logbewijs


class OverdrachtStart(Message):
    """`POST /v1/overdrachten`: hand a treffer that was taken up to TMM, the Arbeidsinspectie or the KMar."""

    organisatie: Organisation
    treffer_id: UUID
    aan: Organisation = Field(description="Code van de organisatie die het krijgt.")


class OverdrachtGestart(Message):
    """Answer to a hand-over. Which signals of others went along is not told."""

    overdracht_id: UUID
    treffer_id: UUID
    aan: str
    aannemen_voor: date
    onze_signalen: list[UUID]
    logbewijs: Logbewijs


class OverdrachtRegel(Message):
    """A hand-over in the inbox of its recipient."""

    overdracht_id: UUID
    treffer_id: UUID = Field(
        description="Nummer van de treffer, en van het dossier zodra fase 2 is gevraagd."
    )
    op: date
    van: str
    aannemen_voor: date
    stand: Literal["wacht", "aangenomen", "afgesloten"]
    aantal_signalen: int
    gemeenten: list[str] | None = None
    laatste: str | None = Field(default=None, description="Code van de laatste terugkoppeling.")
    te_laat: bool


class OverdrachtLijst(Message):
    """`GET /v1/overdrachten` (tmm_coordinator, nla, kmar): what was handed to this role here."""

    overdrachten: list[OverdrachtRegel]
    logbewijs: Logbewijs


class OverdrachtTerugkoppeling(Message):
    """`POST /v1/overdrachten/{overdrachtId}/terugkoppelingen`: how it stands, as a code with a next step; in an answer with the day."""

    code: Code
    volgende_stap: Code = "geen"
    op: date | None = Field(default=None, description="Alleen in een antwoord.")


class OverdrachtBeantwoord(Message):
    """Answer to accepting a hand-over and to feedback on it."""

    overdracht_id: UUID
    code: str
    volgende_stap: str
    logbewijs: Logbewijs


class CijfersVan(Message):
    """Figures of one organisation or samenwerkingsverband, as an aggregate (C11)."""

    wie: str
    cijfers: dict[str, str]


class Cijfers(Message):
    """`GET /v1/cijfers` (purpose statistiek): what treffers came to that were found in a period."""

    van: date
    tot: date
    eigen: dict[str, str] = Field(
        description="Van de eigen organisatie: voor haar FG zoals ze zijn, voor anderen opgeteld (C11)."
    )
    verbanden: list[CijfersVan]
    organisaties: list[CijfersVan]
    logbewijs: Logbewijs


class Terugkoppeling(Message):
    """What became of one own signal: a code of the feedback list, or niet_dezelfde; from which role, never who."""

    signaal_id: UUID
    op: date
    code: str
    volgende_stap: str
    rol: str


class Agendapunt(Message):
    """A treffer on the agenda of a Drieluikoverleg. A field that policy does not open is absent."""

    treffer_id: UUID
    stand: Literal["opgepakt", "overdracht_wacht", "overdracht_loopt"]
    sinds: date
    uiterlijk: date | None = Field(default=None, description="Dag waarop de eerste actie gedaan moet zijn.")
    te_laat: bool
    aantal_gemeenten: str | None = None
    gemeenten: list[str] | None = None
    perioden: list[str] | None = None
    soorten: list[str] | None = None


class Agenda(Message):
    """`GET /v1/agenda/{verband}` (tmm_coordinator, ketenregisseur): what a Drieluikoverleg of one samenwerkingsverband talks about."""

    verband: str
    op: date
    punten: list[Agendapunt]
    logbewijs: Logbewijs


class TerugkoppelingLijst(Message):
    """`GET /v1/terugkoppelingen` (toezichthouder, ambassadeur, aandachtsfunctionaris), newest first."""

    terugkoppelingen: list[Terugkoppeling]
    logbewijs: Logbewijs


class Fase2Besluit(Message):
    """`POST /v1/fase-2-besluiten`: the tmm_coordinator (or ketenregisseur) asks to open phase 2 of a treffer, with the criteria check."""

    treffer_id: UUID
    criteria: list[Code] = Field(min_length=1, max_length=10)
    beoordeling: Code = Field(description="Code van de menselijke beoordeling vooraf (C8).")


class OntzegeldSubject(Message):
    """The role that stayed at the node."""

    ref: str
    rol: Code


class Ontzegeld(Message):
    """What was sealed at the node, with the nonce that opens the commitment over exactly these fields."""

    nonce: Annotated[Base64Url, Field(min_length=32, max_length=32)]
    uitbuitingsvorm: Code
    waarneming_grondslag: Code
    controlesoort: Code
    aanwijzingen: list[Code] = Field(max_length=40)
    subjecten: list[OntzegeldSubject] = Field(max_length=20)


class Vrijgave(Message):
    """`POST /v1/fase-2-besluiten/{besluitId}/vrijgaven`: the aandachtsfunctionaris of a contributor releases one own signal.

    The first release opens phase 2 (four eyes together with the asker); each release opens that signal's fields.
    """

    organisatie: Organisation
    signaal_id: UUID
    ontzegeld: Ontzegeld | None = Field(default=None, description="Alleen voor een verzegeld signaal.")


class Fase2Stand(Message):
    """Where the decision stands."""

    besluit_id: UUID
    treffer_id: UUID
    stand: Literal["gevraagd", "open"]
    logbewijs: Logbewijs


class Bevriezing(Message):
    """`POST /v1/bevriezingen` (FG): freeze an officer, or the own organisation's entries of a period, or both; works at once."""

    medewerker: OfficerId | None = Field(default=None, description="Wie; leeg: de regels van iedereen.")
    van_dag: date | None = Field(
        default=None, description="Eerste dag van de regels; leeg: alles tot nu toe."
    )
    tot_dag: date | None = Field(default=None, description="Laatste dag; leeg: ook wat nog komt.")
    reden: Code


class BevriezingStand(Message):
    """A freeze of the own organisation, and where it stands."""

    bevriezing_id: UUID
    medewerker: str | None = None
    van_dag: date | None = None
    tot_dag: date | None = None
    reden: str
    stand: Literal["gevraagd", "bevestigd", "opgeheven"] = Field(
        description="Zij werkt vanaf gevraagd, en niet meer vanaf opgeheven."
    )
    gevraagd_op: datetime
    bevestigd_op: datetime | None = None
    bevestigd_door: str | None = None
    opgeheven_op: datetime | None = None
    opgeheven_door: str | None = None
    besluitstuk: str | None = None
    besloten_door: str | None = None


class BevriezingGedaan(BevriezingStand):
    """The same, after it was asked for, confirmed or lifted."""

    logbewijs: Logbewijs


class BevriezingLijst(Message):
    """`GET /v1/bevriezingen` (FG and functioneel beheerder)."""

    bevriezingen: list[BevriezingStand]
    logbewijs: Logbewijs


class Opheffing(Message):
    """`POST /v1/bevriezingen/{bevriezingId}/opheffingen` (a second functioneel beheerder): on which decision of the college."""

    besluitstuk: Annotated[str, Field(max_length=200)]
    besloten_door: Annotated[str, Field(max_length=200)]


class Datalek(Message):
    """`POST /v1/datalekken` (FG): draw up a notification, from one entry, from a freeze, or from an officer's questions of a period."""

    blad: int | None = Field(default=None, ge=0, le=2**53)
    bevriezing_id: UUID | None = None
    medewerker: OfficerId | None = None
    van_dag: date | None = None
    tot_dag: date | None = None
    bekend_op: datetime | None = Field(
        default=None,
        description="Sinds wanneer uw organisatie het weet; leeg: nu. De 72 uur lopen vanaf dan.",
    )


class DatalekStand(Message):
    """A data breach of the own organisation (AVG 33(5)): since when it is known, until when it is to be reported, and how it was settled."""

    datalek_id: UUID
    bekend_op: datetime
    melden_voor: datetime
    opgesteld_op: datetime
    te_laat: bool
    afhandeling: str | None = None
    afgehandeld_op: datetime | None = None
    bevriezing_id: UUID | None = None


class DatalekVraag(Message):
    """A question of the notification; without an answer only a person can give it."""

    vraag: str
    antwoord: str | None = None


class DatalekRubriek(Message):
    """A part of the notification, in the order of the form of the Autoriteit Persoonsgegevens."""

    titel: str
    vragen: list[DatalekVraag]


class DatalekConcept(DatalekStand):
    """The draft of a notification; no name, number or telephone stands in it."""

    rubrieken: list[DatalekRubriek]
    logbewijs: Logbewijs


class DatalekLijst(Message):
    """`GET /v1/datalekken` (FG)."""

    datalekken: list[DatalekStand]
    logbewijs: Logbewijs


class DatalekAfhandeling(Message):
    """`POST /v1/datalekken/{datalekId}/afhandelingen` (FG): reported, or why not; written once."""

    afhandeling: Code


class DatalekAfgehandeld(Message):
    """How it was settled stands in the log."""

    datalek_id: UUID
    afhandeling: str
    logbewijs: Logbewijs


class Noodopening(Message):
    """`POST /v1/noodopeningen`: in acute danger, whom to call at the other organisations of a treffer (C9); the ground in the headers is one of G-VIT."""

    organisatie: Organisation
    treffer_id: UUID
    gevaar: Code = Field(description="Welk acuut gevaar er is: een code uit de lijst.")


class NoodopeningGedaan(Message):
    """Answer to a noodopening: contacts, and nothing of any signal."""

    noodopening_id: UUID
    contacten: list[Contact]
    nakijken_voor: date = Field(description="De FG van elke kant kijkt de noodopening uiterlijk deze dag na.")
    toelichting: str
    logbewijs: Logbewijs


class NoodopeningRegel(Message):
    """A noodopening as an FG sees it; `medewerker` is absent where another organisation did it."""

    noodopening_id: UUID
    moment: datetime
    organisatie: str
    rol: str
    doel: str
    gevaar: str
    medewerker: str | None = None
    nakijken_voor: date
    te_laat: bool
    oordeel: str | None = None


class NoodopeningLijst(Message):
    """`GET /v1/noodopeningen` (FG, for the own organisation)."""

    noodopeningen: list[NoodopeningRegel]
    logbewijs: Logbewijs


class NoodopeningBeoordeling(Message):
    """`POST /v1/noodopeningen/{noodopeningId}/beoordelingen`: what the FG of the own organisation says of it."""

    oordeel: Code


class NoodopeningNagekeken(Message):
    """Answer to a review."""

    noodopening_id: UUID
    oordeel: str
    logbewijs: Logbewijs


class Intrekking(Message):
    """`POST /v1/signalen/{signaalId}/intrekkingen`: the owner withdraws a signal, with a reason; it stops matching at once."""

    organisatie: Organisation
    reden: Code
    onderweg: bool = Field(
        default=False,
        description="Waar als het signaal nog onderweg kan zijn. Is het er niet, dan komt het ook later niet meer binnen.",
    )


class SignaalIngetrokken(Message):
    """Answer to a withdrawal."""

    signaal_id: UUID
    status: str
    logbewijs: Logbewijs


class DossierRegel(Message):
    """One signal on a track. A field that policy does not open is absent."""

    signaal_id: UUID
    organisatie: str | None = None
    periode: str | None = Field(default=None, description="Maand; in fase 2 de ISO-week.")
    soorten: list[str] | None = None
    uitbuitingsvorm: str | None = None
    aanwijzingen: list[str] | None = None
    rol: str | None = None
    beoordeling: str | None = None
    gesloten: bool = Field(description="Waar zolang de eigenaar dit signaal niet vrijgaf voor fase 2.")


class Overdracht(Message):
    """`GET /v1/overdrachten/{overdrachtId}`: one hand-over with its signals, as far as policy opens them. With the log proof it is the export for the own system."""

    overdracht: OverdrachtRegel
    signalen: list[DossierRegel]
    terugkoppelingen: list[OverdrachtTerugkoppeling]
    mogelijk: list[str] = Field(
        description="De codes die u nu kunt terugkoppelen. Andere codes vragen een vastgelegd besluit volgens Wpg 19 of 20."
    )
    logbewijs: Logbewijs


class DossierOverdracht(Message):
    """How the hand-over of a case to this role stands."""

    overdracht_id: UUID
    stand: Literal["wacht", "aangenomen", "afgesloten"]
    voor: date | None = Field(
        default=None, description="Dag waarvoor zij wordt aangenomen, of na aanneming teruggekoppeld."
    )


class Dossier(Message):
    """`GET /v1/dossiers/{trefferId}`: linked signals in the order in which they were observed."""

    treffer_id: UUID
    gevonden: str = Field(description="Maand waarin de treffer is gevonden; in fase 2 de ISO-week.")
    vervalt: str = Field(
        description="Maand waarin de treffer verdwijnt als niemand er iets mee doet; in fase 2 de ISO-week."
    )
    stand: Literal["wacht", "opgepakt", "afgedaan"] = Field(
        description="Of een gemeente of keten er al aan werkt."
    )
    uiterlijk: date | None = Field(
        default=None, description="Laatste dag waarop wie oppakte de eerste actie doet."
    )
    overdracht: DossierOverdracht | None = Field(
        default=None, description="Alleen voor de rol aan wie de zaak is overgedragen."
    )
    fase_2: str
    besluit_id: UUID | None = None
    route: list[str] = Field(description="Plaatsen in volgorde van tijd: A, B, C.")
    signalen: list[DossierRegel]
    niet_bekeken: list[str] = Field(default_factory=list)
    waarom: list[WaaromVeld] = Field(
        default_factory=list, description="Van elk veld dat u ziet: grondslag, voorwaarden en regel."
    )
    logbewijs: Logbewijs


class DossierOverzicht(Message):
    """One treffer that TMM may look at."""

    treffer_id: UUID
    gevonden: str = Field(description="Maand waarin de treffer is gevonden; in fase 2 de ISO-week.")
    vervalt: str = Field(description="Maand waarin hij verdwijnt; in fase 2 de ISO-week.")
    aantal_gemeenten: str | None = None
    fase_2: str


class DossierLijst(Message):
    """`GET /v1/dossiers`: for the coordinator treffers with signals of two or more organisations, for the analyst those with a decision on phase 2."""

    dossiers: list[DossierOverzicht]
    waarom: list[WaaromVeld] = Field(
        default_factory=list, description="Van elk veld dat u ziet: grondslag, voorwaarden en regel."
    )
    logbewijs: Logbewijs


class Sessie(Message):
    """`POST /v1/sessies`: a person signs in at the register (FG, TMM)."""

    naam: str = Field(min_length=1, max_length=64)
    wachtwoord: str = Field(min_length=1, max_length=200, repr=False)


class SessieGeopend(Message):
    """The token goes in `Authorization: Bearer`; it ends after half an hour without use, or after eight hours."""

    token: str = Field(repr=False)
    organisatie: Organisation
    rol: Code
    volledig: bool = Field(
        default=True,
        description="Onwaar als hier een tweede stap verplicht is en u er nog geen hebt: dan opent deze sessie alleen `/v1/mijn-aanmelding`.",
    )
    logbewijs: Logbewijs


class Logregel(Message):
    """One entry of the own organisation, opened: the event, our part in it, and its fields (docs/spec/events.md)."""

    blad: int
    gebeurtenis: str
    ontvanger: str
    velden: dict[str, object]


class Logregels(Message):
    """`GET /v1/logboek/regels` (FG, own organisation)."""

    regels: list[Logregel]
    logbewijs: Logbewijs


class Getuige(Message):
    """One witness of the log, and what it said last in a code (`register.witnesses.Said`) and in words."""

    naam: str
    sleutel: str
    url: str | None = None
    nieuwste: bool
    omvang: int
    bevestigd_op: datetime | None = None
    zei: str
    sinds: datetime | None = None
    wat: str


class Getuigen(Message):
    """`GET /v1/logboek/getuigen`: how many of how many vouch for the newest checkpoint (`omvang` leaves)."""

    getuigen: list[Getuige]
    nodig: int
    bevestigd: int
    genoeg: bool
    omvang: int | None = None
    omvang_genoeg: int | None = None
    vingerafdruk: str
    zin: str
    zorgen: list[str]


class Bevestiging(Message):
    """`POST /v1/logboek/getuigen/bevestigingen`: a checkpoint with a cosignature, as `witness cosign` wrote it."""

    controlepunt: str


class BevestigingOntvangen(Message):
    """Whose cosignatures were kept, by the names of the policy."""

    getuigen: list[str]


Maand = Annotated[str, Field(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", description="Maand, zoals 2026-11.")]


class PostReden(Message):
    """Why a question is looked at: a code, and in words why it is there and what can be done."""

    code: str
    waarom: str
    wat_nu: str


class Post(Message):
    """One question in the inbox of an FG; what it was stands at its leaf of the log."""

    post: str = Field(description="Nummer: week of maand, een punt, en het blad.")
    blad: int
    klaar_voor: date
    te_laat: bool
    redenen: list[PostReden]
    oordeel: str | None = None
    waarom: str | None = None
    beoordeeld_op: datetime | None = None
    bewijs_blad: int | None = Field(default=None, description="Blad waar het oordeel in het logboek staat.")


class Postvak(Message):
    """`GET /v1/toezicht/postvak` (FG, own organisation): what is still to look at, and what was in the last weeks."""

    posten: list[Post]
    te_doen: int
    te_laat: int
    logbewijs: Logbewijs


class PostGeopend(Message):
    """`GET /v1/toezicht/postvak/{post}`: one of them with its entry, opened."""

    post: Post
    regel: Logregel
    logbewijs: Logbewijs


class PostBeoordeling(Message):
    """`POST /v1/toezicht/postvak/{post}/beoordelingen`: what the FG says of it."""

    oordeel: Code
    waarom: Code


class PostBeoordeeld(Message):
    """Answer to a verdict; `bewijsBlad` is where it stands in the log."""

    post: str
    oordeel: str
    waarom: str
    bewijs_blad: int
    logbewijs: Logbewijs


class Steekproef(Message):
    """`POST /v1/toezicht/maanden/{maand}/steekproeven`: draw from what nobody looked at in this month."""

    aantal: int = Field(ge=1, le=200)
    worp: str = Field(
        default="",
        pattern=r"^([1-6]{4,32})?$",
        description="Wat u met een dobbelsteen gooide, 4 tot 32 keer; dan kan niemand de loting sturen.",
    )


class SteekproefGetrokken(Message):
    """What was drawn, and what anybody needs to draw it again."""

    maand: str
    omvang: int
    wortel: str
    worp: str
    vragen: int
    posten: list[str]
    logbewijs: Logbewijs


class Maandcijfers(Message):
    """A month of the own organisation in figures, counted from its entries."""

    regels: int
    vragen: int
    herhaald: int
    antwoord_van: dict[str, int]
    ingediend: int
    treffers: int
    fase2_gevraagd: int
    vrijgaven: int
    contact_vrijgaven: int
    weigeringen: dict[str, int]
    buiten_werktijd: int
    zonder_uitkomst: int
    uitkomst_nog_te_komen: int
    noodopeningen: int
    noodopeningen_nagekeken: int
    grondslagen: dict[str, int]
    medewerkers: dict[str, int]
    verstrekkingen: int
    logboek_gelezen: int
    oordelen: dict[str, int]
    klok_terug: int


class Maandplichten(Message):
    """What the organisation and its FG must do themselves; `verlopenNietVernietigd` must be 0."""

    verlopen_niet_vernietigd: int
    beoordeeld: int
    nog_te_beoordelen: int
    te_laat: int
    noodopeningen_te_laat: int


class Controlepunt(Message):
    """A checkpoint: over how many leaves, and its root in Base64."""

    omvang: int
    wortel: str


class Samenhang(Message):
    """Whether the log still holds everything of when the month before was signed off, and how that was checked."""

    maand: str
    omvang: int
    klopt: bool
    stappen: list[str]


class Aftekening(Message):
    """That a month was signed off; `bewijsBlad` is where it stands in the log."""

    op: datetime
    omvang: int
    bewijs_blad: int


class Maandoverzicht(Message):
    """`GET /v1/toezicht/maanden/{maand}` (FG, own organisation)."""

    maand: str
    organisatie: str
    afgelopen: bool
    controlepunt: Controlepunt
    cijfers: Maandcijfers
    plichten: Maandplichten
    samenhang: Samenhang | None = None
    afgetekend: Aftekening | None = None
    steekproef_getrokken: bool
    logbewijs: Logbewijs


class MaandAfgetekend(Message):
    """Answer to signing a month off."""

    maand: str
    controlepunt: Controlepunt
    bewijs_blad: int
    logbewijs: Logbewijs


class Verslag(Message):
    """`GET /v1/toezicht/maanden/{maand}/verslag`: a month for the council and the AP, without personal data."""

    organisatie: str
    naam: str
    maand: str
    afgelopen: bool
    cijfers: dict[str, str | dict[str, str]]
    plichten: dict[str, int | str] = Field(
        description="Als in de maand; wat geen tekortkoming is, behandeld als een aantal over personen."
    )
    samenhang_klopt: bool | None = None
    controlepunt: Controlepunt
    uitleg: list[str]
    logbewijs: Logbewijs


class Verstrekking(Message):
    """That another organisation was shown something of an own signal: when, for what, on which ground, which fields (C20)."""

    blad: int
    gebeurtenis: str
    moment: datetime
    organisatie: str
    rol: str
    doel: str
    grondslag: list[str]
    signalen: list[str]
    velden: list[str]


class Verstrekkingen(Message):
    """`GET /v1/toezicht/verstrekkingen` (FG, own signals), at most 200; `volgende` is the leaf to go on from."""

    maand: str
    verstrekkingen: list[Verstrekking]
    volgende: int | None = None
    logbewijs: Logbewijs


class Grens(Message):
    """One limit of the flags, the sample or a term, with its bounds."""

    grens: str
    wat: str
    hoogte: int
    gewoon: int
    laagst: int
    hoogst: int


class Grenzen(Message):
    """`GET /v1/toezicht/grenzen` (FG, own organisation)."""

    grenzen: list[Grens]
    logbewijs: Logbewijs


class GrensWijziging(Message):
    """`POST /v1/toezicht/grenzen`: choose a limit, within its bounds."""

    grens: Code
    hoogte: int


class GrensGewijzigd(Message):
    """Answer: what it was, and is."""

    grens: str
    hoogte: int
    hoogte_hiervoor: int
    logbewijs: Logbewijs


class GrondslagOverzicht(Message):
    """One record of the register of grounds, for the choice at the door."""

    id: str
    code: str
    artikel: str
    taak: str


class GrondslagLijst(Message):
    """`GET /v1/grondslagen`: the grounds in force today for the caller's organisation."""

    grondslagen: list[GrondslagOverzicht]
    logbewijs: Logbewijs


class OnderwerpEigenschappen(Message):
    """Of whom the officer is, and in which role."""

    organisatie: Organisation
    rol: Code


class Onderwerp(Message):
    """AuthZEN subject: an officer of the organisation that asks, in one role."""

    type: Literal["medewerker"]
    id: OfficerId
    properties: OnderwerpEigenschappen


class Handeling(Message):
    """AuthZEN action: a field of the policy matrix (seeing it), or an action of the action list (doing it)."""

    name: Annotated[Code, AfterValidator(_known_action)]


class VoorbeeldSignaal(Message):
    """A signal as the caller describes it; what is left out counts as the most restrictive there is."""

    eigenaar: Organisation | None = None
    partijen: list[Organisation] = Field(default_factory=list, max_length=20)
    zaakpartijen: list[Organisation] = Field(default_factory=list, max_length=20)
    zorg_in_beheer: Organisation | None = None
    minderjarig: Literal["ja", "nee", "onbekend"] | None = None
    geen_politiecontact: bool = True
    zorgspoor: bool = False
    acuut_gevaar: bool = False
    bijzonder: bool = True
    strafrechtelijk: bool = True
    bijzondere_grondslag: Code | None = None
    strafrechtelijke_grondslag: Code | None = None
    behandeling: Literal["H1", "H2", "H3"] | None = None
    grenscontext: bool = False
    arbeid: bool = False
    slachtoffer: bool = False
    draagt: bool = False
    overeenkomst_sterk: int = Field(default=0, ge=0, le=100)
    overeenkomst_middel: int = Field(default=0, ge=0, le=100)
    organisaties: int = Field(default=0, ge=0, le=1000)
    beoordeeld: bool = False
    vrijgegeven_aan: list[Organisation] = Field(default_factory=list, max_length=20)
    vier_ogen: bool = False
    fase_2_open: bool = False
    criteria_vastgelegd: bool = False
    aan_mij_herversleuteld: bool = False
    advies_commissie: bool = False
    toestemming_verstrekker: bool = False


class Bron(Message):
    """AuthZEN resource: `voorbeeld` (described here), `signaal` (an own stored one, by its number) or `geen` (about nothing stored)."""

    type: Literal["voorbeeld", "signaal", "geen"]
    id: Code
    properties: VoorbeeldSignaal | None = None

    @model_validator(mode="after")
    def _one_way_of_saying(self) -> Self:
        if self.properties is not None and self.type != "voorbeeld":
            raise ValueError(
                _("Alleen een voorbeeld heeft eigenschappen; een eigen signaal noemt u bij zijn nummer.")
            )
        if self.type == "signaal" and _uuid(self.id) is None:
            raise ValueError(_("Het nummer van een signaal is een UUID."))
        return self


class Omstandigheden(Message):
    """AuthZEN context: why and how is asked or done."""

    doel: Code
    zaaknummer: CaseNumber | None = None
    reden: Code | None = None
    grondslag: Code | None = None
    gevraagd_sterk: int = Field(default=0, ge=0, le=100)
    gevraagd_middel: int = Field(default=0, ge=0, le=100)
    grof: bool = Field(default=False, description="Aantal en periode komen alleen grof op het scherm (C17).")
    opgeteld: bool = Field(default=False, description="Alleen opgetelde aantallen (C11).")
    gemaskeerd: bool = Field(default=False, description="De betrokkene is gemaskeerd (C12).")
    dossier_geopend_tot: date | None = None
    identiteit_gecontroleerd: bool = False
    acuut_gevaar: bool = False
    noodopening: bool = False


class Beslisvraag(Message):
    """`POST /access/v1/evaluation` (AuthZEN Authorization API 1.0): may this officer do this?"""

    subject: Onderwerp
    action: Handeling
    resource: Bron
    context: Omstandigheden


class BeslisvraagDeel(Message):
    """One of several questions; what it leaves out is that of all together."""

    subject: Onderwerp | None = None
    action: Handeling | None = None
    resource: Bron | None = None
    context: Omstandigheden | None = None


class BeslisvragenOpties(Message):
    """How the list ends."""

    evaluations_semantic: Literal["execute_all", "deny_on_first_deny", "permit_on_first_permit"] = Field(
        default="execute_all", alias="evaluations_semantic"
    )


class Beslisvragen(BeslisvraagDeel):
    """`POST /access/v1/evaluations`: several questions of one officer at once. Without `evaluations` it is a single question."""

    evaluations: list[BeslisvraagDeel] = Field(default_factory=list, max_length=60)
    options: BeslisvragenOpties = BeslisvragenOpties()

    @model_validator(mode="after")
    def _each_is_whole_and_of_one_officer(self) -> Self:
        asked = self.questions()
        if len({one.subject.id for one in asked}) > 1:
            raise ValueError(_("Alle vragen in één verzoek zijn van dezelfde medewerker."))
        return self

    def questions(self) -> list[Beslisvraag]:
        """Each question in full: what it leaves out is the default of all."""
        parts = self.evaluations or [BeslisvraagDeel()]
        return [self._whole(one) for one in parts]

    def _whole(self, part: BeslisvraagDeel) -> Beslisvraag:
        subject, action = part.subject or self.subject, part.action or self.action
        resource, context = part.resource or self.resource, part.context or self.context
        if subject is None or action is None or resource is None or context is None:
            raise ValueError(_("Elke vraag noemt subject, action, resource en context, zelf of bovenaan."))
        return Beslisvraag(subject=subject, action=action, resource=resource, context=context)


class BeslisReden(Message):
    """Why not, and how to get there. `over` says about whom: the one who asks, or the signal that the caller described."""

    code: str
    zin: str
    weg: str
    over: Literal["vrager", "signaal"]


class BeslisGrondslag(Message):
    """A record of the register of grounds on which a decision rests."""

    id: str
    code: str
    artikel: str
    taak: str
    besluitstuk: str
    vastgesteld_door: str
    vastgesteld_op: date
    partijen: bool = Field(
        description="Waar als de grondslag alleen tussen partijen geldt, zoals die van een samenwerkingsverband."
    )


class BeslisUitleg(Message):
    """AuthZEN context of a decision. `reason_user` and `reason_admin` are per language, and only with a denial."""

    reason_user: dict[str, str] | None = Field(default=None, alias="reason_user")
    reason_admin: dict[str, str] | None = Field(default=None, alias="reason_admin")
    redenen: list[BeslisReden]
    grondslagen: list[BeslisGrondslag]
    voorwaarden: list[str] = Field(description="Codes van voorwaarden die gelden, zoals C17.")
    regels: list[str]
    beleid: str = Field(description="Vingerafdruk van de regels die beslisten.")
    logbewijs: Logbewijs


class Beslissing(Message):
    """Yes or no, with why."""

    decision: bool
    context: BeslisUitleg


class Beslissingen(Message):
    """Answer to several questions, in their order; shorter where the semantic ended it."""

    evaluations: list[Beslissing]


class BeslispuntGegevens(Message):
    """`GET /.well-known/authzen-configuration`: where the decision point listens."""

    policy_decision_point: str = Field(alias="policy_decision_point")
    access_evaluation_endpoint: str = Field(alias="access_evaluation_endpoint")
    access_evaluations_endpoint: str = Field(alias="access_evaluations_endpoint")


class Herinnering(Message):
    """Something that waits: a code, how many, since when it was noticed, and in words what it is and what to do now."""

    soort: Code
    aantal: int
    sinds: datetime
    wat: str
    wat_nu: str


class Herinneringen(Message):
    """`GET /v1/herinneringen`, at the register's own pages and at a node: what waits for this person."""

    herinneringen: list[Herinnering]


LONGEST_ADVICE = 2000

_Mark = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$", description="Kenmerk van het gelezen verschil.")]


def _prose(text: str) -> str:
    if not text.strip() or not text.replace("\r", "").replace("\n", "").isprintable():
        raise ValueError(_("Schrijf gewone tekst, zonder stuurtekens."))
    return text


class Advies(Message):
    """`POST /v1/beleid/voorstellen/{nummer}/adviezen`: what the FG who acts advises; about rules, so without persons."""

    bezwaar: bool
    toelichting: Annotated[str, Field(min_length=3, max_length=LONGEST_ADVICE), AfterValidator(_prose)]


class Goedkeuring(Message):
    """`POST /v1/beleid/voorstellen/{nummer}/goedkeuringen`: the second mandate; the mark says which difference was read."""

    kenmerk: _Mark


class VoorstelGezet(Message):
    """A step that was taken: its number."""

    nummer: int
    logbewijs: Logbewijs


class VoorstelStap(Message):
    """A step on record; `deur` is `sessie` or `node` for what somebody did in person, absent for what the register's administrator recorded."""

    nummer: int
    stap: str
    op: datetime
    organisatie: str
    rol: str
    bezwaar: bool | None = None
    toelichting: str | None = None
    deur: str | None = None


class VoorstelKort(Message):
    """A proposal in a list; `stand`: voorgesteld, geadviseerd, bezwaar, goedgekeurd or geldt."""

    nummer: int
    hash: str
    besluitstuk: str
    op: datetime
    stand: str


class BeleidTerug(Message):
    """What going back would do: the step that it undoes, the set that would be in force, and the organisations that agreed so far."""

    stap: int
    hash: str
    akkoord: list[str]


class Beleid(Message):
    """`GET /v1/beleid`: the policy set in force, what is proposed, and what going back would do.

    `beslist`: false where the set in force decides nothing, so that everything is refused but going back.
    """

    hash: str
    sinds: datetime | None = None
    beslist: bool
    voorstellen: list[VoorstelKort]
    terug: BeleidTerug | None = None


class VerschilCel(Message):
    """A cell or an action that opens or closes, with an example in words."""

    rol: str
    doel: str
    wat: str
    zin: str
    regels: list[str]


class VoorstelVerschil(Message):
    """What a proposal changes; `nagerekend` says what recorded questions come to under it."""

    ruimer: list[VerschilCel]
    strenger: list[VerschilCel]
    teksten: list[str]
    nagerekend: list[str]


class Voorstel(Message):
    """`GET /v1/beleid/voorstellen/{nummer}`: a proposal to read."""

    nummer: int
    hash: str
    besluitstuk: str
    besloten_door: str
    op: datetime
    stand: str
    kenmerk: str
    verschil: VoorstelVerschil
    stappen: list[VoorstelStap]
    bezwaar_open: bool


class Leescel(Message):
    """One cell of the reading table."""

    doel: str
    veld: str
    mag: bool
    grondslag: str | None = None
    voorwaarden: list[str]
    uitleg: str | None = None


class Leestabel(Message):
    """`GET /v1/beleid/voorstellen/{nummer}/leestabel`: what one role would see under the proposed set."""

    rol: str
    cellen: list[Leescel]


# ---- berichten, attenderingen, and signals that are looked at again (ADR 45) -------------------------------


class Hervraging(Message):
    """`POST /v1/signalen/{signaalId}/bevragingen`: "elders gezien?" with an own signal; no pseudonym comes in."""

    organisatie: Organisation


class SignaalBevestigen(Message):
    """`POST /v1/signalen/{signaalId}/bevestigingen`: its owner says that a signal is still true."""

    organisatie: Organisation


class SignaalBevestigd(Message):
    """Answer to that."""

    signaal_id: UUID
    telt_mee_tot: date = Field(
        description="De eerste dag waarop het niet meer meetelt zonder nieuwe bevestiging."
    )
    logbewijs: Logbewijs


class Bericht(Message):
    """That something waits: what kind, and the id of what it is about. No content."""

    soort: Code
    over_id: UUID
    klaar_op: datetime


class BerichtSoort(Message):
    """The notices of one kind together, in words."""

    soort: Code
    aantal: int
    wat: str
    wat_nu: str


class Berichten(Message):
    """`GET /v1/berichten`: what waits for the role of this person."""

    berichten: list[Bericht]
    soorten: list[BerichtSoort]
    logbewijs: Logbewijs


class BerichtAfhandelen(Message):
    """`POST /v1/berichten/afhandelingen`: somebody of the role has read this."""

    soort: Code
    over_id: UUID


class BerichtGelezen(Message):
    """Answer to that."""

    soort: Code
    over_id: UUID
    logbewijs: Logbewijs


class BerichtKlaar(Message):
    """That something became visible at a moment, for a role."""

    rol: Code
    klaar_op: datetime


class BerichtenStand(Message):
    """`GET /v1/berichten/stand`: for a node that sends e-mail; no number, and nothing of what."""

    klaar: list[BerichtKlaar]


class Attendering(Message):
    """`POST /v1/attenderingen`: a standing question on an own signal or on a treffer, on purpose, with a reason and a term."""

    organisatie: Organisation
    over: Literal["signaal", "treffer"]
    over_id: UUID
    reden: Code
    dagen: int = Field(ge=0, le=1000)
    uitdrukkelijk: bool = False


class AttenderingStand(Message):
    """A standing question and how it stands."""

    attendering_id: UUID
    over: str
    over_id: UUID
    reden: str
    medewerker: OfficerId
    gezet_op: datetime
    eindigt_op: date
    stand: Literal["loopt", "voorbij", "beeindigd"]


class AttenderingGedaan(AttenderingStand):
    """Answer to setting or ending one."""

    logbewijs: Logbewijs


class AttenderingLijst(Message):
    """`GET /v1/attenderingen`: those of the own role."""

    attenderingen: list[AttenderingStand]
    logbewijs: Logbewijs


class BeheerOrganisatie(Message):
    """An organisation that stands in the records."""

    organisatie: str
    naam: str
    deelnemer: bool = Field(description="Waar als zij vandaag meedoet.")


class BeheerMandaat(Message):
    """A mandate of the own organisation, and whether it counts today (C2)."""

    medewerker: str
    rol: str
    geldig_van: date
    geldig_tot: date
    opgeleid_op: date | None = None
    gescreend_op: date | None = None
    geldt: bool
    let_op: list[str] = Field(default_factory=list, description="Waarom het niet telt, of bijna niet meer.")
    wat_nu: list[str] = Field(default_factory=list)


class BeheerGrondslag(Message):
    """A ground on which the own organisation works."""

    id: str
    code: str
    artikel: str
    taak: str
    geldig_van: date
    geldig_tot: date
    besluit: str
    besloten_door: str
    geldt: bool


class BeheerOverzicht(Message):
    """`GET /v1/beheer` (functioneel_beheerder): who takes part, and the own mandates and grounds."""

    organisaties: list[BeheerOrganisatie]
    mandaten: list[BeheerMandaat]
    grondslagen: list[BeheerGrondslag]
    logbewijs: Logbewijs


class MandaatVoorstel(Message):
    """`POST /v1/beheer/mandaten` (functioneel_beheerder): a mandate of the own organisation, proposed; a second functioneel beheerder decides."""

    medewerker: OfficerId
    rol: Code
    geldig_van: date
    geldig_tot: date
    opgeleid_op: date
    gescreend_op: date
    besluitstuk: Annotated[str, Field(max_length=200)]
    besloten_door: Annotated[str, Field(max_length=200)]


class MandaatEinde(Message):
    """`POST /v1/beheer/mandaten/beeindigingen` (functioneel_beheerder): a mandate of the own organisation ends, at once or later."""

    medewerker: OfficerId
    rol: Code
    op: date | None = Field(default=None, description="Eerste dag zonder mandaat; leeg: vandaag.")
    besluitstuk: Annotated[str, Field(max_length=200)]
    besloten_door: Annotated[str, Field(max_length=200)]


class MandaatBeeindigd(Message):
    """It ends: the last day on which it counts."""

    laatste_dag: date
    logbewijs: Logbewijs


class GrondslagVoorstel(Message):
    """`POST /v1/beheer/grondslagen` (functioneel_beheerder): a ground, proposed; an FG advises, and another functioneel beheerder decides."""

    code: Annotated[str, Field(max_length=16)]
    artikel: Annotated[str, Field(max_length=200)]
    taak: Annotated[str, Field(max_length=200)]
    geldig_van: date
    geldig_tot: date
    besloten_op: date
    besluitstuk: Annotated[str, Field(max_length=200)]
    besloten_door: Annotated[str, Field(max_length=200)]
    verband: Code | None = Field(
        default=None, description="Samenwerkingsverband of convenant; leeg: van de eigen organisatie alleen."
    )
    doelen: list[Code] = Field(
        default_factory=list, max_length=10, description="Leeg: alle doelen van de code."
    )


class GrondslagEinde(Message):
    """`POST /v1/beheer/grondslagen/beeindigingen` (functioneel_beheerder): the end of a ground of the own organisation alone, proposed."""

    grondslag: Code
    op: date | None = Field(default=None, description="Eerste dag zonder; leeg: de dag van de goedkeuring.")
    besluitstuk: Annotated[str, Field(max_length=200)]
    besloten_door: Annotated[str, Field(max_length=200)]


class VastleggingAdvies(Message):
    """`POST /v1/beheer/vastleggingen/{vastleggingId}/adviezen`: what the FG who acts advises; about rules, so without persons."""

    bezwaar: bool
    toelichting: Annotated[str, Field(min_length=3, max_length=LONGEST_ADVICE), AfterValidator(_prose)]


class VastleggingAntwoord(Message):
    """`POST /v1/beheer/vastleggingen/{vastleggingId}/antwoorden` (functioneel_beheerder): the written answer to an objection, and its document."""

    besluitstuk: Annotated[str, Field(max_length=200)]
    toelichting: Annotated[str, Field(min_length=3, max_length=LONGEST_ADVICE), AfterValidator(_prose)]


class VastleggingIntrekking(Message):
    """`POST /v1/beheer/vastleggingen/{vastleggingId}/intrekkingen` (functioneel_beheerder): a proposal is off, and why."""

    toelichting: Annotated[str, Field(min_length=3, max_length=LONGEST_ADVICE), AfterValidator(_prose)]


class VastleggingGedaan(Message):
    """A proposal that was made, or a step on one; `stand` as in `VastleggingKort`."""

    vastlegging_id: UUID
    stand: str
    logbewijs: Logbewijs


class VastleggingStap(Message):
    """What somebody did: `stap` is voorstel, advies, antwoord, goedkeuring or intrekking; `deur` is sessie or node."""

    stap: str
    op: datetime
    organisatie: str
    medewerker: str | None = Field(default=None, description="Alleen van de eigen organisatie.")
    deur: str
    bezwaar: bool | None = None
    besluitstuk: str | None = None
    toelichting: str | None = None


class VastleggingKort(Message):
    """A proposal in a list; `soort`: mandaat, grondslag or grondslag_einde; `stand`: wacht_op_advies, bezwaar, wacht_op_tweede, vastgelegd or ingetrokken."""

    vastlegging_id: UUID
    soort: str
    stand: str
    wat: str = Field(description="Rol en schuilnaam, of de naam van de grondslag.")
    organisatie: str
    op: datetime
    wacht_op_u: bool = Field(description="Waar als u nu iets kunt doen.")


class Vastlegging(Message):
    """`GET /v1/beheer/vastleggingen/{vastleggingId}` (functioneel_beheerder or fg of a party)."""

    vastlegging_id: UUID
    soort: str
    stand: str
    wat: str
    organisatie: str
    op: datetime
    partijen: list[str]
    besluitstuk: str
    besloten_door: str
    mandaat: BeheerMandaat | None = None
    grondslag: BeheerGrondslag | None = None
    verband: str | None = None
    doelen: list[str] = Field(default_factory=list)
    besloten_op: date | None = None
    laatste_dag: date | None = None
    wacht_op: list[str] = Field(
        description="Organisaties waarvan iemand nog moet goedkeuren: namen op bladzijden."
    )
    stappen: list[VastleggingStap]
    mag: list[str] = Field(
        description="Wat u nu kunt doen: adviseren, beantwoorden, goedkeuren of intrekken."
    )
    waarom_niet: str | None = Field(default=None, description="Waarom u niet over dit voorstel beslist.")
    logbewijs: Logbewijs


class VastleggingLijst(Message):
    """`GET /v1/beheer/vastleggingen` (functioneel_beheerder or fg): the proposals to which the own organisation is a party, newest first."""

    vastleggingen: list[VastleggingKort]
    logbewijs: Logbewijs


class AccountMaken(Message):
    """`POST /v1/accounts` (functioneel_beheerder): an account at this register for somebody of the own organisation with a mandate."""

    medewerker: OfficerId
    rol: Code
    naam: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9.-]{2,39}$",
            description="Waarmee deze persoon zich aanmeldt; de code van de organisatie komt erachter.",
        ),
    ]


class AccountNaam(Message):
    """`POST /v1/accounts/wachtwoorden`, `/blokkades`, `/afmeldingen` and `/beeindigingen` (functioneel_beheerder): of whom."""

    naam: Annotated[str, Field(min_length=1, max_length=64)]


class EersteWachtwoord(Message):
    """An account with a first password, shown this once; until then the person chooses an own one."""

    naam: str
    wachtwoord: str = Field(repr=False)
    geldig_tot: datetime
    logbewijs: Logbewijs


class AccountGedaan(Message):
    """Done."""

    naam: str
    logbewijs: Logbewijs


class RegisterAccount(Message):
    """An account at this register, of the own organisation."""

    naam: str
    medewerker: str
    rol: str
    tweede_stap: bool
    aangemeld: int = Field(description="Op hoeveel plekken nu.")
    eerste_wachtwoord_tot: datetime | None = Field(
        default=None, description="Zolang er geen eigen wachtwoord is."
    )
    geblokkeerd: bool
    mandaat_geldt: bool
    eigen: bool = Field(description="Van wie vraagt.")


class AccountKeuze(Message):
    """Somebody with a mandate for whom an account can be made."""

    medewerker: str
    rol: str


class AccountLijst(Message):
    """`GET /v1/accounts` (functioneel_beheerder): the accounts of the own organisation, and who can get one."""

    accounts: list[RegisterAccount]
    keuzes: list[AccountKeuze]
    logbewijs: Logbewijs


class GezondheidTaak(Message):
    """A job of the register and how it stands."""

    taak: str
    wat: str
    goed: bool
    laatst_gelukt: datetime | None = None
    sinds: datetime | None = Field(default=None, description="Sinds wanneer het niet goed gaat.")
    keren_mislukt: int


class Gezondheid(Message):
    """`GET /v1/beheer/gezondheid` (functioneel_beheerder): how the register is, in sentences."""

    werkt: bool
    op: datetime
    belemmeringen: list[str] = Field(description="Wat het werken belet.")
    zorgen: list[str] = Field(description="Waar een mens naar moet kijken.")
    taken: list[GezondheidTaak]
    logbewijs: Logbewijs


UNKNOWN_FIELD = "onbekend-veld"
"""Stands in a log for a field name that is not ours."""

_MODELS: tuple[type[Message], ...] = (*Message.__subclasses__(), Beslisvragen)
_OURS = frozenset(field.alias or name for model in _MODELS for name, field in model.model_fields.items()) | {
    *HEADERS.values(),
    "Zaaknummer, Reden, Grondslag",
    IDEMPOTENCY_HEADER,
    IDEMPOTENCY_HEADER.lower(),
    "body",
}


def known_field(path: str) -> bool:
    """Whether a field's path is made of names of these messages and of positions; anything else a caller may have made up."""
    return all(
        part in _OURS or (part.isascii() and part.isdigit() and len(part) < 4) for part in path.split(".")
    )


# ---- the network of a case (register.central.connecting, asserting) ------------------------------------------------------


class SubjectVerwijzing(Message):
    """A subject of a signal, as far as this reader may know of it."""

    signaal_id: UUID
    ref: str = Field(min_length=1, max_length=8)


class Binding(Message):
    """Why two subjects are one person."""

    een: SubjectVerwijzing
    ander: SubjectVerwijzing
    reden: str


class Knoop(Message):
    """A node of a network; its number counts within this network and means nothing outside it."""

    knoop: str = Field(description="Soort en nummer, zoals persoon-1.")
    soort: str
    label: str
    signalen: list[SubjectVerwijzing] = Field(
        default_factory=list, description="Van een persoon of organisatie: uit welke signalen."
    )
    bindingen: list[Binding] = Field(
        default_factory=list, description="Waarom die signalen over één persoon gaan, zoveel als nodig is."
    )
    personen: int | None = Field(
        default=None, description="Van een gedeeld kenmerk: hoeveel personen het hebben."
    )
    gedeeld: bool = Field(description="Veel personen hebben dit kenmerk; de opmerking zegt hoeveel.")
    opmerking: str | None = Field(
        default=None, description="Wat erbij gezegd moet worden, zoals 'gedeeld nummer'."
    )
    stap: int = Field(description="Stappen vanaf het begin van de zaak; 0 is het begin.")
    via: str | None = Field(default=None, description="De knoop waarlangs deze erbij kwam.")
    waardoor: str | None = Field(default=None, description="De reden van die stap.")
    knooppunt: bool = Field(description="Langs deze knoop lopen veel verbindingen. Dat is geen oordeel.")
    stempel: str = Field(description="Waarvan de knoop is gemaakt: wie hem bij nummer noemt, zegt dit erbij.")


class Verband(Message):
    """A line between two nodes, with its reason."""

    van: str
    naar: str
    soort: str = Field(description="draagt, samen_gezien, samen_gemeld of mogelijk_dezelfde.")
    bindt: bool = Field(description="Onwaar is context of een vraag: dan neemt het niemand mee in een groep.")
    brug: bool = Field(description="Zonder dit verband valt de groep uiteen.")
    weg: bool = Field(description="Langs dit verband kwam een knoop erbij.")
    reden: str
    signalen_geteld: int
    gemeenten: list[str]
    eerste: str | None = None
    laatste: str | None = None


class Groep(Message):
    """Persons that hang together."""

    personen: list[str]
    nakijken: str | None = Field(default=None, description="Waarom een mens dit nakijkt voor een overdracht.")


class Maten(Message):
    """Counts of the network as a whole; never of a person."""

    verbanden: int
    bruggen: int
    vragen: int
    tegenstrijdig: int
    gedeeld: int
    nakijken: int
    waarschuwingen: list[str]


class Verklaring(Message):
    """What somebody said about two subjects of this case."""

    verklaring_id: UUID
    soort: str
    een: SubjectVerwijzing
    ander: SubjectVerwijzing
    reden: str
    organisatie: str
    rol: str
    medewerker: str | None = Field(default=None, description="Van de eigen organisatie.")
    gemaakt: datetime
    ingetrokken: datetime | None = None
    reden_intrekking: str | None = None


class Netwerk(Message):
    """`GET /v1/dossiers/{trefferId}/netwerk`: who and what hangs together in a case, each line with its reason."""

    treffer_id: UUID
    fase_2: str
    knopen: list[Knoop]
    verbanden: list[Verband]
    groepen: list[Groep]
    maten: Maten
    verklaringen: list[Verklaring]
    afgekapt: bool = Field(description="Waar als er meer is dan in één beeld past.")
    waarom: list[WaaromVeld] = Field(
        default_factory=list, description="Van elk veld dat u ziet: grondslag, voorwaarden en regel."
    )
    logbewijs: Logbewijs


class Waarneming(Message):
    """Where and when one signal was."""

    gemeente: str
    week: str
    signaal_id: UUID | None = Field(default=None, description="Van een waarneming: uit welk signaal.")


class Verblijf(Message):
    """Signals in one place until the next; several places of one week stand together."""

    gemeenten: list[str]
    eerste: str
    laatste: str
    signalen: int


class Metgezel(Message):
    """Another person of this case who was in the same places in the same weeks."""

    knoop: str
    label: str
    samen: list[Waarneming]


class SpoorPersoon(Message):
    """The movement of one person."""

    knoop: str
    label: str
    waarnemingen: list[Waarneming]
    verblijven: list[Verblijf]
    metgezellen: list[Metgezel] = Field(
        default_factory=list,
        description="Wie in deze zaak op minstens vier plekken en weken hetzelfde gezien is.",
    )


class Spoor(Message):
    """`GET /v1/dossiers/{trefferId}/spoor`: where and when each person of a case was seen: A, B, C."""

    treffer_id: UUID
    fase_2: str
    personen: list[SpoorPersoon]
    waarom: list[WaaromVeld] = Field(
        default_factory=list, description="Van elk veld dat u ziet: grondslag, voorwaarden en regel."
    )
    logbewijs: Logbewijs


class WaaromPad(Message):
    """`GET /v1/dossiers/{trefferId}/waarom`: the lines between two nodes, each with its reason."""

    treffer_id: UUID
    van: str
    naar: str
    verbonden: bool = Field(description="Onwaar als er geen weg is, of alleen een weg langs context.")
    pad: list[Verband]
    logbewijs: Logbewijs


class Paar(Message):
    """Two subjects of two signals."""

    een: SubjectVerwijzing
    ander: SubjectVerwijzing


class VerklaringMaken(Message):
    """`POST /v1/dossiers/{trefferId}/verklaringen`: that pairs are the same person, or are not."""

    soort: Literal["zelfde", "niet_dezelfde"]
    paren: list[Paar] = Field(min_length=1, max_length=60)
    reden: Code


class VerklaringIntrekken(Message):
    """`POST .../verklaringen/{verklaringId}/intrekkingen`."""

    reden: Code


class VerklaringVastgelegd(Message):
    """What was recorded, or withdrawn."""

    treffer_id: UUID
    verklaringen: list[UUID]
    logbewijs: Logbewijs


# ---- sealed releases and the keys of their recipients (docs/spec/sealed-release.md) ----------------------------------------


class Ontvangstsleutel(Message):
    """A key to which others may seal for an organisation: the newest verklaring of it, as that organisation signed it."""

    organisatie: Organisation
    versie: int
    verklaring: str = Field(max_length=2000, description="C2SP-notitie van de organisatie zelf.")
    rollen: list[str] = Field(description="Rollen met een mandaat die daar een zegel mogen ontvangen.")


class OntvangstsleutelLijst(Message):
    """`GET /v1/ontvangstsleutels`. What was served stands in the entry of the request, by digest."""

    sleutels: list[Ontvangstsleutel]
    logbewijs: Logbewijs


class Ontvanger(Message):
    """The one recipient of a zegel (C14): an organisation and a role there, and one officer if one is named."""

    organisatie: Organisation
    rol: Code
    medewerker: OfficerId | None = None


class ZegelVeld(Message):
    """One field that leaves, by kind and never by value, with the ground on which it does."""

    veld: Code = Field(description="verhaal, of de soort van een kenmerk.")
    grondslag: Code


class TweedePersoon(Message):
    """The other of four eyes at the owner (C5): who proposed what the acting person approves."""

    medewerker: OfficerId
    rol: Code


class ZegelVrijgave(Message):
    """`POST /v1/zegels`: an owner releases its narrative and chosen attributes to one recipient, sealed; the register cannot open it."""

    organisatie: Organisation
    vrijgave_id: UUID
    signaal_id: UUID
    versie: int = Field(ge=1)
    treffer_id: UUID | None = None
    ontvanger: Ontvanger
    tweede: TweedePersoon
    velden: list[ZegelVeld] = Field(min_length=1, max_length=400)
    sleutel: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="Kenmerk van de ontvangstsleutel.")]
    bewaren_tot: date = Field(description="Eerste dag waarop ook de ontvanger het niet meer heeft.")
    zegel: Annotated[Base64Url, Field(max_length=LARGEST_ZEGEL)] = Field(repr=False)


class ZegelStand(Message):
    """A release as its owner or its recipient sees it; never what is in it."""

    vrijgave_id: UUID
    organisatie: str
    signaal_id: UUID
    versie: int
    ontvanger: Ontvanger
    velden: list[ZegelVeld]
    sleutel: str
    vrijgegeven_op: datetime
    vervalt_op: date = Field(description="Eerste dag waarop het niet meer is op te halen.")
    bewaren_tot: date
    opgehaald_op: datetime | None = None
    teruggehaald_op: datetime | None = None


class ZegelGedaan(ZegelStand):
    """The same, after it was released or recalled."""

    logbewijs: Logbewijs


class ZegelLijst(Message):
    """`GET /v1/zegels`: what waits for this role (`richting=in`), or what the own organisation released (`richting=uit`)."""

    zegels: list[ZegelStand]
    logbewijs: Logbewijs


class ZegelOpgehaald(ZegelStand):
    """`POST /v1/zegels/{vrijgaveId}/ophalingen`: the zegel, for its recipient."""

    zegel: Annotated[Base64Url, Field(max_length=LARGEST_ZEGEL)] = Field(repr=False)
    logbewijs: Logbewijs


class UitsluitingMaken(Message):
    """`POST /v1/dossiers/{trefferId}/uitsluitingen`: what this node stands for ties nobody from now on."""

    knoop: str = Field(
        pattern=r"^[a-z]{3,20}-[0-9]{1,6}$",
        description="Een telefoon, e-mail, account, kenteken, pand of organisatie in het netwerk.",
    )
    stempel: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$", description="Van die knoop, zoals u hem zag.")]
    soort: Code = Field(description="hotel, opvang, azc, zorgnummer, overheidsnummer of postadres.")
    hercontrole: date = Field(description="De dag waarop de eigenaar opnieuw kijkt, binnen een jaar.")


class Uitsluiting(Message):
    """One entry of the exclusion register. It names no value."""

    uitsluiting_id: UUID
    soort: str
    kenmerk: str = Field(description="Wat voor kenmerk het is, zoals telefoon of pand.")
    eigenaar: str
    hercontrole: date
    te_laat: bool = Field(description="Waar als de eigenaar al opnieuw had moeten kijken.")
    logbewijs: Logbewijs | None = None


class UitsluitingLijst(Message):
    """`GET /v1/uitsluitingen`: the entries of the own organisation."""

    uitsluitingen: list[Uitsluiting]
    logbewijs: Logbewijs


class UitsluitingBeeindigd(Message):
    """`POST /v1/uitsluitingen/{uitsluitingId}/beeindigingen`."""

    uitsluiting_id: UUID
    logbewijs: Logbewijs
