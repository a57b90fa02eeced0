# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What nobody took up for ten working days the ketenregisseur of the samenwerkingsverband may open and take up, and nobody else may who could not before."""

from register.central.centre import Centre
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.region import OURS, THEIRS, chain, escalate, with_chains
from tests.register.central.test_casework import ASKER, OWNER, TAKE_UP, did, one, opened, step
from tests.register.central.test_treffers import listed
from tests.register.central.world import World, refused

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
