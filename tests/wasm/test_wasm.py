# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The rules through another door: Cedar's own WebAssembly decides every request of the contract as the engine does, by the same rules.

The engine gives cedarpy the few rules of one role, purpose and action; the WebAssembly gets all of them. So this also says that leaving the others out
changes nothing. `make check` installs what it needs, from a lock file with hashes.
"""

import json
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from policies.desk.load import profile_texts
from policies.engine import Put, _Question, _rule_ids
from tests.policies.test_actions import ACTS, MEANING
from tests.policies.test_actions import SPOIL as SPOIL_ACT
from tests.policies.world import (
    CONTRACTED,
    MAIN_PURPOSES,
    SPOIL,
    Question,
    best,
    engine,
    matrix,
    policy_set,
    spoil_mandate,
    spoil_special,
)

pytestmark = pytest.mark.wasm
HERE = Path(__file__).parent
MODULES = HERE.parents[1] / ".venv" / "wasm" / "node_modules"


def contract() -> Iterator[tuple[Question, str]]:
    """Every cell at its best and with each condition spoilt, and every action likewise."""
    for row in matrix():
        if not row.allowed:
            yield best(row.role, row.purpose, "G-GEM"), row.field
            continue
        yield row.best(), row.field
        always = ("C6", "C22") if row.purpose in MAIN_PURPOSES else ()
        for code in dict.fromkeys([*row.conditions, *always]):
            yield from ((spoilt, row.field) for spoilt in SPOIL[code](row.best()))
        for spoil in (spoil_mandate, spoil_special):
            yield from ((spoilt, row.field) for spoilt in spoil(row.best()))
    for act in ACTS:
        yield act.best(), act.action
        for code in ["mandate", *MEANING[act.action][1]]:
            yield from ((spoilt, act.action) for spoilt in SPOIL_ACT[code](act.best()))


def test_cedar_in_webassembly_decides_every_request_of_the_contract_by_the_same_rules(tmp_path: Path) -> None:
    ours, requests, asked = [], [], 0
    for question, action in contract():
        told: set[Put] = set()
        for profile in CONTRACTED:
            asked += 1
            decides = _Question(engine(profile=profile), question.asker, question.occasion)
            put = decides.put((question.facts,), (action,), (action,))
            # What both profiles put to the same rules is one request.
            if put in told:
                continue
            told.add(put)
            results = decides._ask(put, action)
            assert results is not None
            (result,) = results
            ours.append({"allowed": result.allowed, "rules": list(_rule_ids(result)), "errors": 0})
            (request,) = put.requests()
            context = json.loads(str(request["context"]))
            requests.append({**request, "context": context, "entities": json.loads(put.entities)})
    theirs = decided_by_webassembly(requests, tmp_path / "verzoeken.json")
    assert theirs["version"].split(".")[:2] == version("cedarpy").split(".")[:2]
    assert len(theirs["decided"]) == len(ours) > 5_000
    assert {True, False} == {one["allowed"] for one in ours}
    differing = [
        (requests[at]["action"], mine, other)
        for at, (mine, other) in enumerate(zip(ours, theirs["decided"], strict=True))
        if mine != other
    ]
    assert differing == []
    allowed = sum(bool(one["allowed"]) for one in ours)
    print(  # noqa: T201 - what was compared
        f"{asked} requests of {' and '.join(CONTRACTED)}, {len(ours)} of them different, {allowed} allowed: the same decisions by the same rules"
    )


def decided_by_webassembly(requests: list[dict[str, Any]], file: Path) -> dict[str, Any]:
    """What Cedar's WebAssembly says of each, over all rules."""
    told = {
        "schema": profile_texts("oefening")["schema.cedarschema"],
        "rules": {rule.id: rule.cedar for rule in policy_set().rules},
        "requests": requests,
    }
    file.write_text(json.dumps(told), encoding="utf-8")
    # Node 20 has been seen to abort while it optimises the loop (V8, "unreachable code" in the deoptimizer); nothing here is worth optimising.
    command = ["node", "--no-opt", str(HERE / "decide.cjs"), str(MODULES), str(file)]
    answer = subprocess.run(command, check=True, capture_output=True, timeout=240)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_the_lock_file_names_hashes_and_no_registry() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not any("resolved" in one for one in packages.values())
