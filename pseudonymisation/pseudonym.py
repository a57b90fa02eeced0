# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the whole chain may know about a pseudonym: its family, its point, its tag, its seal, its weight.

This is the only module of the identity side that the register and the key holders may import: it knows no
attribute values and cannot compute a pseudonym, only carry, index, seal and weigh one.

The law, in the order of a pseudonym's life:

1. A pseudonym is N = kM in the P-256 group, 33 bytes compressed (SEC 1, section 2.3.3) and nothing else.
   It is the value *before* the outer hash of RFC 9497 section 3.3.2, so that a rotation can multiply it.
2. Each pseudonym belongs to one family of match keys. `FAMILIES` is the closed list; an unknown name is
   refused, never ignored, because an ignored family would silently change what a match weighs.
3. The register looks up by `tag`, HMAC-SHA256 under a key that lives outside the database, and keeps the
   point itself only sealed (AES-256-GCM, NIST SP 800-38D), for rotation.
4. Whether an agreement may be shown at all is condition C3: at least one strong or two medium attributes;
   a name with a complete, non-default date of birth counts as two, otherwise as one; never a name alone.

Left to others: evaluating (`oprf`, `threshold`), making keys (`matchkeys`, node only), deciding who may ask
(`policies`), scoring (later: weights per level instead of counts). Randomness comes in as an argument.
"""

import enum
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from process.language import gettext as _

SPEC_VERSION: Final = "2026-3"
"""Version of normalisation, match keys, family table and stretching together.

It is part of every PRF input: pseudonyms of two versions never match, so a change here is a migration.
"""

POINT_BYTES: Final = 33
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
MAX_TOKENS_PER_PERSON: Final = 40
_SEAL_LABEL: Final = b"signaalregister sealed point"


class UnknownFamilyError(ValueError):
    """A family of match keys that this version does not know. Deny: never skip it."""


class NotAPointError(ValueError):
    """Bytes that are not one compressed P-256 point other than the identity."""


class SealBrokenError(ValueError):
    """A sealed point that was altered, moved to another keyset or family, or sealed under another key."""


class Strength(enum.Enum):
    """How much one agreeing attribute says (signal-model.yaml, `attributes`, `strength`)."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    NONE = "none"


class StretchClass(enum.StrEnum):
    """Which Argon2id class the node uses for a family; the parameters are in `stretch`."""

    EXACT = "exact"
    COMPOSITE = "composite"


class Agreement(enum.Enum):
    """What agreeing families amount to under C3."""

    TOO_LITTLE = "te_weinig"
    POSSIBLE = "mogelijk"
    KNOWN = "bekend"


@dataclass(frozen=True, slots=True)
class Family:
    """One family of match keys; equality is visible per family, so the count within it is constant.

    Attributes:
        name: identifier on the wire, in tags and in the PRF input; never reused for another meaning.
        attribute: the attribute type of signal-model.yaml it stands for; each attribute is weighed once.
        person: strength when the subject is a person.
        organisation: strength when the subject is an organisation or premises.
        tokens: number of points per attribute, real and filler together.
        lossy: whether different people can easily share a key, so that agreement is "mogelijk" at most.
        stretch: the Argon2id class.
        mediums: how many mediums an agreement counts for (two for a name with a complete date of birth).
    """

    name: str
    attribute: str
    person: Strength
    organisation: Strength
    tokens: int = 1
    lossy: bool = False
    stretch: StretchClass = StretchClass.EXACT
    mediums: int = 1


def _table(*families: Family) -> Mapping[str, Family]:
    return MappingProxyType({family.name: family for family in families})


_STRONG, _MEDIUM, _WEAK, _NONE = Strength.STRONG, Strength.MEDIUM, Strength.WEAK, Strength.NONE
_COMPOSITE = StretchClass.COMPOSITE

FAMILIES: Final[Mapping[str, Family]] = _table(
    Family("bsn", "bsn", _STRONG, _NONE),
    Family("v_nummer", "v_nummer", _STRONG, _NONE),
    Family("document", "document", _STRONG, _NONE),
    Family("document_number", "document", _MEDIUM, _NONE, lossy=True),
    Family("phone", "phone", _STRONG, _STRONG),
    Family("email", "email", _STRONG, _STRONG),
    Family("social_handle", "social_handle", _STRONG, _STRONG),
    Family("ad_id_or_url", "ad_id_or_url", _STRONG, _STRONG),
    Family("iban", "iban", _STRONG, _STRONG),
    Family("kvk", "kvk", _NONE, _STRONG, tokens=2),
    Family("plate", "plate", _MEDIUM, _MEDIUM),
    Family("bag_address", "bag_address", _WEAK, _STRONG, tokens=2),
    Family("street", "bag_address", _WEAK, _WEAK, tokens=2, lossy=True, stretch=_COMPOSITE),
    Family("work_alias", "work_alias", _WEAK, _NONE, tokens=3, lossy=True, stretch=_COMPOSITE),
    Family("person_phone", "name_dob", _WEAK, _NONE, tokens=2, lossy=True, stretch=_COMPOSITE),
    Family("person_place", "name_dob", _WEAK, _NONE, tokens=6, lossy=True, stretch=_COMPOSITE),
    Family("name_dob", "name_dob", _MEDIUM, _NONE, stretch=_COMPOSITE, mediums=2),
    Family("name_dob_near", "name_dob", _MEDIUM, _NONE, tokens=2, lossy=True, stretch=_COMPOSITE, mediums=2),
    Family("name_dob_word", "name_dob", _MEDIUM, _NONE, tokens=4, lossy=True, stretch=_COMPOSITE, mediums=2),
    Family("name_dob_part", "name_dob", _MEDIUM, _NONE, tokens=3, lossy=True, stretch=_COMPOSITE),
    Family("name_dob_year", "name_dob", _MEDIUM, _NONE, lossy=True, stretch=_COMPOSITE),
    Family("name_pair", "name_dob", _WEAK, _NONE, tokens=2, lossy=True, stretch=_COMPOSITE),
)


CANARIES: Final[Mapping[str, StretchClass]] = MappingProxyType(
    {"kanarie": StretchClass.EXACT, "kanarie_samengesteld": StretchClass.COMPOSITE}
)
"""Reserved names of no family (`canaries`), with their Argon2id class: nothing of a person stands under them, and the register takes none."""


def family_named(name: str) -> Family:
    """The family of that name.

    Raises:
        UnknownFamilyError: this specification version has no such family.
    """
    try:
        return FAMILIES[name]
    except KeyError:
        raise UnknownFamilyError("unknown family of match keys") from None


def kind_for_people(attribute: str) -> str:
    """The Dutch name of an attribute type, as people see it in "komt overeen op: ...".

    Raises:
        UnknownFamilyError: no such attribute type.
    """
    # Literal calls inside the function: the catalogue is bound by the process, after import.
    names = {
        "bsn": _("burgerservicenummer"),
        "v_nummer": _("V-nummer"),
        "document": _("identiteitsdocument"),
        "phone": _("telefoon"),
        "email": _("e-mailadres"),
        "social_handle": _("account op sociale media"),
        "ad_id_or_url": _("advertentie"),
        "iban": _("rekeningnummer"),
        "kvk": _("KvK-nummer"),
        "plate": _("kenteken"),
        "bag_address": _("adres"),
        "work_alias": _("werknaam"),
        "name_dob": _("naam en geboortedatum"),
    }
    try:
        return names[attribute]
    except KeyError:
        raise UnknownFamilyError("unknown attribute type") from None


def kinds_for_people(families: Iterable[str]) -> tuple[str, ...]:
    """The Dutch names of the attributes that these families stand for, each once, in table order.

    What only weighs in the score (a word of a name with a telephone, a name without its date) stands for no attribute: it would tell that a name agrees where it does not, word by word.
    """
    agreeing = {family.attribute for family in map(family_named, families) if not _only_weighs(family)}
    attributes = dict.fromkeys(family.attribute for family in FAMILIES.values())
    return tuple(kind_for_people(attribute) for attribute in attributes if attribute in agreeing)


def _only_weighs(family: Family) -> bool:
    return family.attribute == "name_dob" and family.person is Strength.WEAK


def length_prefixed(*parts: bytes) -> bytes:
    """Each part behind its length as two big-endian bytes: LP of the specification.

    Raises:
        ValueError: a part is longer than 65535 bytes.
    """
    if any(len(part) > 0xFFFF for part in parts):
        raise ValueError("a part longer than 65535 bytes has no two-byte length")
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """One evaluated match key: a family and the point N, 33 bytes compressed. Personal data, always.

    Raises:
        UnknownFamilyError: the family is not in the table.
        NotAPointError: not 33 bytes, not compressed, or not on the curve.
    """

    family: str
    point: bytes = field(repr=False)

    def __post_init__(self) -> None:
        family_named(self.family)
        _require_point(self.point)

    def __repr__(self) -> str:
        return f"Pseudonym(family={self.family!r}, point=<masked>)"


def _require_point(encoded: bytes) -> None:
    # OpenSSL reads uncompressed, hybrid and identity encodings too; the length settles all three.
    if len(encoded) != POINT_BYTES:
        raise NotAPointError("a pseudonym is one compressed point of 33 bytes")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), encoded)
    except ValueError:
        raise NotAPointError("these bytes are not a compressed point on P-256") from None


def tag(k_reg: bytes, keyset: str, pseudonym: Pseudonym) -> bytes:
    """The register's look-up value: HMAC-SHA256(K_reg, LP(keyset) || LP(family) || N), 32 bytes.

    Raises:
        ValueError: K_reg is not 32 bytes or longer, or the keyset is empty.
    """
    if len(k_reg) < KEY_BYTES:
        raise ValueError("the register's tag key is at least 32 bytes")
    return hmac.digest(k_reg, _bound(keyset, pseudonym.family) + pseudonym.point, hashlib.sha256)


def seal_point(key: bytes, keyset: str, pseudonym: Pseudonym, nonce: bytes) -> bytes:
    """The point under AES-256-GCM: nonce (12) || ciphertext (33) || tag (16), 61 bytes.

    The keyset and family are associated data, so a sealed point cannot be moved to another of either.
    The nonce is 12 fresh random bytes; one key seals fewer than 2**32 points (SP 800-38D, section 8.3).

    Raises:
        ValueError: a key that is not 32 bytes or a nonce that is not 12 bytes.
    """
    cipher = _cipher(key)
    if len(nonce) != NONCE_BYTES:
        raise ValueError("a nonce is 12 bytes")
    return nonce + cipher.encrypt(nonce, pseudonym.point, _associated(keyset, pseudonym.family))


def open_point(key: bytes, keyset: str, family: str, sealed: bytes) -> Pseudonym:
    """The pseudonym that `seal_point` sealed for this keyset and family.

    Raises:
        SealBrokenError: anything does not fit; it does not say what, because the caller can only stop.
        ValueError: a key that is not 32 bytes.
    """
    cipher = _cipher(key)
    family_named(family)
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    if len(sealed) != NONCE_BYTES + POINT_BYTES + 16:
        raise SealBrokenError("a sealed point is 61 bytes")
    try:
        point = cipher.decrypt(nonce, ciphertext, _associated(keyset, family))
    except InvalidTag:
        raise SealBrokenError("this sealed point does not open here") from None
    return Pseudonym(family, point)


class PointKeys:
    """Both keys of a register for one keyset, made ready for very many points that are known to be points.

    Args:
        tag_key: K_reg.
        sealing_key: seals points.
        keyset: name.

    Raises:
        ValueError: a key of another length, or no keyset.
    """

    __slots__ = ("_bound", "_cipher", "_tag_key")

    def __init__(self, tag_key: bytes, sealing_key: bytes, keyset: str) -> None:
        if len(tag_key) < KEY_BYTES:
            raise ValueError("the register's tag key is at least 32 bytes")
        self._tag_key = tag_key
        self._cipher = _cipher(sealing_key)
        self._bound = {name: (_bound(keyset, name), _associated(keyset, name)) for name in FAMILIES}

    def open(self, family: str, sealed: bytes) -> bytes:
        """The 33 bytes that `seal_point` sealed.

        Raises:
            UnknownFamilyError: no such family.
            SealBrokenError: as `open_point`.
        """
        nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, ciphertext, self._of(family)[1])
        except (InvalidTag, ValueError):
            raise SealBrokenError("this sealed point does not open here") from None

    def close(self, family: str, point: bytes, nonce: bytes) -> tuple[bytes, bytes]:
        """What `tag` and `seal_point` give for a point."""
        bound, associated = self._of(family)
        sealed = nonce + self._cipher.encrypt(nonce, point, associated)
        return hmac.digest(self._tag_key, bound + point, hashlib.sha256), sealed

    def _of(self, family: str) -> tuple[bytes, bytes]:
        try:
            return self._bound[family]
        except KeyError:
            raise UnknownFamilyError("unknown family of match keys") from None

    def __repr__(self) -> str:
        return "PointKeys(***)"


def _cipher(key: bytes) -> AESGCM:
    # AESGCM itself also takes 16 and 24 bytes: the specification does not.
    if len(key) != KEY_BYTES:
        raise ValueError("the sealing key is 32 bytes")
    return AESGCM(key)


def _associated(keyset: str, family: str) -> bytes:
    return length_prefixed(_SEAL_LABEL) + _bound(keyset, family)


def _bound(keyset: str, family: str) -> bytes:
    if not keyset:
        raise ValueError("a pseudonym always belongs to a named keyset")
    return length_prefixed(keyset.encode(), family.encode())


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many strong and how many medium attributes agree; weak ones never count."""

    strong: int
    medium: int

    @property
    def satisfies_c3(self) -> bool:
        """Condition C3: at least one strong or at least two mediums."""
        return self.strong >= 1 or self.medium >= 2


def weight(families: Iterable[str]) -> Evidence:
    """What these agreeing families say about a person.

    Several families of one attribute count once, by the heaviest: a name that agrees exactly and also by
    sound is one name.

    Raises:
        UnknownFamilyError: a family is not in the table.
    """
    return _evidence((known, known.person) for known in map(family_named, families))


def weight_for_organisation(families: Iterable[str]) -> Evidence:
    """What these agreeing families say about an organisation or premises (KvK number, address, ...).

    Raises:
        UnknownFamilyError: a family is not in the table.
    """
    return _evidence((known, known.organisation) for known in map(family_named, families))


def _evidence(weighed: Iterable[tuple[Family, Strength]]) -> Evidence:
    strong: set[str] = set()
    mediums: dict[str, int] = {}
    for family, strength in weighed:
        if strength is Strength.STRONG:
            strong.add(family.attribute)
        elif strength is Strength.MEDIUM:
            mediums[family.attribute] = max(mediums.get(family.attribute, 0), family.mediums)
    return Evidence(strong=len(strong), medium=sum(mediums.values()))


def enough(families: Iterable[str]) -> bool:
    """Condition C3 for a person. Nothing at all is not enough.

    Raises:
        UnknownFamilyError: a family is not in the table.
    """
    return weight(families).satisfies_c3


def enough_for_organisation(families: Iterable[str]) -> bool:
    """Condition C3 for an organisation or premises: names and documents of people say nothing about those.

    Raises:
        UnknownFamilyError: a family is not in the table.
    """
    return weight_for_organisation(families).satisfies_c3


def agreement(families: Iterable[str]) -> Agreement:
    """What a person may be told about agreeing families.

    KNOWN when the families that are not lossy satisfy C3 by themselves; POSSIBLE when it takes lossy ones;
    otherwise TOO_LITTLE, which must look like "niet bekend" from outside.

    Raises:
        UnknownFamilyError: a family is not in the table.
    """
    agreeing = [family_named(name) for name in families]
    if enough(family.name for family in agreeing if not family.lossy):
        return Agreement.KNOWN
    return Agreement.POSSIBLE if enough(family.name for family in agreeing) else Agreement.TOO_LITTLE
