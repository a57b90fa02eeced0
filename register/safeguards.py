# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What an FG can do at once when something seems wrong: codes of a freeze and of a data breach, and the 72 hours of AVG 33(1). No free text: a description of what happened describes people."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from process.language import gettext as _

FREEZE_REASONS: Final[Mapping[str, str]] = {
    "eigen_kring": _("Vragen die over iemand uit de eigen kring lijken te gaan"),
    "zonder_controle": _("Vragen die niet bij een controle lijken te horen"),
    "buiten_werktijd": _("Vragen op ongewone tijden"),
    "account_misbruikt": _("Iemand anders lijkt het account te gebruiken"),
    "onderzoek": _("Onderzoek van college of toezichthouder"),
}
"""Why an FG asks for a freeze: code -> words."""

REPORTED: Final = "gemeld"

SETTLED: Final[Mapping[str, str]] = {
    REPORTED: _("Gemeld bij de Autoriteit Persoonsgegevens"),
    "geen_risico": _("Niet gemeld: geen risico voor de betrokkenen (AVG 33 lid 1)"),
    "geen_inbreuk": _("Niet gemeld: het was geen inbreuk"),
    "dubbel": _("Niet gemeld: dit datalek staat er al"),
}
"""How a data breach was settled: code -> words. All of them stay in the organisation's register of breaches (AVG 33(5))."""

REPORT_WITHIN: Final = timedelta(hours=72)
"""AVG 33(1): after the controller became aware of it, where feasible."""


def report_before(known_at: datetime) -> datetime:
    """Until when a breach is to be reported that was known from this moment on."""
    return known_at + REPORT_WITHIN
