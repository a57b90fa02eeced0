# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Changes to the records of a profile, replayed in the order in which they were recorded.

The law of this file:

1. A change **adds** a record or **ends** one. Nothing is changed in place, so what held on a day can always be told.
2. Adding never touches what is there: an id that exists is refused, wherever it came from. A record of the profile's files
   can therefore not be widened by one in a database.
3. Ending only ever shortens: of two ends the earlier holds. A later mandate for the same person is a record of its own.
4. An organisation that ended cannot take over from another, nor get a mandate from that day on by being added again.

Left to others: where changes are kept and who may make them (register.central).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from policies.decision import Mandate
from policies.grounds import Ground, GroundError, GroundRegister, Organisation


@dataclass(frozen=True)
class OrganisationAdded:
    """An organisation takes part from now on, or from its first day."""

    organisation: Organisation


@dataclass(frozen=True)
class MandateGiven:
    """An organisation gave a role to one of its officers."""

    mandate: Mandate


@dataclass(frozen=True)
class GroundRecorded:
    """A ground was decided."""

    ground: Ground


@dataclass(frozen=True)
class OrganisationEnded:
    """An organisation takes part no longer after its last day; `successor` takes over from it ("": nobody does)."""

    organisation: str
    last_day: date
    successor: str = ""


@dataclass(frozen=True)
class MandateEnded:
    """Every mandate recorded so far of this officer for this role ends, at the latest on this day."""

    organisation: str
    officer: str
    role: str
    last_day: date


Change = OrganisationAdded | MandateGiven | GroundRecorded | OrganisationEnded | MandateEnded


def replay(base: GroundRegister, changes: Iterable[Change]) -> GroundRegister:
    """The register after these changes.

    Raises:
        GroundError: a change that breaks the law above, or leaves a register that does not hold together; names the record.
    """
    organisations, grounds, mandates = dict(base.organisations), dict(base.grounds), list(base.mandates)
    for change in changes:
        match change:
            case OrganisationAdded(organisation):
                _refuse_known(organisation.id, organisations)
                organisations[organisation.id] = organisation
            case OrganisationEnded():
                organisations[change.organisation] = _ended(organisations, change)
            case GroundRecorded(ground):
                _refuse_known(ground.id, grounds)
                grounds[ground.id] = ground
            case MandateGiven(mandate):
                _require(mandate.organisation, organisations)
                mandates.append(mandate)
            case MandateEnded():
                mandates = [_shortened(one, change) for one in mandates]
    register = replace(base, organisations=organisations, grounds=grounds, mandates=tuple(mandates))
    register.check()
    return register


def _refuse_known(name: str, known: Iterable[str]) -> None:
    if name in known:
        raise GroundError(f"{name} is recorded already")


def _require(organisation: str, organisations: dict[str, Organisation]) -> Organisation:
    if organisation not in organisations:
        raise GroundError(f"{organisation} is not registered")
    return organisations[organisation]


def _ended(organisations: dict[str, Organisation], change: OrganisationEnded) -> Organisation:
    known = _require(change.organisation, organisations)
    if change.successor and _require(change.successor, organisations).ended(change.last_day):
        raise GroundError(f"{change.successor} ended before it could take over from {change.organisation}")
    if known.successor and change.successor and change.successor != known.successor:
        raise GroundError(f"{known.id} has a successor already: {known.successor}")
    return replace(
        known,
        valid_to=min(change.last_day, known.valid_to or change.last_day),
        successor=known.successor or change.successor,
    )


def _shortened(mandate: Mandate, change: MandateEnded) -> Mandate:
    same = (mandate.organisation, mandate.officer, mandate.role) == (
        change.organisation,
        change.officer,
        change.role,
    )
    return replace(mandate, valid_to=min(mandate.valid_to, change.last_day)) if same else mandate
