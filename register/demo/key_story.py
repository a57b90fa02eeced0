# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exercise with keys: ceremony, question, lost holder, re-sharing, rotation; the same question finds the same signal each time.

Nothing stands in for anything: commands of `keyholder ceremony`, key holders with the sealed shares that came out, a register, and two nodes, over mutual TLS. What
is left out of the order of docs/deploying.md: holders do not wait for an agreed moment (`next_from` is in the past), and no backup is put back on trial.

Each step ends with what it claims, looked up in what lies on disk; a claim that is not so ends the exercise.
"""

import json
import sqlite3
import time
import tomllib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final

from process.moments import Randomness
from process.serving.secrets import read_secret
from pseudonymisation.canary_pins import pin_name
from pseudonymisation.ceremony import parse_keyset
from pseudonymisation.keyholder.ceremony.folder import KEYS_NAME, SEALING_NAME
from pseudonymisation.pseudonym import SPEC_VERSION
from pseudonymisation.shares import is_locked
from pseudonymisation.threshold import Origin, PublicKeyset
from register.demo.plan import ASKER, MOMENT, RESERVES, Ports
from register.demo.sessions import REGISTER, Machine, Session, home_of, lock_of, make_lock, must, side_by_side
from register.demo.story import ask_at_the_door, import_inspections
from register.demo.world import World, WorldError, build, change_settings, prepare
from register.wire import Uitkomst

SUBMITTER: Final = "GM9001"
FIRST: Final = ("HOUDER1", "HOUDER2", "HOUDER3")
NEXT: Final = ("HOUDER1", "HOUDER4", "HOUDER3")
"""Who holds after the loss: in order of their numbers, so HOUDER4 is the new holder 2."""

_TRIES: Final = 30
_SIGNED: Final = ("--officer", "oefening-beheerder", "--document", "OEF-SLEUTELS", "--decided-by", "oefening")


@dataclass
class Keys:
    """The state of the exercise.

    Attributes:
        world: its processes.
        sessions: what was held, by name.
        shares: who holds now -> the file of its share.
        keyset_file: the public keyset in force.
        looked_up: tags in the database after each question, as hexadecimal digits.
        answers: after each question.
        pins: what canaries must give, by name.
    """

    world: World
    randomness: Randomness = field(repr=False)
    sessions: dict[str, Session] = field(default_factory=dict)
    shares: dict[str, Path] = field(default_factory=dict)
    keyset_file: Path = Path()
    looked_up: list[frozenset[str]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    pins: dict[str, str] = field(default_factory=dict)

    @property
    def keyset(self) -> PublicKeyset:
        """The public keyset in force."""
        return parse_keyset(self.keyset_file.read_bytes())


# ---- The steps -------------------------------------------------------------------------------------------------------


def hold_ceremony(folder: Path, ports: Ports, certificates_from: datetime, randomness: Randomness) -> Keys:
    """Three organisations make a key; then everything else of an exercise is made."""
    found: list[Keys] = []

    def ceremony(world: World) -> Mapping[int, Path]:
        keys = Keys(world, randomness)
        found.append(keys)
        for party in (*FIRST, "HOUDER4", REGISTER):
            make_lock(world, party, randomness)
        session = Session(world, "ceremonie-1", FIRST, FIRST)
        with session.seated():
            session.open_ceremony()
            session.play()
        keys.sessions["ceremonie"] = session
        public = world.folder / "ceremonie" / "sleutelset.json"
        public.parent.mkdir()
        public.write_bytes(session.keyset_file.read_bytes())
        keys.keyset_file = public
        homes = [home_of(world, party) for party in FIRST]
        return {
            index: session.take_share(party, home / "aandeel-1.json")
            for index, (party, home) in enumerate(zip(FIRST, homes, strict=True), start=1)
        }

    world = build(
        folder,
        ports,
        MOMENT,
        certificates_from=certificates_from,
        randomness=randomness,
        keys=ceremony,
        reserves=RESERVES,
    )
    keys = found[0]
    keys.shares = {party: home_of(world, party) / "aandeel.json" for party in FIRST}
    for party in (*FIRST, "HOUDER4"):
        change_settings(world, _process(party), {"share_vault_file": str(lock_of(world, party))})
    return keys


def start(keys: Keys) -> None:
    """Start everything, and let one municipality submit what it saw."""
    prepare(keys.world, (SUBMITTER, ASKER))
    keys.world.start([_process(party) for party in FIRST])
    pin_canaries(keys, must(keys.world, *_at_node(keys, "canary")))
    keys.world.start(("signer", "register", f"node-{SUBMITTER}", f"node-{ASKER}"))
    import_inspections(keys.world, SUBMITTER)
    # It asks nothing; what it submitted is at the register.
    keys.world.stop(f"node-{SUBMITTER}")


def pin_canaries(keys: Keys, line: str) -> None:
    """What canaries must give goes into the settings of the register and of the node that asks, beside what stands there; a line as a command prints it."""
    keys.pins |= tomllib.loads(line)
    for name in ("register", f"node-{ASKER}"):
        change_settings(keys.world, name, {"canary_pins": keys.pins})


def ask(keys: Keys) -> None:
    """The fourth municipality asks on a telephone number; what the register looked up with is kept, to compare."""
    keys.answers.append(ask_at_the_door(keys.world).data)
    keys.looked_up.append(tags(keys))


def lose_holder(keys: Keys) -> None:
    """The machine of one organisation is gone, with its share and what locks it."""
    keys.world.kill("houder-2")
    keys.shares.pop("HOUDER2")


def reshare(keys: Keys) -> None:
    """The two that are left deal the same key to themselves and a new organisation; everybody goes along."""
    session = Session(keys.world, "herverdeling-2", NEXT, ("HOUDER1", "HOUDER3"), dict(keys.shares))
    with session.seated():
        session.open_resharing(keys.sessions["ceremonie"], {"HOUDER1": 1, "HOUDER3": 3})
        session.play()
    keys.sessions["herverdeling"] = session
    _follow(keys, session, "aandeel-2.json")
    must(keys.world, *_at_register(keys, "keyset", "adopt"), "--previous-keyset", str(keys.keyset_file), "--keyset-file", str(session.keyset_file), "--transcript", str(session.shared), *_SIGNED)  # fmt: skip
    urls = [f"https://127.0.0.1:{keys.world.ports.holder(index)}" for index in (1, *RESERVES, 3)]
    vkeys = [(home_of(keys.world, one) / "kwitantie.vkey").read_text("utf-8").strip() for one in NEXT]
    for name in ("register", f"node-{ASKER}"):
        change_settings(keys.world, name, {"keyholder_urls": urls, "keyholder_receipt_keys": vkeys})
    keys.world.stop("register")
    _pin(keys, session, "register")


def thief_tries(keys: Keys) -> str:
    """Whoever has the lost machine starts a key holder on the old share, next to the keyset in force; returns how that was refused.

    Raises:
        WorldError: it started.
    """
    home = keys.world.folder / "houder-2"
    change_settings(keys.world, "houder-2", {"keyset_file": str(keys.keyset_file)})
    clock = ("--clock-file", str(keys.world.folder / "klok"))
    done = keys.world.command("keyholder", "serve", "--settings", str(home / "instellingen.toml"), *clock)
    if done.returncode == 0 or "hoort niet bij" not in done.stderr:
        raise WorldError(
            _("Het oude aandeel van HOUDER2 werd niet geweigerd: {uitvoer}").format(uitvoer=done.stderr)
        )
    return done.stderr.strip()


def rotate(keys: Keys) -> None:
    """Holders and register make a factor, the register multiplies what it keeps, the new key is dealt anew, and everybody goes along."""
    with Machine() as administrator:
        _rotate(keys, administrator)


def _rotate(keys: Keys, administrator: Machine) -> None:
    numbers = {party: number for number, party in enumerate(NEXT, start=1)}
    dealers = (*NEXT, REGISTER)
    turning = Session(keys.world, "rotatie-3", dealers, dealers, dict(keys.shares))
    with turning.seated():
        turning.open_rotation(keys.sessions["herverdeling"], numbers)
        turning.play()
    factor = turning.home(REGISTER) / "rotatiefactor.json"
    administrator.does(*_at_register(keys, "rotation", "begin"), "--previous-keyset", str(keys.keyset_file), "--scaled-keyset", str(turning.keyset_file), "--factor-file", str(factor), "--vault-file", str(lock_of(keys.world, REGISTER)), *_SIGNED)  # fmt: skip
    _do_job(keys, administrator)
    points = keys.world.folder / "kanariepunten.json"
    must(keys.world, *_at_node(keys, "canary"), "--out", str(points))
    pin_canaries(keys, administrator.does(*_at_register(keys, "rotation", "canary"), "--points", str(points)))
    scaled = {party: turning.home(party) / "aandeel.json" for party in NEXT}
    session = Session(keys.world, "herverdeling-4", NEXT, NEXT[:2], scaled)
    with session.seated():
        session.open_resharing(turning, numbers)
        session.play()
    keys.sessions |= {"rotatie": turning, "nieuwe verdeling": session}
    _follow(keys, session, "aandeel-4.json")
    administrator.does(*_at_register(keys, "rotation", "switch"), "--keyset-file", str(session.keyset_file), "--transcript", str(session.shared), *_SIGNED)  # fmt: skip
    _pin(keys, session)
    administrator.does(*_at_register(keys, "rotation", "finish"), "--backup-verified", *_SIGNED)
    _do_job(keys, administrator)
    for party in dealers:
        turning.destroy(party)


def _do_job(keys: Keys, administrator: Machine) -> None:
    """Have job `rotatie` done; the register does it by itself every minute, and while it does nobody else can.

    Raises:
        WorldError: it cannot be done.
    """
    for _try in range(_TRIES):
        try:
            administrator.does(*_at_register(keys, "jobs"), "--once", "rotatie")
        except WorldError:
            time.sleep(2)
        else:
            return
    administrator.does(*_at_register(keys, "jobs"), "--once", "rotatie")


def _process(party: str) -> str:
    return party.lower().replace("houder", "houder-")


def _at_register(keys: Keys, *command: str) -> tuple[str, ...]:
    settings = keys.world.folder / "register" / "instellingen.toml"
    clock = keys.world.folder / "klok"
    return "register", *command, "--settings", str(settings), "--clock-file", str(clock)


def _at_node(keys: Keys, *command: str) -> tuple[str, ...]:
    settings = keys.world.folder / f"node-{ASKER}" / "instellingen.toml"
    clock = keys.world.folder / "klok"
    return "node", *command, "--settings", str(settings), "--clock-file", str(clock)


def _follow(keys: Keys, session: Session, name: str) -> None:
    """Every holder takes its new share, starts with it, and destroys the one of before."""
    public = keys.world.folder / "ceremonie" / f"{session.name}.json"
    public.write_bytes(session.keyset_file.read_bytes())
    before = dict(keys.shares)
    for party in NEXT:
        home, process = home_of(keys.world, party), _process(party)
        fresh = session.take_share(party, home / name)
        if party in before:
            keys.world.stop(process)
            following = {"next_share_file": str(fresh), "next_keyset_file": str(public), "next_from": MOMENT.isoformat()}  # fmt: skip
            now = {"share_file": str(before[party]), "keyset_file": str(keys.keyset_file)}
            change_settings(keys.world, process, {**now, **following})
        else:
            change_settings(keys.world, process, {"share_file": str(fresh), "keyset_file": str(public)})
        keys.shares[party] = fresh
    keys.world.start([_process(party) for party in NEXT])
    clock = ("--clock-file", str(keys.world.folder / "klok"))

    def retire(party: str) -> None:
        settings = home_of(keys.world, party) / "instellingen.toml"
        must(keys.world, "keyholder", "retire-share", "--settings", str(settings), *clock)

    side_by_side(before, retire)


def _pin(keys: Keys, session: Session, *others: str) -> None:
    """The node goes to the new keyset; it starts together with these others."""
    public = keys.world.folder / "ceremonie" / f"{session.name}.json"
    keys.keyset_file = public
    node = f"node-{ASKER}"
    pinned = {"keyset_file": str(public), "keyset_fingerprint": session.keyset.fingerprint}
    keys.world.stop(node)
    change_settings(keys.world, node, pinned)
    keys.world.start([*others, node])


# ---- What is claimed -------------------------------------------------------------------------------------------------


def tags(keys: Keys) -> frozenset[str]:
    """What the register looks signals up with, as it lies in its database."""
    database = keys.world.folder / "register" / "register.sqlite"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return frozenset(row[0].hex() for row in connection.execute("SELECT tag FROM posting"))


def same_answer(keys: Keys) -> bool:
    """Whether the last question was answered as the first; what every answer has of its own does not count."""
    return _said(keys.answers[-1]) == _said(keys.answers[0])


def _said(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answer.get(name) for name in ("uitkomst", "toelichting", "aantalGemeenten", "gemeenten", "soorten", "laatstGezien")}  # fmt: skip


def claims_of_ceremony(keys: Keys) -> list[str]:
    """After the ceremony."""
    shares = [path for path in keys.world.folder.rglob("aandeel*.json") if path.is_file()]
    sealed = all(is_locked(read_secret(path)) for path in shares)
    return [
        require(_("Elke houder heeft één aandeel, en elk aandeel is verzegeld."), holds=len(shares) == len(FIRST) and sealed),
        require(_("De sleutelset zegt dat zij uit een ceremonie komt, en niet van een deler."), holds=keys.keyset.origin is Origin.CEREMONY),
        require(_("De sleutels waarmee de partijen elkaar deelaandelen stuurden, zijn vernietigd."), holds=not [*keys.world.folder.rglob(KEYS_NAME), *keys.world.folder.rglob(SEALING_NAME)]),
    ]  # fmt: skip


def claims_of_question(keys: Keys) -> list[str]:
    """After the first question."""
    return [require(_("Het register vindt het signaal van GM9001."), holds=_known(keys))]


def claims_of_loss(keys: Keys) -> list[str]:
    """After the loss."""
    alive = keys.world.alive()
    return [
        require(_("HOUDER2 draait niet meer."), holds="houder-2" not in alive),
        require(_("Dezelfde vraag krijgt hetzelfde antwoord: twee houders zijn genoeg."), holds=same_answer(keys)),
    ]  # fmt: skip


def claims_of_resharing(keys: Keys) -> list[str]:
    """After the re-sharing."""
    old, new = keys.sessions["ceremonie"].keyset, keys.sessions["herverdeling"].keyset
    return [
        require(_("De publieke sleutel is dezelfde, de verdeling een andere."), holds=old.key == new.key and old.epoch < new.epoch),
        require(_("In het register veranderde niets: dezelfde pseudoniemen."), holds=keys.looked_up[-1] == keys.looked_up[0]),
        require(_("Dezelfde vraag krijgt hetzelfde antwoord."), holds=same_answer(keys)),
        require(_("De oude aandelen van HOUDER1 en HOUDER3 zijn vernietigd."), holds=_shares_left(keys) == {"houder-1", "houder-2", "houder-3", "houder-4"}),
    ]  # fmt: skip


def claims_of_rotation(keys: Keys) -> list[str]:
    """After the rotation."""
    old, new = keys.sessions["herverdeling"].keyset, keys.keyset
    before, after = keys.looked_up[0], keys.looked_up[-1]
    factors = list(keys.world.folder.rglob("rotatiefactor*"))
    return [
        require(_("De publieke sleutel is een andere."), holds=old.key != new.key),
        require(_("Alle {aantal} bewaarde opzoekwaarden zijn andere dan eerst.").format(aantal=len(after)), holds=len(before) == len(after) and not before & after),
        require(_("Toch krijgt dezelfde vraag hetzelfde antwoord: het signaal is gevonden."), holds=_known(keys) and same_answer(keys)),
        require(_("De node ging door op de kanariepin die het register voor de wisseling berekende."), holds=_pinned(keys)),
        require(_("De factor van de rotatie ligt nergens meer."), holds=not factors),
        require(_("Ieder heeft één aandeel; alle oude zijn vernietigd, behalve dat van HOUDER2."), holds=_shares_left(keys) == {"houder-1", "houder-2", "houder-3", "houder-4"}),
    ]  # fmt: skip


def _shares_left(keys: Keys) -> set[str]:
    """In whose folders one share lies.

    Raises:
        WorldError: somebody has two.
    """
    homes = [
        path.relative_to(keys.world.folder).parts[0] for path in keys.world.folder.rglob("aandeel*.json")
    ]
    if len(homes) != len(set(homes)):
        raise WorldError(_("Iemand heeft twee aandelen: {mappen}").format(mappen=", ".join(sorted(homes))))
    return set(homes)


def _pinned(keys: Keys) -> bool:
    """Whether the node that asked has a pin of the old and of the new key; without a right one it would not have asked."""
    names = [pin_name(SPEC_VERSION, one) for one in (keys.sessions["herverdeling"].keyset, keys.keyset)]
    return list(keys.pins) == names and same_answer(keys)


def _known(keys: Keys) -> bool:
    return bool(keys.answers[-1]["uitkomst"] == Uitkomst.BEKEND_ELDERS)


def require(claim: str, *, holds: bool) -> str:
    """The claim as a line.

    Raises:
        WorldError: it is not so.
    """
    if not holds:
        raise WorldError(_("Dit bleek niet waar: {bewering}").format(bewering=claim))
    return f"  [x] {claim}"


def on_disk(keys: Keys, party: str) -> list[str]:
    """What lies in the folder of a party, in words; of shares it says whether they are locked."""
    folder = home_of(keys.world, party) if party.startswith("HOUDER") else keys.world.folder / {REGISTER: "register"}.get(party, f"node-{party}")  # fmt: skip
    return [
        f"{words}: {path.name}{_locked(path)}"
        for pattern, words in _FILES
        for path in sorted(folder.rglob(pattern))
    ]


_FILES: Final = (
    ("aandeel*.json", _("aandeel")),
    ("kwitantie.key", _("sleutel voor kwitanties")),
    ("tellers.sqlite", _("tellers per dag")),
    ("opzoeksleutel", _("opzoeksleutel")),
    ("verzegelsleutel", _("zegel van punten")),
    ("register.sqlite", _("signalen, zonder namen")),
    ("rotatiefactor*", _("rotatiefactor")),
    ("node.sqlite", _("eigen dossier, verzegeld")),
)


def _locked(path: Path) -> str:
    if not path.name.startswith("aandeel"):
        return ""
    return _(" (verzegeld)") if is_locked(read_secret(path)) else _(" (OPEN)")


def written(keys: Keys, refused: str) -> str:
    """For `--json`; `refused` is what the holder on the old share said."""
    found = {
        "answers": keys.answers,
        "refused": refused,
        "tags": [sorted(one) for one in keys.looked_up],
        "keysets": {
            name: {
                "epoch": one.keyset.epoch,
                "key": one.keyset.key.encode().hex(),
                "fingerprint": one.keyset.fingerprint,
            }
            for name, one in keys.sessions.items()
        },
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
