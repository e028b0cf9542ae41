"""GitHub Copilot: events of a session of its SDK and its command line, ``assistant.usage`` after each call of a model.

``session.shutdown`` adds up the calls of each model. The input holds what was read from the cache and written to it,
and the output holds reasoning. ``cost`` is a multiple of a request, and no sum in USD.
https://github.com/github/copilot-sdk/blob/main/python/copilot/generated/session_events.py
"""

from __future__ import annotations

from ..core.lower_bound import leave_out
from . import words
from .chunk_reader import ChunkReader
from .fields import count, nested, sub, text, when
from .framework import HANDED_ON, several, summed
from .reader import Reader, missing
from .streams import several_calls
from .unknown import numbers_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

CALL, END = "assistant.usage", "session.shutdown"
_COUNTERS = ("inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens", "reasoningTokens")


def read(fields: Fields) -> Usage:
    """Return the usage of a call, or of a session: a part for each of its models.

    >>> data = {"model": "gpt-5.5", "inputTokens": 9, "cacheReadTokens": 5, "outputTokens": 2}
    >>> read({"type": "assistant.usage", "data": data}).quantities
    {'input': 4, 'cache_read': 5, 'output': 2}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a part exceeds what holds it.
    """
    data = sub(fields, "data") or {}
    if fields.get("type") == CALL:
        return _of_call(data, fields)
    found = []
    # The order of the models says nothing.
    for model, stated in sorted((sub(data, "modelMetrics") or {}).items(), key=lambda item: str(item[0])):
        row = nested(stated) or {}
        counters = sub(row, "usage") or {}
        # A model that was not called has counters of 0; one that only an unknown counter knows of was called.
        if any(count(counters, name) for name in _COUNTERS) or any(numbers_of(_billed(counters), "")):
            usage = summed(_counted(counters), count(sub(row, "requests") or {}, "count") or 2)
            usage.model = str(model)
            found.append(usage)
    if not found:
        raise missing("this session of Copilot, without a model that counted anything,")
    return several(found, "copilot")


def _of_call(data: Fields, event: Fields) -> Usage:
    counters = {name: data.get(name) for name in data if name in _COUNTERS or name.endswith("Tokens")}
    known = counters.get("inputTokens") is not None
    usage = _counted(counters if known else {**counters, "inputTokens": 0})
    usage.model, usage.at = text(data, "model"), when(event, "timestamp")
    if not known:
        # A message of a log states its output alone.
        usage.context = None
        leave_out(usage, "the event leaves out what the model has read", "input")
    return usage


# Limits of the request, and what is inside another count.
_NO_COUNTERS = frozenset({"maxOutputTokens", "maxPromptTokens", "acceptedPredictionTokens", "rejectedPredictionTokens"})


def _billed(counters: Fields) -> Fields:
    return {name: value for name, value in counters.items() if name not in _NO_COUNTERS}


def _counted(counters: Fields) -> Usage:
    usage = words.read(_billed(counters), words.INCLUSIVE)
    usage.dialect, usage.named_provider = "copilot", "github_copilot"
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is an event that counts."""
    kind, data = fields.get("type"), sub(fields, "data")
    if data is None:
        return False
    return (kind == CALL and ("inputTokens" in data or "outputTokens" in data)) or (
        kind == END and "modelMetrics" in data
    )


class _Session(ChunkReader):
    """The calls of a session, or what its end says of them where no call was seen."""

    def __init__(self) -> None:
        self._calls: list[Usage] = []
        self._end: Fields | None = None
        self._seen: set[str] = set()

    def feed(self, chunk: Fields) -> None:
        """Take the next event; one that is repeated under its id counts once.

        Raises InconsistentUsageError for a second end: the events are those of two sessions.
        """
        name = text(chunk, "id")
        if not recognises(chunk) or name in self._seen:
            return
        if name is not None:
            self._seen.add(name)
        if chunk.get("type") == CALL:
            self._calls.append(read(chunk))
        elif self._end is not None:
            raise several_calls(2)
        else:
            self._end, self.ended = chunk, True

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of all calls so far."""
        if self._end is not None and not self._calls:
            return read(self._end)
        if not self._calls:
            raise missing("this session of Copilot, without a call that ended,")
        del ended  # the content says it
        usage = several(self._calls, "copilot").replaced()
        usage.partial = not self.ended
        return usage


READER = Reader("GitHub Copilot events", recognises, read, HANDED_ON, chunk=recognises, stream=_Session)
