# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A zegel passes through the register to one recipient by two people's decision; what its recipient may not have is as if it were not there, and the register opens none of it."""

import base64
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from audit.note import Signer
from policies.decision import Mandate
from process.secret import Secret
from register.central.administration import Basis
from register.central.centre import Centre
from register.central.destroying import destroy
from register.central.mandates import add_mandate
from register.central.recipient_keys import enrol
from register.central.store import tables as t
from register.enrolment import EnrolmentRefusal, fingerprint
from register.municipal.zegel import Bound, Content, SealedAttribute, seal, unseal
from register.recipients import KeyStatement, key_id, signed, signer_name
from tests.register.central.conftest import ONE_DATABASE, ORIGIN
from tests.register.central.enrolling_world import administrator
from tests.register.central.world import (
    CRITERIA,
    MOMENT,
    Caller,
    World,
    opened,
    point,
    pseudonym,
    refused,
    signal,
    subject,
    without_receipt,
)

OWNER, OTHER, ASKER = "GM9001", "GM9002", "GM9004"
SECOND = "tweede-aandachtsfunctionaris"
BASIS = Basis("OEFENING-BESLUIT-9", "korpschef (fictief)")
PLANTED = "Zij fluisterde: de groene bus, elke dinsdag."
NUMBER = "+31687654321"
ABSENT = "00000000-0000-4000-8000-000000000000"
TODAY = MOMENT.date()


def signer_of(organisation: str, seed: int = 1) -> Signer:
    return Signer(signer_name(organisation), Secret(bytes(range(seed, seed + 32))))


def private_of(seed: int = 7) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(bytes(range(seed, seed + 32)))


def statement(
    organisation: str = "TMM", version: int = 1, seed: int = 7, *, signs: Signer | None = None, **changed: Any
) -> str:
    signs = signs or signer_of(organisation)
    said: dict[str, Any] = {
        "organisation": organisation,
        "version": version,
        "key": private_of(seed).public_key().public_bytes_raw(),
        "valid_from": TODAY,
        "valid_until": TODAY + timedelta(days=365),
        "signer": signs.verifier.vkey,
    }
    return signed(KeyStatement(**(said | changed)), signs)


def enrolled(centre: Centre, world: World, note: str, **how: Any) -> None:
    enrol(administrator(centre), note, fingerprint(KeyStatement.read(note).signer.encode()), BASIS, **how)
    world.log.verify(None)


@dataclass
class Case:
    """A signal of OWNER that another municipality has too, a treffer on both, and phase 2 open for it."""

    world: World
    signal: str
    treffer: str
    release: str = field(default_factory=lambda: str(uuid4()))

    @property
    def owner(self) -> Caller:
        return self.world.contact(OWNER).but(reden="verhaal_vrijgeven", zaaknummer="SIGNAAL-1")

    @property
    def coordinator(self) -> Caller:
        """The TMM-coördinator, through TMM's own node."""
        said = {
            "namens_medewerker": "oefening-coordinator",
            "namens_rol": "tmm_coordinator",
            "doel": "opsporing_handoff",
            "zaaknummer": "TMM-2026-0001",
            "reden": "tmm_onderzoek",
            "grondslag": "OEF-WPG-TMM",
        }
        node = self.world.contact(OWNER).but(**said)
        return Caller(self.world, node.app, "TMM", node.said, self.world.certificates["TMM"])

    @property
    def bound(self) -> Bound:
        recipient = ("TMM", "tmm_coordinator", "")
        key = key_id(private_of().public_key().public_bytes_raw())
        return Bound(ORIGIN, OWNER, UUID(self.signal), 1, recipient, key, UUID(self.release))

    @property
    def zegel(self) -> bytes:
        content = Content(PLANTED, "OEF-GEM-GM9001", [SealedAttribute("s1", "phone", {"number": NUMBER})])
        return seal(content, private_of().public_key().public_bytes_raw(), self.bound)

    def body(self, **changed: Any) -> dict[str, Any]:
        said = {
            "organisatie": OWNER,
            "vrijgaveId": self.release,
            "signaalId": self.signal,
            "versie": 1,
            "trefferId": self.treffer,
            "ontvanger": {"organisatie": "TMM", "rol": "tmm_coordinator"},
            "tweede": {"medewerker": SECOND, "rol": "aandachtsfunctionaris"},
            "velden": [
                {"veld": "verhaal", "grondslag": "OEF-GEM-GM9001"},
                {"veld": "phone", "grondslag": "OEF-GEM-GM9001"},
            ],
            "sleutel": self.bound.key,
            "bewarenTot": (TODAY + timedelta(days=200)).isoformat(),
            "zegel": base64.urlsafe_b64encode(self.zegel).rstrip(b"=").decode(),
        }
        return {name: value for name, value in (said | changed).items() if value is not None}

    def send(self, by: Caller | None = None, **changed: Any) -> httpx.Response:
        return (by or self.owner).post("/v1/zegels", self.body(**changed))

    def sent(self) -> httpx.Response:
        answer = self.send()
        assert answer.status_code == 201, answer.text
        return answer

    def waiting(self, by: Caller | None = None) -> list[Any]:
        answer = (by or self.coordinator).get("/v1/zegels")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["zegels"])

    def fetch(self, by: Caller | None = None, release: str | None = None) -> httpx.Response:
        return (by or self.coordinator).post(f"/v1/zegels/{release or self.release}/ophalingen", None)

    def recall(self, by: Caller | None = None) -> httpx.Response:
        return (by or self.owner).post(f"/v1/zegels/{self.release}/intrekkingen", None)


def open_phase_2(world: World, treffer: str, signals: dict[str, str], *, with_sealed: bool = False) -> None:
    body = {"trefferId": treffer, "criteria": CRITERIA, "beoordeling": "mens_beoordeeld"}
    asked = world.person("TMM", "tmm_coordinator").post("/v1/fase-2-besluiten", body)
    assert asked.status_code == 201, asked.text
    for owner, number in signals.items():
        sent = {"organisatie": owner, "signaalId": number} | ({"ontzegeld": opened()} if with_sealed else {})
        done = world.contact(owner).post(f"/v1/fase-2-besluiten/{asked.json()['besluitId']}/vrijgaven", sent)
        assert done.status_code == 201, done.text


def second_officer(centre: Centre, world: World) -> None:
    begins = TODAY
    mandate = Mandate(
        "aandachtsfunctionaris", OWNER, SECOND, begins, begins + timedelta(days=90), trained_on=begins, screened_on=begins
    )  # fmt: skip
    add_mandate(administrator(centre), mandate, BASIS)
    world.log.verify(None)


def made(world: World, centre: Centre, *, others: int = 1, phase_2: bool = True, **about: Any) -> Case:
    phone = pseudonym(point())
    own = signal(subject(phone), **about)
    world.submit(OWNER, own)
    for place in range(others):
        world.submit(("GM9002", "GM9003")[place], signal(subject(phone)))
    world.inspector(ASKER).ask(phone)
    (row,) = world.rows(t.treffer)
    case = Case(world, own["signaalId"], str(row.treffer_id))
    if phase_2:
        open_phase_2(world, case.treffer, {OWNER: case.signal})
    second_officer(centre, world)
    enrolled(centre, world, statement())
    return case


@pytest.fixture
def case(world: World, centre: Centre) -> Case:
    return made(world, centre)


def test_two_people_release_and_the_one_recipient_fetches_what_only_it_can_open(case: Case) -> None:
    made_of = case.sent().json()
    assert made_of["velden"][0] == {"veld": "verhaal", "grondslag": "OEF-GEM-GM9001"}
    (waits,) = case.waiting()
    assert waits["vrijgaveId"] == case.release
    assert "zegel" not in waits
    fetched = case.fetch().json()
    zegel = base64.urlsafe_b64decode(fetched["zegel"] + "==")
    assert unseal(zegel, private_of(), case.bound).narrative == PLANTED
    mine, theirs = case.world.log.last("TMM"), case.world.log.last(OWNER)
    assert (mine["gebeurtenis"], mine["velden"]) == ("verhaal_opgehaald", ["phone", "verhaal"])
    assert (theirs["ontvanger"], theirs["vrijgave"]) == ("melder", case.release)
    assert set(theirs["grondslag"]) == {"OEF-RIEC-SV", "OEF-WPG-TMM"}


@ONE_DATABASE
def test_the_log_of_both_says_which_fields_left_on_which_ground_and_no_value(case: Case) -> None:
    case.sent()
    mine, theirs = case.world.log.last(OWNER), case.world.log.last("TMM")
    assert mine["ontvanger"] == "vrager"
    said = case.world.log.entries(OWNER)[-1]["velden"]
    assert said["ontvanger"] == "TMM/tmm_coordinator"
    assert said["tweede"] == SECOND
    assert said["gronden"] == ["phone/OEF-GEM-GM9001", "verhaal/OEF-GEM-GM9001"]
    assert theirs["velden"] == ["phone", "verhaal"]
    assert all(one not in str(case.world.log.entries()) for one in (PLANTED, NUMBER))


@ONE_DATABASE
def test_nothing_that_the_register_keeps_or_is_sent_holds_what_was_sealed(case: Case) -> None:
    body = case.body()
    case.sent()
    (row,) = case.world.rows(t.sealed_release)
    kept = repr(case.world.contents()).encode() + bytes(row.envelope) + repr(body).encode()
    for planted in (PLANTED, "groene bus", NUMBER, NUMBER.lstrip("+")):
        assert planted.encode() not in kept
        assert base64.b64encode(planted.encode())[:-4] not in kept


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"tweede": {"medewerker": "oefening-aandachtsfunctionaris", "rol": "aandachtsfunctionaris"}}, 403, "geen-toegang"),
        ({"tweede": {"medewerker": "niemand-hier", "rol": "aandachtsfunctionaris"}}, 403, "geen-toegang"),
        ({"tweede": {"medewerker": "oefening-toezichthouder", "rol": "toezichthouder"}}, 403, "geen-toegang"),
        ({"velden": [{"veld": "verhaal", "grondslag": "OEF-GEM-GM9002"}]}, 403, "geen-toegang"),
        ({"velden": [{"veld": "verhaal", "grondslag": "bestaat-niet"}]}, 403, "geen-toegang"),
        ({"velden": [{"veld": "nationaliteit", "grondslag": "OEF-GEM-GM9001"}]}, 400, "ongeldige-vrijgave"),
        ({"ontvanger": {"organisatie": "TMM", "rol": "tmm_analist"}}, 400, "ongeldige-vrijgave"),
        ({"ontvanger": {"organisatie": "NLA", "rol": "nla"}}, 409, "geen-ontvanger"),
        ({"sleutel": "0" * 32}, 409, "ontvangstsleutel-anders"),
        ({"signaalId": ABSENT}, 404, "niet-gevonden"),
        ({"versie": 2}, 404, "niet-gevonden"),
    ],
    ids=["the same person twice", "nobody as second", "a second who may not", "a ground of another", "no ground", "an unknown field", "a role without a narrative cell", "nobody there", "another key", "no such signal", "no such version"],
)  # fmt: skip
@ONE_DATABASE
def test_not_released(case: Case, changed: dict[str, Any], status: int, code: str) -> None:
    refused(case.send(**changed), status, code)
    assert case.world.rows(t.sealed_release) == []


@ONE_DATABASE
def test_another_municipality_releases_nothing_of_it(case: Case) -> None:
    other = case.world.contact(OTHER).but(reden="verhaal_vrijgeven", zaaknummer="SIGNAAL-1")
    grounded = [{"veld": "verhaal", "grondslag": "OEF-GEM-GM9002"}]
    refused(case.send(other, organisatie=OTHER, velden=grounded), 403, "geen-toegang")
    refused(case.send(other), 403, "andere-organisatie")


HIDDEN: dict[str, dict[str, Any]] = {
    "no contact with the police (C7)": {"no_police_contact": True},
    "for care only (C22)": {"handling": "H3"},
    "another version than was released for phase 2 (C10)": {},
}


@pytest.mark.parametrize("changed", list(HIDDEN.values()), ids=list(HIDDEN))
@ONE_DATABASE
def test_what_the_recipient_may_not_have_is_refused_as_if_it_were_not_there(
    case: Case, changed: dict[str, Any]
) -> None:
    waiting = case.sent()
    with case.world.log.engine.begin() as connection:
        if changed:
            connection.execute(t.signal.update().where(t.signal.c.organisation == OWNER).values(**changed))
        else:
            connection.execute(t.phase_2_release.delete())
    assert waiting.status_code == 201
    assert case.waiting() == []
    refused(case.fetch(), 404, "niet-gevonden")
    case.release = str(uuid4())
    absent = refused(case.send(signaalId=ABSENT), 404, "niet-gevonden")
    denied = refused(case.send(), 404, "niet-gevonden")
    assert _told(denied) == _told(absent)
    assert len(case.world.rows(t.sealed_release)) == 1


def _told(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name not in {"instance", "traceparent"}}


@ONE_DATABASE
def test_with_one_organisation_the_police_gets_nothing_whatever_the_owner_wants(
    world: World, centre: Centre
) -> None:
    case = made(world, centre, others=0)
    refused(case.send(), 404, "niet-gevonden")


@ONE_DATABASE
def test_acute_danger_needs_no_second_organisation(world: World, centre: Centre) -> None:
    case = made(world, centre, others=0, sporen={"acuutGevaar": True})
    assert case.send().status_code == 201


@ONE_DATABASE
def test_another_officer_role_or_organisation_finds_nothing(case: Case) -> None:
    case.sent()
    analyst = case.coordinator.but(namens_medewerker="oefening-analist", namens_rol="tmm_analist")
    refused(case.fetch(analyst), 403, "geen-toegang")
    other = case.world.contact(OTHER).but(grondslag="OEF-RIEC-SV")
    gone, theirs = case.fetch(other, ABSENT), case.fetch(other)
    assert (gone.status_code, theirs.status_code) == (404, 404)
    assert case.waiting(other) == []
    (row,) = case.world.rows(t.sealed_release)
    assert row.fetched_at is None


@ONE_DATABASE
def test_a_named_officer_is_the_only_one(case: Case) -> None:
    named = {"organisatie": "TMM", "rol": "tmm_coordinator", "medewerker": "een-andere-coordinator"}
    refused(case.send(ontvanger=named), 409, "geen-ontvanger")


@ONE_DATABASE
def test_sent_twice_is_one_release_and_another_under_its_number_is_none(case: Case) -> None:
    body, key = case.body(), case.world.next_key()
    first = case.owner.post("/v1/zegels", body, key=key)
    again = case.owner.post("/v1/zegels", body, key=key)
    assert without_receipt(first) == without_receipt(again)
    refused(case.send(zegel=case.body()["zegel"]), 409, "vrijgavenummer-gebruikt")
    for other in (
        {"ontvanger": {"organisatie": "TMM", "rol": "tmm_coordinator", "medewerker": "oefening-coordinator"}},
        {"velden": body["velden"][:1]},
    ):
        refused(case.owner.post("/v1/zegels", body | other), 409, "vrijgavenummer-gebruikt")
    assert len(case.world.rows(t.sealed_release)) == 1


def test_what_is_recalled_before_it_is_fetched_is_destroyed_and_afterwards_it_is_too_late(case: Case) -> None:
    case.sent()
    assert case.recall().status_code == 201
    assert case.recall().status_code == 201
    refused(case.fetch(), 404, "niet-gevonden")
    (row,) = case.world.rows(t.sealed_release)
    assert bytes(row.envelope) == b""
    told = [one["gebeurtenis"] for one in case.world.log.entries("TMM")]
    assert told.count("verhaal_teruggehaald") == 2
    case.release = str(uuid4())
    case.sent()
    assert case.fetch().status_code == 201
    assert case.fetch().status_code == 201
    refused(case.recall(), 409, "al-opgehaald")
    refused(case.recall(case.world.contact(OTHER)), 404, "niet-gevonden")
    states = case.owner.get("/v1/zegels", richting="uit").json()["zegels"]
    assert {("opgehaaldOp" in one, "teruggehaaldOp" in one) for one in states} == {
        (True, False),
        (False, True),
    }


@ONE_DATABASE
def test_a_withdrawn_signal_takes_its_zegel_along_and_nobody_fetches_after_its_day(
    case: Case, centre: Centre
) -> None:
    case.sent()
    case.world.clock.forward(days=31)
    refused(case.fetch(), 404, "niet-gevonden")
    case.world.clock.reset()
    withdrawal = {"organisatie": OWNER, "reden": "onjuist"}
    assert case.owner.post(f"/v1/signalen/{case.signal}/intrekkingen", withdrawal).status_code == 201
    refused(case.fetch(), 404, "niet-gevonden")
    assert case.waiting() == []
    while destroy(centre, centre.clock()).get("versies"):
        pass
    case.world.log.verify(None)
    assert case.world.rows(t.sealed_release) == []


# ---- keys ------------------------------------------------------------------------------------------------------------------


def keys(case: Case) -> list[Any]:
    answer = case.owner.get("/v1/ontvangstsleutels")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["sleutels"])


@ONE_DATABASE
def test_the_newest_key_is_served_and_stands_in_the_log_of_both(case: Case, centre: Centre) -> None:
    (one,) = keys(case)
    assert (one["organisatie"], one["versie"], one["rollen"]) == ("TMM", 1, ["tmm_coordinator"])
    said = KeyStatement.read(one["verklaring"])
    assert case.world.log.entries(OWNER)[-1]["velden"]["sleutels"] == [f"TMM/1/{said.digest.hex()}"]
    told = next(
        one for one in case.world.log.entries("TMM") if one["gebeurtenis"] == "ontvangstsleutel_ingeschreven"
    )
    assert told["velden"]["vingerafdruk"] == said.digest.hex()
    enrolled(centre, case.world, statement(version=2, seed=50))
    refused(case.send(), 409, "ontvangstsleutel-anders")
    enrolled(centre, case.world, statement(version=3, key=None))
    refused(case.send(), 409, "ontvangstsleutel-anders")


BAD: dict[str, Any] = {
    "fingerprint of another key": lambda: (statement(version=2), "0000-0000", {}),
    "signed by another organisation": lambda: (
        statement(version=2).replace("TMM/ontvangst", "GM9002/ontvangst"), None, {}),
    "a version twice": lambda: (statement(version=1, seed=60), None, {}),
    "a version skipped": lambda: (statement(version=3), None, {}),
    "another signer without saying so": lambda: (statement(version=2, signs=signer_of("TMM", 90)), None, {}),
    "an organisation that receives nothing": lambda: (statement("REGISTER"), None, {}),
    "nobody's": lambda: (statement("GM8888"), None, {}),
}  # fmt: skip


@pytest.mark.parametrize("bad", list(BAD.values()), ids=list(BAD))
@ONE_DATABASE
def test_not_enrolled(case: Case, centre: Centre, bad: Any) -> None:
    note, told, how = bad()
    before = case.world.rows(t.recipient_key)
    told = told or fingerprint(note.split("\n")[6].encode())
    with pytest.raises(EnrolmentRefusal):
        enrol(administrator(centre), note, told, BASIS, **how)
    assert case.world.rows(t.recipient_key) == before


@ONE_DATABASE
def test_an_organisation_that_says_so_may_sign_with_another_key(case: Case, centre: Centre) -> None:
    enrolled(centre, case.world, statement(version=2, signs=signer_of("TMM", 90)), new_signer=True)
    assert keys(case)[0]["versie"] == 2


@ONE_DATABASE
def test_an_expired_key_takes_nothing(case: Case, centre: Centre) -> None:
    enrolled(centre, case.world, statement(version=2, valid_until=date(2026, 3, 5)))
    case.world.clock.forward(days=3)
    refused(case.send(), 409, "ontvangstsleutel-anders")


@ONE_DATABASE
def test_an_inspector_learns_no_recipients(case: Case) -> None:
    refused(case.world.inspector(OWNER).get("/v1/ontvangstsleutels"), 403, "geen-toegang")
