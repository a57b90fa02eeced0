# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about dealing a key anew: pseudonyms stay, shares of before and after do not mix, and a dealer that deals anything else is caught."""

import json
import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pseudonymisation.ceremony import CeremonyError, check_holder_share, check_usable, parse_keyset
from pseudonymisation.dealing import complain, distribute, judge, objection, parse_complaint
from pseudonymisation.joint import (
    Objected,
    Record,
    Stage,
    Waiting,
    bad_dealers,
    complaint_name,
    make_dealing,
    progress,
    statement,
    verified,
)
from pseudonymisation.opening import Before, Proposal, Purpose, open_ceremony, parse_opening
from pseudonymisation.oprf import Mode, evaluate
from pseudonymisation.p256 import ORDER, Point, SecretScalar
from pseudonymisation.statement import Fault, signed
from pseudonymisation.threshold import (
    Evaluation,
    Origin,
    ThresholdError,
    combine,
    lagrange_at_zero,
    split_among,
)
from tests.pseudonymisation.passing_on import KEYS, NOW, SOURCE, UNTIL, Key, Table, key_of, resharing

P = Mode.VOPRF.hash_to_group(b"iemand")


def pseudonym(key: Key, quorum: tuple[int, ...]) -> Point:
    """What a node gets for one match key from these holders."""
    answers = [Evaluation(i, key.keyset.epoch, (evaluate(key.shares[i].secret, P),)) for i in quorum]
    return combine(key.keyset, answers)[0]


def interpolated(points: dict[int, int]) -> SecretScalar:
    weights = lagrange_at_zero(points)
    return SecretScalar(sum(weights[i] * value for i, value in points.items()) % ORDER)


@st.composite
def plans(draw: st.DrawFn) -> tuple[int, int, list[int], list[str], int, int]:
    size = draw(st.integers(2, 4))
    threshold = draw(st.integers(2, size))
    dealers = draw(st.sets(st.integers(1, size), min_size=threshold, max_size=size))
    receivers = draw(st.permutations([f"HOUDER{i}" for i in range(1, 7)]))[: draw(st.integers(2, 5))]
    new = draw(st.integers(2, len(receivers)))
    return threshold, size, sorted(dealers), receivers, new, draw(st.integers(0, 2**32))


@settings(max_examples=8, deadline=None)
@given(plans())
def test_every_new_quorum_evaluates_as_every_old_one_did(
    plan: tuple[int, int, list[int], list[str], int, int],
) -> None:
    threshold, size, dealers, receivers, new, seed = plan
    old = key_of(threshold, size, random.Random(seed))
    fresh = resharing(old, dealers, receivers, new).up_to(Stage.SIGNATURE).outcome()
    assert parse_keyset(fresh.keyset.canonical()) == fresh.keyset
    assert (fresh.keyset.key, fresh.keyset.epoch) == (old.keyset.key, old.keyset.epoch + 1)
    assert (fresh.keyset.threshold, fresh.keyset.size) == (new, len(receivers))
    expected = pseudonym(old, tuple(dealers))
    for quorum in combinations(fresh.shares, new):
        assert pseudonym(fresh, quorum) == expected
    for share in fresh.shares.values():
        check_holder_share(share, fresh.keyset)
        with pytest.raises(CeremonyError):
            check_holder_share(share, old.keyset)
    check_usable(fresh.keyset, "pilot")


@pytest.fixture(scope="module")
def old() -> Key:
    return key_of(2, 3, random.Random(11))


@pytest.fixture(scope="module")
def fresh(old: Key) -> Key:
    """Holders 1 and 3 deal; 2 was lost, and 4 takes its place."""
    return resharing(old, [1, 3], ["HOUDER1", "HOUDER4", "HOUDER3"], 2).up_to(Stage.SIGNATURE).outcome()


def test_one_share_of_before_and_one_of_after_do_not_give_the_key(old: Key, fresh: Key) -> None:
    for before in old.shares.values():
        for after in fresh.shares.values():
            if before.holder == after.holder:
                assert before.secret != after.secret
                continue
            points = {before.holder: before.secret.reveal(), after.holder: after.secret.reveal()}
            assert interpolated(points).public_point() != old.keyset.key
    both = {i: share.secret.reveal() for i, share in list(fresh.shares.items())[:2]}
    assert interpolated(both).public_point() == old.keyset.key


def test_answers_of_two_epochs_are_not_combined(old: Key, fresh: Key) -> None:
    mixed = [
        Evaluation(1, old.keyset.epoch, (evaluate(old.shares[1].secret, P),)),
        Evaluation(2, fresh.keyset.epoch, (evaluate(fresh.shares[2].secret, P),)),
    ]
    for keyset in (old.keyset, fresh.keyset):
        with pytest.raises(ThresholdError, match="epoch"):
            combine(keyset, mixed)
    # Also one that lies about its epoch does not get by unseen: its proof is under another key.
    assert old.shares[1].secret.public_point() != fresh.keyset.holders[1]


def test_what_a_dealer_made_stays_what_a_dealer_made(old: Key) -> None:
    dealt = replace(old.keyset, origin=Origin.DEALT)
    shares = {i: replace(one, fingerprint=dealt.fingerprint) for i, one in old.shares.items()}
    fresh = (
        resharing(Key(dealt, shares), [1, 2], ["HOUDER1", "HOUDER2", "HOUDER3"], 2)
        .up_to(Stage.SIGNATURE)
        .outcome()
    )
    assert fresh.keyset.origin is Origin.DEALT
    with pytest.raises(CeremonyError, match="deler"):
        check_usable(fresh.keyset, "pilot")


@pytest.fixture
def table(old: Key) -> Table:
    return resharing(old, [1, 2], ["HOUDER1", "HOUDER2", "HOUDER3"], 2)


def test_anyone_checks_a_finished_re_sharing_without_a_secret(table: Table) -> None:
    table.up_to(Stage.SIGNATURE)
    record = verified(parse_opening(table.opening.data), table.folder)
    assert record.keyset == table.outcome().keyset


def test_an_objection_that_is_laid_beside_a_finished_re_sharing_undoes_nothing(table: Table) -> None:
    table.up_to(Stage.SIGNATURE)
    dealing = table.take_in(1).dealings[1]
    table.folder[complaint_name(3, 1)] = objection(dealing, 3, KEYS["HOUDER3"])
    assert verified(table.opening, table.folder).keyset == table.records[1].keyset


def test_a_dealer_that_deals_anything_but_its_share_is_named(table: Table) -> None:
    round_ = table.seated().take_in(2).round(2)
    other = distribute(round_, KEYS["HOUDER2"], SecretScalar(4711), SOURCE)
    table.dealings[2] = other.data
    table.up_to(Stage.COMMITMENT)
    table.send(Stage.REVEAL, 1)
    table.send(Stage.REVEAL, 2)
    with pytest.raises(Fault, match="HOUDER2 verdeelt iets anders dan haar aandeel"):
        table.take_in(1)


def test_the_unweighted_share_is_not_what_a_dealer_deals(table: Table, old: Key) -> None:
    raw = distribute(table.seated().take_in(2).round(2), KEYS["HOUDER2"], old.shares[2].secret, SOURCE)
    table.dealings[2] = raw.data
    table.up_to(Stage.REVEAL)
    with pytest.raises(Fault, match="HOUDER2 verdeelt iets anders"):
        table.take_in(1)


@pytest.mark.parametrize("which", ["none", "of another holder", "of another epoch"])
def test_a_dealer_does_not_deal_a_share_that_is_not_its_own_of_before(
    table: Table, old: Key, fresh: Key, which: str
) -> None:
    share = {"none": None, "of another holder": old.shares[3], "of another epoch": fresh.shares[2]}[which]
    with pytest.raises(CeremonyError):
        make_dealing(table.seated().take_in(2), KEYS["HOUDER2"], SOURCE, share)


def test_who_only_receives_deals_nothing_and_who_leaves_receives_nothing(old: Key) -> None:
    table = resharing(old, [1, 2], ["HOUDER3", "HOUDER4", "HOUDER1"], 2)
    with pytest.raises(CeremonyError, match="verdeelt niets"):
        make_dealing(table.seated().take_in(2), KEYS["HOUDER4"], SOURCE, None)
    fresh = table.up_to(Stage.SIGNATURE).outcome()
    assert set(fresh.shares) == {1, 2, 3}
    assert bad_dealers(table.take_in(4), KEYS["HOUDER2"], None) == []


# ---- A share that is not good ---------------------------------------------------------------------------------------


def cheated(table: Table, old: Key) -> Table:
    """HOUDER1 deals HOUDER3 another number than it committed to."""
    constant = table.opening.term(1, old.shares[1].secret)
    good = distribute(
        table.seated().take_in(1).round(1), KEYS["HOUDER1"], constant, random.Random(5).randbytes
    )
    members = json.loads(good.data)
    del members["handtekening"]
    # The seal that was made for receiver 2 does not open for receiver 3.
    members["deelaandelen"][2]["verzegeld"] = members["deelaandelen"][1]["verzegeld"]
    table.dealings[1] = signed(members, KEYS["HOUDER1"])
    return table.up_to(Stage.REVEAL)


def test_an_objection_ends_the_session_names_both_and_opens_nothing(table: Table, old: Key) -> None:
    cheated(table, old)
    record = table.take_in(3)
    assert bad_dealers(record, KEYS["HOUDER3"], table.seals_of(3)) == [1]
    said = objection(record.dealings[1], 3, KEYS["HOUDER3"])
    table.folder[complaint_name(3, 1)] = said
    for number in (1, 2, 3):
        with pytest.raises(Objected, match="HOUDER3 kreeg van HOUDER1"):
            statement(table.take_in(number), Stage.APPROVAL, table.keys(number))
    with pytest.raises(Objected):
        verified(table.opening, table.folder)
    assert set(json.loads(said)) == {
        "formaat",
        "sessie",
        "verdeler",
        "ontvanger",
        "houder",
        "verdeling",
        "handtekening",
    }


def test_the_evidence_of_an_objection_convinces_whoever_it_is_shown_to(table: Table, old: Key) -> None:
    cheated(table, old)
    dealings = table.take_in(3).dealings
    for dealer, guilty in ((1, "HOUDER1"), (2, "HOUDER3")):
        evidence = complain(dealings[dealer], 3, KEYS["HOUDER3"], table.secret(3, dealer)).data
        verdict = judge(parse_complaint(evidence, dealings[dealer], 3), dealings[dealer])
        assert verdict.guilty.name == guilty


def test_evidence_in_the_shared_folder_is_not_taken_for_an_objection(table: Table) -> None:
    table.up_to(Stage.REVEAL)
    dealing = table.take_in(3).dealings[1]
    table.folder[complaint_name(3, 1)] = complain(dealing, 3, KEYS["HOUDER3"], table.secret(3, 1)).data
    with pytest.raises(Fault):
        table.take_in(2)


def test_an_objection_by_another_or_about_another_dealing_is_refused(table: Table) -> None:
    table.up_to(Stage.REVEAL)
    dealings = table.take_in(3).dealings
    for bad in (objection(dealings[1], 3, KEYS["HOUDER2"]), objection(dealings[2], 3, KEYS["HOUDER3"])):
        offered = {**table.folder, complaint_name(3, 1): bad}
        with pytest.raises(Fault):
            progress(Record(table.opening), offered, NOW)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_one_share_of_each_of_two_sessions_leaves_the_term_anything(seed: int) -> None:
    """Why nothing is lost with a session that stopped: for any term there are two polynomials with these two values."""
    source = random.Random(seed)
    term = SecretScalar.random(source.randbytes)
    seen = [split_among(term, 2, [1, 2, 3], source.randbytes).shares[3].reveal() for _session in range(2)]
    other = SecretScalar.random(source.randbytes).reveal()
    slopes = [(value - other) * pow(3, -1, ORDER) % ORDER for value in seen]
    assert [(other + slope * 3) % ORDER for slope in slopes] == seen


# ---- What an opening may not say ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "receivers", "why"),
    [
        ({1: 1}, 3, "fewer than the old threshold"),
        ({1: 1, 2: 1}, 3, "one old holder twice"),
        ({1: 1, 2: 4}, 3, "no holder of before"),
        ({1: 1, 2: 2}, 2, "somebody without a part"),
        ({1: 1, 4: 2}, 3, "nobody"),
    ],
)
def test_an_opening_of_a_re_sharing_that_makes_no_sense_is_refused(
    old: Key, was: dict[int, int], receivers: int, why: str
) -> None:
    parties = [KEYS[f"HOUDER{i}"].party for i in (1, 2, 3)]
    before = Before(Purpose.RESHARING, old.keyset, was, receivers)
    with pytest.raises((Fault, ThresholdError)):
        open_ceremony(Proposal("signaal", "pilot", 2, parties, UNTIL, before), KEYS["HOUDER1"], NOW, SOURCE)
    assert why


def test_a_re_sharing_does_not_change_what_the_keyset_is_for(old: Key) -> None:
    parties = [KEYS[f"HOUDER{i}"].party for i in (1, 2, 3)]
    before = Before(Purpose.RESHARING, old.keyset, {1: 1, 2: 2}, 3)
    for name, profile in (("statistiek", "pilot"), ("signaal", "oefening")):
        with pytest.raises(Fault):
            open_ceremony(Proposal(name, profile, 2, parties, UNTIL, before), KEYS["HOUDER1"], NOW, SOURCE)


def test_nobody_signs_before_every_new_holder_approved(table: Table) -> None:
    table.up_to(Stage.REVEAL)
    table.send(Stage.APPROVAL, 1)
    table.send(Stage.APPROVAL, 2)
    with pytest.raises(Waiting, match="HOUDER3"):
        statement(table.take_in(1), Stage.SIGNATURE, KEYS["HOUDER1"])
