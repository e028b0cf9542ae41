"""The language of price keys, decoded in this one place.

Keys are parsed by grammar and never matched against a list: public maps gain about a hundred price keys
a year, and a list is out of date within weeks.
"""

from __future__ import annotations

from ..core.dimensions import ordered, suffixes
from ..core.late import Late
from ..core.meters import METERS, TIME_ORDER, keys_per_many, minimum_key
from ..core.tiers import TIER_WORDS, TIERS
from ..errors import UnknownPriceKeyError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from ..core.dimensions import Conditions
    from ..core.meters import Meter
else:
    re = Late("re")


# Spelling -> (meter, units per price). Spellings for many units stand beside those of the maps.
_STEMS: dict[str, tuple[Meter, int]] = {key: (row, row.per) for row in METERS.values() for key in row.keys}
_STEMS |= {many: (row, units) for row in METERS.values() for key in row.keys for many, units in keys_per_many(key)}

# Keys that look like price keys and hold no rate in USD, with the reason why they are ignored.
NOT_RATES = {
    "input_dbu_cost_per_token": "Databricks units, not USD; the USD rate stands beside it",
    "output_dbu_cost_per_token": "Databricks units, not USD; the USD rate stands beside it",
    "search_free_requests": "a free quota of an account; a single call cannot know what is left of it",
    "price_valid_until": "a date",
    "llmcost": "a block with keys of its own, which only this library reads",
    "cost_per_token_unit": "documentation",
    "cost_per_ptu_per_hour": "what capacity costs that is paid by the hour; a call on it adds nothing",
}
# Keys of the least units of time that a request is billed for. Their values are numbers of units, and not prices.
MINIMUMS = frozenset(minimum_key(meter) for meter in TIME_ORDER)
NOT_RATES |= dict.fromkeys(MINIMUMS, "the least number of units that a request is billed for")
# A row with this key has no prices: it stands for the row that is named.
ALIAS_OF = "alias_of"
# A key with one of these in it looks like a price key to a person.
PRICE_LIKE = (
    "cost",
    "price",
    "pricing",
    "_fee",
    "fee_per_",
    "_per_token",
    "_per_second",
    "_per_1k",
    "_per_million",
    "uplift",
)

_decoded: dict[str, tuple[str, Conditions, int] | None] = {}


def decode(key: str) -> tuple[str, Conditions, int] | None:
    """Return ``(meter, conditions, units per price)`` of a price key; None for any other key.

    The grammar, suffixes in this order::

        key      = stem [ "_above_" N "hr" ] [ "_above_" N [ "k" ] "_tokens" ] [ "_above_" N "s_interval" ]
                   [ "_" tier ] [ "_" variant ]
        stem     = a key of core.meters, "..._above_1hr" and "..._above_12hr" among them
        tier     = a tier of core.tiers: flex, priority, batches ...
        variant  = a resolution or size: 1080p | 4k | 2K | 0.5K | 1024

    >>> decode("input_cost_per_token_above_200k_tokens_priority")
    ('input', (('context', 200000), ('tier', 'priority')), 1)
    >>> decode("output_cost_per_second_1080p")
    ('output_seconds', (('variant', '1080p'),), 1)
    >>> decode("input_cost_per_million_tokens"), decode("cost_per_hour")
    (('input', (), 1000000), ('compute_seconds', (), 3600))
    >>> decode("max_tokens") is None
    True

    Raises:
        UnknownPriceKeyError: the key looks like a price key but is not one.
    """
    try:
        return _decoded[key]
    except KeyError:
        pass
    found = _decode(key)
    if found is None and key not in NOT_RATES and looks_like_price(key):
        raise UnknownPriceKeyError(key, lambda: nearest(key))
    if len(_decoded) < 10_000 and len(key) <= 500:
        _decoded[key] = found
    return found


def is_price(key: str) -> bool:
    """Return whether a key is a price by the grammar.

    >>> is_price("output_cost_per_token_flex"), is_price("cost_center")
    (True, False)
    """
    return _decoded.get(key) is not None or _decode(key) is not None


def _decode(key: str) -> tuple[str, Conditions, int] | None:
    if key in _STEMS:
        row, per = _STEMS[key]
        return row.name, (), per
    words = key.split("_")
    # The longest stem wins: cache_creation_input_token_cost_above_1hr is a meter of its own.
    for end in range(len(words) - 1, 0, -1):
        known = "_".join(words[:end])
        if known in _STEMS:
            conditions = _suffixes(key[len(known) :])
            if conditions is None:
                return None
            row, per = _STEMS[known]
            return row.name, conditions, per
    return None


_WITH_SUFFIX = suffixes()
_SUFFIXES = "".join(f"(?:{dimension.suffix[1]})?" for dimension in _WITH_SUFFIX if dimension.suffix is not None)


def _suffixes(text: str) -> Conditions | None:
    """Return the conditions that the suffixes of a stem name; None if one is unknown, or out of order."""
    # Most suffixes are a tier alone, and a first call does not wait for the pattern of all of them.
    if text[1:] in TIERS:
        return (("tier", text[1:]),)
    match = re.fullmatch(_SUFFIXES, text)
    if match is None:
        return None
    stated = zip(_WITH_SUFFIX, match.groups(), strict=True)
    return ordered((dimension.name, dimension.value(word)) for dimension, word in stated if word is not None)


# A region stands before or after it: regional_processing_uplift_multiplier_eu, fedramp_uplift_multiplier.
# https://platform.openai.com/docs/pricing (data residency, FedRAMP)
UPLIFT = "uplift_multiplier"
# Words that stand beside the region in such a key.
OF_REGIONS = frozenset({"regional", "processing", "endpoint", "data", "residency", "geo"})
GEOGRAPHIES = frozenset({"us", "eu", "uk", "jp", "au", "apac", "ca", "in", "kr", "sg", "global"})
# Words of conditions and of meters, which do not name a region.
_NO_REGION = (
    frozenset(TIER_WORDS)
    | TIERS
    | {"batch", "context", "long", "peak", "thinking"}
    | {word for known in _STEMS for word in known.split("_")}
) - GEOGRAPHIES


def uplift_region(key: str) -> str | None:
    """Return the region whose factor a key states; None for every other key, known or not.

    >>> uplift_region("regional_processing_uplift_multiplier_eu"), uplift_region("fedramp_uplift_multiplier")
    ('eu', 'fedramp')
    >>> uplift_region("priority_uplift_multiplier"), uplift_region("uplift_multiplier")
    (None, None)
    """
    before, found, after = key.partition(UPLIFT)
    if not found:
        return None
    sides = [[word for word in side.split("_") if word] for side in (before, after)]
    named = [[word for word in side if word not in OF_REGIONS] for side in sides]
    if bool(named[0]) == bool(named[1]):
        return None
    words = named[0] or named[1]
    is_regional = named != sides
    if not is_regional and (
        any(word in _NO_REGION for word in words) or (len(words) > 1 and words[0] not in GEOGRAPHIES)
    ):
        return None
    return "_".join(words)


def looks_like_price(key: str) -> bool:
    """Return whether a key would be taken for a price by the person who wrote it."""
    lowered = key.lower()
    for sign in PRICE_LIKE:  # noqa: SIM110 - in a third of the time of any()
        if sign in lowered:
            return True
    return False


def known_keys() -> tuple[str, ...]:
    """Return every stem, as a person would write it."""
    return tuple(_STEMS)


def is_stem(key: str) -> bool:
    """Return whether a key is a stem, so that it prices a meter without any condition."""
    return key in _STEMS


def stem(key: str) -> tuple[Meter, int]:
    """Return the meter of a stem and for how many units its price is."""
    return _STEMS[key]


def nearest(key: str) -> str | None:
    """Return the known key that is nearest to a mistyped one, or None.

    >>> nearest("input_cost_per_tokn"), nearest("completion_cost")
    ('input_cost_per_token', 'output_cost_per_token')
    """
    from difflib import get_close_matches

    from .key_words import meant_by

    meant = meant_by(key)
    if meant is not None:
        return meant
    tiered = [f"{known}_{tier}" for known in _STEMS for tier in sorted(TIERS)]
    found = get_close_matches(key, [*_STEMS, *tiered], 1, 0.6)
    return found[0] if found else None


def target_of(row: Mapping[str, object]) -> str | None:
    """Return what a row is an alias of; None for a row of its own.

    >>> target_of({"alias_of": "gpt-4o"}), target_of({"mode": "chat"})
    ('gpt-4o', None)
    """
    target = row.get(ALIAS_OF)
    return target if isinstance(target, str) else None
