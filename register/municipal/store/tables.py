# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The tables of a node. No column can hold an identity attribute; the casebook holds sealed bytes.

Every row says whose it is: `tenant` is the code of one of the organisations of this node, or `-` for what happens before anyone has signed in.
It is first in every primary key, but where a number or digest is unique by itself. Only the jobs are of the node as a whole.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from audit.store.jobs import tables as job_tables
from audit.store.schema import Moment
from register.door.store import session_columns
from register.door.store import tables as door_tables

metadata = MetaData()


def tenant(*, key: bool = True) -> Column[str]:
    """Whose a row is."""
    return Column("tenant", String(16), primary_key=key, nullable=False)


def sealed_by(*, before_0003: bool = False) -> tuple[Column[bytes], ...]:
    """The record key beside a sealed column, wrapped for the seal and for the recovery key, and which those were."""
    return (
        Column("wrapped", LargeBinary, nullable=before_0003),
        Column("seal_key", LargeBinary(8), nullable=before_0003),
        Column("recovery", LargeBinary),
        Column("recovery_key", LargeBinary(8)),
    )


account = Table(
    "account",
    metadata,
    tenant(),
    Column("officer", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("password", String(200), nullable=False),
    UniqueConstraint("tenant", "name", name="uq_account_name"),
)

tries = Table(
    "tries",
    metadata,
    tenant(),
    Column("name_key", LargeBinary(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("waits_until", Moment),
    Column("last_at", Moment),
)

session = Table(
    "session",
    metadata,
    tenant(key=False),
    Column("digest", LargeBinary(32), primary_key=True),
    Column("officer", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    *session_columns(),
    ForeignKeyConstraint(["tenant", "officer"], ["account.tenant", "account.officer"], ondelete="CASCADE"),
)

door = door_tables(
    metadata,
    account=account,
    session=session,
    account_who="officer",
    account_tenant="tenant",
    session_who="officer",
    session_tenant="tenant",
    owner=(("tenant", "who"), ("account.tenant", "account.officer")),
)
"""How people sign in."""

control = Table(
    "control",
    metadata,
    tenant(),
    Column("number", String(32), primary_key=True),
    Column("basis", String(64), nullable=False),
    Column("control_type", String(64), nullable=False),
    Column("place", String(16), nullable=False),
    Column("planned", Boolean, nullable=False),
    Column("day", Date, nullable=False, index=True),
    Column("officer", String(64)),
)

casebook = Table(
    "casebook",
    metadata,
    tenant(),
    Column("signal_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("officer", String(64), nullable=False),
    Column("handle", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("first_processed_at", Moment, nullable=False),
    Column("expires_on", Date, nullable=False, index=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    *sealed_by(before_0003=True),
    Column("content", LargeBinary(32)),
    Column("answer", LargeBinary),
    Column("run", Uuid),
    UniqueConstraint("tenant", "handle", name="uq_casebook_handle"),
    Index("ix_casebook_tenant_first", "tenant", "first_processed_at", "signal_id"),
)

receipt = Table(
    "receipt",
    metadata,
    tenant(key=False),
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("log", String(200), nullable=False),
    Column("leaf", BigInteger, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    Column("note", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Column("proven_at", Moment),
    Column("contradicted_at", Moment),
    Index("ix_receipt_tenant_proven_at", "tenant", "proven_at"),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    tenant(),
    Column("log", String(200), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("note", LargeBinary, nullable=False),
)

log_break = Table(
    "log_break",
    metadata,
    tenant(),
    Column("log", String(200), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("last", LargeBinary, nullable=False),
    Column("offered", LargeBinary, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

refusal = Table(
    "refusal",
    metadata,
    tenant(),
    Column("minute", Moment, primary_key=True),
    Column("officer", String(64), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("fields", String(400), primary_key=True),
    Column("times", Integer, nullable=False),
)

intake = Table(
    "intake",
    metadata,
    tenant(),
    Column("intake_id", Uuid, primary_key=True),
    Column("officer", String(64), nullable=False),
    Column("mapping", LargeBinary, nullable=False),
    Column("origin", String(40), nullable=False),
    Column("total", BigInteger),
    Column("next_row", BigInteger, nullable=False),
    Column("stored", BigInteger, nullable=False),
    Column("repeated", BigInteger, nullable=False),
    Column("waiting", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("busy_ms", BigInteger, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Index("ix_intake_changed_at", "tenant", "changed_at"),
)

refused_row = Table(
    "refused_row",
    metadata,
    tenant(),
    Column("intake_id", Uuid, primary_key=True),
    Column("row", BigInteger, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("field", String(1000), nullable=False),
    Column("reason", String(2000), nullable=False),
    ForeignKeyConstraint(["tenant", "intake_id"], ["intake.tenant", "intake.intake_id"], ondelete="CASCADE"),
)

flag = Table(
    "flag",
    metadata,
    tenant(key=False),
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(40), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("counts", JSON, nullable=False),
    Index("ix_flag_tenant_at", "tenant", "at"),
)

lone_plate = Table(
    "lone_plate",
    metadata,
    tenant(),
    Column("officer", String(64), primary_key=True),
    Column("mark", LargeBinary(32), primary_key=True),
    Column("at", Moment, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    tenant(),
    Column("signal_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("run", Uuid),
    Column("handle", String(64), nullable=False),
    Column("first_processed_at", Moment, nullable=False),
    Column("expires_on", Date, nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("claim", LargeBinary(16)),
    Column("claimed_until", Moment),
    Column("content", LargeBinary(32), nullable=False),
    Column("digest", LargeBinary(32)),
    Column("maybe", Boolean, nullable=False),
    Column("reason", String(64)),
    Column("refusal", LargeBinary),
    Column("refused_at", Moment),
    Column("sealed", LargeBinary, nullable=False),
    *sealed_by(),
    Index("ix_outbox_tenant_next_at", "tenant", "next_at"),
)

draft = Table(
    "draft",
    metadata,
    tenant(),
    Column("draft_id", Uuid, primary_key=True),
    Column("officer", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    *sealed_by(),
)

look = Table(
    "look",
    metadata,
    tenant(),
    Column("look_id", Uuid, primary_key=True),
    Column("signal_id", Uuid, nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("attributes", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_look_tenant_signal_id", "tenant", "signal_id"),
)

withdrawn = Table(
    "withdrawn",
    metadata,
    tenant(),
    Column("signal_id", Uuid, primary_key=True),
    Column("expires_on", Date, nullable=False, index=True),
)

node_secret = Table(
    "node_secret",
    metadata,
    tenant(),
    Column("name", String(40), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    *sealed_by(),
)

job = job_tables(metadata)

reminder = Table(
    "reminder",
    metadata,
    tenant(),
    Column("role", String(40), primary_key=True),
    Column("officer", String(64), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("since", Moment, nullable=False),
)

canary_pin = Table(
    "canary_pin",
    metadata,
    tenant(),
    Column("keyset", String(32), primary_key=True),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("version", String(64), primary_key=True),
    Column("pin", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("key_mark", String(32)),
)

canary_look = Table(
    "canary_look",
    metadata,
    tenant(),
    Column("at", Moment, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("made", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(32), nullable=False),
)

control_outcome = Table(
    "control_outcome",
    metadata,
    tenant(),
    Column("number", String(32), primary_key=True),
    Column("officer", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("outcome", String(40)),
    Column("recorded_by", String(64)),
    Column("recorded_role", String(40)),
    Column("recorded_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("told_at", Moment),
    Index("ix_control_outcome_tenant_next_at", "tenant", "next_at"),
)

own_mark = Table(
    "own_mark",
    metadata,
    tenant(),
    Column("officer", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("digest", LargeBinary(32), primary_key=True),
    Column("set_by", String(64), nullable=False),
    Column("set_at", Moment, nullable=False),
    ForeignKeyConstraint(["tenant", "officer"], ["account.tenant", "account.officer"], ondelete="CASCADE"),
)

narrative = Table(
    "narrative",
    metadata,
    tenant(),
    Column("signal_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("expires_on", Date, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    *sealed_by(),
)

release_proposal = Table(
    "release_proposal",
    metadata,
    tenant(),
    Column("release_id", Uuid, primary_key=True),
    Column("signal_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("treffer_id", Uuid),
    Column("recipient", String(16), nullable=False),
    Column("recipient_role", String(40), nullable=False),
    Column("recipient_officer", String(64), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("proposed_by", String(64), nullable=False),
    Column("proposed_role", String(40), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("decided_by", String(64)),
    Column("decided_role", String(40)),
    Column("decided_at", Moment),
    Column("key_id", String(32)),
    Column("envelope", LargeBinary),
    Index("ix_release_proposal_tenant_state", "tenant", "state"),
)

received_release = Table(
    "received_release",
    metadata,
    tenant(),
    Column("release_id", Uuid, primary_key=True),
    Column("sender", String(16), nullable=False),
    Column("signal_id", Uuid, nullable=False),
    Column("role", String(40), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("expires_on", Date, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    *sealed_by(),
)

recipient_pin = Table(
    "recipient_pin",
    metadata,
    tenant(),
    Column("organisation", String(16), primary_key=True),
    Column("signer", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("pinned_by", String(64), nullable=False),
    Column("pinned_at", Moment, nullable=False),
)

own_recipient_key = Table(
    "own_recipient_key",
    metadata,
    tenant(),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("statement", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
)

mailbox = Table(
    "mailbox",
    metadata,
    tenant(),
    Column("officer", String(64), primary_key=True),
    Column("address", String(200), nullable=False),
    Column("set_at", Moment, nullable=False),
    ForeignKeyConstraint(["tenant", "officer"], ["account.tenant", "account.officer"], ondelete="CASCADE"),
)

announcement = Table(
    "announcement",
    metadata,
    tenant(),
    Column("channel", String(16), primary_key=True),
    Column("officer", String(64), primary_key=True),
    Column("moment", Moment, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Index("ix_announcement_tenant_state", "tenant", "state"),
)

change_request = Table(
    "change_request",
    metadata,
    tenant(),
    Column("signal_id", Uuid, primary_key=True),
    Column("officer", String(64), nullable=False),
    Column("wish", String(40), nullable=False),
    Column("at", Moment, nullable=False),
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    tenant(),
    Column("state", LargeBinary(32), primary_key=True),
    Column("browser", LargeBinary(32), nullable=False),
    Column("begun_at", Moment, nullable=False),
)

identity = Table(
    "identity",
    metadata,
    tenant(),
    Column("subject", LargeBinary(32), primary_key=True),
    Column("officer", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("tenant", "officer", name="uq_identity_officer"),
    ForeignKeyConstraint(["tenant", "officer"], ["account.tenant", "account.officer"], ondelete="CASCADE"),
)

role_change = Table(
    "role_change",
    metadata,
    tenant(key=False),
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("officer", String(64), nullable=False),
    Column("before", String(40)),
    Column("role", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(["tenant", "officer"], ["account.tenant", "account.officer"], ondelete="CASCADE"),
)
