"""Prices that are another host's tomorrow: OpenRouter's, of models that several hosts serve."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

import llmcost
from llmcost import Usage

HERE = Path(__file__).resolve().parents[2] / "data"
RECORDS = json.loads((HERE / "provenance.json").read_bytes())
PRICES = llmcost.CostMap()


def codes(model, response=None, **facts):
    usage = None if response else Usage(input=1000)
    return [note.code for note in PRICES.calculate(response, usage=usage, model=model, **facts).notes]


@pytest.mark.parametrize(
    "model",
    [
        *("openrouter/z-ai/glm-5.3", "openrouter/moonshotai/kimi-k3"),
        *("openrouter/openai/gpt-oss-120b", "openrouter/google/gemma-3-27b-it"),
    ],
)
def test_an_open_model_of_a_gateway(model):
    """The note says that the cost in the response is the bill."""
    assert "moving_price" in codes(model)


@pytest.mark.parametrize(
    "model",
    [
        # Their maker alone hosts them; it costs nothing; it is no gateway's price.
        *("openrouter/openai/gpt-4o", "openrouter/anthropic/claude-opus-4.5", "openrouter/google/gemini-2.5-flash"),
        *("openrouter/x-ai/grok-4.5", "openrouter/qwen/qwen3-coder:free", "zai/glm-5.3"),
    ],
)
def test_a_price_that_stands(model):
    """There is nothing to say."""
    assert "moving_price" not in codes(model)


def test_the_bill_of_the_response_moves_no_more():
    """Where the response states what OpenRouter billed, that is the cost: 0.000071, and no price of the map is used."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010, "cost": 0.000071}
    response = {"id": "gen-1", "object": "chat.completion", "model": "z-ai/glm-5.3", "provider": "Z", "usage": usage}
    cost = PRICES.calculate(response, model="openrouter/z-ai/glm-5.3")
    assert cost.total == Decimal("0.000071")
    assert "moving_price" not in [note.code for note in cost.notes]


def test_every_other_row_of_openrouter_has_one_of_both():
    """A row moves, or its maker alone hosts it, or it is free or without a price."""
    rows = json.loads((HERE / "model_prices.json").read_bytes())
    ours = [name for name in rows if name.startswith("openrouter/")]
    moving = [name for name in ours if "moves" in RECORDS[name]]
    assert len(moving) > 300
    assert len(ours) - len(moving) > 300
    assert not [name for name in moving if rows[name].get("free")]
    others = [name for name in RECORDS if "moves" in RECORDS[name] and rows[name]["litellm_provider"] != "openrouter"]
    assert others == []


def test_the_command_line_shows_it():
    """``llmcost show`` says it below the confidence."""
    pytest.importorskip("click")
    from click.testing import CliRunner

    from llmcost.cli._app import app

    shown = CliRunner().invoke(app, ["show", "openrouter/z-ai/glm-5.3"]).stdout
    assert "moves       it is that of the host that OpenRouter lists first, and moves within days" in shown
