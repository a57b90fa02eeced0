# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from audit.bundle import Bundle, BundleError, ExportedEntry, bundle_from_json, bundle_json
from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.cosignature import Cosigner, PolicyWitness, WitnessPolicy
from audit.merkle import EMPTY_ROOT
from audit.note import Signer, add_signatures
from audit.tlog_proof import TlogProof
from audit.trail import Receipt, make_receipt
from audit.verify import Outcome, Own, SourceError, Verdict, verify_bundle, verify_log, verify_proof
from process.secret import Secret

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
STRANGER = Signer("vreemd.example", Secret(bytes(range(2, 34))))


@pytest.fixture
def bundle(small_log: Any) -> Bundle:
    made: Bundle = small_log.bundle([0, 2, 3], "GM0344")
    return made


def failures(verdict: Verdict) -> list[str]:
    return [step.sentence for step in verdict.steps if step.outcome is Outcome.FAILED]


def judge(bundle: Bundle, log: Any) -> Verdict:
    return verify_bundle(bundle, log=log.signer.verifier, receipts=[log.receipts.verifier])


def test_a_true_export_is_approved_in_numbered_steps(bundle: Bundle, small_log: Any) -> None:
    verdict = judge(bundle, small_log)
    assert verdict.verified
    assert [str(step) for step in verdict.steps[:6]] == [
        "1. [goed] Het controlepunt van logboek log.example/eerste over 5 bladen is door het logboek ondertekend.",
        "2. [niet nagegaan] Er zijn geen getuigen genoemd, dus is niet nagegaan of anderen hetzelfde logboek hebben gezien.",
        "3. [goed] Alle 5 bladen zijn nagerekend en leiden naar de wortel van het controlepunt.",
        "4. [goed] Alles wat bij het eerdere controlepunt (2 bladen) in het logboek stond, staat er nog.",
        "5. [goed] Blad 0 staat in het logboek.",
        "6. [goed] Het ontvangstbewijs van blad 0 klopt.",
    ]
    assert [step.number for step in verdict.steps] == list(range(1, 14))
    assert {step.outcome for step in verdict.steps if step.number != 2} == {Outcome.PASSED}


def test_an_export_survives_being_written_and_read(bundle: Bundle) -> None:
    assert bundle_from_json(json.loads(json.dumps(bundle_json(bundle)))) == bundle


def test_a_key_from_the_export_itself_is_named_as_such(bundle: Bundle) -> None:
    verdict = verify_bundle(bundle)
    assert verdict.verified
    said = [step.sentence for step in verdict.steps if step.outcome is Outcome.SKIPPED]
    assert ["komt uit de uitvoer zelf" in sentence for sentence in said] == [True, False, True]


def test_what_an_export_lacks_is_said(bundle: Bundle, small_log: Any) -> None:
    verdict = judge(replace(bundle, leaves=None, earlier=None, consistency=()), small_log)
    assert verdict.verified
    assert [step.outcome for step in verdict.steps[2:4]] == [Outcome.SKIPPED, Outcome.SKIPPED]


def test_an_export_with_nothing_to_check_is_refused(bundle: Bundle, small_log: Any) -> None:
    for leaves in (None, ()):
        empty = replace(bundle, leaves=leaves, entries=(), earlier=None, consistency=())
        assert not judge(empty, small_log).verified


def test_a_checkpoint_of_another_key_ends_the_check(bundle: Bundle) -> None:
    verdict = verify_bundle(bundle, log=STRANGER.verifier)
    assert not verdict.verified
    assert verdict.checkpoint is None
    assert len(verdict.steps) == 1


def with_entry(bundle: Bundle, change: Callable[[ExportedEntry], ExportedEntry]) -> Bundle:
    return replace(bundle, entries=(change(bundle.entries[0]), *bundle.entries[1:]))


def with_opening(bundle: Bundle, **changes: Any) -> Bundle:
    def change(entry: ExportedEntry) -> ExportedEntry:
        ((organisation, opening),) = entry.openings
        return replace(entry, openings=((organisation, replace(opening, **changes)),))

    return with_entry(bundle, change)


def receipt(log: Any, **changes: Any) -> str:
    true = Receipt(log.signer.name, 0, log.entries[0].leaf_hash, MOMENT)
    return make_receipt(replace(true, **changes), log.receipts)


FORGERIES: dict[str, tuple[Callable[[Bundle, Any], Bundle], str]] = {
    "leaf_left_out": (lambda b, _l: replace(b, leaves=(b.leaves or ())[:-1]), "er ontbreken bladen"),
    "leaf_added": (lambda b, _l: replace(b, leaves=(*(b.leaves or ()), (b.leaves or ())[0])), "meer bladen"),
    "leaf_changed": (
        lambda b, _l: replace(b, leaves=(b"\x01" + bytes(32), *(b.leaves or ())[1:])),
        "blad veranderd",
    ),
    "leaf_of_unknown_form": (
        lambda b, _l: replace(b, leaves=(b"kort", *(b.leaves or ())[1:])),
        "onbekende vorm",
    ),
    "earlier_of_a_stranger": (
        lambda b, _l: replace(b, earlier=sign_checkpoint(Checkpoint(STRANGER.name, 2, bytes(32)), STRANGER)),
        "eerdere controlepunt is niet te vertrouwen",
    ),
    "earlier_contradicts": (
        lambda b, log: replace(
            b, earlier=sign_checkpoint(Checkpoint(log.signer.name, 2, bytes(32)), log.signer)
        ),
        "sluit niet aan",
    ),
    "earlier_is_longer": (
        lambda b, log: replace(
            b, earlier=sign_checkpoint(Checkpoint(log.signer.name, 9, bytes(32)), log.signer)
        ),
        "korter geworden",
    ),
    "no_consistency_proof": (lambda b, _l: replace(b, consistency=()), "ontbreekt"),
    "entry_at_another_index": (
        lambda b, _l: with_entry(b, lambda e: replace(e, leaf_index=1)),
        "Blad 1 staat niet zo",
    ),
    "entry_with_another_leaf": (
        lambda b, _l: with_entry(b, lambda e: replace(e, leaf=b"\x01" + bytes(32))),
        "Blad 0 staat niet zo",
    ),
    "receipt_of_another_leaf": (
        lambda b, log: with_entry(b, lambda e: replace(e, receipt=log.receipt(1))),
        "ander blad",
    ),
    "receipt_with_another_hash": (
        lambda b, log: with_entry(b, lambda e: replace(e, receipt=receipt(log, leaf_hash=bytes(32)))),
        "ander blad",
    ),
    "receipt_of_another_log": (
        lambda b, log: with_entry(b, lambda e: replace(e, receipt=receipt(log, origin="ander"))),
        "ander logboek",
    ),
    "receipt_of_a_stranger": (
        lambda b, log: with_entry(
            b,
            lambda e: replace(
                e,
                receipt=make_receipt(Receipt(log.signer.name, 0, log.entries[0].leaf_hash, MOMENT), STRANGER),
            ),
        ),
        "bekende sleutels",
    ),
    "checkpoint_for_a_receipt": (
        lambda b, _l: with_entry(b, lambda e: replace(e, receipt=b.checkpoint)),
        "ontvangstbewijs van blad 0 klopt niet",
    ),
    "payload_changed": (
        lambda b, _l: with_opening(b, payload=b'{"inhoud":{"doel":"x"},"organisatie":"GM0344"}'),
        "hoort niet bij dit blad",
    ),
    "nonce_changed": (lambda b, _l: with_opening(b, nonce=bytes(32)), "hoort niet bij dit blad"),
    "nonce_short": (lambda b, _l: with_opening(b, nonce=b""), "32 willekeurige bytes"),
    "payload_for_another": (
        lambda b, _l: with_entry(b, lambda e: replace(e, openings=(("GM0363", e.openings[0][1]),))),
        "andere organisatie",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_export_is_refused_and_says_where(name: str, bundle: Bundle, small_log: Any) -> None:
    forge, said = FORGERIES[name]
    verdict = judge(forge(bundle, small_log), small_log)
    assert not verdict.verified
    assert any(said in sentence for sentence in failures(verdict)), failures(verdict)


def test_a_bad_receipt_key_in_the_export_fails(bundle: Bundle) -> None:
    verdict = verify_bundle(replace(bundle, receipt_vkeys=("geen sleutel",)))
    assert not verdict.verified


DOCUMENTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "not_an_object": lambda _d: [],
    "another_kind": lambda d: d | {"soort": "iets/v9"},
    "unknown_name": lambda d: d | {"extra": 1},
    "name_missing": lambda d: {k: v for k, v in d.items() if k != "controlepunt"},
    "text_is_a_number": lambda d: d | {"controlepunt": 7},
    "half_surrogate": lambda d: d | {"controlepunt": "\ud800"},
    "list_is_a_text": lambda d: d | {"bladen": "AAAA"},
    "loose_base64": lambda d: d | {"bladen": ["AA"]},
    "short_hash": lambda d: d | {"samenhang": ["AAAA"]},
    "entry_is_a_text": lambda d: d | {"inschrijvingen": ["x"]},
    "index_is_true": lambda d: d | {"inschrijvingen": [d["inschrijvingen"][0] | {"bladnummer": True}]},
    "index_is_negative": lambda d: d | {"inschrijvingen": [d["inschrijvingen"][0] | {"bladnummer": -1}]},
    "unknown_name_in_entry": lambda d: d | {"inschrijvingen": [d["inschrijvingen"][0] | {"x": 1}]},
    "proof_without_earlier": lambda d: {k: v for k, v in d.items() if k != "samenhang"} | {"samenhang": None},
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_of_another_form_is_refused(name: str, bundle: Bundle) -> None:
    with pytest.raises(BundleError):
        bundle_from_json(DOCUMENTS[name](bundle_json(bundle)))


def test_a_true_log_is_approved(small_log: Any) -> None:
    verdict = verify_log(
        small_log.note(), small_log.signer.verifier, small_log, own=Own(earlier=small_log.checkpoint(2))
    )
    assert verdict.verified
    assert [step.outcome for step in verdict.steps if step.number != 2] == [Outcome.PASSED] * 4


def test_an_empty_log_is_approved_by_its_signature(small_log: Any) -> None:
    note = sign_checkpoint(Checkpoint(small_log.signer.name, 0, EMPTY_ROOT), small_log.signer)
    assert verify_log(note, small_log.signer.verifier, small_log).verified


class LyingLog:
    """A log that changed one leaf of its past, and all its proofs with it."""

    def __init__(self, log: Any, lie: str) -> None:
        self.log, self.lie = log, lie

    def leaves(self, size: int) -> list[bytes]:
        leaves: list[bytes] = self.log.leaves(size)
        if self.lie == "unreachable":
            raise SourceError("het logboek is niet bereikbaar")
        return [b"\x01" + bytes(32), *leaves[1:]] if self.lie == "leaves" else leaves

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        proof: Sequence[bytes] = self.log.inclusion(index, size)
        return proof[:-1] if self.lie == "inclusion" else proof

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        proof: Sequence[bytes] = self.log.consistency(old, new)
        return proof[::-1] if self.lie == "consistency" else proof


@pytest.mark.parametrize("lie", ["leaves", "inclusion", "consistency", "unreachable"])
def test_a_log_that_lies_is_refused(lie: str, small_log: Any) -> None:
    verdict = verify_log(
        small_log.note(),
        small_log.signer.verifier,
        LyingLog(small_log, lie),
        own=Own(earlier=small_log.checkpoint(2)),
    )
    assert not verdict.verified
    assert len(failures(verdict)) == 1


def test_a_log_with_another_past_than_we_remember_is_refused(small_log: Any) -> None:
    remembered = Checkpoint(small_log.signer.name, 2, bytes(32))
    verdict = verify_log(small_log.note(), small_log.signer.verifier, small_log, own=Own(earlier=remembered))
    assert not verdict.verified
    assert any("is herschreven" in sentence for sentence in failures(verdict))


def test_a_remembered_checkpoint_of_another_log_is_no_proof(small_log: Any) -> None:
    remembered = replace(small_log.checkpoint(2), origin="ander")
    assert not verify_log(
        small_log.note(), small_log.signer.verifier, small_log, own=Own(earlier=remembered)
    ).verified


def forked(log: Any) -> Checkpoint:
    return Checkpoint(log.signer.name, 5, bytes(range(32)))


@pytest.mark.parametrize("kept", ["leaves", "entries"])
def test_an_export_of_a_fork_of_the_size_that_we_remember_is_refused_with_and_without_leaves(
    bundle: Bundle, small_log: Any, kept: str
) -> None:
    told = bundle if kept == "leaves" else replace(bundle, leaves=None, earlier=None, consistency=())
    judged = [
        verify_bundle(
            told, log=small_log.signer.verifier, receipts=[small_log.receipts.verifier], earlier=earlier
        )
        for earlier in (small_log.checkpoint(5), forked(small_log))
    ]
    assert [one.verified for one in judged] == [True, False]


def test_an_export_that_starts_from_another_past_than_we_remember_is_refused(
    bundle: Bundle, small_log: Any
) -> None:
    remembered = Checkpoint(small_log.signer.name, 2, bytes(range(32)))
    told = replace(bundle, leaves=None)
    verdict = verify_bundle(
        told, log=small_log.signer.verifier, receipts=[small_log.receipts.verifier], earlier=remembered
    )
    assert not verdict.verified


def test_a_proof_from_a_fork_of_the_size_that_we_remember_is_refused(small_log: Any) -> None:
    proof = TlogProof(3, tuple(small_log.inclusion(3, 5)), small_log.note(), small_log.receipt(3).encode())

    def judged(earlier: Checkpoint) -> Verdict:
        keys = [small_log.receipts.verifier]
        return verify_proof(proof, small_log.signer.verifier, receipts=keys, earlier=earlier)

    assert judged(small_log.checkpoint(5)).verified
    assert judged(small_log.checkpoint(2)).verified
    assert "niet vergeleken" in judged(small_log.checkpoint(2)).steps[-1].sentence
    assert not judged(forked(small_log)).verified


def test_witnesses_that_are_not_as_far_as_we_remember_make_no_log_shorter_and_a_cut_log_is(
    small_log: Any,
) -> None:
    witness = Cosigner("fg.example", Secret(bytes(range(3, 35))))
    policy = WitnessPolicy((PolicyWitness("fg", witness.witness),), 1)
    note = add_signatures(small_log.note(3), [witness.cosign(small_log.checkpoint(3), MOMENT)])
    verifier, own = small_log.signer.verifier, Own(earlier=small_log.checkpoint(5))
    behind = verify_log(note, verifier, small_log, witnesses=policy, own=own)
    assert behind.verified
    assert any("zo ver zijn de getuigen nog niet" in step.sentence for step in behind.steps)
    assert not verify_log(small_log.note(3), verifier, small_log, own=own).verified
    elsewhere = Own(earlier=forked(small_log))
    cut = verify_log(note, verifier, small_log, witnesses=policy, own=elsewhere)
    assert any("korter geworden" in one for one in failures(cut))
