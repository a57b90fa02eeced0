# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Secrets come from files only: never from the environment, a command line or a settings file.

A process refuses to start on a secret that is missing, short, trivially weak, or readable by others.

systemd gives a service its credentials as files of root that an access control list opens to the service's user. The mode then shows 0440: under a list the bits
of the group are a mask, and say nothing of the group (acl(5)). So where there is a list, the list is read.
"""

import os
import stat
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from process.language import gettext as _
from process.secret import Secret
from process.serving.errors import SettingsError
from process.serving.files import write_new

_ACL: Final = "system.posix_acl_access"
_ACL_ENTRY: Final = struct.Struct("<HHI")
"""Tag, permissions and number, after four bytes of version (linux/posix_acl_xattr.h)."""
_OWNER, _USER, _MASK = 0x01, 0x02, 0x10


def read_secret(path: Path, *, minimum: int = 32) -> Secret:
    """Read a secret as raw bytes, all of them: a final newline is part of it.

    Raises:
        SettingsError: missing, readable by group or others, shorter than `minimum` bytes, or hardly varied.
    """
    try:
        open_to_others = _others_can_read(path)
        value = path.read_bytes()
    except OSError as error:
        raise SettingsError(_("Het geheim {pad} is er niet of is niet te lezen.").format(pad=path)) from error
    if open_to_others:
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


def _others_can_read(path: Path) -> bool:
    mode = path.stat().st_mode
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return False
    entries = list(_acl(path))
    return not entries or any(
        rights and not _ours(tag, number) for tag, rights, number in entries if tag != _MASK
    )


def _ours(tag: int, number: int) -> bool:
    """Whether an entry of a list is the owner, or lets in nobody but this process's user and root."""
    return tag == _OWNER or (tag == _USER and number in {os.geteuid(), 0})


def _acl(path: Path) -> Iterator[tuple[int, int, int]]:
    """The access control list of a file; nothing when it has none, or the system knows none."""
    if sys.platform != "linux":
        return
    try:
        entries = os.getxattr(path, _ACL)[4:]
    except OSError:
        return
    yield from _ACL_ENTRY.iter_unpack(entries)
