# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from datetime import timedelta
from typing import Any

import pytest

from register.central.store import tables as t
from tests.register.central.conftest import ONE_DATABASE
from tests.register.central.world import (
    CONTROL,
    MOMENT,
    World,
    fields_of,
    point,
    pseudonym,
    refused,
    sealed,
    signal,
    subject,
)


def test_a_signal_is_stored_acknowledged_and_logged(world: World) -> None:
    sent = signal()
    answer = world.inspector("GM9001").submit(sent)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["signaalId"], told["versie"], told["herhaald"]) == (sent["signaalId"], 1, False)
    (stored,) = world.rows(t.signal)
    assert str(stored.signal_id) == sent["signaalId"]
    assert (stored.organisation, stored.status) == ("GM9001", "actief")
    assert len(world.rows(t.posting)) == 1
    entry = world.log.last("GM9001")
    assert entry["gebeurtenis"] == "signaal_ingediend"
    assert (entry["medewerker"], entry["rol"], entry["doel"]) == (
        "oefening-toezichthouder",
        "toezichthouder",
        "signalering",
    )
    assert (entry["zaaknummer"], entry["signaal"], entry["verzegeld"]) == (CONTROL, sent["signaalId"], False)
    assert entry["regels"] == ["toezichthouder.signaal_indienen"]


def test_every_signal_gets_a_day_on_which_it_is_gone(world: World) -> None:
    assert world.submit("GM9001", signal())["verlooptOp"] == "2027-03-02"
    facilitator = signal(
        subject(rol="mogelijk_facilitator"), juridisch={"strafrechtelijke_grondslag": "OEF-STRAF-SV"}
    )
    told = world.submit("GM9001", facilitator)
    assert (told["categorie"], told["verlooptOp"]) == ("R4", "2028-03-02")
    minor = signal(subject(minderjarig="ja"))
    assert world.submit("GM9001", minor)["categorie"] == "R3"


def test_the_term_counts_from_the_first_processing_and_not_from_arrival(world: World) -> None:
    earlier = signal(eersteVerwerking=(MOMENT - timedelta(days=31)).isoformat())
    assert world.submit("GM9001", earlier)["verlooptOp"] == "2027-01-30"


def test_the_term_counts_by_the_date_in_utc(world: World) -> None:
    just_after_midnight_in_amsterdam = signal(eersteVerwerking="2026-03-02T00:30:00+01:00")
    assert world.submit("GM9001", just_after_midnight_in_amsterdam)["verlooptOp"] == "2027-03-01"


def test_one_moment_written_in_two_time_zones_is_one_moment(world: World) -> None:
    sent = signal(eersteVerwerking="2026-03-02T10:30:00+02:00")
    world.submit("GM9001", sent)
    corrected = sent | {"versie": 2, "eersteVerwerking": "2026-03-02T08:30:00+00:00"}
    assert world.submit("GM9001", corrected)["versie"] == 2


def test_a_sealed_sexual_signal_gets_in_and_shows_nothing_sexual(world: World) -> None:
    world.submit("GM9001", sealed())
    (stored,) = world.rows(t.signal)
    assert (stored.form, stored.basis, stored.control_type, stored.indicators) == (
        "overig",
        "anders",
        "overig",
        [],
    )
    assert stored.opened is None
    assert world.log.last("GM9001")["verzegeld"] is True


def test_the_same_signal_again_is_acknowledged_again_and_nothing_is_doubled(world: World) -> None:
    inspector, sent = world.inspector("GM9001"), signal()
    first = inspector.submit(sent, key="sleutel-van-dit-signaal")
    before = world.contents()
    again = inspector.submit(sent, key="sleutel-van-dit-signaal")
    assert again.status_code == 201
    assert again.json()["herhaald"] is True
    assert again.json()["verlooptOp"] == first.json()["verlooptOp"]
    assert again.json()["logbewijs"] != first.json()["logbewijs"]
    assert world.contents() == before, "also no receipt was used up"
    assert world.log.last("GM9001")["herhaald"] is True


def test_the_same_signal_under_another_key_is_not_doubled_either(world: World) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    assert world.submit("GM9001", sent)["herhaald"] is True
    assert len(world.rows(t.signal)) == len(world.rows(t.posting)) == 1


def test_the_same_number_and_version_with_other_content_is_never_acknowledged(world: World) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    before = world.contents()
    answer = world.inspector("GM9001").submit(
        sent | {"aanwijzingen": ["slapen_in_bedrijfspand", "gevaarlijk_werk"]}
    )
    refused(answer, 409, "andere-inhoud")
    assert world.contents() == before


def test_one_key_for_two_different_signals_is_a_conflict(world: World) -> None:
    inspector = world.inspector("GM9001")
    inspector.submit(signal(), key="sleutel-van-dit-signaal")
    before = world.contents()
    refused(inspector.submit(signal(), key="sleutel-van-dit-signaal"), 409, "sleutel-hergebruikt")
    assert world.contents() == before


def test_one_key_of_two_organisations_is_two_keys(world: World) -> None:
    world.inspector("GM9001").submit(signal(), key="sleutel-van-iedereen")
    assert world.inspector("GM9002").submit(signal(), key="sleutel-van-iedereen").status_code == 201


def test_a_key_is_remembered_for_a_day(world: World) -> None:
    inspector = world.inspector("GM9001")
    inspector.submit(signal(), key="sleutel-van-gisteren")
    world.clock.forward(days=1, seconds=1)
    assert inspector.submit(signal(), key="sleutel-van-gisteren").status_code == 201
    assert len(world.rows(t.idempotency)) == 1


def test_what_was_refused_leaves_its_key_free(world: World) -> None:
    inspector = world.inspector("GM9001")
    refused(inspector.submit(signal(aanwijzingen=[]), key="sleutel-1-van-2"), 400, "ongeldig-signaal")
    assert inspector.submit(signal(), key="sleutel-1-van-2").status_code == 201


@ONE_DATABASE
@pytest.mark.parametrize("key", ["", "kort", "met spatie erin", "x" * 65, "sleutel/met/streep"])
def test_a_write_without_a_proper_idempotency_key_is_refused(world: World, key: str) -> None:
    inspector = world.inspector("GM9001")
    body = inspector.addressed(signal())
    for headers in ({"Idempotency-Key": key}, {}):
        answer = inspector.request("POST", "/v1/signalen", headers=headers, json=body)
        assert "idempotency-key" in fields_of(refused(answer, 400, "ongeldige-invoer"))


def test_a_new_version_replaces_the_old_one_at_once(world: World) -> None:
    old, new = point(), point()
    sent = signal(subject(pseudonym(old)))
    world.submit("GM9001", sent)
    world.submit("GM9001", sent | {"versie": 2, "subjecten": [subject(pseudonym(new))]})
    asking = world.inspector("GM9004")
    assert asking.ask(pseudonym(old)).json()["uitkomst"] == "niet_bekend"
    assert asking.ask(pseudonym(new)).json()["uitkomst"] == "bekend_elders"
    assert sorted(row.status for row in world.rows(t.signal)) == ["actief", "vervangen"]


def test_an_older_version_does_not_come_back(world: World) -> None:
    sent = signal()
    world.submit("GM9001", sent | {"versie": 2})
    refused(world.inspector("GM9001").submit(sent), 409, "signaal-bestaat")


def test_a_correction_does_not_lengthen_the_life_of_a_signal(world: World) -> None:
    sent = signal()
    first = world.submit("GM9001", sent)
    world.clock.forward(days=200)
    later = sent | {"versie": 2, "correctie": "verbeterd", "eersteVerwerking": world.clock().isoformat()}
    members = refused(world.contact("GM9001").submit(later), 400, "ongeldig-signaal")
    assert fields_of(members) == {"eersteVerwerking"}
    assert world.submit("GM9001", sent | {"versie": 2})["verlooptOp"] == first["verlooptOp"]


def test_the_number_of_another_organisation_s_signal_is_refused_without_saying_whose(world: World) -> None:
    sent = signal()
    world.submit("GM9001", sent)
    members = refused(world.inspector("GM9002").submit(sent), 409, "signaal-bestaat")
    assert "GM9001" not in str(members)
    assert len(world.rows(t.signal)) == 1


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no_carrying_indicator": ({"aanwijzingen": ["gevaarlijk_werk"]}, "aanwijzingen"),
    "no_indicator": ({"aanwijzingen": []}, "aanwijzingen"),
    "unknown_indicator": ({"aanwijzingen": ["slapen_in_bedrijfspand", "iets"]}, "aanwijzingen"),
    "refused_indicator": ({"aanwijzingen": ["slapen_in_bedrijfspand", "nationaliteit"]}, "aanwijzingen"),
    "unsealed_sexual_form": (
        {"uitbuitingsvorm": "seksueel_onbekend", "juridisch": {"bijzondere_grondslag": "OEF-SEKS-SV"}},
        "verzegeld",
    ),
    "unsealed_sexual_control": ({"controlesoort": "thuiswerk_hotel"}, "verzegeld"),
    "sexual_indicator_in_the_open": (
        {"aanwijzingen": ["slapen_in_bedrijfspand", "derde_beheert_advertentie"]},
        "uitbuitingsvorm",
    ),
    "future_week": ({"waargenomenWeek": "2026-W11"}, "waargenomenWeek"),
    "next_year": ({"waargenomenWeek": "2027-W01"}, "waargenomenWeek"),
    "week_that_never_was": ({"waargenomenWeek": "2025-W53"}, "waargenomenWeek"),
    "year_zero": ({"waargenomenWeek": "0000-W01"}, "waargenomenWeek"),
    "processed_in_the_future": (
        {"eersteVerwerking": (MOMENT + timedelta(minutes=6)).isoformat()},
        "eersteVerwerking",
    ),
    "processed_at_no_certain_time": ({"eersteVerwerking": "2026-03-01T09:00:00"}, "eersteVerwerking"),
    "processed_at_the_edge_of_time": ({"eersteVerwerking": "0001-01-01T00:00:00+14:00"}, "eersteVerwerking"),
    "processed_at_the_other_edge": ({"eersteVerwerking": "9999-12-31T23:59:59-14:00"}, "eersteVerwerking"),
    "expired_already": ({"eersteVerwerking": "2025-03-02T09:00:00+00:00"}, "eersteVerwerking"),
    "unknown_form": ({"uitbuitingsvorm": "iets"}, "uitbuitingsvorm"),
    "form_not_in_the_law_yet": ({"uitbuitingsvorm": "draagmoederschap"}, "uitbuitingsvorm"),
    "unknown_basis": ({"waarnemingGrondslag": "iets"}, "waarnemingGrondslag"),
    "two_subjects_of_one_name": ({"subjecten": [subject(), subject()]}, "subjecten"),
    "unknown_role": ({"subjecten": [subject(rol="dader")]}, "subjecten.0.rol"),
}


@ONE_DATABASE
@pytest.mark.parametrize(("changed", "field"), BAD.values(), ids=BAD.keys())
def test_a_bad_signal_is_400_names_the_field_and_stores_nothing(
    world: World, changed: dict[str, Any], field: str
) -> None:
    members = refused(world.inspector("GM9001").submit(signal(**changed)), 400, "ongeldig-signaal")
    assert field in fields_of(members)
    assert world.rows(t.signal) == []
    entry = world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["code"]) == ("geweigerd", "ongeldig-signaal")
    assert field in entry["velden"]


def test_the_same_token_twice_in_one_subject_is_a_bad_signal_and_no_defect(world: World) -> None:
    twice = pseudonym(point())
    answer = world.inspector("GM9001").submit(signal(subject(twice, twice)))
    assert fields_of(refused(answer, 400, "ongeldig-signaal")) == {"subjecten.s1.pseudoniemen"}


def test_one_token_in_two_subjects_is_a_shared_telephone(world: World) -> None:
    shared = pseudonym(point())
    world.submit("GM9001", signal(subject(shared), subject(shared, ref="s2")))
    assert len(world.rows(t.posting)) == 2


@ONE_DATABASE
@pytest.mark.parametrize(
    "changed",
    [
        {"uitbuitingsvorm": "seksueel_onbekend"},
        {"controlesoort": "prostitutiecontrole_vergund"},
        {"aanwijzingen": ["slapen_in_bedrijfspand"]},
        {"subjecten": [subject()]},
    ],
)
def test_a_sealed_signal_that_tells_something_in_the_open_is_refused(
    world: World, changed: dict[str, Any]
) -> None:
    answer = world.inspector("GM9001").submit(sealed() | changed)
    assert "verzegeld" in fields_of(refused(answer, 400, "ongeldig-signaal"))


def test_a_sealed_signal_without_the_word_that_it_carries_is_refused(world: World) -> None:
    sent = sealed()
    sent["verzegeld"]["draagt"] = False
    answer = world.inspector("GM9001").submit(sent)
    assert fields_of(refused(answer, 400, "ongeldig-signaal")) == {"aanwijzingen"}


@ONE_DATABASE
@pytest.mark.parametrize(
    "legal", [{}, {"bijzondere_grondslag": "OEF-STRAF-SV"}, {"bijzondere_grondslag": "ONBEKEND"}]
)
def test_a_sexual_signal_without_its_special_ground_stays_at_its_node(
    world: World, legal: dict[str, str]
) -> None:
    answer = world.inspector("GM9001").submit(sealed(juridisch=legal))
    members = refused(answer, 403, "geen-toegang")
    assert members["regel"] == "G-SEKS"
    assert world.rows(t.signal) == []


def test_a_signal_about_a_facilitator_without_its_ground_is_refused(world: World) -> None:
    answer = world.inspector("GM9001").submit(signal(subject(rol="mogelijk_facilitator")))
    assert refused(answer, 403, "geen-toegang")["regel"] == "G-STRAF"


@ONE_DATABASE
@pytest.mark.parametrize("changed", [{"sleutelset": "signaal"}, {"epoch": 2}])
def test_pseudonyms_of_other_keys_are_refused(world: World, changed: dict[str, Any]) -> None:
    refused(world.inspector("GM9001").submit(signal(**changed)), 409, "andere-sleutelset")
    assert world.rows(t.posting) == []


@ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"familie": "schoenmaat"}, "familie"),
        ({"versie": "2025-1"}, "versie"),
        ({"punt": "Ag" + "_" * 42}, "punt"),
        ({"punt": "BA" + "A" * 42}, "punt"),
        ({"punt": "A" * 44}, "punt"),
    ],
    ids=["unknown_family", "other_version", "off_the_curve", "uncompressed_sign", "identity"],
)
def test_what_is_no_pseudonym_of_this_version_is_refused_by_its_place(
    world: World, changed: dict[str, str], field: str
) -> None:
    sent = signal(subject(pseudonym(point()), pseudonym(point(), "email") | changed))
    answer = world.inspector("GM9001").submit(sent)
    members = refused(answer, 400, "ongeldig-pseudoniem")
    assert fields_of(members) == {f"subjecten.s1.pseudoniemen.1.{field}"}
    assert changed.get("punt", "schoenmaat") not in answer.text


def test_an_unknown_field_is_refused_by_name(world: World) -> None:
    answer = world.inspector("GM9001").submit(signal(toelichting="vrije tekst over een persoon"))
    assert fields_of(refused(answer, 400, "ongeldige-invoer")) == {"toelichting"}
    assert "vrije tekst" not in answer.text
    assert "vrije tekst" not in str(world.log.entries())


def test_submitting_for_another_organisation_is_refused(world: World) -> None:
    answer = world.inspector("GM9001").submit(signal(organisatie="GM9002"))
    assert refused(answer, 403, "andere-organisatie")["regel"] == "C2"
    assert world.rows(t.signal) == []
    assert world.log.last("GM9001")["code"] == "andere-organisatie"
    assert world.log.entries("GM9002") == []


def test_without_a_mandate_nothing_is_taken_in(world: World) -> None:
    stranger = world.inspector("GM9001").but(namens_medewerker="oefening-onbekende")
    assert refused(stranger.submit(signal()), 403, "geen-toegang")["regel"] == "MANDAAT"


def test_a_mandate_of_another_municipality_does_not_count(world: World) -> None:
    borrowed = world.inspector("GM0363")
    refused(borrowed.submit(signal()), 403, "geen-toegang")


def test_an_fg_submits_no_signals(world: World) -> None:
    refused(world.node("GM9001", "fg").submit(signal()), 403, "geen-toegang")


def test_after_its_mandate_and_ground_ended_an_organisation_submits_nothing(world: World) -> None:
    world.clock.forward(days=365 * 5)
    late = signal(eersteVerwerking=world.clock().isoformat())
    refused(world.inspector("GM9001").submit(late), 403, "geen-toegang")
    assert world.rows(t.signal) == []
