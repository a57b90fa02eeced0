# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Peer: Splink 5 on plaintext with DuckDB: what can be had when every municipality shows every name.

Names are compared in both orders by Jaro-Winkler, dates of birth by part, numbers by Damerau-Levenshtein, with term frequencies. Blocking is wide. u comes from random
pairs under a fixed seed, m from EM. Runs in the environment of requirements/bench-splink.txt. usage: splink_plain.py PREPARED.jsonl OUT.csv CONFIGURATION.json
"""

import csv
import json
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.internals.exceptions import EMTrainingException

_SEED = 1
_U_PAIRS = 2e6
_FLOOR = -12.0
"""Match weight under which a pair is not written."""


def comparisons(filled: set[str], configuration: Mapping[str, Any]) -> Iterator[Any]:
    """A comparison for each field that any row fills."""
    terms = configuration["terms"]
    if {"given", "surname"} <= filled:
        yield from _names(configuration)
    elif filled & {"given", "surname"}:
        yield _name(next(iter(filled & {"given", "surname"})), configuration)
    if "dob" in filled:
        yield _custom("dob", _exact("dob", terms=terms), *map(_level, _DATES))
    for number in ("document", "phone", "bsn", "v_number", "other"):
        if number in filled:
            near = [cll.DamerauLevenshteinLevel(number, distance) for distance in (1, 2)]
            yield _custom(number, _exact(number, terms=terms), *near)
    if "alias" in filled:
        yield _custom("alias", _exact("alias", terms=terms), cll.JaroWinklerLevel("alias", 0.9))
    if filled & {"postcode", "street"}:
        yield from _addresses(filled, configuration)


def _addresses(filled: set[str], configuration: Mapping[str, Any]) -> Iterator[Any]:
    """Postcode or street with house in one comparison, or each part apart."""
    if not configuration["joint"]:
        yield from (
            _custom(part, _exact(part, terms=configuration["terms"]))
            for part in ("postcode", "street", "house")
            if part in filled
        )
        return
    near = [
        ("street_l = street_r and house_l = house_r", "street and house"),
        ("postcode_l = postcode_r", "postcode"),
        ("jaro_winkler_similarity(street_l, street_r) >= 0.9", "street alike"),
    ]
    yield cl.CustomComparison(
        output_column_name="address",
        comparison_levels=[
            _null("(address_l is null or address_r is null) and (street_l is null or street_r is null)"),
            _exact("address", terms=configuration["terms"]),
            *(_level(one) for one in near if "street" in filled or "street" not in one[0]),
            cll.ElseLevel(),
        ],
    )


_DATES = (
    (
        "substr(dob_l, 1, 4) = substr(dob_r, 1, 4) and substr(dob_l, 6, 2) = substr(dob_r, 9, 2) and substr(dob_l, 9, 2) = substr(dob_r, 6, 2)",
        "day and month swapped",
    ),
    ("damerau_levenshtein(dob_l, dob_r) <= 1", "one keystroke"),
    (
        (
            "(substr(dob_l, 1, 7) = substr(dob_r, 1, 7)) or (substr(dob_l, 6) = substr(dob_r, 6)) "
            "or (substr(dob_l, 1, 4) = substr(dob_r, 1, 4) and substr(dob_l, 9) = substr(dob_r, 9))"
        ),
        "two parts of three",
    ),
    ("substr(dob_l, 1, 4) = substr(dob_r, 1, 4)", "year"),
)


def _names(configuration: Mapping[str, Any]) -> Iterator[Any]:
    if not configuration.get("pair"):
        yield _name("given", configuration)
        yield _name("surname", configuration)
        return
    wide, narrow = min(configuration["names"]), max(configuration["names"])
    levels = [
        _level(("given_l = given_r and surname_l = surname_r", "both")),
        _level((_SWAPPED, "swapped")),
        *(
            _level(
                (
                    f"jaro_winkler_similarity(given_l, given_r) >= {low} and jaro_winkler_similarity(surname_l, surname_r) >= {low}",
                    f"both {low}",
                )
            )
            for low in (narrow, wide)
        ),
        _level((_both_orders(narrow), "swapped, alike")),
        _level(("surname_l = surname_r", "surname")),
        _level(("given_l = given_r", "given")),
    ]
    yield cl.CustomComparison(
        output_column_name="names",
        comparison_levels=[
            _null("given_l is null or given_r is null or surname_l is null or surname_r is null"),
            *levels,
            cll.ElseLevel(),
        ],
    )


_SWAPPED = "given_l = surname_r and surname_l = given_r"


def _both_orders(low: float) -> str:
    return f"jaro_winkler_similarity(given_l, surname_r) >= {low} and jaro_winkler_similarity(surname_l, given_r) >= {low}"


def _name(column: str, configuration: Mapping[str, Any]) -> Any:
    alike = [cll.JaroWinklerLevel(column, low) for low in configuration["names"]]
    return _custom(
        column,
        _exact(column, terms=configuration["terms"]),
        _level((_both_orders(max(configuration["names"])), "swapped")),
        *alike,
    )


def _custom(column: str, *levels: Any) -> Any:
    return cl.CustomComparison(
        output_column_name=column, comparison_levels=[cll.NullLevel(column), *levels, cll.ElseLevel()]
    )


def _exact(column: str, *, terms: bool) -> Any:
    return cll.ExactMatchLevel(column, term_frequency_adjustments=terms)


def _level(told: tuple[str, str]) -> Any:
    return cll.CustomLevel(told[0], label_for_charts=told[1])


def _null(sql: str) -> Any:
    return cll.CustomLevel(sql, label_for_charts="null").configure(is_null_level=True)


_BLOCKS: Sequence[tuple[set[str], str]] = (
    ({"dob"}, "l.dob = r.dob"),
    ({"given", "surname"}, "l.given = r.given and l.surname = r.surname"),
    ({"given", "surname"}, "l.given = r.surname and l.surname = r.given"),
    ({"surname", "dob"}, "l.surname = r.surname and substr(l.dob, 1, 4) = substr(r.dob, 1, 4)"),
    ({"given", "dob"}, "l.given = r.given and substr(l.dob, 1, 4) = substr(r.dob, 1, 4)"),
    ({"surname", "dob"}, "l.surname = r.surname and substr(l.dob, 6) = substr(r.dob, 6)"),
    ({"given", "dob"}, "l.given = r.given and substr(l.dob, 6) = substr(r.dob, 6)"),
    (
        {"surname", "dob"},
        "substr(l.surname, 1, 3) = substr(r.surname, 1, 3) and substr(l.dob, 1, 7) = substr(r.dob, 1, 7)",
    ),
    (
        {"given", "dob"},
        "substr(l.given, 1, 3) = substr(r.given, 1, 3) and substr(l.dob, 1, 7) = substr(r.dob, 1, 7)",
    ),
    (
        {"given", "surname"},
        "substr(l.given, 1, 4) = substr(r.given, 1, 4) and substr(l.surname, 1, 4) = substr(r.surname, 1, 4)",
    ),
    ({"phone"}, "l.phone = r.phone"),
    ({"document"}, "l.document = r.document"),
    ({"bsn"}, "l.bsn = r.bsn"),
    ({"v_number"}, "l.v_number = r.v_number"),
    ({"other"}, "l.other = r.other"),
    ({"postcode", "surname"}, "l.address = r.address and substr(l.surname, 1, 1) = substr(r.surname, 1, 1)"),
    ({"postcode", "given"}, "l.address = r.address and substr(l.given, 1, 1) = substr(r.given, 1, 1)"),
    ({"street", "house"}, "l.street = r.street and l.house = r.house"),
    ({"alias", "postcode"}, "l.alias = r.alias and l.postcode = r.postcode"),
)
_TRAINING: Sequence[tuple[set[str], str]] = (
    ({"dob"}, "l.dob = r.dob"),
    ({"given", "surname"}, "l.given = r.given and l.surname = r.surname"),
    ({"phone"}, "l.phone = r.phone"),
    ({"document"}, "l.document = r.document"),
)
_CERTAIN: Sequence[tuple[set[str], str]] = (
    ({"document"}, "l.document = r.document"),
    ({"phone", "dob"}, "l.phone = r.phone and l.dob = r.dob"),
    ({"given", "surname", "dob"}, "l.given = r.given and l.surname = r.surname and l.dob = r.dob"),
)
_RECALL_OF_CERTAIN = 0.5


def rules(of: Sequence[tuple[set[str], str]], filled: set[str], *, across: bool) -> list[str]:
    """The rules whose columns are filled; over two files only pairs across."""
    return [f"{sql} and l.side <> r.side" if across else sql for needed, sql in of if needed <= filled]


def main(prepared: Path, out: Path, configuration: Mapping[str, Any]) -> None:
    """Read rows, write scored pairs."""
    connection = duckdb.connect()
    filled = _load(connection, prepared, configuration["fields"])
    across = configuration["across"]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=list(comparisons(filled, configuration)),
        blocking_rules_to_generate_predictions=rules(_BLOCKS, filled, across=across),
        probability_two_random_records_match=configuration.get("prior", 1e-4),
        retain_matching_columns=False,
        additional_columns_to_retain=[],
    )
    linker = Linker(DuckDBAPI(connection=connection).register("prepared"), settings, log_level=logging.ERROR)
    _train(linker, filled, configuration)
    predicted = linker.inference.predict(threshold_match_weight=_FLOOR)
    found = connection.sql(
        f"select round(match_weight, 6), unique_id_l, unique_id_r from {predicted.physical_name}"  # noqa: S608 - a name that Splink made
    ).fetchall()
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((score, min(i, j), max(i, j)) for score, i, j in found)
    sys.stdout.write(json.dumps({"tokens_per_record": None}) + "\n")


def _load(connection: Any, prepared: Path, fields: Sequence[str]) -> set[str]:
    with prepared.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    columns = [*fields, "address"]
    texts = ", ".join(f"{column} varchar" for column in columns)
    connection.execute(f"create table prepared (unique_id integer, side integer, {texts})")
    for row in rows:
        row["address"] = f"{row['postcode']} {row['house']}" if row["postcode"] else ""
    import pyarrow as pa  # noqa: PLC0415

    table = pa.table(
        {
            "unique_id": pa.array(range(len(rows)), pa.int32()),
            "side": pa.array([row["side"] for row in rows], pa.int32()),
            **{column: pa.array([row[column] or None for row in rows], pa.string()) for column in columns},
        }
    )
    connection.register("arrow", table)
    connection.execute("insert into prepared select * from arrow")
    return {column for column in columns if any(row[column] for row in rows)}


def _train(linker: Any, filled: set[str], configuration: Mapping[str, Any]) -> None:
    across = configuration["across"]
    certain = rules(_CERTAIN, filled, across=across)
    if certain and "prior" not in configuration:
        linker.training.estimate_probability_two_random_records_match(certain, recall=_RECALL_OF_CERTAIN)
    linker.training.estimate_u_using_random_sampling(max_pairs=_U_PAIRS, seed=_SEED)
    for rule in rules(_TRAINING, filled, across=across):
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True
            )
        except EMTrainingException:
            # No pair fits this rule: nothing is learnt from it.
            continue


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text(encoding="utf-8")))
