# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Reading a file: everything for which it must be mended is told in one sentence with its row, before anything is sent, and no value is repeated."""

import json
import tracemalloc
from collections import deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.municipal.files import Inspected, Source, UnfitFileError, formula, read_mapping
from register.municipal.limits import ROW_LIMIT
from register.municipal.mapping import mapping_from
from register.municipal.provenance import Shape

MAPPING = mapping_from(
    {
        "herkomst": "toezicht",
        "columns": {"datum": "date", "naam": "name", "mobiel": "phone", "auto": "plate", "sociaal": "handle"},
        "constants": {
            "uitbuitingsvorm": "arbeid",
            "aanwijzingen": "overbewoning",
            "controlesoort": "woningcontrole",
            "waarneming_grondslag": "huisvesting_arbeidsmigranten",
        },
        "dateFormat": "dd-mm-yyyy",
    }
)
HEADING = "datum;naam;mobiel;auto;sociaal;verslag\n"
GOOD = "27-02-2026;Geheim, Jan;0612345678;;;\n"
Made = Callable[..., Source]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def make(content: str | bytes, name: str = "rijen.csv") -> Source:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return Source(tmp_path / name, MAPPING)

    return make


def inspect(source: Source) -> Inspected:
    return source.inspect(lambda _rows: None)


def refused(source: Source) -> tuple[str, ...]:
    with pytest.raises(UnfitFileError) as unfit:
        inspect(source)
    assert "Geheim" not in str(unfit.value)
    assert unfit.value.sentences[-1].endswith("Er is niets verstuurd.")
    return unfit.value.sentences


# ---- what can be read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff", "sep=;\n"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_separators_byte_order_marks_and_line_endings_are_read_alike(
    made: Made, separator: str, start: str, ending: str
) -> None:
    text = (
        start
        + HEADING.replace(";", separator)
        + f'27-02-2026{separator}"Jansen{separator} Jan"{separator}{separator}12AB34{separator}{separator}x\n'
    )
    source = made(text.replace("\n", ending))
    assert inspect(source).rows == 1
    ((number, row),) = source.rows(0)
    assert (number, row["naam"], row["auto"]) == (1, f"Jansen{separator} Jan", "12AB34")
    assert "verslag" not in row


def test_a_cell_may_hold_lines_and_empty_lines_do_not_count(made: Made) -> None:
    source = made(HEADING + '\n27-02-2026;"Jan\n\nJansen";06;;;\n;;;;;\n\n' + GOOD)
    assert [number for number, _row in source.rows(0)] == [1, 2]
    assert next(source.rows(0))[1]["naam"] == "Jan\n\nJansen"


def test_json_lines_are_read_with_numbers_and_truths_as_they_are_written(made: Made) -> None:
    lines = [
        {"datum": "27-02-2026", "naam": None, "mobiel": 31612345678, "extra": True},
        {"auto": 1.50, "sociaal": "x"},
    ]
    source = made("\n\n".join(map(json.dumps, lines)) + "\n", "rijen.jsonl")
    assert inspect(source).rows == 2
    rows = [row for _number, row in source.rows(0)]
    assert (rows[0]["mobiel"], rows[0]["naam"], rows[1]["auto"]) == ("31612345678", "", "1.5")


def test_reading_goes_on_after_a_row(made: Made) -> None:
    source = made(HEADING + GOOD * 12)
    assert [number for number, _row in source.rows(9)] == [10, 11, 12]


def test_the_shape_of_a_file_counts_rows_in_which_a_plate_stands_alone(made: Made) -> None:
    rows = ["27-02-2026;;;12-AB-34;;x\n"] * 3 + ["27-02-2026;;0612345678;12-AB-34;;\n", GOOD]
    assert inspect(made(HEADING + "".join(rows))).shape == Shape(5, 3)


def test_the_digest_is_that_of_the_bytes(made: Made) -> None:
    assert inspect(made(HEADING + GOOD)).digest != inspect(made("\ufeff" + HEADING + GOOD)).digest


# ---- what cannot ------------------------------------------------------------------------------------------------------

UNFIT: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "Het bestand is leeg."),
    "a heading only": (HEADING, "Het bestand heeft geen rijen."),
    "a heading and empty lines": (HEADING + "\n\n;;;\n", "Het bestand heeft geen rijen."),
    "a heading that lacks columns": (
        "datum;naam\n27-02-2026;Geheim\n",
        "mist kolommen uit de mapping: mobiel, auto, sociaal.",
    ),
    "no heading": (GOOD * 2, "mist kolommen uit de mapping: datum, naam"),
    "a column named twice": (
        HEADING.replace("verslag", "naam") + GOOD,
        "De kop noemt een kolom meer dan één keer: naam.",
    ),
    "more cells than the heading": (
        HEADING + GOOD + GOOD.replace("\n", ";;Geheim\n"),
        "Rij 2 heeft meer cellen dan de kop.",
    ),
    "a quote that is not closed": (
        HEADING + GOOD + '27-02-2026;"Geheim;06\n' + GOOD,
        "Rij 2 is niet te lezen als CSV",
    ),
    "a quote in the middle": (HEADING + '27-02-2026;"Geheim"x;06;;;\n', "Rij 1 is niet te lezen als CSV"),
    "a quote that is not closed for very long": (
        HEADING + GOOD + '27-02-2026;"Geheim\n' + GOOD * 9_000,
        "Rij 2 is te lang",
    ),
    "a row that is too long": (
        HEADING + GOOD * 2 + f"27-02-2026;{'x' * ROW_LIMIT};;;;\n",
        "Rij 3 is te lang",
    ),
    "a heading that is too long": ("datum;" + "x" * ROW_LIMIT + "\n" + GOOD, "De kop is te lang"),
    "UTF-16": ((HEADING + GOOD).encode("utf-16"), "Het bestand is UTF-16."),
    "UTF-16 without a mark": ((HEADING + GOOD).encode("utf-16-le"), "Het bestand is UTF-16."),
    "Windows-1252": (
        HEADING.encode() + GOOD.encode() + "27-02-2026;Geheim Nuñez;;;;\n".encode("cp1252"),
        "Rij 2 is geen UTF-8",
    ),
    "Windows-1252 in the heading": (
        HEADING.replace("verslag", "coördinaat").encode("cp1252"),
        "De kop is geen UTF-8",
    ),
    "half a character": (HEADING.encode() + GOOD.encode() + b"27-02-2026;\xc3", "Rij 2 is geen UTF-8"),
    "a nul": (
        HEADING + GOOD + "27-02-2026;Geheim\x00;;;;\n",
        "Rij 2 bevat een teken dat niet in tekst hoort",
    ),
    "old line endings": ((HEADING + GOOD).replace("\n", "\r"), "is niet te lezen als CSV"),
    "a formula": (
        HEADING + GOOD + '27-02-2026;"=HYPERLINK(""http://Geheim"")";06;;;\n',
        "Rij 2, kolom naam: deze cel begint als een formule",
    ),
    "a formula with a plus": (
        HEADING + "27-02-2026;+Geheim;06;;;\n",
        "Rij 1, kolom naam: deze cel begint als een formule",
    ),
    "a formula with a minus": (
        HEADING + "27-02-2026;-1+1;06;;;\n",
        "Rij 1, kolom naam: deze cel begint als een formule",
    ),
    "a formula with an at": (
        HEADING + "27-02-2026;@SUM(A1);06;;;\n",
        "Rij 1, kolom naam: deze cel begint als een formule",
    ),
    "a date in another order": (
        HEADING + GOOD + "02-27-2026;Geheim;;;;\n",
        "Rij 2, kolom datum: deze datum staat in een andere volgorde",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_file_that_must_be_mended_is_told_in_one_sentence_with_its_row(made: Made, name: str) -> None:
    content, sentence = UNFIT[name]
    assert sentence in refused(made(content))[0]


UNFIT_LINES = {
    "no JSON": ("{datum: 1}", "Rij 2 is geen geldige JSON."),
    "half an object": ('{"naam": "Geheim"', "Rij 2 is geen geldige JSON."),
    "a very deep list": ("[" * 50_000, "Rij 2 is geen geldige JSON."),
    "a list": ('["Geheim"]', "Rij 2 is geen JSON-object."),
    "a text": ('"Geheim"', "Rij 2 is geen JSON-object."),
    "a nested object": ('{"naam": {"voor": "Geheim"}}', "Rij 2 bevat een lijst of object als waarde"),
    "a nested list": ('{"naam": ["Geheim"]}', "Rij 2 bevat een lijst of object als waarde"),
    "a name twice": ('{"naam": "Geheim", "naam": "Jan"}', "Rij 2 noemt een naam twee keer."),
    "NaN": ('{"naam": NaN}', "Rij 2 bevat NaN of oneindig"),
    "infinity": ('{"naam": -Infinity}', "Rij 2 bevat NaN of oneindig"),
    "half a character": ('{"naam": "\\ud800"}', "Rij 2 bevat een half teken."),
}


@pytest.mark.parametrize("name", UNFIT_LINES)
def test_a_line_that_is_no_record_is_told_with_its_row(made: Made, name: str) -> None:
    content, sentence = UNFIT_LINES[name]
    good = json.dumps(dict.fromkeys(MAPPING.columns, ""))
    assert sentence in refused(made(f"{good}\n\n{content}\n", "rijen.jsonl"))[0]


def test_a_column_that_no_line_has_is_named(made: Made) -> None:
    source = made('{"datum": "27-02-2026", "naam": "Geheim", "mobiel": "", "auto": ""}\n', "rijen.jsonl")
    assert "mist kolommen uit de mapping: sociaal." in refused(source)[0]


def test_cells_are_all_looked_at_the_first_are_told_and_the_others_counted(made: Made) -> None:
    told = refused(made(HEADING + "27-02-2026;=Geheim;06;;;\n" * 25))
    assert [one.split(",")[0] for one in told[:20]] == [f"Rij {number}" for number in range(1, 21)]
    assert told[20:] == ("En nog 5 andere cellen.", "Er is niets verstuurd.")


@pytest.mark.parametrize(
    "text", ["+31 6 12345678", "+31(0)612345678", "+31.6.12-34", "-", "", "0612", "Jan", "a=b", "a@b.nl"]
)
def test_what_people_write_is_no_formula(text: str) -> None:
    assert not formula(text)


def test_a_handle_may_begin_with_an_at_where_a_handle_belongs() -> None:
    assert formula("@maria")
    assert not formula("@maria", "handle")
    assert formula("@SUM(A1)", "handle")


def test_a_formula_in_a_column_that_is_not_imported_harms_nobody(made: Made) -> None:
    assert inspect(made(HEADING + GOOD.replace(";\n", ";=1+1\n"))).rows == 1


def test_a_file_that_changes_while_it_is_sent_ends_the_sending(made: Made) -> None:
    source = made(HEADING + GOOD * 3)
    rows = source.rows(0)
    next(rows)
    made(HEADING + GOOD * 4)
    with pytest.raises(UnfitFileError, match="veranderde tijdens de import"):
        list(rows)


# ---- memory -----------------------------------------------------------------------------------------------------------


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["rijen.csv", "rijen.jsonl"])
def test_memory_does_not_grow_with_the_number_of_rows(tmp_path: Path, name: str) -> None:
    row = dict.fromkeys(MAPPING.columns, "") | {"datum": "27-02-2026", "naam": "Jansen, Jan"}
    line = json.dumps(row) + "\n" if name.endswith("jsonl") else GOOD

    def source(rows: int) -> Source:
        path = tmp_path / f"{rows}-{name}"
        with path.open("w", encoding="utf-8") as stream:
            stream.write("" if name.endswith("jsonl") else HEADING)
            for _batch in range(rows // 1_000):
                stream.write(line * 1_000)
        return Source(path, MAPPING)

    small, large = source(1_000), source(200_000)
    inspect(small)  # what is made once is not the file's

    def reading(one: Source) -> Callable[[], object]:
        return lambda: (one.inspect(lambda _rows: None), sum(1 for _row in one.rows(0)))

    few = peak(reading(small))
    # Tracing makes reading slow; a twentieth of the large file shows growth as well as the whole.
    many = peak(lambda: deque(islice(large.rows(0), 20_000), maxlen=1))
    assert many < few + 200_000
    assert inspect(large).rows == 200_000


def test_a_row_of_two_hundred_megabytes_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "rijen.csv"
    with path.open("wb") as stream:
        stream.write(HEADING.encode() + b'27-02-2026;"')
        stream.truncate(200_000_000)  # sparse: nuls, and no line ending
    begun: list[str] = []

    def work() -> None:
        with pytest.raises(UnfitFileError) as unfit:
            inspect(Source(path, MAPPING))
        begun.append(str(unfit.value))

    assert peak(work) < 3_000_000
    assert begun[0].startswith("Rij 1 is te lang")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["rijen.csv", "rijen.jsonl"]))
def test_whatever_the_bytes_a_file_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("willekeurig") / name
    path.write_bytes((b"" if name.endswith("jsonl") else HEADING.encode()) + content)
    source = Source(path, MAPPING)
    try:
        found = inspect(source)
    except UnfitFileError:
        return
    assert found.rows == sum(1 for _row in source.rows(0))


# ---- the mapping file -------------------------------------------------------------------------------------------------

YAML = """
herkomst: toezicht
columns: {datum: date, mobiel: phone}
constants:
  uitbuitingsvorm: arbeid
  aanwijzingen: [slapen_in_bedrijfspand, overbewoning]
  controlesoort: woningcontrole
  waarneming_grondslag: huisvesting_arbeidsmigranten
  grenscontext: false
  informatie: 4
dateFormat: dd-mm-yyyy
"""


def test_yaml_keeps_texts_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        YAML.replace("mobiel: phone", "0612: phone, no: rol").replace(
            "dateFormat", "values: {no: {010: onbekend}}\ndateFormat"
        )
    )
    found = read_mapping(tmp_path / "m.yaml")
    assert found.columns == {"datum": "date", "0612": "phone", "no": "rol"}
    assert found.values == {"no": {"010": "onbekend"}}
    assert found.constants["grenscontext"] == "false"


WRONG_YAML = {
    "no YAML": (YAML.replace("columns: {", "columns: {["), "niet te lezen als YAML"),
    "not UTF-8": (YAML + "#\xff", "niet te lezen als YAML"),
    "a name twice": (YAML.replace("datum: date", "mobiel: date"), "De mapping noemt een naam twee keer."),
    "something else": ("- een\n- twee\n", "In de mapping, mapping: Een mapping heeft herkomst"),
    "no source": (YAML.replace("herkomst: toezicht", ""), "In de mapping, herkomst: Vul in waar"),
    "an object of Python": (YAML + "x: !!python/object/apply:os.getcwd []\n", "alleen deze sleutels"),
}


@pytest.mark.parametrize("name", WRONG_YAML)
def test_a_mapping_that_is_wrong_is_told_in_words(tmp_path: Path, name: str) -> None:
    text, sentence = WRONG_YAML[name]
    (tmp_path / "m.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(UnfitFileError) as unfit:
        read_mapping(tmp_path / "m.yaml")
    assert sentence in str(unfit.value)
