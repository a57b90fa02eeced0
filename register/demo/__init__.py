# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exercise: a whole register with four municipalities on one machine, as real processes over loopback."""
