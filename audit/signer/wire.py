# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""What goes over the wire between register and signer."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from audit.canonical import base64_bytes
from audit.checkpoint import LARGEST_SIZE
from audit.merkle import HASH_SIZE
from audit.witnessing import LONGEST_PROOF


def _hash(text: str) -> str:
    base64_bytes(text, size=HASH_SIZE)
    return text


Hash = Annotated[str, Field(max_length=44), AfterValidator(_hash)]
Size = Annotated[int, Field(strict=True, ge=0, le=LARGEST_SIZE)]


class SigningRequest(BaseModel):
    """A tree head to sign, with the proof that it extends the one that was signed at size ``oudeOmvang``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    logboek: str = Field(min_length=1, max_length=256)
    oude_omvang: Size = Field(alias="oudeOmvang")
    omvang: Size
    wortel: Hash
    samenhang: list[Hash] = Field(max_length=LONGEST_PROOF)

    def proof(self) -> tuple[bytes, ...]:
        """The consistency proof as hashes of 32 bytes."""
        return tuple(base64_bytes(one) for one in self.samenhang)


class SignedCheckpoint(BaseModel):
    """A signed checkpoint note and its size."""

    omvang: int
    controlepunt: str
