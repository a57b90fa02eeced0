# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the keys that shares are sealed to: of one session and one dealer, so a complaint in one session opens nothing of another."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from process.secret import Secret
from pseudonymisation import base64url, envelope
from pseudonymisation.ceremony import CeremonyError
from pseudonymisation.dealing import Complaint, Dealing, complain, judge, open_share, parse_complaint
from pseudonymisation.joint import Stage, bad_dealers, make_dealing, statement
from pseudonymisation.p256 import ORDER, SecretScalar
from pseudonymisation.sealing import SealingKeys, parse_sealing, sealing_file
from pseudonymisation.statement import signed
from pseudonymisation.threshold import canonical_json, lagrange_at_zero
from pseudonymisation.vault import KeyVault, LockError
from tests.pseudonymisation.passing_on import KEYS, SOURCE, Key, Table, key_of, resharing, rotation

VAULT = KeyVault(Secret(random.Random(41).randbytes(32)), SOURCE)
SESSION = b"s" * 32


# ---- A seal that is taken from another session ----------------------------------------------------------------------
#
# HOUDER2 was in a re-sharing that stopped after the reveal. In a rotation with the same parties it deals HOUDER3 what HOUDER1 sealed to
# HOUDER3 then. HOUDER3 finds a wrong share and complains in public. Did that open the seal of then, HOUDER2 would have two points of HOUDER1's
# polynomial, so its share, and with its own the key.


@pytest.fixture(scope="module")
def old() -> Key:
    return key_of(2, 3, random.Random(43))


def stopped(old: Key, seals: Mapping[int, SealingKeys] | None = None) -> Table:
    table = resharing(old, [1, 2], ["HOUDER1", "HOUDER2", "HOUDER3"], 2)
    table.seals |= _at(table, seals)
    return table.up_to(Stage.REVEAL)


def _at(table: Table, seals: Mapping[int, SealingKeys] | None) -> dict[int, SealingKeys]:
    session = table.opening.session
    return {number: replace(one, session=session) for number, one in (seals or {}).items()}


def complained(
    old: Key, first: Table, taken: str, seals: Mapping[int, SealingKeys] | None = None
) -> tuple[Complaint, Dealing]:
    """The public complaint of HOUDER3 in the later session, about what HOUDER2 took from the first."""
    table = rotation(old, [1, 2, 3])
    table.seals |= _at(table, seals)
    good = json.loads(make_dealing(table.seated().take_in(2), KEYS["HOUDER2"], SOURCE).data)
    del good["handtekening"]
    stolen = first.take_in(1).dealings[1].sealed[3]
    if taken == "enc":
        made = base64url.decode(good["deelaandelen"][2]["verzegeld"])
        stolen = stolen[: envelope.ENC_BYTES] + made[envelope.ENC_BYTES :]
    good["deelaandelen"][2]["verzegeld"] = base64url.encode(stolen)
    table.dealings[2] = signed(good, KEYS["HOUDER2"])
    table.up_to(Stage.REVEAL)
    record = table.take_in(3)
    assert bad_dealers(record, KEYS["HOUDER3"], table.seals_of(3)) == [2]
    said = complain(record.dealings[2], 3, KEYS["HOUDER3"], table.secret(3, 2)).data
    return parse_complaint(said, record.dealings[2], 3), record.dealings[2]


def key_from(complaint: Complaint, first: Table, old: Key) -> SecretScalar:
    """What HOUDER2 makes of it: the key, if the complaint opens the seal of the first session."""
    dealing = first.take_in(2).dealings[1]
    opened = envelope.unseal(dealing.sealed[3], complaint.secret, dealing.info(3))
    own = open_share(dealing, 2, first.secret(2, 1))
    weights = lagrange_at_zero([2, 3])
    term = weights[2] * own.reveal() + weights[3] * int.from_bytes(opened, "big")
    mine = lagrange_at_zero([1, 2])[2] * old.shares[2].secret.reveal()
    return SecretScalar((term + mine) % ORDER)


@pytest.mark.parametrize("taken", ["seal", "enc"])
def test_a_seal_of_another_session_that_is_dealt_again_is_not_opened_by_the_complaint_about_it(
    old: Key, taken: str
) -> None:
    first = stopped(old)
    complaint, dealing = complained(old, first, taken)
    assert judge(complaint, dealing).guilty.name == "HOUDER2"
    with pytest.raises(envelope.Unopenable):
        key_from(complaint, first, old)


def test_with_a_sealing_key_that_was_used_before_that_complaint_would_give_the_key(old: Key) -> None:
    """Why nobody uses one twice; and that the test above looks for the right thing."""
    again, others = SecretScalar.random(SOURCE), [SecretScalar.random(SOURCE) for _other in range(4)]
    before = SealingKeys(SESSION, {1: again, 2: others[0]})
    later = SealingKeys(SESSION, {1: others[1], 2: again, 3: others[2], 4: others[3]})
    first = stopped(old, {3: before})
    complaint, _dealing = complained(old, first, "seal", {3: later})
    assert key_from(complaint, first, old).public_point() == old.keyset.key


def test_what_one_dealer_took_from_another_of_the_same_session_is_not_opened_either(old: Key) -> None:
    table = rotation(old, [1, 2, 3]).up_to(Stage.REVEAL)
    dealings = table.take_in(3).dealings
    given = complain(dealings[2], 3, KEYS["HOUDER3"], table.secret(3, 2)).secret
    with pytest.raises(envelope.Unopenable):
        envelope.unseal(dealings[1].sealed[3], given, dealings[1].info(3))


# ---- The keys themselves --------------------------------------------------------------------------------------------


def test_no_two_sessions_parties_or_dealers_have_a_sealing_key_in_common(old: Key) -> None:
    tables = [rotation(old, [1, 2, 3]).seated() for _session in range(2)]
    shown = [
        point for table in tables for public in table.take_in(1).sealing.values() for point in public.values()
    ]
    assert len(set(shown)) == len(shown) == 2 * 4 * 4


def test_sealing_keys_are_read_back_from_their_locked_file() -> None:
    keys = SealingKeys.make(SESSION, (1, 2, 4), SOURCE)
    data = sealing_file(keys, VAULT)
    found = parse_sealing(data, SESSION, VAULT)
    assert {dealer: one.reveal() for dealer, one in found.by_dealer.items()} == {
        dealer: one.reveal() for dealer, one in keys.by_dealer.items()
    }
    for one in keys.by_dealer.values():
        assert one.to_bytes() not in data
        assert base64url.encode(one.to_bytes()).encode() not in data
    assert str(keys.by_dealer[1].reveal()) not in repr(keys)


def test_a_file_of_sealing_keys_of_another_session_is_refused() -> None:
    data = sealing_file(SealingKeys.make(SESSION, (1, 2), SOURCE), VAULT)
    with pytest.raises(CeremonyError, match="horen bij een andere sessie") as refused:
        parse_sealing(data, b"r" * 32, VAULT)
    assert refused.value.way_forward
    renamed = json.loads(data) | {"sessie": base64url.encode(b"r" * 32)}
    with pytest.raises(LockError):
        parse_sealing(canonical_json(renamed), b"r" * 32, VAULT)


@pytest.mark.parametrize("dealers", [(1, 2), (1, 2, 3)])
def test_sealing_keys_whose_public_halves_were_changed_are_refused(dealers: tuple[int, ...]) -> None:
    data = json.loads(sealing_file(SealingKeys.make(SESSION, (1, 2), SOURCE), VAULT))
    other = json.loads(sealing_file(SealingKeys.make(SESSION, dealers, SOURCE), VAULT))
    with pytest.raises(CeremonyError):
        parse_sealing(canonical_json(data | {"zegelsleutels": other["zegelsleutels"]}), SESSION, VAULT)


def test_what_is_no_file_of_sealing_keys_is_told_in_words() -> None:
    for data in (b"", b"{}\n", b"[" * 100_000):
        with pytest.raises(CeremonyError, match="zegelsleutels van deze sessie klopt niet"):
            parse_sealing(data, SESSION, VAULT)


def test_a_party_does_not_work_with_sealing_keys_of_another_session(old: Key) -> None:
    table, other = rotation(old, [1, 2]).up_to(Stage.REVEAL), rotation(old, [1, 2]).seated()
    with pytest.raises(ValueError, match="of one session"):
        bad_dealers(table.take_in(3), KEYS["REGISTER"], other.seals_of(3))
    with pytest.raises(ValueError, match="of one session"):
        statement(table.take_in(3), Stage.SEALING, KEYS["REGISTER"], b"", other.seals_of(3))
