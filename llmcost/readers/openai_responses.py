"""OpenAI Responses, and everybody who speaks it.

``input_tokens`` holds reads and writes of the cache, ``output_tokens`` holds reasoning. Tools are billed
outside ``usage``: searches, containers, file searches, and the tokens of an image model.
https://platform.openai.com/docs/api-reference/responses/object
"""

from __future__ import annotations

from ..core.usage import Usage
from ..errors import InconsistentUsageError, shown
from .answers import in_output
from .chunk_reader import ChunkReader
from .dialects.reported import TICKS_PER_USD, add_charged, charge
from .fields import count, items, sub, text, when, whole_number
from .openai_chat import REST
from .reader import Block, Reader, doubt_zeros, missing, refuse_total_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_PLAIN = "the rest of what was written, which is at the plain rate"
# How gateways state for how long Anthropic's cache keeps what was written.
_SPLIT, _HOUR = "cache_creation_token_details", "ephemeral_1h_input_tokens"
_SPLIT_CACHE = {
    "cached_tokens_details": Block("text_tokens", "image_tokens", "cached_text_tokens", "cached_image_tokens")
}
IMAGES = Block(
    *("input_tokens", "output_tokens", "total_tokens", "model", "cached_tokens"),
    inner={
        **_SPLIT_CACHE,
        "input_tokens_details": Block("image_tokens", "cached_tokens", "text_tokens", inner=_SPLIT_CACHE),
        "output_tokens_details": Block("image_tokens", "text_tokens"),
    },
)
# xAI repeats how much of its context the last turn took. https://docs.x.ai/docs/api-reference
OF_CONTEXT = {"context_details": "the tokens of the last turn, which are inside the input and the output"}
# How a call was served may stand among its counters.
_SERVED = frozenset({"service_tier", "inference_geo", "speed"})
_TOOLS = frozenset({"server_side_tool_usage_details", "num_server_side_tools_used"})
BLOCK = Block(
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "cost",
    "cost_in_usd_ticks",
    "is_byok",
    *_SERVED,
    ignored=OF_CONTEXT,
    inner={
        "input_tokens_details": Block(
            "cached_tokens",
            "cache_write_tokens",
            "audio_tokens",
            "image_tokens",
            ignored={"text_tokens": REST},
            inner={
                "cache_write_tokens_details": Block("ttl_12h_tokens", ignored={"ttl_30m_tokens": _PLAIN}),
                _SPLIT: Block(_HOUR, ignored={"ephemeral_5m_input_tokens": _PLAIN}),
            },
        ),
        "output_tokens_details": Block(
            "reasoning_tokens", "audio_tokens", "image_tokens", ignored={"text_tokens": REST}
        ),
    },
    also=lambda block, _, counters: block if _TOOLS.isdisjoint(counters) else _with_tools(block),
)
_joined: dict[Block, Block] = {}


def _with_tools(block: Block) -> Block:
    """Return a block with the calls of xAI's tools, whose names load where they are stated."""
    if block not in _joined:
        from . import xai_tools

        summed = {xai_tools.ALL_CALLS: "the sum of the calls that the details name, or the output"}
        _joined[block] = block.joined(Block(ignored=summed, inner={xai_tools.DETAILS: xai_tools.BLOCK}))
    return _joined[block]


TOOLS = Block(inner={"web_search": Block("num_requests"), "image_gen": IMAGES}, label="tool_usage")


_LIFETIMES = (("cache_write_tokens_details", "ttl_12h_tokens", "cache_write_12h"), (_SPLIT, _HOUR, "cache_write_1h"))


def read(fields: Fields) -> Usage:
    """Return the usage of a response; one that is still queued or running has none."""
    if "_hidden_params" in fields:
        from .litellm_hidden import read_dict

        return read_dict(fields, read)
    counters = sub(fields, "usage")
    if counters is None:
        raise missing(f"this response (status {shown(text(fields, 'status'))})")
    facts = {
        "model": text(fields, "model"),
        "service_tier": text(fields, "service_tier"),
        "at": when(fields, "created_at"),
    }
    usage = read_counters(counters, facts)
    doubt_zeros(usage, "this response", ("input_tokens", "output_tokens"), answered=lambda _: in_output(fields))
    if _ran_tools(fields):
        from . import openai_tools

        openai_tools.bill(fields, usage, read_image_counters)
    add_charged(usage, counters)
    if not _SERVED.isdisjoint(counters):
        from .dialects import served

        served.correct(fields, counters, usage)
    ticks = counters.get("cost_in_usd_ticks")
    if ticks:
        usage.reported = charge(usage, ticks, "cost_in_usd_ticks", TICKS_PER_USD)
        usage.provider = "xai"
    if not _TOOLS.isdisjoint(counters):
        from . import openai_tools, xai_tools

        # Calls that failed are among the items of the output, and a program is a call and no container.
        for meter in openai_tools.METERS:
            usage.quantities.pop(meter, None)
        usage.notes = tuple(note for note in usage.notes if note.code != "session_assumed")
        xai_tools.bill_counted(usage, counters, items(fields, "output"))
    return usage


def read_counters(counters: Fields, facts: dict[str, object], dialect: str = "responses") -> Usage:
    """Return the usage of a ``usage`` object of this API."""
    if counters.get("input_tokens") is None or counters.get("output_tokens") is None:
        raise missing("a usage object without input_tokens and output_tokens")
    prompt, answer = (
        whole_number("input_tokens", counters["input_tokens"]),
        whole_number("output_tokens", counters["output_tokens"]),
    )
    inside = sub(counters, "input_tokens_details") or {}
    outside = sub(counters, "output_tokens_details") or {}
    parts = {
        "cache_read": count(inside, "cached_tokens"),
        "cache_write": count(inside, "cache_write_tokens"),
        "input_audio": count(inside, "audio_tokens"),
        "input_image": count(inside, "image_tokens"),
    }
    for holder, name, meter in _LIFETIMES:
        if holder not in inside:
            continue
        long = count(sub(inside, holder) or {}, name)
        if long > parts["cache_write"]:
            raise InconsistentUsageError(
                f"{name}={long} exceeds cache_write_tokens={parts['cache_write']}",
                {"cache_write_tokens": parts["cache_write"]},
                {name: long},
            )
        parts["cache_write"] -= long
        parts[meter] = long
    results = {
        "reasoning": count(outside, "reasoning_tokens"),
        "output_audio": count(outside, "audio_tokens"),
        "output_image": count(outside, "image_tokens"),
    }
    stated = counters.get("total_tokens")
    total = prompt + answer if stated is None else whole_number("total_tokens", stated)
    refuse_total_alone("total_tokens", total, prompt + answer)
    fresh, rest = prompt - sum(parts.values()), answer - sum(results.values())
    if fresh < 0 or rest < 0 or total != prompt + answer:
        from .settling import settle

        settled = settle(prompt, answer, total, parts, results, ("input_tokens", "output_tokens", "total_tokens"))
        return settled.tell(Usage.of(settled.quantities, settled.context, dialect, facts))
    quantities = {"input": fresh, **parts, "output": rest, **results}
    return Usage.of(quantities, prompt, dialect, facts)


def _ran_tools(fields: Fields) -> bool:
    """Return whether a tool of the server ran: an item of the output is a call of something else than a function."""
    if fields.get("tool_usage"):
        return True
    kinds = (item.get("type") for item in items(fields, "output"))
    return any(isinstance(kind, str) and kind.endswith("_call") and kind != "function_call" for kind in kinds)


def read_image_counters(counters: Fields, facts: dict[str, object]) -> Usage:
    """Return the usage of an image model: output without a split, or with one of nothing, is image tokens.

    What was cached is inside the input, and may be split into text and images:
    https://github.com/openai/openai-python/blob/main/src/openai/types/responses/response.py
    """
    from .settling import settle

    inside, outside = (sub(counters, f"{side}_tokens_details") or {} for side in ("input", "output"))
    prompt, answer = count(counters, "input_tokens"), count(counters, "output_tokens")
    holder = inside if inside.get("cached_tokens") is not None else counters
    split = sub(holder, "cached_tokens_details") or {}
    text_read, images_read = (count(split, f"cached_{kind}") or count(split, kind) for kind in _KINDS)
    read_tokens = count(holder, "cached_tokens")
    if text_read + images_read not in {0, read_tokens}:
        raise InconsistentUsageError(
            f"cached text {text_read} + images {images_read} are not cached_tokens={read_tokens}",
            {"cached_tokens": read_tokens},
            {"cached_text_tokens": text_read, "cached_image_tokens": images_read},
        )
    parts = {"cache_read": read_tokens - images_read, "input_image": count(inside, "image_tokens") - images_read}
    drawn = count(outside, "image_tokens")
    if not drawn and not count(outside, "text_tokens"):
        drawn = answer
    if images_read:
        parts["cache_read_image"] = images_read
    if parts["input_image"] < 0 or drawn > answer:
        raise InconsistentUsageError(
            f"cached images {images_read} exceed those of the input, or {drawn} exceed output_tokens={answer}",
            {"input_tokens": prompt, "output_tokens": answer},
            {"cached_image_tokens": images_read, "output image_tokens": drawn},
        )
    names = ("input_tokens", "output_tokens", "total_tokens")
    settled = settle(prompt, answer, None, parts, {"output_image": drawn}, names)
    return settled.tell(Usage.of(settled.quantities, prompt, "images", facts))


_KINDS = ("text_tokens", "image_tokens")


def recognises(fields: Fields) -> bool:
    """Return whether this is a response whose ``object`` field was dropped."""
    if "output" not in fields or "usage" not in fields:
        return False
    return "parallel_tool_calls" in fields or "incomplete_details" in fields


def _is_event(fields: Fields) -> bool:
    kind = fields.get("type")
    # Events of realtime and live sessions have the same prefix, and an event_id.
    if not isinstance(kind, str) or kind == "response.done":
        return False
    return kind.startswith("response.") and "event_id" not in fields


ENDS = ("response.completed", "response.incomplete", "response.failed")
_ITEM = "response.output_item.done"


class _Stream(ChunkReader):
    """Usage comes once, with the event that ends the response. Ids before it may change from event to event.

    Some hosts leave the output of that event empty, so that only the events before it tell which tools ran.
    """

    def __init__(self) -> None:
        self._response: Fields | None = None
        self._calls: list[Fields] = []

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        inner = sub(chunk, "response")
        if chunk.get("type") == _ITEM:
            item = sub(chunk, "item") or {}
            if (text(item, "type") or "").endswith("_call"):
                self._calls.append(item)
        ends = chunk.get("type") in ENDS
        if inner is not None and (ends or self._response is None):
            self._response = inner
        self.ended = self.ended or ends

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether an event is about another response than the one that has ended."""
        inner = sub(chunk, "response") if self.ended else None
        if inner is None:
            return False
        its = inner.get("id")
        return its is None or its != (self._response or {}).get("id")

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the response."""
        del ended  # the content says it
        if self._response is None:
            raise missing("this stream of events")
        response = self._response
        if self._calls and not response.get("output"):
            response = {**response, "output": self._calls}
        usage = READER.read(response)
        usage.partial = not self.ended
        return usage


READER = Reader(
    "OpenAI Responses",
    recognises,
    read,
    {"usage": BLOCK, "tool_usage": TOOLS},
    whole="input_tokens",
    parts=("input_tokens_details", "output_tokens_details"),
    objects=("response", "response.compaction"),
    chunk=_is_event,
    stream=_Stream,
    events={"response.usage": BLOCK, "response.tool_usage": TOOLS},
    tells=(*ENDS, _ITEM),
)
