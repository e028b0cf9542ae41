"""Forms: what all Costs of one kind of call have in common. A log keeps it once, and of each call its quantities.

Most calls are quantities times the rates of one tariff. Two such calls that were asked for, served and counted in the
same way differ only in their quantities. The rest of their Costs is the same, and is written once.
"""

from __future__ import annotations

from math import gcd

from .call_cost import CallCost
from .exact import decimal_of, plain
from .meters import side_of
from .stated import NOTHING_MORE
from .statement import SCHEMA, sum_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .cost import Cost

# What differs between the Costs of a form, since it follows from the quantities.
_OF_ONE = frozenset({"total", "exact", "fraction", "input", "output", "other", "saved", "line_items"})
_OF_ONE_LINE = frozenset({"meter", "quantity", "amount"})
_OF_ONE_USAGE = frozenset({"at", "context"})


def form_key(cost: Cost) -> tuple[Any, ...] | None:
    """Return what decides the form of a Cost: equal for Costs that differ in their quantities alone.

    None for a Cost with parts, terms or more to say of its usage: such a Cost is kept whole.
    """
    if type(cost) is not CallCost:
        return None
    tariff, usage = cost._tariff, cost.usage
    if tariff is None or usage.more is not NOTHING_MORE or cost.reported is not None or cost.waived is not None:
        return None
    return (
        tariff,
        cost.model,
        cost.requested_tier,
        cost.served_tier,
        cost.basis,
        cost._call_notes,
        usage.model,
        usage.provider,
        usage.dialect,
        usage.service_tier,
        usage.notes,
        usage.partial,
        usage.context is None,
        *usage.quantities,
    )


def form_of(cost: Cost) -> dict[str, Any]:
    """Return the form of a Cost that has a ``form_key``: a JSON-safe dict for ``Form``.

    ``rates`` has a row for each meter: its name, USD per unit as a numerator over ``denominator``, what a unit saves,
    and what its line says besides.
    """
    assert isinstance(cost, CallCost)  # noqa: S101 - only such a Cost has a key
    tariff = cost._tariff
    assert tariff is not None  # noqa: S101 - see above
    stated = cost.to_dict()
    rows = [
        [
            line.meter,
            tariff.rate(line.meter),
            tariff.saved_rate(line.meter) or 0,
            {name: value for name, value in line.to_dict().items() if name not in _OF_ONE_LINE},
        ]
        for line in cost.line_items
    ]
    usage = cost.usage
    return {
        "schema": SCHEMA,
        "as_of": tariff.card.as_of,
        "denominator": tariff.denominator,
        "rates": rows,
        "cost": {name: value for name, value in stated.items() if name not in _OF_ONE},
        "usage": {
            name: value
            for name, value in rated_usage(cost).items()
            if name not in _OF_ONE_USAGE and name not in usage.quantities
        },
    }


def rated_usage(cost: Cost) -> dict[str, Any]:
    """Return the usage of a Cost as a JSON-safe dict, with the region that it was rated for.

    >>> import llmcost
    >>> rated_usage(llmcost.calculate(usage=llmcost.Usage(input=5), model="gpt-4o", region="eu"))["region"]
    'eu'
    """
    assert cost.usage is not None  # noqa: S101 - the caller has a usage
    stated = cost.usage.to_dict()
    first = cost.segments[0].tariff if cost.segments else None
    if first is not None and first.card.region:
        stated.setdefault("region", first.card.region)
    return stated


class Form:
    """What Costs have in common, and how each of them is made anew from its quantities.

    >>> import llmcost
    >>> cost = llmcost.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 100}, model="gpt-4o")
    >>> form = Form(form_of(cost))
    >>> llmcost.Cost.from_dict(form.cost((1000, 100))) == cost
    True

    Attributes:
        denominator: of all rates.
        meters: in the order of the quantities.
        rates: USD per unit, numerators over ``denominator``.
        savings: USD that a unit saves, in the same way.
        as_of: the day that the prices are of, or "".
        facts: what the usage states besides its quantities.
    """

    def __init__(self, stated: Mapping[str, Any]) -> None:
        self._cost, self.facts = stated["cost"], stated["usage"]
        self.denominator: int = stated["denominator"]
        self.as_of: str = stated["as_of"]
        rows = stated["rates"]
        self.meters: tuple[str, ...] = tuple(row[0] for row in rows)
        self.rates: tuple[int, ...] = tuple(row[1] for row in rows)
        self.savings: tuple[int, ...] = tuple(row[2] for row in rows)
        self._lines: tuple[dict[str, Any], ...] = tuple(row[3] for row in rows)

    def cost(self, quantities: Sequence[int]) -> dict[str, Any]:
        """Return what ``Cost.to_dict`` says of the Cost with these quantities; ``Cost.from_dict`` restores it."""
        numerators = [quantity * rate for quantity, rate in zip(quantities, self.rates, strict=True)]
        in_all = sum(numerators)
        total, exact = decimal_of(in_all, self.denominator)
        divisor = gcd(in_all, self.denominator)
        amounts = [decimal_of(numerator, self.denominator)[0] for numerator in numerators]
        # The sides are sums of the lines as they are written, which matters where a line has no finite decimal.
        sides = {
            side: decimal_of(*sum_of(a for m, a in zip(self.meters, amounts, strict=True) if side_of(m) == side))[0]
            for side in ("input", "output", "other")
        }
        saving = sum(quantity * saved for quantity, saved in zip(quantities, self.savings, strict=True))
        return {
            **self._cost,
            "total": plain(total, 0),
            "exact": exact,
            "fraction": None if exact else f"{in_all // divisor}/{self.denominator // divisor}",
            **{side: plain(amount, 0) for side, amount in sides.items()},
            "saved": plain(decimal_of(saving, self.denominator)[0], 0),
            "line_items": [
                {**line, "meter": meter, "quantity": quantity, "amount": plain(amount, 0)}
                for line, meter, quantity, amount in zip(self._lines, self.meters, quantities, amounts, strict=True)
            ],
        }
