# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The same attacks on what most linkage uses: cryptographic long-term keys, that is Bloom filters over the pairs of letters of names (Schnell, Bachteler, Reiher 2009).

Written small, with the classic parameters (1,000 bits, 20 hashes per pair of letters, one secret for all parties). Without the secret: rank-frequency of whole filters, and the pattern of bits
(after Christen, Ranbaduge, Vatsalan, Schnell 2017): what the filters of the commonest names have in common tells which bits a pair of letters sets, and then every filter is read
pair by pair. With the secret, which every party that encodes must have: a dictionary, as large as one likes, that nobody counts.
"""

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

_BITS: Final = 1000
_HASHES: Final = 20
SEEDS: Final = 20
"""Commonest names with which the attack on bits begins."""


def pairs(text: str) -> frozenset[str]:
    """The pairs of letters of a name, with its ends."""
    padded = f"_{text}_"
    return frozenset(padded[at : at + 2] for at in range(len(padded) - 1))


@cache
def _positions(secret: bytes, pair: str) -> int:
    one = int.from_bytes(hmac.digest(secret, pair.encode(), hashlib.sha256), "big")
    other = int.from_bytes(hmac.digest(secret, pair.encode(), hashlib.sha512), "big")
    mask = 0
    for turn in range(_HASHES):
        mask |= 1 << ((one + turn * other) % _BITS)
    return mask


def encoded(secret: bytes, texts: Iterable[str]) -> int:
    """The filter of these texts together."""
    mask = 0
    for text in texts:
        for pair in pairs(text) if text else ():
            mask |= _positions(secret, pair)
    return mask


def by_rank(filters: Sequence[int], names: Sequence[str]) -> dict[int, str]:
    """The commonest filter is the commonest name."""
    ours, clear = Counter(filters), Counter(names)
    first = sorted(ours, key=lambda one: (-ours[one], one))
    return dict(zip(first, sorted(clear, key=lambda one: (-clear[one], one)), strict=False))


def by_bits(
    filters: Iterable[int], names: Iterable[str], aligned: Sequence[tuple[int, str]]
) -> dict[int, str]:
    """Filter -> the one name that fits the bits that pairs of letters were seen to set; filters with no or several names are left out.

    Args:
        filters: all that are held.
        names: those that may be in them.
        aligned: filters of which the name is known, or thought to be.
    """
    learned = _learned(list(dict.fromkeys(aligned)))
    per_known: dict[frozenset[str], list[str]] = defaultdict(list)
    for name in sorted({*names}):
        letters = pairs(name)
        known = letters & learned.keys()
        # Most of its pairs must be known, or it fits too much.
        if len(known) * 2 >= len(letters):
            per_known[frozenset(known)].append(name)
    found = {}
    for one in {*filters}:
        fits = per_known.get(frozenset(pair for pair, bits in learned.items() if one & bits == bits), [])
        if len(fits) == 1:
            found[one] = fits[0]
    return found


def _learned(aligned: Sequence[tuple[int, str]]) -> dict[str, int]:
    """Pair of letters -> the bits that all filters of names with it have, of two names or more."""
    found: dict[str, int] = {}
    names: Counter[str] = Counter()
    for one, name in aligned:
        for pair in pairs(name):
            names[pair] += 1
            found[pair] = found.get(pair, one) & one
    return {pair: bits for pair, bits in found.items() if names[pair] > 1 and bits}


def by_dictionary(secret: bytes, filters: Sequence[int], names: Iterable[str]) -> dict[int, str]:
    """Whoever has the secret encodes every name that it knows, and looks which is in a filter: the one with the most bits."""
    dictionary = sorted(
        ((encoded(secret, [name]), name) for name in {*names}), key=lambda one: (-one[0].bit_count(), one[1])
    )
    found = {}
    for one in {*filters}:
        for bits, name in dictionary:
            if bits & ~one == 0:
                found[one] = name
                break
    return found
