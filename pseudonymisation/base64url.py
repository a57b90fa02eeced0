# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Bytes as text: base64url without padding (RFC 4648 section 5), one text per byte string and no other.

Python's decoder skips characters that it does not know and accepts stray bits at the end. Two texts for one point would let a batch
look different in a log or a receipt than it is, so `decode` accepts only what `encode` writes.
"""

import base64


def encode(value: bytes) -> str:
    """The one text of these bytes."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of this text.

    Raises:
        ValueError: padding, a character outside the alphabet, or bits left over. The text is not repeated.
    """
    try:
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        # Not chained: the original may quote what was sent.
        raise ValueError("not base64url") from None
    if encode(value) != text:
        raise ValueError("not canonical base64url")
    return value
