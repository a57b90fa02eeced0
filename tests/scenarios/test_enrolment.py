# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A fifth municipality joins a register that runs, at a node that serves another already: every step is a command that somebody types.

The tests of this module are one story on one set of real processes and run in the order in which they stand.
"""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from process.serving.secrets import write_secret
from register.demo.plan import CONTROL, HOLDERS, MOMENT, person
from register.demo.world import World, change_settings
from tests.register.central.enrolling_world import ground

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(900)]

CODE, HOST = "GM9005", "GM9004"
OFFICER = "medewerker-0001"
PHONE, OTHER_PHONE = "06-87654321", "06-11223344"
PROCESSES = ("signer", *(f"houder-{index}" for index in HOLDERS), "register", f"node-{HOST}")
DECIDED = ("--document", "OEFENING-BESLUIT-5", "--decided-by", "college van Oefenmeer (fictief)")


@dataclass
class Story:
    """The exercise with an authority of its own, and where the files of the fifth municipality are."""

    world: World

    @property
    def folder(self) -> Path:
        return self.world.folder

    @property
    def tenants(self) -> Path:
        return self.folder / f"node-{HOST}" / "organisaties"

    @property
    def node_settings(self) -> Path:
        return self.folder / f"node-{HOST}" / "instellingen.toml"

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = self.world.command(*arguments)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def register(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        settings = str(self.folder / "register" / "instellingen.toml")
        here = ("--settings", settings, "--clock-file", str(self.folder / "klok"))
        return self.run("register", *arguments, *here, code=code)

    def add(self, told: str, *, code: int = 0) -> subprocess.CompletedProcess[str]:
        return self.register(
            *("organisation", "add", "--request", str(self.tenants / CODE / "aanmelding.json")),
            *("--fingerprint", told, "--from", MOMENT.date().isoformat()),
            *(
                "--ground",
                str(self.folder / "grondslagen.yaml"),
                "--out",
                str(self.folder / "toelating.json"),
            ),
            *("--authority", str(self.folder / "proef"), "--passphrase-file", str(self.folder / "wachtzin")),
            *DECIDED,
            code=code,
        )

    def at_node(
        self, organisation: str, name: str, *arguments: str, code: int = 0
    ) -> subprocess.CompletedProcess[str]:
        secret = str(self.folder / "accounts" / name)
        who = ("--url", self.world.node(HOST), "--officer", name, "--password-file", secret)
        return self.run("node", *arguments, "--organisation", organisation, *who, code=code)

    def ask(self, organisation: str, name: str, phone: str, control: str, *, code: int = 0) -> Any:
        question = ("ask", "--attribute", f"phone={phone}", "--control", control, "--json")
        return json.loads(self.at_node(organisation, name, *question, code=code).stdout)

    def submit(self, organisation: str, name: str, phone: str) -> Any:
        signal = ("submit", "--attribute", f"phone={phone}", "--date", "2026-11-19", "--form", "arbeid")
        seen = ("--basis", "huisvesting_woningwet_omgevingswet", "--control-type", "woningcontrole")
        indicator = ("--indicator", "slapen_in_bedrijfspand", "--json")
        return json.loads(self.at_node(organisation, name, *signal, *seen, *indicator).stdout)


def fingerprint_in(done: subprocess.CompletedProcess[str]) -> str:
    """What the one administrator reads to the other."""
    found = re.search(r"^Vingerafdruk: (\S+)$", done.stdout, re.MULTILINE)
    assert found, done.stdout
    return found[1]


INSPECTOR = person(HOST, "toezichthouder").name
OURS = "inspecteur-gm9005"


@pytest.fixture(scope="module")
def story(fresh_world: World) -> Story:
    """The exercise runs: every process trusts its own authority, and one for pilots that was made with the command."""
    told, folder = Story(fresh_world), fresh_world.folder
    write_secret(folder / "wachtzin", b"een lange zin voor de proef 7f3a\n")
    told.run("register", "authority", "make", "--out", str(folder / "proef"), "--passphrase-file", str(folder / "wachtzin"))  # fmt: skip
    believed = folder / "uitgever" / "uitgever.pem"
    believed.write_bytes(believed.read_bytes() + (folder / "proef" / "uitgever.pem").read_bytes())
    ports = fresh_world.ports
    values: dict[str, object] = {
        "address": f"https://127.0.0.1:{ports.register}",
        "keyholder_urls": [f"https://127.0.0.1:{ports.holder(index)}" for index in HOLDERS],
        "keyset_file": str(folder / "ceremonie" / "sleutelset.json"),
    }
    change_settings(fresh_world, "register", values)
    (folder / "grondslagen.yaml").write_text(ground(CODE), encoding="utf-8")
    write_secret(folder / "accounts" / OURS, b"een-lang-wachtwoord-1\n")
    fresh_world.start(PROCESSES)
    told.submit(HOST, INSPECTOR, PHONE)
    return told


@pytest.fixture(scope="module")
def asked(story: Story) -> str:
    """The fingerprint of the aanmelding, as the node's administrator reads it out."""
    return fingerprint_in(
        story.run(
            *("node", "enrol", "request", "--organisation", CODE, "--oin", "00000009876543210000"),
            *(
                "--fg-contact",
                "fg@oefenmeer.example",
                "--contact",
                "piket, 091 000 00 05",
                "--tenants",
                str(story.tenants),
            ),
            *(
                "--mandate",
                f"toezichthouder={OFFICER},2025-11-03,2025-10-06",
                "--from",
                "2026-01-01",
                "--until",
                "2030-12-31",
            ),
            *("--recovery-key-out", str(story.folder / "kluis" / "gm9005.pem")),
        )
    )


@pytest.fixture(scope="module")
def admitted(story: Story, asked: str) -> str:
    """The fingerprint of the toelating, as the register's administrator reads it out."""
    return fingerprint_in(story.add(asked))


@pytest.fixture(scope="module")
def joined(story: Story, admitted: str) -> Story:
    """The fifth municipality at work at the node of the fourth, after a restart of that node only."""
    story.run(
        *("node", "enrol", "complete", "--admission", str(story.folder / "toelating.json")),
        *("--fingerprint", admitted, "--tenants", str(story.tenants), "--out", str(story.node_settings)),
    )
    account = f"  - {{naam: {OURS}, rol: toezichthouder, medewerker: {OFFICER}, wachtwoordBestand: ../accounts/{OURS}}}"
    control = (
        f"  - {{nummer: {CONTROL}, waarnemingGrondslag: huisvesting_woningwet_omgevingswet, controlesoort: woningcontrole,"
        f" plaats: {CODE}, gepland: true, dag: {MOMENT.date().isoformat()}}}"
    )
    records = story.folder / f"node-{HOST}" / "begin-gm9005.yaml"
    records.write_text(f"accounts:\n{account}\ncontroles:\n{control}\n", encoding="utf-8")
    story.run(
        *("node", "prepare", "--settings", str(story.node_settings), "--organisation", CODE),
        *("--records", str(records), "--clock-file", str(story.folder / "klok")),
    )
    story.world.stop(f"node-{HOST}")
    story.world.start([f"node-{HOST}"])
    return story


def test_a_wrong_fingerprint_enrols_nobody(story: Story, asked: str) -> None:
    done = story.add(asked[:-4] + ("0000" if not asked.endswith("0000") else "1111"), code=1)
    assert "vingerafdruk" in done.stderr
    assert asked not in done.stdout + done.stderr
    assert CODE not in story.register("organisation", "list").stdout


def test_the_register_lists_the_organisation_once_it_is_enrolled(story: Story, admitted: str) -> None:
    assert admitted
    assert CODE in story.register("organisation", "list").stdout
    shown = story.register("organisation", "show", CODE).stdout
    assert "OEFENING-BESLUIT-5" in shown
    assert OFFICER in shown


def test_the_node_says_that_its_second_organisation_is_complete(joined: Story) -> None:
    told = joined.run("node", "enrol", "check", "--tenants", str(joined.tenants), code=1).stdout
    ours = told.partition(f"{CODE}:")[2]
    assert "compleet" in ours
    assert "nog 39" in ours, "398 days"


def test_its_inspector_finds_what_another_municipality_submitted(joined: Story) -> None:
    answer = joined.ask(CODE, OURS, PHONE, CONTROL)
    assert (answer["uitkomst"], answer["aantalGemeenten"]) == ("bekend_elders", "1")


def test_what_its_inspector_submits_is_found_elsewhere(joined: Story) -> None:
    assert joined.submit(CODE, OURS, OTHER_PHONE)["signaalId"]
    assert joined.ask(HOST, INSPECTOR, OTHER_PHONE, CONTROL)["uitkomst"] == "bekend_elders"
    assert joined.ask(CODE, OURS, OTHER_PHONE, CONTROL)["uitkomst"] == "niet_bekend", "its own"


def test_the_log_with_the_enrolment_in_it_verifies(joined: Story) -> None:
    world = joined.world
    joined.run("audit", "verify", "--log", world.register_pages, "--vkey", world.log_vkey)


def test_a_mandate_that_ends_stops_at_once_in_the_running_register(joined: Story) -> None:
    whose = ("--organisation", CODE, "--role", "toezichthouder", "--person", OFFICER)
    joined.register("mandate", "end", *whose, *DECIDED)
    refusal = joined.ask(CODE, OURS, PHONE, CONTROL, code=1)
    assert (refusal["status"], refusal["regel"]) == (403, "MANDAAT")
    assert joined.ask(HOST, INSPECTOR, OTHER_PHONE, CONTROL)["uitkomst"] == "bekend_elders"


def test_after_a_merger_the_node_is_told_where_to_go(joined: Story) -> None:
    joined.register("organisation", "merge", CODE, "--into", HOST, *DECIDED)
    refusal = joined.ask(CODE, OURS, PHONE, CONTROL, code=1)
    assert refusal["code"] == "organisatie-beeindigd"
    assert HOST in refusal["wegVooruit"]
    assert joined.ask(HOST, INSPECTOR, OTHER_PHONE, CONTROL)["uitkomst"] == "niet_bekend", "its own now"
