# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Messages of the second step and of one's own means, the same at a node and at the register (docs/spec/node-api.md, "Signing in").

What a browser makes of a passkey is passed on as the browser wrote it: its form is the Web Authentication standard's, not ours.
"""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from register.door.door import SHORTEST_PASSWORD
from register.wire import Code, Message

Typed = Annotated[str, Field(min_length=1, max_length=40)]
Password = Annotated[str, Field(min_length=1, max_length=256)]
FromBrowser = Annotated[dict[str, Any], Field(max_length=10)]


class TweedeStapNodig(Message):
    """Status 202 of `POST /v1/sessies`: the password was right, and one of these means must follow."""

    aanmelding: str = Field(repr=False, description="Alleen voor de tweede stap; opent verder niets.")
    middelen: list[Code]
    verloopt_op: datetime


class TweedeStapOpties(Message):
    """`POST /v1/sessies/tweede-stap/opties`: what is still asked, and what a browser must sign with a passkey."""

    aanmelding: str = Field(min_length=1, max_length=100, repr=False)


class TweedeStapGevraagd(Message):
    """With which means one can go on."""

    middelen: list[Code]
    verloopt_op: datetime
    passkey: dict[str, Any] | None = None


class TweedeStap(Message):
    """`POST /v1/sessies/tweede-stap`: one of the three."""

    aanmelding: str = Field(min_length=1, max_length=100, repr=False)
    code: Typed | None = Field(default=None, repr=False)
    herstelcode: Typed | None = Field(default=None, repr=False)
    passkey: FromBrowser | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.code, self.herstelcode, self.passkey)) != 1:
            raise ValueError("geef een code, een herstelcode of een passkey")
        return self


class EigenPasskey(Message):
    """A passkey of one's own."""

    id: str
    naam: str
    sinds: datetime
    gebruikt_op: datetime | None = None


class EigenSessie(Message):
    """Somewhere where one is signed in."""

    nummer: str
    sinds: datetime
    gezien_op: datetime
    middelen: list[Code]
    deze: bool


class Aanmeldgebeurtenis(Message):
    """Something about one's own signing in; `door` is another's number, if it was another."""

    wat: Code
    moment: datetime
    door: str | None = None


class MijnAanmelding(Message):
    """`GET /v1/mijn-aanmelding`."""

    verplicht: bool = Field(description="Waar als iedereen hier een tweede stap moet hebben.")
    volledig: bool = Field(description="Onwaar zolang deze sessie alleen deze bladzijde opent.")
    eerste_wachtwoord: bool = Field(
        default=False, description="Waar zolang u het wachtwoord heeft dat een beheerder u gaf."
    )
    app_sinds: datetime | None = None
    passkeys: list[EigenPasskey]
    passkeys_mogelijk: bool
    herstelcodes: int = Field(description="Hoeveel er over zijn.")
    sessies: list[EigenSessie]
    gebeurtenissen: list[Aanmeldgebeurtenis]


class MiddelBegin(Message):
    """`POST /v1/mijn-aanmelding/middelen`: begin with an app or a passkey, or make new recovery codes."""

    soort: Annotated[str, Field(pattern=r"^(code|passkey|herstelcodes)$")]
    wachtwoord: Password = Field(repr=False)


class MiddelBegonnen(Message):
    """What is needed for it; recovery codes are shown this once."""

    geheim: str | None = Field(default=None, repr=False)
    adres: str | None = Field(default=None, repr=False)
    passkey: dict[str, Any] | None = Field(default=None, repr=False)
    herstelcodes: list[str] = Field(default_factory=list, repr=False)


class MiddelBevestiging(Message):
    """`POST /v1/mijn-aanmelding/bevestigingen`: a code of the new app, or the new passkey with a name for it."""

    code: Typed | None = Field(default=None, repr=False)
    passkey: FromBrowser | None = Field(default=None, repr=False)
    naam: Annotated[str, Field(max_length=60)] = ""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.code is None) == (self.passkey is None):
            raise ValueError("geef een code of een passkey")
        return self


class MiddelGemaakt(Message):
    """The means counts; the session goes on under this token. Recovery codes are shown this once."""

    token: str = Field(repr=False)
    herstelcodes: list[str] = Field(default_factory=list, repr=False)


class MiddelVerwijderen(Message):
    """`POST /v1/mijn-aanmelding/verwijderingen`: the app (`code`), or a passkey by its id."""

    middel: Annotated[str, Field(min_length=1, max_length=1400)]
    wachtwoord: Password = Field(repr=False)


class WachtwoordWijzigen(Message):
    """`POST /v1/mijn-aanmelding/wachtwoord`."""

    wachtwoord: Password = Field(repr=False)
    nieuw: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        repr=False, description=f"Ten minste {SHORTEST_PASSWORD} tekens."
    )


class Vervolgsessie(Message):
    """The session goes on under this token."""

    token: str = Field(repr=False)


class SessieBeeindigen(Message):
    """`POST /v1/mijn-aanmelding/sessies/beeindigingen`."""

    nummer: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class AccountHerstel(Message):
    """`POST /v1/medewerkers/herstellingen` (functioneel beheerder): forget the second factor of somebody who lost it."""

    naam: Annotated[str, Field(min_length=1, max_length=64)]
