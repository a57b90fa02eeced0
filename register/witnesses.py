# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How the witnesses of the log stand, and what of it people must hear; no clock, no network.

1. Publishing fails open: a checkpoint is published when the log's key signed it, and how many witnesses vouch for it is said with it, as "k of n".
2. A witness that is *away* says nothing, and one that *refuses* says something about itself. A witness that says the log is *shorter* than it saw, or
   *another* than it saw, says something about the log: that is told at once and in other words, however many others vouch for it, and until
   that witness itself vouches for the log again. Silence takes no accusation back, and neither does what it signed before.
3. Too few cosignatures are told when the newest checkpoint lacks them and the last one that had enough is older than the patience.
4. Without witnesses that is said, and nothing is called witnessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from audit.cosignature import WitnessPolicy
from process.language import gettext as _
from process.language import ngettext


class Said(StrEnum):
    """What a witness said last."""

    NOTHING = "nog-niets"
    CONFIRMED = "bevestigd"
    AWAY = "weg"
    REFUSED = "weigert"
    SHORTER = "terugval"
    OTHER = "tegenspraak"


ACCUSES = frozenset({Said.SHORTER, Said.OTHER})
"""What says that the log is not what it was."""


@dataclass(frozen=True)
class Heard:
    """What is known of one witness.

    Attributes:
        said: last.
        since: when it began to say that.
        size: leaves that it vouched for last, 0 if it never did.
        confirmed_at: when that came in, None if it never did.
        seen: leaves that it says it saw, where the log is shorter.
    """

    said: Said
    since: datetime
    size: int = 0
    confirmed_at: datetime | None = None
    seen: int | None = None


def takes_back(before: Heard, seconds: int) -> bool:
    """True unless a witness accused the log, and this cosignature (at `seconds` since 1970) is of before that: anyone can bring it."""
    return before.said not in ACCUSES or seconds >= int(before.since.timestamp())


def drowns_out(before: Heard, said: Said) -> bool:
    """True if what a witness says now is no answer to its accusation of before: being away, or refusing."""
    return before.said in ACCUSES and said not in ACCUSES and said is not Said.CONFIRMED


@dataclass(frozen=True)
class Witnessing:
    """How the newest checkpoint stands.

    Attributes:
        policy: whose cosignatures count.
        size: leaves in the newest checkpoint, None before the first.
        signed: labels of those that vouch for it.
        enough_size: leaves in the newest checkpoint that enough of them vouch for, None if there is none.
        enough_at: when that was so.
        heard: by label; witnesses that were never asked are absent.
    """

    policy: WitnessPolicy
    size: int | None
    signed: tuple[str, ...]
    enough_size: int | None
    enough_at: datetime | None
    heard: dict[str, Heard]

    @property
    def enough(self) -> bool:
        """True if enough witnesses vouch for the newest checkpoint."""
        return self.size is not None and self.size == self.enough_size

    @property
    def accusing(self) -> tuple[str, ...]:
        """Labels of the witnesses that say the log is not what it was."""
        return tuple(
            one.label
            for one in self.policy.witnesses
            if one.label in self.heard and self.heard[one.label].said in ACCUSES
        )

    def lacking(self, now: datetime, patience: timedelta) -> bool:
        """True if too few have vouched for too long."""
        if not self.policy.witnesses or self.size is None or self.enough:
            return False
        begun = self.enough_at or min((one.since for one in self.heard.values()), default=now)
        return now - begun > patience

    def sentence(self) -> str:
        """How many of how many, in one sentence."""
        if not self.policy.witnesses:
            return _(
                "Dit logboek heeft nog geen getuigen: niemand anders bevestigt dat iedereen hetzelfde logboek ziet."
            )
        if self.size is None:
            return _("Er is nog geen controlepunt om te bevestigen.")
        newest = _(
            "{aantal} van de {totaal} getuigen bevestigden het nieuwste controlepunt ({bladen} bladen); {nodig} zijn er nodig."
        ).format(
            aantal=len(self.signed),
            totaal=len(self.policy.witnesses),
            bladen=self.size,
            nodig=self.policy.needed,
        )
        if self.enough or self.enough_size is None:
            return newest
        before = ngettext(
            "Het eerste blad is door genoeg getuigen bevestigd.",
            "De eerste {bladen} bladen zijn door genoeg getuigen bevestigd.",
            self.enough_size,
        )
        return f"{newest} {before.format(bladen=self.enough_size)}"

    def worries(self, now: datetime, patience: timedelta) -> list[str]:
        """What somebody must look at now: accusations first, each with the name of the witness."""
        told = [self.told(label) for label in self.accusing]
        if self.lacking(now, patience):
            told.append(self.sentence() + " " + _names(_("Het ontbreekt aan: {namen}."), self.silent()))
        told += [self.told(label) for label, one in self.heard.items() if one.said is Said.REFUSED]
        return told

    def silent(self) -> tuple[str, ...]:
        """Labels of those that do not vouch for the newest checkpoint."""
        return tuple(one.label for one in self.policy.witnesses if one.label not in self.signed)

    def told(self, label: str) -> str:
        """What a witness said last, in one sentence that names it."""
        heard = self.heard.get(label)
        said = Said.NOTHING if heard is None else heard.said
        size, seen = (0, None) if heard is None else (heard.size, heard.seen)
        return {
            Said.NOTHING: _("Getuige {naam} heeft nog niets bevestigd."),
            Said.CONFIRMED: _("Getuige {naam} bevestigde het logboek tot en met {bladen} bladen."),
            Said.AWAY: _("Getuige {naam} antwoordt niet; het laatst bevestigd: {bladen} bladen."),
            Said.REFUSED: _(
                "Getuige {naam} weigert: hij kent dit logboek of zijn sleutel niet, of antwoordt met iets anders dan zijn handtekening."
            ),
            Said.SHORTER: _(
                "Getuige {naam} zag eerder {gezien} bladen, en zo lang is het logboek niet meer: het register is teruggezet of verloor regels."
            ),
            Said.OTHER: _(
                "Getuige {naam} zegt dat het logboek niet meer aansluit op wat hij eerder zag: er is een andere geschiedenis ondertekend."
            ),
        }[said].format(naam=label, bladen=size, gezien=seen)


def _names(sentence: str, labels: Iterable[str]) -> str:
    return sentence.format(namen=", ".join(labels))
