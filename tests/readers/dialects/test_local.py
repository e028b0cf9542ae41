"""Servers on the caller's own machine: the names of their models are makers' names, and no price of theirs holds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, UnknownModelError, read_usage

COUNTERS = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
CHAT = {"object": "chat.completion", "id": "c", "model": "maker-m", "choices": [], "usage": COUNTERS}
TIMES = {"prompt_n": 1000, "predicted_n": 100, "prompt_ms": 1.5}
SERVERS = {
    "ollama": {"system_fingerprint": "fp_ollama"},
    "llama_cpp": {"system_fingerprint": "b6123-0a1b2c3", "timings": TIMES},
    "lm_studio": {"system_fingerprint": "maker-m", "stats": {}},
}
PRICES = {
    "maker-m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "litellm_provider": "maker"},
    "ollama/small": {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0, "litellm_provider": "ollama"},
}


@pytest.mark.parametrize("server", SERVERS)
def test_a_local_server_has_no_price_of_a_maker(server):
    """The same name costs 1,000 x 1e-06 + 100 x 2e-06 at its maker; a stream says the same as the whole."""
    prices, local = CostMap(PRICES), {**CHAT, **SERVERS[server]}
    begun = {**local, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "x"}}]}
    chunks = [{name: value for name, value in begun.items() if name != "usage"}, {**local, "object": begun["object"]}]

    assert read_usage(local).provider == read_usage(chunks).provider == server
    assert prices.calculate(CHAT).total == Decimal("0.0012")
    for body in (local, chunks):
        with pytest.raises(UnknownModelError):
            prices.calculate(body)
        with pytest.raises(UnknownModelError):
            prices.calculate(body, model="maker-m")
    # Another name of the caller's, a provider, and a registered price are what they say.
    assert prices.calculate({**local, "model": "mine"}, model="maker-m").total == Decimal("0.0012")
    assert prices.calculate(local, provider="maker").total == Decimal("0.0012")
    prices.register({"maker-m": {"input_cost_per_token": 0, "output_cost_per_token": 0}})
    assert prices.calculate(local).total == 0


def test_ollamas_own_api_has_ollamas_rows():
    """A model of any size is free where its row is, and a maker's name without such a row is unknown."""
    body = {"model": "small:7b", "done": True, "prompt_eval_count": 10, "eval_count": 5}
    prices = CostMap(PRICES)
    assert prices.calculate(body).total == prices.calculate(body, model="small").total == 0
    with pytest.raises(UnknownModelError):
        prices.calculate({**body, "model": "maker-m"})
    assert prices.calculate(body, model="maker-m").total == Decimal("0.00002")


def test_a_span_that_names_a_local_server_has_no_price_of_a_maker():
    """A span's word is weaker than a proof, and no other seller stands in for a machine of one's own."""
    span = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "ollama", "gen_ai.request.model": "maker-m"}
    span |= {"gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100}
    prices = CostMap(PRICES)
    with pytest.raises(UnknownModelError):
        prices.calculate(span)
    assert prices.calculate({**span, "gen_ai.request.model": "small:7b"}).total == 0
    assert prices.calculate({**span, "gen_ai.request.model": "mine"}, model="maker-m").total == Decimal("0.0012")
    assert prices.calculate({**span, "gen_ai.provider.name": "elsewhere"}).total == Decimal("0.0012")


@pytest.mark.parametrize(
    "beside",
    [
        {"system_fingerprint": "fp_44709d6fcb"},
        {"timings": {"inference": 1.5}},
        {"stats": {}},
        {"stats": None, "system_fingerprint": "maker-m"},
    ],
)
def test_what_proves_no_server(beside):
    """Others may use the same keys."""
    assert read_usage({**CHAT, **beside}).provider is None
