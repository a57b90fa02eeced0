# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Job `berichten`: tells the own officers, by e-mail and webhook, that something waits. Rules: `register.announcing`.

1. Once for each fixed moment the register is asked for which roles something became visible; by the certificate, without a person.
2. What is to be sent is durable before anything leaves, and each attempt before it is made. The register never learns where an officer gets e-mail.
3. Whoever says "sent" is believed; anything else is tried again with the same message id.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from process.language import gettext as _
from process.moments import Clock
from process.problem import FieldError, Refusal
from process.secret import Secret
from process.serving.sending import Hook, Mailer, NotSentError
from register.accounts import Account
from register.announcing import (
    SIGNATURE_HEADER,
    Announcement,
    Channel,
    given_up,
    hook_body,
    mail,
    may_be_mailed,
    message_id,
    signature,
)
from register.municipal.accounts import require
from register.municipal.clients import RegisterAwayError, RegisterClient
from register.municipal.store.announcements import GIVEN_UP, SENT, AnnouncementStore
from register.notices import last_moment

LOOK_BACK = timedelta(days=1)
"""Of a node that stood still, moments of longer ago are not announced any more; at the workplace everything stands."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ByMail:
    """How e-mail leaves."""

    mailer: Mailer
    sender: str
    domains: tuple[str, ...]


@dataclass(frozen=True)
class ByHook:
    """How a webhook leaves."""

    hook: Hook
    secret: Secret


@dataclass(frozen=True)
class Announcing:
    """The use case, with what it needs; without `mail` and `hook` nothing leaves and nothing is asked."""

    store: AnnouncementStore
    register: RegisterClient
    organisation: str
    identity: Secret
    clock: Clock
    link: str = ""
    mail: ByMail | None = None
    hook: ByHook | None = None

    def close(self) -> None:
        """Close the connections."""
        if self.hook is not None:
            self.hook.hook.close()

    # ---- where somebody gets e-mail -----------------------------------------------------------------------

    def mailbox(self, account: Account) -> str | None:
        """Where this person gets e-mail.

        Raises:
            Refusal: 403 for a role for which nothing waits.
        """
        require(account, "berichten_lezen")
        return self.store.mailbox(account.officer)

    def put_mailbox(self, account: Account, address: str | None) -> None:
        """Get e-mail here, or nowhere.

        Raises:
            Refusal: 403 for the role; 400 for an address that is not of the organisation.
        """
        require(account, "berichten_lezen")
        domains = () if self.mail is None else self.mail.domains
        if address is not None and not may_be_mailed(address, domains):
            allowed = ", ".join(domains) or _("geen: deze node verstuurt geen e-mail")
            raise Refusal(
                400,
                "geen-werkadres",
                _("Dit adres kan niet."),
                _("Berichten gaan alleen naar een adres van uw eigen organisatie."),
                way_forward=_("Vul uw werkadres in. Wat achter het apenstaartje mag staan: {namen}.").format(
                    namen=allowed
                ),
                fields=(FieldError("postbus", _("Dit is geen adres van uw organisatie.")),),
            )
        self.store.put_mailbox(account.officer, address, self.clock())

    # ---- sending ------------------------------------------------------------------------------------------

    def once(self, moment: datetime) -> Mapping[str, int]:
        """Ask what became visible, and send what is due.

        Raises:
            RegisterAwayError: after everything that could be sent was sent.
        """
        if self.mail is None and self.hook is None:
            return {}
        away = self._asked(moment)
        counts = {_("verstuurd"): 0, _("wacht"): 0, _("opgegeven"): 0}
        for one in self.store.due(moment):
            if given_up(one.moment, moment):
                self.store.settle(one, GIVEN_UP)
                counts[_("opgegeven")] += 1
            elif self.store.trying(one, moment):
                counts[_("verstuurd") if self._sent(one) else _("wacht")] += 1
        if away is not None:
            raise away
        return counts

    def _asked(self, moment: datetime) -> RegisterAwayError | None:
        newest = last_moment(moment)
        if self.store.fetched(newest):
            return None
        try:
            ready = self.register.notices_ready()
        except RegisterAwayError as away:
            return away
        roles: dict[datetime, set[str]] = {}
        for one in ready.klaar:
            if moment - LOOK_BACK < one.klaar_op <= newest:
                roles.setdefault(one.klaar_op, set()).add(one.rol)
        announced = [
            Announcement(Channel.MAIL, officer, at)
            for at, told in roles.items()
            for officer in (self.store.mailboxes(told) if self.mail is not None else ())
        ]
        if self.hook is not None:
            announced += [Announcement(Channel.HOOK, "", at) for at in roles]
        self.store.put(announced, newest, moment)
        return None

    def _sent(self, one: Announcement) -> bool:
        send: Mapping[Channel, Callable[[Announcement, str], None]] = {
            Channel.MAIL: self._mail,
            Channel.HOOK: self._call,
        }
        try:
            send[one.channel](one, message_id(self.identity, self.organisation, one))
        except NotSentError as error:
            _log.warning("message not sent by %s: %s", one.channel.value, error)
            return False
        self.store.settle(one, SENT)
        return True

    def _mail(self, one: Announcement, number: str) -> None:
        to = self.store.mailbox(one.officer)
        if self.mail is None or to is None or not may_be_mailed(to, self.mail.domains):
            # No longer wanted, or no longer allowed: there is nothing to send.
            return
        self.mail.mailer.send(mail(self.mail.sender, to, self.link, number, one.moment))

    def _call(self, one: Announcement, number: str) -> None:
        if self.hook is None:
            return
        body = hook_body(self.link, number, one.moment)
        self.hook.hook.send(
            body,
            {SIGNATURE_HEADER: signature(self.hook.secret, body, self.clock()), "Idempotency-Key": number},
        )
