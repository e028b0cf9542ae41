"""The rules of the price history."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tools.prices.history import build_history, read_changes
from tools.prices.sources.ledger import LedgerEvent
from tools.prices.validate import check_history

INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"
READ = "cache_read_input_token_cost"
TODAY = "2026-06-15"


def change(day, old, new, key=INPUT, model="acme/m", **more):
    row = {"model": model, "provider": "acme", "key": key, "old": old, "new": new, "from": day}
    row |= {"cls": "genuine", "conf": "high", "source": "s", "url": "https://acme.test", "agree": [], "why": ""}
    return row | more


def entry(price=2e-06, **more):
    return {"litellm_provider": "acme", "mode": "chat", INPUT: price, **more}


def history(tmp_path, models, rows=(), by_hand="", ledger=None):
    path = tmp_path / "history.toml"
    path.write_text(by_hand)
    changes = read_changes([json.dumps(row) for row in rows])
    found = build_history(models, changes, path, ledger or {}, TODAY)
    assert check_history(models, found.rows, TODAY) == []
    return found


def event(day, key, old, new):
    return LedgerEvent(day, key, Decimal(repr(old)), Decimal(repr(new)), "abc")


def test_a_chain_that_ends_at_the_price(tmp_path):
    """Rows are ordered by day and written as [old, new]."""
    rows = [change("2026-03-01", 4e-06, 2e-06), change("2026-01-01", 5e-06, 4e-06)]
    assert history(tmp_path, {"acme/m": entry()}, rows).rows == {
        "acme/m": [
            {"from": "2026-01-01", INPUT: [5e-06, 4e-06], "conf": "high", "src": "https://acme.test"},
            {"from": "2026-03-01", INPUT: [4e-06, 2e-06], "conf": "high", "src": "https://acme.test"},
        ]
    }


def test_what_does_not_join_is_left_out(tmp_path):
    """The newest part of a chain that reaches today's price is kept, and what is before the gap is not."""
    rows = [change("2026-01-01", 9e-06, 8e-06), change("2026-02-01", 4e-06, 2e-06)]
    found = history(tmp_path, {"acme/m": entry()}, rows)
    assert [row["from"] for row in found.rows["acme/m"]] == ["2026-02-01"]
    assert found.left_out == [("acme/m", "2026-01-01", f"{INPUT} 2026-01-01: 9e-06 -> 8e-06, then it is 4e-06")]


def test_a_change_that_misses_the_price_is_left_out(tmp_path):
    """No chain at all, if its end is not what the entry says."""
    assert history(tmp_path, {"acme/m": entry()}, [change("2026-02-01", 4e-06, 3e-06)]).rows == {}


def test_scheduled_changes(tmp_path):
    """A future change must start at today's price; a batch price moves with it, marked as assumed."""
    rows = [change("2026-07-01", 2e-06, 4e-06, cls="scheduled", conf="medium")]
    models = {"acme/m": entry(**{f"{INPUT}_batches": 1e-06})}
    found = history(tmp_path, models, rows)
    assert found.rows["acme/m"] == [
        {
            "from": "2026-07-01",
            INPUT: [2e-06, 4e-06],
            f"{INPUT}_batches": [1e-06, 2e-06],
            "assumed": [f"{INPUT}_batches"],
            "conf": "medium",
            "src": "https://acme.test",
        }
    ]
    assert found.counts["scheduled changes"] == 1
    assert history(tmp_path, {"acme/m": entry(3e-06)}, rows).rows == {}


@pytest.mark.parametrize(
    ("cls", "conf", "taken"),
    [
        ("genuine", "high", True),
        ("genuine", "medium-high", True),
        ("genuine", "medium", False),
        ("genuine?", "medium", False),
        ("scheduled", "medium", True),
    ],
)
def test_only_well_supported_changes_are_read(cls, conf, taken):
    """One source's word is not enough."""
    line = json.dumps(change("2026-01-01", 1e-06, 2e-06, cls=cls, conf=conf))
    assert bool(read_changes([line, ""])) is taken


def test_siblings_follow_by_litellms_commit_or_by_ratio(tmp_path):
    """Where a commit shows a tier's step it is taken; else the ratio to the price that changed is kept."""
    flex, priority = f"{INPUT}_flex", f"{INPUT}_priority"
    models = {"acme/m": entry(**{flex: 1e-06, priority: 4e-06, READ: 2e-07, "output_cost_per_image": 0.1})}
    ledger = {"acme/m": [event("2026-02-03", flex, 3e-06, 1e-06), event("2025-01-01", priority, 9e-06, 4e-06)]}
    (row,) = history(tmp_path, models, [change("2026-02-01", 4e-06, 2e-06)], ledger=ledger).rows["acme/m"]
    assert row == {
        "from": "2026-02-01",
        READ: [4e-07, 2e-07],
        INPUT: [4e-06, 2e-06],
        flex: [3e-06, 1e-06],
        priority: [8e-06, 4e-06],
        "assumed": [READ, priority],
        "conf": "high",
        "src": "https://acme.test",
    }


@pytest.mark.parametrize(("audio", "moves"), [(2e-06, True), (3e-06, False)])
def test_a_modality_follows_only_at_the_same_price(tmp_path, audio, moves):
    """Audio at the text price moves with it; audio at a price of its own does not."""
    models = {"acme/m": entry(input_cost_per_audio_token=audio)}
    (row,) = history(tmp_path, models, [change("2026-02-01", 4e-06, 2e-06)]).rows["acme/m"]
    assert ("input_cost_per_audio_token" in row) is moves


def test_other_sellers_follow_by_the_same_step(tmp_path):
    """Another seller of the model has the change on the day of litellm's commit, within 75 days and not after."""
    models = {
        "acme/m": entry(),
        "shop/m": {"litellm_provider": "shop", INPUT: 2e-06},
        "late/m": {"litellm_provider": "late", INPUT: 2e-06},
        "other/m": {"litellm_provider": "other", INPUT: 2e-06},
    }
    ledger = {
        "shop/m": [event("2026-04-17", INPUT, 4e-06, 2e-06)],
        "late/m": [event("2026-04-18", INPUT, 4e-06, 2e-06)],
        "other/m": [event("2026-02-01", INPUT, 3e-06, 2e-06)],
    }
    rows = history(tmp_path, models, [change("2026-02-01", 4e-06, 2e-06)], ledger=ledger).rows
    assert sorted(rows) == ["acme/m", "shop/m"]
    assert rows["shop/m"] == [
        {
            "from": "2026-04-17",
            INPUT: [4e-06, 2e-06],
            "conf": "medium-high",
            "src": "https://github.com/BerriAI/litellm/commit/abc",
            # The day of a commit is that on which somebody looked.
            "bound": True,
        }
    ]


def test_facts_by_hand(tmp_path):
    """A change may be an instant, remove a key, or replace a block; it wins over a listed one of the same day."""
    by_hand = """
[[change]]
ids = ["acme/m"]
from = "2026-02-01T16:00:00Z"
conf = "high"
url = "https://acme.test/news"
[change.keys]
input_cost_per_token = ["5e-06", "2e-06"]
input_cost_per_token_above_200k_tokens = ["1e-05", "none"]
off_peak_pricing = ["none", { input_cost_per_token = "1e-06", hours_utc = "10:00-00:00" }]
"""
    block = {INPUT: 1e-06, "hours_utc": "10:00-00:00"}
    models = {"acme/m": entry(off_peak_pricing=block)}
    (row,) = history(tmp_path, models, [change("2026-02-01", 4e-06, 2e-06)], by_hand).rows["acme/m"]
    assert row == {
        "from": "2026-02-01T16:00:00Z",
        INPUT: [5e-06, 2e-06],
        f"{INPUT}_above_200k_tokens": [1e-05, None],
        "off_peak_pricing": [None, block],
        "conf": "high",
        "src": "https://acme.test/news",
    }


def test_a_day_by_hand_that_was_only_noticed(tmp_path):
    """The price changed by that day, on a day that nobody states."""
    by_hand = """
[[change]]
ids = ["acme/m"]
from = "2026-02-01"
noticed = true
conf = "medium-high"
url = "https://acme.test/m"
keys.input_cost_per_token = ["5e-06", "2e-06"]
"""
    (row,) = history(tmp_path, {"acme/m": entry()}, by_hand=by_hand).rows["acme/m"]
    assert (row["from"], row[INPUT], row["bound"]) == ("2026-02-01", [5e-06, 2e-06], True)
    (row,) = history(tmp_path, {"acme/m": entry()}, by_hand=by_hand.replace("noticed = true", "")).rows["acme/m"]
    assert "bound" not in row


def test_a_dropped_change(tmp_path):
    """A listed change that is not taken is named by model and day."""
    by_hand = '[[drop]]\nmodel = "acme/m"\nfrom = "2026-02-01"\nwhy = "x"\n'
    assert history(tmp_path, {"acme/m": entry()}, [change("2026-02-01", 4e-06, 2e-06)], by_hand).rows == {}


def test_a_dropped_change_is_named_by_the_day_it_was_noticed(tmp_path):
    """A change that was dated back is dropped by its old day, under which price_changes.jsonl lists it."""
    by_hand = '[[drop]]\nmodel = "acme/m"\nfrom = "2026-03-01"\nwhy = "x"\n'
    path = tmp_path / "history.toml"
    path.write_text(by_hand)
    rows = [change("2026-02-01", 4e-06, 2e-06, noticed="2026-03-01")]
    assert build_history({"acme/m": entry()}, rows, path, {}, TODAY).rows == {}


@pytest.mark.parametrize(("audio", "moves"), [(2e-07, True), (3e-07, False)])
def test_cached_audio_follows_cached_text_at_the_same_price(tmp_path, audio, moves):
    """A cache read of audio that costs what one of text does moves with it."""
    models = {"acme/m": entry(**{READ: 2e-07, "cache_read_input_audio_token_cost": audio})}
    (row,) = history(tmp_path, models, [change("2026-02-01", 4e-07, 2e-07, READ)]).rows["acme/m"]
    assert ("cache_read_input_audio_token_cost" in row) is moves


def test_an_unknown_id_by_hand(tmp_path):
    """A model that is gone from the map stops the build."""
    by_hand = '[[change]]\nids = ["acme/x"]\nfrom = "2026-02-01"\nconf = "high"\nurl = "u"\nkeys.a = ["1", "2"]\n'
    found = history(tmp_path, {"acme/m": entry()}, by_hand=by_hand)
    assert [str(decision) for decision in found.decisions] == ["acme/x: no such model any more"]


def test_births(tmp_path):
    """A stated birth, or the date in the id of a seller that dates its ids; never one after the first change."""
    models = {
        "acme/m": entry(),
        "acme/n": entry(),
        "gpt-9-2026-01-02": {"litellm_provider": "openai", INPUT: 1e-06},
        "acme/m-2026-01-02": entry(),
    }
    by_hand = '[[born]]\nids = ["acme/m", "acme/n"]\nfrom = "2026-02-15"\nurl = "https://acme.test/m"\n'
    rows = history(tmp_path, models, [change("2026-02-01", 4e-06, 2e-06, model="acme/n")], by_hand).rows
    assert rows["acme/m"] == [{"from": "2026-02-15", "born": True, "conf": "high", "src": "https://acme.test/m"}]
    assert rows["gpt-9-2026-01-02"][0]["from"] == "2026-01-02"
    assert "born" not in rows["acme/n"][0]
    assert "acme/m-2026-01-02" not in rows


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"from": "2026-01-01", INPUT: [1e-06, 3e-06]}], "ends at 3e-06, the entry says 2e-06"),
        ([{"from": "2026-07-01", INPUT: [1e-06, 3e-06]}], "ends at 1e-06, the entry says 2e-06"),
        (
            [{"from": "2026-01-01", INPUT: [1e-06, 3e-06]}, {"from": "2026-02-01", INPUT: [4e-06, 2e-06]}],
            "4e-06 does not follow 3e-06",
        ),
        (
            [{"from": "2026-02-01", INPUT: [1e-06, 2e-06]}, {"from": "2026-01-01", INPUT: [2e-06, 2e-06]}],
            "rows are not in order",
        ),
    ],
)
def test_a_broken_chain_is_found(rows, message):
    """E43, on histories that the build would not make."""
    assert message in str(check_history({"acme/m": entry()}, {"acme/m": rows}, TODAY)[0])


def test_a_history_without_an_entry():
    """Rows of a model that is not in the map are an error."""
    assert str(check_history({}, {"acme/m": []}, TODAY)[0]) == "E43 acme/m: has a history and no entry"
