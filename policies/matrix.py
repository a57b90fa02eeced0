# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The reading table, role x purpose x field, read off the parsed rules themselves; and its comparison with the norm.

A cell is what a rule says (its ground and its conditions) together with what always holds. Break-glass (C9) is an
action and in no cell. G-SC is left out of the ground of a cell, because the rules ask it everywhere in the three
purposes in which it holds (policy-codes.md, "Reading the matrix"), and C6 and C22 likewise are in every such cell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from policies.decision import FIELDS, PURPOSES, ROLES
from policies.ruleset import PolicySet, Rule

_ALWAYS: Final = frozenset({"C6", "C22"})
_SPECIAL: Final = frozenset({"G-SEKS", "G-STRAF"})
_MAIN_PURPOSES: Final = frozenset({"signalering", "hulpverlening", "opsporing_handoff"})


@dataclass(frozen=True)
class Cell:
    """One cell: `ground` as in policy-matrix.csv without G-SC, `conditions` as codes; no ground means denied."""

    role: str
    purpose: str
    field: str
    ground: str = ""
    conditions: frozenset[str] = frozenset()
    rule_id: str = ""
    instead: frozenset[str] = frozenset()
    """Codes that stand in for the ground in this profile."""

    @property
    def allowed(self) -> bool:
        """True if some rule may allow it, under its conditions."""
        return bool(self.rule_id)


def derive_cell(policy_set: PolicySet, role: str, purpose: str, field: str) -> Cell:
    """What the rules say about one cell."""
    for rule in policy_set.permits(role, purpose, field):
        codes = _codes(policy_set, (rule,))
        if "C9" not in codes:
            always = _codes(policy_set, policy_set.always(purpose, field)) - _SPECIAL
            meant = frozenset(code for ground in policy_set.grounds_of(rule) for code in ground.codes)
            instead = policy_set.profile.standing_in(meant)
            return Cell(role, purpose, field, rule.basis, codes | always, rule.id, instead)
    return Cell(role, purpose, field)


def derive_matrix(policy_set: PolicySet) -> tuple[Cell, ...]:
    """All cells, in the order of policy-matrix.csv."""
    return tuple(
        derive_cell(policy_set, role, purpose, field)
        for role in ROLES
        for purpose in PURPOSES
        for field in FIELDS
    )


def expected_cell(row: Mapping[str, str]) -> Cell:
    """One row of policy-matrix.csv as a cell, with what always holds filled in."""
    where = row["role"], row["purpose"], row["field"]
    if row["decision"] == "deny":
        return Cell(*where)
    ground = "+".join(part for part in row["ground"].split("+") if part != "G-SC")
    conditions = frozenset(row["conditions"].split()) | (
        _ALWAYS if row["purpose"] in _MAIN_PURPOSES else frozenset()
    )
    return Cell(*where, ground, conditions, "policy-matrix.csv")


def differences(policy_set: PolicySet, rows: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """Where the rules and the norm differ, a line for each cell; empty if they agree."""
    found = []
    for row in rows:
        wanted = expected_cell(row)
        actual = derive_cell(policy_set, wanted.role, wanted.purpose, wanted.field)
        if (wanted.allowed, wanted.ground, wanted.conditions) != (
            actual.allowed,
            actual.ground,
            actual.conditions,
        ):
            found.append(f"{_line(wanted)} <> {_line(actual)}")
    return tuple(found)


def as_text(cells: Iterable[Cell]) -> str:
    """The reading table as plain text, a block per role and purpose, ✓ or ✗ per field; in brackets what stands in for a ground in this profile."""
    lines: list[str] = []
    block = ("", "")
    for cell in cells:
        if (cell.role, cell.purpose) != block:
            block = (cell.role, cell.purpose)
            lines += ["", f"{cell.role} · {cell.purpose}"]
        mark = "✓" if cell.allowed else "✗"
        ground = f"{cell.ground} [{' '.join(sorted(cell.instead))}]" if cell.instead else cell.ground
        lines.append(f"  {mark} {cell.field:<20} {ground:<30} {_ordered(cell.conditions)}".rstrip())
    return "\n".join(lines).strip() + "\n"


def _codes(policy_set: PolicySet, rules: Iterable[Rule]) -> frozenset[str]:
    conditions = (policy_set.conditions[name] for rule in rules for name in rule.clauses)
    return frozenset(condition.code for condition in conditions if condition.ground is None)


def _ordered(conditions: frozenset[str]) -> str:
    return " ".join(sorted(conditions, key=lambda code: int(code[1:])))


def _line(cell: Cell) -> str:
    where = f"{cell.role}/{cell.purpose}/{cell.field}"
    return f"{where}: {cell.ground} {_ordered(cell.conditions)}" if cell.allowed else f"{where}: deny"
