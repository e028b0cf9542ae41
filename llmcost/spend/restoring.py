"""Restoring: a stored call as what it was made of, its Cost and its Usage."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.cost import Cost
from ..core.meters import METERS
from ..core.usage import Usage

if TYPE_CHECKING:
    from typing import Any

    from ..core.forms import Form

# Numbers among the facts of a usage, which JSON holds as texts where they are decimals.
_NUMBERS = frozenset({"duration", "elapsed"})


def usage_of(stated: dict[str, Any]) -> Usage:
    """Return the usage that ``Usage.to_dict`` has written.

    >>> usage = Usage(input=10, duration=Decimal("1.5"), parts=(Usage(output=2, model="gpt-4o"),))
    >>> usage_of(usage.to_dict()) == usage
    True
    """
    given: dict[str, Any] = {}
    for name, value in stated.items():
        if name in METERS or name in _NUMBERS:
            given[name] = _number(value)
        elif name == "alternatives":
            given[name] = tuple(tuple({m: _number(q) for m, q in unit.items()} for unit in group) for group in value)
        elif name == "parts":
            given[name] = tuple(usage_of(part) for part in value)
        elif name == "notes":
            given[name] = tuple(value)
        else:
            given[name] = value
    return Usage(**given)


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return Fraction(value) if "/" in value else Decimal(value)


def stored_usage(usage: str | None, form: Form | None) -> dict[str, Any] | None:
    """Return what the usage of a stored call states, of the column ``usage`` and its form."""
    if usage is None:
        return None
    stated: dict[str, Any] = json.loads(usage)
    return stated if form is None else {**form.facts, **stated}


def stored_cost(usage: str | None, form: Form | None, cost: str | None) -> Cost | None:
    """Return the Cost of a stored call; None if it had none."""
    if form is None:
        return None if cost is None else Cost.from_dict(json.loads(cost))
    stated = json.loads(usage or "{}")
    return Cost.from_dict(form.cost([stated[meter] for meter in form.meters]))
