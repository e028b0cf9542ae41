"""Mistral conversations and agents.

The tokens that connectors read and write stand beside the prompt, and are billed as input; their calls have fees.
https://docs.mistral.ai/agents/agents
"""

from __future__ import annotations

from ..core.notes import Note
from ..errors import shown
from . import openai_chat
from .chunk_reader import LastChunkReader, event_in
from .fields import count, items, sub, text
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

# What the fee of a built-in connector's call is called here. Connectors of one's own have none.
_CONNECTORS = {
    "web_search": "web_searches",
    "web_search_premium": "web_searches",
    "document_library": "file_searches",
    "code_interpreter": "code_sessions",
    "image_generation": "output_images",
}
# Connectors are read whole: one without a meter is noted by its name.
_BLOCK = Block(*openai_chat.BLOCK.read, "connector_tokens", "connectors", inner=openai_chat.BLOCK.inner)


def read(fields: Fields) -> Usage:
    """Return the usage of a conversation's response: tokens, connector tokens as input, connector calls.

    >>> usage = {"prompt_tokens": 188, "completion_tokens": 55, "total_tokens": 7355, "connector_tokens": 7112}
    >>> read({"object": "conversation.response", "outputs": [], "usage": usage}).quantities
    {'input': 7300, 'output': 55}

    Raises:
        MissingUsageError: there is no usage.
        InconsistentUsageError: a counter is no count.
    """
    counters = sub(fields, "usage")
    if counters is None:
        raise missing("this conversation")
    models = {text(entry, "model") for entry in items(fields, "outputs")} - {None}
    facts: dict[str, object] = {"model": next(iter(models))} if len(models) == 1 else {}
    connector = count(counters, "connector_tokens")
    prompt = counters.get("prompt_tokens")
    whole_prompt = count(counters, "prompt_tokens") + connector if prompt is not None else None
    usage = openai_chat.read_counters({**counters, "prompt_tokens": whole_prompt}, facts, "conversation")
    notes = list(usage.notes)
    if len(models) > 1:
        said = "several models answered and their tokens are not told apart: pass model="
        notes.append(Note("model_needed", said, "model"))
    for name, calls in _calls(counters):
        meter = _CONNECTORS.get(name)
        if meter is None:
            said = f"connector {shown(name)} was called {calls} times and has no fee here"
            notes.append(Note("tool_not_priced", said, name))
        else:
            usage.quantities[meter] = usage.quantities.get(meter, 0) + calls
    usage.notes = tuple(notes)
    return usage


def _calls(counters: Fields) -> list[tuple[str, int]]:
    connectors = sub(counters, "connectors") or {}
    calls = [(name, count(connectors, name)) for name in sorted(connectors, key=str) if isinstance(name, str)]
    return [(name, number) for name, number in calls if number]


def recognises(fields: Fields) -> bool:
    """Return whether this is the response of a conversation."""
    return fields.get("object") == "conversation.response"


def _is_event(chunk: Fields) -> bool:
    kind = text(event_in(chunk), "type")
    return kind is not None and (
        kind.startswith(("conversation.response.", "tool.execution.", "agent.handoff."))
        or kind == "message.output.delta"
    )


class _Stream(LastChunkReader):
    """The usage comes with the last event, the model with those that carry text."""

    def __init__(self) -> None:
        super().__init__(read, self._response)
        self._models: dict[str, None] = {}

    def _response(self, chunk: Fields) -> Fields | None:
        """Return the whole response at its last event."""
        event = event_in(chunk)
        model = text(event, "model")
        if model is not None:
            self._models[model] = None
        if event.get("type") != "conversation.response.done":
            return None
        return {"usage": event.get("usage"), "outputs": [{"model": model} for model in self._models]}


READER = Reader(
    "Mistral conversations",
    recognises,
    read,
    {"usage": _BLOCK},
    objects=("conversation.response",),
    chunk=_is_event,
    stream=_Stream,
    events={"usage": _BLOCK, "data.usage": _BLOCK},
)
