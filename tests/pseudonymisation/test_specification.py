# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about docs/spec/pseudonymisation.md: its example is what the code computes, and nothing on the wire goes unmentioned."""

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from process.secret import Secret
from process.serving.settings import DatabaseSettings
from pseudonymisation.ceremony import parse_keyset
from pseudonymisation.dealing import complain, rebut
from pseudonymisation.joint import Stage
from pseudonymisation.keyholder.settings import KeyholderSettings, Quotas
from pseudonymisation.oprf import Mode
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.shares import locked_share_file
from pseudonymisation.statement import party_file
from pseudonymisation.threshold import Evaluation, combine
from pseudonymisation.vault import KeyVault
from pseudonymisation.wire import EvaluationRequest, EvaluationResponse, KeysetResponse
from tests.pseudonymisation.test_ceremony import DEALT
from tests.pseudonymisation.test_joint import KEYS, SOURCE, play

PAGE = (Path(__file__).parents[2] / "docs" / "spec" / "pseudonymisation.md").read_text()


def section(title: str) -> str:
    """The text under one heading, up to the next heading of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def rows(title: str) -> dict[str, str]:
    """The first two columns of the table under one heading, without backquotes around the whole."""
    cells = [line.strip("| ").split(" | ") for line in section(title).splitlines() if line.startswith("| ")]
    return {cell[0].strip("`"): cell[1].strip("`") for cell in cells}


def test_the_example_is_what_the_code_computes() -> None:
    document = re.search(r"```json\n(.*?)```", section("Example"), re.DOTALL)
    assert document
    keyset = parse_keyset(document[1].encode())
    assert f"`{keyset.fingerprint}`" in section("Example")

    told = rows("Example")
    h = Mode.VOPRF.hash_to_group(b"voorbeeld")
    blind = SecretScalar(3)
    b = blind.times(h)
    answers = {holder: SecretScalar(5 + 7 * holder).times(b) for holder in (1, 2, 3)}
    assert told["h"] == h.encode().hex()
    assert told["B = r·h"] == b.encode().hex()
    for holder, point in answers.items():
        assert told[f"E` of holder {holder}"] == point.encode().hex()
        assert keyset.holders[holder] == SecretScalar(5 + 7 * holder).public_point()
    combined = combine(keyset, [Evaluation(holder, 1, (answers[holder],)) for holder in (1, 2)])
    assert told["N"] == blind.inverse().times(combined[0]).encode().hex()
    assert told["N"] == SecretScalar(5).times(h).encode().hex()


def test_every_member_of_every_file_is_described_and_no_other() -> None:
    table = play()
    dealing = table.dealings[3]
    for stage in Stage:
        for index in (1, 2, 3):
            table.send(stage, index)
    steps = [json.loads(table.folder[stage.file(1)]) for stage in Stage]
    parsed = table.take_in(1).dealings[3]
    complaint = complain(parsed, 2, KEYS[2], table.seals[2].by_dealer[3])
    share = DEALT.shares[0]
    vault = KeyVault(Secret(SOURCE(32)), SOURCE)
    files: dict[str, list[dict[str, object]]] = {
        "Deelnemer": [json.loads(party_file(KEYS[1]))],
        "Opening": [json.loads(table.opening.data)],
        "Zegelsleutels": [steps[0]],
        "Steps": steps[1:],
        "Verdeling": [json.loads(dealing)],
        "Klacht": [json.loads(complaint.data)],
        "Weerwoord": [json.loads(rebut(complaint, parsed, KEYS[3]))],
        "Shares at rest": [json.loads(locked_share_file(share, vault))],
    }
    for title, documents in files.items():
        cells = [line.split(" | ")[0] for line in section(title).splitlines() if line.startswith("| `")]
        described = {name for cell in cells for name in re.findall(r"`([a-z]+)`", cell)}
        found = {name for document in documents for name in document}
        assert described - {"wachtzin", "kluis"} == found, title
        for document in documents:
            assert f"`{document['formaat']}`" in section(title), title


def test_every_sentence_on_the_page_is_one_that_the_code_says() -> None:
    parts = [re.findall(r'"([^"]+)"', line) for line in section("What is refused in a ceremony").splitlines()]
    quoted = [piece.strip() for row in parts for one in row for piece in one.split("...")]
    assert len(quoted) >= 12
    root = Path(__file__).parents[2] / "pseudonymisation"
    said = "".join(path.read_text() for path in root.rglob("*.py"))
    assert [piece for piece in quoted if piece not in said] == []


FIELDS: dict[str, list[type[BaseModel]]] = {
    "`POST /v1/evaluaties`": [EvaluationRequest, EvaluationResponse],
    "`GET /v1/sleutelset`": [KeysetResponse],
}


@pytest.mark.parametrize("title", FIELDS)
def test_every_field_on_the_wire_is_described_and_no_other(title: str) -> None:
    described = set(rows(title)) - {"field", "---"}
    assert described == {name for model in FIELDS[title] for name in model.model_fields}


def test_every_setting_is_described_and_no_other() -> None:
    described = set(rows("Settings of a key holder")) - {"setting", "---"}
    assert described == set(KeyholderSettings.model_fields) - set(DatabaseSettings.model_fields)
    for name in (f"[quotas.{action}]" for action in Quotas.model_fields):
        assert f"`{name}`" in section("Settings of a key holder")
