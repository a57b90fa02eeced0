# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A node in a small truthful world: real key holder code, and a register that keeps what it is sent and signs real receipts.

The register here does what every register must (one organisation per certificate, the rules of `register.signals`, the same message twice is one
signal, equality of points is a match) and no policy: what may be shown is tested elsewhere.
"""

import asyncio
import hashlib
import json
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from audit.note import Signer
from audit.trail import Receipt, make_receipt
from process.peer import Peer
from process.problem import Refusal, problem_details
from process.secret import Secret
from pseudonymisation.keyholder.holder import Holder
from pseudonymisation.matchkeys import MatchKey
from pseudonymisation.stretch import UNSAFE_CHEAP_FOR_TESTS_AND_BENCH, stretch
from pseudonymisation.wire import EvaluationRequest
from register.signals import Observation, commitment, register_problems
from register.wire import (
    Antwoord,
    Bevraging,
    Fase2Stand,
    GrondslagLijst,
    GrondslagOverzicht,
    Logbewijs,
    Message,
    SignaalIndienen,
    SignaalIngediend,
    TrefferLijst,
    TrefferOverzicht,
    Uitkomst,
    Uitleg,
    Vrijgave,
)

MOMENT = datetime(2026, 3, 2, 9, 30, 20, tzinfo=UTC)
PASSWORD = "een-lang-wachtwoord"
ORGANISATION = "GM9004"
EVERY_GROUND = ("G-GEM", "G-SEKS", "G-STRAF")


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = MOMENT

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


def cheap(keyset: str, key: MatchKey) -> bytes:
    return stretch(keyset, key, unsafe_cost=UNSAFE_CHEAP_FOR_TESTS_AND_BENCH)


def problem(refusal: Refusal) -> httpx.Response:
    return httpx.Response(
        refusal.status,
        content=json.dumps(problem_details(refusal)),
        headers={"content-type": "application/problem+json"},
    )


def refusal(status: int, code: str) -> Refusal:
    return Refusal(status, code, "Nee.", "Omdat het niet mag.", way_forward="Doe iets anders.", rule="C2")


@dataclass
class HolderStation:
    """One key holder: the real one, with a switch for each way in which it can fail."""

    holder: Holder
    asked: list[EvaluationRequest] = field(default_factory=list)
    fails: str = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.fails == "away":
            raise httpx.ConnectError("refused")
        if self.fails == "error":
            return httpx.Response(500, text="storing")
        if self.fails == "silent":
            time.sleep(1.5)
            raise httpx.ReadTimeout("nothing came back")
        if self.fails == "rubbish":
            return httpx.Response(200, json={"houder": 1})
        message = EvaluationRequest.model_validate_json(request.content)
        self.asked.append(message)
        if self.fails == "quota":
            return problem(refusal(429, "te-veel"))
        self.holder.check(message, Peer("node", ORGANISATION, "0"))
        answer = json.loads(self.holder.evaluate(message).model_dump_json())
        if self.fails == "wrong proof":
            answer["punten"][0], answer["punten"][1] = answer["punten"][1], answer["punten"][0]
        return httpx.Response(200, json=answer)


@dataclass
class RegisterStation:
    """A register without policy."""

    clock: Hands
    signer: Signer
    grounds: tuple[str, ...] = EVERY_GROUND
    signals: dict[tuple[str, str, int], bytes] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    treffers: list[dict[str, Any]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    fails: str = ""
    leaves: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.fails == "away":
            raise httpx.ConnectError("refused")
        self.requests.append(request)
        answer = self._answer(request)
        if self.fails == "silent after storing" and request.url.path == "/v1/signalen":
            raise httpx.ReadTimeout("nothing came back")
        if isinstance(answer, Refusal):
            return problem(answer)
        status = 201 if request.method == "POST" and request.url.path != "/v1/bevragingen" else 200
        content = answer.model_dump_json(by_alias=True, exclude_none=True)
        return httpx.Response(status, content=content, headers={"content-type": "application/json"})

    def _answer(self, request: httpx.Request) -> Message | Refusal:
        if not {"namens-medewerker", "namens-rol", "doel"} <= set(request.headers):
            return refusal(400, "onvolledig")
        if request.url.path == "/v1/grondslagen":
            return GrondslagLijst(
                grondslagen=[
                    GrondslagOverzicht(id=f"OEF-{code}", code=code, artikel="art.", taak="taak")
                    for code in self.grounds
                ],
                logbewijs=self._proof(),
            )
        if request.url.path == "/v1/treffers":
            return TrefferLijst(
                treffers=[self._treffer(one) for one in self.treffers], logbewijs=self._proof()
            )
        return self._written(request)

    def _written(self, request: httpx.Request) -> Message | Refusal:
        if not re.fullmatch(r"[A-Za-z0-9-]{8,64}", request.headers["idempotency-key"]):
            return refusal(400, "sleutel")
        if request.url.path == "/v1/signalen":
            if self.fails == "refuses":
                return refusal(403, "geen-toegang")
            return self._take(SignaalIndienen.model_validate_json(request.content), request.content)
        if request.url.path == "/v1/bevragingen":
            return self._tell(Bevraging.model_validate_json(request.content))
        if request.url.path.endswith("/vrijgaven"):
            return self._open(request.url.path.split("/")[3], Vrijgave.model_validate_json(request.content))
        return refusal(404, "niet-gevonden")

    def _treffer(self, given: dict[str, Any]) -> TrefferOverzicht:
        today = self.clock().date()
        always = {"trefferId": UUID(int=7), "gevondenOp": today, "vervaltOp": today + timedelta(days=30)}
        return TrefferOverzicht.model_validate(always | given)

    def _open(self, decision: str, sent: Vrijgave) -> Message | Refusal:
        """Takes a release only if what was sealed opens the commitment that was submitted."""
        body = self.signals.get((sent.organisatie, str(sent.signaal_id), 1))
        if body is None:
            return refusal(404, "niet-gevonden")
        submitted = SignaalIndienen.model_validate_json(body)
        if submitted.verzegeld is not None:
            opened = sent.ontzegeld
            if opened is None or submitted.verzegeld.vastlegging != commitment(
                opened.nonce,
                Observation(
                    opened.uitbuitingsvorm,
                    opened.waarneming_grondslag,
                    opened.controlesoort,
                    tuple(opened.aanwijzingen),
                    tuple((one.ref, one.rol) for one in opened.subjecten),
                ),
            ):
                return refusal(400, "past-niet")
        self.opened.append(str(sent.signaal_id))
        return Fase2Stand(
            besluit_id=UUID(decision), treffer_id=UUID(int=7), stand="open", logbewijs=self._proof()
        )

    def _take(self, sent: SignaalIndienen, body: bytes) -> Message | Refusal:
        observation = Observation(
            sent.uitbuitingsvorm,
            sent.waarneming_grondslag,
            sent.controlesoort,
            tuple(sent.aanwijzingen),
            tuple((one.ref, one.rol) for one in sent.subjecten),
        )
        if register_problems(observation, sealed_carries=sent.verzegeld.draagt if sent.verzegeld else None):
            return refusal(400, "ongeldig-signaal")
        key = (sent.organisatie, str(sent.signaal_id), sent.versie)
        if self.signals.get(key, body) != body:
            return refusal(409, "sleutel-hergebruikt")
        again = key in self.signals
        self.signals[key] = body
        expires = (sent.eerste_verwerking + timedelta(days=365)).date()
        return SignaalIngediend(
            signaal_id=sent.signaal_id,
            versie=sent.versie,
            categorie="R1",
            verloopt_op=expires,
            herhaald=again,
            logbewijs=self._proof(),
        )

    def _tell(self, sent: Bevraging) -> Message:
        asked = {one.punt for one in sent.pseudoniemen}
        found = [
            name
            for (name, _id, _version), body in self.signals.items()
            if asked
            & {p.punt for s in SignaalIndienen.model_validate_json(body).subjecten for p in s.pseudoniemen}
        ]
        return Antwoord(
            uitkomst=Uitkomst.BEKEND_ELDERS if found else Uitkomst.NIET_BEKEND,
            toelichting="Toelichting.",
            wat_nu="Bel uw aandachtsfunctionaris.",
            aantal_gemeenten="1" if found else None,
            uitleg=Uitleg(mag_zien=["hit"], grondslagen=["AVG 6(1)(e)"], niet_aangeboden=[], laat_weg=[]),
            logbewijs=self._proof(),
        )

    def _proof(self) -> Logbewijs:
        leaf = self.leaves
        self.leaves += 1
        said = Receipt("log.example/test", leaf, hashlib.sha256(b"%d" % leaf).digest(), self.clock())
        signer = (
            Signer(self.signer.name, Secret(bytes(range(7, 39)))) if self.fails == "forged" else self.signer
        )
        return Logbewijs(blad=leaf, bewijs=make_receipt(said, signer))

    def last(self, path: str) -> Any:
        return json.loads(next(one.content for one in reversed(self.requests) if one.url.path == path))


class Browser:
    """A caller in front of the node in this process; keeps its cookies."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app)
        self.cookies = httpx.Cookies()

    def send(self, method: str, path: str, **content: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=self._transport, base_url="http://127.0.0.1", cookies=self.cookies
            ) as client:
                response = await client.request(method, path, **content)
                self.cookies = client.cookies
                return response

        return asyncio.run(sent())

    def get(self, path: str, **content: Any) -> httpx.Response:
        return self.send("GET", path, **content)

    def post(self, path: str, **content: Any) -> httpx.Response:
        return self.send("POST", path, **content)


class Officer:
    """A person at the interface of the node."""

    def __init__(self, http: Browser, role: str) -> None:
        answer = http.post("/v1/sessies", json={"naam": role, "wachtwoord": PASSWORD})
        assert answer.status_code == 201, answer.text
        self._http = http
        self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self._http.post(path, json=body, headers=self._headers | headers)

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path, headers=self._headers)

    def delete(self, path: str) -> httpx.Response:
        return self._http.send("DELETE", path, headers=self._headers)

    def control(self) -> str:
        sent = {
            "waarnemingGrondslag": "apv_seksinrichting_151a",
            "controlesoort": "prostitutiecontrole_vergund",
            "plaats": ORGANISATION,
        }
        answer = self.post("/v1/controles", sent)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["nummer"])


def question(control: str | None, *attributes: tuple[str, str], **others: Any) -> dict[str, Any]:
    """A question on a telephone number, or on other attributes."""
    given = attributes or (("phone", "06 12345678"),)
    body = {"kenmerken": [{"soort": soort, "waarde": waarde} for soort, waarde in given], "controle": control}
    return {name: value for name, value in (body | others).items() if value is not None}


def signal(**others: Any) -> dict[str, Any]:
    """A sexual signal on a telephone number and a document, with members changed."""
    return {
        "subjecten": [
            {
                "rol": "mogelijk_slachtoffer",
                "kenmerken": [
                    {"soort": "phone", "waarde": "06 12345678"},
                    {"soort": "document", "waarde": "COL:AB123456"},
                ],
            }
        ],
        "waargenomen": "2026-02-27",
        "waarnemingGrondslag": "apv_seksinrichting_151a",
        "controlesoort": "advertentiecontrole_webcrawler",
        "uitbuitingsvorm": "seksueel_grensoverschrijdend",
        "aanwijzingen": ["derde_beheert_advertentie", "gehaald_en_gebracht"],
    } | others
