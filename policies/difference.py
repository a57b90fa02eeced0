# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a change of the rules does: which cell and which action opens to whom, or closes, with an example that somebody can read.

The law of this file:

1. A cell is compared by what its rules **ask**, not by what they are called: it may be wider if some rule of the new set asks nothing that makes an old one
   hold, and stricter the other way round. The forbids are part of what every rule asks. Two sets that ask the same of a cell decide the same.
2. Where they may differ, generated questions (trials) are put to both. One that the old set denies and the new one allows is the **example**, with who
   would see what of whom. A dropped condition shows by the question in which just that is missing.
3. Where they may differ and no question shows it, the cell is reported all the same, with what is asked otherwise: nothing passes unseen because a
   generator forgot it.
4. Texts that people read (requirements, sentences, explanations) are policy too; a change in them is told apart from a change in who sees what.
5. The profile and the schema count in every cell and stand in no rule, so each change of them is told. Two sets with different hashes always differ in
   something that is told: an empty difference would be a mark that anybody can give without reading.

Left to others: reading sets (desk.load), recorded questions (recorded).
"""

import hashlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import unified_diff
from typing import Final, Literal

from policies.decision import ACTIONS, FIELDS, PURPOSES, ROLES
from policies.explain import field_label, purpose_label
from policies.grounds import GroundRegister
from policies.profiles import Profile
from policies.ruleset import Condition, PolicySet, Rule
from policies.trials import Trial, answered, engines, sheets
from process.language import gettext as _
from process.language import later, speaking, together

ADMINISTRATION: Final = "beheer"
"""In the place of a purpose, for rules that hold for any."""

Direction = Literal["ruimer", "strenger"]
_DIRECTIONS: Final[tuple[Direction, ...]] = ("ruimer", "strenger")
_Term = frozenset[str]
"""What one rule asks, forbids included: names are of no account, so a condition is its own text."""


@dataclass(frozen=True)
class Change:
    """A cell or an action that opens or closes.

    Attributes:
        role: whose.
        purpose: for which purpose, or `ADMINISTRATION`.
        what: a field or an action.
        direction: wider or stricter.
        dropped: what is not asked any more (wider), or what was not asked before (stricter), in Dutch.
        added: what is asked instead.
        new: the cell was closed before (wider), or is now (stricter).
        rules: ids of the rules that do it.
        example: the question that shows it; None if no generated question does.
    """

    role: str
    purpose: str
    what: str
    direction: Direction
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    new: bool
    rules: tuple[str, ...]
    example: Trial | None


@dataclass(frozen=True)
class Difference:
    """Everything between two sets: what opens or closes, and lines about texts."""

    changes: tuple[Change, ...]
    texts: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.texts)

    @property
    def wider(self) -> tuple[Change, ...]:
        """What opens."""
        return tuple(one for one in self.changes if one.direction == "ruimer")

    @property
    def stricter(self) -> tuple[Change, ...]:
        """What closes."""
        return tuple(one for one in self.changes if one.direction == "strenger")

    @property
    def fingerprint(self) -> str:
        """Of what a reader is shown, 16 hexadecimal digits: who decides names what was looked at."""
        with speaking(None):
            return hashlib.sha256("\n".join(lines(self)).encode()).hexdigest()[:16]


def difference(old: PolicySet, new: PolicySet, base: GroundRegister) -> Difference:
    """Compare two policy sets; `base` gives what their records have besides grounds and organisations."""
    if old.hash == new.hash:
        return Difference((), ())
    comparison = _Comparison(old, new, base)
    changes, texts = tuple(comparison.changes()), tuple(_texts(old, new))
    if not changes and not texts:
        texts = (_("Alleen opmerkingen of de indeling van bestanden zijn anders."),)
    return Difference(changes, texts)


class _Comparison:
    """Two sets with their engines, and the examples found so far."""

    def __init__(self, old: PolicySet, new: PolicySet, base: GroundRegister) -> None:
        self.sets = {"ruimer": (old, new), "strenger": (new, old)}
        self.engines = {one.hash: engines(one, base) for one in (old, new)}
        self.found: dict[tuple[object, ...], Trial | None] = {}

    def changes(self) -> Iterator[Change]:
        for role in ROLES:
            for purpose in (*PURPOSES, ADMINISTRATION):
                for what in (*FIELDS, *ACTIONS):
                    found = [
                        change
                        for direction in _DIRECTIONS
                        if (change := self._change(role, purpose, what, direction))
                    ]
                    shown = [one for one in found if one.example is not None]
                    # Asked otherwise is both until a question shows which.
                    yield from shown or found

    def _change(self, role: str, purpose: str, what: str, direction: Direction) -> Change | None:
        closed, opened = (_terms(one, role, purpose, what) for one in self.sets[direction])
        fresh = {term: rule for term, rule in opened.items() if not any(less <= term for less in closed)}
        if not fresh:
            return None
        term, rule = next(iter(fresh.items()))
        nearest = max(closed, key=lambda one: (len(one & term), -len(one)), default=frozenset[str]())
        example = self._example(role, purpose, what, direction, (nearest - term, term - nearest))
        before, after = self.sets[direction]
        return Change(
            role,
            purpose,
            what,
            direction,
            dropped=_requirements(before, nearest - term) if closed else (),
            added=_requirements(after, term - nearest) if closed else (),
            new=not closed,
            rules=tuple(sorted({one.id for one in fresh.values()})) or (rule.id,),
            example=example,
        )

    def _example(
        self,
        role: str,
        purpose: str,
        what: str,
        direction: Direction,
        delta: tuple[AbstractSet[str], AbstractSet[str]],
    ) -> Trial | None:
        """A question that only the opening set allows; found once for each role and each change of what is asked."""
        # An action may ask for a second person, which a field never does; a cell that was closed has no change of what is asked to be known by.
        known = (role, direction, frozenset(delta[0]), frozenset(delta[1]), what if what in ACTIONS else "")
        if known not in self.found:
            self.found[known] = self._search(role, purpose, what, direction)
        return self.found[known]

    def _search(self, role: str, purpose: str, what: str, direction: Direction) -> Trial | None:
        before, after = self.sets[direction]
        expressions = [
            ground
            for one in (before, after)
            for rule in one.permits(role, purpose, what)
            for ground in one.grounds_of(rule)
        ]
        codes = frozenset(code for ground in expressions for code in ground.codes)
        hosts = ("RIEC", "ZVH") if any(ground.host_dependent for ground in expressions) else ("RIEC",)
        # The questions in which everything is met first: they are the plainest examples.
        for spoilt in (False, True):
            for sheet in sheets(role, purpose, codes, acting=what in ACTIONS, spoilt=spoilt, hosts=hosts):
                closed, opened = (answered(self.engines[one.hash], sheet, (what,)) for one in (before, after))
                for facts, no, yes in zip(sheet.signals, closed, opened, strict=True):
                    if yes[what].allowed and not no[what].allowed:
                        return Trial(sheet, facts)
        return None


def _terms(policy_set: PolicySet, role: str, purpose: str, what: str) -> dict[_Term, Rule]:
    """What each permit of a cell asks, with the forbids that always hold."""
    always = frozenset(
        _text(policy_set.conditions[name])
        for rule in policy_set.always(purpose, what)
        for name in rule.clauses
    )
    return {
        frozenset(_text(policy_set.conditions[name]) for name in rule.clauses) | always: rule
        for rule in policy_set.permits(role, purpose, what)
        # What holds for any purpose is told once.
        if rule.purposes or purpose == ADMINISTRATION
    }


def _text(condition: Condition) -> str:
    return " ".join(condition.cedar.split())


def _requirements(policy_set: PolicySet, texts: AbstractSet[str]) -> tuple[str, ...]:
    """What these tests ask, in Dutch."""
    found = (one for one in policy_set.conditions.values() if _text(one) in texts)
    return tuple(
        later(_("een grondslag {code}"), code=one.name) if one.ground is not None else _(one.requirement)
        for one in found
    )


def role_label(role: str) -> str:
    """A role with its article, at an organisation that asks: "Een toezichthouder van gemeente A"."""
    labels = {
        "toezichthouder": _("Een toezichthouder van gemeente A"),
        "aandachtsfunctionaris": _("Een aandachtsfunctionaris van gemeente A"),
        "ketenregisseur": _("Een ketenregisseur van een RIEC of Zorg- en Veiligheidshuis"),
        "zorgcoordinator": _("Een zorgcoördinator"),
        "tmm_analist": _("Een analist van het TMM"),
        "tmm_coordinator": _("Een coördinator van het TMM"),
        "nla": _("Iemand van de Nederlandse Arbeidsinspectie"),
        "kmar": _("Iemand van de Koninklijke Marechaussee"),
        "comensha_registrar": _("Een registrator van CoMensha"),
        "fg": _("Een functionaris gegevensbescherming van gemeente A"),
        "register_beheerder": _("Een beheerder van het register"),
        "auditor_ap": _("Een auditor van de Autoriteit Persoonsgegevens"),
        "nrm_onderzoeker": _("Een onderzoeker van de Nationaal Rapporteur"),
        "ambassadeur": _("Een ambassadeur van gemeente A"),
        "contactpunt": _("Iemand van het contactpunt van gemeente A"),
        "functioneel_beheerder": _("Een functioneel beheerder van gemeente A"),
    }
    return labels.get(role, role)


def action_label(action: str) -> str:
    """An action as people say it; the code itself if there is no such action."""
    labels = {
        "signaal_indienen": _("een signaal inbrengen"),
        "bevragen": _("vragen of iemand elders bekend is"),
        "bewaren_na_bevraging": _("een vraag als signaal bewaren"),
        "attendering_zetten": _("een attendering zetten"),
        "signaal_verrijken_corrigeren_intrekken": _("een signaal aanvullen, verbeteren of intrekken"),
        "treffer_oppakken": _("een treffer oppakken"),
        "contact_vrijgeven": _("de contactpersoon vrijgeven"),
        "verhaal_vrijgeven": _("het verzegelde verhaal vrijgeven"),
        "niet_dezelfde_vastleggen": _('vastleggen dat het "niet dezelfde" is'),
        "fase_2_openen": _("fase 2 openen"),
        "overdracht_starten": _("een overdracht starten"),
        "overdracht_aannemen_en_terugkoppelen": _("een overdracht aannemen en terugkoppelen"),
        "netwerk_koppelen": _("verbanden koppelen"),
        "comensha_melder_vastleggen": _("vastleggen wie bij CoMensha meldt"),
        "noodopening": _("een noodopening doen"),
        "rechtenverzoek_behandelen": _("een verzoek om inzage of wissen behandelen"),
        "logboek_beoordelen": _("het logboek beoordelen"),
        "bevriezing_verzoeken": _("om bevriezing verzoeken"),
        "advies_op_grondslag_of_beleid": _("over een grondslag of beleid adviseren"),
        "grondslag_vaststellen": _("een grondslag vaststellen"),
        "beleid_activeren": _("nieuw beleid aanzetten"),
        "accounts_beheren": _("accounts beheren"),
        "sleutels_houders_getuigen_beheren": _("sleutels, sleutelhouders en getuigen beheren"),
        "statistiek_opvragen": _("statistiek opvragen"),
    }
    return labels.get(action, action)


def what_label(what: str) -> str:
    """A field or an action in Dutch."""
    return field_label(what) or action_label(what)


def lines(found: Difference) -> Iterator[str]:
    """The difference in Dutch: wider first, because that is what somebody could be exposed by."""
    for title, changes in (
        (_("Ruimer (cellen en handelingen): {aantal}."), found.wider),
        (_("Strenger (cellen en handelingen): {aantal}."), found.stricter),
    ):
        if changes:
            yield title.format(aantal=len(changes))
            for change in changes:
                yield f"- {change.role} · {change.purpose} · {change.what}"
                yield f"  {sentence(change)}"
                yield "  " + _("Regel: {regels}").format(regels=", ".join(change.rules))
    if found.texts:
        yield _("Teksten en regels:")
        yield from (f"- {line}" for line in found.texts)


def sentence(change: Change) -> str:
    """Who would see or do what, of whom; and what is not asked any more."""
    parts = [_told(change)]
    if change.new:
        parts.append(
            _("Dat kon nog nooit.") if change.direction == "ruimer" else _("Dat kan dan in geen geval meer.")
        )
    otherwise = [one for one in change.dropped if one in change.added]
    dropped, added = (
        [one for one in asked if one not in otherwise] for asked in (change.dropped, change.added)
    )
    less, more = (dropped, added) if change.direction == "ruimer" else (added, dropped)
    for form, asked in (
        (_("Niet meer nodig: {wat}."), less),
        (_("Wel nodig: {wat}."), more),
        (_("Anders getoetst: {wat}."), otherwise),
    ):
        if asked:
            parts.append(form.format(wat=together(asked, "; ")))
    if change.example is None:
        parts.append(_("Geen van de proefvragen laat dit zien; kijk de regel zelf na."))
    return together(parts, " ")


def _told(change: Change) -> str:
    purpose = (
        _("in het beheer")
        if change.purpose == ADMINISTRATION
        else _("bij {doel}").format(doel=purpose_label(change.purpose))
    )
    named = {"wie": role_label(change.role), "doel": purpose, "wat": what_label(change.what)}
    if change.what in ACTIONS:
        if change.direction == "ruimer":
            form = _("{wie} zou {doel} mogen: {wat}.")
        elif change.new:
            form = _("{wie} zou {doel} niet meer mogen: {wat}.")
        else:
            form = _("{wie} zou {doel} niet meer altijd mogen: {wat}.")
        return form.format(**named)
    own = change.example is not None and change.example.own
    whose = _("een signaal van de eigen organisatie") if own else _("een signaal van gemeente B")
    thing = named["wat"].startswith(("de ", "het "))
    if change.direction == "ruimer":
        form = (
            _("{wie} zou {doel} {wat} zien van {wiens}.")
            if thing
            else _("{wie} zou {doel} zien {wat}, van {wiens}.")
        )
    elif change.new:
        form = (
            _("{wie} zou {doel} {wat} niet meer zien van {wiens}.")
            if thing
            else _("{wie} zou {doel} niet meer zien {wat}, van {wiens}.")
        )
    elif thing:
        form = _("{wie} zou {doel} {wat} niet meer altijd zien van {wiens}.")
    else:
        form = _("{wie} zou {doel} niet meer altijd zien {wat}, van {wiens}.")
    return form.format(**named, wiens=whose)


def _texts(old: PolicySet, new: PolicySet) -> Iterator[str]:
    """What reads otherwise: rules and their explanations, conditions and their sentences."""
    was, now = ({rule.id: rule for rule in one.rules} for one in (old, new))
    for name in sorted(was.keys() - now.keys()):
        yield later(_("Regel {regel} is weg."), regel=name)
    for name in sorted(now.keys() - was.keys()):
        yield later(_('Regel {regel} is nieuw: "{uitleg}"'), regel=name, uitleg=_(now[name].explanation))
    for name in sorted(was.keys() & now.keys()):
        if was[name].explanation != now[name].explanation:
            yield later(
                _('De uitleg van regel {regel} is nu: "{uitleg}"'),
                regel=name,
                uitleg=_(now[name].explanation),
            )
    yield from _conditions(old, new)
    yield from _profile(old.profile, new.profile)
    yield from _vocabulary(old.vocabulary, new.vocabulary)


def _profile(old: Profile, new: Profile) -> Iterator[str]:
    """What opens grounds and makes somebody fit, which is in no rule and counts in every cell."""
    if old.name != new.name:
        yield later(_("Het profiel heet nu {naam} (was {was})."), naam=new.name, was=old.name)
    for form, more, less in (
        (_("Ruimer: het profiel laat grondslag {code} toe."), new.grounds, old.grounds),
        (_("Strenger: het profiel laat grondslag {code} niet meer toe."), old.grounds, new.grounds),
        (
            _("Ruimer: voor grondslag {code} is geen samenwerkingsverband of convenant meer nodig."),
            old.within_alliance,
            new.within_alliance,
        ),
        (
            _("Strenger: grondslag {code} is er alleen nog binnen een samenwerkingsverband of convenant."),
            new.within_alliance,
            old.within_alliance,
        ),
    ):
        yield from (later(form, code=code) for code in sorted(more - less))
    yield from _stand_ins(old, new)
    yield from _years(_("de opleiding"), old.training_years, new.training_years)
    yield from _years(_("de screening"), old.screening_years, new.screening_years)
    if old.notice != new.notice:
        yield later(_('Op elke bladzijde staat nu: "{tekst}"'), tekst=_(new.notice))


def _stand_ins(old: Profile, new: Profile) -> Iterator[str]:
    was, now = (
        {(code, other) for code, others in one.stand_ins.items() for other in others} for one in (old, new)
    )
    for form, pairs in (
        (_("Ruimer: grondslag {code} staat nu ook waar een regel {ander} vraagt."), now - was),
        (_("Strenger: grondslag {code} staat niet meer waar een regel {ander} vraagt."), was - now),
    ):
        yield from (later(form, code=code, ander=other) for code, other in sorted(pairs))


def _years(what: str, was: int, now: int) -> Iterator[str]:
    if was != now:
        form = (
            _("Ruimer: {wat} mag nu {nu} jaar geleden zijn (was {was}).")
            if now > was
            else _("Strenger: {wat} mag nog {nu} jaar geleden zijn (was {was}).")
        )
        yield later(form, wat=what, nu=now, was=was)


def _vocabulary(old: str, new: str) -> Iterator[str]:
    was, now = ([" ".join(line.split()) for line in text.splitlines()] for text in (old, new))
    for line in unified_diff(was, now, n=0, lineterm=""):
        if line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"}:
            yield later(_("Het schema: {regel}"), regel=line)


def _conditions(old: PolicySet, new: PolicySet) -> Iterator[str]:
    was, now = old.conditions, new.conditions
    for name in sorted(was.keys() - now.keys()):
        yield later(_("Voorwaarde {naam} is weg."), naam=name)
    for name in sorted(now.keys() - was.keys()):
        yield later(_("Voorwaarde {naam} is nieuw: {toets}"), naam=name, toets=_text(now[name]))
    for name in sorted(was.keys() & now.keys()):
        before, after = was[name], now[name]
        if _text(before) != _text(after):
            yield later(
                _("Voorwaarde {naam} toetst nu {na} (was {voor})."),
                naam=name,
                na=_text(after),
                voor=_text(before),
            )
        if before.code != after.code:
            yield later(
                _("Voorwaarde {naam} hoort nu bij {na} (was {voor})."),
                naam=name,
                na=after.code or "-",
                voor=before.code or "-",
            )
        if before.about != after.about:
            yield later(
                _(
                    "Voorwaarde {naam} gaat nu over {over}: daarvan hangt af of een weigering wordt uitgelegd."
                ),
                naam=name,
                over=_("de vrager") if after.about == "asker" else _("het signaal"),
            )
        for title, one, other in (
            (_("de eis"), before.requirement, after.requirement),
            (_("de zin"), before.sentence, after.sentence),
            (_("de weg"), before.way, after.way),
            (_("de verklaring"), before.statement, after.statement),
        ):
            if one != other:
                yield later(
                    _('Van voorwaarde {naam} is {deel} nu: "{tekst}"'), naam=name, deel=title, tekst=_(other)
                )
