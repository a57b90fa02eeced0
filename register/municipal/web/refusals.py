# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What of a refusal may stand in the node's log: its code, and the names of fields that this software knows.

A field name can come from the sender, who may have put a person's name there; an unknown one is logged as such.
"""

from process.problem import Refusal
from pseudonymisation.identity import FIELDS
from register.door import wire as door
from register.municipal import wire
from register.wire import Message, Sporen

UNKNOWN = "onbekend-veld"
_PAGE_FIELDS = frozenset(
    {
        "csrf",
        "gebruikersnaam",
        "telefoon",
        "documentnummer",
        "documentland",
        "voornamen",
        "achternaam",
        "geboortedatum",
    }
)


def _names(*models: type[Message]) -> frozenset[str]:
    return frozenset(field.alias or name for model in models for name, field in model.model_fields.items())


_KNOWN = (
    _PAGE_FIELDS
    | _names(
        wire.SessieAanvraag,
        door.AccountHerstel,
        door.MiddelBegin,
        door.MiddelBevestiging,
        door.MiddelVerwijderen,
        door.SessieBeeindigen,
        door.TweedeStap,
        door.WachtwoordWijzigen,
        wire.ControleOpenen,
        wire.BevragingVraag,
        wire.SignaalInvoer,
        wire.SubjectInvoer,
        wire.Kenmerk,
        wire.BeoordelingInvoer,
        wire.DelenVraag,
        wire.MotivatieVraag,
        wire.VrijgaveInvoer,
        wire.IntrekkingInvoer,
        wire.NoodopeningInvoer,
        wire.InzageVraag,
        wire.Inzageaanvraag,
        wire.ConceptInvoer,
        wire.InvoerMapping,
        wire.InvoerOpenen,
        wire.InvoerProef,
        wire.InvoerRij,
        wire.InvoerRijen,
        wire.InvoerVorm,
        Sporen,
    )
    | {part for parts in FIELDS.values() for part in parts}
    | {"body", "Idempotency-Key", "invoer_id", "naRij", "naNummer", "staat", "na", "signaal_id", "concept_id"}
)


def loggable(refusal: Refusal) -> tuple[str, ...]:
    """The names of the fields concerned, as far as they are ours; positions stay, they are numbers."""
    return tuple(_known(error.field) for error in refusal.fields)


def _known(field: str) -> str:
    parts = field.split(".")
    return field if all(part in _KNOWN or part.isdigit() for part in parts) else UNKNOWN
