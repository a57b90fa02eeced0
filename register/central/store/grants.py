# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the register may do with each of its tables while it serves (`audit.store.roles`); its jobs run under the same role.

A right stands here because a statement of `register.central.store` needs it, and no other does. Rows that only ever go with the row that they
refer to (ON DELETE CASCADE) need no right to be deleted: PostgreSQL does that as the owner.
"""

from typing import Final

from audit.store.roles import ADD, ALL, CHANGE, LOG, READ, REPLACE, Rights
from audit.store.schema import Schema
from register.central.store import MIGRATIONS
from register.central.store.tables import metadata

RIGHTS: Final[dict[str, Rights]] = {
    **LOG,
    "signal": ALL,
    "subject": ADD,
    "posting": REPLACE,
    "keyset_state": CHANGE,
    "rotation": ALL,
    "rotation_arrival": REPLACE,
    "snapshot": REPLACE,
    "token_frequency": REPLACE,
    "treffer": ALL,
    "treffer_signal": REPLACE,
    "phase_2": ALL,
    "phase_2_release": REPLACE,
    "link_assertion": ALL,
    "treffer_event": ADD,
    "effect": REPLACE,
    "exclusion": ALL,
    "idempotency": REPLACE,
    "account": ALL,
    "failed_login": ALL,
    "session": ALL,
    "half_session": ALL,
    "code_app": ALL,
    "passkey": ALL,
    "recovery_code": REPLACE,
    "sign_in_event": ALL,
    "unauthenticated": ALL,
    "record_change": ADD,
    "organisation": ADD,
    "organisation_certificate": ADD,
    "mandate": ADD,
    "ground_record": ADD,
    "ground_end": ADD,
    "record_proposal": ADD,
    "record_proposal_step": ADD,
    "alliance_record": ADD,
    "party_change": ADD,
    "gate_decision": ADD,
    "criteria_record": ADD,
    "record_end": ADD,
    "job": CHANGE,
    "tombstone": ALL,
    "destruction": ALL,
    "reminder": ALL,
    "evaluation_receipt": REPLACE,
    "question_count": ALL,
    "fg_flag": ALL,
    "break_glass": REPLACE,
    "freeze": ALL,
    "breach": ALL,
    "break_glass_review": CHANGE,
    "holder_day": ALL,
    "reconciled": READ | Rights.DELETE,
    "decision_record": REPLACE,
    "policy_text": ADD,
    "policy_step": ADD,
    "cosignature": ADD,
    "witness_state": CHANGE,
    "review_draw": REPLACE,
    "review_item": CHANGE,
    "review_month": ALL,
    "review_limit": ADD,
    "recipient_key": ADD,
    "sealed_release": ALL,
    "notice": ALL,
    "arrival": REPLACE,
    "attendering": ALL,
    "validation": REPLACE,
}

SCHEMA: Final = Schema("register", metadata, MIGRATIONS, RIGHTS)
