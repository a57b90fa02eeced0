# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Check a log of the signaalregister with tlog-scales, tooling for C2SP logs by Florian Larysch. Runs in an environment of its own.

    python scales.py EXPORT.json LOGKEY [RECEIPTKEY or WITNESSKEY ...]

Nothing of ours is in it but the form of an export (docs/spec/audit-log.md). It checks what `logcheck.go` checks, and the cosignatures of witnesses too: all whose
keys are given must have signed. It prints one line, and exits 0 if all is well, 1 if it refuses, 2 if the export cannot be read.
"""

import json
import sys
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import NoteSignature, PlainEd25519Verifier, Vkey, VkeySet
from tlog_scales.tiles import leaf_hash
from tlog_scales.tlog import Checkpoint, ConsistencyProof, InclusionProof
from tlog_scales.writer import TilesWriter

RECEIPT, WITNESS = 1, 4
"""Types of keys: Ed25519 as it is, and Ed25519 for cosignatures."""


class RefusedError(Exception):
    """What does not hold."""


def main(arguments: list[str]) -> int:
    """Checks the export; returns the exit code."""
    if len(arguments) < 2:
        sys.stderr.write("usage: scales.py EXPORT.json LOGKEY [RECEIPTKEY or WITNESSKEY ...]" + "\n")
        return 2
    try:
        read = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"unreadable: {error}" + "\n")
        return 2
    try:
        log, *others = [Vkey.from_string(one.strip()) for one in arguments[1:]]
        receipts = [one for one in others if one.sig_type == RECEIPT]
        witnesses = [one for one in others if one.sig_type == WITNESS]
        size = check(read, log, receipts, witnesses)
    except RefusedError as refused:
        sys.stdout.write(f"refused: {refused}" + "\n")
        return 1
    sys.stdout.write(
        f"ok: {size} leaves, {len(read['inschrijvingen'])} entries, {len(witnesses)} witnesses" + "\n"
    )
    return 0


def check(read: dict[str, Any], log: Any, receipts: list[Any], witnesses: list[Any]) -> int:
    """The number of leaves of a log that holds."""
    now = opened(read["controlepunt"], log)
    cosigned(now, witnesses)
    if replayed(now.origin, [b64decode(one) for one in read["bladen"]]) != (now.size, now.root_hash):
        raise RefusedError("leaves: they do not lead to the root of the checkpoint")
    for one in read["inschrijvingen"]:
        number, hashed = one["bladnummer"], leaf_hash(b64decode(one["blad"]))
        proof = InclusionProof(number, now.size, [b64decode(part) for part in one["insluiting"]])
        attempt(f"inclusion of leaf {number}", partial(proof.check, hashed, now.root_hash))
        if "ontvangstbewijs" in one:
            said = [now.origin, str(number), b64encode(hashed).decode()]
            attempt(f"receipt of leaf {number}", partial(promised, one["ontvangstbewijs"], said, receipts))
    if "eerderControlepunt" in read:
        earlier = opened(read["eerderControlepunt"], log)
        path = [b64decode(one) for one in read["samenhang"]]
        extends = ConsistencyProof(earlier.size, now.size, path)
        attempt("consistency", lambda: extends.check(earlier.root_hash, now.root_hash))
    return int(now.size)


def promised(note: str, said: list[str], keys: list[Any]) -> None:
    """Refuses unless one of the keys signed these words: log, number of the leaf, its hash."""
    text, _blank, lines = note.rpartition("\n\n")
    found = [NoteSignature.from_line(one) for one in lines.splitlines()]
    signed = [(key, one) for key in keys for one in found if key.match(one)]
    if not signed:
        raise RefusedError("receipt: no key that we know signed it")
    for key, one in signed:
        PlainEd25519Verifier(key).key.verify(one.payload, f"{text}\n".encode())
    if text.split("\n")[1:4] != said:
        raise RefusedError(f"receipt of leaf {said[1]}: it promises another leaf")


def opened(note: str, key: Any) -> Any:
    """The checkpoint in a note that the key signed."""
    found: list[Any] = []

    def read() -> None:
        checkpoint = Checkpoint.from_text(note)
        if checkpoint.origin != key.name:
            raise RefusedError("checkpoint: not of this log")
        checkpoint.verify(key)
        found.append(checkpoint)

    attempt("checkpoint", read)
    return found[0]


def cosigned(checkpoint: Any, witnesses: list[Any]) -> None:
    """Refuses unless every witness named cosigned."""
    signed = {key.name for key, _line in VkeySet(*witnesses).verify(checkpoint.signatures, checkpoint)}
    for key in witnesses:
        if key.name not in signed:
            raise RefusedError(f"witness {key.name} did not cosign")


def replayed(origin: str, leaves: list[bytes]) -> tuple[int, bytes]:
    """Size and root of the log that tlog-scales itself writes of these leaves."""
    with tempfile.TemporaryDirectory() as folder:
        writer = TilesWriter.create(Path(folder) / "log", origin)
        for leaf in leaves:
            writer.add_leaf(leaf)
        writer.commit([], gc=False)
        reader = TilesReader(LocalBackend(Path(folder) / "log"))
        reader.set_size(len(leaves))
        return len(leaves), reader.calculate_root_hash()


def attempt(what: str, run: Callable[[], Any]) -> None:
    """Whatever tlog-scales says no with, it is a refusal."""
    try:
        run()
    except RefusedError:
        raise
    except Exception as error:
        raise RefusedError(f"{what}: {type(error).__name__}: {error}") from error


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
