# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The records that decisions rest on: those of the profile with the changes of the database replayed over them.

A running register looks at each request whether a change came (one small read) and only then reads them all, so that what ended stops at once and what
began starts at once, without a restart. A request works with one frozen set from its beginning to its end. Records that do not hold together decide
nothing: every request is refused until somebody mends them, because going on with the former ones could mean going on with what was ended.

Which policy set decides is looked up in the same way: that of the newest step that put one in force by now, or the one that the software brings
(docs/adr/0032-decisions-on-record-and-policy-by-steps.md). A step that is still to come is read at once, so that its moment costs nothing. A step is believed only if
the log holds its entry (`register.central.attesting`); one that is not, or whose set cannot be read, decides nothing, and everything is refused but going back.

A node gets in under a certificate that is on record for its organisation; organisations of the profile's files have none on record and get in under any
that the authority issued for them. One that ended, or that another took over from, does not get in.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Protocol

from policies.changes import replay
from policies.engine import Engine
from policies.grounds import GroundError, GroundRegister
from policies.ruleset import PolicySet, PolicySetError
from process.language import gettext as _
from process.moments import Clock
from process.problem import Refusal
from register.central.attesting import attested
from register.central.store import organisations as store
from register.central.store import policy as policy_store
from register.central.store.policy import Step
from register.central.store.work import RegisterDatabase


@dataclass(frozen=True)
class Records:
    """One frozen set.

    Attributes:
        policy: the decision point over it.
        certificates: those on record by organisation, fingerprint -> last moment.
        base: the records of the profile, before any change.
        version: of the records, as a decision record names it: hash of the profile's own, and the number of the last change.
        instead_of: the step whose set decides nothing, where these are for going back; None otherwise.
    """

    policy: Engine
    certificates: Mapping[str, Mapping[bytes, datetime]]
    base: GroundRegister
    version: str = ""
    instead_of: Step | None = None

    @property
    def register(self) -> GroundRegister:
        """Organisations, mandates and grounds."""
        return self.policy.register

    def require_node(self, organisation: str, certificate: bytes, on: date) -> None:
        """Returns only if this organisation may come in under this certificate (DER) today.

        An organisation that nobody registered passes here: policy refuses it with a reason about participation.

        Raises:
            Refusal: 403.
        """
        self.require_there(organisation, on)
        known = self.certificates.get(organisation)
        if known is not None and sha256(certificate).digest() not in known:
            raise Refusal(
                403,
                "certificaat-onbekend",
                _("Dit certificaat is bij het register niet bekend."),
                _("Voor {organisatie} staat een ander certificaat ingeschreven.").format(
                    organisatie=organisation
                ),
                way_forward=_("Vraag de beheerder van het register om dit certificaat in te schrijven."),
                rule="C2",
            )

    def require_there(self, organisation: str, on: date) -> None:
        """Returns only if this organisation did not end.

        Raises:
            Refusal: 403, naming who took over.
        """
        record = self.register.organisations.get(organisation)
        if record is None or not record.ended(on):
            return
        successor = self.register.current(organisation, on)
        raise Refusal(
            403,
            "organisatie-beeindigd",
            _("Deze organisatie doet niet meer mee."),
            _("De deelname van {organisatie} is geëindigd.").format(organisatie=organisation)
            if successor == organisation
            else _("{organisatie} is overgegaan in {opvolger}.").format(
                organisatie=organisation, opvolger=successor
            ),
            way_forward=_("Vraag de beheerder van het register wat er is besloten.")
            if successor == organisation
            else _("Werk verder bij {opvolger}.").format(opvolger=successor),
            rule="C2",
        )


class RecordSource(Protocol):
    """Where a request gets its records."""

    def now(self) -> Records:
        """The records as they are now."""
        ...

    def mending(self) -> Records:
        """The same, and where the policy in force decides nothing, under the one that one goes back to."""
        ...

    def worries(self) -> list[str]:
        """What somebody must look at, in Dutch."""
        ...


@dataclass(frozen=True)
class Frozen:
    """Records that stay as they are for one request."""

    records: Records

    def now(self) -> Records:
        """The same, always."""
        return self.records

    def mending(self) -> Records:
        """The same, always."""
        return self.records

    def worries(self) -> list[str]:
        """Nothing that the live records do not tell."""
        return []


@dataclass(frozen=True)
class Packaged:
    """What the software brings: policy set number zero, and the records of the profile with their hash."""

    policy_set: PolicySet
    base: GroundRegister
    base_hash: str


@dataclass(frozen=True)
class _Known:
    """What was read, until a newer change or step comes; `wrong` says of steps, by number, why their set decides nothing; `former` is the set that one goes back to then."""

    change: store.Version
    step: int
    moment: datetime
    steps: Sequence[Step]
    by_hash: Mapping[str, Records]
    wrong: Mapping[int, str]
    former: str


class LiveRecords:
    """The records of a running register; safe to share between threads."""

    def __init__(self, database: RegisterDatabase, packaged: Packaged, clock: Clock) -> None:
        self._database = database
        self._packaged = packaged
        self._clock = clock
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._sets = {packaged.policy_set.hash: packaged.policy_set}
        self._believed: set[Step] = set()

    def now(self) -> Records:
        """The records with every change that is durable by now, under the policy set of now.

        Raises:
            Refusal: 503, the records do not hold together, or the policy set in force cannot be read or believed.
        """
        try:
            return self.read()
        except GroundError:
            raise broken() from None
        except PolicySetError as error:
            raise unreadable(error) from None

    def read(self) -> Records:
        """The same for whoever can mend them.

        Raises:
            GroundError: the records do not hold together; names the one that does not fit.
            PolicySetError: the policy set in force is not there, is another than its hash says, or came into force by a step that the log does not hold.
        """
        known, there = self._look()
        if there is not None and there.number in known.wrong:
            raise PolicySetError(known.wrong[there.number])
        return known.by_hash[self._packaged.policy_set.hash if there is None else there.hash]

    def mending(self) -> Records:
        """The records of now, and where the set in force decides nothing, those under the set that one goes back to; only for going back to it.

        Raises:
            Refusal: 503, the records do not hold together.
        """
        try:
            known, there = self._look()
        except GroundError:
            raise broken() from None
        if there is None or there.number not in known.wrong:
            return known.by_hash[self._packaged.policy_set.hash if there is None else there.hash]
        return replace(known.by_hash[known.former], instead_of=there)

    def worries(self) -> list[str]:
        """What somebody must look at, in Dutch."""
        try:
            known, there = self._look()
        except GroundError:
            return [broken().detail]
        found = []
        for number, why in known.wrong.items():
            when = _("nu") if there is not None and number == there.number else _("straks")
            found.append(
                _(
                    "ALARM: stap {nummer} van het beleid kan {wanneer} niets beslissen: {waarom}. {weg}"
                ).format(nummer=number, wanneer=when, waarom=why, weg=_way_back())
            )
        return found

    def _look(self) -> tuple[_Known, Step | None]:
        """What is known, read again if something came; and the step in force."""
        moment = self._clock()
        with self._database.public() as connection:
            change, step = store.version(connection), policy_store.newest(connection)
        known = self._known
        if known is None or (known.change, known.step) != (change, step):
            with self._lock:
                known = self._read(change, step, moment)
                # Whoever stores an older one here is overtaken at the next look, which compares again.
                self._known = known
        # Not before the moment of what was read: another request may have read it a little later than this one began.
        return known, policy_store.in_force(known.steps, max(moment, known.moment))

    def _read(self, change: store.Version, step: int, moment: datetime) -> _Known:
        with self._database.public() as connection:
            number = store.newest(connection)
            register = replay(self._packaged.base, store.changes(connection, number))
            certificates = store.certificates(connection)
            steps = policy_store.steps(connection)
        there = policy_store.in_force(steps, moment)
        # What may come into force without another step: the one of now, and what is still to come.
        coming = [
            one
            for one in steps
            if one.step in policy_store.IN_FORCE and (there is None or one.number >= there.number)
        ]
        wrong = {one.number: why for one in coming if (why := self._obstacle(one, register)) is not None}
        packaged = self._packaged.policy_set.hash
        former = self._former(steps, moment, register) if wrong else packaged
        names = {packaged, former, *(one.hash for one in coming if one.number not in wrong)}
        base, version = self._packaged.base, f"{self._packaged.base_hash}/{number}"
        by_hash = {
            name: Records(Engine(one, register.under(one.profile)), certificates, base, version)
            for name, one in self._sets.items()
            if name in names
        }
        return _Known(change, step, moment, steps, by_hash, wrong, former)

    def _obstacle(self, step: Step, register: GroundRegister) -> str | None:
        """Why this step cannot decide; None if it can. What was believed once is not looked up again."""
        if step not in self._believed:
            if not attested(self._database, step):
                return _("het logboek bevat deze stap niet")
            self._believed.add(step)
        return None if self._readable(step.hash, register) else _("de regels ervan zijn niet te lezen")

    def _set(self, name: str) -> None:
        if name not in self._sets:
            with self._database.public() as connection:
                self._sets[name] = policy_store.policy_set(connection, name)

    def _former(self, steps: Sequence[Step], moment: datetime, register: GroundRegister) -> str:
        """The set that one goes back to: the newest one that was in force and can be read, of the activations that the log holds and nobody took back; else the software's."""
        held = [
            one for one in steps if one.step not in policy_store.IN_FORCE or attested(self._database, one)
        ]
        found: list[str] = []
        for one in reversed(policy_store.standing(held)):
            came = one.takes_effect_at is not None and one.takes_effect_at <= moment
            found += [one.hash, one.previous] if came else [one.previous]
        readable = (name for name in found if self._readable(name, register))
        return next(readable, self._packaged.policy_set.hash)

    def _readable(self, name: str, register: GroundRegister) -> bool:
        try:
            self._set(name)
            register.under(self._sets[name].profile)
        except (PolicySetError, GroundError):
            return False
        return True


def _way_back() -> str:
    return _(
        "De beheerder van het register gaat terug met 'register policy roll-back'. Eerst gaat een functioneel beheerder van een andere organisatie op de pagina Beleid akkoord."
    )


def broken() -> Refusal:
    """Nothing is decided on records that contradict each other."""
    return Refusal(
        503,
        "gegevens-kloppen-niet",
        _("Het register kan nu niets beslissen."),
        _("De gegevens over organisaties en grondslagen kloppen niet met elkaar."),
        way_forward=_("De beheerder van het register moet dit herstellen. Probeer het later opnieuw."),
        retry_after=60,
    )


def unreadable(error: PolicySetError) -> Refusal:
    """Nothing is decided by a policy set that cannot be read, or that the log does not know."""
    return Refusal(
        503,
        "beleid-niet-te-lezen",
        _("Het register kan nu niets beslissen."),
        _("Het beleid dat nu zou gelden, wordt niet gebruikt: {waarom}.").format(waarom=error),
        way_forward=_way_back(),
        retry_after=60,
    )
