"""Plan: all that is decided about a call before anything is counted.

Which card prices it, whose tier words count, as of which day the prices are: none of it depends on the counters, so
that it is decided once for all calls with the same facts.
"""

from __future__ import annotations

from math import ceil

from ..core.notes import Note
from ..core.ratecard import BEYOND
from ..core.tariff import tariff_of
from ..core.tiers import BATCHES, PREPAID, STANDARD, tier_of
from ..core.usage import counted
from ..errors import PriceDataError, shown
from ..prices.moments import bounds, clock, day, day_number, seconds_of, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.ratecard import RateCard
    from ..core.tariff import Tariff
    from ..core.usage import Usage
    from ..prices.asked import Asked
    from ..prices.history import Epochs
    from ..prices.price_map import PriceMap
    from .given import Given

FOREVER = float("inf")
_DAY = 86_400
_MOST_DAYS = 256
_MOST_WORDS = 32


class Plan:
    """All that is decided about a call before anything is counted.

    Attributes:
        card: the rates of the main model.
        given: what the caller says.
        asked: which model was asked for.
        simple: whether the counters of a call decide its cost: the card is ``simple`` and has no terms, and the caller
            states nothing that changes which sum counts.
        tariffs: word of the response's tier -> rates of a call below every context threshold.
        below: tokens of the prompt under which no threshold is reached.
        settled, until: seconds since 1970 between which the card's prices hold and need no note; the first is whole.
        fresh_until: the same end, or the moment from which on the map is old, if that comes first.
        basis: how a price between them is dated, where the response states its time.
        last: the last second between them that is known to have passed; looked up when a later one is asked for.
    """

    __slots__ = (
        "_days",
        "_epochs",
        "_promised",
        "_spans",
        "asked",
        "basis",
        "below",
        "card",
        "fresh_until",
        "given",
        "last",
        "settled",
        "simple",
        "tariffs",
        "until",
    )

    def __init__(self, card: RateCard, asked: Asked, given: Given, *, has_past: bool) -> None:
        self.card, self.asked, self.given = card, asked, given
        self.simple = (
            card.simple
            and not (card.terms or card.guessed or card.requested_tier)
            and not (given.cache_hit or given.strict or given.prefer == "reported")
        )
        self.tariffs: dict[object, Tariff] = {}
        self.below = card.first_threshold
        # Nothing is known of the past until a date is asked for. Prices without a past hold at any time.
        settled, self.basis = (FOREVER if has_past else -FOREVER), "current"
        promised = card.info.get("price_valid_until") if has_past else None
        self._promised = FOREVER if promised is None else (day_number(str(promised)) + 1) * float(_DAY)
        self.until = self._promised
        if card.moments:
            # Outside the span of the card other prices of one's own are in force.
            start, end = bounds(card.moments, card.span)
            settled, self.until = max(settled, start), min(self.until, end)
        self.settled = _second(settled)
        self.fresh_until = min(self.until, card.stale_at)
        self.last = -BEYOND
        # By the day, or by the text of a time: the moments between which what was found holds.
        self._days: dict[object, tuple[float, float, tuple[Plan, str, tuple[Note, ...]]]] = {}
        self._epochs: dict[int, Plan] = {}
        self._spans: dict[int, Plan] = {}

    @property
    def name(self) -> str | None:
        """The model that was asked for: the caller's word, else the response's."""
        return self.asked.model or self.asked.response_model

    @property
    def requested_tier(self) -> str | None:
        """The word for the tier that is requested: the caller's, else that of the deployment."""
        return self.given.service_tier or self.card.requested_tier

    def tier(self, usage: Usage) -> tuple[str, tuple[Note, ...]]:
        """Return the tier that is billed, and a note if its word is not known.

        A batch is billed as one. Any other call is billed at the tier that ``Given.tier_word`` chooses, else at the
        one that its deployment requests.
        """
        given = self.given
        if given.batch or (given.batch is None and usage.more.batch):
            return BATCHES, ()
        word = given.tier_word(usage.service_tier) or self.card.requested_tier
        if word is None:
            return STANDARD, ()
        tier = tier_of(word)
        if tier is None:
            said = f"service tier {shown(word)} is not known: billed at standard"
            return STANDARD, (Note("tier_unknown", said, "service_tier"),)
        return tier, ()

    def tariff(self, usage: Usage) -> Tariff | None:
        """Return the rates of a usage that states nothing beside its counters and its tier.

        None for a call that ``with_care`` has to price: its counters do not decide its cost, the word of its tier is
        unknown, which is noted, or its capacity was bought before.
        """
        if not self.simple:
            return None
        context, word = usage.context, usage.service_tier
        tier, notes = self.tier(usage)
        if notes or tier == PREPAID:
            return None
        tariff = tariff_of(self.card, self.given.call(usage, tier))
        below = context is not None and context < self.below
        if below and (word is None or type(word) is str) and len(self.tariffs) < _MOST_WORDS:
            self.tariffs[word] = tariff
        return tariff

    def of_two_counters(self) -> Callable[[int, int], tuple[float, float]] | None:
        """Return the function that prices a prompt below every threshold and its answer, by their tokens alone.

        None if the cost depends on more than these two counters.
        """
        if not self.simple or self.until is not FOREVER:
            return None
        tariff = self.tariffs.get(None) or self.tariff(counted({}, 0, "meters"))
        return tariff.of_two_counters() if tariff is not None else None

    def past(self, when: int) -> bool:
        """Return whether a second has passed in which the plan holds; the card is aged if the clock is looked at."""
        if when >= self.until:
            return False
        now = clock()
        self.age(now)
        self.last = int(now) if now < self.until else ceil(self.until) - 1
        return when <= self.last

    def age(self, now: float) -> None:
        """Put a note on the card if its map has grown old by now: a process may run longer than prices stay young."""
        if now >= self.card.stale_at:
            from ..prices.origin import grow_old

            grow_old(self.card)
        self.fresh_until = min(self.until, self.card.stale_at)

    def at(self, prices: PriceMap, when: object, *, explicit: bool) -> tuple[Plan, str, tuple[Note, ...]]:
        """Return the plan with the prices of a moment, how they are dated, and what has to be said of it.

        ``when`` is None for the present; ``explicit`` says that the caller states it, and not the response.

        Raises:
            PriceDataError: an explicit moment is before the model's first price, or no moment.
        """
        # Responses state their second. All seconds of a day have one answer, unless a price changed on that day.
        key = (when // _DAY, explicit) if type(when) is int else (when, explicit) if type(when) is str else None
        cached = self._days.get(key) if key is not None else None
        if cached is not None and (type(when) is str or cached[0] <= when < cached[1]):  # type: ignore[operator]
            return cached[2]
        now = clock()
        seconds = now if when is None else seconds_of(when)
        dated = self._dated(prices, seconds, now, when, explicit=explicit)
        # Only an answer about the past is kept: the future may still change.
        if key is not None and seconds <= now:
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            self._days[key] = *self.around(prices, seconds, now), dated
        return dated

    def forget(self) -> None:
        """Forget what was worked out, such as the answers that hold the plan and the tariffs that hold its card."""
        self._days.clear()
        for plan in (self, *self._epochs.values(), *self._spans.values()):
            plan.card.forget()

    def around(self, prices: PriceMap, seconds: float, now: float) -> tuple[float, float]:
        """Return the moments between which ``at`` says the same as of a past one: start and end, which is past too."""
        first, end = prices.epochs(self.card).around(seconds)
        over = self._promised
        first, end = (max(first, over), end) if seconds >= over else (first, min(end, over))
        start, stop = bounds(self.card.moments, span_of(self.card.moments, seconds))
        return max(first, start), min(end, stop, now)

    def _dated(
        self, prices: PriceMap, seconds: float, now: float, when: object, *, explicit: bool
    ) -> tuple[Plan, str, tuple[Note, ...]]:
        """Return what ``at`` does, of a moment in seconds: the span of own prices, then the epoch of the map's."""
        card = self.card
        if card.moments:
            span = span_of(card.moments, seconds)
            if span != card.span:
                return self._of_span(prices, span)._dated(prices, seconds, now, when, explicit=explicit)
        if not prices.has_past:
            return self, "current", ()
        epochs = prices.epochs(card)
        start = bounds(card.moments, card.span)[0]
        self.basis, self.settled = (epochs.basis if epochs else "current"), _second(max(epochs.settled, start))
        notes = self._promise_over(seconds, epochs)
        if not epochs:
            return self, "assumed" if explicit else "current", notes
        number, basis = _epoch_of(card.name, seconds, now, epochs, when if explicit else None)
        if basis == "assumed" and seconds <= now:
            notes += _known_since(card.name, seconds, epochs)
        # The present entry is that of the moment where no price has changed since: its card need not be compiled anew.
        settled = not epochs.starts or seconds >= epochs.settled
        plan = self if settled else self._of_epoch(prices, number)
        return plan, "current" if when is None else basis, notes

    def _promise_over(self, seconds: float, epochs: Epochs) -> tuple[Note, ...]:
        """Return a note on a moment after the seller's promise of this price, unless another price is known since."""
        if seconds < self._promised:
            return ()
        until = str(self.card.info["price_valid_until"])
        if any(day(start) > until for start in epochs.starts if start <= seconds):
            return ()
        said = f"the seller promised this price until {until}; whether it still holds is not known"
        return (Note("promise_over", said),)

    def _of_epoch(self, prices: PriceMap, number: int) -> Plan:
        plan = self._epochs.get(number)
        if plan is None:
            card = self._card(prices, epoch=number, span=self.card.span if self.card.moments else None)
            plan = self._epochs[number] = Plan(card, self.asked, self.given, has_past=False)
        return plan

    def _of_span(self, prices: PriceMap, number: int) -> Plan:
        """Return the plan with the prices of one's own of another time."""
        plan = self._spans.get(number)
        if plan is None:
            card = self._card(prices, span=number)
            plan = self._spans[number] = Plan(card, self.asked, self.given, has_past=prices.has_past)
        return plan

    def _card(self, prices: PriceMap, *, span: int | None, epoch: int | None = None) -> RateCard:
        own, replace, rest = self.given.own, self.given.replace, self.given.scale_rest
        return prices.card(self.asked, own, replace=replace, scale_rest=rest, epoch=epoch, span=span)


def _second(moment: float) -> int:
    """Return the first whole second that is not before a moment. Responses state whole seconds."""
    return ceil(max(-BEYOND, min(moment, BEYOND)))


def _epoch_of(name: str, seconds: float, now: float, epochs: Epochs, asked: object) -> tuple[int, str]:
    """Return the number of the epoch that a moment is in, and how its price is dated.

    A moment before the first price is in the first epoch, unless the caller ``asked`` for it, which raises.
    """
    number = epochs.at(seconds)
    basis = epochs.basis_at(seconds) if seconds <= now else "assumed"
    if number and epochs.starts[number - 1] > now:
        basis = "scheduled"
    if number or not epochs.born:
        return number, basis
    if asked is not None:
        raise PriceDataError(
            f"at={shown(asked)} is before {name!r} existed: its first price is of {day(epochs.starts[0])}"
        )
    return 1, basis


def _known_since(name: str, seconds: float, epochs: Epochs) -> tuple[Note, ...]:
    since = epochs.known_since(seconds)
    if since is None:
        return ()
    said = f"the price of {name} is known since {day(since)}: that it was the same before is assumed"
    return (Note("known_since", said, name),)
