# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister keyholder ceremony`: how three organisations make a key together, each at its own machine.

    identity   everyone    makes keys; send deelnemer.json, compare its fingerprint by telephone
    open       one         names participants and fingerprints; compare the fingerprint of the opening by telephone
    commit     everyone
    reveal     everyone    when all toezeggingen are there
    approve    everyone    approves, or complains
    sign       everyone    when all approved; once more when all have signed: writes sleutelset.json and aandeel.json, destroys the keys
    verify     anyone      checks the whole ceremony without a secret

A command that is given twice writes the same files. What each file is, and in which order it is checked: `joint`. Where files are: `folder`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from process.moments import Clock, Randomness
from process.problem import Refusal
from process.serving.clock import clock_from
from process.serving.memory import keep_memory_private
from process.serving.options import CLOCK_FILE
from process.serving.secrets import read_secret, write_secret
from pseudonymisation.ceremony import CeremonyError, keyset_file
from pseudonymisation.dealing import complain, rebut
from pseudonymisation.joint import (
    OPENING_NAME,
    Aborted,
    Opening,
    Proposal,
    Record,
    Stage,
    Waiting,
    bad_dealers,
    complaint_name,
    make_dealing,
    open_ceremony,
    own_share,
    rebuttal_name,
    require_complete,
    statement,
    verified,
)
from pseudonymisation.keyholder.ceremony.app import system_randomness
from pseudonymisation.keyholder.ceremony.folder import (
    DEALING_NAME,
    KEYSET_NAME,
    Home,
    Table,
    offered,
    put,
    read_opening,
    sit_down,
)
from pseudonymisation.keyholder.locks import vault_from
from pseudonymisation.shares import locked_share_file, read_share
from pseudonymisation.statement import Fault, OwnKeys, Party, parse_party
from pseudonymisation.threshold import ThresholdError
from pseudonymisation.vault import ShareVault

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)

_HOME = click.option(
    "--home", required=True, type=_FOLDER, help=_("Eigen map van deze deelnemer; alleen voor u leesbaar.")
)
_SHARED = click.option(
    "--shared", required=True, type=_FOLDER, help=_("Gedeelde map met de bestanden van alle deelnemers.")
)
_PHRASE = click.option(
    "--passphrase-file", type=_FILE, help=_("Bestand met de wachtzin waarmee geheimen verzegeld worden.")
)
_VAULT = click.option(
    "--vault-file", type=_FILE, help=_("Bestand met de sleutel van een kluis, in plaats van een wachtzin.")
)
_FINGERPRINT = click.option("--fingerprint", help=_("Vingerafdruk van de opening, per telefoon vergeleken."))


@dataclass(frozen=True)
class Place:
    """Everything that a stage works with.

    Attributes:
        table: the folders and the opening.
        vault: locks this party's secrets.
        clock: for the deadline.
        randomness: the source of this process.
    """

    table: Table
    vault: ShareVault
    clock: Clock
    randomness: Randomness

    def keys(self) -> OwnKeys:
        """This party's keys."""
        return self.table.home.keys(self.vault)


@contextmanager
def told() -> Iterator[None]:
    """What a ceremony refuses, as a refusal of the command line."""
    try:
        yield
    except Waiting as error:
        raise refused(str(error), error.way_forward, _("Deze stap kan nog niet.")) from error
    except Aborted as error:
        raise refused(str(error), error.way_forward, _("Deze ceremonie is gestopt.")) from error
    except CeremonyError as error:
        raise refused(str(error), error.way_forward) from error
    except ThresholdError as error:
        raise refused(
            str(error), _("Open een nieuwe ceremonie met andere deelnemers of een andere drempel.")
        ) from error
    except OSError as error:
        raise refused(
            _("{pad} is niet te lezen of te schrijven.").format(pad=error.filename or _("Een bestand")),
            _("Maak de map toegankelijk of maak ruimte, en geef de opdracht opnieuw; er is niets verloren."),
        ) from error


def refused(reason: str, way_forward: str, title: str = "") -> Refusal:
    """A refusal of this command."""
    return Refusal(
        400, "ceremonie", title or _("De ceremonie is niet goed."), reason, way_forward=way_forward
    )


def _vault(home: Path, passphrase_file: Path | None, vault_file: Path | None) -> ShareVault:
    keep_memory_private()
    vault = vault_from(passphrase_file, vault_file, beside=home, randomness=system_randomness)
    if vault is None:
        raise CeremonyError(
            _("Er is geen wachtzin en geen kluis gegeven; zonder zou uw geheim open op de schijf staan."),
            _("Geef --passphrase-file of --vault-file."),
        )
    return vault


def stage_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every stage has."""
    for option in (CLOCK_FILE, _VAULT, _PHRASE, _FINGERPRINT, _SHARED, _HOME):
        command = option(command)
    return command


def _place(  # noqa: PLR0913 - the options that every stage has, all by name
    *,
    home: Path,
    shared: Path,
    fingerprint: str | None,
    passphrase_file: Path | None,
    vault_file: Path | None,
    clock_file: Path | None,
) -> Place:
    vault = _vault(home, passphrase_file, vault_file)
    table = sit_down(Home(home), shared, fingerprint)
    return Place(table, vault, clock_from(clock_file, table.opening.profile), system_randomness)


@click.command("identity", help=_("Maak de sleutels van deze deelnemer, voor één ceremonie."))
@click.argument("name")
@_HOME
@_PHRASE
@_VAULT
def identity(name: str, home: Path, passphrase_file: Path | None, vault_file: Path | None) -> None:
    """Make this party's keys, or tell about those that are there."""
    with told():
        vault = _vault(home, passphrase_file, vault_file)
        folder = Home(home)
        if folder.share.exists():
            raise CeremonyError(
                _("In deze map ligt al een aandeel van een sleutel."),
                _("Kies voor elke ceremonie een eigen map."),
            )
        if not folder.has_keys():
            folder.add_keys(OwnKeys.make(name, system_randomness), vault)
        party = folder.keys(vault).party
        if party.name != name:
            raise CeremonyError(
                _("In deze map staan de sleutels van {partij}.").format(partij=party.name),
                _("Kies een andere map met --home."),
            )
    _tell_party(party)


@click.command("open", help=_("Open een ceremonie: wie doen mee, waarvoor en tot wanneer."))
@_HOME
@_SHARED
@click.option("--keyset", "name", required=True, help=_("Naam van de sleutelset die ontstaat."))
@click.option("--profile", required=True, help=_("Profiel waarin de sleutelset gebruikt wordt."))
@click.option("--threshold", default=2, show_default=True, help=_("Hoeveel houders er nodig zijn."))
@click.option(
    "--participant",
    "participants",
    type=(_FILE, str),
    multiple=True,
    required=True,
    help=_(
        "Deelnemersbestand en de vingerafdruk die per telefoon is vergeleken; voor elke deelnemer, in volgorde van houder."
    ),
)
@click.option(
    "--until",
    required=True,
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]),
    help=_("Moment waarna geen bestand meer wordt aangenomen, zoals 2026-12-01T17:00:00+00:00."),
)
@_PHRASE
@_VAULT
@CLOCK_FILE
def open_command(  # noqa: PLR0913 - what an opener decides, all by name
    *,
    home: Path,
    shared: Path,
    name: str,
    profile: str,
    threshold: int,
    participants: tuple[tuple[Path, str], ...],
    until: datetime,
    passphrase_file: Path | None,
    vault_file: Path | None,
    clock_file: Path | None,
) -> None:
    """Open a ceremony in a shared folder."""
    with told():
        vault = _vault(home, passphrase_file, vault_file)
        parties = tuple(_compared(path, fingerprint) for path, fingerprint in participants)
        proposal = Proposal(name, profile, threshold, parties, until.astimezone(UTC))
        own = Home(home).keys(vault)
        moment = clock_from(clock_file, profile)()
        if (shared / OPENING_NAME).exists():
            opening = _same_again(read_opening(shared), proposal)
        else:
            opening = open_ceremony(proposal, own, moment, system_randomness)
            put(shared / OPENING_NAME, opening.data)
        opening.index_of(own.party)
    _tell_opening(opening)


def _compared(path: Path, fingerprint: str) -> Party:
    party = parse_party(path.read_bytes())
    if party.fingerprint != fingerprint.lower():
        raise Fault(
            party.name,
            _("Het deelnemersbestand van {partij} heeft een andere vingerafdruk dan is opgegeven.").format(
                partij=party.name
            ),
            _("Bel {partij} op een nummer dat u al had, en vergelijk opnieuw.").format(partij=party.name),
        )
    return party


def _same_again(opening: Opening, proposal: Proposal) -> Opening:
    found = Proposal(
        opening.name, opening.profile, opening.threshold, tuple(opening.parties.values()), opening.until
    )
    if found != proposal:
        raise CeremonyError(
            _("In deze map ligt al een andere ceremonie."),
            _("Kies voor elke ceremonie een lege gedeelde map met --shared."),
        )
    return opening


@click.command("commit", help=_("Leg uw bijdrage aan de sleutel vast, zonder hem te tonen."))
@stage_options
def commit(**options: Any) -> None:
    """Make a dealing and show its hash."""
    with told():
        place = _place(**options)
        own = place.keys()
        if place.table.own(DEALING_NAME) is None:
            dealing = make_dealing(place.table.opening, own, place.randomness)
            put(place.table.kept / DEALING_NAME, dealing.data)
        _send(place, own, Stage.COMMITMENT)


@click.command("reveal", help=_("Toon uw bijdrage, als van iedereen de toezegging er ligt."))
@stage_options
def reveal(**options: Any) -> None:
    """Show the dealing of the commitment."""
    with told():
        place = _place(**options)
        _send(place, place.keys(), Stage.REVEAL)


@click.command("approve", help=_("Controleer de bijdragen van allen, en keur goed of dien een klacht in."))
@stage_options
def approve(**options: Any) -> None:
    """Check everything, and approve or complain."""
    with told():
        place = _place(**options)
        own = place.keys()
        record = _taken(place, own)
        _in_time(place, record, Stage.APPROVAL, own)
        bad = bad_dealers(record, own)
        for dealer in bad:
            _complain(place, record, own, dealer)
        if bad:
            require_complete(_taken(place, own), Stage.APPROVAL)
        _send(place, own, Stage.APPROVAL)


@click.command(
    "sign",
    help=_(
        "Onderteken, als iedereen heeft goedgekeurd; en haal uw aandeel op, als iedereen heeft ondertekend."
    ),
)
@stage_options
def sign(**options: Any) -> None:
    """Sign the whole ceremony; when all have signed, write keyset and share."""
    with told():
        place = _place(**options)
        home = place.table.home
        if not home.share.exists():
            own = place.keys()
            record = _send(place, own, Stage.SIGNATURE)
            if record.missing(Stage.SIGNATURE):
                return
            # The keyset first: a share without its keyset would be of nothing.
            put(home.keyset, keyset_file(record.keyset))
            write_secret(home.share, locked_share_file(own_share(record, own, place.randomness), place.vault))
        _finish(place)


def _finish(place: Place) -> None:
    """Read back what was written; only then are the keys of no more use."""
    home, record = place.table.home, place.table.record(place.clock())
    require_complete(record, Stage.SIGNATURE)
    share = read_share(read_secret(home.share), record.keyset, place.table.opening.profile, place.vault)
    put(place.table.shared / KEYSET_NAME, keyset_file(record.keyset))
    home.destroy_keys()
    click.echo(
        _(
            "Klaar. Uw aandeel (houder {houder}) staat verzegeld in {pad}; uw sleutels van deze ceremonie zijn weg."
        ).format(houder=share.holder, pad=home.share)
    )
    _tell_keyset(record)


@click.command("verify", help=_("Controleer een hele ceremonie; daar is geen geheim voor nodig."))
@_SHARED
@_FINGERPRINT
def verify(shared: Path, fingerprint: str | None) -> None:
    """Check the files of a ceremony as anyone can."""
    with told():
        opening = read_opening(shared)
        if fingerprint is not None and fingerprint.lower() != opening.fingerprint:
            raise CeremonyError(
                _("De opening in deze map heeft een andere vingerafdruk dan is opgegeven."),
                _("Vraag de deelnemers om de bestanden van hun eigen ceremonie."),
            )
        found = offered(shared, opening)
        record = verified(opening, found)
        if found.get(KEYSET_NAME, keyset_file(record.keyset)) != keyset_file(record.keyset):
            raise CeremonyError(
                _("De sleutelset in deze map is niet die van deze ceremonie."),
                _("Gebruik hem niet, en vraag de deelnemers wie hem daar legde."),
            )
    _tell_opening(opening)
    _tell_keyset(record)


def _taken(place: Place, own: OwnKeys) -> Record:
    """Take in what is there; who is complained about answers at once, if the complaint is false."""
    record = place.table.record(place.clock())
    index = record.opening.index_of(own.party)
    for (accuser, dealer), complaint in record.complaints.items():
        if dealer == index:
            name = rebuttal_name(accuser, dealer)
            try:
                place.table.publish(name, rebut(complaint, record.dealings[dealer], own))
            except Fault:
                # The complaint is right. `require` says so to everyone.
                continue
    return record


def _send(place: Place, own: OwnKeys, stage: Stage) -> Record:
    record = _taken(place, own)
    _in_time(place, record, stage, own)
    dealing = place.table.own(DEALING_NAME) or b""
    name = stage.file(record.opening.index_of(own.party))
    place.table.publish(name, statement(record, stage, own, dealing))
    record = place.table.record(place.clock())
    click.echo(_("Uw {stap} staat in de gedeelde map: {bestand}").format(stap=stage, bestand=name))
    missing = record.missing(stage)
    if missing:
        click.echo(_("Nog nodig: de {stap} van {partijen}.").format(stap=stage, partijen=", ".join(missing)))
    else:
        click.echo(_("Iedereen heeft deze stap gedaan."))
    return record


def _in_time(place: Place, record: Record, stage: Stage, own: OwnKeys) -> None:
    opening = record.opening
    done = stage.file(opening.index_of(own.party)) in record.files
    if stage is not Stage.SIGNATURE and not done and place.clock() > opening.until:
        raise CeremonyError(
            _("De termijn van deze ceremonie liep tot {moment}.").format(
                moment=f"{opening.until:%d-%m-%Y %H:%M} UTC"
            ),
            _("Open een nieuwe ceremonie in een lege map, met een ruimere termijn."),
        )


def _complain(place: Place, record: Record, own: OwnKeys, dealer: int) -> None:
    index = record.opening.index_of(own.party)
    name = complaint_name(index, dealer)
    data = place.table.own(name)
    if data is None:
        data = complain(record.dealings[dealer], index, own, place.randomness).data
    place.table.publish(name, data)


def _tell_party(party: Party) -> None:
    click.echo(
        _("Vingerafdruk van {partij}: {vingerafdruk}").format(
            partij=party.name, vingerafdruk=party.fingerprint
        )
    )


def _tell_opening(opening: Opening) -> None:
    click.echo(_("Vingerafdruk van de opening: {vingerafdruk}").format(vingerafdruk=opening.fingerprint))
    click.echo(
        _(
            "Sleutelset {sleutelset}, profiel {profiel}: {drempel} van {aantal} houders, termijn {moment}"
        ).format(
            sleutelset=opening.name,
            profiel=opening.profile,
            drempel=opening.threshold,
            aantal=len(opening.parties),
            moment=f"{opening.until:%d-%m-%Y %H:%M} UTC",
        )
    )
    for party in opening.parties.values():
        _tell_party(party)


def _tell_keyset(record: Record) -> None:
    click.echo(
        _("Vingerafdruk van het transcript: {vingerafdruk}").format(vingerafdruk=record.transcript(None))
    )
    click.echo(
        _("Vingerafdruk van de sleutelset: {vingerafdruk}").format(vingerafdruk=record.keyset.fingerprint)
    )


COMMANDS = (identity, open_command, commit, reveal, approve, sign, verify)
