"""The example of a gateway: the cost in a header, and an answer when pricing fails."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.servers.provider import events, whole
from tests.tracking.test_clients import ASK, CHAT, CHUNKS

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def gateway(provider, monkeypatch):
    pytest.importorskip("fastapi")
    pytest.importorskip("openai")
    from fastapi.testclient import TestClient

    monkeypatch.setenv("OPENAI_API_KEY", "x")
    monkeypatch.setenv("OPENAI_BASE_URL", f"{provider.url}/v1")
    path = Path(__file__).parents[2] / "examples" / "gateway.py"
    spec = importlib.util.spec_from_file_location("gateway", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "gateway", module)
    spec.loader.exec_module(module)
    with TestClient(module.app) as client:
        client.module = module
        yield client


def test_the_cost_is_a_header(gateway, provider):
    """0.0035 USD; unknown for a model without a price, and 0 for a refusal. The answer is the provider's."""
    provider.gives(whole(CHAT))
    answer = gateway.post("/v1/chat/completions", json=ASK, headers={"x-team": "search"})
    assert (answer.json(), answer.headers["x-llm-cost"]) == (CHAT, "0.0035")
    provider.gives(whole({**CHAT, "model": "nobodys-model"}))
    answer = gateway.post("/v1/chat/completions", json={**ASK, "model": "nobodys-model"})
    assert (answer.status_code, answer.headers["x-llm-cost"]) == (200, "unknown")
    provider.gives(whole({"error": {"message": "no"}}, status=400))
    answer = gateway.post("/v1/chat/completions", json=ASK)
    assert (answer.status_code, answer.headers["x-llm-cost"]) == (400, "0.00")
    assert gateway.module.calls == {}


def test_pricing_fails(gateway, provider, monkeypatch):
    """Whatever pricing raises, the answer is sent."""

    def broken(*args, **keywords):
        raise ZeroDivisionError

    monkeypatch.setattr(gateway.module.tracker, "cost_map", type("Broken", (), {"calculate": broken})())
    provider.gives(whole(CHAT))
    answer = gateway.post("/v1/chat/completions", json=ASK)
    assert (answer.json(), answer.headers["x-llm-cost"]) == (CHAT, "unknown")
    assert "ZeroDivisionError" in gateway.get("/costs").json()["errors"]


def test_a_stream(gateway, provider):
    """It is passed on without the chunk that the gateway asked for, and is counted."""
    provider.gives(events(CHUNKS))
    answer = gateway.post("/v1/chat/completions", json={**ASK, "stream": True})
    assert answer.text.count('"choices": []') == 0
    assert answer.text.count("data: ") == 3
    assert (gateway.get("/costs").json()["priced"], gateway.get("/costs").json()["cost"]) == ("1", "0.0035")
