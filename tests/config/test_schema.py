"""The JSON Schema for editors agrees with the grammar of price keys and with what is read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.config import models
from llmcost.config.schema import NUMBER, looks_like_one_pattern, price_key_pattern, schema
from llmcost.core.tiers import TIERS
from llmcost.errors import InvalidPriceError, UnknownPriceKeyError
from llmcost.prices.blocks import EXPANDERS
from llmcost.prices.contract import WHEN
from llmcost.prices.entry import price
from llmcost.prices.keys import NOT_RATES, decode, known_keys, uplift_region
from llmcost.prices.term_rows import FEE_KEYS
from llmcost.prices.term_rows import KEYS as TERM_KEYS

KEPT = Path(__file__).parents[2] / "docs" / "llmcost-config.schema.json"
PRICE_KEY, TYPO = re.compile(price_key_pattern()), re.compile(looks_like_one_pattern())


def test_the_kept_file_is_the_schema():
    """``llmcost schema -o docs/llmcost-config.schema.json`` writes it anew."""
    assert json.loads(KEPT.read_text(encoding="utf-8")) == schema()


def test_every_key_of_the_bundled_map_agrees(bundled):
    """A key is a price by the grammar exactly if the pattern takes it, and no true key is taken for a typo."""
    keys = {key for _, entry in bundled.items() for key in entry}
    assert len(keys) > 100
    for key in keys:
        flat = key not in EXPANDERS and uplift_region(key) is None and decode(key) is not None
        assert (PRICE_KEY.search(key) is not None) == flat, key
        assert TYPO.search(key) is None, key


@given(
    st.sampled_from([key for key in known_keys() if key not in EXPANDERS]),
    st.sampled_from(["", "_above_128k_tokens", "_above_200k_tokens"]),
    st.sampled_from(["", *(f"_{tier}" for tier in sorted(TIERS))]),
    st.sampled_from(["", "_1080p", "_4k", "_0.5K", "_1024"]),
)
def test_the_pattern_is_the_grammar(stem, context, tier, variant):
    """Whatever the suffixes build, both read it as a price."""
    key = stem + context + tier + variant

    assert decode(key) is not None
    assert PRICE_KEY.search(key)
    assert not TYPO.search(key)


@pytest.mark.parametrize(
    "key",
    ["input_cost_per_tokn", "token_price", "input_cost_per_token_eur", "cost_per_token", "input_price", "priceing"],
)
def test_a_typo_is_none_of_both(key):
    """A number under such a key is marked in the editor, and refused when it is read."""
    with pytest.raises(UnknownPriceKeyError):
        decode(key)
    assert not PRICE_KEY.search(key)
    assert TYPO.search(key)


@pytest.mark.parametrize("key", [*EXPANDERS, *sorted(NOT_RATES), "cost_center", "pricing_url", "max_cost", "rpm"])
def test_other_keys_are_left_alone(key):
    """Blocks, keys that are no rates, and keys that are only about costs."""
    assert not TYPO.search(key)


def test_every_key_is_offered():
    """An editor completes every stem, with its unit, and every block; and every field that is read."""
    offered = schema()["definitions"]["prices"]["properties"]

    assert set(offered) == {*known_keys(), *EXPANDERS}
    assert offered["input_cost_per_million_tokens"]["description"] == "USD per 1,000,000 tokens, for input."
    assert offered["input_cost_per_hour"]["description"] == "USD per 3,600 seconds, for input_seconds."
    for name, model in (
        ("litellm_params", models.Params),
        ("model_info", models.ModelInfo),
        ("llmcost", models.Options),
    ):
        assert set(schema()["definitions"][name]["properties"]) == set(model.model_fields)


@pytest.mark.parametrize(
    "written",
    ["4e-07", "0.0000004", "0.42e-3", "1", "+1.5", " 2 ", "1,5e-6", "free", "-1", "1e-6 USD", "", "nan", ".5", "5."],
)
def test_texts_that_are_prices_agree(written):
    """A text is a price in the editor exactly if it is one when it is read."""
    patterns = [rule["pattern"] for rule in NUMBER["anyOf"] if "pattern" in rule]
    in_the_editor = any(re.search(pattern, written) for pattern in patterns)
    try:
        price("input_cost_per_token", written, "test")
        read = True
    except InvalidPriceError:
        read = False

    assert in_the_editor == read


def test_the_blocks_of_a_contract_are_offered():
    """Every key that is read; and a text, a day or a name that is wrong is marked."""
    found = schema()["definitions"]

    assert set(found["block"]["properties"]) == {*WHEN, "free", *known_keys(), *EXPANDERS}
    assert set(found["term"]["properties"]) == set(TERM_KEYS)
    assert set(found["fee"]["properties"]) == set(FEE_KEYS)


RIGHT = {
    "prices": [{"from": "2026-01-01", "until": None, "regions": ["eu"], "input_cost_per_token": "2e-6"}],
    "terms": [{"name": "t", "kind": "fee", "value": 0.1, "meters": ["input"], "tags": ["a"], "from": "2026-01-01"}],
    "fees": {"crm": {"unit": "lookup", "price": 0.5}, "export": "0.25"},
}


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        ({}, True),
        ({"prices": [{"form": "2026-01-01"}]}, False),
        ({"prices": [{"from": 2026}]}, False),
        ({"prices": [{"regions": "eu"}]}, False),
        ({"prices": [{"input_cost_per_tokn": 1e-6}]}, False),
        ({"terms": [{"name": "t", "kind": "rebate", "value": 1}]}, False),
        ({"terms": [{"name": "t", "kind": "fee"}]}, False),
        ({"fees": {"crm": {"cost": 1}}}, False),
        ({"fees": {"crm": -1}}, False),
    ],
)
def test_a_contract_is_checked_in_the_editor(change, valid):
    validator = jsonschema.Draft7Validator(schema())
    deployment = {"model_name": "m", "litellm_params": {"model": "m"}, "model_info": {"llmcost": {**RIGHT, **change}}}

    assert validator.is_valid({"model_list": [deployment]}) == valid
