# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""From an observation to the message that leaves: which grounds it needs, what is withheld, and how long it may live.

1. The grounds: the organisation's own, and those for special and criminal data where `register.signals.needs` says so. Without one: refused.
2. What must stay is withheld and bound by a commitment; the exact date stays, its ISO week leaves; whether a minor is derived here.
3. Everything that could differ between two attempts (nonce, fillers, handle, first processing, grounds) is given, none of it made here: the same
   arguments give the same bytes. Only the pseudonyms come from outside, and those are the same for the same keyset; and the receipts of the holders, which differ
   each time and are left out of what is compared (`bare`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from policies.explain import ARTICLES
from process.language import gettext as _
from process.moments import Randomness
from process.problem import Refusal
from pseudonymisation.matchkeys import MatchKeySet
from register.municipal.asking import own_ground
from register.municipal.attributes import Person
from register.municipal.casebook import Kept
from register.municipal.observations import Draft
from register.municipal.pseudonyms import Made
from register.municipal.sealing import expanding
from register.retention import Category, category, expires_on
from register.signals import Observation, carries, commitment, needs, withhold
from register.wire import (
    Beoordeling,
    GrondslagOverzicht,
    Juridisch,
    Kwaliteitscontrole,
    Minderjarig,
    SignaalIndienen,
    Subject,
    Verzegeld,
)

VERSION = 1
"""Of a signal as it is first submitted; whoever looks after it corrects it by a later one."""

Pseudonyms = Callable[[MatchKeySet, Randomness, str], Made]
"""Asks the holders: (match keys, source of the fillers, `ref` of the subject) -> the pseudonyms of one subject, with the receipts."""


@dataclass(frozen=True)
class Letterhead:
    """What is the same on every attempt and does not come from the observation.

    Attributes:
        organisation: who submits.
        signal_id: of the signal.
        handle: the random reference of the casebook's record.
        first: first processing; the date of the quality check is its day.
        keyset: name and epoch under which the pseudonyms are made.
        version: of the signal.
    """

    organisation: str
    signal_id: UUID
    handle: str
    first: datetime
    keyset: tuple[str, int]
    version: int = VERSION


def message(
    head: Letterhead, draft: Draft, kept: Kept, persons: Sequence[Person], pseudonyms: Pseudonyms
) -> SignaalIndienen:
    """The message of one signal; `kept` has the grounds on which it leaves.

    Raises:
        Refusal: the holders cannot be reached or refuse.
    """
    if kept.legal is None:
        raise ValueError("a signal leaves on a ground or not at all")
    shown, sealed = withhold(draft.observation)
    fillers = expanding(kept.seed)
    year, week, _day = draft.observed_on.isocalendar()
    made = [
        pseudonyms(person.keys, fillers, ref)
        for person, (ref, _role) in zip(persons, shown.roles, strict=True)
    ]
    subjects = [
        Subject(
            ref=ref,
            soort=person.kind,
            rol=role,
            minderjarig=person.minor_on(draft.observed_on),
            pseudoniemen=one.pseudonyms,
        )
        for person, (ref, role), one in zip(persons, shown.roles, made, strict=True)
    ]
    return SignaalIndienen(
        organisatie=head.organisation,
        signaal_id=head.signal_id,
        versie=head.version,
        correctie=kept.correction,
        lokale_verwijzing=head.handle,
        waargenomen_week=f"{year}-W{week:02}",
        waarneming_grondslag=shown.basis,
        controlesoort=shown.control_type,
        uitbuitingsvorm=shown.form,
        aanwijzingen=sorted(shown.indicators),
        verzegeld=None
        if sealed is None
        else Verzegeld(
            vastlegging=commitment(kept.nonce.reveal(), sealed), draagt=carries(sealed.indicators)
        ),
        beoordeling=Beoordeling.model_validate(
            {"bron": draft.source, "informatie": draft.information, "behandeling": draft.handling}
        ),
        sporen=draft.tracks,
        grenscontext=draft.border,
        juridisch=kept.legal,
        kwaliteitscontrole=Kwaliteitscontrole(punten=sorted(draft.quality), datum=head.first.date())
        if draft.quality
        else None,
        eerste_verwerking=head.first,
        subjecten=subjects,
        sleutelset=head.keyset[0],
        epoch=head.keyset[1],
        kwitanties=[receipt for one in made for receipt in one.receipts],
    )


def bare(message: SignaalIndienen) -> SignaalIndienen:
    """A message without its receipts: what must be the same on every attempt."""
    return message.model_copy(update={"kwitanties": []})


def term(draft: Draft, persons: Sequence[Person], first: datetime) -> date:
    """The day on which this signal will be gone, as the register will reckon it from what it may know."""
    shown, _sealed = withhold(draft.observation)
    decides: Category = category(
        minor=any(one.minor_on(draft.observed_on) is Minderjarig.JA for one in persons),
        roles=[role for _ref, role in shown.roles],
    )
    return expires_on(decides, first)


def legal_for(observation: Observation, grounds: Sequence[GrondslagOverzicht]) -> Juridisch:
    """The grounds on which a signal leaves, chosen among those in force.

    Raises:
        Refusal: 403, one that it needs is not in force.
    """
    special, criminal = needs(
        observation.form,
        observation.basis,
        observation.control_type,
        [role for _ref, role in observation.roles],
    )
    own = own_ground(grounds)
    if own is None:
        raise _no_ground("G-GEM", _("het bewaren van signalen"))
    return Juridisch(
        grondslag=own,
        bijzondere_grondslag=_extra(grounds, "G-SEKS", _("signalen over seksuele uitbuiting"))
        if special
        else None,
        strafrechtelijke_grondslag=_extra(
            grounds, "G-STRAF", _("signalen over wie bij de uitbuiting betrokken is")
        )
        if criminal
        else None,
    )


def _extra(grounds: Sequence[GrondslagOverzicht], code: str, what: str) -> str:
    found = [one.id for one in grounds if one.code == code]
    if not found:
        raise _no_ground(code, what)
    return found[0]


def _no_ground(code: str, what: str) -> Refusal:
    return Refusal(
        403,
        "geen-grondslag",
        _("Dit signaal mag nu niet worden bewaard."),
        _(
            "Uw organisatie heeft vandaag geen grondslag voor {wat} ({code}: {artikel}). Er is niets opgeslagen."
        ).format(wat=what, code=code, artikel=ARTICLES[code]),
        way_forward=_(
            "Bespreek het signaal met uw aandachtsfunctionaris. De functioneel beheerder kan een grondslag vastleggen na een besluit van het college."
        ),
        rule=code,
    )
