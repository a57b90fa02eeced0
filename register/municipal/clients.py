# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node's two conversations: with the key holders, and with the register. Both over mutual TLS.

Holders: as many as the threshold are asked at the same time. One that refuses the connection, errs or answers wrongly is replaced at once by
another; one that is silent is overtaken after a quarter of a second. A holder that failed or was overtaken is asked last for half a minute, so that the
next question does not wait for it again. An answer counts only after its proof has been verified (`pseudonymisation.blinding`), and its receipt under the key
that is pinned for that holder and by the clock of this node: without it the register would refuse the request. A wrong one is named in the log of this process, so that the
administrator of the holder can be called. Each holder has threads of its own, and no answer is longer or waited for longer than an honest one: whatever one holder sends,
and however slowly, the others are asked.

Register: what it refuses is passed on in its own words. The receipt in each answer is verified and kept before the answer is used. Where it cannot be reached, the error says whether the message may have
arrived, because a signal that may have arrived must be sent again unchanged.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Final, TypeVar

import httpx

from audit.note import LARGEST_NOTE, NoteError, Verifier
from audit.trail import Receipt, verify_receipt
from process.language import DUTCH, spoken
from process.language import gettext as _
from process.moments import Clock
from process.problem import PassedOnRefusal, Refusal, refusal_from, retry_after
from pseudonymisation.blinding import BlindedBatch, HolderAnswer, HolderFault, unblind_batch
from pseudonymisation.p256 import Point
from pseudonymisation.receipts import VALID, open_evaluation
from pseudonymisation.threshold import PublicKeyset, ThresholdError
from pseudonymisation.wire import EvaluationRequest, holder_answer
from register.municipal.pseudonyms import Asked, Evaluated
from register.municipal.wire import Bewijs, Traced, read_answer
from register.wire import (
    HEADERS,
    IDEMPOTENCY_HEADER,
    ActingFor,
    Afloop,
    AfloopVastgelegd,
    Antwoord,
    Attendering,
    AttenderingGedaan,
    AttenderingLijst,
    BerichtAfhandelen,
    Berichten,
    BerichtenStand,
    BerichtGelezen,
    Beslissingen,
    Beslisvragen,
    Bevraging,
    BevriezingGedaan,
    BevriezingLijst,
    Fase2Stand,
    GrondslagLijst,
    GrondslagOverzicht,
    Hervraging,
    Intrekking,
    Inzageantwoord,
    Inzageverzoek,
    Logbewijs,
    Message,
    Noodopening,
    NoodopeningGedaan,
    OntvangstsleutelLijst,
    Opheffing,
    OverdrachtGestart,
    OverdrachtStart,
    SignaalBevestigd,
    SignaalBevestigen,
    SignaalIngediend,
    SignaalIngetrokken,
    TerugkoppelingLijst,
    TrefferLijst,
    TrefferStap,
    TrefferZaak,
    Vrijgave,
    ZegelGedaan,
    ZegelLijst,
    ZegelOpgehaald,
    ZegelVrijgave,
)

CONNECT_SECONDS = 0.25
ANSWER_SECONDS = 2.0
OVERTAKE_SECONDS = 0.25
LAST_SECONDS = 2 * ANSWER_SECONDS
"""How long the last holder is waited for: one that sends its answer byte by byte is silent too."""
LONGEST_ANSWER = 64 * 1024
"""Bytes; forty points and a receipt are a tenth of it."""
CLOCKS_APART = timedelta(minutes=5)
"""Between a holder and this node; the register allows no more either."""
REGISTER_SECONDS = 10.0
DESK_SECONDS = 300.0
"""How long somebody at a desk waits while the register reads the log."""
REST = timedelta(seconds=30)
THREADS_PER_HOLDER = 32
"""As many requests as the node serves at once, nearly; a holder that is silent keeps a thread for two seconds."""
GROUNDS_KEPT = timedelta(minutes=1)

_log = logging.getLogger(__name__)
_M = TypeVar("_M", bound=Message)


class HolderSilentError(Exception):
    """A holder gave no answer that can be checked at all."""


class HolderPool:
    """All key holders of one keyset.

    Args:
        clients: one per holder, in the order of the keyset (holder 1 first).
        keyset: pinned.
        receipt_keys: index of a holder -> the pinned key of its receipts.
        organisation: of this node.
        clock: to let a failing holder rest.
        threads: in which holders are asked, in the order of the keyset; the organisations of one node share them.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a pool consists of
        self,
        clients: Sequence[httpx.Client],
        keyset: PublicKeyset,
        receipt_keys: Mapping[int, Verifier],
        organisation: str,
        clock: Clock,
        threads: Sequence[ThreadPoolExecutor],
    ) -> None:
        self._clients = dict(enumerate(clients, start=1))
        self._keyset = keyset
        self._receipt_keys = receipt_keys
        self._organisation = organisation
        self._clock = clock
        self._rests_until: dict[int, datetime] = {}
        self._threads = dict(enumerate(threads, start=1))

    def close(self) -> None:
        """Close the connections; whoever made the threads stops them."""
        for client in self._clients.values():
            client.close()

    def evaluate(self, batch: BlindedBatch, asked: Asked) -> Evaluated:
        """The points of the inputs, in input order, each from answers with a valid proof and a valid receipt.

        Raises:
            Refusal: 503, too few holders answered; or what a holder refused, such as a quota.
        """
        request = EvaluationRequest(
            organisatie=self._organisation,
            medewerker=asked.officer,
            handeling=asked.action,
            sleutelset=self._keyset.name,
            epoch=self._keyset.epoch,
            verzoek=asked.request,
            punten=tuple(Point.decode(point) for point in batch.points),
        )
        return _Round(self, batch, request).evaluated()

    def by_health(self) -> list[int]:
        """Holders in the order in which to ask them."""
        now = self._clock()
        return sorted(self._clients, key=lambda index: (self._rests_until.get(index, now) > now, index))

    def failed(self, index: int, reason: str) -> None:
        """Name the holder in the log and ask it last for a while."""
        self._rests_until[index] = self._clock() + REST
        _log.warning("holder %d: %s", index, reason)

    def resting(self) -> int:
        """How many holders failed when they were last asked, less than half a minute ago."""
        now = self._clock()
        return sum(until > now for until in tuple(self._rests_until.values()))

    def ask(self, index: int, request: EvaluationRequest, body: str) -> "Future[HolderAnswer]":
        """Ask one holder, in the background."""
        return self._threads[index].submit(self._ask, index, request, body)

    def _ask(self, index: int, request: EvaluationRequest, body: str) -> HolderAnswer:
        try:
            response = _short_answer(self._clients[index], body)
        except httpx.HTTPError as error:
            raise HolderSilentError(type(error).__name__) from None
        if response.status_code == 200:
            answer = holder_answer(index, response.content)
            self._require_receipt(index, request, answer.receipt)
            return answer
        # A holder that cannot (its database is away, a defect) says nothing about the asker: another holder may help.
        refusal = _refusal_of(response) if response.status_code < 500 else None
        raise refusal or HolderSilentError(f"status {response.status_code}")

    def _require_receipt(self, index: int, request: EvaluationRequest, note: str) -> None:
        """What the register will look at, looked at where another holder can still be asked."""
        try:
            receipt = open_evaluation(note, {index: self._receipt_keys[index]})
        except NoteError as error:
            raise HolderFault(index, str(error)) from None
        said = (receipt.organisation, receipt.keyset, receipt.epoch, receipt.action, receipt.points)
        asked = (request.organisatie, request.sleutelset, request.epoch, request.handeling)
        if (*said, receipt.request) != (*asked, len(request.punten), request.verzoek):
            raise HolderFault(index, _("de kwitantie gaat over een ander verzoek."))
        apart = abs(receipt.moment - self._clock()) > CLOCKS_APART
        if apart or receipt.expires - receipt.moment != VALID:
            raise HolderFault(
                index, _("de kwitantie geldt nu niet; de klok van deze houder of van deze node is fout.")
            )

    @property
    def keyset(self) -> PublicKeyset:
        """The pinned keyset."""
        return self._keyset


def _short_answer(client: httpx.Client, body: str) -> httpx.Response:
    """What a holder answers, read whole: no longer than an honest answer, and not for longer than one takes.

    Raises:
        HTTPError: no answer, or one that goes on.
    """
    sent, until = bytearray(), time.monotonic() + LAST_SECONDS
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    with client.stream("POST", "/v1/evaluaties", content=body, headers=headers) as answer:
        if "content-encoding" in answer.headers:
            raise httpx.DecodingError("an answer that was packed, which nobody asked for")
        for piece in answer.iter_bytes():
            sent += piece
            if len(sent) > LONGEST_ANSWER:
                raise httpx.ReadError("an answer that is too long")
            if time.monotonic() > until:
                raise httpx.ReadTimeout("an answer that goes on")
        told = [one for one in answer.headers.raw if one[0].lower() in {b"content-type", b"retry-after"}]
    return httpx.Response(answer.status_code, headers=told, content=bytes(sent))


class _Round:
    """One question to the holders."""

    def __init__(self, pool: HolderPool, batch: BlindedBatch, request: EvaluationRequest) -> None:
        self._pool = pool
        self._batch = batch
        self._request = request
        self._body = request.model_dump_json()
        self._next = pool.by_health()
        self._running: dict[Future[HolderAnswer], int] = {}
        self._answers: dict[int, HolderAnswer] = {}
        self._refusal: Refusal | None = None

    def evaluated(self) -> Evaluated:
        try:
            return self._evaluated()
        finally:
            # What a silent holder keeps from being asked is not asked for later.
            for future in self._running:
                future.cancel()

    def _evaluated(self) -> Evaluated:
        for _place in range(self._pool.keyset.threshold):
            self._ask_another()
        while self._running:
            last = not self._next
            timeout = LAST_SECONDS if last else OVERTAKE_SECONDS
            done, _pending = wait(self._running, timeout=timeout, return_when=FIRST_COMPLETED)
            if not done:
                self._overtake()
                if last:
                    break
            for future in done:
                self._take(future)
            if len(self._answers) >= self._pool.keyset.threshold:
                found = self._combined()
                if found is not None:
                    return Evaluated(found, self._receipts())
        raise self._refusal or _too_few_holders()

    def _receipts(self) -> tuple[str, ...]:
        """Of the holders whose answers were combined, and of no other: the register takes as many as the threshold."""
        used = sorted(self._answers)[: self._pool.keyset.threshold]
        return tuple(self._answers[index].receipt for index in used)

    def _ask_another(self) -> None:
        if self._next:
            index = self._next.pop(0)
            self._running[self._pool.ask(index, self._request, self._body)] = index

    def _overtake(self) -> None:
        # Whatever runs has run for the whole wait: a holder is asked only when another one ends or is overtaken.
        for index in self._running.values():
            self._pool.failed(index, _("geen antwoord op tijd"))
        self._ask_another()

    def _take(self, future: "Future[HolderAnswer]") -> None:
        index = self._running.pop(future)
        try:
            self._answers[index] = future.result()
        except Refusal as refusal:
            # A holder that says no is well: only the asker's own words are passed on, if the others cannot help.
            self._refusal = _of_holder(refusal)
            _log.info("holder %d refused: %s", index, refusal.code)
            self._ask_another()
        except (HolderFault, HolderSilentError) as fault:
            self._pool.failed(index, str(fault))
            self._ask_another()

    def _combined(self) -> list[bytes] | None:
        try:
            return unblind_batch(self._batch, self._answers, self._pool.keyset)
        except HolderFault as fault:
            del self._answers[fault.index]
            self._pool.failed(fault.index, fault.reason)
        except ThresholdError as error:
            # Every proof was valid and still the sum is not ours: nobody can be named, so nobody is believed.
            _log.warning("holders together: %s", error)
            self._answers.clear()
        self._ask_another()
        return None


def _of_holder(refusal: Refusal) -> Refusal:
    """A holder's refusal as one of this node: it stands in no log of the register, so it is counted here."""
    return Refusal(
        refusal.status,
        refusal.code,
        refusal.title,
        refusal.detail,
        way_forward=refusal.way_forward,
        fields=refusal.fields,
        rule=refusal.rule,
        retry_after=refusal.retry_after,
    )


def _too_few_holders() -> Refusal:
    return Refusal(
        503,
        "sleutelhouders-weg",
        _("Er zijn nu te weinig sleutelhouders bereikbaar."),
        _("Er zijn er twee nodig. Er is niets gevraagd en niets opgeslagen."),
        way_forward=_("Probeer het over een minuut opnieuw. Wat u invulde, kunt u zo weer versturen."),
        retry_after=60,
    )


class RegisterAwayError(Exception):
    """The register gave no usable answer.

    Attributes:
        arrived: False only if the message certainly did not arrive.
        retry_after: seconds for which the register asked to be left alone; None if it said nothing.
    """

    def __init__(self, *, arrived: bool, retry_after: int | None = None) -> None:
        super().__init__("no usable answer from the register")
        self.arrived = arrived
        self.retry_after = retry_after

    def refusal(self) -> Refusal:
        """What the user is told."""
        return Refusal(
            503,
            "register-weg",
            _("Het landelijke register is nu niet bereikbaar."),
            _("Wij kregen geen bevestiging.")
            if self.arrived
            else _("Er is niets gevraagd en niets opgeslagen."),
            way_forward=_(
                "Verstuur hetzelfde over een minuut nog een keer. Er wordt niets dubbel opgeslagen."
            ),
            retry_after=60,
        )


KeepReceipt = Callable[[str, str, Receipt, bytes, datetime], None]
"""Keeps a receipt: kind of request, officer, what it says, its signed note, and when this node got it."""


class RegisterClient:
    """The register, as far as a node talks to it.

    Args:
        client: with this node's certificate.
        verifier: of the register's receipts.
        keep: where receipts go, so that their place in the log can be demanded.
        clock: for how long the list of grounds is good.
    """

    def __init__(self, client: httpx.Client, verifier: Verifier, keep: KeepReceipt, clock: Clock) -> None:
        self._client = client
        self._verifier = verifier
        self._keep = keep
        self._clock = clock
        self._grounds: dict[tuple[str, str], tuple[datetime, tuple[GrondslagOverzicht, ...]]] = {}
        self.away = False
        """Whether the register could not be reached when it was last needed."""

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def grounds(self, acting: ActingFor) -> tuple[GrondslagOverzicht, ...]:
        """The grounds in force for this organisation, role and purpose, at most a minute and never a night old.

        Raises:
            RegisterAwayError: and there is no list that is fresh enough.
            Refusal: the register refuses.
        """
        now = self._clock()
        wanted = (acting.rol, acting.doel)
        at, kept = self._grounds.get(wanted, (None, ()))
        if at is not None and now - at < GROUNDS_KEPT and now.date() == at.date():
            return kept
        found = self._send("GET", "/v1/grondslagen", acting, GrondslagLijst)
        self.keep_receipt("grondslagen", acting.medewerker, found.logbewijs)
        self._grounds[wanted] = (now, tuple(found.grondslagen))
        return self._grounds[wanted][1]

    def ask(self, question: Bevraging, acting: ActingFor, request_key: str) -> Antwoord:
        """The answer, redacted by policy."""
        return self._send("POST", "/v1/bevragingen", acting, Antwoord, encoded(question), request_key)

    def inspect(self, asked: Inzageverzoek, acting: ActingFor, request_key: str) -> Inzageantwoord:
        """Which questions concerned the person at the desk."""
        return self._send(
            "POST",
            "/v1/inzagen",
            acting,
            Inzageantwoord,
            encoded(asked),
            request_key,
            seconds=DESK_SECONDS,
        )

    def submit(self, body: bytes, acting: ActingFor, request_key: str) -> SignaalIngediend:
        """Submit a signal; returns when the register has it for certain."""
        return self._send("POST", "/v1/signalen", acting, SignaalIngediend, body, request_key)

    def evaluate(self, asked: Beslisvragen, acting: ActingFor) -> Beslissingen:
        """What the decision point says; nothing is done and nothing stored is told."""
        return self._send("POST", "/access/v1/evaluations", acting, Beslissingen, encoded(asked))

    def close_control(self, outcome: Afloop, acting: ActingFor, request_key: str) -> AfloopVastgelegd:
        """Tell what came of a control; told again it is the same outcome."""
        return self._send("POST", "/v1/aflopen", acting, AfloopVastgelegd, encoded(outcome), request_key)

    def treffers(self, acting: ActingFor) -> TrefferLijst:
        """The treffers that wait for this organisation."""
        return self._send("GET", "/v1/treffers", acting, TrefferLijst)

    def treffer(self, treffer_id: str, acting: ActingFor) -> TrefferZaak:
        """One treffer as a case."""
        return self._send("GET", f"/v1/treffers/{treffer_id}", acting, TrefferZaak)

    def take_step(
        self, treffer_id: str, step: TrefferStap, acting: ActingFor, request_key: str
    ) -> TrefferZaak:
        """Take a step in it."""
        path = f"/v1/treffers/{treffer_id}/stappen"
        return self._send("POST", path, acting, TrefferZaak, encoded(step), request_key)

    def hand_over(self, sent: OverdrachtStart, acting: ActingFor, request_key: str) -> OverdrachtGestart:
        """Hand a treffer over."""
        return self._send("POST", "/v1/overdrachten", acting, OverdrachtGestart, encoded(sent), request_key)

    def feedback(self, acting: ActingFor) -> TerugkoppelingLijst:
        """What became of the own signals."""
        return self._send("GET", "/v1/terugkoppelingen", acting, TerugkoppelingLijst)

    def release(self, decision_id: str, release: Vrijgave, acting: ActingFor, request_key: str) -> Fase2Stand:
        """Release an own signal for phase 2."""
        path = f"/v1/fase-2-besluiten/{decision_id}/vrijgaven"
        return self._send("POST", path, acting, Fase2Stand, encoded(release), request_key)

    def break_glass(self, opening: Noodopening, acting: ActingFor, request_key: str) -> NoodopeningGedaan:
        """Whom to call, in acute danger."""
        return self._send(
            "POST", "/v1/noodopeningen", acting, NoodopeningGedaan, encoded(opening), request_key
        )

    def freezes(self, acting: ActingFor) -> BevriezingLijst:
        """The freezes of this organisation."""
        return self._send("GET", "/v1/bevriezingen", acting, BevriezingLijst)

    def confirm_freeze(self, freeze_id: str, acting: ActingFor, request_key: str) -> BevriezingGedaan:
        """Take a freeze over in the line."""
        path = f"/v1/bevriezingen/{freeze_id}/bevestigingen"
        return self._send("POST", path, acting, BevriezingGedaan, None, request_key)

    def lift_freeze(
        self, freeze_id: str, sent: Opheffing, acting: ActingFor, request_key: str
    ) -> BevriezingGedaan:
        """Lift a freeze on a decision of the college."""
        path = f"/v1/bevriezingen/{freeze_id}/opheffingen"
        return self._send("POST", path, acting, BevriezingGedaan, encoded(sent), request_key)

    def ask_again(self, signal_id: str, sent: Hervraging, acting: ActingFor, request_key: str) -> Antwoord:
        """The answer to a question with an own signal."""
        path = f"/v1/signalen/{signal_id}/bevragingen"
        return self._send("POST", path, acting, Antwoord, encoded(sent), request_key)

    def still_true(
        self, signal_id: str, sent: SignaalBevestigen, acting: ActingFor, request_key: str
    ) -> SignaalBevestigd:
        """Say that an own signal is still true."""
        path = f"/v1/signalen/{signal_id}/bevestigingen"
        return self._send("POST", path, acting, SignaalBevestigd, encoded(sent), request_key)

    def notices(self, acting: ActingFor) -> Berichten:
        """What waits for a role of this organisation."""
        return self._send("GET", "/v1/berichten", acting, Berichten)

    def finish_notice(self, sent: BerichtAfhandelen, acting: ActingFor, request_key: str) -> BerichtGelezen:
        """Somebody of the role has read it."""
        path = "/v1/berichten/afhandelingen"
        return self._send("POST", path, acting, BerichtGelezen, encoded(sent), request_key)

    def notices_ready(self) -> BerichtenStand:
        """At which moments something became visible for which role; asked by this node itself, for nobody."""
        return self._send("GET", "/v1/berichten/stand", None, BerichtenStand)

    def standing_questions(self, acting: ActingFor) -> AttenderingLijst:
        """The standing questions of a role of this organisation."""
        return self._send("GET", "/v1/attenderingen", acting, AttenderingLijst)

    def set_standing_question(
        self, sent: Attendering, acting: ActingFor, request_key: str
    ) -> AttenderingGedaan:
        """Set one."""
        return self._send("POST", "/v1/attenderingen", acting, AttenderingGedaan, encoded(sent), request_key)

    def end_standing_question(self, number: str, acting: ActingFor, request_key: str) -> AttenderingGedaan:
        """End one."""
        path = f"/v1/attenderingen/{number}/beeindigingen"
        return self._send("POST", path, acting, AttenderingGedaan, None, request_key)

    def withdraw(
        self, signal_id: str, withdrawal: Intrekking, acting: ActingFor, request_key: str
    ) -> SignaalIngetrokken:
        """Withdraw an own signal; it stops matching at once."""
        path = f"/v1/signalen/{signal_id}/intrekkingen"
        return self._send("POST", path, acting, SignaalIngetrokken, encoded(withdrawal), request_key)

    def recipient_keys(self, acting: ActingFor) -> OntvangstsleutelLijst:
        """The newest key of each organisation that may receive."""
        return self._send("GET", "/v1/ontvangstsleutels", acting, OntvangstsleutelLijst)

    def release_sealed(self, sent: ZegelVrijgave, acting: ActingFor, request_key: str) -> ZegelGedaan:
        """Pass a zegel on to its one recipient."""
        return self._send("POST", "/v1/zegels", acting, ZegelGedaan, encoded(sent), request_key)

    def waiting_sealed(self, acting: ActingFor) -> ZegelLijst:
        """What waits for this person."""
        return self._send("GET", "/v1/zegels?richting=in", acting, ZegelLijst)

    def released(self, acting: ActingFor) -> ZegelLijst:
        """What this organisation released."""
        return self._send("GET", "/v1/zegels?richting=uit", acting, ZegelLijst)

    def fetch_sealed(self, release_id: str, acting: ActingFor, request_key: str) -> ZegelOpgehaald:
        """The zegel, for its recipient."""
        path = f"/v1/zegels/{release_id}/ophalingen"
        return self._send("POST", path, acting, ZegelOpgehaald, None, request_key)

    def recall_sealed(self, release_id: str, acting: ActingFor, request_key: str) -> ZegelGedaan:
        """Take a zegel back that was not fetched."""
        path = f"/v1/zegels/{release_id}/intrekkingen"
        return self._send("POST", path, acting, ZegelGedaan, None, request_key)

    def keep_receipt(self, kind: str, officer: str, proof: Logbewijs) -> None:
        """Keep the receipt in an answer, if the register signed it.

        Raises:
            RegisterAwayError: an answer without a valid receipt is no answer.
        """
        try:
            receipt = verify_receipt(proof.bewijs, [self._verifier])
        except NoteError:
            receipt = None
        if receipt is None or receipt.leaf_index != proof.blad:
            _log.error("the register sent a receipt that does not verify")
            raise RegisterAwayError(arrived=True)
        self._keep(kind, officer, receipt, proof.bewijs.encode(), self._clock())

    def _send(  # noqa: PLR0913, PLR0917 - one request
        self,
        method: str,
        path: str,
        acting: ActingFor | None,
        answer: type[_M],
        body: bytes | None = None,
        request_key: str | None = None,
        seconds: float | None = None,
    ) -> _M:
        headers = {} if acting is None else _headers(acting)
        if body is not None:
            headers["Content-Type"] = "application/json"
        if request_key is not None:
            headers[IDEMPOTENCY_HEADER] = request_key
        if spoken() != DUTCH and (method == "GET" or answer in _ONLY_SHOWN):
            # In the language of the reader; an answer to what is done may be kept, and is Dutch (ADR 51).
            headers["Accept-Language"] = spoken()
        try:
            response = self._client.request(
                method,
                path,
                content=body,
                headers=headers,
                timeout=httpx.USE_CLIENT_DEFAULT if seconds is None else seconds,
            )
            self.away = False
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            self.away = True
            _log.warning("register: %s", type(error).__name__)
            raise RegisterAwayError(arrived=False) from None
        except httpx.HTTPError as error:
            self.away = True
            _log.warning("register: %s", type(error).__name__)
            raise RegisterAwayError(arrived=True) from None
        return _answer(response, answer)


_ONLY_SHOWN: Final = (Antwoord, Inzageantwoord)
"""Answers to a POST of which nothing is kept here but the receipt."""


def encoded(message: Message) -> bytes:
    """The bytes of a message; the same message gives the same bytes."""
    return message.model_dump_json(by_alias=True, exclude_none=True).encode()


def _headers(acting: ActingFor) -> dict[str, str]:
    said: Mapping[str, str | None] = acting.model_dump()
    headers = {HEADERS[name]: value for name, value in said.items() if value is not None}
    return headers | ({"traceparent": acting.traceparent} if isinstance(acting, Traced) else {})


def _answer(response: httpx.Response, answer: type[_M]) -> _M:
    if response.is_success:
        read = read_answer(answer, response.content)
        if read is None:
            _log.error("the register sent an answer that this version cannot read")
            raise RegisterAwayError(arrived=True)
        return read
    refusal = _refusal_of(response)
    if refusal is None or response.status_code >= 500:
        _log.warning("register: status %d", response.status_code)
        raise RegisterAwayError(arrived=True, retry_after=None if refusal is None else refusal.retry_after)
    raise refusal


def _refusal_of(response: httpx.Response) -> PassedOnRefusal | None:
    if response.headers.get("content-type", "").split(";")[0] != "application/problem+json":
        return None
    try:
        members = response.json()
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, dict):
        return None
    refusal = refusal_from(members)
    refusal.status = response.status_code
    refusal.retry_after = retry_after(response.headers)
    return refusal


class LogClient:
    """The register's log, as anyone may read it. Nothing it gives has been verified.

    Args:
        client: with this node's certificate.
    """

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def checkpoint(self, *, witnessed: bool = False) -> bytes | None:
        """The note of the newest checkpoint, or with `witnessed` of the newest that enough witnesses vouch for, as the register counts them.

        None if there is none yet.

        Raises:
            RegisterAwayError: no usable answer.
        """
        return self._read("/v1/logboek/checkpoint", **({"getuigen": "genoeg"} if witnessed else {}))

    def inclusion(self, leaf_index: int, size: int) -> tuple[bytes, ...] | None:
        """What the register gives as proof that a leaf is in the log of this size; None if it gives none.

        Raises:
            RegisterAwayError: no usable answer.
        """
        return self._proof("insluiting", blad=leaf_index, omvang=size)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...] | None:
        """What the register gives as proof that the log of `new` leaves extends that of `old`; None if it gives none.

        Raises:
            RegisterAwayError: no usable answer.
        """
        return self._proof("samenhang", van=old, naar=new)

    def _proof(self, kind: str, **query: int) -> tuple[bytes, ...] | None:
        body = self._read(f"/v1/logboek/bewijzen/{kind}", **query)
        found = None if body is None else read_answer(Bewijs, body)
        if body is not None and found is None:
            _log.error("the register sent a proof that this version cannot read")
        return None if found is None else tuple(found.hashes)

    def _read(self, path: str, **query: int | str) -> bytes | None:
        ends, body = time.monotonic() + REGISTER_SECONDS, bytearray()
        try:
            with self._client.stream("GET", path, params=query) as response:
                for part in response.iter_bytes():
                    body += part
                    if len(body) > LARGEST_NOTE or time.monotonic() > ends:
                        raise httpx.ReadTimeout("an answer without end")
        except httpx.HTTPError as error:
            _log.warning("register: %s", type(error).__name__)
            raise RegisterAwayError(arrived=False) from None
        if response.status_code not in {httpx.codes.OK, httpx.codes.NOT_FOUND}:
            _log.warning("register: status %d", response.status_code)
            raise RegisterAwayError(arrived=True)
        return bytes(body) if response.status_code == httpx.codes.OK else None


Connect = Callable[[str, float, str], httpx.Client]
"""Makes the client for one address, with a time limit in seconds and the certificate of one organisation."""


def holder_threads(holders: int) -> tuple[ThreadPoolExecutor, ...]:
    """Threads in which all organisations of a node ask the holders, of each holder its own: one that keeps them keeps none of another's. They are made when they are first needed."""
    return tuple(
        ThreadPoolExecutor(max_workers=THREADS_PER_HOLDER, thread_name_prefix=f"holder-{index}")
        for index in range(1, holders + 1)
    )


def holder_timeout() -> httpx.Timeout:
    """How long a holder may take."""
    return httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
