# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a node may do with each of its tables while it serves (`audit.store.roles`); its jobs run under the same role.

A right stands here because a statement of `register.municipal.store` needs it, and no other does. What a log did wrong (`log_break`) is evidence, and
who looked into a file (`look`) is for the FG: both can be added to only, save for what its term ends. So are the roles that a sign-in gave (`role_change`).
"""

from pathlib import Path
from typing import Final

from audit.store.roles import ADD, ALL, CHANGE, REPLACE, Rights
from audit.store.schema import Schema
from register.municipal.store.tables import metadata

MIGRATIONS: Final = Path(__file__).parent / "migrations"

RIGHTS: Final[dict[str, Rights]] = {
    "account": CHANGE,
    "tries": REPLACE,
    "session": ALL,
    "half_session": ALL,
    "code_app": ALL,
    "passkey": ALL,
    "recovery_code": REPLACE,
    "sign_in_event": REPLACE,
    "control": ADD,
    "casebook": ALL,
    "receipt": CHANGE,
    "checkpoint": REPLACE,
    "log_break": ADD,
    "refusal": ALL,
    "intake": ALL,
    "refused_row": REPLACE,
    "flag": ALL,
    "lone_plate": REPLACE,
    "outbox": ALL,
    "draft": ALL,
    "look": REPLACE,
    "withdrawn": REPLACE,
    "node_secret": ALL,
    "job": CHANGE,
    "reminder": ALL,
    "canary_pin": ADD,
    "canary_look": CHANGE,
    "control_outcome": ALL,
    "own_mark": REPLACE,
    "narrative": ALL,
    "release_proposal": ALL,
    "received_release": ALL,
    "recipient_pin": CHANGE,
    "own_recipient_key": ADD,
    "mailbox": REPLACE,
    "announcement": ALL,
    "change_request": REPLACE,
    "sign_in_attempt": REPLACE,
    "identity": ADD,
    "role_change": ADD,
}

SCHEMA: Final = Schema("node", metadata, MIGRATIONS, RIGHTS)
