"""The plot of days or hours, drawn by plotext."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import click

from llmcost.errors import MissingDependencyError, how_to_install
from llmcost.spend.clocks import start_of

from ._table import terminal_width

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

_HEIGHT = 16
# Of a pipe, and the most of a terminal.
_WIDTH, _WIDEST = 100, 160


def write_plot(axis: str, costs: Mapping[datetime, float], zone: tzinfo) -> None:
    """Write the costs in USD of hours or days as bars over time; a day without calls is one at 0.

    Args:
        axis: ``day`` or ``hour``.
        costs: by the start of each.
        zone: in which they start.

    Raises MissingDependencyError without plotext.
    """
    try:
        import plotext
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"--plot needs plotext, which is not installed: {how_to_install('plot', 'plotext')}", "plot"
        ) from error
    if not costs:
        return
    days = axis == "day"
    labels, heights = [], []
    moment: datetime = min(costs)
    while moment <= max(costs):
        labels.append(f"{moment:%m-%d}" if days else f"{moment:%m-%d %H:%M}")
        heights.append(costs.get(moment, 0.0))
        moment = _next(moment, zone, days=days)
    figure = plotext.figure
    figure.clear()
    figure.plot_size(min(terminal_width() if sys.stdout.isatty() else _WIDTH, _WIDEST), _HEIGHT)
    figure.theme("colorless")
    figure.draw(figure.bar(labels, heights, marker="█"))
    figure.title(f"USD by {axis}")
    click.echo(figure.build().string(colorless=True))
    click.echo()


def _next(moment: datetime, zone: tzinfo, *, days: bool) -> datetime:
    if days:
        return start_of(moment.date() + timedelta(days=1), zone)
    return (moment.astimezone(timezone.utc) + timedelta(hours=1)).astimezone(zone)
