# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The grounds on which a visitor of the register's pages may ask, as every form offers them: `GET /v1/grondslagen` of the same listener. Which they are, policy says."""

from collections.abc import Awaitable, Callable
from typing import Any


async def own_grounds(call: Callable[..., Awaitable[Any]], visit: Any) -> list[tuple[str, str]]:
    """Number and text of each: the code, what it is for, and the article.

    Args:
        call: asks the interface as the visitor.
        visit: of whom.

    Raises:
        Refusal: as the interface words it.
    """
    found = await call("GET", "/v1/grondslagen", visit)
    return [(one["id"], f"{one['code']}: {one['taak']} ({one['artikel']})") for one in found["grondslagen"]]
