# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A database of before a switch of keys is not put to work again: what the register remembers outside its database.

After a switch a small file, beside K_reg and so in no backup of the database, says which epoch of the keys is in force. It is written when the switch is
durable, so the database may be ahead of it (the process died in between) and never behind. A database that is behind was restored from a backup: its points
are of a key that is gone, and the factor that would convert them has been destroyed. The log would tell it too, but only to who asks the signer.
"""

import json
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Final

from process.serving.errors import SettingsError
from process.serving.files import write_new, write_over
from pseudonymisation.threshold import canonical_json
from register.central.store.rotation import Standing

FORMAT: Final = "signaalregister/tijdvak/v1"


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
