"""Bedrock agents: the traces of InvokeAgent and InvokeInlineAgent, each a step of the agent.

A trace of a step that asked a model holds the tokens of that call, wherever in the kinds of traces it stands. Each is
billed on the foundation model; the agent itself has no price. The traces are there only with ``enableTrace``.
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Metadata.html
"""

from __future__ import annotations

from ..core.usage import Usage
from . import bedrock
from .bedrock_invoke import decoded
from .chunk_reader import ChunkReader
from .fields import sub, text
from .reader import Block, Reader, missing
from .unknown import stated_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .reader import Fields

_SPLIT = "modelInvocationOutput"
_ASKED = "modelInvocationInput"
# Around a trace stand two names, then the name of its kind, then the name of the model's answer.
_DEEPEST = 6


def read(fields: Fields) -> Usage:
    """Return the usage of a single trace.

    Raises MissingUsageError if no model was asked in it.
    """
    agent = _Agent()
    agent.feed(fields)
    return agent.usage()


def _answers(node: object, deep: int = 0) -> Iterator[Fields]:
    """Yield what holds the answer of a model, from anywhere in a trace."""
    fields = stated_fields(node)
    if fields is None or deep > _DEEPEST:
        return
    if sub(fields, _SPLIT) is not None:
        yield fields
        return
    for name in fields:
        yield from _answers(fields.get(name), deep + 1)


def recognises(fields: Fields) -> bool:
    """Return whether this is a trace of an agent in which a model answered."""
    return sub(fields, "trace") is not None and any(_answers(fields.get("trace")))


def _is_event(fields: Fields) -> bool:
    chunk = sub(fields, "chunk")
    if chunk is not None and "bytes" in chunk:
        # Streams of models send JSON in this way, and an agent the text of its answer.
        return decoded(chunk.get("bytes")) is None
    trace = sub(fields, "trace")
    return trace is not None and ("trace" in trace or "agentId" in trace or "sessionId" in trace)


class _Agent(ChunkReader):
    """Every model call of the agent is a part: a request with a context of its own, on its own model."""

    # Nothing says that the last trace was sent.
    session = True

    def __init__(self) -> None:
        self._calls: list[Usage] = []
        self._model: str | None = None

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        trace = chunk.get("trace")
        self._model = _model_of(trace) or self._model
        for counters in _counters_of(sub(chunk, "trace") or {}):
            self._calls.append(bedrock.read_counters(counters, {"provider": "bedrock", "model": self._model}))

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the only call, or of all of them as parts."""
        if not self._calls:
            raise missing("this agent", "Its traces hold the usage: invoke it with enableTrace=True.")
        if len(self._calls) == 1:
            usage = self._calls[0].replaced()
        else:
            named = (call.model for call in self._calls if call.model is not None)
            usage = Usage.of({}, 0, "converse", {"provider": "bedrock", "model": next(named, None)})
            usage.parts = tuple(self._calls)
        usage.partial = not ended
        return usage


def _model_of(trace: object, deep: int = 0) -> str | None:
    """Return the foundation model that a trace names in what it asked."""
    fields = stated_fields(trace)
    if fields is None or deep > _DEEPEST:
        return None
    asked = sub(fields, _ASKED)
    if asked is not None:
        return text(asked, "foundationModel")
    return next((found for name in fields if (found := _model_of(fields.get(name), deep + 1))), None)


def _counters_of(trace: Fields) -> list[Fields]:
    """Return the counters of every model that answered in a trace."""
    found = (sub(sub(sub(answer, _SPLIT) or {}, "metadata") or {}, "usage") for answer in _answers(trace))
    return [counters for counters in found if counters is not None]


READER = Reader(
    "Bedrock Agents",
    recognises,
    read,
    {"trace": Block(*bedrock.BLOCK.read, inner=bedrock.BLOCK.inner, view=_counters_of)},
    chunk=_is_event,
    stream=_Agent,
    rank=30,
)
