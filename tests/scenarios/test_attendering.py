# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A correction in one town reaches the officer of another who was shown the signal: by a mail that says nothing, and at the pages.

Real processes, a real SMTP server with TLS. The tests of this module are one story and run in the order in which they stand.
"""

import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from register.demo.plan import CONTROL, HOLDERS, MOMENT, person
from register.demo.story import Caller, caller
from register.demo.world import World
from register.notices import ready_at

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(900)]

OWNER, OTHER = "GM9001", "GM9002"
WORK = "aandacht@gm9002.example.nl"
PHONE, RIGHT_PHONE = "06-20003000", "06-20003001"
PATIENCE = 60.0


class Box:
    """Every mail that came, with whom it was for."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], str, str]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.taken.append((list(envelope.rcpt_tos), str(mail), str(mail["Message-ID"])))
        return "250 OK"


@pytest.fixture(scope="module")
def box(fresh_world: World) -> Iterator[Box]:
    """The mail server of the other town, and a node that knows it."""
    folder, made = fresh_world.folder, Box()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(
        folder / f"node-{OTHER}" / "tls" / "certificaat.pem", folder / f"node-{OTHER}" / "tls" / "sleutel.pem"
    )
    with closing(socket.socket()) as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    server = Controller(made, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    server.start()
    (file,) = folder.glob(f"node-{OTHER}/organisaties/{OTHER}/tenant.toml")
    said = {
        "page_url": fresh_world.node(OTHER),
        "mail_host": "127.0.0.1",
        "mail_port": port,
        "mail_authorities": str(folder / "uitgever" / "uitgever.pem"),
        "mail_from": "signaalregister@gm9002.example.nl",
        "mail_domains": ["gm9002.example.nl"],
    }
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in said.items()]
    file.write_text(file.read_text("utf-8") + "".join(lines), "utf-8")
    yield made
    server.stop()


@pytest.fixture(scope="module")
def world(fresh_world: World, box: Box) -> World:
    assert not box.taken
    fresh_world.start(
        ["signer", *(f"houder-{index}" for index in HOLDERS), "register", f"node-{OWNER}", f"node-{OTHER}"]
    )
    return fresh_world


def observation(phone: str) -> dict[str, Any]:
    return {
        "subjecten": [{"rol": "onbekend", "kenmerken": [{"soort": "phone", "waarde": phone}]}],
        "waargenomen": MOMENT.date().isoformat(),
        "waarnemingGrondslag": "huisvesting_arbeidsmigranten",
        "controlesoort": "woningcontrole",
        "uitbuitingsvorm": "arbeid",
        "aanwijzingen": ["slapen_in_bedrijfspand"],
    }


def officer(world: World, organisation: str) -> Caller:
    return caller(world, organisation, "aandachtsfunctionaris")


def until(world: World, organisation: str, kind: str) -> dict[str, Any]:
    """The notice of a kind, once the register's job and the next fixed moment have brought it."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        for one in officer(world, organisation).get("/v1/berichten")["berichten"]:
            if one["soort"] == kind:
                return dict(one)
        time.sleep(1)
    raise AssertionError(f"{kind} did not come")


def test_a_town_stores_and_another_finds_it(world: World) -> None:
    stored = caller(world, OWNER, "toezichthouder").post("/v1/signalen", observation(PHONE))
    asked = caller(world, OTHER, "toezichthouder").post(
        "/v1/bevragingen",
        {
            "kenmerken": [{"soort": "phone", "waarde": PHONE}],
            "doel": "signalering",
            "controle": CONTROL,
        },
    )
    assert asked["uitkomst"] == "bekend_elders"
    officer(world, OTHER).post("/v1/postbus", {"postbus": WORK})
    corrected = officer(world, OWNER).post(
        "/v1/signalen",
        observation(RIGHT_PHONE) | {"corrigeert": stored["signaalId"], "correctie": "verbeterd"},
    )
    assert (corrected["signaalId"], corrected["versie"]) == (stored["signaalId"], 2)


def test_at_the_next_fixed_moment_the_other_town_s_officer_hears_of_it(world: World, box: Box) -> None:
    assert not officer(world, OTHER).get("/v1/berichten")["berichten"]
    world.move_clock(ready_at(MOMENT + timedelta(minutes=2)) + timedelta(minutes=3))
    assert until(world, OTHER, "signaal_gewijzigd")
    ends = time.monotonic() + PATIENCE
    while not box.taken and time.monotonic() < ends:
        time.sleep(0.5)
    ((to, told, _number),) = box.taken
    assert to == [WORK]
    assert "Er staat iets voor u klaar" in told
    assert world.node(OTHER) in told
    for secret in (
        PHONE,
        OWNER,
        "GM9001",
        "treffer",
        "gewijzigd",
        person(OTHER, "aandachtsfunctionaris").officer,
    ):
        assert secret not in told


def test_the_old_number_finds_nothing_any_more_and_the_right_one_does(world: World) -> None:
    found = {}
    for phone in (PHONE, RIGHT_PHONE):
        answer = caller(world, OTHER, "toezichthouder").post(
            "/v1/bevragingen",
            {
                "kenmerken": [{"soort": "phone", "waarde": phone}],
                "doel": "signalering",
                "controle": CONTROL,
            },
        )
        found[phone] = answer["uitkomst"]
    assert found == {PHONE: "niet_bekend", RIGHT_PHONE: "bekend_elders"}
