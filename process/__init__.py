# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What every process needs at its door, and nothing of what it does inside: a leaf that knows no signals."""
