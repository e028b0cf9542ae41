"""What a proxy sells beside models: tools of MCP servers, searches, agents, and endpoints that it passes through.

https://docs.litellm.ai/docs/mcp_cost, https://docs.litellm.ai/docs/search, https://docs.litellm.ai/docs/a2a_cost_tracking
and https://docs.litellm.ai/docs/proxy/pass_through
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..core.meters import METERS
from ..errors import PriceDataError
from ..prices.deployment import Deployment
from ..prices.entries import compile_entry
from ..prices.layers import Layer
from .environment import Environment, Unset, is_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .document import Node
    from .problems import Problems

TOOLS, ENDPOINTS = "config mcp_servers", "config pass_through_endpoints"
SEARCHES, AGENTS = "config search_tools", "config agents"
_OF_REQUEST, _OF_SEARCH = METERS["requests"].keys[0], METERS["queries"].keys[0]
# Prices of an agent, if a call of it has none.
_OF_TOKENS = (METERS["input"].keys[0], METERS["output"].keys[0])
# The price keys that are read in ``litellm_params`` of the entries of these blocks.
READ = {"search_tools": {_OF_SEARCH}, "agents": {*_OF_TOKENS}, "agent_list": {*_OF_TOKENS}}
# Where the prices of tools stand.
SERVERS = "mcp_servers."


class _Sold(NamedTuple):
    """What is sold under a name.

    Attributes:
        name: as callers name it.
        layer: where its prices stand.
        prices: price key, address and node of each price.
        backend: the model behind it, or "".
        stated: address and node of what is sold.
    """

    name: str
    layer: str
    prices: list[tuple[str, str, Node]]
    backend: str
    stated: tuple[str, Node]


def deployments_by_request(
    block_of: Callable[[str], Node | None], environment: Environment, problems: Problems
) -> list[Deployment]:
    """Return a deployment for each of ``SERVER/TOOL``, ``SERVER/*``, the paths of endpoints, searches and agents.

    One without a price of its own is left out, unless a known search stands behind it.

    Args:
        block_of: returns a block of the top level by its name, or None.
        environment: where references such as ``os.environ/PRICE`` are looked up.
        problems: takes every price that cannot be billed by.
    """
    settings = block_of("general_settings")
    searches = block_of("search_tools") or (settings.get("search_tools") if settings is not None else None)
    agents = block_of("agents") or block_of("agent_list")
    found = []
    for sold in (*_tools(block_of("mcp_servers")), *_endpoints(settings), *_searches(searches), *_agents(agents)):
        layer = _layer(sold, environment, problems)
        if layer is not None or (sold.backend and not sold.prices):
            address, node = sold.stated
            layers = (layer,) if layer is not None else ()
            backend = sold.backend or sold.name
            found.append(Deployment(sold.name, backend, layers=layers, address=address, place=str(node.place)))
    return found


def _layer(sold: _Sold, environment: Environment, problems: Problems) -> Layer | None:
    """Return the prices of what is sold; None if there are none, or one of them is wrong, which is reported."""
    prices: dict[str, object] = {}
    for key, address, node in sold.prices:
        try:
            prices[key] = environment.value(node)
            compile_entry({key: prices[key]}, sold.layer, sold.name)
        except Unset as missing:
            problems.error(node, address, f"the variable {missing.name} is not set; the price depends on it", show=True)
            return None
        except PriceDataError:
            held = "the variable does not hold a number >= 0" if is_reference(node.value) else ""
            unit = "token" if key in _OF_TOKENS else "request"
            problems.error(node, address, held or f"a price is a finite number >= 0, in USD a {unit}", show=True)
            return None
    return Layer(compile_entry(prices, sold.layer, sold.name)) if prices else None


def _tools(servers: Node | None) -> Iterator[_Sold]:
    for server, node in (servers.fields if servers is not None else {}).items():
        info = node.get("mcp_info")
        costs = info.get("mcp_server_cost_info") if info is not None else None
        if costs is None:
            continue
        address = f"{SERVERS}{server}.mcp_info.mcp_server_cost_info"
        each = costs.get("tool_name_to_cost_per_query")
        for tool, price in (each.fields if each is not None else {}).items():
            yield from _of_request(f"{server}/{tool}", TOOLS, f"{address}.tool_name_to_cost_per_query.{tool}", price)
        yield from _of_request(
            f"{server}/*", TOOLS, f"{address}.default_cost_per_query", costs.get("default_cost_per_query")
        )


def _endpoints(settings: Node | None) -> Iterator[_Sold]:
    listed = settings.get("pass_through_endpoints") if settings is not None else None
    for index, node in enumerate(listed.elements if listed is not None else ()):
        path = node.get("path")
        if path is not None and path.text:
            address = f"general_settings.pass_through_endpoints[{index}].cost_per_request"
            yield from _of_request(path.text, ENDPOINTS, address, node.get("cost_per_request"))


def _of_request(name: str, layer: str, address: str, price: Node | None) -> Iterator[_Sold]:
    if price is not None and price.value is not None:
        yield _Sold(name, layer, [(_OF_REQUEST, address, price)], "", (address, price))


def _searches(listed: Node | None) -> Iterator[_Sold]:
    for index, node in enumerate(listed.elements if listed is not None else ()):
        name, params = node.get("search_tool_name"), node.get("litellm_params")
        provider = params.get("search_provider") if params is not None else None
        if name is not None and name.text and params is not None and provider is not None and provider.text:
            address = f"search_tools[{index}]"
            prices = _prices(params, {_OF_SEARCH: _OF_SEARCH}, f"{address}.litellm_params")
            yield _Sold(name.text, SEARCHES, prices, f"{provider.text}/search", (address, node))


def _agents(listed: Node | None) -> Iterator[_Sold]:
    for index, node in enumerate(listed.elements if listed is not None else ()):
        name, params = node.get("agent_name"), node.get("litellm_params")
        if name is not None and name.text and params is not None:
            address = f"agents[{index}]"
            where = f"{address}.litellm_params"
            # The price of a call takes the place of those of its tokens.
            prices = _prices(params, {"cost_per_query": _OF_REQUEST}, where) or _prices(
                params, dict(zip(_OF_TOKENS, _OF_TOKENS, strict=True)), where
            )
            if prices:
                yield _Sold(name.text, AGENTS, prices, f"a2a/{name.text}", (address, node))


def _prices(params: Node, keys: dict[str, str], address: str) -> list[tuple[str, str, Node]]:
    """Return the prices that stand under these keys, each under its price key."""
    stated = [(price_key, f"{address}.{key}", params.get(key)) for key, price_key in keys.items()]
    return [(key, where, node) for key, where, node in stated if node is not None and node.value is not None]
