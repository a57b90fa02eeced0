# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which treffers reach a ketenregisseur: those that nobody took up for ten working days, of parties in one samenwerkingsverband with its organisation (`register.casework`, 6).

What exists of them for this person is policy's, signal by signal: that one reaches them opens no field.
"""

from collections.abc import Collection
from datetime import date

from policies.grounds import GroundRegister
from register.casework import CHAIN_ROLE, escalated
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.store.treffers import StoredTreffer


def chains(records: GroundRegister, today: date) -> dict[str, frozenset[str]]:
    """Organisation -> organisations in one samenwerkingsverband with it that have a ketenregisseur."""
    hosts = {
        one.organisation
        for one in records.mandates
        if one.covers(one.organisation, one.officer, CHAIN_ROLE, today)
    }
    found: dict[str, frozenset[str]] = {}
    for alliance in records.alliances.values():
        bound = alliance.bound(today)
        for party in bound:
            found[party] = found.get(party, frozenset()) | (bound & hosts)
    return found


def region(records: GroundRegister, acting: Acting) -> frozenset[str]:
    """The organisations whose treffers can reach this person, with those that they took over from: nobody for who is no ketenregisseur."""
    today = acting.moment.date()
    if acting.person.rol != CHAIN_ROLE:
        return frozenset()
    near = {party for party, hosts in chains(records, today).items() if acting.organisation in hosts}
    return frozenset(code for party in near for code in records.lineage(party, today))


def reaches(centre: Centre, acting: Acting, treffer: StoredTreffer, parties: Collection[str]) -> bool:
    """Whether this treffer was escalated to this person's organisation, and nobody took it up since."""
    today = acting.moment.date()
    if acting.person.rol != CHAIN_ROLE or not escalated(treffer.row.found_at.date(), treffer.state, today):
        return False
    hosts = chains(centre.policy.register, today)
    return any(acting.organisation in hosts.get(party, frozenset()) for party in parties)
