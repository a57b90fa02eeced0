# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A policy set comes into force by steps, each an entry of the log; and goes back to the former one in a single step.

In this order:

1. **Proposed** (`propose`): the set passes the checks and differs from the one in force. Its texts are kept and its hash is in the log from here on.
2. **Advised** by an FG, who signed in (`register.central.consenting`). An objection blocks until it is **answered** in writing (`answer`).
3. **Approved** by a second mandate of another organisation, who signed in likewise and names the mark of the difference that was looked at.
4. **Activated** (`activate`), at once or at a moment to come. Everybody who takes part finds it in the log.

Whether two mandates, advice and the log suffice is decided by the policy set in force itself (action beleid_activeren), on what is on record: nobody says here
that the hash is in the log, the entry is opened and read; and an advice, answer or approval without its entry counts for nothing. A step and its entry become durable
together or not at all, so that a set is in force exactly if the log says so. A roll-back needs two mandates, the second again in person, and no new advice: the
former set had its own. Where the set in force decides nothing, the one that is gone back to decides.

What the register's administrator cannot do here is speak for somebody else: nothing in this file takes the name of another person.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from audit.canonical import JSON
from policies.decision import Asker, Formalities, Occasion
from policies.desk.load import ProfileError, load_rules, profile_texts, rule_texts
from policies.difference import ADMINISTRATION, difference
from policies.grounds import GroundError
from policies.lint import findings, repeated_ids
from policies.ruleset import PolicySet, PolicySetError
from process.language import gettext as _
from process.problem import FieldError
from register.central.administration import ROLE, Administrator, Basis, require_basis
from register.central.centre import permit
from register.central.proposals import (
    ACTION,
    Person,
    PolicyRefusal,
    Proposal,
    asker_of,
    newest,
    of_step,
    papers,
    proposal,
    reading,
    require_readable,
    require_seen,
    require_way_back,
    steps_of,
    way_back,
)
from register.central.store import policy as store
from register.central.store.policy import Step
from register.central.store.work import LoggedWork
from register.events import ASKER, CATALOGUE, REGISTER, SUBJECT

Replay = Callable[[PolicySet], Sequence[str]]
"""What recorded questions say of a set, in Dutch."""


def propose(
    admin: Administrator, texts: Mapping[str, str], basis: Basis, replay: Replay | None = None
) -> Step:
    """Propose a policy set by its files; what readers are shown of it is made here and kept with it.

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
    told = reading(change, () if replay is None else replay(fresh))
    values = {"hash": fresh.hash, "difference": change.fingerprint, "told": told}
    with _step(admin, store.PROPOSED, "beleid_voorgesteld", basis, said, values) as made:
        store.keep_texts(made.work.connection, fresh.hash, kept, admin.moment)
        _keep_in_force(admin, made)
    return made.taken(admin)


def answer(admin: Administrator, number: int, basis: Basis) -> Step:
    """Record that the objections so far were answered in writing.

    Raises:
        PolicyRefusal: there is no such proposal, or nothing to answer.
    """
    found = proposal(admin.centre, number)
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


def activate(admin: Administrator, number: int, at: datetime, basis: Basis) -> Step:
    """Put a proposal in force at a moment, which may be now.

    Raises:
        PolicyRefusal: not approved, the difference is another since, activated before, or a moment in the past.
        Refusal: 403, as `approve`.
    """
    centre, found = admin.centre, proposal(admin.centre, number)
    approval = found.approval
    if approval is None:
        raise PolicyRefusal(
            _("Dit voorstel is nog niet door een tweede persoon goedgekeurd."),
            _(
                "Laat een functioneel beheerder van een andere organisatie zich aanmelden en het bij Beleid goedkeuren."
            ),
        )
    require_seen(centre, found, approval, approval.difference)
    if any((one.step, one.proposal) == (store.ACTIVATED, number) for one in steps_of(centre)):
        # An approval is of one activation: after a roll-back the second person would not be asked again.
        raise PolicyRefusal(
            _("Dit voorstel is al een keer aangezet, en daarna teruggedraaid of nog onderweg."),
            _("Stel de regels opnieuw voor met 'register policy propose', met advies en goedkeuring."),
        )
    if at < admin.moment:
        raise PolicyRefusal(
            _("Beleid kan niet in het verleden ingaan."), _("Kies een moment dat nog komt, of laat --at weg.")
        )
    second = asker_of(centre, of_step(approval), admin.today)
    _require_together(admin, second, papers(centre, found, approval.organisation, admin.today))
    require_way_back(centre, found, _first(admin), second, admin.today)
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


def roll_back(admin: Administrator, basis: Basis) -> Step:
    """Go back, at once, to the set of before the newest activation that stands; one that is still to come does not come.

    Going back twice goes further back. What was taken back comes again by a proposal only, with advice. Where the set in force decides nothing, this goes back to
    the newest one before that can be read (`LiveRecords.mending`).

    Raises:
        PolicyRefusal: there is no activation that stands, nobody of another organisation agreed, or what was before cannot be read.
        Refusal: 403, what is missing of mandates and log.
    """
    centre = admin.centre
    steps, there = steps_of(centre), way_back(centre, admin.today)
    if there is None:
        raise PolicyRefusal(
            _(
                "Er is geen ander beleid aangezet dat nog geldt of komt, dus er is niets om naar terug te gaan."
            ),
            _("Stel de regels die u wilt voor met 'register policy propose'."),
        )
    require_readable(centre, there.to)
    if not there.agreed:
        raise PolicyRefusal(
            _("Nog niemand van een andere organisatie ging akkoord met teruggaan."),
            _(
                "Laat een functioneel beheerder van een andere organisatie zich aanmelden en bij Beleid akkoord gaan."
            ),
        )
    agreed = there.agreed[-1]
    second = asker_of(centre, of_step(agreed), admin.today)
    # What was in force before had its own advice; its hash is in the log with the agreement, which was looked up there.
    formalities = Formalities(
        advice_recorded=True,
        objection_open=False,
        decision=basis.decided_by,
        document=basis.document,
        hash_logged=True,
    )
    _require_together(admin, second, formalities)
    return _put_in_force(
        admin,
        store.ROLLED_BACK,
        "beleid_teruggedraaid",
        there.undone.number,
        there.to,
        second,
        admin.moment,
        basis,
        newest(steps),
    )


def listed(admin: Administrator) -> tuple[Step, ...]:
    """Every step, oldest first."""
    return tuple(steps_of(admin.centre))


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


def _require_together(admin: Administrator, second: Asker, formalities: Formalities) -> None:
    """Returns only if the policy set in force says yes to what two people decided.

    Raises:
        Refusal: 403, with every reason.
    """
    occasion = Occasion(ADMINISTRATION, admin.today, second=second, formalities=formalities)
    permit(admin.centre, _first(admin), occasion, ACTION)


def _first(admin: Administrator) -> Asker:
    return asker_of(admin.centre, Person(REGISTER, admin.officer, ROLE), admin.today)


def _of(found: Proposal) -> dict[str, object]:
    return {"proposal": found.first.number, "hash": found.first.hash}


def _before(admin: Administrator) -> str:
    """Hash of the set in force, also where it decides nothing."""
    broken = admin.centre.records.now().instead_of
    return admin.centre.policy.policy_set.hash if broken is None else broken.hash


@dataclass(frozen=True)
class _Made:
    """A step under way."""

    work: LoggedWork
    number: int

    def taken(self, admin: Administrator) -> Step:
        """The step as it is on record."""
        return next(one for one in steps_of(admin.centre) if one.number == self.number)


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
    allowed, name = admin.permit(), _before(admin)
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
            "door": None,
            "text": None,
            "told": None,
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
        "beleid_hiervoor": _before(admin),
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
