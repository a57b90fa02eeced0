# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Answers in plain Dutch lines, as the person at the terminal reads them. Pure: JSON of the interface in, text out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from process.language import gettext as _
from process.language import together
from register.municipal.receipts import Break
from register.wire import Uitkomst
from register.words import Reasons, day, period, reasons

_LEAVES_SHOWN = 20
_REFUSED_SHOWN = 20
_REASONS_SHOWN = 10

OUTCOMES: Mapping[str, str] = {
    Uitkomst.BEKEND_ELDERS: _("Bekend elders"),
    Uitkomst.MOGELIJK: _("Mogelijk bekend elders"),
    Uitkomst.NIET_BEKEND: _("Niet bekend, of niet zichtbaar voor u"),
    Uitkomst.MINDERJARIGENROUTE: _("Minderjarigenroute"),
}


def told_answer(answer: Mapping[str, Any]) -> str:
    """The answer to a question."""
    lines = [OUTCOMES.get(answer["uitkomst"], answer["uitkomst"]).upper(), answer["toelichting"], ""]
    lines += [f"{term}: {value}" for term, value in answer_rows(answer)]
    lines += ["", _("Wat nu: {tekst}").format(tekst=answer["watNu"])]
    for heading, sentences in explained(answer):
        lines += _listed(f"{heading}:", sentences)
    lines += _listed(f"{FROM_DOCUMENTS}:", from_documents(answer))
    lines += _listed(_("Dit deed niet mee:"), [one["reden"] for one in answer.get("nietGebruikt", [])])
    lines += _listed(_("Dit antwoord gaat niet over:"), answer.get("nietBekeken", []))
    lines += ["", _("Deze vraag staat in het logboek, blad {blad}.").format(blad=answer["logbewijs"]["blad"])]
    return "\n".join(lines)


FROM_DOCUMENTS: Final = _("Gelezen uit de regels van het document")


def from_documents(answer: Mapping[str, Any]) -> list[str]:
    """What was read in machine-readable lines, in sentences; without such lines none."""
    sentences = []
    for one in answer.get("uitDocument", []):
        kinds = together(one["gebruikt"])
        sentences += [_("Dit doet mee: {soorten}.").format(soorten=kinds), *one["nietGebruikt"]]
    return sentences


def explained(answer: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Why this is the answer, as (heading, sentences).

    Nothing known, or nothing that may be told: the grounds only. What field by field was not offered would be an answer about an answer.
    """
    told = answer["uitleg"]
    grounds = (_("Op deze grondslag"), told["grondslagen"])
    if answer["uitkomst"] == Uitkomst.NIET_BEKEND:
        return [grounds]
    return [
        (_("Dit mag u zien"), told["magZien"]),
        grounds,
        (_("Dit ziet u niet, en waarom"), told["nietAangeboden"]),
        (_("Laat dit weg, en deel het niet"), told["laatWeg"]),
    ]


def answer_rows(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields that policy opened, with the words for them."""
    return [(term, value) for _member, term, value in _answer_members(answer)]


def answer_reasons(answer: Mapping[str, Any]) -> Reasons | None:
    """Why each field of an answer is there."""
    terms = {member: term for member, term, _value in _answer_members(answer)}
    return reasons(answer.get("waarom", []), terms)


def _answer_members(answer: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    named = {
        "aantalGemeenten": _("Aantal andere gemeenten"),
        "gemeenten": _("Gemeenten"),
        "laatstGezien": _("Laatst gezien"),
        "soorten": _("Komt overeen op"),
    }
    shown = {**answer, "soorten": [_(one) for one in answer.get("soorten") or []]}
    if answer.get("laatstGezien"):
        shown["laatstGezien"] = period(answer["laatstGezien"])
    return [(name, term, _text(shown[name])) for name, term in named.items() if shown.get(name)]


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _listed(heading: str, texts: Sequence[str]) -> list[str]:
    return ["", heading, *(f"  - {text}" for text in texts)] if texts else []


def told_submission(answer: Mapping[str, Any]) -> str:
    """What became of a signal."""
    read = _listed(f"{FROM_DOCUMENTS}:", from_documents(answer))
    if "staat" in answer:
        number = _("Nummer: {nummer}").format(nummer=answer["signaalId"])
        return "\n".join([answer["toelichting"], number, *read])
    first = (
        _("Dit signaal was al bewaard; er is niets dubbel opgeslagen.")
        if answer.get("herhaald")
        else _("Het signaal is bewaard.")
    )
    return "\n".join(
        [
            first,
            _("Nummer: {nummer}").format(nummer=answer["signaalId"]),
            _("Het verdwijnt vanzelf op {datum}.").format(datum=day(answer["verlooptOp"])),
            _("Dit staat in het logboek, blad {blad}.").format(blad=answer["logbewijs"]["blad"]),
            *read,
        ]
    )


def told_due(answer: Mapping[str, Any]) -> str:
    """The controls without an outcome."""
    rows = [
        _("{nummer} van {dag}, uiterlijk {tot}{laat}").format(
            nummer=one["controle"],
            dag=day(one["dag"]),
            tot=day(one["uiterlijk"]),
            laat=_(" (te laat)") if one["teLaat"] else "",
        )
        for one in answer["aflopen"]
    ]
    return "\n".join(rows) or _("Van geen enkele controle hoeft nog een afloop te worden vastgelegd.")


def told_outcome(answer: Mapping[str, Any]) -> str:
    """That an outcome was recorded, and whether the register has it."""
    told = (
        _("De afloop van {nummer} staat in het logboek.")
        if answer["gemeld"]
        else _("De afloop van {nummer} staat bij uw organisatie en wordt vanzelf gemeld.")
    )
    return told.format(nummer=answer["controle"])


def told_withdrawal(answer: Mapping[str, Any]) -> str:
    """That a signal was withdrawn."""
    return str(answer["toelichting"])


def told_recovery(gone_over: Mapping[str, int], lost: Mapping[str, int]) -> str:
    """What became of sealed records, by table."""
    named = {
        "node_secret": _("nummering"),
        "casebook": _("dossier"),
        "outbox": _("uitbak"),
        "draft": _("concepten"),
    }
    lines = [
        _("{wat}: {aantal} hersteld").format(wat=named.get(table, table), aantal=count)
        for table, count in gone_over.items()
    ]
    if sum(lost.values()):
        lines += [
            _("Niet te herstellen met deze sleutel: {aantal}.").format(aantal=sum(lost.values())),
            _(
                "Dat zijn gegevens van vóór de herstelsleutel, of die voor een andere herstelsleutel zijn verzegeld. Heeft u die nog, voer dit dan ook daarmee uit."
            ),
        ]
    elif not sum(gone_over.values()):
        lines = [_("Er was niets te herstellen: alles opent al met dit zegel.")]
    return "\n".join(lines)


def told_import(report: Mapping[str, Any]) -> str:
    """What became of a file, or would become of it."""
    lines = _told_dry_run(report) if report["proef"] else _told_rows(report)
    if report["geweigerdeRijen"]:
        lines.append(_("Geweigerd: {aantal}.").format(aantal=number(report["geweigerdeRijen"])))
    if report["redenen"]:
        lines += ["", _("Waarom geweigerd:")]
        lines += [f"  {number(one['aantal'])} x {one['reden']}" for one in report["redenen"][:_REASONS_SHOWN]]
        lines += ["", _("De eerste geweigerde rijen (alle rijen met --report BESTAND):")]
        lines += [_refused_row(one) for one in report["geweigerd"][:_REFUSED_SHOWN]]
    if report["gestopt"]:
        lines += ["", report["gestopt"]]
    return "\n".join(lines)


def _told_rows(report: Mapping[str, Any]) -> list[str]:
    stored, known, waiting = report["bewaard"], report["herhaald"], report["wacht"]
    if known and not stored and not waiting and not report["gestopt"]:
        if known == report["rijen"]:
            return [
                _("Alle {aantal} rijen waren al bewaard; er is niets toegevoegd.").format(
                    aantal=number(known)
                )
            ]
        return [_("Er is niets toegevoegd. Al eerder bewaard: {aantal}.").format(aantal=number(known))]
    lines = [
        _("Bewaard: {aantal}. Al eerder bewaard: {bekend}.").format(
            aantal=number(stored), bekend=number(known)
        )
    ]
    if waiting:
        lines.append(
            _("Wacht op de node: {aantal}. Deze rijen zijn veilig en worden vanzelf verstuurd.").format(
                aantal=number(waiting)
            )
        )
    return lines


def _told_dry_run(report: Mapping[str, Any]) -> list[str]:
    lines = [
        _("Dit was een proef: er is niets opgeslagen."),
        _("Zou worden bewaard: {aantal}. Al eerder bewaard: {bekend}.").format(
            aantal=number(report["bewaard"]), bekend=number(report["herhaald"])
        ),
    ]
    if report["bewaard"] and report["geschatteSeconden"]:
        lines.append(_("De import duurt dan {tijd}.").format(tijd=span(report["geschatteSeconden"])))
    return lines


def _refused_row(one: Mapping[str, Any]) -> str:
    row = number(one["rij"])
    if not one["kolom"]:
        return _("Rij {rij}: {reden}").format(rij=row, reden=one["reden"])
    return _("Rij {rij}, kolom {kolom}: {reden}").format(rij=row, kolom=one["kolom"], reden=one["reden"])


def number(value: int) -> str:
    """A whole number as it is written in Dutch: 12.000."""
    return f"{value:,}".replace(",", ".")


def span(seconds: float) -> str:
    """A length of time in words, as exact as anyone needs."""
    if seconds < 1.5:
        return _("een seconde")
    if seconds < 60:
        return _("{aantal} seconden").format(aantal=round(seconds))
    if seconds < 90:
        return _("ongeveer een minuut")
    if seconds < 5_400:
        return _("ongeveer {aantal} minuten").format(aantal=round(seconds / 60))
    if seconds < 129_600:
        return _("ongeveer {aantal} uur").format(aantal=round(seconds / 3_600))
    return _("ongeveer {aantal} dagen").format(aantal=round(seconds / 86_400))


def told_receipts(found: Mapping[str, Any]) -> str:
    """How the receipts stand, with every alarm."""
    lines = [
        _("Bewezen: {bewezen}. Wachtend: {wachtend}. Te laat: {laat}. Strijdig: {strijdig}.").format(
            bewezen=found["bewezen"],
            wachtend=found["wachtend"],
            laat=len(found["teLaat"]),
            strijdig=len(found["strijdig"]),
        )
    ]
    if found.get("getuigen"):
        lines.append(_("Het nieuwste controlepunt telt niet: {reden}.").format(reden=found["getuigen"]))
    for title, sentences in log_alarms(found):
        lines += ["", title.upper(), *sentences]
    return "\n".join(lines)


def log_alarms(found: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """What people must know about the register's log: a title and sentences for each alarm, the worst first."""
    alarms = [_break_alarm(one) for one in found["logbreuken"]]
    if found["strijdig"]:
        what = _(
            "Het register tekende een bewijs dat werk van uw organisatie in het logboek staat. Het logboek zegt iets anders. Het gaat om blad {bladen}."
        )
        alarms.append(
            (
                _("Het logboek van het register klopt niet"),
                [what.format(bladen=_leaves(found["strijdig"])), _call_today()],
            )
        )
    if found["teLaat"]:
        what = _(
            "Alles wat u doet, moet binnen tien minuten in het logboek van het register staan. Dat is nog niet bewezen voor blad {bladen}."
        )
        alarms.append(
            (
                _("Het bewijs uit het logboek is te laat"),
                [
                    what.format(bladen=_leaves(found["teLaat"])),
                    _late_why(found.get("getuigen")),
                    _(
                        "Vertel het aan de functionaris gegevensbescherming (FG) van uw organisatie en noem deze nummers."
                    ),
                ],
            )
        )
    return alarms


def _late_why(unwitnessed: str | None) -> str:
    if unwitnessed:
        return _(
            "Te weinig getuigen bevestigen het logboek: {reden}. Komt het bewijs alsnog, dan verdwijnt deze melding vanzelf."
        ).format(reden=unwitnessed)
    return _(
        "Misschien is het register niet bereikbaar. Komt het bewijs alsnog, dan verdwijnt deze melding vanzelf."
    )


def _break_alarm(one: Mapping[str, Any]) -> tuple[str, list[str]]:
    sizes = {"vorige": one["vorigeOmvang"], "omvang": one["omvang"]}
    if one["soort"] == Break.SHORTER:
        what = _(
            "Het logboek telde eerst {vorige} bladen en daarna {omvang}. Er kunnen vragen of signalen uit verdwenen zijn."
        )
        return _("Het logboek van het register is korter geworden"), [what.format(**sizes), _call_today()]
    if one["soort"] == Break.CLOCK:
        what = _(
            "Blad {omvang} kwam later in het logboek dan blad {vorige}, maar heeft een eerder tijdstip. Iemand kan iets op een ander moment hebben gezet dan waarop het gebeurde."
        )
        return _("De klok van het register is teruggezet"), [what.format(**sizes), _call_today()]
    what = _(
        "Het logboek van nu ({omvang} bladen) bewijst niet dat het logboek van eerder ({vorige} bladen) er ongewijzigd in staat. Het oude deel mag nooit veranderen."
    )
    return _("Het logboek van het register lijkt achteraf veranderd"), [what.format(**sizes), _call_today()]


def _call_today() -> str:
    return _(
        "Bel vandaag nog de functionaris gegevensbescherming (FG) van uw organisatie en noem deze nummers. De FG neemt contact op met de beheerder van het register. U kunt dit niet zelf herstellen."
    )


def _leaves(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_LEAVES_SHOWN]))
    rest = len(numbers) - _LEAVES_SHOWN
    return shown if rest <= 0 else _("{bladen} en nog {aantal} bladen").format(bladen=shown, aantal=rest)


def told_treffers(answer: Mapping[str, Any]) -> str:
    """The treffers that wait."""
    if not answer["treffers"]:
        return _("Er wachten geen treffers op uw organisatie.")
    return "\n\n".join(_treffer(one) for one in answer["treffers"])


def _treffer(one: Mapping[str, Any]) -> str:
    lines = [_("Treffer van {dag}").format(dag=day(one["gevondenOp"])), treffer_next(one)]
    return "\n".join(
        [*lines, *(f"{term}: {value}" for term, value in (*treffer_rows(one), *treffer_numbers(one)))]
    )


def treffer_next(one: Mapping[str, Any]) -> str:
    """What to do with a treffer, in a sentence or two."""
    waiting = [signal for signal in one.get("onzeSignalen", []) if signal not in one.get("vrijgegeven", [])]
    if one.get("besluitId") and waiting:
        return _("TMM vraagt om fase 2. Beslis of u uw signaal daarvoor vrijgeeft.")
    if one.get("stand") == "opgepakt":
        return (
            _("Uw organisatie pakte hem op. Open de treffer en doe de volgende stap.")
            if one.get("vanOns")
            else _("De andere kant pakte hem op. Open de treffer: misschien vraagt zij om uw contact.")
        )
    if one["onzeRol"] == "vrager" and one.get("onzeSignalen"):
        return _(
            "Uw organisatie stelde de vraag, en bewaarde zelf een signaal. Open de treffer en beoordeel hem."
        )
    if one["onzeRol"] == "vrager":
        return _(
            "Uw organisatie stelde de vraag. Zag uw collega zelf iets dat op dwang of misbruik wijst? Leg dat dan vast als signaal."
        )
    return _("Gegevens uit uw signaal komen vaker voor. Kijk in uw dossier of uw signaal nog klopt.")


def treffer_due(one: Mapping[str, Any], today: date) -> tuple[str, str, bool]:
    """The last day of a treffer, ISO, for sorting; what that day is, in words; and whether somebody here is late."""
    until = one.get("uiterlijk")
    if until and one.get("vanOns"):
        late = date.fromisoformat(until) < today
        told = (
            _("De eerste actie moest klaar zijn voor {dag}.")
            if late
            else _("De eerste actie: klaar voor {dag}.")
        )
        return until, told.format(dag=day(until)), late
    if one.get("stand", "wacht") == "wacht":
        return (
            one["vervaltOp"],
            _("Niemand pakte hem op. Hij vervalt op {dag}.").format(dag=day(one["vervaltOp"])),
            False,
        )
    return one["vervaltOp"], "", False


TREFFER_TERMS: Final[Mapping[str, str]] = {
    "gemeenten": _("Gemeenten"),
    "soorten": _("Komt overeen op"),
    "perioden": _("Perioden"),
    "aantalGemeenten": _("Aantal gemeenten"),
}
"""What policy opens of a treffer -> what it is called."""


def treffer_rows(one: Mapping[str, Any], names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """What is known of a treffer, what a person knows it by first.

    Args:
        one: JSON of the interface.
        names: code of an organisation -> what people call it; codes that are not in it stay.
    """
    opened = {
        **one,
        "gemeenten": [(names or {}).get(code, code) for code in one.get("gemeenten") or []],
        "soorten": [_(kind) for kind in one.get("soorten") or []],
        "perioden": [period(text) for text in one.get("perioden") or []],
    }
    ours = _("stelde de vraag") if one["onzeRol"] == "vrager" else _("gaf een signaal")
    rows = [
        *((term, opened.get(member)) for member, term in TREFFER_TERMS.items()),
        (_("Uw organisatie"), ours),
        (_("Controle"), one.get("zaaknummer")),
        (_("Fase 2"), _phase(one.get("fase2", ""))),
        (_("Deze treffer vervalt op"), day(one["vervaltOp"])),
    ]
    return [(term, _text(value)) for term, value in rows if value]


def _phase(state: str) -> str:
    said = {
        "gesloten": _("gesloten: vorm, aanwijzingen en rol liggen verzegeld bij de gemeente"),
        "gevraagd": _("gevraagd: elke gemeente beslist over haar eigen signaal"),
        "open": _("open: TMM ziet van een signaal dat is vrijgegeven ook vorm, aanwijzingen en rol"),
    }
    return said.get(state, state)


def treffer_numbers(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The numbers of a treffer, which nobody knows it by, for whoever has to type or quote one."""
    rows = [
        (_("Nummer van de treffer"), one["trefferId"]),
        (_("Uw signalen"), one.get("onzeSignalen")),
        (_("Besluit"), one.get("besluitId")),
    ]
    return [(term, _text(value)) for term, value in rows if value]
