# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Refusals that help: what was refused, why, and what the user can do now (RFC 9457 problem details).

A `Refusal` is raised where the rule is; the web layer turns it into `application/problem+json`, the pages into a box,
the command line into three lines. It never carries the value that was refused: a value may identify a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One field that stops the request: its path as the sender wrote it, and the reason in plain Dutch."""

    field: str
    reason: str


def retry_after(headers: Mapping[str, str]) -> int | None:
    """The seconds of a Retry-After header, or None if it has none that make sense (RFC 9110, 10.2.3; a date is not read)."""
    text = headers.get("retry-after", "")
    # Not isdigit() alone: "²" is a digit and no number; and a number of five thousand digits is one that Python does not read.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


class Refusal(Exception):
    """A request that is answered with "no", in words for the one who asked.

    Args:
        status: HTTP status, 4xx or 503.
        code: stable kebab-case code for programs, also the last part of the problem `type`.
        title: what was refused, one short Dutch sentence.
        detail: why, in B1 Dutch.
        way_forward: what the user can do now.
        fields: the fields concerned, if any.
        rule: the rule or article that decides, such as "C3" or "AVG 5(1)(c)".
        retry_after: seconds until asking again makes sense.
    """

    def __init__(  # noqa: PLR0913 - RFC 9457 members, all by name
        self,
        status: int,
        code: str,
        title: str,
        detail: str,
        *,
        way_forward: str,
        fields: tuple[FieldError, ...] = (),
        rule: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.way_forward = way_forward
        self.fields = fields
        self.rule = rule
        self.retry_after = retry_after


def problem_details(refusal: Refusal) -> dict[str, object]:
    """The members of the problem document, in the language that is spoken; members of our own are in Dutch camelCase like the rest of the interface."""
    members: dict[str, object] = {
        "type": f"/problemen/{refusal.code}",
        "title": str(refusal.title),
        "status": refusal.status,
        "detail": str(refusal.detail),
        "code": refusal.code,
        "wegVooruit": str(refusal.way_forward),
        "velden": [{"veld": error.field, "reden": str(error.reason)} for error in refusal.fields],
    }
    if refusal.rule is not None:
        members["regel"] = refusal.rule
    return members


class UnloggedRefusal(Refusal):
    """A refusal about which nothing is written: what it would be written to is away, or nobody was refused anything of theirs."""


class Outage(Exception):
    """What this process stands on is away or has no room: the transaction was undone, or its commit was never confirmed.

    It is no `Refusal`, because nobody judged the request: code that handles a refusal, and then drops or marks something, must never take this for one. At the door
    it is told as `refusal`.
    """

    def __init__(self, refusal: UnloggedRefusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class PassedOnRefusal(Refusal):
    """A refusal that another interface of ours gave, and logged: whoever passes it on does not log it again."""


def refusal_from(members: dict[str, object]) -> PassedOnRefusal:
    """The refusal that another interface of ours sent, so that it can be passed on with its words kept."""
    fields = members.get("velden")
    status = members.get("status")
    rule = members.get("regel")
    return PassedOnRefusal(
        status if isinstance(status, int) else 502,
        str(members.get("code", "onbekend")),
        str(members.get("title", "")),
        str(members.get("detail", "")),
        way_forward=str(members.get("wegVooruit", "")),
        fields=tuple(
            FieldError(str(field.get("veld", "")), str(field.get("reden", "")))
            for field in (fields if isinstance(fields, list) else [])
            if isinstance(field, dict)
        ),
        rule=None if rule is None else str(rule),
    )


def place(error: BaseException | None) -> str:
    """Where an exception came from, the last four steps: files, lines and functions, never a value."""
    trace = None if error is None else error.__traceback__
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return " > ".join(places[-4:])
