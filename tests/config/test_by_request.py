"""What a proxy sells by the request: tools of MCP servers, and endpoints that it passes through."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import ConfigError, Usage

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
