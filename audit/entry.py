# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""One log entry: a leaf of fixed length that tells nothing, and for each party a sealed opening that tells it its part.

An entry concerns one or more organisations, and each may know something else of it. For each organisation there is a
*payload*: canonical JSON with the organisation and the fields that the event's type allows that audience. Then:

1. ``commitment = SHA-256(domain ‖ 32 random bytes ‖ payload)`` hides the payload and binds to it.
2. The commitments stand in random places of a tree of ``SLOTS`` places (RFC 6962 hashing); the other places hold random
   bytes that nobody can tell from commitments. Neither the leaf nor an opening shows how many parties there are. Beyond
   ``SLOTS`` parties the tree doubles, which its openings then show; the leaf never does.
3. ``leaf = 0x01 ‖ root`` of that tree: always ``LEAF_SIZE`` bytes.
4. An *opening* (place, path, random bytes, payload) shows one party's payload to be in the leaf. It is padded to a
   multiple of ``PADDING`` bytes and sealed with AES-256-GCM under a random key that seals nothing else. The associated
   data bind organisation and leaf: a sealed opening moved to another entry does not open. That AES-GCM does not commit to
   its key is harmless, since what opens is checked against the leaf.

Erasing an entry for a party is destroying its key: the leaf stays, the tree verifies, the payload is gone.

Payloads never hold identity attributes or pseudonyms. The catalogue is where that is enforced: it declares, for each type
of event and each audience, the fields that may be written, and refuses any other. Left to others: the catalogue's content
(the register), keeping keys and ciphertexts (``store``), the log's tree (``merkle``). Who checks openings and seals none
needs no library: AES-GCM is asked for when it is used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from audit.canonical import JSON, EncodingError, canonical_json, parse_canonical_json
from audit.merkle import HASH_SIZE, ProofError, leaf_hash, node_hash, verify_inclusion
from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret

VERSION = b"\x01"
LEAF_SIZE = 1 + HASH_SIZE
SLOTS = 64
"""Places in the tree of commitments: more than an enquiry has parties, and 2 KiB of randomness costs microseconds."""

LARGEST_DEPTH = 16
NONCE_SIZE = 32
KEY_SIZE = 32
GCM_NONCE_SIZE = 12
PADDING = 1024

_COMMITMENT_DOMAIN = b"signaalregister/audit/verbintenis/v1\n"
_SEALING_DOMAIN = b"signaalregister/audit/verzegeling/v1\n"
_OPENING_VERSION = b"\x01"


class EntryError(ValueError):
    """An event, payload or opening that does not hold; the message says in Dutch why."""


@dataclass(frozen=True)
class EventType:
    """What may be logged about one kind of event: for each audience the names of the fields it may read."""

    name: str
    fields: Mapping[str, frozenset[str]]


class Catalogue:
    """All events that may be logged. What is not declared here cannot be written.

    Raises:
        ValueError: two types bear one name, or a type declares no audience.
    """

    def __init__(self, types: Iterable[EventType]) -> None:
        self._types: dict[str, EventType] = {}
        for one in types:
            if one.name in self._types or not one.fields:
                raise ValueError("an event type has a name of its own and at least one audience")
            self._types[one.name] = one

    def payload(self, event: str, audience: str, fields: Mapping[str, JSON]) -> dict[str, JSON]:
        """The payload about ``event`` for a party in the role ``audience``: the event's name, the role, the fields.

        Raises:
            EntryError: the event or audience is not declared, or a field is not declared for that audience.
        """
        declared = self._types.get(event)
        if declared is None:
            raise EntryError(_("gebeurtenis {naam} staat niet in de catalogus").format(naam=event))
        allowed = declared.fields.get(audience)
        if allowed is None:
            raise EntryError(
                _("gebeurtenis {naam} kent geen ontvanger {ontvanger}").format(naam=event, ontvanger=audience)
            )
        for field in fields:
            if field not in allowed:
                raise EntryError(
                    _("veld {veld} mag niet in gebeurtenis {naam} voor {ontvanger}").format(
                        veld=field, naam=event, ontvanger=audience
                    )
                )
        return {"gebeurtenis": event, "ontvanger": audience, "velden": dict(fields)}


@dataclass(frozen=True)
class Opening:
    """What shows that ``payload`` (canonical JSON) is in an entry: its place, the path to the root, the random bytes."""

    slot: int
    path: tuple[bytes, ...]
    nonce: bytes
    payload: bytes


@dataclass(frozen=True)
class Entry:
    """A leaf of ``LEAF_SIZE`` bytes and, for each organisation, the opening of its payload."""

    leaf: bytes
    openings: Mapping[str, Opening]


def payload_bytes(organisation: str, content: Mapping[str, JSON]) -> bytes:
    """The canonical bytes to which an entry commits for one organisation.

    Raises:
        EncodingError: the content has no canonical form.
    """
    return canonical_json({"inhoud": content, "organisatie": organisation})


def payload_content(organisation: str, payload: bytes) -> Mapping[str, JSON]:
    """What a payload says to ``organisation``.

    Raises:
        EntryError: it is malformed or speaks to another organisation.
    """
    try:
        value = parse_canonical_json(payload)
    except EncodingError as error:
        raise EntryError(_("de inhoud staat niet in de vaste schrijfwijze")) from error
    if not isinstance(value, Mapping) or value.keys() != {"inhoud", "organisatie"}:
        raise EntryError(_("de inhoud heeft niet de goede vorm"))
    content = value["inhoud"]
    if value["organisatie"] != organisation or not isinstance(content, Mapping):
        raise EntryError(_("de inhoud is voor een andere organisatie"))
    return content


def make_entry(payloads: Mapping[str, bytes], *, randomness: Randomness) -> Entry:
    """Commits to one payload (canonical bytes) per organisation.

    Raises:
        EntryError: there is no payload: an entry that concerns nobody could be opened by nobody.
    """
    if not payloads:
        raise EntryError(_("een inschrijving heeft ten minste één organisatie"))
    size = max(SLOTS, 1 << (len(payloads) - 1).bit_length())
    if size > 1 << LARGEST_DEPTH:
        raise EntryError(_("een inschrijving heeft te veel organisaties"))
    slots = _draw_slots(len(payloads), size, randomness)
    nonces = {organisation: randomness(NONCE_SIZE) for organisation in payloads}
    filling = randomness(size * HASH_SIZE)
    commitments = [filling[HASH_SIZE * n : HASH_SIZE * (n + 1)] for n in range(size)]
    for slot, (organisation, payload) in zip(slots, payloads.items(), strict=True):
        commitments[slot] = commitment(nonces[organisation], payload)
    root, paths = _tree(commitments, slots)
    openings = {
        organisation: Opening(slot, paths[slot], nonces[organisation], payload)
        for slot, (organisation, payload) in zip(slots, payloads.items(), strict=True)
    }
    return Entry(VERSION + root, openings)


def commitment(nonce: bytes, payload: bytes) -> bytes:
    """SHA-256(domain ‖ 32 random bytes ‖ payload)."""
    if len(nonce) != NONCE_SIZE:
        raise EntryError(_("een verbintenis heeft 32 willekeurige bytes"))
    return sha256(_COMMITMENT_DOMAIN + nonce + payload).digest()


def verify_opening(leaf: bytes, opening: Opening) -> None:
    """Returns only if the opening's payload is in the entry of ``leaf``.

    Raises:
        EntryError: it is not, or the leaf is of another form.
    """
    if len(leaf) != LEAF_SIZE or leaf[:1] != VERSION:
        raise EntryError(_("deze vorm van blad kennen we niet"))
    hashed = leaf_hash(commitment(opening.nonce, opening.payload))
    try:
        verify_inclusion(hashed, opening.slot, 1 << len(opening.path), opening.path, leaf[1:])
    except ProofError as error:
        raise EntryError(_("de inhoud hoort niet bij dit blad")) from error


def seal(opening: Opening, organisation: str, leaf: bytes, key: Secret, *, randomness: Randomness) -> bytes:
    """The opening, padded and encrypted under a key of 32 bytes that is used for this and never again."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - who only checks need not have it

    nonce = randomness(GCM_NONCE_SIZE)
    sealed = AESGCM(key.reveal()).encrypt(
        nonce, _opening_bytes(opening), _associated_data(organisation, leaf)
    )
    return nonce + sealed


def unseal(ciphertext: bytes, organisation: str, leaf: bytes, key: Secret) -> Opening:
    """The opening that ``seal`` sealed, verified against the leaf and addressed to ``organisation``.

    Raises:
        EntryError: wrong key, organisation or leaf, or a ciphertext that was changed.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - who only checks need not have it
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    nonce, sealed = ciphertext[:GCM_NONCE_SIZE], ciphertext[GCM_NONCE_SIZE:]
    try:
        data = AESGCM(key.reveal()).decrypt(nonce, sealed, _associated_data(organisation, leaf))
    except (InvalidTag, ValueError) as error:
        raise EntryError(_("de verzegelde inhoud gaat met deze sleutel niet open")) from error
    opening = _opening_from(data)
    verify_opening(leaf, opening)
    payload_content(organisation, opening.payload)
    return opening


def _tree(commitments: Sequence[bytes], slots: Iterable[int]) -> tuple[bytes, dict[int, tuple[bytes, ...]]]:
    """The root over all commitments, a power of two, and the path of each slot asked: of every level the sibling, nearest first.

    The tree of ``merkle`` where nothing is ragged, level by level: this is done for every request.
    """
    levels = [[leaf_hash(one) for one in commitments]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below), 2)])
    paths = {
        slot: tuple(hashes[(slot >> level) ^ 1] for level, hashes in enumerate(levels[:-1])) for slot in slots
    }
    return levels[-1][0], paths


def _draw_slots(parties: int, size: int, randomness: Randomness) -> tuple[int, ...]:
    """Different places for the parties: the start of a Fisher-Yates shuffle (its bias stays below 2^-47)."""
    places = list(range(size))
    for first in range(parties):
        other = first + int.from_bytes(randomness(8), "big") % (size - first)
        places[first], places[other] = places[other], places[first]
    return tuple(places[:parties])


def _associated_data(organisation: str, leaf: bytes) -> bytes:
    name = organisation.encode()
    return _SEALING_DOMAIN + len(name).to_bytes(2, "big") + name + leaf


def _opening_bytes(opening: Opening) -> bytes:
    """Version ‖ place (2) ‖ depth (1) ‖ path ‖ random bytes (32) ‖ payload length (4) ‖ payload ‖ zeroes."""
    data = b"".join(
        (
            _OPENING_VERSION,
            opening.slot.to_bytes(2, "big"),
            len(opening.path).to_bytes(1, "big"),
            *opening.path,
            opening.nonce,
            len(opening.payload).to_bytes(4, "big"),
            opening.payload,
        )
    )
    return data + bytes(-len(data) % PADDING)


def _opening_from(data: bytes) -> Opening:
    depth = data[3] if len(data) > 3 else 0
    path_end = 4 + HASH_SIZE * depth
    nonce_end = path_end + NONCE_SIZE
    payload_end = nonce_end + 4 + int.from_bytes(data[nonce_end : nonce_end + 4], "big")
    opening = Opening(
        slot=int.from_bytes(data[1:3], "big"),
        path=tuple(data[at : at + HASH_SIZE] for at in range(4, path_end, HASH_SIZE)),
        nonce=data[path_end:nonce_end],
        payload=data[nonce_end + 4 : payload_end],
    )
    if depth > LARGEST_DEPTH or len(opening.nonce) != NONCE_SIZE or _opening_bytes(opening) != data:
        raise EntryError(_("de verzegelde inhoud heeft niet de goede vorm"))
    return opening
