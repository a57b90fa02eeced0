# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a process may say in its operational log: a closed list of events, each with its fields, their kinds, and the streams it belongs to.

The law of this file:

1. An event is known by the template of its log call, `_log.warning("holder %d: %s", ...)`; the arguments are its fields, in order. What is not in `EVENTS` is never written: of
   such a record, and of whatever a library says, only the name of the logger, the level and the type of an exception are left.
2. A field has a kind. A value that is not of its kind is left out. No kind has room for a name, a telephone number, a BSN, a pseudonym, an address, a token or a
   URL: numbers stay below ten million, words hold no five digits in a row, and no kind takes 44 characters of base64.
3. Everything left out is counted, and an error where `strict` (in tests): nothing disappears unseen.
4. A stream is a process (`register`, `node`, `sleutelhouder`, `ondertekenaar`, or a command that works for one); an event of another stream is as unknown as one that is nowhere.

Pure. Left to others: rendering, counting, where it goes (process.serving.logs).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

REGISTER, NODE, HOLDER, SIGNER = "register", "node", "sleutelhouder", "ondertekenaar"
PROCESS = "proces"
"""Stream of a process that has no events of its own."""
STREAMS: Final = frozenset({REGISTER, NODE, HOLDER, SIGNER, PROCESS})

Value = int | str | list[int] | dict[str, int]
FOREIGN: Final = "overig"
"""In the place of the event for what is not on the list."""

_LARGEST = 10_000_000
_TEXTS: Final[Mapping[str, re.Pattern[str]]] = {
    # What our own code names: jobs, actions, codes of refusals.
    "code": re.compile(r"(?!.*\d{5})[a-z][a-z0-9_-]{0,39}"),
    # `type(error).__name__`.
    "soort": re.compile(r"(?!.{41})_?[A-Z][A-Za-z]+"),
    "organisatie": re.compile(r"GM\d{4}|[A-Z][A-Z0-9]{1,11}"),
    # file:line:function > file:line:function, of a traceback; never a value.
    "plaats": re.compile(r"(?!.*\d{6})(?:[\w./-]{1,60}:\d{1,5}:[\w<>]{1,60}(?: > )?){0,4}"),
    # A sentence of our own code about a counterpart that fails, with no capital but the first, or the type of an error.
    "zin": re.compile(
        r"(?!.*\d{5})(?!.*\d\.\d)(?!.*[a-z0-9_-]{41})[A-Za-z][^A-Z\n{}\[\]@?&=/]{0,160}|_?[A-Z][A-Za-z]{1,39}"
    ),
    # The last part of the path of a file of ours on this machine.
    "bestand": re.compile(r"(?!.*\d{5})(?!.*\d\.\d)[\w.-]{1,40}"),
    # The name of a log or a signer.
    "naam": re.compile(r"(?!.*\d{5})(?!.*\d\.\d)[a-z0-9.-]{1,30}(/[a-z0-9+-]{1,30}){0,2}"),
}


@dataclass(frozen=True)
class Event:
    """One event.

    Attributes:
        name: as it stands in the log.
        template: of the call.
        fields: name and kind of each argument, in order.
        streams: which may say it.
    """

    name: str
    template: str
    fields: tuple[tuple[str, str], ...] = ()
    streams: frozenset[str] = STREAMS


_AT_NODE = frozenset({NODE})
_AT_HOLDER = frozenset({HOLDER})
_AT_REGISTER = frozenset({REGISTER})

EVENTS: Final = (
    Event("controle_mislukt", "check failed: %s", (("soort", "soort"),)),
    Event("fout", "unexpected %s at %s", (("soort", "soort"), ("plaats", "plaats"))),
    Event("gestrand", "uncaught"),
    Event("certificaat_onbekend", "certificate without a known name"),
    Event("niet_op_tijd_gestopt", "not stopped after %d seconds: ended", (("seconden", "getal"),)),
    Event("taak_onleesbaar", "job %s cannot be looked at: %s", (("taak", "code"), ("soort", "soort"))),
    Event("taak_overgenomen", "job %s was taken over by another runner", (("taak", "code"),)),
    Event("taak_klaar", "job %s done: %s", (("taak", "code"), ("aantallen", "aantallen"))),
    Event("taak_mislukt", "job %s failed: %s", (("taak", "code"), ("soort", "soort"))),
    Event("taak_niet_verlengd", "lease of job %s not renewed: %s", (("taak", "code"), ("soort", "soort"))),
    Event(
        "bewerkt",
        "evaluated %s %s %d",
        (("organisatie", "organisatie"), ("handeling", "code"), ("punten", "getal")),
        _AT_HOLDER,
    ),
    Event("geweigerd", "refused %s", (("code", "code"),), _AT_HOLDER),
    Event(
        "verantwoording_mislukt",
        "account of holder %d: %s",
        (("houder", "getal"), ("soort", "soort")),
        _AT_REGISTER,
    ),
    Event("beleid_onleesbaar", "policy in force decides nothing: %s", (("waarom", "zin"),), _AT_REGISTER),
    Event(
        "controlepunt_vreemd",
        "a signed checkpoint of %d leaves is not of this tree",
        (("omvang", "getal"),),
        _AT_REGISTER,
    ),
    Event("getuige_faalt", "witness %s: %s", (("getuige", "naam"), ("waarom", "zin")), _AT_REGISTER),
    Event("getuige_fout", "witness %s: status %d", (("getuige", "naam"), ("status", "getal")), _AT_REGISTER),
    Event(
        "getuige_weerspreekt",
        "WITNESS %s SAYS THE LOG IS NOT WHAT IT WAS: %s",
        (("getuige", "naam"), ("wat", "code")),
        _AT_REGISTER,
    ),
    Event(
        "bericht_niet_verstuurd",
        "message not sent by %s: %s",
        (("kanaal", "code"), ("soort", "soort")),
        _AT_NODE,
    ),
    Event(
        "aanmelden_geweigerd",
        "sign-in with the provider of %s refused: %s",
        (("organisatie", "organisatie"), ("waarom", "code")),
        _AT_NODE,
    ),
    Event(
        "rol_veranderd",
        "role changed at sign-in for %s: %s to %s",
        (("organisatie", "organisatie"), ("was", "code"), ("nu", "code")),
        _AT_NODE,
    ),
    Event("te_weinig_getuigen", "the register's checkpoint has too few witnesses", (), _AT_NODE),
    Event("houder_faalt", "holder %d: %s", (("houder", "getal"), ("waarom", "zin")), _AT_NODE),
    Event("houder_weigert", "holder %d refused: %s", (("houder", "getal"), ("code", "code")), _AT_NODE),
    Event("houders_samen_fout", "holders together: %s", (("waarom", "zin"),), _AT_NODE),
    Event("register_weg", "register: %s", (("soort", "soort"),), _AT_NODE),
    Event("register_fout", "register: status %d", (("status", "getal"),), _AT_NODE),
    Event("bewijs_onleesbaar", "the register sent a proof that this version cannot read", (), _AT_NODE),
    Event("ontvangstbewijs_vals", "the register sent a receipt that does not verify", (), _AT_NODE),
    Event("antwoord_onleesbaar", "the register sent an answer that this version cannot read", (), _AT_NODE),
    Event(
        "controlepunt_vals",
        "the register's checkpoint is not one of %s: %s",
        (("ondertekenaar", "naam"), ("waarom", "zin")),
        _AT_NODE,
    ),
    Event(
        "samenhang_onbewezen",
        "no proof that the log of %d leaves extends that of %d",
        (("omvang", "getal"), ("vorige", "getal")),
        _AT_NODE,
    ),
    Event(
        "niet_in_logboek",
        "NOT IN THE LOG: overdue leaves %s; contradicted leaves %s; log %s; %s",
        (("te_laat", "bladen"), ("strijdig", "bladen"), ("logboek", "woorden"), ("getuigen", "zin")),
        _AT_NODE,
    ),
    Event(
        "kanarie_fout",
        "CANARY WRONG: nothing is asked or sent for %s",
        (("organisatie", "organisatie"),),
        _AT_NODE,
    ),
    Event(
        "aanmelding",
        "sign-in at %s: %s",
        (("organisatie", "organisatie"), ("wat", "code")),
        _AT_NODE,
    ),
    Event("kanarie_goed", "canary right again for %s", (("organisatie", "organisatie"),), _AT_NODE),
    Event(
        "taak_van_organisatie_mislukt",
        "job failed for %s: %s",
        (("organisatie", "organisatie"), ("soort", "soort")),
        _AT_NODE,
    ),
    Event(
        "herstelsleutel_op_machine",
        "%s: the private recovery key stands on this machine (%s)",
        (("organisatie", "organisatie"), ("bestand", "bestand")),
        _AT_NODE,
    ),
)

_BY_TEMPLATE: Final = {event.template: event for event in EVENTS}


@dataclass(frozen=True)
class Said:
    """What may be written of one record.

    Attributes:
        event: name, or `FOREIGN`.
        fields: those that may be written.
        dropped: what was left out: names of fields, or `FOREIGN` for a whole text.
    """

    event: str
    fields: Mapping[str, Value]
    dropped: tuple[str, ...]


def allowed(stream: str, template: str, arguments: Sequence[object]) -> Said:
    """What a record of this stream may say."""
    event = _BY_TEMPLATE.get(template)
    if event is None or stream not in event.streams or len(arguments) != len(event.fields):
        return Said(FOREIGN, {}, (FOREIGN,))
    fields: dict[str, Value] = {}
    dropped = []
    for (name, kind), value in zip(event.fields, arguments, strict=True):
        read = _read(kind, value)
        if read is None:
            dropped.append(name)
        else:
            fields[name] = read
    return Said(event.name, fields, tuple(dropped))


def _read(kind: str, value: object) -> Value | None:
    """The value as it may be written; None if it is not of its kind."""
    if kind == "getal":
        return value if _number(value) else None  # type: ignore[return-value]  # a number by _number
    if kind in {"bladen", "woorden"}:
        return _listed(kind, value)
    if kind == "aantallen":
        counted = isinstance(value, Mapping) and all(
            isinstance(name, str) and _TEXTS["zin"].fullmatch(name) and _number(number)
            for name, number in value.items()
        )
        return dict(value) if counted and isinstance(value, Mapping) else None
    text = str(value)
    if kind == "bestand":
        text = text.rsplit("/", maxsplit=1)[-1]
    return text if _TEXTS[kind].fullmatch(text) else None


def _listed(kind: str, value: object) -> Value | None:
    if not isinstance(value, list | tuple):
        return None
    if kind == "bladen":
        return list(value) if all(_number(one) for one in value) else None
    words = [str(one) for one in value]
    return ", ".join(words) if all(_TEXTS["code"].fullmatch(one) for one in words) else None


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -_LARGEST < value < _LARGEST
