# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Options that mean the same on every command that starts or prepares a process."""

from pathlib import Path

import click

from process.language import gettext as _

SETTINGS_FILE = click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("Bestand met instellingen (TOML)."),
)
"""A file that is not there is told by `ProcessSettings.load`, like one that cannot be read."""

CLOCK_FILE = click.option(
    "--clock-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("Bestand dat de klok verzet; alleen in profiel oefening."),
)
"""Told by `process.serving.clock.clock_from` when it may not be used or cannot be read."""


def second_code() -> str:
    """Ask who sits at the terminal for the second step of signing in."""
    asked: str = click.prompt(_("Code uit uw app, of een herstelcode"), err=True)
    return asked
