# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A person's session with a running node, over its interface. For the command line."""

from collections.abc import Callable
from pathlib import Path

from process.language import gettext as _
from process.serving.session import AwayError, PersonSession

NodeAwayError = AwayError
"""The node gave no answer: whether the message arrived is not known."""


class NodeSession(PersonSession):
    """An open session; use it as a context manager.

    Args:
        url: of the node.
        officer: name of the account.
        password: of the account.
        authorities: PEM file with who may certify the node; None uses the machine's own for https.
        organisation: code of the officer's organisation, if the node has more than one.
        second: asks the person for the code of an app, or a recovery code.

    Raises:
        Refusal: logging in failed, or anything later that the node refuses.
        SettingsError: there is no node at that address.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a person types at a terminal
        self,
        url: str,
        officer: str,
        password: str,
        authorities: Path | None = None,
        organisation: str | None = None,
        second: Callable[[], str] | None = None,
    ) -> None:
        credentials = {"naam": officer, "wachtwoord": password}
        if organisation is not None:
            credentials["organisatie"] = organisation
        super().__init__(url, credentials, authorities, second=second)

    @staticmethod
    def away(address: str, error: str) -> AwayError:
        """What is said when the node does not answer."""
        return AwayError(
            _("De node op {adres} antwoordt niet ({fout}). Draait hij, en klopt het adres?").format(
                adres=address, fout=error
            )
        )
