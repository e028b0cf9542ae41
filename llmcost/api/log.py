"""``LLMCOST_LOG=DEBUG``: every call that is priced says how, through ``logging``, under the name ``llmcost``.

Loaded only where the variable is set when llmcost is imported. No line holds more than names, counts and prices:
keys and other secrets of a configuration are never read in the first place.
"""

from __future__ import annotations

import logging
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from ..errors import LLMCostError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    from ..core.cost import Cost
    from .costmap import CostMap

    P = ParamSpec("P")

_Map = TypeVar("_Map", bound="CostMap")
_logger = logging.getLogger("llmcost")


def log_calls(cost_map: type[_Map], word: str) -> None:
    """Let every map log what it prices: at DEBUG the decision path, layer by layer; at INFO one line a call."""
    level = logging.getLevelName(word.strip().upper())
    if not isinstance(level, int):
        _show_somewhere()
        _logger.warning("LLMCOST_LOG=%s is no level; it is DEBUG or INFO", word)
        return
    _logger.setLevel(level)
    cost_map.calculate = _logged(cost_map.calculate)  # type: ignore[method-assign]
    cost_map.with_config = _listed(cost_map.with_config)  # type: ignore[method-assign]
    # Two counters are priced without a Cost, and a log is made of Costs.
    cost_map.of_two = lambda *_: None  # type: ignore[method-assign]


def _logged(calculate: Callable[P, Cost]) -> Callable[P, Cost]:
    @wraps(calculate)
    def logged(*args: P.args, **kwargs: P.kwargs) -> Cost:
        _show_somewhere()
        try:
            cost = calculate(*args, **kwargs)
        except LLMCostError as error:
            _logger.info("not priced: %s: %s", type(error).__name__, error)
            raise
        if _logger.isEnabledFor(logging.DEBUG):
            _logger.debug("priced\n%s", cost.explain(verbose=True))
        else:
            _logger.info("priced %s", cost.explain().partition("\n")[0])
        return cost

    return logged


def _listed(with_config: Callable[P, _Map]) -> Callable[P, _Map]:
    @wraps(with_config)
    def listed(*args: P.args, **kwargs: P.kwargs) -> _Map:
        _show_somewhere()
        try:
            found = with_config(*args, **kwargs)
        except LLMCostError as error:
            _logger.info("configuration refused:\n%s", error)
            raise
        for deployment in found.deployments or ():
            own = ", ".join(layer.entry.layer for layer in deployment.layers) or "no prices of its own"
            _logger.debug(
                "configured %s, model_name %r, %s: %s",
                deployment.label,
                deployment.alias,
                deployment.place or "no file",
                own,
            )
        return found

    return listed


def _show_somewhere() -> None:
    """Write to standard error where the application has not said where its log goes."""
    if not _logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        _logger.addHandler(handler)
