# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from typing import Any

import pytest

from audit.bundle import bundle_from_json
from audit.canonical import base64_bytes
from audit.checkpoint import open_checkpoint
from audit.merkle import Frontier, leaf_hash
from audit.verify import verify_bundle
from tests.register.central.conftest import LOG_SIGNER, ONE_DATABASE, RECEIPTS, Publish
from tests.register.central.world import Caller, World, point, pseudonym, refused, signal, subject


def entries(fg: Caller, **query: Any) -> list[dict[str, Any]]:
    answer = fg.get("/v1/logboek/regels", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["regels"])


@pytest.fixture
def asked(world: World) -> dict[str, int]:
    """A question of GM9004 that found a signal of GM9001, beside business of GM9002; event -> its leaf."""
    phone = pseudonym(point())
    world.submit("GM9002", signal())
    submitted = world.submit("GM9001", signal(subject(phone)))
    question = world.inspector("GM9004").ask(phone).json()
    return {"submitted": submitted["logbewijs"]["blad"], "asked": question["logbewijs"]["blad"]}


def test_an_fg_reads_the_own_organisation_s_questions_whole(world: World, asked: dict[str, int]) -> None:
    line = entries(world.person("GM9004", "fg"), vanaf=asked["asked"])[0]
    assert (line["blad"], line["gebeurtenis"], line["ontvanger"]) == (asked["asked"], "bevraging", "vrager")
    fields = line["velden"]
    assert (fields["uitkomst"], fields["rol"], fields["zaaknummer"]) == (
        "bekend_elders",
        "toezichthouder",
        "C-OEFE-0001",
    )
    assert fields["families"] == ["phone"]


def test_an_owner_s_fg_reads_exactly_what_was_disclosed_of_the_own_signal(
    world: World, asked: dict[str, int]
) -> None:
    lines = entries(world.person("GM9001", "fg"))
    (line,) = [one for one in lines if one["blad"] == asked["asked"]]
    assert line["ontvanger"] == "melder"
    assert set(line["velden"]) == {
        *("moment", "organisatie", "rol", "doel", "grondslag", "signalen", "velden", "beleid", "spoor"),
    }
    assert line["velden"]["velden"] == ["attr_types_matched", "count_other_muni", "hit", "period_bucket"]


def test_an_fg_reads_nothing_of_others(world: World, asked: dict[str, int]) -> None:
    fg = world.person("GM9003", "fg")
    lines = entries(fg)
    assert {line["gebeurtenis"] for line in lines} <= {"aangemeld", "logboek_geraadpleegd"}
    assert not {line["blad"] for line in lines} & set(asked.values())


def test_a_look_is_an_entry_itself(world: World, asked: dict[str, int]) -> None:
    assert asked
    fg = world.person("GM9004", "fg")
    seen = entries(fg)
    looked = entries(fg, vanaf=seen[-1]["blad"] + 1)
    assert [line["gebeurtenis"] for line in looked] == ["logboek_geraadpleegd"]
    assert looked[0]["velden"]["regels_geteld"] == len(seen)


def test_entries_come_oldest_first_from_the_leaf_asked(world: World) -> None:
    for _question in range(5):
        world.inspector("GM9004").ask(pseudonym(point()))
    leaves = [line["blad"] for line in entries(world.person("GM9004", "fg"), vanaf=2)]
    assert leaves == [2, 3, 4, 5]


@ONE_DATABASE
@pytest.mark.parametrize("role", ["tmm_analist", "tmm_coordinator"])
def test_tmm_reads_no_log(world: World, role: str) -> None:
    reader = world.person("TMM", role)
    for purpose in ("toezicht_avg", "opsporing_handoff"):
        refused(reader.but(doel=purpose).get("/v1/logboek/regels"), 403, "geen-toegang")


@ONE_DATABASE
@pytest.mark.parametrize("role", ["toezichthouder", "aandachtsfunctionaris"])
def test_only_an_fg_reads_the_log_through_a_node_too(world: World, role: str) -> None:
    refused(
        world.node("GM9004", role).but(doel="toezicht_avg").get("/v1/logboek/regels"), 403, "geen-toegang"
    )
    assert world.node("GM9004", "fg").get("/v1/logboek/regels").status_code == 200


def test_an_fg_reads_for_oversight_and_for_no_other_purpose(world: World) -> None:
    fg = world.person("GM9004", "fg")
    refused(fg.but(doel="signalering").get("/v1/logboek/regels"), 403, "geen-toegang")


def test_the_proof_of_an_entry_verifies_without_the_register(
    world: World, asked: dict[str, int], publish: Publish
) -> None:
    publish()
    bundle = world.person("GM9004", "fg").get(f"/v1/logboek/regels/{asked['asked']}/bewijs").json()
    verdict = verify_bundle(bundle_from_json(bundle), log=LOG_SIGNER.verifier, receipts=(RECEIPTS.verifier,))
    assert verdict.verified
    (entry,) = bundle["inschrijvingen"]
    assert entry["bladnummer"] == asked["asked"]
    assert [one["organisatie"] for one in entry["openingen"]] == ["GM9004"]


def test_all_own_entries_go_home_in_one_file_that_verifies_and_holds_no_other_s(
    world: World, asked: dict[str, int], publish: Publish
) -> None:
    fg = world.person("GM9004", "fg")
    refused(fg.get("/v1/logboek/regels/bewijzen"), 409, "nog-geen-controlepunt")
    publish()
    bundle = fg.get("/v1/logboek/regels/bewijzen").json()
    verdict = verify_bundle(bundle_from_json(bundle), log=LOG_SIGNER.verifier, receipts=(RECEIPTS.verifier,))
    assert verdict.verified
    assert asked["asked"] in {entry["bladnummer"] for entry in bundle["inschrijvingen"]}
    owners = {one["organisatie"] for entry in bundle["inschrijvingen"] for one in entry["openingen"]}
    assert owners == {"GM9004"}
    later = fg.get("/v1/logboek/regels/bewijzen", vanaf=asked["asked"] + 1).json()
    assert asked["asked"] not in {entry["bladnummer"] for entry in later["inschrijvingen"]}


def test_a_proof_that_was_tampered_with_does_not_verify(
    world: World, asked: dict[str, int], publish: Publish
) -> None:
    publish()
    bundle = world.person("GM9004", "fg").get(f"/v1/logboek/regels/{asked['asked']}/bewijs").json()
    opening = bundle["inschrijvingen"][0]["openingen"][0]
    opening["inhoud"] = opening["inhoud"].replace("bekend_elders", "niet_bekend")
    assert not verify_bundle(bundle_from_json(bundle), log=LOG_SIGNER.verifier).verified


def test_both_sides_of_one_request_prove_the_same_leaf(
    world: World, asked: dict[str, int], publish: Publish
) -> None:
    publish()
    leaves = set()
    for organisation in ("GM9001", "GM9004"):
        bundle = world.person(organisation, "fg").get(f"/v1/logboek/regels/{asked['asked']}/bewijs").json()
        assert verify_bundle(bundle_from_json(bundle), log=LOG_SIGNER.verifier).verified
        leaves.add(bundle["inschrijvingen"][0]["blad"])
    assert len(leaves) == 1


def test_before_a_checkpoint_covers_it_an_entry_has_no_proof_yet(
    world: World, asked: dict[str, int], publish: Publish
) -> None:
    fg = world.person("GM9004", "fg")
    path = f"/v1/logboek/regels/{asked['asked']}/bewijs"
    answer = fg.get(path)
    refused(answer, 409, "nog-geen-controlepunt")
    assert answer.headers["retry-after"] == "10"
    publish()
    assert fg.get(path).status_code == 200


@pytest.mark.parametrize("leaf", [0, 10**6])
def test_the_proof_of_another_s_entry_is_the_proof_of_nothing(
    world: World, asked: dict[str, int], publish: Publish, leaf: int
) -> None:
    assert asked
    publish()
    refused(world.person("GM9004", "fg").get(f"/v1/logboek/regels/{leaf}/bewijs"), 404, "niet-gevonden")


def test_a_proof_asked_for_is_an_entry_too(world: World, asked: dict[str, int], publish: Publish) -> None:
    publish()
    world.person("GM9004", "fg").get(f"/v1/logboek/regels/{asked['asked']}/bewijs")
    assert world.log.last("GM9004")["gebeurtenis"] == "logboek_geraadpleegd"


def test_an_erased_entry_is_no_longer_read_and_the_log_still_verifies(
    world: World, asked: dict[str, int]
) -> None:
    fg = world.person("GM9004", "fg")
    before = entries(fg)
    world.log.erase(asked["asked"], "GM9004")
    after = entries(fg)
    assert {line["blad"] for line in before} - {line["blad"] for line in after} == {asked["asked"]}
    owner = [line["blad"] for line in entries(world.person("GM9001", "fg"))]
    assert asked["asked"] in owner


def test_anyone_may_replay_all_leaves_without_leaving_one(
    world: World, asked: dict[str, int], publish: Publish
) -> None:
    assert asked
    size = publish()
    anybody = world.inspector("GM9003").showing(None)
    sent = anybody.get("/v1/logboek/bladen", leaves=0).json()
    frontier = Frontier()
    for leaf in sent["bladen"][:size]:
        frontier, _nodes = frontier.append(leaf_hash(base64_bytes(leaf)))
    note = anybody.get("/v1/logboek/checkpoint", leaves=0).text
    checkpoint = open_checkpoint(note, LOG_SIGNER.verifier)
    assert (checkpoint.size, checkpoint.root) == (size, frontier.root())


@pytest.mark.parametrize(
    "path",
    [
        "/v1/logboek/bewijzen/insluiting?blad=5&omvang=99",
        "/v1/logboek/bewijzen/insluiting?blad=99&omvang=99",
        "/v1/logboek/bewijzen/samenhang?van=9&naar=3",
        "/v1/logboek/bewijzen/samenhang?van=1&naar=99",
    ],
)
def test_a_proof_beyond_the_log_is_not_found(world: World, path: str) -> None:
    caller = world.inspector("GM9003").showing(None)
    refused(caller.get(path, leaves=0), 404, "niet-gevonden")


@ONE_DATABASE
@pytest.mark.parametrize(
    "path",
    [
        "/v1/logboek/bladen?aantal=1001",
        "/v1/logboek/bladen?vanaf=-1",
        f"/v1/logboek/bladen?vanaf={10**30}",
        f"/v1/logboek/bewijzen/insluiting?blad=0&omvang={2**64}",
        f"/v1/logboek/bewijzen/samenhang?van=1&naar={2**64}",
        "/v1/logboek/bewijzen/samenhang?van=0&naar=1",
        "/v1/logboek/bewijzen/insluiting?blad=x&omvang=1",
    ],
)
def test_a_wrong_query_on_the_log_is_400(world: World, path: str) -> None:
    refused(world.inspector("GM9003").showing(None).get(path, leaves=0), 400, "ongeldige-invoer")


def test_before_the_first_signature_there_is_no_checkpoint(world: World) -> None:
    caller = world.inspector("GM9003").showing(None)
    refused(caller.get("/v1/logboek/checkpoint", leaves=0), 404, "niet-gevonden")
