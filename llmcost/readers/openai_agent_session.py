"""OpenAI's Agents API: a session, one of its turns, and the events of a stream of them.

The usage of a session, and of a turn, adds up the requests of the root agent. It is best effort: it leaves out what was
written to the cache, and what other agents used.
https://github.com/openai/openai-python/blob/main/src/openai/types/beta/agent_session.py
"""

from __future__ import annotations

from ..core.lower_bound import leave_out
from . import openai_responses
from .chunk_reader import ChunkReader
from .fields import sub, text, when
from .framework import several, summed
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_SESSION, _TURN = "agent.session", "agent.session.turn"
_CREATED, _IDLE, _FAILED = f"{_SESSION}.created", f"{_SESSION}.idle", f"{_SESSION}.failed"
_TURN_ENDS = frozenset({f"{_TURN}.completed", f"{_TURN}.failed", f"{_TURN}.cancelled"})
_LEFT_OUT = "the usage of a session is best effort: it leaves out writes to the cache, and agents below the first"


def read(fields: Fields) -> Usage:
    """Return the usage of a session, of a turn, or of the event that ends one.

    >>> used = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    >>> agent = {"model": "gpt-5", "service_tier": "flex"}
    >>> usage = read({"object": "agent.session", "agent": agent, "usage": used})
    >>> usage.quantities, usage.model, usage.service_tier
    ({'input': 9, 'output': 2}, 'gpt-5', 'flex')

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    turn = sub(fields, "turn") or {}
    counters = sub(fields, "usage") or sub(turn, "usage")
    if counters is None:
        raise missing("this session" if fields.get("object") == _SESSION else "this turn of a session")
    agent = sub(fields, "agent") or {}
    facts = {
        "model": text(agent, "model"),
        "service_tier": text(agent, "service_tier"),
        "at": when(fields, "created_at") or when(turn, "created_at"),
    }
    usage = summed(openai_responses.read_counters(counters, facts))
    leave_out(usage, _LEFT_OUT)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a session, a turn, or the event that ends one."""
    return text(fields, "object") in (_SESSION, _TURN) or text(fields, "type") in _TURN_ENDS


def _is_event(fields: Fields) -> bool:
    return (text(fields, "type") or "").startswith(f"{_SESSION}.")


class _Events(ChunkReader):
    """Each turn that ended states its own usage; the agent stands in the events of the session."""

    def __init__(self) -> None:
        self._turns: list[Usage] = []
        self._agent: Fields = {}

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        kind = text(chunk, "type")
        self._agent = sub(sub(chunk, "session") or {}, "agent") or self._agent
        if kind in _TURN_ENDS and (sub(chunk, "usage") or sub(sub(chunk, "turn") or {}, "usage")):
            self._turns.append(read(chunk))
        self.ended = kind in (_IDLE, _FAILED)

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the turns so far."""
        del ended  # the content says it
        if not self._turns:
            raise missing("this session, without a turn that ended,")
        usage = several(self._turns, "responses").replaced()
        usage.model, usage.service_tier = text(self._agent, "model"), text(self._agent, "service_tier")
        usage.partial = True
        return usage


_COUNTERS = Block(
    *("input_tokens", "output_tokens", "total_tokens"),
    inner={"input_tokens_details": Block("cached_tokens"), "output_tokens_details": Block("reasoning_tokens")},
)
_BLOCKS = {"usage": _COUNTERS, "turn.usage": _COUNTERS}
READER = Reader(
    "OpenAI agent session", recognises, read, _BLOCKS, objects=(_SESSION, _TURN), chunk=_is_event, stream=_Events
)
