# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whose is it: on every route of the register, what belongs to others is to whoever asks as what does not exist.

The routes come from the descriptions of both listeners. Every identifier in a path, a query or a body is either owned (`OWNED`: who has it, and one of theirs) or shared
(`SHARED`: why asking for another's tells nothing); a route that brings an identifier of which nobody said whose it is fails. For each route with an owned one, the object is made by
its parties, and then people of another municipality, and of TMM where TMM is no party, ask for it twice (in every role in `make exhaustive`; by turns in `make check`): with its identifier, and with one that is nobody's. Status, headers
and bytes must be equal but for the identifier itself. That the object is there, and that a request gets as far as looking, is seen by its parties, who get two different answers.
The node has the same in `tests/register/municipal/test_isolation.py`, where also pages and stored rows are looked at.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from process.serving.web import new_app
from tests.api.documents import Document, body_of, operations, parameters
from tests.api.kept import FOLDER
from tests.register.central import test_releasing as releasing
from tests.register.central.belongings import (
    ASKER,
    BODIES,
    BODY,
    OPEN_TO_TMM,
    OUTSIDER,
    OWNED,
    OWNER,
    Belongings,
    busy_week,
    enter,
    nobodys,
    theirs,
)
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.test_break_glass import in_danger
from tests.register.central.world import Caller, World

__all__ = ["busy_week", "enter", "theirs"]

SHARED = {
    "maand": "a month of the own organisation, whoever asks",
    "nummer": "a proposal or step of policy, which everyone with a mandate for policy reads",
    "verband": "codes of samenwerkingsverbanden are public; tests/register/central/web/test_pages.py has the agenda",
    "deel": "the public log",
    "omvang": "the public log",
    "oud": "the public log",
    "vanaf": "a place in the own list, or in the public log",
    "aantal": "how many of a list",
    "van": "a day, a leaf of the public log, or a node within a case that was opened",
    "naar": "as van",
    "tot": "a day",
    "stappen": "how far a network is followed",
    "rol": "a role of the rules",
    "richting": "which half of the own list",
    "getuigen": "which checkpoint of the public log",
    "organisatie": "must be the caller's own (`andere-organisatie`), whichever other it is",
    "vrijgaveId": "a number that the sender makes up for something new",
    "knoop": "a place within a case that was opened",
    "aan": "the code of an organisation",
    "anderePartij": "the code of an organisation",
    "melder": "the code of an organisation",
    "lokaleVerwijzing": "the sender's own number",
    "sleutel": "the number of a public key",
    "organisation": "AuthZEN: a code, in a question about rules",
    "id": "AuthZEN: names of roles, actions and fields, in a question about rules",
    "kwitanties": "receipts of key holders, bound to this very request",
    "medewerker of MandaatVoorstel": "a number that the own organisation gives to somebody",
    "medewerker of MandaatEinde": "a number of the own organisation: of another it is not looked at",
    "medewerker of AccountMaken": "as MandaatEinde",
    "blad of /v1/logboek/bewijzen/insluiting": "a place in the public log",
    "signaalId of SignaalIndienen": "a number that the sender makes up for something new; the same number of two organisations is two signals",
}

IDENTIFIER = re.compile(
    r"id$|Id$|^(nummer|blad|post|medewerker|organisatie|knoop|sleutel|aan|anderePartij|melder)$"
)

LOOKED_AT_NOTHING = {
    "ongeldige-invoer",
    "onvolledig",
    "stap-niet-volledig",
    "geen-attendering",
    "onbekende-code",
    "geen-toegang",
}
"""Codes of a request that was refused for its form or for who asks: by somebody, on every route, it must get further."""


@dataclass(frozen=True)
class Route:
    """One operation on one listener, with the owned identifiers that it takes."""

    people: bool
    method: str
    path: str
    message: str | None
    members: frozenset[str]
    owned: frozenset[str]

    def sent_by(
        self, caller: Caller, theirs: dict[str, str], bodies: dict[str, dict[str, Any]]
    ) -> httpx.Response:
        """Ask for what is named in `theirs`."""
        path = re.sub(r"\{(\w+)\}", lambda found: theirs[found.group(1)], self.path)
        if self.method == "GET":
            return caller.send("GET", path, params={"van": "telefoon-1", "naar": "telefoon-2"})
        body: Any = None
        if self.message is not None:
            body = dict(bodies[self.message])
            body |= {"organisatie": caller.organisation} if "organisatie" in self.members else {}
            for member in self.members & set(BODY):
                value = theirs[BODY[member]]
                body[member] = int(value) if member == "blad" else value
            if self.message == "VerklaringMaken":
                one, other = ({"signaalId": theirs["signaal_id"], "ref": ref} for ref in ("s1", "s2"))
                body["paren"] = [{"een": one, "ander": other}]
            # A draft is of one of three.
            for more in ("medewerker", "blad") if self.message == "Datalek" else ():
                body.pop(more)
        return caller.send(
            self.method, path, headers={"Idempotency-Key": caller.world.next_key()}, json=body or {}
        )


def routes_of(described: dict[bool, Document]) -> Iterator[tuple[Route, list[str]]]:
    """Every route of a description for machines and one for people, with the names in it of which nobody said whose they are."""
    for people, document in described.items():
        for (method, path), operation in operations(document).items():
            message, members = message_of(document, operation)
            named = {one["name"] for one in parameters(document, operation) if one["in"] in {"path", "query"}}
            named |= {one for one in members if IDENTIFIER.search(one)}
            named = {one for one in named if not {f"{one} of {message}", f"{one} of {path}"} & set(SHARED)}
            unknown = sorted(named - OWNED - set(BODY) - set(SHARED))
            owned = {BODY.get(name, name) for name in named if name in OWNED or name in BODY}
            yield Route(people, method, path, message, frozenset(members), frozenset(owned)), unknown


@pytest.fixture(scope="module")
def routes() -> list[tuple[Route, list[str]]]:
    """Of the register, as docs/openapi has it; tests/api/test_openapi.py holds that against the application."""
    read = {
        people: json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
        for people, name in ((False, "register"), (True, "register-mensen"))
    }
    return list(routes_of(read))


def message_of(document: Document, operation: Document) -> tuple[str | None, set[str]]:
    schema = body_of(document, operation)
    return (None, set()) if schema is None else (str(schema["title"]), set(schema["properties"]))


def test_of_every_identifier_of_every_route_is_said_whose_it_is(
    routes: list[tuple[Route, list[str]]],
) -> None:
    assert not [(route.method, route.path, unknown) for route, unknown in routes if unknown]


def test_of_every_message_that_names_an_object_there_is_one_to_send(
    routes: list[tuple[Route, list[str]]],
) -> None:
    messages = {route.message for route, _unknown in routes if route.owned and route.message}
    assert messages == {*BODIES, "ZegelVrijgave"}


def test_a_route_that_brings_another_identifier_is_found() -> None:
    app = new_app("Proef", "1.0.0")

    @app.get("/v1/dingen/{ding_id}")
    def thing(ding_id: str, onderdeelId: str) -> None:  # noqa: N803 - as a query has it
        raise NotImplementedError

    assert [unknown for _route, unknown in routes_of({False: app.openapi()})] == [["ding_id", "onderdeelId"]]


def told(answer: httpx.Response, sent: dict[str, str]) -> tuple[int, str, list[tuple[str, str]]]:
    """All of an answer, without the identifiers that were sent and the receipt of its own log entry."""
    text = re.sub(r'"logbewijs":\{[^}]*\}', "LOGBEWIJS", answer.text)
    for name in sorted(OWNED):
        # The number of a leaf is left alone: it could stand for anything.
        if name != "blad":
            text = text.replace(sent[name], "WAT-GEVRAAGD-IS")
    headers = [pair for pair in answer.headers.multi_items() if pair[0] not in {"content-length", "date"}]
    return answer.status_code, text, headers


def by_node(world: World, organisation: str) -> list[Caller]:
    roles = ("toezichthouder", "aandachtsfunctionaris", "contactpunt", "fg")
    found = [world.node(organisation, role) for role in roles]
    if organisation in {ASKER, OUTSIDER}:
        found.append(in_danger(world, organisation))
    return [*found, world.administrator(organisation)]


@dataclass(frozen=True)
class Asking:
    """Requests for what is theirs and for what is nobody's, on the routes that name something owned."""

    routes: list[Route]
    present: dict[str, str]
    bodies: dict[str, dict[str, Any]]

    @property
    def absent(self) -> dict[str, str]:
        return nobodys(self.present)

    def both(self, route: Route, caller: Caller) -> tuple[httpx.Response, bool]:
        """The answer about what is nobody's, and whether it equals the one about what is theirs."""
        nothing = route.sent_by(caller, self.absent, self.bodies)
        something = route.sent_by(caller, self.present, self.bodies)
        return nothing, told(nothing, self.absent) == told(something, self.present)

    def unequal(self, callers: Callable[[Route], list[Caller]]) -> list[tuple[str, str, dict[str, str]]]:
        """By which routes which of these people see a difference."""
        return [
            (route.method, route.path, caller.said)
            for route in self.routes
            for caller in callers(route)
            if not self.both(route, caller)[1]
        ]

    def unread(self, callers: Callable[[Route], list[Caller]]) -> set[tuple[str, str]]:
        """The routes by which nobody of these gets as far as looking, on either listener."""
        looked = {
            (route.method, route.path)
            for route in self.routes
            if any(
                route.sent_by(caller, self.absent, self.bodies).json().get("code") not in LOOKED_AT_NOTHING
                for caller in callers(route)
            )
        }
        return {(route.method, route.path) for route in self.routes} - looked

    def seen(self, callers: Callable[[Route], list[Caller]]) -> set[str]:
        """Of which kinds of object somebody sees that one is there; reading before writing, which changes what is there."""
        found: set[str] = set()
        for route in sorted(self.routes, key=lambda one: one.method):
            if not route.owned <= found and not all(self.both(route, caller)[1] for caller in callers(route)):
                found |= route.owned
        return found


@ONE_DATABASE
def test_what_belongs_to_others_is_to_whoever_asks_as_what_does_not_exist(
    routes: list[tuple[Route, list[str]]],
    world: World,
    theirs: Belongings,
    request: pytest.FixtureRequest,
) -> None:
    asking = Asking([route for route, _unknown in routes if route.owned], *theirs)
    case = releasing.Case(world, asking.present["signaal_id"], asking.present["treffer_id"])
    tmm = {
        False: [case.coordinator],
        True: [world.person("TMM", f"tmm_{one}") for one in ("analist", "coordinator")],
    }
    outside = {
        False: by_node(world, OUTSIDER),
        True: [world.person(OUTSIDER, "fg")],
    }
    parties = {
        False: [*by_node(world, ASKER)[1:], *by_node(world, OWNER), *tmm[False]],
        True: [*tmm[True], world.person(ASKER, "fg")],
    }

    def outsiders(route: Route) -> list[Caller]:
        everyone = outside[route.people] + ([] if route.owned & OPEN_TO_TMM else tmm[route.people])
        if request.config.getoption("every_case") or route.people:
            return everyone
        # By turns, beside the role that most routes are for.
        return [outside[False][1], everyone[asking.routes.index(route) % len(everyone)]]

    def insiders(route: Route) -> list[Caller]:
        return parties[route.people]

    assert not asking.unequal(outsiders)
    assert not asking.unread(insiders), "nobody gets as far as looking: that proves nothing"
    kinds = {name for route in asking.routes for name in route.owned}
    assert asking.seen(insiders) == kinds, "nobody sees a difference: is it there?"
    world.log.verify(None)
