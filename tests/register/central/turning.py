# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A rotation of a register as tests meet it: real keys, a step that is broken off at its n-th write, and a process that is killed there."""

import multiprocessing
import os
import random
import signal as signals
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Engine, event

from policies.desk.load import load_profile
from process.jobs import Unfinished
from process.serving import files
from pseudonymisation import base64url
from pseudonymisation.canary_pins import CanaryPoints
from pseudonymisation.oprf import Mode
from pseudonymisation.p256 import ORDER, SecretScalar
from pseudonymisation.pseudonym import SPEC_VERSION
from pseudonymisation.rotation import Factor, scale, scaled_keyset
from pseudonymisation.threshold import Origin, PublicKeyset, split
from register.central import app, rotating
from register.central.administration import Administrator
from register.central.centre import Centre
from register.central.rotating import Converter
from register.central.settings import RegisterSettings
from tests.register.central.enrolling_world import BASIS, administrator

STEPS = ("begin", "convert", "switch", "finish", "destroy")
PROFILE = load_profile("oefening")
"""Read once, in the process from which the others are forked."""


@dataclass
class Turning:
    """The keys of one rotation, from epoch 1 over 2 to 3."""

    seed: int = 7
    source: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.source = random.Random(self.seed)
        self.key = SecretScalar.random(self.source.randbytes)
        self.value = SecretScalar.random(self.source.randbytes)
        self.turned = SecretScalar(self.key.reveal() * self.value.reveal() % ORDER)

    def _dealt(self, key: SecretScalar, epoch: int) -> PublicKeyset:
        commitments = split(key, 2, 3, self.source.randbytes).commitments
        return PublicKeyset("oefening", "oefening", epoch, 2, 3, Origin.DEALT, commitments)

    @cached_property
    def before(self) -> PublicKeyset:
        return self._dealt(self.key, 1)

    @cached_property
    def scaled(self) -> PublicKeyset:
        return scaled_keyset(self.before, scale(self.before, self.value), self.value.public_point())

    @cached_property
    def after(self) -> PublicKeyset:
        return self._dealt(self.turned, 3)

    @cached_property
    def shared_anew(self) -> PublicKeyset:
        """The key of before under epoch 2: a re-sharing, and no rotation."""
        return self._dealt(self.key, 2)

    @property
    def factor(self) -> Factor:
        return Factor("oefening", self.before.fingerprint, self.scaled.fingerprint, self.value)

    def old(self, who: str, family: str = "phone") -> dict[str, str]:
        return _pseudonym(self.key, who, family)

    def new(self, who: str, family: str = "phone") -> dict[str, str]:
        return _pseudonym(self.turned, who, family)

    def step(self, name: str, admin: Administrator, converter: Converter, moment: datetime) -> None:
        """Do a step as often as it takes."""
        places = converter._places
        if name == "begin":
            rotating.begin(admin, places, (self.before, self.scaled), self.factor, BASIS)
        elif name == "switch":
            rotating.switch(admin, places, self.after, BASIS)
        elif name == "finish":
            rotating.finish(admin, places, BASIS)
        else:
            while isinstance(converter.run(moment), Unfinished):
                continue


def _pseudonym(key: SecretScalar, who: str, family: str) -> dict[str, str]:
    point = key.times(Mode.VOPRF.hash_to_group(f"{family}:{who}".encode()))
    return {"familie": family, "versie": SPEC_VERSION, "punt": base64url.encode(point.encode())}


def canary_points(keyset: PublicKeyset, key: SecretScalar) -> CanaryPoints:
    """What holders of this key give for three canaries."""
    hashed = [Mode.VOPRF.hash_to_group(f"kanarie {number}".encode()) for number in range(3)]
    points = tuple(key.times(one) for one in hashed)
    return CanaryPoints(SPEC_VERSION, keyset.name, keyset.key, points)


@contextmanager
def broken_off(at: int, stop: Callable[[], None]) -> Iterator[list[int]]:
    """Stop before the `at`-th write from here on: a statement that changes something, a commit, a file. Gives how many were begun."""
    begun = [0]
    really = files._write

    def count() -> None:
        begun[0] += 1
        if begun[0] > at:
            stop()

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if text.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "WITH")):
            count()

    def commit(_connection: Any) -> None:
        count()

    def write(*arguments: Any) -> None:
        count()
        really(*arguments)

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)
    files._write = write  # type: ignore[assignment]  # as that does, and counts
    try:
        yield begun
    finally:
        files._write = really
        event.remove(Engine, "before_cursor_execute", statement)
        event.remove(Engine, "commit", commit)


def killed(settings: RegisterSettings, step: str, at: int, moment: datetime) -> int:
    """Do a step in a process of its own that is killed (SIGKILL) before its `at`-th write; gives how it ended, 0 if it came to its end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_victim, args=(settings, step, at, moment))
    process.start()
    process.join(60)
    assert process.exitcode is not None
    return process.exitcode


def _victim(settings: RegisterSettings, step: str, at: int, moment: datetime) -> None:
    setattr(app, "load_profile", lambda _name: PROFILE)  # noqa: B010 - read once
    rotating.BATCH = 2  # type: ignore[misc]
    centre: Centre = app._centre(settings, lambda: moment, os.urandom)
    converter = Converter(centre, app.places(settings), 0)
    with broken_off(at, lambda: os.kill(os.getpid(), signals.SIGKILL)):
        Turning().step(step, administrator(centre), converter, moment)
