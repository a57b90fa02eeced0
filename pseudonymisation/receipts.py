# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a key holder signs: the receipt of one evaluation, and its account of one day (docs/spec/pseudonymisation.md, "Receipts").

1. Both are C2SP signed notes under an Ed25519 key of that holder alone, which is pinned with the keyset and is no key of the OPRF. Their first lines
   differ, so neither can stand for the other, nor for a checkpoint or a receipt of the log.
2. A receipt says who had how many points evaluated for which action, under which keyset and epoch, when, until when it counts, and for which request: a digest
   that only whoever chose the request's key can make. It says nothing about the points.
3. An account says how many receipts over how many points a holder gave each organisation on one day (UTC) under one key, per action, which ones (a fingerprint
   of their marks), and which quotas were reached.
4. Each has one spelling: what is read is written again and compared.
5. The *mark* of a receipt is half of the SHA-256 of its text. Who has the receipt can make it; who has the mark learns nothing but that there is one. So
   register and holder can tell each other's receipts apart, and one that was forged does not stand for one that was never used.

Pure. Left to others: drawing numbers, keeping what was seen, and judging whether receipts suffice (`register.evaluations`).
"""

import hmac
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Self

from audit.canonical import (
    JSON,
    EncodingError,
    base64_bytes,
    base64_text,
    canonical_json,
    parse_canonical_json,
)
from audit.note import KEY_SIZE, NoteError, Signer, Verifier, open_note, parse, sign_note
from audit.openssl import OpensslVerifier
from process.language import gettext as _
from pseudonymisation.pseudonym import length_prefixed

RECEIPT: Final = "signaalregister/kwitantie/v1"
ACCOUNT: Final = "signaalregister/verantwoording/v2"
VALID: Final = timedelta(minutes=10)
"""How long a receipt counts: a node sends what it had evaluated at once, also from its outbox, where every attempt evaluates anew."""

LONGEST_NOTE: Final = 1024
NUMBER_BYTES: Final = 16
REQUEST_BYTES: Final = 32
MARK_BYTES: Final = 16
MOST_REACHED: Final = 20
"""Of one organisation on one day: who it happens to more often has been told enough, and an account must fit in a note."""

_REQUEST_DOMAIN: Final = b"signaalregister/verzoek/v1"
_MARKS_DOMAIN: Final = b"signaalregister/kwitanties/v1"
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


def request_digest(organisation: str, request_key: str, part: str = "") -> bytes:
    """To which request an evaluation belongs (32 bytes).

    Args:
        organisation: that will send it.
        request_key: the Idempotency-Key under which it will be sent; at least 64 bits of it are random, so nobody finds it from the digest.
        part: the `ref` of the subject whose pseudonyms are made; empty for a question.
    """
    return sha256(
        length_prefixed(_REQUEST_DOMAIN, organisation.encode(), request_key.encode(), part.encode())
    ).digest()


@dataclass(frozen=True)
class EvaluationReceipt:
    """One evaluation by one holder.

    Attributes:
        holder: index of the holder.
        number: 16 random bytes; no two receipts of a holder have the same.
        organisation: as verified by mTLS.
        keyset: name of the keyset.
        epoch: of the keyset.
        action: "vragen", "indienen", "invoeren", "inzage" or "kanarie".
        points: how many points were evaluated, padding included.
        request: see `request_digest`.
        moment: when, UTC, whole seconds.
        expires: from when it no longer counts.
    """

    holder: int
    number: bytes
    organisation: str
    keyset: str
    epoch: int
    action: str
    points: int
    request: bytes
    moment: datetime
    expires: datetime

    @property
    def text(self) -> str:
        """The text that is signed: eleven lines."""
        lines = (
            RECEIPT,
            str(self.holder),
            base64_text(self.number),
            self.organisation,
            self.keyset,
            str(self.epoch),
            self.action,
            str(self.points),
            base64_text(self.request),
            _written(self.moment),
            _written(self.expires),
        )
        return "".join(f"{line}\n" for line in lines)

    @property
    def mark(self) -> bytes:
        """By which holder and register know this receipt (16 bytes)."""
        return sha256(self.text.encode()).digest()[:MARK_BYTES]

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Reads a note's text.

        Raises:
            NoteError: it is not that of a receipt in its one spelling.
        """
        try:
            (
                kind,
                holder,
                number,
                organisation,
                keyset,
                epoch,
                action,
                points,
                request,
                moment,
                expires,
                end,
            ) = text.split("\n")
            receipt = cls(
                _number(holder),
                base64_bytes(number, size=NUMBER_BYTES),
                organisation,
                keyset,
                _number(epoch),
                action,
                _number(points),
                base64_bytes(request, size=REQUEST_BYTES),
                _read(moment),
                _read(expires),
            )
        except (EncodingError, ValueError) as error:
            raise NoteError(_("de kwitantie heeft niet de goede vorm")) from error
        if kind != RECEIPT or end or receipt.text != text:
            raise NoteError(_("de kwitantie heeft niet de goede vorm"))
        return receipt


def require_vkeys(vkeys: Sequence[str]) -> Mapping[int, Verifier]:
    """The keys of all holders, by index: holder 1 first.

    Raises:
        ValueError: one is no key, or two are the same; in Dutch.
    """
    try:
        keys = [OpensslVerifier.from_vkey(one) for one in vkeys]
    except NoteError as error:
        raise ValueError(_("een sleutel van kwitanties klopt niet: {reden}").format(reden=error)) from None
    if len({one.public_key for one in keys}) != len(keys):
        raise ValueError(_("twee sleutelhouders hebben dezelfde sleutel van kwitanties"))
    return dict(enumerate(keys, start=1))


def sign_evaluation(receipt: EvaluationReceipt, signer: Signer) -> str:
    """The receipt as a signed note."""
    return sign_note(receipt.text, [signer])


def open_evaluation(note: str, verifiers: Mapping[int, Verifier]) -> EvaluationReceipt:
    """The receipt in a note that the very holder signed that it names.

    Args:
        note: as it travelled.
        verifiers: index of a holder -> its pinned key.

    Raises:
        NoteError: not a receipt, of an unknown holder, or not signed by that holder.
    """
    if len(note) > LONGEST_NOTE:
        raise NoteError(_("de kwitantie is te lang"))
    receipt = EvaluationReceipt.from_text(parse(note).text)
    verifier = verifiers.get(receipt.holder)
    if verifier is None:
        raise NoteError(_("de kwitantie noemt een sleutelhouder die we niet kennen"))
    open_note(note, [verifier])
    return receipt


def fingerprint_of(marks: Iterable[bytes]) -> bytes:
    """Of a set of receipts (16 bytes), whatever their order."""
    return sha256(length_prefixed(_MARKS_DOMAIN, *sorted(set(marks)))).digest()[:MARK_BYTES]


@dataclass(frozen=True)
class Counted:
    """What one organisation had evaluated for one action on one day.

    Attributes:
        organisation: whose certificate was shown.
        action: for which.
        receipts: how many evaluations.
        points: over how many points, padding included.
        fingerprint: of the marks of those receipts.
    """

    organisation: str
    action: str
    receipts: int
    points: int
    fingerprint: bytes

    @classmethod
    def of(cls, organisation: str, action: str, given: Mapping[bytes, int]) -> Self:
        """Over these receipts: mark -> points."""
        return cls(organisation, action, len(given), sum(given.values()), fingerprint_of(given))

    def lists(self, marks: Collection[bytes]) -> bool:
        """Whether these are the marks of exactly its receipts."""
        return len(set(marks)) == len(marks) == self.receipts and hmac.compare_digest(
            fingerprint_of(marks), self.fingerprint
        )


@dataclass(frozen=True)
class Reached:
    """A quota that was reached on one day.

    Attributes:
        organisation: whose.
        officer: pseudonymous id; empty where it was the quota of the organisation as a whole.
        action: for which.
        window: "minuut" or "dag".
        times: how many requests were refused.
        first: the first of them.
    """

    organisation: str
    officer: str
    action: str
    window: str
    times: int
    first: datetime


@dataclass(frozen=True)
class Account:
    """What one holder did on one day under one key of its receipts.

    Attributes:
        holder: index of the holder.
        key: the public key of its receipts (32 bytes): the account is about receipts under this key, whatever the index or the epoch was.
        keyset: name of the keyset.
        epoch: of the keyset with which it worked when this was written.
        day: UTC.
        made_at: when this was written, UTC, whole seconds; before the day is over it is not final.
        counted: by organisation and action, in order, each once.
        reached: quotas that were reached.
    """

    holder: int
    key: bytes
    keyset: str
    epoch: int
    day: date
    made_at: datetime
    counted: tuple[Counted, ...]
    reached: tuple[Reached, ...]

    @property
    def text(self) -> str:
        """The text that is signed: its first line, and canonical JSON on the second."""
        members: dict[str, JSON] = {
            "houder": self.holder,
            "sleutel": base64_text(self.key),
            "sleutelset": self.keyset,
            "epoch": self.epoch,
            "dag": self.day.isoformat(),
            "gemaakt": _written(self.made_at),
            "punten": [
                {
                    "organisatie": one.organisation,
                    "handeling": one.action,
                    "kwitanties": one.receipts,
                    "punten": one.points,
                    "vingerafdruk": base64_text(one.fingerprint),
                }
                for one in self.counted
            ],
            "quota": [
                {
                    "organisatie": one.organisation,
                    "medewerker": one.officer,
                    "handeling": one.action,
                    "venster": one.window,
                    "keren": one.times,
                    "eerste": _written(one.first),
                }
                for one in self.reached
            ],
        }
        return f"{ACCOUNT}\n{canonical_json(members).decode()}\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Reads a note's text.

        Raises:
            NoteError: it is not that of an account in its one spelling.
        """
        try:
            kind, line, end = text.split("\n")
            account = cls._from_members(parse_canonical_json(line.encode()))
            # Here too: a number that was given as text may have no spelling at all.
            same = account.text == text
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise NoteError(_("de verantwoording heeft niet de goede vorm")) from error
        if kind != ACCOUNT or end or not same:
            raise NoteError(_("de verantwoording heeft niet de goede vorm"))
        return account

    @classmethod
    def _from_members(cls, members: Any) -> Self:
        return cls(
            int(members["houder"]),
            base64_bytes(members["sleutel"], size=KEY_SIZE),
            str(members["sleutelset"]),
            int(members["epoch"]),
            date.fromisoformat(members["dag"]),
            _read(members["gemaakt"]),
            tuple(
                Counted(
                    str(one["organisatie"]),
                    str(one["handeling"]),
                    int(one["kwitanties"]),
                    int(one["punten"]),
                    base64_bytes(one["vingerafdruk"], size=MARK_BYTES),
                )
                for one in members["punten"]
            ),
            tuple(
                Reached(
                    str(one["organisatie"]),
                    str(one["medewerker"]),
                    str(one["handeling"]),
                    str(one["venster"]),
                    int(one["keren"]),
                    _read(one["eerste"]),
                )
                for one in members["quota"]
            ),
        )


def sign_account(account: Account, signer: Signer) -> str:
    """The account as a signed note."""
    return sign_note(account.text, [signer])


def open_account(note: str, holder: int, verifier: Verifier) -> Account:
    """The account in a note that this holder signed.

    Raises:
        NoteError: not an account, of another holder, or not signed by this one.
    """
    account = Account.from_text(open_note(note, [verifier]))
    if (account.holder, account.key) != (holder, verifier.public_key):
        raise NoteError(_("de verantwoording is van een andere sleutelhouder"))
    return account


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise ValueError("not a number in its one spelling")
    return int(text)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_MOMENT)


def _read(text: str) -> datetime:
    return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
