# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A decision record at rest: what one request was decided on, sealed under a key of its own.

The law of this file:

1. A record holds no identity, no pseudonym and no id of a signal (`policies.recorded.without_identity`). What is left, the facts of signals as the engine saw
   them, is personal data all the same: it stands nowhere in the clear, and destroying its key forgets it.
2. The length of what is sealed tells nothing that a question on nothing would not: it is compressed, then padded to a multiple of `PADDING`.
3. A sealed record moved to another id or day does not open.

Left to others: where records and keys are kept, for how long, and who decides again (register.central).
"""

import json
import zlib
from datetime import date
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from policies.recorded import RecordError, Request, from_json, to_json
from process.moments import Randomness
from process.secret import Secret

PADDING: Final = 4096
KEPT_DAYS: Final = 92
"""How long a record is kept: a quarter, over which a change of the rules is tried."""

_DOMAIN: Final = b"signaalregister/besluit/v1\n"
_NONCE: Final = 12
_LENGTH: Final = 4


def sealed(request: Request, place: str, day: date, key: Secret, *, randomness: Randomness) -> bytes:
    """The record under a key of 32 bytes that seals nothing else.

    Args:
        request: what was decided, without identity.
        place: id of the record.
        day: on which it was decided.
        key: fresh.
        randomness: for the nonce.
    """
    content = zlib.compress(json.dumps(to_json(request), separators=(",", ":")).encode(), level=6)
    plain = len(content).to_bytes(_LENGTH, "big") + content
    nonce = randomness(_NONCE)
    return nonce + AESGCM(key.reveal()).encrypt(
        nonce, plain + bytes(-len(plain) % PADDING), _bound(place, day)
    )


def opened(ciphertext: bytes, place: str, day: date, key: Secret) -> Request:
    """The record that `sealed` sealed.

    Raises:
        RecordError: another key, id or day, or a form that this software does not know.
    """
    try:
        plain = AESGCM(key.reveal()).decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], _bound(place, day))
        end = _LENGTH + int.from_bytes(plain[:_LENGTH], "big")
        return from_json(Request, json.loads(zlib.decompress(plain[_LENGTH:end])))
    except (InvalidTag, ValueError, zlib.error) as error:
        raise RecordError("a decision record that does not open") from error


def _bound(place: str, day: date) -> bytes:
    return _DOMAIN + place.encode() + b"\n" + day.isoformat().encode()
