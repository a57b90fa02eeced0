# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""From what was typed to match keys, or to one refusal that names every field that is not usable.

1. A text or named parts become a raw attribute (`pseudonymisation.identity`), judged by nobody.
2. Each is normalised; whatever is not usable is collected, so that a person corrects a form once.
3. The subject is a person or an organisation: as said, or by what was given.
4. A question must rest on enough (C3); a signal must give at least one match key.

No value is ever repeated in a refusal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from process.language import gettext as _
from process.problem import FieldError, Refusal
from pseudonymisation.identity import FIELDS, RawAttribute, Unreadable, attribute_from_text, unknown_type
from pseudonymisation.matchkeys import MatchKeySet, match_keys, too_little, too_little_for_organisation
from pseudonymisation.normalise import Normalised, minor, normalise
from register.wire import Minderjarig, Soort

_OF_PERSONS = frozenset({"bsn", "v_nummer", "document", "name_dob", "work_alias", "social_handle"})


@dataclass(frozen=True)
class Given:
    """One attribute as given, with where it stood.

    Attributes:
        attribute: what was read, or why nothing could be.
        places: field of the attribute (such as "document.issuer" or "document") to the name of the input; for all others `place`.
        place: name of the input or path in the body.
    """

    attribute: RawAttribute | Unreadable
    place: str
    places: Mapping[str, str] = field(default_factory=dict)

    def named(self, unreadable: Unreadable) -> FieldError:
        """The refusal in terms of the form that was filled in."""
        where = self.places.get(unreadable.field, self.place)
        return FieldError(where, f"{unreadable.reason} {unreadable.way_forward}")


def typed(
    soort: str, waarde: str | None, velden: Mapping[str, str] | None, place: str, gates: frozenset[str]
) -> Given:
    """An attribute of the interface: either one text or named parts."""
    if (waarde is None) == (velden is None):
        refused = Unreadable(
            soort,
            _("Dit gegeven is niet goed ingevuld."),
            _("Geef de waarde, of de losse velden, en niet allebei."),
        )
        return Given(refused, place)
    if velden is None:
        return Given(attribute_from_text(soort, waarde or "", open_gates=gates), f"{place}.waarde")
    if soort not in FIELDS:
        return Given(unknown_type(soort), f"{place}.soort")
    places = {f"{soort}.{name}": f"{place}.velden.{name}" for name in FIELDS[soort]}
    if len(FIELDS[soort]) == 1:
        places[soort] = f"{place}.velden.{FIELDS[soort][0]}"
    return Given(RawAttribute.of(soort, **velden), f"{place}.velden", places)


@dataclass(frozen=True)
class Person:
    """A subject in normal form: the person or organisation, its match keys, and whether a minor."""

    kind: Soort
    attributes: tuple[Normalised, ...]
    keys: MatchKeySet

    def minor_on(self, day: date) -> Minderjarig:
        """Whether the subject is a minor on that day, as far as a date of birth tells."""
        ages = {minor(one.get("dob"), day) for one in self.attributes if one.type == "name_dob"}
        if "ja" in ages:
            return Minderjarig.JA
        return Minderjarig.NEE if ages == {"nee"} else Minderjarig.ONBEKEND


def read(
    given: Sequence[Given], kind: Soort | None, *, today: date, gates: frozenset[str]
) -> tuple[Person, tuple[FieldError, ...]]:
    """The subject, and what is wrong with what was given; with anything wrong the subject is incomplete."""
    found: list[Normalised] = []
    wrong: list[FieldError] = []
    for one in given:
        normal = (
            one.attribute
            if isinstance(one.attribute, Unreadable)
            else normalise(one.attribute, today=today, open_gates=gates)
        )
        if isinstance(normal, Unreadable):
            wrong.append(one.named(normal))
        else:
            found.append(normal)
    return Person(kind or _kind(found), tuple(found), match_keys(found)), tuple(wrong)


def _kind(found: Iterable[Normalised]) -> Soort:
    """A KvK number, or an address alone, is about an organisation, unless something of a person stands beside it."""
    types = {one.type for one in found}
    if types & _OF_PERSONS:
        return Soort.PERSOON
    return Soort.ORGANISATIE if "kvk" in types or types == {"bag_address"} else Soort.PERSOON


def require_readable(wrong: Sequence[FieldError]) -> None:
    """Returns only if nothing was wrong.

    Raises:
        Refusal: 400 with every field.
    """
    if wrong:
        raise Refusal(
            400,
            "kenmerk-onleesbaar",
            _("Een gegeven is niet te gebruiken."),
            _("Er is niets gevraagd en niets opgeslagen."),
            way_forward=_("Verbeter de genoemde gegevens en probeer het opnieuw, of laat ze weg."),
            fields=tuple(wrong),
        )


def require_enough(person: Person, place: str) -> None:
    """Returns only if a question may rest on this (C3).

    Raises:
        Refusal: 400, with what to ask for at the door.
    """
    lacking = (
        too_little(person.attributes)
        if person.kind is Soort.PERSOON
        else too_little_for_organisation(person.attributes)
    )
    if lacking is not None:
        raise Refusal(
            400,
            "te-weinig",
            _("Dit is te weinig om op te vragen."),
            lacking.reason,
            way_forward=lacking.ask_for,
            fields=(FieldError(place, lacking.reason),),
            rule="C3",
        )


def without_keys(person: Person, place: str) -> tuple[FieldError, ...]:
    """What stops a subject of a signal: nothing on which it could ever be found again."""
    if person.keys.keys:
        return ()
    reasons = [f"{one.reason} {one.way_forward}" for one in person.keys.unused]
    return tuple(FieldError(place, reason) for reason in reasons) or (
        FieldError(
            place,
            _("Vul minstens één gegeven in waarop dit signaal terug te vinden is, zoals een telefoonnummer."),
        ),
    )
