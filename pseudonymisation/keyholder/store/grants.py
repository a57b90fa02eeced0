# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a key holder may do with each of its tables while it serves (`audit.store.roles`)."""

from typing import Final

from audit.store.roles import ALL, CHANGE, REPLACE, Rights
from audit.store.schema import Schema
from pseudonymisation.keyholder.store import MIGRATIONS
from pseudonymisation.keyholder.store.schema import metadata

RIGHTS: Final[dict[str, Rights]] = {
    "quota_count": ALL,
    "quota_reached": ALL,
    "receipt_given": REPLACE,
    "job": CHANGE,
}

SCHEMA: Final = Schema("sleutelhouder", metadata, MIGRATIONS, RIGHTS)
