"""Where a number comes from, how old it is, and whether somebody disputes it."""

from __future__ import annotations

import json
import pickle

import pytest

import llmcost
from llmcost import CostMap, Usage
from llmcost.prices import origin, places


def test_a_line_says_where_its_rate_comes_from():
    """The page, the date of the data, and how sure it is; on demand, for the bundled map's rates."""
    (line,) = llmcost.calculate(usage=Usage(input=1), model="gpt-4o-2024-08-06").line_items
    assert line.source["url"].startswith("https://")
    assert line.source["as_of"] >= "2026-01-01"
    assert line.source["confidence"] in {"confirmed2", "confirmed1", "single", "disputed"}
    assert pickle.loads(pickle.dumps(line)).source == {}


def test_prices_of_ones_own_have_no_source():
    """Nobody else vouches for them."""
    own = CostMap({"m": {"input_cost_per_token": 1e-6}}).calculate(usage=Usage(input=1), model="m")
    registered = CostMap()
    registered.register({"m": {"input_cost_per_token": 1e-6}})
    for cost in (own, registered.calculate(usage=Usage(input=1), model="m")):
        assert cost.line_items[0].source == {}


def test_a_disputed_price_says_so():
    """The note names who states something else."""
    provenance = json.loads(places.PACKAGED.read(places.PROVENANCE))
    prices = CostMap()
    name = next(
        name
        for name, facts in provenance.items()
        if facts["confidence"] == "disputed" and facts.get("differ") and prices[name].get("input_cost_per_token")
    )
    notes = prices.calculate(usage=Usage(input=1), model=name).notes
    assert f"the price of {name} is disputed: {', '.join(sorted(provenance[name]['differ']))} differ" in notes


@pytest.mark.parametrize(("day", "stale"), [(30, False), (31, True)])
def test_an_old_map_says_so(day, stale, tmp_path, monkeypatch):
    """Up to thirty days nothing is said; then the date, the age, and what to do."""
    (tmp_path / "model_prices.json").write_text('{\n"m":{"input_cost_per_token":1e-06}\n}\n')
    (tmp_path / "map_info.json").write_text('{"as_of": "2026-01-01", "version": "2026.1.1"}')
    monkeypatch.setenv("LLMCOST_PRICES", str(tmp_path))
    monkeypatch.setattr(origin, "_warned", ["said"])
    monkeypatch.setenv("LLMCOST_TODAY", ("2026-01-31", "2026-02-01")[day - 30])
    notes = CostMap().calculate(usage=Usage(input=1), model="m").notes
    assert any("31 days old" in note for note in notes) == stale


def test_a_map_is_old_after_thirty_days():
    """The number that users see; the other tests keep the bundled map young."""
    import importlib.util

    spec = importlib.util.find_spec("llmcost.prices.origin")
    assert "STALE_DAYS = 30\n" in spec.loader.get_source("llmcost.prices.origin")


def test_a_promise_that_has_ended_is_said(tmp_path, monkeypatch):
    """On its last day nothing; on the next day, that nobody knows."""
    entry = {"input_cost_per_token": 1e-06, "price_valid_until": "2026-11-21"}
    (tmp_path / "model_prices.json").write_text(json.dumps({"m": entry}))
    monkeypatch.setenv("LLMCOST_PRICES", str(tmp_path))

    def notes(at):
        return CostMap().calculate(usage=Usage(input=1), model="m", at=at).notes

    assert notes("2026-11-21T23:59:59Z") == ()
    assert notes("2026-11-22") == (
        "the seller promised this price until 2026-11-21; whether it still holds is not known",
    )


def test_map_info():
    """Counts, the sha256 of the file, and where it was read from."""
    info = llmcost.map_info()
    assert info.models + info.aliases == len(CostMap())
    assert info.aliases > 90
    assert info.providers > 140
    assert info.origin == "the bundled map"
    json.dumps(info.to_dict())
    own = llmcost.map_info(cost_map=CostMap({"m": {}}))
    assert (own.models, own.date, own.age_days, own.sha256) == (1, "", None, "")
