# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A step of policy is believed only if the log says that it was taken.

In this order, of the register's own payload at the place that the row names: there is one; it opens with its key and belongs to its leaf; that leaf is in the
tree; and it is the entry of this kind of step, of this proposal, this policy set and, where the step has one, of this person, this moment, this difference, this verdict. A row that
somebody put in the database, or changed there, has no such entry. What this cannot see is a step whose row was taken away.
"""

from collections.abc import Mapping
from typing import Final

from audit.canonical import JSON
from audit.entry import EntryError, payload_content, unseal
from audit.merkle import ProofError, leaf_hash, verify_inclusion
from audit.store.log import LogIndexError
from register.central.store import policy as store
from register.central.store.policy import Step
from register.central.store.work import RegisterDatabase
from register.events import REGISTER

EVENTS: Final[Mapping[str, str]] = {
    store.PROPOSED: "beleid_voorgesteld",
    store.ADVISED: "beleid_geadviseerd",
    store.ANSWERED: "bezwaar_beantwoord",
    store.APPROVED: "beleid_goedgekeurd",
    store.ACTIVATED: "beleid_vastgesteld",
    store.AGREED: "terugdraaien_goedgekeurd",
    store.ROLLED_BACK: "beleid_teruggedraaid",
}
"""Kind of step -> event of its entry."""


IN_PERSON: Final = (store.ADVISED, store.APPROVED, store.AGREED)
"""Steps of which the entry says whose they are: the row's organisation, officer and role are believed no more than the rest of it."""


def attested(database: RegisterDatabase, step: Step) -> bool:
    """Whether the log holds the entry of this step."""
    content = _entry(database, step.leaf_index)
    if content is None or content.get("gebeurtenis") != EVENTS.get(step.step):
        return False
    fields = content.get("velden")
    return isinstance(fields, Mapping) and all(fields.get(name) == said for name, said in _said(step).items())


def _said(step: Step) -> dict[str, JSON]:
    """What the entry must say."""
    said: dict[str, JSON] = {"beleid": step.hash, "voorstel": step.proposal}
    if step.step not in store.IN_FORCE:
        said |= {"medewerker": step.officer, "rol": step.role}
    if step.step in {store.PROPOSED, store.ANSWERED}:
        said |= {"besluitstuk": step.document, "besloten_door": step.decided_by}
    if step.step in IN_PERSON:
        said |= {
            "organisatie": step.organisation,
            "deur": step.door,
            # An agreement stands for some days only.
            "moment": step.at.isoformat(timespec="seconds"),
        }
    if step.step == store.ADVISED:
        said |= {"bezwaar": step.objection, "toelichting": step.text}
    if step.step in {store.PROPOSED, store.APPROVED}:
        said["kenmerk_verschil"] = step.difference
    if step.step in store.IN_FORCE:
        moment = step.takes_effect_at
        said |= {
            "beleid_hiervoor": step.previous,
            "in_werking": None if moment is None else moment.isoformat(timespec="seconds"),
        }
    if step.step == store.AGREED:
        said["beleid_hiervoor"] = step.previous
    return said


def _entry(database: RegisterDatabase, place: int) -> Mapping[str, JSON] | None:
    """The register's own payload at a place of the log, if all of it holds."""
    log = database.log
    with database.public() as connection:
        found = log.payloads_of(connection, REGISTER, place, 1)
        if not found or found[0].leaf_index != place:
            return None
        head = log.head(connection)
        try:
            proof = log.inclusion_proof(connection, place, head.size)
            verify_inclusion(leaf_hash(found[0].leaf), place, head.size, proof, head.root)
        except (LogIndexError, ProofError, KeyError):
            # KeyError: a node of the tree is not there.
            return None
    one = found[0]
    key = database.keys.get(one.key_id)
    if key is None:
        return None
    try:
        return payload_content(REGISTER, unseal(one.ciphertext, REGISTER, one.leaf, key).payload)
    except EntryError:
        return None
