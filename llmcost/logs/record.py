"""Records of somebody's log: a response, or its usage, and beside it what was known of the call.

``{"response": {...}, "model": "gpt-4o", "duration": 1.2, "time": "2026-11-23T09:14:02Z", "cost": 0.0042}``: what is
named like a keyword of ``calculate`` is passed to it, ``time`` is when the call was made, ``cost`` is what was
recorded then, and the rest is the log's own. A response that stands alone is a record too.
"""

from __future__ import annotations

from ..api.default import DEFAULT
from ..core.late import Late
from ..core.usage import Usage
from ..errors import UnrecognizedResponseError, UsageError, printable
from ..readers import stated_usage
from .keywords import OURS, QUANTITIES, TIMES, facts_of, logged_cost, recorded_cost, stated_time, whole_seconds
from .logged_usage import LoggedUsage
from .shapes import SCALARS, shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any

    from ..api.costmap import CostMap
    from ..core import blaming, refusing
    from ..core.cost import Cost
    from .shapes import Shape
else:
    # They load when reading has failed.
    blaming, refusing = Late("llmcost.core.blaming"), Late("llmcost.core.refusing")

_new = object.__new__
_READ = OURS | {"response", "usage"}
_PLAIN = (dict, list, type(None))
_MOST_LINES = 1 << 63


class Record(LoggedUsage):
    """One logged call, as its file states it.

    >>> usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    >>> record = Record({"model": "gpt-4o", "usage": usage, "team": "search"})
    >>> record.facts, record.own, record.calculate().total
    ({'model': 'gpt-4o'}, {'team': 'search'}, Decimal('0.0035'))
    >>> record.stated().total_tokens, record.cost, record.place
    (1100, None, '')
    >>> Record({"model": "gpt-4o", "usage": usage, "time": "2026-01-01T00:00:00Z"}).seconds
    1767225600

    Attributes:
        source, line: the file it stands in, and the line that it starts in, from 1; empty and None without a file.
        element: which element of an array it is, from 0; None if it stands in none.
        chunks: how many chunks of a stream it was put together from; 0 for a whole response.
        facts: keywords of ``calculate`` that stand beside the response.
        time: when the call was made, as it is written beside the response; None if nothing is.
        seconds: the same in whole seconds since 1970; None without a time, and for a time before 1970.
        overrides: whether that time is stronger than the response's.

    Args:
        value: a response, a list of its chunks, or a mapping around a response or its counters.
        source, line: where it was read.
        whole: whether the value is a response itself, or a record around one; None if that is not known.

    Raises:
        ArgumentError: a fact has a type that it cannot have, the time is no time, or a value of a foreign type cannot
            be read.
    """

    source: str = ""
    line: int | None = None
    element: int | None = None
    chunks: int = 0
    # Whether ``place`` names the line.
    numbered: bool = True
    # Whether the value is, or may be, a list of the chunks of a stream.
    streamed: bool = False
    # For who writes the log again: the lines of these chunks, outside of arrays; of a whole response, the first line of
    # the chunks that state it too, else None; and the first line of the streams that go on.
    lines: tuple[int, ...] = ()
    since: int | None = None
    unsettled: int = _MOST_LINES
    cost_map: CostMap = DEFAULT
    # The JSON of its line; set for records that travel between processes.
    text: str | bytes | None = None
    # Whether its keys tell that it states no cost beside its response.
    costless: bool = False
    _wrapped: bool = False

    def __init__(self, value: object, source: str = "", line: int | None = None, *, whole: bool | None = None) -> None:
        self.value = self.response = value
        self.usage: object = None
        self.source, self.line = source, line
        if type(source) is not str or not (line is None or (type(line) is int and abs(line) < _MOST_LINES)):
            blaming.blame(TypeError(), Record.__init__, (self, value, source, line), {})
        try:
            if not whole and isinstance(value, dict):
                shape = shape_of(value)
                if whole is False or shape.is_wrapped(value):
                    self._unwrap(value, shape)
        except Exception as error:
            blaming.blame(error, Record.__init__, (self, value, source, line), {"whole": whole})
            raise
        self.foreign = type(self.response) not in _PLAIN

    @staticmethod
    def of(response: dict[str, object], source: str, line: int) -> Record:
        """Return the record of a response that is known to be one, which takes the shortest time.

        >>> call = Record.of({"model": "gpt-4o", "usage": {"input": 1000, "output": 0}}, "calls.jsonl", 7)
        >>> str(call.calculate()), call.seconds
        ('0.0025', None)
        """
        found = _new(Record)
        found.value = found.response = response
        found.usage = None
        found.source, found.line, found.bare, found.costless = source, line, True, True
        return found

    def _unwrap(self, fields: dict[str, object], shape: Shape) -> None:
        self._wrapped, self.costless = True, shape.costless
        if shape.facts:
            self.facts = facts_of(fields, shape.facts)
        timed = stated_time(fields, shape.times) if shape.times else None
        if timed is not None:
            name, self.time = timed
            self.seconds, self.overrides = whole_seconds(name, self.time), name == TIMES[0]
        response = fields.get("response")
        if shape.bare and type(response) is dict:
            self.response, self.bare = response, not self.overrides
            return
        self.bare, self.usage = False, fields.get("usage")
        # A text is most likely what the model answered, and not its response.
        self.response = response if type(response) is dict or not isinstance(response, SCALARS) else None
        if self.response is None and self.usage is None:
            rest = {name: value for name, value in fields.items() if name not in OURS}
            counted, usage = _counted(rest)
            if counted:
                self.usage = rest
                self._known = None if "dialect" in self.facts else usage
            elif QUANTITIES.isdisjoint(self.facts):
                self.response = fields

    def __repr__(self) -> str:
        return printable(f"<Record {self.place}>") if self.source or self.line else "<Record>"

    @property
    def place(self) -> str:
        """``file``, ``file:line`` or ``file[element]``: the shortest that identifies the call."""
        if self.element is not None:
            return f"{self.source}[{self.element}]"
        return f"{self.source}:{self.line}" if self.numbered and self.line is not None else self.source

    @property
    def cost(self) -> Decimal | None:
        """USD that were recorded, exact; None if nothing was.

        Raises ValueError for what is no amount, and for two that differ.
        """
        if self.costless or not isinstance(self.value, dict):
            return None
        try:
            if self._wrapped:
                return recorded_cost(self.value)
            logged = shape_of(self.value).logged(self.value)
            return None if logged is None else logged_cost(self.value, logged.cost)
        except Exception as error:
            refusing.refuse(error, record=self.value)
            raise

    @property
    def own(self) -> dict[str, object]:
        """The fields that are neither facts of the call nor its response: a team, a user, tags."""
        if not self._wrapped or not isinstance(self.value, dict):
            return {}
        return {name: value for name, value in self.value.items() if name not in _READ}

    def calculate(self, *, cost_map: CostMap | None = None, **keywords: Any) -> Cost:
        """Return what the call costs, at the prices of its own time where the record or its response states one.

        >>> call = {"model": "o3", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
        >>> [str(Record({**call, "time": day}).calculate()) for day in ("2025-06-09", "2025-06-10")]
        ['0.014', '0.0028']

        Args:
            cost_map: whose prices apply; those that ``read_log`` was given, or the default ones.
            **keywords: of ``CostMap.calculate``, stronger than the facts of the record.

        Raises:
            LLMCostError: the call cannot be priced; see ``CostMap.calculate``.
        """
        try:
            prices_of = self.cost_map if cost_map is None else cost_map
            anew = self._known is None and not self.overrides and self._plain
            if anew and not keywords:
                return prices_of.of_usage(self._anew())
            if self.facts:
                prices = self.facts.get("prices")
                if prices and keywords.get("prices"):
                    keywords["prices"] = {**prices, **keywords["prices"]}
                keywords = {**self.facts, **keywords}
            if self.time is None and self._known is None:
                return prices_of.calculate(self.response, self.usage, **keywords)
            if anew:
                try:
                    usage = self._anew(keywords.get("dialect"))
                except UsageError:
                    # What the caller states may be billed instead, at the time of the call.
                    keywords.setdefault("at", self.time)
                    return prices_of.calculate(self.response, None, **keywords)
                return prices_of.of_usage(usage, **keywords)
            return prices_of.calculate(*self._at_its_time(keywords), **keywords)
        except Exception as error:
            blaming.blame(error, Record.calculate, (self,), {"cost_map": cost_map, **keywords})
            refusing.refuse(error, record=self.value, **keywords)
            raise

    def _at_its_time(self, keywords: dict[str, Any]) -> tuple[object, object]:
        """Return the response and the usage with the record's time, where the response states none."""
        response, usage = self.given(keywords.get("dialect"))
        if self.time is None:
            return response, usage
        if self.overrides or not isinstance(usage, Usage):
            keywords.setdefault("at", self.time)
        elif usage.at is None:
            usage = usage.replaced(at=self.time if self.seconds is None else self.seconds)
        return response, usage


def _counted(fields: dict[str, object]) -> tuple[bool, Usage | None]:
    """Return whether the fields hold counters, and the usage that they state."""
    try:
        return True, stated_usage(fields)
    except UnrecognizedResponseError:
        return False, None
    except UsageError:
        return True, None  # counters that contradict each other: pricing says how


def around(fields: dict[str, object], source: str, line: int, shape: Shape) -> Record:
    """Return the record that is known to be around a response, whose shape is known; raise as ``Record`` does."""
    record = Record.of(fields, source, line)
    record._unwrap(fields, shape)
    return record
