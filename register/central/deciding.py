# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`POST /access/v1/evaluation` and `/evaluations`: may this officer do this? AuthZEN Authorization API 1.0.

A node asks for its own officers. What it asks about it describes itself, or it names an own signal; **of a stored signal the answer tells nothing that
another number would not have told**: who could not do this with the best of own signals is answered without a look, and for everybody else a number that is
nobody's, another's, or out of this person's sight is the signal of which nothing is known (`SignalFacts`), after the same queries.

Policy decides and nothing is done: a yes here is no permit, and what is done later is decided again. One request leaves one entry, whatever it asks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from audit.canonical import JSON
from policies.authzen import Evaluation, Semantic, decide, evaluate, facts_of, told
from policies.decision import OWN_SUBMISSIONS, Decision, Occasion, SignalFacts, fitting
from register.central.asking_for import Acting, asker
from register.central.centre import Centre, receipt, who
from register.central.examining import Surroundings, facts_of_subject
from register.central.signing_in import foreign_body
from register.central.store import freezes
from register.central.store.signals import own_subjects_of
from register.central.store.work import LoggedWork
from register.events import ASKER, CATALOGUE
from register.matching import linked
from register.ports import Permit
from register.wire import ActingFor, Beslissing, BeslisUitleg, Beslisvraag, Omstandigheden


@dataclass(frozen=True)
class Calling:
    """A node, as its certificate names it, at one moment; `trace` joins the records."""

    organisation: str
    moment: datetime
    trace: str


def answer(
    centre: Centre, calling: Calling, asked: Sequence[Beslisvraag], semantic: Semantic
) -> list[Beslissing]:
    """Decide each question, in order, as far as the semantic goes.

    Raises:
        Refusal: 403, a subject of another organisation.
    """
    for one in asked:
        if one.subject.properties.organisatie != calling.organisation:
            raise foreign_body("subject.properties.organisatie")
    with centre.database.logged(calling.moment) as work:
        questions = _questions(centre, work, calling, asked)
        decided = evaluate(centre.policy, questions, semantic)
        entry: dict[str, JSON] = {
            **who(_acting(calling, asked[0]), decided[0]),
            "vragen": [_line(one, decision) for one, decision in zip(asked, decided, strict=False)],
        }
        work.enter({calling.organisation: CATALOGUE.payload("beslispunt_bevraagd", ASKER, entry)})
    proof = receipt(work)
    return [
        Beslissing(
            decision=one.allowed,
            context=BeslisUitleg.model_validate({**told(one, centre.policy.register), "logbewijs": proof}),
        )
        for one in decided
    ]


def _questions(
    centre: Centre, work: LoggedWork, calling: Calling, asked: Sequence[Beslisvraag]
) -> Iterator[Evaluation]:
    """Each question as policy takes it; a named signal is looked up only when its turn comes."""
    for one in asked:
        person = asker(centre.policy.register, _acting(calling, one))
        frozen = (work.connection, centre.policy.register, calling.organisation, person.officer)
        if freezes.over(*frozen, calling.moment.date()):
            person = replace(person, mandate=None)
        why = _occasion(one.context, calling)
        described = one.resource.type != "signaal"
        facts: SignalFacts | None = None
        if one.resource.type == "voorbeeld":
            given = one.resource.properties
            facts = facts_of(given.model_dump(exclude_none=True) if given else {}, person)
        if one.resource.type == "signaal":
            general = Evaluation(
                person,
                why,
                one.action.name,
                fitting(calling.organisation, person.address, calling.organisation),
                described,
            )
            facts = _named(centre, work, general, UUID(one.resource.id))
        yield Evaluation(person, why, one.action.name, facts, described)


def _named(centre: Centre, work: LoggedWork, general: Evaluation, signal_id: UUID) -> SignalFacts:
    """What is known of an own signal to who may do this with own signals at all; of a signal with more subjects the one that is refused."""
    decision = decide(centre.policy, general)
    # Of a submission every reason is told, because it is the asker's own input; a stored signal is not that.
    if not decision.allowed or general.action in OWN_SUBMISSIONS:
        return SignalFacts()
    today, organisation = general.occasion.today, general.asker.organisation
    codes = centre.policy.register.lineage(organisation, today)
    stored = own_subjects_of(work, Permit(general.action, decision), signal_id, codes, today)
    around = Surroundings(parties=frozenset({organisation}))
    found = [
        # Named, not found: nothing matched.
        facts_of_subject(
            one,
            organisation,
            linked(one.key, frozenset(), organisation=one.kind == "organisatie"),
            around,
            (organisation,),
        )
        for one in stored
    ]
    refused = (one for one in found if not decide(centre.policy, _of(general, one)).allowed)
    return next(refused, found[0] if found else SignalFacts())


def _of(general: Evaluation, facts: SignalFacts) -> Evaluation:
    return Evaluation(general.asker, general.occasion, general.action, facts, general.described)


def _acting(calling: Calling, one: Beslisvraag) -> Acting:
    said, context = one.subject.properties, one.context
    person = ActingFor(
        medewerker=one.subject.id,
        rol=said.rol,
        doel=context.doel,
        zaaknummer=context.zaaknummer,
        reden=context.reden,
        grondslag=context.grondslag,
    )
    return Acting(calling.organisation, person, calling.moment, calling.trace)


def _occasion(said: Omstandigheden, calling: Calling) -> Occasion:
    return Occasion(
        purpose=said.doel,
        today=calling.moment.date(),
        control=said.zaaknummer or "",
        reason=said.reden or "",
        ground_id=said.grondslag,
        asked_strong=said.gevraagd_sterk,
        asked_medium=said.gevraagd_middel,
        coarse=said.grof,
        aggregate=said.opgeteld,
        masked=said.gemaskeerd,
        file_open_until=said.dossier_geopend_tot,
        identity_checked=said.identiteit_gecontroleerd,
        acute_danger=said.acuut_gevaar,
        break_glass=said.noodopening,
    )


def _line(asked: Beslisvraag, decision: Decision) -> str:
    """Role, purpose, what, about which kind of resource, and the answer. The number of a signal stays out: whose it is would follow from nothing here."""
    said = asked.subject.properties.rol, asked.context.doel, asked.action.name, asked.resource.type
    return f"{'/'.join(said)}: {'ja' if decision.allowed else 'nee'}"
