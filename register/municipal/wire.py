# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node's own interface, version 1: what an inspector's form, the command line or a municipality's own system sends.

Here, and only here, identities are typed. JSON in Dutch camelCase; unknown fields are refused. Answers of the register are passed on in
its own words (`register.wire`). Specification: docs/spec/node-api.md.
"""

from datetime import date, datetime
from gettext import gettext as _
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationError

from audit.canonical import base64_bytes
from audit.merkle import HASH_SIZE
from register.municipal.receipts import Break
from register.wire import (
    Antwoord,
    CaseNumber,
    Code,
    GrondslagOverzicht,
    Message,
    Organisation,
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


class SessieAanvraag(Message):
    """`POST /v1/sessies`: log in."""

    naam: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,64}$")]
    wachtwoord: str = Field(min_length=1, max_length=256, repr=False)


class Sessie(Message):
    """A session; the token goes in `Authorization: Bearer` of every request."""

    token: str = Field(repr=False)
    verloopt_op: datetime
    medewerker: str
    rol: str
    organisatie: str


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


class ControleLijst(Message):
    """`GET /v1/controles`: the controls of today that you opened, or that are ready for everyone."""

    controles: list[Controle]


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


class BevragingAntwoord(Antwoord):
    """The register's answer, with what this node left out of the question."""

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


class Grondslagen(Message):
    """`GET /v1/grondslagen`: the grounds in force today for this organisation, your role and a purpose."""

    grondslagen: list[GrondslagOverzicht]


class VrijgaveInvoer(Message):
    """`POST /v1/vrijgaven`: release an own signal for phase 2; the node adds what it had sealed."""

    besluit_id: UUID
    signaal_id: UUID


class IntrekkingInvoer(Message):
    """`POST /v1/intrekkingen`: withdraw an own signal, with a reason."""

    signaal_id: UUID
    reden: Code


class Logbreuk(Message):
    """A checkpoint that does not extend the one before it; the two signed notes are the evidence."""

    soort: Break
    omvang: int
    vorige_omvang: int
    gezien_op: datetime
    controlepunt: str
    vorig_controlepunt: str


class Ontvangstbewijzen(Message):
    """`GET /v1/ontvangstbewijzen`: which receipts of this node the register's log has proven."""

    bewezen: int
    wachtend: int
    te_laat: list[int] = Field(description="Bladen die na tien minuten nog niet bewezen zijn.")
    strijdig: list[int] = Field(description="Bladen waarvan het logboek iets anders zegt dan het bewijs.")
    logbreuken: list[Logbreuk] = Field(
        description="Het logboek werd korter of zijn verleden veranderde; met de controlepunten die dat bewijzen."
    )


class Bewijs(Message):
    """The register's answer to a question for a proof."""

    hashes: list[Annotated[bytes, BeforeValidator(_hash)]] = Field(max_length=128)


_M = TypeVar("_M", bound=Message)


def read_answer(model: type[_M], body: bytes) -> _M | None:
    """The register's answer, or None when this version cannot read it."""
    try:
        return model.model_validate_json(body)
    except ValidationError:
        return None
