# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A ceremony, a re-sharing or a rotation in the exercise: each party gives `keyholder ceremony` commands in a process and a folder of its own.

What the parties have in common is one shared folder, and what they read to each other over the telephone: fingerprints. Whoever gives a command gives no other
party's folder with it. Parties that need not wait for each other give theirs side by side.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from gettext import gettext as _
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from process.moments import Randomness
from process.serving.secrets import write_secret
from pseudonymisation.ceremony import parse_keyset
from pseudonymisation.threshold import PublicKeyset
from register.demo.plan import KEYSET, MOMENT
from register.demo.world import World, WorldError

REGISTER: Final = "REGISTER"
_UNTIL: Final = (MOMENT + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S%z")


def home_of(world: World, party: str) -> Path:
    """The folder of this party's machine."""
    return world.folder / party.lower().replace("houder", "houder-")


def lock_of(world: World, party: str) -> Path:
    """The vault key with which this party locks its secrets; in another folder than what it locks."""
    return world.folder / "kluis" / f"{party}.key"


def make_lock(world: World, party: str, randomness: Randomness) -> None:
    """Make the vault key of a party."""
    write_secret(lock_of(world, party), randomness(32))


@dataclass
class Session:
    """One session in a shared folder.

    Attributes:
        world: whose processes and folders these are.
        name: of the folders of this session.
        receivers: parties that get a share, holder 1 first; the register in a rotation.
        dealers: parties that deal; in a re-sharing those that have a share of before.
        shares: name of a party -> its share of before, where there is one.
    """

    world: World
    name: str
    receivers: Sequence[str]
    dealers: Sequence[str]
    shares: Mapping[str, Path] = field(default_factory=dict)
    _told: dict[str, str] = field(default_factory=dict, repr=False)
    _machines: "dict[str, Machine]" = field(default_factory=dict, repr=False)

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody, once."""
        return tuple(dict.fromkeys((*self.receivers, *self.dealers)))

    @property
    def shared(self) -> Path:
        """The shared folder."""
        return self.world.folder / "gedeeld" / self.name

    @property
    def keyset_file(self) -> Path:
        """The public keyset that came out."""
        return self.shared / "sleutelset.json"

    @property
    def keyset(self) -> PublicKeyset:
        """The public keyset that came out."""
        return parse_keyset(self.keyset_file.read_bytes())

    def home(self, party: str) -> Path:
        """The own folder of this party in this session."""
        return home_of(self.world, party) / self.name

    def open_ceremony(self) -> None:
        """A new key."""
        named = [word for party in self.parties for word in ("--participant", *self._named(party))]
        self._open("open", "--keyset", KEYSET, "--profile", "oefening", *named)

    def open_resharing(self, before: "Session", numbers: Mapping[str, int]) -> None:
        """The same key, dealt anew; `numbers` says which holder each dealer was."""
        named = [word for party in self.receivers for word in ("--participant", *self._named(party))]
        self._open("reshare", "--previous-keyset", str(before.keyset_file), *self._dealers(numbers), *named)

    def open_rotation(self, before: "Session", numbers: Mapping[str, int]) -> None:
        """A factor that nobody chose; `numbers` as above."""
        previous = ("--previous-keyset", str(before.keyset_file))
        self._open("rotate", *previous, *self._dealers(numbers), "--register", *self._named(REGISTER))

    @contextmanager
    def seated(self) -> Iterator[None]:
        """Every party has its process as long as this lasts."""
        try:
            for party in self.parties:
                self._machines[party] = Machine()
            self.shared.mkdir(parents=True, exist_ok=True)
            side_by_side(self.parties, self._identity)
            yield
        finally:
            for machine in self._machines.values():
                machine.stop()
            self._machines.clear()

    def play(self) -> None:
        """Everybody does every stage, and whoever signed gives that command again when all have."""
        for stage, parties in (
            ("join", self.parties),
            ("commit", self.dealers),
            ("reveal", self.dealers),
            ("approve", self.parties),
        ):
            side_by_side(parties, partial(self._stage, stage))
        # The second time all finish at once, and each puts the keyset in the shared folder.
        for _time in range(2):
            side_by_side(self.parties, partial(self._stage, "sign"))
        self._run(self.parties[0], "verify", "--shared", str(self.shared))

    def take_share(self, party: str, to: Path) -> Path:
        """Move a party's share to where its key holder reads it; everything else of its session is destroyed."""
        (self.home(party) / "aandeel.json").replace(to)
        self.destroy(party)
        return to

    def destroy(self, party: str) -> None:
        """Destroy what a party has of this session, but for what all have."""
        shutil.rmtree(self.home(party))

    def _open(self, command: str, *more: str) -> None:
        self._at_table(self.parties[0], command, "--until", _UNTIL, *more)

    def _stage(self, stage: str, party: str) -> None:
        share = self.shares.get(party)
        more = ["--share-file", str(share)] if share is not None and stage in {"commit", "sign"} else []
        opening = sha256((self.shared / "opening.json").read_bytes()).hexdigest()
        self._at_table(party, stage, "--fingerprint", opening, *more)

    def _at_table(self, party: str, command: str, *more: str) -> None:
        places = ("--shared", str(self.shared), "--clock-file", str(self.world.folder / "klok"))
        self._run(party, command, *self._own(party), *places, *more)

    def _identity(self, party: str) -> None:
        self._told[party] = self._run(party, "identity", party, *self._own(party)).split()[-1]

    def _named(self, party: str) -> tuple[str, str]:
        return str(self.home(party) / "deelnemer.json"), self._told[party]

    def _dealers(self, numbers: Mapping[str, int]) -> list[str]:
        dealers = (party for party in self.dealers if party != REGISTER)
        return [word for party in dealers for word in ("--from", str(numbers[party]), *self._named(party))]

    def _own(self, party: str) -> tuple[str, ...]:
        return "--home", str(self.home(party)), "--vault-file", str(lock_of(self.world, party))

    def _run(self, party: str, *arguments: str) -> str:
        return self._machines[party].does("keyholder", "ceremony", *arguments)


class Machine:
    """The process in which one organisation gives its commands (`register.demo.party`)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "register.demo.party"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def does(self, *arguments: str) -> str:
        """Give a command that has to be done; returns what it said.

        Raises:
            WorldError: it refused, or the process is gone.
        """
        told, heard = self._process.stdin, self._process.stdout
        assert told is not None and heard is not None  # noqa: S101, PT018 - both are pipes, for the type checker
        told.write(json.dumps(arguments) + "\n")
        told.flush()
        answer = heard.readline()
        code, said = json.loads(answer) if answer else (1, _("Dit proces is gestopt."))
        if code != 0:
            raise WorldError(f"{' '.join(arguments[:3])}: {said.strip()}")
        return str(said)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it."""
        with self._process:
            self._process.terminate()


def side_by_side(parties: Iterable[str], act: Callable[[str], None]) -> None:
    """Let parties act that need not wait for each other; returns when all have."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(act, parties))


def must(world: World, *arguments: str) -> str:
    """Give a command that has to be done; returns what it said.

    Raises:
        WorldError: it refused.
    """
    done = world.command(*arguments)
    if done.returncode != 0:
        raise WorldError(f"{' '.join(arguments[:3])}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
