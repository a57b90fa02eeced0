# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The two folders of a party in a ceremony: its own, and the one that is shared.

*Shared*: `opening.json` and the signed files of all (names in `joint`), at the end `sleutelset.json`. It may be a network folder, or files that came by
e-mail; nothing in it is trusted.

*Own* (`home`): `deelnemer.json` (public key), `deelnemer-geheim.json` (locked), `sessie-XXXXXXXX/` with every file that was taken in as it was then, and at the end
`sleutelset.json` and `aandeel.json` (of the register in a rotation `rotatiefactor.json`, locked; of an old holder that leaves neither). What is in a session folder has been checked, and another file by that name is never taken in again.

A session folder also has `zegelgeheim.json`, locked: what opens the shares of this session, and of no other. It is there from `join` until the session ends, and then `einde.txt`
says how that was. One session at a time in one home.

Every file is written whole and flushed, and replaces none (process/serving/files.py). A party makes its own file in its session folder first and then copies it to
the shared folder, so a command that is broken off goes on where it was, with the same bytes.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from gettext import gettext as _
from pathlib import Path
from typing import Final

from process.serving.files import settle, unfinished, write_new
from process.serving.secrets import read_secret, write_secret
from pseudonymisation.ceremony import CeremonyError, parse_keyset
from pseudonymisation.joint import Record, file_names, progress
from pseudonymisation.opening import OPENING_NAME, Opening, parse_opening
from pseudonymisation.sealing import SealingKeys, parse_sealing, sealing_file
from pseudonymisation.statement import OwnKeys, Party, keys_file, parse_keys, parse_party, party_file
from pseudonymisation.vault import ShareVault

PARTY_NAME: Final = "deelnemer.json"
KEYS_NAME: Final = "deelnemer-geheim.json"
SEALING_NAME: Final = "zegelgeheim.json"
END_NAME: Final = "einde.txt"
DEALING_NAME: Final = "verdeling.json"
KEYSET_NAME: Final = "sleutelset.json"
SHARE_NAME: Final = "aandeel.json"
FACTOR_NAME: Final = "rotatiefactor.json"
EVIDENCE_NAME: Final = "bewijs-over-{dealer}.json"
"""A complaint that stays at home: in a re-sharing it would give a share away."""
LARGEST: Final = 1 << 20
"""Bytes; a reveal among sixteen parties is a hundredth of it."""


class End(StrEnum):
    """How a session ended; the value is the line in its file."""

    FINISHED = "afgerond"
    STOPPED = "gestopt na een klacht"
    ABORTED = "afgebroken"


@dataclass(frozen=True)
class Home:
    """The folder of one party, readable by it alone."""

    path: Path

    @property
    def share(self) -> Path:
        """Where its share is, of a key that is made."""
        return self.path / SHARE_NAME

    @property
    def factor(self) -> Path:
        """Where the register's factor is, of a rotation that was held."""
        return self.path / FACTOR_NAME

    @property
    def keyset(self) -> Path:
        """Where the public keyset is, of a key that is made."""
        return self.path / KEYSET_NAME

    def party(self) -> Party | None:
        """The public side of this party; None when it has made no keys here."""
        path = self.path / PARTY_NAME
        return parse_party(path.read_bytes()) if path.exists() else None

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
        """Remove the key to sign with, when the share is safe: nobody can sign another course of this ceremony afterwards."""
        (self.path / KEYS_NAME).unlink(missing_ok=True)
        settle(self.path)

    def session(self, opening: Opening) -> Path:
        """The folder of one session."""
        return self.path / f"sessie-{opening.session.hex()[:16]}"

    def under_way(self) -> list[Path]:
        """The folders of sessions that have not ended."""
        return [one for one in sorted(self.path.glob("sessie-*")) if not (one / END_NAME).exists()]

    def require_free(self, opening: Opening | None) -> None:
        """Check that no other session is under way here: what a party has to keep apart, two sessions in one folder do not.

        Args:
            opening: of the session that may be; None: none may.

        Raises:
            CeremonyError: there is another.
        """
        own = None if opening is None else self.session(opening)
        for folder in self.under_way():
            if folder != own:
                raise CeremonyError(
                    _("In {map} loopt al een ceremonie ({sessie}) die niet af is.").format(
                        map=self.path, sessie=folder.name
                    ),
                    _(
                        "Maak die eerst af met ceremony sign, of breek haar af met ceremony abort --home {map}. Of kies met --home een andere map."
                    ).format(map=self.path),
                )

    def keysets(self) -> set[str]:
        """The fingerprints of the keysets of which something lies here; an empty one of a file that does not say."""
        found = set()
        if self.keyset.exists():
            found.add(parse_keyset(self.keyset.read_bytes()).fingerprint)
        if self.share.exists():
            found.add(_told_by(self.share))
        if self.factor.exists():
            found.add("")
        return found


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

    @property
    def end(self) -> End | None:
        """How this session ended; None as long as it is under way."""
        path = self.kept / END_NAME
        return End(path.read_text("utf-8").strip()) if path.exists() else None

    @property
    def share(self) -> Path:
        """Where the share of this session comes."""
        return self._result(SHARE_NAME)

    @property
    def factor(self) -> Path:
        """Where the register's factor comes, in a rotation."""
        return self._result(FACTOR_NAME)

    @property
    def keyset(self) -> Path:
        """Where the public keyset of this session comes."""
        return self._result(KEYSET_NAME)

    def _result(self, name: str) -> Path:
        """In the home; beside the keyset or share that this session passes on, with the epoch in its name."""
        before = self.opening.before
        if before is not None and before.keyset.fingerprint in self.home.keysets():
            name = name.replace(".", f"-{self.opening.epoch}.")
        return self.home.path / name

    def require_room(self) -> None:
        """Check that what lies in the home is not of another key: its files would be taken for those of this session.

        Raises:
            CeremonyError: a share, keyset or factor of another key than this session passes on.
        """
        before = self.opening.before
        if self.home.keysets() - ({before.keyset.fingerprint} if before is not None else set()):
            raise CeremonyError(
                _("In {map} ligt een aandeel of sleutelset van een andere sleutel.").format(
                    map=self.home.path
                ),
                _(
                    "Doe deze ceremonie in een andere map (--home), of leg die bestanden eerst waar de houder ze leest. Een aandeel van de vorige sleutelset geeft u met --share-file."
                ),
            )

    def has_seals(self) -> bool:
        """Whether this party has made the sealing keys of this session, and not destroyed them yet."""
        return (self.kept / SEALING_NAME).exists()

    def add_seals(self, seals: SealingKeys, vault: ShareVault) -> None:
        """Write the sealing keys of this session."""
        write_secret(self.kept / SEALING_NAME, sealing_file(seals, vault))

    def seals(self, vault: ShareVault) -> SealingKeys:
        """This party's sealing keys of this session.

        Raises:
            SettingsError, LockError, CeremonyError: missing, readable by others, of another session, or they do not open.
        """
        if not self.has_seals():
            raise CeremonyError(
                _("U hebt in deze sessie geen zegelsleutels, of ze zijn al vernietigd."),
                _("Maak ze met ceremony join; is de sessie voorbij, open dan een nieuwe."),
            )
        data = read_secret(self.kept / SEALING_NAME).reveal()
        return parse_sealing(data, self.opening.session, vault)

    def destroy_seals(self) -> None:
        """Remove the sealing keys: with them and the shared files anyone could open what this party was sent."""
        destroy_seals(self.kept)

    def ended(self, how: End) -> None:
        """Destroy what opens shares of this session, and only then say that it has ended."""
        end(self.kept, how)

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
        self.share_with_all(name, data)

    def share_with_all(self, name: str, data: bytes) -> None:
        """Put a file in the shared folder, where another party may be putting the same at this moment."""
        party = self.home.party()
        put(self.shared / name, data, writer=party.name if party is not None else "")

    def own(self, name: str) -> bytes | None:
        """A file of this party's own session folder."""
        path = self.kept / name
        return path.read_bytes() if path.exists() else None


def sit_down(home: Home, shared: Path, fingerprint: str | None) -> Table:
    """Join the ceremony of a shared folder. The first time its fingerprint must be given, which was compared by telephone.

    Raises:
        CeremonyError: no opening, another fingerprint, an opening that is not the one that was accepted, one that this party broke off, or
            another session under way in this home.
    """
    opening = read_opening(shared)
    table = Table(home, shared, opening)
    if table.end is End.ABORTED:
        raise CeremonyError(
            _("U hebt deze ceremonie afgebroken; uw zegelsleutels ervan zijn vernietigd."),
            _("Open met de anderen een nieuwe ceremonie in een lege gedeelde map."),
        )
    if table.end is None:
        home.require_free(opening)
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
    return table


def destroy_seals(session: Path) -> None:
    """Remove the sealing keys of a session folder; returns when that is on the disk."""
    for path in (session / SEALING_NAME, unfinished(session / SEALING_NAME)):
        path.unlink(missing_ok=True)
    settle(session)


def end(session: Path, how: End) -> None:
    """End the session of a folder: destroy first, then say so; a command that is killed in between is given again."""
    destroy_seals(session)
    if not (session / END_NAME).exists():
        write_new(session / END_NAME, f"{how}\n".encode())


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


def put(path: Path, data: bytes, *, writer: str = "") -> None:
    """Write a file, unless it is there already with these bytes; `writer` as in `write_new`.

    Raises:
        CeremonyError: there is another one.
    """
    try:
        write_new(path, data, writer=writer)
    except FileExistsError:
        # Also one that somebody put there between looking and writing.
        if path.read_bytes() == data:
            return
        raise CeremonyError(
            _("In {pad} staat iets anders dan deze deelnemer maakte.").format(pad=path),
            _("Zoek uit wie dat bestand schreef, en haal het weg."),
        ) from None


def _told_by(share: Path) -> str:
    """The fingerprint of the keyset that a share file says it is of; it is public, and no more than said."""
    try:
        members = json.loads(share.read_bytes())
        return str(members["vingerafdruk"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _read(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise CeremonyError(
            _("{pad} is geen bestand dat deze software schreef.").format(pad=path),
            _("Haal het weg, en vraag de afzender om het goede bestand."),
        )
    return path.read_bytes()
