"""Entries: one model's row of a price map -> rates, factors and facts.

Flat keys are decoded by ``keys``; each nested block has one expander here.
"""

from __future__ import annotations

from ..core.dimensions import ordered
from ..core.exact import decimal_of, plain, ratio
from ..core.meters import METERS, TOKEN_METERS
from ..core.rate import ANY, PUBLIC, Factor, Rate
from ..errors import InvalidPriceError, PriceDataError, UnknownPriceKeyError, shown
from .keys import GEOGRAPHIES, decode, uplift_region

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..core.dimensions import Conditions
    from ..core.set_aside import SetAside

    # Whether a price-like key that is not known is set aside; it is an error otherwise.
    Tolerate = Callable[[str], bool]

# A token above this is a price per 1K or per 1M typed into a per-token key.
SUSPICIOUS_TOKEN_PRICE = (1, 1000)


class Entry:
    """One entry, decoded.

    Attributes:
        rates: ``(meter, conditions) -> Rate``; None un-sets the cell of weaker layers.
        factors: region and speed factors.
        unset: blocks and factors that are null: what weaker layers say there is out of force.
        facts: the keys that are no prices (mode, provider, limits ...).
        unknown: price-like keys that this version does not know, set aside.
    """

    __slots__ = ("_tolerate", "factors", "facts", "key", "layer", "rates", "unknown", "unset")

    def __init__(self, layer: str, key: str, tolerate: Tolerate | None = None) -> None:
        self.layer, self.key, self._tolerate = layer, key, tolerate
        self.unknown: list[SetAside] = []
        self.rates: dict[tuple[str, Conditions], Rate | None] = {}
        self.factors: list[Factor] = []
        self.unset: set[str] = set()
        self.facts: dict[str, object] = {}

    @property
    def where(self) -> str:
        """Where it stands, for messages."""
        return f"{self.layer} {self.key}"

    def sets(self, price_key: str) -> bool:
        """Return whether it prices, or un-sets, the cell that a flat key means."""
        try:
            decoded = None if price_key in EXPANDERS or uplift_region(price_key) else decode(price_key)
        except UnknownPriceKeyError:
            return False
        return decoded is not None and decoded[:2] in self.rates

    def unsets(self, price_key: str) -> bool:
        """Return whether a rate or factor that a weaker layer states under this key is out of force."""
        return any(price_key == key or price_key.startswith((f"{key}.", f"{key}[")) for key in self.unset)

    def set_aside(self, error: UnknownPriceKeyError, value: object, place: str = "", meter: str | None = None) -> None:
        """Keep a price-like key that is not known; raise ``error`` in a layer that a person wrote.

        ``place`` is the block it stands in, and ``meter`` what that block prices under a condition.
        """
        if self.layer not in PUBLIC and (self._tolerate is None or not self._tolerate(error.key)):
            raise error
        if value is not None:
            from .unknown_keys import set_aside  # noqa: PLC0415 - no key of the bundled map is unknown

            found = set_aside(error.key, value, place, meter)
            found.layer, found.map_key = self.layer, self.key
            self.unknown.append(found)


def price(key: str, value: object, layer: str) -> tuple[int, int]:
    """Return a price as an exact ratio; raise InvalidPriceError for what nobody can be billed by."""
    try:
        found = ratio(value.strip() if isinstance(value, str) else value)
    except (TypeError, ValueError) as problem:
        raise InvalidPriceError(key, value, layer, f"{problem}; a price is a number >= 0 in USD") from None
    if found[0] < 0:
        raise InvalidPriceError(key, value, layer)
    return found


def compile_entry(raw: Mapping[str, object], layer: str, name: str, tolerate: Tolerate | None = None) -> Entry:
    """Return an entry decoded. Null in a block or factor un-sets what weaker layers say there.

    A price-like key that is not known is set aside in a public layer, and where ``tolerate(key)`` says so.

    Raises InvalidPriceError, and in a layer that a person wrote UnknownPriceKeyError, and InvalidPriceError too if
    two spellings of one cell disagree.
    """
    entry = Entry(layer, name, tolerate)
    check_words(raw, entry.where)
    for key, value in raw.items():
        _check_key(key, entry.where)
        expander = EXPANDERS.get(key)
        if expander is not None:
            if value is None:
                entry.unset.add(key)
            else:
                expander(entry, key, value)
            continue
        region = uplift_region(key)
        if region is not None:
            _add_factor(entry, "region", region, value, key)
            continue
        try:
            decoded = decode(key)
        except UnknownPriceKeyError as error:
            entry.set_aside(UnknownPriceKeyError(key, error.nearest, entry.where), value)
            continue
        if decoded is None:
            entry.facts[key] = value
        elif isinstance(value, dict):
            raise InvalidPriceError(key, value, layer)
        else:
            _add_rate(entry, decoded[0], decoded[1], value, key, decoded[2])
    return entry


# Facts that prices depend on.
_WORDS = ("litellm_provider", "mode")


def check_words(raw: Mapping[str, object], where: str) -> None:
    """Raise PriceDataError if a fact that prices depend on is no text."""
    for key in _WORDS:
        value = raw.get(key)
        if value is not None and not isinstance(value, str):
            raise PriceDataError(f"{where}: {key}={shown(value)} is no text")


def _check_key(key: object, where: str) -> None:
    if not isinstance(key, str):
        raise PriceDataError(f"{where}: {shown(key)} is no price key: keys are text")


def _price_key(entry: Entry, key: str, inner: str, value: object, place: str) -> tuple[str, Conditions, int] | None:
    """Return what a key inside a block decodes to; everything in there is a price. None for one that is set aside."""
    where = f"{key} of {entry.where}"
    _check_key(inner, where)
    nearest = None
    try:
        decoded = decode(inner)
    except UnknownPriceKeyError as error:
        decoded, nearest = None, error.nearest
    if decoded is None:
        entry.set_aside(UnknownPriceKeyError(inner, nearest, where), value, place)
    return decoded


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
        if entry.layer not in PUBLIC:
            raise InvalidPriceError(
                key,
                value,
                entry.layer,
                f"{before.price_key} sets the same rate to {plain(before.usd, 0)}; keep one of the two",
            )
        # In a public map the first spelling of the meter's row counts: it is the one that is kept up to date. With
        # cache_read_input_token_cost: 7e-8 and input_cost_per_token_cache_hit: 1.3e-8 a cached token costs 7e-8.
        spellings = METERS[meter].keys
        if key not in spellings or (
            before.price_key in spellings and spellings.index(before.price_key) < spellings.index(key)
        ):
            return
    entry.rates[cell] = rate


def _add_factor(entry: Entry, fact: str, value: str, factor: object, key: str) -> None:
    if factor is None:
        entry.unset.add(key)
        return
    numerator, denominator = price(key, factor, entry.layer)
    if not numerator:
        raise InvalidPriceError(key, factor, entry.layer, "a factor is above 0")
    entry.factors.append(Factor(fact, value, (numerator, denominator), entry.layer, entry.key, key))


def _mapping(entry: Entry, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidPriceError(key, value, entry.layer, "expected a mapping")
    return value


def _tiered_pricing(entry: Entry, key: str, value: object) -> None:
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
            decoded = _price_key(entry, key, inner, inner_value, f"{key}[{lower}].")
            if decoded is None:
                continue
            meter, conditions, per = decoded
            if any(name == dimension for name, _ in conditions):
                raise InvalidPriceError(inner, inner_value, entry.layer, f"the range of {key} is its threshold")
            if lower:
                conditions = ordered((*conditions, (dimension, lower)))
            _add_rate(entry, meter, conditions, inner_value, f"{key}[{lower}].{inner}", per)


def _whole(key: str, value: object, layer: str) -> int:
    numerator, denominator = price(key, value, layer)
    if denominator != 1:
        raise InvalidPriceError(key, value, layer, "a bound of a range is a whole number")
    return numerator


def _off_peak_pricing(entry: Entry, key: str, value: object) -> None:
    """Prices in windows of the day: ``windows`` (hours_utc, weekdays) and the rates that hold in them."""
    block = _mapping(entry, key, value)
    window = Window(block, key, entry.layer)
    for inner, inner_value in block.items():
        if inner in {"windows", "weekday_timezone"} or inner in _IN_A_WINDOW:
            continue
        decoded = _price_key(entry, key, inner, inner_value, f"{key}.")
        if decoded is None:
            continue
        meter, conditions, per = decoded
        _add_rate(entry, meter, ordered((*conditions, ("window", window))), inner_value, f"{key}.{inner}", per)


_WEEKDAYS = {
    name: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)
}
_SHORT = {number: name[:3].title() for name, number in _WEEKDAYS.items()}
_EVERY_DAY = tuple(_SHORT)
_IN_A_WINDOW = frozenset({"hours_utc", "weekdays"})


class Window:
    """Windows of the week: half-open hours in UTC, and ISO weekdays on the vendor's calendar.

    Two windows are equal if they were written equally, so that a stronger layer can replace one.
    """

    __slots__ = ("spans", "timezone")

    def __init__(self, block: Mapping[str, object], key: str, layer: str) -> None:
        self.timezone = str(block.get("weekday_timezone") or "UTC")
        windows = block.get("windows") or [{name: value for name, value in block.items() if name in _IN_A_WINDOW}]
        if not isinstance(windows, list) or not all(
            isinstance(window, dict) and window and window.keys() <= _IN_A_WINDOW for window in windows
        ):
            raise InvalidPriceError(key, windows, layer, "a window has hours_utc, weekdays or both, and nothing else")
        self.spans = tuple(
            (*self._minutes(text, key, layer), self._days(window.get("weekdays"), key, layer))
            for window in windows
            for text in self._texts(window.get("hours_utc", "00:00-00:00"))
        )

    @staticmethod
    def _texts(hours: object) -> list[object]:
        return hours if isinstance(hours, list) and hours else [hours]

    @staticmethod
    def _days(days: object, key: str, layer: str) -> tuple[int, ...]:
        named = [_WEEKDAYS.get(str(day).lower(), day) for day in days] if isinstance(days, list) else days
        if named is None:
            return _EVERY_DAY
        if not isinstance(named, list) or not named or not all(type(day) is int and 1 <= day <= 7 for day in named):
            raise InvalidPriceError(
                key, days, layer, "weekdays are numbers from 1 (Monday) to 7 (Sunday), or their English names"
            )
        return tuple(named)

    @staticmethod
    def _minutes(text: object, key: str, layer: str) -> tuple[int, int]:
        numbers = [number.strip() for part in str(text).split("-") for number in part.split(":")]
        if len(numbers) == 4 and all(number.isdecimal() and len(number) <= 2 for number in numbers):
            hour, minute, last_hour, last_minute = map(int, numbers)
            start, end = hour * 60 + minute, last_hour * 60 + last_minute
            if start < 1440 and end <= 1440 and minute < 60 and last_minute < 60:
                return start, end or 1440
        raise InvalidPriceError(key, text, layer, "hours are written 01:00-04:00")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Window) and (self.spans, self.timezone) == (other.spans, other.timezone)

    def __hash__(self) -> int:
        return hash((self.spans, self.timezone))

    def __str__(self) -> str:
        spans = []
        for start, end, days in self.spans:
            names = "" if days == _EVERY_DAY else " ".join(["", *(_SHORT[day] for day in days)])
            spans.append(f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}{names}")
        return f"{', '.join(spans)} UTC"


_SEARCH_SIZES = frozenset({"low", "medium", "high"})


def _search_context(entry: Entry, key: str, value: object) -> None:
    """Price a search by its context size, and a grounded prompt as one search; ``layers`` knows which is billed."""
    meters = ("web_searches", "grounded_prompts")
    if not isinstance(value, dict):
        for meter in meters:
            _add_rate(entry, meter, (), value, key)
        return
    for size, inner in value.items():
        word = str(size).removeprefix("search_context_size_")
        if word not in _SEARCH_SIZES:
            error = UnknownPriceKeyError(str(size), "search_context_size_medium", f"{key} of {entry.where}")
            entry.set_aside(error, inner, f"{key}.", "web_searches")
            continue
        for meter in meters:
            _add_rate(entry, meter, (("variant", f"search {word}"),), inner, f"{key}.{size}")


def _guardrails(entry: Entry, key: str, value: object) -> None:
    for unit, inner in _mapping(entry, key, value).items():
        _add_rate(entry, "guardrail_units", (("variant", str(unit)),), inner, f"{key}.{unit}")


def _provider_specific(entry: Entry, key: str, value: object) -> None:
    """Factors for a geography (``us: 1.1``) and for fast mode; everything else in the block is no price."""
    for name, factor in _mapping(entry, key, value).items():
        if name == "fast":
            _add_factor(entry, "speed", name, factor, f"{key}.{name}")
        elif name in GEOGRAPHIES:
            _add_factor(entry, "region", name, factor, f"{key}.{name}")


def _geographies(entry: Entry, key: str, value: object) -> None:
    for name, factor in _mapping(entry, key, value).items():
        _add_factor(entry, "region", str(name), factor, f"{key}.{name}")


def _regional_endpoint(entry: Entry, key: str, value: object) -> None:
    """Vertex bills any endpoint but the global one higher.

    https://cloud.google.com/vertex-ai/generative-ai/pricing
    """
    _add_factor(entry, "region", ANY, value, key)


EXPANDERS: dict[str, Callable[[Entry, str, object], None]] = {
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
    return key in EXPANDERS or uplift_region(key) is not None or decode(key) is not None


def is_known(key: str) -> bool:
    """Return whether a key is a price of the grammar or none at all; not if it only looks like one.

    >>> is_known("input_cost_per_token"), is_known("mode"), is_known("input_cost_per_tokn")
    (True, True, False)
    """
    try:
        is_price_key(key)
    except UnknownPriceKeyError:
        return False
    return True


def suspicious(rate: Rate) -> str | None:
    """Return what a per-token price reads as if it is a thousand times too high, else None."""
    if rate.meter not in TOKEN_METERS:
        return None
    if rate.numerator * SUSPICIOUS_TOKEN_PRICE[1] <= rate.denominator * SUSPICIOUS_TOKEN_PRICE[0]:
        return None
    million = decimal_of(rate.numerator * 1_000_000, rate.denominator)[0]
    return f"{rate.price_key}={plain(rate.usd, 0)} is {million:,f} USD per 1M tokens: is it a price per 1K or per 1M?"
