# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The draft of a notification of a data breach (AVG 33), as far as the log can fill it in.

From entries of the own organisation come figures only: how many questions, about roughly how many people, on which kinds of attributes, how many answers told something, from when to when. No number of an officer, control or signal, no digest and no value
goes into a draft, so that it can leave the house. A subject is counted by the set of keyed digests of its question: the same person asked on otherwise counts twice, so the number is an upper bound.

The parts and questions follow the order of the notification form of the Autoriteit Persoonsgegevens as far as it is public: about the notification, contact, timeline, the breach, the data, the people, measures before, consequences, what follows, other. Where only a person can answer there is a
blank, never a guess: whether it is a breach at all, how serious, and what the people concerned are told.

Left to others: reading the log, who may (`register.central.breaching`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from process.language import gettext as _
from pseudonymisation.pseudonym import kinds_for_people
from register.safeguards import report_before

QUESTION = "bevraging"
_NOTHING = "niet_bekend"


@dataclass(frozen=True)
class Figures:
    """What entries say together.

    Attributes:
        questions: how many were asked.
        subjects: about how many people or organisations at most.
        told: how many answers told that something is known.
        others: how many signals of other organisations were shown, in all.
        families: of match keys that were asked on.
        first: moment of the first, RFC 3339; "" if there is none.
        last: of the last.
    """

    questions: int
    subjects: int
    told: int
    others: int
    families: tuple[str, ...]
    first: str
    last: str

    def stored(self) -> dict[str, Any]:
        """As it is kept beside the breach."""
        return {**vars(self), "families": list(self.families)}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Figures":
        """From what was kept."""
        return cls(**{**stored, "families": tuple(stored["families"])})


def figures(entries: Iterable[Mapping[str, Any]]) -> Figures:
    """Count over the fields of questions of one's own organisation."""
    asked = list(entries)
    moments = sorted(str(one.get("moment", "")) for one in asked)
    return Figures(
        questions=len(asked),
        subjects=len({tuple(sorted(one.get("kenmerken") or ())) for one in asked}),
        told=sum(one.get("uitkomst") != _NOTHING for one in asked),
        others=sum(int(one.get("signalen_geteld") or 0) for one in asked),
        families=tuple(sorted({family for one in asked for family in one.get("families") or ()})),
        first=moments[0] if moments else "",
        last=moments[-1] if moments else "",
    )


@dataclass(frozen=True)
class Facts:
    """What is known beside the figures.

    Attributes:
        organisation: its name.
        fg_contact: how its FG is reached.
        known_at: since when it is known.
        frozen_at: when a freeze was asked for; None without one.
        frozen_now: whether it stands still.
        confirmed_at: since when it is confirmed.
    """

    organisation: str
    fg_contact: str
    known_at: datetime
    frozen_at: datetime | None
    frozen_now: bool
    confirmed_at: datetime | None


Part = tuple[str, tuple[tuple[str, str | None], ...]]
"""Title, and questions with an answer or None."""


def draft(facts: Facts, counted: Figures, in_words: Mapping[str, str]) -> tuple[Part, ...]:
    """The notification, part by part.

    Args:
        facts: see there.
        counted: over the entries.
        in_words: the moments `known`, `before`, `first`, `last`, `frozen`, `confirmed` as people write them; "" where there is none.
    """
    kinds = ", ".join(kinds_for_people(counted.families)) or None
    return (
        (
            _("0. Over deze melding"),
            (
                (_("Gaat het om een nieuwe melding?"), _("Ja, een eerste melding.")),
                (_("Op grond van welke wet?"), _("AVG artikel 33.")),
                (_("Is de melding volledig of volgt er meer?"), None),
            ),
        ),
        (
            _("1. Contactgegevens"),
            (
                (_("Naam van de organisatie"), facts.organisation),
                (_("KvK-nummer en adres"), None),
                (_("Wie meldt?"), None),
                (_("Contact voor vragen (functionaris gegevensbescherming)"), facts.fg_contact or None),
                (
                    _("Was er een andere organisatie betrokken?"),
                    _(
                        "Het landelijke signaalregister beantwoordde de vragen. Of dat verwerker of medeverantwoordelijke is, vult u zelf in."
                    ),
                ),
            ),
        ),
        (
            _("2. Tijdlijn"),
            (
                (_("Wanneer begon de inbreuk?"), in_words["first"] or None),
                (_("Wanneer eindigde de inbreuk?"), in_words["last"] or None),
                (_("Duurt de inbreuk nog voort?"), _ongoing(facts, in_words)),
                (_("Wanneer is de inbreuk ontdekt?"), in_words["known"]),
                (_("Melden kan zonder uitleg tot"), in_words["before"]),
                (_("Is het later dan 72 uur: waarom?"), None),
            ),
        ),
        (
            _("3. Gegevens over het datalek"),
            (
                (
                    _("Samenvatting van het incident"),
                    _(
                        "Een medewerker vroeg {vragen} keer gegevens op in het register, mogelijk zonder dat de taak dat nodig maakte. {verteld} van die vragen gaven een antwoord waaruit iets bleek."
                    ).format(vragen=counted.questions, verteld=counted.told),
                ),
                (
                    _("Aard van de inbreuk"),
                    _(
                        "Vertrouwelijkheid: onbevoegde raadpleging door een medewerker. Er is niets gewijzigd of gewist."
                    ),
                ),
                (_("Wat was de oorzaak?"), None),
            ),
        ),
        (
            _("4. Persoonsgegevens"),
            (
                (_("Soorten gegevens waarop gezocht is"), kinds),
                (
                    _("Wat de medewerker te zien kreeg"),
                    _(
                        "Of de persoon in een signaal van een andere gemeente voorkomt, bij ongeveer hoeveel gemeenten en in welk halfjaar. Geen namen, plaatsen of inhoud van signalen."
                    ),
                ),
                (
                    _("Bijzondere of strafrechtelijke gegevens?"),
                    _(
                        "Dat iemand in een signaal van mensenhandel voorkomt, is een gevoelig gegeven. Of het een bijzonder of strafrechtelijk gegeven is, beoordeelt u zelf."
                    ),
                ),
                (
                    _("Hoeveel gegevensrecords ongeveer?"),
                    _("{aantal} signalen van andere organisaties, over alle vragen samen.").format(
                        aantal=counted.others
                    ),
                ),
            ),
        ),
        (
            _("5. De groep mensen"),
            (
                (
                    _("Om hoeveel mensen gaat het ongeveer?"),
                    _("Hooguit {aantal}, geteld naar verschillende vragen.").format(aantal=counted.subjects),
                ),
                (
                    _("Welke mensen zijn het?"),
                    _(
                        "Mensen naar wie is gevraagd. Er kunnen mogelijke slachtoffers bij zijn, en minderjarigen."
                    ),
                ),
                (_("Wonen er betrokkenen in een ander EU-land?"), None),
            ),
        ),
        (
            _("6. Maatregelen die er al waren"),
            (
                (
                    _("Waren de gegevens versleuteld of onbegrijpelijk?"),
                    _(
                        "In het register staan pseudoniemen en geen namen of nummers. Een toezichthouder ziet alleen een grof antwoord. Elke vraag staat in een logboek dat iedereen kan narekenen."
                    ),
                ),
            ),
        ),
        (
            _("7. Gevolgen"),
            (
                (_("Welke gevolgen kan dit hebben voor de betrokkenen?"), None),
                (_("Hoe ernstig schat u die gevolgen in?"), None),
            ),
        ),
        (
            _("8. Vervolgacties"),
            (
                (_("Heeft u de betrokkenen geïnformeerd, of gaat u dat doen? (AVG 34)"), None),
                (_("Zo nee, waarom niet?"), None),
                (_("Wat is er gedaan om de inbreuk te stoppen?"), _measures(facts, in_words)),
                (_("Wat doet u om herhaling te voorkomen?"), None),
                (_("Is er gemeld bij een toezichthouder in een ander land?"), None),
            ),
        ),
        (_("9. Overig"), ((_("Wat wilt u verder nog kwijt?"), None),)),
    )


def _ongoing(facts: Facts, in_words: Mapping[str, str]) -> str | None:
    if not facts.frozen_now:
        return None
    return _("Nee. Sinds {moment} wordt elk verzoek van deze medewerker geweigerd.").format(
        moment=in_words["frozen"]
    )


def _measures(facts: Facts, in_words: Mapping[str, str]) -> str | None:
    if facts.frozen_at is None:
        return None
    said = [
        _("Op {moment} is het mandaat van de medewerker bevroren. De logregels blijven bewaard.").format(
            moment=in_words["frozen"]
        )
    ]
    if facts.confirmed_at is not None:
        said.append(
            _("Op {moment} bevestigde een functioneel beheerder dat.").format(moment=in_words["confirmed"])
        )
    return " ".join(said)


def moments(facts: Facts, counted: Figures) -> Mapping[str, datetime | None]:
    """The moments that a draft names, to be put in words."""
    return {
        "known": facts.known_at,
        "before": report_before(facts.known_at),
        "first": datetime.fromisoformat(counted.first) if counted.first else None,
        "last": datetime.fromisoformat(counted.last) if counted.last else None,
        "frozen": facts.frozen_at,
        "confirmed": facts.confirmed_at,
    }
