# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about one dealer's distribution: its shares fit, everyone can check it, and a complaint can be judged by everyone."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from pseudonymisation import base64url, envelope
from pseudonymisation import dealing as dealing_module
from pseudonymisation.dealing import (
    BadShare,
    Dealing,
    Receiver,
    Round,
    added_commitments,
    added_shares,
    check_rebuttal,
    complain,
    distribute,
    judge,
    open_share,
    parse_complaint,
    parse_dealing,
    rebut,
)
from pseudonymisation.p256 import GENERATOR, ORDER, SecretScalar
from pseudonymisation.statement import Fault, OwnKeys, signed
from pseudonymisation.threshold import ThresholdError, lagrange_at_zero, split_among

SOURCE = random.Random(103).randbytes
KEYS = {index: OwnKeys.make(f"HOUDER{index}", SOURCE) for index in (1, 2, 3, 5)}
DEALER, STRANGER = KEYS[1], OwnKeys.make("VREEMD", SOURCE)
CONSTANT = SecretScalar.random(SOURCE)


# What each receiver made for the dealings of this session, by receiver.
SECRETS = {index: SecretScalar.random(SOURCE) for index in KEYS}


def receiver(index: int) -> Receiver:
    return Receiver(KEYS[index].party, SECRETS[index].public_point())


def round_of(indices: tuple[int, ...] = (1, 2, 3), threshold: int = 2, **changed: Any) -> Round:
    members = {"session": b"s" * 32, "transcript": b"t" * 32} | changed
    return Round(threshold=threshold, receivers={index: receiver(index) for index in indices}, **members)


ROUND = round_of()
DEALING = distribute(ROUND, DEALER, CONSTANT, SOURCE)


def interpolated(shares: dict[int, SecretScalar]) -> int:
    weights = lagrange_at_zero(shares)
    return sum(weights[index] * share.reveal() for index, share in shares.items()) % ORDER


@pytest.mark.parametrize(
    ("indices", "threshold"), [((1, 2, 3), 2), ((1, 2, 3), 3), ((2, 3, 5), 2), ((1, 2), 2)]
)
def test_any_quorum_of_receivers_has_the_constant_term_between_them(
    indices: tuple[int, ...], threshold: int
) -> None:
    round_ = round_of(indices, threshold)
    dealing = parse_dealing(distribute(round_, DEALER, CONSTANT, SOURCE).data, round_, DEALER.party)
    assert dealing.commitments[0] == CONSTANT.public_point()
    shares = {index: open_share(dealing, index, SECRETS[index]) for index in indices}
    for quorum in combinations(indices, threshold):
        assert interpolated({index: shares[index] for index in quorum}) == CONSTANT.reveal()
    for index, share in shares.items():
        assert dealing.committed(index) == share.public_point()


def test_the_shares_of_two_dealers_add_up_to_shares_of_the_sum() -> None:
    other = distribute(ROUND, KEYS[2], SecretScalar.random(SOURCE), SOURCE)
    own = {i: added_shares(open_share(one, i, SECRETS[i]) for one in (DEALING, other)) for i in (1, 2, 3)}
    commitments = added_commitments([DEALING, other])
    assert SecretScalar(interpolated({1: own[1], 3: own[3]})).public_point() == commitments[0]


def test_dealings_that_cancel_out_make_no_key() -> None:
    opposite = distribute(ROUND, KEYS[2], SecretScalar(ORDER - CONSTANT.reveal()), SOURCE)
    with pytest.raises(ThresholdError, match="heffen elkaar op"):
        added_commitments([DEALING, opposite])


def test_a_dealing_holds_no_share_and_not_the_constant() -> None:
    secrets = [CONSTANT, *(open_share(DEALING, index, SECRETS[index]) for index in ROUND.receivers)]
    for secret in secrets:
        assert base64url.encode(secret.to_bytes()).encode() not in DEALING.data
        assert str(secret.reveal()) not in repr(DEALING)


def test_a_receiver_does_not_open_the_share_of_another() -> None:
    with pytest.raises(BadShare):
        open_share(DEALING, 2, SECRETS[3])


def resigned(keys: OwnKeys = DEALER, **members: Any) -> bytes:
    """The dealing with members changed, signed again."""
    document = json.loads(DEALING.data) | members
    del document["handtekening"]
    return signed({name: value for name, value in document.items() if value is not None}, keys)


def with_sealed(index: int, sealed: bytes) -> bytes:
    """The dealing with another sealed share for one receiver."""
    parts = json.loads(DEALING.data)["deelaandelen"]
    parts[index - 1]["verzegeld"] = base64url.encode(sealed)
    return resigned(deelaandelen=parts)


PARTS = json.loads(DEALING.data)["deelaandelen"]
POINTS = json.loads(DEALING.data)["toezeggingen"]
ELSEWHERE = base64url.encode(GENERATOR.encode())

BAD_DEALINGS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "not_canonical": lambda: DEALING.data.replace(b",", b", "),
    "nested_too_deeply": lambda: b"[" * 100_000,
    "one_byte_changed": lambda: DEALING.data.replace(b'"drempel":2', b'"drempel":3'),
    "unsigned": lambda: DEALING.data.replace(b"handtekening", b"ondertekend"),
    "signed_by_another": lambda: resigned(KEYS[2]),
    "of_another_kind": lambda: resigned(formaat="signaalregister/klacht/v1"),
    "of_another_session": lambda: distribute(round_of(session=b"r" * 32), DEALER, CONSTANT, SOURCE).data,
    "after_another_opening": lambda: (
        distribute(round_of(transcript=b"r" * 32), DEALER, CONSTANT, SOURCE).data
    ),
    "for_other_receivers": lambda: distribute(round_of((1, 2, 5)), DEALER, CONSTANT, SOURCE).data,
    "with_another_threshold": lambda: distribute(round_of(threshold=3), DEALER, CONSTANT, SOURCE).data,
    "of_another_dealer_signed_anew": lambda: resigned(verdeler=KEYS[2].party.members()),
    "another_constant_without_proof": lambda: resigned(toezeggingen=[ELSEWHERE, POINTS[1]]),
    "another_slope": lambda: resigned(toezeggingen=[POINTS[0], ELSEWHERE]),
    "a_commitment_too_few": lambda: resigned(toezeggingen=POINTS[:1]),
    "a_commitment_too_many": lambda: resigned(toezeggingen=[*POINTS, ELSEWHERE]),
    "commitments_that_cancel_for_a_receiver": lambda: resigned(
        toezeggingen=[
            POINTS[0],
            base64url.encode(SecretScalar(ORDER - CONSTANT.reveal()).public_point().encode()),
        ]
    ),
    "a_commitment_off_the_curve": lambda: resigned(
        toezeggingen=[POINTS[0], base64url.encode(b"\x02" + bytes(32))]
    ),
    "no_proof_of_possession": lambda: resigned(bezit=None),
    "a_proof_of_zeros": lambda: resigned(bezit=base64url.encode(bytes(64))),
    "a_share_missing": lambda: resigned(deelaandelen=PARTS[:2]),
    "a_share_twice": lambda: resigned(deelaandelen=[*PARTS, PARTS[2]]),
    "a_share_for_nobody": lambda: resigned(deelaandelen=[*PARTS[:2], PARTS[2] | {"houder": 4}]),
    "a_number_that_is_a_boolean": lambda: resigned(deelaandelen=[PARTS[0] | {"houder": True}, *PARTS[1:]]),
    "a_share_that_nobody_could_open": lambda: with_sealed(2, bytes(65 + 32 + 16)),
    "a_share_too_short": lambda: with_sealed(2, DEALING.sealed[2][:-1]),
    "an_extra_member": lambda: resigned(opmerking="x"),
    "a_number_for_a_list": lambda: resigned(deelaandelen=7),
}


@pytest.mark.parametrize("name", BAD_DEALINGS)
def test_a_dealing_that_is_not_good_is_refused_and_its_dealer_named(name: str) -> None:
    with pytest.raises(Fault, match="HOUDER1") as refused:
        parse_dealing(BAD_DEALINGS[name](), ROUND, DEALER.party)
    assert refused.value.party == "HOUDER1"
    assert refused.value.way_forward


def test_a_polynomial_of_another_degree_is_refused_however_well_it_is_proven() -> None:
    """With one coefficient more, two receivers would not have the key between them, and each would find its share good."""
    sharing = split_among(CONSTANT, 3, ROUND.receivers, SOURCE)
    binding = ROUND.binding(DEALER.party, sharing.commitments)
    proof = dealing_module._prove(CONSTANT, binding, SOURCE)
    parts = [
        {
            "houder": index,
            "verzegeld": base64url.encode(
                envelope.seal(
                    sharing.shares[index].to_bytes(),
                    SECRETS[index].public_point(),
                    dealing_module._seal_info(binding, index),
                )
            ),
        }
        for index in ROUND.receivers
    ]
    points = [base64url.encode(point.encode()) for point in sharing.commitments]
    data = resigned(toezeggingen=points, bezit=base64url.encode(proof.to_bytes()), deelaandelen=parts)
    with pytest.raises(Fault, match="verdeling van HOUDER1 klopt niet"):
        parse_dealing(data, ROUND, DEALER.party)


def test_a_proof_of_possession_of_one_dealer_is_none_of_another() -> None:
    theirs = distribute(ROUND, KEYS[2], CONSTANT, SOURCE)
    stolen = resigned(bezit=json.loads(theirs.data)["bezit"])
    with pytest.raises(Fault, match="bewijst niet"):
        parse_dealing(stolen, ROUND, DEALER.party)


@cache
def bad_dealings() -> dict[str, Dealing]:
    """Dealings that everyone accepts, and in which receiver 2 got something else than was committed to."""
    other = SecretScalar.random(SOURCE).to_bytes()
    to, info = SECRETS[2].public_point(), DEALING.info(2)
    sealed = {
        "another_number": envelope.seal(other, to, info),
        "zero": envelope.seal(bytes(32), to, info),
        "sealed_to_another": envelope.seal(other, SECRETS[3].public_point(), info),
        "the_share_of_another": envelope.seal(open_share(DEALING, 3, SECRETS[3]).to_bytes(), to, info),
        "bound_to_another_receiver": envelope.seal(
            open_share(DEALING, 2, SECRETS[2]).to_bytes(), to, DEALING.info(3)
        ),
    }
    return {name: parse_dealing(with_sealed(2, one), ROUND, DEALER.party) for name, one in sealed.items()}


BAD_SHARES = (
    "another_number",
    "zero",
    "sealed_to_another",
    "the_share_of_another",
    "bound_to_another_receiver",
)


@pytest.mark.parametrize("name", BAD_SHARES)
def test_a_bad_share_is_noticed_and_a_complaint_about_it_convicts_the_dealer(name: str) -> None:
    dealing = bad_dealings()[name]
    for index in (1, 3):
        open_share(dealing, index, SECRETS[index])
    with pytest.raises(BadShare, match="HOUDER1 verzegelde voor HOUDER2"):
        open_share(dealing, 2, SECRETS[2])
    complaint = parse_complaint(complain(dealing, 2, KEYS[2], SECRETS[2]).data, dealing, 2)
    assert judge(complaint, dealing).guilty == DEALER.party
    with pytest.raises(Fault, match="daar is geen weerwoord op"):
        rebut(complaint, dealing, DEALER)


def test_a_false_complaint_convicts_its_receiver_and_the_dealer_can_show_it() -> None:
    complaint = parse_complaint(complain(DEALING, 2, KEYS[2], SECRETS[2]).data, DEALING, 2)
    verdict = judge(complaint, DEALING)
    assert (verdict.dealer, verdict.accuser, verdict.guilty) == (DEALER.party, KEYS[2].party, KEYS[2].party)
    check_rebuttal(rebut(complaint, DEALING, DEALER), complaint, DEALING)


def test_a_rebuttal_stands_for_its_own_complaint_and_with_the_right_share_only() -> None:
    complaint = complain(DEALING, 2, KEYS[2], SECRETS[2])
    good = rebut(complaint, DEALING, DEALER)
    members = json.loads(good)
    del members["handtekening"]
    wrong = base64url.encode(SecretScalar.random(SOURCE).to_bytes())
    guilty = bad_dealings()["another_number"]
    bad = {
        "signed_by_another": (signed(members, KEYS[3]), complaint, DEALING),
        "another_share": (signed(members | {"deelaandeel": wrong}, DEALER), complaint, DEALING),
        "another_complaint": (good, complain(DEALING, 3, KEYS[3], SECRETS[3]), DEALING),
        "of_a_guilty_dealer": (good, complain(guilty, 2, KEYS[2], SECRETS[2]), guilty),
    }
    for data, about, dealing in bad.values():
        with pytest.raises(Fault, match="HOUDER1"):
            check_rebuttal(data, about, dealing)


def test_a_complaint_that_proves_nothing_names_the_one_who_complained() -> None:
    guilty = bad_dealings()["another_number"]
    good = complain(guilty, 2, KEYS[2], SECRETS[2])
    members = json.loads(good.data)
    del members["handtekening"]
    other = base64url.encode(SECRETS[3].to_bytes())
    bad = {
        "signed_by_another": signed(members, KEYS[3]),
        "about_another_dealing": complain(DEALING, 2, KEYS[2], SECRETS[2]).data,
        "with_the_secret_of_another": signed(members | {"zegelgeheim": other}, KEYS[2]),
        "with_a_number_that_is_no_secret": signed(
            members | {"zegelgeheim": base64url.encode(bytes(32))}, KEYS[2]
        ),
        "without_secret": signed({k: v for k, v in members.items() if k != "zegelgeheim"}, KEYS[2]),
        "with_more": signed(members | {"reden": "x"}, KEYS[2]),
    }
    for data in bad.values():
        with pytest.raises(Fault) as refused:
            parse_complaint(data, guilty, 2)
        assert refused.value.party == "HOUDER2"


def test_a_complaint_does_not_open_what_another_dealer_sealed_to_its_receiver() -> None:
    own = SecretScalar.random(SOURCE)
    to_others = {**ROUND.receivers, 2: Receiver(KEYS[2].party, own.public_point())}
    other = distribute(replace(ROUND, receivers=to_others), KEYS[3], SecretScalar.random(SOURCE), SOURCE)
    assert open_share(other, 2, own).public_point() == other.committed(2)
    given = complain(DEALING, 2, KEYS[2], SECRETS[2]).secret
    with pytest.raises(BadShare):
        open_share(other, 2, given)


def test_a_complaint_shows_its_secret_in_its_file_only() -> None:
    complaint = complain(DEALING, 2, KEYS[2], SECRETS[2])
    assert str(complaint.secret.reveal()) not in repr(complaint)
    assert base64url.encode(SECRETS[2].to_bytes()).encode() in complaint.data


@pytest.mark.parametrize(("indices", "threshold"), [((1, 2, 3), 1), ((1, 2, 3), 4), ((1,), 2)])
def test_a_round_needs_a_threshold_that_makes_sense(indices: tuple[int, ...], threshold: int) -> None:
    with pytest.raises(ThresholdError):
        round_of(indices, threshold)


def test_two_receivers_of_one_name_or_one_key_are_refused() -> None:
    own, other = receiver(1), receiver(2)
    alike = [
        Receiver(replace(other.party, name=own.party.name), other.sealing),
        Receiver(replace(other.party, signing=own.party.signing), other.sealing),
        Receiver(other.party, own.sealing),
    ]
    for one in alike:
        with pytest.raises(ThresholdError):
            replace(ROUND, receivers={1: own, 2: one})


def test_a_broken_random_source_gives_two_dealings_two_nonces() -> None:
    def broken(count: int) -> bytes:
        return b"\x07" * count

    one = distribute(ROUND, DEALER, CONSTANT, broken)
    two = distribute(round_of(session=b"r" * 32), DEALER, CONSTANT, broken)
    # With one nonce the constant term would follow from s1 - s2 = (c2 - c1)·a.
    c = (two.possession.challenge - one.possession.challenge) % ORDER
    s = (one.possession.response - two.possession.response) % ORDER
    assert s * pow(c, -1, ORDER) % ORDER != CONSTANT.reveal()
