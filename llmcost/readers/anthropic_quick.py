"""A message of Anthropic's as nearly all of them are: whole counters, and no name that is rare."""

from __future__ import annotations

from ..core.usage import Usage, counted
from .fields import nested

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

COUNTERS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
# Those that make the prompt.
PROMPT = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
SHORT, HOUR = "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"
# The names that every message states. Any other name is rare, and takes the careful way.
ALWAYS = frozenset((*COUNTERS, "cache_creation", "service_tier"))
# What Bedrock puts beside a message that it guarded.
TRACE = "amazon-bedrock-trace"
# What Bedrock puts into the last event of a stream.
METRICS = "amazon-bedrock-invocationMetrics"
# Blocks of the content that show what the server ran.
RESULTS = (
    "web_search_tool_result",
    "code_execution_tool_result",
    "bash_code_execution_tool_result",
    "text_editor_code_execution_tool_result",
)
CLOUDS = {"msg_bdrk_": "bedrock", "msg_vrtx_": "vertex_ai"}


def has_results(content: object) -> bool:
    """Return whether the content of a message shows what the server ran, beside the block that asked for it.

    >>> has_results([{"type": "server_tool_use"}, {"type": "web_search_tool_result"}]), has_results([{"type": "text"}])
    (True, False)
    """
    if not isinstance(content, (list, tuple)) or len(content) < 2:
        return False
    blocks = (block if type(block) is dict else nested(block) or {} for block in content)
    return any(block.get("type") in RESULTS for block in blocks)


def quick(fields: Fields) -> Usage | None:
    """Return the usage of a common message; None for one that has to be read with care.

    >>> counters = {"input_tokens": 200, "output_tokens": 500, "cache_read_input_tokens": 800}
    >>> message = {"type": "message", "model": "claude-sonnet-4-5", "usage": counters}
    >>> quick(message)
    >>> quick({**message, "usage": {**counters, "cache_creation_input_tokens": 0}}).quantities
    {'input': 200, 'cache_read': 800, 'output': 500}
    """
    counters, model = fields.get("usage"), fields.get("model")
    if type(counters) is not dict or type(model) is not str or not model:
        return None
    if not ALWAYS.issuperset(counters) or TRACE in fields or fields.get("stop_reason") == "refusal":
        return None
    if has_results(fields.get("content")):
        return None
    fresh, answer = counters.get("input_tokens"), counters.get("output_tokens")
    kept, written = counters.get("cache_read_input_tokens"), counters.get("cache_creation_input_tokens")
    if not (type(fresh) is type(answer) is type(kept) is type(written) is int):
        return None
    # A number below 0 or above 2**49 leaves a bit here.
    if (fresh | answer | kept | written) >> 49 or not answer or not (fresh or kept or written):
        return None
    quantities: Quantities = {}
    if fresh:
        quantities["input"] = fresh
    if kept:
        quantities["cache_read"] = kept
    split = counters.get("cache_creation")
    if split:
        if type(split) is not dict or len(split) != 2:
            return None
        short, hour = split.get(SHORT), split.get(HOUR)
        # The two are 0 or more, and add up to the whole; a negative one leaves a bit.
        if type(short) is not int or type(hour) is not int or (short | hour) >> 49 or short + hour != written:
            return None
        if short:
            quantities["cache_write"] = short
        if hour:
            quantities["cache_write_1h"] = hour
    elif written or split is not None:
        return None
    quantities["output"] = answer
    usage = counted(quantities, fresh + kept + written, "anthropic")
    usage.model, tier, identity = model, counters.get("service_tier"), fields.get("id")
    if tier:
        if type(tier) is not str:
            return None
        usage.service_tier = tier
    if type(identity) is str:
        usage.provider = CLOUDS.get(identity[:9])
    return usage
