# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Narratives, proposals to release, what was received, and keys of recipients, of one organisation. Each method is one transaction, durable when it returns."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, delete, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from register.municipal.dossier import LOOKS_KEPT
from register.municipal.proposals import LAPSES, Chosen, Proposal, ProposalState, Received
from register.municipal.sealing import Sealed
from register.municipal.store import tables as t
from register.municipal.store.database import NodeDatabase
from register.municipal.store.sealed import columns_of, sealed_of
from register.recipients import Pin
from register.wire import Ontvanger


class ReleaseStore:
    """What one organisation keeps of releases.

    Args:
        database: of the node.
        tenant: code of the organisation.
    """

    def __init__(self, database: NodeDatabase, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    # ---- narratives -------------------------------------------------------------------------------------------------

    def narrative(self, signal_id: UUID, version: int, today: date) -> tuple[int, Sealed] | None:
        """The narrative that this version of a signal has, its own or that of a version before; with that version."""
        columns = t.narrative.c
        query = select(t.narrative).where(
            columns.tenant == self._tenant,
            columns.signal_id == signal_id,
            columns.version <= version,
            columns.expires_on > today,
        )
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(columns.version.desc()).limit(1)).first()
        return None if row is None else (row.version, sealed_of(row))

    def destroy_narrative(self, signal_id: UUID) -> None:
        """It was handed over (R5)."""
        columns = t.narrative.c
        with self._database.writing() as connection:
            connection.execute(
                delete(t.narrative).where(columns.tenant == self._tenant, columns.signal_id == signal_id)
            )

    # ---- proposals --------------------------------------------------------------------------------------------------

    def propose(self, proposal: Proposal) -> None:
        """Keep a new proposal."""
        with self._database.writing() as connection:
            connection.execute(
                insert(t.release_proposal).values(tenant=self._tenant, **_proposal_columns(proposal))
            )

    def proposal(self, release_id: UUID) -> Proposal | None:
        """One proposal."""
        columns = t.release_proposal.c
        query = select(t.release_proposal).where(
            columns.tenant == self._tenant, columns.release_id == release_id
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _proposal(row)

    def proposals(self, limit: int = 200) -> list[Proposal]:
        """The newest of them, newest first."""
        columns = t.release_proposal.c
        query = select(t.release_proposal).where(columns.tenant == self._tenant)
        ordered = query.order_by(columns.proposed_at.desc(), columns.release_id).limit(limit)
        with self._database.reading() as connection:
            return [_proposal(row) for row in connection.execute(ordered)]

    def may_have_left(self) -> list[Proposal]:
        """Those of which a zegel is, or may be, at the register: sent, or made and not known to be sent; oldest first."""
        columns = t.release_proposal.c
        query = select(t.release_proposal).where(
            columns.tenant == self._tenant,
            or_(
                columns.state == ProposalState.SENT.value,
                and_(columns.state == ProposalState.PROPOSED.value, columns.key_id.is_not(None)),
            ),
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(columns.proposed_at, columns.release_id))
            return [_proposal(row) for row in rows]

    def sealed_to(self, release_id: UUID, key_id: str, envelope: bytes) -> None:
        """Keep the zegel before it leaves, so that the same one is sent again; one for the same key stays, and what was decided takes none."""
        columns = t.release_proposal.c
        with self._database.writing() as connection:
            connection.execute(
                update(t.release_proposal)
                .where(
                    columns.tenant == self._tenant,
                    columns.release_id == release_id,
                    columns.state == ProposalState.PROPOSED.value,
                    or_(columns.envelope.is_(None), columns.key_id != key_id),
                )
                .values(key_id=key_id, envelope=envelope)
            )

    def move(
        self,
        release_id: UUID,
        before: ProposalState,
        after: ProposalState,
        at: datetime,
        by: tuple[str, str] | None = None,
    ) -> bool:
        """From one state to another; False if it was in another. What left needs no zegel here any more."""
        columns = t.release_proposal.c
        values: dict[str, Any] = {"state": after.value, "envelope": None}
        if by is not None:
            values |= {"decided_by": by[0], "decided_role": by[1], "decided_at": at}
        with self._database.writing() as connection:
            moved = connection.execute(
                update(t.release_proposal)
                .where(
                    columns.tenant == self._tenant,
                    columns.release_id == release_id,
                    columns.state == before.value,
                )
                .values(**values)
            )
        return bool(moved.rowcount)

    # ---- received ---------------------------------------------------------------------------------------------------

    def receive(self, one: Received) -> bool:
        """Keep what was fetched; False if it was here."""
        values = {
            "release_id": one.release_id,
            "sender": one.sender,
            "signal_id": one.signal_id,
            "role": one.role,
            "officer": one.officer,
            "fields": list(one.kinds),
            "received_at": one.received_at,
            "expires_on": one.expires_on,
            **columns_of(one.sealed),
        }
        try:
            with self._database.writing() as connection:
                connection.execute(insert(t.received_release).values(tenant=self._tenant, **values))
        except IntegrityError:
            return False
        return True

    def received(self, today: date, release_id: UUID | None = None) -> list[Received]:
        """What is here and lives, newest first; or one of it."""
        columns = t.received_release.c
        query = select(t.received_release).where(columns.tenant == self._tenant, columns.expires_on > today)
        if release_id is not None:
            query = query.where(columns.release_id == release_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(columns.received_at.desc(), columns.release_id))
            return [_received(row) for row in rows]

    def destroy_received(self, release_id: UUID) -> bool:
        """Somebody is done with it; False if it was not here."""
        columns = t.received_release.c
        with self._database.writing() as connection:
            gone = connection.execute(
                delete(t.received_release).where(
                    columns.tenant == self._tenant, columns.release_id == release_id
                )
            )
        return bool(gone.rowcount)

    # ---- keys -------------------------------------------------------------------------------------------------------

    def pin(self, organisation: str) -> Pin | None:
        """What is known here of an organisation's key."""
        columns = t.recipient_pin.c
        query = select(t.recipient_pin).where(
            columns.tenant == self._tenant, columns.organisation == organisation
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Pin(row.organisation, row.signer, row.version, row.digest)

    def put_pin(self, pin: Pin, by: str, at: datetime) -> None:
        """Somebody typed the fingerprint of its signing key."""
        columns = t.recipient_pin.c
        values = {"signer": pin.signer, "version": pin.version, "digest": pin.digest, "pinned_by": by, "pinned_at": at}  # fmt: skip
        mine = (columns.tenant == self._tenant, columns.organisation == pin.organisation)
        with self._database.writing() as connection:
            changed = connection.execute(update(t.recipient_pin).where(*mine).values(**values))
            if not changed.rowcount:
                connection.execute(
                    insert(t.recipient_pin).values(
                        tenant=self._tenant, organisation=pin.organisation, **values
                    )
                )

    def seen(self, pin: Pin) -> None:
        """A verklaring was believed: never again an older one."""
        columns = t.recipient_pin.c
        with self._database.writing() as connection:
            connection.execute(
                update(t.recipient_pin)
                .where(
                    columns.tenant == self._tenant,
                    columns.organisation == pin.organisation,
                    columns.signer == pin.signer,
                    columns.version < pin.version,
                )
                .values(version=pin.version, digest=pin.digest)
            )

    def own_keys(self) -> list[str]:
        """The verklaringen about this organisation's own keys, oldest first."""
        columns = t.own_recipient_key.c
        query = select(columns.statement).where(columns.tenant == self._tenant)
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(columns.version)))

    def put_own_key(self, version: int, statement: str, at: datetime) -> None:
        """Keep a verklaring about an own key."""
        with self._database.writing() as connection:
            connection.execute(
                insert(t.own_recipient_key).values(
                    tenant=self._tenant, version=version, statement=statement, made_at=at
                )
            )

    # ---- the end ----------------------------------------------------------------------------------------------------

    def destroy(self, now: datetime, today: date) -> tuple[int, int, int]:
        """Destroy what may live no longer: narratives past their day or without their signal, what was received, and old proposals; gives how many of each."""
        narrative, received, proposal = t.narrative, t.received_release.c, t.release_proposal.c
        with self._database.writing() as connection:
            narratives = connection.execute(
                delete(narrative).where(
                    narrative.c.tenant == self._tenant,
                    or_(narrative.c.expires_on <= today, ~_has_signal()),
                )
            )
            gone = connection.execute(
                delete(t.received_release).where(
                    received.tenant == self._tenant, received.expires_on <= today
                )
            )
            proposals = connection.execute(
                delete(t.release_proposal).where(
                    proposal.tenant == self._tenant,
                    or_(
                        and_(
                            proposal.state == ProposalState.PROPOSED.value,
                            proposal.proposed_at <= now - LAPSES,
                        ),
                        proposal.proposed_at <= now - LOOKS_KEPT,
                    ),
                )
            )
        return narratives.rowcount, gone.rowcount, proposals.rowcount


def put_narrative(
    connection: Connection, tenant: str, signal: tuple[UUID, int], told: tuple[date, Sealed] | None
) -> None:
    """Keep the narrative of (signal, version), or that there is none, inside a transaction of the caller."""
    columns = t.narrative.c
    connection.execute(
        delete(t.narrative).where(
            columns.tenant == tenant, columns.signal_id == signal[0], columns.version == signal[1]
        )
    )
    if told is not None:
        connection.execute(
            insert(t.narrative).values(
                tenant=tenant,
                signal_id=signal[0],
                version=signal[1],
                expires_on=told[0],
                **columns_of(told[1]),
            )
        )


def forget_narratives(connection: Connection, tenant: str, signal_id: UUID) -> None:
    """The signal is gone, and its narrative with it, inside a transaction of the caller."""
    columns = t.narrative.c
    connection.execute(delete(t.narrative).where(columns.tenant == tenant, columns.signal_id == signal_id))


def _has_signal() -> Any:
    narrative = t.narrative.c
    return or_(
        *(
            exists().where(
                table.c.tenant == narrative.tenant,
                table.c.signal_id == narrative.signal_id,
                # A later version has the narrative of one before it, and never the other way round.
                table.c.version >= narrative.version,
            )
            for table in (t.outbox, t.casebook)
        )
    )


def _proposal_columns(one: Proposal) -> dict[str, Any]:
    return {
        "release_id": one.release_id,
        "signal_id": one.signal_id,
        "version": one.version,
        "treffer_id": one.treffer_id,
        "recipient": one.recipient.organisatie,
        "recipient_role": one.recipient.rol,
        "recipient_officer": one.recipient.medewerker or "",
        "fields": [chosen.written() for chosen in one.chosen],
        "state": one.state.value,
        "proposed_by": one.proposed_by,
        "proposed_role": one.proposed_role,
        "proposed_at": one.proposed_at,
    }


def _proposal(row: Row[Any]) -> Proposal:
    chosen: Sequence[Chosen] = [Chosen.read(one) for one in row.fields]
    return Proposal(
        release_id=row.release_id,
        signal_id=row.signal_id,
        version=row.version,
        treffer_id=row.treffer_id,
        recipient=Ontvanger(
            organisatie=row.recipient, rol=row.recipient_role, medewerker=row.recipient_officer or None
        ),
        chosen=chosen,
        state=ProposalState(row.state),
        proposed_by=row.proposed_by,
        proposed_role=row.proposed_role,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_role=row.decided_role,
        decided_at=row.decided_at,
        key_id=row.key_id,
        envelope=row.envelope,
    )


def _received(row: Row[Any]) -> Received:
    return Received(
        release_id=row.release_id,
        sender=row.sender,
        signal_id=row.signal_id,
        role=row.role,
        officer=row.officer,
        kinds=tuple(row.fields),
        received_at=row.received_at,
        expires_on=row.expires_on,
        sealed=sealed_of(row),
    )
