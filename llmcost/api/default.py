"""The default map, whose methods are the package's functions: the only state of the package.

``register_model`` puts a new view of it in place under a lock. A call that is being priced keeps the view it started
with, so that it never sees half a registration. All other state of modules is caches, which remember what was computed.
"""

from __future__ import annotations

from os import environ

__all__ = ["DEFAULT", "CostMap"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .costmap import CostMap
elif environ.get("LLMCOST_LOG"):
    from .logged import class_at

    CostMap = class_at(environ["LLMCOST_LOG"])
else:
    from .costmap import CostMap


class DefaultMap(CostMap):
    """The map that every function of the package uses."""

    def __reduce__(self) -> str:
        # Pickled by its name, as a function is: another process uses its own default map.
        return "DEFAULT"


DEFAULT = DefaultMap()

# The functions of the package are its methods.
calculate = DEFAULT.calculate
completion_cost = DEFAULT.completion_cost
cost_per_token = DEFAULT.cost_per_token
response_cost_calculator = DEFAULT.response_cost_calculator
batch_cost_calculator = DEFAULT.batch_cost_calculator
register_model = DEFAULT.register_model
get_model_info = DEFAULT.get_model_info
get_max_tokens = DEFAULT.get_max_tokens
supports = DEFAULT.supports
supports_vision = DEFAULT.supports_vision
supports_function_calling = DEFAULT.supports_function_calling
supports_prompt_caching = DEFAULT.supports_prompt_caching


def __getattr__(name: str) -> object:
    """Return ``model_cost``, a view of the map that few programs ask for."""
    if name == "model_cost":
        return DEFAULT.model_cost
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
