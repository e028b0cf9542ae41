"""Anthropic Messages, on every cloud.

``input_tokens`` is the uncached input alone; reads and writes of the cache stand beside it. Thinking is
inside ``output_tokens``. https://platform.claude.com/docs/en/api/messages
"""

from __future__ import annotations

from ..core.late import Late
from ..core.notes import Note
from ..core.usage import Usage
from .dialects.parts import take
from .fields import EVERYWHERE, count, items, nested, sub, text, whole
from .reader import Block, ChunkReader, Reader, missing, of_total, refuse_total_alone, refuse_zeros

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .anthropic_writes import by_lifetime, kept_apart, written_late
    from .reader import Fields
else:
    # Many calls write nothing to a cache.
    by_lifetime, kept_apart, written_late = (
        Late("llmcost.readers.anthropic_writes", name) for name in ("by_lifetime", "kept_apart", "written_late")
    )

FREE_TOOLS = {"web_fetch_requests": "free but for its tokens: https://platform.claude.com/docs/en/about-claude/pricing"}
_LIFETIMES = Block("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")
# As rows of somebody's table keep the split.
_KEPT_LIFETIMES = ("cache_creation_input_tokens_5m", "cache_creation_input_tokens_1h")
_TOOLS = Block("web_search_requests", ignored=FREE_TOOLS)
_COUNTERS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
_FACTS = ("service_tier", "inference_geo", "speed", "type", "model")
_BELOW = {"cache_creation": _LIFETIMES, "server_tool_use": _TOOLS, "output_tokens_details": Block("thinking_tokens")}
BLOCK = Block(
    *_COUNTERS,
    *_KEPT_LIFETIMES,
    *_FACTS,
    "total_tokens",
    "fallback_credit",
    inner={**_BELOW, "iterations": Block(*_COUNTERS, *_FACTS, inner=_BELOW)},
)
_CLOUDS = {"msg_bdrk_": "bedrock", "msg_vrtx_": "vertex_ai"}


def read(fields: Fields) -> Usage:
    """Return the usage of a message."""
    counters = sub(fields, "usage")
    if counters is None:
        raise missing("this message")
    facts: dict[str, object] = {}
    model = text(fields, "model")
    if model is not None:
        facts["model"] = model
    identity = fields.get("id")
    if type(identity) is str and identity[:9] in _CLOUDS:
        facts["provider"] = _CLOUDS[identity[:9]]
    usage = read_counters(counters, facts)
    if not usage.quantities and not usage.parts and fields.get("content"):
        refuse_zeros(usage, "this message")
    if fields.get("stop_reason") == "refusal" and not fields.get("content"):
        usage.free = "a refusal without content is not billed"
    if "amazon-bedrock-trace" in fields:
        from .bedrock import add_guardrails

        add_guardrails(usage, fields["amazon-bedrock-trace"])
    return usage


def _guarded(trace: Fields) -> list[Fields]:
    from .bedrock import invocations

    return list(invocations(trace))


def read_counters(counters: Fields, facts: dict[str, object], dialect: str = "anthropic") -> Usage:
    """Return the usage of a ``usage`` object of this API; what its total leaves out is in parts."""
    usage = _read_one(counters, facts, dialect)
    if counters.get("iterations"):
        _read_iterations(items(counters, "iterations"), usage)
    if counters.get("fallback_credit"):
        outcome = sub(counters, "fallback_credit") or {}
        if outcome.get("type") == "redeemed":
            # The retry is billed as if this model had served the conversation from the start; the credit is not stated.
            said = "a fallback credit was redeemed and its amount is not stated: an upper bound"
            usage.notes = (*usage.notes, Note("fallback_credit", said, "fallback_credit"))
    return usage


def _read_one(counters: Fields, facts: dict[str, object], dialect: str) -> Usage:
    fresh, answer = counters.get("input_tokens"), counters.get("output_tokens")
    if fresh is None or answer is None:
        name = "input_tokens" if fresh is None else "output_tokens"
        raise missing(
            f"a usage object without {name}", "{'input_tokens': N} alone counts tokens before a call; it is no call."
        )
    # A number below 0 or above 2**49 leaves a bit here; these rare numbers are checked one by one.
    if type(fresh) is not int or type(answer) is not int or (fresh | answer) >> 49:
        fresh, answer = whole("input_tokens", fresh), whole("output_tokens", answer)
    read_tokens = count(counters, "cache_read_input_tokens")
    written = count(counters, "cache_creation_input_tokens")
    notes: tuple[Note, ...] = ()
    if counters.get("total_tokens") is not None:
        fresh, notes = _by_total(counters, fresh, answer, read_tokens + written)
    quantities: Quantities = {}
    if fresh:
        quantities["input"] = fresh
    if read_tokens:
        quantities["cache_read"] = read_tokens
    split = counters.get("cache_creation")
    if written and not split:
        split = kept_apart(counters, written)
    if written or split:
        short, hour = by_lifetime(written, nested(split))
        if short:
            quantities["cache_write"] = short
        if hour:
            quantities["cache_write_1h"] = hour
        written = short + hour
    if answer:
        quantities["output"] = answer
    tier = text(counters, "service_tier")
    if tier is not None:
        facts["service_tier"] = tier
    place, speed = text(counters, "inference_geo"), text(counters, "speed")
    if place and place not in EVERYWHERE:
        facts["region"] = place
    if speed and speed != "standard":
        facts["speed"] = speed
    if not quantities:
        # Hosts that speak this API with counters of another one fill in its total alone.
        refuse_total_alone("total_tokens", count(counters, "total_tokens"), 0)
    usage = Usage.of(quantities, fresh + read_tokens + written, dialect, facts)
    if written and not split:
        notes += (Note("ttl_assumed", "ttl unknown, 5m rate used", "cache_write"),)
    if notes:
        usage.notes = notes
    thought = count(sub(counters, "output_tokens_details") or {}, "thinking_tokens")
    if thought > answer:
        said = f"thinking_tokens={thought} is more than output_tokens={answer} holds: the output is what is billed"
        usage.notes = (*usage.notes, Note("reasoning_above_answer", said, "thinking_tokens"))
    take(quantities, "output", "reasoning", min(thought, answer), "thinking_tokens")
    tools = counters.get("server_tool_use")
    if tools:
        searches = count(sub(counters, "server_tool_use") or {}, "web_search_requests")
        if searches:
            quantities["web_searches"] = searches
    return usage


def _by_total(counters: Fields, fresh: int, answer: int, cached: int) -> tuple[int, tuple[Note, ...]]:
    """Return the uncached input, and a note, where a total stands beside the counters, as only other hosts state it."""
    total = count(counters, "total_tokens")
    if 0 < cached <= fresh and total == fresh + answer:
        said = "total_tokens proves that cached tokens are counted inside input_tokens"
        return fresh - cached, (Note("counted_inside", said, "input_tokens"),)
    if total > fresh + cached + answer > 0:
        return fresh, (of_total("total_tokens", total, fresh + cached + answer),)
    return fresh, ()


def _read_iterations(rows: list[Fields], usage: Usage) -> None:
    """Add what the total leaves out: compactions, advisors, and the declined attempts of a fallback.

    A declined attempt is billed at its own model's rates, and only if it produced output. The total is that of
    the model which answered; earlier turns of that model are inside it if it is more than the last turn.
    https://platform.claude.com/docs/en/build-with-claude/compaction
    https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback
    """
    last = next((row for row in rows if row.get("type") == "fallback_message"), None)
    served = text(last, "model") if last is not None else None
    if served is not None:
        # A stream begins with the model that was called, before another one answers.
        usage.model = served
    whole_hop = last is not None and usage.quantities.get("output", 0) > count(last, "output_tokens")
    parts, prompts = [], []
    for row in rows:
        kind, own = text(row, "type"), text(row, "model")
        mine = own is None or own == served
        outside = kind in {"compaction", "advisor_message"}
        if kind == "message" and last is not None:
            outside = count(row, "output_tokens") > 0 and not (mine and whole_hop)
        if outside:
            parts.append(_part(row, own, usage))
        elif kind == "fallback_message" or (kind == "message" and (last is None or mine)):
            prompts.append(sum(count(row, name) for name in _PROMPT))
    if last is not None:
        usage.routed = True
        said = f"a fallback answered: {served or usage.model} is priced"
        usage.notes = (*usage.notes, Note("fallback_answered", said, served or usage.model))
    if prompts and max(prompts) < (usage.context or 0):
        # Each turn of the server's tool loop is a prompt of its own: their sum is no context.
        usage.context = max(prompts)
        said = f"{len(prompts)} iterations: the largest prompt is {max(prompts):,} tokens"
        usage.notes = (*usage.notes, Note("iterations", said, "iterations"))
    usage.parts = tuple(parts)


_PROMPT = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


def _part(row: Fields, own: str | None, usage: Usage) -> Usage:
    """Return an iteration as a part; one on the model of the call itself is rated on the call's card."""
    stated = {fact: getattr(usage, fact) for fact in ("region", "speed", "service_tier", "provider")}
    facts: dict[str, object] = {fact: value for fact, value in stated.items() if value is not None}
    if own is not None and own != usage.model:
        facts["model"] = own
    return _read_one(row, facts, "anthropic")


def recognises(fields: Fields) -> bool:
    """Return whether this is a message."""
    return fields.get("type") == "message" and ("usage" in fields or fields.get("role") == "assistant")


_BLOCK_EVENTS = ("content_block_start", "content_block_delta", "content_block_stop")
_EVENTS = frozenset({"message_start", "message_delta", "message_stop", *_BLOCK_EVENTS, "ping"})


def _is_event(fields: Fields) -> bool:
    return text(fields, "type") in _EVENTS


class _Stream(ChunkReader):
    """The message's usage starts with ``message_start``; every value that a delta states replaces it.

    Deltas are cumulative. The split by time to live, the tier and the geography stand in the first event only.
    """

    def __init__(self) -> None:
        self._message: dict[str, object] = {}
        self._counters: dict[str, object] = {}

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        kind = chunk.get("type")
        if kind == "message_start":
            self._message.update(sub(chunk, "message") or {})
            self._merge(sub(self._message, "usage"))
        elif kind == "message_delta":
            self._merge(sub(chunk, "usage"))
            delta = sub(chunk, "delta") or {}
            if delta.get("stop_reason"):
                self._message["stop_reason"] = delta["stop_reason"]
                self.ended = True
        elif kind == "content_block_start":
            self._message["content"] = True

    def _merge(self, counters: Fields | None) -> None:
        for name, value in (counters or {}).items():
            if value is not None:
                self._counters[name] = value

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether an event starts a second message."""
        if chunk.get("type") != "message_start" or not self._message:
            return False
        its = (sub(chunk, "message") or {}).get("id")
        return its is None or its != self._message.get("id")

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far; before the last delta the output is a placeholder, so it is a lower bound."""
        del ended  # the content says it
        if not self._counters:
            raise missing("this stream of events")
        split, late = written_late(self._counters)
        usage = READER.read({**self._message, "usage": {**self._counters, "cache_creation": split}})
        usage.notes += late
        usage.partial = not self.ended
        return usage


READER = Reader(
    "Anthropic Messages",
    recognises,
    read,
    {"usage": BLOCK, "amazon-bedrock-trace": Block(ends=("Units",), view=_guarded, label="guardrail")},
    whole="input_tokens",
    chunk=_is_event,
    stream=_Stream,
    events={"usage": BLOCK, "message.usage": BLOCK},
    tells=("message_start", "message_delta", "content_block_start"),
)
