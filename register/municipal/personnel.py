# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The functioneel beheerder sets an officer's own street and family name; what is typed becomes keyed digests at once and is nowhere kept (`register.municipal.own`)."""

from dataclasses import dataclass

from process.language import gettext as _
from process.moments import Clock
from process.problem import FieldError, Refusal
from process.secret import Secret
from register.accounts import Account
from register.door.door import Door, Person
from register.municipal.accounts import require
from register.municipal.controls import latest_date
from register.municipal.own import MOST_POSTCODES, Told, owned
from register.municipal.store.identities import IdentityStore, RoleChange
from register.municipal.store.own import Known, OwnStore


@dataclass(frozen=True)
class Personnel:
    """The use case, with what it needs; `identity` is the secret of the organisation."""

    store: OwnStore
    identity: Secret
    clock: Clock
    identities: IdentityStore
    door: Door

    def everyone(self, account: Account) -> list[Known]:
        """All accounts, and of whom something is set; never what.

        Raises:
            Refusal: 403 for the role.
        """
        require(account, "accounts_beheren")
        return self.store.everyone()

    def role_changes(self, account: Account) -> list[RoleChange]:
        """Roles that a sign-in with the provider's account gave or changed, newest first.

        Raises:
            Refusal: 403 for the role.
        """
        require(account, "accounts_beheren")
        return self.identities.role_changes()

    def set(self, account: Account, name: str, told: Told) -> Known:
        """Set what is kept of one person, in the place of what there was; what is left empty is kept no more.

        Raises:
            Refusal: 403 for the role, 404 for an account that is not here, 400 with every field that cannot be read.
        """
        known = next((one for one in self.everyone(account) if one.account.name == name), None)
        if known is None:
            raise _no_such_account()
        now = self.clock()
        if len(told.postcodes) > MOST_POSTCODES:
            raise _unreadable(
                [FieldError("postcodes", _("Geef er hooguit {meest}.").format(meest=MOST_POSTCODES))]
            )
        own, wrong = owned(told, self.identity, known.account.officer, latest_date(now))
        if wrong:
            raise _unreadable(wrong)
        self.store.put(known.account.officer, own, account.officer, now)
        return Known(known.account, frozenset(one.kind for one in own), now if own else None)

    def reset(self, account: Account, name: str) -> None:
        """Forget the second factor of somebody who lost it, and end their sessions; the person reads who did so.

        Raises:
            Refusal: 403 for the role or the own account, 404 for an account that is not here.
        """
        known = next((one for one in self.everyone(account) if one.account.name == name), None)
        if known is None:
            raise _no_such_account()
        if known.account.officer == account.officer:
            raise _own_account()
        self.door.reset(Person(known.account.officer, known.account), account)


def _own_account() -> Refusal:
    return Refusal(
        403,
        "eigen-account",
        _("Dit is uw eigen account."),
        _(
            "Wie de eigen tweede stap weghaalt, kan na een diefstal van het wachtwoord niets meer tegenhouden."
        ),
        way_forward=_("Vraag een andere functioneel beheerder, of gebruik 'Mijn aanmelding'."),
        rule="C2",
    )


def _no_such_account() -> Refusal:
    return Refusal(
        404,
        "account-onbekend",
        _("Dit account is hier niet."),
        _("Er is niets bewaard."),
        way_forward=_("Kies een account uit de lijst."),
    )


def _unreadable(wrong: list[FieldError]) -> Refusal:
    return Refusal(
        400,
        "kenmerk-onleesbaar",
        _("Een gegeven is niet te gebruiken."),
        _("Er is niets bewaard, en wat er stond is gebleven."),
        way_forward=_("Verbeter de genoemde gegevens en probeer het opnieuw, of laat ze weg."),
        fields=tuple(wrong),
    )
