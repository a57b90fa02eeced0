# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Questions as they were put to the engine, kept so that they can be decided again: under the rules of then, which must give the same, or under others.

The law of this file:

1. A record holds what the engine used and nothing else. Who asked is a mark that only the register can make; of a case number, a reason, a decision or a
   document there is only whether it was there (and whether it was the case of the chosen ground). No identity, no pseudonym, no id of a signal.
2. What somebody typed is never kept: a ground, role or code that the records and rules do not know is kept as "onbekend".
3. A page is one question: all its signals and fields, in the order in which they were decided.
4. Deciding again compares yes or no, the rules, the grounds and the condition codes, and for a no the codes of its reasons.

Left to others: keeping and sealing records, and what was in force when (register.central).
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

from policies.decision import PURPOSES, ROLES, Asker, Decision, Occasion, SignalFacts
from policies.difference import ADMINISTRATION, what_label
from policies.engine import Engine
from policies.explain import purpose_label
from policies.grounds import GroundRegister
from policies.ruleset import PolicySet
from process.language import gettext as _

UNKNOWN: Final = "onbekend"
_THERE: Final = "genoemd"
_CASE: Final = "zaak van de grondslag"
_CODE: Final = re.compile(r"[A-Za-z_]{1,40}")
_T = TypeVar("_T")

Mark = Callable[[str, str], str]
"""Organisation and officer -> what stands for the officer in a record."""


class RecordError(ValueError):
    """A record that this software cannot read; says in English which part."""


@dataclass(frozen=True)
class Outcome:
    """What was decided about one field or action."""

    allowed: bool
    rules: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    stored_grounds: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @classmethod
    def of(cls, decision: Decision) -> "Outcome":
        """The part of a decision that is kept."""
        return cls(
            decision.allowed,
            decision.rule_ids,
            decision.ground_ids,
            decision.stored_ground_ids,
            tuple(sorted(decision.conditions)),
            tuple(reason.code for reason in decision.reasons),
        )


@dataclass(frozen=True)
class Asked:
    """One question with its answers: per signal (None: about nothing stored) an outcome for each name, in the order of `names`."""

    asker: Asker
    occasion: Occasion
    signals: tuple[SignalFacts | None, ...]
    names: tuple[str, ...]
    outcomes: tuple[tuple[Outcome, ...], ...]


@dataclass(frozen=True)
class Request:
    """One request as it was decided: moment and trace as in its log entry, which rules, which records, and every question in its order."""

    moment: str
    trace: str
    policy: str
    records: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True)
class Export:
    """Recorded requests in a file: with the records of then by version, without mandates, since each question holds its own."""

    requests: tuple[Request, ...]
    records: Mapping[str, GroundRegister]


class RecordingEngine(Engine):
    """An engine that keeps what it was asked, for one request."""

    def __init__(self, policy_set: PolicySet, register: GroundRegister) -> None:
        super().__init__(policy_set, register)
        self.asked: list[Asked] = []

    def page(
        self, asker: Asker, occasion: Occasion, signals: Sequence[SignalFacts], fields: Sequence[str]
    ) -> tuple[dict[str, Decision], ...]:
        """Decide as the engine does, and keep it."""
        decided = super().page(asker, occasion, signals, fields)
        self._keep(asker, occasion, tuple(signals), tuple(fields), decided)
        return decided

    def action(
        self, asker: Asker, occasion: Occasion, action: str, facts: SignalFacts | None = None
    ) -> Decision:
        """Decide as the engine does, and keep it."""
        decision = super().action(asker, occasion, action, facts)
        self._keep(asker, occasion, (facts,), (action,), ({action: decision},))
        return decision

    def _keep(
        self,
        asker: Asker,
        occasion: Occasion,
        signals: tuple[SignalFacts | None, ...],
        names: tuple[str, ...],
        decided: Sequence[Mapping[str, Decision]],
    ) -> None:
        outcomes = tuple(tuple(Outcome.of(one[name]) for name in names) for one in decided)
        self.asked.append(Asked(asker, occasion, signals, names, outcomes))


def without_identity(asked: Asked, register: GroundRegister, mark: Mark) -> Asked:
    """The question as it may be kept (law 1 and 2)."""
    asker = _unnamed(asked.asker, mark)
    return replace(
        asked,
        asker=asker,
        occasion=_bare(asked.occasion, register, mark),
        signals=tuple(
            None if one is None else _untyped(one, asked.asker, asker, register) for one in asked.signals
        ),
    )


def _unnamed(asker: Asker, mark: Mark) -> Asker:
    officer = mark(asker.organisation, asker.officer)
    mandate = asker.mandate
    if mandate is not None:
        # Of somebody else's mandate only that it is another's.
        own = (mandate.organisation, mandate.officer) == (asker.organisation, asker.officer)
        mandate = replace(mandate, officer=officer if own else UNKNOWN)
    return replace(
        asker, officer=officer, role=asker.role if asker.role in ROLES else UNKNOWN, mandate=mandate
    )


def _bare(occasion: Occasion, register: GroundRegister, mark: Mark) -> Occasion:
    chosen = register.grounds.get(occasion.ground_id or "")
    control = _THERE if occasion.control.strip() else ""
    if chosen is not None and chosen.case and chosen.case == occasion.control:
        control = _CASE
    papers = occasion.formalities
    code = papers.feedback_code
    return replace(
        occasion,
        purpose=occasion.purpose if occasion.purpose in {*PURPOSES, ADMINISTRATION} else UNKNOWN,
        control=control,
        reason=_THERE if occasion.reason.strip() else "",
        ground_id=occasion.ground_id and _known(occasion.ground_id, register),
        second=None if occasion.second is None else _unnamed(occasion.second, mark),
        formalities=replace(
            papers,
            feedback_code=code if not code or _CODE.fullmatch(code) else UNKNOWN,
            decision=_THERE if papers.decision.strip() else "",
            document=_THERE if papers.document.strip() else "",
        ),
    )


def _untyped(facts: SignalFacts, asker: Asker, unnamed: Asker, register: GroundRegister) -> SignalFacts:
    recipient = facts.rewrapped_to
    if recipient:
        recipient = unnamed.address if recipient == asker.address else UNKNOWN

    def known(codes: AbstractSet[str]) -> frozenset[str]:
        return frozenset(_participant(one, asker, register) for one in codes)

    return replace(
        facts,
        owner=_participant(facts.owner, asker, register),
        parties=known(facts.parties),
        case_parties=known(facts.case_parties),
        released_to=known(facts.released_to),
        care_coordinator=_participant(facts.care_coordinator, asker, register),
        rewrapped_to=recipient,
        special_category_ground_id=facts.special_category_ground_id
        and _known(facts.special_category_ground_id, register),
        criminal_ground_id=facts.criminal_ground_id and _known(facts.criminal_ground_id, register),
    )


def _known(ground_id: str, register: GroundRegister) -> str:
    return ground_id if ground_id in register.grounds else UNKNOWN


def _participant(code: str, asker: Asker, register: GroundRegister) -> str:
    """An organisation that is on record, or the asker's; any other is nobody's party and may be what somebody typed."""
    return code if not code or code == asker.organisation or code in register.organisations else UNKNOWN


def again(asked: Asked, engine: Engine) -> tuple[tuple[Outcome, ...], ...]:
    """The same question decided by another engine; outcomes as in `Asked`."""
    occasion = asked.occasion
    chosen = engine.register.grounds.get(occasion.ground_id or "")
    if occasion.control == _CASE and chosen is not None:
        occasion = replace(occasion, control=chosen.case)
    stored = [facts for facts in asked.signals if facts is not None]
    decided: Sequence[Mapping[str, Decision]]
    if len(stored) == len(asked.signals):
        decided = engine.page(asked.asker, occasion, stored, asked.names)
    else:
        # About nothing stored: an action, which is asked alone.
        decided = [
            {name: engine.action(asked.asker, occasion, name, facts) for name in asked.names}
            for facts in asked.signals
        ]
    return tuple(tuple(Outcome.of(one[name]) for name in asked.names) for one in decided)


@dataclass
class Replayed:
    """What deciding again gave.

    Attributes:
        total: requests that were decided again.
        different: requests of which any answer is another.
        cells: (role, purpose, field or action, "ruimer", "strenger" or "anders") -> requests.
        unknown: requests whose rules or records are not there any more.
    """

    total: int = 0
    different: int = 0
    unknown: int = 0
    cells: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def count(
        self,
        request: Request,
        answers: Iterable[tuple[tuple[Outcome, ...], ...]],
        *,
        only_allowed: bool = False,
    ) -> None:
        """Compare the answers to each question of a request with those on record.

        Args:
            request: as it was decided.
            answers: what deciding again gave, per question.
            only_allowed: yes or no alone counts, since other rules have other names.
        """
        before, after = [one.outcomes for one in request.questions], list(answers)
        if only_allowed:
            before, after = ([_bare_outcomes(one) for one in these] for these in (before, after))
        self._count(request, before, after)

    def _count(
        self,
        request: Request,
        before: Sequence[tuple[tuple[Outcome, ...], ...]],
        after: Sequence[tuple[tuple[Outcome, ...], ...]],
    ) -> None:
        self.total += 1
        found = set()
        for asked, was, now in zip(request.questions, before, after, strict=True):
            for one, other in zip(was, now, strict=True):
                for name, old, new in zip(asked.names, one, other, strict=True):
                    if old != new:
                        found.add((asked.asker.role, asked.occasion.purpose, name, _direction(old, new)))
        self.different += bool(found)
        self.cells.update(found)


def _bare_outcomes(outcomes: tuple[tuple[Outcome, ...], ...]) -> tuple[tuple[Outcome, ...], ...]:
    return tuple(tuple(Outcome(one.allowed) for one in signal) for signal in outcomes)


def _direction(old: Outcome, new: Outcome) -> str:
    if old.allowed == new.allowed:
        return "anders"
    return "ruimer" if new.allowed else "strenger"


def compared(
    requests: Iterable[Request], old: PolicySet, new: PolicySet, registers: Mapping[str, GroundRegister]
) -> Replayed:
    """Decide each request with two sets, under the records of then; only yes and no count, since rules may be called otherwise."""
    found = Replayed()
    engines = {
        (one.hash, version): Engine(one, register.under(one.profile))
        for one in (old, new)
        for version, register in registers.items()
    }
    for request in requests:
        before, after = (
            [_bare_outcomes(again(asked, engine)) for asked in request.questions]
            for engine in (engines[old.hash, request.records], engines[new.hash, request.records])
        )
        found._count(request, before, after)  # noqa: SLF001 - of this module
    return found


def told(found: Replayed) -> Iterator[str]:
    """The result in Dutch, without anybody in it."""
    yield _("{anders} van {totaal} besluiten zouden anders zijn.").format(
        anders=_thousands(found.different), totaal=_thousands(found.total)
    )
    for (role, purpose, name, direction), count in sorted(
        found.cells.items(), key=lambda one: (-one[1], one[0])
    ):
        form = {
            "ruimer": _("- {rol} bij {doel}: {wat} zou dan wel mogen, {aantal} keer."),
            "strenger": _("- {rol} bij {doel}: {wat} zou dan niet meer mogen, {aantal} keer."),
            "anders": _(
                "- {rol} bij {doel}: {wat} zou op een andere regel, grondslag of reden rusten, {aantal} keer."
            ),
        }[direction]
        yield form.format(
            rol=role, doel=purpose_label(purpose) or purpose, wat=what_label(name), aantal=_thousands(count)
        )
    if found.unknown:
        yield _(
            "{aantal} konden niet opnieuw worden beslist: de regels of gegevens van toen zijn er niet."
        ).format(aantal=_thousands(found.unknown))


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def to_json(value: object) -> Any:
    """A frozen dataclass of policy as JSON values; dates as texts, sets sorted."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): to_json(one) for key, one in value.items()}
        case AbstractSet():
            return sorted(to_json(one) for one in value)
        case tuple() | list():
            return [to_json(one) for one in value]
    if dataclasses.is_dataclass(value):
        return {one.name: to_json(getattr(value, one.name)) for one in dataclasses.fields(value) if one.init}
    raise RecordError(f"no form for {type(value).__name__}")


def from_json(kind: type[_T], value: Any) -> _T:
    """The dataclass that `to_json` wrote.

    Raises:
        RecordError: it is none, or of later software.
    """
    try:
        return _read(kind, value)  # type: ignore[no-any-return]  # made of `kind`
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise RecordError(f"not a {kind.__name__}: {error}") from error


def _read(hint: Any, value: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        (hint,) = (one for one in arguments if one is not type(None))
        return None if value is None else _read(hint, value)
    if dataclasses.is_dataclass(hint):
        names = _hints(hint)  # type: ignore[arg-type]  # a class
        return hint(**{name: _read(names[name], one) for name, one in value.items()})  # type: ignore[operator]  # likewise
    if isinstance(origin, type):
        return _read_many(origin, arguments, value)
    return date.fromisoformat(value) if hint is date else _plain(hint, value)


def _read_many(origin: type, arguments: tuple[Any, ...], value: Any) -> Any:
    if issubclass(origin, Mapping):
        return {key: _read(arguments[1], one) for key, one in value.items()}
    many = frozenset if issubclass(origin, AbstractSet) else tuple
    return many(_read(arguments[0], one) for one in value)


def _plain(hint: Any, value: Any) -> Any:
    expected = hint if isinstance(hint, type) else object
    if not isinstance(value, expected) and not (expected is float and isinstance(value, int)):
        raise RecordError(f"{value!r} is not a {hint}")
    return value


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)
