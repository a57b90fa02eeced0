# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Adding to a running total in one statement that gives the new total, so that no other request comes between reading and writing."""

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert


def adding(table: Table, total: Column[int], dialect: str) -> ReturningInsert[int]:
    """The statement; executed with a whole row, of which `total` holds what is added.

    Args:
        table: with a primary key that says which total it is.
        total: the column that grows.
        dialect: name of the database; two spellings, of which SQLAlchemy has no common one.
    """
    new = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return new.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={total.name: total + new.excluded[total.name]},
    ).returning(total)
