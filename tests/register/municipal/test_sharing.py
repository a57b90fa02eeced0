# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""'Mag ik dit delen?' at the node: the register decides, the rules explain, and what is printed is what was answered."""

import io
from html import unescape
from typing import Any

import pypdf
import pytest

from register.municipal.motivating import Document, motivated
from register.municipal.wire import Motivatie
from tests.register.municipal.test_pages import hidden, sign_in
from tests.register.municipal.world import Browser, Hands, Officer, RegisterStation

QUESTION = {
    "velden": ["hit", "period_bucket"],
    "ontvanger": "aandachtsfunctionaris",
    "zaaknummer": "C-7K3M-Q2X9",
}


def ask(officer: Officer, **changed: Any) -> dict[str, Any]:
    answer = officer.post("/v1/delen", QUESTION | changed)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def whole(officer: Officer, **changed: Any) -> dict[str, Any]:
    """Asked again with every condition declared that is for the asker to say."""
    names = [one["naam"] for one in ask(officer, **changed)["nodig"] if "voldaan" not in one]
    return ask(officer, verklaard=names, **changed)


def test_yes_if_with_the_ground_of_this_organisation_and_an_entry(
    inspector: Officer, register: RegisterStation
) -> None:
    answer = ask(inspector)
    assert (answer["uitkomst"], answer["nagekeken"]) == ("ja_als", True)
    assert "document OEFENING-OEF-GEM-GM9004" in answer["grondslagen"][0]
    assert answer["logbewijs"]["blad"] == len(register.log.hashes) - 1
    assert {one["code"] for one in answer["nodig"] if one.get("voldaan")} == {"C1", "C2", "C17"}


def test_when_all_that_only_the_asker_can_know_is_said_to_be_so_the_answer_is_yes(inspector: Officer) -> None:
    assert whole(inspector)["uitkomst"] == "ja"


def test_what_the_register_decides_cannot_be_declared(inspector: Officer) -> None:
    names = [one["naam"] for one in ask(inspector)["nodig"]]
    sent = {name: text for name, text in QUESTION.items() if name != "zaaknummer"} | {"verklaard": names}
    answer = inspector.post("/v1/delen", sent).json()
    (needed,) = [one for one in answer["nodig"] if not one.get("voldaan")]
    assert (answer["uitkomst"], needed["code"], needed["verklaard"]) == ("ja_als", "C1", False)


def test_the_register_is_asked_about_a_signal_that_the_node_describes_and_never_a_stored_one(
    inspector: Officer, register: RegisterStation
) -> None:
    ask(inspector)
    sent = register.last("/access/v1/evaluations")
    assert sent["resource"]["type"] == "voorbeeld"
    assert sent["resource"]["properties"]["eigenaar"] == "GM9004"
    assert sent["subject"]["properties"] == {"organisatie": "GM9004", "rol": "toezichthouder"}


def test_without_a_mandate_for_the_chosen_role_the_answer_is_not_yet(inspector: Officer) -> None:
    answer = ask(inspector, rol="aandachtsfunctionaris")
    assert (answer["uitkomst"], answer["kop"]) == ("nee", "Nee, nu nog niet.")
    assert any("mandaat" in line for line in answer["waarom"])


def test_when_the_register_is_away_the_rules_explain_and_there_is_nothing_to_print(
    inspector: Officer, register: RegisterStation
) -> None:
    register.fails = "away"
    answer = ask(inspector)
    assert answer["nagekeken"] is False
    assert "logbewijs" not in answer
    assert "bewijsstuk" not in answer
    assert any("algemene uitleg" in line for line in answer["waarom"])


def test_an_answer_of_which_the_receipt_does_not_verify_decides_nothing(
    inspector: Officer, register: RegisterStation
) -> None:
    ask(inspector)  # the grounds are known from here on
    register.fails = "forged"
    assert ask(inspector)["nagekeken"] is False


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"velden": ["naam"]}, "velden"),
        ({"velden": []}, "velden"),
        ({"ontvanger": "buurman"}, "ontvanger"),
        ({"doel": "nieuwsgierigheid"}, "doel"),
        ({"rol": "chef"}, "rol"),
    ],
)
def test_a_choice_that_is_not_in_the_list_is_refused_and_nothing_is_asked(
    inspector: Officer, register: RegisterStation, changed: dict[str, Any], field: str
) -> None:
    answer = inspector.post("/v1/delen", QUESTION | changed)
    assert answer.status_code == 400
    assert [one["veld"] for one in answer.json()["velden"]] == [field]
    assert register.requests == []


def test_without_signing_in_nothing_is_answered(guest: Browser) -> None:
    assert guest.post("/v1/delen", json=QUESTION).status_code == 401
    assert guest.get("/delen").headers["location"] == "/aanmelden"


# ---- the motivation -------------------------------------------------------------------------------------------------


def printed_text(content: bytes) -> str:
    """The words of a PDF, without how its lines were broken."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def lines(document: Document) -> list[str]:
    blocks = (*document.before, *document.after)
    said = [document.title, document.question, document.answer, document.closing, document.conditions_heading]
    said += [text for row in (*document.rows, *document.conditions) for text in row]
    said += [one.heading for one in blocks] + [text for one in blocks for text in one.sentences]
    return [*said, *document.receipt]


def test_the_pdf_says_all_that_the_motivation_says_and_is_made_for_screen_readers(inspector: Officer) -> None:
    proof = {"bewijsstuk": whole(inspector)["bewijsstuk"]}
    told = inspector.post("/v1/motivaties", proof)
    assert told.status_code == 200, told.text
    document = motivated(Motivatie.model_validate(told.json()))
    made = inspector.post("/v1/motivaties/pdf", proof)
    assert made.headers["content-type"] == "application/pdf"
    text = printed_text(made.content)
    for line in lines(document):
        assert "".join(line.split()) in text, line
    catalogue: Any = pypdf.PdfReader(io.BytesIO(made.content)).trailer["/Root"]
    assert bool(catalogue["/MarkInfo"]["/Marked"])
    assert catalogue["/Lang"] == "nl"
    assert b"pdfuaid" in catalogue["/Metadata"].get_data()
    assert made.content == inspector.post("/v1/motivaties/pdf", proof).content


def test_a_motivation_names_question_officer_ground_rules_policy_and_leaf(inspector: Officer) -> None:
    answer = whole(inspector)
    proof = {"bewijsstuk": answer["bewijsstuk"]}
    said = lines(motivated(Motivatie.model_validate(inspector.post("/v1/motivaties", proof).json())))
    for wanted in (
        answer["vraag"],
        "toezichthouder-GM9004",
        "C-7K3M-Q2X9",
        "toezichthouder.signalering.treffer",
        f"Vingerafdruk van het beleid: {answer['beleid']}",
        str(answer["logbewijs"]["blad"]),
        "Ja, volgens de medewerker.",
        "Ja, nagekeken door het register.",
    ):
        assert wanted in said
    assert "".join(answer["logbewijs"]["bewijs"].split()) in "".join("".join(said).split())


def test_a_motivation_that_was_altered_is_another_s_or_a_day_old_is_not_printed(
    inspector: Officer, contact: Officer, clock: Hands
) -> None:
    proof = ask(inspector)["bewijsstuk"]
    altered = proof[:60] + ("A" if proof[60] != "A" else "B") + proof[61:]
    for officer, text in ((inspector, altered), (contact, proof), (inspector, "AAAA"), (inspector, "A")):
        refused = officer.post("/v1/motivaties/pdf", {"bewijsstuk": text})
        assert (refused.status_code, refused.json()["code"]) == (400, "geen-motivatie")
    assert inspector.post("/v1/motivaties", {"bewijsstuk": proof}).status_code == 200
    clock.forward(hours=25)
    again = Officer(inspector._http, "toezichthouder")
    assert again.post("/v1/motivaties", {"bewijsstuk": proof}).status_code == 400


# ---- the pages ------------------------------------------------------------------------------------------------------


def test_everybody_can_ask_in_three_choices_and_print_what_was_answered(guest: Browser) -> None:
    sign_in(guest, "fg")
    assert "Mag ik dit delen?" in guest.get("/").text
    form = guest.get("/delen")
    csrf = hidden(form, "csrf")
    chosen = {"csrf": csrf, "velden": ["hit"], "ontvanger": "buiten", "doel": "signalering"}
    answer = unescape(guest.post("/delen", data=chosen).text)
    assert answer.index("Nee, dit mag niet.") < answer.index(
        "Grondslag" if "Grondslag" in answer else "Waarom"
    )
    proof = hidden(guest.post("/delen", data=chosen), "bewijsstuk")
    page = unescape(guest.post("/delen/motivatie", data={"csrf": csrf, "bewijsstuk": proof}).text)
    assert "Nee, dit mag niet." in page
    made = guest.post("/delen/motivatie.pdf", data={"csrf": csrf, "bewijsstuk": proof})
    assert made.headers["content-disposition"] == 'attachment; filename="motivatie.pdf"'
    assert made.content.startswith(b"%PDF-")


def test_a_page_with_nothing_chosen_says_what_is_missing_and_keeps_the_rest(guest: Browser) -> None:
    sign_in(guest, "toezichthouder")
    csrf = hidden(guest.get("/delen"), "csrf")
    refused = guest.post("/delen", data={"csrf": csrf, "ontvanger": "nla", "doel": "signalering"})
    assert refused.status_code == 400
    assert '<option value="nla" selected>' in refused.text
    assert "Kies ten minste één gegeven." in unescape(refused.text)


def test_a_page_with_a_choice_that_does_not_exist_is_refused_and_an_address_with_one_is_the_empty_form(
    guest: Browser, register: RegisterStation
) -> None:
    sign_in(guest, "toezichthouder")
    csrf = hidden(guest.get("/delen"), "csrf")
    asked = len(register.requests)
    for name in ("rol", "doel", "velden", "ontvanger", "verklaard", "zaaknummer"):
        for text in ("chef van\x00alles", "<b>", "é", "X" * 70):
            sent = {"csrf": csrf, "velden": ["hit"], "doel": "signalering", name: text}
            refused = guest.post("/delen", data=sent)
            assert refused.status_code == 400, (name, text)
            assert "Mag ik dit delen?" in refused.text
            assert guest.get("/delen", params={name: text}).status_code == 200
    assert len(register.requests) == asked


def test_what_is_to_be_ticked_is_a_sentence_to_agree_with_and_stands_so_in_the_motivation(
    guest: Browser, inspector: Officer
) -> None:
    sign_in(guest, "toezichthouder")
    csrf = hidden(guest.get("/delen"), "csrf")
    page = unescape(guest.post("/delen", data={"csrf": csrf, "velden": ["hit"], "doel": "signalering"}).text)
    said = "De treffer rust op genoeg gegevens, één sterk gegeven of twee middelsterke."
    assert f">{said}</label>" in page
    proof = {"bewijsstuk": whole(inspector)["bewijsstuk"]}
    document = motivated(Motivatie.model_validate(inspector.post("/v1/motivaties", proof).json()))
    assert (said, "Ja, volgens de medewerker.") in document.conditions


def test_what_was_ticked_stays_ticked(guest: Browser) -> None:
    sign_in(guest, "toezichthouder")
    csrf = hidden(guest.get("/delen"), "csrf")
    chosen = {"csrf": csrf, "velden": ["hit"], "doel": "signalering", "verklaard": ["C6"]}
    page = guest.post("/delen", data=chosen).text
    assert page.count(" checked") == 1


def test_the_page_says_so_when_the_register_is_away(guest: Browser, register: RegisterStation) -> None:
    sign_in(guest, "toezichthouder")
    csrf = hidden(guest.get("/delen"), "csrf")
    register.fails = "away"
    page = guest.post("/delen", data={"csrf": csrf, "velden": ["hit"], "doel": "signalering"})
    assert page.status_code == 200
    assert "Het register is nu niet te bereiken" in page.text
    assert "Motivatie voor mijn dossier" not in page.text
