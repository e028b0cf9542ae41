"""Keys that have no effect as they stand: misspelt, in the wrong block, or twice in one mapping."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..errors import was_meant
from ..prices.entries import BLOCK
from ..prices.likeness import Likeness
from . import by_request, models
from .blocks import is_price_key
from .problems import TWICE

if TYPE_CHECKING:
    from pydantic import BaseModel

    from .document import Node
    from .problems import Problems

COST_SETTINGS = tuple(models.Settings.model_fields)
# Blocks of the top level, and what in them matters for prices.
_MATTERS = {"router_settings": tuple(models.Router.model_fields), "litellm_settings": COST_SETTINGS}
_PRICED: dict[str, type[BaseModel]] = {"model_info": models.ModelInfo, "litellm_params": models.Params}


# Blocks of the top level that are read.
_READ = (
    *("model_list", "include", "litellm_settings", "router_settings", "mcp_servers", "search_tools", "agents"),
    *("general_settings", BLOCK),
)
# Blocks of LiteLLM that are right and say little or nothing of prices, so that they are no misspelling of others.
_THEIRS = frozenset(
    {"environment_variables", "credential_list", "vector_store_registry", "default_vertex_config", "agent_list"}
)
_ALIKE = 0.8
_LISTED = tuple(models.Listed.model_fields)
# difflib would compare each key of a file with each of these.
_CLOSE = {names: Likeness(names) for names in (_READ, _LISTED)}


def check_misspelt(root: Node, problems: Problems) -> None:
    """Warn of a block with a name close to that of a block that is read, and of a file without any such block."""
    misspelt = _misspelt(root, "", _READ, problems)
    told = misspelt or any(map(is_price_key, root.fields))
    if root.fields and not told and not root.fields.keys() & {*_READ, *_THEIRS}:
        key, node = next(iter(root.fields.items()))
        problems.doubt(
            node, key, f"is not read, and nothing else in this file is. Blocks that are read: {', '.join(_READ)}"
        )
    listed = root.get("model_list")
    for index, node in enumerate(listed.elements if listed is not None else ()):
        _misspelt(node, f"model_list[{index}].", _LISTED, problems)


def _misspelt(block: Node, address: str, names: tuple[str, ...], problems: Problems) -> bool:
    """Warn of each name in a block that is nearly one of these; return whether there is such a name."""
    found = False
    for key, node in block.fields.items():
        if key not in names and key not in _THEIRS and not node.anchored:
            near = _CLOSE[names].close(key, 1, _ALIKE)
            if near:
                problems.doubt(node, f"{address}{key}", f"is not read.{was_meant(near[0][1])}")
                found = True
    return found


def check_misplaced(root: Node, problems: Problems) -> None:
    """Warn of prices that stand where no price is read."""
    settings = root.get("general_settings")
    within = [(key, f"general_settings.{key}", node) for key, node in settings.fields.items()] if settings else []
    for key, address, node in (*((key, key, node) for key, node in root.fields.items()), *within):
        if key in by_request.READ:
            _doubt_sold(node, address, by_request.READ[key], problems)
            continue
        if node is settings:
            continue
        if address != "model_list":
            _doubt(key, node, address, problems)
            continue
        for index, listed in enumerate(node.elements):
            for inner, block in listed.fields.items():
                place = f"model_list[{index}].{inner}"
                if inner not in _PRICED:
                    _doubt(inner, block, place, problems)
                    continue
                for name, below in block.fields.items():
                    if not is_price_key(name) and name != BLOCK:
                        _doubt_below(below, f"{place}.{name}", problems)


def _doubt_sold(listed: Node, address: str, read: set[str], problems: Problems) -> None:
    for index, node in enumerate(listed.elements):
        for key, inner in node.fields.items():
            place = f"{address}[{index}].{key}"
            if key != "litellm_params":
                _doubt(key, inner, place, problems)
                continue
            for name, below in inner.fields.items():
                if name not in read:
                    _doubt(name, below, f"{place}.{name}", problems)


def _doubt(key: str, node: Node, address: str, problems: Problems) -> None:
    if node.anchored:
        return
    if is_price_key(key) and node.value is not None:
        problems.doubt(
            node, address, "this price is never used: prices stand in model_info or litellm_params of a deployment"
        )
    elif isinstance(node.value, (dict, list)):
        _doubt_below(node, address, problems)


def _doubt_below(node: Node, address: str, problems: Problems) -> None:
    for key, inner in node.fields.items():
        _doubt(key, inner, f"{address}.{key}", problems)
    for index, inner in enumerate(node.elements):
        if isinstance(inner.value, (dict, list)):
            _doubt_below(inner, f"{address}[{index}]", problems)


def check_repeated(root: Node, problems: Problems) -> None:
    """Report keys that stand twice where the one that YAML loses matters for prices."""
    for key, place, lost in root.repeated:
        if key in {"model_list", "include"} or any(lost.get(name) is not None for name in _MATTERS.get(key, ())):
            problems.error(place, key, TWICE)
    for key, names in _MATTERS.items():
        block = root.get(key)
        for name in names:
            problems.repeated(block.get(name) if block is not None else None, f"{key}.{name}")
    listed = root.get("model_list")
    for index, node in enumerate(listed.elements if listed is not None else ()):
        _check_deployment(node, f"model_list[{index}]", problems)


def _check_deployment(node: Node, address: str, problems: Problems) -> None:
    problems.repeated(node, address, models.Listed.model_fields.__contains__)
    for name, model in _PRICED.items():
        block = node.get(name)
        problems.repeated(block, f"{address}.{name}", partial(_matters, model))
        problems.repeated(block.get(BLOCK) if block is not None else None, f"{address}.{name}.{BLOCK}")


def _matters(model: type[BaseModel], key: str) -> bool:
    return key in model.model_fields or is_price_key(key)


def check_replaced(roots: list[Node], problems: Problems) -> None:
    """Warn of cost settings that an included file replaces: LiteLLM merges lists only."""
    for key, names in _MATTERS.items():
        blocks = [block for root in roots if (block := root.get(key)) is not None and block.value is not None]
        for block in blocks[:-1]:
            for name in names:
                node = block.get(name)
                if node is not None:
                    where = blocks[-1].place
                    problems.doubt(
                        node, f"{key}.{name}", f"is never used: the {key} of an included file ({where}) replaces it"
                    )
