# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Every recorded decision decided again: under the rules and records of then, which must give the same, or under other rules.

Done by an administrator of the register, who sees counts and cells and nobody: no record says who asked or about whom. That it was done is an entry of the log.
Rules of then are those under their hash in the database, or those of the software; records of then are those of the profile with the changes up to the number
in the record. A record whose rules or starting records are not there any more is counted, not passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from policies.changes import replay
from policies.engine import Engine
from policies.grounds import GroundError, GroundRegister
from policies.recorded import Export, RecordError, Replayed, Request, again
from policies.ruleset import PolicySet, PolicySetError
from register.central.administration import ROLE, Administrator
from register.central.store import decisions, policy
from register.central.store import organisations as store
from register.decisions import opened
from register.events import ASKER, CATALOGUE, REGISTER


@dataclass(frozen=True)
class Then:
    """What was in force: policy sets by hash, records by version."""

    sets: dict[str, PolicySet | None]
    records: dict[str, GroundRegister | None]


def replay_all(
    admin: Administrator, packaged: PolicySet, base_hash: str, other: PolicySet | None
) -> Replayed:
    """Decide every record again.

    Args:
        admin: who does it.
        packaged: what the software brings.
        base_hash: of the records that it brings.
        other: rules to decide with; None for those of then.

    Raises:
        Refusal: 403 without a mandate.
    """
    found = Replayed()
    then = Then({packaged.hash: packaged}, {})
    engines: dict[tuple[str, str], Engine] = {}
    for request in _requests(admin, found):
        records = _records(admin, then, request.records, base_hash)
        rules = other or _rules(admin, then, request.policy)
        if records is None or rules is None:
            found.unknown += 1
            continue
        place = rules.hash, request.records
        if place not in engines:
            try:
                engines[place] = Engine(rules, records.under(rules.profile))
            except GroundError:
                found.unknown += 1
                continue
        found.count(
            request, (again(one, engines[place]) for one in request.questions), only_allowed=other is not None
        )
    _enter(admin, found, None if other is None else other.hash)
    return found


def export(admin: Administrator, base_hash: str) -> Export:
    """Every record with the records of then, for `policy diff --records`; without the trace that joins a record and its log entry.

    Raises:
        Refusal: 403 without a mandate.
    """
    unread, then = Replayed(), Then({}, {})
    requests = [
        one for one in _requests(admin, unread) if _records(admin, then, one.records, base_hash) is not None
    ]
    unread.total += len(requests)
    _enter(admin, unread, None)
    records = {version: _nobody(one) for version, one in then.records.items() if one is not None}
    return Export(tuple(replace(one, trace="") for one in requests), records)


def _nobody(records: GroundRegister) -> GroundRegister:
    """The records as they leave the register: no mandates, no number to call, and of the case of a ground only that it has one."""
    return replace(
        records,
        mandates=(),
        organisations={name: replace(one, contact="") for name, one in records.organisations.items()},
        grounds={name: replace(one, case=one.case and "zaak") for name, one in records.grounds.items()},
    )


def _requests(admin: Administrator, found: Replayed) -> Iterator[Request]:
    """Every record, opened; one that does not open is counted as unknown."""
    allowed, database = admin.permit(), admin.centre.database
    with database.public() as connection:
        for sealed in decisions.everything(connection, allowed):
            keys = database.keys.get_many(one.key_id for one in sealed)
            for one in sealed:
                # One whose key is gone is forgotten, which is no difference.
                if one.key_id in keys:
                    try:
                        yield opened(one.ciphertext, one.key_id, one.day, keys[one.key_id])
                    except RecordError:
                        found.unknown += 1


def _rules(admin: Administrator, then: Then, name: str) -> PolicySet | None:
    if name not in then.sets:
        with admin.centre.database.public() as connection:
            try:
                then.sets[name] = policy.policy_set(connection, name)
            except PolicySetError:
                then.sets[name] = None
    return then.sets[name]


def _records(admin: Administrator, then: Then, version: str, base_hash: str) -> GroundRegister | None:
    if version not in then.records:
        then.records[version] = _replayed(admin, version, base_hash)
    return then.records[version]


def _replayed(admin: Administrator, version: str, base_hash: str) -> GroundRegister | None:
    began, _slash, number = version.partition("/")
    if began != base_hash or not number.isdecimal():
        return None
    try:
        with admin.centre.database.public() as connection:
            changes = store.changes(connection, int(number))
        return replay(admin.centre.records.now().base, changes)
    except GroundError:
        return None


def _enter(admin: Administrator, found: Replayed, other: str | None) -> None:
    said = {
        "moment": admin.moment.isoformat(timespec="seconds"),
        "medewerker": admin.officer,
        "rol": ROLE,
        "beleid": other,
        "besluiten_geteld": found.total,
        "verschillen_geteld": found.different,
        "spoor": admin.centre.randomness(16).hex(),
    }
    with admin.centre.database.logged(admin.moment) as work:
        work.enter({REGISTER: CATALOGUE.payload("besluiten_herhaald", ASKER, said)})
