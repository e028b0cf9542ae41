"""Hints: a dialect is asked once, in a fixed order, and only when its key is there."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from llmcost.readers import dialects, read_usage

USAGE = {"prompt_tokens": 100, "completion_tokens": 5, "total_tokens": 105}


@pytest.mark.parametrize("name", sorted({*dialects._BY_COUNTER.values(), *dialects._BY_KEY.values()}))
def test_every_hint_has_its_module(name):
    """Each word of the tables is a module with the one function."""
    assert callable(import_module(f"llmcost.readers.dialects.{name}").correct)


def test_no_hint_loads_nothing():
    """A plain completion loads no dialect; a hinted one loads that alone."""
    program = (
        "import sys; from llmcost.readers import read_usage\n"
        "body = {'object': 'chat.completion', 'usage': {'prompt_tokens': 1, 'completion_tokens': 1}}\n"
        "inside = 'llmcost.readers.dialects.'\n"
        "loaded = lambda: sorted(m[len(inside):] for m in sys.modules if m.startswith(inside))\n"
        "read_usage(body); print(loaded()); read_usage({**body, 'x_groq': {}}); print(loaded())"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    plain, hinted = shown.splitlines()
    assert "groq" not in plain
    assert sorted({*eval(plain), "groq"}) == eval(hinted)  # noqa: S307 - two lists that this test printed


def test_the_order_of_keys_is_nothing():
    """Several hints at once give the same usage in whatever order the keys stand."""
    counters = {
        **USAGE,
        "cached_tokens": 40,
        "cache_read_input_tokens": 40,
        "prompt_cache_hit_tokens": 40,
        "num_sources_used": 2,
        "cost": 0.5,
        "service_tier": "priority",
    }
    body = {"object": "chat.completion", "id": "gen-1", "provider": "X", "x_groq": {}, "usage": counters}
    turned = {**dict(reversed(body.items())), "usage": dict(reversed(counters.items()))}
    assert read_usage(turned) == read_usage(body)
    assert read_usage(body).quantities == {"input": 60, "cache_read": 40, "output": 5, "web_searches": 2}


@pytest.mark.parametrize("key", sorted(dialects.USAGE_HINTS))
def test_a_null_counter_says_nothing(key):
    """A hinted counter that is null changes nothing."""
    body = {"object": "chat.completion", "model": "m", "usage": USAGE}
    assert read_usage({**body, "usage": {**USAGE, key: None}}) == read_usage(body)


@pytest.mark.parametrize("key", sorted(dialects.USAGE_HINTS))
def test_a_counter_of_zero_bills_nothing(key):
    """A hinted counter of 0 adds no quantity."""
    body = {"object": "chat.completion", "model": "m", "usage": {**USAGE, key: 0}}
    assert {m: q for m, q in read_usage(body).quantities.items() if m != "web_searches"} == {"input": 100, "output": 5}
