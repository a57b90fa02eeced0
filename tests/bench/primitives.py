# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What cannot be avoided, measured alone on one quiet core: a raw ECDH exchange in OpenSSL, and Argon2id of each class."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from pseudonymisation.matchkeys import MatchKey
from pseudonymisation.stretch import stretch

_ROUNDS = 7
_EACH = 0.15
"""CPU seconds per round, long enough for the clock and short enough to meet a quiet moment."""


@dataclass(frozen=True)
class Primitives:
    """CPU seconds for one operation: other work on the machine hardly shows in them.

    Attributes:
        ecdh: one exchange on P-256 with keys that are ready, as `openssl speed ecdhp256` measures it.
        argon2_exact: one exact identifier.
        argon2_composite: one composite key.
    """

    ecdh: float
    argon2_exact: float
    argon2_composite: float


def measure(keyset: str) -> Primitives:
    """Measure on the first core that this process may use; the process goes back to all of them."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        own, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        public, algorithm = other.public_key(), ec.ECDH()
        return Primitives(
            _seconds(lambda: own.exchange(algorithm, public)),
            _seconds(lambda: stretch(keyset, MatchKey("phone", b"+31612345678"))),
            _seconds(lambda: stretch(keyset, MatchKey("name_dob", b"nunez"))),
        )
    finally:
        os.sched_setaffinity(0, cores)


def _seconds(run: Callable[[], object]) -> float:
    """The median round, per operation."""
    run()
    return statistics.median(_round(run) for _round_number in range(_ROUNDS))


def _round(run: Callable[[], object]) -> float:
    times, begun = 0, time.thread_time()
    while (taken := time.thread_time() - begun) < _EACH:
        run()
        times += 1
    return taken / times


def exchange_alone(seconds: float = 0.02) -> float:
    """Processor seconds of one raw exchange in this thread, now."""
    return exchanges(seconds)[1]


def exchanges(seconds: float) -> tuple[float, float]:
    """Raw exchanges a second of this process for so long, by the wall clock; and processor seconds for one."""
    own, public = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()).public_key(),
    )
    algorithm, times = ec.ECDH(), 0
    begun, used = time.perf_counter(), time.process_time()
    while not times or time.perf_counter() - begun < seconds:
        for _exchange in range(100):
            own.exchange(algorithm, public)
        times += 100
    return times / (time.perf_counter() - begun), (time.process_time() - used) / times
