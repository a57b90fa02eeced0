# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Holders who deal a key anew or rotate it, in memory: a table around which everyone takes in for itself."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from process.secret import Secret
from pseudonymisation.ceremony import HolderShare
from pseudonymisation.joint import (
    Record,
    Stage,
    becomes_holder,
    make_dealing,
    own_factor,
    own_share,
    progress,
    senders,
    statement,
)
from pseudonymisation.opening import Before, Opening, Proposal, Purpose, open_ceremony
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.rotation import Factor
from pseudonymisation.sealing import SealingKeys
from pseudonymisation.statement import OwnKeys
from pseudonymisation.threshold import Origin, PublicKeyset, split

SOURCE = random.Random(271).randbytes
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
UNTIL = NOW + timedelta(days=2)
KEYS = {name: OwnKeys.make(name, SOURCE) for name in (*(f"HOUDER{i}" for i in range(1, 8)), "REGISTER")}


@dataclass
class Key:
    """A keyset with all its shares, as a test may see them."""

    keyset: PublicKeyset
    shares: dict[int, HolderShare] = field(repr=False)


def key_of(
    threshold: int, size: int, source: random.Random, of: tuple[str, str, int] = ("signaal", "pilot", 4)
) -> Key:
    """A key that might have come from a ceremony; `of` is its name, profile and epoch."""
    sharing = split(SecretScalar.random(source.randbytes), threshold, size, source.randbytes)
    keyset = PublicKeyset(*of, threshold, size, Origin.CEREMONY, sharing.commitments)
    shares = {
        index: HolderShare(*of, index, secret, Secret(source.randbytes(32)), keyset.fingerprint)
        for index, secret in sharing.shares.items()
    }
    return Key(keyset, shares)


@dataclass
class Table:
    """A re-sharing or rotation under way."""

    opening: Opening
    names: list[str]
    old: Mapping[int, HolderShare]
    folder: dict[str, bytes] = field(default_factory=dict)
    seals: dict[int, SealingKeys] = field(default_factory=dict, repr=False)
    dealings: dict[int, bytes] = field(default_factory=dict)
    records: dict[int, Record] = field(default_factory=dict)

    def keys(self, number: int) -> OwnKeys:
        return KEYS[self.names[number - 1]]

    def share_of(self, number: int) -> HolderShare | None:
        holder = self.opening.old_holder(number)
        return None if holder is None else self.old[holder]

    def seals_of(self, number: int) -> SealingKeys:
        if number not in self.seals:
            self.seals[number] = SealingKeys.make(self.opening.session, self.opening.dealers, SOURCE)
        return self.seals[number]

    def secret(self, receiver: int, dealer: int) -> SecretScalar:
        return self.seals_of(receiver).by_dealer[dealer]

    def take_in(self, number: int, moment: datetime = NOW) -> Record:
        before = self.records.get(number, Record(self.opening))
        self.records[number] = progress(before, self.folder, moment)
        return self.records[number]

    def send(self, stage: Stage, number: int) -> None:
        own, record = self.keys(number), self.take_in(number)
        if stage is Stage.COMMITMENT and number not in self.dealings:
            self.dealings[number] = make_dealing(record, own, SOURCE, self.share_of(number)).data
        dealing, seals = self.dealings.get(number, b""), self.seals_of(number)
        self.folder[stage.file(number)] = statement(record, stage, own, dealing, seals)

    def seated(self) -> "Table":
        """Everybody has shown its sealing keys, and taken in those of the others."""
        self.up_to(Stage.SEALING)
        for number in self.opening.parties:
            self.take_in(number)
        return self

    def up_to(self, last: Stage) -> "Table":
        for stage in Stage:
            for number in senders(self.opening, stage):
                self.send(stage, number)
            if stage is last:
                break
        return self

    def outcome(self) -> Key:
        """What came of it, from everybody's own records."""
        shares, keysets = {}, set()
        for number in self.opening.parties:
            record, own = self.take_in(number), self.keys(number)
            keysets.add(record.keyset.canonical())
            if becomes_holder(record, own):
                share = own_share(record, own, self.seals_of(number), SOURCE, self.share_of(number))
                shares[share.holder] = share
        assert len(keysets) == 1
        return Key(self.take_in(1).keyset, shares)

    def factor(self) -> Factor:
        last = len(self.names)
        return own_factor(self.take_in(last), self.keys(last), self.seals_of(last))


def resharing(key: Key, dealers: Sequence[int], receivers: Sequence[str], threshold: int) -> Table:
    """A re-sharing that was opened: old holder i is HOUDERi."""
    leaving = [name for i in dealers if (name := f"HOUDER{i}") not in receivers]
    names = [*receivers, *leaving]
    was = {names.index(f"HOUDER{i}") + 1: i for i in dealers}
    before = Before(Purpose.RESHARING, key.keyset, was, len(receivers))
    return _opened(key, names, threshold, before)


def rotation(key: Key, dealers: Sequence[int]) -> Table:
    """A rotation that was opened, with the register last."""
    names = [*(f"HOUDER{i}" for i in dealers), "REGISTER"]
    before = Before(Purpose.ROTATION, key.keyset, dict(enumerate(dealers, start=1)), len(names))
    return _opened(key, names, key.keyset.threshold, before)


def _opened(key: Key, names: list[str], threshold: int, before: Before) -> Table:
    parties = [KEYS[name].party for name in names]
    proposal = Proposal(key.keyset.name, key.keyset.profile, threshold, parties, UNTIL, before)
    return Table(open_ceremony(proposal, KEYS[names[0]], NOW, SOURCE), names, key.shares)
