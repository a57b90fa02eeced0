# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exercise with every connection to register, holders and signer recorded in clear."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from register.demo.plan import HOLDERS, MUNICIPALITIES, PARTNERS, SUBMITTERS
from register.demo.story import import_inspections
from register.demo.world import World
from tests.exercise import fresh_world
from tests.scenarios.recorder import Wiretap, listening

__all__ = ["fresh_world"]


@pytest.fixture(scope="module")
def wiretaps(fresh_world: World) -> Iterator[dict[str, Wiretap]]:
    """Every connection to register, holders and signer, recorded in clear."""
    ports, folder = fresh_world.ports, fresh_world.folder
    targets = {
        "register": ports.register,
        "signer": ports.signer,
        **{f"houder-{n}": ports.holder(n) for n in HOLDERS},
    }
    callers = {code: folder / f"node-{code}" / "tls" for code in (*MUNICIPALITIES, *PARTNERS)} | {
        "REGISTER": folder / "register" / "tls"
    }
    authority = folder / "uitgever" / "uitgever.pem"
    taps = {name: Wiretap(port, folder / name / "tls", callers, authority) for name, port in targets.items()}
    with listening(list(taps.values())):
        for name, port in targets.items():
            _redirect(folder, f"https://127.0.0.1:{port}", taps[name].address)
        yield taps


@pytest.fixture(scope="module")
def world(fresh_world: World, wiretaps: dict[str, Wiretap]) -> World:
    """The exercise with all processes running and the example inspections of three municipalities imported."""
    assert wiretaps
    fresh_world.start(fresh_world.names())
    for organisation in SUBMITTERS:
        report = import_inspections(fresh_world, organisation)
        assert report["geweigerdeRijen"] == 0
    return fresh_world


def _redirect(folder: Path, old: str, new: str) -> None:
    for settings in folder.glob("*/instellingen.toml"):
        settings.write_text(settings.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
