# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`POST /v1/signalen`: take in a version of a signal.

In this order: the codes are checked (a carrying indicator, nothing sexual unsealed, no number behind a closed gate), policy says whether this person may submit this signal on these
grounds, the receipts of the key holders cover each subject, retention sets the term, the pseudonyms become tags and sealed points, and signal, postings and log entry become durable together. The same
signal and version again changes nothing, uses up no receipt, and is acknowledged again: an acknowledged signal is never lost and never doubled.
"""

import hmac
from datetime import UTC, date, timedelta

from audit.canonical import JSON
from policies.decision import SignalFacts
from process.language import gettext as _
from process.problem import FieldError, Refusal
from pseudonymisation.pseudonym import NONCE_BYTES, seal_point, tag
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import (
    Centre,
    body_digest,
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
from register.central.gates import require_open
from register.central.store import notices, treffers, watching
from register.central.store import signals as store
from register.central.store.destruction import tombstone
from register.central.store.signals import NewPosting
from register.central.store.work import LoggedWork
from register.evaluations import SUBMISSION
from register.events import ASKER, CATALOGUE
from register.notices import REPLACED
from register.ports import Permit
from register.retention import category, expires_on, visible
from register.signals import CORRECTIONS, Observation, needs, register_problems
from register.wire import Minderjarig, SignaalIndienen, SignaalIngediend, Subject

_AHEAD = timedelta(minutes=5)
"""How far a node's clock may run ahead of ours."""

_FIRST_YEAR = 2000
"""No signal is older, and the calendar's edges stay far away."""


def submit(centre: Centre, acting: Acting, sent: SignaalIndienen, request_key: str) -> SignaalIngediend:
    """Take in a signal, or acknowledge it again.

    Raises:
        Refusal: 400, 403 or 409; nothing is stored.
    """
    require_keyset(centre, sent.sleutelset, sent.epoch)
    _check(acting, sent)
    postings = [posting for subject in sent.subjecten for posting in _postings(centre, subject)]
    require_open(centre.policy.register, (posting.family for posting in postings))
    # A later version corrects or enriches, which is for whoever looks after the signals of the organisation.
    action = "signaal_indienen" if sent.versie == 1 else "signaal_verrijken_corrigeren_intrekken"
    allowed = permit(centre, asker(centre.policy.register, acting), occasion(acting), action, _facts(sent))
    receipts = require_receipts(
        centre,
        acting,
        sent,
        request_key,
        SUBMISSION,
        {subject.ref: len(subject.pseudoniemen) for subject in sent.subjecten},
    )
    body = content(sent)
    term = category(
        minor=any(subject.minderjarig is Minderjarig.JA for subject in sent.subjecten),
        roles=[subject.rol for subject in sent.subjecten],
    )
    expires = expires_on(term, sent.eerste_verwerking.astimezone(UTC))
    if not visible(expires, acting.moment.date()):
        raise _refused([FieldError("eersteVerwerking", _("Dit signaal is al voorbij zijn bewaartermijn."))])
    with centre.database.logged(acting.moment) as work:
        require_keyset(centre, sent.sleutelset, sent.epoch, work)
        about = [(sent.signaal_id, subject.ref) for subject in sent.subjecten]
        concern(centre, work, acting, "signaal_ingediend", about)
        repeated(centre, work, acting, request_key, body)
        digest = body_digest(centre, acting, f"signaal/{sent.signaal_id}/{sent.versie}", body)
        known = _known(centre, acting, work, allowed, sent, digest)
        if not known:
            use(centre, work, receipts)
            row = _row(sent) | {"category": term.value, "expires_on": expires, "digest": digest}
            subjects = [_subject(one) for one in sent.subjecten]
            if sent.versie > 1:
                still = store.still_carried(work, allowed, sent.signaal_id, postings)
                treffers.follow(work, allowed, sent.signaal_id, sent.versie, still)
            store.add(work, allowed, row, subjects, postings, (sent.sleutelset, sent.epoch))
            watching.arrived(work, watching.SIGNAL, sent.signaal_id, acting.moment)
            if sent.versie > 1:
                notices.tell_parties(work, sent.signaal_id, REPLACED, acting.moment)
                # Whoever corrects a signal has looked whether the rest is still true.
                watching.validate(work, allowed, _validated(acting, sent))
        work.enter(
            {
                acting.organisation: CATALOGUE.payload(
                    "signaal_ingediend",
                    ASKER,
                    _entry(acting, allowed, sent, row_term=(term.value, expires.isoformat()), known=known),
                )
            }
        )
    return SignaalIngediend(
        signaal_id=sent.signaal_id,
        versie=sent.versie,
        categorie=term.value,
        verloopt_op=expires,
        herhaald=known,
        logbewijs=receipt(work),
    )


def _check(acting: Acting, sent: SignaalIndienen) -> None:
    observation = Observation(
        sent.uitbuitingsvorm,
        sent.waarneming_grondslag,
        sent.controlesoort,
        tuple(sent.aanwijzingen),
        tuple((subject.ref, subject.rol) for subject in sent.subjecten),
    )
    wrong = list(
        register_problems(
            observation, sealed_carries=None if sent.verzegeld is None else sent.verzegeld.draagt
        )
    )
    if len({subject.ref for subject in sent.subjecten}) != len(sent.subjecten):
        wrong.append(FieldError("subjecten", _("Elk subject heeft een eigen verwijzing (ref).")))
    if sent.versie == 1 and sent.correctie is not None:
        wrong.append(FieldError("correctie", _("Een eerste versie verbetert niets.")))
    elif sent.versie > 1 and sent.correctie not in CORRECTIONS:
        wrong.append(FieldError("correctie", _("Kies uit: {codes}.").format(codes=", ".join(CORRECTIONS))))
    if sent.eerste_verwerking.tzinfo is None:
        wrong.append(FieldError("eersteVerwerking", _("Dit moment heeft geen tijdzone, zoals +00:00.")))
    elif sent.eerste_verwerking.year < _FIRST_YEAR:
        wrong.append(FieldError("eersteVerwerking", _("Dit moment is van voor dit register.")))
    elif sent.eerste_verwerking > acting.moment + _AHEAD:
        wrong.append(FieldError("eersteVerwerking", _("Dit moment ligt in de toekomst.")))
    if not _week_exists(sent.waargenomen_week):
        wrong.append(FieldError("waargenomenWeek", _("Deze week bestaat niet.")))
    elif _week_start_after(sent.waargenomen_week, acting):
        wrong.append(FieldError("waargenomenWeek", _("Deze week ligt in de toekomst.")))
    if wrong:
        raise _refused(wrong)


def _refused(wrong: list[FieldError]) -> Refusal:
    return Refusal(
        400,
        "ongeldig-signaal",
        _("Dit signaal kan zo niet worden opgenomen."),
        _("Er is niets opgeslagen."),
        way_forward=_("Verbeter de genoemde velden en dien opnieuw in."),
        fields=tuple(wrong),
    )


def _week_exists(week: str) -> bool:
    """Most years have no week 53; such a week would break every answer that the signal is in."""
    year, number = week.split("-W")
    try:
        return bool(date.fromisocalendar(int(year), int(number), 1))
    except ValueError:
        return False


def _week_start_after(week: str, acting: Acting) -> bool:
    year, number, _day = acting.moment.isocalendar()
    return week > f"{year}-W{number:02d}"


def _postings(centre: Centre, subject: Subject) -> list[NewPosting]:
    place = f"subjecten.{subject.ref}.pseudoniemen"
    pseudonyms = read_pseudonyms(subject.pseudoniemen, place)
    if len(set(pseudonyms)) != len(pseudonyms):
        raise _refused([FieldError(place, _("Elk pseudoniem staat er één keer."))])
    keyset, tag_key, sealing_key = centre.keyset[0], centre.tag_key.reveal(), centre.sealing_key.reveal()
    return [
        NewPosting(
            subject.ref,
            pseudonym.family,
            tag(tag_key, keyset, pseudonym),
            seal_point(sealing_key, keyset, pseudonym, centre.randomness(NONCE_BYTES)),
        )
        for pseudonym in pseudonyms
    ]


def _facts(sent: SignaalIndienen) -> SignalFacts:
    # Of a sealed signal the register sees no form and no role; that it is sexual follows from its being sealed.
    special, criminal = needs(
        sent.uitbuitingsvorm,
        sent.waarneming_grondslag,
        sent.controlesoort,
        [subject.rol for subject in sent.subjecten],
    )
    return SignalFacts(
        owner=sent.organisatie,
        parties=frozenset({sent.organisatie}),
        needs_special=special or sent.verzegeld is not None,
        needs_criminal=criminal,
        special_category_ground_id=sent.juridisch.bijzondere_grondslag,
        criminal_ground_id=sent.juridisch.strafrechtelijke_grondslag,
        no_police_contact=sent.sporen.geen_politiecontact,
        care_track=sent.sporen.zorgspoor,
        acute_danger=sent.sporen.acuut_gevaar,
        handling=sent.beoordeling.behandeling,
        border_context=sent.grenscontext,
        carrying_indicator=True,
        minor="ja"
        if any(subject.minderjarig is Minderjarig.JA for subject in sent.subjecten)
        else "onbekend",
    )


def _known(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre, acting: Acting, work: LoggedWork, allowed: Permit, sent: SignaalIndienen, digest: bytes
) -> bool:
    """Whether this version is stored already; another organisation's id, an older version, other content or a later start is refused."""
    records, today = centre.policy.register, acting.moment.date()
    newest = store.version_of(work, allowed, sent.signaal_id)
    if newest is None:
        # What was withdrawn or replaced before its term left its number when it was destroyed.
        destroyed = tombstone(work, allowed, sent.signaal_id)
        if destroyed is None:
            return False
        own = records.current(destroyed.organisation, today) == sent.organisatie
        raise _does_not_come_back(withdrawn=own and destroyed.reason == "ingetrokken")
    own = records.current(newest.organisation, today) == sent.organisatie
    withdrawn = newest.status == "ingetrokken"
    if not own or newest.version > sent.versie or withdrawn:
        raise _does_not_come_back(withdrawn=own and withdrawn)
    if sent.eerste_verwerking > newest.first_processed_at:
        # A correction never lengthens a signal's life (register.retention, 1).
        raise _refused(
            [FieldError("eersteVerwerking", _("Dit signaal is al eerder voor het eerst verwerkt."))]
        )
    if newest.version == sent.versie and not hmac.compare_digest(newest.digest, digest):
        raise Refusal(
            409,
            "andere-inhoud",
            _("Onder dit nummer staat al een ander signaal."),
            _(
                "Deze versie is eerder met een andere inhoud opgenomen. Er is niets opgeslagen en niets gewijzigd."
            ),
            way_forward=_("Dien een wijziging in als nieuwe versie."),
        )
    return bool(newest.version == sent.versie)


def _does_not_come_back(*, withdrawn: bool) -> Refusal:
    """Why nothing is stored under this number; `withdrawn` is told to its owner only."""
    if withdrawn:
        return Refusal(
            409,
            "signaal-ingetrokken",
            _("Dit signaal is ingetrokken."),
            _("Uw organisatie heeft dit signaal teruggenomen. Het komt niet terug; er is niets opgeslagen."),
            way_forward=_("Klopt het signaal toch, dien het dan in onder een nieuw nummer."),
        )
    return Refusal(
        409,
        "signaal-bestaat",
        _("Dit signaal kan zo niet worden opgenomen."),
        _("Er is al een nieuwere versie, of het nummer is in gebruik. Er is niets opgeslagen."),
        way_forward=_("Dien het signaal in onder een nieuw nummer."),
    )


def _row(sent: SignaalIndienen) -> dict[str, object]:
    return {
        "signal_id": sent.signaal_id,
        "version": sent.versie,
        "organisation": sent.organisatie,
        "local_reference": sent.lokale_verwijzing,
        "week": sent.waargenomen_week,
        "basis": sent.waarneming_grondslag,
        "control_type": sent.controlesoort,
        "form": sent.uitbuitingsvorm,
        "indicators": sorted(set(sent.aanwijzingen)),
        "commitment": None if sent.verzegeld is None else sent.verzegeld.vastlegging,
        "source": sent.beoordeling.bron,
        "information": sent.beoordeling.informatie,
        "handling": sent.beoordeling.behandeling,
        "no_police_contact": sent.sporen.geen_politiecontact,
        "care_track": sent.sporen.zorgspoor,
        "acute_danger": sent.sporen.acuut_gevaar,
        "border_context": sent.grenscontext,
        "ground": sent.juridisch.grondslag,
        "special_category_ground": sent.juridisch.bijzondere_grondslag,
        "criminal_ground": sent.juridisch.strafrechtelijke_grondslag,
        "covenant": sent.juridisch.convenant,
        "first_processed_at": sent.eerste_verwerking,
    }


def _validated(acting: Acting, sent: SignaalIndienen) -> dict[str, object]:
    return {
        "signal_id": sent.signaal_id,
        "validated_on": acting.moment.date(),
        "organisation": acting.organisation,
        "officer": acting.person.medewerker,
        "role": acting.person.rol,
    }


def _subject(subject: Subject) -> dict[str, object]:
    return {
        "ref": subject.ref,
        "kind": subject.soort.value,
        "role": subject.rol,
        "minor": subject.minderjarig.value,
    }


def _entry(
    acting: Acting, allowed: Permit, sent: SignaalIndienen, *, row_term: tuple[str, str], known: bool
) -> dict[str, JSON]:
    families = {pseudonym.familie for subject in sent.subjecten for pseudonym in subject.pseudoniemen}
    return {
        **who(acting, allowed.decision),
        "signaal": str(sent.signaal_id),
        "versie": sent.versie,
        "categorie": row_term[0],
        "verloopt_op": row_term[1],
        "families": sorted(families),
        "verzegeld": sent.verzegeld is not None,
        "bijzondere_grondslag": sent.juridisch.bijzondere_grondslag,
        "strafrechtelijke_grondslag": sent.juridisch.strafrechtelijke_grondslag,
        "herhaald": known,
        **({} if sent.correctie is None else {"correctie": sent.correctie}),
    }
