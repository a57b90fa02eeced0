# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whether the time of an answer tells a signal that policy hides from one that nobody stored.

    python -m tests.bench.hidden [--pairs N] [--clients N] [--json OUT]

A real register and signer over mutual TLS. Each pair is two questions in random order, each on a telephone: one of a signal for care only (H3), which the asker may not
know of, and one that nobody stored. Measured at the client, from sending to the first byte of the answer. As shipped, answers leave on a grid (process.pace), and what can be
seen is the **class**: in which step an answer came. Beside it, in the same run, the same register with the grid taken off, to see what the grid hides.

For both: how often a hidden signal's answer came later than nothing's (AUC by rank, .5 is no difference at all), with its 95 % interval; on the grid also the answers per class.
Receipts are signed with keys that this bench gave the register: holders would measure something else.
"""

import argparse
import json
import math
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from process.serving import tls
from process.serving.clock import clock_from, system_clock
from register.central.settings import RegisterSettings
from register.demo.plan import ASKER, CONTROL, MOMENT, Ports, person
from register.demo.world import World, build, prepare
from register.municipal.settings import TenantSettings
from tests.receipts import VKEYS, covering
from tests.register.central.world import point, pseudonym, question, signal, subject

OWNER = "GM9001"
SIGNALS = 200
BARE = "--bare"
H3 = {"bron": "B", "informatie": 2, "behandeling": "H3"}
QUOTA = dict.fromkeys(
    (
        "officer_minute",
        "officer_day",
        "organisation_minute",
        "organisation_day",
        "flag_officer",
        "flag_organisation",
    ),
    10**9,
)


class Node:
    """The certificate of one municipality, and one of its officers."""

    def __init__(self, world: World, organisation: str) -> None:
        self.organisation = organisation
        self._officer = person(organisation, "toezichthouder")
        tenant = TenantSettings.load(
            world.folder / f"node-{organisation}" / "organisaties" / organisation / "tenant.toml"
        )
        register = RegisterSettings.load(world.folder / "register" / "instellingen.toml")
        shown = register.model_copy(
            update={"tls_certificate": tenant.tls_certificate, "tls_key": tenant.tls_key}
        )
        self._clock = clock_from(world.folder / "klok", "oefening")
        self._client = tls.client(shown, f"https://127.0.0.1:{world.ports.register}", timeout=60.0)

    def post(self, path: str, body: dict[str, object]) -> httpx.Response:
        """Send with receipts; the answer must be a yes."""
        key = os.urandom(16).hex()
        headers = {
            "Namens-Medewerker": self._officer.officer,
            "Namens-Rol": self._officer.role,
            "Doel": "signalering",
            "Zaaknummer": CONTROL,
            "Reden": "controle",
            "Grondslag": f"OEF-GEM-{self.organisation}",
            "Idempotency-Key": key,
        }
        whole = covering(
            path, {"organisatie": self.organisation, **body}, self.organisation, key, self._clock()
        )
        answer = self._client.post(path, json=whole, headers=headers)
        if answer.is_error:
            raise RuntimeError(answer.text)
        return answer

    def asked(self, travelling: str) -> float:
        """Seconds that a question on one telephone takes."""
        begun = time.perf_counter()
        answer = self.post("/v1/bevragingen", question(pseudonym(travelling)))
        taken = time.perf_counter() - begun
        if answer.json()["uitkomst"] != "niet_bekend":
            raise RuntimeError("a hidden signal showed")
        return taken


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--pairs", type=int, default=10_000)
    options.add_argument("--clients", type=int, default=6)
    options.add_argument("--json", type=Path)
    options.add_argument("--port-base", type=int, default=9900)
    wish = options.parse_args()
    figures: dict[str, object] = {}
    for name, program in (("grid", None), ("bare", (sys.executable, "-m", "tests.bench.hidden", BARE))):
        pairs = wish.pairs if program is None else min(wish.pairs, 1_000)
        with tempfile.TemporaryDirectory(prefix="signaalregister-bench-") as folder:
            step, taken = measure(
                Path(folder), wish.port_base, pairs, wish.clients if program is None else 1, program
            )
        figures[name] = one = summary(taken, step)
        print(f"{name}, {pairs} pairs: " + ", ".join(f"{key} {value}" for key, value in one.items()))  # noqa: T201 - a bench prints
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="ascii")


def measure(
    folder: Path, port_base: int, pairs: int, clients: int, program: tuple[str, ...] | None
) -> tuple[float, tuple[list[float], list[float]]]:
    """The step of the register in seconds, and the seconds of hidden and of nothing, pair by pair."""
    extra = {"register": {"keyholder_receipt_keys": list(VKEYS), "question_quota": QUOTA}}
    world = build(
        folder / "world",
        Ports(port_base),
        MOMENT,
        certificates_from=system_clock(),
        randomness=os.urandom,
        extra=extra,
    )
    try:
        prepare(world)
        world.program = program or world.program
        world.start(["signer", "register"])
        hidden = [point() for _ in range(SIGNALS)]
        owner, asker = Node(world, OWNER), Node(world, ASKER)
        for one in hidden:
            owner.post(
                "/v1/signalen",
                signal(
                    subject(pseudonym(one)),
                    beoordeling=H3,
                    juridisch={"grondslag": f"OEF-GEM-{OWNER}"},
                    waargenomenWeek="2026-W46",
                    eersteVerwerking=MOMENT.isoformat(),
                ),
            )
        asker.asked(point())

        def pair(_number: int) -> tuple[float, float]:
            questions = [(0, random.choice(hidden)), (1, point())]
            random.shuffle(questions)
            taken = [0.0, 0.0]
            for which, asked in questions:
                taken[which] = asker.asked(asked)
            return taken[0], taken[1]

        with ThreadPoolExecutor(clients) as workers:
            found = list(workers.map(pair, range(pairs)))
    finally:
        world.stop_all()
    step = RegisterSettings.load(world.folder / "register" / "instellingen.toml").answer_step_ms / 1000
    return step, ([one for one, _other in found], [other for _one, other in found])


def summary(taken: tuple[list[float], list[float]], step: float) -> dict[str, object]:
    """What can be told from the times."""
    hidden, nothing = taken
    value, margin = auc(hidden, nothing)
    return {
        "median of hidden": f"{sorted(hidden)[len(hidden) // 2] * 1e3:.1f} ms",
        "median of nothing": f"{sorted(nothing)[len(nothing) // 2] * 1e3:.1f} ms",
        "AUC": f"{value:.3f} +- {margin:.3f}",
        "classes of hidden": classes(hidden, step),
        "classes of nothing": classes(nothing, step),
    }


def classes(taken: Sequence[float], step: float) -> dict[int, int]:
    """How many answers came in which step; what comes within the network's own delay after a step belongs to it."""
    return dict(sorted(Counter(int(one / step) for one in taken).items()))


def auc(later: Sequence[float], earlier: Sequence[float]) -> tuple[float, float]:
    """The chance that one of the first took longer than one of the second, and the half width of its 95 % interval (Mann-Whitney, no difference assumed)."""
    ranked = sorted([(one, True) for one in later] + [(one, False) for one in earlier])
    ranks = sum(rank for rank, (_value, first) in enumerate(ranked, start=1) if first)
    n, m = len(later), len(earlier)
    value = (ranks - n * (n + 1) / 2) / (n * m)
    return value, 1.96 * math.sqrt((n + m + 1) / (12 * n * m))


def bare(arguments: list[str]) -> None:
    """The register without its grid; every other process as it is."""
    from process import app  # noqa: PLC0415 - a process of its own
    from register.central import app as central  # noqa: PLC0415

    central._paced = lambda application, _settings: application  # type: ignore[assignment,return-value]
    sys.argv = ["signaalregister", *arguments]
    app.main()


if __name__ == "__main__":
    if sys.argv[1:2] == [BARE]:
        bare(sys.argv[2:])
    else:
        main()
