"""Whether a completion or a response holds an answer. An answer takes tokens, even if its counters say 0."""

from __future__ import annotations

from .fields import items, sub, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_OF_CHOICE = ("content", "tool_calls", "text", "function_call", "reasoning_content", "reasoning", "audio", "refusal")
# The items of a response that a model writes. Calls of the server's tools are not among them.
_WRITTEN = frozenset({"message", "reasoning", "function_call", "custom_tool_call", "compaction"})


def in_choices(choices: list[Fields]) -> bool:
    """Return whether a choice of a completion, or of a chunk of one, holds text, reasoning, audio or a call.

    >>> in_choices([{"message": {"role": "assistant", "content": ""}}]), in_choices([{"delta": {"content": "Hi"}}])
    (False, True)
    """
    for choice in choices:
        message = sub(choice, "message") or sub(choice, "delta") or choice
        if any(message.get(name) for name in _OF_CHOICE):
            return True
    return False


def drawn_in(choices: list[Fields]) -> set[str]:
    """Return what choices hold beside one another: ``image`` for pictures, and ``text``.

    https://openrouter.ai/docs/features/multimodal/image-generation

    >>> sorted(drawn_in([{"message": {"content": "Here", "images": [{"type": "image_url"}]}}]))
    ['image', 'text']
    """
    found = set()
    for choice in choices:
        message = sub(choice, "message") or sub(choice, "delta") or {}
        if message.get("images"):
            found.add("image")
        if any(message.get(name) for name in _OF_CHOICE):
            found.add("text")
    return found


def counters_of(chunk: Fields, choices: list[Fields]) -> object:
    """Return the usage of a chunk, which Moonshot states in the choice: https://platform.moonshot.ai/docs/api/chat .

    >>> counters_of({}, [{"finish_reason": "stop", "usage": {"total_tokens": 7}}])
    {'total_tokens': 7}
    """
    return chunk.get("usage") or next((found for choice in choices if (found := choice.get("usage"))), None)


def in_output(fields: Fields) -> bool:
    """Return whether the output of a response holds something that the model wrote.

    A limit of 16 tokens ends a response before its reasoning has any: OpenAI states 0 beside an item without text.

    >>> in_output({"output": [{"type": "reasoning", "summary": [], "content": []}]})
    False
    """
    return any(
        text(item, "type") in _WRITTEN
        and (item.get("type") != "reasoning" or any(item.get(name) for name in ("summary", "content")))
        for item in items(fields, "output")
    )


def in_candidates(candidates: list[Fields], counted: bool) -> bool:
    """Return whether a candidate of Gemini's holds an answer; where nothing is counted, any content is one.

    >>> in_candidates([{"content": {"role": "model"}}], True), in_candidates([{"content": {"role": "model"}}], False)
    (False, True)
    """
    contents = [found for candidate in candidates if (found := sub(candidate, "content"))]
    if not counted:
        return bool(contents)
    return in_blocks([part for content in contents for part in items(content, "parts")])


def in_content(message: Fields, counted: bool) -> bool:
    """Return whether the content of a message holds an answer; where nothing is counted, any content is one.

    >>> blank = {"content": [{"type": "text", "text": ""}]}
    >>> in_content(blank, True), in_content(blank, False), in_content({"content": "Hi"}, True)
    (False, True, True)
    """
    content = message.get("content")
    if not counted or not isinstance(content, (list, tuple)):
        return bool(content)
    return any(block and isinstance(block, str) for block in content) or in_blocks(items(message, "content"))


def in_blocks(blocks: list[Fields]) -> bool:
    """Return whether a part of an answer holds something beside the name of its kind.

    >>> in_blocks([{"type": "text", "text": ""}]), in_blocks([{"text": "Hi"}])
    (False, True)
    """
    return any(value for block in blocks for name, value in block.items() if name != "type")
