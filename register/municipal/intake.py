# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An import at the node: many records of a municipality's own system become signals, each by the rules through which every signal goes.

1. Opened: the person may submit, the mapping is sound, the source may be imported (`register.municipal.provenance`; a banned one is told to the FG). The number
   of an import is made from officer, file and mapping, so that opening the same again finds it, with its position.
2. Rows come in batches. A file's rows come in order from the position, which moves with the counts and the refused rows in one transaction, after the
   rows themselves are durable. Whatever dies in between, the rows after the position are sent again, and each is known by its key: nothing is
   lost, nothing doubled. Records of a case system come one by one, in any order, each under a key of the sender.
3. A row that must wait (register or holders away, a quota) is safe in the outbox. The batch ends there, and the sender is told how long to leave us alone.
4. A row that is wrong is refused with column and reason, never with what stood there, and the others go on.
5. No more than `ROWS_AT_ONCE` rows are worked on in the whole process, whatever the number of imports, and no batch takes much longer than
   `BATCH_SECONDS`: people at a door go first.

A dry run takes the same steps up to the point where something would be kept or asked; it stores nothing, tells nobody and asks no holder.
"""

import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from threading import BoundedSemaphore
from typing import Protocol
from uuid import UUID

from process.language import gettext as _
from process.language import speaking
from process.moments import Clock
from process.problem import FieldError, Refusal
from register.accounts import Account
from register.municipal.accounts import require
from register.municipal.attributes import Given
from register.municipal.mapping import (
    ColumnMapping,
    MappingError,
    Placed,
    Row,
    in_columns,
    mapping_from,
    read_row,
)
from register.municipal.observations import Draft, SubjectGiven
from register.municipal.outbox import Delivered, Waiting
from register.municipal.provenance import Shape, judged
from register.municipal.sealing import BrokenSealError, Place, Seal, Sealed, named_seed
from register.municipal.store.flags import FlagStore
from register.municipal.store.imports import Counts, ImportStore, Intake, RefusedRow
from register.signals import DEFAULT_EVALUATION
from register.wire import Soort, Sporen

ROWS_AT_ONCE = 2
"""Rows worked on at one time in this process: each stretches up to four keys at once, and the door needs the other half."""
BATCHES_AT_ONCE = 4
BATCH_SECONDS = 10.0
AWAY_SECONDS = 30
"""How long the sender leaves us alone when register or holders are away and said nothing themselves."""
SECONDS_A_ROW = 0.25
"""What a row is thought to take before any was measured here."""
_TRACKS = ("geen_politiecontact", "zorgspoor", "acuut_gevaar")


class Outcome(StrEnum):
    """What became of a row."""

    STORED = "bewaard"
    REPEATED = "herhaald"
    WAITS = "wacht"
    REFUSED = "geweigerd"


@dataclass(frozen=True)
class Record:
    """One row as it was sent: its number, text by column, and the sender's own key, if any."""

    number: int
    cells: dict[str, str] = field(repr=False)
    key: str | None = None


@dataclass(frozen=True)
class Result:
    """What became of a row; `problems` name columns and never repeat a value."""

    number: int
    outcome: Outcome
    problems: tuple[FieldError, ...] = ()
    signal_id: UUID | None = None


@dataclass(frozen=True)
class Taken:
    """What became of a batch.

    Attributes:
        intake: as it now stands.
        results: in order, from the first row; fewer than were sent when the batch ended early.
        pause: seconds for which the sender leaves us alone; None if it may go on.
        why: code of what we wait for, with a pause.
    """

    intake: Intake
    results: tuple[Result, ...]
    pause: int | None = None
    why: str | None = None


@dataclass(frozen=True)
class Foreseen:
    """What a dry run says: STORED for a row that would be stored, REPEATED for one that is here already, or REFUSED."""

    results: tuple[Result, ...]
    seconds_a_row: float


class Submits(Protocol):
    """As much of `register.municipal.submitting.Submitting` as an import needs."""

    def submit(
        self, account: Account, draft: Draft, request_key: str | None = None, *, run: UUID | None = None
    ) -> Delivered | Waiting:
        """Submit one signal."""
        ...

    def known(self, account: Account, draft: Draft, request_key: str) -> bool:
        """True if this signal is here already; asks and stores nothing."""
        ...


@dataclass(frozen=True)
class Lanes:
    """The room that all imports of a process share, so that people at a door go first."""

    threads: ThreadPoolExecutor
    places: BoundedSemaphore

    @classmethod
    def new(cls) -> "Lanes":
        """Lanes for one process."""
        return cls(
            ThreadPoolExecutor(ROWS_AT_ONCE, thread_name_prefix="intake"), BoundedSemaphore(BATCHES_AT_ONCE)
        )

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Room for one batch.

        Raises:
            Refusal: 503, too many imports send at once.
        """
        if not self.places.acquire(blocking=False):
            raise _too_busy()
        try:
            yield
        finally:
            self.places.release()

    def close(self) -> None:
        """Stop after the rows that are being worked on."""
        self.threads.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True)
class TakingIn:
    """The use case, for one organisation."""

    imports: ImportStore
    flags: FlagStore
    submitting: Submits
    seal: Seal
    organisation: str
    clock: Clock
    lanes: Lanes
    stopwatch: Callable[[], float] = time.monotonic

    # ---- opening ------------------------------------------------------------------------------------------------------

    def open(self, account: Account, document: object, file_digest: str | None, shape: Shape) -> Intake:
        """Open an import, or find the one that was opened for the same file and mapping.

        A finished one in which rows were refused starts again from its first row: what was wrong may be mended by now, outside the file.

        Args:
            account: who imports.
            document: the mapping.
            file_digest: SHA-256 of the file, hexadecimal; None when records come one by one.
            shape: what may be known of the file without its values.

        Raises:
            Refusal: 403 for the role or the source, 400 with everything that is wrong with the mapping.
        """
        mapping = self._allowed(account, document, shape, flagging=True)
        now = self.clock()
        intake_id = self._number(account, mapping, file_digest)
        fresh = Intake(
            intake_id=intake_id,
            officer=account.officer,
            mapping=self._sealed(mapping, intake_id),
            origin=mapping.origin,
            total=shape.rows,
            next_row=1,
            counts=Counts(),
            busy_ms=0,
            opened_at=now,
            finished_at=None,
        )
        found = self.imports.open(fresh, now)
        if found.finished_at is None or not found.counts.refused:
            return found
        self.imports.again(intake_id, now)
        return self.find(account, intake_id)

    def _allowed(self, account: Account, document: object, shape: Shape, *, flagging: bool) -> ColumnMapping:
        require(account, "signaal_indienen")
        try:
            mapping = mapping_from(document)
        except MappingError as error:
            raise _wrong_mapping(error) from None
        banned = judged(mapping.origin, shape)
        if banned is None:
            return mapping
        if flagging:
            self.flags.put(banned.flag, account.officer, self.clock(), shape.counts())
        raise banned.refusal

    def _number(self, account: Account, mapping: ColumnMapping, file_digest: str | None) -> UUID:
        """Says nothing about the file to who lacks the seal: a file of one row could be guessed from its digest."""
        names = (account.officer, mapping.digest().hex(), file_digest or "")
        return UUID(bytes=named_seed(self.seal.secret, "invoer", *names).reveal()[:16], version=4)

    def _place(self, intake_id: UUID) -> Place:
        return Place(self.organisation, "intake", str(intake_id))

    def _sealed(self, mapping: ColumnMapping, intake_id: UUID) -> bytes:
        """Under the seal only: whoever opens the import again brings the mapping along, so a lost seal loses nothing."""
        sealed = self.seal.close(json.dumps(mapping.members()).encode(), self._place(intake_id))
        wrapped = sealed.wrapped or b""
        return bytes([len(wrapped)]) + wrapped + sealed.content

    def find(self, account: Account, intake_id: UUID) -> Intake:
        """An import of this person.

        Raises:
            Refusal: 404, there is none with this number, or it is somebody else's.
        """
        found = self.imports.intake(intake_id)
        if found is None or found.officer != account.officer:
            raise _not_here()
        return found

    def _mapping(self, intake: Intake) -> ColumnMapping:
        size = 1 + intake.mapping[0]
        packed = Sealed(content=intake.mapping[size:], wrapped=intake.mapping[1:size])
        try:
            return mapping_from(json.loads(self.seal.open(packed, self._place(intake.intake_id))))
        except (BrokenSealError, MappingError):
            # Another seal, or a target that this version no longer knows: opening again tells which.
            raise _not_here() from None

    # ---- taking rows --------------------------------------------------------------------------------------------------

    def take(self, account: Account, intake_id: UUID, records: Sequence[Record]) -> Taken:
        """Take a batch: map, check and submit each row, and move the position.

        Args:
            account: who imports.
            intake_id: from `open`.
            records: at most `LARGEST_BATCH`; of a file the rows from the position, in order.

        Raises:
            Refusal: 404 for an unknown import, 409 when a file's rows do not begin at the position, 429 or 503 when not one row could be taken now.
        """
        require(account, "signaal_indienen")
        intake = self.find(account, intake_id)
        mapping = self._mapping(intake)
        if intake.total is not None:
            _require_in_order(intake, records)
        with self.lanes.batch():
            begun = self.stopwatch()
            batch = _Batch(self, account, mapping, intake)
            batch.run(records, begun + BATCH_SECONDS)
            busy_ms = round(1000 * (self.stopwatch() - begun))
        if batch.refusal is not None and not batch.results:
            raise batch.refusal
        self._record(intake, batch.results, busy_ms)
        return Taken(self.find(account, intake_id), tuple(batch.results), batch.pause, batch.why)

    def _record(self, intake: Intake, results: Sequence[Result], busy_ms: int) -> None:
        counts, now = _counts(results), self.clock()
        if intake.total is None:
            self.imports.count(intake.intake_id, counts, busy_ms, now)
            return
        refused = [
            RefusedRow(one.number, error.field, error.reason) for one in results for error in one.problems
        ]
        # Kept for whoever reads it later: in Dutch, also if the one who sends the rows reads English.
        with speaking(None):
            moved = self.imports.advance(
                intake,
                next_row=intake.next_row + len(results),
                counts=counts,
                refused=refused,
                busy_ms=busy_ms,
                now=now,
            )
        if not moved:
            raise _elsewhere()

    def submitted(self, account: Account, intake: Intake, row: Row, key: str) -> Delivered | Waiting:
        """One row, through the door of every signal."""
        return self.submitting.submit(account, draft_of(row), key, run=intake.intake_id)

    # ---- dry run ------------------------------------------------------------------------------------------------------

    def foresee(
        self, account: Account, document: object, shape: Shape, records: Sequence[Record]
    ) -> Foreseen:
        """What would become of rows; nothing is stored, nobody is told, no holder and no register is asked.

        Raises:
            Refusal: as `open`.
        """
        mapping = self._allowed(account, document, shape, flagging=False)
        with self.lanes.batch():
            results = tuple(self._foreseen(account, mapping, one) for one in records)
        return Foreseen(results, self.imports.pace() or SECONDS_A_ROW)

    def _foreseen(self, account: Account, mapping: ColumnMapping, record: Record) -> Result:
        row = read_row(record.cells, mapping)
        if row.wrong:
            return Result(record.number, Outcome.REFUSED, row.wrong)
        try:
            known = self.submitting.known(account, draft_of(row), row_key(record, row, mapping, None))
        except Refusal as refusal:
            return Result(record.number, Outcome.REFUSED, problems_of(refusal, mapping))
        return Result(record.number, Outcome.REPEATED if known else Outcome.STORED)


class _Batch:
    """The rows of one request, a few at a time, answered in order."""

    def __init__(self, taking: TakingIn, account: Account, mapping: ColumnMapping, intake: Intake) -> None:
        self._taking = taking
        self._account = account
        self._mapping = mapping
        self._intake = intake
        self._running: deque[tuple[str, Future[Result]]] = deque()
        self.results: list[Result] = []
        self.pause: int | None = None
        self.why: str | None = None
        self.refusal: Refusal | None = None

    def run(self, records: Sequence[Record], until: float) -> None:
        try:
            for record in records:
                if self._ended(until):
                    break
                self._start(record)
            while self._running and self.refusal is None:
                self._take_one()
        finally:
            # What runs on is durable or not; its row is sent again and known by its key.
            for _key, future in self._running:
                future.cancel()

    def _ended(self, until: float) -> bool:
        if self.pause is not None or self.refusal is not None:
            return True
        return bool(self.results) and self._taking.stopwatch() > until

    def _start(self, record: Record) -> None:
        row = read_row(record.cells, self._mapping)
        key = row_key(record, row, self._mapping, self._intake)
        # Two rows that say the same must not be submitted at the same moment: the second is known by the first.
        while self._running and (
            len(self._running) >= 2 * ROWS_AT_ONCE or any(key == other for other, _future in self._running)
        ):
            self._take_one()
            if self.refusal is not None:
                return
        self._running.append((key, self._taking.lanes.threads.submit(self._row, record.number, row, key)))

    def _take_one(self) -> None:
        _key, future = self._running.popleft()
        try:
            self.results.append(future.result())
        except Refusal as refusal:
            # Says nothing about the row, only about this moment: the rows from here are sent again.
            self.refusal = refusal
            self.pause, self.why = refusal.retry_after or AWAY_SECONDS, refusal.code

    def _row(self, number: int, row: Row, key: str) -> Result:
        if row.wrong:
            return Result(number, Outcome.REFUSED, row.wrong)
        try:
            answer = self._taking.submitted(self._account, self._intake, row, key)
        except Refusal as refusal:
            if refusal.status == 429 or refusal.status >= 500:
                raise
            return Result(number, Outcome.REFUSED, problems_of(refusal, self._mapping))
        if isinstance(answer, Waiting):
            if answer.away or answer.busy:
                self.pause = max(self.pause or 0, answer.retry_after or AWAY_SECONDS)
                self.why = answer.row.reason
            return Result(number, Outcome.WAITS, signal_id=answer.row.signal_id)
        again = answer.repeated or bool(answer.answer.herhaald)
        return Result(
            number, Outcome.REPEATED if again else Outcome.STORED, signal_id=answer.answer.signaal_id
        )


def row_key(record: Record, row: Row, mapping: ColumnMapping, intake: Intake | None) -> str:
    """The key under which a row is submitted.

    Of a file, and in a dry run, what the row says. Of a record that came by itself the sender's key, or else its number within its source:
    a mended record with the same key is refused instead of stored beside the old one.
    """
    if record.key is not None:
        return record.key
    if intake is None or intake.total is not None:
        return row.key
    return hashlib.sha256(f"rij\n{mapping.origin}\n{record.number}".encode()).hexdigest()


def draft_of(row: Row) -> Draft:
    """The observation that a sound row says; codes and attributes are not judged yet."""
    sure, value = row.values, row.values.get
    source, information = DEFAULT_EVALUATION
    kind = value("soort")
    return Draft(
        subjects=(
            SubjectGiven(
                tuple(_given(one) for one in row.attributes),
                ", ".join(dict.fromkeys(one.column for one in row.attributes)),
                value("rol", "onbekend"),
                None if kind is None else Soort(kind),
            ),
        ),
        observed_on=sure["date"],
        basis=sure["waarneming_grondslag"],
        control_type=sure["controlesoort"],
        form=sure["uitbuitingsvorm"],
        indicators=sure["aanwijzingen"],
        source=value("bron", source),
        information=value("informatie", information),
        handling=value("behandeling", "H1"),
        tracks=Sporen(**{name: row.values[name] for name in _TRACKS if name in row.values}),
        border=bool(value("grenscontext")),
        quality=(),
        control=value("controle"),
    )


def _given(placed: Placed) -> Given:
    return Given(placed.attribute, placed.column, placed.places)


def problems_of(refusal: Refusal, mapping: ColumnMapping) -> tuple[FieldError, ...]:
    """A refusal in terms of the file's columns."""
    found = tuple(in_columns(error, mapping) for error in refusal.fields)
    return found or (FieldError("", f"{refusal.title} {refusal.detail}"),)


def _counts(results: Sequence[Result]) -> Counts:
    times = {outcome: sum(one.outcome is outcome for one in results) for outcome in Outcome}
    return Counts(
        times[Outcome.STORED], times[Outcome.REPEATED], times[Outcome.WAITS], times[Outcome.REFUSED]
    )


def _require_in_order(intake: Intake, records: Sequence[Record]) -> None:
    expected = range(intake.next_row, intake.next_row + len(records))
    if [one.number for one in records] != list(expected) or expected.stop - 1 > (intake.total or 0):
        raise _elsewhere()


def _wrong_mapping(error: MappingError) -> Refusal:
    return Refusal(
        400,
        "ongeldige-mapping",
        _("De mapping klopt niet."),
        _("Er is niets opgeslagen."),
        way_forward=_("Verbeter de genoemde sleutels. In docs/spec/import.md staat wat erin mag."),
        fields=error.problems,
    )


def _not_here() -> Refusal:
    return Refusal(
        404,
        "invoer-onbekend",
        _("Deze invoer is hier niet open."),
        _("Er is geen invoer van u met dit nummer, of hij is te lang geleden geopend."),
        way_forward=_(
            "Open de invoer opnieuw (POST /v1/invoer). Wat al bewaard is, wordt niet dubbel opgeslagen."
        ),
    )


def _elsewhere() -> Refusal:
    return Refusal(
        409,
        "invoer-elders",
        _("Deze rijen zijn nu niet aan de beurt."),
        _(
            "De invoer staat bij een andere rij. Misschien wordt hetzelfde bestand ook ergens anders ingevoerd."
        ),
        way_forward=_("Open de invoer opnieuw (POST /v1/invoer) en ga verder bij volgendeRij."),
    )


def _too_busy() -> Refusal:
    return Refusal(
        503,
        "te-veel-invoer",
        _("Er wordt nu te veel tegelijk ingevoerd."),
        _("Vragen aan de deur gaan voor. Er is niets opgeslagen van deze rijen."),
        way_forward=_("Stuur dezelfde rijen over een paar seconden opnieuw."),
        retry_after=5,
    )
