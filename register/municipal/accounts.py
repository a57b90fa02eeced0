# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which roles people have at a node, and what each may do here.

It follows the action table (docs/data-model.md, actions); what is not in it is denied. Signing in is `register.accounts`. The register decides again, by
policy: a refusal here is only earlier, and spares the holders.
"""

from collections.abc import Mapping

from process.language import gettext as _
from process.language import together
from process.problem import Refusal
from register.accounts import Account

ROLES: Mapping[str, str] = {
    "toezichthouder": _("toezichthouder"),
    "aandachtsfunctionaris": _("aandachtsfunctionaris"),
    "ambassadeur": _("ambassadeur"),
    "contactpunt": _("medewerker van het contactpunt"),
    "fg": _("functionaris gegevensbescherming"),
    "functioneel_beheerder": _("functioneel beheerder"),
    "zorgcoordinator": _("zorgcoördinator"),
    "tmm_analist": _("analist van het TMM"),
    "tmm_coordinator": _("coördinator van het TMM"),
    "nla": _("medewerker van de Arbeidsinspectie"),
    "kmar": _("medewerker van de Koninklijke Marechaussee"),
}
"""Roles that people have at a node; which of them an organisation can give, `register.enrolment.roles_of` says."""

PARTNERS: frozenset[str] = frozenset({"zorgcoordinator", "tmm_analist", "tmm_coordinator", "nla", "kmar"})
"""Roles that ask in a case of their own rather than during a control, and submit nothing: no police data gets in (docs/adr/0044-*)."""


def purpose_of(role: str) -> str:
    """The purpose for which a role asks: the one in which the matrix has a hit cell for it."""
    if role == "zorgcoordinator":
        return "hulpverlening"
    return "opsporing_handoff" if role in PARTNERS else "signalering"


ACTIONS: Mapping[str, frozenset[str]] = {
    "bevragen": frozenset({"toezichthouder", "aandachtsfunctionaris"}) | PARTNERS,
    "signaal_indienen": frozenset({"toezichthouder", "ambassadeur", "aandachtsfunctionaris"}),
    "bewaren_na_bevraging": frozenset({"toezichthouder", "aandachtsfunctionaris"}),
    "controle_openen": frozenset({"toezichthouder", "aandachtsfunctionaris"}),
    "afloop_vastleggen": frozenset({"toezichthouder", "aandachtsfunctionaris"}),
    # Of the whole organisation: who is late, and with which control.
    "aflopen_overzien": frozenset({"aandachtsfunctionaris", "fg"}),
    "accounts_beheren": frozenset({"functioneel_beheerder"}),
    "treffers_bekijken": frozenset({"aandachtsfunctionaris"}),
    "noodopening": frozenset({"aandachtsfunctionaris"}),
    "verhaal_vrijgeven": frozenset({"aandachtsfunctionaris"}),
    "verhaal_ontvangen": frozenset(
        {"aandachtsfunctionaris", "zorgcoordinator", "tmm_coordinator", "nla", "kmar"}
    ),
    "contact_vrijgeven": frozenset({"aandachtsfunctionaris"}),
    "signaal_verrijken_corrigeren_intrekken": frozenset({"aandachtsfunctionaris"}),
    "attendering_zetten": frozenset({"aandachtsfunctionaris"}),
    "berichten_lezen": frozenset({"aandachtsfunctionaris"}),
    "rijen_inlezen": frozenset({"aandachtsfunctionaris"}),
    "maand_bekijken": frozenset({"aandachtsfunctionaris", "fg"}),
    "wijziging_vragen": frozenset({"toezichthouder", "ambassadeur"}),
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
    allowed = together((ROLES[role] for role in ROLES if may(role, action)), str(_(" of ")))
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
