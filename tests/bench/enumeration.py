# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""How many telephone numbers a node that went bad learns about in a day, with valid certificates, before and after its FG is told.

    python -m tests.bench.enumeration [--json OUT]

Real processes: key holders, register and signer, with the limits that are shipped. The attacker has the certificate of one municipality, knows the pseudonymous
numbers of its officers, and speaks to holders and register directly: no node, no Argon2id (it may have been done before), no patience. It packs forty numbers in a
question, or asks one at a time. Where a quota stops it, the clock of the exercise moves to the moment that the refusal names, as long as that is the same day;
so one day takes seconds. It is as fast as anyone can be, because what it waits for is only that.

What is "learned": an answer of the register to a question in which the number was. With forty in one question a hit is still one of forty; all count all the same.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path

import httpx

from process.problem import retry_after
from process.serving import tls
from process.serving.clock import system_clock
from pseudonymisation import base64url
from pseudonymisation.blinding import blind_batch, unblind_batch
from pseudonymisation.ceremony import parse_keyset
from pseudonymisation.pseudonym import SPEC_VERSION
from pseudonymisation.receipts import request_digest
from pseudonymisation.wire import EvaluationRequest, holder_answer
from register.central.settings import RegisterSettings
from register.demo.plan import ASKER, CONTROL, MOMENT, Person, Ports, person
from register.demo.story import caller
from register.demo.world import World, build, prepare
from register.municipal.settings import TenantSettings

TWO = (1, 2)
PURPOSE = {"Doel": "signalering", "Zaaknummer": CONTROL, "Reden": "controle"}
FG = {"Doel": "toezicht_avg"}
FLAGS = frozenset({"veel-gevraagd", "quotum-vragen-bereikt", "quotum-sleutelhouder", "quotum-een-houder"})


@dataclass
class Loot:
    """What an attack brought.

    Attributes:
        packed: numbers in one question.
        learned: numbers that stood in a question that was answered.
        before_flag: how many of them until the FG had its first flag, that question included; None if there was none.
        questions: that were answered.
        points: evaluated by each holder.
        refused: codes of refusals, with how often.
    """

    packed: int
    learned: int = 0
    before_flag: int | None = None
    questions: int = 0
    points: int = 0
    refused: dict[str, int] = field(default_factory=dict)


class Attacker:
    """A node that went bad.

    Args:
        world: holders 1 and 2 and the register run.
        organisation: whose certificate it has.
        officers: whom it can pretend to be; each needs a mandate at the register, so it cannot make them up.
    """

    def __init__(self, world: World, organisation: str, officers: Sequence[Person]) -> None:
        home = world.folder / f"node-{organisation}"
        tenant = TenantSettings.load(home / "organisaties" / organisation / "tenant.toml")
        register = RegisterSettings.load(world.folder / "register" / "instellingen.toml")
        shown = register.model_copy(
            update={"tls_certificate": tenant.tls_certificate, "tls_key": tenant.tls_key}
        )
        self._holders = {
            index: tls.client(shown, f"https://127.0.0.1:{world.ports.holder(index)}") for index in TWO
        }
        self._register = tls.client(shown, f"https://127.0.0.1:{world.ports.register}", timeout=30.0)
        self._keyset = parse_keyset((world.folder / "ceremonie" / "sleutelset.json").read_bytes())
        self._organisation = organisation
        self.officers = officers
        self.points = 0

    def close(self) -> None:
        """Close the connections."""
        for client in (*self._holders.values(), self._register):
            client.close()

    def ask(self, officer: Person, numbers: Sequence[bytes], action: str = "vragen") -> httpx.Response:
        """One question about these numbers; gives the register's answer, or the first refusal of a holder."""
        key, batch = os.urandom(16).hex(), blind_batch(numbers, randomness=os.urandom)
        request = EvaluationRequest.model_validate(
            {
                "organisatie": self._organisation,
                "medewerker": officer.officer,
                "handeling": action,
                "sleutelset": self._keyset.name,
                "epoch": self._keyset.epoch,
                "verzoek": request_digest(self._organisation, key),
                "punten": batch.asked,
            }
        ).model_dump_json()
        answers = {}
        for index, client in self._holders.items():
            answer = client.post(
                "/v1/evaluaties", content=request, headers={"Content-Type": "application/json"}
            )
            if answer.status_code != httpx.codes.OK:
                return answer
            answers[index] = holder_answer(index, answer.content)
        self.points += len(batch.points)
        found = unblind_batch(batch, answers, self._keyset)
        body = {
            "organisatie": self._organisation,
            "pseudoniemen": [
                {"familie": "phone", "versie": SPEC_VERSION, "punt": base64url.encode(one)} for one in found
            ],
            "sleutelset": self._keyset.name,
            "epoch": self._keyset.epoch,
            "kwitanties": [one.receipt for one in answers.values()],
        }
        headers = {
            **PURPOSE,
            "Namens-Medewerker": officer.officer,
            "Namens-Rol": officer.role,
            "Grondslag": f"OEF-GEM-{self._organisation}",
            "Idempotency-Key": key,
        }
        return self._register.post("/v1/bevragingen", json=body, headers=headers)


def play(world: World, attacker: Attacker, organisation: str, day: datetime, packed: int) -> Loot:
    """One day of asking as fast as quotas permit; the clock of the world is at `day` when it begins.

    Args:
        world: whose clock is moved.
        attacker: who asks.
        organisation: whose FG looks after each question, until there is a flag.
        day: from when; until midnight, UTC.
        packed: numbers in one question, at most 40.
    """
    loot, now, midnight = Loot(packed), day, (day + timedelta(days=1)).replace(hour=0, minute=0, second=0)
    world.move_clock(now)
    numbers, stopped = _numbers(), dict.fromkeys(attacker.officers, now)
    while now < midnight:
        officer = min(stopped, key=lambda one: stopped[one])
        if stopped[officer] > now:
            now = stopped[officer]
            if now >= midnight:
                break
            world.move_clock(now)
        answer = attacker.ask(officer, list(islice(numbers, packed)))
        if answer.status_code == httpx.codes.OK:
            loot.learned += packed
            loot.questions += 1
            if loot.before_flag is None and flagged(world, organisation):
                loot.before_flag = loot.learned
            continue
        problem = answer.json()
        loot.refused[problem["code"]] = loot.refused.get(problem["code"], 0) + 1
        wait = retry_after(answer.headers)
        if answer.status_code != httpx.codes.TOO_MANY_REQUESTS or wait is None:
            raise RuntimeError(f"refused for another reason: {answer.text}")
        stopped[officer] = now + timedelta(seconds=wait)
    loot.points = attacker.points
    return loot


def flagged(world: World, organisation: str) -> bool:
    """Whether the FG of the organisation, who signs in now, is told of it."""
    told = caller(world, organisation, "fg").get("/v1/herinneringen", FG)["herinneringen"]
    return any(one["soort"] in FLAGS for one in told)


def _numbers() -> Iterator[bytes]:
    """Inputs, none twice: what an attacker stretched at home."""
    start = int.from_bytes(os.urandom(6), "big")
    return (f"06{number}".encode() for number in count(start))


def officers(organisation: str) -> list[Person]:
    """Everybody of an organisation who may ask."""
    return [person(organisation, role) for role in ("toezichthouder", "aandachtsfunctionaris")]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--json", type=Path)
    options.add_argument("--port-base", type=int, default=9800)
    wish = options.parse_args()
    loots = []
    for packed in (1, 8, 40):
        with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as folder:
            loots.append(measure(Path(folder), wish.port_base, packed))
        one = loots[-1]
        print(  # noqa: T201 - a bench prints
            f"{packed} in a question: {one.learned} numbers in {one.questions} questions and {one.points} points a holder; "
            f"the FG was told after {one.before_flag}; refused: {one.refused}"
        )
    if wish.json:
        wish.json.write_text(json.dumps([asdict(one) for one in loots], indent=2) + "\n", encoding="utf-8")


def measure(folder: Path, port_base: int, packed: int) -> Loot:
    """A fresh exercise, and one day of it."""
    world = build(
        folder / "world", Ports(port_base), MOMENT, certificates_from=system_clock(), randomness=os.urandom
    )
    try:
        prepare(world)
        world.start(["signer", "houder-1", "houder-2", "register"])
        attacker = Attacker(world, ASKER, officers(ASKER))
        loot = play(world, attacker, ASKER, MOMENT, packed)
        attacker.close()
    finally:
        world.stop_all()
    return loot


if __name__ == "__main__":
    main()
