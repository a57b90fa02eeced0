# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""'Mag ik dit delen?': the packaged rules explain, and the register's decision point says whether it holds today for this person and organisation.

In this order: what was asked is known (400); the register is asked about a signal of one's own that meets every condition that a signal can meet, so that
what it refuses is refused because of the asker; the receipt is verified; the answer is made (`policies.sharing`). **No signal is looked at**, here or there.
When the register cannot be reached, the answer is the explanation that the rules give to anybody, says so, and is no motivation.

A motivation is an answer that was given here: it travels with the visitor as a text that this organisation's secret authenticates, and nothing is kept.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from policies.authzen import properties_of
from policies.decision import Asker, fitting
from policies.explain import field_label, purpose_label, role_label
from policies.ruleset import PolicySet
from policies.sharing import RECIPIENTS, Advice, GroundTold, Inquiry, ReasonTold, Ruling, advise, sentence
from process.language import gettext as _
from process.language import speaking
from process.moments import Clock
from process.problem import FieldError, Refusal
from process.secret import Secret
from register.accounts import Account
from register.municipal.clients import RegisterAwayError, RegisterClient
from register.municipal.sealing import named_seed
from register.municipal.wire import DelenAntwoord, DelenVraag, Motivatie, Nodig, read_answer
from register.wire import (
    ActingFor,
    Beslissing,
    BeslisvraagDeel,
    Beslisvragen,
    Bron,
    Handeling,
    Omstandigheden,
    Onderwerp,
    OnderwerpEigenschappen,
    VoorbeeldSignaal,
)
from register.words import day, role_name

LIFETIME = timedelta(days=1)
"""How long an answer can be printed."""
_MAC_SIZE = 32
_DOMAIN = b"signaalregister/node/motivatie/v1\x00"


@dataclass(frozen=True)
class Sharing:
    """The use case at one desk.

    Attributes:
        rules: gives the packaged rules, read when first needed.
        secret: of this organisation, to know its own answers again.
    """

    rules: Callable[[], PolicySet]
    register: RegisterClient
    organisation: str
    name: str
    secret: Secret
    clock: Clock

    def answer(self, account: Account, asked: DelenVraag) -> DelenAntwoord:
        """May this be shared?

        Raises:
            Refusal: 400, something that the rules do not know; or what the register refuses.
        """
        inquiry = _inquiry(account, asked)
        rules = self.rules()
        try:
            chosen = self._ground(account, inquiry, rules)
            decided = self._decided(account, asked, inquiry, chosen)
        except RegisterAwayError:
            return _told(advise(rules, inquiry, None, asked.verklaard))
        rulings = {field: _ruling(one) for field, one in decided.items()}
        proof = {"logbewijs": next(iter(decided.values())).context.logbewijs}
        told = _told(advise(rules, inquiry, rulings, asked.verklaard)).model_copy(update=proof)
        with speaking(None):
            # A document for the file of a municipality is Dutch, whoever asked.
            kept = _told(advise(rules, inquiry, rulings, asked.verklaard)).model_copy(update=proof)
        motivation = Motivatie(
            moment=self.clock(),
            organisatie=self.organisation,
            organisatie_naam=self.name,
            medewerker=account.officer,
            rol=role_name(account.role),
            doel=purpose_label(inquiry.purpose),
            zaaknummer=asked.zaaknummer,
            grondslag=chosen,
            antwoord=kept,
        )
        return told.model_copy(update={"bewijsstuk": self._sealed(account, motivation)})

    def motivation(self, account: Account, text: str) -> Motivatie:
        """The motivation in a text that was given here to this person, today.

        Raises:
            Refusal: 400, it is not, or it is too old.
        """
        raw = _decoded(text)
        mac, content = raw[:_MAC_SIZE], raw[_MAC_SIZE:]
        if not hmac.compare_digest(mac, self._mac(account, content)):
            raise _no_motivation()
        # None is one of another version of this software.
        found = read_answer(Motivatie, content)
        if found is None or self.clock() - found.moment > LIFETIME:
            raise _no_motivation()
        return found

    def _sealed(self, account: Account, motivation: Motivatie) -> str:
        content = motivation.model_dump_json(by_alias=True, exclude_none=True).encode()
        return base64.urlsafe_b64encode(self._mac(account, content) + content).rstrip(b"=").decode()

    def _mac(self, account: Account, content: bytes) -> bytes:
        key = named_seed(self.secret, "motivatie", account.officer)
        return hmac.digest(key.reveal(), _DOMAIN + content, hashlib.sha256)

    def _ground(self, account: Account, inquiry: Inquiry, rules: PolicySet) -> str | None:
        """The ground in force on which this role can rest; None leaves it to the register to say that there is none."""
        usable = rules.codes_for(inquiry.role, inquiry.purpose)
        acting = ActingFor(medewerker=account.officer, rol=inquiry.role, doel=inquiry.purpose)
        return next((one.id for one in self.register.grounds(acting) if one.code in usable), None)

    def _decided(
        self, account: Account, asked: DelenVraag, inquiry: Inquiry, ground: str | None
    ) -> Mapping[str, Beslissing]:
        acting = ActingFor(
            medewerker=account.officer,
            rol=inquiry.role,
            doel=inquiry.purpose,
            zaaknummer=asked.zaaknummer,
            reden=asked.reden,
            grondslag=ground,
        )
        answer = self.register.evaluate(_questions(self.organisation, acting, inquiry), acting)
        if len(answer.evaluations) != len(inquiry.fields):
            raise RegisterAwayError(arrived=True)
        for one in answer.evaluations[:1]:
            self.register.keep_receipt("delen", account.officer, one.context.logbewijs)
        return dict(zip(inquiry.fields, answer.evaluations, strict=True))


def _inquiry(account: Account, asked: DelenVraag) -> Inquiry:
    role = asked.rol or account.role
    wrong = [
        FieldError(name, _("Dit staat niet in de lijst."))
        for name, known in (
            ("rol", bool(role_label(role))),
            ("doel", bool(purpose_label(asked.doel))),
            ("velden", all(field_label(one) for one in asked.velden)),
            ("ontvanger", asked.ontvanger is None or asked.ontvanger in RECIPIENTS),
        )
        if not known
    ]
    if wrong:
        raise Refusal(
            400,
            "onbekende-keuze",
            _("Een van uw keuzes kennen we niet."),
            _("Er is niets gevraagd en niets opgeslagen."),
            way_forward=_("Kies uit de lijst en vraag opnieuw."),
            fields=tuple(wrong),
        )
    return Inquiry(role, asked.doel, tuple(dict.fromkeys(asked.velden)), asked.ontvanger or "")


def _questions(organisation: str, acting: ActingFor, inquiry: Inquiry) -> Beslisvragen:
    """One question per field, about a signal of the own organisation with nothing against it, shown in the coarsest shape."""
    asker = Asker(organisation, acting.medewerker, inquiry.role, None, participant=True)
    facts = fitting(organisation, asker.address, organisation)
    described = VoorbeeldSignaal.model_validate(properties_of(facts, asker))
    return Beslisvragen(
        subject=Onderwerp(
            type="medewerker",
            id=acting.medewerker,
            properties=OnderwerpEigenschappen(organisatie=organisation, rol=inquiry.role),
        ),
        resource=Bron(type="voorbeeld", id="delen", properties=described),
        context=Omstandigheden(
            doel=inquiry.purpose,
            zaaknummer=acting.zaaknummer,
            reden=acting.reden,
            grondslag=acting.grondslag,
            grof=True,
            opgeteld=True,
            gemaskeerd=True,
        ),
        evaluations=[BeslisvraagDeel(action=Handeling(name=field)) for field in inquiry.fields],
    )


def _ruling(decided: Beslissing) -> Ruling:
    context = decided.context
    return Ruling(
        allowed=decided.decision,
        reasons=tuple(
            ReasonTold(one.code, one.zin, one.weg, about_asker=one.over == "vrager")
            for one in context.redenen
        ),
        grounds=tuple(
            GroundTold(
                id=one.id,
                code=one.code,
                article=one.artikel,
                task=one.taak,
                document=one.besluitstuk,
                decided_by=one.vastgesteld_door,
                decided_on=day(one.vastgesteld_op.isoformat()),
                shared=one.partijen,
            )
            for one in context.grondslagen
        ),
        rules=tuple(context.regels),
        policy=context.beleid,
    )


def _told(advice: Advice) -> DelenAntwoord:
    return DelenAntwoord(
        uitkomst=advice.outcome.value,
        kop=advice.headline,
        vraag=advice.question,
        waarom=list(advice.why),
        grondslagen=list(advice.grounds),
        nodig=[
            Nodig(
                naam=one.name,
                code=one.code,
                eis=sentence(one.requirement),
                verklaring=one.statement,
                weg=one.way,
                voldaan=one.met,
                verklaard=one.declared,
            )
            for one in advice.needs
        ],
        ontvanger=list(advice.recipient),
        laat_weg=list(advice.leave_out),
        wat_wel=list(advice.instead),
        logboek=list(advice.log),
        regels=list(advice.rules),
        beleid=advice.policy,
        nagekeken=advice.decided,
    )


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise _no_motivation() from None


def _no_motivation() -> Refusal:
    return Refusal(
        400,
        "geen-motivatie",
        _("Deze motivatie kunnen we niet maken."),
        _("Het antwoord is niet hier aan u gegeven, of het is ouder dan een dag."),
        way_forward=_("Stel de vraag opnieuw en maak dan de motivatie."),
        fields=(FieldError("bewijsstuk", _("Dit is geen geldig antwoord.")),),
    )
