# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the resources under `/v1` have in common; they stand beside this module by subject, each a few lines: who, what, the use case, the answer.

What policy did not open is absent from the JSON (`exclude_none`). An idempotency key is required on every write, and a body speaks for the own organisation.
"""

from typing import Annotated

from fastapi import Header

from register.central import signing_in
from register.central.asking_for import Acting

LARGEST_INDEX = 2**53
"""What JSON numbers hold exactly, and far from what a database column overflows at."""


def own(acting: Acting, organisation: str) -> Acting:
    """The acting person, if the body speaks for the verified organisation.

    Raises:
        Refusal: 403.
    """
    if organisation != acting.organisation:
        raise signing_in.foreign_body("organisatie")
    return acting


IdempotencyKey = Annotated[
    str,
    Header(
        pattern=r"^[A-Za-z0-9-]{8,64}$",
        description="Een sleutel per verzoek; hetzelfde verzoek opnieuw heeft dezelfde sleutel.",
    ),
]
