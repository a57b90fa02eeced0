# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The log as its readers see it: everyone the leaves and proofs, an FG the own organisation's entries opened.

An FG reads payloads of the own organisation only (condition C20), and of those that it took over from: an organisation that merged leaves its log to its
successor, and nobody else looks after it then (docs/adr/0019-organisations-as-decisions-in-order.md). A look is an entry itself. The proof of one entry is a bundle that
`signaalregister audit verify` checks without this register.
"""

from collections.abc import Iterator
from typing import Any

from audit.bundle import Bundle, ExportedEntry, bundle_json
from audit.canonical import JSON
from audit.checkpoint import Checkpoint
from audit.entry import Opening, payload_content, unseal
from audit.note import parse
from audit.store.log import StoredPayload
from policies.decision import SignalFacts
from process.language import gettext as _
from process.problem import Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, receipt, who
from register.central.phase2 import not_found
from register.central.store.work import LoggedWork
from register.central.witnesses import Published
from register.events import ASKER, CATALOGUE
from register.ports import Permit
from register.wire import Logregel, Logregels

PAGE = 200


def entries(centre: Centre, acting: Acting, since: int) -> Logregels:
    """Entries of the own organisation from leaf `since` on, oldest first; `PAGE`, and what else is in the last of their leaves.

    Raises:
        Refusal: 403.
    """
    allowed = may_read(centre, acting)
    with centre.database.logged(acting.moment) as work:
        opened = _opened(centre, work, allowed, acting, since, PAGE)
        work.enter(_entry(acting, allowed, since, opened))
    return Logregels(regels=[_line(payload, opening) for payload, opening in opened], logbewijs=receipt(work))


def proof(
    centre: Centre, acting: Acting, leaf_index: int, vkeys: tuple[str, str], published: Published
) -> dict[str, JSON]:
    """One own entry with all that proves it stands in the log; `vkeys` are those of the log and of the receipts.

    Raises:
        Refusal: 403; 404 not an entry of this organisation; 409 no checkpoint covers it yet.
    """
    allowed = may_read(centre, acting)
    with centre.database.logged(acting.moment) as work:
        opened = [
            one
            for one in _opened(centre, work, allowed, acting, leaf_index, 1)
            if one[0].leaf_index == leaf_index
        ]
        if not opened:
            raise not_found()
        note, size = _newest(centre, work)
        if note is None or size <= leaf_index:
            raise _not_yet()
        exported = _exported(centre, work, opened, size)
        work.enter(_entry(acting, allowed, leaf_index, opened))
    return bundle_json(Bundle(published.cosigned(note), vkeys[0], (vkeys[1],), exported))


def proofs(
    centre: Centre, acting: Acting, since: int, vkeys: tuple[str, str], published: Published
) -> dict[str, JSON]:
    """The own entries from leaf `since` on that the newest checkpoint covers, `PAGE` at most, each with all that proves it: what an FG takes home to check elsewhere.

    Raises:
        Refusal: 403; 409 there is no checkpoint yet.
    """
    allowed = may_read(centre, acting)
    with centre.database.logged(acting.moment) as work:
        note, size = _newest(centre, work)
        if note is None:
            raise _not_yet()
        found = _opened(centre, work, allowed, acting, since, PAGE)
        opened = [one for one in found if one[0].leaf_index < size]
        exported = _exported(centre, work, opened, size)
        work.enter(_entry(acting, allowed, since, opened))
    return bundle_json(Bundle(published.cosigned(note), vkeys[0], (vkeys[1],), exported))


def _newest(centre: Centre, work: LoggedWork) -> tuple[str | None, int]:
    """The newest checkpoint and how many leaves it covers."""
    note = centre.database.log.latest_checkpoint(work.connection)
    return note, 0 if note is None else Checkpoint.from_text(parse(note).text).size


def _exported(
    centre: Centre, work: LoggedWork, opened: list[tuple[StoredPayload, Opening]], size: int
) -> tuple[ExportedEntry, ...]:
    """Each leaf with its proof in the tree of this size; two entries of one leaf stand together."""
    by_leaf: dict[int, list[tuple[StoredPayload, Opening]]] = {}
    for one in opened:
        by_leaf.setdefault(one[0].leaf_index, []).append(one)
    return tuple(
        ExportedEntry(
            index,
            those[0][0].leaf,
            centre.database.log.inclusion_proof(work.connection, index, size),
            openings=tuple((payload.organisation, opening) for payload, opening in those),
        )
        for index, those in by_leaf.items()
    )


def may_read(centre: Centre, acting: Acting) -> Permit:
    """An FG sees access metadata of the own organisation, masked (C12, C20)."""
    person = asker(centre.policy.register, acting)
    facts = SignalFacts(owner=acting.organisation, parties=frozenset({acting.organisation}))
    decision = centre.policy.fields(person, occasion(acting, masked=True), facts, ("hit",))["hit"]
    if not decision.allowed:
        raise Refusal(
            403,
            "geen-toegang",
            _("U mag het logboek niet lezen met deze rol en dit doel."),
            _("Alleen de FG leest de regels van de eigen organisatie, met doel toezicht_avg."),
            way_forward=_("Vraag de FG van uw organisatie."),
            rule="C20",
        )
    return Permit("hit", decision)


def _opened(  # noqa: PLR0913, PLR0917 - a page of entries
    centre: Centre, work: LoggedWork, allowed: Permit, acting: Acting, since: int, limit: int
) -> list[tuple[StoredPayload, Opening]]:
    return _open(centre, allowed, _sealed(centre, work, acting, since, limit))


def _sealed(centre: Centre, work: LoggedWork, acting: Acting, since: int, limit: int) -> list[StoredPayload]:
    codes = centre.policy.register.lineage(acting.organisation, acting.moment.date())
    found = [
        one
        for code in sorted(codes)
        for one in centre.database.log.payloads_of(work.connection, code, since, limit)
    ]
    found.sort(key=lambda one: one.leaf_index)
    last = found[:limit][-1].leaf_index if found else since
    # Both of one leaf, or the next page would begin after the second.
    return [one for one in found if one.leaf_index <= last]


def _open(
    centre: Centre, allowed: Permit, sealed: list[StoredPayload]
) -> list[tuple[StoredPayload, Opening]]:
    del allowed
    keys = centre.database.keys.get_many(one.key_id for one in sealed)
    # An entry whose key was destroyed is erased: the leaf stays, there is nothing to open.
    return [
        (one, unseal(one.ciphertext, one.organisation, one.leaf, keys[one.key_id]))
        for one in sealed
        if one.key_id in keys
    ]


def opened_entries(
    centre: Centre, work: LoggedWork, allowed: Permit, acting: Acting, since: int
) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    """Every entry of the own organisation from leaf `since` on, oldest first: leaf, event, audience, fields. Erased ones are left out."""
    while page := _sealed(centre, work, acting, since, PAGE):
        for payload, opening in _open(centre, allowed, page):
            line = _line(payload, opening)
            yield line.blad, line.gebeurtenis, line.ontvanger, dict(line.velden)
        since = page[-1].leaf_index + 1


def _entry(
    acting: Acting, allowed: Permit, since: int, opened: list[tuple[StoredPayload, Opening]]
) -> dict[str, dict[str, JSON]]:
    last = opened[-1][0].leaf_index if opened else since
    fields: dict[str, JSON] = {
        **who(acting, allowed.decision),
        "van": since,
        "tot": last,
        "regels_geteld": len(opened),
    }
    return {acting.organisation: CATALOGUE.payload("logboek_geraadpleegd", ASKER, fields)}


def _line(payload: StoredPayload, opening: Opening) -> Logregel:
    content = payload_content(payload.organisation, opening.payload)
    fields = content["velden"]
    return Logregel(
        blad=payload.leaf_index,
        gebeurtenis=str(content["gebeurtenis"]),
        ontvanger=str(content["ontvanger"]),
        velden=dict(fields) if isinstance(fields, dict) else {},
    )


def _not_yet() -> Refusal:
    return Refusal(
        409,
        "nog-geen-controlepunt",
        _("Voor deze regel is er nog geen bewijs."),
        _("De regel staat in het logboek, maar het eerstvolgende controlepunt moet nog worden ondertekend."),
        way_forward=_(
            "Probeer het over een minuut opnieuw. Duurt het langer dan tien minuten, meld dat dan."
        ),
        retry_after=10,
    )
