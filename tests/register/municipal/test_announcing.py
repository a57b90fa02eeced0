# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""E-mail and webhook say that something waits and never what; against a real SMTP server and a real HTTPS server."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from process.peer import Peer
from process.secret import Secret
from process.serving.clock import system_clock
from process.serving.errors import SettingsError
from process.serving.sending import Hook, Mailer, NotSentError, trusting
from register.accounts import Account
from register.announcing import SIGNATURE_HEADER, TRIED, signed
from register.demo.certificates import Authority
from register.municipal.announcing import Announcing, ByHook, ByMail
from register.municipal.clients import RegisterAwayError
from register.municipal.settings import TenantSettings
from register.municipal.store import NodeDatabase, NodeStore
from register.municipal.store.announcements import AnnouncementStore
from register.notices import ready_at
from register.wire import BerichtenStand, BerichtKlaar
from tests.register.municipal.world import ORGANISATION, Hands

LINK = "https://node.oefendijk.example/"
KEY = Secret(b"een geheim van de webhook, 32 b.")
OFFICER = Account("af-1", "anneke", "aandachtsfunctionaris")
WORK = "anneke@oefendijk.example"


@dataclass
class Mailbox:
    """What the SMTP server took, and whether it says so."""

    taken: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    lies: int = 0
    """How many messages it takes and says that it did not."""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        found = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.taken.append(found)
        self.to.append(list(envelope.rcpt_tos))
        if self.lies:
            self.lies -= 1
            return "451 4.3.0 try again later"
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("server")
    return Authority(folder, system_clock()).issue(Peer("node", "GM9004", "0" * 20), folder / "tls")


@pytest.fixture(scope="module")
def server_context(certificate: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    return context


@pytest.fixture(scope="module")
def smtp(server_context: ssl.SSLContext) -> Iterator[tuple[Controller, Mailbox]]:
    """A real SMTP server with STARTTLS, which takes nothing without it."""
    box = Mailbox()
    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), tls_context=server_context, require_starttls=True
    )
    controller.start()
    yield controller, box
    controller.stop()


@pytest.fixture
def box(smtp: tuple[Controller, Mailbox]) -> Mailbox:
    smtp[1].taken.clear()
    smtp[1].to.clear()
    smtp[1].lies = 0
    return smtp[1]


def free_port() -> int:
    """A port that nobody uses: this SMTP server cannot choose one itself."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@dataclass
class Receiver:
    """A real HTTPS server that hears a webhook."""

    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    port: int = 0


@pytest.fixture
def receiver(server_context: ssl.SSLContext) -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.heard.append((dict(self.headers), body))
            status = made.answers.pop(0) if made.answers else 204
            self.send_response(status)
            if status in {301, 302, 307, 308}:
                self.send_header("Location", f"https://127.0.0.1:{made.port}/elders")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = server_context.wrap_socket(server.socket, server_side=True)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()


@dataclass
class Register:
    """What the register says became visible; or it is away."""

    ready: list[tuple[str, datetime]] = field(default_factory=list)
    away: bool = False
    asked: int = 0

    def notices_ready(self) -> BerichtenStand:
        self.asked += 1
        if self.away:
            raise RegisterAwayError(arrived=False)
        return BerichtenStand(klaar=[BerichtKlaar(rol=role, klaar_op=at) for role, at in self.ready])


@dataclass
class Place:
    """The use case on a real database, with a clock in the hands of the test."""

    announcing: Announcing
    register: Register
    clock: Hands

    def something(self, role: str = "aandachtsfunctionaris") -> datetime:
        """Something becomes visible at the next fixed moment, and it is just after that."""
        at = ready_at(self.clock())
        self.register.ready.append((role, at))
        self.clock.moment = at + timedelta(seconds=30)
        return at

    def run(self) -> dict[str, int]:
        return dict(self.announcing.once(self.clock()))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[NodeDatabase]:
    made = NodeDatabase(f"sqlite:///{tmp_path / 'node.sqlite'}")
    made.migrate([ORGANISATION])
    yield made
    made.close()


@pytest.fixture
def place(database: NodeDatabase, smtp: tuple[Controller, Mailbox], certificate: Any, box: Mailbox) -> Place:
    del box
    clock, register = Hands(), Register()
    NodeStore(database, ORGANISATION).put_account(OFFICER, "hash")
    mailer = Mailer("127.0.0.1", smtp[0].port, trusting(certificate.authorities), at_once=False)
    announcing = Announcing(
        AnnouncementStore(database, ORGANISATION),
        register,  # type: ignore[arg-type]  # what of a RegisterClient is asked here
        ORGANISATION,
        Secret(bytes(range(32))),
        clock,
        LINK,
        ByMail(mailer, "signaalregister@oefendijk.example", ("oefendijk.example",)),
    )
    announcing.put_mailbox(OFFICER, WORK)
    return Place(announcing, register, clock)


def with_hook(place: Place, receiver: Receiver, certificate: Any) -> Place:
    hook = Hook.to(f"https://127.0.0.1:{receiver.port}/haak", trusting(certificate.authorities))
    made = Announcing(
        place.announcing.store, place.announcing.register, ORGANISATION, place.announcing.identity, place.clock, LINK, None, ByHook(hook, KEY),
    )  # fmt: skip
    return Place(made, place.register, place.clock)


def test_an_officer_gets_one_mail_that_says_nothing_but_that_something_waits(
    place: Place, box: Mailbox
) -> None:
    at = place.something()
    assert place.run()["verstuurd"] == 1
    (mail,) = box.taken
    assert box.to == [[WORK]]
    assert mail["Subject"] == "Er staat iets voor u klaar"
    assert datetime.strptime(mail["Date"], "%a, %d %b %Y %H:%M:%S %z") == at, "not when it was sent"
    told = mail.get_content()
    assert LINK in told
    for secret in ("GM9004", "af-1", "aandachtsfunctionaris", "treffer", "signaal_", "1 "):
        assert secret not in told


def test_at_one_moment_it_is_one_mail_and_the_job_asks_once(place: Place, box: Mailbox) -> None:
    place.something()
    for _time in range(3):
        place.run()
        place.clock.forward(minutes=1)
    assert (len(box.taken), place.register.asked) == (1, 1)


def test_two_moments_are_two_mails_that_differ_in_date_and_number_only(place: Place, box: Mailbox) -> None:
    place.something()
    place.run()
    place.something()
    place.run()
    first, second = box.taken
    assert first.get_content() == second.get_content()
    assert first["Message-ID"] != second["Message-ID"]


def test_sent_but_told_that_it_failed_is_a_repeat_with_the_same_number(place: Place, box: Mailbox) -> None:
    box.lies = 1
    place.something()
    assert place.run() == {"verstuurd": 0, "wacht": 1, "opgegeven": 0}
    place.run()
    assert len(box.taken) == 1, "not before its pause is over"
    place.clock.forward(minutes=1)
    assert place.run()["verstuurd"] == 1
    place.clock.forward(hours=1)
    place.run()
    assert len({one["Message-ID"] for one in box.taken}) == 1
    assert len(box.taken) == 2


def test_what_cannot_be_sent_is_tried_for_a_day_and_given_up_visibly(place: Place, box: Mailbox) -> None:
    box.lies = 10**6
    at = place.something()
    while place.clock() - at <= TRIED + timedelta(hours=2):
        place.run()
        place.clock.forward(minutes=70)
    assert place.announcing.store.given_up() == 1
    taken = len(box.taken)
    assert 15 < taken < 30
    place.run()
    assert len(box.taken) == taken


def test_with_the_register_away_nothing_is_lost_and_the_job_says_so(place: Place, box: Mailbox) -> None:
    place.register.away = True
    place.something()
    with pytest.raises(RegisterAwayError):
        place.run()
    place.register.away = False
    assert place.run()["verstuurd"] == 1
    assert len(box.taken) == 1


def test_a_fall_in_the_middle_of_sending_costs_a_pause(place: Place, box: Mailbox) -> None:
    place.something()
    place.announcing._asked(place.clock())
    (one,) = place.announcing.store.due(place.clock())
    assert place.announcing.store.trying(one, place.clock())
    assert not place.announcing.store.trying(one, place.clock()), "another runner does not send it too"
    place.clock.forward(minutes=1)
    assert place.run()["verstuurd"] == 1
    assert len(box.taken) == 1


@pytest.mark.parametrize(
    "address", ["anneke@gmail.example", "anneke", "a@b\r\nBcc: x@oefendijk.example", "@oefendijk.example"]
)
def test_mail_goes_to_the_own_organisation_only(place: Place, address: str) -> None:
    with pytest.raises(Exception, match="adres") as refused:
        place.announcing.put_mailbox(OFFICER, address)
    assert refused.value.status == 400  # type: ignore[attr-defined]
    assert place.announcing.mailbox(OFFICER) == WORK


def test_who_gave_no_address_gets_no_mail_and_who_left_gets_none_either(place: Place, box: Mailbox) -> None:
    place.announcing.put_mailbox(OFFICER, None)
    place.something()
    place.run()
    assert box.taken == []


def test_another_role_hears_nothing_of_it(place: Place, box: Mailbox) -> None:
    place.something("tmm_coordinator")
    place.run()
    assert box.taken == []


def test_a_server_whose_certificate_is_not_believed_gets_nothing(
    smtp: tuple[Controller, Mailbox], box: Mailbox
) -> None:
    mailer = Mailer("127.0.0.1", smtp[0].port, trusting(None), at_once=False)
    with pytest.raises(NotSentError):
        mailer.send(EmailMessage())
    assert box.taken == []


def test_a_password_that_smtp_cannot_say_ends_no_job_and_stands_in_no_error(
    certificate: Any, smtp: tuple[Controller, Mailbox], box: Mailbox
) -> None:
    login = ("node", Secret("wachtwóórd".encode()))
    mailer = Mailer("127.0.0.1", smtp[0].port, trusting(certificate.authorities), at_once=False, login=login)
    with pytest.raises(NotSentError) as told:
        mailer.send(EmailMessage())
    assert str(told.value) == "UnicodeEncodeError"
    assert box.taken == []


def test_a_server_without_tls_gets_nothing() -> None:
    plain, box = Mailbox(), EmailMessage()
    controller = Controller(plain, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with pytest.raises(NotSentError):
            Mailer("127.0.0.1", controller.port, trusting(None), at_once=False).send(box)
    finally:
        controller.stop()
    assert plain.taken == []


# ---- webhook ------------------------------------------------------------------------------------------------


def test_a_webhook_is_signed_and_says_no_more_than_the_mail(
    place: Place, receiver: Receiver, certificate: Any
) -> None:
    hooked = with_hook(place, receiver, certificate)
    at = hooked.something()
    assert hooked.run()["verstuurd"] == 1
    ((headers, body),) = receiver.heard
    assert set(json.loads(body)) == {"bericht", "klaarOp", "tekst", "adres"}
    assert json.loads(body)["klaarOp"] == at.isoformat()
    assert signed(KEY, headers[SIGNATURE_HEADER], body, hooked.clock())
    assert not signed(KEY, headers[SIGNATURE_HEADER], body + b" ", hooked.clock())
    assert not signed(Secret(bytes(32)), headers[SIGNATURE_HEADER], body, hooked.clock())
    assert not signed(KEY, headers[SIGNATURE_HEADER], body, hooked.clock() + timedelta(minutes=6)), "too old"
    hooked.announcing.close()


def test_a_webhook_follows_no_redirect_and_is_tried_again_with_the_same_number(
    place: Place, receiver: Receiver, certificate: Any
) -> None:
    hooked = with_hook(place, receiver, certificate)
    receiver.answers = [307, 500]
    hooked.something()
    assert hooked.run()["wacht"] == 1
    assert len(receiver.heard) == 1, "nobody went where it was sent"
    for _time in range(4):
        hooked.clock.forward(minutes=2)
        hooked.run()
    assert len(receiver.heard) == 3
    assert len({json.loads(body)["bericht"] for _headers, body in receiver.heard}) == 1
    hooked.announcing.close()


# ---- settings -----------------------------------------------------------------------------------------------

TENANT = {
    "organisation": "GM9004",
    "tls_certificate": "a",
    "tls_key": "b",
    "seal_key_file": "c",
    "session_key_file": "d",
    "recovery_key_file": "e",
    "fg_contact": "fg@oefendijk.example",
}
MAIL = {
    "page_url": LINK,
    "mail_host": "mail.oefendijk.example",
    "mail_from": "signaalregister@oefendijk.example",
    "mail_domains": ["oefendijk.example"],
}
HOOK = {
    "page_url": LINK,
    "webhook_url": "https://haak.oefendijk.example/x",
    "webhook_hosts": ["haak.oefendijk.example"],
    "webhook_key_file": "f",
}


def read(folder: Path, values: dict[str, Any]) -> TenantSettings:
    lines = [f"{name} = {json.dumps(value)}" for name, value in (TENANT | values).items()]
    (folder / "tenant.toml").write_text("\n".join(lines), "utf-8")
    return TenantSettings.load(folder / "tenant.toml")


@pytest.mark.parametrize("values", [{}, MAIL, HOOK, MAIL | HOOK])
def test_whole_settings_are_taken(tmp_path: Path, values: dict[str, Any]) -> None:
    assert read(tmp_path, values).organisation == "GM9004"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (MAIL | {"page_url": None}, "page_url"),
        (MAIL | {"page_url": "http://node.oefendijk.example/"}, "page_url"),
        (MAIL | {"page_url": "https://[half"}, "page_url"),
        (MAIL | {"mail_from": "niemand"}, "mail_from"),
        (MAIL | {"mail_domains": []}, "mail_domains"),
        (MAIL | {"mail_user": "node"}, "mail_password_file"),
        (MAIL | {"mail_port": 0}, "mail_port"),
        (MAIL | {"mail_tls": "geen"}, "mail_tls"),
        (HOOK | {"webhook_url": "http://haak.oefendijk.example/x"}, "webhook_url"),
        (HOOK | {"webhook_url": "https://elders.example/x"}, "webhook_url"),
        (HOOK | {"webhook_url": "https://naam@haak.oefendijk.example/x"}, "webhook_url"),
        (HOOK | {"webhook_key_file": None}, "webhook_key_file"),
    ],
)
def test_half_a_setting_is_refused_at_the_start(tmp_path: Path, values: dict[str, Any], told: str) -> None:
    kept = {name: value for name, value in values.items() if value is not None}
    with pytest.raises(SettingsError, match=told):
        read(tmp_path, kept)


def test_the_moments_of_the_message_are_in_utc() -> None:
    assert ready_at(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)).tzinfo is UTC
