# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The public files of a whole ceremony in one folder, checked as anyone can, by a process that took no part in it.

Only files with a name of this ceremony are read, and none that is larger than the software writes. What is checked is that everything in it holds together and is
signed by all (`joint.verified`); a re-sharing also proves that its dealers had shares of the keyset that it names as the one of before. Whether that is the keyset
in force is for the caller to compare.
"""

from pathlib import Path
from typing import Final

from process.language import gettext as _
from pseudonymisation.ceremony import CeremonyError
from pseudonymisation.joint import Record, file_names, verified
from pseudonymisation.opening import OPENING_NAME, parse_opening

LARGEST: Final = 1 << 20
"""Bytes; no file of a ceremony is near it."""


def read_transcript(folder: Path) -> Record:
    """The whole of a ceremony that was finished.

    Raises:
        CeremonyError: a file is missing, cannot be read, or does not hold; who made it is named.
    """
    opening = parse_opening(_read(folder / OPENING_NAME))
    names = (name for name in file_names(opening) if (folder / name).exists())
    return verified(opening, {name: _read(folder / name) for name in names})


def _read(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise CeremonyError(
            _("{pad} is er niet, of is geen bestand van een ceremonie.").format(pad=path),
            _("Geef de gedeelde map van de ceremonie, met de bestanden van alle deelnemers."),
        )
    return path.read_bytes()
