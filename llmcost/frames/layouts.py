"""Layouts: how the tables of providers and gateways name their columns, and how their counters become disjoint.

A counter that holds another is taken apart by the rules by which the readers take a response apart. A contradiction
leaves a count below 0, which is ``inconsistent_usage``; a reader may let the card or a total decide it, a table does
not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import ArgumentError, PriceDataError, shown
from .stated import STATED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    Counts = Mapping[str, Any]


class Layout(NamedTuple):
    """How one kind of table says things.

    Attributes:
        stated: ``model``, ``time`` ... -> the names that its column may have.
        counters: counter -> the names that its column may have.
        wholes: counters without which nothing is known of a row.
        apart: returns the meters of the counters that are there; a count is never null.
    """

    stated: Mapping[str, tuple[str, ...]]
    counters: Mapping[str, tuple[str, ...]]
    wholes: tuple[str, ...]
    apart: Callable[[Counts], dict[str, Any]]


def columns_of_layout(name: str, there: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return where a table of a layout says what, and counts what: of each thing the first column that is there.

    >>> columns_of_layout("openai", ["model", "usage.prompt_tokens", "usage.completion_tokens", "id"])[1]
    {'prompt': 'usage.prompt_tokens', 'completion': 'usage.completion_tokens'}

    Raises:
        ArgumentError: nobody knows the layout.
        PriceDataError: a counter is missing without which nothing is known of a row.
    """
    layout = LAYOUTS.get(name)
    if layout is None:
        known = ", ".join(repr(one) for one in ("meters", *LAYOUTS))
        raise ArgumentError(
            f"columns={shown(name)}: it is one of {known}, or a mapping such as {{'input': 'my_column'}}"
        )
    columns = set(there)
    stated = {what: next((one for one in names if one in columns), None) for what, names in layout.stated.items()}
    counters = {what: next((one for one in names if one in columns), None) for what, names in layout.counters.items()}
    found = {what: column for what, column in counters.items() if column is not None}
    missing = [layout.counters[what][0] for what in layout.wholes if what not in found]
    if missing:
        raise PriceDataError(f"columns={name!r}: the table has no column {missing[0]!r}, but {', '.join(there)}")
    # What a row says of itself may stand in columns of our own names, whatever the layout.
    own = {what: what for what in STATED if what in columns}
    return {**own, **{what: column for what, column in stated.items() if column is not None}}, found


# How the names of counters end; and words in such names that mean no further tokens: sums, limits, and parts of a
# counter that cost the same as its other parts.
_TOKENS = ("tokens", "tokencount")
_BESIDE = ("total", "max", "limit", "budget", "per_", "prediction", "text")


def unread_of(there: list[str], counters: Mapping[str, str]) -> list[str]:
    """Return the columns of a table that seem to count tokens, and that are none of these counters.

    >>> unread_of(["prompt_tokens", "input_tokens", "image_tokens", "total_tokens"], {"prompt": "prompt_tokens"})
    ['input_tokens', 'image_tokens']
    """
    read = {*counters.values()}
    return [
        column
        for column in there
        if column not in read
        and (low := column.lower().replace("token_count", "tokencount")).endswith(_TOKENS)
        and not any(word in low for word in _BESIDE)
    ]


def layouts_of(there: Collection[str]) -> list[str]:
    """Return the layouts whose counters a table has, so that it can be read by them.

    >>> layouts_of(["model", "prompt_tokens", "completion_tokens"])
    ['openai', 'litellm_spend']
    """
    return [
        name
        for name, layout in LAYOUTS.items()
        if all(any(column in there for column in layout.counters[what]) for what in layout.wholes)
    ]


def _least(one: Any, other: Any) -> Any:
    import narwhals as nw

    return nw.min_horizontal(one, other)


def _prompt(prompt: Any, counts: Counts) -> dict[str, Any]:
    """Return the parts of a prompt that holds its cached tokens and its audio.

    Cached tokens beside audio are text first, and what the text does not hold is audio.
    """
    cached, audio, written = counts.get("cached"), counts.get("input_audio"), counts.get("written")
    rest = prompt if audio is None else prompt - audio
    rest = rest if written is None else rest - written
    found = {} if written is None else {"cache_write": written}
    if cached is None:
        return {"input": rest, **found, **({} if audio is None else {"input_audio": audio})}
    if audio is None:
        return {"input": rest - cached, "cache_read": cached, **found}
    text = _least(cached, rest)
    over = cached - text
    return {"input": rest - text, "input_audio": audio - over, "cache_read": text, "cache_read_audio": over, **found}


def _completion(counts: Counts) -> dict[str, Any]:
    """Return the parts of a completion that holds its reasoning and its audio."""
    rest, found = counts["completion"], {}
    for part in ("reasoning", "output_audio"):
        if part in counts:
            rest, found[part] = rest - counts[part], counts[part]
    return {"output": rest, **found}


def _inclusive(counts: Counts) -> dict[str, Any]:
    return {**_prompt(counts["prompt"], counts), **_completion(counts)}


def _anthropic(counts: Counts) -> dict[str, Any]:
    found = {"input": counts["input"], "output": counts["output"]}
    if "cached" in counts:
        found["cache_read"] = counts["cached"]
    written, short, hour = counts.get("written"), counts.get("short"), counts.get("hour")
    if hour is not None:
        found["cache_write_1h"] = hour
    if short is not None:
        found["cache_write"] = short if written is None else _agreed(written, short, hour)
    elif written is not None:
        found["cache_write"] = written if hour is None else written - hour
    if "searches" in counts:
        found["web_searches"] = counts["searches"]
    return found


def _agreed(written: Any, short: Any, hour: Any) -> Any:
    """Return what was written for five minutes; below 0 where the split does not add up to what was written."""
    import narwhals as nw

    parts = short if hour is None else short + hour
    # A split of 0 beside a count above 0 is not stated.
    split = nw.when(parts == written).then(short).otherwise(-1)
    return nw.when(parts == 0).then(written).otherwise(split)


def _gemini(counts: Counts) -> dict[str, Any]:
    found = _prompt(counts["prompt"], counts)
    if "tool" in counts:
        import narwhals as nw

        # A prompt that is smaller than its cached tokens stays a contradiction.
        found["input"] = nw.when(found["input"] >= 0).then(found["input"] + counts["tool"]).otherwise(-1)
    if "answer" in counts:
        found["output"] = counts["answer"]
    if "thoughts" in counts:
        found["reasoning"] = counts["thoughts"]
    return found


def _nested(*names: str, below: tuple[str, ...] = ("usage",)) -> tuple[str, ...]:
    """Return a counter's names at the top, and flattened out of the objects that hold it."""
    found = []
    for name in names:
        for holder in ("", *below):
            found += [f"{holder}.{name}", f"{holder}_{name}", f"{holder}__{name}"] if holder else [name]
    return tuple(dict.fromkeys(found))


def _detail(counter: str, *holders: str) -> tuple[str, ...]:
    """Return the names of a counter inside an object of details, flattened out of a response or of its usage."""
    paths = [f"{holder}.{counter}" for holder in holders]
    paths += [f"usage.{path}" for path in list(paths)]
    return tuple(dict.fromkeys([*paths, *(p.replace(".", "_") for p in paths), *(p.replace(".", "__") for p in paths)]))


_PROMPTS, _ANSWERS = (
    ("prompt_tokens_details", "input_tokens_details"),
    (
        "completion_tokens_details",
        "output_tokens_details",
    ),
)
_OPENAI = Layout(
    {
        "model": ("model",),
        "time": ("created", "created_at"),
        "service_tier": ("service_tier",),
    },
    {
        "prompt": _nested("prompt_tokens", "input_tokens"),
        "completion": _nested("completion_tokens", "output_tokens"),
        "cached": (*_detail("cached_tokens", *_PROMPTS), "cached_tokens", "input_cached_tokens"),
        "input_audio": (*_detail("audio_tokens", *_PROMPTS), "input_audio_tokens"),
        "reasoning": (*_detail("reasoning_tokens", *_ANSWERS), "reasoning_tokens"),
        "output_audio": (*_detail("audio_tokens", *_ANSWERS), "output_audio_tokens"),
    },
    ("prompt", "completion"),
    _inclusive,
)
_ANTHROPIC = Layout(
    {"model": ("model",), "service_tier": _nested("service_tier")},
    {
        "input": _nested("input_tokens", "uncached_input_tokens"),
        "output": _nested("output_tokens"),
        "cached": _nested("cache_read_input_tokens"),
        "written": _nested("cache_creation_input_tokens"),
        "short": (*_detail("ephemeral_5m_input_tokens", "cache_creation"), "ephemeral_5m_input_tokens"),
        "hour": (*_detail("ephemeral_1h_input_tokens", "cache_creation"), "ephemeral_1h_input_tokens"),
        "searches": (*_detail("web_search_requests", "server_tool_use"), "web_search_requests"),
    },
    ("input", "output"),
    _anthropic,
)
_GEMINI = Layout(
    {"model": ("model", "modelVersion", "model_version"), "time": ("createTime", "create_time")},
    {
        "prompt": _nested("promptTokenCount", "prompt_token_count", below=("usageMetadata", "usage_metadata")),
        "answer": _nested("candidatesTokenCount", "candidates_token_count", below=("usageMetadata", "usage_metadata")),
        "cached": _nested(
            "cachedContentTokenCount", "cached_content_token_count", below=("usageMetadata", "usage_metadata")
        ),
        "thoughts": _nested("thoughtsTokenCount", "thoughts_token_count", below=("usageMetadata", "usage_metadata")),
        "tool": _nested(
            "toolUsePromptTokenCount", "tool_use_prompt_token_count", below=("usageMetadata", "usage_metadata")
        ),
    },
    ("prompt",),
    _gemini,
)
_OTEL = Layout(
    {
        "model": ("gen_ai.response.model", "gen_ai.request.model"),
        "provider": ("gen_ai.provider.name", "gen_ai.system"),
        "service_tier": ("gen_ai.openai.response.service_tier", "openai.response.service_tier"),
        "time": ("timestamp", "start_time", "Timestamp"),
    },
    {
        "prompt": ("gen_ai.usage.input_tokens",),
        "completion": ("gen_ai.usage.output_tokens",),
        "cached": ("gen_ai.usage.cache_read.input_tokens",),
        "written": ("gen_ai.usage.cache_creation.input_tokens",),
        "reasoning": ("gen_ai.usage.reasoning.output_tokens",),
    },
    ("prompt", "completion"),
    _inclusive,
)
_LITELLM_SPEND = Layout(
    {
        "model": ("model",),
        "provider": ("custom_llm_provider",),
        "time": ("startTime", "start_time"),
        # A row of a daily table adds up the calls of a day.
        "aggregate": ("aggregate", "api_requests"),
    },
    {
        "prompt": ("prompt_tokens",),
        "completion": ("completion_tokens",),
        "cached": ("cache_read_input_tokens",),
        "written": ("cache_creation_input_tokens",),
    },
    ("prompt", "completion"),
    _inclusive,
)
LAYOUTS = {
    "openai": _OPENAI,
    "anthropic": _ANTHROPIC,
    "gemini": _GEMINI,
    "otel": _OTEL,
    "litellm_spend": _LITELLM_SPEND,
}
