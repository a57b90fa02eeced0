# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A small disk of its own (tmpfs) that can be filled to the last byte and emptied again.

Mounting takes root. Without root the same test is run once more inside `unshare -rm`, where we are root over mounts of our own; where the system allows neither,
the test is skipped and says so.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

INSIDE = "SIGNAALREGISTER_FAULTS_INSIDE_UNSHARE"
_BLOCK = 4096


class SmallDisk:
    """A mounted tmpfs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "vulling"

    def fill(self) -> None:
        """Leave no room for anything."""
        with self._filler.open("ab", buffering=0) as filler, suppress(OSError):
            while filler.write(bytes(_BLOCK)):
                pass

    def empty(self) -> None:
        """Make room again."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A disk of so many megabytes in an empty folder."""
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)], check=True
    )
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def may_mount(folder: Path) -> bool:
    """Whether this process can mount a tmpfs."""
    if os.geteuid() != 0:
        return False
    probe = folder / "proef"
    probe.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(probe)], capture_output=True, check=False
    )
    if mounted.returncode == 0:
        subprocess.run(["umount", str(probe)], check=True)
    probe.rmdir()
    return mounted.returncode == 0


def again_inside_unshare(test: str) -> None:
    """Run one test in a mount namespace of its own, and pass or fail as it does.

    Args:
        test: its node id.
    """
    inside = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False)
    if os.environ.get(INSIDE) or inside.returncode != 0:  # noqa: TID251 - set by this function
        pytest.skip(
            "FULL DISK NOT TESTED: this takes root, or user namespaces (unshare -rm); run it as root, or in a container that may mount tmpfs"
        )
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-m", "pytest", "-q", "-rs", test],
        env={**os.environ, INSIDE: "1"},  # noqa: TID251 - passed on
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    if "1 skipped" in done.stdout:
        pytest.skip(done.stdout[-400:])
