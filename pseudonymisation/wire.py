# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The messages between a node and a key holder, version 1 (docs/spec/pseudonymisation.md, "Messages").

A request is checked whole while it is read: the number of points, and every point against `Point.decode`. What fails is a 400 that names
the place ("punten.3") and never the bytes. An answer is read by the node with `holder_answer`, which turns whatever is wrong with it into
a `HolderFault`, because a holder that sends rubbish is treated as one that sends a wrong proof.

Field `kwitantie` carries the holder's signed receipt (`receipts`); the node verifies it before it believes the answer.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StrictInt,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from process.language import gettext as _
from pseudonymisation import base64url
from pseudonymisation.blinding import BATCH_SIZES, HolderAnswer, HolderFault
from pseudonymisation.oprf import PROOF_BYTES
from pseudonymisation.p256 import InvalidPoint, Point
from pseudonymisation.receipts import LONGEST_NOTE, MARK_BYTES, REQUEST_BYTES

Action = Literal["vragen", "indienen", "invoeren", "inzage", "kanarie"]
"""What is done with the answer; `invoeren` is submitting from a file or a case system, `kanarie` a node that checks itself. Each has its own quota. Purpose and ground are the register's to judge: a holder never learns them."""

_POINT_TEXT: Final = 44


def _read_point(value: object) -> Point:
    if isinstance(value, Point):
        return value
    if not isinstance(value, str) or len(value) != _POINT_TEXT:
        raise InvalidPoint(_("Een punt is 33 bytes, geschreven als 44 tekens base64url."))
    try:
        data = base64url.decode(value)
    except ValueError:
        raise InvalidPoint(_("Een punt is 33 bytes, geschreven als 44 tekens base64url.")) from None
    return Point.decode(data)


def _write_point(point: Point) -> str:
    return base64url.encode(point.encode())


WirePoint = Annotated[
    Point,
    PlainValidator(_read_point),
    PlainSerializer(_write_point, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": _POINT_TEXT,
            "maxLength": _POINT_TEXT,
            "pattern": "^A[g-z0-9_-][A-Za-z0-9_-]{42}$",
            "description": "A P-256 point, SEC 1 compressed (33 bytes), base64url without padding.",
        }
    ),
]


def _read_digest(value: object) -> bytes:
    if isinstance(value, bytes) and len(value) == REQUEST_BYTES:
        return value
    try:
        data = base64url.decode(value) if isinstance(value, str) else b""
    except ValueError:
        data = b""
    if len(data) != REQUEST_BYTES:
        raise ValueError(_("Dit is 32 bytes, geschreven als 43 tekens base64url."))
    return data


WireDigest = Annotated[
    bytes,
    PlainValidator(_read_digest),
    PlainSerializer(base64url.encode, return_type=str),
    WithJsonSchema(
        {"type": "string", "minLength": 43, "maxLength": 43, "pattern": "^[A-Za-z0-9_-]{42}[A-Za-z0-9_-]$"}
    ),
]


WireOrganisation = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{2,64}$")]
"""Code of an organisation, as in its certificate."""


def _read_mark(value: object) -> bytes:
    if isinstance(value, bytes) and len(value) == MARK_BYTES:
        return value
    data = base64url.decode(value) if isinstance(value, str) else b""
    if len(data) != MARK_BYTES:
        raise ValueError(_("Dit is 16 bytes, geschreven als 22 tekens base64url."))
    return data


WireMark = Annotated[
    bytes,
    PlainValidator(_read_mark),
    PlainSerializer(base64url.encode, return_type=str),
    WithJsonSchema({"type": "string", "minLength": 22, "maxLength": 22, "pattern": "^[A-Za-z0-9_-]{22}$"}),
]


def _batch_size(value: object) -> object:
    # Before the points are read: a body full of points must not cost more than the largest batch.
    if isinstance(value, list | tuple) and len(value) not in BATCH_SIZES:
        raise ValueError(
            _("Stuur 8, 16, 32 of 40 punten; dit zijn er {aantal}. Vul aan met willekeurige punten.").format(
                aantal=len(value)
            )
        )
    return value


class _Message(BaseModel):
    """Messages do not change after reading, and hold nothing that their specification does not name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EvaluationRequest(_Message):
    """`POST /v1/evaluaties`: evaluate these blinded points."""

    organisatie: WireOrganisation = Field(
        description="The asking organisation; must equal the one in the client certificate."
    )
    medewerker: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")] = Field(
        description="Pseudonymous id of the officer, known as a person to its own organisation only."
    )
    handeling: Action = Field(description="What is done with the answer.")
    sleutelset: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,31}$")] = Field(
        description="Name of the keyset."
    )
    epoch: Annotated[StrictInt, Field(ge=1)] = Field(
        description="Epoch of the keyset that the node has pinned."
    )
    verzoek: WireDigest = Field(
        description="To which request of the register this evaluation belongs: a digest of its key, 32 bytes in base64url."
    )
    punten: Annotated[tuple[WirePoint, ...], BeforeValidator(_batch_size)] = Field(
        description="8, 16, 32 or 40 blinded points, padded and shuffled."
    )


class EvaluationResponse(_Message):
    """The answer: the holder's share times each point, in the order of the request, with one proof for all."""

    houder: StrictInt = Field(description="Index of the holder, from 1.")
    sleutelset: str = Field(description="Name of the keyset with which was answered.")
    epoch: StrictInt = Field(description="Its epoch.")
    punten: tuple[WirePoint, ...] = Field(description="As many points as were asked.")
    bewijs: str = Field(
        description="DLEQ proof of RFC 9497: 64 bytes, base64url without padding (86 characters)."
    )
    kwitantie: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NOTE)] = Field(
        description="The holder's signed receipt of this evaluation, for the register."
    )


class KeysetResponse(_Message):
    """`GET /v1/sleutelset`: with which keyset this holder answers. For comparing with the pinned one, never for pinning."""

    houder: StrictInt = Field(description="Index of the holder, from 1.")
    vingerafdruk: str = Field(description="SHA-256 of the canonical public keyset file, hexadecimal.")
    document: dict[str, Any] = Field(description="The members of that file.")


class AccountResponse(_Message):
    """`GET /v1/verantwoordingen/{dag}`: what this holder did on a day, for the register."""

    verklaring: str = Field(description="Signed note with the account of the day.")


class MarksResponse(_Message):
    """`GET /v1/verantwoordingen/{dag}/kwitanties`: which receipts one organisation got for one action, for the register."""

    kenmerken: tuple[WireMark, ...] = Field(
        description="Mark of each receipt, 16 bytes in base64url, in order."
    )


def holder_answer(index: int, body: bytes) -> HolderAnswer:
    """Read the answer of holder `index` (a 200 response body) for `blinding.unblind_batch`.

    Raises:
        HolderFault: not a message of this version, a point that is none, or the answer of another holder.
    """
    try:
        response = EvaluationResponse.model_validate_json(body)
        proof = base64url.decode(response.bewijs)
    except ValidationError as error:
        raise HolderFault(index, _malformed(error)) from None
    except ValueError:
        raise HolderFault(index, _("het bewijs is niet te lezen.")) from None
    if response.houder != index:
        raise HolderFault(index, _("het antwoord is van een andere houder."))
    if len(proof) != PROOF_BYTES:
        raise HolderFault(index, _("het bewijs heeft niet de goede lengte."))
    return HolderAnswer(
        response.sleutelset,
        response.epoch,
        tuple(point.encode() for point in response.punten),
        proof,
        response.kwitantie,
    )


def _malformed(error: ValidationError) -> str:
    where = ".".join(str(part) for part in error.errors(include_input=False, include_url=False)[0]["loc"])
    return _("het antwoord heeft niet de afgesproken vorm ({plaats}).").format(plaats=where or _("JSON"))
