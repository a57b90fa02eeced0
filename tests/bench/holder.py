# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a key holder does for one request, and a node for the answers of two, beside the OpenSSL that neither can do without.

    python -m tests.bench.holder [--points N] [--json OUT]

The holder: N points times the share, and one proof over all of them. Unavoidable are two exchanges for each point and two for each in the composite. The node:
reading and checking the answers of two holders, with both proofs, and putting them together. Unavoidable are, for each holder, two exchanges for each point
in either composite. All in processor time of one thread on one core, the median of rounds; no network, no JSON.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from process.secret import Secret
from pseudonymisation.oprf import HedgedNonce, Mode, prove, verify
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.threshold import Evaluation, Origin, PublicKeyset, combine, split
from tests.bench.primitives import exchange_alone

ROUNDS = 15


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--points", type=int, default=32)
    options.add_argument("--json", type=Path)
    wish = options.parse_args()
    figures = measure(wish.points)
    print(  # noqa: T201 - a bench prints
        f"one exchange: {figures['exchange'] * 1e6:.1f} us\n"
        f"holder, {wish.points} points with proof: {figures['holder'] * 1e3:.2f} ms, {figures['holder_ratio']:.2f} x its {figures['holder_exchanges']:.0f} exchanges\n"
        f"node, two holders verified and combined: {figures['node'] * 1e3:.2f} ms, {figures['node_ratio']:.2f} x its {figures['node_exchanges']:.0f} exchanges"
    )
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="ascii")


def measure(points: int) -> dict[str, float]:
    """Both sides, on one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        return _measured(points)
    finally:
        os.sched_setaffinity(0, cores)


def _measured(points: int) -> dict[str, float]:
    sharing = split(SecretScalar.random(os.urandom), 2, 3, os.urandom)
    keyset = PublicKeyset("bench", "bench", 1, 2, 3, Origin.DEALT, sharing.commitments)
    nonce = HedgedNonce(Secret(os.urandom(32)), os.urandom)
    blinded = [Mode.VOPRF.hash_to_group(os.urandom(32)) for _point in range(points)]

    def answer(holder: int) -> tuple[Evaluation, object]:
        share = sharing.shares[holder]
        evaluated = tuple(share.times_each(blinded))
        return Evaluation(holder, 1, evaluated), prove(share, blinded, evaluated, nonce=nonce)

    answers = [answer(1), answer(2)]

    def check() -> None:
        for evaluation, proof in answers:
            verify(keyset.holders[evaluation.holder], blinded, evaluation.points, proof)  # type: ignore[arg-type]
        combine(keyset, [evaluation for evaluation, _proof in answers])

    # Alternating, so that both meet the same moments of the machine.
    rounds = [(exchange_alone(), _once(lambda: answer(1)), _once(check)) for _round in range(ROUNDS)]
    exchange, holder, node = (statistics.median(column) for column in zip(*rounds, strict=True))
    holders, nodes = 4 * points, 2 * 2 * 2 * points
    return {
        "exchange": exchange,
        "holder": holder,
        "holder_exchanges": holders,
        "holder_ratio": holder / (holders * exchange),
        "node": node,
        "node_exchanges": nodes,
        "node_ratio": node / (nodes * exchange),
    }


def _once(run: Callable[[], object]) -> float:
    begun = time.thread_time()
    run()
    return time.thread_time() - begun


if __name__ == "__main__":
    main()
