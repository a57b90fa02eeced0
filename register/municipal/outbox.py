# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A signal that waits on the node until the register has it: its states, when to try again, and what people are told.

1. A row is durable before anything leaves, and leaves the outbox only for the casebook (acknowledged), or because it was refused, withdrawn or
   thrown away, or because its term is over.
2. Whoever delivers a row holds it for two minutes (`CLAIM`); everything written about an attempt is written by the holder only. Two runners, or a
   runner and a person who presses the button again, are harmless. A runner that dies lets go by itself.
3. What is sent is recorded before it leaves, together with `maybe`: from then on the register may have it. That mark goes only when an attempt
   certainly did not arrive and none before it may have.
4. As long as `maybe` stands, only the very same bytes may be sent. If that can no longer be (a ground lapsed, a keyset changed) or the register refuses
   them, the row stays, in words that say so, until the signal's term: nothing changes silently and nothing is thrown away.
5. Between attempts the pause grows, with chance in it so that nodes do not come back all at once; a pause that the other side asks for is kept.

Left to others: delivering (`register.municipal.delivering`), keeping rows (`store/outbox.py`).
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from audit.canonical import canonical_json
from process.language import gettext as _
from process.language import speaking
from process.moments import Randomness
from process.problem import FieldError, PassedOnRefusal, Refusal, problem_details, refusal_from
from register.municipal.sealing import Sealed
from register.retention import visible
from register.wire import SignaalIngediend

TABLE = "outbox"
CLAIM = timedelta(minutes=2)
"""Longer than an attempt takes: two holders, the list of grounds and the register at their time limits."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
ASKED_AT_MOST = timedelta(days=1)
REFUSED_KEPT = timedelta(days=14)
CLAIM_SIZE = 16


class State(StrEnum):
    """Where a waiting signal stands."""

    WAITS = "wacht"
    UNDERWAY = "onderweg"
    REFUSED = "geweigerd"


@dataclass(frozen=True)
class Row:
    """One row of the outbox.

    Attributes:
        signal_id: of the signal, the same on every attempt.
        version: of the signal.
        officer: pseudonymous number of who submitted it.
        role: in which they did.
        run: the import it came with.
        handle: the reference of its record in the casebook.
        first_processed_at: from when its term counts.
        expires_on: the day on which it is destroyed, whatever its state.
        state: as stored; see `state_at`.
        attempts: how often it was tried, the running attempt included.
        next_at: when to try again.
        claimed_until: until when somebody delivers it.
        content: keyed digest of what was typed.
        sealed: `casebook.Kept`, sealed.
        digest: SHA-256 of the message as it was last sent; None when none ever left.
        maybe: the register may have it.
        reason: code of why the last attempt did not succeed.
        refusal: the refusal, as JSON of the interface.
        refused_at: since when it is refused.
    """

    signal_id: UUID
    version: int
    officer: str
    role: str
    run: UUID | None
    handle: str
    first_processed_at: datetime
    expires_on: date
    state: str
    attempts: int
    next_at: datetime
    claimed_until: datetime | None
    content: bytes
    sealed: Sealed = field(repr=False)
    digest: bytes | None = None
    maybe: bool = False
    reason: str | None = None
    refusal: bytes | None = None
    refused_at: datetime | None = None

    def state_at(self, now: datetime) -> State:
        """The state as it is at a moment: a claim that ran out is no claim."""
        if self.state == State.REFUSED:
            return State.REFUSED
        return State.UNDERWAY if self.claimed(now) else State.WAITS

    def claimed(self, now: datetime) -> bool:
        """True while somebody is delivering it."""
        return self.claimed_until is not None and now < self.claimed_until

    def alive(self, now: datetime) -> bool:
        """False once it may no longer be seen or sent, even if it is not destroyed yet."""
        if not visible(self.expires_on, now.date()):
            return False
        return self.maybe or self.refused_at is None or now < self.refused_at + REFUSED_KEPT

    @property
    def mendable(self) -> bool:
        """True if it was refused and certainly stands nowhere: it may be changed, or thrown away."""
        return self.state == State.REFUSED and not self.maybe


@dataclass(frozen=True)
class Delivered:
    """The register has the signal.

    Attributes:
        answer: the register's acknowledgement; `herhaald` when it stood there already.
        repeated: it was answered from the casebook, without holders or register.
    """

    answer: SignaalIngediend
    repeated: bool = False


@dataclass(frozen=True)
class Waiting:
    """The signal is safe on the node and will be sent.

    Attributes:
        row: as it now stands.
        away: True if nobody's signal would get through now.
        retry_after: seconds for which the other side asked to be left alone; None if it said nothing.
        busy: True if the other side refused only this officer for now (a quota).
    """

    row: Row
    away: bool = False
    retry_after: int | None = None
    busy: bool = False


@dataclass(frozen=True)
class Refused:
    """The signal was refused; the row says whether it may stand at the register all the same."""

    row: Row
    refusal: Refusal


Outcome = Delivered | Waiting | Refused
"""What became of one attempt."""


def pause(attempts: int, randomness: Randomness) -> timedelta:
    """How long to wait after so many attempts: 30 seconds, twice as long each time, an hour at most, and a quarter more or less by chance."""
    doublings: int = 2 ** min(max(attempts, 1) - 1, 10)
    whole = min(FIRST_PAUSE * doublings, LONGEST_PAUSE)
    return whole * (0.75 + int.from_bytes(randomness(2), "big") / 0x1FFFE)


def next_moment(now: datetime, attempts: int, retry_after: int | None, randomness: Randomness) -> datetime:
    """When to try again: never before the other side asked for."""
    return max(now + pause(attempts, randomness), now + asked(retry_after))


def asked(retry_after: int | None) -> timedelta:
    """For how long the other side asked to be left alone; a day at most, whatever it says."""
    return timedelta(seconds=min(retry_after or 0, ASKED_AT_MOST.total_seconds()))


def for_later(refusal: Refusal) -> bool:
    """True if a refusal says nothing about the signal, only about this moment: a quota, or a process that is not well."""
    if refusal.code == "ongeldige-kwitantie" or refusal.code.startswith("kwitantie-"):
        # About what the holders gave with it; the next attempt comes with others.
        return True
    return refusal.status in {401, 408, 425, 429} or refusal.status >= 500


def refusal_bytes(refusal: Refusal) -> bytes:
    """A refusal as it is kept: its words, in Dutch whoever looks on; never a value that was sent."""
    with speaking(None):
        return json.dumps(problem_details(refusal), ensure_ascii=False).encode()


def kept_refusal(row: Row) -> PassedOnRefusal | None:
    """The refusal that a row keeps; it was logged where it was made."""
    return None if row.refusal is None else refusal_from(json.loads(row.refusal))


def explanation(row: Row, now: datetime) -> str:
    """The state in words, for whoever submitted it."""
    state = row.state_at(now)
    if state is State.UNDERWAY:
        return _("Uw signaal staat veilig bij uw organisatie. Het wordt op dit moment verstuurd.")
    if state is State.REFUSED:
        return _explained_refusal(row)
    said = [_("Uw signaal staat veilig bij uw organisatie. Het wordt vanzelf verstuurd.")]
    why = _WAITS_FOR.get(row.reason or "")
    if why:
        said.append(why)
    if row.maybe:
        said.append(
            _("Misschien is het al bewaard; wij kregen geen bevestiging. Het wordt nooit dubbel opgeslagen.")
        )
    return " ".join(said)


def _explained_refusal(row: Row) -> str:
    if row.maybe:
        return _(
            "Dit signaal is misschien al bewaard: een eerdere poging kan zijn aangekomen. Daarna is het geweigerd. "
            "Er verandert niets vanzelf. Overleg met uw aandachtsfunctionaris: die kan het intrekken."
        )
    return _(
        "Dit signaal is geweigerd en niet bewaard. Verbeter het, of gooi het weg. Na 14 dagen verdwijnt het vanzelf."
    )


AWAY_REGISTER = "register-weg"
AWAY_HOLDERS = "sleutelhouders-weg"
WRONG_CANARY = "kanarie-fout"
CANARY_QUOTA = "kanarie-quotum"

_WAITS_FOR = {
    AWAY_REGISTER: _("Het landelijke register is nu niet bereikbaar."),
    AWAY_HOLDERS: _("Er zijn nu te weinig sleutelhouders bereikbaar."),
    WRONG_CANARY: _(
        "Deze node maakt nu andere zoeksleutels dan zou moeten; de beheerder moet dat herstellen."
    ),
    CANARY_QUOTA: _(
        "Deze node kan zichzelf nu niet controleren: de sleutelhouders laten dat nu niet vaker toe."
    ),
    "quotum-bereikt": _("U verstuurde er vandaag veel; de sleutelhouders laten u even wachten."),
    "andere-sleutelset": _(
        "De sleutelhouders werken met een andere sleutelset; de beheerder moet dat herstellen."
    ),
}


def cannot_repeat() -> Refusal:
    """Why a signal is not sent again: it would not be the same message."""
    return Refusal(
        409,
        "signaal-misschien-bewaard",
        _("Dit signaal kan niet opnieuw worden verstuurd."),
        _(
            "Een eerdere poging is misschien aangekomen. Nu zou het bericht anders zijn, want een grondslag, sleutel of regel is veranderd."
        ),
        way_forward=_(
            "Vraag uw aandachtsfunctionaris om het signaal in te trekken. Voer het daarna opnieuw in."
        ),
    )


def not_now(reason: str, retry_after: int | None) -> Refusal:
    """The register or the holders are away, for what does not wait in the outbox."""
    return Refusal(
        503,
        reason,
        _("Dat lukt nu niet."),
        _WAITS_FOR.get(reason, _("Het register of de sleutelhouders antwoorden nu niet.")),
        way_forward=_("Verstuur hetzelfde over een minuut nog een keer. Er wordt niets dubbel opgeslagen."),
        retry_after=retry_after or 60,
    )


def closed() -> Refusal:
    """A record that does not open: another key, or damage."""
    return Refusal(
        409,
        "dossier-gesloten",
        _("Dit signaal is niet te openen."),
        _("Het dossier op deze machine is met een andere sleutel verzegeld of is beschadigd."),
        way_forward=_("Vraag de beheerder om de sleutel van het dossier terug te zetten."),
    )


def no_longer_allowed(wrong: tuple[FieldError, ...]) -> Refusal:
    """Attributes that could be used when the signal was entered, and not any more."""
    return Refusal(
        400,
        "kenmerk-niet-meer",
        _("Een gegeven in dit signaal mag of kan niet meer worden gebruikt."),
        _("Sinds u het invulde, is een regel of grondslag veranderd. Er is nu niets verstuurd."),
        way_forward=_("Verbeter de genoemde gegevens of laat ze weg, en verstuur opnieuw."),
        fields=wrong,
    )


def changed() -> Refusal:
    """The same request key with another content."""
    return Refusal(
        409,
        "signaal-al-verstuurd",
        _("Dit signaal is misschien al verstuurd, met andere gegevens."),
        _("Hetzelfde signaal is al eerder verstuurd of wacht hier nog. Het mag nu niet veranderen."),
        way_forward=_("Verstuur het eerst ongewijzigd opnieuw, of begin een nieuw signaal."),
    )


WITHDRAWN = "signaal-ingetrokken"
"""Code of a refusal, of the node and of the register: the own organisation took this signal back."""

NOTHING_TO_REPLACE = "niets-te-vervangen"
"""Code of a refusal: the signal in whose place another is to come, is not there."""


def withdrawn() -> Refusal:
    """A signal that was taken back is never sent again."""
    return Refusal(
        409,
        WITHDRAWN,
        _("Dit signaal is ingetrokken."),
        _("Een ingetrokken signaal wordt niet opnieuw verstuurd."),
        way_forward=_("Klopt het nu wel? Voer het dan in als een nieuw signaal."),
    )


def underway() -> Refusal:
    """A signal that is being sent at this moment cannot be touched."""
    return Refusal(
        409,
        "signaal-onderweg",
        _("Dit signaal wordt op dit moment verstuurd."),
        _("Tot dat klaar is, kan het niet worden gewijzigd, weggegooid of ingetrokken."),
        way_forward=_("Wacht twee minuten en probeer het dan opnieuw."),
        retry_after=120,
    )


def not_mendable() -> Refusal:
    """A row that may not be changed or thrown away."""
    return Refusal(
        409,
        "signaal-blijft",
        _("Dit signaal kan niet worden weggegooid of gewijzigd."),
        _("Het wacht nog, of het is misschien al bewaard."),
        way_forward=_("Vraag uw aandachtsfunctionaris om het signaal in te trekken."),
    )


def not_here() -> Refusal:
    """A signal that this person cannot reach; the same words whether it exists or not."""
    return Refusal(
        404,
        "signaal-niet-hier",
        _("Dit signaal is hier niet te vinden."),
        _("Het staat niet in dit dossier, of het is niet van u."),
        way_forward=_("Kijk bij Dossier welke signalen u kunt openen, of vraag uw aandachtsfunctionaris."),
    )


def nothing_to_replace() -> Refusal:
    """In the place of a signal that this person cannot reach comes nothing; the same words whether it never was, was thrown away or withdrawn, or is a colleague's."""
    return Refusal(
        409,
        NOTHING_TO_REPLACE,
        _("Het signaal dat u verbetert, is hier niet meer te vinden."),
        _("Het is ingetrokken of weggegooid, of het is niet van u. Wat u nu stuurde, is niet bewaard."),
        way_forward=_("Klopt wat u invulde? Verstuur het dan nog een keer, als een nieuw signaal."),
    )


def answer_bytes(answer: SignaalIngediend) -> bytes:
    """An acknowledgement as the casebook keeps it."""
    return answer.model_dump_json(by_alias=True).encode()


def kept_answer(stored: bytes) -> SignaalIngediend:
    """The acknowledgement again, as one that is repeated."""
    members: dict[str, Any] = json.loads(stored)
    return SignaalIngediend.model_validate_json(canonical_json({**members, "herhaald": True}))
