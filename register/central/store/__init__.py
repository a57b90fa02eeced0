# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register's database: signals, postings, treffers, people, the log. SQLAlchemy Core, the same on SQLite and PostgreSQL."""

from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations"
"""The revisions of the register's database."""
