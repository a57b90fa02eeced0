# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""When an answer may leave, so that the time it took says nothing.

An answer leaves at a whole number of steps after its request was complete, never earlier: one that found something and one that found nothing
leave at the same moment as long as both are ready within the same step. The steps are counted from the request and not from a clock on the wall, because
with a clock on the wall the caller chooses how far away the next step is, and learns the rest by asking often.

What it does not hide: that an answer took longer than a step, and what else the machine is slowed down by.
"""

from math import ceil


def release(complete: float, ready: float, step: float) -> float:
    """The moment at which an answer leaves.

    Args:
        complete: when the last byte of the request was there, in seconds of any clock that only goes forward.
        ready: when the answer was.
        step: seconds, more than 0.

    Returns:
        The first moment `complete` + n * `step`, n >= 1, that is not before `ready`.
    """
    return complete + step * max(1, ceil((ready - complete) / step))
