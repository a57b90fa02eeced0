# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Composition root of the ceremony. It loads no server and no database: a machine that only makes a key has neither."""

import os


def system_randomness(count: int) -> bytes:
    """The random source of this process."""
    return os.urandom(count)
