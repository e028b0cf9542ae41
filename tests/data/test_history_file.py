"""The committed price history: the documented rule gives the right price on both sides of each known day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"


@pytest.fixture(scope="module")
def models():
    return json.loads((DATA / "model_prices.json").read_bytes())


@pytest.fixture(scope="module")
def history():
    return json.loads((DATA / "price_history.json").read_bytes())


def instant(text):
    return text if "T" in text else f"{text}T00:00:00Z"


def value_at(models, history, name, key, at):
    """The rule of docs/price-data.md: the last `new` not after the instant, else the first `old`, else the entry's."""
    rows = [row for row in history.get(name, []) if key in row]
    past = [row for row in rows if instant(row["from"]) <= instant(at)]
    if past:
        return past[-1][key][1]
    return rows[0][key][0] if rows else models[name].get(key)


@pytest.mark.parametrize(
    ("name", "at", "prices"),
    [
        ("o3", "2025-06-09", (10, 40)),
        ("o3", "2025-06-10", (2, 8)),
        ("gpt-5.6-luna", "2026-07-29", (1, 6)),
        ("gpt-5.6-luna", "2026-07-30", (0.2, 1.2)),
        ("gpt-5.6-terra", "2026-07-29", (2.5, 15)),
        ("gpt-5.6-terra", "2026-07-30", (2, 12)),
        ("gpt-5.6-sol", "2026-08-20", (5, 30)),
        ("gpt-5.6-sol", "2026-08-21", (4, 20)),
        ("deepseek/deepseek-v4-pro", "2026-04-25", (1.74, 3.48)),
        ("deepseek/deepseek-v4-pro", "2026-04-26", (0.435, 0.87)),
        ("deepseek/deepseek-v4-pro", "2026-08-16T15:59:59Z", (0.435, 0.87)),
        ("deepseek/deepseek-v4-pro", "2026-08-16T16:00:00Z", (1.32, 3.96)),
        ("deepseek/deepseek-v4-flash", "2026-09-10T03:59:59Z", (0.44, 1.32)),
        ("deepseek/deepseek-v4-flash", "2026-09-10T04:00:00Z", (0.3, 1.2)),
        ("deepseek/deepseek-chat", "2025-09-28", (0.56, 1.68)),
        ("deepseek/deepseek-chat", "2025-09-29", (0.28, 0.42)),
        ("mistral/mistral-large-4", "2026-10-19", (0.68, 2.09)),
        ("mistral/mistral-large-4", "2026-10-20", (1.36, 4.18)),
        ("mistral/mistral-large-4", "2026-10-29", (0.7, 2.1)),
        ("xai/grok-4.20", "2026-04-29", (2, 6)),
        ("xai/grok-4.20", "2026-04-30", (1.25, 2.5)),
        ("xai/grok-4-0709", "2026-05-15T18:59:59Z", (3, 15)),
        ("xai/grok-4-0709", "2026-05-15T19:00:00Z", (1.25, 2.5)),
        ("gemini/gemini-3.6-flash", "2026-08-12", (1.5, 7.5)),
        ("gemini/gemini-3.6-flash", "2026-12-31", (0.75, 3.75)),
        ("gemini/gemini-3.6-flash", "2027-01-01", (1.5, 7.5)),
        ("gemini/gemini-4-argon", "2026-11-30", (2, 10)),
        ("gemini/gemini-4-argon", "2026-12-01", (4, 20)),
    ],
)
def test_both_sides_of_a_day(models, history, name, at, prices):
    """USD per million tokens, input and output."""
    found = [value_at(models, history, name, key, at) for key in (INPUT, OUTPUT)]
    assert [round(value * 1e6, 9) for value in found] == list(prices)


def test_a_scheduled_change_moves_every_tier(models, history):
    """Batch stays half, priority 1.8 times the price after Gemini 4 Argon doubles; grounding does not move."""
    for suffix, factor in (("_batches", 0.5), ("_flex", 0.5), ("_priority", 1.8)):
        after = value_at(models, history, "gemini/gemini-4-argon", INPUT + suffix, "2026-12-01")
        assert after == pytest.approx(4e-06 * factor)
    born, row = history["gemini/gemini-4-argon"]
    assert born["from"] == "2026-10-13"
    assert INPUT + "_batches" in row["assumed"]
    assert INPUT not in row["assumed"]
    assert "google_maps_grounding_cost_per_query" not in row


def test_deepseek_windows_have_their_own_days(models, history):
    """No off-peak block before 2026-08-16 16:00 UTC, one for every day after it, weekends as a whole from 08-23 on."""
    name = "deepseek/deepseek-v4-pro"
    assert value_at(models, history, name, "off_peak_pricing", "2026-08-16T15:59:59Z") is None
    first = value_at(models, history, name, "off_peak_pricing", "2026-08-16T16:00:00Z")
    assert first["windows"] == [{"hours_utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"]}]
    assert first["input_cost_per_token"] == 6.6e-07
    now = value_at(models, history, name, "off_peak_pricing", "2026-08-23")
    assert now == models[name]["off_peak_pricing"]
    assert now["windows"][1] == {"hours_utc": "00:00-00:00", "weekdays": [6, 7]}


def test_claude_opus_4_6_lost_its_long_context_tier(models, history):
    """The 200k tier is there on 2026-03-12 and gone on 2026-03-13."""
    for key, price in ((f"{INPUT}_above_200k_tokens", 1e-05), (f"{OUTPUT}_above_200k_tokens", 3.75e-05)):
        assert value_at(models, history, "claude-opus-4-6", key, "2026-03-12") == price
        assert value_at(models, history, "claude-opus-4-6", key, "2026-03-13") is None


def test_births(history):
    """A model's first row may be its birth, and only that."""
    assert history["o3"][0] == {
        "from": "2025-04-16",
        "born": True,
        "conf": "high",
        "src": "https://openai.com/index/introducing-o3-and-o4-mini/",
    }
    born, seen = history["gpt-4o-2024-08-06"]
    assert (born["from"], born["conf"]) == ("2024-08-06", "medium")
    assert seen == {"from": "2024-12-25", "seen": True, "src": "litellm 1.55.12"}
    for rows in history.values():
        assert all("born" not in row for row in rows[1:])


def test_rows_say_how_sure_they_are(history):
    """Every row has a source, a birth and a change have a level, and only a row's own keys are assumed."""
    for rows in history.values():
        for row in rows:
            assert "seen" in row or row["conf"] in {"high", "medium-high", "medium"}
            assert row["src"]
            assert set(row.get("assumed", ())) < row.keys()
            assert row.get("after", "") < row["from"]
            assert row.keys() == {"from", "seen", "src"} or "seen" not in row


def test_a_price_is_known_by_something_dated(models, history):
    """Of 4,000 models and more the first list is known; a page or a list stands behind each."""
    seen = [row for rows in history.values() for row in rows if "seen" in row]
    assert len(seen) > 4000
    assert {row["src"].partition(" ")[0] for row in seen} == {"litellm", "the"}
    assert history["claude-sonnet-4-5-20250929"][1] == {"from": "2025-11-27", "seen": True, "src": "litellm 1.80.7"}


def test_an_alias_has_the_past_of_its_dated_id(history):
    """One model under two names: both became cheaper on the same day, whichever of the two the list of changes names."""
    for alias, snapshot in (("azure/gpt-5.6-luna", "azure/gpt-5.6-luna-2026-07-09"), ("o3", "o3-2025-04-16")):
        one, two = ([row for row in history[name] if INPUT in row] for name in (alias, snapshot))
        assert [(row["from"], row[INPUT]) for row in one] == [(row["from"], row[INPUT]) for row in two] != []


def test_a_day_on_which_somebody_looked_is_an_upper_bound(history):
    """OpenRouter's change that a mirror noticed lies between the list before it and its day."""
    row = next(row for row in history["openrouter/z-ai/glm-5.3"] if row["from"] == "2026-11-03")
    assert row["after"] == "2026-10-19"


def test_what_did_not_hold_is_out(history):
    """A price that one source schedules and the map contradicts is no row."""
    assert not any(row["from"] == "2027-01-01" for row in history["gemini/gemini-3.5-flash"])
