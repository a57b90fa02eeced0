# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`POST /v1/dossiers/{trefferId}/verklaringen`: an analyst says of pairs in an opened case that they are one person, or are not; and takes it back.

In this order: the reason is one of the list; the case is this reader's (`connecting.look`); every subject that is named is visible in its network; policy permits it for each of them
(`netwerk_koppelen` to join, `niet_dezelfde_vastleggen` to keep apart, both in a case that is open for the organisation, C8 and C10). Taking a part out of a person is saying
"niet dezelfde" of each pair across (`register.network.split`). Nothing is merged: an assertion is a row with its author that can be withdrawn, and nobody's signal changes.

Left to others: what an assertion does (`register.links`, `register.network`), keeping it while both signals live (store).
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from audit.canonical import JSON
from policies.decision import Asker, Occasion
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, body_digest, permit, receipt, repeated, require_rule
from register.central.concerning import concern
from register.central.connecting import DOSSIER, MOST_STEPS, CaseView, look
from register.central.examining import facts_of_subject, owner_of
from register.central.phase2 import not_found
from register.central.store import assertions
from register.central.store.work import LoggedWork
from register.central.treffers import ENOUGH, reading_payloads, shown_subjects, surroundings
from register.links import Side
from register.matching import SubjectKey
from register.ports import Permit
from register.wire import Paar, SubjectVerwijzing, VerklaringIntrekken, VerklaringMaken, VerklaringVastgelegd

REASONS: Final[Mapping[str, tuple[str, ...]]] = {
    "zelfde": ("documenten_vergeleken", "bevestigd_door_melder", "herkend_bij_controle", "andere_gegevens"),
    "niet_dezelfde": ("documenten_verschillen", "melder_zegt_ander", "gedeeld_gebruik", "andere_gegevens"),
    "intrekken": ("vergissing", "nieuwe_gegevens", "melder_trok_terug"),
}
"""Why somebody says it: codes, so that no text about a person comes in."""

_ACTION: Final = {"zelfde": "netwerk_koppelen", "niet_dezelfde": "niet_dezelfde_vastleggen"}


def assert_pairs(
    centre: Centre, acting: Acting, treffer_id: UUID, sent: VerklaringMaken, request_key: str
) -> VerklaringVastgelegd:
    """Record what somebody says of pairs.

    Raises:
        Refusal: 400 unknown reason or a pair of one signal, 403 not this person, 404 not in a case of this person, 409 the key was used otherwise.
    """
    _known(sent.reden, REASONS[sent.soort])
    if any(one.een.signaal_id == one.ander.signaal_id for one in sent.paren):
        raise _one_signal()
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, _ACTION[sent.soort])
    allowed = permit(centre, person, why, "bevragen")
    body = sent.model_dump_json(by_alias=True).encode()
    with centre.database.logged(acting.moment) as work:
        again = repeated(centre, work, acting, request_key, body)
        view = look(centre, work, allowed, acting, person, why, treffer_id, MOST_STEPS)
        ends = _subjects(view, sent.paren)
        may = permitted(centre, work, allowed, person, why, view, ends.values(), _ACTION[sent.soort])
        digest = body_digest(centre, acting, request_key, body)
        made = [_number(digest, at) for at in range(len(sent.paren))]
        for number, one in zip(made, sent.paren, strict=True):
            if not again:
                _keep(work, may, acting, treffer_id, sent, number, one, view)
        extra: dict[str, JSON] = {
            "treffer": str(treffer_id),
            "soort": sent.soort,
            "verklaringen": [str(one) for one in made],
            "grond": sent.reden,
        }
        _enter(centre, work, acting, may, view, ends.values(), "verklaring_vastgelegd", extra)
    return VerklaringVastgelegd(treffer_id=treffer_id, verklaringen=made, logbewijs=receipt(work))


def withdraw(
    centre: Centre, acting: Acting, treffer_id: UUID, assertion_id: UUID, sent: VerklaringIntrekken
) -> VerklaringVastgelegd:
    """Take back what was said in this case; taking it back again changes nothing.

    Raises:
        Refusal: 400 unknown reason, 403 not this person, 404 not in a case of this person.
    """
    _known(sent.reden, REASONS["intrekken"])
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, "netwerk_koppelen")
    allowed = permit(centre, person, why, "bevragen")
    with centre.database.logged(acting.moment) as work:
        view = look(centre, work, allowed, acting, person, why, treffer_id, MOST_STEPS)
        row = next((one for one in view.said if one.assertion_id == assertion_id), None)
        if row is None:
            raise not_found()
        by_side = _by_side(view)
        ends = [by_side[Side(row.signal_a, row.ref_a)], by_side[Side(row.signal_b, row.ref_b)]]
        may = permitted(centre, work, allowed, person, why, view, ends, _ACTION[row.kind])
        assertions.withdraw(work, may, assertion_id, acting.person.medewerker, sent.reden, acting.moment)
        extra: dict[str, JSON] = {
            "treffer": str(treffer_id),
            "soort": row.kind,
            "verklaringen": [str(assertion_id)],
            "grond": sent.reden,
        }
        _enter(centre, work, acting, may, view, ends, "verklaring_ingetrokken", extra)
    return VerklaringVastgelegd(treffer_id=treffer_id, verklaringen=[assertion_id], logbewijs=receipt(work))


def _by_side(view: CaseView) -> dict[Side, SubjectKey]:
    return {Side(key.signal_id, key.ref): key for key in view.visible}


def _subjects(view: CaseView, pairs: Iterable[Paar]) -> dict[Side, SubjectKey]:
    """The subjects that are named, all of which are visible here."""
    known = _by_side(view)
    named = {_side(end) for one in pairs for end in (one.een, one.ander)}
    if not named <= known.keys():
        raise not_found()
    return {side: known[side] for side in named}


def _side(end: SubjectVerwijzing) -> Side:
    return Side(end.signaal_id, end.ref)


def permitted(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    person: Asker,
    why: Occasion,
    view: CaseView,
    subjects: Collection[SubjectKey],
    action: str,
) -> Permit:
    """Policy's yes for every subject; the case is open for whoever asked its phase 2."""
    asked_by = view.treffer.phase_2
    parties = (
        frozenset()
        if asked_by is None
        else frozenset({centre.policy.register.current(asked_by.asked_by_organisation, why.today)})
    )
    around = surroundings(work, allowed, view.treffer)
    owners = frozenset(owner_of(centre, view.stored[key], why.today) for key in view.visible)
    given = allowed
    for key in sorted(subjects):
        stored = view.stored[key]
        facts = facts_of_subject(
            stored,
            owner_of(centre, stored, why.today),
            view.visible[key].candidate,
            replace(around, parties=owners),
            owners,
        )
        given = permit(centre, person, why, action, replace(facts, case_parties=parties | facts.case_parties))
    return given


def _keep(  # noqa: PLR0913, PLR0917 - one row
    work: LoggedWork,
    may: Permit,
    acting: Acting,
    treffer_id: UUID,
    sent: VerklaringMaken,
    number: UUID,
    one: Paar,
    view: CaseView,
) -> None:
    said = {
        "assertion_id": number,
        "kind": sent.soort,
        "context_kind": DOSSIER,
        "context_id": treffer_id,
        "organisation": acting.organisation,
        "officer": acting.person.medewerker,
        "role": acting.person.rol,
        "reason": sent.reden,
        "families": sorted(_agreeing(view, _side(one.een), _side(one.ander))),
        "made_at": acting.moment,
    }
    assertions.add(work, may, said, _side(one.een), _side(one.ander))


def _agreeing(view: CaseView, one: Side, other: Side) -> frozenset[str]:
    """The families on which a pair agreed when it was said."""
    ends = {key for key in view.visible if Side(key.signal_id, key.ref) in {one, other}}
    return view.agreeing.get(frozenset(ends), frozenset())


def _enter(  # noqa: PLR0913, PLR0917 - one log entry
    centre: Centre,
    work: LoggedWork,
    acting: Acting,
    may: Permit,
    view: CaseView,
    subjects: Iterable[SubjectKey],
    event: str,
    extra: Mapping[str, JSON],
) -> None:
    about = [view.visible[key] for key in sorted(set(subjects))]
    concern(centre, work, acting, event, shown_subjects(about))
    told = {"soort": extra["soort"]}
    work.enter(reading_payloads(event, acting, may, extra, about, told=told))


def _number(digest: bytes, at: int) -> UUID:
    """The number of one assertion of a request: the same when it is sent again."""
    return UUID(bytes=hashlib.sha256(digest + at.to_bytes(2, "big")).digest()[:16], version=4)


def _known(reason: str, reasons: Collection[str]) -> None:
    if reason not in reasons:
        raise Refusal(
            400,
            "onbekende-code",
            _("Deze code kennen we niet."),
            _("Er is niets vastgelegd."),
            way_forward=_("Kies een reden uit de lijst en probeer het opnieuw."),
            fields=(FieldError("reden", _("Kies uit: {codes}.").format(codes=", ".join(reasons))),),
        )


def _one_signal() -> Refusal:
    return Refusal(
        400,
        "paar-van-een-signaal",
        _("Een paar gaat over twee signalen."),
        _("Wie in één signaal staan, heeft de melder al uit elkaar gehouden. Er is niets vastgelegd."),
        way_forward=_("Kies twee personen uit twee verschillende signalen."),
        fields=(FieldError("paren", _("Kies twee verschillende signalen.")),),
    )
