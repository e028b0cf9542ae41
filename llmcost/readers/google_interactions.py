"""Gemini Interactions: the counters of generateContent under other names, with the same rules.

The input holds the cached tokens; output, thoughts and tool use are counted apart.
https://ai.google.dev/gemini-api/docs/interactions
"""

from __future__ import annotations

from ..core.unread import add_unread
from ..errors import shown
from .chunk_reader import ChunkReader
from .fields import count, items, sub, text, when
from .gemini import read_counters
from .google_grounding import searches
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_TOTALS = {
    "promptTokenCount": "total_input_tokens",
    "cachedContentTokenCount": "total_cached_tokens",
    "candidatesTokenCount": "total_output_tokens",
    "thoughtsTokenCount": "total_thought_tokens",
    "toolUsePromptTokenCount": "total_tool_use_tokens",
    "totalTokenCount": "total_tokens",
}
_DETAILS = {
    "promptTokensDetails": "input_tokens_by_modality",
    "cacheTokensDetails": "cached_tokens_by_modality",
    "candidatesTokensDetails": "output_tokens_by_modality",
    "toolUsePromptTokensDetails": "tool_use_tokens_by_modality",
}
_ROW = Block("modality", "tokens")
_BLOCK = Block(
    *_TOTALS.values(),
    ignored={
        "initial_input_tokens": "the input of the first turn, which the total holds",
        "raw_prompt_token": "the prompt with what the API puts around it, which the total leaves out",
    },
    inner={**dict.fromkeys(_DETAILS.values(), _ROW), "grounding_tool_count": Block("type", "count")},
)


def read(fields: Fields) -> Usage:
    """Return the usage of an interaction; one that is queued or in progress has none."""
    counters = sub(fields, "usage")
    if counters is None:
        raise missing(f"this interaction (status {shown(text(fields, 'status'))})")
    # An agent stands in the place of a model.
    model = text(fields, "model") or text(fields, "agent")
    facts: dict[str, object] = {"model": model and model.rpartition("models/")[2], "at": when(fields, "created")}
    usage = _read_counters(counters, {**facts, "service_tier": text(fields, "service_tier")})
    if not items(counters, "grounding_tool_count"):
        # Where the usage does not count its searches, the steps say which queries were made.
        searched = _Searched()
        for step in items(fields, "steps"):
            searched.add(step)
        searched.bill(usage)
    _settle_media(usage, counters, {kind for step in items(fields, "steps") for kind in _kinds_of(step)})
    return usage


def _kinds_of(step: Fields) -> set[str]:
    """Return what a step that the model wrote holds: ``text``, or the kind of media."""
    if step.get("type") != "model_output":
        return set()
    return {kind for content in items(step, "content") if (kind := text(content, "type")) is not None}


def _settle_media(usage: Usage, counters: Fields, kinds: set[str]) -> None:
    if not kinds <= _OF_TEXT:
        from .gemini_media import settle

        name = _DETAILS["candidatesTokensDetails"]
        settle(usage, kinds, split=bool(items(counters, name)), name=name)


_OF_TEXT = frozenset({"text"})


def _read_counters(counters: Fields, facts: dict[str, object]) -> Usage:
    if all(counters.get(name) is None for name in _TOTALS.values()):
        raise missing("this usage of an interaction")
    same: dict[str, object] = {name: counters.get(theirs) for name, theirs in _TOTALS.items()}
    for name, theirs in _DETAILS.items():
        same[name] = [
            {"modality": row.get("modality"), "tokenCount": row.get("tokens")} for row in items(counters, theirs)
        ]
    usage = read_counters(same, facts)
    for row in items(counters, "grounding_tool_count"):
        tool, times = text(row, "type"), count(row, "count")
        if not times:
            continue
        if tool == "google_search":
            usage.alternatives = (searches(times),)
        elif tool == "google_maps":
            usage.quantities["maps_queries"] = times
        else:
            add_unread(usage, {f"grounding_tool_count.{tool}": times})
    return usage


class _Searched:
    """What the steps of an interaction searched for; a stream tells it in pieces."""

    def __init__(self) -> None:
        self.queries: dict[str, None] = {}
        self.maps: dict[object, None] = {}

    def add(self, step: Fields) -> None:
        """Take a step, or a piece of one."""
        kind = text(step, "type")
        if kind == "google_search_call":
            queries = (sub(step, "arguments") or {}).get("queries")
            if isinstance(queries, (list, tuple)):
                self.queries.update((query, None) for query in queries if isinstance(query, str) and query.strip())
        elif kind == "google_maps_call":
            self.maps[text(step, "id") or len(self.maps)] = None

    def bill(self, usage: Usage) -> None:
        """Add the fees, in the units in which they are sold."""
        if self.queries:
            usage.alternatives = (*usage.alternatives, searches(len(self.queries)))
        if self.maps:
            usage.quantities["maps_queries"] = len(self.maps)


def recognises(fields: Fields) -> bool:
    """Return whether this is an interaction; the SDK's object does not say so itself."""
    if fields.get("object") == "interaction":
        return True
    if "status" not in fields:
        return False
    return "previous_interaction_id" in fields or "total_input_tokens" in (sub(fields, "usage") or ())


def _is_event(fields: Fields) -> bool:
    kind = fields.get("event_type")
    return isinstance(kind, str) and kind.startswith(("interaction.", "step."))


# Kinds of the pieces of what the model writes.
_PIECES = frozenset({"text", "image", "audio", "video"})


class _Stream(ChunkReader):
    """Events repeat the interaction and its usage; the last of each counts."""

    def __init__(self) -> None:
        self._interaction: dict[str, object] = {}
        self._searched = _Searched()
        self._kinds: set[str] = set()

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        inner = sub(chunk, "interaction") or {}
        for name in ("id", "model", "agent", "created", "service_tier", "status", "usage"):
            if inner.get(name) is not None:
                self._interaction[name] = inner[name]
        counters = sub(chunk, "usage")
        if counters is None and "usage" not in self._interaction:
            # Running totals, until the interaction states its own.
            counters = sub(sub(chunk, "metadata") or {}, "usage")
        if counters is not None:
            self._interaction["usage"] = counters
        for step in (sub(chunk, "step"), sub(chunk, "delta"), *items(inner, "steps")):
            if step is not None:
                self._searched.add(step)
                kind = text(step, "type")
                self._kinds |= {kind} if kind in _PIECES else _kinds_of(step)
        self.ended = self.ended or (text(chunk, "event_type") or "").startswith("interaction.complete")

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether an event is about another interaction than the one that has ended."""
        inner = sub(chunk, "interaction") if self.ended else None
        return inner is not None and inner.get("id") != self._interaction.get("id")

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far; without the last event it is a lower bound."""
        del ended  # the content says it
        usage = read(self._interaction)
        if not items(sub(self._interaction, "usage") or {}, "grounding_tool_count"):
            self._searched.bill(usage)
        usage.partial = not self.ended
        _settle_media(usage, sub(self._interaction, "usage") or {}, self._kinds)
        return usage


READER = Reader(
    "Gemini Interactions",
    recognises,
    read,
    {"usage": _BLOCK},
    chunk=_is_event,
    stream=_Stream,
    events={"usage": _BLOCK, "interaction.usage": _BLOCK},
)
