# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The Logboek Dataverwerkingen as a reader finds it: every line judged by the schema before it is given."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parents[1] / "docs/spec/logboek-dataverwerkingen.schema.json"
SUBJECT = "dpl.core.data_subject_id"
KIND = "dpl.core.data_subject_id_type"
ACTIVITY = "dpl.core.processing_activity_id"


def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def lines(folder: Path, trace: str | None = None) -> list[dict[str, Any]]:
    """Every line of every file, or those of one trace."""
    judge, found = validator(), []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            judge.validate(said)
            if trace in {None, said["trace_id"]}:
                found.append(said)
    return found


def subjects(found: list[dict[str, Any]]) -> list[str]:
    """The codes of the data subjects in these lines."""
    return [one["attributes"][SUBJECT] for one in found if SUBJECT in one["attributes"]]
