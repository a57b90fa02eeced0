# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Decides: a question, the facts and the rules go in, one decision per field or action comes out.

The law of this file (design section 5):

1. One page, **one** batch call to Cedar: signals x fields, plus one probe per signal with which Cedar itself says which
   conditions are met. So a reason can never disagree with the decision it explains. A single decision is asked without
   its probe first; if the answer is no, its probe is asked of the same entities, occasion and rules.
2. Entities are built through the schema only. A missing or odd attribute is an error, and any error or diagnostic is a
   denial with an alarm. A Cedar `forbid` that errors is skipped, which is why an error may never pass for a decision.
3. The role is given to the asker only while the mandate is valid, so without a mandate no permit can hold.
4. A reason is about the asker only if it would read the same with any stored signal, or with none.

Pure: `cedarpy` is a library call without I/O. The day is the occasion's; nothing here has a clock. Left to others: the
facts (register), the log entry of the decision (audit), the words on the page (explain).
"""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar, cast

import cedarpy

from policies.decision import (
    ALARM,
    FIELDS,
    OWN_SUBMISSIONS,
    About,
    Asker,
    Decision,
    Occasion,
    Reason,
    SignalFacts,
)
from policies.grounds import Ground, GroundRegister, codes_of, obstacle
from policies.ruleset import PROBE, Condition, PolicySet, Rule
from process.language import gettext as _
from process.language import later

_T = TypeVar("_T")
_ASKER: Final = {"type": "Functionaris", "id": "vrager"}
_FEEDBACK_LIMIT: Final = 64
_MOST_KEPT: Final = 1_024
"""Of askers without a signal, of one engine."""


class Engine:
    """The decision point of one policy set and one register of grounds; immutable, safe to share between threads."""

    def __init__(self, policy_set: PolicySet, register: GroundRegister) -> None:
        if policy_set.profile != register.profile:
            raise ValueError("rules of one profile do not decide on the records of another")
        self.policy_set = policy_set
        self.register = register
        self.kept: dict[Hashable, object] = {}

    def page(
        self, asker: Asker, occasion: Occasion, signals: Sequence[SignalFacts], fields: Sequence[str]
    ) -> tuple[dict[str, Decision], ...]:
        """Decide every field of every signal in one batch.

        Returns:
            One mapping field -> decision per signal, in the order of `signals`. A field that the schema does not know
            is denied with an alarm.
        """
        return _Question(self, asker, occasion).decide(signals, fields)

    def fields(
        self, asker: Asker, occasion: Occasion, facts: SignalFacts, fields: Sequence[str]
    ) -> dict[str, Decision]:
        """Decide the fields of one signal."""
        return self.page(asker, occasion, (facts,), fields)[0]

    def action(
        self, asker: Asker, occasion: Occasion, action: str, facts: SignalFacts | None = None
    ) -> Decision:
        """Decide one action of policy-actions.csv.

        Args:
            asker: who acts.
            occasion: why and with which formalities.
            action: the action's name.
            facts: the signal, case, log or account it is about; None if it is about nothing stored (bevragen).
        """
        return _Question(self, asker, occasion).decide((facts,), (action,))[0][action]

    def asker_refusal(
        self, asker: Asker, occasion: Occasion, action: str, facts: SignalFacts | None = None
    ) -> Reason | None:
        """The first reason about the asker why this action cannot be, or None if nothing about the asker stands in its way.

        It is the same whatever the register holds, so it may be shown in full. None is no permission: `action` decides.
        Give `facts` only for the asker's own input (signaal_indienen, bewaren_na_bevraging).
        """
        own = facts if action in OWN_SUBMISSIONS else None
        return next(iter(self.action(asker, occasion, action, own).shown_reasons), None)


@dataclass(frozen=True)
class Put:
    """A batch as it goes to Cedar: entities and contexts as JSON, and what is asked of each signal, in order.

    `acting` is "" where only fields are asked. `of_signals`: some entity is a signal of which something is known.
    """

    entities: str
    seeing: str
    acting: str
    asked: tuple[str, ...]
    signals: int
    of_signals: bool = True

    def requests(self) -> list[dict[str, object]]:
        """One request per signal and per thing asked, signals first."""
        what = [
            ({"type": "Action", "id": action}, self.seeing if action in FIELDS else self.acting)
            for action in self.asked
        ]
        return [
            {"principal": _ASKER, "action": action, "resource": resource, "context": context}
            for resource in ({"type": "Signaal", "id": f"s{n}"} for n in range(self.signals))
            for action, context in what
        ]


class _Question:
    """One asker on one occasion: everything that is the same for all signals of a page."""

    def __init__(self, engine: Engine, asker: Asker, occasion: Occasion) -> None:
        self.rules = engine.policy_set
        self.kept = engine.kept
        self.register = engine.register
        self.asker = asker
        self.occasion = occasion
        self.mandated = asker.mandated(occasion.today)
        self.grounds = engine.register.available(
            organisation=asker.organisation,
            purpose=occasion.purpose,
            role=asker.role,
            on=occasion.today,
            chosen=occasion.ground_id,
            control=occasion.control,
            acute_danger=occasion.acute_danger,
        )
        self.codes = self._codes()
        self.fit = (
            self.mandated
            and asker.mandate is not None
            and self.register.profile.fits(asker.mandate, occasion.today)
        )
        # The same sentences and grounds return for every cell of a page: each is looked up once.
        self._kept: dict[Hashable, object] = {}

    def _once(self, key: tuple[Hashable, ...], make: Callable[[], _T]) -> _T:
        """What `make` gives, made once for this question and key."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast("_T", self._kept[key])

    def decide(
        self, signals: Sequence[SignalFacts | None], actions: Sequence[str]
    ) -> tuple[dict[str, Decision], ...]:
        if len(signals) == len(actions) == 1:
            return ({actions[0]: self._single(signals[0], actions[0])},)
        results = self._ask(self.put(signals, actions, (PROBE, *actions)), PROBE)
        if results is None:
            return tuple({action: self._alarm(_subject(facts)) for action in actions} for facts in signals)
        answers = iter(results)
        page = []
        for facts in signals:
            met = _met(next(answers))
            page.append({action: self._decision(facts, action, next(answers), met) for action in actions})
        return tuple(page)

    def _single(self, facts: SignalFacts | None, action: str) -> Decision:
        """One decision; its probe is asked only for a no that has conditions to tell of."""
        put = self.put((facts,), (action,), (action,))
        results = self._ask(put, action)
        if results is None:
            return self._alarm(_subject(facts))
        met: frozenset[str] | None = frozenset()
        ruled = self.rules.permits(self.asker.role, self.occasion.purpose, action)
        if not results[0].allowed and ruled and not _failed(results[0]):
            probed = self._ask(
                replace(put, acting=put.acting or self._acting((action,)), asked=(PROBE,)), action
            )
            met = None if probed is None else _met(probed[0])
        return self._decision(facts, action, results[0], met)

    def _ask(self, put: "Put", only: str) -> list[cedarpy.AuthzResult] | None:
        """One batch by the rules about `only`. None if the entities do not fit the schema."""
        try:
            entities = self._entities(put)
            rules = self.rules.slice(self.asker.role, self.occasion.purpose, only)
            return cedarpy.is_authorized_batch(put.requests(), rules, entities, self.rules.schema)
        except ValueError:
            return None

    def _entities(self, put: "Put") -> cedarpy.Entities:
        """Parsed and checked against the schema; what tells of no signal is kept for the next question.

        A stored signal is parsed for each question again: what was kept of it would be quicker than what was not, and say that it was looked at.
        """
        kept = self._kept if put.of_signals else self.kept
        key = ("entities", put.entities)
        found = kept.get(key)
        if found is None:
            found = cedarpy.Entities.from_json_str(put.entities, self.rules.schema)
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[key] = found
        return cast("cedarpy.Entities", found)

    def put(
        self, signals: Sequence[SignalFacts | None], actions: Sequence[str], asked: Sequence[str]
    ) -> "Put":
        """Everything that Cedar is told of this question, and nothing else decides."""
        people, stored = self._people(), map(self._signal, range(len(signals)), signals)
        # Texts, made once: cedarpy would otherwise serialise a context again for each request.
        return Put(
            entities=_text([*people, *stored]),
            seeing=_text(self._occasion()),
            acting="" if all(action in FIELDS for action in asked) else self._acting(actions),
            asked=tuple(asked),
            signals=len(signals),
            of_signals=any(facts is not None for facts in signals),
        )

    def _acting(self, actions: Sequence[str]) -> str:
        return _text({**self._occasion(), **self._formalities(), **self._second(actions)})

    def _people(self) -> list[dict[str, object]]:
        roles = [{"type": "Rol", "id": self.asker.role}] if self.mandated else []
        attributes = {
            "organisatie": self.asker.organisation,
            "adres": self.asker.address,
            "gastheer": self.asker.host,
            "deelnemer": self.asker.participant,
            "mandaat_geldig": self.fit,
        }
        people: list[dict[str, object]] = [{"uid": _ASKER, "attrs": attributes, "parents": roles}]
        people += [{"uid": role, "attrs": {}, "parents": []} for role in roles]
        return people

    def _signal(self, position: int, facts: SignalFacts | None) -> dict[str, object]:
        """The signal as it is for this asker today. Without facts it is the most restrictive signal there is."""
        stored = SignalFacts() if facts is None else facts
        codes = (
            self.codes
            if facts is None
            else self._once(("codes", stored.owner), lambda: self._codes(stored.owner))
        )
        attributes: dict[str, object] = {
            "eigenaar": stored.owner,
            "partijen": sorted(stored.parties),
            "zaakpartijen": sorted(stored.case_parties),
            "zorg_in_beheer": stored.care_coordinator,
            "gronden": sorted(codes),
            "seksueel": stored.needs_special,
            "seks_gedekt": self._covered(stored.special_category_ground_id, "G-SEKS", stored.owner),
            "strafrechtelijk": stored.needs_criminal,
            "straf_gedekt": self._covered(stored.criminal_ground_id, "G-STRAF", stored.owner),
            "minderjarig": stored.minor,
            "geen_politiecontact": stored.no_police_contact,
            "zorgspoor": stored.care_track,
            "acuut_gevaar": stored.acute_danger,
            "afhandeling": stored.handling_code,
            "grenscontext": stored.border_context,
            "arbeid": stored.labour,
            "slachtoffer": stored.victim_subject,
            "draagt": stored.carrying_indicator,
            "sterk": stored.matched_strong,
            "middel": stored.matched_medium,
            "organisaties": stored.organisations_matched,
            "beoordeeld": stored.assessed,
            "vrijgegeven_aan": sorted(stored.released_to),
            "vier_ogen": stored.four_eyes,
            "fase2_open": stored.phase2_open,
            "criteria_vastgelegd": stored.criteria_stored,
            "herversleuteld_aan": stored.rewrapped_to,
            "advies_commissie": stored.committee_advice,
            "toestemming_verstrekker": stored.supplier_consent,
        }
        return {"uid": {"type": "Signaal", "id": f"s{position}"}, "attrs": attributes, "parents": []}

    def _codes(self, owner: str | None = None) -> frozenset[str]:
        """The codes that the asker's grounds count as; with an owner those that bind the owner too."""
        return self.rules.profile.counting_as(codes_of(self.grounds, owner))

    def _covered(self, ground_id: str | None, code: str, owner: str) -> bool:
        asker = self.asker.organisation
        return ground_id is not None and self._once(
            ("covered", ground_id, code, owner),
            lambda: self.register.covers(ground_id, code, self.occasion.today, owner, asker),
        )

    def _chosen(self) -> Ground | None:
        """The chosen ground, if it is in force and some rule of this role and purpose can rest on it."""
        usable = self.rules.codes_for(self.asker.role, self.occasion.purpose)
        return next(
            (g for g in self.grounds if g.id == self.occasion.ground_id and g.code in usable),
            None,
        )

    def _occasion(self) -> dict[str, object]:
        occasion = self.occasion
        until = occasion.file_open_until
        return {
            "doel": occasion.purpose,
            "nummer": bool(occasion.control.strip()),
            "reden": bool(occasion.reason.strip()),
            "grond_gekozen": self._chosen() is not None,
            "grof": occasion.coarse,
            "geaggregeerd": occasion.aggregate,
            "gemaskeerd": occasion.masked,
            "dossier_geopend": until is not None and occasion.today <= until,
            "identiteit_gecontroleerd": occasion.identity_checked,
            "acuut_gevaar": occasion.acute_danger,
            "noodopening": occasion.break_glass,
        }

    def _formalities(self) -> dict[str, object]:
        papers = self.occasion.formalities
        return {
            "gevraagd_sterk": self.occasion.asked_strong,
            "gevraagd_middel": self.occasion.asked_medium,
            "uitdrukkelijk": papers.explicit,
            "termijn_dagen": papers.term_days,
            "ontvangers": papers.recipients,
            "grond_per_gegeven": papers.ground_per_attribute,
            # Longer than any code: cut, so that free text does not travel even as far as the rules that refuse it.
            "terugkoppelcode": papers.feedback_code[:_FEEDBACK_LIMIT],
            "ondertekend": papers.signed_off,
            "advies_vastgelegd": papers.advice_recorded,
            "bezwaar_open": papers.objection_open,
            "besluit": bool(papers.decision.strip()),
            "document": bool(papers.document.strip()),
            "hash_in_logboek": papers.hash_logged,
        }

    def _second(self, actions: Sequence[str]) -> dict[str, object]:
        """The other person of four eyes: somebody else, with a valid mandate, who might do the same."""
        second, occasion = self.occasion.second, self.occasion
        if second is None or second.address == self.asker.address:
            return {
                "tweede_persoon": False,
                "tweede_bevoegd": False,
                "tweede_rol": "",
                # Equal to the asker's own, so that "another organisation" does not hold for nobody.
                "tweede_organisatie": self.asker.organisation,
            }
        return {
            "tweede_persoon": second.participant
            and second.mandated(occasion.today)
            and second.mandate is not None
            and self.register.profile.fits(second.mandate, occasion.today),
            "tweede_bevoegd": all(
                self.rules.permits(second.role, occasion.purpose, action) for action in actions
            ),
            "tweede_rol": second.role,
            "tweede_organisatie": second.organisation,
        }

    def _decision(
        self,
        facts: SignalFacts | None,
        action: str,
        result: cedarpy.AuthzResult,
        met: frozenset[str] | None,
    ) -> Decision:
        """`met`: the conditions that Cedar says are met; None if it failed to say."""
        if met is None or _failed(result):
            return self._alarm(_subject(facts))
        if result.allowed:
            owner = None if facts is None else facts.owner
            said = action, _rule_ids(result), owner, _stored_ground_ids(facts)
            return self._once(("yes", *said), lambda: self._yes(*said))
        return self._once(
            ("no", action, met, facts is not None), lambda: self._no(action, met, stored=facts is not None)
        )

    def _yes(self, action: str, ids: tuple[str, ...], owner: str | None, stored: tuple[str, ...]) -> Decision:
        codes, wanted = self.rules.bound(self.occasion.purpose, action, ids, self.asker.host)
        return Decision(
            allowed=True,
            rule_ids=ids,
            ground_ids=tuple(
                g.id for g in self.grounds if g.code in wanted and (owner is None or g.binds(owner))
            ),
            conditions=codes,
            policy_set_hash=self.rules.hash,
            stored_ground_ids=stored,
        )

    def _denial(self, reasons: Sequence[Reason]) -> Decision:
        return Decision(
            allowed=False,
            rule_ids=(),
            ground_ids=(),
            conditions=frozenset(),
            policy_set_hash=self.rules.hash,
            reasons=tuple(sorted(reasons, key=lambda reason: reason.about)),
        )

    def _alarm(self, about: About) -> Decision:
        reason = Reason(
            ALARM,
            _("De regels konden niet worden toegepast. Daarom is het antwoord nee."),
            _("Meld dit bij de beheerder van het register."),
            about,
        )
        return self._denial((reason,))

    def _no(self, action: str, met: frozenset[str], *, stored: bool) -> Decision:
        return self._denial(self._reasons(action, met, stored=stored))

    def _reasons(self, action: str, met: frozenset[str], *, stored: bool) -> list[Reason]:
        """What stands between this asker and this action, those about the asker first."""
        reasons = [] if self.mandated else [self._no_mandate()]
        candidates = self.rules.permits(self.asker.role, self.occasion.purpose, action)
        if not candidates:
            return [*reasons, self._no_rule(action)]
        nearest = min(candidates, key=lambda rule: self._distance(rule, met))
        for rule in (nearest, *self.rules.always(self.occasion.purpose, action)):
            for name in rule.clauses:
                if name not in met:
                    reasons += self._unmet(name)
        if action in OWN_SUBMISSIONS and stored:
            # The asker's own input is no secret to the asker.
            return [replace(reason, about="asker") for reason in reasons]
        return reasons

    def _distance(self, rule: Rule, met: frozenset[str]) -> int:
        """How many reasons about the asker a rule would give. Counting the others would let a signal show through."""
        unmet = (reason for name in rule.clauses if name not in met for reason in self._unmet(name))
        return sum(reason.about == "asker" for reason in unmet)

    def _no_mandate(self) -> Reason:
        sentence = (
            _("U heeft geen mandaat voor deze rol.")
            if self.asker.mandate is None
            else _("Uw mandaat is niet voor deze rol of geldt vandaag niet.")
        )
        way = _("Vraag de functioneel beheerder van uw organisatie om een geldig mandaat.")
        return Reason("MANDAAT", sentence, way, "asker")

    def _no_rule(self, action: str) -> Reason:
        elsewhere = sorted(
            purpose
            for rule in self.rules.rules
            if rule.permits and rule.role == self.asker.role and action in rule.actions
            for purpose in rule.purposes
        )
        if elsewhere:
            way = later(_("Uw rol kan dit wel voor: {doelen}."), doelen=", ".join(dict.fromkeys(elsewhere)))
            return Reason("DOEL", _("Dit kan niet met uw rol voor dit doel."), way, "asker")
        way = _("Vraag uw aandachtsfunctionaris of de FG wie dit wel mag.")
        return Reason("ROL", _("Dit kan niet met uw rol."), way, "asker")

    def _unmet(self, name: str) -> tuple[Reason, ...]:
        return self._once(("unmet", name), lambda: self._reasons_of(self.rules.conditions[name]))

    def _reasons_of(self, condition: Condition) -> tuple[Reason, ...]:
        if condition.ground is not None:
            return (self._no_ground(condition),)
        if condition.name == "C1":
            return self._no_occasion()
        if condition.name == "C2" and self.mandated and self.asker.participant:
            return self._not_fit()
        sentence, way = _(condition.sentence), _(condition.way)
        return (Reason(condition.code or condition.name, sentence, way, condition.about),)

    def _not_fit(self) -> tuple[Reason, ...]:
        """C2 where only training or screening is missing, so that the asker reads which."""
        mandate = self.asker.mandate
        found = () if mandate is None else self.register.profile.shortcomings(mandate, self.occasion.today)
        return tuple(Reason("C2", one.sentence, one.way, "asker") for one in found)

    def _no_ground(self, condition: Condition) -> Reason:
        """About the asker if the asker has no such ground at all; about the signal if only its owner is not bound."""
        if condition.ground is None or condition.ground.met_by(self.codes, host=self.asker.host):
            sentence = later(
                _("De grondslag {grond} bindt de andere organisatie niet."), grond=condition.name
            )
            return Reason(condition.name, sentence, "", "signal")
        accepted = condition.ground.codes | self.rules.profile.standing_in(condition.ground.codes)
        admitted = accepted & self.register.profile.grounds
        if not admitted:
            sentence = _("In dit profiel van het register is er geen grondslag {grond}.")
            way = _("Vraag de FG of dit op een andere grondslag of in een ander register kan.")
            return Reason(condition.name, later(sentence, grond=condition.name), way, "asker")
        if not any(self.register.gate_open(code) for code in admitted):
            sentence = later(_("De poort {grond} is dicht."), grond=", ".join(sorted(admitted)))
            return Reason(condition.name, sentence, _("Wacht tot hierover is besloten."), "asker")
        sentence = _("Uw organisatie heeft vandaag geen geldende grondslag {grond} voor dit doel.")
        way = _("Laat uw college of samenwerkingsverband de grondslag vaststellen, met advies van de FG.")
        label = self.rules.ground_label(condition.name)
        return Reason(condition.name, later(sentence, grond=label), way, "asker")

    def _no_occasion(self) -> tuple[Reason, ...]:
        """C1 in its three parts, so that the asker reads which one is missing."""
        reasons = []
        if not self.occasion.control.strip():
            way = _("Open een controle of noem het zaaknummer.")
            reasons.append(Reason("C1", _("Er is geen controle- of zaaknummer."), way, "asker"))
        if not self.occasion.reason.strip():
            reasons.append(Reason("C1", _("De reden ontbreekt."), _("Schrijf de reden op."), "asker"))
        if self._chosen() is None:
            way = _("Kies een geldende grondslag uit het register van uw organisatie.")
            reasons.append(Reason("C1", self._wrong_ground(), way, "asker"))
        return tuple(reasons)

    def _wrong_ground(self) -> str:
        asker, occasion = self.asker, self.occasion
        ground = self.register.grounds.get(occasion.ground_id or "")
        # A ground of another organisation is as unknown as one that does not exist.
        if ground is None or not ground.held_by(asker.organisation):
            return _("Er is geen grondslag van uw organisatie gekozen.")
        bound = self.register.as_of(ground, occasion.today)
        why = obstacle(bound, occasion.today, asker.organisation, occasion.purpose, asker.role)
        return why or _("De gekozen grondslag past niet bij dit doel, deze zaak of uw rol.")


_text: Final = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
"""JSON of what this file makes itself."""


def _met(probe: cedarpy.AuthzResult) -> frozenset[str] | None:
    """The conditions that are met, as Cedar says; None if it failed to say."""
    return None if probe.diagnostics.errors else frozenset(_rule_ids(probe))


def _failed(result: cedarpy.AuthzResult) -> bool:
    return bool(result.diagnostics.errors) or result.decision is cedarpy.Decision.NoDecision


def _rule_ids(result: cedarpy.AuthzResult) -> tuple[str, ...]:
    named: Mapping[str, str] = result.diagnostics.id_annotations_by_reason
    return tuple(sorted(named.values()))


def _subject(facts: SignalFacts | None) -> About:
    return "asker" if facts is None else "signal"


def _stored_ground_ids(facts: SignalFacts | None) -> tuple[str, ...]:
    if facts is None:
        return ()
    special = facts.special_category_ground_id if facts.needs_special else None
    criminal = facts.criminal_ground_id if facts.needs_criminal else None
    return tuple(ground_id for ground_id in (special, criminal) if ground_id is not None)
