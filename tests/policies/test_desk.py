# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The command `signaalregister policy`, as somebody types it."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from policies.desk.cli import policy
from policies.desk.load import ProfileError, load_profile
from tests.policies.changed import in_folder, without_release
from tests.policies.world import VECTORS, matrix, policy_set


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(policy, arguments)
    return result.exit_code, result.output


def test_check_says_how_many_rules_and_which_hash() -> None:
    code, output = run("check")
    assert code == 0
    assert f"{len(policy_set().rules)} regels" in output
    assert policy_set().hash in output


def test_check_compares_every_cell_of_a_matrix() -> None:
    code, output = run("check", "--matrix", str(VECTORS / "policy-matrix.csv"))
    assert (code, output.splitlines()[-1]) == (0, "1680 cellen zijn gelijk aan de matrix.")


def test_check_refuses_a_matrix_that_is_wider_than_the_rules(tmp_path: Path) -> None:
    text = (VECTORS / "policy-matrix.csv").read_text(encoding="utf-8")
    denied = "toezichthouder,signalering,muni_name,deny,-,-"
    assert denied in text
    wider = tmp_path / "matrix.csv"
    wider.write_text(
        text.replace(denied, "toezichthouder,signalering,muni_name,cond,G-GEM,C1"), encoding="utf-8"
    )
    code, output = run("check", "--matrix", str(wider))
    assert code == 1
    assert (
        "toezichthouder/signalering/muni_name: G-GEM C1 C6 C22 <> toezichthouder/signalering/muni_name: deny"
        in output
    )
    assert "1 cellen wijken af." in output


def test_check_refuses_a_file_that_is_no_matrix(tmp_path: Path) -> None:
    other = tmp_path / "ander.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    code, output = run("check", "--matrix", str(other))
    assert code == 2
    assert "geen matrix" in output


def test_matrix_prints_what_the_rules_say() -> None:
    code, output = run("matrix", "--role", "toezichthouder", "--purpose", "signalering")
    assert code == 0
    assert output.splitlines()[0] == "toezichthouder · signalering"
    assert "  ✓ hit                  G-GEM                          C1 C2 C3 C6 C22" in output
    assert "  ✗ muni_name\n" in output
    assert len(output.splitlines()) == 16


def test_explain_answers_yes_with_ground_and_conditions_and_no_with_what_to_do() -> None:
    cell = ["explain", "--purpose", "signalering", "--field", "contact_officer", "--role"]
    code, yes = run(*cell, "aandachtsfunctionaris")
    assert (code, "- G-GEM (AVG 6 lid 1 onder e" in yes, "- C4: Vrijgave door" in yes) == (0, True, True)
    code, no = run(*cell, "toezichthouder")
    assert (code, "Nee, dit mag niet." in no, "Vraag uw aandachtsfunctionaris." in no) == (0, True, True)


def test_explain_says_what_of_several_fields_a_recipient_may_have() -> None:
    asked = ["explain", "--role", "aandachtsfunctionaris", "--purpose", "signalering"]
    asked += ["--field", "period_bucket", "--field", "muni_name", "--recipient"]
    code, part = run(*asked, "toezichthouder")
    assert (code, "Een deel mag" in part) == (0, True)
    assert "De ontvanger mag dit voor dit doel niet krijgen: welke gemeente." in part
    assert "doet niet mee met het register" in run(*asked, "buiten")[1]


@pytest.mark.parametrize("profile", ["gedeeld", "riec", "", "../oefening"])
def test_another_profile_is_refused_with_a_sentence(profile: str) -> None:
    with pytest.raises(ProfileError, match="Kies uit: oefening"):
        load_profile(profile)
    code, output = run("check", "--profile", profile)
    assert code == 1
    assert "Kies uit: oefening" in output


def test_a_wrong_word_is_used_wrongly() -> None:
    assert run("explain", "--role", "chef", "--purpose", "signalering", "--field", "hit")[0] == 2


def test_check_names_the_rules_that_should_not_have_been_written(tmp_path: Path) -> None:
    folder = in_folder(tmp_path / "nieuw")
    doubled = folder / "toezichthouder.cedar"
    doubled.write_text(doubled.read_text(encoding="utf-8") * 2, encoding="utf-8")
    code, output = run("check", str(folder))
    assert code == 1
    assert "toezichthouder.signalering.treffer: Deze naam staat boven 2 regels" in output


def test_check_refuses_a_folder_without_rules(tmp_path: Path) -> None:
    code, output = run("check", str(tmp_path))
    assert code == 1
    assert "geen map met regels" in output


def test_diff_catches_a_rule_that_was_widened_by_mistake_and_exits_with_3(tmp_path: Path) -> None:
    code, output = run("diff", "oefening", str(without_release(tmp_path / "nieuw")))
    assert code == 3
    assert "Een aandachtsfunctionaris van gemeente A zou bij signalering de contactpersoon zien" in output
    assert "Kenmerk van dit verschil: " in output


def test_diff_of_a_profile_with_its_own_copy_is_nothing(tmp_path: Path) -> None:
    assert run("copy", "--out", str(tmp_path / "kopie"))[0] == 0
    code, output = run("diff", "oefening", str(tmp_path / "kopie"))
    assert (code, "Er is geen verschil." in output) == (0, True)


def test_copy_leaves_a_folder_that_exists_alone(tmp_path: Path) -> None:
    code, output = run("copy", "--out", str(tmp_path))
    assert (code, "bestaat al" in output) == (1, True)


def test_matrix_as_csv_has_a_row_for_every_cell() -> None:
    code, output = run("matrix", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(output)))
    assert (code, len(rows)) == (0, 1680)
    yes = {(one["rol"], one["doel"], one["veld"]) for one in rows if one["mag"] == "✓"}
    assert yes == {(row.role, row.purpose, row.field) for row in matrix() if row.allowed}
    assert all(one["uitleg"] and one["grondslag"] for one in rows if one["mag"] == "✓")


def test_matrix_as_html_is_one_page_with_headed_tables_and_no_script() -> None:
    code, output = run("matrix", "--format", "html", "--role", "toezichthouder")
    assert code == 0
    assert output.startswith('<!doctype html>\n<html lang="nl">')
    assert "<script" not in output
    assert "http" not in output
    assert output.count("<table>") == output.count("<caption>") == 2
    assert output.count('<th scope="row">') == 2 * 15
    assert output.count('<th scope="col"') == 2 * 3
    assert "De toezichthouder ziet bij signalering: of er een treffer is" in output


def test_diff_refuses_a_file_that_holds_no_recorded_questions(tmp_path: Path) -> None:
    other = tmp_path / "vragen.json"
    other.write_text("{}", encoding="utf-8")
    code, output = run("diff", "oefening", "oefening", "--records", str(other))
    assert (code, "geen vastgelegde vragen" in output) == (1, True)
