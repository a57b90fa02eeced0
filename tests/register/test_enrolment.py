# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import canonical_json
from audit.note import Signer, sign_note
from policies.decision import ROLES, Mandate
from process.peer import Peer
from process.secret import Secret
from register.certificates import Wanted, request_for
from register.enrolment import (
    Admission,
    EnrolmentRefusal,
    EnrolmentRequest,
    Network,
    Sign,
    admission_file,
    fingerprint,
    host_of,
    parse_admission,
    parse_request,
    request_file,
    require_fingerprint,
    require_mandates,
    roles_of,
    same_fingerprint,
)
from register.municipalities import PARTNERS
from tests.receipts import VKEYS

KEY, FORMER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
RECEIPTS = Signer("log.example/ontvangst", Secret(bytes(range(9, 41))))
MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MANDATE = Mandate(
    "toezichthouder",
    "GM9005",
    "medewerker-0001",
    date(2026, 11, 22),
    date(2028, 1, 1),
    date(2026, 10, 5),
    date(2026, 9, 14),
)
REQUEST = EnrolmentRequest(
    organisation="GM9005",
    oin="00000001234567890000",
    csr=request_for(Wanted(Peer("node", "GM9005", "00000001234567890000"), KEY.public_key()), KEY),
    recovery_key=bytes(range(32)),
    fg_contact="fg@oefenmeer.example",
    contact="piket, 091 000 00 05",
    address="https://node.oefenmeer.example",
    mandates=(MANDATE,),
    made_at=MOMENT,
)
ADMISSION = Admission(
    organisation="GM9005",
    request=bytes(32),
    certificate="-----BEGIN CERTIFICATE-----\n",
    network=Network(
        profile="oefening",
        register_url="https://register.example:8443",
        receipt_vkey=RECEIPTS.verifier.vkey,
        log_vkey=RECEIPTS.verifier.vkey,
        keyholder_urls=("https://een.example",),
        keyset=b"{}",
        holder_vkeys=VKEYS,
        authorities="-----BEGIN CERTIFICATE-----\n",
    ),
    made_at=MOMENT,
)


def signing(key: ec.EllipticCurvePrivateKey) -> Sign:
    return lambda content: key.sign(content, ec.ECDSA(hashes.SHA256()))


def changed(content: bytes, **members: Any) -> bytes:
    return canonical_json({**json.loads(content), **members})


# ---- fingerprints ---------------------------------------------------------------------------------------------------


def test_a_fingerprint_is_eight_groups_of_four_signs_that_do_not_look_alike() -> None:
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}", fingerprint(b"aanmelding"))


def test_a_fingerprint_is_the_beginning_of_sha_256_in_crockford_s_base32() -> None:
    # SHA-256 of nothing is e3b0c44298fc1c149afbf4c8996fb92427ae41e4... (FIPS 180-4); the digits were written out by hand.
    bits = f"{int('e3b0c44298fc1c149afbf4c8996fb92427ae41e4', 16):0160b}"
    signs = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[int(bits[at : at + 5], 2)] for at in range(0, 160, 5))
    assert fingerprint(b"").replace("-", "") == signs


@given(st.binary(max_size=50), st.sampled_from(["-", " ", "", "  \n"]), st.booleans())
def test_a_fingerprint_is_read_as_people_type_it(content: bytes, between: str, small: bool) -> None:  # noqa: FBT001 - drawn
    told = fingerprint(content).replace("-", between)
    assert same_fingerprint(told.lower() if small else told, content)


@given(st.binary(max_size=50), st.integers(0, 31), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_other_sign_is_another_fingerprint(content: bytes, place: int, sign: str) -> None:
    signs = fingerprint(content).replace("-", "")
    told = signs[:place] + sign + signs[place + 1 :]
    assert same_fingerprint(told, content) == (told == signs)


@pytest.mark.parametrize("told", ["", "0000", fingerprint(b"x"), fingerprint(b"y") + "0"])
def test_a_refusal_never_shows_the_right_fingerprint(told: str) -> None:
    with pytest.raises(EnrolmentRefusal) as refused:
        require_fingerprint(told, b"y", "toelating.json")
    words = f"{refused.value.title} {refused.value.detail} {refused.value.way_forward}"
    assert fingerprint(b"y") not in words
    assert "toelating.json" in words


# ---- aanmelding -----------------------------------------------------------------------------------------------------


def test_an_aanmelding_is_read_as_it_was_written() -> None:
    content = request_file(REQUEST, signing(KEY))
    assert parse_request(content).request == REQUEST
    assert parse_request(content).wanted.key == KEY.public_key()


def test_an_aanmelding_holds_no_private_key() -> None:
    content = request_file(REQUEST, signing(KEY))
    assert b"PRIVATE" not in content
    assert format(KEY.private_numbers().private_value, "064x").encode() not in content


def test_an_aanmelding_signed_by_another_key_is_refused() -> None:
    with pytest.raises(EnrolmentRefusal):
        parse_request(request_file(REQUEST, signing(FORMER)))


@pytest.mark.parametrize(
    "members",
    [
        {"organisatie": "GM9006"},
        {"oin": "1" * 20},
        {"oin": "123"},
        {"organisatie": "../GM9006"},
        {"fgContact": "fg@elders.example"},
        {"fgContact": "regel\nregel"},
        {"contact": "091 999 99 99"},
        {"contact": ""},
        {"adres": None},
        {"adres": "http://node.example"},
        {"herstelsleutel": ""},
        {"mandaten": []},
        {"mandaten": [{"rol": "fg"}]},
        {"gemaakt": "gisteren"},
        {"vervangt": "00"},
        {"formaat": "signaalregister/aanmelding/v2"},
        {"handtekening": "AAAA"},
        {"extra": "iets"},
    ],
    ids=lambda one: "-".join(f"{name}" for name in one),
)
def test_an_altered_aanmelding_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(EnrolmentRefusal):
        parse_request(changed(request_file(REQUEST, signing(KEY)), **members))


@given(st.binary(max_size=200))
def test_anything_else_is_refused_as_no_aanmelding_and_no_toelating(content: bytes) -> None:
    for read in (parse_request, parse_admission):
        with pytest.raises(EnrolmentRefusal):
            read(content)


def test_an_aanmelding_in_another_spelling_is_refused() -> None:
    spelled = json.dumps(json.loads(request_file(REQUEST, signing(KEY))), indent=2).encode()
    with pytest.raises(EnrolmentRefusal):
        parse_request(spelled)


def test_a_renewal_is_signed_by_the_former_key_as_well() -> None:
    renewal = replace(REQUEST, replaces=bytes(32), mandates=())
    signed = parse_request(request_file(renewal, signing(KEY), signing(FORMER)))
    assert signed.signed_by(FORMER.public_key())
    assert not signed.signed_by(KEY.public_key())
    assert not parse_request(request_file(renewal, signing(KEY))).signed_by(FORMER.public_key())


# ---- toelating ------------------------------------------------------------------------------------------------------


def test_a_toelating_is_read_as_it_was_written() -> None:
    assert parse_admission(admission_file(ADMISSION, RECEIPTS)) == ADMISSION


def test_a_toelating_that_another_key_signed_is_refused() -> None:
    other = Signer("log.example/ontvangst", Secret(bytes(range(1, 33))))
    with pytest.raises(EnrolmentRefusal):
        parse_admission(admission_file(ADMISSION, other))


@pytest.mark.parametrize("member", ["register", "certificaat", "sleutelhouders", "sleutelset", "organisatie"])
def test_a_toelating_that_was_altered_after_signing_is_refused(member: str) -> None:
    outer = json.loads(admission_file(ADMISSION, RECEIPTS))
    text, blank, signatures = outer["verklaring"].partition("\n\n")
    members = json.loads(text)
    members[member] = ["https://elders.example"] if member == "sleutelhouders" else "QUJD"
    outer["verklaring"] = canonical_json(members).decode() + blank + signatures
    with pytest.raises(EnrolmentRefusal):
        parse_admission(canonical_json(outer))


def test_a_note_of_the_register_about_something_else_is_no_toelating() -> None:
    note = sign_note("log.example\n12\nAAAA\n", [RECEIPTS])
    outer = {"formaat": "signaalregister/toelating/v1", "verklaring": note}
    with pytest.raises(EnrolmentRefusal):
        parse_admission(canonical_json(outer))


# ---- what an organisation can ask ----------------------------------------------------------------------------------


def test_every_kind_of_organisation_has_known_roles_only_and_an_unknown_one_none() -> None:
    for code in ("GM9005", "REGISTER", *PARTNERS):
        assert roles_of(code)
        assert roles_of(code) <= set(ROLES)
    assert roles_of("IEMAND") == frozenset()
    assert roles_of("GM90055") == frozenset()


def test_every_role_of_the_matrix_is_of_some_organisation_and_that_of_a_ketenregisseur_of_a_host() -> None:
    given = frozenset[str]().union(*(roles_of(code) for code in ("GM9005", "REGISTER", *PARTNERS)))
    assert set(ROLES) - given == {"ketenregisseur"}
    for host in ("RIEC-OOST", "ZVH-MIDDEN"):
        assert "ketenregisseur" in roles_of(host)
    assert roles_of("RIEC") == roles_of("RIEC-oost") == roles_of("XRIEC-OOST") == frozenset()


@pytest.mark.parametrize("role", sorted(set(ROLES) - roles_of("GM9005")))
def test_a_municipality_cannot_give_roles_of_others(role: str) -> None:
    with pytest.raises(EnrolmentRefusal) as refused:
        require_mandates("GM9005", (replace(MANDATE, role=role),), MANDATE.valid_from)
    assert "kan deze rol niet geven" in refused.value.fields[0].reason


@pytest.mark.parametrize(
    "mandates",
    [
        (replace(MANDATE, organisation="GM9006"),),
        (replace(MANDATE, officer="Jan"),),
        (replace(MANDATE, valid_to=date(2020, 1, 1)),),
        (replace(MANDATE, trained_on=None),),
        (replace(MANDATE, screened_on=date(2026, 11, 23)),),
        (MANDATE, MANDATE),
        tuple(replace(MANDATE, officer=f"medewerker-{number:04}") for number in range(501)),
    ],
    ids=["other_organisation", "a_name", "ends_first", "not_trained", "screened_later", "twice", "too_many"],
)
def test_mandates_that_cannot_be_are_refused(mandates: tuple[Mandate, ...]) -> None:
    with pytest.raises(EnrolmentRefusal):
        require_mandates("GM9005", mandates, MANDATE.valid_from)


@pytest.mark.parametrize(
    "address",
    ["http://node.example", "node.example", "https://", "https://u:p@node.example", "https://a?b=c"],
)
def test_an_address_is_https_and_nothing_beside_a_host(address: str) -> None:
    with pytest.raises(EnrolmentRefusal):
        host_of(address)
    assert host_of("https://node.example:8443") == "node.example"
