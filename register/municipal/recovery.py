# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who looks after the keys of sealed records: at every start, and when the seal is lost.

At a start: (1) no record may be of another seal, or the process does not start: what it would write could not be joined with what is there; (2) records
of revision 0001 get a record key, and records of an earlier recovery key go over to today's; (3) the secret that numbers signals is opened, or made
from the seal the first time, as revision 0001 made it.

After a loss: every record key is unwrapped with the private recovery key and wrapped under the new seal. The content is not touched and not seen. Batches
are durable one by one, and a record that has gone over is passed by, so that an interrupted recovery is simply run again. The secret that numbers signals
goes over like the rest: the same file imported after a recovery still adds nothing.

What cannot come back: records of revision 0001 that were not opened by this software before the seal was lost, and what was sealed for another recovery key.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from process.language import gettext as _
from process.problem import Refusal
from process.secret import Secret
from process.serving.errors import SettingsError
from register.municipal.sealing import BrokenSealError, RecoverySecret, Seal, Sealed, identity_of
from register.municipal.store.sealed import KINDS, Record, SealedStore, secret_place

IDENTITY = "nummering"
"""Name of the secret that numbers signals and tells whether two contents are the same."""

_GONE, _LOST = "gone over", "lost"


@dataclass(frozen=True)
class Recovered:
    """What became of the records, by table.

    Attributes:
        gone_over: records that open under the new seal from now on.
        lost: records that this recovery key does not open.
    """

    gone_over: Mapping[str, int]
    lost: Mapping[str, int]


@dataclass(frozen=True)
class KeyKeeping:
    """The use case, with what it needs; `batch` is how many records become durable at a time."""

    store: SealedStore
    seal: Seal
    organisation: str
    batch: int = 200

    def ready(self) -> Secret:
        """Look after everything that a start needs; returns the secret that numbers signals.

        Raises:
            SettingsError: records are of another seal.
        """
        others = self.store.count_under_other_seals(self.seal.name)
        if others:
            raise SettingsError(self._other_seal(others))
        first = self.store.secret(IDENTITY) is None
        renewed = self.renew()
        if first and renewed[_LOST] and not renewed[_GONE]:
            raise SettingsError(self._other_seal(renewed[_LOST]))
        return self._identity()

    def _other_seal(self, count: int) -> str:
        return _(
            "In het dossier van {code} zijn {aantal} gegevens verzegeld met een ander geheim dan seal_key_file. Zet het oude geheim terug, "
            "of herstel met de herstelsleutel: signaalregister node recover --tenant {code} --recovery-key BESTAND."
        ).format(code=self.organisation, aantal=count)

    def renew(self) -> Mapping[str, int]:
        """Give every record of this seal a record key, wrapped for today's recovery key; resumable."""
        counted: Counter[str] = Counter()
        for kind in KINDS:
            behind = partial(self.store.behind, kind, self.seal.name, self.seal.recovery_name)
            self._walk(counted, behind, lambda record: self.seal.renewed(record.sealed, record.place))
        return counted

    def recover(self, secret: RecoverySecret) -> Recovered:
        """Bring every record of another seal under this one; resumable.

        Args:
            secret: the private recovery key.

        Raises:
            Refusal: 409, no record was ever wrapped for this key; nothing was changed.
        """
        wanted = self.store.recovery_keys_under_other_seals(self.seal.name)
        if wanted and secret.public.name not in wanted:
            raise _other_key(self.organisation)
        gone, lost = {}, {}
        for kind in KINDS:
            counted: Counter[str] = Counter()
            others = partial(self.store.under_other_seals, kind, self.seal.name)
            self._walk(counted, others, lambda record: self._gone_over(record, secret))
            gone[kind], lost[kind] = counted[_GONE], counted[_LOST]
        return Recovered(gone, lost)

    def _gone_over(self, record: Record, secret: RecoverySecret) -> Sealed:
        key = secret.record_key(record.sealed, record.place)
        return self.seal.wrapped(record.sealed.content, key, record.place)

    def _walk(
        self,
        counted: Counter[str],
        batch: Callable[[tuple[Any, ...] | None, int], list[Record]],
        changed: Callable[[Record], Sealed],
    ) -> None:
        after: tuple[Any, ...] | None = None
        while records := batch(after, self.batch):
            after = records[-1].key
            renewed = []
            for record in records:
                try:
                    renewed.append((record, changed(record)))
                except BrokenSealError:
                    counted[_LOST] += 1
            counted[_GONE] += self.store.replace(renewed)

    def _identity(self) -> Secret:
        place = secret_place(self.organisation, IDENTITY)
        sealed = self.store.secret(IDENTITY)
        if sealed is None:
            made = self.seal.close(identity_of(self.seal.secret).reveal(), place)
            self.store.put_secret(IDENTITY, made)
            # Another process of this node may have been first; what stands there counts.
            sealed = self.store.secret(IDENTITY) or made
        try:
            return Secret(self.seal.open(sealed, place))
        except BrokenSealError:
            raise SettingsError(self._other_seal(1)) from None


def _other_key(organisation: str) -> Refusal:
    return Refusal(
        409,
        "andere-herstelsleutel",
        _("Deze herstelsleutel past niet."),
        _("Hij hoort niet bij het dossier van {code}. Er is niets gewijzigd.").format(code=organisation),
        way_forward=_(
            "Zoek de geheime sleutel waarvan de openbare helft in recovery_key_file stond toen er gegevens bij kwamen."
        ),
    )
