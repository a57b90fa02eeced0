# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A signal at the node: what leaves, what stays, and that it is never lost and never doubled."""

import base64
from typing import Any
from uuid import UUID

import pytest

from process.serving.secrets import read_secret
from register.municipal import casebook
from register.municipal.app import open_database
from register.municipal.sealing import Seal
from register.municipal.settings import NodeSettings
from register.municipal.store.casebook import CasebookStore
from register.signals import Observation, commitment
from tests.register.municipal.world import (
    ORGANISATION,
    Browser,
    Hands,
    HolderStation,
    Officer,
    RegisterStation,
    open_store,
    question,
    signal,
)

KEY = {"Idempotency-Key": "signaal-0001"}


def entry_of(settings: NodeSettings, signal_id: str) -> casebook.Entry | None:
    database = open_database(settings, [ORGANISATION])
    found = CasebookStore(database, ORGANISATION).entry(UUID(signal_id))
    database.close()
    return found


def kept(settings: NodeSettings, signal_id: str) -> casebook.Kept | None:
    entry = entry_of(settings, signal_id)
    if entry is None:
        return None
    seal = Seal(read_secret(settings.tenants_folder / ORGANISATION / "zegel"), bytes)
    place = casebook.place(ORGANISATION, casebook.TABLE, entry.signal_id, entry.version)
    return casebook.opened(entry.sealed, seal, place)


def labour(**others: Any) -> dict[str, Any]:
    return signal(
        waarnemingGrondslag="huisvesting_arbeidsmigranten",
        controlesoort="woningcontrole",
        uitbuitingsvorm="arbeid",
        aanwijzingen=["slapen_in_bedrijfspand"],
        **others,
    )


def test_of_a_sexual_signal_neutral_codes_leave_and_the_rest_stays(
    inspector: Officer, register: RegisterStation
) -> None:
    answer = inspector.post("/v1/signalen", signal())
    assert answer.status_code == 201, answer.text
    sent = register.last("/v1/signalen")
    assert (sent["uitbuitingsvorm"], sent["waarnemingGrondslag"], sent["controlesoort"]) == (
        "overig",
        "anders",
        "online",
    )
    assert (sent["aanwijzingen"], sent["subjecten"][0]["rol"]) == ([], "onbekend")
    assert sent["verzegeld"]["draagt"] is True
    assert sent["juridisch"] == {"grondslag": "OEF-G-GEM", "bijzondereGrondslag": "OEF-G-SEKS"}


def test_every_answer_of_the_register_leaves_a_receipt_to_be_proven(
    contact: Officer, register: RegisterStation
) -> None:
    signal_id = contact.post("/v1/signalen", signal()).json()["signaalId"]
    contact.post("/v1/bevragingen", question(contact.control()))
    contact.get("/v1/treffers")
    released = contact.post("/v1/vrijgaven", {"besluitId": str(UUID(int=9)), "signaalId": signal_id})
    assert released.status_code == 201, released.text
    assert contact.get("/v1/ontvangstbewijzen").json()["wachtend"] == len(register.log.hashes) >= 5


def test_the_casebook_opens_the_commitment_that_was_sent(
    inspector: Officer, register: RegisterStation, settings: NodeSettings
) -> None:
    answer = inspector.post("/v1/signalen", signal()).json()
    found = kept(settings, answer["signaalId"])
    assert found is not None
    assert found.observation == Observation(
        "seksueel_grensoverschrijdend",
        "apv_seksinrichting_151a",
        "advertentiecontrole_webcrawler",
        ("derde_beheert_advertentie", "gehaald_en_gebracht"),
        (("s1", "mogelijk_slachtoffer"),),
    )
    sent = register.last("/v1/signalen")["verzegeld"]["vastlegging"]
    expected = commitment(found.nonce.reveal(), found.observation)
    assert base64.urlsafe_b64decode(sent + "=") == expected


def test_of_another_signal_everything_leaves_open(inspector: Officer, register: RegisterStation) -> None:
    assert inspector.post("/v1/signalen", labour()).status_code == 201
    sent = register.last("/v1/signalen")
    assert "verzegeld" not in sent
    assert (sent["uitbuitingsvorm"], sent["aanwijzingen"]) == ("arbeid", ["slapen_in_bedrijfspand"])
    assert sent["subjecten"][0]["rol"] == "mogelijk_slachtoffer"
    assert sent["juridisch"] == {"grondslag": "OEF-G-GEM"}


def test_the_exact_date_stays_and_its_week_leaves(
    inspector: Officer, register: RegisterStation, settings: NodeSettings
) -> None:
    answer = inspector.post("/v1/signalen", labour()).json()
    assert register.last("/v1/signalen")["waargenomenWeek"] == "2026-W09"
    assert b"2026-02-27" not in register.requests[-1].content
    found = kept(settings, answer["signaalId"])
    assert found is not None
    assert found.observed_on.isoformat() == "2026-02-27"


def test_a_facilitator_needs_the_criminal_ground(inspector: Officer, register: RegisterStation) -> None:
    body = labour()
    body["subjecten"][0]["rol"] = "mogelijk_facilitator"
    assert inspector.post("/v1/signalen", body).status_code == 201
    assert register.last("/v1/signalen")["juridisch"]["strafrechtelijkeGrondslag"] == "OEF-G-STRAF"


def test_with_the_special_gate_closed_a_sexual_signal_is_blocked_with_the_ground(
    inspector: Officer, register: RegisterStation
) -> None:
    register.grounds = ("G-GEM",)
    answer = inspector.post("/v1/signalen", signal())
    assert (answer.status_code, answer.json()["code"], answer.json()["regel"]) == (
        403,
        "geen-grondslag",
        "G-SEKS",
    )
    assert not register.signals


@pytest.mark.parametrize(
    ("dob", "expected"),
    [("2009-05-01", "ja"), ("1990-05-01", "nee"), ("2008-00-00", "onbekend")],
)
def test_whether_someone_is_a_minor_is_derived_and_the_date_stays(
    inspector: Officer, register: RegisterStation, dob: str, expected: str
) -> None:
    body = labour()
    body["subjecten"][0]["kenmerken"].append({"soort": "name_dob", "waarde": f"Jansen, Jan;{dob}"})
    assert inspector.post("/v1/signalen", body).status_code == 201
    assert register.last("/v1/signalen")["subjecten"][0]["minderjarig"] == expected
    assert dob.encode() not in register.requests[-1].content


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no indicator": ({"aanwijzingen": []}, "aanwijzingen"),
    "a supporting indicator only": ({"aanwijzingen": ["overbewoning"]}, "aanwijzingen"),
    "an indicator that does not exist": (
        {"aanwijzingen": ["slapen_in_bedrijfspand", "aura"]},
        "aanwijzingen",
    ),
    "nationality": ({"aanwijzingen": ["nationaliteit"]}, "aanwijzingen"),
    "an inactive form": ({"uitbuitingsvorm": "gedwongen_huwelijk"}, "uitbuitingsvorm"),
    "a future date": ({"waargenomen": "2026-03-04"}, "waargenomen"),
    "not a date": ({"waargenomen": "gisteren"}, "waargenomen"),
    "an unknown control type": ({"controlesoort": "tarot"}, "controlesoort"),
    "an unknown municipality": ({"organisatie": "GM9876"}, "organisatie"),
    "free text": ({"notitie": "Jan woont hier"}, "notitie"),
    "an unknown field": ({"nationaliteit": "NL"}, "nationaliteit"),
    "nobody": ({"subjecten": []}, "subjecten"),
    "a name only": (
        {"subjecten": [{"kenmerken": [{"soort": "name_dob", "waarde": "Jansen, Jan"}]}]},
        "subjecten.0.kenmerken",
    ),
    "an unreadable number": (
        {"subjecten": [{"kenmerken": [{"soort": "phone", "velden": {"number": "12"}}]}]},
        "subjecten.0.kenmerken.0.velden.number",
    ),
    "an unknown role": (
        {"subjecten": [{"rol": "dader", "kenmerken": [{"soort": "phone", "waarde": "0612345678"}]}]},
        "subjecten.0.rol",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_signal_is_refused_naming_the_field_and_nothing_is_stored(
    inspector: Officer, register: RegisterStation, settings: NodeSettings, name: str
) -> None:
    change, expected = REFUSED[name]
    answer = inspector.post("/v1/signalen", labour() | change)
    assert answer.status_code == 400, answer.text
    assert expected in [one["veld"] for one in answer.json()["velden"]]
    assert answer.json()["wegVooruit"]
    assert not register.signals
    assert open_store(settings).refusals()


def test_a_refused_indicator_says_why(inspector: Officer) -> None:
    answer = inspector.post("/v1/signalen", labour() | {"aanwijzingen": ["nationaliteit"]})
    reasons = " ".join(one["reden"] for one in answer.json()["velden"])
    assert "Afkomst of nationaliteit is geen aanwijzing" in reasons


def test_a_sexual_indicator_in_an_open_signal_is_refused_because_it_would_betray_it(
    inspector: Officer,
) -> None:
    answer = inspector.post("/v1/signalen", labour() | {"aanwijzingen": ["derde_beheert_advertentie"]})
    assert (answer.status_code, answer.json()["velden"][0]["veld"]) == (400, "uitbuitingsvorm")


def test_sent_twice_it_is_one_signal_and_the_same_bytes(
    inspector: Officer, register: RegisterStation, clock: Hands
) -> None:
    first = inspector.post("/v1/signalen", signal(), **KEY)
    clock.forward(minutes=3)
    again = inspector.post("/v1/signalen", signal(), **KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["signaalId"] == again.json()["signaalId"]
    assert again.json()["herhaald"] is True
    assert len(register.signals) == 1


def test_a_lost_acknowledgement_is_settled_by_sending_again(
    inspector: Officer, register: RegisterStation, settings: NodeSettings, clock: Hands
) -> None:
    register.fails = "silent after storing"
    lost = inspector.post("/v1/signalen", signal(), **KEY)
    assert (lost.status_code, lost.json()["staat"], lost.json()["misschienBewaard"]) == (202, "wacht", True)
    assert "nooit dubbel" in lost.json()["toelichting"]
    register.fails = ""
    clock.forward(minutes=1)
    found = inspector.post("/v1/signalen", signal(), **KEY)
    assert found.status_code == 201
    assert len(register.signals) == 1
    entry = entry_of(settings, found.json()["signaalId"])
    assert entry is not None
    assert entry.acknowledged


def test_a_changed_signal_under_the_same_key_is_refused(inspector: Officer) -> None:
    assert inspector.post("/v1/signalen", signal(), **KEY).status_code == 201
    answer = inspector.post("/v1/signalen", signal(grenscontext=True), **KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "signaal-al-verstuurd")


@pytest.mark.parametrize("who", ["register", "holders"])
def test_when_the_others_are_away_the_signal_waits_and_is_sent_once(
    inspector: Officer,
    register: RegisterStation,
    holders: list[HolderStation],
    who: str,
) -> None:
    inspector.post("/v1/signalen", labour(), **{"Idempotency-Key": "warm-de-grondslagen"})
    count = len(register.signals)
    register.fails = "away" if who == "register" else ""
    holders[0].fails = holders[1].fails = "away" if who == "holders" else ""
    answer = inspector.post("/v1/signalen", signal(), **KEY)
    assert (answer.status_code, answer.json()["staat"]) == (202, "wacht")
    assert answer.json()["toelichting"].startswith(
        "Uw signaal staat veilig bij uw organisatie. Het wordt vanzelf verstuurd."
    )
    assert answer.json()["misschienBewaard"] is False
    register.fails = holders[0].fails = holders[1].fails = ""
    # What is promised is promised: only the very same signal goes under this key.
    changed = inspector.post("/v1/signalen", signal(grenscontext=True), **KEY)
    assert (changed.status_code, changed.json()["code"]) == (409, "signaal-al-verstuurd")
    assert inspector.post("/v1/signalen", signal(), **KEY).status_code == 201
    assert inspector.post("/v1/signalen", signal(), **KEY).json()["herhaald"] is True
    assert len(register.signals) == count + 1


def test_what_is_known_is_answered_without_holders_or_register(
    inspector: Officer, register: RegisterStation, holders: list[HolderStation]
) -> None:
    first = inspector.post("/v1/signalen", signal(), **KEY).json()
    register.fails = holders[0].fails = holders[1].fails = holders[2].fails = "away"
    again = inspector.post("/v1/signalen", signal(), **KEY)
    assert (again.status_code, again.json()) == (201, first | {"herhaald": True})


def test_what_the_register_refuses_leaves_no_record(inspector: Officer, register: RegisterStation) -> None:
    register.fails = "refuses"
    refused = inspector.post("/v1/signalen", signal(), **KEY)
    assert (refused.status_code, refused.json()["code"]) == (403, "geen-toegang")
    register.fails = ""
    assert inspector.post("/v1/signalen", signal(grenscontext=True), **KEY).status_code == 201


def test_a_refusal_by_the_register_is_not_logged_twice(
    inspector: Officer, register: RegisterStation, settings: NodeSettings
) -> None:
    register.fails = "refuses"
    inspector.post("/v1/signalen", signal(), **KEY)
    assert not open_store(settings).refusals()


def test_the_record_dies_with_its_signal(
    inspector: Officer, guest: Browser, clock: Hands, settings: NodeSettings
) -> None:
    signal_id = inspector.post("/v1/signalen", labour()).json()["signaalId"]
    clock.forward(days=366)
    Officer(guest, "toezichthouder")
    assert entry_of(settings, signal_id) is None


def test_no_identity_is_in_the_database_of_the_node(inspector: Officer, settings: NodeSettings) -> None:
    body = signal()
    body["subjecten"][0]["kenmerken"].append({"soort": "name_dob", "waarde": "Jansen, Willemijn;1998-03-24"})
    assert inspector.post("/v1/signalen", body).status_code == 201
    for file in settings.database_file.parent.glob("node.sqlite*"):
        content = file.read_bytes().lower()
        for value in (b"612345678", b"ab123456", b"willemijn", b"1998-03-24", b"derde_beheert"):
            assert value not in content


def test_a_withdrawn_signal_matches_nothing_and_its_record_is_gone(
    inspector: Officer, contact: Officer, register: RegisterStation, settings: NodeSettings
) -> None:
    signal_id = inspector.post("/v1/signalen", signal()).json()["signaalId"]
    sent = {"signaalId": signal_id, "reden": "onjuist"}
    answer = contact.post("/v1/intrekkingen", sent)
    assert (answer.status_code, answer.json()["status"]) == (201, "ingetrokken")
    headers = register.requests[-1].headers
    assert (headers["reden"], headers["grondslag"]) == ("signaal_intrekken", "OEF-G-GEM")
    assert headers["zaaknummer"] == f"SIGNAAL-{signal_id.replace('-', '')[:12].upper()}"
    assert kept(settings, signal_id) is None
    asked = contact.post("/v1/bevragingen", question(contact.control()))
    assert asked.json()["uitkomst"] == "niet_bekend"
    assert contact.post("/v1/intrekkingen", sent).status_code == 201


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"reden": "Maria.Nunez"}, (400, "onbekende-reden")),
        ({"reden": None}, (400, "ongeldige-invoer")),
        ({"signaalId": "7d0c2b44-7a50-4c52-8f0c-2f5f6f5f1a11"}, (404, "niet-gevonden")),
        ({"signaalId": "geen-nummer"}, (400, "ongeldige-invoer")),
    ],
)
def test_a_refused_withdrawal_leaves_the_record(
    guest: Browser, settings: NodeSettings, change: dict[str, Any], refused: tuple[int, str]
) -> None:
    contact = Officer(guest, "aandachtsfunctionaris")
    signal_id = contact.post("/v1/signalen", signal()).json()["signaalId"]
    answer = contact.post("/v1/intrekkingen", {"signaalId": signal_id, "reden": "onjuist"} | change)
    assert (answer.status_code, answer.json()["code"]) == refused
    assert kept(settings, signal_id) is not None


def test_an_inspector_withdraws_nothing(inspector: Officer, register: RegisterStation) -> None:
    signal_id = inspector.post("/v1/signalen", signal()).json()["signaalId"]
    answer = inspector.post("/v1/intrekkingen", {"signaalId": signal_id, "reden": "onjuist"})
    assert (answer.status_code, answer.json()["code"]) == (403, "rol")
    assert not register.withdrawn
