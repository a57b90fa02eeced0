# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The counts of a key holder, durable: SQLite by default, PostgreSQL through the same code. SQLAlchemy lives here only."""

from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations"
"""The revisions of the key holder's database."""
