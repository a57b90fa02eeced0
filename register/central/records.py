# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The records that decisions rest on: those of the profile with the changes of the database replayed over them.

A running register looks at each request whether a change came (one small read) and only then reads them all, so that what ended stops at once and what
began starts at once, without a restart. A request works with one frozen set from its beginning to its end. Records that do not hold together decide
nothing: every request is refused until somebody mends them, because going on with the former ones could mean going on with what was ended.

A node gets in under a certificate that is on record for its organisation; organisations of the profile's files have none on record and get in under any
that the authority issued for them. One that ended, or that another took over from, does not get in.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from gettext import gettext as _
from hashlib import sha256
from typing import Protocol

from policies.changes import replay
from policies.engine import Engine
from policies.grounds import GroundError, GroundRegister
from policies.ruleset import PolicySet
from process.problem import Refusal
from register.central.store import organisations as store
from register.central.store.work import RegisterDatabase


@dataclass(frozen=True)
class Records:
    """One frozen set.

    Attributes:
        policy: the decision point over it.
        certificates: those on record by organisation, fingerprint -> last moment.
        base: the records of the profile, before any change.
    """

    policy: Engine
    certificates: Mapping[str, Mapping[bytes, datetime]]
    base: GroundRegister

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


@dataclass(frozen=True)
class Frozen:
    """Records that stay as they are for one request."""

    records: Records

    def now(self) -> Records:
        """The same, always."""
        return self.records


class LiveRecords:
    """The records of a running register; safe to share between threads."""

    def __init__(self, database: RegisterDatabase, policy_set: PolicySet, base: GroundRegister) -> None:
        self._database = database
        self._policy_set = policy_set
        self._base = base
        self._lock = threading.Lock()
        self._known: tuple[store.Version, Records] | None = None

    def now(self) -> Records:
        """The records with every change that is durable by now.

        Raises:
            Refusal: 503, the records do not hold together.
        """
        try:
            return self.read()
        except GroundError:
            raise broken() from None

    def read(self) -> Records:
        """The same for whoever can mend them.

        Raises:
            GroundError: the records do not hold together; names the one that does not fit.
        """
        with self._database.public() as connection:
            version = store.version(connection)
            known = self._known
            if known is not None and known[0] == version:
                return known[1]
            with self._lock:
                policy = Engine(self._policy_set, replay(self._base, store.changes(connection)))
                records = Records(policy, store.certificates(connection), self._base)
                # Whoever stores an older one here is overtaken at the next look, which compares again.
                self._known = (version, records)
                return records


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
