"""``llmcost diff``: what is different between two price maps."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from llmcost.core.json_text import read_json
from llmcost.errors import PriceDataError, printable
from llmcost.prices import places
from llmcost.prices.rows import checked_entries
from llmcost.updates.differences import differences

from ._app import EXIT_CODES
from ._changes import counts, of_kind, show

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command(epilog=EXIT_CODES, short_help="Show what differs between two price maps.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--json", "as_json", is_flag=True, help="JSON: what was compared, and what was changed, added and removed."
)
def diff(old: str, new: str, *, as_json: bool) -> None:
    r"""Show what differs between two price maps: changed prices, with the biggest first, and added and removed models.

    OLD and NEW are each the path of a JSON map, the path of a folder with model_prices.json, or one of two words:
    `bundled` means the prices that ship with the package, `current` those in use. The exit code is 0 whether or not
    there is a difference.

    \b
    llmcost diff bundled current
    llmcost diff prices-2026-10.json prices-2026-11.json --json
    """
    sides = [_data(old), _data(new)]
    before, after = (_entries(side) for side in sides)
    changes = differences(before, after)
    if not as_json:
        show(changes)
        if changes:
            click.echo()
        named = f"{_named(sides[0], before)} -> {_named(sides[1], after)}"
        click.echo(f"{printable(named)}: {counts(changes)}")
        return
    found: dict[str, object] = {
        name: {"origin": side.origin, "as_of": _as_of(side), "models": len(entries)}
        for name, side, entries in zip(("old", "new"), sides, (before, after), strict=True)
    }
    found["changed"] = [
        {name: value for name, value in change.to_dict().items() if name != "kind"}
        for change in of_kind(changes, "changed")
    ]
    for kind in ("added", "removed"):
        found[kind] = [change.model for change in of_kind(changes, kind)]
    click.echo(json.dumps(found, indent=1))


def _data(place: str) -> places.DataSet:
    if place == "bundled":
        return places.PACKAGED
    if place == "current":
        return places.current()
    if Path(place).is_dir():
        return places.DataSet(place, (os.path.join(place, ""),))  # noqa: PTH118 - a prefix, with its separator
    return places.DataSet(place, (), place)


def _entries(data: places.DataSet) -> Mapping[str, Mapping[str, object]]:
    try:
        text = data.read(places.MAP)
    except OSError as error:
        raise PriceDataError(f"{data.origin} cannot be read: {error.strerror or error}") from error
    if text is None:
        raise PriceDataError(
            f"{data.origin}: no such price map; name a JSON map, a folder with {places.MAP}, `bundled` or `current`"
        )
    try:
        return checked_entries(read_json(text), data.origin)
    except (ValueError, RecursionError) as error:
        if isinstance(error, PriceDataError):
            raise
        raise PriceDataError(f"{data.origin} is no price map: {error}") from error


def _as_of(data: places.DataSet) -> str:
    return str(data.info.get("as_of") or "")


def _named(data: places.DataSet, entries: Mapping[str, object]) -> str:
    of = f" of {_as_of(data)}" if _as_of(data) and _as_of(data) not in data.origin else ""
    return f"{data.origin}{of} ({len(entries):,} models)"
