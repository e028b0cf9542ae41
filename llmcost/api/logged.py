"""``LLMCOST_LOG=DEBUG``: every call that is priced says how, through ``logging``, under the name ``llmcost``.

Loaded only where the variable is set when llmcost is imported. No line holds more than names, counts and prices:
keys and other secrets of a configuration are never read in the first place.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from ..errors import LLMCostError, printable
from ..errors.printing import message
from .costmap import CostMap
from .per_token import BY_CALCULATE

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from ..core.cost import Cost
    from .per_token import TwoCounters

_logger = logging.getLogger("llmcost")


def class_at(word: str) -> type[CostMap]:
    """Return the kind of map that logs at a level: the decision path of each call at DEBUG, one line a call at INFO.

    An unknown word is reported once, and nothing else is logged.
    """
    level = logging.getLevelName(word.strip().upper())
    if not isinstance(level, int):
        _show_somewhere()
        _logger.warning("LLMCOST_LOG=%s is no level; it is DEBUG or INFO", printable(word))
        return CostMap
    _logger.setLevel(level)
    return LoggedCostMap


class LoggedCostMap(CostMap):
    """A CostMap that says how it priced each call."""

    def calculate(self, *args: Any, **keywords: Any) -> Cost:
        """Return what ``CostMap.calculate`` does, and log how it was priced or why it was not."""
        return self._logged(super().calculate, *args, **keywords)

    @staticmethod
    def _logged(price: Callable[..., Cost], *args: Any, **keywords: Any) -> Cost:
        _show_somewhere()
        try:
            cost = price(*args, **keywords)
        except LLMCostError as error:
            # A handler may keep what it is given, and an error holds the frames of the call with all its data.
            _logger.info("not priced: %s: %s", type(error).__name__, str(error))
            raise
        if _logger.isEnabledFor(logging.DEBUG):
            _logger.debug("priced\n%s", cost.explain(verbose=True))
        else:
            _logger.info("priced %s", cost.explain().partition("\n")[0])
        return cost

    def _two_counters(self, _model: object) -> TwoCounters:
        """Return that ``calculate`` prices every model: two counters are priced without a Cost, which the log needs."""
        return BY_CALCULATE

    def with_config(self, config: str | os.PathLike[str] | Mapping[str, object]) -> CostMap:
        """Return what ``CostMap.with_config`` does, and log each deployment or why it is refused."""
        _show_somewhere()
        try:
            configured = super().with_config(config)
        except LLMCostError as error:
            _logger.info("configuration refused:\n%s", str(error))
            raise
        for deployment in configured.deployments or ():
            layers = ", ".join(layer.entry.layer for layer in deployment.layers) or "no prices of its own"
            place = deployment.place or "no file"
            said = f"configured {deployment.label}, model_name {deployment.alias!r}, {place}: {layers}"
            _logger.debug("%s", message(said))
        return configured


def _show_somewhere() -> None:
    """Write to standard error where the application has not said where its log goes."""
    if not _logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        _logger.addHandler(handler)
