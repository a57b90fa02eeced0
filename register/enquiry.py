# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""From candidates to an answer: what of them exists for this asker, and in which shape.

The order is the guarantee:

1. For each candidate the decision point decides each field (policies); a candidate whose `hit` is denied does not exist from here on.
2. Only over what is left is anything counted, dated or named. Frequencies, bands and buckets therefore never betray what was denied.
3. A field enters the answer only if its decision allows it for every candidate that contributes to it.
4. Nothing left is "niet bekend of niet zichtbaar voor u", in the same words whatever the cause.

Left to others: finding candidates (matching), words about grounds (policies.explain), storing and logging (central).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from policies.decision import Decision
from pseudonymisation.pseudonym import Agreement
from register.matching import Candidate, kinds

FIELDS_OF_AN_ANSWER = (
    "hit",
    "count_other_muni",
    "muni_name",
    "period_bucket",
    "minor_flag",
    "attr_types_matched",
)
"""Fields of the policy matrix that a question can open."""


@dataclass(frozen=True)
class Examined:
    """A candidate with the decision on each field and what the answer may be made of.

    Attributes:
        candidate: what agrees.
        organisation: who submitted the signal.
        week: ISO week of the observation, `YYYY-Wnn`.
        minor: whether the subject is a minor.
        decisions: field of the matrix -> decision.
    """

    candidate: Candidate
    organisation: str
    week: str
    minor: bool
    decisions: Mapping[str, Decision]

    def opens(self, field: str) -> bool:
        """Whether policy opens this field of this candidate to this asker."""
        decision = self.decisions.get(field)
        return decision is not None and decision.allowed


@dataclass(frozen=True)
class Finding:
    """What may be said. None means: not opened.

    Attributes:
        outcome: `bekend_elders`, `mogelijk`, `minderjarigenroute` or `niet_bekend`.
        shown: the candidates of which something is told.
        kept: the candidates that a treffer is about: those told, and those that the route for minors keeps silent about at the door.
        count: distinct other organisations, as number or bucket.
        organisations: their codes.
        last_seen: the newest period, as coarse as the role must have it.
        kinds: kinds of attributes that agree, in Dutch.
    """

    outcome: str
    shown: tuple[Examined, ...]
    kept: tuple[Examined, ...] = ()
    count: str | None = None
    organisations: tuple[str, ...] | None = None
    last_seen: str | None = None
    kinds: tuple[str, ...] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the matrix that this finding discloses, for the log."""
        said = {
            "hit": self.outcome != "niet_bekend",
            "count_other_muni": self.count is not None,
            "muni_name": self.organisations is not None,
            "period_bucket": self.last_seen is not None,
            "minor_flag": self.outcome == "minderjarigenroute",
            "attr_types_matched": self.kinds is not None,
        }
        return tuple(field for field in FIELDS_OF_AN_ANSWER if said[field])


def finding(examined: Iterable[Examined], *, coarse: bool) -> Finding:
    """Make the one finding out of all candidates.

    A minor's candidate that opens nothing but `minor_flag` gives the route for minors and adds to no count and no period (condition C6).

    Args:
        examined: candidates with their decisions, from other organisations than the asker's.
        coarse: half-years and count buckets (C17) instead of months and numbers.
    """
    everyone = tuple(examined)
    shown = tuple(one for one in everyone if one.opens("hit"))
    route = tuple(one for one in everyone if one.minor and one.opens("minor_flag") and not one.opens("hit"))
    if route:
        return Finding("minderjarigenroute", route, (*route, *shown))
    if not shown:
        return Finding("niet_bekend", ())
    certain = any(one.candidate.band is Agreement.KNOWN for one in shown)
    return Finding(
        "bekend_elders" if certain else "mogelijk",
        shown,
        shown,
        count=_count(_opening(shown, "count_other_muni"), coarse=coarse),
        organisations=_names(_opening(shown, "muni_name")),
        last_seen=_last_seen(_opening(shown, "period_bucket"), coarse=coarse),
        kinds=_kinds(_opening(shown, "attr_types_matched")),
    )


def _opening(shown: Sequence[Examined], field: str) -> list[Examined]:
    return [one for one in shown if one.opens(field)]


def _count(shown: Sequence[Examined], *, coarse: bool) -> str | None:
    number = len({one.organisation for one in shown})
    if number == 0:
        return None
    return bucket(number) if coarse else str(number)


def _names(shown: Sequence[Examined]) -> tuple[str, ...] | None:
    return tuple(sorted({one.organisation for one in shown})) or None


def _last_seen(shown: Sequence[Examined], *, coarse: bool) -> str | None:
    # Only the newest: three half-years would tell "2-3" apart.
    newest = max((one.week for one in shown), default=None)
    return None if newest is None else (half_year(newest) if coarse else month(newest))


def _kinds(shown: Sequence[Examined]) -> tuple[str, ...] | None:
    return tuple(kinds(one.candidate for one in shown)) or None


def bucket(number: int) -> str:
    """1, 2-3 or 4+ (C17)."""
    return "1" if number == 1 else "2-3" if number <= 3 else "4+"


def half_year(week: str) -> str:
    """`2026-H1` for an ISO week; a week belongs to the half-year of its Thursday."""
    thursday = _thursday(week)
    return f"{thursday.year}-H{1 if thursday.month <= 6 else 2}"


def month(week: str) -> str:
    """`2026-03` for an ISO week; a week belongs to the month of its Thursday."""
    return _thursday(week).isoformat()[:7]


def _thursday(week: str) -> date:
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 4)
