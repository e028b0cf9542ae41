"""The engine on the committed files: what a call cost on both sides of each dated change, to the second."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import llmcost
from tools.prices.toml import read_toml

CASES = read_toml(Path(__file__).resolve().parent / "golden_dated.toml")["case"]
METERS = ("input", "output", "cache_read", "cache_write_12h", "output_audio")
ROWS = [
    (model, meter, at, price, case)
    for case in CASES
    for model in case["models"]
    for meter in METERS
    for at, price in case.get(meter, {}).items()
]


@pytest.fixture(scope="module")
def costs():
    return llmcost.CostMap()


@pytest.mark.parametrize(("model", "meter", "at", "price", "case"), ROWS, ids=[f"{r[0]} {r[1]} {r[2]}" for r in ROWS])
def test_price_at_an_instant(costs, model, meter, at, price, case):
    """The price per million times the tokens of the call; nothing is left unpriced."""
    tokens = case.get("tokens", 1_000_000)
    batch = case.get("tier") == "batches" and not model.endswith(":batch")
    tier = {"service_tier": case["tier"]} if case.get("tier") in {"priority", "ultrafast"} else {}
    cost = costs.calculate(model=model, usage=llmcost.Usage(**{meter: tokens}), at=at, batch=batch, **tier)
    assert cost.total == Decimal(price) * tokens / 1_000_000, case["page"]
    assert cost.complete


@pytest.mark.parametrize(
    ("model", "at"),
    [
        ("gpt-6.2-astra", "2026-11-17"),
        ("gpt-6.2-sol", "2026-11-17"),
        ("gemini/gemini-4-carbon", "2026-11-10"),
        ("gemini/gemini-4-hydrogen", "2026-11-12"),
        ("gemini/gemini-4-neon", "2026-11-18"),
    ],
)
def test_a_flagship_has_a_first_day(costs, model, at):
    """The day before it there is no price, and no guess."""
    usage = llmcost.Usage(input=1000)
    assert costs.calculate(model=model, usage=usage, at=at).total > 0
    before = f"{at[:8]}{int(at[8:]) - 1:02}"
    with pytest.raises(llmcost.PriceDataError, match="before .* existed"):
        costs.calculate(model=model, usage=usage, at=before)


@pytest.mark.parametrize(
    ("model", "last"),
    [
        ("github_copilot/gemini-4-argon", "2026-11-30"),
        ("perplexity/google/gemini-4-argon", "2026-11-30"),
        ("databricks/databricks-gemini-4-argon", "2026-11-30"),
        ("kyma/gemini-3.8-flash", "2026-12-31"),
        ("quicksilverpro/gemini-3.7-flash", "2026-12-31"),
        ("vertex_ai/gemini-3.8-flash-tts", "2026-12-31"),
    ],
)
def test_a_seller_who_may_follow(costs, model, last):
    """Nobody states that the seller follows the maker on the day: its price stays, and the cost says that it may not."""
    usage = llmcost.Usage(input=1000)
    before = costs.calculate(model=model, usage=usage, at=f"{last}T23:59:59Z")
    after = costs.calculate(model=model, usage=usage, at="2027-01-05")
    assert before.total == after.total
    assert not [note for note in before.notes if "promised" in note]
    assert [note for note in after.notes if f"promised this price until {last}" in note]
