# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A form that is put aside: the inputs as they were filled in, sealed, for a day.

A day counts from the first time that it was kept: keeping it again changes what is in it and not when it goes, so that nobody can keep people's data here
by pressing a button every day. Nothing in a draft is judged, and nothing of it leaves the node.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from audit.canonical import canonical_json
from process.language import gettext as _
from process.problem import Refusal
from register.municipal.sealing import Sealed

LIFE = timedelta(hours=24)

Inputs = Mapping[str, tuple[str, ...]]
"""Name of an input of the form -> what was typed or ticked."""


@dataclass(frozen=True)
class Aside:
    """One draft.

    Attributes:
        draft_id: random, or made from the request key of whoever kept it.
        officer: pseudonymous number of who kept it.
        created_at: when it was kept for the first time.
        expires_at: from when it is not there any more.
        sealed: its inputs, sealed.
    """

    draft_id: UUID
    officer: str
    created_at: datetime
    expires_at: datetime
    sealed: Sealed = field(repr=False)


def written(inputs: Inputs) -> bytes:
    """The inputs as they are sealed."""
    return canonical_json({name: list(texts) for name, texts in inputs.items()})


def read_back(plain: bytes) -> Inputs:
    """The inputs that `written` wrote."""
    return {name: tuple(texts) for name, texts in json.loads(plain).items()}


def hours_left(draft: Aside, now: datetime) -> int:
    """Whole hours that are left, rounded down."""
    return max(0, int((draft.expires_at - now) / timedelta(hours=1)))


def no_draft() -> Refusal:
    """A draft that is not there, or not this person's; the same words for both."""
    return Refusal(
        404,
        "concept-niet-hier",
        _("Dit concept is er niet."),
        _("Een concept verdwijnt na 24 uur, of het is van een ander."),
        way_forward=_("Kijk op de beginpagina welke concepten er zijn, of begin een nieuw signaal."),
    )
