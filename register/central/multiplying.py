# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The work of a rotation that takes time: open a point, multiply it, make its tag and seal it again; in processes of their own, one for each core.

OpenSSL is called with Python's lock held, so threads would take turns. A worker gets its secrets once, over the pipe on which it is started, and a chunk is
a list of rows in and a list of the same length out. Between chunks a worker knows nothing of the database.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from process.serving.memory import keep_memory_private
from pseudonymisation.p256 import SCALAR_BYTES, SecretScalar
from pseudonymisation.pseudonym import PointKeys

Chunk = Sequence[tuple[str, bytes, bytes]]
"""Family, sealed point, and a fresh nonce of 12 bytes for the new seal."""

Rotated = list[tuple[bytes, bytes]]
"""New tag and new sealed point, for each row."""

Multiply = Callable[[Chunk], Future[Rotated]]
"""Has a chunk done; its result may come later."""


@dataclass(frozen=True, repr=False)
class Material:
    """What the work needs. It goes to a worker on the pipe that starts it, and is printed nowhere.

    Attributes:
        keyset: name.
        factor: 32 bytes.
        tag_key: K_reg.
        sealing_key: seals points.
    """

    keyset: str
    factor: bytes
    tag_key: bytes
    sealing_key: bytes


class Multiplier:
    """Does chunks, in whatever process it is made in."""

    def __init__(self, material: Material) -> None:
        self._keys = PointKeys(material.tag_key, material.sealing_key, material.keyset)
        self._factor = SecretScalar.from_bytes(material.factor)

    def __call__(self, chunk: Chunk) -> Rotated:
        """Rotate the rows of a chunk.

        Raises:
            SealBrokenError: a sealed point that does not open.
            InvalidPoint: what was sealed is no point.
        """
        keys = self._keys
        moved = self._factor.times_all([keys.open(family, sealed) for family, sealed, _nonce in chunk])
        return [
            keys.close(family, point, nonce)
            for (family, _sealed, nonce), point in zip(chunk, moved, strict=True)
        ]


@contextmanager
def workers(material: Material, number: int) -> Iterator[Multiply]:
    """So many worker processes; with none the work is done here, at once.

    Args:
        material: for the workers.
        number: how many.
    """
    if not number:
        yield _here(Multiplier(material))
        return
    # Spawned, not forked: a fork of a process with threads may stand still for ever.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        number, mp_context=context, initializer=_start, initargs=(_packed(material),)
    ) as pool:
        yield lambda chunk: pool.submit(_rotate, chunk)


def _here(multiplier: Multiplier) -> Multiply:
    def multiply(chunk: Chunk) -> Future[Rotated]:
        done: Future[Rotated] = Future()
        done.set_result(multiplier(chunk))
        return done

    return multiply


def _packed(material: Material) -> tuple[str, bytes, bytes, bytes]:
    if len(material.factor) != SCALAR_BYTES:
        raise ValueError("a factor is 32 bytes")
    return material.keyset, material.factor, material.tag_key, material.sealing_key


_multiplier: list[Multiplier] = []
"""Of a worker process, set once when it starts; empty in every other process."""


def _start(packed: tuple[str, bytes, bytes, bytes]) -> None:
    keep_memory_private()
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _multiplier.append(Multiplier(Material(*packed)))


def _leave_with_parent() -> None:
    """A register that is killed tells its workers nothing; they must not stay behind with its material."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _rotate(chunk: Chunk) -> Rotated:
    return _multiplier[0](chunk)
