# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Enrolling the key to which others may seal for an organisation, and passing the newest on to whoever may release (docs/spec/sealed-release.md).

In this order: the fingerprint that a person read out is that of the signing key in the verklaring; the verklaring is signed by it and is of an organisation that takes part and can
have a recipient; its version is the next one, and its signer that of the version before, unless the administrator says that it changed. Then it is recorded with its log entry.
A sender does not believe the register: it compares with what was typed at its own node. What this register served to whom stands in the log, by digest.
"""

from collections.abc import Sequence

from audit.canonical import JSON
from process.language import gettext as _
from register.central.administration import Administrator, Basis
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, receipt, require_rule, who
from register.central.store import releases as store
from register.central.store.releases import Record
from register.enrolment import EnrolmentRefusal, require_fingerprint, roles_of
from register.events import ASKER, CATALOGUE
from register.recipients import PURPOSES_OF, KeyFault, KeyStatement
from register.wire import Ontvangstsleutel, OntvangstsleutelLijst

ACTION = "verhaal_vrijgeven"


def enrol(
    admin: Administrator, note: str, fingerprint: str, basis: Basis, *, new_signer: bool = False
) -> KeyStatement:
    """Record a verklaring.

    Args:
        admin: who records it.
        note: the file as the organisation made it.
        fingerprint: of its signing key, as the organisation read it out.
        basis: the decision.
        new_signer: the organisation signs with another key than before.

    Raises:
        EnrolmentRefusal: with what is wrong.
    """
    try:
        said = KeyStatement.read(note)
    except KeyFault:
        raise EnrolmentRefusal(
            _("Dit is geen verklaring over een ontvangstsleutel, of ze is niet goed ondertekend."),
            _("Laat de organisatie haar opnieuw maken met 'node recipient-key make'."),
        ) from None
    require_fingerprint(fingerprint, said.signer.encode(), _("de ondertekensleutel in het bestand"))
    _require_recipient(admin, said)
    with admin.centre.database.public() as connection:
        before = store.keys_of(connection, said.organisation)
    _require_next(said, before, new_signer=new_signer)
    entry: dict[str, JSON] = {
        "versie": said.version,
        "sleutel": said.key_id or "",
        "vingerafdruk": said.digest.hex(),
        "geldig_tot": said.valid_until.isoformat(),
    }
    with admin.recording("ontvangstsleutel_ingeschreven", said.organisation, basis, entry) as made:
        store.add_key(made.work, made.permit, made.number, (said.organisation, said.version), note)
    return said


def _require_recipient(admin: Administrator, said: KeyStatement) -> None:
    if not admin.centre.policy.register.participant(said.organisation, admin.today):
        raise EnrolmentRefusal(
            _("{organisatie} neemt niet deel.").format(organisatie=said.organisation),
            _("Kijk met 'register organisation list' welke organisaties er zijn."),
        )
    if not roles_of(said.organisation) & PURPOSES_OF.keys():
        raise EnrolmentRefusal(
            _("{organisatie} heeft geen rol die een verhaal mag ontvangen.").format(
                organisatie=said.organisation
            ),
            _("Alleen gemeenten, het TMM, de Arbeidsinspectie en de KMar kunnen ontvangen."),
        )


def _require_next(said: KeyStatement, before: Sequence[Record], *, new_signer: bool) -> None:
    newest = before[-1].version if before else 0
    if said.version != newest + 1:
        raise EnrolmentRefusal(
            _("Dit is versie {versie}; de volgende hier is {volgende}.").format(
                versie=said.version, volgende=newest + 1
            ),
            _("Laat de organisatie een verklaring maken met de volgende versie."),
        )
    if before and not new_signer and KeyStatement.read(before[-1].statement).signer != said.signer:
        raise EnrolmentRefusal(
            _("Deze verklaring is ondertekend met een andere sleutel dan de vorige."),
            _(
                "Bel de organisatie op een bekend nummer. Heeft zij een nieuwe ondertekensleutel, gebruik dan --new-signer; elke afzender moet dan opnieuw een vingerafdruk overtypen."
            ),
        )


def listed(centre: Centre, acting: Acting) -> OntvangstsleutelLijst:
    """The newest verklaring of each organisation that may receive, for whoever may release or looks after accounts.

    Raises:
        Refusal: 403.
    """
    person, why = asker(centre.policy.register, acting), occasion(acting)
    require_rule(centre, person, why, "accounts_beheren" if acting.person.doel == "beheer" else ACTION)
    today = acting.moment.date()
    with centre.database.logged(acting.moment) as work:
        found = [
            (row, KeyStatement.read(row.statement))
            for row in store.newest_keys(work.connection)
            if centre.policy.register.participant(row.organisation, today)
        ]
        served: list[JSON] = [
            f"{said.organisation}/{said.version}/{said.digest.hex()}" for _row, said in found
        ]
        entry: dict[str, JSON] = {**who(acting), "sleutels": served}
        work.enter({acting.organisation: CATALOGUE.payload("ontvangstsleutels_geraadpleegd", ASKER, entry)})
    return OntvangstsleutelLijst(
        sleutels=[
            Ontvangstsleutel(
                organisatie=said.organisation,
                versie=said.version,
                verklaring=row.statement,
                rollen=receiving_roles(centre, said.organisation, acting),
            )
            for row, said in found
        ],
        logbewijs=receipt(work),
    )


def receiving_roles(centre: Centre, organisation: str, acting: Acting) -> list[str]:
    """The roles there that somebody holds today and that may be named as recipient."""
    today = acting.moment.date()
    held = {
        one.role
        for one in centre.policy.register.mandates
        if one.organisation == organisation and one.covers(organisation, one.officer, one.role, today)
    }
    return sorted(held & PURPOSES_OF.keys())
