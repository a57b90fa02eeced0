# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What an FG looks at, says, signs and reports, at the register itself; the log is verified whole after every request."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.bundle import bundle_from_json
from audit.canonical import JSON
from audit.checkpoint import Checkpoint
from audit.note import parse
from audit.verify import verify_bundle
from process.processing import Action, Trace
from process.serving.jobs import Runner
from register.central import overseeing
from register.central.centre import Centre
from register.central.reviewing import WEEKS, fill
from register.central.store import tables as t
from register.events import ASKER, OWNER
from register.reviewing import draw, limits_of, seed
from tests.register.central.conftest import LOG_SIGNER, ONE_DATABASE, RECEIPTS, Publish
from tests.register.central.world import Caller, World, point, pseudonym, refused, signal, subject

HERE, ELSEWHERE = "GM9004", "GM9001"
TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
MONDAY_AFTER = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
WEEK, MONTH = "2026-W10", "2026-03"

Enter = Callable[..., int]


@pytest.fixture
def enter(centre: Centre, world: World) -> Enter:
    """Append one entry of the own organisation, as a use case would; gives its leaf."""

    def append(
        event: str = "bevraging", *, organisation: str = HERE, audience: str = ASKER, **fields: JSON
    ) -> int:
        said: dict[str, JSON] = {"moment": world.clock().isoformat(timespec="seconds")}
        if audience == ASKER:
            said |= {
                "medewerker": "nummer-0001",
                "rol": "toezichthouder",
                "zaaknummer": "C-A",
                "grondslag": "G-1",
            }
        with centre.database.logged(world.clock()) as work:
            content: dict[str, JSON] = {
                "gebeurtenis": event,
                "ontvanger": audience,
                "velden": {**said, **fields},
            }
            work.enter({organisation: content})
            # Whom these made-up entries are about is nobody.
            work.concerns(Action("proef", "urn:proef", (), Trace("0" * 32)))
        return work.receipt.leaf_index

    return append


def at(world: World, moment: datetime) -> None:
    world.clock.moment = moment


def sign_in(world: World, organisation: str = HERE) -> Caller:
    """The FG, who signed in just now: a session does not last a week."""
    world.log.verify(None)
    return world.person(organisation, "fg")


def go_through(centre: Centre, moment: datetime) -> int:
    """Do job `postvak` until nothing is left; gives how many weeks were gone through."""
    number = 0
    while fill(centre, moment)["weken"]:
        number += 1
    return number


@pytest.fixture
def busy_week(world: World, enter: Enter, publish: Publish, centre: Centre) -> list[int]:
    """The leaves of 28 questions, none of them flagged; on the Monday after, gone through."""
    leaves = []
    for place in range(28):
        at(world, TUESDAY + timedelta(minutes=7 * place))
        leaves.append(enter(medewerker=f"nummer-{place % 9:04d}", kenmerken=[f"k{place}"], vlaggen=[]))
    enter("controle_afgerond")
    publish()
    at(world, MONDAY_AFTER)
    go_through(centre, world.clock())
    return leaves


def inbox(fg: Caller) -> list[dict[str, Any]]:
    answer = fg.get("/v1/toezicht/postvak")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["posten"])


def say(fg: Caller, post: str, oordeel: str = "ok", waarom: str = "past_bij_taak") -> Any:
    return fg.post(f"/v1/toezicht/postvak/{post}/beoordelingen", {"oordeel": oordeel, "waarom": waarom})


# ---- the inbox ------------------------------------------------------------------------------------------


@ONE_DATABASE
def test_a_busy_week_brings_five_questions_that_anybody_draws_again_from_the_checkpoint(
    world: World, busy_week: list[int], centre: Centre
) -> None:
    posts = inbox(sign_in(world))
    assert {one["redenen"][0]["code"] for one in posts} == {"steekproef"}
    told = next(one for one in world.log.entries(HERE) if one["gebeurtenis"] == "postvak_gevuld")["velden"]
    with centre.database.public() as connection:
        note = centre.database.log.checkpoint_covering(connection, busy_week[-1])
    checkpoint = Checkpoint.from_text(parse(note or "").text)
    assert (told["periode"], told["vragen_geteld"], told["posten_geteld"]) == (WEEK, 28, 5)
    assert (told["omvang"], told["wortel"]) == (checkpoint.size, base64.b64encode(checkpoint.root).decode())
    begin = seed(HERE, WEEK, checkpoint.size, checkpoint.root)
    again = draw(begin, dict.fromkeys(busy_week, 1), told["grenzen"]["steekproef"])
    assert sorted(again) == sorted(one["blad"] for one in posts)


def test_a_week_waits_for_a_checkpoint_that_covers_it_and_is_gone_through_once(
    world: World, enter: Enter, publish: Publish, centre: Centre
) -> None:
    at(world, TUESDAY)
    enter()
    at(world, MONDAY_AFTER)
    assert go_through(centre, world.clock()) == 0
    publish()
    assert go_through(centre, world.clock()) == WEEKS
    size = len(world.log.entries())
    assert go_through(centre, world.clock() + timedelta(hours=5)) == 0
    assert len(world.log.entries()) == size


@ONE_DATABASE
def test_a_job_that_stood_still_for_nine_weeks_passes_over_none_of_them(
    world: World, enter: Enter, publish: Publish, centre: Centre
) -> None:
    at(world, MONDAY_AFTER)
    enter()
    publish()
    go_through(centre, world.clock())
    at(world, MONDAY_AFTER + timedelta(weeks=9))
    enter()
    publish()
    assert go_through(centre, world.clock()) == 9


@ONE_DATABASE
def test_under_25_questions_in_a_month_every_question_is_in_the_inbox(
    world: World, enter: Enter, publish: Publish, centre: Centre
) -> None:
    at(world, TUESDAY)
    leaves = [enter(zaaknummer=f"C-{place}") for place in range(24)]
    publish()
    at(world, MONDAY_AFTER)
    go_through(centre, world.clock())
    assert [one["blad"] for one in inbox(sign_in(world))] == leaves


@ONE_DATABASE
def test_an_item_opens_with_its_entry_and_says_why_it_is_there(
    world: World, enter: Enter, publish: Publish, centre: Centre
) -> None:
    at(world, TUESDAY.replace(hour=22))
    leaf = enter(vlaggen=["eigen_straat"])
    enter("controle_afgerond")
    publish()
    at(world, MONDAY_AFTER)
    go_through(centre, world.clock())
    fg = sign_in(world)
    shown = fg.get(f"/v1/toezicht/postvak/{WEEK}.{leaf}").json()
    assert [one["code"] for one in shown["post"]["redenen"]] == ["buiten_werktijd", "eigen_straat"]
    assert "straat van de medewerker" in shown["post"]["redenen"][1]["waarom"]
    assert shown["regel"]["velden"]["medewerker"] == "nummer-0001"
    last = world.log.last(HERE)
    assert (last["gebeurtenis"], last["post"], last["blad"]) == ("post_geopend", f"{WEEK}.{leaf}", leaf)


def test_a_verdict_is_an_entry_with_the_item_that_verifies_without_the_register(
    world: World, busy_week: list[int], publish: Publish
) -> None:
    assert busy_week
    fg = sign_in(world)
    post = inbox(fg)[0]
    said = say(fg, post["post"], "onrechtmatig", "geen_taak").json()
    last = world.log.last(HERE)
    assert (last["gebeurtenis"], last["post"], last["blad"], last["oordeel"], last["waarom"]) == (
        "post_beoordeeld",
        post["post"],
        post["blad"],
        "onrechtmatig",
        "geen_taak",
    )
    publish()
    bundle = fg.get(f"/v1/logboek/regels/{said['bewijsBlad']}/bewijs").json()
    assert verify_bundle(
        bundle_from_json(bundle), log=LOG_SIGNER.verifier, receipts=(RECEIPTS.verifier,)
    ).verified
    shown = next(one for one in inbox(fg) if one["post"] == post["post"])
    assert (shown["oordeel"], shown["bewijsBlad"]) == ("onrechtmatig", said["bewijsBlad"])


def test_a_verdict_is_written_once_and_a_question_may_be_followed_by_one(
    world: World, busy_week: list[int]
) -> None:
    assert busy_week
    fg = sign_in(world)
    post = inbox(fg)[0]["post"]
    assert say(fg, post, "vraag", "uitleg_gevraagd").status_code == 201
    assert say(fg, post, "ok", "uitleg_gekregen").status_code == 201
    refused(say(fg, post, "onrechtmatig", "prive"), 409, "al-beoordeeld")
    assert next(one for one in inbox(fg) if one["post"] == post)["oordeel"] == "ok"


@ONE_DATABASE
@pytest.mark.parametrize(("verdict", "reason"), [("goed", "past_bij_taak"), ("ok", "prive"), ("ok", "omdat")])
def test_a_verdict_or_reason_that_is_none_is_refused(
    world: World, busy_week: list[int], verdict: str, reason: str
) -> None:
    assert busy_week
    fg = sign_in(world)
    refused(say(fg, inbox(fg)[0]["post"], verdict, reason), 400, "onbekende-code")


@ONE_DATABASE
def test_an_fg_of_another_organisation_sees_and_judges_nothing_of_it(
    world: World, busy_week: list[int]
) -> None:
    assert busy_week
    post = inbox(sign_in(world))[0]["post"]
    other = sign_in(world, ELSEWHERE)
    assert inbox(other) == []
    refused(other.get(f"/v1/toezicht/postvak/{post}"), 404, "niet-gevonden")
    refused(say(other, post), 404, "niet-gevonden")


@ONE_DATABASE
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/toezicht/postvak"),
        ("GET", f"/v1/toezicht/postvak/{'2026-W10'}.1"),
        ("GET", "/v1/toezicht/maanden/2026-03"),
        ("GET", "/v1/toezicht/maanden/2026-03/bewijs"),
        ("GET", "/v1/toezicht/maanden/2026-03/verslag"),
        ("GET", "/v1/toezicht/verstrekkingen?maand=2026-03"),
        ("GET", "/v1/toezicht/grenzen"),
        ("POST", "/v1/toezicht/maanden/2026-03/aftekeningen"),
    ],
)
@pytest.mark.parametrize("role", ["toezichthouder", "aandachtsfunctionaris"])
def test_nobody_but_an_fg_reviews(world: World, publish: Publish, method: str, path: str, role: str) -> None:
    world.submit(HERE, signal())
    publish()
    caller = world.node(HERE, role).but(doel="toezicht_avg")
    answer = caller.request(method, path, headers={"Idempotency-Key": "sleutel-0001"})
    assert answer.status_code == 403, answer.text


# ---- a month -------------------------------------------------------------------------------------------


def month(fg: Caller, name: str = MONTH) -> dict[str, Any]:
    answer = fg.get(f"/v1/toezicht/maanden/{name}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@ONE_DATABASE
def test_a_month_is_counted_from_the_entries_below_the_newest_checkpoint_and_no_other(
    world: World, enter: Enter, publish: Publish
) -> None:
    at(world, TUESDAY)
    enter(uitkomst="bekend_elders", antwoord_van=[ELSEWHERE])
    enter("signaal_ingediend")
    enter("geweigerd", code="te-weinig-om-op-te-vragen")
    size = publish()
    enter(uitkomst="bekend_elders")
    found = month(sign_in(world))
    assert found["controlepunt"]["omvang"] == size == 3
    figures = found["cijfers"]
    assert (figures["vragen"], figures["treffers"], figures["ingediend"]) == (1, 1, 1)
    assert figures["weigeringen"] == {"te-weinig-om-op-te-vragen": 1}
    assert figures["antwoordVan"] == {ELSEWHERE: 1}
    assert figures["medewerkers"] == {"nummer-0001": 1}
    assert found["afgelopen"] is False


@ONE_DATABASE
def test_a_month_is_found_among_those_around_it(world: World, enter: Enter, publish: Publish) -> None:
    for months, number in ((0, 3), (1, 5), (2, 2)):
        at(world, TUESDAY + timedelta(days=31 * months))
        for _question in range(number):
            enter()
            enter(organisation=ELSEWHERE)
    publish()
    fg = sign_in(world)
    counts = [month(fg, f"2026-{number:02d}")["cijfers"]["vragen"] for number in (2, 3, 4, 5, 6)]
    assert counts == [0, 3, 5, 2, 0]


@ONE_DATABASE
def test_an_entry_whose_key_was_destroyed_counts_nowhere_and_stops_nothing(
    world: World, enter: Enter, publish: Publish
) -> None:
    at(world, TUESDAY)
    gone = enter()
    enter()
    publish()
    fg = sign_in(world)
    world.log.erase(gone, HERE)
    assert month(fg)["cijfers"]["vragen"] == 1


@ONE_DATABASE
def test_what_is_past_its_term_and_there_is_an_alarm_of_its_owner_alone(
    world: World, publish: Publish
) -> None:
    world.submit(HERE, signal())
    publish()
    assert month(sign_in(world))["plichten"]["verlopenNietVernietigd"] == 0
    at(world, datetime(2027, 3, 4, 10, tzinfo=UTC))
    assert month(sign_in(world))["plichten"]["verlopenNietVernietigd"] == 1
    assert month(sign_in(world, ELSEWHERE))["plichten"]["verlopenNietVernietigd"] == 0


def review_all(fg: Caller) -> None:
    for one in inbox(fg):
        if "oordeel" not in one:
            assert say(fg, one["post"]).status_code == 201


def sign(fg: Caller, name: str = MONTH) -> Any:
    return fg.post(f"/v1/toezicht/maanden/{name}/aftekeningen", {})


def test_a_month_is_signed_off_when_it_is_over_covered_and_looked_at(
    world: World, busy_week: list[int], publish: Publish, centre: Centre
) -> None:
    assert busy_week
    refused(sign(sign_in(world)), 409, "maand-loopt-nog")
    at(world, datetime(2026, 4, 7, 9, tzinfo=UTC))
    go_through(centre, world.clock())
    fg = sign_in(world)
    told = refused(sign(fg), 409, "nog-geen-controlepunt")
    assert "dekt" in told["title"]
    size = publish()
    # Of the last weeks nobody can say yet what is to be looked at, so nothing waits: that is no reason to sign.
    refused(sign(fg), 409, "week-nog-niet-doorlopen")
    go_through(centre, world.clock())
    assert "5 vragen" in refused(sign(fg), 409, "nog-niet-alles-bekeken")["detail"]
    review_all(fg)
    signed = sign(fg).json()
    last = world.log.last(HERE)
    assert (last["gebeurtenis"], last["periode"], last["omvang"]) == ("maand_afgetekend", MONTH, size)
    assert last["telling"]["vragen"] == 28
    assert last["telling"]["beoordeeld"] == 5
    refused(sign(fg), 409, "al-afgetekend")
    shown = month(fg)
    assert shown["afgetekend"]["bewijsBlad"] == signed["bewijsBlad"]


def test_the_next_month_is_proved_to_be_built_on_the_last_signed_off(
    world: World, busy_week: list[int], publish: Publish, centre: Centre
) -> None:
    assert busy_week
    at(world, datetime(2026, 4, 7, 9, tzinfo=UTC))
    publish()
    go_through(centre, world.clock())
    publish()
    fg = sign_in(world)
    review_all(fg)
    first = sign(fg).json()
    publish()
    at(world, datetime(2026, 5, 4, 9, tzinfo=UTC))
    publish()
    go_through(centre, world.clock())
    fg = sign_in(world)
    publish()
    shown = month(fg, "2026-04")["samenhang"]
    assert (shown["maand"], shown["omvang"], shown["klopt"]) == (MONTH, first["controlepunt"]["omvang"], True)
    review_all(fg)
    assert sign(fg, "2026-04").status_code == 201
    publish()
    bundle = fg.get("/v1/toezicht/maanden/2026-04/bewijs").json()
    verdict = verify_bundle(bundle_from_json(bundle), log=LOG_SIGNER.verifier, receipts=(RECEIPTS.verifier,))
    assert verdict.verified
    assert any("stond, staat er nog" in step.sentence for step in verdict.steps)
    opened = [json.loads(one["openingen"][0]["inhoud"])["inhoud"] for one in bundle["inschrijvingen"]]
    assert "maand_afgetekend" in {one["gebeurtenis"] for one in opened}


@ONE_DATABASE
def test_a_log_that_is_no_longer_what_was_signed_off_is_told_and_not_signed(
    world: World, busy_week: list[int], publish: Publish, centre: Centre
) -> None:
    assert busy_week
    at(world, datetime(2026, 4, 7, 9, tzinfo=UTC))
    publish()
    go_through(centre, world.clock())
    publish()
    fg = sign_in(world)
    review_all(fg)
    assert sign(fg).status_code == 201
    publish()
    with world.log.engine.begin() as connection:
        # An operator puts another note of that month in the place of the one that the FG signed off at.
        note = connection.execute(t.review_month.select()).one().note
        root = note.splitlines()[2]
        forged = note.replace(root, base64.b64encode(bytes(32)).decode())
        connection.execute(t.review_month.update().values(note=forged))
    at(world, datetime(2026, 5, 4, 9, tzinfo=UTC))
    fg = sign_in(world)
    publish()
    shown = month(fg, "2026-04")["samenhang"]
    assert shown["klopt"] is False
    refused(sign(fg, "2026-04"), 409, "logboek-sluit-niet-aan")


def test_an_fg_draws_twenty_of_a_month_with_a_die_and_once(
    world: World, busy_week: list[int], publish: Publish
) -> None:
    fg = sign_in(world)
    there = {one["blad"] for one in inbox(fg)}
    publish()
    path = f"/v1/toezicht/maanden/{MONTH}/steekproeven"
    drawn = fg.post(path, {"aantal": 20, "worp": "416352"}).json()
    assert drawn["vragen"] == 23
    begin = seed(HERE, MONTH, drawn["omvang"], base64.b64decode(drawn["wortel"]), "416352")
    rest = {leaf: 1 for leaf in busy_week if leaf not in there}
    assert drawn["posten"] == [f"{MONTH}.{leaf}" for leaf in sorted(draw(begin, rest, 20))]
    assert len(inbox(fg)) == 25
    last_but_one = next(
        one for one in world.log.entries(HERE) if one["gebeurtenis"] == "steekproef_getrokken"
    )
    assert last_but_one["velden"]["worp"] == "416352"
    refused(fg.post(path, {"aantal": 20, "worp": "111111"}), 409, "al-getrokken")


@pytest.mark.parametrize("throw", ["0612345678", "jan", "123", "7777"])
@ONE_DATABASE
def test_what_was_thrown_is_a_die_and_has_no_room_for_a_number_of_somebody(world: World, throw: str) -> None:
    path = f"/v1/toezicht/maanden/{MONTH}/steekproeven"
    assert sign_in(world).post(path, {"aantal": 20, "worp": throw}).status_code == 400


@ONE_DATABASE
def test_a_month_of_a_log_without_a_checkpoint_cannot_be_proved_and_is_not_counted(world: World) -> None:
    refused(sign_in(world).get(f"/v1/toezicht/maanden/{MONTH}"), 409, "nog-geen-controlepunt")


@ONE_DATABASE
@pytest.mark.parametrize("name", ["2026-13", "maart", "2026-W10"])
def test_a_month_that_is_none_is_refused(world: World, name: str) -> None:
    assert sign_in(world).get(f"/v1/toezicht/maanden/{name}").status_code == 400


# ---- the report ------------------------------------------------------------------------------------------


@ONE_DATABASE
def test_a_report_holds_no_officer_no_leaf_and_small_numbers_only_as_such(
    world: World, busy_week: list[int], publish: Publish
) -> None:
    assert busy_week
    publish()
    told = sign_in(world).get(f"/v1/toezicht/maanden/{MONTH}/verslag")
    text = json.dumps({name: value for name, value in told.json().items() if name != "logbewijs"})
    assert "nummer-" not in text
    figures = told.json()["cijfers"]
    assert (figures["vragen"], figures["treffers"], figures["medewerkersDieVroegen"]) == ("30", "<10", "<10")
    duties = told.json()["plichten"]
    assert (duties["verlopenNietVernietigd"], duties["beoordeeld"], duties["nogTeBeoordelen"]) == (
        0,
        "<10",
        "<10",
    )
    assert world.log.last(HERE)["gebeurtenis"] == "verslag_gemaakt"


# ---- disclosures -----------------------------------------------------------------------------------------


@ONE_DATABASE
def test_an_owner_s_fg_lists_every_disclosure_with_when_purpose_ground_and_fields(
    world: World, publish: Publish
) -> None:
    phone = pseudonym(point())
    stored = world.submit(ELSEWHERE, signal(subject(phone)))
    world.inspector(HERE).ask(phone)
    publish()
    listed = sign_in(world, ELSEWHERE).get("/v1/toezicht/verstrekkingen", maand=MONTH).json()
    (one,) = listed["verstrekkingen"]
    assert (one["organisatie"], one["doel"], one["rol"]) == (HERE, "signalering", "toezichthouder")
    assert one["signalen"] == [stored["signaalId"]]
    assert "hit" in one["velden"]
    assert one["grondslag"]
    assert not {"medewerker", "zaaknummer"} & one.keys()
    asker = sign_in(world)
    assert asker.get("/v1/toezicht/verstrekkingen", maand=MONTH).json()["verstrekkingen"] == []
    figures = month(asker)["cijfers"]
    assert figures["antwoordVan"] == {ELSEWHERE: 1}, "of the other it sees that it answered, and no more"


@ONE_DATABASE
def test_disclosures_come_by_month_and_in_pages(
    world: World, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overseeing, "PAGE", 3)
    at(world, TUESDAY)
    for _look in range(4):
        enter(audience=OWNER, organisatie=ELSEWHERE, velden=["hit"])
    at(world, TUESDAY + timedelta(days=40))
    enter(audience=OWNER, organisatie=ELSEWHERE, velden=["hit"])
    fg = sign_in(world)
    first = fg.get("/v1/toezicht/verstrekkingen", maand=MONTH).json()
    rest = fg.get("/v1/toezicht/verstrekkingen", maand=MONTH, vanaf=first["volgende"]).json()
    assert (len(first["verstrekkingen"]), len(rest["verstrekkingen"])) == (3, 1)
    assert "volgende" not in rest
    assert len(fg.get("/v1/toezicht/verstrekkingen", maand="2026-04").json()["verstrekkingen"]) == 1


# ---- limits ------------------------------------------------------------------------------------------------


@ONE_DATABASE
def test_a_limit_that_an_fg_chose_counts_from_the_next_week_and_is_in_the_log(
    world: World, enter: Enter, publish: Publish, centre: Centre
) -> None:
    fg = sign_in(world)
    changed = fg.post("/v1/toezicht/grenzen", {"grens": "werkdag_tot", "hoogte": 23}).json()
    assert (changed["hoogteHiervoor"], changed["hoogte"]) == (19, 23)
    last = world.log.last(HERE)
    assert (last["gebeurtenis"], last["grens"], last["hoogte"], last["hoogte_hiervoor"]) == (
        "grens_gewijzigd", "werkdag_tot", 23, 19,
    )  # fmt: skip
    shown = {one["grens"]: one["hoogte"] for one in fg.get("/v1/toezicht/grenzen").json()["grenzen"]}
    assert shown == limits_of({"werkdag_tot": 23})
    at(world, TUESDAY.replace(hour=20))
    enter()
    enter("controle_afgerond")
    publish()
    at(world, MONDAY_AFTER)
    go_through(centre, world.clock())
    assert [one["redenen"][0]["code"] for one in inbox(sign_in(world))] == ["alles"]


@ONE_DATABASE
@pytest.mark.parametrize(("name", "height"), [("uitkomst_dagen", 6), ("alles_onder", 24), ("iets", 3)])
def test_a_limit_outside_its_bounds_or_of_no_name_is_refused_and_says_what_may(
    world: World, name: str, height: int
) -> None:
    fg = sign_in(world)
    told = refused(fg.post("/v1/toezicht/grenzen", {"grens": name, "hoogte": height}), 400, "grens-kan-niet")
    assert told["velden"]
    assert world.rows(t.review_limit) == []


# ---- late ------------------------------------------------------------------------------------------------


def test_what_is_not_looked_at_in_time_is_late_in_the_inbox(world: World, busy_week: list[int]) -> None:
    assert busy_week
    at(world, datetime(2026, 3, 20, 10, tzinfo=UTC))
    assert not any(one["teLaat"] for one in inbox(sign_in(world)))
    at(world, datetime(2026, 3, 21, 10, tzinfo=UTC))
    assert all(one["teLaat"] for one in inbox(sign_in(world)))


def test_that_an_fg_did_not_look_in_time_is_told_to_the_fg_and_to_those_who_answer_for_the_organisation(
    world: World, busy_week: list[int], runner: Runner
) -> None:
    assert busy_week
    at(world, datetime(2026, 3, 21, 10, tzinfo=UTC))
    runner.once("herinneringen")

    def told(caller: Caller) -> list[tuple[str, int]]:
        found = caller.get("/v1/herinneringen", leaves=0).json()["herinneringen"]
        return [(one["soort"], one["aantal"]) for one in found]

    assert ("postvak_te_laat", 5) in told(sign_in(world))
    assert told(world.contact(HERE)) == [("toezicht_te_laat", 5)]
    assert told(world.inspector(HERE)) == told(world.contact(ELSEWHERE)) == []
    fg = sign_in(world)
    for one in inbox(fg):
        say(fg, one["post"])
    runner.once("herinneringen")
    assert told(world.contact(HERE)) == []
