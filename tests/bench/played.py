# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exercise that a bench measures: real processes with the settings of the product, and the example signals imported. What is asked of it is the bench's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from process.serving.clock import system_clock
from register.demo.plan import MOMENT, SUBMITTERS, Ports
from register.demo.story import import_inspections
from register.demo.world import World, build, prepare


@contextmanager
def played(folder: Path, port_base: int) -> Iterator[World]:
    """All processes, on ports from this one, with their files in this folder; they end with the block."""
    world = build(
        folder / "world", Ports(port_base), MOMENT, certificates_from=system_clock(), randomness=os.urandom
    )
    try:
        prepare(world)
        world.start(world.names())
        for organisation in SUBMITTERS:
            import_inspections(world, organisation)
        yield world
    finally:
        world.stop_all()
