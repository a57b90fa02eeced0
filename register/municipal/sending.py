# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A file goes to a node, in batches, for as long as it takes. For the command line; the node's side is `register.municipal.intake`.

1. The file was read once (`register.municipal.files`), so that nothing leaves of a file that cannot be read to its end.
2. The import is opened with the digest, the number of rows and the mapping. The node says which row is next: 1, or where it stopped before.
3. Rows go in batches that take a few seconds each, so that a slow node is not asked for more than it can answer, and under its body limit. Where a batch ended
   early, its last rows are sent again.
4. No answer: wait, longer each time, open again, go on from the position. A session that ended: sign in again. Told to wait (register or holders away, a
   quota): wait as long as told, then try one row. A quota of the whole day, or a node that stays away: stop, and say from which row it goes on.

The node knows every row by what it says, so whatever is sent twice is stored once. Time and pauses come in as arguments.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from process.language import gettext as _
from process.problem import Refusal
from register.municipal.files import Inspected, Source
from register.municipal.limits import BATCH_BYTES, LARGEST_BATCH
from register.municipal.session import NodeAwayError, NodeSession
from register.municipal.told import number, span

BATCH_TIMEOUT = 180.0
FIRST_BATCH = 10
SLOW, QUICK = 8.0, 3.0
"""Seconds of a batch above which the next is half, and below which it is twice as large."""
FIRST_PAUSE, LONGEST_PAUSE = 2, 60
PATIENCE = 900.0
"""Seconds that a node may stay away."""
LONGEST_QUOTA = 3_600
"""A quota that lasts longer is that of the day."""
MOST_FAILURES = 5
"""Times in a row that the node may say that it is not well before a person must look."""
REFUSED_TOLD = 1_000
_REOPEN = frozenset({"invoer-elders", "invoer-onbekend"})

Row = dict[str, Any]
Refused = dict[str, Any]


class _StoppedError(Exception):
    """The import ends before the file does; the text says why, and what to do."""


@dataclass(frozen=True)
class World:
    """What a long piece of work needs of the world.

    Attributes:
        stopwatch: seconds that only go up.
        sleep: waits for so many seconds.
        say: tells the user a line.
        progress: tells how far it is, in place of what it told before.
    """

    stopwatch: Callable[[], float]
    sleep: Callable[[float], None]
    say: Callable[[str], None]
    progress: Callable[[str], None]


@dataclass
class Sent:
    """What became of a file.

    Attributes:
        rows: in the file.
        counts: bewaard, herhaald, wacht, geweigerd.
        reasons: reason and number of times, the most frequent first.
        refused: the first refused rows, one for each reason.
        resumed_at: the row from which it went on, or None.
        stopped: why it ended before the file did, or None.
        dry_run: nothing was stored.
        seconds: that storing the rows would take, of a dry run.
    """

    rows: int
    counts: dict[str, int]
    reasons: list[tuple[str, int]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    resumed_at: int | None = None
    stopped: str | None = None
    dry_run: bool = False
    seconds: float | None = None

    @property
    def complete(self) -> bool:
        """True if every row was taken."""
        return self.stopped is None and not self.counts["geweigerd"]

    def members(self) -> dict[str, Any]:
        """The report under its names in JSON."""
        kept = {name: self.counts[name] for name in ("bewaard", "herhaald", "wacht")}
        return {
            "proef": self.dry_run,
            "rijen": self.rows,
            "ingediend": sum(kept.values()),
            **kept,
            "geweigerdeRijen": self.counts["geweigerd"],
            "redenen": [{"reden": reason, "aantal": times} for reason, times in self.reasons],
            "geweigerd": self.refused,
            "hervatBijRij": self.resumed_at,
            "gestopt": self.stopped,
            "geschatteSeconden": self.seconds,
        }


@dataclass
class Sending:
    """One file on its way."""

    session: NodeSession
    source: Source
    inspected: Inspected
    world: World
    keep_refused: Callable[[Refused], None]
    """Hears every refused row: rij, kolom, reden."""
    position: int = 1
    _size: int = FIRST_BATCH
    _pauses: int = 0
    _failures: int = 0
    _away_since: float | None = None
    _marks: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=20))

    # ---- the whole file -----------------------------------------------------------------------------------------------

    def run(self) -> Sent:
        """Send every row that is not there yet.

        Raises:
            Refusal: the import may not be opened.
            NodeAwayError: there is no node at the address.
            UnfitFileError: the file changed meanwhile.
        """
        state = self._open()
        self.position = state["volgendeRij"]
        if state["klaar"]:
            return self._known(state)
        resumed_at = self.position if self.position > 1 else None
        if resumed_at:
            self.world.say(_("De import gaat verder bij rij {rij}.").format(rij=number(resumed_at)))
        stopped = None
        try:
            while not (state["klaar"] or self._sent_all(state)):
                state = self._reopened(state["invoerId"])
        except _StoppedError as stop:
            stopped = str(stop)
        return self._report(state, resumed_at, stopped)

    def _known(self, state: dict[str, Any]) -> Sent:
        """All of it was done before; this time nothing was added."""
        before = state["tellingen"]
        known = before["bewaard"] + before["herhaald"] + before["wacht"]
        counts = {"bewaard": 0, "herhaald": known, "wacht": 0, "geweigerd": before["geweigerd"]}
        return Sent(self.inspected.rows, counts)

    def _report(self, state: dict[str, Any], resumed_at: int | None, stopped: str | None) -> Sent:
        sent = Sent(self.inspected.rows, dict(state["tellingen"]), resumed_at=resumed_at, stopped=stopped)
        try:
            latest = self._patiently(lambda: self.session.get(f"/v1/invoer/{state['invoerId']}"))
            sent.counts = dict(latest["tellingen"])
            sent.reasons = [(one["reden"], one["aantal"]) for one in latest["redenen"]]
            for one in self._refused(state["invoerId"]):
                self.keep_refused(one)
                if len(sent.refused) < REFUSED_TOLD:
                    sent.refused.append(one)
        except (_StoppedError, NodeAwayError) as away:
            sent.stopped = sent.stopped or str(away)
        return sent

    def _refused(self, invoer_id: str) -> Iterator[Refused]:
        row, place, more = 0, -1, True
        while more:
            path = f"/v1/invoer/{invoer_id}/geweigerd?naRij={row}&naNummer={place}"
            page = self._patiently(lambda path=path: self.session.get(path))  # type: ignore[misc]  # bound now
            for one in page["rijen"]:
                row, place = one["rij"], one["nummer"]
                yield {"rij": row, "kolom": one["kolom"], "reden": one["reden"]}
            more = page["meer"]

    def foresee(self) -> Sent:
        """What would happen: nothing is stored anywhere.

        Raises:
            Refusal: the import may not be opened.
            NodeAwayError: there is no node at the address.
        """
        sent = Sent(
            self.inspected.rows, {"bewaard": 0, "herhaald": 0, "wacht": 0, "geweigerd": 0}, dry_run=True
        )
        reasons: dict[str, int] = {}
        rows = self.source.rows(0)
        self._size = LARGEST_BATCH
        self._mark()
        seconds = 0.0
        while batch := self._batch(rows, []):
            body = {
                "mapping": self._mapping(),
                "totaal": self.inspected.rows,
                "vorm": self._shape(),
                "rijen": batch,
            }
            answer = self._patiently(lambda body=body: self._post("/v1/invoer/proef", body))  # type: ignore[misc]  # bound now
            for one in answer["uitkomsten"]:
                sent.counts[one["uitkomst"]] += 1
                for why in one["redenen"]:
                    reasons[why["reden"]] = reasons.get(why["reden"], 0) + 1
                    refused = {"rij": one["rij"], **why}
                    self.keep_refused(refused)
                    if len(sent.refused) < REFUSED_TOLD:
                        sent.refused.append(refused)
            seconds = answer["secondenPerRij"]
            self.position = batch[-1]["rij"] + 1
            self._mark()
        sent.reasons = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
        sent.seconds = seconds * sent.counts["bewaard"]
        return sent

    # ---- batches ------------------------------------------------------------------------------------------------------

    def _sent_all(self, state: dict[str, Any]) -> bool:
        """Send batches until the file ends (True), or until the position must be asked again."""
        self.position = state["volgendeRij"]
        self._mark()
        rows = self.source.rows(self.position - 1)
        pending: list[Row] = []
        while pending := self._batch(rows, pending):
            begun = self.world.stopwatch()
            answer = self._delivered(state["invoerId"], pending)
            if answer is None:
                return False
            self._adapt(len(answer["uitkomsten"]), self.world.stopwatch() - begun)
            self.position = answer["volgendeRij"]
            state["tellingen"] = answer["tellingen"]
            pending = [row for row in pending if row["rij"] >= self.position]
            self._mark()
            if answer.get("wachtSeconden"):
                self._pause(answer["wachtSeconden"], answer.get("wachtOp", ""))
            else:
                self._pauses = 0
        return True

    def _batch(self, rows: Iterator[tuple[int, dict[str, str]]], pending: list[Row]) -> list[Row]:
        """Rows for one request: those left over, and as many more as fit."""
        size = sum(map(_bytes, pending))
        for row, cells in islice(rows, max(0, self._size - len(pending))):
            # An empty cell says nothing; the node reads an absent one alike.
            pending.append({"rij": row, "velden": {name: text for name, text in cells.items() if text}})
            size += _bytes(pending[-1])
            if size > BATCH_BYTES:
                break
        return pending

    def _delivered(self, invoer_id: str, rows: list[Row]) -> dict[str, Any] | None:
        """The node's answer to a batch; None when the position must be asked again."""
        try:
            # What was left over from a larger batch, or one row to try the way.
            body = {"rijen": rows[: max(1, self._size)]}
            return self._patiently(lambda: self._post(f"/v1/invoer/{invoer_id}/rijen", body), once=True)
        except NodeAwayError:
            self._wait_for_node()
            return None
        except Refusal as refusal:
            if refusal.code in _REOPEN:
                self._pauses += 1
                if self._pauses > 3:
                    self.world.sleep(FIRST_PAUSE)
                return None
            raise

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.session.post(path, body, seconds=BATCH_TIMEOUT)

    def _adapt(self, rows: int, seconds: float) -> None:
        if seconds > SLOW:
            self._size = max(1, rows // 2)
        elif seconds < QUICK:
            self._size = min(LARGEST_BATCH, max(self._size, 1) * 2)

    # ---- opening ------------------------------------------------------------------------------------------------------

    def _mapping(self) -> dict[str, Any]:
        members = self.source.mapping.members()
        return {name: value for name, value in members.items() if value is not None}

    def _shape(self) -> dict[str, int]:
        return {"alleenKenteken": self.inspected.shape.lone_plates}

    def _open(self) -> dict[str, Any]:
        body = {
            "mapping": self._mapping(),
            "bestand": self.inspected.digest.hex(),
            "rijen": self.inspected.rows,
            "vorm": self._shape(),
        }
        return self.session.post("/v1/invoer", body)

    def _reopened(self, invoer_id: str) -> dict[str, Any]:
        """How far the node says it is. Not by opening again, which would start a finished import anew."""
        try:
            return self._patiently(lambda: self.session.get(f"/v1/invoer/{invoer_id}"))
        except Refusal as refusal:
            if refusal.code != "invoer-onbekend":
                raise
        return self._patiently(self._open)

    # ---- patience -----------------------------------------------------------------------------------------------------

    def _patiently(self, call: Callable[[], dict[str, Any]], *, once: bool = False) -> dict[str, Any]:
        """What a call gives, signing in again and waiting where that helps.

        Args:
            call: may be repeated.
            once: a call without an answer is for the caller.
        """
        while True:
            try:
                answer = call()
            except NodeAwayError:
                if once:
                    raise
                self._wait_for_node()
            except Refusal as refusal:
                self._helped(refusal)
            else:
                self._away_since, self._failures = None, 0
                return answer

    def _helped(self, refusal: Refusal) -> None:
        """Returns if the same call may succeed now.

        Raises:
            Refusal: it may not.
        """
        if refusal.code == "niet-aangemeld":
            self.world.say(_("Uw sessie is voorbij. De import meldt u opnieuw aan en gaat verder."))
            self._patiently(self._signed_in)
        elif refusal.status == 429 or refusal.status >= 500:
            self._failures += refusal.status == 500
            if self._failures > MOST_FAILURES:
                raise _StoppedError(
                    _(
                        "Op de node gaat steeds iets mis bij de rijen vanaf {rij}. Bel de beheerder. Start daarna dezelfde opdracht opnieuw; wat bewaard is, wordt niet dubbel opgeslagen."
                    ).format(rij=number(self.position))
                )
            self._pause(refusal.retry_after or FIRST_PAUSE, refusal.code)
        else:
            raise refusal

    def _signed_in(self) -> dict[str, Any]:
        self.session.sign_in()
        return {}

    def _wait_for_node(self) -> None:
        now = self.world.stopwatch()
        if self._away_since is None:
            self._away_since = now
        if now - self._away_since > PATIENCE:
            raise _StoppedError(
                _(
                    "De node antwoordt al een kwartier niet. Start later dezelfde opdracht opnieuw; de import gaat dan verder bij rij {rij}."
                ).format(rij=number(self.position))
            )
        self._pauses += 1
        seconds = min(FIRST_PAUSE * 2 ** min(self._pauses - 1, 10), LONGEST_PAUSE)
        self.world.say(
            _("De node antwoordt niet. De import probeert het over {tijd} opnieuw.").format(
                tijd=span(seconds)
            )
        )
        self.world.sleep(seconds)

    def _pause(self, seconds: int, why: str) -> None:
        """Wait as long as told, and longer each time in a row; then one row tries the way."""
        quota = why in {"quotum-bereikt", "te-veel"}
        if quota and seconds > LONGEST_QUOTA:
            raise _StoppedError(self._until_tomorrow())
        self._pauses += 1
        wait = seconds if quota else max(seconds, min(seconds * 2 ** (self._pauses - 1), 300))
        if why == "sleutelhouders-weg":
            what = _("Er zijn nu te weinig sleutelhouders bereikbaar.")
        elif why == "register-weg":
            what = _("Het landelijke register is nu niet bereikbaar.")
        elif quota:
            what = _("De sleutelhouders laten u even wachten: het quotum van deze minuut is bereikt.")
        else:
            what = _("De node vraagt om even te wachten.")
        self.world.say(
            _(
                "{wat} Wat verstuurd is, staat veilig op de node. De import gaat over {tijd} verder bij rij {rij}."
            ).format(wat=what, tijd=span(wait), rij=number(self.position))
        )
        self.world.sleep(wait)
        self._size = 1
        self._marks.clear()

    def _until_tomorrow(self) -> str:
        return _(
            "Het quotum van vandaag is bereikt. Start morgen dezelfde opdracht opnieuw; de import gaat dan verder bij rij {rij}. "
            "Hebt u meer ruimte nodig voor deze import? Vraag de sleutelhouders om een importopening, met een advies van uw functionaris gegevensbescherming (FG)."
        ).format(rij=number(self.position))

    # ---- progress -----------------------------------------------------------------------------------------------------

    def _mark(self) -> None:
        """Remember when which row was reached, and tell how far it is."""
        self._marks.append((self.world.stopwatch(), self.position))
        done, rows = self.position - 1, self.inspected.rows
        told = _("Rij {nummer} van {totaal}").format(nummer=number(done), totaal=number(rows))
        pace = self._pace()
        if pace and done < rows:
            told += _(", {aantal} rijen per seconde, nog {tijd}").format(
                aantal=f"{pace:.1f}".replace(".", ","), tijd=span((rows - done) / pace)
            )
        self.world.progress(told)

    def _pace(self) -> float | None:
        """Rows a second over the last batches; None before the first."""
        (begun, first), (now, last) = self._marks[0], self._marks[-1]
        return (last - first) / (now - begun) if now > begun and last > first else None


def _bytes(row: Row) -> int:
    return len(json.dumps(row).encode())
