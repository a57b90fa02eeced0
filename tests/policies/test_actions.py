# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Contract tests generated from policy-actions.csv: who may do what, and what must not be missing."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import pytest

from policies.decision import ACTIONS, PURPOSES, ROLES
from tests.policies.world import (
    MAIN_PURPOSES,
    SPOIL_ACTION,
    VECTORS,
    Question,
    asker,
    best,
    hit_cells,
    policy_set,
)


def _nothing_carries(q: Question) -> Iterator[Question]:
    yield q.with_facts(carrying_indicator=False)


def _off_the_care_track(q: Question) -> Iterator[Question]:
    if q.asker.role == "zorgcoordinator":
        yield q.with_facts(care_track=False)


def _not_explicit(q: Question) -> Iterator[Question]:
    yield q.with_papers(explicit=False)


def _too_long(q: Question) -> Iterator[Question]:
    yield q.with_papers(term_days=91)
    yield q.with_papers(term_days=0)


def _no_reason(q: Question) -> Iterator[Question]:
    yield q.with_occasion(reason="")


def _no_party(q: Question) -> Iterator[Question]:
    yield q.with_facts(parties=frozenset({q.facts.owner}), case_parties=frozenset({q.facts.owner}))


def _no_case(q: Question) -> Iterator[Question]:
    yield q.with_facts(case_parties=frozenset())


def _criteria(q: Question) -> Iterator[Question]:
    yield q.with_facts(criteria_stored=False)


def _recipients(q: Question) -> Iterator[Question]:
    yield q.with_papers(recipients=0)
    yield q.with_papers(recipients=2)


def _ground_per_attribute(q: Question) -> Iterator[Question]:
    yield q.with_papers(ground_per_attribute=False)


def _second_of_another_organisation(q: Question) -> Iterator[Question]:
    yield q.with_occasion(second=asker(q.asker.role, "GM9003"))


def _second_of_the_same_organisation(q: Question) -> Iterator[Question]:
    yield q.with_occasion(second=asker(q.asker.role, q.asker.organisation, "o-2"))


def _free_text(q: Question) -> Iterator[Question]:
    yield q.with_papers(feedback_code="")
    yield q.with_papers(feedback_code="wij kennen deze persoon al jaren")


def _danger(q: Question) -> Iterator[Question]:
    yield q.with_occasion(acute_danger=False)
    yield q.with_occasion(reason="")
    yield q.with_occasion(control="")


def _not_signed(q: Question) -> Iterator[Question]:
    yield q.with_papers(signed_off=False)


def _no_advice(q: Question) -> Iterator[Question]:
    yield q.with_papers(advice_recorded=False)


def _objection(q: Question) -> Iterator[Question]:
    yield q.with_papers(objection_open=True)


def _no_decision(q: Question) -> Iterator[Question]:
    yield q.with_papers(decision=" ")
    yield q.with_papers(document="")


def _not_logged(q: Question) -> Iterator[Question]:
    yield q.with_papers(hash_logged=False)


SPOIL = {
    **SPOIL_ACTION,
    "draagt": _nothing_carries,
    "zorgspoor": _off_the_care_track,
    "uitdrukkelijk": _not_explicit,
    "termijn": _too_long,
    "reden": _no_reason,
    "partij": _no_party,
    "zaak": _no_case,
    "criteria": _criteria,
    "ontvanger": _recipients,
    "grond-per-gegeven": _ground_per_attribute,
    "eigen-tweede": _second_of_another_organisation,
    "andere-organisatie": _second_of_the_same_organisation,
    "vrije-tekst": _free_text,
    "C9": _danger,
    "ondertekend": _not_signed,
    "advies": _no_advice,
    "bezwaar": _objection,
    "besluit": _no_decision,
    "hash": _not_logged,
}
# The sentence of the file, and the tests that stand for it. A changed sentence fails until somebody has read it.
MEANING = {
    "signaal_indienen": (
        "C2; at least one indicator marked draagt; zorgcoordinator on the care track only",
        ["C2", "draagt", "zorgspoor", "special"],
    ),
    "bevragen": ("C1 C2 C3; in the purpose the role has a hit cell for", ["C1", "C2", "C3"]),
    "bewaren_na_bevraging": ("as signaal_indienen", ["C2", "draagt", "special"]),
    "attendering_zetten": (
        "C1; explicit, with reason and a term of 90 days at most",
        ["C1", "uitdrukkelijk", "reden", "termijn"],
    ),
    "signaal_verrijken_corrigeren_intrekken": (
        "own organisation (C20); reason; the submitter may ask for it",
        ["C20", "reden"],
    ),
    "treffer_oppakken": ("party to the treffer; human assessment recorded (C8)", ["partij", "C8"]),
    "contact_vrijgeven": ("own organisation (C20)", ["C20"]),
    "verhaal_vrijgeven": (
        "own organisation (C20), four eyes (C5), one named recipient, ground per sealed attribute",
        ["C20", "C5", "eigen-tweede", "ontvanger", "grond-per-gegeven"],
    ),
    "niet_dezelfde_vastleggen": ("party to the treffer or the opened case; reason", ["partij", "reden"]),
    "fase_2_openen": (
        "C5 together with the releasing aandachtsfunctionaris; criteria check stored (C10)",
        ["C5-other-side", "criteria"],
    ),
    "overdracht_starten": ("C8", ["C8", "C7"]),
    "overdracht_aannemen_en_terugkoppelen": (
        "coded feedback; content under a recorded Wpg 19/20 decision, without it only ontvangen/afgesloten",
        ["vrije-tekst"],
    ),
    "netwerk_koppelen": (
        "in an opened case, phase 2 (C8 C10); viewing follows the link_graph cell",
        ["zaak", "C8", "C10"],
    ),
    "comensha_melder_vastleggen": ("party to the case", ["partij"]),
    "noodopening": ("C9", ["C9"]),
    "rechtenverzoek_behandelen": ("C23", ["C23"]),
    "logboek_beoordelen": ("own organisation (C20); sign-off", ["C20", "ondertekend"]),
    "bevriezing_verzoeken": (
        (
            "own organisation; executed by functioneel_beheerder at once, "
            "lifted by a second functioneel_beheerder on a decision of the college"
        ),
        ["C20"],
    ),
    "advies_op_grondslag_of_beleid": (
        "advice on record; an objection blocks until answered in writing",
        ["advies"],
    ),
    "grondslag_vaststellen": (
        "on the decision of the college or covenant, document reference, FG advice on record, two mandates",
        ["besluit", "advies", "bezwaar", "C5"],
    ),
    "beleid_activeren": (
        "two mandates of two organisations, FG advice on record, hash in the log first",
        ["C5", "andere-organisatie", "advies", "bezwaar", "hash"],
    ),
    "accounts_beheren": ("own organisation", ["C20"]),
    "sleutels_houders_getuigen_beheren": ("no access to any field", []),
    "statistiek_opvragen": ("C11", ["C11"]),
}
OWN = {
    "signaal_verrijken_corrigeren_intrekken",
    "contact_vrijgeven",
    "verhaal_vrijgeven",
    "logboek_beoordelen",
    "bevriezing_verzoeken",
    "accounts_beheren",
}
ADMINISTRATION = {
    "grondslag_vaststellen",
    "beleid_activeren",
    "accounts_beheren",
    "sleutels_houders_getuigen_beheren",
}
FIXED = {
    "rechtenverzoek_behandelen": ("inzage", "G-RECHT"),
    "logboek_beoordelen": ("toezicht_avg", "G-FG"),
    "bevriezing_verzoeken": ("toezicht_avg", "G-FG"),
    "advies_op_grondslag_of_beleid": ("toezicht_avg", "G-FG"),
    "statistiek_opvragen": ("statistiek", "G-STAT"),
}
FOUR_EYES = {"verhaal_vrijgeven", "fase_2_openen", "grondslag_vaststellen", "beleid_activeren"}
ALSO_COMENSHA = {"bevragen", "comensha_melder_vastleggen"}


@dataclass(frozen=True)
class Act:
    action: str
    role: str
    purpose: str
    ground: str

    def best(self) -> Question:
        code = self.ground.split("+")[0].split("|")[0] or "G-GEM"
        question = best(self.role, self.purpose, code, own=self.action in OWN)
        if self.action == "fase_2_openen":
            return question.with_occasion(second=asker("aandachtsfunctionaris", question.facts.owner, "o-2"))
        if self.action == "beleid_activeren":
            return question.with_occasion(second=asker("functioneel_beheerder", "GM9003"))
        return question


@cache
def rows() -> tuple[dict[str, str], ...]:
    with (VECTORS / "policy-actions.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def purposes(action: str, role: str) -> dict[str, str]:
    """Purpose -> ground of an action of a role, by "Actions need a ground too" of policy-codes.md."""
    if action in ADMINISTRATION:
        return dict.fromkeys(PURPOSES, "")
    if action in FIXED:
        return dict([FIXED[action]])
    if action in {"signaal_indienen", "bewaren_na_bevraging"} and role != "zorgcoordinator":
        return {"signalering": "G-GEM"}
    if action == "signaal_indienen":
        return {"hulpverlening": hit_cells()[role, "hulpverlening"].ground}
    reach = (*MAIN_PURPOSES, "registratie_comensha") if action in ALSO_COMENSHA else MAIN_PURPOSES
    cells = {
        purpose: hit_cells()[role, purpose].ground for purpose in reach if (role, purpose) in hit_cells()
    }
    return dict.fromkeys(cells, "G-VIT") if action == "noodopening" else cells


ACTS = tuple(
    Act(row["action"], role, purpose, ground)
    for row in rows()
    for role in row["roles"].split()
    for purpose, ground in purposes(row["action"], role).items()
)


def name(act: Act) -> str:
    return f"{act.action}-{act.role}-{act.purpose}"


def test_every_action_and_every_sentence_of_the_file_is_known() -> None:
    assert tuple(row["action"] for row in rows()) == ACTIONS
    assert {row["action"]: row["conditions"] for row in rows()} == {
        action: sentence for action, (sentence, _) in MEANING.items()
    }


@pytest.mark.parametrize("act", ACTS, ids=name)
def test_a_named_role_may_act_with_everything_met_and_not_with_one_thing_missing(act: Act) -> None:
    assert act.best().done(act.action)
    for code in ["mandate", *MEANING[act.action][1]]:
        for spoilt in SPOIL[code](act.best()):
            assert not spoilt.done(act.action), (code, spoilt)


@pytest.mark.parametrize("role", ROLES)
def test_no_other_role_and_no_other_purpose_may_act(role: str) -> None:
    for purpose in PURPOSES:
        may = {act.action for act in ACTS if (act.role, act.purpose) == (role, purpose)}
        # Four eyes are judged per action, so those are asked one at a time.
        pages = [tuple(action for action in ACTIONS if action not in may | FOUR_EYES)]
        pages += [(action,) for action in sorted(FOUR_EYES - may)]
        # All grounds are in force here; these two count only when chosen.
        for code, own in product(("G-TOEST", "G-VIT"), (True, False)):
            question = best(role, purpose, code, own=own)
            done = {name for page in pages for name, yes in question.seen(page).items() if yes.allowed}
            assert done == set(), (purpose, code)


@pytest.mark.parametrize("act", [act for act in ACTS if act.ground], ids=name)
def test_an_action_needs_its_ground_in_force(act: Act) -> None:
    for part in act.ground.replace(" (host-dependent)", "").split("+"):
        if part != "G-SC":
            assert not act.best().done(act.action, frozenset(part.split("|"))), part


def test_more_than_received_or_closed_goes_back_only_under_a_recorded_wpg_decision() -> None:
    for act in ACTS:
        if act.action == "overdracht_aannemen_en_terugkoppelen":
            content = act.best().with_papers(feedback_code="opgepakt_TMM")
            assert content.done(act.action)
            assert not content.done(act.action, frozenset({"G-WPG (19/20)"}))
            assert act.best().done(act.action, frozenset({"G-WPG (19/20)"}))


def test_every_action_of_the_rules_is_in_the_file() -> None:
    allowed = {
        (rule.role, action)
        for rule in policy_set().rules
        if rule.permits
        for action in rule.actions & set(ACTIONS)
    }
    assert allowed == {(role, row["action"]) for row in rows() for role in row["roles"].split()}
