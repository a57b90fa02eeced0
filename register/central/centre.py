# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the use cases of the register share: database, policy, keys. Made once in `app.py`, handed to each of them."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from audit.canonical import JSON
from audit.note import Verifier
from policies.decision import Asker, Decision, Occasion, SignalFacts
from policies.engine import Engine
from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import FieldError, Refusal
from process.secret import Secret
from pseudonymisation.pseudonym import (
    SPEC_VERSION,
    NotAPointError,
    Pseudonym,
    UnknownFamilyError,
    length_prefixed,
)
from pseudonymisation.receipts import EvaluationReceipt, request_digest
from register.accounts import Terms
from register.central.asking_for import Acting
from register.central.journal import Journal
from register.central.records import Frozen, RecordSource
from register.central.store.evaluations import ReceiptSpentError, spend
from register.central.store.repeats import KeyReusedError, seen
from register.central.store.rotation import standing
from register.central.store.work import LoggedWork, RegisterDatabase
from register.evaluations import Needed, covered, spent
from register.ports import Permit
from register.rationing import Ration
from register.scoring import Weights
from register.wire import Bevraging, Inzageverzoek, Logbewijs, Pseudoniem, SignaalIndienen


@dataclass(frozen=True)
class Centre:
    """The register's own things.

    Attributes:
        records: organisations, mandates and grounds, as they are now or frozen for a request.
        keyset: name of the keyset whose pseudonyms are stored here, and the epoch with which this register began; which one is in force, the
            database says (`register.central.store.rotation`).
        tag_key: K_reg.
        sealing_key: seals points for rotation.
        weights: of what agrees (register.scoring).
        holder_keys: index of a key holder -> the key of its receipts.
        threshold: from how many holders a request has receipts.
        ration: the register's own quotas on questions.
        terms: how long a session of a person lives.
        second_required: whether a second factor is asked of everyone who signs in here.
    """

    database: RegisterDatabase
    records: RecordSource
    clock: Clock
    randomness: Randomness
    keyset: tuple[str, int]
    tag_key: Secret
    sealing_key: Secret
    weights: Weights
    holder_keys: Mapping[int, Verifier]
    threshold: int
    ration: Ration
    terms: Terms
    second_required: bool

    @property
    def policy(self) -> Engine:
        """The decision point over the records."""
        return self.records.now().policy

    def frozen(self, *, mending: bool = False) -> "Centre":
        """The same for one request: its records do not change under way, and what it is decided on is kept.

        With `mending`, for what brings the policy back only, also when the policy in force decides nothing.
        """
        records = self.records.mending() if mending else self.records.now()
        journal = Journal(records, partial(officer_mark, self))
        return replace(self, records=Frozen(journal.records), database=self.database.deciding(journal))

    def uuid(self) -> UUID:
        """A fresh uuid4."""
        return UUID(bytes=self.randomness(16), version=4)


def permit(
    centre: Centre, asker: Asker, occasion: Occasion, action: str, facts: SignalFacts | None = None
) -> Permit:
    """The decision point's yes to an action.

    Raises:
        Refusal: 403 with the reason about the asker; 400 where the question itself is incomplete (no control number, too little).
    """
    decision = centre.policy.action(asker, occasion, action, facts)
    if decision.allowed:
        return Permit(action, decision)
    raise _denied(action, decision)


def require_rule(centre: Centre, asker: Asker, occasion: Occasion, what: str) -> None:
    """Returns only if some rule could open this field or permit this action to this role, for this purpose.

    A door before lists whose content is decided field by field: who could never have a use for it does not get to ask.

    Raises:
        Refusal: 403.
    """
    if not centre.policy.policy_set.permits(asker.role, occasion.purpose, what):
        raise _denied(what, centre.policy.action(asker, occasion, what))


def _denied(action: str, decision: Decision) -> Refusal:
    reasons = decision.shown_reasons
    incomplete = [reason for reason in reasons if reason.code in _HEADER_OF_REASON]
    if reasons and len(incomplete) == len(reasons):
        return Refusal(
            400,
            "onvolledig",
            _("Het verzoek is niet volledig."),
            incomplete[0].sentence,
            way_forward=incomplete[0].way,
            rule=incomplete[0].code,
            fields=tuple(
                FieldError(_HEADER_OF_REASON[reason.code], reason.sentence) for reason in incomplete
            ),
        )
    first = next((reason for reason in reasons if reason.code not in _HEADER_OF_REASON), None)
    return Refusal(
        403,
        "geen-toegang",
        _("U mag dit niet doen met deze rol en dit doel."),
        first.sentence if first else _("Geen regel laat deze handeling toe."),
        way_forward=first.way
        if first and first.way
        else _("Vraag uw functionaris gegevensbescherming wat in uw rol kan."),
        rule=first.code if first else None,
        fields=tuple(FieldError(action, reason.sentence) for reason in reasons if reason is not first),
    )


_HEADER_OF_REASON = {"C1": "Zaaknummer, Reden, Grondslag", "C3": "pseudoniemen", "C9": "Zaaknummer, Reden"}
"""Reasons that the question itself is incomplete: the asker is welcome, the request is not yet."""


def epoch_in_force(centre: Centre) -> int:
    """The epoch of the keys at this moment."""
    with centre.database.public() as connection:
        return standing(connection, *centre.keyset).epoch


def require_keyset(centre: Centre, keyset: str, epoch: int, work: LoggedWork | None = None) -> None:
    """Refuse pseudonyms of another keyset or epoch than the one in force: they match nothing and must not be stored.

    Args:
        centre: the register.
        keyset: named in the message.
        epoch: likewise.
        work: the transaction in which it must hold, because the keys may be switched at any moment; without it, as it is now.

    Raises:
        Refusal: 409.
    """
    name, initial = centre.keyset
    in_force = epoch_in_force(centre) if work is None else standing(work.connection, name, initial).epoch
    if (keyset, epoch) != (name, in_force):
        raise Refusal(
            409,
            "andere-sleutelset",
            _("Deze pseudoniemen zijn met andere sleutels gemaakt."),
            _("Het register werkt met sleutelset {naam}, tijdvak {tijdvak}.").format(
                naam=name, tijdvak=in_force
            ),
            way_forward=_("Haal de nieuwe sleutelset op bij de sleutelhouders en verstuur opnieuw."),
        )


def read_pseudonyms(sent: Iterable[Pseudoniem], place: str) -> list[Pseudonym]:
    """Pseudonyms of this specification version, each a point on the curve.

    Raises:
        Refusal: 400, naming the place of the first that is not.
    """
    found = []
    for number, one in enumerate(sent):
        field = f"{place}.{number}"
        if one.versie != SPEC_VERSION:
            raise _not_a_pseudonym(f"{field}.versie", _("Deze versie van de specificatie kennen we niet."))
        try:
            found.append(Pseudonym(one.familie, one.punt))
        except UnknownFamilyError:
            raise _not_a_pseudonym(
                f"{field}.familie", _("Deze familie van sleutels kennen we niet.")
            ) from None
        except NotAPointError:
            raise _not_a_pseudonym(f"{field}.punt", _("Dit is geen punt op de kromme P-256.")) from None
    return found


def _not_a_pseudonym(field: str, reason: str) -> Refusal:
    return Refusal(
        400,
        "ongeldig-pseudoniem",
        _("Een pseudoniem klopt niet."),
        _("Er is niets opgeslagen en niets opgezocht."),
        way_forward=_("Werk de software van de gemeente bij en verstuur opnieuw."),
        fields=(FieldError(field, reason),),
    )


def repeated(centre: Centre, work: LoggedWork, acting: Acting, request_key: str, body: bytes) -> bool:
    """Whether this very request came before.

    Raises:
        Refusal: 409, the key was used for another request.
    """
    digest = body_digest(centre, acting, request_key, body)
    try:
        return seen(work, acting.organisation, request_key, digest, acting.moment)
    except KeyReusedError:
        raise Refusal(
            409,
            "sleutel-hergebruikt",
            _("Deze Idempotency-Key is al gebruikt voor iets anders."),
            _("Een sleutel hoort bij één verzoek. Er is niets opgeslagen."),
            way_forward=_("Maak een nieuwe sleutel voor een nieuw verzoek."),
        ) from None


def require_receipts(  # noqa: PLR0913, PLR0917 - what a request is
    centre: Centre,
    acting: Acting,
    sent: Bevraging | Inzageverzoek | SignaalIndienen,
    request_key: str,
    actions: Collection[str],
    parts: Mapping[str, int],
) -> tuple[EvaluationReceipt, ...]:
    """The receipts of the key holders in a message, if they cover what it uses; nothing stored was looked at.

    Args:
        centre: the register.
        acting: who asks.
        sent: the message.
        request_key: under which it was sent.
        actions: that this endpoint takes.
        parts: `ref` of a subject, or "" for a question -> its pseudonyms.

    Raises:
        Refusal: 400, 403 or 409.
    """
    digests = {request_digest(acting.organisation, request_key, part): count for part, count in parts.items()}
    keyset = (sent.sleutelset, sent.epoch)
    needed = Needed(acting.organisation, keyset, actions, digests, acting.moment)
    return covered(sent.kwitanties, needed, centre.holder_keys, centre.threshold)


def use(centre: Centre, work: LoggedWork, receipts: Sequence[EvaluationReceipt]) -> None:
    """From here on these receipts count as used, by their request. Not for what is sent again: that uses nothing, and evaluations that it came with stay unused.

    Raises:
        Refusal: 409, one was used before.
    """
    try:
        spend(work, receipts, centre.holder_keys)
    except ReceiptSpentError:
        raise spent() from None


def content(sent: Bevraging | Inzageverzoek | SignaalIndienen) -> bytes:
    """What a message says, without the receipts that came with it: sent again, it comes with others and is the same message."""
    bare = sent.model_copy(update={"kwitanties": []})
    return bare.model_dump_json(by_alias=True, exclude_none=True).encode()


def body_digest(centre: Centre, acting: Acting, name: str, body: bytes) -> bytes:
    """A keyed digest of what was sent under a name (32 bytes): tells same from other, and tests no guess without K_reg."""
    bound = length_prefixed(b"herhaling", acting.organisation.encode(), name.encode())
    return hmac.digest(centre.tag_key.reveal(), bound + body, hashlib.sha256)


def officer_mark(centre: Centre, organisation: str, officer: str) -> str:
    """In the place of an officer outside the log (32 hexadecimal digits): tells same from other, and names nobody without K_reg. Nobody stays nobody."""
    if not officer:
        return ""
    bound = length_prefixed(b"medewerker", organisation.encode(), officer.encode())
    return hmac.digest(centre.tag_key.reveal(), bound, hashlib.sha256).hex()[:32]


def who(acting: Acting, decision: Decision | None = None) -> dict[str, JSON]:
    """The part of a log payload that says who did it, why, and by which decision."""
    person = acting.person
    said: dict[str, JSON] = {
        "moment": acting.moment.isoformat(timespec="seconds"),
        "medewerker": person.medewerker,
        "rol": person.rol,
        "doel": person.doel,
        "zaaknummer": person.zaaknummer,
        "reden": person.reden,
        "grondslag": person.grondslag,
        "spoor": acting.trace,
    }
    if decision is not None:
        said |= {"beleid": decision.policy_set_hash, "regels": list(decision.rule_ids)}
    return said


def disclosure(
    acting: Acting, decisions: Mapping[str, Decision], signals: Iterable[UUID], fields: Iterable[str]
) -> dict[str, JSON]:
    """The part for the owner of disclosed signals: when, who, for which purpose, on which ground, which fields (C20)."""
    grounds = sorted(
        {ground for decision in decisions.values() if decision.allowed for ground in decision.ground_ids}
    )
    return {
        "moment": acting.moment.isoformat(timespec="seconds"),
        "organisatie": acting.organisation,
        "rol": acting.person.rol,
        "doel": acting.person.doel,
        "grondslag": grounds,
        "signalen": sorted(str(signal) for signal in set(signals)),
        "velden": sorted(fields),
        "beleid": next((decision.policy_set_hash for decision in decisions.values()), ""),
        "spoor": acting.trace,
    }


def receipt(work: LoggedWork) -> Logbewijs:
    """The receipt for the answer; there is none before the commit."""
    return Logbewijs(blad=work.receipt.leaf_index, bewijs=work.receipt.note)
