"""The order of the sources: litellm's newest map, genai-prices, model-prices, older maps."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tools.prices.fetch import Source
from tools.prices.merge import merge
from tools.prices.official import apply_meters, metered
from tools.prices.sources.genai import GenaiModel
from tools.prices.sources.ledger import LedgerEvent
from tools.prices.sources.model_prices import ModelPricesModel

INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"
READ = "cache_read_input_token_cost"


def source(package, version, day):
    return Source(package, version, "f", "0", "m", "0", day, "MIT")


NEW = source("litellm", "2.0", "2026-02-01")
OLD = source("litellm", "1.0", "2026-01-01")
GENAI = source("genai-prices", "0.2", "2026-01-20")
FIRST = source("model-prices", "0.1", "2026-01-10")


def chat(provider, price=1e-06, **more):
    return {"litellm_provider": provider, "mode": "chat", INPUT: price, OUTPUT: 2 * price, **more}


def listed(provider, model, price="0.000003", *, synced=True, **prices):
    found = {INPUT: Decimal(price), OUTPUT: Decimal(price) * 2} | {k: Decimal(v) for k, v in prices.items()}
    return GenaiModel(
        provider, model, found, f"https://{provider}.test", synced=synced, deprecated=False, context_window=4096
    )


def test_the_newest_map_wins():
    """A model that litellm lists keeps litellm's entry, whatever the others say."""
    merged = merge(
        [(NEW, {"groq/m": chat("groq")})],
        (GENAI, [listed("groq", "m")]),
        (FIRST, [ModelPricesModel("groq", "m", {INPUT: Decimal("0.000009")}, "https://x", "")]),
    )
    assert merged.models == {"groq/m": chat("groq")}
    assert merged.origins["groq/m"].source == "litellm 2.0"


def test_missing_ids_are_added_in_our_keys():
    """A provider that litellm does not know; one of its own ids in another spelling is no new model."""
    merged = merge(
        [(NEW, {"xai/grok-4.5": chat("xai")})],
        (GENAI, [listed("avian", "Org/M"), listed("x-ai", "grok-4-5"), listed("huggingface_together", "Org/N")]),
    )
    assert merged.models["avian/Org/M"] == {
        "litellm_provider": "avian",
        "mode": "chat",
        INPUT: 3e-06,
        OUTPUT: 6e-06,
        "max_input_tokens": 4096,
        "source": "https://avian.test",
    }
    assert merged.models["huggingface/together/Org/N"]["litellm_provider"] == "huggingface"
    assert "xai/grok-4-5" not in merged.models


def test_nicknames_of_makers_are_not_ids():
    """genai-prices matches several ids of a maker under one nickname; only real ids become entries."""
    merged = merge(
        [(NEW, {"gpt-4o": chat("openai")})],
        (GENAI, [listed("google", "claude-4-opus"), listed("openai", "gpt-6-cyber")]),
    )
    assert sorted(merged.models) == ["gpt-4o", "gpt-6-cyber"]


def test_openrouter_is_renewed_and_others_stay_retired():
    """litellm dropped OpenRouter as a whole, so being gone there means nothing; elsewhere it does."""
    old = {
        "openrouter/a/m": chat("openrouter", supports_vision=True, input_cost_per_audio_token=7e-06),
        "openrouter/a/n": chat("openrouter", 3e-06, input_cost_per_audio_token=7e-06),
        "groq/m": chat("groq"),
    }
    merged = merge(
        [(NEW, {"gpt-4o": chat("openai")}), (OLD, old)],
        (GENAI, [listed("openrouter", "a/m"), listed("openrouter", "a/n"), listed("groq", "m")]),
    )
    assert merged.models["openrouter/a/m"] == {
        "litellm_provider": "openrouter",
        "mode": "chat",
        "supports_vision": True,
        INPUT: 3e-06,
        OUTPUT: 6e-06,
        "max_input_tokens": 4096,
        "source": "https://openrouter.test",
    }
    # The base prices are still the same, so the price that only the old row has is still good.
    assert merged.models["openrouter/a/n"]["input_cost_per_audio_token"] == 7e-06
    assert merged.models["groq/m"] == {**chat("groq"), "retired_on": "2026-02-01"}


def test_rows_from_before_the_sync_are_retired():
    """An OpenRouter row without the list's name for the model is older than the list."""
    merged = merge([(NEW, {})], (GENAI, [listed("openrouter", "a/old", synced=False), listed("openrouter", "a/new")]))
    assert merged.models["openrouter/a/old"]["retired_on"] == "2026-01-20"
    assert "retired_on" not in merged.models["openrouter/a/new"]


def test_first_party_ids():
    """A maker's id that neither of the others lists; one that was removed is retired; all zeros say nothing."""
    rows = [
        ModelPricesModel("upstage", "solar-9", {INPUT: Decimal("0.000001")}, "https://u", "", documented=True),
        ModelPricesModel("upstage", "solar-1", {INPUT: Decimal("0.000002")}, "https://u", "removed"),
        ModelPricesModel("upstage", "solar-0", {INPUT: Decimal(0)}, "https://u", ""),
    ]
    merged = merge([(NEW, {})], None, (FIRST, rows))
    assert sorted(merged.models) == ["upstage/solar-1", "upstage/solar-9"]
    assert merged.models["upstage/solar-1"]["retired_on"] == "2026-01-10"


@pytest.mark.parametrize(
    ("model", "mode"),
    [("text-embed-1", "embedding"), ("rerank-2", "rerank"), ("m-tts", "audio_speech"), ("m-ocr", "ocr"), ("m", "chat")],
)
def test_modes_of_new_models(model, mode):
    """A new model's mode follows from its name, if nobody lists the model elsewhere."""
    merged = merge([(NEW, {})], (GENAI, [listed("avian", model)]))
    assert merged.models[f"avian/{model}"]["mode"] == mode


METERS = {
    ("m", "global", INPUT): (Decimal("0.000001"),),
    ("m", "data zone", INPUT): (Decimal("0.0000011"), Decimal("0.0000012")),
    ("m", "global", READ): (Decimal("1e-7"), Decimal("2e-7")),
    ("n-0806", "global", INPUT): (Decimal("0.000005"),),
}


def touched(day):
    return {"azure/m": [LedgerEvent(day, INPUT, Decimal(1), Decimal(2), "c")]}


@pytest.mark.parametrize(
    ("now", "ledger", "after"),
    [
        # Of the two, the later stands.
        (3e-06, {}, 1e-06),
        (3e-06, touched("2026-08-11"), 1e-06),
        (3e-06, touched("2026-08-12"), 3e-06),
        # The price of another place is a wrong column, whenever it was read.
        (1.2e-06, touched("2026-08-12"), 1e-06),
        # Within half a percent they agree.
        (1.004e-06, {}, 1.004e-06),
    ],
)
def test_meters_of_microsoft(now, ledger, after):
    """Bare azure ids are global deployments."""
    models = {"azure/m": {"litellm_provider": "azure", INPUT: now}}
    changed = apply_meters(models, METERS, "2026-08-11", ledger)
    assert models["azure/m"][INPUT] == after
    assert changed == ({} if now == after else {"azure/m": {INPUT: now}})


def test_which_meters_belong_to_an_id():
    """A dated id is found by month and day; prices that depend on the region are nobody's."""
    assert metered("azure/m", METERS) == {INPUT: Decimal("0.000001")}
    assert metered("azure/us/m", METERS) == {}
    assert metered("azure/n-2024-08-06", METERS) == {INPUT: Decimal("0.000005")}
    assert metered("azure/n-2024-09-06", METERS) == {}
    assert metered("openai/m", METERS) == {}


def test_retired_ids_are_left_alone():
    """Meters of today say nothing about an id that is gone."""
    models = {"azure/m": {"litellm_provider": "azure", INPUT: 3e-06, "retired_on": "2026-01-01"}}
    assert apply_meters(models, METERS, "2026-08-11", {}) == {}
