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
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError
from pydantic.alias_generators import to_camel

from pseudonymisation.base64url import decode, encode
from pseudonymisation.blinding import BATCH_SIZES
from pseudonymisation.receipts import LONGEST_NOTE


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
MOST_SUBJECTS = 20


class Message(BaseModel):
    """Strict: unknown fields are refused, values do not change."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, str_max_length=4000
    )


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
    logbewijs: Logbewijs


class TrefferOverzicht(Message):
    """A treffer that waits for an aandachtsfunctionaris of a party. A field that policy does not open is absent."""

    treffer_id: UUID
    gevonden_op: date
    vervalt_op: date
    onze_rol: Literal["vrager", "melder"]
    zaaknummer: str | None = Field(default=None, description="Alleen voor de organisatie die vroeg.")
    onze_signalen: list[UUID] = Field(default_factory=list)
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


class TrefferLijst(Message):
    """`GET /v1/treffers` (aandachtsfunctionaris, for the own organisation)."""

    treffers: list[TrefferOverzicht]
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


class Noodopening(Message):
    """`POST /v1/noodopeningen`: in acute danger, whom to call at the other organisations of a treffer (C9); the ground in the headers is one of G-VIT."""

    organisatie: Organisation
    treffer_id: UUID
    gevaar: Code = Field(description="Welk acuut gevaar er is: een code uit de lijst.")


class Contact(Message):
    """Whom to call at one organisation."""

    organisatie: str
    naam: str
    bereikbaar: str


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


class Dossier(Message):
    """`GET /v1/dossiers/{trefferId}`: linked signals in the order in which they were observed."""

    treffer_id: UUID
    fase_2: str
    besluit_id: UUID | None = None
    route: list[str] = Field(description="Plaatsen in volgorde van tijd: A, B, C.")
    signalen: list[DossierRegel]
    niet_bekeken: list[str] = Field(default_factory=list)
    logbewijs: Logbewijs


class DossierOverzicht(Message):
    """One treffer that TMM may look at."""

    treffer_id: UUID
    gevonden_op: date
    vervalt_op: date
    aantal_gemeenten: str | None = None
    fase_2: str


class DossierLijst(Message):
    """`GET /v1/dossiers`: for the coordinator treffers with signals of two or more organisations, for the analyst those with a decision on phase 2."""

    dossiers: list[DossierOverzicht]
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


UNKNOWN_FIELD = "onbekend-veld"
"""Stands in a log for a field name that is not ours."""

_OURS = frozenset(
    field.alias or name for model in Message.__subclasses__() for name, field in model.model_fields.items()
) | {
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
