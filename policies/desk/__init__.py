# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Where policy touches the world: reading the packaged rules, and the command `signaalregister policy`."""
