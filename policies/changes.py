# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Changes to the records of a profile, replayed in the order in which they were recorded.

The law of this file:

1. A change **adds** a record or **ends** one. Nothing is changed in place, so what held on a day can always be told.
2. Adding never touches what is there: an id that exists is refused, wherever it came from. A record of the profile's files
   can therefore not be widened by one in a database.
3. Ending only ever shortens: of two ends the earlier holds. A later mandate for the same person, or a later ground, is a record of its own.
4. An organisation that ended cannot take over from another, nor get a mandate from that day on by being added again.
5. A gate is as the last decision on it says, and none opens without advice of the FG or over an objection that nobody answered in writing.
6. A party joins a samenwerkingsverband or covenant from a day on and leaves it after one; what was decided about a ground with others stays as it was decided.

Left to others: where changes are kept and who may make them (register.central).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from policies.decision import Mandate
from policies.grounds import (
    GATES,
    Alliance,
    Criterion,
    FgAdvice,
    Gate,
    Ground,
    GroundError,
    GroundRegister,
    Organisation,
    Party,
)
from process.language import gettext as _


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


@dataclass(frozen=True)
class GroundEnded:
    """A ground stands no longer after its last day."""

    ground: str
    last_day: date


@dataclass(frozen=True)
class AllianceRecorded:
    """A samenwerkingsverband or covenant was registered."""

    alliance: Alliance


@dataclass(frozen=True)
class PartyJoined:
    """An organisation is a party from this day on."""

    alliance: str
    organisation: str
    first_day: date


@dataclass(frozen=True)
class PartyLeft:
    """Every time so far that the organisation was a party ends, at the latest on this day; "" means every party: the whole ends."""

    alliance: str
    organisation: str
    last_day: date


@dataclass(frozen=True)
class GateDecided:
    """A gate was opened or closed; `decision` says who decided in which document."""

    code: str
    opened: bool
    decision: str
    fg_advice: FgAdvice | None = None


@dataclass(frozen=True)
class CriteriaSet:
    """The checklist behind C10 is this one from now on, on the FG's advice."""

    criteria: tuple[Criterion, ...]
    fg_advice: FgAdvice


Change = (
    OrganisationAdded
    | MandateGiven
    | GroundRecorded
    | OrganisationEnded
    | MandateEnded
    | GroundEnded
    | AllianceRecorded
    | PartyJoined
    | PartyLeft
    | GateDecided
    | CriteriaSet
)


def replay(base: GroundRegister, changes: Iterable[Change]) -> GroundRegister:
    """The register after these changes.

    Raises:
        GroundError: a change that breaks the law above, or leaves a register that does not hold together; names the record.
    """
    organisations, grounds, mandates = dict(base.organisations), dict(base.grounds), list(base.mandates)
    alliances, gates, criteria = dict(base.alliances), dict(base.gates), base.criteria
    for change in changes:
        match change:
            case OrganisationAdded(organisation):
                _refuse_known(organisation.id, organisations)
                organisations[organisation.id] = organisation
            case OrganisationEnded():
                organisations[change.organisation] = _ended(organisations, change)
            case GroundRecorded() | GroundEnded():
                ground = _recorded(grounds, change)
                grounds[ground.id] = ground
            case MandateGiven(mandate):
                _require(mandate.organisation, organisations)
                mandates.append(mandate)
            case MandateEnded():
                mandates = [_shortened(one, change) for one in mandates]
            case AllianceRecorded() | PartyJoined() | PartyLeft():
                agreed = _agreed(alliances, change)
                alliances[agreed.id] = agreed
            case GateDecided():
                gates[change.code] = _decided(change)
            case CriteriaSet():
                criteria = _checklist(change)
    register = replace(
        base,
        organisations=organisations,
        grounds=grounds,
        mandates=tuple(mandates),
        alliances=alliances,
        gates=gates,
        criteria=criteria,
    )
    register.check()
    return register


def _refuse_known(name: str, known: Iterable[str]) -> None:
    if name in known:
        raise GroundError(_("{naam} is al vastgelegd").format(naam=name))


def _require(organisation: str, organisations: dict[str, Organisation]) -> Organisation:
    if organisation not in organisations:
        raise GroundError(_("{naam} is niet ingeschreven").format(naam=organisation))
    return organisations[organisation]


def _agreed(alliances: dict[str, Alliance], change: AllianceRecorded | PartyJoined | PartyLeft) -> Alliance:
    if isinstance(change, AllianceRecorded):
        _refuse_known(change.alliance.id, alliances)
        return change.alliance
    if change.alliance not in alliances:
        raise GroundError(_("{naam} is niet vastgelegd").format(naam=change.alliance))
    known = alliances[change.alliance]
    return _joined(known, change) if isinstance(change, PartyJoined) else _left(known, change)


def _joined(alliance: Alliance, change: PartyJoined) -> Alliance:
    if any(
        one.organisation == change.organisation and (one.valid_to is None or change.first_day <= one.valid_to)
        for one in alliance.parties
    ):
        raise GroundError(
            _("{naam} is al partij bij {verband}").format(naam=change.organisation, verband=alliance.id)
        )
    return replace(alliance, parties=(*alliance.parties, Party(change.organisation, change.first_day)))


def _left(alliance: Alliance, change: PartyLeft) -> Alliance:
    if not change.organisation:
        return replace(alliance, valid_to=min(change.last_day, alliance.valid_to or change.last_day))
    if change.organisation not in alliance.members:
        raise GroundError(
            _("{naam} is geen partij bij {verband}").format(naam=change.organisation, verband=alliance.id)
        )
    return replace(
        alliance,
        parties=tuple(
            replace(one, valid_to=min(change.last_day, one.valid_to or change.last_day))
            if one.organisation == change.organisation
            else one
            for one in alliance.parties
        ),
    )


def _decided(change: GateDecided) -> Gate:
    if change.code not in GATES:
        raise GroundError(_("er is geen poort '{code}'").format(code=change.code))
    advice = change.fg_advice
    if change.opened and (advice is None or advice.blocks(date.max)):
        raise GroundError(
            _("{code}: geen poort gaat open zonder advies van de FG of met een open bezwaar").format(
                code=change.code
            )
        )
    return Gate(change.code, change.opened, change.decision, advice)


def _checklist(change: CriteriaSet) -> tuple[Criterion, ...]:
    if change.fg_advice.blocks(date.max):
        raise GroundError(_("de criteria gelden niet met een open bezwaar van de FG"))
    return change.criteria


def _ended(organisations: dict[str, Organisation], change: OrganisationEnded) -> Organisation:
    known = _require(change.organisation, organisations)
    if change.successor and _require(change.successor, organisations).ended(change.last_day):
        raise GroundError(
            _("{opvolger} eindigde al voordat het {naam} kon overnemen").format(
                opvolger=change.successor, naam=change.organisation
            )
        )
    if known.successor and change.successor and change.successor != known.successor:
        raise GroundError(
            _("{naam} heeft al een opvolger: {opvolger}").format(naam=known.id, opvolger=known.successor)
        )
    return replace(
        known,
        valid_to=min(change.last_day, known.valid_to or change.last_day),
        successor=known.successor or change.successor,
    )


def _recorded(grounds: dict[str, Ground], change: GroundRecorded | GroundEnded) -> Ground:
    if isinstance(change, GroundRecorded):
        _refuse_known(change.ground.id, grounds)
        return change.ground
    known = grounds.get(change.ground)
    if known is None:
        raise GroundError(_("{naam} is niet vastgelegd").format(naam=change.ground))
    return replace(known, valid_to=min(known.valid_to, change.last_day))


def _shortened(mandate: Mandate, change: MandateEnded) -> Mandate:
    same = (mandate.organisation, mandate.officer, mandate.role) == (
        change.organisation,
        change.officer,
        change.role,
    )
    return replace(mandate, valid_to=min(mandate.valid_to, change.last_day)) if same else mandate
