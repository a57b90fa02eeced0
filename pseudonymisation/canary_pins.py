# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What canaries must give: pins, each of one version of the specification and one key (docs/spec/pseudonymisation.md, "Canaries").

1. The *pin* is SHA-256 over the three points that the holders give, in order. It tells nobody a pseudonym, so it may be read aloud.
2. A pin has a name, VERSION/KEY. KEY is made of the keyset's name and public key: a re-sharing keeps it, a rotation does not. So a pin of the old key says
   nothing of the new one, and whoever pins a keyset by its fingerprint knows which pin goes with it.
3. A rotation takes the pin along: the points that hash to the pin of the old key, times ρ, are those of the new key. Whoever has ρ, for as long as it lasts,
   computes it before any holder works with that key, and nothing else than a pinned point is multiplied.

Pure, and without identities or match keys: the register uses it too.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from process.language import gettext as _
from pseudonymisation import base64url
from pseudonymisation.p256 import Point, SecretScalar
from pseudonymisation.pseudonym import length_prefixed
from pseudonymisation.threshold import PublicKeyset, canonical_json

POINTS_FORMAT: Final = "signaalregister/kanariepunten/v1"
CANARIES_IN_A_PIN: Final = 3
_PIN_DOMAIN: Final = b"signaalregister/kanarie/v1"
_KEY_DOMAIN: Final = b"signaalregister/kanariesleutel/v1"
_NAME: Final = re.compile(r"[0-9A-Za-z.-]{1,31}/[0-9a-f]{32}", re.ASCII)
_PIN: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class CanaryPointsError(ValueError):
    """Points of canaries that cannot be used. The message is for people, in Dutch."""


def pin(points: Sequence[bytes]) -> bytes:
    """The pin of these points (32 bytes), in the order of the canaries."""
    return sha256(length_prefixed(_PIN_DOMAIN, *points)).digest()


def key_mark(keyset: str, key: Point) -> str:
    """Which key a pin is of: 32 hexadecimal digits."""
    return sha256(length_prefixed(_KEY_DOMAIN, keyset.encode(), key.encode())).hexdigest()[:32]


def pin_name(version: str, keyset: PublicKeyset) -> str:
    """Under which name the pin of a version and of the key of a keyset stands in settings."""
    return f"{version}/{key_mark(keyset.name, keyset.key)}"


def require_pins(pins: Mapping[str, str]) -> None:
    """Returns only if these are pins by their names.

    Raises:
        ValueError: what is not one; the message is Dutch.
    """
    if any(_NAME.fullmatch(name) is None for name in pins):
        raise ValueError(
            _(
                "een pin van de kanarie hoort bij een versie en een sleutel (versie/sleutel); neem de regel over die `node canary` of `register rotation canary` geeft"
            )
        )
    if any(_PIN.fullmatch(one) is None for one in pins.values()):
        raise ValueError(_("een uitkomst van de kanarie is 64 tekens, 0-9 en a-f"))


@dataclass(frozen=True)
class CanaryPoints:
    """What the holders gave for the canaries under one key.

    Attributes:
        version: of the specification.
        keyset: its name.
        key: the public key K.
        points: in the order of the canaries; of nobody, so no secret.
    """

    version: str
    keyset: str
    key: Point = field(repr=False)
    points: tuple[Point, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """The name of their pin."""
        return f"{self.version}/{key_mark(self.keyset, self.key)}"

    @property
    def pin(self) -> str:
        """Their pin, hexadecimal."""
        return pin([point.encode() for point in self.points]).hex()

    @property
    def line(self) -> str:
        """As it stands in a settings file (TOML), under `[canary_pins]`."""
        return f'"{self.name}" = "{self.pin}"'

    def times(self, factor: SecretScalar) -> "CanaryPoints":
        """The same canaries under the key of after a rotation."""
        points = tuple(factor.times(point) for point in self.points)
        return CanaryPoints(self.version, self.keyset, factor.times(self.key), points)


def points_file(points: CanaryPoints) -> bytes:
    """The bytes of the file."""
    return canonical_json(
        {
            "formaat": POINTS_FORMAT,
            "versie": points.version,
            "sleutelset": points.keyset,
            "sleutel": base64url.encode(points.key.encode()),
            "punten": [base64url.encode(point.encode()) for point in points.points],
        }
    )


def read_points(data: bytes) -> CanaryPoints:
    """Read such a file.

    Raises:
        CanaryPointsError: it is none.
    """
    try:
        members = json.loads(data)
        points = tuple(Point.decode(base64url.decode(one)) for one in members["punten"])
        key = Point.decode(base64url.decode(members["sleutel"]))
        found = CanaryPoints(members["versie"], members["sleutelset"], key, points)
        right = points_file(found) == data and len(points) == CANARIES_IN_A_PIN
        require_pins({found.name: found.pin})
    except (KeyError, TypeError, AttributeError, ValueError):
        right = False
    if not right:
        raise CanaryPointsError(_("Dit bestand is niet door `node canary --out` geschreven."))
    return found
