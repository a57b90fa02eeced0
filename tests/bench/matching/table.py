# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Figures as Markdown and as JSON: one table per file, and one of means over the files of a group."""

import math
import os
import platform
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pseudonymisation.pseudonym import SPEC_VERSION
from tests.bench.matching.datasets import DataSet
from tests.bench.matching.measures import (
    REPLICATES,
    Measures,
    Replicates,
    difference,
    f1_replicates,
    hit_replicates,
    interval,
    measure,
    replicates,
)
from tests.bench.matching.methods import DEVELOPMENT_SEEDS, METHODS, TUNING, Chosen, chosen
from tests.bench.matching.reading import Observations
from tests.bench.matching.running import Failed, run, truth_of, versions


@dataclass(frozen=True)
class Figures:
    """One method on one file, with its bootstrap replicates; the pairs are gone, there may be millions."""

    seconds: float
    tokens: float | None
    measures: Measures
    chosen: Chosen
    best: Sequence[float]
    shipped: Sequence[float] | None
    hits: Sequence[float] | None


@dataclass(frozen=True)
class Result:
    """All methods on one file."""

    name: str
    rows: int
    people: int
    true_pairs: int
    seen_before: int | None
    notes: Sequence[str]
    of: Mapping[str, Figures | Failed]
    seed: int


def measured(one: DataSet, methods: Sequence[str], *, limit: float, seed: int) -> Result:
    """Run and measure every method on one file."""
    rows = one.rows()
    truth = truth_of(rows)
    drawn = replicates(truth, seed)
    return Result(
        name=one.name,
        rows=len(rows),
        people=len(set(rows.person)),
        true_pairs=sum(truth.pairs_of().values()),
        seen_before=len(truth.seen_before()) if truth.asking() else None,
        notes=rows.notes,
        of={name: _figures(name, rows, drawn, limit) for name in methods},
        seed=seed,
    )


def _figures(name: str, rows: Observations, drawn: Replicates, limit: float) -> Figures | Failed:
    won = chosen(name)
    found = run(name, won.configuration, rows, limit=limit)
    if isinstance(found, Failed):
        return found
    threshold = won.threshold if found.threshold is None else found.threshold
    figures = measure(found.pairs, truth_of(rows), threshold, found.asked, found.shown)
    return Figures(
        seconds=found.seconds,
        tokens=found.tokens,
        measures=figures,
        chosen=Chosen(won.configuration, threshold),
        best=f1_replicates(figures.best_counts, drawn),
        shipped=None if figures.shipped_counts is None else f1_replicates(figures.shipped_counts, drawn),
        hits=None if figures.hits is None else hit_replicates(figures.hits, drawn),
    )


# ---- Markdown ---------------------------------------------------------------------------------------------------------

_HEAD = (
    "| method | best F1 | shipped F1 | precision | recall | recall at 99 % | hit rate | tokens | seconds |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def heading(command: str, methods: Sequence[str]) -> str:
    """What it was measured with."""
    found = {name: version for one in methods for name, version in versions(METHODS[one]).items()}
    packages = ", ".join(f"{name} {version}" for name, version in sorted(found.items())) or "none"
    return (
        f"    {command}\n\n"
        f"{_machine()}. Specification version {SPEC_VERSION}; peers run on {packages}. "
        f"{_tuned()} "
        f"Between brackets: 95 % of {REPLICATES} bootstrap replicates over persons."
    )


def _tuned() -> str:
    if not TUNING.exists():
        return "Nothing is tuned: peers have no shipped threshold."
    return f"Tuned on seeds {', '.join(map(str, DEVELOPMENT_SEEDS))} (`tests/bench/matching/{TUNING.name}`)."


def _machine() -> str:
    return f"Python {platform.python_version()}, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}"


def of_one(result: Result) -> str:
    """The table of one file."""
    seen = "" if result.seen_before is None else f", {result.seen_before:,} rows seen before elsewhere"
    about = f"{result.rows:,} rows of {result.people:,} people, {result.true_pairs:,} true pairs{seen}"
    lines = [f"**{result.name}**: {about}. Bootstrap seed {result.seed}.", ""]
    lines += [f"- {note}" for note in result.notes] + [""] * bool(result.notes)
    lines += [_HEAD, *(_line(name, figures) for name, figures in result.of.items())]
    lines += [
        f"\n{METHODS[name].title}, as the register shows it (behind condition C3): precision {shown.precision:.3f}, recall {shown.recall:.3f}, F1 {shown.f1:.3f}."
        for name, figures in result.of.items()
        if not isinstance(figures, Failed) and (shown := figures.measures.shown) is not None
    ]
    compared = list(_differences(result))
    if compared:
        lines += ["", "| ours minus | best F1 | shipped F1 | hit rate |", "|---|---|---|---|", *compared]
    return "\n".join(lines)


def _line(name: str, figures: Figures | Failed) -> str:
    title = METHODS[name].title
    if isinstance(figures, Failed):
        return f"| {title} | {figures.reason} | | | | | | | |"
    found, shipped = figures.measures, figures.measures.shipped
    cells = [
        title,
        _sure(found.best.f1, figures.best),
        "-" if shipped is None else _sure(shipped.f1, figures.shipped),
        "-" if shipped is None else f"{shipped.precision:.3f}",
        "-" if shipped is None else f"{shipped.recall:.3f}",
        f"{found.recall_at_99:.3f}",
        "-" if found.hit_rate is None else _sure(found.hit_rate, figures.hits),
        "-" if figures.tokens is None else f"{figures.tokens:.1f}",
        f"{figures.seconds:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def _sure(value: float, values: Sequence[float] | None) -> str:
    if not values:
        return f"{value:.3f}"
    low, high = interval(values)
    return f"{value:.3f} ({low:.3f}-{high:.3f})"


def _differences(result: Result) -> Iterator[str]:
    ours = result.of.get("ours")
    if not isinstance(ours, Figures):
        return
    for name, theirs in result.of.items():
        if name != "ours" and isinstance(theirs, Figures):
            cells = [_difference(value, ours, theirs) for value in (_best, _shipped, _hits)]
            yield f"| {METHODS[name].title} | {' | '.join(cells)} |"


Valued = Callable[[Figures], tuple[float, Sequence[float]] | None]


def _best(figures: Figures) -> tuple[float, Sequence[float]] | None:
    return figures.measures.best.f1, figures.best


def _shipped(figures: Figures) -> tuple[float, Sequence[float]] | None:
    shipped = figures.measures.shipped
    return None if shipped is None or figures.shipped is None else (shipped.f1, figures.shipped)


def _hits(figures: Figures) -> tuple[float, Sequence[float]] | None:
    rate = figures.measures.hit_rate
    return None if rate is None or figures.hits is None else (rate, figures.hits)


def _difference(value: Valued, ours: Figures, theirs: Figures) -> str:
    mine, other = value(ours), value(theirs)
    if mine is None or other is None:
        return "-"
    low, high = difference(mine[1], other[1])
    return f"{mine[0] - other[0]:+.3f} ({low:+.3f} to {high:+.3f})"


def of_group(group: str, results: Sequence[Result]) -> str:
    """Means over the files of a group, with the lowest and the highest."""
    lines = [f"**{group}**, mean of {len(results)} files (lowest-highest)", "", _HEAD]
    for name in results[0].of:
        found = [one for result in results if isinstance(one := result.of[name], Figures)]
        if len(found) < len(results):
            lines.append(
                f"| {METHODS[name].title} | only {len(found)} of {len(results)} runs ended | | | | | | | |"
            )
        else:
            lines.append(f"| {METHODS[name].title} | {' | '.join(_means(found))} |")
    return "\n".join(lines)


def _means(found: Sequence[Figures]) -> Iterator[str]:
    def told(values: Sequence[float | None], form: str = ".3f") -> str:
        there = [value for value in values if value is not None]
        if len(there) < len(values):
            return "-"
        low, high = (format(one, form) for one in (min(there), max(there)))
        return f"{format(statistics.mean(there), form)} ({low}-{high})"

    shipped = [one.measures.shipped for one in found]
    yield told([one.measures.best.f1 for one in found])
    yield told([None if one is None else one.f1 for one in shipped])
    yield told([None if one is None else one.precision for one in shipped])
    yield told([None if one is None else one.recall for one in shipped])
    yield told([one.measures.recall_at_99 for one in found])
    yield told([one.measures.hit_rate for one in found])
    yield told([one.tokens for one in found], ".1f")
    yield told([one.seconds for one in found], ".1f")


# ---- JSON -------------------------------------------------------------------------------------------------------------


def document(command: str, groups: Mapping[str, Sequence[Result]]) -> dict[str, Any]:
    """Everything that was measured."""
    names = dict.fromkeys(name for results in groups.values() for result in results for name in result.of)
    return {
        "command": command,
        "machine": _machine(),
        "specVersion": SPEC_VERSION,
        "versions": {name: versions(METHODS[name]) for name in names},
        "sets": [_set(group, result) for group, results in groups.items() for result in results],
    }


def _set(group: str, result: Result) -> dict[str, Any]:
    return {
        "name": result.name,
        "group": group,
        "rows": result.rows,
        "people": result.people,
        "true_pairs": result.true_pairs,
        "seen_before": result.seen_before,
        "notes": list(result.notes),
        "bootstrap_seed": result.seed,
        "methods": {name: _method(figures, result.of.get("ours")) for name, figures in result.of.items()},
    }


def _method(figures: Figures | Failed, ours: Figures | Failed | None) -> dict[str, Any]:
    if isinstance(figures, Failed):
        return {"failed": figures.reason}
    found, shipped = figures.measures, figures.measures.shipped
    said: dict[str, Any] = {
        "configuration": figures.chosen.configuration,
        "pairs": found.pairs,
        "best_f1": found.best.f1,
        "best_f1_interval": interval(figures.best),
        "best_threshold": _finite(found.best.threshold),
        "best_precision": found.best.precision,
        "best_recall": found.best.recall,
        "shipped_f1": None if shipped is None else shipped.f1,
        "shipped_f1_interval": None if figures.shipped is None else interval(figures.shipped),
        "shipped_threshold": None if shipped is None else shipped.threshold,
        "precision": None if shipped is None else shipped.precision,
        "recall": None if shipped is None else shipped.recall,
        "shown_precision": None if found.shown is None else found.shown.precision,
        "shown_recall": None if found.shown is None else found.shown.recall,
        "shown_f1": None if found.shown is None else found.shown.f1,
        "recall_at_99": found.recall_at_99,
        "hit_rate": found.hit_rate,
        "hit_rate_interval": None if figures.hits is None else interval(figures.hits),
        "hit_threshold": found.hit_threshold,
        "tokens_per_record": figures.tokens,
        "seconds": figures.seconds,
    }
    if isinstance(ours, Figures) and ours is not figures:
        said["ours_minus"] = {
            name: None
            if mine is None or other is None
            else [mine[0] - other[0], *difference(mine[1], other[1])]
            for name, value in (("best_f1", _best), ("shipped_f1", _shipped), ("hit_rate", _hits))
            for mine, other in [(value(ours), value(figures))]
        }
    return said


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
