# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Which answers of the register leave at once, and which on the grid (process.pace): on the grid unless listed here.

Listed is what no stored signal bears on: how the process is, what anyone may read, signing in, and taking a signal in, which looks at nothing but the
sender's own. A path that is forgotten here costs its caller a moment, and shows nothing.
"""

from typing import Final

from register.explaining import PATHS
from register.theme import STATIC_PATH

OWN_STATIC_PATH: Final = "/register-bestanden"
"""Where the files are that only the register's pages have: its script, and the library that draws."""

_AT_ONCE: Final = frozenset(
    {
        ("GET", "/v1/openapi.json"),
        ("GET", "/v1/logboek/checkpoint"),
        ("GET", "/v1/logboek/bladen"),
        ("GET", "/v1/logboek/bewijzen/insluiting"),
        ("GET", "/v1/logboek/bewijzen/samenhang"),
        ("GET", "/v1/verwerkingen"),
        ("GET", "/verwerkingen"),
        ("GET", "/v1/logboek/getuigen"),
        ("GET", "/v1/logboek/getuigen/verzoek"),
        ("POST", "/v1/logboek/getuigen/bevestigingen"),
        ("POST", "/v1/signalen"),
        ("POST", "/v1/sessies"),
        ("POST", "/v1/sessies/tweede-stap"),
        ("POST", "/v1/sessies/tweede-stap/opties"),
        ("DELETE", "/v1/sessies/huidige"),
        ("GET", "/v1/ontvangstsleutels"),
        *(("GET", path) for path in PATHS),
    }
)
_UNDER: Final = ("/gezondheid/", f"{STATIC_PATH}/", f"{OWN_STATIC_PATH}/", "/tlog/")


def leaves_at_once(method: str, path: str) -> bool:
    """True if no stored signal can bear on the answer."""
    return (method, path) in _AT_ONCE or path.startswith(_UNDER)
