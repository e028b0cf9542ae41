"""Kinds of calls: what calls have in common that one tariff rates, so that millions of them are added up as counters.

A kind is learnt from a Cost that ``CostMap.of_usage`` made. The counters of calls with the same words and the same
meters, made while the same prices hold, are added up and rated once: a tariff multiplies and adds whole numbers, so
that the sum is the same to the last digit. Of any other call all is asked.
"""

from __future__ import annotations

from _operator import add, mul
from typing import TYPE_CHECKING

from ..core.call_cost import CallCost
from ..core.stated import NOTHING_MORE
from ..prices.moments import clock
from .costmap import CostMap
from .given import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ..core.cost import Cost
    from ..core.counts import Quantities
    from ..core.tariff import Tariff
    from ..core.usage import Usage

    # The group of a call, by when it was made and its kind.
    Group = Callable[[int | None, "Kind"], Any]

# A log names a few models, each with a few sets of meters.
_MOST_KINDS, _MOST_PILES = 1024, 4096


class Pile:
    """Calls of one kind and one group, added up.

    Attributes:
        calls: how many.
        units: their units, in the order of the meters of the kind.
    """

    __slots__ = ("calls", "units")

    def __init__(self, kind: Kind) -> None:
        self.calls = 0
        self.units: list[int] = [0] * len(kind.meters)


class Kind:
    """What calls of one kind have in common.

    Attributes:
        first, end: the moments between which the prices hold, in seconds since 1970.
        below: the tokens that their prompts stay below.
        undated: whether they state no time.
        meters: of their quantities, in the order in which a call states them.
        tariff: what rates them.
        matched_as, provider: the map key that prices them, and whose prices these are.
        model: the name that they state.
        usage: None, since each has its own.
        about: what the caller that learnt the kind keeps about these calls.
        other: the kind of such calls of another time, or None.
        piles: the calls that were added up, by group.
    """

    usage = None

    __slots__ = (
        *("about", "below", "end", "first", "matched_as", "meters", "model", "other", "piles", "provider", "rates"),
        *("tariff", "undated"),
    )

    def __init__(self, usage: Usage, cost: Cost, tariff: Tariff, first: float, end: float) -> None:
        self.tariff, self.first, self.end, self.below = tariff, first, end, tariff.card.first_threshold
        self.meters, self.undated = tuple(usage.quantities), usage.at is None
        self.rates = [tariff.cached_rates[meter] for meter in self.meters]
        self.matched_as, self.provider, self.model = tariff.card.name, cost.provider, cost.model
        self.about: Any = None
        self.other: Kind | None = None
        self.piles: dict[object, Pile] = {}

    def quantities(self, pile: Pile) -> Quantities:
        """Return what the calls of a pile used."""
        return dict(zip(self.meters, pile.units, strict=True))


class Kinds:
    """The kinds of calls that one map has priced, and what was added up of each.

    >>> import llmcost
    >>> prices = llmcost.CostMap({"m": {"input_cost_per_token": 2e-6}})
    >>> kinds, first, second = Kinds(prices), llmcost.Usage(input=1000, model="m"), llmcost.Usage(input=2000, model="m")
    >>> kinds.add(first), kinds.learn(first, prices.of_usage(first)).meters, kinds.add(second), kinds.add(first)
    (False, ('input',), True, True)
    >>> [(kind.matched_as, pile.calls, kind.quantities(pile)) for kind, group, pile in kinds.taken()]
    [('m', 2, {'input': 3000})]

    Args:
        group: by what the calls of a kind are told apart; not at all if it is not given.
    """

    def __init__(self, prices: CostMap, group: Group | None = None) -> None:
        self._prices, self._state, self._group = prices, prices._state, group
        # A map of another class may do more with each call, such as log it.
        self._learns = type(prices) is CostMap
        # Those of calls that state their time, and of those that state none.
        self._dated: dict[tuple[object, ...], Kind] = {}
        self._undated: dict[tuple[object, ...], Kind] = {}
        self._all: list[Kind] = []
        self._piles = 0

    def add(self, usage: Usage, made: int | None = None) -> bool:
        """Add a call to the others of its kind; False for one of no known kind, which is not added.

        Args:
            made: when the call was made, where that is known beside the usage: its group may depend on it.
        """
        quantities, when, context = usage.quantities, usage.at, usage.context
        kind: Kind | None
        if type(when) is int:
            kind = self._dated.get((usage.model, usage.provider, usage.service_tier, *quantities))
            moment: float = when
        elif when is None:
            kind = self._undated.get((usage.model, usage.provider, usage.service_tier, *quantities))
            moment = clock()
        else:
            return False
        while kind is not None and not kind.first <= moment < kind.end:
            kind = kind.other
        if (
            kind is None
            or usage.more is not NOTHING_MORE
            or context is None
            or context >= kind.below
            or usage.notes
            or usage.partial
            or self._prices._state is not self._state
        ):
            return False
        values = quantities.values()
        units = sum(map(mul, values, kind.rates))
        if not units or type(units) is not int:
            return False  # a part of a unit is rated with care, and so is a call that costs nothing: a note says why
        group = None if self._group is None else self._group(when if made is None else made, kind)
        pile = kind.piles.get(group)
        if pile is None:
            if self._piles >= _MOST_PILES:
                return False
            pile = kind.piles[group] = Pile(kind)
            self._piles += 1
        pile.calls += 1
        pile.units = [*map(add, pile.units, values)]
        return True

    def learn(self, usage: Usage, cost: Cost) -> Kind | None:
        """Learn the kind of a call from its cost by ``of_usage``, and return it; None where more of a call counts."""
        tariff = cost._tariff if type(cost) is CallCost and cost.usage is usage and self._learns else None
        if tariff is None or usage.more is not NOTHING_MORE or usage.notes or usage.partial:
            return None
        if self._prices._state is not self._state:
            self._dated, self._undated, self._state = {}, {}, self._prices._state
        if usage.context is None or usage.context >= tariff.card.first_threshold:
            return None
        if len(self._all) >= _MOST_KINDS or self._piles >= _MOST_PILES:
            return None  # another kind in the place of one that has piles would hide them
        plan, when, now = self._prices._plan(None, None, None, usage, NOTHING), usage.at, clock()
        if when is None:
            plan.age(now)
            known, first, end = self._undated, now, plan.fresh_until
        elif type(when) is int:
            known = self._dated
            first, end = plan.around(self._prices, when, now)
        else:
            return None
        if not first <= (now if when is None else when) < end:
            return None
        kind = Kind(usage, cost, tariff, first, end)
        key = (usage.model, usage.provider, usage.service_tier, *kind.meters)
        before = known.get(key)
        # One with the same start ended earlier, since less time had passed.
        kind.other = before.other if before is not None and before.first == first else before
        known[key] = kind
        self._all.append(kind)
        return kind

    def taken(self) -> Iterator[tuple[Kind, Any, Pile]]:
        """Hand over what was added up: each kind with a group, and its calls; all kinds are to be learnt anew then."""
        kinds, self._all, self._piles = self._all, [], 0
        self._dated, self._undated = {}, {}
        for kind in kinds:
            for group, pile in kind.piles.items():
                yield kind, group, pile
