# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import base64
import inspect
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from register import wire
from register.signals import INDICATORS

MODELS = [
    one
    for _name, one in inspect.getmembers(wire, inspect.isclass)
    if issubclass(one, wire.Message) and one is not wire.Message
]
POINT: TypeAdapter[bytes] = TypeAdapter(wire.Point)
BYTES: TypeAdapter[bytes] = TypeAdapter(wire.Base64Url)
IDENTITY = re.compile(
    r"voornaam|achternaam|geboort|telefoon|bsn|adres|postcode|mail|document|paspoort|kenteken|iban|geslacht|nationaliteit"
)

OF_AUTHZEN = {
    *("reason_user", "reason_admin", "evaluations_semantic"),
    *("policy_decision_point", "access_evaluation_endpoint", "access_evaluations_endpoint"),
}
"""Members that the Authorization API 1.0 names, so we do not."""


def test_there_are_models_to_judge() -> None:
    assert {wire.SignaalIndienen, wire.Bevraging, wire.Antwoord} <= set(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_message_has_room_for_an_identity(model: type[BaseModel]) -> None:
    assert not [name for name in model.model_fields if IDENTITY.search(name)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_message_refuses_what_it_does_not_know_and_does_not_change(model: type[BaseModel]) -> None:
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["frozen"] is True


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_names_on_the_wire_are_camel_case(model: type[BaseModel]) -> None:
    for field in model.model_fields.values():
        if field.alias in OF_AUTHZEN:
            continue
        assert re.fullmatch(r"[a-z]+([A-Z0-9][a-z0-9]*)*", field.alias or ""), field.alias


@given(st.binary(max_size=60))
def test_bytes_travel_as_base64url_without_padding(value: bytes) -> None:
    text = BYTES.dump_python(value, mode="json")
    assert re.fullmatch(r"[A-Za-z0-9_-]*", text)
    assert BYTES.validate_python(text) == value


def test_bytes_are_base64url_as_others_write_it() -> None:
    assert (
        BYTES.dump_python(b"\xfb\xff\xbf", mode="json") == base64.urlsafe_b64encode(b"\xfb\xff\xbf").decode()
    )


@pytest.mark.parametrize("text", ["!", "AA AA", "AAA\n", "é", "A", "AA*A"])
def test_what_is_no_base64url_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        BYTES.validate_python(text)
    assert refused.value.errors()[0]["msg"] == "Value error, Dit is geen geldige base64url."


@pytest.mark.parametrize("size", [0, 32, 34, 65])
def test_a_point_is_33_bytes(size: int) -> None:
    with pytest.raises(ValidationError):
        POINT.validate_python(base64.urlsafe_b64encode(bytes(size)).decode())


def complete() -> dict[str, Any]:
    """A submission as JSON with every required member."""
    return {
        "organisatie": "GM9001",
        "signaalId": "6f0b2f0e-3c46-4c5e-9a8e-3f1f0f6b8f11",
        "lokaleVerwijzing": "lokaal-0001",
        "waargenomenWeek": "2026-W09",
        "waarnemingGrondslag": "openbare_orde_172",
        "controlesoort": "woningcontrole",
        "uitbuitingsvorm": "arbeid",
        "aanwijzingen": ["slapen_in_bedrijfspand"],
        "beoordeling": {"bron": "B", "informatie": 2},
        "juridisch": {"grondslag": "OEF-GEM-GM9001"},
        "eersteVerwerking": "2026-03-01T09:00:00+00:00",
        "subjecten": [
            {
                "ref": "s1",
                "pseudoniemen": [{"familie": "phone", "versie": "2026-1", "punt": "Ag" + "A" * 42}],
            }
        ],
        "sleutelset": "oefening",
        "epoch": 1,
    }


def test_what_nobody_said_reads_as_the_careful_default() -> None:
    sent = wire.SignaalIndienen.model_validate(complete())
    (subject,) = sent.subjecten
    assert (subject.rol, subject.minderjarig, subject.soort) == ("onbekend", "onbekend", "persoon")
    assert sent.verzegeld is None
    assert sent.kwitanties == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("organisatie", "gm9001"),
        ("organisatie", "gemeente"),
        ("organisatie", "GM9001\n"),
        ("waargenomenWeek", "2026-W54"),
        ("waargenomenWeek", "2026-W00"),
        ("waargenomenWeek", "2026-09"),
        ("lokaleVerwijzing", "Jan Jansen"),
        ("controlesoort", "woning controle"),
        ("aanwijzingen", [next(iter(INDICATORS))] * 41),
        ("versie", 0),
        ("epoch", 0),
        ("subjecten", []),
        ("signaalId", "1"),
        ("beoordeling", {"bron": "D", "informatie": 2}),
        ("beoordeling", {"bron": "B", "informatie": 5}),
        ("toelichting", "vrije tekst over een persoon"),
    ],
)
def test_a_submission_with_a_wrong_member_is_refused(name: str, value: object) -> None:
    wire.SignaalIndienen.model_validate(complete())
    with pytest.raises(ValidationError) as refused:
        wire.SignaalIndienen.model_validate(complete() | {name: value})
    assert name in str(refused.value.errors()[0]["loc"])


def test_a_token_and_a_password_do_not_show_when_printed() -> None:
    sent = wire.Sessie(naam="fg", wachtwoord="een lang wachtwoord")
    proof = wire.Logbewijs(blad=1, bewijs="notitie")
    opened = wire.SessieGeopend(token="0123abcd", organisatie="GM9001", rol="fg", logbewijs=proof)
    assert "een lang wachtwoord" not in repr(sent)
    assert "0123abcd" not in repr(opened)


def test_every_header_of_acting_for_is_a_field_of_it() -> None:
    assert set(wire.HEADERS) == set(wire.ActingFor.model_fields)
    assert len(set(wire.HEADERS.values())) == len(wire.HEADERS)


SAID = {"medewerker": "oefening-fg", "rol": "fg", "doel": "toezicht_avg"}


def test_headers_that_say_enough_are_a_person_acting() -> None:
    assert wire.acting_for(SAID) == wire.ActingFor(**SAID)


@pytest.mark.parametrize("name", sorted(wire.HEADERS))
def test_headers_that_say_it_wrong_are_named(name: str) -> None:
    assert wire.acting_for({**SAID, name: "vrije tekst, met een naam"}) == frozenset({name})


def test_headers_that_say_nothing_are_named_all_together() -> None:
    assert wire.acting_for({}) == frozenset(SAID)


@pytest.mark.parametrize(
    "path",
    [
        "aanwijzingen",
        "subjecten.0.rol",
        "subjecten.19.pseudoniemen.3.punt",
        "beoordeling.bron",
        "Zaaknummer",
        "Idempotency-Key",
        "idempotency-key",
        "body",
        "Zaaknummer, Reden, Grondslag",
    ],
)
def test_the_path_of_a_field_of_ours_may_be_logged(path: str) -> None:
    assert wire.known_field(path)


@pytest.mark.parametrize(
    "path",
    [
        "Jansen",
        "subjecten.0.Jansen",
        "0612345678",
        "subjecten.0612345678",
        "",
        "subjecten.",
        "\u0661\u0662",
        "aanwijzingen ",
    ],
)
def test_a_name_that_somebody_made_up_may_not(path: str) -> None:
    assert not wire.known_field(path)
