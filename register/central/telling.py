# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Why each field of an answer is there: ground with article, conditions, and the rule in words (`policies.explain.why`).

Only fields that the answer shows have a why, so an answer that shows nothing says nothing more than before.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import chain

from policies.decision import Decision
from policies.explain import field_label, why
from register.central.centre import Centre
from register.enquiry import Examined
from register.wire import WaaromVeld


def why_shown(
    centre: Centre,
    purpose: str,
    examined: Iterable[Examined],
    members: Mapping[str, str],
    shown: Collection[str],
) -> list[WaaromVeld]:
    """The reasons of what is shown, in the order of `members`.

    Args:
        centre: the register.
        purpose: for which is shown.
        examined: the signals of which something is shown, with their decisions.
        members: field of the matrix -> member of the answer that it opens.
        shown: the fields that the answer shows.
    """
    signals = list(examined)
    decided = {
        field: merged
        for field in members
        if field in shown and (merged := _merged(one.decisions.get(field) for one in signals)) is not None
    }
    told = why(centre.policy.policy_set, centre.policy.register, purpose, decided)
    return [
        WaaromVeld(
            veld=members[one.field],
            naam=field_label(one.field),
            grondslagen=list(one.grounds),
            voorwaarden=list(one.conditions),
            uitleg=list(one.explanation),
            regels=list(one.rules),
        )
        for one in told
    ]


def _merged(decisions: Iterable[Decision | None]) -> Decision | None:
    """One decision for all signals that show the field: each may rest on a ground of its own."""
    found = [one for one in decisions if one is not None and one.allowed]
    if not found:
        return None
    rules = tuple(sorted(set(chain.from_iterable(one.rule_ids for one in found))))
    grounds = tuple(dict.fromkeys(chain.from_iterable(one.ground_ids for one in found)))
    return replace(found[0], rule_ids=rules, ground_ids=grounds)
