# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How well match keys find the same person again, side by side with four other ways, on any file (docs/matching.md)."""
