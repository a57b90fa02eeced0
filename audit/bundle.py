# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The export of (part of) a log as one JSON document, which a data protection officer (FG) can have checked by anyone.

``Bundle`` is that document in memory; ``bundle_json`` writes it and ``bundle_from_json`` reads it, refusing unknown names.
The form is specified in docs/spec/audit-log.md. Nothing here is believed yet: ``audit.verify`` judges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.canonical import JSON, EncodingError, base64_bytes, base64_text
from audit.entry import Opening
from audit.merkle import HASH_SIZE
from process.language import gettext as _

KIND = "signaalregister/logboekuitvoer/v1"


class BundleError(ValueError):
    """A document that is not an export of a log; the message says in Dutch where."""


@dataclass(frozen=True)
class ExportedEntry:
    """One leaf with its inclusion proof, and what its holder has beside it: a receipt, openings by organisation."""

    leaf_index: int
    leaf: bytes
    inclusion: tuple[bytes, ...]
    receipt: str | None = None
    openings: tuple[tuple[str, Opening], ...] = ()


@dataclass(frozen=True)
class Bundle:
    """A checkpoint and what hangs from it.

    Attributes:
        checkpoint: the signed note.
        log_vkey: the log's verifier key as the exporter knows it; a checker brings his own where he can.
        receipt_vkeys: the keys that sign receipts, likewise.
        entries: leaves with their proofs.
        leaves: all leaves of the log up to the checkpoint, or None.
        earlier: an earlier checkpoint (signed note) that this log must extend, or None.
        consistency: the proof of that.
    """

    checkpoint: str
    log_vkey: str
    receipt_vkeys: tuple[str, ...] = ()
    entries: tuple[ExportedEntry, ...] = ()
    leaves: tuple[bytes, ...] | None = None
    earlier: str | None = None
    consistency: tuple[bytes, ...] = ()


def bundle_json(bundle: Bundle) -> dict[str, JSON]:
    """The document as plain JSON values."""
    document: dict[str, JSON] = {
        "soort": KIND,
        "controlepunt": bundle.checkpoint,
        "sleutelLogboek": bundle.log_vkey,
        "sleutelsOntvangst": list(bundle.receipt_vkeys),
        "inschrijvingen": [_entry_json(one) for one in bundle.entries],
    }
    if bundle.leaves is not None:
        document["bladen"] = _texts(bundle.leaves)
    if bundle.earlier is not None:
        document["eerderControlepunt"] = bundle.earlier
        document["samenhang"] = _texts(bundle.consistency)
    return document


def bundle_from_json(value: JSON) -> Bundle:
    """Reads the document.

    Raises:
        BundleError: another form, an unknown name, or bytes that are not strict Base64.
    """
    document = _Reader(value, "uitvoer")
    if document.text("soort") != KIND:
        raise BundleError(_("dit is geen uitvoer van het logboek in een vorm die we kennen"))
    bundle = Bundle(
        checkpoint=document.text("controlepunt"),
        log_vkey=document.text("sleutelLogboek"),
        receipt_vkeys=tuple(
            _as_text(one, "sleutelsOntvangst") for one in document.items("sleutelsOntvangst")
        ),
        entries=tuple(_entry_from(one) for one in document.items("inschrijvingen")),
        leaves=document.byte_strings("bladen") if document.has("bladen") else None,
        earlier=document.text("eerderControlepunt") if document.has("eerderControlepunt") else None,
        consistency=document.byte_strings("samenhang", size=HASH_SIZE) if document.has("samenhang") else (),
    )
    document.require_all_read()
    return bundle


def _entry_json(entry: ExportedEntry) -> dict[str, JSON]:
    document: dict[str, JSON] = {
        "bladnummer": entry.leaf_index,
        "blad": base64_text(entry.leaf),
        "insluiting": _texts(entry.inclusion),
        "openingen": [
            {
                "organisatie": organisation,
                "plaats": opening.slot,
                "pad": _texts(opening.path),
                "toeval": base64_text(opening.nonce),
                "inhoud": opening.payload.decode("utf-8"),
            }
            for organisation, opening in entry.openings
        ],
    }
    if entry.receipt is not None:
        document["ontvangstbewijs"] = entry.receipt
    return document


def _entry_from(value: JSON) -> ExportedEntry:
    document = _Reader(value, "inschrijvingen")
    entry = ExportedEntry(
        leaf_index=document.number("bladnummer"),
        leaf=document.byte_string("blad"),
        inclusion=document.byte_strings("insluiting", size=HASH_SIZE),
        receipt=document.text("ontvangstbewijs") if document.has("ontvangstbewijs") else None,
        openings=tuple(_opening_from(one) for one in document.items("openingen")),
    )
    document.require_all_read()
    return entry


def _opening_from(value: JSON) -> tuple[str, Opening]:
    document = _Reader(value, "openingen")
    organisation = document.text("organisatie")
    opening = Opening(
        slot=document.number("plaats"),
        path=document.byte_strings("pad", size=HASH_SIZE),
        nonce=document.byte_string("toeval"),
        payload=document.text("inhoud").encode("utf-8"),
    )
    document.require_all_read()
    return organisation, opening


class _Reader:
    """Reads the members of one JSON object and remembers which, so that unknown ones are noticed."""

    def __init__(self, value: JSON, place: str) -> None:
        if not isinstance(value, Mapping):
            raise BundleError(_("{veld} heeft niet de goede vorm").format(veld=place))
        self._members = value
        self._read: set[str] = set()

    def has(self, name: str) -> bool:
        return name in self._members

    def text(self, name: str) -> str:
        return _as_text(self._member(name), name)

    def number(self, name: str) -> int:
        value = self._member(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise BundleError(_("{veld} is geen getal").format(veld=name))
        return value

    def items(self, name: str) -> Sequence[JSON]:
        value = self._member(name)
        if not isinstance(value, list):
            raise BundleError(_("{veld} is geen lijst").format(veld=name))
        return value

    def byte_string(self, name: str) -> bytes:
        return _as_bytes(self._member(name), name)

    def byte_strings(self, name: str, *, size: int | None = None) -> tuple[bytes, ...]:
        return tuple(_as_bytes(one, name, size=size) for one in self.items(name))

    def require_all_read(self) -> None:
        for name in self._members:
            if name not in self._read:
                raise BundleError(_("{veld} is een onbekend veld").format(veld=name))

    def _member(self, name: str) -> JSON:
        if name not in self._members:
            raise BundleError(_("{veld} ontbreekt").format(veld=name))
        self._read.add(name)
        return self._members[name]


def _as_text(value: JSON, name: str) -> str:
    if not isinstance(value, str):
        raise BundleError(_("{veld} is geen tekst").format(veld=name))
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BundleError(_("{veld} is geen tekst").format(veld=name)) from error
    return value


def _as_bytes(value: JSON, name: str, *, size: int | None = None) -> bytes:
    try:
        return base64_bytes(_as_text(value, name), size=size)
    except EncodingError as error:
        raise BundleError(_("{veld}: {reden}").format(veld=name, reden=error)) from error


def _texts(values: Sequence[bytes]) -> list[JSON]:
    return [base64_text(one) for one in values]
