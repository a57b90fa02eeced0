# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from audit.bundle import bundle_json
from audit.canonical import base64_text
from audit.verifier import remote
from audit.verifier.cli import audit
from audit.verifier.options import Wish
from audit.verifier.running import run as run_check


def run(*arguments: object) -> Result:
    return CliRunner().invoke(audit, ["verify", *(str(one) for one in arguments)])


@pytest.fixture
def bundle_file(small_log: Any, tmp_path: Path) -> Path:
    path = tmp_path / "uitvoer.json"
    path.write_text(json.dumps(bundle_json(small_log.bundle([0, 2], "GM0344"))))
    return path


@pytest.fixture
def address(small_log: Any) -> Iterator[str]:
    """The log over real HTTP, as the register serves it; the paths are those of docs/spec/audit-log.md."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = {name: int(values[0]) for name, values in parse_qs(url.query).items()}
            answer = self.answer(url.path, query)
            self.send_response(404 if answer is None else 200)
            self.end_headers()
            self.wfile.write((answer or "").encode())

        def answer(self, path: str, query: dict[str, int]) -> str | None:
            if path == "/v1/logboek/checkpoint":
                return str(small_log.note())
            if path == "/v1/logboek/bladen":
                first, count = query["vanaf"], min(query["aantal"], 2)
                leaves = small_log.leaves(len(small_log.entries))[first : first + count]
                return json.dumps({"vanaf": first, "bladen": [base64_text(one) for one in leaves]})
            if path == "/v1/logboek/bewijzen/insluiting":
                return self.hashes(small_log.inclusion(query["blad"], query["omvang"]))
            if path == "/v1/logboek/bewijzen/samenhang":
                return self.hashes(small_log.consistency(query["van"], query["naar"]))
            return None

        def hashes(self, proof: Any) -> str:
            return json.dumps({"hashes": [base64_text(one) for one in proof]})

        def log_message(self, *_arguments: object) -> None:
            """Says nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_true_export_exits_0_and_prints_its_steps(bundle_file: Path, small_log: Any) -> None:
    result = run(
        bundle_file,
        "--vkey",
        small_log.signer.verifier.vkey,
        "--receipt-vkey",
        small_log.receipts.verifier.vkey,
    )
    assert result.exit_code == 0, result.output
    assert result.output.startswith(
        "Goedgekeurd: logboek log.example/eerste is helemaal nagerekend, 5 bladen, en klopt.\n1. [goed] Het controlepunt"
    )
    assert "komt uit de uitvoer zelf" not in result.output


def test_an_export_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    result = run(tmp_path / "bewijs.json")
    assert result.exit_code == 2
    assert "bewijs.json bestaat niet." in result.output


def test_a_key_may_stand_in_a_file(bundle_file: Path, small_log: Any, tmp_path: Path) -> None:
    key = tmp_path / "log.vkey"
    key.write_text(small_log.signer.verifier.vkey + "\n")
    assert run(bundle_file, "--vkey", key).exit_code == 0


def test_an_export_without_a_key_of_our_own_says_so(bundle_file: Path) -> None:
    result = run(bundle_file)
    assert result.exit_code == 0
    assert "komt uit de uitvoer zelf" in result.output


def test_a_forged_export_exits_1_and_says_where(bundle_file: Path) -> None:
    document = json.loads(bundle_file.read_text())
    document["inschrijvingen"][0]["openingen"][0]["inhoud"] = '{"inhoud":{},"organisatie":"GM0344"}'
    bundle_file.write_text(json.dumps(document))
    result = run(bundle_file)
    assert result.exit_code == 1
    assert "[fout] De inhoud van blad 0 voor GM0344 klopt niet" in result.output


def test_an_export_of_another_form_exits_1(bundle_file: Path) -> None:
    bundle_file.write_text("{}")
    result = run(bundle_file)
    assert result.exit_code == 1
    assert "is niet goed" in result.output


def test_a_log_on_the_network_exits_0(address: str, small_log: Any) -> None:
    result = run("--log", address, "--vkey", small_log.signer.verifier.vkey)
    assert result.exit_code == 0, result.output
    assert "Alle 5 bladen zijn nagerekend" in result.output


def test_a_remembered_checkpoint_is_compared_and_replaced(
    address: str, small_log: Any, tmp_path: Path
) -> None:
    arguments = ("--log", address, "--vkey", small_log.signer.verifier.vkey, "--remember", tmp_path / "vorig")
    assert run(*arguments).exit_code == 0
    assert (tmp_path / "vorig").read_text() == small_log.note()
    small_log.append("GM0518")
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert "eerdere controlepunt (5 bladen)" in result.output
    assert (tmp_path / "vorig").read_text() == small_log.note(6)


def test_a_log_that_was_rolled_back_exits_1_and_the_memory_stays(
    address: str, small_log: Any, tmp_path: Path
) -> None:
    (tmp_path / "vorig").write_text(small_log.note())
    small_log.entries.pop()
    result = run("--log", address, "--vkey", small_log.signer.verifier.vkey, "--remember", tmp_path / "vorig")
    assert result.exit_code == 1
    assert "korter geworden" in result.output
    assert "\n5\n" in (tmp_path / "vorig").read_text()


def test_a_leaf_that_was_changed_exits_1(address: str, small_log: Any, tmp_path: Path) -> None:
    (tmp_path / "vorig").write_text(small_log.note())
    small_log.entries[0], small_log.entries[1] = small_log.entries[1], small_log.entries[0]
    result = run("--log", address, "--vkey", small_log.signer.verifier.vkey, "--remember", tmp_path / "vorig")
    assert result.exit_code == 1
    assert "het verleden is herschreven, een van de bladen 0 tot en met 4" in result.output


def test_a_log_of_another_key_exits_1(address: str, small_log: Any) -> None:
    result = run("--log", address, "--vkey", small_log.receipts.verifier.vkey)
    assert result.exit_code == 1
    assert "niet te vertrouwen" in result.output


def test_a_log_that_is_not_there_exits_1(small_log: Any) -> None:
    result = run("--log", "http://127.0.0.1:1", "--vkey", small_log.signer.verifier.vkey)
    assert result.exit_code == 1
    assert "niet bereikbaar" in result.output


def test_an_address_that_serves_something_else_exits_1(address: str, small_log: Any) -> None:
    result = run("--log", address + "/elders", "--vkey", small_log.signer.verifier.vkey)
    assert result.exit_code == 1
    assert "status 404" in result.output


def test_leaves_come_page_by_page(address: str, small_log: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "PAGE", 1)
    assert run("--log", address, "--vkey", small_log.signer.verifier.vkey).exit_code == 0


VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
MISUSES: dict[str, tuple[object, ...]] = {
    "nothing": (),
    "both": ("uitvoer.json", "--log", "http://127.0.0.1"),
    "log_without_key": ("--log", "http://127.0.0.1"),
    "log_with_receipt_key": ("--log", "http://127.0.0.1", "--vkey", VKEY, "--receipt-vkey", VKEY),
    "file_with_ca": ("uitvoer.json", "--ca", "ca.pem"),
    "file_that_is_not_there": ("nergens.json",),
    "key_that_is_none": ("uitvoer.json", "--vkey", "a+b+c"),
    "key_file_that_is_not_there": ("--log", "http://127.0.0.1", "--vkey", "nergens"),
    "authorities_not_there": ("--log", "https://127.0.0.1", "--vkey", VKEY, "--ca", "nergens.pem"),
    "address_without_https": ("--log", "register.example", "--vkey", VKEY),
    "address_that_is_none": ("--log", "http://x:poort", "--vkey", VKEY),
    "memory_that_is_none": ("--log", "http://127.0.0.1", "--vkey", VKEY, "--remember", "uitvoer.json"),
}


@pytest.mark.parametrize("name", MISUSES)
def test_wrong_use_exits_2(name: str, bundle_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bundle_file.parent)
    result = run(*MISUSES[name])
    assert result.exit_code == 2, result.output


def test_a_name_in_an_export_writes_over_no_verdict_on_a_terminal(small_log: Any, tmp_path: Path) -> None:
    true = small_log.bundle([0], "GM0344")
    (_name, opening), *_more = true.entries[0].openings
    entry = replace(true.entries[0], openings=(("x\x1b[2J\x1b[1;1HGoedgekeurd\n: alles", opening),))
    (tmp_path / "uitvoer.json").write_text(json.dumps(bundle_json(replace(true, entries=(entry,)))))
    report = run_check(Wish(bundle=str(tmp_path / "uitvoer.json")), lambda: datetime(2026, 3, 1, tzinfo=UTC))
    assert report.code == 1
    assert all(line.isprintable() for line in report.lines)
