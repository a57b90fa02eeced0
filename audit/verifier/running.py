# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""One check, from what was asked to what is said: read the files, have ``audit.verify`` judge, remember, tell.

Exit 0: something was checked and nothing failed. Exit 1: refused, or it could not be read. Exit 2: used wrongly. What is said begins with
one sentence, and the numbered steps follow. The memory changes only after the whole log was replayed from it onwards.
"""

import json
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from audit.bundle import Bundle, BundleError, bundle_from_json
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.cosignature import NOBODY, PolicyError, WitnessPolicy
from audit.note import NoteError, Verifier
from audit.tlog_proof import KIND, TlogProof, TlogProofError
from audit.verifier.options import Wish
from audit.verifier.remote import AddressError, RemoteLog
from audit.verifier.tiled import TiledLog, folder
from audit.verify import Advice, Own, SourceError, Verdict, verify_bundle, verify_log, verify_proof
from process.language import gettext as _
from process.moments import Clock

PASSED, REFUSED, MISUSED = 0, 1, 2
PATIENCE_SECONDS = 30.0
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class UsageError(ValueError):
    """Something was asked that cannot be done; the message says in Dutch what to do instead."""


@dataclass(frozen=True)
class Report:
    """What is said, line by line, and the exit code that goes with it."""

    code: int
    lines: tuple[str, ...]


def run(wish: Wish, clock: Clock) -> Report:
    """Checks what was asked; never raises for what was found."""
    try:
        judged = _judged(wish, clock)
    except UsageError as error:
        return Report(MISUSED, (str(error),))
    except (BundleError, SourceError) as error:
        said = _("Niet nagegaan: {reden}; {raad}.").format(reden=error, raad=Advice.AGAIN.sentence)
        return Report(REFUSED, (_shown(said),))
    _remember(wish, judged)
    verdict = judged.verdict
    lines = (verdict.sentence, *map(str, verdict.steps))
    return Report(PASSED if verdict.verified else REFUSED, tuple(map(_shown, lines)))


def _shown(line: str) -> str:
    """A line for a terminal: names in what is judged could otherwise write over the verdict."""
    return "".join(one if one.isprintable() else "?" for one in line)


@dataclass(frozen=True)
class _Judged:
    """A verdict, the note that it is about, and what the checker remembered."""

    verdict: Verdict
    note: str
    earlier: Checkpoint | None

    @property
    def extends(self) -> bool:
        """Whether the whole log was replayed, through what was remembered."""
        verdict = self.verdict
        if verdict.checkpoint is None or not (verdict.verified and verdict.whole):
            return False
        return self.earlier is None or self.earlier.size <= verdict.checkpoint.size


def _judged(wish: Wish, clock: Clock) -> _Judged:
    _require_sense(wish)
    log = None if wish.vkey is None else _key(wish.vkey)
    keys = [_key(one) for one in wish.receipt_vkey]
    witnesses = NOBODY if wish.policy is None else _policy(Path(wish.policy), log)
    earlier = _remembered(wish.remember, log)
    if wish.bundle is not None:
        content = _read(Path(wish.bundle))
        if content.startswith(KIND.encode()):
            return _judged_proof(partial(_proof, wish.bundle, content), log, keys, witnesses, earlier)
        bundle = _bundle(Path(wish.bundle), content)
        verdict = verify_bundle(bundle, log=log, receipts=keys, witnesses=witnesses, earlier=earlier)
        return _Judged(verdict, bundle.checkpoint, earlier)
    own = Own(
        earlier=earlier,
        receipts={one: _text(Path(one)) for one in wish.receipt},
        proofs={one: _proof(one, _read(Path(one))) for one in wish.proof},
        receipt_keys=keys,
        moment=clock() if wish.now is None else _moment(wish.now),
    )
    if log is None:  # _require_sense refused this; a type checker cannot know
        raise UsageError(_("Noem met --vkey de sleutel van het logboek."))
    source, close = _source(wish)
    try:
        note = source.checkpoint(witnessed=bool(witnesses.witnesses))
        verdict = verify_log(note, log, source, witnesses=witnesses, own=own)
    finally:
        close()
    return _Judged(verdict, note.decode("utf-8", "replace"), earlier)


def _require_sense(wish: Wish) -> None:
    """What excludes what, and what needs what."""
    if sum(one is not None for one in (wish.bundle, wish.log, wish.folder)) != 1:
        raise UsageError(
            _("Noem óf een bestand met een uitvoer, óf een logboek met --log, óf een map met --folder.")
        )
    if wish.ca is not None and wish.log is None:
        raise UsageError(_("--ca hoort bij --log."))
    if wish.bundle is not None and (wish.receipt or wish.proof or wish.now is not None):
        raise UsageError(_("--receipt, --proof en --now horen bij --log of --folder."))
    if wish.bundle is None and wish.vkey is None:
        raise UsageError(_("Bij --log en --folder hoort --vkey: de gepubliceerde sleutel van het logboek."))
    if wish.bundle is None and bool(wish.receipt or wish.proof) != bool(wish.receipt_vkey):
        raise UsageError(_("Bij --receipt en --proof hoort --receipt-vkey, en andersom."))
    if wish.vkey is None and (wish.remember is not None or wish.policy is not None):
        raise UsageError(_("--remember en --policy kunnen niet zonder --vkey."))


def _source(wish: Wish) -> tuple[RemoteLog | TiledLog, Callable[[], None]]:
    if wish.folder is not None:
        path = Path(wish.folder)
        if not path.is_dir():
            raise UsageError(_("De map {pad} bestaat niet.").format(pad=path))
        return TiledLog(folder(path)), _nothing
    try:
        context = ssl.create_default_context(cafile=wish.ca)
    except OSError as error:
        raise UsageError(_("De certificaten in {pad} zijn niet te lezen.").format(pad=wish.ca)) from error
    try:
        remote = RemoteLog(wish.log or "", context, patience=PATIENCE_SECONDS)
    except AddressError as error:
        raise UsageError(str(error)) from error
    return remote, remote.close


def _nothing() -> None:
    """A folder needs no closing."""


def _judged_proof(
    read: Callable[[], TlogProof],
    log: Verifier | None,
    keys: Sequence[Verifier],
    witnesses: WitnessPolicy,
    earlier: Checkpoint | None,
) -> _Judged:
    """A proof is not remembered: it says nothing of the leaves between."""
    if log is None or not keys:
        raise UsageError(_("Bij een .tlog-proof horen --vkey en --receipt-vkey."))
    proof = read()
    verdict = verify_proof(proof, log, receipts=keys, witnesses=witnesses, earlier=earlier)
    return _Judged(verdict, proof.checkpoint, None)


def _proof(name: str, content: bytes) -> TlogProof:
    try:
        return TlogProof.from_text(content)
    except TlogProofError as error:
        raise BundleError(
            _("het bestand {pad} is niet goed: {reden}").format(pad=name, reden=error)
        ) from error


def _bundle(path: Path, content: bytes) -> Bundle:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UsageError(_("Het bestand {pad} is niet te lezen als JSON.").format(pad=path)) from error
    try:
        return bundle_from_json(document)
    except BundleError as error:
        raise BundleError(
            _("het bestand {pad} is niet goed: {reden}").format(pad=path, reden=error)
        ) from error


def _remembered(name: str | None, log: Verifier | None) -> Checkpoint | None:
    if name is None or log is None or not Path(name).exists():
        return None
    try:
        return open_checkpoint(Path(name).read_bytes(), log)
    except (OSError, NoteError) as error:
        raise UsageError(
            _("Het controlepunt in {pad} is niet te gebruiken: {reden}.").format(pad=name, reden=error)
        ) from error


def _remember(wish: Wish, judged: _Judged) -> None:
    """Keeps the checkpoint, whole or not at all: half a memory would be refused the next time."""
    if wish.remember is None or not judged.extends:
        return
    path = Path(wish.remember)
    fresh = path.with_name(path.name + ".nieuw")
    fresh.write_text(judged.note, encoding="utf-8")
    fresh.replace(path)


def _policy(path: Path, log: Verifier | None) -> WitnessPolicy:
    try:
        policy = WitnessPolicy.from_text(path.read_bytes())
    except OSError as error:
        raise UsageError(_("Het bestand {pad} is niet te lezen.").format(pad=path)) from error
    except PolicyError as error:
        raise UsageError(
            _("De lijst van getuigen in {pad} is niet te gebruiken: {reden}.").format(pad=path, reden=error)
        ) from error
    if not policy.witnesses:
        raise UsageError(_("In {pad} staat geen enkele getuige; laat --policy dan weg.").format(pad=path))
    if policy.log is not None and log is not None and policy.log.vkey != log.vkey:
        raise UsageError(_("De lijst van getuigen in {pad} is voor een ander logboek.").format(pad=path))
    return policy


def _key(text: str) -> Verifier:
    """The key in ``text`` itself, or in the file of that name: a key has plus signs."""
    try:
        if "+" not in text:
            return Verifier.from_vkey(Path(text).read_text(encoding="utf-8"))
        return Verifier.from_vkey(text)
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise UsageError(
            _("De openbare sleutel is niet te lezen. Een sleutel ziet eruit als naam+kenmerk+sleutel.")
        ) from error


def _text(path: Path) -> str:
    return _read(path).decode("utf-8", "replace")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(_("Het bestand {pad} bestaat niet.").format(pad=path)) from error
    except OSError as error:
        raise UsageError(_("Het bestand {pad} is niet te lezen.").format(pad=path)) from error


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError as error:
        raise UsageError(_("Schrijf het moment van --now als 2026-11-20T09:45:00Z.")) from error
