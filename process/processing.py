# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What one line of the Logboek Dataverwerkingen is made of, before anything is written.

The standard: Logius, *Logboek dataverwerkingen*, sections/specificaties.md at commit 46aea1893ba05fa68e421778ea2dcd8c6b3e817d of
github.com/Logius-standaarden/logboek-dataverwerkingen ("Interface", "Gedrag van Applicatie"). From it follow:

1. Each action leaves a line, and each data subject (betrokkene) of it a line of its own; a line names none or one. With more than one, their lines are
   children of the action's line (`parent_span_id`).
2. `dpl.core.processing_activity_id` refers to the art. 30 register (register.activities); `dpl.core.data_subject_id` is a code that says
   nothing without a key, with its kind in `dpl.core.data_subject_id_type`.
3. No employee stands in a line: that is what the audit log is for. `trace_id` joins the two, and the decision record.
4. No sampling. `status` is `Ok`, `Unset` (handled, without a result) or `Error` (a defect or an outage of ours).

Left to others: which processing is which activity and who is concerned (register), writing (process.serving.ldv).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

ACTIVITY = "dpl.core.processing_activity_id"
SUBJECT = "dpl.core.data_subject_id"
SUBJECT_TYPE = "dpl.core.data_subject_id_type"
CALLER = "dpl.core.foreign_operation.processor"

_TRACE = re.compile(r"[0-9a-f]{32}")
_SPAN = re.compile(r"[0-9a-f]{16}")


class Status(StrEnum):
    """How an action ended."""

    OK = "Ok"
    UNSET = "Unset"
    ERROR = "Error"


@dataclass(frozen=True)
class DataSubject:
    """A person concerned, as a line names one.

    Attributes:
        code: keyed digest, hexadecimal; tells same from other to whoever has the key, and nothing to anybody else.
        kind: URI of the kind of code.
    """

    code: str
    kind: str


@dataclass(frozen=True)
class Trace:
    """Where an action stands among others (W3C Trace Context).

    Attributes:
        trace: 32 hexadecimal digits.
        span: 16, of this action; "" lets the writer choose.
        parent: 16, of the action that called it; "" for none.
    """

    trace: str
    span: str = ""
    parent: str = ""

    def __post_init__(self) -> None:
        if not _TRACE.fullmatch(self.trace) or any(
            one and not _SPAN.fullmatch(one) for one in (self.span, self.parent)
        ):
            raise ValueError("not a trace of W3C Trace Context")

    @property
    def header(self) -> str:
        """`traceparent` for whom this action calls."""
        return f"00-{self.trace}-{self.span}-01"


@dataclass(frozen=True)
class Action:
    """One action on personal data.

    Attributes:
        name: Dutch, for people.
        activity: URI of the processing activity.
        subjects: the people concerned; none where they are not known, or an organisation is.
        trace: where it stands.
        status: how it ended.
        caller: URI of the application that called; "" for none.
    """

    name: str
    activity: str
    subjects: Sequence[DataSubject]
    trace: Trace
    status: Status = Status.OK
    caller: str = ""
