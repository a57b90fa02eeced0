# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The commands of the register's administrator, as somebody types them on its machine; what they change is tested elsewhere."""

import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from cryptography import x509
from sqlalchemy import URL, create_engine

from process.command import run
from process.secret import Secret
from process.serving.clock import clock_from
from process.serving.files import write_new
from process.serving.secrets import write_secret
from pseudonymisation.canary_pins import points_file
from pseudonymisation.ceremony import keyset_file
from pseudonymisation.rotation import factor_file
from pseudonymisation.vault import KeyVault
from register.central import app, consenting
from register.central.asking_for import Acting
from register.central.centre import Centre
from register.central.cli_policy import replay
from register.central.consenting import Consenting
from register.central.settings import RegisterSettings
from register.central.store import tables as t
from register.enrolment import fingerprint
from register.municipal.enrolling import Wish
from register.municipal.enrolling import request as node_request
from register.wire import ActingFor
from tests.policies.changed import in_folder
from tests.receipts import VKEYS
from tests.register.central.conftest import settings_in
from tests.register.central.enrolling_world import OIN, ground, keyset, mandates
from tests.register.central.test_changing import SHOWS_TOWN
from tests.register.central.turning import Turning, canary_points
from tests.register.central.world import MOMENT

DECIDED = ("--document", "OEFENING-BESLUIT-9", "--decided-by", "college (fictief)")


@dataclass
class Machine:
    """The register's machine: settings, an authority, and an aanmelding that came by mail."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    told: str = ""

    @property
    def here(self) -> tuple[str, ...]:
        return (
            *("--settings", str(self.folder / "instellingen.toml")),
            *("--clock-file", str(self.folder / "klok")),
        )

    def run(self, *arguments: str, code: int = 0) -> str:
        found = run(["register", *arguments])
        out, err = self.capsys.readouterr()
        assert found == code, out + err
        return out + err

    def add(self, *more: str, code: int = 0) -> str:
        return self.run(
            *("organisation", "add", "--request", str(self.folder / "aanmelding.json")),
            *("--fingerprint", self.told, "--from", MOMENT.date().isoformat()),
            *("--out", str(self.folder / "toelating.json"), *DECIDED, *self.here, *more),
            code=code,
        )

    def under(self, profile: str) -> Path:
        """The settings under another profile, with what a register that is no exercise must say."""
        settings = self.folder / "instellingen.toml"
        text = settings.read_text("utf-8").replace('profile = "oefening"', f'profile = "{profile}"')
        apart = self.folder.with_name(f"{self.folder.name}-apart") / "rotatiefactor"
        text += f"rotation_factor_file = {json.dumps(str(apart))}\n" * ("rotation_factor_file" not in text)
        text += f'keyset_fingerprint = "{"ab" * 32}"\n' * ("keyset_fingerprint" not in text)
        settings.write_text(text, encoding="utf-8")
        return settings

    @property
    def authority(self) -> tuple[str, ...]:
        return (
            *("--authority", str(self.folder / "proef")),
            *("--passphrase-file", str(self.folder / "wachtzin")),
        )


@contextmanager
def in_person(
    machine: Machine, organisation: str, role: str, officer: str
) -> Iterator[tuple[Centre, Consenting]]:
    """Somebody at the register that serves beside the commands, known by the own node."""
    settings = RegisterSettings.load(machine.folder / "instellingen.toml")
    clock = clock_from(machine.folder / "klok", settings.profile)
    centre = app._centre(settings, clock, os.urandom)
    person = ActingFor(medewerker=officer, rol=role, doel="toezicht_avg" if role == "fg" else "beheer")
    try:
        yield (
            centre.frozen(mending=True),
            Consenting(Acting(organisation, person, clock(), "0" * 32), "node"),
        )
    finally:
        centre.database.close()


@pytest.fixture
def machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Machine:
    url = URL.create("sqlite", database=str(tmp_path / "register.sqlite")).render_as_string()
    settings = settings_in(tmp_path, url)
    found = Machine(tmp_path, capsys)
    write_secret(tmp_path / "wachtzin", b"een lange zin voor de proef 7f3a\n")
    make = ("authority", "make", "--out", str(tmp_path / "proef"))
    assert "tls_authorities" in found.run(*make, "--passphrase-file", str(tmp_path / "wachtzin"))
    (tmp_path / "sleutelset.json").write_bytes(keyset())
    (tmp_path / "klok").write_text(MOMENT.isoformat(), encoding="ascii")
    values = {
        **{name: str(value) for name, value in settings.model_dump(exclude_defaults=True).items()},
        "tls_authorities": str(tmp_path / "proef" / "uitgever.pem"),
        "address": "https://register.example:8443",
        "keyholder_urls": ["https://een.example", "https://twee.example", "https://drie.example"],
        "keyset_file": str(tmp_path / "sleutelset.json"),
        "keyholder_receipt_keys": list(VKEYS),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items() if name != "database_url"]
    lines.append(f"database_file = {json.dumps(str(tmp_path / 'register.sqlite'))}")
    (tmp_path / "instellingen.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    wish = Wish("GM9005", OIN, "fg@oefenmeer.example", "piket, 091 000 00 05", None, mandates())
    written = node_request(
        wish, tmp_path / "organisaties", tmp_path / "kluis.pem", moment=MOMENT, randomness=_bytes
    )
    (tmp_path / "aanmelding.json").write_bytes(written.path.read_bytes())
    found.told = written.fingerprint
    return found


def _bytes(count: int) -> bytes:
    return bytes((number * 37 + 11) % 256 for number in range(count))


def test_an_organisation_is_added_listed_and_shown(machine: Machine) -> None:
    grounds = machine.folder / "grondslagen.yaml"
    grounds.write_text(ground(), encoding="utf-8")
    told = machine.add(*machine.authority, "--ground", str(grounds))
    assert fingerprint((machine.folder / "toelating.json").read_bytes()) in told
    assert "GM9005\tOefenmeer" in machine.run("organisation", "list", *machine.here)
    shown = machine.run("organisation", "show", "GM9005", *machine.here)
    for part in (
        OIN,
        "fg@oefenmeer.example",
        "piket, 091 000 00 05",
        "OEF-GEM-GM9005",
        "OEFENING-BESLUIT-9",
        "aandachtsfunctionaris",
    ):
        assert part in shown


def test_a_refusal_is_exit_1_with_the_way_forward_and_writes_nothing(machine: Machine) -> None:
    machine.told = "0000"
    told = machine.add(*machine.authority, code=1)
    assert told.startswith("Geweigerd: Dit is niet ingeschreven.")
    assert "Wat u kunt doen:" in told
    assert not (machine.folder / "toelating.json").exists()


def test_a_certificate_comes_from_one_place(machine: Machine) -> None:
    machine.add(code=2)
    machine.add("--authority", str(machine.folder / "proef"), code=2)
    pem = str(machine.folder / "proef" / "uitgever.pem")
    machine.add(*machine.authority, "--certificate", pem, code=2)


def test_a_file_that_exists_is_not_overwritten(machine: Machine) -> None:
    (machine.folder / "toelating.json").write_text("van een ander", encoding="utf-8")
    assert "bestaat al" in machine.add(*machine.authority, code=2)
    assert "GM9005" not in machine.run("organisation", "list", *machine.here)


def test_a_toelating_that_got_lost_is_made_again(machine: Machine) -> None:
    machine.add(*machine.authority)
    out = machine.folder / "nog-eens.json"
    request = ("--request", str(machine.folder / "aanmelding.json"), "--out", str(out))
    assert fingerprint(b"") not in machine.run("organisation", "admission", *request, *machine.here)
    assert json.loads(out.read_bytes())["formaat"] == "signaalregister/toelating/v1"


def test_without_the_addresses_that_a_toelating_tells_nothing_is_enrolled(machine: Machine) -> None:
    settings = machine.folder / "instellingen.toml"
    lines = [line for line in settings.read_text("utf-8").splitlines() if not line.startswith("address")]
    settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "keyset_file" in machine.add(*machine.authority, code=2)
    assert "GM9005" not in machine.run("organisation", "list", *machine.here)


def test_mandates_grounds_ends_and_mergers_are_commands(machine: Machine) -> None:
    whose = ("--organisation", "GM9001", "--role", "fg", "--person", "medewerker-0001")
    days = ("--from", "2026-01-01", "--until", "2027-01-01", "--trained", "2025-11-03")
    assert "--screened" in machine.run("mandate", "add", *whose, *days, *DECIDED, *machine.here, code=2)
    screened = ("--screened", "2025-10-06")
    machine.run("mandate", "add", *whose, *days, *screened, *DECIDED, *machine.here)
    listed = machine.run("mandate", "list", "--organisation", "GM9001", *machine.here)
    assert "GM9001\tfg\tmedewerker-0001\t2026-01-01 - 2027-01-01\t2025-11-03\t2025-10-06" in listed
    machine.run("mandate", "end", *whose, "--on", "2026-06-01", *DECIDED, *machine.here)
    assert "2026-05-31" in machine.run("mandate", "list", "--organisation", "GM9001", *machine.here)
    grounds = machine.folder / "grondslagen.yaml"
    grounds.write_text(ground("GM9001", id="NIEUW"), encoding="utf-8")
    assert "NIEUW" in machine.run("ground", "add", str(grounds), *DECIDED, *machine.here)
    nobody = ("--organisation", "GM9006", *machine.here)
    assert machine.run("mandate", "list", *nobody).strip() == "Er zijn geen mandaten vastgelegd."
    assert machine.run("ground", "list", *nobody).strip() == "Er zijn geen grondslagen vastgelegd."
    assert "NIEUW\tG-GEM\tGM9001" in machine.run("ground", "list", *machine.here)
    machine.run("organisation", "end", "GM9003", *DECIDED, *machine.here)
    machine.run("organisation", "merge", "GM9002", "--into", "GM9001", *DECIDED, *machine.here)
    listed = machine.run("organisation", "list", *machine.here)
    assert "GM9002\tOefenhaven\t... - 2026-03-01\tdoet niet mee -> GM9001" in listed
    assert "Nam over van GM9002." in machine.run("organisation", "show", "GM9001", *machine.here)


def test_whoever_has_no_mandate_gets_nowhere(machine: Machine) -> None:
    command = ("organisation", "end", "GM9003", *DECIDED, *machine.here)
    assert "geen" in machine.run(*command, "--officer", "iemand-anders", code=1)


def test_an_authority_is_made_once_and_opens_with_its_passphrase_only(machine: Machine) -> None:
    proof = machine.folder / "proef"
    assert stat.S_IMODE((proof / "uitgever.sleutel").stat().st_mode) == 0o600
    assert b"ENCRYPTED" in (proof / "uitgever.sleutel").read_bytes()
    certificate = x509.load_pem_x509_certificate((proof / "uitgever.pem").read_bytes())
    assert certificate.issuer == certificate.subject
    make = ("authority", "make", "--out", str(proof), "--passphrase-file", str(machine.folder / "wachtzin"))
    assert "staat al een uitgever" in machine.run(*make, code=2)
    write_secret(machine.folder / "andere", b"een heel andere lange zin 9c1d\n")
    wrong = ("--authority", str(proof), "--passphrase-file", str(machine.folder / "andere"))
    assert "wachtwoord" in machine.add(*wrong, code=2)


def test_a_rotation_is_begun_looked_at_switched_and_finished_from_the_command_line(machine: Machine) -> None:
    turning, folder = Turning(), machine.folder / "rotatie"
    with (machine.folder / "instellingen.toml").open("a", encoding="ascii") as settings:
        settings.write(f'keyset_fingerprint = "{turning.before.fingerprint}"\n')
    names = {"oud": turning.before, "geschaald": turning.scaled, "nieuw": turning.after}
    for name, one in names.items():
        write_new(folder / f"{name}.json", keyset_file(one))
    vault = KeyVault(Secret(bytes(range(32))), _bytes)
    write_secret(machine.folder / "kluis.key", bytes(range(32)))
    write_secret(folder / "rotatiefactor.json", factor_file(turning.factor, vault))
    files = {name: str(folder / f"{name}.json") for name in names}
    begin = (
        *("rotation", "begin", "--previous-keyset", files["oud"], "--scaled-keyset", files["geschaald"]),
        *("--factor-file", str(folder / "rotatiefactor.json"), *DECIDED, *machine.here),
    )
    assert "verzegeld" in machine.run(*begin, code=2)
    opening = ("--vault-file", str(machine.folder / "kluis.key"))
    told = machine.run(*begin[:4], *("--scaled-keyset", files["nieuw"]), *begin[6:], *opening, code=1)
    assert "hoort niet bij deze twee sleutelsets" in told
    assert "0 van 0 pseudoniemen" in machine.run(*begin, *opening)
    canary = canary_points(turning.before, turning.key)
    write_new(folder / "kanarie.json", points_file(canary))
    pin = ("rotation", "canary", "--points", str(folder / "kanarie.json"), *machine.here)
    assert canary.name in machine.run(*pin, code=1)
    with (machine.folder / "instellingen.toml").open("a", encoding="ascii") as settings:
        settings.write(f"[canary_pins]\n{canary.line}\n")
    assert machine.run(*pin) == canary_points(turning.after, turning.turned).line + "\n"
    (folder / "kanarie.json").write_bytes(b"{}")
    assert "node canary --out" in machine.run(*pin, code=1)
    switch = ("rotation", "switch", "--keyset-file", files["nieuw"], *DECIDED, *machine.here)
    assert "Nog niet alles is omgezet" in machine.run(*switch, code=1)
    assert "rotatie" in machine.run("jobs", "--once", "rotatie", *machine.here)
    assert "Wisselen kan" in machine.run("rotation", "status", *machine.here)
    told = machine.run(*switch)
    assert "Gewisseld bij poging 1; terwijl iedereen wachtte zijn 0 pseudoniemen omgezet." in told
    assert f"epoch 3 geldt, vingerafdruk {turning.after.fingerprint}" in told
    finish = ("rotation", "finish", *DECIDED, *machine.here)
    assert machine.run(*finish, code=2)
    assert "oude aandelen" in machine.run(*finish, "--backup-verified")
    machine.run("jobs", "--once", "rotatie", *machine.here)
    assert "geen rotatie onder weg" in machine.run("rotation", "status", *machine.here)
    adopt = ("keyset", "adopt", "--previous-keyset", files["nieuw"], *DECIDED, *machine.here)
    assert "niet een nieuwe verdeling" in machine.run(*adopt, "--keyset-file", files["oud"], code=1)
    nothing = machine.run(*adopt, "--keyset-file", files["oud"], "--transcript", str(folder), code=1)
    assert "opening.json is er niet" in nothing


def test_a_policy_set_is_proposed_advised_approved_activated_and_rolled_back(machine: Machine) -> None:
    folder = in_folder(machine.folder / "regels", SHOWS_TOWN)
    policy = ("policy",)
    told = machine.run(*policy, "propose", str(folder), *DECIDED, *machine.here)
    assert "Een toezichthouder van gemeente A" in told
    assert "aangemeld op de pagina Beleid" in told
    mark = told.split("Kenmerk van dit verschil: ")[1].split()[0]
    with in_person(machine, "GM9001", "fg", "oefening-fg") as (centre, who):
        consenting.advise(centre, who, 1, objection=True, text="Waarom is dit nodig? (fictief)")
    machine.run(*policy, "answer", "1", *DECIDED, *machine.here)
    assert "nog niet door een tweede" in machine.run(
        *policy, "activate", "1", *DECIDED, *machine.here, code=1
    )
    with in_person(machine, "GM9002", "functioneel_beheerder", "oefening-beheerder-1") as (centre, who):
        consenting.approve(centre, who, 1, mark)
    later = ("--at", "2026-03-03T06:00")
    assert "2026-03-03T06:00:00+00:00" in machine.run(
        *policy, "activate", "1", *later, *DECIDED, *machine.here
    )
    assert "ging akkoord" in machine.run(*policy, "roll-back", *DECIDED, *machine.here, code=1)
    with in_person(machine, "GM9002", "functioneel_beheerder", "oefening-beheerder-1") as (centre, who):
        consenting.agree_to_return(centre, who, 5)
    machine.run(*policy, "roll-back", *DECIDED, *machine.here)
    listed = machine.run(*policy, "list", *machine.here)
    assert [line.split("\t")[1] for line in listed.splitlines()[:-1]] == [
        "voorgesteld",
        "bezwaar van de FG",
        "bezwaar beantwoord",
        "goedgekeurd",
        "aangezet",
        "akkoord met teruggaan",
        "teruggedraaid",
    ]


def test_the_commands_say_so_and_go_back_where_policy_cannot_be_read(machine: Machine) -> None:
    settings = RegisterSettings.load(machine.folder / "instellingen.toml")
    engine = create_engine(settings.database)
    machine.run("policy", "list", *machine.here)
    with engine.begin() as connection:
        spoilt = {
            **dict.fromkeys(("hash", "previous"), "e" * 64),
            "number": 1,
            "step": "activering",
            "proposal": 1,
            "organisation": "GM9002",
            "officer": "iemand-1",
            "role": "functioneel_beheerder",
            "document": "",
            "decided_by": "",
            "objection": False,
            "difference": "",
            "takes_effect_at": MOMENT,
            "leaf_index": 0,
            "at": MOMENT,
        }
        connection.execute(t.policy_step.insert().values(spoilt))
    refused = machine.run("policy", "propose", "oefening", *DECIDED, *machine.here, code=1)
    assert "register policy roll-back" in refused
    assert "Stap 1 beslist niets" in machine.run("policy", "list", *machine.here)
    with in_person(machine, "GM9002", "functioneel_beheerder", "oefening-beheerder-1") as (centre, who):
        consenting.agree_to_return(centre, who, 1)
    assert "geldt weer" in machine.run("policy", "roll-back", *DECIDED, *machine.here)
    assert "Nu geldt" in machine.run("policy", "list", *machine.here)


def test_recorded_decisions_are_decided_again_and_exported(machine: Machine) -> None:
    machine.run(
        *("mandate", "add", *WHO, "--from", "2026-01-01", "--until", "2026-12-31"),
        *("--trained", "2025-06-01", "--screened", "2025-06-01", *DECIDED, *machine.here),
    )
    assert "besluiten komen hetzelfde uit" in outcome(replay, machine, 0)
    out = machine.folder / "vragen.json"
    assert "vragen in" in outcome(replay, machine, 0, "--export", str(out))
    assert out.stat().st_mode & 0o077 == 0
    assert "oefening-beheerder" not in out.read_text(encoding="utf-8")
    told = outcome(replay, machine, 0, "--with", "oefening")
    assert told.splitlines()[0].startswith("0 van ")


def test_a_stored_log_is_whole_until_somebody_touches_it(machine: Machine) -> None:
    check = ("log", "check", *machine.here[:2])
    machine.add(*machine.authority)
    assert "Het logboek is heel: " in machine.run(*check)
    with sqlite3.connect(machine.folder / "register.sqlite") as database:
        database.execute("UPDATE log_leaf SET leaf = x'01' || randomblob(32) WHERE leaf_index = 0")
    told = machine.run(*check, code=1)
    assert "Blad 0 " in told
    assert "Het logboek is niet heel. Verander niets" in told


WHO = ("--organisation", "GM9001", "--role", "ambassadeur", "--person", "oefening-ambassadeur")


def outcome(command: click.Command, machine: Machine, code: int, *arguments: str) -> str:
    found = CliRunner().invoke(command, [*arguments, *machine.here])
    assert found.exit_code == code, found.output
    return found.output


def test_samenwerkingsverbanden_and_gates_are_commands(machine: Machine) -> None:
    file = machine.folder / "verbanden.yaml"
    file.write_text(
        "alliances:\n  - {id: CONV-1, name: Convenant, kind: convenant, parties: [GM9001], document: D-1, valid_from: 2026-01-01}\n",
        encoding="utf-8",
    )
    assert "CONV-1" in machine.run("alliance", "add", str(file), *DECIDED, *machine.here)
    whose = ("CONV-1", "--organisation", "GM9002")
    machine.run("alliance", "join", *whose, "--on", "2026-04-01", *DECIDED, *machine.here)
    machine.run("alliance", "leave", *whose, "--on", "2026-05-01", *DECIDED, *machine.here)
    listed = machine.run("alliance", "list", *machine.here)
    assert "CONV-1\tconvenant\t-\t2026-01-01 - ...\tD-1\n\tGM9001\n" in listed
    assert "\tGM9002\t2026-04-01 - 2026-04-30\n" in listed
    machine.run("alliance", "end", "CONV-1", "--on", "2026-06-01", *DECIDED, *machine.here)
    assert "2026-01-01 - 2026-05-31" in machine.run("alliance", "list", *machine.here)
    assert "BSN\topen" in machine.run("gate", "list", *machine.here)
    machine.run("gate", "close", "BSN", *DECIDED, *machine.here)
    assert "BSN\tdicht\tcollege (fictief), OEFENING-BESLUIT-9" in machine.run("gate", "list", *machine.here)
    opening = ("gate", "open", "BSN", *DECIDED, *machine.here)
    assert "--advice" in machine.run(*opening, code=2)
    advice = ("--advice", "FG-2026-4", "--advice-date", "2026-02-01")
    assert "bezwaar" in machine.run(*opening, *advice, "--objection", code=1)
    machine.run(*opening, *advice, "--objection", "--answered-on", "2026-02-15")
    assert "BSN\topen" in machine.run("gate", "list", *machine.here)


def test_the_criteria_for_phase_2_are_set_on_the_advice_of_the_fg_and_listed(machine: Machine) -> None:
    file = machine.folder / "criteria.yaml"
    setting = ("criteria", "set", str(file), *DECIDED, *machine.here)
    advice = ("--advice", "FG-2026-5", "--advice-date", "2026-02-01")
    file.write_text('criteria:\n  - {id: nodig, question: "Is dit nodig?"}\n', encoding="utf-8")
    assert "--advice" in machine.run(*setting, code=2)
    assert "bezwaar" in machine.run(*setting, *advice, "--objection", code=1)
    assert "Is dit nodig?" not in machine.run("criteria", "list", *machine.here)
    assert "De criteria gelden: nodig." in machine.run(*setting, *advice)
    assert machine.run("criteria", "list", *machine.here).strip() == "nodig\tIs dit nodig?"


@pytest.mark.parametrize("profile", ["riec-wgs", "convenant-overig"])
def test_a_real_register_starts_with_nobody_and_gets_its_first_administrator_once(
    machine: Machine, profile: str
) -> None:
    settings = machine.under(profile)
    here, me = ("--settings", str(settings)), ("--officer", "beheerder-0001")
    assert "of niemand" in machine.run("gate", "list", *here, code=2)
    opening = ("gate", "open", "BSN", "--advice", "FG-1", "--advice-date", "2020-01-01", *DECIDED, *me, *here)
    assert "geen mandaat" in machine.run(*opening, code=1)
    days = ("--from", "2020-01-01", "--until", "2099-12-31", "--trained", "2020-01-01")
    first = ("mandate", "first", *days, "--screened", "2020-01-01", *DECIDED)
    assert "eerste beheerder" in machine.run(*first, *me, *here)
    assert "heeft al een beheerder" in machine.run(*first, "--officer", "beheerder-0002", *here, code=1)
    assert "REGISTER\tregister_beheerder\tbeheerder-0001" in machine.run("mandate", "list", *here)
    states = machine.run("gate", "list", *here).splitlines()
    assert [line.split("\t")[1:] for line in states] == [["dicht", "nog niet besloten"]] * 6
    assert "geen grondslagen" in machine.run("ground", "list", *here)
    assert "nog geen samenwerkingsverband" in machine.run("alliance", "list", *here)


def test_a_profile_that_does_not_exist_is_refused_with_those_that_do(machine: Machine) -> None:
    settings = machine.under("riec")
    told = machine.run("gate", "list", "--settings", str(settings), code=2)
    assert "Kies uit: oefening, riec-wgs, convenant-overig" in told
