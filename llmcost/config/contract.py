"""The blocks ``llmcost`` of a configuration: prices with dates and regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import did_you_mean
from ..prices.contract import FROM, REGIONS, UNTIL, WHEN, Block, Contract, overlaps, regions_of, span_in
from ..prices.contract_rows import PRICES
from ..prices.entries import BLOCK
from .blocks import is_price_key, read_block
from .document import Node
from .typos import unknown_key

if TYPE_CHECKING:
    from ..prices.entry import Entry
    from .environment import Environment
    from .problems import Problems

# Keys of a block that are prices without looking like one.
_ALSO = frozenset({"free"})


def contract_of(
    options: Node | None,
    address: str,
    flat: Entry,
    facts: dict[str, object],
    environment: Environment,
    problems: Problems,
) -> Contract | None:
    """Return the prices with dates and regions that stand in a block ``llmcost``; None without any.

    Args:
        options: the block.
        address: that of what it stands in, such as ``model_list[2].model_info``.
        flat: what the flat keys beside it say.
        facts: what is said of the model besides prices.
        environment: where references such as ``os.environ/PRICE`` are looked up.
        problems: takes everything that is wrong with it.
    """
    listed = options.get(PRICES) if options is not None else None
    if listed is None or listed.value is None:
        return None
    where = f"{address}.{BLOCK}.{PRICES}"
    if not isinstance(listed.value, list):
        problems.error(listed, where, "a list of blocks is expected: - {from: 2026-01-01, input_cost_per_token: ...}")
        return None
    found: list[tuple[Block, Node]] = []
    for index, node in enumerate(listed.elements):
        block = _block(node, f"{where}[{index}]", f"{BLOCK}.{PRICES}[{index}]", flat, facts, environment, problems)
        if block is not None:
            found.append((block, node))
    base = Block("", flat)
    places = {id(block): node for block, node in found}
    for one, other, key in overlaps([base, *(block for block, _ in found)]):
        node = places[id(other)]
        first = f"{address}.{key}" if one is base else f"{address}.{one.name}.{key}"
        line = "" if one is base else f" ({places[id(one)].place})"
        problems.error(
            node.get(key) or node,
            f"{address}.{other.name}.{key}",
            f"is also set by {first}{line} for the same time{' and region' if other.regions else ''}: "
            "end one of them with until, or leave one out",
        )
    return Contract(block for block, _ in found) if found else None


def _block(
    node: Node,
    address: str,
    name: str,
    flat: Entry,
    facts: dict[str, object],
    environment: Environment,
    problems: Problems,
) -> Block | None:
    if not isinstance(node.value, dict):
        problems.error(node, address, "a mapping of from, until, regions and price keys is expected", show=True)
        return None
    problems.repeated(node, address)
    prices: dict[str, Node] = {}
    wrong = len(problems.errors)
    for key, inner in node.fields.items():
        if key in WHEN:
            continue
        if is_price_key(key) or key in _ALSO:
            prices[key] = inner
        else:
            problems.error(inner, f"{address}.{key}", _no_key(key, problems), show=True)
    start, until = _edges(node, address, problems)
    regions = _regions(node.get(REGIONS), f"{address}.{REGIONS}", problems)
    entry = read_block(Node(prices, node.place, None, ()), address, flat.layer, flat.key, facts, environment, problems)
    if len(problems.errors) > wrong:
        return None
    if entry is None:
        problems.error(node, address, "sets no price")
        return None
    return Block(name, entry, start, until, regions)


def _edges(node: Node, address: str, problems: Problems) -> tuple[float, float]:
    """Return the moments from which on a block holds, and before which."""
    stated = {key: inner.value for key in (FROM, UNTIL) if (inner := node.get(key)) is not None}

    def report(key: str, why: str) -> None:
        problems.error(node.get(key) or node, f"{address}.{key}", why, show=True)

    return span_in(stated, "block", report)


def _regions(node: Node | None, address: str, problems: Problems) -> frozenset[str]:
    if node is None or node.value is None:
        return frozenset()
    try:
        return regions_of(node.data())
    except ValueError as problem:
        problems.error(node, address, str(problem), show=True)
    return frozenset()


def _no_key(key: str, problems: Problems) -> str:
    """Return what is wrong with a key of a block that is no price key, and the nearest key that there is."""
    near = did_you_mean(key, WHEN)
    if near:
        return f"is no key of a block.{near}"
    return unknown_key(key, problems) or "is no key of a block; there are from, until, regions and the price keys"
