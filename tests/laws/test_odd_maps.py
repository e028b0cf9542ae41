"""Whatever somebody writes into a map and asks of it: a price that adds up, or an error of our own."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from llmcost import CostMap, LLMCostError, Usage
from llmcost.core.meters import METERS
from llmcost.core.tiers import TIERS

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just(10**5000) | st.decimals()
)
prices = st.sampled_from([0, 1e-06, "2e-06", 0.0003])
suffixes = st.sampled_from(
    ["", "", "_above_1k_tokens", "_above_200k_tokens", "_above_15s_interval", "_1080p", "_4k"]
    + [f"_{tier}" for tier in sorted(TIERS)]
)
keys = st.builds(lambda row, suffix: row.keys[0] + suffix, st.sampled_from(list(METERS.values())), suffixes)
blocks = {
    "tiered_pricing": st.lists(
        st.fixed_dictionaries(
            {"range": st.tuples(st.sampled_from([0, 10]), st.just(20)).map(list), "input_cost_per_token": prices}
        ),
        max_size=2,
    ),
    "off_peak_pricing": st.fixed_dictionaries(
        {"hours_utc": st.sampled_from(["01:00-05:00", "22:00-02:00"]), "input_cost_per_token": prices}
    ),
    "search_context_cost_per_query": st.dictionaries(
        st.sampled_from(["search_context_size_low", "search_context_size_medium"]), prices
    ),
    "geo_multiplier": st.dictionaries(st.sampled_from(["us", "eu"]), st.sampled_from([0.5, "1.1", 2])),
    "mode": st.sampled_from(["chat", "audio_transcription"]),
    "litellm_provider": st.sampled_from(["anthropic", "xai", "openai"]),
    "web_search_billing_unit": st.just("per_query"),
}
sound = st.builds(
    lambda flat, nested: {**flat, **nested},
    st.dictionaries(keys, prices, max_size=5),
    st.fixed_dictionaries({}, optional=blocks),
)
odd = st.dictionaries(keys | st.sampled_from(sorted(blocks)), scalars, max_size=2)
entries = sound | sound | sound | st.builds(lambda one, two: {**one, **two}, sound, odd)
counts = st.sampled_from([0, 1, 5, 1001, 200_001, 2.5, 10**9])
units = st.dictionaries(st.sampled_from(sorted(METERS)), counts, max_size=4)
facts = st.fixed_dictionaries(
    {},
    optional={
        "duration": counts,
        "elapsed": counts,
        "region": st.sampled_from(["us", "eu", "global"]),
        "service_tier": st.sampled_from(["flex", "scale", "x", "default"]),
        "reported": counts,
        "free": st.just("why"),
        "batch": st.booleans(),
        "partial": st.booleans(),
        "alternatives": units.map(
            lambda unit: (tuple({meter: count} for meter, count in unit.items()),) if unit else ()
        ),
    },
)
usages = st.builds(lambda quantities, given: Usage(**quantities, **given), units, facts)
asked = st.fixed_dictionaries(
    {"model": st.sampled_from(["m", "k", "M", "zz", "m-2026-01-01"])},
    optional={
        "size": st.sampled_from(["1024x1024", "x", 5]),
        "resolution": st.sampled_from(["4k", 1080]),
        "search_context_size": st.sampled_from(["low", "huge", 5]),
        "at": st.sampled_from(["2026-01-01T03:00:00Z", 0]),
        "n": counts,
        "prices": entries,
        "cache_hit": st.booleans(),
    },
)


@given(entries, entries, entries, usages, usages, asked)
def test_any_question_has_a_price_that_adds_up_or_an_error(one, two, own, usage, part, question):
    """No crash, no negative total, no line lost, and nothing that pickling or JSON would change."""
    try:
        prices_of_three = CostMap({"m": one, "a/k": one, "b/k": two})
        prices_of_three.register({"k": own})
        cost = prices_of_three.calculate(usage=usage.replaced(parts=(part, part.replaced(model="k"))), **question)
    except LLMCostError as error:
        assert isinstance(str(error), str)  # noqa: PT017 - that it can be printed is the test
        return
    except Warning as warning:
        assert "is it a price per 1K or per 1M?" in str(warning)  # noqa: PT017 - warnings are errors here
        return
    assert cost.total >= 0
    assert not cost.exact or sum(Fraction(line.amount) for line in cost.line_items) == Fraction(cost.total)
    assert json.loads(json.dumps(cost.to_dict())) == pickle.loads(pickle.dumps(cost)).to_dict()
    assert str(cost) in cost.explain(verbose=True)
    assert (cost + cost).total == 2 * cost.total or not cost.exact
