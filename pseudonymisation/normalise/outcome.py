# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What normalising an attribute gives: one normal form, or a reason and a way forward."""

from dataclasses import dataclass
from typing import Self

from pseudonymisation.identity import RawAttribute, Unreadable


@dataclass(frozen=True, slots=True, repr=False)
class Normalised:
    """One attribute in its normal form: a type and named texts, sorted by name, empty ones absent."""

    type: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, type_: str, /, **fields: str) -> Self:
        """The normal form with these fields."""
        return cls(type_, tuple(sorted((name, text) for name, text in fields.items() if text)))

    def get(self, name: str) -> str:
        """The text of a field, "" when it is absent."""
        return dict(self.fields).get(name, "")

    def raw(self) -> RawAttribute:
        """The normal form as input again: normalising it gives this very value."""
        return RawAttribute(self.type, self.fields)

    def __repr__(self) -> str:
        names = ", ".join(name for name, _text in self.fields)
        return f"Normalised(type={self.type!r}, fields=<masked: {names}>)"

    __str__ = __repr__


class UnfitError(Exception):
    """Carries an `Unreadable` from a rule to the one place that returns it; never leaves this package."""

    def __init__(self, field: str, reason: str, way_forward: str) -> None:
        super().__init__(field)
        self.unreadable = Unreadable(field, reason, way_forward)
