# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Is what this node makes still the pseudonym that everyone makes? Looked at before the first question or delivery of a process, and then once a day.

1. The canaries (`pseudonymisation.canaries`) go to the holders as everything does, under an action and a quota of their own.
2. What comes back is compared with the pin of this version in the settings, which came with the toelating. Without pins there, with what these canaries gave the first
   time at this node, for this keyset name and epoch; that record bears a keyed digest, and is never replaced. A version that has no pin while another has one is wrong:
   pseudonyms of two versions never match, and moving to another is decided together.
3. Wrong: nothing is asked and nothing is sent. Questions are refused in words, signals wait in the outbox. It is looked at again every ten minutes, and before anything
   that a person does after a minute, so that it goes on by itself.
4. Holders that are away prove nothing: before the first good look nothing is made; after one, the last good look stands until the next.

Why: a node with a wrong keyset, version or library finds nobody and is found by nobody, and nothing else would ever show it.
"""

import hashlib
import hmac
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from gettext import gettext as _
from threading import Lock
from typing import Final

from process.moments import Clock
from process.problem import Refusal
from process.secret import Secret
from pseudonymisation.canaries import canary_keys, pin
from pseudonymisation.pseudonym import SPEC_VERSION, length_prefixed
from pseudonymisation.receipts import request_digest
from pseudonymisation.threshold import PublicKeyset
from register.municipal.outbox import WRONG_CANARY
from register.municipal.pseudonyms import Asked, Pseudonymiser
from register.municipal.sealing import keyed_digest
from register.municipal.store.canary import CanaryStore, KeptPin

OFFICER: Final = "kanarie-node"
"""Who asks: nobody."""

EVERY: Final = timedelta(days=1)
AGAIN: Final = timedelta(minutes=1)
"""Between two looks while it is wrong."""

_PATIENCE: Final = timedelta(hours=1)
"""How long the job has before somebody at a door looks for it."""

_log = logging.getLogger(__name__)


class Canary:
    """The canaries of one organisation.

    Args:
        pseudonymiser: asks the holders; without a gate, because this is the gate.
        store: keeps the first outcome.
        identity: proves that this node kept it.
        organisation: whose certificate is shown.
        pins: version -> pin in hexadecimal, from the settings; empty for the first outcome.
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
        self._looked_at: datetime | None = None
        self._looking = Lock()
        self.wrong = False
        """Whether the last look that came to an end found another outcome than the pin."""

    def require(self) -> None:
        """Returns only if the canaries are right.

        Raises:
            Refusal: 503, they are wrong; or before the first look, what kept from looking.
        """
        if self._due(self._clock(), _PATIENCE):
            with self._looking:
                # Whoever waited here for another's look has its outcome.
                if self._due(self._clock(), _PATIENCE):
                    self._look()
        if self.wrong:
            raise _wrong(self._pseudonymiser.keyset)

    def look(self, moment: datetime) -> Mapping[str, int]:
        """The daily look, if it is time for one.

        Raises:
            Refusal: the holders cannot be reached or refuse.
        """
        if not self._due(moment):
            return {}
        with self._looking:
            self._look()
        return {_("fout") if self.wrong else _("goed"): 1}

    def outcome(self) -> bytes:
        """What the canaries give now (32 bytes).

        Raises:
            Refusal: the holders cannot be reached or refuse.
        """
        asked = Asked(OFFICER, "kanarie", request_digest(self._organisation, OFFICER))
        return pin(self._pseudonymiser.evaluated(canary_keys(), asked).points)

    def _due(self, moment: datetime, patience: timedelta = timedelta(0)) -> bool:
        if self._looked_at is None:
            return True
        return abs(moment - self._looked_at) >= (AGAIN if self.wrong else EVERY + patience)

    def _look(self) -> None:
        try:
            found = self.outcome()
        except Refusal:
            if self._looked_at is None or self.wrong:
                raise
            # A good look stands: who is at the door gets the holders' own answer.
            return
        right = self._is_pinned(found)
        if not right and not self.wrong:
            _log.error("CANARY WRONG: nothing is asked or sent for %s", self._organisation)
        elif right and self.wrong:
            _log.warning("canary right again for %s", self._organisation)
        self.wrong, self._looked_at = not right, self._clock()

    def _is_pinned(self, found: bytes) -> bool:
        if self._pins:
            return hmac.compare_digest(self._pins.get(SPEC_VERSION, ""), found.hex())
        keyset = self._pseudonymiser.keyset
        kept = self._store.of(keyset.name, keyset.epoch)
        if not kept:
            first = KeptPin(SPEC_VERSION, found, self._signed(found))
            self._store.keep(keyset.name, keyset.epoch, first, self._clock())
            kept = self._store.of(keyset.name, keyset.epoch)
        mine = [one for one in kept if one.version == SPEC_VERSION]
        return any(
            hmac.compare_digest(one.pin, found) and hmac.compare_digest(one.signature, self._signed(one.pin))
            for one in mine
        )

    def _signed(self, found: bytes) -> bytes:
        keyset = self._pseudonymiser.keyset
        said = (self._organisation, keyset.name, str(keyset.epoch), SPEC_VERSION)
        bound = length_prefixed(b"kanarie", *(one.encode() for one in said), found)
        return keyed_digest(self._identity, hashlib.sha256(bound).digest())


def wrong_line(keyset: PublicKeyset) -> str:
    """The line in the health of the node."""
    return _(
        "De kanarie is fout: deze node maakt andere zoeksleutels dan die van sleutelset {sleutelset}, tijdvak {tijdvak}, versie {versie}. Er wordt niets gevraagd en niets verstuurd. Controleer sleutelset en software; daarna gaat het vanzelf verder."
    ).format(sleutelset=keyset.name, tijdvak=keyset.epoch, versie=SPEC_VERSION)


def _wrong(keyset: PublicKeyset) -> Refusal:
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
        retry_after=600,
    )
