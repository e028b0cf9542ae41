"""Popular models against prices that were written down from other sources, with page and date."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tools.prices.toml import read_toml

HERE = Path(__file__).resolve().parent
PAGES = read_toml(HERE / "golden_prices.toml")["page"]
ROWS = [(name, prices, page["url"]) for page in PAGES for name, prices in page["models"].items()]
KEYS = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
}


@pytest.fixture(scope="module")
def models():
    path = HERE.parents[1] / "data" / "model_prices.json"
    return json.loads(path.read_bytes(), parse_float=Decimal)


def test_the_list_is_long_and_dated():
    """60 models and more, each with an https page and the day on which it was read."""
    assert len(ROWS) >= 60
    assert len({name for name, _, _ in ROWS}) == len(ROWS)
    for page in PAGES:
        assert page["url"].startswith("https://")
        assert date.fromisoformat(page["checked"]) >= date(2026, 8, 1)
        assert page["how"]


@pytest.mark.parametrize(("name", "prices", "url"), ROWS, ids=[name for name, _, _ in ROWS])
def test_price(models, name, prices, url):
    """The built price is the one on the page, to the last digit."""
    built = {word: models[name].get(key) for word, key in KEYS.items()}
    stated = {word: Decimal(price) / 1_000_000 for word, price in prices.items()}
    assert {word: built[word] for word in stated} == stated, url
