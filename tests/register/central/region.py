# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Two samenwerkingsverbanden with a ketenregisseur each, recorded as an administrator records them; only the certificate of a node is left out, because these people sign in at the register's pages."""

from register.central import agreements, mandates
from register.central.centre import Centre
from register.central.store import organisations as store
from tests.register.central.enrolling_world import BASIS, administrator
from tests.register.central.enrolling_world import mandates as given
from tests.register.central.world import OFFICERS, Caller, World

OURS, THEIRS = "RIEC-OOST", "RIEC-WEST"
REGION = "SV-OEFENING"
OFFICERS["ketenregisseur"] = "oefening-ketenregisseur"

_WEST = """
alliances:
  - id: SV-WEST
    name: Samenwerkingsverband West
    kind: samenwerkingsverband
    host: RIEC
    parties: [GM9003, RIEC-WEST]
    document: "OEFENING-CONVENANT-2"
    valid_from: 2025-01-01
"""
_GROUND = """
grounds:
  - id: OEF-{host}
    code: G-RIEC
    article: "WGS 2.16-2.23"
    task: "Bestrijden van mensenhandel (verzonnen)"
    alliance: {alliance}
    parties: [{parties}]
    host: RIEC
    valid_from: 2025-01-01
    valid_to: 2030-12-31
    document: "OEFENING-OEF-{host}"
    decision: {{by: "samenwerkingsverband (fictief)", date: 2024-12-02}}
    fg_advice: {{date: 2024-11-18, document: "OEFENING-FG-{host}", objection: false}}
"""


def with_chains(world: World, centre: Centre) -> None:
    """Record both hosts, what they are party to, their grounds and their ketenregisseur."""
    for number, host in enumerate((OURS, THEIRS)):
        admin = administrator(centre)
        row = {
            "code": host,
            "name": host,
            "oin": f"0000000999990000000{number}",
            "fg_contact": "fg@riec.example",
            "contact": "piket, 090 000 00 00 (verzonnen nummer)",
            "address": None,
            "valid_from": admin.today,
        }
        said = {"geldig_van": admin.today.isoformat(), "mandaten": [], "grondslagen": [], "certificaat": ""}
        with admin.recording("organisatie_toegevoegd", host, BASIS, said) as made:
            store.add_organisation(made.work, made.permit, made.number, row)
    agreements.join(administrator(centre), REGION, OURS, administrator(centre).today, BASIS)
    agreements.add_alliances(administrator(centre), _WEST, BASIS)
    towns = "GM9001, GM9002, GM9003, GM9004"
    for host, alliance, parties in ((OURS, REGION, towns), (THEIRS, "SV-WEST", "GM9003")):
        text = _GROUND.format(host=host, alliance=alliance, parties=f"{parties}, {host}")
        mandates.add_grounds(administrator(centre), text, BASIS)
        for mandate in given(host, ("ketenregisseur",)):
            mandates.add_mandate(administrator(centre), mandate, BASIS)
    world.log.verify(None)


def chain(world: World, host: str = OURS) -> Caller:
    """The ketenregisseur of this host, signed in."""
    caller = world.person(host, "ketenregisseur")
    return caller.but(doel="signalering", grondslag=f"OEF-{host}", zaaknummer="KR-2026-0001")


def escalate(world: World) -> None:
    """As long as it takes until what nobody took up is escalated."""
    world.clock.forward(days=16)
