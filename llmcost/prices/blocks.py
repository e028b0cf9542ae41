"""Nested blocks of a row: each key of one has an expander, which adds its rates and factors to the entry."""

from __future__ import annotations

from ..core.counts import is_number
from ..core.dimensions import ordered
from ..core.rate import ANY, Rate
from ..errors import InvalidPriceError, UnknownPriceKeyError
from .entry import add_factor, add_rate, check_key, price
from .keys import GEOGRAPHIES, decode
from .vendors import SPEEDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..core.dimensions import Conditions
    from .entry import Entry

    # What it is a range of, its bounds, and the tier.
    Range = tuple[str, int, int | None, dict[str, object]]


def _price_key(entry: Entry, key: str, inner: str, value: object, place: str) -> tuple[str, Conditions, int] | None:
    """Return what a key inside a block decodes to; everything in there is a price. None for one that is set aside."""
    where = f"{key} of {entry.where}"
    check_key(inner, where)
    try:
        decoded = decode(inner)
    except UnknownPriceKeyError as error:
        entry.set_aside(error.found_in(where), value, place)
        return None
    if decoded is None:
        entry.set_aside(UnknownPriceKeyError(inner, None, where), value, place)
    return decoded


def _mapping(entry: Entry, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidPriceError(key, value, entry.layer, "expected a mapping")
    return value


def _tiered_pricing(entry: Entry, key: str, value: object) -> None:
    """Add prices by ranges of the prompt, ``(lower, upper]``, or by ranges of the number of results asked for.

    A flat key beside them holds for a prompt of 0 tokens, and where a range has no price: ``with_flat_keys``.
    """
    if not isinstance(value, list) or not all(isinstance(tier, dict) for tier in value):
        raise InvalidPriceError(key, value, entry.layer, "expected a list of ranges with prices")
    stated: set[tuple[str, int, str]] = set()
    for dimension, lower, tier in _in_order([_range(key, tier, entry.layer) for tier in value], key, entry.layer):
        for inner, inner_value in tier.items():
            if inner in _DIMENSIONS:
                continue
            if (dimension, lower, inner) in stated:
                raise InvalidPriceError(key, tier, entry.layer, f"two tiers of one range state {inner}")
            stated.add((dimension, lower, inner))
            decoded = _price_key(entry, key, inner, inner_value, f"{key}[{lower}].")
            if decoded is None:
                continue
            meter, conditions, per = decoded
            if any(name == dimension for name, _ in conditions):
                raise InvalidPriceError(inner, inner_value, entry.layer, f"the range of {key} is its threshold")
            if lower or dimension == "context":
                conditions = ordered((*conditions, (dimension, lower)))
            add_rate(entry, meter, conditions, inner_value, f"{key}[{lower}].{inner}", per)


def _range(key: str, tier: dict[str, object], layer: str) -> Range:
    """Return what a tier is a range of, its bounds, and the tier; the last range may be without an end."""
    name = next((name for name in _DIMENSIONS if name in tier), "")
    bounds = tier.get(name)
    if not isinstance(bounds, (list, tuple)) or len(bounds) != 2:
        raise InvalidPriceError(key, tier, layer, "each tier has a range: [lower, upper]")
    lower = _integer(key, bounds[0], layer)
    end = bounds[1].lower() if isinstance(bounds[1], str) else bounds[1]
    upper = None if end in _NO_END else _integer(key, end, layer)
    if upper is not None and upper < lower:
        raise InvalidPriceError(key, tier, layer, "the upper bound of a range is below its lower one")
    return _DIMENSIONS[name], lower, upper, tier


def _in_order(ranges: list[Range], key: str, layer: str) -> Iterator[tuple[str, int, dict[str, object]]]:
    """Yield what each tier is a range of, the bound above which it holds, and the tier, the lowest first.

    A range begins where the one before it ends, or one above: ``[0, 1000]`` is followed by ``[1000, 2000]`` or by
    ``[1001, 2000]``. What lies between two ranges or in two of them has no certain price.
    """
    last: Range | None = None
    bound = 0
    for dimension, lower, upper, tier in sorted(ranges, key=lambda one: one[:2]):
        if last is None or last[0] != dimension:
            bound = lower
        elif last[1:3] != (lower, upper):
            before = last[2]
            if before is None or lower < before:
                raise InvalidPriceError(key, tier, layer, "two ranges overlap")
            if lower > before + 1:
                raise InvalidPriceError(key, tier, layer, f"no range holds between {before:,} and {lower:,}")
            # A prompt is above its bound, and a number of results is at it.
            bound = before if dimension == "context" else lower
        last = dimension, lower, upper, tier
        yield dimension, bound, tier


def with_flat_keys(entry: Entry) -> None:
    """Settle the ranges of an entry with its flat keys; the first range is the price of a meter without one."""
    ranges: dict[tuple[str, Conditions], dict[object, Rate]] = {}
    for (meter, conditions), rate in entry.rates.items():
        if rate is not None and rate.price_key.startswith(_RANGES):
            rest = tuple(condition for condition in conditions if condition[0] != "context")
            ranges.setdefault((meter, rest), {})[dict(conditions).get("context")] = rate
    bounds = {bound for rates in ranges.values() for bound in rates}
    for (meter, rest), rates in ranges.items():
        flat = entry.rates.get((meter, rest))
        if flat is None or 0 not in rates or flat.usd == rates[0].usd:
            first = rates.get(0)
            if first is not None:
                del entry.rates[meter, ordered((*rest, ("context", 0)))]
                entry.rates[meter, rest] = flat or _under(first, rest)
        if flat is not None:
            for bound in sorted(bounds - rates.keys()):  # type: ignore[type-var]
                cell = (meter, ordered((*rest, ("context", bound))))
                entry.rates.setdefault(cell, _under(flat, cell[1]))


_RANGES = "tiered_pricing["
# What a tier has a range of, as a condition.
_DIMENSIONS = {"range": "context", "max_results_range": "results"}
_BOUND = "a bound of a range is a whole number >= 0; null is no upper bound"
_NO_END = (None, float("inf"), "inf", "infinity")


def _under(rate: Rate, conditions: Conditions) -> Rate:
    value = (rate.numerator, rate.denominator)
    return Rate(rate.meter, conditions, value, rate.layer, rate.map_key, rate.price_key)


def _integer(key: str, value: object, layer: str) -> int:
    try:
        numerator, denominator = price(key, value, layer)
    except InvalidPriceError as error:
        raise InvalidPriceError(key, value, layer, _BOUND) from error
    if denominator != 1:
        raise InvalidPriceError(key, value, layer, _BOUND)
    return numerator


def _off_peak_pricing(entry: Entry, key: str, value: object) -> None:
    """Add prices in windows of the day: ``windows`` (hours_utc, weekdays) and the rates that hold in them."""
    from .windows import IN_A_WINDOW, Window

    block = _mapping(entry, key, value)
    window = Window(block, key, entry.layer)
    for inner, inner_value in block.items():
        if inner in {"windows", "weekday_timezone"} or inner in IN_A_WINDOW:
            continue
        decoded = _price_key(entry, key, inner, inner_value, f"{key}.")
        if decoded is None:
            continue
        meter, conditions, per = decoded
        add_rate(entry, meter, ordered((*conditions, ("window", window))), inner_value, f"{key}.{inner}", per)


_SEARCH_SIZES = frozenset({"low", "medium", "high"})


def _search_context(entry: Entry, key: str, value: object) -> None:
    """Price a search by its context size, and a grounded prompt as one search; ``layers`` knows which is billed."""
    meters = ("web_searches", "grounded_prompts")
    if not isinstance(value, dict):
        for meter in meters:
            add_rate(entry, meter, (), value, key)
        return
    for size, inner in value.items():
        word = str(size).removeprefix("search_context_size_")
        if word not in _SEARCH_SIZES:
            error = UnknownPriceKeyError(str(size), "search_context_size_medium", f"{key} of {entry.where}")
            entry.set_aside(error, inner, f"{key}.", "web_searches")
            continue
        for meter in meters:
            add_rate(entry, meter, (("variant", f"search {word}"),), inner, f"{key}.{size}")


def _guardrails(entry: Entry, key: str, value: object) -> None:
    for unit, inner in _mapping(entry, key, value).items():
        add_rate(entry, "guardrail_units", (("variant", str(unit)),), inner, f"{key}.{unit}")


def _provider_specific(entry: Entry, key: str, value: object) -> None:
    """Add the factors for a geography (``us: 1.1``) and for a speed.

    LiteLLM looks up the place that a response states, whatever it is. What else stands in the block has an underscore
    in its name, such as ``realtime_ga_only``, and is no price.
    https://github.com/BerriAI/litellm/blob/main/litellm/llms/anthropic/cost_calculation.py
    """
    for name, factor in _mapping(entry, key, value).items():
        if name in SPEEDS:
            add_factor(entry, "speed", name, factor, f"{key}.{name}")
        elif name in GEOGRAPHIES or (_may_multiply(factor) and name.replace("-", "").isalnum()):
            add_factor(entry, "region", name, factor, f"{key}.{name}")


def _may_multiply(value: object) -> bool:
    """Return whether a value is a factor: a number, also as text, or null, which removes one of a weaker layer."""
    return value is None or is_number(value) or (isinstance(value, str) and value.replace(".", "", 1).isdecimal())


def _geographies(entry: Entry, key: str, value: object) -> None:
    for name, factor in _mapping(entry, key, value).items():
        add_factor(entry, "region", str(name), factor, f"{key}.{name}")


def _regional_endpoint(entry: Entry, key: str, value: object) -> None:
    """Vertex bills any endpoint but the global one higher.

    https://cloud.google.com/vertex-ai/generative-ai/pricing
    """
    add_factor(entry, "region", ANY, value, key)


EXPANDERS: dict[str, Callable[[Entry, str, object], None]] = {
    "tiered_pricing": _tiered_pricing,
    "off_peak_pricing": _off_peak_pricing,
    "search_context_cost_per_query": _search_context,
    "guardrail_cost_per_unit": _guardrails,
    "provider_specific_entry": _provider_specific,
    "geo_multiplier": _geographies,
    "regional_endpoint_uplift_multiplier": _regional_endpoint,
}
