# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Our log through the eyes of software that is not ours: Go's golang.org/x/mod/sumdb, and tlog-scales from PyPI.

The log stands in a database and its proofs are those that the register gives. Both judges read an export (docs/spec/audit-log.md) and share no code with us;
what they refuse, `audit.verify` refuses too, and the other way round. `make interop` installs what they need.
"""

import json
import os
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData

from audit.bundle import Bundle, ExportedEntry, bundle_from_json, bundle_json
from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.cosignature import Cosigner
from audit.merkle import leaf_hash, root_of
from audit.note import Signer, add_signatures
from audit.store.engine import make_engine
from audit.store.log import LogStore, tables
from audit.trail import Receipt, make_receipt, prepare
from audit.verify import verify_bundle
from process.secret import Secret

pytestmark = pytest.mark.interop
HERE = Path(__file__).parent
VENV = HERE.parents[1] / ".venv"
JUDGES = {
    "go": (str(VENV / "interop-go" / "logcheck"),),
    "scales": (str(VENV / "interop" / "bin" / "python"), str(HERE / "scales.py")),
}

LOG = Signer("log.example/eerste", Secret(bytes(range(32))))
RECEIPTS = Signer("log.example/eerste/ontvangst", Secret(bytes(range(1, 33))))
STRANGER = Signer("log.example/eerste", Secret(bytes(range(2, 34))))
WITNESSES = [Cosigner(f"fg{n}.example", Secret(bytes([n]) + bytes(range(31)))) for n in (1, 2, 3)]
MOMENT = datetime(2026, 3, 1, 9, tzinfo=UTC)
SIZE, EARLIER = 300, 100

Document = dict[str, Any]


@dataclass(frozen=True)
class World:
    """A log in a database, and an export of all of it."""

    engine: Engine
    log: LogStore
    document: Document


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('log')}/log.sqlite")
    metadata = MetaData()
    log = LogStore(tables(metadata))
    metadata.create_all(engine)
    with engine.begin() as connection:
        for _number in range(SIZE):
            log.append(connection, prepare({"GM0344": {"doel": "signalering"}}, randomness=os.urandom))
    yield World(engine, log, exported(engine, log))
    engine.dispose()


def exported(engine: Engine, log: LogStore) -> Document:
    """Every leaf with its proof, some with a receipt, and the proof from an earlier checkpoint."""
    with engine.connect() as connection:
        leaves = log.leaves(connection, 0, SIZE)
        entries = tuple(
            ExportedEntry(
                number,
                leaf,
                log.inclusion_proof(connection, number, SIZE),
                receipt(number, leaf) if number % 100 == 0 else None,
            )
            for number, leaf in enumerate(leaves)
        )
        now = Checkpoint(LOG.name, SIZE, log.root_at(connection, SIZE))
        bundle = Bundle(
            checkpoint=add_signatures(
                sign_checkpoint(now, LOG), [one.cosign(now, MOMENT) for one in WITNESSES]
            ),
            log_vkey=LOG.verifier.vkey,
            receipt_vkeys=(RECEIPTS.verifier.vkey,),
            entries=entries,
            leaves=tuple(leaves),
            earlier=sign_checkpoint(Checkpoint(LOG.name, EARLIER, log.root_at(connection, EARLIER)), LOG),
            consistency=log.consistency_proof(connection, EARLIER, SIZE),
        )
    document: Document = json.loads(json.dumps(bundle_json(bundle)))
    return document


def receipt(number: int, leaf: bytes, signer: Signer = RECEIPTS) -> str:
    return make_receipt(Receipt(LOG.name, number, leaf_hash(leaf), MOMENT), signer)


@pytest.fixture(params=JUDGES)
def judge(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    def run(document: Mapping[str, Any], *witnesses: str) -> tuple[int, str]:
        path = tmp_path / "uitvoer.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        done = subprocess.run(
            [*JUDGES[request.param], str(path), LOG.verifier.vkey, RECEIPTS.verifier.vkey, *witnesses],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in {0, 1}, done.stderr
        return done.returncode, done.stdout

    return run


def ours(document: Mapping[str, Any]) -> bool:
    bundle = bundle_from_json(json.loads(json.dumps(document)))
    return verify_bundle(bundle, log=LOG.verifier, receipts=[RECEIPTS.verifier]).verified


def test_the_log_its_receipts_and_all_its_inclusion_proofs_are_accepted(
    judge: Callable[..., tuple[int, str]], world: World
) -> None:
    code, said = judge(world.document)
    assert (code, said[:38]) == (0, "ok: 300 leaves, 300 entries, 0 witness")
    assert ours(world.document)


@pytest.mark.parametrize("old", [1, 2, 127, 128, 255, 256, 299, 300])
def test_a_consistency_proof_from_any_size_is_accepted(
    judge: Callable[..., tuple[int, str]], world: World, old: int
) -> None:
    with world.engine.connect() as connection:
        root = world.log.root_at(connection, old)
        proof = world.log.consistency_proof(connection, old, SIZE)
    changed = world.document | {
        "inschrijvingen": [],
        "eerderControlepunt": sign_checkpoint(Checkpoint(LOG.name, old, root), LOG),
        "samenhang": [b64encode(one).decode() for one in proof],
    }
    assert judge(changed)[0] == 0
    assert ours(changed)


def flipped(encoded: str) -> str:
    data = bytearray(b64decode(encoded))
    data[-1] ^= 1
    return b64encode(bytes(data)).decode()


def resigned(document: Document, signer: Signer = LOG) -> str:
    """A checkpoint over the leaves as they are in the document now."""
    leaves = [b64decode(one) for one in document["bladen"]]
    return sign_checkpoint(Checkpoint(LOG.name, len(leaves), root_of(map(leaf_hash, leaves))), signer)


def rewritten(document: Document) -> None:
    """What who holds the log's key can do: change the past, and sign it again."""
    document["bladen"][7] = flipped(document["bladen"][7])
    document["inschrijvingen"] = []
    document["controlepunt"] = resigned(document)


def rolled_back(document: Document) -> None:
    del document["bladen"][EARLIER - 1 :]
    document["inschrijvingen"] = []
    document["controlepunt"] = resigned(document)


def promised_elsewhere(document: Document) -> None:
    entry = document["inschrijvingen"][100]
    entry["ontvangstbewijs"] = receipt(100, b"\x01" + bytes(32))


FORGERIES: dict[str, tuple[Callable[[Document], object], str]] = {
    "byte_of_a_leaf_flipped": (lambda d: d["bladen"].__setitem__(7, flipped(d["bladen"][7])), "leaves"),
    "leaf_removed": (lambda d: d["bladen"].pop(7), "leaves"),
    "last_leaf_removed": (lambda d: d["bladen"].pop(), "leaves"),
    "leaf_added": (lambda d: d["bladen"].append(d["bladen"][0]), "leaves"),
    "two_leaves_swapped": (
        lambda d: d["bladen"].__setitem__(slice(7, 9), d["bladen"][8:6:-1]),
        "leaves",
    ),
    "size_in_the_checkpoint_changed": (
        lambda d: d.update(controlepunt=d["controlepunt"].replace("\n300\n", "\n299\n")),
        "checkpoint",
    ),
    "signed_by_another_key_of_that_name": (
        lambda d: d.update(controlepunt=resigned(d, STRANGER)),
        "checkpoint",
    ),
    "receipt_passed_off_as_a_checkpoint": (
        lambda d: d.update(controlepunt=d["inschrijvingen"][0]["ontvangstbewijs"]),
        "checkpoint",
    ),
    "history_rewritten_and_signed_again": (rewritten, "consistency"),
    "log_rolled_back_and_signed_again": (rolled_back, "consistency"),
    "earlier_checkpoint_of_a_stranger": (
        lambda d: d.update(
            eerderControlepunt=sign_checkpoint(Checkpoint(LOG.name, EARLIER, bytes(32)), STRANGER)
        ),
        "c",
    ),
    "consistency_proof_left_out": (lambda d: d.update(samenhang=[]), "consistency"),
    "consistency_proof_reversed": (lambda d: d["samenhang"].reverse(), "consistency"),
    "inclusion_proof_of_another_leaf": (
        lambda d: d["inschrijvingen"][7].update(insluiting=d["inschrijvingen"][9]["insluiting"]),
        "inclusion of leaf 7",
    ),
    "inclusion_proof_shortened": (
        lambda d: d["inschrijvingen"][7]["insluiting"].pop(),
        "inclusion of leaf 7",
    ),
    "entry_at_another_number": (
        lambda d: d["inschrijvingen"][7].update(bladnummer=8),
        "inclusion of leaf 8",
    ),
    "entry_beyond_the_log": (
        lambda d: d["inschrijvingen"][7].update(bladnummer=SIZE),
        "inclusion of leaf 300",
    ),
    "receipt_for_a_leaf_that_is_not_there": (promised_elsewhere, "receipt of leaf 100"),
    "receipt_of_another_entry": (
        lambda d: d["inschrijvingen"][100].update(
            ontvangstbewijs=d["inschrijvingen"][200]["ontvangstbewijs"]
        ),
        "receipt of leaf 100",
    ),
    "receipt_of_a_stranger": (
        lambda d: d["inschrijvingen"][0].update(
            ontvangstbewijs=receipt(0, b64decode(d["bladen"][0]), STRANGER)
        ),
        "receipt",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused_by_software_that_is_not_ours_and_by_ours(
    name: str, judge: Callable[..., tuple[int, str]], world: World
) -> None:
    forge, said = FORGERIES[name]
    document = deepcopy(world.document)
    forge(document)
    code, output = judge(document)
    assert (code, output[: 9 + len(said)]) == (1, f"refused: {said}"), output
    assert not ours(document)


def scales(document: Mapping[str, Any], tmp_path: Path, *witnesses: str) -> tuple[int, str]:
    path = tmp_path / "uitvoer.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    done = subprocess.run(
        [*JUDGES["scales"], str(path), LOG.verifier.vkey, RECEIPTS.verifier.vkey, *witnesses],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_cosignatures_of_witnesses_are_accepted_by_tlog_scales(world: World, tmp_path: Path) -> None:
    keys = [one.witness.vkey for one in WITNESSES]
    assert scales(world.document, tmp_path, *keys) == (0, "ok: 300 leaves, 300 entries, 3 witnesses\n")


def without_the_second(document: Document) -> str:
    lines = str(document["controlepunt"]).splitlines(keepends=True)
    return "".join(one for one in lines if "fg2.example" not in one)


def over_another_checkpoint(document: Document) -> str:
    other = Checkpoint(LOG.name, EARLIER, bytes(32))
    return add_signatures(without_the_second(document), [WITNESSES[1].cosign(other, MOMENT)])


def at_another_moment(document: Document) -> str:
    """The signature as it was, and another moment before it."""
    now = Checkpoint(LOG.name, SIZE, root_of(leaf_hash(b64decode(one)) for one in document["bladen"]))
    true = WITNESSES[1].cosign(now, MOMENT)
    later = (int.from_bytes(true.signature[:8], "big") + 1).to_bytes(8, "big")
    moved = type(true)(true.name, true.key_id, later + true.signature[8:])
    return add_signatures(without_the_second(document), [moved])


@pytest.mark.parametrize("forge", [without_the_second, over_another_checkpoint, at_another_moment])
def test_a_cosignature_that_is_missing_or_false_is_refused_by_tlog_scales(
    forge: Callable[[Document], str], world: World, tmp_path: Path
) -> None:
    changed = world.document | {"controlepunt": forge(world.document)}
    keys = [one.witness.vkey for one in WITNESSES]
    assert scales(changed, tmp_path, *keys) == (1, "refused: witness fg2.example did not cosign\n")
