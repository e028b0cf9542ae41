"""Columns: which column of a table says what of a call.

A layout names the columns of a table by what they say: ``meters`` are columns named like meters, each token in one of
them; a mapping names the columns itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..core.meters import METERS
from ..core.warned import warn_caller
from ..errors import ArgumentError, PriceDataError, UnreadUsageWarning, did_you_mean, shown
from .layouts import columns_of_layout, layouts_of, unread_of
from .stated import STATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# How alike the name of a column and a meter are after a slip of the pen.
_ALIKE = 0.85


class Columns(NamedTuple):
    """Where a table says what.

    Attributes:
        stated: ``model``, ``provider``, ``time`` ... -> column.
        counters: counter -> column. A counter is a meter, or a whole that a layout takes apart.
        layout: the layout that takes the counters apart; None where they are meters.
    """

    stated: dict[str, str]
    counters: dict[str, str]
    layout: str | None

    @property
    def used(self) -> list[str]:
        """The columns of the table that are read."""
        return list(dict.fromkeys([*self.stated.values(), *self.counters.values()]))


def columns_of(layout: str | Mapping[str, str], names: Iterable[str]) -> Columns:
    """Return where a table with columns of these names says what.

    >>> columns_of("meters", ["model", "input", "output", "team"]).counters
    {'input': 'input', 'output': 'output'}
    >>> columns_of({"model": "m", "input": "fresh"}, ["m", "fresh"]).stated
    {'model': 'm'}

    Raises PriceDataError if the table lacks a column, or none of them counts anything.
    """
    # A pandas frame may have names that are no text: they are shown, and not read.
    there = list(names)
    listed = ", ".join(map(str, there))
    if not hasattr(layout, "items") and not isinstance(layout, str):
        raise ArgumentError(
            f"columns={shown(layout)}: it is the name of a layout, or a mapping such as {{'model': 'm'}}"
        )
    if not isinstance(layout, str):
        found = _mapped(layout, there)
    elif layout == "meters":
        found = Columns(
            {name: name for name in STATED if name in there}, {name: name for name in METERS if name in there}, None
        )
        _warn_of_slips(there)
    else:
        named = [name for name in there if isinstance(name, str)]
        found = Columns(*columns_of_layout(layout, named), layout)
        for column in unread_of(named, found.counters):
            warn_caller(
                f"column {shown(column)} is not read by columns={layout!r}: rename it if it counts nothing, or say "
                "with columns={...} which is which",
                UnreadUsageWarning,
            )
    if "model" not in found.stated:
        raise PriceDataError(
            f"columns={layout!r}: no column names the model; the table has {listed or 'none'}. Name one 'model', or "
            "say which it is: columns={'model': 'my_column', 'input': ...}"
        )
    if not found.counters and "duration" not in found.stated:
        raise PriceDataError(
            f"columns={layout!r}: no column counts anything; the table has {listed}. Columns may be named "
            f"like meters (input, cache_read, output ...), or columns={{'input': 'my_column', ...}} says which is "
            f"which{_instead(there)}"
        )
    return found


def _instead(there: list[str]) -> str:
    """Return the layouts that have the columns of a table, as the end of a message."""
    fitting = [f"columns={name!r}" for name in layouts_of(there)]
    return f". These columns are those of {' or '.join(fitting)}" if fitting else ""


def _warn_of_slips(there: list[str]) -> None:
    """Warn of a column that is named nearly like a meter that the table lacks: it is not read, and costs nothing."""
    lacking = [name for name in METERS if name not in there]
    for column in there:
        known = column in METERS or column in STATED or not isinstance(column, str)
        near = "" if known else did_you_mean(column, lacking, _ALIKE)
        if near:
            warn_caller(f"column {shown(column)} is not read: it is no meter.{near}", UnreadUsageWarning)


def _mapped(layout: Mapping[str, str], there: list[str]) -> Columns:
    for name, column in layout.items():
        if name not in METERS and name not in STATED:
            raise PriceDataError(
                f"columns={{{name!r}: ...}}: {shown(name)} is neither a meter nor one of {', '.join(STATED)}"
            )
        if column not in there:
            raise PriceDataError(
                f"columns={{{name!r}: {column!r}}}: the table has no such column, but {', '.join(map(str, there))}"
            )
        if not isinstance(column, str):
            raise PriceDataError(f"column {column!r} is read, and its name is no text: rename it before")
    return Columns(
        {name: layout[name] for name in STATED if name in layout},
        {name: layout[name] for name in METERS if name in layout},
        None,
    )
