# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the node keeps of a signal that it sent: enough to prove, later, what it sealed; never who it was about.

A record is written before the signal leaves and is marked when the register has acknowledged it. In between its status is `concept`: the
register may or may not have the signal, so the same message may be sent again, and no other. It dies with its signal.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from audit.canonical import canonical_json
from process.secret import Secret
from register.municipal.sealing import Seal
from register.signals import Observation


@dataclass(frozen=True)
class Entry:
    """One row of the casebook.

    Attributes:
        signal_id: of the signal.
        version: of the signal, from 1.
        officer: pseudonymous number of who submitted it.
        handle: the random reference under which the register knows this record.
        status: concept or bevestigd.
        first_processed_at: from when the term counts.
        expires_on: the day on which the record is destroyed.
        digest: SHA-256 of the message as it was sent.
        sealed: `Kept`, sealed.
    """

    signal_id: UUID
    version: int
    officer: str
    handle: str
    status: str
    first_processed_at: datetime
    expires_on: date
    digest: bytes
    sealed: bytes = field(repr=False)

    @property
    def acknowledged(self) -> bool:
        """True if the register has this signal for certain."""
        return self.status == "bevestigd"


@dataclass(frozen=True)
class Kept:
    """What a record holds under seal.

    Attributes:
        observed_on: the exact date, of which only the ISO week left the node.
        observation: the whole of it, also what was withheld.
        nonce: opens the commitment that was sent.
        seed: from which the filler points of the message were drawn, so that sending again sends the same.
    """

    observed_on: date
    observation: Observation
    nonce: Secret
    seed: Secret


def sealed(kept: Kept, seal: Seal, signal_id: UUID, version: int) -> bytes:
    """The record as it is stored."""
    observation = kept.observation
    plain = canonical_json(
        {
            "observedOn": kept.observed_on.isoformat(),
            "form": observation.form,
            "basis": observation.basis,
            "controlType": observation.control_type,
            "indicators": list(observation.indicators),
            "roles": [list(pair) for pair in observation.roles],
            "nonce": kept.nonce.reveal().hex(),
            "seed": kept.seed.reveal().hex(),
        }
    )
    return seal.close(plain, _place(signal_id, version))


def opened(entry: Entry, seal: Seal) -> Kept:
    """What the record holds.

    Raises:
        BrokenSealError: it was altered or belongs to another signal.
    """
    plain = json.loads(seal.open(entry.sealed, _place(entry.signal_id, entry.version)))
    observation = Observation(
        form=plain["form"],
        basis=plain["basis"],
        control_type=plain["controlType"],
        indicators=tuple(plain["indicators"]),
        roles=tuple((ref, role) for ref, role in plain["roles"]),
    )
    return Kept(
        date.fromisoformat(plain["observedOn"]),
        observation,
        Secret(bytes.fromhex(plain["nonce"])),
        Secret(bytes.fromhex(plain["seed"])),
    )


def _place(signal_id: UUID, version: int) -> str:
    return f"{signal_id}:{version}"
