# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Connected components by our own union of sets, beside bare scipy.sparse.csgraph on the same pairs in the same run."""

import json
import random
import subprocess
import tempfile
import time
from array import array
from pathlib import Path
from typing import Any, Final

from register.network import Union

PEER: Final = Path(__file__).parent / "peers" / "components.py"


def measured(python: str, nodes: int, pairs: int, seed: int) -> dict[str, Any]:
    """So many random pairs, half of them within groups of four."""
    chance = random.Random(seed)
    flat = array("i")
    for at in range(pairs):
        one = chance.randrange(nodes)
        other = one // 4 * 4 + chance.randrange(4) if at % 2 else chance.randrange(nodes)
        flat.extend((one, min(other, nodes - 1)))
    begun = time.process_time()
    union = Union(nodes)
    for one, other in zip(flat[::2], flat[1::2], strict=True):
        union.unite(one, other)
    sets = union.sets()
    ours = time.process_time() - begun
    with tempfile.NamedTemporaryFile(suffix=".pairs") as file:
        file.write(flat.tobytes())
        file.flush()
        said = subprocess.run(
            [python, str(PEER), file.name, str(nodes)], check=True, capture_output=True, text=True
        )
    peer = json.loads(said.stdout)
    if peer["components"] != len(sets) or peer["largest"] != max(map(len, sets.values())):
        raise RuntimeError("the two do not find the same components")
    return {
        "nodes": nodes,
        "pairs": pairs,
        "components": len(sets),
        "cpu": ours,
        "peer": peer,
        "ratio": ours / peer["cpu"],
    }
