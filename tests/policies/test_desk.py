# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The command `signaalregister policy`, as somebody types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from policies.desk.cli import policy
from policies.desk.load import ProfileError, load_profile
from tests.policies.world import VECTORS, policy_set


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


@pytest.mark.parametrize("profile", ["riec-wgs", "convenant-overig", "", "../oefening"])
def test_another_profile_is_refused_with_a_sentence(profile: str) -> None:
    with pytest.raises(ProfileError, match="Kies uit: oefening"):
        load_profile(profile)
    code, output = run("check", "--profile", profile)
    assert code == 1
    assert "Kies uit: oefening" in output


def test_a_wrong_word_is_used_wrongly() -> None:
    assert run("explain", "--role", "chef", "--purpose", "signalering", "--field", "hit")[0] == 2
