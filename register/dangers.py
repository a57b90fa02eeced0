# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What acute danger is, in codes, for a noodopening (condition C9): no free text, because a description of danger describes a person."""

from collections.abc import Mapping

from process.language import gettext as _

DANGERS: Mapping[str, str] = {
    "levensgevaar": _("Iemand is in levensgevaar"),
    "geweld": _("Er is geweld, of het dreigt nu"),
    "wordt_weggebracht": _("Iemand wordt nu weggebracht of vastgehouden"),
    "kind_in_gevaar": _("Een kind is nu in gevaar"),
}
"""Code -> what an officer reads."""

VERDICTS: Mapping[str, str] = {
    "ok": _("Terecht"),
    "vraag": _("Ik heb nog een vraag"),
    "onrechtmatig": _("Onrechtmatig"),
}
"""What an FG says of a noodopening: code -> words."""
