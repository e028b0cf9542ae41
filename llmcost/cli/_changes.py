"""What is different between two price maps, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from llmcost.errors import printable
from llmcost.updates.differences import written

from ._table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llmcost.updates.differences import Change


def of_kind(changes: Sequence[Change], kind: str) -> list[Change]:
    """Return the changes of one kind: ``changed``, ``added`` or ``removed``."""
    return [change for change in changes if change.kind == kind]


def show(changes: Sequence[Change], most: int | None = None) -> None:
    """Write prices that changed, the biggest change first, then the models that came and went.

    ``most``: so many of each, and how many more there are.
    """
    changed = of_kind(changes, "changed")
    table = Table(
        Column("model", style="cyan", least=16),
        Column("price key", least=16),
        Column("old", "point"),
        Column("new", "point", "bold"),
        Column("change", "right", drop=1),
    )
    for change in changed[:most]:
        table.add(change.model, change.key, written(change.old), written(change.new), share(change))
    table.end()
    _more(changed, most)
    for kind in ("added", "removed"):
        found = of_kind(changes, kind)
        if found:
            click.echo(click.style(kind, bold=True))
        for change in found[:most]:
            click.echo(f"  {printable(change.model)}")
        _more(found, most)


def share(change: Change) -> str:
    """Return a change in percent, or ``new``, ``gone`` or ``other`` where there is none."""
    percent = change.percent
    if percent is not None:
        return f"{percent:+,.1f}%"
    return "new" if change.old is None else "gone" if change.new is None else "other"


def counts(changes: Sequence[Change]) -> str:
    """Return how many prices and models are different, in words."""
    changed = of_kind(changes, "changed")
    models = len({change.model for change in changed})
    return (
        f"{_number(len(changed), 'price')} of {_number(models, 'model')} changed, "
        f"{_number(len(of_kind(changes, 'added')), 'model')} added, {len(of_kind(changes, 'removed')):,} removed"
    )


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' if count != 1 else ''}"


def _more(changes: Sequence[Change], most: int | None) -> None:
    if most is not None and len(changes) > most:
        click.echo(f"... and {len(changes) - most:,} more")
