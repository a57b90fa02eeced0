# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whoever submitted a signal asks whoever looks after it to correct, enrich or withdraw it: the submitter may ask, and never does it (policy action).

A wish is a code about one own signal, at this node only: the register hears of what is done, not of what was asked. One at a time for a signal; it is gone when it is dealt with, or with its signal's term.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from process.language import gettext as _
from process.moments import Clock
from process.problem import FieldError, Refusal
from register.accounts import Account
from register.municipal import outbox
from register.municipal.accounts import require
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.changes import ChangeStore

WISHES: Final[Mapping[str, str]] = {
    "verbeteren": _("Er klopt iets niet"),
    "aanvullen": _("Ik weet meer"),
    "intrekken": _("Het moet weg"),
}
"""What may be asked; a code, because a sentence could hold a name."""


@dataclass(frozen=True)
class Wish:
    """That a change of a signal was asked."""

    signal_id: UUID
    officer: str
    wish: str
    at: datetime


@dataclass(frozen=True)
class Changes:
    """The use case, with what it needs."""

    store: ChangeStore
    casebook: CasebookStore
    clock: Clock

    def ask(self, account: Account, signal_id: UUID, wish: str) -> Wish:
        """Ask for a change of a signal that this person submitted; asking again replaces what was asked.

        Raises:
            Refusal: 403 for the role, 400 for an unknown wish, 404 for what is not this person's.
        """
        require(account, "wijziging_vragen")
        if wish not in WISHES:
            raise _unknown()
        first = self.casebook.entry(signal_id, 1)
        if first is None or first.officer != account.officer:
            raise outbox.not_here()
        made = Wish(signal_id, account.officer, wish, self.clock().replace(microsecond=0))
        self.store.put(signal_id, account.officer, wish, made.at)
        return made

    def waiting(self, account: Account) -> list[Wish]:
        """What was asked and not dealt with, oldest first.

        Raises:
            Refusal: 403 for the role.
        """
        require(account, "signaal_verrijken_corrigeren_intrekken")
        return [Wish(*row) for row in self.store.waiting()]

    def settle(self, account: Account, signal_id: UUID) -> None:
        """It was dealt with; doing it again changes nothing.

        Raises:
            Refusal: 403 for the role.
        """
        require(account, "signaal_verrijken_corrigeren_intrekken")
        self.store.settle(signal_id)


def _unknown() -> Refusal:
    return Refusal(
        400,
        "onbekende-wens",
        _("Dit kunt u niet vragen."),
        _("Er is niets gevraagd."),
        way_forward=_("Kies een code uit de lijst en probeer het opnieuw."),
        fields=(FieldError("wens", _("Kies uit: {codes}.").format(codes=", ".join(WISHES))),),
    )
