"""A LiteLLM proxy configuration, unmodified, to deployments with their prices.

Only prices, names and terms are taken from it. API keys and other settings of the proxy are never read and never shown.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ..collecting import collecting_later
from ..core.refusing import refuse
from ..errors import MissingDependencyError

try:
    from .build import Builder
    from .problems import Problems, TooMany
    from .sources import path_of, read
except ImportError as error:
    # pydantic's core is compiled, and loads in the main interpreter alone.
    raise MissingDependencyError(
        f"a configuration needs pydantic and pyyaml, which do not load here ({error}): install them; "
        "in a subinterpreter, read the configuration in the main one and pass the prices on",
        "",
    ) from error

if TYPE_CHECKING:
    from ..prices.deployments import Deployments
    from ..prices.price_map import PriceMap


def load(config: object, base_map: PriceMap) -> Deployments:
    """Return the deployments of a configuration: the path of a YAML file, its text, or a mapping.

    What can be read but looks like a mistake is a warning.

    Raises:
        ConfigError: everything that is wrong with it, as far as 1,000 problems, each with its file, line and address;
            nothing is half applied.
    """
    try:
        deployments, problems = examine(config, base_map)
    except Exception as error:
        refuse(error, config=config)
        raise
    problems.warn()
    return deployments


def examine(config: object, base_map: PriceMap) -> tuple[Deployments, Problems]:
    """Return the deployments of a configuration, and everything that is doubtful in it.

    Raises:
        ConfigError: everything that is wrong with it, as far as 1,000 problems.
    """
    problems = Problems()
    deployments = None
    with collecting_later(), suppress(TooMany):
        deployments = Builder(read(config, problems), base_map, problems).build()
    problems.raise_errors(path_of(config))
    assert deployments is not None  # noqa: S101 - too many problems are some
    return deployments, problems


__all__ = ["examine", "load"]
