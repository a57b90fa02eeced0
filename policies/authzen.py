# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The decision point in the words of AuthZEN: the information model of the OpenID Authorization API 1.0, evaluation and evaluations.

The law of this file:

1. A question is decided by the engine as every other is; nothing here allows or denies anything by itself.
2. A resource is **described** by the caller, is **nothing** stored, or is an own stored signal that is named. Of a description every reason may be told: the
   caller said it all. Of a named signal only reasons about the asker may, so that a signal that is not there, is another's, or may not be seen by this
   person reads the same, byte for byte.
3. What a description leaves out reads as the most restrictive (`SignalFacts`), so forgetting a property can close something, never open it.
4. Evaluations are decided in order; `deny_on_first_deny` and `permit_on_first_permit` end with the evaluation that settles it.

Left to others: the shape on the wire and who may ask (register), the log entry, and words for a page (`policies.sharing`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from policies.decision import FIELDS, Asker, Decision, Occasion, Reason, SignalFacts
from policies.engine import Engine
from policies.explain import nothing_known
from policies.grounds import GroundRegister
from process.language import gettext as _
from process.language import later, speaking

Json = dict[str, Any]


class Semantic(StrEnum):
    """How a list of evaluations ends (Authorization API 1.0, "Evaluations semantics")."""

    ALL = "execute_all"
    FIRST_DENY = "deny_on_first_deny"
    FIRST_PERMIT = "permit_on_first_permit"


@dataclass(frozen=True)
class Evaluation:
    """One question to the decision point.

    Attributes:
        asker: the subject, with the mandate on record.
        occasion: the context.
        action: a field of the matrix or an action of the action list.
        facts: what the resource is; None if the action is about nothing stored.
        described: the facts are the caller's own words, so reasons about them tell nothing new.
    """

    asker: Asker
    occasion: Occasion
    action: str
    facts: SignalFacts | None
    described: bool


def decide(engine: Engine, asked: Evaluation) -> Decision:
    """The engine's decision on one question; reasons about a stored signal are left out."""
    if asked.action in FIELDS:
        facts = asked.facts or SignalFacts()
        decided = engine.fields(asked.asker, asked.occasion, facts, (asked.action,))[asked.action]
    else:
        decided = engine.action(asked.asker, asked.occasion, asked.action, asked.facts)
    return decided if asked.described else replace(decided, reasons=decided.shown_reasons)


def evaluate(engine: Engine, asked: Iterable[Evaluation], semantic: Semantic) -> tuple[Decision, ...]:
    """Decide in order, until the semantic says that it is settled; the decision that settled it is the last.

    What comes after that is not even taken from `asked`.
    """
    decided: list[Decision] = []
    for one in asked:
        decided.append(decide(engine, one))
        denied_it = semantic is Semantic.FIRST_DENY and not decided[-1].allowed
        if denied_it or (semantic is Semantic.FIRST_PERMIT and decided[-1].allowed):
            break
    return tuple(decided)


def told(decision: Decision, register: GroundRegister) -> Json:
    """What goes with a decision as its `context`: reasons in Dutch for people, rules and codes for machines and administrators.

    The grounds are records of the asker's own register; the one that is stored with a signal is never told.
    """
    context: Json = {
        "regels": list(decision.rule_ids),
        "beleid": decision.policy_set_hash,
        "voorwaarden": sorted(decision.conditions),
        "grondslagen": [ground_record(register, one) for one in decision.ground_ids],
        "redenen": [_reason(reason) for reason in decision.reasons],
    }
    if not decision.allowed:
        codes = ", ".join(dict.fromkeys(one.code for one in decision.reasons))
        with speaking(None):
            sentences = [f"{one.sentence} {one.way}".strip() for one in decision.reasons]
        context["reason_user"] = {"nl": " ".join(sentences) or nothing_known()}
        context["reason_admin"] = {
            "nl": later(
                _("Geweigerd volgens beleid {hash}. Voorwaarden: {codes}."),
                hash=decision.policy_set_hash[:16],
                codes=codes or "-",
            )
        }
    return context


def _reason(reason: Reason) -> Json:
    about = "vrager" if reason.about == "asker" else "signaal"
    return {"code": reason.code, "zin": reason.sentence, "weg": reason.way, "over": about}


def ground_record(register: GroundRegister, ground_id: str) -> Json:
    """A ground as it was recorded: article, task, document and who decided when."""
    ground = register.grounds[ground_id]
    return {
        "id": ground.id,
        "code": ground.code,
        "artikel": ground.article,
        "taak": ground.task,
        "besluitstuk": ground.document,
        "vastgesteldDoor": ground.decided_by,
        "vastgesteldOp": ground.decided_on.isoformat(),
        "partijen": bool(ground.parties),
    }


_FACTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "eigenaar": "owner",
        "partijen": "parties",
        "zaakpartijen": "case_parties",
        "zorg_in_beheer": "care_coordinator",
        "minderjarig": "minor",
        "geen_politiecontact": "no_police_contact",
        "zorgspoor": "care_track",
        "acuut_gevaar": "acute_danger",
        "bijzonder": "needs_special",
        "strafrechtelijk": "needs_criminal",
        "bijzondere_grondslag": "special_category_ground_id",
        "strafrechtelijke_grondslag": "criminal_ground_id",
        "behandeling": "handling",
        "grenscontext": "border_context",
        "arbeid": "labour",
        "slachtoffer": "victim_subject",
        "draagt": "carrying_indicator",
        "overeenkomst_sterk": "matched_strong",
        "overeenkomst_middel": "matched_medium",
        "organisaties": "organisations_matched",
        "beoordeeld": "assessed",
        "vrijgegeven_aan": "released_to",
        "vier_ogen": "four_eyes",
        "fase_2_open": "phase2_open",
        "criteria_vastgelegd": "criteria_stored",
        "advies_commissie": "committee_advice",
        "toestemming_verstrekker": "supplier_consent",
    }
)
"""Property of a described signal -> fact. `aan_mij_herversleuteld` is beside it: nobody but the asker can be the recipient."""

_TO_ME: Final = "aan_mij_herversleuteld"
_SETS: Final = frozenset({"parties", "case_parties", "released_to"})
PROPERTIES: Final = (*_FACTS, _TO_ME)
"""Every property with which a signal can be described."""


def facts_of(properties: Mapping[str, Any], asker: Asker) -> SignalFacts:
    """The facts of a described signal.

    Args:
        properties: of `PROPERTIES`, as far as the caller gave them.
        asker: the subject.

    Raises:
        KeyError: a property that there is not; a misspelt one may not pass for an absent one.
    """
    said = dict(properties)
    to_me = said.pop(_TO_ME, False)
    found: dict[str, Any] = {
        _FACTS[name]: frozenset(value) if _FACTS[name] in _SETS else value for name, value in said.items()
    }
    return SignalFacts(**found, rewrapped_to=asker.address if to_me else "")


def properties_of(facts: SignalFacts, asker: Asker) -> Json:
    """The other way round: a description that `facts_of` reads as these facts."""
    said = {name: getattr(facts, fact) for name, fact in _FACTS.items()}
    shaped = {name: sorted(value) if _FACTS[name] in _SETS else value for name, value in said.items()}
    return {**shaped, _TO_ME: facts.rewrapped_to == asker.address}
