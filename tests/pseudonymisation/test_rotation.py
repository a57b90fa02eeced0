# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about rotation: K' = ρK, stored pseudonyms go along, and neither ρ nor an old share is of use to anyone afterwards."""

import json
import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from process.secret import Secret
from pseudonymisation.ceremony import CeremonyError, check_holder_share
from pseudonymisation.dealing import complain, judge, parse_complaint
from pseudonymisation.joint import (
    Aborted,
    Stage,
    bad_dealers,
    complaint_name,
    statement,
    verified,
)
from pseudonymisation.opening import parse_opening
from pseudonymisation.oprf import InvalidProof, Mode, evaluate
from pseudonymisation.p256 import ORDER, Point, SecretScalar
from pseudonymisation.rotation import (
    check_factor,
    check_same_key,
    factor_file,
    read_factor,
    scale,
    scaled_keyset,
)
from pseudonymisation.statement import Fault, signed
from pseudonymisation.threshold import Evaluation, combine, lagrange_at_zero
from pseudonymisation.vault import KeyVault, LockError
from tests.pseudonymisation.passing_on import KEYS, SOURCE, Key, Table, key_of, resharing, rotation

ASKED = [Mode.VOPRF.hash_to_group(name.encode()) for name in ("een", "twee", "drie")]
VAULT = KeyVault(Secret(random.Random(3).randbytes(32)), SOURCE)


def pseudonyms(key: Key, quorum: tuple[int, ...]) -> tuple[Point, ...]:
    answers = [
        Evaluation(i, key.keyset.epoch, tuple(evaluate(key.shares[i].secret, point) for point in ASKED))
        for i in quorum
    ]
    return combine(key.keyset, answers)


def rotated(key: Key, dealers: list[int]) -> tuple[Table, Key]:
    """The scaled key of those who took part, and its re-sharing to the same."""
    table = rotation(key, dealers).up_to(Stage.SIGNATURE)
    scaled = table.outcome()
    receivers = [f"HOUDER{i}" for i in range(1, key.keyset.size + 1)]
    fresh = resharing(scaled, dealers, receivers, key.keyset.threshold).up_to(Stage.SIGNATURE).outcome()
    return table, fresh


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([(2, 2), (2, 3), (3, 4)]), st.booleans())
def test_every_stored_pseudonym_times_the_factor_is_what_the_new_holders_evaluate(
    seed: int,
    sizes: tuple[int, int],
    everyone: bool,  # noqa: FBT001 - drawn
) -> None:
    threshold, size = sizes
    old = key_of(threshold, size, random.Random(seed))
    dealers = list(range(1, size + 1 if everyone else threshold + 1))
    table, fresh = rotated(old, dealers)
    stored = pseudonyms(old, tuple(dealers))
    moved = [table.factor().value.times(point) for point in stored]
    encoded = table.factor().value.times_all([point.encode() for point in stored])
    assert encoded == [point.encode() for point in moved]
    for quorum in combinations(fresh.shares, threshold):
        assert list(pseudonyms(fresh, quorum)) == moved
    assert not set(moved) & set(stored)


@pytest.fixture(scope="module")
def old() -> Key:
    return key_of(2, 3, random.Random(21))


@pytest.fixture(scope="module")
def done(old: Key) -> tuple[Table, Key]:
    return rotated(old, [1, 2, 3])


def test_the_factor_is_the_sum_of_parts_of_which_none_is_the_factor(done: tuple[Table, Key]) -> None:
    table, _fresh = done
    parts = [dealing.commitments[0] for dealing in table.take_in(1).dealings.values()]
    assert len(parts) == 4
    factor = table.factor().value
    assert factor.public_point() not in parts
    # Everyone of the ceremony has the same one, and the files alone do not give it.
    assert factor.to_bytes() not in b"".join(table.folder.values())


def test_old_shares_are_useless_with_new_ones_also_times_the_factor(
    old: Key, done: tuple[Table, Key]
) -> None:
    table, fresh = done
    factor = table.factor().value.reveal()
    for i, j in [(i, j) for i in old.shares for j in fresh.shares if i != j]:
        weights = lagrange_at_zero([i, j])
        for value in (old.shares[i].secret.reveal(), old.shares[i].secret.reveal() * factor % ORDER):
            mixed = (weights[i] * value + weights[j] * fresh.shares[j].secret.reveal()) % ORDER
            assert SecretScalar(mixed).public_point() not in {old.keyset.key, fresh.keyset.key}
    for share in old.shares.values():
        with pytest.raises(CeremonyError):
            check_holder_share(share, fresh.keyset)


def test_a_scaled_share_is_of_no_keyset_that_anybody_works_with(done: tuple[Table, Key]) -> None:
    table, fresh = done
    for share in table.outcome().shares.values():
        with pytest.raises(CeremonyError):
            check_holder_share(share, fresh.keyset)


def test_anyone_checks_that_the_new_key_is_the_old_one_times_what_was_dealt(
    old: Key, done: tuple[Table, Key]
) -> None:
    table, fresh = done
    record = verified(parse_opening(table.opening.data), table.folder)
    check_factor(table.factor().value, old.keyset, record.keyset)
    check_same_key(record.keyset, fresh.keyset)
    for wrong in (old.keyset, replace(fresh.keyset, epoch=record.keyset.epoch)):
        with pytest.raises(CeremonyError):
            check_same_key(record.keyset, wrong)


def test_another_factor_has_no_proof(old: Key) -> None:
    factor, other = SecretScalar(1234567), SecretScalar(7654321)
    scaling = scale(old.keyset, factor)
    assert scaled_keyset(old.keyset, scaling, factor.public_point()).epoch == old.keyset.epoch + 1
    assert scaling == scale(old.keyset, factor)
    with pytest.raises(InvalidProof):
        scaled_keyset(old.keyset, scaling, other.public_point())
    partly = replace(scaling, commitments=(scaling.commitments[0], other.times(old.keyset.commitments[1])))
    with pytest.raises(InvalidProof):
        scaled_keyset(old.keyset, partly, factor.public_point())
    with pytest.raises(CeremonyError, match="maal de rotatiefactor"):
        check_factor(other, old.keyset, scaled_keyset(old.keyset, scaling, factor.public_point()))


def test_an_approval_of_another_keyset_is_refused_and_named(old: Key) -> None:
    table = rotation(old, [1, 2]).up_to(Stage.REVEAL)
    table.send(Stage.APPROVAL, 2)
    members = json.loads(table.folder[Stage.APPROVAL.file(2)])
    del members["handtekening"]
    members |= scale(old.keyset, SecretScalar(99)).members()
    table.folder[Stage.APPROVAL.file(2)] = signed(members, KEYS["HOUDER2"])
    with pytest.raises(Fault, match="HOUDER2 bewijst niet"):
        table.take_in(1)


def test_a_party_makes_the_same_approval_every_time(old: Key) -> None:
    table = rotation(old, [1, 2]).up_to(Stage.SIGNATURE)
    for number in (1, 2, 3):
        again = statement(
            table.take_in(number), Stage.APPROVAL, table.keys(number), b"", table.seals_of(number)
        )
        assert again == table.folder[Stage.APPROVAL.file(number)]


def test_a_part_that_does_not_open_is_a_complaint_that_everyone_judges(old: Key) -> None:
    table = rotation(old, [1, 2])
    good = table.up_to(Stage.COMMITMENT).dealings[2]
    members = json.loads(good)
    del members["handtekening"]
    members["deelaandelen"][2]["verzegeld"] = members["deelaandelen"][0]["verzegeld"]
    table.folder = {name: data for name, data in table.folder.items() if name.startswith("zegelsleutel")}
    table.records.clear()
    table.dealings[2] = signed(members, KEYS["HOUDER2"])
    table.up_to(Stage.REVEAL)
    record = table.take_in(3)
    assert bad_dealers(record, KEYS["REGISTER"], table.seals_of(3)) == [2]
    complaint = complain(record.dealings[2], 3, KEYS["REGISTER"], table.secret(3, 2))
    assert (
        judge(parse_complaint(complaint.data, record.dealings[2], 3), record.dealings[2]).guilty.name
        == "HOUDER2"
    )
    table.folder[complaint_name(3, 2)] = complaint.data
    with pytest.raises(Aborted, match="HOUDER2"):
        statement(table.take_in(1), Stage.APPROVAL, table.keys(1))


def test_the_register_reads_its_factor_back_only_with_its_lock_and_its_two_keysets(
    old: Key, done: tuple[Table, Key]
) -> None:
    table, fresh = done
    scaled = table.outcome().keyset
    data = factor_file(table.factor(), VAULT)
    assert table.factor().value.to_bytes() not in data
    assert read_factor(data, old.keyset, scaled, VAULT).value == table.factor().value
    other = KeyVault(Secret(random.Random(4).randbytes(32)), SOURCE)
    with pytest.raises(LockError):
        read_factor(data, old.keyset, scaled, other)
    for before, after in ((scaled, scaled), (old.keyset, fresh.keyset), (fresh.keyset, old.keyset)):
        with pytest.raises(CeremonyError, match="hoort niet bij"):
            read_factor(data, before, after, VAULT)
    with pytest.raises(CeremonyError, match="niet te lezen"):
        read_factor(b"{}\n", old.keyset, scaled, VAULT)
