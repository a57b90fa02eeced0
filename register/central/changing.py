# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A policy set comes into force by steps, each an entry of the log; and goes back to the former one in a single step.

In this order:

1. **Proposed** (`propose`): the set passes the checks and differs from the one in force. Its texts are kept and its hash is in the log from here on.
2. **Advised** (`advise`) by an FG. An objection blocks until it is **answered** in writing (`answer`).
3. **Approved** (`approve`) by a second mandate of another organisation, who names the mark of the difference that was looked at.
4. **Activated** (`activate`), at once or at a moment to come. Everybody who takes part finds it in the log.

Whether two mandates, advice and the log suffice is decided by the policy set in force itself (action beleid_activeren), on what is on record: nobody says here
that the hash is in the log, the entry is opened and read. A step and its entry become durable together or not at all, so that a set is in force exactly if the
log says so. A roll-back needs two mandates and no new advice: the former set had its own.

Whoever approves or advises is on record by organisation and number, as with every decision that this register records of others; the entry tells their own
organisation, whose FG can see that this was done in its name.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _

from audit.canonical import JSON
from audit.entry import payload_content, unseal
from policies.decision import ROLES, Asker, Formalities, Occasion
from policies.desk.load import ProfileError, load_rules, profile_texts, rule_texts
from policies.difference import ADMINISTRATION, Difference, difference
from policies.engine import Engine
from policies.grounds import GroundError
from policies.grounds import in_force as ground_in_force
from policies.lint import findings, repeated_ids
from policies.ruleset import PolicySet, PolicySetError
from process.problem import FieldError, Refusal
from register.central.administration import ACTION as RECORDING
from register.central.administration import REGISTER, ROLE, Administrator, Basis, require_basis
from register.central.centre import permit
from register.central.store import policy as store
from register.central.store.policy import Step
from register.central.store.work import LoggedWork
from register.events import ASKER, CATALOGUE, SUBJECT

ACTION = "beleid_activeren"
_FG = "fg"
_OVERSIGHT = "toezicht_avg"
_PERSONS_ROLES = ("functioneel_beheerder", ROLE)


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
    """Somebody with a mandate on record: organisation and pseudonymous number."""

    organisation: str
    officer: str


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


def propose(admin: Administrator, texts: Mapping[str, str], basis: Basis) -> Step:
    """Propose a policy set by its files.

    Raises:
        PolicyRefusal: it does not parse, a rule of it is idle, or it is the one in force.
    """
    kept = rule_texts(texts)
    fresh = _fit(admin, kept)
    old = admin.centre.policy.policy_set
    if fresh.hash == old.hash:
        raise PolicyRefusal(
            _("Deze regels gelden al; er is geen verschil."), _("Wijzig de regels en stel ze dan voor.")
        )
    change = difference(old, fresh, admin.centre.policy.register)
    said: dict[str, JSON] = {"beleid": fresh.hash, "kenmerk_verschil": change.fingerprint}
    values = {"hash": fresh.hash, "difference": change.fingerprint}
    with _step(admin, store.PROPOSED, "beleid_voorgesteld", basis, said, values) as made:
        store.keep_texts(made.work.connection, fresh.hash, kept, admin.moment)
        _keep_in_force(admin, made)
    return made.taken(admin)


def advise(admin: Administrator, number: int, person: Person, basis: Basis, *, objection: bool) -> Step:
    """Record what an FG advised on a proposal.

    Raises:
        PolicyRefusal: there is no such proposal.
        Refusal: 403, this person has no mandate as FG, or no ground to advise on.
    """
    found = proposal(admin, number)
    register = admin.centre.policy.register
    grounds = sorted(
        one.id
        for one in register.grounds.values()
        if ground_in_force(one, admin.today, person.organisation, _OVERSIGHT, _FG)
    )
    occasion = Occasion(
        _OVERSIGHT,
        admin.today,
        ground_id=next(iter(grounds), None),
        formalities=Formalities(advice_recorded=True, document=basis.document),
    )
    asker = _asker(admin, person, _FG)
    permit(admin.centre, asker, occasion, "advies_op_grondslag_of_beleid")
    said: dict[str, JSON] = {
        "beleid": found.first.hash,
        "voorstel": number,
        "bezwaar": objection,
        "mandaten": [f"{_FG} {person.officer}"],
    }
    values = {**_of(found, asker), "objection": objection}
    with _step(
        admin, store.ADVISED, "beleid_geadviseerd", basis, said, values, {person.organisation}
    ) as made:
        pass
    return made.taken(admin)


def answer(admin: Administrator, number: int, basis: Basis) -> Step:
    """Record that the objections so far were answered in writing.

    Raises:
        PolicyRefusal: there is no such proposal, or nothing to answer.
    """
    found = proposal(admin, number)
    if not found.objection_open:
        raise PolicyRefusal(
            _("Er is geen bezwaar dat nog een antwoord vraagt."),
            _("Kijk met 'register policy show' wat er ligt."),
        )
    objectors = {one.organisation for one in found.advice if one.objection}
    said: dict[str, JSON] = {"beleid": found.first.hash, "voorstel": number}
    with _step(
        admin,
        store.ANSWERED,
        "bezwaar_beantwoord",
        basis,
        said,
        _of(found),
        objectors,
        newest=found.newest,
    ) as made:
        pass
    return made.taken(admin)


def approve(admin: Administrator, number: int, person: Person, seen: str, basis: Basis) -> Step:
    """Record that a second person with a mandate decided to the same.

    Raises:
        PolicyRefusal: no such proposal; the difference was not looked at, or is another by now.
        Refusal: 403, what is still missing of mandates, advice and log.
    """
    found = proposal(admin, number)
    _require_seen(admin, found, found.first, seen)
    second = _second(admin, person)
    _require_together(admin, second, _papers(admin, found))
    _require_way_back(admin, found, second)
    said: dict[str, JSON] = {
        "beleid": found.first.hash,
        "voorstel": number,
        "kenmerk_verschil": seen,
        "mandaten": [f"{second.role} {second.officer}"],
    }
    values = {**_of(found, second), "difference": seen}
    with _step(
        admin,
        store.APPROVED,
        "beleid_goedgekeurd",
        basis,
        said,
        values,
        {person.organisation},
        newest=found.newest,
    ) as made:
        pass
    return made.taken(admin)


def activate(admin: Administrator, number: int, at: datetime, basis: Basis) -> Step:
    """Put a proposal in force at a moment, which may be now.

    Raises:
        PolicyRefusal: not approved, the difference is another since, or a moment in the past.
        Refusal: 403, as `approve`.
    """
    found = proposal(admin, number)
    approval = found.approval
    if approval is None:
        raise PolicyRefusal(
            _("Dit voorstel is nog niet door een tweede persoon goedgekeurd."),
            _("Laat iemand van een andere organisatie het goedkeuren met 'register policy approve'."),
        )
    _require_seen(admin, found, approval, approval.difference)
    if at < admin.moment:
        raise PolicyRefusal(
            _("Beleid kan niet in het verleden ingaan."), _("Kies een moment dat nog komt, of laat --at weg.")
        )
    second = _second(admin, Person(approval.organisation, approval.officer))
    _require_together(admin, second, _papers(admin, found))
    _require_way_back(admin, found, second)
    return _put_in_force(
        admin,
        store.ACTIVATED,
        "beleid_vastgesteld",
        number,
        found.first.hash,
        second,
        at,
        basis,
        found.newest,
    )


def roll_back(admin: Administrator, person: Person, basis: Basis) -> Step:
    """Go back, at once, to the set of before the newest activation that stands; one that is still to come does not come.

    Going back twice goes further back. What was taken back comes again by a proposal only, with advice.

    Raises:
        PolicyRefusal: there is no activation that stands.
        Refusal: 403, what is missing of mandates and log.
    """
    steps = _steps(admin)
    last = _standing(steps)
    if last is None:
        raise PolicyRefusal(
            _(
                "Er is geen ander beleid aangezet dat nog geldt of komt, dus er is niets om naar terug te gaan."
            ),
            _("Stel de regels die u wilt voor met 'register policy propose'."),
        )
    second = _second(admin, person)
    # What was in force before had its own advice; that it was so stands in the entry that replaced it.
    papers = Formalities(
        advice_recorded=True,
        objection_open=False,
        decision=basis.decided_by,
        document=basis.document,
        hash_logged=_logged(admin, last, "beleid_hiervoor", last.previous),
    )
    _require_together(admin, second, papers)
    return _put_in_force(
        admin,
        store.ROLLED_BACK,
        "beleid_teruggedraaid",
        last.number,
        last.previous,
        second,
        admin.moment,
        basis,
        _newest(steps),
    )


def _standing(steps: Sequence[Step]) -> Step | None:
    """The newest activation that no roll-back took back."""
    standing: list[Step] = []
    for one in steps:
        if one.step == store.ACTIVATED:
            standing.append(one)
        elif one.step == store.ROLLED_BACK and standing:
            standing.pop()
    return standing[-1] if standing else None


def _newest(steps: Sequence[Step]) -> int:
    return max((one.number for one in steps), default=0)


def proposal(admin: Administrator, number: int) -> Proposal:
    """A proposal by its number.

    Raises:
        PolicyRefusal: there is none.
    """
    steps = _steps(admin)
    first = next((one for one in steps if (one.number, one.step) == (number, store.PROPOSED)), None)
    if first is None:
        raise PolicyRefusal(
            _("Voorstel {nummer} is er niet.").format(nummer=number),
            _("Kijk met 'register policy list' welke voorstellen er zijn."),
        )
    return Proposal(
        first,
        tuple(one for one in steps if one.proposal == number and one.step not in store.IN_FORCE),
        _newest(steps),
    )


def change_of(admin: Administrator, found: Proposal) -> Difference:
    """What a proposal would change of the set in force now."""
    centre = admin.centre
    with centre.database.public() as connection:
        fresh = store.policy_set(connection, found.first.hash)
    return difference(centre.policy.policy_set, fresh, centre.policy.register)


def listed(admin: Administrator) -> tuple[Step, ...]:
    """Every step, oldest first."""
    return tuple(_steps(admin))


def _steps(admin: Administrator) -> list[Step]:
    with admin.centre.database.public() as connection:
        return store.steps(connection)


def _fit(admin: Administrator, texts: Mapping[str, str]) -> PolicySet:
    wrong = repeated_ids(texts)
    found = None
    if not wrong:
        try:
            found = load_rules(texts)
            admin.centre.policy.register.under(found.profile)
        except (PolicySetError, ProfileError, GroundError) as error:
            raise PolicyRefusal(
                _("De regels zijn niet toegelaten ({fout}).").format(fout=error),
                _("Kijk de map na met 'policy check'."),
            ) from error
        wrong = tuple(one for one in findings(found, admin.centre.policy.register) if one.rule)
    if wrong or found is None:
        raise PolicyRefusal(
            _("Er klopt iets niet in deze regels."),
            _("Kijk de map na met 'policy check'."),
            [FieldError(one.rule, one.sentence) for one in wrong],
        )
    return found


def _require_seen(admin: Administrator, found: Proposal, of: Step, seen: str) -> None:
    """The difference that somebody looked at is the one there is now.

    Args:
        admin: who records.
        found: the proposal.
        of: the step at which the difference was made out; it is the same while the set in force is.
        seen: its mark, as somebody gave it.
    """
    in_force = admin.centre.policy.policy_set.hash
    if found.first.hash == in_force:
        raise PolicyRefusal(
            _("Deze regels gelden al; er is geen verschil."), _("Stel andere regels voor, of laat het zo.")
        )
    mark = of.difference if of.previous == in_force else change_of(admin, found).fingerprint
    if seen != mark:
        raise PolicyRefusal(
            _(
                "Het kenmerk is niet dat van het verschil van nu: er is niet gekeken, of het beleid is intussen gewijzigd."
            ),
            _("Lees het verschil met 'register policy show', en geef het kenmerk dat eronder staat."),
        )


def _papers(admin: Administrator, found: Proposal) -> Formalities:
    return Formalities(
        advice_recorded=bool(found.advice),
        objection_open=found.objection_open,
        decision=found.first.decided_by,
        document=found.first.document,
        hash_logged=_logged(admin, found.first, "beleid", found.first.hash),
    )


def _require_together(admin: Administrator, second: Asker, papers: Formalities) -> None:
    """Returns only if the policy set in force says yes to what two people decided.

    Raises:
        Refusal: 403, with every reason.
    """
    asker = _asker(admin, Person(REGISTER, admin.officer), ROLE)
    occasion = Occasion(ADMINISTRATION, admin.today, second=second, formalities=papers)
    permit(admin.centre, asker, occasion, ACTION)


def _require_way_back(admin: Administrator, found: Proposal, second: Asker) -> None:
    """Returns only if the same two could take the proposed set back under the rules of that set itself.

    Raises:
        PolicyRefusal: they could not, so that a mistake would stay.
    """
    centre = admin.centre
    with centre.database.public() as connection:
        fresh = store.policy_set(connection, found.first.hash)
    engine = Engine(fresh, centre.policy.register.under(fresh.profile))
    papers = Formalities(
        advice_recorded=True, objection_open=False, decision="-", document="-", hash_logged=True
    )
    occasion = Occasion(ADMINISTRATION, admin.today, second=second, formalities=papers)
    asker = _asker(admin, Person(REGISTER, admin.officer), ROLE)
    missing = [
        reason for action in (ACTION, RECORDING) for reason in engine.action(asker, occasion, action).reasons
    ]
    if missing:
        raise PolicyRefusal(
            _("Onder deze regels kunt u ze niet meer met deze twee mandaten terugdraaien: {reden}").format(
                reden=missing[0].sentence
            ),
            _("Laat in de regels wie ze kan terugdraaien, of beslis met twee mandaten die er dan nog zijn."),
        )


def _asker(admin: Administrator, person: Person, role: str) -> Asker:
    records = admin.centre.policy.register
    return Asker(
        organisation=person.organisation,
        officer=person.officer,
        role=role,
        mandate=records.mandate_of(person.organisation, person.officer, role, admin.today),
        participant=records.participant(person.organisation, admin.today),
    )


def _second(admin: Administrator, person: Person) -> Asker:
    """The other one, in whichever role of those that may activate is on record; without a mandate in the first, which then refuses."""
    found = [_asker(admin, person, role) for role in _PERSONS_ROLES if role in ROLES]
    return next((one for one in found if one.mandate is not None), found[0])


def _logged(admin: Administrator, step: Step, field: str, wanted: str) -> bool:
    """Whether the log says so: the entry of this step, opened with its key and checked against its leaf."""
    database = admin.centre.database
    with database.public() as connection:
        found = database.log.payloads_of(connection, REGISTER, step.leaf_index, 1)
    for one in found:
        key = database.keys.get(one.key_id)
        if one.leaf_index != step.leaf_index or key is None:
            continue
        content = payload_content(REGISTER, unseal(one.ciphertext, REGISTER, one.leaf, key).payload)
        fields = content.get("velden")
        return isinstance(fields, Mapping) and fields.get(field) == wanted
    return False


def _of(found: Proposal, person: Asker | None = None) -> dict[str, object]:
    values: dict[str, object] = {"proposal": found.first.number, "hash": found.first.hash}
    if person is not None:
        values |= {"organisation": person.organisation, "officer": person.officer, "role": person.role}
    return values


@dataclass(frozen=True)
class _Made:
    """A step under way."""

    work: LoggedWork
    number: int

    def taken(self, admin: Administrator) -> Step:
        """The step as it is on record."""
        return next(one for one in _steps(admin) if one.number == self.number)


@contextmanager
def _step(  # noqa: PLR0913, PLR0917 - everything that is on record of it
    admin: Administrator,
    step: str,
    event: str,
    basis: Basis,
    said: Mapping[str, JSON],
    values: Mapping[str, object],
    concerned: Collection[str] = (),
    *,
    newest: int | None = None,
) -> Iterator[_Made]:
    """A step with its log entry; both are durable when the block has ended well, and neither is otherwise.

    With `newest` only if no step came after that one: who decides on what is on record may not pass over an objection of just now.
    """
    require_basis(basis)
    allowed, name = admin.permit(), admin.centre.policy.policy_set.hash
    with admin.centre.database.logged(admin.moment) as work:
        number = store.begin(work, allowed)
        there = store.in_force(store.steps(work.connection), admin.moment)
        overtaken = newest is not None and number != newest + 1
        if overtaken or (there is not None and there.hash != name):
            raise PolicyRefusal(
                _("Er is intussen een andere stap gezet."),
                _("Kijk met 'register policy list' en doe het opnieuw."),
            )
        yield _Made(work, number)
        row = {
            "number": number,
            "step": step,
            "proposal": number,
            "previous": name,
            "organisation": REGISTER,
            "officer": admin.officer,
            "role": ROLE,
            "document": basis.document,
            "decided_by": basis.decided_by,
            "objection": False,
            "difference": "",
            "takes_effect_at": None,
            "at": admin.moment,
        }
        store.add(work, allowed, {**row, **values})
        entry = admin.entry(admin.centre.uuid().hex, REGISTER, basis, {"voorstel": number, **said})
        payloads = {one: CATALOGUE.payload(event, SUBJECT, entry) for one in concerned if one != REGISTER}
        recorded = {**entry, "medewerker": admin.officer, "rol": ROLE}
        work.enter({**payloads, REGISTER: CATALOGUE.payload(event, ASKER, recorded)})


def _put_in_force(  # noqa: PLR0913, PLR0917 - everything that is on record of it
    admin: Administrator,
    step: str,
    event: str,
    about: int,
    name: str,
    second: Asker,
    at: datetime,
    basis: Basis,
    newest: int,
) -> Step:
    said: dict[str, JSON] = {
        "beleid": name,
        "beleid_hiervoor": admin.centre.policy.policy_set.hash,
        "voorstel": about,
        "in_werking": at.isoformat(timespec="seconds"),
        "mandaten": [f"{ROLE} {admin.officer}", f"{second.role} {second.officer}"],
    }
    values = {
        "proposal": about,
        "hash": name,
        "organisation": second.organisation,
        "officer": second.officer,
        "role": second.role,
        "takes_effect_at": at,
    }
    records = admin.centre.policy.register
    everybody = {one for one in records.organisations if records.participant(one, admin.today)}
    with _step(admin, step, event, basis, said, values, everybody, newest=newest) as made:
        _keep_in_force(admin, made)
    return made.taken(admin)


def _keep_in_force(admin: Administrator, made: "_Made") -> None:
    """Keep the texts of the set in force: a later release may bring others, and one must be able to go back."""
    name = admin.centre.policy.policy_set.hash
    if store.texts(made.work.connection, name) is not None:
        return
    try:
        packaged = rule_texts(profile_texts(admin.profile))
    except ProfileError:
        return
    if load_rules(packaged).hash == name:
        store.keep_texts(made.work.connection, name, packaged, admin.moment)
