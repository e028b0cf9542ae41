"""What a proxy sells by the request: tools of MCP servers, and endpoints that it passes through.

https://docs.litellm.ai/docs/mcp_cost and https://docs.litellm.ai/docs/proxy/pass_through
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import PriceDataError
from ..prices.deployment import Deployment
from ..prices.entries import compile_entry
from ..prices.layers import Layer
from .environment import Environment, Unset, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .document import Node
    from .problems import Problems

TOOLS, ENDPOINTS = "config mcp_servers", "config pass_through_endpoints"
_KEY = "input_cost_per_request"
# Where the prices of tools stand.
SERVERS = "mcp_servers."


def deployments_by_request(
    servers: Node | None, settings: Node | None, environment: Environment, problems: Problems
) -> list[Deployment]:
    """Return a deployment for each price of a request: ``SERVER/TOOL``, ``SERVER/*``, and the path of an endpoint.

    Args:
        servers: the block ``mcp_servers``.
        settings: the block ``general_settings``.
        environment: where references such as ``os.environ/PRICE`` are looked up.
        problems: takes every price that cannot be billed by.
    """
    found = []
    for name, layer, address, node in (*_tools(servers), *_endpoints(settings)):
        if node.value is None:
            continue
        try:
            entry = compile_entry({_KEY: environment.value(node)}, layer, name)
        except Unset as missing:
            problems.error(node, address, f"the variable {missing.name} is not set; the price depends on it", show=True)
        except PriceDataError:
            held = "the variable does not hold a number >= 0" if is_reference(node.value) else ""
            problems.error(node, address, held or "a price is a finite number >= 0, in USD a request", show=True)
        else:
            found.append(
                Deployment(name, name, layers=(Layer(entry),), address=address, place=str(node.place)),
            )
    return found


def _tools(servers: Node | None) -> Iterator[tuple[str, str, str, Node]]:
    for server, node in (servers.fields if servers is not None else {}).items():
        info = node.get("mcp_info")
        costs = info.get("mcp_server_cost_info") if info is not None else None
        if costs is None:
            continue
        address = f"{SERVERS}{server}.mcp_info.mcp_server_cost_info"
        each = costs.get("tool_name_to_cost_per_query")
        for tool, price in (each.fields if each is not None else {}).items():
            yield f"{server}/{tool}", TOOLS, f"{address}.tool_name_to_cost_per_query.{tool}", price
        default = costs.get("default_cost_per_query")
        if default is not None:
            yield f"{server}/*", TOOLS, f"{address}.default_cost_per_query", default


def _endpoints(settings: Node | None) -> Iterator[tuple[str, str, str, Node]]:
    listed = settings.get("pass_through_endpoints") if settings is not None else None
    for index, node in enumerate(listed.elements if listed is not None else ()):
        path, price = node.get("path"), node.get("cost_per_request")
        if path is not None and path.text and price is not None:
            yield path.text, ENDPOINTS, f"general_settings.pass_through_endpoints[{index}].cost_per_request", price
