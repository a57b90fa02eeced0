# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What somebody typed when their session had ended: sealed, taken along through signing in, and given back to the same person alone.

1. Only a form whose token belongs to the session that ended is taken along: another site cannot plant one.
2. Whose it is stands in a sealed cookie that was set when they signed in; without it nothing is taken along.
3. Who signs in next gets it back only if it is theirs; it is sealed for this process, so the page on a shared computer tells nothing.
4. Passwords and codes are never taken along, and nothing of the page on which one sees to them.
5. It is made small (DEFLATE, RFC 1951), since it goes back inside another form. What is too large even then is not taken along, and the page says so: nothing is lost in silence.

Pure but for its key and randomness, which are arguments.
"""

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from process.moments import Randomness
from process.secret import Secret
from register.second_factor import opened, sealed

KEPT = timedelta(minutes=30)
LARGEST = 960 * 1024
"""Characters of a sealed form: with a name, a password and the answer of a passkey beside it, it stays under the megabyte that a request may be."""
_WHO, _FORM, _BEFORE = "wie", "formulier", "vorige"
NOTHING_TYPED = frozenset({"/mijn-aanmelding", "/afmelden"})
"""Addresses whose forms hold secrets (of an app that is being set up), or only a button that makes no sense any more."""
_NEVER = frozenset({"csrf", "wachtwoord", "nieuw", "nogmaals", "code", "herstelcode", "passkey"})


@dataclass(frozen=True)
class Carried:
    """A form on its way: to which address, and what was filled in, in order."""

    path: str
    pairs: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return "Carried(***)"


def owner(key: Secret, whose: str, randomness: Randomness) -> str:
    """What a cookie holds of whose browser this is."""
    return _text(sealed(key, _WHO, "", whose.encode(), randomness))


def owner_of(key: Secret, cookie: str | None) -> str | None:
    """Whose browser this is; None if nobody said."""
    raw = _bytes(cookie or "")
    found = None if raw is None else opened(key, _WHO, "", raw)
    return None if found is None else found.decode()


def before(key: Secret, seed: str, digest: bytes, randomness: Randomness) -> str:
    """What a cookie holds of the session that is in a browser which goes to sign in elsewhere (a digest of its token), bound to that attempt: the session's own cookie does not come back from there."""
    return _text(sealed(key, _BEFORE, seed, digest, randomness))


def before_of(key: Secret, seed: str, cookie: str) -> bytes | None:
    """The digest of that session; None if there was none."""
    raw = _bytes(cookie)
    return None if raw is None else opened(key, _BEFORE, seed, raw)


def carry(  # noqa: PLR0913 - a form, whose it is, and with what it is sealed
    key: Secret,
    whose: str,
    *,
    path: str,
    pairs: Iterable[tuple[str, object]],
    now: datetime,
    randomness: Randomness,
) -> str | None:
    """A form, sealed for its owner; None if it is too large to be taken along."""
    kept = [(name, value) for name, value in pairs if name not in _NEVER and isinstance(value, str)]
    told = json.dumps({"pad": path, "velden": kept, "op": now.isoformat()}, ensure_ascii=False)
    content = zlib.compress(told.encode("utf-8", "surrogatepass"))
    text = _text(sealed(key, _FORM, whose, content, randomness))
    return text if len(text) <= LARGEST else None


def carried(key: Secret, whose: str, text: str, now: datetime) -> Carried | None:
    """The form, if it is this person's and not too old."""
    raw = _bytes(text)
    content = None if raw is None else opened(key, _FORM, whose, raw)
    if content is None:
        return None
    # Sealed here, so that it is no larger than a form was.
    found = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    if now - datetime.fromisoformat(found["op"]) >= KEPT:
        return None
    return Carried(found["pad"], tuple((name, value) for name, value in found["velden"]))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
