"""Whatever stands in the blocks ``llmcost``, a configuration is read or refused with a ConfigError, and so is a row."""

from __future__ import annotations

import warnings

from hypothesis import given
from hypothesis import strategies as st

from llmcost import ConfigError, CostMap, Usage
from llmcost.config.check import check
from llmcost.errors import LLMCostError

PRICES = CostMap({"gpt-4o": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}})
DAYS = st.sampled_from(
    [
        "2025-01-01",
        "2026-01-01",
        "2026-07-01T12:00:00+02:00",
        "2027-01-01",
        "2026-13-01",
        "0001-01-01",
        "9999-12-31",
        "",
    ]
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3000),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["eu", "input", "discount", "os.environ/LLMCOST_TEST_UNSET", "os.environ/", "1e-6"]),
)
ANY = st.recursive(
    ODD, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner))
)
USD = st.one_of(st.sampled_from(["1e-6", 2e-6, 0, "0.5"]), ANY)
NAMES = st.one_of(st.lists(st.sampled_from(["eu", "us", "input", "fee:x", "*", "gpt-4o"]), max_size=3), ANY)
BLOCK = st.fixed_dictionaries(
    {},
    optional={
        "from": st.one_of(DAYS, ANY),
        "until": st.one_of(DAYS, ANY),
        "regions": NAMES,
        "input_cost_per_token": USD,
        "output_cost_per_token": USD,
        "input_cost_per_second": USD,
        "tiered_pricing": ANY,
        "free": ANY,
        "form": ANY,
    },
)
TERM = st.fixed_dictionaries(
    {},
    optional={
        "name": st.one_of(st.just("t"), ANY),
        "kind": st.one_of(st.sampled_from(["discount", "margin", "fee"]), ANY),
        "value": USD,
        "meters": NAMES,
        "models": NAMES,
        "tags": NAMES,
        "from": st.one_of(DAYS, ANY),
        "until": st.one_of(DAYS, ANY),
        "nmae": ANY,
    },
)
FEE = st.one_of(st.fixed_dictionaries({}, optional={"unit": ANY, "price": USD, "prise": ANY}), USD)
OWN = st.fixed_dictionaries(
    {},
    optional={
        "prices": st.one_of(st.lists(st.one_of(BLOCK, ANY), max_size=4), ANY),
        "terms": st.one_of(st.lists(st.one_of(TERM, ANY), max_size=3), ANY),
        "fees": st.one_of(st.dictionaries(st.sampled_from(["x", "y/*", ""]), FEE), ANY),
        "replace": st.one_of(st.booleans(), ANY),
        "scale_rest": st.booleans(),
    },
)
USAGE = Usage(input=1000, output=10)


@given(OWN, OWN, st.sampled_from(["2025-06-01", "2026-07-01", None]), st.sampled_from(["eu", None]))
def test_a_configuration_is_read_or_refused(own, top, at, region):
    listed = {"model_name": "m", "litellm_params": {"model": "gpt-4o"}, "model_info": {"llmcost": own}}
    config = {"model_list": [listed], "llmcost": top}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            prices = PRICES.with_config(config)
        except ConfigError:
            return
        assert check(config, PRICES).text
        cost = prices.calculate(usage=USAGE, model="m", at=at, region=region, tags=["eu"], fees={"x": 2})
    assert cost.total >= 0
    assert sum(line.amount for line in cost.line_items) == cost.total


@given(OWN, st.sampled_from(["2025-06-01", "2026-07-01", None]))
def test_a_row_is_taken_or_refused(own, at):
    prices = CostMap({})
    row = {"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "llmcost": own}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            prices.register(row)
        except LLMCostError:
            assert "m" not in prices
            return
        cost = prices.calculate(usage=USAGE, model="m", at=at, tags=["eu"], fees={"x": 2})
    assert cost.total >= 0
