# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What must be shown before stored data is touched.

A look-up in the register takes a `Permit` (the decision point said yes to this person, this purpose, this action) and runs inside a logged transaction
(`register.central.store.work.LoggedWork`, which refuses to end without its entry). The type checker thus refuses a read that nobody
examined or that no log will show.
"""

from dataclasses import dataclass

from policies.decision import Decision


@dataclass(frozen=True)
class Permit:
    """Proof that an action was decided. Made by `permit` only."""

    action: str
    decision: Decision

    def __post_init__(self) -> None:
        if not self.decision.allowed:
            raise PermissionError(f"no permit: {self.action} was denied")
