# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Known inputs with which a node sees whether its pseudonyms are still those of everyone (docs/spec/pseudonymisation.md, "Canaries").

Node only, and pure. A canary is a match key of a reserved family that no attribute has, so it is the pseudonym of nobody; the register refuses those families.
In this order:

1. Fixed attributes of invented people go through normalisation and match keys. All that comes out, families and values, is one digest: whatever changes in a
   name, a date, a number or a family, changes the digest.
2. That digest is the value of two canaries, one for each Argon2id class; a third has a fixed value, and tells keys and stretching from normalisation.

What they must give, and how that is written down: `canary_pins`.
"""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Final

from pseudonymisation.identity import RawAttribute, attribute_from_text
from pseudonymisation.matchkeys import MatchKey, match_keys
from pseudonymisation.normalise import Normalised, normalise
from pseudonymisation.pseudonym import CANARIES, length_prefixed

_TODAY: Final = date(2026, 1, 1)
"""For dates of birth; part of the canary, so never a clock."""

_NOBODY: Final[tuple[tuple[tuple[str, str], ...], ...]] = (
    (
        ("name_dob", "Kanarie-van der Proef, Žofia Ħåkon;1990-05-17"),
        ("phone", "06-12345678"),
        ("document", "COL:AB123456"),
        ("bag_address", "1234 AB 12 a"),
        ("work_alias", "Kanarie"),
    ),
    (
        ("name_dob", "Кана́рова, Ольга;1988-00-00"),
        ("email", "Kanarie@Example.nl"),
        ("iban", "NL91 ABNA 0417 1643 00"),
        ("plate", "12-AB-34"),
        ("social_handle", "telegram:@Kanarie"),
        ("ad_id_or_url", "https://example.nl/advertentie/123456"),
    ),
    (("kvk", "12345678"), ("bag_address", "1234 AB 12 a")),
)


def canary_keys() -> tuple[MatchKey, ...]:
    """The three canaries, in the order of the pin."""
    drift = _digest().hex().encode()
    exact, composite = CANARIES
    return MatchKey(exact, b"vast"), MatchKey(exact, drift), MatchKey(composite, drift)


def _digest() -> bytes:
    keys = (key for person in _NOBODY for key in match_keys(_normal(person)).keys)
    return sha256(
        length_prefixed(*(part for key in keys for part in (key.family.encode(), key.value)))
    ).digest()


def _normal(person: Sequence[tuple[str, str]]) -> list[Normalised]:
    raw = [attribute_from_text(*one) for one in person]
    normal = [normalise(one, today=_TODAY) for one in raw if isinstance(one, RawAttribute)]
    # What cannot be read any more is missing from the digest, and that changes it too.
    return [one for one in normal if isinstance(one, Normalised)]
