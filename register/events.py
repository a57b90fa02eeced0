# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The catalogue of what the register writes in its log: each event, each audience, and the fields that audience may read.

An audience is an organisation in its part of one request: `vrager` (asked or acted), `melder` (owns a signal that was disclosed or acted on).
An FG reads the payloads of the own organisation: its people's questions whole, and of others' questions only what was disclosed of its own
signals: when, for which purpose, on which ground, which fields (condition C20). No field can hold an identity attribute or a pseudonym;
`kenmerken` are keyed digests that only the organisation's own quarter key makes (destroyed after 13 months).
The catalogue in docs/spec/events.md is tested against this file.
"""

from audit.entry import Catalogue, EventType

ASKER = "vrager"
OWNER = "melder"

_WHO = frozenset({"moment", "medewerker", "rol", "doel", "zaaknummer", "reden", "grondslag", "spoor"})
_DECISION = frozenset({"beleid", "regels"})
_DISCLOSED = frozenset(
    {"moment", "organisatie", "rol", "doel", "grondslag", "signalen", "velden", "beleid", "spoor"}
)

EVENTS = (
    EventType(
        "signaal_ingediend",
        {
            ASKER: _WHO
            | _DECISION
            | {
                "signaal",
                "versie",
                "categorie",
                "verloopt_op",
                "families",
                "verzegeld",
                "herhaald",
                "bijzondere_grondslag",
                "strafrechtelijke_grondslag",
            }
        },
    ),
    EventType(
        "bevraging",
        {
            ASKER: _WHO
            | _DECISION
            | {"families", "kenmerken", "uitkomst", "velden", "soorten", "signalen_geteld", "herhaald"},
            OWNER: _DISCLOSED,
        },
    ),
    EventType("treffers_geraadpleegd", {ASKER: _WHO | _DECISION | {"treffers", "velden"}, OWNER: _DISCLOSED}),
    EventType(
        "dossier_geraadpleegd",
        {ASKER: _WHO | _DECISION | {"treffer", "velden", "signalen_geteld"}, OWNER: _DISCLOSED},
    ),
    EventType("dossiers_geraadpleegd", {ASKER: _WHO | _DECISION | {"treffers", "velden"}, OWNER: _DISCLOSED}),
    EventType(
        "fase_2_gevraagd",
        {
            ASKER: _WHO | _DECISION | {"besluit", "treffer", "criteria", "beoordeling", "velden"},
            OWNER: _DISCLOSED | {"besluit"},
        },
    ),
    EventType(
        "fase_2_vrijgegeven",
        {
            ASKER: _WHO | _DECISION | {"besluit", "signaal", "ontzegeld", "herhaald"},
            OWNER: _DISCLOSED | {"besluit"},
        },
    ),
    EventType("signaal_ingetrokken", {ASKER: _WHO | _DECISION | {"signaal"}}),
    EventType("logboek_geraadpleegd", {ASKER: _WHO | _DECISION | {"van", "tot", "regels_geteld"}}),
    EventType("grondslagen_geraadpleegd", {ASKER: _WHO}),
    EventType("aangemeld", {ASKER: frozenset({"moment", "medewerker", "rol", "spoor"})}),
    EventType("afgemeld", {ASKER: frozenset({"moment", "medewerker", "rol", "spoor"})}),
    EventType("geweigerd", {ASKER: _WHO | {"bron", "code", "regel", "velden"}}),
)

CATALOGUE = Catalogue(EVENTS)
