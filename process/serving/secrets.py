# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Secrets come from files only: never from the environment, a command line or a settings file.

A process refuses to start on a secret that is missing, short, trivially weak, or readable by others.
"""

import stat
from gettext import gettext as _
from pathlib import Path

from process.secret import Secret
from process.serving.errors import SettingsError
from process.serving.files import write_new


def read_secret(path: Path, *, minimum: int = 32) -> Secret:
    """Read a secret as raw bytes, all of them: a final newline is part of it.

    Raises:
        SettingsError: missing, readable by group or others, shorter than `minimum` bytes, or hardly varied.
    """
    try:
        mode = path.stat().st_mode
        value = path.read_bytes()
    except OSError as error:
        raise SettingsError(_("Het geheim {pad} is er niet of is niet te lezen.").format(pad=path)) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(
            _(
                "Anderen op deze machine kunnen het geheim {pad} lezen. Maak het alleen leesbaar voor de eigenaar (chmod 600)."
            ).format(pad=path)
        )
    if len(value) < minimum or len(set(value)) < min(8, minimum):
        raise SettingsError(
            _(
                "Het geheim {pad} is te zwak: het moet minstens {aantal} willekeurige bytes zijn. Maak een nieuw."
            ).format(pad=path, aantal=minimum)
        )
    return Secret(value)


def write_secret(path: Path, value: bytes) -> None:
    """Write a secret so that only its owner can read it, whole or not at all.

    Raises:
        FileExistsError: there is one; it is not replaced.
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_new(path, value, mode=0o600)
