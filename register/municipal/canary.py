# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Is what this node makes still the pseudonym that everyone makes? Looked at before the first question or delivery of a process, and then once a day.

1. The canaries (`pseudonymisation.canaries`) go to the holders as everything does, under an action and a quota of their own.
2. What comes back is compared with the pin of this version and this key in the settings, which came with the toelating. A pin of another key says nothing. Without pins
   there, with what these canaries gave the first time at this node, for this keyset name and epoch, or under the same key in an earlier epoch; that record bears a
   keyed digest, and is never replaced. A version that has no pin while another has one is wrong: pseudonyms of two versions never match, and moving to another is
   decided together.
3. Wrong: nothing is asked and nothing is sent. Questions are refused in words, signals wait in the outbox. It is looked at again after ten minutes, twenty, forty, up to
   four hours; the count is kept, so that a process that is started again goes on where the last one was. Who mended something does not wait: another keyset, pin,
   version or library is looked at when the process starts, and `force` looks now, also for a process that runs beside it.
4. A process that starts again within five minutes of a look, with the same inputs, keyset and pins, takes over what that look found. With that and the pauses no
   day of starts and wrong pins uses up the quota.
5. Holders that are away or refuse prove nothing: before the first good look nothing is made; after one, the last good look stands until the next. That the holders'
   quota for canaries is used up is told as that.

Why: a node with a wrong keyset, version or library finds nobody and is found by nobody, and nothing else would ever show it.
"""

import hashlib
import hmac
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from process.language import gettext as _
from process.moments import Clock
from process.problem import Refusal
from process.secret import Secret
from pseudonymisation.canaries import canary_keys
from pseudonymisation.canary_pins import CanaryPoints, key_mark, pin_name
from pseudonymisation.p256 import Point
from pseudonymisation.pseudonym import SPEC_VERSION, length_prefixed
from pseudonymisation.receipts import request_digest
from pseudonymisation.threshold import PublicKeyset
from register.municipal.outbox import CANARY_QUOTA, WRONG_CANARY
from register.municipal.pseudonyms import Asked, Pseudonymiser
from register.municipal.sealing import keyed_digest
from register.municipal.store.canary import CanaryStore, KeptLook, KeptPin

OFFICER: Final = "kanarie-node"
"""Who asks: nobody."""

EVERY: Final = timedelta(days=1)
SETTLED: Final = timedelta(minutes=5)
"""For how long a process that starts takes over a good look at the same."""

AGAIN: Final = timedelta(minutes=10)
"""After the first look that was wrong, and after holders that refused or were away."""

LONGEST: Final = timedelta(hours=4)

_PATIENCE: Final = timedelta(hours=1)
"""How long the job has before somebody at a door looks for it."""

_TOO_MANY: Final = 429

_log = logging.getLogger(__name__)


def pause_after(wrong: int) -> timedelta:
    """How long to wait after so many wrong looks in a row, at least one."""
    return min(AGAIN * (1 << min(wrong - 1, 10)), LONGEST)


class Canary:
    """The canaries of one organisation.

    Args:
        pseudonymiser: asks the holders; without a gate, because this is the gate.
        store: keeps the first outcome, and the last look.
        identity: proves that this node kept them.
        organisation: whose certificate is shown.
        pins: version/key -> pin in hexadecimal, from the settings; empty for the first outcome.
        clock: when it was looked at.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it consists of
        self,
        pseudonymiser: Pseudonymiser,
        store: CanaryStore,
        identity: Secret,
        organisation: str,
        pins: Mapping[str, str],
        clock: Clock,
    ) -> None:
        self._pseudonymiser = pseudonymiser
        self._store = store
        self._identity = identity
        self._organisation = organisation
        self._pins = pins
        self._clock = clock
        self._last: KeptLook | None = None
        self._refused: Refusal | None = None
        self._not_before: datetime | None = None
        self._looking = Lock()

    @property
    def wrong(self) -> bool:
        """Whether the last look that came to an end found another outcome than the pin."""
        return self._last is not None and self._last.wrong > 0

    @property
    def unpinned(self) -> bool:
        """Whether there are pins in the settings, and none of this version and key."""
        return bool(self._pins) and self._name not in self._pins

    def require(self) -> None:
        """Returns only if the canaries are right.

        Raises:
            Refusal: 503, they are wrong; or before the first look, what kept from looking.
        """
        moment = self._clock()
        if self._due(moment, _PATIENCE) or self.wrong:
            with self._looking:
                self._take_over(moment)
                # Whoever waited here for another's look has its outcome.
                if self._due(moment, _PATIENCE):
                    self._try(moment)
        standing = self._last is not None and not self.wrong
        if not standing and self._refused is not None:
            raise self._refused
        if self._last is not None and self._last.wrong:
            raise _wrong(self._pseudonymiser.keyset, self._last.at + pause_after(self._last.wrong) - moment)

    def look(self, moment: datetime) -> Mapping[str, int]:
        """The daily look, if it is time for one.

        Raises:
            Refusal: the holders cannot be reached or refuse, and no good look stands.
        """
        with self._looking:
            self._take_over(moment)
            if not self._due(moment):
                return {}
            self._try(moment)
        if self._refused is not None:
            if self._last is None or self.wrong:
                raise self._refused
            return {}
        return {_("fout") if self.wrong else _("goed"): 1}

    def force(self) -> bool:
        """Look now, whatever the pause; gives whether it is right. A process that runs beside this one goes on by it.

        Raises:
            Refusal: the holders cannot be reached or refuse.
        """
        with self._looking:
            self._look(self._clock())
        return not self.wrong

    def outcome(self) -> CanaryPoints:
        """What the canaries give now; nothing is compared or kept.

        Raises:
            Refusal: the holders cannot be reached or refuse.
        """
        return self._evaluated(self._inputs())

    @property
    def keyset(self) -> PublicKeyset:
        """The pinned keyset."""
        return self._pseudonymiser.keyset

    @property
    def _name(self) -> str:
        return pin_name(SPEC_VERSION, self._pseudonymiser.keyset)

    def _due(self, moment: datetime, patience: timedelta = timedelta(0)) -> bool:
        if (
            self._not_before is not None
            and abs(self._not_before - moment) <= AGAIN
            and moment < self._not_before
        ):
            return False
        if self._last is None:
            return True
        pause = pause_after(self._last.wrong) if self._last.wrong else EVERY + patience
        return abs(moment - self._last.at) >= pause

    def _take_over(self, moment: datetime) -> None:
        """What another process of this node found, or this one before it was started again."""
        if self._last is not None and not self._last.wrong:
            return
        kept = self._store.last()
        if kept is None or kept == self._last:
            return
        signed = self._signed_look(kept.at, kept.wrong, kept.made)
        if not hmac.compare_digest(kept.signature, signed):
            return
        # A process that starts takes over little; one that waits goes by whatever was found since.
        good = SETTLED if self._last is None else EVERY
        pause = pause_after(kept.wrong) if kept.wrong else good
        later = self._last is None or kept.at > self._last.at
        if later and abs(moment - kept.at) < pause and kept.made == self._made(self._inputs()):
            self._settle(kept)

    def _try(self, moment: datetime) -> None:
        try:
            self._look(moment)
        except Refusal as refusal:
            self._refused = refusal
            # Before the first look each question tries again, unless it is sure to be refused.
            if self._last is not None or refusal.code == CANARY_QUOTA:
                self._not_before = moment + AGAIN

    def _look(self, moment: datetime) -> None:
        inputs = self._inputs()
        found = self._evaluated(inputs)
        made, before = self._made(inputs), self._last or self._store.last()
        in_a_row = before.wrong if before is not None and before.made == made else 0
        wrong = 0 if self._is_pinned(bytes.fromhex(found.pin)) else in_a_row + 1
        at = moment.replace(microsecond=0)
        look = KeptLook(at, wrong, made, self._signed_look(at, wrong, made))
        self._store.looked(look)
        self._settle(look)

    def _settle(self, look: KeptLook) -> None:
        if look.wrong and not self.wrong:
            _log.error("CANARY WRONG: nothing is asked or sent for %s", self._organisation)
        elif not look.wrong and self.wrong:
            _log.warning("canary right again for %s", self._organisation)
        self._last, self._refused, self._not_before = look, None, None

    def _inputs(self) -> list[bytes]:
        return self._pseudonymiser.stretched(canary_keys())

    def _evaluated(self, inputs: Sequence[bytes]) -> CanaryPoints:
        asked = Asked(OFFICER, "kanarie", request_digest(self._organisation, OFFICER))
        try:
            found = self._pseudonymiser.evaluated_inputs(inputs, asked).points
        except Refusal as refusal:
            raise _of_quota(refusal) if refusal.status == _TOO_MANY else refusal from refusal
        keyset = self._pseudonymiser.keyset
        return CanaryPoints(SPEC_VERSION, keyset.name, keyset.key, tuple(Point.decode(one) for one in found))

    def _made(self, inputs: Sequence[bytes]) -> bytes:
        """Over what goes to the holders, and with what their answer is compared."""
        pins = [part.encode() for one in sorted(self._pins.items()) for part in one]
        said = (SPEC_VERSION.encode(), self._pseudonymiser.keyset.fingerprint.encode(), *pins)
        return hashlib.sha256(length_prefixed(*inputs, b"pins", *said)).digest()

    def _is_pinned(self, found: bytes) -> bool:
        if self._pins:
            return hmac.compare_digest(self._pins.get(self._name, ""), found.hex())
        keyset = self._pseudonymiser.keyset
        mark = key_mark(keyset.name, keyset.key)
        kept = self._kept(keyset.epoch, mark)
        if not kept:
            signature = self._signed(keyset.epoch, found)
            first = KeptPin(keyset.epoch, SPEC_VERSION, found, signature, mark)
            self._store.keep(keyset.name, first, self._clock())
            kept = self._kept(keyset.epoch, mark)
        mine = [one for one in kept if one.version == SPEC_VERSION]
        return any(
            one.key_mark in {None, mark}
            and hmac.compare_digest(one.pin, found)
            and hmac.compare_digest(one.signature, self._signed(one.epoch, one.pin))
            for one in mine
        )

    def _kept(self, epoch: int, mark: str) -> list[KeptPin]:
        """First outcomes of this epoch, and where there are none those under the same key: a re-sharing changes no pseudonym."""
        kept = self._store.of(self._pseudonymiser.keyset.name)
        return [one for one in kept if one.epoch == epoch] or [one for one in kept if one.key_mark == mark]

    def _signed(self, epoch: int, found: bytes) -> bytes:
        said = (self._organisation, self._pseudonymiser.keyset.name, str(epoch), SPEC_VERSION)
        bound = length_prefixed(b"kanarie", *(one.encode() for one in said), found)
        return keyed_digest(self._identity, hashlib.sha256(bound).digest())

    def _signed_look(self, at: datetime, wrong: int, made: bytes) -> bytes:
        said = (self._organisation, at.astimezone(UTC).isoformat(timespec="seconds"), str(wrong))
        bound = length_prefixed(b"kanarieblik", *(one.encode() for one in said), made)
        return keyed_digest(self._identity, hashlib.sha256(bound).digest())


def wrong_line(keyset: PublicKeyset, *, unpinned: bool) -> str:
    """The line in the health of the node.

    Args:
        keyset: pinned.
        unpinned: there are pins in the settings, and none of this version and key.
    """
    if unpinned:
        return _(
            "De kanarie is fout: in canary_pins staat geen pin met naam {naam}, van sleutelset {sleutelset}, tijdvak {tijdvak}, versie {versie}. Er wordt niets gevraagd en niets verstuurd. Vraag de beheerder van het register om die pin, en start de node opnieuw."
        ).format(
            naam=pin_name(SPEC_VERSION, keyset),
            sleutelset=keyset.name,
            tijdvak=keyset.epoch,
            versie=SPEC_VERSION,
        )
    return _(
        "De kanarie is fout: deze node maakt andere zoeksleutels dan die van sleutelset {sleutelset}, tijdvak {tijdvak}, versie {versie}. Er wordt niets gevraagd en niets verstuurd. Controleer sleutelset en software, en geef dan 'node canary --check'; zonder dat kijkt de node zelf, met steeds langere pauzes."
    ).format(sleutelset=keyset.name, tijdvak=keyset.epoch, versie=SPEC_VERSION)


def _of_quota(refusal: Refusal) -> Refusal:
    """The holders' refusal to a canary, for whoever wanted something else."""
    return Refusal(
        _TOO_MANY,
        CANARY_QUOTA,
        _("Deze node kan zichzelf nu niet controleren."),
        _(
            "De sleutelhouders bewerken nu geen controles van deze node meer. Dat zegt niet dat er iets fout is. Er is niets gevraagd en niets verstuurd."
        ),
        way_forward=_(
            "Bel de beheerder van uw node: die controleerde te vaak. Vertrouw aan de deur op wat u zelf ziet. Een signaal kunt u gewoon invoeren: het wacht hier."
        ),
        rule=_("quotum van de sleutelhouder"),
        retry_after=refusal.retry_after,
    )


def _wrong(keyset: PublicKeyset, until: timedelta) -> Refusal:
    return Refusal(
        503,
        WRONG_CANARY,
        _("Deze node maakt nu verkeerde zoeksleutels."),
        _(
            "Een controle liet zien dat zij niet die van sleutelset {sleutelset} zijn. Een vraag zou niemand vinden, ook als iemand bekend is. Er is niets gevraagd en niets verstuurd."
        ).format(sleutelset=keyset.name),
        way_forward=_(
            "Bel de beheerder van uw node. Vertrouw aan de deur op wat u zelf ziet. Een signaal kunt u gewoon invoeren: het wacht hier en gaat vanzelf weg als dit hersteld is."
        ),
        rule=_("kanarie van de node"),
        retry_after=max(60, round(until.total_seconds())),
    )
