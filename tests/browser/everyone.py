# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An exercise with everyone who has a workplace at the register, and something for each of them to do.

Beside the municipalities and TMM of the exercise: the Arbeidsinspectie, the KMar, the host of a samenwerkingsverband with its ketenregisseur, and a zorgcoördinator; recorded as an
administrator records them, only without a certificate for a node, because these people sign in at the register's pages. Then there are two treffers: one about
labour at the border, handed to TMM, the Arbeidsinspectie and the KMar; and one that nobody took up for eighteen days, which reaches the ketenregisseur.
"""

from datetime import date, timedelta
from threading import BoundedSemaphore
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from policies.decision import Mandate
from process.serving.secrets import write_secret
from register.accounts import AT_ONCE, Account, Passwords
from register.central import agreements, mandates
from register.central.administration import Administrator, Basis
from register.central.app import open_administration
from register.central.settings import RegisterSettings
from register.central.store import organisations as store
from register.central.store import people
from register.demo.plan import ASKER, CONTROL, MOMENT, MUNICIPALITIES, SUBMITTERS
from register.demo.story import (
    caller,
    case_headers,
    release,
)
from register.demo.world import World

HOST: Final = "RIEC-OEFEN"
NLA: Final = "NLA"
KMAR: Final = "KMAR"
BASIS: Final = Basis("OEFENING-BESLUIT-1", "samenwerkingsverband Oefening (fictief)")
REGION: Final = "SV-OEFENING"
LABOUR_PHONE: Final = "06-22334455"
LONELY_PHONE: Final = "06-41526374"
LATER: Final = MOMENT + timedelta(days=18)

ROLES: Final = {
    "nla": NLA,
    "kmar": KMAR,
    "ketenregisseur": HOST,
    "zorgcoordinator": ASKER,
}
_TAKE_UP: Final = {
    "stap": "opgepakt",
    "eersteActie": "bellen_andere_gemeente",
    "beoordeling": "mogelijk_zelfde_persoon",
    "reden": "herhaling",
}
PASSWORD: Final = "oefening-voor-iedereen"
BEHEERDER: Final = "beheerder-register"
CONTACTPUNT: Final = "contactpunt-oefening"
SECOND: Final = "beheerder-register-2"
"""The other functioneel beheerder of ASKER."""
LEAVING: Final = "vertrekt"
"""Somebody of ASKER with an account and without a mandate."""


def name_of(role: str) -> str:
    """The name with which that person signs in."""
    return f"{role}-{ROLES[role].lower()}"


def record_everyone(world: World) -> None:
    """Put organisations, grounds, mandates and accounts in the register; before it starts.

    Raises:
        Refusal: the records would not hold together.
    """
    settings = RegisterSettings.load(
        world.folder / "register" / "instellingen.toml", clock_file=world.folder / "klok"
    )
    for number, code in enumerate((NLA, KMAR, HOST)):
        with open_administration(settings, None) as admin:
            _organisation(admin, number, code)
    for code in (NLA, KMAR, HOST):
        with open_administration(settings, None) as admin:
            agreements.join(admin, REGION, code, admin.today, BASIS)
    with open_administration(settings, None) as admin:
        mandates.add_grounds(admin, _grounds(), BASIS)
    for role, code in ROLES.items():
        with open_administration(settings, None) as admin:
            mandates.add_mandate(admin, _mandate(role, code), BASIS)
    hashed = Passwords(PasswordHasher.from_parameters(CHEAPEST), places=BoundedSemaphore(AT_ONCE)).hash(
        PASSWORD
    )
    with open_administration(settings, None) as admin, admin.centre.database.engine.begin() as connection:
        for role, code in ROLES.items():
            people.add_account(connection, code, Account(f"oefening-{role}", name_of(role), role), hashed)
        leaving = Account("oefening-vertrekt", LEAVING, "zorgcoordinator")
        people.add_account(connection, ASKER, leaving, hashed)
        for number, name in ((1, BEHEERDER), (2, SECOND)):
            beheerder = Account(f"oefening-beheerder-{number}", name, "functioneel_beheerder")
            people.add_account(connection, ASKER, beheerder, hashed)


def record_contactpunt(world: World) -> None:
    """Give the municipality that asked a desk for inzage: a ground, a mandate, and an account at its node; before both start.

    Raises:
        Refusal: the records would not hold together.
    """
    settings = RegisterSettings.load(
        world.folder / "register" / "instellingen.toml", clock_file=world.folder / "klok"
    )
    ground = "\n".join(["grounds:", *_one("OEF-RECHT", "G-RECHT", "AVG 15"), f"    organisation: {ASKER}"])
    with open_administration(settings, None) as admin:
        mandates.add_grounds(admin, ground + "\n", BASIS)
    with open_administration(settings, None) as admin:
        mandates.add_mandate(admin, _mandate("contactpunt", ASKER), BASIS)
    home = world.folder / f"node-{ASKER}"
    write_secret(world.folder / "accounts" / CONTACTPUNT, PASSWORD.encode())
    (home / "contactpunt.yaml").write_text(
        f"accounts:\n  - {{naam: {CONTACTPUNT}, rol: contactpunt, medewerker: oefening-contactpunt, wachtwoordBestand: ../accounts/{CONTACTPUNT}}}\n",
        encoding="utf-8",
    )
    done = world.command(
        *("node", "prepare", "--settings", str(home / "instellingen.toml")),
        *("--records", str(home / "contactpunt.yaml"), "--clock-file", str(world.folder / "klok")),
    )
    assert done.returncode == 0, done.stderr
    world.passwords[CONTACTPUNT] = PASSWORD


def play(world: World) -> None:
    """Everything that happened before anybody opens a page; the processes run.

    Raises:
        Refusal: a step was refused.
    """
    _labour_at_the_border(world)
    _nobody_takes_it_up(world)


def let_it_wait(world: World) -> None:
    """Go on to the day on which what nobody took up has come to the ketenregisseur."""
    world.move_clock(LATER)


def _labour_at_the_border(world: World) -> None:
    for organisation in SUBMITTERS[:2]:
        _saved(world, organisation, LABOUR_PHONE, uitbuitingsvorm="arbeid", grenscontext=True)
    caller(world, SUBMITTERS[2], "toezichthouder").post("/v1/bevragingen", _question(LABOUR_PHONE))
    keeper, headers = caller(world, SUBMITTERS[2], "aandachtsfunctionaris"), case_headers("OEF-WPG-TMM")
    (mine,) = [one for one in keeper.get("/v1/treffers")["treffers"] if one["onzeRol"] == "vrager"]
    treffer = mine["trefferId"]
    keeper.post(f"/v1/treffers/{treffer}/stappen", _TAKE_UP)
    body = {
        "trefferId": treffer,
        "criteria": ["concreet", "noodzaak", "evenredig", "kwaliteit", "rol"],
        "beoordeling": "mens_beoordeeld",
    }
    decision = caller(world, "TMM", "tmm_coordinator").post("/v1/fase-2-besluiten", body, headers)[
        "besluitId"
    ]
    for organisation in SUBMITTERS[:2]:
        release(world, organisation, treffer, decision)
    for recipient in ("TMM", NLA, KMAR):
        keeper.post("/v1/overdrachten", {"trefferId": treffer, "aan": recipient})


def _nobody_takes_it_up(world: World) -> None:
    _saved(world, SUBMITTERS[0], LONELY_PHONE, uitbuitingsvorm="arbeid")
    caller(world, SUBMITTERS[1], "toezichthouder").post("/v1/bevragingen", _question(LONELY_PHONE))


def _saved(world: World, organisation: str, phone: str, **said: Any) -> None:
    body = {
        "subjecten": [{"kenmerken": [{"soort": "phone", "waarde": phone}], "rol": "mogelijk_slachtoffer"}],
        "waargenomen": MOMENT.date().isoformat(),
        "waarnemingGrondslag": "huisvesting_arbeidsmigranten",
        "controlesoort": "woningcontrole",
        "aanwijzingen": ["slapen_in_bedrijfspand"],
        **said,
    }
    caller(world, organisation, "toezichthouder").post("/v1/signalen", body)


def _question(phone: str) -> dict[str, Any]:
    return {"kenmerken": [{"soort": "phone", "waarde": phone}], "controle": CONTROL, "doel": "signalering"}


def _organisation(admin: Administrator, number: int, code: str) -> None:
    row = {
        "code": code,
        "name": {NLA: "Nederlandse Arbeidsinspectie", KMAR: "Koninklijke Marechaussee"}.get(
            code, "RIEC Oefenland"
        ),
        "oin": f"0000000999990000000{number}",
        "fg_contact": "fg@partner.example",
        "contact": "piket, 090 000 00 00 (verzonnen nummer)",
        "address": None,
        "valid_from": admin.today,
    }
    said = {"geldig_van": admin.today.isoformat(), "mandaten": [], "grondslagen": [], "certificaat": ""}
    with admin.recording("organisatie_toegevoegd", code, BASIS, said) as made:
        store.add_organisation(made.work, made.permit, made.number, row)


def _mandate(role: str, code: str) -> Mandate:
    return Mandate(
        role,
        code,
        f"oefening-{role}",
        date(2026, 1, 1),
        date(2030, 12, 31),
        date(2025, 11, 3),
        date(2025, 10, 6),
    )


def _grounds() -> str:
    towns = ", ".join(MUNICIPALITIES)
    shared = [
        ("OEF-RIEC-PARTNERS", "G-RIEC", "WGS 2.16-2.23", "RIEC", f"{towns}, TMM, {NLA}, {KMAR}, {HOST}"),
        ("OEF-ZVH", "G-ZVH", "WGS 2.24-2.32", "ZVH", towns),
    ]
    own = [
        ("OEF-WPG-KMAR", "G-WPG", "Wpg 8, 9 en 13", KMAR),
        ("OEF-STAT-RIEC", "G-STAT", "AVG 89", HOST),
        ("OEF-STAT-TMM", "G-STAT", "AVG 89", "TMM"),
        ("OEF-STAT-GM", "G-STAT", "AVG 89", ASKER),
    ]
    lines = ["grounds:"]
    for name, code, article, host, parties in shared:
        lines += [
            *_one(name, code, article),
            f"    alliance: {REGION}",
            f"    host: {host}",
            f"    parties: [{parties}]",
        ]
    for name, code, article, organisation in own:
        lines += [*_one(name, code, article), f"    organisation: {organisation}"]
    return "\n".join(lines) + "\n"


def _one(name: str, code: str, article: str) -> list[str]:
    return [
        f"  - id: {name}",
        f"    code: {code}",
        f'    article: "{article}"',
        '    task: "Bestrijden van mensenhandel (verzonnen)"',
        "    valid_from: 2025-01-01",
        "    valid_to: 2030-12-31",
        f"    document: OEFENING-{name}",
        '    decision: {by: "samenwerkingsverband (fictief)", date: 2024-12-02}',
        f"    fg_advice: {{date: 2024-11-18, document: OEFENING-FG-{name}, objection: false}}",
    ]
