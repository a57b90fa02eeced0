# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Generated questions: for a role and purpose one in which everything is met, and then the same with one thing missing, for everything there is.

Two policy sets that answer all of them alike treat that role alike as far as one missing thing can show; where they differ, the question that shows it is an
example that somebody can read. The law of this file:

1. Questions are made from the **attributes** of a question, never from a rule: a rule that forgot a condition is asked about it all the same.
2. Where a condition can be met in more than one way (C3, C6, C22, C14), each way is taken away, alone and with the others.
3. Nothing here is about anybody: the organisations are A (who asks), B (who submitted) and C (somebody else).

Left to others: deciding (engine), what a difference means (difference), what a rule that never decides is (lint).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from policies.decision import (
    FIELDS,
    PURPOSES,
    Asker,
    Decision,
    Formalities,
    Mandate,
    Occasion,
    SignalFacts,
    fitting,
)
from policies.engine import Engine
from policies.grounds import (
    CODES,
    GATES,
    Alliance,
    FgAdvice,
    Gate,
    Ground,
    GroundRegister,
    Organisation,
    Party,
)
from policies.profiles import Profile
from policies.ruleset import PolicySet

TODAY: Final = date(2026, 6, 1)
A: Final = "GM-A"
B: Final = "GM-B"
C: Final = "GM-C"
_EVERYBODY: Final = (A, B, C)
EVERY_GROUND: Final = Profile("proef", frozenset(CODES), training_years=1, screening_years=1)
"""A profile in which every ground can be recorded and none stands in for another: for what is about the rules alone."""

_CASE: Final = "ZAAK-1"
_SPAN: Final = (TODAY - timedelta(days=150), TODAY + timedelta(days=150))
_NOBODY: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """Questions of one asker on one occasion: the same for all signals on it.

    Attributes:
        missing: ground codes that are not in force on this sheet.
        signals: the facts asked about.
        complete: nothing was taken away from asker, occasion or grounds.
    """

    asker: Asker
    occasion: Occasion
    missing: frozenset[str]
    signals: tuple[SignalFacts, ...]
    complete: bool


@dataclass(frozen=True)
class Trial:
    """One question of a sheet."""

    sheet: Sheet
    facts: SignalFacts

    @property
    def own(self) -> bool:
        """The signal is of the asker's own organisation."""
        return self.facts.owner == self.sheet.asker.organisation


def ground_id(code: str) -> str:
    """The id under which a ground of this code is in force on a sheet."""
    return f"PROEF-{code}"


def grounds_for(missing: AbstractSet[str], base: GroundRegister) -> GroundRegister:
    """Records in which everybody holds what the profile of `base` lets count for every code but the missing ones, and every gate is open; the rest as in `base`."""
    opened = base.profile
    counts = {code: _counting(code, opened) for code in CODES}
    grounds = {
        ground_id(code): _ground(code, held, opened)
        for code, held in counts.items()
        if held and code not in missing and not opened.meant_by(held) & missing
    }
    return replace(
        base,
        grounds=grounds,
        gates={code: Gate(code, open=True, decision="proef") for code in GATES},
        alliances={one.id: one for one in map(_alliance, ("RIEC", "ZVH", ""))},
        organisations={name: Organisation(name, name, participant=True) for name in _EVERYBODY},
        mandates=(),
    )


def _counting(code: str, opened: Profile) -> str:
    """The code of a ground that counts as this one in a profile; "" if none does."""
    return code if code in opened.grounds else next(iter(sorted(opened.standing_in({code}))), "")


def _alliance(host: str) -> Alliance:
    return Alliance(
        id=f"PROEF-{host or 'CONVENANT'}",
        name="proef",
        kind="samenwerkingsverband" if host else "convenant",
        host=host,
        parties=tuple(map(Party, _EVERYBODY)),
        document="PROEF",
        valid_from=_SPAN[0],
        valid_to=_SPAN[1],
    )


def _under(code: str, opened: Profile) -> str:
    """The samenwerkingsverband or covenant that a ground of this code needs."""
    own = {"G-ZVH": "PROEF-ZVH", "G-CONV": "PROEF-CONVENANT"}
    return own.get(code, "PROEF-RIEC") if code in opened.within_alliance else ""


def _ground(meant: str, code: str, opened: Profile) -> Ground:
    return Ground(
        id=ground_id(meant),
        code=code,
        article="proef",
        task="proef",
        valid_from=_SPAN[0],
        valid_to=_SPAN[1],
        document="PROEF",
        decided_by="proef",
        decided_on=_SPAN[0],
        fg_advice=FgAdvice(_SPAN[0], "PROEF"),
        parties=frozenset(_EVERYBODY),
        alliance=_under(code, opened),
        purposes=frozenset(PURPOSES) if code == "G-CONV" else frozenset(),
        case=_CASE if code == "G-TOEST" else "",
    )


def sheets(  # noqa: PLR0913 - what a question is made of
    role: str,
    purpose: str,
    codes: Iterable[str],
    *,
    acting: bool,
    spoilt: bool = True,
    hosts: Sequence[str] = ("RIEC",),
) -> Iterator[Sheet]:
    """Every sheet for a role and purpose.

    Args:
        role: who asks.
        purpose: what for; "beheer" for administration.
        codes: ground codes that any rule in question uses.
        acting: also vary what only actions ask: the second person and the papers.
        spoilt: also take things away; else only questions in which everything is met.
        hosts: where the asker works, tried each.
    """
    used = sorted(codes) or ["G-GEM"]
    for host in hosts:
        for code in used:
            for question in _bases(role, purpose, code, host, acting=acting):
                if spoilt:
                    yield from _around(question, used, acting=acting)
                else:
                    yield Sheet(question[0], question[1], _NOBODY, question[2], complete=True)


def answered(
    engine: Callable[[frozenset[str]], Engine], sheet: Sheet, names: Sequence[str]
) -> list[dict[str, Decision]]:
    """The decisions on these fields and actions, per signal of the sheet; each action is asked alone, because what the second person may do depends on it.

    Args:
        engine: the engine in which these ground codes are missing.
        sheet: the questions.
        names: fields and actions.
    """
    there, found = engine(sheet.missing), [dict[str, Decision]() for _signal in sheet.signals]
    fields = tuple(name for name in names if name in FIELDS)
    for page in (fields, *((name,) for name in names if name not in FIELDS)):
        if page:
            answers = there.page(sheet.asker, sheet.occasion, sheet.signals, page)
            for kept, decisions in zip(found, answers, strict=True):
                kept.update(decisions)
    return found


def engines(policy_set: PolicySet, base: GroundRegister) -> Callable[[frozenset[str]], Engine]:
    """Engines of a policy set by what is missing, each made once."""
    made: dict[frozenset[str], Engine] = {}

    def engine(missing: frozenset[str]) -> Engine:
        if missing not in made:
            records = grounds_for(missing, replace(base, profile=policy_set.profile))
            made[missing] = Engine(policy_set, records)
        return made[missing]

    return engine


_Question = tuple[Asker, Occasion, tuple[SignalFacts, ...]]


def _asker(role: str, organisation: str = A, officer: str = "m-1", host: str = "RIEC") -> Asker:
    mandate = Mandate(role, organisation, officer, *_SPAN, trained_on=_SPAN[0], screened_on=_SPAN[0])
    return Asker(organisation, officer, role, mandate, participant=True, host=host)


_PAPERS: Final = Formalities(
    explicit=True,
    term_days=90,
    recipients=1,
    ground_per_attribute=True,
    feedback_code="ontvangen",
    signed_off=True,
    advice_recorded=True,
    objection_open=False,
    decision="BESLUIT",
    document="DOCUMENT",
    hash_logged=True,
)


def _bases(role: str, purpose: str, code: str, host: str, *, acting: bool) -> Iterator[_Question]:
    """Everything met: for a signal of B and one of A's own, as a normal question and as a break-glass one; and each with every kind of second person."""
    who = _asker(role, host=host)
    seconds: tuple[Asker | None, ...] = (_asker(role, officer="m-2"),)
    if acting:
        seconds += (_asker("aandachtsfunctionaris", B, "m-2"), _asker("functioneel_beheerder", C, "m-2"))
    for second in seconds:
        occasion = Occasion(
            purpose,
            TODAY,
            control=_CASE,
            reason="proef",
            ground_id=ground_id(code),
            asked_strong=1,
            coarse=True,
            aggregate=True,
            masked=True,
            file_open_until=TODAY,
            identity_checked=True,
            acute_danger=True,
            second=second,
            formalities=_PAPERS,
        )
        both = (_facts(who, B), _facts(who, A))
        yield who, occasion, both
        if code == "G-VIT":
            urgent = {"released_to": _NOBODY, "assessed": False, "matched_strong": 0, "four_eyes": False}
            yield who, replace(occasion, break_glass=True), tuple(_changed(one, urgent) for one in both)


def _facts(who: Asker, owner: str) -> SignalFacts:
    # In one way only, so that taking it away shows: C3 by a strong attribute, C14 by two organisations.
    return replace(fitting(A, who.address, owner), matched_medium=0, acute_danger=False)


def _around(question: _Question, codes: Sequence[str], *, acting: bool) -> Iterator[Sheet]:
    """The question itself with every spoilt signal, and then the same asker or occasion spoilt, or grounds not in force."""
    asker, occasion, signals = question
    spoilt = tuple(_changed(one, changes) for one in signals for changes in _SIGNALS)
    whole = tuple(dict.fromkeys((*signals, *spoilt)))
    yield Sheet(asker, occasion, _NOBODY, whole, complete=True)
    for who in _askers(asker):
        yield Sheet(who, occasion, _NOBODY, signals, complete=False)
    for why in _occasions(occasion, asker, acting=acting):
        yield Sheet(asker, why, _NOBODY, signals, complete=False)
    for missing in _missing(codes):
        yield Sheet(asker, occasion, missing, signals, complete=False)


def _missing(codes: Sequence[str]) -> Iterator[frozenset[str]]:
    yield frozenset(CODES)
    for code in codes:
        yield frozenset({code})
        yield frozenset(codes) - {code}


def _changed(facts: SignalFacts, changes: dict[str, Any]) -> SignalFacts:
    return replace(facts, **changes)


_SIGNALS: Final[tuple[dict[str, Any], ...]] = (
    {"owner": C, "parties": frozenset({C, A}), "case_parties": frozenset({C, A})},
    {"parties": frozenset({B})},
    {"parties": frozenset({B}), "case_parties": frozenset({B})},
    {"case_parties": frozenset({B})},
    {"care_coordinator": ""},
    {"minor": "onbekend"},
    {"minor": "ja"},
    {"minor": "ja", "parties": frozenset({B}), "care_coordinator": ""},
    {"minor": ""},
    {"minor": "", "parties": frozenset({B}), "care_coordinator": ""},
    {"no_police_contact": True},
    {"care_track": False},
    {"acute_danger": True},
    {"needs_special": True},
    {"needs_special": True, "special_category_ground_id": ground_id("G-STRAF")},
    {"needs_special": True, "special_category_ground_id": ground_id("G-SEKS")},
    {"needs_criminal": True},
    {"needs_criminal": True, "criminal_ground_id": ground_id("G-SEKS")},
    {"needs_criminal": True, "criminal_ground_id": ground_id("G-STRAF")},
    {"handling": ""},
    {"handling": "H2"},
    {"handling": "H2", "released_to": _NOBODY},
    {"handling": "H3"},
    {"border_context": False},
    {"labour": False},
    {"victim_subject": False},
    {"carrying_indicator": False},
    {"matched_strong": 0, "matched_medium": 0},
    {"matched_strong": 0, "matched_medium": 1},
    {"matched_strong": 0, "matched_medium": 2},
    {"organisations_matched": 1},
    {"organisations_matched": 1, "acute_danger": True},
    {"assessed": False},
    {"released_to": _NOBODY},
    {"released_to": frozenset({C})},
    {"four_eyes": False},
    {"phase2_open": False},
    {"criteria_stored": False},
    {"phase2_open": False, "criteria_stored": False},
    {"rewrapped_to": f"{A}/een ander"},
    {"rewrapped_to": ""},
    {"committee_advice": False},
    {"supplier_consent": False},
)
"""What can be missing, or otherwise, about a signal."""


def _askers(asker: Asker) -> Iterator[Asker]:
    yield replace(asker, participant=False)
    yield replace(asker, mandate=None)
    if asker.mandate is not None:
        yield replace(asker, mandate=replace(asker.mandate, valid_to=TODAY - timedelta(days=1)))
        yield replace(asker, mandate=replace(asker.mandate, valid_from=TODAY + timedelta(days=1)))
        yield replace(asker, mandate=replace(asker.mandate, trained_on=None))
        yield replace(asker, mandate=replace(asker.mandate, screened_on=None))
    yield replace(asker, host="ZVH" if asker.host == "RIEC" else "RIEC")
    yield replace(asker, host="")


def _occasions(occasion: Occasion, asker: Asker, *, acting: bool) -> Iterator[Occasion]:
    changes: list[dict[str, Any]] = [
        {"control": ""},
        {"reason": ""},
        {"ground_id": None},
        {"ground_id": "PROEF-onbekend"},
        {"coarse": False},
        {"aggregate": False},
        {"masked": False},
        {"file_open_until": None},
        {"file_open_until": TODAY - timedelta(days=1)},
        {"identity_checked": False},
        {"acute_danger": False},
        {"break_glass": not occasion.break_glass},
    ]
    if acting:
        changes += [
            {"asked_strong": 0},
            {"asked_strong": 0, "asked_medium": 1},
            {"asked_strong": 0, "asked_medium": 2},
            *({"second": one} for one in _seconds(occasion.second, asker)),
            *({"formalities": replace(_PAPERS, **one)} for one in _PAPERS_SPOILT),
        ]
    return (replace(occasion, **one) for one in changes)


def _seconds(second: Asker | None, asker: Asker) -> Iterator[Asker | None]:
    yield None
    yield asker
    if second is None:
        return
    yield replace(second, mandate=None)
    yield replace(second, participant=False)
    for organisation in (A, B, C):
        yield _asker(second.role, organisation, second.officer)
    # A role that no action is given to together with somebody else.
    yield _asker("nrm_onderzoeker", second.organisation, second.officer)


_PAPERS_SPOILT: Final[tuple[dict[str, Any], ...]] = (
    {"explicit": False},
    {"term_days": 0},
    {"term_days": 91},
    {"term_days": 366},
    {"recipients": 0},
    {"recipients": 2},
    {"ground_per_attribute": False},
    {"feedback_code": ""},
    {"feedback_code": "opgepakt_TMM"},
    {"feedback_code": "vrije tekst"},
    {"signed_off": False},
    {"advice_recorded": False},
    {"objection_open": True},
    {"decision": ""},
    {"document": ""},
    {"hash_logged": False},
)
