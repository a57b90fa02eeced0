# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The tables of the register.

Postings carry their tag as distribution key and refer to no other shard by foreign key; no sequence is global but the log's head; ids are
uuid4 (uuid7 would leak time). Pairs are never stored: edges are derived on read. No column can hold an identity attribute: a person is tags and
sealed points.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from audit.store.jobs import tables as job_tables
from audit.store.log import tables as log_tables
from audit.store.schema import Moment
from register.door.store import session_columns
from register.door.store import tables as door_tables

metadata = MetaData()
log = log_tables(metadata)


signal = Table(
    "signal",
    metadata,
    Column("signal_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("organisation", String(16), nullable=False),
    Column("local_reference", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("week", String(8), nullable=False),
    Column("basis", String(64), nullable=False),
    Column("control_type", String(64), nullable=False),
    Column("form", String(64), nullable=False),
    Column("indicators", JSON, nullable=False),
    Column("commitment", LargeBinary(32)),
    Column("opened", JSON),
    Column("source", String(1), nullable=False),
    Column("information", Integer, nullable=False),
    Column("handling", String(2), nullable=False),
    Column("no_police_contact", Boolean, nullable=False),
    Column("care_track", Boolean, nullable=False),
    Column("acute_danger", Boolean, nullable=False),
    Column("border_context", Boolean, nullable=False),
    Column("ground", String(64), nullable=False),
    Column("special_category_ground", String(64)),
    Column("criminal_ground", String(64)),
    Column("covenant", String(64)),
    Column("category", String(40), nullable=False),
    Column("first_processed_at", Moment, nullable=False),
    Column("expires_on", Date, nullable=False),
    Index("signal_expiry", "expires_on"),
    # For the job that destroys them: few rows at any time.
    Index(
        "signal_done_with",
        "organisation",
        sqlite_where=text("status <> 'actief'"),
        postgresql_where=text("status <> 'actief'"),
    ),
)

subject = Table(
    "subject",
    metadata,
    Column("signal_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("ref", String(8), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("role", String(40), nullable=False),
    Column("minor", String(10), nullable=False),
    ForeignKeyConstraint(
        ["signal_id", "version"], ["signal.signal_id", "signal.version"], ondelete="CASCADE"
    ),
)

posting = Table(
    "posting",
    metadata,
    Column("tag", LargeBinary(32), primary_key=True),
    Column("signal_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("ref", String(8), primary_key=True),
    Column("family", String(32), nullable=False),
    Column("keyset", String(32), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sealed_point", LargeBinary(80), nullable=False),
    Index("posting_by_subject", "signal_id", "version", "ref"),
)

# Both empty in a register whose keys never changed.
keyset_state = Table(
    "keyset_state",
    metadata,
    Column("keyset", String(32), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("since", Integer, nullable=False),
    Column("fingerprint", String(64), nullable=False),
)

rotation = Table(
    "rotation",
    metadata,
    Column("keyset", String(32), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("before", String(64), nullable=False),
    Column("after", String(64), nullable=False),
    Column("key", LargeBinary(33), nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("reached", Uuid),
    Column("started_at", Moment, nullable=False),
    Column("converted_at", Moment),
    Column("switched_at", Moment),
    Column("finished_at", Moment),
)

rotation_arrival = Table(
    "rotation_arrival",
    metadata,
    Column("signal_id", Uuid, primary_key=True),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("taken_on", Date, nullable=False),
    Column("subjects", Integer, nullable=False),
)

token_frequency = Table(
    "token_frequency",
    metadata,
    Column("tag", LargeBinary(32), primary_key=True),
    Column("carriers", Integer, nullable=False),
)

treffer = Table(
    "treffer",
    metadata,
    Column("treffer_id", Uuid, primary_key=True),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("control", String(32), nullable=False),
    Column("found_at", Moment, nullable=False),
    Column("lapses_on", Date, nullable=False),
    Column("request", LargeBinary(32), nullable=False),
    Index("treffer_once", "organisation", "request", unique=True),
)

treffer_signal = Table(
    "treffer_signal",
    metadata,
    Column("treffer_id", ForeignKey("treffer.treffer_id", ondelete="CASCADE"), primary_key=True),
    Column("signal_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("ref", String(8), primary_key=True),
    Column("families", JSON, nullable=False),
    Index("treffer_of_signal", "signal_id"),
)

phase_2 = Table(
    "phase_2",
    metadata,
    Column("decision_id", Uuid, primary_key=True),
    Column("treffer_id", ForeignKey("treffer.treffer_id"), nullable=False, unique=True),
    Column("asked_by_organisation", String(16), nullable=False),
    Column("asked_by_officer", String(64), nullable=False),
    Column("asked_by_role", String(40), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("control", String(32)),
    Column("asked_at", Moment, nullable=False),
    Column("criteria", JSON, nullable=False),
    Column("assessment", String(64), nullable=False),
    Column("opened_at", Moment),
)

phase_2_release = Table(
    "phase_2_release",
    metadata,
    Column("decision_id", ForeignKey("phase_2.decision_id"), primary_key=True),
    Column("signal_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("released_at", Moment, nullable=False),
)

# What people said about two subjects (register.links). Of two signals, so that neither can be its foreign key.
link_assertion = Table(
    "link_assertion",
    metadata,
    Column("assertion_id", Uuid, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("signal_a", Uuid, nullable=False),
    Column("ref_a", String(8), nullable=False),
    Column("signal_b", Uuid, nullable=False),
    Column("ref_b", String(8), nullable=False),
    Column("context_kind", String(16), nullable=False),
    Column("context_id", Uuid, nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("reason", String(40), nullable=False),
    # Empty after the term of the evidence (R8).
    Column("families", JSON(none_as_null=True)),
    Column("made_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Column("withdrawn_by", String(64)),
    Column("withdrawn_reason", String(40)),
    Index("link_assertion_a", "signal_a"),
    Index("link_assertion_b", "signal_b"),
    Index("link_assertion_made", "made_at"),
)

treffer_event = Table(
    "treffer_event",
    metadata,
    Column("treffer_id", ForeignKey("treffer.treffer_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("said", JSON, nullable=False),
)

effect = Table(
    "effect",
    metadata,
    Column("effect_id", Uuid, primary_key=True),
    Column("found_on", Date, nullable=False),
    Column("parties", JSON, nullable=False),
    Column("taken_up_days", Integer),
    Column("followed_up", Boolean, nullable=False),
    Column("outcome", String(40)),
    Column("handed_over", Boolean, nullable=False),
    Column("feedback_days", Integer),
    Index("effect_found", "found_on"),
)

exclusion = Table(
    "exclusion",
    metadata,
    Column("exclusion_id", Uuid, primary_key=True),
    Column("tag", LargeBinary(32), primary_key=True),
    Column("family", String(32), nullable=False),
    Column("keyset", String(32), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("recheck_on", Date, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", String(64)),
    Index("exclusion_of_tag", "tag"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("organisation", String(16), primary_key=True),
    Column("request_key", String(64), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("at", Moment, nullable=False),
)

account = Table(
    "account",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("password", String(200), nullable=False),
    # Somebody else gave this password: until when it lets in, only to choose one's own. Empty: it is one's own.
    Column("first_until", Moment),
)

failed_login = Table(
    "failed_login",
    metadata,
    Column("name_key", LargeBinary(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("account", ForeignKey("account.name", ondelete="CASCADE"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    *session_columns(),
)

door = door_tables(
    metadata,
    account=account,
    session=session,
    account_who="name",
    account_tenant="organisation",
    session_who="account",
    session_tenant=None,
    owner=(("who",), ("account.name",)),
    account_first="first_until",
)
"""How people sign in; `tenant` is their organisation."""

unauthenticated = Table(
    "unauthenticated",
    metadata,
    Column("minute", Moment, primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
)

record_change = Table(
    "record_change",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("change_id", Uuid, nullable=False, unique=True),
    Column("event", String(40), nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("document", String(200), nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("number", ForeignKey("record_change.number"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("oin", String(20), nullable=False, unique=True),
    Column("fg_contact", String(200), nullable=False),
    # Empty for those that were enrolled before it was asked.
    Column("contact", String(200)),
    Column("address", String(200)),
    Column("valid_from", Date, nullable=False),
)

organisation_certificate = Table(
    "organisation_certificate",
    metadata,
    Column("fingerprint", LargeBinary(32), primary_key=True),
    Column("organisation", ForeignKey("organisation.code"), nullable=False),
    Column("number", ForeignKey("record_change.number"), nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("ends_at", Moment, nullable=False),
)

mandate = Table(
    "mandate",
    metadata,
    Column("mandate_id", Uuid, primary_key=True),
    Column("number", ForeignKey("record_change.number"), nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("trained_on", Date),
    Column("screened_on", Date),
)

ground_record = Table(
    "ground_record",
    metadata,
    Column("ground_id", String(64), primary_key=True),
    Column("number", ForeignKey("record_change.number"), nullable=False),
    Column("record", Text, nullable=False),
)

ground_end = Table(
    "ground_end",
    metadata,
    Column("number", ForeignKey("record_change.number"), primary_key=True),
    Column("ground_id", String(64), nullable=False),
    Column("last_day", Date, nullable=False),
)

record_proposal = Table(
    "record_proposal",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("parties", JSON, nullable=False),
    Column("content", JSON, nullable=False),
    Column("document", String(200), nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("door", String(8), nullable=False),
    Column("at", Moment, nullable=False),
)

record_proposal_step = Table(
    "record_proposal_step",
    metadata,
    Column("proposal_id", ForeignKey("record_proposal.proposal_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("step", String(16), nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("objection", Boolean, nullable=False),
    Column("document", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("door", String(8), nullable=False),
    Column("at", Moment, nullable=False),
)

alliance_record = Table(
    "alliance_record",
    metadata,
    Column("alliance_id", String(64), primary_key=True),
    Column("number", ForeignKey("record_change.number"), nullable=False),
    Column("record", Text, nullable=False),
)

party_change = Table(
    "party_change",
    metadata,
    Column("number", ForeignKey("record_change.number"), primary_key=True),
    Column("alliance", String(64), nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
)

gate_decision = Table(
    "gate_decision",
    metadata,
    Column("number", ForeignKey("record_change.number"), primary_key=True),
    Column("code", String(16), nullable=False),
    Column("opened", Boolean, nullable=False),
    Column("advice", String(200)),
    Column("advised_on", Date),
    Column("objection", Boolean, nullable=False),
    Column("answered_on", Date),
)

criteria_record = Table(
    "criteria_record",
    metadata,
    Column("number", ForeignKey("record_change.number"), primary_key=True),
    Column("record", Text, nullable=False),
    Column("advice", String(200), nullable=False),
    Column("advised_on", Date, nullable=False),
    Column("objection", Boolean, nullable=False),
    Column("answered_on", Date),
)

record_end = Table(
    "record_end",
    metadata,
    Column("number", ForeignKey("record_change.number"), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("last_day", Date, nullable=False),
    Column("successor", String(16), nullable=False),
)

job = job_tables(metadata)

tombstone = Table(
    "tombstone",
    metadata,
    Column("signal_id", Uuid, primary_key=True),
    Column("organisation", String(16), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("expires_on", Date, nullable=False),
    Index("tombstone_expiry", "expires_on"),
)

destruction = Table(
    "destruction",
    metadata,
    Column("day", Date, primary_key=True),
    Column("signals", Integer, nullable=False),
    Column("versions", Integer, nullable=False),
    Column("treffers", Integer, nullable=False),
)

reminder = Table(
    "reminder",
    metadata,
    Column("role", String(40), primary_key=True),
    Column("organisation", String(16), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("since", Moment, nullable=False),
)

evaluation_receipt = Table(
    "evaluation_receipt",
    metadata,
    Column("holder", Integer, primary_key=True, autoincrement=False),
    Column("number", LargeBinary(16), primary_key=True),
    Column("day", Date, nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("action", String(16), nullable=False),
    Column("points", Integer, nullable=False),
    Column("request", LargeBinary(32), nullable=False),
    # Empty in rows of before revision 0008, and then the mark is zeros; those take part in no comparison.
    Column("holder_key", LargeBinary(32)),
    Column("epoch", Integer),
    Column("mark", LargeBinary(16), primary_key=True),
    Index("evaluation_receipt_day", "day", "holder"),
    Index("evaluation_receipt_mark", "holder_key", "mark", unique=True),
)

question_count = Table(
    "question_count",
    metadata,
    Column("organisation", String(16), primary_key=True),
    Column("officer", String(32), primary_key=True),
    Column("span", String(8), primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("attributes", Integer, nullable=False),
    Index("question_count_start", "start"),
)

fg_flag = Table(
    "fg_flag",
    metadata,
    Column("organisation", String(16), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("officer", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Index("fg_flag_day", "day"),
)

break_glass = Table(
    "break_glass",
    metadata,
    Column("opening_id", Uuid, primary_key=True),
    Column("treffer_id", Uuid, nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("danger", String(40), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_on", Date, nullable=False),
    Index("break_glass_opened", "opened_at"),
)

break_glass_review = Table(
    "break_glass_review",
    metadata,
    Column("opening_id", ForeignKey("break_glass.opening_id", ondelete="CASCADE"), primary_key=True),
    Column("organisation", String(16), primary_key=True),
    Column("verdict", String(16)),
    Column("reviewed_by", String(64)),
    Column("reviewed_at", Moment),
    Index("break_glass_review_organisation", "organisation"),
)

holder_day = Table(
    "holder_day",
    metadata,
    Column("holder_key", LargeBinary(32), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("holder", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("differences", Integer, nullable=False),
)

# Of software before revision 0008, for as long as there are rows in it.
reconciled = Table(
    "reconciled",
    metadata,
    Column("holder", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("differences", Integer, nullable=False),
)

decision_record = Table(
    "decision_record",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("day", Date, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Index("decision_record_day", "day"),
)

policy_text = Table(
    "policy_text",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("texts", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

policy_step = Table(
    "policy_step",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("step", String(16), nullable=False),
    Column("proposal", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("document", String(200), nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("objection", Boolean, nullable=False),
    Column("difference", String(16), nullable=False),
    Column("takes_effect_at", Moment),
    Column("leaf_index", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("door", String(8)),
    Column("text", Text),
    Column("told", JSON(none_as_null=True)),
)

cosignature = Table(
    "cosignature",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("witness", String(64), primary_key=True),
    Column("seconds", BigInteger, nullable=False),
    Column("line", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

witness_state = Table(
    "witness_state",
    metadata,
    Column("witness", String(64), primary_key=True),
    Column("said", String(16), nullable=False),
    Column("since", Moment, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("confirmed_at", Moment),
    Column("seen", BigInteger),
)

freeze = Table(
    "freeze",
    metadata,
    Column("freeze_id", Uuid, primary_key=True),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("reason", String(40), nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("confirmed_by", String(64)),
    Column("confirmed_at", Moment),
    Column("lifted_by", String(64)),
    Column("lifted_at", Moment),
    Column("document", String(200)),
    Column("decided_by", String(200)),
    Index("freeze_officer", "officer", "organisation"),
)

breach = Table(
    "breach",
    metadata,
    Column("breach_id", Uuid, primary_key=True),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("leaf", BigInteger),
    Column("freeze_id", Uuid),
    Column("known_at", Moment, nullable=False),
    Column("opened_by", String(64), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("settled", String(40)),
    Column("settled_by", String(64)),
    Column("settled_at", Moment),
    Index("breach_organisation", "organisation", "known_at"),
)

review_draw = Table(
    "review_draw",
    metadata,
    Column("organisation", String(16), primary_key=True),
    Column("period", String(16), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("throw", String(32), nullable=False),
    Column("questions", Integer, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index("review_draw_made", "made_at"),
)

review_item = Table(
    "review_item",
    metadata,
    Column("organisation", String(16), primary_key=True),
    Column("period", String(16), primary_key=True),
    Column("leaf_index", BigInteger, primary_key=True),
    Column("reasons", JSON, nullable=False),
    Column("verdict", String(16)),
    Column("reason", String(40)),
    Column("reviewed_by", String(64)),
    Column("reviewed_at", Moment),
    Column("entry", BigInteger),
    ForeignKeyConstraint(
        ["organisation", "period"], ["review_draw.organisation", "review_draw.period"], ondelete="CASCADE"
    ),
    # For the job that counts what is late: few rows at any time.
    Index(
        "review_item_open",
        "organisation",
        sqlite_where=text("verdict IS NULL"),
        postgresql_where=text("verdict IS NULL"),
    ),
)

review_month = Table(
    "review_month",
    metadata,
    Column("organisation", String(16), primary_key=True),
    Column("month", String(8), primary_key=True),
    Column("note", Text, nullable=False),
    Column("signed_by", String(64), nullable=False),
    Column("signed_at", Moment, nullable=False),
    Column("entry", BigInteger),
)

review_limit = Table(
    "review_limit",
    metadata,
    Column("organisation", String(16), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("changed_at", Moment, primary_key=True),
    Column("height", Integer, nullable=False),
    Column("changed_by", String(64), nullable=False),
)

recipient_key = Table(
    "recipient_key",
    metadata,
    Column("organisation", String(16), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("number", ForeignKey("record_change.number"), nullable=False),
    Column("statement", Text, nullable=False),
)

sealed_release = Table(
    "sealed_release",
    metadata,
    Column("release_id", Uuid, primary_key=True),
    Column("signal_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("treffer_id", Uuid),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("second", String(64), nullable=False),
    Column("recipient", String(16), nullable=False),
    Column("recipient_role", String(40), nullable=False),
    Column("recipient_officer", String(64), nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("released_at", Moment, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("content_until", Date, nullable=False),
    Column("fetched_at", Moment),
    Column("recalled_at", Moment),
    Index("sealed_release_recipient", "recipient", "recipient_role"),
    Index("sealed_release_signal", "signal_id", "version"),
)

notice = Table(
    "notice",
    metadata,
    Column("organisation", String(16), primary_key=True),
    Column("role", String(40), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("about_id", Uuid, primary_key=True),
    Column("ready_at", Moment, primary_key=True),
    Column("done_at", Moment),
    Column("done_by", String(64)),
    Index("notice_ready", "ready_at"),
)

# What the job `attendering` must look at: every signal and treffer that came, whatever it agrees with.
arrival = Table(
    "arrival",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("about_id", Uuid, primary_key=True),
    Column("at", Moment, nullable=False),
)

attendering = Table(
    "attendering",
    metadata,
    Column("attendering_id", Uuid, primary_key=True),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("control", String(32), nullable=False),
    Column("ground", String(64), nullable=False),
    Column("reason", String(40), nullable=False),
    # `signaal`: one of the own organisation; or `treffer`: one to which it is a party.
    Column("about", String(16), nullable=False),
    Column("about_id", Uuid, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", String(64)),
    Index("attendering_about", "about_id"),
    Index("attendering_organisation", "organisation"),
)

validation = Table(
    "validation",
    metadata,
    Column("signal_id", Uuid, primary_key=True),
    Column("validated_on", Date, primary_key=True),
    Column("organisation", String(16), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("role", String(40), nullable=False),
)
