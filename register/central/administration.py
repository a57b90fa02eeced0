# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An administrator of the register at work on its own machine: records what others decided, and decides nothing.

In this order: the administrator has a mandate (register_beheerder) in force today; the change is written under a number; the records are replayed with it
and must hold together; the log entry goes to the organisations concerned and to the register's own; all of it becomes durable together or not at all. Every
change names the document it rests on and who decided it. Pages for functioneel beheerders, with two mandates and the FG's advice in the same place, come later
(docs/adr/0019-organisations-as-decisions-in-order.md).
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from audit.canonical import JSON
from policies.changes import replay
from policies.decision import Asker, Mandate, Occasion
from policies.grounds import GroundError
from process.language import gettext as _
from register.central.centre import Centre, permit
from register.central.store import organisations as store
from register.central.store.work import LoggedWork
from register.enrolment import LONGEST_TEXT, EnrolmentRefusal
from register.events import ASKER, CATALOGUE, REGISTER, SUBJECT
from register.municipalities import Municipality
from register.ports import Permit

ROLE: Final = "register_beheerder"
ACTION: Final = "sleutels_houders_getuigen_beheren"
"""What policy-actions.csv lets this role do: who gets in, and nothing that shows a field."""


@dataclass(frozen=True)
class Basis:
    """On what a change rests: reference of the document, and who decided it."""

    document: str
    decided_by: str


@dataclass(frozen=True)
class Change:
    """A change under way: its transaction, the permit, and its number."""

    work: LoggedWork
    permit: Permit
    number: int


@dataclass(frozen=True)
class Administrator:
    """Who records, now.

    Attributes:
        centre: the register, frozen.
        officer: pseudonymous number.
        moment: now, UTC; frozen for the whole act.
        profile: of the register.
        municipalities: the list of municipalities.
        founding: the mandate that is being recorded for the first administrator of a register that has none; None otherwise.
    """

    centre: Centre
    officer: str
    moment: datetime
    profile: str
    municipalities: Mapping[str, Municipality]
    founding: Mandate | None = None

    @property
    def today(self) -> date:
        """The day on which this is recorded."""
        return self.moment.date()

    @contextmanager
    def recording(
        self,
        event: str,
        organisation: str,
        basis: Basis,
        said: Mapping[str, JSON],
        also: Collection[str] = (),
    ) -> Iterator[Change]:
        """A change with its log entry; both are durable when the block has ended well, and neither is otherwise.

        Args:
            event: of the catalogue.
            organisation: whom it concerns.
            basis: document and who decided.
            said: further fields of the entry.
            also: other organisations that it concerns.

        Raises:
            Refusal: 403 without a mandate; 400 for a basis that is empty, or records that would not hold together.
        """
        require_basis(basis)
        allowed = self.permit()
        change_id = self.centre.uuid()
        decided = store.Decided(
            change_id,
            event,
            organisation,
            basis.document,
            basis.decided_by,
            self.officer,
            self.moment,
        )
        with self.centre.database.logged(self.moment) as work:
            yield Change(work, allowed, store.begin(work, allowed, decided))
            try:
                replay(self.centre.records.now().base, store.changes(work.connection))
            except GroundError as error:
                raise contradicts(error) from error
            entry = self.entry(change_id.hex, organisation, basis, said)
            concerned = {organisation, *also} - {REGISTER}
            work.enter(
                {
                    **{one: CATALOGUE.payload(event, SUBJECT, entry) for one in concerned},
                    REGISTER: CATALOGUE.payload(
                        event, ASKER, {**entry, "medewerker": self.officer, "rol": ROLE}
                    ),
                }
            )

    @contextmanager
    def changing_keys(self, event: str, basis: Basis, said: Mapping[str, JSON]) -> Iterator[LoggedWork]:
        """A change of the keys with its log entry, as `recording`; no request runs meanwhile, and it concerns the register only.

        Raises:
            Refusal: 403 without a mandate; 400 for a basis that is empty.
        """
        require_basis(basis)
        self.permit()
        entry = self.entry(self.centre.uuid().hex, REGISTER, basis, said)
        who = {"medewerker": self.officer, "rol": ROLE}
        with self.centre.database.logged(self.moment, alone=True) as work:
            yield work
            work.enter({REGISTER: CATALOGUE.payload(event, ASKER, {**entry, **who})})

    def permit(self) -> Permit:
        """The yes to recording what others decided.

        Raises:
            Refusal: 403 without a mandate.
        """
        records = self.centre.policy.register
        asker = Asker(
            organisation=REGISTER,
            officer=self.officer,
            role=ROLE,
            mandate=records.mandate_of(REGISTER, self.officer, ROLE, self.today) or self.founding,
            participant=records.participant(REGISTER, self.today),
        )
        return permit(self.centre, asker, Occasion(purpose="beheer", today=self.today), ACTION)

    def entry(
        self, change_id: str, organisation: str, basis: Basis, said: Mapping[str, JSON]
    ) -> dict[str, JSON]:
        """The part of a log entry that every change has, with what is said of this one."""
        return {
            "moment": self.moment.isoformat(timespec="seconds"),
            "betreft": organisation,
            "wijziging": change_id,
            "besluitstuk": basis.document,
            "besloten_door": basis.decided_by,
            "spoor": self.centre.randomness(16).hex(),
            **said,
        }


def only_administrator(centre: Centre, today: date) -> str | None:
    """The number of the one who holds the mandate today; None if nobody does, or several."""
    found = {
        one.officer
        for one in centre.policy.register.mandates
        if one.covers(REGISTER, one.officer, ROLE, today)
    }
    return found.pop() if len(found) == 1 else None


def contradicts(error: GroundError) -> EnrolmentRefusal:
    """The records would not hold together with this change."""
    return EnrolmentRefusal(
        _("De gegevens zouden dan niet meer met elkaar kloppen ({fout}).").format(fout=error),
        _("Kijk met 'register organisation show' wat er al staat, en verbeter wat u wilde vastleggen."),
    )


def require_basis(basis: Basis) -> None:
    """Returns only if it is said on what a change rests.

    Raises:
        EnrolmentRefusal: not, or not well.
    """
    for text in (basis.document, basis.decided_by):
        if not 3 <= len(text) <= LONGEST_TEXT or not text.isprintable():
            raise EnrolmentRefusal(
                _("Er staat niet goed bij op welk besluit dit berust, of wie besloot."),
                _(
                    "Noem het document met --document en wie besloot met --decided-by, elk op één regel van 3 tot {meest} tekens."
                ).format(meest=LONGEST_TEXT),
            )
