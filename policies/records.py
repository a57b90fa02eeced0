# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Reads a profile and its records (grounds, gates, alliances, organisations, mandates) from YAML text.

It refuses what it does not know: a record with a misspelt key is an error, not a shorter record, because a shorter
record could be a wider one. Every refusal names the record. Left to others: finding the files (desk.load) and what the
records mean (grounds).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import TypeVar

import yaml

from policies.decision import PURPOSES, ROLES, Mandate
from policies.grounds import (
    CODES,
    GATES,
    HOSTS,
    KINDS,
    Alliance,
    Criterion,
    FgAdvice,
    Gate,
    Ground,
    GroundError,
    GroundRegister,
    Organisation,
    Party,
)
from policies.profiles import Profile
from process.language import gettext as _

_MOST_YEARS = 10
_T = TypeVar("_T")
_Record = dict[str, object]


@lru_cache(maxsize=8)
def parse_profile(text: str) -> Profile:
    """Read `profile.yaml`.

    Raises:
        GroundError: a key or value that is not known, or one that is missing.
    """
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise GroundError(_("profile.yaml is geen YAML")) from error
    if not isinstance(document, dict) or set(document) != {"profile"}:
        raise GroundError(_("in profile.yaml staat één onderdeel: profile"))
    if not isinstance(document["profile"], dict):
        raise GroundError(_("in profile.yaml staat één onderdeel: profile"))
    read = _Reader(document["profile"], _("profiel"))
    profile = Profile(
        name=read.text("name"),
        grounds=read.texts("grounds", CODES),
        within_alliance=read.texts("within_alliance", CODES),
        stand_ins=_stand_ins(read),
        training_years=read.years("training_years"),
        screening_years=read.years("screening_years"),
        notice=read.text("notice", optional=True),
    )
    read.done()
    if not {*profile.within_alliance, *profile.stand_ins} <= profile.grounds:
        raise read.refuse("grounds", _("alles wat within_alliance en stand_ins noemen"))
    return profile


def _stand_ins(read: "_Reader") -> dict[str, frozenset[str]]:
    found = read.record("stand_ins")
    if found is None:
        return {}
    stand_ins = {code: found.texts(code, CODES) for code in CODES}
    found.done()
    return {code: others for code, others in stand_ins.items() if others}


def parse_register(files: Mapping[str, str], profile: Profile) -> GroundRegister:
    """Read the YAML texts of a profile, keyed by file name.

    Args:
        files: `grounds.yaml`, `gates.yaml`, `alliances.yaml`, `organisations.yaml`; `mandates.yaml` and
            `criteria.yaml` may be absent, and other names are ignored.
        profile: what it opens.

    Raises:
        GroundError: a missing file, a key or value that is not known, or a reference to nothing.
    """
    register = GroundRegister(
        grounds=_by_id(_ground(record) for record in _records(files, "grounds")),
        gates=_by_id((_gate(record) for record in _records(files, "gates")), key="code"),
        alliances=_by_id(_alliance(record) for record in _records(files, "alliances")),
        organisations=_by_id(_organisation(record) for record in _records(files, "organisations")),
        mandates=tuple(_mandate(record) for record in _records(files, "mandates", optional=True)),
        criteria=tuple(_criterion(record) for record in _records(files, "criteria", optional=True)),
        profile=profile,
    )
    register.check()
    return register


def parse_grounds(text: str) -> tuple[Ground, ...]:
    """Read a YAML text in the form of `grounds.yaml` on its own; whether its holders exist is for a register to say.

    Raises:
        GroundError: a key or value that is not known, or an id twice.
    """
    return tuple(_by_id(_ground(record) for record in _records({"grounds.yaml": text}, "grounds")).values())


def ground_texts(text: str) -> dict[str, str]:
    """The records of such a text as they were given, by id, each a text of that form of its own.

    Raises:
        GroundError: as `parse_grounds`.
    """
    parse_grounds(text)
    return _texts(text, "grounds")


def parse_alliances(text: str) -> tuple[Alliance, ...]:
    """Read a YAML text in the form of `alliances.yaml` on its own; whether its parties exist is for a register to say.

    Raises:
        GroundError: a key or value that is not known, or an id twice.
    """
    records = _records({"alliances.yaml": text}, "alliances")
    return tuple(_by_id(_alliance(record) for record in records).values())


def parse_criteria(text: str) -> tuple[Criterion, ...]:
    """Read a YAML text in the form of `criteria.yaml` on its own.

    Raises:
        GroundError: a key or value that is not known, or an id twice.
    """
    records = _records({"criteria.yaml": text}, "criteria")
    return tuple(_by_id(_criterion(record) for record in records).values())


def alliance_texts(text: str) -> dict[str, str]:
    """The records of such a text as they were given, by id, each a text of that form of its own.

    Raises:
        GroundError: as `parse_alliances`.
    """
    parse_alliances(text)
    return _texts(text, "alliances")


def _texts(text: str, name: str) -> dict[str, str]:
    return {
        str(one["id"]): yaml.safe_dump({name: [one]}, allow_unicode=True, sort_keys=False)
        for one in _records({f"{name}.yaml": text}, name)
    }


def _records(files: Mapping[str, str], name: str, *, optional: bool = False) -> list[_Record]:
    if f"{name}.yaml" not in files:
        if optional:
            return []
        raise GroundError(_("{bestand} ontbreekt").format(bestand=f"{name}.yaml"))
    try:
        document = yaml.safe_load(files[f"{name}.yaml"])
    except yaml.YAMLError as error:
        raise GroundError(_("{bestand} is geen YAML").format(bestand=f"{name}.yaml")) from error
    if not isinstance(document, dict) or set(document) != {name} or not isinstance(document[name], list):
        raise GroundError(_("in {bestand} staat één lijst: {naam}").format(bestand=f"{name}.yaml", naam=name))
    records: list[_Record] = []
    for record in document[name]:
        if not isinstance(record, dict) or not all(isinstance(key, str) for key in record):
            raise GroundError(
                _("{bestand}: elk onderdeel heeft waarden met een naam").format(bestand=f"{name}.yaml")
            )
        records.append(record)
    return records


class _Reader:
    """Takes typed values out of one record and refuses what is left over."""

    def __init__(self, record: _Record, name: str) -> None:
        self._left = dict(record)
        self.name = f"{name} {record.get('id') or record.get('code') or record.get('officer') or '?'}"

    def refuse(self, key: str, wanted: str) -> GroundError:
        return GroundError(
            _("{naam}: bij '{wat}' hoort {soort}").format(naam=self.name, wat=key, soort=wanted)
        )

    def text(self, key: str, allowed: Collection[str] | None = None, *, optional: bool = False) -> str:
        value = self._left.pop(key, "" if optional else None)
        if not isinstance(value, str) or not (value or optional):
            raise self.refuse(key, _("een tekst"))
        if value and allowed is not None and value not in allowed:
            raise self.refuse(key, _("een keuze uit {namen}").format(namen=", ".join(allowed)))
        return value

    def day(self, key: str) -> date:
        value = self.optional_day(key)
        if value is None:
            raise self.refuse(key, _("een datum"))
        return value

    def optional_day(self, key: str) -> date | None:
        value = self._left.pop(key, None)
        # A datetime is a date to Python, and would compare wrongly with one.
        if value is not None and type(value) is not date:
            raise self.refuse(key, _("een datum"))
        return value

    def truth(self, key: str, *, default: bool | None = None) -> bool:
        value = self._left.pop(key, default)
        if not isinstance(value, bool):
            raise self.refuse(key, _("true of false"))
        return value

    def texts(self, key: str, allowed: Collection[str] | None = None) -> frozenset[str]:
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.refuse(key, _("een lijst met teksten"))
        if allowed is not None and not set(value) <= set(allowed):
            raise self.refuse(key, _("een keuze uit {namen}").format(namen=", ".join(allowed)))
        return frozenset(value)

    def years(self, key: str) -> int:
        value = self._left.pop(key, None)
        if type(value) is not int or not 1 <= value <= _MOST_YEARS:
            raise self.refuse(key, _("een aantal jaren van 1 tot en met {meest}").format(meest=_MOST_YEARS))
        return value

    def items(self, key: str) -> list[object]:
        value = self._left.pop(key, None)
        if not isinstance(value, list) or not value:
            raise self.refuse(key, _("een lijst waar iets in staat"))
        return value

    def degrees(self, key: str) -> float | None:
        value = self._left.pop(key, None)
        if value is not None and not isinstance(value, float):
            raise self.refuse(key, _("een aantal graden"))
        return value

    def record(self, key: str) -> "_Reader | None":
        value = self._left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.refuse(key, _("een onderdeel met waarden"))
        return _Reader(value, f"{self.name}, {key}:")

    def done(self) -> None:
        if self._left:
            raise GroundError(
                _("{naam}: onbekend: {namen}").format(naam=self.name, namen=", ".join(sorted(self._left)))
            )


def _ground(record: _Record) -> Ground:
    read = _Reader(record, _("grondslag"))
    decision = read.record("decision")
    if decision is None:
        raise read.refuse("decision", _("een besluit: zonder besluit is er geen grondslag"))
    advice = read.record("fg_advice")
    ground = Ground(
        id=read.text("id"),
        code=read.text("code", CODES),
        article=read.text("article"),
        task=read.text("task"),
        organisation=read.text("organisation", optional=True),
        parties=read.texts("parties"),
        alliance=read.text("alliance", optional=True),
        host=read.text("host", HOSTS, optional=True),
        valid_from=read.day("valid_from"),
        valid_to=read.day("valid_to"),
        document=read.text("document"),
        decided_by=decision.text("by"),
        decided_on=decision.day("date"),
        fg_advice=None if advice is None else _advice(advice),
        purposes=read.texts("purposes", PURPOSES),
        roles=read.texts("roles", ROLES),
        case=read.text("case", optional=True),
    )
    decision.done()
    read.done()
    if ground.code == "G-TOEST" and not ground.case:
        raise read.refuse("case", _("een zaak: toestemming geldt voor één zaak"))
    return ground


def _advice(read: _Reader) -> FgAdvice:
    advice = FgAdvice(
        on=read.day("date"),
        document=read.text("document"),
        objection=read.truth("objection"),
        answered_on=read.optional_day("answered_on"),
    )
    read.done()
    return advice


def _gate(record: _Record) -> Gate:
    read = _Reader(record, _("poort"))
    advice = read.record("fg_advice")
    gate = Gate(
        read.text("code", GATES),
        read.truth("open"),
        read.text("decision"),
        None if advice is None else _advice(advice),
    )
    read.done()
    if gate.open and (gate.fg_advice is None or gate.fg_advice.blocks(date.max)):
        raise read.refuse(
            "open",
            _("false: een poort gaat niet open zonder advies van de FG of met een onbeantwoord bezwaar"),
        )
    return gate


def _alliance(record: _Record) -> Alliance:
    read = _Reader(record, _("verband"))
    kind = read.text("kind", KINDS)
    alliance = Alliance(
        id=read.text("id"),
        name=read.text("name"),
        kind=kind,
        host=read.text("host", HOSTS, optional=kind == "convenant"),
        parties=tuple(_party(one, read) for one in read.items("parties")),
        document=read.text("document"),
        valid_from=read.day("valid_from"),
        valid_to=read.optional_day("valid_to"),
    )
    read.done()
    return alliance


def _party(value: object, of: _Reader) -> Party:
    """A party by its code alone, or with the days between which it is one."""
    if isinstance(value, str) and value:
        return Party(value)
    if not isinstance(value, dict):
        raise of.refuse("parties", _("een lijst met codes, of met organisation, valid_from en valid_to"))
    read = _Reader(value, f"{of.name}, {_('partij')}")
    party = Party(read.text("organisation"), read.optional_day("valid_from"), read.optional_day("valid_to"))
    read.done()
    return party


def _organisation(record: _Record) -> Organisation:
    read = _Reader(record, _("organisatie"))
    organisation = Organisation(
        read.text("id"),
        read.text("name"),
        read.truth("participant"),
        read.degrees("latitude"),
        read.degrees("longitude"),
        read.optional_day("valid_from"),
        read.optional_day("valid_to"),
        read.text("successor", optional=True),
        read.text("contact", optional=True),
    )
    read.done()
    return organisation


def _mandate(record: _Record) -> Mandate:
    read = _Reader(record, _("mandaat"))
    mandate = Mandate(
        role=read.text("role", ROLES),
        organisation=read.text("organisation"),
        officer=read.text("officer"),
        valid_from=read.day("valid_from"),
        valid_to=read.day("valid_to"),
        trained_on=read.optional_day("trained_on"),
        screened_on=read.optional_day("screened_on"),
    )
    read.done()
    return mandate


def _criterion(record: _Record) -> Criterion:
    read = _Reader(record, _("criterium"))
    criterion = Criterion(read.text("id"), read.text("question"))
    read.done()
    return criterion


def _by_id(records: Iterable[_T], *, key: str = "id") -> dict[str, _T]:
    found: dict[str, _T] = {}
    for record in records:
        name = getattr(record, key)
        if name in found:
            raise GroundError(_("{naam} staat er twee keer").format(naam=name))
        found[name] = record
    return found
