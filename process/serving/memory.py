# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a process has in memory stays there: no core dump, and no other process of the same user that attaches to it.

`RLIMIT_CORE` is what a shell and systemd know; a crash handler that the kernel pipes to ignores it, and heeds `PR_SET_DUMPABLE` (prctl(2)), which also keeps
a debugger of the same user out (ptrace(2)). Only Linux has the second. Neither stops root, and swap is the administrator's (docs/deploying.md).
"""

import ctypes
import resource
import sys
from typing import Final

from process.language import gettext as _
from process.serving.errors import SettingsError

PR_SET_DUMPABLE: Final = 4


def keep_memory_private() -> None:
    """Switch core dumps and attaching off for this process, before it reads a secret.

    Raises:
        SettingsError: the system refuses; the process must not go on.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise SettingsError(
            _(
                "Geheugendumps van dit proces zijn niet uit te zetten; start het op een gewone Linux zonder eigen filter."
            )
        )
