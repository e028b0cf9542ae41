"""``--jobs``: calls priced and added up by several processes, with what one process would write.

Each process makes the price map anew and takes blocks of lines; a block comes back as what its calls add up to, and the
blocks are joined in their order. Calls of session logs come back as they are: only all files together tell which of
them are copies. So does what a block alone cannot tell, such as a stream that goes on in the next one.
"""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import click

from llmcost.logs.files import MOST_JOBS
from llmcost.logs.question import Question
from llmcost.logs.reprice import Repricer
from llmcost.logs.session_call import SessionCall
from llmcost.logs.sessions import counted_once

from ._tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import llmcost
    from llmcost import Record
    from llmcost.logs.files import Files
    from llmcost.logs.lane import Sink
    from llmcost.logs.result import LineError

    from ._options import Maps
    from ._pricing import Result
    from ._selection import Selection

    Found = Iterator[Record | llmcost.LogError]
    Reading = Callable[[Sink | None], Found]

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, MOST_JOBS),
    default=1,
    show_default=True,
    metavar="N",
    help="How many processes read the files. The output stays the same.",
)


class Running(NamedTuple):
    """The command that is running, of which texts are in the words of its options."""

    name: str
    params: dict[str, Any]

    @classmethod
    def here(cls) -> Running:
        """Return the one that is running here."""
        context = click.get_current_context()
        return cls(context.info_name or "", dict(context.params))

    def again(self) -> click.Context:
        """Return the context of the same command in this process."""
        from ._app import app

        whole = click.Context(app)
        # It is there: it is the one that is running.
        command = cast("click.Command", app.get_command(whole, self.name))
        context = click.Context(command, parent=whole, info_name=self.name)
        context.params = self.params
        return context


class PricingJob(NamedTuple):
    """What a process needs to price calls."""

    maps: Maps
    keywords: dict[str, Any]
    selection: Selection
    tally: Tally


def priced_by_jobs(inputs: Files, jobs: int, job: PricingJob, prices: llmcost.CostMap) -> Iterator[Result | Tally]:
    """Yield tallies of the calls that processes have priced, and the results of those that are left to this one."""
    for item in _sorted_out(inputs, jobs, _begin_pricing, (Running.here(), job), _price):
        if isinstance(item, Tally):
            job.selection.undated += item.undated
            job.selection.where.unstated &= item.unstated
            yield item
        else:
            yield from job.selection.results((item,), prices, job.keywords)


class RepricingJob(NamedTuple):
    """What a process needs to price calls anew."""

    maps: Maps
    old: Maps
    question: dict[str, Any]

    def repricer(self, on_error: Callable[[LineError], object] | None = None) -> tuple[Repricer, llmcost.CostMap]:
        """Return what reprices calls, and the map of the new prices."""
        prices = self.maps.made()
        old = prices if self.old == self.maps else self.old.made()
        return Repricer(Question(prices, **self.question), old, on_error), prices


def repriced_by_jobs(inputs: Files, jobs: int, job: RepricingJob) -> Iterator[Repricer | Record | llmcost.LogError]:
    """Yield what parts of logs add up to, and the calls and errors that are left to this process."""
    yield from _sorted_out(inputs, jobs, _begin_repricing, (job,), _reprice)


def _sorted_out(inputs: Files, jobs: int, *work: Any) -> Iterator[Any]:
    # It loads what starts processes, which no other command needs.
    import multiprocessing

    from llmcost.logs.workers import Work, read_by_processes

    # Where a process is a copy of one that the program keeps for that, they load once for all of them.
    command = f"{__package__}.{click.get_current_context().info_name}"
    multiprocessing.set_forkserver_preload([__name__, command, "llmcost.logs.preloaded"])
    begin, given, do = work
    heard = Work(_begin_quietly, (begin, *given), partial(_heard, do))
    said: set[_Warned] = set()
    found: Iterator[Any] = counted_once(read_by_processes(inputs, jobs, heard), inputs.passed)
    for item in found:
        if not isinstance(item, _Warned):
            yield item
        elif item not in said:
            said.add(item)
            warnings.warn(*item, stacklevel=1)


class _Warned(NamedTuple):
    """What a process was warned of: the one that writes says it, once for all of them."""

    text: str
    category: type[Warning]


def _begin_quietly(begin: Callable[..., None], *given: object) -> None:
    """Begin the work of a process; what is said of the price maps meanwhile is said where they are made first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        begin(*given)


def _heard(do: Callable[[Reading], list[Any]], read: Reading) -> list[Any]:
    """Return what is made of a block, after what was warned of meanwhile."""
    with warnings.catch_warnings(record=True) as said:
        found = do(read)
    return [*(_Warned(str(each.message), each.category) for each in said), *found]


class _Process:
    """What one process works with."""

    running: click.Context
    pricing: PricingJob
    prices: llmcost.CostMap
    repricer: Repricer


_here = _Process()


def _begin_pricing(running: Running, job: PricingJob) -> None:
    _here.running, _here.pricing, _here.prices = running.again(), job, job.maps.made()


def _price(read: Reading) -> list[Any]:
    """Return the tally of a block, and the calls of session logs among it."""
    job = _here.pricing
    tally, selection = job.tally.empty(), job.selection
    selection.undated = 0
    calls = _Apart(read(tally.taking(_here.prices, job.keywords) if selection.everything else None))
    with _here.running.scope(cleanup=False):
        for result in selection.results(calls, _here.prices, job.keywords):
            row = tally.add(result)
            if row is not None:
                tally.rows.append(row)
    tally.settle()
    tally.undated, tally.unstated = selection.undated, selection.where.unstated
    return [tally, *calls.sessions] if tally.count or not selection.everything else calls.sessions


def _begin_repricing(job: RepricingJob) -> None:
    _here.repricer, _ = job.repricer()


def _reprice(read: Reading) -> list[Any]:
    """Return what a block adds up to, and the calls of session logs among it."""
    part = _here.repricer.part()
    calls = _Apart(read(part.sink()))
    for call in calls:
        part.take(call)
    return [part, *calls.sessions] if part.count else calls.sessions


class _Apart:
    """What was read, without the calls of session logs, which are kept.

    Attributes:
        sessions: the calls of session logs.
    """

    def __init__(self, found: Found) -> None:
        self._found = found
        self.sessions: list[Any] = []

    def __iter__(self) -> Iterator[Record | llmcost.LogError]:
        for item in self._found:
            if isinstance(item, SessionCall):
                self.sessions.append(item)
            else:
                yield item
