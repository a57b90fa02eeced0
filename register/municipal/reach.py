# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How well the outside world answered a node the last time it was needed. A worry, never an obstacle: what people enter waits in the outbox.

Nothing is asked for the sake of knowing: what is told is what the last question, submission, delivery or canary met. No organisation or address is named.
"""

from collections.abc import Iterable

from process.language import gettext as _
from register.municipal.canary import wrong_line
from register.municipal.desk import Desk


def worries(desks: Iterable[Desk]) -> list[str]:
    """The sentences for an administrator, each once for all organisations of the node."""
    here = list(desks)
    found = []
    silent = max((desk.holders.resting() for desk in here), default=0)
    if silent:
        found.append(
            _(
                "{aantal} van de {alle} sleutelhouders antwoordden niet goed toen ze het laatst nodig waren."
            ).format(aantal=silent, alle=here[0].holders.keyset.size)
        )
    if any(desk.register.away for desk in here):
        found.append(_("Het register was niet bereikbaar toen het het laatst nodig was."))
    wrong = [desk for desk in here if desk.canary.wrong]
    if wrong:
        found.append(wrong_line(here[0].holders.keyset, unpinned=wrong[0].canary.unpinned))
    return found
