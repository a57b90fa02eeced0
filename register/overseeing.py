# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A month of one organisation in figures, for its FG, and what of them a council and the AP may read.

Everything is counted from entries of the log, so that whoever opens the same entries counts the same; what the register knows itself (what is past its term and there, reviews) comes in as a number.

**The report** has two kinds of figures. What people did and what happened to them (questions, treffers, refusals, verdicts, grounds) is treated as aggregates are (condition C11): from 10 shown, rounded to
fives; "<10" below, zero included, so that nobody learns that it was none. A code with fewer than ten has no line of its own, since the line would tell that there was one. Where the organisation failed its own
duty (not destroyed in time, not reviewed in time) is about no person, and is exact: a council must see a failure of one. How many were reviewed is no failure, and exact it would undo the rest: under 25 questions a month
all of them are. No number of an officer, no leaf, no day is in it.

Pure. Left to others: reading entries (`central.reviewing`), words of a page (`register.words`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from register.dangers import VERDICTS
from register.events import ASKER, OWNER
from register.reviewing import CONTROL_ROLE, Line, Span, out_of_hours, without_outcome

HITS: Final = frozenset({"bekend_elders", "mogelijk", "minderjarigenroute"})
SMALLEST: Final = 10
"""Aggregates are shown from here on (C11)."""
FEW: Final = "<10"
OTHERS: Final = "overige"
"""Whatever has fewer than `SMALLEST`, together."""
_STEP: Final = 5
_BACKWARDS: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Figures:
    """What the entries of a month say.

    Attributes:
        entries: of the organisation, of whatever kind.
        questions: asked, without those that were sent again.
        repeated: sent again.
        answered_by: organisation -> in how many own questions its signal answered.
        submissions: versions of signals taken in.
        hits: questions with a treffer.
        phase_2_asked: requests for phase 2.
        releases: own signals released.
        contacts: own contacts released.
        refusals: code -> how often.
        out_of_hours: questions outside working hours.
        without_outcome: questions whose control has no outcome in time.
        outcome_to_come: questions whose outcome is not due yet.
        emergencies: noodopeningen, of the own people and on own signals.
        emergencies_reviewed: verdicts on noodopeningen.
        grounds: id of the ground -> questions.
        officers: pseudonymous number -> questions.
        disclosures: times that others were shown something of an own signal.
        looks: readings of the log by the FG.
        backwards: entries that say an earlier time than one before them in the log, by more than ten minutes.
    """

    entries: int
    questions: int
    repeated: int
    answered_by: Mapping[str, int]
    submissions: int
    hits: int
    phase_2_asked: int
    releases: int
    contacts: int
    refusals: Mapping[str, int]
    out_of_hours: int
    without_outcome: int
    outcome_to_come: int
    emergencies: int
    emergencies_reviewed: int
    grounds: Mapping[str, int]
    officers: Mapping[str, int]
    disclosures: int
    looks: int
    backwards: int


def figures(lines: Sequence[Line], span: Span, limits: Mapping[str, int], now: datetime) -> Figures:
    """Count a month.

    Args:
        lines: entries in the order of the log, from the month's first on; later ones count only as outcomes.
        span: the month.
        limits: of the organisation (`register.reviewing.THRESHOLDS`).
        now: an outcome that is due later is not missing yet.
    """
    here = [one for one in lines if one.moment in span]
    asked = [one for one in here if one.is_question]
    fresh = [one for one in asked if not one.fields.get("herhaald")]
    own = Counter(one.event for one in here if one.audience == ASKER)
    days = timedelta(days=limits["uitkomst_dagen"])
    due = Span(span.name, span.start + days, span.end + days)
    return Figures(
        entries=len(here),
        questions=len(fresh),
        repeated=len(asked) - len(fresh),
        answered_by=_by(other for one in fresh for other in one.fields.get("antwoord_van") or ()),
        submissions=own["signaal_ingediend"],
        hits=sum(one.fields.get("uitkomst") in HITS for one in fresh),
        phase_2_asked=own["fase_2_gevraagd"],
        releases=own["fase_2_vrijgegeven"],
        contacts=own["contact_vrijgegeven"],
        refusals=_by(str(one.fields.get("code")) for one in here if one.event == "geweigerd"),
        out_of_hours=sum(out_of_hours(one.moment, limits) for one in fresh),
        without_outcome=sum(1 for _missing in without_outcome(lines, due, limits, now)),
        outcome_to_come=sum(
            one.fields.get("rol") == CONTROL_ROLE and one.moment + days > now for one in fresh
        ),
        emergencies=sum(one.event == "noodopening" for one in here),
        emergencies_reviewed=own["noodopening_nagekeken"],
        grounds=_by(str(one.fields.get("grondslag") or "-") for one in fresh),
        officers=_by(one.officer for one in fresh),
        disclosures=sum(discloses(one) for one in here),
        looks=own["logboek_geraadpleegd"],
        backwards=_backwards(lines),
    )


def discloses(line: Line) -> bool:
    """Whether others were shown something of an own signal: a step in a common treffer that names neither field nor signal of ours shows nothing, and a contact that was released to us is theirs."""
    shown = line.audience == OWNER and line.event != "contact_vrijgegeven"
    return shown and [] not in (line.fields.get("velden"), line.fields.get("signalen"))


def _by(names: Iterable[str]) -> dict[str, int]:
    """How often each came, most first."""
    return dict(sorted(Counter(names).items(), key=lambda one: (-one[1], one[0])))


def _backwards(lines: Iterable[Line]) -> int:
    latest, found = None, 0
    for one in lines:
        if latest is not None and one.moment < latest - _BACKWARDS:
            found += 1
        latest = one.moment if latest is None else max(latest, one.moment)
    return found


@dataclass(frozen=True)
class Duties:
    """How an organisation and its FG did what is theirs to do; about no person.

    Attributes:
        expired_there: signals and treffers more than a day past their term and not destroyed; must be 0.
        reviewed: items of the inbox of this month with a verdict.
        open: without one, and not late.
        late: without one, past the day.
        emergencies_late: noodopeningen that were not reviewed by their day.
        verdicts: verdict -> items of this month that have it, whenever it was given.
    """

    expired_there: int
    reviewed: int
    open: int
    late: int
    emergencies_late: int
    verdicts: Mapping[str, int]


def coarse(number: int) -> str:
    """A number as an aggregate is shown (C11): "<10", or rounded to fives."""
    return FEW if number < SMALLEST else str(_STEP * ((2 * number + _STEP) // (2 * _STEP)))


def public_figures(counted: Figures, verdicts: Mapping[str, int]) -> dict[str, str | dict[str, str]]:
    """The figures of a month that leave the organisation, every one of them treated by C11; of officers only how many there were."""
    return {
        "vragen": coarse(counted.questions),
        "treffers": coarse(counted.hits),
        "ingediendeSignalen": coarse(counted.submissions),
        "aanvragenFase2": coarse(counted.phase_2_asked),
        "vrijgaven": coarse(counted.releases),
        "contactVrijgaven": coarse(counted.contacts),
        "weigeringen": coarse(sum(counted.refusals.values())),
        "weigeringenPerCode": _coarse(counted.refusals),
        "buitenWerktijd": coarse(counted.out_of_hours),
        "zonderUitkomst": coarse(counted.without_outcome),
        "noodopeningen": coarse(counted.emergencies),
        "medewerkersDieVroegen": coarse(len(counted.officers)),
        "vragenPerGrondslag": _coarse(counted.grounds),
        "verstrekkingenAanAnderen": coarse(counted.disclosures),
        "oordelen": {name: coarse(verdicts.get(name, 0)) for name in VERDICTS},
    }


def public_duties(found: Duties) -> dict[str, int | str]:
    """What of the duties leaves the organisation: failures exact, the rest treated by C11."""
    return {
        "verlopenNietVernietigd": found.expired_there,
        "beoordeeld": coarse(found.reviewed),
        "nogTeBeoordelen": coarse(found.open),
        "teLaat": found.late,
        "noodopeningenTeLaat": found.emergencies_late,
    }


def _coarse(counted: Mapping[str, int]) -> dict[str, str]:
    """By name and not by number: the order would tell which of two small ones is larger. Small ones are in one line together, which is always there."""
    large = {name: coarse(counted[name]) for name in sorted(counted) if counted[name] >= SMALLEST}
    return {**large, OTHERS: coarse(sum(number for number in counted.values() if number < SMALLEST))}
