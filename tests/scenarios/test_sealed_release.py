# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A narrative from a municipality to the police, over real processes: typed at GM9001, released by two people, opened at TMM's own node, and read by nobody on the way.

The tests of this module are one story on one set of processes and run in the order in which they stand. Everybody and every number is invented.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from audit.note import Signer
from process.problem import Refusal
from process.secret import Secret
from process.serving.secrets import write_secret
from register.demo.plan import CONTROL, HOLDERS, MOMENT, Person, person
from register.demo.story import Caller, caller, case_headers, release
from register.demo.world import World, prepare_partners
from register.enrolment import fingerprint
from register.recipients import KeyStatement, signed
from tests.scenarios.recorder import Wiretap, everything_on_disk

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(600)]

OWNER, OTHER, POLICE = "GM9001", "GM9002", "TMM"
SECOND = Person("tweede-gm9001", OWNER, "aandachtsfunctionaris")
SECOND_OFFICER = "oefening-tweede-aandacht"
PASSWORD = "oefen-tweede-wachtwoord"
NUMBER = "06-87651234"
TOLD = "Achter de gordijnen stond een ijzeren stoel. Zij telde fluisterend tot tien."
PLANTED = (b"ijzeren stoel", b"fluisterend tot tien", b"87651234", b"ZX99887")
GROUND = "OEF-GEM-GM9001"
CRITERIA = ["concreet", "noodzaak", "evenredig", "kwaliteit", "rol"]
OUTSIDE = ("register", "signer", "houder-1", "houder-2")


@pytest.fixture(scope="module")
def world(fresh_world: World, wiretaps: dict[str, Wiretap]) -> World:
    assert wiretaps
    _second_officer(fresh_world)
    prepare_partners(fresh_world)
    houses = [*(f"houder-{index}" for index in HOLDERS[:2]), "register", f"node-{OWNER}", f"node-{OTHER}"]
    fresh_world.start(["signer", *houses, *fresh_world.partners()])
    return fresh_world


def _second_officer(world: World) -> None:
    """Two people release, so the municipality has two: a mandate at the register, an account at the node."""
    day = "2026-01-05"
    done = world.command(
        "register", "mandate", "add", *_settings(world, "register"), "--organisation", OWNER, "--role", "aandachtsfunctionaris",
        "--person", SECOND_OFFICER, "--from", day, "--until", "2027-01-04", "--trained", day, "--screened", day,
        "--document", "OEFENING-BESLUIT-11", "--decided-by", "college van Oefenstad (fictief)",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    home = world.folder / f"node-{OWNER}"
    write_secret(home / "tweede", PASSWORD.encode())
    account = f"{{naam: {SECOND.name}, rol: {SECOND.role}, medewerker: {SECOND_OFFICER}, wachtwoordBestand: tweede}}"
    (home / "tweede.yaml").write_text(f"accounts:\n  - {account}\n", encoding="utf-8")
    done = world.command(
        "node", "prepare", *_settings(world, home.name), "--records", str(home / "tweede.yaml")
    )
    assert done.returncode == 0, done.stderr


def _settings(world: World, home: str) -> tuple[str, ...]:
    clock = ("--clock-file", str(world.folder / "klok"))
    return ("--settings", str(world.folder / home / "instellingen.toml"), *clock)


def second(world: World) -> Caller:
    return Caller(world.node(OWNER), SECOND, PASSWORD)


def police(world: World) -> Caller:
    """The coördinator at TMM's own node."""
    who = person(POLICE, "tmm_coordinator")
    return Caller(world.node(POLICE), who, world.passwords[who.name])


def observed(**more: Any) -> dict[str, Any]:
    return {
        "subjecten": [{"rol": "mogelijk_slachtoffer", "kenmerken": [{"soort": "phone", "waarde": NUMBER}, {"soort": "document", "waarde": "COL:ZX99887"}]}],
        "waargenomen": MOMENT.date().isoformat(),
        "waarnemingGrondslag": "huisvesting_woningwet_omgevingswet",
        "controlesoort": "woningcontrole",
        "uitbuitingsvorm": "arbeid",
        "aanwijzingen": ["slapen_in_bedrijfspand"],
    } | more  # fmt: skip


@pytest.fixture(scope="module")
def signal_id(world: World) -> str:
    typed = caller(world, OWNER, "toezichthouder").post("/v1/signalen", observed(verhaal=TOLD))
    caller(world, OTHER, "toezichthouder").post("/v1/signalen", observed())
    return str(typed["signaalId"])


@pytest.fixture(scope="module")
def treffer(world: World, signal_id: str) -> str:
    """A question with a hit, and phase 2 opened for it by two people of two organisations."""
    assert signal_id
    asked = {"kenmerken": [{"soort": "phone", "waarde": NUMBER}], "doel": "signalering", "controle": CONTROL}
    caller(world, OTHER, "toezichthouder").post("/v1/bevragingen", asked)
    (found,) = caller(world, OWNER, "aandachtsfunctionaris").get("/v1/treffers")["treffers"]
    return str(found["trefferId"])


def test_tmm_makes_a_key_the_register_takes_it_and_the_municipality_types_its_fingerprint(
    world: World,
) -> None:
    home = world.folder / "node-TMM"
    made = world.command(
        "node", "recipient-key", "make", *_settings(world, "node-TMM"),
        "--signing-key", str(home / "ondertekensleutel"), "--out", str(home / "ontvangstsleutel.txt"),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    note = (home / "ontvangstsleutel.txt").read_text(encoding="utf-8")
    told = fingerprint(KeyStatement.read(note).signer.encode())
    assert told in made.stdout
    added = world.command(
        "register", "recipient-key", "add", *_settings(world, "register"), "--statement", str(home / "ontvangstsleutel.txt"),
        "--fingerprint", told, "--document", "OEFENING-BESLUIT-12", "--decided-by", "korpschef (fictief)",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    beheer = caller(world, OWNER, "functioneel_beheerder")
    pinned = beheer.post(f"/v1/ontvangers/{POLICE}/vastleggingen", {"vingerafdruk": told})
    assert (pinned["stand"], pinned["rollen"]) == ("vertrouwd", ["tmm_coordinator"])


@pytest.fixture(scope="module")
def released(world: World, signal_id: str, treffer: str) -> str:
    asked = {"trefferId": treffer, "criteria": CRITERIA, "beoordeling": "mens_beoordeeld"}
    coordinator = caller(world, POLICE, "tmm_coordinator")
    decision = coordinator.post("/v1/fase-2-besluiten", asked, case_headers("OEF-WPG-TMM"))["besluitId"]
    release(world, OWNER, treffer, decision)
    fields = [
        {"veld": "verhaal", "grondslag": GROUND},
        {"veld": "phone", "grondslag": GROUND, "ref": "s1", "plaats": 0},
    ]
    wish = {"signaalId": signal_id, "trefferId": treffer, "ontvanger": {"organisatie": POLICE, "rol": "tmm_coordinator"}, "velden": fields}  # fmt: skip
    first = caller(world, OWNER, "aandachtsfunctionaris")
    number = str(first.post("/v1/vrijgavevoorstellen", wish)["vrijgaveId"])
    with pytest.raises(Refusal) as alone:
        first.post(f"/v1/vrijgavevoorstellen/{number}/goedkeuringen", {})
    assert (alone.value.status, alone.value.rule) == (403, "C5")
    done = second(world).post(f"/v1/vrijgavevoorstellen/{number}/goedkeuringen", {})
    assert done["stand"] == "verzonden"
    return number


def test_it_is_opened_at_the_node_of_tmm_for_a_reason_and_both_logs_say_what_left(
    world: World, released: str
) -> None:
    there, case = police(world), {"zaaknummer": "TMM-2026-0001"}
    (waits,) = there.post("/v1/ontvangen", case)["ontvangen"]
    assert (waits["vrijgaveId"], waits["afzender"], waits["velden"]) == (
        released,
        OWNER,
        ["verhaal", "phone"],
    )
    there.post(f"/v1/ontvangen/{released}/ophalingen", case)
    seen = there.post(f"/v1/ontvangen/{released}/inzagen", {"reden": "opvolging"})
    assert seen["verhaal"] == TOLD
    assert [(one["soort"], one["velden"]) for one in seen["kenmerken"]] == [("phone", {"number": NUMBER})]
    entries = caller(world, OWNER, "fg").get("/v1/logboek/regels", {"Doel": "toezicht_avg"})["regels"]
    said = {one["gebeurtenis"]: one["velden"] for one in entries}
    assert said["verhaal_vrijgegeven"]["gronden"] == [f"phone/{GROUND}", f"verhaal/{GROUND}"]
    assert said["verhaal_opgehaald"]["velden"] == ["phone", "verhaal"]
    assert not any(planted in json.dumps(entries).encode() for planted in PLANTED)


def test_what_was_handed_over_is_gone_where_it_was_typed(world: World, signal_id: str, released: str) -> None:
    assert released
    done = world.command("node", "jobs", "--once", "vrijgaven", *_settings(world, f"node-{OWNER}"))
    assert done.returncode == 0, done.stderr
    keeper = caller(world, OWNER, "aandachtsfunctionaris")
    seen = keeper.post(f"/v1/signalen/{signal_id}/inzagen", {"reden": "opvolging"})
    assert "verhaal" not in seen["signaal"]
    (stands,) = keeper.get("/v1/vrijgavevoorstellen")["voorstellen"]
    assert stands["stand"] == "opgehaald"


def test_a_partner_asks_in_a_case_and_submits_nothing(world: World, signal_id: str) -> None:
    assert signal_id
    asked = {"kenmerken": [{"soort": "phone", "waarde": NUMBER}], "doel": "opsporing_handoff", "controle": "TMM-2026-0001", "reden": "zaak"}  # fmt: skip
    assert police(world).post("/v1/bevragingen", asked)["uitkomst"] == "bekend_elders"
    with pytest.raises(Refusal) as refused:
        police(world).post("/v1/signalen", observed(verhaal="Uit een politiesysteem."))
    assert (refused.value.status, refused.value.code) == (403, "rol")


def test_neither_register_nor_signer_nor_holders_hold_or_heard_any_of_it(
    world: World, wiretaps: dict[str, Wiretap], released: str
) -> None:
    assert released
    kept = everything_on_disk(*(world.folder / name for name in OUTSIDE))
    assert any(path.name == "register.sqlite" and content for path, content in kept.items())
    for path, content in kept.items():
        assert [one for one in PLANTED if one in content] == [], path.relative_to(world.folder)
    for name, tap in wiretaps.items():
        heard = bytes(tap.heard)
        assert [one for one in PLANTED if one in heard] == [], name
    assert b"/v1/zegels" in bytes(wiretaps["register"].heard)
    for node in (f"node-{OWNER}", "node-TMM"):
        for path, content in everything_on_disk(world.folder / node).items():
            assert [one for one in PLANTED if one in content] == [], path.relative_to(world.folder)


def test_a_swapped_key_is_refused_and_named(
    world: World, signal_id: str, treffer: str, released: str
) -> None:
    """Whoever runs the register enrols a key of its own for TMM, well signed with a signing key of its own."""
    assert released
    moment = MOMENT.date()
    signer = Signer("TMM/ontvangst", Secret(bytes(range(70, 102))))
    said = KeyStatement(
        POLICE, 2, bytes(range(20, 52)), moment, moment + timedelta(days=90), signer.verifier.vkey
    )
    file = world.folder / "register" / "verwisseld.txt"
    file.write_text(signed(said, signer), encoding="utf-8")
    added = world.command(
        "register", "recipient-key", "add", *_settings(world, "register"), "--statement", str(file), "--new-signer",
        "--fingerprint", fingerprint(signer.verifier.vkey.encode()), "--document", "OEFENING-BESLUIT-13", "--decided-by", "niemand (fictief)",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    wish = {"signaalId": signal_id, "trefferId": treffer, "ontvanger": {"organisatie": POLICE, "rol": "tmm_coordinator"}, "velden": [{"veld": "phone", "grondslag": GROUND, "ref": "s1", "plaats": 0}]}  # fmt: skip
    with pytest.raises(Refusal) as refused:
        caller(world, OWNER, "aandachtsfunctionaris").post("/v1/vrijgavevoorstellen", wish)
    assert (refused.value.status, refused.value.code) == (409, "ontvangstsleutel-geweigerd")
    assert POLICE in refused.value.title
    assert "ondertekend door een ander" in refused.value.detail
