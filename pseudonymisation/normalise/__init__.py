# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Every attribute in one normal form, or a reason in plain Dutch why not.

Node only, and pure: no file, clock or network of ours (the field libraries read the tables that they ship).

The law:

1. Total: any text gives `Normalised` or `Unreadable`; nothing is raised, nothing typed is repeated.
2. Idempotent: the normal form, given in again, is itself.
3. The gate of BSN and V-nummer is asked before the value is read.
4. A change of outcome is a change of `pseudonym.SPEC_VERSION`: two nodes that normalise differently never
   match. So libraries are pinned, and tests/vectors/normalisation.json fails when an upgrade shifts a rule.

Rules by field: `numbers`, `documents`, `mrz`, `names`, `dates`, `contact`, `places`; `scripts` and `variants` serve names.
Specification: docs/spec/normalisation.md.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from process.language import gettext as _
from pseudonymisation.identity import FIELDS, NO_GATES, RawAttribute, Unreadable, gate_refusal, unknown_type
from pseudonymisation.normalise import contact, documents, names, numbers, places
from pseudonymisation.normalise.dates import complete, minor, possibly_default, swappable
from pseudonymisation.normalise.mrz import Mrz, read_mrz
from pseudonymisation.normalise.outcome import Normalised, UnfitError

__all__ = [
    "Mrz",
    "Normalised",
    "Unreadable",
    "complete",
    "minor",
    "normalise",
    "possibly_default",
    "read_mrz",
    "swappable",
]

_RULES: Final[Mapping[str, Callable[[RawAttribute], Normalised]]] = MappingProxyType(
    {
        "bsn": numbers.bsn,
        "v_nummer": numbers.v_nummer,
        "phone": contact.phone,
        "email": contact.email,
        "social_handle": contact.social_handle,
        "ad_id_or_url": contact.ad_id_or_url,
        "work_alias": names.work_alias,
        "plate": places.plate,
        "bag_address": places.bag_address,
        "iban": numbers.iban,
        "kvk": numbers.kvk,
    }
)

_DATED_RULES: Final[Mapping[str, Callable[[RawAttribute, date], Normalised]]] = MappingProxyType(
    {"document": documents.document, "name_dob": names.name_dob}
)


def normalise(
    raw: RawAttribute, *, today: date, open_gates: frozenset[str] = NO_GATES
) -> Normalised | Unreadable:
    """The normal form of one attribute, or why it has none.

    Args:
        raw: the attribute as given.
        today: the reference date of this decision, for dates of birth and years of two digits.
        open_gates: gated types that a ground in force opens; none unless a policy says otherwise.
    """
    if raw.type not in FIELDS:
        return unknown_type(raw.type)
    closed = gate_refusal(raw.type, open_gates)
    if closed is not None:
        return closed
    if not {name for name, _text in raw.fields} <= set(FIELDS[raw.type]):
        return Unreadable(
            raw.type,
            _("Dit gegeven heeft een onderdeel dat het register niet kent."),
            _("Gebruik alleen: {onderdelen}.").format(onderdelen=", ".join(FIELDS[raw.type])),
        )
    try:
        dated = _DATED_RULES.get(raw.type)
        return _RULES[raw.type](raw) if dated is None else dated(raw, today)
    except UnfitError as unfit:
        return unfit.unreadable
