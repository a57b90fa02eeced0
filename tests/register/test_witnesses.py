# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How the witnesses stand, in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from audit.cosignature import NOBODY, Cosigner, PolicyWitness, WitnessPolicy
from process.secret import Secret
from register.witnesses import ACCUSES, Heard, Said, Witnessing

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PATIENCE = timedelta(minutes=10)
KEYS = [Cosigner(f"fg{n}.example", Secret(bytes([n]) + bytes(range(31)))).witness for n in (1, 2, 3)]
POLICY = WitnessPolicy(tuple(PolicyWitness(f"fg{n}", key) for n, key in enumerate(KEYS, 1)), 2)
WELL = Witnessing(
    POLICY, 20, ("fg1", "fg2"), 20, NOW, {f"fg{n}": Heard(Said.CONFIRMED, NOW, 20, NOW) for n in (1, 2)}
)
SHORT = replace(WELL, size=25, signed=("fg1",))


def test_with_enough_witnesses_there_is_nothing_to_tell_however_old_the_checkpoint() -> None:
    assert WELL.enough
    assert WELL.worries(NOW + timedelta(days=30), PATIENCE) == []


def test_too_few_are_told_after_the_patience_and_not_before() -> None:
    assert SHORT.worries(NOW + PATIENCE, PATIENCE) == []
    (worry,) = SHORT.worries(NOW + PATIENCE + timedelta(seconds=1), PATIENCE)
    assert worry == (
        "1 van de 3 getuigen bevestigden het nieuwste controlepunt (25 bladen); 2 zijn er nodig. "
        "De eerste 20 bladen zijn door genoeg getuigen bevestigd. Het ontbreekt aan: fg2, fg3."
    )


def test_a_quorum_that_never_was_is_counted_from_when_witnesses_were_first_known() -> None:
    never = replace(
        SHORT, signed=(), enough_size=None, enough_at=None, heard={"fg1": Heard(Said.NOTHING, NOW)}
    )
    assert not never.lacking(NOW + PATIENCE, PATIENCE)
    assert never.lacking(NOW + 2 * PATIENCE, PATIENCE)


@pytest.mark.parametrize("said", sorted(ACCUSES))
def test_one_witness_that_accuses_the_log_is_told_at_once_though_enough_others_vouch(said: Said) -> None:
    accused = replace(WELL, heard={**WELL.heard, "fg3": Heard(said, NOW, 12, NOW, 30)})
    (worry,) = accused.worries(NOW, PATIENCE)
    assert "Getuige fg3" in worry
    assert worry != replace(WELL, heard={"fg3": Heard(Said.AWAY, NOW, 12)}).told("fg3")


@pytest.mark.parametrize("said", Said)
def test_whatever_a_witness_said_is_one_sentence_with_its_name(said: Said) -> None:
    told = replace(WELL, heard={"fg3": Heard(said, NOW, 12, NOW, 30)}).told("fg3")
    assert told.startswith("Getuige fg3 ")
    assert told.endswith(".")
    assert "{" not in told


def test_what_it_says_differs_for_everything_a_witness_can_say() -> None:
    said = {replace(WELL, heard={"fg3": Heard(one, NOW, 12, NOW, 30)}).told("fg3") for one in Said}
    assert len(said) == len(Said)


def test_without_witnesses_or_a_checkpoint_that_is_what_is_said() -> None:
    nobody = replace(WELL, policy=NOBODY, signed=(), heard={})
    assert "nog geen getuigen" in nobody.sentence()
    assert not nobody.lacking(NOW + timedelta(days=1), PATIENCE)
    assert "nog geen controlepunt" in replace(WELL, size=None, signed=(), enough_size=None).sentence()
