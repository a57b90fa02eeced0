# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the resources of a key holder: who may ask, what is answered, and what is refused in which words."""

import hashlib
import logging
import resource
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from audit.note import Verifier
from audit.store.engine import make_engine
from pseudonymisation import base64url
from pseudonymisation.blinding import BATCH_SIZES, blind_batch, unblind_batch
from pseudonymisation.ceremony import Dealt
from pseudonymisation.keyholder.settings import Quotas
from pseudonymisation.keyholder.store.counts import Counts
from pseudonymisation.p256 import GENERATOR
from pseudonymisation.receipts import (
    VALID,
    Counted,
    open_account,
    open_evaluation,
    request_digest,
    require_vkeys,
)
from pseudonymisation.threshold import canonical_json
from pseudonymisation.wire import EvaluationRequest, holder_answer
from tests.api.documents import operations
from tests.receipts import VKEYS


class Clock(Protocol):
    def __call__(self) -> datetime: ...

    def forward(self, **span: float) -> None: ...


class Caller(Protocol):
    def get(self, path: str) -> httpx.Response: ...

    def post(self, path: str, **content: Any) -> httpx.Response: ...

    def ask(self, **members: Any) -> httpx.Response: ...


class Start(Protocol):
    def __call__(
        self, holder: int = 1, kind: str = "node", organisation: str = "GM9001", **settings: Any
    ) -> Caller: ...


POINT = base64url.encode(GENERATOR.encode())


def told(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem details of a refusal, complete and in the agreed shape."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code
    assert all(problem[member] for member in ("title", "detail", "wegVooruit"))
    return problem


def fields(problem: dict[str, Any]) -> list[str]:
    return [field["veld"] for field in problem["velden"]]


@pytest.mark.parametrize("quorum", [(1, 2), (1, 3), (2, 3)])
def test_two_holders_answer_a_node(
    start: Start, dealt: Dealt, randomness: Any, quorum: tuple[int, int]
) -> None:
    batch = blind_batch([b"one", b"two"], randomness=randomness)
    points = [base64url.encode(point) for point in batch.points]
    answers = {holder: holder_answer(holder, start(holder).ask(punten=points).content) for holder in quorum}
    again = blind_batch([b"two"], randomness=randomness)
    others = {
        holder: holder_answer(
            holder, start(holder).ask(punten=[base64url.encode(point) for point in again.points]).content
        )
        for holder in (1, 3)
    }
    one, two = unblind_batch(batch, answers, dealt.keyset)
    assert one != two
    assert unblind_batch(again, others, dealt.keyset) == [two]


@pytest.mark.parametrize("size", BATCH_SIZES)
def test_every_batch_size_is_answered_point_for_point(start: Start, size: int) -> None:
    response = start().ask(punten=[POINT] * size)
    assert response.status_code == 200
    assert len(response.json()["punten"]) == size
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("size", [0, 1, 7, 9, 15, 39, 41, 48])
def test_every_other_batch_size_is_refused(start: Start, size: int) -> None:
    problem = told(start().ask(punten=[POINT] * size), 400, "ongeldige-invoer")
    assert fields(problem) == ["punten"]
    assert "8, 16, 32 of 40" in problem["velden"][0]["reden"]


BAD_POINTS = {
    "identity": b"\x00",
    "identity_in_33_bytes": bytes(33),
    "uncompressed": b"\x04" + GENERATOR.x.to_bytes(32, "big") + GENERATOR.y.to_bytes(32, "big"),
    "off_curve": b"\x02" + (7).to_bytes(32, "big"),
    "truncated": GENERATOR.encode()[:-1],
}


@pytest.mark.parametrize("name", BAD_POINTS)
def test_a_bad_point_is_refused_by_its_place_and_never_repeated(start: Start, name: str) -> None:
    bad = base64url.encode(BAD_POINTS[name])
    response = start().ask(punten=[*[POINT] * 5, bad, POINT, bad])
    assert fields(told(response, 400, "ongeldige-invoer")) == ["punten.5", "punten.7"]
    assert f'"{bad}"' not in response.text


@pytest.mark.parametrize("kind", ["register", "keyholder", "signer"])
def test_only_a_node_may_ask(start: Start, kind: str) -> None:
    caller = start(kind=kind, organisation="GM9001")
    told(caller.ask(), 403, "geen-node")
    told(caller.get("/v1/sleutelset"), 403, "geen-node")


def test_a_caller_without_a_certificate_is_not_known(start: Start) -> None:
    told(start(kind="").ask(), 401, "geen-certificaat")


def test_a_node_asks_for_its_own_organisation_only(start: Start) -> None:
    problem = told(start(organisation="GM9002").ask(organisatie="GM9001"), 403, "andere-organisatie")
    assert fields(problem) == ["organisatie"]


@pytest.mark.parametrize(
    ("members", "field"), [({"epoch": 2}, "epoch"), ({"sleutelset": "signaal"}, "sleutelset")]
)
def test_another_epoch_or_keyset_is_a_conflict_with_a_way_forward(
    start: Start, members: dict[str, Any], field: str
) -> None:
    problem = told(start().ask(**members), 409, "andere-sleutelset")
    assert fields(problem) == [field]
    assert "vingerafdruk" in problem["wegVooruit"]


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"nieuw": 1}, "nieuw"),
        ({"handeling": "opslaan"}, "handeling"),
        ({"medewerker": "j.jansen@gemeente.example"}, "medewerker"),
        ({"epoch": "1"}, "epoch"),
    ],
)
def test_a_request_of_another_form_is_refused_at_its_field(
    start: Start, members: dict[str, Any], field: str
) -> None:
    assert fields(told(start().ask(**members), 400, "ongeldige-invoer")) == [field]


def test_a_body_that_is_no_json_is_refused(start: Start) -> None:
    caller = start()
    json_kind = {"content-type": "application/json"}
    told(caller.post("/v1/evaluaties", content=b"{", headers=json_kind), 400, "ongeldige-invoer")
    told(caller.post("/v1/evaluaties", content=b"x" * (1 << 20) + b"x", headers=json_kind), 400, "te-groot")
    told(
        caller.post("/v1/evaluaties", content=b"{}", headers={"content-type": "text/plain"}),
        415,
        "verkeerd-formaat",
    )


def test_the_keyset_is_told_with_a_fingerprint_that_can_be_recomputed(start: Start, dealt: Dealt) -> None:
    body = start(2).get("/v1/sleutelset").json()
    assert body["houder"] == 2
    assert body["vingerafdruk"] == dealt.keyset.fingerprint
    assert hashlib.sha256(canonical_json(body["document"])).hexdigest() == dealt.keyset.fingerprint


TIGHT = {
    "vragen": {"officer_minute": 16, "officer_day": 24, "organisation_minute": 40, "organisation_day": 48}
}


def test_an_officer_who_asks_too_much_in_a_minute_waits_for_the_next(start: Start, clock: Clock) -> None:
    caller = start(quotas=TIGHT)
    assert [caller.ask().status_code for _unused in range(2)] == [200, 200]
    response = caller.ask()
    problem = told(response, 429, "quotum-bereikt")
    assert "per minuut 16" in problem["detail"]
    assert response.headers["retry-after"] == "40"
    clock.forward(seconds=40)
    assert caller.ask().status_code == 200


def test_an_officer_who_asks_too_much_in_a_day_waits_for_the_next(start: Start, clock: Clock) -> None:
    caller = start(quotas=TIGHT)
    for _unused in range(3):
        assert caller.ask().status_code == 200
        clock.forward(minutes=1)
    problem = told(caller.ask(), 429, "quotum-bereikt")
    assert "per dag 24" in problem["detail"]
    clock.forward(days=1)
    assert caller.ask().status_code == 200


def test_officers_together_do_not_exceed_the_organisation(start: Start) -> None:
    caller = start(quotas=TIGHT)
    answers = [caller.ask(medewerker=f"m-000000{n}").status_code for n in range(6)]
    assert answers == [200] * 5 + [429]
    problem = told(caller.ask(medewerker="m-0000009"), 429, "quotum-bereikt")
    assert problem["detail"].startswith("Uw organisatie")


def test_each_action_has_its_own_quota(start: Start) -> None:
    caller = start(quotas=TIGHT)
    assert caller.ask(punten=[POINT] * 16).status_code == 200
    assert caller.ask().status_code == 429
    assert caller.ask(handeling="indienen").status_code == 200
    assert caller.ask(handeling="inzage").status_code == 200


ROOMY = {
    "organisation": "GM9001",
    "until": "2026-03-03",
    "document": "besluit FG-2026-7",
    "officer_minute": 32,
    "officer_day": 64,
    "organisation_minute": 64,
    "organisation_day": 64,
}
NARROW = {
    "invoeren": {"officer_minute": 16, "officer_day": 24, "organisation_minute": 40, "organisation_day": 48}
}


def test_an_import_counts_apart_and_has_the_ordinary_room_unless_more_was_opened(start: Start) -> None:
    assert Quotas().invoeren == Quotas().indienen
    caller = start(quotas=NARROW)
    assert caller.ask(handeling="invoeren", punten=[POINT] * 16).status_code == 200
    problem = told(caller.ask(handeling="invoeren"), 429, "quotum-bereikt")
    assert "geen ruimere invoer open" in problem["detail"]
    assert caller.ask(handeling="indienen").status_code == 200


def test_an_opening_gives_one_organisation_more_room_to_import_until_its_last_day(
    start: Start, clock: Clock
) -> None:
    caller = start(quotas=NARROW, import_openings=[ROOMY])
    assert caller.ask(handeling="invoeren", punten=[POINT] * 32).status_code == 200
    problem = told(caller.ask(handeling="invoeren"), 429, "quotum-bereikt")
    assert "besluit FG-2026-7" in problem["detail"]
    assert "03-03-2026" in problem["detail"]
    clock.forward(days=2)
    assert caller.ask(handeling="invoeren", punten=[POINT] * 16).status_code == 200
    problem = told(caller.ask(handeling="invoeren"), 429, "quotum-bereikt")
    assert "geen ruimere invoer open" in problem["detail"]


def test_an_opening_of_one_organisation_is_none_of_another(start: Start) -> None:
    caller = start(organisation="GM9002", quotas=NARROW, import_openings=[ROOMY])
    asked = {"organisatie": "GM9002", "handeling": "invoeren"}
    assert caller.ask(**asked, punten=[POINT] * 16).status_code == 200
    assert caller.ask(**asked).status_code == 429


def test_a_refused_request_counts_for_nothing(start: Start) -> None:
    caller = start(quotas=TIGHT)
    assert caller.ask(punten=[POINT] * 32).status_code == 429
    assert caller.ask(punten=["AA"] * 16).status_code == 400
    assert caller.ask(epoch=2).status_code == 409
    assert [caller.ask().status_code for _unused in range(3)] == [200, 200, 429]


def test_counts_outlive_a_restart(start: Start) -> None:
    assert start(quotas=TIGHT).ask(punten=[POINT] * 16).status_code == 200
    assert start(quotas=TIGHT).ask().status_code == 429


def test_the_answer_carries_a_receipt_of_who_had_how_many_evaluated_for_which_request(
    start: Start,
) -> None:
    request = request_digest("GM9001", "sleutel-0002", "s1")
    answer = start(2).ask(punten=[POINT] * 16, handeling="indienen", verzoek=base64url.encode(request))
    found = open_evaluation(answer.json()["kwitantie"], require_vkeys(VKEYS))
    assert (found.holder, found.organisation, found.keyset, found.epoch) == (2, "GM9001", "oefening", 1)
    assert (found.action, found.points, found.request) == ("indienen", 16, request)
    assert found.expires - found.moment == VALID
    again = open_evaluation(start(2).ask().json()["kwitantie"], require_vkeys(VKEYS))
    assert again.number != found.number


def account(start: Start, day: str, kind: str = "register") -> httpx.Response:
    return start(kind=kind, organisation="REGISTER").get(f"/v1/verantwoordingen/{day}")


def test_the_account_of_a_day_says_what_each_organisation_had_evaluated_and_which_limits_were_reached(
    start: Start,
) -> None:
    caller = start(quotas=TIGHT)
    assert [caller.ask().status_code for _unused in range(4)] == [200, 200, 429, 429]
    assert caller.ask(handeling="indienen", punten=[POINT] * 40).status_code == 200
    told = open_account(account(start, "2026-03-02").json()["verklaring"], 1, Verifier.from_vkey(VKEYS[0]))
    said = [(one.organisation, one.action, one.receipts, one.points) for one in told.counted]
    assert said == [("GM9001", "indienen", 1, 40), ("GM9001", "vragen", 2, 16)]
    (reached,) = told.reached
    assert (reached.organisation, reached.officer, reached.action) == ("GM9001", "m-0123456789", "vragen")
    assert (reached.window, reached.times) == ("minuut", 2)
    empty = open_account(account(start, "2026-03-01").json()["verklaring"], 1, Verifier.from_vkey(VKEYS[0]))
    assert (empty.counted, empty.reached) == ((), ())


def marks(start: Start, kind: str = "register", **query: str) -> httpx.Response:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return account(start, f"2026-03-02/kwitanties?{asked}", kind)


def test_the_account_commits_to_the_very_receipts_that_the_holder_gave(start: Start) -> None:
    caller, keys = start(), require_vkeys(VKEYS)
    given = [open_evaluation(caller.ask().json()["kwitantie"], keys) for _number in range(3)]
    caller.ask(handeling="indienen")
    said = open_account(account(start, "2026-03-02").json()["verklaring"], 1, keys[1])
    (asked,) = [one for one in said.counted if one.action == "vragen"]
    assert asked == Counted.of("GM9001", "vragen", {one.mark: one.points for one in given})
    listed = marks(start, organisatie="GM9001", handeling="vragen").json()["kenmerken"]
    assert sorted(map(base64url.decode, listed)) == sorted(one.mark for one in given)
    assert marks(start, organisatie="GM9002", handeling="vragen").json() == {"kenmerken": []}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"organisatie": "GM9001"},
        {"organisatie": "GM9001", "handeling": "opslaan"},
        {"organisatie": "x" * 65, "handeling": "vragen"},
    ],
)
def test_a_list_of_receipts_of_nobody_or_nothing_is_refused(start: Start, query: dict[str, str]) -> None:
    told(marks(start, **query), 400, "ongeldige-invoer")


@pytest.mark.parametrize("kind", ["node", "keyholder", "signer"])
def test_the_account_of_a_day_is_for_the_register_alone(start: Start, kind: str) -> None:
    told(account(start, "2026-03-02", kind), 403, "geen-register")
    told(marks(start, kind, organisatie="GM9001", handeling="vragen"), 403, "geen-register")
    told(start(kind="").get("/v1/verantwoordingen/2026-03-02"), 401, "geen-certificaat")


def test_a_day_that_is_none_is_refused(start: Start) -> None:
    told(account(start, "gisteren"), 400, "ongeldige-invoer")


def test_a_canary_has_a_small_quota_of_its_own(start: Start) -> None:
    caller = start()
    assert caller.ask(handeling="kanarie", punten=[POINT] * 40).status_code == 200
    told(caller.ask(handeling="kanarie"), 429, "quotum-bereikt")
    assert caller.ask().status_code == 200


def test_limits_that_were_reached_are_forgotten_after_31_days(
    start: Start, clock: Clock, tmp_path: Path
) -> None:
    caller = start(quotas=TIGHT)
    assert caller.ask(punten=[POINT] * 40).status_code == 429
    clock.forward(days=30)
    engine = make_engine(f"sqlite:///{tmp_path / 'houder-1' / 'keyholder.sqlite'}", name="proef")
    counts = Counts(engine)
    assert counts.destroy_old(clock()) == 0
    clock.forward(days=1)
    assert counts.destroy_old(clock()) == 1
    counts.close()


def test_neither_log_nor_database_holds_a_point(
    start: Start, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    caller = start()
    response = caller.ask(punten=[POINT] * 8)
    caller.ask(punten=[*[POINT] * 7, "AA"])
    assert "evaluated GM9001 vragen 8" in caplog.text
    assert "refused ongeldige-invoer" in caplog.text
    assert "m-0123456789" not in caplog.text
    database = sqlite3.connect(tmp_path / "houder-1" / "keyholder.sqlite")
    dump = "\n".join(database.iterdump())
    database.close()
    assert "m-0123456789" in dump
    for point in {POINT, *response.json()["punten"]}:
        raw = base64url.decode(point)
        for form in (point, raw.hex(), raw.hex().upper(), repr(raw)):
            assert form not in caplog.text
            assert form not in dump


def test_a_holder_leaves_no_core_dump(start: Start) -> None:
    start()
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def test_answers_to_one_question_differ_in_proof_and_not_in_points(start: Start) -> None:
    caller = start()
    one, other = caller.ask().json(), caller.ask().json()
    assert one["punten"] == other["punten"]
    assert one["bewijs"] != other["bewijs"]


def test_the_interface_describes_itself(start: Start) -> None:
    document = start().get("/v1/openapi.json").json()
    assert {path for _method, path in operations(document)} == {
        "/v1/evaluaties",
        "/v1/sleutelset",
        "/v1/verantwoordingen/{dag}",
        "/v1/verantwoordingen/{dag}/kwitanties",
    }
    assert document["components"]["schemas"]["EvaluationRequest"]["additionalProperties"] is False
    assert set(EvaluationRequest.model_fields) == set(
        document["components"]["schemas"]["EvaluationRequest"]["properties"]
    )
