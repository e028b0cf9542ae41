"""The rules by which a model of one source is found among the map's ids, on a golden list."""

from __future__ import annotations

import doctest
import importlib

import pytest

from tools.prices.ids import bare, candidates, dated, family, spelled, undated
from tools.prices.merge import Ids


@pytest.mark.parametrize(
    ("provider", "model", "ids"),
    [
        ("openai", "gpt-4o", ["gpt-4o", "openai/gpt-4o"]),
        ("anthropic", "claude-opus-4-6", ["claude-opus-4-6", "anthropic/claude-opus-4-6"]),
        ("google", "gemini-4-argon", ["gemini/gemini-4-argon", "gemini-4-argon"]),
        ("google-vertex", "gemini-2.5-pro", ["vertex_ai/gemini-2.5-pro", "gemini-2.5-pro"]),
        ("x-ai", "grok-4.6", ["xai/grok-4.6"]),
        ("moonshotai", "kimi-k3", ["moonshot/kimi-k3"]),
        ("alibaba", "qwen3.7-plus", ["dashscope/qwen3.7-plus"]),
        ("together", "Qwen/Qwen3-32B", ["together_ai/qwen/qwen3-32b"]),
        ("fireworks", "kimi-k3", ["fireworks_ai/accounts/fireworks/models/kimi-k3", "fireworks_ai/kimi-k3"]),
        (
            "aws",
            "amazon.nova-pro-v1:0",
            [
                "amazon.nova-pro-v1:0",
                "amazon.nova-pro-v1",
                "bedrock/amazon.nova-pro-v1:0",
                "bedrock/amazon.nova-pro-v1",
            ],
        ),
        ("groq", "openai/gpt-oss-120b", ["groq/openai/gpt-oss-120b"]),
        ("openrouter", "z-ai/glm-4.6", ["openrouter/z-ai/glm-4.6"]),
        ("zhipuai", "GLM-5", ["bigmodel/glm-5"]),
    ],
)
def test_candidates(provider, model, ids):
    """The ids under which the map may list a source's model, best first."""
    assert candidates(provider, model) == ids


def test_regional_profiles_of_bedrock():
    """One price for every geography, and none for the global profile or the government's regions."""
    found = candidates("aws", "regional.openai.gpt-5.6-luna")
    assert {"us.openai.gpt-5.6-luna", "eu.openai.gpt-5.6-luna", "jp.openai.gpt-5.6-luna"} <= set(found)
    assert not any(name.startswith(("regional.", "global.", "us-gov.")) for name in found)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("gemini/gemini-3.6-flash", "vertex_ai/gemini-3.6-flash", True),
        ("azure/eu/gpt-5.6-luna", "gpt-5.6-luna-2026-07-09", True),
        ("vertex_ai/claude-opus-4-6@default", "claude-opus-4-6", True),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5-20250929", True),
        ("gpt-4o", "gpt-4o-mini", False),
        ("gpt-4.1", "gpt-4", False),
        ("claude-opus-4-5", "claude-opus-4-6", False),
    ],
)
def test_two_sellers_of_one_model(one, other, same):
    """Seller, region and date do not count, everything else does."""
    assert (bare(one) == bare(other)) is same


def test_spelling_of_versions():
    """Dots between digits and dashes are one spelling; other dots stay."""
    assert spelled("xai/Grok-4.5") == spelled("xai/grok-4-5")
    assert spelled("amazon.nova-pro-v1:0") == "amazon.nova-pro-v1:0"


@pytest.mark.parametrize(
    ("model_id", "day", "rest"),
    [
        ("gpt-4o-2024-08-06", "2024-08-06", "gpt-4o"),
        ("claude-3-opus-20240229", "2024-02-29", "claude-3-opus"),
        ("vertex_ai/claude-opus-4@20250514", "2025-05-14", "vertex_ai/claude-opus-4"),
        ("mistral-large-2411", None, "mistral-large-2411"),
        ("model-20259999", None, "model"),
    ],
)
def test_dates_in_ids(model_id, day, rest):
    """A full date at the end is one; four digits are not."""
    assert (dated(model_id), undated(model_id)) == (day, rest)


def test_a_bare_id_belongs_to_its_seller_only():
    """The same name at two sellers is found for the right one."""
    models = {"gemini-2.5-pro": {"litellm_provider": "vertex_ai-language-models"}}
    assert Ids(models).find("google-vertex", "gemini-2.5-pro") == ["gemini-2.5-pro"]
    assert Ids(models).find("google", "gemini-2.5-pro") == []
    assert family("vertex_ai-language-models") == family("google-vertex")


@pytest.mark.parametrize("module", ["ids", "entries", "write", "official", "sources.azure"])
def test_examples(module):
    """The examples in the tool's docstrings are true."""
    result = doctest.testmod(importlib.import_module(f"tools.prices.{module}"))
    assert result.attempted
    assert not result.failed
