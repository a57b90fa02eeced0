# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Numbers that the law lets nobody process without a basis of its own (UAVG 46, AVG 87): BSN and V-nummer, each behind a gate of the register.

A gate is closed until a decision opens it. While it is closed the register takes no signal with such a number and searches on none, whatever a node
sends: a node's own switch (open_gates) is not what the register rests on. An answer says in general terms what was not searched on (policies.explain).
"""

from collections.abc import Iterable, Mapping
from typing import Final

from policies.grounds import GroundRegister
from process.language import gettext as _
from process.problem import FieldError, Refusal

GATE_OF: Final[Mapping[str, str]] = {"bsn": "BSN", "v_nummer": "V-NUMMER"}
"""Family of a pseudonym -> the gate that it waits for."""


def closed_families(register: GroundRegister) -> frozenset[str]:
    """The families of pseudonyms that the register may not process now."""
    return frozenset(family for family, gate in GATE_OF.items() if not register.gate_open(gate))


def require_open(register: GroundRegister, families: Iterable[str]) -> None:
    """Returns only if none of these families is behind a closed gate.

    Raises:
        Refusal: 403, naming them.
    """
    closed = sorted(closed_families(register) & set(families))
    if closed:
        raise Refusal(
            403,
            "poort-dicht",
            _("Dit nummer mag het register niet verwerken."),
            _("De poort {poort} is dicht. Er is niets opgeslagen.").format(
                poort=", ".join(GATE_OF[one] for one in closed)
            ),
            way_forward=_("Laat dit nummer weg, ook in open_gates van de node, en dien opnieuw in."),
            fields=tuple(FieldError("pseudoniemen", GATE_OF[one]) for one in closed),
            rule="UAVG 46",
        )
