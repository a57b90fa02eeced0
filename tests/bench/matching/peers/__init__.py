# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Other ways to find the same person, each a script that runs by itself in an environment of its own (`tests.bench.matching.running`)."""
