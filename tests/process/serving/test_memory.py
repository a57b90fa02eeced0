# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about memory: a real process that keeps it private leaves no core dump, and the kernel calls it not dumpable."""

import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, resource, sys
from process.serving.memory import keep_memory_private
before = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
if sys.argv[1] == "private":
    keep_memory_private()
print(before, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is of Linux")
def test_a_process_that_keeps_its_memory_private_cannot_be_dumped() -> None:
    def told(how: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, how], check=True, capture_output=True, text=True
        )
        return done.stdout.split()

    # PR_GET_DUMPABLE before and after, then both limits.
    assert told("open")[:2] == ["1", "1"]
    assert told("private") == ["1", "0", "0", "0"]
