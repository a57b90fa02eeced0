# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How a keyset comes to be, and the two files that come out of it.

There are two ways. In `joint` several parties make the key together, and it never exists in one place. Here a dealer draws the key and splits it: for
a moment that dealer knows everything, so it may only make keys for practice, profile `oefening`. For every other profile `deal` refuses.

Both files are canonical JSON: ASCII, members sorted, no white space, one newline at the end, bytes as base64url without padding. A file
that is anything else than what this module would write is refused, so `sha256sum` over the public file is its fingerprint and two
organisations can compare it by telephone.

Pure: bytes in, bytes out. Writing them where they belong is the command's work (keyholder/cli.py).
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.oprf import NONCE_KEY_BYTES
from pseudonymisation.p256 import Point, SecretScalar
from pseudonymisation.threshold import (
    Origin,
    PublicKeyset,
    ThresholdError,
    canonical_json,
    check_share,
    split,
)

PRACTICE: Final = "oefening"
"""The one profile whose keys a dealer may make."""

SHARE_FORMAT: Final = "signaalregister/aandeel/v1"

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,31}", re.ASCII)
_WEAK_BELOW: Final = 1 << 192
"""A random share is smaller with probability 2^-64: such a number was typed by a person or made by a broken source."""


class CeremonyError(ValueError):
    """This key, or this file, must not be made or used.

    Attributes:
        way_forward: what the reader can do now, in Dutch.
    """

    def __init__(self, reason: str, way_forward: str) -> None:
        super().__init__(reason)
        self.way_forward = way_forward


@dataclass(frozen=True)
class HolderShare:
    """What one holder keeps secret, and to what it belongs.

    Attributes:
        keyset: name of the keyset.
        profile: of the keyset.
        epoch: of the keyset.
        holder: index from 1.
        secret: k_i.
        nonce_key: 32 bytes that hedge the nonces of this holder's proofs.
        fingerprint: of the public keyset file.
    """

    keyset: str
    profile: str
    epoch: int
    holder: int
    secret: SecretScalar
    nonce_key: Secret
    fingerprint: str


@dataclass(frozen=True)
class Dealt:
    """The outcome of a dealer's ceremony; the commitments are in the keyset."""

    keyset: PublicKeyset
    shares: tuple[HolderShare, ...]


def deal(  # noqa: PLR0913 - what a ceremony decides, all by name
    *, profile: str, name: str, threshold: int, holders: int, randomness: Randomness, epoch: int = 1
) -> Dealt:
    """Make a keyset in one place, for practice.

    Raises:
        CeremonyError: any profile but `oefening`, or a name that cannot be a keyset.
        ThresholdError: a threshold under 2 or over the number of holders.
    """
    if profile != PRACTICE:
        raise CeremonyError(
            _(
                "Een deler maakt alleen sleutels voor profiel oefening, niet voor profiel {profiel}: "
                "wie alle aandelen tegelijk ziet, kan daarna in zijn eentje elk pseudoniem namaken."
            ).format(profiel=profile),
            _(
                "Gebruik profiel oefening, of houd de ceremonie waarin de houders de sleutel samen maken (ceremony open)."
            ),
        )
    checked_name(name)
    sharing = split(SecretScalar.random(randomness), threshold, holders, randomness)
    keyset = PublicKeyset(name, profile, epoch, threshold, holders, Origin.DEALT, sharing.commitments)
    shares = tuple(
        HolderShare(
            name, profile, epoch, index, secret, Secret(randomness(NONCE_KEY_BYTES)), keyset.fingerprint
        )
        for index, secret in sharing.shares.items()
    )
    return Dealt(keyset, shares)


def share_file(share: HolderShare) -> bytes:
    """The bytes of a holder's secret file. They leave the dealer once, to that holder."""
    return canonical_json(
        {
            "formaat": SHARE_FORMAT,
            "sleutelset": share.keyset,
            "profiel": share.profile,
            "epoch": share.epoch,
            "houder": share.holder,
            "aandeel": base64url.encode(share.secret.to_bytes()),
            "noncesleutel": base64url.encode(share.nonce_key.reveal()),
            "vingerafdruk": share.fingerprint,
        }
    )


def keyset_file(keyset: PublicKeyset) -> bytes:
    """The bytes of the public file, which everyone pins."""
    return keyset.canonical()


def parse_keyset(data: bytes) -> PublicKeyset:
    """Read a public keyset file.

    Raises:
        CeremonyError: not canonical, an unknown or missing member, another format, or values that do not belong together.
    """
    try:
        members = _members(data)
        keyset = PublicKeyset(
            name=checked_name(members["sleutelset"]),
            profile=checked_name(members["profiel"]),
            epoch=_number(members["epoch"]),
            threshold=_number(members["drempel"]),
            size=len(members["houders"]),
            origin=Origin(members["herkomst"]),
            commitments=tuple(Point.decode(base64url.decode(text)) for text in members["toezeggingen"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _unreadable(_("De publieke sleutelset is niet te lezen of klopt niet.")) from error
    # Also settles unknown members, the format's name, and the keys that the file states besides the commitments.
    if keyset.canonical() != data:
        raise _unreadable(_("De publieke sleutelset is veranderd of niet door deze software geschreven."))
    return keyset


def parse_share(data: bytes) -> HolderShare:
    """Read a holder's secret file; no error repeats any of it.

    Raises:
        CeremonyError: not canonical, an unknown or missing member, another format, or a share that is weak.
    """
    try:
        members = _members(data)
        share = HolderShare(
            keyset=checked_name(members["sleutelset"]),
            profile=checked_name(members["profiel"]),
            epoch=_number(members["epoch"]),
            holder=_number(members["houder"]),
            secret=SecretScalar.from_bytes(base64url.decode(members["aandeel"])),
            nonce_key=Secret(base64url.decode(members["noncesleutel"])),
            fingerprint=str(members["vingerafdruk"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        # Not chained: a decoder's message may quote the secret.
        raise _unreadable(_("Het bestand met het aandeel is niet te lezen of klopt niet.")) from None
    if share_file(share) != data:
        raise _unreadable(
            _("Het bestand met het aandeel is veranderd of niet door deze software geschreven.")
        )
    check_strength(share)
    return share


def check_strength(share: HolderShare) -> None:
    """Refuse a share that somebody could guess.

    Raises:
        CeremonyError: below 2^192, or a nonce key of another length than 32 bytes.
    """
    if share.secret.reveal() < _WEAK_BELOW or len(share.nonce_key) != NONCE_KEY_BYTES:
        raise _unreadable(_("Het aandeel of de noncesleutel is te zwak om geheim te zijn."))


def check_holder_share(share: HolderShare, keyset: PublicKeyset) -> None:
    """Check that a share file and a public file come from one ceremony.

    Raises:
        CeremonyError: another fingerprint, another keyset, profile or epoch, or a share that was not committed to.
    """
    try:
        check_share(share.secret, share.holder, keyset)
    except ThresholdError as error:
        raise _unreadable(str(error)) from error
    told = (share.keyset, share.profile, share.epoch, share.fingerprint)
    if told != (keyset.name, keyset.profile, keyset.epoch, keyset.fingerprint):
        raise _unreadable(_("Het aandeel is van een andere ceremonie dan de publieke sleutelset."))


def check_usable(keyset: PublicKeyset, profile: str) -> None:
    """Check that a process in this profile may work with this keyset.

    Raises:
        CeremonyError: a keyset of another profile, or one that a dealer made, outside `oefening`.
    """
    if keyset.profile != profile:
        raise CeremonyError(
            _("Deze sleutelset is voor profiel {een} en dit proces draait in profiel {ander}.").format(
                een=keyset.profile, ander=profile
            ),
            _("Stel het profiel goed in, of gebruik de sleutelset van dit profiel."),
        )
    if keyset.origin is Origin.DEALT and profile != PRACTICE:
        raise CeremonyError(
            _("Deze sleutelset is door een deler gemaakt en mag alleen in profiel oefening gebruikt worden."),
            _("Houd een ceremonie waarin de houders de sleutel samen maken."),
        )


def _members(data: bytes) -> dict[str, Any]:
    members = json.loads(data)
    if not isinstance(members, dict):
        raise TypeError("not an object")
    return members


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def checked_name(value: object) -> str:
    """The name of a keyset or profile.

    Raises:
        CeremonyError: anything but 2 to 32 small letters, digits and hyphens.
    """
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise CeremonyError(
            _("De naam van een sleutelset of profiel is 2 tot 32 kleine letters, cijfers of streepjes."),
            _("Kies een naam zoals oefening."),
        )
    return value


def _unreadable(reason: str) -> CeremonyError:
    return CeremonyError(
        reason, _("Gebruik de bestanden precies zoals de ceremonie ze schreef, of houd een nieuwe ceremonie.")
    )
