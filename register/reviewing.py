# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What an FG looks at, and why: flags on questions, a sample that nobody can steer, and the codes of a verdict.

1. **A flag is a reason to look, never a score.** It sits on one question (a leaf of the log), says in a sentence why it is there, and what can be done. Flags are not added up, and no
   list of people is made of them.
2. **Limits are data**, with a default and bounds for each organisation. A bound that the law or the design set cannot be loosened: an outcome is due in five days at most, and under 25
   questions a month all are looked at, or more.
3. **Far above colleagues** compares one officer with the others of the same role in the same week: median plus so many times the spread (1.4826 x the median absolute deviation, and at least the
   root of the median, since a count varies that much by itself). With fewer than five others nobody is compared: in a small team somebody always asks most.
4. **The sample** is weighted drawing without replacement: each question has tickets, a ticket is SHA-256(seed ‖ leaf ‖ ticket), the lowest tickets win. An unplanned control has more tickets. Seed:
   organisation, period, and the first checkpoint that covers the period, so that anybody with that checkpoint repeats the draw, and what is chosen is not known before it is signed.

`kenmerken` are digests under a key of one quarter: the same subject is recognised within a calendar quarter and not across its end. Hours, weeks and months are those of the Netherlands.

Pure. Left to others: reading the log, keeping items and verdicts (`central.reviewing`), counting a month (`register.overseeing`).
"""

import hashlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

from process.language import gettext as _
from pseudonymisation.pseudonym import length_prefixed
from register.events import ASKER
from register.workdays import is_workday, next_workday

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
CONTROL_ROLE: Final = "toezichthouder"
"""Who asks during a control, of which an outcome is due."""

_DRAW: Final = b"signaalregister/steekproef/v1"
_PEERS: Final = 5
_MAD: Final = 1.4826
"""Makes the median absolute deviation of a normal sample its standard deviation."""
_LONGEST_QUARTER: Final = 92


@dataclass(frozen=True)
class Threshold:
    """A limit that an organisation may set.

    Attributes:
        default: while nobody set it.
        low: no lower than this.
        high: no higher than this.
        words: what it limits, as an FG reads it.
    """

    default: int
    low: int
    high: int
    words: str


THRESHOLDS: Final[Mapping[str, Threshold]] = {
    "werkdag_van": Threshold(7, 5, 9, _("Werktijd begint om (uur)")),
    "werkdag_tot": Threshold(19, 16, 23, _("Werktijd eindigt om (uur)")),
    "zelfde_onderwerp_dagen": Threshold(
        92, 14, 92, _("Zelfde onderwerp: kijk zo veel dagen terug, binnen het kwartaal")
    ),
    "uitkomst_dagen": Threshold(5, 1, 5, _("Uitkomst van een controle binnen (dagen)")),
    "reeks_vragen": Threshold(10, 5, 40, _("Vragen kort na elkaar: vanaf zo veel vragen")),
    "reeks_minuten": Threshold(60, 10, 240, _("Vragen kort na elkaar: binnen zo veel minuten")),
    "collegas_minimum": Threshold(
        20, 10, 100, _("Meer dan collega's: nooit tot en met zo veel vragen in een week")
    ),
    "collegas_maal": Threshold(3, 2, 6, _("Meer dan collega's: zo veel keer de gewone spreiding")),
    "steekproef": Threshold(5, 3, 50, _("Steekproef per week (vragen)")),
    "loten_ongepland": Threshold(3, 2, 10, _("Loten voor een vraag bij een ongeplande controle")),
    "alles_onder": Threshold(25, 25, 200, _("Bekijk alles in een maand met minder vragen dan")),
    "beoordeel_werkdagen": Threshold(10, 5, 15, _("Klaar binnen (werkdagen na de week)")),
}
"""Name -> limit, with bounds."""

REASONS: Final[Mapping[str, Mapping[str, str]]] = {
    "ok": {
        "past_bij_taak": _("De vraag past bij een controle of zaak"),
        "uitleg_gekregen": _("Er is uitleg gegeven die klopt"),
    },
    "vraag": {
        "uitleg_gevraagd": _("Ik vraag de medewerker om uitleg"),
        "dossier_gevraagd": _("Ik vraag het dossier van de controle op"),
    },
    "onrechtmatig": {
        "geen_taak": _("Er was geen taak voor deze vraag"),
        "geen_controle": _("Er was geen controle of zaak"),
        "prive": _("De vraag was voor privégebruik"),
        "te_veel": _("Er is meer gevraagd dan nodig was"),
    },
}
"""Verdict (`register.dangers.VERDICTS`) -> why: code -> words. Only `vraag` may be followed by another verdict. No free text: a reason in words describes a person."""


@dataclass(frozen=True)
class Line:
    """One entry of the own organisation, opened."""

    leaf: int
    event: str
    audience: str
    moment: datetime
    fields: Mapping[str, Any]

    @property
    def officer(self) -> str:
        """Pseudonymous number; empty where nobody acted."""
        return str(self.fields.get("medewerker") or "")

    @property
    def number(self) -> str:
        """The control or case number."""
        return str(self.fields.get("zaaknummer") or "")

    @property
    def is_question(self) -> bool:
        """A question of the own organisation."""
        return self.event == "bevraging" and self.audience == ASKER


@dataclass(frozen=True)
class Span:
    """From a moment up to and without another (UTC), with its name: `2026-11` or `2026-W47`."""

    name: str
    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def month(name: str) -> Span:
    """A calendar month in the Netherlands, such as `2026-11`.

    Raises:
        ValueError: there is no such month.
    """
    year, _dash, number = name.partition("-")
    first = date(int(year), int(number), 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return _span(f"{first:%Y-%m}", first, following)


def week(name: str) -> Span:
    """A week of ISO 8601, Monday to Sunday in the Netherlands, such as `2026-W47`.

    Raises:
        ValueError: there is no such week.
    """
    year, _dash, number = name.partition("-W")
    first = date.fromisocalendar(int(year), int(number), 1)
    return _span(name, first, first + timedelta(days=7))


def month_of(moment: datetime) -> Span:
    """The month of a moment."""
    return month(f"{moment.astimezone(AMSTERDAM):%Y-%m}")


def week_of(moment: datetime) -> Span:
    """The week of a moment."""
    year, number, _day = moment.astimezone(AMSTERDAM).isocalendar()
    return week(f"{year}-W{number:02d}")


def before(span: Span) -> Span:
    """The week or month before this one."""
    earlier = span.start - timedelta(days=1)
    return week_of(earlier) if "W" in span.name else month_of(earlier)


def due_on(span: Span, limits: Mapping[str, int]) -> date:
    """The last day on which what belongs to a week or month is looked at in time: so many working days after it."""
    day = span.end.astimezone(AMSTERDAM).date() - timedelta(days=1)
    for _workday in range(limits["beoordeel_werkdagen"]):
        day = next_workday(day)
    return day


def _span(name: str, first: date, following: date) -> Span:
    start, end = (
        datetime(one.year, one.month, one.day, tzinfo=AMSTERDAM).astimezone(UTC) for one in (first, following)
    )
    return Span(name, start, end)


def limits_of(chosen: Mapping[str, int]) -> dict[str, int]:
    """Every limit: as chosen where it is within its bounds, else the default."""
    return {
        name: chosen[name] if name in chosen and one.low <= chosen[name] <= one.high else one.default
        for name, one in THRESHOLDS.items()
    }


def out_of_hours(moment: datetime, limits: Mapping[str, int]) -> bool:
    """True on a day that is no working day, and before or after the hours of an organisation."""
    local = moment.astimezone(AMSTERDAM)
    return not is_workday(local.date()) or not limits["werkdag_van"] <= local.hour < limits["werkdag_tot"]


@dataclass(frozen=True)
class Flag:
    """One reason to look at a question, with the numbers that its sentence names."""

    code: str
    numbers: Mapping[str, int] = field(default_factory=dict)


FROM_NODE: Final = ("eigen_straat", "eigen_familienaam", "veel-gevraagd")
"""Codes that came with the question; `ongeplande_controle` gives tickets and is no flag by itself."""

UNPLANNED: Final = "ongeplande_controle"

SAMPLED: Final = "steekproef"
EVERYTHING: Final = "alles"
"""In the place of a flag: why an item without one is looked at."""


def explained(flag: Flag) -> tuple[str, str]:
    """Why a question is among what is looked at, and what an FG can do: two sentences in plain Dutch."""
    ask = _("Vraag de medewerker waar deze vraag voor was.")
    why, what = {
        "geen_controlenummer": (
            _("Deze vraag had geen nummer van een controle of zaak."),
            _(
                "Zonder nummer hoort er geen antwoord te komen. Vraag de medewerker en de beheerder hoe dit kon."
            ),
        ),
        "zelfde_onderwerp": (
            _(
                "Dezelfde medewerker vroeg eerder voor een deel hetzelfde, bij een andere controle (blad {blad}, {dagen} dagen eerder)."
            ),
            _(
                "Iemand kan twee keer gezien zijn. Leg de twee controles naast elkaar en vraag ernaar als u het niet ziet."
            ),
        ),
        "zonder_uitkomst": (
            _("Bij deze controle is na {dagen} dagen nog geen uitkomst vastgelegd."),
            _("Vraag of de controle er was en wat eruit kwam. De uitkomst hoort alsnog in de node."),
        ),
        "reeks": (
            _("Dit is vraag {keren} van deze medewerker binnen {minuten} minuten."),
            _("Bij een grote controle kan dat kloppen. Vraag welke controle dit was."),
        ),
        "veel_meer_dan_collegas": (
            _(
                "Deze medewerker stelde in deze week meer dan {grens} vragen; dat is veel meer dan collega's met dezelfde rol."
            ),
            _(
                "Kijk eerst of de taken verschillen. Dit zegt iets over het werk van die week, niets over de persoon."
            ),
        ),
        "buiten_werktijd": (
            _("Deze vraag is gesteld buiten de werktijd ({van} tot {tot} uur op een werkdag)."),
            _(
                "Avondcontroles bestaan. Kijk of er toen een controle was; past de werktijd niet, verander dan de grens."
            ),
        ),
        "eigen_straat": (
            _("Volgens de node ging deze vraag over een adres in de straat van de medewerker zelf."),
            _("Vraag of de medewerker iemand kende en waarom een collega dit niet kon doen."),
        ),
        "eigen_familienaam": (
            _("Volgens de node ging deze vraag over iemand met dezelfde achternaam als de medewerker."),
            _("Veel mensen delen een naam. Vraag of het om familie ging."),
        ),
        "veel-gevraagd": (_("Er is op deze dag op veel gegevens gevraagd."), ask),
        SAMPLED: (
            _("Deze vraag is geloot in de steekproef. Er is verder niets aan de hand."),
            _("Kijk of de vraag past bij een controle of zaak."),
        ),
        EVERYTHING: (
            _("In deze maand zijn weinig vragen gesteld. Dan bekijkt u ze allemaal."),
            _("Kijk of de vraag past bij een controle of zaak."),
        ),
    }.get(flag.code, (_("Deze vraag kreeg een vlag die deze versie niet kent."), ask))
    if flag.code == "zelfde_onderwerp" and flag.numbers["dagen"] < 1:
        why = _(
            "Dezelfde medewerker vroeg dezelfde dag voor een deel hetzelfde, bij een andere controle (blad {blad})."
        )
    return why.format(**flag.numbers), what


def flags(
    lines: Sequence[Line], span: Span, limits: Mapping[str, int], now: datetime
) -> dict[int, tuple[Flag, ...]]:
    """The flags of a period: leaf -> its flags, in the order of `explained`.

    Args:
        lines: entries of the organisation in the order of the log, from `look_back` before the period on.
        span: the period. A question without an outcome is flagged in the period in which the outcome was due.
        limits: of the organisation.
        now: an outcome that is due later is not missing yet.
    """
    questions = [one for one in lines if one.is_question and not one.fields.get("herhaald")]
    found: dict[int, list[Flag]] = defaultdict(list)
    for flagged in (
        _without_number(lines, span),
        _same_subject(questions, span, limits),
        without_outcome(lines, span, limits, now),
        _bursts(questions, span, limits),
        _above_peers(questions, span, limits),
        _at_night(questions, span, limits),
        _of_the_node(questions, span),
    ):
        for leaf, flag in flagged:
            found[leaf].append(flag)
    return {leaf: tuple(found[leaf]) for leaf in sorted(found)}


def look_back(limits: Mapping[str, int]) -> timedelta:
    """How long before a period the entries must begin."""
    return timedelta(days=max(limits["zelfde_onderwerp_dagen"], 32) + 1)


def without_outcome(
    lines: Sequence[Line], span: Span, limits: Mapping[str, int], now: datetime
) -> Iterator[tuple[int, Flag]]:
    """Questions of a control whose outcome was due in a period (and by now), and not recorded by then."""
    days = timedelta(days=limits["uitkomst_dagen"])
    done: dict[str, datetime] = {}
    for one in lines:
        if one.event == "controle_afgerond" and one.audience == ASKER and one.number:
            done.setdefault(one.number, one.moment)
    for one in lines:
        due = one.moment + days
        if not _of_a_control(one) or due not in span or due > now:
            continue
        ended = done.get(one.number)
        if one.number and (ended is None or ended > due):
            yield one.leaf, Flag("zonder_uitkomst", {"dagen": limits["uitkomst_dagen"]})


def _of_a_control(one: Line) -> bool:
    """A question of which an outcome is due; what was sent again is no other question."""
    return one.is_question and one.fields.get("rol") == CONTROL_ROLE and not one.fields.get("herhaald")


def _without_number(lines: Iterable[Line], span: Span) -> Iterator[tuple[int, Flag]]:
    for one in lines:
        refused = (
            one.event == "geweigerd"
            and one.fields.get("regel") == "C1"
            and str(one.fields.get("bron", "")).endswith("/v1/bevragingen")
        )
        if one.moment in span and (refused or (one.is_question and not one.number)):
            yield one.leaf, Flag("geen_controlenummer")


def _same_subject(
    questions: Sequence[Line], span: Span, limits: Mapping[str, int]
) -> Iterator[tuple[int, Flag]]:
    longest = timedelta(days=min(limits["zelfde_onderwerp_dagen"], _LONGEST_QUARTER))
    # Digest -> who asked on it when, so that a month of ten thousand questions is not compared pair by pair.
    seen: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for one in questions:
        mine = set(one.fields.get("kenmerken") or ())
        if one.moment in span:
            shared = Counter(
                earlier.leaf
                for digest in mine
                for earlier in seen[one.officer, digest]
                if one.moment - earlier.moment <= longest
            )
            by_leaf = {earlier.leaf: earlier for digest in mine for earlier in seen[one.officer, digest]}
            for leaf in sorted(shared):
                earlier = by_leaf[leaf]
                smaller = min(len(mine), len(earlier.fields.get("kenmerken") or ()))
                if earlier.number != one.number and 2 * shared[leaf] >= smaller:
                    days = (one.moment - earlier.moment).days
                    yield one.leaf, Flag("zelfde_onderwerp", {"blad": leaf, "dagen": days})
                    break
        for digest in mine:
            seen[one.officer, digest].append(one)


def _bursts(questions: Sequence[Line], span: Span, limits: Mapping[str, int]) -> Iterator[tuple[int, Flag]]:
    """One flag for a burst: on the question that made it one. A new burst begins after a pause of the same length."""
    long, many = timedelta(minutes=limits["reeks_minuten"]), limits["reeks_vragen"]
    recent: dict[str, list[datetime]] = defaultdict(list)
    flagged: dict[str, datetime] = {}
    for one in questions:
        before_this = recent[one.officer]
        before_this.append(one.moment)
        del before_this[: bisect_left(before_this, one.moment - long)]
        last = flagged.get(one.officer)
        if len(before_this) < many:
            continue
        flagged[one.officer] = one.moment
        if one.moment in span and (last is None or last < one.moment - long):
            yield one.leaf, Flag("reeks", {"keren": len(before_this), "minuten": limits["reeks_minuten"]})


def _above_peers(
    questions: Sequence[Line], span: Span, limits: Mapping[str, int]
) -> Iterator[tuple[int, Flag]]:
    """In each week that ends in the period; with the officers of a role who asked in the four weeks up to its end."""
    weeks = {week_of(one.moment).name for one in questions if one.moment in span}
    for name in sorted(weeks):
        this = week(name)
        if this.end - timedelta(seconds=1) not in span:
            continue
        active: dict[str, set[str]] = defaultdict(set)
        asked: dict[tuple[str, str], list[int]] = defaultdict(list)
        for one in questions:
            role = str(one.fields.get("rol"))
            if this.end - timedelta(days=28) <= one.moment < this.end:
                active[role].add(one.officer)
            if one.moment in this:
                asked[role, one.officer].append(one.leaf)
        for (role, officer), leaves in sorted(asked.items()):
            others = [len(asked.get((role, other), ())) for other in active[role] - {officer}]
            limit = peer_limit(others, limits)
            if limit is not None and len(leaves) > limit:
                yield leaves[limit], Flag("veel_meer_dan_collegas", {"grens": limit})


def peer_limit(others: Sequence[int], limits: Mapping[str, int]) -> int | None:
    """How many questions in a week are still ordinary beside those of the others; None if they are too few to say."""
    if len(others) < _PEERS:
        return None
    middle = median(others)
    spread = max(_MAD * median(abs(one - middle) for one in others), sqrt(middle), 1.0)
    return max(limits["collegas_minimum"], int(middle + limits["collegas_maal"] * spread))


def _at_night(questions: Iterable[Line], span: Span, limits: Mapping[str, int]) -> Iterator[tuple[int, Flag]]:
    hours = {"van": limits["werkdag_van"], "tot": limits["werkdag_tot"]}
    for one in questions:
        if one.moment in span and out_of_hours(one.moment, limits):
            yield one.leaf, Flag("buiten_werktijd", hours)


def _of_the_node(questions: Iterable[Line], span: Span) -> Iterator[tuple[int, Flag]]:
    for one in questions:
        if one.moment in span:
            said = one.fields.get("vlaggen") or ()
            yield from ((one.leaf, Flag(code)) for code in FROM_NODE if code in said)


def seed(organisation: str, period: str, size: int, root: bytes, throw: str = "") -> bytes:
    """What a draw begins with (32 bytes).

    Args:
        organisation: whose questions.
        period: of which they are, such as `2026-W47`.
        size: of the checkpoint.
        root: of the checkpoint (32 bytes).
        throw: what an FG threw with a die, for a draw that is not the weekly one.
    """
    said = length_prefixed(
        _DRAW, organisation.encode(), period.encode(), str(size).encode(), root, throw.encode()
    )
    return hashlib.sha256(said).digest()


def draw(begin: bytes, tickets: Mapping[int, int], number: int) -> tuple[int, ...]:
    """So many leaves, lowest ticket first; all of them if there are no more.

    Args:
        begin: from `seed`.
        tickets: leaf -> how many tickets it has, at least one.
        number: how many to draw.
    """

    def lowest(leaf: int) -> bytes:
        place = leaf.to_bytes(8, "big")
        return min(
            hashlib.sha256(begin + place + one.to_bytes(2, "big")).digest() for one in range(tickets[leaf])
        )

    return tuple(sorted(tickets, key=lowest)[:number])


def tickets_of(questions: Iterable[Line], limits: Mapping[str, int]) -> dict[int, int]:
    """Leaf -> tickets: one for a question, more for one of an unplanned control."""
    return {
        one.leaf: limits["loten_ongepland"] if UNPLANNED in (one.fields.get("vlaggen") or ()) else 1
        for one in questions
    }


def inbox(
    lines: Sequence[Line], span: Span, limits: Mapping[str, int], begin: bytes, now: datetime
) -> dict[int, tuple[Flag, ...]]:
    """What an FG looks at of a week: leaf -> why. What is flagged, all of a month with few questions, and a sample of the rest.

    A question is looked at without drawing when its month had fewer than `alles_onder` questions by the end of the week; so whoever asks few in a month has them all looked at.
    """
    found = dict(flags(lines, span, limits, now))
    questions = [one for one in lines if one.is_question and one.moment in span]
    so_far = Counter(month_of(one.moment).name for one in lines if one.is_question and one.moment < span.end)
    rest = []
    for one in questions:
        if one.leaf in found:
            continue
        if so_far[month_of(one.moment).name] < limits["alles_onder"]:
            found[one.leaf] = (Flag(EVERYTHING),)
        else:
            rest.append(one)
    for leaf in draw(begin, tickets_of(rest, limits), limits["steekproef"]):
        found[leaf] = (Flag(SAMPLED),)
    return {leaf: found[leaf] for leaf in sorted(found)}
