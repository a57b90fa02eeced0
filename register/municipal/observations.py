# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A whole observation as it was typed, and how it is written down to be sealed.

Writing loses nothing on which a message depends: read back years later, by other software, it gives the same attributes in the same order. The form
is canonical JSON (`audit.canonical`), so two observations are the same exactly when their bytes are. Nothing is judged here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from audit.canonical import JSON
from pseudonymisation.identity import FIELDS, RawAttribute, Unreadable
from register.municipal.attributes import Given
from register.signals import Observation
from register.wire import Soort, Sporen


@dataclass(frozen=True)
class SubjectGiven:
    """One subject as typed: its attributes, role, and kind if said; `place` names its list of attributes."""

    given: Sequence[Given]
    place: str
    role: str
    kind: Soort | None


@dataclass(frozen=True)
class Draft:
    """A whole observation as typed; the codes are not checked yet.

    The narrative is no part of what `written` writes: it stands beside the record, because its term is shorter (R5).
    """

    subjects: Sequence[SubjectGiven]
    observed_on: date
    basis: str
    control_type: str
    form: str
    indicators: tuple[str, ...]
    source: str
    information: int
    handling: str
    tracks: Sporen
    border: bool
    quality: tuple[str, ...]
    control: str | None
    narrative: str | None = field(default=None, repr=False)

    @property
    def observation(self) -> Observation:
        """The codes that people judge; subjects are numbered s1, s2, ..."""
        return Observation(
            self.form,
            self.basis,
            self.control_type,
            tuple(dict.fromkeys(self.indicators)),
            tuple((_ref(place), subject.role) for place, subject in enumerate(self.subjects)),
        )


def _ref(place: int) -> str:
    return f"s{place + 1}"


def written(draft: Draft) -> dict[str, JSON] | None:
    """The observation as members for canonical JSON; None as long as an attribute in it is unreadable."""
    subjects = [_subject_written(one) for one in draft.subjects]
    if None in subjects:
        return None
    return {
        "subjecten": subjects,
        "waargenomen": draft.observed_on.isoformat(),
        "waarnemingGrondslag": draft.basis,
        "controlesoort": draft.control_type,
        "uitbuitingsvorm": draft.form,
        "aanwijzingen": list(draft.indicators),
        "beoordeling": {
            "bron": draft.source,
            "informatie": draft.information,
            "behandeling": draft.handling,
        },
        "sporen": {
            "geenPolitiecontact": draft.tracks.geen_politiecontact,
            "zorgspoor": draft.tracks.zorgspoor,
            "acuutGevaar": draft.tracks.acuut_gevaar,
        },
        "grenscontext": draft.border,
        "kwaliteitscontrole": list(draft.quality),
        "controle": draft.control,
    }


def _subject_written(subject: SubjectGiven) -> dict[str, JSON] | None:
    attributes: list[JSON] = []
    for one in subject.given:
        if isinstance(one.attribute, Unreadable):
            return None
        attributes.append({"soort": one.attribute.type, "velden": dict(one.attribute.fields)})
    return {
        "kenmerken": attributes,
        "rol": subject.role,
        "soort": None if subject.kind is None else subject.kind.value,
    }


def read_back(members: Mapping[str, Any]) -> Draft:
    """The observation that `written` wrote."""
    graded, tracks = members["beoordeling"], members["sporen"]
    return Draft(
        subjects=tuple(_subject_read(number, one) for number, one in enumerate(members["subjecten"])),
        observed_on=date.fromisoformat(members["waargenomen"]),
        basis=members["waarnemingGrondslag"],
        control_type=members["controlesoort"],
        form=members["uitbuitingsvorm"],
        indicators=tuple(members["aanwijzingen"]),
        source=graded["bron"],
        information=graded["informatie"],
        handling=graded["behandeling"],
        tracks=Sporen(
            geen_politiecontact=tracks["geenPolitiecontact"],
            zorgspoor=tracks["zorgspoor"],
            acuut_gevaar=tracks["acuutGevaar"],
        ),
        border=members["grenscontext"],
        quality=tuple(members["kwaliteitscontrole"]),
        control=members["controle"],
    )


def _subject_read(number: int, members: Mapping[str, Any]) -> SubjectGiven:
    place = f"subjecten.{number}.kenmerken"
    given = tuple(
        _given(one["soort"], one["velden"], f"{place}.{position}")
        for position, one in enumerate(members["kenmerken"])
    )
    kind = members["soort"]
    return SubjectGiven(given, place, members["rol"], None if kind is None else Soort(kind))


def _given(type_: str, fields: Mapping[str, str], place: str) -> Given:
    # As `register.municipal.attributes.typed` names the parts, so that a later refusal names them alike.
    places = {f"{type_}.{name}": f"{place}.velden.{name}" for name in FIELDS.get(type_, ())}
    return Given(RawAttribute.of(type_, **fields), f"{place}.velden", places)
