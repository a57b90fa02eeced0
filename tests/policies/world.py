# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A small world in which every ground is in force and every condition can be met, and ways to spoil one at a time."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from policies.decision import (
    PURPOSES,
    ROLES,
    Asker,
    Decision,
    Formalities,
    Mandate,
    Occasion,
    SignalFacts,
)
from policies.desk.load import load_profile
from policies.engine import Engine, _Question
from policies.grounds import (
    CODES,
    GATES,
    Alliance,
    FgAdvice,
    Ground,
    GroundExpression,
    GroundRegister,
    Organisation,
    Party,
)
from policies.ruleset import PolicySet

TODAY = date(2026, 11, 22)
VECTORS = Path(__file__).parents[1] / "vectors"
MAIN_PURPOSES = ("signalering", "hulpverlening", "opsporing_handoff")
CONTROL = "ZAAK-1"
OWNER = "GM9002"
ORGANISATION = {
    "tmm_analist": "TMM",
    "tmm_coordinator": "TMM",
    "nla": "NLA",
    "kmar": "KMAR",
    "comensha_registrar": "COMENSHA",
    "register_beheerder": "REGISTER",
    "auditor_ap": "AP",
    "nrm_onderzoeker": "NRM",
    "zorgcoordinator": "ZORG",
    "ketenregisseur": "RIEC",
}
ORGANISATIONS = frozenset({"GM9001", OWNER, "GM9003", *ORGANISATION.values()})


CONTRACTED = ("oefening", "riec-wgs")
"""The profiles that must agree with the norm cell for cell; what a question is answered in one, it is in the other."""


@cache
def policy_set(profile: str = "oefening") -> PolicySet:
    return load_profile(profile)[0]


def ground(code: str, **changes: object) -> Ground:
    base = Ground(
        id=f"W-{code}",
        code=code,
        article="artikel van de proef",
        task="proef",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        document="PROEF",
        decided_by="college van de proef",
        decided_on=date(2025, 12, 1),
        fg_advice=FgAdvice(date(2025, 11, 1), "PROEF-FG"),
        parties=ORGANISATIONS,
        case=CONTROL if code == "G-TOEST" else "",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # a test names the fields it changes


def alliance(host: str, **changes: object) -> Alliance:
    base = Alliance(
        id=f"W-{host or 'CONVENANT'}",
        name="proef",
        kind="samenwerkingsverband" if host else "convenant",
        host=host,
        parties=tuple(map(Party, sorted(ORGANISATIONS))),
        document="PROEF",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # a test names the fields it changes


@cache
def register(missing: frozenset[str] = frozenset(), profile: str = "oefening") -> GroundRegister:
    """Every ground that the profile admits, each of all organisations, under the samenwerkingsverband or covenant that it needs there."""
    opened = policy_set(profile).profile
    under = dict.fromkeys(opened.within_alliance, "W-RIEC") | {"G-ZVH": "W-ZVH", "G-CONV": "W-CONVENANT"}
    made = GroundRegister(
        grounds={
            f"W-{code}": ground(
                code,
                alliance=under[code] if code in opened.within_alliance else "",
                purposes=frozenset(PURPOSES) if code == "G-CONV" else frozenset(),
            )
            for code in CODES
            if code in opened.grounds and code not in missing
        },
        gates={},
        alliances={one.id: one for one in map(alliance, ("RIEC", "ZVH", ""))},
        organisations={name: Organisation(name, name, participant=True) for name in ORGANISATIONS},
        profile=opened,
    )
    made.check()
    for gate in sorted(set(GATES) & opened.grounds):
        made = made.with_gate(gate, opened=True, decision="proef")
    return made


@cache
def engine(missing: frozenset[str] = frozenset(), profile: str = "oefening") -> Engine:
    return Engine(policy_set(profile), register(missing, profile))


@dataclass(frozen=True)
class Question:
    asker: Asker
    occasion: Occasion
    facts: SignalFacts

    def seen(self, fields: tuple[str, ...], missing: frozenset[str] = frozenset()) -> dict[str, Decision]:
        return self.page([self.facts], fields, missing)[0]

    def done(self, action: str, missing: frozenset[str] = frozenset()) -> bool:
        return self.seen((action,), missing)[action].allowed

    def page(
        self, signals: Sequence[SignalFacts], fields: tuple[str, ...], missing: frozenset[str] = frozenset()
    ) -> tuple[dict[str, Decision], ...]:
        """What the exercise decides; a profile that decides otherwise fails whatever test asks."""
        engines = [engine(missing, profile) for profile in CONTRACTED]
        # The rules of both are the same text (test_profiles), so what puts the same to them is answered the same.
        put = [_Question(one, self.asker, self.occasion).put(signals, fields, fields) for one in engines]
        page = engines[0].page(self.asker, self.occasion, signals, fields)
        if put[0] != put[1]:
            other = engines[1].page(self.asker, self.occasion, signals, fields)
            said = [[{name: one.allowed for name, one in seen.items()} for seen in p] for p in (page, other)]
            assert said[0] == said[1], self
        return page

    def with_asker(self, **changes: object) -> "Question":
        return replace(self, asker=replace(self.asker, **changes))  # type: ignore[arg-type]

    def with_occasion(self, **changes: object) -> "Question":
        return replace(self, occasion=replace(self.occasion, **changes))  # type: ignore[arg-type]

    def with_facts(self, **changes: object) -> "Question":
        return replace(self, facts=replace(self.facts, **changes))  # type: ignore[arg-type]

    def with_papers(self, **changes: object) -> "Question":
        papers = replace(self.occasion.formalities, **changes)  # type: ignore[arg-type]
        return self.with_occasion(formalities=papers)


def asker(role: str, organisation: str | None = None, officer: str = "o-1") -> Asker:
    where = organisation or ORGANISATION.get(role, "GM9001")
    mandate = Mandate(
        role, where, officer, date(2026, 1, 1), date(2026, 12, 31), date(2025, 11, 3), date(2025, 10, 6)
    )
    return Asker(where, officer, role, mandate, participant=True, host="RIEC")


PAPERS = Formalities(
    explicit=True,
    term_days=90,
    recipients=1,
    ground_per_attribute=True,
    feedback_code="ontvangen",
    signed_off=True,
    advice_recorded=True,
    objection_open=False,
    decision="BESLUIT-1",
    document="DOCUMENT-1",
    hash_logged=True,
)


def best(role: str, purpose: str, ground_code: str, *, own: bool = False) -> Question:
    """Every condition met: for a signal of another organisation, or with `own` for one of the asker's."""
    who = asker(role)
    occasion = Occasion(
        purpose,
        TODAY,
        control=CONTROL,
        reason="een reden",
        ground_id=f"W-{ground_code}",
        asked_strong=1,
        coarse=True,
        aggregate=True,
        masked=True,
        file_open_until=TODAY,
        identity_checked=True,
        acute_danger=True,
        second=asker(role, officer="o-2"),
        formalities=PAPERS,
    )
    owner = who.organisation if own else OWNER
    facts = SignalFacts(
        owner=owner,
        parties=frozenset({owner, who.organisation}),
        case_parties=frozenset({owner, who.organisation}),
        care_coordinator=who.organisation,
        minor="nee",
        no_police_contact=False,
        care_track=True,
        needs_special=False,
        needs_criminal=False,
        handling="H1_no_restriction_within_convenant",
        border_context=True,
        labour=True,
        victim_subject=True,
        carrying_indicator=True,
        matched_strong=1,
        organisations_matched=2,
        assessed=True,
        released_to=frozenset({who.organisation}),
        four_eyes=True,
        phase2_open=True,
        criteria_stored=True,
        rewrapped_to=who.address,
        committee_advice=True,
        supplier_consent=True,
    )
    return Question(who, occasion, facts)


Spoil = Callable[[Question], Iterator[Question]]


def _c1(q: Question) -> Iterator[Question]:
    yield q.with_occasion(control=" ")
    yield q.with_occasion(reason="")
    yield q.with_occasion(ground_id=None)
    yield q.with_occasion(ground_id="W-G-CONV")


def _c2(q: Question) -> Iterator[Question]:
    yield q.with_asker(participant=False)
    yield from _mandate(q)


def _mandate(q: Question) -> Iterator[Question]:
    assert q.asker.mandate is not None
    yield q.with_asker(mandate=None)
    yield q.with_asker(mandate=replace(q.asker.mandate, valid_to=date(2026, 11, 21)))
    yield q.with_asker(mandate=replace(q.asker.mandate, valid_from=date(2026, 11, 23)))
    yield q.with_asker(mandate=replace(q.asker.mandate, officer="een ander"))
    other = next(role for role in ROLES if role != q.asker.role)
    yield q.with_asker(mandate=replace(q.asker.mandate, role=other))


def _c3(q: Question) -> Iterator[Question]:
    yield q.with_facts(matched_strong=0)
    yield q.with_facts(matched_strong=0, matched_medium=1)


def _c3_question(q: Question) -> Iterator[Question]:
    yield q.with_occasion(asked_strong=0)
    yield q.with_occasion(asked_strong=0, asked_medium=1)


def _c4(q: Question) -> Iterator[Question]:
    yield q.with_facts(released_to=frozenset({"GM9003"}))


def _c5(q: Question) -> Iterator[Question]:
    yield q.with_facts(four_eyes=False)


def _c5_second(q: Question) -> Iterator[Question]:
    second = q.occasion.second
    assert second is not None
    assert second.mandate is not None
    yield q.with_occasion(second=None)
    yield q.with_occasion(second=q.asker)
    yield q.with_occasion(second=replace(second, mandate=None))
    yield q.with_occasion(second=replace(second, participant=False))
    yield q.with_occasion(second=asker("nrm_onderzoeker", second.organisation, second.officer))


def _c5_other_side(q: Question) -> Iterator[Question]:
    yield from _c5_second(q)
    yield q.with_occasion(second=asker("aandachtsfunctionaris", "GM9003"))


def _c6(q: Question) -> Iterator[Question]:
    # The TMM-coördinator sees every minor: nothing to take away.
    if q.asker.role != "tmm_coordinator":
        spoilt = q.with_facts(minor="ja", parties=frozenset({q.facts.owner}), care_coordinator="")
        if q.asker.role != "toezichthouder":
            yield spoilt if q.facts.owner != q.asker.organisation else spoilt.with_facts(parties=frozenset())
        yield spoilt.with_facts(minor="", parties=frozenset())


def _c7(q: Question) -> Iterator[Question]:
    yield q.with_facts(no_police_contact=True)


def _c8(q: Question) -> Iterator[Question]:
    yield q.with_facts(assessed=False)


def _c10(q: Question) -> Iterator[Question]:
    yield q.with_facts(phase2_open=False)
    yield q.with_facts(criteria_stored=False)


def _c11(q: Question) -> Iterator[Question]:
    yield q.with_occasion(aggregate=False)


def _c12(q: Question) -> Iterator[Question]:
    yield q.with_occasion(masked=False)


def _c14(q: Question) -> Iterator[Question]:
    yield q.with_facts(rewrapped_to=f"{q.asker.organisation}/een ander")
    if q.asker.role == "tmm_coordinator":
        yield q.with_facts(organisations_matched=1)


def _c15(q: Question) -> Iterator[Question]:
    yield q.with_facts(committee_advice=False)
    yield q.with_facts(supplier_consent=False)


def _c16(q: Question) -> Iterator[Question]:
    yield q.with_occasion(file_open_until=None)
    yield q.with_occasion(file_open_until=date(2026, 11, 21))
    yield q.with_occasion(reason="")


def _c17(q: Question) -> Iterator[Question]:
    yield q.with_occasion(coarse=False)


def _c18(q: Question) -> Iterator[Question]:
    yield q.with_facts(labour=False)


def _c19(q: Question) -> Iterator[Question]:
    yield q.with_facts(border_context=False)


def _c20(q: Question) -> Iterator[Question]:
    yield q.with_facts(owner="GM9003", parties=frozenset({"GM9003", q.asker.organisation}))


def _c21(q: Question) -> Iterator[Question]:
    yield q.with_facts(victim_subject=False)


def _c22(q: Question) -> Iterator[Question]:
    yield q.with_facts(handling="")
    yield q.with_facts(handling="H4")
    if q.facts.owner != q.asker.organisation and (
        q.occasion.purpose != "hulpverlening" or q.asker.role == "tmm_coordinator"
    ):
        yield q.with_facts(handling="H3_care_only")


def _c23(q: Question) -> Iterator[Question]:
    yield q.with_occasion(identity_checked=False)
    yield q.with_occasion(control="")


def _special(q: Question) -> Iterator[Question]:
    yield q.with_facts(needs_special=True)
    yield q.with_facts(needs_special=True, special_category_ground_id="W-G-STRAF")
    yield q.with_facts(needs_criminal=True)
    yield q.with_facts(needs_criminal=True, criminal_ground_id="W-G-SEKS")


SPOIL: Mapping[str, Spoil] = {
    "C1": _c1,
    "C2": _c2,
    "C3": _c3,
    "C4": _c4,
    "C5": _c5,
    "C6": _c6,
    "C7": _c7,
    "C8": _c8,
    "C10": _c10,
    "C11": _c11,
    "C12": _c12,
    "C14": _c14,
    "C15": _c15,
    "C16": _c16,
    "C17": _c17,
    "C18": _c18,
    "C19": _c19,
    "C20": _c20,
    "C21": _c21,
    "C22": _c22,
    "C23": _c23,
}
SPOIL_ACTION: Mapping[str, Spoil] = {
    **SPOIL,
    "C3": _c3_question,
    "C5": _c5_second,
    "C5-other-side": _c5_other_side,
    "mandate": _mandate,
    "special": _special,
}
spoil_mandate = _mandate
spoil_special = _special


@dataclass(frozen=True)
class Row:
    role: str
    purpose: str
    field: str
    allowed: bool
    ground: str
    conditions: tuple[str, ...]

    @property
    def expression(self) -> GroundExpression:
        return GroundExpression.parse(self.ground)

    @property
    def chosen_code(self) -> str:
        """The ground code a test chooses: the first of the cell."""
        return self.ground.split("+")[0].split("|")[0]

    def best(self) -> Question:
        return best(self.role, self.purpose, self.chosen_code, own="C20" in self.conditions)


@cache
def matrix() -> tuple[Row, ...]:
    with (VECTORS / "policy-matrix.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Row(
                row["role"],
                row["purpose"],
                row["field"],
                row["decision"] != "deny",
                row["ground"],
                () if row["decision"] == "deny" else tuple(row["conditions"].split()),
            )
            for row in csv.DictReader(file)
        )


@cache
def hit_cells() -> Mapping[tuple[str, str], Row]:
    return {(row.role, row.purpose): row for row in matrix() if row.field == "hit" and row.allowed}
