"""Price-like keys that this version does not know: what their words tell, and whether they are typos."""

from __future__ import annotations

import re
from difflib import get_close_matches

from ..core.set_aside import CONDITION, EACH_CALL, METER, NOTHING_KNOWN, REGION, SetAside
from ..core.tiers import TIERS
from .keys import OF_REGIONS, UPLIFT, is_stem, known_keys, stem

# Words of keys whose number multiplies prices.
_FACTORS = frozenset({"multiplier", "uplift", "surcharge", "factor"})
# A size is a number and perhaps its unit; without a number everything that follows is one.
_ABOVE = re.compile(
    r"(?:^|_)(?:above|over|gt|gte|from|exceeding|beyond|(?:greater|more)_than|long_context|long)"
    r"(?:_(?P<number>[1-9][0-9]{0,8})(?:(?P<many>[km])(?![a-z]))?[a-z]*(?:_[a-z]+)?|.*)"
    r"|(?:^|_)(?P<at>[1-9][0-9]{0,8})(?P<unit>[km])?(?:_tokens?)?_(?:plus|and_more|or_more)"
)
# Words that say of what a size is, and no other condition.
_OF_A_PROMPT = frozenset({"", "tokens", "token", "input", "prompt", "context", "window"})
_MANY = {"": 1, "k": 1000, "m": 1_000_000}


# Words of a fee that every call pays; a further word names a tool, or another condition.
_CALLS = frozenset({"request", "requests", "call", "calls", "message", "messages", "turn", "session"})
_EACH_CALL = _CALLS | {"cost", "price", "fee", "charge", "surcharge", "per", "base", "fixed", "flat", "input", "output"}
_EACH_CALL |= {"1k", "1000", "million", "usd", "api", "model", "minimum", "of", "a"}

_SUFFIX_WORDS = sorted(TIERS | {"above", "tokens", "interval"})
_TYPO, _TYPO_OF_KEY = 0.8, 0.9
_MOST_WORDS = max(key.count("_") + 1 for key in known_keys())


def set_aside(key: str, value: object, place: str = "", meter: str | None = None) -> SetAside:
    """Return what can be told of a price-like key that ``decode`` does not know.

    ``place`` is the block it stands in, and ``meter`` what that block prices under a condition.

    >>> found = set_aside("input_cost_per_token_above_1m_tokens_turbo", 2e-6)
    >>> found.kind, found.meter, found.above, found.conditional
    ('meter', 'input', 1000000, True)
    """
    if meter is not None:
        return SetAside(place + key, value, kind=METER, meter=meter)
    words = key.lower().split("_")
    if _FACTORS & set(words):
        regional = UPLIFT in key or bool(OF_REGIONS & set(words))
        return SetAside(place + key, value, kind=REGION if regional else CONDITION)
    # The longest known stem, wherever it stands: a condition may be written before it.
    spans = [
        (size, start)
        for size in range(min(_MOST_WORDS, len(words)), 0, -1)
        for start in range(len(words) - size, -1, -1)
    ]
    for size, start in spans:
        end = start + size
        candidate = "_".join(words[start:end])
        if is_stem(candidate):
            rest = "_".join((*words[:start], *words[end:]))
            above = _ABOVE.search(rest)
            tokens = None
            if above is not None:
                tokens = int(above["number"] or above["at"] or 0) * _MANY[above["many"] or above["unit"] or ""]
                rest = (rest[: above.start()] + rest[above.end() :]).strip("_")
            # "above_256k_input_tokens" has no condition beside its size.
            conditional = above is None or not _OF_A_PROMPT.issuperset(rest.split("_"))
            return SetAside(
                place + key, value, kind=METER, meter=stem(candidate)[0].name, above=tokens, conditional=conditional
            )
    if _EACH_CALL.issuperset(words) and not _CALLS.isdisjoint(words):
        return SetAside(place + key, value, kind=EACH_CALL)
    return SetAside(place + key, value, kind=CONDITION if isinstance(value, (dict, list)) else NOTHING_KNOWN)


def near_miss(key: str) -> str | None:
    """Return the known key that an unknown one most likely was meant to be; None if it may be a new one.

    A known key with one more word is new, unless that word is a known one with a typo.

    >>> near_miss("input_cost_per_tokne"), near_miss("input_cost_per_token_prioriy")
    ('input_cost_per_token', 'input_cost_per_token_priority')
    >>> near_miss("input_cost_per_token_turbo") is None
    True
    """
    words = key.split("_")
    for end in range(min(_MOST_WORDS, len(words) - 1), 0, -1):
        candidate = "_".join(words[:end])
        if is_stem(candidate):
            for word in words[end:]:
                found = [] if word in _SUFFIX_WORDS else get_close_matches(word, _SUFFIX_WORDS, 1, _TYPO)
                if found:
                    return "_".join(found[0] if given == word else given for given in words)
            return None
    close = get_close_matches(key, known_keys(), 1, _TYPO_OF_KEY)
    return close[0] if close else None
