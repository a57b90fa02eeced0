# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The command line against a running node: what the inspector reads, what a program reads, and the exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.note import open_note
from process.command import run
from process.serving.secrets import write_secret
from register.municipal.told import told_answer, told_receipts
from tests.register.municipal.world import Hands, Officer, RegisterStation, signal

Command = Callable[..., int]


def test_a_question_is_answered_in_dutch_as_the_inspector_reads_it(
    node: Command, inspector: Officer, capsys: pytest.CaptureFixture[str]
) -> None:
    inspector.post("/v1/signalen", signal())
    control = inspector.control()
    assert (
        node("ask", "--attribute", "phone=06-12345678", "--purpose", "signalering", "--control", control) == 0
    )
    told = capsys.readouterr().out
    assert told.startswith("BEKEND ELDERS\n")
    assert "Wat nu: Bel uw aandachtsfunctionaris." in told
    assert "Deze vraag staat in het logboek, blad" in told


def test_a_pasted_zone_is_asked_with_and_what_was_read_is_told(
    node: Command, inspector: Officer, capsys: pytest.CaptureFixture[str]
) -> None:
    zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    assert node("ask", "--attribute", f"document={zone}", "--control", inspector.control()) == 0
    told = capsys.readouterr().out
    assert "Gelezen uit de regels van het document:\n  - Dit doet mee: documentnummer" in told
    assert "ERIKSSON" not in told


def test_with_json_the_answer_is_that_of_the_interface(
    node: Command, inspector: Officer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert node("ask", "--attribute", "phone=0612345678", "--control", inspector.control(), "--json") == 0
    assert json.loads(capsys.readouterr().out)["uitkomst"] == "niet_bekend"


def test_a_refusal_is_exit_1_with_reason_and_way_forward(
    node: Command, inspector: Officer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert node("ask", "--attribute", "name_dob=Geheim, Naam", "--control", inspector.control()) == 1
    told = capsys.readouterr().err
    assert told.startswith("Geweigerd: Dit is te weinig om op te vragen.")
    assert "Wat u kunt doen:" in told
    assert "Geheim" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "--control", "C-2345-6789"],
        ["ask", "--attribute", "0698765432", "--control", "C-2345-6789"],
        ["ask", "--attribute", "phone=0612345678"],
        ["submit"],
        ["submit", "--attribute", "phone=0612345678", "--evaluation", "Z9"],
        ["withdraw", "--reason", "onjuist"],
        ["frobnicate"],
        ["serve"],
    ],
)
def test_wrong_use_is_exit_2(node: Command, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert node(*arguments) == 2
    assert "0698765432" not in capsys.readouterr().err


def test_a_node_that_is_not_there_is_one_line_and_exit_2(
    password_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--url", "http://127.0.0.1:9", "--officer", "x", "--password-file", str(password_file)]
    assert (
        run(["node", "open-control", *where, "--basis", "a", "--control-type", "b", "--place", "GM9004"]) == 2
    )
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_wrong_password_is_exit_1(
    node: Command, inspector: Officer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_secret(tmp_path / "ander", b"een-ander-wachtwoord")
    arguments = ("--attribute", "phone=0612345678", "--control", inspector.control())
    assert node("ask", *arguments, "--password-file", tmp_path / "ander") == 1
    assert "ander-wachtwoord" not in capsys.readouterr().err


def test_a_control_is_opened_and_its_number_printed(
    node: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--basis", "horeca", "--control-type", "horeca", "--place", "GM9004")
    assert node("open-control", *where) == 1
    capsys.readouterr()
    assert node("open-control", "--basis", "alcoholwet_horeca", *where[2:]) == 0
    number = capsys.readouterr().out.strip()
    assert node("ask", "--attribute", "phone=0612345678", "--control", number) == 0


def test_a_signal_is_submitted_from_a_file(
    node: Command, register: RegisterStation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "signaal.json").write_text(json.dumps(signal()))
    assert node("submit", "--file", tmp_path / "signaal.json") == 0
    assert "Het signaal is bewaard." in capsys.readouterr().out
    assert len(register.signals) == 1


NO_JSON = {
    "NaN": '{"beoordeling": NaN}',
    "infinity": '{"beoordeling": 1e999}',
    "half a character": '{"beoordeling": "\\ud800"}',
    "a very deep list": "[" * 100_000,
    "half an object": '{"beoordeling":',
}


@pytest.mark.parametrize("name", NO_JSON)
def test_a_file_that_is_no_json_is_one_sentence_and_exit_2(
    node: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "signaal.json").write_text(NO_JSON[name])
    assert node("submit", "--file", tmp_path / "signaal.json") == 2
    assert "Het bestand is niet te lezen als JSON." in capsys.readouterr().err


OPTIONS = (
    *("--attribute", "phone=0612345678", "--basis", "huisvesting_arbeidsmigranten"),
    *("--control-type", "woningcontrole", "--form", "arbeid"),
)


@pytest.mark.parametrize("day", ["27-02-2026", "2026-02-30", "gisteren", "2026-W09-5"])
def test_a_date_in_another_form_is_told_how_to_write_it(
    node: Command, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    assert node("submit", *OPTIONS, "--date", day) == 2
    assert "Schrijf de datum als 2026-02-27." in capsys.readouterr().err


def test_a_forgotten_option_is_named(node: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert node("submit", *OPTIONS) == 2
    assert "Geef --file, of vul deze opties in: --date." in capsys.readouterr().err


def test_help_names_the_settings_that_save_typing(node: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert node("ask", "--help") == 0
    told = capsys.readouterr().out
    for name in ("URL", "OFFICER", "PASSWORD_FILE"):
        assert f"SIGNAALREGISTER_NODE_{name}" in told


def test_with_json_a_refusal_is_a_problem_document_and_exit_1(
    node: Command, inspector: Officer, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--attribute", "phone=12", "--control", inspector.control())
    assert node("ask", *arguments, "--json") == 1
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    assert (told["status"], told["code"]) == (400, "kenmerk-onleesbaar")
    assert told["wegVooruit"].startswith("Verbeter de genoemde gegevens en probeer het opnieuw")
    assert not shown.err


def test_nothing_known_is_told_in_the_same_words_whatever_was_not_offered() -> None:
    def told(**changed: list[str]) -> str:
        explanation = {"magZien": [], "grondslagen": ["AVG"], "nietAangeboden": [], "laatWeg": []} | changed
        answer = {"uitkomst": "niet_bekend", "toelichting": "Niet bekend of niet zichtbaar voor u."}
        rest = {"watNu": "Kijk zelf.", "uitleg": explanation, "nietBekeken": ["X"], "logbewijs": {"blad": 3}}
        return told_answer(answer | rest)

    assert told(magZien=["Niet bekend"], nietAangeboden=["Vraag met een sterk gegeven"] * 5) == told()
    assert told().splitlines()[:2] == [
        "NIET BEKEND, OF NIET ZICHTBAAR VOOR U",
        "Niet bekend of niet zichtbaar voor u.",
    ]
    assert "Op deze grondslag:\n  - AVG" in told()


def test_a_signal_is_submitted_from_options(node: Command, register: RegisterStation) -> None:
    arguments = (
        *(
            "--attribute",
            "phone=0612345678",
            "--date",
            "2026-02-27",
            "--basis",
            "huisvesting_arbeidsmigranten",
        ),
        *("--control-type", "woningcontrole", "--form", "arbeid", "--indicator", "slapen_in_bedrijfspand"),
        *("--evaluation", "B3", "--role", "mogelijk_slachtoffer", "--key", "los-signaal-1"),
    )
    assert node("submit", *arguments) == 0
    assert node("submit", *arguments) == 0
    assert len(register.signals) == 1
    assert register.last("/v1/signalen")["beoordeling"] == {"bron": "B", "informatie": 3, "behandeling": "H1"}


def test_receipts_are_exit_0_when_proven_and_1_when_overdue_or_contradicted(
    node: Command,
    register: RegisterStation,
    clock: Hands,
    watch_round: Callable[[], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert node("treffers", "--officer", "aandachtsfunctionaris") == 0
    capsys.readouterr()
    assert node("receipts") == 0
    assert capsys.readouterr().out == "Bewezen: 0. Wachtend: 2. Te laat: 0. Strijdig: 0.\n"
    clock.forward(minutes=10)
    assert node("receipts", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told == {"bewezen": 0, "wachtend": 0, "teLaat": [0, 1], "strijdig": [], "logbreuken": []}
    watch_round()
    assert node("receipts", "--officer", "fg") == 0
    assert capsys.readouterr().out.startswith("Bewezen: 2. ")
    register.log.published = 1
    watch_round()
    assert node("receipts", "--json") == 1
    (found,) = json.loads(capsys.readouterr().out)["logbreuken"]
    assert (found["soort"], found["vorigeOmvang"], found["omvang"]) == ("korter", 2, 1)
    verifiers = [register.log.signer.verifier]
    assert open_note(found["controlepunt"], verifiers) == register.log.checkpoint(1).text
    assert open_note(found["vorigControlepunt"], verifiers) == register.log.checkpoint(2).text


def test_many_late_leaves_are_counted_not_listed() -> None:
    found = {"bewezen": 0, "wachtend": 0, "teLaat": list(range(25)), "strijdig": [], "logbreuken": []}
    assert "17, 18, 19 en nog 5 bladen." in told_receipts(found)


def test_treffers_and_release_are_for_the_contact(
    node: Command, inspector: Officer, register: RegisterStation, capsys: pytest.CaptureFixture[str]
) -> None:
    signal_id = inspector.post("/v1/signalen", signal()).json()["signaalId"]
    decision = "7d0c2b44-7a50-4c52-8f0c-2f5f6f5f1a11"
    register.treffers = [
        {"onzeRol": "melder", "fase2": "gevraagd", "besluitId": decision, "onzeSignalen": [signal_id]}
    ]
    assert node("treffers") == 1
    capsys.readouterr()
    assert node("treffers", "--officer", "aandachtsfunctionaris") == 0
    assert decision in capsys.readouterr().out
    released = ("--decision", decision, "--signal", signal_id, "--officer", "aandachtsfunctionaris")
    assert node("release", *released) == 0
    assert "Fase 2 is open." in capsys.readouterr().out
    assert register.opened == [signal_id]


def test_the_contact_withdraws_a_signal(
    node: Command, inspector: Officer, register: RegisterStation, capsys: pytest.CaptureFixture[str]
) -> None:
    signal_id = inspector.post("/v1/signalen", signal()).json()["signaalId"]
    withdrawn = ("--signal", signal_id, "--reason", "onjuist")
    assert node("withdraw", *withdrawn) == 1
    capsys.readouterr()
    assert node("withdraw", *withdrawn, "--officer", "aandachtsfunctionaris") == 0
    assert capsys.readouterr().out == "Ingetrokken. Het signaal telt nergens meer mee.\n"
    assert register.withdrawn == [(signal_id, "onjuist")]
