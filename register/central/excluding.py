# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The exclusion register: `POST /v1/dossiers/{trefferId}/uitsluitingen` makes an entry, `GET /v1/uitsluitingen` lists the own ones, `POST /v1/uitsluitingen/{uitsluitingId}/beeindigingen` ends one.

Who makes an entry points at a node of an opened case ("telefoon-1 is a care line"): the register knows its tags, so no telephone or address has to be typed anywhere. From then on what was pointed at ties nobody in any
network, whoever looks. The entry has an owner, the organisation of who made it, and a day on which that owner looks again; until it is ended it holds (`register.exclusions`). Allowed to whom policy allows
`netwerk_koppelen` in that case, for every signal that carries it.
"""

from uuid import UUID

from audit.canonical import JSON
from policies.decision import Asker, Occasion
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.asserting import permitted
from register.central.centre import (
    Centre,
    body_digest,
    epoch_in_force,
    permit,
    receipt,
    repeated,
    require_rule,
    who,
)
from register.central.concerning import concern
from register.central.connecting import MOST_STEPS, changed_since, look
from register.central.phase2 import not_found
from register.central.store import exclusions as store
from register.central.store.work import LoggedWork
from register.central.treffers import ENOUGH, reading_payloads, shown_subjects
from register.events import ASKER, CATALOGUE
from register.exclusions import Exclusion, problem
from register.network import RULES, Kind
from register.ports import Permit
from register.wire import Uitsluiting, UitsluitingBeeindigd, UitsluitingLijst, UitsluitingMaken

_ACTION = "netwerk_koppelen"


def exclude(
    centre: Centre, acting: Acting, treffer_id: UUID, sent: UitsluitingMaken, request_key: str
) -> Uitsluiting:
    """Make an entry.

    Raises:
        Refusal: 400 unknown kind, day or node that cannot be excluded, 403 not this person, 404 not in a case of this person, 409 the key was used otherwise.
    """
    today = acting.moment.date()
    family = next((name for name, rule in RULES.items() if rule.kind == sent.knoop.partition("-")[0]), "")
    wrong = problem(sent.soort, family, sent.hercontrole, today)
    if wrong is not None:
        raise _refused(*wrong)
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, _ACTION)
    allowed = permit(centre, person, why, "bevragen")
    body = sent.model_dump_json(by_alias=True).encode()
    epoch = epoch_in_force(centre)
    with centre.database.logged(acting.moment) as work:
        again = repeated(centre, work, acting, request_key, body)
        number = UUID(bytes=body_digest(centre, acting, request_key, body)[:16], version=4)
        made = _kept(centre, work, allowed, acting, number) if again else None
        if made is not None:
            # What it excluded is a node no more.
            _looked(work, acting, allowed, 1)
        else:
            made = Exclusion(number, sent.soort, family, acting.organisation, sent.hercontrole)
            _make(centre, work, allowed, acting, (person, why), treffer_id, sent, made, epoch)
    return _told(made, acting).model_copy(update={"logbewijs": receipt(work)})


def _make(  # noqa: PLR0913, PLR0917 - the whole request
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    acting: Acting,
    asking: tuple[Asker, Occasion],
    treffer_id: UUID,
    sent: UitsluitingMaken,
    made: Exclusion,
    epoch: int,
) -> None:
    person, why = asking
    view = look(centre, work, allowed, acting, person, why, treffer_id, MOST_STEPS)
    node = next((one for one in view.shown.members if one.key == sent.knoop), None)
    if node is None or node.kind in {Kind.PERSON, Kind.ALIAS}:
        raise not_found()
    if view.stamp(node) != sent.stempel:
        raise changed_since("stempel")
    tags = view.tags_of(node, made.family)
    if not tags:
        raise _refused("knoop", _("Hier is geen kenmerk van bekend dat verbindt."))
    carriers = view.shown.members[node]
    may = permitted(centre, work, allowed, person, why, view, carriers, _ACTION)
    row = {
        "exclusion_id": made.exclusion_id,
        "family": made.family,
        "keyset": centre.keyset[0],
        "epoch": epoch,
        "kind": made.kind,
        "organisation": made.owner,
        "officer": acting.person.medewerker,
        "role": acting.person.rol,
        "made_at": acting.moment,
        "recheck_on": made.recheck_on,
    }
    store.add(work, may, row, tags)
    about = [view.visible[key] for key in carriers]
    extra: dict[str, JSON] = {
        "treffer": str(treffer_id),
        "uitsluiting": str(made.exclusion_id),
        "soort": made.kind,
        "hercontrole": made.recheck_on.isoformat(),
    }
    concern(centre, work, acting, "uitsluiting_vastgelegd", shown_subjects(about))
    work.enter(reading_payloads("uitsluiting_vastgelegd", acting, may, extra, about))


def listed(centre: Centre, acting: Acting) -> UitsluitingLijst:
    """The entries of the own organisation, those to look at first before others.

    Raises:
        Refusal: 403.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, _ACTION)
    allowed = permit(centre, person, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        codes = centre.policy.register.lineage(acting.organisation, why.today)
        found = store.of_organisation(work, allowed, codes)
        _looked(work, acting, allowed, len(found))
    return UitsluitingLijst(uitsluitingen=[_told(one, acting) for one in found], logbewijs=receipt(work))


def end(centre: Centre, acting: Acting, exclusion_id: UUID) -> UitsluitingBeeindigd:
    """End an own entry: from now on it may tie again.

    Raises:
        Refusal: 403, or 404 where it is not an entry of this organisation.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, _ACTION)
    allowed = permit(centre, person, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        codes = centre.policy.register.lineage(acting.organisation, why.today)
        if exclusion_id not in {one.exclusion_id for one in store.of_organisation(work, allowed, codes)}:
            raise not_found()
        store.end(work, allowed, exclusion_id, acting.person.medewerker, acting.moment)
        entry: dict[str, JSON] = {**who(acting, allowed.decision), "uitsluiting": str(exclusion_id)}
        work.enter({acting.organisation: CATALOGUE.payload("uitsluiting_beeindigd", ASKER, entry)})
    return UitsluitingBeeindigd(uitsluiting_id=exclusion_id, logbewijs=receipt(work))


def _kept(
    centre: Centre, work: LoggedWork, allowed: Permit, acting: Acting, number: UUID
) -> Exclusion | None:
    codes = centre.policy.register.lineage(acting.organisation, acting.moment.date())
    found = store.of_organisation(work, allowed, codes)
    return next((one for one in found if one.exclusion_id == number), None)


def _looked(work: LoggedWork, acting: Acting, allowed: Permit, counted: int) -> None:
    entry: dict[str, JSON] = {**who(acting, allowed.decision), "uitsluitingen_geteld": counted}
    work.enter({acting.organisation: CATALOGUE.payload("uitsluitingen_geraadpleegd", ASKER, entry)})


def _told(one: Exclusion, acting: Acting) -> Uitsluiting:
    return Uitsluiting(
        uitsluiting_id=one.exclusion_id,
        soort=one.kind,
        kenmerk=RULES[one.family].kind.value,
        eigenaar=one.owner,
        hercontrole=one.recheck_on,
        te_laat=one.overdue(acting.moment.date()),
    )


def _refused(field: str, reason: str) -> Refusal:
    return Refusal(
        400,
        "uitsluiting-kan-niet",
        _("Dit kan zo niet op de uitsluitlijst."),
        _("Er is niets vastgelegd."),
        way_forward=_("Verbeter het veld en probeer het opnieuw."),
        fields=(FieldError(field, reason),),
    )
