# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A case that was handed over as PDF/UA-1, for the own system of who got it: what the page shows, with the proof of the log entry of this look (set as ADR 33 says).

1. It is made of an answer of the interface and holds no more than that: what policy left closed is closed here.
2. It goes one way. Nothing reads such a file back, and it says so.
3. The log entry of the look is proved by the register's receipt, which binds the leaf before a checkpoint covers it. The newest checkpoint stands beside it, so that it is on paper how the log stood.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files

import typst

from process.language import gettext as _

MEDIA_TYPE = "application/pdf"


@dataclass(frozen=True)
class Listed:
    """A heading over a table; `empty` stands there when it has no rows."""

    heading: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    empty: str


@dataclass(frozen=True)
class Proof:
    """What proves the entry, and how one checks it. Signed notes are given line by line, as they were signed."""

    heading: str
    leaf: str
    receipt: Sequence[str]
    checkpoint: str
    note: Sequence[str]
    check_heading: str
    check: Sequence[str]


@dataclass(frozen=True)
class Export:
    """The whole, in reading order."""

    title: str
    number: str
    caution: str
    rows: Sequence[tuple[str, str]]
    signals: Listed
    history: Listed
    proof: Proof
    closing: str


def proof_of(leaf: int, receipt: str, checkpoint: str | None) -> Proof:
    """The proof of the entry of one look.

    Args:
        leaf: its place in the log.
        receipt: the signed note of the register.
        checkpoint: the newest one, or None for a log that has none.
    """
    return Proof(
        heading=_("Bewijs van de logregel"),
        leaf=_(
            "Dat u deze zaak bekeek en meenam, staat in het logboek van het register als blad {blad}. Dit is het ontvangstbewijs:"
        ).format(blad=leaf),
        receipt=tuple(receipt.splitlines()),
        checkpoint=_("Er was nog geen controlepunt van het logboek.")
        if checkpoint is None
        else _("Dit was het nieuwste controlepunt van het logboek:"),
        note=() if checkpoint is None else tuple(checkpoint.splitlines()),
        check_heading=_("Zo controleert u dit"),
        check=(
            _(
                "Controleer de handtekening onder het ontvangstbewijs met de publieke sleutel die u van de beheerder van het register kreeg. Neem geen sleutel uit dit bestand."
            ),
            _(
                "Een controlepunt waarvan de omvang (de tweede regel) groter is dan {blad}, dekt dit blad. Het nieuwste staat op /v1/logboek/checkpoint van het register."
            ).format(blad=leaf),
            _(
                "Reken het hele logboek en dit ontvangstbewijs samen na met: signaalregister audit verify --log ADRES --vkey SLEUTEL --receipt BESTAND --receipt-vkey SLEUTEL. Uw FG vindt blad {blad} bij Logboek en bewaart daar het volledige bewijs; dat controleert u met: signaalregister audit verify BESTAND --vkey SLEUTEL."
            ).format(blad=leaf),
        ),
    )


def printed(export: Export, moment: datetime) -> bytes:
    """The PDF, dated at this moment (UTC). The same in gives the same bytes."""
    template = files("register.central").joinpath("overdracht.typ").read_bytes()
    made: bytes = typst.compile(
        template,
        sys_inputs={"document": json.dumps(asdict(export))},
        format="pdf",
        pdf_standards="ua-1",
        ignore_system_fonts=True,
        timestamp=int(moment.timestamp()),
    )
    return made
