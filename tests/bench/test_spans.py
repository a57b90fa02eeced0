# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The stopwatch of the benches counts every second once, and notices when what it should time is no longer there."""

import subprocess
import sys
from dataclasses import dataclass

import pytest
import yaml

from register.municipal.mapping import mapping_from
from tests.bench import febrl
from tests.bench.spans import RECORD, RULES, Span, Stopwatch, install


@dataclass
class Hands:
    """A clock that the test turns."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def take(self, seconds: float) -> None:
        self.now += seconds


def test_a_span_leaves_out_what_the_spans_in_it_took() -> None:
    hands = Hands()
    watch = Stopwatch(hands, hands)
    inner = watch.wrap(lambda: hands.take(5), "inner")

    def work() -> None:
        hands.take(1)
        inner()
        inner()
        hands.take(2)

    watch.wrap(work, "outer")()
    totals = watch.totals()
    assert (totals["outer"].times, totals["outer"].cpu, totals["outer"].wall) == (1, 3, 3)
    assert (totals["inner"].times, totals["inner"].cpu) == (2, 10)


def test_a_span_that_absorbs_takes_what_it_calls_for_itself() -> None:
    hands = Hands()
    watch = Stopwatch(hands, hands)
    inner = watch.wrap(lambda: hands.take(5), "inner")
    watch.wrap(inner, "outer", absorbs=True)()
    inner()
    assert {label: one.cpu for label, one in watch.totals().items()} == {"outer": 5, "inner": 5}


def test_a_span_that_raises_is_counted_and_raises() -> None:
    hands = Hands()
    watch = Stopwatch(hands, hands)

    def fail() -> None:
        hands.take(3)
        raise KeyError

    with pytest.raises(KeyError):
        watch.wrap(fail, "failing")()
    assert watch.totals()["failing"].cpu == 3


def test_a_record_is_timed_as_a_whole_and_its_own_share_is_own_python() -> None:
    hands = Hands()
    watch = Stopwatch(hands, hands)
    inner = watch.wrap(lambda: hands.take(5), "inner")

    def work() -> None:
        hands.take(1)
        inner()

    watch.wrap(work, RECORD)()
    assert watch.durations == [6]
    assert watch.totals()[RULES].cpu == 1


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span("json", "no_such_function", "x"), "is not there"),
        (Span("json.decoder", "scanstring", "x"), "was imported before"),
    ],
)
def test_what_cannot_be_timed_is_refused(span: Span, words: str) -> None:
    with pytest.raises(LookupError, match=words):
        install(Stopwatch(), (span,))


def test_everything_that_the_bench_times_is_there() -> None:
    # In a process of its own: what is wrapped stays wrapped.
    code = "from tests.bench.spans import Stopwatch, install; install(Stopwatch())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_mapping_of_febrl_is_one_that_a_node_takes() -> None:
    mapping = mapping_from(yaml.safe_load(febrl.mapping()))
    assert set(mapping.columns.values()) == set(febrl.COLUMNS.values())
