# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Outside the system: an e-mail or a webhook that says that something waits, and never what.

1. Everyone gets the same words. No name, number, kind, count or id of a notice leaves; the link is to the start page of the own node.
2. One message for a recipient and a fixed moment (`register.notices.MOMENTS`), however much waits. Its date is that moment, not when it was sent.
3. Its **message id** follows from organisation, recipient and moment under a secret: what is sent again, because we were told that it failed, carries the same id, and is recognised as the same message.
4. What fails is tried again with a growing pause, a day at most; then it is given up, and told to whoever runs the node. Nothing waits at the workplace any less for it.
5. A webhook is signed: HMAC-SHA256 over moment of sending, a dot and the body. A receiver refuses what is older than `FRESH`.

Pure. Left to others: SMTP and HTTP (`process.serving.sending`), keeping (`register.municipal.store.announcements`).
"""

import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import Final

from audit.canonical import canonical_json
from process.language import gettext as _
from process.secret import Secret
from pseudonymisation.pseudonym import length_prefixed

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
TRIED: Final = timedelta(days=1)
"""How long after its moment a message is still tried."""
FRESH: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=30)
"""How long it is known that a message was sent."""

SIGNATURE_HEADER: Final = "Signaalregister-Handtekening"
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"
)


class Channel(StrEnum):
    """By which way it is told."""

    MAIL = "mail"
    HOOK = "webhook"


@dataclass(frozen=True)
class Announcement:
    """That something became visible at a moment, for one recipient.

    Attributes:
        channel: by which way.
        officer: pseudonymous number of who gets the e-mail; "" for a webhook.
        moment: the fixed moment.
        attempts: how often it was tried.
    """

    channel: Channel
    officer: str
    moment: datetime
    attempts: int = 0


def may_be_mailed(address: str, domains: Collection[str]) -> bool:
    """Whether an address is one of the organisation itself; work does not go to private mailboxes."""
    if not _ADDRESS.fullmatch(address) or len(address) > 200:
        return False
    return address.rpartition("@")[2].lower() in {one.lower() for one in domains}


def is_address(address: str) -> bool:
    """Whether this can be an address of e-mail."""
    return _ADDRESS.fullmatch(address) is not None


def message_id(secret: Secret, organisation: str, announced: Announcement) -> str:
    """32 hexadecimal digits: the same for the same message, and for nobody else to make or to read."""
    bound = length_prefixed(
        b"aankondiging",
        organisation.encode(),
        announced.channel.value.encode(),
        announced.officer.encode(),
        announced.moment.isoformat().encode(),
    )
    return hmac.digest(secret.reveal(), bound, hashlib.sha256).hex()[:32]


def mail(sender: str, to: str, link: str, number: str, moment: datetime) -> EmailMessage:
    """The e-mail: the same words for everyone."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject()
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(link))
    return message


def subject() -> str:
    """The subject of every e-mail."""
    return _("Er staat iets voor u klaar")


def text(link: str) -> str:
    """The text of every e-mail."""
    return _(
        "Er staat iets voor u klaar in het signaalregister.\n\nMeld u aan om het te lezen:\n{link}\n\nIn deze e-mail staat met opzet niet wat het is. Beantwoord haar niet.\n"
    ).format(link=link)


def hook_body(link: str, number: str, moment: datetime) -> bytes:
    """The body of the webhook: the same sentence, its moment and its id."""
    return canonical_json(
        {
            "bericht": number,
            "klaarOp": moment.isoformat(),
            "tekst": _("Er staat iets klaar in het signaalregister."),
            "adres": link,
        }
    )


def signature(secret: Secret, body: bytes, sent_at: datetime) -> str:
    """The header that signs a webhook: `t=<seconds>,v1=<hexadecimal>`."""
    stamp = str(int(sent_at.timestamp()))
    return f"t={stamp},v1={_mac(secret, stamp, body)}"


def signed(secret: Secret, header: str, body: bytes, now: datetime) -> bool:
    """Whether a webhook is from us and fresh; for receivers, and written here so that both ends are one text."""
    found = re.fullmatch(r"t=(\d{1,12}),v1=([0-9a-f]{64})", header)
    if found is None or abs(now.timestamp() - int(found[1])) > FRESH.total_seconds():
        return False
    return hmac.compare_digest(found[2], _mac(secret, found[1], body))


def _mac(secret: Secret, stamp: str, body: bytes) -> str:
    return hmac.digest(secret.reveal(), stamp.encode() + b"." + body, hashlib.sha256).hex()


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts (at least one)."""
    doublings: int = 2 ** min(max(attempts, 1) - 1, 10)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)


def given_up(moment: datetime, now: datetime) -> bool:
    """Whether a message is no longer tried."""
    return now - moment > TRIED
