# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from process.problem import PassedOnRefusal, refusal_from
from register.central.web.case_form import as_filled_in


def refused(*headers: str, code: str = "onvolledig") -> PassedOnRefusal:
    fields = [{"veld": name, "reden": "Deze kop ontbreekt of heeft niet de goede vorm."} for name in headers]
    return refusal_from(
        {
            "status": 400,
            "code": code,
            "title": "Het verzoek zegt niet wie vraagt en waarvoor.",
            "velden": fields,
            "regel": "C1",
        }
    )


def test_who_filled_in_a_form_reads_which_field_to_mend_and_of_no_header() -> None:
    said = as_filled_in(refused("Zaaknummer", "Grondslag"))
    assert [one.field for one in said.fields] == ["Zaaknummer", "Grondslag"]
    text = " ".join([said.title, said.detail, said.way_forward, *(one.reason for one in said.fields)])
    assert "kop" not in text
    assert (said.status, said.code, said.rule) == (400, "onvolledig", "C1")


def test_what_no_field_of_a_form_can_mend_is_said_as_the_interface_says_it() -> None:
    for refusal in (refused("Zaaknummer", "Doel"), refused("Zaaknummer", code="anders"), refused()):
        assert as_filled_in(refusal) is refusal
