# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Whether the receipts of the key holders cover what a request uses (docs/spec/register-api.md, "Receipts of the key holders").

Judged before anything stored is looked at, in this order; the first that fails is the refusal:

1. Each is a receipt of a holder that is pinned, signed by that holder.
2. There are no more than could be needed: as many as parts times the threshold.
3. Of each: the organisation is that of the certificate; keyset and epoch are those of the register; the action is one that this endpoint takes; it is not
   from the future, has not run out, and does not run longer than any holder of ours lets it; it belongs to this request and one of its parts.
4. Of each part (a question is one, a signal has one per subject): receipts of as many different holders as the threshold, one of each and no more, and each over
   the very batch in which that many pseudonyms are sent (`pseudonymisation.blinding.batch_size`).

More than is needed is refused as less is: a receipt that comes along for nothing would make an evaluation that was hoarded look used.
A receipt bounds how many, never which: it says nothing about the points. That one counts for one request only follows from the digest of the request's key in it,
the memory of keys (`store.repeats`), which outlives every receipt, and the receipts that were kept (`store.evaluations`).

Pure. Left to others: comparing days with what the holders counted (`register.reconciliation`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from audit.note import NoteError, Verifier
from process.language import gettext as _
from process.problem import FieldError, Refusal
from pseudonymisation.blinding import batch_size
from pseudonymisation.receipts import EvaluationReceipt, open_evaluation

QUESTION: Final = frozenset({"vragen"})
"""Actions of which a receipt answers a question."""

SUBMISSION: Final = frozenset({"indienen", "invoeren"})
"""Actions of which a receipt lets a signal in; files and case systems have an action, and a quota, of their own."""

INSPECTION: Final = frozenset({"inzage"})
"""Actions of which a receipt answers a request of a data subject."""

AHEAD: Final = timedelta(minutes=5)
"""How far a holder's clock may run ahead of ours."""

LONGEST: Final = timedelta(minutes=15)
"""How long a receipt may count; far below the day for which keys of requests are remembered."""


@dataclass(frozen=True)
class Needed:
    """What a request uses.

    Attributes:
        organisation: as verified.
        keyset: name and epoch, those of the register.
        actions: those that this endpoint takes.
        parts: digest of a part of the request -> its pseudonyms, fillers included.
        moment: now.
    """

    organisation: str
    keyset: tuple[str, int]
    actions: Collection[str]
    parts: Mapping[bytes, int]
    moment: datetime


def covered(
    notes: Sequence[str], needed: Needed, keys: Mapping[int, Verifier], threshold: int
) -> tuple[EvaluationReceipt, ...]:
    """The receipts in these notes, if they cover what the request uses.

    Args:
        notes: as they were sent.
        needed: by the request.
        keys: index of a holder -> its pinned key.
        threshold: from how many holders.

    Raises:
        Refusal: 400, 403 or 409, with what to do.
    """
    if len(notes) > threshold * len(needed.parts):
        raise _too_many(threshold)
    receipts = tuple(_opened(place, note, keys) for place, note in enumerate(notes))
    for place, receipt in enumerate(receipts):
        _require(place, receipt, needed)
    for part, pseudonyms in needed.parts.items():
        _require_part([one for one in receipts if one.request == part], pseudonyms, threshold)
    return receipts


def _opened(place: int, note: str, keys: Mapping[int, Verifier]) -> EvaluationReceipt:
    try:
        return open_evaluation(note, keys)
    except NoteError as error:
        raise Refusal(
            400,
            "ongeldige-kwitantie",
            _("Een kwitantie van een sleutelhouder klopt niet."),
            _("Wij geloven haar niet: {reden}. Er is niets opgezocht en niets opgeslagen.").format(
                reden=error
            ),
            way_forward=_(
                "Vraag de beheerder om te controleren of de node de sleutelhouders van dit register gebruikt, en verstuur opnieuw."
            ),
            fields=(FieldError(f"kwitanties.{place}", _("Deze kwitantie klopt niet.")),),
            rule=_RULE,
        ) from None


def _require(place: int, receipt: EvaluationReceipt, needed: Needed) -> None:
    if receipt.organisation != needed.organisation:
        raise _refused(
            403,
            "kwitantie-andere-organisatie",
            place,
            _("Deze kwitantie is van een andere organisatie."),
            _("Gebruik alleen kwitanties die de eigen node kreeg."),
        )
    if (receipt.keyset, receipt.epoch) != needed.keyset:
        raise _refused(
            409,
            "kwitantie-andere-sleutelset",
            place,
            _("Deze kwitantie is van een andere sleutelset of een ander tijdvak."),
            _("Leg de sleutelset van dit register vast in de node en verstuur opnieuw."),
        )
    if receipt.action not in needed.actions:
        raise _refused(
            403,
            "kwitantie-andere-handeling",
            place,
            _("Deze kwitantie is gegeven voor een andere handeling: {handeling}.").format(
                handeling=receipt.action
            ),
            _("Een kwitantie van een melding beantwoordt geen vraag. Stel de vraag opnieuw met de node."),
        )
    if not _in_time(receipt, needed.moment):
        raise _refused(
            409,
            "kwitantie-verlopen",
            place,
            _("Deze kwitantie geldt nu niet: zij is verlopen, of haar tijd klopt niet met de onze."),
            _("Verstuur opnieuw; de node haalt dan nieuwe kwitanties. Blijft dit zo, controleer de klok."),
        )
    if receipt.request not in needed.parts:
        raise _refused(
            409,
            "kwitantie-ander-verzoek",
            place,
            _("Deze kwitantie hoort bij een ander verzoek."),
            _("Een kwitantie geldt één keer. Stel de vraag opnieuw; de node haalt dan nieuwe kwitanties."),
        )


def _in_time(receipt: EvaluationReceipt, now: datetime) -> bool:
    return receipt.moment <= now + AHEAD and now < receipt.expires <= receipt.moment + LONGEST


def _require_part(receipts: Sequence[EvaluationReceipt], pseudonyms: int, threshold: int) -> None:
    holders = {one.holder for one in receipts}
    if len(holders) < len(receipts):
        raise Refusal(
            400,
            "kwitantie-dubbel",
            _("Van een sleutelhouder staan er twee kwitanties bij dezelfde vraag of hetzelfde subject."),
            _("Eén sleutelhouder telt één keer. Er is niets opgezocht en niets opgeslagen."),
            way_forward=_update(),
            fields=(FieldError("kwitanties", _("Hier staat een kwitantie te veel.")),),
            rule=_RULE,
        )
    if len(holders) > threshold:
        raise _too_many(threshold)
    if len(holders) < threshold:
        raise Refusal(
            400,
            "kwitantie-ontbreekt",
            _("Er zijn te weinig kwitanties van sleutelhouders."),
            _(
                "Elke vraag en elk subject heeft kwitanties van {aantal} verschillende sleutelhouders nodig. Er is niets opgezocht en niets opgeslagen."
            ).format(aantal=threshold),
            way_forward=_(
                "Werk de software van de node bij en verstuur opnieuw; zij stuurt de kwitanties mee."
            ),
            fields=(FieldError("kwitanties", _("Hier ontbreken kwitanties.")),),
            rule=_RULE,
        )
    size = batch_size(pseudonyms)
    if size is None or any(one.points < size for one in receipts):
        raise Refusal(
            403,
            "kwitantie-te-klein",
            _("Er staan meer pseudoniemen in dit verzoek dan de sleutelhouders bewerkten."),
            _("De kwitanties gaan over minder punten. Er is niets opgezocht en niets opgeslagen."),
            way_forward=_("Stel de vraag opnieuw met de node, met hoogstens 40 zoeksleutels per persoon."),
            fields=(FieldError("pseudoniemen", _("Dit zijn er te veel voor deze kwitanties.")),),
            rule=_RULE,
        )
    if any(one.points > size for one in receipts):
        raise Refusal(
            403,
            "kwitantie-te-groot",
            _("De sleutelhouders bewerkten meer punten dan dit verzoek nodig heeft."),
            _(
                "Voor {aantal} pseudoniemen zijn {punten} punten nodig, niet meer. Er is niets opgezocht en niets opgeslagen."
            ).format(aantal=pseudonyms, punten=size),
            way_forward=_update(),
            fields=(FieldError("kwitanties", _("Deze kwitanties gaan over te veel punten.")),),
            rule=_RULE,
        )


def _too_many(threshold: int) -> Refusal:
    return Refusal(
        400,
        "kwitantie-te-veel",
        _("Er zijn meer kwitanties van sleutelhouders dan dit verzoek nodig heeft."),
        _(
            "Elke vraag en elk subject heeft er {aantal} nodig, niet meer. Er is niets opgezocht en niets opgeslagen."
        ).format(aantal=threshold),
        way_forward=_update(),
        fields=(FieldError("kwitanties", _("Hier staan kwitanties te veel.")),),
        rule=_RULE,
    )


def _update() -> str:
    return _("Werk de software van de node bij en verstuur opnieuw; zij stuurt wat nodig is en niet meer.")


def spent() -> Refusal:
    """A receipt that was used before."""
    return Refusal(
        409,
        "kwitantie-gebruikt",
        _("Een kwitantie van een sleutelhouder is al gebruikt."),
        _("Een kwitantie geldt voor één verzoek. Er is niets opgezocht en niets opgeslagen."),
        way_forward=_("Stel de vraag opnieuw; de node haalt dan nieuwe kwitanties."),
        fields=(FieldError("kwitanties", _("Deze kwitantie is al gebruikt.")),),
        rule=_RULE,
    )


def _refused(status: int, code: str, place: int, detail: str, way_forward: str) -> Refusal:
    return Refusal(
        status,
        code,
        _("Een kwitantie van een sleutelhouder past niet bij dit verzoek."),
        f"{detail} " + _("Er is niets opgezocht en niets opgeslagen."),
        way_forward=way_forward,
        fields=(FieldError(f"kwitanties.{place}", detail),),
        rule=_RULE,
    )


_RULE: Final = "kwitantie"
