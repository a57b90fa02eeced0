# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A rotation at the register: K becomes K' = ρK, and every stored point and tag goes along, while the register answers.

The steps of an administrator, each of which can be given again after the process died in it:

1. `begin`: ρ comes out of the file of the ceremony; K' = ρK is checked; ρ lies in a file beside K_reg, in no backup.
2. Job `rotatie`: signal by signal, every stored point is opened, multiplied, sealed again, and gets its new tag: rows beside those that answer. What comes
   in meanwhile leaves its number and is done as well. A batch and how far it came are one transaction.
3. `switch`, when all is converted and the key K' was dealt anew (another epoch, so that no share is an old one times ρ): what came in meanwhile is done
   beside the requests until at most `LAST` points are left; those are done, and the new epoch is in force, in one transaction in which nobody else is. When
   more came in, or others did not let go in time, that transaction is undone and it begins again after a pause. The file of `epochs` follows.
4. `finish`, when a backup of after the switch was put back on trial: ρ is destroyed, and the job destroys the rows of before.

Until the switch `abandon` takes all of it back: a holder that takes part in a rotation and refuses the re-sharing after it would else keep the register from every change of
keys, its own replacement included.

`adopt` is what a re-sharing asks of the register: the next epoch under the same key. Nothing stored changes.

A keyset of before is the one whose fingerprint was pinned when the register was installed, or by the last change (`epochs`); nobody is taken at their word. A
keyset that comes into force has as many holders and the threshold that this register asks receipts of, and, if it came from a ceremony, the whole signed
transcript of a re-sharing that began with the keyset it follows.

Question digests of before and after do not compare: they are over tags. Treffers name subjects, and stay.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn
from uuid import UUID

from audit.canonical import JSON
from audit.store.engine import read_only
from process.jobs import Unfinished, in_words
from process.language import gettext as _
from process.moments import Randomness
from process.problem import Outage, Refusal
from process.serving.files import settle, unfinished
from process.serving.secrets import read_secret, write_secret
from pseudonymisation.canary_pins import CanaryPoints
from pseudonymisation.joint import Record
from pseudonymisation.opening import Purpose
from pseudonymisation.p256 import SCALAR_BYTES, Point, SecretScalar
from pseudonymisation.pseudonym import NONCE_BYTES
from pseudonymisation.rotation import Factor, check_same_key
from pseudonymisation.threshold import Origin, PublicKeyset
from register.central.administration import Administrator, Basis
from register.central.centre import Centre
from register.central.epochs import remember
from register.central.multiplying import Chunk, Material, Multiply, Rotated, workers
from register.central.store import frequencies
from register.central.store import rotation as store
from register.central.store.rotation import Fresh, Rotation, Standing, Stored, Subject
from register.central.store.work import LoggedWork

BATCH: Final = 200
"""Signals of one batch: a second of work or so."""

CHUNK: Final = 100
"""Points that a worker gets at once."""

LAST: Final = 500
"""Points that may be left for the switch itself, while everybody waits: a quarter of a second of work or so."""

ROUNDS: Final = 50
"""Batches that a switch does beside the requests before it tries."""

PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds between two tries of a switch."""

_BUSY: Final = "database-bezet"

GONE: Final = 2000
"""Rows of before that are destroyed at once."""


class KeysRefusal(Refusal):
    """A step of a change of keys that cannot be done now; for an administrator, on a terminal."""

    def __init__(self, detail: str, way_forward: str) -> None:
        super().__init__(409, "sleutelwisseling", _("Dat kan zo niet."), detail, way_forward=way_forward)


@dataclass(frozen=True)
class Places:
    """Files outside the database.

    Attributes:
        factor: ρ, as 32 bytes, while a rotation is under way.
        epoch: which epoch is in force (`epochs`).
    """

    factor: Path
    epoch: Path


@dataclass(frozen=True)
class _Batch:
    """Work that was given to the workers.

    Attributes:
        before: how far the walk was.
        reached: how far it is with this batch; as `before` for arrivals.
        signals: all of them, with or without something to do.
        rows: the postings, by subject.
        results: of the chunks, in order.
    """

    before: UUID | None
    reached: UUID | None
    signals: Sequence[UUID]
    rows: Mapping[Subject, Sequence[Stored]]
    results: Sequence[Future[Rotated]] = field(repr=False)


class Converter:
    """Job `rotatie`. It works one batch ahead: while the database writes, the workers multiply.

    Args:
        centre: the register.
        places: files outside the database.
        number: worker processes; with none the work is done in this one.
    """

    def __init__(self, centre: Centre, places: Places, number: int) -> None:
        self._centre = centre
        self._places = places
        self._number = number
        self._stack = ExitStack()
        self._multiply: Multiply | None = None
        self._ahead: _Batch | None = None
        self._turn = threading.Lock()

    def run(self, moment: datetime) -> Mapping[str, int]:
        """Do one batch; durable when this returns.

        Raises:
            SettingsError: the factor is not there or cannot be read.
        """
        with self._turn:
            try:
                return self._run(moment)
            except BaseException:
                # Whatever it was, the next batch begins from what is durable.
                self._rest()
                raise

    def close(self) -> None:
        """Let the workers go."""
        with self._turn:
            self._rest()

    def _run(self, moment: datetime) -> Mapping[str, int]:
        name = self._centre.keyset[0]
        with read_only(self._centre.database.engine).connect() as connection:
            found = store.rotation(connection, name)
        if found is None or (found.switched_at is not None and found.finished_at is None):
            self._rest()
            return {}
        if found.finished_at is not None:
            self._rest()
            return self._destroy(found)
        return self._convert(found, moment)

    def _convert(self, found: Rotation, moment: datetime) -> Mapping[str, int]:
        engine, name = self._centre.database.engine, found.keyset
        batch, self._ahead = self._ahead, None
        if batch is None or batch.before != found.reached:
            batch = self._next(found, found.reached)
        if batch is None:
            return self._finish_walk(found, moment)
        if batch.reached != batch.before:
            self._ahead = self._next(found, batch.reached, walking=True)
        done = [one for result in batch.results for one in result.result()]
        with engine.begin() as connection:
            store.hold(connection, alone=True)
            now = store.rotation(connection, name)
            if now is None or not now.converting or now.reached != batch.before:
                # Another runner was here meanwhile.
                return Unfinished(omgezet=0)
            number = store.add_open(connection, now, _fresh(batch.rows, done))
            store.change(connection, name, reached=batch.reached, done=now.done + number)
            # A version that came in since this batch was read is not in it.
            later = {one.signal_id for one in store.open_subjects(connection, name, now.epoch, batch.signals)}
            store.forget_arrivals(connection, set(batch.signals) - later)
        return Unfinished(omgezet=number)

    def _next(self, found: Rotation, reached: UUID | None, *, walking: bool = False) -> _Batch | None:
        """The next batch, with its work given out; None when there is none."""
        with read_only(self._centre.database.engine).connect() as connection:
            signals = store.signals_after(connection, reached, BATCH)
            end = signals[-1] if signals else reached
            if not signals and not walking:
                signals = store.arrivals(connection, BATCH)
            rows = store.to_convert(connection, found.keyset, found.epoch, signals)
        if not signals:
            return None
        return _Batch(reached, end, signals, rows, self._given_out(rows))

    def _finish_walk(self, found: Rotation, moment: datetime) -> Mapping[str, int]:
        self._rest()
        if found.converted_at is None:
            with self._centre.database.engine.begin() as connection:
                # Tags of after the switch get their frequencies now, so that a common name does not look rare on the first day.
                frequencies.take(connection, moment.date())
                store.converted(connection, found.keyset, moment)
        return {"omgezet": 0}

    def _given_out(self, rows: Mapping[Subject, Sequence[Stored]]) -> list[Future[Rotated]]:
        if self._multiply is None:
            material = _secrets(self._centre, self._places)
            self._multiply = self._stack.enter_context(workers(material, self._number))
        multiply = self._multiply
        asked = _asked(rows, self._centre.randomness)
        return [multiply(asked[at : at + CHUNK]) for at in range(0, len(asked), CHUNK)]

    def _rest(self) -> None:
        self._ahead = self._multiply = None
        self._stack.close()

    def _destroy(self, found: Rotation) -> Mapping[str, int]:
        """Destroy what is of before, or of a rotation that was abandoned: the factor first, then rows; when none is left the rotation is history."""
        destroy_factor(self._places.factor)
        destroy = store.destroy_from if found.switched_at is None else store.destroy_before
        with self._centre.database.engine.begin() as connection:
            store.hold(connection, alone=True)
            gone = destroy(connection, found.keyset, found.epoch, GONE)
            if gone < GONE:
                store.end(connection, found.keyset)
                return {"vernietigd": gone}
        return Unfinished(vernietigd=gone)


def _asked(rows: Mapping[Subject, Sequence[Stored]], randomness: Randomness) -> Chunk:
    return [
        (row.family, row.sealed_point, randomness(NONCE_BYTES)) for stored in rows.values() for row in stored
    ]


def _fresh(rows: Mapping[Subject, Sequence[Stored]], done: Rotated) -> dict[Subject, list[Fresh]]:
    """What came of the rows, in their order."""
    results = iter(done)
    return {
        subject: [Fresh(row.family, *result) for row, result in zip(stored, results, strict=False)]
        for subject, stored in rows.items()
    }


def _secrets(centre: Centre, places: Places) -> Material:
    factor = read_secret(places.factor, minimum=SCALAR_BYTES)
    return Material(centre.keyset[0], factor.reveal(), centre.tag_key.reveal(), centre.sealing_key.reveal())


def destroy_factor(path: Path) -> None:
    """Remove ρ; again is nothing new."""
    for one in (path, unfinished(path)):
        one.unlink(missing_ok=True)
    if path.parent.exists():
        settle(path.parent)


# ---- What an administrator does --------------------------------------------------------------------------------------


def begin(
    admin: Administrator,
    places: Places,
    keysets: tuple[PublicKeyset, PublicKeyset],
    factor: Factor,
    basis: Basis,
) -> None:
    """Begin a rotation.

    Args:
        admin: who records it.
        places: files outside the database.
        keysets: of before, and the scaled one; `factor` was checked against them.
        factor: ρ.
        basis: the decision.

    Raises:
        Refusal: another rotation is under way, or the register works with another epoch.
    """
    before, after = keysets
    said: dict[str, JSON] = {
        "van_epoch": before.epoch,
        "naar_epoch": after.epoch,
        "vingerafdruk": after.fingerprint,
    }
    with admin.changing_keys("rotatie_begonnen", basis, said) as work:
        connection = work.connection
        name, initial = admin.centre.keyset
        found = store.standing(connection, name, initial)
        _require_epoch(name, found, before)
        under_way = store.rotation(connection, name)
        if under_way is not None and (
            (under_way.before, under_way.after) != (before.fingerprint, after.fingerprint)
            or not under_way.converting
        ):
            raise KeysRefusal(
                _("Er is al een rotatie onder weg, naar epoch {epoch}.").format(epoch=under_way.epoch),
                _("Kijk met 'register rotation status' hoever zij is."),
            )
        # Before the commit: a factor without a rotation is harmless and is replaced by the next; a rotation without its factor stands still.
        destroy_factor(places.factor)
        write_secret(places.factor, factor.value.to_bytes())
        if under_way is not None:
            # The same again: whoever gave it did not hear that it was done, or the factor was lost.
            return
        store.set_standing(connection, name, Standing(found.epoch, found.since, before.fingerprint))
        store.begin(
            connection,
            {
                "keyset": name,
                "epoch": after.epoch,
                "before": before.fingerprint,
                "after": after.fingerprint,
                "key": after.key.encode(),
                "started_at": admin.moment,
            },
        )


@dataclass(frozen=True)
class Switched:
    """A switch that was made.

    Attributes:
        standing: what is in force now.
        last: points that were multiplied while everybody waited.
        tries: how often it was tried.
    """

    standing: Standing
    last: int
    tries: int


class _TooMuchError(Exception):
    """More came in than may be done while everybody waits."""


def switch(  # noqa: PLR0913 - all by name but the first four
    admin: Administrator,
    places: Places,
    keyset: PublicKeyset,
    basis: Basis,
    *,
    transcript: Record | None = None,
    pause: Callable[[float], object] = time.sleep,
) -> Switched:
    """Put the new key in force.

    Args:
        admin: who records it.
        places: files outside the database.
        keyset: as it was dealt anew after the scaling.
        basis: the decision.
        transcript: of that re-sharing, checked in itself; None for a keyset that one party dealt.
        pause: waits so many seconds.

    Raises:
        Refusal: not everything is converted, or this is not the key of the rotation, dealt anew; or there was no moment for it.
        Outage: the database is away.
    """
    with read_only(admin.centre.database.engine).connect() as connection:
        found = _require_rotation(store.rotation(connection, admin.centre.keyset[0]))
    if found.switched_at is None:
        _require_not_abandoned(found)
        _require_dealt_anew(found, keyset)
        require_holders(admin.centre, keyset)
        _require_transcript(transcript, found.after, keyset)
        _require_converted(found)
    for tries, seconds in enumerate((*PAUSES, 0.0), start=1):
        _drain(admin, places)
        try:
            fresh, last = _switch(admin, places, keyset, basis)
        except _TooMuchError:
            pause(seconds)
        except Outage as error:
            if error.refusal.code != _BUSY:
                raise
            pause(seconds)
        else:
            remember(places.epoch, admin.centre.keyset[0], fresh)
            return Switched(fresh, last, tries)
    raise KeysRefusal(
        _("Er kwam telkens meer binnen dan er kan worden omgezet terwijl iedereen wacht."),
        _("Er is niets gewisseld. Probeer het op een rustiger moment nog eens."),
    )


def rotated_canary(
    centre: Centre, places: Places, pins: Mapping[str, str], points: CanaryPoints
) -> CanaryPoints:
    """What the canaries will give under the new key: pinned points times ρ, between `begin` and `finish`.

    Args:
        centre: the register.
        places: files outside the database.
        pins: of the settings.
        points: as a node wrote them under the key of before.

    Raises:
        Refusal: no rotation, its factor is gone, these are not the pinned points, or they are of another key.
        SettingsError: the factor cannot be read.
    """
    with read_only(centre.database.engine).connect() as connection:
        found = _require_rotation(store.rotation(connection, centre.keyset[0]))
    if found.finished_at is not None:
        raise KeysRefusal(
            _("Deze rotatie is afgerond en haar factor is vernietigd."),
            _("Laat een node onder de nieuwe sleutel 'node canary' geven, en vergelijk met een tweede node."),
        )
    factor = SecretScalar.from_bytes(read_secret(places.factor, minimum=SCALAR_BYTES).reveal())
    moved = points.times(factor)
    if (points.keyset, moved.key.encode()) != (found.keyset, found.key):
        raise KeysRefusal(
            _("Deze punten zijn niet van de sleutel van voor de rotatie."),
            _("Geef het bestand dat een node voor de wisseling schreef met 'node canary --out'."),
        )
    if pins.get(points.name) != points.pin:
        raise KeysRefusal(
            _("Deze punten zijn niet die van de pin met naam {naam} in canary_pins.").format(
                naam=points.name
            ),
            _(
                "Geef punten van een node die goed is. Staat die pin er nog niet, vergelijk dan eerst de uitkomst van twee nodes, en zet haar erin."
            ),
        )
    return moved


def _switch(admin: Administrator, places: Places, keyset: PublicKeyset, basis: Basis) -> tuple[Standing, int]:
    name, last = admin.centre.keyset[0], 0
    said: dict[str, JSON] = {"naar_epoch": keyset.epoch, "vingerafdruk": keyset.fingerprint}
    with admin.changing_keys("sleutels_gewisseld", basis, said) as work:
        found = _require_rotation(store.rotation(work.connection, name))
        fresh = Standing(keyset.epoch, found.epoch, keyset.fingerprint)
        if found.switched_at is None:
            _require_not_abandoned(found)
            _require_dealt_anew(found, keyset)
            last = _convert_the_last(admin.centre, work, places, found)
            store.set_standing(work.connection, name, fresh)
            store.change(work.connection, name, switched_at=admin.moment)
        elif store.standing(work.connection, name, 0) != fresh:
            raise KeysRefusal(
                _("Er is al gewisseld, naar een andere sleutelset."),
                _("Geef de sleutelset waarmee gewisseld is; kijk met 'register rotation status'."),
            )
    return fresh, last


def _drain(admin: Administrator, places: Places) -> None:
    """Convert what came in, beside the requests, until little enough is left; or until it is enough of that."""
    centre = admin.centre
    converter = Converter(centre, places, 0)
    try:
        for _round in range(ROUNDS):
            with read_only(centre.database.engine).connect() as connection:
                found = store.rotation(connection, centre.keyset[0])
                if found is None or not found.converting:
                    return
                if store.little_left(connection, found, LAST):
                    return
            converter.run(admin.moment)
    finally:
        converter.close()


def _convert_the_last(centre: Centre, work: LoggedWork, places: Places, found: Rotation) -> int:
    """What came in since it was looked last; nobody can add to it now. Gives how many points."""
    if not store.little_left(work.connection, found, LAST):
        raise _TooMuchError
    left = store.arrivals(work.connection, LAST)
    beyond = store.signals_after(work.connection, found.reached, LAST + 1)
    if found.converted_at is None or not set(beyond) <= set(left):
        _refuse_unconverted()
    rows = store.to_convert(work.connection, found.keyset, found.epoch, left)
    with workers(_secrets(centre, places), 0) as multiply:
        done = multiply(_asked(rows, centre.randomness)).result()
    number = store.add_open(work.connection, found, _fresh(rows, done))
    store.forget_arrivals(work.connection, left)
    return number


def _require_not_abandoned(found: Rotation) -> None:
    if found.abandoned:
        raise KeysRefusal(
            _("Deze rotatie is afgebroken, en haar factor is vernietigd."),
            _("Houd een nieuwe rotatie, en begin haar met 'register rotation begin'."),
        )


def _require_converted(found: Rotation) -> None:
    if found.converted_at is None:
        _refuse_unconverted()


def _refuse_unconverted() -> NoReturn:
    raise KeysRefusal(
        _("Nog niet alles is omgezet."),
        _("Laat de taak rotatie lopen; kijk met 'register rotation status' hoever zij is."),
    )


def finish(admin: Administrator, places: Places, basis: Basis) -> None:
    """Say that a backup of after the switch was put back on trial; from here on nothing of before is kept.

    Raises:
        Refusal: nothing was switched yet.
    """
    name = admin.centre.keyset[0]
    with admin.changing_keys("rotatie_afgerond", basis, {}) as work:
        found = _require_rotation(store.rotation(work.connection, name))
        if found.switched_at is None:
            raise KeysRefusal(
                _("Er is nog niet gewisseld; zonder de factor zou de rotatie stilstaan."),
                _("Wissel eerst met 'register rotation switch', en controleer dan een reservekopie."),
            )
        store.change(work.connection, name, finished_at=admin.moment)
    destroy_factor(places.factor)


def abandon(admin: Administrator, places: Places, basis: Basis) -> None:
    """Take a rotation back before the switch: the factor goes, and the job destroys what was converted. The key in force stays.

    Raises:
        Refusal: there is none, or it was switched.
    """
    name = admin.centre.keyset[0]
    with admin.changing_keys("rotatie_afgebroken", basis, {}) as work:
        found = _require_rotation(store.rotation(work.connection, name))
        if found.switched_at is not None:
            raise KeysRefusal(
                _("Er is al gewisseld; terug kan niet meer."),
                _("Rond de rotatie af met 'register rotation finish'."),
            )
        store.change(work.connection, name, finished_at=admin.moment)
    destroy_factor(places.factor)


def adopt(  # noqa: PLR0913 - all by name but the first five
    admin: Administrator,
    places: Places,
    before: PublicKeyset,
    after: PublicKeyset,
    basis: Basis,
    *,
    transcript: Record | None = None,
) -> Standing:
    """Go to the epoch of a re-sharing: other shares of the same key.

    Args:
        admin: who records it.
        places: files outside the database.
        before: the keyset in force.
        after: as it was dealt anew.
        basis: the decision.
        transcript: of that re-sharing, checked in itself; None for a keyset that one party dealt.

    Raises:
        Refusal: a rotation is under way, or the register works with another epoch.
        CeremonyError: another key.
    """
    check_same_key(before, after)
    require_holders(admin.centre, after)
    _require_transcript(transcript, before.fingerprint, after)
    name, initial = admin.centre.keyset
    said: dict[str, JSON] = {"naar_epoch": after.epoch, "vingerafdruk": after.fingerprint}
    with admin.changing_keys("sleutels_gewisseld", basis, said) as work:
        found = store.standing(work.connection, name, initial)
        under_way = store.rotation(work.connection, name)
        if under_way is not None and under_way.switched_at is None:
            raise KeysRefusal(
                _("Er is een rotatie onder weg; die krijgt haar eigen nieuwe verdeling."),
                _("Rond de rotatie af, en neem daarna een nieuwe verdeling over."),
            )
        fresh = Standing(after.epoch, found.since, after.fingerprint)
        if found != fresh:
            _require_epoch(name, found, before)
            store.set_standing(work.connection, name, fresh)
    remember(places.epoch, name, fresh)
    return fresh


def told(centre: Centre, moment: datetime) -> list[str]:
    """How a rotation stands, in lines for people."""
    name, initial = centre.keyset
    with read_only(centre.database.engine).connect() as connection:
        state, found = store.standing(connection, name, initial), store.rotation(connection, name)
        left = 0 if found is None else len(store.arrivals(connection, LAST + 1))
    lines = [
        _("Sleutelset {naam}: epoch {epoch} geldt, vingerafdruk {vingerafdruk}.").format(
            naam=name, epoch=state.epoch, vingerafdruk=state.fingerprint or _("nog niet vastgelegd")
        )
    ]
    if found is None:
        return [*lines, _("Er is geen rotatie onder weg.")]
    lines.append(
        _(
            "Rotatie naar epoch {epoch}, begonnen op {moment}: {klaar} van {totaal} pseudoniemen omgezet."
        ).format(epoch=found.epoch, moment=in_words(found.started_at), klaar=found.done, totaal=found.total)
    )
    if found.abandoned:
        lines.append(_("Afgebroken; de taak rotatie vernietigt wat al was omgezet. De sleutel bleef."))
    elif found.finished_at is not None:
        lines.append(_("Afgerond; de taak rotatie vernietigt wat van voor de wisseling is."))
    elif found.switched_at is not None:
        lines.append(_("Gewisseld. Controleer een reservekopie, en rond af met 'register rotation finish'."))
    elif found.converted_at is not None:
        lines.append(
            _("Alles is omgezet; {aantal} signalen kwamen er sindsdien bij. Wisselen kan.").format(
                aantal=left
            )
        )
    else:
        lines.append(_time_left(found, moment))
    return lines


def _time_left(found: Rotation, moment: datetime) -> str:
    spent = (moment - found.started_at).total_seconds()
    if not found.done or spent <= 0:
        return _("Hoe lang het nog duurt, is nog niet te zeggen.")
    left = timedelta(seconds=round(spent / found.done * max(found.total - found.done, 0)))
    return _("Nog ongeveer {duur} (uren:minuten:seconden) als het zo doorgaat.").format(duur=left)


def _require_epoch(name: str, found: Standing, before: PublicKeyset) -> None:
    if found.fingerprint is None:
        raise KeysRefusal(
            _("Dit register heeft nog niet vastgelegd met welke sleutelset het werkt."),
            _(
                "Vraag de houders per telefoon om de vingerafdruk van hun sleutelset, zet die in keyset_fingerprint, en start het register opnieuw."
            ),
        )
    given = (before.name, before.epoch, before.fingerprint)
    if given != (name, found.epoch, found.fingerprint):
        raise KeysRefusal(
            _(
                "Het register werkt met sleutelset {naam}, epoch {epoch}, vingerafdruk {geldt}; u gaf {andere}, epoch {andere_epoch}, vingerafdruk {gegeven}, en daar begint dit niet mee."
            ).format(
                naam=name,
                epoch=found.epoch,
                geldt=found.fingerprint,
                andere=before.name,
                andere_epoch=before.epoch,
                gegeven=before.fingerprint,
            ),
            _("Geef de sleutelset die nu geldt, en vergelijk de vingerafdruk per telefoon."),
        )


def require_holders(centre: Centre, keyset: PublicKeyset) -> None:
    """Returns only if this register asks receipts of as many holders as this keyset has, and of as many as it needs.

    Raises:
        Refusal: another number of holders or another threshold.
    """
    asked = (centre.threshold, len(centre.holder_keys))
    if (keyset.threshold, keyset.size) != asked:
        raise KeysRefusal(
            _(
                "Deze sleutelset vraagt {drempel} van {houders} houders, en dit register is ingesteld op {eigen} van {eigen_houders}."
            ).format(drempel=keyset.threshold, houders=keyset.size, eigen=asked[0], eigen_houders=asked[1]),
            _(
                "Klopt de sleutelset, zet dan eerst keyholder_threshold, keyholder_receipt_keys en keyholder_urls in de instellingen goed. Start het register opnieuw zodra dit is gelukt."
            ),
        )


def _require_transcript(transcript: Record | None, before: str, after: PublicKeyset) -> None:
    """The transcript is checked in itself already; here, that it leads from the one keyset to the other."""
    if transcript is None:
        if after.origin is Origin.DEALT:
            # Made by one party, for an exercise: nobody signed anything.
            return
        raise KeysRefusal(
            _("Het verslag van de herverdeling ontbreekt."),
            _(
                "Geef met --transcript de gedeelde map van die ceremonie, met de bestanden van alle deelnemers."
            ),
        )
    opening = transcript.opening.before
    if (
        opening is None
        or opening.purpose is not Purpose.RESHARING
        or opening.keyset.fingerprint != before
        or transcript.keyset.fingerprint != after.fingerprint
    ):
        raise KeysRefusal(
            _(
                "Dit verslag is niet van de herverdeling van de sleutelset met vingerafdruk {van} naar die met vingerafdruk {naar}."
            ).format(van=before, naar=after.fingerprint),
            _("Geef de gedeelde map van de herverdeling waar deze sleutelset uit kwam."),
        )


def _require_rotation(found: Rotation | None) -> Rotation:
    if found is None:
        raise KeysRefusal(
            _("Er is geen rotatie onder weg."), _("Begin er een met 'register rotation begin'.")
        )
    return found


def _require_dealt_anew(found: Rotation, keyset: PublicKeyset) -> None:
    if (keyset.name, keyset.key) != (found.keyset, Point.decode(found.key)):
        raise KeysRefusal(
            _("Deze sleutelset heeft niet de sleutel van de rotatie."),
            _("Gebruik sleutelset.json van de herverdeling die na de rotatie is gehouden."),
        )
    if keyset.epoch <= found.epoch:
        raise KeysRefusal(
            _(
                "Deze sleutel is na de rotatie nog niet opnieuw verdeeld: een oud aandeel maal de factor zou passen."
            ),
            _("Laat de houders een herverdeling houden, en wissel naar die sleutelset."),
        )
