# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exercise played: three municipalities import, a fourth asks, an FG checks the log, TMM sees the route.

Every step goes the way a person or a municipality's system goes: commands at a node, the interface under `/v1`, the offline verifier. What a step returns is what
that person would see.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import httpx

from policies.desk.load import load_profile
from process.problem import Refusal, refusal_from
from register.demo.plan import ASKER, CASE, CONTROL, PHONE, SUBMITTERS, Person, person
from register.demo.world import World, WorldError
from register.municipal.told import told_answer
from register.words import entry_labels, entry_value, event_name, view_of_track

_PATIENCE = 30.0
NAMES = {code: one.name for code, one in load_profile("oefening")[1].organisations.items()}
_TMM_GROUND = "OEF-WPG-TMM"
_OWN_GROUND = "OEF-GEM-{}"
_REASON = "tmm_onderzoek"


@dataclass(frozen=True)
class Seen:
    """What one of the readers sees: as data and as text on a screen."""

    data: dict[str, Any]
    text: str


class Caller:
    """A person who works with an interface over HTTP, as a page or a case system does for them."""

    def __init__(self, base_url: str, who: Person, password: str) -> None:
        self._url = base_url
        self._headers: dict[str, str] = {}
        self._count = 0
        opened = self._send("POST", "/v1/sessies", json={"naam": who.name, "wachtwoord": password})
        self._headers["Authorization"] = f"Bearer {opened.json()['token']}"

    def get(self, path: str, headers: Mapping[str, str] | None = None, **query: Any) -> Any:
        """Read; raises `Refusal` as the interface words it."""
        return self._send("GET", path, headers, params=query).json()

    def post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:
        """Write, under a key of its own."""
        self._count += 1
        key = {"Idempotency-Key": f"oefening-{id(self):x}-{self._count:04d}"}
        return self._send("POST", path, {**key, **(headers or {})}, json=dict(body)).json()

    def _send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **rest: Any
    ) -> httpx.Response:
        said = {**self._headers, **(headers or {})}
        with httpx.Client(base_url=self._url, timeout=30, trust_env=False) as client:
            return self._require(client.request(method, path, headers=said, **rest))

    @staticmethod
    def _require(answer: httpx.Response) -> httpx.Response:
        if answer.is_error:
            raise refusal_from(answer.json())
        return answer


def caller(world: World, organisation: str, role: str) -> Caller:
    """Sign this person in where they work."""
    who = person(organisation, role)
    address = world.register_pages if who.at_register else world.node(organisation)
    return Caller(address, who, world.passwords[who.name])


def import_inspections(world: World, organisation: str) -> dict[str, Any]:
    """Import the example inspections of one municipality, with `signaalregister node import`.

    Raises:
        WorldError: a row was refused.
    """
    data = files("register.demo").joinpath("data")
    inspector = person(organisation, "toezichthouder")
    with (
        as_file(data.joinpath(f"{organisation}.csv")) as rows,
        as_file(data.joinpath(f"{organisation}.yaml")) as mapping,
    ):
        done = world.command(
            "node", "import", str(rows), "--mapping", str(mapping), *world.as_person(inspector), "--json"
        )
    if done.returncode != 0:
        raise WorldError(f"{organisation}: {done.stderr}{done.stdout}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def ask_at_the_door(world: World) -> Seen:
    """The inspector of the fourth municipality asks on a telephone number.

    Raises:
        WorldError: no answer.
    """
    inspector = world.as_person(person(ASKER, "toezichthouder"))
    question = (
        "node",
        "ask",
        "--attribute",
        f"phone={PHONE}",
        "--purpose",
        "signalering",
        "--control",
        CONTROL,
        *inspector,
    )
    done = world.command(*question, "--json")
    if done.returncode != 0:
        raise WorldError(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    return Seen(answer, told_answer(answer))


def fg_checks(world: World, leaf: int, folder: Path) -> Seen:
    """The FG of the asking municipality finds the question in the log and has its proof checked without the register.

    Raises:
        WorldError: the entry is not there, or does not verify.
    """
    fg = caller(world, ASKER, "fg")
    purpose = {"Doel": "toezicht_avg"}
    entry = next(
        one for one in fg.get("/v1/logboek/regels", purpose, vanaf=leaf)["regels"] if one["blad"] == leaf
    )
    bundle = _when_published(lambda: fg.get(f"/v1/logboek/regels/{leaf}/bewijs", purpose))
    proof = folder / f"bewijs-{leaf}.json"
    proof.write_text(json.dumps(bundle), encoding="utf-8")
    done = world.command("audit", "verify", str(proof), "--vkey", world.log_vkey)
    if done.returncode != 0:
        raise WorldError(done.stdout + done.stderr)
    data = {
        "blad": leaf,
        "gebeurtenis": entry["gebeurtenis"],
        "velden": entry["velden"],
        "geverifieerd": True,
        "controle": done.stdout.strip().splitlines(),
    }
    told = [done.stdout.strip()]
    if world.witnessed:
        data["getuigen"] = _witnessed(fg)
        told.append(str(data["getuigen"]["zin"]))
    return Seen(data, _shown_to_fg(entry, "\n".join(told)))


def open_phase_2(world: World) -> str:
    """TMM's coordinator asks for phase 2, the aandachtsfunctionarissen of the three municipalities release their own signal.

    Returns:
        The treffer's id.
    """
    headers = case_headers(_TMM_GROUND)
    coordinator = caller(world, "TMM", "tmm_coordinator")
    treffer = coordinator.get("/v1/dossiers", headers)["dossiers"][0]["trefferId"]
    body = {
        "trefferId": treffer,
        "criteria": ["concreet", "noodzaak", "evenredig", "kwaliteit", "rol"],
        "beoordeling": "mens_beoordeeld",
    }
    decision = coordinator.post("/v1/fase-2-besluiten", body, headers)["besluitId"]
    for organisation in SUBMITTERS:
        release(world, organisation, treffer, decision)
    return str(treffer)


def release(world: World, organisation: str, treffer: str, decision: str) -> None:
    """The aandachtsfunctionaris releases the own signals in a treffer."""
    keeper = caller(world, organisation, "aandachtsfunctionaris")
    waiting = keeper.get("/v1/treffers")["treffers"]
    ours = next(one for one in waiting if one["trefferId"] == treffer)["onzeSignalen"]
    for signal in ours:
        keeper.post("/v1/vrijgaven", {"besluitId": decision, "signaalId": signal})


def analyst_looks(world: World, treffer: str) -> Seen:
    """TMM's analyst opens the track under a case number."""
    track = caller(world, "TMM", "tmm_analist").get(f"/v1/dossiers/{treffer}", case_headers(_TMM_GROUND))
    return Seen(track, _shown_to_analyst(track))


def case_headers(ground: str) -> dict[str, str]:
    """Case number, reason and ground of TMM's work in this exercise."""
    return {"Doel": "opsporing_handoff", "Zaaknummer": CASE, "Reden": _REASON, "Grondslag": ground}


def _witnessed(fg: Any) -> Any:
    """How the witnesses stand once enough of them vouch for the newest checkpoint, or when patience ends."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        found = fg.get("/v1/logboek/getuigen")
        if found["genoeg"] or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def _when_published(read: Any) -> Any:
    """The next checkpoint takes a moment."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return read()
        except Refusal as refusal:
            if refusal.code != "nog-geen-controlepunt" or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _shown_to_fg(entry: Mapping[str, Any], verdict: str) -> str:
    fields = entry["velden"]
    rows = [(label, entry_value(key, fields[key], NAMES)) for key, label in entry_labels() if fields.get(key)]
    lines = [
        event_name(entry["gebeurtenis"], entry["ontvanger"]).upper(),
        *(f"{label}: {value}" for label, value in rows),
    ]
    return "\n".join([*lines, "", _("Nagerekend met: signaalregister audit verify"), verdict])


def _shown_to_analyst(track: Mapping[str, Any]) -> str:
    shown = view_of_track(track, NAMES)
    lines = [" -> ".join(shown["route"]), ""]
    for when, where, kinds, form, indicators, role, source in shown["rows"]:
        lines += [
            f"{when}: {where}",
            _("  komt overeen op {soorten}; {vorm}; rol: {rol}; bron {bron}").format(
                soorten=kinds, vorm=form.lower(), rol=role.lower(), bron=source
            ),
            f"  {indicators}",
        ]
    return "\n".join([*lines, *shown["not_searched"]])
