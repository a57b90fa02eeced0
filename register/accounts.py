# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Signing in, the same at a node and at the register's own pages: passwords, waiting after wrong ones, sessions.

1. A password is kept as an Argon2id hash (RFC 9106, the low-memory choice of argon2-cffi); an unknown name costs the same time as a wrong password.
2. After five wrong passwords in a row a name waits, twice as long after each further one, a quarter of an hour at most. A source (the address that a request came from)
   waits so after thirty, whatever names it tried, and is forgotten after an hour without. Who waits is told until when, the same for a name that nobody has.
3. A session is 32 random bytes, kept as a SHA-256 digest; it ends 8 hours after logging in, or after 30 minutes without use, or sooner where settings say so.

Left to others: storing, sending tokens, what a role may do, and what is asked beside a password (`register.second_factor`).
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Protocol
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from process.language import gettext as _
from process.problem import Refusal
from process.secret import Secret

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")

LIFETIME = timedelta(hours=8)
IDLE = timedelta(minutes=30)
FREE_TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
FREE_SOURCE_TRIES = 30
"""A town hall comes from one address: as many as six people who forgot their password at once."""
SOURCE_MEMORY = timedelta(hours=1)
TOKEN_SIZE = 32
AT_ONCE = 2
"""Passwords checked at one time: each takes 64 MiB and four lanes, and questions at the door must not queue behind them."""
PATIENCE = 5.0
"""Seconds that a sign-in waits for its turn."""


@dataclass(frozen=True)
class Account:
    """One person of an organisation, by a pseudonymous number; only the process where they sign in knows the name."""

    officer: str
    name: str
    role: str


@dataclass(frozen=True)
class Terms:
    """How long a session lives; shorter than the longest where settings say so."""

    idle: timedelta = IDLE
    lifetime: timedelta = LIFETIME

    def alive(self, created_at: datetime, seen_at: datetime, now: datetime) -> bool:
        """True for a session that is neither too old nor too long unused."""
        return now - created_at < self.lifetime and now - seen_at < self.idle

    def end(self, created_at: datetime, now: datetime) -> datetime:
        """When a session that is used now ends if it is not used again."""
        return min(created_at + self.lifetime, now + self.idle)


LONGEST = Terms()


@dataclass(frozen=True)
class Session:
    """One log-in: who, since when, last seen when, and with what they showed who they are; `first` until when a password that somebody else gave lets in, None for an own one."""

    account: Account
    created_at: datetime
    seen_at: datetime
    methods: frozenset[str] = frozenset({"wachtwoord"})
    first: datetime | None = None

    def alive(self, now: datetime, terms: Terms = LONGEST) -> bool:
        """True until it is 8 hours old or 30 minutes unused, or sooner by other terms; under a password that lets in no more it is not."""
        return (self.first is None or now < self.first) and terms.alive(self.created_at, self.seen_at, now)


def wait_after(failures: int, free: int = FREE_TRIES) -> timedelta:
    """How long a name waits after so many wrong passwords in a row; a source with more of them free."""
    if failures < free:
        return timedelta(0)
    # The exponent is capped before the power: a counter of a million must not make a number of a million bits.
    doublings: int = 2 ** min(failures - free, 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def token_digest(token: bytes) -> bytes:
    """What is stored of a session token; 32 random bytes need no slow hash."""
    return hashlib.sha256(token).digest()


def form_token(key: Secret, token: bytes) -> str:
    """What a form must bring along to prove that it came from a page of this session: HMAC-SHA256, hexadecimal."""
    return hmac.digest(key.reveal(), b"formulier\x00" + token, hashlib.sha256).hex()


def name_key(key: Secret, name: str) -> bytes:
    """Under what a name's wrong tries are counted; people also type passwords where the name belongs.

    The name as it is written: accounts differ by that, and who signs in as JAN must not wipe, or fill, the count of jan.
    """
    return hmac.digest(key.reveal(), b"naam\x00" + name.encode("utf-8", "replace"), hashlib.sha256)


def source_key(key: Secret, source: str) -> bytes:
    """Under what the wrong tries of an address are counted: it is personal data, and is kept no clearer than this."""
    return hmac.digest(key.reveal(), b"bron\x00" + _place(source).encode("utf-8", "replace"), hashlib.sha256)


def _place(source: str) -> str:
    """Where an address is: of IPv6 its /64, which one subscriber has whole (RFC 6177), and an IPv4 in any spelling as itself."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if address.version == 4:
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped) if mapped is not None else str(ip_network((int(address) >> 64 << 64, 64)))


class Places(Protocol):
    """A bounded semaphore, such as `threading.BoundedSemaphore(AT_ONCE)`."""

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002 - threading's signature
        """Take a place; False if none came free in time."""
        ...

    def release(self) -> None:
        """Give it back."""


class Passwords:
    """Hashes and checks passwords.

    Args:
        places: how many may be checked at one time.
        hasher: cost parameters; tests pass a cheap one.
    """

    def __init__(self, hasher: PasswordHasher | None = None, *, places: Places) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._places = places
        self._nobody = self._hasher.hash("wachtwoord van niemand")

    def hash(self, password: str) -> str:
        """The Argon2id hash in PHC form, with its salt and parameters."""
        return self._hasher.hash(password)

    def correct(self, password: str, stored: str | None) -> bool:
        """True if the password is that of the hash; as slow, and False, without one.

        Raises:
            Refusal: 503, too many sign in at once.
        """
        if not self._places.acquire(timeout=PATIENCE):
            raise _too_busy()
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        finally:
            self._places.release()
        return stored is not None


def _too_busy() -> Refusal:
    return Refusal(
        503,
        "te-druk",
        _("Aanmelden lukt nu even niet."),
        _("Er melden zich te veel mensen tegelijk aan."),
        way_forward=_("Probeer het over een paar seconden opnieuw."),
        retry_after=5,
    )


def refuse_login(wait: timedelta | None = None, now: datetime | None = None) -> Refusal:
    """Why logging in failed; the same for an unknown name and a wrong password. With `now` it is told until when to wait."""
    if wait is not None:
        seconds = max(1, round(wait.total_seconds()))
        said = _("Er is te vaak iets verkeerds ingevuld. Wacht {seconden} seconden.").format(seconden=seconds)
        if now is not None:
            end = (now + wait).astimezone(_AMSTERDAM)
            # The first whole minute in which it may be tried.
            said += " " + _("U kunt het weer proberen om {tijd}.").format(
                tijd=f"{end + timedelta(seconds=59):%H:%M}"
            )
        return Refusal(
            429,
            "te-vaak-geprobeerd",
            _("U probeert het te vaak."),
            said,
            way_forward=_(
                "Wacht even en probeer het daarna opnieuw. Weet u uw wachtwoord niet meer, bel dan de functioneel beheerder."
            ),
            retry_after=seconds,
        )
    return Refusal(
        401,
        "aanmelden-mislukt",
        _("Aanmelden is niet gelukt."),
        _("De naam of het wachtwoord klopt niet."),
        way_forward=_("Vul naam en wachtwoord opnieuw in. Let op hoofdletters."),
    )


def not_logged_in() -> Refusal:
    """The refusal of a request without a living session."""
    return Refusal(
        401,
        "niet-aangemeld",
        _("U bent niet aangemeld."),
        _("U bent nog niet aangemeld, of dat is te lang geleden."),
        way_forward=_("Meld u opnieuw aan."),
    )
