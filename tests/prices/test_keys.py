"""Price keys: the grammar, from both sides, and every key that the bundled map has."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from llmcost import CostMap, UnknownPriceKeyError
from llmcost.core.meters import METERS
from llmcost.core.tiers import TIERS
from llmcost.prices.blocks import EXPANDERS
from llmcost.prices.entries import compile_entry
from llmcost.prices.keys import (
    NOT_RATES,
    decode,
    is_price,
    known_keys,
    looks_like_price,
    nearest,
    stem,
    uplift_region,
)

DATA = Path(__file__).parents[2] / "data" / "model_prices.json"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("input_cost_per_token", ("input", (), 1)),
        ("output_cost_per_reasoning_token_flex", ("reasoning", (("tier", "flex"),), 1)),
        ("input_cost_per_token_above_128k_tokens", ("input", (("context", 128_000),), 1)),
        ("input_cost_per_token_above_1000_tokens", ("input", (("context", 1000),), 1)),
        ("output_cost_per_token_above_200000_tokens_flex", ("output", (("context", 200_000), ("tier", "flex")), 1)),
        (
            "input_cost_per_token_above_200k_tokens_priority",
            ("input", (("context", 200_000), ("tier", "priority")), 1),
        ),
        ("cache_creation_input_token_cost_above_1hr", ("cache_write_1h", (), 1)),
        (
            "cache_creation_input_token_cost_above_1hr_above_200k_tokens",
            ("cache_write_1h", (("context", 200_000),), 1),
        ),
        ("cache_creation_input_token_cost_above_12hr_batches", ("cache_write_12h", (("tier", "batches"),), 1)),
        (
            "input_cost_per_video_per_second_above_15s_interval",
            ("input_video_seconds", (("interval", 15),), 1),
        ),
        (
            "input_cost_per_video_per_second_above_128k_tokens_above_15s_interval_batches_1080p",
            (
                "input_video_seconds",
                (("context", 128_000), ("tier", "batches"), ("interval", 15), ("variant", "1080p")),
                1,
            ),
        ),
        ("output_cost_per_second_1080p", ("output_seconds", (("variant", "1080p"),), 1)),
        ("output_cost_per_image_2K", ("output_images", (("variant", "2k"),), 1)),
        ("output_cost_per_image_0.5K", ("output_images", (("variant", "0.5k"),), 1)),
        ("output_cost_per_image_1024", ("output_images", (("variant", "1024"),), 1)),
        ("file_search_cost_per_1k_calls", ("file_searches", (), 1000)),
        ("input_cost_per_million_tokens", ("input", (), 1_000_000)),
        ("input_cost_per_million_tokens_above_200k_tokens", ("input", (("context", 200_000),), 1_000_000)),
        ("cache_creation_input_cost_per_million_tokens_above_1hr", ("cache_write_1h", (), 1_000_000)),
        ("output_cost_per_million_audio_tokens", ("output_audio", (), 1_000_000)),
        ("input_cost_per_million_characters", ("input_characters", (), 1_000_000)),
        ("input_cost_per_minute", ("input_seconds", (), 60)),
        ("cost_per_hour", ("compute_seconds", (), 3600)),
    ],
)
def test_a_key_is_a_sentence(key, expected):
    """Meter, conditions in the order of their strength, and for how many units the price is."""
    assert decode(key) == expected
    assert decode(key) == expected  # also from the cache


@pytest.mark.parametrize("name", METERS)
def test_every_spelling_of_every_meter(name):
    """Each row of the table is read by each of its keys, for as many units as it says."""
    row = METERS[name]
    assert [decode(key) for key in row.keys] == [(name, (), row.per)] * len(row.keys)


def test_the_stem_of_every_key():
    """Which meter it is, and for how many units."""
    assert [stem(key)[0].name for key in known_keys()] == [decode(key)[0] for key in known_keys()]
    assert stem("input_cost_per_million_tokens")[1] == 1_000_000


def test_no_spelling_means_two_things():
    """Keys of different meters differ, those for many units too."""
    assert max(Counter(known_keys()).values()) == 1
    assert set(known_keys()) >= {key for row in METERS.values() for key in row.keys}


@pytest.mark.parametrize("tier", sorted(TIERS))
def test_every_tier_is_a_suffix(tier):
    """A new tier is one word in the table of dimensions."""
    assert decode(f"input_cost_per_token_{tier}") == ("input", (("tier", tier),), 1)


@pytest.mark.parametrize(
    "key",
    [
        "input_cost_per_tokn",
        "input_cost_per_token_",
        "input_cost_per_token_turbo",
        "input_cost_per_token_priority_flex",
        "input_cost_per_token_priority_above_200k_tokens",
        "input_cost_per_token_above_200k",
        "input_cost_per_token_above_200_tokens",
        "input_cost_per_token_above_0k_tokens",
        "input_cost_per_token_above_200k_tokens_above_128k_tokens",
        "input_cost_per_token_above_2hr",
        "input_cost_per_token_above_s_interval",
        "input_cost_per_token_above",
        "output_cost_per_second_1080p_720p",
        "output_cost_per_second_1080p_flex",
        "output_cost_per_second_.5k",
        "output_cost_per_second_p",
        "cost",
        "_cost_per_token",
        "prices",
        "COST_PER_TOKEN",
        "some_uplift",
        "input_cost_per_token_above_" + "9" * 5000 + "k_tokens",
    ],
)
def test_what_looks_like_a_price_and_is_none(key):
    """A suffix that is unknown, out of order, or there twice would be a price that never applies."""
    with pytest.raises(UnknownPriceKeyError) as error:
        decode(key)
    assert error.value.key == key


@pytest.mark.parametrize(
    "key", ["mode", "max_tokens", "litellm_provider", "supports_vision", "source", "", "_", *sorted(NOT_RATES)]
)
def test_what_is_no_price(key):
    """Facts, and keys that are listed with the reason why they are no rates."""
    assert decode(key) is None
    assert not is_price(key)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("input_cost_per_token", True),
        ("output_cost_per_second_1080p_", False),
        ("output_cost_per_second_1080p", True),
        ("cost_center", False),
        ("input_cost_per_tokn", False),
    ],
)
def test_whether_a_key_is_a_price(key, expected):
    """The question has an answer, and no error, also for what looks like a price and is none."""
    assert is_price(key) is expected
    assert is_price(key) is expected  # also where the answer is known


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("input_cost_per_tokn", "input_cost_per_token"),
        ("input_cost_pre_token", "input_cost_per_token"),
        ("ouput_cost_per_token", "output_cost_per_token"),
        ("inputcost_per_token", "input_cost_per_token"),
        ("output_cost_per_seconds", "output_cost_per_second"),
        ("cache_read_token_cost", "cache_read_input_token_cost"),
        ("cache_creation_input_tokens_cost", "cache_creation_input_token_cost"),
        ("input_cost_per_token_prioritty", "input_cost_per_token_priority"),
        ("output_cost_per_token_batch", "output_cost_per_token_batches"),
        ("input_cost_per_milion_tokens", "input_cost_per_million_tokens"),
        ("cost_per_secnd", "cost_per_second"),
    ],
)
def test_a_typo_names_the_nearest_key(typo, meant):
    """The message says what was probably meant; nothing is taken for it."""
    with pytest.raises(UnknownPriceKeyError, match=rf"Did you mean '{meant}'\?"):
        CostMap({"m": {"input_cost_per_token": 1e-06}}).rate_card("m", prices={typo: 1e-06})


def test_there_may_be_nothing_near():
    """Then nothing is named."""
    assert nearest("price_of_everything") is None
    assert nearest("pricing") is None
    assert nearest("x" * 5000) is None


def test_looks_like_price():
    """In any case of the letters."""
    assert looks_like_price("InputCostPerToken")
    assert not looks_like_price("max_tokens")


def test_decoded_keys_are_remembered_up_to_a_bound(monkeypatch):
    """However many different keys are asked for, the memory of them is bounded."""
    from llmcost.prices import keys

    full = {str(number): None for number in range(10_000)}
    monkeypatch.setattr(keys, "_decoded", full)
    assert decode("input_cost_per_token") == ("input", (), 1)
    assert len(full) == 10_000


# The bundled map.


@pytest.fixture(scope="module")
def entries():
    return json.loads(DATA.read_bytes())


def test_every_key_of_the_bundled_map_is_read(entries):
    """No price key of the map is passed over: it decodes, is a block, or is listed with a reason."""
    keys = {key for entry in entries.values() for key in entry}
    passed_over = {
        key
        for key in keys - EXPANDERS.keys()
        if looks_like_price(key) and uplift_region(key) is None and decode(key) is None
    }
    assert passed_over <= NOT_RATES.keys()
    assert len(keys) > 100


def test_every_entry_of_the_bundled_map_compiles(entries):
    """Each to as many rates as it has prices; whoever has a token price per 1K would have been found."""
    for name, entry in entries.items():
        compiled = compile_entry(entry, "map", name)
        flat = [key for key in entry.keys() - EXPANDERS.keys() - NOT_RATES.keys() if looks_like_price(key)]
        assert len(compiled.rates) + len(compiled.factors) >= len(
            {decode(key) for key in flat if uplift_region(key) is None}
        ), name


def test_every_tenth_card_of_the_bundled_map_compiles(entries):
    """Each name finds itself, exactly, and gives a card; an alias that of its row."""
    prices = CostMap()
    for name, entry in list(entries.items())[::10]:
        card = prices.rate_card(name)
        expected = (entry["alias_of"], "alias") if "alias_of" in entry else (name, "exact")
        assert (card.name, card.match_rule) == expected


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [("input_cost", "input_cost_per_token"), ("input_cost_per_tokn", "input_cost_per_token"), ("zzz", None)],
)
def test_the_nearest_key(mistyped, meant):
    """A key without its unit means tokens; one that is like no other has none."""
    assert nearest(mistyped) == meant
