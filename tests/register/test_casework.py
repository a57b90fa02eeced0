# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A treffer's events come to one state, and say who owes what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.casework import (
    ACTION_LATE,
    CONTACT_WAITS,
    FEEDBACK_LATE,
    UNACCEPTED,
    UNOWNED,
    UNOWNED_LONG,
    Event,
    Open,
    Owed,
    State,
    Step,
    deadline,
    fitting_deadline,
    fold,
    owed,
    possible,
)
from register.links import Side

FOUND = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""A Monday."""
A, B = "GM9001", "GM9004"
SIGNAL, HANDOVER = UUID(int=1), UUID(int=7)
SAID: dict[str, dict[str, Any]] = {
    Step.TAKEN_UP: {"eerste_actie": "nieuwe_controle", "uiterlijk": "2026-03-09", "beoordeling": "acuut", "reden": "herhaling"},
    Step.CONTACT_ASKED: {},
    Step.CONTACT_RELEASED: {},
    Step.NOT_SAME: {"subjecten": [[str(SIGNAL), "s1"]], "reden": "ander_document"},
    Step.REPORTER: {"melder": "GM9001"},
    Step.CLOSED: {"afdoening": "bevestigd", "reden": ""},
    Step.MUTED: {"reden": "wordt_gevolgd"},
    Step.UNMUTED: {},
    Step.HANDED_OVER: {"overdracht": str(HANDOVER), "aan": "TMM", "rol": "tmm_coordinator", "signalen": [str(SIGNAL)], "uiterlijk": "2026-03-09"},
    Step.ACCEPTED: {"overdracht": str(HANDOVER)},
    Step.FED_BACK: {"overdracht": str(HANDOVER), "code": "opgepakt_TMM", "volgende_stap": "geen"},
}  # fmt: skip


def event(step: Step, organisation: str = B, days: float = 0, **said: Any) -> Event:
    role = "tmm_coordinator" if organisation == "TMM" else "aandachtsfunctionaris"
    return Event(step, organisation, "oefening-iemand", role, FOUND + timedelta(days=days), SAID[step] | said)


def owed_after(*events: Event, days: float) -> list[Owed]:
    one = Open(FOUND.date(), frozenset({A, B}), fold(events))
    return list(owed([one], {A: frozenset({"ZVH"})}, FOUND + timedelta(days=days)))


def test_a_treffer_waits_until_somebody_takes_it_up_and_the_first_one_owns_it() -> None:
    assert fold([]).standing == "wacht"
    assert not fold([]).assessed
    state = fold([event(Step.TAKEN_UP), event(Step.TAKEN_UP, A)])
    assert (state.standing, state.owner, state.due_on) == ("opgepakt", B, date(2026, 3, 9))


def test_a_minor_s_treffer_that_nobody_takes_up_gives_no_ketenregisseur_a_count() -> None:
    chains = {A: frozenset({"ZVH"})}
    waits = Open(FOUND.date(), frozenset({A, B}), State())
    late = FOUND + timedelta(days=20)
    assert {one.organisation for one in owed([waits], chains, late)} == {A, B, "ZVH"}
    assert {one.organisation for one in owed([replace(waits, for_chain=False)], chains, late)} == {A, B}


def test_of_what_is_for_care_alone_the_aandachtsfunctionaris_of_who_asked_gets_no_count() -> None:
    waits = Open(FOUND.date(), frozenset({A, B}), State(), for_chain=False, in_care=frozenset({A}))
    told = {(one.organisation, one.role) for one in owed([waits], {}, FOUND + timedelta(days=20))}
    assert told == {(A, "zorgcoordinator"), (B, "aandachtsfunctionaris")}


def test_nothing_but_taking_up_or_rejecting_comes_before_an_assessment() -> None:
    assert possible(State(), A) == (Step.TAKEN_UP, Step.NOT_SAME)


def test_only_the_owner_closes_and_after_that_nobody_does_anything() -> None:
    state = fold([event(Step.TAKEN_UP)])
    assert Step.CLOSED in possible(state, B)
    assert Step.CLOSED not in possible(state, A)
    assert possible(fold([event(Step.TAKEN_UP), event(Step.CLOSED)]), B) == ()


def test_a_contact_is_released_to_somebody_else_who_asked() -> None:
    asked = fold([event(Step.TAKEN_UP), event(Step.CONTACT_ASKED, B)])
    assert Step.CONTACT_RELEASED in possible(asked, A)
    assert Step.CONTACT_RELEASED not in possible(asked, B)
    assert Step.CONTACT_ASKED not in possible(asked, B)


def test_not_the_same_names_who_is_out_of_it() -> None:
    assert fold([event(Step.NOT_SAME)]).rejected == {Side(SIGNAL, "s1")}


def test_what_came_back_belongs_to_its_hand_over_and_an_end_is_an_end() -> None:
    begun = [event(Step.TAKEN_UP), event(Step.HANDED_OVER), event(Step.ACCEPTED, "TMM", 1)]
    running = fold([*begun, event(Step.FED_BACK, "TMM", 2)]).handovers[0]
    assert (running.accepted_at, running.ended) == (FOUND + timedelta(days=1), False)
    assert [one.code for one in running.feedback] == ["opgepakt_TMM"]
    ended = fold([*begun, event(Step.FED_BACK, "TMM", 2, code="geen_mensenhandel")]).handovers[0]
    assert ended.ended
    assert not ended.overdue(FOUND + timedelta(days=400))


def test_feedback_on_an_unknown_hand_over_changes_nothing() -> None:
    assert fold([event(Step.FED_BACK)]).handovers == ()


@pytest.mark.parametrize(
    ("days", "kinds"),
    [(7, []), (8, [UNOWNED, UNOWNED]), (14, [UNOWNED, UNOWNED]), (15, [UNOWNED, UNOWNED, UNOWNED_LONG])],
)
def test_what_nobody_owns_is_told_to_both_sides_and_then_to_the_ketenregisseur(
    days: int, kinds: list[str]
) -> None:
    assert [one.kind for one in owed_after(days=days)] == kinds


def test_a_first_action_is_late_after_its_day_unless_something_was_done() -> None:
    late = Owed("aandachtsfunctionaris", B, ACTION_LATE)
    assert late not in owed_after(event(Step.TAKEN_UP), days=7)
    assert late in owed_after(event(Step.TAKEN_UP), days=8)
    assert late not in owed_after(event(Step.TAKEN_UP), event(Step.CONTACT_ASKED), days=8)


def test_who_was_asked_for_a_contact_is_reminded_until_it_is_released() -> None:
    asked = [event(Step.TAKEN_UP), event(Step.CONTACT_ASKED, B)]
    waits = Owed("aandachtsfunctionaris", A, CONTACT_WAITS)
    assert waits not in owed_after(*asked, days=2)
    assert waits in owed_after(*asked, days=3)
    assert waits not in owed_after(*asked, event(Step.CONTACT_RELEASED, A), days=30)


def test_who_took_something_over_accepts_it_and_feeds_back_within_thirty_days() -> None:
    handed = [event(Step.TAKEN_UP), event(Step.CLOSED, afdoening="overgedragen"), event(Step.HANDED_OVER)]
    assert owed_after(*handed, days=7) == []
    assert owed_after(*handed, days=8) == [Owed("tmm_coordinator", "TMM", UNACCEPTED)]
    taken = [*handed, event(Step.ACCEPTED, "TMM", 1), event(Step.FED_BACK, "TMM", 2)]
    assert owed_after(*taken, days=31.9) == []
    assert owed_after(*taken, days=32) == [Owed("tmm_coordinator", "TMM", FEEDBACK_LATE)]


def test_a_deadline_is_counted_in_working_days_and_has_an_end() -> None:
    good_friday_week = date(2026, 4, 2)
    assert deadline(good_friday_week) == date(2026, 4, 13)
    assert fitting_deadline(good_friday_week, date(2026, 4, 2))
    assert not fitting_deadline(good_friday_week, date(2026, 4, 1))
    assert not fitting_deadline(good_friday_week, date(2026, 6, 1))


STEPS = st.sampled_from(list(Step))


@given(st.lists(st.tuples(STEPS, st.sampled_from([A, B, "TMM"])), max_size=12))
def test_whatever_happened_a_case_ends_once_and_stays_ended(happened: list[tuple[Step, str]]) -> None:
    events = [event(step, organisation, number) for number, (step, organisation) in enumerate(happened)]
    ended = False
    for number in range(len(events) + 1):
        state = fold(events[:number])
        assert not ended or state.closed is not None
        ended = state.closed is not None
        assert not (ended and possible(state, A))
