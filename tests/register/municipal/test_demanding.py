# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node's watch over the log, against a real tree with real signatures that can lie in the ways that a register could."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from audit.checkpoint import sign_checkpoint
from audit.cosignature import NOBODY, Cosigner, PolicyWitness, WitnessPolicy
from audit.merkle import leaf_hash
from audit.note import Signer, parse
from audit.tlog_proof import TlogProof
from audit.trail import make_receipt, verify_receipt
from process.jobs import Unfinished
from process.problem import Refusal
from process.secret import Secret
from register.municipal import demanding
from register.municipal.clients import LogClient
from register.municipal.demanding import Demanding
from register.municipal.receipts import Break, Standing
from register.municipal.store import NodeDatabase, NodeStore
from tests.register.municipal.world import ORGANISATION, Hands, LogStation


@pytest.fixture
def store(database_url: str) -> Iterator[NodeStore]:
    database = NodeDatabase(database_url)
    database.migrate([ORGANISATION])
    yield NodeStore(database, ORGANISATION)
    database.close()


@dataclass
class Watch:
    """A node's store, a log, and a fresh watch for every round: nothing may rest on memory."""

    store: NodeStore
    log: LogStation
    clock: Hands
    witnesses: WitnessPolicy = NOBODY

    def made(self) -> Demanding:
        http = httpx.Client(base_url="https://register", transport=httpx.MockTransport(self.log))
        verifier = LogStation().signer.verifier
        return Demanding(self.store, LogClient(http), verifier, self.clock, self.witnesses)

    def keep(self, leaf: int) -> None:
        """The node gets the receipt of a leaf."""
        self.store.put_receipt("bevraging", "officer", self.log.receipt(leaf), b"note", self.clock())

    def round(self) -> Standing:
        made = self.made()
        made.once()
        return made.standing()


@pytest.fixture
def watch(store: NodeStore, clock: Hands) -> Watch:
    """A log of five leaves; the node has receipts of leaves 1 and 4."""
    made = Watch(store, LogStation(), clock)
    made.log.append(*(b"%d" % leaf for leaf in range(5)))
    made.keep(1)
    made.keep(4)
    return made


def test_what_the_log_holds_is_proven(watch: Watch) -> None:
    assert watch.round() == Standing(2, 0, (), (), ())
    watch.clock.forward(hours=1)
    assert not watch.round().alarming


def test_a_leaf_beyond_the_checkpoint_waits_for_the_next(watch: Watch) -> None:
    watch.log.published = 4
    assert watch.round() == Standing(1, 1, (), (), ())
    watch.log.published = 5
    assert watch.round() == Standing(2, 0, (), (), ())


@pytest.mark.parametrize("fails", ["away", "error", "no checkpoint", "no proofs", "rubbish"])
def test_a_register_that_gives_no_proof_contradicts_nothing_but_the_term_runs(
    watch: Watch, fails: str
) -> None:
    watch.log.fails = fails
    watch.clock.forward(minutes=9, seconds=59)
    assert watch.round() == Standing(0, 2, (), (), ())
    watch.clock.forward(seconds=1)
    assert watch.round() == Standing(0, 0, (1, 4), (), ())
    watch.log.fails = ""
    assert watch.round() == Standing(2, 0, (), (), ())


def test_a_leaf_that_is_not_in_the_tree_stays_contradicted(watch: Watch) -> None:
    watch.log.append(b"beloofd")
    watch.keep(5)
    watch.log.hashes[5] = leaf_hash(b"iets anders")
    assert watch.round() == Standing(2, 0, (), (5,), ())
    watch.clock.forward(hours=1)
    watch.log.fails = "away"
    assert watch.round() == Standing(2, 0, (), (5,), ())


def test_only_a_proof_takes_a_contradiction_back(watch: Watch) -> None:
    watch.log.fails = "wrong proofs"
    assert watch.round() == Standing(0, 0, (), (1, 4), ())
    watch.log.fails = "no proofs"
    assert watch.round() == Standing(0, 0, (), (1, 4), ())
    watch.log.fails = ""
    assert watch.round() == Standing(2, 0, (), (), ())


def test_a_receipt_of_another_log_is_contradicted(watch: Watch) -> None:
    other = LogStation(Signer("log.example/ander", Secret(bytes(range(9, 41)))), watch.log.hashes)
    watch.store.put_receipt("bevraging", "officer", other.receipt(2), b"note", watch.clock())
    assert watch.round() == Standing(2, 0, (), (2,), ())


def test_a_forked_checkpoint_is_not_believed_and_never_forgotten(watch: Watch) -> None:
    watch.round()
    honest = list(watch.log.hashes)
    watch.log.append(b"nieuw")
    watch.keep(5)
    watch.log.hashes[0] = leaf_hash(b"herschreven")
    found = watch.round()
    assert (found.proven, found.waiting) == (2, 1)
    assert [one.kind for one in found.breaks] == [Break.FORKED]
    assert b"\n6\n" in found.breaks[0].offered
    assert b"\n5\n" in found.breaks[0].last
    watch.log.hashes[:5] = honest
    assert watch.round() == Standing(3, 0, (), (), found.breaks)


def test_a_checkpoint_of_the_same_size_with_another_root_is_a_fork(watch: Watch) -> None:
    watch.round()
    watch.log.hashes[4] = leaf_hash(b"herschreven")
    assert [one.kind for one in watch.round().breaks] == [Break.FORKED]


def test_a_shrunk_log_is_never_forgotten(watch: Watch) -> None:
    watch.round()
    watch.log.published = 3
    found = watch.round()
    assert [one.kind for one in found.breaks] == [Break.SHORTER]
    watch.log.published = None
    assert watch.round().breaks == found.breaks


def test_a_log_that_will_not_prove_its_growth_proves_nothing(watch: Watch) -> None:
    watch.round()
    watch.log.append(b"nieuw")
    watch.keep(5)
    watch.log.fails = "no proofs"
    assert watch.round() == Standing(2, 1, (), (), ())
    kept = watch.store.last_checkpoint(watch.log.signer.name)
    assert kept is not None
    assert kept[0].size == 5


@pytest.mark.parametrize("name", ["log.example/test", "log.example/ander"])
def test_a_checkpoint_by_another_key_proves_nothing(
    watch: Watch, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    watch.log.signer = Signer(name, Secret(bytes(range(9, 41))))
    assert watch.round() == Standing(0, 2, (), (), ())
    assert [one.levelno for one in caplog.records] == [logging.ERROR]
    watch.clock.forward(minutes=10)
    assert watch.round().overdue == (1, 4)


def test_a_checkpoint_that_another_process_saw_meanwhile_makes_no_log_shorter(watch: Watch) -> None:
    fresh = watch.log.checkpoint()

    def overtaken(request: httpx.Request) -> httpx.Response:
        watch.log.published = 3
        answer = watch.log(request)
        watch.store.put_checkpoint(fresh, sign_checkpoint(fresh, watch.log.signer).encode())
        return answer

    http = httpx.Client(base_url="https://register", transport=httpx.MockTransport(overtaken))
    Demanding(watch.store, LogClient(http), watch.log.signer.verifier, watch.clock).once()
    assert watch.made().standing() == Standing(1, 1, (), (), ())
    assert watch.store.last_checkpoint(fresh.origin) == (
        fresh,
        sign_checkpoint(fresh, watch.log.signer).encode(),
    )


def test_people_are_alarmed_in_the_log_once_for_each_change(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    made = watch.made()
    watch.log.fails = "away"
    watch.clock.forward(minutes=10)
    made.once()
    made.once()
    watch.keep(2)
    watch.clock.forward(minutes=10)
    made.once()
    said = [one.getMessage() for one in caplog.records if one.levelno == logging.CRITICAL]
    assert len(said) == 2
    assert "overdue leaves (1, 2, 4)" in said[1]


def test_a_round_of_many_receipts_goes_in_batches_and_reaches_those_behind_what_cannot_be_proven(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demanding, "BATCH", 2)
    for leaf in (0, 2, 3):
        watch.keep(leaf)
    made = watch.made()
    rounds = [made.once() for _batch in range(3)]
    assert [dict(counts) for counts in rounds] == [{"bewezen": 2}, {"bewezen": 2}, {"bewezen": 1}]
    assert [isinstance(counts, Unfinished) for counts in rounds] == [True, True, False]
    for leaf in (0, 1, 2):
        watch.keep(leaf)
    watch.log.fails = "no proofs"
    assert [dict(made.once()), dict(made.once())] == [{"bewezen": 0}, {"bewezen": 0}]
    watch.log.fails = ""
    assert dict(made.once()) == {"bewezen": 2}, "every round begins with the first again"


# ---- witnesses ------------------------------------------------------------------------------------------------------

EAST = Cosigner("oost.example/getuige", Secret(bytes(range(5, 37))))
WEST = Cosigner("west.example/getuige", Secret(bytes(range(6, 38))))


@pytest.fixture
def strict(watch: Watch) -> Watch:
    """A node that believes what both witnesses vouch for, and nothing else."""
    watch.witnesses = WitnessPolicy(
        (PolicyWitness("oost", EAST.witness), PolicyWitness("west", WEST.witness)), 2
    )
    watch.log.witnesses = [EAST, WEST]
    return watch


def test_what_enough_witnesses_vouch_for_is_proven(strict: Watch) -> None:
    assert strict.round() == Standing(2, 0, (), (), ())


def test_what_too_few_vouch_for_proves_nothing_and_says_why_when_the_term_has_run(
    strict: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    strict.log.witnesses = [EAST]
    found = strict.round()
    assert (found.proven, found.waiting, found.alarming) == (0, 2, False)
    assert found.unwitnessed == "1 van de 2 getuigen tekenden, en 2 zijn er nodig"
    strict.clock.forward(minutes=10)
    late = strict.round()
    assert late.overdue == (1, 4)
    assert "1 van de 2 getuigen" in caplog.records[-1].getMessage()
    strict.log.witnesses = [EAST, WEST]
    assert strict.round() == Standing(2, 0, (), (), ())


def test_a_register_that_has_no_witnessed_checkpoint_lets_the_term_run_and_the_reason_is_said(
    strict: Watch,
) -> None:
    strict.log.fails = "no checkpoint"
    assert strict.round().unwitnessed.startswith("het register heeft nog geen controlepunt dat 2 van de 2")


def test_a_false_signature_of_a_witness_is_no_checkpoint_at_all(strict: Watch) -> None:
    strict.log.witnesses = [EAST, Cosigner(WEST.name, Secret(bytes(range(7, 39))))]
    assert strict.round().unwitnessed.startswith("1 van de 2")


def test_a_witnessed_fork_is_still_a_fork(strict: Watch) -> None:
    strict.round()
    strict.log.hashes[0] = leaf_hash(b"herschreven")
    strict.log.append(b"nieuw")
    assert [one.kind for one in strict.round().breaks] == [Break.FORKED]


def test_a_receipt_becomes_a_file_that_anyone_checks_offline(strict: Watch) -> None:
    receipts = Signer("ontvangst", Secret(bytes(range(11, 43))))
    leaf = strict.log.append(b"beloofd")
    promised = strict.log.receipt(leaf)
    strict.store.put_receipt(
        "bevraging", "officer", promised, make_receipt(promised, receipts).encode(), strict.clock()
    )
    proof = TlogProof.from_text(strict.made().proof(leaf).text)
    told = verify_receipt(proof.extra or b"", [receipts.verifier])
    witnessed = proof.verify(told.leaf_hash, strict.log.signer.verifier, strict.witnesses)
    assert (proof.index, told.leaf_index, witnessed.signed) == (leaf, leaf, ("oost", "west"))


def test_a_file_gains_the_cosignatures_that_came_after_the_proof(watch: Watch) -> None:
    watch.round()
    watch.log.witnesses = [EAST, WEST]
    proof = watch.made().proof(4)
    assert len(parse(proof.checkpoint).signatures) == 3


def test_witnesses_that_are_not_as_far_as_what_was_believed_without_them_make_no_log_shorter(
    watch: Watch,
) -> None:
    watch.round()
    watch.witnesses = WitnessPolicy((PolicyWitness("oost", EAST.witness),), 1)
    watch.log.witnesses, watch.log.published = [EAST], 3
    assert watch.round() == Standing(2, 0, (), (), ())
    proof = watch.made().proof(1)
    assert proof.verify(watch.log.hashes[1], watch.log.signer.verifier, watch.witnesses).signed == ("oost",)
    del watch.log.hashes[3:]
    watch.log.append(b"anders", b"nog iets", b"en meer")
    watch.log.published = 4
    assert [one.kind for one in watch.round().breaks] == [Break.SHORTER]


def test_a_file_holds_the_checkpoint_that_its_hashes_lead_to_though_another_process_saw_more(
    watch: Watch,
) -> None:
    fresh = watch.log.checkpoint()

    def overtaken(request: httpx.Request) -> httpx.Response:
        watch.log.published = 3
        answer = watch.log(request)
        watch.store.put_checkpoint(fresh, sign_checkpoint(fresh, watch.log.signer).encode())
        return answer

    http = httpx.Client(base_url="https://register", transport=httpx.MockTransport(overtaken))
    made = Demanding(watch.store, LogClient(http), watch.log.signer.verifier, watch.clock).proof(1)
    assert made.verify(watch.log.hashes[1], watch.log.signer.verifier, NOBODY).checkpoint.size == 3


@pytest.mark.parametrize(
    ("leaf", "wrong", "code"),
    [
        (3, "", "geen-ontvangstbewijs"),
        (4, "shorter", "nog-niet-bewezen"),
        (4, "no proofs", "nog-niet-bewezen"),
        (4, "wrong proofs", "nog-niet-bewezen"),
        (4, "unwitnessed", "nog-niet-bewezen"),
    ],
)
def test_what_is_not_proven_becomes_no_file(strict: Watch, leaf: int, wrong: str, code: str) -> None:
    if wrong == "shorter":
        strict.log.published = 4
    elif wrong == "unwitnessed":
        strict.log.witnesses = []
    else:
        strict.log.fails = wrong
    with pytest.raises(Refusal) as caught:
        strict.made().proof(leaf)
    assert caught.value.code == code
    if wrong == "unwitnessed":
        assert "0 van de 2" in caught.value.detail
