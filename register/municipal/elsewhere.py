# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Where else people of an organisation sign in: at its own provider of accounts, as the pages see it. What stands behind it is `register.municipal.provider`.

An organisation may have none, and then its process never loads what that takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from process.language import gettext as _
from process.problem import Refusal
from register.municipal.people import LoggedIn


@dataclass(frozen=True)
class Begun:
    """An attempt to sign in: where the browser goes, and the seed that it keeps until it is back."""

    address: str
    seed: str = field(repr=False)


@dataclass(frozen=True)
class Admitted:
    """Somebody who signed in at the provider.

    Attributes:
        new: the account was made just now.
        before: the role that the account had until now, if it had another.
    """

    logged_in: LoggedIn
    new: bool
    before: str | None = None


class Elsewhere(Protocol):
    """The provider of one organisation."""

    @property
    def alone(self) -> bool:
        """Whether this is the only way in: accounts of this node open nothing."""
        ...

    def begin(self) -> Begun:
        """A new attempt.

        Raises:
            Refusal: the provider is away.
        """
        ...

    def finish(self, seed: str, sent: Sequence[tuple[str, str]]) -> Admitted:
        """The session of whom the provider sent back.

        Raises:
            Refusal: whatever is wrong, in words for the person.
        """
        ...

    def farewell(self) -> str | None:
        """Where a person signs out at the provider too; None if it has no such place, or is away."""
        ...

    def knows(self, officer: str) -> bool:
        """Whether this account is one of the provider."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


def only_elsewhere() -> Refusal:
    """The refusal of a password where only the provider's accounts open."""
    return Refusal(
        403,
        "aanmelden-elders",
        _("Hier kunt u zich niet met een wachtwoord aanmelden."),
        _("Uw organisatie meldt zich alleen aan met het gemeenteaccount."),
        way_forward=_("Ga naar Aanmelden en kies: Aanmelden met uw gemeenteaccount."),
    )
