# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which addresses of others this system speaks to: https, without a name or password in them; http on this machine where an exercise says so."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


def usable(url: object, *, loopback: bool) -> bool:
    """Whether an address may be used.

    Args:
        url: an absolute address, without a fragment.
        loopback: http on this machine will do.
    """
    parts = _split(url)
    if parts is None or not parts.hostname or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (loopback and parts.scheme == "http" and _here(parts.hostname))


def _split(url: object) -> SplitResult | None:
    if not (isinstance(url, str) and url.isascii() and url.isprintable()):
        return None
    try:
        parts = urlsplit(url)
        # Read now: a port that is none raises only when somebody asks.
        _port = parts.port
    except ValueError:
        return None
    return parts


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
