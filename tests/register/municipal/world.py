# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A node in a small truthful world: real key holder code, and a register that keeps what it is sent and signs real receipts.

The register here does what every register must (one organisation per certificate, the rules of `register.signals`, the same message twice is one
signal, equality of points is a match) and no policy: what may be shown is tested elsewhere.
"""

import asyncio
import json
import random
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI

from audit import merkle
from audit.canonical import base64_text
from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.cosignature import Cosigner
from audit.note import Signer, add_signatures, parse
from audit.trail import Receipt, make_receipt
from process.peer import Peer
from process.problem import Refusal, problem_details
from process.secret import Secret
from process.serving.clock import system_clock
from process.serving.secrets import write_secret
from pseudonymisation.keyholder.holder import Holder
from pseudonymisation.matchkeys import MatchKey
from pseudonymisation.receipts import EvaluationReceipt, request_digest, require_vkeys
from pseudonymisation.stretch import UNSAFE_CHEAP_FOR_TESTS_AND_BENCH, stretch
from pseudonymisation.wire import EvaluationRequest
from register.accounts import Account
from register.demo.certificates import Authority
from register.evaluations import INSPECTION, QUESTION, SUBMISSION, Needed, covered
from register.municipal.app import Outside, open_database
from register.municipal.clients import encoded
from register.municipal.composing import bare
from register.municipal.settings import NodeSettings
from register.municipal.store import NodeDatabase, NodeStore
from register.signals import Observation, commitment, register_problems
from register.wire import (
    Afloop,
    AfloopVastgelegd,
    Antwoord,
    Attendering,
    AttenderingGedaan,
    AttenderingLijst,
    AttenderingStand,
    Bericht,
    BerichtAfhandelen,
    Berichten,
    BerichtenStand,
    BerichtGelezen,
    BerichtKlaar,
    BerichtSoort,
    Beslisvragen,
    Bevraging,
    BevragingOver,
    BevriezingGedaan,
    BevriezingLijst,
    BevriezingStand,
    Contact,
    Fase2Stand,
    GrondslagLijst,
    GrondslagOverzicht,
    Intrekking,
    Inzageantwoord,
    Inzageverzoek,
    Logbewijs,
    Message,
    Noodopening,
    NoodopeningGedaan,
    Ontvangstsleutel,
    OntvangstsleutelLijst,
    OverdrachtGestart,
    OverdrachtStart,
    SignaalBevestigd,
    SignaalIndienen,
    SignaalIngediend,
    SignaalIngetrokken,
    Terugkoppeling,
    TerugkoppelingLijst,
    TrefferLijst,
    TrefferOverzicht,
    TrefferStap,
    TrefferZaak,
    Uitkomst,
    Uitleg,
    Vrijgave,
    ZegelGedaan,
    ZegelLijst,
    ZegelOpgehaald,
    ZegelStand,
    ZegelVrijgave,
)
from tests.api.kept import require_described
from tests.receipts import VKEYS, signed
from tests.register.municipal.deciding import decided

MOMENT = datetime(2026, 3, 2, 9, 30, 20, tzinfo=UTC)
PASSWORD = "een-lang-wachtwoord"
ORGANISATION = "GM9004"
EVERY_GROUND = ("G-GEM", "G-SEKS", "G-STRAF")
SILENCE = 60.0
"""Seconds that a holder says nothing, unless it is released."""


CLOCKS = {
    "receipt of an hour ago": (timedelta(hours=-1), timedelta(hours=-1)),
    "receipt of the future": (timedelta(hours=1), timedelta(hours=1)),
    "receipt that ran out": (timedelta(0), timedelta(minutes=-10)),
    "receipt that runs for a day": (timedelta(0), timedelta(days=1)),
}
"""Ways in which the clock of a holder can be wrong, or lie: how much its receipts begin and end later."""


def open_store(settings: NodeSettings, organisation: str = ORGANISATION) -> "OpenStore":
    """What one organisation of the node keeps; close it."""
    codes = sorted(one.name for one in settings.tenants_folder.iterdir())
    return OpenStore(open_database(settings, codes), organisation)


class OpenStore(NodeStore):
    """A store with a database of its own."""

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        super().__init__(database, tenant)
        self.close = database.close


def tenant_folder(folder: Path, organisation: str, seed: int = 1, **changed: object) -> Path:
    """`tenant.toml` of one organisation with its keys and certificate; `changed` replaces or adds lines, None removes one."""
    home = folder / organisation
    authority = Authority(folder.parent / f"uitgever-{organisation}", system_clock())
    authority.issue(Peer("node", organisation, "0" * 20), home)
    for place, name in enumerate(("zegel", "sessie")):
        write_secret(home / name, random.Random(f"{organisation}-{seed}-{place}").randbytes(32))
    recovery = X25519PrivateKey.from_private_bytes(random.Random(f"{organisation}-{seed}").randbytes(32))
    (home / "herstel.pem").write_bytes(
        recovery.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    values = {
        "organisation": organisation,
        "tls_certificate": "certificaat.pem",
        "tls_key": "sleutel.pem",
        "seal_key_file": "zegel",
        "session_key_file": "sessie",
        "recovery_key_file": "herstel.pem",
        "fg_contact": f"FG van {organisation}, fg@example.nl",
    } | changed
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items() if value is not None]
    (home / "tenant.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home


ROLES = (
    "toezichthouder",
    "aandachtsfunctionaris",
    "ambassadeur",
    "contactpunt",
    "fg",
    "functioneel_beheerder",
)
_peopled: dict[tuple[str, ...], bytes] = {}
"""A database with the people of an organisation and nothing else, by the organisations of its node, whose people they are, and what their passwords cost."""


def people(settings: NodeSettings, outside: Outside, organisation: str) -> None:
    """One account per role, all with the same password. Who begins with them gets the file that the first of a session came to have."""
    codes = sorted(one.name for one in settings.tenants_folder.iterdir())
    hashed = outside.passwords.hash(PASSWORD) if outside.passwords else ""
    file, which = settings.database_file, (*codes, organisation, *hashed.split("$")[:4])
    fresh = settings.database_url is None and not file.exists()
    if fresh and which in _peopled:
        file.touch(0o600)
        file.write_bytes(_peopled[which])
        return
    store = open_store(settings, organisation)
    for role in ROLES:
        store.put_account(Account(f"{role.replace('_', '-')}-{organisation}", role, role), hashed)
    store.close()
    if fresh and not file.with_name(f"{file.name}-wal").exists():
        _peopled[which] = file.read_bytes()


@contextmanager
def running(app: FastAPI) -> Iterator[FastAPI]:
    """The application, stopped as its server would stop it."""
    yield app

    async def stop() -> None:
        async with app.router.lifespan_context(app):
            pass

    asyncio.run(stop())


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


CALLER = "x-test-certificate"
"""Where a test's connection carries whose certificate it shows."""


def caller(request: httpx.Request) -> str:
    """Whose certificate this connection shows."""
    return str(request.headers.get(CALLER, ORGANISATION))


@dataclass
class HolderStation:
    """One key holder: the real one, with a switch for each way in which it can fail."""

    holder: Holder
    clock: Hands = field(default_factory=Hands)
    asked: list[EvaluationRequest] = field(default_factory=list)
    calls: int = 0
    fails: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.fails == "away":
            raise httpx.ConnectError("refused")
        if self.fails == "silent":
            self.released.wait(SILENCE)
            raise httpx.ReadTimeout("nothing came back")
        if self.fails == "endless":
            return httpx.Response(200, content=iter(lambda: b"x" * 4096, b""))
        return self._broken() or self._answered(request)

    def _broken(self) -> httpx.Response | None:
        if self.fails == "error":
            return httpx.Response(500, text="storing")
        if self.fails == "outage":
            return problem(refusal(503, "database-weg"))
        return httpx.Response(200, json={"houder": 1}) if self.fails == "rubbish" else None

    def _answered(self, request: httpx.Request) -> httpx.Response:
        message = EvaluationRequest.model_validate_json(request.content)
        self.asked.append(message)
        if self.fails in {"quota", f"quota of {message.medewerker}"}:
            return problem(refusal(429, "te-veel"))
        if self.fails == "keyset":
            return problem(refusal(409, "andere-sleutelset"))
        if self.fails == "quota without a number":
            told = problem(refusal(429, "te-veel"))
            return httpx.Response(
                429,
                content=told.content,
                headers=[*told.headers.raw, (b"retry-after", "²".encode("latin-1"))],
            )
        self.holder.check(message, Peer("node", caller(request), "0"))
        answer = json.loads(
            self.holder.evaluate(message, self.holder.receipt(message, self.clock())).model_dump_json()
        )
        if self.fails == "receipt of another":
            answer["kwitantie"] = signed(
                replace(EvaluationReceipt.from_text(parse(answer["kwitantie"]).text), points=40)
            )
        if self.fails in CLOCKS:
            receipt = EvaluationReceipt.from_text(parse(answer["kwitantie"]).text)
            early, late = CLOCKS[self.fails]
            answer["kwitantie"] = signed(
                replace(receipt, moment=receipt.moment + early, expires=receipt.expires + late)
            )
        if self.fails == "wrong proof":
            answer["punten"][0], answer["punten"][1] = answer["punten"][1], answer["punten"][0]
        return httpx.Response(200, json=answer)


@dataclass
class LogStation:
    """The register's log: real trees, real signatures, real proofs, and ways to lie about them.

    Attributes:
        hashes: of the leaves, in order.
        published: size of the newest checkpoint; None for the whole log.
        witnesses: who cosign every checkpoint.
        fails: "away", "error", "no proofs", "wrong proofs", "rubbish" or "no checkpoint".
    """

    signer: Signer = field(default_factory=lambda: Signer("log.example/test", Secret(bytes(range(3, 35)))))
    hashes: list[bytes] = field(default_factory=list)
    published: int | None = None
    fails: str = ""
    witnesses: list[Cosigner] = field(default_factory=list)

    def append(self, *leaves: bytes) -> int:
        """Appends leaves; returns the index of the last."""
        self.hashes += [merkle.leaf_hash(one) for one in leaves]
        return len(self.hashes) - 1

    def receipt(self, leaf_index: int, leaf_hash: bytes | None = None) -> Receipt:
        return Receipt(self.signer.name, leaf_index, leaf_hash or self.hashes[leaf_index], MOMENT)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = len(self.hashes) if size is None else size
        return Checkpoint(self.signer.name, size, merkle.root_of(self.hashes[:size]))

    def inclusion(self, leaf_index: int, size: int) -> tuple[bytes, ...]:
        return merkle.inclusion_proof(leaf_index, size, self._nodes)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        return merkle.consistency_proof(old, new, self._nodes)

    def _nodes(self, wanted: Sequence[merkle.Address]) -> list[bytes]:
        return [merkle.root_of(self.hashes[place << level : (place + 1) << level]) for level, place in wanted]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.fails == "away":
            raise httpx.ConnectError("refused")
        if self.fails == "error":
            return httpx.Response(500, text="storing")
        if request.url.path == "/v1/logboek/checkpoint":
            checkpoint = self.checkpoint(self.published)
            note = sign_checkpoint(checkpoint, self.signer)
            note = add_signatures(note, [one.cosign(checkpoint, MOMENT) for one in self.witnesses])
            return httpx.Response(404) if self.fails == "no checkpoint" else httpx.Response(200, text=note)
        if self.fails == "no proofs":
            return problem(refusal(404, "niet-gevonden"))
        if self.fails == "rubbish":
            return httpx.Response(200, json={"hashes": ["AAAA"]})
        query = {name: int(value) for name, value in request.url.params.items()}
        if request.url.path == "/v1/logboek/bewijzen/insluiting":
            shift = 1 if self.fails == "wrong proofs" else 0
            proof = self.inclusion((query["blad"] + shift) % query["omvang"], query["omvang"])
        else:
            assert request.url.path == "/v1/logboek/bewijzen/samenhang"
            proof = self.consistency(query["van"], query["naar"])
        return httpx.Response(200, json={"hashes": [base64_text(one) for one in proof]})


@dataclass
class RegisterStation:
    """A register without policy; `treffers` are those of ORGANISATION."""

    clock: Hands
    signer: Signer
    log: LogStation = field(default_factory=LogStation)
    grounds: tuple[str, ...] = EVERY_GROUND
    signals: dict[tuple[str, str, int], bytes] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    treffers: list[dict[str, Any]] = field(default_factory=list)
    steps: list[TrefferStap] = field(default_factory=list)
    feedback: list[Terugkoppeling] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    receipts: list[EvaluationReceipt] = field(default_factory=list)
    threshold: int = 2
    withdrawn: list[tuple[str, str]] = field(default_factory=list)
    outcomes: dict[str, tuple[str, str]] = field(default_factory=dict)
    freezes: list[BevriezingStand] = field(default_factory=list)
    keys: list[Ontvangstsleutel] = field(default_factory=list)
    zegels: dict[str, ZegelVrijgave] = field(default_factory=dict)
    fetched: dict[str, datetime] = field(default_factory=dict)
    recalled: dict[str, datetime] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    meanwhile: Callable[[], object] = lambda: None
    notices: list[Bericht] = field(default_factory=list)
    finished: list[tuple[str, UUID]] = field(default_factory=list)
    ready: list[BerichtKlaar] = field(default_factory=list)
    following: list[AttenderingStand] = field(default_factory=list)
    fails: str = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.fails == "away":
            raise httpx.ConnectError("refused")
        if request.url.path.startswith("/v1/logboek/"):
            return self.log(request)
        self.requests.append(request)
        answer = self._answer(request)
        if self.fails == "silent after storing" and request.url.path == "/v1/signalen":
            raise httpx.ReadTimeout("nothing came back")
        if isinstance(answer, Refusal):
            return problem(answer)
        looking = request.url.path in {"/v1/bevragingen", "/v1/inzagen", "/access/v1/evaluations"}
        status = 201 if request.method == "POST" and not looking else 200
        content = answer.model_dump_json(by_alias=True, exclude_none=True)
        return httpx.Response(status, content=content, headers={"content-type": "application/json"})

    def _answer(self, request: httpx.Request) -> Message | Refusal:  # noqa: C901, PLR0911, PLR0912 - a resource each
        if request.url.path == "/v1/berichten/stand":
            return BerichtenStand(klaar=self.ready)
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
                treffers=[self._treffer(one) for one in self.treffers if caller(request) == ORGANISATION],
                logbewijs=self._proof(),
            )
        if request.url.path == "/v1/overdrachten":
            return self._handed_over(OverdrachtStart.model_validate_json(request.content), caller(request))
        if request.url.path == "/v1/terugkoppelingen":
            ours = self.feedback if caller(request) == ORGANISATION else []
            return TerugkoppelingLijst(terugkoppelingen=ours, logbewijs=self._proof())
        if request.url.path.startswith("/v1/treffers/"):
            return self._case(request, request.url.path.split("/")[3])
        if request.url.path == "/v1/berichten":
            found = [one for one in self.notices if (one.soort, one.over_id) not in self.finished]
            kinds = [BerichtSoort(soort=one.soort, aantal=1, wat="Iets.", wat_nu="Kijk.") for one in found]
            return Berichten(berichten=found, soorten=kinds, logbewijs=self._proof())
        if request.url.path == "/v1/attenderingen" and request.method == "GET":
            return AttenderingLijst(attenderingen=self.following, logbewijs=self._proof())
        if request.url.path == "/v1/berichten/afhandelingen":
            done = BerichtAfhandelen.model_validate_json(request.content)
            self.finished.append((done.soort, done.over_id))
            return BerichtGelezen(soort=done.soort, over_id=done.over_id, logbewijs=self._proof())
        if request.url.path.startswith("/v1/attenderingen/"):
            return refusal(404, "niet-gevonden")
        if request.url.path == "/v1/bevriezingen":
            return BevriezingLijst(bevriezingen=self.freezes, logbewijs=self._proof())
        if request.url.path.startswith("/v1/bevriezingen/"):
            return self._freeze(request, request.url.path.split("/")[3:])
        if request.url.path == "/v1/ontvangstsleutels":
            return OntvangstsleutelLijst(sleutels=self.keys, logbewijs=self._proof())
        if request.url.path.startswith("/v1/zegels"):
            return self._zegels(request, request.url.path.split("/")[3:])
        if request.url.path == "/access/v1/evaluations":
            return decided(Beslisvragen.model_validate_json(request.content), self.clock(), self._proof())
        return self._written(request)

    def _written(self, request: httpx.Request) -> Message | Refusal:  # noqa: C901, PLR0911 - a refusal each
        if not re.fullmatch(r"[A-Za-z0-9-]{8,64}", request.headers["idempotency-key"]):
            return refusal(400, "sleutel")
        if json.loads(request.content)["organisatie"] != caller(request):
            return refusal(403, "andere-organisatie")
        if (wrong := self._receipts(request)) is not None:
            return wrong
        if request.url.path == "/v1/signalen":
            if self.fails == "refuses":
                return refusal(403, "geen-toegang")
            sent = bare(SignaalIndienen.model_validate_json(request.content))
            return self._take(sent, encoded(sent))
        if request.url.path == "/v1/bevragingen":
            return self._tell(Bevraging.model_validate_json(request.content))
        if request.url.path == "/v1/inzagen":
            return self._inspected(request)
        if request.url.path.endswith(("/bevragingen", "/bevestigingen")) or "attendering" in request.url.path:
            return self._looked_after(request)
        if request.url.path == "/v1/noodopeningen":
            return self._break_glass(request)
        if request.url.path == "/v1/aflopen":
            return self._close(request)
        return self._about_one(request, request.url.path.split("/")[3:])

    def _case(self, request: httpx.Request, treffer_id: str) -> Message | Refusal:
        """A treffer that it gave, as a case that anybody may take up; a step is kept and changes its standing."""
        if not self.treffers or UUID(treffer_id) != UUID(int=7) or caller(request) != ORGANISATION:
            return refusal(404, "niet-gevonden")
        given = dict(self.treffers[0])
        case = {"mogelijk": ["opgepakt", "niet_dezelfde"], **given.pop("zaak", {})}
        if request.method == "POST":
            sent = TrefferStap.model_validate_json(request.content)
            if sent.organisatie != caller(request):
                return refusal(403, "andere-organisatie")
            self.steps.append(sent)
        members = {"contactGevraagd": False, "geschiedenis": [], **case}
        return TrefferZaak.model_validate(
            {**members, "treffer": self._treffer(given), "logbewijs": self._proof()}
        )

    def _handed_over(self, sent: OverdrachtStart, organisation: str) -> Message | Refusal:
        """Takes a treffer that it gave."""
        if not self.treffers or sent.treffer_id != UUID(int=7) or organisation != ORGANISATION:
            return refusal(404, "niet-gevonden")
        day = self.clock().date() + timedelta(days=7)
        members = {"trefferId": sent.treffer_id, "aan": sent.aan, "aannemenVoor": day, "onzeSignalen": []}
        return OverdrachtGestart.model_validate(
            {"overdrachtId": UUID(int=12), **members, "logbewijs": self._proof()}
        )

    def _looked_after(self, request: httpx.Request) -> Message | Refusal:
        """What an owner does with a signal that is stored here, and with no other."""
        asked = json.loads(request.content)
        number = asked.get("overId") or request.url.path.split("/")[3]
        if not any((owner, one) == (caller(request), number) for owner, one, _version in self.signals):
            return refusal(404, "niet-gevonden")
        if "overId" in asked:
            sent = Attendering.model_validate_json(request.content)
            stand = AttenderingStand(
                attendering_id=sent.over_id,
                over=sent.over,
                over_id=sent.over_id,
                reden=sent.reden,
                medewerker=request.headers["namens-medewerker"],
                gezet_op=self.clock(),
                eindigt_op=self.clock().date(),
                stand="loopt",
            )
            self.following.append(stand)
            return AttenderingGedaan(**dict(stand), logbewijs=self._proof())
        if request.url.path.endswith("/bevestigingen"):
            return SignaalBevestigd(
                signaal_id=UUID(number), telt_mee_tot=self.clock().date(), logbewijs=self._proof()
            )
        return Antwoord(
            uitkomst=Uitkomst.NIET_BEKEND,
            toelichting="Toelichting.",
            wat_nu="Vertrouw op wat u zelf ziet.",
            uitleg=Uitleg(mag_zien=[], grondslagen=[], niet_aangeboden=[], laat_weg=[]),
            logbewijs=self._proof(),
        )

    def _inspected(self, request: httpx.Request) -> Message | Refusal:
        """Tells one question to whoever has a ground for rights of data subjects."""
        if request.headers.get("grondslag") != "OEF-G-RECHT":
            return refusal(403, "geen-toegang")
        Inzageverzoek.model_validate_json(request.content)
        about = BevragingOver(
            organisatie="Oefenstad",
            dag=self.clock().date(),
            doel="signalering",
            grondslag="AVG 6 lid 1 onder e",
            soorten=["telefoon"],
        )
        return Inzageantwoord(
            bevragingen=[about],
            vanaf=date(2025, 1, 1),
            tot=self.clock().date(),
            toelichting=["Wie de vraag stelde, noemen wij niet."],
            logbewijs=self._proof(),
        )

    def _freeze(self, request: httpx.Request, path: list[str]) -> Message | Refusal:
        """Confirms or lifts a freeze that it has."""
        found = next((one for one in self.freezes if str(one.bevriezing_id) == path[0]), None)
        if found is None or request.headers["namens-rol"] != "functioneel_beheerder":
            return refusal(404, "niet-gevonden")
        stand = {"bevestigingen": "bevestigd", "opheffingen": "opgeheven"}[path[1]]
        done = {**dict(found), "stand": stand}
        self.freezes = [BevriezingStand(**done) if one is found else one for one in self.freezes]
        return BevriezingGedaan(**done, logbewijs=self._proof())

    def _zegels(self, request: httpx.Request, path: list[str]) -> Message | Refusal:  # noqa: PLR0911 - an answer each
        """Passes zegels on: keeps what an owner sends, gives it to whom it names, and lets an owner take back what nobody fetched."""
        who, role = caller(request), request.headers["namens-rol"]
        if request.headers["namens-medewerker"] in self.left:
            return refusal(403, "geen-mandaat")
        if request.method == "POST" and not path:
            self.meanwhile()
            sent = ZegelVrijgave.model_validate_json(request.content)
            known = self.zegels.setdefault(str(sent.vrijgave_id), sent)
            if self.fails == "silent after a zegel":
                raise httpx.ReadTimeout("nothing came back")
            if sent.organisatie != who or known.zegel != sent.zegel:
                return refusal(409, "vrijgavenummer-gebruikt")
            return ZegelGedaan(**self._zegel(sent), logbewijs=self._proof())
        mine = [
            one
            for number, one in self.zegels.items()
            if (one.ontvanger.organisatie, one.ontvanger.rol) == (who, role) and number not in self.recalled
        ]
        ours = [one for one in self.zegels.values() if one.organisatie == who]
        if not path:
            shown = ours if request.url.params["richting"] == "uit" else mine
            return ZegelLijst(
                zegels=[ZegelStand(**self._zegel(one)) for one in shown], logbewijs=self._proof()
            )
        fetching = path[1] == "ophalingen"
        one = next((one for one in (mine if fetching else ours) if str(one.vrijgave_id) == path[0]), None)
        if one is None:
            return refusal(404, "niet-gevonden")
        if fetching:
            self.fetched.setdefault(path[0], self.clock())
            return ZegelOpgehaald(**self._zegel(one), zegel=one.zegel, logbewijs=self._proof())
        if path[0] in self.fetched:
            return refusal(409, "al-opgehaald")
        self.recalled.setdefault(path[0], self.clock())
        return ZegelGedaan(**self._zegel(one), logbewijs=self._proof())

    def _zegel(self, one: ZegelVrijgave) -> dict[str, Any]:
        same = (
            "vrijgave_id",
            "organisatie",
            "signaal_id",
            "versie",
            "ontvanger",
            "velden",
            "sleutel",
            "bewaren_tot",
        )
        return {name: getattr(one, name) for name in same} | {
            "vrijgegeven_op": self.clock(),
            "vervalt_op": self.clock().date() + timedelta(days=30),
            "opgehaald_op": self.fetched.get(str(one.vrijgave_id)),
            "teruggehaald_op": self.recalled.get(str(one.vrijgave_id)),
        }

    def _close(self, request: httpx.Request) -> Message | Refusal:
        """Takes an outcome; the same key twice is the same outcome."""
        if self.fails == "refuses":
            return refusal(403, "geen-mandaat")
        key, sent = request.headers["idempotency-key"], Afloop.model_validate_json(request.content)
        told = (request.headers["zaaknummer"], sent.afloop)
        if self.outcomes.setdefault(key, told) != told:
            return refusal(409, "sleutel-hergebruikt")
        if self.fails == "silent after an outcome":
            raise httpx.ReadTimeout("nothing came back")
        return AfloopVastgelegd(zaaknummer=told[0], afloop=told[1], logbewijs=self._proof())

    def _break_glass(self, request: httpx.Request) -> Message | Refusal:
        """Tells a contact for a treffer that it gave, under a ground for acute danger."""
        sent = Noodopening.model_validate_json(request.content)
        if request.headers["grondslag"] != "OEF-G-VIT":
            return refusal(403, "geen-toegang")
        if not self.treffers or sent.treffer_id != UUID(int=7):
            return refusal(404, "niet-gevonden")
        return NoodopeningGedaan(
            noodopening_id=UUID(int=11),
            contacten=[Contact(organisatie="GM9001", naam="Oefenstad", bereikbaar="piket, 091 000 00 01")],
            nakijken_voor=self.clock().date() + timedelta(days=1),
            toelichting="Alleen wie u kunt bellen is geopend.",
            logbewijs=self._proof(),
        )

    def _receipts(self, request: httpx.Request) -> Refusal | None:
        """The rules of `register.evaluations`, whoever the holders are: which keys is what the register's own tests are about."""
        sent = json.loads(request.content)
        actions = {
            "/v1/signalen": SUBMISSION,
            "/v1/bevragingen": QUESTION,
            "/v1/inzagen": INSPECTION,
        }.get(request.url.path)
        if actions is None:
            return None
        if self.fails == "receipt":
            return refusal(409, "kwitantie-verlopen")
        refs = (
            {"": sent["pseudoniemen"]}
            if actions != SUBMISSION
            else {one["ref"]: one["pseudoniemen"] for one in sent["subjecten"]}
        )
        key, organisation = request.headers["idempotency-key"], sent["organisatie"]
        needed = Needed(
            organisation,
            (sent["sleutelset"], sent["epoch"]),
            actions,
            {request_digest(organisation, key, ref): len(points) for ref, points in refs.items()},
            self.clock(),
        )
        try:
            self.receipts += covered(sent["kwitanties"], needed, require_vkeys(VKEYS), self.threshold)
        except Refusal as wrong:
            return wrong
        return None

    def _about_one(self, request: httpx.Request, path: list[str]) -> Message | Refusal:
        match path:
            case [decision, "vrijgaven"]:
                return self._open(decision, Vrijgave.model_validate_json(request.content))
            case [signal_id, "intrekkingen"]:
                return self._withdraw(signal_id, Intrekking.model_validate_json(request.content))
        return refusal(404, "niet-gevonden")

    def _withdraw(self, signal_id: str, sent: Intrekking) -> Message | Refusal:
        """Withdraws an own signal, and says the same when it was withdrawn before."""
        if (sent.organisatie, signal_id, 1) not in self.signals and not sent.onderweg:
            return refusal(404, "niet-gevonden")
        self.withdrawn.append((signal_id, sent.reden))
        return SignaalIngetrokken(signaal_id=UUID(signal_id), status="ingetrokken", logbewijs=self._proof())

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
        if str(sent.signaal_id) in dict(self.withdrawn):
            return refusal(409, "signaal-ingetrokken")
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
            for (name, signal_id, _version), body in self.signals.items()
            if signal_id not in dict(self.withdrawn)
            and asked
            & {p.punt for s in SignaalIndienen.model_validate_json(body).subjecten for p in s.pseudoniemen}
        ]
        return Antwoord(
            uitkomst=Uitkomst.BEKEND_ELDERS if found else Uitkomst.NIET_BEKEND,
            toelichting="Toelichting.",
            wat_nu="Bel uw aandachtsfunctionaris.",
            aantal_gemeenten="1" if found else None,
            uitleg=Uitleg(
                mag_zien=["hit" if found else "Niet bekend of niet zichtbaar voor u."],
                grondslagen=["AVG 6(1)(e)"],
                niet_aangeboden=[] if found else ["Gemeenten: vraag met een sterk gegeven."],
                laat_weg=[],
            ),
            logbewijs=self._proof(),
        )

    def _proof(self) -> Logbewijs:
        leaf = self.log.append(b"blad %d" % len(self.log.hashes))
        said = replace(self.log.receipt(leaf), moment=self.clock())
        if self.fails == "logs another leaf":
            self.log.hashes[leaf] = merkle.leaf_hash(b"iets anders")
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
        # Where something stands before the interface, that is what a test is about.
        self._title: str | None = getattr(app, "title", None)
        self.cookies = httpx.Cookies()

    def send(self, method: str, path: str, **content: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=self._transport, base_url="http://127.0.0.1", cookies=self.cookies
            ) as client:
                response = await client.request(method, path, **content)
                self.cookies = client.cookies
                return response

        answer = asyncio.run(sent())
        if self._title is not None:
            require_described(self._title, answer)
        return answer

    def get(self, path: str, **content: Any) -> httpx.Response:
        return self.send("GET", path, **content)

    def post(self, path: str, **content: Any) -> httpx.Response:
        return self.send("POST", path, **content)


class Officer:
    """A person at the interface of the node."""

    def __init__(self, http: Browser, role: str, organisation: str | None = None) -> None:
        named = {} if organisation is None else {"organisatie": organisation}
        answer = http.post("/v1/sessies", json={"naam": role, "wachtwoord": PASSWORD, **named})
        assert answer.status_code == 201, answer.text
        self._http = http
        self.headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self._http.post(path, json=body, headers=self.headers | headers)

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path, headers=self.headers)

    def delete(self, path: str) -> httpx.Response:
        return self._http.send("DELETE", path, headers=self.headers)

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
    body = {
        "kenmerken": [{"soort": soort, "waarde": waarde} for soort, waarde in given],
        "doel": "signalering",
        "controle": control,
    }
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
