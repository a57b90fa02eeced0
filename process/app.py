# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The command `signaalregister`: composition root of the dispatcher.

Binds the language (Dutch unless the user asks otherwise), finds the sub-commands that are installed, and turns what stops a command into one
line and an exit code: 0 done, 1 refused, 2 used wrongly. It imports no process: each brings its own sub-command as an entry point of
group `signaalregister.commands`, so that the trust zones stay apart.
"""

import gc
import gettext
import os
import sys
from pathlib import Path


def main() -> None:
    """Entry point of the installed command."""
    # A process makes hundreds of thousands of objects while it starts, and they all stay.
    gc.set_threshold(20_000, 20, 20)
    bind_language()
    # Imported after the language is bound: click translates some of its texts while it is imported.
    from process.command import run  # noqa: PLC0415

    sys.exit(run())


def bind_language() -> None:
    """Dutch, unless the user asks otherwise."""
    os.environ.setdefault("LANGUAGE", "nl")
    gettext.bindtextdomain("signaalregister", str(Path(__file__).parent / "locale"))
    gettext.textdomain("signaalregister")
