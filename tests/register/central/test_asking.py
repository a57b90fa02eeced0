# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json
from typing import Any

import pytest

from register.central.store import tables as t
from tests.register.central.conftest import ONE_DATABASE, Restart
from tests.register.central.world import (
    CONTROL,
    World,
    fields_of,
    point,
    pseudonym,
    refused,
    sealed,
    signal,
    subject,
    without_receipt,
)


def test_a_question_by_another_municipality_finds_the_signal(world: World) -> None:
    phone = point()
    world.submit("GM9001", signal(subject(pseudonym(phone))))
    answer = world.inspector("GM9004").ask(pseudonym(phone)).json()
    assert answer["uitkomst"] == "bekend_elders"
    assert (answer["aantalGemeenten"], answer["laatstGezien"], answer["soorten"]) == (
        "1",
        "2026-H1",
        ["telefoon"],
    )


def test_an_inspector_reads_no_name_no_form_no_role_no_indicator_and_no_number_of_a_signal(
    world: World,
) -> None:
    phone, sent = point(), signal()
    sent["subjecten"] = [subject(pseudonym(phone))]
    world.submit("GM9001", sent)
    answer = world.inspector("GM9004").ask(pseudonym(phone))
    assert set(answer.json()) == {
        *("uitkomst", "toelichting", "watNu", "aantalGemeenten", "laatstGezien", "soorten"),
        *("nietBekeken", "uitleg", "waarom", "logbewijs"),
    }
    text = json.dumps(
        {name: value for name, value in answer.json().items() if name not in {"uitleg", "logbewijs"}}
    )
    for hidden in (
        "GM9001",
        "Oefenstad",
        sent["signaalId"],
        "arbeid",
        "slapen_in_bedrijfspand",
        "slachtoffer",
        "W09",
    ):
        assert hidden not in text
    assert sent["signaalId"] not in answer.text
    assert "Oefenstad" not in answer.text


def test_counts_come_in_buckets(world: World) -> None:
    phone, inspector = pseudonym(point()), world.inspector("GM9004")
    counts = []
    for organisation in ("GM9001", "GM9002", "GM9003"):
        world.submit(organisation, signal(subject(phone)))
        counts.append(inspector.ask(phone).json()["aantalGemeenten"])
    assert counts == ["1", "2-3", "2-3"]


def test_several_signals_of_one_municipality_count_once(world: World) -> None:
    phone = pseudonym(point())
    for _signal in range(3):
        world.submit("GM9001", signal(subject(phone)))
    assert world.inspector("GM9004").ask(phone).json()["aantalGemeenten"] == "1"


def test_only_the_newest_half_year_is_told(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone), waargenomenWeek="2025-W40"))
    assert world.inspector("GM9004").ask(phone).json()["laatstGezien"] == "2025-H2"
    world.submit("GM9002", signal(subject(phone)))
    assert world.inspector("GM9004").ask(phone).json()["laatstGezien"] == "2026-H1"


def test_an_aandachtsfunctionaris_gets_months_and_numbers_and_still_no_names(world: World) -> None:
    phone = pseudonym(point())
    for organisation in ("GM9001", "GM9002"):
        world.submit(organisation, signal(subject(phone)))
    answer = world.contact("GM9004").ask(phone).json()
    assert (answer["aantalGemeenten"], answer["laatstGezien"]) == ("2", "2026-02")
    assert "gemeenten" not in answer


def test_own_signals_never_count_as_elsewhere(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9004", signal(subject(phone)))
    inspector = world.inspector("GM9004")
    assert inspector.ask(phone).json()["uitkomst"] == "niet_bekend"
    world.submit("GM9001", signal(subject(phone)))
    assert inspector.ask(phone).json()["aantalGemeenten"] == "1"
    assert {str(row.signal_id) for row in world.rows(t.treffer_signal)} == {
        str(row.signal_id) for row in world.rows(t.signal) if row.organisation == "GM9001"
    }


def test_a_question_without_a_hit_stores_nothing_of_anybody(world: World) -> None:
    world.submit("GM9001", signal())
    before = world.contents()
    world.inspector("GM9004").ask(pseudonym(point()))
    after = world.contents()
    assert {name for name in after if after[name] != before[name]} == {
        *("idempotency", "evaluation_receipt", "question_count")
    }
    entry = world.log.last("GM9004")
    assert (entry["gebeurtenis"], entry["uitkomst"], entry["velden"]) == ("bevraging", "niet_bekend", [])
    assert (entry["zaaknummer"], entry["reden"], entry["grondslag"]) == (
        CONTROL,
        "controle",
        "OEF-GEM-GM9004",
    )


def test_lossy_agreement_is_possible_and_not_known(world: World) -> None:
    near = pseudonym(point(), "name_dob_near")
    world.submit("GM9001", signal(subject(near)))
    assert (
        world.inspector("GM9004").ask(near, pseudonym(point(), "document")).json()["uitkomst"] == "mogelijk"
    )


def test_agreement_on_too_little_looks_like_nothing(world: World) -> None:
    plate = pseudonym(point(), "plate")
    world.submit("GM9001", signal(subject(plate)))
    document = pseudonym(point(), "document")
    asking = world.inspector("GM9004")
    answer = asking.ask(plate, document)
    nothing = asking.ask(pseudonym(point(), "plate"), pseudonym(point(), "document"))
    assert without_receipt(answer) == without_receipt(nothing)
    assert answer.json()["uitkomst"] == "niet_bekend"


def test_two_mediums_of_two_people_in_one_signal_do_not_add_up(world: World) -> None:
    plate, part = pseudonym(point(), "plate"), pseudonym(point(), "name_dob_part")
    world.submit("GM9001", signal(subject(plate), subject(part, ref="s2")))
    assert world.inspector("GM9004").ask(plate, part).json()["uitkomst"] == "niet_bekend"
    world.submit("GM9001", signal(subject(plate, part)))
    assert world.inspector("GM9004").ask(plate, part).json()["uitkomst"] == "mogelijk"


def test_a_point_means_something_only_within_its_family(world: World) -> None:
    one = point()
    world.submit("GM9001", signal(subject(pseudonym(one, "phone"))))
    assert world.inspector("GM9004").ask(pseudonym(one, "email")).json()["uitkomst"] == "niet_bekend"


def test_a_question_about_an_organisation_finds_organisations_and_no_people(world: World) -> None:
    address = pseudonym(point(), "bag_address")
    company = subject(address, soort="organisatie", rol="betrokkene_derde", minderjarig="onbekend")
    world.submit("GM9001", signal(subject(), company | {"ref": "s2"}))
    asking = world.inspector("GM9004")
    assert asking.ask(address, betreft="organisatie").json()["uitkomst"] == "bekend_elders"
    refused(asking.try_ask(address), 400, "te-weinig-om-op-te-vragen")


@ONE_DATABASE
@pytest.mark.parametrize(
    "families",
    [("plate",), ("name_dob_part",), ("work_alias",), ("bag_address",), ("name_dob_part", "work_alias")],
)
def test_too_little_to_ask_on_is_told_before_anything_is_looked_up(
    world: World, families: tuple[str, ...]
) -> None:
    world.submit("GM9001", signal())
    answer = world.inspector("GM9004").try_ask(*(pseudonym(point(), one) for one in families))
    members = refused(answer, 400, "te-weinig-om-op-te-vragen")
    assert (members["regel"], fields_of(members)) == ("C3", {"pseudoniemen"})
    assert world.log.last("GM9004")["code"] == "te-weinig-om-op-te-vragen"


def test_no_control_number_is_400_and_names_zaaknummer(world: World) -> None:
    answer = world.inspector("GM9004").but(zaaknummer=None).try_ask(pseudonym(point()))
    members = refused(answer, 400, "onvolledig")
    assert members["regel"] == "C1"
    assert "Zaaknummer" in str(members["velden"])
    assert world.log.last("GM9004")["gebeurtenis"] == "geweigerd"


@ONE_DATABASE
@pytest.mark.parametrize("header", ["reden", "grondslag"])
def test_no_reason_or_ground_is_400_too(world: World, header: str) -> None:
    answer = world.inspector("GM9004").but(**{header: None}).try_ask(pseudonym(point()))
    assert refused(answer, 400, "onvolledig")["regel"] == "C1"


@ONE_DATABASE
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Zaaknummer", "Jan Jansen, 1-1-1990"),
        ("Reden", "omdat hij hier woont"),
        ("Doel", "nieuwsgierig zijn"),
        ("Namens-Medewerker", "Jan Jansen 0612345678"),
    ],
)
def test_free_text_in_a_header_is_refused_and_goes_nowhere(world: World, header: str, value: str) -> None:
    asking = world.inspector("GM9004").but(**{header: value})
    answer = asking.try_ask(pseudonym(point()))
    assert header in fields_of(refused(answer, 400, "onvolledig"))
    assert value not in answer.text
    assert value not in str(world.log.entries())


@ONE_DATABASE
@pytest.mark.parametrize("header", ["namens_medewerker", "namens_rol", "doel"])
def test_a_request_that_does_not_say_who_asks_is_400(world: World, header: str) -> None:
    answer = world.inspector("GM9004").but(**{header: None}).try_ask(pseudonym(point()))
    assert header.replace("_", "-").title() in fields_of(refused(answer, 400, "onvolledig"))


def test_a_ground_of_another_municipality_is_no_ground(world: World) -> None:
    answer = world.inspector("GM9004").but(grondslag="OEF-GEM-GM9001").try_ask(pseudonym(point()))
    members = refused(answer, 400, "onvolledig")
    assert "grondslag van uw organisatie" in members["detail"]


def test_another_purpose_is_refused_with_the_purpose_that_would_do(world: World) -> None:
    answer = world.inspector("GM9004").but(doel="opsporing_handoff").try_ask(pseudonym(point()))
    members = refused(answer, 403, "geen-toegang")
    assert "signalering" in members["wegVooruit"]


def test_without_a_mandate_nobody_asks(world: World) -> None:
    answer = world.inspector("GM9004").but(namens_medewerker="oefening-onbekende").try_ask(pseudonym(point()))
    assert refused(answer, 403, "geen-toegang")["regel"] == "MANDAAT"


def test_a_role_that_somebody_does_not_have_does_not_count(world: World) -> None:
    answer = world.inspector("GM9004").but(namens_rol="aandachtsfunctionaris").try_ask(pseudonym(point()))
    assert refused(answer, 403, "geen-toegang")["regel"] == "MANDAAT"


def test_an_fg_asks_nothing_about_anybody(world: World) -> None:
    refused(world.node("GM9004", "fg").try_ask(pseudonym(point())), 403, "geen-toegang")


def test_after_its_ground_expired_an_organisation_asks_nothing(world: World) -> None:
    world.clock.forward(days=365 * 5)
    answer = world.inspector("GM9004").try_ask(pseudonym(point()))
    assert answer.status_code in {400, 403}
    assert "verlopen" in answer.text or "mandaat" in answer.text.lower()


def test_asking_for_another_organisation_is_refused(world: World) -> None:
    answer = world.inspector("GM9004").try_ask(pseudonym(point()), organisatie="GM9001")
    refused(answer, 403, "andere-organisatie")
    assert world.log.entries("GM9001") == []


@ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"sleutelset": "signaal"}, 409, "andere-sleutelset"),
        ({"epoch": 7}, 409, "andere-sleutelset"),
        ({"toelichting": "vrij"}, 400, "ongeldige-invoer"),
        ({"pseudoniemen": []}, 400, "ongeldige-invoer"),
        ({"betreft": "hond"}, 400, "ongeldige-invoer"),
    ],
)
def test_a_bad_question_is_refused_and_logged(
    world: World, changed: dict[str, Any], status: int, code: str
) -> None:
    refused(world.inspector("GM9004").try_ask(pseudonym(point()), **changed), status, code)
    assert world.log.last("GM9004")["code"] == code


@ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"familie": "schoenmaat"}, "familie"),
        ({"versie": "2025-1"}, "versie"),
        ({"punt": "Ag" + "_" * 42}, "punt"),
    ],
)
def test_what_is_no_pseudonym_is_refused_by_its_place(
    world: World, changed: dict[str, str], field: str
) -> None:
    answer = world.inspector("GM9004").try_ask(pseudonym(point()), pseudonym(point()) | changed)
    assert fields_of(refused(answer, 400, "ongeldig-pseudoniem")) == {f"pseudoniemen.1.{field}"}


def test_an_expired_signal_is_invisible_from_its_day_on(world: World) -> None:
    phone = pseudonym(point())
    expires = world.submit("GM9001", signal(subject(phone)))["verlooptOp"]
    inspector = world.inspector("GM9004")
    world.clock.moment = world.clock.moment.replace(year=2027, month=3, day=1, hour=23, minute=59)
    assert inspector.ask(phone).json()["uitkomst"] == "bekend_elders"
    world.clock.moment = world.clock.moment.replace(day=2, hour=0, minute=0, second=0)
    assert world.clock().date().isoformat() == expires
    assert inspector.ask(phone).json()["uitkomst"] == "niet_bekend"


def test_a_hit_leaves_one_treffer_that_lapses_by_itself(world: World) -> None:
    phone, sent = pseudonym(point()), signal()
    sent["subjecten"] = [subject(phone)]
    world.submit("GM9001", sent)
    world.inspector("GM9004").ask(phone)
    (treffer,) = world.rows(t.treffer)
    assert (treffer.organisation, treffer.control) == ("GM9004", CONTROL)
    assert treffer.lapses_on.isoformat() == "2026-04-01"
    (named,) = world.rows(t.treffer_signal)
    assert (str(named.signal_id), named.families) == (sent["signaalId"], ["phone"])


def test_the_same_question_again_is_decided_again_logged_again_and_leaves_no_second_treffer(
    world: World, restart: Restart
) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    first = world.inspector("GM9004").ask(phone, key="sleutel-aan-de-deur")
    again = restart().inspector("GM9004").ask(phone, key="sleutel-aan-de-deur")
    assert without_receipt(again) == without_receipt(first)
    assert again.json()["logbewijs"]["blad"] == first.json()["logbewijs"]["blad"] + 1
    assert len(world.rows(t.treffer)) == 1
    entries = [one["velden"]["herhaald"] for one in world.log.entries("GM9004")]
    assert entries == [False, True]


def test_a_repeated_question_is_answered_under_what_is_true_now(world: World) -> None:
    phone, sent = pseudonym(point()), signal()
    sent["subjecten"] = [subject(phone)]
    world.submit("GM9001", sent)
    inspector = world.inspector("GM9004")
    assert inspector.ask(phone, key="sleutel-aan-de-deur").json()["uitkomst"] == "bekend_elders"
    body = {"organisatie": "GM9001", "reden": "onjuist"}
    assert (
        world.contact("GM9001").post(f"/v1/signalen/{sent['signaalId']}/intrekkingen", body).status_code
        == 201
    )
    assert inspector.ask(phone, key="sleutel-aan-de-deur").json()["uitkomst"] == "niet_bekend"


def test_one_key_for_two_questions_is_a_conflict(world: World) -> None:
    inspector = world.inspector("GM9004")
    inspector.ask(pseudonym(point()), key="sleutel-aan-de-deur")
    answer = inspector.try_ask(pseudonym(point()), key="sleutel-aan-de-deur")
    refused(answer, 409, "sleutel-hergebruikt")


def test_two_questions_of_two_controls_leave_two_treffers(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    for control in ("C-OEFE-0001", "C-OEFE-0002"):
        world.inspector("GM9004").but(zaaknummer=control).ask(phone)
    assert len(world.rows(t.treffer)) == 2


def test_a_sealed_signal_is_found_and_tells_nothing_of_its_kind(world: World) -> None:
    open_phone, sealed_phone = pseudonym(point()), pseudonym(point())
    world.submit("GM9001", signal(subject(open_phone)))
    world.submit("GM9001", sealed(subject(sealed_phone)))
    asking = world.inspector("GM9004")
    assert without_receipt(asking.ask(sealed_phone)) == without_receipt(asking.ask(open_phone))


def test_a_minor_elsewhere_gives_the_inspector_the_route_and_nothing_else(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone, minderjarig="ja")))
    answer = world.inspector("GM9004").ask(phone).json()
    assert answer["uitkomst"] == "minderjarigenroute"
    assert "Veilig Thuis" in answer["watNu"]
    assert not {"aantalGemeenten", "laatstGezien", "soorten", "gemeenten"} & set(answer)


def test_whose_minor_gave_the_route_and_how_many_is_not_told_to_the_asker_s_fg_either(world: World) -> None:
    phone, other = pseudonym(point()), pseudonym(point())
    world.submit("GM9001", signal(subject(phone, minderjarig="ja")))
    world.submit("GM9002", signal(subject(other)))
    for asked, named in ((phone, []), (other, ["GM9002"])):
        world.inspector("GM9004").ask(asked)
        said = world.log.last("GM9004")
        assert (said["antwoord_van"], said["signalen_geteld"]) == (named, len(named))


def test_an_adult_beside_a_minor_adds_nothing_to_the_route(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone, minderjarig="ja")))
    asking = world.inspector("GM9004")
    alone = without_receipt(asking.ask(phone))
    world.submit("GM9002", signal(subject(phone)))
    assert without_receipt(asking.ask(phone)) == alone


def test_one_minor_in_a_signal_makes_it_a_minor_s_for_everyone_in_it(world: World) -> None:
    adult = pseudonym(point())
    world.submit("GM9001", signal(subject(adult), subject(ref="s2", minderjarig="ja")))
    assert world.inspector("GM9004").ask(adult).json()["uitkomst"] == "minderjarigenroute"


def test_the_treffer_of_the_route_for_minors_is_about_the_adult_beside_the_minor_too(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone, minderjarig="ja")))
    world.submit("GM9002", signal(subject(phone)))
    world.inspector("GM9004").ask(phone)
    assert len(world.rows(t.treffer_signal)) == 2
    assert {one["ontvanger"] for one in world.log.entries("GM9001")} == {"vrager", "melder"}


def test_the_aandachtsfunctionaris_of_a_party_sees_a_minor_s_signal(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone, minderjarig="ja")))
    answer = world.contact("GM9004").ask(phone).json()
    assert (answer["uitkomst"], answer["aantalGemeenten"]) == ("bekend_elders", "1")


def test_handling_code_h2_shows_the_hit_and_its_kinds_and_no_more(world: World) -> None:
    phone = pseudonym(point())
    code = {"bron": "B", "informatie": 2, "behandeling": "H2"}
    world.submit("GM9001", signal(subject(phone), beoordeling=code))
    answer = world.inspector("GM9004").ask(phone).json()
    assert (answer["uitkomst"], answer["soorten"]) == ("bekend_elders", ["telefoon"])
    assert not {"aantalGemeenten", "laatstGezien"} & set(answer)


def test_every_answer_says_what_it_did_not_look_at_and_why_it_shows_what_it_shows(world: World) -> None:
    answer = world.inspector("GM9004").ask(pseudonym(point())).json()
    assert answer["nietBekeken"] == []
    assert answer["uitleg"]["magZien"] == ["Niet bekend of niet zichtbaar voor u."]
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    hit = world.inspector("GM9004").ask(phone).json()["uitleg"]
    assert "of er een treffer is" in hit["magZien"]
    assert any("G-GEM" in one for one in hit["grondslagen"])


def test_the_log_keeps_digests_of_a_question_that_only_the_same_organisation_and_quarter_repeat(
    world: World,
) -> None:
    phone = pseudonym(point())

    def digests(organisation: str) -> list[str]:
        world.inspector(organisation).ask(phone)
        return list(world.log.last(organisation)["kenmerken"])

    first = digests("GM9004")
    assert digests("GM9004") == first
    assert digests("GM9003") != first
    world.clock.forward(days=40)
    assert digests("GM9004") != first
    assert all(len(one) == 32 for one in first)


def test_an_owner_s_log_says_what_was_disclosed_of_its_own_signal(world: World) -> None:
    phone, sent = pseudonym(point()), signal()
    sent["subjecten"] = [subject(phone)]
    world.submit("GM9001", sent)
    world.inspector("GM9004").ask(phone)
    entry = world.log.last("GM9001")
    assert (entry["gebeurtenis"], entry["ontvanger"], entry["organisatie"]) == (
        "bevraging",
        "melder",
        "GM9004",
    )
    assert entry["signalen"] == [sent["signaalId"]]
    assert entry["velden"] == ["attr_types_matched", "count_other_muni", "hit", "period_bucket"]
    assert entry["grondslag"] == ["OEF-GEM-GM9004"]
    assert not {"medewerker", "zaaknummer", "kenmerken", "soorten"} & set(entry)


def test_an_owner_s_log_names_no_field_that_only_another_s_signal_opened(world: World) -> None:
    phone = pseudonym(point())
    careful = {"bron": "B", "informatie": 2, "behandeling": "H2"}
    world.submit("GM9001", signal(subject(phone), beoordeling=careful))
    world.submit("GM9002", signal(subject(phone)))
    world.inspector("GM9004").ask(phone)
    assert world.log.last("GM9001")["velden"] == ["attr_types_matched", "hit"]
    assert world.log.last("GM9002")["velden"] == [
        "attr_types_matched",
        "count_other_muni",
        "hit",
        "period_bucket",
    ]


def test_whoever_has_no_signal_in_the_answer_has_no_part_in_its_entry(world: World) -> None:
    phone = pseudonym(point())
    world.submit("GM9001", signal(subject(phone)))
    world.submit("GM9003", signal())
    before = len(world.log.entries("GM9003"))
    world.inspector("GM9004").ask(phone)
    assert len(world.log.entries("GM9003")) == before


def test_each_shown_field_says_on_which_ground_and_rule_it_is_there_and_nothing_known_says_nothing(
    world: World,
) -> None:
    phone = point()
    world.submit("GM9001", signal(subject(pseudonym(phone))))
    answer = world.inspector("GM9004").ask(pseudonym(phone)).json()
    why = {one["veld"]: one for one in answer["waarom"]}
    assert set(why) == {"uitkomst", "aantalGemeenten", "laatstGezien", "soorten"}
    assert set(why) <= set(answer)
    for one in why.values():
        assert "document OEFENING-OEF-GEM-GM9004" in one["grondslagen"][0]
        assert one["regels"][0].startswith("toezichthouder.signalering.")
        assert one["uitleg"][0].startswith("De toezichthouder ziet")
    assert "Een grove weergave van aantal en periode." in why["laatstGezien"]["voorwaarden"]
    assert world.inspector("GM9004").ask(pseudonym(point())).json()["waarom"] == []
