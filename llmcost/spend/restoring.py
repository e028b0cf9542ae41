"""Restoring: a stored call as what it was made of, its Cost and its Usage."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING

from sqlalchemy import select

from ..core.cost import Cost, RestoredCost
from ..core.exact import decimal_of
from ..core.forms import Form
from ..core.kept import read
from ..core.meters import METERS
from ..core.usage import Usage
from .schema import forms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import Connection

# Numbers among the facts of a usage, which JSON holds as texts where they are decimals.
_NUMBERS = frozenset({"duration", "elapsed"})
# Places in the values of a line.
_QUANTITY, _AMOUNT = 2, 5


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


class FormCosts:
    """The Costs of one form: what they say alike is read once, and each is made of its quantities.

    Attributes:
        form: whose Costs.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        _, _, self._facts, lines, _ = read(form.cost([0] * len(form.meters)))
        # What stands before the quantity of a line, between it and the amount, and behind that.
        self._lines = [(line[:_QUANTITY], line[_QUANTITY + 1 : _AMOUNT], line[_AMOUNT + 1 :]) for line in lines]
        self._finite = decimal_of(1, form.denominator)[1]

    def cost(self, stated: Mapping[str, Any]) -> Cost:
        """Return the Cost of a usage of this form."""
        form = self.form
        quantities = [stated[meter] for meter in form.meters]
        if not self._finite:
            # Rounded amounts are those that were written.
            return Cost.from_dict(form.cost(quantities))
        per = form.denominator
        amounts = [quantity * rate for quantity, rate in zip(quantities, form.rates, strict=True)]
        saving = sum(quantity * saved for quantity, saved in zip(quantities, form.savings, strict=True))
        lines = tuple(
            (*before, quantity, *between, decimal_of(amount, per)[0], *behind)
            for (before, between, behind), quantity, amount in zip(self._lines, quantities, amounts, strict=True)
        )
        return RestoredCost(_reduced(sum(amounts), per), _reduced(saving, per), self._facts, lines, None)


class StoredForms:
    """The forms of a log, each read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._read: dict[int, FormCosts | None] = {0: None}

    def of(self, code: int) -> FormCosts | None:
        """Return the form of a stored call; None for a Cost that was kept whole, or that is unknown."""
        if code not in self._read:
            text = self._connection.execute(select(forms.c.form).where(forms.c.code == code)).scalar_one()
            self._read[code] = FormCosts(Form(json.loads(text)))
        return self._read[code]


def restored(usage: str | None, costs: FormCosts | None, cost: str | None) -> tuple[Cost | None, dict[str, Any] | None]:
    """Return the Cost of a stored call and what its usage states; None for what it did not have.

    Args:
        usage, cost: the columns.
        costs: of its form.
    """
    stated: dict[str, Any] | None = None if usage is None else json.loads(usage)
    if costs is None:
        return None if cost is None else Cost.from_dict(json.loads(cost)), stated
    return costs.cost(stated or {}), None if stated is None else {**costs.form.facts, **stated}


def _reduced(numerator: int, denominator: int) -> tuple[int, int]:
    divisor = gcd(numerator, denominator)
    return numerator // divisor, denominator // divisor
