# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about job `afstemming`: what holders counted beside the receipts that came, with accounts that real key holders sign."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from audit.note import Signer
from audit.store.jobs import JobStore
from process.jobs import Outcome
from process.serving.jobs import Runner
from pseudonymisation import base64url
from pseudonymisation.receipts import MOST_REACHED, Account, Counted, Reached, request_digest, sign_account
from register.central.centre import Centre
from register.central.checkpoints import Checkpointer
from register.central.jobs import jobs
from register.central.reconciling import PATIENCE, HolderAccounts, KeyHolder
from register.central.rotating import Converter, Places
from register.central.store import evaluations
from register.central.store import tables as t
from register.central.witnesses import Asking
from register.reconciliation import CANARY_POINTS, Whose
from tests.receipts import receipt, receipt_signer, signed
from tests.register.central.conftest import LOG_SIGNER, ONE_DATABASE, SignerProcess
from tests.register.central.world import MOMENT, OFFICERS, Hands, World, point, pseudonym, signal

YESTERDAY = MOMENT.date() - timedelta(days=1)
QUESTIONS: Whose = ("GM9004", "vragen")
SUBMITTED: Whose = ("GM9001", "indienen")


Given = dict[bytes, int]


def marks(world: World, holder: int, day: date, organisation: str, action: str) -> Given:
    """The receipts of a holder that came here, as an honest one has them: mark -> points."""
    return {
        row.mark: row.points
        for row in world.rows(t.evaluation_receipt)
        if (row.holder, row.day, row.organisation, row.action) == (holder, day, organisation, action)
    }


def hoarded(points: int) -> Given:
    """Evaluations of which no receipt ever came here."""
    return {(10**6 + number).to_bytes(16, "big"): 8 for number in range(points // 8)}


@dataclass
class Holder:
    """A key holder as far as its accounts go: signed by its own key, over what a test says that it gave."""

    index: int
    clock: Hands
    given: dict[date, dict[Whose, Given]] = field(default_factory=dict)
    reached: dict[date, list[Reached]] = field(default_factory=dict)
    signs_as: int | None = None
    says: dict[str, Any] = field(default_factory=dict)
    answers: httpx.Response | None = None
    lists: list[bytes] | None = None
    away: bool = False
    released: threading.Event | None = None
    asked: list[date] = field(default_factory=list)
    asked_lists: list[str] = field(default_factory=list)
    signer: Signer | None = None

    @property
    def own(self) -> Signer:
        """The key that is its own."""
        return self.signer or receipt_signer(self.index)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("refused")
        if self.released is not None:
            self.asked.append(MOMENT.date())
            self.released.wait(60)
        day = date.fromisoformat(request.url.path.split("/")[3])
        given = self.given.get(day, {})
        if request.url.path.endswith("/kwitanties"):
            whose = (request.url.params["organisatie"], request.url.params["handeling"])
            self.asked_lists.append(" ".join(whose))
            listed = sorted(given[whose]) if self.lists is None else self.lists
            return httpx.Response(200, json={"kenmerken": list(map(base64url.encode, listed))})
        self.asked.append(day)
        account = replace(
            Account(
                self.index,
                self.own.verifier.public_key,
                "oefening",
                1,
                day,
                self.clock().replace(microsecond=0),
                tuple(Counted.of(*whose, given[whose]) for whose in sorted(given)),
                tuple(self.reached.get(day, ())),
            ),
            **self.says,
        )
        signer = self.own if self.signs_as is None else receipt_signer(self.signs_as)
        return self.answers or httpx.Response(200, json={"verklaring": sign_account(account, signer)})

    def asked_as(self, *, left: bool = False) -> KeyHolder:
        """As the register knows it."""
        client = httpx.Client(transport=httpx.MockTransport(self), base_url="https://houder")
        return KeyHolder(self.index, self.own.verifier, client, left=left)


Run = Callable[[], dict[str, int]]


@pytest.fixture
def holders(world: World) -> dict[int, Holder]:
    return {index: Holder(index, world.clock) for index in (1, 2, 3)}


@pytest.fixture
def runs(
    world: World, centre: Centre, signer: SignerProcess, asking: Asking, tmp_path: Path
) -> Callable[[Sequence[KeyHolder]], Run]:
    """Makes something that runs the job once, by the real runner."""

    def running(asked: Sequence[KeyHolder], at: Centre = centre, patience: float = PATIENCE) -> Run:
        store = JobStore(centre.database.engine, t.job)
        checkpointer = Checkpointer(centre.database, signer.client(), LOG_SIGNER.verifier)
        converter = Converter(centre, Places(tmp_path / "factor", tmp_path / "tijdvak"), 0)
        work = jobs(at, checkpointer, asking, converter, store.states, 1.0, HolderAccounts(asked, patience))
        runner = Runner(work, store, centre.clock, centre.randomness)

        def once() -> dict[str, int]:
            state = runner.once("afstemming")
            world.log.verify(None)
            if state.outcome is not Outcome.DONE:
                assert state.error == "AccountError"
                return {"mislukt": 1}
            return dict(state.counts)

        return once

    return running


@pytest.fixture
def reconciled(runs: Callable[..., Run], holders: dict[int, Holder]) -> Run:
    return runs([holder.asked_as() for holder in holders.values()])


def a_day(world: World, holders: dict[int, Holder], reconciled: Run) -> date:
    """A day on which GM9004 asked once and GM9001 submitted once, as holders 1 and 2 counted; the next morning."""
    reconciled()
    day = world.clock().date()
    world.inspector("GM9004").ask(pseudonym(point()))
    world.submit("GM9001", signal())
    for index in (1, 2):
        holders[index].given[day] = {
            whose: marks(world, index, day, *whose) for whose in (SUBMITTED, QUESTIONS)
        }
    world.clock.moment = datetime.combine(day + timedelta(days=1), time(6), UTC)
    return day


def flags(world: World, organisation: str) -> dict[str, int]:
    found = world.person(organisation, "fg").get("/v1/herinneringen", leaves=0).json()["herinneringen"]
    assert all(one["wat"].endswith(".") and one["watNu"].endswith(".") for one in found)
    return {one["soort"]: one["aantal"] for one in found}


def test_a_day_that_agrees_is_an_entry_for_the_register_and_none_for_anybody_else(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    day = a_day(world, holders, reconciled)
    before = {code: len(world.log.entries(code)) for code in ("GM9001", "GM9004")}
    assert reconciled() == {"dagen": 3, "verschillen": 0, "quota": 0}
    assert {code: len(world.log.entries(code)) for code in before} == before
    entry = world.log.last("REGISTER")
    assert (entry["gebeurtenis"], entry["ontvanger"], entry["dag"]) == (
        "afgestemd",
        "beheerder",
        day.isoformat(),
    )
    assert (entry["verschillen_geteld"], entry["onbekende_organisaties"]) == (0, [])
    assert holders[1].asked_lists == [], "what agrees needs no list"
    assert reconciled() == {"dagen": 0, "verschillen": 0, "quota": 0}, "a day is compared once"


@ONE_DATABASE
def test_a_holder_that_gave_one_number_twice_is_named_to_the_register_and_to_nobody_else(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    reconciled()
    day = world.clock().date()
    for number, town in enumerate(("GM9001", "GM9004")):
        for_it = {"organisation": town, "request": request_digest(town, "sleutel-van-nu")}
        sent = [
            signed(receipt(1, world.clock(), number=bytes(16), **for_it)),
            signed(receipt(2, world.clock(), number=bytes([number]) * 16, **for_it)),
        ]
        world.inspector(town).ask(pseudonym(point()), key="sleutel-van-nu", kwitanties=sent)
    for index in (1, 2):
        holders[index].given[day] = {
            (town, "vragen"): marks(world, index, day, town, "vragen") for town in ("GM9001", "GM9004")
        }
    world.clock.moment = datetime.combine(day + timedelta(days=1), time(6), UTC)
    before = {code: len(world.log.entries(code)) for code in ("GM9001", "GM9004")}
    assert reconciled() == {"dagen": 3, "verschillen": 0, "quota": 0}
    said = [one["velden"] for one in world.log.entries("REGISTER")]
    told = {one["sleutelhouder"]: one["nummers_dubbel"] for one in said if one.get("dag") == day.isoformat()}
    assert told == {1: 1, 2: 0, 3: 0}
    assert {code: len(world.log.entries(code)) for code in before} == before


def test_evaluations_that_were_never_used_are_told_to_the_fg_of_that_organisation_alone(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    day = a_day(world, holders, reconciled)
    for index in (1, 2):
        holders[index].given[day][QUESTIONS] |= hoarded(4_000)
    assert reconciled() == {"dagen": 3, "verschillen": 2, "quota": 0}
    entry = world.log.last("GM9004")
    assert (entry["gebeurtenis"], entry["ontvanger"], entry["sleutelhouder"]) == (
        "afgestemd",
        "betrokkene",
        2,
    )
    assert entry["verschillen"] == [
        "vragen: sleutelhouder 2 telde 4008 punten, het register zag er 8; 4000 punten niet gebruikt, 0 kwitanties kent hij niet; sleutelhouder 1 telde 4008; sleutelhouder 3 telde 0"
    ]
    assert entry["vlaggen"] == ["afstemming-verschilt"]
    assert flags(world, "GM9004") == {"afstemming-verschilt": 1}
    assert flags(world, "GM9001") == {}


def test_what_one_holder_alone_says_of_an_organisation_is_flagged_as_that_holder_s_word(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    day = a_day(world, holders, reconciled)
    holders[2].given[day]["GM9003", "vragen"] = hoarded(8_000)
    assert reconciled() == {"dagen": 3, "verschillen": 1, "quota": 0}
    (text,) = world.log.last("GM9003")["verschillen"]
    assert text.endswith(
        "sleutelhouder 1 telde 0; sleutelhouder 3 telde 0; dit zegt alleen deze sleutelhouder"
    )
    assert world.log.last("GM9003")["vlaggen"] == ["afstemming-een-houder"]
    assert flags(world, "GM9003") == {"afstemming-een-houder": 1}


def test_forged_receipts_do_not_cancel_out_against_evaluations_that_were_never_used(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    """The sums agree to the point: eight counted, eight seen."""
    day = a_day(world, holders, reconciled)
    for index in (1, 2):
        holders[index].given[day][QUESTIONS] = hoarded(8)
    assert reconciled()["verschillen"] == 2
    (text,) = world.log.last("GM9004")["verschillen"]
    assert "telde 8 punten, het register zag er 8; 8 punten niet gebruikt, 1 kwitanties kent hij niet" in text
    assert flags(world, "GM9004") == {"afstemming-verschilt": 1}


def test_a_few_unused_evaluations_stand_in_the_log_and_raise_no_flag(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    """A holder that was overtaken, a register that was away: every day has some."""
    day = a_day(world, holders, reconciled)
    holders[3].given[day] = {QUESTIONS: hoarded(40)}
    assert reconciled()["verschillen"] == 1
    (text,) = world.log.last("GM9004")["verschillen"]
    assert "sleutelhouder 3 telde 40 punten, het register zag er 0; 40 punten niet gebruikt" in text
    assert world.log.last("GM9004")["vlaggen"] == []
    assert flags(world, "GM9004") == {}


def test_receipts_that_their_holder_did_not_count_are_always_flagged(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    day = a_day(world, holders, reconciled)
    for index in (1, 2):
        del holders[index].given[day][QUESTIONS]
    assert reconciled()["verschillen"] == 2
    (text,) = world.log.last("GM9004")["verschillen"]
    assert "telde 0 punten, het register zag er 8; 0 punten niet gebruikt, 1 kwitanties" in text
    assert flags(world, "GM9004") == {"afstemming-verschilt": 1}


def test_evaluations_of_a_stored_version_that_is_sent_again_and_again_stay_unused(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    reconciled()
    day, sent = world.clock().date(), signal()
    world.submit("GM9001", sent)
    for index in (1, 2):
        holders[index].given[day] = {SUBMITTED: marks(world, index, day, *SUBMITTED) | hoarded(8 * 60)}
    for _number in range(60):
        assert world.submit("GM9001", sent)["herhaald"]
    world.clock.moment = datetime.combine(day + timedelta(days=1), time(6), UTC)
    assert reconciled()["verschillen"] == 2
    assert flags(world, "GM9001") == {"afstemming-verschilt": 1}


@ONE_DATABASE
def test_any_consultation_and_more_canaries_than_needed_are_shown_to_the_fg(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    day = a_day(world, holders, reconciled)
    for index in (1, 2):
        holders[index].given[day] |= {
            ("GM9001", "inzage"): hoarded(8),
            ("GM9001", "kanarie"): hoarded(CANARY_POINTS),
            ("GM9004", "kanarie"): hoarded(CANARY_POINTS + 8),
        }
    assert reconciled()["verschillen"] == 4
    (text,) = world.log.last("GM9001")["verschillen"]
    assert flags(world, "GM9001") == {"inzage-sleutelhouder": 1}
    assert flags(world, "GM9004") == {"veel-kanaries": 1}
    assert text.startswith("inzage: sleutelhouder 2 telde 8 punten, het register zag er 0")


def a_limit(world: World, organisation: str = "GM9004") -> Reached:
    return Reached(
        organisation, OFFICERS["toezichthouder"], "vragen", "dag", 3, world.clock().replace(microsecond=0)
    )


def test_a_limit_that_was_reached_at_a_holder_is_told_the_same_day_and_once(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    for holder in holders.values():
        holder.reached[world.clock().date()] = [a_limit(world)]
    assert reconciled() == {"dagen": 0, "verschillen": 0, "quota": 1}, "three holders tell of one officer"
    entry = world.log.last("GM9004")
    assert (entry["gebeurtenis"], entry["medewerker"]) == (
        "quotum_sleutelhouder_bereikt",
        OFFICERS["toezichthouder"],
    )
    assert (entry["handeling"], entry["venster"], entry["keren"]) == ("vragen", "dag", 3)
    assert entry["andere_houders"] == ["sleutelhouder 2 telde 0", "sleutelhouder 3 telde 0"]
    assert flags(world, "GM9004") == {"quotum-sleutelhouder": 1}
    assert reconciled() == {"dagen": 0, "verschillen": 0, "quota": 0}


def test_a_limit_that_one_holder_alone_tells_of_is_flagged_as_its_word(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    holders[3].reached[world.clock().date()] = [a_limit(world)]
    holders[1].away = True
    assert reconciled() == {"mislukt": 1}
    assert world.log.last("GM9004")["andere_houders"] == [
        "van sleutelhouder 1 is er nog geen verantwoording",
        "sleutelhouder 2 telde 0",
        "dit zegt alleen deze sleutelhouder",
    ]
    assert flags(world, "GM9004") == {"quotum-een-houder": 1}


@ONE_DATABASE
def test_a_holder_that_names_other_officers_each_hour_fills_no_log(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    today = world.clock().date()
    for hour in range(3):
        holders[1].reached[today] = [
            replace(a_limit(world), officer=f"verzonnen-{hour}-{number:02d}")
            for number in range(MOST_REACHED)
        ]
        reconciled()
    assert flags(world, "GM9004") == {"quotum-een-houder": MOST_REACHED}
    told = [
        one for one in world.log.entries("GM9004") if one["gebeurtenis"] == "quotum_sleutelhouder_bereikt"
    ]
    assert len(told) == MOST_REACHED
    for holder in holders.values():
        holder.reached[today] = [a_limit(world)]
    assert reconciled()["quota"] == 1, "what others bear out is told all the same"


@ONE_DATABASE
def test_what_a_holder_says_of_an_organisation_that_nobody_knows_is_for_the_operator_alone(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    day = a_day(world, holders, reconciled)
    nobody = "ZZ-een-code-van-niemand-en-langer-dan-een-kolom"
    holders[2].given[day][nobody, "vragen"] = hoarded(8_000)
    holders[2].reached[day] = [replace(a_limit(world, nobody), first=datetime.combine(day, time(9), UTC))]
    assert reconciled() == {"dagen": 3, "verschillen": 0, "quota": 0}
    told = {one["velden"]["sleutelhouder"]: one["velden"] for one in world.log.entries("REGISTER")}
    assert told[2]["onbekende_organisaties"] == [nobody]
    assert told[1]["onbekende_organisaties"] == told[3]["onbekende_organisaties"] == []
    assert world.rows(t.fg_flag) == []
    assert world.log.entries(nobody) == []


UNBELIEVABLE: dict[str, dict[str, Any]] = {
    "signed by another holder": {"signs_as": 2},
    "of another holder": {"says": {"holder": 2}},
    "of another keyset": {"says": {"keyset": "comensha"}},
    "of another epoch": {"says": {"epoch": 2}},
    "of another day": {"says": {"day": date(2026, 1, 1)}},
    "made before the day was over": {"says": {"made_at": MOMENT}},
    "with an action that is none": {"says": {"counted": (Counted.of("GM9004", "x" * 999, hoarded(8)),)}},
    "with an organisation that is too long": {
        "says": {"counted": (Counted.of("G" * 99, "vragen", hoarded(8)),)}
    },
    "with a row twice": {"says": {"counted": (Counted.of("GM9004", "vragen", hoarded(8)),) * 2}},
    "with points that are not those of its receipts": {
        "says": {"counted": (replace(Counted.of("GM9004", "vragen", hoarded(80)), points=10**8),)}
    },
    "that contradicts its own list": {"lists": list(hoarded(8))},
    "no account": {"answers": httpx.Response(200, json={"verklaring": "geen"})},
    "no message": {"answers": httpx.Response(200, content=b"{")},
    "too long to be one": {"answers": httpx.Response(200, content=b"x" * (1 << 20))},
}


@ONE_DATABASE
@pytest.mark.parametrize("name", UNBELIEVABLE)
def test_a_false_account_is_told_as_that_of_its_holder_and_the_others_are_compared_all_the_same(
    world: World, holders: dict[int, Holder], reconciled: Run, name: str
) -> None:
    day = a_day(world, holders, reconciled)
    honest = replace(holders[1])
    holders[1].given[day] = {QUESTIONS: marks(world, 1, day, *QUESTIONS) | hoarded(8)}
    for member, value in UNBELIEVABLE[name].items():
        setattr(holders[1], member, value)
    assert reconciled() == {"mislukt": 1}
    compared = {(row.holder, row.day) for row in world.rows(t.holder_day) if row.state == "vergeleken"}
    assert compared == {(2, day), (3, day)}
    assert world.rows(t.fg_flag) == []
    refused = [one for one in world.log.entries("REGISTER") if one["gebeurtenis"] == "niet_afgestemd"]
    assert {(one["velden"]["sleutelhouder"], one["velden"]["dag"]) for one in refused} >= {
        (1, day.isoformat())
    }
    assert all(one["velden"]["waarom"] and one["velden"]["sleutelhouder"] == 1 for one in refused)
    assert reconciled() == {"mislukt": 1}
    again = [one for one in world.log.entries("REGISTER") if one["gebeurtenis"] == "niet_afgestemd"]
    assert again == refused, "told once"
    vars(holders[1]).update(vars(honest) | {"given": {day: holders[2].given[day] | {}}})
    holders[1].given[day] = {whose: marks(world, 1, day, *whose) for whose in (SUBMITTED, QUESTIONS)}
    assert reconciled()["dagen"] == 1


@ONE_DATABASE
def test_a_holder_that_is_away_is_no_false_account_and_the_others_have_their_turn(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    day = a_day(world, holders, reconciled)
    holders[1].away = True
    assert reconciled() == {"mislukt": 1}
    assert {(row.holder, row.state) for row in world.rows(t.holder_day)} == {
        (2, "vergeleken"),
        (3, "vergeleken"),
    }
    holders[1].away = False
    assert reconciled()["dagen"] == 1
    assert {row.day for row in world.rows(t.holder_day)} == {day}


@ONE_DATABASE
def test_a_holder_that_never_ends_an_answer_keeps_one_call_and_nobody_from_their_turn(
    world: World, holders: dict[int, Holder], runs: Callable[..., Run]
) -> None:
    reconciled = runs([holder.asked_as() for holder in holders.values()], patience=1.0)
    day = a_day(world, holders, reconciled)
    holders[1].asked.clear()
    holders[1].released = threading.Event()
    for _run in range(2):
        assert reconciled() == {"mislukt": 1}
    assert {row.holder for row in world.rows(t.holder_day)} == {2, 3}
    assert len(holders[1].asked) == 1
    released, holders[1].released = holders[1].released, None
    released.set()
    for one in threading.enumerate():
        if one.name == "account-1":
            one.join()
    assert reconciled()["dagen"] == 1
    assert {row.day for row in world.rows(t.holder_day)} == {day}


# ---- a holder that takes another's index ----------------------------------------------------------------------------


@ONE_DATABASE
def test_a_holder_that_takes_another_s_index_makes_no_day_differ_and_the_day_of_the_other_stays_open_and_is_told(
    world: World, centre: Centre, holders: dict[int, Holder], runs: Callable[..., Run], reconciled: Run
) -> None:
    day = a_day(world, holders, reconciled)
    fresh = Holder(2, world.clock, signer=receipt_signer(9))
    pinned = replace(centre, holder_keys={**centre.holder_keys, 2: fresh.own.verifier})
    now = runs([one.asked_as() for one in (holders[1], fresh, holders[3])], pinned)
    assert now() == {"dagen": 3, "verschillen": 0, "quota": 0}
    assert world.rows(t.fg_flag) == []
    left = [row for row in world.rows(t.holder_day) if row.state == "open"]
    assert [(row.holder, row.day, row.holder_key) for row in left] == [
        (2, day, holders[2].own.verifier.public_key)
    ]
    (entry,) = [one for one in world.log.entries("REGISTER") if one["gebeurtenis"] == "niet_afgestemd"]
    assert (entry["velden"]["sleutelhouder"], entry["velden"]["dag"]) == (2, day.isoformat())
    assert "niet meer vastgelegd" in entry["velden"]["waarom"]
    assert now() == {"dagen": 0, "verschillen": 0, "quota": 0}, "told once"


@ONE_DATABASE
def test_a_holder_that_left_is_asked_for_its_last_days_when_the_register_still_knows_where(
    world: World, centre: Centre, holders: dict[int, Holder], runs: Callable[..., Run], reconciled: Run
) -> None:
    day = a_day(world, holders, reconciled)
    fresh = Holder(2, world.clock, signer=receipt_signer(9))
    pinned = replace(centre, holder_keys={**centre.holder_keys, 2: fresh.own.verifier})
    at_work = [one.asked_as() for one in (holders[1], fresh, holders[3])]
    holders[2].says = {"epoch": 7}
    holders[2].asked.clear()
    holders[2].given[day][QUESTIONS] |= hoarded(4_000)
    assert runs([*at_work, holders[2].asked_as(left=True)], pinned)() == {
        "dagen": 4,
        "verschillen": 1,
        "quota": 0,
    }
    assert "sleutelhouder 2 telde 4008" in world.log.last("GM9004")["verschillen"][0]
    assert {row.state for row in world.rows(t.holder_day)} == {"vergeleken"}
    assert holders[2].asked == [day], "of today it is asked nothing"


@ONE_DATABASE
def test_a_holder_that_was_away_for_days_is_asked_for_each_of_them_and_for_nothing_older(
    world: World, holders: dict[int, Holder], reconciled: Run
) -> None:
    reconciled()
    assert YESTERDAY not in holders[1].asked, "before this job was known there were no receipts"
    world.clock.forward(days=3)
    assert reconciled()["dagen"] == 9
    world.clock.forward(days=30)
    assert reconciled()["dagen"] == 3 * 8
    assert world.log.size == 0 or world.log.entries("REGISTER")


@ONE_DATABASE
def test_receipts_and_marks_go_after_their_term(world: World, centre: Centre) -> None:

    world.inspector("GM9004").ask(pseudonym(point()))
    with centre.database.engine.begin() as connection:
        assert evaluations.destroy_old(connection, MOMENT + timedelta(days=31)) == 0
        assert evaluations.destroy_old(connection, MOMENT + timedelta(days=32)) == 2
