# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What stands on a form and what the interface calls it: pure translation in both directions.

A form field has a plain Dutch name; the interface has attributes with parts. `attributes` makes the list that `/v1` takes from what was filled in, and
`errors` brings a refusal back to the fields in which it must stand. Nothing is judged here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from process.language import gettext as _
from process.problem import Refusal
from register.municipal.controls import OF_A_CASE, REASONS
from register.signals import (
    CONTROL_TYPES,
    EXPLOITATION_FORMS,
    HANDLING,
    INDICATOR_GROUPS,
    INDICATORS,
    INFORMATION_GRADES,
    OBSERVATION_BASES,
    QUALITY_POINTS,
    ROLES,
    SOURCES,
    Item,
)
from register.words import typed_day

NEW_CONTROL = "nieuw"
"""A control that is opened with the question; `nieuw:TAAK:SOORT` says at once which."""

ATTRIBUTES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "telefoon": (("phone", "number"),),
    "telefoon2": (("phone", "number"),),
    "document": (("document", "issuer"), ("document", "number")),
    "mrz": (("document", "mrz"),),
    "naam": (("name_dob", "given"), ("name_dob", "surname"), ("name_dob", "dob")),
    "kenteken": (("plate", "country"), ("plate", "plate")),
    "kenteken2": (("plate", "country"), ("plate", "plate")),
    "kenteken3": (("plate", "country"), ("plate", "plate")),
    "adres": (("bag_address", "postcode"), ("bag_address", "number"), ("bag_address", "addition")),
    "advertentie": (("ad_id_or_url", "url"),),
    "email": (("email", "address"),),
    "social": (("social_handle", "platform"), ("social_handle", "handle")),
    "werknaam": (("work_alias", "alias"),),
    "kvk": (("kvk", "number"),),
    "iban": (("iban", "number"),),
    "bsn": (("bsn", "number"),),
    "vnummer": (("v_nummer", "number"),),
}
"""Block of the form -> attribute type and part of each of its inputs, in their order."""

_NAMES: Mapping[tuple[str, str], str] = {
    ("document", "issuer"): "document_land",
    ("document", "number"): "document_nummer",
    ("name_dob", "given"): "voornamen",
    ("name_dob", "surname"): "achternaam",
    ("name_dob", "dob"): "geboortedatum",
    ("plate", "country"): "{block}_land",
    ("bag_address", "postcode"): "postcode",
    ("bag_address", "number"): "huisnummer",
    ("bag_address", "addition"): "toevoeging",
    ("social_handle", "platform"): "social_platform",
    ("social_handle", "handle"): "social_naam",
}
_DEFAULTS = frozenset(
    {"document_land", "kenteken_land", "kenteken2_land", "kenteken3_land", "social_platform"}
)
"""Inputs that say nothing on their own: a country without a number is an empty block."""


_TO_FILL_IN: Mapping[str, str] = {
    "waarnemingGrondslag": _("Kies een taak."),
    "controlesoort": _("Kies een soort controle."),
    "uitbuitingsvorm": _("Kies een vorm van uitbuiting."),
    "waargenomen": _("Vul de datum in."),
    "velden": _("Kies ten minste één gegeven."),
}
"""Input -> what to do when it was left empty."""


def input_name(block: str, part: tuple[str, str]) -> str:
    """The name of an input."""
    return _NAMES.get(part, "{block}").format(block=block)


INPUTS = tuple(input_name(block, part) for block, parts in ATTRIBUTES.items() for part in parts)
"""All inputs about a person, in the order of the form."""


SIGNAL_INPUTS: frozenset[str] = frozenset(
    {
        *INPUTS,
        *("rol", "waargenomen", "waarnemingGrondslag", "controlesoort", "uitbuitingsvorm"),
        *("bron", "informatie", "behandeling", "sporen", "kwaliteitscontrole", "controle"),
        *("sleutel", "vervangt", "concept", "verhaal", "corrigeert", "correctie"),
        *(f"aanwijzingen_{group}" for group in INDICATOR_GROUPS),
    }
)
"""All inputs of the form for a signal; a draft has these and no others."""


@dataclass(frozen=True)
class Filled:
    """A form as it was filled in: one text per input, and the boxes that were ticked."""

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    ticked: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def text(self, name: str, default: str = "") -> str:
        """What was typed or chosen, without spaces around it."""
        return self.texts.get(name, default).strip()

    def many(self, name: str) -> tuple[str, ...]:
        """The boxes ticked under this name."""
        return self.ticked.get(name, ())

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, Any]]) -> "Filled":
        """From the pairs of a posted form; files are not among them."""
        texts: dict[str, str] = {}
        ticked: dict[str, tuple[str, ...]] = {}
        for name, value in pairs:
            if isinstance(value, str):
                texts[name] = value
                ticked[name] = (*ticked.get(name, ()), value)
        return cls(texts, ticked)


def attributes(filled: Filled) -> list[dict[str, Any]]:
    """The attributes that were filled in, as the interface takes them."""
    return [{"soort": parts[0][0], "velden": given} for _block, parts, given in _given(filled)]


def _given(filled: Filled) -> list[tuple[str, tuple[tuple[str, str], ...], dict[str, str]]]:
    found = []
    for block, parts in ATTRIBUTES.items():
        given = {part[1]: filled.text(input_name(block, part)) for part in parts}
        telling = [part for part in parts if input_name(block, part) not in _DEFAULTS and given[part[1]]]
        if telling:
            found.append((block, parts, {name: text for name, text in given.items() if text}))
    return found


def errors(refusal: Refusal, filled: Filled) -> list[tuple[str, str]]:
    """A refusal as (name of the input, reason), for the summary and beside the field."""
    named = [(error, _input_of(error.field, filled)) for error in refusal.fields]
    return [(name, _left_empty(error.field, name, filled) or error.reason) for error, name in named]


def _left_empty(path: str, name: str, filled: Filled) -> str | None:
    """What to do about an input that was left empty; the interface only sees a value that has no good form."""
    if path.rsplit(".", maxsplit=1)[-1] == "kenmerken":
        return None if _given(filled) else _("Vul minstens één gegeven in, zoals een telefoonnummer.")
    return None if filled.text(name) else _TO_FILL_IN.get(name)


def _input_of(path: str, filled: Filled) -> str:
    parts = path.split(".")
    if "kenmerken" in parts:
        rest = parts[parts.index("kenmerken") + 1 :]
        given = _given(filled)
        if rest and rest[0].isascii() and rest[0].isdigit() and int(rest[0]) < len(given):
            block, inputs, _texts = given[int(rest[0])]
            named = [part for part in inputs if part[1] == rest[-1]]
            return input_name(block, named[0] if named else inputs[-1])
        return "telefoon"
    renamed = {"aanwijzingen": "aanwijzingen_algemeen", "rol": "rol", "plaats": "plaats"}
    return renamed.get(parts[-1], parts[-1])


_TEXTS = ("controle", "vervangt", "concept", "corrigeert", "correctie", "verhaal")


def signal(filled: Filled) -> dict[str, Any]:
    """The whole observation, as the interface takes it."""
    tracks = filled.many("sporen")
    return {
        "subjecten": [{"rol": filled.text("rol", "onbekend") or "onbekend", "kenmerken": attributes(filled)}],
        "waargenomen": typed_day(filled.text("waargenomen")),
        "waarnemingGrondslag": filled.text("waarnemingGrondslag"),
        "controlesoort": filled.text("controlesoort"),
        "uitbuitingsvorm": filled.text("uitbuitingsvorm"),
        "aanwijzingen": [code for group in INDICATOR_GROUPS for code in filled.many(f"aanwijzingen_{group}")],
        "beoordeling": {
            "bron": filled.text("bron", "X") or "X",
            "informatie": int(text)
            if (text := filled.text("informatie", "4")) in {"1", "2", "3", "4"}
            else text,
            "behandeling": filled.text("behandeling", "H1") or "H1",
        },
        "sporen": {
            "geenPolitiecontact": "geen_politiecontact" in tracks,
            "zorgspoor": "zorgspoor" in tracks,
            "acuutGevaar": "acuut_gevaar" in tracks,
        },
        "grenscontext": "grenscontext" in tracks,
        "kwaliteitscontrole": list(filled.many("kwaliteitscontrole")),
    } | {
        # A browser ends lines in two characters.
        name: filled.text(name).replace("\r\n", "\n")
        for name in _TEXTS
        if filled.text(name)
    }


def inputs(filled: Filled) -> dict[str, list[str]]:
    """What was filled in, as a draft keeps it."""
    return {
        name: list(texts)
        for name, texts in filled.ticked.items()
        if name in SIGNAL_INPUTS and any(one.strip() for one in texts)
    }


def filled_in(kept: Mapping[str, Sequence[str]]) -> Filled:
    """The form again, from what a draft kept."""
    return Filled.of([(name, text) for name, texts in kept.items() for text in texts])


def filled_from(body: Mapping[str, Any]) -> Filled | None:
    """The form for an observation of the interface; None for one that does not fit in it: more subjects, or attributes in other parts."""
    if len(body["subjecten"]) != 1:
        return None
    subject, graded, tracks = body["subjecten"][0], body.get("beoordeling"), body.get("sporen") or {}
    pairs = _blocks(subject.get("kenmerken", []))
    if pairs is None or graded is None:
        return None
    pairs += [
        ("rol", subject["rol"]),
        *((name, body[name]) for name in _COPIED),
        *((name, str(graded[name])) for name in ("bron", "informatie", "behandeling")),
        *((f"aanwijzingen_{INDICATORS[code].group}", code) for code in body["aanwijzingen"]),
        *(("kwaliteitscontrole", code) for code in body.get("kwaliteitscontrole", [])),
        *(("sporen", name) for name, field_ in _TRACKS.items() if tracks.get(field_)),
    ]
    if body.get("grenscontext"):
        pairs.append(("sporen", "grenscontext"))
    pairs += [(name, body[name]) for name in ("controle", "verhaal") if body.get(name)]
    return Filled.of(pairs)


_COPIED = ("waargenomen", "waarnemingGrondslag", "controlesoort", "uitbuitingsvorm")
_TRACKS: Mapping[str, str] = {
    "geen_politiecontact": "geenPolitiecontact",
    "zorgspoor": "zorgspoor",
    "acuut_gevaar": "acuutGevaar",
}
"""Box of the form -> what the interface calls it."""


def _blocks(attributes: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]] | None:
    free = dict(ATTRIBUTES)
    pairs: list[tuple[str, str]] = []
    for attribute in attributes:
        wanted = {(attribute["soort"], part) for part in attribute["velden"]}
        block = next((name for name, parts in free.items() if wanted <= set(parts)), None)
        if block is None:
            return None
        del free[block]
        pairs += [
            (input_name(block, (attribute["soort"], part)), text)
            for part, text in attribute["velden"].items()
        ]
    return pairs


def question(filled: Filled, control: str, purpose: str = "signalering") -> dict[str, Any]:
    """The question, as the interface takes it."""
    body = {
        "kenmerken": attributes(filled),
        "doel": purpose,
        "reden": OF_A_CASE if purpose != "signalering" else filled.text("reden", "controle") or "controle",
    }
    return body | ({"controle": control} if control else {})


def opens_control(filled: Filled) -> bool:
    """Whether a control is opened with what was chosen."""
    return filled.text("controle").split(":")[0] == NEW_CONTROL


def new_control(filled: Filled, place: str) -> dict[str, Any]:
    """The control that is opened: of the kind that was tapped, or of that which was filled in."""
    _new, *kind = filled.text("controle").split(":")
    basis, control_type = (
        kind if len(kind) == 2 else (filled.text("waarnemingGrondslag"), filled.text("controlesoort"))
    )
    return {
        "waarnemingGrondslag": basis,
        "controlesoort": control_type,
        "plaats": filled.text("plaats").upper() or place,
        "gepland": False,
    }


def of_control(filled: Filled, controls: Sequence[Mapping[str, Any]]) -> Filled:
    """The form with task and type of the control that was chosen, where they were left empty."""
    chosen = next((one for one in controls if one["nummer"] == filled.text("controle")), None)
    if chosen is None:
        return filled
    told = {name: chosen[name] for name in ("waarnemingGrondslag", "controlesoort") if not filled.text(name)}
    return Filled({**filled.texts, **told}, filled.ticked)


def control_text(control: Mapping[str, Any]) -> str:
    """A control that is open, as somebody chooses it."""
    words = control_words(control["waarnemingGrondslag"], control["controlesoort"])
    return f"{words} ({control['nummer']})"


def control_words(basis: str, control_type: str, *, short: bool = False) -> str:
    """A kind of control as somebody chooses it; short where the type says enough."""
    kind, task = CONTROL_TYPES.get(control_type), OBSERVATION_BASES.get(basis)
    said = kind.label if kind else control_type
    return said if short else f"{said}, {str(task.label).lower() if task else basis}"


def _options(items: Mapping[str, Item]) -> Sequence[tuple[str, str]]:
    return [(item.code, item.label) for item in items.values() if item.active]


def _explained(items: Mapping[str, Item]) -> Sequence[tuple[str, str]]:
    return [
        (item.code, f"{item.label}. {item.help}" if item.help else item.label)
        for item in items.values()
        if item.active
    ]


def _roles() -> Sequence[tuple[str, str]]:
    """The role that is chosen already says no more than its name, so that it fits a phone; the hint above says when to choose it."""
    return [(code, ROLES[code].label if code == "onbekend" else text) for code, text in _explained(ROLES)]


def _indicators(group: str) -> tuple[str, str, Sequence[tuple[str, str]]]:
    listed = tuple(
        (one.code, f"{one.label}{'' if one.draagt else ' *'}. {one.help}")
        for one in INDICATORS.values()
        if one.group == group
    )
    return f"aanwijzingen_{group}", INDICATOR_GROUPS[group], listed


@dataclass(frozen=True)
class Choices:
    """The value lists, as (code, text) for selects and boxes; made for one request, in its language."""

    bases: Sequence[tuple[str, str]] = tuple(_options(OBSERVATION_BASES))
    control_types: Sequence[tuple[str, str]] = tuple(_options(CONTROL_TYPES))
    forms: Sequence[tuple[str, str]] = tuple(_options(EXPLOITATION_FORMS))
    roles: Sequence[tuple[str, str]] = field(default_factory=lambda: tuple(_roles()))
    sources: Sequence[tuple[str, str]] = tuple(_options(SOURCES))
    grades: Sequence[tuple[str, str]] = tuple(_options(INFORMATION_GRADES))
    handling: Sequence[tuple[str, str]] = tuple(_options(HANDLING))
    quality: Sequence[tuple[str, str]] = tuple(_options(QUALITY_POINTS))
    reasons: Sequence[tuple[str, str]] = tuple(one for one in REASONS.items() if one[0] != OF_A_CASE)
    indicators: Sequence[tuple[str, str, Sequence[tuple[str, str]]]] = field(
        default_factory=lambda: tuple(map(_indicators, INDICATOR_GROUPS))
    )
