# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A file from the terminal to a running node: what the person reads, and that nothing is lost or doubled whatever breaks on the way."""

import csv
import io
import json
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from process.serving.web import BODY_LIMIT
from register.municipal.files import Source, read_mapping
from register.municipal.limits import BATCH_BYTES, ROW_LIMIT
from register.municipal.mapping import FIELDS, REQUIRED
from register.municipal.progress import Screen, harmless
from register.municipal.provenance import BANNED, ORIGINS
from register.municipal.sending import PATIENCE, Sending, Sent, World
from register.municipal.session import NodeSession
from register.municipal.told import number, span, told_import
from tests.register.municipal.world import (
    PASSWORD,
    Hands,
    HolderStation,
    Officer,
    RegisterStation,
    problem,
    refusal,
)

Command = Callable[..., int]
Files = tuple[Path, Path]

CSV = """datum;voornaam;achternaam;geboren;mobiel;paspoort
27-02-2026;Maria;Nuñez;24-03-1998;06 12345678;AB123456
27-02-2026;Jan;Jansen;;;
27-02-2026;;;;12;
27-02-2026;;;31-02-1987;0687654321;
04-03-2030;;;;0687654321;
"""
MAPPING = """
herkomst: toezicht
columns:
  datum: date
  voornaam: given_names
  achternaam: surname
  geboren: dob
  mobiel: phone
  paspoort: document_number
constants:
  document_issuer: COL
  uitbuitingsvorm: arbeid
  aanwijzingen: [slapen_in_bedrijfspand, overbewoning]
  controlesoort: woningcontrole
  waarneming_grondslag: huisvesting_arbeidsmigranten
  rol: onbekend
  grenscontext: false
dateFormat: dd-mm-yyyy
"""
HEADING, GOOD, *_BAD = CSV.splitlines()


def good(rows: int, **changed: str) -> str:
    """A file of rows that are all right."""
    lines = [f"27-02-2026;;;;06{12000000 + row};{changed.get('paspoort', '')}" for row in range(1, rows + 1)]
    return "\n".join([HEADING, *lines]) + "\n"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    (tmp_path / "rijen.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    return tmp_path / "rijen.csv", tmp_path / "mapping.yaml"


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not end a batch early."""
    monkeypatch.setattr("register.municipal.intake.BATCH_SECONDS", 10_000.0)


# ---- the command ------------------------------------------------------------------------------------------------------


def test_an_import_takes_the_good_rows_and_lists_the_others_without_values(
    node: Command, files: Files, register: RegisterStation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert node("import", files[0], "--mapping", files[1], "--json") == 1
    shown = capsys.readouterr()
    report = json.loads(shown.out)
    assert (report["rijen"], report["ingediend"], report["bewaard"], report["geweigerdeRijen"]) == (
        5,
        1,
        1,
        4,
    )
    columns = {(one["rij"], one["kolom"]) for one in report["geweigerd"]}
    assert columns == {(2, "voornaam, achternaam"), (3, "mobiel"), (4, "geboren"), (5, "datum")}
    assert sum(one["aantal"] for one in report["redenen"]) == 4
    for value in ("Jansen", "1987", "0687654321", "Nu"):
        assert value not in shown.out
    assert "Rij 5 van 5" in shown.err
    assert len(register.signals) == 1
    sent = register.last("/v1/signalen")
    families = {one["familie"] for one in sent["subjecten"][0]["pseudoniemen"]}
    assert families >= {"phone", "document", "name_dob"}


def test_what_a_person_reads_is_counts_reasons_and_the_first_rows(
    node: Command, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert node("import", files[0], "--mapping", files[1]) == 1
    told = capsys.readouterr().out
    assert told.startswith("Bewaard: 1. Al eerder bewaard: 0.\nGeweigerd: 4.\n")
    assert "  1 x " in told
    assert "Rij 3, kolom mobiel: " in told


def test_a_second_import_of_the_same_file_adds_nothing_and_says_so(
    node: Command, files: Files, register: RegisterStation, capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_text(good(12))
    assert node("import", files[0], "--mapping", files[1]) == 0
    assert capsys.readouterr().out.startswith("Bewaard: 12.")
    assert node("import", files[0], "--mapping", files[1]) == 0
    assert capsys.readouterr().out == "Alle 12 rijen waren al bewaard; er is niets toegevoegd.\n"
    again = files[0].with_name("kopie.csv")
    again.write_text("\ufeff" + good(12), encoding="utf-8")
    assert node("import", again, "--mapping", files[1], "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["ingediend"], report["bewaard"], report["herhaald"]) == (12, 0, 12)
    assert len(register.signals) == 12


def test_a_second_import_of_a_file_with_refused_rows_says_that_nothing_was_added(
    node: Command, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    node("import", files[0], "--mapping", files[1])
    capsys.readouterr()
    assert node("import", files[0], "--mapping", files[1]) == 1
    assert capsys.readouterr().out.startswith("Er is niets toegevoegd. Al eerder bewaard: 1.\nGeweigerd: 4.")


def test_importing_a_mended_file_adds_only_what_was_mended(
    node: Command, files: Files, register: RegisterStation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert node("import", files[0], "--mapping", files[1]) == 1
    files[0].write_text(f"{HEADING}\n\n27-02-2026;;;;0687654321;\n{GOOD}\n", encoding="utf-8")
    capsys.readouterr()
    assert node("import", files[0], "--mapping", files[1]) == 0
    assert "Bewaard: 1. Al eerder bewaard: 1." in capsys.readouterr().out
    assert len(register.signals) == 2


def test_json_lines_are_imported_alike(
    node: Command, files: Files, register: RegisterStation, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = files[0].with_suffix(".jsonl")
    rows = list(csv.DictReader(io.StringIO(good(3)), delimiter=";"))
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
    files[0].write_text(good(3))
    assert node("import", files[0], "--mapping", files[1]) == 0
    assert node("import", lines, "--mapping", files[1]) == 0
    assert "Alle 3 rijen waren al bewaard" in capsys.readouterr().out
    assert len(register.signals) == 3


UNFIT = {
    "a formula": (
        "27-02-2026;=1+1;;;0687654321;\n",
        "Rij 1, kolom voornaam: deze cel begint als een formule",
    ),
    "a quote that is not closed": ('27-02-2026;"Geheim;;;;\n', "Rij 1 is niet te lezen als CSV"),
    "another order of dates": ("2026-02-27;;;;0687654321;\n", "Rij 1, kolom datum: deze datum"),
    "nothing": ("", "Het bestand heeft geen rijen."),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_file_that_must_be_mended_is_exit_2_and_nothing_is_sent(
    node: Command,
    files: Files,
    register: RegisterStation,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    text, sentence = UNFIT[name]
    files[0].write_text(f"{HEADING}\n{text}", encoding="utf-8")
    assert node("import", files[0], "--mapping", files[1]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert "Er is niets verstuurd." in told
    assert "Geheim" not in told
    assert not register.requests


WRONG_MAPPINGS = {
    "an unknown target": ("mobiel: phone", "mobiel: telefoon"),
    "an unknown key": ("dateFormat", "dateformat"),
    "a column that the file lacks": ("mobiel: phone", "vaste_lijn: phone"),
    "one target twice": ("mobiel: phone", "mobiel: dob"),
    "a date format without a year": ("dd-mm-yyyy", "dd-mm"),
    "no YAML": ("columns:", "columns: ["),
    "no source": ("herkomst: toezicht", ""),
    "a code of no list": ("rol: onbekend", "rol: dader"),
}


@pytest.mark.parametrize("name", WRONG_MAPPINGS)
def test_a_wrong_mapping_is_exit_2_and_nothing_is_sent(
    node: Command, files: Files, register: RegisterStation, name: str
) -> None:
    files[1].write_text(MAPPING.replace(*WRONG_MAPPINGS[name]))
    assert node("import", files[0], "--mapping", files[1]) == 2
    assert not register.requests


def test_a_report_that_cannot_be_written_is_told_before_anything_is_sent(
    node: Command, files: Files, register: RegisterStation, tmp_path: Path
) -> None:
    report = tmp_path / "geen map" / "geweigerd.csv"
    assert node("import", files[0], "--mapping", files[1], "--report", report) == 2
    assert not register.requests


def test_all_refused_rows_go_into_the_report(node: Command, files: Files, tmp_path: Path) -> None:
    report = tmp_path / "geweigerd.csv"
    bad = "".join(f"27-02-2026;;;;{row};\n" for row in range(30))
    files[0].write_text(f"{HEADING}\n{bad}")
    assert node("import", files[0], "--mapping", files[1], "--report", report) == 1
    with report.open(encoding="utf-8-sig", newline="") as stream:
        heading, *rows = csv.reader(stream, delimiter=";")
    assert heading == ["rij", "kolom", "reden"]
    assert [int(row[0]) for row in rows] == list(range(1, 31))


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+x", "-1+1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_a_report_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("kolom") == "kolom"


def test_a_list_of_plates_is_refused_before_a_row_is_sent_in_words_that_say_why(
    node: Command, files: Files, register: RegisterStation, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"27-02-2026;{row // 100 % 100:02}-AB-{row % 100:02}\n" for row in range(5_000))
    files[0].write_text("datum;kenteken\n" + rows)
    for origin, words in {
        "toezicht": "In 5000 rijen staat alleen een kenteken",
        "scanauto": "Kentekens uit een scanauto mogen niet in het register",
    }.items():
        constants = MAPPING.partition("constants:")[2].replace("  document_issuer: COL\n", "")
        files[1].write_text(
            f"herkomst: {origin}\ncolumns: {{datum: date, kenteken: plate}}\nconstants:{constants}"
        )
        assert node("import", files[0], "--mapping", files[1]) == 1
        assert words in capsys.readouterr().err
    assert not register.requests


def test_a_dry_run_says_what_would_happen_and_stores_nothing(
    node: Command,
    files: Files,
    register: RegisterStation,
    holders: list[HolderStation],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert node("import", files[0], "--mapping", files[1], "--dry-run") == 1
    told = capsys.readouterr().out
    assert told.startswith(
        "Dit was een proef: er is niets opgeslagen.\nZou worden bewaard: 1. Al eerder bewaard: 0."
    )
    assert "De import duurt dan een seconde." in told
    assert "Geweigerd: 4." in told
    assert not register.requests
    assert not sum(one.calls for one in holders)
    node("import", files[0], "--mapping", files[1])
    capsys.readouterr()
    node("import", files[0], "--mapping", files[1], "--dry-run", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["proef"], report["bewaard"], report["herhaald"]) == (True, 0, 1)


def test_stopping_by_hand_says_how_to_go_on(
    node: Command, files: Files, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_self: Sending) -> Sent:
        raise KeyboardInterrupt

    monkeypatch.setattr(Sending, "run", stopped)
    assert node("import", files[0], "--mapping", files[1]) == 130
    assert "Start dezelfde opdracht opnieuw" in capsys.readouterr().err


# ---- whatever breaks on the way ---------------------------------------------------------------------------------------


@dataclass
class Wire(httpx.HTTPTransport):
    """The way to the node, which a test can cut before or after a request arrived."""

    cuts: list[str] = field(default_factory=list)
    bodies: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        batch = request.url.path.endswith("/rijen")
        cut = self.cuts.pop(0) if batch and self.cuts else ""
        if batch:
            self.bodies.append(len(request.content))
        if cut == "before":
            raise httpx.ConnectError("cut")
        response = super().handle_request(request)
        if cut == "after":
            response.read()
            raise httpx.ReadTimeout("cut")
        return response


@dataclass
class Trip:
    """One import as the person at the terminal lives it, in a world without waiting."""

    session: NodeSession
    wire: Wire
    said: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    now: float = 0.0
    while_waiting: Callable[[], None] = lambda: None
    while_working: Callable[[str], None] = lambda _text: None

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds
        self.while_waiting()

    def progress(self, text: str) -> None:
        self.shown.append(text)
        self.while_working(text)

    def stopwatch(self) -> float:
        self.now += 0.5
        return self.now

    def send(self, files: Files) -> Sent:
        source = Source(files[0], read_mapping(files[1]))
        world = World(self.stopwatch, self.sleep, self.said.append, self.progress)
        inspected = source.inspect(lambda _rows: None)
        return Sending(self.session, source, inspected, world, self.refused.append).run()


@contextmanager
def travelling(address: str) -> Iterator[Trip]:
    wire = Wire()
    session = NodeSession(address, "toezichthouder", PASSWORD)
    session._http.close()
    session._http = httpx.Client(base_url=address, transport=wire, trust_env=False)
    with session:
        yield Trip(session, wire)


@pytest.fixture
def trip(address: str) -> Iterator[Trip]:
    with travelling(address) as made:
        yield made


@pytest.mark.parametrize("cut", ["before", pytest.param("after", marks=pytest.mark.every_case)])
def test_a_network_that_is_cut_loses_and_doubles_nothing(
    trip: Trip, files: Files, register: RegisterStation, cut: str
) -> None:
    files[0].write_text(good(100))
    trip.wire.cuts = ["", cut, "", cut]
    sent = trip.send(files)
    assert sent.complete
    assert sum(sent.counts.values()) == 100
    assert len(register.signals) == 100
    assert trip.waited == [2, 2]
    assert trip.said[0] == "De node antwoordt niet. De import probeert het over 2 seconden opnieuw."


def test_a_client_that_was_killed_goes_on_where_it_was(
    address: str, files: Files, register: RegisterStation
) -> None:
    files[0].write_text(good(60))

    class Killed(BaseException):
        """`kill -9`."""

    def dies(text: str) -> None:
        if not text.startswith("Rij 0 "):
            raise Killed

    with travelling(address) as first:
        first.while_working = dies
        with pytest.raises(Killed):
            first.send(files)
    assert 0 < len(register.signals) < 60
    with travelling(address) as second:
        sent = second.send(files)
    assert second.said[0] == f"De import gaat verder bij rij {sent.resumed_at}."
    assert sent.counts == {"bewaard": 60, "herhaald": 0, "wacht": 0, "geweigerd": 0}
    assert len(register.signals) == 60


def test_a_register_that_is_away_slows_the_import_down_and_it_goes_on_when_it_is_back(
    trip: Trip, files: Files, register: RegisterStation, clock: Hands
) -> None:
    files[0].write_text(good(30))
    register.fails = "away"

    def back() -> None:
        clock.forward(minutes=10)
        if len(trip.waited) == 3:
            register.fails = ""

    trip.while_waiting = back
    sent = trip.send(files)
    assert len(trip.waited) == 3
    assert trip.waited == sorted(trip.waited)
    assert trip.waited[0] >= 30
    assert (
        "Het landelijke register is nu niet bereikbaar. Wat verstuurd is, staat veilig op de node."
        in trip.said[0]
    )
    assert sent.counts["bewaard"] + sent.counts["wacht"] == 30
    assert sent.counts["wacht"] >= 3
    told = told_import(sent.members())
    assert (
        f"Wacht op de node: {sent.counts['wacht']}. Deze rijen zijn veilig en worden vanzelf verstuurd."
        in told
    )


def test_a_session_that_ends_during_the_import_is_renewed(
    trip: Trip, files: Files, register: RegisterStation, clock: Hands
) -> None:
    files[0].write_text(good(40))
    hours = iter([9, 9])

    def later(text: str) -> None:
        if not text.startswith("Rij 0 "):
            clock.forward(hours=next(hours, 0))

    trip.while_working = later
    assert trip.send(files).complete
    assert trip.said.count("Uw sessie is voorbij. De import meldt u opnieuw aan en gaat verder.") == 2
    assert len(register.signals) == 40


def test_a_quota_of_the_day_ends_the_import_with_how_to_get_more_room(
    trip: Trip, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    files[0].write_text(good(5))
    full = problem(refusal(429, "quotum-bereikt"))
    full.headers["retry-after"] = "40000"
    monkeypatch.setattr(HolderStation, "__call__", lambda _self, _request: full)
    sent = trip.send(files)
    assert sent.stopped
    assert "Start morgen dezelfde opdracht opnieuw" in sent.stopped
    assert "importopening" in sent.stopped
    assert not trip.waited
    assert not sent.complete


def test_a_quota_of_a_minute_is_waited_for_as_long_as_told(
    trip: Trip, files: Files, monkeypatch: pytest.MonkeyPatch, clock: Hands
) -> None:
    files[0].write_text(good(5))
    full = problem(refusal(429, "quotum-bereikt"))
    full.headers["retry-after"] = "40"
    answers = HolderStation.__call__
    monkeypatch.setattr(HolderStation, "__call__", lambda _self, _request: full)

    def room() -> None:
        clock.forward(minutes=2)
        monkeypatch.setattr(HolderStation, "__call__", answers)

    trip.while_waiting = room
    sent = trip.send(files)
    assert trip.waited == [40]
    assert "het quotum van deze minuut is bereikt" in trip.said[0]
    assert sent.counts["bewaard"] + sent.counts["wacht"] == 5


def test_a_node_that_stays_away_ends_the_import_with_the_row_from_which_it_goes_on(
    trip: Trip, files: Files, register: RegisterStation
) -> None:
    files[0].write_text(good(30))
    trip.wire.cuts = ["", *["before"] * 1_000]
    answer = Wire.handle_request

    def gone(self: Wire, request: httpx.Request) -> httpx.Response:
        if trip.waited:
            raise httpx.ConnectError("gone")
        return answer(self, request)

    trip.wire.handle_request = gone.__get__(trip.wire)  # type: ignore[method-assign]
    sent = trip.send(files)
    assert sent.stopped
    assert "verder bij rij 11" in sent.stopped
    assert sum(trip.waited) >= PATIENCE * 0.9
    assert max(trip.waited) == 60
    assert len(register.signals) == 10


def test_a_batch_stays_under_the_limit_of_the_interface_whatever_the_rows(
    trip: Trip, files: Files, register: RegisterStation
) -> None:
    wide = '"' + '\x01é"" ' * 8_000 + '"'
    lines = [f"27-02-2026;{wide};;;06{12000000 + row};" for row in range(1, 41)]
    files[0].write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
    sent = trip.send(files)
    assert sent.counts["geweigerd"] == 40
    assert max(trip.wire.bodies) < BODY_LIMIT
    assert BATCH_BYTES + 6 * ROW_LIMIT > BODY_LIMIT > BATCH_BYTES + ROW_LIMIT
    assert not register.signals


# ---- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "een seconde"),
        (30, "30 seconden"),
        (75, "ongeveer een minuut"),
        (720, "ongeveer 12 minuten"),
        (7_200, "ongeveer 2 uur"),
        (172_800, "ongeveer 2 dagen"),
    ],
)
def test_a_time_is_told_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_numbers_are_written_as_in_dutch() -> None:
    assert [number(one) for one in (0, 999, 1_000, 1_234_567)] == ["0", "999", "1.000", "1.234.567"]


def test_progress_tells_rows_a_second_and_the_time_left(trip: Trip, files: Files) -> None:
    files[0].write_text(good(30))
    trip.send(files)
    told = [one for one in trip.shown if "rijen per seconde" in one]
    assert re.fullmatch(r"Rij \d+ van 30, \d+,\d rijen per seconde, nog (ongeveer )?\S+ \S+", told[0])
    assert trip.shown[-1].startswith("Rij 30 van 30")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_progress_takes_its_own_place_and_elsewhere_it_is_a_line_now_and_then() -> None:
    ticks = iter(range(100))
    terminal, log = Terminal(), io.StringIO()
    for stream in (terminal, log):
        screen = Screen(stream, lambda: float(next(ticks)))
        for row in range(1, 16):
            screen.progress(f"Rij {row}")
        screen.say("Even wachten.")
        screen.end()
    assert terminal.getvalue().count("\n") == 2
    assert terminal.getvalue().endswith("\r\x1b[KRij 15\nEven wachten.\n")
    assert log.getvalue().splitlines()[0] == "Rij 1"
    assert log.getvalue().splitlines()[-2:] == ["Rij 15", "Even wachten."]
    assert len(log.getvalue().splitlines()) < 8


# ---- the page ---------------------------------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[3] / "docs" / "spec" / "import.md").read_text(encoding="utf-8")


def test_the_mapping_of_the_page_is_taken(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "mapping.yaml").write_text(block)
    assert read_mapping(tmp_path / "mapping.yaml").columns == yaml.safe_load(block)["columns"]


def test_every_source_ban_and_target_is_on_the_page_and_no_other() -> None:
    def codes(title: str, header: str) -> set[str]:
        table = PAGE.partition(f"## {title}\n")[2].partition(header)[2].partition("\n\n")[0]
        return {
            code for line in table.splitlines()[2:] for code in re.findall(r"`(\w+)`", line.split("|")[1])
        }

    assert codes("Where rows come from", "| `herkomst` | what |") == set(ORIGINS)
    assert codes("Where rows come from", "| refused | why |") == set(BANNED)
    assert codes("The mapping", "| target | what | required |") == set(FIELDS)
    assert all(f"`{target}`" in PAGE for target in REQUIRED)


def test_the_curl_examples_of_the_page_do_what_it_says(
    address: str, inspector: Officer, register: RegisterStation
) -> None:
    opening, rows = (block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "curl" in block)
    token = inspector.headers["Authorization"].removeprefix("Bearer ")
    opened = curl(opening, {"NODE": address, "TOKEN": token})
    assert opened["volgendeRij"] == 1
    answer = curl(rows, {"NODE": address, "TOKEN": token, "INVOER": opened["invoerId"]})
    assert [one["uitkomst"] for one in answer["uitkomsten"]] == ["bewaard"]
    shown = next(json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
    assert set(shown) == set(answer)
    assert set(shown["uitkomsten"][0]) == set(answer["uitkomsten"][0])
    assert len(register.signals) == 1


def curl(line: str, variables: dict[str, str]) -> dict[str, Any]:
    """What `curl` would get: the few options that the page uses, and no other."""
    for name, value in variables.items():
        line = line.replace(f"${name}", value)
    words = shlex.split(line)
    assert words[:2] == ["curl", "-s"]
    url, options = words[2], list(zip(words[3::2], words[4::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
    (body,) = (value for option, value in options if option == "-d")
    assert {option for option, _value in options} == {"-H", "-d"}
    answer = httpx.post(url, content=body, headers=headers, trust_env=False)
    assert answer.is_success, answer.text
    return dict(answer.json())
