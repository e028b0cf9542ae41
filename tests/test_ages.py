"""A map that has grown old: 400 days after its day everything still answers, and says how old it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from datetime import date, timedelta
from pathlib import Path

import pytest

import llmcost
from llmcost.prices import origin
from llmcost.prices.moments import TODAY

ROOT = Path(__file__).resolve().parents[1]
AS_OF = json.loads((ROOT / "data" / "map_info.json").read_bytes())["as_of"]
LATER = (date.fromisoformat(AS_OF) + timedelta(days=400)).isoformat()
USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}

_SMOKE = """
import warnings
import llmcost
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    models = ("gpt-4o", "gpt-4o-mini", "claude-opus-5-5")
    floats = [llmcost.completion_cost(usage=usage, model=model) for model in models]
cost = llmcost.calculate(usage=usage, model="gpt-4o")
print(floats)
print([str(one.message) for one in said if one.category is llmcost.StalePricesWarning])
print([note.code for note in cost.notes])
print("as of" in cost.explain())
try:
    llmcost.calculate(usage=usage, model="gpt-of-next-year")
except llmcost.UnknownModelError as error:
    print(str(error).splitlines()[-2].strip())
"""


def test_400_days_later():
    """Prices are those of the map; the process warns once, each cost has a note, and an unknown name says the age."""
    environment = {**os.environ, TODAY: LATER, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", _SMOKE], capture_output=True, text=True, env=environment, check=False, cwd=ROOT
    )
    assert run.returncode == 0, run.stderr
    said = f"the price map is of {AS_OF}, 400 days old: see `llmcost update`"
    assert run.stdout.splitlines() == [
        # 1,000 x 2.5 + 100 x 10; 1,000 x 0.15 + 100 x 0.6; 1,000 x 4 + 100 x 20 per million.
        "[0.0035, 0.00021, 0.006]",
        str([said]),
        "['map_is_old']",
        "True",
        f"the prices are of {AS_OF}, 400 days old: see `llmcost update`",
    ]


@pytest.mark.parametrize("timed", [True, False])
def test_a_process_that_runs_for_months(timed, monkeypatch):
    """The map is young at the first call and old at a later one: that call warns, and its cost says so.

    Anthropic's responses state no time, OpenAI's do.
    """
    monkeypatch.setattr(origin, "_warned", [])
    prices = llmcost.CostMap()
    start = date.fromisoformat(AS_OF)
    monkeypatch.setenv(TODAY, (start + timedelta(days=1)).isoformat())

    def call(days):
        day = start + timedelta(days=days)
        monkeypatch.setenv(TODAY, day.isoformat())
        created = int((day - date(1970, 1, 1)).total_seconds())
        response = {"object": "chat.completion", "model": "gpt-4o", "usage": USAGE}
        if timed:
            response["created"] = created
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            cost = prices.calculate(response)
        return [note.code for note in cost.notes], [str(one.message) for one in said]

    assert call(1) == ([], [])
    assert call(30) == ([], [])
    notes, said = call(31)
    assert (notes, said) == (["map_is_old"], [f"the price map is of {AS_OF}, 31 days old: see `llmcost update`"])
    assert call(32) == (["map_is_old"], [])


def test_two_counters_in_a_process_that_runs_for_months(monkeypatch):
    """``cost_per_token`` of a model that it has priced before looks at the clock too; 1,000 x 2.5 and 100 x 10."""
    monkeypatch.setattr(origin, "_warned", [])
    prices = llmcost.CostMap()
    start = date.fromisoformat(AS_OF)

    def call(days):
        monkeypatch.setenv(TODAY, (start + timedelta(days=days)).isoformat())
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            assert prices.cost_per_token("gpt-4o", 1000, 100) == (0.0025, 0.001)
        return [(one.category, str(one.message)) for one in said]

    assert call(1) == []
    assert call(30) == []
    said = f"the price map is of {AS_OF}, 31 days old: see `llmcost update`"
    assert call(31) == [(llmcost.StalePricesWarning, said)]
    assert call(32) == []


def test_a_price_of_ones_own_ends_while_a_process_runs(monkeypatch):
    """2 USD a million tokens until the tenth day and 4 from then on; its first call lets the process know the model."""
    start = date.fromisoformat(AS_OF)
    change = (start + timedelta(days=10)).isoformat()
    blocks = [{"until": change, "input_cost_per_token": 2e-06}, {"from": change, "input_cost_per_token": 4e-06}]
    prices = llmcost.CostMap({"m": {"output_cost_per_token": 1e-05, "llmcost": {"prices": blocks}}})
    for days, usd in ((1, 0.002), (9, 0.002), (10, 0.004), (11, 0.004)):
        monkeypatch.setenv(TODAY, (start + timedelta(days=days)).isoformat())
        assert prices.cost_per_token("m", 1000, 0) == (usd, 0.0)
        assert float(prices.calculate(usage=llmcost.Usage(input=1000), model="m").total) == usd


@pytest.mark.parametrize("day", ["soon", "2026-13-01", "20"])
def test_a_day_that_is_none(day, monkeypatch):
    """The switch is named, and how a day is written."""
    monkeypatch.setenv(TODAY, day)
    with pytest.raises(llmcost.PriceDataError, match=r"LLMCOST_TODAY='.*' is no day: it is written YYYY-MM-DD"):
        llmcost.CostMap().rate_card("gpt-4o")


def test_a_changed_digit_is_found_on_demand(tmp_path, monkeypatch):
    """Sizes are compared at every start, and a digit that was changed has none: sha256 is asked for."""
    llmcost.map_info(verify=True)
    for name in ("model_prices.json", "map_info.json", "price_history.json", "provenance.json"):
        data = (ROOT / "data" / name).read_bytes()
        (tmp_path / name).write_bytes(data.replace(b"2.5e-06", b"9.5e-06", 1) if name.startswith("model") else data)
    monkeypatch.setenv("LLMCOST_PRICES", str(tmp_path))
    with pytest.raises(llmcost.PriceDataError, match=r"model_prices\.json is not the file that was published"):
        llmcost.map_info(cost_map=llmcost.CostMap(), verify=True)
