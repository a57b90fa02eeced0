# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`POST /v1/aflopen`: an organisation tells what came of a control of its own in which something was asked.

It opens nothing and shows nothing, so no field or action of policy is decided; it is an act of the own organisation in its own administration. What must hold is who
speaks (C2: a participant, and a mandate in force today for a role that may ask) and of what (C1: a control number), and what is said is one of five codes. It stands in the log
as one leaf for the own organisation, so that its FG sees which questions were followed by an outcome. The node keeps the outcome and tells it again until it has the
receipt; told again, it is a leaf again that says so.
"""

from audit.canonical import JSON
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, receipt, repeated, require_rule, who
from register.events import ASKER, CATALOGUE
from register.outcomes import OUTCOMES
from register.wire import Afloop, AfloopVastgelegd


def close(centre: Centre, acting: Acting, sent: Afloop, request_key: str) -> AfloopVastgelegd:
    """Log what came of a control.

    Raises:
        Refusal: 400 no control number or no such outcome, 403 no mandate, 409 the key was used otherwise.
    """
    if not acting.person.zaaknummer:
        raise _no_control()
    if sent.afloop not in OUTCOMES:
        raise _no_such_outcome()
    _require_officer(centre, acting)
    body = sent.model_dump_json(by_alias=True).encode()
    with centre.database.logged(acting.moment) as work:
        again = repeated(centre, work, acting, request_key, body)
        entry: dict[str, JSON] = {**who(acting), "afloop": sent.afloop, "herhaald": again}
        work.enter({acting.organisation: CATALOGUE.payload("controle_afgerond", ASKER, entry)})
    return AfloopVastgelegd(
        zaaknummer=acting.person.zaaknummer, afloop=sent.afloop, herhaald=again, logbewijs=receipt(work)
    )


def _require_officer(centre: Centre, acting: Acting) -> None:
    person = asker(centre.policy.register, acting)
    require_rule(centre, person, occasion(acting), "bevragen")
    today, mandate = acting.moment.date(), person.mandate
    there = mandate is not None and mandate.covers(person.organisation, person.officer, person.role, today)
    if not (there and person.participant):
        raise Refusal(
            403,
            "geen-mandaat",
            _("U mag dit niet vastleggen."),
            _(
                "Er is vandaag geen mandaat voor deze medewerker in deze rol. De afloop blijft op de node staan."
            ),
            way_forward=_("Vraag uw functioneel beheerder om het mandaat te laten vastleggen."),
            rule="C2",
        )


def _no_control() -> Refusal:
    return Refusal(
        400,
        "onvolledig",
        _("Er is geen controlenummer."),
        _("Een afloop hoort bij een controle, en die heeft een nummer. Er is niets vastgelegd."),
        way_forward=_("Noem het nummer van de controle in de kop Zaaknummer."),
        fields=(FieldError("Zaaknummer", _("Dit ontbreekt.")),),
        rule="C1",
    )


def _no_such_outcome() -> Refusal:
    return Refusal(
        400,
        "onbekende-afloop",
        _("Deze afloop kennen we niet."),
        _("Er is niets vastgelegd."),
        way_forward=_("Kies een code uit de lijst en verstuur opnieuw."),
        fields=(FieldError("afloop", _("Kies uit: {codes}.").format(codes=", ".join(OUTCOMES))),),
    )
