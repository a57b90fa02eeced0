# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Every interface of every process, as its composition root makes it, in folders of their own and with throw-away keys.

A process that gets an interface is added here; `test_every_process_with_an_interface_is_here` fails until it is.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI

from audit.note import Signer
from audit.signer import app as signer
from audit.signer.settings import SignerSettings
from audit.witness import app as witness
from audit.witness.settings import WitnessSettings
from process.secret import Secret
from process.serving.clock import system_clock
from pseudonymisation.ceremony import Dealt, deal
from pseudonymisation.keyholder import app as keyholder
from pseudonymisation.keyholder.settings import KeyholderSettings
from register.central import app as central
from register.municipal import app as municipal
from tests.pseudonymisation.keyholder.conftest import write_files
from tests.register.central import conftest as register_world
from tests.register.municipal import conftest as node_world
from tests.register.municipal.world import Hands, running

COMPOSITION_ROOTS = {
    "register/central/app.py",
    "register/municipal/app.py",
    "pseudonymisation/keyholder/app.py",
    "audit/signer/app.py",
    "audit/witness/app.py",
}
"""The processes that stand below."""

NAMES = ("register", "register-mensen", "node", "sleutelhouder", "ondertekenaar", "getuige")
"""The interfaces: the register has two, for machines and for people."""


@contextmanager
def interfaces(folder: Path) -> Iterator[dict[str, FastAPI]]:
    """The applications, by name."""
    randomness = random.Random(17).randbytes
    dealt = deal(profile="oefening", name="test-node", threshold=2, holders=3, randomness=randomness)
    (folder / "register").mkdir()
    database = f"sqlite:///{folder / 'register' / 'register.sqlite'}"
    register = central.create_app(
        register_world.settings_in(folder / "register", database), clock=system_clock, randomness=randomness
    )
    with running(_node(folder / "node", dealt)) as node, running(_holder(folder / "houder", dealt)) as holder:
        yield dict(
            zip(
                NAMES,
                (
                    register.machines,
                    register.people,
                    node,
                    holder,
                    _signer(folder / "ondertekenaar"),
                    _witness(folder / "getuige"),
                ),
                strict=True,
            )
        )
    register.close()


def _node(folder: Path, dealt: Dealt) -> FastAPI:
    folder.mkdir()
    clock = Hands()
    register = node_world.register_with(clock)
    outside = node_world.outside_with(node_world.holders_of(dealt, clock), register)
    settings = node_world.settings_in(folder, dealt, register)
    return municipal.create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=outside)


def _holder(folder: Path, dealt: Dealt) -> FastAPI:
    settings = KeyholderSettings(**write_files(folder, dealt, 1))
    return keyholder.create_app(settings, clock=system_clock, randomness=random.Random(29).randbytes)


def _signer(folder: Path) -> FastAPI:
    signer.make_key("log.example/oefening", folder)
    settings = SignerSettings(
        profile="oefening", signing_key=folder / signer.KEY_FILE, state=folder / signer.STATE_FILE
    )
    return signer.create_app(settings, clock=system_clock)


def _witness(folder: Path) -> FastAPI:
    log = Signer("log.example/oefening", Secret(bytes(range(32))))
    witness.make_key("fg.example/getuige", folder, [log.verifier])
    return witness.create_app(WitnessSettings.load(folder / witness.SETTINGS_FILE), clock=system_clock)
