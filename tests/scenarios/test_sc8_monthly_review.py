# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""SC8, an FG's monthly review: counts that can be proved, a sample that nobody can steer, verdicts in the log, a report without personal data, and nothing of another town.

Source: acceptance scenario SC8. Real questions, signals and a contact that is released go through nodes, key holders and register; the rest of a month of 1,200 questions is
written by the log's own code beside the running register, at the moments at which it would have been. The tests of this module are one story on one set of real processes and run in the order in which they stand.
"""

import base64
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from audit.canonical import JSON
from audit.trail import prepare
from process.problem import Refusal
from register.central.app import open_administration
from register.central.centre import Centre
from register.central.settings import RegisterSettings
from register.demo.plan import CONTROL, MOMENT, PHONE, person
from register.demo.story import Caller, caller
from register.demo.world import World
from register.events import ASKER
from register.reviewing import draw, seed

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(900)]

TOWN, OTHER = "GM9004", "GM9001"
OCTOBER, NOVEMBER = "2026-10", "2026-11"
QUESTIONS, SUBMISSIONS, HITS, CONTACTS = 1_200, 40, 9, 2
AT_NIGHT, WITHOUT_OUTCOME = 14, 6
TEAM = tuple(f"medewerker-{number:04d}" for number in range(30))
OF_THE_OTHER = {"medewerker": "medewerker-van-b", "zaaknummer": "C-VANB-0001"}
STEP_OF_THE_OTHER = ("treffer_stap", "melder", "contact_gevraagd")
PURPOSE = {"Doel": "toezicht_avg"}
PATIENCE = 60.0


@dataclass
class Month:
    """What was written of the month, and what the story found out on its way."""

    centre: Centre
    written: Counter[str] = field(default_factory=Counter)
    drawn: dict[str, Any] = field(default_factory=dict)
    signed: dict[str, Any] = field(default_factory=dict)
    proof: Path = Path()


def settings(world: World) -> tuple[str, ...]:
    return (
        "--settings",
        str(world.folder / "register" / "instellingen.toml"),
        "--clock-file",
        str(world.folder / "klok"),
    )


@pytest.fixture(scope="module")
def world(fresh_world: World) -> World:
    """The processes that take part, half a month before the exercise."""
    fresh_world.move_clock(datetime(2026, 10, 13, 9, 0, tzinfo=UTC))
    fresh_world.start(["signer", "houder-1", "houder-2", "register", f"node-{TOWN}", f"node-{OTHER}"])
    return fresh_world


@pytest.fixture(scope="module")
def story(world: World) -> Iterator[Month]:
    place = RegisterSettings.load(
        world.folder / "register" / "instellingen.toml", clock_file=world.folder / "klok"
    )
    with open_administration(place, None) as admin:
        yield Month(admin.centre)


def question(moment: datetime, officer: str, number: str, **fields: JSON) -> dict[str, JSON]:
    """What the register writes of an answered question; the digests of each are its own."""
    said: dict[str, JSON] = {
        "moment": moment.isoformat(timespec="seconds"),
        "medewerker": officer,
        "rol": "toezichthouder",
        "doel": "signalering",
        "zaaknummer": number,
        "reden": "controle",
        "grondslag": f"OEF-GEM-{TOWN}",
        "families": ["phone"],
        "kenmerken": [os.urandom(16).hex()],
        "uitkomst": "niet_bekend",
        "herhaald": False,
        "vlaggen": [],
        "antwoord_van": [],
    }
    return said | fields


def write(story: Month, *entries: tuple[str, str, dict[str, JSON]]) -> None:
    """Append entries as the register does, in one transaction: sealed, their keys durable first."""
    database = story.centre.database
    made = [
        prepare(
            {organisation: {"gebeurtenis": event, "ontvanger": ASKER, "velden": fields}},
            randomness=os.urandom,
        )
        for organisation, event, fields in entries
    ]
    database.keys.put_many({name: key for one in made for name, key in one.keys.items()})
    with database.engine.begin() as connection:
        for one in made:
            database.log.append(connection, one)


def working_days(first: date, last: date) -> list[datetime]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [datetime(one.year, one.month, one.day, tzinfo=UTC) for one in days if one.weekday() < 5]


def month_of_work(
    story: Month,
    days: list[datetime],
    *,
    questions: int,
    submissions: int = 0,
    hits: int = 0,
    nights: int = 0,
    lacking: int = 0,
) -> None:
    """So many questions on working days, each control of four questions with its outcome the same day, but for those that lack one."""
    team = cycle(TEAM)
    entries: list[tuple[datetime, str, dict[str, JSON]]] = []
    per_day = -(-questions // len(days))
    for number in range(questions):
        day, place = days[number // per_day], number % per_day
        at = day + timedelta(hours=8, minutes=5 * place)
        control = f"C-{day:%m%d}-{place // 4:04d}"
        fields: dict[str, JSON] = {}
        if number < hits:
            fields = {"uitkomst": "bekend_elders", "antwoord_van": [OTHER]}
        if hits <= number < hits + lacking:
            control = f"C-LEEG-{number:04d}"
        if number >= questions - nights:
            at = days[-1] + timedelta(hours=20, minutes=number - questions + nights)
        entries.append((at, "bevraging", question(at, next(team), control, **fields)))
        if not control.startswith("C-LEEG"):
            done: dict[str, JSON] = {
                "moment": at.isoformat(),
                "medewerker": TEAM[0],
                "rol": "toezichthouder",
                "zaaknummer": control,
            }
            entries.append((at, "controle_afgerond", {**done, "afloop": "niets_aangetroffen"}))
    for number in range(submissions):
        at = days[number % len(days)] + timedelta(hours=9, seconds=number)
        said: dict[str, JSON] = {
            "moment": at.isoformat(),
            "medewerker": TEAM[number % len(TEAM)],
            "rol": "toezichthouder",
        }
        entries.append((at, "signaal_ingediend", said))
    entries.sort(key=lambda one: one[0])
    write(story, *((TOWN, event, fields) for _at, event, fields in entries))


def release_contact(world: World) -> None:
    """The town takes up what its question found; the other asks for its contact, and it is released."""
    ours, theirs = (caller(world, one, "aandachtsfunctionaris") for one in (TOWN, OTHER))
    (treffer,) = ours.get("/v1/treffers")["treffers"]
    steps = f"/v1/treffers/{treffer['trefferId']}/stappen"
    taken = {"eersteActie": "bellen_andere_gemeente", "beoordeling": "mogelijk_zelfde_persoon"}
    ours.post(steps, {"stap": "opgepakt", "reden": "eigen_signaal_past", **taken})
    theirs.post(steps, {"stap": "contact_gevraagd"})
    ours.post(steps, {"stap": "contact_vrijgegeven"})
    (seen,) = theirs.get(f"/v1/treffers/{treffer['trefferId']}")["contacten"]
    assert seen["organisatie"] == TOWN


def fg_of(world: World, organisation: str) -> Caller:
    return caller(world, organisation, "fg")


def go_through(world: World) -> None:
    """Have the weeks that are over gone through, as the register does by itself within the hour."""
    deadline = time.monotonic() + PATIENCE
    done = world.command("register", "jobs", "--once", "postvak", *settings(world))
    while "loopt al" in done.stdout + done.stderr and time.monotonic() < deadline:
        # The register is doing it.
        time.sleep(0.5)
        done = world.command("register", "jobs", "--once", "postvak", *settings(world))
    assert done.returncode == 0, done.stdout + done.stderr


def patiently(action: Any) -> Any:
    """The next checkpoint takes a moment."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return action()
        except Refusal as refusal:
            if refusal.code != "nog-geen-controlepunt" or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def published(story: Month) -> None:
    """Wait until a checkpoint has every leaf of now."""
    database = story.centre.database
    deadline = time.monotonic() + PATIENCE
    with database.public() as connection:
        size = database.log.head(connection).size
    while True:
        with database.public() as connection:
            if database.log.checkpoint_covering(connection, size - 1) is not None:
                return
        assert time.monotonic() < deadline
        time.sleep(0.1)


def judged(fg: Caller, post: str, verdict: str = "ok", reason: str = "past_bij_taak") -> dict[str, Any]:
    said: dict[str, Any] = fg.post(
        f"/v1/toezicht/postvak/{post}/beoordelingen", {"oordeel": verdict, "waarom": reason}, PURPOSE
    )
    return said


def waiting(fg: Caller) -> list[dict[str, Any]]:
    return [one for one in fg.get("/v1/toezicht/postvak", PURPOSE)["posten"] if "oordeel" not in one]


# ---- the month before: under 25 questions, all reviewed, signed off ---------------------------------------


def test_of_a_month_with_under_25_questions_every_question_is_reviewed(world: World, story: Month) -> None:
    month_of_work(story, working_days(date(2026, 10, 13), date(2026, 10, 15)), questions=12, submissions=2)
    world.move_clock(datetime(2026, 11, 2, 8, 0, tzinfo=UTC))
    published(story)
    go_through(world)
    items = waiting(fg_of(world, TOWN))
    assert len(items) == 12
    assert {reason["code"] for one in items for reason in one["redenen"]} == {"alles"}


def test_the_month_before_is_signed_off_with_its_checkpoint(world: World, story: Month) -> None:
    fg = fg_of(world, TOWN)
    with pytest.raises(Refusal) as early:
        patiently(lambda: fg.post(f"/v1/toezicht/maanden/{OCTOBER}/aftekeningen", {}, PURPOSE))
    assert early.value.code == "nog-niet-alles-bekeken"
    for one in waiting(fg):
        judged(fg, one["post"])
    story.signed[OCTOBER] = patiently(
        lambda: fg.post(f"/v1/toezicht/maanden/{OCTOBER}/aftekeningen", {}, PURPOSE)
    )


# ---- given: 1,200 queries, 40 submissions, 9 hits, 2 contact releases ----------------------------------------------------------


def test_a_month_of_questions_goes_by_some_of_them_through_real_nodes(world: World, story: Month) -> None:
    month_of_work(
        story,
        working_days(date(2026, 11, 3), date(2026, 11, 19)),
        questions=700,
        submissions=SUBMISSIONS - 1,
        hits=HITS - 1,
        lacking=WITHOUT_OUTCOME,
    )
    # What another town does in the same month is in the same log.
    at = datetime(2026, 11, 19, 15, tzinfo=UTC)
    write(story, (OTHER, "bevraging", question(at, OF_THE_OTHER["medewerker"], OF_THE_OTHER["zaaknummer"])))
    world.move_clock(MOMENT)
    stored = {
        "subjecten": [{"kenmerken": [{"soort": "phone", "waarde": PHONE}], "rol": "mogelijk_slachtoffer"}],
        "waargenomen": MOMENT.date().isoformat(),
        "waarnemingGrondslag": "huisvesting_arbeidsmigranten",
        "controlesoort": "woningcontrole",
        "uitbuitingsvorm": "arbeid",
        "aanwijzingen": ["slapen_in_bedrijfspand"],
    }
    caller(world, OTHER, "toezichthouder").post("/v1/signalen", stored)
    inspector = caller(world, TOWN, "toezichthouder")
    own = {
        **stored,
        "subjecten": [{"kenmerken": [{"soort": "phone", "waarde": "06-12345601"}], "rol": "onbekend"}],
    }
    inspector.post("/v1/signalen", own)
    asked = {"doel": "signalering", "controle": CONTROL, "reden": "controle"}
    answers = [
        inspector.post("/v1/bevragingen", {**asked, "kenmerken": [{"soort": "phone", "waarde": phone}]})
        for phone in (PHONE, "06-12345602", "06-12345603")
    ]
    assert [one["uitkomst"] for one in answers] == ["bekend_elders", "niet_bekend", "niet_bekend"]
    release_contact(world)
    said: dict[str, JSON] = {"rol": "aandachtsfunctionaris", "stap": "contact_vrijgegeven", "codes": []}
    written = {"moment": MOMENT.isoformat(), "medewerker": TEAM[1], "velden": [], **said}
    write(story, (TOWN, "contact_vrijgegeven", written))
    done = {
        "moment": MOMENT.isoformat(),
        "medewerker": TEAM[0],
        "rol": "toezichthouder",
        "zaaknummer": CONTROL,
    }
    write(story, (TOWN, "controle_afgerond", {**done, "afloop": "niets_aangetroffen"}))
    month_of_work(
        story,
        working_days(date(2026, 11, 23), date(2026, 11, 27)),
        questions=QUESTIONS - 703,
        nights=AT_NIGHT,
    )
    world.move_clock(datetime(2026, 12, 7, 8, 0, tzinfo=UTC))
    published(story)
    go_through(world)


# ---- when: the FG opens the month ---------------------------------------------------------------------------


def test_the_month_counts_what_was_done_per_person_out_of_hours_and_without_outcome(
    world: World, story: Month
) -> None:
    found = patiently(lambda: fg_of(world, TOWN).get(f"/v1/toezicht/maanden/{NOVEMBER}", PURPOSE))
    figures = found["cijfers"]
    assert (figures["vragen"], figures["ingediend"], figures["treffers"]) == (QUESTIONS, SUBMISSIONS, HITS)
    assert figures["buitenWerktijd"] == AT_NIGHT
    assert figures["zonderUitkomst"] == WITHOUT_OUTCOME
    assert figures["noodopeningen"] == 0
    assert figures["contactVrijgaven"] == CONTACTS
    assert sum(figures["medewerkers"].values()) == QUESTIONS
    assert figures["medewerkers"][person(TOWN, "toezichthouder").officer] == 3
    assert figures["grondslagen"] == {f"OEF-GEM-{TOWN}": QUESTIONS}
    assert found["plichten"]["verlopenNietVernietigd"] == 0
    assert found["plichten"]["noodopeningenTeLaat"] == 0
    assert found["samenhang"]["klopt"] is True
    assert found["samenhang"]["maand"] == OCTOBER
    assert found["samenhang"]["omvang"] == story.signed[OCTOBER]["controlepunt"]["omvang"]


def test_flags_in_the_inbox_say_why_a_question_is_there(world: World) -> None:
    items = waiting(fg_of(world, TOWN))
    codes = Counter(reason["code"] for one in items for reason in one["redenen"])
    assert codes["buiten_werktijd"] == AT_NIGHT
    assert codes["zonder_uitkomst"] == WITHOUT_OUTCOME
    assert codes["steekproef"] == 5 * 4, "of each week of the month a few that have no flag"
    assert all(reason["waarom"] and reason["watNu"] for one in items for reason in one["redenen"])


# ---- then: a sample of 20, verdicts, sign-off ----------------------------------------------------------------


def test_the_fg_draws_twenty_and_anybody_draws_the_same_again(world: World, story: Month) -> None:
    fg = fg_of(world, TOWN)
    before = {one["blad"] for one in waiting(fg)}
    drawn = patiently(
        lambda: fg.post(
            f"/v1/toezicht/maanden/{NOVEMBER}/steekproeven", {"aantal": 20, "worp": "41635226"}, PURPOSE
        )
    )
    story.drawn = drawn
    assert len(drawn["posten"]) == 20
    leaves, since = list[int](), 0
    while lines := fg.get("/v1/logboek/regels", PURPOSE, vanaf=since)["regels"]:
        leaves += [
            one["blad"]
            for one in lines
            if one["gebeurtenis"] == "bevraging"
            and one["ontvanger"] == ASKER
            and one["velden"]["moment"].startswith(NOVEMBER)
            and one["blad"] < drawn["omvang"]
        ]
        since = lines[-1]["blad"] + 1
        if len(lines) < 200:
            break
    assert len(leaves) == QUESTIONS
    begin = seed(TOWN, NOVEMBER, drawn["omvang"], base64.b64decode(drawn["wortel"]), "41635226")
    again = draw(begin, {leaf: 1 for leaf in leaves if leaf not in before}, 20)
    assert drawn["posten"] == [f"{NOVEMBER}.{leaf}" for leaf in sorted(again)]


def test_the_fg_marks_each_and_every_verdict_is_a_leaf_with_its_item(world: World, story: Month) -> None:
    fg = fg_of(world, TOWN)
    sample, rest = story.drawn["posten"], [one["post"] for one in waiting(fg)]
    said = judged(fg, sample[0], "onrechtmatig", "geen_taak")
    judged(fg, sample[1], "vraag", "uitleg_gevraagd")
    for post in rest:
        if post not in sample[:2]:
            judged(fg, post)
    proof = patiently(lambda: fg.get(f"/v1/logboek/regels/{said['bewijsBlad']}/bewijs", PURPOSE))
    inside = json.loads(proof["inschrijvingen"][0]["openingen"][0]["inhoud"])["inhoud"]["velden"]
    assert (inside["post"], inside["oordeel"], inside["waarom"]) == (sample[0], "onrechtmatig", "geen_taak")


def test_the_month_is_signed_off_and_proved_to_go_on_from_the_last_by_the_verifier(
    world: World, story: Month, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fg = fg_of(world, TOWN)
    patiently(lambda: fg.post(f"/v1/toezicht/maanden/{NOVEMBER}/aftekeningen", {}, PURPOSE))
    published(story)
    story.proof = tmp_path_factory.mktemp("fg") / "bewijs.json"
    account = person(TOWN, "fg")
    saved = world.command(
        *("register", "fg", "proof", NOVEMBER, "--out", str(story.proof), "--url", world.register_pages),
        *("--officer", account.name, "--password-file", str(world.folder / "accounts" / account.name)),
    )
    assert saved.returncode == 0, saved.stderr
    done = world.command("audit", "verify", str(story.proof), "--vkey", world.log_vkey)
    assert done.returncode == 0, done.stdout + done.stderr
    then = story.signed[OCTOBER]["controlepunt"]["omvang"]
    assert (
        f"Alles wat bij het eerdere controlepunt ({then} bladen) in het logboek stond, staat er nog."
        in done.stdout
    )
    opened = [
        json.loads(one["openingen"][0]["inhoud"])["inhoud"]
        for one in json.loads(story.proof.read_text(encoding="utf-8"))["inschrijvingen"]
    ]
    (sign_off,) = (one["velden"] for one in opened if one["gebeurtenis"] == "maand_afgetekend")
    assert (sign_off["telling"]["vragen"], sign_off["omvang_hiervoor"]) == (QUESTIONS, then)
    assert sum(one["gebeurtenis"] == "post_beoordeeld" for one in opened) >= 20


def test_a_proof_in_which_one_verdict_was_turned_is_caught_by_the_verifier(
    world: World, story: Month
) -> None:
    forged = story.proof.with_name("vervalst.json")
    text = story.proof.read_text(encoding="utf-8")
    assert "onrechtmatig" in text
    forged.write_text(
        text.replace('\\"oordeel\\":\\"onrechtmatig\\"', '\\"oordeel\\":\\"ok\\"'), encoding="utf-8"
    )
    assert forged.read_text(encoding="utf-8") != text
    done = world.command("audit", "verify", str(forged), "--vkey", world.log_vkey)
    assert done.returncode == 1
    assert "hoort niet bij dit blad" in done.stdout


# ---- and: the report -----------------------------------------------------------------------------------------


def test_the_report_for_council_and_ap_holds_no_personal_data(
    world: World, story: Month, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("raad") / "verslag.json"
    account = person(TOWN, "fg")
    done = world.command(
        *("register", "fg", "report", NOVEMBER, "--out", str(place), "--url", world.register_pages),
        *("--officer", account.name, "--password-file", str(world.folder / "accounts" / account.name)),
    )
    assert done.returncode == 0, done.stderr
    text = place.read_text(encoding="utf-8")
    report = json.loads(text)
    assert report["cijfers"]["vragen"] == str(QUESTIONS)
    assert report["cijfers"]["ingediendeSignalen"] == str(SUBMISSIONS)
    assert report["cijfers"]["treffers"] == "<10", "nine"
    assert report["cijfers"]["oordelen"]["onrechtmatig"] == "<10"
    assert report["plichten"]["verlopenNietVernietigd"] == 0
    assert report["samenhangKlopt"] is True
    for kept in (*TEAM, "oefening-", "C-", 'bladen":', story.drawn["posten"][0]):
        assert kept not in text + done.stdout
    assert "<10" in done.stdout


# ---- pass: nothing of another town ---------------------------------------------------------------------------


def test_of_town_b_the_fg_of_a_sees_only_that_it_was_the_answering_party(world: World, story: Month) -> None:
    fg = fg_of(world, TOWN)
    month = patiently(lambda: fg.get(f"/v1/toezicht/maanden/{NOVEMBER}", PURPOSE))
    assert month["cijfers"]["antwoordVan"] == {OTHER: HITS}
    read, since = "", 0
    while lines := fg.get("/v1/logboek/regels", PURPOSE, vanaf=since)["regels"]:
        for one in lines:
            said = {**one["velden"], "antwoord_van": None}
            if (one["gebeurtenis"], one["ontvanger"], said.get("stap")) == STEP_OF_THE_OTHER:
                assert (said["organisatie"], said["signalen"], said["velden"]) == (OTHER, [], [])
                continue
            assert OTHER not in json.dumps(said), "nowhere but as the party that answered, or asked to call"
            read += json.dumps(one)
        since = lines[-1]["blad"] + 1
        if len(lines) < 200:
            break
    assert not [kept for kept in OF_THE_OTHER.values() if kept in read]
    assert fg.get("/v1/toezicht/verstrekkingen", PURPOSE, maand=NOVEMBER)["verstrekkingen"] == []
    post = story.drawn["posten"][0]
    with pytest.raises(Refusal) as refused:
        fg_of(world, OTHER).get(f"/v1/toezicht/postvak/{post}", PURPOSE)
    assert refused.value.status == 404


def test_the_fg_of_b_sees_every_disclosure_of_b_s_signal_to_a(world: World) -> None:
    found = fg_of(world, OTHER).get("/v1/toezicht/verstrekkingen", PURPOSE, maand=NOVEMBER)["verstrekkingen"]
    assert {one["organisatie"] for one in found} == {TOWN}
    assert all(one["velden"] for one in found), "a step that shows nothing is none"
    assert not [one for one in found if "contact_officer" in one["velden"]], "whose contact it is shows it"
    one = found[0]
    assert one["moment"].startswith(f"{MOMENT:%Y-%m-%d}")
    assert one["doel"] == "signalering"
    assert one["grondslag"]
    assert "hit" in one["velden"]
    assert not [kept for kept in (*TEAM, CONTROL, "oefening-toezichthouder") if kept in json.dumps(found)]
