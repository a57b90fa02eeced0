# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""On every route of a node with two organisations, what belongs to one is to the other as what never existed.

On each route somebody of GM9003 tries twice. First, when GM9004 has nothing yet, with numbers that are nobody's; then, when GM9004 has something of
everything (an open control, a signal, a treffer with a decision, receipts, a break in the log, sessions), with theirs. Both answers must be equal but
for the numbers that were sent and for what is new in every answer, and hold nothing of theirs. Afterwards GM9004 must have every row that it had,
unchanged, and each statement in between must name GM9003. A route that is added needs a case here, or the first test fails.
"""

import random
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from copy import copy, deepcopy
from dataclasses import astuple, dataclass, field, fields, replace
from datetime import timedelta
from itertools import zip_longest
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import func, select
from starlette.routing import BaseRoute

from audit.checkpoint import sign_checkpoint
from audit.store.engine import make_engine
from pseudonymisation.ceremony import Dealt
from register.accounts import Account, token_digest
from register.announcing import Announcement, Channel
from register.door.door import session_number
from register.door.store import Happening
from register.municipal.accounts import PARTNERS, purpose_of
from register.municipal.accounts import ROLES as EVERY_ROLE_OF_A_NODE
from register.municipal.app import Outside, create_app, open_database
from register.municipal.own import Kind, Own
from register.municipal.people import raw_token, written
from register.municipal.receipts import Break, LogBreak
from register.municipal.reminding import OUTCOME_LATE
from register.municipal.settings import NodeSettings
from register.municipal.store import STRANGERS, NodeStore
from register.municipal.store.announcements import AnnouncementStore
from register.municipal.store.canary import CanaryStore, KeptLook, KeptPin
from register.municipal.store.changes import ChangeStore
from register.municipal.store.identities import IdentityStore
from register.municipal.store.own import OwnStore
from register.municipal.store.releases import ReleaseStore
from register.municipal.store.reminders import Counted, ReminderStore
from register.municipal.store.tables import metadata
from register.passkeys import Passkey
from register.recipients import Pin
from register.second_factor import Half
from register.theme import STATIC, STATIC_PATH, assets
from tests.register.municipal.conftest import holders_of, outside_with, register_with, settings_in
from tests.register.municipal.statements import TABLES, Statement, listening
from tests.register.municipal.test_outbox_store import GOT, PROPOSED
from tests.register.municipal.world import (
    MOMENT,
    ORGANISATION,
    PASSWORD,
    ROLES,
    Browser,
    Hands,
    Officer,
    RegisterStation,
    open_store,
    people,
    question,
    running,
    signal,
    tenant_folder,
)

SHOWN = [{"soort": "document", "waarde": "COL:AB123456"}]
OURS, THEIRS = "GM9003", ORGANISATION
SECOND = "tweede-toezichthouder"
"""Somebody of theirs in the role of who did their day's work."""

EVERY_ROLE = tuple(EVERY_ROLE_OF_A_NODE)
COLLEAGUES = (
    SECOND,
    *(role for role in EVERY_ROLE if role not in {"toezichthouder", "aandachtsfunctionaris"}),
)
"""Who of theirs looks after no work of others."""

ASKING = {"POST /v1/bevragingen", "POST /vragen"}
"""A partner asks in a case of its own, under any number: the question gets as far as the register, which tells of signals of others. That is what it is for."""

OTHER_PARTNERS = sorted(PARTNERS - {"zorgcoordinator"})

OF_ONE = frozenset({"signal", "waiting", "gone", "draft", "intake", "session", "passkey", "key"})
OF_ALL = {
    "account": "who works there",
    "control": "who stand at one door ask under one number",
    "decision": "treffers are of the organisation",
    "release": "proposed by one, decided by another",
    "received": "sealed to the organisation",
    "leaf": "the log is of the organisation",
    "proof": "a secret of who has it, and no number",
    "half": "a secret of who has it, and no number",
    "csrf": "a secret of who has it, and no number",
}
"""What people of one organisation may see of each other, and why."""

NEIGHBOURLESS = {"GET /gezondheid/leeft", "GET /gezondheid/klaar"}
"""Routes that have nothing to do with any organisation."""


@dataclass(frozen=True)
class Names:
    """What can be named in a request: theirs, or nobody's."""

    account: str
    control: str
    signal: str
    waiting: str
    gone: str
    draft: str
    intake: str
    decision: str
    release: str
    received: str
    leaf: str
    key: str
    half: str
    session: str
    passkey: str
    proof: str = field(repr=False)
    csrf: str = field(repr=False)


NOBODYS = Names(
    account="niemand-hier",
    control="C-2222-2222",
    signal=str(UUID(int=99, version=4)),
    waiting=str(UUID(int=96, version=4)),
    gone=str(UUID(int=89, version=4)),
    draft=str(UUID(int=95, version=4)),
    intake=str(UUID(int=94, version=4)),
    decision=str(UUID(int=98, version=4)),
    release=str(UUID(int=93, version=4)),
    received=str(UUID(int=92, version=4)),
    leaf="999",
    key="een-sleutel-van-niemand",
    half=f"{OURS}.{'A' * 43}",
    session="0" * 16,
    passkey="bmllbWFuZA",
    proof="QQ" * 400,
    csrf="0" * 64,
)


@dataclass
class Node:
    """A running node of two organisations."""

    app: FastAPI
    settings: NodeSettings
    register: RegisterStation

    def us(self, role: str, organisation: str = OURS) -> "Us":
        """Somebody at the interface and in a browser."""
        browser = Browser(self.app)
        sent = {"organisatie": organisation, "gebruikersnaam": role, "wachtwoord": PASSWORD}
        done = browser.post("/aanmelden", data=sent | {"csrf": hidden(browser.get("/aanmelden"), "csrf")})
        assert done.status_code == 303
        officer = Officer(Browser(self.app), role, organisation)
        return Us(officer, browser, hidden(browser.get("/"), "csrf"), Browser(self.app))

    def leaf_of_theirs(self) -> str:
        """The newest leaf that they have a receipt of."""
        engine = make_engine(self.settings.database).execution_options(inspecting=True)
        table = metadata.tables["receipt"]
        with engine.connect() as connection:
            found = connection.scalar(select(func.max(table.c.leaf)).where(table.c.tenant == THEIRS))
        engine.dispose()
        assert found is not None
        return str(found)

    def rows_of_theirs(self) -> dict[str, list[Any]]:
        """Everything that they have, row for row."""
        engine = make_engine(self.settings.database).execution_options(inspecting=True)
        with engine.connect() as connection:
            found = {
                name: sorted(map(repr, connection.execute(select(table).where(table.c.tenant == THEIRS))))
                for name, table in metadata.tables.items()
                if name in TABLES
            }
        engine.dispose()
        return found


@dataclass(frozen=True)
class Us:
    """Somebody of GM9003: at the interface, in a browser, and before signing in."""

    officer: Officer
    browser: Browser
    csrf: str = field(repr=False)
    stranger: Browser

    def anew(self, app: FastAPI) -> "Us":
        """The same person with the same sessions, and the cookies of this moment."""
        browser = Browser(app)
        browser.cookies.update(self.browser.cookies)
        return Us(copy(self.officer), browser, self.csrf, Browser(app))

    def form(self, path: str, **data: str) -> httpx.Response:
        """Send a form of a page of ours."""
        return self.browser.post(path, data={"csrf": self.csrf} | data)


@dataclass(frozen=True)
class Case:
    """One route: who tries, what they send, and what everyone gets for it."""

    role: str
    status: int
    send: Callable[[Us, Names], httpx.Response]


def hidden(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found.group(1)


def signing_in(us: Us, names: Names) -> httpx.Response:
    """A name that only they have, at ours."""
    sent = {"organisatie": OURS, "gebruikersnaam": names.account, "wachtwoord": PASSWORD}
    return us.stranger.post("/aanmelden", data=sent | {"csrf": hidden(us.stranger.get("/aanmelden"), "csrf")})


PHONE = {"telefoon": "0687654321"}
PHONE_TYPED = {"telefoon": ["0687654321"]}
TYPED = PHONE | {
    "waargenomen": "2026-02-27",
    "waarnemingGrondslag": "apv_seksinrichting_151a",
    "controlesoort": "advertentiecontrole_webcrawler",
    "uitbuitingsvorm": "seksueel_onbekend",
    "aanwijzingen_seksueel": "derde_beheert_advertentie",
}

LOOKING = "opvolging"
MAPPING = {
    "herkomst": "toezicht",
    "columns": {"datum": "date", "mobiel": "phone"},
    "constants": {
        "uitbuitingsvorm": "arbeid",
        "aanwijzingen": ["slapen_in_bedrijfspand"],
        "controlesoort": "woningcontrole",
        "waarneming_grondslag": "huisvesting_arbeidsmigranten",
    },
    "dateFormat": "dd-mm-yyyy",
}
ROW = {"rij": 1, "velden": {"datum": "27-02-2026", "mobiel": "12"}}
"""A row that is refused, so that there is something to refuse it for."""

HALF = bytes(range(32))
"""The token with which somebody of theirs is half signed in."""
RELEASE, RECEIVED = str(UUID(int=91, version=4)), str(UUID(int=90, version=4))
PIN = {"vingerafdruk": "0000-0000-0000-0000-0000-0000-0000-0000"}
CASE_NUMBER = "ZAAK-0001"


def proposing(names: Names) -> dict[str, Any]:
    recipient = {"organisatie": "TMM", "rol": "tmm_coordinator"}
    fields = [{"veld": "verhaal", "grondslag": "OEF-G-GEM"}]
    return {"signaalId": names.signal, "ontvanger": recipient, "velden": fields}


SHARING = {"velden": ["hit"], "ontvanger": "aandachtsfunctionaris"}

CASES: dict[str, Case] = {
    "POST /v1/delen": Case("toezichthouder", 200, lambda us, _names: us.officer.post("/v1/delen", SHARING)),
    "POST /v1/motivaties": Case(
        "toezichthouder",
        400,
        lambda us, names: us.officer.post("/v1/motivaties", {"bewijsstuk": names.proof}),
    ),
    "POST /v1/motivaties/pdf": Case(
        "toezichthouder",
        400,
        lambda us, names: us.officer.post("/v1/motivaties/pdf", {"bewijsstuk": names.proof}),
    ),
    "GET /delen": Case("toezichthouder", 200, lambda us, _names: us.browser.get("/delen")),
    "POST /delen": Case(
        "toezichthouder", 200, lambda us, _names: us.form("/delen", doel="signalering", velden="hit")
    ),
    "POST /delen/motivatie": Case(
        "toezichthouder", 400, lambda us, names: us.form("/delen/motivatie", bewijsstuk=names.proof)
    ),
    "POST /delen/motivatie.pdf": Case(
        "toezichthouder", 400, lambda us, names: us.form("/delen/motivatie.pdf", bewijsstuk=names.proof)
    ),
    "GET /inzage": Case("contactpunt", 200, lambda us, _names: us.browser.get("/inzage")),
    "POST /inzage": Case(
        "contactpunt",
        403,
        lambda us, _names: us.form(
            "/inzage",
            zaaknummer="INZAGE-0001",
            identiteitGecontroleerd="ja",
            document_nummer="AB123456",
            document_land="COL",
        ),
    ),
    "POST /v1/sessies": Case(
        "fg",
        401,
        lambda us, names: us.stranger.post(
            "/v1/sessies", json={"organisatie": OURS, "naam": names.account, "wachtwoord": PASSWORD}
        ),
    ),
    "DELETE /v1/sessies/huidige": Case(
        "fg", 204, lambda us, _names: us.officer.delete("/v1/sessies/huidige")
    ),
    "POST /v1/sessies/tweede-stap": Case(
        "fg",
        401,
        lambda us, names: us.stranger.post(
            "/v1/sessies/tweede-stap", json={"aanmelding": names.half, "code": "123456"}
        ),
    ),
    "POST /v1/sessies/tweede-stap/opties": Case(
        "fg",
        401,
        lambda us, names: us.stranger.post("/v1/sessies/tweede-stap/opties", json={"aanmelding": names.half}),
    ),
    "GET /v1/mijn-aanmelding": Case(
        "ambassadeur", 200, lambda us, _names: us.officer.get("/v1/mijn-aanmelding")
    ),
    "POST /v1/mijn-aanmelding/middelen": Case(
        "fg",
        409,
        lambda us, _names: us.officer.post(
            "/v1/mijn-aanmelding/middelen", {"soort": "herstelcodes", "wachtwoord": PASSWORD}
        ),
    ),
    "POST /v1/mijn-aanmelding/bevestigingen": Case(
        "fg", 400, lambda us, _names: us.officer.post("/v1/mijn-aanmelding/bevestigingen", {"code": "123456"})
    ),
    "POST /v1/mijn-aanmelding/verwijderingen": Case(
        "fg",
        404,
        lambda us, names: us.officer.post(
            "/v1/mijn-aanmelding/verwijderingen", {"middel": names.passkey, "wachtwoord": PASSWORD}
        ),
    ),
    "POST /v1/mijn-aanmelding/wachtwoord": Case(
        "fg",
        400,
        lambda us, _names: us.officer.post(
            "/v1/mijn-aanmelding/wachtwoord", {"wachtwoord": PASSWORD, "nieuw": "kort"}
        ),
    ),
    "POST /v1/mijn-aanmelding/sessies/beeindigingen": Case(
        "fg",
        404,
        lambda us, names: us.officer.post(
            "/v1/mijn-aanmelding/sessies/beeindigingen", {"nummer": names.session}
        ),
    ),
    "POST /v1/medewerkers/herstellingen": Case(
        "functioneel_beheerder",
        404,
        lambda us, names: us.officer.post("/v1/medewerkers/herstellingen", {"naam": names.account}),
    ),
    "POST /medewerkers/herstellen": Case(
        "functioneel_beheerder",
        404,
        lambda us, names: us.form("/medewerkers/herstellen", account=names.account),
    ),
    "GET /mijn-aanmelding": Case("ambassadeur", 200, lambda us, _names: us.browser.get("/mijn-aanmelding")),
    "POST /mijn-aanmelding": Case(
        "ambassadeur",
        404,
        lambda us, names: us.form("/mijn-aanmelding", handeling="sessie", nummer=names.session),
    ),
    "POST /aanmelden/tweede-stap": Case(
        "fg",
        403,
        lambda us, names: us.stranger.post(
            "/aanmelden/tweede-stap", data={"csrf": names.csrf, "code": "123456"}
        ),
    ),
    "POST /v1/controles": Case(
        "toezichthouder",
        201,
        lambda us, _names: us.officer.post(
            "/v1/controles",
            {"waarnemingGrondslag": "anders", "controlesoort": "overig", "plaats": "GM9003"},
        ),
    ),
    "GET /v1/controles": Case("toezichthouder", 200, lambda us, _names: us.officer.get("/v1/controles")),
    "GET /v1/aflopen": Case("aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/aflopen")),
    "POST /v1/aflopen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(
            "/v1/aflopen", {"controle": names.control, "afloop": "doorverwezen"}
        ),
    ),
    "POST /aflopen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form("/aflopen", controle=names.control, afloop="doorverwezen"),
    ),
    "GET /v1/medewerkers": Case(
        "functioneel_beheerder", 200, lambda us, _names: us.officer.get("/v1/medewerkers")
    ),
    "POST /v1/eigen-gegevens": Case(
        "functioneel_beheerder",
        404,
        lambda us, names: us.officer.post("/v1/eigen-gegevens", {"naam": names.account}),
    ),
    "GET /medewerkers": Case("functioneel_beheerder", 200, lambda us, _names: us.browser.get("/medewerkers")),
    "POST /medewerkers": Case(
        "functioneel_beheerder", 404, lambda us, names: us.form("/medewerkers", naam=names.account)
    ),
    "GET /v1/bevriezingen": Case(
        "functioneel_beheerder", 200, lambda us, _names: us.officer.get("/v1/bevriezingen")
    ),
    "POST /v1/bevriezingen/{bevriezing_id}/bevestigingen": Case(
        "functioneel_beheerder",
        404,
        lambda us, names: us.officer.post(f"/v1/bevriezingen/{names.decision}/bevestigingen", {}),
    ),
    "POST /v1/bevriezingen/{bevriezing_id}/opheffingen": Case(
        "functioneel_beheerder",
        404,
        lambda us, names: us.officer.post(
            f"/v1/bevriezingen/{names.decision}/opheffingen", {"besluitstuk": "B1", "beslotenDoor": "college"}
        ),
    ),
    "GET /bevriezingen": Case(
        "functioneel_beheerder", 200, lambda us, _names: us.browser.get("/bevriezingen")
    ),
    "POST /bevriezingen/bevestigen": Case(
        "functioneel_beheerder",
        404,
        lambda us, names: us.form("/bevriezingen/bevestigen", bevriezing=names.decision),
    ),
    "POST /bevriezingen/opheffen": Case(
        "functioneel_beheerder",
        404,
        lambda us, names: us.form("/bevriezingen/opheffen", bevriezing=names.decision, besluitstuk="B1"),
    ),
    "GET /v1/berichten": Case(
        "aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/berichten")
    ),
    "POST /v1/berichten/afhandelingen": Case(
        "aandachtsfunctionaris",
        201,
        lambda us, names: us.officer.post(
            "/v1/berichten/afhandelingen", {"soort": "treffer_nieuw", "overId": names.signal}
        ),
    ),
    "GET /v1/postbus": Case("aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/postbus")),
    "POST /v1/postbus": Case(
        "aandachtsfunctionaris", 201, lambda us, _names: us.officer.post("/v1/postbus", {})
    ),
    "POST /v1/signalen/{signaal_id}/bevragingen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(f"/v1/signalen/{names.signal}/bevragingen", {}),
    ),
    "POST /v1/signalen/{signaal_id}/bevestigingen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(f"/v1/signalen/{names.signal}/bevestigingen", {}),
    ),
    "GET /v1/wijzigingsverzoeken": Case(
        "aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/wijzigingsverzoeken")
    ),
    "POST /v1/wijzigingsverzoeken": Case(
        "toezichthouder",
        404,
        lambda us, names: us.officer.post(
            "/v1/wijzigingsverzoeken", {"signaalId": names.signal, "wens": "intrekken"}
        ),
    ),
    "DELETE /v1/wijzigingsverzoeken/{signaal_id}": Case(
        "aandachtsfunctionaris",
        204,
        lambda us, names: us.officer.delete(f"/v1/wijzigingsverzoeken/{names.signal}"),
    ),
    "GET /v1/attenderingen": Case(
        "aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/attenderingen")
    ),
    "POST /v1/attenderingen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(
            "/v1/attenderingen",
            {
                "organisatie": OURS,
                "over": "signaal",
                "overId": names.signal,
                "reden": "gevaar",
                "dagen": 9,
                "uitdrukkelijk": True,
            },
        ),
    ),
    "POST /v1/attenderingen/{attendering_id}/beeindigingen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(f"/v1/attenderingen/{names.signal}/beeindigingen", {}),
    ),
    "GET /berichten": Case("aandachtsfunctionaris", 200, lambda us, _names: us.browser.get("/berichten")),
    "POST /berichten/gelezen": Case(
        "aandachtsfunctionaris",
        303,
        lambda us, names: us.form("/berichten/gelezen", soort="treffer_nieuw", over=names.signal),
    ),
    "POST /berichten/postbus": Case(
        "aandachtsfunctionaris", 303, lambda us, _names: us.form("/berichten/postbus")
    ),
    "POST /berichten/navragen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form("/berichten/navragen", signaal=names.signal),
    ),
    "POST /berichten/bevestigen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form("/berichten/bevestigen", signaal=names.signal),
    ),
    "POST /berichten/volgen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form(
            "/berichten/volgen", nummer=names.signal, reden="gevaar", dagen="9", uitdrukkelijk="ja"
        ),
    ),
    "POST /berichten/loslaten": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form("/berichten/loslaten", attendering=names.signal),
    ),
    "POST /berichten/wijziging-klaar": Case(
        "aandachtsfunctionaris",
        303,
        lambda us, names: us.form("/berichten/wijziging-klaar", signaal=names.signal),
    ),
    "POST /dossier/{signaal}/wijziging-vragen": Case(
        "toezichthouder",
        404,
        lambda us, names: us.form(f"/dossier/{names.signal}/wijziging-vragen", wens="intrekken"),
    ),
    "POST /dossier/{signaal}/corrigeren": Case(
        "aandachtsfunctionaris", 404, lambda us, names: us.form(f"/dossier/{names.signal}/corrigeren")
    ),
    "GET /v1/ontvangers": Case(
        "functioneel_beheerder", 200, lambda us, _names: us.officer.get("/v1/ontvangers")
    ),
    "POST /v1/ontvangers/{organisatie}/vastleggingen": Case(
        "functioneel_beheerder",
        404,
        lambda us, _names: us.officer.post("/v1/ontvangers/TMM/vastleggingen", PIN),
    ),
    "POST /v1/vrijgavevoorstellen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post("/v1/vrijgavevoorstellen", proposing(names)),
    ),
    "GET /v1/vrijgavevoorstellen": Case(
        "aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/vrijgavevoorstellen")
    ),
    "POST /v1/vrijgavevoorstellen/{vrijgave_id}/goedkeuringen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(f"/v1/vrijgavevoorstellen/{names.release}/goedkeuringen", {}),
    ),
    "POST /v1/vrijgavevoorstellen/{vrijgave_id}/afwijzingen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(f"/v1/vrijgavevoorstellen/{names.release}/afwijzingen", {}),
    ),
    "POST /v1/vrijgavevoorstellen/{vrijgave_id}/intrekkingen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(f"/v1/vrijgavevoorstellen/{names.release}/intrekkingen", {}),
    ),
    "GET /v1/ontvangen": Case(
        "aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/ontvangen")
    ),
    "POST /v1/ontvangen": Case(
        "aandachtsfunctionaris",
        200,
        lambda us, _names: us.officer.post("/v1/ontvangen", {"zaaknummer": CASE_NUMBER}),
    ),
    "POST /v1/ontvangen/{vrijgave_id}/ophalingen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(
            f"/v1/ontvangen/{names.received}/ophalingen", {"zaaknummer": CASE_NUMBER}
        ),
    ),
    "POST /v1/ontvangen/{vrijgave_id}/inzagen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(f"/v1/ontvangen/{names.received}/inzagen", {"reden": LOOKING}),
    ),
    "DELETE /v1/ontvangen/{vrijgave_id}": Case(
        "aandachtsfunctionaris", 404, lambda us, names: us.officer.delete(f"/v1/ontvangen/{names.received}")
    ),
    "GET /ontvangers": Case("functioneel_beheerder", 200, lambda us, _names: us.browser.get("/ontvangers")),
    "POST /ontvangers": Case(
        "functioneel_beheerder", 404, lambda us, _names: us.form("/ontvangers", organisatie="TMM", **PIN)
    ),
    "POST /vrijgeven": Case(
        "aandachtsfunctionaris", 404, lambda us, names: us.form("/vrijgeven", signaal=names.signal)
    ),
    "GET /vrijgeven": Case("aandachtsfunctionaris", 200, lambda us, _names: us.browser.get("/vrijgeven")),
    "POST /vrijgeven/voorstellen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form("/vrijgeven/voorstellen", signaal=names.signal, veld="verhaal"),
    ),
    "POST /vrijgeven/besluiten": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form("/vrijgeven/besluiten", vrijgave=names.release, besluit="goed"),
    ),
    "GET /ontvangen": Case("aandachtsfunctionaris", 200, lambda us, _names: us.browser.get("/ontvangen")),
    "POST /ontvangen": Case(
        "aandachtsfunctionaris", 200, lambda us, _names: us.form("/ontvangen", zaaknummer=CASE_NUMBER)
    ),
    "POST /ontvangen/ophalen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form("/ontvangen/ophalen", vrijgave=names.received, zaaknummer=CASE_NUMBER),
    ),
    "POST /ontvangen/openen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form("/ontvangen/openen", vrijgave=names.received, reden=LOOKING),
    ),
    "POST /ontvangen/vernietigen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form("/ontvangen/vernietigen", vrijgave=names.received),
    ),
    "GET /v1/grondslagen": Case("toezichthouder", 200, lambda us, _names: us.officer.get("/v1/grondslagen")),
    "POST /v1/bevragingen": Case(
        "toezichthouder",
        403,
        lambda us, names: us.officer.post(
            "/v1/bevragingen", question(names.control), **{"Idempotency-Key": names.key}
        ),
    ),
    "POST /v1/signalen": Case(
        "toezichthouder",
        201,
        lambda us, names: us.officer.post("/v1/signalen", signal(), **{"Idempotency-Key": names.key}),
    ),
    "POST /v1/inzagen": Case(
        "contactpunt",
        403,
        lambda us, _names: us.officer.post(
            "/v1/inzagen", {"zaaknummer": "INZAGE-0001", "identiteitGecontroleerd": True, "kenmerken": SHOWN}
        ),
    ),
    "GET /v1/treffers": Case("aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/treffers")),
    "POST /v1/overdrachten": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post("/v1/overdrachten", {"trefferId": names.decision, "aan": "TMM"}),
    ),
    "GET /v1/terugkoppelingen": Case(
        "toezichthouder", 200, lambda us, _names: us.officer.get("/v1/terugkoppelingen")
    ),
    "GET /terugkoppelingen": Case(
        "toezichthouder", 200, lambda us, _names: us.browser.get("/terugkoppelingen")
    ),
    "POST /treffers/{treffer}/overdrachten": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form(f"/treffers/{names.decision}/overdrachten", aan="TMM"),
    ),
    "GET /v1/treffers/{treffer_id}": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.get(f"/v1/treffers/{names.decision}"),
    ),
    "POST /v1/treffers/{treffer_id}/stappen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(
            f"/v1/treffers/{names.decision}/stappen", {"stap": "contact_gevraagd"}
        ),
    ),
    "POST /v1/vrijgaven": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(
            "/v1/vrijgaven", {"besluitId": names.decision, "signaalId": names.signal}
        ),
    ),
    "POST /v1/noodopeningen": Case(
        "aandachtsfunctionaris",
        403,
        lambda us, names: us.officer.post(
            "/v1/noodopeningen", {"trefferId": names.decision, "gevaar": "levensgevaar"}
        ),
    ),
    "POST /v1/intrekkingen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(
            "/v1/intrekkingen", {"signaalId": names.signal, "reden": "onjuist"}
        ),
    ),
    "GET /v1/ontvangstbewijzen": Case("fg", 200, lambda us, _names: us.officer.get("/v1/ontvangstbewijzen")),
    "GET /v1/ontvangstbewijzen/{blad}/bewijs": Case(
        "fg", 404, lambda us, names: us.officer.get(f"/v1/ontvangstbewijzen/{names.leaf}/bewijs")
    ),
    "GET /v1/signalen": Case("aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/signalen")),
    "POST /v1/signalen/{signaal_id}/inzagen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(f"/v1/signalen/{names.signal}/inzagen", {"reden": LOOKING}),
    ),
    "POST /v1/signalen/{signaal_id}/pogingen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.officer.post(f"/v1/signalen/{names.waiting}/pogingen", {}),
    ),
    "DELETE /v1/signalen/{signaal_id}": Case(
        "aandachtsfunctionaris", 204, lambda us, names: us.officer.delete(f"/v1/signalen/{names.waiting}")
    ),
    "POST /v1/concepten": Case(
        "toezichthouder",
        201,
        lambda us, names: us.officer.post(
            "/v1/concepten", {"velden": PHONE_TYPED}, **{"Idempotency-Key": names.key}
        ),
    ),
    "GET /v1/concepten": Case(
        "aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/concepten")
    ),
    "GET /v1/concepten/{concept_id}": Case(
        "aandachtsfunctionaris", 404, lambda us, names: us.officer.get(f"/v1/concepten/{names.draft}")
    ),
    "DELETE /v1/concepten/{concept_id}": Case(
        "aandachtsfunctionaris", 204, lambda us, names: us.officer.delete(f"/v1/concepten/{names.draft}")
    ),
    "POST /v1/invoer": Case(
        "toezichthouder", 201, lambda us, _names: us.officer.post("/v1/invoer", {"mapping": MAPPING})
    ),
    "POST /v1/invoer/proef": Case(
        "toezichthouder",
        200,
        lambda us, _names: us.officer.post("/v1/invoer/proef", {"mapping": MAPPING, "rijen": [ROW]}),
    ),
    "GET /v1/invoer/{invoer_id}": Case(
        "toezichthouder", 404, lambda us, names: us.officer.get(f"/v1/invoer/{names.intake}")
    ),
    "GET /v1/invoer/{invoer_id}/geweigerd": Case(
        "toezichthouder", 404, lambda us, names: us.officer.get(f"/v1/invoer/{names.intake}/geweigerd")
    ),
    "POST /v1/invoer/{invoer_id}/rijen": Case(
        "toezichthouder",
        404,
        lambda us, names: us.officer.post(f"/v1/invoer/{names.intake}/rijen", {"rijen": [ROW]}),
    ),
    "GET /v1/vlaggen": Case("fg", 200, lambda us, _names: us.officer.get("/v1/vlaggen")),
    "GET /v1/herinneringen": Case(
        "aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/herinneringen")
    ),
    "GET /uitleg": Case("fg", 200, lambda us, _names: us.stranger.get("/uitleg")),
    "GET /uitleg/vergelijken": Case("fg", 200, lambda us, _names: us.stranger.get("/uitleg/vergelijken")),
    "GET /uitleg/privacy": Case("fg", 200, lambda us, _names: us.stranger.get("/uitleg/privacy")),
    "GET /aanmelden": Case("fg", 200, lambda us, _names: us.stranger.get("/aanmelden")),
    "POST /aanmelden": Case("fg", 401, signing_in),
    "GET /aanmelden/gemeenteaccount/{organisatie}": Case(
        "fg", 404, lambda us, _names: us.stranger.get(f"/aanmelden/gemeenteaccount/{THEIRS}")
    ),
    "GET /aanmelden/gemeenteaccount/{organisatie}/terug": Case(
        "fg",
        404,
        lambda us, _names: us.stranger.get(f"/aanmelden/gemeenteaccount/{THEIRS}/terug?state=s&code=c"),
    ),
    "GET /aanmelden/gemeenteaccount/{organisatie}/afgemeld": Case(
        "fg", 404, lambda us, _names: us.stranger.get(f"/aanmelden/gemeenteaccount/{THEIRS}/afgemeld")
    ),
    "POST /afmelden": Case("fg", 303, lambda us, _names: us.form("/afmelden")),
    "GET /": Case("aandachtsfunctionaris", 200, lambda us, _names: us.browser.get("/")),
    "GET /even-weg": Case("fg", 200, lambda us, _names: us.stranger.get("/even-weg")),
    "GET /even-weg/terug": Case("fg", 303, lambda us, _names: us.stranger.get("/even-weg/terug")),
    "POST /even-weg/terug": Case("fg", 303, lambda us, _names: us.stranger.post("/even-weg/terug")),
    "GET /huisstijl/{organisatie}.css": Case(
        "fg", 404, lambda us, _names: us.stranger.get(f"/huisstijl/{THEIRS}.css")
    ),
    "GET /inlezen": Case("aandachtsfunctionaris", 200, lambda us, _names: us.browser.get("/inlezen")),
    "POST /inlezen": Case("aandachtsfunctionaris", 400, lambda us, _names: us.form("/inlezen", rijen="a")),
    "GET /bellen": Case("toezichthouder", 200, lambda us, _names: us.browser.get("/bellen")),
    "POST /controles": Case(
        "toezichthouder", 400, lambda us, _names: us.form("/controles", controle="nieuw:onbekend:onbekend")
    ),
    "GET /v1/maandspiegel": Case(
        "aandachtsfunctionaris", 200, lambda us, _names: us.officer.get("/v1/maandspiegel?maand=2026-01")
    ),
    "GET /maand": Case("aandachtsfunctionaris", 303, lambda us, _names: us.browser.get("/maand")),
    "GET /maand/{maand}": Case(
        "aandachtsfunctionaris", 200, lambda us, _names: us.browser.get("/maand/2026-01")
    ),
    "GET /vragen": Case("toezichthouder", 200, lambda us, _names: us.browser.get("/vragen")),
    "POST /vragen": Case(
        "toezichthouder", 403, lambda us, names: us.form("/vragen", controle=names.control, **PHONE)
    ),
    "GET /invoeren": Case("toezichthouder", 200, lambda us, _names: us.browser.get("/invoeren")),
    "POST /invoeren": Case(
        "toezichthouder", 200, lambda us, names: us.form("/invoeren", sleutel=names.key, **TYPED)
    ),
    "POST /invoeren/overnemen": Case(
        "toezichthouder", 200, lambda us, names: us.form("/invoeren/overnemen", sleutel=names.key, **PHONE)
    ),
    "GET /treffers": Case("aandachtsfunctionaris", 200, lambda us, _names: us.browser.get("/treffers")),
    "GET /treffers/{treffer}": Case(
        "aandachtsfunctionaris", 404, lambda us, names: us.browser.get(f"/treffers/{names.decision}")
    ),
    "POST /treffers/{treffer}/stappen": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form(f"/treffers/{names.decision}/stappen", stap="contact_gevraagd"),
    ),
    "POST /vrijgaven": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form("/vrijgaven", besluit=names.decision, signaal=names.signal),
    ),
    "POST /noodopeningen": Case(
        "aandachtsfunctionaris",
        403,
        lambda us, names: us.form("/noodopeningen", treffer=names.decision, gevaar="levensgevaar"),
    ),
    "POST /v1/signalen, in the place of another": Case(
        "aandachtsfunctionaris",
        409,
        lambda us, names: us.officer.post("/v1/signalen", signal(vervangt=names.waiting)),
    ),
    "POST /v1/signalen, in the place of one that was taken back": Case(
        "aandachtsfunctionaris",
        409,
        lambda us, names: us.officer.post("/v1/signalen", signal(vervangt=names.gone)),
    ),
    "POST /v1/signalen, of a draft": Case(
        "aandachtsfunctionaris",
        201,
        lambda us, names: us.officer.post("/v1/signalen", signal(concept=names.draft)),
    ),
    "GET /dossier": Case("aandachtsfunctionaris", 200, lambda us, _names: us.browser.get("/dossier")),
    "POST /dossier": Case("aandachtsfunctionaris", 200, lambda us, _names: us.form("/dossier")),
    "GET /dossier/{signaal}": Case(
        "aandachtsfunctionaris", 200, lambda us, names: us.browser.get(f"/dossier/{names.signal}")
    ),
    "POST /dossier/{signaal}": Case(
        "aandachtsfunctionaris", 404, lambda us, names: us.form(f"/dossier/{names.signal}", reden=LOOKING)
    ),
    "POST /dossier/{signaal}/weggooien": Case(
        "aandachtsfunctionaris", 303, lambda us, names: us.form(f"/dossier/{names.waiting}/weggooien")
    ),
    "POST /dossier/{signaal}/opnieuw": Case(
        "aandachtsfunctionaris", 404, lambda us, names: us.form(f"/dossier/{names.waiting}/opnieuw")
    ),
    "POST /dossier/{signaal}/intrekken": Case(
        "aandachtsfunctionaris",
        404,
        lambda us, names: us.form(f"/dossier/{names.signal}/intrekken", reden="onjuist"),
    ),
    "POST /dossier/{signaal}/verbeteren": Case(
        "aandachtsfunctionaris", 404, lambda us, names: us.form(f"/dossier/{names.waiting}/verbeteren")
    ),
    "POST /concepten": Case(
        "toezichthouder", 303, lambda us, names: us.form("/concepten", sleutel=names.key, **PHONE)
    ),
    "GET /concepten/{concept}": Case(
        "aandachtsfunctionaris", 404, lambda us, names: us.browser.get(f"/concepten/{names.draft}")
    ),
    "POST /concepten/{concept}/weggooien": Case(
        "aandachtsfunctionaris", 303, lambda us, names: us.form(f"/concepten/{names.draft}/weggooien")
    ),
}
"""Method and path, and after a comma which way of using it."""

FORMS = sorted(
    path
    for method, path in (name.partition(",")[0].split(" ") for name in CASES)
    if method == "POST"
    and not path.startswith("/v1/")
    # The way back from out of sight acts on the cookie of its own browser only, and the form that comes back with it has a token of its own.
    and path not in {"/aanmelden", "/aanmelden/tweede-stap", "/even-weg/terug"}
)


def more_people(settings: NodeSettings, outside: Outside, organisation: str) -> None:
    """Beside who is there anyway: everybody in a role that an organisation of another kind gives, and one more toezichthouder."""
    assert outside.passwords
    hashed = outside.passwords.hash(PASSWORD)
    store = open_store(settings, organisation)
    for name, role in [
        (SECOND, "toezichthouder"),
        *((role, role) for role in EVERY_ROLE if role not in ROLES),
    ]:
        store.put_account(Account(f"{name.replace('_', '-')}-{organisation}", name, role), hashed)
    store.close()


@contextmanager
def two_organisations(
    settings: NodeSettings, clock: Hands, outside: Outside, register: RegisterStation
) -> Iterator[Node]:
    """Both with people, and neither did anything yet."""
    tenant_folder(settings.tenants_folder, OURS)
    for code in (OURS, THEIRS):
        people(settings, outside, code)
        more_people(settings, outside, code)
    made = create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
    with running(made):
        yield Node(made, settings, register)


@pytest.fixture
def node(settings: NodeSettings, clock: Hands, outside: Outside, register: RegisterStation) -> Iterator[Node]:
    with two_organisations(settings, clock, outside, register) as made:
        yield made


class Days:
    """A node that goes back to a day in its life: before they did anything, or after a day of their work.

    What it goes back to is everything that outlives a request: its whole database, and what the register was sent. One node lives all these days,
    because to build it and to do their day's work again for every route takes longer than all that is claimed here.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._signed_in = {(OURS, role): node.us(role) for role in EVERY_ROLE}
        self._signed_in |= {(THEIRS, name): node.us(name, THEIRS) for name in COLLEAGUES}
        self._before = self._keep()
        self.theirs = a_day_of_their_work(node)
        self._after = self._keep()

    def _keep(self) -> tuple[sqlite3.Connection, dict[str, Any]]:
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(sqlite3.connect(self._node.settings.database_file)) as database:
            database.backup(kept)
        return kept, deepcopy(self._sent())

    def _sent(self) -> dict[str, Any]:
        register = self._node.register
        return {
            "signals": register.signals,
            "treffers": register.treffers,
            "opened": register.opened,
            "withdrawn": register.withdrawn,
            "hashes": register.log.hashes,
        }

    def before(self) -> Node:
        """When they had nothing."""
        return self._back(*self._before)

    def after(self) -> Node:
        """When they had something of everything."""
        return self._back(*self._after)

    def us(self, role: str, organisation: str = OURS) -> "Us":
        """Somebody who signed in before they did anything, in a browser that knows nothing more."""
        return self._signed_in[organisation, role].anew(self._node.app)

    def _back(self, kept: sqlite3.Connection, sent: dict[str, Any]) -> Node:
        with closing(sqlite3.connect(self._node.settings.database_file)) as database:
            kept.backup(database)
        for name, now in self._sent().items():
            now.clear()
            (now.update if isinstance(now, dict) else now.extend)(deepcopy(sent[name]))
            assert now == sent[name]
        return self._node

    def close(self) -> None:
        for kept, _sent in (self._before, self._after):
            kept.close()


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory, dealt: Dealt) -> Iterator[Days]:
    clock = Hands()
    register = register_with(clock)
    settings = settings_in(tmp_path_factory.mktemp("dagen"), dealt, register)
    outside = outside_with(holders_of(dealt, register.clock), register)
    with listening() as heard, two_organisations(settings, clock, outside, register) as node:
        # What a node asks the register once and keeps in memory, it has asked.
        assert node.us("fg").officer.get("/v1/ontvangstbewijzen").status_code == 200
        lived = Days(node)
        assert not [one for one in heard if not one.right]
        yield lived
        lived.close()


def left_by_jobs(node: Node) -> None:
    """What comes by itself: of the log, of somebody who mistyped a password, of what waits."""
    database = open_database(node.settings, [OURS, THEIRS])
    store, log = NodeStore(database, THEIRS), node.register.log
    checkpoint = log.checkpoint()
    note = sign_checkpoint(checkpoint, log.signer).encode()
    store.put_checkpoint(checkpoint, note)
    store.put_break(log.signer.name, LogBreak(Break.SHORTER, note, note, MOMENT))
    store.put_tries(b"k" * 32, 3, None)
    store.put_account(Account("alleen-bij-hen-1", "alleen-bij-hen", "fg"), "hash")
    with store.signing_in() as rows:
        rows.put_half(token_digest(HALF), Half("alleen-bij-hen-1", MOMENT))
        rows.put_app("alleen-bij-hen-1", b"verzegeld", MOMENT)
        rows.put_passkey(
            "alleen-bij-hen-1", Passkey("YWxsZWVuLWJpai1oZW4", b"sleutel", 1), "telefoon", MOMENT
        )
        rows.put_recovery("alleen-bij-hen-1", [b"h" * 32])
        rows.happened(b"g" * 16, "alleen-bij-hen-1", Happening("hersteld", MOMENT, "beheerder-bij-hen"))
    canaries = CanaryStore(database, THEIRS)
    canaries.keep("test-node", KeptPin(1, "2026-2", bytes(32), bytes(32)), MOMENT)
    canaries.looked(KeptLook(MOMENT, 1, bytes(32), bytes(32)))
    own = [Own(Kind.STREET, b"s" * 32)]
    OwnStore(database, THEIRS).put("alleen-bij-hen-1", own, "beheerder-bij-hen", MOMENT)
    releases = ReleaseStore(database, THEIRS)
    releases.put_pin(Pin("TMM", "TMM/ontvangst+00000000+x", 1, bytes(32)), "beheerder-bij-hen", MOMENT)
    releases.put_own_key(1, "verklaring", MOMENT)
    releases.propose(replace(PROPOSED, release_id=UUID(RELEASE)))
    assert releases.receive(replace(GOT, release_id=UUID(RECEIVED)))
    announcements = AnnouncementStore(database, THEIRS)
    announcements.put_mailbox("alleen-bij-hen-1", "alleen-bij-hen-1@hen.example", MOMENT)
    announcements.put([Announcement(Channel.MAIL, "alleen-bij-hen-1", MOMENT)], MOMENT, MOMENT)
    ChangeStore(database, THEIRS).put(UUID(int=5, version=4), "alleen-bij-hen-1", "intrekken", MOMENT)
    identities = IdentityStore(database, THEIRS)
    assert identities.use_attempt(b"t" * 32, b"b" * 32, MOMENT, MOMENT - timedelta(minutes=10))
    assert identities.put(b"i" * 32, Account("ingelogd-bij-hen-1", "ingelogd-bij-hen", "fg"), "hash", MOMENT)
    roles = ("toezichthouder", "aandachtsfunctionaris", "fg")
    waiting = [Counted(OUTCOME_LATE, 3, role=role) for role in roles]
    assert ReminderStore(database, THEIRS).replace(waiting, MOMENT) == len(roles)
    database.close()


def a_day_of_their_work(node: Node) -> Names:
    """Something of everything that an organisation can have."""
    them = node.us("toezichthouder", THEIRS)
    key = "een-sleutel-van-hen"
    told = signal(verhaal="Wat zij zagen.")
    stored = them.officer.post("/v1/signalen", told, **{"Idempotency-Key": key})
    assert stored.status_code == 201, stored.text
    number, decision = str(stored.json()["signaalId"]), str(UUID(int=97, version=4))
    node.register.treffers.append(
        {"onzeRol": "melder", "fase2": "gevraagd", "besluitId": decision, "onzeSignalen": [number]}
    )
    node.register.fails = "away"
    waiting = them.officer.post("/v1/signalen", signal(), **{"Idempotency-Key": "nog-een-sleutel-van-hen"})
    assert waiting.status_code == 202, waiting.text
    node.register.fails = ""
    plate = {"subjecten": [{"kenmerken": [{"soort": "plate", "waarde": "NL:GB-123-X"}]}]}
    gone = them.officer.post("/v1/signalen", signal(**plate))
    assert gone.status_code == 201, gone.text
    withdrawal = {"signaalId": gone.json()["signaalId"], "reden": "onjuist"}
    contact = node.us("aandachtsfunctionaris", THEIRS).officer
    assert contact.post("/v1/intrekkingen", withdrawal).status_code == 201
    seen = them.officer.post(f"/v1/signalen/{number}/inzagen", {"reden": LOOKING})
    assert seen.status_code == 201, seen.text
    draft = them.officer.post("/v1/concepten", {"velden": {"telefoon": ["0612345678"]}})
    assert draft.status_code == 201, draft.text
    file = {"mapping": MAPPING, "bestand": "a" * 64, "rijen": 2}
    intake = them.officer.post("/v1/invoer", file)
    assert intake.status_code == 201, intake.text
    refused = them.officer.post(f"/v1/invoer/{intake.json()['invoerId']}/rijen", {"rijen": [ROW]})
    assert refused.json()["uitkomsten"][0]["uitkomst"] == "geweigerd", refused.text
    assert them.officer.post("/v1/invoer", {"mapping": MAPPING | {"herkomst": "camera"}}).is_client_error
    shared = them.officer.post("/v1/delen", SHARING)
    assert shared.status_code == 200, shared.text
    left_by_jobs(node)
    control = them.officer.control()
    asked = them.officer.post("/v1/bevragingen", question(control))
    assert asked.status_code == 200, asked.text
    return Names(
        account="alleen-bij-hen",
        control=control,
        signal=number,
        waiting=str(waiting.json()["signaalId"]),
        gone=withdrawal["signaalId"],
        draft=str(draft.json()["conceptId"]),
        intake=str(intake.json()["invoerId"]),
        decision=decision,
        release=RELEASE,
        received=RECEIVED,
        leaf=node.leaf_of_theirs(),
        key=key,
        half=f"{OURS}.{written(HALF)}",
        session=session_number(token_digest(raw_token(them.officer.headers["Authorization"][7:]) or b"")),
        passkey="YWxsZWVuLWJpai1oZW4",
        proof=shared.json()["bewijsstuk"],
        csrf=them.csrf,
    )


NEW = (
    (r"[A-Za-z0-9_-]{600,}", "BEWIJSSTUK"),
    (r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", "UUID"),
    (r"\b(?:[0-9a-f]{64}|[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{8})\b", "RANDOM"),
    (r'"[A-Za-z0-9_-]{43}"', "TOKEN"),
    (r"C-[2-9A-Z]{4}-[2-9A-Z]{4}", "CONTROL"),
    (r'"bewijs":"[^"]*"', "BEWIJS"),
    (r'"blad":\d+|blad \d+|>\d+</dd>', "BLAD"),
)
"""What is new in every answer."""


def told(answer: httpx.Response, sent: Names) -> list[str]:
    """What an answer says, line by line, without the numbers that were sent and those that are new."""
    kind, goes = answer.headers.get("content-type", ""), answer.headers.get("location", "")
    text = f"{answer.status_code}\n{kind}\n{goes}\n{answer.text}"
    for number, name in enumerate(name for name in astuple(sent) if not name.isdigit()):
        text = text.replace(name, f"SENT{number}").replace(name[:8], f"SENT{number}")
    for pattern, name in NEW:
        text = re.sub(pattern, name, text)
    return text.splitlines()


def differences(one: list[str], other: list[str]) -> list[tuple[str | None, str | None]]:
    return [pair for pair in zip_longest(one, other) if pair[0] != pair[1]]


def offered(routes: Sequence[BaseRoute]) -> Iterator[str]:
    """Every method and path, also of routers within; what is no route of ours but the stylesheets and the description must not be there."""
    for route in routes:
        within = getattr(route, "original_router", None)
        if within is not None:
            yield from offered(within.routes)
        elif isinstance(route, APIRoute):
            yield from (f"{method} {route.path}" for method in route.methods or ())
        else:
            assert getattr(route, "path", None) in {
                assets.address(STATIC_PATH, STATIC),
                "/v1/openapi.json",
            }, route


def test_every_route_has_a_case(app: FastAPI) -> None:
    assert set(offered(app.routes)) - NEIGHBOURLESS == {name.partition(",")[0] for name in CASES}


def test_a_route_within_a_router_is_found() -> None:
    inner, outer, app = APIRouter(prefix="/binnen"), APIRouter(), FastAPI(openapi_url=None)
    inner.add_api_route("/hier", lambda: None, methods=["PUT"])
    outer.include_router(inner)
    app.include_router(outer)
    assert list(offered(app.routes)) == ["PUT /binnen/hier"]


@pytest.mark.parametrize("route", CASES)
def test_what_is_theirs_is_to_us_as_what_never_existed(days: Days, route: str) -> None:
    require_nothing_told(days, route, CASES[route].role, CASES[route].status)


@pytest.mark.every_case
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", EVERY_ROLE)
def test_in_no_role_is_what_is_theirs_anything_else_than_what_never_existed(days: Days, role: str) -> None:
    for route in CASES:
        require_nothing_told(days, route, role)


@pytest.mark.parametrize(
    "role",
    ["zorgcoordinator", *(pytest.param(one, marks=pytest.mark.every_case) for one in OTHER_PARTNERS)],
)
def test_a_question_tells_a_partner_what_it_tells_whoever_asks(days: Days, role: str) -> None:
    def answered(who: str, number: str | None) -> dict[str, Any]:
        officer = days.us(who).officer
        purpose = {"doel": purpose_of(who)}
        answer = officer.post("/v1/bevragingen", question(number or officer.control(), **purpose))
        assert answer.status_code == 200, answer.text
        return {name: value for name, value in answer.json().items() if name != "logbewijs"}

    days.before()
    unknown = answered(role, NOBODYS.control)
    days.after()
    known = answered(role, days.theirs.control)
    assert (unknown["uitkomst"], known["uitkomst"]) == ("niet_bekend", "bekend_elders")
    days.before()
    assert unknown == answered("toezichthouder", None)
    days.after()
    assert known == answered("toezichthouder", None)


def require_nothing_told(days: Days, route: str, role: str, status: int | None = None) -> None:
    """Who has this role at ours tries what is nobody's, and then what is theirs."""
    case = CASES[route]
    if role in PARTNERS and route in ASKING:
        # As much to be told both times: what is named changes nothing of it.
        days.after()
    else:
        days.before()
    without = case.send(days.us(role), NOBODYS)
    assert without.status_code == status or status is None, without.text
    node, theirs = days.after(), days.theirs
    us = days.us(role)
    before = node.rows_of_theirs()
    assert [table for table, rows in before.items() if not rows] == []
    with listening() as heard:
        answer = case.send(us, theirs)
    assert differences(told(answer, theirs), told(without, NOBODYS)) == [], route
    assert node.rows_of_theirs() == before, route
    assert not [one for one in heard if not ours(one)], route
    numbers = (
        theirs.control,
        theirs.signal,
        theirs.waiting,
        theirs.gone,
        theirs.draft,
        theirs.intake,
        theirs.decision,
        theirs.release,
        theirs.received,
    )
    for secret in (*numbers, "alleen-bij-hen-1", f"-{THEIRS}"):
        assert secret not in answer.text or secret in sent_by(answer), route


def test_of_everything_that_can_be_named_is_said_whether_it_is_one_person_s() -> None:
    assert OF_ONE | set(OF_ALL) == {one.name for one in fields(Names)}


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "name",
    [SECOND, *(pytest.param(one, marks=pytest.mark.every_case) for one in COLLEAGUES if one != SECOND)],
)
def test_what_one_person_has_is_to_a_colleague_as_what_never_existed(days: Days, name: str) -> None:
    one_s = replace(NOBODYS, **{each: getattr(days.theirs, each) for each in OF_ONE})
    found, named = {}, set()
    for route, case in CASES.items():
        reading = Reading(NOBODYS)
        days.after()
        without = case.send(days.us(name, THEIRS), cast("Names", reading))
        if not reading.read & OF_ONE:
            continue
        named |= reading.read
        days.after()
        answer = case.send(days.us(name, THEIRS), one_s)
        if seen := differences(told(answer, one_s), told(without, NOBODYS)):
            found[route] = seen
    assert not found, "\n".join(f"{route}: {seen[:3]}" for route, seen in found.items())
    assert named >= OF_ONE


class Reading:
    """Names, and which of them were used."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> str:
        self.read.add(name)
        return str(getattr(self._names, name))


def ours(statement: Statement) -> bool:
    return statement.finds_a_session or statement.organisations in ({OURS}, {STRANGERS})


def sent_by(answer: httpx.Response) -> str:
    return f"{answer.request.url}\n{answer.request.content.decode()}"


@pytest.mark.parametrize("path", FORMS)
def test_a_form_token_of_theirs_is_as_good_as_none(days: Days, path: str) -> None:
    days.before()
    without = days.us("aandachtsfunctionaris").form(path, csrf=NOBODYS.csrf)
    theirs = days.theirs
    days.after()
    answer = days.us("aandachtsfunctionaris").form(path, csrf=theirs.csrf)
    assert answer.status_code == 403
    assert differences(told(answer, theirs), told(without, NOBODYS)) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/bevragingen", question("C-2222-2222")),
        ("/v1/signalen", signal()),
        ("/v1/invoer", {"mapping": MAPPING}),
        ("/v1/invoer/proef", {"mapping": MAPPING, "rijen": [ROW]}),
    ],
)
def test_a_message_for_a_neighbour_is_as_one_for_somebody_far_away(
    node: Node, path: str, body: dict[str, Any]
) -> None:
    officer = node.us("toezichthouder").officer
    far, near = (officer.post(path, body | {"organisatie": code}) for code in ("GM9001", THEIRS))
    assert (near.status_code, near.content) == (400, far.content)


def test_each_organisation_shows_register_and_holders_its_own_certificate(node: Node) -> None:
    for code in (OURS, THEIRS):
        officer = node.us("toezichthouder", code).officer
        assert officer.post("/v1/signalen", signal()).status_code == 201
        assert officer.post("/v1/bevragingen", question(officer.control())).status_code == 200
    shown = {
        (one.headers["x-test-certificate"], one.headers["namens-medewerker"])
        for one in node.register.requests
    }
    assert shown == {(code, f"toezichthouder-{code}") for code in (OURS, THEIRS)}


def test_the_same_key_at_two_organisations_is_two_signals(node: Node) -> None:
    for code in (OURS, THEIRS):
        sent = node.us("toezichthouder", code).officer.post(
            "/v1/signalen", signal(), **{"Idempotency-Key": "dezelfde-sleutel"}
        )
        assert (sent.status_code, sent.json()["herhaald"]) == (201, False)
    assert len({number for _organisation, number, _version in node.register.signals}) == 2


def test_a_session_of_an_organisation_that_left_opens_nothing(
    node: Node, settings: NodeSettings, clock: Hands, outside: Outside
) -> None:
    officer = node.us("toezichthouder").officer
    (settings.tenants_folder / OURS / "tenant.toml").unlink()
    alone = create_app(settings, clock=clock, randomness=random.Random(9).randbytes, outside=outside)
    with running(alone):
        answer = Browser(alone).get("/v1/controles", headers=officer.headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "niet-aangemeld")
