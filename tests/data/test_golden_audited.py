"""Base, threshold, batch and priority prices, and the fees of tools, against prices that were read elsewhere."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

import llmcost
from tools.prices.toml import read_toml

HERE = Path(__file__).resolve().parent
GOLDEN = read_toml(HERE / "golden_audited.toml")
KEYS = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "citation": "citation_cost_per_token",
    "reasoning": "output_cost_per_reasoning_token",
    "audio": "input_cost_per_audio_token",
    "speech": "output_cost_per_audio_token",
    "second": "input_cost_per_second",
}
SEARCH, FILES = "search_context_cost_per_query", "file_search_cost_per_1k_calls"
FEES = [
    (kind, model, fee["price"])
    for kind in ("web_search", "file_search")
    for fee in GOLDEN["fees"][kind]
    for model in fee["models"]
]


@pytest.fixture(scope="module")
def models():
    path = HERE.parents[1] / "data" / "model_prices.json"
    return json.loads(path.read_bytes(), parse_float=Decimal)


def stated(row):
    """The keys of a row of the list, and their prices per token."""
    found = {KEYS[word]: row[word] for word in KEYS if word in row}
    above = dict(row.get("above", {}))
    threshold = above.pop("tokens", None)
    found |= {f"{KEYS[word]}_above_{threshold}k_tokens": price for word, price in above.items()}
    for field, tier in (("batch", "batches"), ("priority", "priority")):
        for word, price in zip(("input", "output"), row.get(field, ()), strict=False):
            found[f"{KEYS[word]}_{tier}"] = price
    return {key: Decimal(price) / 1_000_000 for key, price in found.items()}


@pytest.mark.parametrize("name", GOLDEN["models"])
def test_price(models, name):
    """Every price that the list states is the built one, to the last digit."""
    row = GOLDEN["models"][name]
    wanted = stated(row)
    assert {key: models[name].get(key) for key in wanted} == wanted, GOLDEN["pages"][row["page"]]


@pytest.mark.parametrize("name", [name for name, row in GOLDEN["models"].items() if "above" not in row])
def test_no_threshold(models, name):
    """A model whose page states one price has no dearer one above a threshold."""
    assert not [key for key in models[name] if "_above_" in key and key.endswith("k_tokens")]


@pytest.mark.parametrize(("kind", "name", "price"), FEES)
def test_fee(models, kind, name, price):
    """A search costs the same at every size of context; a file search is priced per 1,000 calls."""
    fee = Decimal(price)
    if kind == "file_search":
        assert models[name][FILES] == fee
    else:
        assert set(models[name][SEARCH].values()) == {fee}
        assert len(models[name][SEARCH]) == 3


@pytest.mark.parametrize("name", GOLDEN["fees"]["none"])
def test_no_fee(models, name):
    """A model that does not have the tool, or had another one, has no price of it."""
    assert SEARCH not in models[name]


def test_gemini_4_bills_every_query(models):
    """Gemini bills a query, and not a prompt, from its third generation on."""
    for name in ("gemini/gemini-4-carbon", "vertex_ai/gemini-4-carbon", "gemini/gemini-4-neon"):
        assert models[name]["web_search_billing_unit"] == "per_query"


def test_a_flagship_has_no_tier_that_its_page_does_not_list(models):
    """GPT-6.2 has no flex, and no price of Astra's ultrafast is known; Sol's page states three times the standard."""
    assert not [key for name in ("gpt-6.2-astra", "gpt-6.2-sol") for key in models[name] if "flex" in key]
    assert not [key for key in models["gpt-6.2-astra"] if "ultrafast" in key]
    assert models["gpt-6.2-sol"]["output_cost_per_token_above_272k_tokens_ultrafast"] == Decimal("4.5e-05")


def test_bare_bedrock_ids_are_calls_in_one_region(models):
    """Of the families with two prices a bare id costs what its us. row costs, and 1.1 times the global one."""
    pairs = [
        (name, f"us.{name}", f"global.{name}")
        for name in models
        if name.startswith(("anthropic.claude", "openai.gpt-6"))
        and f"us.{name}" in models
        and f"global.{name}" in models
        and models[f"us.{name}"]["input_cost_per_token"] != models[f"global.{name}"]["input_cost_per_token"]
    ]
    assert len(pairs) >= 17
    for bare, region, world in pairs:
        for key in KEYS.values():
            assert models[bare].get(key) == models[region].get(key), (bare, key)
            if key in models[world]:
                assert models[bare][key] == models[world][key] * Decimal("1.1"), (bare, key)


@pytest.mark.parametrize(
    ("name", "price"),
    [
        ("gemini/gemini-2.5-pro", "4.50"),
        ("gemini/gemini-3.1-pro-preview", "4.50"),
        ("gemini/gemini-2.5-flash", "1.00"),
        ("gemini/gemini-2.5-flash-lite", "1.00"),
    ],
)
def test_what_an_explicit_cache_keeps(models, name, price):
    """Google's page: USD per 1,000,000 tokens and hour, beside what a read costs."""
    assert models[name]["cache_storage_cost_per_token_per_hour"] * 1_000_000 == Decimal(price)


@pytest.mark.parametrize(("size", "price"), [("1K", "0.134"), ("2K", "0.134"), ("4K", "0.24")])
def test_an_image_by_its_size(models, size, price):
    """Together sells Gemini 3 Pro Image by the image: as much for 1K as for 2K, and more for 4K."""
    row = models["together_ai/google/gemini-3-pro-image"]
    assert row[f"output_cost_per_image_{size}"] == Decimal(price)
    assert "output_cost_per_image" not in row


@pytest.mark.parametrize(
    ("tokens", "implicit", "explicit"),
    [(32_000, "0.2", "0.1"), (32_001, "0.36", "0.18"), (128_001, "0.6", "0.3"), (256_001, "1.2", "0.6")],
)
def test_both_caches_of_a_model_with_ranges(tokens, implicit, explicit):
    """A fifth and a tenth of an input of 1, 1.80, 3 and 6: https://www.alibabacloud.com/help/en/model-studio/context-cache"""
    for meter, price in (("cache_read", implicit), ("cache_read_explicit", explicit)):
        cost = llmcost.calculate(model="dashscope/qwen3-coder-plus", usage=llmcost.Usage(**{meter: tokens}))
        assert [line.rate * 1_000_000 for line in cost.line_items] == [Decimal(price)]
