# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A database of before a switch of keys is not put to work again: what the register remembers outside its database.

After a switch a small file, beside K_reg and so in no backup of the database, says which epoch of the keys is in force. It is written when the switch is
durable, so the database may be ahead of it (the process died in between) and never behind. A database that is behind was restored from a backup: its points
are of a key that is gone, and the factor that would convert them has been destroyed. The log would tell it too, but only to who asks the signer.

The first start pins the fingerprint of the keyset with which a register begins, in the database and in that file: a later change of keys begins with that keyset
and with no other, whatever somebody calls the keyset of before. It comes from the settings, into which a person put what the holders read out.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from process.language import gettext as _
from process.serving.errors import SettingsError
from process.serving.files import write_new, write_over
from pseudonymisation.threshold import canonical_json
from register.central.store.rotation import Standing

FORMAT: Final = "signaalregister/tijdvak/v1"

Settled = Callable[[Callable[[Standing], Standing]], Standing]


@dataclass(frozen=True)
class Remembered:
    """What the file says."""

    keyset: str
    epoch: int
    fingerprint: str


def remember(path: Path, keyset: str, found: Standing) -> None:
    """Write the epoch in force; again is nothing new."""
    members = {
        "formaat": FORMAT,
        "sleutelset": keyset,
        "epoch": found.epoch,
        "vingerafdruk": found.fingerprint or "",
    }
    if path.exists():
        write_over(path, canonical_json(members))
    else:
        write_new(path, canonical_json(members), mode=0o600)


def require_present(found: Standing, path: Path, keyset: str, initial: int, *, strange: bool) -> None:
    """Refuse a database that is older than the keys in force; bring the file up to a database that is newer.

    Args:
        found: the epoch in force, as the database says.
        path: of the file.
        keyset: of the settings.
        initial: the epoch in the settings.
        strange: the database has postings of another epoch than that.

    Raises:
        SettingsError: what stands in the way, and what to do.
    """
    known = _read(path)
    if known is not None and _behind(known, keyset, found, strange=strange):
        raise SettingsError(
            _(
                "Deze database is van voor de laatste wisseling van sleutels (epoch {oud}; nu geldt epoch {nu}), dus teruggezet uit een te oude "
                "reservekopie. Zet een kopie van na de wisseling terug. Is die er niet, begin dan met een lege database, en laat de gemeenten hun "
                "signalen opnieuw insturen. {pad} zegt welke epoch geldt."
            ).format(oud=found.epoch, nu=known.epoch, pad=path)
        )
    if (
        found.fingerprint is not None
        and (known is None or known.epoch < found.epoch)
        and found.epoch > initial
    ):
        remember(path, keyset, found)


@dataclass(frozen=True)
class Told:
    """What the settings say of the keyset.

    Attributes:
        keyset: its name.
        initial: the epoch with which this register began.
        fingerprint: of the keyset of that epoch; None if it is not there.
        required: without a pin this register may not start.
    """

    keyset: str
    initial: int
    fingerprint: str | None
    required: bool


def pin(found: Standing, path: Path, told: Told, settled: Settled) -> None:
    """Pin the keyset with which this register works, unless that was done; a file that is not there yet is written.

    Args:
        found: the epoch in force, as the database says; `require_present` let it through.
        path: of the file.
        told: what the settings say.
        settled: puts in force in the database what a function makes of what is.

    Raises:
        SettingsError: the settings name another fingerprint than was pinned, or none is known.
    """
    known = _read(path)
    if _pinned(known, found, told) is None:
        return
    if found.fingerprint is None:
        # Another process may have been first.
        found = settled(lambda now: Standing(now.epoch, now.since, _pinned(known, now, told)))
    if known is None:
        remember(path, told.keyset, found)


def _pinned(known: Remembered | None, found: Standing, told: Told) -> str | None:
    """The fingerprint that counts: of the database, of the file beside an empty one, or else of the settings."""
    pinned = found.fingerprint
    if pinned is None and known is not None and known.epoch == found.epoch:
        pinned = known.fingerprint or None
    if pinned is None and told.fingerprint is None and told.required:
        raise SettingsError(
            _(
                "Dit register weet nog niet met welke sleutelset het werkt. Vraag de houders per telefoon om de vingerafdruk, en zet die in keyset_fingerprint."
            )
        )
    of_the_same = found.epoch == told.initial and None not in {pinned, told.fingerprint}
    if of_the_same and pinned != told.fingerprint:
        raise SettingsError(
            _(
                "keyset_fingerprint zegt {ingesteld}, en dit register is begonnen met de sleutelset met vingerafdruk {vastgelegd}. Ga met de houders na welke klopt; er is niets veranderd."
            ).format(ingesteld=told.fingerprint, vastgelegd=pinned)
        )
    return pinned or told.fingerprint


def _behind(known: Remembered, keyset: str, found: Standing, *, strange: bool) -> bool:
    if known.keyset != keyset or found.epoch < known.epoch:
        return True
    if found.fingerprint is None:
        # The settings name this epoch, and the database has no word of it: right for an empty one only.
        return strange
    return found.epoch == known.epoch and found.fingerprint != known.fingerprint


def _read(path: Path) -> Remembered | None:
    if not path.exists():
        return None
    try:
        members = json.loads(path.read_bytes())
        known = Remembered(members["sleutelset"], int(members["epoch"]), members["vingerafdruk"])
        same = members["formaat"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        same = False
    if not same:
        raise SettingsError(
            _("{pad} is niet te lezen; dat bestand zegt welke epoch van de sleutels geldt.").format(pad=path)
        )
    return known
