# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node's own interface, version 1: what an inspector's form, the command line or a municipality's own system sends.

Here, and only here, identities are typed. JSON in Dutch camelCase; unknown fields are refused. Answers of the register are passed on in
its own words (`register.wire`). Specification: docs/spec/node-api.md.
"""

from datetime import date, datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationError

from audit.canonical import base64_bytes
from audit.merkle import HASH_SIZE
from audit.tlog_proof import LARGEST
from process.language import gettext as _
from register.municipal.limits import LARGEST_BATCH, LARGEST_NUMBER, NARRATIVE_LENGTH, ROW_LIMIT
from register.municipal.receipts import Break
from register.wire import (
    ActingFor,
    Antwoord,
    CaseNumber,
    Code,
    GrondslagOverzicht,
    Inzageantwoord,
    Logbewijs,
    Message,
    Ontvanger,
    Organisation,
    SignaalIngediend,
    Soort,
    Sporen,
)


def _no_free_text(_value: object) -> object:
    raise ValueError(
        _(
            "Vrije tekst kan niet mee: die kan namen bevatten. Kies aanwijzingen, en houd uw verslag in uw eigen dossier."
        )
    )


def _hash(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError(_("een hash is tekst"))  # noqa: TRY004 - pydantic takes a ValueError as a refusal
    return base64_bytes(value, size=HASH_SIZE)


Refused = Annotated[None, BeforeValidator(_no_free_text)]


ProofText = Annotated[str, Field(min_length=1, max_length=60_000, pattern=r"^[A-Za-z0-9_-]+$")]


class Traced(ActingFor):
    """`ActingFor` with the trace of what is done here (W3C Trace Context), which is a header of its own."""

    traceparent: str = Field(exclude=True)


class SessieAanvraag(Message):
    """`POST /v1/sessies`: log in."""

    organisatie: Organisation | None = Field(
        default=None, description="Alleen nodig als er op deze node meer organisaties werken."
    )
    naam: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,64}$")]
    wachtwoord: str = Field(min_length=1, max_length=256, repr=False)


class Sessie(Message):
    """A session; the token goes in `Authorization: Bearer` of every request."""

    token: str = Field(repr=False)
    verloopt_op: datetime
    medewerker: str
    rol: str
    organisatie: str
    volledig: bool = Field(
        default=True,
        description="Onwaar als hier een tweede stap verplicht is en u er nog geen hebt: dan opent deze sessie alleen `/v1/mijn-aanmelding`.",
    )


class ControleOpenen(Message):
    """`POST /v1/controles`: open a control, in one tap."""

    waarneming_grondslag: Code
    controlesoort: Code
    plaats: Annotated[str, Field(max_length=16, description="Gemeentecode van de plaats van de controle.")]
    gepland: bool = False


class Controle(Message):
    """A control that is open on one day."""

    nummer: str
    waarneming_grondslag: str
    controlesoort: str
    plaats: str
    gepland: bool
    dag: date


class Telling(Message):
    """So many of something, in words."""

    wat: str
    aantal: int


class Maandspiegel(Message):
    """`GET /v1/maandspiegel`: what an organisation did in a month, without anybody in it."""

    maand: str
    bezig: bool = Field(description="De maand is nog niet voorbij.")
    gedaan: list[Telling]
    aflopen: list[Telling]
    geweigerd: list[Telling]
    opmerkingen: list[str]


class ControleSoort(Message):
    """A control that can be opened with nothing more to choose."""

    waarneming_grondslag: str
    controlesoort: str


class ControleLijst(Message):
    """`GET /v1/controles`: the controls of today that you opened, or that are ready for everyone; and the kinds that you usually open."""

    controles: list[Controle]
    gebruikelijk: list[ControleSoort]


class ControleAfloop(Message):
    """A control in which something was asked, and what came of it."""

    controle: str
    medewerker: str = Field(description="Pseudoniem nummer van wie de afloop moet vastleggen.")
    eigen: bool
    dag: date
    uiterlijk: date
    te_laat: bool
    afloop: str | None = None
    gemeld: bool = Field(
        default=False, description="Waar als de afloop in het logboek van het register staat."
    )


class AfloopLijst(Message):
    """`GET /v1/aflopen`: controls without an outcome, oldest first: your own, or for who looks after all of them everybody's."""

    aflopen: list[ControleAfloop]


class AfloopInvoer(Message):
    """`POST /v1/aflopen`: what came of a control, in one tap."""

    controle: CaseNumber
    afloop: Code


class Medewerker(Message):
    """An account, and whether the own street and family name are set; never what they are."""

    naam: str
    rol: str
    straat: bool
    familienaam: bool
    gezet_op: datetime | None = None


class RolWijziging(Message):
    """A role that somebody got by signing in with the account of the provider; without `was` the account was new."""

    naam: str
    was: str | None = None
    nu: str
    op: datetime


class MedewerkerLijst(Message):
    """`GET /v1/medewerkers` (functioneel beheerder)."""

    medewerkers: list[Medewerker]
    rolwijzigingen: list[RolWijziging] = Field(
        default=[],
        description="Wat aanmelden met het gemeenteaccount aan rollen gaf of veranderde, het nieuwste eerst.",
    )


class EigenGegevens(Message):
    """`POST /v1/eigen-gegevens` (functioneel beheerder): becomes keyed digests at once, and is not kept as it is typed."""

    naam: Annotated[str, Field(min_length=1, max_length=64, description="Naam van het account.")]
    straat: Annotated[str, Field(max_length=100)] = Field(default="", repr=False)
    postcodes: list[Annotated[str, Field(max_length=10)]] = Field(
        default_factory=list, max_length=20, repr=False
    )
    familienaam: Annotated[str, Field(max_length=100)] = Field(default="", repr=False)


class Kenmerk(Message):
    """One attribute: as one text, or as named parts (docs/spec/match-keys.md)."""

    soort: Annotated[
        str, Field(min_length=1, max_length=40, description="Zoals phone, document of name_dob.")
    ]
    waarde: str | None = Field(default=None, max_length=500, repr=False)
    velden: dict[Code, Annotated[str, Field(max_length=500)]] | None = Field(
        default=None, max_length=8, repr=False
    )


class BevragingVraag(Message):
    """`POST /v1/bevragingen`: "elders gezien?"."""

    organisatie: Organisation | None = None
    betreft: Soort | None = Field(
        default=None, description="persoon of organisatie; niet ingevuld: afgeleid van de kenmerken."
    )
    kenmerken: list[Kenmerk] = Field(min_length=1, max_length=20)
    doel: Code
    controle: CaseNumber | None = None
    reden: Code = "controle"
    grondslag: Code | None = None


class NietGebruikt(Message):
    """An attribute that took no part in a question, with the reason."""

    soort: str
    reden: str


class UitDocument(Message):
    """What became of the machine-readable lines of one document; kinds and sentences, never a value."""

    gebruikt: list[str] = Field(description="Soorten gegevens die meedoen, zoals naam.")
    niet_gebruikt: list[str] = Field(description="Zinnen: wat niet meedoet, en wat u kunt doen.")


UitDocumenten = Annotated[
    list[UitDocument] | None,
    Field(default=None, description="Wat uit de machineleesbare regels van documenten is gelezen."),
]


class BevragingAntwoord(Antwoord):
    """The register's answer, with what this node read in documents and what it left out of the question."""

    niet_gebruikt: list[NietGebruikt] = Field(
        default_factory=list, description="Kenmerken die niet meededen, met de reden."
    )
    aflopen_te_laat: int = Field(default=0, description="Van hoeveel eigen controles de afloop te laat is.")
    uit_document: UitDocumenten


class Inzageaanvraag(Message):
    """`POST /v1/inzagen`: which questions concerned the person at this desk (C23)."""

    organisatie: Organisation | None = None
    zaaknummer: CaseNumber
    identiteit_gecontroleerd: bool = Field(
        description="Gecontroleerd aan de balie, met alleen de betrokkene erbij, en elk gegeven is daar getoond."
    )
    kenmerken: list[Kenmerk] = Field(min_length=1, max_length=20)


class Inzageoverzicht(Inzageantwoord):
    """The register's answer, with what took no part in it."""

    niet_gebruikt: list[NietGebruikt] = Field(
        default_factory=list, description="Kenmerken die niet meededen, met de reden."
    )


class SubjectInvoer(Message):
    """One person or organisation that a signal is about."""

    soort: Soort | None = None
    rol: Code = "onbekend"
    kenmerken: list[Kenmerk] = Field(min_length=1, max_length=20)


class BeoordelingInvoer(Message):
    """Evaluation; X4 unless someone graded it."""

    bron: Literal["A", "B", "C", "X"] = "X"
    informatie: int = Field(default=4, ge=1, le=4)
    behandeling: Literal["H1", "H2", "H3"] = "H1"


class SignaalInvoer(Message):
    """`POST /v1/signalen`: a whole observation. What leaves the node of it is `register.wire.SignaalIndienen`."""

    organisatie: Organisation | None = None
    subjecten: list[SubjectInvoer] = Field(min_length=1, max_length=20)
    waargenomen: date = Field(description="De datum blijft hier; alleen de week gaat naar het register.")
    waarneming_grondslag: Code
    controlesoort: Code
    uitbuitingsvorm: Code
    aanwijzingen: list[Code] = Field(max_length=40)
    beoordeling: BeoordelingInvoer = BeoordelingInvoer()
    sporen: Sporen = Sporen()
    grenscontext: bool = False
    kwaliteitscontrole: list[Code] = Field(default_factory=list, max_length=10)
    controle: CaseNumber | None = None
    notitie: Refused = Field(
        default=None, description="Wordt altijd geweigerd: vrije tekst kan namen bevatten."
    )
    verhaal: Annotated[str, Field(max_length=NARRATIVE_LENGTH)] | None = Field(
        default=None,
        repr=False,
        description="Blijft verzegeld op deze node en gaat nooit leesbaar naar het register; na twaalf maanden vernietigd.",
    )
    vervangt: UUID | None = Field(
        default=None,
        description="Nummer van het geweigerde signaal waarvoor dit in de plaats komt; het houdt dat nummer.",
    )
    concept: UUID | None = Field(
        default=None, description="Concept waarvan dit het signaal is; het concept verdwijnt."
    )
    corrigeert: UUID | None = Field(
        default=None,
        description="Nummer van het bewaarde signaal waarvan dit een latere versie is (aandachtsfunctionaris).",
    )
    correctie: Code | None = Field(default=None, description="Waarom; alleen en altijd bij `corrigeert`.")


class Wijzigingsverzoek(Message):
    """`POST /v1/wijzigingsverzoeken`: whoever submitted a signal asks for a change of it."""

    signaal_id: UUID
    wens: Code


class WijzigingGevraagd(Wijzigingsverzoek):
    """What was asked, by whom and when."""

    medewerker: str
    op: datetime


class Wijzigingsverzoeken(Message):
    """`GET /v1/wijzigingsverzoeken` (aandachtsfunctionaris): what was asked and not dealt with."""

    verzoeken: list[WijzigingGevraagd]


class Postbus(Message):
    """`GET` and `POST /v1/postbus`: where you get e-mail that something waits; empty for nowhere. It stays at this node."""

    postbus: str | None = Field(default=None, max_length=200)


class Grondslagen(Message):
    """`GET /v1/grondslagen`: the grounds in force today for this organisation, your role and a purpose."""

    grondslagen: list[GrondslagOverzicht]


class DelenVraag(Message):
    """`POST /v1/delen`: "mag ik dit delen?". Nothing in it is about a person or a signal."""

    rol: Code | None = Field(default=None, description="Uw eigen rol als u niets invult.")
    doel: Code = "signalering"
    velden: list[Code] = Field(
        min_length=1, max_length=15, description="Welke gegevens, als velden van de matrix."
    )
    ontvanger: Code | None = Field(
        default=None, description="De rol van de ontvanger, of `buiten`. Leeg: mag ik het zelf zien?"
    )
    zaaknummer: CaseNumber | None = None
    reden: Code = "controle"
    verklaard: list[Code] = Field(
        default_factory=list,
        max_length=40,
        description="Namen van voorwaarden waarvan u zegt dat ze kloppen.",
    )


class Nodig(Message):
    """One condition. `voldaan` is absent where only the reader can say; `verklaard`: the reader did, in the words of `verklaring`."""

    naam: str
    code: str
    eis: str
    verklaring: str
    weg: str
    voldaan: bool | None = None
    verklaard: bool = False


class DelenAntwoord(Message):
    """Yes, yes if, or no, and everything that follows; in sentences that can be read aloud."""

    uitkomst: Literal["ja", "ja_als", "nee"]
    kop: str
    vraag: str
    waarom: list[str]
    grondslagen: list[str]
    nodig: list[Nodig]
    ontvanger: list[str]
    laat_weg: list[str]
    wat_wel: list[str]
    logboek: list[str]
    regels: list[str]
    beleid: str
    nagekeken: bool = Field(
        description="Waar als het register besliste. Anders is dit de algemene uitleg uit de regels."
    )
    logbewijs: Logbewijs | None = None
    bewijsstuk: ProofText | None = Field(
        default=None, description="Stuur dit terug voor de motivatie; het geldt een dag."
    )


class MotivatieVraag(Message):
    """`POST /v1/motivaties` and `POST /v1/motivaties/pdf`: print an answer that was given here."""

    bewijsstuk: ProofText = Field(repr=False)


class Motivatie(Message):
    """The motivation for the case file. It names who asked, and nobody else."""

    moment: datetime
    organisatie: str
    organisatie_naam: str
    medewerker: str
    rol: str
    doel: str
    zaaknummer: str | None = None
    grondslag: str | None = None
    antwoord: DelenAntwoord


class VrijgaveInvoer(Message):
    """`POST /v1/vrijgaven`: release an own signal for phase 2; the node adds what it had sealed."""

    besluit_id: UUID
    signaal_id: UUID


class NoodopeningInvoer(Message):
    """`POST /v1/noodopeningen`: in acute danger, whom to call at the other organisations of a treffer."""

    treffer_id: UUID
    gevaar: Code


class TrefferStapInvoer(Message):
    """`POST /v1/treffers/{trefferId}/stappen`: take a step in a treffer; the register's `TrefferStap` without the organisation."""

    stap: Code
    eerste_actie: Code | None = None
    beoordeling: Code | None = None
    reden: Code | None = None
    uiterlijk: date | None = None
    andere_partij: Organisation | None = None
    melder: Organisation | None = None
    afdoening: Code | None = None


class OverdrachtInvoer(Message):
    """`POST /v1/overdrachten`: hand a treffer that was taken up to an organisation that takes hand-overs."""

    treffer_id: UUID
    aan: Organisation


class IntrekkingInvoer(Message):
    """`POST /v1/intrekkingen`: withdraw an own signal, with a reason."""

    signaal_id: UUID
    reden: Code


class IntrekkingUitkomst(Message):
    """Answer to a withdrawal; `logbewijs` is absent when the signal never reached the register."""

    signaal_id: UUID
    status: Literal["ingetrokken"] = "ingetrokken"
    toelichting: str
    logbewijs: Logbewijs | None = None


class WeigeringVeld(Message):
    """A field that was refused, with the reason."""

    veld: str
    reden: str


class Weigering(Message):
    """Why a signal was refused: the members of the problem document."""

    code: str
    title: str
    detail: str
    weg_vooruit: str
    velden: list[WeigeringVeld]
    regel: str | None = None


class SignaalBewaard(SignaalIngediend):
    """Answer 201: the register's acknowledgement, with what this node read in documents."""

    uit_document: UitDocumenten


class SignaalWacht(Message):
    """Answer 202: the signal is safe on this node and will be sent. Also how a signal of the outbox stands."""

    signaal_id: UUID
    versie: int
    staat: Literal["wacht", "onderweg", "geweigerd", "bewaard"]
    toelichting: str
    medewerker: str
    eigen: bool = Field(description="Waar als u dit signaal zelf invoerde.")
    sinds: datetime
    verloopt_op: date
    volgende_poging: datetime | None = None
    pogingen: int = 0
    misschien_bewaard: bool = Field(
        default=False,
        description="Waar als een eerdere poging kan zijn aangekomen; dan verandert er niets meer.",
    )
    te_verbeteren: bool = Field(
        default=False, description="Waar als het zeker nergens staat: verbeteren of weggooien kan."
    )
    reden: Weigering | None = None
    invoer: UUID | None = None
    uit_document: UitDocumenten


class SignaalTelling(Message):
    """How many signals are in each state."""

    wacht: int
    onderweg: int
    geweigerd: int
    bewaard: int


class SignaalStanden(Message):
    """`GET /v1/signalen`: how the signals of the own organisation stand; of others than the aandachtsfunctionaris their own."""

    signalen: list[SignaalWacht]
    aantallen: SignaalTelling
    volgende: str | None = Field(default=None, description="Geef dit als `na` voor de volgende bladzijde.")


class InzageVraag(Message):
    """`POST /v1/signalen/{signaalId}/inzagen`: open a record, for a reason."""

    reden: Code


class GezienSubject(Message):
    """One subject of a record; `kenmerken` is empty for who may not see them."""

    soort: Soort | None = None
    rol: str
    kenmerken: list[Kenmerk] = Field(default_factory=list, repr=False)


class GezienSignaal(Message):
    """What was typed. Of a signal from before the casebook held everything: its codes only."""

    subjecten: list[GezienSubject]
    waargenomen: date
    waarneming_grondslag: str
    controlesoort: str
    uitbuitingsvorm: str
    aanwijzingen: list[str]
    beoordeling: BeoordelingInvoer | None = None
    sporen: Sporen | None = None
    grenscontext: bool = False
    kwaliteitscontrole: list[str] = Field(default_factory=list)
    controle: str | None = None
    verhaal: str | None = Field(
        default=None, repr=False, description="Alleen voor de aandachtsfunctionaris, zolang het er is."
    )


class InzageRegel(Message):
    """That somebody looked."""

    moment: datetime
    medewerker: str
    rol: str
    reden: str
    met_kenmerken: bool


class Inzage(Message):
    """A record, opened; that it was is kept for thirteen months."""

    signaal_id: UUID
    staat: str
    sinds: datetime
    verloopt_op: date
    medewerker: str
    eigen: bool
    met_kenmerken: bool
    signaal: GezienSignaal
    inzagen: list[InzageRegel] = Field(description="Wie eerder keek; alleen voor de aandachtsfunctionaris.")


class ConceptInvoer(Message):
    """`POST /v1/concepten`: put a form aside; `velden` are its inputs as they were filled in."""

    velden: dict[
        Annotated[str, Field(max_length=60)],
        Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=60)],
    ] = Field(max_length=100, repr=False)


class Concept(Message):
    """One draft; it is gone 24 hours after it was first kept."""

    concept_id: UUID
    gemaakt_op: datetime
    verloopt_op: datetime
    medewerker: str
    eigen: bool


class ConceptInhoud(Concept):
    """One draft with its inputs."""

    velden: dict[str, list[str]] = Field(repr=False)


class ConceptLijst(Message):
    """`GET /v1/concepten`: your drafts; for the aandachtsfunctionaris all of the organisation."""

    concepten: list[Concept]


class Logbreuk(Message):
    """A checkpoint that does not extend the one before it, or (`klok`) two receipts in the wrong order; the two signed notes are the evidence."""

    soort: Break
    omvang: int
    vorige_omvang: int
    gezien_op: datetime
    controlepunt: Annotated[str, Field(max_length=LARGEST)]
    vorig_controlepunt: Annotated[str, Field(max_length=LARGEST)]


class Ontvangstbewijzen(Message):
    """`GET /v1/ontvangstbewijzen`: which receipts of this node the register's log has proven."""

    bewezen: int
    wachtend: int
    te_laat: list[int] = Field(description="Bladen die na tien minuten nog niet bewezen zijn.")
    strijdig: list[int] = Field(description="Bladen waarvan het logboek iets anders zegt dan het bewijs.")
    logbreuken: list[Logbreuk] = Field(
        description="Het logboek werd korter of zijn verleden veranderde; met de controlepunten die dat bewijzen."
    )
    getuigen: str | None = Field(
        None, description="Waarom het nieuwste controlepunt niet telt: te weinig getuigen bevestigden het."
    )


class BewijsBestand(Message):
    """`GET /v1/ontvangstbewijzen/{blad}/bewijs`: what goes into a file `.tlog-proof`."""

    blad: int
    bewijs: Annotated[str, Field(max_length=LARGEST)]


class Bewijs(Message):
    """The register's answer to a question for a proof."""

    hashes: list[Annotated[bytes, BeforeValidator(_hash)]] = Field(max_length=128)


class InvoerMapping(Message):
    """What each column of the sender's own rows means (docs/spec/import.md)."""

    herkomst: Annotated[str, Field(max_length=40, description="Waar de rijen vandaan komen.")]
    columns: dict[str, str] = Field(max_length=100, description="Kolom -> doel.")
    constants: dict[str, str | list[str]] = Field(
        default_factory=dict, max_length=100, repr=False, description="Doel -> vaste waarde voor elke rij."
    )
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict, max_length=100, description="Kolom -> eigen code -> code van het register."
    )
    date_format: Annotated[str, Field(max_length=20)] | None = None


class InvoerVorm(Message):
    """What may be known of rows without their values."""

    alleen_kenteken: int = Field(
        default=0, ge=0, description="Aantal rijen met een kenteken als enige gegeven."
    )


class InvoerOpenen(Message):
    """`POST /v1/invoer`: open an import, or find it again. A file brings its digest and number of rows; a case system leaves both out."""

    organisatie: Organisation | None = None
    mapping: InvoerMapping
    bestand: (
        Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 van het bestand.")] | None
    ) = None
    rijen: int | None = Field(default=None, ge=1, le=LARGEST_NUMBER)
    vorm: InvoerVorm = InvoerVorm()


class InvoerRij(Message):
    """One row: its number, and text by column. `sleutel` is the sender's own key of a record that comes by itself."""

    rij: int = Field(ge=1, le=LARGEST_NUMBER)
    velden: dict[Annotated[str, Field(max_length=200)], Annotated[str, Field(max_length=ROW_LIMIT)]] = Field(
        max_length=100, repr=False
    )
    sleutel: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$")] | None = None


class InvoerRijen(Message):
    """`POST /v1/invoer/{invoerId}/rijen`: rows of a file from the position on, or records of a case system."""

    rijen: list[InvoerRij] = Field(min_length=1, max_length=LARGEST_BATCH)


class InvoerProef(Message):
    """`POST /v1/invoer/proef`: what would become of these rows. Nothing is stored and no holder is asked."""

    organisatie: Organisation | None = None
    mapping: InvoerMapping
    totaal: int | None = Field(
        default=None, ge=1, le=LARGEST_NUMBER, description="Aantal rijen in het hele bestand."
    )
    vorm: InvoerVorm = InvoerVorm()
    rijen: list[InvoerRij] = Field(min_length=1, max_length=LARGEST_BATCH)


class RijReden(Message):
    """Why a row was not taken; the column is empty when it is about the whole row."""

    kolom: str
    reden: str


class RijUitkomst(Message):
    """What became of a row: bewaard, herhaald, wacht or geweigerd."""

    rij: int
    uitkomst: str
    signaal_id: UUID | None = None
    redenen: list[RijReden] = Field(default_factory=list)


class RijTelling(Message):
    """What became of all rows so far."""

    bewaard: int
    herhaald: int
    wacht: int
    geweigerd: int


class RedenTelling(Message):
    """A reason and how often it was given."""

    reden: str
    aantal: int


class Invoer(Message):
    """An import and how far it is."""

    invoer_id: UUID
    herkomst: str
    rijen: int | None = None
    volgende_rij: int = Field(description="De rij die nu aan de beurt is; 1 is de eerste na de kop.")
    klaar: bool
    tellingen: RijTelling


class InvoerStand(Invoer):
    """`GET /v1/invoer/{invoerId}`: with the reasons for which rows were refused."""

    redenen: list[RedenTelling]


class InvoerUitkomst(Message):
    """What became of a batch; fewer outcomes than rows when it ended early: send the others again."""

    uitkomsten: list[RijUitkomst]
    volgende_rij: int
    tellingen: RijTelling
    wacht_seconden: int | None = Field(default=None, description="Stuur zo lang niets meer.")
    wacht_op: str | None = Field(default=None, description="Code van de reden om te wachten.")


class ProefUitkomst(Message):
    """What would become of rows: bewaard, herhaald (is hier al) or geweigerd."""

    uitkomsten: list[RijUitkomst]
    seconden_per_rij: float


class GeweigerdeRij(Message):
    """One reason why a row was refused; `nummer` counts the reasons of a row from 0."""

    rij: int
    nummer: int
    kolom: str
    reden: str


class GeweigerdeRijen(Message):
    """`GET /v1/invoer/{invoerId}/geweigerd`: refused rows in order, some at a time."""

    rijen: list[GeweigerdeRij]
    meer: bool


class Vlag(Message):
    """Something that the FG is told: what, by whom, when and how much."""

    soort: str
    uitleg: str
    medewerker: str
    moment: datetime
    aantallen: dict[str, int]


class Vlaggen(Message):
    """`GET /v1/vlaggen`: for the FG, the newest first."""

    vlaggen: list[Vlag]


_M = TypeVar("_M", bound=Message)


# ---- releasing and receiving narratives (docs/spec/sealed-release.md) ------------------------------------------------------


class OntvangerStand(Message):
    """An organisation that may receive, and whether its key is believed here."""

    organisatie: str
    versie: int
    rollen: list[str]
    vingerafdruk: str = Field(
        description="Van de ondertekensleutel die hier is vastgelegd; leeg zolang niemand haar overtypte."
    )
    stand: str = Field(description="vertrouwd, of waarom er niets voor verzegeld wordt.")


class OntvangerLijst(Message):
    """`GET /v1/ontvangers`."""

    ontvangers: list[OntvangerStand]


class Vastlegging(Message):
    """`POST /v1/ontvangers/{organisatie}/vastleggingen` (functioneel beheerder): the fingerprint that the other read out."""

    vingerafdruk: Annotated[str, Field(min_length=8, max_length=100)]


class VoorstelVeld(Message):
    """One field of a proposal: `verhaal`, or the attribute at place `plaats` of subject `ref`; never a value."""

    veld: Code
    grondslag: Code
    ref: Annotated[str, Field(pattern=r"^(s[1-9][0-9]?)?$")] = ""
    plaats: int = Field(default=0, ge=0, le=40)


class VrijgaveVoorstel(Message):
    """`POST /v1/vrijgavevoorstellen`: propose to release of one signal, to one recipient."""

    signaal_id: UUID
    treffer_id: UUID | None = None
    ontvanger: Ontvanger
    velden: list[VoorstelVeld] = Field(min_length=1, max_length=100)


class VoorstelStand(Message):
    """A proposal, and where it stands."""

    vrijgave_id: UUID
    signaal_id: UUID
    treffer_id: UUID | None = None
    ontvanger: Ontvanger
    velden: list[VoorstelVeld]
    stand: str
    voorgesteld_door: str
    voorgesteld_op: datetime
    eigen: bool = Field(description="Waar voor wie het voorstelde: dan keurt een ander het goed.")
    besloten_door: str | None = None
    besloten_op: datetime | None = None


class VoorstelLijst(Message):
    """`GET /v1/vrijgavevoorstellen`, newest first."""

    voorstellen: list[VoorstelStand]


class OntvangenStand(Message):
    """Something that was released to you: it waits at the register, or it is here."""

    vrijgave_id: UUID
    afzender: str
    velden: list[str]
    hier: bool
    ontvangen_op: datetime | None = None
    verloopt_op: date


class OntvangenLijst(Message):
    """`GET /v1/ontvangen`: what is here. `POST /v1/ontvangen`, for a case: what waits at the register, too."""

    ontvangen: list[OntvangenStand]


class Ophaling(Message):
    """`POST /v1/ontvangen` and `POST /v1/ontvangen/{vrijgaveId}/ophalingen`: for which case."""

    zaaknummer: CaseNumber


class OntvangenKenmerk(Message):
    """One attribute that was released, with the ground on which it was."""

    ref: str
    soort: str
    velden: dict[str, str] = Field(repr=False)
    grondslag: str


class OntvangenInhoud(OntvangenStand):
    """`POST /v1/ontvangen/{vrijgaveId}/inzagen`: what it holds, once, for a reason that is kept."""

    verhaal: str | None = Field(default=None, repr=False)
    verhaal_grondslag: str | None = None
    kenmerken: list[OntvangenKenmerk] = Field(repr=False)
    inzagen: list[InzageRegel]


def read_answer(model: type[_M], body: bytes) -> _M | None:
    """The register's answer, or None when this version cannot read it."""
    try:
        return model.model_validate_json(body)
    except ValidationError:
        return None
