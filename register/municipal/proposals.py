# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What somebody proposes to release of a signal, and to whom; and what others released to this organisation. Values; nothing here opens anything.

A proposal says which fields and never what they hold: the narrative, or an attribute by its place in the record. It has five states and goes one way: proposed, then rejected or sent; and
of what was sent either fetched or recalled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from audit.canonical import JSON
from pseudonymisation.identity import RawAttribute
from register.municipal.observations import Draft
from register.municipal.sealing import Place, Sealed
from register.municipal.zegel import Content, SealedAttribute
from register.recipients import NARRATIVE
from register.wire import Ontvanger

NARRATIVE_TABLE: Final = "narrative"
RECEIVED_TABLE: Final = "received_release"
LAPSES: Final = timedelta(days=30)
"""A proposal that nobody decided on is gone by then."""


class ProposalState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "voorgesteld"
    REJECTED = "afgewezen"
    SENT = "verzonden"
    FETCHED = "opgehaald"
    RECALLED = "teruggehaald"


class GoneFieldError(LookupError):
    """A field that was proposed and is not in the record (any more)."""


@dataclass(frozen=True)
class Chosen:
    """One field of a proposal: the narrative, or the attribute at this place of this subject; with the ground on which it may leave."""

    kind: str
    ground: str
    ref: str = ""
    place: int = 0

    def written(self) -> dict[str, JSON]:
        """As it is stored."""
        return {"veld": self.kind, "grondslag": self.ground, "ref": self.ref, "plaats": self.place}

    @classmethod
    def read(cls, members: Mapping[str, Any]) -> "Chosen":
        """What `written` wrote."""
        return cls(members["veld"], members["grondslag"], members["ref"], members["plaats"])


@dataclass(frozen=True)
class Proposal:
    """A proposal to release; the names of people are pseudonymous numbers.

    Attributes:
        release_id: of the release, from the beginning: it is bound into what is sealed.
        signal_id: of the signal.
        version: of the signal.
        treffer_id: the case to which it belongs, if it does.
        recipient: the one.
        chosen: what.
        state: where it stands.
        proposed_by: who proposed, in which role, when.
        proposed_role: see there.
        proposed_at: see there.
        decided_by: who approved or rejected, in which role, when; None until then.
        decided_role: see there.
        decided_at: see there.
        key_id: to which key it was sealed.
        envelope: the zegel that was or is to be sent: the same one, however often it must be sent.
    """

    release_id: UUID
    signal_id: UUID
    version: int
    treffer_id: UUID | None
    recipient: Ontvanger
    chosen: Sequence[Chosen]
    state: ProposalState
    proposed_by: str
    proposed_role: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_role: str | None = None
    decided_at: datetime | None = None
    key_id: str | None = None
    envelope: bytes | None = field(default=None, repr=False)

    @property
    def lapses_at(self) -> datetime:
        """When it is gone if nobody decided."""
        return self.proposed_at + LAPSES


@dataclass(frozen=True)
class Received:
    """What another organisation released to somebody here; content and keys stay sealed.

    Attributes:
        release_id: of the release.
        sender: code of the organisation that released it.
        signal_id: number of its signal.
        role: for whom.
        officer: one officer, or "" for whoever has the role.
        kinds: which fields, by kind.
        received_at: when it was fetched.
        expires_on: first day on which it is not here any more.
        sealed: `Content`, sealed.
    """

    release_id: UUID
    sender: str
    signal_id: UUID
    role: str
    officer: str
    kinds: tuple[str, ...]
    received_at: datetime
    expires_on: date
    sealed: Sealed = field(repr=False)

    def for_officer(self, officer: str, role: str) -> bool:
        """True for its recipient."""
        return self.role == role and self.officer in {"", officer}


def narrative_place(tenant: str, signal_id: UUID, version: int) -> Place:
    """Where a narrative stands."""
    return Place(tenant, NARRATIVE_TABLE, f"{signal_id}:{version}")


def received_place(tenant: str, release_id: UUID) -> Place:
    """Where something received stands."""
    return Place(tenant, RECEIVED_TABLE, str(release_id))


def content_of(chosen: Sequence[Chosen], narrative: str | None, draft: Draft | None) -> Content:
    """What was chosen, out of the record.

    Raises:
        GoneFieldError: something of it is not there.
    """
    told, ground, attributes = None, "", list[SealedAttribute]()
    for one in chosen:
        if one.kind == NARRATIVE:
            if narrative is None:
                raise GoneFieldError(NARRATIVE)
            told, ground = narrative, one.ground
        else:
            attributes.append(_attribute(one, draft))
    return Content(told, ground, attributes)


def _attribute(one: Chosen, draft: Draft | None) -> SealedAttribute:
    number = one.ref.removeprefix("s")
    subjects = () if draft is None else draft.subjects
    if not number.isdecimal() or not 1 <= int(number) <= len(subjects):
        raise GoneFieldError(one.ref)
    given = subjects[int(number) - 1].given
    raw = given[one.place].attribute if 0 <= one.place < len(given) else None
    if not isinstance(raw, RawAttribute) or raw.type != one.kind:
        raise GoneFieldError(one.kind)
    return SealedAttribute(one.ref, one.kind, dict(raw.fields), one.ground)
