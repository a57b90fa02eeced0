# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""E-mail by SMTP over TLS and webhooks by HTTPS, as far as this system sends any: to one place each, and what it says is somebody else's.

Nothing is sent in the clear: a server without STARTTLS, or with a certificate that is not believed, is a failure. Anything but a plain yes is one too, also when the message may have gone:
whoever calls sends the same message again, and a repeat is recognised by its id.
"""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import httpx

from process.language import gettext as _
from process.secret import Secret
from process.serving.errors import SettingsError

TIMEOUT = 20.0


class NotSentError(Exception):
    """We were not told that it was sent; the type of the cause and nothing of what the other side said."""


def trusting(authorities: Path | None) -> ssl.SSLContext:
    """What of servers is believed: authorities of this machine, or those of a file and no others.

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=None if authorities is None else str(authorities))
    except (ssl.SSLError, OSError):
        raise SettingsError(
            _("De uitgevers in {pad} zijn niet te lezen (PEM).").format(pad=authorities)
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@dataclass(frozen=True)
class Mailer:
    """One SMTP server.

    Attributes:
        at_once: TLS from the first byte, rather than STARTTLS.
        login: name and password, or None.
    """

    host: str
    port: int
    context: ssl.SSLContext
    at_once: bool
    login: tuple[str, Secret] | None = None

    def send(self, message: EmailMessage) -> None:
        """Send; returns only if the server took it.

        Raises:
            NotSentError: it did not say so.
        """
        try:
            with self._connected() as server:
                if self.login is not None:
                    server.login(self.login[0], self.login[1].reveal().decode("utf-8").strip())
                server.send_message(message)
        # Also a password that SMTP cannot say: the error would hold it whole.
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise NotSentError(type(error).__name__) from None

    def _connected(self) -> smtplib.SMTP:
        if self.at_once:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=self.context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            server.starttls(context=self.context)
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True)
class Hook:
    """One address that hears by webhook."""

    url: str
    client: httpx.Client

    @classmethod
    def to(cls, url: str, context: ssl.SSLContext) -> "Hook":
        """A hook that follows no redirect and no proxy of the environment."""
        client = httpx.Client(verify=context, timeout=TIMEOUT, trust_env=False, follow_redirects=False)
        return cls(url, client)

    def send(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Send; returns only on a plain yes (2xx).

        Raises:
            NotSentError: there was none.
        """
        try:
            answer = self.client.post(
                self.url, content=body, headers={"Content-Type": "application/json", **headers}
            )
        except httpx.HTTPError as error:
            raise NotSentError(type(error).__name__) from None
        if not answer.is_success:
            raise NotSentError(str(answer.status_code))

    def close(self) -> None:
        """Close the connections."""
        self.client.close()
