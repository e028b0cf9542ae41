"""Tariffs: the rates of a card that are in force for one kind of call, and how each meter is priced by them."""

from __future__ import annotations

from . import dimensions
from .call import kind_of
from .late import Late
from .meters import METERS, MODEL_METERS, TOKEN_METERS
from .notes import Note
from .rate import ANY, PUBLIC, Rate
from .tiers import STANDARD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from . import beside_own
    from .call import Call
    from .counts import Quantity
    from .dimensions import Condition
    from .rate import Factor
    from .ratecard import RateCard
else:
    # Few cards have prices of the user's.
    beside_own = Late("llmcost.core.beside_own")

_MOST_TARIFFS = 512

# The note on the lines of a free model. Only its own work is free: a tool needs a rate of its own.
FREE = Note("free_model", "free: the map states that this model costs nothing")


def tariff_of(card: RateCard, call: Call) -> Tariff:
    """Return the rates of a card that are in force for a kind of call; compiled once per kind."""
    # The card completes the call: where its model runs, and whether its thresholds are inclusive.
    if call.region is None:
        call.region = card.region
    call.inclusive = card.inclusive
    # Two calls are of one kind if the same conditions and factors of the card hold for them. The tier and the variants
    # are in the key because notes name them.
    holding = tuple([dimensions.BY_NAME[name].holds(value, call) for name, value in card.conditions])
    factors = tuple([factor.holds(call) for factor in card.factors])
    key = (holding, factors, call.tier, call.variants if card.depends_on("variant") else None)
    found = card.tariffs.get(key)
    if found is None:
        if len(card.tariffs) >= _MOST_TARIFFS:
            card.tariffs.clear()
        met = frozenset(condition for condition, holds in zip(card.conditions, holding, strict=True) if holds)
        found = card.tariffs[key] = Tariff(card, call, met)
    return found


def tariff_at(card: RateCard, tier: str) -> Tariff | None:
    """Return the rates of a card that a tier alone decides, where they are known; None where more of a call counts."""
    return None if card.conditions or card.factors else card.tariffs.get(((), (), tier, None))


class Priced:
    """How one meter is priced in one tariff: the rate, the factors on it, and what had to be decided.

    ``free`` is whether the rate is 0 because the model is free.
    """

    __slots__ = ("factors", "free", "notes", "rate")

    def __init__(
        self, rate: Rate, factors: tuple[Factor, ...], notes: tuple[Note, ...] = (), *, free: bool = False
    ) -> None:
        self.rate, self.factors, self.notes, self.free = rate, factors, notes, free


class Tariff:
    """The rates of one card that are in force for one kind of call.

    Attributes:
        cached_rates: meter -> rate over ``denominator``, of those that were asked for so far and have one.
        grounds: what a line item says of its rate, by meter, for the lines that were read so far.
        notes_by_meters: meters of a call -> the notes of the card and of such calls; worked out anew when the card has
            others.
        waiting: meter -> note on the fact that would price it, such as ``resolution=``; for meters without a rate.
        billed_tier: the tier whose prices apply.
        level: the context threshold that was passed, or 0.

    Args:
        met: the conditions of the card that hold for the call.
    """

    def __init__(self, card: RateCard, call: Call, met: frozenset[Condition]) -> None:
        self.card, self._met, self._variants = card, met, call.variants
        self.level: int = max((v for name, v in met if name == "context"), default=0)  # type: ignore[type-var, assignment]
        holding = [factor for factor in card.factors if factor.holds(call)]
        named = {factor.fact for factor in holding if factor.value != ANY}
        self.factors = tuple(factor for factor in holding if factor.value != ANY or factor.fact not in named)
        self.denominator = card.denominator
        for factor in self.factors:
            self.denominator *= factor.denominator
        self.waiting: dict[str, Note] = {}
        self._priced: dict[str, Priced | None] = {}
        self.cached_rates: dict[str, int] = {}
        self.grounds: dict[str, Any] = {}
        self.notes_by_meters: dict[tuple[str, ...], tuple[tuple[Note, ...], tuple[Note, ...]]] = {}
        self.billed_tier = call.tier if ("tier", call.tier) in card.conditions else STANDARD
        self.notes: tuple[Note, ...] = ()
        if self.billed_tier != call.tier:
            said = f"no {call.tier} rates for {card.name}: billed at standard"
            self.notes = (Note("tier_without_rates", said, call.tier),)

    def of_two_counters(self) -> Callable[[int, int], tuple[float, float]] | None:
        """Return the function that prices fresh input and output tokens, in USD; None if one of them has no rate.

        It holds its three numbers itself: no call looks them up.
        """
        input_rate, output_rate, denominator = self.rate("input"), self.rate("output"), self.denominator
        if input_rate is None or output_rate is None:
            return None

        def of_two(prompt: int, completion: int) -> tuple[float, float]:
            return prompt * input_rate / denominator, completion * output_rate / denominator

        return of_two

    def as_grounded(self, quantities: dict[str, Quantity]) -> dict[str, Quantity]:
        """Return searches as the prompt that they grounded, where that is sold instead: once, however many they are."""
        if self.rate("web_searches") is not None or self.rate("grounded_prompts") is None:
            return quantities
        rest = {meter: quantity for meter, quantity in quantities.items() if meter != "web_searches"}
        return {**rest, "grounded_prompts": 1}

    def rate(self, meter: str) -> int | None:
        """Return the rate of a meter over ``denominator``, factors included; None without a rate."""
        cached = self.cached_rates.get(meter)
        if cached is not None:
            return cached
        priced = self.price(meter)
        if priced is None:
            return None
        denominator = self.denominator
        numerator = priced.rate.numerator
        for factor in priced.factors:
            numerator *= factor.numerator
            denominator //= factor.denominator
        found = self.cached_rates[meter] = numerator * (denominator // priced.rate.denominator)
        return found

    def price(self, meter: str) -> Priced | None:
        """Return how a meter is priced: by its own rate, else by the nearest parent's; None without one."""
        try:
            return self._priced[meter]
        except KeyError:
            found = self._priced[meter] = self._price(meter)
            return found

    def saved_rate(self, meter: str) -> int | None:
        """Return what a unit of a cache saves, over the denominator; None for another meter."""
        if not meter.startswith("cache_"):
            return None
        modality = next((parent for parent in METERS[meter].parents if parent.startswith("input")), "input")
        full, paid = self.rate(modality), self.rate(meter)
        return None if full is None or paid is None else full - paid

    def _price(self, meter: str) -> Priced | None:
        for name in (meter, *METERS[meter].parents):
            rate, note = self._strongest(name), None
            if rate is None:
                rate, note = self._default_variant(name, meter)
            elif self.card.depends_on("variant") and not any(key == "variant" for key, _ in rate.conditions):
                note = self._base_variant(name)
            if rate is None:
                continue
            notes = [found for found in (self._weaker_rate(rate), note) if found is not None]
            if rate.layer in PUBLIC and self.card.priced_by_user:
                notes += beside_own.notes_on(rate, self.card)
            if name != meter and meter not in self.card.repeats:
                notes.insert(0, Note("parent_rate", f"{meter} rate missing: {name} rate used", meter))
            if self.card.free == (rate.layer, rate.map_key) and not rate.numerator:
                return Priced(rate, (), (FREE,), free=True)
            if not rate.numerator and rate.layer in PUBLIC and self._has_price_beside(rate.meter):
                notes.append(
                    Note("zero_rate", f"the map has a price of 0 for {rate.meter}, beside prices above 0", meter)
                )
            factors = self.factors if meter in TOKEN_METERS else ()
            return Priced(rate, factors, tuple(notes))
        if self.card.free is not None and meter in MODEL_METERS and meter not in self.waiting:
            return Priced(Rate(meter, (), (0, 1), *self.card.free, "free"), (), (FREE,), free=True)
        return None

    def _strongest(self, meter: str) -> Rate | None:
        for rate in self.card.by_meter.get(meter, ()):
            if self._met.issuperset(rate.conditions):
                return rate
        return None

    def _has_price_beside(self, meter: str) -> bool:
        """Return whether the card has a price above 0 that makes one of 0 look like a gap.

        Where a query or an image is sold, tokens at 0 are no gap: only other tokens above 0 count beside tokens.
        """
        tokens = meter in TOKEN_METERS
        return any(rate.numerator and (not tokens or rate.meter in TOKEN_METERS) for rate in self.card.cells.values())

    def _weaker_rate(self, rate: Rate) -> Note | None:
        """Return a note if the card has no rate of this meter for the tier or the threshold of the call."""
        conditions = dict(rate.conditions)
        if rate.meter not in TOKEN_METERS:
            return None
        missing = []
        if self.level and conditions.get("context", 0) != self.level:
            missing.append(f"above {self.level:,} tokens")
        if self.billed_tier != STANDARD and conditions.get("tier") != self.billed_tier:
            missing.append(f"tier {self.billed_tier}")
        if not missing:
            return None
        used = dimensions.text(rate.conditions) or "base"
        said = f"no {rate.meter} rate for {' and '.join(missing)}: {used} rate used"
        return Note("weaker_rate", said, rate.meter)

    def _default_variant(self, meter: str, used: str) -> tuple[Rate | None, Note | None]:
        """Return the rate of ``meter`` to use when the call does not say which variant it was, and a note.

        ``used`` is the meter that was counted: ``meter`` itself or a child of it.

        If all variants cost the same, it is their rate. A search without a stated context size has the one that its
        seller documents as the default. A size or a quality that is not stated has no default, since the prices of
        sizes differ by multiples; a stated variant that the card does not list has no rate either. Such a meter is
        put into ``waiting``.
        """
        by_variant: dict[str, Rate] = {}
        for rate in self.card.by_meter.get(meter, ()):
            for name, value in rate.conditions:
                others = tuple(condition for condition in rate.conditions if condition[0] != "variant")
                if name == "variant" and self._met.issuperset(others):
                    by_variant.setdefault(str(value), rate)
        if not by_variant:
            named = {name for rate in self.card.by_meter.get(meter, ()) for name, _ in rate.conditions}
            if "results" in named:
                said = f"{meter} is priced by the number of results that were asked for: pass n="
                self.waiting.setdefault(used, Note("results_needed", said, used))
            return None, None
        kinds, default = {kind_of(word) for word in by_variant}, f"search {self.card.search_size}"
        stated = sorted(word for word in self._variants if kind_of(word) in kinds)
        if not stated:
            first, *rest = by_variant.values()
            if all(rate.numerator * first.denominator == first.numerator * rate.denominator for rate in rest):
                return by_variant.get(default, first), None
            if default in by_variant:
                said = f"search_context_size not stated: {self.card.search_size} assumed"
                return by_variant[default], Note("search_size_assumed", said, meter)
        keyword = "search_context_size=" if "search" in kinds else "resolution=, size= or quality="
        what = f"; the call says {', '.join(stated)}" if stated else f": pass {keyword}"
        said = f"{meter} is priced by {', '.join(by_variant)}{what}"
        self.waiting.setdefault(used, Note("variant_needed", said, used))
        return None, None

    def _base_variant(self, meter: str) -> Note | None:
        """Return a note if the base rate is used although the card has rates by variant."""
        named = [
            str(dict(rate.conditions)["variant"])
            for rate in self.card.by_meter[meter]
            if "variant" in dict(rate.conditions)
        ]
        if not named:
            return None
        said = f"no rate by {', '.join(sorted(set(named)))} applies: base rate used"
        return Note("base_rate_used", said, meter)
