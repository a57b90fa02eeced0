# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import func, select

from process.peer import Peer, peer_uri
from process.problem import Refusal
from register.central import enrolling
from register.central.administration import Administrator, Basis, only_administrator
from register.central.centre import Centre
from register.central.enrolling import Read
from register.central.store import tables as t
from register.certificates import Wanted
from register.enrolment import fingerprint, parse_admission
from register.municipalities import PARTNERS
from tests.process.certificates import certificate
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.enrolling_world import (
    BASIS,
    NEW,
    OIN,
    PilotAuthority,
    Sender,
    administrator,
    der,
    enrolled,
    ground,
    mandates,
    office,
    soon,
)
from tests.register.central.world import MOMENT, Caller, World, point, pseudonym, refused, signal, subject

TODAY = MOMENT.date()


@dataclass
class Bureau:
    """The register with its administrator, an authority, and a node that wants in."""

    world: World
    centre: Centre
    authority: PilotAuthority
    sender: Sender

    @property
    def admin(self) -> Administrator:
        return administrator(self.centre)

    def add(self, read: Read | None = None, start: date = TODAY, text: str | None = None) -> bytes:
        admission, _read = enrolled(
            self.admin, office(self.authority), read or self.sender.read(), start, text
        )
        self.world.log.verify(1)
        return admission

    def seen(self, admission: bytes) -> World:
        """The register as the node with this certificate meets it."""
        shown = {**self.world.certificates, NEW: der(parse_admission(admission))}
        return replace(self.world, certificates=shown)

    def refuses(self, act: Callable[[], object]) -> Refusal:
        """The refusal of an act that left nothing behind: no row and no leaf."""
        before = self.world.contents()
        with pytest.raises(Refusal) as told:
            act()
        assert self.world.contents() == before
        self.world.log.verify(0)
        return told.value


@pytest.fixture
def bureau(world: World, centre: Centre, tmp_path: Path) -> Bureau:
    safe = tmp_path / "kluis"
    safe.mkdir()
    return Bureau(world, centre, PilotAuthority(), Sender(tmp_path / "organisaties", safe))


def reasons(refusal: Refusal) -> str:
    return " ".join(
        [refusal.detail, refusal.way_forward, *(f"{one.field}: {one.reason}" for one in refusal.fields)]
    )


def test_an_organisation_takes_part_in_a_running_register_as_soon_as_it_is_recorded(bureau: Bureau) -> None:
    phone = pseudonym(point())
    bureau.world.submit("GM9001", signal(subject(phone)))
    admission = bureau.add()
    here = bureau.seen(admission)
    assert here.inspector(NEW).ask(phone).json()["uitkomst"] == "bekend_elders"
    other = pseudonym(point())
    here.submit(NEW, signal(subject(other)))
    assert here.inspector("GM9001").ask(other).json()["uitkomst"] == "bekend_elders"


def test_whom_to_call_is_on_record_for_a_noodopening_and_stands_in_no_leaf(bureau: Bureau) -> None:
    bureau.add()
    assert bureau.admin.centre.policy.register.organisations[NEW].contact == "piket, 091 000 00 05"
    told = str([bureau.world.log.last(reader) for reader in (NEW, "REGISTER")])
    assert NEW in told
    assert "091 000 00 05" not in told


def test_before_it_is_recorded_the_same_node_gets_nothing(bureau: Bureau) -> None:
    shown = {**bureau.world.certificates, NEW: certificate(peer_uri("node", NEW))}
    here = replace(bureau.world, certificates=shown)
    refused(here.inspector(NEW).try_ask(pseudonym(point())), 403, "geen-toegang")


def test_an_organisation_takes_part_from_its_first_day_and_not_before(bureau: Bureau) -> None:
    admission = bureau.add(start=soon(MOMENT, days=3))
    here = bureau.seen(admission)
    assert refused(here.inspector(NEW).try_ask(pseudonym(point())), 403, "geen-toegang")["regel"] == "C2"
    bureau.world.clock.forward(days=3)
    assert here.inspector(NEW).ask(pseudonym(point())).json()["uitkomst"] == "niet_bekend"


def test_the_log_tells_the_organisation_and_the_register(bureau: Bureau) -> None:
    bureau.add()
    theirs, ours = bureau.world.log.last(NEW), bureau.world.log.last("REGISTER")
    assert (theirs["gebeurtenis"], theirs["ontvanger"]) == ("organisatie_toegevoegd", "betrokkene")
    assert (ours["gebeurtenis"], ours["ontvanger"]) == ("organisatie_toegevoegd", "vrager")
    assert theirs["besluitstuk"] == BASIS.document
    assert theirs["grondslagen"] == [f"OEF-GEM-{NEW}"]
    assert len(theirs["mandaten"]) == 3
    assert (ours["medewerker"], ours["rol"]) == ("oefening-beheerder", "register_beheerder")
    assert "medewerker" not in theirs
    (row,) = bureau.world.rows(t.record_change)
    assert ours["wijziging"] == theirs["wijziging"] == row.change_id.hex


def test_the_fg_of_the_organisation_reads_that_entry(bureau: Bureau) -> None:
    text = ground() + ground(id=f"OEF-FG-{NEW}", code="G-FG").removeprefix("grounds:\n")
    bureau.seen(bureau.add(text=text))
    lines = bureau.world.person(NEW, "fg").get("/v1/logboek/regels").json()["regels"]
    assert [one["gebeurtenis"] for one in lines] == ["organisatie_toegevoegd", "aangemeld"]


def test_a_wrong_fingerprint_is_refused_in_the_same_words_whatever_was_typed(bureau: Bureau) -> None:
    content = bureau.sender.request().read_bytes()
    told = {
        reasons(bureau.refuses(lambda typed=typed: bureau.add(Read(content, typed))))  # type: ignore[misc]
        for typed in ("", "0000-0000", fingerprint(b"iets anders"), "x" * 500)
    }
    assert len(told) == 1
    assert fingerprint(content) not in told.pop()


def test_a_fingerprint_may_be_typed_as_it_was_heard(bureau: Bureau) -> None:
    content = bureau.sender.request().read_bytes()
    heard = fingerprint(content).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert bureau.add(Read(content, heard))


@pytest.mark.parametrize(
    "member", ["organisatie", "oin", "fgContact", "contact", "herstelsleutel", "mandaten", "gemaakt"]
)
def test_an_altered_file_is_refused_also_when_its_fingerprint_is_right(bureau: Bureau, member: str) -> None:
    members = json.loads(bureau.sender.request().read_bytes())
    members[member] = {"organisatie": "GM9006", "oin": "1" * 20, "mandaten": []}.get(
        member, members[member][:-5] + "1+A=" if member == "herstelsleutel" else "2026-01-01T00:00:00+00:00"
    )
    content = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert "veranderd" in reasons(bureau.refuses(lambda: bureau.add(Read(content, fingerprint(content)))))


@ONE_DATABASE
@pytest.mark.parametrize(
    ("code", "role"), [("NLA", "nla"), ("KMAR", "kmar"), ("COMENSHA", "comensha_registrar")]
)
def test_a_partner_with_a_role_in_the_matrix_is_enrolled_under_its_name(
    bureau: Bureau, code: str, role: str
) -> None:
    read = bureau.sender.read(code, mandates=(replace(mandates(code)[0], role=role),))
    bureau.add(read, text=ground(code))
    register = bureau.admin.centre.policy.register
    assert register.participant(code, TODAY)
    assert register.organisations[code].name == PARTNERS[code]
    assert [one.role for one in register.mandates if one.organisation == code] == [role]


def test_an_unknown_municipality_is_refused(bureau: Bureau) -> None:
    refusal = bureau.refuses(lambda: bureau.add(bureau.sender.read("GM9999")))
    assert "kennen we niet" in reasons(refusal)


def test_a_municipality_that_ended_is_refused_and_its_successor_named(bureau: Bureau) -> None:
    refusal = bureau.refuses(lambda: bureau.add(bureau.sender.read("GM9091"), text=ground("GM9091")))
    assert "GM9093 (Oefenburcht)" in reasons(refusal)


@pytest.mark.parametrize("code", ["GM9001", "TMM"])
def test_an_organisation_that_exists_is_refused(bureau: Bureau, code: str) -> None:
    read = bureau.sender.read(code, mandates=())
    refusal = bureau.refuses(lambda: bureau.add(read, text=ground(code, id="NIEUW")))
    assert "al ingeschreven" in reasons(refusal)


def test_an_oin_belongs_to_one_organisation(bureau: Bureau) -> None:
    bureau.add()
    refusal = bureau.refuses(lambda: bureau.add(bureau.sender.read("GM9006"), text=ground("GM9006")))
    assert f"Dit OIN staat al bij {NEW}" in reasons(refusal)


def test_a_first_day_in_the_past_is_refused(bureau: Bureau) -> None:
    assert "verleden" in reasons(bureau.refuses(lambda: bureau.add(start=date(2026, 1, 1))))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"organisation": "GM9001"}, "niet van GM9005 alleen"),
        ({"organisation": "", "parties": "[GM9005, GM9001]"}, "niet van GM9005 alleen"),
        ({"fg_advice": ""}, "advies van de FG ontbreekt"),
        ({"fg_advice": "{date: 2025-11-18, document: A, objection: true}"}, "bezwaar"),
        ({"id": "OEF-GEM-GM9001"}, "al in gebruik"),
        ({"purpose": "[signalering]"}, "klopt niet"),
    ],
)
def test_a_ground_that_cannot_be_is_refused(bureau: Bureau, changes: dict[str, str], why: str) -> None:
    assert why in reasons(bureau.refuses(lambda: bureau.add(text=ground(**changes))))


def test_a_certificate_for_another_key_is_refused(bureau: Bureau) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()

    def swapped(wanted: Wanted) -> x509.Certificate:
        return bureau.authority(Wanted(wanted.peer, key, wanted.hosts))

    read = bureau.sender.read()
    at = office(bureau.authority, swapped)
    refusal = bureau.refuses(lambda: enrolling.add(bureau.admin, at, read, TODAY, None, BASIS))
    assert "sleutel uit de aanmelding" in reasons(refusal)


def test_a_certificate_of_another_process_is_refused(bureau: Bureau) -> None:
    def renamed(wanted: Wanted) -> x509.Certificate:
        return bureau.authority(Wanted(Peer("register", NEW, OIN), wanted.key))

    read, at = bureau.sender.read(), office(bureau.authority, renamed)
    refusal = bureau.refuses(lambda: enrolling.add(bureau.admin, at, read, TODAY, None, BASIS))
    assert "andere organisatie" in reasons(refusal)


def test_a_certificate_of_an_issuer_that_the_register_does_not_believe_is_refused(bureau: Bureau) -> None:
    read, at = bureau.sender.read(), office(bureau.authority, PilotAuthority())
    refusal = bureau.refuses(lambda: enrolling.add(bureau.admin, at, read, TODAY, None, BASIS))
    assert "uitgever" in reasons(refusal)


def test_a_certificate_that_was_brought_from_elsewhere_is_as_good(bureau: Bureau) -> None:
    read = bureau.sender.read()
    brought = bureau.authority(read.checked().wanted)
    at = office(bureau.authority, lambda _wanted: brought)
    admission = parse_admission(enrolling.add(bureau.admin, at, read, TODAY, ground(), BASIS))
    assert der(admission) == brought.public_bytes(Encoding.DER)


@pytest.mark.parametrize("basis", [Basis("", "college"), Basis("D-1", ""), Basis("D-1\nD-2", "college")])
def test_a_change_without_a_decision_is_refused(bureau: Bureau, basis: Basis) -> None:
    read, at = bureau.sender.read(), office(bureau.authority)
    refusal = bureau.refuses(lambda: enrolling.add(bureau.admin, at, read, TODAY, None, basis))
    assert "--document" in reasons(refusal)


def test_nobody_records_without_the_mandate_of_the_register(bureau: Bureau) -> None:
    read, at = bureau.sender.read(), office(bureau.authority)
    stranger = administrator(bureau.centre, "oefening-toezichthouder")
    refusal = bureau.refuses(lambda: enrolling.add(stranger, at, read, TODAY, None, BASIS))
    assert (refusal.status, refusal.code) == (403, "geen-toegang")


def test_the_only_administrator_need_not_say_who_it_is(bureau: Bureau) -> None:
    assert only_administrator(bureau.centre, TODAY) == "oefening-beheerder"
    assert only_administrator(bureau.centre, date(2040, 1, 1)) is None


def test_another_certificate_of_the_same_authority_does_not_get_in(bureau: Bureau) -> None:
    read = bureau.sender.read()
    here = bureau.seen(bureau.add(read))
    misissued = bureau.authority(read.checked().wanted).public_bytes(Encoding.DER)
    caller = here.inspector(NEW).showing(misissued)
    assert refused(caller.try_ask(pseudonym(point())), 403, "certificaat-onbekend")["regel"] == "C2"


def test_a_toelating_that_got_lost_is_made_again_for_the_same_request_only(bureau: Bureau) -> None:
    read = bureau.sender.read()
    first = parse_admission(bureau.add(read))
    again = parse_admission(enrolling.again(bureau.admin, office(bureau.authority), read.content))
    assert (again.certificate, again.request) == (first.certificate, first.request)
    other = bureau.sender.read("GM9006")
    refusal = bureau.refuses(lambda: enrolling.again(bureau.admin, office(bureau.authority), other.content))
    assert "Deze aanmelding is hier niet ingeschreven" in reasons(refusal)


# ---- renewal --------------------------------------------------------------------------------------------------------


@pytest.fixture
def member(bureau: Bureau, tmp_path: Path) -> tuple[Bureau, bytes]:
    """An organisation that is enrolled on both sides, and its first toelating."""
    admission = bureau.add()
    bureau.sender.complete(admission, tmp_path / "node" / "instellingen.toml")
    return bureau, admission


def asks(bureau: Bureau, admission: bytes) -> Caller:
    return bureau.seen(admission).inspector(NEW)


def test_a_renewal_signed_by_the_former_key_lets_both_certificates_in(member: tuple[Bureau, bytes]) -> None:
    bureau, first = member
    second = enrolling.renew(
        bureau.admin, office(bureau.authority), bureau.sender.renewed(), BASIS, lost_key=False
    )
    bureau.world.log.verify(1)
    assert bureau.world.log.last(NEW)["gebeurtenis"] == "certificaat_vernieuwd"
    assert bureau.world.log.last(NEW)["certificaat"] == sha256(der(parse_admission(second))).hexdigest()
    for admission in (first, second):
        assert asks(bureau, admission).ask(pseudonym(point())).json()["uitkomst"] == "niet_bekend"


def test_when_a_key_is_lost_the_former_certificates_stop_at_once(member: tuple[Bureau, bytes]) -> None:
    bureau, first = member
    read = bureau.sender.renewed(lost_key=True)
    at = office(bureau.authority)
    refusal = bureau.refuses(lambda: enrolling.renew(bureau.admin, at, read, BASIS, lost_key=False))
    assert "--lost-key" in reasons(refusal)
    second = enrolling.renew(bureau.admin, at, read, BASIS, lost_key=True)
    bureau.world.log.verify(1)
    refused(asks(bureau, first).try_ask(pseudonym(point())), 403, "certificaat-onbekend")
    assert asks(bureau, second).ask(pseudonym(point())).status_code == 200


def test_a_renewal_of_one_that_is_not_enrolled_here_is_refused(member: tuple[Bureau, bytes]) -> None:
    bureau, _first = member
    read, at = bureau.sender.read("GM9006", oin="1" * 20), office(bureau.authority)
    refusal = bureau.refuses(lambda: enrolling.renew(bureau.admin, at, read, BASIS, lost_key=True))
    assert "GM9006" in reasons(refusal)


def test_a_renewal_is_no_way_to_enrol(member: tuple[Bureau, bytes]) -> None:
    bureau, _first = member
    refusal = bureau.refuses(lambda: bureau.add(bureau.sender.renewed()))
    assert "vernieuwen" in reasons(refusal)


def test_a_first_request_does_not_renew(bureau: Bureau) -> None:
    read = bureau.sender.read()
    bureau.add(read)
    refusal = bureau.refuses(
        lambda: enrolling.renew(bureau.admin, office(bureau.authority), read, BASIS, lost_key=True)
    )
    assert "mandaten" in reasons(refusal)


def test_changes_are_numbered_without_a_gap(bureau: Bureau) -> None:
    for number, code in enumerate((NEW, "GM9006"), start=1):
        bureau.add(bureau.sender.read(code, oin=str(number) * 20), text=ground(code))
    with bureau.world.log.engine.connect() as connection:
        numbers = list(
            connection.scalars(select(t.record_change.c.number).order_by(t.record_change.c.number))
        )
        assert connection.scalar(select(func.count()).select_from(t.mandate)) == 6
    assert numbers == [1, 2]
