"""What the tests of the command line share: a runner, and a price map of two models with round numbers."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from llmcost.cli._app import app

# USD per token: 1 and 4 per million, cache reads a tenth; the other model twice as much, without a cache rate.
PRICES = {
    "small-1": {
        "input_cost_per_token": 1e-6,
        "cache_read_input_token_cost": 1e-7,
        "output_cost_per_token": 4e-6,
        "input_cost_per_token_flex": 5e-7,
        "output_cost_per_token_flex": 2e-6,
        "litellm_provider": "acme",
        "mode": "chat",
        "max_input_tokens": 100000,
    },
    "large-1": {
        "input_cost_per_token": 2e-6,
        "output_cost_per_token": 8e-6,
        "litellm_provider": "acme",
        "mode": "chat",
        "retired_on": "2026-01-31",
    },
    "clock-1": {"input_cost_per_second": 0.001, "litellm_provider": "acme", "mode": "audio_transcription"},
}


@pytest.fixture
def price_map(tmp_path):
    """The path of a JSON price map."""
    path = tmp_path / "map" / "prices.json"
    path.parent.mkdir()
    path.write_text(json.dumps(PRICES))
    return str(path)


@pytest.fixture(scope="session")
def runner():
    """A runner whose results keep standard output and standard error apart."""
    return CliRunner()


@pytest.fixture
def run(runner, price_map):
    """Run a command on the small map; the result has exit_code, stdout and stderr."""

    def invoke(command, *args, stdin=None):
        result = runner.invoke(app, [command, "--map", price_map, *map(str, args)], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


@pytest.fixture
def completion():
    """Make a chat completion."""

    def make(model="small-1", prompt=1000, answer=100, cached=0, **more):
        usage = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
        if cached:
            usage["prompt_tokens_details"] = {"cached_tokens": cached}
        choices = [
            {"index": 0, "message": {"role": "assistant", "content": "Hi" if answer else ""}, "finish_reason": "stop"}
        ]
        return {"object": "chat.completion", "model": model, "choices": choices, "usage": usage, **more}

    return make
