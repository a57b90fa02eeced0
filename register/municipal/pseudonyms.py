# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""From match keys to pseudonyms: stretch, blind, ask two holders, verify, combine, complete with fillers.

A pseudonym lives in memory, for one request. The number of points per family is constant: what a subject cannot fill is a random point, drawn
from a source that the caller chooses, so that a signal can be sent again byte for byte. Points are sorted by their bytes within a family: real
points and fillers are equally random, so their order says nothing.

Nothing is made while the node's canaries are wrong (`register.municipal.canary`). The batch has room for the fillers as well: the holders' receipts, which go with the
pseudonyms to the register, are counted against all of them.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from process.moments import Randomness
from pseudonymisation.blinding import BlindedBatch, blind_batch
from pseudonymisation.matchkeys import MatchKey, MatchKeySet
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.pseudonym import FAMILIES, SPEC_VERSION
from pseudonymisation.stretch import stretch
from pseudonymisation.threshold import PublicKeyset
from pseudonymisation.wire import Action
from register.wire import Pseudoniem


@dataclass(frozen=True)
class Asked:
    """Who has points evaluated, for what.

    Attributes:
        officer: pseudonymous number.
        action: what is done with the answer.
        request: to which request of the register it belongs (`pseudonymisation.receipts.request_digest`).
    """

    officer: str
    action: Action
    request: bytes


@dataclass(frozen=True)
class Evaluated:
    """What the holders gave: the points of the inputs, in input order, and the receipt of each holder that answered well."""

    points: list[bytes]
    receipts: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """The pseudonyms of one subject, and the receipts that go with them."""

    pseudonyms: list[Pseudoniem]
    receipts: tuple[str, ...]


Evaluate = Callable[[BlindedBatch, Asked], Evaluated]
"""Asks the holders."""
Gate = Callable[[], None]
"""Returns only if pseudonyms may be made now."""
Stretch = Callable[[str, MatchKey], bytes]

STRETCHED_AT_ONCE = 8
"""Keys in the whole process: Argon2 leaves the interpreter free, and at most 8 times 19 MiB is in use. First come, first served."""


@dataclass(frozen=True)
class Pseudonymiser:
    """Makes the pseudonyms of one subject.

    Attributes:
        keyset: pinned.
        evaluate: asks the holders.
        randomness: for blinds, padding and order; fresh for every batch.
        threads: in which keys are stretched; the organisations of one node share them.
        gate: what is looked at first; None where nothing is sent to a register.
        stretch_key: Argon2id of the specification; tests pass a cheap one for a test keyset.
    """

    keyset: PublicKeyset
    evaluate: Evaluate
    randomness: Randomness
    threads: ThreadPoolExecutor
    gate: Gate | None
    stretch_key: Stretch = stretch

    def evaluated(self, keys: Sequence[MatchKey], asked: Asked, *, at_least: int = 0) -> Evaluated:
        """The points of these keys, in their order; nothing is looked at first.

        Raises:
            Refusal: the holders cannot be reached or refuse.
        """
        return self.evaluated_inputs(self.stretched(keys), asked, at_least=at_least)

    def stretched(self, keys: Sequence[MatchKey]) -> list[bytes]:
        """The stretched inputs of these keys, in their order; nobody is asked anything."""
        return list(self.threads.map(lambda key: self.stretch_key(self.keyset.name, key), keys))

    def evaluated_inputs(self, inputs: Sequence[bytes], asked: Asked, *, at_least: int = 0) -> Evaluated:
        """As `evaluated`, of inputs that were stretched.

        Raises:
            Refusal: the holders cannot be reached or refuse.
        """
        batch = blind_batch(inputs, randomness=self.randomness, at_least=at_least)
        return self.evaluate(batch, asked)

    def pseudonyms(self, keys: MatchKeySet, asked: Asked, *, fillers: Randomness) -> Made:
        """The pseudonyms, real and filler, by family.

        Raises:
            Refusal: the canaries are wrong, or the holders cannot be reached or refuse.
        """
        if self.gate is not None:
            self.gate()
        found = self.evaluated(keys.keys, asked, at_least=keys.points)
        real = [(key.family, point) for key, point in zip(keys.keys, found.points, strict=True)]
        order = {family: place for place, family in enumerate(FAMILIES)}
        everything = sorted([*real, *_fillers(keys, fillers)], key=lambda one: (order[one[0]], one[1]))
        return Made(
            [Pseudoniem(familie=family, versie=SPEC_VERSION, punt=point) for family, point in everything],
            found.receipts,
        )


def stretch_threads() -> ThreadPoolExecutor:
    """Threads for stretching, kept: starting four for every subject cost a hand-over of the interpreter each."""
    return ThreadPoolExecutor(STRETCHED_AT_ONCE, thread_name_prefix="stretch")


def _fillers(keys: MatchKeySet, randomness: Randomness) -> Iterator[tuple[str, bytes]]:
    for family in FAMILIES:
        for _place in range(keys.fillers.get(family, 0)):
            yield family, SecretScalar.random(randomness).public_point().encode()
