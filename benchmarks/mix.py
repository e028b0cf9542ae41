"""A mix of 50 models, as a gateway prices them: with what is cached, and with a tier that some of them have.

Each call asks for another model than the one before, so that no library answers from what it has just looked up.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "model_prices.json"
PROMPT, READ, WRITTEN, ANSWER = 1000, 600, 100, 200
MODELS = (
    "aihubmix/doubao-seed-2-1-turbo",
    "azure/eu/gpt-5-2025-08-07",
    "azure/eu/gpt-5.5",
    "azure/gpt-4.1",
    "azure/gpt-5-mini",
    "azure/gpt-5.1-codex-2025-11-13",
    "azure/gpt-5.6-terra",
    "azure/gpt-6-sol",
    "azure/us/gpt-5.3-codex",
    "azure_ai/grok-4-20-non-reasoning",
    "baseten/nvidia/NVIDIA-Nemotron-3.5-Super-VL-120B-A12B",
    "bedrock/us-gov-west-1/amazon.nova-pro-v1:0",
    "bedrock_mantle/us-gov-west-1/openai.gpt-5.4",
    "chat-latest",
    "claude-sonnet-5-5",
    "dashscope/qwen3.8-flash",
    "databricks/databricks-gpt-5-4-nano",
    "deep-research-pro-preview-12-2025",
    "deepinfra/zai-org/GLM-4.6",
    "deepseek/deepseek-coder",
    "fireworks_ai/accounts/fireworks/models/deepseek-v4-flash",
    "friendliai/zai-org/GLM-5.2",
    "gemini-3.1-pro-preview",
    "gemini-3.5-flash-lite",
    "gemini/gemini-2.5-flash",
    "gemini/gemini-3.7-flash",
    "gemini/gemini-pro-latest",
    "global.xai.grok-4.7",
    "gpt-4.1",
    "gpt-5.3-codex",
    "meta/muse-spark-1.2-contributor",
    "minimax/MiniMax-M2",
    "mistral/pixtral-large-latest",
    "novita/mindai/macaron-v1-tall",
    "o4-mini-2025-04-16",
    "qwen_ai_platform/qwen3.8-max",
    "qwencloud/glm-5.1",
    "sail/deepseek-ai/DeepSeek-V4.1-Flash",
    "scx-ai/Kimi-K3",
    "snowflake/claude-sonnet-4-5",
    "tencent/kimi-k2.7-code-highspeed",
    "tensormesh/Qwen/Qwen3.6-27B-FP8",
    "together_ai/deepseek-ai/DeepSeek-V4-Pro-0813",
    "us.anthropic.claude-sonnet-5",
    "vercel_ai_gateway/anthropic/claude-3-5-sonnet",
    "vertex_ai/claude-fable-5",
    "vertex_ai/xai/grok-4.1-fast-non-reasoning",
    "wandb/zai-org/GLM-5.3-Flash",
    "xai/grok-4.20-beta-0309-non-reasoning",
    "zai/glm-5-code",
)


@cache
def _entries() -> dict[str, dict[str, float]]:
    everything = json.loads(DATA.read_text(encoding="utf-8"))
    return {model: everything[model] for model in MODELS}


def calls() -> list[tuple[str, int]]:
    """Return each model with the tokens that it wrote to its cache: none where writing has no price."""
    return [
        (model, WRITTEN if "cache_creation_input_token_cost" in entry else 0) for model, entry in _entries().items()
    ]


def by_hand(tier: str = "") -> float:
    """Return the USD of all calls, from the keys of the map alone; a tier that a model lacks is standard."""
    total = 0.0
    for model, written in calls():
        entry = _entries()[model]
        for key, tokens in (
            ("input_cost_per_token", PROMPT - READ - written),
            ("cache_read_input_token_cost", READ),
            ("cache_creation_input_token_cost", written),
            ("output_cost_per_token", ANSWER),
        ):
            total += tokens * entry.get(f"{key}_{tier}", entry.get(key, 0.0))
    return total
