"""What a proxy sells by the request: tools of MCP servers, and endpoints that it passes through."""

from __future__ import annotations

import re
import warnings
from decimal import Decimal

import pytest

from llmcost import ConfigError, UnknownModelError, Usage
from llmcost.errors import ConfigWarning

SERVERS = {
    "zapier": {
        "url": "https://mcp.example/zapier",
        "mcp_info": {
            "mcp_server_cost_info": {
                "default_cost_per_query": 0.01,
                "tool_name_to_cost_per_query": {"send_email": 0.05, "list": None},
            }
        },
    },
    "free": {"url": "https://mcp.example/free"},
}
ENDPOINTS = [
    {"path": "/v1/rerank", "target": "https://rerank.example", "cost_per_request": "2.5"},
    {"path": "/v1/plain", "target": "https://plain.example"},
]


@pytest.mark.parametrize(
    ("model", "total", "key"),
    [
        ("zapier/send_email", "0.05", "zapier/send_email"),
        ("zapier/list", "0.01", "zapier/*"),
        ("zapier/anything", "0.01", "zapier/*"),
    ],
)
def test_a_tool(bundled, model, total, key):
    """A tool costs its own price, and else that of its server."""
    cost = bundled.with_config({"mcp_servers": SERVERS}).calculate(model=model, usage=Usage(requests=1))
    assert cost.total == Decimal(total)
    [line] = cost.line_items
    assert (line.meter, line.quantity, line.layer, line.map_key) == ("requests", 1, "config mcp_servers", key)


def test_several_calls_of_a_tool(bundled):
    """3 x 0.05 = 0.15."""
    cost = bundled.with_config({"mcp_servers": SERVERS}).calculate(model="zapier/send_email", usage=Usage(requests=3))
    assert cost.total == Decimal("0.15")


def test_an_endpoint(bundled):
    """One request at 2.5."""
    prices = bundled.with_config({"general_settings": {"pass_through_endpoints": ENDPOINTS}})
    cost = prices.calculate(model="/v1/rerank", usage=Usage(requests=1))
    assert (cost.total, cost.line_items[0].layer) == (Decimal("2.5"), "config pass_through_endpoints")
    assert [deployment.alias for deployment in prices.deployments] == ["/v1/rerank"]


@pytest.mark.parametrize("wrong", [-1, "a lot", float("inf"), True])
def test_a_price_that_is_none(bundled, wrong):
    """It is named with its address, and nothing is half applied."""
    servers = {"zapier": {"mcp_info": {"mcp_server_cost_info": {"default_cost_per_query": wrong}}}}
    with pytest.raises(ConfigError, match=r"zapier\.mcp_info\.mcp_server_cost_info\.default_cost_per_query"):
        bundled.with_config({"mcp_servers": servers})
    with pytest.raises(ConfigError, match=r"pass_through_endpoints\[0\]\.cost_per_request"):
        bundled.with_config(
            {"general_settings": {"pass_through_endpoints": [{"path": "/a", "cost_per_request": wrong}]}}
        )


def test_a_price_of_the_environment(bundled, monkeypatch):
    """A reference is looked up; a variable that is not set is named, and what one holds is not shown."""
    price = {"zapier": {"mcp_info": {"mcp_server_cost_info": {"default_cost_per_query": "os.environ/MCP_PRICE"}}}}
    monkeypatch.setenv("MCP_PRICE", "0.02")
    cost = bundled.with_config({"mcp_servers": price}).calculate(model="zapier/x", usage=Usage(requests=1))
    assert cost.total == Decimal("0.02")
    monkeypatch.setenv("MCP_PRICE", "secret")
    with pytest.raises(ConfigError, match="the variable does not hold a number") as caught:
        bundled.with_config({"mcp_servers": price})
    assert "secret" not in str(caught.value)
    monkeypatch.delenv("MCP_PRICE")
    with pytest.raises(ConfigError, match="the variable MCP_PRICE is not set"):
        bundled.with_config({"mcp_servers": price})


SEARCHES = [
    {"search_tool_name": "own", "litellm_params": {"search_provider": "tavily", "input_cost_per_query": 0.002}},
    {"search_tool_name": "plain", "litellm_params": {"search_provider": "tavily", "api_key": "sk-secret"}},
    {"search_tool_name": "unnamed", "litellm_params": {"api_key": "sk-secret"}},
]


@pytest.mark.parametrize("place", ["top", "general_settings"])
@pytest.mark.parametrize(
    ("tool", "usd", "layer"),
    [("own", "0.004", "config search_tools"), ("plain", "0.016", "map")],  # 2 x 0.002; 2 x 0.008, Tavily's own price
)
def test_a_search(bundled, place, tool, usd, layer):
    """A search tool has its own price, else that of its provider."""
    block = {"search_tools": SEARCHES}
    prices = bundled.with_config(block if place == "top" else {place: block})
    cost = prices.calculate(model=tool, usage=Usage(queries=2))
    assert (cost.total, [line.layer for line in cost.line_items]) == (Decimal(usd), [layer])


def test_a_search_without_a_provider_is_none(bundled):
    """Nothing says whose it is."""
    with pytest.raises(UnknownModelError):
        bundled.with_config({"search_tools": SEARCHES}).calculate(model="unnamed", usage=Usage(queries=1))


@pytest.mark.parametrize("block", ["agents", "agent_list"])
@pytest.mark.parametrize(
    ("params", "usd"),
    [
        ({"cost_per_query": 0.03}, "0.03"),
        ({"input_cost_per_token": 1e-06, "output_cost_per_token": "2e-06"}, "0.0012"),  # 1000 and 100 tokens
        ({"cost_per_query": 0.03, "input_cost_per_token": 1e-06}, "0.03"),  # the price of a call counts alone
        ({"cost_per_query": 0}, "0"),
    ],
)
def test_an_agent(bundled, block, params, usd):
    """By its name, and as LiteLLM's responses name it."""
    prices = bundled.with_config({block: [{"agent_name": "helper", "litellm_params": params}]})
    for name in ("helper", "a2a/helper"):
        usage = Usage(input=1000, output=100, requests=1)
        assert prices.calculate(model=name, usage=usage).total == Decimal(usd)


def test_what_has_no_price(bundled):
    """Such an agent is an unknown model, and not free."""
    prices = bundled.with_config({"agents": [{"agent_name": "helper", "litellm_params": {"model": "openai/gpt-4o"}}]})
    with pytest.raises(UnknownModelError):
        prices.calculate(model="helper", usage=Usage(requests=1))


@pytest.mark.parametrize(
    ("config", "address"),
    [
        (
            {"agents": [{"agent_name": "a", "litellm_params": {"cost_per_query": -1}}]},
            "agents[0].litellm_params.cost_per_query",
        ),
        (
            {
                "search_tools": [
                    {
                        "search_tool_name": "s",
                        "litellm_params": {"search_provider": "tavily", "input_cost_per_query": "much"},
                    }
                ]
            },
            "search_tools[0].litellm_params.input_cost_per_query",
        ),
        ({"agents": [{"agent_name": "a", "litellm_params": {"input_cost_per_token": True}}]}, "USD a token"),
    ],
)
def test_a_price_of_an_agent_or_a_search_that_is_none(bundled, config, address):
    """It is named with its address; nothing is priced as the provider's search in its place."""
    with pytest.raises(ConfigError, match=re.escape(address)):
        bundled.with_config(config)


def test_prices_that_are_not_read_there(bundled):
    """A search has one price, and it stands in ``litellm_params``."""
    wrong = {"search_tool_name": "s", "litellm_params": {"search_provider": "tavily", "output_cost_per_token": 1}}
    with pytest.warns(ConfigWarning, match=r"search_tools\[0\]\.litellm_params.*never used"):
        bundled.with_config({"search_tools": [wrong]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bundled.with_config({"search_tools": SEARCHES})
