# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Networks at the size of a country: generated, with the truth planted (docs/bench.md)."""
