# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exercise with the log: a stranger meddles with it in six ways, and each time it shows, to our verifier and to software that is not ours.

Nothing stands in for anything: the register, its signer and its witnesses run; the stranger has the database, and for two of the six a key too; the FG has the verifier file,
the public keys, the receipt of a question and the checkpoint that was verified before, and runs Python without any library. Others are given an export and the same keys. What a
step claims is looked up; a claim that is not so ends the exercise. After each deed the database is put back as it was.
"""

import json
import shlex
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final

from audit.bundle import Bundle, ExportedEntry, bundle_json
from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.entry import LEAF_SIZE, VERSION
from audit.merkle import Frontier, leaf_hash
from audit.note import Signer, Verifier, parse
from audit.trail import Receipt, make_receipt, verify_receipt
from audit.verifier.remote import RemoteLog
from audit.verifier.standalone import FILE_NAME, verifier_file
from audit.verify import SourceError
from process.secret import Secret
from process.serving.clock import clock_from
from register.demo.plan import ASKER, CONTROL, HOLDERS, LOG_ORIGIN, WITNESSES, person
from register.demo.world import World, WorldError

PROCESSES: Final = (
    "signer",
    *(f"houder-{index}" for index in HOLDERS),
    *(f"getuige-{code}" for code in WITNESSES),
    "register",
    f"node-{ASKER}",
)
QUESTIONS: Final = ("06-12345678", "06-20000001", "06-20000002")
_PATIENCE: Final = 30.0
_TOUCHED: Final = 1
"""The leaf that the stranger changes: one of long ago."""


@dataclass(frozen=True)
class Judge:
    """Software that is not ours: its name, and the command that takes an export and keys."""

    name: str
    command: tuple[str, ...]

    @classmethod
    def from_text(cls, text: str) -> "Judge":
        """Reads `NAME=COMMAND`, or a command that bears its own name."""
        name, _equals, command = text.rpartition("=")
        words = tuple(shlex.split(command))
        return cls(name or Path(words[0]).name, words)


@dataclass(frozen=True)
class Told:
    """What was said of the log: exit code and the first line."""

    who: str
    code: int
    said: str


@dataclass
class Desk:
    """What the FG has on the table, and others with him.

    Attributes:
        world: the exercise.
        judges: software of others.
        receipt: the receipt of the last question, as it stands in a file.
    """

    world: World
    judges: Sequence[Judge]
    receipt: Path

    @property
    def folder(self) -> Path:
        """Where the FG keeps it all."""
        return self.world.folder / "fg"

    @property
    def memory(self) -> Path:
        """The checkpoint that was verified last."""
        return self.folder / "onthouden"

    @property
    def database(self) -> Path:
        """What the stranger has in hand."""
        return self.world.folder / "register" / "register.sqlite"

    def verify(self) -> Told:
        """The verifier file, in a Python without libraries and without this project."""
        world = self.world
        moment = clock_from(world.folder / "klok", "oefening")().strftime("%Y-%m-%dT%H:%M:%SZ")
        done = subprocess.run(  # noqa: S603 - our own file
            [
                *(sys.executable, "-I", "-S", str(self.folder / FILE_NAME), "--log", world.register_pages),
                *("--vkey", world.log_vkey, "--policy", str(world.folder / "getuigen.txt")),
                *("--remember", str(self.memory), "--now", moment),
                *("--receipt", self.receipt.name, "--receipt-vkey", str(world.folder / "ontvangst.vkey")),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
        )
        lines = (done.stdout or done.stderr).splitlines() or [""]
        return Told(_("onze nakijker"), done.returncode, lines[0])

    def others(self) -> list[Told]:
        """What the others say of an export of the log as it is now."""
        export = self.folder / "uitvoer.json"
        export.write_text(json.dumps(bundle_json(_export(self))), encoding="utf-8")
        keys = [
            self.world.log_vkey,
            _receipt_vkey(self.world),
            *(_vkey(self.world, one) for one in WITNESSES),
        ]
        found = []
        for judge in self.judges:
            done = subprocess.run(  # noqa: S603 - what the user named
                [*judge.command, str(export), *keys], capture_output=True, text=True, check=False
            )
            found.append(Told(judge.name, done.returncode, (done.stdout or done.stderr).strip()))
        return found


@dataclass(frozen=True)
class Deed:
    """One way to meddle.

    Attributes:
        title: its heading.
        told: what the stranger does, in plain Dutch.
        do: doing it; may return another receipt than the FG's own.
        shows: what the verifier's first line must hold.
    """

    title: str
    told: str
    do: Callable[[Desk, Path], None]
    shows: str


def introduction() -> str:
    """What stands ready, for who watches."""
    return _(
        "Drie FG's zijn getuige van het logboek; twee moeten er meetekenen. De FG van Oefendorp heeft één bestand om het logboek na te gaan, en de openbare sleutels. "
        "Hij heeft ook het ontvangstbewijs van een vraag, en het controlepunt dat hij de vorige keer naging. Hij heeft geen account nodig en geen hulp van het register. "
        "Daarnaast oordeelt software die niet van ons is, in het Engels: 'ok' is goed, 'refused' is afgekeurd. Dan knoeit een vreemde zes keer met het logboek. Na elke keer wordt alles teruggezet."
    )


def questions(world: World, judges: Sequence[Judge]) -> tuple[Desk, Path]:
    """Some questions at the door, after each of which the log is published, and two of three witnesses vouch for it.

    Returns:
        The FG's table, and a copy of the database from before the last question.
    """
    desk = Desk(world, judges, world.folder / "fg" / "ontvangstbewijs")
    desk.folder.mkdir(mode=0o700)
    (desk.folder / FILE_NAME).write_bytes(verifier_file())
    early = world.folder / "eerder.sqlite"
    for phone in QUESTIONS:
        if phone == QUESTIONS[-1]:
            _copy(desk.database, early)
        question = ("--attribute", f"phone={phone}", "--purpose", "signalering", "--control", CONTROL)
        who = world.as_person(person(ASKER, "toezichthouder"))
        answer = json.loads(_must(world, "node", "ask", *question, *who, "--json"))
        desk.receipt.write_text(answer["logbewijs"]["bewijs"], encoding="utf-8")
        _when_witnessed(world, answer["logbewijs"]["blad"])
    return desk, early


def sound(desk: Desk) -> list[Told]:
    """That all is well, by everybody.

    Raises:
        WorldError: somebody says otherwise.
    """
    found = [desk.verify(), *desk.others()]
    wrong = [one for one in found if one.code != 0]
    if wrong or not found[0].said.startswith(_("Goedgekeurd")):
        raise WorldError(_("Het logboek klopt niet voordat er is geknoeid: {wat}").format(wat=found))
    return found


def caught(desk: Desk, early: Path, deed: Deed) -> list[Told]:
    """Do it, have everybody look, and put the database back.

    Raises:
        WorldError: somebody did not notice.
    """
    receipt = desk.receipt
    with _put_back(desk):
        deed.do(desk, early)
        found = [desk.verify(), *desk.others()]
    desk.receipt = receipt
    unseen = [one for one in found if one.code != 1]
    if unseen or deed.shows not in found[0].said:
        raise WorldError(_("Dit viel niet op zoals het moet: {wat}").format(wat=found))
    return found


def as_text(deed: Deed, found: Sequence[Told]) -> str:
    """What the stranger did, and what each says of it."""
    return "\n".join([deed.told, "", *(f"{one.who}: {one.said}" for one in found)])


def deeds() -> tuple[Deed, ...]:
    """The six, in the order in which they take more power."""
    return (
        Deed(
            _("1. EEN BYTE VAN EEN OUD BLAD VERANDERD"),
            _("Iemand die bij de database van het register kan, verandert één byte van blad {blad}.").format(
                blad=_TOUCHED
            ),
            _flip,
            _("blad {blad} is veranderd").format(blad=_TOUCHED),
        ),
        Deed(
            _("2. EEN BLAD WEGGEHAALD"),
            _("Hij haalt blad {blad} weg, alsof die vraag nooit is gesteld.").format(blad=_TOUCHED),
            _delete,
            _("blad {blad} en alles daarna").format(blad=_TOUCHED),
        ),
        Deed(
            _("3. TWEE BLADEN VERWISSELD"),
            _("Hij verwisselt blad {een} en blad {ander}, alsof het andersom gebeurde.").format(
                een=_TOUCHED, ander=_TOUCHED + 1
            ),
            _swap,
            _("blad {een} en blad {ander} zijn veranderd").format(een=_TOUCHED, ander=_TOUCHED + 1),
        ),
        Deed(
            _("4. EEN OUDE RESERVEKOPIE TERUGGEZET"),
            _("Hij zet de database terug van voor de laatste vraag. Alles wat er dan nog staat, is echt."),
            _roll_back,
            _("korter geworden"),
        ),
        Deed(
            _("5. EEN ONTVANGSTBEWIJS VOOR EEN BLAD DAT ER NIET IS"),
            _(
                "Hij heeft ook de sleutel van de ontvangstbewijzen. Een medewerker krijgt een bewijs van een vraag die nooit in het logboek kwam."
            ),
            _false_receipt,
            _("belooft een ander blad"),
        ),
        Deed(
            _("6. DE GESCHIEDENIS HERSCHREVEN EN OPNIEUW ONDERTEKEND"),
            _(
                "Hij heeft ook de sleutel van het logboek zelf. Hij herschrijft blad {blad}, rekent de hele boom opnieuw uit en zet er een echte handtekening onder. "
                "Aan dit logboek zelf is niets te zien: dat ziet wie een eerder controlepunt bewaarde, of wie naar de getuigen kijkt."
            ).format(blad=_TOUCHED),
            _rewrite,
            _("het verleden is herschreven"),
        ),
    )


def as_data(found: Sequence[Told]) -> dict[str, Any]:
    """The same for a report."""
    return {one.who: {"code": one.code, "zei": one.said} for one in found}


# ---- what the stranger does ----------------------------------------------------------------------------------------


def _flip(desk: Desk, early: Path) -> None:
    del early
    with _opened(desk.database) as database:
        leaf = bytearray(_leaf(database, _TOUCHED))
        leaf[-1] ^= 1
        _set(database, _TOUCHED, bytes(leaf))


def _delete(desk: Desk, early: Path) -> None:
    del early
    with _opened(desk.database) as database:
        database.execute("DELETE FROM log_leaf WHERE leaf_index = ?", (_TOUCHED,))


def _swap(desk: Desk, early: Path) -> None:
    del early
    with _opened(desk.database) as database:
        one, other = _leaf(database, _TOUCHED), _leaf(database, _TOUCHED + 1)
        _set(database, _TOUCHED, other)
        _set(database, _TOUCHED + 1, one)


def _roll_back(desk: Desk, early: Path) -> None:
    _copy(early, desk.database)


def _false_receipt(desk: Desk, early: Path) -> None:
    del early
    signer = _signer(desk.world.folder / "register" / "ontvangstsleutel")
    true = verify_receipt(
        desk.receipt.read_text(encoding="utf-8"), [Verifier.from_vkey(_receipt_vkey(desk.world))]
    )
    forged = Receipt(true.origin, true.leaf_index, leaf_hash(VERSION + bytes(LEAF_SIZE - 1)), true.moment)
    desk.receipt = desk.folder / "ontvangstbewijs-van-een-collega"
    desk.receipt.write_text(make_receipt(forged, signer), encoding="utf-8")


def _rewrite(desk: Desk, early: Path) -> None:
    del early
    signer = _signer(desk.world.folder / "signer" / "signer.key")
    with _opened(desk.database) as database:
        leaf = bytearray(_leaf(database, _TOUCHED))
        leaf[1] ^= 1
        _set(database, _TOUCHED, bytes(leaf))
        (size,) = database.execute("SELECT max(size) FROM log_checkpoint").fetchone()
        rows = database.execute("SELECT leaf FROM log_leaf ORDER BY leaf_index").fetchall()
        frontier = Frontier()
        for (row,) in rows:
            frontier, nodes = frontier.append(leaf_hash(row))
            database.executemany(
                "UPDATE log_node SET hash = ? WHERE level = ? AND place = ?",
                [(one.hash, one.address.level, one.address.place) for one in nodes],
            )
        root = Frontier.over(row for (row,) in rows[:size]).root()
        note = sign_checkpoint(Checkpoint(LOG_ORIGIN, size, root), signer)
        database.execute("UPDATE log_head SET frontier = ?", (b"".join(frontier.hashes),))
        database.execute("UPDATE log_checkpoint SET note = ? WHERE size = ?", (note, size))


def _signer(key: Path) -> Signer:
    """A key that the stranger laid hands on."""
    return Signer.from_skey(Secret(key.read_bytes()))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """As who has the file in hand: no key of ours is needed, and no rule of ours holds."""
    with closing(sqlite3.connect(path, timeout=_PATIENCE)) as database:
        yield database
        database.commit()


def _leaf(database: sqlite3.Connection, number: int) -> bytes:
    (leaf,) = database.execute("SELECT leaf FROM log_leaf WHERE leaf_index = ?", (number,)).fetchone()
    return bytes(leaf)


def _set(database: sqlite3.Connection, number: int, leaf: bytes) -> None:
    database.execute("UPDATE log_leaf SET leaf = ? WHERE leaf_index = ?", (leaf, number))


@contextmanager
def _put_back(desk: Desk) -> Iterator[None]:
    before = desk.world.folder / "ongeschonden.sqlite"
    _copy(desk.database, before)
    try:
        yield
    finally:
        _copy(before, desk.database)


def _copy(source: Path, target: Path) -> None:
    """A whole database over another, while both may be in use."""
    with (
        closing(sqlite3.connect(source, timeout=_PATIENCE)) as read,
        closing(sqlite3.connect(target, timeout=_PATIENCE)) as written,
    ):
        read.backup(written)
    target.chmod(0o600)


# ---- what the FG has from the register -----------------------------------------------------------------------------


def _export(desk: Desk) -> Bundle:
    """The log as it is served now, with the FG's own leaf, receipt and earlier checkpoint."""
    world = desk.world
    with _remote(world) as log:
        note = log.checkpoint(witnessed=True).decode()
        size = Checkpoint.from_text(parse(note).text).size
        leaves = tuple(log.leaves(size))
        receipt = desk.receipt.read_text(encoding="utf-8")
        index = verify_receipt(receipt, [Verifier.from_vkey(_receipt_vkey(world))]).leaf_index
        earlier = desk.memory.read_text(encoding="utf-8") if desk.memory.exists() else note
        past = Checkpoint.from_text(parse(earlier).text).size
        entries = (
            (ExportedEntry(index, leaves[index], _asked(lambda: log.inclusion(index, size)), receipt),)
            if index < len(leaves)
            else ()
        )
        consistency = _asked(lambda: log.consistency(past, size))
    keys = (_receipt_vkey(world),)
    return Bundle(note, world.log_vkey, keys, entries, leaves, earlier, consistency)


def _asked(read: Callable[[], tuple[bytes, ...]]) -> tuple[bytes, ...]:
    """A proof, or none: a log that was meddled with may have none to give."""
    try:
        return read()
    except SourceError:
        return ()


@contextmanager
def _remote(world: World) -> Iterator[RemoteLog]:
    log = RemoteLog(world.register_pages, ssl.create_default_context(), patience=_PATIENCE)
    try:
        yield log
    finally:
        log.close()


def _when_witnessed(world: World, leaf: int) -> None:
    """The next checkpoint takes a moment, and so do the witnesses."""
    deadline = time.monotonic() + _PATIENCE
    with _remote(world) as log:
        while True:
            try:
                note = parse(log.checkpoint(witnessed=True))
                if Checkpoint.from_text(note.text).size > leaf and len(note.signatures) > len(WITNESSES):
                    return
            except SourceError:
                pass
            if time.monotonic() > deadline:
                raise WorldError(
                    _("Er komt geen controlepunt met getuigen. Draaien de ondertekenaar en de getuigen nog?")
                )
            time.sleep(0.1)


def _vkey(world: World, organisation: str) -> str:
    return (world.folder / f"getuige-{organisation}" / "witness.vkey").read_text(encoding="utf-8").strip()


def _receipt_vkey(world: World) -> str:
    return (world.folder / "ontvangst.vkey").read_text(encoding="utf-8").strip()


def _must(world: World, *arguments: str) -> str:
    done = world.command(*arguments)
    if done.returncode != 0:
        raise WorldError(done.stderr + done.stdout)
    return done.stdout.strip()
