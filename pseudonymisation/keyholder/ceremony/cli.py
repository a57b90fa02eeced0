# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`signaalregister keyholder ceremony`: how three organisations make a key together, each at its own machine.

    identity   everyone    makes a key to sign with; send deelnemer.json, compare its fingerprint by telephone
    open       one         names participants and fingerprints; compare the fingerprint of the opening by telephone
    join       everyone    makes the keys that shares are sealed to in this session
    commit     everyone    when all of those are there
    reveal     everyone    when all toezeggingen are there
    approve    everyone    approves, or complains
    sign       everyone    when all approved; once more when all have signed: writes sleutelset.json and aandeel.json, destroys the keys
    verify     anyone      checks the whole ceremony without a secret
    abort      anyone      ends what is under way in the own folder, and destroys the keys of that session

    reshare    one         opens a re-sharing instead: old holders deal their shares to new holders (commit --share-file), the key stays
    rotate     one         opens a rotation: holders and register make a factor; each holder scales its share (sign --share-file), the register keeps the factor

A session ends in one of three ways (`folder.End`), and then its sealing keys are gone: `sign` has read the share back, somebody complained, or `abort`.

A command that is given twice writes the same files. What each file is, and in which order it is checked: `joint`. Where files are: `folder`.
"""

from collections.abc import Callable, Iterator, Mapping
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
from pseudonymisation.ceremony import CeremonyError, HolderShare, keyset_file, parse_keyset
from pseudonymisation.dealing import complain, judge, objection, parse_complaint, rebut
from pseudonymisation.desk.locks import vault_from
from pseudonymisation.joint import (
    Aborted,
    Objected,
    Record,
    Stage,
    Waiting,
    bad_dealers,
    becomes_holder,
    complaint_name,
    make_dealing,
    own_factor,
    own_share,
    progress,
    rebuttal_name,
    require,
    require_complete,
    statement,
    verified,
)
from pseudonymisation.keyholder.ceremony.app import system_randomness
from pseudonymisation.keyholder.ceremony.folder import (
    DEALING_NAME,
    EVIDENCE_NAME,
    KEYSET_NAME,
    End,
    Home,
    Table,
    end,
    offered,
    put,
    read_opening,
    sit_down,
)
from pseudonymisation.opening import (
    OPENING_NAME,
    Before,
    Opening,
    Proposal,
    Purpose,
    open_ceremony,
    parse_opening,
)
from pseudonymisation.rotation import factor_file, read_factor
from pseudonymisation.sealing import SealingKeys
from pseudonymisation.shares import is_locked, locked_share_file, read_share
from pseudonymisation.statement import Fault, OwnKeys, Party, parse_party
from pseudonymisation.threshold import ThresholdError
from pseudonymisation.vault import LockError, ShareVault

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
_SHARE = click.option(
    "--share-file",
    type=_FILE,
    help=_("Uw aandeel van de vorige sleutelset, bij een herverdeling of rotatie."),
)
_SHARE_PHRASE = click.option(
    "--share-passphrase-file", type=_FILE, help=_("Wachtzin van dat aandeel, als die een andere is.")
)
_SHARE_VAULT = click.option(
    "--share-vault-file", type=_FILE, help=_("Sleutel van de kluis van dat aandeel, als die een andere is.")
)


class Moment(click.ParamType[datetime]):
    """A moment with its zone, to the second."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it; what else was written is told in words."""
        try:
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z")
        except ValueError:
            self.fail(
                _(
                    "'{waarde}' is geen moment met een tijdzone. Schrijf het zo: 2026-12-01T17:00:00+01:00 (17 uur in Nederland, in de winter)."
                ).format(waarde=value),
                param,
                ctx,
            )


_UNTIL = click.option(
    "--until",
    required=True,
    type=Moment(),
    help=_("Moment waarna geen bestand meer wordt aangenomen, zoals 2026-12-01T17:00:00+00:00."),
)
_PREVIOUS = click.option(
    "--previous-keyset",
    required=True,
    type=_FILE,
    help=_("Publieke sleutelset (sleutelset.json) waarmee u begint."),
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

    def seals(self) -> SealingKeys:
        """This party's sealing keys of this session."""
        return self.table.seals(self.vault)


@contextmanager
def at_table(place: Place) -> Iterator[None]:
    """A complaint or objection ends the session: then what opens its shares is destroyed, and the verdict told."""
    try:
        yield
    except (Aborted, Objected):
        place.table.ended(End.STOPPED)
        raise


@contextmanager
def told() -> Iterator[None]:
    """What a ceremony refuses, as a refusal of the command line."""
    try:
        yield
    except Waiting as error:
        raise refused(str(error), error.way_forward, _("Deze stap kan nog niet.")) from error
    except (Aborted, Objected) as error:
        raise refused(str(error), error.way_forward, _("Deze ceremonie is gestopt.")) from error
    except LockError as error:
        raise refused(str(error), error.way_forward, _("De wachtzin of kluis opent niets.")) from error
    except Fault as error:
        raise refused(str(error), error.way_forward) from error
    except CeremonyError as error:
        raise refused(str(error), error.way_forward, _("Deze opdracht kan zo niet.")) from error
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
    try:
        vault = vault_from(passphrase_file, vault_file, beside=home, randomness=system_randomness)
    except LockError as error:
        title = _("De wachtzin of kluis is niet te gebruiken.")
        raise refused(str(error), error.way_forward, title) from error
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


def old_share_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a stage that needs the share of before, in a re-sharing or a rotation."""
    for option in (_SHARE_VAULT, _SHARE_PHRASE, _SHARE):
        command = option(command)
    return command


def _old_share(  # noqa: PLR0913 - three files and to what they belong
    place: Place,
    own: OwnKeys,
    *,
    stage: Purpose,
    share_file: Path | None,
    share_passphrase_file: Path | None,
    share_vault_file: Path | None,
) -> HolderShare | None:
    """The share of before, if this ceremony and this party need it in this stage."""
    opening = place.table.opening
    number = opening.index_of(own.party)
    if opening.before is None or opening.purpose is not stage or opening.old_holder(number) is None:
        return None
    if share_file is None:
        raise CeremonyError(
            _("Voor deze stap is uw aandeel van de vorige sleutelset nodig."), _("Geef het met --share-file.")
        )
    data = read_secret(share_file)
    beside = share_file.parent
    vault = vault_from(share_passphrase_file, share_vault_file, beside=beside, randomness=place.randomness)
    # A share that a dealer made for practice is not locked; of others the lock is that of this ceremony, unless another is given.
    vault = vault or (place.vault if is_locked(data) else None)
    return read_share(data, opening.before.keyset, opening.profile, vault)


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


@click.command("identity", help=_("Maak de sleutel waarmee deze deelnemer tekent, voor één ceremonie."))
@click.argument("name")
@_HOME
@_PHRASE
@_VAULT
def identity(name: str, home: Path, passphrase_file: Path | None, vault_file: Path | None) -> None:
    """Make this party's keys, or tell about those that are there."""
    with told():
        vault = _vault(home, passphrase_file, vault_file)
        folder = Home(home)
        if folder.share.exists() or folder.keyset.exists():
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
@_UNTIL
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
        parties = tuple(_compared(path, fingerprint) for path, fingerprint in participants)
        proposal = Proposal(name, profile, threshold, parties, until.astimezone(UTC))
        opening = _opened(proposal, home, shared, _vault(home, passphrase_file, vault_file), clock_file)
    _tell_opening(opening)


def _opened(
    proposal: Proposal, home: Path, shared: Path, vault: ShareVault, clock_file: Path | None
) -> Opening:
    """The opening of this proposal: a new one, or the one that lies there already."""
    folder = Home(home)
    own = folder.keys(vault)
    moment = clock_from(clock_file, proposal.profile)()
    if (shared / OPENING_NAME).exists():
        opening = _same_again(read_opening(shared), proposal)
        folder.require_free(opening)
    else:
        folder.require_free(None)
        opening = open_ceremony(proposal, own, moment, system_randomness)
        put(shared / OPENING_NAME, opening.data, writer=own.party.name)
    opening.index_of(own.party)
    return opening


_DEALERS = click.option(
    "--from",
    "dealers",
    type=(int, _FILE, str),
    multiple=True,
    required=True,
    help=_(
        "Nummer van een houder van de vorige sleutelset, zijn deelnemersbestand en vingerafdruk; minstens zoveel als de drempel."
    ),
)


@click.command(
    "reshare", help=_("Open een herverdeling: dezelfde sleutel, nieuwe aandelen, andere houders of drempel.")
)
@_HOME
@_SHARED
@_PREVIOUS
@_DEALERS
@click.option("--threshold", default=2, show_default=True, help=_("Hoeveel nieuwe houders er nodig zijn."))
@click.option(
    "--participant",
    "participants",
    type=(_FILE, str),
    multiple=True,
    required=True,
    help=_(
        "Deelnemersbestand en vingerafdruk van elke nieuwe houder, in volgorde. Wie blijft, noemt u ook hier."
    ),
)
@_UNTIL
@_PHRASE
@_VAULT
@CLOCK_FILE
def reshare(  # noqa: PLR0913 - what an opener decides, all by name
    *,
    home: Path,
    shared: Path,
    previous_keyset: Path,
    dealers: tuple[tuple[int, Path, str], ...],
    threshold: int,
    participants: tuple[tuple[Path, str], ...],
    until: datetime,
    passphrase_file: Path | None,
    vault_file: Path | None,
    clock_file: Path | None,
) -> None:
    """Open a re-sharing in a shared folder."""
    with told():
        keyset = parse_keyset(previous_keyset.read_bytes())
        receivers = [_compared(path, fingerprint) for path, fingerprint in participants]
        old = {_compared(path, fingerprint): holder for holder, path, fingerprint in dealers}
        parties = (*receivers, *(party for party in old if party not in receivers))
        holders = {number: old[party] for number, party in enumerate(parties, start=1) if party in old}
        before = Before(Purpose.RESHARING, keyset, holders, len(receivers))
        proposal = Proposal(keyset.name, keyset.profile, threshold, parties, until.astimezone(UTC), before)
        opening = _opened(proposal, home, shared, _vault(home, passphrase_file, vault_file), clock_file)
    _tell_opening(opening)


@click.command(
    "rotate", help=_("Open een rotatie: een nieuwe sleutel, waarbij bewaarde pseudoniemen meegaan.")
)
@_HOME
@_SHARED
@_PREVIOUS
@_DEALERS
@click.option(
    "--register",
    type=(_FILE, str),
    required=True,
    help=_("Deelnemersbestand en vingerafdruk van het register."),
)
@_UNTIL
@_PHRASE
@_VAULT
@CLOCK_FILE
def rotate(  # noqa: PLR0913 - as above
    *,
    home: Path,
    shared: Path,
    previous_keyset: Path,
    dealers: tuple[tuple[int, Path, str], ...],
    register: tuple[Path, str],
    until: datetime,
    passphrase_file: Path | None,
    vault_file: Path | None,
    clock_file: Path | None,
) -> None:
    """Open a rotation in a shared folder."""
    with told():
        keyset = parse_keyset(previous_keyset.read_bytes())
        parties = (*(_compared(path, told_) for _holder, path, told_ in dealers), _compared(*register))
        holders = {number: holder for number, (holder, _path, _told) in enumerate(dealers, start=1)}
        before = Before(Purpose.ROTATION, keyset, holders, len(parties))
        proposal = Proposal(
            keyset.name, keyset.profile, keyset.threshold, parties, until.astimezone(UTC), before
        )
        opening = _opened(proposal, home, shared, _vault(home, passphrase_file, vault_file), clock_file)
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
        opening.name,
        opening.profile,
        opening.threshold,
        tuple(opening.parties.values()),
        opening.until,
        opening.before,
    )
    if found != proposal:
        raise CeremonyError(
            _("In deze map ligt al een andere ceremonie."),
            _("Kies voor elke ceremonie een lege gedeelde map met --shared."),
        )
    return opening


@click.command(
    "join", help=_("Neem plaats: maak de sleutels waarmee anderen in deze ceremonie aan u verzegelen.")
)
@stage_options
def join(**options: Any) -> None:
    """Make the sealing keys of this session, and show their public halves."""
    with told():
        place = _place(**options)
        table = place.table
        own = place.keys()
        number = table.opening.index_of(own.party)
        if number not in table.opening.receivers:
            table.require_room()
            click.echo(_("U ontvangt in deze herverdeling niets, en hebt dus geen zegelsleutels nodig."))
            return
        # Once: who has shown them, and destroyed them since, makes no others in this session.
        if not table.has_seals() and table.own(Stage.SEALING.file(number)) is None:
            table.require_room()
            made = SealingKeys.make(table.opening.session, table.opening.dealers, place.randomness)
            table.add_seals(made, place.vault)
        with at_table(place):
            _send(place, own, Stage.SEALING, place.seals())


@click.command("commit", help=_("Leg uw bijdrage aan de sleutel vast, zonder hem te tonen."))
@stage_options
@old_share_options
def commit(
    share_file: Path | None,
    share_passphrase_file: Path | None,
    share_vault_file: Path | None,
    **options: Any,
) -> None:
    """Make a dealing and show its hash."""
    with told():
        place = _place(**options)
        own = place.keys()
        with at_table(place):
            if place.table.own(DEALING_NAME) is None:
                place.table.require_room()
                record = _taken(place, own)
                require(record, Stage.COMMITMENT)
                old = _old_share(
                    place,
                    own,
                    stage=Purpose.RESHARING,
                    share_file=share_file,
                    share_passphrase_file=share_passphrase_file,
                    share_vault_file=share_vault_file,
                )
                dealing = make_dealing(record, own, place.randomness, old)
                put(place.table.kept / DEALING_NAME, dealing.data)
            _send(place, own, Stage.COMMITMENT)


@click.command("reveal", help=_("Toon uw bijdrage, als van iedereen de toezegging er ligt."))
@stage_options
def reveal(**options: Any) -> None:
    """Show the dealing of the commitment."""
    with told():
        place = _place(**options)
        with at_table(place):
            _send(place, place.keys(), Stage.REVEAL)


@click.command("approve", help=_("Controleer de bijdragen van allen, en keur goed of dien een klacht in."))
@stage_options
def approve(**options: Any) -> None:
    """Check everything, and approve or complain."""
    with told():
        place = _place(**options)
        with at_table(place):
            _approve(place, place.keys())


def _approve(place: Place, own: OwnKeys) -> None:
    record = _taken(place, own)
    _in_time(place, record, Stage.APPROVAL, own)
    # Before the sealing keys are asked for: of a session that stopped they are gone.
    require(record, Stage.APPROVAL)
    receives = record.opening.index_of(own.party) in record.opening.receivers
    seals = place.seals() if receives else None
    bad = bad_dealers(record, own, seals)
    for dealer in bad:
        _complain(place, record, own, dealer, place.seals())
    if bad:
        require_complete(_taken(place, own), Stage.APPROVAL)
    _send(place, own, Stage.APPROVAL, seals)


@click.command(
    "sign",
    help=_(
        "Onderteken, als iedereen heeft goedgekeurd; en haal uw aandeel op, als iedereen heeft ondertekend."
    ),
)
@stage_options
@old_share_options
def sign(
    share_file: Path | None,
    share_passphrase_file: Path | None,
    share_vault_file: Path | None,
    **options: Any,
) -> None:
    """Sign the whole ceremony; when all have signed, write keyset and share."""
    with told():
        place = _place(**options)
        table = place.table
        if table.has_seals() or not table.keyset.exists():
            own = place.keys()
            with at_table(place):
                record = _send(place, own, Stage.SIGNATURE)
            if record.missing(Stage.SIGNATURE):
                return
            # The keyset first: a share without its keyset would be of nothing.
            put(table.keyset, keyset_file(record.keyset))
            if becomes_holder(record, own):
                if not table.share.exists():
                    old = _old_share(
                        place,
                        own,
                        stage=Purpose.ROTATION,
                        share_file=share_file,
                        share_passphrase_file=share_passphrase_file,
                        share_vault_file=share_vault_file,
                    )
                    share = own_share(record, own, place.seals(), place.randomness, old)
                    write_secret(table.share, locked_share_file(share, place.vault))
            elif record.opening.purpose is Purpose.ROTATION and not table.factor.exists():
                factor = own_factor(record, own, place.seals())
                write_secret(table.factor, factor_file(factor, place.vault))
        _finish(place)


def _finish(place: Place) -> None:
    """Read back what was written; only then are the keys of no more use. They go before anybody is given the keyset: who uses it may rely on that."""
    table, record = place.table, place.table.record(place.clock())
    require_complete(record, Stage.SIGNATURE)
    told_ = _("Klaar; u hebt in de nieuwe sleutelset geen aandeel.")
    if table.share.exists():
        share = read_share(read_secret(table.share), record.keyset, place.table.opening.profile, place.vault)
        told_ = _("Klaar. Uw aandeel (houder {houder}) staat verzegeld in {pad}.").format(
            houder=share.holder, pad=table.share
        )
    elif table.factor.exists() and record.opening.before is not None:
        read_factor(
            read_secret(table.factor).reveal(), record.opening.before.keyset, record.keyset, place.vault
        )
        told_ = _(
            "Klaar. De rotatiefactor staat verzegeld in {pad}; hij hoort in geen enkele reservekopie."
        ).format(pad=table.factor)
    table.destroy_seals()
    table.home.destroy_keys()
    table.share_with_all(KEYSET_NAME, keyset_file(record.keyset))
    table.ended(End.FINISHED)
    click.echo(told_)
    click.echo(_("Uw sleutels van deze ceremonie zijn weg."))
    _tell_keyset(record)


@click.command(
    "abort", help=_("Breek af wat in uw map loopt, en vernietig de zegelsleutels van die ceremonie.")
)
@_HOME
@click.option(
    "--give-up-share",
    is_flag=True,
    help=_("Ook als u al ondertekende: maken de anderen de sleutelset af, dan hebt u er geen aandeel in."),
)
def abort(home: Path, *, give_up_share: bool) -> None:
    """End the sessions under way in a home; needs no passphrase, and nothing of the others."""
    with told():
        folder = Home(home)
        under_way = folder.under_way()
        if not under_way:
            raise CeremonyError(
                _("In {map} loopt geen ceremonie.").format(map=home), _("Er is niets af te breken.")
            )
        signed_here = [one for one in under_way if _has_signed(folder, one)]
        if signed_here and not give_up_share:
            raise CeremonyError(
                _("U hebt deze ceremonie al ondertekend; de anderen kunnen de sleutelset nog afmaken."),
                _(
                    "Geef ceremony sign nog eens. Komt zij nooit af, geef dan ceremony abort met --give-up-share."
                ),
            )
        for one in under_way:
            end(one, End.ABORTED)
            click.echo(
                _(
                    "{sessie} is afgebroken, en uw zegelsleutels ervan zijn vernietigd. Zeg het de anderen: zonder u gaat deze ceremonie niet verder."
                ).format(sessie=one.name)
            )


def _has_signed(home: Home, session: Path) -> bool:
    """Whether this party's own signature lies in a session folder."""
    path, party = session / OPENING_NAME, home.party()
    if party is None or not path.exists():
        return False
    number = parse_opening(path.read_bytes()).index_of(party)
    return (session / Stage.SIGNATURE.file(number)).exists()


@click.command("verify", help=_("Controleer een hele ceremonie; daar is geen geheim voor nodig."))
@_SHARED
@_FINGERPRINT
@click.option(
    "--evidence",
    type=_FILE,
    help=_("Het bewijs van een ontvanger in een herverdeling: zegt bij wie de fout ligt."),
)
def verify(shared: Path, fingerprint: str | None, evidence: Path | None) -> None:
    """Check the files of a ceremony as anyone can."""
    with told():
        opening = read_opening(shared)
        if fingerprint is not None and fingerprint.lower() != opening.fingerprint:
            raise CeremonyError(
                _("De opening in deze map heeft een andere vingerafdruk dan is opgegeven."),
                _("Vraag de deelnemers om de bestanden van hun eigen ceremonie."),
            )
        found = offered(shared, opening)
        if evidence is not None:
            click.echo(_judged(opening, found, evidence.read_bytes()))
            return
        record = verified(opening, found)
        if found.get(KEYSET_NAME, keyset_file(record.keyset)) != keyset_file(record.keyset):
            raise CeremonyError(
                _("De sleutelset in deze map is niet die van deze ceremonie."),
                _("Gebruik hem niet, en vraag de deelnemers wie hem daar legde."),
            )
    _tell_opening(opening)
    _tell_keyset(record)
    _tell_verdict(found, fingerprint)


def _tell_verdict(found: Mapping[str, bytes], fingerprint: str | None) -> None:
    """What was checked, and what was not."""
    click.echo(_("Goedgekeurd: alle handtekeningen en berekeningen in deze map kloppen."))
    if fingerprint is None:
        click.echo(
            _(
                "Niet nagegaan: of dit de ceremonie is die u bedoelt. Geef --fingerprint met de vingerafdruk van de opening, zoals een deelnemer u die noemde."
            )
        )
    if KEYSET_NAME not in found:
        click.echo(
            _("Niet nagegaan: {bestand} ligt niet in deze map. Vergelijk de vingerafdruk hierboven.").format(
                bestand=KEYSET_NAME
            )
        )


def _judged(opening: Opening, found: dict[str, bytes], evidence: bytes) -> str:
    """Whose fault it is that a re-sharing stopped, as the receiver's evidence shows."""
    record = progress(Record(opening), found, opening.until)
    for dealing in record.dealings.values():
        for index in opening.receivers:
            try:
                verdict = judge(parse_complaint(evidence, dealing, index), dealing)
            except Fault:
                continue
            return _("Nagerekend: {ontvanger} over {partij}; de fout ligt bij {schuld}.").format(
                ontvanger=verdict.accuser.name, partij=verdict.dealer.name, schuld=verdict.guilty.name
            )
    raise CeremonyError(
        _("Dit is geen bewijs over een deelaandeel uit deze herverdeling."),
        _("Vraag de ontvanger om het bestand uit zijn eigen map, en gebruik de gedeelde map van toen."),
    )


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


def _send(place: Place, own: OwnKeys, stage: Stage, seals: SealingKeys | None = None) -> Record:
    record = _taken(place, own)
    _in_time(place, record, stage, own)
    dealing = place.table.own(DEALING_NAME) or b""
    name = stage.file(record.opening.index_of(own.party))
    place.table.publish(name, statement(record, stage, own, dealing, seals))
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
            _(
                "Breek deze af met ceremony abort, en open een nieuwe ceremonie in een lege gedeelde map, met een ruimere termijn."
            ),
        )


def _complain(place: Place, record: Record, own: OwnKeys, dealer: int, seals: SealingKeys) -> None:
    index = record.opening.index_of(own.party)
    dealing = record.dealings[dealer]
    name = complaint_name(index, dealer)
    data = complain(dealing, index, own, seals.by_dealer[dealer]).data
    if record.opening.purpose is Purpose.RESHARING:
        evidence = EVIDENCE_NAME.format(dealer=dealer)
        if place.table.own(evidence) is None:
            write_secret(place.table.kept / evidence, data)
        place.table.publish(name, objection(dealing, index, own))
        return
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
            aantal=len(opening.receivers) - (opening.purpose is Purpose.ROTATION),
            moment=f"{opening.until:%d-%m-%Y %H:%M} UTC",
        )
    )
    if opening.threshold == len(opening.receivers):
        click.echo(
            _(
                "Let op: elke houder is nodig. Valt er één weg, dan is de sleutel weg. Een gewone sleutelset heeft één houder meer dan nodig is."
            )
        )
    if opening.before is not None:
        _tell_before(opening, opening.before)
    for party in opening.parties.values():
        _tell_party(party)


def _tell_before(opening: Opening, before: Before) -> None:
    kind = {Purpose.RESHARING: _("Herverdeling"), Purpose.ROTATION: _("Rotatie")}[before.purpose]
    click.echo(
        _(
            "{soort} van epoch {van} naar epoch {naar}; vingerafdruk van de vorige sleutelset: {vingerafdruk}"
        ).format(
            soort=kind,
            van=before.keyset.epoch,
            naar=opening.epoch,
            vingerafdruk=before.keyset.fingerprint,
        )
    )
    for number, holder in before.holders.items():
        click.echo(
            _("{partij} was houder {houder}").format(partij=opening.parties[number].name, houder=holder)
        )


def _tell_keyset(record: Record) -> None:
    click.echo(
        _("Vingerafdruk van het transcript: {vingerafdruk}").format(vingerafdruk=record.transcript(None))
    )
    click.echo(
        _("Vingerafdruk van de sleutelset: {vingerafdruk}").format(vingerafdruk=record.keyset.fingerprint)
    )


COMMANDS = (identity, open_command, reshare, rotate, join, commit, reveal, approve, sign, verify, abort)
