# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`POST /v1/inzagen`: which questions concerned the person at the desk of a contactpunt (AVG 15; register.inspection).

In this order: policy says whether this contactpunt may (C23: identity checked at the desk, one case), the attributes identify one person and satisfy C3, the receipts
of the key holders are of a request for inzage, the quota has room; the pseudonyms become tags, and the tags digests under the key of each organisation and each quarter that still has one; every
entry `bevraging` of the log is opened within this request and compared; then one entry is written, with a part for each organisation whose question was found, told or
withheld, for its FG. The answer leaves after that. Nothing of the person is kept.

It can look back as far as keys of quarters go (13 months), and no further than the last rotation of keys, whose earlier pseudonyms nothing can make again: the answer says from when.
A question of which policy or law withholds the telling changes no byte of the answer, and the number of leaves not either.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from audit.canonical import JSON
from policies.decision import Decision, SignalFacts
from policies.explain import purpose_label
from process.language import gettext as _
from process.problem import FieldError, Refusal
from pseudonymisation.pseudonym import Pseudonym, tag
from register.central.asking import require_enough, within_ration
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import (
    Centre,
    content,
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
from register.central.gates import closed_families
from register.central.quarter_keys import Quarter, key_id
from register.central.store.looking_back import LookingBack, looking_back
from register.evaluations import INSPECTION
from register.events import ASKER, CATALOGUE, OWNER, REGISTER
from register.inspection import LookUp, identified, look_up, told
from register.ports import Permit
from register.wire import BevragingOver, Inzageantwoord, Inzageverzoek

_EVENT = "inzage_bevragingen"
_FIELDS = ("muni_name", "period_bucket", "attr_types_matched")
"""Fields of the matrix that a told question shows."""


def inspect(centre: Centre, acting: Acting, sent: Inzageverzoek, request_key: str) -> Inzageantwoord:
    """Answer a request for inzage of look-ups.

    Raises:
        Refusal: 400, 403, 409 or 429; the refusal is logged by the caller.
    """
    require_keyset(centre, sent.sleutelset, sent.epoch)
    asked = read_pseudonyms(sent.pseudoniemen, "pseudoniemen")
    searched = [one for one in asked if one.family not in closed_families(centre.policy.register)]
    evidence = require_enough(searched, {one.family for one in asked}, organisation=False)
    _require_identified(searched)
    person = asker(centre.policy.register, acting)
    why = replace(occasion(acting, evidence), identity_checked=sent.identiteit_gecontroleerd)
    allowed = permit(centre, person, why, "rechtenverzoek_behandelen")
    shown = centre.policy.fields(person, why, SignalFacts(owner=acting.organisation), _FIELDS)
    receipts = require_receipts(centre, acting, sent, request_key, INSPECTION, {"": len(asked)})
    within_ration(centre, acting, asked)
    body = content(sent)
    with looking_back(centre.database, allowed) as log:
        found = list(_found(centre, log, searched, acting.moment.date()))
        since = _since(log, acting.moment.date())
    with centre.database.logged(acting.moment) as work:
        require_keyset(centre, sent.sleutelset, sent.epoch, work)
        if not repeated(centre, work, acting, request_key, body):
            use(centre, work, receipts)
        concern(centre, work, acting, _EVENT, asked=True)
        families = sorted({one.family for one in searched})
        work.enter(_payloads(centre, acting, allowed, families, since, found))
    return Inzageantwoord(
        bevragingen=[_line(centre, one, shown, acting.moment.date()) for one in told(found)],
        vanaf=since,
        tot=acting.moment.date(),
        toelichting=[*_explanation()],
        logbewijs=receipt(work),
    )


def _require_identified(searched: Iterable[Pseudonym]) -> None:
    if identified([one.family for one in searched]):
        return
    raise Refusal(
        400,
        "niet-aangetoond",
        _("Met deze gegevens staat niet vast om wie het gaat."),
        _(
            "Wie inzage vraagt, laat aan de balie een identiteitsbewijs zien. Een telefoonnummer of e-mailadres alleen is niet genoeg."
        ),
        way_forward=_(
            "Vul het document in, of de naam met de volledige geboortedatum, zoals op het bewijs staat."
        ),
        fields=(FieldError("pseudoniemen", _("Er is geen gegeven bij dat op een identiteitsbewijs staat.")),),
        rule="C23",
    )


def _found(centre: Centre, log: LookingBack, searched: Iterable[Pseudonym], today: date) -> Iterator[LookUp]:
    tags = {tag(centre.tag_key.reveal(), centre.keyset[0], one): one.family for one in searched}
    for organisation in log.organisations():
        digests = _digests(centre, organisation, tags, today)
        if digests:
            for leaf, content_ in log.entries(organisation):
                fields = content_["velden"]
                if (content_["gebeurtenis"], content_["ontvanger"]) == ("bevraging", ASKER) and isinstance(
                    fields, Mapping
                ):
                    one = look_up(organisation, leaf, fields, digests)
                    if one is not None:
                        yield one


def _quarters(today: date) -> Iterator[Quarter]:
    """Quarters whose key can still be there, youngest first."""
    quarter = Quarter.of(today)
    while quarter.ends_on > today:
        yield quarter
        quarter = quarter.before


def _digests(centre: Centre, organisation: str, tags: Mapping[bytes, str], today: date) -> dict[str, str]:
    """Digest of the person under each key that this organisation has -> family; none if it asked nothing that can be found."""
    keys = centre.database.keys.get_many(key_id(organisation, quarter) for quarter in _quarters(today))
    return {
        hmac.digest(key.reveal(), one, hashlib.sha256).hex()[:32]: family
        for key in keys.values()
        for one, family in tags.items()
    }


def _since(log: LookingBack, today: date) -> date:
    """The first day of which every question can be found."""
    oldest = list(_quarters(today))[-1]
    days = [date(oldest.year, 3 * oldest.number - 2, 1)]
    for _leaf, said in log.entries(REGISTER):
        fields = said["velden"]
        if said["gebeurtenis"] == "sleutels_gewisseld" and isinstance(fields, Mapping):
            days.append(datetime.fromisoformat(str(fields["moment"])).date())
    return max(days)


def _payloads(  # noqa: PLR0913, PLR0917 - the whole entry
    centre: Centre,
    acting: Acting,
    allowed: Permit,
    families: list[str],
    since: date,
    found: list[LookUp],
) -> dict[str, dict[str, JSON]]:
    today = acting.moment.date()
    by_owner: dict[str, list[LookUp]] = {}
    for one in found:
        by_owner.setdefault(centre.policy.register.current(one.organisation, today), []).append(one)
    mine: dict[str, JSON] = {
        **who(acting, allowed.decision),
        "families": [*families],
        "vanaf": since.isoformat(),
        "bevragingen_geteld": len(told(found)),
        **_leaves(by_owner.pop(acting.organisation, [])),
    }
    payloads = {acting.organisation: CATALOGUE.payload(_EVENT, ASKER, mine)}
    for owner, theirs in by_owner.items():
        said: dict[str, JSON] = {
            "moment": acting.moment.isoformat(timespec="seconds"),
            "organisatie": acting.organisation,
            "rol": acting.person.rol,
            "doel": acting.person.doel,
            "grondslag": list(allowed.decision.ground_ids),
            "velden": [*_FIELDS] if told(theirs) else [],
            "beleid": allowed.decision.policy_set_hash,
            "spoor": acting.trace,
            **_leaves(theirs),
        }
        payloads[owner] = CATALOGUE.payload(_EVENT, OWNER, said)
    return payloads


def _leaves(found: Iterable[LookUp]) -> dict[str, JSON]:
    """Of an organisation's own questions: which were told, which were not, and on which ground not."""
    listed = list(found)
    return {
        "bladen": [one.leaf for one in listed if not one.withheld],
        "achtergehouden": [one.leaf for one in listed if one.withheld],
        "beperking": sorted({one.withheld for one in listed if one.withheld}),
    }


def _line(centre: Centre, one: LookUp, shown: Mapping[str, Decision], today: date) -> BevragingOver:
    records = centre.policy.register
    ground = records.grounds.get(one.ground)
    name = records.organisations.get(records.current(one.organisation, today))
    return BevragingOver(
        organisatie=(name.name if name else one.organisation) if shown["muni_name"].allowed else None,
        dag=one.day if shown["period_bucket"].allowed else None,
        doel=_why_asked(one.purpose),
        grondslag=ground.article if ground else _("niet meer op te zoeken"),
        soorten=list(one.kinds) if shown["attr_types_matched"].allowed else None,
    )


def _why_asked(purpose: str) -> str:
    """A purpose for whoever was asked about."""
    return {
        "signalering": _("nagaan of er elders tekenen van mensenhandel zijn gezien"),
        "hulpverlening": _("hulp voor een mogelijk slachtoffer van mensenhandel"),
        "inzage": _("een eerder verzoek om inzage"),
    }.get(purpose, purpose_label(purpose))


def _explanation() -> tuple[str, ...]:
    return (
        _(
            "Dit overzicht noemt vragen die zijn gesteld met wat op uw identiteitsbewijs staat. Een vraag op alleen een telefoonnummer, adres of kenteken staat er niet bij: die kan over iemand anders gaan."
        ),
        _(
            "Wie de vraag stelde, noemen wij niet. Dat staat wel in het logboek dat de functionaris gegevensbescherming controleert."
        ),
        _(
            "Soms mag een vraag niet worden genoemd, bijvoorbeeld om een onderzoek naar een misdrijf (UAVG artikel 41). Dit overzicht zegt niet of dat zo is."
        ),
        _("Een vraag betekent niet dat u ergens van verdacht wordt of dat er iets over u is opgeslagen."),
    )
