# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A record that functioneel beheerders lay down with two: a mandate, a ground, or the end of a ground; proposed by one, decided by another.

The law of this file (policy-actions.csv, grondslag_vaststellen and accounts_beheren; ADR 52):

1. A proposal never changes. What must be otherwise is withdrawn and proposed anew.
2. A **ground** needs the advice of an FG, given in person. An objection blocks until it is answered in writing, after it (AVG 38(6)).
3. It is laid down by **somebody else than who proposed it**: of the own organisation where the record is of that alone, and otherwise by one of
   every other organisation that it binds, so that nobody is bound by a signature of others.
4. Nobody does two of these three: propose, advise, approve.
5. No proposal makes, and no page ends, who is the second pair of eyes or supervises (`APART`): whoever could make them would be two people,
   and whoever could end an FG could be rid of supervision (AVG 38(3)). Those the administrator of the register records.
6. A ground of one case (consent, vital interest) is no standing ground, and is not proposed here.

Left to others: whether policy allows it, keeping it, and the words of the pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import yaml

from policies.decision import PURPOSES, Mandate
from policies.grounds import CASE_BOUND, GroundRegister
from process.language import gettext as _
from process.language import speaking
from process.problem import FieldError
from register.enrolment import LONGEST_TEXT, mandate_problem

APART: Final = frozenset({"fg", "functioneel_beheerder", "register_beheerder"})
"""Roles that are made and ended on the command line only."""
MANAGER: Final = "functioneel_beheerder"
ADVISER: Final = "fg"


class Kind(StrEnum):
    """What is proposed."""

    MANDATE = "mandaat"
    GROUND = "grondslag"
    GROUND_END = "grondslag_einde"


class Did(StrEnum):
    """What somebody did with a proposal."""

    ADVISED = "advies"
    ANSWERED = "antwoord"
    APPROVED = "goedkeuring"
    WITHDRAWN = "intrekking"


class State(StrEnum):
    """How far a proposal is."""

    ADVICE = "wacht_op_advies"
    OBJECTION = "bezwaar"
    SECOND = "wacht_op_tweede"
    LAID_DOWN = "vastgelegd"
    WITHDRAWN = "ingetrokken"


@dataclass(frozen=True)
class Step:
    """One step: by whom, with what was written, and by which door the person came (`sessie` or `node`)."""

    did: Did
    organisation: str
    officer: str
    objection: bool
    document: str
    text: str
    door: str
    at: datetime


@dataclass(frozen=True)
class Proposal:
    """A proposal with its steps in order; `parties` are all that the record is of, who proposed included."""

    id: UUID
    kind: Kind
    organisation: str
    parties: frozenset[str]
    content: Mapping[str, Any]
    document: str
    decided_by: str
    officer: str
    door: str
    at: datetime
    steps: tuple[Step, ...] = ()

    def _of(self, did: Did) -> tuple[Step, ...]:
        return tuple(one for one in self.steps if one.did is did)

    @property
    def advice(self) -> tuple[Step, ...]:
        """What FG's advised, oldest first."""
        return self._of(Did.ADVISED)

    @property
    def answered(self) -> Step | None:
        """The newest written answer."""
        return next(reversed(self._of(Did.ANSWERED)), None)

    @property
    def objection_open(self) -> bool:
        """An objection stands that no later answer met."""
        last = max((at for at, one in enumerate(self.steps) if one.did is Did.ANSWERED), default=-1)
        return any(one.did is Did.ADVISED and one.objection for one in self.steps[last + 1 :])

    @property
    def wanted(self) -> frozenset[str]:
        """The organisations of which somebody must still approve."""
        others = (self.parties - {self.organisation}) or frozenset({self.organisation})
        # Who approved before an objection did not know of it.
        last = max((at for at, one in enumerate(self.steps) if one.objection), default=-1)
        return others - {one.organisation for one in self.steps[last + 1 :] if one.did is Did.APPROVED}

    @property
    def state(self) -> State:
        """How far it is."""
        if self._of(Did.WITHDRAWN):
            return State.WITHDRAWN
        if not self.wanted:
            return State.LAID_DOWN
        if self.kind is Kind.GROUND and self.objection_open:
            return State.OBJECTION
        if self.kind is Kind.GROUND and not self.advice:
            return State.ADVICE
        return State.SECOND

    @property
    def open(self) -> bool:
        """Something can still be done with it."""
        return self.state not in {State.WITHDRAWN, State.LAID_DOWN}

    def last_to_approve(self, organisation: str) -> bool:
        """Whether an approval of this organisation lays it down."""
        return self.wanted == {organisation}

    def hindrance(self, did: Did, organisation: str, officer: str) -> str | None:
        """Why this person cannot do this by the law above, in Dutch; None if nothing here stands in the way."""
        me = (organisation, officer)
        proposer = (self.organisation, self.officer)
        advisers = {(one.organisation, one.officer) for one in self.advice}
        if did is Did.APPROVED and me == proposer:
            return _("U deed dit voorstel zelf. Een tweede persoon beslist erover.")
        if did is Did.APPROVED and me in advisers:
            return _("U gaf advies over dit voorstel. Wie adviseert, beslist niet.")
        if did is Did.APPROVED and self.kind is Kind.MANDATE and self.content["officer"] == officer:
            return _("Dit mandaat is voor uzelf. Een ander beslist erover.")
        approvers = {(one.organisation, one.officer) for one in self._of(Did.APPROVED)}
        if did is Did.ADVISED and me in {proposer, *approvers}:
            return _("U deed of besliste zelf over dit voorstel. Een ander adviseert erover.")
        if did is Did.APPROVED and organisation not in self.wanted:
            return (
                _("Uw organisatie deed dit voorstel. Elke andere partij beslist er zelf over.")
                if organisation == self.organisation
                else _("Uw organisatie heeft dit voorstel al goedgekeurd.")
            )
        return None

    @property
    def mandate(self) -> Mandate:
        """The mandate that is proposed; only of that kind."""
        said = {name: date.fromisoformat(self.content[name]) for name in _DAYS_OF_A_MANDATE}
        return Mandate(self.content["role"], self.organisation, self.content["officer"], **said)

    def ground_text(self) -> str:
        """The proposed ground in the form of grounds.yaml, with the advice in it as it is on record; only of that kind."""
        record: dict[str, Any] = {
            name: date.fromisoformat(value) if name in _DAYS_OF_A_GROUND else value
            for name, value in self.content.items()
            if name != "decided_on"
        }
        record["document"] = self.document
        decided = date.fromisoformat(self.content["decided_on"])
        record["decision"] = {"by": self.decided_by, "date": decided}
        if self.advice:
            told = next((one for one in reversed(self.advice) if one.objection), self.advice[-1])
            # A record is Dutch, whoever decided.
            with speaking(None):
                document = _("advies van de FG van {organisatie} op voorstel {nummer}").format(
                    organisatie=told.organisation, nummer=self.id
                )
            advice: dict[str, Any] = {
                "date": told.at.date(),
                "document": document,
                "objection": told.objection,
            }
            if told.objection and self.answered is not None and not self.objection_open:
                advice["answered_on"] = self.answered.at.date()
            record["fg_advice"] = advice
        return yaml.safe_dump({"grounds": [record]}, allow_unicode=True, sort_keys=False)


_DAYS_OF_A_MANDATE: Final = ("valid_from", "valid_to", "trained_on", "screened_on")
_DAYS_OF_A_GROUND: Final = frozenset({"valid_from", "valid_to"})


def mandate_content(mandate: Mandate) -> dict[str, str]:
    """A mandate as a proposal keeps it; both days of fitness are there (`mandate_problems`)."""
    days = {name: getattr(mandate, name).isoformat() for name in _DAYS_OF_A_MANDATE}
    return {"role": mandate.role, "officer": mandate.officer, **days}


@dataclass(frozen=True)
class GroundWanted:
    """A ground as somebody proposes it: code, article, task, from and until, when it was decided; the samenwerkingsverband or covenant ("": none) and the purposes (none: all of the code)."""

    code: str
    article: str
    task: str
    valid_from: date
    valid_to: date
    decided_on: date
    alliance: str = ""
    purposes: Sequence[str] = ()


def ground_content(
    wanted: GroundWanted, name: str, organisation: str, parties: Sequence[str]
) -> dict[str, Any]:
    """A ground as a proposal keeps it, by the names of grounds.yaml; with `parties` it is of them, else of the organisation alone."""
    record: dict[str, Any] = {
        "id": name,
        "code": wanted.code,
        "article": wanted.article,
        "task": wanted.task,
        "valid_from": wanted.valid_from.isoformat(),
        "valid_to": wanted.valid_to.isoformat(),
        "decided_on": wanted.decided_on.isoformat(),
    }
    if wanted.alliance:
        record |= {"alliance": wanted.alliance, "parties": sorted(parties)}
    else:
        record["organisation"] = organisation
    return {**record, "purposes": sorted(wanted.purposes)} if wanted.purposes else record


def ground_name(organisation: str, code: str, number: UUID) -> str:
    """The id of a ground that is proposed: never one that is there, and of the form that a header takes."""
    bare = "".join(one for one in code if one.isalnum())
    return f"{organisation}-{bare}-{number.hex[:8]}"


def codes_to_propose(register: GroundRegister) -> tuple[str, ...]:
    """The codes of grounds that can be proposed: what the profile admits, but for what belongs to one case."""
    return tuple(sorted(register.profile.grounds - CASE_BOUND))


def basis_problems(document: str, decided_by: str) -> list[FieldError]:
    """What is wrong with the document and the body that a proposal rests on."""
    return _lines({"besluitstuk": document, "beslotenDoor": decided_by})


def mandate_problems(mandate: Mandate, on: date) -> list[FieldError]:
    """What is wrong with a mandate that somebody proposes on this day."""
    if mandate.role in APART:
        return [FieldError("rol", apart_sentence())]
    found = mandate_problem(mandate.organisation, mandate, on)
    return [] if found is None else [FieldError(*found)]


def apart_sentence() -> str:
    """Why an FG and a functioneel beheerder are not made on a page."""
    return _(
        "Een FG of functioneel beheerder maakt u hier niet: zo is niemand alleen twee mensen. De beheerder van het register legt die vast op het besluit van uw college."
    )


def ground_problems(
    wanted: GroundWanted, register: GroundRegister, organisation: str, on: date
) -> list[FieldError]:
    """What is wrong with a ground that somebody of this organisation proposes on this day, but for what its agreement asks (`policies.grounds.alliance_problem`)."""
    wrong = _lines({"artikel": wanted.article, "taak": wanted.task})
    codes = codes_to_propose(register)
    if wanted.code not in codes:
        wrong.append(FieldError("code", _("Kies uit: {codes}.").format(codes=", ".join(codes))))
    if wanted.valid_to < max(wanted.valid_from, on):
        wrong.append(FieldError("geldigTot", _("Kies een laatste dag die nog komt, en na de eerste.")))
    if wanted.decided_on > on:
        wrong.append(FieldError("beslotenOp", _("Een besluit ligt niet in de toekomst.")))
    if not set(wanted.purposes) <= set(PURPOSES):
        wrong.append(FieldError("doelen", _("Kies doelen uit de lijst.")))
    alliance = register.alliances.get(wanted.alliance)
    if wanted.alliance and (alliance is None or not alliance.binds(organisation, on)):
        wrong.append(FieldError("verband", _("Uw organisatie is hier vandaag geen partij.")))
    return wrong


def _lines(texts: Mapping[str, str]) -> list[FieldError]:
    return [
        FieldError(name, _("Eén regel van 3 tot {meest} tekens.").format(meest=LONGEST_TEXT))
        for name, text in texts.items()
        if not 3 <= len(text.strip()) <= LONGEST_TEXT or not text.isprintable()
    ]
