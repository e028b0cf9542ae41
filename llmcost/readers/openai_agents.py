"""OpenAI's Agents SDK, Python and JavaScript: the result of a run, and what one call of it returned.

https://openai.github.io/openai-agents-python/usage/
"""

from __future__ import annotations

from .fields import count, items, sub, whole_number
from .framework import HANDED_ON, read_bare, several, summed
from .openai_calls import add_calls
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_RESPONSES = ("raw_responses", "rawResponses")
_IDS = ("response_id", "responseId")
_ENTRIES = ("request_usage_entries", "requestUsageEntries")
_ENTRY_NAMES = frozenset(_ENTRIES)


def read(fields: Fields) -> Usage:
    """Return the usage of a run, each of its calls a part, or of one call.

    >>> used = {"requests": 1, "input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    >>> read({"output": [], "usage": used, "response_id": None}).quantities
    {'input': 9, 'output': 2}

    Raises MissingUsageError if no call states tokens.
    """
    if not _ENTRY_NAMES.isdisjoint(fields):
        # The usage of a run, alone.
        fields = {"usage": fields}
    name = next((name for name in _RESPONSES if name in fields), None)
    responses = items(fields, name) if name is not None else [fields]
    usages: list[Usage] = []
    for response in responses:
        found = _of(response)
        if found:
            # Which of several requests ran a tool is not told; its fee is the same in all of them.
            add_calls(found[0], items(response, "output"))
        usages += found
    if not usages:
        raise missing("this run of the Agents SDK")
    return several(usages, "agents")


def _of(response: Fields) -> list[Usage]:
    """Return the usage of each request of a call; the sum of several that are not told apart."""
    counters = sub(response, "usage") or {}
    entries = [row for name in _ENTRIES for row in items(counters, name)]
    requests = counters.get("requests")
    many = whole_number("requests", requests) if requests is not None else 1
    if many == 0:
        return []
    row = {name: value for name, value in counters.items() if name not in ("requests", *_ENTRIES)}
    together = summed(read_bare(row, "this call of the Agents SDK"), many)
    if entries and (len(entries) == many or _add_up(entries, counters)):
        apart = [read_bare(entry, "a request of this run") for entry in entries]
        # Either may have left out what a part of it was.
        if together.quantities.keys() <= {meter for usage in apart for meter in usage.quantities}:
            return apart
    return [together]


def _add_up(entries: list[Fields], counters: Fields) -> bool:
    """Return whether the requests are the whole usage, whose own details may be left out.

    A request without tokens is counted among the requests, and has no entry.
    """
    return all(
        any(sum(count(row, name) for row in entries) == count(counters, name) > 0 for name in side) for side in _SIDES
    )


_SIDES = (("input_tokens", "inputTokens"), ("output_tokens", "outputTokens"))


def recognises(fields: Fields) -> bool:
    """Return whether this is a run, or what one call returned."""
    if any(name in fields for name in (*_RESPONSES, *_ENTRIES)):
        return True
    return "output" in fields and "usage" in fields and any(name in fields for name in _IDS)


READER = Reader("OpenAI Agents SDK", recognises, read, HANDED_ON, rank=45)
