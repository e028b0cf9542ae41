"""Origin: a map that is old is noted on every card, and warned of once a process."""

from __future__ import annotations

import json
import warnings

import pytest

from llmcost import CostMap, StalePricesWarning
from llmcost.prices import origin, places

SAID = "the price map is of 2026-01-01, 31 days old: see `llmcost update`"


@pytest.fixture
def old(monkeypatch, tmp_path):
    """A map of 2026-01-01 with two models, on 2026-02-01: 31 days later."""
    rows = {name: {"input_cost_per_token": 1e-06} for name in ("m", "n")}
    (tmp_path / places.MAP).write_text(json.dumps(rows), encoding="utf-8")
    (tmp_path / places.INFO).write_text('{"as_of": "2026-01-01"}', encoding="utf-8")
    monkeypatch.setenv("LLMCOST_PRICES", str(tmp_path))
    monkeypatch.setenv("LLMCOST_TODAY", "2026-02-01")
    monkeypatch.setattr(origin, "_warned", [])
    return CostMap()


def test_an_old_map_is_warned_of_once_and_noted_always(old):
    """The second model has the note and no second warning."""
    with pytest.warns(StalePricesWarning) as caught:
        first = old.rate_card("m")
    assert [str(one.message) for one in caught] == [SAID]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        second = old.rate_card("n")
    assert [(note.code, str(note)) for note in (*first.notes, *second.notes)] == [("map_is_old", SAID)] * 2


def test_a_map_of_thirty_days_is_not_old(old, monkeypatch):
    """One day earlier there is neither a note nor a warning."""
    monkeypatch.setenv("LLMCOST_TODAY", "2026-01-31")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert old.rate_card("m").notes == ()
