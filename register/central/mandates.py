# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Mandates and grounds of organisations that take part: recorded, ended, looked at.

A mandate is a role that an organisation gave to one officer, by pseudonymous number. It ends from a day on, today if need be; giving it again is a new
mandate. A ground is recorded as the text that was decided on, with the FG's advice in it; a record of the profile's files is never widened by one of the
same id, and a ground that must change is decided anew under a new id; it can only end sooner. What functioneel beheerders lay down with two on pages
(`register.central.laying_down`) goes by the same rules.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from audit.canonical import JSON
from policies.changes import GroundEnded, MandateEnded
from policies.decision import Mandate
from policies.grounds import Ground, GroundError, GroundRegister, alliance_problem
from policies.records import ground_texts, parse_grounds
from process.language import gettext as _
from process.problem import FieldError
from register.central.administration import ROLE, Administrator, Basis
from register.central.store import organisations as store
from register.enrolment import EnrolmentRefusal, ground_problem, require_mandates
from register.events import REGISTER


def mandates(admin: Administrator, organisation: str | None) -> tuple[Mandate, ...]:
    """The mandates of one organisation, or of all."""
    everyone = admin.centre.policy.register.mandates
    found = (one for one in everyone if organisation in {None, one.organisation})
    return tuple(sorted(found, key=lambda one: (one.organisation, one.role, one.officer, one.valid_from)))


def add_mandate(admin: Administrator, mandate: Mandate, basis: Basis) -> None:
    """Record a mandate.

    Raises:
        EnrolmentRefusal: an organisation that does not take part, a role that it cannot give, or nobody trained and screened.
    """
    require_taking_part(admin.centre.policy.register, mandate, admin.today)
    require_mandates(mandate.organisation, (mandate,), admin.today)
    _record(admin, mandate, basis)


def require_taking_part(records: GroundRegister, mandate: Mandate, today: date) -> None:
    """Returns only if its organisation takes part, today or from its first day.

    Raises:
        EnrolmentRefusal: it does not.
    """
    if not any(records.participant(mandate.organisation, day) for day in (mandate.valid_from, today)):
        raise EnrolmentRefusal(
            _("{organisatie} neemt niet deel.").format(organisatie=mandate.organisation),
            _("Schrijf de organisatie eerst in, of kies een andere begindag."),
        )


def first_mandate(admin: Administrator, mandate: Mandate, basis: Basis) -> None:
    """Record the first administrator of a register that never had one: a register of which nobody could record anything would stay so.

    Whoever can run this holds the machine and its keys already. The rules decide on it as on any change, with the mandate as it will be.

    Raises:
        EnrolmentRefusal: the register has or had an administrator, or the mandate cannot be.
    """
    if any((one.organisation, one.role) == (REGISTER, ROLE) for one in mandates(admin, REGISTER)):
        raise EnrolmentRefusal(
            _("Dit register heeft al een beheerder, of had er een."),
            _("Vraag een beheerder om uw mandaat met 'register mandate add'."),
        )
    require_mandates(REGISTER, (mandate,), admin.today)
    _record(replace(admin, founding=mandate), mandate, basis)


def _record(admin: Administrator, mandate: Mandate, basis: Basis) -> None:
    with admin.recording("mandaat_vastgelegd", mandate.organisation, basis, details_of(mandate)) as made:
        store.add_mandates(made.work, made.permit, made.number, [(admin.centre.uuid(), mandate)])


def end_mandate(  # noqa: PLR0913, PLR0917 - whose, which, when, on what
    admin: Administrator, organisation: str, officer: str, role: str, on: date, basis: Basis
) -> None:
    """The mandate counts no longer from this day on.

    Raises:
        EnrolmentRefusal: there is none that lasts until that day, or the day is in the past.
    """
    change = end_of_mandate(admin.centre.policy.register, (organisation, officer, role), on, admin.today)
    said = {"mandaten": [f"{role} {officer}"], "geldig_tot": change.last_day.isoformat()}
    with admin.recording("mandaat_beeindigd", organisation, basis, said) as made:
        store.add_end(made.work, made.permit, made.number, change)


def end_of_mandate(
    records: GroundRegister, whose: tuple[str, str, str], on: date, today: date
) -> MandateEnded:
    """The change by which a mandate counts no longer from this day on.

    Args:
        records: as they are.
        whose: organisation, officer and role.
        on: first day without it.
        today: when it is recorded.

    Raises:
        EnrolmentRefusal: there is none that lasts until that day, or the day is in the past.
    """
    organisation, officer, role = whose
    lasting = any(
        (one.organisation, one.officer, one.role) == whose and one.valid_to >= on for one in records.mandates
    )
    if not lasting or on < today:
        raise EnrolmentRefusal(
            _("Er is geen mandaat dat op die dag nog geldt.")
            if not lasting
            else _("Een einde kan niet in het verleden liggen."),
            _("Kijk welke mandaten er zijn ('register mandate list'), en kies vandaag of een latere dag."),
        )
    return MandateEnded(organisation, officer, role, on - timedelta(days=1))


def end_of_ground(records: GroundRegister, name: str, on: date, today: date) -> GroundEnded:
    """The change by which a ground stands no longer from this day on.

    Raises:
        EnrolmentRefusal: there is none that lasts until that day, or the day is in the past.
    """
    known = records.grounds.get(name)
    if known is None or known.valid_to < on or on < today:
        raise EnrolmentRefusal(
            _("Er is geen grondslag die op die dag nog geldt.")
            if known is None or known.valid_to < on
            else _("Een einde kan niet in het verleden liggen."),
            _("Kijk welke grondslagen er zijn ('register ground list'), en kies vandaag of een latere dag."),
        )
    return GroundEnded(name, on - timedelta(days=1))


def end_ground(admin: Administrator, name: str, on: date, basis: Basis) -> None:
    """The ground stands no longer from this day on, for nobody who holds it.

    Raises:
        EnrolmentRefusal: there is none that lasts until that day, or the day is in the past.
    """
    change = end_of_ground(admin.centre.policy.register, name, on, admin.today)
    holders = sorted(admin.centre.policy.register.grounds[name].holders)
    said = {"grondslagen": [name], "geldig_tot": change.last_day.isoformat()}
    with admin.recording("grondslag_beeindigd", holders[0], basis, said, also=holders) as made:
        store.add_ground_end(made.work, made.permit, made.number, change)


def details_of(mandate: Mandate) -> dict[str, JSON]:
    """What the log says of a mandate that is laid down."""
    return {
        "mandaten": [said_of(mandate)],
        "geldig_van": mandate.valid_from.isoformat(),
        "geldig_tot": mandate.valid_to.isoformat(),
        "opgeleid": "" if mandate.trained_on is None else mandate.trained_on.isoformat(),
        "gescreend": "" if mandate.screened_on is None else mandate.screened_on.isoformat(),
    }


def said_of(mandate: Mandate) -> str:
    """A mandate in the log: role and pseudonymous number."""
    return f"{mandate.role} {mandate.officer}"


def grounds(admin: Administrator, organisation: str | None) -> tuple[Ground, ...]:
    """The grounds that one organisation holds, or all."""
    found = admin.centre.policy.register.grounds.values()
    return tuple(one for one in found if organisation is None or one.held_by(organisation))


def add_grounds(admin: Administrator, text: str, basis: Basis) -> tuple[str, ...]:
    """Record grounds in the form of grounds.yaml; gives their ids.

    Raises:
        EnrolmentRefusal: a text that is none, an id that exists, or a ground without advice.
    """
    added = read_grounds(text)
    wrong = tuple(FieldError(one.id, why) for one in added if (why := ground_problem(one)))
    if wrong or not added:
        raise EnrolmentRefusal(
            _("Deze grondslagen kunnen zo niet worden vastgelegd."),
            _("Verbeter het bestand met grondslagen en probeer het opnieuw."),
            wrong,
        )
    require_new(admin.centre.policy.register, added)
    require_admitted(admin.centre.policy.register, added)
    holders = sorted({one for ground in added for one in ground.holders})
    ids = [one.id for one in added]
    with admin.recording(
        "grondslag_vastgelegd", holders[0], basis, {"grondslagen": ids}, also=holders
    ) as made:
        store.add_grounds(made.work, made.permit, made.number, ground_texts(text))
    return tuple(ids)


def read_grounds(text: str) -> tuple[Ground, ...]:
    """Read a file of grounds.

    Raises:
        EnrolmentRefusal: it has not the form of grounds.yaml; names the record.
    """
    try:
        found = parse_grounds(text)
    except GroundError as error:
        raise EnrolmentRefusal(
            _("Het bestand met grondslagen klopt niet ({fout}).").format(fout=error),
            _("Gebruik de vorm van policies/rules/oefening/grounds.yaml."),
        ) from error
    nobody = tuple(FieldError(one.id, _("Niemand houdt deze grondslag.")) for one in found if not one.holders)
    if nobody:
        raise EnrolmentRefusal(
            _("Het bestand met grondslagen klopt niet."), _("Noem bij elke grondslag de organisatie."), nobody
        )
    return found


def require_admitted(register: GroundRegister, added: Sequence[Ground]) -> None:
    """Returns only if the profile of this register admits these grounds, and each rests on the agreement that its code asks.

    Raises:
        EnrolmentRefusal: names those that it does not, and what can be recorded here.
    """
    profile = register.profile
    strange = tuple(
        FieldError(
            one.id, _("{code} kan in profiel {profiel} niet.").format(code=one.code, profiel=profile.name)
        )
        for one in added
        if one.code not in profile.grounds
    )
    if strange:
        raise EnrolmentRefusal(
            _("Profiel {profiel} laat deze grondslagen niet toe.").format(profiel=profile.name),
            _("Kies uit: {codes}. Een andere grondslag vraagt een register met een ander profiel.").format(
                codes=", ".join(sorted(profile.grounds))
            ),
            strange,
        )
    loose = tuple(
        FieldError(one.id, why)
        for one in added
        if (why := alliance_problem(one, register.alliances.get(one.alliance), profile))
    )
    if loose:
        raise EnrolmentRefusal(
            _("Een of meer grondslagen rusten niet op een geregistreerde afspraak."),
            _(
                "Leg het samenwerkingsverband of convenant eerst vast met 'register alliance add', en noem het bij de grondslag (alliance)."
            ),
            loose,
        )


def require_new(register: GroundRegister, added: Sequence[Ground]) -> None:
    """Returns only if none of these ids is on record.

    Raises:
        EnrolmentRefusal: names those that are.
    """
    known = register.grounds
    wrong = tuple(FieldError(one.id, _("Deze naam is al in gebruik.")) for one in added if one.id in known)
    if wrong:
        raise EnrolmentRefusal(
            _("Een grondslag die er staat, wordt nooit gewijzigd."),
            _("Leg het nieuwe besluit vast onder een nieuwe naam (id)."),
            wrong,
        )
