# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister PROCESS database`: the same sub-command for every process that has a database (`audit.store.administration`).

Exit codes: 0 done, or the process can start; 1 `status` found that it cannot; 2 used wrongly or in the way.
"""

from collections.abc import Callable, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Protocol

import click

from process.serving.options import SETTINGS_FILE


class Administered(Protocol):
    """A database of a process, as an administrator sees it (`audit.store.administration.Managed`)."""

    def migrate(self, *, contract: bool, role: str | None) -> str:
        """Migrate it; gives what to tell."""

    def status(self, command: str) -> tuple[bool, str]:
        """Whether the process can start on it, and what to tell."""

    def roles(self, owner: str, app: str) -> str:
        """SQL of its roles."""


Databases = Callable[[Path | None], Sequence[Administered]]
"""The databases of a process, from its file with settings."""


def database_group(process: str, databases: Databases) -> click.Group:
    """The sub-command `database` of a process.

    Args:
        process: as on the command line; part of the names of its roles.
        databases: its databases.
    """

    @click.group("database", help=_("De database van dit proces: migreren, nakijken, rollen."))
    def database() -> None:
        """What an administrator does with a database."""

    @database.command("migrate", help=_("Breng de database op de revisie die dit programma nodig heeft."))
    @SETTINGS_FILE
    @click.option(
        "--contract",
        is_flag=True,
        help=_(
            "Ruim ook op wat alleen een vorige versie gebruikte; stop eerst alle processen van die versie."
        ),
    )
    @click.option(
        "--grant-to", "role", help=_("Geef deze rol daarna precies de rechten die dit proces nodig heeft.")
    )
    def migrate_command(settings_file: Path | None, *, contract: bool, role: str | None) -> None:
        """Migrate every database of this process."""
        for one in databases(settings_file):
            click.echo(one.migrate(contract=contract, role=role))

    @database.command("status", help=_("Vertel op welke revisie de database staat en wat er nog moet."))
    @SETTINGS_FILE
    def status(settings_file: Path | None) -> int:
        """How every database of this process stands; 0 if the process can start on all of them."""
        command = f"signaalregister {process} database migrate"
        told = [one.status(command) for one in databases(settings_file)]
        for _can_start, lines in told:
            click.echo(lines)
        return int(not all(can_start for can_start, _lines in told))

    @database.command(
        "roles", help=_("Druk de SQL af die in PostgreSQL een eigenaar en een rol met weinig rechten maakt.")
    )
    @SETTINGS_FILE
    @click.option(
        "--owner",
        default=f"signaalregister_{process}_eigenaar",
        show_default=True,
        help=_("De rol die migreert."),
    )
    @click.option(
        "--app",
        default=f"signaalregister_{process}",
        show_default=True,
        help=_("De rol waarmee het proces werkt."),
    )
    def roles(settings_file: Path | None, owner: str, app: str) -> None:
        """Print the SQL."""
        for one in databases(settings_file):
            click.echo(one.roles(owner, app))

    return database
