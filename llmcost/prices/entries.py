"""Entries: one model's row of a price map -> rates, factors and facts.

Flat keys are decoded by ``keys``; each nested block has one expander here.
"""

from __future__ import annotations

from ..core.exact import decimal_of, ratio
from ..core.meters import METERS
from ..core.ratecard import Factor, Rate
from ..errors import InvalidPriceError, UnknownPriceKeyError
from .keys import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..core.dimensions import Conditions

# A token above this is a price per 1K or per 1M typed into a per-token key.
SUSPICIOUS_TOKEN_PRICE = (1, 1000)


# Followed by a region: OpenAI's data residency. https://platform.openai.com/docs/pricing
_UPLIFT = "regional_processing_uplift_multiplier_"


class Entry:
    """One entry, decoded.

    Attributes:
        rates: ``(meter, conditions) -> Rate``; None un-sets the cell of weaker layers.
        factors: region and speed factors.
        facts: the keys that are no prices (mode, provider, limits ...).
    """

    __slots__ = ("factors", "facts", "key", "layer", "rates")

    def __init__(self, layer: str, key: str) -> None:
        self.layer, self.key = layer, key
        self.rates: dict[tuple[str, Conditions], Rate | None] = {}
        self.factors: list[Factor] = []
        self.facts: dict[str, object] = {}


def price(key: str, value: object, layer: str) -> tuple[int, int]:
    """Return a price as an exact ratio; raise InvalidPriceError for what nobody can be billed by."""
    try:
        found = ratio(value.strip() if isinstance(value, str) else value)
    except (TypeError, ValueError) as problem:
        raise InvalidPriceError(key, value, layer, f"{problem}; a price is a number >= 0 in USD") from None
    if found[0] < 0:
        raise InvalidPriceError(key, value, layer)
    return found


def compile_entry(raw: Mapping[str, object], layer: str, name: str) -> Entry:
    """Return an entry decoded.

    Raises UnknownPriceKeyError and InvalidPriceError, and InvalidPriceError too if two spellings of one cell
    disagree in a layer that a person wrote.
    """
    entry = Entry(layer, name)
    for key, value in raw.items():
        expander = EXPANDERS.get(key)
        if expander is not None:
            expander(entry, key, value, raw)
            continue
        if key.startswith(_UPLIFT):
            _add_factor(entry, "region", key.rpartition("_")[2], value, key)
            continue
        try:
            decoded = decode(key)
        except UnknownPriceKeyError as error:
            raise UnknownPriceKeyError(key, error.nearest, f"{layer} {name}") from None
        if decoded is None:
            entry.facts[key] = value
        elif isinstance(value, dict):
            raise InvalidPriceError(key, value, layer)
        else:
            _add_rate(entry, decoded[0], decoded[1], value, key, decoded[2])
    return entry


def _add_rate(entry: Entry, meter: str, conditions: Conditions, value: object, key: str, per: int = 1) -> None:
    cell = (meter, conditions)
    if value is None:
        entry.rates.setdefault(cell, None)
        return
    numerator, denominator = price(key, value, entry.layer)
    rate = Rate(meter, conditions, (numerator, denominator * per), entry.layer, entry.key, key)
    before = entry.rates.get(cell)
    if before is not None:
        if before.numerator * rate.denominator == rate.numerator * before.denominator:
            return
        if entry.layer != "map":
            raise InvalidPriceError(
                key, value, entry.layer, f"{before.price_key} sets the same rate to {before.usd}; keep one of the two"
            )
        # In a public map the first spelling of the meter's row is the one that is kept up to date.
        spellings = METERS[meter].keys
        if key not in spellings or (
            before.price_key in spellings and spellings.index(before.price_key) < spellings.index(key)
        ):
            return
    entry.rates[cell] = rate


def _add_factor(entry: Entry, fact: str, value: str, factor: object, key: str) -> None:
    if factor is None:
        return
    numerator, denominator = price(key, factor, entry.layer)
    if not numerator:
        raise InvalidPriceError(key, factor, entry.layer, "a factor is above 0")
    entry.factors.append(Factor(fact, value, (numerator, denominator), entry.layer, entry.key, key))


def _mapping(entry: Entry, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidPriceError(key, value, entry.layer, "expected a mapping")
    return value


def _tiered_pricing(entry: Entry, key: str, value: object, _: Mapping[str, object]) -> None:
    """Ranges of the prompt, ``(lower, upper]``: volume tiers; or ranges of the number of results asked for."""
    if not isinstance(value, list) or not all(isinstance(tier, dict) for tier in value):
        raise InvalidPriceError(key, value, entry.layer, "expected a list of ranges with prices")
    for tier in value:
        dimension, bounds = next(
            ((d, tier[k]) for d, k in (("context", "range"), ("results", "max_results_range")) if k in tier),
            ("context", None),
        )
        if not isinstance(bounds, (list, tuple)) or len(bounds) != 2:
            raise InvalidPriceError(key, tier, entry.layer, "each tier has a range: [lower, upper]")
        lower = _whole(key, bounds[0], entry.layer)
        for inner, inner_value in tier.items():
            if inner in {"range", "max_results_range"}:
                continue
            decoded = decode(inner)
            if decoded is None or decoded[1]:
                raise UnknownPriceKeyError(inner, None, f"{key} of {entry.layer} {entry.key}")
            conditions: Conditions = ((dimension, lower),) if lower else ()
            _add_rate(entry, decoded[0], conditions, inner_value, f"{key}[{bounds[0]}].{inner}", decoded[2])


def _whole(key: str, value: object, layer: str) -> int:
    numerator, denominator = price(key, value, layer)
    if denominator != 1:
        raise InvalidPriceError(key, value, layer, "a bound of a range is a whole number")
    return numerator


def _off_peak_pricing(entry: Entry, key: str, value: object, _: Mapping[str, object]) -> None:
    """Prices in windows of the day: ``windows`` (hours_utc, weekdays) and the rates that hold in them."""
    block = _mapping(entry, key, value)
    window = Window(block, key, entry.layer)
    for inner, inner_value in block.items():
        if inner in {"windows", "weekday_timezone", "hours_utc", "weekdays"}:
            continue
        decoded = decode(inner)
        if decoded is None or any(name == "window" for name, _ in decoded[1]):
            raise UnknownPriceKeyError(inner, None, f"{key} of {entry.layer} {entry.key}")
        conditions = sorted((*decoded[1], ("window", window)), key=lambda c: _ORDER.index(c[0]))
        _add_rate(entry, decoded[0], tuple(conditions), inner_value, f"{key}.{inner}", decoded[2])


_ORDER = ("context", "tier", "window", "interval", "results", "variant")


_WEEKDAYS = {
    name: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)
}


class Window:
    """Windows of the week: half-open hours in UTC, and ISO weekdays on the vendor's calendar.

    Two windows are equal if they were written equally, so that a stronger layer can replace one.
    """

    __slots__ = ("spans", "timezone")

    def __init__(self, block: Mapping[str, object], key: str, layer: str) -> None:
        self.timezone = str(block.get("weekday_timezone") or "UTC")
        windows = block.get("windows") or [block]
        if not isinstance(windows, list) or not all(isinstance(window, dict) for window in windows):
            raise InvalidPriceError(key, windows, layer, "expected a list of windows")
        spans = []
        for window in windows:
            hours = window.get("hours_utc", "00:00-00:00")
            texts = hours if isinstance(hours, list) else [hours]
            days = window.get("weekdays") or [1, 2, 3, 4, 5, 6, 7]
            days = [_WEEKDAYS.get(str(day).lower(), day) for day in days] if isinstance(days, list) else days
            if not isinstance(days, list) or not all(type(day) is int and 1 <= day <= 7 for day in days):
                raise InvalidPriceError(
                    key, days, layer, "weekdays are numbers from 1 (Monday) to 7 (Sunday), or their English names"
                )
            for text in texts:
                spans.append((*self._minutes(text, key, layer), tuple(days)))
        self.spans = tuple(spans)

    @staticmethod
    def _minutes(text: object, key: str, layer: str) -> tuple[int, int]:
        try:
            start, end = (
                int(hours) * 60 + int(minutes)
                for hours, minutes in (part.strip().split(":") for part in str(text).split("-"))
            )
        except ValueError:
            raise InvalidPriceError(key, text, layer, "hours are written 01:00-04:00") from None
        if not (0 <= start < 1440 and 0 <= end <= 1440):
            raise InvalidPriceError(key, text, layer, "hours are written 01:00-04:00")
        return start, end or 1440

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Window) and (self.spans, self.timezone) == (other.spans, other.timezone)

    def __hash__(self) -> int:
        return hash((self.spans, self.timezone))

    def __str__(self) -> str:
        spans = ", ".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b, _ in self.spans)
        return f"{spans} UTC"


def _search_context(entry: Entry, key: str, value: object, raw: Mapping[str, object]) -> None:
    """Price a search by its context size; a grounded prompt too, where the vendor bills prompts.

    Gemini 2.5 and older bill a grounded prompt once, Gemini 3 every query; the map flags the latter with
    ``web_search_billing_unit: per_query``. https://ai.google.dev/gemini-api/docs/pricing
    """
    meters = (
        ("web_searches",) if raw.get("web_search_billing_unit") == "per_query" else ("web_searches", "grounded_prompts")
    )
    if value is None:
        for meter in meters:
            _add_rate(entry, meter, (), None, key)
        return
    if not isinstance(value, dict):
        for meter in meters:
            _add_rate(entry, meter, (), value, key)
        return
    for size, inner in value.items():
        if not size.startswith("search_context_size_"):
            raise UnknownPriceKeyError(size, "search_context_size_medium", f"{key} of {entry.layer} {entry.key}")
        for meter in meters:
            condition = (("variant", f"search {size.rpartition('_')[2]}"),)
            _add_rate(entry, meter, condition, inner, f"{key}.{size}")


def _guardrails(entry: Entry, key: str, value: object, _: Mapping[str, object]) -> None:
    for unit, inner in _mapping(entry, key, value).items():
        _add_rate(entry, "guardrail_units", (("variant", unit),), inner, f"{key}.{unit}")


def _provider_specific(entry: Entry, key: str, value: object, _: Mapping[str, object]) -> None:
    """Factors for a geography (``us: 1.1``) and for fast mode; everything else in the block is no price."""
    for name, factor in _mapping(entry, key, value or {}).items():
        if name == "fast":
            _add_factor(entry, "speed", name, factor, f"{key}.{name}")
        elif isinstance(factor, (int, float, str)) and name in _GEOGRAPHIES:
            _add_factor(entry, "region", name, factor, f"{key}.{name}")


_GEOGRAPHIES = frozenset({"us", "eu", "uk", "jp", "au", "apac", "ca", "in", "kr", "sg", "global"})


def _geographies(entry: Entry, key: str, value: object, _: Mapping[str, object]) -> None:
    for name, factor in _mapping(entry, key, value or {}).items():
        _add_factor(entry, "region", name, factor, f"{key}.{name}")


def _regional_endpoint(entry: Entry, key: str, value: object, _: Mapping[str, object]) -> None:
    """Vertex bills any endpoint but the global one higher.

    https://cloud.google.com/vertex-ai/generative-ai/pricing
    """
    _add_factor(entry, "region", "*", value, key)


EXPANDERS: dict[str, Callable[[Entry, str, object, Mapping[str, object]], None]] = {
    "tiered_pricing": _tiered_pricing,
    "off_peak_pricing": _off_peak_pricing,
    "search_context_cost_per_query": _search_context,
    "guardrail_cost_per_unit": _guardrails,
    "provider_specific_entry": _provider_specific,
    "geo_multiplier": _geographies,
    "regional_endpoint_uplift_multiplier": _regional_endpoint,
}


def is_price_key(key: str) -> bool:
    """Return whether a key prices something; raise UnknownPriceKeyError for one that only looks like it."""
    return key in EXPANDERS or key.startswith(_UPLIFT) or decode(key) is not None


def suspicious(rate: Rate) -> str | None:
    """Return what a per-token price reads as if it is a thousand times too high, else None."""
    if METERS[rate.meter].unit != "token":
        return None
    if rate.numerator * SUSPICIOUS_TOKEN_PRICE[1] <= rate.denominator * SUSPICIOUS_TOKEN_PRICE[0]:
        return None
    million = decimal_of(rate.numerator * 1_000_000, rate.denominator)[0]
    return f"{rate.price_key}={rate.usd} is {million:,f} USD per 1M tokens: is it a price per 1K or per 1M?"
