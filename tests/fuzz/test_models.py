"""Every model of the map with calls as its providers answer them, and its prices against plain arithmetic.

LLMCOST_FUZZ=40000 pytest -m fuzz -s tests/fuzz/test_models.py   as many of each; LLMCOST_FUZZ_SEED=5 tries others
"""

from __future__ import annotations

import json
import os
import random
import re
import warnings
from collections import Counter
from decimal import Clamped, Context, Inexact, Overflow, Rounded, Subnormal, Underflow, localcontext
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from llmcost import CostMap, LLMCostError, LLMCostWarning

from .test_responses import check_cost

DATA = Path(__file__).resolve().parents[2] / "data" / "model_prices.json"
FEW = 400
MANY = int(os.environ.get("LLMCOST_FUZZ", "80_000"))
SEED = int(os.environ.get("LLMCOST_FUZZ_SEED", "1"))


@cache
def rows() -> dict[str, dict]:
    """Return the rows of the bundled map, read by themselves; numbers as the file writes them."""
    return json.loads(DATA.read_bytes(), parse_float=str, parse_int=str)


def _chat(model, chance):
    prompt, answer = chance.randrange(1, 250_000), chance.randrange(1, 9_000)
    cached, heard = chance.randrange(prompt + 1), chance.randrange(2) * chance.randrange(50)
    thought = chance.randrange(answer + 1)
    details = {"cached_tokens": min(cached, prompt - min(heard, prompt)), "audio_tokens": min(heard, prompt)}
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
        "prompt_tokens_details": chance.choice([None, details, {"cached_tokens": cached}, {}]),
        "completion_tokens_details": chance.choice([None, {"reasoning_tokens": thought}]),
    }
    tier = chance.choice([None, "default", "flex", "priority"])
    return {"object": "chat.completion", "model": model, "choices": [], "service_tier": tier, "usage": usage}


def _message(model, chance):
    writes, hours = chance.randrange(4000), chance.randrange(4000)
    usage = {
        "input_tokens": chance.randrange(1, 250_000),
        "output_tokens": chance.randrange(1, 9_000),
        "cache_read_input_tokens": chance.choice([0, 0, 20_000]),
        "cache_creation_input_tokens": writes + hours,
        "cache_creation": {"ephemeral_5m_input_tokens": writes, "ephemeral_1h_input_tokens": hours},
        "server_tool_use": chance.choice([None, {"web_search_requests": 2}]),
        "service_tier": "standard",
    }
    return {"type": "message", "role": "assistant", "model": model, "content": [], "usage": usage}


def _generated(model, chance):
    prompt, answer, thought = chance.randrange(1, 250_000), chance.randrange(1, 9_000), chance.randrange(3_000)
    kind = chance.choice(["TEXT", "IMAGE", "AUDIO"])
    usage = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": answer,
        "thoughtsTokenCount": thought,
        "cachedContentTokenCount": chance.choice([0, prompt // 2]),
        "totalTokenCount": prompt + answer + thought,
        "promptTokensDetails": [{"modality": kind, "tokenCount": prompt}],
    }
    return {"candidates": [{"content": {"parts": []}}], "modelVersion": model, "usageMetadata": usage}


def _converse(model, chance):
    prompt, answer = chance.randrange(1, 250_000), chance.randrange(1, 9_000)
    usage = {"inputTokens": prompt, "outputTokens": answer, "totalTokens": prompt + answer}
    return {"output": {"message": {"role": "assistant", "content": []}}, "stopReason": "end_turn", "usage": usage}


def _response(model, chance):
    prompt, answer = chance.randrange(1, 250_000), chance.randrange(1, 9_000)
    usage = {
        "input_tokens": prompt,
        "input_tokens_details": {"cached_tokens": chance.choice([0, prompt // 3])},
        "output_tokens": answer,
        "output_tokens_details": {"reasoning_tokens": answer // 2},
        "total_tokens": prompt + answer,
    }
    output = chance.choice([[], [{"type": "web_search_call", "status": "completed", "action": {"type": "search"}}]])
    return {"object": "response", "model": model, "status": "completed", "output": output, "usage": usage}


def _embedded(model, chance):
    many = chance.randrange(1, 9_000)
    data = [{"object": "embedding", "index": 0, "embedding": [0.1]}]
    return {"object": "list", "model": model, "data": data, "usage": {"prompt_tokens": many, "total_tokens": many}}


def _drawn(model, chance):
    usage = {"input_tokens": 50, "output_tokens": 1056, "total_tokens": 1106, "input_tokens_details": {}}
    return {"created": 1, "data": [{"url": "x"}] * 2, "usage": chance.choice([usage, None]), "model": model}


def _heard(model, chance):
    tokens = {
        "type": "tokens",
        "input_tokens": 200,
        "output_tokens": 30,
        "total_tokens": 230,
        "input_token_details": {"text_tokens": 0, "audio_tokens": 200},
    }
    return {"text": "x", "model": model, "usage": chance.choice([tokens, {"type": "duration", "seconds": 61}])}


def _ranked(model, chance):
    return {"id": "x", "results": [{"index": 0, "relevance_score": 0.5}], "meta": {"billed_units": {"search_units": 2}}}


def _scanned(model, chance):
    return {"model": model, "pages": [{"index": 0, "markdown": "x"}], "usage_info": {"pages_processed": 3}}


def _filmed(model, chance):
    return {"object": "video", "model": model, "seconds": "8", "size": "1280x720", "status": "completed"}


def _turn(model, chance):
    usage = {
        "input_tokens": 300,
        "output_tokens": 100,
        "total_tokens": 400,
        "input_token_details": {"text_tokens": 100, "audio_tokens": 200, "cached_tokens": 0},
        "output_token_details": {"text_tokens": 40, "audio_tokens": 60},
    }
    return {"type": "response.done", "response": {"object": "realtime.response", "usage": usage, "model": model}}


TEXT = (_chat, _chat, _message, _generated, _converse, _response)
BY_MODE = {
    "embedding": (_embedded, _generated),
    "image_generation": (_drawn, _generated),
    "image_edit": (_drawn,),
    "audio_transcription": (_heard, _chat),
    "video_generation": (_filmed,),
    "rerank": (_ranked,),
    "ocr": (_scanned,),
    "realtime": (_turn,),
}
FACTS = (
    *[{}] * 6,
    {"batch": True},
    {"region": "eu-west-1"},
    {"service_tier": "flex"},
    {"duration": 12.5},
    {"n": 2},
    {"size": "1024x1024", "quality": "high"},
    {"characters": 300},
    {"web_searches": 2},
    {"at": "2025-11-01"},
    {"elapsed": 3},
)


def call(seed):
    """Return the model, the response and the facts of a number: each model has its turn."""
    chance, names = random.Random(seed), list(rows())
    name = names[seed % len(names)]
    made = chance.choice(BY_MODE.get(str(rows()[name].get("mode")), TEXT))
    return name, made(name, chance), dict(chance.choice(FACTS))


def price(prices, seed, told):
    """Price a call of one model: a cost that says what it is, or an error; the float warns where it is no whole."""
    name, response, facts = call(seed)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            cost = prices.calculate(response, model=name, **facts)
        except LLMCostError as error:
            assert str(error)
            told[type(error).__name__] += 1
            return
        check_cost(cost, verbose=False)
        told["priced" if cost.complete else "marked"] += 1
        if seed % 10 == 0:
            try:
                found = prices.completion_cost(response, model=name, **facts)
            except LLMCostError:
                assert cost.unpriced
                return
            assert found == cost.response_cost
    assert all(issubclass(one.category, LLMCostWarning) for one in warned)


def sweep(prices, first, many):
    """Price calls of many seeds; return how they ended."""
    told = Counter()
    for seed in range(first, first + many):
        try:
            price(prices, seed, told)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {call(seed)}: {error!r}") from error
    return told


def test_calls_of_some_models():
    """Each ends with a cost whose total of 0 has a reason, or with an error; half of them are priced whole."""
    told = sweep(CostMap.bundled(), 0, FEW)
    assert told["priced"] > FEW / 2


@pytest.mark.fuzz
@pytest.mark.timeout(0)
def test_calls_of_every_model(capsys):
    """The long form."""
    told = sweep(CostMap.bundled(), SEED * 10**9, MANY)
    with capsys.disabled():
        print(f"\ncalls of {len(rows())} models: {dict(told)}; 0 failures")


# Keys of a row that change what a token costs, or that add a line of their own.
PLAIN = {"input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"}
# Keys whose condition or whose unit no such call has.
UNUSED = re.compile("_above_|search|^cache_creation|_audio_|_image|_flex$|_priority$|_batches$")
OTHERS = ("tiered_pricing", "off_peak_pricing", "alias_of", "free", "provider_specific_entry", "uplift", "surcharge")


def is_plain(row):
    """Return whether what a text call of few tokens costs follows from three numbers of a row."""
    words = [key for key, value in row.items() if "cost" in key or any(other in key for other in OTHERS)]
    others = [key for key in words if key not in PLAIN and not UNUSED.search(key)]
    priced = {"input_cost_per_token", "output_cost_per_token"} <= row.keys() and not others
    # Perplexity's models search at each call: https://docs.perplexity.ai/getting-started/pricing
    priced = priced and not (row.get("litellm_provider") == "perplexity" and "search_context_cost_per_query" in row)
    return row.get("mode") == "chat" and priced and all(Fraction(row[key]) > 0 for key in PLAIN & row.keys())


def expected(row, usage):
    """Return what a call costs by the three numbers."""
    read = usage["prompt_tokens_details"]["cached_tokens"]
    fresh = (usage["prompt_tokens"] - read) * Fraction(row["input_cost_per_token"])
    cached = read * Fraction(row["cache_read_input_token_cost"]) if read else 0
    return fresh + cached + usage["completion_tokens"] * Fraction(row["output_cost_per_token"])


# Contexts of a caller, none of which changes a digit.
CONTEXTS = (
    Context(),
    Context(prec=1),
    Context(prec=5, capitals=0),
    Context(prec=3, traps=[Inexact, Rounded, Subnormal, Underflow, Overflow, Clamped]),
    Context(prec=28, Emax=2, Emin=-2),
    Context(prec=9, clamp=1),
)


def exact(prices, first, many):
    """Compare costs of plain models with exact arithmetic, in every context; return them and their sum."""
    plain = sorted(name for name, row in rows().items() if is_plain(row))
    assert len(plain) > 1000
    costs, whole = [], Fraction(0)
    for seed in range(first, first + many):
        chance = random.Random(seed)
        name = plain[seed % len(plain)]
        prompt, row = chance.randrange(1, 9000), rows()[name]
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": chance.randrange(1, 9000),
            "prompt_tokens_details": {
                "cached_tokens": chance.randrange(prompt) * ("cache_read_input_token_cost" in row)
            },
        }
        with localcontext(CONTEXTS[seed % len(CONTEXTS)]):
            cost = prices.calculate({"object": "chat.completion", "model": name, "usage": usage}, model=name)
            total, number = cost.total, cost.response_cost
        wanted = expected(row, usage)
        assert Fraction(total) == wanted == Fraction(*cost.as_integer_ratio()), (name, usage, total, wanted)
        assert number == wanted.numerator / wanted.denominator
        costs.append(cost)
        whole += wanted
    return costs, whole


def summed(costs, whole, chance):
    """Add costs in several orders: one sum."""
    for _ in range(3):
        chance.shuffle(costs)
        total = sum(costs)
        assert Fraction(total.total) == whole
        assert total.response_cost == whole.numerator / whole.denominator
    parts = [sum(costs[start::7]) for start in range(7)]
    assert Fraction(sum(parts).total) == whole


def test_some_prices_are_exact():
    """To the last digit what fractions give, in six decimal contexts; and their sum in any order."""
    summed(*exact(CostMap.bundled(), 0, FEW), random.Random(0))


@pytest.mark.fuzz
@pytest.mark.timeout(0)
def test_every_price_is_exact(capsys):
    """The long form, and sums of a million."""
    costs, whole = exact(CostMap.bundled(), SEED * 10**9, MANY)
    times = -(-1_000_000 // len(costs))
    summed(costs * times, whole * times, random.Random(SEED))
    with capsys.disabled():
        print(f"\nexact: {len(costs)} costs, sums of {len(costs) * times}; 0 failures")
