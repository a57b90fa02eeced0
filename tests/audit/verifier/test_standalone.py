# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The verifier file, run as an FG runs it: by a Python that has no site-packages and sees nothing of this project."""

import ast
import hashlib
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from audit.bundle import bundle_json
from audit.cosignature import Cosigner
from audit.note import Signer, add_signatures
from audit.tlog_proof import TlogProof
from audit.trail import Receipt, make_receipt
from audit.verifier.cli import audit
from audit.verifier.options import OPTIONS
from audit.verifier.standalone import MODULES, fingerprint, verifier_file
from process.secret import Secret
from tests.audit.tiles import write_tiles

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
WITNESSES = [Cosigner(f"fg{n}.example", Secret(bytes([n]) + bytes(range(31)))) for n in (1, 2, 3)]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("los") / "logboek-nagaan.pyz"
    path.write_bytes(verifier_file())
    return path


@pytest.fixture
def folder(small_log: Any, tmp_path: Path) -> Path:
    """A copy of the log as tiles."""
    write_tiles(tmp_path / "kopie", small_log.leaves(len(small_log.entries)), small_log.note())
    return tmp_path / "kopie"


def run(file: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """In a process without site-packages, without our folder and without our environment."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", str(file), *(str(one) for one in arguments)],
        cwd=file.parent,
        env={"LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def first(done: subprocess.CompletedProcess[str]) -> str:
    assert done.stderr == ""
    return done.stdout.splitlines()[0]


def test_the_file_is_the_same_every_time_whatever_the_clock_and_the_rights_of_its_sources(
    file: Path, tmp_path: Path
) -> None:
    done = CliRunner().invoke(audit, ["standalone", "--out", str(tmp_path / "weer.pyz")])
    assert done.exit_code == 0, done.output
    content = (tmp_path / "weer.pyz").read_bytes()
    assert content == file.read_bytes()
    assert re.search(r"^SHA-256: (\w{64})$", done.output, re.MULTILINE)[1] == fingerprint(content)  # type: ignore[index]
    assert fingerprint(content) == hashlib.sha256(content).hexdigest()
    with zipfile.ZipFile(file) as packed:
        stored = packed.infolist()
    assert [one.filename for one in stored] == [*MODULES, "__main__.py"]
    assert {(one.date_time, one.compress_type, one.external_attr) for one in stored} == {
        ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 0o100644 << 16)
    }


def test_every_module_in_the_file_is_the_one_that_audit_verify_runs(file: Path) -> None:
    with zipfile.ZipFile(file) as packed:
        for name in MODULES:
            assert packed.read(name) == (ROOT / name).read_bytes()
    program = "import sys; import audit.verifier.app; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(file)!r}); {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {one for one in done.stdout.split() if one.partition(".")[0] in {"audit", "process"}}
    held = {one.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for one in MODULES}
    assert loaded == held


def test_the_file_needs_python_alone(file: Path) -> None:
    ours = {"audit", "process"}
    for name in MODULES:
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        # What only signing and sealing need is asked for inside those functions.
        outer = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        named = {one.name for node in outer if isinstance(node, ast.Import) for one in node.names}
        named |= {node.module or "" for node in outer if isinstance(node, ast.ImportFrom)}
        assert {one.partition(".")[0] for one in named} <= sys.stdlib_module_names | ours, name
    done = run(file, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(option.flag in done.stdout and option.help in done.stdout for option in OPTIONS)


def test_a_true_export_is_approved_in_the_first_sentence(file: Path, small_log: Any, tmp_path: Path) -> None:
    (tmp_path / "uitvoer.json").write_text(json.dumps(bundle_json(small_log.bundle([0, 2], "GM0344"))))
    key, receipts = small_log.signer.verifier.vkey, small_log.receipts.verifier.vkey
    done = run(file, tmp_path / "uitvoer.json", "--vkey", key, "--receipt-vkey", receipts)
    assert done.returncode == 0
    assert (
        first(done) == "Goedgekeurd: logboek log.example/eerste is helemaal nagerekend, 5 bladen, en klopt."
    )
    assert done.stdout.splitlines()[1].startswith("1. [goed] ")


def test_a_copy_in_tiles_is_replayed_and_remembered(
    file: Path, folder: Path, small_log: Any, tmp_path: Path
) -> None:
    memory = tmp_path / "onthouden"
    arguments = ("--folder", folder, "--vkey", small_log.signer.verifier.vkey, "--remember", memory)
    assert run(file, *arguments).returncode == 0
    assert memory.read_text() == small_log.note()
    small_log.append("GM0518")
    write_tiles(folder, small_log.leaves(6), small_log.note())
    done = run(file, *arguments)
    assert done.returncode == 0
    assert "eerdere controlepunt (5 bladen) in het logboek stond, staat er nog" in done.stdout
    assert memory.read_text() == small_log.note(6)


def receipt(log: Any, index: int, **changes: Any) -> str:
    true = Receipt(log.signer.name, index, log.entries[index].leaf_hash, NOW - timedelta(minutes=5))
    return make_receipt(replace(true, **changes), log.receipts)


def judge(
    file: Path, folder: Path, log: Any, tmp_path: Path, note: str, *more: object
) -> subprocess.CompletedProcess[str]:
    (tmp_path / "mijn.bewijs").write_text(note)
    keys = ("--vkey", log.signer.verifier.vkey, "--receipt-vkey", log.receipts.verifier.vkey)
    moment = ("--now", NOW.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return run(file, "--folder", folder, *keys, "--receipt", tmp_path / "mijn.bewijs", *(more or moment))


def test_an_own_receipt_is_found_in_the_log(file: Path, folder: Path, small_log: Any, tmp_path: Path) -> None:
    done = judge(file, folder, small_log, tmp_path, receipt(small_log, 3))
    assert done.returncode == 0
    assert "mijn.bewijs: blad 3 staat in het logboek." in done.stdout


def test_a_receipt_for_another_leaf_is_named_with_its_number(
    file: Path, folder: Path, small_log: Any, tmp_path: Path
) -> None:
    done = judge(file, folder, small_log, tmp_path, receipt(small_log, 3, leaf_hash=bytes(32)))
    assert done.returncode == 1
    assert re.fullmatch(
        r"Afgekeurd: ontvangstbewijs \S+mijn\.bewijs belooft een ander blad 3 dan er in het logboek staat; bewaar .*; bel .*\.",
        first(done),
    )


def test_a_receipt_beyond_the_log_gets_ten_minutes(
    file: Path, folder: Path, small_log: Any, tmp_path: Path
) -> None:
    young = receipt(small_log, 4, leaf_index=9)
    done = judge(file, folder, small_log, tmp_path, young)
    assert done.returncode == 0
    assert "Kijk over tien minuten opnieuw." in done.stdout
    late = receipt(small_log, 4, leaf_index=9, moment=NOW - timedelta(minutes=11))
    done = judge(file, folder, small_log, tmp_path, late)
    assert done.returncode == 1
    assert "belooft blad 9, en dat staat na tien minuten nog niet in het logboek van 5 bladen" in first(done)
    # Without --now it is the clock of this computer that counts.
    assert judge(file, folder, small_log, tmp_path, young, "--folder", folder).returncode == 1


def test_a_receipt_of_a_stranger_is_refused(file: Path, folder: Path, small_log: Any, tmp_path: Path) -> None:
    stranger = Signer("vreemd.example", Secret(bytes(range(3, 35))))
    forged = make_receipt(Receipt(small_log.signer.name, 3, small_log.entries[3].leaf_hash, NOW), stranger)
    done = judge(file, folder, small_log, tmp_path, forged)
    assert done.returncode == 1
    assert "is niet te vertrouwen: geen van de bekende sleutels" in first(done)


def proof(log: Any, index: int, size: int | None = None, **changes: Any) -> str:
    size = size or len(log.entries)
    promised = receipt(log, index, **changes).encode()
    return TlogProof(index, tuple(log.inclusion(index, size)), log.note(size), promised).text


def with_proof(
    file: Path, log: Any, tmp_path: Path, content: str, *where: object
) -> subprocess.CompletedProcess[str]:
    (tmp_path / "blad.tlog-proof").write_text(content)
    keys = ("--vkey", log.signer.verifier.vkey, "--receipt-vkey", log.receipts.verifier.vkey)
    named = ("--proof", tmp_path / "blad.tlog-proof", *where) if where else (tmp_path / "blad.tlog-proof",)
    return run(file, *named, *keys)


def test_a_proof_file_is_judged_by_itself_and_against_the_log(
    file: Path, folder: Path, small_log: Any, tmp_path: Path
) -> None:
    alone = with_proof(file, small_log, tmp_path, proof(small_log, 2))
    assert alone.returncode == 0
    assert "Blad 2, dat het ontvangstbewijs belooft, staat in het logboek." in alone.stdout
    beside = with_proof(file, small_log, tmp_path, proof(small_log, 2, 4), "--folder", folder)
    assert beside.returncode == 0
    assert "blad.tlog-proof klopt, en is van ditzelfde logboek." in beside.stdout


def elsewhere(log: Any, index: int) -> str:
    """A proof from a log of the same name and key with another past."""
    other = type(log)()
    for _number in range(5):
        other.append("GM0344")
    return proof(other, index)


PROOFS: dict[str, tuple[Any, str, bool]] = {
    "of_another_leaf": (
        lambda log: proof(log, 2, leaf_index=3),
        "het ontvangstbewijs erin is van blad 3",
        False,
    ),
    "with_another_hash": (lambda log: proof(log, 2, leaf_hash=bytes(32)), "leidt niet van dit blad", False),
    "of_another_log": (lambda log: proof(log, 2, origin="ander"), "van een ander logboek", False),
    "without_a_receipt": (
        lambda log: re.sub("extra .*\n", "", proof(log, 2)),
        "er zit geen ontvangstbewijs in",
        False,
    ),
    "that_is_none": (lambda _log: "c2sp.org/tlog-proof@v1\nwat\n\n", "is niet goed", False),
    "of_a_rewritten_past": (lambda log: elsewhere(log, 2), "het verleden is herschreven", True),
}


@pytest.mark.parametrize("name", PROOFS)
def test_a_false_proof_is_refused_and_says_why(
    name: str, file: Path, folder: Path, small_log: Any, tmp_path: Path
) -> None:
    made, said, beside = PROOFS[name]
    where = ("--folder", folder) if beside else ()
    done = with_proof(file, small_log, tmp_path, made(small_log), *where)
    assert done.returncode == 1
    assert said in first(done)


def test_a_proof_of_a_longer_log_shows_that_the_log_was_rolled_back(
    file: Path, folder: Path, small_log: Any, tmp_path: Path
) -> None:
    small_log.append("GM0518")
    done = with_proof(file, small_log, tmp_path, proof(small_log, 2), "--folder", folder)
    assert done.returncode == 1
    assert "het logboek telde toen al 6 bladen en is korter geworden" in first(done)


def policy(path: Path, log: Any) -> Path:
    lines = [f"log {log.signer.verifier.vkey}"]
    lines += [f"witness fg{n} {one.witness.vkey}" for n, one in enumerate(WITNESSES, start=1)]
    path.write_text("\n".join([*lines, "group getuigen 2 fg1 fg2 fg3", "quorum getuigen", ""]))
    return path


@pytest.mark.parametrize("signed", [0, 1, 2, 3])
def test_a_checkpoint_needs_its_quorum(
    file: Path, folder: Path, small_log: Any, tmp_path: Path, signed: int
) -> None:
    lines = [one.cosign(small_log.checkpoint(), NOW) for one in WITNESSES[:signed]]
    (folder / "checkpoint").write_text(add_signatures(small_log.note(), lines))
    chosen = policy(tmp_path / "getuigen", small_log)
    done = run(file, "--folder", folder, "--vkey", small_log.signer.verifier.vkey, "--policy", chosen)
    assert done.returncode == (0 if signed >= 2 else 1)
    if signed < 2:
        assert f"niet genoeg getuigen: {signed} van de 3 getuigen tekenden, en 2 zijn er nodig" in first(done)
        assert "vertrouw zolang niet op dit controlepunt" in first(done)
    else:
        assert "Genoeg getuigen hebben dit controlepunt mee ondertekend" in done.stdout


MISUSES: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "unknown_option": ("--zoek", "x"),
    "abbreviated_option": ("uitvoer.json", "--vk", "x"),
    "option_without_value": ("--log",),
    "two_places": ("--log", "http://x", "--folder", "."),
    "folder_without_key": ("--folder", "."),
    "folder_that_is_not_there": ("--folder", "nergens", "--vkey", "VKEY"),
    "policy_that_is_not_there": ("--folder", ".", "--vkey", "VKEY", "--policy", "nergens"),
    "receipt_without_its_key": ("--folder", ".", "--vkey", "VKEY", "--receipt", "x"),
    "proof_without_its_key": ("--folder", ".", "--vkey", "VKEY", "--proof", "x"),
    "moment_that_is_none": ("--folder", ".", "--vkey", "VKEY", "--now", "morgen"),
    "memory_without_key": ("uitvoer.json", "--remember", "x"),
}


@pytest.mark.parametrize("name", MISUSES)
def test_wrong_use_is_one_dutch_sentence_and_exit_2(name: str, file: Path, small_log: Any) -> None:
    key = small_log.signer.verifier.vkey
    done = run(file, *(key if one == "VKEY" else one for one in MISUSES[name]))
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert re.fullmatch(r"[A-Z-].*\n", done.stderr), done.stderr


def test_a_policy_of_nobody_is_refused_out_loud(
    file: Path, folder: Path, small_log: Any, tmp_path: Path
) -> None:
    (tmp_path / "leeg").write_text("quorum none\n")
    key = small_log.signer.verifier.vkey
    done = run(file, "--folder", folder, "--vkey", key, "--policy", tmp_path / "leeg")
    assert done.returncode == 2
    assert "geen enkele getuige" in done.stderr


def test_the_environment_of_who_runs_it_does_not_matter(file: Path, folder: Path, small_log: Any) -> None:
    ours = run(file, "--folder", folder, "--vkey", small_log.signer.verifier.vkey).stdout
    done = subprocess.run(
        [sys.executable, str(file), "--folder", str(folder), "--vkey", small_log.signer.verifier.vkey],
        env={"http_proxy": "http://127.0.0.1:9", "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)},
        cwd=file.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ours
