# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A treffer is handed to TMM, which accepts it and says how it stands; every submitter hears the code, and nothing else."""

import io
import re
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pypdf
import pytest
from sqlalchemy import insert

from process.jobs import Outcome
from process.serving.jobs import Runner
from register.central import mandates
from register.central.centre import Centre
from register.central.store import tables as t
from tests.register.central.conftest import ONE_DATABASE, Publish
from tests.register.central.enrolling_world import BASIS, administrator
from tests.register.central.test_casework import ASKER, OTHER, OWNER, TAKE_UP, did, one, treffer_of
from tests.register.central.web.test_pages import Visitor
from tests.register.central.world import Caller, World, point, pseudonym, refused, signal, subject

pytestmark = ONE_DATABASE

WPG_19 = """
grounds:
  - id: OEF-WPG-19-TMM
    code: "G-WPG (19/20)"
    article: "Wpg 19"
    task: "Terugkoppelen aan wie signaleerde (verzonnen)"
    organisation: TMM
    valid_from: 2025-01-01
    valid_to: 2030-12-31
    document: "OEFENING-OEF-WPG-19-TMM"
    decision: {by: "korpschef (fictief)", date: 2024-12-02}
    fg_advice: {date: 2024-11-18, document: "OEFENING-FG-OEF-WPG-19-TMM", objection: false}
"""


def hand_over(caller: Caller, treffer: str, to: str = "TMM") -> httpx.Response:
    body = {"organisatie": caller.organisation, "trefferId": treffer, "aan": to}
    return caller.post("/v1/overdrachten", body)


def handed(world: World, *owners: str, **others: Any) -> tuple[str, dict[str, str]]:
    """A treffer that was taken up and handed to TMM: number of the hand-over, and owner -> id of its signal."""
    treffer, ids = one(world, *owners, **others)
    did(world.contact(ASKER), treffer, TAKE_UP)
    answer = hand_over(world.contact(ASKER), treffer)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["overdrachtId"]), ids


def feed_back(tmm: Caller, handover: str, code: str, next_step: str = "geen") -> httpx.Response:
    return tmm.post(
        f"/v1/overdrachten/{handover}/terugkoppelingen", {"code": code, "volgendeStap": next_step}
    )


def accept(tmm: Caller, handover: str) -> httpx.Response:
    return tmm.post(f"/v1/overdrachten/{handover}/aannemingen", {})


def came_back(caller: Caller) -> list[tuple[str, str, str]]:
    found = caller.get("/v1/terugkoppelingen").json()["terugkoppelingen"]
    return [(one["signaalId"], one["code"], one["volgendeStap"]) for one in found]


def told(runner: Runner, caller: Caller) -> dict[str, int]:
    assert runner.once("herinneringen").outcome is Outcome.DONE
    found = caller.get("/v1/herinneringen", leaves=0).json()["herinneringen"]
    return {one["soort"]: one["aantal"] for one in found}


def test_tmm_accepts_and_every_submitter_hears_received_and_nothing_else(world: World) -> None:
    handover, ids = handed(world, OWNER, OTHER)
    tmm = world.person("TMM", "tmm_coordinator")
    (row,) = tmm.get("/v1/overdrachten").json()["overdrachten"]
    assert (row["overdrachtId"], row["stand"], row["aantalSignalen"]) == (handover, "wacht", 2)
    assert row["aannemenVoor"] == "2026-03-09"
    assert accept(tmm, handover).json()["code"] == "ontvangen"
    seen = tmm.get(f"/v1/overdrachten/{handover}").json()
    assert {one["signaalId"] for one in seen["signalen"]} == set(ids.values())
    told = {(row.organisation, row.kind) for row in world.rows(t.notice)}
    assert {("TMM", "overdracht_nieuw"), (OWNER, "terugkoppeling"), (ASKER, "terugkoppeling")} <= told
    for owner, other in ((OWNER, OTHER), (OTHER, OWNER)):
        lines = came_back(world.contact(owner))
        assert (ids[owner], "ontvangen", "geen") in lines
        assert (ids[owner], "in_beoordeling", "geen") in lines
        assert ids[other] not in str(lines)
    assert "TMM" not in str(world.contact(OWNER).get("/v1/terugkoppelingen").json()["terugkoppelingen"])


def sayable(tmm: Caller, handover: str) -> list[str]:
    return list(tmm.get(f"/v1/overdrachten/{handover}").json()["mogelijk"])


def test_without_a_decision_of_wpg_19_or_20_only_received_and_closed_come_back(world: World) -> None:
    handover, ids = handed(world)
    tmm = world.person("TMM", "tmm_coordinator")
    assert sayable(tmm, handover) == [], "nothing before it was accepted"
    accept(tmm, handover)
    assert sayable(tmm, handover) == ["afgesloten"]
    refused(feed_back(tmm, handover, "opgepakt_TMM"), 403, "geen-toegang")
    assert feed_back(tmm, handover, "afgesloten").status_code == 201
    assert came_back(world.contact(OWNER))[0] == (ids[OWNER], "afgesloten", "geen")
    assert "opgepakt_TMM" not in str(came_back(world.contact(OWNER)))


def test_with_one_the_next_step_comes_back_and_who_says_nothing_for_thirty_days_is_reminded(
    world: World, centre: Centre, runner: Runner
) -> None:
    mandates.add_grounds(administrator(centre), WPG_19, BASIS)
    world.log.verify(None)
    handover, ids = handed(world)
    tmm = world.person("TMM", "tmm_coordinator")
    accept(tmm, handover)
    assert {"opgepakt_TMM", "geen_mensenhandel", "afgesloten"} <= set(sayable(tmm, handover))
    assert feed_back(tmm, handover, "opgepakt_TMM").status_code == 201
    assert "terugkoppeling_te_laat" not in told(runner, tmm)
    world.clock.forward(days=31)
    world.clock.forward(hours=-1)
    tmm.said["Authorization"] = _again(tmm)
    assert told(runner, tmm)["terugkoppeling_te_laat"] == 1
    done = feed_back(tmm, handover, "geen_vervolg_onvoldoende", "nieuwe_controle_zinvol")
    assert done.status_code == 201
    assert came_back(world.contact(OWNER))[0] == (
        ids[OWNER],
        "geen_vervolg_onvoldoende",
        "nieuwe_controle_zinvol",
    )
    assert "terugkoppeling_te_laat" not in told(runner, tmm)
    refused(feed_back(tmm, handover, "afgesloten"), 409, "terugkoppeling-kan-niet")


def _again(tmm: Caller) -> str:
    """A month is longer than a session."""
    sent = {"naam": "tmm_coordinator-TMM", "wachtwoord": "een-lang-wachtwoord"}
    return f"Bearer {tmm.post('/v1/sessies', sent).json()['token']}"


def test_who_wants_no_contact_with_the_police_never_goes_along(world: World) -> None:
    phone = pseudonym(point())
    plain, silent = signal(subject(phone)), signal(subject(phone), sporen={"geenPolitiecontact": True})
    world.submit(OWNER, plain)
    world.submit(OTHER, silent)
    world.inspector(ASKER).ask(phone)
    treffer = treffer_of(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    assert hand_over(world.contact(ASKER), treffer).status_code == 201
    (said,) = [row.said for row in world.rows(t.treffer_event) if row.kind == "overgedragen"]
    assert said["signalen"] == [plain["signaalId"]]
    assert "ontvangen" not in str(came_back(world.contact(OTHER)))


def test_of_a_treffer_of_which_nothing_may_go_the_answer_is_that_of_none(world: World) -> None:
    treffer, _ids = one(world, sporen={"geenPolitiecontact": True})
    did(world.contact(ASKER), treffer, TAKE_UP)
    nothing = hand_over(world.contact(ASKER), treffer)
    unknown = hand_over(world.contact(ASKER), "00000000-0000-4000-8000-000000000000")
    assert (nothing.status_code, nothing.content) == (404, unknown.content)


@pytest.mark.parametrize("to", ["GM9002", "NLA"])
def test_nothing_is_handed_to_who_has_no_mandate_to_take_it(world: World, to: str) -> None:
    treffer, _ids = one(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    refused(hand_over(world.contact(ASKER), treffer, to), 400, "geen-ontvanger")


def test_nothing_is_handed_over_before_a_person_assessed_it_nor_twice(world: World) -> None:
    treffer, _ids = one(world)
    refused(hand_over(world.contact(ASKER), treffer), 409, "overdracht-kan-niet")
    did(world.contact(ASKER), treffer, TAKE_UP)
    assert hand_over(world.contact(ASKER), treffer).status_code == 201
    refused(hand_over(world.contact(ASKER), treffer), 409, "overdracht-kan-niet")


def test_feedback_is_a_code_and_comes_after_accepting(world: World) -> None:
    handover, _ids = handed(world)
    tmm = world.person("TMM", "tmm_coordinator")
    refused(feed_back(tmm, handover, "afgesloten"), 409, "terugkoppeling-kan-niet")
    refused(feed_back(tmm, handover, "wij kennen hem van vroeger"), 400, "ongeldige-invoer")
    refused(feed_back(tmm, handover, "bekend_in_bvh"), 400, "onbekende-terugkoppeling")
    analyst = world.person("TMM", "tmm_analist")
    refused(accept(analyst, handover), 403, "geen-toegang")


def test_a_false_hit_is_told_to_who_submitted_the_signal(world: World) -> None:
    treffer, ids = one(world)
    did(world.contact(ASKER), treffer, {"stap": "niet_dezelfde", "reden": "ander_document"})
    assert (ids[OWNER], "niet_dezelfde", "geen") in came_back(world.contact(OWNER))
    assert (ids[OWNER], "niet_dezelfde", "geen") in came_back(world.inspector(OWNER))


def test_the_coordinator_s_pages_show_accept_feed_back_and_take_home(world: World, publish: Publish) -> None:
    handover, ids = handed(world, OWNER, OTHER)
    visitor = Visitor(world).signed_in("TMM", "tmm_coordinator")
    form = {"csrf": visitor.token("/overdrachten"), "zaaknummer": "tmm-2026-0001", "grondslag": "OEF-WPG-TMM"}
    assert handover in visitor.post("/overdrachten", **form).text
    shown = visitor.post("/overdrachten/tonen", overdracht=handover, **form)
    assert "Oefenstad" in shown.text
    assert "nog gesloten" in shown.text
    accepted = visitor.post("/overdrachten/aannemen", overdracht=handover, **form)
    assert "Koppel terug" in accepted.text
    assert re.findall(r'<option value="(\w+)"', accepted.text.split('name="volgende_stap"')[0]) == [
        "afgesloten"
    ]
    assert "Dit kan nu niet terug: “Wordt beoordeeld”" in accepted.text
    assert "de korpschef" in accepted.text
    choice = {"code": "opgepakt_TMM", "volgende_stap": "nieuwe_controle_zinvol"}
    refused = visitor.post("/overdrachten/terugkoppelen", overdracht=handover, **choice, **form)
    assert refused.status_code == 403
    assert "artikel 19 of 20 Wpg" in refused.text
    kept = '<option value="nieuwe_controle_zinvol" selected>'
    assert kept in refused.text, "the hand-over stays open, as chosen"
    assert 'action="/dossiers/tonen"' in refused.text
    ended = visitor.post("/overdrachten/terugkoppelen", overdracht=handover, code="afgesloten", **form)
    assert "Er is nog niets teruggekoppeld." not in ended.text
    export = visitor.post("/overdrachten/bestand", overdracht=handover, **form)
    assert {one["signaalId"] for one in export.json()["signalen"]} == set(ids.values())
    assert export.json()["logbewijs"]["bewijs"]
    assert "geencontrolepunt" in words_of(visitor.post("/overdrachten/pdf", overdracht=handover, **form))
    publish()
    printed = words_of(visitor.post("/overdrachten/pdf", overdracht=handover, **form))
    entry = world.log.last("TMM")
    assert (entry["gebeurtenis"], entry["overdrachten"]) == ("overdracht_geopend", [handover])
    signed = visitor.get("/v1/logboek/checkpoint").text
    leaf = f"blad {world.log.size - 1}"
    for words in ("Oefenstad", "TMM-2026-0001", handover, "nog gesloten", leaf, signed, "audit verify"):
        assert "".join(words.split()) in printed, words
    for path in ("tonen", "bestand", "pdf"):
        assert visitor.post(f"/overdrachten/{path}", overdracht="niets", **form).status_code == 404


def test_who_reads_a_hand_over_in_english_takes_a_dutch_document_home(world: World) -> None:
    handover, _ids = handed(world, OWNER)
    visitor = Visitor(world).signed_in("TMM", "tmm_coordinator")
    form = {"csrf": visitor.token("/overdrachten"), "zaaknummer": "tmm-2026-0001", "grondslag": "OEF-WPG-TMM"}
    shown = visitor.post("/overdrachten/tonen?taal=en", overdracht=handover, **form).text
    assert "Signals in order of time" in shown
    assert "telephone" in shown
    printed = words_of(visitor.post("/overdrachten/pdf?taal=en", overdracht=handover, **form))
    for words in ("Signalen in volgorde van tijd", "telefoon", "nog gesloten", "Bewijs van de logregel"):
        assert "".join(words.split()) in printed, words


def words_of(answer: httpx.Response) -> str:
    """What a PDF for screen readers says, without spaces: how its lines were broken is not told."""
    assert answer.headers["content-type"] == "application/pdf"
    read = pypdf.PdfReader(io.BytesIO(answer.content))
    catalogue: Any = read.trailer["/Root"]
    assert b"pdfuaid" in catalogue["/Metadata"].get_data()
    return "".join("".join(one.extract_text().split()) for one in read.pages)


STATISTICS = WPG_19.replace("G-WPG (19/20)", "G-STAT").replace("WPG-19", "STAT").replace("Wpg 19", "AVG 89")


def test_figures_outlive_the_treffer_and_tell_others_no_small_number(
    world: World, centre: Centre, runner: Runner
) -> None:
    mandates.add_grounds(administrator(centre), STATISTICS, BASIS)
    world.log.verify(None)
    _handover, _ids = handed(world)
    one(world)
    world.clock.forward(days=31)
    while len(world.rows(t.treffer)) > 1:
        assert runner.once("vernietiging").outcome is Outcome.DONE
    world.log.verify(None)
    (kept,) = world.rows(t.effect)
    assert (kept.parties, kept.taken_up_days, kept.outcome) == ([OWNER, ASKER], None, None)
    tmm = world.person("TMM", "tmm_coordinator").but(doel="statistiek", grondslag="OEF-STAT-TMM")
    answer = tmm.get("/v1/cijfers", van="2026-01-01", tot="2026-03-31")
    assert answer.status_code == 200, answer.text
    assert answer.json()["eigen"]["treffers"] == "<10", (
        "its own too: what is hidden from a role is in no number"
    )
    for told in (*answer.json()["organisaties"], *answer.json()["verbanden"]):
        assert told["cijfers"]["treffers"] == "<10"
    assert world.log.last("TMM")["gebeurtenis"] == "cijfers_geraadpleegd"
    refused(tmm.get("/v1/cijfers", van="2026-12-31", tot="2026-01-01"), 400, "geen-periode")
    page = Visitor(world).signed_in("TMM", "tmm_coordinator").get("/cijfers?jaar=2026")
    assert "Cijfers over 2026" in page.text
    assert "Oefenstad" in page.text
    inspector = world.inspector(ASKER).but(doel="statistiek")
    refused(inspector.get("/v1/cijfers", van="2026-01-01", tot="2026-03-31"), 403, "geen-toegang")


def test_figures_do_not_name_the_police_nor_leave_a_town_out(world: World, centre: Centre) -> None:
    mandates.add_grounds(administrator(centre), STATISTICS, BASIS)
    world.log.verify(None)
    asked = {
        "found_on": date(2026, 1, 5),
        "parties": ["KMAR", OWNER],
        "followed_up": False,
        "handed_over": False,
    }
    with world.log.engine.begin() as connection:
        connection.execute(insert(t.effect), [{**asked, "effect_id": uuid4()} for _number in range(12)])
    tmm = world.person("TMM", "tmm_coordinator").but(doel="statistiek", grondslag="OEF-STAT-TMM")
    told = tmm.get("/v1/cijfers", van="2026-01-01", tot="2026-03-31").json()["organisaties"]
    lines = {one["wie"]: one["cijfers"]["treffers"] for one in told}
    assert lines == {OWNER: "10", OTHER: "<10", "GM9003": "<10", ASKER: "<10"}


def test_two_periods_that_differ_by_a_day_give_no_small_number_away(world: World, centre: Centre) -> None:
    mandates.add_grounds(administrator(centre), STATISTICS, BASIS)
    world.log.verify(None)
    tmm = world.person("TMM", "tmm_coordinator").but(doel="statistiek", grondslag="OEF-STAT-TMM")
    for first, last in (
        ("2026-01-01", "2026-03-30"),
        ("2026-03-02", "2026-03-02"),
        ("2026-01-01", "2026-06-30"),
    ):
        refused(tmm.get("/v1/cijfers", van=first, tot=last), 400, "geen-periode")
    asked = {"found_on": date(2026, 3, 1), "parties": [OWNER], "followed_up": False, "handed_over": False}
    with world.log.engine.begin() as connection:
        connection.execute(insert(t.effect), [{**asked, "effect_id": uuid4()} for _number in range(12)])
    told = tmm.get("/v1/cijfers", van="2026-01-01", tot="2026-03-31").json()["organisaties"]
    assert {one["cijfers"]["treffers"] for one in told} == {"<10"}, "March has not ended"


def test_what_came_back_goes_to_who_handed_over_and_whose_signal_went_along_and_no_other(
    world: World,
) -> None:
    phone = pseudonym(point())
    plain, silent = signal(subject(phone)), signal(subject(phone), sporen={"geenPolitiecontact": True})
    world.submit(OWNER, plain)
    world.submit(OTHER, silent)
    world.inspector(ASKER).ask(phone)
    treffer = treffer_of(world)
    did(world.contact(ASKER), treffer, TAKE_UP)
    handover = str(hand_over(world.contact(ASKER), treffer).json()["overdrachtId"])
    accept(world.person("TMM", "tmm_coordinator"), handover)
    steps = {
        who: [one["stap"] for one in world.contact(who).get(f"/v1/treffers/{treffer}").json()["geschiedenis"]]
        for who in (ASKER, OWNER, OTHER)
    }
    assert steps[ASKER] == steps[OWNER] == ["opgepakt", "overgedragen", "aangenomen", "teruggekoppeld"]
    assert steps[OTHER] == ["opgepakt", "overgedragen"]
