"""Anthropic's managed agents: a session, one of its threads, and the events of a session.

The usage of a session adds up all requests so far. An event after a request has the counters of that request, and an
event ``session.usage`` states the sum again. The input stands beside what was read from the cache and written to it.
The time for which a session ran is billed too. ``list_cost`` is rounded to cents.
https://platform.claude.com/docs/en/managed-agents/session-observability
"""

from __future__ import annotations

from . import anthropic
from .chunk_reader import ChunkReader
from .fields import quantity, sub, text, when
from .framework import several, summed
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_SESSION, _THREAD, _SUM, _REQUEST = "session", "session_thread", "session.usage", "span.model_request_end"
_KINDS = frozenset({_SESSION, _THREAD, _SUM, _REQUEST})
_OTHERS = ("session.status_", "span.model_request_")
_ENDS = frozenset({"session.status_idle", "session.status_terminated", "session.deleted"})
_TIME = "active_seconds"


def read(fields: Fields) -> Usage:
    """Return the usage of a session, of a thread, or of one event.

    >>> used = {"input_tokens": 9, "output_tokens": 2, "cache_read_input_tokens": 5}
    >>> read({"type": "session", "agent": {"model": {"id": "claude-opus-4-8"}}, "usage": used}).quantities
    {'input': 9, 'cache_read': 5, 'output': 2}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a counter is no count.
    """
    one = fields.get("type") == _REQUEST
    counters = sub(fields, "model_usage" if one else "usage") or {}
    if all(counters.get(name) is None for name in ("input_tokens", "output_tokens")):
        raise missing("this session")
    # A sum states a side when something of it was used.
    stated = {name: counters.get(name) or 0 for name in ("input_tokens", "output_tokens")}
    usage = anthropic.read_counters({**counters, **stated})
    agent = sub(fields, "agent") or {}
    usage.model = text(agent, "model") or text(sub(agent, "model") or {}, "id")
    usage.at = when(fields, "processed_at") or when(fields, "created_at")
    usage.dialect, usage.named_provider = "anthropic_session", "anthropic"
    if one:
        return usage
    ran = quantity(counters, _TIME)
    if ran:
        usage.quantities["compute_seconds"] = ran
    return summed(usage)


def recognises(fields: Fields) -> bool:
    """Return whether this is a session, a thread, or an event that counts."""
    kind = text(fields, "type")
    if kind not in _KINDS:
        return False
    return kind in {_REQUEST, _SUM} or (sub(fields, "usage") is not None and sub(fields, "agent") is not None)


def _is_event(fields: Fields) -> bool:
    kind = text(fields, "type")
    return kind == _SUM or (kind is not None and kind.startswith(_OTHERS))


class _Events(ChunkReader):
    """The last sum of a session, and the requests after it."""

    def __init__(self) -> None:
        self._usages: list[Usage] = []

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        kind = text(chunk, "type")
        if kind == _SUM:
            self._usages = [read(chunk)]
        elif kind == _REQUEST:
            self._usages.append(read(chunk))
        self.ended = kind in _ENDS

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far."""
        del ended  # the content says it
        if not self._usages:
            raise missing("this session, without a request that ended,")
        usage = several(self._usages, "anthropic_session").replaced()
        usage.partial = not self.ended
        return usage


_USAGE = Block(
    *anthropic.BLOCK.read,
    _TIME,
    ignored={"list_cost": "the same at list prices, in whole cents"},
    inner=anthropic.BLOCK.inner,
)
READER = Reader(
    "Anthropic session",
    recognises,
    read,
    {"usage": _USAGE, "model_usage": anthropic.BLOCK},
    chunk=_is_event,
    stream=_Events,
    tells=(_SUM, _REQUEST, *sorted(_ENDS)),
)
