# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A proposed policy set as it stands: its steps, what it changes, and whether what is on record suffices.

The law of this file: **only steps that the log holds count** for advice, answer and approval (`register.central.attesting`), and an objection counts also where the log
does not hold it: what somebody puts in the database can hinder, never help. An approval does not rest on advice of the approver's own organisation alone, unless
no other one has an FG: one organisation is not both who advises and who decides.

Both sides use it: who records (`register.central.changing`) and who advises or approves in person (`register.central.consenting`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from policies.decision import Asker, Formalities, Occasion
from policies.difference import ADMINISTRATION, Change, Difference, difference, sentence
from policies.engine import Engine
from policies.grounds import GroundRegister
from policies.ruleset import PolicySetError
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.administration import ACTION as RECORDING
from register.central.attesting import attested
from register.central.centre import Centre
from register.central.store import policy as store
from register.central.store.policy import Step

ACTION: Final = "beleid_activeren"
ADVISER: Final = "fg"
AGREED_FOR: Final = timedelta(days=14)
"""How long an agreement to going back stands: chosen here, long enough for two people to find a moment."""


class PolicyRefusal(Refusal):
    """A step that cannot be taken (400); the way forward says what can."""

    def __init__(self, why: str, way: str, fields: Collection[FieldError] = ()) -> None:
        super().__init__(
            400,
            "beleid-niet-gewijzigd",
            _("Het beleid is niet gewijzigd."),
            why,
            way_forward=way,
            fields=tuple(fields),
        )


@dataclass(frozen=True)
class Person:
    """Somebody with a mandate on record, in one role: organisation and pseudonymous number."""

    organisation: str
    officer: str
    role: str


@dataclass(frozen=True)
class Proposal:
    """A proposal as it is now: its first step, and all of its steps that put nothing in force; `newest` is the number of the last step of all."""

    first: Step
    steps: tuple[Step, ...]
    newest: int

    @property
    def advice(self) -> tuple[Step, ...]:
        """What FG's advised."""
        return tuple(one for one in self.steps if one.step == store.ADVISED)

    @property
    def objection_open(self) -> bool:
        """An objection is not answered: the last answer is of before it."""
        answered = max((one.number for one in self.steps if one.step == store.ANSWERED), default=0)
        return any(one.objection and one.number > answered for one in self.advice)

    @property
    def approval(self) -> Step | None:
        """The newest approval."""
        return next((one for one in reversed(self.steps) if one.step == store.APPROVED), None)


@dataclass(frozen=True)
class Return:
    """What a roll-back would do now: the step that it undoes, the set in force before it, and the agreements to that which stand."""

    undone: Step
    to: str
    agreed: tuple[Step, ...]


def steps_of(centre: Centre) -> list[Step]:
    """Every step, oldest first."""
    with centre.database.public() as connection:
        return store.steps(connection)


def newest(steps: Collection[Step]) -> int:
    """Number of the newest step."""
    return max((one.number for one in steps), default=0)


def proposal(centre: Centre, number: int) -> Proposal:
    """A proposal by its number, with those of its steps that count.

    Raises:
        Refusal: 404, there is none.
    """
    steps = steps_of(centre)
    first = next((one for one in steps if (one.number, one.step) == (number, store.PROPOSED)), None)
    if first is None:
        raise Refusal(
            404,
            "voorstel-onbekend",
            _("Dit voorstel is er niet."),
            _("Voorstel {nummer} is er niet.").format(nummer=number),
            way_forward=_("Kijk bij Beleid, of met 'register policy list', welke voorstellen er zijn."),
        )
    own = (one for one in steps if one.proposal == number and one.step not in {*store.IN_FORCE, store.AGREED})
    return Proposal(
        first,
        tuple(
            one
            for one in own
            if one.objection or one.step == store.PROPOSED or attested(centre.database, one)
        ),
        newest(steps),
    )


def way_back(centre: Centre, on: date) -> Return | None:
    """What a roll-back would do now; None if no activation stands."""
    steps, broken = steps_of(centre), centre.records.mending().instead_of
    if broken is not None:
        undone, to = broken, centre.records.mending().policy.policy_set.hash
    else:
        standing = store.standing(steps)
        if not standing:
            return None
        undone, to = standing[-1], standing[-1].previous
    agreed = tuple(
        one
        for one in steps
        if (one.step, one.proposal, one.hash, one.previous) == (store.AGREED, undone.number, to, undone.hash)
        and on - one.at.date() <= AGREED_FOR
        and attested(centre.database, one)
    )
    return Return(undone, to, agreed)


def change_of(centre: Centre, found: Proposal) -> Difference:
    """What a proposal would change of the set in force now."""
    with centre.database.public() as connection:
        fresh = store.policy_set(connection, found.first.hash)
    return difference(centre.policy.policy_set, fresh, centre.policy.register)


def reading(change: Difference, replayed: Sequence[str]) -> dict[str, Any]:
    """A difference as readers are shown it: lists of cells that open (`ruimer`) or close (`strenger`), lines about texts, and lines of the replay."""

    def cells(found: Sequence[Change]) -> list[dict[str, Any]]:
        return [
            {
                "rol": one.role,
                "doel": one.purpose,
                "wat": one.what,
                "zin": sentence(one),
                "regels": list(one.rules),
            }
            for one in found
        ]

    return {
        "ruimer": cells(change.wider),
        "strenger": cells(change.stricter),
        "teksten": [str(one) for one in change.texts],
        "nagerekend": list(replayed),
    }


def require_seen(centre: Centre, found: Proposal, of: Step, seen: str) -> None:
    """The difference that somebody looked at is the one there is now.

    Args:
        centre: the register.
        found: the proposal.
        of: the step at which the difference was made out; it is the same while the set in force is.
        seen: its mark, as somebody gave it.

    Raises:
        PolicyRefusal: it is another one, or there is none.
    """
    in_force = centre.policy.policy_set.hash
    if found.first.hash == in_force:
        raise PolicyRefusal(
            _("Deze regels gelden al; er is geen verschil."), _("Stel andere regels voor, of laat het zo.")
        )
    mark = of.difference if of.previous == in_force else change_of(centre, found).fingerprint
    if seen != mark:
        raise PolicyRefusal(
            _(
                "Het kenmerk is niet dat van het verschil van nu: er is niet gekeken, of het beleid is intussen gewijzigd."
            ),
            _("Lees het verschil opnieuw en geef het kenmerk dat eronder staat."),
        )


def papers(centre: Centre, found: Proposal, approver: str, on: date) -> Formalities:
    """What is on record of a proposal for an approver of this organisation.

    Raises:
        PolicyRefusal: only the approver's own FG advised, and others could.
    """
    others = [one for one in found.advice if one.organisation != approver]
    if found.advice and not others and advisers(centre.policy.register, on) - {approver}:
        raise PolicyRefusal(
            _("Alleen de FG van de organisatie die goedkeurt, heeft geadviseerd."),
            _(
                "Vraag ook de FG van een andere organisatie om advies, of laat een andere organisatie goedkeuren."
            ),
        )
    return Formalities(
        advice_recorded=bool(found.advice),
        objection_open=found.objection_open,
        decision=found.first.decided_by,
        document=found.first.document,
        hash_logged=attested(centre.database, found.first),
    )


def advisers(register: GroundRegister, on: date) -> frozenset[str]:
    """The organisations that take part and have an FG that day."""
    return frozenset(
        one.organisation
        for one in register.mandates
        if one.covers(one.organisation, one.officer, ADVISER, on)
        and register.participant(one.organisation, on)
    )


def require_way_back(centre: Centre, found: Proposal, first: Asker, second: Asker, on: date) -> None:
    """Returns only if the same two could take the proposed set back under the rules of that set itself.

    Args:
        centre: the register.
        found: the proposal.
        first: the administrator, who records a roll-back.
        second: who agrees to it.
        on: today.

    Raises:
        PolicyRefusal: they could not, so that a mistake would stay.
    """
    with centre.database.public() as connection:
        fresh = store.policy_set(connection, found.first.hash)
    engine = Engine(fresh, centre.policy.register.under(fresh.profile))
    whole = Formalities(
        advice_recorded=True, objection_open=False, decision="-", document="-", hash_logged=True
    )
    occasion = Occasion(ADMINISTRATION, on, second=second, formalities=whole)
    missing = [
        reason for action in (ACTION, RECORDING) for reason in engine.action(first, occasion, action).reasons
    ]
    if missing:
        raise PolicyRefusal(
            _("Onder deze regels kunt u ze niet meer met deze twee mandaten terugdraaien: {reden}").format(
                reden=missing[0].sentence
            ),
            _("Laat in de regels wie ze kan terugdraaien, of beslis met twee mandaten die er dan nog zijn."),
        )


def require_readable(centre: Centre, name: str) -> None:
    """Returns only if this set can be put in force.

    Raises:
        PolicyRefusal: its texts are not there, or cannot be read.
    """
    if name == centre.policy.policy_set.hash:
        return
    try:
        with centre.database.public() as connection:
            store.policy_set(connection, name)
    except PolicySetError as error:
        raise PolicyRefusal(
            _("Het beleid van ervoor is niet te lezen; ernaar teruggaan zou alles stilzetten."),
            _("Stel de regels die u wilt voor met 'register policy propose'."),
        ) from error


def asker_of(centre: Centre, person: Person, on: date) -> Asker:
    """A person as policy sees one."""
    records = centre.policy.register
    return Asker(
        organisation=person.organisation,
        officer=person.officer,
        role=person.role,
        mandate=records.mandate_of(person.organisation, person.officer, person.role, on),
        participant=records.participant(person.organisation, on),
    )


def of_step(step: Step) -> Person:
    """Who took a step."""
    return Person(step.organisation, step.officer, step.role)
