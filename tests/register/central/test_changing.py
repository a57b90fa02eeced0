# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A policy set comes into force by two mandates, with the FG's advice, its hash in the log first; a running register follows, and goes back."""

import inspect
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select

from audit.entry import LEAF_SIZE
from policies.desk.load import profile_texts
from policies.engine import Engine
from process.problem import Refusal
from register.central import changing, consenting, proposals
from register.central.administration import Administrator, Basis
from register.central.asking_for import Acting
from register.central.attesting import attested
from register.central.centre import Centre
from register.central.consenting import Consenting, advise, agree_to_return, approve
from register.central.proposals import Person, Proposal
from register.central.records import Frozen, LiveRecords
from register.central.store import tables as t
from register.central.store.policy import Step
from register.wire import ActingFor
from tests.policies.changed import changed, texts
from tests.register.central.conftest import ONE_DATABASE, Restart
from tests.register.central.enrolling_world import administrator
from tests.register.central.world import (
    PowerCut,
    World,
    failing_commit,
    point,
    pseudonym,
    refused,
    signal,
    subject,
)

BASIS = Basis("OEFENING-BESLUIT-7", "stuurgroep (fictief)")
FG = Person("GM9001", "oefening-fg", "fg")
OTHER_FG = Person("GM9002", "oefening-fg", "fg")
SECOND = Person("GM9002", "oefening-beheerder-1", "functioneel_beheerder")
SHOWS_TOWN = (
    "toezichthouder.cedar",
    'Action::"hit", Action::"attr_types_matched"]',
    'Action::"hit", Action::"attr_types_matched", Action::"muni_name"]',
)
"""The inspector would read which municipality: nothing that anybody should want, and plain to see in an answer."""


@cache
def wider() -> dict[str, str]:
    return texts(SHOWS_TOWN)


@dataclass
class Office:
    """The administrator of the register, and a running register beside it."""

    world: World
    centre: Centre

    @property
    def admin(self) -> Administrator:
        return administrator(self.centre)

    def proposed(self) -> int:
        return changing.propose(self.admin, wider(), BASIS).number

    def mark(self, number: int) -> str:
        return proposals.proposal(self.admin.centre, number).first.difference

    def person(self, who: Person) -> Consenting:
        """Somebody in person, as the pages of the register know one."""
        purpose = "toezicht_avg" if who.role == "fg" else "beheer"
        acting = ActingFor(medewerker=who.officer, rol=who.role, doel=purpose)
        return Consenting(Acting(who.organisation, acting, self.world.clock(), "0" * 32), "sessie")

    def mending(self) -> Centre:
        return self.centre.frozen(mending=True)

    def advise(self, number: int, who: Person = FG, *, objection: bool = False) -> None:
        advise(self.mending(), self.person(who), number, objection=objection, text="Gelezen (fictief).")

    def approve(self, number: int, who: Person = SECOND, seen: str | None = None) -> None:
        approve(self.mending(), self.person(who), number, self.mark(number) if seen is None else seen)

    def agree(self, who: Person = SECOND) -> None:
        """To undo what stands."""
        there = proposals.way_back(self.mending(), self.world.clock().date())
        assert there is not None
        agree_to_return(self.mending(), self.person(who), there.undone.number)

    def rolled_back(self) -> Step:
        self.agree()
        return changing.roll_back(administrator(self.centre, mending=True), BASIS)

    def approved(self) -> int:
        number = self.proposed()
        self.advise(number)
        self.approve(number)
        return number

    def activated(self, **later: float) -> Step:
        return changing.activate(self.admin, self.approved(), self.admin.moment + timedelta(**later), BASIS)

    def in_force(self) -> str:
        return self.admin.centre.policy.policy_set.hash

    def towns(self) -> bool:
        """Whether an inspector now reads which municipality, from the register that was running all the time."""
        self.world.log.verify(None)  # what was recorded since
        return self.world.inspector("GM9004").ask(self.phone).json().get("gemeenten") is not None

    def __post_init__(self) -> None:
        self.phone = pseudonym(point())
        self.world.submit("GM9001", signal(subject(self.phone)))
        self.before = self.in_force()


@pytest.fixture
def office(world: World, centre: Centre, once: None) -> Office:
    del once
    return Office(world, centre)


def anew(office: Office) -> LiveRecords:
    """The records as a register reads them that starts now."""
    live = office.centre.records
    assert isinstance(live, LiveRecords)
    return LiveRecords(live._database, live._packaged, live._clock)


def why(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    found = refusal.value
    return " ".join([found.detail, found.way_forward or "", *(one.reason for one in found.fields)])


def test_a_set_is_in_force_from_its_moment_on_in_a_register_that_keeps_running(office: Office) -> None:
    assert not office.towns()
    office.activated(hours=1)
    assert not office.towns()
    office.world.clock.forward(minutes=59)
    assert not office.towns()
    office.world.clock.forward(minutes=1)
    assert office.towns()
    assert office.world.log.last("GM9004")["beleid"] == changed(SHOWS_TOWN).hash


@ONE_DATABASE
def test_its_hash_is_in_the_log_of_everybody_before_it_is_in_force(office: Office) -> None:
    step = office.activated(hours=1)
    assert office.in_force() == office.before
    office.world.log.verify(None)
    for organisation in ("REGISTER", "GM9001", "GM9003", "TMM"):
        (entry,) = [
            one
            for one in office.world.log.entries(organisation)
            if one["gebeurtenis"] == "beleid_vastgesteld"
        ]
        assert entry["blad"] == step.leaf_index
        assert entry["velden"]["beleid"] == changed(SHOWS_TOWN).hash
        assert entry["velden"]["beleid_hiervoor"] == office.before


@ONE_DATABASE
def test_who_approved_finds_it_in_the_own_log(office: Office) -> None:
    office.approved()
    said = office.world.log.last("GM9002")
    assert (said["gebeurtenis"], said["medewerker"], said["rol"], said["deur"]) == (
        "beleid_goedgekeurd",
        "oefening-beheerder-1",
        "functioneel_beheerder",
        "sessie",
    )


def test_rolling_back_is_one_step_and_counts_at_once(office: Office) -> None:
    office.activated()
    assert office.towns()
    office.rolled_back()
    assert not office.towns()
    assert office.in_force() == office.before
    assert office.world.log.last("TMM")["gebeurtenis"] == "beleid_teruggedraaid"


@ONE_DATABASE
def test_an_approval_puts_a_set_in_force_once_and_not_again_after_a_roll_back(office: Office) -> None:
    step = office.activated()
    with pytest.raises(Refusal):
        changing.activate(office.admin, step.proposal, office.admin.moment, BASIS)
    office.rolled_back()
    with pytest.raises(Refusal) as refusal:
        changing.activate(office.admin, step.proposal, office.admin.moment, BASIS)
    assert "opnieuw" in why(refusal)
    assert office.in_force() == office.before
    assert not office.towns()


@ONE_DATABASE
def test_what_is_still_to_come_does_not_come_after_a_roll_back(office: Office) -> None:
    office.activated(hours=1)
    office.rolled_back()
    office.world.clock.forward(hours=2)
    assert office.in_force() == office.before
    assert not office.towns()


@ONE_DATABASE
def test_a_proposal_without_advice_is_not_approved(office: Office) -> None:
    number = office.proposed()
    with pytest.raises(Refusal) as refusal:
        office.approve(number)
    assert "Het advies van de FG ontbreekt" in why(refusal)


@ONE_DATABASE
def test_an_objection_blocks_until_it_is_answered(office: Office) -> None:
    number = office.proposed()
    office.advise(number, objection=True)
    for another in (False, True):
        office.advise(number, OTHER_FG, objection=another)
    with pytest.raises(Refusal) as refusal:
        office.approve(number)
    assert "bezwaar van de FG is nog niet schriftelijk beantwoord" in why(refusal)
    changing.answer(office.admin, number, BASIS)
    office.approve(number)
    office.advise(number, objection=True)
    with pytest.raises(Refusal) as late:
        changing.activate(office.admin, number, office.admin.moment, BASIS)
    assert "bezwaar" in why(late)


@ONE_DATABASE
def test_only_an_fg_advises_and_only_on_what_is_there(office: Office) -> None:
    number = office.proposed()
    with pytest.raises(Refusal) as refusal:
        office.advise(number, SECOND)
    assert "rol" in why(refusal)
    with pytest.raises(Refusal) as absent:
        office.advise(number + 1)
    assert "is er niet" in why(absent)
    with pytest.raises(Refusal) as nothing:
        changing.answer(office.admin, number, BASIS)
    assert "geen bezwaar" in why(nothing)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("person", "told"),
    [
        (Person("REGISTER", "oefening-beheerder", "register_beheerder"), "tweede bevoegde persoon"),
        (Person("GM9002", "oefening-fg", "fg"), "rol"),
        (Person("GM9002", "iemand-anders", "functioneel_beheerder"), "mandaat"),
        (Person("GM0363", "oefening-beheerder-1", "functioneel_beheerder"), "mandaat"),
    ],
    ids=["one-mandate-twice", "another-role", "nobody", "no-participant"],
)
def test_one_mandate_is_not_two(office: Office, person: Person, told: str) -> None:
    number = office.proposed()
    office.advise(number)
    with pytest.raises(Refusal) as refusal:
        office.approve(number, person)
    assert told in why(refusal)


@ONE_DATABASE
def test_one_organisation_does_not_both_advise_and_approve(office: Office) -> None:
    number = office.proposed()
    office.advise(number, OTHER_FG)
    with pytest.raises(Refusal) as refusal:
        office.approve(number)
    assert "Alleen de FG van de organisatie die goedkeurt" in why(refusal)
    office.advise(number, FG)
    office.approve(number)


@ONE_DATABASE
def test_where_one_organisation_only_has_an_fg_its_advice_counts(office: Office) -> None:
    number = office.proposed()
    office.advise(number, OTHER_FG)
    centre = office.mending()
    found = proposals.proposal(centre, number)
    alone = [
        one for one in centre.policy.register.mandates if one.role != "fg" or one.organisation == "GM9002"
    ]
    records = replace(centre.policy.register, mandates=tuple(alone))
    here = replace(
        centre,
        records=Frozen(replace(centre.records.now(), policy=Engine(centre.policy.policy_set, records))),
    )
    assert proposals.papers(here, found, "GM9002", office.world.clock().date()).advice_recorded


@ONE_DATABASE
def test_a_difference_that_nobody_looked_at_is_not_approved(office: Office) -> None:
    number = office.proposed()
    office.advise(number)
    with pytest.raises(Refusal) as refusal:
        office.approve(number, seen="0" * 16)
    assert "niet gekeken" in why(refusal)


@ONE_DATABASE
def test_what_was_approved_against_other_policy_is_not_activated(office: Office) -> None:
    other = office.approved()
    office.activated()
    with pytest.raises(Refusal) as refusal:
        changing.activate(office.admin, other, office.admin.moment, BASIS)
    assert "geen verschil" in why(refusal)


@ONE_DATABASE
def test_what_is_not_approved_or_lies_in_the_past_is_not_activated(office: Office) -> None:
    number = office.proposed()
    with pytest.raises(Refusal) as refusal:
        changing.activate(office.admin, number, office.admin.moment, BASIS)
    assert "nog niet door een tweede persoon" in why(refusal)
    with pytest.raises(Refusal) as past:
        office.activated(seconds=-1)
    assert "verleden" in why(past)


@ONE_DATABASE
def test_the_rules_of_now_and_rules_with_an_idle_one_are_not_proposed(office: Office) -> None:
    with pytest.raises(Refusal) as same:
        changing.propose(office.admin, profile_texts("oefening"), BASIS)
    assert "geen verschil" in why(same)
    twice = dict(wider())
    twice["fg.cedar"] *= 2
    with pytest.raises(Refusal) as idle:
        changing.propose(office.admin, twice, BASIS)
    assert "elke regel heeft een eigen @id" in why(idle)
    with pytest.raises(Refusal) as broken:
        changing.propose(office.admin, {**wider(), "fg.cedar": "allow;"}, BASIS)
    assert "niet toegelaten" in why(broken)
    assert office.world.rows(t.policy_step) == []


@ONE_DATABASE
def test_a_hash_that_the_log_does_not_hold_is_not_activated(office: Office) -> None:
    number = office.approved()
    leaf = proposals.proposal(office.admin.centre, number).first.leaf_index
    office.world.log.erase(leaf, "REGISTER")
    with pytest.raises(Refusal) as refusal:
        changing.activate(office.admin, number, office.admin.moment, BASIS)
    assert "hash van dit beleid staat nog niet in het logboek" in why(refusal)


@ONE_DATABASE
def test_what_was_rolled_back_does_not_come_back_by_another_roll_back(office: Office) -> None:
    """Its advice is of before somebody found reason to take it back."""
    office.activated()
    office.rolled_back()
    with pytest.raises(Refusal) as refusal:
        changing.roll_back(office.admin, BASIS)
    assert "niets om naar terug te gaan" in why(refusal)
    assert office.in_force() == office.before


@ONE_DATABASE
@pytest.mark.parametrize("step", ["activate", "approve", "answer"])
def test_an_objection_of_this_very_moment_is_not_passed_over(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    number = office.approved()
    if step == "answer":
        office.advise(number, objection=True)
    read, mark = proposals.proposal, office.mark(number)

    def meanwhile(centre: Centre, wanted: int) -> Proposal:
        found = read(centre, wanted)
        for module in (changing, consenting):
            monkeypatch.setattr(module, "proposal", read)
        office.advise(wanted, objection=True)
        return found

    for module in (changing, consenting):
        monkeypatch.setattr(module, "proposal", meanwhile)
    taken: dict[str, Callable[[], object]] = {
        "activate": lambda: changing.activate(office.admin, number, office.admin.moment, BASIS),
        "approve": lambda: office.approve(number, seen=mark),
        "answer": lambda: changing.answer(office.admin, number, BASIS),
    }
    with pytest.raises(Refusal) as refusal:
        taken[step]()
    assert "intussen een andere stap" in why(refusal)
    assert proposals.proposal(office.admin.centre, number).objection_open


def years(number: int) -> dict[str, str]:
    return texts(("profile.yaml", "training_years: 10", f"training_years: {number}"), SHOWS_TOWN)


@ONE_DATABASE
def test_years_of_training_change_as_the_rules_do_and_the_register_keeps_running(office: Office) -> None:
    number = changing.propose(office.admin, years(3), BASIS).number
    change = proposals.change_of(office.admin.centre, proposals.proposal(office.admin.centre, number))
    assert "Strenger: de opleiding mag nog 3 jaar geleden zijn (was 10)." in change.texts
    office.advise(number)
    office.approve(number)
    changing.activate(office.admin, number, office.admin.moment, BASIS)
    assert office.towns()
    office.rolled_back()
    assert not office.towns()


@ONE_DATABASE
def test_a_set_under_which_these_two_could_not_go_back_is_not_approved(office: Office) -> None:
    number = changing.propose(office.admin, years(1), BASIS).number
    office.advise(number)
    with pytest.raises(Refusal) as refusal:
        office.approve(number)
    assert "terugdraaien" in why(refusal)


@ONE_DATABASE
@pytest.mark.parametrize("profile", ["convenant-overig", "broken"])
def test_rules_of_a_profile_that_opens_other_grounds_are_not_proposed(office: Office, profile: str) -> None:
    other = {"profile.yaml": "profile: {}"} if profile == "broken" else profile_texts(profile)
    with pytest.raises(Refusal) as refusal:
        changing.propose(office.admin, {**wider(), **other}, BASIS)
    assert "niet toegelaten" in why(refusal)
    assert office.world.rows(t.policy_step) == []


@ONE_DATABASE
def test_there_is_nothing_to_go_back_to_on_the_first_day(office: Office) -> None:
    with pytest.raises(Refusal) as refusal:
        changing.roll_back(office.admin, BASIS)
    assert "niets om naar terug te gaan" in why(refusal)


@ONE_DATABASE
@pytest.mark.parametrize("after", [False, True])
def test_a_power_cut_at_activation_leaves_log_and_policy_of_one_mind(office: Office, *, after: bool) -> None:
    number = office.approved()
    office.world.log.verify(None)
    kind = office.centre.database.engine.dialect.name
    with failing_commit(after=after, database=kind) as happened, pytest.raises(PowerCut):
        changing.activate(office.admin, number, office.admin.moment, BASIS)
    assert happened
    office.world.log.verify(1 if after else 0)
    entries = [one["gebeurtenis"] for one in office.world.log.entries("REGISTER")]
    assert ("beleid_vastgesteld" in entries) is after
    assert office.towns() is after


def put(office: Office, like: Step, **changes: Any) -> None:
    """Somebody with the database in an editor: a row like this step's, with changes."""
    with office.world.log.engine.begin() as connection:
        connection.execute(t.policy_step.insert().values({**asdict(like), **changes}))


def change(office: Office, number: int, **changes: Any) -> None:
    with office.world.log.engine.begin() as connection:
        connection.execute(t.policy_step.update().where(t.policy_step.c.number == number).values(changes))


def spoil(office: Office, name: str, rules: dict[str, str]) -> None:
    """The texts of a set become others."""
    with office.world.log.engine.begin() as connection:
        connection.execute(t.policy_text.update().where(t.policy_text.c.hash == name).values(texts=rules))


def nothing_is_decided(office: Office) -> str:
    """Everybody is refused, and told how it comes right again; gives the sentence."""
    office.world.log.verify(None)
    answer = office.world.inspector("GM9004").try_ask(office.phone)
    refused(answer, 503, "beleid-niet-te-lezen")
    with pytest.raises(Refusal) as refusal:
        changing.propose(office.admin, wider(), BASIS)
    assert refusal.value.status == 503
    said = answer.json()
    assert "register policy roll-back" in str(said)
    return str(said["detail"])


@ONE_DATABASE
@pytest.mark.parametrize("kept", [None, {}, "other"], ids=["not-there", "not-whole", "of-another-hash"])
def test_a_set_that_is_not_what_its_hash_says_decides_nothing(office: Office, kept: object) -> None:
    step = office.activated()
    if kept is None:
        with office.world.log.engine.begin() as connection:
            connection.execute(t.policy_text.delete().where(t.policy_text.c.hash == step.hash))
    else:
        spoil(office, step.hash, years(3) if kept else {})
    records = anew(office)
    with pytest.raises(Refusal) as refusal:
        records.now()
    assert "niet te lezen" in refusal.value.detail
    assert records.mending().policy.policy_set.hash == office.before


@ONE_DATABASE
def test_from_a_set_that_cannot_be_read_two_people_go_back(office: Office, restart: Restart) -> None:
    step = office.activated()
    spoil(office, step.hash, {})
    office.world = restart()
    office.centre = replace(office.centre, records=anew(office))
    assert "niet te lezen" in nothing_is_decided(office)
    assert any("ALARM" in one and "nu" in one for one in office.centre.records.worries())
    with pytest.raises(Refusal) as alone:
        changing.roll_back(administrator(office.centre, mending=True), BASIS)
    assert "niemand van een andere organisatie" in why(alone)
    back = office.rolled_back()
    assert (back.hash, back.previous) == (office.before, step.hash)
    assert not office.towns()
    assert office.centre.records.worries() == []


@ONE_DATABASE
def test_a_step_that_the_log_does_not_hold_is_not_believed(office: Office) -> None:
    """Somebody puts an approved set in force in the database, at the place of an entry that says something else."""
    number = office.approved()
    office.world.log.verify(None)
    first = proposals.proposal(office.admin.centre, number).first
    there = {"number": number + 3, "step": "activering", "takes_effect_at": office.world.clock()}
    put(office, first, **there)
    assert "logboek bevat deze stap niet" in nothing_is_decided(office)
    assert any("ALARM" in one and f"stap {number + 3}" in one for one in office.centre.records.worries())
    assert office.rolled_back().hash == office.before
    assert not office.towns()


@ONE_DATABASE
@pytest.mark.parametrize(
    "place", ["proposal", "approval", "another", "none"], ids=lambda where: f"at-the-entry-of-{where}"
)
def test_no_entry_but_its_own_vouches_for_a_step(office: Office, place: str) -> None:
    number = office.approved()
    found = proposals.proposal(office.admin.centre, number)
    leaf = {
        "proposal": found.first.leaf_index,
        "approval": found.steps[-1].leaf_index,
        "another": 0,
        "none": 10**6,
    }[place]
    forged = replace(
        found.first,
        number=number + 3,
        step="activering",
        takes_effect_at=office.world.clock(),
        leaf_index=leaf,
    )
    assert attested(office.centre.database, found.first)
    assert not attested(office.centre.database, forged)


@ONE_DATABASE
@pytest.mark.parametrize(
    "changes",
    [
        {"hash": "e" * 64},
        {"previous": "e" * 64},
        {"proposal": 7},
        {"step": "terugdraaiing"},
        {"takes_effect_at": datetime(2026, 3, 2, tzinfo=UTC)},
        {"leaf_index": 1},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_step_that_somebody_changed_in_the_database_is_not_believed(
    office: Office, changes: dict[str, Any]
) -> None:
    step = office.activated()
    assert attested(office.centre.database, step)
    change(office, step.number, **changes)
    with pytest.raises(Refusal) as refusal:
        anew(office).now()
    assert "logboek bevat deze stap niet" in refusal.value.detail


@ONE_DATABASE
@pytest.mark.parametrize(
    ("step", "changes"),
    [
        ("voorstel", {"officer": "een-ander"}),
        ("voorstel", {"decided_by": "niemand"}),
        ("advies", {"organisation": "GM9003"}),
        ("advies", {"text": "Akkoord."}),
        ("goedkeuring", {"organisation": "GM9003"}),
        ("goedkeuring", {"officer": "een-ander"}),
        ("akkoord-terug", {"organisation": "GM9003"}),
        ("akkoord-terug", {"at": datetime(2026, 12, 1, tzinfo=UTC)}),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_whose_step_it_was_is_believed_only_as_the_log_has_it(
    office: Office, step: str, changes: dict[str, Any]
) -> None:
    if step == "akkoord-terug":
        office.activated()
        office.agree()
    else:
        office.approved()
    found = next(one for one in proposals.steps_of(office.admin.centre) if one.step == step)
    assert attested(office.centre.database, found)
    assert not attested(office.centre.database, replace(found, **changes))


@ONE_DATABASE
def test_a_leaf_that_is_not_in_the_tree_vouches_for_nothing(office: Office) -> None:
    step = office.activated()
    office.world.log.meddled = True
    with office.world.log.engine.begin() as connection:
        place = (t.log.node.c.level == 0) & (t.log.node.c.place == step.leaf_index)
        nodes = connection.execute(select(t.log.node.c.hash).where(place)).all()
        assert nodes
        connection.execute(
            t.log.leaf.update()
            .where(t.log.leaf.c.leaf_index == step.leaf_index)
            .values(leaf=bytes(LEAF_SIZE))
        )
    assert not attested(office.centre.database, step)


@ONE_DATABASE
def test_advice_approval_and_answer_that_are_only_in_the_database_count_for_nothing(office: Office) -> None:
    number = office.proposed()
    first = proposals.proposal(office.admin.centre, number).first
    put(
        office,
        first,
        number=number + 1,
        step="advies",
        organisation="GM9001",
        officer="oefening-fg",
        role="fg",
    )
    put(
        office, first, number=number + 2, step="goedkeuring", organisation="GM9002",
        officer="oefening-beheerder-1", role="functioneel_beheerder",
    )  # fmt: skip
    found = proposals.proposal(office.admin.centre, number)
    assert (found.advice, found.approval) == ((), None)
    with pytest.raises(Refusal) as refusal:
        changing.activate(office.admin, number, office.admin.moment, BASIS)
    assert "nog niet door een tweede persoon" in why(refusal)
    office.advise(number, objection=True)
    put(office, first, number=number + 4, step="antwoord")
    assert proposals.proposal(office.admin.centre, number).objection_open


@ONE_DATABASE
def test_what_is_still_to_come_and_cannot_decide_is_told_before_its_moment(office: Office) -> None:
    step = office.activated(hours=1)
    spoil(office, step.hash, {})
    records = anew(office)
    assert records.now().policy.policy_set.hash == office.before
    assert any("straks" in one for one in records.worries())
    office.world.clock.forward(hours=2)
    with pytest.raises(Refusal):
        records.now()


@ONE_DATABASE
def test_an_agreement_to_going_back_is_of_another_organisation_and_does_not_last(office: Office) -> None:
    office.activated()
    with pytest.raises(Refusal) as same:
        office.agree(Person("REGISTER", "oefening-beheerder", "register_beheerder"))
    assert "tweede bevoegde persoon" in why(same)
    with pytest.raises(Refusal) as nobody:
        office.agree(FG)
    assert "rol" in why(nobody)
    office.agree()
    office.world.clock.forward(days=15)
    with pytest.raises(Refusal) as late:
        changing.roll_back(office.admin, BASIS)
    assert "Nog niemand van een andere organisatie" in why(late)


@ONE_DATABASE
def test_nobody_agrees_to_undo_something_else_than_what_stands(office: Office) -> None:
    step = office.activated()
    with pytest.raises(Refusal) as refusal:
        agree_to_return(office.mending(), office.person(SECOND), step.number + 1)
    assert "onder dit nummer" in why(refusal)


def test_no_function_of_the_administrator_takes_the_name_of_another_person() -> None:
    for name, one in vars(changing).items():
        if inspect.isfunction(one) and one.__module__ == changing.__name__ and not name.startswith("_"):
            assert not {"person", "organisation", "officer"} & set(inspect.signature(one).parameters), name
