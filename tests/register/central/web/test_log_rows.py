# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The list of the log at an FG's page: looking fills the log, and is one row; nothing else is."""

from register.central.web.supervision_pages import grouped


def line(leaf: int, event: str, role: str = "fg") -> dict[str, object]:
    return {"blad": leaf, "gebeurtenis": event, "ontvanger": "vrager", "velden": {"rol": role, "moment": ""}}


LINES = [
    line(9, "logboek_geraadpleegd"),
    line(8, "logboek_geraadpleegd"),
    line(7, "maand_bekeken"),
    line(6, "bevraging", "toezichthouder"),
    line(5, "logboek_geraadpleegd"),
    line(4, "post_beoordeeld"),
    line(3, "aangemeld", "toezichthouder"),
]


def test_looks_that_follow_each_other_are_one_row_that_says_how_many_and_which() -> None:
    rows = grouped(LINES, {}, whole=False)
    assert [cells[4] for _path, cells in rows] == ["7 tot en met 9", "6", "5", "4", "3"]
    assert rows[0][1][0] == "3 keer gekeken"


def test_the_whole_list_shows_every_row() -> None:
    assert [cells[4] for _path, cells in grouped(LINES, {}, whole=True)] == [
        str(leaf) for leaf in range(9, 2, -1)
    ]


def test_a_verdict_and_what_others_did_are_never_grouped_away() -> None:
    many = [line(leaf, "post_beoordeeld") for leaf in range(5)] + [line(9, "aangemeld", "toezichthouder")] * 4
    assert len(grouped(many, {}, whole=False)) == len(many)
