# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""From a match key to the input of the OPRF: domain separation, then Argon2id.

Node only, and pure. The order, and nothing else:

1. The PRF input: LP("signaalregister") || LP(keyset) || LP(family) || LP(spec version) || LP(value), where LP
   is a two-byte big-endian length. Organisation and date never go in: they would make pseudonyms local.
2. The salt: the first 16 bytes of SHA-256(LP("signaalregister stretch salt") || LP(keyset) || LP(family) ||
   LP(spec version)). It is global per keyset and family, because equal people must give equal inputs everywhere;
   it keeps a table made for one keyset, family or version from serving another.
3. Argon2id (RFC 9106) over 1 with salt 2, 32 bytes out. That is the private input of `oprf`.

What it buys: should two holders and the register all fall, guessing costs memory and time per guess. For
telephone numbers that is hours on rented machines, no more. It is no replacement for the holders.
"""

import hashlib
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw

from pseudonymisation.matchkeys import MatchKey
from pseudonymisation.pseudonym import SPEC_VERSION, StretchClass, length_prefixed

_DOMAIN: Final = b"signaalregister"
_SALT_DOMAIN: Final = b"signaalregister stretch salt"
TEST_KEYSET_PREFIX: Final = "test-"


@dataclass(frozen=True, slots=True)
class Cost:
    """The complete parameters of one Argon2id class (RFC 9106, section 3.1).

    Attributes:
        memory_kib: m, in KiB.
        passes: t.
        lanes: p.
        salt_bytes: length of the salt.
        output_bytes: tag length T.
        version: v, 0x13 in RFC 9106.
    """

    memory_kib: int
    passes: int
    lanes: int
    salt_bytes: int = 16
    output_bytes: int = 32
    version: int = 0x13


# RFC 9106 section 4 recommends 2 GiB t=1 or 64 MiB t=3 for a password at rest; a question has up to 40 keys and
# one second, on a laptop. So: the smallest of OWASP's equivalent settings (Password Storage Cheat Sheet, Argon2id,
# "m=19456 (19 MiB), t=2, p=1") where one guess is one candidate identifier ...
EXACT: Final = Cost(memory_kib=19 * 1024, passes=2, lanes=1)
# ... and less for composites, whose space is larger by the date of birth and of which a person has many more.
# One pass of 8 MiB is below OWASP's list: a decision of the design, part of the specification version.
COMPOSITE: Final = Cost(memory_kib=8 * 1024, passes=1, lanes=1)

COSTS: Final = MappingProxyType({StretchClass.EXACT: EXACT, StretchClass.COMPOSITE: COMPOSITE})
"""The classes of `SPEC_VERSION`; other parameters are another version."""

UNSAFE_CHEAP_FOR_TESTS_AND_BENCH: Final = Cost(memory_kib=8, passes=1, lanes=1)
"""No protection at all. `stretch` takes it only as an explicit argument and only for a "test-" keyset."""


def prf_input(keyset: str, family: str, value: bytes) -> bytes:
    """Step 1: the domain-separated bytes that are stretched.

    Raises:
        ValueError: an empty keyset or value, or a part over 65535 bytes.
    """
    if not keyset or not value:
        raise ValueError("a match key has a keyset and a value")
    return length_prefixed(_DOMAIN, keyset.encode(), family.encode(), SPEC_VERSION.encode(), value)


def salt(keyset: str, family: str) -> bytes:
    """Step 2: the 16 bytes of salt of this keyset, family and specification version."""
    labelled = length_prefixed(_SALT_DOMAIN, keyset.encode(), family.encode(), SPEC_VERSION.encode())
    return hashlib.sha256(labelled).digest()[: EXACT.salt_bytes]


def stretch(keyset: str, key: MatchKey, *, unsafe_cost: Cost | None = None) -> bytes:
    """The 32-byte private OPRF input of a match key; deterministic, about 5 to 30 ms of one core.

    Args:
        keyset: the domain that asks ("signaal", "comensha", "statistiek", "oefening").
        key: the match key.
        unsafe_cost: other parameters than the specification's, for tests and benches. Only a keyset whose name
            starts with "test-" takes them, so that no pseudonym of a real keyset can be made with them.

    Raises:
        ValueError: other parameters for a keyset that is not a test's, or an empty keyset.
    """
    if unsafe_cost is not None and not keyset.startswith(TEST_KEYSET_PREFIX):
        raise ValueError('unsafe stretching is for keysets that start with "test-" only')
    cost = unsafe_cost or COSTS[key.stretch_class]
    if cost.version != ARGON2_VERSION:
        raise ValueError("this Argon2 library has another version than RFC 9106")
    return hash_secret_raw(
        secret=prf_input(keyset, key.family, key.value),
        salt=salt(keyset, key.family),
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=cost.output_bytes,
        type=Type.ID,
        version=cost.version,
    )
