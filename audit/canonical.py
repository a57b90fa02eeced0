# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""One value, one sequence of bytes: canonical JSON and strict Base64.

What is committed to or signed must have exactly one encoding, or two parties that agree on a value disagree on its hash.

1. JSON is written as RFC 8785 (JCS) prescribes, on a subset where Python and JCS cannot differ: no floating point
   numbers, whole numbers within ±(2^53 - 1), object names of ASCII characters (so that code points and UTF-16 units sort
   alike). Anything else is refused, never approximated.
2. Reading accepts only what writing would have produced: no second spelling, no repeated name, no byte order mark.
3. Base64 is RFC 4648 section 4 with padding; unused bits must be zero.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from process.language import gettext as _

JSON: TypeAlias = "bool | int | str | Sequence[JSON] | Mapping[str, JSON] | None"

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 32


class EncodingError(ValueError):
    """A value or text without a canonical form; the message is for the person who supplied it."""


def canonical_json(value: JSON) -> bytes:
    """The one UTF-8 encoding of ``value`` (RFC 8785 on the subset above).

    Raises:
        EncodingError: the value lies outside the subset.
    """
    plain = _plain(value, DEEPEST)
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise EncodingError(_("de tekst bevat een half Unicode-teken")) from error


def parse_canonical_json(data: bytes) -> JSON:
    """The value of which ``data`` is the canonical encoding.

    Raises:
        EncodingError: ``data`` is not JSON, or not in the one form that ``canonical_json`` writes.
    """
    try:
        value: JSON = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise EncodingError(_("dit is geen leesbare JSON")) from error
    if canonical_json(value) != data:
        raise EncodingError(_("deze JSON staat niet in de vaste schrijfwijze"))
    return value


def base64_text(data: bytes) -> str:
    """``data`` in Base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def base64_bytes(text: str, *, size: int | None = None) -> bytes:
    """The bytes of which ``text`` is the Base64 form; exactly ``size`` of them when that is given.

    Raises:
        EncodingError: another alphabet, missing padding, stray bits, or another number of bytes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EncodingError(_("dit is geen geldige Base64")) from error
    if base64_text(data) != text:
        raise EncodingError(_("deze Base64 staat niet in de vaste schrijfwijze"))
    if size is not None and len(data) != size:
        raise EncodingError(_("er horen {aantal} bytes te staan").format(aantal=size))
    return data


def _plain(value: JSON, depth: int) -> object:
    """``value`` in the types that ``json`` writes, refusing what the subset leaves out."""
    if depth == 0:
        raise EncodingError(_("de gegevens zijn te diep genest"))
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, Mapping):
        return {_name(name): _plain(item, depth - 1) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth - 1) for item in value]
    raise EncodingError(
        _("een waarde van de soort {soort} heeft geen vaste schrijfwijze").format(soort=type(value).__name__)
    )


def _integer(value: int) -> int:
    if abs(value) > LARGEST_INTEGER:
        raise EncodingError(_("het getal is te groot voor een vaste schrijfwijze"))
    return value


def _name(name: object) -> str:
    if not isinstance(name, str) or not name.isascii():
        raise EncodingError(_("een veldnaam bestaat uit gewone letters"))
    return name
