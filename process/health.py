# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How a process is: what keeps it from working, and what somebody must look at although it works.

An obstacle means that no request should come here now (503 for a load balancer); a worry means that one may come, and that an administrator must look. Both are Dutch
sentences that anyone may read: no address, name, number of a case or text of an error stands in one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Check = Callable[[], str | None]
"""Looks at one thing; gives the sentence if it stands in the way, None if not. May take as long as it likes; who asks does not wait for it."""

Worries = Callable[[], Iterable[str]]
"""Gives the sentences of what somebody must look at."""


@dataclass(frozen=True)
class Health:
    """How a process is at this moment."""

    obstacles: tuple[str, ...] = ()
    worries: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """True if the process can work."""
        return not self.obstacles

    def document(self) -> dict[str, object]:
        """As it is answered."""
        return {
            "status": "klaar" if self.ready else "niet klaar",
            "redenen": list(self.obstacles),
            "zorgen": list(self.worries),
        }
