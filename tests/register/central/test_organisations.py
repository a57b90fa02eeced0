# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Ends and mergers as those who work with the register meet them, through its interface."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from policies.decision import Mandate
from process.problem import Refusal
from register import central
from register.central import mandates, organisations
from register.central.administration import Administrator
from register.central.centre import Centre
from register.central.store import tables as t
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.enrolling_world import BASIS, administrator, ground
from tests.register.central.world import (
    CRITERIA,
    MOMENT,
    Caller,
    World,
    opened,
    point,
    pseudonym,
    refused,
    sealed,
    signal,
    subject,
)

TODAY = MOMENT.date()
FOREVER = date(2030, 12, 31)
INSPECTOR = "oefening-toezichthouder"


@dataclass
class Town:
    """The register, and its administrator at work beside it."""

    world: World
    centre: Centre

    @property
    def admin(self) -> Administrator:
        return administrator(self.centre)

    def merge(self, code: str = "GM9002", into: str = "GM9001", on: date = TODAY) -> None:
        organisations.merge(self.admin, code, into, on, BASIS)
        self.world.log.verify(1)

    def end(self, code: str = "GM9002", on: date = TODAY) -> None:
        organisations.end(self.admin, code, on, BASIS)
        self.world.log.verify(1)

    def refuses(self, act: Callable[[], object]) -> str:
        before = self.world.contents()
        with pytest.raises(Refusal) as told:
            act()
        assert self.world.contents() == before
        self.world.log.verify(0)
        fields = " ".join(one.reason for one in told.value.fields)
        return f"{told.value.detail} {told.value.way_forward} {fields}"


@pytest.fixture
def town(world: World, centre: Centre) -> Town:
    return Town(world, centre)


@pytest.fixture
def phone() -> dict[str, str]:
    return pseudonym(point())


def withdraw(caller: Caller, number: str) -> Any:
    body = {"organisatie": caller.organisation, "reden": "onjuist"}
    return caller.post(f"/v1/signalen/{number}/intrekkingen", body)


def stored(town: Town, owner: str, phone: dict[str, str], **changes: Any) -> str:
    sent = signal(subject(phone), **changes)
    town.world.submit(owner, sent)
    return str(sent["signaalId"])


# ---- ends -----------------------------------------------------------------------------------------------------------


def test_an_organisation_that_ended_today_gets_in_no_more_today(town: Town, phone: dict[str, str]) -> None:
    asking = town.world.inspector("GM9002")
    assert asking.ask(phone).status_code == 200
    town.end()
    assert refused(asking.try_ask(phone), 403, "organisatie-beeindigd")["regel"] == "C2"
    refused(town.world.node("GM9002", "fg").get("/v1/grondslagen"), 403, "organisatie-beeindigd")


def test_an_end_on_a_later_day_holds_from_that_day(town: Town, phone: dict[str, str]) -> None:
    town.end(on=TODAY + timedelta(days=2))
    asking = town.world.inspector("GM9002")
    assert asking.ask(phone).status_code == 200
    town.world.clock.forward(days=2)
    refused(asking.try_ask(phone), 403, "organisatie-beeindigd")


@ONE_DATABASE
def test_a_session_at_the_register_ends_with_the_organisation(town: Town) -> None:
    fg = town.world.person("GM9002", "fg")
    assert fg.get("/v1/logboek/regels").status_code == 200
    town.end()
    refused(fg.get("/v1/logboek/regels"), 403, "organisatie-beeindigd")


def test_signals_of_an_organisation_that_ended_without_a_successor_are_still_found(
    town: Town, phone: dict[str, str]
) -> None:
    stored(town, "GM9002", phone)
    town.end()
    assert town.world.inspector("GM9004").ask(phone).json()["uitkomst"] == "bekend_elders"


def test_the_organisation_and_the_register_read_the_end_in_the_log(town: Town) -> None:
    town.end()
    entry = town.world.log.last("GM9002")
    assert (entry["gebeurtenis"], entry["geldig_tot"]) == ("organisatie_beeindigd", "2026-03-01")
    assert town.world.log.last("REGISTER")["betreft"] == "GM9002"


@ONE_DATABASE
@pytest.mark.parametrize(
    ("code", "into", "on", "why"),
    [
        ("GM9002", "GM9002", TODAY, "kan GM9002 niet opvolgen"),
        ("GM9002", "GM9009", TODAY, "GM9009 staat niet ingeschreven"),
        ("GM9009", "GM9001", TODAY, "GM9009 staat niet ingeschreven"),
        ("GM9002", "GM9001", TODAY - timedelta(days=1), "verleden"),
    ],
)
def test_a_merger_that_leads_nowhere_is_refused(town: Town, code: str, into: str, on: date, why: str) -> None:
    assert why in town.refuses(lambda: town.merge(code, into, on))


@ONE_DATABASE
def test_what_ended_does_not_end_or_take_over_again(town: Town) -> None:
    town.end()
    assert "al geëindigd" in town.refuses(town.end)
    assert "al geëindigd" in town.refuses(town.merge)
    assert "kan GM9003 niet opvolgen" in town.refuses(lambda: town.merge("GM9003", "GM9002"))


# ---- mergers --------------------------------------------------------------------------------------------------------


def test_after_a_merger_the_successor_withdraws_the_predecessor_s_signal(
    town: Town, phone: dict[str, str]
) -> None:
    number = stored(town, "GM9002", phone)
    refused(withdraw(town.world.contact("GM9001"), number), 404, "niet-gevonden")
    town.merge()
    assert withdraw(town.world.contact("GM9001"), number).status_code == 201
    assert town.world.inspector("GM9004").ask(phone).json()["uitkomst"] == "niet_bekend"


def test_a_merger_holds_from_its_day_and_not_before(town: Town, phone: dict[str, str]) -> None:
    number = stored(town, "GM9002", phone)
    town.merge(on=TODAY + timedelta(days=30))
    refused(withdraw(town.world.contact("GM9001"), number), 404, "niet-gevonden")
    assert town.world.inspector("GM9002").ask(phone).json()["uitkomst"] == "niet_bekend", "its own"
    town.world.clock.forward(days=30)
    refused(town.world.inspector("GM9002").try_ask(phone), 403, "organisatie-beeindigd")
    assert withdraw(town.world.contact("GM9001"), number).status_code == 201


def test_the_predecessor_s_node_is_told_where_to_go(town: Town, phone: dict[str, str]) -> None:
    town.merge()
    told = refused(town.world.inspector("GM9002").try_ask(phone), 403, "organisatie-beeindigd")
    assert "GM9001" in told["detail"] + told["wegVooruit"]
    refused(town.world.inspector("GM9002").submit(signal()), 403, "organisatie-beeindigd")


def test_what_it_took_over_is_not_elsewhere_for_the_successor(town: Town, phone: dict[str, str]) -> None:
    stored(town, "GM9002", phone)
    assert town.world.inspector("GM9001").ask(phone).json()["uitkomst"] == "bekend_elders"
    town.merge()
    assert town.world.inspector("GM9001").ask(phone).json()["uitkomst"] == "niet_bekend"


def test_signals_of_both_count_as_one_municipality(town: Town, phone: dict[str, str]) -> None:
    for owner in ("GM9001", "GM9002"):
        stored(town, owner, phone)
    asking = town.world.contact("GM9004")
    assert asking.ask(phone).json()["aantalGemeenten"] == "2"
    town.merge()
    answer = asking.ask(phone).json()
    assert answer["aantalGemeenten"] == "1"
    assert set(answer.get("gemeenten") or ["GM9001"]) == {"GM9001"}


def test_a_disclosure_of_a_predecessor_s_signal_is_told_to_the_successor(
    town: Town, phone: dict[str, str]
) -> None:
    number = stored(town, "GM9002", phone)
    town.merge()
    town.world.inspector("GM9004").ask(phone)
    entry = town.world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["ontvanger"]) == ("bevraging", "melder")
    assert entry["signalen"] == [number]


def test_the_successor_s_treffers_are_those_of_both(town: Town, phone: dict[str, str]) -> None:
    number = stored(town, "GM9002", phone)
    town.world.inspector("GM9004").ask(phone)
    other = pseudonym(point())
    stored(town, "GM9003", other)
    town.world.inspector("GM9002").ask(other)
    assert town.world.contact("GM9001").get("/v1/treffers").json()["treffers"] == []
    town.merge()
    found = town.world.contact("GM9001").get("/v1/treffers").json()["treffers"]
    assert sorted(one["onzeRol"] for one in found) == ["melder", "vrager"]
    assert [one["onzeSignalen"] for one in found if one["onzeRol"] == "melder"] == [[number]]
    (theirs,) = town.world.contact("GM9003").get("/v1/treffers").json()["treffers"]
    assert "GM9002" not in str(theirs)


def test_the_successor_releases_a_sealed_signal_of_its_predecessor(town: Town, phone: dict[str, str]) -> None:
    numbers = {}
    for owner in ("GM9002", "GM9003"):
        sent = sealed(subject(phone))
        town.world.submit(owner, sent)
        numbers[owner] = sent["signaalId"]
    town.world.inspector("GM9004").ask(phone)
    (row,) = town.world.rows(t.treffer)
    town.merge()
    asked = {"trefferId": str(row.treffer_id), "criteria": CRITERIA, "beoordeling": "mens_beoordeeld"}
    coordinator = town.world.person("TMM", "tmm_coordinator")
    decision = coordinator.post("/v1/fase-2-besluiten", asked).json()["besluitId"]
    body = {"organisatie": "GM9001", "signaalId": numbers["GM9002"], "ontzegeld": opened()}
    path = f"/v1/fase-2-besluiten/{decision}/vrijgaven"
    assert town.world.contact("GM9001").post(path, body).status_code == 201
    lines = coordinator.get(f"/v1/dossiers/{row.treffer_id}").json()["signalen"]
    assert {one["organisatie"] for one in lines} == {"GM9001", "GM9003"}


def test_the_successor_corrects_a_signal_of_its_predecessor(town: Town, phone: dict[str, str]) -> None:
    number = stored(town, "GM9002", phone)
    town.merge()
    corrected = signal(subject(phone), signaalId=number, versie=2)
    town.world.submit("GM9001", corrected)
    newest = max(town.world.rows(t.signal), key=lambda row: row.version)
    assert (newest.signal_id, newest.organisation) == (UUID(number), "GM9001")


def test_the_fg_of_the_successor_reads_the_predecessor_s_entries_from_the_merger_on(
    town: Town, phone: dict[str, str]
) -> None:
    stored(town, "GM9002", phone)
    town.world.inspector("GM9001").ask(phone)  # one leaf with a part for each of the two
    fg = town.world.person("GM9001", "fg")
    before = fg.get("/v1/logboek/regels").json()["regels"]
    assert [one["gebeurtenis"] for one in before] == ["bevraging", "aangemeld"]
    town.merge()
    after = fg.get("/v1/logboek/regels").json()["regels"]
    assert [one["gebeurtenis"] for one in after[:3]] == ["signaal_ingediend", "bevraging", "bevraging"]
    assert {one["ontvanger"] for one in after[1:3]} == {"vrager", "melder"}
    refused(town.world.node("GM9002", "fg").get("/v1/logboek/regels"), 403, "organisatie-beeindigd")


def test_an_fg_gets_a_proof_of_a_predecessor_s_entry(
    town: Town, phone: dict[str, str], publish: Callable[[], int]
) -> None:
    stored(town, "GM9002", phone)
    town.merge()
    publish()
    proof = town.world.person("GM9001", "fg").get("/v1/logboek/regels/0/bewijs").json()
    (entry,) = proof["inschrijvingen"]
    assert [one["organisatie"] for one in entry["openingen"]] == ["GM9002"]


def test_no_entry_falls_between_two_pages_when_one_leaf_has_two(
    town: Town, phone: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.central.logbook.PAGE", 2)
    stored(town, "GM9002", phone)
    town.world.inspector("GM9001").ask(phone)
    fg = town.world.person("GM9001", "fg")
    town.merge()
    page = fg.get("/v1/logboek/regels").json()["regels"]
    assert [one["blad"] for one in page] == [0, 1, 1]


@ONE_DATABASE
def test_a_merger_is_shown_with_all_that_was_decided(town: Town) -> None:
    town.merge()
    shown = organisations.shown(town.admin, "GM9001")
    assert shown.took_over == ("GM9002",)
    assert [one.event for one in shown.history] == ["organisatie_samengevoegd"]
    former = organisations.shown(town.admin, "GM9002")
    assert (former.record.successor, former.record.valid_to) == ("GM9001", date(2026, 3, 1))
    listed = {one.id: one.takes_part(TODAY) for one in organisations.listed(town.admin)}
    assert (listed["GM9001"], listed["GM9002"]) == (True, False)


def stored_owners_compared(tree: ast.AST) -> list[int]:
    """Lines on which the organisation of a stored row is compared as it stands, not as whose it is today."""

    def raw(side: ast.expr) -> bool:
        named = isinstance(side, ast.Attribute) and side.attr in {"organisation", "asked_by_organisation"}
        return named and ast.unparse(side).split(".")[-2] in {"signal", "row", "newest", "decision"}

    equal = (ast.Eq, ast.NotEq)
    found = [one for one in ast.walk(tree) if isinstance(one, ast.Compare) and isinstance(one.ops[0], equal)]
    return [one.lineno for one in found if any(raw(side) for side in (one.left, *one.comparators))]


def test_no_code_of_the_register_compares_a_stored_owner_without_asking_whose_it_is_today() -> None:
    assert stored_owners_compared(ast.parse("one.signal.organisation == acting.organisation"))
    assert stored_owners_compared(ast.parse("acting.organisation != decision.asked_by_organisation"))
    files = Path(central.__path__[0]).rglob("*.py")
    found = {path.name: stored_owners_compared(ast.parse(path.read_text("utf-8"))) for path in files}
    assert {name: lines for name, lines in found.items() if lines} == {}


# ---- mandates and grounds -------------------------------------------------------------------------------------------


def new_mandate(**changes: Any) -> Mandate:
    said = {"role": "toezichthouder", "organisation": "GM9001", "officer": "medewerker-0001"}
    days = {"trained_on": date(2025, 11, 3), "screened_on": date(2025, 10, 6)}
    return Mandate(**{**said, "valid_from": TODAY, "valid_to": FOREVER, **days, **changes})


def test_a_mandate_counts_at_once_and_stops_at_once(town: Town, phone: dict[str, str]) -> None:
    somebody = town.world.inspector("GM9001").but(namens_medewerker="medewerker-0001")
    refused(somebody.try_ask(phone), 403, "geen-toegang")
    mandates.add_mandate(town.admin, new_mandate(), BASIS)
    town.world.log.verify(1)
    assert somebody.ask(phone).status_code == 200
    mandates.end_mandate(town.admin, "GM9001", "medewerker-0001", "toezichthouder", TODAY, BASIS)
    town.world.log.verify(1)
    assert refused(somebody.try_ask(phone), 403, "geen-toegang")["regel"] == "MANDAAT"
    entry = town.world.log.last("REGISTER")
    assert (entry["gebeurtenis"], entry["mandaten"]) == (
        "mandaat_beeindigd",
        ["toezichthouder medewerker-0001"],
    )


def test_a_mandate_of_the_profile_can_be_ended_and_given_again(town: Town, phone: dict[str, str]) -> None:
    asking = town.world.inspector("GM9001")
    mandates.end_mandate(town.admin, "GM9001", INSPECTOR, "toezichthouder", TODAY, BASIS)
    town.world.log.verify(1)
    refused(asking.try_ask(phone), 403, "geen-toegang")
    mandates.add_mandate(town.admin, new_mandate(officer=INSPECTOR), BASIS)
    town.world.log.verify(1)
    assert asking.ask(phone).status_code == 200
    found = [one for one in mandates.mandates(town.admin, "GM9001") if one.officer == INSPECTOR]
    assert len(found) == 2


@ONE_DATABASE
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"role": "tmm_analist"}, "kan deze rol niet geven"),
        ({"role": "register_beheerder"}, "kan deze rol niet geven"),
        ({"organisation": "GM9009"}, "neemt niet deel"),
        ({"officer": "Jan de Vries"}, "nooit een naam"),
        ({"valid_to": date(2020, 1, 1)}, "eindigt voordat het begint"),
        ({"trained_on": None}, "dag van de opleiding"),
        ({"screened_on": None}, "dag van de screening"),
        ({"screened_on": TODAY + timedelta(days=1)}, "niet in de toekomst"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused(town: Town, changes: dict[str, Any], why: str) -> None:
    assert why in town.refuses(lambda: mandates.add_mandate(town.admin, new_mandate(**changes), BASIS))


@ONE_DATABASE
def test_only_a_mandate_that_lasts_can_be_ended(town: Town) -> None:
    def end(officer: str, on: date) -> Callable[[], None]:
        return lambda: mandates.end_mandate(town.admin, "GM9001", officer, "toezichthouder", on, BASIS)

    assert "geen mandaat" in town.refuses(end("medewerker-0009", TODAY))
    assert "geen mandaat" in town.refuses(end(INSPECTOR, date(2031, 1, 1)))
    assert "verleden" in town.refuses(end(INSPECTOR, TODAY - timedelta(days=1)))


def test_a_ground_opens_what_it_is_for_at_once(town: Town, phone: dict[str, str]) -> None:
    asking = town.world.inspector("GM9001").but(grondslag="NIEUW-GEM-GM9001")
    refused(asking.try_ask(phone), 400, "onvolledig")
    assert mandates.add_grounds(town.admin, ground("GM9001", id="NIEUW-GEM-GM9001"), BASIS) == (
        "NIEUW-GEM-GM9001",
    )
    town.world.log.verify(1)
    assert asking.ask(phone).status_code == 200
    held = {one.id for one in mandates.grounds(town.admin, "GM9001")}
    assert "NIEUW-GEM-GM9001" in held
    assert "OEF-GEM-GM9002" not in held


@ONE_DATABASE
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ground("GM9001"), "al in gebruik"),
        (ground("GM9009", id="X"), "kloppen"),
        (ground("GM9001", id="X", organisation=""), "Niemand houdt"),
        (ground("GM9001", id="X", fg_advice=""), "advies van de FG"),
        ("grounds: [", "klopt niet"),
        ("grounds: []\n", "Verbeter"),
    ],
)
def test_a_ground_that_cannot_be_is_refused(town: Town, text: str, why: str) -> None:
    assert why in town.refuses(lambda: mandates.add_grounds(town.admin, text, BASIS))


# ---- the records themselves ----------------------------------------------------------------------------------------


def test_a_request_works_with_one_frozen_set_of_records(town: Town) -> None:
    frozen = town.centre.frozen()
    before = frozen.policy
    town.end()
    assert frozen.policy is before
    assert frozen.policy.register.participant("GM9002", TODAY)
    assert not town.centre.policy.register.participant("GM9002", TODAY)


def test_records_are_read_again_only_when_something_changed(town: Town) -> None:
    first = town.centre.policy
    assert town.centre.policy is first
    town.end()
    assert town.centre.policy is not first


def test_records_that_contradict_each_other_decide_nothing(town: Town, phone: dict[str, str]) -> None:
    change = {"event": "x", "organisation": "GM9001", "document": "x", "decided_by": "x", "officer": "x"}
    with town.world.log.engine.begin() as connection:
        connection.execute(
            insert(t.record_change).values(number=1, change_id=UUID(int=4), at=MOMENT, **change)
        )
        connection.execute(
            insert(t.ground_record).values(number=1, ground_id="OEF-GEM-GM9001", record=ground("GM9001"))
        )
    for organisation in ("GM9001", "GM9004"):
        refused(town.world.inspector(organisation).try_ask(phone), 503, "gegevens-kloppen-niet")


def test_the_records_survive_a_restart(
    town: Town, phone: dict[str, str], restart: Callable[[], World]
) -> None:
    town.merge()
    refused(restart().inspector("GM9002").try_ask(phone), 403, "organisatie-beeindigd")


def test_what_is_not_on_record_is_told_as_such(town: Town) -> None:
    assert "GM9009 staat niet ingeschreven" in town.refuses(lambda: organisations.shown(town.admin, "GM9009"))
