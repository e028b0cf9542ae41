"""Distinctions: what tells the calls of one model apart, as the steps between which nothing changes.

A whole table of calls is priced by asking for each kind of call once. Which calls are of one kind is read off the rate
cards of a model, of today and of every day before: here is where they say it.
"""

from __future__ import annotations

from functools import lru_cache

from ..core.exact import ratio
from ..core.meters import METERS
from ..prices.asked import Asked
from ..prices.moments import clock, day, day_number, is_day, seconds_of, today
from ..prices.origin import STALE_DAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from ..core.ratecard import RateCard
    from ..prices.price_map import PriceMap

MICROSECONDS = 1_000_000
_DAY = 86_400 * MICROSECONDS
# What prices each meter: its own rate, or one of those that it falls back to.
_FALLBACKS = {meter: frozenset((meter, *row.parents)) for meter, row in METERS.items()}


class Distinctions:
    """What tells the calls of one model apart. A step lies between two calls if one is above it and one is not.

    Attributes:
        name: the map key that prices them.
        seller: the provider whose prices they are, as the map names it.
        key: equal for two questions whose calls cost the same.
        alike: equal for two questions whose calls cost the same, with notes that differ in names alone; None where more
            than the rates of one row decides the cost.
        context: steps of the tokens of the whole prompt.
        moments: steps of the time, in microseconds since 1970.
        week: steps of the time within a period of the clock, in microseconds; ``period`` is its length, or 0.
        duration: steps of a stated duration, in microseconds.
        until: the microsecond after which a change is known to come; None without one.
        tiers: the tiers that have rates of their own.
        additive: whether each counter costs what it costs by itself, whatever else was counted.
    """

    __slots__ = (
        "additive",
        "alike",
        "context",
        "duration",
        "key",
        "moments",
        "name",
        "period",
        "rated",
        "seller",
        "tiers",
        "until",
        "week",
    )

    def __init__(self, cards: list[RateCard], moments: set[int], region: str | None) -> None:
        card = cards[0]
        self.name, self.seller = card.name, card.provider
        where = region if any(one.factors for one in cards) else None
        contents = tuple(map(_content, cards))
        self.key: Hashable = (contents, tuple(map(_names, cards)), where)
        self.alike: Hashable | None = None
        if len(cards) == len(card.layers) == 1 and not (card.terms or card.unknown or card.free or card.moments):
            self.alike = (contents, card.layers[0][0], where, card.region) if not _promised(card) else None
        # From an inclusive threshold on the higher price holds at exactly its number of tokens.
        self.context = _steps(_tokens(one, value) for one in cards for value in one.thresholds)
        self.tiers = tuple(sorted({str(tier) for one in cards for tier in one.values("tier")}))
        self.period = 0
        self.week: tuple[int, ...] = ()
        windows = {window for one in cards for window in one.values("window")}
        if windows:
            from ..prices.windows import turning_points

            seconds, within, shifts = turning_points(windows)
            self.period, self.week = seconds * MICROSECONDS, _steps(second * MICROSECONDS - 1 for second in within)
            moments = moments | {_before(shift) for shift in shifts}
        self.moments = _steps(moments)
        self.until = min((moment for moment in moments if moment > int(clock() * MICROSECONDS)), default=None)
        # Where a price of an earlier day is assumed, how a cost is dated depends on what it has lines of.
        # A term may be on some meters only, and a fee is on the whole call.
        self.additive = all(one.simple and one.free is None and not (one.guessed or one.terms) for one in cards)
        self.duration = () if self.additive else _steps(step for one in cards for step in _durations(one))
        # What has a price without conditions has one in every call.
        self.rated = frozenset.intersection(
            *[_rated(frozenset([meter for meter, conditions in one.cells if not conditions])) for one in cards]
        )


def distinctions(
    prices: PriceMap,
    model: str | None,
    provider: str | None = None,
    region: str | None = None,
    *,
    timed: bool = True,
) -> Distinctions:
    """Return what tells the calls of a model apart; of calls without a time, what tells today's apart.

    Raises:
        UnknownModelError: no layer knows the model.
        PriceDataError: the price data cannot be read.
    """
    asked = Asked(model, None, provider, None, None, region, None)
    cards = [prices.card(asked)]
    # Prices and terms of one's own begin and end by themselves, over whichever prices of the map are in force.
    edges = cards[0].moments
    spans: list[int | None] = list(range(len(edges) + 1)) if edges else [None]
    if timed:
        cards += [prices.card(asked, span=span) for span in spans if span is not None]
    moments = {_before(edge) for edge in edges}
    if prices.has_past:
        epochs = prices.epochs(cards[0])
        if epochs:
            moments |= {_before(moment) for moment in epochs.moments} | {int(clock() * MICROSECONDS)}
        if epochs.starts and timed:
            numbers = range(len(epochs.starts) + 1)
            cards += [prices.card(asked, epoch=number, span=span) for number in numbers for span in spans]
        promised = _promised(cards[0])
        if promised:
            moments.add((day_number(promised) + 1) * _DAY - 1)
    return Distinctions(cards, moments, region)


def outdated(as_of: str, valid_until: str, *, timed: bool) -> str:
    """Return why prices that were told apart on an earlier day may not be today's, in words; "" if they are young.

    ``as_of`` is the day that they are of, ``valid_until`` the last one before one is known to change; each may be "".
    Calls that state their time, which ``timed`` says, have the prices of that time on both sides of a change.
    """
    if not timed and is_day(valid_until) and valid_until < day(clock()):
        return f"a price of the rate sheet was known to hold until {valid_until} only"
    age = today() - day_number(as_of) if is_day(as_of) else 0
    return f"the prices of the rate sheet are of {as_of}, {age} days old" if age > STALE_DAYS else ""


@lru_cache(maxsize=1024)
def _rated(priced: frozenset[str]) -> frozenset[str]:
    """Return the meters that have a price where these ones have: their own, or that of a parent."""
    return frozenset([meter for meter, fallbacks in _FALLBACKS.items() if not fallbacks.isdisjoint(priced)])


def _tokens(card: RateCard, threshold: int) -> int:
    return threshold - 1 if card.inclusive else threshold


def _before(moment: float) -> int:
    """Return the last microsecond before a moment, which is above it."""
    return int(moment * MICROSECONDS) - 1


def _steps(steps: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(steps)))


def _durations(card: RateCard) -> list[int]:
    """Return the durations above which another price holds: 0, the least that is billed, intervals."""
    lengths: list[object] = [0, *card.values("interval")]
    lengths += card.minimums.values()
    return [units * MICROSECONDS // per for units, per in map(ratio, lengths)]


def _promised(card: RateCard) -> str:
    """Return the day until which the seller promised the prices of a card, ISO text; "" without one."""
    return str(card.info.get("price_valid_until") or "")


def _names(card: RateCard) -> Hashable:
    """Return the names of a card and of its rows."""
    return card.name, card.layers, card.free


def _content(card: RateCard) -> Hashable:
    """Return everything of a card but its names that decides what a call costs and what is said of it."""
    return (
        (card.provider, card.mode, card.match_rule, card.notes, tuple(card.unstated.values())),
        (card.inclusive, card.wall_clock, card.priced_by_user, card.requested_tier, card.search_size),
        tuple((rate.meter, rate.conditions, rate.numerator, rate.denominator) for rate in card.cells.values()),
        tuple((factor.fact, factor.value, factor.numerator, factor.denominator) for factor in card.factors),
        tuple((term.kind, term.numerator, term.denominator, term.meters, term.tags) for term in card.terms),
        tuple(repr(shadow) for shadow in card.unknown),
        _promised(card),
        tuple((meter, str(least)) for meter, least in card.minimums.items()),
    )


def microseconds_of(at: object) -> int:
    """Return a time as calls state it in microseconds since 1970.

    Raises PriceDataError for what is no time.
    """
    return int(seconds_of(at) * MICROSECONDS)
