# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The network of an opened case: only what was released to its reader, each line with its reason, and what people say of pairs."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event

from register.central.asserting import REASONS
from register.central.store import tables as t
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.test_hidden import queries, told
from tests.register.central.test_withdrawing import withdraw
from tests.register.central.world import (
    CRITERIA,
    Caller,
    World,
    opened,
    point,
    pseudonym,
    refused,
    sealed,
    subject,
    without_receipt,
)

pytestmark = ONE_DATABASE
ABSENT = "00000000-0000-4000-8000-000000000000"
WEEKS = ("2026-W02", "2026-W05", "2026-W07", "2026-W08")
OWNERS = ("GM9001", "GM9002", "GM9003")


BAD: dict[str, dict[str, Any]] = {
    "an unknown reason": {"reden": "gevoel"},
    "no pair": {"paren": []},
    "an unknown kind": {"soort": "dader"},
}


@dataclass
class Case:
    """Signals of three municipalities in one treffer of a fourth, phase 2 asked, and released as a test says."""

    world: World
    treffer: str = ""
    decision: str = ""
    signals: dict[str, str] = field(default_factory=dict)
    carried: tuple[dict[str, str], ...] = ()

    @property
    def analyst(self) -> Caller:
        return self.world.person("TMM", "tmm_analist")

    def submit(
        self, name: str, owner: str, *subjects: dict[str, Any], week: str = "2026-W05", **others: Any
    ) -> str:
        sent = sealed(*subjects, waargenomenWeek=week, **others)
        self.world.submit(owner, sent)
        self.signals[name] = sent["signaalId"]
        return self.signals[name]

    def opened(self, phone: dict[str, str]) -> "Case":
        """Asked by a fourth municipality on this telephone, and phase 2 asked by the coordinator."""
        self.world.inspector("GM9004").ask(phone)
        self.treffer = str(self.world.rows(t.treffer)[-1].treffer_id)
        body = {"trefferId": self.treffer, "criteria": CRITERIA, "beoordeling": "mens_beoordeeld"}
        answer = self.world.person("TMM", "tmm_coordinator").post("/v1/fase-2-besluiten", body)
        self.decision = answer.json()["besluitId"]
        return self

    def release(self, name: str, owner: str) -> None:
        body = {"organisatie": owner, "signaalId": self.signals[name], "ontzegeld": opened()}
        answer = self.world.contact(owner).post(f"/v1/fase-2-besluiten/{self.decision}/vrijgaven", body)
        assert answer.status_code == 201, answer.text

    def get(self, part: str, reader: Caller | None = None, **query: Any) -> httpx.Response:
        return (reader or self.analyst).get(f"/v1/dossiers/{self.treffer}/{part}", **query)

    def network(self, **query: Any) -> dict[str, Any]:
        answer = self.get("netwerk", **query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def say(
        self, soort: str, one: str, other: str, reader: Caller | None = None, **changed: Any
    ) -> httpx.Response:
        pair = {"een": self.end(one), "ander": self.end(other)}
        body = {"soort": soort, "paren": [pair], "reden": REASONS[soort][0]} | changed
        return (reader or self.analyst).post(f"/v1/dossiers/{self.treffer}/verklaringen", body)

    def end(self, name: str) -> dict[str, str]:
        return {"signaalId": self.signals.get(name, name), "ref": "s1"}


def persons(found: dict[str, Any], case: Case) -> list[list[str]]:
    names = {number: name for name, number in case.signals.items()}
    return sorted(
        sorted(names[one["signaalId"]] for one in node["signalen"])
        for node in found["knopen"]
        if node["soort"] == "persoon"
    )


@pytest.fixture
def carousel(world: World) -> Case:
    """One document in three towns, one after the other, and the telephone that was asked."""
    case, phone, document = Case(world), pseudonym(point()), pseudonym(point(), "document")
    case.carried = (phone, document)
    for week, owner in zip(WEEKS, OWNERS, strict=False):
        case.submit(owner, owner, subject(phone, document), week=week)
    return case.opened(phone)


@pytest.fixture
def released(carousel: Case) -> Case:
    for owner in OWNERS:
        carousel.release(owner, owner)
    return carousel


@pytest.fixture
def advertisements(world: World) -> Case:
    """SC4: one telephone, a work name each."""
    case, phone = Case(world), pseudonym(point())
    for number in range(5):
        alias = pseudonym(point(), "work_alias")
        case.submit(f"ad{number}", OWNERS[number % 3], subject(phone, alias), week=WEEKS[number % 4])
    case.opened(phone)
    for number in range(5):
        case.release(f"ad{number}", OWNERS[number % 3])
    return case


# ---- what is there ------------------------------------------------------------------------------------------------------


def test_three_released_signals_are_one_person_and_every_line_says_why(released: Case) -> None:
    found = released.network()
    assert persons(found, released) == [sorted(OWNERS)]
    assert found["verbanden"]
    for line in found["verbanden"]:
        assert line["reden"].startswith("zelfde ")
        assert "3 gemeenten" in line["reden"]
        assert line["gemeenten"] == list(OWNERS)
        assert (line["eerste"], line["laatste"]) == ("2026-W02", "2026-W07")


def test_a_track_is_a_to_b_to_c_by_week(released: Case) -> None:
    found = released.get("spoor").json()
    (person,) = found["personen"]
    assert [one["gemeenten"] for one in person["verblijven"]] == [[owner] for owner in OWNERS]
    assert [one["week"] for one in person["waarnemingen"]] == list(WEEKS[:3])


def test_five_advertisements_on_one_number_are_five_persons_and_a_shared_number(advertisements: Case) -> None:
    found = advertisements.network()
    assert persons(found, advertisements) == [[f"ad{number}"] for number in range(5)]
    (hub,) = (node for node in found["knopen"] if node["soort"] == "telefoon")
    assert (hub["personen"], hub["opmerking"]) == (5, "gedeeld nummer: 5 personen")
    assert "gedeeld" in " ".join(found["maten"]["waarschuwingen"])
    assert len(found["groepen"][0]["personen"]) == 5


def test_people_of_one_released_signal_were_seen_together(world: World) -> None:
    case, phone = Case(world), pseudonym(point())
    case.submit("A", "GM9001", subject(phone), subject(pseudonym(point(), "document"), ref="s2"))
    case.submit("B", "GM9002", subject(phone))
    case.opened(phone)
    case.release("A", "GM9001")
    case.release("B", "GM9002")
    found = case.network(stappen=1)
    assert {line["soort"] for line in found["verbanden"]} == {"draagt", "samen_gezien"}
    assert len(persons(found, case)) == 2
    assert len(persons(case.network(stappen=0), case)) == 1


def test_why_between_two_persons_is_told_line_by_line_and_each_step_says_by_which_line_it_came(
    advertisements: Case,
) -> None:
    found = advertisements.get("waarom", van="persoon-1", naar="persoon-4").json()
    assert found["verbonden"] is True
    assert [one["soort"] for one in found["pad"]] == ["draagt", "draagt"]
    assert all(one["reden"].startswith("zelfde telefoon") for one in found["pad"])
    refused(advertisements.get("waarom", van="persoon-1", naar="persoon-9"), 404, "niet-gevonden")
    for node in advertisements.network()["knopen"]:
        assert node["stap"] in {0, 1}
        assert ("via" in node) == ("waardoor" in node)


# ---- what is not there --------------------------------------------------------------------------------------------------


def test_before_anybody_released_there_is_no_network(carousel: Case) -> None:
    found = carousel.network()
    assert (found["fase2"], found["knopen"], found["verbanden"]) == ("gevraagd", [], [])


def test_a_signal_that_was_not_released_leaves_no_trace(carousel: Case, world: World) -> None:
    carousel.release("GM9001", "GM9001")
    carousel.release("GM9002", "GM9002")
    found = carousel.network()
    assert persons(found, carousel) == [["GM9001", "GM9002"]]
    text = str({**found, "logbewijs": None})
    assert "GM9003" not in text
    assert carousel.signals["GM9003"] not in text
    assert all(line["signalenGeteld"] == 2 for line in found["verbanden"])
    assert world.log.last("GM9003")["gebeurtenis"] != "netwerk_geraadpleegd"


def test_a_signal_that_wants_no_police_changes_no_byte_and_no_query(released: Case) -> None:
    found, before = {}, {}
    for part in ("netwerk", "spoor"):
        released.get(part)  # the first look of a process makes its statements
        with queries(released.world) as before[part]:
            found[part] = told(released.get(part))
    hidden = subject(*released.carried, pseudonym(point(), "email"))
    released.submit("hidden", "GM9001", hidden, sporen={"geenPolitiecontact": True})
    for part in ("netwerk", "spoor"):
        with queries(released.world) as after:
            assert told(released.get(part)) == found[part]
        assert after == before[part]
        assert len(after) > 20


def test_a_case_that_is_not_for_the_analyst_costs_what_none_costs(world: World) -> None:
    case, phone = Case(world), pseudonym(point())
    case.submit("A", "GM9001", subject(phone))
    world.inspector("GM9004").ask(phone)
    treffer = str(world.rows(t.treffer)[-1].treffer_id)
    case.treffer = ABSENT
    refused(case.get("netwerk"), 404, "niet-gevonden")
    with queries(world) as of_none:
        refused(case.get("netwerk"), 404, "niet-gevonden")
    case.treffer = treffer
    with queries(world) as of_another:
        refused(case.get("netwerk"), 404, "niet-gevonden")
    assert of_another == of_none


def test_another_case_and_none_answer_alike(released: Case) -> None:
    why: dict[str, Any] = {"van": "persoon-1", "naar": "persoon-2"}
    looks: list[tuple[str, dict[str, Any]]] = [("netwerk", {}), ("spoor", {}), ("waarom", why)]
    for part, query in looks:
        released.treffer, kept = ABSENT, released.treffer
        refused(released.get(part, **query), 404, "niet-gevonden")
        released.treffer = kept


def test_no_municipality_sees_a_network_or_asserts_in_a_case_of_tmm(released: Case) -> None:
    for role in ("toezichthouder", "aandachtsfunctionaris", "fg"):
        reader = released.world.person("GM9001", role)
        for part in ("netwerk", "spoor"):
            assert released.get(part, reader).status_code in {400, 403}, (role, part)
    contact = released.world.contact("GM9001")
    assert released.say("zelfde", "GM9001", "GM9002", contact).status_code in {400, 403}


def test_the_analyst_opens_no_case_for_which_phase_2_was_not_asked(world: World) -> None:
    case, phone = Case(world), pseudonym(point())
    case.submit("A", "GM9001", subject(phone))
    world.inspector("GM9004").ask(phone)
    case.treffer = str(world.rows(t.treffer)[-1].treffer_id)
    refused(case.get("netwerk"), 404, "niet-gevonden")


def test_what_cannot_be_read_is_a_400(released: Case) -> None:
    for steps in ("-1", "4", "veel"):
        assert released.get("netwerk", stappen=steps).status_code == 400, steps
    pair = {"een": released.end("GM9001"), "ander": released.end("GM9002")}
    sound = {"soort": "zelfde", "paren": [pair], "reden": "documenten_vergeleken"}
    path = f"/v1/dossiers/{released.treffer}/verklaringen"
    for name, changed in BAD.items():
        assert released.analyst.post(path, sound | changed).status_code == 400, name
    found = refused(released.say("zelfde", "GM9001", "GM9001"), 400, "paar-van-een-signaal")
    assert "twee signalen" in found["title"]
    assert released.world.rows(t.link_assertion) == []


def test_every_look_is_an_entry_for_the_reader_and_for_each_owner(released: Case) -> None:
    for part in ("netwerk", "spoor"):
        assert released.get(part).status_code == 200
        entry = released.world.log.last("TMM")
        assert (entry["gebeurtenis"], entry["onderdeel"]) == ("netwerk_geraadpleegd", part)
        for owner in OWNERS:
            theirs = released.world.log.last(owner)
            assert (theirs["gebeurtenis"], theirs["ontvanger"]) == ("netwerk_geraadpleegd", "melder")
            assert theirs["signalen"] == [released.signals[owner]]


def test_no_look_up_of_a_case_or_a_question_reads_a_whole_table_of_signals(released: Case) -> None:
    heard = list[tuple[str, Any]]()

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            heard.append((statement, values))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        assert released.get("netwerk").status_code == 200
        released.world.inspector("GM9004").ask(*released.carried)
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    with released.world.log.engine.connect() as connection:
        for statement, values in heard:
            if "FROM posting" in statement or "FROM subject" in statement:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                steps = [row[3] for row in plan]
                assert not any(step in {"SCAN posting", "SCAN subject", "SCAN signal"} for step in steps), (
                    steps
                )


# ---- what people say of pairs -------------------------------------------------------------------------------------------


def test_not_the_same_takes_a_signal_out_of_a_person_for_everybody_and_can_be_taken_back(
    released: Case,
) -> None:
    pairs = [{"een": released.end("GM9003"), "ander": released.end(one)} for one in ("GM9001", "GM9002")]
    said = released.say("niet_dezelfde", "GM9001", "GM9003", paren=pairs)
    assert said.status_code == 201, said.text
    assert persons(released.network(), released) == [["GM9001", "GM9002"], ["GM9003"]]
    entry = released.world.log.last("GM9003")
    assert (entry["gebeurtenis"], entry["ontvanger"]) in {
        ("netwerk_geraadpleegd", "melder"),
        ("verklaring_vastgelegd", "melder"),
    }
    for number in said.json()["verklaringen"]:
        path = f"/v1/dossiers/{released.treffer}/verklaringen/{number}/intrekkingen"
        assert released.analyst.post(path, {"reden": "vergissing"}).status_code == 201
    other = f"/v1/dossiers/{released.treffer}/verklaringen/{ABSENT}/intrekkingen"
    refused(released.analyst.post(other, {"reden": "vergissing"}), 404, "niet-gevonden")
    assert persons(released.network(), released) == [sorted(OWNERS)]
    assert all(one["ingetrokken"] for one in released.network()["verklaringen"])


def test_the_same_joins_what_nothing_joined_and_names_who_said_it(advertisements: Case) -> None:
    said = advertisements.say("zelfde", "ad0", "ad1")
    assert said.status_code == 201, said.text
    found = advertisements.network()
    assert ["ad0", "ad1"] in persons(found, advertisements)
    (kept,) = found["verklaringen"]
    assert (kept["soort"], kept["reden"], kept["organisatie"], kept["rol"]) == (
        "zelfde",
        "documenten_vergeleken",
        "TMM",
        "tmm_analist",
    )


def test_sent_again_it_is_kept_once(advertisements: Case) -> None:
    body = {
        "soort": "zelfde",
        "reden": "documenten_vergeleken",
        "paren": [{"een": advertisements.end("ad0"), "ander": advertisements.end("ad1")}],
    }
    path = f"/v1/dossiers/{advertisements.treffer}/verklaringen"
    first = advertisements.analyst.post(path, body, key="verklaring-0001")
    second = advertisements.analyst.post(path, body, key="verklaring-0001")
    assert first.json()["verklaringen"] == second.json()["verklaringen"]
    assert len(advertisements.world.rows(t.link_assertion)) == 1


def test_of_what_is_not_visible_nothing_can_be_said(carousel: Case) -> None:
    carousel.release("GM9001", "GM9001")
    refused(carousel.say("zelfde", "GM9001", "GM9003"), 404, "niet-gevonden")
    refused(carousel.say("zelfde", "GM9001", ABSENT), 404, "niet-gevonden")
    assert carousel.world.rows(t.link_assertion) == []


# ---- what ties nobody ---------------------------------------------------------------------------------------------------

EXCLUSION = {"knoop": "telefoon-1", "soort": "zorgnummer", "hercontrole": "2026-12-01", "stempel": "0" * 16}


def exclusion(case: Case) -> dict[str, Any]:
    """Of the telephone, as it is seen now."""
    (stamp,) = [one["stempel"] for one in case.network()["knopen"] if one["knoop"] == EXCLUSION["knoop"]]
    return EXCLUSION | {"stempel": stamp}


def test_a_care_line_on_the_exclusion_list_ties_nobody_until_it_is_taken_off(advertisements: Case) -> None:
    path = f"/v1/dossiers/{advertisements.treffer}/uitsluitingen"
    body, key = exclusion(advertisements), advertisements.world.next_key()
    made = advertisements.analyst.post(path, body, key=key)
    assert made.status_code == 201, made.text
    again = advertisements.analyst.post(path, body, key=key)
    assert without_receipt(again) == without_receipt(made)
    found = advertisements.network()
    assert [node["soort"] for node in found["knopen"]] == ["persoon"] * 5
    assert found["verbanden"] == []
    (entry,) = advertisements.analyst.get("/v1/uitsluitingen").json()["uitsluitingen"]
    assert (entry["soort"], entry["kenmerk"], entry["eigenaar"], entry["teLaat"]) == (
        "zorgnummer",
        "telefoon",
        "TMM",
        False,
    )
    ended = advertisements.analyst.post(f"/v1/uitsluitingen/{entry['uitsluitingId']}/beeindigingen", {})
    assert ended.status_code == 201, ended.text
    assert any(node["soort"] == "telefoon" for node in advertisements.network()["knopen"])
    assert advertisements.analyst.get("/v1/uitsluitingen").json()["uitsluitingen"] == []


def test_what_became_another_node_since_it_was_seen_is_not_excluded(advertisements: Case) -> None:
    body, path = exclusion(advertisements), f"/v1/dossiers/{advertisements.treffer}/uitsluitingen"
    assert withdraw(advertisements.world.contact("GM9001"), advertisements.signals["ad0"]).status_code == 201
    refused(advertisements.analyst.post(path, body), 409, "netwerk-veranderd")
    assert advertisements.world.rows(t.exclusion) == []


BAD_EXCLUSIONS: dict[str, tuple[dict[str, Any], int]] = {
    "a person": ({"knoop": "persoon-1"}, 400),
    "what is not there": ({"knoop": "telefoon-9"}, 404),
    "an unknown kind": ({"soort": "moskee"}, 400),
    "no day to look again": ({"hercontrole": "2029-01-01"}, 400),
}


def test_what_cannot_be_excluded_is_refused_and_nothing_is_kept(advertisements: Case) -> None:
    path = f"/v1/dossiers/{advertisements.treffer}/uitsluitingen"
    for name, (changed, status) in BAD_EXCLUSIONS.items():
        assert advertisements.analyst.post(path, EXCLUSION | changed).status_code == status, name
    assert advertisements.world.rows(t.exclusion) == []
    nobody = f"/v1/uitsluitingen/{ABSENT}/beeindigingen"
    refused(advertisements.analyst.post(nobody, {}), 404, "niet-gevonden")
