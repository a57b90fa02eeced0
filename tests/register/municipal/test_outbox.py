# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The rules of the outbox: states, pauses, and what people are told."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.problem import FieldError, PassedOnRefusal, Refusal
from register.municipal import outbox
from register.municipal.outbox import (
    CLAIM,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    REFUSED_KEPT,
    Row,
    State,
    explanation,
    for_later,
    kept_answer,
    kept_refusal,
    next_moment,
    pause,
    refusal_bytes,
)
from register.municipal.sealing import Sealed
from register.wire import Logbewijs, SignaalIngediend

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROW = Row(
    signal_id=UUID(int=5),
    version=1,
    officer="toezichthouder-1",
    role="toezichthouder",
    run=None,
    handle="h" * 32,
    first_processed_at=NOW,
    expires_on=date(2027, 3, 2),
    state="wacht",
    attempts=1,
    next_at=NOW,
    claimed_until=None,
    content=b"c" * 32,
    sealed=Sealed(b"s", b"w", b"k" * 8),
)
REFUSAL = Refusal(
    403,
    "geen-toegang",
    "Nee.",
    "Omdat het niet mag.",
    way_forward="Doe iets anders.",
    fields=(FieldError("rol", "Deze rol niet."),),
    rule="C2",
)


@given(st.integers(min_value=0, max_value=10_000), st.binary(min_size=2, max_size=2))
def test_a_pause_is_never_shorter_than_three_quarters_and_never_longer_than_an_hour_and_a_quarter(
    attempts: int, drawn: bytes
) -> None:
    found = pause(attempts, lambda _count: drawn)
    assert FIRST_PAUSE * 0.75 <= found <= LONGEST_PAUSE * 1.25


@given(st.binary(min_size=2, max_size=2))
def test_pauses_grow_until_an_hour(drawn: bytes) -> None:
    pauses = [pause(attempts, lambda _count: drawn) for attempts in range(1, 9)]
    whole = [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert [one / pauses[0] * 30 for one in pauses] == pytest.approx(whole, rel=1e-5)
    assert pause(9, lambda _count: drawn) == pauses[7]


def test_two_nodes_do_not_come_back_at_the_same_moment() -> None:
    assert pause(3, random.Random(1).randbytes) != pause(3, random.Random(2).randbytes)


def test_the_pause_that_was_asked_for_is_kept_but_no_longer_than_a_day() -> None:
    randomness = random.Random(1).randbytes
    assert next_moment(NOW, 1, 600, randomness) == NOW + timedelta(seconds=600)
    assert next_moment(NOW, 1, 0, randomness) > NOW + FIRST_PAUSE / 2
    assert next_moment(NOW, 1, 10**15, randomness) == NOW + timedelta(days=1)


def test_a_claim_that_ran_out_is_no_claim() -> None:
    held = replace(ROW, state="onderweg", claimed_until=NOW + CLAIM)
    assert held.state_at(NOW) is State.UNDERWAY
    assert held.state_at(NOW + CLAIM) is State.WAITS
    assert replace(held, state="geweigerd", claimed_until=None).state_at(NOW) is State.REFUSED


def test_a_refused_row_lives_two_weeks_unless_the_register_may_have_it() -> None:
    refused = replace(ROW, state="geweigerd", refused_at=NOW)
    assert refused.alive(NOW + REFUSED_KEPT - timedelta(seconds=1))
    assert not refused.alive(NOW + REFUSED_KEPT)
    assert replace(refused, maybe=True).alive(NOW + REFUSED_KEPT)


@pytest.mark.parametrize("maybe", [True, False])
@pytest.mark.parametrize("state", list(State))
def test_every_row_dies_with_its_signal(state: State, *, maybe: bool) -> None:
    row = replace(ROW, state=state.value, maybe=maybe)
    assert row.alive(datetime(2027, 3, 1, 23, 59, tzinfo=UTC))
    assert not row.alive(datetime(2027, 3, 2, tzinfo=UTC))


def test_only_what_was_refused_and_stands_nowhere_may_be_mended() -> None:
    assert replace(ROW, state="geweigerd").mendable
    assert not replace(ROW, state="geweigerd", maybe=True).mendable
    assert not ROW.mendable


EXPLAINED = {
    "waits": (ROW, "Het wordt vanzelf verstuurd."),
    "waits for the register": (
        replace(ROW, reason="register-weg"),
        "Het landelijke register is nu niet bereikbaar.",
    ),
    "waits for the holders": (replace(ROW, reason="sleutelhouders-weg"), "te weinig sleutelhouders"),
    "waits for a quota": (replace(ROW, reason="quotum-bereikt"), "laten u even wachten"),
    "waits and may have arrived": (replace(ROW, maybe=True), "Het wordt nooit dubbel opgeslagen."),
    "is being sent": (
        replace(ROW, state="onderweg", claimed_until=NOW + CLAIM),
        "op dit moment verstuurd",
    ),
    "refused": (replace(ROW, state="geweigerd"), "Verbeter het, of gooi het weg."),
    "refused and may have arrived": (
        replace(ROW, state="geweigerd", maybe=True),
        "Dit signaal is misschien al bewaard",
    ),
}


@pytest.mark.parametrize("name", EXPLAINED)
def test_every_state_is_told_in_words(name: str) -> None:
    row, expected = EXPLAINED[name]
    assert expected in explanation(row, NOW)


@pytest.mark.parametrize(
    ("status", "later"),
    [
        (400, False),
        (403, False),
        (404, False),
        (409, False),
        (401, True),
        (429, True),
        (500, True),
        (503, True),
    ],
)
def test_a_quota_or_an_illness_says_nothing_about_the_signal(status: int, *, later: bool) -> None:
    assert for_later(PassedOnRefusal(status, "x", "Nee.", "Nee.", way_forward="Nee.")) is later


def test_a_refusal_is_kept_in_its_own_words() -> None:
    found = kept_refusal(replace(ROW, refusal=refusal_bytes(REFUSAL)))
    assert found is not None
    for name in ("status", "code", "title", "detail", "way_forward", "fields", "rule"):
        assert getattr(found, name) == getattr(REFUSAL, name)
    assert kept_refusal(ROW) is None


def test_an_acknowledgement_is_given_again_as_a_repeated_one() -> None:
    answer = SignaalIngediend(
        signaal_id=UUID(int=5),
        versie=1,
        categorie="R1",
        verloopt_op=date(2027, 3, 2),
        logbewijs=Logbewijs(blad=7, bewijs="regel een\nregel twee, é\n"),
    )
    again = kept_answer(outbox.answer_bytes(answer))
    assert again == answer.model_copy(update={"herhaald": True})
