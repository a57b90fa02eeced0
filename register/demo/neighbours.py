# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Those who work beside municipalities and TMM, and something for each of them to do: a day in the exercise that a visitor can go through with pages alone.

The Arbeidsinspectie, the KMar, the host of a samenwerkingsverband with its ketenregisseur, a zorgcoördinator and who looks after people at the register; recorded as an
administrator records them, only without a certificate for a node, because these people sign in at the register's pages. Then there are three stories: a question of a week
ago, for the weekly inbox of an FG; a treffer that nobody took up for three weeks, which came to the ketenregisseur; and one about labour at the border, handed to TMM, the
Arbeidsinspectie and the KMar.
"""

from datetime import date
from threading import BoundedSemaphore
from typing import Any, Final

from policies.decision import Mandate
from register.accounts import AT_ONCE, Account, Passwords
from register.central import accounts, agreements, mandates
from register.central.administration import Administrator, Basis
from register.central.app import open_accounts, open_administration
from register.central.settings import RegisterSettings
from register.central.store import organisations as store
from register.demo.plan import (
    ASKER,
    CONTROL,
    HOST,
    KMAR,
    LABOUR_PHONE,
    LONELY_PHONE,
    MOMENT,
    MUNICIPALITIES,
    NEIGHBOURS,
    NLA,
    REGION,
    SUBMITTERS,
    UNKNOWN_PHONE,
    Person,
)
from register.demo.story import caller, case_headers, release
from register.demo.world import World

BASIS: Final = Basis("OEFENING-BESLUIT-1", "samenwerkingsverband Oefening (fictief)")
NAMES: Final = {NLA: "Nederlandse Arbeidsinspectie", KMAR: "Koninklijke Marechaussee", HOST: "RIEC Oefenland"}
"""Organisations that the starting records do not have, by name."""
_OPENED: Final = {"waarnemingGrondslag": "alcoholwet_horeca", "controlesoort": "horeca"}
"""Of a control that is opened: one that everybody can open in one tap, and that stays the first to choose afterwards."""
_CONTROL: Final = {"waarnemingGrondslag": "huisvesting_arbeidsmigranten", "controlesoort": "woningcontrole"}
_TAKE_UP: Final = {
    "stap": "opgepakt",
    "eersteActie": "bellen_andere_gemeente",
    "beoordeling": "mogelijk_zelfde_persoon",
    "reden": "herhaling",
}


def record(world: World) -> None:
    """Put organisations, grounds, mandates and accounts in the register; before it starts.

    Raises:
        Refusal: the records would not hold together.
    """
    settings = RegisterSettings.load(
        world.folder / "register" / "instellingen.toml", clock_file=world.folder / "klok"
    )
    for number, code in enumerate(NAMES):
        with open_administration(settings, None) as admin:
            _organisation(admin, number, code)
    for code in NAMES:
        with open_administration(settings, None) as admin:
            agreements.join(admin, REGION, code, admin.today, BASIS)
    with open_administration(settings, None) as admin:
        mandates.add_grounds(admin, _grounds(), BASIS)
    for one in NEIGHBOURS:
        # The municipality's own beheerder, who has a mandate already.
        if one.role != "functioneel_beheerder":
            with open_administration(settings, None) as admin:
                mandates.add_mandate(admin, mandate_of(one), BASIS)
    passwords = Passwords(places=BoundedSemaphore(AT_ONCE))
    new = [
        accounts.New(
            one.organisation,
            Account(one.officer, one.name, one.role),
            passwords.hash(world.passwords[one.name]),
        )
        for one in NEIGHBOURS
    ]
    with open_accounts(settings) as (centre, moment):
        accounts.make(centre, new, moment)


def asked_a_week_ago(world: World) -> None:
    """The inspector of the fourth municipality asks something that nobody knows, and says how the control ended; a week later its FG looks at it.

    Raises:
        Refusal: a step was refused.
    """
    _asked_and_closed(world, ASKER, UNKNOWN_PHONE)


def nobody_takes_it_up(world: World, seen: date) -> None:
    """Two municipalities have a treffer, and leave it. `seen` is the day on which one of them saw something, by the clock of the exercise.

    Raises:
        Refusal: a step was refused.
    """
    _saved(world, SUBMITTERS[0], LONELY_PHONE, seen, uitbuitingsvorm="arbeid")
    _asked_and_closed(world, SUBMITTERS[1], LONELY_PHONE)


def labour_at_the_border(world: World) -> None:
    """Two signals and a question of a third, taken up and handed to TMM, the Arbeidsinspectie and the KMar.

    Raises:
        Refusal: a step was refused.
    """
    for organisation in SUBMITTERS[:2]:
        _saved(world, organisation, LABOUR_PHONE, MOMENT.date(), uitbuitingsvorm="arbeid", grenscontext=True)
    caller(world, SUBMITTERS[2], "toezichthouder").post("/v1/bevragingen", _question(LABOUR_PHONE, CONTROL))
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


def reminded(world: World) -> None:
    """Count anew what people are reminded of: a clock that was set ahead made the log look as if nobody had signed it for days."""
    home = world.folder / "register"
    settings = ("--settings", str(home / "instellingen.toml"), "--clock-file", str(world.folder / "klok"))
    # Refused while the register itself is at it, which is as good.
    world.command("register", "jobs", "--once", "herinneringen", *settings)


def _asked_and_closed(world: World, organisation: str, phone: str) -> None:
    inspector = caller(world, organisation, "toezichthouder")
    number = inspector.post("/v1/controles", {**_OPENED, "plaats": organisation, "gepland": True})["nummer"]
    inspector.post("/v1/bevragingen", _question(phone, number))
    inspector.post("/v1/aflopen", {"controle": number, "afloop": "niets_aangetroffen"})


def _saved(world: World, organisation: str, phone: str, seen: date, **said: Any) -> None:
    body = {
        "subjecten": [{"kenmerken": [{"soort": "phone", "waarde": phone}], "rol": "mogelijk_slachtoffer"}],
        "waargenomen": seen.isoformat(),
        "aanwijzingen": ["slapen_in_bedrijfspand"],
        **_CONTROL,
        **said,
    }
    caller(world, organisation, "toezichthouder").post("/v1/signalen", body)


def _question(phone: str, control: str) -> dict[str, Any]:
    return {"kenmerken": [{"soort": "phone", "waarde": phone}], "controle": control, "doel": "signalering"}


def _organisation(admin: Administrator, number: int, code: str) -> None:
    row = {
        "code": code,
        "name": NAMES[code],
        "oin": f"0000000999990000000{number}",
        "fg_contact": "fg@partner.example",
        "contact": "piket, 090 000 00 00 (verzonnen nummer)",
        "address": None,
        "valid_from": admin.today,
    }
    said = {"geldig_van": admin.today.isoformat(), "mandaten": [], "grondslagen": [], "certificaat": ""}
    with admin.recording("organisatie_toegevoegd", code, BASIS, said) as made:
        store.add_organisation(made.work, made.permit, made.number, row)


def mandate_of(one: Person) -> Mandate:
    """The mandate with which this person works in the exercise."""
    return Mandate(
        one.role,
        one.organisation,
        one.officer,
        date(2026, 1, 1),
        date(2030, 12, 31),
        date(2025, 11, 3),
        date(2025, 10, 6),
    )


def _grounds() -> str:
    towns = ", ".join(MUNICIPALITIES)
    shared = [
        (
            "OEF-RIEC-PARTNERS",
            "G-RIEC",
            "WGS 2.16-2.23",
            "Bestrijden van mensenhandel en mensensmokkel, met inspectie en Marechaussee",
            "RIEC",
            f"{towns}, TMM, {NLA}, {KMAR}, {HOST}",
        ),
        ("OEF-ZVH", "G-ZVH", "WGS 2.24-2.32", "Zorg en veiligheid voor wie dat nodig heeft", "ZVH", towns),
    ]
    own = [
        ("OEF-WPG-KMAR", "G-WPG", "Wpg 8, 9 en 13", "Eigen taak van de Marechaussee bij mensenhandel", KMAR),
        *(
            (f"OEF-STAT-{code}", "G-STAT", "AVG 89", "Tellen wat er van treffers werd", code)
            for code in (*MUNICIPALITIES, "TMM", HOST)
        ),
    ]
    lines = ["grounds:"]
    for name, code, article, task, host, parties in shared:
        lines += [
            *ground_lines(name, code, article, task),
            f"    alliance: {REGION}",
            f"    host: {host}",
            f"    parties: [{parties}]",
        ]
    for name, code, article, task, organisation in own:
        lines += [*ground_lines(name, code, article, task), f"    organisation: {organisation}"]
    return "\n".join(lines) + "\n"


def ground_lines(name: str, code: str, article: str, task: str) -> list[str]:
    """A ground as its file has it, but for whose it is."""
    return [
        f"  - id: {name}",
        f"    code: {code}",
        f'    article: "{article}"',
        f'    task: "{task} (verzonnen)"',
        "    valid_from: 2025-01-01",
        "    valid_to: 2030-12-31",
        f"    document: OEFENING-{name}",
        '    decision: {by: "samenwerkingsverband (fictief)", date: 2024-12-02}',
        f"    fg_advice: {{date: 2024-11-18, document: OEFENING-FG-{name}, objection: false}}",
    ]
