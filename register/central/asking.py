# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`POST /v1/bevragingen`: "elders gezien?".

In this order: policy says whether this person may ask this at all (refusals about the asker are explicit), the receipts of the key holders cover
the pseudonyms, the register's own quota has room, the pseudonyms become tags in memory (those of a number behind a closed gate do not, and the answer says so),
postings of other organisations' signals are grouped (matching), policy decides each field of each candidate, and only over what is left
the answer is made (register.enquiry). A hit stores a treffer; the question itself stores nothing of a person. Treffer and log entry are durable
before the answer leaves. Marks that the node made of the question (`register.outcomes`) go into the entry and change nothing else. A repeated question is decided again under today's policy, with a new entry, leaves no second treffer, and uses up no receipt.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any

from audit.canonical import JSON
from policies.decision import Asker, Decision, Occasion, SignalFacts
from policies.explain import explain, nothing_known
from process.language import gettext as _
from process.problem import FieldError, Refusal
from pseudonymisation.pseudonym import (
    Agreement,
    Evidence,
    Pseudonym,
    tag,
    weight,
    weight_for_organisation,
)
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import (
    Centre,
    body_digest,
    content,
    disclosure,
    officer_mark,
    permit,
    read_pseudonyms,
    receipt,
    repeated,
    require_keyset,
    require_receipts,
    use,
    who,
)
from register.central.concerning import concern
from register.central.examining import Surroundings, examine, owner_of, signals_of
from register.central.finding import Sought, agreeing
from register.central.gates import GATE_OF, closed_families
from register.central.linking import still_proposed
from register.central.quarter_keys import quarter_key
from register.central.store import questions, watching
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.work import LoggedWork
from register.central.telling import why_shown
from register.enquiry import FIELDS_OF_AN_ANSWER, Examined, Finding, finding
from register.evaluations import QUESTION
from register.events import ASKER, CATALOGUE, OWNER
from register.ports import Permit
from register.rationing import attributes_asked, too_much, totals
from register.retention import treffer_lapses_on
from register.wire import Antwoord, Bevraging, Soort, Uitkomst, Uitleg


def ask(centre: Centre, acting: Acting, sent: Bevraging, request_key: str) -> Antwoord:
    """Answer a question.

    Raises:
        Refusal: 400, 403, 409 or 429; the refusal is logged by the caller.
    """
    require_keyset(centre, sent.sleutelset, sent.epoch)
    asked = read_pseudonyms(sent.pseudoniemen, "pseudoniemen")
    organisation = sent.betreft is Soort.ORGANISATIE
    searched = [one for one in asked if one.family not in closed_families(centre.policy.register)]
    evidence = require_enough(searched, {one.family for one in asked}, organisation=organisation)
    person, why = asker(centre.policy.register, acting), occasion(acting, evidence)
    allowed = permit(centre, person, why, "bevragen")
    receipts = require_receipts(centre, acting, sent, request_key, QUESTION, {"": len(asked)})
    flags = within_ration(centre, acting, asked)
    body = content(sent)
    tags = {tag(centre.tag_key.reveal(), centre.keyset[0], one): one.family for one in searched}
    with centre.database.logged(acting.moment) as work:
        require_keyset(centre, sent.sleutelset, sent.epoch, work)
        again = repeated(centre, work, acting, request_key, body)
        if not again:
            use(centre, work, receipts)
        concern(centre, work, acting, "bevraging", asked=not organisation)
        examined = examine_sought(centre, work, allowed, person, why, [Sought(tags, organisation)])
        found = finding(examined, coarse=acting.coarse)
        about = [(one.candidate.subject.signal_id, one.candidate.subject.ref) for one in found.kept]
        concern(centre, work, acting, "bevraging", about, asked=not organisation)
        if found.kept:
            leave_treffer(
                centre, work, allowed, acting, found, body_digest(centre, acting, request_key, body)
            )
        told = (*flags, *sorted(set(sent.vlaggen)))
        work.enter(payloads_of(centre, acting, allowed, tags, found, again=again, flags=told))
    return answered(centre, person, why, found, work)


def within_ration(centre: Centre, acting: Acting, asked: Sequence[Pseudonym]) -> tuple[str, ...]:
    """Count what is asked, and give the flags of it.

    Raises:
        Refusal: 429.
    """
    return count_asked(centre, acting, attributes_asked(one.family for one in asked))


def count_asked(centre: Centre, acting: Acting, number: int) -> tuple[str, ...]:
    """Count a question on so many attributes, and give the flags of it.

    Raises:
        Refusal: 429.
    """
    officer = officer_mark(centre, acting.organisation, acting.person.medewerker)
    counted = totals(acting.organisation, officer, acting.moment, centre.ration)
    try:
        return questions.count(centre.database.engine, counted, number, acting.moment)
    except questions.OverLimitError as over:
        raise too_much(over.total, acting.moment) from None


def require_enough(searched: Sequence[Pseudonym], asked: AbstractSet[str], *, organisation: bool) -> Evidence:
    """What a question rests on, if it is enough (C3).

    Raises:
        Refusal: 400.
    """
    evidence = (weight_for_organisation if organisation else weight)([one.family for one in searched])
    if not evidence.satisfies_c3:
        left_out = sorted(GATE_OF[family] for family in asked - {one.family for one in searched})
        raise Refusal(
            400,
            "te-weinig-om-op-te-vragen",
            _("Dit is te weinig om op te vragen."),
            _(
                "Een vraag rust op één sterk gegeven (zoals telefoon of document) of twee middelsterke, en nooit op een naam alleen."
            ),
            way_forward=_(
                "Vraag aan de deur om een telefoonnummer, een document of de volledige geboortedatum."
            ),
            fields=(
                FieldError("pseudoniemen", _("Te weinig soorten gegevens.")),
                *(
                    FieldError(
                        "pseudoniemen", _("Niet gezocht, de poort {poort} is dicht.").format(poort=one)
                    )
                    for one in left_out
                ),
            ),
            rule="C3",
        )
    return evidence


def examine_sought(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    person: Asker,
    why: Occasion,
    sought: Sequence[Sought],
) -> list[Examined]:
    """Who of other organisations agrees with one of those sought, each with the decisions for this person."""
    each = agreeing(work, allowed, centre.weights, sought, keyset=centre.keyset[0], today=why.today)
    # A subject that agrees with two of them is one subject; the firmest agreement counts.
    best = {
        one.subject: one
        for one in sorted(chain.from_iterable(each), key=lambda one: one.band is Agreement.KNOWN)
    }
    found = [best[subject] for subject in sorted(best)]
    stored = signal_store.load(work, allowed, [one.subject for one in found], why.today)
    elsewhere = {
        key: one for key, one in stored.items() if owner_of(centre, one, why.today) != person.organisation
    }
    proposed = still_proposed(
        work, allowed, found, lambda one: one.subject in stored and one.subject not in elsewhere
    )
    return examine(
        centre,
        person,
        why,
        proposed,
        elsewhere,
        FIELDS_OF_AN_ANSWER,
        Surroundings(parties=frozenset({person.organisation})),
    )


def leave_treffer(  # noqa: PLR0913, PLR0917 - what a treffer is made of
    centre: Centre, work: LoggedWork, allowed: Permit, acting: Acting, found: Finding, request: bytes
) -> None:
    """Keep what was found for the parties to it, and for whoever is to hear of it."""
    treffer: dict[str, Any] = {
        "treffer_id": centre.uuid(),
        "organisation": acting.organisation,
        "officer": acting.person.medewerker,
        "purpose": acting.person.doel,
        "control": acting.person.zaaknummer,
        "found_at": acting.moment,
        "lapses_on": treffer_lapses_on(acting.moment.date()),
        "request": request,
    }
    if treffer_store.add(work, allowed, treffer, [one.candidate for one in found.kept]):
        watching.arrived(work, watching.TREFFER, treffer["treffer_id"], acting.moment)


def payloads_of(  # noqa: PLR0913 - the whole question
    centre: Centre,
    acting: Acting,
    allowed: Permit,
    tags: Mapping[bytes, str],
    found: Finding,
    *,
    again: bool,
    flags: Sequence[str],
) -> dict[str, dict[str, JSON]]:
    """The entry of a question: its own organisation's part, and one for each owner of what was shown."""
    # Of a minor there is the route and no count (C6), so nobody is named either.
    counted = [one for one in found.shown if one.opens("hit")]
    entry: dict[str, JSON] = {
        **who(acting, allowed.decision),
        "families": sorted(set(tags.values())),
        "kenmerken": _digests(centre, acting, tags),
        "uitkomst": found.outcome,
        "velden": list(found.fields),
        "soorten": list(found.kinds or ()),
        "signalen_geteld": len({one.candidate.subject.signal_id for one in counted}),
        "herhaald": again,
        "vlaggen": list(flags),
        # For the FG alone: which organisation answered is not in the answer to whoever may not see it.
        "antwoord_van": sorted(signals_of(counted)),
    }
    payloads = {acting.organisation: CATALOGUE.payload("bevraging", ASKER, entry)}
    for owner, theirs in signals_of(found.shown).items():
        shown = [field for field in found.fields if any(one.opens(field) for one in theirs)]
        said = disclosure(
            acting, _decisions(theirs), [one.candidate.subject.signal_id for one in theirs], shown
        )
        payloads[owner] = CATALOGUE.payload("bevraging", OWNER, said)
    return payloads


def _decisions(examined: Sequence[Examined]) -> dict[str, Decision]:
    return {field: one.decisions[field] for one in examined for field in one.decisions if one.opens(field)}


def _digests(centre: Centre, acting: Acting, tags: Mapping[bytes, str]) -> list[str]:
    """Keyed digests of the question, so that its organisation's FG can see that the same was asked again. Dies with the quarter's key."""
    key = quarter_key(centre, acting.organisation, acting.moment).reveal()
    return sorted(hmac.digest(key, one, hashlib.sha256).hex()[:32] for one in tags)


def answered(centre: Centre, person: Asker, why: Occasion, found: Finding, work: LoggedWork) -> Antwoord:
    """What is told, with why each part of it may be."""
    outcome = Uitkomst(found.outcome)
    # Without anything to show, the decisions on a signal that does not exist: the same words whatever is stored.
    nothing = centre.policy.fields(person, why, SignalFacts(), FIELDS_OF_AN_ANSWER)
    told = explain(
        centre.policy.policy_set, centre.policy.register, person, why, {**nothing, **_decisions(found.shown)}
    )
    return Antwoord(
        uitkomst=outcome,
        toelichting=_explanation(outcome),
        wat_nu=_what_now(outcome),
        aantal_gemeenten=found.count,
        gemeenten=None if found.organisations is None else list(found.organisations),
        laatst_gezien=found.last_seen,
        soorten=None if found.kinds is None else list(found.kinds),
        niet_bekeken=list(told.not_searched),
        uitleg=Uitleg(
            mag_zien=list(told.may_see),
            grondslagen=list(told.grounds),
            niet_aangeboden=list(told.not_offered),
            laat_weg=list(told.leave_out),
        ),
        waarom=why_shown(centre, why.purpose, found.shown, _MEMBERS, found.fields),
        logbewijs=receipt(work),
    )


_MEMBERS = {
    "hit": "uitkomst",
    "minor_flag": "uitkomst",
    "count_other_muni": "aantalGemeenten",
    "muni_name": "gemeenten",
    "period_bucket": "laatstGezien",
    "attr_types_matched": "soorten",
}
"""Field of the matrix -> member of the answer that shows it."""


def _explanation(outcome: Uitkomst) -> str:
    return {
        Uitkomst.BEKEND_ELDERS: _("Deze gegevens komen voor in een signaal van een andere gemeente."),
        Uitkomst.MOGELIJK: _(
            "Deze gegevens lijken op die in een signaal van een andere gemeente. Het kan ook iemand anders zijn."
        ),
        Uitkomst.NIET_BEKEND: nothing_known(),
        Uitkomst.MINDERJARIGENROUTE: _("Hiervoor geldt de route voor minderjarigen."),
    }[outcome]


def _what_now(outcome: Uitkomst) -> str:
    return {
        Uitkomst.BEKEND_ELDERS: _(
            "Bel uw aandachtsfunctionaris. Een treffer is geen oordeel over deze persoon."
        ),
        Uitkomst.MOGELIJK: _("Bel uw aandachtsfunctionaris; die zoekt uit of het om dezelfde persoon gaat."),
        Uitkomst.NIET_BEKEND: _(
            "Vertrouw op wat u zelf ziet. Is er een aanwijzing van dwang, leg die dan vast als signaal."
        ),
        Uitkomst.MINDERJARIGENROUTE: _("Bel Veilig Thuis (0800-2000) of het TMM. Bij gevaar: 112."),
    }[outcome]
