"""The rules on promises, on what is free and on how fresh the map is: each with its neighbour on the right side."""

from __future__ import annotations

import pytest

from tools.prices.findings import Finding
from tools.prices.promises import check_followers, check_free, check_newest, check_promises, check_stillness
from tools.prices.sources.ledger import LedgerEvent

IN, OUT, READ = "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"
TODAY = "2026-06-15"
GOOGLE = {"litellm_provider": "gemini", "mode": "chat", IN: 1e-06, OUT: 2e-06}
RESELLER = {**GOOGLE, "litellm_provider": "acme"}
RISE = {"from": "2026-07-01", IN: [1e-06, 2e-06], "conf": "medium", "src": "x"}


@pytest.mark.parametrize(
    ("entry", "rows", "spoken", "hit"),
    [
        ({"price_valid_until": "2026-06-14"}, [], {}, True),
        ({"price_valid_until": "2026-06-15"}, [], {}, False),
        ({"price_valid_until": "2026-06-14"}, [{**RISE, "from": "2026-06-14"}], {}, True),
        ({"price_valid_until": "2026-06-14"}, [{**RISE, "from": "2026-06-15"}], {}, False),
        ({"price_valid_until": "2026-06-14"}, [], {"m": "no source is newer"}, False),
        ({"price_valid_until": "2026-06-14", "retired_on": "2026-06-10"}, [], {}, False),
    ],
)
def test_a_promise_that_has_passed(entry, rows, spoken, hit):
    """E61: from the next day on somebody says what it costs, or a person that nobody knows."""
    found = check_promises({"m": {**GOOGLE, **entry}}, {"m": rows}, spoken, TODAY)
    assert [finding.code for finding in found] == (["E61"] if hit else [])


@pytest.mark.parametrize(
    ("follower", "rows", "hit"),
    [
        (RESELLER, [], True),
        ({**RESELLER, "price_valid_until": "2026-06-30"}, [], False),
        (RESELLER, [RISE], False),
        ({**RESELLER, "retired_on": "2026-01-01"}, [], False),
        # A price of its own says nothing about the maker's.
        ({**RESELLER, IN: 1.1e-06}, [], False),
    ],
)
def test_a_reseller_at_a_price_that_is_to_change(follower, rows, hit):
    """W57: who asks the maker's price will hardly ask less than the maker."""
    models = {"gemini/gemini-9": GOOGLE, "acme/google/gemini-9": follower, "acme/other": RESELLER}
    history = {"gemini/gemini-9": [RISE], "acme/google/gemini-9": rows}
    found = check_followers(models, history, TODAY)
    assert [finding.model_id for finding in found] == (["acme/google/gemini-9"] if hit else [])
    assert check_followers(models, {}, TODAY) == []


@pytest.mark.parametrize(
    ("mode", "zeros", "hit"),
    [
        ("chat", {IN: 0.0, OUT: 0.0}, False),
        ("audio_transcription", {IN: 0.0, OUT: 0.0, "input_cost_per_second": 0.0}, False),
        ("search", {IN: 0.0, OUT: 0.0, "input_cost_per_query": 0.0}, False),
        ("chat", {IN: 0.0, OUT: 1e-06}, True),
        ("image_generation", {IN: 0.0, OUT: 0.0, "output_cost_per_image": 0.01}, True),
    ],
)
def test_what_is_free_costs_nothing(mode, zeros, hit):
    """E55: the engine prices every unit of the mode at 0, completely."""
    entry = {"litellm_provider": "acme", "mode": mode, "free": True, **zeros}
    assert [finding.code for finding in check_free({"m": entry, "n": RESELLER})] == (["E55"] if hit else [])


def still(day="2025-12-16", count=20, **record):
    models = {f"acme/{number}": RESELLER for number in range(count)}
    records = {name: {"confidence": "single", **record} for name in models}
    events = {"acme/3": [LedgerEvent(day, IN, 1, 2, "abc")], "acme/4": [LedgerEvent("2025-01-01", IN, 1, 2, "abc")]}
    return list(check_stillness(models, records, events, TODAY))


def test_a_seller_who_may_have_been_forgotten():
    """W63: nobody confirms a price, none has moved for 180 days (the last on 2025-12-16), and there are many."""
    (found,) = still()
    assert found == Finding("W63", "acme/0", "acme: none of 20 prices has moved since 2025-12-16")
    assert still(day="2025-12-17") == []
    assert still(confidence="confirmed1") == []
    assert still(count=19) == []


NEWEST = """
[[maker]]
provider = "gemini"
models = ["gemini/gemini-9", "gemini/gemini-8"]
url = "https://google.test"
read = "2026-05-01"
expires = "2026-06-15"
"""


def test_the_newest_of_a_maker(tmp_path):
    """E67: each is in the map, current, and that seller's; past its end the list is read again."""
    path = tmp_path / "newest.toml"
    path.write_text(NEWEST)
    models = {"gemini/gemini-9": GOOGLE, "gemini/gemini-8": GOOGLE}
    assert check_newest(models, path, TODAY) == ([], [])
    assert check_newest(models, tmp_path / "none.toml", TODAY) == ([], [])
    found, _ = check_newest({"gemini/gemini-9": {**GOOGLE, "retired_on": "2026-06-01"}}, path, TODAY)
    assert [(finding.code, finding.model_id) for finding in found] == [
        ("E67", "gemini/gemini-9"),
        ("E67", "gemini/gemini-8"),
    ]
    found, _ = check_newest({**models, "gemini/gemini-8": RESELLER}, path, TODAY)
    assert [str(finding) for finding in found] == ["E67 gemini/gemini-8: is not sold by gemini"]
    (outdated,) = check_newest(models, path, "2026-06-16")[1]
    assert outdated.why == "newest.toml: expired on 2026-06-15; read https://google.test again"
