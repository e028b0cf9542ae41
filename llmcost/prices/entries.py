"""Entries: a row of a price map -> an Entry. Flat keys are decoded by ``keys``, nested blocks by ``blocks``."""

from __future__ import annotations

from ..errors import InvalidPriceError, PriceDataError, UnknownPriceKeyError, shown
from .blocks import EXPANDERS, with_flat_keys
from .entry import Entry, add_factor, add_rate, check_key, price
from .keys import MINIMUMS, decode, uplift_region
from .moments import is_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .entry import Tolerate


def compile_entry(raw: Mapping[str, object], layer: str, name: str, tolerate: Tolerate | None = None) -> Entry:
    """Return an entry decoded. Null in a block or factor un-sets what weaker layers say there.

    A price-like key that is not known is set aside in a public layer, and where ``tolerate(key)`` says so.

    Raises InvalidPriceError, and in a layer that a person wrote UnknownPriceKeyError, and InvalidPriceError too if
    two spellings of one cell disagree.
    """
    entry = Entry(layer, name, tolerate)
    check_words(raw, entry.where)
    for key, value in raw.items():
        check_key(key, entry.where)
        expander = EXPANDERS.get(key)
        if expander is not None:
            if value is None:
                entry.unset.add(key)
            else:
                expander(entry, key, value)
            continue
        region = uplift_region(key)
        if region is not None:
            add_factor(entry, "region", region, value, key)
            continue
        try:
            decoded = decode(key)
        except UnknownPriceKeyError as error:
            entry.set_aside(error.found_in(entry.where), value)
            continue
        if decoded is None:
            if key in MINIMUMS and value is not None:
                price(key, value, layer)
            entry.info[key] = value
        elif isinstance(value, dict):
            raise InvalidPriceError(key, value, layer)
        else:
            add_rate(entry, decoded[0], decoded[1], value, key, decoded[2])
    if "tiered_pricing" in raw:
        with_flat_keys(entry)
    return entry


# The key of a row for everything that only this library reads.
BLOCK = "llmcost"
# Facts that prices depend on: words, and days in ISO text.
_WORDS, _DAYS = ("litellm_provider", "mode"), ("price_valid_until", "retired_on")


def check_words(raw: Mapping[str, object], where: str) -> None:
    """Raise PriceDataError unless each fact that prices depend on is a text, or a day if it has to be one."""
    for key in _WORDS:
        value = raw.get(key)
        if value is not None and not isinstance(value, str):
            raise PriceDataError(f"{where}: {key}={shown(value)} is no text")
    for key in _DAYS:
        value = raw.get(key)
        if value is not None and not is_day(value):
            raise PriceDataError(f"{where}: {key}={shown(value)} is no day: it is written YYYY-MM-DD")


def sets(entry: Entry, price_key: str) -> bool:
    """Return whether an entry prices, or un-sets, the cell that a flat key means."""
    try:
        decoded = None if price_key in EXPANDERS or uplift_region(price_key) else decode(price_key)
    except UnknownPriceKeyError:
        return False
    return decoded is not None and decoded[:2] in entry.rates


def is_price_key(key: str) -> bool:
    """Return whether a key prices something; raise UnknownPriceKeyError if it only looks like a price key."""
    return key in EXPANDERS or uplift_region(key) is not None or decode(key) is not None


def is_known(key: str) -> bool:
    """Return False for a key that only looks like a price key, and True for every other key.

    >>> is_known("input_cost_per_token"), is_known("mode"), is_known("input_cost_per_tokn")
    (True, True, False)
    """
    try:
        is_price_key(key)
    except UnknownPriceKeyError:
        return False
    return True
