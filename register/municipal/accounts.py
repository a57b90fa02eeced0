# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which roles people have at a node, and what each may do here.

It follows the action table (docs/data-model.md, actions); what is not in it is denied. Signing in is `register.accounts`. The register decides again, by
policy: a refusal here is only earlier, and spares the holders.
"""

from collections.abc import Mapping
from gettext import gettext as _

from process.problem import Refusal
from register.accounts import Account

ROLES: Mapping[str, str] = {
    "toezichthouder": _("toezichthouder"),
    "aandachtsfunctionaris": _("aandachtsfunctionaris"),
    "ambassadeur": _("ambassadeur"),
    "contactpunt": _("medewerker van het contactpunt"),
    "fg": _("functionaris gegevensbescherming"),
    "functioneel_beheerder": _("functioneel beheerder"),
}
"""Roles that people have at a node."""

ACTIONS: Mapping[str, frozenset[str]] = {
    "bevragen": frozenset({"toezichthouder", "aandachtsfunctionaris"}),
    "signaal_indienen": frozenset({"toezichthouder", "ambassadeur", "aandachtsfunctionaris"}),
    "bewaren_na_bevraging": frozenset({"toezichthouder", "aandachtsfunctionaris"}),
    "controle_openen": frozenset({"toezichthouder", "aandachtsfunctionaris"}),
    "afloop_vastleggen": frozenset({"toezichthouder", "aandachtsfunctionaris"}),
    # Of the whole organisation: who is late, and with which control.
    "aflopen_overzien": frozenset({"aandachtsfunctionaris", "fg"}),
    "accounts_beheren": frozenset({"functioneel_beheerder"}),
    "treffers_bekijken": frozenset({"aandachtsfunctionaris"}),
    "noodopening": frozenset({"aandachtsfunctionaris"}),
    "contact_vrijgeven": frozenset({"aandachtsfunctionaris"}),
    "signaal_verrijken_corrigeren_intrekken": frozenset({"aandachtsfunctionaris"}),
    "rechtenverzoek_behandelen": frozenset({"contactpunt"}),
    "logboek_beoordelen": frozenset({"fg"}),
    # Asking what may be is for everybody who works here: it tells rules, never a signal.
    "delen_navragen": frozenset(ROLES),
}
"""Action -> roles. The register decides again, by policy; here a refusal is only earlier."""


def may(role: str, action: str) -> bool:
    """True if the role may do this here; an unknown role or action may nothing."""
    return role in ACTIONS.get(action, frozenset())


def require(account: Account, action: str) -> None:
    """Returns only if this person may do this.

    Raises:
        Refusal: 403, in words for the person.
    """
    if may(account.role, action):
        return
    allowed = _(" of ").join(ROLES[role] for role in ROLES if may(role, action))
    raise Refusal(
        403,
        "rol",
        _("Uw rol mag dit niet."),
        _("U bent aangemeld als {rol}. Dit mag alleen een {toegestaan}.").format(
            rol=ROLES.get(account.role, account.role), toegestaan=allowed
        ),
        way_forward=_(
            "Vraag een collega met die rol, of vraag de functioneel beheerder om uw rol aan te passen."
        ),
        rule="C2",
    )
