# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""SC4, one phone and ads of five women: while the gate for special categories is closed such a signal is not taken in, with the ground in words; opened by a decision it is.
TMM then sees one number with five persons around it, each line with its reason, and nobody taken for another.

Source: acceptance scenario SC4. That a number on the exclusion register ties nobody is claimed in tests/register/test_network.py. One story on one set of real processes, in the
order in which it stands.
"""

import json
import sqlite3
from datetime import timedelta
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from process.problem import Refusal
from process.serving.metrics import LABELS
from register.demo.plan import CONTROL, HOLDERS, MOMENT
from register.demo.story import Caller, caller, case_headers, release
from register.demo.world import World
from tests.lines import lines
from tests.scenarios.identities import forms_of

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(600)]

TOWN, SECOND, OTHER = "GM9001", "GM9002", "GM9004"
PHONE = "06-87650001"
BASIS = ("--document", "OEFENING-SC4", "--decided-by", "samenwerkingsverband Oefening (fictief)")


PROCESSES = (
    "signer",
    *(f"houder-{index}" for index in HOLDERS[:2]),
    "register",
    f"node-{TOWN}",
    f"node-{SECOND}",
    f"node-{OTHER}",
)


@pytest.fixture(scope="module")
def world(fresh_world: World) -> World:
    for name, port in operational(fresh_world).items():
        settings = fresh_world.folder / name / "instellingen.toml"
        settings.write_text(f"health_port = {port}\n{settings.read_text('utf-8')}", "utf-8")
    fresh_world.start(list(PROCESSES))
    return fresh_world


def operational(world: World) -> dict[str, int]:
    """The port of each process's operational listener, above those of the exercise."""
    return {name: world.ports.base + 30 + place for place, name in enumerate(PROCESSES)}


def administered(world: World, *arguments: str) -> str:
    settings = str(world.folder / "register" / "instellingen.toml")
    clock = ("--clock-file", str(world.folder / "klok"))
    done = world.command("register", *arguments, "--settings", settings, *clock)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def advertisement(number: int) -> dict[str, Any]:
    """What a person saw in one of the advertisements that a crawler brought."""
    return {
        "subjecten": [
            {
                "kenmerken": [
                    {"soort": "phone", "waarde": PHONE},
                    {"soort": "work_alias", "waarde": f"Roos {number}"},
                ],
                "rol": "mogelijk_slachtoffer",
            }
        ],
        "waargenomen": MOMENT.date().isoformat(),
        "waarnemingGrondslag": "apv_seksinrichting_151a",
        "controlesoort": "advertentiecontrole_webcrawler",
        "uitbuitingsvorm": "seksueel_onbekend",
        "aanwijzingen": ["derde_beheert_advertentie"],
    }


def asked(person: Caller) -> dict[str, Any]:
    kenmerken = [{"soort": "phone", "waarde": PHONE}]
    return dict(
        person.post("/v1/bevragingen", {"kenmerken": kenmerken, "doel": "signalering", "controle": CONTROL})
    )


def test_with_the_gate_closed_the_signal_is_refused_with_the_ground_in_words(world: World) -> None:
    administered(world, "gate", "close", "G-SEKS", *BASIS)
    with pytest.raises(Refusal) as refused:
        caller(world, TOWN, "toezichthouder").post("/v1/signalen", advertisement(1))
    said = f"{refused.value} {refused.value.detail} {refused.value.way_forward} {refused.value.fields}"
    assert refused.value.status == 403
    assert "geen grondslag voor signalen over seksuele uitbuiting" in said
    assert "G-SEKS" in said
    assert "besluit van het college" in str(refused.value.way_forward)


def test_a_question_says_that_it_did_not_look_at_such_signals(world: World) -> None:
    answer = asked(caller(world, OTHER, "toezichthouder"))
    assert answer["uitkomst"] == "niet_bekend"
    assert "Dit antwoord omvat geen signalen over seksuele uitbuiting." in answer["nietBekeken"]


def test_opened_by_a_decision_with_the_fg_s_advice_five_signals_come_in_at_once(world: World) -> None:
    advice = ("--advice", "FG-OEFENING-4", "--advice-date", "2026-11-02")
    administered(world, "gate", "open", "G-SEKS", *advice, *BASIS)
    # A node goes by the grounds that it read for a minute; the register by what is decided.
    world.move_clock(MOMENT + timedelta(hours=1))
    inspectors = [caller(world, town, "toezichthouder") for town in (TOWN, SECOND)]
    stored = [inspectors[number % 2].post("/v1/signalen", advertisement(number)) for number in range(1, 6)]
    assert len({one["signaalId"] for one in stored}) == 5


def test_another_town_s_question_on_the_phone_hears_that_it_is_known_and_of_no_form(world: World) -> None:
    answer = asked(caller(world, OTHER, "toezichthouder"))
    assert answer["uitkomst"] == "bekend_elders"
    assert answer["soorten"] == ["telefoon"]
    assert "Dit antwoord omvat geen signalen over seksuele uitbuiting." not in answer["nietBekeken"]
    assert not any(word in str(answer) for word in ("seksueel", "advertentie", "slachtoffer"))


def test_tmm_sees_one_number_with_five_persons_around_it_and_why(world: World) -> None:
    headers = case_headers("OEF-WPG-TMM")
    coordinator = caller(world, "TMM", "tmm_coordinator")
    (dossier,) = coordinator.get("/v1/dossiers", headers)["dossiers"]
    criteria = ["concreet", "noodzaak", "evenredig", "kwaliteit", "rol"]
    asking = {"trefferId": dossier["trefferId"], "criteria": criteria, "beoordeling": "mens_beoordeeld"}
    decision = coordinator.post("/v1/fase-2-besluiten", asking, headers)["besluitId"]
    for town in (TOWN, SECOND):
        release(world, town, dossier["trefferId"], decision)
    found = caller(world, "TMM", "tmm_analist").get(f"/v1/dossiers/{dossier['trefferId']}/netwerk", headers)
    women = [node for node in found["knopen"] if node["soort"] == "persoon"]
    assert [len(node["signalen"]) for node in women] == [1] * 5, "nobody is taken for another"
    (hub,) = (node for node in found["knopen"] if node["soort"] == "telefoon")
    assert hub["opmerking"] == "gedeeld nummer: 5 personen"
    ties = [line for line in found["verbanden"] if line["bindt"]]
    assert len(ties) == 5
    assert all(line["reden"].startswith("zelfde telefoon") for line in ties)
    assert not any(line["soort"] == "mogelijk_dezelfde" for line in found["verbanden"])
    track = caller(world, "TMM", "tmm_analist").get(f"/v1/dossiers/{dossier['trefferId']}", headers)
    assert {one["rol"] for one in track["signalen"]} == {"mogelijk_slachtoffer"}
    assert "dader" not in str(found)


def test_closed_again_the_stored_signals_are_as_if_they_were_not_there(world: World) -> None:
    administered(world, "gate", "close", "G-SEKS", *BASIS)
    answer = asked(caller(world, OTHER, "toezichthouder"))
    assert answer["uitkomst"] == "niet_bekend"


# ---- what the processes tell of themselves -----------------------------------------------------------------------------


CANARIES = {
    "phone": "06-87659999",
    "document": "COL:ZX987654",
    "name_dob": "Kanarievogel, Philomena, 1987-06-05",
    "bsn": "123456782",
}
"""A person who does not exist, in a question of its own."""


def told_of_themselves(world: World) -> dict[str, str]:
    """Operational logs, lines of the Logboek Dataverwerkingen and metrics of every process."""
    found = {f"{name}/log": (world.folder / name / "uitvoer").read_text("utf-8") for name in PROCESSES}
    for file in world.folder.rglob("verwerkingen/*.jsonl"):
        found[str(file.relative_to(world.folder))] = file.read_text("utf-8")
    for name, port in operational(world).items():
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics")
        assert answer.status_code == 200, name
        found[f"{name}/metrics"] = answer.text
    return found


def test_no_log_line_or_metric_of_any_process_tells_who_was_asked_about_or_who_asked(world: World) -> None:
    kenmerken = [{"soort": kind, "waarde": value} for kind, value in CANARIES.items()]
    inspector = caller(world, OTHER, "toezichthouder")
    asking = {"kenmerken": kenmerken, "doel": "signalering", "controle": CONTROL}
    assert inspector.post("/v1/bevragingen", asking)["uitkomst"] == "niet_bekend"
    with pytest.raises(Refusal):
        inspector.post("/v1/bevragingen?telefoon=0687659999", {**asking, "controle": "C-FOUT-0001"})
    told = told_of_themselves(world)
    identities = forms_of([({"phone": CANARIES["phone"], "bsn": CANARIES["bsn"]}, None)]).texts
    words = {b"kanarievogel", b"philomena", b"zx987654", b"1987-06-05", b"87659999", b"87650001", *identities}
    people = {f"oefening-{role}".encode() for role in ("toezichthouder", "aandachtsfunctionaris", "fg")}
    tags = posted(world)
    for place, text in told.items():
        content = text.lower().encode()
        for secret in (*words, *people, *tags, b"bearer", b"?telefoon", CONTROL.lower().encode()):
            assert secret not in content, (place, secret)
    assert any(place.startswith("register") for place in told)


def posted(world: World) -> set[bytes]:
    """The tags that the register keeps, as they would be written."""
    with sqlite3.connect(world.folder / "register" / "register.sqlite") as database:
        return {bytes(tag).hex().encode() for (tag,) in database.execute("SELECT tag FROM posting")}


def test_every_line_of_every_log_is_json_of_its_stream(world: World) -> None:
    streams = set()
    for name in PROCESSES:
        for line in (world.folder / name / "uitvoer").read_text("utf-8").splitlines():
            if not line.startswith("klaar:"):
                said = json.loads(line)
                streams.add(said["stroom"])
                assert {"moment", "niveau", "gebeurtenis"} <= set(said)
    assert "sleutelhouder" in streams


def test_the_lines_of_a_question_at_node_and_register_are_of_one_trace(world: World) -> None:
    asked(caller(world, OTHER, "toezichthouder"))
    (folder,) = (world.folder / f"node-{OTHER}").rglob("verwerkingen")
    node = lines(folder)
    register = lines(world.folder / "register" / "verwerkingen")
    (last,) = [one for one in register if one["trace_id"] == node[-1]["trace_id"]]
    assert last["parent_span_id"] == node[-1]["span_id"]
    assert last["attributes"]["dpl.core.foreign_operation.processor"].endswith(OTHER)


def test_metrics_of_real_processes_count_and_name_nobody(world: World) -> None:
    numbers = scraped(world, "register")
    asked_at_register = 'method="POST",route="/v1/bevragingen",status="200"'
    assert numbers[f"signaalregister_requests_total{{{asked_at_register}}}"] >= 3
    assert numbers['signaalregister_log_leaves{kind="written"}'] > 5
    assert numbers['signaalregister_processing_lines{kind="lost"}'] == 0
    assert scraped(world, f"node-{OTHER}")["signaalregister_outbox_depth{}"] == 0
    assert scraped(world, "houder-1")
    assert scraped(world, "signer")


def test_what_a_town_asks_within_the_hour_does_not_show_at_its_node(world: World) -> None:
    name = f"node-{OTHER}"
    before = {one: number for one, number in scraped(world, name).items() if "request" in one}
    asked(caller(world, OTHER, "toezichthouder"))
    assert {one: number for one, number in scraped(world, name).items() if "request" in one} == before


def scraped(world: World, name: str) -> dict[str, float]:
    """Every number of a process, by name and labels."""
    answer = httpx.get(f"http://127.0.0.1:{operational(world)[name]}/metrics")
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            assert set(sample.labels) <= LABELS
            said = ",".join(f'{label}="{value}"' for label, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{said}}}"] = sample.value
    return found
