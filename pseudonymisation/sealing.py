# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The keys that shares are sealed to: of one receiver, in one session, another one for each dealer.

A receiver that complains shows the secret of one of them, to everyone (`dealing`). What that opens must be this one dealer's message in this one session. So:

1. they are drawn when a party sits down to a session, whose number nobody knew before;
2. their public halves are signed, bound to session and opening, before anybody deals (`joint`), and every dealing is bound to them;
3. a receiver has one for each dealer: who copies another dealer's ephemeral key or ciphertext into a dealing of its own gets nothing of the other's opened;
4. they are destroyed when the session ends, however it ends (keyholder/ceremony/). A file of them is of one session, and is refused in another.

Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Self

from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.ceremony import CeremonyError
from pseudonymisation.p256 import SCALAR_BYTES, Point, SecretScalar
from pseudonymisation.statement import Fault, unchecked
from pseudonymisation.threshold import canonical_json
from pseudonymisation.vault import ShareVault, locked, unlocked

SEALING_FORMAT: Final = "signaalregister/zegelgeheim/v1"


@dataclass(frozen=True, repr=False)
class SealingKeys:
    """The secret side: its file leaves that organisation never, and does not outlive the session.

    Attributes:
        session: of which session, 32 bytes.
        by_dealer: the secrets, by the number of the dealer.
    """

    session: bytes
    by_dealer: Mapping[int, SecretScalar]

    @classmethod
    def make(cls, session: bytes, dealers: Iterable[int], randomness: Randomness) -> Self:
        """New keys for a session, one for each dealer."""
        return cls(session, MappingProxyType({one: SecretScalar.random(randomness) for one in dealers}))

    @property
    def public(self) -> dict[int, Point]:
        """The points to seal to, by the number of the dealer."""
        return {dealer: secret.public_point() for dealer, secret in self.by_dealer.items()}


def listed(public: Mapping[int, Point]) -> list[dict[str, object]]:
    """Public halves as they stand in files."""
    return [
        {"verdeler": dealer, "zegelsleutel": base64url.encode(public[dealer].encode())}
        for dealer in sorted(public)
    ]


def parse_listed(value: Any, dealers: Sequence[int]) -> Mapping[int, Point]:
    """Read what `listed` wrote: one key for each of these dealers, in order, and no key twice.

    Raises:
        KeyError, TypeError, ValueError: anything else.
    """
    public = {
        dealer: Point.decode(base64url.decode(one["zegelsleutel"]))
        for dealer, one in zip(sorted(dealers), value, strict=True)
    }
    # As bytes: in Python 1 equals True and 1.0.
    same = canonical_json({"": listed(public)}) == canonical_json({"": value})
    # Of a key for two dealers, a complaint about the one would open what the other sealed.
    if not same or len(set(public.values())) != len(dealers):
        raise ValueError("not one key for each dealer")
    return MappingProxyType(public)


def sealing_file(keys: SealingKeys, vault: ShareVault) -> bytes:
    """The secret file, locked."""
    content = b"".join(keys.by_dealer[dealer].to_bytes() for dealer in sorted(keys.by_dealer))
    return locked(_members(keys.session, keys.public), Secret(content), vault)


def parse_sealing(data: bytes, session: bytes, vault: ShareVault) -> SealingKeys:
    """Read a secret file; no error repeats any of it.

    Raises:
        LockError: it does not open with this.
        CeremonyError: not such a file, or of another session.
    """
    try:
        members = unchecked(data, SEALING_FORMAT)
    except Fault:
        raise _bad() from None
    if members.get("sessie") != base64url.encode(session):
        raise CeremonyError(
            _("Deze zegelsleutels horen bij een andere sessie."),
            _("Gebruik nooit zegelsleutels van een andere sessie; breek deze sessie af met ceremony abort."),
        )
    opened = unlocked(members, vault).reveal()
    try:
        dealers = [one["verdeler"] for one in members["zegelsleutels"]]
        parts = [opened[at : at + SCALAR_BYTES] for at in range(0, len(opened), SCALAR_BYTES)]
        by_dealer = {
            dealer: SecretScalar.from_bytes(part) for dealer, part in zip(dealers, parts, strict=True)
        }
        keys = SealingKeys(session, MappingProxyType(by_dealer))
        same = members.items() >= _members(session, keys.public).items()
    except (KeyError, TypeError, ValueError):
        same = False
    if not same:
        raise _bad()
    return keys


def _members(session: bytes, public: Mapping[int, Point]) -> dict[str, object]:
    return {
        "formaat": SEALING_FORMAT,
        "sessie": base64url.encode(session),
        "zegelsleutels": listed(public),
    }


def _bad() -> CeremonyError:
    return CeremonyError(
        _("Het bestand met de zegelsleutels van deze sessie klopt niet."),
        _("Breek de sessie af met ceremony abort, en open een nieuwe."),
    )
