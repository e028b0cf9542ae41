"""The bundled map, and maps with a configuration that a test writes out."""

from __future__ import annotations

import textwrap

import pytest

from llmcost import CostMap


@pytest.fixture(scope="session")
def bundled():
    """The prices that ship with the package."""
    return CostMap.bundled()


@pytest.fixture
def configured(bundled):
    """Return a function from the text of a configuration, and entries of a map, to a map with that configuration."""

    def make(text, entries=None):
        prices = CostMap(entries) if entries is not None else bundled
        return prices.with_config(textwrap.dedent(text))

    return make


@pytest.fixture
def chat():
    """Return a function to an OpenAI response of so many tokens."""

    def make(model="gpt-4o", prompt=1000, completion=500, **more):
        usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
        return {"object": "chat.completion", "model": model, "usage": {**usage, **more}}

    return make
