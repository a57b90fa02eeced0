# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""'Mag ik dit delen?': a question about sharing goes in, plain Dutch comes out: yes, yes if, or no, and all that follows from it.

The law of this file:

1. Everything is read off the rules themselves: the cell of the one who asks, the cell of the recipient, and their named conditions. What no rule allows is no.
2. With a `Ruling` of the decision point, what stands in the way of the asker is told as it was decided; without one the answer is what the rules say to
   anybody with this role, and says so (`Advice.decided`).
3. No signal is looked at, so nothing here can show that one exists; whether a condition about a signal is met is for the reader to say (`met`).
4. A yes is about what was asked only, and names what to leave out.

Sentences are short and stand by themselves, because they are read aloud in a stairwell. Left to others: layout (pages, PDF), and asking the decision point.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from policies.decision import PURPOSES, ROLES
from policies.explain import ARTICLES, field_label, notices, purpose_label, role_label
from policies.grounds import CODES, GroundExpression
from policies.ruleset import PolicySet, Rule
from process.language import capital, together
from process.language import gettext as _

OUTSIDE: Final = "buiten"
"""A recipient that takes no part in the register: a housing association, a doctor, the press, a neighbour."""
RECIPIENTS: Final = (*ROLES, OUTSIDE)
THEIRS: Final = "ontvanger"
"""Name of the condition that the recipient may have it today; no condition of a rule is called so."""
_STANDS: Final = frozenset({"MANDAAT", "ROL", "DOEL", "ALARM", *CODES})
"""Codes of reasons that the asker cannot take away at the door."""


class Outcome(StrEnum):
    """What stands at the top of the page."""

    YES = "ja"
    YES_IF = "ja_als"
    NO = "nee"


@dataclass(frozen=True)
class Inquiry:
    """May this role, for this purpose, share these fields with this recipient ("": may it have them at all)?"""

    role: str
    purpose: str
    fields: tuple[str, ...]
    recipient: str = ""


@dataclass(frozen=True)
class GroundTold:
    """A ground in force for this organisation, as it was recorded. `shared`: it counts between its parties only."""

    id: str
    code: str
    article: str
    task: str
    document: str
    decided_by: str
    decided_on: str
    shared: bool


@dataclass(frozen=True)
class ReasonTold:
    """Why not, how to get there, and whether it is about the one who asks."""

    code: str
    sentence: str
    way: str
    about_asker: bool


@dataclass(frozen=True)
class Ruling:
    """What the decision point said about one field, of a signal that meets every condition that a signal can meet."""

    allowed: bool
    reasons: tuple[ReasonTold, ...]
    grounds: tuple[GroundTold, ...]
    rules: tuple[str, ...]
    policy: str


@dataclass(frozen=True)
class Need:
    """One condition. `met`: decided or said to be so (True), decided not to be so (False), or for the reader to say (None).

    `requirement` are words to name it, `statement` is a sentence of the reader's own to agree with.
    """

    name: str
    code: str
    requirement: str
    statement: str
    way: str
    met: bool | None
    declared: bool = False


@dataclass(frozen=True)
class Advice:
    """The answer, in reading order. `decided`: the register's decision point took part in it."""

    inquiry: Inquiry
    outcome: Outcome
    headline: str
    question: str
    why: tuple[str, ...]
    grounds: tuple[str, ...]
    needs: tuple[Need, ...]
    recipient: tuple[str, ...]
    leave_out: tuple[str, ...]
    instead: tuple[str, ...]
    log: tuple[str, ...]
    rules: tuple[str, ...]
    policy: str
    decided: bool

    @property
    def open_needs(self) -> tuple[Need, ...]:
        """What is still needed or has to be looked at."""
        return tuple(need for need in self.needs if not need.met)

    def as_text(self) -> str:
        """All of it as plain text, for a terminal."""
        needs = tuple(f"{need.code or need.name}: {need_sentence(need)}" for need in self.needs)
        parts = (
            ("", self.why),
            (_("Grondslag"), self.grounds),
            (_("Nodig"), needs),
            (_("De ontvanger"), self.recipient),
            (_("Laat dit weg"), self.leave_out),
            (_("Wat u wel kunt doen"), self.instead),
            (_("Wat er in het logboek komt"), self.log),
            (_("Regels"), self.rules),
        )
        blocks = [f"{self.question}\n{self.headline}"]
        for title, lines in parts:
            if lines:
                blocks.append(
                    "\n".join([f"{title}:", *(f"- {one}" for one in lines)] if title else map(str, lines))
                )
        return "\n\n".join(blocks) + "\n"


def need_sentence(need: Need) -> str:
    """A condition in a sentence or two: what is needed, and how to get it if it is not there."""
    said = sentence(need.requirement)
    return said if need.met else f"{said} {need.way}".strip()


def sentence(words: str) -> str:
    """Words that stand by themselves: with a capital and a full stop."""
    return f"{capital(words)}."


def advise(
    policy_set: PolicySet,
    inquiry: Inquiry,
    rulings: Mapping[str, Ruling] | None = None,
    declared: Collection[str] = (),
) -> Advice:
    """Answer one inquiry.

    Args:
        policy_set: the packaged rules.
        inquiry: who wants to share what with whom; at least one field, known names only.
        rulings: field -> what the decision point said; None if it was not asked.
        declared: names of conditions of which the asker says that they are met.

    Raises:
        ValueError: nothing was asked, or about something that there is not.
    """
    _require_known(inquiry)
    return _Advising(policy_set, inquiry, rulings, frozenset(declared)).advice()


def _require_known(inquiry: Inquiry) -> None:
    known = (
        inquiry.role in ROLES
        and inquiry.purpose in PURPOSES
        and inquiry.recipient in {"", *RECIPIENTS}
        and inquiry.fields
        and all(field_label(one) for one in inquiry.fields)
    )
    if not known:
        raise ValueError("an inquiry about something that the rules do not know")


class _Advising:
    """One inquiry, with what the rules say about it."""

    def __init__(
        self,
        policy_set: PolicySet,
        inquiry: Inquiry,
        rulings: Mapping[str, Ruling] | None,
        declared: frozenset[str],
    ) -> None:
        self.rules = policy_set
        self.asked = inquiry
        self.rulings = rulings
        self.declared = declared
        self.own = {field: self._rule(inquiry.role, field) for field in inquiry.fields}
        self.theirs = {field: self._rule(inquiry.recipient, field) for field in inquiry.fields}
        self.not_own = [one for one in inquiry.fields if self.own[one] is None]
        self.not_theirs = [one for one in inquiry.fields if inquiry.recipient and self.theirs[one] is None]
        self.stopped = [one for one in inquiry.fields if one not in self.not_own and self._stops(one)]
        closed = {*self.not_own, *self.not_theirs, *self.stopped}
        self.open = [one for one in inquiry.fields if one not in closed]

    def advice(self) -> Advice:
        needs = self._needs()
        outcome = self._outcome(needs)
        return Advice(
            inquiry=self.asked,
            outcome=outcome,
            headline=self._headline(outcome),
            question=self._question(),
            why=self._why(),
            grounds=self._grounds(),
            needs=needs,
            recipient=self._recipient(),
            leave_out=self._leave_out(),
            instead=self._instead(),
            log=self._log(),
            rules=tuple(dict.fromkeys(rule.id for rule in self._used())),
            policy=self._policy(),
            decided=self.rulings is not None,
        )

    def _rule(self, role: str, field: str, purpose: str = "") -> Rule | None:
        """The rule of a cell; break-glass (C9) is an action and in no cell."""
        found = self.rules.permits(role, purpose or self.asked.purpose, field)
        return next((rule for rule in found if not self._breaks_glass(rule)), None)

    def _breaks_glass(self, rule: Rule) -> bool:
        return any(self.rules.conditions[name].code == "C9" for name in rule.clauses)

    def _stops(self, field: str) -> list[ReasonTold]:
        """Reasons that nobody can take away at the door: no mandate, no ground in force, a closed gate, or a no that is about nothing the asker did."""
        ruling = (self.rulings or {}).get(field)
        if ruling is None or ruling.allowed:
            return []
        about_asker = [one for one in ruling.reasons if one.about_asker]
        return [one for one in about_asker if _stands(one)] if about_asker else list(ruling.reasons)

    def _used(self) -> list[Rule]:
        found = [self.own[one] for one in self.open]
        found += [self.theirs[one] for one in self.open]
        return [rule for rule in found if rule is not None]

    def _outcome(self, needs: Sequence[Need]) -> Outcome:
        if not self.open:
            return Outcome.NO
        # What the recipient may have, and what has to be met, is read from the rules here; by others it may be otherwise.
        whole = len(self.open) == len(self.asked.fields) and self._policy() == self.rules.hash
        return Outcome.YES if whole and all(need.met for need in needs) else Outcome.YES_IF

    def _headline(self, outcome: Outcome) -> str:
        if outcome is Outcome.NO:
            later = self.stopped and not self.not_own and not self.not_theirs
            return _("Nee, nu nog niet.") if later else _("Nee, dit mag niet.")
        if outcome is Outcome.YES:
            return _("Ja, dit mag.")
        if len(self.open) < len(self.asked.fields):
            return _("Een deel mag, als dit klopt. Laat de rest weg.")
        return _("Ja, als dit klopt.")

    def _question(self) -> str:
        what = _list(self.asked.fields)
        purpose = purpose_label(self.asked.purpose)
        role = role_label(self.asked.role)
        if not self.asked.recipient:
            return _("Mag de {rol} dit zien voor {doel}: {wat}?").format(rol=role, doel=purpose, wat=what)
        return _("Mag de {rol} dit delen met {wie} voor {doel}: {wat}?").format(
            rol=role, wie=recipient_label(self.asked.recipient), doel=purpose, wat=what
        )

    def _why(self) -> tuple[str, ...]:
        said = [*notices(self.rules)]
        if self.asked.recipient == OUTSIDE:
            said.append(
                _(
                    "Deze ontvanger doet niet mee met het register. Wat u via het register weet, deelt u daar niet."
                )
            )
        elif self.not_theirs:
            said.append(
                _("De ontvanger mag dit voor dit doel niet krijgen: {wat}.").format(
                    wat=_list(self.not_theirs)
                )
            )
        if self.not_own:
            said.append(_("Uw rol mag dit voor dit doel niet zien: {wat}.").format(wat=_list(self.not_own)))
        for field in self.stopped:
            said += [_told(one) for one in self._stops(field)]
        if self.open:
            said += [_(rule.explanation) for rule in self._used()]
        if self.rulings is None:
            said.append(
                _(
                    "Dit is de algemene uitleg uit de regels. Of het vandaag voor uw organisatie geldt, is niet nagekeken."
                )
            )
        elif self._policy() != self.rules.hash:
            said.append(
                _("Het register werkt met andere regels dan deze uitleg. Wat het register besliste, geldt.")
            )
        return tuple(dict.fromkeys(said))

    def _policy(self) -> str:
        """The hash of the policy that decided: the register's, where it was asked."""
        return next((one.policy for one in (self.rulings or {}).values()), self.rules.hash)

    def _grounds(self) -> tuple[str, ...]:
        if self.rulings is None:
            rules = [rule for rule in (self.own[one] for one in self.open) if rule is not None]
            found = [expression for rule in rules for expression in self.rules.grounds_of(rule)]
            meant = [general_ground(one) for one in found]
            return tuple(dict.fromkeys([*meant, *self._standing_in(found)]))
        told = [one for field in self.open if field in self.rulings for one in self.rulings[field].grounds]
        said = []
        for one in dict.fromkeys(told):
            said.append(ground_sentence(one))
            if one.shared:
                said.append(
                    _("Deze grondslag geldt alleen tussen de partijen. Deel niet met wie geen partij is.")
                )
        return tuple(dict.fromkeys(said))

    def _standing_in(self, asked: Sequence[GroundExpression]) -> list[str]:
        """What this profile lets stand where the rules name these grounds."""
        codes = self.rules.profile.standing_in(frozenset(code for one in asked for code in one.codes))
        return [
            _("In dit profiel in plaats daarvan: {code} ({artikel})").format(
                code=code, artikel=ARTICLES[code]
            )
            for code in sorted(codes)
        ]

    def _needs(self) -> tuple[Need, ...]:
        names: list[str] = []
        for field in self.open:
            rule = self.own[field]
            always = self.rules.always(self.asked.purpose, field)
            names += [name for one in ([rule] if rule else []) + list(always) for name in one.clauses]
        found: dict[str, Need] = {}
        for name in dict.fromkeys(names):
            condition = self.rules.conditions[name]
            if condition.ground is None:
                # One code, one line: C6 and its route for inspectors ask the same of a reader.
                found.setdefault(condition.code or name, self._need(name))
        if self.asked.recipient and self.open:
            found[THEIRS] = self._recipient_need()
        return tuple(found.values())

    def _recipient_need(self) -> Need:
        """The register of grounds of another organisation is not looked into: that it holds is for the recipient to say."""
        return Need(
            THEIRS,
            "",
            _("de ontvanger heeft vandaag zelf een grondslag en een mandaat"),
            _("Ik heb gevraagd of de ontvanger vandaag zelf een grondslag en een mandaat heeft. Dat is zo."),
            _("Vraag het aan de ontvanger voordat u deelt."),
            met=THEIRS in self.declared or None,
            declared=THEIRS in self.declared,
        )

    def _need(self, name: str) -> Need:
        condition = self.rules.conditions[name]
        code, way = condition.code, _(condition.way)
        met: bool | None = None
        declared = name in self.declared
        if condition.about == "asker" and self.rulings is not None:
            unmet = [one for one in self._soft() if one.code in {code, name}]
            met = not unmet
            way = " ".join(dict.fromkeys(map(_told, unmet))) or way
        elif declared:
            met = True
        requirement = _(condition.requirement)
        statement = _(condition.statement) if condition.statement else sentence(requirement)
        return Need(name, code, requirement, statement, way, met, declared=declared and bool(met))

    def _soft(self) -> list[ReasonTold]:
        ruled = [self.rulings[one] for one in self.open if one in self.rulings] if self.rulings else []
        return [one for ruling in ruled for one in ruling.reasons if one.about_asker and not _stands(one)]

    def _recipient(self) -> tuple[str, ...]:
        """On what the recipient may have it, and what it needs for that; for the reader to know, not to arrange."""
        rules = [rule for rule in (self.theirs[one] for one in self.open) if rule is not None]
        grounds = [general_ground(one) for rule in rules for one in self.rules.grounds_of(rule)]
        said = [
            _("De ontvanger mag dit op deze grondslag: {grond}.").format(grond=one)
            for one in dict.fromkeys(grounds)
        ]
        conditions = [self.rules.conditions[name] for rule in rules for name in rule.clauses]
        needed = [_(one.requirement) for one in conditions if one.ground is None]
        said += [_("De ontvanger heeft nodig: {eis}.").format(eis=one) for one in dict.fromkeys(needed)]
        return tuple(said)

    def _leave_out(self) -> tuple[str, ...]:
        closed = [one for one in self.asked.fields if one not in self.open]
        said = [sentence(field_label(one)) for one in closed]
        said.append(
            _("Namen, adressen en nummers in een mail of app. Die gaan alleen verzegeld naar één persoon.")
        )
        said.append(_("Nationaliteit, geloof en gezondheid."))
        return tuple(said)

    def _instead(self) -> tuple[str, ...]:
        said = []
        closed = [one for one in self.asked.fields if one not in self.open]
        if closed and self.asked.role != "aandachtsfunctionaris":
            helps = [one for one in closed if self._rule("aandachtsfunctionaris", one) is not None]
            if helps:
                said.append(
                    _("Vraag uw aandachtsfunctionaris. Die mag onder voorwaarden weten: {wat}.").format(
                        wat=_list(helps)
                    )
                )
        said += [
            _("Voor een ander doel ({doelen}) mag uw rol dit wel zien: {wat}.").format(
                doelen=together(map(purpose_label, purposes), str(_(" of "))), wat=_list(fields)
            )
            for fields, purposes in self._elsewhere().items()
        ]
        if closed:
            said.append(
                _(
                    "Zag u zelf iets? Leg het vast als signaal. Dat mag altijd als er een aanwijzing van dwang is."
                )
            )
            said.append(_("Is er gevaar? Bel 112. Gaat het om een kind? Bel Veilig Thuis: 0800-2000."))
        return tuple(said)

    def _elsewhere(self) -> dict[tuple[str, ...], list[str]]:
        """Of what this role may not see for this purpose: fields -> the other purposes for which it may see just those."""
        found: dict[tuple[str, ...], list[str]] = {}
        for purpose in PURPOSES:
            fields = tuple(one for one in self.not_own if self._rule(self.asked.role, one, purpose))
            if fields:
                found.setdefault(fields, []).append(purpose)
        return found

    def _log(self) -> tuple[str, ...]:
        said = [
            _("Uw vraag komt in het logboek van uw organisatie. Er staat niet in over wie het gaat.")
            if self.rulings is not None
            else _("Deze uitleg komt niet in het logboek.")
        ]
        if self.asked.recipient and self.open:
            said.append(
                _(
                    "Deelt u iets via het register? Dan ziet de FG van de andere organisatie wanneer, met welk doel, op welke grondslag en welke gegevens."
                )
            )
        said.append(_("Dit antwoord zegt niet of er een signaal is."))
        return tuple(said)


def _told(reason: ReasonTold) -> str:
    return f"{_(reason.sentence)} {_(reason.way)}".strip()


def _stands(reason: ReasonTold) -> bool:
    # A ground of several codes, such as G-ZVH|G-TOEST|G-VIT, stands as each of them does.
    return any(
        code in _STANDS for code in (reason.code, *reason.code.removesuffix(" (host-dependent)").split("|"))
    )


def _list(fields: Sequence[str]) -> str:
    return together(field_label(one) for one in fields)


def ground_sentence(ground: GroundTold) -> str:
    """A recorded ground: code, article, task, and which document decided it."""
    return _("{code} ({artikel}): {taak}. Vastgesteld door {wie} op {datum}, document {document}.").format(
        code=ground.code,
        artikel=ground.article,
        taak=ground.task,
        wie=ground.decided_by,
        datum=ground.decided_on,
        document=ground.document,
    )


def general_ground(expression: GroundExpression) -> str:
    """A ground as the rules ask it, with its articles, whoever holds it."""
    either = together((f"{code} ({ARTICLES[code]})" for code in sorted(expression.codes)), str(_(" of ")))
    return either + _(", naar waar de ketenregisseur werkt") if expression.host_dependent else either


def recipient_label(name: str) -> str:
    """A recipient in words."""
    if name == OUTSIDE:
        return _("iemand die niet meedoet met het register")
    return _("een {rol}").format(rol=role_label(name))
