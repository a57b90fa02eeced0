# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""One of everything that can be named at the register, by its parties, with a body for each message that names an object; and identifiers of the same form that are nobody's."""

from typing import Any

import pytest

from register.central import mandates
from register.central.centre import Centre
from tests.register.central import test_connecting as connecting
from tests.register.central import test_releasing as releasing
from tests.register.central.conftest import Publish
from tests.register.central.enrolling_world import BASIS, administrator, ground
from tests.register.central.test_attending import set_one, standing
from tests.register.central.test_break_glass import in_danger, opened
from tests.register.central.test_casework import TAKE_UP, did
from tests.register.central.test_freezing import draw_up, frozen
from tests.register.central.test_handing_over import hand_over
from tests.register.central.test_laying_down import GROUND, PROSE
from tests.register.central.test_supervision import busy_week, enter, inbox, sign_in
from tests.register.central.world import CRITERIA, World, point, pseudonym, subject

__all__ = ["busy_week", "enter"]

Belongings = tuple[dict[str, str], dict[str, dict[str, Any]]]
"""Identifiers by name, and bodies by message."""

ASKER, OWNER, OTHER, OUTSIDER = "GM9004", "GM9001", "GM9002", "GM9003"
NOBODYS = "00000000-0000-4000-8000-00000000000a"

CASE = ("signaal_id", "treffer_id", "besluit_id", "verklaring_id", "uitsluiting_id", "overdracht_id")
OWN = (
    "noodopening_id",
    "bevriezing_id",
    "datalek_id",
    "vrijgave_id",
    "attendering_id",
    "vastlegging_id",
    "blad",
    "post",
)
BODY = {
    "signaalId": "signaal_id",
    "trefferId": "treffer_id",
    "overId": "treffer_id",
    "bevriezingId": "bevriezing_id",
    "blad": "blad",
    "medewerker": "medewerker",
}
"""Members of a body that name an object, and which."""

OWNED = {*CASE, *OWN, "medewerker"}
OPEN_TO_TMM = {*CASE, "vrijgave_id"}
"""What TMM may be a party to: its people are no outsiders there."""

BODIES: dict[str, dict[str, Any]] = {
    "Intrekking": {"reden": "onjuist"},
    "Fase2Besluit": {"criteria": CRITERIA, "beoordeling": "mens_beoordeeld"},
    "Vrijgave": {},
    "UitsluitingMaken": connecting.EXCLUSION,
    "VerklaringMaken": {"soort": "zelfde", "reden": "documenten_vergeleken"},
    "VerklaringIntrekken": {"reden": "vergissing"},
    "TrefferStap": TAKE_UP,
    "OverdrachtStart": {"aan": "TMM"},
    "OverdrachtTerugkoppeling": {"code": "onderzoek_gestart"},
    "Noodopening": {"gevaar": "levensgevaar"},
    "NoodopeningBeoordeling": {"oordeel": "ok"},
    "Bevriezing": {"reden": "eigen_kring"},
    "Opheffing": {"besluitstuk": "B1", "beslotenDoor": "college"},
    "Datalek": {},
    "DatalekAfhandeling": {"afhandeling": "gemeld"},
    "PostBeoordeling": {"oordeel": "ok", "waarom": "past_bij_taak"},
    "VastleggingAdvies": PROSE,
    "VastleggingAntwoord": {"besluitstuk": "B2026-120", "toelichting": "Het staat in de verordening."},
    "VastleggingIntrekking": {"toelichting": "Het besluit is herroepen."},
    "Hervraging": {},
    "SignaalBevestigen": {},
    "BerichtAfhandelen": {"soort": "treffer_nieuw"},
    "Attendering": {"over": "treffer", "reden": "gevaar", "dagen": 9, "uitdrukkelijk": True},
}
"""By message, what is sent beside its identifiers and its organisation."""


@pytest.fixture
def theirs(world: World, centre: Centre, publish: Publish, busy_week: list[int]) -> Belongings:
    """One of everything that can be asked for, of ASKER, OWNER and OTHER; and what to send with each message."""
    assert busy_week
    world.log.verify(None)
    case, phone, email = connecting.Case(world), pseudonym(point()), pseudonym(point(), "email")
    case.submit("A", OWNER, subject(phone, email))
    case.submit("B", OTHER, subject(phone, email))
    case.opened(phone)
    case.release("A", OWNER)
    case.release("B", OTHER)
    number = case.treffer
    listed = case.analyst.post(f"/v1/dossiers/{number}/uitsluitingen", connecting.exclusion(case))
    excluded = case.analyst.get("/v1/uitsluitingen").json()["uitsluitingen"][0]["uitsluitingId"]
    said = case.say("niet_dezelfde", "A", "B")
    did(world.contact(ASKER), number, TAKE_UP)
    handed = hand_over(world.contact(ASKER), number)
    for code in (ASKER, OUTSIDER):
        text = ground(code, id=f"NOOD-{code}", code="G-VIT", article="AVG 6 lid 1 onder d")
        mandates.add_grounds(administrator(centre), text, BASIS)
    world.log.verify(None)
    emergency = opened(in_danger(world), number)
    freeze = frozen(world, ASKER)
    breach = draw_up(world, ASKER, bevriezingId=freeze)
    followed = set_one(world.contact(ASKER), standing(number, "treffer"))
    releasing.second_officer(centre, world)
    releasing.enrolled(centre, world, releasing.statement(valid_from=centre.clock().date()))
    release = releasing.Case(world, case.signals["A"], number)
    sent = release.send()
    for answer in (listed, said, handed, emergency, breach, followed, sent):
        assert answer.status_code == 201, answer.text
    wanted = world.administrator(ASKER).post("/v1/beheer/grondslagen", GROUND)
    assert wanted.status_code == 201, wanted.text
    publish()
    names = {
        "signaal_id": case.signals["A"],
        "treffer_id": number,
        "besluit_id": case.decision,
        "verklaring_id": said.json()["verklaringen"][0],
        "uitsluiting_id": excluded,
        "overdracht_id": handed.json()["overdrachtId"],
        "noodopening_id": emergency.json()["noodopeningId"],
        "bevriezing_id": freeze,
        "datalek_id": breach.json()["datalekId"],
        "vrijgave_id": release.release,
        "attendering_id": followed.json()["attenderingId"],
        "vastlegging_id": wanted.json()["vastleggingId"],
        "blad": str(world.log.entries(ASKER)[0]["blad"]),
        "post": inbox(sign_in(world, ASKER))[0]["post"],
        "medewerker": releasing.SECOND,
        "maand": "2026-03",
        "nummer": "1",
    }
    return names, BODIES | {"ZegelVrijgave": release.body(vrijgaveId=NOBODYS)}


def nobodys(theirs: dict[str, str]) -> dict[str, str]:
    """Identifiers of the same form that are nobody's."""
    return {
        name: {"blad": "999999", "post": "2026-W10.999999", "medewerker": "iemand-die-er-niet-is"}.get(
            name, NOBODYS
        )
        for name in theirs
        if name in OWNED
    } | {name: value for name, value in theirs.items() if name not in OWNED}
