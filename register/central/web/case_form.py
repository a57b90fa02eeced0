# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the interface says of the headers of a request, as whoever filled in a form reads it: they see fields and no headers.

Only where every header that is wrong comes from such a field; anything else is said as the interface says it.
"""

from process.language import gettext as _
from process.problem import FieldError, PassedOnRefusal


def as_filled_in(refusal: PassedOnRefusal) -> PassedOnRefusal:
    """The refusal of a case number or a ground in words of the form; any other as it is."""
    said = {
        "Zaaknummer": _("Vul een zaaknummer in met letters, cijfers en streepjes, zoals ZAAK-2026-0001."),
        "Grondslag": _("Kies een grondslag."),
    }
    wrong = [one.field for one in refusal.fields]
    if refusal.code != "onvolledig" or not wrong or not said.keys() >= set(wrong):
        return refusal
    return PassedOnRefusal(
        refusal.status,
        refusal.code,
        _("Zeg eerst bij welke zaak u kijkt."),
        _("Zonder zaaknummer en grondslag opent het register niets. Zo ziet de FG waarom u keek."),
        way_forward=_("Vul dit hieronder aan."),
        fields=tuple(FieldError(name, said[name]) for name in wrong),
        rule=refusal.rule,
    )
