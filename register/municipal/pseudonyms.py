# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""From match keys to pseudonyms: stretch, blind, ask two holders, verify, combine, complete with fillers.

A pseudonym lives in memory, for one request. The number of points per family is constant: what a subject cannot fill is a random point, drawn
from a source that the caller chooses, so that a signal can be sent again byte for byte. Points are sorted by their bytes within a family: real
points and fillers are equally random, so their order says nothing.
"""

from collections.abc import Callable, Iterator
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

Evaluate = Callable[[BlindedBatch, str, Action], list[bytes]]
"""Asks the holders: (batch, officer, action) -> the points of the inputs, in input order."""
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
        stretch_key: Argon2id of the specification; tests pass a cheap one for a test keyset.
    """

    keyset: PublicKeyset
    evaluate: Evaluate
    randomness: Randomness
    threads: ThreadPoolExecutor
    stretch_key: Stretch = stretch

    def pseudonyms(
        self, keys: MatchKeySet, *, officer: str, action: Action, fillers: Randomness
    ) -> list[Pseudoniem]:
        """The pseudonyms, real and filler, by family.

        Raises:
            Refusal: the holders cannot be reached or refuse.
        """
        inputs = list(self.threads.map(lambda key: self.stretch_key(self.keyset.name, key), keys.keys))
        points = self.evaluate(blind_batch(inputs, randomness=self.randomness), officer, action)
        real = [(key.family, point) for key, point in zip(keys.keys, points, strict=True)]
        order = {family: place for place, family in enumerate(FAMILIES)}
        everything = sorted([*real, *_fillers(keys, fillers)], key=lambda one: (order[one[0]], one[1]))
        return [Pseudoniem(familie=family, versie=SPEC_VERSION, punt=point) for family, point in everything]


def stretch_threads() -> ThreadPoolExecutor:
    """Threads for stretching, kept: starting four for every subject cost a hand-over of the interpreter each."""
    return ThreadPoolExecutor(STRETCHED_AT_ONCE, thread_name_prefix="stretch")


def _fillers(keys: MatchKeySet, randomness: Randomness) -> Iterator[tuple[str, bytes]]:
    for family in FAMILIES:
        for _place in range(keys.fillers.get(family, 0)):
            yield family, SecretScalar.random(randomness).public_point().encode()
