# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A file is there whole or not at all: whoever is killed while writing leaves what was there before.

In this order: the content goes to a file with another name in the same folder, which is flushed to the disk; then one rename gives it its name; then the folder
is flushed. The other name is always the same, so that the next attempt takes the place of one that was broken off, and nothing is left behind.

Who writes in a folder that others write in too gives its name (`writer`), which is then part of that other name: two that write one file at the same moment do
not touch each other's. Otherwise they are kept apart by nobody here: what uses this is a command that one administrator types.
"""

import os
from pathlib import Path


def unfinished(path: Path, writer: str = "") -> Path:
    """Where something stands until it is whole; a name that no process reads."""
    return path.with_name(f".{path.name}.{writer}.nieuw" if writer else f".{path.name}.nieuw")


def write_new(path: Path, content: bytes, *, mode: int = 0o644, writer: str = "") -> None:
    """Write a file that is not there yet; folders above it are made.

    Args:
        path: where.
        content: all of it.
        mode: its permissions.
        writer: who writes, where others may write the same file at the same moment; letters, digits and hyphens.

    Raises:
        FileExistsError: there is one; nothing is written.
        OSError: it cannot be written; what is there stays as it is.
    """
    if path.exists():
        raise FileExistsError(str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, content, mode, writer)


def write_over(path: Path, content: bytes) -> None:
    """Give a file other content; its permissions stay, and of a link the file it points to is changed.

    Raises:
        OSError: it cannot be written, or is not there; what is there stays as it is.
    """
    real = path.resolve()
    mode = real.stat().st_mode & 0o777
    _write(real, content, mode)
    real.chmod(mode)


def settle(folder: Path) -> None:
    """Returns when the names in a folder are on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _write(path: Path, content: bytes, mode: int, writer: str = "") -> None:
    beside = unfinished(path, writer)
    beside.unlink(missing_ok=True)
    # Made for its owner from the first moment: what is written may be a secret.
    with open(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    settle(path.parent)
