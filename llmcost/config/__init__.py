"""A LiteLLM proxy configuration, unmodified, to deployments with their prices.

Only prices, names and terms are taken from it. API keys and other settings of the proxy are never read and never shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .build import Builder
from .problems import Report
from .sources import path_of, read

if TYPE_CHECKING:
    from ..prices.deployments import Deployments
    from ..prices.price_map import PriceMap


def load(config: object, base_map: PriceMap) -> Deployments:
    """Return the deployments of a configuration: the path of a YAML file, its text, or a mapping.

    What can be read but looks like a mistake is a warning.

    Raises:
        ConfigError: everything that is wrong with it, each with its file, line and address; nothing is half applied.
    """
    deployments, report = examine(config, base_map)
    report.warn()
    return deployments


def examine(config: object, base_map: PriceMap) -> tuple[Deployments, Report]:
    """Return the deployments of a configuration and the report with everything that is doubtful.

    Raises:
        ConfigError: everything that is wrong with it.
    """
    report = Report()
    documents = read(config, report)
    deployments = Builder(documents, base_map, report).build()
    report.raise_errors(path_of(config))
    return deployments, report


__all__ = ["examine", "load"]
