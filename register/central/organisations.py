# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Ending and merging organisations, and looking at them.

An end holds from a day on, today if need be; from then on the organisation is no participant, its mandates count for nothing and its node does not get in. A
merger is an end with a successor: from that day what it submitted, asked and logged is the successor's (policies.grounds, `current`). Nothing is moved or
rewritten: the rows keep the code under which they were made, and an answer resolves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policies.changes import OrganisationEnded
from policies.decision import Mandate
from policies.grounds import Ground, Organisation
from process.language import gettext as _
from process.problem import FieldError
from register.central.administration import Administrator, Basis
from register.central.store import organisations as store
from register.central.store.organisations import Record
from register.enrolment import EnrolmentRefusal


@dataclass(frozen=True)
class Shown:
    """All that is on record of one organisation.

    Attributes:
        record: as policy has it.
        row: as it was enrolled; None for one of the profile's files.
        certificates: how many, and the last moment of the newest.
        mandates: in force or not.
        grounds: of its own or as a party.
        took_over: those whose successor it is today.
        history: changes, oldest first.
    """

    record: Organisation
    row: Record | None
    certificates: tuple[str, ...]
    mandates: tuple[Mandate, ...]
    grounds: tuple[Ground, ...]
    took_over: tuple[str, ...]
    history: Sequence[Record]


def listed(admin: Administrator) -> tuple[Organisation, ...]:
    """Every organisation, by code."""
    return tuple(sorted(admin.centre.policy.register.organisations.values(), key=lambda one: one.id))


def shown(admin: Administrator, code: str) -> Shown:
    """One organisation.

    Raises:
        EnrolmentRefusal: unknown.
    """
    records = admin.centre.records.now()
    record = _known(admin, code)
    with admin.centre.database.public() as connection:
        row, history = store.one(connection, code), store.history(connection, code)
    return Shown(
        record=record,
        row=row,
        certificates=tuple(
            f"{fingerprint.hex()} {_('geldt tot')} {ends_at.date().isoformat()}"
            for fingerprint, ends_at in records.certificates.get(code, {}).items()
        ),
        mandates=tuple(one for one in records.register.mandates if one.organisation == code),
        grounds=tuple(one for one in records.register.grounds.values() if one.held_by(code)),
        took_over=tuple(sorted(records.register.lineage(code, admin.today) - {code})),
        history=history,
    )


def end(admin: Administrator, code: str, on: date, basis: Basis) -> None:
    """The organisation takes part no longer from this day on.

    Raises:
        EnrolmentRefusal: unknown, ended already, or a day in the past.
    """
    _require_ending(admin, code, on)
    change = OrganisationEnded(code, on - timedelta(days=1))
    said = {"geldig_tot": change.last_day.isoformat()}
    with admin.recording("organisatie_beeindigd", code, basis, said) as made:
        store.add_end(made.work, made.permit, made.number, change)


def merge(admin: Administrator, code: str, into: str, on: date, basis: Basis) -> None:
    """The organisation goes over into another from this day on.

    Raises:
        EnrolmentRefusal: one of them unknown or ended, the same twice, or a day in the past.
    """
    _require_ending(admin, code, on)
    successor = _known(admin, into)
    if into == code or not successor.takes_part(on):
        raise EnrolmentRefusal(
            _("{opvolger} kan {organisatie} niet opvolgen.").format(opvolger=into, organisatie=code),
            _("Kies een andere organisatie, die op {dag} deelneemt.").format(dag=on.isoformat()),
            (FieldError("--into", _("Deze organisatie neemt op die dag niet deel, of is dezelfde.")),),
        )
    change = OrganisationEnded(code, on - timedelta(days=1), into)
    said = {"geldig_tot": change.last_day.isoformat(), "opvolger": into}
    with admin.recording("organisatie_samengevoegd", code, basis, said, also=(into,)) as made:
        store.add_end(made.work, made.permit, made.number, change)


def _known(admin: Administrator, code: str) -> Organisation:
    found = admin.centre.policy.register.organisations.get(code)
    if found is None:
        raise EnrolmentRefusal(
            _("Organisatie {organisatie} staat niet ingeschreven.").format(organisatie=code),
            _("Kijk met 'register organisation list' welke er zijn."),
        )
    return found


def _require_ending(admin: Administrator, code: str, on: date) -> None:
    known = _known(admin, code)
    if on < admin.today:
        raise EnrolmentRefusal(
            _("Een einde kan niet in het verleden liggen: wat tot nu toe is beslist, blijft beslist."),
            _("Kies vandaag ({dag}) of een latere dag.").format(dag=admin.today.isoformat()),
        )
    if known.ended(on):
        raise EnrolmentRefusal(
            _("De deelname van {organisatie} is al geëindigd.").format(organisatie=code),
            _("Kijk met 'register organisation show' wat er is besloten."),
        )
