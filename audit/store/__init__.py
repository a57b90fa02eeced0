# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Where the log and its keys are kept: SQLite or PostgreSQL, through one set of queries."""
