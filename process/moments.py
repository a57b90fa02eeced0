# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Time and randomness as values to hand over.

A process reads the clock and the random source in one place, its `app.py`; everything else receives them as arguments
of these types, so that one request cannot straddle midnight and a test can be any day.
"""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the moment as an aware datetime in UTC."""

Randomness = Callable[[int], bytes]
"""Gives so many unpredictable bytes."""
