# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""With what a person shows who they are beside the password, the same at a node and at the register's own pages (docs/adr/0047-*).

1. A code of an app is RFC 6238 with the values that every app knows: HMAC-SHA-1, six digits, steps of thirty seconds, a secret of 160 bits. One step early or late is
   right too (section 5.2). A step counts once: a code that was taken, and every code before it, is never taken again.
   A secret that was shown counts once a code of it was given, within a quarter of an hour.
2. Recovery codes are ten, of 80 random bits, kept as keyed digests, and each opens once.
3. Who gave the right password and must show more is *half* signed in: a token of its own that opens nothing but the second step, for five minutes and five tries.
4. Outside profile `oefening` a session without a second factor opens nothing but the page on which one gets it.
5. What must be read back (the secret of an app) is sealed under a key of the process (AES-256-GCM), bound to whose it is.

A passkey is `register.passkeys`. Left to others: storing, the clock, and what a role may do.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from process.language import gettext as _
from process.moments import Randomness
from process.problem import Refusal
from process.secret import Secret

STEP = 30
"""Seconds (RFC 6238 section 4.1, the recommended default)."""
WINDOW = 1
"""Steps early or late that are right too: a clock may be half a minute off, and typing takes time."""
DIGITS = 6
SECRET_SIZE = 20
"""Bytes; RFC 4226 section 4 (R6) recommends 160 bits."""

RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it looks like anything else."""
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

HALF_LIFETIME = timedelta(minutes=5)
HALF_TRIES = 5
APP_WAITS = timedelta(minutes=15)
"""How long a secret of an app that was shown may wait for its first code; who saw it over a shoulder must not be able to make it count later."""

_NONCE_SIZE = 12


class Method(StrEnum):
    """With what a person showed who they are."""

    PASSWORD = "wachtwoord"  # noqa: S105 - the name of a means
    CODE = "code"
    PASSKEY = "passkey"
    RECOVERY = "herstelcode"
    ELSEWHERE = "gemeenteaccount"


TURNED_AWAY = "uitgesloten"
"""What happened to a name that was tried too often."""

METHODS: Mapping[str, str] = {
    Method.PASSWORD: _("wachtwoord"),
    Method.CODE: _("code uit een app"),
    Method.PASSKEY: _("passkey"),
    Method.RECOVERY: _("herstelcode"),
    Method.ELSEWHERE: _("gemeenteaccount"),
}
"""Means in words."""

HAPPENINGS: Mapping[str, str] = {
    "aangemeld": _("Aangemeld"),
    TURNED_AWAY: _("Te vaak iets verkeerds ingevuld: even buitengesloten"),
    "code_app_toegevoegd": _("App met codes toegevoegd"),
    "code_app_verwijderd": _("App met codes verwijderd"),
    "passkey_toegevoegd": _("Passkey toegevoegd"),
    "passkey_verwijderd": _("Passkey verwijderd"),
    "herstelcodes_gemaakt": _("Nieuwe herstelcodes gemaakt"),
    "wachtwoord_gewijzigd": _("Wachtwoord gewijzigd"),
    "sessie_beeindigd": _("Een aanmelding beëindigd"),
    "hersteld": _("Tweede stap weggehaald door een beheerder"),
    "account_gemaakt": _("Account gemaakt"),
    "account_beeindigd": _("Account beëindigd"),
    "account_geblokkeerd": _("Account geblokkeerd door een beheerder"),
    "eerste_wachtwoord": _("Nieuw eerste wachtwoord van een beheerder"),
    "sessies_beeindigd": _("Overal afgemeld door een beheerder"),
}
"""What happens to how somebody signs in, in words."""

SECOND = frozenset({Method.CODE, Method.PASSKEY, Method.RECOVERY, Method.ELSEWHERE})
"""Means that count beside a password; the provider of an organisation vouches for two by its `acr`."""


def mandatory(profile: str) -> bool:
    """Whether a second factor is asked of everyone; only practising with made-up people goes without."""
    return profile != "oefening"


def complete(methods: Iterable[str], *, required: bool) -> bool:
    """True if these means open everything that the role may do."""
    return not required or not SECOND.isdisjoint(methods)


def methods_text(methods: Iterable[str]) -> str:
    """Means as they are stored: sorted, with a comma between."""
    return ",".join(sorted(methods))


def methods_from(text: str | None) -> frozenset[str]:
    """Means as they were stored; a session from before means were kept had a password."""
    return frozenset((text or Method.PASSWORD).split(","))


# ---- codes of an app (RFC 6238) ---------------------------------------------------------------------------


def step_of(moment: datetime) -> int:
    """The time step of a moment."""
    return int(moment.timestamp()) // STEP


def code_of(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226 section 5.3 on the counter of RFC 6238)."""
    # SHA-1 is what every app knows, and sound in HMAC (RFC 6238 appendix B, RFC 4226 appendix B).
    return HOTP(secret, digits, SHA1()).generate(step).decode()  # noqa: S303 - see above


def accepted_step(secret: bytes, code: str, moment: datetime, last_step: int) -> int | None:
    """The step whose code this is, later than the last that was taken; None if there is none.

    Args:
        secret: of the app.
        code: as it was typed; spaces do not count.
        moment: now.
        last_step: that was taken last; -1 before the first.
    """
    typed = "".join(code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    now, found = step_of(moment), None
    # Every step is tried, so that the time tells nothing.
    for step in range(max(now - WINDOW, 0), now + WINDOW + 1):
        right = hmac.compare_digest(code_of(secret, step), typed)
        if right and step > last_step:
            found = step
    return found


def secret_text(secret: bytes) -> str:
    """The secret as people type it over: base 32, in fours."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def otpauth(secret: bytes, issuer: str, name: str) -> str:
    """The address that an app reads (Key URI Format); the values of RFC 6238 need no saying."""
    label = quote(f"{issuer}:{name}", safe="")
    asked = urlencode({"secret": secret_text(secret).replace(" ", ""), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{label}?{asked}"


# ---- recovery codes ---------------------------------------------------------------------------------------


def new_recovery_codes(randomness: Randomness) -> tuple[str, ...]:
    """Ten codes, four groups of four."""
    return tuple(_recovery_code(randomness(_RECOVERY_BYTES)) for _number in range(RECOVERY_CODES))


def _recovery_code(raw: bytes) -> str:
    number = int.from_bytes(raw, "big")
    symbols = "".join(_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(symbols[start : start + 4] for start in range(0, len(symbols), 4))


def first_password(randomness: Randomness) -> str:
    """A password that a functioneel beheerder hands to somebody once: as hard to guess as a recovery code, and nobody's choice."""
    return _recovery_code(randomness(_RECOVERY_BYTES))


def recovery_digest(key: Secret, whose: str, code: str) -> bytes:
    """What is kept of a recovery code: keyed, so that a stolen database alone tries nothing; and bound to whose it is."""
    typed = code.upper().translate(_MISREAD)
    return hmac.digest(key.reveal(), f"herstelcode\x00{whose}\x00{typed}".encode(), hashlib.sha256)


# ---- half signed in ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Half:
    """Who gave the right password and must still show more.

    Attributes:
        who: whose account.
        created_at: when the password was right.
        tries: wrong answers so far.
        challenge: that a passkey must sign; None before one was asked for, and after an answer.
    """

    who: str
    created_at: datetime
    tries: int = 0
    challenge: bytes | None = None

    @property
    def until(self) -> datetime:
        """When it ends."""
        return self.created_at + HALF_LIFETIME

    def alive(self, now: datetime) -> bool:
        """True for five minutes and five tries."""
        return now - self.created_at < HALF_LIFETIME and self.tries < HALF_TRIES


# ---- sealing ----------------------------------------------------------------------------------------------


def sealed(key: Secret, kind: str, bound: str, content: bytes, randomness: Randomness) -> bytes:
    """Content that only this process reads, of one kind, bound to a text."""
    nonce = randomness(_NONCE_SIZE)
    return nonce + _cipher(key, kind).encrypt(nonce, content, bound.encode())


def opened(key: Secret, kind: str, bound: str, content: bytes) -> bytes | None:
    """What was sealed; None for what this process did not seal so."""
    try:
        return _cipher(key, kind).decrypt(content[:_NONCE_SIZE], content[_NONCE_SIZE:], bound.encode())
    except (InvalidTag, ValueError):
        return None


def _cipher(key: Secret, kind: str) -> AESGCM:
    return AESGCM(hmac.digest(key.reveal(), b"verzegelen\x00" + kind.encode(), hashlib.sha256))


# ---- refusals ---------------------------------------------------------------------------------------------


def wrong_second_step() -> Refusal:
    """The answer to a second step was not right; which of the means it was is the person's own to know."""
    return Refusal(
        401,
        "tweede-stap-mislukt",
        _("De tweede stap is niet gelukt."),
        _("De code of de passkey klopt niet, of is al een keer gebruikt."),
        way_forward=_(
            "Wacht tot uw app een nieuwe code toont en vul die in. Is uw telefoon kwijt, gebruik dan een herstelcode of bel de functioneel beheerder."
        ),
    )


def half_over() -> Refusal:
    """The second step came too late, too often, or without a first."""
    return Refusal(
        401,
        "tweede-stap-verlopen",
        _("Dit aanmelden is afgebroken."),
        _("De tweede stap kwam te laat, of er is te vaak iets verkeerds ingevuld."),
        way_forward=_("Meld u opnieuw aan, met uw naam en wachtwoord."),
    )


def own_password_first() -> Refusal:
    """A session under a password that somebody else gave."""
    return Refusal(
        403,
        "eigen-wachtwoord-eerst",
        _("Kies eerst een eigen wachtwoord."),
        _("U bent aangemeld met een eerste wachtwoord. Een ander kent dat ook."),
        way_forward=_("Open 'Mijn aanmelding' en kies daar een eigen wachtwoord. Daarna kunt u verder."),
    )


def first_password_over() -> Refusal:
    """The first password was right, but counts no longer; also where an account is blocked."""
    return Refusal(
        401,
        "eerste-wachtwoord-voorbij",
        _("Aanmelden is niet gelukt."),
        _("Dit wachtwoord geldt niet meer."),
        way_forward=_("Vraag de functioneel beheerder van uw organisatie om een nieuw eerste wachtwoord."),
    )


def second_required() -> Refusal:
    """A session without a second factor, where one is asked of everyone."""
    return Refusal(
        403,
        "tweede-stap-verplicht",
        _("Stel eerst een tweede stap in."),
        _(
            "U bent aangemeld met alleen een wachtwoord. Op deze computer is een tweede stap verplicht: een code uit een app, of een passkey."
        ),
        way_forward=_("Open 'Mijn aanmelding' en stel daar een app of passkey in. Daarna kunt u verder."),
    )
