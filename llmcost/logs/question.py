"""A question to a log: what its calls cost at other prices, on another day, on another model, in a batch."""

from __future__ import annotations

from ..core.call_cost import CallCost, cards_of
from ..core.notes import Note
from ..core.stated import NOTHING_MORE
from ..core.term import has_price
from ..core.tiers import BATCHES, PREPAID, tier_of
from ..errors import UnpricedUsageError
from ..prices.moments import moment, seconds_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..api.costmap import CostMap
    from ..core.cost import Cost
    from ..core.ratecard import RateCard
    from .record import Record

_WEEK = 7 * 86_400
# How the prices of so many names are dated is remembered.
_MOST_NAMES = 2048

# Facts of a record that belong to the model that was called, and those that its response states.
_OF_THE_MODEL = frozenset({"model", "provider", "deployment", "base_model", "region", "prices"})
_STATED: dict[str, Any] = {
    **dict.fromkeys(("model", "provider", "region", "speed", "variant", "reported")),
    "routed": False,
}

_NO_SUCH_HOUR = Note(
    "no_such_hour", "the prices of at= were not in force at this hour of the week: priced by the hour of at=", "at"
)


class Question:
    """What is asked of every call of a log.

    Attributes:
        model: the other model, or None for the one that was called.
        at: the time of the prices, or None for that of each call.

    Args:
        cost_map: whose prices apply.
        provider: whose prices of ``model`` apply, where several sell it.
        batch: whether the call is priced as one of a batch; None: as it was made.

    Raises:
        PriceDataError: ``at`` is no time.
        UnknownModelError: no price is known for ``model``.
    """

    def __init__(
        self,
        cost_map: CostMap,
        at: object = None,
        model: str | None = None,
        provider: str | None = None,
        *,
        batch: bool | None = None,
    ) -> None:
        # Prices change at whole seconds, and what holds at one is known faster.
        self.at, self.model = int(at) if type(at) is float and at >= 0 else at, model
        self._map, self._batch = cost_map, batch
        # A wrong question is reported once and not for every line.
        if at is not None:
            moment(at)
        if model is not None:
            cost_map.rate_card(model, provider=provider)
        named = {"model": model, "provider": provider, "batch": batch}
        self._asked: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
        # By the names of a model and its provider: the card of the new prices, and how they are dated.
        self._dated: dict[tuple[str | None, str | None], tuple[RateCard, str, tuple[Note, ...]]] = {}

    @property
    def plain(self) -> bool:
        """Whether nothing is asked but the prices of one time."""
        return self.at is not None and not self._asked

    def cost(self, call: Record) -> Cost:
        """Return what a call costs by this question; it is calculated, also where the provider reported a cost.

        Raises:
            LLMCostError, ValueError: it cannot be priced.
        """
        cost = self._priced(call, self.at)
        if self.at is None:
            return cost
        if not is_clocked(cost):
            self._keep(call, cost)
            return cost
        then = time_of(cost)
        if then is None:
            return cost
        moment_of_week = self._same_hour(cost, then)
        if moment_of_week is None:
            return cost.with_note(_NO_SUCH_HOUR)
        return self._priced(call, moment_of_week)

    def redated(self, call: Record, before: Cost) -> Cost | None:
        """Return the new cost of a call, made of the old one, where both are rated alike; None where that is not known.

        The name of a model and its provider decide which card prices a plain call at the time that is asked for. Where
        that very card made the old price, the same counters have the same rates, and only the date differs. ``before``
        becomes the new cost, since this is asked of millions of calls.
        """
        if type(before) is not CallCost or before._tariff is None or before.usage is not call._dated:
            return None
        usage = before.usage
        found = self._dated.get((usage.model, usage.provider))
        if found is None or found[0] is not before._tariff.card:
            return None
        before.basis, before._call_notes = found[1], found[2]
        return before

    def _keep(self, call: Record, cost: Cost) -> None:
        """Remember how the new price of a plain call is dated: one that was priced by its usage as it was read."""
        if type(cost) is not CallCost or cost._tariff is None or cost.usage is not call._dated:
            return
        if len(self._dated) >= _MOST_NAMES:
            self._dated.clear()
        self._dated[cost.usage.model, cost.usage.provider] = cost._tariff.card, cost.basis, cost._call_notes

    def _priced(self, call: Record, at: object) -> Cost:
        if self.model is None and self._batch is not False:
            return cost_of(self._map, call, self._asked, at, calculated=True)
        asked = _keywords(self._kept(call), self._asked, at, calculated=True)
        usage = call.dated()
        if usage is None:
            # Only the record's own quantities can be billed, such as a duration.
            return checked(self._map.calculate(call.response, **asked))
        if self.model is not None:
            names = [name for name in (call.facts.get("model"), usage.model) if name]
            usage = usage.for_model(*names).replaced(**_STATED)
        if usage.service_tier is not None and self._drops(usage.service_tier):
            usage = usage.replaced(service_tier=None)
        return checked(self._map.calculate(None, usage, **asked))

    def _kept(self, call: Record) -> dict[str, Any]:
        """Return the facts of a record that hold for this question too."""
        return {
            name: value
            for name, value in call.facts.items()
            if not (self.model is not None and name in _OF_THE_MODEL)
            and not (name in {"service_tier", "served_tier"} and self._drops(value))
        }

    def _drops(self, word: object) -> bool:
        """Return whether the question drops a tier: capacity bought for another model, or a batch that it undoes."""
        tier = tier_of(word)
        return (self.model is not None and tier == PREPAID) or (self._batch is False and tier == BATCHES)

    def _same_hour(self, cost: Cost, then: object) -> float | None:
        """Return a moment with the prices of ``at`` and the hour and the weekday of the call; None if there is none."""
        at = seconds_of(self.at)
        later = at + (seconds_of(then) - at) % _WEEK
        for seconds in (later - _WEEK, later):
            if all(self._map.epochs(card).at(seconds) == self._map.epochs(card).at(at) for card in cards_of(cost)):
                return seconds
        return None


def cost_of(
    cost_map: CostMap, call: Record, asked: dict[str, Any], at: object = None, *, calculated: bool = False
) -> Cost:
    """Return what a call costs on its own model; its time is the record's where the response states none.

    ``asked`` are keywords of ``calculate``, ``at`` is the time of the prices, and ``calculated`` says that a cost of
    the response does not count.
    """
    usage: object
    if (call.bare or call._plain) and not asked:
        usage = call.dated()
        if usage is not None and usage.more is NOTHING_MORE:
            # It states no cost of its own: most calls are such, and nobody changes their usage.
            found = cost_map.of_usage(usage, at=at)
            # What one tariff prices has a rate for all that was used.
            return found if type(found) is CallCost and found._tariff is not None else checked(found)
    keywords = _keywords(call.facts, asked, at, calculated=calculated)
    if call.time is None:
        response, usage = call.given()
    else:
        usage = call.dated()
        response = call.response if call.foreign else None
        if usage is None:
            keywords.setdefault("at", call.time)
    return checked(cost_map.calculate(response, usage, **keywords))


def _keywords(facts: Mapping[str, Any], asked: dict[str, Any], at: object, *, calculated: bool) -> dict[str, Any]:
    """Return keywords of ``calculate``: the facts of a record, and what is asked, which is stronger."""
    found = {**facts, **asked}
    if calculated:
        found["prefer"] = "calculated"
    if at is not None:
        found["at"] = at
    return found


def checked(cost: Cost) -> Cost:
    """Return a cost if at least a part of it has a price.

    Raises UnpricedUsageError if no part has: its 0 would look like the answer.
    """
    unpriced = cost.unpriced
    if unpriced and not has_price(cost.line_items):
        raise UnpricedUsageError(
            f"{cost.matched_as or cost.model} has no rate for {', '.join(unpriced)}, which is all that was used",
            unpriced,
        )
    return cost


def time_of(cost: Cost) -> object:
    """Return when the call was made, or None if nothing says it."""
    return cost.usage.at if cost.usage is not None else None


def is_clocked(cost: Cost) -> bool:
    """Return whether the price depends on the hour."""
    cards = cards_of(cost)
    # Nearly all calls are priced by one card.
    return cards[0].depends_on("window") if len(cards) == 1 else any(card.depends_on("window") for card in cards)
