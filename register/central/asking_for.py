# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who asks, for what: the verified organisation with the person it speaks for.

A node is verified by its certificate and names the person in request headers (`register.wire.ActingFor`); a person at a page of the register is
verified by a session, which fixes organisation and role. The mandate that decides is the register's own record in both cases. Nothing here decides
whether it suffices: that is policy's.
"""

from dataclasses import dataclass
from datetime import datetime

from policies.decision import Asker, Occasion
from policies.grounds import GroundRegister
from pseudonymisation.pseudonym import Evidence
from register.casework import CHAIN_ROLE
from register.municipalities import chain_host
from register.wire import ActingFor

COARSE_ROLES = frozenset({"toezichthouder"})
"""Roles that get half-years and count buckets (C17)."""


@dataclass(frozen=True)
class Acting:
    """A person of a verified organisation, at one moment, which is frozen for the whole request.

    Attributes:
        organisation: as verified.
        person: what the headers say.
        moment: now, UTC.
        trace: trace id of `traceparent`, to join the three records.
        parent: id in it of the action that called (16 hexadecimal digits); "" for none.
        called: whether a node called, rather than a person at a page.
    """

    organisation: str
    person: ActingFor
    moment: datetime
    trace: str
    parent: str = ""
    called: bool = False

    @property
    def coarse(self) -> bool:
        """Whether answers to this role are coarse (C17)."""
        return self.person.rol in COARSE_ROLES


def asker(records: GroundRegister, acting: Acting) -> Asker:
    """The asker as policy sees one: with the mandate on record, or none."""
    person, today = acting.person, acting.moment.date()
    return Asker(
        organisation=acting.organisation,
        officer=person.medewerker,
        role=person.rol,
        mandate=records.mandate_of(acting.organisation, person.medewerker, person.rol, today),
        participant=records.participant(acting.organisation, today),
        host=chain_host(acting.organisation) if person.rol == CHAIN_ROLE else "",
    )


def occasion(acting: Acting, asked: Evidence | None = None, *, masked: bool = False) -> Occasion:
    """Why and how this person asks now; `asked` is what a question rests on (C3)."""
    person = acting.person
    return Occasion(
        purpose=person.doel,
        today=acting.moment.date(),
        control=person.zaaknummer or "",
        reason=person.reden or "",
        ground_id=person.grondslag,
        asked_strong=asked.strong if asked else 0,
        asked_medium=asked.medium if asked else 0,
        coarse=acting.coarse,
        masked=masked,
    )
