"""The laws of price keys: every sentence of the grammar is read as it was meant, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost import PriceDataError, UnknownPriceKeyError
from llmcost.core.meters import METERS
from llmcost.core.tiers import TIERS
from llmcost.prices.entries import compile_entry
from llmcost.prices.keys import decode, known_keys, looks_like_price

stems = st.sampled_from([(key, row.name, row.per) for row in METERS.values() for key in row.keys])
suffixes = {
    "context": st.integers(1, 999_999).map(lambda k: (f"_above_{k}k_tokens", k * 1000)),
    "interval": st.integers(1, 999_999).map(lambda s: (f"_above_{s}s_interval", s)),
    "tier": st.sampled_from(sorted(TIERS)).map(lambda tier: (f"_{tier}", tier)),
    "variant": st.from_regex(r"[0-9]{1,4}(\.[0-9])?[pkK]?", fullmatch=True).map(
        lambda word: (f"_{word}", word.lower())
    ),
}
# Written in this order; compared in the order of their strength.
WRITTEN = ("context", "interval", "tier", "variant")
STRENGTH = ("context", "tier", "interval", "variant")


@given(stems, st.fixed_dictionaries({}, optional=suffixes))
def test_what_is_spelled_is_read(stem, conditions):
    """decode(encode(meaning)) is the meaning."""
    key, meter, per = stem
    spelled = key + "".join(conditions[name][0] for name in WRITTEN if name in conditions)
    meant = tuple((name, conditions[name][1]) for name in STRENGTH if name in conditions)
    assert decode(spelled) == (meter, meant, per)


@given(stems, st.fixed_dictionaries({}, optional=suffixes), st.randoms(use_true_random=False))
def test_no_other_order_is_a_key(stem, conditions, random):
    """Suffixes have one order, so that no two spellings mean one cell."""
    order = [name for name in WRITTEN if name in conditions]
    shuffled = random.sample(order, len(order))
    spelled = stem[0] + "".join(conditions[name][0] for name in shuffled)
    if shuffled == order:
        assert decode(spelled) is not None
    else:
        with pytest.raises(UnknownPriceKeyError):
            decode(spelled)


@settings(max_examples=100)
@given(
    st.text(max_size=60)
    | st.builds(lambda stem, tail: stem + tail, st.sampled_from(known_keys()), st.text(max_size=20))
)
def test_any_text_is_a_key_a_fact_or_an_error(text):
    """Nothing that looks like a price is passed over, and nothing crashes."""
    try:
        found = decode(text)
    except UnknownPriceKeyError:
        assert looks_like_price(text)
    else:
        assert found is None or found[0] in METERS


odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.decimals()
    | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3),
    max_leaves=6,
)
blocks = st.sampled_from(
    [
        "tiered_pricing",
        "off_peak_pricing",
        "search_context_cost_per_query",
        "guardrail_cost_per_unit",
        "provider_specific_entry",
        "geo_multiplier",
        "regional_endpoint_uplift_multiplier",
        "regional_processing_uplift_multiplier_eu",
        "input_cost_per_token",
        "windows",
        "mode",
        "litellm_provider",
    ]
)
inside = st.sampled_from(
    [
        "range",
        "max_results_range",
        "windows",
        "hours_utc",
        "weekdays",
        "us",
        "fast",
        "search_context_size_low",
        "input_cost_per_token",
    ]
)
shaped = st.dictionaries(inside, odd, max_size=3)


@settings(max_examples=150)
@given(
    st.dictionaries(
        blocks | st.text(max_size=8) | st.integers(), odd | shaped | st.lists(shaped, max_size=2), max_size=3
    )
)
def test_any_entry_compiles_or_is_an_error_of_price_data(raw):
    """Whatever somebody writes into a map, only errors of our own come out, and they can be printed."""
    message = "compiled"
    try:
        compile_entry(raw, "registered", "m")
    except PriceDataError as error:
        message = str(error)
    assert message
