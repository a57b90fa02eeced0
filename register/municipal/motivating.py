# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The motivation for a case file: what was asked, by whom, what the answer rests on, and how each condition is met. One text, for the page and for the PDF.

It is about the one who asked and about rules; nothing in it is about the person concerned. Layout is the template's (`web/templates/motivatie.html`) and the
typesetter's (`register.municipal.printing`).
"""

from dataclasses import dataclass

from process.language import gettext as _
from register.municipal.wire import Motivatie, Nodig
from register.words import local_day, time_of_day


@dataclass(frozen=True)
class Block:
    """A heading with sentences; empty ones are left out by `motivated`."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """The whole, in reading order. `conditions` are (condition, how it is met); `receipt` has the lines of the signed note."""

    title: str
    question: str
    answer: str
    rows: tuple[tuple[str, str], ...]
    before: tuple[Block, ...]
    conditions_heading: str
    conditions: tuple[tuple[str, str], ...]
    after: tuple[Block, ...]
    receipt_heading: str
    receipt: tuple[str, ...]
    closing: str


def motivated(found: Motivatie) -> Document:
    """What is printed."""
    answer = found.antwoord
    return Document(
        title=_("Motivatie: mag dit worden gedeeld?"),
        question=answer.vraag,
        answer=answer.kop,
        rows=_rows(found),
        before=_blocks(
            (_("Waarom"), answer.waarom),
            (_("Grondslag"), answer.grondslagen),
        ),
        conditions_heading=_("Voorwaarden, en hoe daaraan is voldaan"),
        conditions=tuple(
            (one.verklaring if one.verklaard else one.eis, how_met(one)) for one in answer.nodig
        ),
        after=_blocks(
            (_("De ontvanger"), answer.ontvanger),
            (_("Wat is weggelaten"), answer.laat_weg),
            (
                _("Regels"),
                [*answer.regels, _("Vingerafdruk van het beleid: {hash}").format(hash=answer.beleid)],
            ),
        ),
        receipt_heading=_("Ontvangstbewijs van het logboek"),
        receipt=_receipt(found),
        closing=_(
            "Deze motivatie gaat over regels en bevoegdheden. Zij zegt niet of er een signaal is, en er staan geen gegevens van de betrokkene in."
        ),
    )


def how_met(need: Nodig) -> str:
    """How a condition is met, in a few words."""
    if need.verklaard:
        return _("Ja, volgens de medewerker.")
    if need.voldaan:
        return _("Ja, nagekeken door het register.")
    return _("Nog niet. {weg}").format(weg=need.weg).strip()


def _rows(found: Motivatie) -> tuple[tuple[str, str], ...]:
    proof, moment = found.antwoord.logbewijs, found.moment.isoformat()
    rows = (
        (_("Datum"), f"{local_day(moment)}, {time_of_day(moment)}"),
        (_("Organisatie"), f"{found.organisatie_naam} ({found.organisatie})"),
        (_("Medewerker"), found.medewerker),
        (_("Rol"), found.rol),
        (_("Doel"), found.doel),
        (_("Controle of zaak"), found.zaaknummer or _("niet genoemd")),
        (_("Grondslag"), found.grondslag or _("geen")),
        (_("Blad in het logboek"), str(proof.blad) if proof else ""),
    )
    return tuple(row for row in rows if row[1])


def _receipt(found: Motivatie) -> tuple[str, ...]:
    """Line by line, as it was signed."""
    proof = found.antwoord.logbewijs
    return tuple(proof.bewijs.splitlines()) if proof else ()


def _blocks(*given: tuple[str, list[str]]) -> tuple[Block, ...]:
    return tuple(Block(heading, tuple(sentences)) for heading, sentences in given if sentences)
