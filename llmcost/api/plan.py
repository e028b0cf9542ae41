"""Plan: all that is decided about a call before anything is counted.

Which card prices it, whose tier words count, as of which day the prices are: none of it depends on the counters, so
that it is decided once for all calls of which the same is said.
"""

from __future__ import annotations

from ..core.meters import TOKEN_METERS
from ..core.notes import Note
from ..core.ratecard import RateCard
from ..core.tariff import tariff_of
from ..core.tiers import BATCHES, PREPAID, STANDARD, tier_of
from ..core.usage import counted
from ..errors import PriceDataError, UnknownModelError, shown
from ..prices.asked import Asked
from ..prices.moments import bounds, clock, day, day_number, seconds_of, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.tariff import Tariff
    from ..core.usage import Usage
    from ..prices.history import Epochs
    from ..prices.price_map import PriceMap
    from .given import Given

# How the card was found where every quantity stands in a part of another model.
IN_PARTS = "parts"

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
        alone: whether the counters of a call decide its cost: the card is ``simple`` and has no terms, and the caller
            states nothing that changes which sum counts.
        tariffs: word of the response's tier -> rates of a call below every context threshold.
        below: tokens of the prompt under which no threshold is reached.
        settled, until: seconds since 1970 between which the card's prices hold and need no note.
        basis: how a price between them is dated, where the response states its time.
        now: a moment that has passed, in seconds since 1970; looked up when a later one is asked for.
        only: the rates of calls that state no tier and stay below every threshold; made by ``only_tariff``.
    """

    __slots__ = (
        "_days",
        "_epochs",
        "_promised",
        "_spans",
        "alone",
        "asked",
        "basis",
        "below",
        "card",
        "given",
        "now",
        "only",
        "settled",
        "tariffs",
        "until",
    )

    def __init__(self, card: RateCard, asked: Asked, given: Given, *, dated: bool) -> None:
        self.card, self.asked, self.given = card, asked, given
        self.alone = (
            card.simple
            and not (card.terms or card.guessed)
            and not (given.cache_hit or given.strict or given.prefer == "reported")
        )
        self.tariffs: dict[object, Tariff] = {}
        self.below = card.first_threshold
        # Nothing is known of the past until a date is asked for.
        self.settled, self.basis = (FOREVER if dated else -FOREVER), "current"
        promised = card.info.get("price_valid_until") if dated else None
        self._promised = FOREVER if promised is None else (day_number(str(promised)) + 1) * float(_DAY)
        self.until = self._promised
        if card.moments:
            # Outside the span of the card other prices of one's own are in force.
            start, end = bounds(card.moments, card.span)
            self.settled, self.until = max(self.settled, start), min(self.until, end)
        self.now = 0.0
        self.only: Tariff | None = None
        # By the day, or by the text of a time: the moments between which what was found holds.
        self._days: dict[object, tuple[float, float, tuple[Plan, str, tuple[Note, ...]]]] = {}
        self._epochs: dict[int, Plan] = {}
        self._spans: dict[int, Plan] = {}

    @property
    def name(self) -> str | None:
        """The model that was asked for: the caller's word, else the response's."""
        return self.asked.model or self.asked.response_model

    def tier(self, usage: Usage) -> tuple[str, tuple[Note, ...]]:
        """Return the tier that is billed, and a note if its word is not known.

        A batch is billed as one. Any other call is billed at the tier that ``Given.tier_word`` chooses.
        """
        given = self.given
        if given.batch or (given.batch is None and usage.more.batch):
            return BATCHES, ()
        word = given.tier_word(usage.service_tier)
        if word is None:
            return STANDARD, ()
        tier = tier_of(word)
        if tier is None:
            said = f"service tier {word!r} is not known: billed at standard"
            return STANDARD, (Note("tier_unknown", said, "service_tier"),)
        return tier, ()

    def tariff(self, usage: Usage) -> Tariff | None:
        """Return the rates of a usage that states nothing beside its counters and its tier.

        None for a call that ``with_care`` has to price: the word of its tier is unknown, which is noted, or its
        capacity was bought before.
        """
        context, word = usage.context, usage.service_tier
        tier, notes = self.tier(usage)
        if notes or tier == PREPAID:
            return None
        found = tariff_of(self.card, self.given.call(usage, tier))
        below = context is not None and context < self.below
        if below and (word is None or type(word) is str) and len(self.tariffs) < _MOST_WORDS:
            self.tariffs[word] = found
        return found

    def only_tariff(self) -> Tariff | None:
        """Return the rates of calls that state counters and nothing else; None if their prices depend on more."""
        if self.alone and self.until is FOREVER:
            self.only = self.tariffs.get(None) or self.tariff(counted({}, 0, "meters"))
        return self.only

    def past(self, when: int) -> bool:
        """Return whether a moment has passed, and put a note on the card if its map has grown old in the meantime."""
        self.now = clock()
        if self.now >= self.card.stale_at:
            from ..prices.origin import grow_old

            grow_old(self.card)
        return when <= self.now

    def at(self, prices: PriceMap, when: object, *, explicit: bool) -> tuple[Plan, str, tuple[Note, ...]]:
        """Return the plan with the prices of a moment, how they are dated, and what has to be said of it.

        ``when`` is None for the present; ``explicit`` says that the caller states it, and not the response.

        Raises:
            PriceDataError: an explicit moment is before the model's first price, or no moment.
        """
        # Responses state their second. All seconds of a day have one answer, unless a price changed on that day.
        key = (when // _DAY, explicit) if type(when) is int else (when, explicit) if type(when) is str else None
        known = self._days.get(key) if key is not None else None
        if known is not None and (type(when) is str or known[0] <= when < known[1]):  # type: ignore[operator]
            return known[2]
        now = clock()
        seconds = now if when is None else seconds_of(when)
        found = self._dated(prices, seconds, now, when, explicit=explicit)
        # Only an answer about the past is kept: the future may still change.
        if key is not None and seconds <= now:
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            first, end = prices.epochs(self.card).around(seconds)
            over = self._promised
            first, end = (max(first, over), end) if seconds >= over else (first, min(end, over))
            start, stop = bounds(self.card.moments, span_of(self.card.moments, seconds))
            self._days[key] = max(first, start), min(end, stop, now), found
        return found

    def _dated(
        self, prices: PriceMap, seconds: float, now: float, when: object, *, explicit: bool
    ) -> tuple[Plan, str, tuple[Note, ...]]:
        card = self.card
        if card.moments:
            span = span_of(card.moments, seconds)
            if span != card.span:
                return self._of_span(prices, span)._dated(prices, seconds, now, when, explicit=explicit)
        if not prices.has_past:
            return self, "current", ()
        epochs = prices.epochs(card)
        start = bounds(card.moments, card.span)[0]
        self.basis, self.settled = (epochs.basis if epochs else "current"), max(epochs.settled, start)
        notes: tuple[Note, ...] = ()
        if seconds >= self._promised:
            until = str(card.info["price_valid_until"])
            if not any(day(start) > until for start in epochs.starts if start <= seconds):
                said = f"the seller promised this price until {until}; whether it still holds is not known"
                notes = (Note("promise_over", said),)
        if not epochs:
            return self, "assumed" if explicit else "current", notes
        number = epochs.at(seconds)
        basis = epochs.basis_at(seconds) if seconds <= now else "assumed"
        if number and epochs.starts[number - 1] > now:
            basis = "scheduled"
        if not number and epochs.born:
            if explicit:
                raise PriceDataError(
                    f"at={shown(when)} is before {card.name!r} existed: its first price is of {day(epochs.starts[0])}"
                )
            number = 1
        if basis == "assumed" and seconds <= now:
            notes += _known_since(card.name, seconds, epochs)
        if not epochs.starts or seconds >= epochs.settled:
            # The present entry is that of the moment, so that its card need not be compiled anew.
            return self, "current" if when is None else basis, notes
        return self._of_epoch(prices, number), "current" if when is None else basis, notes

    def _of_epoch(self, prices: PriceMap, number: int) -> Plan:
        found = self._epochs.get(number)
        if found is None:
            card = self._card(prices, epoch=number, span=self.card.span if self.card.moments else None)
            found = self._epochs[number] = Plan(card, self.asked, self.given, dated=False)
        return found

    def _of_span(self, prices: PriceMap, number: int) -> Plan:
        """Return the plan with the prices of one's own of another time."""
        found = self._spans.get(number)
        if found is None:
            card = self._card(prices, span=number)
            found = self._spans[number] = Plan(card, self.asked, self.given, dated=prices.has_past)
        return found

    def _card(self, prices: PriceMap, *, span: int | None, epoch: int | None = None) -> RateCard:
        own, replace, rest = self.given.own, self.given.replace, self.given.scale_rest
        return prices.card(self.asked, own, replace=replace, scale_rest=rest, epoch=epoch, span=span)


def _known_since(name: str, seconds: float, epochs: Epochs) -> tuple[Note, ...]:
    since = epochs.known_since(seconds)
    if since is None:
        return ()
    said = f"the price of {name} is known since {day(since)}: that it was the same on {day(seconds)} is assumed"
    return (Note("known_since", said, name),)


def asked_of(model: str | None, usage: Usage, given: Given) -> Asked:
    """Return which model a call asks for, and what is known of who serves it."""
    stated = usage.more
    size, quality = given.size or stated.size, given.quality or stated.quality
    if (size or quality) and _has_tokens(usage):
        # Tokens are billed by their number; the size and the quality of the image choose no row then.
        size = quality = None
    return Asked(
        model,
        usage.model,
        given.provider,
        usage.provider,
        given.base_model,
        given.region or stated.region,
        given.deployment,
        stated.model_id,
        size,
        quality,
        routed=stated.routed,
        named_provider=stated.named_provider,
    )


def plan_of(prices: PriceMap, asked: Asked, usage: Usage, given: Given) -> Plan:
    """Return the plan of a call.

    Raises:
        UnknownModelError: no layer knows the model, and not everything stands in parts of other models.
        ArgumentError: a fact that names something is no text.
    """
    try:
        card = prices.card(asked, given.own, replace=given.replace, scale_rest=given.scale_rest)
    except UnknownModelError:
        parts, free = usage.more.parts, usage.more.free
        if free is None and not (parts and not usage.quantities and all(part.model for part in parts)):
            raise
        name = asked.model or asked.response_model or ""
        card = RateCard((), name=name, model=name, match_rule=IN_PARTS)
    return Plan(card, asked, given, dated=prices.has_past)


def _has_tokens(usage: Usage) -> bool:
    if not TOKEN_METERS.isdisjoint(usage.quantities):
        return True
    for group in usage.more.alternatives:
        for unit in group:
            if not TOKEN_METERS.isdisjoint(unit):
                return True
    return False


def dated(prices: PriceMap, usage: Usage, plan: Plan) -> tuple[Usage, Plan, str, tuple[Note, ...]]:
    """Return a usage, and its plan with the prices of its day; of today, with a note, if its time is unreadable."""
    try:
        return usage, *plan.at(prices, usage.at, explicit=False)
    except PriceDataError:
        said = f"the response's time {shown(usage.at)} is no time: priced by today"
        undated = usage.replaced(at=None, notes=(*usage.notes, Note("time_not_read", said, "at")))
        return undated, *plan.at(prices, None, explicit=False)
