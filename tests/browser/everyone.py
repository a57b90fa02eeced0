# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An exercise with everyone who has a workplace at the register, and something for each of them to do: what `make demo` makes for who stays (`register.demo.neighbours`), without
the weeks before; and with a second beheerder, somebody who leaves, and a desk for inzage.
"""

from datetime import timedelta
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from process.serving.secrets import write_secret
from register.accounts import AT_ONCE, Account, Passwords
from register.central import mandates
from register.central.app import open_administration
from register.central.settings import RegisterSettings
from register.central.store import people
from register.demo import neighbours
from register.demo.plan import ASKER, HOST, KMAR, MOMENT, NEIGHBOURS, NLA, REGION, Person
from register.demo.world import World

__all__ = ["REGION"]

LATER: Final = MOMENT + timedelta(days=18)
ROLES: Final = {
    "nla": NLA,
    "kmar": KMAR,
    "ketenregisseur": HOST,
    "zorgcoordinator": ASKER,
}
PASSWORD: Final = "oefening-voor-iedereen"
BEHEERDER: Final = "beheerder-register"
CONTACTPUNT: Final = "contactpunt-oefening"
SECOND: Final = "beheerder-register-2"
"""The other functioneel beheerder of ASKER."""
LEAVING: Final = "vertrekt"
"""Somebody of ASKER with an account and without a mandate."""


def name_of(role: str) -> str:
    """The name with which that person signs in."""
    return next(one.name for one in NEIGHBOURS if one.role == role)


def record_everyone(world: World) -> None:
    """Put organisations, grounds, mandates and accounts in the register; before it starts.

    Raises:
        Refusal: the records would not hold together.
    """
    world.passwords.update({one.name: PASSWORD for one in NEIGHBOURS})
    neighbours.record(world)
    settings = RegisterSettings.load(
        world.folder / "register" / "instellingen.toml", clock_file=world.folder / "klok"
    )
    hashed = Passwords(PasswordHasher.from_parameters(CHEAPEST), places=BoundedSemaphore(AT_ONCE)).hash(
        PASSWORD
    )
    with open_administration(settings, None) as admin, admin.centre.database.engine.begin() as connection:
        leaving = Account("oefening-vertrekt", LEAVING, "zorgcoordinator")
        people.add_account(connection, ASKER, leaving, hashed)
        second = Account("oefening-beheerder-2", SECOND, "functioneel_beheerder")
        people.add_account(connection, ASKER, second, hashed)


def record_contactpunt(world: World) -> None:
    """Give the municipality that asked a desk for inzage: a ground, a mandate, and an account at its node; before both start.

    Raises:
        Refusal: the records would not hold together.
    """
    settings = RegisterSettings.load(
        world.folder / "register" / "instellingen.toml", clock_file=world.folder / "klok"
    )
    ground = "\n".join(
        [
            "grounds:",
            *neighbours.ground_lines("OEF-RECHT", "G-RECHT", "AVG 15", "Inzage"),
            f"    organisation: {ASKER}",
        ]
    )
    with open_administration(settings, None) as admin:
        mandates.add_grounds(admin, ground + "\n", neighbours.BASIS)
    with open_administration(settings, None) as admin:
        mandates.add_mandate(
            admin, neighbours.mandate_of(Person(CONTACTPUNT, ASKER, "contactpunt")), neighbours.BASIS
        )
    home = world.folder / f"node-{ASKER}"
    write_secret(world.folder / "accounts" / CONTACTPUNT, PASSWORD.encode())
    (home / "contactpunt.yaml").write_text(
        f"accounts:\n  - {{naam: {CONTACTPUNT}, rol: contactpunt, medewerker: oefening-contactpunt, wachtwoordBestand: ../accounts/{CONTACTPUNT}}}\n",
        encoding="utf-8",
    )
    done = world.command(
        *("node", "prepare", "--settings", str(home / "instellingen.toml")),
        *("--records", str(home / "contactpunt.yaml"), "--clock-file", str(world.folder / "klok")),
    )
    assert done.returncode == 0, done.stderr
    world.passwords[CONTACTPUNT] = PASSWORD


def play(world: World) -> None:
    """Everything that happened before anybody opens a page; the processes run.

    Raises:
        Refusal: a step was refused.
    """
    neighbours.labour_at_the_border(world)
    neighbours.nobody_takes_it_up(world, MOMENT.date())


def let_it_wait(world: World) -> None:
    """Go on to the day on which what nobody took up has come to the ketenregisseur."""
    world.move_clock(LATER)
