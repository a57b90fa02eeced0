# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A narrative is typed at one node, sealed there, released by two people to one recipient, and opened at the recipient's node; a register that swaps a key is found out before anything is sealed.

Two organisations work at one node here, each with its own seal and keys: what passes between them passes through the register alone.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from audit.note import Signer
from audit.store.engine import make_engine
from process.secret import Secret
from process.serving.errors import SettingsError
from pseudonymisation.ceremony import Dealt
from register.accounts import Account
from register.enrolment import fingerprint
from register.municipal.app import Outside, _opened, create_app
from register.municipal.desk import Desk
from register.municipal.settings import NodeSettings
from register.municipal.store.tables import metadata
from register.recipients import KeyStatement, signed, signer_name
from register.wire import Ontvangstsleutel, ZegelVeld
from tests.register.municipal.conftest import holders_of, outside_with, register_with, settings_in
from tests.register.municipal.world import (
    MOMENT,
    PASSWORD,
    Browser,
    Hands,
    Officer,
    RegisterStation,
    open_store,
    question,
    running,
    signal,
    tenant_folder,
)

OWNER, POLICE = "GM9004", "TMM"
TOLD = "Zij fluisterde: de groene bus, elke dinsdag.\nIk zag twee telefoons."
ABSENT = str(uuid4())
CASE = "TMM-2026-0001"
TODAY = MOMENT.date()
GROUND = "OEF-G-GEM"
ROLES = {
    OWNER: ("toezichthouder", "aandachtsfunctionaris", "functioneel_beheerder", "zorgcoordinator"),
    POLICE: ("tmm_coordinator", "tmm_analist", "functioneel_beheerder"),
}


def signer_of(organisation: str, seed: int = 1) -> Signer:
    return Signer(signer_name(organisation), Secret(bytes(range(seed, seed + 32))))


@dataclass
class Node:
    """A node of a municipality and of TMM, with everybody signed in."""

    app: FastAPI
    desks: dict[str, Desk]
    register: RegisterStation
    settings: NodeSettings
    clock: Hands
    folder: Path
    people: dict[tuple[str, str], Officer] = field(default_factory=dict)

    def officer(self, organisation: str, name: str) -> Officer:
        if (organisation, name) not in self.people:
            self.people[organisation, name] = Officer(Browser(self.app), name, organisation)
        return self.people[organisation, name]

    @property
    def first(self) -> Officer:
        return self.officer(OWNER, "aandachtsfunctionaris")

    @property
    def second(self) -> Officer:
        return self.officer(OWNER, "tweede")

    @property
    def coordinator(self) -> Officer:
        return self.officer(POLICE, "tmm_coordinator")

    def submit(self, **changed: Any) -> str:
        answer = self.officer(OWNER, "toezichthouder").post("/v1/signalen", signal(verhaal=TOLD) | changed)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["signaalId"])

    def enrol(self, organisation: str = POLICE, seed: int = 1) -> str:
        """An organisation makes a key at its node, and its register takes it."""
        note = self.desks[organisation].receiving.keys.make(signer_of(organisation, seed), self.clock(), 100)
        self.serve(note)
        return note

    def serve(
        self, note: str, organisation: str = POLICE, roles: tuple[str, ...] = ("tmm_coordinator",)
    ) -> None:
        served = Ontvangstsleutel(organisatie=organisation, versie=1, verklaring=note, rollen=list(roles))
        self.register.keys = [one for one in self.register.keys if one.organisatie != organisation] + [served]

    def pin(self, note: str, organisation: str = POLICE) -> httpx.Response:
        told = fingerprint(KeyStatement.read(note).signer.encode())
        path = f"/v1/ontvangers/{organisation}/vastleggingen"
        return self.officer(OWNER, "functioneel_beheerder").post(path, {"vingerafdruk": told.lower()})

    def ready(self) -> str:
        """A key that is pinned, and a signal with a narrative."""
        note = self.enrol()
        assert self.pin(note).status_code == 201
        return self.submit()

    def propose(self, signal_id: str, by: Officer | None = None, **changed: Any) -> httpx.Response:
        body = {
            "signaalId": signal_id,
            "trefferId": str(UUID(int=7, version=4)),
            "ontvanger": {"organisatie": POLICE, "rol": "tmm_coordinator"},
            "velden": [
                {"veld": "verhaal", "grondslag": GROUND},
                {"veld": "phone", "grondslag": GROUND, "ref": "s1", "plaats": 0},
            ],
        }
        return (by or self.first).post("/v1/vrijgavevoorstellen", body | changed)

    def proposed(self, signal_id: str) -> str:
        answer = self.propose(signal_id)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["vrijgaveId"])

    def decide(self, number: str, how: str = "goedkeuringen", by: Officer | None = None) -> httpx.Response:
        return (by or self.second).post(f"/v1/vrijgavevoorstellen/{number}/{how}", {})

    def released(self) -> str:
        number = self.proposed(self.ready())
        answer = self.decide(number)
        assert answer.status_code == 201, answer.text
        return number

    def fetch(self, number: str, by: Officer | None = None) -> httpx.Response:
        return (by or self.coordinator).post(f"/v1/ontvangen/{number}/ophalingen", {"zaaknummer": CASE})

    def look(self, number: str, reason: str = "opvolging") -> httpx.Response:
        return self.coordinator.post(f"/v1/ontvangen/{number}/inzagen", {"reden": reason})

    def state(self, number: str) -> str:
        found = self.first.get("/v1/vrijgavevoorstellen").json()["voorstellen"]
        return str(next(one["stand"] for one in found if one["vrijgaveId"] == number))

    def rows(self, table: str) -> list[Any]:
        engine = make_engine(self.settings.database).execution_options(inspecting=True)
        with engine.connect() as connection:
            found = list(connection.execute(select(metadata.tables[table])))
        engine.dispose()
        return found

    def narrative(self, signal_id: str, by: Officer | None = None) -> str | None:
        seen = (by or self.first).post(f"/v1/signalen/{signal_id}/inzagen", {"reden": "kwaliteit"})
        assert seen.status_code == 201, seen.text
        told = seen.json()["signaal"].get("verhaal")
        return None if told is None else str(told)


@pytest.fixture
def node(tmp_path: Path, dealt: Dealt) -> Iterator[Node]:
    clock = Hands()
    register = register_with(clock)
    settings = settings_in(tmp_path, dealt, register)
    tenant_folder(settings.tenants_folder, POLICE)
    outside = outside_with(holders_of(dealt, clock), register)
    for organisation, roles in ROLES.items():
        _people(settings, outside, organisation, roles)
    app = create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
    # Once more, for what has no resource: jobs, and the command that makes keys.
    house, close = _opened(settings, clock, random.Random(8).randbytes, outside)
    with running(app) as made:
        yield Node(made, dict(house.desks), register, settings, clock, tmp_path)
    close()


def _people(settings: NodeSettings, outside: Outside, organisation: str, roles: tuple[str, ...]) -> None:
    store = open_store(settings, organisation)
    hashed = outside.passwords.hash(PASSWORD) if outside.passwords else ""
    for role in roles:
        store.put_account(Account(f"{role.replace('_', '-')}-{organisation}", role, role), hashed)
    if organisation == OWNER:
        store.put_account(Account("tweede-aandacht", "tweede", "aandachtsfunctionaris"), hashed)
    store.close()


# ---- the narrative ------------------------------------------------------------------------------------------------------------


def test_a_narrative_stays_here_sealed_and_the_aandachtsfunctionaris_reads_it_for_a_reason(
    node: Node,
) -> None:
    number = node.submit()
    assert node.narrative(number) == TOLD
    assert node.narrative(number, node.officer(OWNER, "toezichthouder")) is None
    assert b"fluisterde" not in b"".join(one.content for one in node.register.requests)
    assert b"fluisterde" not in node.settings.database_file.read_bytes()
    assert node.narrative(node.submit(verhaal=None)) is None


def test_the_same_key_with_another_narrative_is_another_signal(node: Node) -> None:
    inspector, key = node.officer(OWNER, "toezichthouder"), {"Idempotency-Key": "een-sleutel-1"}
    first = inspector.post("/v1/signalen", signal(verhaal=TOLD), **key)
    again = inspector.post("/v1/signalen", signal(verhaal=TOLD), **key).json()
    assert (again["signaalId"], again["herhaald"]) == (first.json()["signaalId"], True)
    changed = inspector.post("/v1/signalen", signal(verhaal="Iets anders."), **key)
    assert (changed.status_code, changed.json()["code"]) == (409, "signaal-al-verstuurd")


def test_two_thousand_characters_and_no_more(node: Node) -> None:
    assert node.narrative(node.submit(verhaal="é" * 2000)) == "é" * 2000
    answer = node.officer(OWNER, "toezichthouder").post("/v1/signalen", signal(verhaal="x" * 2001))
    assert answer.status_code == 400
    assert [one["veld"] for one in answer.json()["velden"]] == ["verhaal"]


def test_a_narrative_goes_with_its_signal_and_after_twelve_months(node: Node) -> None:
    number = node.submit()
    gone = node.first.post("/v1/intrekkingen", {"signaalId": number, "reden": "onjuist"})
    assert gone.status_code == 201
    assert node.rows("narrative") == []
    node.submit()
    (row,) = node.rows("narrative")
    assert row.expires_on == date(2027, 3, 2)
    node.clock.forward(days=365)
    node.desks[OWNER].receiving.destroy_expired(node.clock())
    assert node.rows("narrative") == []


# ---- releasing ------------------------------------------------------------------------------------------------------------------


def test_one_proposes_another_approves_and_only_the_recipient_reads_it(node: Node) -> None:
    number = node.released()
    sent = node.register.last("/v1/zegels")
    assert sent["velden"] == [
        {"veld": "verhaal", "grondslag": GROUND},
        {"veld": "phone", "grondslag": GROUND},
    ]
    assert sent["tweede"] == {"medewerker": f"aandachtsfunctionaris-{OWNER}", "rol": "aandachtsfunctionaris"}
    assert "fluisterde" not in str(sent)
    (waits,) = node.coordinator.post("/v1/ontvangen", {"zaaknummer": CASE}).json()["ontvangen"]
    assert (waits["hier"], waits["velden"]) == (False, ["verhaal", "phone"])
    assert node.fetch(number).status_code == 201
    seen = node.look(number).json()
    assert (seen["verhaal"], seen["verhaalGrondslag"]) == (TOLD, GROUND)
    assert seen["kenmerken"] == [{"ref": "s1", "soort": "phone", "velden": {"number": "06 12345678"}, "grondslag": GROUND}]  # fmt: skip
    again = node.look(number, "kwaliteit").json()["inzagen"]
    assert [one["reden"] for one in again] == ["opvolging"]
    assert b"fluisterde" not in node.settings.database_file.read_bytes()


def test_nobody_approves_alone_and_nobody_without_the_role(node: Node) -> None:
    number = node.proposed(node.ready())
    alone = node.decide(number, by=node.first)
    assert (alone.status_code, alone.json()["code"], alone.json()["regel"]) == (403, "zelfde-persoon", "C5")
    assert node.decide(number, by=node.officer(OWNER, "toezichthouder")).status_code == 403
    assert node.decide(number, by=node.officer(POLICE, "tmm_coordinator")).status_code == 403
    assert node.register.zegels == {}
    assert node.decide(number).status_code == 201
    assert node.decide(number).json()["code"] == "voorstel-besloten"


def test_what_is_rejected_or_lies_too_long_is_never_sent(node: Node) -> None:
    signal_id = node.ready()
    number, late = node.proposed(signal_id), node.proposed(signal_id)
    assert node.decide(number, "afwijzingen").status_code == 201
    assert node.decide(number).json()["code"] == "voorstel-besloten"
    node.clock.forward(days=31)
    node.people.clear()
    assert node.decide(late).json()["code"] == "voorstel-besloten"
    node.desks[OWNER].receiving.destroy_expired(node.clock())
    assert [str(one.release_id) for one in node.rows("release_proposal")] == [number]


OWN_REASONS = {
    "no contact with the police": ({"sporen": {"geenPolitiecontact": True}}, "geen-politiecontact", "C7"),
    "for care only": (
        {"beoordeling": {"bron": "B", "informatie": 2, "behandeling": "H3"}},
        "alleen-voor-zorg",
        "C22",
    ),
}


@pytest.mark.parametrize(("changed", "code", "rule"), list(OWN_REASONS.values()), ids=list(OWN_REASONS))
def test_the_own_signal_stands_in_the_way_and_says_so(node: Node, changed: Any, code: str, rule: str) -> None:
    node.ready()
    answer = node.propose(node.submit(**changed))
    assert (answer.status_code, answer.json()["code"], answer.json()["regel"]) == (409, code, rule)


WRONG: dict[str, tuple[dict[str, Any], int, str]] = {
    "no such signal": ({"signaalId": ABSENT}, 404, "signaal-niet-hier"),
    "a role without a narrative": ({"ontvanger": {"organisatie": POLICE, "rol": "tmm_analist"}}, 400, "ongeldige-vrijgave"),
    "no such organisation": ({"ontvanger": {"organisatie": "NLA", "rol": "nla"}}, 404, "geen-ontvangstsleutel"),
    "a ground that is not ours": ({"velden": [{"veld": "verhaal", "grondslag": "OEF-ANDERS"}]}, 400, "ongeldige-vrijgave"),
    "an attribute that is not there": ({"velden": [{"veld": "iban", "grondslag": GROUND, "ref": "s1", "plaats": 0}]}, 409, "gegeven-weg"),
    "a subject that is not there": ({"velden": [{"veld": "phone", "grondslag": GROUND, "ref": "s2", "plaats": 0}]}, 409, "gegeven-weg"),
    "the same twice": ({"velden": [{"veld": "verhaal", "grondslag": GROUND}] * 2}, 400, "ongeldige-vrijgave"),
}  # fmt: skip


def test_not_proposed(node: Node) -> None:
    number = node.ready()
    for name, (changed, status, code) in WRONG.items():
        answer = node.propose(number, **changed)
        assert (answer.status_code, answer.json()["code"]) == (status, code), name
    bare = node.submit(verhaal=None)
    assert node.propose(bare).json()["code"] == "gegeven-weg"
    assert node.rows("release_proposal") == []


def test_a_cut_network_sends_the_same_zegel_again(node: Node) -> None:
    number = node.proposed(node.ready())
    node.register.fails = "silent after a zegel"
    assert node.decide(number).status_code == 503
    assert node.state(number) == "voorgesteld"
    node.register.fails = ""
    assert node.decide(number).status_code == 201
    assert len(node.register.zegels) == 1
    assert node.rows("release_proposal")[0].envelope is None


def test_rejected_after_a_silence_it_is_taken_back_first_and_nobody_fetches_it(node: Node) -> None:
    signal_id = node.ready()
    number, late = node.proposed(signal_id), node.proposed(signal_id)
    node.register.fails = "silent after a zegel"
    assert [node.decide(one).status_code for one in (number, late)] == [503, 503]
    node.register.fails = ""
    assert node.decide(number, "afwijzingen").status_code == 201
    assert node.fetch(number).status_code == 404
    assert node.fetch(late).status_code == 201
    assert node.decide(late, "afwijzingen").json()["code"] == "al-opgehaald"
    node.desks[OWNER].releasing.follow(node.clock())
    assert (node.state(number), node.state(late)) == ("afgewezen", "opgehaald")
    assert node.narrative(signal_id) is None


def test_rejected_while_it_was_on_its_way_it_is_taken_back_at_once(node: Node) -> None:
    number = node.proposed(node.ready())
    first = Account(f"aandachtsfunctionaris-{OWNER}", "aandachtsfunctionaris", "aandachtsfunctionaris")
    node.register.meanwhile = lambda: node.desks[OWNER].releasing.reject(first, UUID(number))
    assert node.decide(number).json()["code"] == "voorstel-besloten"
    assert node.state(number) == "afgewezen"
    assert node.fetch(number).status_code == 404


def test_somebody_who_left_hides_no_hand_over(node: Node) -> None:
    number = node.released()
    (signal_id,) = {str(one.signal_id) for one in node.rows("release_proposal")}
    node.clock.forward(seconds=5)
    other = str(node.propose(signal_id, by=node.second).json()["vrijgaveId"])
    assert node.decide(other, by=node.first).status_code == 201
    for one in (number, other):
        node.fetch(one)
    # Who approved the newest.
    node.register.left = {f"aandachtsfunctionaris-{OWNER}"}
    node.desks[OWNER].releasing.follow(node.clock())
    assert (node.state(number), node.state(other)) == ("opgehaald", "opgehaald")
    assert node.narrative(signal_id) is None


def test_a_correction_that_is_refused_takes_no_narrative_along(node: Node) -> None:
    number = node.submit()
    node.register.fails = "refuses"
    changed = signal(aanwijzingen=["slapen_in_bedrijfspand"]) | {
        "corrigeert": number,
        "correctie": "aangevuld",
    }
    assert node.first.post("/v1/signalen", changed).status_code == 403
    node.register.fails = ""
    assert node.narrative(number) == TOLD


def test_what_an_investigation_fetched_was_handed_over_and_its_narrative_goes(node: Node) -> None:
    number = node.released()
    (row,) = node.rows("release_proposal")
    signal_id = str(row.signal_id)
    node.desks[OWNER].releasing.follow(node.clock())
    assert node.narrative(signal_id) == TOLD
    node.fetch(number)
    node.desks[OWNER].releasing.follow(node.clock())
    assert node.state(number) == "opgehaald"
    assert node.narrative(signal_id) is None
    assert node.look(number).json()["verhaal"] == TOLD
    assert node.propose(signal_id).json()["code"] == "gegeven-weg"


def test_a_telephone_that_was_handed_over_ends_no_narrative(node: Node) -> None:
    signal_id = node.ready()
    phone = [{"veld": "phone", "grondslag": GROUND, "ref": "s1", "plaats": 0}]
    number = str(node.propose(signal_id, velden=phone).json()["vrijgaveId"])
    assert node.decide(number).status_code == 201
    assert node.fetch(number).status_code == 201
    node.desks[OWNER].releasing.follow(node.clock())
    assert node.state(number) == "opgehaald"
    assert node.narrative(signal_id) == TOLD


def test_recalled_before_it_is_fetched_and_not_after(node: Node) -> None:
    number = node.released()
    assert node.decide(number, "intrekkingen").json()["stand"] == "teruggehaald"
    assert node.fetch(number).status_code == 404
    other = node.proposed(node.submit())
    node.decide(other)
    node.fetch(other)
    assert node.decide(other, "intrekkingen").json()["code"] == "al-opgehaald"


# ---- keys -----------------------------------------------------------------------------------------------------------------------


def other_key(signs: Signer, version: int = 1, organisation: str = POLICE, **changed: Any) -> str:
    said: dict[str, Any] = {"organisation": organisation, "version": version, "key": bytes(range(60, 92)), "valid_from": TODAY, "valid_until": TODAY + timedelta(days=50), "signer": signs.verifier.vkey}  # fmt: skip
    return signed(KeyStatement(**(said | changed)), signs)


SWAPS: dict[str, tuple[Any, str]] = {
    "the register's own key": (lambda: other_key(signer_of(POLICE, 90)), "andere-ondertekenaar"),
    "a key that another organisation signed": (lambda: other_key(signer_of("GM9002", 90), organisation="GM9002"), "andere-organisatie"),
    "another key under a version that was seen": (lambda: other_key(signer_of(POLICE)), "verwisseld"),
    "an expired key": (lambda: other_key(signer_of(POLICE), 2, valid_from=TODAY - timedelta(days=9), valid_until=TODAY), "verlopen"),
    "a withdrawn key": (lambda: other_key(signer_of(POLICE), 2, key=None), "ingetrokken"),
}  # fmt: skip


def test_a_substituted_key_is_refused_and_named_before_anything_is_sealed(node: Node) -> None:
    signal_id = node.ready()
    number = node.proposed(signal_id)
    for name, (made, stand) in SWAPS.items():
        node.serve(made())
        answer = node.decide(number)
        assert (answer.status_code, answer.json()["code"]) == (409, "ontvangstsleutel-geweigerd"), name
        assert POLICE in answer.json()["title"]
        assert node.propose(signal_id).json()["code"] == "ontvangstsleutel-geweigerd", name
        (shown,) = node.first.get("/v1/ontvangers").json()["ontvangers"]
        assert shown["stand"] == stand, name
    assert node.register.zegels == {}
    assert node.rows("release_proposal")[0].envelope is None


def test_an_older_version_is_a_rollback(node: Node) -> None:
    old = node.enrol()
    node.pin(old)
    new = node.enrol()
    signal_id = node.submit()
    assert node.propose(signal_id).status_code == 201
    node.serve(old)
    answer = node.propose(signal_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "ontvangstsleutel-geweigerd")
    assert "oudere sleutel" in answer.json()["detail"]
    typed_again = node.pin(old)
    assert typed_again.json()["stand"] == "teruggedraaid"
    assert node.propose(signal_id).json()["code"] == "ontvangstsleutel-geweigerd"
    node.serve(new)
    assert node.propose(signal_id).status_code == 201


def test_a_fingerprint_must_be_typed_and_be_right(node: Node) -> None:
    note = node.enrol()
    assert node.propose(node.submit()).json()["code"] == "ontvangstsleutel-geweigerd"
    other = other_key(signer_of(POLICE, 90))
    wrong = node.officer(OWNER, "functioneel_beheerder").post(
        f"/v1/ontvangers/{POLICE}/vastleggingen",
        {"vingerafdruk": fingerprint(KeyStatement.read(other).signer.encode())},
    )
    assert wrong.status_code == 400
    assert fingerprint(KeyStatement.read(note).signer.encode()) not in wrong.text
    assert (
        node.first.post(f"/v1/ontvangers/{POLICE}/vastleggingen", {"vingerafdruk": "x" * 39}).status_code
        == 403
    )
    (shown,) = node.first.get("/v1/ontvangers").json()["ontvangers"]
    assert (shown["stand"], shown["vingerafdruk"]) == ("niet-vastgelegd", "")
    assert node.pin(note).json()["stand"] == "vertrouwd"
    node.serve(other)
    (shown,) = node.first.get("/v1/ontvangers").json()["ontvangers"]
    assert shown["vingerafdruk"] == fingerprint(KeyStatement.read(note).signer.encode())


def test_what_was_sealed_to_an_earlier_key_still_opens_and_a_foreign_zegel_says_so(node: Node) -> None:
    number = node.released()
    node.enrol()
    assert node.fetch(number).status_code == 201
    moved = node.register.zegels[number].model_copy(update={"vrijgave_id": UUID(ABSENT)})
    node.register.zegels[ABSENT] = moved
    answer = node.fetch(ABSENT)
    assert (answer.status_code, answer.json()["code"]) == (409, "zegel-opent-niet")
    foreign = {"vrijgave_id": UUID(int=3, version=4), "sleutel": "0" * 32}
    node.register.zegels[str(foreign["vrijgave_id"])] = moved.model_copy(update=foreign)
    assert node.fetch(str(foreign["vrijgave_id"])).json()["code"] == "zegel-opent-niet"


def test_keys_are_signed_under_the_own_name_for_a_year_at_most(node: Node) -> None:
    keys = node.desks[POLICE].receiving.keys
    for signs, days in ((signer_of("GM9001"), 100), (signer_of(POLICE), 0), (signer_of(POLICE), 401)):
        with pytest.raises(SettingsError):
            keys.make(signs, node.clock(), days)
    assert [
        KeyStatement.read(keys.make(signer_of(POLICE), node.clock(), 9)).version for _time in range(2)
    ] == [1, 2]
    last = KeyStatement.read(keys.withdraw(signer_of(POLICE), node.clock(), 9))
    assert (last.version, last.key) == (3, None)


def test_a_key_is_destroyed_when_nothing_can_be_on_its_way_under_it(node: Node) -> None:
    key = KeyStatement.read(node.enrol()).key_id or ""
    keys, last = node.desks[POLICE].receiving.keys, TODAY + timedelta(days=100 + 31)
    assert (keys.destroy_expired(last - timedelta(days=1)), keys.private(key) is None) == (0, False)
    assert (keys.destroy_expired(last), keys.private(key) is None) == (1, True)
    assert keys.destroy_expired(last) == 0


# ---- at the recipient ---------------------------------------------------------------------------------------------------------


def test_it_is_its_recipients_and_is_gone_after_its_term_or_when_they_say_so(node: Node) -> None:
    number = node.released()
    assert node.fetch(number, node.officer(POLICE, "tmm_analist")).status_code == 403
    assert node.fetch(number, node.second).status_code == 404
    assert node.look(number).status_code == 404
    node.fetch(number)
    assert node.look(number, "nieuwsgierig").json()["code"] == "onbekende-reden"
    (row,) = node.rows("received_release")
    assert row.expires_on == date(2027, 3, 2)
    assert node.coordinator.delete(f"/v1/ontvangen/{number}").status_code == 204
    assert node.coordinator.delete(f"/v1/ontvangen/{number}").status_code == 404
    assert node.rows("received_release") == []
    node.fetch(number)
    node.clock.forward(days=366)
    node.people.clear()
    assert node.look(number).status_code == 404
    node.desks[POLICE].receiving.destroy_expired(node.clock())
    assert node.rows("received_release") == []


def test_the_register_prolongs_nothing_renames_nothing_and_hands_nothing_to_a_colleague(node: Node) -> None:
    number = node.released()
    lied = {"bewaren_tot": date(2099, 1, 1), "velden": [ZegelVeld(veld="iban", grondslag=GROUND)]}
    node.register.zegels[number] = node.register.zegels[number].model_copy(update=lied)
    assert node.fetch(number).json()["velden"] == ["verhaal", "phone"]
    (row,) = node.rows("received_release")
    assert row.expires_on == date(2027, 3, 2)
    named = {"organisatie": POLICE, "rol": "tmm_coordinator", "medewerker": "iemand-anders"}
    other = str(node.propose(node.submit(), ontvanger=named).json()["vrijgaveId"])
    assert node.decide(other).status_code == 201
    assert node.fetch(other).json()["code"] == "zegel-opent-niet"
    assert len(node.rows("received_release")) == 1


def test_a_partner_asks_in_its_own_case_and_submits_nothing(node: Node) -> None:
    node.submit()
    asked = question(CASE, doel="opsporing_handoff", reden="zaak")
    answer = node.coordinator.post("/v1/bevragingen", asked)
    assert answer.status_code == 200, answer.text
    assert answer.json()["uitkomst"] == "bekend_elders"
    last = next(one for one in reversed(node.register.requests) if one.url.path == "/v1/bevragingen")
    assert (last.headers["zaaknummer"], last.headers["doel"]) == (CASE, "opsporing_handoff")
    assert (
        node.coordinator.post("/v1/bevragingen", asked | {"controle": None}).json()["code"]
        == "geen-zaaknummer"
    )
    for path, body in (
        ("/v1/signalen", signal(verhaal="Uit een politiesysteem.")),
        ("/v1/concepten", {"velden": {"telefoon": ["0612345678"]}}),
        ("/v1/controles", {"waarnemingGrondslag": "anders", "controlesoort": "overig", "plaats": OWNER}),
    ):
        refused = node.coordinator.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (403, "rol"), path
    assert node.rows("control_outcome") == []


def test_the_pages_lead_from_the_dossier_to_the_recipient(node: Node) -> None:
    number = node.ready()
    first, csrf = _browser(node, OWNER, "aandachtsfunctionaris")
    page = first.post("/vrijgeven", data={"csrf": csrf, "signaal": number})
    assert "Het verhaal" in page.text
    chosen = {"csrf": csrf, "signaal": number, "ontvanger": f"{POLICE}/tmm_coordinator", "veld": "verhaal", "grond_verhaal": GROUND}  # fmt: skip
    assert first.post("/vrijgeven/voorstellen", data=chosen | {"grond_verhaal": ""}).status_code == 400
    assert first.post("/vrijgeven/voorstellen", data=chosen).status_code == 303
    second, theirs = _browser(node, OWNER, "tweede")
    (release,) = {str(one.release_id) for one in node.rows("release_proposal")}
    assert "Keur goed en verstuur" in second.get("/vrijgeven").text
    node.propose(
        number, ontvanger={"organisatie": POLICE, "rol": "tmm_coordinator", "medewerker": "oefening-a"}
    )
    asked = second.get("/vrijgeven").text
    assert "Telefoonnummer, van nummer 1 in het signaal, gegeven 1" in asked
    assert "oefening-a" in asked
    assert (
        second.post(
            "/vrijgeven/besluiten", data={"csrf": theirs, "vrijgave": release, "besluit": "goed"}
        ).status_code
        == 303
    )
    police, mine = _browser(node, POLICE, "tmm_coordinator")
    assert "Haal op" in police.post("/ontvangen", data={"csrf": mine, "zaaknummer": CASE}).text
    police.post("/ontvangen/ophalen", data={"csrf": mine, "vrijgave": release, "zaaknummer": CASE})
    assert "groene bus" not in police.get("/ontvangen").text
    shown = police.post("/ontvangen/openen", data={"csrf": mine, "vrijgave": release, "reden": "opvolging"})
    assert "groene bus" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert "Zaaknummer" in police.get("/vragen").text
    admin, own = _browser(node, OWNER, "functioneel_beheerder")
    assert POLICE in admin.get("/ontvangers").text
    wrong = admin.post("/ontvangers", data={"csrf": own, "organisatie": POLICE, "vingerafdruk": "0000-0000"})
    assert wrong.status_code == 400
    inspector, csrf = _browser(node, OWNER, "toezichthouder")
    form = inspector.get("/invoeren").text
    assert "Uw verhaal" in form
    assert "politiegegevens" in form


def _browser(node: Node, organisation: str, name: str) -> tuple[Browser, str]:
    browser = Browser(node.app)
    guest = _hidden(browser.get("/aanmelden"))
    sent = {"organisatie": organisation, "gebruikersnaam": name, "wachtwoord": PASSWORD, "csrf": guest}
    assert browser.post("/aanmelden", data=sent).status_code == 303
    return browser, _hidden(browser.get("/"))


def _hidden(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]*)"', page.text)
    assert found
    return found.group(1)
