# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The two folders of a party in a ceremony: its own, and the one that is shared.

*Shared*: `opening.json` and the signed files of all (names in `joint`), at the end `sleutelset.json`. It may be a network folder, or files that came by
e-mail; nothing in it is trusted.

*Own* (`home`): `deelnemer.json` (public keys), `deelnemer-geheim.json` (locked), `sessie-XXXXXXXX/` with every file that was taken in as it was then, and at the end
`sleutelset.json` and `aandeel.json` (of the register in a rotation `rotatiefactor.json`, locked; of an old holder that leaves neither). What is in a session folder has been checked, and another file by that name is never taken in again.

Every file is written whole and flushed, and replaces none (process/serving/files.py). A party makes its own file in its session folder first and then copies it to
the shared folder, so a command that is broken off goes on where it was, with the same bytes.
"""

from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Final

from process.serving.files import settle, write_new
from process.serving.secrets import read_secret, write_secret
from pseudonymisation.ceremony import CeremonyError
from pseudonymisation.joint import Record, file_names, progress
from pseudonymisation.opening import OPENING_NAME, Opening, parse_opening
from pseudonymisation.statement import OwnKeys, keys_file, parse_keys, party_file
from pseudonymisation.vault import ShareVault

PARTY_NAME: Final = "deelnemer.json"
KEYS_NAME: Final = "deelnemer-geheim.json"
DEALING_NAME: Final = "verdeling.json"
KEYSET_NAME: Final = "sleutelset.json"
SHARE_NAME: Final = "aandeel.json"
FACTOR_NAME: Final = "rotatiefactor.json"
EVIDENCE_NAME: Final = "bewijs-over-{dealer}.json"
"""A complaint that stays at home: in a re-sharing it would give a share away."""
LARGEST: Final = 1 << 20
"""Bytes; a reveal among sixteen parties is a hundredth of it."""


@dataclass(frozen=True)
class Home:
    """The folder of one party, readable by it alone."""

    path: Path

    @property
    def share(self) -> Path:
        """Where its share comes."""
        return self.path / SHARE_NAME

    @property
    def factor(self) -> Path:
        """Where the register's factor comes, in a rotation."""
        return self.path / FACTOR_NAME

    @property
    def keyset(self) -> Path:
        """Where the public keyset comes."""
        return self.path / KEYSET_NAME

    def has_keys(self) -> bool:
        """Whether this party has made keys, and not destroyed them yet."""
        return (self.path / KEYS_NAME).exists()

    def add_keys(self, keys: OwnKeys, vault: ShareVault) -> None:
        """Write new keys; the public file comes last, so that nobody gets keys that were lost."""
        write_secret(self.path / KEYS_NAME, keys_file(keys, vault))
        write_new(self.path / PARTY_NAME, party_file(keys))

    def keys(self, vault: ShareVault) -> OwnKeys:
        """This party's keys.

        Raises:
            SettingsError, LockError, CeremonyError: missing, readable by others, or they do not open.
        """
        if not self.has_keys():
            raise CeremonyError(
                _("In {map} staan geen sleutels van een deelnemer.").format(map=self.path),
                _("Maak ze met ceremony identity, of geef de goede map met --home."),
            )
        keys = parse_keys(read_secret(self.path / KEYS_NAME).reveal(), vault)
        if not (self.path / PARTY_NAME).exists():
            write_new(self.path / PARTY_NAME, party_file(keys))
        return keys

    def destroy_keys(self) -> None:
        """Remove the keys, when the share is safe: with them and the shared files anyone could make the share again."""
        (self.path / KEYS_NAME).unlink(missing_ok=True)
        settle(self.path)

    def session(self, opening: Opening) -> Path:
        """The folder of one session."""
        return self.path / f"sessie-{opening.session.hex()[:16]}"


@dataclass(frozen=True)
class Table:
    """One party at one ceremony: its own folder, the shared one, and the opening that both have."""

    home: Home
    shared: Path
    opening: Opening

    @property
    def kept(self) -> Path:
        """Folder of what was taken in."""
        return self.home.session(self.opening)

    def record(self, moment: datetime) -> Record:
        """What was taken in before, and what lies in the shared folder now; new files are kept.

        Raises:
            Fault: a file that must not be taken in.
        """
        # What was kept was in time when it was kept.
        before = progress(Record(self.opening), offered(self.kept, self.opening), self.opening.until)
        after = progress(before, offered(self.shared, self.opening), moment)
        for name, data in after.files.items():
            put(self.kept / name, data)
        return after

    def publish(self, name: str, data: bytes) -> None:
        """Make this party's own file known; the same again is nothing new."""
        put(self.kept / name, data)
        put(self.shared / name, data)

    def own(self, name: str) -> bytes | None:
        """A file of this party's own session folder."""
        path = self.kept / name
        return path.read_bytes() if path.exists() else None


def sit_down(home: Home, shared: Path, fingerprint: str | None) -> Table:
    """Join the ceremony of a shared folder. The first time its fingerprint must be given, which was compared by telephone.

    Raises:
        CeremonyError: no opening, another fingerprint, or an opening that is not the one that was accepted.
    """
    opening = read_opening(shared)
    kept = home.session(opening) / OPENING_NAME
    if fingerprint is not None and fingerprint.lower() != opening.fingerprint:
        raise CeremonyError(
            _("De opening in deze map heeft een andere vingerafdruk dan is opgegeven."),
            _("Bel de opener; ga niet verder voordat de vingerafdrukken gelijk zijn."),
        )
    if not kept.exists() and fingerprint is None:
        raise CeremonyError(
            _("Deze opening is nog niet door u vergeleken."),
            _(
                "Vergelijk de vingerafdruk {vingerafdruk} per telefoon, en geef hem mee met --fingerprint."
            ).format(vingerafdruk=opening.fingerprint),
        )
    put(kept, opening.data)
    return Table(home, shared, opening)


def read_opening(shared: Path) -> Opening:
    """The opening of a shared folder.

    Raises:
        CeremonyError: there is none.
        Fault: it is not good.
    """
    path = shared / OPENING_NAME
    if not path.exists():
        raise CeremonyError(
            _("In {map} ligt geen opening van een ceremonie.").format(map=shared),
            _("Geef de gedeelde map met --shared, of open een ceremonie met ceremony open."),
        )
    return parse_opening(_read(path))


def offered(folder: Path, opening: Opening) -> dict[str, bytes]:
    """Every file of a folder that has a name of this ceremony; what else lies there is nobody's.

    Raises:
        CeremonyError: one that is no plain file, or larger than any that the software writes.
    """
    names = [*file_names(opening), KEYSET_NAME]
    return {name: _read(folder / name) for name in names if (folder / name).exists()}


def put(path: Path, data: bytes) -> None:
    """Write a file, unless it is there already with these bytes.

    Raises:
        CeremonyError: there is another one.
    """
    if not path.exists():
        write_new(path, data)
    elif path.read_bytes() != data:
        raise CeremonyError(
            _("In {pad} staat iets anders dan deze deelnemer maakte.").format(pad=path),
            _("Zoek uit wie dat bestand schreef, en haal het weg."),
        )


def _read(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise CeremonyError(
            _("{pad} is geen bestand dat deze software schreef.").format(pad=path),
            _("Haal het weg, en vraag de afzender om het goede bestand."),
        )
    return path.read_bytes()
