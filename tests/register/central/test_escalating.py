# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What nobody took up for ten working days the ketenregisseur of the samenwerkingsverband may open and take up, and nobody else may who could not before; what is at work stands on the agenda of the Drieluikoverleg."""

from typing import Any

from register.central.centre import Centre
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.region import OURS, REGION, THEIRS, chain, escalate, with_chains
from tests.register.central.test_casework import ASKER, OTHER, OWNER, TAKE_UP, did, one, opened, step
from tests.register.central.test_handing_over import hand_over
from tests.register.central.test_treffers import listed
from tests.register.central.web.test_pages import Visitor
from tests.register.central.world import Caller, World, refused

pytestmark = ONE_DATABASE

NOBODY_S = "00000000-0000-4000-8000-000000000000"


def test_an_escalated_treffer_is_opened_and_taken_up_by_the_ketenregisseur_and_by_no_other(
    world: World, centre: Centre
) -> None:
    with_chains(world, centre)
    treffer, _ids = one(world)
    early = chain(world)
    assert listed(early) == []
    before = early.get(f"/v1/treffers/{treffer}")
    assert before.status_code == 404
    assert before.content == early.get(f"/v1/treffers/{NOBODY_S}").content
    escalate(world)
    ours, theirs = chain(world), chain(world, THEIRS)
    (row,) = listed(ours)
    assert (row["trefferId"], row["onzeRol"], row["stand"]) == (treffer, "keten", "wacht")
    assert opened(ours, treffer)["mogelijk"] == ["opgepakt"]
    for sent in ({"stap": "contact_gevraagd"}, {"stap": "comensha_melder", "melder": "GM9001"}):
        refused(step(ours, treffer, sent), 409, "stap-kan-niet")
    not_same = {"stap": "niet_dezelfde", "reden": "ander_document"}
    refused(step(ours, treffer, not_same), 403, "geen-toegang")
    assert listed(theirs) == []
    for path in ("", "/stappen"):
        there, nowhere = (
            theirs.get(f"/v1/treffers/{one}{path}") if not path else step(theirs, one, TAKE_UP)
            for one in (treffer, NOBODY_S)
        )
        assert there.status_code == 404
        assert there.content == nowhere.content
    taken = did(ours, treffer, TAKE_UP)
    assert (taken["treffer"]["vanOns"], taken["beoordeling"]) == (True, "onderzoek_gerechtvaardigd")
    assert taken["mogelijk"] == ["contact_gevraagd", "comensha_melder", "afgedaan"]
    assert world.log.last(OURS)["codes"][1] == "onderzoek_gerechtvaardigd"
    assert opened(world.contact(OWNER), treffer)["treffer"]["vanOns"] is False
    assert did(ours, treffer, {"stap": "afgedaan", "afdoening": "al_bekend"})["afdoening"] == "al_bekend"


def test_what_a_party_takes_up_is_the_ketenregisseur_s_no_more(world: World, centre: Centre) -> None:
    with_chains(world, centre)
    treffer, _ids = one(world)
    escalate(world)
    ours = chain(world)
    assert [row["trefferId"] for row in listed(ours)] == [treffer]
    did(world.contact(ASKER), treffer, TAKE_UP)
    assert listed(ours) == []
    assert ours.get(f"/v1/treffers/{treffer}").status_code == 404
    assert step(ours, treffer, TAKE_UP).status_code == 404


# ---- the agenda ------------------------------------------------------------------------------------------------------


def agenda(caller: Caller, region: str = REGION) -> list[dict[str, Any]]:
    answer = caller.get(f"/v1/agenda/{region}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["punten"])


def test_the_agenda_has_what_is_at_work_in_the_region_for_who_may_see_it(
    world: World, centre: Centre
) -> None:
    with_chains(world, centre)
    treffer, _ids = one(world, OWNER, OTHER)
    ours, tmm = chain(world), world.person("TMM", "tmm_coordinator")
    assert agenda(ours) == agenda(tmm) == []
    did(world.contact(ASKER), treffer, TAKE_UP)
    for caller in (ours, tmm):
        (point,) = agenda(caller)
        assert (point["trefferId"], point["stand"], point["teLaat"]) == (treffer, "opgepakt", False)
        assert point["gemeenten"] == [OWNER, OTHER]
        assert not {"zaaknummer", "medewerker", "signaalId"} & set(point)
    assert world.log.last("TMM")["treffers"] == [treffer]
    refused(chain(world, THEIRS).get(f"/v1/agenda/{REGION}"), 403, "geen-partij-bij-verband")
    refused(ours.get("/v1/agenda/SV-NIETS"), 403, "geen-partij-bij-verband")
    refused(world.contact(ASKER).get(f"/v1/agenda/{REGION}"), 403, "geen-toegang")
    assert agenda(chain(world, THEIRS), "SV-WEST") == []
    assert hand_over(world.contact(ASKER), treffer).status_code == 201
    assert [one["stand"] for one in agenda(tmm)] == ["overdracht_wacht"]
    assert "TMM" not in str(agenda(ours))
    did(world.contact(ASKER), treffer, {"stap": "afgedaan", "afdoening": "al_bekend"})
    assert [one["stand"] for one in agenda(tmm)] == ["overdracht_wacht"]


def test_the_agenda_prints_and_is_text(world: World, centre: Centre) -> None:
    with_chains(world, centre)
    treffer, _ids = one(world, OWNER, OTHER)
    did(world.contact(ASKER), treffer, TAKE_UP)
    visitor = Visitor(world).signed_in(OURS, "ketenregisseur")
    assert visitor.get("/").headers["location"] == "/begin"
    form = {
        "csrf": visitor.token("/agenda"),
        "verband": REGION,
        "zaaknummer": "drieluik-2026-09",
        "grondslag": f"OEF-{OURS}",
    }
    for answer in (visitor.post("/agenda", **form), visitor.post("/agenda/tekst", **form)):
        assert answer.status_code == 200, answer.text
        for words in ("Samenwerkingsverband Oefening", treffer[:8], "Oefenstad, Oefenhaven", "geen bewijs"):
            assert words in answer.text, words
    assert visitor.post("/agenda/tekst", **(form | {"verband": "SV-WEST"})).status_code == 403


def test_a_ketenregisseur_takes_an_escalated_treffer_up_on_the_page(world: World, centre: Centre) -> None:
    with_chains(world, centre)
    treffer, _ids = one(world)
    escalate(world)
    visitor = Visitor(world).signed_in(OURS, "ketenregisseur")
    assert visitor.get("/").headers["location"] == "/begin"
    assert "Treffers zonder eigenaar" in visitor.get("/begin").text
    case = {"csrf": visitor.token("/treffers"), "zaaknummer": "KR-2026-0001", "grondslag": f"OEF-{OURS}"}
    assert treffer in visitor.post("/treffers", **case).text
    case["treffer"] = treffer
    assert "Niemand pakte deze treffer op" in visitor.post("/treffers/tonen", **case).text
    # Refused, on the page of the treffer, with why.
    wrong = visitor.post("/treffers/stap", stap="opgepakt", **case)
    assert (wrong.status_code, "Pak de treffer op" in wrong.text) == (400, True)
    chosen = {
        "beoordeling": "mogelijk_zelfde_persoon",
        "reden": "herhaling",
        "eerste_actie": "drieluikoverleg",
    }
    taken = visitor.post("/treffers/stap", stap="opgepakt", **chosen, **case)
    assert taken.status_code == 200, taken.text
    assert "Bespreken in het Drieluikoverleg. Doe dit uiterlijk op" in taken.text
