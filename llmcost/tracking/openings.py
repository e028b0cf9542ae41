"""Openings: what a request leaves open, so that its bytes do not bound what the call uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Kinds of content, and keys, whose tokens are not those of their text: OpenAI, Anthropic, Gemini, Bedrock.
_MEDIA = frozenset(
    {
        "image_url",
        "input_image",
        "input_audio",
        "input_file",
        "file",
        "image",
        "video",
        "video_url",
        "document",
        "audio",
        "container_upload",
        "inlineData",
        "inline_data",
        "fileData",
        "file_data",
    }
)
# What the provider adds to the prompt, by the key that names it.
_KEPT = frozenset(
    {"previous_response_id", "conversation", "cachedContent", "cached_content", "prompt", "thread_id", "assistant_id"}
)
# The type of a tool that the caller runs; every other one runs at the provider.
_OWN_TOOLS = frozenset({"function", "custom", "tool", "bash", "computer", "text_editor", "memory"})
_DATED = ("bash_", "computer_", "text_editor_", "memory_")
# Keys of Gemini's tools that only declare functions of the caller.
_DECLARED = frozenset({"functionDeclarations", "function_declarations", "toolSpec", "cachePoint"})


class Openings(NamedTuple):
    """What a request leaves open.

    Attributes:
        more: the first part of the prompt whose tokens its bytes do not bound; empty if there is none.
        fees: tools that run at the provider.
        long_cache: whether it asks for a cache of a stated time to live.
        answer_meters: meters of an answer in sound or images, if it asks for one.
    """

    more: str
    fees: tuple[str, ...]
    long_cache: bool
    answer_meters: tuple[str, ...]


def openings_of(fields: Mapping[str, Any]) -> Openings:
    """Return what a request leaves open.

    >>> openings_of({"messages": [{"role": "user", "content": "Hi"}]})
    Openings(more='', fees=(), long_cache=False, answer_meters=())
    >>> openings_of({"tools": [{"type": "web_search"}]}).fees
    ('web_search',)
    """
    more, long_cache = "", False
    for name, value in _entries(fields):
        if name == "ttl":
            long_cache = True
        elif not more and _is_media(name, value):
            more = str(value if name == "type" else name)
    for name in _KEPT & fields.keys():
        # OpenAI's stored prompts are named by an object; completions have a prompt of text.
        if fields[name] and (name != "prompt" or isinstance(fields[name], dict)):
            more = more or name
    return Openings(more, tuple(dict.fromkeys(_fees(fields))), long_cache, _media_of_answer(fields))


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield all names and values of a request, tools left out, whose schemas are the caller's own."""
    # What a request holds twice, or what holds itself, says nothing more the second time.
    waiting, seen = [value], set()
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        if isinstance(here, dict):
            for name, inner in here.items():
                if name in {"tools", "response_format", "responseSchema", "output_config"}:
                    if name == "tools" and "ttl" in str(inner):
                        yield "ttl", inner
                    continue
                yield name, inner
                if isinstance(inner, (dict, list, tuple)):
                    waiting.append(inner)
        elif isinstance(here, (list, tuple)):
            waiting += [inner for inner in here if isinstance(inner, (dict, list, tuple))]


def _is_media(name: str, value: Any) -> bool:
    if name == "type":
        return isinstance(value, str) and value in _MEDIA
    return name in _MEDIA and isinstance(value, (dict, bytes, list))


def _fees(fields: Mapping[str, Any]) -> Iterator[str]:
    if fields.get("web_search_options") is not None:
        yield "web_search"
    if fields.get("mcp_servers"):
        yield "mcp_servers"
    tools = fields.get("tools")
    for tool in tools if isinstance(tools, (list, tuple)) else ():
        if not isinstance(tool, dict):
            continue
        kind = tool.get("type")
        if isinstance(kind, str):
            if kind not in _OWN_TOOLS and not kind.startswith(_DATED):
                yield kind
        elif "input_schema" not in tool and "function" not in tool:
            yield from (name for name in tool if name not in _DECLARED)


def _media_of_answer(fields: Mapping[str, Any]) -> tuple[str, ...]:
    config = fields.get("generationConfig")
    asked = [fields.get("modalities"), config.get("responseModalities") if isinstance(config, dict) else None]
    words = {str(word).lower() for found in asked if isinstance(found, (list, tuple)) for word in found}
    return tuple(f"output_{word}" for word in ("audio", "image", "video") if word in words)
