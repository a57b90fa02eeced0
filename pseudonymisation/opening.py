# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What is agreed before anybody deals: a file of one participant, whose fingerprint is compared by telephone. There are three purposes.

| purpose | who deals | what | with threshold | to whom | what comes of it |
|---|---|---|---|---|---|
| a new key | all | a random scalar | t | all | epoch 1 |
| re-sharing (`herverdeling`) | at least t old holders | λ_i·k_i | the new t | the new holders | the same K under the next epoch, other shares |
| rotation (`rotatie`) | at least t holders, and the register | a random part of ρ | 1: every receiver gets all of it | all of them | K' = ρK under the next epoch, shares ρ·k_i |

In the last two the opening carries the keyset of before, whole, so that anyone checks what is dealt against it. A participant has a number; in the first two
numbers 1..n are the holders of the keyset to be, and in a re-sharing old holders that leave come after them. Who was which holder of the keyset of before
stands with each. An organisation that stays has one number and both parts.

A re-sharing keeps where a key came from (`Origin`): what a dealer once knew, a dealer still knows. So does a rotation.

Pure. The stages that follow: `joint`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from process.language import gettext as _
from process.moments import Randomness
from pseudonymisation import base64url
from pseudonymisation.ceremony import CeremonyError, checked_name, parse_keyset
from pseudonymisation.dealing import HASH_BYTES, Receiver, Round, check_receivers
from pseudonymisation.p256 import ORDER, Point, PublicScalar, SecretScalar
from pseudonymisation.statement import Fault, OwnKeys, Party, check_signed, signed, unchecked
from pseudonymisation.threshold import PublicKeyset, canonical_json, lagrange_at_zero

OPENING_FORMAT: Final = "signaalregister/ceremonie/v2"
RESHARING_FORMAT: Final = "signaalregister/herverdeling/v2"
ROTATION_FORMAT: Final = "signaalregister/rotatie/v2"
OPENING_NAME: Final = "opening.json"


class Purpose(StrEnum):
    """What a ceremony is for; the value is the format of its opening."""

    NEW_KEY = OPENING_FORMAT
    RESHARING = RESHARING_FORMAT
    ROTATION = ROTATION_FORMAT


@dataclass(frozen=True)
class Before:
    """What a re-sharing or a rotation begins with.

    Attributes:
        purpose: which of the two.
        keyset: the public keyset of before.
        holders: participant number -> number of the old holder that it is; whoever is here deals. The register, in a rotation, is not here.
        receivers: how many participants, from number 1, become holder; in a rotation everyone receives.
    """

    purpose: Purpose
    keyset: PublicKeyset
    holders: Mapping[int, int]
    receivers: int


@dataclass(frozen=True)
class Proposal:
    """What the opener decides.

    Attributes:
        name: of the keyset to be.
        profile: of the keyset to be.
        threshold: t of the keyset to be.
        parties: who takes part, in order of their numbers.
        until: no file is accepted after this moment.
        before: None for a new key.
    """

    name: str
    profile: str
    threshold: int
    parties: Sequence[Party]
    until: datetime
    before: Before | None = None


@dataclass(frozen=True)
class Opening:
    """What is agreed before anybody deals.

    Attributes:
        session: 32 random bytes.
        name: of the keyset to be.
        profile: of the keyset to be.
        threshold: t.
        parties: who takes part, by number 1..n.
        until: no file is accepted after this moment; UTC, whole seconds.
        opener: who opened, one of the parties.
        before: what it begins with; None for a new key.
        data: the file, signed by the opener.
    """

    session: bytes = field(repr=False)
    name: str
    profile: str
    threshold: int
    parties: Mapping[int, Party]
    until: datetime
    opener: Party
    before: Before | None
    data: bytes = field(repr=False)

    @property
    def purpose(self) -> Purpose:
        """What it is for."""
        return Purpose.NEW_KEY if self.before is None else self.before.purpose

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the file, 64 hexadecimal digits: what sha256sum prints over it."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def epoch(self) -> int:
        """Of the keyset to be."""
        return 1 if self.before is None else self.before.keyset.epoch + 1

    @property
    def dealers(self) -> tuple[int, ...]:
        """Who deals, by number."""
        if self.before is None or self.before.purpose is Purpose.ROTATION:
            return tuple(self.parties)
        return tuple(self.before.holders)

    @property
    def receivers(self) -> Mapping[int, Party]:
        """To whom is dealt, by number."""
        if self.before is None:
            return self.parties
        return {number: party for number, party in self.parties.items() if number <= self.before.receivers}

    def round(self, transcript: bytes, sealing: Mapping[int, Point]) -> Round:
        """What the dealing of one dealer is bound to.

        Args:
            transcript: SHA-256 of everything before it.
            sealing: the points that the receivers made for this dealer, by receiver.

        Raises:
            ThresholdError: two receivers with one point.
        """
        rotating = self.purpose is Purpose.ROTATION
        threshold = 1 if rotating else self.threshold
        receivers = {index: Receiver(party, sealing[index]) for index, party in self.receivers.items()}
        return Round(self.session, transcript, threshold, receivers, for_all=rotating)

    def check(self) -> None:
        """Check that threshold and parties make sense together.

        Raises:
            ThresholdError: they do not.
            ValueError: the part about the keyset of before does not fit.
        """
        if len(self.session) != HASH_BYTES:
            raise ValueError("a session is 32 bytes")
        rotating = self.purpose is Purpose.ROTATION
        check_receivers(1 if rotating else self.threshold, self.receivers, for_all=rotating)
        if self.before is not None:
            self._check_before(self.before)

    def _check_before(self, before: Before) -> None:
        keyset, holders = before.keyset, before.holders
        rotating = before.purpose is Purpose.ROTATION
        check_receivers(2, self.parties)
        # In a rotation the last one is the register: it is no holder.
        expected = set(self.parties) - {len(self.parties)} if rotating else set(holders)
        good = (
            (self.name, self.profile) == (keyset.name, keyset.profile)
            and set(holders) == expected <= set(self.parties)
            and len(set(holders.values())) == len(holders) >= keyset.threshold
            and set(holders.values()) <= set(keyset.holders)
            and before.receivers <= len(self.parties)
            # Who neither deals nor receives has nothing to do here.
            and all(number in holders or number <= before.receivers for number in self.parties)
        )
        if rotating:
            good = good and before.receivers == len(self.parties) and self.threshold == keyset.threshold
        if not good:
            raise ValueError("participants and keyset of before do not fit")

    def index_of(self, party: Party) -> int:
        """The number of a party; of a receiver in a new key or a re-sharing, its holder index.

        Raises:
            CeremonyError: it does not take part, or is named with other keys.
        """
        for index, one in self.parties.items():
            if one == party:
                return index
        raise CeremonyError(
            _("{partij} doet met deze sleutels niet mee aan deze ceremonie.").format(partij=party.name),
            _("Laat de opener uw deelnemersbestand gebruiken, en vergelijk de vingerafdruk opnieuw."),
        )

    def old_holder(self, number: int) -> int | None:
        """Which holder of the keyset of before a participant is; None if it is none that deals."""
        return None if self.before is None else self.before.holders.get(number)

    def term(self, number: int, share: SecretScalar) -> SecretScalar:
        """λ_i·k_i: what an old holder deals in a re-sharing.

        Raises:
            ValueError: outside [1, n-2], of probability 2^-255.
        """
        return SecretScalar(self._weight(number) * share.reveal() % ORDER)

    def committed_term(self, number: int) -> Point | None:
        """λ_i·K_i: what the first commitment of an old holder must be."""
        if self.before is None:
            raise ValueError("a new key has no keyset of before")
        old = self.before.keyset.holders[self.before.holders[number]]
        return PublicScalar(self._weight(number)).times(old)

    def _weight(self, number: int) -> int:
        if self.before is None:
            raise ValueError("a new key has no keyset of before")
        return lagrange_at_zero(self.before.holders.values())[self.before.holders[number]]


def open_ceremony(proposal: Proposal, own: OwnKeys, moment: datetime, randomness: Randomness) -> Opening:
    """Open a ceremony under a new session.

    Raises:
        CeremonyError: a name that cannot be, a deadline that has passed, or an opener that does not take part.
        ThresholdError: a threshold or number of parties that makes no sense, or two of one name.
    """
    session = randomness(HASH_BYTES)
    if proposal.until <= moment:
        raise CeremonyError(
            _("De termijn van de ceremonie is al voorbij."), _("Kies met --until een moment dat nog komt.")
        )
    # For its sentence: what is read back says only that an opening is not good.
    numbered = dict(enumerate(proposal.parties, start=1))
    if proposal.before is None:
        check_receivers(proposal.threshold, numbered)
    elif proposal.before.purpose is Purpose.RESHARING:
        receivers = {number: one for number, one in numbered.items() if number <= proposal.before.receivers}
        check_receivers(proposal.threshold, receivers)
    return parse_opening(signed(_members(proposal, own.party, session), own))


def parse_opening(data: bytes) -> Opening:
    """Read an opening. That it is the one that was agreed shows only when its fingerprint is compared.

    Raises:
        Fault: not readable, not signed by one of its parties, or values that do not belong together.
    """
    members = _any_purpose(data)
    try:
        purpose = Purpose(members["formaat"])
        parties = {
            one["houder"]: Party.of({name: one[name] for name in one if name not in {"houder", "was"}})
            for one in members["deelnemers"]
        }
        proposal = Proposal(
            checked_name(members["sleutelset"]),
            checked_name(members["profiel"]),
            members["drempel"],
            tuple(parties.values()),
            datetime.fromisoformat(members["uiterlijk"]),
            None if purpose is Purpose.NEW_KEY else _before(purpose, members),
        )
        opener = next(party for party in parties.values() if party.name == members["opener"])
        opening = Opening(
            base64url.decode(members["sessie"]),
            proposal.name,
            proposal.profile,
            proposal.threshold,
            MappingProxyType(parties),
            proposal.until,
            opener,
            proposal.before,
            data,
        )
        # Also settles unknown members, and numbers that are not 1..n in order.
        same = check_signed(data, purpose, opener) == _members(proposal, opener, opening.session)
        opening.check()
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, StopIteration) as error:
        if isinstance(error, CeremonyError):
            raise
        raise _unreadable() from None
    if not same:
        raise _unreadable()
    return opening


def _any_purpose(data: bytes) -> dict[str, Any]:
    for purpose in Purpose:
        try:
            return unchecked(data, purpose)
        except Fault:
            continue
    return unchecked(data, OPENING_FORMAT)


def _before(purpose: Purpose, members: Mapping[str, Any]) -> Before:
    holders = {one["houder"]: one["was"] for one in members["deelnemers"] if "was" in one}
    keyset = parse_keyset(canonical_json(members["vorige"]))
    return Before(purpose, keyset, MappingProxyType(holders), members["ontvangers"])


def _members(proposal: Proposal, opener: Party, session: bytes) -> dict[str, object]:
    before = proposal.before
    was = {} if before is None else before.holders
    members: dict[str, object] = {
        "formaat": str(Purpose.NEW_KEY if before is None else before.purpose),
        "sessie": base64url.encode(session),
        "sleutelset": checked_name(proposal.name),
        "profiel": checked_name(proposal.profile),
        "drempel": proposal.threshold,
        "uiterlijk": proposal.until.astimezone(UTC).isoformat(timespec="seconds"),
        "opener": opener.name,
        "deelnemers": [
            {"houder": number, **({"was": was[number]} if number in was else {}), **party.members()}
            for number, party in enumerate(proposal.parties, start=1)
        ],
    }
    if before is not None:
        members |= {"vorige": before.keyset.members(), "ontvangers": before.receivers}
    return members


def _unreadable() -> Fault:
    return Fault(
        "",
        _("De opening van de ceremonie is niet te lezen of klopt niet."),
        _("Vraag de opener om het bestand opnieuw te sturen, en vergelijk de vingerafdruk."),
    )
