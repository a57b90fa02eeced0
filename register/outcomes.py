# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a node tells the register about a control beside the question itself: marks on a question, and how the control ended.

Codes from closed lists and nothing else: a mark says that something about a question deserves a look by the FG, an outcome says what came of the control. Neither holds
a word that somebody typed, and neither changes an answer.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from process.language import gettext as _


class Mark(StrEnum):
    """What the node saw about a question that the register cannot see. Only the code leaves the node."""

    UNPLANNED = "ongeplande_controle"
    OWN_STREET = "eigen_straat"
    OWN_NAME = "eigen_familienaam"


MARKS: Final[Mapping[str, str]] = {
    Mark.UNPLANNED: _("controle die niet gepland was"),
    Mark.OWN_STREET: _("adres in de eigen straat"),
    Mark.OWN_NAME: _("achternaam die de eigen is"),
}
"""Code -> what an FG reads."""

OUTCOMES: Final[Mapping[str, str]] = {
    "niets_aangetroffen": _("Niets aangetroffen"),
    "signaal_bewaard": _("Signaal bewaard"),
    "doorverwezen": _("Doorverwezen naar hulp of zorg"),
    "overgedragen": _("Overgedragen aan aandachtsfunctionaris of politie"),
    "niet_doorgegaan": _("Controle ging niet door"),
}
"""What can come of a control: code -> what an officer taps."""
