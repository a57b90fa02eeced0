# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the node keeps of a signal that the register has: everything that was typed, sealed, for as long as the signal lives.

A record comes here when the register has acknowledged the signal (`register.municipal.outbox` holds it until then) and dies with its signal. With it
are what was sealed for phase 2, what is needed to send the very same message again, and the register's acknowledgement, so that the same
submission is answered from here.

Records of revision 0001 have the codes only, were written before the signal left, and may still have the status `concept`: the register may or
may not have such a signal, so the same message may be sent again, and no other.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from audit.canonical import JSON, canonical_json
from process.secret import Secret
from register.municipal.observations import Draft, read_back, written
from register.municipal.sealing import Place, Seal, Sealed
from register.signals import Observation
from register.wire import Juridisch

TABLE = "casebook"
ACKNOWLEDGED = "bevestigd"
CORRECTED = "gecorrigeerd"
"""Of a version in whose place the register has a later one; kept until the term of the signal, for who must explain what was shown."""


@dataclass(frozen=True)
class Entry:
    """One row of the casebook.

    Attributes:
        signal_id: of the signal.
        version: of the signal, from 1.
        officer: pseudonymous number of who submitted it.
        handle: the random reference under which the register knows this record.
        status: bevestigd; gecorrigeerd once there is a later version; or concept for a record of revision 0001.
        first_processed_at: from when the term counts.
        expires_on: the day on which the record is destroyed.
        digest: SHA-256 of the message as it was sent.
        sealed: `Kept`, sealed.
        content: keyed digest of what was typed; None for a record of revision 0001.
        answer: the register's acknowledgement, as JSON; None for a record of revision 0001.
        run: the import it came with.
    """

    signal_id: UUID
    version: int
    officer: str
    handle: str
    status: str
    first_processed_at: datetime
    expires_on: date
    digest: bytes
    sealed: Sealed = field(repr=False)
    content: bytes | None = None
    answer: bytes | None = field(default=None, repr=False)
    run: UUID | None = None

    @property
    def acknowledged(self) -> bool:
        """True if the register has this signal for certain."""
        return self.status == ACKNOWLEDGED


@dataclass(frozen=True)
class Kept:
    """What a record holds under seal, in casebook and outbox alike.

    Attributes:
        observed_on: the exact date, of which only the ISO week left the node.
        observation: the codes that people judge, also what was withheld.
        nonce: opens the commitment that was sent.
        seed: from which the filler points of the message were drawn, so that sending again sends the same.
        draft: everything that was typed; None for a record of revision 0001.
        legal: the grounds on which it was sent; None as long as it was not.
        correction: code of why there is a later version; None of a first one.
    """

    observed_on: date
    observation: Observation
    nonce: Secret
    seed: Secret
    draft: Draft | None = field(default=None, repr=False)
    legal: Juridisch | None = None
    correction: str | None = None

    @classmethod
    def of(cls, draft: Draft, nonce: Secret, seed: Secret, correction: str | None = None) -> "Kept":
        """A new record; nothing of it was sent yet."""
        return cls(draft.observed_on, draft.observation, nonce, seed, draft, correction=correction)


def place(tenant: str, table: str, signal_id: UUID, version: int) -> Place:
    """Where the record of a signal stands, in the casebook or the outbox."""
    record = f"{signal_id}:{version}"
    return Place(tenant, table, record, before_tenants=record if table == TABLE else None)


def sealed(kept: Kept, seal: Seal, at: Place) -> Sealed:
    """The record as it is stored."""
    observation = kept.observation
    members: dict[str, JSON] = {
        "nonce": kept.nonce.reveal().hex(),
        "seed": kept.seed.reveal().hex(),
        "draft": None if kept.draft is None else written(kept.draft),
        "legal": None if kept.legal is None else kept.legal.model_dump(by_alias=True),
        "correction": kept.correction,
        # Of a record of revision 0001 there is nothing else; of others these follow from the draft.
        "observedOn": kept.observed_on.isoformat(),
        "form": observation.form,
        "basis": observation.basis,
        "controlType": observation.control_type,
        "indicators": list(observation.indicators),
        "roles": [list(pair) for pair in observation.roles],
    }
    return seal.close(canonical_json(members), at)


def opened(sealed_: Sealed, seal: Seal, at: Place) -> Kept:
    """What the record holds.

    Raises:
        BrokenSealError: it was altered or belongs to another place.
    """
    plain: dict[str, Any] = json.loads(seal.open(sealed_, at))
    draft, legal = plain.get("draft"), plain.get("legal")
    return Kept(
        date.fromisoformat(plain["observedOn"]),
        Observation(
            form=plain["form"],
            basis=plain["basis"],
            control_type=plain["controlType"],
            indicators=tuple(plain["indicators"]),
            roles=tuple((ref, role) for ref, role in plain["roles"]),
        ),
        Secret(bytes.fromhex(plain["nonce"])),
        Secret(bytes.fromhex(plain["seed"])),
        None if draft is None else read_back(draft),
        None if legal is None else Juridisch.model_validate(legal),
        plain.get("correction"),
    )
