# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The own organisation's entries of a time, opened: what reviewing, a month in figures and the list of disclosures are made from.

An entry's time stands inside its sealed payload, so a month is found by halving: of an organisation's entries the one in the middle is opened, until the first of the month is found, a day of margin kept. That rests on
times that rise with the log. Entries whose time goes back are counted and shown to the FG (`register.overseeing`): a clock that was set back must be seen, not sorted away.

Only entries below the size of a checkpoint are read where a count must be provable. An entry whose key was destroyed is erased, and counts nowhere.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from audit.bundle import ExportedEntry
from audit.checkpoint import LARGEST_SIZE, Checkpoint
from audit.entry import unseal
from audit.note import parse
from audit.store.log import StoredPayload
from policies.decision import Formalities, SignalFacts
from process.language import gettext as _
from process.problem import Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit
from register.central.phase2 import not_found
from register.central.store.work import Transaction
from register.ports import Permit
from register.reviewing import Line

_AT_ONCE = 1000
_MARGIN = timedelta(days=1)


def may_review(centre: Centre, acting: Acting) -> Permit:
    """The yes to an FG who looks at what the own organisation did, and signs for it.

    Raises:
        Refusal: 403.
    """
    person = asker(centre.policy.register, acting)
    why = replace(occasion(acting, masked=True), formalities=Formalities(signed_off=True))
    facts = SignalFacts(owner=acting.organisation, parties=frozenset({acting.organisation}))
    return permit(centre, person, why, "logboek_beoordelen", facts)


def newest_checkpoint(centre: Centre, connection: Transaction) -> tuple[Checkpoint, str]:
    """The newest checkpoint and its note.

    Raises:
        Refusal: 409, nothing was signed yet.
    """
    note = centre.database.log.latest_checkpoint(connection)
    if note is None:
        raise Refusal(
            409,
            "nog-geen-controlepunt",
            _("Er is nog geen controlepunt van het logboek."),
            _("Zonder ondertekend controlepunt is een telling niet te bewijzen. Er is niets geteld."),
            way_forward=_(
                "Probeer het over een minuut opnieuw. Duurt het langer dan tien minuten, meld dat dan."
            ),
            retry_after=10,
        )
    return Checkpoint.from_text(parse(note).text), note


def lines(  # noqa: PLR0913, PLR0917 - whose, of when, how far
    centre: Centre,
    connection: Transaction,
    organisations: Collection[str],
    since: datetime,
    until: datetime,
    size: int = LARGEST_SIZE,
) -> list[Line]:
    """Entries of these organisations of a time, in the order of the log, that the first `size` leaves hold."""
    found = [
        one
        for organisation in sorted(organisations)
        for one in _of_one(centre, connection, organisation, since, until, size)
    ]
    return sorted(found, key=lambda one: one.leaf)


def line(centre: Centre, connection: Transaction, organisations: Collection[str], leaf: int) -> Line | None:
    """The entry at a leaf, if it is one of theirs and can be opened."""
    for organisation in sorted(organisations):
        stored = centre.database.log.payloads_of(connection, organisation, leaf, 1)
        for one in opened(centre, [each for each in stored if each.leaf_index == leaf]):
            return one
    return None


def opened(centre: Centre, sealed: Sequence[StoredPayload]) -> Iterator[Line]:
    """What these say, those that are erased left out."""
    keys = centre.database.keys.get_many(one.key_id for one in sealed)
    for one in sealed:
        if one.key_id not in keys:
            continue
        opening = unseal(one.ciphertext, one.organisation, one.leaf, keys[one.key_id])
        # Unsealing verified its canonical form; doing that again is half the work of a month.
        content = json.loads(opening.payload)["inhoud"]
        fields = content["velden"]
        if isinstance(fields, dict) and isinstance(fields.get("moment"), str):
            moment = datetime.fromisoformat(str(fields["moment"]))
            yield Line(one.leaf_index, str(content["gebeurtenis"]), str(content["ontvanger"]), moment, fields)


def exported(
    centre: Centre, connection: Transaction, organisations: Collection[str], leaf: int, size: int
) -> ExportedEntry:
    """A leaf with its proof in the tree of so many leaves, and with what it says to these organisations.

    Raises:
        Refusal: 404, none of them has a part in it that can be opened.
    """
    log = centre.database.log
    stored = [
        one
        for organisation in sorted(organisations)
        for one in log.payloads_of(connection, organisation, leaf, 1)
        if one.leaf_index == leaf
    ]
    keys = centre.database.keys.get_many(one.key_id for one in stored)
    openings = tuple(
        (one.organisation, unseal(one.ciphertext, one.organisation, one.leaf, keys[one.key_id]))
        for one in stored
        if one.key_id in keys
    )
    if not openings:
        raise not_found()
    return ExportedEntry(leaf, stored[0].leaf, log.inclusion_proof(connection, leaf, size), openings=openings)


def _of_one(  # noqa: PLR0913, PLR0917 - whose, of when, how far
    centre: Centre, connection: Transaction, organisation: str, since: datetime, until: datetime, size: int
) -> Iterable[Line]:
    log = centre.database.log
    at = _first_since(centre, connection, organisation, since - _MARGIN)
    while True:
        stored = log.payloads_of(connection, organisation, at, _AT_ONCE)
        page = list(opened(centre, [one for one in stored if one.leaf_index < size]))
        yield from (one for one in page if since <= one.moment < until)
        if len(stored) < _AT_ONCE or stored[-1].leaf_index >= size:
            return
        if page and page[-1].moment >= until + _MARGIN:
            return
        at = stored[-1].leaf_index + 1


def _first_since(centre: Centre, connection: Transaction, organisation: str, moment: datetime) -> int:
    """A leaf from which all entries of an organisation since a moment follow."""
    log = centre.database.log
    low, high = 0, log.head(connection).size
    while low < high:
        middle = (low + high) // 2
        following = next(_from(centre, connection, organisation, middle), None)
        if following is None or following.moment >= moment:
            high = middle
        else:
            low = following.leaf + 1
    return low


def _from(centre: Centre, connection: Transaction, organisation: str, leaf: int) -> Iterator[Line]:
    """The entries of an organisation from a leaf on, by few at a time: of the first that can be opened the time is wanted."""
    while stored := centre.database.log.payloads_of(connection, organisation, leaf, 8):
        yield from opened(centre, stored[:1])
        yield from opened(centre, stored[1:])
        leaf = stored[-1].leaf_index + 1
