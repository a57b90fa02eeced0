# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import re

import pytest

from audit.entry import EntryError
from pseudonymisation.pseudonym import FAMILIES
from register.events import ASKER, CATALOGUE, EVENTS, HANDLINGS, KEEPER, OWNER, SUBJECT, Handling, handling_of

NAMED = [(event.name, audience) for event in EVENTS for audience in event.fields]
FIELDS = sorted({field for event in EVENTS for fields in event.fields.values() for field in fields})
IDENTITY = re.compile(
    r"naam|geboorte|telefoon|bsn|burgerservice|adres|postcode|mail|document|paspoort|kenteken|iban|rekening|vnummer|v_nummer"
    r"|alias|geslacht|nationaliteit|foto|pseudoniem|punt|tag|waarde|tekst|verhaal|opmerking|ip_|browser|apparaat"
)
OF_SOMEBODY_ELSE = {"medewerker", "zaaknummer", "kenmerken", "families", "soorten", "uitkomst"}


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_of_the_log_has_room_for_an_identity(field: str) -> None:
    assert not IDENTITY.search(field)
    assert field not in {family.attribute for family in FAMILIES.values()}


def test_the_word_list_would_find_an_identity() -> None:
    for field in ("geboortedatum", "telefoonnummer", "achternaam", "bsn", "pseudoniemen", "vrije_tekst"):
        assert IDENTITY.search(field), field


@pytest.mark.parametrize(("event", "audience"), NAMED)
def test_every_event_of_the_catalogue_can_be_written_for_its_audience(event: str, audience: str) -> None:
    fields = next(one for one in EVENTS if one.name == event).fields[audience]
    payload = CATALOGUE.payload(event, audience, dict.fromkeys(fields, "x"))
    assert (payload["gebeurtenis"], payload["ontvanger"]) == (event, audience)


def test_every_event_is_of_exactly_one_handling_and_every_handling_has_events() -> None:
    named = [event for events in HANDLINGS.values() for event in events]
    assert sorted(named) == sorted(event.name for event in EVENTS)
    assert all(HANDLINGS[handling] for handling in Handling)
    assert all(event in HANDLINGS[handling_of(event)] for event in named)


def test_what_shows_a_signal_of_another_is_consulting_providing_or_combining() -> None:
    # A step of one party changes what the others see of their common treffer.
    shown = {
        handling_of(event.name) for event in EVENTS if OWNER in event.fields and event.name != "treffer_stap"
    }
    assert shown == {Handling.CONSULT, Handling.PROVIDE, Handling.COMBINE}


def test_an_event_that_is_not_in_the_catalogue_cannot_be_written() -> None:
    with pytest.raises(EntryError, match="bladeren"):
        CATALOGUE.payload("bladeren", ASKER, {})


@pytest.mark.parametrize(("event", "audience"), NAMED)
def test_a_field_that_is_not_declared_cannot_be_written(event: str, audience: str) -> None:
    with pytest.raises(EntryError, match="geboortedatum"):
        CATALOGUE.payload(event, audience, {"geboortedatum": "2000-01-01"})


def test_an_event_has_no_audience_but_those_declared() -> None:
    with pytest.raises(EntryError, match="melder"):
        CATALOGUE.payload("aangemeld", OWNER, {})


@pytest.mark.parametrize("event", [one for one in EVENTS if OWNER in one.fields], ids=lambda one: one.name)
def test_an_owner_reads_what_was_disclosed_and_nothing_of_who_asked_about_whom(event: object) -> None:
    fields = next(one for one in EVENTS if one is event).fields[OWNER]
    assert not fields & OF_SOMEBODY_ELSE
    assert {"moment", "organisatie", "doel", "grondslag", "velden"} <= fields


BY_A_JOB = {
    "postvak_gevuld",
    "vernietigd",
    "sleutel_vernietigd",
    "treffers_geteld",
    "afgestemd",
    "niet_afgestemd",
    "hervalidatie_gevraagd",
}
TOLD_BY_A_JOB = "attendering_nagegaan"
"""Its owner reads to whom, like any disclosure."""
OF_A_HOLDER = "quotum_sleutelhouder_bereikt"


@pytest.mark.parametrize(
    "event",
    [one for one in EVENTS if one.name not in {*BY_A_JOB, TOLD_BY_A_JOB, OF_A_HOLDER}],
    ids=lambda one: one.name,
)
def test_every_event_says_when_who_and_in_which_role(event: object) -> None:
    fields = next(one for one in EVENTS if one is event).fields[ASKER]
    assert {"moment", "medewerker", "rol", "spoor"} <= fields


@pytest.mark.parametrize("event", [one for one in EVENTS if one.name in BY_A_JOB], ids=lambda one: one.name)
def test_what_a_job_did_says_when_and_names_nobody(event: object) -> None:
    for audience, fields in next(one for one in EVENTS if one is event).fields.items():
        assert audience in {SUBJECT, KEEPER}
        assert "moment" in fields
        assert not fields & {"medewerker", "zaaknummer", "organisatie"}


def test_what_a_holder_tells_of_a_quota_says_whose_officer_and_nothing_of_whom_was_asked_about() -> None:
    (fields,) = [one.fields for one in EVENTS if one.name == OF_A_HOLDER]
    assert set(fields) == {SUBJECT}
    assert {"moment", "medewerker", "handeling"} <= fields[SUBJECT]
    assert not fields[SUBJECT] & (OF_SOMEBODY_ELSE - {"medewerker"})


def test_an_account_that_was_not_believed_and_organisations_that_nobody_knows_are_the_keeper_s_alone() -> (
    None
):
    (refused,) = [one.fields for one in EVENTS if one.name == "niet_afgestemd"]
    assert set(refused) == {KEEPER}
    where = [
        audience
        for event in EVENTS
        for audience, fields in event.fields.items()
        if "onbekende_organisaties" in fields
    ]
    assert where == [KEEPER]


def test_the_keeper_of_the_register_reads_no_id_of_what_was_destroyed() -> None:
    (fields,) = [one.fields[KEEPER] for one in EVENTS if one.name == "vernietigd"]
    assert fields - {"moment", "categorieen", "redenen"} == {
        "signalen_geteld", "versies_geteld", "treffers_geteld",
    }  # fmt: skip


def test_whatever_shows_a_signal_to_others_tells_its_owner() -> None:
    shows = {
        "bevraging",
        "treffers_geraadpleegd",
        "dossier_geraadpleegd",
        "dossiers_geraadpleegd",
        "fase_2_gevraagd",
    }
    assert shows <= {event.name for event in EVENTS if OWNER in event.fields}
