# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The keys with which the key holders of tests sign, and real receipts under them for a register that knows no holder."""

import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from audit.note import Signer
from process.secret import Secret
from pseudonymisation.blinding import BATCH_SIZES
from pseudonymisation.receipts import VALID, EvaluationReceipt, request_digest, sign_evaluation

_numbers = count(1)


def receipt_signer(holder: int) -> Signer:
    """The key with which a holder of these tests signs."""
    return Signer(f"houder{holder}.example/test", Secret(random.Random(100 + holder).randbytes(32)))


VKEYS = tuple(receipt_signer(holder).verifier.vkey for holder in (1, 2, 3))
_SIGNERS = {holder: receipt_signer(holder) for holder in (1, 2, 3)}


def receipt(holder: int, now: datetime, **members: Any) -> EvaluationReceipt:
    """The receipt of one evaluation, with members changed."""
    whole = now.replace(microsecond=0)
    said: dict[str, Any] = {
        "number": next(_numbers).to_bytes(16, "big"),
        "organisation": "GM9001",
        "keyset": "oefening",
        "epoch": 1,
        "action": "vragen",
        "points": 8,
        "request": request_digest("GM9001", "sleutel-0001"),
        "moment": whole,
        "expires": whole + VALID,
    }
    return EvaluationReceipt(holder=holder, **(said | members))


def signed(one: EvaluationReceipt, by: int | None = None) -> str:
    """As its holder signs it, or another."""
    return sign_evaluation(one, _SIGNERS[by or one.holder])


def receipts_for(
    organisation: str,
    key: str,
    action: str,
    parts: Mapping[str, int],
    moment: datetime,
    *,
    holders: Iterable[int] = (1, 2),
    epoch: int = 1,
) -> list[str]:
    """Receipts of some holders for each part of a request: `ref` -> pseudonyms."""
    return [
        signed(
            receipt(
                holder,
                moment,
                organisation=organisation,
                action=action,
                epoch=epoch,
                points=next((size for size in BATCH_SIZES if size >= number), number),
                request=request_digest(organisation, key, part),
            )
        )
        for part, number in parts.items()
        for holder in holders
    ]


def covering(path: str, body: Any, organisation: str, key: str, moment: datetime) -> Any:
    """A message with the receipts that a node would send with it, unless it brings its own or is not one that takes any."""
    action = {"/v1/bevragingen": "vragen", "/v1/signalen": "indienen", "/v1/inzagen": "inzage"}.get(path)
    if action is None or not isinstance(body, dict) or "kwitanties" in body:
        return body
    try:
        parts = (
            {"": len(body["pseudoniemen"])}
            if action != "indienen"
            else {str(one["ref"]): len(one["pseudoniemen"]) for one in body["subjecten"]}
        )
    except (KeyError, TypeError):
        return body
    return {
        **body,
        "kwitanties": receipts_for(organisation, key, action, parts, moment, epoch=body.get("epoch", 1)),
    }
