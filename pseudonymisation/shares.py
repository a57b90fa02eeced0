# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The file of a holder's share, and what a holder refuses to start with.

`aandeel.json` v2 is locked (`vault`). Public in it are the keyset it belongs to, the holder's index and its public key K_j, so that a share of another keyset, epoch or
holder is told before a passphrase is asked. Locked are k_j and the nonce key.

Version 1 is not locked. It is for keys that a dealer made, who saw all shares anyway, and is read in profile `oefening` only.

`read_share` checks, in this order: the file's form; version 1 outside practice, or where a lock was set; keyset, profile, epoch and fingerprint; the
index and K_j; a lock that nothing was given for; the lock itself; a weak share; k_j·G = K_j. Each refusal is one sentence and a way forward.
"""

from typing import Any, Final

from process.language import gettext as _
from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.ceremony import (
    PRACTICE,
    SHARE_FORMAT,
    CeremonyError,
    HolderShare,
    check_holder_share,
    check_strength,
    parse_share,
)
from pseudonymisation.p256 import SCALAR_BYTES, SecretScalar
from pseudonymisation.statement import Fault, unchecked
from pseudonymisation.threshold import PublicKeyset
from pseudonymisation.vault import ShareVault, locked, unlocked

LOCKED_SHARE_FORMAT: Final = "signaalregister/aandeel/v2"


def locked_share_file(share: HolderShare, vault: ShareVault) -> bytes:
    """The bytes of a holder's locked file."""
    members = _members(share.keyset, share.profile, share.epoch, share.holder, share.fingerprint)
    members["sleutel"] = base64url.encode(share.secret.public_point().encode())
    return locked(members, Secret(share.secret.to_bytes() + share.nonce_key.reveal()), vault)


def read_share(data: Secret, keyset: PublicKeyset, profile: str, vault: ShareVault | None) -> HolderShare:
    """A holder's share, checked against its keyset.

    Args:
        data: the file.
        keyset: the public keyset that this holder is to work with.
        profile: of the process.
        vault: what the share is locked with; None if nothing was set.

    Raises:
        CeremonyError: see the module's order of checks.
    """
    members = _read(data)
    if members["formaat"] == SHARE_FORMAT:
        return _plain(data, keyset, profile, vault)
    check_belongs(members, keyset)
    if vault is None:
        raise CeremonyError(
            _("Het aandeel is verzegeld, en er is geen wachtzin en geen kluis ingesteld."),
            _("Stel share_passphrase_file of share_vault_file in."),
        )
    opened = unlocked(members, vault).reveal()
    try:
        secret = SecretScalar.from_bytes(opened[:SCALAR_BYTES])
    except ValueError:
        raise _unusable() from None
    share = HolderShare(
        keyset.name,
        keyset.profile,
        keyset.epoch,
        members["houder"],
        secret,
        Secret(opened[SCALAR_BYTES:]),
        keyset.fingerprint,
    )
    check_strength(share)
    check_holder_share(share, keyset)
    return share


def is_locked(data: Secret) -> bool:
    """Whether a share file is of the kind that is locked; nothing else of it is checked."""
    try:
        return bool(_read(data)["formaat"] == LOCKED_SHARE_FORMAT)
    except CeremonyError:
        return True


def check_belongs(members: dict[str, Any], keyset: PublicKeyset) -> None:
    """Check the public side of a locked share against a keyset; needs no passphrase.

    Raises:
        CeremonyError: the share of another keyset, profile, epoch, ceremony or holder.
    """
    epoch, holder = members.get("epoch"), members.get("houder")
    if (members.get("sleutelset"), members.get("profiel")) != (keyset.name, keyset.profile):
        raise _other(_("Dit aandeel hoort niet bij sleutelset {sleutelset}.").format(sleutelset=keyset.name))
    if epoch != keyset.epoch:
        raise _other(_("Dit aandeel hoort niet bij epoch {epoch}.").format(epoch=keyset.epoch))
    if members.get("vingerafdruk") != keyset.fingerprint:
        raise _other(_("Het aandeel is van een andere ceremonie dan de publieke sleutelset."))
    # A boolean is a number to Python, and no holder.
    known = keyset.holders.get(holder) if isinstance(holder, int) and not isinstance(holder, bool) else None
    if known is None or members.get("sleutel") != base64url.encode(known.encode()):
        raise _other(_("Het aandeel is niet van een houder van deze sleutelset."))


def _plain(data: Secret, keyset: PublicKeyset, profile: str, vault: ShareVault | None) -> HolderShare:
    if profile != PRACTICE:
        raise CeremonyError(
            _("Het aandeel is niet verzegeld, en dat mag alleen in profiel oefening."),
            _("Houd een ceremonie: die verzegelt het aandeel van elke houder."),
        )
    if vault is not None:
        raise CeremonyError(
            _("Er is een wachtzin of kluis ingesteld, maar het aandeel is niet verzegeld."),
            _("Gebruik het verzegelde aandeel, of haal de instelling weg om te oefenen."),
        )
    share = parse_share(data.reveal())
    check_holder_share(share, keyset)
    return share


def _read(data: Secret) -> dict[str, Any]:
    for kind in (SHARE_FORMAT, LOCKED_SHARE_FORMAT):
        try:
            return unchecked(data.reveal(), kind)
        except Fault:
            continue
    raise CeremonyError(
        _("Het bestand met het aandeel is niet te lezen of klopt niet."),
        _("Zet de kopie van het aandeel terug, precies zoals de ceremonie het schreef."),
    )


def _members(keyset: str, profile: str, epoch: int, holder: int, fingerprint: str) -> dict[str, object]:
    return {
        "formaat": LOCKED_SHARE_FORMAT,
        "sleutelset": keyset,
        "profiel": profile,
        "epoch": epoch,
        "houder": holder,
        "vingerafdruk": fingerprint,
    }


def _other(reason: str) -> CeremonyError:
    return CeremonyError(reason, _("Stel het aandeel en de sleutelset van één ceremonie en één houder in."))


def _unusable() -> CeremonyError:
    return CeremonyError(
        _("In het verzegelde aandeel zit geen bruikbaar getal."),
        _("Zet de kopie van het aandeel terug; zonder kopie: vraag de andere houders om een nieuw aandeel."),
    )
