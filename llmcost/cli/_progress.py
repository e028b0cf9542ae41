"""A progress bar on a terminal, which knows its end by the bytes of the files that are read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

from llmcost.logs.lane import PlainSink
from llmcost.logs.reprice import Repricer

from ._table import BLOCK
from ._tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from llmcost import Record
    from llmcost.logs.files import Files
    from llmcost.logs.lane import Sink

    Item = TypeVar("Item")

_LONG_INPUT = 4_000_000
_OFTEN = 100


def watched(
    items: Iterable[Item], inputs: Files, silent: Callable[[], bool] = lambda: True, what: str = "responses"
) -> Iterator[Item]:
    """Yield items; show a progress bar while a long input is read and nothing else is written to the terminal."""
    if not sys.stderr.isatty() or (inputs.total is not None and inputs.total < _LONG_INPUT):
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(f"{{task.fields[calls]:,}} {what}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%"),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False)
    task = bar.add_task("", total=inputs.total, calls=0)
    count = shown = 0

    def tick(more: int) -> None:
        nonlocal count, shown
        count += more
        if count > BLOCK and not bar.live.is_started and silent():
            bar.start()
        if count - shown >= _OFTEN:
            shown = count
            bar.update(task, completed=inputs.done, calls=count)

    if inputs.sink is not None:
        inputs.sink = _ticking(inputs.sink, tick)
    try:
        for item in items:
            yield item
            # What another process has added up stands for all its calls. A result is a tuple, whose count() is another.
            tick(item.count if isinstance(item, (Tally, Repricer)) else 1)
    finally:
        bar.stop()


def _ticking(sink: Sink, tick: Callable[[int], None]) -> Sink:
    def take(call: Record) -> None:
        sink(call)
        tick(1)

    if not isinstance(sink, PlainSink):
        return take
    inner = sink.plainly

    def plainly(response: dict[str, object], when: int | None) -> bool:
        taken = inner(response, when)
        if taken:
            tick(1)
        return taken

    return PlainSink(take, plainly, costless=sink.costless)
