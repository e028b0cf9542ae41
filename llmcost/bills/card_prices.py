"""Card prices: what the rate cards of a map say of a model on a day, and which other rates it has.

Nothing is worked out here: the map prices a call of one unit, and its lines say what the unit costs.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.meters import METERS
from ..core.rate import ANY
from ..core.tiers import BATCHES, PREPAID, STANDARD
from ..core.usage import Usage
from ..errors import LLMCostError
from ..prices.moments import day as day_text
from ..prices.spellings import without_geography
from ..prices.vendors import GEOGRAPHIES
from .bill_of_cost import cost_lines
from .cells import Conditions, Other

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from ..api.costmap import CostMap
    from ..core.ratecard import RateCard

# Rates that are kept.
_MOST_KEPT = 4096
# Neighbouring epochs that are looked at on both sides.
_EPOCHS = 3


class CardPrices:
    """The prices of a map, for ``decompose``.

    Args:
        prices: the map.
        provider_of: model -> the provider whose prices apply, or None.
    """

    def __init__(self, prices: CostMap, provider_of: Callable[[str], str | None]) -> None:
        self._prices, self._provider_of = prices, provider_of
        self._cached: dict[object, Fraction | None] = {}
        self._cards: dict[str, RateCard | None] = {}

    def rate(self, model: str, meter: str, day: date, conditions: Conditions) -> Fraction | None:
        """Return USD per unit; None without a price."""
        # At noon no price of the day before is in force any more, as days are counted anywhere.
        return self._rate(model, meter, datetime(day.year, day.month, day.day, 12, tzinfo=timezone.utc), conditions)

    def others(self, model: str, meters: Iterable[str], day: date) -> Iterator[Other]:
        """Yield the other rates of a model: tiers, long prompts, other days, regions, and other meters."""
        card = self._card(model)
        if card is None:
            return
        for changed in _changes(card):
            said = changed.text

            def under(meter: str, conditions: Conditions, changed: Conditions = changed) -> Fraction | None:
                return self.rate(model, meter, day, changed.or_else(conditions))

            yield Other(f"billed as {said}", under)
        yield from self._elsewhere(card, day)
        yield from self._epochs(card, model, day)
        yield from self._borrowed(model, meters, day)

    def _elsewhere(self, card: RateCard, day: date) -> Iterator[Other]:
        """Yield the rates of the same model in other places, where each place is a row of the map."""
        bare = without_geography(card.name)
        for name in (bare, *(f"{place}{bare}" for place in GEOGRAPHIES)):
            if name == card.name or name not in self._prices:
                continue

            def there(meter: str, conditions: Conditions, name: str = name) -> Fraction | None:
                return self.rate(name, meter, day, conditions)

            yield Other(f"billed as {name}", there)

    def _epochs(self, card: RateCard, model: str, day: date) -> Iterator[Other]:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.utc)
        starts = self._prices.epochs(card).starts
        before = [start for start in starts if start <= noon.timestamp()][-_EPOCHS:]
        after = [start for start in starts if start > noon.timestamp()][:_EPOCHS]
        moments = [(start - 1, f"the price until {day_text(start - 1)}") for start in reversed(before)]
        moments += [(start, f"the price from {day_text(start)} on") for start in after]
        for seconds, text in moments:
            at = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)

            def then(meter: str, conditions: Conditions, at: datetime = at) -> Fraction | None:
                return self._rate(model, meter, at, conditions)

            yield Other(f"billed at {text}", then)

    def _borrowed(self, model: str, meters: Iterable[str], day: date) -> Iterator[Other]:
        """Yield the rates of the parents of a meter: what is read from the cache at the price of fresh input."""
        for meter in dict.fromkeys(meters):
            row = METERS.get(meter)
            for parent in row.parents if row is not None else ():

                def borrowed(
                    asked: str, conditions: Conditions, meter: str = meter, parent: str = parent
                ) -> Fraction | None:
                    return self.rate(model, parent if asked == meter else asked, day, conditions)

                yield Other(f"{meter} billed at the rate of {parent}", borrowed)

    def _rate(self, model: str, meter: str, at: datetime, conditions: Conditions) -> Fraction | None:
        key = (model, meter, at, conditions)
        if key not in self._cached:
            if len(self._cached) >= _MOST_KEPT:
                self._cached.clear()
            self._cached[key] = self._ask(model, meter, at, conditions)
        return self._cached[key]

    def _ask(self, model: str, meter: str, at: datetime, conditions: Conditions) -> Fraction | None:
        card = self._card(model)
        if card is None or meter not in METERS:
            return None
        context = (max(card.thresholds) + 1) if conditions.long and card.thresholds else 0
        given: dict[str, object] = {"region": conditions.region} if conditions.region else {}
        if conditions.tier == BATCHES:
            given["batch"] = True
        else:
            given["served_tier"] = conditions.tier or STANDARD
        try:
            usage = Usage(**{meter: 1}, context=context, at=at.isoformat())
            cost = self._prices.calculate(None, usage, model=card.name, provider=self._provider_of(model), **given)  # type: ignore[arg-type]
        except LLMCostError:
            return None
        lines = [line for line in cost_lines(cost) if line.meter == meter and line.quantity]
        return sum((line.amount for line in lines), Fraction(0)) / lines[0].quantity if lines else None

    def _card(self, model: str) -> RateCard | None:
        if model not in self._cards:
            self._cards[model] = None
            for provider in (self._provider_of(model), None):
                try:
                    self._cards[model] = self._prices.rate_card(model, provider=provider)
                except LLMCostError:
                    continue
                break
        return self._cards[model]


def _changes(card: RateCard) -> Iterator[Conditions]:
    """Yield the conditions under which a card has other rates, the most common first."""
    tiers = [BATCHES, *sorted({str(tier) for tier in card.values("tier")} - {BATCHES}), STANDARD, PREPAID]
    yield from (Conditions(tier) for tier in tiers)
    if card.thresholds:
        yield from (Conditions(tier, long=long) for long in (True, False) for tier in (None, *tiers[:-1]))
    regions = dict.fromkeys(factor.value for factor in card.factors if factor.fact == "region")
    # A factor of every region but the global one.
    yield from (Conditions(region="regional" if region == ANY else region) for region in regions)
