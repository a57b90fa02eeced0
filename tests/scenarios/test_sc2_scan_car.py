# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""SC2, Romanian plates and the laundry at the factory: a nationality is no signal, what an inspector sees is, and a scan car may not fill the register.

Source: acceptance scenario SC2. Not here yet: what the NLA and the zorgcoördinator see (policies), and the page on which an FG reads the flag (audit). The
tests of this module are one story on one set of real processes and run in the order in which they stand. The oefening has no account for a
parkeerhandhaver or a woningcontroleur: both are toezichthouders.
"""

import csv
import json
import re
import sqlite3
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from process.problem import Refusal
from register.demo.plan import CONTROL, HOLDERS, MOMENT, person
from register.demo.story import Caller, caller
from register.demo.world import World
from tests.api.documents import operations, parameters
from tests.scenarios.browsing import Form, Page, Visitor
from tests.scenarios.identities import Forms, forms_of
from tests.scenarios.recorder import Wiretap, everything_on_disk

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(900)]

FACTORY, OTHER = "GM9001", "GM9002"
SENTENCE = "steeds Roemeense kentekens in deze straat"
PLATES = ("B 123 KRT", "CJ 45 LMN", "TM 07 QZX")
KVK = "90017345"
BAG = "9001200000046213"
OUTSIDE_NODES = ("register", "signer", *(f"houder-{index}" for index in HOLDERS))
SCANNED = 5_000
MOST_A_DAY = 25
COUNTRY = re.compile(
    r"(?:(?<![A-Za-z])land|Land)(?:en)?(?![a-z])|[Cc]ountr(?:y|ies)|[Nn]ationalit|[Ii]ssuer|[Hh]erkomstland"
)
PLATE = re.compile(r"kenteken|plate", re.IGNORECASE)


@pytest.fixture(scope="module")
def world(fresh_world: World, wiretaps: dict[str, Wiretap]) -> World:
    """The exercise with the processes that take part, every connection recorded, and nothing in the register yet."""
    assert wiretaps
    fresh_world.start([*OUTSIDE_NODES, f"node-{FACTORY}", f"node-{OTHER}"])
    return fresh_world


@pytest.fixture(scope="module")
def inspector(world: World) -> Caller:
    return caller(world, FACTORY, "toezichthouder")


def plates() -> list[dict[str, Any]]:
    return [{"soort": "plate", "velden": {"country": "RO", "plate": plate}} for plate in PLATES]


def report(**changed: Any) -> dict[str, Any]:
    """What the parkeerhandhaver has: plates, a street, and an idea about where people come from."""
    return {
        "subjecten": [{"kenmerken": plates()}],
        "waargenomen": MOMENT.date().isoformat(),
        "waarnemingGrondslag": "parkeren",
        "controlesoort": "parkeercontrole",
        "uitbuitingsvorm": "onbekend",
        "aanwijzingen": [],
    } | changed


def inspection() -> dict[str, Any]:
    """What the woningcontrole finds at the factory."""
    return report(
        subjecten=[
            {
                "kenmerken": [
                    *plates(),
                    {"soort": "bag_address", "waarde": BAG},
                    {"soort": "kvk", "waarde": KVK},
                ]
            }
        ],
        waarnemingGrondslag="huisvesting_woningwet_omgevingswet",
        controlesoort="woningcontrole",
        uitbuitingsvorm="arbeid",
        aanwijzingen=["slapen_in_bedrijfspand", "huisvesting_via_werkgever_of_exploitant"],
    )


def heard(wiretaps: dict[str, Wiretap]) -> dict[str, int]:
    """How many evaluations and submissions each process was sent; canaries, which a node sends by itself, are not counted."""
    asked = {
        name: tap.heard.count(b"POST /v1/evaluaties") - tap.heard.count(b'"handeling":"kanarie"')
        for name, tap in wiretaps.items()
        if "houder" in name
    }
    return asked | {"register": wiretaps["register"].heard.count(b"POST /v1/signalen ")}


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def signals(world: World) -> int:
    return int(rows(world.folder / "register" / "register.sqlite", "SELECT count(*) FROM signal")[0][0])


def node_rows(world: World, query: str) -> list[tuple[Any, ...]]:
    return rows(world.folder / f"node-{FACTORY}" / "node.sqlite", query)


# ---- the report of the street -----------------------------------------------------------------------------


def test_romanian_plates_alone_are_refused_because_nationality_is_no_indicator(
    world: World, inspector: Caller, wiretaps: dict[str, Wiretap]
) -> None:
    before = heard(wiretaps)
    with pytest.raises(Refusal) as refused:
        inspector.post("/v1/signalen", report())
    assert refused.value.status == 400
    (why,) = (one for one in refused.value.fields if one.field == "aanwijzingen")
    assert "Er is geen aanwijzing die een signaal draagt." in why.reason
    assert "Nationaliteit, een kenteken of sekswerk zelf is geen aanwijzing." in why.reason
    assert "Kies wat u zag of hoorde" in why.reason, "what would count is said as well"
    assert refused.value.way_forward
    assert heard(wiretaps) == before, "nothing was sent"
    assert signals(world) == 0


BARE_REPORTS = {
    "the sentence as a note": (report(notitie=SENTENCE), "notitie", "Vrije tekst kan niet mee"),
    "nationality as an indicator": (
        report(aanwijzingen=["nationaliteit"]),
        "aanwijzingen",
        "Afkomst of nationaliteit is geen aanwijzing voor mensenhandel",
    ),
    "the sentence as an indicator": (
        report(aanwijzingen=["roemeense_kentekens"]),
        "aanwijzingen",
        "kennen we niet",
    ),
    "an indicator that only supports": (
        report(aanwijzingen=["overbewoning"]),
        "aanwijzingen",
        "geen aanwijzing die een signaal draagt",
    ),
    "a country without a plate": (
        report(subjecten=[{"kenmerken": [{"soort": "plate", "velden": {"country": "RO"}}]}]),
        "subjecten.0.kenmerken.0.velden",
        "kenteken",
    ),
}


@pytest.mark.parametrize("name", BARE_REPORTS)
def test_saying_the_same_in_another_way_does_not_help(
    world: World, inspector: Caller, wiretaps: dict[str, Wiretap], name: str
) -> None:
    body, field, words = BARE_REPORTS[name]
    before = heard(wiretaps)
    with pytest.raises(Refusal) as refused:
        inspector.post("/v1/signalen", body)
    assert refused.value.status == 400
    told = [one.reason for one in refused.value.fields if one.field.startswith(field)]
    assert any(words in reason for reason in told), refused.value.fields
    said = str(vars(refused.value))
    assert not any(secret in said for secret in (SENTENCE, "roemeense", *PLATES))
    assert (heard(wiretaps), signals(world)) == (before, 0)


def test_the_page_says_it_beside_the_field_and_keeps_what_was_typed(world: World) -> None:
    who = person(FACTORY, "toezichthouder")
    filled = {
        "kenteken": PLATES[0],
        "kenteken_land": "RO",
        "waargenomen": MOMENT.date().isoformat(),
        "waarnemingGrondslag": "parkeren",
        "controlesoort": "parkeercontrole",
        "uitbuitingsvorm": "onbekend",
    }
    with Visitor(world.node(FACTORY), who.name, world.passwords[who.name]) as visitor:
        page = visitor.fill_in("/invoeren", filled)
    assert page.status == 400
    assert "Nationaliteit, een kenteken of sekswerk zelf is geen aanwijzing." in page.text
    assert any(form.inputs.get("kenteken") == PLATES[0] for form in page.forms)


def test_the_terminal_says_it_too_and_repeats_no_plate(world: World) -> None:
    told = world.command(
        *("node", "submit", *world.as_person(person(FACTORY, "toezichthouder"))),
        *("--attribute", f"plate=RO:{PLATES[0]}", "--date", MOMENT.date().isoformat()),
        *("--basis", "parkeren", "--control-type", "parkeercontrole", "--form", "onbekend"),
    )
    assert told.returncode == 1
    assert "Nationaliteit, een kenteken of sekswerk zelf is geen aanwijzing." in told.stderr
    assert PLATES[0] not in told.stderr + told.stdout


def test_the_refusals_stand_at_the_node_by_code_and_field(world: World) -> None:
    kept = node_rows(world, "SELECT code, fields FROM refusal")
    assert ("ongeldig-signaal", "aanwijzingen") in kept
    assert not any("B 123" in str(row) or "RO" in str(row) for row in kept)


# ---- what the inspection finds ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def accepted(inspector: Caller) -> dict[str, Any]:
    """The acknowledgement of the signal of the woningcontrole."""
    answer: dict[str, Any] = inspector.post("/v1/signalen", inspection())
    return answer


def test_the_inspection_is_accepted_as_a_signal_about_labour(world: World, accepted: dict[str, Any]) -> None:
    assert accepted["signaalId"]
    assert accepted["categorie"] == "R1"
    assert accepted["logbewijs"]["blad"] >= 0
    register = world.folder / "register" / "register.sqlite"
    ((form, basis, control_type, indicators, sealed),) = rows(
        register, "SELECT form, basis, control_type, indicators, commitment FROM signal"
    )
    assert (form, basis, control_type) == (
        "arbeid",
        "huisvesting_woningwet_omgevingswet",
        "woningcontrole",
    )
    assert set(json.loads(indicators)) == {
        "slapen_in_bedrijfspand",
        "huisvesting_via_werkgever_of_exploitant",
    }
    assert sealed is None, "only sexual signals are sealed"


def test_three_plates_an_address_and_a_company_number_stand_on_one_organisation(
    world: World, accepted: dict[str, Any]
) -> None:
    assert accepted
    register = world.folder / "register" / "register.sqlite"
    assert rows(register, "SELECT kind, role, minor FROM subject") == [
        ("organisatie", "onbekend", "onbekend")
    ]
    families = rows(
        register, "SELECT family, count(DISTINCT tag) FROM posting GROUP BY family ORDER BY family"
    )
    # The places of the street are fillers: none was given.
    assert families == [("bag_address", 2), ("kvk", 2), ("plate", 3), ("street", 2)]


@pytest.fixture(scope="module")
def answer(world: World, accepted: dict[str, Any]) -> dict[str, Any]:
    """What another municipality is told about the company."""
    assert accepted
    asked = {
        "kenmerken": [{"soort": "kvk", "waarde": KVK}],
        "doel": "signalering",
        "controle": CONTROL,
    }
    told: dict[str, Any] = caller(world, OTHER, "toezichthouder").post("/v1/bevragingen", asked)
    return told


def test_the_same_company_number_is_a_hit_in_another_municipality(answer: dict[str, Any]) -> None:
    assert answer["uitkomst"] == "bekend_elders"
    assert answer["soorten"] == ["KvK-nummer"]
    assert answer["aantalGemeenten"] == "1"


def test_that_hit_is_about_an_organisation_and_holds_nothing_of_a_person_or_a_car(
    world: World, answer: dict[str, Any]
) -> None:
    shown = {"uitkomst", "toelichting", "watNu", "aantalGemeenten", "laatstGezien", "soorten", "nietBekeken", "nietGebruikt", "uitleg", "waarom", "aflopenTeLaat", "logbewijs"}  # fmt: skip
    assert set(answer) <= shown
    text = json.dumps(
        answer | {"uitleg": None, "waarom": None, "logbewijs": None}, ensure_ascii=False
    ).lower()
    for hidden in ("kenteken", "roem", "oefenstad", "gm9001", "arbeid", "slapen", "slachtoffer", "naam", KVK, BAG, *PLATES):  # fmt: skip
        assert hidden.lower() not in text, hidden
    ((kind,),) = rows(
        world.folder / "register" / "register.sqlite",
        "SELECT DISTINCT subject.kind FROM treffer_signal JOIN subject ON subject.signal_id = treffer_signal.signal_id",
    )
    assert kind == "organisatie"


def test_one_of_its_plates_alone_is_too_little_to_ask_on(world: World, answer: dict[str, Any]) -> None:
    assert answer
    asked = {"kenmerken": plates()[:1], "doel": "signalering", "controle": CONTROL}
    with pytest.raises(Refusal) as refused:
        caller(world, OTHER, "toezichthouder").post("/v1/bevragingen", asked)
    assert (refused.value.status, refused.value.rule) == (400, "C3")


# ---- the scan car -----------------------------------------------------------------------------------------


def scanned(folder: Path, origin: str, count: int = SCANNED, first: int = 0) -> tuple[str, str]:
    """A file of plates as a scan car makes them, and its mapping."""
    folder.mkdir(parents=True, exist_ok=True)
    file, mapping = folder / f"{origin}-{first}.csv", folder / f"{origin}.yaml"
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["tijd", "kenteken"])
        table.writerows([["20-11-2026", scanned_plate(number)] for number in range(first, first + count)])
    mapping.write_text(
        "\n".join(
            [
                f"herkomst: {origin}",
                "columns: {tijd: date, kenteken: plate}",
                "constants:",
                "  plate_country: RO",
                "  uitbuitingsvorm: arbeid",
                "  controlesoort: parkeercontrole",
                "  waarneming_grondslag: parkeren",
                "  aanwijzingen: slapen_in_bedrijfspand",
                "dateFormat: dd-mm-yyyy",
            ]
        )
        + "\n",
        encoding="utf-8",
    )
    return str(file), str(mapping)


def scanned_plate(number: int) -> str:
    return f"B {100 + number % 900} {chr(65 + number // 900)}XQ"


def imported(world: World, files: tuple[str, str]) -> subprocess.CompletedProcess[str]:
    file, mapping = files
    return world.command(
        *("node", "import", file, "--mapping", mapping, "--json"),
        *world.as_person(person(FACTORY, "toezichthouder")),
    )


BULK = {
    "said to come from a scan car": ("scanauto", "herkomst-verboden", "scanauto", "verboden_herkomst"),
    "said to come from inspections": (
        "toezicht",
        "alleen-kentekens",
        "lijst kentekens",
        "kentekens_in_bestand",
    ),
}


@pytest.mark.parametrize("name", BULK)
def test_five_thousand_scanned_plates_are_refused_in_plain_words_and_flagged_and_nothing_is_sent(
    world: World, accepted: dict[str, Any], wiretaps: dict[str, Wiretap], tmp_path: Path, name: str
) -> None:
    assert accepted
    origin, code, words, flag = BULK[name]
    before = heard(wiretaps), signals(world)
    done = imported(world, scanned(tmp_path, origin))
    assert done.returncode == 1, done.stdout + done.stderr
    refusal = json.loads(done.stdout)
    assert (refusal["status"], refusal["code"]) == (403, code)
    assert words in refusal["title"]
    assert "Er is niets opgeslagen." in refusal["detail"]
    assert "functionaris gegevensbescherming (FG) krijgt hiervan bericht" in refusal["detail"]
    assert refusal["wegVooruit"]
    assert refusal["regel"]
    assert (heard(wiretaps), signals(world)) == before, "nothing was sent"
    assert node_rows(world, "SELECT count(*) FROM outbox") == [(0,)]
    assert node_rows(world, "SELECT count(*) FROM intake") == [(0,)]
    officer = person(FACTORY, "toezichthouder").officer
    counts = node_rows(world, f"SELECT tenant, officer, counts FROM flag WHERE kind = '{flag}'")  # noqa: S608 - our own word
    assert [(tenant, by) for tenant, by, _counts in counts] == [(FACTORY, officer)]
    assert json.loads(counts[0][2])["rijen"] == SCANNED
    assert (code,) in node_rows(world, "SELECT code FROM refusal")


def test_a_dry_run_of_the_same_file_refuses_it_too(
    world: World, accepted: dict[str, Any], wiretaps: dict[str, Wiretap], tmp_path: Path
) -> None:
    assert accepted
    before = heard(wiretaps)
    file, mapping = scanned(tmp_path, "scanauto")
    done = world.command(
        *("node", "import", file, "--mapping", mapping, "--dry-run", "--json"),
        *world.as_person(person(FACTORY, "toezichthouder")),
    )
    assert (done.returncode, json.loads(done.stdout)["code"]) == (1, "herkomst-verboden")
    assert heard(wiretaps) == before


def test_the_file_cut_into_pieces_meets_the_rate_of_one_officer(
    world: World, accepted: dict[str, Any], wiretaps: dict[str, Wiretap], tmp_path: Path
) -> None:
    assert accepted
    stored = signals(world)
    first = json.loads(imported(world, scanned(tmp_path, "toezicht", MOST_A_DAY)).stdout)
    assert (first["bewaard"], first["geweigerdeRijen"]) == (MOST_A_DAY, 0)
    assert signals(world) == stored + MOST_A_DAY
    before = heard(wiretaps)
    done = imported(world, scanned(tmp_path, "toezicht", MOST_A_DAY, first=MOST_A_DAY))
    second = json.loads(done.stdout)
    assert done.returncode == 1
    assert (second["bewaard"], second["geweigerdeRijen"]) == (0, MOST_A_DAY)
    (reason,) = second["redenen"]
    assert "er staat alleen een kenteken in" in reason["reden"]
    assert (heard(wiretaps), signals(world)) == (before, stored + MOST_A_DAY)
    ((counts,),) = node_rows(world, "SELECT counts FROM flag WHERE kind = 'kentekens_in_een_dag'")
    assert json.loads(counts)["alleenKenteken"] > MOST_A_DAY


def test_one_by_one_on_the_form_goes_no_further(world: World, inspector: Caller) -> None:
    stored = signals(world)
    with pytest.raises(Refusal) as refused:
        inspector.post("/v1/signalen", inspection() | {"subjecten": [{"kenmerken": plates()[:1]}]})
    assert (refused.value.status, refused.value.code) == (403, "te-veel-kentekens")
    assert signals(world) == stored


# ---- no filter by country ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def interfaces(world: World) -> dict[str, dict[str, Any]]:
    """The description of every interface of every process, as its callers read it."""
    ports = world.ports
    machines = {
        "register for nodes": ports.register,
        "signer": ports.signer,
        **{f"holder {index}": ports.holder(index) for index in HOLDERS},
    }
    return {
        "node": _description(world.node(FACTORY)),
        "register for people": _description(world.register_pages),
        **{name: _description(f"https://127.0.0.1:{port}", world) for name, port in machines.items()},
    }


def _description(address: str, world: World | None = None) -> dict[str, Any]:
    context: ssl.SSLContext | bool = True
    if world is not None:
        # As the register's own process, whom the signer and the holders' door let in as far as this document.
        context = ssl.create_default_context(cafile=str(world.folder / "uitgever" / "uitgever.pem"))
        home = world.folder / "register" / "tls"
        context.load_cert_chain(home / "certificaat.pem", home / "sleutel.pem")
    with httpx.Client(base_url=address, verify=context, timeout=60, trust_env=False) as client:
        document: dict[str, Any] = client.get("/v1/openapi.json").raise_for_status().json()
    return document


def _parameters(document: dict[str, Any]) -> Iterator[str]:
    for (_method, path), operation in operations(document).items():
        yield path
        yield from (one["name"] for one in parameters(document, operation))


def _fields(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        yield from ((name, field) for field in schema.get("properties", {}))
        yield from ((name, str(value)) for value in schema.get("enum", []))


def test_no_interface_has_a_path_or_parameter_about_plates_or_countries(
    interfaces: dict[str, dict[str, Any]],
) -> None:
    for name, document in interfaces.items():
        found = list(_parameters(document))
        assert found, f"{name} describes nothing: the test would prove nothing"
        assert not [one for one in found if COUNTRY.search(one) or PLATE.search(one)], name


COUNTED = {("InvoerVorm", "alleenKenteken")}
"""How many rows of a file hold nothing but a plate: a count, by which the node refuses."""


def test_no_message_has_a_field_for_a_country_or_a_plate_of_its_own(
    interfaces: dict[str, dict[str, Any]],
) -> None:
    for name, document in interfaces.items():
        fields = set(_fields(document)) - COUNTED
        assert not [one for one in fields if COUNTRY.search(one[1]) or PLATE.search(one[1])], name


def test_the_search_for_such_fields_finds_them() -> None:
    for word in ("kentekenLand", "land", "plate_country", "nationaliteit", "landen", "countries"):
        assert COUNTRY.search(word), word
    assert not any(COUNTRY.search(word) for word in ("landelijk", "gepland", "leeftijd"))
    planted = {
        "servers": [{"url": "/v1"}],
        "paths": {"/signalen": {"get": {"parameters": [{"name": "kentekenLand"}]}}},
        "components": {"schemas": {"Zoeken": {"properties": {"land": {}}}}},
    }
    assert "kentekenLand" in list(_parameters(planted))
    assert ("Zoeken", "land") in list(_fields(planted))


READERS = [(FACTORY, "toezichthouder"), (FACTORY, "aandachtsfunctionaris"), (FACTORY, "fg"), ("TMM", "tmm_analist"), ("TMM", "tmm_coordinator")]  # fmt: skip


def _pages(world: World, organisation: str, role: str) -> list[Page]:
    who = person(organisation, role)
    address = world.register_pages if who.at_register else world.node(organisation)
    with Visitor(address, who.name, world.passwords[who.name]) as visitor:
        return list(visitor.everywhere())


@pytest.mark.parametrize(("organisation", "role"), READERS)
def test_on_no_page_can_anyone_choose_by_country(world: World, organisation: str, role: str) -> None:
    pages = _pages(world, organisation, role)
    assert len(pages) > 1
    for page in pages:
        for form in page.forms:
            _require_no_choice_by_country(page, form)


def _require_no_choice_by_country(page: Page, form: Form) -> None:
    named = {name for name in form.inputs if COUNTRY.search(name)}
    # Beside its own number the country is a part of that number; alone it would be a choice.
    assert all(re.fullmatch(r"(kenteken[23]?|document)_land", name) for name in named), (page.address, named)
    if named:
        assert form.method == "post", page.address
        assert {name.removesuffix("_land") for name in named} <= {
            name.removesuffix("_nummer") for name in form.inputs
        }, page.address


def test_a_country_without_a_plate_asks_nothing(world: World) -> None:
    asked = {
        "kenmerken": [{"soort": "plate", "velden": {"country": "RO"}}],
        "doel": "signalering",
        "controle": CONTROL,
    }
    with pytest.raises(Refusal) as refused:
        caller(world, OTHER, "toezichthouder").post("/v1/bevragingen", asked)
    assert refused.value.status == 400


def test_words_about_a_country_in_the_address_change_no_list(world: World, answer: dict[str, Any]) -> None:
    assert answer
    keeper = caller(world, FACTORY, "aandachtsfunctionaris")
    plain = keeper.get("/v1/treffers")["treffers"]
    assert plain
    chosen = keeper.get(
        "/v1/treffers", None, land="RO", kentekenLand="RO", plate_country="RO", nationaliteit="RO"
    )
    assert chosen["treffers"] == plain


# ---- nothing leaks ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wanted() -> Forms:
    """Everything that was typed in this story, and the first of what the scan car saw."""
    cars = [*PLATES, *(scanned_plate(number) for number in range(3))]
    company = {"bag_id": BAG, "kvk": KVK}
    return forms_of([({"plate_country": "RO", "plate": plate, **company}, None) for plate in cars])


_COUNTRY_OF_A_PLATE = re.compile(
    rb"(?<![A-Za-z0-9+/_=-])(?:ROU|ROM|RO)(?![A-Za-z0-9+/_=-])|[Rr]oemeen|[Rr]oemeni"
)


def test_the_country_of_a_plate_never_leaves_the_node_in_clear(
    accepted: dict[str, Any], wiretaps: dict[str, Wiretap]
) -> None:
    assert accepted
    # Two of the three holders suffice; without register and two of them heard the test would prove nothing.
    spoke = {name for name, tap in wiretaps.items() if b"HTTP/1.1" in tap.heard}
    assert {"register", "signer"} <= spoke
    assert len(spoke) >= 4
    for name, tap in wiretaps.items():
        assert _COUNTRY_OF_A_PLATE.findall(bytes(tap.heard)) == [], name
    assert _COUNTRY_OF_A_PLATE.search(bytes(wiretaps["register"].heard) + b'{"land":"ROU"}')


def test_no_plate_address_or_company_number_is_in_any_traffic_or_file_outside_the_nodes(
    world: World, wanted: Forms, wiretaps: dict[str, Wiretap]
) -> None:
    for name, tap in wiretaps.items():
        assert wanted.found_in(bytes(tap.heard)) == [], name
    for path, content in everything_on_disk(*(world.folder / name for name in OUTSIDE_NODES)).items():
        assert wanted.found_in(content) == [], path.relative_to(world.folder)


def test_no_plate_address_or_company_number_stands_readable_in_any_file_of_the_node(
    world: World, wanted: Forms
) -> None:
    for path, content in everything_on_disk(world.folder / f"node-{FACTORY}").items():
        assert wanted.found_in(content) == [], path.relative_to(world.folder)
