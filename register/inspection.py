# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Inzage of look-ups (AVG 15): which questions in the log concerned the person at the desk, and what that person is told of each.

The law of this file:

1. **What counts** as a question about this person: the families that agree with it satisfy C3 by themselves, none of them is lossy (`Agreement.KNOWN`), and what an identity
   document bears out (`IDENTIFYING`) is among them. A shared address, a plate alone or a name that only sounds alike would tell this person of somebody else's question;
   and whoever holds another's telephone, as those do who move victims, would hear with an own document who asked after its owner (AVG 15(4)).
2. **Who may be told**: whoever showed at the desk what identifies one person.
3. Told are the organisation, the day, the purpose, the ground and the kinds of attributes that agree; **never the officer** (CJEU C-579/21: purposes and dates, not the
   employee), the control, the outcome or the time of day.
4. **Withheld** is a question that was asked for a confidential activity: for the investigation of criminal offences, by purpose or by the role that asked (UAVG 41(1)(d);
   confidentiality hangs on the activity, not on the record). Withholding is a decision in the log of who asked, with its ground, for that FG to review.
5. The person reads the same sentences whether nothing, something or everything was withheld.

Pure. Left to others: opening the log, digests, writing entries (register.central.inspecting).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from audit.canonical import JSON
from pseudonymisation.pseudonym import Agreement, agreement, kinds_for_people

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")

IDENTIFYING: Final = frozenset({"bsn", "v_nummer", "document", "name_dob"})
"""Families that an identity document at the desk bears out."""

INVESTIGATION: Final = "UAVG-41-1-d"
"""Preventing, investigating, detecting and prosecuting criminal offences."""

CONFIDENTIAL_PURPOSES: Final = frozenset({"opsporing_handoff"})
CONFIDENTIAL_ROLES: Final = frozenset({"tmm_analist", "tmm_coordinator", "nla", "kmar"})


@dataclass(frozen=True)
class LookUp:
    """A question in the log that concerned this person.

    Attributes:
        organisation: that asked, as the log names it.
        leaf: its leaf.
        day: on which it was asked.
        purpose: code.
        ground: id of the ground.
        kinds: kinds of attributes that agree, in Dutch.
        withheld: the ground on which it is not told; "" if it is told.
    """

    organisation: str
    leaf: int
    day: date
    purpose: str
    ground: str
    kinds: tuple[str, ...]
    withheld: str


def identified(families: Collection[str]) -> bool:
    """Whether these attributes identify one person at a desk."""
    return bool(IDENTIFYING & set(families))


def look_up(
    organisation: str, leaf: int, fields: Mapping[str, JSON], digests: Mapping[str, str]
) -> LookUp | None:
    """What an entry `bevraging` was to this person; None if it did not concern them.

    Args:
        organisation: whose entry.
        leaf: its number.
        fields: of its payload for the asker.
        digests: of this person under the key of organisation and quarter -> family.
    """
    marks = fields.get("kenmerken")
    asked = {one for one in marks if isinstance(one, str)} if isinstance(marks, list) else set()
    families = {family for digest, family in digests.items() if digest in asked}
    if not identified(families) or agreement(families) is not Agreement.KNOWN:
        return None
    purpose, role = str(fields.get("doel") or ""), str(fields.get("rol") or "")
    return LookUp(
        organisation=organisation,
        leaf=leaf,
        day=datetime.fromisoformat(str(fields["moment"])).astimezone(_AMSTERDAM).date(),
        purpose=purpose,
        ground=str(fields.get("grondslag") or ""),
        kinds=kinds_for_people(families),
        withheld=_withheld(purpose, role),
    )


def _withheld(purpose: str, role: str) -> str:
    confidential = purpose in CONFIDENTIAL_PURPOSES or role in CONFIDENTIAL_ROLES
    return INVESTIGATION if confidential else ""


def told(found: Iterable[LookUp]) -> tuple[LookUp, ...]:
    """What the person is told, newest first."""
    shown = (one for one in found if not one.withheld)
    return tuple(sorted(shown, key=lambda one: (one.day, one.organisation, one.leaf), reverse=True))
