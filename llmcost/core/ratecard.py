"""Rate cards: all rates of one model, and the tariff that is in force for one kind of call."""

from __future__ import annotations

from math import lcm

from . import dimensions
from .dimensions import PREPAID, STANDARD, TIER_WORDS, Call
from .exact import decimal_of, plain
from .meters import METERS, TOKEN_METERS, WHOLE_CALL_METERS, WORK_METERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from decimal import Decimal
    from typing import Any

    from .dimensions import Conditions
    from .set_aside import SetAside

    Cells = dict[tuple[str, Conditions], "Rate"]

_MOST_TARIFFS = 512
# More than any count.
_BEYOND = 1 << 62

# The layers that hold nobody's own prices.
PUBLIC = frozenset({"map", "base_model"})


class Rate:
    """A price per one unit of a meter under conditions, with its provenance.

    Attributes:
        meter: what it prices.
        conditions: when it holds; empty for always.
        numerator, denominator: USD per one unit, exact.
        layer: where it was set (``map``, ``registered``, ``call`` ...).
        map_key: the entry it stands in.
        price_key: the key it was written under.
        derived: the rule that computed it, or an empty text.
    """

    __slots__ = ("conditions", "denominator", "derived", "layer", "map_key", "meter", "numerator", "price_key")

    def __init__(
        self,
        meter: str,
        conditions: Conditions,
        value: tuple[int, int],
        layer: str,
        map_key: str,
        price_key: str,
        derived: str = "",
    ) -> None:
        self.meter, self.conditions = meter, conditions
        self.numerator, self.denominator = value
        self.layer, self.map_key, self.price_key, self.derived = layer, map_key, price_key, derived

    @property
    def usd(self) -> Decimal:
        """USD per one unit."""
        return decimal_of(self.numerator, self.denominator)[0]

    @property
    def per_million(self) -> Decimal:
        """USD per 1,000,000 units."""
        return decimal_of(self.numerator * 1_000_000, self.denominator)[0]

    def times(self, factor: tuple[int, int], derived: str, **changes: str) -> Rate:
        """Return this rate times a factor, as a rate that says how it was derived."""
        value = self.numerator * factor[0], self.denominator * factor[1]
        return Rate(
            changes.get("meter", self.meter),
            self.conditions,
            value,
            self.layer,
            self.map_key,
            self.price_key,
            derived,
        )

    def __repr__(self) -> str:
        when = f" if {dimensions.text(self.conditions)}" if self.conditions else ""
        return f"<{self.meter} {plain(self.usd, 0)} USD{when}, {self.layer} {self.map_key}:{self.price_key}>"


# The value of a factor that holds in every region but the global one, where no factor names it.
ANY = "*"


class Factor:
    """A factor that a vendor puts on token rates for a region or for a speed.

    Attributes:
        fact: the fact it depends on, ``region`` or ``speed``.
        value: the value of that fact; ``*`` for any but the global one.
    """

    __slots__ = ("denominator", "fact", "layer", "map_key", "numerator", "price_key", "value")

    def __init__(
        self, fact: str, value: str, factor: tuple[int, int], layer: str, map_key: str, price_key: str
    ) -> None:
        self.fact, self.value = fact, value
        self.numerator, self.denominator = factor
        self.layer, self.map_key, self.price_key = layer, map_key, price_key

    def holds(self, call: Call) -> bool:
        """Return whether the call is made in this region or at this speed."""
        stated = call.region if self.fact == "region" else call.speed
        word = str(stated or "").lower()
        return word == self.value or (self.value == ANY and word not in {"", "global"})

    @property
    def text(self) -> str:
        """The factor as a person reads it: ``x 1.1 (region us)``."""
        return f"x {decimal_of(self.numerator, self.denominator)[0]} ({self.fact} {self.value})"


class Term:
    """A commercial term: ``discount`` and ``margin`` are shares of the sum before them, ``fee`` is in USD."""

    __slots__ = ("denominator", "kind", "layer", "map_key", "numerator", "price_key")

    def __init__(self, kind: str, value: tuple[int, int], layer: str, map_key: str = "", price_key: str = "") -> None:
        self.kind = kind
        self.numerator, self.denominator = value
        self.layer, self.map_key, self.price_key = layer, map_key, price_key


class RateCard:
    """All rates of one model, compiled from the layers.

    Attributes:
        name: the map key that was matched.
        model: the name that was asked for.
        match_rule: the named rule by which the name was matched.
        cells: ``(meter, conditions) -> Rate``, the rates in force.
        shadowed: rates of weaker layers that a stronger one replaced or put out of force.
        factors: region and speed factors.
        terms: discounts, margins and fees, in the order in which they are applied.
        notes: what there is to say about this card on every call.
        layers: the layers it was compiled from, strongest first: ``(layer, map key)``.
        inclusive: whether a threshold is reached by exactly its number of tokens.
        priced_by_user: whether a registered, config or call price is in force.
        free: layer and map key of the entry that states that this model costs nothing; None without one.
        wall_clock: whether ``*_cost_per_second`` means elapsed time and not the length of the media.
        unstated: meters of which every call uses some, and which its response does not count.
        repeats: meters whose own rate repeated their parent's; they follow it without a note.
        region: where the model runs, for calls that do not say.
        path: how the card was found, as ``(what, text)``: the names asked for and tried, the deployment, the match.
        facts: what the entries say besides prices: limits, modes, sources.
        unknown: price-like keys of public maps that this version does not know, set aside.
        simple: whether a call is nothing but units times rates.
        first_threshold: tokens of the prompt below which no threshold is reached.
        by_word: the tariffs found below it, by the word for the tier.
    """

    def __init__(
        self,
        cells: Iterable[Rate],
        *,
        name: str,
        model: str | None = None,
        match_rule: str = "exact",
        provider: str | None = None,
        mode: str | None = None,
        factors: tuple[Factor, ...] = (),
        terms: tuple[Term, ...] = (),
        notes: tuple[str, ...] = (),
        shadowed: tuple[tuple[Rate, str], ...] = (),
        layers: tuple[tuple[str, str], ...] = (),
        inclusive: bool = False,
        priced_by_user: bool = False,
        free: tuple[str, str] | None = None,
        wall_clock: bool = True,
        unstated: tuple[str, ...] = (),
        repeats: frozenset[str] = frozenset(),
        region: str | None = None,
        path: tuple[tuple[str, str], ...] = (),
        facts: Mapping[str, object] | None = None,
        unknown: tuple[SetAside, ...] = (),
    ) -> None:
        self.cells: Cells = {(rate.meter, rate.conditions): rate for rate in cells}
        self.name, self.model, self.match_rule = name, model or name, match_rule
        self.provider, self.mode = provider, mode
        self.factors, self.terms, self.notes = factors, terms, notes
        self.shadowed, self.layers = shadowed, layers
        self.inclusive, self.priced_by_user = inclusive, priced_by_user
        self.free, self.wall_clock = free, wall_clock
        self.repeats, self.unstated = repeats, unstated
        self.region, self.path = region, path
        self.facts = dict(facts or {})
        self.unknown = unknown

        self.by_meter: dict[str, list[Rate]] = {}
        for rate in self.cells.values():
            self.by_meter.setdefault(rate.meter, []).append(rate)
        for rates in self.by_meter.values():
            rates.sort(key=lambda rate: dimensions.strength(rate.conditions), reverse=True)
        found = {name: {dict(r.conditions)[name] for r in self.cells.values() if name in dict(r.conditions)}
                 for name in dimensions.BY_NAME}  # fmt: skip
        self.thresholds: tuple[int, ...] = tuple(sorted(found["context"]))  # type: ignore[arg-type]
        self.tiers: frozenset[object] = frozenset(found["tier"])
        self.variants: frozenset[object] = frozenset(found["variant"])
        self.has_windows = bool(found["window"])
        self.has_intervals = bool(found["interval"] or found["results"])
        self.denominator = lcm(1, *(rate.denominator for rate in self.cells.values()))
        # A free model prices tokens at 0, unless other work is what it sells.
        self.prices_tokens = any(meter in TOKEN_METERS for meter in self.by_meter) or (
            free is not None and not any(meter in WORK_METERS for meter in self.by_meter)
        )
        self.prices_work = any(meter in WORK_METERS for meter in self.by_meter)
        # The short way of rating: nothing but units times rates.
        self.promised = "price_valid_until" in self.facts
        self.simple = self.prices_tokens and not (
            self.promised or terms or unstated or unknown or self.has_windows or self.has_intervals
            or any(meter in WHOLE_CALL_METERS for meter in self.by_meter)
        )  # fmt: skip
        self._tariffs: dict[object, Tariff] = {}
        self.by_word: dict[str | None, Tariff] = {}
        self.first_threshold = self.thresholds[0] if self.thresholds else _BEYOND
        # Filled by the map when a date is first asked for: its entry's price changes, and cards of other epochs.
        self.epochs: Any = None
        # Set by the map: what is known of where an entry's numbers come from, read when somebody asks.
        self.attest: Callable[[str], Mapping[str, object]] | None = None

    def tariff(self, call: Call) -> Tariff:
        """Return the rates in force for this kind of call; compiled once per kind."""
        if call.region is None:
            call.region = self.region
        level = 0
        if self.thresholds and call.context is not None:
            for threshold in self.thresholds:
                if call.context > threshold or (self.inclusive and call.context == threshold):
                    level = threshold
        windows = self._windows(call) if self.has_windows else None
        # Only what this card distinguishes: the length of a film is a new kind of call for few cards.
        key = (
            level, call.tier, windows,
            (call.region, call.speed) if self.factors else None,
            call.variants if self.variants else None,
            (call.interval, call.results) if self.has_intervals else None,
        )  # fmt: skip
        found = self._tariffs.get(key)
        if found is None:
            if len(self._tariffs) >= _MOST_TARIFFS:
                self._tariffs.clear()
            call.inclusive = self.inclusive
            found = self._tariffs[key] = Tariff(self, call, level)
        return found

    def simple_tariff(self, context: int, word: str | None) -> Tariff | None:
        """Return the tariff of a call of which no more matters than its prompt and the word for its tier.

        None where more has to be said: an unknown word, or prepaid capacity.
        """
        tier = STANDARD if word is None else TIER_WORDS.get(word)
        if tier is None or tier == PREPAID:
            return None
        found = self.tariff(Call(context, tier))
        if context < self.first_threshold:
            self.by_word[word] = found
        return found

    def _windows(self, call: Call) -> tuple[bool, ...]:
        windows = {value: None for rate in self.cells.values() for name, value in rate.conditions if name == "window"}
        return tuple(call.clock is not None and call.clock(window) for window in windows)


# What the lines of a free model say. Its own work is free; a tool of such a call has a rate of its own, or none.
FREE = "free: the map states that this model costs nothing"
_FREE_METERS = TOKEN_METERS | WORK_METERS


class Priced:
    """How one meter is priced in one tariff: the rate, the factors on it, and what had to be decided.

    ``free`` is whether the rate is 0 because the model is free.
    """

    __slots__ = ("factors", "free", "note", "rate")

    def __init__(self, rate: Rate, factors: tuple[Factor, ...], note: str, *, free: bool = False) -> None:
        self.rate, self.factors, self.note, self.free = rate, factors, note, free


class Grounds:
    """What a line item says besides its meter, its quantity and its amount; its fields are those of ``LineItem``.

    Attributes:
        each: USD per one unit, factors included.
        most: the most units whose amount is ``each`` times them as it is written: an amount of 10 USD or more would be
            normalized to 1E+1, and a rate without a finite decimal has no such amount.
        card: the card that has the rate; None for what no card says.
    """

    __slots__ = (
        "card", "conditions", "each", "factors", "layer", "map_key", "model", "most", "note", "price_key", "rate",
        "unit",
    )  # fmt: skip

    def __init__(
        self, model: str, unit: str, rate: Decimal, conditions: str, factors: tuple[str, ...], layer: str,
        map_key: str, price_key: str, note: str,
    ) -> None:  # fmt: skip
        self.model, self.unit, self.rate, self.conditions, self.factors = model, unit, rate, conditions, factors
        self.layer, self.map_key, self.price_key, self.note = layer, map_key, price_key, note
        self.each, self.most = rate, -1
        self.card: RateCard | None = None

    @classmethod
    def of(cls, card: RateCard, meter: str, priced: Priced, waived: str | None = None) -> Grounds:
        """Return the grounds of a meter as a tariff prices it; ``waived`` is why it costs nothing all the same."""
        rate = priced.rate
        numerator, denominator = rate.numerator, rate.denominator
        factors = [factor.text for factor in priced.factors]
        for factor in priced.factors:
            numerator, denominator = numerator * factor.numerator, denominator * factor.denominator
        if priced.free:
            factors.append("x 0 (free)")
        if waived is not None:
            numerator = 0
            factors.append(f"x 0 ({waived})")
        self = cls(
            card.name, METERS[meter].unit, rate.usd, dimensions.text(rate.conditions), tuple(factors), rate.layer,
            rate.map_key, rate.price_key, "; ".join(filter(None, (priced.note, rate.derived))),
        )  # fmt: skip
        self.each, exact = decimal_of(numerator, denominator)
        if exact:
            self.most = 10 * denominator // numerator - 1 if numerator else _BEYOND
        self.card = card
        return self


class _Rates(dict[str, "int | None"]):
    """Meter -> rate over the tariff's denominator; None if the meter has no rate. Filled when asked."""

    __slots__ = ("tariff",)

    def __init__(self, tariff: Tariff) -> None:
        super().__init__()
        self.tariff = tariff

    def __missing__(self, meter: str) -> int | None:
        value = self.tariff.number(meter)
        if value is not None:
            self.tariff.known[meter] = value
        self[meter] = value
        return value


class Tariff:
    """The rates of one card that are in force for one kind of call.

    Attributes:
        rates: meter -> integer rate over ``denominator``, or None.
        known: those that were asked for until now, in a dict of the fastest kind.
        grounds: what the line items say whose meters were read until now.
        billed_tier: the tier whose prices apply.
        level: the context threshold that was passed, or 0.
    """

    def __init__(self, card: RateCard, call: Call, level: int) -> None:
        self.card, self.call, self.level = card, call, level
        holding = [factor for factor in card.factors if factor.holds(call)]
        named = {factor.fact for factor in holding if factor.value != ANY}
        self.factors = tuple(factor for factor in holding if factor.value != ANY or factor.fact not in named)
        self.denominator = card.denominator
        for factor in self.factors:
            self.denominator *= factor.denominator
        self.waiting: dict[str, str] = {}
        self._priced: dict[str, Priced | None] = {}
        self.known: dict[str, int] = {}
        self.grounds: dict[str, Grounds] = {}
        self.rates = _Rates(self)
        known = call.tier in card.tiers
        self.billed_tier = call.tier if known or call.tier == STANDARD else STANDARD
        self.notes: tuple[str, ...] = ()
        if self.billed_tier != call.tier:
            self.notes = (f"no {call.tier} rates for {card.name}: billed at standard",)

    def number(self, meter: str) -> int | None:
        """Return the rate of a meter over the denominator, factors included; None without a rate."""
        priced = self.price(meter)
        if priced is None:
            return None
        denominator = self.denominator
        numerator = priced.rate.numerator
        for factor in priced.factors:
            numerator *= factor.numerator
            denominator //= factor.denominator
        return numerator * (denominator // priced.rate.denominator)

    def price(self, meter: str) -> Priced | None:
        """Return how a meter is priced: by its own rate, else by the nearest parent's; None without one."""
        if meter not in self._priced:
            self._priced[meter] = self._price(meter)
        return self._priced[meter]

    def _price(self, meter: str) -> Priced | None:
        for name in (meter, *METERS[meter].parents):
            rate, note = self._strongest(name), ""
            if rate is None:
                rate, note = self._default_variant(name, meter)
            elif self.card.variants and not any(key == "variant" for key, _ in rate.conditions):
                note = self._base_variant(name)
            if rate is None:
                continue
            notes = [self._weaker(rate), note]
            if name != meter and meter not in self.card.repeats:
                notes.insert(0, f"{meter} rate missing: {name} rate used")
            if self.card.free == (rate.layer, rate.map_key) and not rate.numerator:
                return Priced(rate, (), FREE, free=True)
            factors = self.factors if meter in TOKEN_METERS else ()
            return Priced(rate, factors, "; ".join(filter(None, notes)))
        if self.card.free is not None and meter in _FREE_METERS and meter not in self.waiting:
            return Priced(Rate(meter, (), (0, 1), *self.card.free, "free"), (), FREE, free=True)
        return None

    def _strongest(self, meter: str) -> Rate | None:
        for rate in self.card.by_meter.get(meter, ()):
            if dimensions.holds(rate.conditions, self.call):
                return rate
        return None

    def _weaker(self, rate: Rate) -> str:
        """Return a note if the tier or the threshold of the call has no rate of its own here."""
        given = dict(rate.conditions)
        if rate.meter not in TOKEN_METERS:
            return ""
        missing = []
        if self.level and given.get("context", 0) != self.level:
            missing.append(f"above {self.level:,} tokens")
        if self.billed_tier != STANDARD and given.get("tier") != self.billed_tier:
            missing.append(f"tier {self.billed_tier}")
        if not missing:
            return ""
        used = dimensions.text(rate.conditions) or "base"
        return f"no {rate.meter} rate for {' and '.join(missing)}: {used} rate used"

    def _default_variant(self, meter: str, asked: str) -> tuple[Rate | None, str]:
        """Return the rate to use when the call does not say which variant it was, and a note.

        If all variants cost the same it is that. A search without a stated context size is a medium one, as
        vendors document their default. Anything else stays unpriced: sizes and qualities differ by multiples.
        So does a stated variant that the card does not list.
        """
        waiting: dict[str, Rate] = {}
        for rate in self.card.by_meter.get(meter, ()):
            for name, value in rate.conditions:
                others = tuple(condition for condition in rate.conditions if condition[0] != "variant")
                if name == "variant" and dimensions.holds(others, self.call):
                    waiting.setdefault(str(value), rate)
        if not waiting:
            return None, ""
        kinds = {dimensions.kind_of(word) for word in waiting}
        stated = sorted(word for word in self.call.variants if dimensions.kind_of(word) in kinds)
        if not stated:
            first, *rest = waiting.values()
            if all(rate.numerator * first.denominator == first.numerator * rate.denominator for rate in rest):
                return waiting.get(dimensions.SEARCH_DEFAULT, first), ""
            if dimensions.SEARCH_DEFAULT in waiting:
                return waiting[dimensions.SEARCH_DEFAULT], "search_context_size not stated: medium assumed"
        keyword = "search_context_size=" if "search" in kinds else "resolution=, size= or quality="
        what = f"; the call says {', '.join(stated)}" if stated else f": pass {keyword}"
        self.waiting.setdefault(asked, f"{meter} is priced by {', '.join(waiting)}{what}")
        return None, ""

    def _base_variant(self, meter: str) -> str:
        """Return a note if the base rate is used although the card has rates by variant."""
        named = [
            str(dict(rate.conditions)["variant"])
            for rate in self.card.by_meter[meter]
            if "variant" in dict(rate.conditions)
        ]
        return f"no rate by {', '.join(sorted(set(named)))} applies: base rate used" if named else ""
