# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""SC1, the carrousel: three municipalities report, a fourth asks at the door, TMM sees A to B to C to D.

Source: acceptance scenario SC1. The tests of this module are one story on one set of real processes and
run in the order in which they stand.
"""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from process.problem import Refusal
from register.demo.plan import ASKER, CONTROL, MOMENT, MUNICIPALITIES, PHONE, SUBMITTERS, person
from register.demo.story import (
    Caller,
    analyst_looks,
    ask_at_the_door,
    caller,
    case_headers,
    fg_checks,
    import_inspections,
    open_phase_2,
    release,
)
from register.demo.tmm_story import handed_over, movement_seen, network_seen, taken_up
from register.demo.world import World
from tests.bench.enumeration import Attacker, officers, play
from tests.scenarios.identities import Forms, forms
from tests.scenarios.recorder import Wiretap, everything_on_disk

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(900)]

OUTSIDE_NODES = ("register", "signer", "houder-1", "houder-2", "houder-3")
FG = {"Doel": "toezicht_avg"}


@pytest.fixture(scope="module")
def inspector(world: World) -> Caller:
    return caller(world, ASKER, "toezichthouder")


@pytest.fixture(scope="module")
def answer(world: World) -> dict[str, Any]:
    """What the inspector's terminal receives for the telephone number."""
    return ask_at_the_door(world).data


@pytest.fixture(scope="module")
def case(world: World, answer: dict[str, Any]) -> dict[str, Any]:
    """The treffer of that question, taken up by who asked, the contacts of the three municipalities released."""
    assert answer["uitkomst"] == "bekend_elders"
    return taken_up(world).data


@pytest.fixture(scope="module")
def handover(world: World, case: dict[str, Any]) -> dict[str, Any]:
    """The same treffer, handed over to TMM and accepted."""
    return handed_over(world, case["treffer"]["trefferId"]).data


@pytest.fixture(scope="module")
def treffer(world: World, handover: dict[str, Any]) -> str:
    """The same treffer, phase 2 open and released by the three municipalities."""
    assert open_phase_2(world) == handover["overdracht"]["trefferId"]
    return str(handover["overdracht"]["trefferId"])


def told_to_submitter(world: World, organisation: str) -> list[str]:
    """What the inspector who submitted reads, newest first."""
    inspector = caller(world, organisation, "toezichthouder")
    return [one["code"] for one in inspector.get("/v1/terugkoppelingen")["terugkoppelingen"]]


def question(value: str = PHONE, soort: str = "phone", **changed: Any) -> dict[str, Any]:
    return {
        "kenmerken": [{"soort": soort, "waarde": value}],
        "doel": "signalering",
        "controle": CONTROL,
    } | changed


def test_the_inspector_sees_known_elsewhere_a_bucket_the_kind_a_half_year_and_whom_to_call(
    answer: dict[str, Any],
) -> None:
    assert answer["uitkomst"] == "bekend_elders"
    assert answer["aantalGemeenten"] == "2-3"
    assert answer["soorten"] == ["telefoon"]
    assert answer["laatstGezien"] == "2026-H2"
    assert "Bel uw aandachtsfunctionaris" in answer["watNu"]


def test_the_inspector_sees_no_town_form_role_or_indicator(answer: dict[str, Any]) -> None:
    shown = {"uitkomst", "toelichting", "watNu", "aantalGemeenten", "laatstGezien", "soorten", "nietBekeken", "nietGebruikt", "uitleg", "waarom", "aflopenTeLaat", "logbewijs"}  # fmt: skip
    assert set(answer) <= shown
    text = json.dumps(answer | {"uitleg": None, "logbewijs": None, "waarom": None})
    for hidden in ("Oefenstad", "Oefenhaven", "Oefenwoud", "GM900", "seksueel", "slachtoffer", "advertentie"):
        assert hidden not in text
    # Why a field is there names a ground of the asker's own, and nobody else's.
    assert ASKER in json.dumps(answer["waarom"])
    assert not any(
        other in json.dumps(answer["waarom"]) for other in (*SUBMITTERS, "seksueel", "advertentie")
    )


def test_a_treffer_waits_for_the_four_aandachtsfunctionarissen(world: World, answer: dict[str, Any]) -> None:
    assert answer["logbewijs"]["blad"] >= 0
    for organisation in MUNICIPALITIES:
        waiting = caller(world, organisation, "aandachtsfunctionaris").get("/v1/treffers")["treffers"]
        assert len(waiting) == 1, organisation
        assert waiting[0]["onzeRol"] == ("vrager" if organisation == ASKER else "melder")
        assert waiting[0]["fase2"] == "gesloten"
        assert "gemeenten" not in waiting[0], "no town before a human assessment (C8)"


def test_one_leaf_carries_a_payload_for_each_of_the_four_parties_and_each_fg_can_verify_it(
    world: World, answer: dict[str, Any]
) -> None:
    leaf = answer["logbewijs"]["blad"]
    for organisation in MUNICIPALITIES:
        fg = caller(world, organisation, "fg")
        entry = next(
            one for one in fg.get("/v1/logboek/regels", FG, vanaf=leaf)["regels"] if one["blad"] == leaf
        )
        assert entry["gebeurtenis"] == "bevraging"
        assert entry["ontvanger"] == ("vrager" if organisation == ASKER else "melder")
        if organisation != ASKER:
            assert entry["velden"]["organisatie"] == ASKER
            assert {"medewerker", "zaaknummer", "kenmerken"}.isdisjoint(entry["velden"])
    checked = fg_checks(world, leaf, world.folder)
    assert checked.data["geverifieerd"]


def test_nobody_but_an_fg_reads_entries_of_the_log_opened(world: World, answer: dict[str, Any]) -> None:
    for role in ("tmm_analist", "tmm_coordinator"):
        with pytest.raises(Refusal) as refused:
            caller(world, "TMM", role).get("/v1/logboek/regels", FG, vanaf=answer["logbewijs"]["blad"])
        assert (refused.value.status, refused.value.rule) == (403, "C20")


def test_anyone_can_replay_the_whole_log_and_verify_its_checkpoint(
    world: World, answer: dict[str, Any]
) -> None:
    assert answer
    done = world.command("audit", "verify", "--log", world.register_pages, "--vkey", world.log_vkey)
    assert done.returncode == 0, done.stdout + done.stderr


def test_once_taken_up_the_four_towns_know_each_other_and_whom_to_call(
    world: World, case: dict[str, Any]
) -> None:
    assert case["treffer"]["gemeenten"] == list(SUBMITTERS)
    assert {one["organisatie"] for one in case["contacten"]} == set(SUBMITTERS)
    for organisation in SUBMITTERS:
        (seen,) = caller(world, organisation, "aandachtsfunctionaris").get("/v1/treffers")["treffers"]
        assert (seen["stand"], ASKER in seen["gemeenten"]) == ("opgepakt", True)
        assert told_to_submitter(world, organisation) == ["in_beoordeling"]


def test_the_analyst_sees_nothing_before_phase_2_is_asked_for(world: World, handover: dict[str, Any]) -> None:
    assert [one["gesloten"] for one in handover["signalen"]] == [True] * 3, "a hand-over opens no field"
    assert (
        caller(world, "TMM", "tmm_analist").get("/v1/dossiers", case_headers("OEF-WPG-TMM"))["dossiers"] == []
    )


def test_tmm_accepted_three_signals_and_every_contributor_is_told(
    world: World, handover: dict[str, Any]
) -> None:
    assert handover["overdracht"]["stand"] == "aangenomen"
    assert [one["organisatie"] for one in handover["signalen"]] == list(SUBMITTERS)
    assert "nationalit" not in json.dumps({**handover, "logbewijs": None})
    for organisation in SUBMITTERS:
        assert told_to_submitter(world, organisation) == ["ontvangen", "in_beoordeling"]


def test_the_analyst_sees_three_signals_in_time_order_from_a_to_b_to_c(world: World, treffer: str) -> None:
    track = analyst_looks(world, treffer).data
    assert track["route"] == list(SUBMITTERS)
    assert [one["periode"] for one in track["signalen"]] == ["2025-W38", "2026-W11", "2026-W41"]
    assert [one["organisatie"] for one in track["signalen"]] == list(SUBMITTERS)
    assert all(
        one["aanwijzingen"] and one["uitbuitingsvorm"].startswith("seksueel_") for one in track["signalen"]
    )


def test_the_same_passport_and_the_two_spellings_of_one_name_tie_the_first_two(
    world: World, treffer: str
) -> None:
    first, second, third = analyst_looks(world, treffer).data["signalen"]
    for one in (first, second):
        assert {"identiteitsdocument", "naam en geboortedatum", "telefoon"} <= set(one["soorten"])
    assert third["soorten"] == ["telefoon"]


def test_what_the_inspector_saves_as_a_signal_makes_the_track_four_long(
    world: World, inspector: Caller, treffer: str
) -> None:
    saved = inspector.post(
        "/v1/signalen",
        {
            "subjecten": [
                {"kenmerken": [{"soort": "phone", "waarde": PHONE}], "rol": "mogelijk_slachtoffer"}
            ],
            "waargenomen": MOMENT.date().isoformat(),
            "waarnemingGrondslag": "apv_seksinrichting_151a",
            "controlesoort": "prostitutiecontrole_vergund",
            "uitbuitingsvorm": "seksueel_grensoverschrijdend",
            "aanwijzingen": ["voortdurende_begeleiding"],
        },
    )
    keeper = caller(world, ASKER, "aandachtsfunctionaris")
    waiting = keeper.get("/v1/treffers")["treffers"][0]
    assert (waiting["onzeSignalen"], waiting["vrijgegeven"]) == ([saved["signaalId"]], [])
    before = analyst_looks(world, treffer).data
    assert before["route"] == [*SUBMITTERS, ASKER]
    assert [one["gesloten"] for one in before["signalen"]] == [False, False, False, True]
    keeper.post("/v1/vrijgaven", {"besluitId": waiting["besluitId"], "signaalId": saved["signaalId"]})
    after = analyst_looks(world, treffer).data
    assert [one["organisatie"] for one in after["signalen"]] == [*SUBMITTERS, ASKER]
    assert not any(one["gesloten"] for one in after["signalen"])


def test_tmm_sees_one_person_move_a_to_b_to_c_to_d_and_every_line_answers_why(
    world: World, treffer: str
) -> None:
    movement, network = movement_seen(world, treffer), network_seen(world, treffer)
    assert [one["week"] for one in movement.data["personen"][0]["waarnemingen"]] == [
        "2025-W38", "2026-W11", "2026-W41", "2026-W47",
    ]  # fmt: skip
    (person,) = (node for node in network.data["knopen"] if node["soort"] == "persoon")
    reasons = [one["reden"] for one in person["bindingen"]]
    assert any("identiteitsdocument" in one for one in reasons)
    assert len(reasons) == 3
    (line,) = network.data["verbanden"]
    assert line["reden"].startswith("zelfde telefoon, 4 gemeenten, sep 2025-nov 2026")
    text = json.dumps({**network.data, "logbewijs": None})
    assert "nationalit" not in text
    assert "dader" not in text


def test_each_of_the_four_fg_s_reads_that_tmm_looked_at_the_network(world: World, treffer: str) -> None:
    leaf = network_seen(world, treffer).data["logbewijs"]["blad"]
    for organisation in MUNICIPALITIES:
        entries = caller(world, organisation, "fg").get("/v1/logboek/regels", FG, vanaf=leaf)["regels"]
        entry = next(one for one in entries if one["blad"] == leaf)
        assert (entry["gebeurtenis"], entry["ontvanger"]) == ("netwerk_geraadpleegd", "melder")
        assert entry["velden"]["organisatie"] == "TMM"


def test_releasing_twice_changes_nothing(world: World, treffer: str) -> None:
    keeper = caller(world, SUBMITTERS[0], "aandachtsfunctionaris")
    decision = keeper.get("/v1/treffers")["treffers"][0]["besluitId"]
    before = analyst_looks(world, treffer).data["signalen"]
    release(world, SUBMITTERS[0], treffer, decision)
    assert analyst_looks(world, treffer).data["signalen"] == before


def test_importing_the_same_file_again_adds_nothing(world: World, treffer: str) -> None:
    report = import_inspections(world, SUBMITTERS[0])
    assert (report["ingediend"], report["herhaald"]) == (2, 2)
    assert len(analyst_looks(world, treffer).data["signalen"]) == 4


@pytest.mark.parametrize("holder", [1, 2, 3])
def test_the_question_is_answered_while_one_key_holder_is_down(
    world: World, inspector: Caller, holder: int
) -> None:
    world.stop(f"houder-{holder}")
    try:
        answered = inspector.post("/v1/bevragingen", question())
    finally:
        world.start([f"houder-{holder}"])
    assert answered["uitkomst"] == "bekend_elders"


def test_with_two_key_holders_down_nothing_is_answered_and_the_refusal_says_what_to_do(
    world: World, inspector: Caller
) -> None:
    for name in ("houder-1", "houder-2"):
        world.stop(name)
    try:
        with pytest.raises(Refusal) as refused:
            inspector.post("/v1/bevragingen", question())
    finally:
        world.start(["houder-1", "houder-2"])
    assert refused.value.status == 503
    assert refused.value.way_forward


BAD_QUESTIONS = {
    "not a telephone number": (question("geen nummer"), "kenmerken.0"),
    "a BSN failing the eleven-test": (question("123456789", "bsn"), "kenmerken.0"),
    "a name only": (question("Nuñez, Maria", "name_dob"), "kenmerken"),
    "a future date of birth": (question("Nuñez, Maria;2031-05-03", "name_dob"), "kenmerken.0"),
    "an unknown field": (question(nationaliteit="COL"), "nationaliteit"),
    "no control number": (question(controle=None), "controle"),
    "an unknown purpose": (question(doel="ondermijning"), "doel"),
}


@pytest.mark.parametrize("name", BAD_QUESTIONS)
def test_a_bad_question_is_a_400_that_names_the_field_and_the_way_forward(
    inspector: Caller, name: str
) -> None:
    body, field = BAD_QUESTIONS[name]
    with pytest.raises(Refusal) as refused:
        inspector.post("/v1/bevragingen", {key: value for key, value in body.items() if value is not None})
    assert refused.value.status == 400
    assert any(one.field.startswith(field) for one in refused.value.fields), refused.value.fields
    assert refused.value.way_forward
    assert not any(secret in str(vars(refused.value)) for secret in ("geen nummer", "123456789", "COL"))


def test_a_control_that_nobody_opened_today_is_refused(inspector: Caller) -> None:
    with pytest.raises(Refusal) as refused:
        inspector.post("/v1/bevragingen", question(controle="C-0000-0000"))
    assert (refused.value.status, refused.value.rule) == (403, "C1")


def test_a_signal_without_a_carrying_indicator_is_refused_and_says_why(inspector: Caller) -> None:
    with pytest.raises(Refusal) as refused:
        inspector.post(
            "/v1/signalen",
            {
                "subjecten": [{"kenmerken": [{"soort": "plate", "waarde": "RO:B123ABC"}]}],
                "waargenomen": MOMENT.date().isoformat(),
                "waarnemingGrondslag": "parkeren",
                "controlesoort": "parkeercontrole",
                "uitbuitingsvorm": "onbekend",
                "aanwijzingen": ["overbewoning"],
            },
        )
    assert refused.value.status == 400
    assert any(one.field == "aanwijzingen" for one in refused.value.fields)


def test_nationality_has_no_place_in_any_interface_or_table(world: World) -> None:
    for name in ("register", *(f"node-{code}" for code in MUNICIPALITIES)):
        for path, content in everything_on_disk(world.folder / name).items():
            if path.suffix == ".sqlite":
                assert b"nationalit" not in content.lower(), path.name
    for address in (world.register_pages, world.node(ASKER)):
        document = httpx.get(f"{address}/v1/openapi.json", timeout=60, trust_env=False).text.lower()
        assert "nationalit" not in document


@pytest.fixture(scope="module")
def wanted() -> Forms:
    return forms()


def test_no_identity_attribute_is_in_any_file_of_register_signer_or_holders(
    world: World, wanted: Forms
) -> None:
    for path, content in everything_on_disk(*(world.folder / name for name in OUTSIDE_NODES)).items():
        assert wanted.found_in(content) == [], path.relative_to(world.folder)


def test_no_identity_attribute_is_in_anything_that_register_signer_or_holders_were_sent(
    wiretaps: dict[str, Wiretap], wanted: Forms
) -> None:
    for name, tap in wiretaps.items():
        assert b"HTTP/1.1" in tap.heard, f"{name} was never heard: the test would prove nothing"
        assert wanted.found_in(bytes(tap.heard)) == [], name


def test_no_identity_attribute_stands_readable_in_any_file_of_a_node(world: World, wanted: Forms) -> None:
    for name in (f"node-{code}" for code in MUNICIPALITIES):
        kept = everything_on_disk(world.folder / name)
        assert any(path.suffix == ".sqlite" and content for path, content in kept.items())
        for path, content in kept.items():
            assert wanted.found_in(content) == [], path.relative_to(world.folder)


def test_the_search_for_leaks_finds_what_is_there(
    world: World, wanted: Forms, wiretaps: dict[str, Wiretap]
) -> None:
    accounts = b"".join(everything_on_disk(world.folder / "accounts").values())
    assert wanted.found_in(accounts) == []
    for planted in (
        b'{"naam":"Nunez"}',
        b"tel 0612345678",
        "Nuñez".encode().lower(),
        b"a\x00+31612345678\x00",
    ):
        assert wanted.found_in(bytes(wiretaps["signer"].heard) + planted), planted


def test_at_the_next_fixed_moment_the_three_contributors_find_a_notice_without_content(
    world: World, treffer: str, handover: dict[str, Any]
) -> None:
    world.move_clock(MOMENT + timedelta(hours=3))
    for organisation in SUBMITTERS:
        keeper = caller(world, organisation, "aandachtsfunctionaris")
        # A treffer that somebody took up before the job looked is no news as a new one, but as one that was taken up.
        wanted = {treffer, handover["overdracht"]["overdrachtId"]}
        waiting: list[dict[str, Any]] = []
        until = time.monotonic() + 60
        # A job of the register looks from time to time whether the moment has come.
        while not {one["overId"] for one in waiting} >= wanted:
            assert time.monotonic() < until, waiting
            waiting = keeper.get("/v1/berichten")["berichten"]
        assert "terugkoppeling" in {one["soort"] for one in waiting}
        assert all(set(one) == {"soort", "overId", "klaarOp"} for one in waiting)
    world.move_clock(MOMENT)


def test_a_node_that_went_bad_is_told_to_its_fg_before_the_200th_number_and_a_day_is_soon_over(
    world: World,
) -> None:
    """With a municipality's own certificate and forty numbers in each question, as fast as the limits that are shipped permit (`make bench-enumeration`: all of it)."""
    asker, evening = officers("GM9003"), MOMENT.replace(hour=23, minute=56)
    attacker = Attacker(world, "GM9003", asker)
    loot = play(world, attacker, "GM9003", evening, 40)
    hoarded = attacker.ask(asker[0], [b"06-1"], action="indienen")
    attacker.close()
    world.move_clock(MOMENT)
    assert loot.before_flag is not None
    assert loot.before_flag < 200
    assert loot.learned <= 1_000
    assert set(loot.refused) <= {"quotum-bereikt", "quotum-vragen-bereikt"}
    assert hoarded.json()["code"] == "kwitantie-andere-handeling"


@pytest.fixture
def later(world: World) -> Iterator[Caller]:
    """A year and a day later, as every process sees it; the clock goes back afterwards."""
    world.move_clock(MOMENT + timedelta(days=366))
    yield caller(world, ASKER, "toezichthouder")
    world.move_clock(MOMENT)


def test_a_year_later_the_signals_are_invisible_at_once(later: Caller) -> None:
    for due in later.get("/v1/aflopen")["aflopen"]:
        later.post("/v1/aflopen", {"controle": due["controle"], "afloop": "niets_aangetroffen"})
    control = later.post(
        "/v1/controles",
        {
            "waarnemingGrondslag": "apv_seksinrichting_151a",
            "controlesoort": "prostitutiecontrole_vergund",
            "plaats": ASKER,
            "gepland": True,
        },
    )["nummer"]
    answered = later.post("/v1/bevragingen", question(controle=control))
    assert answered["uitkomst"] == "niet_bekend"
    assert "soorten" not in answered
    assert "aantalGemeenten" not in answered


def test_nobody_without_a_mandate_reads_a_dossier(world: World, treffer: str) -> None:
    fg = caller(world, ASKER, "fg")
    assert person(ASKER, "fg").at_register
    with pytest.raises(Refusal) as refused:
        fg.get(f"/v1/dossiers/{treffer}", case_headers("OEF-WPG-TMM"))
    assert refused.value.status == 403
