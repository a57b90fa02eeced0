# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the ceremony of several parties: they get one key that nobody holds, and whoever departs from it is caught and named."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any

import pytest

from pseudonymisation import base64url, envelope
from pseudonymisation.ceremony import (
    CeremonyError,
    check_holder_share,
    check_usable,
    keyset_file,
    parse_keyset,
)
from pseudonymisation.dealing import Dealing, complain, distribute, parse_dealing, rebut
from pseudonymisation.joint import (
    Aborted,
    Record,
    Stage,
    Waiting,
    bad_dealers,
    complaint_name,
    make_dealing,
    own_share,
    progress,
    rebuttal_name,
    require_complete,
    statement,
    verified,
)
from pseudonymisation.opening import Opening, Proposal, open_ceremony, parse_opening
from pseudonymisation.p256 import ORDER, SecretScalar
from pseudonymisation.sealing import SealingKeys
from pseudonymisation.statement import Fault, OwnKeys, parse_party, party_file, signed
from pseudonymisation.threshold import Origin, ThresholdError, canonical_json, lagrange_at_zero

SOURCE = random.Random(107).randbytes
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
UNTIL = NOW + timedelta(days=2)
KEYS = {index: OwnKeys.make(f"HOUDER{index}", SOURCE) for index in (1, 2, 3)}
PARTIES = [keys.party for keys in KEYS.values()]
PROPOSAL = Proposal("signaal", "pilot", 2, PARTIES, UNTIL)


@dataclass
class Play:
    """Three parties around one folder, in memory; each takes in for itself."""

    opening: Opening
    folder: dict[str, bytes]
    seals: dict[int, SealingKeys]
    dealings: dict[int, bytes]
    records: dict[int, Record]

    def take_in(self, index: int, moment: datetime = NOW) -> Record:
        self.records[index] = progress(self.records[index], self.folder, moment)
        return self.records[index]

    def send(self, stage: Stage, index: int, moment: datetime = NOW) -> None:
        record = self.take_in(index, moment)
        dealing, seals = self.dealings.get(index, b""), self.seals[index]
        self.folder[stage.file(index)] = statement(record, stage, KEYS[index], dealing, seals)

    def up_to(self, last: Stage) -> "Play":
        for stage in Stage:
            for index in KEYS:
                self.send(stage, index)
            if stage is last:
                break
        return self


def play(session: int = 1) -> Play:
    """Three parties that have sat down, and have their dealings ready."""
    opening = open_ceremony(PROPOSAL, KEYS[1], NOW, random.Random(session).randbytes)
    seals = {index: SealingKeys.make(opening.session, opening.dealers, SOURCE) for index in KEYS}
    table = Play(opening, {}, seals, {}, {index: Record(opening) for index in KEYS}).up_to(Stage.SEALING)
    for index, keys in KEYS.items():
        table.dealings[index] = make_dealing(table.take_in(index), keys, SOURCE).data
    return table


def dealt(table: Play, index: int) -> bytes:
    """Another dealing of this party in this session."""
    return make_dealing(table.take_in(index), KEYS[index], SOURCE).data


def secret(table: Play, receiver: int, dealer: int) -> SecretScalar:
    return table.seals[receiver].by_dealer[dealer]


def test_three_parties_make_a_key_of_which_each_has_one_share_and_any_two_have_it() -> None:
    table = play().up_to(Stage.SIGNATURE)
    shares = {
        index: own_share(table.take_in(index), keys, table.seals[index], SOURCE)
        for index, keys in KEYS.items()
    }
    keysets = {keyset_file(record.keyset) for record in table.records.values()}
    assert len(keysets) == 1
    keyset = parse_keyset(keysets.pop())
    assert (keyset.origin, keyset.epoch, keyset.profile) == (Origin.CEREMONY, 1, "pilot")
    check_usable(keyset, "pilot")
    for share in shares.values():
        check_holder_share(share, keyset)
    for quorum in combinations(shares, 2):
        weights = lagrange_at_zero(quorum)
        key = sum(weights[index] * shares[index].secret.reveal() for index in quorum) % ORDER
        assert SecretScalar(key).public_point() == keyset.key
    assert len({share.nonce_key.reveal() for share in shares.values()}) == 3


def test_anyone_can_check_a_finished_ceremony_without_a_secret() -> None:
    table = play().up_to(Stage.SIGNATURE)
    record = verified(parse_opening(table.opening.data), table.folder)
    assert record.keyset == table.take_in(2).keyset
    assert record.transcript(None) == table.records[2].transcript(None)


def test_public_files_and_the_secrets_of_one_party_open_one_share_of_every_dealing() -> None:
    table = play().up_to(Stage.SIGNATURE)
    dealings = table.take_in(1).dealings
    for index in KEYS:
        opened = {}
        for (dealer, dealing), receiver, own in product(
            dealings.items(), KEYS, table.seals[index].by_dealer.values()
        ):
            try:
                content = envelope.unseal(dealing.sealed[receiver], own, dealing.info(receiver))
            except envelope.Unopenable:
                continue
            opened[dealer, receiver] = content
        # One point of each polynomial of degree one: the value at zero may still be anything.
        assert set(opened) == {(dealer, index) for dealer in KEYS}


def test_a_party_makes_the_same_file_of_a_stage_every_time() -> None:
    table = play().up_to(Stage.SIGNATURE)
    for stage in Stage:
        again = statement(table.take_in(2), stage, KEYS[2], table.dealings[2], table.seals[2])
        assert again == table.folder[stage.file(2)]


def test_a_stage_waits_for_every_file_of_the_one_before_and_says_whose() -> None:
    table = play()
    table.send(Stage.COMMITMENT, 1)
    for stage in (Stage.REVEAL, Stage.APPROVAL, Stage.SIGNATURE):
        with pytest.raises(Waiting, match="HOUDER2, HOUDER3"):
            statement(table.take_in(1), stage, KEYS[1], table.dealings[1])
    with pytest.raises(Waiting):
        bad_dealers(table.take_in(1), KEYS[1], table.seals[1])
    with pytest.raises(Waiting):
        own_share(table.take_in(1), KEYS[1], table.seals[1], SOURCE)
    with pytest.raises(Waiting):
        verified(table.opening, table.folder)


def test_a_reveal_is_not_taken_in_before_all_commitments_are_there() -> None:
    table = play().up_to(Stage.REVEAL)
    early = dict(table.folder)
    del early[Stage.COMMITMENT.file(3)]
    assert Stage.REVEAL.file(1) not in progress(Record(table.opening), early, NOW).files


def test_the_three_agree_on_the_transcript_of_every_stage() -> None:
    table = play().up_to(Stage.SIGNATURE)
    for stage in (*Stage, None):
        assert len({table.take_in(index).transcript(stage) for index in KEYS}) == 1


# ---- Openings -------------------------------------------------------------------------------------------------------


def reopened(**members: Any) -> bytes:
    """An opening with members changed, signed by its opener."""
    document = json.loads(play().opening.data) | members
    del document["handtekening"]
    return signed({name: value for name, value in document.items() if value is not None}, KEYS[1])


LISTED = json.loads(play().opening.data)["deelnemers"]

BAD_OPENINGS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "of_another_kind": lambda: reopened(formaat="signaalregister/verdeling/v1"),
    "opened_by_a_stranger": lambda: reopened(opener="HOUDER9"),
    "signed_by_another_than_the_opener": lambda: reopened(opener="HOUDER2"),
    "a_threshold_of_one": lambda: reopened(drempel=1),
    "a_threshold_over_the_number": lambda: reopened(drempel=4),
    "a_threshold_in_words": lambda: reopened(drempel="2"),
    "one_party_twice": lambda: reopened(deelnemers=[LISTED[0], LISTED[1], LISTED[0] | {"houder": 3}]),
    "numbers_with_a_gap": lambda: reopened(deelnemers=[LISTED[0], LISTED[1], LISTED[2] | {"houder": 4}]),
    "a_party_without_a_key": lambda: reopened(
        deelnemers=[LISTED[0], LISTED[1], {"houder": 3, "naam": "HOUDER3"}]
    ),
    "nobody": lambda: reopened(deelnemers=[]),
    "no_deadline": lambda: reopened(uiterlijk=None),
    "a_deadline_without_a_zone": lambda: reopened(uiterlijk="2026-03-04T09:00:00"),
    "a_deadline_before_time": lambda: reopened(uiterlijk="0001-01-01T00:00:00+14:00"),
    "a_short_session": lambda: reopened(sessie=base64url.encode(b"short")),
    "a_name_that_cannot_be": lambda: reopened(sleutelset="Signaal"),
    "an_extra_member": lambda: reopened(opmerking="x"),
}


@pytest.mark.parametrize("name", BAD_OPENINGS)
def test_an_opening_that_is_not_good_is_refused(name: str) -> None:
    with pytest.raises(CeremonyError) as refused:
        parse_opening(BAD_OPENINGS[name]())
    assert refused.value.way_forward


def test_an_opening_whose_deadline_has_passed_is_refused() -> None:
    with pytest.raises(CeremonyError, match="al voorbij"):
        open_ceremony(PROPOSAL, KEYS[1], UNTIL, SOURCE)


def test_a_party_that_is_named_with_other_keys_does_not_take_part() -> None:
    impostor = OwnKeys.make("HOUDER2", SOURCE)
    with pytest.raises(CeremonyError, match="doet met deze sleutels niet mee"):
        make_dealing(play().records[1], impostor, SOURCE)


def test_a_name_that_was_swapped_over_a_signing_key_is_refused() -> None:
    document = json.loads(party_file(KEYS[1])) | {"naam": "HOUDER2"}
    with pytest.raises(Fault):
        parse_party(canonical_json(document))


# ---- Departures, each named for what it breaks ----------------------------------------------------------------------


def resign(data: bytes, index: int, **members: Any) -> bytes:
    document = json.loads(data) | members
    del document["handtekening"]
    return signed(document, KEYS[index])


def replayed_commitment() -> tuple[Play, dict[str, bytes]]:
    table = play()
    return table, {Stage.COMMITMENT.file(2): play(2).up_to(Stage.COMMITMENT).folder[Stage.COMMITMENT.file(2)]}


def replayed_signature() -> tuple[Play, dict[str, bytes]]:
    table, other = play().up_to(Stage.APPROVAL), play(2).up_to(Stage.SIGNATURE)
    return table, {Stage.SIGNATURE.file(2): other.folder[Stage.SIGNATURE.file(2)]}


def file_of_another_party() -> tuple[Play, dict[str, bytes]]:
    table = play().up_to(Stage.COMMITMENT)
    fresh = replace_record(table)
    return fresh, {Stage.COMMITMENT.file(2): table.folder[Stage.COMMITMENT.file(1)]}


def replace_record(table: Play) -> Play:
    """The same ceremony for parties that have taken in nothing but what is sealed to."""
    folder = {name: data for name, data in table.folder.items() if name.startswith("zegelsleutel")}
    fresh = replace(table, folder=folder, records={index: Record(table.opening) for index in KEYS})
    for index in KEYS:
        fresh.take_in(index)
    return fresh


def swapped_commitment() -> tuple[Play, dict[str, bytes]]:
    table = play().up_to(Stage.COMMITMENT)
    table.take_in(1)
    other = dealt(table, 2)
    return table, {Stage.COMMITMENT.file(2): statement(table.records[2], Stage.COMMITMENT, KEYS[2], other)}


def swapped_dealing() -> tuple[Play, dict[str, bytes]]:
    """A dealing that was chosen after seeing those of the others."""
    table = play().up_to(Stage.COMMITMENT)
    other = dealt(table, 2)
    return table, {Stage.REVEAL.file(2): statement(table.take_in(2), Stage.REVEAL, KEYS[2], other)}


def without_possession() -> tuple[Play, dict[str, bytes]]:
    """A rogue key: the constant term is taken from another's, so its logarithm is not known, and was committed to in time."""
    table = play()
    rogue = json.loads(table.dealings[2])
    rogue["toezeggingen"] = [json.loads(table.dealings[1])["toezeggingen"][0], rogue["toezeggingen"][1]]
    del rogue["handtekening"]
    table.dealings[2] = signed(rogue, KEYS[2])
    table.up_to(Stage.COMMITMENT)
    return table, {
        Stage.REVEAL.file(2): statement(table.take_in(2), Stage.REVEAL, KEYS[2], table.dealings[2])
    }


def dealing_of_another_session() -> tuple[Play, dict[str, bytes]]:
    table = play()
    table.dealings[2] = dealt(play(2), 2)
    table.up_to(Stage.COMMITMENT)
    return table, {
        Stage.REVEAL.file(2): statement(table.take_in(2), Stage.REVEAL, KEYS[2], table.dealings[2])
    }


def upon_other_commitments() -> tuple[Play, dict[str, bytes]]:
    """Party 2 was sent another commitment of party 3 than we were."""
    table = play().up_to(Stage.COMMITMENT)
    table.take_in(1)
    seen = dict(table.folder)
    fresh = replace_record(table).records[3]
    seen[Stage.COMMITMENT.file(3)] = statement(fresh, Stage.COMMITMENT, KEYS[3], dealt(table, 3))
    record = progress(Record(table.opening), seen, NOW)
    return table, {Stage.REVEAL.file(2): statement(record, Stage.REVEAL, KEYS[2], table.dealings[2])}


def commitment_to_no_hash() -> tuple[Play, dict[str, bytes]]:
    table = play()
    table.send(Stage.COMMITMENT, 2)
    name = Stage.COMMITMENT.file(2)
    return table, {name: resign(table.folder[name], 2, verdeling="later")}


def approval_of_another_keyset() -> tuple[Play, dict[str, bytes]]:
    table = play().up_to(Stage.REVEAL)
    table.send(Stage.APPROVAL, 2)
    name = Stage.APPROVAL.file(2)
    return table, {name: resign(table.folder[name], 2, vingerafdruk="0" * 64)}


def approval_and_complaint() -> tuple[Play, dict[str, bytes]]:
    table = play().up_to(Stage.APPROVAL)
    record = table.take_in(1)
    return table, {complaint_name(2, 3): complain(record.dealings[3], 2, KEYS[2], secret(table, 2, 3)).data}


def empty_complaint() -> tuple[Play, dict[str, bytes]]:
    table = play().up_to(Stage.REVEAL)
    return table, {complaint_name(2, 3): signed({"formaat": "signaalregister/klacht/v2"}, KEYS[2])}


def signed_by_another() -> tuple[Play, dict[str, bytes]]:
    table = play().up_to(Stage.COMMITMENT)
    name = Stage.COMMITMENT.file(2)
    return replace_record(table), {name: resign(table.folder[name], 3)}


def resealed(index: int, **members: Any) -> tuple[Play, dict[str, bytes]]:
    """Nobody took in anything yet, and the sealing file of one party is another."""
    table = play()
    name = Stage.SEALING.file(index)
    other = resign(table.folder[name], index, **members)
    return replace(table, folder={}, records={i: Record(table.opening) for i in KEYS}), {
        **table.folder,
        name: other,
    }


def keys_shown(index: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(play().folder[Stage.SEALING.file(index)])["zegelsleutels"]
    return found


def sealing_keys_of_another_session() -> tuple[Play, dict[str, bytes]]:
    table, other = play(), play(2)
    fresh = replace(table, folder={}, records={i: Record(table.opening) for i in KEYS})
    return fresh, {**table.folder, Stage.SEALING.file(2): other.folder[Stage.SEALING.file(2)]}


def one_sealing_key_for_two_dealers() -> tuple[Play, dict[str, bytes]]:
    shown = keys_shown(2)
    return resealed(2, zegelsleutels=[shown[0], shown[0] | {"verdeler": 2}, shown[2]])


def a_sealing_key_that_is_another_s() -> tuple[Play, dict[str, bytes]]:
    table = play()
    theirs = json.loads(table.folder[Stage.SEALING.file(1)])["zegelsleutels"]
    name = Stage.SEALING.file(2)
    fresh = replace(table, folder={}, records={i: Record(table.opening) for i in KEYS})
    return fresh, {**table.folder, name: resign(table.folder[name], 2, zegelsleutels=theirs)}


def a_sealing_key_swapped_on_its_way() -> tuple[Play, dict[str, bytes]]:
    table = play()
    name = Stage.SEALING.file(2)
    document = json.loads(table.folder[name]) | {"zegelsleutels": keys_shown(3)}
    fresh = replace(table, folder={}, records={i: Record(table.opening) for i in KEYS})
    return fresh, {**table.folder, name: canonical_json(document)}


def dealing_to_keys_of_another_session() -> tuple[Play, dict[str, bytes]]:
    """Of this session and round in every word but the keys that it is sealed to."""
    table, other = play(), play(2)
    sealing = {i: secret(other, i, 2).public_point() for i in KEYS}
    transcript = bytes.fromhex(table.records[2].transcript(Stage.COMMITMENT))
    round_ = table.opening.round(transcript, sealing)
    table.dealings[2] = distribute(round_, KEYS[2], SecretScalar.random(SOURCE), SOURCE).data
    table.up_to(Stage.COMMITMENT)
    return table, {
        Stage.REVEAL.file(2): statement(table.take_in(2), Stage.REVEAL, KEYS[2], table.dealings[2])
    }


DEPARTURES: dict[str, tuple[Callable[[], tuple[Play, dict[str, bytes]]], str]] = {
    "sealing_keys_of_another_session": (sealing_keys_of_another_session, "hoort bij een andere sessie"),
    "one_sealing_key_for_two_dealers": (
        one_sealing_key_for_two_dealers,
        "zegelsleutel van HOUDER2 klopt niet",
    ),
    "a_sealing_key_for_nobody": (lambda: resealed(2, zegelsleutels=keys_shown(2)[:2]), "klopt niet"),
    "a_dealer_s_number_that_is_a_boolean": (
        lambda: resealed(2, zegelsleutels=[keys_shown(2)[0] | {"verdeler": True}, *keys_shown(2)[1:]]),
        "is niet te lezen",
    ),
    "a_sealing_key_that_is_no_point": (lambda: resealed(2, zegelsleutels="x"), "klopt niet"),
    "the_sealing_key_of_another_party": (a_sealing_key_that_is_another_s, "dezelfde zegelsleutel"),
    "a_sealing_key_swapped_on_its_way": (a_sealing_key_swapped_on_its_way, "handtekening van HOUDER2"),
    "a_dealing_to_keys_of_another_session": (dealing_to_keys_of_another_session, "voor andere ontvangers"),
    "a_commitment_of_another_session": (replayed_commitment, "hoort bij een andere sessie"),
    "a_signature_of_another_session": (replayed_signature, "hoort bij een andere sessie"),
    "the_file_of_another_party": (file_of_another_party, "handtekening van HOUDER2"),
    "a_file_signed_by_another": (signed_by_another, "handtekening van HOUDER2"),
    "a_commitment_that_was_swapped": (swapped_commitment, "HOUDER2 verving"),
    "a_dealing_chosen_after_seeing_others": (swapped_dealing, "andere verdeling"),
    "a_rogue_key_without_possession": (without_possession, "HOUDER2 bewijst niet"),
    "a_dealing_of_another_session": (dealing_of_another_session, "andere sessie"),
    "a_reveal_upon_other_commitments": (upon_other_commitments, "bij andere bestanden"),
    "a_commitment_to_no_hash": (commitment_to_no_hash, "klopt niet"),
    "an_approval_of_another_keyset": (approval_of_another_keyset, "klopt niet"),
    "a_complaint_after_an_approval": (approval_and_complaint, "deze klacht telt niet"),
    "a_complaint_that_says_nothing": (empty_complaint, "bewijst niets"),
}


@pytest.mark.parametrize("name", DEPARTURES)
def test_a_departure_is_caught_in_one_sentence_that_names_the_party(name: str) -> None:
    made, sentence = DEPARTURES[name]
    table, offered = made()
    before = table.records[1]
    with pytest.raises(Fault, match=sentence) as caught:
        progress(before, table.folder | offered, NOW)
    assert caught.value.party == "HOUDER2"
    assert "HOUDER2" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.way_forward


@pytest.mark.parametrize("stage", [Stage.SEALING, Stage.COMMITMENT, Stage.REVEAL, Stage.APPROVAL])
def test_a_file_after_the_deadline_is_not_taken_in(stage: Stage) -> None:
    table = play().up_to(stage)
    late = table.folder.pop(stage.file(2))
    record = progress(Record(table.opening), table.folder, UNTIL)
    with pytest.raises(Fault, match="HOUDER2 kwam te laat"):
        progress(record, {stage.file(2): late}, UNTIL + timedelta(seconds=1))


def test_a_complaint_after_the_deadline_is_not_taken_in() -> None:
    table = play().up_to(Stage.REVEAL)
    complaint = complain(table.take_in(1).dealings[3], 2, KEYS[2], secret(table, 2, 3))
    with pytest.raises(Fault, match="HOUDER2 kwam te laat"):
        progress(table.records[1], {complaint_name(2, 3): complaint.data}, UNTIL + timedelta(seconds=1))


def test_a_late_signature_leaves_nobody_without_its_share() -> None:
    table = play().up_to(Stage.APPROVAL)
    for index in KEYS:
        table.take_in(index)
        table.send(Stage.SIGNATURE, index, UNTIL + timedelta(days=9))
    for index, keys in KEYS.items():
        record = table.take_in(index, UNTIL + timedelta(days=9))
        assert own_share(record, keys, table.seals[index], SOURCE).holder == index


# ---- Complaints -----------------------------------------------------------------------------------------------------


def play_with_a_bad_share() -> Play:
    """Party 3 seals another number for party 2 than it commits to."""
    table = play()
    members = json.loads(table.dealings[3])
    del members["handtekening"]
    sealed = envelope.seal(
        SecretScalar.random(SOURCE).to_bytes(),
        secret(table, 2, 3).public_point(),
        distribution(table, 3).info(2),
    )
    members["deelaandelen"][1]["verzegeld"] = base64url.encode(sealed)
    table.dealings[3] = signed(members, KEYS[3])
    return table.up_to(Stage.REVEAL)


def distribution(table: Play, dealer: int) -> Dealing:
    return parse_dealing(table.dealings[dealer], table.records[1].round(dealer), PARTIES[dealer - 1])


def test_a_bad_share_is_found_by_its_receiver_only_and_ends_the_session_for_everyone() -> None:
    table = play_with_a_bad_share()
    found = [bad_dealers(table.take_in(index), KEYS[index], table.seals[index]) for index in KEYS]
    assert found == [[], [3], []]
    table.send(Stage.APPROVAL, 1)
    complaint = complain(table.records[2].dealings[3], 2, KEYS[2], secret(table, 2, 3))
    table.folder[complaint_name(2, 3)] = complaint.data
    for index, keys in KEYS.items():
        with pytest.raises(
            Aborted, match=r"HOUDER2 klaagt .* van HOUDER3; nagerekend ligt de fout bij HOUDER3"
        ):
            table.send(Stage.APPROVAL, index)
        with pytest.raises(Aborted):
            own_share(table.take_in(index), keys, table.seals[index], SOURCE)
    with pytest.raises(Aborted):
        verified(table.opening, table.folder)
    with pytest.raises(Fault, match="geen weerwoord"):
        rebut(complaint, table.records[3].dealings[3], KEYS[3])


def test_a_false_complaint_ends_the_session_too_and_its_rebuttal_is_checked() -> None:
    table = play().up_to(Stage.REVEAL)
    dealing = table.take_in(3).dealings[3]
    complaint = complain(dealing, 2, KEYS[2], secret(table, 2, 3))
    table.folder[complaint_name(2, 3)] = complaint.data
    table.folder[rebuttal_name(2, 3)] = rebut(complaint, dealing, KEYS[3])
    with pytest.raises(Aborted, match="nagerekend ligt de fout bij HOUDER2") as aborted:
        verified(table.opening, table.folder)
    assert (aborted.value.verdict.dealer.name, aborted.value.verdict.accuser.name) == ("HOUDER3", "HOUDER2")
    table.folder[rebuttal_name(2, 3)] = resign(table.folder[rebuttal_name(2, 3)], 3, klacht="x")
    with pytest.raises(Fault, match="weerwoord van HOUDER3"):
        verified(table.opening, table.folder)


@pytest.mark.parametrize("number", [2.0, True, None])
def test_a_number_that_is_written_as_another_kind_of_value_is_refused_though_python_finds_it_equal(
    number: object,
) -> None:
    table = play().up_to(Stage.REVEAL)
    said = statement(table.take_in(2), Stage.APPROVAL, KEYS[2], b"", table.seals[2])
    table.folder[Stage.APPROVAL.file(2)] = resign(said, 2, houder=number)
    with pytest.raises(Fault, match="is niet te lezen"):
        table.take_in(1)
    with pytest.raises(Fault, match="is niet te lezen"):
        parse_opening(resign(table.opening.data, 1, drempel=number))


def test_a_complaint_that_is_laid_beside_a_finished_ceremony_undoes_nothing() -> None:
    table = play().up_to(Stage.SIGNATURE)
    dealing = table.take_in(1).dealings[3]
    table.folder[complaint_name(2, 3)] = complain(dealing, 2, KEYS[2], secret(table, 2, 3)).data
    assert verified(table.opening, table.folder).keyset == table.records[1].keyset
    with pytest.raises(Fault, match="deze klacht telt niet"):
        table.take_in(1)


def test_signatures_of_nobody_beside_a_complaint_finish_no_ceremony() -> None:
    table = play().up_to(Stage.REVEAL)
    dealing = table.take_in(3).dealings[3]
    table.folder[complaint_name(2, 3)] = complain(dealing, 2, KEYS[2], secret(table, 2, 3)).data
    for stage in (Stage.APPROVAL, Stage.SIGNATURE):
        for index in KEYS:
            table.folder[stage.file(index)] = table.folder[Stage.REVEAL.file(index)]
    with pytest.raises(Fault):
        verified(table.opening, table.folder)


def test_the_session_after_a_complaint_shares_nothing_with_it() -> None:
    first, second = play().up_to(Stage.REVEAL), play(2).up_to(Stage.REVEAL)
    assert first.opening.session != second.opening.session
    with pytest.raises(Fault, match="andere sessie"):
        progress(Record(second.opening), first.folder, NOW)


def _of(table: Play, index: int, value: int) -> bytes:
    return distribute(
        table.records[index].round(index), KEYS[index], SecretScalar(value % ORDER), SOURCE
    ).data


def test_dealers_whose_parts_cancel_out_make_no_key() -> None:
    table = play()
    constant = SecretScalar.random(SOURCE)
    # Only all three together could do this, and then there is nobody to cheat.
    constants = [constant.reveal(), 5, ORDER - constant.reveal() - 5]
    for index, value in enumerate(constants, start=1):
        table.dealings[index] = _of(table, index, value)
    table.up_to(Stage.REVEAL)
    with pytest.raises(ThresholdError, match="heffen elkaar op"):
        bad_dealers(table.take_in(1), KEYS[1], table.seals[1])
    with pytest.raises(Waiting):
        require_complete(table.take_in(1), Stage.APPROVAL)
