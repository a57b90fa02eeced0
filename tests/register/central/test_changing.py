# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A policy set comes into force by two mandates, with the FG's advice, its hash in the log first; a running register follows, and goes back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pytest

from policies import difference as differing
from policies import lint
from policies.desk.load import profile_texts
from policies.difference import Difference
from policies.grounds import GroundRegister
from policies.lint import Finding
from policies.ruleset import PolicySet
from process.problem import Refusal
from register.central import changing
from register.central.administration import Administrator, Basis
from register.central.centre import Centre
from register.central.changing import Person
from register.central.store import tables as t
from register.central.store.policy import Step
from tests.policies.changed import changed, texts
from tests.register.central.conftest import ONE_DATABASE
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
FG = Person("GM9001", "oefening-fg")
SECOND = Person("GM9001", "oefening-beheerder-1")
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
        return changing.proposal(self.admin, number).first.difference

    def approved(self) -> int:
        number = self.proposed()
        changing.advise(self.admin, number, FG, BASIS, objection=False)
        changing.approve(self.admin, number, SECOND, self.mark(number), BASIS)
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


@pytest.fixture(scope="module")
def once() -> Iterator[None]:
    """Sets are checked and compared once: whether that is done well is tested elsewhere."""
    checked: dict[str, tuple[Finding, ...]] = {}
    compared: dict[tuple[str, str], Difference] = {}
    findings, difference = lint.findings, differing.difference

    def check(rules: PolicySet, register: GroundRegister) -> tuple[Finding, ...]:
        if rules.hash not in checked:
            checked[rules.hash] = findings(rules, register)
        return checked[rules.hash]

    def compare(old: PolicySet, new: PolicySet, register: GroundRegister) -> Difference:
        if (old.hash, new.hash) not in compared:
            compared[old.hash, new.hash] = difference(old, new, register)
        return compared[old.hash, new.hash]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changing, "findings", check)
        patch.setattr(changing, "difference", compare)
        yield


@pytest.fixture
def office(world: World, centre: Centre, once: None) -> Office:
    del once
    return Office(world, centre)


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
    said = office.world.log.last("GM9001")
    assert (said["gebeurtenis"], said["mandaten"]) == (
        "beleid_goedgekeurd",
        ["functioneel_beheerder oefening-beheerder-1"],
    )


def test_rolling_back_is_one_step_and_counts_at_once(office: Office) -> None:
    office.activated()
    assert office.towns()
    changing.roll_back(office.admin, SECOND, BASIS)
    assert not office.towns()
    assert office.in_force() == office.before
    assert office.world.log.last("TMM")["gebeurtenis"] == "beleid_teruggedraaid"


def test_what_is_still_to_come_does_not_come_after_a_roll_back(office: Office) -> None:
    office.activated(hours=1)
    changing.roll_back(office.admin, SECOND, BASIS)
    office.world.clock.forward(hours=2)
    assert office.in_force() == office.before
    assert not office.towns()


@ONE_DATABASE
def test_a_proposal_without_advice_is_not_approved(office: Office) -> None:
    number = office.proposed()
    with pytest.raises(Refusal) as refusal:
        changing.approve(office.admin, number, SECOND, office.mark(number), BASIS)
    assert "Het advies van de FG ontbreekt" in why(refusal)


@ONE_DATABASE
def test_an_objection_blocks_until_it_is_answered(office: Office) -> None:
    number = office.proposed()
    changing.advise(office.admin, number, FG, BASIS, objection=True)
    for another in (False, True):
        changing.advise(office.admin, number, Person("GM9002", "oefening-fg"), BASIS, objection=another)
    with pytest.raises(Refusal) as refusal:
        changing.approve(office.admin, number, SECOND, office.mark(number), BASIS)
    assert "bezwaar van de FG is nog niet schriftelijk beantwoord" in why(refusal)
    changing.answer(office.admin, number, BASIS)
    changing.approve(office.admin, number, SECOND, office.mark(number), BASIS)
    changing.advise(office.admin, number, FG, BASIS, objection=True)
    with pytest.raises(Refusal) as late:
        changing.activate(office.admin, number, office.admin.moment, BASIS)
    assert "bezwaar" in why(late)


@ONE_DATABASE
def test_only_an_fg_advises_and_only_on_what_is_there(office: Office) -> None:
    number = office.proposed()
    with pytest.raises(Refusal) as refusal:
        changing.advise(office.admin, number, SECOND, BASIS, objection=False)
    assert "mandaat" in why(refusal)
    with pytest.raises(Refusal) as absent:
        changing.advise(office.admin, number + 1, FG, BASIS, objection=False)
    assert "is er niet" in why(absent)
    with pytest.raises(Refusal) as nothing:
        changing.answer(office.admin, number, BASIS)
    assert "geen bezwaar" in why(nothing)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("person", "told"),
    [
        (Person("REGISTER", "oefening-beheerder"), "tweede bevoegde persoon"),
        (Person("GM9001", "oefening-fg"), "tweede bevoegde persoon"),
        (Person("GM9001", "iemand"), "tweede bevoegde persoon"),
        (Person("GM0363", "oefening-beheerder-1"), "tweede bevoegde persoon"),
    ],
    ids=["one-mandate-twice", "another-role", "nobody", "no-participant"],
)
def test_one_mandate_is_not_two(office: Office, person: Person, told: str) -> None:
    number = office.proposed()
    changing.advise(office.admin, number, FG, BASIS, objection=False)
    with pytest.raises(Refusal) as refusal:
        changing.approve(office.admin, number, person, office.mark(number), BASIS)
    assert told in why(refusal)


@ONE_DATABASE
def test_a_difference_that_nobody_looked_at_is_not_approved(office: Office) -> None:
    number = office.proposed()
    changing.advise(office.admin, number, FG, BASIS, objection=False)
    with pytest.raises(Refusal) as refusal:
        changing.approve(office.admin, number, SECOND, "0" * 16, BASIS)
    assert "niet gekeken" in why(refusal)


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


def test_a_hash_that_the_log_does_not_hold_is_not_activated(office: Office) -> None:
    number = office.approved()
    leaf = changing.proposal(office.admin, number).first.leaf_index
    office.world.log.erase(leaf, "REGISTER")
    with pytest.raises(Refusal) as refusal:
        changing.activate(office.admin, number, office.admin.moment, BASIS)
    assert "hash van dit beleid staat nog niet in het logboek" in why(refusal)


@ONE_DATABASE
def test_what_was_rolled_back_does_not_come_back_by_another_roll_back(office: Office) -> None:
    """Its advice is of before somebody found reason to take it back."""
    office.activated()
    changing.roll_back(office.admin, SECOND, BASIS)
    with pytest.raises(Refusal) as refusal:
        changing.roll_back(office.admin, SECOND, BASIS)
    assert "niets om naar terug te gaan" in why(refusal)
    assert office.in_force() == office.before


@ONE_DATABASE
@pytest.mark.parametrize("step", ["activate", "approve", "answer"])
def test_an_objection_of_this_very_moment_is_not_passed_over(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    number = office.approved()
    if step == "answer":
        changing.advise(office.admin, number, FG, BASIS, objection=True)
    read, mark = changing.proposal, office.mark(number)

    def meanwhile(admin: Administrator, wanted: int) -> changing.Proposal:
        found = read(admin, wanted)
        monkeypatch.setattr(changing, "proposal", read)
        changing.advise(admin, wanted, FG, BASIS, objection=True)
        return found

    monkeypatch.setattr(changing, "proposal", meanwhile)
    taken = {
        "activate": lambda: changing.activate(office.admin, number, office.admin.moment, BASIS),
        "approve": lambda: changing.approve(office.admin, number, SECOND, mark, BASIS),
        "answer": lambda: changing.answer(office.admin, number, BASIS),
    }
    with pytest.raises(Refusal) as refusal:
        taken[step]()
    assert "intussen een andere stap" in why(refusal)
    assert changing.proposal(office.admin, number).objection_open


def years(number: int) -> dict[str, str]:
    return texts(("profile.yaml", "training_years: 10", f"training_years: {number}"), SHOWS_TOWN)


@ONE_DATABASE
def test_years_of_training_change_as_the_rules_do_and_the_register_keeps_running(office: Office) -> None:
    number = changing.propose(office.admin, years(3), BASIS).number
    change = changing.change_of(office.admin, changing.proposal(office.admin, number))
    assert "Strenger: de opleiding mag nog 3 jaar geleden zijn (was 10)." in change.texts
    changing.advise(office.admin, number, FG, BASIS, objection=False)
    changing.approve(office.admin, number, SECOND, office.mark(number), BASIS)
    changing.activate(office.admin, number, office.admin.moment, BASIS)
    assert office.towns()
    changing.roll_back(office.admin, SECOND, BASIS)
    assert not office.towns()


@ONE_DATABASE
def test_a_set_under_which_these_two_could_not_go_back_is_not_approved(office: Office) -> None:
    number = changing.propose(office.admin, years(1), BASIS).number
    changing.advise(office.admin, number, FG, BASIS, objection=False)
    with pytest.raises(Refusal) as refusal:
        changing.approve(office.admin, number, SECOND, office.mark(number), BASIS)
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
        changing.roll_back(office.admin, SECOND, BASIS)
    assert "niets om naar terug te gaan" in why(refusal)


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


@pytest.mark.parametrize("kept", [None, {}, "other"], ids=["not-there", "not-whole", "of-another-hash"])
def test_a_set_that_is_not_what_its_hash_says_decides_nothing(office: Office, kept: object) -> None:
    step = office.proposed()
    first = dict(office.world.rows(t.policy_step)[0]._mapping)
    name = f"{len(str(kept)):064x}"
    coming = {"number": step + 1, "step": "activering", "hash": name, "takes_effect_at": office.world.clock()}
    with office.world.log.engine.begin() as connection:
        if kept is not None:
            rules = wider() if kept else {}
            connection.execute(t.policy_text.insert().values(hash=name, texts=rules, at=office.world.clock()))
        connection.execute(t.policy_step.insert().values({**first, **coming}))
    office.world.log.verify(None)
    refused(office.world.inspector("GM9004").try_ask(office.phone), 503, "gegevens-kloppen-niet")
